//! Inputs that were collected to break parsers: none may panic, hang or come back as data.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::decode::decode;
use super::node::{At, Kind, Step};
use super::yaml;
use crate::model::run::Run;

/// The folder of hostile inputs beside the repository, where it is.
fn hostile(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hostile").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: ../shared is not here");
    None
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Reads a text as a run file; true where it came back as a run without a finding.
fn is_run(text: &str) -> bool {
    // Generous for a loaded machine: the inputs take microseconds, a runaway takes forever.
    let start = Instant::now();
    let parsed = yaml::parse(text);
    let at = At { parent: None, step: Step::Root(""), line: 1 };
    let decoded = parsed.root.as_ref().map(|root| decode::<Run>(root, at));
    assert!(parsed.root.is_some() || !parsed.flaws.is_empty(), "nothing and no reason: {text:?}");
    assert!(start.elapsed() < Duration::from_secs(20), "too slow: {} bytes", text.len());
    decoded.is_some_and(|decoded| decoded.sound() && parsed.flaws.is_empty())
}

#[test]
fn yaml_test_suite() {
    let Some(folder) = hostile("yaml-test-suite/src") else { return };
    let mut cases = 0;
    for file in files_below(&folder) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!is_run(&text), "{}", file.display());
        // The cases inside stand in block scalars, with visible signs for blanks.
        let Some(root) = yaml::parse(&text).root else { continue };
        let Kind::List(items) = root.kind else { continue };
        for item in items {
            let Kind::Map(entries) = item.kind else { continue };
            for entry in entries.into_iter().filter(|entry| entry.key == "yaml") {
                let Kind::Scalar { text, .. } = entry.value.kind else { continue };
                let signs = [
                    ("␣", " "),
                    ("»", "\t"),
                    ("—", ""),
                    ("↵", ""),
                    ("∎", ""),
                    ("←", "\r"),
                    ("⇔", "\u{feff}"),
                ];
                let text =
                    signs.iter().fold(text.into_owned(), |text, (sign, blank)| text.replace(sign, blank));
                assert!(!is_run(&text), "{}", file.display());
                cases += 1;
            }
        }
    }
    assert!(cases > 300, "{cases} cases were read out of the files");
}

#[test]
fn json_test_suite() {
    let Some(folder) = hostile("JSONTestSuite") else { return };
    for file in files_below(&folder) {
        let bytes = fs::read(&file).unwrap();
        assert!(!is_run(&String::from_utf8_lossy(&bytes)), "{}", file.display());
    }
}

#[test]
fn naughty_strings() {
    let Some(folder) = hostile("blns") else { return };
    let strings: Vec<String> = serde_json::from_slice(&fs::read(folder.join("blns.json")).unwrap()).unwrap();
    for text in &strings {
        for document in [
            text.clone(),
            format!("schema: {text}\nid: x\n"),
            format!("{text}: 1\n"),
            format!("results:\n  - decode_tok_per_s: {text}\n"),
            format!("results: [{{shape: {text}, concurrency: {text}}}]"),
        ] {
            assert!(!is_run(&document), "{document:?}");
        }
        // Spelt out in quotes, every string comes back as it is.
        let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
        let quoted = format!("note: \"{escaped}\"\n");
        let root = yaml::parse(&quoted).root.unwrap();
        let Kind::Map(entries) = &root.kind else { unreachable!("a mapping") };
        assert_eq!(entries.first().unwrap().value.kind, Kind::Scalar { text: text.into(), quoted: true });
    }
}

#[test]
fn every_beginning_of_a_run_file() {
    let file = "tests/fixtures/data/runs/desk-12gb/2026-05-02-finch-2b-it-q4_k_m-llamacpp-cuda.yaml";
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    assert!(is_run(&text));
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        is_run(text.get(..end).unwrap());
    }
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii()) {
        let mut bytes = text.clone().into_bytes();
        for wrong in [b'\0', b'\t', b'"', b'[', b'}', b'*', byte.wrapping_add(1) & 0x7f] {
            *bytes.get_mut(at).unwrap() = wrong;
            is_run(std::str::from_utf8(&bytes).unwrap());
        }
    }
}
