//! The charts of points, from an index: what speed has to do with size, bandwidth and time.
//!
//! Results timed through a server and results timed inside the engine are different measurements: a
//! [`Scope`] names one of the two, and no chart has both.

mod history;
mod quant_ladder;
mod roofline;

pub use history::{Cell, cells, history};
pub use quant_ladder::{ladders, quant_ladder};
pub use roofline::roofline;

use super::points::PointChart;
use crate::format::{Locale, counted};
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::stats::sample_deviation;

/// What every chart of points is made from.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// Every result.
    pub index: &'a Index,
    /// The results to draw, by position; those of the other timing are passed over.
    pub results: &'a [usize],
    /// Who held the clock.
    pub timing: Timing,
    /// How numbers are written.
    pub locale: Locale,
}

impl Scope<'_> {
    /// The results of this timing, each with its configuration.
    fn of_timing(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let with_configuration = |&result: &usize| {
            let configuration = self.index.configuration_of(self.index.run_of(result));
            let is_there = result < self.index.result_count();
            (is_there && self.index.configurations.timing.get(configuration) == Some(&self.timing))
                .then_some((result, configuration))
        };
        self.results.iter().filter_map(with_configuration)
    }

    /// An id with the timing, where it is not the usual one.
    fn id(&self, id: &str) -> String {
        format!("{id}{}", if self.timing == Timing::Raw { "-raw" } else { "" })
    }

    /// A title with the timing, where it is not the usual one.
    fn title(&self, title: &str) -> String {
        format!("{title}{}", if self.timing == Timing::Raw { ", timed inside the engine" } else { "" })
    }
}

/// A metric of one or several results as a mark: the value with its ± around it, or the top of a range with
/// all of it below.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    y: f64,
    ends: Option<(f64, f64)>,
    text: String,
    is_range: bool,
}

impl Reading {
    fn of(index: &Index, results: &[usize], metric: Metric, locale: Locale) -> Option<Self> {
        if let [result] = results
            && let Some(value) = index.value(*result, metric)
        {
            let deviation = sample_deviation(&index.repeated(*result, metric));
            let text = deviation.map(|deviation| format!(" ±{}", locale.value(metric, deviation)));
            return Some(Self {
                y: value,
                ends: deviation.map(|deviation| ((value - deviation).max(0.0), value + deviation)),
                text: locale.value(metric, value) + &text.unwrap_or_default(),
                is_range: false,
            });
        }
        let bounds = results.iter().filter_map(|&result| index.bounds(result, metric));
        let (low, high) = bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        let is_range = low < high;
        Some(Self {
            y: high,
            ends: is_range.then_some((low, high)),
            text: locale.range(metric, low, high),
            is_range,
        })
    }
}

/// The results with something of a metric, which a reading is made of.
fn drawn(index: &Index, results: &[usize], metric: Metric) -> Vec<usize> {
    results.iter().copied().filter(|&result| index.bounds(result, metric).is_some()).collect()
}

/// A size for a reader: three digits that mean something.
fn size(locale: Locale, value: f64) -> String {
    let decimals = match value {
        v if v < 1.0 => 3,
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    locale.number(value, decimals)
}

/// Adds the sentence about ranges, where there are some.
fn with_note_on_ranges(chart: PointChart, ranges: usize, whole: &str) -> PointChart {
    let note = match ranges {
        0 => String::new(),
        _ => format!(
            "The line below a mark reaches down to the lowest value of {whole}; the mark is the highest"
        ),
    };
    chart.with_note(&note)
}

/// `Not drawn: 2 results (the attempt failed), 1 result (…)`: what a chart has no place for.
fn not_drawn(locale: Locale, reasons: &[(String, usize)]) -> String {
    let parts: Vec<String> = reasons
        .iter()
        .map(|(reason, results)| format!("{} ({reason})", counted(locale, *results, "result")))
        .collect();
    if parts.is_empty() { String::new() } else { format!("Not drawn: {}", parts.join(", ")) }
}
