//! Result files of clients and of tools of one machine, against counts that a script made without this crate, see
//! `tests/import/count_clients.py`.

use std::fs;

use tokscope::import::{Format, Imported, Known, detect, read};
use tokscope::model::run::{Repetition, ResultEntry};
use tokscope::model::{Figure, Point, Positive, Quantity};

use super::{file, known, root};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures/clients").join(name)).unwrap()
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = fs::read_dir(root().join("tests/fixtures/clients")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != "SOURCES.md").collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), fixture(&name))).collect()
}

/// What no file of a client says; some do not say how many tokens they are about.
fn beside(name: &str) -> Known<'static> {
    let has_counts =
        !["llama_cli", "llama-cli", "report.json", "ollama.jsonl"].iter().any(|end| name.contains(end));
    Known { engine: Some("engine"), shape: (!has_counts).then_some("talk"), ..known() }
}

fn value(result: &ResultEntry, stated: Option<Positive>, of: fn(&Repetition) -> Option<Positive>) -> f64 {
    let values: Vec<f64> = result.repetitions.iter().filter_map(of).map(Positive::get).collect();
    match stated {
        Some(value) => value.get(),
        None if values.is_empty() => 0.0,
        None => values.iter().sum::<f64>() / values.len() as f64,
    }
}

/// Decode, prefill, TTFT, TPOT, end-to-end, output of the system, 99th percentile of TTFT, failed requests.
fn sums(results: &[&ResultEntry]) -> [f64; 8] {
    let figure = |result: &ResultEntry, figure: Figure| result.figures.get(&figure).map_or(0.0, |v| v.get());
    let stated = |value: Option<Positive>| value.map_or(0.0, Positive::get);
    let of = |result: &&ResultEntry| {
        [
            value(result, result.decode_tok_per_s, |one| one.decode_tok_per_s),
            value(result, result.prefill_tok_per_s, |one| one.prefill_tok_per_s),
            value(result, result.ttft_ms, |one| one.ttft_ms),
            stated(result.tpot_ms),
            stated(result.end_to_end_ms),
            figure(result, Figure::SystemOutput),
            figure(result, Figure::Of(Quantity::Ttft, Point::P99)),
            figure(result, Figure::FailedRequests),
        ]
    };
    let mut sums = [0.0; 8];
    for values in results.iter().map(of) {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    sums
}

fn results(imported: &Imported) -> Vec<&ResultEntry> {
    imported.runs.iter().flat_map(|run| &run.results).collect()
}

/// How many findings a file has: what failed, what was counted twice, what holds no generation.
fn findings(name: &str) -> usize {
    let has = |part: &str| name.contains(part);
    match name {
        _ if has("aiperf") && has("rror") && has(".json") && !has(".jsonl") => 3,
        _ if has("aiperf") && !has("records") && !has(".jsonl") && !has("console") => 2,
        _ if has("benchy.json") || has("gen_v0.4.0.json") => 3,
        _ if has("rror") || has("console") => 1,
        _ if has("optimum-benchmark/benchmark") => 1,
        _ => 0,
    }
}

#[test]
fn every_sample_has_the_figures_of_an_independent_script() {
    let mut compared = 0;
    for line in include_str!("counts_clients.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let Some(bytes) = file(words[0]) else {
            eprintln!("skipped: ../shared is not here");
            continue;
        };
        let imported = read(&bytes, &beside(words[0]));
        let results = results(&imported);
        let counts = [
            results.len(),
            results.iter().filter(|result| result.failed.is_some()).count(),
            imported.runs.len(),
            results.iter().map(|result| result.repetitions.len()).sum(),
        ];
        let expected: Vec<usize> = words[1..5].iter().map(|count| count.parse().unwrap()).collect();
        assert_eq!(counts.to_vec(), expected, "{line}: {:#?}", imported.findings);
        assert!(detect(&bytes).is_some() || expected[0] == 0, "{line}");
        assert_eq!(imported.findings.len(), findings(words[0]), "{line}: {:#?}", imported.findings);
        for (sum, word) in sums(&results).into_iter().zip(&words[5..]) {
            let expected: f64 = word.parse().unwrap();
            assert!((sum - expected).abs() < 2e-3 + expected * 1e-6, "{line}: {sum}");
        }
        compared += 1;
    }
    assert!(compared >= 27, "{compared}");
}

