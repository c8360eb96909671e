//! Many results: what is read on all cores, in parts or in one go is the same to the byte.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test says what failed by failing")]

#[path = "cli/folder.rs"]
mod folder;

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folder::Folder;
use tokscope::import::read_data_dir_on;
use tokscope::index::Index;

fn tokscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokscope")).args(arguments).output().unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A data folder of so many generated results, and the folder that holds it.
fn generated(results: &str) -> (Folder, PathBuf) {
    let folder = Folder::empty();
    let data = folder.0.join("data");
    let output = tokscope(&["generate", results, "--data", data.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, data)
}

/// What a folder holds and what is wrong with it is the same however many threads read it.
fn is_read_alike(data: &Path) {
    let read = |threads| read_data_dir_on(data, NonZeroUsize::new(threads).unwrap());
    let alone = read(1);
    for threads in [2, 3, 16] {
        let together = read(threads);
        assert_eq!(together.findings, alone.findings, "{threads}");
        assert_eq!(together.files, alone.files, "{threads}");
        assert!(together.dataset == alone.dataset, "{threads}");
    }
}

#[test]
fn any_number_of_threads_reads_the_same() {
    is_read_alike(&root().join("data"));
    let broken = Folder::of(&root().join("tests/fixtures/data"));
    let runs = broken.0.join("runs/desk-12gb");
    for (number, text) in
        ["", "- a\n", "schema: 1\nid: [x]\nresults:\n  - {}\n", "a: \"\n"].iter().enumerate()
    {
        for copy in 0..40 {
            fs::write(runs.join(format!("broken-{number}-{copy}.yaml")), text).unwrap();
        }
    }
    is_read_alike(&broken.0);
}

#[test]
fn a_folder_of_generated_runs_gives_the_index_of_the_same_results() {
    let (_folder, data) = generated("4000");
    let from_folder = tokscope(&["index", data.to_str().unwrap()]);
    assert_eq!(String::from_utf8_lossy(&from_folder.stderr), "");
    let at_once = tokscope(&["generate", "4000"]);
    assert!(from_folder.stdout == at_once.stdout);
    assert_eq!(Index::from_json(&at_once.stdout).unwrap().result_count(), 4_000);
}

#[test]
fn the_index_is_the_same_with_a_cache() {
    let (folder, data) = generated("3000");
    let index = |arguments: &[&str]| tokscope(&[&["index", data.to_str().unwrap()], arguments].concat());
    let cache = folder.0.join("cache");
    let cached = || index(&["--cache", cache.to_str().unwrap()]);
    let expected = index(&[]);
    assert!(expected.status.success());
    for _ in 0..2 {
        let output = cached();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(output.stdout == expected.stdout);
    }
    // One run more.
    let rig = fs::read_dir(data.join("runs")).unwrap().next().unwrap().unwrap().path();
    let run = fs::read_dir(&rig).unwrap().next().unwrap().unwrap().path();
    let id = run.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(&run).unwrap();
    fs::write(rig.join("another.yaml"), text.replace(id, "another")).unwrap();
    let changed = index(&[]);
    assert!(changed.stdout != expected.stdout && cached().stdout == changed.stdout);
    // Where nothing can be written, the index is the same, and somebody is told.
    let output = index(&["--cache", run.to_str().unwrap()]);
    assert!(output.stdout == changed.stdout);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("the cache was not written: "), "{said}");
}

#[test]
fn a_result_takes_few_bytes() {
    let index = Index::from_json(&tokscope(&["generate", "20000"]).stdout).unwrap();
    let bytes = index.bytes() as f64 / index.result_count() as f64;
    assert!(bytes <= 64.0, "{bytes}");
}
