//! Whatever the bytes: no panic, no runaway, and a word for what is wrong.

use std::fs;
use std::time::{Duration, Instant};

use tokscope::import::{Imported, detect, read};

use super::random::Random;
use super::{files_below, fixture, fixtures, known, root};

/// Reads anything; generous for a loaded machine, for a runaway takes forever.
pub(super) fn survives(bytes: &[u8]) -> Imported {
    let start = Instant::now();
    let format = detect(bytes);
    let imported = read(bytes, &known());
    assert!(start.elapsed() < Duration::from_secs(20), "too slow: {} bytes", bytes.len());
    assert!(format.is_some() || !imported.findings.is_empty(), "nothing and no reason");
    for run in &imported.runs {
        let has_figures = |result: &tokscope::model::run::ResultEntry| {
            !result.repetitions.is_empty()
                || !result.figures.is_empty()
                || result.failed.is_some()
                || tokscope::model::Metric::ALL.iter().any(|metric| result.stated(*metric).is_some())
        };
        assert!(!run.results.is_empty() && run.results.iter().all(has_figures), "{run:#?}");
        let cells: std::collections::BTreeSet<_> =
            run.results.iter().map(|result| (&result.shape, result.concurrency)).collect();
        assert_eq!(cells.len(), run.results.len(), "a cell stands twice: {run:#?}");
    }
    imported
}

#[test]
fn collected_inputs() {
    let folder = root().join("../shared/hostile");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return;
    }
    let mut seen = 0;
    for file in files_below(&folder) {
        let imported = survives(&fs::read(&file).unwrap());
        assert_eq!(imported.runs, [], "{}", file.display());
        seen += 1;
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn naughty_strings_as_values_are_text() {
    let path = root().join("../shared/hostile/blns/blns.json");
    let Ok(bytes) = fs::read(path) else {
        eprintln!("skipped: ../shared is not here");
        return;
    };
    let strings: Vec<String> = serde_json::from_slice(&bytes).unwrap();
    let text = String::from_utf8(fixture("multi_param.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    for string in strings {
        let mut record = line.clone();
        for field in ["model_filename", "model_type", "cpu_info", "build_commit", "type_k", "devices", "more"]
        {
            record[field] = string.clone().into();
        }
        let imported = survives(record.to_string().as_bytes());
        assert_eq!(imported.runs.len(), 1, "{string:?}: {:#?}", imported.findings);
    }
}

#[test]
fn random_damage() {
    let mut random = Random::new(7);
    for (_, bytes) in fixtures() {
        for _ in 0..150 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(damaged.len().max(1)).min(damaged.len());
                let end = (at + random.below(200)).min(damaged.len());
                match random.below(6) {
                    0 => damaged.truncate(at),
                    1 => drop(damaged.drain(at..end)),
                    2 => {
                        let piece = damaged[at..end].to_vec();
                        damaged.splice(at..at, piece);
                    }
                    3 => {
                        let pieces: [&[u8]; 8] =
                            [b"{", b"]", b"\"", b"NaN", b"1e999", b"\n| ", b"-", &[0xff, 0xfe, 0]];
                        damaged.splice(at..at, pieces[random.below(8)].to_vec());
                    }
                    _ if damaged.is_empty() => {}
                    _ => {
                        let at = random.below(damaged.len());
                        damaged[at] = u8::try_from(random.below(256)).unwrap();
                    }
                }
            }
            survives(&damaged);
        }
    }
}

#[test]
fn every_beginning_of_a_file() {
    for (_, bytes) in fixtures() {
        for end in (0..bytes.len()).step_by(37) {
            survives(&bytes[..end]);
        }
    }
}

#[test]
fn a_great_deal_of_anything() {
    let text = String::from_utf8(fixture("multi_param.jsonl")).unwrap();
    for bytes in [
        "[".repeat(300_000),
        "{\"a\":".repeat(60_000),
        "{\n".repeat(100_000),
        "[{\"a\":\n".repeat(40_000),
        "|".repeat(200_000),
        "| test | t/s |\n".repeat(10_000),
        format!("| test | t/s |\n{}", "| pp512 | 5 |\n".repeat(4_000)),
        "\"".repeat(200_000),
        "INSERT INTO llama_bench (".repeat(10_000),
        "a,n_prompt,n_gen,avg_ts\n\"".repeat(4_000),
        "prompt eval time = 1 ms / 2 tokens\n eval time = 1 ms / 2 tokens\n".repeat(4_000),
        text.repeat(60),
        text.replace('\n', "").repeat(30),
    ] {
        survives(bytes.as_bytes());
    }
}
