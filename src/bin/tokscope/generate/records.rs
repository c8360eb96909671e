//! What `llama-bench -o jsonl` would write of machines that nobody has.

use std::io::{self, Write};

use super::random::Random;

/// Repetitions of each record.
const REPETITIONS: usize = 10;

/// Depths at which each model is tested, before another setting is tried.
const DEPTHS: usize = 250;

/// Writes so many records, one a line; their figures are invented.
pub(super) fn write(records: usize, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let mut random = Random::new(seed);
    for number in 0..records {
        let (campaign, cell) = (number / (2 * DEPTHS), number % (2 * DEPTHS));
        let (depth, generates) = (cell / 2 * 512, cell % 2 == 1);
        let (prompt, output) = if generates { (0, 128) } else { (512, 0) };
        let base = if generates { 40.0 } else { 900.0 } * (0.5 + random.unit());
        let ns: Vec<u64> = (0..REPETITIONS)
            .map(|_| {
                let rate = base * (0.99 + 0.02 * random.unit());
                // Whole nanoseconds, as the tool counts them.
                (f64::from(prompt + output) * 1e9 / rate) as u64
            })
            .collect();
        let rates: Vec<f64> = ns.iter().map(|&ns| f64::from(prompt + output) * 1e9 / ns as f64).collect();
        let count = REPETITIONS as f64;
        let mean = rates.iter().sum::<f64>() / count;
        let squares: f64 = rates.iter().map(|rate| (rate - mean).powi(2)).sum();
        let list = |items: Vec<String>| items.join(", ");
        writeln!(
            out,
            "{{\"build_commit\": \"0c1e57098\", \"build_number\": {build}, \"cpu_info\": \"Invented CPU\", \"gpu_info\": \
             \"Invented GPU\", \"backends\": \"Vulkan\", \"model_filename\": \"models/Invented-{size}B-Q4_K_M.gguf\", \
             \"model_type\": \"invented {size}B Q4_K - Medium\", \"model_size\": {bytes}, \"model_n_params\": {params}, \
             \"n_batch\": 2048, \"n_ubatch\": 512, \"n_threads\": 16, \"cpu_mask\": \"0x0\", \"cpu_strict\": false, \
             \"poll\": 50, \"type_k\": \"f16\", \"type_v\": \"f16\", \"n_gpu_layers\": 99, \"n_cpu_moe\": 0, \
             \"split_mode\": \"layer\", \"main_gpu\": 0, \"no_kv_offload\": false, \"flash_attn\": 1, \"devices\": \"auto\", \
             \"tensor_split\": \"0.00\", \"tensor_buft_overrides\": \"none\", \"use_mmap\": true, \"embeddings\": false, \
             \"no_op_offload\": 0, \"n_prompt\": {prompt}, \"n_gen\": {output}, \"n_depth\": {depth}, \
             \"test_time\": \"2026-05-16T10:00:00Z\", \"avg_ns\": {avg_ns}, \"stddev_ns\": 0, \"avg_ts\": {mean:.6}, \
             \"stddev_ts\": {deviation:.6}, \"samples_ns\": [{ns}],\"samples_ts\": [{ts}]}}",
            build = 9000 + campaign / 40,
            size = campaign % 40 + 1,
            bytes = (campaign as u64 % 40 + 1) * 611_000_000,
            params = (campaign as u64 % 40 + 1) * 1_000_000_000,
            avg_ns = ns.iter().sum::<u64>() / REPETITIONS as u64,
            deviation = (squares / (count - 1.0)).sqrt(),
            ns = list(ns.iter().map(u64::to_string).collect()),
            ts = list(rates.iter().map(|rate| six_digits(*rate)).collect()),
        )?;
    }
    Ok(())
}

/// As the tool prints samples: six digits that count.
fn six_digits(rate: f64) -> String {
    let decimals = if rate >= 1000.0 {
        2
    } else if rate >= 100.0 {
        3
    } else {
        4
    };
    format!("{rate:.decimals$}")
}
