//! Each rule on data where it fires, and on data that is nearly the same where it does not.

use std::path::Path;

use serde_json::{Value, json};
use tokscope::checks::{Rule, Severity};

use super::made::{found, one, rules, run};

/// A run with one decode rate, and some fields of its own.
fn decode(id: &str, rate: f64, patch: Value) -> Value {
    let mut run = run(id, patch);
    run["results"] = json!([{ "shape": "chat", "concurrency": 1, "decode_tok_per_s": rate }]);
    run
}

#[test]
fn the_run_that_tests_start_from_is_clean() {
    assert_eq!(rules(&[run("a", json!({}))]), [""; 0]);
}

#[test]
fn bandwidth_limit() {
    // 8B at 4.5 bits are 4.5 GB, which 936 GB/s carry 208 times a second.
    assert_eq!(rules(&[decode("a", 209.0, json!({}))]), ["bandwidth-limit"]);
    assert_eq!(rules(&[decode("a", 207.0, json!({}))]), [""; 0]);
    let found = found(&[decode("a", 312.0, json!({}))]).remove(0);
    assert_eq!(found.severity, Severity::Impossible);
    assert_eq!(
        found.to_string(),
        "found decode that reads 1404 GB/s, 150 % of the bus, expected at most 936 GB/s; \
         likely smaller weights than named: at most 3 bits each"
    );
}

#[test]
fn the_cause_follows_from_what_is_known() {
    let cause = |run: Value| found(&[run]).remove(0).expected;
    let sparse = json!({ "model": "finch/30b-a3b" });
    assert!(cause(decode("a", 700.0, sparse)).contains("fewer active parameters: at most 2.38B of the 3B"));
    let sized = json!({ "file_size_gib": 4.5 });
    assert!(cause(decode("a", 300.0, sized)).contains("reads at most 5.17B of its parameters"));
    assert!(cause(decode("a", 120_000.0, json!({}))).contains("a rate in another unit"));
}

#[test]
fn a_rounded_file_size_is_not_held_against_a_rate() {
    // 5 GiB at 176 tok/s are 101 % of the bus, at 4.5 GiB 91 %.
    let sized = |approximate: bool| json!({ "file_size_gib": 5, "file_size_approximate": approximate });
    assert_eq!(rules(&[decode("a", 176.0, sized(true))]), [""; 0]);
    assert_eq!(rules(&[decode("a", 176.0, sized(false))]), ["bandwidth-limit"]);
}

#[test]
fn active_parameters_of_a_source_that_the_bus_refutes() {
    let stated = |count: &str| {
        json!({ "model": "finch/30b-a3b", "hardware": "shared", "power_cap_w": null, "driver": null,
                "sources": [{ "id": "here", "says": { "active_params_b": count } }] })
    };
    // At 70 tok/s, 256 GB/s carry at most 6.5B at 4.5 bits.
    assert_eq!(rules(&[decode("a", 70.0, stated("~7B"))]), ["active-parameters"]);
    assert_eq!(rules(&[decode("a", 70.0, stated("~6B"))]), [""; 0]);
    assert_eq!(rules(&[decode("a", 70.0, stated("few"))]), [""; 0]);
    // At 14 tok/s a dense 30B fills 92 % of the bus, and 3B as the catalog has it use 9 %.
    let catalogued = stated("3B");
    let found = found(&[decode("a", 14.0, catalogued.clone())]);
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::ActiveParameters]);
    assert!(found[0].expected.contains("all 30B, as a dense model"), "{found:?}");
    // At 10 tok/s the dense reading reaches 66 %, at 25 tok/s the sparse one 16 %.
    for rate in [10.0, 25.0] {
        assert_eq!(rules(&[decode("a", rate, catalogued.clone())]), [""; 0], "{rate}");
    }
    // The processor reaches less of the bus, so that little of it says nothing.
    let mut on_processor = catalogued;
    on_processor["backend"] = json!({ "engine": "llama.cpp", "accelerator": "cpu" });
    assert_eq!(rules(&[decode("a", 14.0, on_processor)]), [""; 0]);
}

#[test]
fn weights_size() {
    let sized =
        |quant: &str, gib: f64| rules(&[decode("a", 60.0, json!({ "quant": quant, "file_size_gib": gib }))]);
    // 8B at 8.5 bits are 7.9 GiB, at 4.5 bits 4.2.
    assert_eq!(sized("Q8_0", 5.0), ["weights-size"]);
    assert_eq!(sized("Q8_0", 7.4), [""; 0]);
    assert_eq!(sized("Q4_K_M", 7.0), ["weights-size"]);
    assert_eq!(sized("Q4_K_M", 6.0), [""; 0]);
}

