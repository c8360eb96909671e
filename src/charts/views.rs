//! The charts of the runs view, from the rows that the table shows.

use std::cmp::Ordering;

use super::spec::{Bar, BarChart, Kind, Series};
use crate::format::Locale;
use crate::index::Index;
use crate::model::catalog::{Family, Variant};
use crate::model::plain;
use crate::model::run::{Accelerator, Timing};
use crate::query::order::{first_by, sort_by_number};
use crate::query::{Answer, Concurrency, Row, Selection, backend_label, is_own};

/// Bars of a chart before the reader asks for all.
pub const FEW_BARS: usize = 15;

/// The id of the chart that [`model_speed_range`] makes.
pub const SPEED_RANGE: &str = "model-speed-range";

/// False in the program of the first view, where nothing is taken along.
const SAVES_DRAWINGS: bool = cfg!(feature = "whole") || !cfg!(feature = "app");

/// What every chart of a view is made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Every result.
    pub index: &'a Index,
    /// What was chosen.
    pub selection: &'a Selection,
    /// What follows from it.
    pub answer: &'a Answer,
    /// How numbers are written.
    pub locale: Locale,
    /// The most bars of one chart; the rest is counted in its note.
    pub most_bars: usize,
}

/// A bar before it has words: words are only made for the bars that are drawn.
#[derive(Clone, Copy)]
struct Entry {
    low: f64,
    high: f64,
    /// Where its words come from: the first of its rows, and behind the last.
    rows: (usize, usize),
    /// Its place in the order of models or of the index: bars of equal length come in it, whatever the order of the table.
    place: usize,
}

/// One bar a model: the smallest and largest value over everything that the table shows of it.
///
/// Rows timed inside the engine and rows timed through a server are different measurements; a model
/// with both has two bars.
pub fn model_speed_range(source: Source<'_>) -> BarChart {
    let Source { index, selection, answer, locale, .. } = source;
    let columns = &index.configurations;
    let mut rows: Vec<&Row> = answer.rows.iter().filter(|row| row.bounds.is_some()).collect();
    let model = |row: &&Row| {
        let at = |column: &[u32]| column.get(row.configuration).map_or(0, |&at| u64::from(at));
        let raw = columns.timing.get(row.configuration) == Some(&Timing::Raw);
        at(&columns.family) << 32 | at(&columns.variant) << 1 | u64::from(raw)
    };
    let models: Vec<u64> = rows.iter().map(model).collect();
    let mut by_model: Vec<u32> = (0..).take(rows.len()).collect();
    sort_by_number(&mut by_model, &models);
    rows = by_model.iter().filter_map(|&at| rows.get(at as usize).copied()).collect();
    let mut entries: Vec<Entry> = Vec::new();
    let mut last = None;
    for (at, row) in rows.iter().enumerate() {
        let Some((low, high)) = row.bounds else { continue };
        let of = (
            index.model(row.configuration).map(|(f, v)| (&f.id, &v.id)),
            columns.timing.get(row.configuration),
        );
        match entries.last_mut() {
            Some(entry) if last == Some(of) => {
                (entry.low, entry.high) = (entry.low.min(low), entry.high.max(high));
                entry.rows.1 = at + 1;
            }
            _ => entries.push(Entry { low, high, rows: (at, at + 1), place: at }),
        }
        last = Some(of);
    }
    let words = |entry: &Entry| {
        let rows = rows.get(entry.rows.0..entry.rows.1).unwrap_or_default();
        let first = rows.first().map_or(0, |row| row.configuration);
        Bar {
            label: model_label(index, first),
            detail: if rows.len() == 1 { detail(index, first) } else { summary(index, rows) },
            low: entry.low,
            high: entry.high,
            value_text: locale.range(selection.metric, entry.low, entry.high),
            series: common_series(index, rows),
            spread: None,
            results: drawn(source, rows, None),
        }
    };
    chart(source, SPEED_RANGE, "Model speed range", entries, &words).with_kind(Kind::Range)
}

