//! Benchmarks of servers and of engines under load, against figures that a script worked out without this crate, see
//! `tests/import/serving.py`.

use std::collections::BTreeMap;
use std::fs;

use tokscope::import::{Format, Imported, Known, detect, read};
use tokscope::model::run::{ResultEntry, Statistic, Timing};
use tokscope::model::{Figure, Metric, Point, Positive, Quantity};

use super::{file, files_below, known, root};

/// Every metric and figure of a result by its name; a failed result has the one name `failed`.
fn figures(result: &ResultEntry) -> BTreeMap<String, f64> {
    if result.failed.is_some() {
        assert!(result.figures.is_empty(), "{result:?}");
        return BTreeMap::from([("failed".to_owned(), 1.0)]);
    }
    let metrics = Metric::ALL.into_iter().filter_map(|metric| Some((metric.key(), result.stated(metric)?)));
    let figures = result.figures.iter().map(|(figure, value)| (figure.key(), *value));
    metrics.chain(figures).map(|(name, value)| (name.to_owned(), value.get())).collect()
}

fn results(imported: &Imported) -> Vec<&ResultEntry> {
    imported.runs.iter().flat_map(|run| &run.results).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures/serving").join(name)).unwrap()
}

/// What stands beside a file: of some it has to be told which work they are of.
fn beside(path: &str) -> Known<'static> {
    let without_lengths =
        ["failed.json", "throughput.json", "latency.json"].into_iter().any(|end| path.ends_with(end));
    Known { shape: without_lengths.then_some("talk"), ..known() }
}

fn read_fixture(name: &str) -> Imported {
    read(&fixture(name), &beside(name))
}

/// The only result of a fixture.
fn only(name: &str) -> ResultEntry {
    let imported = read_fixture(name);
    let results = results(&imported);
    assert_eq!(results.len(), 1, "{name}: {:#?}", imported.findings);
    results[0].clone()
}

fn is(found: &BTreeMap<String, f64>, expected: &BTreeMap<String, f64>) -> bool {
    // The script prints nine digits.
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= b.abs() * 2e-8;
    found.keys().eq(expected.keys()) && found.values().zip(expected.values()).all(near)
}

/// Lines of the script: path, and figures by name.
fn expected() -> Vec<(&'static str, BTreeMap<String, f64>)> {
    let pair = |word: &str| {
        let (name, value) = word.split_once('=').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    let line = |line: &'static str| {
        let (path, figures) = line.split_once(' ').unwrap();
        (path, figures.split(' ').map(pair).collect())
    };
    include_str!("serving.txt").lines().map(line).collect()
}

#[test]
fn every_sample_has_the_figures_of_an_independent_script() {
    let mut by_file: BTreeMap<&str, Vec<BTreeMap<String, f64>>> = BTreeMap::new();
    for (path, figures) in expected() {
        by_file.entry(path).or_default().push(figures);
    }
    let mut compared = 0;
    for (path, mut expected) in by_file.into_iter().filter(|(path, _)| !path.ends_with('/')) {
        if path.ends_with(".yaml") && !cfg!(feature = "yaml") {
            continue;
        }
        let Some(bytes) = file(path) else {
            eprintln!("skipped: ../shared is not here");
            continue;
        };
        let imported = read(&bytes, &beside(path));
        for result in results(&imported) {
            let found = figures(result);
            let position = expected.iter().position(|expected| is(&found, expected));
            expected.remove(position.unwrap_or_else(|| panic!("{path}: {found:#?}\n{expected:#?}")));
        }
        assert_eq!(expected, [], "{path}");
        compared += 1;
    }
    assert!(compared >= 10, "{compared}");
}

#[test]
fn folders_of_samples_have_the_sums_of_an_independent_script() {
    for (path, mut expected) in expected().into_iter().filter(|(path, _)| path.ends_with('/')) {
        let folder = root().join("..").join(path);
        if !root().join("../shared").is_dir() {
            eprintln!("skipped: ../shared is not here");
            continue;
        }
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        let files = files_below(&folder);
        for file in &files {
            let imported = read(&fs::read(file).unwrap(), &known());
            assert!(imported.findings.is_empty(), "{}: {:#?}", file.display(), imported.findings);
            for (name, value) in results(&imported).into_iter().flat_map(figures) {
                *sums.entry(name).or_default() += value;
            }
        }
        assert_eq!(expected.remove("files"), Some(files.len() as f64));
        assert!(is(&sums, &expected), "{path}: {sums:#?}\n{expected:#?}");
    }
}

