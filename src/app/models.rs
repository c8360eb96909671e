//! One model: what is known of it, and every result in order of its work. Without a model, the list of them.

use leptos::prelude::*;

use super::charts::{fixed_figure, surroundings};
use super::checks::{MOST_LINES, cut, doubt};
use super::definitions::term;
use super::details::{fact, link};
use super::element::{El, button, dynamic, el, heading, number_cell, plain_table, scroll_box, views};
use super::points::figure;
use super::state::{Data, Page};
use crate::charts::offered::{Chart, of_view, usual};
use crate::charts::plots::{Scope, cells, history, ladders, quant_ladder};
use crate::charts::views::{full_name, model_label};
use crate::checks::physics;
use crate::format::{self, Locale, MISSING};
use crate::index::Index;
use crate::model::catalog::{Family, Reasoning, Variant};
use crate::model::run::Timing;
use crate::model::{Metric, Positive, plain};
use crate::query::ranking::{Place, Ranking, rankings};
use crate::query::{
    Embed, MOST_PINNED, Selection, View, backend_label, configuration_slug, model_named, model_slug,
};
use crate::stats::sample_deviation;

/// The chosen model, or the list of all.
pub fn view(page: Page) -> Vec<AnyView> {
    let model = Memo::new(move |_| page.selection.with(|selection| selection.model.clone()));
    let content = dynamic(move || {
        let named = model.get().and_then(|slug| model_named(&page.data.index, &slug));
        match named {
            Some((family, variant)) => one(page, family, variant),
            None => list(page),
        }
    });
    vec![content]
}

/// A model inside another page: its charts, the first one alone, or its results in order.
pub fn embedded(page: Page, embed: Embed) -> AnyView {
    let index = &page.data.index;
    let model = page.selection.with_untracked(|selection| selection.model.clone());
    let Some((family, variant)) = model.and_then(|slug| model_named(index, &slug)) else {
        return el("p", "empty").text("This model is not known here").build();
    };
    let of_model = configurations(index, family, variant);
    let mut content = match embed {
        Embed::Table => {
            let name = of_model.first().map(|&one| el("h3", "").text(model_label(index, one)));
            let rankings = rankings(index, &of_model, Metric::Decode);
            let sections = rankings.iter().map(|ranking| ranked(page, ranking));
            let sections = sections.chain(ranges(page.data, &of_model));
            views(name.into_iter().chain(sections))
        }
        _ => charts(page, family, variant, &of_model),
    };
    if content.is_empty() && embed != Embed::Table {
        // Its bars, as they are shared.
        let surroundings = surroundings();
        page.selection.with_untracked(|selection| {
            let charts = of_view(index, &page.data.choices, selection);
            let usual = usual(index, selection, &charts);
            content = charts
                .iter()
                .enumerate()
                .filter_map(|(at, chart)| match chart {
                    Chart::Bars(chart) if embed == Embed::Charts || usual == Some(at) => {
                        Some(fixed_figure(page, surroundings, chart))
                    }
                    _ => None,
                })
                .collect();
        });
    }
    if embed == Embed::Chart {
        content.truncate(1);
    }
    let none = match embed {
        Embed::Table => "Nothing of this model can be ordered",
        _ => "Nothing of this model can be drawn",
    };
    let none = content.is_empty().then(|| el("p", "empty").text(none));
    el("div", if embed == Embed::Table { "" } else { "charts" }).maybe(none).children(content).build()
}

/// Configurations of a model, in the order of the index.
fn configurations(index: &Index, family: usize, variant: usize) -> Vec<usize> {
    let is_of = |&configuration: &usize| {
        let of = |column: &[u32]| column.get(configuration).map(|&position| position as usize);
        of(&index.configurations.family) == Some(family) && of(&index.configurations.variant) == Some(variant)
    };
    (0..index.configuration_count()).filter(is_of).collect()
}

