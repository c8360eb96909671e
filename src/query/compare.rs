//! Configurations side by side: what each measured, how many times the first it is, and whether that is
//! more than noise.

use std::collections::{BTreeMap, BTreeSet};

use super::Selection;
use super::order::positions_by;
use crate::checks::compare::{Difference, differences};
use crate::index::Index;
use crate::model::run::Timing;
use crate::model::{Metric, PartialDate};
use crate::stats::{Ratio, Sample, Summary, Verdict, resolution_of, smallest_ratio};

/// The metrics that a comparison shows.
pub const COMPARED: [Metric; 4] = [Metric::Decode, Metric::Prefill, Metric::Ttft, Metric::Load];

/// Results of several configurations for the same work.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Position of the shape in the catalog.
    pub shape: u16,
    /// Requests in flight.
    pub concurrency: u16,
    /// One side a configuration, in the order asked for.
    pub sides: Vec<Side>,
}

/// One configuration of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Position of the configuration.
    pub configuration: usize,
    /// Its result of the campaign that measured the most sides, or else its newest one, failures last;
    /// `None` where there is none.
    pub result: Option<usize>,
    /// The other results of the same cell, oldest first.
    pub others: Vec<usize>,
}

/// A metric of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The value of the result.
    pub value: Option<f64>,
    /// What the repetitions say, or the one value.
    pub summary: Option<Summary>,
    /// Each repetition, in order; empty where they were not published.
    pub repetitions: Vec<f64>,
    /// How many times the baseline it is; `None` for the baseline itself and without a value.
    pub ratio: Option<Ratio>,
    /// For a tie, the smallest ratio that the repetitions of both sides could have shown.
    pub smallest: Option<f64>,
}

/// A setting that is not equal on all sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it is, in the words of the page.
    pub field: String,
    /// Metrics whose difference it may explain.
    pub may_explain: &'static [Metric],
    /// Its value on each side; `None` where it is not stated, or the side has no result.
    pub sides: Vec<Option<String>>,
}

impl Comparison {
    /// The side that the others are measured by: the first with a result that did not fail.
    pub fn baseline(&self, index: &Index) -> usize {
        let is_usable = |side: &Side| side.result.is_some_and(|result| index.failure(result).is_none());
        self.sides.iter().position(is_usable).unwrap_or_default()
    }

    /// A metric of every side, in their order.
    pub fn measured(&self, index: &Index, metric: Metric) -> Vec<Measured> {
        let sample = |side: &Side| side.result.and_then(|result| sample(index, result, metric));
        let baseline = self.baseline(index);
        let base = self.sides.get(baseline).and_then(sample);
        self.sides
            .iter()
            .enumerate()
            .map(|(position, side)| {
                let own = sample(side);
                let both = base.as_ref().zip(own.as_ref()).filter(|_| position != baseline);
                let ratio = both.map(|(base, own)| Ratio::between(own, base));
                let is_tie = ratio.is_some_and(|ratio| ratio.verdict == Verdict::Tie);
                let repetitions = side.result.map_or_else(Vec::new, |result| index.repeated(result, metric));
                Measured {
                    value: side.result.and_then(|result| index.value(result, metric)),
                    summary: side.result.and_then(|result| summary(index, result, metric)),
                    repetitions,
                    ratio,
                    smallest: both.filter(|_| is_tie).and_then(|(base, own)| smallest_ratio(own, base)),
                }
            })
            .collect()
    }

    /// Every setting that some side does not share with the baseline, in the order of the first that differs.
    pub fn settings_apart(&self, index: &Index) -> Vec<Setting> {
        let mut settings: Vec<Setting> = Vec::new();
        let baseline = self.baseline(index);
        let Some(base) = self.sides.get(baseline).and_then(|side| side.result) else { return settings };
        for (position, side) in self.sides.iter().enumerate() {
            let Some(result) = side.result.filter(|_| position != baseline) else { continue };
            for Difference { field, left, right, may_explain } in differences(index, base, result) {
                let known = settings.iter().position(|setting| setting.field == field);
                let at = known.unwrap_or_else(|| {
                    let there = |side: &Side| left.clone().filter(|_| side.result.is_some());
                    let sides = self.sides.iter().map(there).collect();
                    settings.push(Setting { field, may_explain, sides });
                    settings.len() - 1
                });
                if let Some(side) = settings.get_mut(at).and_then(|setting| setting.sides.get_mut(position)) {
                    *side = right;
                }
            }
        }
        settings
    }

    /// How many sides have a result that did not fail.
    pub fn usable(&self, index: &Index) -> usize {
        let is_usable = |side: &&Side| side.result.is_some_and(|result| index.failure(result).is_none());
        self.sides.iter().filter(is_usable).count()
    }
}

