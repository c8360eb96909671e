//! Vulkan against ROCm for the nine models that both ran: ratios, intervals, verdicts, and what differs.

use tokscope::checks::compare::differences;
use tokscope::model::Metric;
use tokscope::model::run::Accelerator;
use tokscope::query::compare::{Comparison, Measured, backends_compared, compare};
use tokscope::stats::Verdict;

use crate::BUNDLED;

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

/// Model, decode and prefill of Vulkan by ROCm to three digits, and whether each is real.
const RATIOS: [(&str, &str, bool, &str, bool); 9] = [
    ("reap-172b", "1.227 [1.151, 1.307]", true, "0.737 [0.674, 0.805]", true),
    ("reap-139b", "1.121 [1.072, 1.172]", true, "1.062 [0.992, 1.137]", false),
    ("80b", "1.156 [1.103, 1.211]", true, "1.448 [1.178, 1.782]", true),
    ("123b", "1.029 [1.005, 1.055]", true, "0.581 [0.553, 0.611]", true),
    ("scout-17bx16e", "1.005 [0.918, 1.100]", false, "0.473 [0.410, 0.547]", true),
    ("235b-a22b", "1.162 [1.087, 1.242]", true, "0.920 [0.868, 0.975]", true),
    ("llama-70b", "1.037 [1.020, 1.055]", true, "0.631 [0.599, 0.666]", true),
    // The reports print 2.9 and 3.0 here; their repetitions do not tell the two apart (p = 0.058).
    ("70b-instruct", "1.008 [1.000, 1.016]", false, "0.770 [0.738, 0.804]", true),
    ("72b-instruct", "1.007 [0.995, 1.019]", false, "0.491 [0.463, 0.521]", true),
];

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
