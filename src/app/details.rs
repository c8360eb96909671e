//! What opens below a row: every result of the configuration, its repetitions, settings, sources.

use std::sync::Arc;

use leptos::prelude::AnyView;

use super::definitions::term;
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::{Data, Page};
use crate::format::{self, Locale, MISSING};
use crate::index::Index;
use crate::model::Metric;
use crate::model::catalog::is_web_address;
use crate::model::run::{SourceRef, Statistic, Timing};
use crate::query::{MOST_PINNED, Selection, View, configuration_slug, model_slug};
use crate::stats;

/// All that is known of one configuration.
pub fn details(page: Page, configuration: usize) -> AnyView {
    let data = page.data;
    let index = &data.index;
    let results = index.results_of(configuration);
    let metrics: Vec<Metric> = Metric::ALL
        .into_iter()
        .filter(|&metric| results.clone().any(|result| index.bounds(result, metric).is_some()))
        .collect();
    let defined =
        |id: &'static str, words: String, is_number: bool| heading("", is_number).child(term(id, words));
    let mut headings =
        vec![defined("shape", "Shape".to_owned(), false), defined("concurrency", "Conc.".to_owned(), true)];
    for &metric in &metrics {
        let spread = results.clone().any(|result| index.repeated(result, metric).len() > 1);
        let heading = defined(metric.slug(), format!("{} {}", metric.name(), metric.unit()), true);
        headings.push(heading.maybe(spread.then(|| term("spread", "±"))));
    }
    headings.extend([heading("Tokens in / out", true), heading("Measured", false)]);
    let lines = views(results.clone().map(|result| result_line(index, data.locale, result, &metrics)));
    let table = scroll_box("Results of this configuration", plain_table("", headings, lines));
    let mut runs: Vec<usize> = Vec::new();
    for run in results.map(|result| index.run_of(result)) {
        if !runs.contains(&run) {
            runs.push(run);
        }
    }
    let compare = move |selection: &mut Selection| {
        let slug = configuration_slug(index, configuration);
        selection.view = View::Compare;
        if !selection.pinned.contains(&slug) && selection.pinned.len() < MOST_PINNED {
            selection.pinned.push(slug);
        }
    };
    let model = move |selection: &mut Selection| {
        selection.view = View::Models;
        selection.model = index.model(configuration).map(|(family, variant)| model_slug(family, variant));
    };
    let links = el("p", "row-links").child(link(page, "Pin and compare", Box::new(compare))).child(link(
        page,
        "All of this model",
        Box::new(model),
    ));
    let body = el("div", "details-body").child(links).child(table).maybe(repetitions(data, configuration));
    #[cfg(feature = "whole")]
    let body = body.maybe(super::figures::figures(data, configuration));
    body.children(views(runs.into_iter().filter_map(|run| run_section(data, run)))).build()
}

/// A link to another view.
pub fn link(page: Page, words: &str, change: Box<dyn Fn(&mut Selection) + Send + Sync>) -> El {
    let change = Arc::new(change);
    let follow = Arc::clone(&change);
    el("a", "")
        .bind("href", move || Some(page.link(&*change)))
        .on_click(move |event| {
            page.follow_link(&event, &*follow);
            // What the link leads to takes the place of the link: a row that it opened, or the view.
            #[cfg(feature = "whole")]
            if event.default_prevented() {
                page.draw_all_lines();
                let row = ".open-row[aria-expanded=true]".to_owned();
                super::browser::focus_later(vec![row, "main".to_owned()], true);
            }
        })
        .text(words)
}

pub(super) fn shape_label(index: &Index, result: usize) -> String {
    let shape =
        index.results.shape.get(result).and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    shape.map_or_else(String::new, |shape| shape.label.clone())
}

fn date_of(index: &Index, run: usize) -> String {
    index.runs.date.get(run).map_or_else(String::new, format::date)
}

fn note(text: &str) -> El {
    el("small", "note").text(text)
}

