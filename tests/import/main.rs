//! Result files of benchmark tools: what is read, what is asked for, what is written and read back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test says what failed by failing, and a skipped one says so"
)]

#[cfg(feature = "cli")]
mod circle;
mod clients;
#[cfg(feature = "cli")]
mod command;
mod comparing;
#[cfg(feature = "cli")]
#[path = "../cli/folder.rs"]
mod folder;
mod golden;
mod hostile;
mod mapped;
#[allow(dead_code, reason = "the tests of statistics need more of it")]
#[path = "../stats/random.rs"]
mod random;
#[cfg(feature = "cli")]
mod regressions;
mod serving;

use std::fs;
use std::path::{Path, PathBuf};

use tokscope::import::Known;
use tokscope::model::PartialDate;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository, or one beside it; `None` where the folder beside is not there.
fn file(path: &str) -> Option<Vec<u8>> {
    if !path.starts_with("shared/") {
        return Some(fs::read(root().join(path)).unwrap());
    }
    let folder = root().join("../shared");
    folder.is_dir().then(|| fs::read(root().join("..").join(path)).unwrap())
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures/import").join(name)).unwrap()
}

/// Folders of files of benchmark tools.
const FIXTURES: [&str; 2] = ["import", "serving"];

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let mut fixtures = Vec::new();
    for path in
        FIXTURES.into_iter().flat_map(|folder| files_below(&root().join("tests/fixtures").join(folder)))
    {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name != "SOURCES.md" {
            fixtures.push((name, fs::read(path).unwrap()));
        }
    }
    fixtures
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

fn date(text: &str) -> PartialDate {
    PartialDate::try_from(text.to_owned()).unwrap()
}

/// Everything that no file of these tools says, under a name that says nothing.
fn known() -> Known<'static> {
    Known {
        file: "neutral",
        source: "notes",
        unlisted: true,
        hardware: Some("desk"),
        backend: Some("Vulkan"),
        engine: Some("some engine"),
        concurrency: Some(1),
        concurrencies: [(String::new(), 1)].into(),
        date: Some(date("2026-05")),
        ..Known::default()
    }
}
