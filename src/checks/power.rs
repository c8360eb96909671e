//! Power caps: what a figure says depends on them as much as on the machine.

use std::collections::BTreeMap;

use super::cell::{Cell, count, figure, groups, listed, subject, title};
use super::physics::is_speculative;
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::{Metric, Positive, plain};

/// From this ratio on, decode at two caps is told apart. Below it the bundled data have 350 and
/// 450 W, which differ by 2 % at the most; above it 200 and 350 W, at 1.22 and more.
const FASTER: f64 = 1.1;

/// Runs at caps that make them incomparable, that their rig's card contradicts, or that are not stated.
pub(super) fn power_caps(index: &Index) -> Vec<Finding> {
    let mut found = differing(index);
    found.extend(undisclosed(index));
    found.extend(cards(index));
    found
}

/// The power cap of a cell, in watts.
fn cap(index: &Index, cell: &Cell) -> Option<f64> {
    index.configurations.power_cap_w.get(cell.configuration)
}

/// The lowest and the highest decode rate of some cells.
fn span(index: &Index, cells: &[&Cell]) -> Option<(f64, f64)> {
    let bounds = cells.iter().filter_map(|cell| index.bounds(cell.result, Metric::Decode));
    bounds.reduce(|(low, high), (l, h)| (low.min(l), high.max(h)))
}

/// One model on one rig at two caps with decode that does not overlap, or with and without a cap.
fn differing(index: &Index) -> Vec<Finding> {
    let key = |cell: &Cell| {
        (cell.concurrency == 1 && !is_speculative(index, cell.run))
            .then(|| (subject(index, cell.configuration), index.accelerator(cell.configuration), cell.shape))
    };
    let mut worst = BTreeMap::<[u32; 4], (f64, Vec<usize>, Finding)>::new();
    for (place, same) in groups(index, key) {
        let mut by_cap = BTreeMap::<Option<u64>, Vec<&Cell>>::new();
        for cell in &same {
            by_cap.entry(cap(index, cell).map(f64::to_bits)).or_default().push(cell);
        }
        // Watts are above zero, so that the order of their bits is their own.
        let caps: Vec<(&Option<u64>, &Vec<&Cell>)> = by_cap.iter().collect();
        for (at, (low_cap, slower)) in caps.iter().enumerate() {
            for (high_cap, faster) in caps.iter().skip(at + 1) {
                let Some((ratio, finding)) = compared(index, (low_cap, slower), (high_cap, faster)) else {
                    continue;
                };
                let entry = worst.entry(place.0).or_insert_with(|| (ratio, Vec::new(), finding.clone()));
                entry.1.extend(&finding.results);
                if ratio > entry.0 {
                    (entry.0, entry.2) = (ratio, finding);
                }
            }
        }
    }
    let merged = |(_, results, finding): (f64, Vec<usize>, Finding)| {
        Finding::about_results(index, finding.rule, finding.severity, &results)
            .saying(finding.found, finding.expected)
    };
    worst.into_values().map(merged).collect()
}

type AtCap<'a> = (&'a Option<u64>, &'a Vec<&'a Cell>);

