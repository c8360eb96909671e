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
    let mut of_runs = BTreeMap::<usize, Figures>::new();
    let mut candidates = BTreeMap::<_, Vec<usize>>::new();
    for cell in cells(index) {
        for (place, figure) in figures(index, &cell) {
            let key = (subject(index, cell.configuration), place, figure.0);
            candidates.entry(key).or_default().push(cell.run);
            of_runs.entry(cell.run).or_default().insert(place, figure);
        }
    }
    // Runs that share one figure are looked at together; neighbours are enough to find every copy.
    let pairs: BTreeSet<(usize, usize)> = candidates
        .values()
        .flat_map(|runs| runs.iter().zip(runs.iter().skip(1)))
        .filter(|(a, b)| a != b)
        .map(|(&a, &b)| (a.min(b), a.max(b)))
        .collect();
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