/// One result: its figures, or what went wrong.
fn result_line(index: &Index, locale: Locale, result: usize, metrics: &[Metric]) -> El {
    let tokens = |value: Option<f64>| value.map_or(MISSING.to_owned(), |value| locale.number(value, 0));
    let prompt = index.results.prompt_tokens.get(result).or_else(|| counted(index, result, true));
    let output = index.results.output_tokens.get(result).or_else(|| counted(index, result, false));
    let concurrency = index.results.concurrency.get(result).map_or_else(String::new, u16::to_string);
    let line = el("tr", "")
        .child(el("th", "").attr("scope", "row").text(shape_label(index, result)))
        .child(number_cell(concurrency));
    let line = match index.failure(result) {
        Some(text) => {
            let state =
                if index.is_superseded(result) { "failed, superseded by a later run: " } else { "failed: " };
            let mark = el("span", "mark mark-failed").text(state).text(text);
            line.child(el("td", "").attr("colspan", metrics.len().max(1).to_string()).child(mark))
        }
        None => {
            metrics.iter().fold(line, |line, &metric| line.child(figure_cell(index, locale, result, metric)))
        }
    };
    let notes = index.results.notes.of(result).iter().map(|&text| note(index.text(text)));
    line.child(number_cell(format!("{} / {}", tokens(prompt), tokens(output))))
        .child(el("td", "").text(date_of(index, index.run_of(result))).children(views(notes)))
}

/// Mean token count over the repetitions, where the result states none.
fn counted(index: &Index, result: usize, prompt: bool) -> Option<f64> {
    let column = if prompt { &index.repetitions.prompt_tokens } else { &index.repetitions.output_tokens };
    let counts: Vec<f64> =
        index.repetitions_of(result).filter_map(|repetition| column.get(repetition)).collect();
    stats::mean(&counts)
}

/// A value with its ± and, where the source printed something else, its words.
fn figure_cell(index: &Index, locale: Locale, result: usize, metric: Metric) -> El {
    let deviation = stats::sample_deviation(&index.repeated(result, metric));
    let text = match (index.value(result, metric), index.bounds(result, metric)) {
        (Some(value), _) => {
            let spread = deviation.map(|d| format!(" ±{}", locale.value(metric, d))).unwrap_or_default();
            format!("{}{spread}", locale.value(metric, value))
        }
        (None, Some((low, high))) => format!("in {}", locale.range(metric, low, high)),
        (None, None) => MISSING.to_owned(),
    };
    let published = index.results.published.of(result).iter().find(|(of, _)| *of == metric);
    let published = published.map(|&(_, text)| index.text(text)).filter(|published| {
        // The locale's separators apart, did the source print the same?
        let digits = text.chars().filter(|c| Some(*c) != locale.group);
        let plain: String = digits.map(|c| if c == locale.decimal { '.' } else { c }).collect();
        *published != plain
    });
    number_cell(text).maybe(published.map(|published| note("printed ").text(published)))
}

/// Every repetition of every result of the configuration.
fn repetitions(data: &Data, configuration: usize) -> Option<El> {
    let (index, locale) = (&data.index, data.locale);
    let mut lines = Vec::new();
    for result in index.results_of(configuration) {
        for (number, repetition) in index.repetitions_of(result).enumerate() {
            let value = |metric: Metric| {
                let column = index.repetitions.metrics.get(metric.position());
                let value = column.and_then(|column| column.get(repetition));
                number_cell(value.map_or(MISSING.to_owned(), |value| locale.precise(metric, value)))
            };
            let tokens = |value: Option<f64>| {
                number_cell(value.map_or(MISSING.to_owned(), |value| locale.number(value, 0)))
            };
            let name = format!("{} · {}", shape_label(index, result), number + 1);
            lines.push(
                el("tr", "")
                    .child(el("th", "").attr("scope", "row").text(name))
                    .child(value(Metric::Decode))
                    .child(value(Metric::Prefill))
                    .child(tokens(index.repetitions.prompt_tokens.get(repetition)))
                    .child(tokens(index.repetitions.output_tokens.get(repetition)))
                    .child(el("td", "").text(date_of(index, index.run_of(result))))
                    .build(),
            );
        }
    }
    let headings = vec![
        heading("Repetition", false),
        heading("Decode tok/s", true),
        heading("Prefill tok/s", true),
        heading("Prompt tokens", true),
        heading("Output tokens", true),
        heading("Measured", false),
    ];
    (!lines.is_empty()).then(|| scroll_box("Repetitions", plain_table("Every repetition", headings, lines)))
}

