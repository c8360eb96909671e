//! The charts of a comparison: one bar a side, with its ± and every repetition.

use super::spec::{Bar, BarChart, Spread};
use super::views::{detail, model_label, series};
use crate::format::{Locale, counted};
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::query::compare::{Comparison, Measured};

/// Between the parts of a configuration.
const SEPARATOR: &str = " · ";

/// How the ids of these charts begin.
pub const ID: &str = "compared-";

/// A metric of every side, in the order of the comparison; sides without a value have no bar.
pub fn compared(index: &Index, comparison: &Comparison, metric: Metric, locale: Locale) -> BarChart {
    let labels = side_labels(index, comparison);
    let measured = comparison.measured(index, metric);
    // The first part of a label is enough where no two bars share it; the rest goes below it.
    let head = |label: &str| label.split(SEPARATOR).next().unwrap_or_default().to_owned();
    let with_value = measured.iter().zip(&labels).filter(|(one, _)| one.value.is_some());
    let heads: Vec<String> = with_value.map(|(_, label)| head(label)).collect();
    let heads_differ =
        heads.iter().enumerate().all(|(at, head)| !heads.iter().skip(at + 1).any(|other| other == head));
    let bars = measured.into_iter().zip(&comparison.sides).zip(labels);
    let bars = bars.filter_map(|((measured, side), label)| {
        let value = measured.value?;
        let name = if heads_differ { head(&label) } else { label.clone() };
        let parts = detail(index, side.configuration);
        let repetitions = measured.repetitions.len();
        let repetitions = (repetitions > 0).then(|| counted(locale, repetitions, "repetition"));
        let is_own = |part: &&str| label.split(SEPARATOR).any(|own| own == *part);
        let below = label.split(SEPARATOR).filter(|part| !name.split(SEPARATOR).any(|own| own == *part));
        let parts = below.chain(parts.split(SEPARATOR).filter(|part| !is_own(part)));
        let parts: Vec<&str> = parts.chain(repetitions.as_deref()).collect();
        Some(Bar {
            label: name,
            detail: parts.join(SEPARATOR),
            low: value,
            high: value,
            value_text: with_deviation(locale, metric, value, &measured),
            series: series(index, side.configuration),
            spread: spread(value, measured),
            results: side.result.into_iter().collect(),
        })
    });
    let id = format!("{ID}{}-{}-{}", comparison.shape, comparison.concurrency, metric.slug());
    BarChart::new(&id, &format!("{} {}", metric.name(), metric.unit()), metric.unit())
        .with_lower_is_better(metric.lower_is_better())
        .with_bars(bars.collect())
}

/// What tells the sides apart: of model, quant, rig, backend, mode and driver what not all have in common, and
/// their number where that is nothing.
pub fn side_labels(index: &Index, comparison: &Comparison) -> Vec<String> {
    let facts: Vec<Vec<String>> = comparison
        .sides
        .iter()
        .map(|side| {
            let driver = index.driver(side.configuration).map(|driver| format!("driver {driver}"));
            let raw = index.configurations.timing.get(side.configuration) == Some(&Timing::Raw);
            let detail = detail(index, side.configuration);
            std::iter::once(model_label(index, side.configuration))
                .chain(detail.split(SEPARATOR).map(str::to_owned))
                .chain(driver)
                .chain(raw.then(|| "raw".to_owned()))
                .collect()
        })
        .collect();
    let own = |facts_of: &Vec<String>| -> String {
        let differs = |fact: &&String| facts.iter().any(|other| !other.contains(fact));
        facts_of.iter().filter(differs).cloned().collect::<Vec<_>>().join(SEPARATOR)
    };
    let mut labels: Vec<String> = facts.iter().map(own).collect();
    for (number, label) in labels.iter_mut().enumerate().filter(|(_, label)| label.is_empty()) {
        *label = format!("side {}", number + 1);
    }
    labels
}

/// `22.7 ±0.5`: the value, and the sample deviation where there is one.
pub fn with_deviation(locale: Locale, metric: Metric, value: f64, measured: &Measured) -> String {
    let deviation = measured.summary.and_then(|summary| summary.deviation);
    let deviation = deviation.map(|deviation| format!(" ±{}", locale.value(metric, deviation)));
    format!("{}{}", locale.value(metric, value), deviation.unwrap_or_default())
}

/// The error bar of one sample deviation to each side, and the repetitions.
fn spread(value: f64, measured: Measured) -> Option<Spread> {
    let deviation = measured.summary?.deviation?;
    let ends = ((value - deviation).max(0.0), value + deviation);
    Some(Spread { ends, repetitions: measured.repetitions })
}
