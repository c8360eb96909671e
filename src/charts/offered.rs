//! The charts that a view offers as files, by names that do not change with the data.

use super::compared::{ID, compared};
use super::plots::{Scope, cells, history, ladders, quant_ladder, roofline};
use super::points::{self, PointChart};
use super::spec::{BarChart, MOST_BARS};
use super::svg::{Look, to_svg_with_foot, with_id};
use super::views::{FEW_BARS, Source, by_workload, model_speed_range, workload};
use crate::format::Locale;
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::query::compare::{COMPARED, Comparison, chosen_cell, compare};
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

    /// The results that are drawn, by position: what sources and dates below the chart have to be of.
    pub fn results(&self) -> Vec<usize> {
        let mut results = match self {
            Self::Bars(chart) => chart.bars().iter().flat_map(|bar| bar.results.clone()).collect(),
            Self::Points(chart) => {
                chart.points().iter().flat_map(|point| point.results.clone()).collect::<Vec<_>>()
            }
        };
        results.sort_unstable();
        results.dedup();
        results
    }

    /// The chart as a file of SVG, with lines of text below.
    pub fn to_svg(&self, width: f64, look: Look, foot: &[String]) -> String {
        match self {
            Self::Bars(chart) => to_svg_with_foot(chart, width, look, foot),
            Self::Points(chart) => points::to_svg_with_foot(chart, width, look, foot),
        }
    }

    /// The drawings of a saved page, one of which its style shows: for a screen, and behind it for a telephone.
    pub fn to_page(&self) -> String {
        let [wide, narrow] = WIDTHS.map(|width| self.to_svg(width, Look::Auto, &[]));
        wide + &with_id(&narrow, self.id(), &format!("{}-narrow", self.id()))
    }
}

/// Widths of the drawings of a saved page, for a screen and for a telephone. CSS pixels.
const WIDTHS: [f64; 2] = [800.0, 340.0];

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
        for comparison in compare(index, &pinned(index, chosen)) {
            let Some(shape) = index.catalog.shapes.get(usize::from(comparison.shape)) else { continue };
            let requests = comparison.concurrency;
            let of = |metric: Metric| {
                let chart = compared(index, &comparison, metric, locale);
                let title = format!("{}: {}, concurrency {requests}", shape.label, chart.title());
                chart.renamed(&id_of_compared(index, &comparison, metric), &title)
            };
            charts.extend(COMPARED.into_iter().map(of).filter(|chart| chart.bars().len() > 1));
        }
    }
    charts.push(model_speed_range(source));
    charts.extend(by_workload(source));
    charts.into_iter().map(Chart::Bars).collect()
}

fn pinned(index: &Index, selection: &Selection) -> Vec<usize> {
    selection.pinned.iter().filter_map(|slug| configuration_named(index, slug)).collect()
}

fn id_of_compared(index: &Index, comparison: &Comparison, metric: Metric) -> String {
    let shape = index.catalog.shapes.get(usize::from(comparison.shape)).map_or("", |shape| &shape.id);
    format!("{ID}{shape}-{}-{}", comparison.concurrency, metric.slug())
}

/// The position of the chart that stands for a view where one is shown, among those that it offers: what is pinned side
/// by side in the chosen shape, the chart of that shape, or else the first.
///
/// What is embedded, shared, drawn for a book and drawn by the command line is one chart.
pub fn usual(index: &Index, selection: &Selection, charts: &[Chart]) -> Option<usize> {
    let named = |id: &str| charts.iter().position(|chart| chart.id() == id);
    let found = if selection.view == View::Compare && selection.pinned.len() > 1 {
        let cells = compare(index, &pinned(index, selection));
        let cell = chosen_cell(&cells, selection);
        cell.and_then(|cell| {
            COMPARED.into_iter().find_map(|metric| named(&id_of_compared(index, cell, metric)))
        })
    } else {
        let shape = selection.shape.and_then(|at| index.catalog.shapes.get(at));
        shape.and_then(|shape| named(&workload(&shape.id)))
    };
    found.or((!charts.is_empty()).then_some(0))
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
