//! Two sets of results against each other: which belongs to which, and what each pair says.

use std::collections::BTreeMap;

use super::compare::sample;
use crate::checks::compare::{Difference, differences};
use crate::index::Index;
use crate::model::Metric;
use crate::stats::{Ratio, Sample, Silence, Summary, Verdict, mean, resolution_of, smallest_ratio};

/// The metrics that pairs are compared in.
pub const CONFRONTED: [Metric; 6] =
    [Metric::Decode, Metric::Prefill, Metric::Ttft, Metric::EndToEnd, Metric::Output, Metric::Load];

/// Most results of one cell that are matched by what they have in common; more are matched in their order.
const MOST_MATCHED: usize = 64;

/// One metric of a result of each side.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// What was measured.
    pub metric: Metric,
    /// Position of the first side's result.
    pub a: usize,
    /// Position of the second side's result.
    pub b: usize,
    /// Repetitions, mean and deviation of both sides.
    pub sides: [Summary; 2],
    /// How many times the first side the second is: of geometric means, or of arithmetic ones where there is
    /// no interval.
    pub ratio: Ratio,
}

impl Confrontation {
    /// What differs between the results of all pairs, each difference once, in order of first appearance.
    pub fn differences(&self, index: &Index) -> Vec<Difference> {
        let mut all = Vec::new();
        let mut results: Vec<(usize, usize)> = self.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        // The metrics of two results follow each other.
        results.dedup();
        for (a, b) in results {
            for difference in differences(index, a, b) {
                if !all.contains(&difference) {
                    all.push(difference);
                }
            }
        }
        all
    }
}

impl Pair {
    /// The smallest ratio above 1 that the repetitions of both sides could have shown; see
    /// [`smallest_ratio`] for how long it takes.
    pub fn smallest(&self, index: &Index) -> Option<f64> {
        let sample = |result| side(index, result, self.metric).map(|(_, sample)| sample);
        smallest_ratio(&sample(self.b)?, &sample(self.a)?)
    }

    /// How many times as fast the second side is: for durations, where less is better, the inverse ratio.
    pub fn speed(&self) -> f64 {
        if self.metric.lower_is_better() { 1.0 / self.ratio.value } else { self.ratio.value }
    }

    /// True where nothing is claimed because a ± is printed without the number of repetitions behind it, which would
    /// be enough.
    pub fn lacks_count(&self, index: &Index) -> bool {
        let lacks = |result| {
            printed_deviation(index, result, self.metric).is_some() && stated_repetitions(index, result) == 0
        };
        let mut sides = self.sides.iter().zip([self.a, self.b]);
        self.ratio.verdict == Verdict::Unknown(Silence::NoSpread)
            && sides.all(|(summary, result)| summary.deviation.is_some() || lacks(result))
    }

    /// True where the second side is slower than a share of the first, and the difference is real.
    pub fn is_below(&self, share: f64) -> bool {
        self.ratio.verdict == Verdict::Real && self.speed() < share
    }
}

/// Everything that two sides have in common, and what has no partner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Confrontation {
    /// Pairs by result and metric, in the order of the first side.
    pub pairs: Vec<Pair>,
    /// Results of the first and of the second side without a partner.
    pub alone: [Vec<usize>; 2],
}

/// Compares two sets of results, cell by cell.
///
/// Results are partners when they are of one shape and concurrency; among several, those with the fewest
/// differences in everything else. Failures and ranges have no figures and no partner.
pub fn confront(index: &Index, a: &[usize], b: &[usize]) -> Confrontation {
    let mut cells: BTreeMap<(u16, u16), [Vec<usize>; 2]> = BTreeMap::new();
    let mut order: Vec<(u16, u16)> = Vec::new();
    let has_figures = |result: &usize| index.failure(*result).is_none() && !index.is_range_only(*result);
    for (side, results) in [a, b].into_iter().enumerate() {
        for &result in results.iter().filter(|result| has_figures(result)) {
            let of = |column: &[u16]| column.get(result).copied().unwrap_or_default();
            let cell = (of(&index.results.shape), of(&index.results.concurrency));
            let sides = cells.entry(cell).or_insert_with(|| {
                order.push(cell);
                [const { Vec::new() }; 2]
            });
            if let Some(side) = sides.get_mut(side) {
                side.push(result);
            }
        }
    }
    let mut found = Confrontation::default();
    for cell in order {
        let Some([a, b]) = cells.remove(&cell) else { continue };
        let partners = partners(index, &a, &b);
        let alone = |results: &[usize], taken: Vec<usize>| -> Vec<usize> {
            results.iter().copied().filter(|result| !taken.contains(result)).collect()
        };
        let [alone_a, alone_b] = &mut found.alone;
        alone_a.extend(alone(&a, partners.iter().map(|pair| pair.0).collect()));
        alone_b.extend(alone(&b, partners.iter().map(|pair| pair.1).collect()));
        for (a, b) in partners {
            found.pairs.extend(CONFRONTED.into_iter().filter_map(|metric| pair(index, a, b, metric)));
        }
    }
    found
}

