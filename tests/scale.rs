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