/// An agent at 1 and at 4 requests.
fn four(decode: f64, ttft: f64) -> Vec<Value> {
    let figures = |concurrency: u32, decode: f64, ttft: f64, end: f64| {
        json!({ "shape": "agent", "concurrency": concurrency, "decode_tok_per_s": decode, "ttft_ms": ttft,
                "end_to_end_ms": end, "output_tokens": 500 })
    };
    let results =
        [figures(1, 144.0, 148.0, 3750.0), figures(4, decode, ttft, ttft + 500.0 / decode * 1000.0)];
    vec![run("a", json!({ "results": results }))]
}

#[test]
fn queueing() {
    assert_eq!(rules(&four(144.8, 5620.0)), ["queueing"]);
    // A server that batches: the wait is short, or decode is shared.
    assert_eq!(rules(&four(144.8, 600.0)), [""; 0]);
    assert_eq!(rules(&four(100.0, 5620.0)), [""; 0]);
    // One that reads all four prompts first: 4 × 148 ms, and no more than half of the answers.
    assert_eq!(rules(&four(144.8, 3290.0)), [""; 0]);
    assert_eq!(rules(&four(144.8, 3300.0)), ["queueing"]);
}

#[test]
fn cached_prompt_beyond_arithmetic() {
    let prefill = |rate: f64| one(json!({ "prefill_tok_per_s": rate }));
    // Two operations for each of 8B: 4,905 tok/s take 1.2 times the probe's 65.4 TFLOP/s.
    assert_eq!(rules(&prefill(5_000.0)), ["cached-prompt"]);
    assert_eq!(rules(&prefill(4_800.0)), [""; 0]);
}

#[test]
fn cached_prompt_beside_longer_prompts() {
    let results = |agent: f64| {
        let result = |shape: &str, tokens: u32, rate: f64| json!({ "shape": shape, "concurrency": 1, "prompt_tokens": tokens, "prefill_tok_per_s": rate });
        vec![run("a", json!({ "results": [result("agent", 602, agent), result("rag", 752, 1100.0)] }))]
    };
    assert_eq!(rules(&results(2_300.0)), ["cached-prompt"]);
    assert_eq!(rules(&results(2_100.0)), [""; 0]);
}

#[test]
fn cached_prompt_in_repetitions() {
    let repeated = |tokens: [u32; 3], rates: [f64; 3]| {
        let one = |at: usize| json!({ "prefill_tok_per_s": rates[at], "prompt_tokens": tokens[at] });
        one_of(json!([one(0), one(1), one(2)]))
    };
    assert_eq!(rules(&repeated([65, 1, 1], [38.84, 22.37, 22.68])), ["cached-prompt"]);
    assert_eq!(rules(&repeated([65, 65, 65], [400.0, 1300.0, 1250.0])), ["cached-prompt"]);
    assert_eq!(rules(&repeated([65, 65, 65], [400.0, 630.0, 620.0])), [""; 0]);
}

fn one_of(repetitions: Value) -> Vec<Value> {
    one(json!({ "repetitions": repetitions }))
}

#[test]
fn relabelled_backend_by_card_and_by_source() {
    let backend = |build: &str, accelerator: &str| json!({ "backend": { "engine": "llama.cpp", "build": build, "accelerator": accelerator } });
    // The card lists b1 for cuda and nothing else; of b10 it says nothing.
    assert_eq!(rules(&[run("a", backend("b1", "vulkan"))]), ["relabelled-backend"]);
    assert_eq!(rules(&[run("a", backend("b10", "vulkan"))]), [""; 0]);
    let said = |words: &str| json!({ "sources": [{ "id": "here", "says": { "backend": words } }] });
    assert_eq!(rules(&[run("a", said("llama.cpp b1 (vulkan)"))]), ["relabelled-backend"]);
    assert_eq!(rules(&[run("a", said("llama.cpp build 1, CUDA"))]), [""; 0]);
    // A run of the processor under the name of the image that it was started from.
    let layers = |layers: u32| json!({ "settings": { "gpu_layers": layers } });
    assert_eq!(rules(&[run("a", layers(0))]), ["relabelled-backend"]);
    assert_eq!(rules(&[run("a", layers(1))]), [""; 0]);
}

