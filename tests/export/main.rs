//! What leaves a view: that it comes back, and that it harms nobody who opens it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test says what failed by failing, and a skipped one says so"
)]

mod chart;
mod circle;
#[cfg(feature = "cli")]
mod columnar;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
#[allow(dead_code, reason = "the tests of the command line need more of it")]
#[path = "../cli/folder.rs"]
mod folder;
mod hostile;
#[cfg(feature = "cli")]
mod machines;
#[allow(dead_code, reason = "the tests of queries need more of it")]
#[path = "../query/made_up.rs"]
mod made_up;
#[cfg(feature = "cli")]
#[path = "../query/states.rs"]
mod states;
mod words;

use std::path::Path;

use tokscope::export::view::Export;
use tokscope::index::Index;
use tokscope::query::{Choices, Selection};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Calls back with an export of a selection.
fn export<T>(index: &Index, query: &str, then: impl FnOnce(&Export<'_>) -> T) -> T {
    let choices = Choices::of(index);
    let (selection, ignored) = tokscope::query::from_query(query, &choices);
    assert_eq!(ignored, [], "{query}");
    then(&of(index, &choices, &selection))
}

fn of<'a>(index: &'a Index, choices: &'a Choices, selection: &'a Selection) -> Export<'a> {
    Export { index, choices, selection, base: Some("https://example.org/bench/") }
}
