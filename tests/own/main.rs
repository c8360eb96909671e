//! Results of the reader's own, as the page's worker handles them: what is asked, what stands beside published
//! results, and what a data folder makes of the exported files.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

mod again;
mod answers;
mod archived;
#[allow(dead_code, reason = "the tests of the command line need more of it")]
#[path = "../cli/folder.rs"]
mod folder;
mod llama_run;
mod verdict;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

use tokscope::import::read_data_dir;
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::model::mine::is_mine;
use tokscope::own::message::{Answers, Described, Form, KEEP_NAME, NEW_RIG, SAME_RIG, Table, Wanted};
use tokscope::own::{Desk, OWN_SOURCE, unnamed, write};
use tokscope::query::confront::confront;
use tokscope::query::{
    Choices, Concurrency, Selection, configuration_named, configuration_slug, is_own, to_query,
};
use tokscope::stats::Verdict;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures/import").join(name)).unwrap()
}

fn data() -> PathBuf {
    root().join("data")
}

fn published() -> Index {
    Index::build(&read_data_dir(&data()).dataset)
}

/// A small one, for tests that ask nothing of its results.
fn invented() -> Index {
    Index::build(&read_data_dir(&root().join("tests/fixtures/data")).dataset)
}

/// A record of `llama-bench -o jsonl`: decode over 1,024 tokens, of an invented machine.
fn record(build: &str, file: &str, rates: [f64; 5]) -> String {
    let samples_ns: Vec<u64> = rates.iter().map(|rate| (1024.0 / rate * 1e9).round() as u64).collect();
    let samples_ts: Vec<f64> = samples_ns.iter().map(|ns| 1024.0 / (*ns as f64 / 1e9)).collect();
    let mean_ts = samples_ts.iter().sum::<f64>() / 5.0;
    let stddev_ts = (samples_ts.iter().map(|rate| (rate - mean_ts).powi(2)).sum::<f64>() / 4.0).sqrt();
    let avg_ns = samples_ns.iter().sum::<u64>() / 5;
    serde_json::json!({
        "build_commit": build, "build_number": 9000, "cpu_info": "Invented CPU", "gpu_info": "Invented GPU",
        "backends": "CUDA", "model_filename": file, "model_type": "gemma3 4B Q4_K - Medium",
        "model_size": 2_500_000_000_u64, "model_n_params": 3_880_000_000_u64, "n_batch": 2048, "n_ubatch": 512,
        "n_threads": 8, "type_k": "f16", "type_v": "f16", "n_gpu_layers": 99, "flash_attn": true,
        "n_prompt": 0, "n_gen": 1024, "n_depth": 0, "test_time": "2026-11-02T10:00:00Z",
        "avg_ns": avg_ns, "stddev_ns": 1000, "avg_ts": mean_ts, "stddev_ts": stddev_ts,
        "samples_ns": samples_ns, "samples_ts": samples_ts,
    })
    .to_string()
}

/// Two builds, of which the second is 7 % faster.
fn two_builds() -> Vec<u8> {
    let slow = record("aaaaaaa", "gemma-3-4b-it-Q4_K_M.gguf", [180.1, 180.4, 179.8, 180.2, 180.0]);
    let fast = record("bbbbbbb", "gemma-3-4b-it-Q4_K_M.gguf", [192.9, 192.6, 193.1, 192.7, 192.8]);
    format!("{slow}\n{fast}\n").into_bytes()
}

fn described(name: &str, memory: &str, bandwidth: &str) -> Described {
    Described { name: name.to_owned(), memory: memory.to_owned(), bandwidth: bandwidth.to_owned() }
}

fn rig() -> Answers {
    Answers {
        hardware: NEW_RIG.to_owned(),
        described: [(String::new(), described("My Desk · 24 GiB", "24", "936"))].into(),
        source: "my-notes".to_owned(),
        ..Answers::default()
    }
}

/// Gives answers, those of machine and quant for every word that files print of them.
fn answer(desk: &mut Desk, mut answers: Answers) {
    desk.answer(answers.clone());
    let questions = desk.report().questions;
    for asked in questions {
        for name in asked.names {
            match asked.field.as_str() {
                // A new machine is described for the first word, and is the same for the others.
                "hardware" => {
                    let one = match answers.rigs.iter().find(|(_, rig)| *rig == NEW_RIG) {
                        Some((word, _)) if answers.hardware == NEW_RIG => format!("{SAME_RIG}{word}"),
                        _ => answers.hardware.clone(),
                    };
                    let rig = answers.described.get("").cloned().unwrap_or_default();
                    answers.described.insert(name.clone(), rig);
                    answers.rigs.insert(name, one);
                }
                "quant" => drop(answers.quants.insert(name, answers.quant.clone())),
                _ => {}
            }
        }
    }
    if !answers.rigs.is_empty() && answers.hardware == NEW_RIG {
        answers.hardware.clear();
    }
    desk.answer(answers);
}