/// One chart a workload shape, one bar a row: results whose own value is known, best first.
pub fn by_workload(source: Source<'_>) -> Vec<BarChart> {
    let Source { index, selection, answer, locale, .. } = source;
    let metric = selection.metric;
    let mut shapes: Vec<Vec<Entry>> = vec![Vec::new(); index.catalog.shapes.len()];
    let mut values = Vec::new();
    for (at, row) in answer.rows.iter().enumerate() {
        values.clear();
        index.add_values(&mut values, row.results.clone(), metric);
        for (result, value) in row.results.clone().zip(&values) {
            let shape = index.results.shape.get(result).and_then(|&shape| shapes.get_mut(usize::from(shape)));
            let (Some(entries), &Some(value)) = (shape, value) else { continue };
            match entries.last_mut() {
                // The same cell once more: the bar spans all its measurements.
                Some(last) if last.rows.0 == at => {
                    (last.low, last.high) = (last.low.min(value), last.high.max(value));
                }
                _ => {
                    let place = row.results.start;
                    entries.push(Entry { low: value, high: value, rows: (at, at + 1), place });
                }
            }
        }
    }
    let words = |entry: &Entry, shape: usize| {
        let row = answer.rows.get(entry.rows.0);
        let (configuration, concurrency) = row.map_or((0, 0), |row| (row.configuration, row.concurrency));
        let concurrency = match selection.concurrency {
            Concurrency::All => format!(" · concurrency {concurrency}"),
            Concurrency::Only(_) => String::new(),
        };
        Bar {
            label: model_label(index, configuration),
            detail: detail(index, configuration) + &concurrency,
            low: entry.low,
            high: entry.high,
            value_text: locale.range(metric, entry.low, entry.high),
            series: series(index, configuration),
            spread: None,
            results: drawn(source, row.as_slice(), Some(shape)),
        }
    };
    let shapes = shapes.into_iter().zip(&index.catalog.shapes).enumerate();
    shapes
        .filter(|(_, (entries, _))| !entries.is_empty())
        .map(|(at, (entries, shape))| {
            let words = |entry: &Entry| words(entry, at);
            chart(source, &workload(&shape.id), &shape.label, entries, &words)
        })
        .collect()
}

/// The id of the chart of a shape.
pub fn workload(shape: &str) -> String {
    format!("workload-{shape}")
}

/// The results of rows that a bar is drawn from, in the order of the index: those with the metric, of one shape where
/// a chart is about one.
fn drawn(source: Source<'_>, rows: &[&Row], shape: Option<usize>) -> Vec<usize> {
    if !SAVES_DRAWINGS {
        return Vec::new();
    }
    let Source { index, selection, .. } = source;
    let is_drawn = |&result: &usize| match shape {
        Some(shape) => {
            let of_shape = index.results.shape.get(result).is_some_and(|&at| usize::from(at) == shape);
            of_shape && index.value(result, selection.metric).is_some()
        }
        None => index.bounds(result, selection.metric).is_some(),
    };
    let mut results: Vec<usize> = rows.iter().flat_map(|row| row.results.clone()).filter(is_drawn).collect();
    results.sort_unstable();
    results
}