/// A list of facts: name and value.
pub fn fact(name: AnyView, value: String) -> El {
    let value = el("dd", "").child(el("bdi", "").text(value));
    el("div", "").child(el("dt", "").view(name)).child(value)
}

/// What was done and set in a run.
fn run_facts(data: &Data, run: usize) -> Vec<(String, String)> {
    let (index, locale) = (&data.index, data.locale);
    let statistic = match index.runs.statistic.get(run) {
        Some(Statistic::Mean) => "mean",
        Some(Statistic::Median) => "median",
        Some(Statistic::Single) => "one repetition",
        Some(Statistic::Unknown) | None => "",
    };
    let value = match (statistic, index.runs.repetitions.get(run).copied().unwrap_or_default()) {
        ("", 0) => None,
        ("", count) => Some(format!("{count} repetitions")),
        (statistic, 0 | 1) => Some(statistic.to_owned()),
        (statistic, count) => Some(format!("{statistic} of {count} repetitions")),
    };
    let timing = match index.configurations.timing.get(index.configuration_of(run)) {
        Some(Timing::Raw) => "raw: the engine timed itself",
        _ => "served: a server answered requests",
    };
    let approximate = !index.runs.file_size_approximate.of(run).is_empty();
    let size = index.runs.file_size_gib.get(run).map(|gib| {
        let about = if approximate { "about " } else { "" };
        format!("{about}{} GiB", locale.number(gib, if gib.fract() == 0.0 { 0 } else { 2 }))
    });
    let mut facts = Vec::new();
    for (name, value) in [("Value", value), ("Timing", Some(timing.to_owned())), ("Weights file", size)] {
        if let Some(value) = value {
            facts.push((name.to_owned(), value));
        }
    }
    let settings = index.runs.settings.get(run).and_then(|&settings| index.settings.get(settings as usize));
    facts.extend(settings.map(|settings| settings.pairs()).unwrap_or_default());
    facts
}

/// Settings, notes and sources of a run.
fn run_section(data: &Data, run: usize) -> Option<El> {
    let index = &data.index;
    let id = index.runs.id.get(run)?;
    let facts =
        run_facts(data, run).into_iter().map(|(name, value)| fact(el("span", "").text(name).build(), value));
    let notes: Vec<String> =
        index.runs.notes.of(run).iter().map(|&note| index.text(note).to_owned()).collect();
    let sources = index.runs.sources.get(run).and_then(|&sources| index.sources.get(sources as usize));
    let sources = sources.into_iter().flatten().filter_map(|reference| source_item(index, reference));
    Some(
        el("section", "run")
            .child(el("h3", "").text(format!("Run {} ", date_of(index, run))).child(el("code", "").text(id)))
            .child(el("dl", "facts").children(views(facts)))
            .maybe(note_list(notes))
            .child(el("p", "label").text("Sources"))
            .child(el("ul", "sources").children(views(sources))),
    )
}

/// Notes as a list; none for no notes.
pub fn note_list(notes: Vec<String>) -> Option<El> {
    let items = views(notes.iter().map(|note| el("li", "").text(note)));
    (!items.is_empty()).then(|| el("ul", "notes").children(items))
}

/// A source of a run: where in it, and what it says differently.
fn source_item(index: &Index, reference: &SourceRef) -> Option<El> {
    let source = index.catalog.sources.iter().find(|source| source.id == reference.id)?;
    let says: Vec<String> = reference.says.iter().map(|(field, words)| format!("{field}: {words}")).collect();
    let differs =
        if says.is_empty() { String::new() } else { format!("; this source says {}", says.join(", ")) };
    let place = reference.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    let name = source_name(&source.name, source.url.as_deref());
    let rest = format!("{place}, {}{differs}", format::date(&source.date));
    Some(el("li", "").child(name).text(rest).child(note(&source.licence)))
}

/// The name of a source, as a link where it has a safe address: http or https.
pub fn source_name(name: &str, url: Option<&str>) -> El {
    match url.filter(|url| is_web_address(url)) {
        Some(url) => el("a", "").attr("href", url).attr("rel", "noopener noreferrer nofollow").text(name),
        None => el("span", "").text(name),
    }
}
