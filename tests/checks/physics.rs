//! What decode asks of the memory bus, and where nothing may be claimed.

use serde_json::{Value, json};
use tokscope::checks::physics::{Basis, Unknown, implied, implied_by, implied_if_dense};

use super::made::{index, run};

/// What one run with one decode rate asks of the bus, or why nothing is known.
fn of(patch: Value) -> Result<(f64, Basis), Unknown> {
    let index = index(&[run("a", patch)]);
    implied(&index, 0).map(|implied| (implied.fraction, implied.basis))
}

#[test]
fn the_file_is_the_better_basis_and_bits_are_the_other() {
    // 120 tok/s of 8B × 4.5 bits / 8.
    assert_eq!(of(json!({})), Ok((120.0 * 4.5 / 936.0, Basis::BitsPerWeight)));
    let (fraction, basis) = of(json!({ "file_size_gib": 5 })).unwrap();
    assert_eq!(basis, Basis::FileSize);
    assert!((fraction - 120.0 * 5.0 * 1.073_741_824 / 936.0).abs() < 1e-12);
    // Of a sparse model's file, the share of its active parameters is read.
    let (fraction, _) = of(json!({ "file_size_gib": 18, "model": "finch/30b-a3b" })).unwrap();
    assert!((fraction - 120.0 * 18.0 * 1.073_741_824 / 10.0 / 936.0).abs() < 1e-12);
}

#[test]
fn bytes_and_bandwidth_belong_together() {
    let index = index(&[run("a", json!({ "model": "finch/30b-a3b" }))]);
    let found = implied(&index, 0).unwrap();
    assert_eq!((found.bytes_per_token, found.peak_gb_per_s), (3e9 * 4.5 / 8.0, 936.0));
    assert!((found.implied_gb_per_s - 120.0 * found.bytes_per_token / 1e9).abs() < 1e-9);
    assert_eq!(found.lowest_gb_per_s, found.implied_gb_per_s);
    let dense = implied_if_dense(&index, 0).unwrap();
    assert!((dense.fraction / found.fraction - 10.0).abs() < 1e-9);
    assert!((implied_by(&index, 0, Some(6.0)).unwrap().fraction / found.fraction - 2.0).abs() < 1e-9);
}

#[test]
fn a_range_has_the_traffic_of_both_its_ends() {
    let range = json!([{ "metric": "decode_tok_per_s", "shapes": ["chat", "rag"], "concurrency": 1, "min": 60, "max": 120 }]);
    let index = index(&[run("a", json!({ "results": null, "ranges": range }))]);
    let found = implied(&index, 1).unwrap();
    assert_eq!((found.lowest_gb_per_s, found.implied_gb_per_s), (60.0 * 4.5, 120.0 * 4.5));
}

#[test]
fn nothing_is_claimed_where_something_is_missing() {
    let result = |fields: Value| json!({ "results": [fields] });
    let failed = json!({ "shape": "chat", "concurrency": 1, "failed": "server died" });
    let no_decode = json!({ "shape": "chat", "concurrency": 1, "ttft_ms": 50 });
    let several = json!({ "shape": "chat", "concurrency": 2, "decode_tok_per_s": 120 });
    let no_card = |rig: &str| json!({ "hardware": rig, "power_cap_w": null, "driver": null });
    let cases = [
        (result(failed), Unknown::Failed),
        (result(no_decode), Unknown::NoDecode),
        (result(several), Unknown::Batching),
        (json!({ "mode": "mtp n=3" }), Unknown::SpeculativeDecoding),
        (json!({ "settings": { "draft_tokens": 2 } }), Unknown::SpeculativeDecoding),
        (json!({ "settings": { "other": { "spec-draft-n-max": "3" } } }), Unknown::SpeculativeDecoding),
        (json!({ "model": "finch/unknown" }), Unknown::NoParameters),
        (no_card("bare"), Unknown::NoBandwidth),
        (json!({ "backend": { "engine": "llama.cpp", "accelerator": "cpu" } }), Unknown::SystemMemory),
        (json!({ "settings": { "gpu_layers": 0 } }), Unknown::SystemMemory),
        (json!({ "settings": { "gpu_layers": 20 } }), Unknown::PartialOffload),
        (json!({ "file_size_gib": 25 }), Unknown::PartialOffload),
    ];
    for (patch, reason) in cases {
        assert_eq!(of(patch.clone()).map(|_| ()), Err(reason), "{patch}");
        assert!(!reason.to_string().is_empty());
    }
}

#[test]
fn what_looks_like_those_is_claimed_all_the_same() {
    let shared = |patch: Value| {
        let mut shared = json!({ "hardware": "shared", "power_cap_w": null, "driver": null });
        shared.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        of(shared)
    };
    assert!(of(json!({ "settings": { "draft_tokens": 0, "gpu_layers": 99 } })).is_ok());
    assert!(of(json!({ "mode": "pl-350w" })).is_ok());
    // One memory for all: nothing lies elsewhere.
    assert!(shared(json!({ "backend": { "engine": "llama.cpp", "accelerator": "cpu" } })).is_ok());
    assert!(shared(json!({ "settings": { "gpu_layers": 20 } })).is_ok());
}
