//! A run of `llama-bench` as its user makes it: prefill and decode, five repetitions each, of a published model.

use serde_json::{Value, json};

/// Rates of five repetitions.
type Rates = [f64; 5];

/// `llama-bench -m llama-2-7b.Q4_0.gguf -p 512 -n 128 -o jsonl` on a machine that nobody has.
pub(crate) fn llama_run(prefill: Rates, decode: Rates) -> String {
    format!("{}\n{}\n", record(512, 0, prefill), record(0, 128, decode))
}

/// Five rates around a mean, with a sample deviation of so many per cent of it.
pub(crate) fn around(mean: f64, per_cent: f64) -> Rates {
    // These have a sample deviation of 1.
    [-1.264_911, -0.632_456, 0.0, 0.632_456, 1.264_911].map(|offset| mean * (1.0 + offset * per_cent / 100.0))
}

fn record(prompt: u32, output: u32, rates: Rates) -> Value {
    let tokens = f64::from(prompt + output);
    let samples_ns = rates.map(|rate| (tokens / rate * 1e9).round());
    let samples_ts = samples_ns.map(|ns| tokens / (ns / 1e9));
    let mean = samples_ts.iter().sum::<f64>() / 5.0;
    let deviation = (samples_ts.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / 4.0).sqrt();
    json!({
        "build_commit": "abcdef12", "build_number": 9002, "cpu_info": "Invented CPU", "gpu_info": "Invented iGPU",
        "backends": "Vulkan", "model_filename": "models/Llama-2-7B-Q4_0.gguf", "model_type": "llama 7B Q4_0",
        "model_size": 3_825_807_360_u64, "model_n_params": 6_738_415_616_u64, "n_batch": 2048, "n_ubatch": 512,
        "n_threads": 16, "type_k": "f16", "type_v": "f16", "n_gpu_layers": 99, "flash_attn": false,
        "n_prompt": prompt, "n_gen": output, "n_depth": 0, "test_time": "2026-11-02T10:00:00Z",
        "avg_ns": samples_ns.iter().sum::<f64>() / 5.0, "stddev_ns": 1000, "avg_ts": mean, "stddev_ts": deviation,
        "samples_ns": samples_ns, "samples_ts": samples_ts,
    })
}
