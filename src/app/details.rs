//! What opens below a row: every result of the configuration, its repetitions, settings, sources.

use leptos::prelude::*;

use super::definitions::Term;
use super::state::use_page;
use crate::format::{self, Locale, MISSING};
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::{Statistic, Timing};
use crate::stats;

/// All that is known of one configuration.
#[component]
pub fn Details(
    /// Position of the configuration.
    configuration: usize,
) -> impl IntoView {
    let data = use_page().data;
    let index = &data.index;
    let results = index.results_of(configuration);
    let metrics: Vec<Metric> = Metric::ALL
        .into_iter()
        .filter(|&metric| results.clone().any(|result| index.bounds(result, metric).is_some()))
        .collect();
    let heads: Vec<_> = metrics
        .iter()
        .map(|&metric| view! { <th scope="col" class="number"><Term id=metric.slug()>{metric.name()}" "{metric.unit()}</Term></th> })
        .collect();
    let lines: Vec<_> =
        results.clone().map(|result| result_line(index, data.locale, result, &metrics)).collect();
    let mut runs: Vec<usize> = results.clone().map(|result| index.run_of(result)).collect();
    runs.sort_unstable();
    runs.dedup();
    let runs: Vec<_> = runs.into_iter().map(|run| run_view(index, data.locale, run)).collect();
    view! {
        <div class="details-body">
            <div class="scroll-x" tabindex="0" role="region" aria-label="Results of this configuration">
                <table class="plain-table">
                    <thead>
                        <tr>
                            <th scope="col"><Term id="shape">"Shape"</Term></th>
                            <th scope="col" class="number"><Term id="concurrency">"Conc."</Term></th>
                            {heads}
                            <th scope="col" class="number">"Tokens in / out"</th>
                            <th scope="col">"Measured"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <Repetitions configuration />
            {runs}
        </div>
    }
    .into_any()
}

/// One result: its figures, or what went wrong.
fn result_line(index: &'static Index, locale: Locale, result: usize, metrics: &[Metric]) -> AnyView {
    let shape =
        index.results.shape.get(result).and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    let concurrency = index.results.concurrency.get(result).map(u16::to_string);
    let date = index.runs.date.get(index.run_of(result)).map(format::date);
    let tokens = |value: Option<f64>| value.map_or(MISSING.to_owned(), |value| locale.number(value, 0));
    let (prompt, output) = (index.results.prompt_tokens.get(result), index.results.output_tokens.get(result));
    let (prompt, output) =
        (prompt.or_else(|| counted(index, result, true)), output.or_else(|| counted(index, result, false)));
    let notes: Vec<_> = index.results.notes.of(result).iter().map(|&note| index.text(note)).collect();
    let figures = match index.failure(result) {
        Some(text) => {
            let state =
                if index.is_superseded(result) { "failed, superseded by a later run: " } else { "failed: " };
            let span = metrics.len().max(1).to_string();
            view! { <td colspan=span><span class="mark mark-failed">{state}{text}</span></td> }.into_any()
        }
        None => metrics
            .iter()
            .map(|&metric| figure_cell(index, locale, result, metric))
            .collect::<Vec<_>>()
            .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{shape.map(|shape| shape.label.clone())}</th>
            <td class="number">{concurrency}</td>
            {figures}
            <td class="number">{format!("{} / {}", tokens(prompt), tokens(output))}</td>
            <td>
                {date}
                {notes.into_iter().map(|note| view! { <small class="note">{note}</small> }).collect::<Vec<_>>()}
            </td>
        </tr>
    }
    .into_any()
}

/// Mean token count over the repetitions, where the result states none.
fn counted(index: &Index, result: usize, prompt: bool) -> Option<f64> {
    let column = if prompt { &index.repetitions.prompt_tokens } else { &index.repetitions.output_tokens };
    let counts: Vec<f64> =
        index.repetitions_of(result).filter_map(|repetition| column.get(repetition)).collect();
    stats::mean(&counts)
}

/// A value with its ± and, where the source printed something else, its words.
fn figure_cell(index: &'static Index, locale: Locale, result: usize, metric: Metric) -> AnyView {
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
        // Grouping of digits apart, the source printed the same.
        *published != text.replace(locale.group.unwrap_or(','), "").replace(locale.decimal, ".")
    });
    view! {
        <td class="number">
            {text}
            {published.map(|published| view! { <small class="note">"printed "{published}</small> })}
        </td>
    }
    .into_any()
}