#[test]
fn formats_are_known_by_what_they_hold() {
    for (name, format) in [
        ("guidellm.json", Format::GuidellmJson),
        ("guidellm.csv", Format::GuidellmCsv),
        ("aiperf.json", Format::AiperfJson),
        ("aiperf.csv", Format::AiperfCsv),
        ("aiperf_records.jsonl", Format::AiperfRecords),
        ("genai_perf.json", Format::GenaiPerfJson),
        ("genai_perf.csv", Format::GenaiPerfCsv),
        ("benchy.json", Format::BenchyJson),
        ("benchy.md", Format::BenchyTable),
        ("benchy.csv", Format::BenchyCsv),
        ("ollama.jsonl", Format::OllamaJson),
        ("ollama.csv", Format::OllamaTable),
        ("ollama_verbose.txt", Format::OllamaVerbose),
        ("localscore.json", Format::LocalscoreJson),
        ("localscore_export.json", Format::LocalscoreExport),
        ("optimum.json", Format::OptimumJson),
        ("optimum_report.json", Format::OptimumJson),
        ("optimum.csv", Format::OptimumCsv),
        ("optimum_2023.csv", Format::OptimumCsv),
        ("mlx_benchmark.txt", Format::MlxBenchmark),
        ("mlx_generate.txt", Format::MlxGenerate),
        ("mlx_table.md", Format::MlxTable),
        ("llama_cli.txt", Format::LlamaCli),
    ] {
        let bytes = fixture(name);
        assert_eq!(detect(&bytes), Some(format), "{name}");
        // Windows, and PowerShell.
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(detect(text.replace('\n', "\r\n").as_bytes()), Some(format), "{name}");
        let utf_16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (plain, wide) = (read(text.as_bytes(), &beside(name)), read(&utf_16, &beside(name)));
        assert_eq!((plain.runs.len(), plain.runs), (wide.runs.len(), wide.runs), "{name}");
    }
}

#[test]
fn forms_of_one_measurement_agree() {
    let of = |name: &str| read(&fixture(name), &beside(name)).runs[0].results[0].clone();
    let (json, csv) = (of("guidellm.json"), of("guidellm.csv"));
    assert_eq!((json.ttft_ms, json.tpot_ms, json.concurrency), (csv.ttft_ms, csv.tpot_ms, csv.concurrency));
    // What the CSV does not say: four times p99.9, and how many tokens stand behind two distributions over tokens.
    for (figure, value) in &csv.figures {
        let other = json.figures[figure].get();
        assert!((value.get() / other - 1.0).abs() < 1e-5, "{figure:?}: {value} {other}");
    }
    assert_eq!(json.figures.len(), csv.figures.len() + 6);

    let (summary, records) = (of("aiperf.json"), of("aiperf_records.jsonl"));
    assert_eq!((summary.ttft_ms, summary.end_to_end_ms), (records.ttft_ms, records.end_to_end_ms));
    for point in [Point::Sd, Point::Min, Point::P1, Point::P50, Point::P90, Point::P99, Point::Max] {
        for quantity in [Quantity::Ttft, Quantity::EndToEnd, Quantity::Itl] {
            let figure = Figure::Of(quantity, point);
            let pair = (summary.figures.get(&figure), records.figures.get(&figure));
            let apart = match pair {
                (Some(a), Some(b)) => (a.get() / b.get() - 1.0).abs(),
                (a, b) => f64::from(u8::from(a != b)),
            };
            assert!(apart < 1e-6, "{figure:?}: {pair:?}");
        }
    }
    // The server counted 16 tokens an answer, and the client 86.9: of the two, only one can be the speed.
    assert_eq!((summary.decode_tok_per_s, summary.tpot_ms), (None, None));
    assert!((summary.figures[&Figure::SystemOutput].get() - 241.224).abs() < 1e-3);
    assert!(records.tpot_ms.is_some());

    let (benchmark, sheet) = (of("optimum.json"), of("optimum.csv"));
    assert_eq!(benchmark, sheet);
}

#[test]
fn time_per_output_token_of_guidellm_is_another_quantity() {
    let result = &read(&fixture("guidellm.json"), &beside("")).runs[0].results[0];
    let with_first = result.figures[&Figure::Of(Quantity::EndToEndPerToken, Point::Mean)].get();
    assert!((with_first - 2.622034).abs() < 1e-6);
    assert!((result.tpot_ms.unwrap().get() - 0.811422).abs() < 1e-6);
}

#[test]
fn requests_that_all_failed_are_a_failure_and_no_zeros() {
    let text = String::from_utf8(fixture("guidellm_errors.json")).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let benchmark = &mut document["benchmarks"][0];
    benchmark["scheduler_metrics"]["requests_made"] =
        serde_json::json!({ "successful": 0, "errored": 8, "incomplete": 0, "total": 8 });
    for (_, metric) in benchmark["metrics"].as_object_mut().unwrap() {
        if metric["successful"].is_object() {
            metric["successful"] =
                serde_json::json!({ "mean": 0.0, "std_dev": 0.0, "count": 0, "total_sum": 0.0 });
        }
    }
    let imported = read(document.to_string().as_bytes(), &beside(""));
    let result = &imported.runs[0].results[0];
    let failed = result.failed.as_deref().unwrap();
    assert!(failed.starts_with("all 8 requests failed: HTTPStatusError("), "{failed}");
    assert_eq!((result.figures.len(), result.ttft_ms), (0, None));
    assert_eq!(result.shape, "served_64_16");

    let records = String::from_utf8(fixture("aiperf_errors_records.jsonl")).unwrap();
    let failed: Vec<&str> = records.lines().filter(|line| line.contains("\"error\": {")).collect();
    let imported = read(failed.join("\n").as_bytes(), &Known { shape: Some("talk"), ..beside("") });
    let failed = imported.runs[0].results[0].failed.as_deref().unwrap();
    assert!(failed.starts_with("all 2 requests failed: 500 Internal Server Error"), "{failed}");
}

