//! Runs with equal figures: one measurement in two files, or under two names.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Cell, backend, cells, count, subject};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::Metric;

/// Metrics that two measurements do not agree in by chance. TPOT and the rate over the request
/// follow from the others; load is looked at every ten seconds.
const TELLING: [Metric; 4] = [Metric::Decode, Metric::Prefill, Metric::Ttft, Metric::EndToEnd];

/// Equal figures that make two runs one measurement. A figure has about twenty values within ±1 %
/// at the digits that sources print, so three agree by chance once in some thousand pairs.
const EQUAL_FIGURES: usize = 3;

/// A value and its repetitions, to the last bit.
type Figure = (u64, Vec<u64>);

/// Figures of a run by shape, concurrency and metric.
type Figures = BTreeMap<(u16, u16, Metric), Figure>;

fn figures(index: &Index, cell: &Cell) -> Vec<((u16, u16, Metric), Figure)> {
    let figure = |metric: Metric| {
        let value = index.value(cell.result, metric)?;
        let repeated = index.repeated(cell.result, metric).into_iter().map(f64::to_bits).collect();
        Some(((cell.shape, cell.concurrency, metric), (value.to_bits(), repeated)))
    };
    TELLING.into_iter().filter_map(figure).collect()
}

/// How many figures two runs share: single repetitions count each; 0 where any differs.
fn shared(a: &Figures, b: &Figures) -> usize {
    let mut equal = 0;
    for (place, (value, repeated)) in a {
        match b.get(place) {
            None => {}
            Some((other, others)) => {
                let same_repetitions = repeated.is_empty() || others.is_empty() || repeated == others;
                if value != other || !same_repetitions {
                    return 0;
                }
                equal += if others.is_empty() { 1 } else { repeated.len().max(1) };
            }
        }
    }
    equal
}

/// Pairs of runs with all the figures that both have in common equal.
pub(super) fn duplicates(index: &Index) -> Vec<Finding> {
    let mut values = Vec::new();
    for cell in cells(index) {
        let subject = subject(index, cell.configuration);
        for metric in TELLING {
            if let Some(value) = index.value(cell.result, metric) {
                values.push((subject, (cell.shape, cell.concurrency, metric), value.to_bits(), cell.run));
            }
        }
    }
    values.sort_unstable();
    // Neighbours are enough: of several copies each lies beside the next one.
    let neighbours = values.iter().zip(values.iter().skip(1));
    let pairs: BTreeSet<(usize, usize)> = neighbours
        .filter(|(a, b)| (a.0, a.1, a.2) == (b.0, b.1, b.2) && a.3 != b.3)
        .map(|(a, b)| (a.3, b.3))
        .collect();
    let concerned: BTreeSet<usize> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
    let mut of_runs = BTreeMap::<usize, Figures>::new();
    for cell in cells(index).filter(|cell| concerned.contains(&cell.run)) {
        of_runs.entry(cell.run).or_default().extend(figures(index, &cell));
    }
    let equal = |&(a, b): &(usize, usize)| {
        let number = shared(of_runs.get(&a)?, of_runs.get(&b)?);
        (number >= EQUAL_FIGURES).then(|| finding(index, a, b, number))
    };
    pairs.iter().filter_map(equal).collect()
}

fn finding(index: &Index, a: usize, b: usize, number: usize) -> Finding {
    let [first, second] = [a, b].map(|run| index.configuration_of(run));
    let figures = count(number, "figure");
    if index.accelerator(first) != index.accelerator(second) {
        let names = [first, second].map(|configuration| backend(index, configuration));
        return Finding::about_runs(Rule::RelabelledBackend, Severity::Doubtful, &[a, b]).saying(
            format!("{figures} equal under {}", names.join(" and ")),
            "figures of their own for each",
        );
    }
    Finding::about_runs(Rule::Duplicate, Severity::Doubtful, &[a, b])
        .saying(format!("{figures} equal in two runs, and none that differs"), "each measurement once")
}
