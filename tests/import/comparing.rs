//! What `tokscope compare` says beside its table: what differs, what is compared, what cannot be judged.

use serde_json::Value;

use super::command::{text, tokscope};
use super::fixture;
use super::folder::Folder;

/// A record of `llama-bench` on a machine.
fn record(gpu: &str, model: &str, prompt: u32) -> String {
    let ns: Vec<u64> = [0.99, 1.0, 1.01, 1.0, 1.0].iter().map(|scatter| (1.28e9 * scatter) as u64).collect();
    let mean = ns.iter().map(|ns| f64::from(prompt) * 1e9 / *ns as f64).sum::<f64>() / 5.0;
    serde_json::json!({
        "build_commit": "abc", "build_number": 9000, "backends": "CUDA", "gpu_info": gpu, "cpu_info": "Some CPU-12",
        "model_filename": model, "n_prompt": prompt, "n_gen": 0, "test_time": "2026-05-01T00:00:00Z",
        "avg_ts": mean, "samples_ns": ns,
    })
    .to_string()
        + "\n"
}

/// The output of a comparison without a data folder, and its exit code.
fn compare(a: &str, b: &str, more: &[&str]) -> (String, Option<i32>) {
    let output = tokscope(&[&["compare", a, b, "--data", "none"], more].concat());
    (format!("{}{}", text(&output.stdout), text(&output.stderr)), output.status.code())
}

#[test]
fn what_files_print_of_their_machines_differs() {
    let folder = Folder::new();
    let [a, b] =
        ["RTX 4090", "RTX 3060"].map(|gpu| folder.file(gpu, record(gpu, "m-Q4_K_M.gguf", 512).as_bytes()));
    let (said, code) = compare(&a, &b, &[]);
    assert_eq!(code, Some(0), "{said}");
    let line = "Hardware: A RTX 4090, Some CPU-12, B RTX 3060, Some CPU-12 (may explain: all)\n";
    assert!(said.contains(line) && !said.contains("Nothing else differs"), "{said}");
    let (same, _) = compare(&a, &a, &[]);
    assert!(same.contains("Nothing else differs that is stated.\n"), "{same}");
    // A side that prints nothing of its machine does not state it.
    let unnamed =
        folder.file("unnamed", record("", "m-Q4_K_M.gguf", 512).replace("Some CPU-12", "").as_bytes());
    let (said, _) = compare(&a, &unnamed, &[]);
    assert!(said.contains("Hardware: A RTX 4090, Some CPU-12, B not stated (may explain: all)\n"), "{said}");
}

#[test]
fn which_of_several_configurations_is_compared_is_said() {
    let folder = Folder::new();
    let [first, second] = ["RTX 4090", "RTX 3060"].map(|gpu| record(gpu, "m-Q4_K_M.gguf", 512));
    let both = folder.file("both", format!("{first}{second}").as_bytes());
    let one = folder.file("one", second.as_bytes());
    let (said, _) = compare(&both, &one, &[]);
    let line = "A holds 2 configurations: compared with the other side is RTX 3060, Some CPU-12, and not RTX 4090, Some CPU-12\n\
                only in A: RTX 4090, Some CPU-12 · pp512\n";
    assert!(said.contains(line), "{said}");
    let (said, _) = compare(&one, &both, &[]);
    assert!(said.contains("\nB holds 2 configurations: "), "{said}");
    // Where each has its partner there is nothing to say.
    let (said, _) = compare(&both, &both, &[]);
    assert!(!said.contains("holds"), "{said}");
}

