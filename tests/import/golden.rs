//! Every sample against counts that a script made without this crate, see `tests/import/count.py`.

use tokscope::import::{Format, Known, detect, read};
use tokscope::model::run::{Repetition, ResultEntry, Run, Timing};
use tokscope::model::{Metric, Positive};

use super::{date, file, fixture, known};

/// Counts of a file: results, prefill, decode, mixed, repetitions, runs.
type Counts = [usize; 6];

fn has(result: &ResultEntry, metric: Metric) -> bool {
    result.stated(metric).is_some() || result.repetitions.iter().any(|one| one.value(metric).is_some())
}

fn counts(runs: &[Run]) -> Counts {
    let results: Vec<&ResultEntry> = runs.iter().flat_map(|run| &run.results).collect();
    let count = |is: &dyn Fn(&ResultEntry) -> bool| results.iter().filter(|result| is(result)).count();
    [
        results.len(),
        count(&|result| has(result, Metric::Prefill)),
        count(&|result| has(result, Metric::Decode)),
        count(&|result| has(result, Metric::Output)),
        results.iter().map(|result| result.repetitions.len()).sum(),
        runs.len(),
    ]
}

/// The rates as the tools state them: of all requests together, and of all tokens of a mixed test.
fn rates(run: &Run, result: &ResultEntry) -> f64 {
    let of = |metric: Metric| -> f64 {
        let values: Vec<f64> =
            result.repetitions.iter().filter_map(|one| one.value(metric)).map(Positive::get).collect();
        match (result.stated(metric), values.len()) {
            (Some(value), _) => value.get(),
            (None, 0) => 0.0,
            (None, _) if run.timing == Timing::Served => values.iter().sum(),
            (None, count) => values.iter().sum::<f64>() / count as f64,
        }
    };
    if let Some(output) = result.output_tok_per_s {
        let (prompt, tokens) =
            (f64::from(result.prompt_tokens.unwrap()), f64::from(result.output_tokens.unwrap()));
        return output.get() * (prompt + tokens) / tokens;
    }
    if run.timing == Timing::Served {
        return of(Metric::Decode);
    }
    let requests = f64::from(result.concurrency);
    let is_shared = run.settings.other.contains_key("is_pp_shared");
    of(Metric::Decode) * requests + of(Metric::Prefill) * if is_shared { 1.0 } else { requests }
}

#[test]
fn every_sample_has_the_counts_of_an_independent_script() {
    let mut compared = 0;
    for line in include_str!("counts.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let Some(bytes) = file(words[0]) else {
            eprintln!("skipped: ../shared is not here");
            continue;
        };
        let expected: Vec<usize> = words[1..7].iter().map(|count| count.parse().unwrap()).collect();
        let imported = read(&bytes, &known());
        assert_eq!(counts(&imported.runs).to_vec(), expected, "{line}");
        assert_eq!(detect(&bytes).is_some(), expected[0] > 0, "{line}");
        let findings = usize::from(expected[0] == 0 || words[0].contains("truncated"));
        // One file has tables that people arranged, with summaries of other tables among them.
        if words[0].ends_with("visorcraft_BENCHMARKS.md") {
            assert!(imported.findings.iter().all(|finding| finding.problem.field == "t/s"));
        } else {
            assert_eq!(imported.findings.len(), findings, "{line}: {:#?}", imported.findings);
        }
        let total: f64 = imported
            .runs
            .iter()
            .flat_map(|run| run.results.iter().map(move |result| rates(run, result)))
            .sum();
        let expected: f64 = words[7].parse().unwrap();
        // Six decimals are kept of each rate, and three of the sum.
        assert!((total - expected).abs() < 1e-3 + expected * 1e-7, "{line}: {total}");
        compared += 1;
    }
    assert!(compared >= 13, "{compared}");
}

#[test]
fn formats_are_known_by_what_they_hold() {
    for (name, format) in [
        ("multi_param.jsonl", Format::LlamaBenchJson),
        ("truncated.json", Format::LlamaBenchJson),
        ("bench.csv", Format::LlamaBenchCsv),
        ("bench.sql", Format::LlamaBenchSql),
        ("bench.md", Format::LlamaBenchTable),
        ("batched.jsonl", Format::BatchedBenchJson),
        ("batched.md", Format::BatchedBenchTable),
        ("chat.json", Format::ServerTimings),
        ("chat_stream.sse", Format::ServerTimings),
    ] {
        assert_eq!(detect(&fixture(name)), Some(format), "{name}");
    }
    let report = include_bytes!("../fixtures/reports/by-backend.md");
    assert_eq!(detect(report), Some(Format::Report));
    assert_eq!((detect(b""), detect(b"{}"), detect(b"| a |\n|---|\n| 1 |\n")), (None, None, None));
}