#[test]
fn formats_are_known_by_what_they_hold() {
    for (name, format) in [
        ("vllm_serve.json", Format::VllmServe),
        ("vllm_append.json", Format::VllmServe),
        ("sglang.jsonl", Format::SglangServing),
        ("inferencex.json", Format::InferenceX),
        ("speed_bench.json", Format::SpeedBench),
        ("made_up_vllm_throughput.json", Format::OfflineBench),
        ("made_up_vllm_latency.json", Format::OfflineBench),
        ("made_up_sglang_one_batch.jsonl", Format::OfflineBench),
        ("made_up_trtllm.json", Format::TrtllmBench),
        ("made_up_genai_bench.json", Format::GenaiBench),
        ("made_up_inference_perf.json", Format::InferencePerf),
        ("made_up_llm_d.json", Format::LlmdReport),
    ] {
        assert_eq!(detect(&fixture(name)), Some(format), "{name}");
    }
}

#[test]
fn a_sweep_is_a_list_of_measurements_and_what_varied_is_the_mode() {
    let one: serde_json::Value = serde_json::from_slice(&fixture("vllm_serve.json")).unwrap();
    let mut two = one.clone();
    two["tensor_parallel_size"] = "2".into();
    two["run_number"] = 0.into();
    let imported = read(serde_json::json!([one, two]).to_string().as_bytes(), &known());
    let modes: Vec<&str> = imported.runs.iter().map(|run| run.mode.as_str()).collect();
    assert_eq!(modes, ["tensor_parallel_size=1", "tensor_parallel_size=2"]);
}

#[test]
fn requests_sent_at_once_are_nothing_to_mind() {
    let text = String::from_utf8(fixture("sglang.jsonl")).unwrap();
    let line = text.lines().next().unwrap();
    assert!(line.contains("\"request_rate\": Infinity"));
    assert_eq!(read(line.as_bytes(), &known()).findings, []);
    // Anywhere else it is a figure that is missing.
    let imported =
        read(line.replace("\"duration\": ", "\"duration\": Infinity, \"x\": ").as_bytes(), &known());
    assert_eq!(imported.findings.len(), 1, "{:#?}", imported.findings);
}

#[cfg(feature = "cli")]
#[test]
fn a_misspelt_figure_is_named_with_the_nearest_one() {
    let run = &read_fixture("vllm_serve.json").runs[0];
    let text = tokscope::export::yaml::write_run(run).replace("ttft_p99_ms", "ttft_p98_ms");
    let (_, findings) = tokscope::import::read_run(&text, "run.yaml");
    let words: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(
        words[0].contains("results[0].figures.ttft_p98_ms: found unknown key \"ttft_p98_ms\""),
        "{words:?}"
    );
    assert!(words[0].contains("ttft_p9"), "{words:?}");
}

#[test]
fn what_no_request_measured_is_a_failure_and_no_zero() {
    let imported = read_fixture("vllm_all_failed.json");
    let result = results(&imported)[0];
    assert_eq!(result.failed.as_deref(), Some("all 4 requests failed"));
    assert_eq!(imported.findings.len(), 1);
    let imported = read_fixture("vllm_detailed.json");
    assert_eq!(
        imported.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "neutral:1: failed: found 2 of 8 requests that failed: Internal Server Error, expected requests that finish; \
          the figures are those of the others"
        ]
    );
}

#[test]
fn answers_without_a_token_do_not_pull_the_mean_down() {
    let mut record: serde_json::Value = serde_json::from_slice(&fixture("vllm_serve.json")).unwrap();
    record["mean_ttft_ms"] = 30.0.into();
    record["ttfts"] = serde_json::json!([0.0, 0.03, 0.06]);
    let imported = read(record.to_string().as_bytes(), &known());
    let result = results(&imported)[0];
    assert_eq!(result.ttft_ms.map(Positive::get), Some(45.0));
    assert_eq!(result.published.get(&Metric::Ttft).map(String::as_str), Some("30"));
    assert_eq!(imported.findings[0].problem.field, "mean_ttft_ms");
    // Its percentiles are over the same zeros.
    assert!(!result.figures.contains_key(&Figure::Of(Quantity::Ttft, Point::P99)));
}

#[test]
fn decode_follows_from_the_time_per_token_and_never_from_gaps_in_a_stream() {
    let mut record: serde_json::Value = serde_json::from_slice(&fixture("vllm_serve.json")).unwrap();
    // With speculative decoding a piece of the stream holds several tokens.
    record["mean_itl_ms"] = 45.7.into();
    record["mean_tpot_ms"] = 12.5.into();
    record["spec_decode_acceptance_length"] = 3.25.into();
    let imported = read(record.to_string().as_bytes(), &known());
    assert_eq!(results(&imported)[0].decode_tok_per_s.map(Positive::get), Some(80.0));
    assert_eq!(figures(results(&imported)[0])["accepted_tokens_per_step"], 3.25);
    // Of speculative decoding nothing is a setting: what was set, the file does not say.
    let settings = &imported.runs[0].settings.other;
    assert_eq!(settings.keys().collect::<Vec<_>>(), ["tensor_parallel_size"]);
    record["mean_tpot_ms"] = 0.0.into();
    let imported = read(record.to_string().as_bytes(), &known());
    assert_eq!(results(&imported)[0].decode_tok_per_s, None);
}