/// Partners of one cell, each result once.
fn partners(index: &Index, a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    if a.len() > MOST_MATCHED || b.len() > MOST_MATCHED {
        return a.iter().copied().zip(b.iter().copied()).collect();
    }
    // A date always differs, and says nothing of what belongs together.
    let apart =
        |a: usize, b: usize| differences(index, a, b).iter().filter(|found| found.field != "Date").count();
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    for (place_a, &of_a) in a.iter().enumerate() {
        for (place_b, &of_b) in b.iter().enumerate() {
            all.push((apart(of_a, of_b), place_a, place_b));
        }
    }
    all.sort_unstable();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (_, of_a, of_b) in all {
        if !taken.iter().any(|&(a, b)| a == of_a || b == of_b) {
            taken.push((of_a, of_b));
        }
    }
    taken.sort_unstable();
    let result = |(of_a, of_b): (usize, usize)| Some((*a.get(of_a)?, *b.get(of_b)?));
    taken.into_iter().filter_map(result).collect()
}

fn pair(index: &Index, a: usize, b: usize, metric: Metric) -> Option<Pair> {
    let (summary_a, sample_a) = side(index, a, metric)?;
    let (summary_b, sample_b) = side(index, b, metric)?;
    let mut ratio = Ratio::between(&sample_b, &sample_a);
    if ratio.interval.is_none() {
        // Without an interval nothing calls for geometric means, and one side may know its arithmetic one only.
        ratio.value = summary_b.mean / summary_a.mean;
    }
    Some(Pair { metric, a, b, sides: [summary_a, summary_b], ratio })
}

/// The repetitions of a result or, where only a mean and its ± are printed and their number is known, these.
fn side(index: &Index, result: usize, metric: Metric) -> Option<(Summary, Sample)> {
    let repeated = index.repeated(result, metric);
    if !repeated.is_empty() {
        return Some((Summary::of(&repeated)?, sample(index, result, metric)?));
    }
    let value = index.value(result, metric)?;
    let printed = printed_deviation(index, result, metric);
    match (printed, usize::try_from(stated_repetitions(index, result))) {
        (Some((deviation, unit)), Ok(count)) if count > 1 => {
            let summary = Summary::printed(value, Some(deviation), count)?;
            Some((summary, Sample::printed(&summary, Some(unit)).ok()?))
        }
        _ => Some((Summary::of(&[value])?, sample(index, result, metric)?)),
    }
}

/// Repetitions behind a result as stated; 0 where they are not.
fn stated_repetitions(index: &Index, result: usize) -> u32 {
    index.runs.repetitions.get(index.run_of(result)).copied().unwrap_or(0)
}

/// The ± of a cell as printed, and the unit of its last digit.
fn printed_deviation(index: &Index, result: usize, metric: Metric) -> Option<(f64, f64)> {
    let printed = index.results.published.of(result).iter().find(|(of, _)| *of == metric)?;
    let (_, deviation) = index.text(printed.1).split_once('±')?;
    let deviation: f64 = deviation.trim().parse().ok().filter(|deviation: &f64| *deviation >= 0.0)?;
    let unit = if deviation > 0.0 { resolution_of(&[deviation]) } else { None };
    Some((deviation, unit.unwrap_or(0.01)))
}

/// The geometric mean of how many times as fast the second side is, over all pairs of a metric.
pub fn overall(pairs: &[Pair], metric: Metric) -> Option<f64> {
    let logs: Vec<f64> =
        pairs.iter().filter(|pair| pair.metric == metric).map(|pair| pair.speed().ln()).collect();
    mean(&logs).map(f64::exp)
}