#[test]
fn what_cannot_be_judged_is_counted_and_why_is_said() {
    let folder = Folder::new();
    let table = folder.file("table.md", &fixture("bench.md"));
    let (said, code) = compare(&table, &table, &["--fail-below", "0.97"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("not known: nobody says how many repetitions are behind a ±"), "{said}");
    assert!(said.contains("\n--repetitions COUNT says how many repetitions are behind each ±\n"), "{said}");
    let silent = said.matches("  not known: ").count();
    let last = format!("\nbelow 0.97 and real: 0 of {silent}, {silent} not known\n");
    assert!(silent > 4 && said.ends_with(&last), "{said}");
    let (told, _) = compare(&table, &table, &["--repetitions", "5"]);
    assert!(!told.contains("nobody says") && !told.contains("--repetitions"), "{told}");

    let [first, second] = [512, 1024].map(|prompt| record("GPU", "m-Q4_K_M.gguf", prompt));
    let (whole, part) =
        (folder.file("whole", format!("{first}{second}").as_bytes()), folder.file("part", first.as_bytes()));
    let (said, code) = compare(&whole, &part, &["--fail-below", "0.97"]);
    assert_eq!(code, Some(1), "{said}");
    let last = "below 0.97 and real: 0 of 1; 1 result of A missing in B, which fails too\n";
    assert!(said.ends_with(last), "{said}");
}

#[test]
fn sides_that_share_nothing_say_what_they_have() {
    let folder = Folder::new();
    let all: String = (1..8).map(|prompt| record("GPU", "m-Q4_K_M.gguf", prompt)).collect();
    let (a, b) = (folder.file("a", all.as_bytes()), folder.file("b", record("GPU", "m", 512).as_bytes()));
    let (said, code) = compare(&a, &b, &[]);
    assert_eq!(code, Some(2), "{said}");
    let of_a = "a has pp1 at concurrency 1, pp2 at concurrency 1, pp3 at concurrency 1, pp4 at concurrency 1, pp5 at concurrency 1 and 2 more; ";
    assert!(said.contains(of_a) && said.ends_with("b has pp512 at concurrency 1\n"), "{said}");
}

#[test]
fn a_share_is_a_ratio_and_no_percentage() {
    let folder = Folder::new();
    let file = folder.file("a", record("GPU", "m", 512).as_bytes());
    for share in ["97", "2.01", "0", "-1", "NaN", "inf", "97%", ""] {
        let (said, code) = compare(&file, &file, &[&format!("--fail-below={share}")]);
        assert_eq!(code, Some(2), "{share}: {said}");
        assert!(share.is_empty() || said.contains("such as 0.97"), "{share}: {said}");
    }
    for share in ["0.97", "1", "1.05"] {
        assert_eq!(compare(&file, &file, &["--fail-below", share]).1, Some(0), "{share}");
    }
}

#[test]
fn a_table_that_no_tool_wrote_is_named_as_import_names_it() {
    let folder = Folder::new();
    let table = folder.file("own.csv", b"Model,Quant,Prompt (t/s),Gen (t/s)\nm,Q4_K_M,9876.5,145.7\n");
    let (said, code) = compare(&table, &table, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("found a table that no known tool wrote, expected run files made of it"), "{said}");
    assert!(said.contains("`tokscope import`") && !said.contains("nothing that is known"), "{said}");
}

/// At a rate of requests nobody counts those in flight: 1 would be a figure that nobody stated.
#[test]
fn results_at_rates_of_requests_have_no_concurrency() {
    let folder = Folder::new();
    let record = |rate: f64| {
        let ttft = 50.0 + rate;
        format!(
            "{{\"random_range_ratio\": 1.0, \"completed\": 100, \"total_input_tokens\": 51200, \"total_output_tokens\": 12800, \
             \"duration\": 50.0, \"output_throughput\": 256.0, \"request_rate\": {rate}, \"max_concurrency\": null, \
             \"mean_ttft_ms\": {ttft}, \"median_ttft_ms\": {ttft}, \"mean_e2e_latency_ms\": 2000.0}}\n"
        )
    };
    let both = folder.file("both", format!("{}{}", record(1.0), record(16.0)).as_bytes());
    let fast = folder.file("fast", record(16.0).as_bytes());
    let (said, code) = compare(&both, &fast, &["--format", "json"]);
    assert_eq!(code, Some(0), "{said}");
    let value: Value = serde_json::from_str(&said).unwrap();
    let pairs = value["pairs"].as_array().unwrap();
    assert!(!pairs.is_empty() && pairs.iter().all(|pair| pair["concurrency"].is_null()), "{said}");
    assert!(pairs.iter().all(|pair| pair["ratio"] == 1.0), "the rates are the same: {said}");
    let (said, _) = compare(&both, &fast, &[]);
    assert!(said.contains(" — ") && !said.contains("65535"), "{said}");
}