#[test]
fn rates_of_all_prompts_and_answers_are_no_rate_of_decoding() {
    let result = only("made_up_vllm_throughput.json");
    let found = figures(&result);
    let expected = [
        ("duration_s", 10.0),
        ("request_per_s", 10.0),
        ("requests", 100.0),
        ("system_total_tok_per_s", 4800.0),
    ];
    assert!(is(&found, &expected.map(|(name, value)| (name.to_owned(), value)).into()), "{found:?}");
    assert_eq!(result.shape, "talk");
    let imported = read(&fixture("made_up_vllm_throughput.json"), &known());
    assert_eq!(imported.findings[0].problem.field, "shape", "{:#?}", imported.findings);
}

#[test]
fn whole_batches_are_repetitions_with_a_spread() {
    let imported = read_fixture("made_up_vllm_latency.json");
    let run = &imported.runs[0];
    assert_eq!((run.backend.engine.as_str(), run.repetitions, run.timing), ("vLLM", Some(3), Timing::Raw));
    let found = figures(&run.results[0]);
    assert_eq!(found["end_to_end_ms"], 2000.0);
    assert!((found["end_to_end_sd_ms"] - 100.0).abs() < 1e-6);
    assert_eq!(found["end_to_end_p99_ms"], 2098.0);
}

#[test]
fn a_batch_is_shared_by_its_requests() {
    let imported = read_fixture("made_up_sglang_one_batch.jsonl");
    assert_eq!(imported.findings, []);
    let of = |shape: &str, concurrency: u16| {
        let results = results(&imported);
        figures(results.iter().find(|one| one.shape == shape && one.concurrency == concurrency).unwrap())
    };
    let eight = of("mixed_1024_16", 8);
    assert_eq!((eight["decode_tok_per_s"], eight["system_decode_tok_per_s"]), (100.0, 800.0));
    assert_eq!((eight["prefill_tok_per_s"], eight["system_prefill_tok_per_s"]), (2500.0, 20_000.0));
    assert_eq!((eight["ttft_ms"], eight["tpot_ms"], eight["end_to_end_ms"]), (409.6, 10.0, 559.6));
    // One name for two rates, told apart by what they are divided by.
    let whole = of("served_1024_16", 4);
    assert!(whole.contains_key("system_output_tok_per_s") && !whole.contains_key("system_decode_tok_per_s"));
    let after = of("served_1024_128", 4);
    assert_eq!((after["system_decode_tok_per_s"], after["ttft_max_ms"]), (512.0, 500.0));
    assert!(!after.contains_key("accepted_tokens_per_step") && !after.contains_key("ttft_ms"));
    let offline = of("mixed_1024_128", 1);
    assert_eq!((offline["system_output_tok_per_s"], offline["requests"]), (1024.0, 64.0));
}

#[test]
fn trtllm_says_most_of_all() {
    let imported = read_fixture("made_up_trtllm.json");
    assert_eq!(imported.findings, []);
    let run = &imported.runs[0];
    assert_eq!(
        (run.backend.engine.as_str(), run.backend.build.as_deref(), run.quant.as_str()),
        ("TensorRT-LLM", Some("1.1.0"), "FP8")
    );
    assert_eq!((run.backend.accelerator.slug(), run.settings.kv_type.as_deref()), ("cuda", Some("FP8")));
    let found = figures(&run.results[0]);
    for (name, value) in [
        ("ttft_ms", 134.0),
        ("tpot_ms", 8.0),
        ("decode_tok_per_s", 125.5),
        ("output_tok_per_s", 111.4),
        ("end_to_end_ms", 1158.0),
        ("decode_p99_tok_per_s", 142.0),
        ("ttft_min_ms", 40.0),
        ("system_output_tok_per_s", 10_750.0),
        ("duration_s", 12.0),
        ("mean_concurrency", 96.5),
    ] {
        assert_eq!(found[name], value, "{name}");
    }
}

