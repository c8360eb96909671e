//! Configurations side by side: bars with every repetition, ratios with their intervals, and what differs.

use leptos::prelude::*;

use super::charts::{fixed_figure, surroundings};
use super::definitions::term;
use super::details::link;
use super::element::{
    El, button, dynamic, el, heading, nothing, number_cell, plain_table, scroll_box, views,
};
use super::state::{Data, Page};
use crate::charts::compared::{compared, side_labels, with_deviation};
use crate::charts::views::model_label;
use crate::checks::compare::{comparable_as, differences};
use crate::format::{self, Locale, MISSING};
use crate::index::Index;
use crate::model::Metric;
use crate::query::compare::{COMPARED, Comparison, Measured, Side, backends_compared, compare};
use crate::query::{MOST_PINNED, Selection, View, backend_label, configuration_named, configuration_slug};
use crate::stats::{Ratio, Summary, Verdict, between_runs, slow_start};

/// The pinned configurations side by side, then every pair of backends there is.
pub fn view(page: Page) -> Vec<AnyView> {
    let pinned = Memo::new(move |_| page.selection.with(|selection| selection.pinned.clone()));
    vec![dynamic(move || side_by_side(page, &pinned.get())), overview(page)]
}

fn section(id: &'static str, title: &'static str) -> El {
    el("section", "section").attr("id", id).child(el("h2", "").text(title))
}

/// What was pinned, compared; or how to pin.
fn side_by_side(page: Page, pinned: &[String]) -> AnyView {
    let index = &page.data.index;
    let configurations: Vec<usize> =
        pinned.iter().filter_map(|slug| configuration_named(index, slug)).collect();
    let section = section("compare", "Side by side");
    let lead = match configurations.len() {
        0 => {
            "Pin two to six rows: open a row under Runs and choose “Pin and compare”. Or take one of the sets below"
        }
        1 => {
            "One row is pinned. Pin another: take one from here, or open a row under Runs and choose “Pin and compare”"
        }
        _ => {
            "The first row is the baseline: the others are given as a multiple of it, with a 95 % interval. A difference is real when the interval leaves out 1, else a tie"
        }
    };
    let section = section
        .child(el("p", "lead").text(lead))
        .maybe((!configurations.is_empty()).then(|| pins(page, &configurations)))
        .maybe(candidates(page, &configurations));
    if configurations.len() < 2 {
        return section.build();
    }
    let comparisons = compare(index, &configurations);
    let surroundings = surroundings();
    let cells = comparisons.iter().map(|comparison| cell(page, surroundings, comparison));
    let none = comparisons.is_empty().then(|| {
        el("p", "empty").text(
            "No workload was measured on two of these at the same concurrency, so nothing can be compared",
        )
    });
    section.maybe(none).children(views(cells)).build()
}

/// The pinned rows, each to be made the baseline or taken out.
fn pins(page: Page, configurations: &[usize]) -> El {
    let index = &page.data.index;
    let items = configurations.iter().enumerate().map(|(position, &configuration)| {
        let name = format!(
            "{} · {}",
            model_label(index, configuration),
            crate::charts::views::detail(index, configuration)
        );
        let first = move |_| {
            page.choose(|s| {
                if position < s.pinned.len() {
                    let slug = s.pinned.remove(position);
                    s.pinned.insert(0, slug);
                }
            });
        };
        let remove = move |_| {
            page.choose(|s| {
                if position < s.pinned.len() {
                    s.pinned.remove(position);
                }
            });
        };
        let role = match position {
            0 => el("span", "mark").text("baseline"),
            _ => button("link-button").on_click(first).text("Make baseline"),
        };
        let remove =
            button("link-button").attr("aria-label", format!("Unpin {name}")).on_click(remove).text("Unpin");
        el("li", "").child(el("bdi", "").text(name)).child(role).child(remove)
    });
    el("ul", "pins").children(views(items))
}

