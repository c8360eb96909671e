//! Quants of one model: fewer bits are fewer bytes to read, so they are not slower.

use super::cell::{Cell, figure, groups, subject};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::{Metric, Positive};
use crate::stats;

/// A smaller quant is slower from this share on. The ± of decode on accelerators of the bundled data
/// is below 2 % in three of four groups; `Q3_K_M` of Qwen3.6 stays 3.2 % behind `Q4_K_M`.
const SLOWER: f64 = 0.97;

/// Bits of the quant, bounds of its decode rate and their ±.
#[derive(Clone, Copy)]
struct Step {
    cell: Cell,
    bits: f64,
    low: f64,
    high: f64,
    spread: f64,
}

/// Quants that are slower than larger ones of the same model, otherwise measured alike.
pub(super) fn quant_ladder(index: &Index) -> Vec<Finding> {
    let alike = |cell: &Cell| {
        let of = &index.configurations;
        let [family, variant, _, rig] = subject(index, cell.configuration);
        let place = |column: &[u32]| column.get(cell.configuration).copied().unwrap_or_default();
        let cap = of.power_cap_w.get(cell.configuration).map(f64::to_bits);
        let stack = [place(&of.backend), place(&of.mode), place(&of.driver)];
        let timing = of.timing.get(cell.configuration).copied();
        Some(([family, variant, rig], stack, cap, timing, (cell.concurrency, cell.shape)))
    };
    let mut found = std::collections::BTreeMap::new();
    for (place, same) in groups(index, alike) {
        let mut steps: Vec<Step> = same.iter().filter_map(|cell| step(index, cell)).collect();
        steps.sort_by(|a, b| a.bits.total_cmp(&b.bits).then(a.cell.cmp(&b.cell)));
        let inverted = worst_inversion(&steps);
        if let Some((ratio, small, large)) = inverted {
            // One finding a ladder, of the shape where it shows most.
            let ladder = (place.0, place.1, place.2, place.3, place.4.0);
            let entry = found.entry(ladder).or_insert((ratio, small, large));
            if ratio < entry.0 {
                *entry = (ratio, small, large);
            }
        }
    }
    found.into_values().map(|(_, small, large)| finding(index, &small, &large)).collect()
}

fn step(index: &Index, cell: &Cell) -> Option<Step> {
    let bits = index.quant(cell.configuration)?.bits_per_weight.map(Positive::get)?;
    let (low, high) = index.bounds(cell.result, Metric::Decode)?;
    let spread = stats::sample_deviation(&index.repeated(cell.result, Metric::Decode)).unwrap_or(0.0);
    Some(Step { cell: *cell, bits, low, high, spread })
}

/// The pair that differs most: a smaller quant below a larger one by more than noise.
fn worst_inversion(steps: &[Step]) -> Option<(f64, Step, Step)> {
    let mut worst: Option<(f64, Step, Step)> = None;
    for (at, small) in steps.iter().enumerate() {
        for large in steps.iter().skip(at + 1).filter(|large| large.bits > small.bits) {
            // Both ends of a range have to lie below; of values, both are the value.
            let ratio = (small.high / large.high).max(small.low / large.low);
            let beyond_noise = large.high - small.high > 2.0 * (small.spread + large.spread);
            if ratio < SLOWER && beyond_noise && worst.is_none_or(|(worst, ..)| ratio < worst) {
                worst = Some((ratio, *small, *large));
            }
        }
    }
    worst
}

fn finding(index: &Index, small: &Step, large: &Step) -> Finding {
    let name = |step: &Step| index.quant(step.cell.configuration).map_or("", |quant| &quant.id);
    let rate = |step: &Step| {
        if step.low < step.high {
            format!("{}–{}", figure(step.low), figure(step.high))
        } else {
            figure(step.high)
        }
    };
    let model = index
        .model(small.cell.configuration)
        .map_or_else(String::new, |(family, variant)| format!("{} {}", family.name, variant.name));
    let results = [small.cell.result, large.cell.result];
    Finding::about_results(index, Rule::QuantLadder, Severity::Doubtful, &results).saying(
        format!("{model} {} at {} tok/s, below {} at {}", name(small), rate(small), name(large), rate(large)),
        "at least its speed from fewer bits per weight",
    )
}
