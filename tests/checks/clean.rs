//! Results that obey physics, with noise: no rule minds any of them.

use serde_json::{Value, json};
use tokscope::checks::{Finding, findings};

use super::made::index_of;

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every machine.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()) / 4_294_967_296.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, end: usize) -> usize {
        (0..end).rev().find(|_| self.unit() < 1.0 / 3.0).unwrap_or(0)
    }

    /// About ±1 %, as repetitions differ.
    fn noise(&mut self) -> f64 {
        1.0 + (self.unit() + self.unit() + self.unit() - 1.5) * 0.013
    }
}

/// As a source prints: one decimal for rates, whole milliseconds.
fn printed(value: f64, decimals: f64) -> Value {
    json!((value * decimals).round() / decimals)
}

/// Name, total and active parameters.
const MODELS: [(&str, f64, f64); 6] = [
    ("350m", 0.35, 0.35),
    ("8b", 8.0, 8.0),
    ("70b", 70.0, 70.0),
    ("30b-a3b", 30.0, 3.0),
    ("106b-a12b", 106.0, 12.0),
    ("8b-a1b", 8.3, 1.5),
];
/// Name and bits per weight.
const QUANTS: [(&str, f64); 4] = [("Q2_K", 2.625), ("Q4_K_M", 4.5), ("Q6_K", 6.5625), ("Q8_0", 8.5)];
struct Rig {
    id: &'static str,
    gb_per_s: f64,
    tflop_per_s: f64,
    memory_gib: f64,
    unified: bool,
    cap_w: Option<u32>,
}

const RIGS: [Rig; 3] = [
    Rig {
        id: "card",
        gb_per_s: 936.0,
        tflop_per_s: 65.4,
        memory_gib: 96.0,
        unified: false,
        cap_w: Some(350),
    },
    Rig { id: "shared", gb_per_s: 256.0, tflop_per_s: 30.0, memory_gib: 128.0, unified: true, cap_w: None },
    Rig {
        id: "big",
        gb_per_s: 3350.0,
        tflop_per_s: 700.0,
        memory_gib: 80.0,
        unified: false,
        cap_w: Some(700),
    },
];
/// Name, prompt tokens, output tokens.
const SHAPES: [(&str, u32, u32); 4] =
    [("chat", 32, 100), ("rag", 780, 200), ("codegen", 65, 900), ("agent", 600, 500)];

fn catalog() -> Value {
    let variants =
        MODELS.map(|(id, total, active)| json!({ "id": id, "name": id, "total_params_b": total, "active_params_b": active }));
    let quants = QUANTS.map(
        |(id, bits)| json!({ "id": id, "bits_per_weight": bits, "about": "made up", "source": "made up" }),
    );
    let rigs = RIGS.map(|rig| {
        let mut card = json!({
            "id": rig.id, "name": rig.id, "short": rig.id, "gpu": rig.id, "memory_gib": rig.memory_gib,
            "unified_memory": rig.unified, "memory_bandwidth_gb_per_s": rig.gb_per_s, "driver": "590.48.01",
            "backends": ["llama.cpp b1 (cuda)", "llama.cpp b1 (vulkan)", "llama.cpp b2 (cuda)"],
            "story": "made up", "sources": ["here"],
        });
        if let Some(cap) = rig.cap_w {
            card["power_cap_w"] = json!(cap);
            card["probes"] = json!([{
                "power_cap_w": cap, "copy_gb_per_s": rig.gb_per_s / 2.4,
                "fp16_tflop_per_s": rig.tflop_per_s, "bf16_tflop_per_s": rig.tflop_per_s,
            }]);
        }
        card
    });
    let shapes = SHAPES.map(|(id, prompt, output)| {
        json!({ "id": id, "label": id, "served": true, "about": "made up", "prompt_tokens_max": prompt, "output_tokens_max": output })
    });
    json!({
        "families": [{ "id": "m", "name": "M", "released": "2026-01", "released_source": "made up", "variants": variants }],
        "quants": quants, "hardware": rigs, "shapes": shapes, "glossary": [], "campaign": [],
        "sources": [{ "id": "here", "name": "made up", "date": "2026-01", "licence": "none" }],
    })
}