fn params(locale: Locale, count: Option<Positive>) -> String {
    count.map_or(MISSING.to_owned(), |count| {
        let decimals = if count.get() < 1.0 { 2 } else { usize::from(count.get().fract() != 0.0) };
        format!("{}B", locale.number(count.get(), decimals))
    })
}

/// Every model that has results, in the order of the families.
fn list(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let mut lines = Vec::new();
    for (family_at, family) in index.catalog.families.iter().enumerate() {
        for (variant_at, variant) in family.variants.iter().enumerate() {
            let of_model = configurations(index, family_at, variant_at);
            let Some(&first) = of_model.first() else { continue };
            let results: usize =
                of_model.iter().map(|&configuration| index.results_of(configuration).len()).sum();
            let slug = model_slug(family, variant);
            let show = move |selection: &mut Selection| {
                selection.view = View::Models;
                selection.model = Some(slug.clone());
            };
            let name = link(page, &model_label(index, first), Box::new(show));
            lines.push(
                el("tr", "")
                    .child(el("th", "").attr("scope", "row").child(name))
                    .child(el("td", "").text(family.released.month()))
                    .child(number_cell(params(locale, variant.total_params_b)))
                    .child(number_cell(params(locale, variant.active_params_b)))
                    .child(number_cell(locale.count(of_model.len())))
                    .child(number_cell(locale.count(results)))
                    .build(),
            );
        }
    }
    let headings = vec![
        heading("Model", false),
        heading("Released", false),
        heading("Parameters", true),
        heading("Active", true),
        heading("Configurations", true),
        heading("Results", true),
    ];
    el("section", "section")
        .attr("id", "models")
        .child(el("h2", "").text("Models"))
        .child(el("p", "lead").text("Choose one to see all that was measured of it, by workload"))
        .child(scroll_box("Models", plain_table("", headings, lines)))
        .build()
}

/// All that is known of one model.
fn one(page: Page, family: usize, variant: usize) -> AnyView {
    let data = page.data;
    let index = &data.index;
    let of_model = configurations(index, family, variant);
    let known = index.catalog.families.get(family);
    let known = known.and_then(|family| Some((family, family.variants.get(variant)?)));
    let title = known.map_or_else(String::new, |(family, variant)| full_name(family, variant));
    let facts =
        known.map(|(family, variant)| el("dl", "facts").children(views(facts(data, family, variant))));
    let note = known.and_then(|(_, variant)| variant.note.clone());
    let pins: Vec<String> = of_model
        .iter()
        .take(MOST_PINNED)
        .map(|&configuration| configuration_slug(index, configuration))
        .collect();
    let compare = (pins.len() > 1).then(|| {
        let compare = move |selection: &mut Selection| {
            selection.view = View::Compare;
            selection.pinned.clone_from(&pins);
        };
        let words = if of_model.len() > MOST_PINNED {
            "Compare six of its configurations"
        } else {
            "Compare its configurations"
        };
        link(page, words, Box::new(compare))
    });
    let results = of_model.iter().flat_map(|&configuration| index.results_of(configuration));
    let failed = results.filter(|&result| index.failure(result).is_some()).count();
    let failed = (failed > 0).then(|| {
        let words = format!(
            "{} of it, with what the source says: see Checks",
            format::counted(data.locale, failed, "failed attempt")
        );
        el("p", "note").text(words)
    });
    let all = link(page, "All models", Box::new(|selection| selection.model = None));
    let rankings = rankings(index, &of_model, Metric::Decode);
    let sections = rankings.iter().map(|ranking| ranked(page, ranking));
    el("section", "section")
        .attr("id", "model")
        .child(el("h2", "").text(title))
        .child(el("p", "row-links").child(all).maybe(compare))
        .maybe(facts)
        .maybe(note.map(|note| el("p", "note").text(note)))
        .child(el("div", "charts").children(charts(page, family, variant, &of_model)))
        .maybe(lead(&rankings))
        .children(views(sections))
        .maybe(ranges(data, &of_model))
        .maybe(failed)
        .build()
}