#[test]
fn nothing_private_is_kept() {
    for (name, bytes) in fixtures() {
        let text = String::from_utf8(bytes).unwrap();
        let text = text.replace("\"api_key\": null", "\"api_key\": \"sk-secret\"");
        let text =
            text.replace("/models/tinyhf", "/home/secret/tinyhf").replace("/home/someone", "/home/secret");
        let imported = read(text.as_bytes(), &beside(&name));
        let all = format!("{imported:?}");
        for word in ["secret", "127.0.0.1", "Hello", "excell"] {
            assert!(!all.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn what_a_file_does_not_say_is_asked_for() {
    let fields = |name: &str| -> Vec<String> {
        let imported = read(&fixture(name), &Known { file: "f", ..Known::default() });
        assert_eq!(imported.runs, [], "{name}");
        let asked = imported.findings.iter().filter(|finding| finding.problem.expected.contains("beside"));
        asked.map(|finding| finding.problem.field.clone()).collect()
    };
    let always = ["backend", "engine", "hardware", "model", "quant", "source"];
    assert_eq!(fields("guidellm.json"), always);
    assert_eq!(fields("aiperf.json"), always);
    assert_eq!(
        fields("genai_perf.json"),
        ["backend", "date", "engine", "hardware", "model", "quant", "source"]
    );
    assert_eq!(fields("mlx_benchmark.txt"), ["backend", "date", "hardware", "model", "quant", "source"]);
    assert_eq!(fields("optimum.json"), ["date", "hardware", "model", "quant", "source"]);
    assert_eq!(fields("llama_cli.txt"), ["backend", "date", "hardware", "model", "shape", "source"]);
    assert_eq!(fields("localscore.json"), ["backend", "hardware", "model", "source"]);
}

#[test]
fn pages_without_a_result_say_what_they_are() {
    for (bytes, found) in [
        (&b"# HELP llamacpp:prompt_tokens_total Number\nllamacpp:prompt_tokens_total 23\n"[..], "counters"),
        (b"{\"default_generation_settings\": {\"n_ctx\": 1}, \"total_slots\": 4}", "properties"),
        ("\n   NVIDIA AIPerf | LLM Metrics: Usage\n\u{2503}\n".as_bytes(), "in a terminal"),
    ] {
        let imported = read(bytes, &beside(""));
        assert_eq!((imported.runs.len(), imported.findings.len()), (0, 1), "{found}");
        assert!(imported.findings[0].problem.found.contains(found), "{:?}", imported.findings);
    }
}

#[test]
fn damaged_files_are_survived() {
    let mut random = super::random::Random::new(23);
    for (_, bytes) in fixtures() {
        for _ in 0..40 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(damaged.len().max(1)).min(damaged.len());
                let end = (at + random.below(120)).min(damaged.len());
                match random.below(4) {
                    0 => damaged.truncate(at),
                    1 => drop(damaged.drain(at..end)),
                    2 => drop(damaged.splice(at..end, *b"1e999")),
                    _ => drop(damaged.splice(at..at, *b"-0")),
                }
            }
            super::hostile::survives(&damaged);
        }
    }
}

#[cfg(feature = "cli")]
#[test]
fn what_is_read_goes_through_run_files_and_the_index_unchanged() {
    use tokscope::export::yaml::write_run;
    use tokscope::import::{complete, read_run_files};
    use tokscope::index::Index;
    use tokscope::model::Dataset;
    use tokscope::model::dataset::FromFile;

    for (name, bytes) in fixtures() {
        let imported = read(&bytes, &beside(&name));
        assert!(!imported.runs.is_empty(), "{name}");
        let texts: Vec<String> = imported.runs.iter().map(write_run).collect();
        let back = read_run_files(&texts.join("---\n"), "runs").unwrap();
        assert_eq!((back.findings.as_slice(), &back.runs), (&[][..], &imported.runs), "{name}");

        let mut dataset = Dataset::default();
        complete(&mut dataset.catalog, &imported);
        let from_file =
            |run: &tokscope::model::run::Run| FromFile { file: String::new(), value: run.clone() };
        dataset.runs = imported.runs.iter().map(from_file).collect();
        assert_eq!(dataset.problems(), [], "{name}");
        let index = Index::build(&dataset);
        let index = Index::from_json(&index.to_json()).unwrap();
        let runs = index.to_runs();
        let figures = |results: Vec<&ResultEntry>| results.iter().map(|of| of.figures.len()).sum::<usize>();
        let kept = figures(runs.iter().flat_map(|run| &run.results).collect());
        assert_eq!(kept, figures(results(&imported)), "{name}");
        dataset.runs = runs.iter().map(from_file).collect();
        assert!(Index::build(&dataset) == index, "{name}");
    }
}
