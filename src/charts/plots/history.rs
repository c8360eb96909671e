//! One model on one rig over time: repeated measurements, and builds one after another.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reading, Scope, not_drawn, with_note_on_ranges};
use crate::charts::points::{Axis, AxisScale, Point, PointChart, days};
use crate::charts::views::{detail, model_label, series};
use crate::format;
use crate::index::Index;
use crate::model::{Metric, PartialDate};
use crate::query::{backend_label, configuration_slug, model_slug};

/// What stays the same while builds and days go by; positions in the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Family.
    pub family: u32,
    /// Variant in its family.
    pub variant: u32,
    /// Quant.
    pub quant: u32,
    /// Rig.
    pub hardware: u32,
    /// Workload shape.
    pub shape: u16,
    /// Requests in flight, which is no position.
    pub concurrency: u16,
}

impl Cell {
    /// The cell of a result.
    pub fn of(index: &Index, result: usize) -> Self {
        let configuration = index.configuration_of(index.run_of(result));
        let of = |column: &[u32]| column.get(configuration).copied().unwrap_or_default();
        let at = |column: &[u16]| column.get(result).copied().unwrap_or_default();
        Self {
            family: of(&index.configurations.family),
            variant: of(&index.configurations.variant),
            quant: of(&index.configurations.quant),
            hardware: of(&index.configurations.hardware),
            shape: at(&index.results.shape),
            concurrency: at(&index.results.concurrency),
        }
    }
}

/// The cells that were measured at more than one time, in the order of the catalog.
pub fn cells(scope: Scope<'_>, metric: Metric) -> Vec<Cell> {
    let mut dates: BTreeMap<Cell, BTreeSet<&PartialDate>> = BTreeMap::new();
    for (result, _) in scope.of_timing() {
        if let Some(date) = date(scope.index, result).filter(|_| scope.index.bounds(result, metric).is_some())
        {
            dates.entry(Cell::of(scope.index, result)).or_default().insert(date);
        }
    }
    dates.into_iter().filter(|(_, dates)| dates.len() > 1).map(|(cell, _)| cell).collect()
}

/// One point a result of a cell: when it was measured, and a metric with its ±; failures are counted.
pub fn history(scope: Scope<'_>, cell: Cell, metric: Metric) -> PointChart {
    let Scope { index, locale, .. } = scope;
    let of_cell: Vec<(usize, usize)> =
        scope.of_timing().filter(|&(result, _)| Cell::of(index, result) == cell).collect();
    let failed = of_cell.iter().filter(|(result, _)| index.failure(*result).is_some()).count();
    let mut ranges = 0;
    let mut is_month = false;
    let points = of_cell.iter().filter_map(|&(result, configuration)| {
        let reading = Reading::of(index, &[result], metric, locale)?;
        let date = date(index, result)?;
        ranges += usize::from(reading.is_range);
        is_month |= date.day() == date.month();
        Some(point(index, (result, configuration), date, reading))
    });
    let points: Vec<Point> = points.collect();
    let mut reasons = Vec::new();
    if failed > 0 {
        reasons.push(("the attempt failed".to_owned(), failed));
    }
    let missing = of_cell.len() - failed - points.len();
    if missing > 0 {
        reasons.push((format!("no {} was measured", metric.name()), missing));
    }
    let (id, title) = names(scope, cell, metric, of_cell.first().map(|&(_, configuration)| configuration));
    let x = Axis::new("Date", "", AxisScale::Days);
    let y = Axis::new(metric.name(), metric.unit(), AxisScale::FromZero);
    let chart =
        PointChart::new(&id, &title, x, y).with_lower_is_better(metric.lower_is_better()).with_points(points);
    let middle = "A date that is only a month is drawn in its middle";
    with_note_on_ranges(chart, ranges, "a range over several workloads")
        .with_note(if is_month { middle } else { "" })
        .with_note(&not_drawn(locale, &reasons))
}

fn date(index: &Index, result: usize) -> Option<&PartialDate> {
    index.runs.date.get(index.run_of(result))
}

fn point(
    index: &Index,
    (result, configuration): (usize, usize),
    date: &PartialDate,
    reading: Reading,
) -> Point {
    let backend = index.backend(configuration).map_or_else(String::new, backend_label);
    let mode = Some(index.mode(configuration)).filter(|mode| *mode != "baseline");
    Point {
        key: format!("{}-{}", configuration_slug(index, configuration), date.as_str()),
        label: mode.map_or_else(|| backend.clone(), |mode| format!("{backend}, {mode}")),
        detail: detail(index, configuration),
        x: days(date),
        y: reading.y,
        y_ends: reading.ends,
        series: series(index, configuration),
        x_text: format::date(date),
        value_text: reading.text,
        remark: String::new(),
        is_impossible: false,
        results: vec![result],
    }
}

/// The id and the title of a cell's chart.
fn names(scope: Scope<'_>, cell: Cell, metric: Metric, configuration: Option<usize>) -> (String, String) {
    let catalog = &scope.index.catalog;
    let family = catalog.families.get(cell.family as usize);
    let model = family.and_then(|family| Some((family, family.variants.get(cell.variant as usize)?)));
    let slug = model.map_or_else(String::new, |(family, variant)| model_slug(family, variant));
    let label = configuration.map_or_else(String::new, |at| model_label(scope.index, at));
    let quant = catalog.quants.get(cell.quant as usize).map_or("", |quant| &quant.id);
    let rig = catalog.hardware.get(cell.hardware as usize);
    let (rig_id, rig) = rig.map_or(("", ""), |rig| (&rig.id, &rig.short));
    let shape = catalog.shapes.get(usize::from(cell.shape));
    let (shape_id, shape) = shape.map_or(("", ""), |shape| (&shape.id, &shape.label));
    let Cell { concurrency, .. } = cell;
    let quant_id = quant.to_ascii_lowercase();
    let id = format!("history-{slug}-{quant_id}-{rig_id}-{shape_id}-{concurrency}");
    let metric = metric.name();
    let title = format!("History: {metric} of {label} {quant} on {rig}, {shape}, concurrency {concurrency}");
    (scope.id(&id), scope.title(&title))
}