/// Other configurations of the pinned models, to be pinned too.
fn candidates(page: Page, pinned: &[usize]) -> Option<El> {
    let index = &page.data.index;
    let model = |configuration: usize| {
        let of = |column: &[u32]| column.get(configuration).copied();
        (of(&index.configurations.family), of(&index.configurations.variant))
    };
    let is_candidate = |&other: &usize| {
        !pinned.contains(&other)
            && pinned
                .iter()
                .any(|&one| model(one) == model(other) && !compare(index, &[one, other]).is_empty())
    };
    let others = (0..index.configuration_count()).filter(is_candidate).take(8).map(|configuration| {
        let slug = configuration_slug(index, configuration);
        let pin = move |_| page.choose(|selection| selection.pinned.push(slug.clone()));
        let name = crate::charts::views::detail(index, configuration);
        let words = format!("Pin {} · {name}", model_label(index, configuration));
        el("li", "").child(button("link-button").on_click(pin).text(words))
    });
    let others = views(others);
    (!others.is_empty() && pinned.len() < MOST_PINNED).then(|| {
        el("details", "fold")
            .child(el("summary", "").text("More of the same model"))
            .child(el("ul", "pins").children(others))
    })
}

/// One workload at one concurrency: charts, figures, what differs.
fn cell(page: Page, surroundings: RwSignal<u32>, comparison: &Comparison) -> El {
    let data = page.data;
    let index = &data.index;
    let shape = index.catalog.shapes.get(usize::from(comparison.shape));
    let title = format!(
        "{} · concurrency {}",
        shape.map_or_else(String::new, |shape| shape.label.clone()),
        comparison.concurrency
    );
    let labels = side_labels(index, comparison);
    let has_values = |metric: &Metric| {
        comparison.measured(index, *metric).iter().filter(|measured| measured.value.is_some()).count() > 1
    };
    let metrics: Vec<Metric> = COMPARED.into_iter().filter(has_values).collect();
    let charts = metrics
        .iter()
        .map(|&metric| fixed_figure(page, surroundings, &compared(index, comparison, metric, data.locale)));
    el("div", "comparison")
        .child(el("h3", "").text(title))
        .maybe(class(index, comparison))
        .child(el("div", "charts").children(charts.collect()))
        .child(figures(data, comparison, &metrics, &labels))
        .maybe(differs(index, comparison, &labels))
        .maybe(repeated(data, comparison, &labels))
}

/// As what the results may be compared.
fn class(index: &Index, comparison: &Comparison) -> Option<El> {
    let results: Vec<usize> = comparison.sides.iter().filter_map(|side| side.result).collect();
    let (&first, others) = results.split_first()?;
    let classes: Vec<_> = others.iter().map(|&other| comparable_as(index, first, other)).collect();
    let line = el("p", "note");
    Some(match classes.first().copied().flatten().filter(|_| classes.iter().all(Option::is_some)) {
        Some(class) => {
            let id = class.term();
            let name = index.catalog.term(id).map_or(id, |term| term.term.as_str());
            line.text("These results are ").child(term(id, name.to_lowercase()))
        }
        None => line.child(el("strong", "").text("Not comparable: ")).text(
            "some were timed inside the engine and some through a server, so their ratio says nothing about the backends",
        ),
    })
}

/// Values, ratios, intervals and verdicts.
fn figures(data: &'static Data, comparison: &Comparison, metrics: &[Metric], labels: &[String]) -> El {
    let (index, locale) = (&data.index, data.locale);
    let mut lines = Vec::new();
    for &metric in metrics {
        let measured = comparison.measured(index, metric);
        for (position, (one, side)) in measured.iter().zip(&comparison.sides).enumerate() {
            let metric_cell = (position == 0).then(|| {
                let id = metric.slug();
                el("th", "")
                    .attr("scope", "rowgroup")
                    .attr("rowspan", measured.len().to_string())
                    .child(term(id, format!("{} {}", metric.name(), metric.unit())))
                    .maybe(metric.lower_is_better().then(|| el("small", "note").text("lower is better")))
            });
            lines.push(line(index, locale, metric, one, side, labels.get(position)).with_first(metric_cell));
        }
    }
    let headings = vec![
        heading("Metric", false),
        heading("Side", false),
        heading("Value", true),
        heading("n", true),
        heading("Printed", true),
        heading("Repetitions", true),
        heading("Ratio", true),
        heading("95 % interval", true),
        heading("Verdict", false),
    ];
    let caption = "Recomputed from the repetitions, beside what the sources print";
    scroll_box(
        "Compared figures",
        plain_table(caption, headings, lines.into_iter().map(Line::build).collect()),
    )
}