#[test]
fn a_table_and_json_of_one_run_agree() {
    let table = read(&fixture("multi_param.md"), &known());
    let json = read(&fixture("multi_param.jsonl"), &known());
    for (of_table, of_json) in table.runs.iter().zip(&json.runs) {
        assert_eq!(of_table.mode.contains("n_threads=2"), of_json.mode.contains("n_threads=2"));
        for (left, right) in of_table.results.iter().zip(&of_json.results) {
            assert_eq!(left.shape, right.shape);
            // The table rounds to two decimals.
            assert!((rates(of_table, left) - rates(of_json, right)).abs() < 0.006, "{left:?} {right:?}");
        }
    }
}

#[test]
fn every_arrangement_of_a_text_gives_the_same_runs() {
    for (name, bytes) in super::fixtures() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let expected = read(&bytes, &known());
        let utf_16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{feff}{text}").encode_utf16().flat_map(order).collect()
        };
        let log = "ggml_vulkan: it's \"fine\" [1]\n{0}\n[2026-05-01] start\n";
        let mut variants = vec![
            format!("\u{feff}{text}").into_bytes(),
            text.replace('\n', "\r\n").into_bytes(),
            utf_16(u16::to_le_bytes),
            utf_16(u16::to_be_bytes),
        ];
        if name != "truncated.json" {
            variants.push(format!("{log}{text}").into_bytes());
            // Behind CSV, such a line has too few cells, which is said.
            let behind = read(format!("{text}\nllama_print: done\n").as_bytes(), &known());
            assert_eq!(behind.runs, expected.runs, "{name}");
            let more = usize::from(name == "bench.csv");
            assert_eq!(behind.findings.len(), expected.findings.len() + more, "{name}");
        }
        for variant in variants {
            let imported = read(&variant, &known());
            assert_eq!(imported.runs, expected.runs, "{name}: {:?}", String::from_utf8_lossy(&variant[..40]));
            assert_eq!(imported.findings.len(), expected.findings.len(), "{name}: {:#?}", imported.findings);
        }
    }
}

#[test]
fn private_paths_are_reduced_to_names() {
    let text = String::from_utf8(fixture("multi_param.jsonl")).unwrap();
    let text = text.replace("tiny-Q4_K_M.gguf", "/home/someone/secret/tiny-UD-Q4_K_XL-00001-of-00002.gguf");
    let imported = read(text.as_bytes(), &known());
    assert!(imported.runs.iter().all(|run| run.quant == "UD-Q4_K_XL" && run.model == "unlisted/tiny"));
    assert!(!format!("{imported:?}").contains("secret"));
}