/// Three prefill and decode figures in one run.
fn three(id: &str, last: f64, accelerator: &str) -> Value {
    let result =
        |shape: &str, decode: f64| json!({ "shape": shape, "concurrency": 1, "decode_tok_per_s": decode });
    run(
        id,
        json!({
            "results": [result("chat", 97.6), result("rag", 91.5), result("agent", last)], "date": "2026-01-03",
            "backend": { "engine": "llama.cpp", "accelerator": accelerator },
        }),
    )
}

#[test]
fn relabelled_backend_by_equal_figures() {
    assert_eq!(rules(&[three("a", 94.6, "cuda"), three("b", 94.6, "vulkan")]), ["relabelled-backend"]);
    assert_eq!(rules(&[three("a", 94.6, "cuda"), three("b", 94.7, "vulkan")]), [""; 0]);
}

#[test]
fn duplicate() {
    assert_eq!(rules(&[three("a", 94.6, "cuda"), three("b", 94.6, "cuda")]), ["duplicate"]);
    assert_eq!(rules(&[three("a", 94.6, "cuda"), three("b", 94.7, "cuda")]), [""; 0]);
    // Two equal figures are chance.
    assert_eq!(rules(&[run("a", json!({})), run("b", json!({ "date": "2026-01-03" }))]), [""; 0]);
}

#[test]
fn power_caps_that_differ() {
    let at = |id: &str, watts: u32, rate: f64| decode(id, rate, json!({ "power_cap_w": watts }));
    let of_caps = |runs: &[Value]| {
        let found = found(runs);
        found.into_iter().filter(|finding| finding.expected.contains("equal power")).count()
    };
    assert_eq!(of_caps(&[at("a", 200, 60.0), at("b", 450, 110.0)]), 1);
    assert_eq!(of_caps(&[at("a", 200, 101.0), at("b", 450, 110.0)]), 0);
    assert_eq!(of_caps(&[at("a", 450, 60.0), at("b", 450, 110.0)]), 0);
    let guessing = decode("b", 110.0, json!({ "power_cap_w": 450, "mode": "mtp n=3" }));
    assert_eq!(of_caps(&[at("a", 200, 60.0), guessing]), 0);
}

#[test]
fn power_caps_that_are_not_stated() {
    // Qwen3.6 27B in the posts: 21.1 tok/s at a cap that the table did not show, 38.7 at 450 W.
    let undisclosed = decode("a", 21.1, json!({ "power_cap_w": null }));
    let stated = |rate: f64| decode("b", rate, json!({ "power_cap_w": 350 }));
    let doubtful = |runs: &[Value]| {
        found(runs)
            .into_iter()
            .filter(|f| f.rule == Rule::PowerCap && f.severity == Severity::Doubtful)
            .count()
    };
    assert_eq!(doubtful(&[undisclosed.clone(), stated(38.7)]), 1);
    assert_eq!(doubtful(&[undisclosed.clone(), stated(21.9)]), 0);
    assert_eq!(rules(&[undisclosed.clone(), stated(21.9)]), ["power-cap"], "said all the same");
    assert_eq!(rules(&[undisclosed]), [""; 0], "no run of the rig states one");
}

#[test]
fn power_caps_that_the_card_contradicts() {
    let at = |watts: u32| found(&[run("a", json!({ "power_cap_w": watts }))]);
    assert_eq!(at(350), []);
    let [usual] = &at(450)[..] else { panic!("one finding") };
    assert_eq!((usual.rule, usual.severity), (Rule::PowerCap, Severity::Notice));
    let [beyond] = &at(500)[..] else { panic!("one finding") };
    assert_eq!((beyond.rule, beyond.severity), (Rule::PowerCap, Severity::Impossible));
}

#[test]
fn quant_ladder() {
    let of = |id: &str, quant: &str, rate: f64| decode(id, rate, json!({ "quant": quant }));
    assert_eq!(rules(&[of("a", "Q3_K_M", 109.0), of("b", "Q4_K_M", 113.0)]), ["quant-ladder"]);
    assert_eq!(rules(&[of("a", "Q3_K_M", 110.0), of("b", "Q4_K_M", 113.0)]), [""; 0]);
    assert_eq!(rules(&[of("a", "Q3_K_M", 130.0), of("b", "Q4_K_M", 113.0)]), [""; 0]);
    // Of other builds, drivers or modes nothing follows.
    let elsewhere = decode("b", 113.0, json!({ "mode": "flags" }));
    assert_eq!(rules(&[of("a", "Q3_K_M", 90.0), elsewhere]), [""; 0]);
}

