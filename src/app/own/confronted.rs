//! Own results against published ones and against each other: values, ratio with its interval, verdict, and what the checks say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use leptos::ev;
use leptos::prelude::*;

use super::in_turn::{gradually, in_turn};
use super::stacked::{self, Column};
use crate::app::checks::doubt;
use crate::app::comparison::{interval_text, ratio_decimals};
use crate::app::details::link;
use crate::app::element::{El, dynamic, el, nothing, number_cell, views};
use crate::app::state::Page;
use crate::charts::views::{detail, model_label};
use crate::checks::compare::Difference;
use crate::format::{MISSING, counted};
use crate::index::Index;
use crate::model::Metric;
use crate::query::confront::{CONFRONTED, Pair, confront};
use crate::query::{Selection, View, configuration_slug, is_own};
use crate::stats::{Ratio, Summary, Verdict};

/// The most configurations of the reader's own that are compared here.
const MOST_SHOWN: usize = 20;

/// The most lines of one of them, where they are few and where they are many; a comparison has them all.
const MOST_LINES: (usize, usize) = (24, 12);

/// The most configurations that are few.
const FEW: usize = 4;

/// The most results that are checked while the reader waits; the rules look at all of them.
const MOST_CHECKED: usize = 20_000;

/// The most baselines that are offered.
const MOST_BASELINES: usize = 60;

/// What a line says of one result.
const COLUMNS: [Column; 7] = [
    ("Workload", false),
    ("Metric", false),
    ("Verdict", false),
    ("Ratio", true),
    ("95 % interval", true),
    ("Mine", true),
    ("Baseline", true),
];

/// Shape and concurrency.
type Cell = (u16, u16);

/// Every own configuration beside a published one.
pub fn confronted(page: Page) -> AnyView {
    let index = &page.data.index;
    let own: Vec<usize> = (0..index.configuration_count()).filter(|&one| is_own(index, one)).collect();
    if own.is_empty() {
        return nothing();
    }
    let more = own.len().saturating_sub(MOST_SHOWN);
    let more = (more > 0).then(|| {
        let words = counted(page.data.locale, more, "configuration");
        el("p", "note").text(format!("{words} more: pin their rows under Runs to compare them"))
    });
    // Of all results, and needed by the first one of these.
    let all_cells: Arc<OnceLock<Vec<BTreeSet<Cell>>>> = Arc::default();
    let (first, of_all) = (own.len().min(MOST_SHOWN), Arc::clone(&all_cells));
    in_turn(Box::new(move || {
        of_all.get_or_init(|| (0..index.configuration_count()).map(|one| cells(index, one)).collect());
    }));
    let there = gradually(first, 1);
    let lines = if own.len() > FEW { MOST_LINES.1 } else { MOST_LINES.0 };
    let items = own.into_iter().take(MOST_SHOWN).enumerate().map(|(at, own)| {
        let (is_there, cells) = (Memo::new(move |_| there.get() > at), Arc::clone(&all_cells));
        dynamic(move || match is_there.get() {
            true => {
                let configurations = 0..index.configuration_count();
                let cells = cells.get_or_init(|| configurations.map(|one| self::cells(index, one)).collect());
                one(page, own, candidates(index, cells, own), lines).build()
            }
            false => nothing(),
        })
    });
    el("section", "section")
        .attr("id", "confronted")
        .child(el("h2", "").text("How they compare"))
        .child(el("p", "lead").text(
            "How many times the baseline each of yours is, with a 95 % interval. A difference is real when the interval leaves out 1, else a tie; for times, less is better",
        ))
        .children(items.collect())
        .maybe(more)
        .maybe((!is_checked(index)).then(|| {
            el("p", "note").text("With so many results the checks wait until their view is opened")
        }))
        .build()
}

fn is_checked(index: &Index) -> bool {
    index.result_count() <= MOST_CHECKED
}

/// The cells of a configuration that have figures.
fn cells(index: &Index, configuration: usize) -> BTreeSet<Cell> {
    let results = index.results_of(configuration);
    let usable = results.filter(|&result| index.failure(result).is_none() && !index.is_range_only(result));
    usable
        .filter_map(|result| {
            Some((*index.results.shape.get(result)?, *index.results.concurrency.get(result)?))
        })
        .collect()
}

/// A baseline that may be chosen, and whether it is of the same model.
#[derive(Clone)]
struct Candidate {
    configuration: usize,
    same_model: bool,
}

