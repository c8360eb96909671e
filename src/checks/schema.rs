//! Metrics that go by each other's name: the rate over the whole request published as decode.

use std::collections::BTreeMap;

use super::cell::{Cell, cells, count, figure, is_served, output_tokens, said};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::Metric;

/// Two rates agree within rounding.
const AGREE: f64 = 0.01;

/// From this share on, waiting and prefill make the two rates differ visibly.
const APART: f64 = 0.05;

/// Decode rates that are the rate over the whole request by their figures, or that their own source
/// calls by another name.
pub(super) fn metric_schema(index: &Index) -> Vec<Finding> {
    let mut found: Vec<Finding> = cells(index).filter_map(|cell| by_figures(index, &cell)).collect();
    found.extend(by_name(index));
    found
}

/// Decode equal to output tokens over end-to-end, where that is not what decode would be.
fn by_figures(index: &Index, cell: &Cell) -> Option<Finding> {
    if !is_served(index, cell) {
        return None;
    }
    let of = |metric: Metric| index.value(cell.result, metric);
    let (decode, whole, first) = (of(Metric::Decode)?, of(Metric::EndToEnd)?, of(Metric::Ttft)?);
    let tokens = output_tokens(index, cell.result);
    let over_request = tokens.map(|tokens| tokens / whole * 1000.0).or_else(|| of(Metric::Output))?;
    let waiting = first / whole;
    let is_over_request = (decode / over_request - 1.0).abs() < AGREE && waiting > APART;
    let rest = tokens.filter(|_| whole > first).map(|tokens| (tokens - 1.0) / (whole - first) * 1000.0);
    let is_decode = rest.is_some_and(|rest| (decode / rest - 1.0).abs() < APART);
    let finding = Finding::about_results(index, Rule::MetricSchema, Severity::Doubtful, &[cell.result]);
    (is_over_request && !is_decode).then(|| {
        let rest = rest.map(|rest| format!(", about {} tok/s", figure(rest))).unwrap_or_default();
        finding.saying(
            format!("decode of {} tok/s, which is the rate over the whole request", figure(decode)),
            format!("the rate after the first token{rest}"),
        )
    })
}

/// Runs whose source names another metric for what stands here as one, by source and names.
fn by_name(index: &Index) -> Vec<Finding> {
    let mut runs = BTreeMap::<(&str, Metric, &str), Vec<usize>>::new();
    for run in 0..index.runs.id.len() {
        for metric in Metric::ALL {
            for (words, source) in said(index, run, metric.key()) {
                let other = Metric::ALL.into_iter().any(|m| m != metric && m.key() == words);
                if other {
                    runs.entry((source, metric, words)).or_default().push(run);
                }
            }
        }
    }
    let finding = |((source, metric, words), runs): ((&str, Metric, &str), Vec<usize>)| {
        Finding::about_runs(Rule::MetricSchema, Severity::Doubtful, &runs).saying(
            format!(
                "{words} as the name that {source} has for {} of {}",
                metric.key(),
                count(runs.len(), "run")
            ),
            "one name and meaning; not to be compared with rows that print both",
        )
    };
    runs.into_iter().map(finding).collect()
}