/// Speed against the size of the weights, and over time, of served and raw results each by themselves.
fn charts(page: Page, family: usize, variant: usize, of_model: &[usize]) -> Vec<AnyView> {
    let (index, locale) = (&page.data.index, page.data.locale);
    let results: Vec<usize> =
        of_model.iter().flat_map(|&configuration| index.results_of(configuration)).collect();
    let surroundings = surroundings();
    let mut charts = Vec::new();
    for timing in [Timing::Served, Timing::Raw] {
        let scope = Scope { index, results: &results, timing, locale };
        if !ladders(scope).is_empty() {
            charts.push(figure(page, surroundings, quant_ladder(scope, (family, variant))));
        }
        for cell in cells(scope, Metric::Decode) {
            charts.push(figure(page, surroundings, history(scope, cell, Metric::Decode)));
        }
    }
    charts
}

fn lead(rankings: &[Ranking]) -> Option<El> {
    (!rankings.is_empty()).then(|| {
        el("p", "lead").text("By decode rate, each workload and concurrency by itself; timings of a server and of the engine are never in one order. Places with a range are tied: their repetitions do not tell them apart. Values without published repetitions stand in their order too, but claim no place")
    })
}

/// Name and value of what the catalog knows.
fn facts(data: &'static Data, family: &Family, variant: &Variant) -> Vec<El> {
    let locale = data.locale;
    let about = if variant.params_approximate { "about " } else { "" };
    let total = variant.total_params_b.map(|_| format!("{about}{}", params(locale, variant.total_params_b)));
    let active =
        variant.active_params_b.map(|_| format!("{about}{}", params(locale, variant.active_params_b)));
    let reasoning = match variant.reasoning {
        Reasoning::Yes => Some("always or by default"),
        Reasoning::No => Some("no"),
        Reasoning::Optional => Some("can be switched on"),
        Reasoning::Unknown => None,
    };
    let all = [
        ("Released", Some(family.released.month().to_owned())),
        ("Parameters", total),
        ("Active for each token", active),
        ("Context", variant.context_tokens.map(|tokens| format!("{} tokens", locale.count(tokens as usize)))),
        ("Reads images", variant.vision.then(|| "yes".to_owned())),
        ("Reasoning", reasoning.map(str::to_owned)),
        ("Licence of the weights", variant.licence.clone()),
    ];
    let known = all.into_iter().filter_map(|(name, value)| Some((name, value?)));
    known.map(|(name, value)| fact(el("span", "").text(name).build(), value)).collect()
}

/// One workload: its results in order, with their places.
fn ranked(page: Page, ranking: &Ranking) -> El {
    let data = page.data;
    let index = &data.index;
    let shape = index.catalog.shapes.get(usize::from(ranking.shape));
    let shape = shape.map_or_else(String::new, |shape| shape.label.clone());
    let timing = if ranking.raw { " · raw engine timing" } else { "" };
    let title = format!("{shape} · concurrency {}{timing}", ranking.concurrency);
    let places = ranking.places.iter().take(MOST_LINES);
    let lines = views(places.map(|place| place_line(data, place)));
    let columns = [Metric::Decode, Metric::Prefill, Metric::Ttft, Metric::Load];
    let mut headings = vec![heading("Place", true), heading("Quant", false), heading("Hardware", false)];
    headings.extend([heading("Backend", false), heading("Mode", false)]);
    for metric in columns {
        let words = format!("{} {}", metric.name(), metric.unit());
        headings.push(heading("", true).child(term(metric.slug(), words)));
    }
    headings.push(heading("", true).child(term("implied-bandwidth", "Of limit")));
    headings.push(heading("Weights", true));
    headings.push(heading("Measured", false));
    el("div", "comparison")
        .child(el("h3", "").text(&title))
        .child(scroll_box(title, plain_table("", headings, lines)))
        .maybe(cut(page, ranking.places.len()))
}