#[test]
fn each_fact_is_asked_for_once_and_an_answer_reads_again() {
    let mut desk = Desk::new(published());
    desk.open(1, "a.jsonl", two_builds());
    desk.open(2, "b.jsonl", fixture("multi_param.jsonl"));
    desk.open(3, "again.jsonl", two_builds());
    let report = desk.report();
    let asked: Vec<(&str, &[String], usize)> = report
        .questions
        .iter()
        .map(|asked| (asked.field.as_str(), asked.names.as_slice(), asked.files))
        .collect();
    assert_eq!(report.files.len(), 2, "the same bytes are one file");
    let machines = asked.iter().filter(|(field, ..)| *field == "hardware");
    assert_eq!(machines.map(|(_, names, files)| (names.len(), *files)).collect::<Vec<_>>(), [(1, 1), (1, 1)]);
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.iter().any(|(field, names, _)| *field == "model" && *names == ["tiny"]), "{asked:?}");
    assert!(report.files.iter().all(|file| file.findings.is_empty()), "{:?}", report.files);
    assert_eq!(report.counts, (0, 0));

    let mut answers = rig();
    answers.models.insert("tiny".to_owned(), KEEP_NAME.to_owned());
    answer(&mut desk, answers);
    let report = desk.report();
    assert_eq!((report.questions.len(), report.refused.len()), (0, 0), "{report:?}");
    assert!(report.counts.0 >= 3 && report.counts.1 > 3, "{:?}", report.counts);
    let results: usize = report.files.iter().map(|file| file.results).sum();
    assert_eq!(results, report.counts.1);
}

#[test]
fn one_answer_is_of_one_printed_word() {
    let mut desk = Desk::new(published());
    let text =
        String::from_utf8(two_builds()).unwrap().replace("gemma-3-4b-it-Q4_K_M.gguf", "gemma-3-4b-it.gguf");
    let (first, second) = text.split_once('\n').unwrap();
    let second = second.replace("Invented GPU", "Other GPU").replace("Q4_K - Medium", "Q6_K");
    desk.open(1, "two.jsonl", format!("{first}\n{second}").into_bytes());
    let asked = |desk: &Desk, field: &str| -> Vec<String> {
        let questions = desk.report().questions.into_iter().filter(|asked| asked.field == field);
        questions.flat_map(|asked| asked.names).collect()
    };
    let machines = asked(&desk, "hardware");
    assert!(machines.len() == 2 && machines[1].contains("Other GPU"), "{machines:?}");
    assert_eq!(asked(&desk, "quant"), ["Q4_K - Medium", "Q6_K"]);

    let mut answers = Answers { source: "my-notes".to_owned(), ..Answers::default() };
    for name in asked(&desk, "model") {
        answers.models.insert(name, "gemma-3/4b-it".to_owned());
    }
    answers.rigs.insert(machines[0].clone(), "geforce-rtx-3090-24gb".to_owned());
    answers.quants.insert("Q4_K - Medium".to_owned(), "Q4_K_M".to_owned());
    desk.answer(answers.clone());
    assert_eq!(asked(&desk, "hardware"), machines[1..], "the other machine still waits");
    assert_eq!(asked(&desk, "quant"), ["Q6_K"]);
    assert_eq!(desk.report().counts, (1, 1));

    answers.rigs.insert(machines[1].clone(), "geforce-rtx-5070-12gb".to_owned());
    answers.quants.insert("Q6_K".to_owned(), "Q6_K".to_owned());
    desk.answer(answers);
    let own = desk.own();
    let said: Vec<(&str, &str)> =
        own.runs.iter().map(|run| (run.hardware.as_str(), run.quant.as_str())).collect();
    assert_eq!(said, [("geforce-rtx-3090-24gb", "Q4_K_M"), ("geforce-rtx-5070-12gb", "Q6_K")]);
}

