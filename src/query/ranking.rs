//! Results of the same work in order, with the places that each may hold.

use std::collections::BTreeMap;

use super::compare::sample;
use super::order::positions_by;
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::Timing;
use crate::stats::{Band, Sample, rank_bands};

/// Results of one workload at one concurrency, timed in one way, best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// True where the engine timed itself: never in one order with results of a server.
    pub raw: bool,
    /// Position of the shape in the catalog.
    pub shape: u16,
    /// Requests in flight.
    pub concurrency: u16,
    /// Best first; results without the metric last.
    pub places: Vec<Place>,
}

/// A result in its order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Position of the result.
    pub result: usize,
    /// The places that its repetitions allow; `None` where they say nothing.
    pub band: Option<Band>,
}

/// The results of some configurations by what was asked, served ones first; failures and ranges have no place.
pub fn rankings(index: &Index, configurations: &[usize], metric: Metric) -> Vec<Ranking> {
    let mut groups: BTreeMap<(bool, u16, u16), Vec<usize>> = BTreeMap::new();
    for &configuration in configurations {
        let raw = index.configurations.timing.get(configuration) == Some(&Timing::Raw);
        let usable = |&result: &usize| index.failure(result).is_none() && !index.is_range_only(result);
        for result in index.results_of(configuration).filter(usable) {
            let of = |column: &[u16]| column.get(result).copied().unwrap_or_default();
            let key = (raw, of(&index.results.shape), of(&index.results.concurrency));
            groups.entry(key).or_default().push(result);
        }
    }
    groups
        .into_iter()
        .map(|((raw, shape, concurrency), results)| Ranking {
            raw,
            shape,
            concurrency,
            places: places(index, &results, metric),
        })
        .collect()
}

fn places(index: &Index, results: &[usize], metric: Metric) -> Vec<Place> {
    let value = |at: usize| results.get(at).and_then(|&result| index.value(result, metric));
    let order = positions_by(results.len(), &mut |a, b| match (value(a), value(b)) {
        (Some(a), Some(b)) if metric.lower_is_better() => a.total_cmp(&b),
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    let results: Vec<usize> = order.into_iter().filter_map(|at| results.get(at).copied()).collect();
    // What cannot be sampled has no band, and keeps none from the others.
    let samples: Vec<Option<Sample>> =
        results.iter().map(|&result| sample(index, result, metric).filter(has_spread)).collect();
    let known: Vec<Sample> = samples.iter().flatten().copied().collect();
    let mut bands = rank_bands(&known, metric.lower_is_better()).into_iter();
    results
        .into_iter()
        .zip(samples)
        .map(|(result, sample)| Place { result, band: sample.and_then(|_| bands.next().flatten()) })
        .collect()
}

fn has_spread(sample: &Sample) -> bool {
    sample.repetitions() > 1
}