/// Configurations that were asked the same, those with the most in common first: published ones, and others of the
/// reader's own, for two builds or two settings are measured to be compared.
fn candidates(index: &Index, cells: &[BTreeSet<Cell>], own: usize) -> Vec<Candidate> {
    let columns = &index.configurations;
    let same = |column: &[u32], other: usize| column.get(own) == column.get(other);
    let rig = |one: usize| index.hardware(one).map(|rig| rig.name.as_str());
    let none = BTreeSet::new();
    let mine = cells.get(own).unwrap_or(&none);
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for (other, theirs) in cells.iter().enumerate() {
        if other == own || columns.timing.get(own) != columns.timing.get(other) || mine.is_disjoint(theirs) {
            continue;
        }
        let same_model = same(&columns.family, other) && same(&columns.variant, other);
        let alike = [
            (same_model, 64),
            (same(&columns.quant, other), 32),
            // Of two that are as much alike, the published one.
            (!is_own(index, other), 16),
            (rig(own) == rig(other), 8),
            (index.accelerator(own) == index.accelerator(other), 4),
            // With repetitions, for without them there is no interval and no verdict.
            (same_model && is_repeated(index, other, mine), 2),
            (mine.is_subset(theirs), 1),
        ];
        let score = alike.into_iter().filter(|(holds, _)| *holds).map(|(_, points)| points).sum();
        found.push((score, Candidate { configuration: other, same_model }));
    }
    // Stable: what is as much alike stays in the order of the index.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, candidate)| candidate).take(MOST_BASELINES).collect()
}

/// True where a configuration has repetitions in one of these cells.
fn is_repeated(index: &Index, configuration: usize, cells: &BTreeSet<Cell>) -> bool {
    index.results_of(configuration).any(|result| {
        let cell = index.results.shape.get(result).zip(index.results.concurrency.get(result));
        cell.is_some_and(|(&shape, &concurrency)| cells.contains(&(shape, concurrency)))
            && CONFRONTED.into_iter().any(|metric| index.repeated(result, metric).len() > 1)
    })
}

fn name(index: &Index, configuration: usize) -> String {
    format!("{} · {}", model_label(index, configuration), detail(index, configuration))
}

/// One own configuration: which baseline, and the figures of both.
fn one(page: Page, own: usize, candidates: Vec<Candidate>, most: usize) -> El {
    let index = &page.data.index;
    let first = candidates.first().filter(|candidate| candidate.same_model);
    let baseline = RwSignal::new(first.map(|candidate| candidate.configuration));
    let id = format!("baseline-{}", configuration_slug(index, own));
    let none = el("option", "").attr("value", "").text("Choose a baseline…");
    let options = candidates.iter().map(|&Candidate { configuration, .. }| {
        let option =
            el("option", "").attr("value", configuration.to_string()).text(name(index, configuration));
        if Some(configuration) == baseline.get_untracked() { option.attr("selected", "") } else { option }
    });
    let select = el("select", "")
        .attr("id", &id)
        .child(none)
        .children(views(options))
        .on(ev::change, move |event| baseline.set(event_target_value(&event).parse().ok()));
    let chooser = if candidates.is_empty() {
        el("p", "note").text("Nothing else here was asked the same")
    } else {
        let label = el("label", "label").attr("for", id).text("Compared with");
        el("div", "own-field").child(label).child(select)
    };
    let own_name = name(index, own);
    // The mark stands before it.
    let own_name = own_name.strip_suffix(" · mine").unwrap_or(&own_name);
    let title =
        el("h3", "").child(el("span", "mark mark-mine").text("mine")).child(el("bdi", "").text(own_name));
    el("div", "own-confronted")
        .child(title)
        .child(chooser)
        .view(dynamic(move || figures(page, own, baseline.get(), most)))
}

fn figures(page: Page, own: usize, baseline: Option<usize>, most: usize) -> AnyView {
    let index = &page.data.index;
    let of = |configuration: Option<usize>| -> Vec<usize> {
        configuration.map(|one| index.results_of(one).collect()).unwrap_or_default()
    };
    // A configuration may have thousands of results: only what has a line is compared.
    let mut measured = index.results_of(own).flat_map(|result| {
        let has = move |metric: &Metric| index.value(result, *metric).is_some();
        CONFRONTED.into_iter().filter(has).map(move |metric| (result, metric))
    });
    let shown: Vec<(usize, Metric)> = measured.by_ref().take(most).collect();
    let cut = measured.count();
    let results: BTreeSet<usize> = shown.iter().map(|&(result, _)| result).collect();
    let results: Vec<usize> = results.into_iter().collect();
    let found = confront(index, &of(baseline), &results);
    let pairs: BTreeMap<(usize, usize), &Pair> =
        found.pairs.iter().map(|pair| ((pair.b, pair.metric.position()), pair)).collect();
    let lines = shown.into_iter().filter_map(|(result, metric)| {
        let value = index.value(result, metric)?;
        let pair = pairs.get(&(result, metric.position())).copied();
        Some(line(page, result, metric, value, pair))
    });
    let lines: Vec<Vec<El>> = lines.collect();
    let silences: BTreeSet<&str> = found.pairs.iter().filter_map(|pair| silence(&pair.ratio)).collect();
    let silences = silences.into_iter().map(|words| el("p", "note").text(format!("Not known: {words}")));
    let apart: Vec<String> = found.differences(index).iter().filter_map(apart).collect();
    let apart = (!apart.is_empty())
        .then(|| el("p", "note").text("Also differs: ").child(el("bdi", "").text(apart.join("; "))));
    let cut = (cut > 0).then(|| {
        el("p", "note").text(format!("{} more in the comparison", counted(page.data.locale, cut, "line")))
    });
    let pins = move |selection: &mut Selection| {
        selection.view = View::Compare;
        selection.pinned =
            baseline.into_iter().chain([own]).map(|one| configuration_slug(index, one)).collect();
    };
    let words = if baseline.is_some() { "Compare in full" } else { "Pin it, to compare it with others" };
    el("div", "")
        .child(stacked::table("own-figures", format!("Figures of {}", name(index, own)), &COLUMNS, lines))
        .children(views(silences))
        .maybe(apart)
        .maybe(cut)
        .child(el("p", "row-links").child(link(page, words, Box::new(pins))))
        .build()
}