/// Sorts the bars best first, and gives words to the first ones.
fn chart(
    source: Source<'_>,
    id: &str,
    name: &str,
    entries: Vec<Entry>,
    words: &dyn Fn(&Entry) -> Bar,
) -> BarChart {
    let metric = source.selection.metric;
    let lower_is_better = metric.lower_is_better();
    let compare = |a: &Entry, b: &Entry| {
        let by_value = if lower_is_better {
            a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high))
        } else {
            b.high.total_cmp(&a.high).then(b.low.total_cmp(&a.low))
        };
        by_value.then(a.place.cmp(&b.place))
    };
    let best_first =
        first_by(entries.len(), source.most_bars, &mut |a, b| match (entries.get(a), entries.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
    let best = best_first.iter().filter_map(|&position| entries.get(position));
    let concurrency = match source.selection.concurrency {
        Concurrency::All => "every concurrency".to_owned(),
        Concurrency::Only(only) => format!("concurrency {only}"),
    };
    let title = format!("{name}: {} {}, {concurrency}", metric.name(), metric.unit());
    let hidden = entries.len().saturating_sub(source.most_bars);
    BarChart::new(id, &title, metric.unit())
        .with_lower_is_better(lower_is_better)
        .with_bars(best.map(words).collect())
        .with_hidden(hidden)
}

/// Family and variant, without saying a name twice.
pub fn model_label(index: &Index, configuration: usize) -> String {
    index.model(configuration).map_or_else(String::new, |(family, variant)| full_name(family, variant))
}

/// The name of a variant with that of its family.
pub fn full_name(family: &Family, variant: &Variant) -> String {
    // LFM2.5-350M 350M says nothing twice.
    if family.name.ends_with(&variant.name) {
        return family.name.clone();
    }
    format!("{} {}", family.name, variant.name)
}

/// Quant, rig with its power cap, backend and, where it is not the baseline, mode.
pub fn detail(index: &Index, configuration: usize) -> String {
    let mut parts = Vec::with_capacity(4);
    parts.extend(index.quant(configuration).map(|quant| quant.id.clone()));
    let cap = index.configurations.power_cap_w.get(configuration);
    let cap = cap.map(|watts| format!(" {} W", plain(watts))).unwrap_or_default();
    parts.extend(index.hardware(configuration).map(|rig| format!("{}{cap}", rig.short)));
    parts.extend(index.backend(configuration).map(backend_label));
    let mode = index.mode(configuration);
    if mode != "baseline" {
        parts.push(mode.to_owned());
    }
    if is_own(index, configuration) {
        parts.push("mine".to_owned());
    }
    parts.join(" · ")
}

/// Several configurations in a few words: what they share, and how many there are of the rest.
fn summary(index: &Index, rows: &[&Row]) -> String {
    let distinct = |column: &[u32], name: fn(&Index, usize) -> Option<String>| {
        let (mut seen, mut names): (Vec<u32>, Vec<String>) = Default::default();
        for row in rows {
            // Rows are many and positions few: a name is made for each position once.
            let Some(position) = column.get(row.configuration) else { continue };
            let Err(place) = seen.binary_search(position) else { continue };
            seen.insert(place, *position);
            let Some(name) = name(index, row.configuration) else { continue };
            if let Err(place) = names.binary_search(&name) {
                names.insert(place, name);
            }
        }
        names
    };
    let one_or_count = |names: Vec<String>, noun: &str| match names.as_slice() {
        [only] => only.clone(),
        several => format!("{} {noun}", several.len()),
    };
    let columns = &index.configurations;
    let quants = distinct(&columns.quant, |index, at| index.quant(at).map(|quant| quant.id.clone()));
    let rigs = distinct(&columns.hardware, |index, at| index.hardware(at).map(|rig| rig.short.clone()));
    let backends = distinct(&columns.backend, |index, at| index.backend(at).map(backend_label));
    [one_or_count(quants, "quants"), one_or_count(rigs, "rigs"), one_or_count(backends, "backends")]
        .join(" · ")
}

fn common_series(index: &Index, rows: &[&Row]) -> Series {
    let mut all = rows.iter().map(|row| series(index, row.configuration));
    let first = all.next().unwrap_or(Series::Other);
    if all.all(|other| other == first) { first } else { Series::Other }
}

/// The colour of a configuration: that of its accelerator, or of the reader's own.
pub(super) fn series(index: &Index, configuration: usize) -> Series {
    if is_own(index, configuration) {
        return Series::Mine;
    }
    match index.accelerator(configuration) {
        Accelerator::Cuda => Series::Cuda,
        Accelerator::Rocm => Series::Rocm,
        Accelerator::Vulkan => Series::Vulkan,
        Accelerator::Metal => Series::Metal,
        Accelerator::Cpu => Series::Cpu,
        Accelerator::Sycl | Accelerator::Opencl | Accelerator::Other => Series::Other,
    }
}
