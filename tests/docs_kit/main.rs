//! The recipes of `docs/embedding-recipes.md`, built by the tools that they are for, and the documentation as a book.
//!
//! `cargo xtask test` installs mdBook, MkDocs, Hugo and the packages of npm, and calls this by its name. Each test
//! copies an example, does in the copy what the recipe says, and looks at what came out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

mod books;
mod hosts;
mod html;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What every recipe shows.
const QUERY: &str = "hardware=geforce-rtx-5070-12gb&shape=chat";

/// Where the recipes say that the page is.
const BASE: &str = "https://example.org/tokscope/";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tokscope() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tokscope"))
}

/// The folder of everything that is made here; the browser's tests look at it too.
fn workshop() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs-kit")
}

/// A new folder.
fn empty(name: &str) -> PathBuf {
    let folder = workshop().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// An example, copied, with an index beside it.
fn copied(example: &str) -> PathBuf {
    let folder = empty(example);
    copy(&root().join("examples").join(example), &folder);
    fs::copy(index(), folder.join("index.json")).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// An index of the data of this repository.
fn index() -> &'static Path {
    static INDEX: OnceLock<PathBuf> = OnceLock::new();
    INDEX.get_or_init(|| {
        let file = workshop().join("index.json");
        fs::create_dir_all(workshop()).unwrap();
        run(Command::new(tokscope()).args(["index", "-o"]).arg(&file).current_dir(root()));
        file
    })
}

/// Runs a command that has to succeed, with `tokscope` on the PATH, and returns what it printed on both streams.
fn run(command: &mut Command) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::iter::once(tokscope().parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).unwrap()).env("TOKSCOPE_DOCS_KIT", "1");
    let line = format!("{command:?}");
    let output =
        command.output().unwrap_or_else(|error| panic!("{line}: {error}; cargo xtask test installs it"));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{line}: {}\n{text}", output.status);
    text
}

fn recipes() -> String {
    fs::read_to_string(root().join("docs/embedding-recipes.md")).unwrap()
}

/// Does what the recipe under a heading says to type.
fn follow(heading: &str, folder: &Path) {
    let text = recipes();
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let script: String = blocks.collect();
    assert!(!script.is_empty(), "{heading} has no commands");
    run(Command::new("bash").args(["-euo", "pipefail", "-c", &script]).current_dir(folder));
}

/// The values that `tokscope export` writes for the query of the recipes.
fn exported() -> Vec<String> {
    let csv =
        run(Command::new(tokscope()).args(["export", QUERY, "--format", "csv", "--index"]).arg(index()));
    let table: Vec<Vec<String>> = csv.trim_start_matches('\u{feff}').lines().map(cells).collect();
    let at = table[0].iter().position(|name| name == "decode_tok_per_s").unwrap();
    let values: Vec<String> = table[1..].iter().map(|cells| cells[at].clone()).collect();
    assert!(values.len() > 5, "{csv}");
    values
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn the_recipes_show_the_examples_as_they_are() {
    let text = recipes();
    let mut shown = 0;
    for (name, rest) in text.split("\n`examples/").skip(1).map(|rest| rest.split_once("`\n\n```").unwrap()) {
        let (_, block) = rest.split_once('\n').unwrap();
        let file = fs::read_to_string(root().join("examples").join(name)).unwrap();
        assert!(block.starts_with(&format!("{file}```\n")), "examples/{name} is shown as something else");
        shown += 1;
    }
    assert!(shown >= 9, "{shown} files are shown");
}