#[test]
fn times_per_token_that_count_the_first_are_put_right_or_left_out() {
    let mut record: serde_json::Value = serde_json::from_slice(&fixture("made_up_genai_bench.json")).unwrap();
    let after_first = only("made_up_genai_bench.json");
    assert_eq!(after_first.tpot_ms.map(Positive::get), Some(20.0));
    // The same requests as an earlier version states them: 2000 ms by 101 tokens.
    let stats = &mut record["aggregated_metrics"]["stats"];
    for point in ["mean", "p50", "p99", "min", "max", "stddev"] {
        stats["tpot"][point] = (stats["tpot"][point].as_f64().unwrap() * 100.0 / 101.0).into();
        stats["output_inference_speed"][point] =
            (stats["output_inference_speed"][point].as_f64().unwrap() * 101.0 / 100.0).into();
    }
    let imported = read(record.to_string().as_bytes(), &known());
    let by_all = results(&imported)[0];
    assert!(is(&figures(by_all), &figures(&after_first)), "{by_all:#?}");
    assert!(by_all.note.is_some() && after_first.note.is_none());
    // With answers of different lengths nothing can be put right.
    record["aggregated_metrics"]["stats"]["num_output_tokens"]["min"] = 50.into();
    record["individual_request_metrics"] =
        serde_json::json!([{ "output_latency": 2.0, "tpot": 0.02, "num_output_tokens": 100 }]);
    let imported = read(record.to_string().as_bytes(), &known());
    assert_eq!((results(&imported)[0].tpot_ms, results(&imported)[0].decode_tok_per_s), (None, None));
    assert!(imported.findings.iter().any(|finding| finding.problem.field == "tpot"));
}

#[test]
fn a_report_says_who_answered() {
    let imported = read_fixture("made_up_llm_d.json");
    let run = &imported.runs[0];
    assert_eq!(
        (run.backend.engine.as_str(), run.backend.build.as_deref()),
        ("vLLM", Some("vllm-openai:v0.11.0"))
    );
    assert_eq!((run.date.as_str(), run.model.as_str()), ("2026-03-01T10:00Z", "unlisted/qwen3-0.6b"));
    assert_eq!(
        (run.results[0].concurrency, run.settings.other.get("tp").map(String::as_str)),
        (8, Some("2"))
    );
    let mut record: serde_json::Value = serde_json::from_slice(&fixture("made_up_llm_d.json")).unwrap();
    record["results"]["request_performance"]["aggregate"]["latency"]["time_to_first_token"]["units"] =
        "min".into();
    let imported = read(record.to_string().as_bytes(), &known());
    assert_eq!(results(&imported)[0].ttft_ms, None);
    assert!(imported.findings.iter().any(|finding| finding.problem.field == "time_to_first_token"));
}

#[test]
fn medians_alone_make_a_median() {
    let mut record: serde_json::Value = serde_json::from_slice(&fixture("vllm_serve.json")).unwrap();
    let fields = record.as_object_mut().unwrap();
    fields.retain(|name, _| !(name.ends_with("_ms") || name == "latencies"));
    for (name, seconds) in
        [("median_ttft", 0.26), ("p99_ttft", 0.5), ("median_tpot", 0.02), ("median_e2el", 3.0)]
    {
        fields.insert(name.to_owned(), seconds.into());
    }
    let imported = read(record.to_string().as_bytes(), &known());
    assert_eq!(imported.runs[0].statistic, Statistic::Median);
    let found = figures(results(&imported)[0]);
    assert_eq!((found["ttft_ms"], found["ttft_p99_ms"], found["tpot_ms"]), (260.0, 500.0, 20.0));
    assert_eq!((found["decode_tok_per_s"], found["end_to_end_ms"]), (50.0, 3000.0));
}

#[test]
fn nothing_private_is_kept() {
    for (name, bytes) in super::fixtures() {
        let imported = format!("{:?}", read(&bytes, &known()));
        for private in ["GENERATED WORDS", "/home/", "SECRET", "10.1.2.3", "someone"] {
            assert!(!imported.contains(private), "{name} keeps {private}");
        }
    }
}

#[test]
fn what_a_file_does_not_say_is_asked_for() {
    let nothing = Known { file: "f", source: "notes", hardware: Some("desk"), ..Known::default() };
    let asked = |name: &str| -> Vec<String> {
        let imported = read(&fixture(name), &nothing);
        assert_eq!(imported.runs, []);
        let fields = imported.findings.iter().map(|finding| finding.problem.field.clone());
        let mut fields: Vec<String> = fields.filter(|field| !field.is_empty()).collect();
        fields.sort();
        fields
    };
    assert_eq!(asked("vllm_serve.json"), ["backend", "engine", "model"]);
    // Of two loads, of which each had another number in flight.
    assert_eq!(
        asked("vllm_append.json"),
        ["backend", "concurrency", "concurrency", "engine", "model", "quant"]
    );
    assert_eq!(asked("sglang.jsonl"), ["backend", "date", "engine", "failed", "model", "quant"]);
    assert_eq!(asked("inferencex.json"), ["backend", "date", "model"]);
    assert_eq!(asked("made_up_trtllm.json"), ["concurrency", "date", "model"]);
    assert_eq!(
        asked("made_up_vllm_latency.json"),
        ["backend", "concurrency", "date", "model", "quant", "shape"]
    );
    assert_eq!(asked("made_up_llm_d.json"), ["failed", "model", "quant"]);
}
