//! Tests of the built page in real browsers: `cargo xtask test`, or against the dist/ that is there
//! `cargo test --features browser-tests --test browser -- [--firefox] [FILTER…]`.
//!
//! # Adding a test
//!
//! 1. Pick the file of its theme, or add one here: a module, and its `TESTS` in [`suites`].
//! 2. Write `fn what_holds(page: &mut Page)` and add it to the file's `TESTS`.
//! 3. Open the page with a query, act as a reader would, wait for what must become true:
//!
//! ```ignore
//! fn sorting_is_in_the_address(page: &mut Page) {
//!     page.open("?view=runs");
//!     page.click("th button");
//!     page.wait_for("location.search.includes('sort=')");
//! }
//! ```
//!
//! Conditions are JavaScript expressions. There is no sleeping: wait for a condition.
//! A worker keeps one browser for all its tests; between two of them it forgets storage, emulation and
//! history. Each worker has its own server, so a test may break an answer (`page.server().fault(…)`).
//!
//! After every test the console must be empty and every request must have gone to the page's own
//! origin. A test that provokes a message names it beforehand with [`Page::expect_console`], one that
//! asks another host on purpose names that with [`Page::expect_origin`].
//! A failed test leaves a screenshot in target/browser-failures/.
//!
//! `cargo xtask test` runs every test in Chromium and then in Firefox; what cannot hold in one of them stands in
//! [`ignored`] with the reason. Of a long walk through what is alike Firefox takes a part ([`harness::engine::share`]).
//!
//! Three more modes use the same harness: `--shots QUERY…`, `--lighthouse` and `--bench N…`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test program: it fails by panicking and reports by printing"
)]

mod accessibility;
mod any_page;
mod bench;
mod book;
mod canvas;
mod charts_page;
mod comparing;
mod controls;
mod definitions;
mod elements;
mod embed;
mod evidence;
mod faults;
mod first;
mod foreign;
mod harness;
mod hostile;
mod import;
mod layout;
mod lighthouse;
mod links;
#[allow(dead_code, reason = "the tests of queries need more of it")]
#[path = "../query/made_up.rs"]
mod made_up;
mod matrix;
mod offline;
mod places;
#[path = "../facts/ratios.rs"]
mod ratios;
mod reading;
mod rows;
mod runs;
mod same;
mod shards;
mod share;
#[path = "../facts/sheet.rs"]
#[allow(dead_code, reason = "shared with the tests of the data, which use all of it")]
mod sheet;
mod shots;
mod sorting;
#[path = "../query/states.rs"]
mod states;
#[allow(dead_code, reason = "the tests of the index need more of it")]
#[path = "../hostile/words.rs"]
mod words;

use harness::{engine::Kind, page::Page, runner};
use std::process::ExitCode;

/// One test: its name and what it does with a fresh page.
type Test = (&'static str, fn(&mut Page));

/// Every test, under the name of its file.
fn suites() -> Vec<(&'static str, &'static [Test])> {
    vec![
        ("any_page", any_page::TESTS),
        ("offline", offline::TESTS),
        ("first", first::TESTS),
        ("shards", shards::TESTS),
        ("runs", runs::TESTS),
        ("rows", rows::TESTS),
        ("layout", layout::TESTS),
        ("controls", controls::TESTS),
        ("sorting", sorting::TESTS),
        ("links", links::TESTS),
        ("places", places::TESTS),
        ("hostile", hostile::TESTS),
        ("charts_page", charts_page::TESTS),
        ("definitions", definitions::TESTS),
        ("comparing", comparing::TESTS),
        ("evidence", evidence::TESTS),
        ("book", book::TESTS),
        ("accessibility", accessibility::TESTS),
        ("faults", faults::TESTS),
        ("foreign", foreign::TESTS),
        ("matrix", matrix::TESTS),
        ("import", import::TESTS),
        ("embed", embed::TESTS),
        ("elements", elements::TESTS),
        ("share", share::TESTS),
        ("same", same::TESTS),
        ("canvas", canvas::TESTS),
    ]
}

/// What cannot hold in the chosen browser, each by its full name and with the reason.
fn ignored() -> &'static [(&'static str, &'static str)] {
    match Kind::chosen() {
        Kind::Chromium => &[],
        Kind::Firefox => &[],
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("--shots") => shots::take(&args[1..]),
        Some("--bench") => bench::run(&args[1..]),
        Some("--lighthouse") => lighthouse::audit(),
        _ => runner::run(&suites(), ignored(), &args),
    }
}
