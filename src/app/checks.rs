//! What the rules find, what the memory bus allows, and what failed or was measured again.

use leptos::prelude::*;

use super::charts::surroundings;
use super::definitions::term;
use super::details::link;
use super::element::{El, button, el, heading, number_cell, plain_table, scroll_box, views};
use super::points::figure;
use super::state::{Data, Page};
use crate::charts::plots::{Scope, roofline};
use crate::charts::views::{detail, model_label};
use crate::checks::physics::{self, Basis, Implied};
use crate::checks::{Finding, Severity};
use crate::format::{self, MISSING};
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::query::compare::summary;
use crate::query::order::positions_by;
use crate::query::{Concurrency, Selection, View, configuration_slug};
use crate::stats::{Summary, between_runs};

/// The most lines of one table; more are counted.
pub const MOST_LINES: usize = 200;

/// Findings, physics, failures and repeated measurements.
pub fn view(page: Page) -> Vec<AnyView> {
    vec![found(page), bandwidth(page), failures(page), repeated(page)]
}

fn section(id: &'static str, title: &'static str, lead: &'static str) -> El {
    el("section", "section").attr("id", id).child(el("h2", "").text(title)).child(el("p", "lead").text(lead))
}

/// A link to the opened row of a configuration.
fn row_link(page: Page, configuration: usize) -> El {
    let index = &page.data.index;
    let show = move |selection: &mut Selection| {
        let (theme, pinned) = (selection.theme, std::mem::take(&mut selection.pinned));
        *selection = Selection {
            view: View::Runs,
            concurrency: Concurrency::All,
            open: vec![configuration_slug(index, configuration)],
            theme,
            pinned,
            ..Selection::default()
        };
    };
    link(page, &model_label(index, configuration), Box::new(show))
}

/// What every rule found, worst first.
fn found(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let findings = page.data.findings();
    let count = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let summary = [Severity::Impossible, Severity::Doubtful, Severity::Notice]
        .map(|severity| format!("{} {}", locale.count(count(severity)), severity.name()));
    let summary = format!(
        "{} about {}: {}",
        format::counted(locale, findings.len(), "finding"),
        format::counted(locale, index.result_count(), "result"),
        summary.join(", ")
    );
    let lines = views(findings.iter().take(MOST_LINES).map(|finding| finding_line(page, finding)));
    let headings = vec![
        heading("Severity", false),
        heading("Rule", false),
        heading("Found", false),
        heading("Expected", false),
        heading("Concerns", false),
    ];
    section(
        "findings",
        "Findings",
        "Rules over the whole data set, the same as in tokscope check. Nothing is corrected: what a source says stays, with the doubt beside it",
    )
    .child(el("p", "status").text(summary))
    .child(scroll_box("Findings", plain_table("", headings, lines)))
    .maybe(cut(page, findings.len()))
    .build()
}

/// The mark of a figure that a rule doubts, with what it found.
pub fn doubt(data: &'static Data, result: usize, metric: Metric) -> Option<El> {
    let finding = data.doubt(result, metric)?;
    let words = format!("{}: {finding}", finding.rule.id());
    let mark = button("mark").attr("aria-label", format!("doubtful, {words}"));
    Some(mark.attr("data-tip", words).text("doubtful"))
}

fn finding_line(page: Page, finding: &Finding) -> El {
    let index = &page.data.index;
    let class = match finding.severity {
        Severity::Impossible => "mark mark-failed",
        Severity::Doubtful | Severity::Notice => "mark",
    };
    let mut configurations: Vec<usize> =
        finding.runs.iter().map(|&run| index.configuration_of(run)).collect();
    configurations.sort_unstable();
    configurations.dedup();
    let more = configurations.len().saturating_sub(3);
    let concerned = configurations.iter().take(3).map(|&configuration| {
        el("li", "")
            .child(row_link(page, configuration))
            .child(el("small", "note").text(detail(index, configuration)))
    });
    let more = (more > 0).then(|| el("li", "").text(format!("and {more} more")));
    el("tr", "")
        .child(el("td", "").child(el("span", class).text(finding.severity.name())))
        .child(el("th", "").attr("scope", "row").child(term(finding.rule.term(), finding.rule.id())))
        .child(el("td", "about").child(el("bdi", "").text(&finding.found)))
        .child(el("td", "about").child(el("bdi", "").text(&finding.expected)))
        .child(el("td", "").child(el("ul", "concerned").children(views(concerned)).maybe(more)))
}