/// What the repetitions of a result say, or its one value.
pub fn summary(index: &Index, result: usize, metric: Metric) -> Option<Summary> {
    let value = index.value(result, metric)?;
    let repeated = index.repeated(result, metric);
    Summary::of(if repeated.is_empty() { std::slice::from_ref(&value) } else { &repeated })
}

/// The repetitions of a result, or its one value, ready to be compared.
pub fn sample(index: &Index, result: usize, metric: Metric) -> Option<Sample> {
    let repeated = index.repeated(result, metric);
    let values = if repeated.is_empty() { vec![index.value(result, metric)?] } else { repeated };
    Sample::of(&values, resolution_of(&values)).ok()
}

/// Every cell that at least two of the configurations have, with all of them as sides.
pub fn compare(index: &Index, configurations: &[usize]) -> Vec<Comparison> {
    let mut cells: BTreeMap<(u16, u16), Vec<Vec<usize>>> = BTreeMap::new();
    for (position, &configuration) in configurations.iter().enumerate() {
        for result in index.results_of(configuration).filter(|&result| !index.is_range_only(result)) {
            let of = |column: &[u16]| column.get(result).copied().unwrap_or_default();
            let cell = (of(&index.results.concurrency), of(&index.results.shape));
            let sides = cells.entry(cell).or_insert_with(|| vec![Vec::new(); configurations.len()]);
            if let Some(side) = sides.get_mut(position) {
                side.push(result);
            }
        }
    }
    cells
        .into_iter()
        .filter(|(_, sides)| sides.iter().filter(|results| !results.is_empty()).count() > 1)
        .map(|((concurrency, shape), sides)| Comparison {
            shape,
            concurrency,
            sides: sides_of(index, configurations, sides),
        })
        .collect()
}

/// The cell that stands for a comparison where one is shown: of the chosen shape and concurrency, if it was measured.
pub fn chosen_cell<'a>(cells: &'a [Comparison], selection: &Selection) -> Option<&'a Comparison> {
    let is_other = |cell: &&Comparison| {
        let is_other_shape = selection.shape.is_some_and(|shape| usize::from(cell.shape) != shape);
        (is_other_shape, !selection.concurrency.admits(cell.concurrency))
    };
    cells.iter().min_by_key(is_other)
}

/// One result a side, from the newest of the campaigns that measured the most sides: results of one campaign
/// differ in less than results of two.
fn sides_of(index: &Index, configurations: &[usize], sides: Vec<Vec<usize>>) -> Vec<Side> {
    let date = |result: usize| index.runs.date.get(index.run_of(result));
    let is_usable = |result: &usize| index.failure(*result).is_none();
    let mut campaigns: BTreeMap<Option<&PartialDate>, usize> = BTreeMap::new();
    for results in &sides {
        let dates: BTreeSet<_> =
            results.iter().filter(|r| is_usable(r)).map(|&result| date(result)).collect();
        for date in dates {
            *campaigns.entry(date).or_default() += 1;
        }
    }
    let campaign = campaigns.into_iter().max_by_key(|&(date, sides)| (sides, date)).map(|(date, _)| date);
    sides
        .into_iter()
        .zip(configurations)
        .map(|(mut results, &configuration)| {
            let chosen = (0..results.len()).max_by_key(|&position| {
                let result = results.get(position).copied().unwrap_or_default();
                (is_usable(&result), Some(date(result)) == campaign, position)
            });
            let result = chosen.map(|position| results.remove(position));
            Side { configuration, result, others: results }
        })
        .collect()
}

/// Sets of configurations that differ in their backend alone: same model, quant, rig, power cap, driver, mode
/// and clock.
///
/// The sides of a set are in the order of accelerators; sets in the order of the index. Only sets with a
/// cell that two of them share.
pub fn backends_compared(index: &Index) -> Vec<Vec<usize>> {
    let columns = &index.configurations;
    let mut sets: BTreeMap<([u32; 6], bool, Option<u64>), Vec<usize>> = BTreeMap::new();
    for configuration in 0..index.configuration_count() {
        let of = |column: &[u32]| column.get(configuration).copied().unwrap_or_default();
        let same = [
            &columns.family,
            &columns.variant,
            &columns.quant,
            &columns.hardware,
            &columns.mode,
            &columns.driver,
        ];
        let raw = columns.timing.get(configuration) == Some(&Timing::Raw);
        let cap = columns.power_cap_w.get(configuration).map(f64::to_bits);
        sets.entry((same.map(|column| of(column)), raw, cap)).or_default().push(configuration);
    }
    sets.into_values()
        .filter(|set| set.len() > 1 && !compare(index, set).is_empty())
        .map(|set| {
            let accelerator = |at: usize| set.get(at).map(|&configuration| index.accelerator(configuration));
            let order = positions_by(set.len(), &mut |a, b| accelerator(a).cmp(&accelerator(b)));
            order.into_iter().filter_map(|at| set.get(at).copied()).collect()
        })
        .collect()
}