/// Every repetition of every result of the configuration.
#[component]
fn Repetitions(
    /// Position of the configuration.
    configuration: usize,
) -> impl IntoView {
    let data = use_page().data;
    let index = &data.index;
    let lines: Vec<_> = index
        .results_of(configuration)
        .flat_map(|result| {
            index
                .repetitions_of(result)
                .enumerate()
                .map(move |(number, repetition)| (result, number, repetition))
        })
        .map(|(result, number, repetition)| {
            let shape =
                index.results.shape.get(result).and_then(|&s| index.catalog.shapes.get(usize::from(s)));
            let date = index.runs.date.get(index.run_of(result)).map(format::date);
            let value = |metric: Metric| {
                let value = index
                    .repetitions
                    .metrics
                    .get(metric.position())
                    .and_then(|column| column.get(repetition));
                value.map_or(MISSING.to_owned(), |value| data.locale.precise(metric, value))
            };
            let tokens =
                |value: Option<f64>| value.map_or(MISSING.to_owned(), |value| data.locale.number(value, 0));
            view! {
                <tr>
                    <th scope="row">{shape.map(|shape| shape.label.clone())}" · "{number + 1}</th>
                    <td class="number">{value(Metric::Decode)}</td>
                    <td class="number">{value(Metric::Prefill)}</td>
                    <td class="number">{tokens(index.repetitions.prompt_tokens.get(repetition))}</td>
                    <td class="number">{tokens(index.repetitions.output_tokens.get(repetition))}</td>
                    <td>{date}</td>
                </tr>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="scroll-x" tabindex="0" role="region" aria-label="Repetitions">
                <table class="plain-table">
                    <caption>"Every repetition"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Repetition"</th>
                            <th scope="col" class="number">"Decode tok/s"</th>
                            <th scope="col" class="number">"Prefill tok/s"</th>
                            <th scope="col" class="number">"Prompt tokens"</th>
                            <th scope="col" class="number">"Output tokens"</th>
                            <th scope="col">"Measured"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

/// Settings, notes and sources of a run.
fn run_view(index: &'static Index, locale: Locale, run: usize) -> AnyView {
    let Some(id) = index.runs.id.get(run) else { return ().into_any() };
    let date = index.runs.date.get(run).map(format::date);
    let configuration = index.configuration_of(run);
    let statistic = match index.runs.statistic.get(run) {
        Some(Statistic::Mean) => Some("mean"),
        Some(Statistic::Median) => Some("median"),
        Some(Statistic::Single) => Some("one repetition"),
        Some(Statistic::Unknown) | None => None,
    };
    let repetitions = index.runs.repetitions.get(run).copied().filter(|&count| count > 0);
    let value = match (statistic, repetitions) {
        (Some(statistic), Some(count)) if count > 1 => Some(format!("{statistic} of {count} repetitions")),
        (Some(statistic), _) => Some(statistic.to_owned()),
        (None, count) => count.map(|count| format!("{count} repetitions")),
    };
    let timing = match index.configurations.timing.get(configuration) {
        Some(Timing::Raw) => "raw: the engine timed itself",
        _ => "served: a server answered requests",
    };
    let approximate = !index.runs.file_size_approximate.of(run).is_empty();
    let size = index.runs.file_size_gib.get(run).map(|gib| {
        let about = if approximate { "about " } else { "" };
        format!("{about}{} GiB", locale.number(gib, if gib.fract() == 0.0 { 0 } else { 2 }))
    });
    let settings = index.runs.settings.get(run).and_then(|&settings| index.settings.get(settings as usize));
    let facts = [("Value", value), ("Timing", Some(timing.to_owned())), ("Weights file", size)];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let facts: Vec<_> = facts
        .chain(settings.map(|settings| settings.pairs()).unwrap_or_default())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> })
        .collect();
    let notes: Vec<_> =
        index.runs.notes.of(run).iter().map(|&note| view! { <li>{index.text(note)}</li> }).collect();
    let sources = index.runs.sources.get(run).and_then(|&sources| index.sources.get(sources as usize));
    let sources: Vec<_> = sources
        .into_iter()
        .flatten()
        .filter_map(|reference| {
            let source = index.catalog.sources.iter().find(|source| source.id == reference.id)?;
            let says =
                reference.says.iter().map(|(field, words)| format!("{field}: {words}")).collect::<Vec<_>>();
            let differs = (!says.is_empty()).then(|| format!("; this source says {}", says.join(", ")));
            let place = reference.place.as_ref().map(|place| format!(", {place}"));
            Some(view! {
                <li>
                    <SourceName name=source.name.clone() url=source.url.clone() />
                    {place}
                    {format!(", {}", format::date(&source.date))}
                    {differs}
                    <small class="note">{source.licence.clone()}</small>
                </li>
            })
        })
        .collect();
    view! {
        <section class="run">
            <h4>
                "Run "
                {date}
                " "
                <code>{id.clone()}</code>
            </h4>
            <dl class="facts">{facts}</dl>
            {(!notes.is_empty()).then(|| view! { <ul class="notes">{notes}</ul> })}
            <p class="label">"Sources"</p>
            <ul class="sources">{sources}</ul>
        </section>
    }
    .into_any()
}

/// The name of a source, as a link where it has a safe address.
#[component]
pub fn SourceName(
    /// What it is called.
    name: String,
    /// Where it is; anything but http and https is not followed.
    url: Option<String>,
) -> impl IntoView {
    let safe = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    match safe {
        Some(url) => view! { <a href=url rel="noopener noreferrer nofollow">{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    }
}