/// Says that a table was cut; `None` where all its lines are there.
pub fn cut(page: Page, count: usize) -> Option<El> {
    let locale = page.data.locale;
    (count > MOST_LINES).then(|| {
        let words = format!("The first {} of {}", locale.count(MOST_LINES), locale.count(count));
        el("p", "note").text(words)
    })
}

/// The implied bandwidth of the best result of each configuration, and why others have none.
fn bandwidth(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let mut known: Vec<(usize, Implied)> = Vec::new();
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for configuration in 0..index.configuration_count() {
        let mut best: Option<(usize, Implied)> = None;
        for result in index.results_of(configuration) {
            match physics::implied(index, result) {
                Ok(implied) if best.is_none_or(|(_, best)| best.fraction < implied.fraction) => {
                    best = Some((result, implied));
                }
                Ok(_) => {}
                Err(reason) => {
                    let words = reason.to_string();
                    match reasons.iter_mut().find(|(other, _)| *other == words) {
                        Some((_, count)) => *count += 1,
                        None => reasons.push((words, 1)),
                    }
                }
            }
        }
        known.extend(best);
    }
    let fraction = |at: usize| known.get(at).map_or(0.0, |(_, implied)| implied.fraction);
    let order = positions_by(known.len(), &mut |a, b| fraction(b).total_cmp(&fraction(a)));
    let lines = order.iter().take(MOST_LINES).filter_map(|&at| known.get(at));
    let lines = views(lines.map(|&(result, implied)| bandwidth_line(page, result, implied)));
    let headings = vec![
        heading("Model", false),
        heading("Configuration", false),
        heading("Decode tok/s", true),
        heading("GB a token", true),
        heading("Implied GB/s", true),
        heading("Peak GB/s", true),
        heading("Of limit", true),
        heading("From", false),
    ];
    let unclaimed = views(reasons.iter().map(|(reason, count)| {
        el("li", "").text(format!("{}: {reason}", format::counted(locale, *count, "result")))
    }));
    let formula = el("details", "fold")
        .child(el("summary", "").text("Formula, assumptions and sources"))
        .child(el("p", "").child(el("code", "").text("implied GB/s = decode tok/s × active bytes; of limit = implied / peak")))
        .child(el("p", "").text("For a single request, decode reads every active weight once for each token, so memory bandwidth is a ceiling (the roofline of Williams, Waterman and Patterson, 2009). The active bytes are the file's size times active over total parameters, or, where the size is unknown, active parameters times the bits of the quant's main block type, which is up to a fifth too small. Speculative decoding gives several tokens for one reading and batching shares one, so nothing is claimed for either. Peak is the theoretical one of the rig; caches can hold small parts and measured buses reach about nine tenths of it."));
    let (surroundings, results) = (surroundings(), Vec::from_iter(0..index.result_count()));
    let rooflines = [Timing::Served, Timing::Raw].map(|timing| {
        figure(page, surroundings, roofline(Scope { index, results: &results, timing, locale }))
    });
    section(
        "bandwidth",
        "What the memory bus allows",
        "How much of the peak memory bandwidth each decode rate implies: the best result of each configuration. Above 100 % something stated is wrong",
    )
    .child(formula)
    .child(el("div", "charts").children(rooflines.into()))
    .child(scroll_box("Implied bandwidth", plain_table("", headings, lines)))
    .maybe(cut(page, known.len()))
    .maybe((!unclaimed.is_empty()).then(|| el("p", "label").text("Nothing is claimed about")))
    .child(el("ul", "notes").children(unclaimed))
    .build()
}

fn bandwidth_line(page: Page, result: usize, implied: Implied) -> El {
    let (index, locale) = (&page.data.index, page.data.locale);
    let configuration = index.configuration_of(index.run_of(result));
    let bounds = index.bounds(result, Metric::Decode);
    let decode = bounds.map_or(MISSING.to_owned(), |(low, high)| locale.range(Metric::Decode, low, high));
    let limit = number_cell(format!("{} %", locale.number(implied.fraction * 100.0, 0)));
    let basis = match implied.basis {
        Basis::FileSize => "file size",
        Basis::BitsPerWeight => "bits per weight",
    };
    el("tr", "")
        .child(el("th", "").attr("scope", "row").child(row_link(page, configuration)))
        .child(el("td", "").child(el("bdi", "").text(detail(index, configuration))))
        .child(number_cell(decode))
        .child(number_cell(locale.number(implied.bytes_per_token / 1e9, 2)))
        .child(number_cell(locale.number(implied.implied_gb_per_s, 0)))
        .child(number_cell(locale.number(implied.peak_gb_per_s, 0)))
        .child(
            limit.maybe(implied.is_impossible().then(|| el("small", "mark mark-failed").text("impossible"))),
        )
        .child(el("td", "").text(basis))
}