/// A line of the table of figures, before it has its first cell.
struct Line(Vec<El>);

impl Line {
    fn with_first(mut self, cell: Option<El>) -> Self {
        if let Some(cell) = cell {
            self.0.insert(0, cell);
        }
        self
    }

    fn build(self) -> AnyView {
        el("tr", "").children(views(self.0)).build()
    }
}

fn line(
    index: &Index,
    locale: Locale,
    metric: Metric,
    one: &Measured,
    side: &Side,
    label: Option<&String>,
) -> Line {
    let value = match (one.value, side.result.and_then(|result| index.failure(result))) {
        (Some(value), _) => with_deviation(locale, metric, value, one),
        (None, Some(failure)) => format!("failed: {failure}"),
        (None, None) => MISSING.to_owned(),
    };
    let n = match one.repetitions.len() {
        // A model is loaded once, however often it then answers.
        0 if metric == Metric::Load => usize::from(one.value.is_some()),
        0 => side.result.map_or(0, |result| {
            index.runs.repetitions.get(index.run_of(result)).copied().unwrap_or_default() as usize
        }),
        count => count,
    };
    let printed = side.result.and_then(|result| {
        let printed = index.results.published.of(result).iter().find(|(of, _)| *of == metric);
        printed.map(|&(_, text)| index.text(text).to_owned())
    });
    let repetitions: Vec<String> =
        one.repetitions.iter().map(|&value| locale.precise(metric, value)).collect();
    let slow =
        slow_start(&one.repetitions, metric.lower_is_better(), crate::stats::resolution_of(&one.repetitions));
    let slow =
        slow.map(|_| el("small", "note").text("The first repetition is slow: one warm-up was not enough"));
    let missing = || MISSING.to_owned();
    let ratio = one.ratio.as_ref();
    Line(vec![
        el("th", "").attr("scope", "row").child(el("bdi", "").text(label.cloned().unwrap_or_default())),
        number_cell(value),
        number_cell(if n > 0 { n.to_string() } else { missing() }),
        number_cell(printed.unwrap_or_else(missing)),
        number_cell(if repetitions.is_empty() { missing() } else { repetitions.join(" · ") }).maybe(slow),
        number_cell(ratio.map_or_else(missing, |ratio| ratio_text(locale, ratio))),
        number_cell(ratio.and_then(|ratio| interval_text(locale, ratio)).unwrap_or_else(missing)),
        verdict(locale, one),
    ])
}

/// Decimals that tell a ratio from 1.
fn ratio_decimals(ratio: &Ratio) -> usize {
    if (ratio.value - 1.0).abs() < 0.05 { 3 } else { 2 }
}

/// `1.23× (+22.7 %)`.
fn ratio_text(locale: Locale, ratio: &Ratio) -> String {
    let percent = (ratio.value - 1.0) * 100.0;
    let sign = if percent < 0.0 { "−" } else { "+" };
    let percent = locale.number(percent.abs(), 1);
    format!("{}× ({sign}{percent} %)", locale.number(ratio.value, ratio_decimals(ratio)))
}

/// `[1.15, 1.31]`.
fn interval_text(locale: Locale, ratio: &Ratio) -> Option<String> {
    let interval = ratio.interval?;
    let number = |value: f64| locale.number(value, ratio_decimals(ratio));
    Some(format!("[{}, {}]", number(interval.low), number(interval.high)))
}