/// Why there is no verdict.
fn silence(ratio: &Ratio) -> Option<&'static str> {
    match ratio.verdict {
        Verdict::Unknown(silence) => Some(silence.words()),
        Verdict::Real | Verdict::Tie => None,
    }
}

/// What a difference is called that the names of both sides show, or that says nothing of the speed.
const KNOWN: [&str; 4] = ["Hardware", "Build", "build_commit", "Date"];

/// `Flash attention: off, mine on`, where both sides say what they have.
fn apart(difference: &Difference) -> Option<String> {
    if KNOWN.contains(&difference.field.as_str()) {
        return None;
    }
    let (theirs, mine) = (difference.left.as_ref()?, difference.right.as_ref()?);
    Some(format!("{}: {theirs}, mine {mine}", difference.field))
}

/// A value with its ±.
fn value_text(page: Page, metric: Metric, summary: &Summary) -> String {
    let locale = page.data.locale;
    let spread = summary.deviation.map(|deviation| format!(" ±{}", locale.value(metric, deviation)));
    format!("{}{}", locale.value(metric, summary.mean), spread.unwrap_or_default())
}

fn line(page: Page, result: usize, metric: Metric, value: f64, pair: Option<&Pair>) -> Vec<El> {
    let (index, locale) = (&page.data.index, page.data.locale);
    let shape =
        index.results.shape.get(result).and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    let shape = shape.map_or("", |shape| shape.label.as_str());
    let concurrency = index.results.concurrency.get(result).copied().unwrap_or(1);
    let work =
        if concurrency == 1 { shape.to_owned() } else { format!("{shape}, concurrency {concurrency}") };
    let mine = match pair {
        Some(pair) => value_text(page, metric, &pair.sides[1]),
        // Of repetitions the ± is known, whatever they are compared with.
        None => match Summary::of(&index.repeated(result, metric)) {
            Some(summary) => value_text(page, metric, &summary),
            None => locale.value(metric, value),
        },
    };
    let theirs = pair.map_or(MISSING.to_owned(), |pair| value_text(page, metric, &pair.sides[0]));
    let ratio = pair.map(|pair| &pair.ratio);
    let times = ratio.map_or(MISSING.to_owned(), |ratio| {
        format!("{}×", locale.number(ratio.value, ratio_decimals(ratio)))
    });
    let interval = ratio.and_then(|ratio| interval_text(locale, ratio)).unwrap_or_else(|| MISSING.to_owned());
    let verdict = match ratio.map(|ratio| ratio.verdict) {
        Some(Verdict::Real) => el("span", "verdict verdict-real").text("real"),
        Some(Verdict::Tie) => el("span", "verdict verdict-tie").text("tie"),
        Some(Verdict::Unknown(_)) => el("span", "verdict").text("not known"),
        None => el("span", "").text(MISSING),
    };
    let doubt = is_checked(index).then(|| doubt(page.data, result, metric)).flatten();
    vec![
        el("th", "").attr("scope", "row").child(el("bdi", "").text(work)),
        el("td", "").text(format!("{} {}", metric.name(), metric.unit())),
        el("td", if pair.is_none() { "is-absent" } else { "" }).child(verdict),
        figure(times),
        figure(interval),
        figure(mine).maybe(doubt),
        figure(theirs),
    ]
}

/// A cell with a number; a card goes without what is missing.
fn figure(text: String) -> El {
    if text == MISSING { el("td", "number is-absent").text(text) } else { number_cell(text) }
}
