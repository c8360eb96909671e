//! YAML as the page reads it: run files, what describes a rig, reports of tools, and whatever is none of these.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::Path;

use tokscope::own::Desk;

use super::{answer, fixture, invented, published, rig, root, two_builds};

#[path = "../../fuzz/src/properties.rs"]
#[allow(dead_code, reason = "one of them is of the page")]
mod properties;

fn open(name: &str, bytes: &[u8]) -> Desk {
    let mut desk = Desk::new(published());
    desk.open(1, name, bytes.to_vec());
    desk
}

#[test]
fn a_published_run_file_says_everything() {
    let folder = root().join("data/runs/strix-halo-framework-128gb");
    let path = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let desk = open("neutral", &fs::read(&path).unwrap());
    let report = desk.report();
    assert_eq!(report.files[0].format.as_deref(), Some("Tokscope run file"));
    assert_eq!(
        (report.questions.len(), report.files[0].finding_count, report.counts.0),
        (0, 0, 1),
        "{report:?}"
    );
    assert_eq!(desk.own().runs[0].id, path.file_stem().unwrap().to_string_lossy());
    assert!(report.additions.is_empty() && report.runs[0].needs.is_empty(), "{:?}", report.additions);
    // Broken, it is still one, and says by line what is wrong.
    let text = fs::read_to_string(&path).unwrap().replace("statistic: mean", "statistik: mean");
    let report = open("broken.yaml", text.as_bytes()).report();
    assert_eq!(report.files[0].format.as_deref(), Some("Tokscope run file"));
    assert!(report.files[0].findings.iter().any(|finding| finding.line.is_some()), "{:?}", report.files);
}

/// What the archive has for one's own runs, opened elsewhere.
#[test]
fn an_archive_can_be_opened_file_by_file() {
    let mut desk = Desk::new(published());
    desk.open(1, "two.jsonl", two_builds());
    answer(&mut desk, rig());
    let mut other = Desk::new(published());
    for (id, (path, text)) in (1..).zip(desk.archive()).filter(|(_, (path, _))| path.starts_with("data/")) {
        other.open(id, &path, text.into_bytes());
    }
    let (of_desk, of_other) = (desk.own(), other.own());
    assert_eq!(of_other.runs, of_desk.runs);
    let rig = &of_other.rigs[0];
    assert_eq!((rig.name.as_str(), rig.memory_gib), ("My Desk · 24 GiB", of_desk.rigs[0].memory_gib));
    let formats: Vec<Option<String>> = other.report().files.into_iter().map(|file| file.format).collect();
    assert!(formats.contains(&Some("Tokscope rig".to_owned())), "{formats:?}");
    assert!(other.report().files.iter().all(|file| file.findings.is_empty()), "{:?}", other.report().files);
}

#[test]
fn reports_of_tools_are_read() {
    let samples = root().join("../shared/samples");
    if !samples.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return;
    }
    for (file, format) in [
        ("inference-perf/llm-d-fixture_inference_perf_lifecycle.yaml", "inference-perf summary"),
        ("llm-d-benchmark-report/br_v0_2_1_example.yaml", "llm-d benchmark report"),
    ] {
        let report = open("neutral", &fs::read(samples.join(file)).unwrap()).report();
        assert_eq!(report.files[0].format.as_deref(), Some(format));
        assert!(report.files[0].waiting > 0 && !report.questions.is_empty(), "{file}: {report:?}");
    }
}

/// Aliases that grow without end, nesting without end, a run file in each of them.
fn bombs() -> Vec<String> {
    let run = "schema: 1\nid: a\ndate: 2026-05\nmodel: finch/2b\nquant: Q4_0\nhardware: desk\n\
        backend: {engine: x, accelerator: cpu}\ntiming: raw\nstatistic: mean\nsources: [{id: s}]\nresults:\n";
    let mut aliases = format!("{run}a0: &a0 [x, x]\n");
    for level in 1..40 {
        aliases += &format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1);
    }
    let entry = "  - {shape: tg128, concurrency: 1, decode_tok_per_s: 5}\n";
    vec![
        aliases,
        format!("{run}  - {}", "[".repeat(100_000)),
        format!("{run}  - {}", "{a: ".repeat(50_000)),
        format!("{run}{entry}---\n").repeat(300),
        format!("{run}{}", entry.repeat(3_000)),
        format!("{run}  - !!python/object/apply:os.system [x]\n"),
        format!("{run}  - {{shape: ../../x, concurrency: 65536, decode_tok_per_s: .nan}}\n"),
        format!("{run}{entry}").replace("desk", "\"../../../etc/passwd\""),
        format!("{run}{entry}").replace("finch/2b", "\"<img src=x onerror=pwned=1>/\\u202e\""),
        "id: ../..\nname: <script>\nshort: \"\\0\"\nstory: x\n".to_owned(),
        "load_summary: &a\nsuccesses: *a\n".to_owned(),
    ]
}

#[test]
fn hostile_yaml_has_a_result_or_a_reason() {
    for text in bombs() {
        properties::desk(text.as_bytes());
    }
    let suite = root().join("../shared/hostile/yaml-test-suite/src");
    if !suite.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return;
    }
    let mut files = 0;
    for entry in fs::read_dir(suite).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            properties::desk(&fs::read(path).unwrap());
            files += 1;
        }
    }
    assert!(files > 100, "{files}");
}

/// Each run file of the fixtures with a flaw at many places.
#[test]
fn a_damaged_run_file_has_a_result_or_a_reason() {
    let mut desk = Desk::new(invented());
    desk.open(1, "two.jsonl", two_builds());
    answer(&mut desk, rig());
    let text = fs::read(
        root()
            .join("tests/fixtures/data/runs/desk-12gb")
            .join(first(&root().join("tests/fixtures/data/runs/desk-12gb"))),
    )
    .unwrap();
    for at in (0..text.len()).step_by(17) {
        for flaw in [b"\0".as_slice(), b"\n- [", b": &a *a", b"\xff", b"\""] {
            let mut damaged = text.clone();
            damaged.splice(at..at, flaw.iter().copied());
            properties::desk(&damaged);
        }
    }
    properties::desk(&fixture("bench.md"));
}

fn first(folder: &Path) -> std::ffi::OsString {
    fs::read_dir(folder).unwrap().next().unwrap().unwrap().file_name()
}