fn place_line(data: &'static Data, place: &Place) -> El {
    let (index, locale, result) = (&data.index, data.locale, place.result);
    let run = index.run_of(result);
    let configuration = index.configuration_of(run);
    let band = match place.band {
        Some(band) if band.best == band.worst => locale.count(band.best),
        Some(band) => format!("tied {}–{}", locale.count(band.best), locale.count(band.worst)),
        None => MISSING.to_owned(),
    };
    let figure = |metric: Metric| {
        let deviation = sample_deviation(&index.repeated(result, metric));
        let deviation = deviation.map(|deviation| format!(" ±{}", locale.value(metric, deviation)));
        let value = index.value(result, metric);
        let text = value.map_or(MISSING.to_owned(), |value| {
            format!("{}{}", locale.value(metric, value), deviation.unwrap_or_default())
        });
        number_cell(text).maybe(doubt(data, result, metric))
    };
    let of_limit = match physics::implied(index, result) {
        Ok(implied) => {
            let text = format!("{} %", locale.number(implied.fraction * 100.0, 0));
            number_cell(text)
                .maybe(implied.is_impossible().then(|| el("small", "mark mark-failed").text("impossible")))
        }
        Err(reason) => {
            let reason = reason.to_string();
            let mark = button("mark").attr("aria-label", format!("not known: {reason}"));
            number_cell("").child(mark.attr("data-tip", reason).text(MISSING))
        }
    };
    let size = index.runs.file_size_gib.get(run);
    let cap = index.configurations.power_cap_w.get(configuration).map(|watts| format!(" {} W", plain(watts)));
    let rig = index.hardware(configuration).map_or_else(String::new, |rig| rig.short.clone());
    let words = |text: String| el("td", "").child(el("bdi", "").text(text));
    el("tr", "")
        .child(number_cell(band))
        .child(
            el("th", "").attr("scope", "row").text(index.quant(configuration).map_or("", |quant| &quant.id)),
        )
        .child(words(rig + &cap.unwrap_or_default()))
        .child(words(index.backend(configuration).map_or_else(String::new, backend_label)))
        .child(words(index.mode(configuration).to_owned()))
        .child(figure(Metric::Decode))
        .child(figure(Metric::Prefill))
        .child(figure(Metric::Ttft))
        .child(figure(Metric::Load))
        .child(of_limit)
        .child(number_cell(size.map_or(MISSING.to_owned(), |gib| format!("{} GiB", locale.number(gib, 1)))))
        .child(el("td", "").text(index.runs.date.get(run).map_or_else(String::new, format::date)))
}

/// What was only published as a range.
fn ranges(data: &'static Data, of_model: &[usize]) -> Option<El> {
    let index = &data.index;
    let is_range =
        |&&configuration: &&usize| index.results_of(configuration).any(|result| index.is_range_only(result));
    let lines = views(of_model.iter().filter(is_range).map(|&configuration| range_line(data, configuration)));
    (!lines.is_empty()).then(|| {
        let headings = vec![heading("Configuration", false), heading("Decode tok/s", true)];
        scroll_box("Ranges", plain_table("Published as a range over shapes only", headings, lines))
    })
}

/// A configuration that was only published as a range.
fn range_line(data: &'static Data, configuration: usize) -> El {
    let (index, locale) = (&data.index, data.locale);
    let mut ranges = index.results_of(configuration).filter(|&result| index.is_range_only(result));
    let bounds = ranges.find_map(|result| index.bounds(result, Metric::Decode));
    let range = bounds.map_or(MISSING.to_owned(), |(low, high)| locale.range(Metric::Decode, low, high));
    el("tr", "")
        .child(el("th", "").attr("scope", "row").text(crate::charts::views::detail(index, configuration)))
        .child(number_cell(range))
}