#[test]
fn what_a_file_does_not_say_is_asked_for_once_and_never_guessed() {
    let ask = |name: &str, known: &Known<'_>| -> Vec<String> {
        let imported = read(&fixture(name), known);
        assert_eq!(imported.runs, []);
        imported.findings.iter().map(ToString::to_string).collect()
    };
    let nothing = Known { file: "f", ..Known::default() };
    assert_eq!(
        ask("multi_param.jsonl", &nothing),
        [
            "f:1: hardware: found \"Intel(R) Xeon(R) Processor\", expected the id of the rig, given beside; 8 results are left out",
            "f:1: model: found \"tiny\", expected the id of a model (family/variant), given beside; 8 results are left out",
            "f:1: source: found nothing, expected the id of the source that the file is, given beside; 8 results are left out",
        ]
    );
    let fields = |name: &str| -> Vec<String> {
        ask(name, &nothing).iter().map(|text| text.split(": ").nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(fields("bench.md"), ["date", "hardware", "model", "quant", "source", "quant"]);
    assert_eq!(fields("batched.jsonl"), ["backend", "date", "hardware", "model", "quant", "source"]);
    assert_eq!(fields("chat.json"), ["backend", "concurrency", "hardware", "model", "quant", "source"]);
    let told = Known { model: Some("a/b"), quant: Some("Q4_K_M"), ..known() };
    let told = Known { unlisted: false, ..told };
    let runs = read(&fixture("bench.md"), &told).runs;
    assert!(runs.iter().all(|run| (run.model.as_str(), run.quant.as_str()) == ("a/b", "Q4_K_M")));
    assert_eq!(runs[0].sources[0].says.get("quant").map(String::as_str), Some("Q4_K - Medium"));
    assert_eq!(runs[0].date, date("2026-05"));
}

#[test]
fn numbers_that_contradict_each_other_are_said_and_the_rest_loads() {
    let text = String::from_utf8(fixture("multi_param.jsonl")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let wrong = [
        lines[0].replace("\"avg_ts\": 13103.848772", "\"avg_ts\": 14103.848772"),
        lines[1].replace("\"stddev_ts\": 20.066329", "\"stddev_ts\": NaN"),
        lines[2].replace("\"n_prompt\": 128", "\"n_prompt\": -5"),
        lines[3].replace("samples_ns\": [", "samples_ns\": [ 0,"),
        lines[4].replace("\"samples_ts\": [ ", "\"samples_ts\": [ 1"),
        lines[5].get(..600).unwrap().to_owned(),
        "{\"hello\": 1}".to_owned(),
        lines[6].to_owned(),
    ];
    let imported = read(wrong.join("\n").as_bytes(), &known());
    let findings: Vec<String> = imported.findings.iter().map(ToString::to_string).collect();
    let places: Vec<&str> = findings.iter().map(|text| text.split(": found").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "neutral:1: avg_ts",
            "neutral:2",
            "neutral:3: n_prompt",
            "neutral:4: samples_ns",
            "neutral:5: samples_ts",
            "neutral:6",
            "neutral:7",
        ],
        "{findings:#?}"
    );
    assert_eq!(counts(&imported.runs)[0], 5);
}

#[test]
fn a_mixed_rate_is_never_decode() {
    let imported = read(&fixture("bench.csv"), &known());
    let mixed: Vec<&ResultEntry> = imported
        .runs
        .iter()
        .flat_map(|run| &run.results)
        .filter(|result| result.prompt_tokens.is_some() && result.output_tokens.is_some())
        .collect();
    assert_eq!(mixed.len(), 4);
    for result in mixed {
        assert!(!has(result, Metric::Decode) && !has(result, Metric::Prefill), "{result:?}");
        // Output and duration are two ways to say the same.
        let (output, ms) = (result.output_tok_per_s.unwrap().get(), result.end_to_end_ms.unwrap().get());
        assert!(result.note.as_ref().unwrap().contains("counts prompt and output tokens together"));
        // The mean of rates is above the rate of the mean duration, the more the more both scatter.
        let share = output * ms / 1e3 / 128.0;
        assert!((1.0 - 1e-6..1.5).contains(&share), "{share}: {result:?}");
    }
}

#[test]
fn requests_in_flight_share_the_rates_of_a_batch() {
    let imported = read(&fixture("batched_shared.jsonl"), &known());
    let results = &imported.runs[0].results;
    let of =
        |at: usize| (results[at].concurrency, results[at].decode_tok_per_s, results[at].prefill_tok_per_s);
    let (one, four) = (of(0), of(1));
    assert_eq!((one.0, four.0), (1, 4));
    assert!((four.1.unwrap().get() * 4.0 - 2452.483154).abs() < 1e-5);
    assert!((four.2.unwrap().get() - 22222.222656).abs() < 1e-5, "a shared prompt is read once");
    assert_eq!((&results[0].note, results[1].note.is_some()), (&None, true));
}

#[test]
fn repetitions_give_the_mean_that_the_tool_states() {
    let imported = read(&fixture("multi_param.jsonl"), &known());
    for result in imported.runs.iter().flat_map(|run| &run.results) {
        let rate = |one: &Repetition| one.decode_tok_per_s.or(one.prefill_tok_per_s).unwrap().get();
        let mean = result.repetitions.iter().map(rate).sum::<f64>() / result.repetitions.len() as f64;
        let stated: f64 =
            result.published.values().next().unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((mean - stated).abs() < 2e-6, "{mean} {stated}");
    }
}

#[test]
fn weights_of_another_type_than_the_name_of_the_file_are_said() {
    let read = |file: &str, words: &str| {
        let record = serde_json::json!({
            "build_number": 9000, "backends": "CUDA", "model_filename": file, "model_type": format!("llama 1B {words}"),
            "n_prompt": 512, "n_gen": 0, "test_time": "2026-05-01T00:00:00Z", "avg_ts": 512.0, "samples_ns": [1_000_000_000_u64],
        });
        let imported = read(record.to_string().as_bytes(), &known());
        assert_eq!(imported.runs.len(), 1);
        imported.findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        read("m-Q4_K_M.gguf", "F16"),
        [
            "neutral:1: model_type: found weights of type \"F16\" in a file named \"Q4_K_M\", expected one type of both; \
          the name of the file is kept"
        ]
    );
    for (file, words) in
        [("m-Q4_K_M.gguf", "Q4_K - Medium"), ("m-UD-Q4_K_XL.gguf", "Q4_K - Medium"), ("m.gguf", "F16")]
    {
        assert_eq!(read(file, words), [""; 0], "{file} {words}");
    }
}
