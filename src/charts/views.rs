//! The charts of the runs view, from the rows that the table shows.

use std::collections::BTreeMap;

use super::spec::{Bar, BarChart, Kind, Series};
use crate::format::Locale;
use crate::index::Index;
use crate::model::run::{Accelerator, Timing};
use crate::query::{Answer, Concurrency, Row, Selection, backend_label, configuration_slug};

/// Bars of a chart before the reader asks for all.
pub const FEW_BARS: usize = 15;

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

/// One bar a model: the smallest and largest value over everything that the table shows of it.
///
/// Rows timed inside the engine and rows timed through a server are different measurements; a model
/// with both has two bars.
pub fn model_speed_range(source: Source<'_>) -> BarChart {
    let Source { index, selection, answer, locale, .. } = source;
    let mut models: BTreeMap<(usize, usize, bool), Vec<&Row>> = BTreeMap::new();
    for row in answer.rows.iter().filter(|row| row.bounds.is_some()) {
        let columns = &index.configurations;
        let at = |column: &[u32]| column.get(row.configuration).map_or(0, |&value| value as usize);
        let raw = columns.timing.get(row.configuration) == Some(&Timing::Raw);
        models.entry((at(&columns.family), at(&columns.variant), raw)).or_default().push(row);
    }
    let bars = models.values().map(|rows| {
        let bounds = rows.iter().filter_map(|row| row.bounds);
        let (low, high) =
            bounds.fold((f64::INFINITY, 0.0_f64), |(low, high), (l, h)| (low.min(l), high.max(h)));
        let first = rows.first().map_or(0, |row| row.configuration);
        let detail = match rows.as_slice() {
            [only] => detail(index, only.configuration),
            several => summary(index, several),
        };
        Bar {
            key: model_label(index, first),
            label: model_label(index, first),
            detail,
            low,
            high,
            value_text: locale.range(selection.metric, low, high),
            series: common_series(index, rows),
        }
    });
    let metric = selection.metric;
    chart(source, "model-speed-range", "Model speed range", bars.collect())
        .with_kind(Kind::Range)
        .with_lower_is_better(metric.lower_is_better())
}

/// One chart a workload shape, one bar a row: results whose own value is known, best first.
pub fn by_workload(source: Source<'_>) -> Vec<BarChart> {
    let Source { index, selection, answer, locale, .. } = source;
    let metric = selection.metric;
    let mut shapes: BTreeMap<usize, Vec<Bar>> = BTreeMap::new();
    for row in &answer.rows {
        let mut of_row: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for result in row.results.clone() {
            let (Some(&shape), Some(value)) = (index.results.shape.get(result), index.value(result, metric))
            else {
                continue;
            };
            let bounds = of_row.entry(usize::from(shape)).or_insert((value, value));
            *bounds = (bounds.0.min(value), bounds.1.max(value));
        }
        for (shape, (low, high)) in of_row {
            let concurrency = match selection.concurrency {
                Concurrency::All => format!(" · concurrency {}", row.concurrency),
                Concurrency::Only(_) => String::new(),
            };
            shapes.entry(shape).or_default().push(Bar {
                key: configuration_slug(index, row.configuration),
                label: model_label(index, row.configuration),
                detail: detail(index, row.configuration) + &concurrency,
                low,
                high,
                value_text: locale.range(metric, low, high),
                series: series(index.accelerator(row.configuration)),
            });
        }
    }
    let chart = |(shape, bars): (usize, Vec<Bar>)| {
        let (id, label) = index.catalog.shapes.get(shape).map_or(("", ""), |shape| (&shape.id, &shape.label));
        chart(source, &format!("workload-{id}"), label, bars).with_lower_is_better(metric.lower_is_better())
    };
    shapes.into_iter().map(chart).collect()
}

/// Sorts the bars best first, keeps the first ones, and says how many there are.
fn chart(source: Source<'_>, id: &str, name: &str, mut bars: Vec<Bar>) -> BarChart {
    let metric = source.selection.metric;
    bars.sort_by(|a, b| {
        let by_value = if metric.lower_is_better() {
            a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high))
        } else {
            b.high.total_cmp(&a.high).then(b.low.total_cmp(&a.low))
        };
        by_value.then_with(|| (&a.label, &a.detail).cmp(&(&b.label, &b.detail)))
    });
    let concurrency = match source.selection.concurrency {
        Concurrency::All => "every concurrency".to_owned(),
        Concurrency::Only(only) => format!("concurrency {only}"),
    };
    let title = format!("{name}: {} {}, {concurrency}", metric.name(), metric.unit());
    BarChart::new(id, &title, metric.unit()).with_most_bars(source.most_bars).with_bars(bars)
}

fn model_label(index: &Index, configuration: usize) -> String {
    let Some((family, variant)) = index.model(configuration) else { return String::new() };
    // LFM2.5-350M 350M says nothing twice.
    if family.name.ends_with(&variant.name) {
        return family.name.clone();
    }
    format!("{} {}", family.name, variant.name)
}

/// Quant, rig with its power cap, backend and, where it is not the baseline, mode.
fn detail(index: &Index, configuration: usize) -> String {
    let mut parts = Vec::with_capacity(4);
    parts.extend(index.quant(configuration).map(|quant| quant.id.clone()));
    let cap = index.configurations.power_cap_w.get(configuration);
    let cap = cap.map(|watts| format!(" {watts} W")).unwrap_or_default();
    parts.extend(index.hardware(configuration).map(|rig| format!("{}{cap}", rig.short)));
    parts.extend(index.backend(configuration).map(backend_label));
    let mode = index.mode(configuration);
    if mode != "baseline" {
        parts.push(mode.to_owned());
    }
    parts.join(" · ")
}

/// Several configurations in a few words: what they share, and how many there are of the rest.
fn summary(index: &Index, rows: &[&Row]) -> String {
    let distinct = |name: fn(&Index, usize) -> Option<String>| {
        let mut names: Vec<String> = rows.iter().filter_map(|row| name(index, row.configuration)).collect();
        names.sort();
        names.dedup();
        names
    };
    let one_or_count = |names: Vec<String>, noun: &str| match names.as_slice() {
        [only] => only.clone(),
        several => format!("{} {noun}", several.len()),
    };
    let quants = distinct(|index, configuration| index.quant(configuration).map(|quant| quant.id.clone()));
    let rigs = distinct(|index, configuration| index.hardware(configuration).map(|rig| rig.short.clone()));
    let backends = distinct(|index, configuration| index.backend(configuration).map(backend_label));
    [one_or_count(quants, "quants"), one_or_count(rigs, "rigs"), one_or_count(backends, "backends")]
        .join(" · ")
}

fn common_series(index: &Index, rows: &[&Row]) -> Series {
    let mut all = rows.iter().map(|row| series(index.accelerator(row.configuration)));
    let first = all.next().unwrap_or(Series::Other);
    if all.all(|other| other == first) { first } else { Series::Other }
}

/// The colour of an accelerator.
const fn series(accelerator: Accelerator) -> Series {
    match accelerator {
        Accelerator::Cuda => Series::Cuda,
        Accelerator::Rocm => Series::Rocm,
        Accelerator::Vulkan => Series::Vulkan,
        Accelerator::Metal => Series::Metal,
        Accelerator::Cpu => Series::Cpu,
        Accelerator::Sycl | Accelerator::Opencl | Accelerator::Other => Series::Other,
    }
}