#[test]
fn what_holds_no_result_is_called_what_it_is() {
    let mut desk = Desk::new(invented());
    let files: [(&[u8], &str); 8] = [
        (b" \n", "an empty file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00{[\"\x80", "a picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a picture, a sound or a film"),
        (b"\x7fELF\x02\x00\x80", "bytes that are no text"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04\x14\x00", "an archive"),
        (b"good morning", "nothing that is known"),
    ];
    for (id, (bytes, _)) in (1..).zip(files) {
        desk.open(id, "file", bytes.to_vec());
    }
    for (file, (_, what)) in desk.report().files.iter().zip(files) {
        let found: Vec<&str> = file.findings.iter().map(|finding| finding.found.as_str()).collect();
        assert!(
            found.len() == 1 && found[0].starts_with(what),
            "one line, and no second that says less: {found:?}"
        );
        assert!(file.findings.iter().all(|finding| finding.expected.len() < 120), "{:?}", file.findings);
    }
}

#[test]
fn answers_that_cannot_be_used_are_named() {
    let mut desk = Desk::new(invented());
    desk.open(1, "a.jsonl", two_builds());
    let answers = Answers {
        date: "yesterday".to_owned(),
        concurrency: "0".to_owned(),
        power_cap: "-3".to_owned(),
        described: [(String::new(), described("My Desk", "much", ""))].into(),
        ..rig()
    };
    answer(&mut desk, answers);
    let mut fields: Vec<String> = desk.report().refused.into_iter().map(|refused| refused.field).collect();
    fields.sort();
    assert_eq!(fields, ["concurrency", "date", "power_cap", "rig_memory"]);
}

#[test]
fn own_results_stand_beside_published_ones_and_change_none() {
    let published = published();
    let mut desk = Desk::new(published.clone());
    desk.open(1, "a.jsonl", two_builds());
    // On the very machine that a published row names: still a row of its own.
    answer(&mut desk, Answers { hardware: "geforce-rtx-3090-24gb".to_owned(), ..rig() });
    let index = Index::from_json(&desk.index().to_json()).unwrap();
    let own: Vec<usize> = (0..index.configuration_count()).filter(|&one| is_own(&index, one)).collect();
    assert_eq!(own.len(), 2);
    assert_eq!(index.result_count(), published.result_count() + 2);
    let slugs = |index: &Index| -> Vec<String> {
        let all = (0..index.configuration_count()).filter(|&one| !is_own(index, one));
        let mut slugs: Vec<String> = all.map(|one| configuration_slug(index, one)).collect();
        slugs.sort();
        slugs
    };
    assert_eq!(slugs(&index), slugs(&published));
    assert!(index.catalog.sources.iter().any(|source| source.id == OWN_SOURCE));
    for &one in &own {
        let slug = configuration_slug(&index, one);
        assert!(is_mine(&slug) && slug.len() == 13, "{slug}");
        assert_eq!(configuration_named(&index, &slug), Some(one));
        assert_eq!(index.hardware(one).unwrap().name, "GeForce RTX 3090 · 24 GiB");
    }
    let results = |configuration: usize| index.results_of(configuration).collect::<Vec<_>>();
    let found = confront(&index, &results(own[0]), &results(own[1]));
    assert_eq!(found.pairs[0].ratio.verdict, Verdict::Real);
    assert!((found.pairs[0].ratio.value - 1.07).abs() < 0.01, "{:?}", found.pairs[0].ratio);
    assert!(found.differences(&index).iter().all(|difference| difference.field != "Hardware"));
}

#[test]
fn addresses_say_nothing_of_own_results() {
    let mut desk = Desk::new(invented());
    desk.open(
        1,
        "secret.jsonl",
        String::from_utf8(two_builds()).unwrap().replace("gemma-3-4b-it", "secret-model").into_bytes(),
    );
    let mut answers = rig();
    answers.described = [(String::new(), described("secret machine", "", ""))].into();
    answers.mode = "secret mode".to_owned();
    answers.models.insert("secret-model".to_owned(), KEEP_NAME.to_owned());
    answer(&mut desk, answers);
    let index = desk.index();
    let own = (0..index.configuration_count()).find(|&one| is_own(&index, one)).unwrap();
    let (family, variant) = index.model(own).unwrap();
    assert_eq!(variant.name, "secret-model");
    let selection = Selection {
        pinned: vec![configuration_slug(&index, own)],
        open: vec![configuration_slug(&index, own)],
        model: Some(tokscope::query::model_slug(family, variant)),
        hardware: (0..index.catalog.hardware.len())
            .filter(|&at| is_mine(&index.catalog.hardware[at].id))
            .collect(),
        ..Selection::default()
    };
    let query = to_query(&selection, &Choices::of(&index));
    assert!(query.contains("mine-") && !query.contains("secret"), "{query}");
}

#[test]
fn what_is_shared_has_own_results_and_its_link_does_not() {
    let mut desk = Desk::new(published());
    desk.open(1, "two.jsonl", two_builds());
    let mut answers = rig();
    answers.models.insert("gemma-3-4b-it".to_owned(), KEEP_NAME.to_owned());
    answer(&mut desk, answers);
    let index = desk.index();
    let choices = unnamed(Choices::of(&index), &index);
    let own: Vec<usize> = (0..index.configuration_count()).filter(|&one| is_own(&index, one)).collect();
    let slug = configuration_slug(&index, own[0]);
    let rigs = &index.catalog.hardware;
    let mine = Selection {
        hardware: (0..rigs.len()).filter(|&at| is_mine(&rigs[at].id)).collect(),
        open: vec![slug.clone()],
        pinned: vec![slug],
        concurrency: Concurrency::All,
        metric: Metric::Decode,
        ..Selection::default()
    };
    let query = to_query(&mine, &choices);
    assert!(query.contains("hardware=mine-") && query.contains("pin=mine-"), "{query}");
    let wanted = |form: Form, query: &str| Wanted {
        form,
        query: query.to_owned(),
        base: "https://example.org/b/".to_owned(),
        charts: Vec::new(),
        with_own: false,
    };
    let csv = String::from_utf8(write(&index, &wanted(Form::Csv, &query)).unwrap()).unwrap();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains("180.1;180.4") && csv.contains(OWN_SOURCE), "{csv}");
    assert!(csv.contains("\"https://example.org/b/?conc=all\""), "{csv}");
    let json = String::from_utf8(write(&index, &wanted(Form::Json, &query)).unwrap()).unwrap();
    assert!(json.contains("\"link\":\"https://example.org/b/?conc=all\""), "{json}");
    assert_eq!(Index::from_json(json.as_bytes()).unwrap().result_count(), 2);
    let strange = write(&index, &wanted(Form::Csv, "?hardware=mine-0000000000000000"));
    assert!(strange.unwrap_err().contains("mine-"), "nothing else is written instead");
    // Of what is published alone the link says everything.
    let published = desk.published();
    let csv = String::from_utf8(write(published, &wanted(Form::Csv, "?conc=all&q=a")).unwrap()).unwrap();
    assert!(csv.contains("\"https://example.org/b/?q=a&conc=all\"") && !csv.contains(OWN_SOURCE), "{csv}");
}