/// What a stack makes of a rig: shares of bandwidth and of arithmetic that it reaches.
struct Stack {
    rig: usize,
    build: &'static str,
    accelerator: &'static str,
    of_bandwidth: f64,
    of_arithmetic: f64,
    overhead_ms: f64,
    /// What a request loses when others are computed with it: 0 nothing, 1 all but its share.
    sharing: f64,
}

/// Speeds of one model on one stack: of a single request with a short context.
struct Speed {
    decode: f64,
    prefill: f64,
    overhead_ms: f64,
    sharing: f64,
}

impl Speed {
    /// Decode rate, prefill rate and TTFT of one measurement.
    fn measured(&self, random: &mut Random, prompt: f64, requests: f64) -> [f64; 3] {
        let decode = self.decode * requests.powf(-self.sharing) * (1.0 - prompt / 40_000.0) * random.noise();
        // Short prompts do not fill the machine.
        let prefill = self.prefill * prompt / (prompt + 150.0) * random.noise();
        let overhead = self.overhead_ms * random.noise() + 1000.0 / decode;
        [decode, prefill, prompt / prefill * 1000.0 * requests + overhead]
    }
}

/// Results at every shape and some concurrencies.
fn results(random: &mut Random, speed: &Speed, repeated: bool) -> Vec<Value> {
    let mut results = Vec::new();
    for (shape, prompt, output) in SHAPES {
        for concurrency in [1_u32, 4, 16].into_iter().take(1 + random.below(3)) {
            let mut result = json!({ "shape": shape, "concurrency": concurrency });
            let mut measured = || speed.measured(random, f64::from(prompt), f64::from(concurrency));
            if repeated {
                let one = |[decode, prefill, ttft]: [f64; 3]| {
                    json!({
                        "decode_tok_per_s": printed(decode, 100.0), "prefill_tok_per_s": printed(prefill, 100.0),
                        "ttft_ms": printed(ttft, 10.0), "prompt_tokens": prompt, "output_tokens": output,
                    })
                };
                result["repetitions"] = json!([one(measured()), one(measured()), one(measured())]);
                results.push(result);
                continue;
            }
            let [decode, prefill, ttft] = measured();
            let whole = ttft + f64::from(output - 1) / decode * 1000.0;
            let figures = json!({
                "prompt_tokens": prompt, "output_tokens": output, "load_s": 10,
                "decode_tok_per_s": printed(decode, 10.0), "prefill_tok_per_s": printed(prefill, 10.0),
                "ttft_ms": printed(ttft, 10.0), "tpot_ms": printed(1000.0 / decode, 10.0),
                "end_to_end_ms": printed(whole, 1.0),
                "output_tok_per_s": printed(f64::from(output) / whole * 1000.0, 10.0),
            });
            result.as_object_mut().unwrap().extend(figures.as_object().unwrap().clone());
            results.push(result);
        }
    }
    results
}

