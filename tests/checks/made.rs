//! Small data sets that each rule is tried on: two rigs, a dense and a sparse model, three quants.

use serde_json::{Value, json};
use tokscope::checks::{Finding, findings};
use tokscope::index::Index;
use tokscope::model::dataset::{Catalog, Dataset, FromFile};

/// A dense model of 8B, a sparse one of 30B with 3B active, and one whose counts are not known.
fn families() -> Value {
    let variant = |id: &str, total: Option<f64>, active: Option<f64>| {
        let mut variant = json!({ "id": id, "name": id });
        for (field, count) in [("total_params_b", total), ("active_params_b", active)] {
            if let Some(count) = count {
                variant[field] = json!(count);
            }
        }
        variant
    };
    let variants = [
        variant("8b", Some(8.0), Some(8.0)),
        variant("30b-a3b", Some(30.0), Some(3.0)),
        variant("unknown", None, None),
    ];
    json!([{ "id": "finch", "name": "Finch", "released": "2026-01", "released_source": "made up", "variants": variants }])
}

pub(crate) fn catalog() -> Value {
    let quants = [("Q3_K_M", 3.4375), ("Q4_K_M", 4.5), ("Q8_0", 8.5)].map(
        |(id, bits)| json!({ "id": id, "bits_per_weight": bits, "about": "made up", "source": "made up" }),
    );
    let card = json!({
        "id": "card", "name": "Card · 24 GiB", "short": "Card", "gpu": "Card", "memory_gib": 24,
        "memory_bandwidth_gb_per_s": 936, "power_cap_w": 350, "power_max_w": 450, "driver": "590.48.01",
        "system_memory_gib": 64, "backends": ["llama.cpp b1 (cuda)"], "story": "made up", "sources": ["here"],
        "probes": [{ "power_cap_w": 350, "copy_gb_per_s": 391, "fp16_tflop_per_s": 65.4, "bf16_tflop_per_s": 65 }],
    });
    let shared = json!({
        "id": "shared", "name": "Shared", "short": "Shared", "gpu": "Part", "unified_memory": true,
        "memory_bandwidth_gb_per_s": 256, "story": "made up", "sources": ["here"],
    });
    let bare =
        json!({ "id": "bare", "name": "Bare", "short": "Bare", "story": "made up", "sources": ["here"] });
    let shape = |(id, tokens): (&str, Option<u32>)| {
        let mut shape = json!({ "id": id, "label": id, "served": true, "about": "made up" });
        if let Some(tokens) = tokens {
            shape["prompt_tokens_max"] = json!(tokens);
        }
        shape
    };
    let shapes = [("chat", Some(30)), ("rag", Some(800)), ("agent", Some(600)), ("open", None)].map(shape);
    let source = |id: &str| json!({ "id": id, "name": "made up", "date": "2026-01", "licence": "none" });
    json!({
        "families": families(), "quants": quants, "hardware": [card, shared, bare], "shapes": shapes, "glossary": [],
        "campaign": [], "sources": [source("here"), source("there")],
    })
}

/// A run on the card that no rule minds, with the fields of a patch instead of its own.
pub(crate) fn run(id: &str, patch: Value) -> Value {
    let mut run = json!({
        "schema": 1, "id": id, "date": "2026-01-02", "model": "finch/8b", "quant": "Q4_K_M", "hardware": "card",
        "power_cap_w": 350, "driver": "590",
        "backend": { "engine": "llama.cpp", "build": "b1", "accelerator": "cuda" },
        "timing": "served", "statistic": "median", "repetitions": 3, "sources": [{ "id": "here" }],
        "results": [{ "shape": "chat", "concurrency": 1, "decode_tok_per_s": 120 }],
    });
    for (field, value) in patch.as_object().unwrap() {
        if value.is_null() {
            run.as_object_mut().unwrap().remove(field);
        } else {
            run[field] = value.clone();
        }
    }
    run
}

/// The index of some runs, through JSON as the page gets it.
pub(crate) fn index(runs: &[Value]) -> Index {
    index_of(catalog(), runs)
}

pub(crate) fn index_of(catalog: Value, runs: &[Value]) -> Index {
    let catalog: Catalog = serde_json::from_value(catalog).unwrap();
    let run = |run: &Value| {
        let file = format!("runs/{}.yaml", run["id"].as_str().unwrap());
        FromFile { file, value: serde_json::from_value(run.clone()).unwrap() }
    };
    let dataset = Dataset { runs: runs.iter().map(run).collect(), catalog };
    assert_eq!(dataset.problems(), [], "the made-up data");
    Index::from_json(&Index::build(&dataset).to_json()).unwrap()
}

/// What the rules find in some runs.
pub(crate) fn found(runs: &[Value]) -> Vec<Finding> {
    findings(&index(runs))
}

/// The names of the rules that find something in some runs.
pub(crate) fn rules(runs: &[Value]) -> Vec<&'static str> {
    found(runs).iter().map(|finding| finding.rule.id()).collect()
}

/// One run with one result at concurrency 1, of given fields.
pub(crate) fn one(fields: Value) -> Vec<Value> {
    let mut result = json!({ "shape": "agent", "concurrency": 1 });
    for (field, value) in fields.as_object().unwrap() {
        result[field] = value.clone();
    }
    vec![run("a", json!({ "results": [result] }))]
}
