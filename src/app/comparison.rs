//! One workload of a comparison: bars with every repetition, ratios with their intervals, and what differs.

use leptos::prelude::*;

use super::charts::fixed_figure;
use super::checks::doubt;
use super::definitions::term;
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::{Data, Page};
use crate::charts::compared::{compared, side_labels, with_deviation};
use crate::checks::compare::comparable_as;
use crate::format::{self, Locale, MISSING};
use crate::index::Index;
use crate::model::Metric;
use crate::query::compare::{COMPARED, Comparison, Measured, Setting, Side, summary};
use crate::stats::{Ratio, Summary, Verdict, between_runs, outlier, resolution_of, slow_start};

/// One workload at one concurrency: charts, figures, what differs.
pub fn cell(page: Page, surroundings: RwSignal<u32>, comparison: &Comparison) -> El {
    let data = page.data;
    let index = &data.index;
    let labels = side_labels(index, comparison);
    let metrics = metrics(index, comparison);
    let figures = (!metrics.is_empty()).then(|| figures(data, comparison, &metrics, &labels));
    el("div", "comparison")
        .child(el("h3", "").text(title(index, comparison)))
        .maybe(class(index, comparison))
        .child(charts_of(page, surroundings, comparison))
        .maybe(figures)
        .maybe(differs(index, comparison, &labels))
        .maybe(repeated(data, comparison, &labels))
}

/// Shape and concurrency.
pub fn title(index: &Index, comparison: &Comparison) -> String {
    let shape = index.catalog.shapes.get(usize::from(comparison.shape));
    let shape = shape.map_or("", |shape| &shape.label);
    format!("{shape} · concurrency {}", comparison.concurrency)
}

/// The metrics that two sides have a value of.
fn metrics(index: &Index, comparison: &Comparison) -> Vec<Metric> {
    let has_values = |metric: &Metric| {
        comparison.measured(index, *metric).iter().filter(|measured| measured.value.is_some()).count() > 1
    };
    COMPARED.into_iter().filter(has_values).collect()
}

/// The charts of one workload.
pub fn charts_of(page: Page, surroundings: RwSignal<u32>, comparison: &Comparison) -> El {
    let (index, locale) = (&page.data.index, page.data.locale);
    let chart = |metric| fixed_figure(page, surroundings, &compared(index, comparison, metric, locale));
    let metrics = metrics(index, comparison);
    if metrics.is_empty() {
        return nothing_in_common();
    }
    el("div", "charts").children(metrics.into_iter().map(chart).collect())
}

/// The figures of one workload.
pub fn figures_of(page: Page, comparison: &Comparison) -> El {
    let index = &page.data.index;
    let labels = side_labels(index, comparison);
    let metrics = metrics(index, comparison);
    match metrics.is_empty() {
        true => nothing_in_common(),
        false => figures(page.data, comparison, &metrics, &labels),
    }
}