/// A run of a model and quant on a stack; `None` where the weights do not fit.
fn run(random: &mut Random, stack: &Stack, (model, quant): (usize, usize), number: usize) -> Option<Value> {
    let rig = &RIGS[stack.rig];
    let (id, total, active) = MODELS[model];
    let (quant, bits) = QUANTS[quant];
    // A file is a little larger than its main block type makes it.
    let size_gib = total * bits / 8.0 * random.between(1.02, 1.1) / 1.073_741_824;
    if size_gib > rig.memory_gib {
        return None;
    }
    let sparse = if active < total { 0.6 } else { 1.0 };
    let gb = size_gib * 1.073_741_824 * active / total;
    let speed = Speed {
        decode: rig.gb_per_s * stack.of_bandwidth * sparse / (gb + rig.gb_per_s * 0.0002),
        prefill: rig.tflop_per_s * 1000.0 * stack.of_arithmetic / (2.0 * active),
        overhead_ms: stack.overhead_ms,
        sharing: stack.sharing,
    };
    let repeated = random.unit() < 0.3;
    let mut run = json!({
        "schema": 1, "id": format!("run-{number}"), "date": format!("2026-01-{:02}", 1 + number % 28),
        "model": format!("m/{id}"), "quant": quant, "hardware": rig.id, "driver": "590.48",
        "backend": { "engine": "llama.cpp", "build": stack.build, "accelerator": stack.accelerator },
        "timing": "served", "statistic": if repeated { "mean" } else { "single" }, "sources": [{ "id": "here" }],
        "results": results(random, &speed, repeated),
    });
    if let Some(cap) = rig.cap_w {
        run["power_cap_w"] = json!(cap);
    }
    if random.unit() < 0.5 && size_gib >= 2.0 {
        run["file_size_gib"] = json!(size_gib.round());
        run["file_size_approximate"] = json!(true);
    } else if random.unit() < 0.7 {
        run["file_size_gib"] = printed(size_gib, 100.0);
    }
    Some(run)
}

/// Runs of every model and quant that fits, on every stack, some of them twice.
fn campaign(random: &mut Random) -> Vec<Value> {
    let mut runs = Vec::new();
    for rig in 0..RIGS.len() {
        for (build, accelerator) in [("b1", "cuda"), ("b1", "vulkan"), ("b2", "cuda")] {
            let stack = Stack {
                rig,
                build,
                accelerator,
                of_bandwidth: random.between(0.6, 0.92),
                of_arithmetic: random.between(0.25, 0.75),
                overhead_ms: random.between(6.0, 30.0),
                sharing: random.between(0.0, 0.4),
            };
            for model in 0..MODELS.len() {
                for quant in 0..QUANTS.len() {
                    for _ in 0..=random.below(2) {
                        runs.extend(run(random, &stack, (model, quant), runs.len()));
                    }
                }
            }
        }
    }
    runs
}

/// What the rules find in some runs, and how many results there are.
fn found(runs: &[Value]) -> (Vec<String>, usize) {
    let index = index_of(catalog(), runs);
    let named = |f: &Finding| format!("{} {}: {f}", f.rule.id(), index.runs.id[f.runs[0]]);
    (findings(&index).iter().map(named).collect(), index.result_count())
}

#[test]
fn results_that_obey_physics_are_left_alone() {
    let mut all = 0;
    for seed in 1..=8 {
        let (found, results) = found(&campaign(&mut Random(seed)));
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
        all += results;
    }
    assert!(all > 10_000, "{all}");
}

/// Multiplies a figure of the first chat at concurrency 1 that states it, in a dense model's run.
fn damage(runs: &mut [Value], metric: &str, factor: f64) {
    let of_run = |run: &&mut Value| run["model"] == "m/8b" && run["results"][0][metric].is_number();
    let run = runs.iter_mut().find(of_run).unwrap();
    let figure = &mut run["results"][0][metric];
    *figure = json!(figure.as_f64().unwrap() * factor);
}

#[test]
fn one_wrong_figure_among_them_is_found() {
    for seed in 1..=4 {
        let mut clean = campaign(&mut Random(seed));
        clean.truncate(60);
        for (metric, factor, rule) in [
            ("decode_tok_per_s", 3.0, "bandwidth-limit"),
            ("prefill_tok_per_s", 40.0, "cached-prompt"),
            ("tpot_ms", 0.001, "unit-slip"),
            ("end_to_end_ms", 1000.0, "unit-slip"),
            ("ttft_ms", 1e-4, "impossible-timer"),
        ] {
            let mut runs = clean.clone();
            damage(&mut runs, metric, factor);
            let (found, _) = found(&runs);
            assert!(found.iter().any(|f| f.starts_with(rule)), "seed {seed}, {metric}: {found:?}");
        }
    }
}