/// What was asked: shape and concurrency.
fn work(index: &Index, result: usize) -> String {
    let shape = index.results.shape.get(result);
    let shape = shape.and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
    format!("{}, concurrency {concurrency}", shape.map_or("", |shape| &shape.label))
}

/// Every failure, and whether a later run made it good.
fn failures(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let failed: Vec<usize> =
        (0..index.result_count()).filter(|&result| index.failure(result).is_some()).collect();
    let lines = views(failed.iter().take(MOST_LINES).map(|&result| {
        let run = index.run_of(result);
        let configuration = index.configuration_of(run);
        let state = if index.is_superseded(result) { "superseded by a later run" } else { "stands" };
        el("tr", "")
            .child(el("th", "").attr("scope", "row").child(row_link(page, configuration)))
            .child(el("td", "").child(el("bdi", "").text(detail(index, configuration))))
            .child(el("td", "").text(work(index, result)))
            .child(el("td", "").child(el("bdi", "").text(index.failure(result).unwrap_or_default())))
            .child(el("td", "").text(index.runs.date.get(run).map_or_else(String::new, format::date)))
            .child(el("td", "").text(state))
    }));
    let headings = vec![
        heading("Model", false),
        heading("Configuration", false),
        heading("Workload", false),
        heading("What the source says", false),
        heading("Measured", false),
        heading("State", false),
    ];
    let content = match failed.is_empty() {
        true => el("p", "empty").text("No failure is recorded"),
        false => scroll_box("Failures", plain_table("", headings, lines)),
    };
    section("failures", "Failures", "Attempts that ended without figures. They count as results, and stay in the history after a later run succeeds")
        .child(el("p", "status").text(format::counted(locale, failed.len(), "failure")))
        .child(content)
        .maybe(cut(page, failed.len()))
        .build()
}

/// Cells that were measured more than once, with the spread between runs beside the one inside them.
fn repeated(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let cell = |result: usize| {
        let configuration = index.configuration_of(index.run_of(result));
        (configuration, index.results.concurrency.get(result), index.results.shape.get(result))
    };
    let mut lines = Vec::new();
    let mut start = 0;
    while start < index.result_count() {
        let end = (start + 1..index.result_count())
            .find(|&other| cell(other) != cell(start))
            .unwrap_or(index.result_count());
        let measured: Vec<usize> =
            (start..end).filter(|&result| index.value(result, Metric::Decode).is_some()).collect();
        let summaries: Vec<Summary> =
            measured.iter().filter_map(|&result| summary(index, result, Metric::Decode)).collect();
        if let Some(spread) = between_runs(&summaries).filter(|_| lines.len() < MOST_LINES) {
            let values: Vec<String> = measured
                .iter()
                .filter_map(|&result| {
                    let date = index.runs.date.get(index.run_of(result)).map(format::date)?;
                    Some(format!(
                        "{} ({date})",
                        locale.value(Metric::Decode, index.value(result, Metric::Decode)?)
                    ))
                })
                .collect();
            let configuration = cell(start).0;
            let plus_minus = |value: f64| format!("±{}", locale.number(value, 2));
            lines.push(
                el("tr", "")
                    .child(el("th", "").attr("scope", "row").child(row_link(page, configuration)))
                    .child(el("td", "").child(el("bdi", "").text(detail(index, configuration))))
                    .child(el("td", "").text(work(index, start)))
                    .child(el("td", "about").text(values.join(", ")))
                    .child(number_cell(plus_minus(spread.between)))
                    .child(number_cell(spread.within.map_or(MISSING.to_owned(), plus_minus)))
                    .build(),
            );
        }
        start = end;
    }
    let headings = vec![
        heading("Model", false),
        heading("Configuration", false),
        heading("Workload", false),
        heading("Decode tok/s, by run", false),
        heading("Between runs", true),
        heading("Inside them", true),
    ];
    let content = match lines.is_empty() {
        true => el("p", "empty").text("Nothing was measured more than once"),
        false => scroll_box("Measured more than once", plain_table("", headings, lines)),
    };
    section("measured-again", "Measured more than once", "What the same configuration gave in another run. A ± inside one run is a lower bound: where runs scatter by more, only the larger figure says what to expect")
        .child(content)
        .build()
}