/// The ratio by which two caps differ, with what to say of it; `None` where their rates overlap.
fn compared(index: &Index, low: AtCap<'_>, high: AtCap<'_>) -> Option<(f64, Finding)> {
    let (slower, faster) = (span(index, low.1)?, span(index, high.1)?);
    let watts = |bits: &Option<u64>| bits.map(|bits| plain(f64::from_bits(bits)));
    let (ratio, undisclosed) = match (low.0, faster.0 / slower.1, slower.0 / faster.1) {
        (Some(_), ratio, _) if ratio >= FASTER => (ratio, false),
        (None, a, b) if a.max(b) >= FASTER => (a.max(b), true),
        _ => return None,
    };
    let results: Vec<usize> = low.1.iter().chain(high.1).map(|cell| cell.result).collect();
    let subject = low.1.first().map_or_else(String::new, |cell| title(index, cell.configuration));
    let range = |(low, high): (f64, f64)| {
        if low < high { format!("{}–{}", figure(low), figure(high)) } else { figure(low) }
    };
    let severity = if undisclosed { Severity::Doubtful } else { Severity::Notice };
    let first = watts(low.0).map_or("a cap not stated".to_owned(), |watts| format!("{watts} W"));
    let finding = Finding::about_results(index, Rule::PowerCap, severity, &results).saying(
        format!(
            "{subject} at {} tok/s with {first}, {} with {} W, a factor of {} or more",
            range(slower),
            range(faster),
            watts(high.0).unwrap_or_default(),
            figure(ratio)
        ),
        if undisclosed {
            "the cap of every run; likely one that was not stated"
        } else {
            "comparison at equal power only"
        },
    );
    Some((ratio, finding))
}

/// Runs without a cap on rigs whose other runs state theirs, one finding a rig.
fn undisclosed(index: &Index) -> Vec<Finding> {
    let mut rigs = BTreeMap::<u32, (Vec<usize>, usize)>::new();
    for run in 0..index.runs.id.len() {
        let configuration = index.configuration_of(run);
        let Some(&rig) = index.configurations.hardware.get(configuration) else { continue };
        let (without, stated) = rigs.entry(rig).or_default();
        match index.configurations.power_cap_w.get(configuration) {
            None => without.push(run),
            Some(_) => *stated += 1,
        }
    }
    let both = rigs.into_values().filter(|(without, stated)| !without.is_empty() && *stated > 0);
    let finding = |(without, stated): (Vec<usize>, usize)| {
        Finding::about_runs(Rule::PowerCap, Severity::Notice, &without).saying(
            format!("{} without a power cap", count(without.len(), "run")),
            format!(
                "a stated one, as {} of the same rig",
                if stated == 1 { "another run".to_owned() } else { format!("{stated} other runs") }
            ),
        )
    };
    both.map(finding).collect()
}

/// Rigs whose card states another cap than their runs, or a largest one that runs exceed.
fn cards(index: &Index) -> Vec<Finding> {
    let mut others = BTreeMap::<u32, Vec<(usize, f64)>>::new();
    for run in 0..index.runs.id.len() {
        let configuration = index.configuration_of(run);
        let Some(&rig) = index.configurations.hardware.get(configuration) else { continue };
        let Some(watts) = index.configurations.power_cap_w.get(configuration) else { continue };
        let card = index.hardware(configuration);
        let usual = card.and_then(|card| card.power_cap_w).map(Positive::get);
        let largest = card.and_then(|card| card.power_max_w).map(Positive::get);
        if usual.is_some_and(|usual| usual != watts) || largest.is_some_and(|largest| watts > largest) {
            others.entry(rig).or_default().push((run, watts));
        }
    }
    let finding = |(rig, runs): (u32, Vec<(usize, f64)>)| {
        let card = index.catalog.hardware.get(rig as usize);
        let largest = card.and_then(|card| card.power_max_w).map(Positive::get);
        let beyond = runs.iter().any(|(_, watts)| largest.is_some_and(|largest| *watts > largest));
        let severity = if beyond { Severity::Impossible } else { Severity::Notice };
        let watts = listed(runs.iter().map(|(_, watts)| plain(*watts)));
        let positions: Vec<usize> = runs.iter().map(|(run, _)| *run).collect();
        let usual = card.and_then(|card| card.power_cap_w).map(|usual| format!("{usual} W as usually run"));
        let most = largest.map(|largest| format!("at most {} W", plain(largest)));
        let expected: Vec<String> = usual.into_iter().chain(most).collect();
        Finding::about_runs(Rule::PowerCap, severity, &positions).saying(
            format!("{} at {watts} W", count(positions.len(), "run")),
            format!("what the rig's card states: {}", expected.join(", ")),
        )
    };
    others.into_iter().map(finding).collect()
}