#[test]
fn a_table_that_somebody_made_waits_for_its_columns() {
    let mut desk = Desk::new(published());
    let table = "Model;Quant;GPU;Backend;Date;Concurrency;pp512 (t/s);tg128 (t/s);Mood\n\
                 gemma-3-4b-it;Q4_K_M;Desk;CUDA;2026-11-02;1;4.000,5;180,1;good\n";
    desk.open(7, "mine.csv", table.as_bytes().to_vec());
    answer(&mut desk, Answers { engine: "llama.cpp".to_owned(), ..rig() });
    let file = desk.report().files.remove(0);
    let mut proposed = file.table.unwrap();
    assert!(!proposed.confirmed && proposed.comma && file.results == 0);
    let field = |table: &Table, header: &str| {
        table.columns.iter().find(|column| column.header == header).unwrap().field.clone()
    };
    assert_eq!(field(&proposed, "Model"), "model");
    assert_eq!(field(&proposed, "Mood"), "ignored");
    assert!(field(&proposed, "tg128 (t/s)").starts_with("decode"));
    // What the machine is, the reader says beside.
    proposed
        .columns
        .iter_mut()
        .filter(|column| column.header == "GPU")
        .for_each(|column| column.field = "ignored".to_owned());
    desk.map(7, &proposed);
    let report = desk.report();
    for asked in &report.questions {
        assert_eq!(asked.field, "model", "{asked:?}");
    }
    let mut answers = report.answers.clone();
    answers.models.insert("gemma-3-4b-it".to_owned(), "gemma-3/4b-it".to_owned());
    answer(&mut desk, answers);
    let report = desk.report();
    assert_eq!((report.counts, report.questions.len()), ((1, 2), 0), "{report:?}");
    let own = desk.own();
    let rates: Vec<f64> =
        own.runs[0].results.iter().filter_map(|result| Some(result.decode_tok_per_s?.get())).collect();
    assert_eq!(rates, [180.1]);
}

#[test]
fn what_was_exported_can_be_opened() {
    use tokscope::export::view::{Export, csv, json, markdown};
    let published = published();
    let choices = Choices::of(&published);
    let selection = tokscope::query::from_query("hardware=geforce-rtx-5070-12gb", &choices).0;
    let export = Export { index: &published, choices: &choices, selection: &selection, base: None };
    let results = export.results();
    for (bytes, format) in [
        (csv::csv(&export).into_bytes(), "Tokscope CSV"),
        (markdown::markdown(&export).into_bytes(), "Tokscope table"),
        (json::json(&export), "Tokscope index"),
    ] {
        let mut desk = Desk::new(invented());
        desk.open(1, "neutral", bytes);
        let report = desk.report();
        assert_eq!((report.files[0].format.as_deref(), report.files[0].finding_count), (Some(format), 0));
        assert_eq!((report.questions.len(), report.files[0].results), (0, results.len()), "{format}");
        assert!(desk.index().result_count() == invented().result_count() + results.len(), "{format}");
    }
}