/// Tie, real or not known, with what the repetitions could have shown.
fn verdict(locale: Locale, one: &Measured) -> El {
    let cell = el("td", "");
    let Some(ratio) = &one.ratio else { return cell.text(MISSING) };
    let smallest = one.smallest.map(|smallest| {
        format!("So many repetitions show a difference from {}× on", locale.number(smallest, 3))
    });
    let (class, word, note) = match ratio.verdict {
        Verdict::Real => ("verdict verdict-real", "real", None),
        Verdict::Tie => ("verdict verdict-tie", "tie", smallest),
        Verdict::Unknown(silence) => ("verdict", "not known", Some(silence.words().to_owned())),
    };
    cell.child(el("span", class).child(term("verdict", word)))
        .maybe(note.map(|note| el("small", "note").text(note)))
}

/// Every setting that is not equal, beside the metrics it may explain.
fn differs(index: &Index, comparison: &Comparison, labels: &[String]) -> Option<El> {
    let base = comparison.sides.first()?.result?;
    // Field, metrics it may explain, and its words for each side.
    let mut fields: Vec<(String, &'static [Metric], Vec<Option<String>>)> = Vec::new();
    for (position, side) in comparison.sides.iter().enumerate().skip(1) {
        let Some(result) = side.result else { continue };
        for difference in differences(index, base, result) {
            let known = fields.iter().position(|(field, ..)| *field == difference.field);
            let at = known.unwrap_or_else(|| {
                let words = vec![difference.left.clone(); comparison.sides.len()];
                fields.push((difference.field.clone(), difference.may_explain, words));
                fields.len() - 1
            });
            if let Some(words) = fields.get_mut(at).and_then(|(_, _, words)| words.get_mut(position)) {
                *words = difference.right;
            }
        }
    }
    let lines = fields.iter().map(|(field, may_explain, words)| {
        let names: Vec<&str> = may_explain.iter().map(|metric| metric.name()).collect();
        let explained =
            if names.len() == Metric::ALL.len() { "any of them".to_owned() } else { names.join(", ") };
        let words = words.iter().map(|words| {
            el("td", "").child(el("bdi", "").text(words.clone().unwrap_or_else(|| "not stated".to_owned())))
        });
        words
            .fold(el("tr", "").child(el("th", "").attr("scope", "row").text(field)), El::child)
            .child(el("td", "").text(explained))
    });
    let lines = views(lines);
    let mut headings = vec![heading("Setting", false)];
    headings.extend(labels.iter().map(|label| heading(label.clone(), false)));
    headings.push(heading("May explain", false));
    (!lines.is_empty()).then(|| scroll_box("What differs", plain_table("What differs", headings, lines)))
}

/// Other measurements of the same cell, and how far runs lie apart beside their ±.
fn repeated(data: &'static Data, comparison: &Comparison, labels: &[String]) -> Option<El> {
    let (index, locale) = (&data.index, data.locale);
    let items = comparison.sides.iter().zip(labels).filter(|(side, _)| !side.others.is_empty());
    let items = views(items.map(|(side, label)| {
        let all: Vec<usize> = side.others.iter().copied().chain(side.result).collect();
        let lines = all.iter().map(|&result| {
            let date = index.runs.date.get(index.run_of(result)).map_or_else(String::new, format::date);
            let figure = match (index.failure(result), index.value(result, Metric::Decode)) {
                (Some(failure), _) => format!("failed: {failure}"),
                (None, Some(value)) => format!("decode {} tok/s", locale.value(Metric::Decode, value)),
                (None, None) => MISSING.to_owned(),
            };
            format!("{date}: {figure}")
        });
        let lines: Vec<String> = lines.collect();
        let summaries: Vec<Summary> =
            all.iter().filter_map(|&result| Summary::of(&index.repeated(result, Metric::Decode))).collect();
        let spread = between_runs(&summaries).map(|spread| {
            let within =
                spread.within.map(|within| format!(" beside ±{} inside them", locale.number(within, 2)));
            format!(
                "; between {} runs the decode rates scatter by ±{}{}",
                spread.runs,
                locale.number(spread.between, 2),
                within.unwrap_or_default()
            )
        });
        let text = format!(": {}{}", lines.join("; "), spread.unwrap_or_default());
        el("li", "").child(el("strong", "").text(label)).text(text)
    }));
    (!items.is_empty()).then(|| {
        el("div", "")
            .child(el("p", "label").text("Measured more than once"))
            .child(el("ul", "notes").children(items))
    })
}

/// Every set of backends on one model, quant and rig, in one table.
fn overview(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let mut lines = Vec::new();
    for set in backends_compared(index) {
        let Some(cell) = compare(index, &set).into_iter().max_by_key(|cell| cell.usable(index)) else {
            continue;
        };
        let sides: Vec<usize> = cell.sides.iter().map(|side| side.configuration).collect();
        let [decode, prefill] = [Metric::Decode, Metric::Prefill].map(|metric| cell.measured(index, metric));
        let slugs: Vec<String> =
            sides.iter().map(|&configuration| configuration_slug(index, configuration)).collect();
        for (position, &configuration) in sides.iter().enumerate().skip(1) {
            let Some(&base) = sides.first() else { continue };
            let backend = |of: usize| index.backend(of).map_or_else(String::new, backend_label);
            let slugs = slugs.clone();
            let pin = move |selection: &mut Selection| {
                selection.view = View::Compare;
                selection.pinned.clone_from(&slugs);
            };
            let link = link(page, &model_label(index, configuration), Box::new(pin));
            let rig = index.hardware(configuration).map_or_else(String::new, |rig| rig.short.clone());
            let quant = index.quant(configuration).map_or_else(String::new, |quant| quant.id.clone());
            let first = if position == 1 { link } else { link.attr("class", "repeated") };
            lines.push(
                el("tr", "")
                    .child(el("th", "").attr("scope", "row").child(first))
                    .child(el("td", "").text(quant))
                    .child(el("td", "").child(el("bdi", "").text(rig)))
                    .child(el("td", "").child(el("bdi", "").text(backend(configuration))))
                    .child(el("td", "").child(el("bdi", "").text(backend(base))))
                    .children(ratio_cells(locale, decode.get(position)))
                    .children(ratio_cells(locale, prefill.get(position)))
                    .build(),
            );
        }
    }
    if lines.is_empty() {
        return nothing();
    }
    let headings = vec![
        heading("Model", false),
        heading("Quant", false),
        heading("Hardware", false),
        heading("Backend", false),
        heading("Measured by", false),
        heading("Decode", true),
        heading("Verdict", false),
        heading("Prefill", true),
        heading("Verdict", false),
    ];
    let lead = el("p", "lead").text(
        "The same model, quant and machine under different backends: how many times the rate of the second backend the first one reaches, with a 95 % interval. Choose a model to see its repetitions and what else differs",
    );
    section("backends", "Backends compared")
        .child(lead)
        .child(scroll_box("Backends compared", plain_table("", headings, lines)))
        .build()
}

fn ratio_cells(locale: Locale, measured: Option<&Measured>) -> Vec<AnyView> {
    let ratio = measured.and_then(|one| one.ratio.as_ref());
    let text = ratio.map_or(MISSING.to_owned(), |ratio| {
        let interval = interval_text(locale, ratio).map(|text| format!(" {text}")).unwrap_or_default();
        format!("{}×{interval}", locale.number(ratio.value, ratio_decimals(ratio)))
    });
    let word = match ratio.map(|ratio| ratio.verdict) {
        Some(Verdict::Real) => el("span", "verdict verdict-real").text("real"),
        Some(Verdict::Tie) => el("span", "verdict verdict-tie").text("tie"),
        Some(Verdict::Unknown(_)) => el("span", "verdict").text("not known"),
        None => el("span", "").text(MISSING),
    };
    views([number_cell(text), el("td", "").child(word)])
}
