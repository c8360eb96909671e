//! Every setting that differs between two results, and what they may be compared as.

use serde_json::{Value, json};
use tokscope::checks::compare::{Class, class, comparable_as, differences};
use tokscope::model::Metric;

use super::made::{index, run};

/// The fields in which a run with a patch differs from one without.
fn fields(patch: Value) -> Vec<(String, Option<String>, Option<String>)> {
    let mut other = run("b", patch);
    if other["date"] == json!("2026-01-02") {
        other["date"] = json!("2026-01-02T10:00Z");
    }
    let index = index(&[run("a", json!({ "date": "2026-01-02T10:00Z" })), other]);
    let at = |id: &str| (0..2).find(|&result| index.runs.id[index.run_of(result)] == id).unwrap();
    let found = differences(&index, at("a"), at("b"));
    let back: Vec<_> =
        differences(&index, at("b"), at("a")).into_iter().map(|d| (d.field, d.right, d.left)).collect();
    let there: Vec<_> = found.into_iter().map(|d| (d.field, d.left, d.right)).collect();
    let sorted = |mut list: Vec<(String, Option<String>, Option<String>)>| {
        list.sort();
        list
    };
    assert_eq!(sorted(back), sorted(there.clone()), "the other way round");
    there
}

#[test]
fn each_setting_is_named_when_it_differs_and_only_then() {
    let result = |fields: Value| {
        let mut result = json!({ "shape": "chat", "concurrency": 1, "decode_tok_per_s": 120 });
        result.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({ "results": [result] })
    };
    let backend = |field: &str, value: &str| {
        let mut backend = json!({ "engine": "llama.cpp", "build": "b1", "accelerator": "cuda" });
        backend[field] = json!(value);
        json!({ "backend": backend })
    };
    let cases = [
        (json!({}), vec![]),
        (json!({ "power_cap_w": 450 }), vec![("Power cap", Some("350 W"), Some("450 W"))]),
        (json!({ "power_cap_w": null }), vec![("Power cap", Some("350 W"), None)]),
        (json!({ "driver": "595" }), vec![("Driver", Some("590"), Some("595"))]),
        (json!({ "quant": "Q8_0" }), vec![("Quant", Some("Q4_K_M"), Some("Q8_0"))]),
        (
            json!({ "file_size_gib": 5, "file_size_approximate": true }),
            vec![("File size", None, Some("~5 GiB"))],
        ),
        (json!({ "hardware": "shared" }), vec![("Hardware", Some("Card · 24 GiB"), Some("Shared"))]),
        (json!({ "mode": "mtp n=3" }), vec![("Mode", Some("baseline"), Some("mtp n=3"))]),
        (json!({ "timing": "raw" }), vec![("Timing", Some("served"), Some("raw"))]),
        (json!({ "statistic": "mean" }), vec![("Statistic", Some("median"), Some("mean"))]),
        (json!({ "repetitions": 5 }), vec![("Repetitions", Some("3"), Some("5"))]),
        (json!({ "date": "2026-03" }), vec![("Date", Some("2026-01-02T10:00Z"), Some("2026-03"))]),
        (backend("engine", "other"), vec![("Engine", Some("llama.cpp"), Some("other"))]),
        (backend("build", "b2"), vec![("Build", Some("b1"), Some("b2"))]),
        (backend("accelerator", "vulkan"), vec![("Accelerator", Some("cuda"), Some("vulkan"))]),
        (backend("runtime", "CUDA 13"), vec![("Runtime", None, Some("CUDA 13"))]),
        (json!({ "settings": { "kv_type": "q4_0" } }), vec![("KV type", None, Some("q4_0"))]),
        (json!({ "settings": { "other": { "UMA": "ON" } } }), vec![("UMA", None, Some("ON"))]),
        (
            json!({ "sources": [{ "id": "here", "says": { "decode_tok_per_s": "output_tok_per_s" } }] }),
            vec![("Decode is", None, Some("output_tok_per_s by its source"))],
        ),
        (
            result(json!({ "prompt_tokens": 36, "output_tokens": 100 })),
            vec![("Prompt tokens", None, Some("36")), ("Output tokens", None, Some("100"))],
        ),
        (result(json!({ "shape": "rag" })), vec![("Shape", Some("chat"), Some("rag"))]),
        (result(json!({ "concurrency": 4 })), vec![("Concurrency", Some("1"), Some("4"))]),
        (
            json!({ "model": "finch/30b-a3b" }),
            vec![
                ("Model", Some("Finch 8b"), Some("Finch 30b-a3b")),
                ("Active parameters", Some("8B"), Some("3B")),
            ],
        ),
    ];
    for (patch, expected) in cases {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(field, left, right)| (field.to_owned(), own(left), own(right)))
            .collect();
        assert_eq!(fields(patch.clone()), expected, "{patch}");
    }
}

#[test]
fn a_difference_says_which_metrics_it_may_explain() {
    let mmap = run("b", json!({ "settings": { "mmap": true }, "power_cap_w": 450 }));
    let index = index(&[run("a", json!({})), mmap]);
    let found = differences(&index, 0, 1);
    let explained = |field: &str| found.iter().find(|d| d.field == field).unwrap().may_explain;
    assert_eq!(explained("mmap"), [Metric::Load]);
    assert!(
        explained("Power cap").contains(&Metric::Decode) && !explained("Power cap").contains(&Metric::Load)
    );
}

#[test]
fn results_are_of_the_class_that_their_clock_and_workload_make() {
    let shape = |shape: &str| json!([{ "shape": shape, "concurrency": 1, "decode_tok_per_s": 120 }]);
    let runs = [
        run("a", json!({ "results": shape("chat") })),
        run("b", json!({ "results": shape("open"), "date": "2026-02" })),
        run("c", json!({ "results": shape("chat"), "timing": "raw" })),
        run("d", json!({ "results": shape("rag"), "date": "2026-03" })),
    ];
    let index = index(&runs);
    let at = |id: &str| (0..4).find(|&result| index.runs.id[index.run_of(result)] == id).unwrap();
    let classes = ["a", "b", "c"].map(|id| class(&index, at(id)));
    assert_eq!(classes, [Class::Stack, Class::Workload, Class::Hardware]);
    assert_eq!(comparable_as(&index, at("a"), at("a")), Some(Class::Stack));
    assert_eq!(comparable_as(&index, at("a"), at("c")), None, "served and raw");
    assert_eq!(comparable_as(&index, at("a"), at("d")), None, "other shapes");
}