/// What stands in the place of charts and figures of sides that cannot be compared.
fn nothing_in_common() -> El {
    let compared: Vec<_> = COMPARED.iter().map(|metric| metric.name()).collect();
    el("p", "note")
        .text(format!("No two of these have a value of the same metric out of {}", compared.join(", ")))
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
    let index = &data.index;
    let baseline = comparison.baseline(index);
    let mut lines = Vec::new();
    for &metric in metrics {
        let measured = comparison.measured(index, metric);
        for (position, (one, side)) in measured.iter().zip(&comparison.sides).enumerate() {
            let metric_cell = (position == 0).then(|| {
                let id = metric.slug();
                el("th", "")
                    .attr("scope", "row")
                    .attr("rowspan", measured.len().to_string())
                    .child(term(id, format!("{} {}", metric.name(), metric.unit())))
                    .maybe(metric.lower_is_better().then(|| el("small", "note").text("lower is better")))
            });
            let is_baseline = position == baseline;
            let line = line(data, metric, one, side, labels.get(position), is_baseline);
            lines.push(line.with_first(metric_cell));
        }
    }
    let headings = vec![
        heading("Metric", false),
        heading("Side", false),
        heading("Value", true),
        heading("Ratio", true),
        heading("95 % interval", true),
        heading("Verdict", false),
        heading("n", true),
        heading("Printed", true),
        heading("Repetitions", true),
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
    data: &'static Data,
    metric: Metric,
    one: &Measured,
    side: &Side,
    label: Option<&String>,
    is_baseline: bool,
) -> Line {
    let (index, locale) = (&data.index, data.locale);
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
    let apart = stands_apart(&one.repetitions, metric.lower_is_better());
    let apart = apart.map(|words| el("small", "note").text(words));
    let missing = || MISSING.to_owned();
    let ratio = one.ratio.as_ref();
    Line(vec![
        el("th", "").attr("scope", "row").child(el("bdi", "").text(label.cloned().unwrap_or_default())),
        number_cell(value).maybe(side.result.and_then(|result| doubt(data, result, metric))),
        number_cell(ratio.map_or_else(missing, |ratio| ratio_text(locale, ratio))),
        number_cell(ratio.and_then(|ratio| interval_text(locale, ratio)).unwrap_or_else(missing)),
        verdict(locale, one, is_baseline),
        number_cell(if n > 0 { n.to_string() } else { missing() }),
        number_cell(printed.unwrap_or_else(missing)),
        number_cell(if repetitions.is_empty() { missing() } else { repetitions.join(" · ") }).maybe(apart),
    ])
}

/// What is odd about one of the repetitions.
fn stands_apart(repetitions: &[f64], lower_is_better: bool) -> Option<String> {
    let resolution = resolution_of(repetitions);
    if slow_start(repetitions, lower_is_better, resolution).is_some() {
        return Some("The first repetition is slow: one warm-up was not enough".to_owned());
    }
    let apart = outlier(repetitions, resolution)?;
    Some(format!("Repetition {} stands apart from the others", apart.position + 1))
}

/// Decimals that tell a ratio, and the ends of its interval, from 1.
pub fn ratio_decimals(ratio: &Ratio) -> usize {
    let is_narrow = ratio.interval.is_some_and(|interval| interval.high - interval.low < 0.015);
    let least = if is_narrow || (ratio.value - 1.0).abs() < 0.05 { 3 } else { 2 };
    let reads_as_one =
        |end: f64, decimals: i32| end != 1.0 && (end - 1.0).abs() < 0.5 / 10_f64.powi(decimals);
    let is_told = |decimals: &i32| {
        let ends = ratio.interval.map_or([0.0; 2], |interval| [interval.low, interval.high]);
        !ends.iter().any(|&end| reads_as_one(end, *decimals))
    };
    (least..6).find(is_told).map_or(6, i32::unsigned_abs) as usize
}

/// `1.23× (+22.7 %)`.
pub fn ratio_text(locale: Locale, ratio: &Ratio) -> String {
    let percent = (ratio.value - 1.0) * 100.0;
    let sign = if percent < 0.0 { "−" } else { "+" };
    let percent = locale.number(percent.abs(), 1);
    format!("{}× ({sign}{percent} %)", locale.number(ratio.value, ratio_decimals(ratio)))
}

/// `[1.15, 1.31]`.
pub fn interval_text(locale: Locale, ratio: &Ratio) -> Option<String> {
    let interval = ratio.interval?;
    let number = |value: f64| locale.number(value, ratio_decimals(ratio));
    let between = if locale.decimal == ',' { ';' } else { ',' };
    Some(format!("[{}{between} {}]", number(interval.low), number(interval.high)))
}

/// Tie, real or not known, with what the repetitions could have shown.
fn verdict(locale: Locale, one: &Measured, is_baseline: bool) -> El {
    let cell = el("td", "");
    let Some(ratio) = &one.ratio else { return cell.text(if is_baseline { "baseline" } else { MISSING }) };
    let smallest = one.smallest.map(|smallest| {
        format!("With these repetitions, a difference of {}× would show", locale.number(smallest, 3))
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
    let lines =
        views(comparison.settings_apart(index).into_iter().map(|Setting { field, may_explain, sides }| {
            let names: Vec<&str> = may_explain.iter().map(|metric| metric.name()).collect();
            let all = names.len() == Metric::ALL.len();
            let explained = if all { "any of them".to_owned() } else { names.join(", ") };
            let name = el("th", "").attr("scope", "row").text(field);
            let sides = sides.into_iter().map(|words| {
                el("td", "").child(el("bdi", "").text(words.unwrap_or_else(|| "not stated".to_owned())))
            });
            sides.fold(el("tr", "").child(name), El::child).child(el("td", "about").text(explained))
        }));
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
        // In the order of the index, which is that of time.
        let mut all: Vec<usize> = side.others.iter().copied().chain(side.result).collect();
        all.sort_unstable();
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
            all.iter().filter_map(|&result| summary(index, result, Metric::Decode)).collect();
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
