//! The charts that a view offers as files, by names that do not change with the data.

use super::compared::compared;
use super::plots::{Scope, cells, history, ladders, quant_ladder, roofline};
use super::points::{self, PointChart};
use super::spec::{BarChart, MOST_BARS};
use super::svg::{Look, to_svg_with_foot};
use super::views::{FEW_BARS, Source, by_workload, model_speed_range};
use crate::format::Locale;
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::query::compare::{COMPARED, compare};
use crate::query::{Answer, Choices, Selection, View, configuration_named, shown};

/// A chart of one of the two kinds.
pub enum Chart {
    /// Bars.
    Bars(BarChart),
    /// Points over two axes.
    Points(PointChart),
}

impl Chart {
    /// Its name, for `tokscope chart --chart` and file names.
    pub fn id(&self) -> &str {
        match self {
            Self::Bars(chart) => chart.id(),
            Self::Points(chart) => chart.id(),
        }
    }

    /// Its headline.
    pub fn title(&self) -> &str {
        match self {
            Self::Bars(chart) => chart.title(),
            Self::Points(chart) => chart.title(),
        }
    }

    /// True where there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bars(chart) => chart.bars().is_empty(),
            Self::Points(chart) => chart.points().is_empty(),
        }
    }

    /// The chart as a file of SVG, with lines of text below.
    pub fn to_svg(&self, width: f64, look: Look, foot: &[String]) -> String {
        match self {
            Self::Bars(chart) => to_svg_with_foot(chart, width, look, foot),
            Self::Points(chart) => points::to_svg_with_foot(chart, width, look, foot),
        }
    }
}

/// The charts that a view shows: of bars, and on the page of a model of points.
pub fn of_view(index: &Index, choices: &Choices, selection: &Selection) -> Vec<Chart> {
    let (answered, answer) = shown(index, choices, selection);
    let mut charts = of_bars(index, selection, (&answered, &answer));
    if selection.view == View::Models {
        charts.extend(of_points(index, &answered, &answer));
    }
    charts.retain(|chart| !chart.is_empty());
    charts
}

/// The charts of bars: what is pinned side by side, the speed range of every model, and each workload.
pub fn of_bars(index: &Index, chosen: &Selection, shown: (&Selection, &Answer)) -> Vec<Chart> {
    let (selection, answer) = shown;
    let locale = Locale::default();
    let most_bars = if chosen.all_bars { MOST_BARS } else { FEW_BARS };
    let source = Source { index, selection, answer, locale, most_bars };
    let mut charts = Vec::new();
    if chosen.view == View::Compare && chosen.pinned.len() > 1 {
        let pinned: Vec<usize> =
            chosen.pinned.iter().filter_map(|slug| configuration_named(index, slug)).collect();
        for comparison in compare(index, &pinned) {
            let Some(shape) = index.catalog.shapes.get(usize::from(comparison.shape)) else { continue };
            let requests = comparison.concurrency;
            let of = |metric: Metric| {
                let chart = compared(index, &comparison, metric, locale);
                let id = format!("compared-{}-{requests}-{}", shape.id, metric.slug());
                let title = format!("{}: {}, concurrency {requests}", shape.label, chart.title());
                chart.renamed(&id, &title)
            };
            charts.extend(COMPARED.into_iter().map(of).filter(|chart| chart.bars().len() > 1));
        }
    }
    charts.push(model_speed_range(source));
    charts.extend(by_workload(source));
    charts.into_iter().map(Chart::Bars).collect()
}

/// The charts of points that have something to show: for either timing the roofline, a ladder for each
/// model in several sizes, and a history of each cell that was measured more than once. The page of a model is about
/// its decode rate, whatever metric is chosen for the table.
pub fn of_points(index: &Index, selection: &Selection, answer: &Answer) -> Vec<Chart> {
    let mut results: Vec<usize> = answer.rows.iter().flat_map(|row| row.results.clone()).collect();
    // Points lie where they lie, whatever the order of the table.
    results.sort_unstable();
    let is_of_model = selection.view == View::Models && selection.model.is_some();
    let metric = if is_of_model { Metric::Decode } else { selection.metric };
    let mut charts = Vec::new();
    for timing in [Timing::Served, Timing::Raw] {
        let scope = Scope { index, results: &results, timing, locale: Locale::default() };
        charts.push(roofline(scope));
        charts.extend(ladders(scope).into_iter().map(|model| quant_ladder(scope, model)));
        charts.extend(cells(scope, metric).into_iter().map(|cell| history(scope, cell, metric)));
    }
    charts.retain(|chart| !chart.points().is_empty());
    charts.into_iter().map(Chart::Points).collect()
}