#[test]
fn a_ladder_inside_the_noise_of_its_repetitions_is_none() {
    let of = |id: &str, quant: &str, rates: [f64; 3]| {
        let repetitions = rates.map(|rate| json!({ "decode_tok_per_s": rate }));
        let mut run = one_of(json!(repetitions)).remove(0);
        (run["id"], run["quant"]) = (json!(id), json!(quant));
        run
    };
    let large = of("b", "Q4_K_M", [112.0, 113.0, 114.0]);
    assert_eq!(rules(&[of("a", "Q3_K_M", [107.0, 108.0, 109.0]), large.clone()]), ["quant-ladder"]);
    assert_eq!(rules(&[of("a", "Q3_K_M", [101.0, 108.0, 115.0]), large]), [""; 0]);
}

#[test]
fn prompt_tokens() {
    let of = |id: &str, accelerator: &str, tokens: u32| {
        let mut run = one(json!({ "prompt_tokens": tokens, "ttft_ms": 200 })).remove(0);
        (run["id"], run["backend"]) =
            (json!(id), json!({ "engine": "llama.cpp", "accelerator": accelerator }));
        run
    };
    assert_eq!(rules(&[of("a", "cuda", 600), of("b", "vulkan", 618)]), ["prompt-tokens"]);
    assert_eq!(rules(&[of("a", "cuda", 600), of("b", "vulkan", 612)]), [""; 0]);
    let mut other_model = of("b", "vulkan", 853);
    other_model["model"] = json!("finch/30b-a3b");
    assert_eq!(rules(&[of("a", "cuda", 600), other_model]), [""; 0], "another tokenizer");
}

#[test]
fn metric_schema_by_figures() {
    // 200 tokens in 1,680 ms are 119 tok/s over the request, and 133 after the first token.
    let of = |rate: f64| {
        one(json!({ "decode_tok_per_s": rate, "end_to_end_ms": 1680, "ttft_ms": 180, "output_tokens": 200 }))
    };
    assert_eq!(rules(&of(118.9)), ["metric-schema"]);
    assert_eq!(rules(&of(132.7)), [""; 0]);
    // Where the first token comes at once the two rates are one.
    let at_once =
        json!({ "decode_tok_per_s": 119, "end_to_end_ms": 1680, "ttft_ms": 20, "output_tokens": 200 });
    assert_eq!(rules(&one(at_once)), [""; 0]);
    // The engine's own rows repeat decode, for no request was sent.
    let mut raw = of(118.9).remove(0);
    raw["timing"] = json!("raw");
    assert_eq!(rules(&[raw]), [""; 0]);
}

#[test]
fn metric_schema_by_name() {
    let said = |words: &str| json!({ "sources": [{ "id": "here", "says": { "decode_tok_per_s": words } }] });
    assert_eq!(rules(&[run("a", said("output_tok_per_s"))]), ["metric-schema"]);
    // Another figure for the same metric is a contradiction, not another metric.
    assert_eq!(rules(&[run("a", said("118.2"))]), ["contradiction"]);
}

/// The card of the fourth contradiction: 200 W and 450 W, 64 and 96 GiB, two drivers.
#[test]
fn contradictions_of_sources() {
    let said = |field: &str, words: &str| {
        found(&[run("a", json!({ "sources": [{ "id": "there", "says": { field: words } }] }))])
    };
    for (field, words, own) in [
        ("power_cap_w", "full power", "350"),
        ("system_memory_gib", "96", "64"),
        ("driver", "595.71.05", "590"),
        ("variant", "8b-GGUF-Q4_K_M", "8b"),
    ] {
        let [finding] = &said(field, words)[..] else { panic!("one finding for {field}") };
        assert_eq!((finding.rule, finding.severity), (Rule::Contradiction, Severity::Notice));
        assert_eq!(finding.to_string(), format!("found {field} {words}, as there says, expected {own}"));
    }
    assert_eq!(said("power_cap_w", "350"), []);
    assert_eq!(said("variant", "Finch 8B Instruct"), [], "another spelling of the name");
    assert_eq!(said("quant", "Q4_K - Medium"), [], "what the engine prints for Q4_K_M");
    assert_eq!(said("quant", "Q4_K - Small").len(), 1);
    assert_eq!(said("quant", "F16").len(), 1);
}

