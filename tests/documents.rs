//! The documents against the repository: what they name exists, and the format is as they say.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what failed by failing"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tokscope::import::read_data_dir;
use tokscope::index::Index;
use tokscope::model::Metric;

const DOCUMENTS: [&str; 13] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "data/README.md",
    "docs/checks.md",
    "docs/data-format.md",
    "docs/exports.md",
    "docs/importing.md",
    "docs/publishing.md",
    "docs/statistics.md",
    "docs/reports.md",
];

/// Beginnings of paths that a reader can look up.
const FOLDERS: [&str; 12] = [
    "src/",
    "tests/",
    "data/",
    "docs/",
    "style/",
    "public/",
    "xtask/",
    "fuzz/",
    "stand-ins/",
    ".ci/",
    ".cargo/",
    "Cargo.toml",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Lines of running text with their numbers: no code blocks, no tables.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !(fence || in_code || line.starts_with('|'))
    });
    lines.collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn files_and_tests_that_are_named_exist() {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let lines =
            (1..).zip(text.lines()).flat_map(|(line, text)| quoted(text).map(move |name| (line, name)));
        for (line, name) in lines {
            let is_path = FOLDERS.iter().any(|folder| name.starts_with(folder));
            if !is_path || name.contains(['<', '*', '…', ' ']) {
                continue;
            }
            let (file, test) = name.split_once("::").unwrap_or((name, ""));
            let content = fs::read_to_string(root().join(file)).unwrap_or_default();
            let known = if test.is_empty() {
                root().join(file).exists()
            } else {
                content.contains(&format!("fn {test}(")) || content.contains(&format!("(\"{test}\","))
            };
            if !known {
                faults.push(format!("{document}:{line}: there is no {name}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn links_lead_to_files() {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        for (line, text) in prose(&text) {
            let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for target in targets.filter(|target| !target.contains("://")) {
                if !folder.join(target).exists() {
                    faults.push(format!("{document}:{line}: there is no {target}"));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn one_sentence_stands_on_a_line() {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        for (line, text) in prose(&read(document)) {
            let words: Vec<&str> = text.trim_end().split(' ').collect();
            let ends = words.windows(2).any(|pair| {
                let [before, after] = [pair[0].trim_end_matches(['*', '`', ')']), pair[1]];
                // A bold heading at the start of a line is part of its first sentence.
                let bold = pair[0].ends_with(".**");
                let number = before.trim_end_matches('.').chars().all(|c| c.is_ascii_digit());
                before.ends_with(['.', '!', '?']) && !number && !bold && after.starts_with(char::is_uppercase)
            });
            if ends {
                faults.push(format!("{document}:{line}: {text}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_overviews_stay_short() {
    for (document, most) in [("README.md", 150), ("ARCHITECTURE.md", 150)] {
        let lines = read(document).lines().count();
        assert!(lines <= most, "{document} has {lines} lines");
    }
}

fn index() -> Index {
    Index::build(&read_data_dir(&root().join("data")).dataset)
}

#[test]
fn every_column_of_the_index_is_documented() {
    let text = read("docs/data-format.md");
    let file: Value = serde_json::from_slice(&index().to_json()).unwrap();
    let mut faults = Vec::new();
    for kind in ["catalog", "words", "numbers"] {
        for name in file[kind].as_object().unwrap().keys() {
            if !text.contains(&format!("`{name}`")) {
                faults.push(format!("{name} is not in docs/data-format.md"));
            }
        }
    }
    none(&faults);
    let keys: Vec<&String> = file.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
}

/// The results of an index as the reader in the documentation gives them.
fn documented_results(index: &Index) -> Value {
    let shape = |result: usize| &index.catalog.shapes[usize::from(index.results.shape[result])].id;
    let results = (0..index.result_count()).map(|result| {
        let run = index.run_of(result);
        let configuration = index.configuration_of(run);
        let (family, variant) = index.model(configuration).unwrap();
        let mut object = json!({
            "run": index.runs.id[run],
            "date": index.runs.date[run].as_str(),
            "model": format!("{}/{}", family.id, variant.id),
            "quant": index.quant(configuration).unwrap().id,
            "hardware": index.hardware(configuration).unwrap().id,
            "backend": index.backend(configuration).unwrap(),
            "mode": index.mode(configuration),
            "timing": index.configurations.timing[configuration],
            "shape": shape(result),
            "concurrency": index.results.concurrency[result],
        });
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                object[name] = value;
            }
        };
        set("power_cap_w", index.configurations.power_cap_w.get(configuration).map(Value::from));
        set("failed", index.failure(result).map(Value::from));
        let ranges = index.results.ranges.of(result).iter();
        let ranges: serde_json::Map<String, Value> =
            ranges.map(|&(metric, low, high)| (metric.key().to_owned(), json!([low, high]))).collect();
        set("ranges", (!ranges.is_empty()).then_some(Value::Object(ranges)));
        for metric in Metric::ALL {
            set(metric.key(), index.value(result, metric).map(Value::from));
        }
        object
    });
    results.collect()
}

/// Numbers as JavaScript has them: 4 and 4.0 are one.
fn with_plain_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(with_plain_numbers).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, with_plain_numbers(value))).collect()
        }
        other => other,
    }
}

#[test]
fn the_documented_reader_reads_every_result() {
    let text = read("docs/data-format.md");
    let reader = text.split("```js\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented-reader");
    fs::create_dir_all(&folder).unwrap();
    let index = index();
    fs::write(folder.join("reader.mjs"), reader).unwrap();
    fs::write(folder.join("index.json"), index.to_json()).unwrap();
    let script = "import { results } from './reader.mjs'; import { readFileSync } from 'node:fs'; \
                  console.log(JSON.stringify([...results(JSON.parse(readFileSync('index.json')))]));";
    let node = Command::new("node").args(["--input-type=module", "-e", script]).current_dir(&folder).output();
    let Ok(output) = node else {
        println!("skipped: node is not here");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (read, expected) = (with_plain_numbers(read), with_plain_numbers(documented_results(&index)));
    for (read, expected) in read.as_array().unwrap().iter().zip(expected.as_array().unwrap()) {
        assert_eq!(read, expected);
    }
    assert_eq!(read.as_array().unwrap().len(), index.result_count());
}
