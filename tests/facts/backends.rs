//! Vulkan against ROCm for the nine models that both ran: ratios, intervals, verdicts, and what differs.

use tokscope::charts::compared::side_labels;
use tokscope::checks::compare::differences;
use tokscope::model::Metric;
use tokscope::model::run::Accelerator;
use tokscope::query::compare::{Comparison, Measured, backends_compared, compare};
use tokscope::stats::Verdict;

use crate::BUNDLED;
use crate::ratios::RATIOS;

/// The set of every model with both, its one cell, and the positions of ROCm and Vulkan in it.
fn pairs() -> Vec<(String, Comparison)> {
    let index = &BUNDLED.index;
    let wanted = [Accelerator::Rocm, Accelerator::Vulkan];
    let mut pairs = Vec::new();
    for set in backends_compared(index) {
        let pair: Vec<usize> = set
            .into_iter()
            .filter(|&configuration| wanted.contains(&index.accelerator(configuration)))
            .collect();
        let is_strix = |&c: &usize| index.hardware(c).is_some_and(|rig| rig.id == "strix-halo-128gb");
        if pair.len() == 2 && pair.iter().all(is_strix) {
            let (_, variant) = index.model(pair[0]).unwrap();
            let cells = compare(index, &pair);
            assert_eq!(cells.len(), 1, "{}", variant.id);
            pairs.push((variant.id.clone(), cells[0].clone()));
        }
    }
    pairs
}

fn vulkan(cell: &Comparison, metric: Metric) -> Measured {
    cell.measured(&BUNDLED.index, metric)[1].clone()
}

#[test]
fn nine_models_have_ratios_with_intervals_and_ties() {
    let pairs = pairs();
    assert_eq!(pairs.len(), RATIOS.len());
    for ((model, cell), (name, decode, decode_is_real, prefill, prefill_is_real)) in pairs.iter().zip(RATIOS)
    {
        assert_eq!(model, name);
        for (metric, expected, is_real) in
            [(Metric::Decode, decode, decode_is_real), (Metric::Prefill, prefill, prefill_is_real)]
        {
            let ratio = vulkan(cell, metric).ratio.unwrap();
            let interval = ratio.interval.unwrap();
            let found = format!("{:.3} [{:.3}, {:.3}]", ratio.value, interval.low, interval.high);
            assert_eq!(
                (found.as_str(), ratio.verdict == Verdict::Real),
                (expected, is_real),
                "{model} {metric:?}"
            );
        }
    }
}

#[test]
fn flags_and_kv_type_are_named_each_time() {
    for (model, cell) in pairs() {
        let [rocm, vulkan] = [0, 1].map(|side| cell.sides[side].result.unwrap());
        let differences = differences(&BUNDLED.index, rocm, vulkan);
        let fields: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
        let expected = ["Accelerator", "Runtime", "Flash attention", "KV type", "mmap", "LLAMA_HIP_UMA"];
        assert_eq!(fields, expected, "{model}: the campaign, date and prompt are one");
        let kv_type = differences.iter().find(|difference| difference.field == "KV type").unwrap();
        assert_eq!((kv_type.left.as_deref(), kv_type.right.as_deref()), (Some("q4_0"), None), "{model}");
    }
}

/// Results of one campaign are compared, and the others stay at hand.
#[test]
fn repeated_measurements_stay_beside_the_compared_one() {
    let (_, cell) = pairs().into_iter().find(|(model, _)| model == "80b").unwrap();
    assert_eq!(cell.sides.iter().map(|side| side.others.len()).collect::<Vec<_>>(), [0, 1]);
}

/// Two runs of one build under two power caps, beside a rig that published only a range.
#[test]
fn sides_are_told_apart_and_measured_by_the_first_that_has_a_result() {
    let index = &BUNDLED.index;
    let of_model = |&c: &usize| index.model(c).is_some_and(|(_, variant)| variant.id == "e4b-it");
    let all: Vec<usize> = (0..index.configuration_count()).filter(of_model).take(6).collect();
    let cells = compare(index, &all);
    assert!(cells.len() >= 4, "{}", cells.len());
    for cell in cells {
        let labels = side_labels(index, &cell);
        let distinct: std::collections::BTreeSet<&String> = labels.iter().collect();
        assert_eq!(distinct.len(), labels.len(), "{labels:?}");
        let ratios = cell.measured(index, Metric::Decode).iter().filter(|one| one.ratio.is_some()).count();
        assert_eq!(ratios + 1, cell.usable(index), "{labels:?}");
        for setting in cell.settings_apart(index) {
            let silent = cell.sides.iter().zip(&setting.sides).filter(|(side, _)| side.result.is_none());
            assert!(silent.map(|(_, words)| words).all(Option::is_none), "{}", setting.field);
        }
    }
}