#[test]
fn contradictions_of_the_card() {
    let driver = |version: &str| rules(&[run("a", json!({ "driver": version }))]);
    assert_eq!(driver("595"), ["contradiction"]);
    assert_eq!(driver("590.48.02"), ["contradiction"]);
    assert_eq!(driver("590.48"), [""; 0]);
}

#[test]
fn unit_slips() {
    let slipped = [
        json!({ "decode_tok_per_s": 120, "tpot_ms": 0.0083 }),
        json!({ "decode_tok_per_s": 120, "output_tokens": 500, "end_to_end_ms": 4.2 }),
        json!({ "prefill_tok_per_s": 4000, "prompt_tokens": 600, "ttft_ms": 0.15 }),
        json!({ "load_s": 40_000 }),
    ];
    for fields in slipped {
        assert!(rules(&one(fields.clone())).contains(&"unit-slip"), "{fields}");
    }
    let right = [
        json!({ "decode_tok_per_s": 120, "tpot_ms": 8.3 }),
        json!({ "decode_tok_per_s": 120, "output_tokens": 500, "end_to_end_ms": 4200 }),
        json!({ "prefill_tok_per_s": 4000, "prompt_tokens": 600, "ttft_ms": 2600 }),
        json!({ "load_s": 3000 }),
    ];
    for fields in right {
        assert_eq!(rules(&one(fields.clone())), [""; 0], "{fields}");
    }
}

#[test]
fn unit_slips_beside_other_runs() {
    let of = |id: &str, rate: f64, accelerator: &str| {
        decode(id, rate, json!({ "backend": { "engine": "llama.cpp", "accelerator": accelerator } }))
    };
    assert_eq!(rules(&[of("a", 0.12, "cuda"), of("b", 120.0, "vulkan")]), ["unit-slip"]);
    assert_eq!(rules(&[of("a", 2.4, "cpu"), of("b", 120.0, "vulkan")]), [""; 0]);
}

#[test]
fn impossible_timers() {
    assert!(
        rules(&one(json!({ "prefill_tok_per_s": 1e6, "decode_tok_per_s": 20 })))
            .contains(&"impossible-timer")
    );
    let repetitions = json!([{ "decode_tok_per_s": 1e6 }, { "decode_tok_per_s": 20 }]);
    assert!(rules(&one_of(repetitions)).contains(&"impossible-timer"));
    assert_eq!(rules(&one(json!({ "ttft_ms": 0.05 }))), ["impossible-timer"]);
    assert_eq!(rules(&one(json!({ "ttft_ms": 5.0 }))), [""; 0]);
}

#[test]
fn derived_ttft() {
    // A CPU report gives TTFT in hundredths of a second; each is the prompt over its prefill rate.
    let repeated = |times: [f64; 3]| {
        let [a, b, c] = [(92.5, 212), (87.3, 213), (89.8, 212)];
        let one = |(rate, tokens): (f64, u32), ms: f64| json!({ "prefill_tok_per_s": rate, "prompt_tokens": tokens, "ttft_ms": ms });
        one_of(json!([one(a, times[0]), one(b, times[1]), one(c, times[2])]))
    };
    assert_eq!(rules(&repeated([2290.0, 2440.0, 2360.0])), ["derived-ttft"]);
    // A measured one has the first decode step too.
    assert_eq!(rules(&repeated([2400.0, 2550.0, 2470.0])), [""; 0]);
    assert_eq!(rules(&repeated([2290.0, 2440.0, 2470.0])), [""; 0], "not all of them");
}

#[test]
fn findings_come_worst_first_and_always_alike() {
    let runs = [
        decode("a", 500.0, json!({ "driver": "595" })),
        decode("b", 120.0, json!({ "power_cap_w": 450, "date": "2026-02" })),
    ];
    let findings = found(&runs);
    let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted() && severities.first() == Some(&Severity::Impossible), "{findings:?}");
    let mut other_way = runs.clone();
    other_way.reverse();
    assert_eq!(found(&other_way), findings);
}

#[test]
fn every_rule_is_named_once_and_documented() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md")).unwrap();
    let documented: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert_eq!(documented, Rule::ALL.map(Rule::id));
}
