//! Runs the tests: a few workers, each with one browser for all its tests.
//!
//! The standard test runner gives every test a thread of its own and ends the process without
//! dropping anything, so it can neither keep a browser nor end one.

use super::{artifacts, engine::Kind, page::Page};
use crate::Test;
use std::{
    any::Any,
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

thread_local! {
    /// Where and why this thread panicked last.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// How many tests may fail once in Firefox and pass when they are repeated. WebDriver and the engine have moods of their
/// own there; each such failure is printed with its reason, and one more of them is a failure of the run.
const MOST_REPEATED: usize = 2;

/// A test under its full name.
type Named = (String, fn(&mut Page));

/// Runs the tests whose full name contains one of the filters, or all without any.
///
/// Those in `ignored`, by their names and each with its reason, are counted and not run.
pub(crate) fn run(
    suites: &[(&'static str, &'static [Test])],
    ignored: &[(&str, &str)],
    args: &[String],
) -> ExitCode {
    let all: Vec<Named> = suites
        .iter()
        .flat_map(|(suite, tests)| tests.iter().map(move |(name, test)| (format!("{suite}::{name}"), *test)))
        .collect();
    let total = all.len();
    let filters: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|(name, _)| filters.is_empty() || filters.iter().any(|filter| name.contains(*filter)))
        .collect();
    if args.iter().any(|arg| arg == "--list") {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    panic::set_hook(Box::new(|info| PANIC.set(info.to_string())));
    println!("\nrunning {} browser tests in {:?}", chosen.len(), Kind::chosen());
    let start = Instant::now();
    let reason =
        |name: &str| ignored.iter().find(|(left_out, _)| *left_out == name).map(|(_, reason)| reason);
    let (left_out, chosen): (Vec<_>, Vec<_>) =
        chosen.into_iter().partition(|(name, _)| reason(name).is_some());
    for (name, _) in &left_out {
        println!("test {name} ... ignored, {}", reason(name).unwrap_or(&""));
    }
    // One more than there are cores: a test waits for its browser much of the time.
    let workers = (thread::available_parallelism().map_or(1, usize::from) + 1).min(chosen.len()).min(4);
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut page = None;
                while let Some((name, test)) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(reason) = one(&mut page, name, *test) {
                        failures.lock().unwrap().push((name.clone(), reason));
                    }
                }
            });
        }
    });
    let failures = again(&chosen, failures.into_inner().unwrap());
    for (name, reason) in &failures {
        println!("\n---- {name} ----\n{reason}");
    }
    println!(
        "\ntest result: {}. {} passed; {} failed; {} ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        if failures.is_empty() { "ok" } else { "FAILED" },
        chosen.len() - failures.len(),
        failures.len(),
        left_out.len(),
        total - chosen.len() - left_out.len(),
        start.elapsed().as_secs_f64(),
    );
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is left of the failures once a few of Firefox' were repeated, each in a browser of its own and nothing beside it.
fn again(chosen: &[Named], failures: Vec<(String, String)>) -> Vec<(String, String)> {
    if Kind::chosen() != Kind::Firefox || failures.len() > MOST_REPEATED {
        return failures;
    }
    let still_fails = |(name, first): (String, String)| {
        let (_, test) = chosen.iter().find(|(other, _)| *other == name)?;
        let second = one(&mut None, &name, *test).err();
        if second.is_none() {
            println!("\n---- {name}: passed only when it was repeated; before it failed ----\n{first}");
        }
        second.map(|reason| (name, format!("{first}\n\nand again: {reason}")))
    };
    failures.into_iter().filter_map(still_fails).collect()
}

/// Runs one test on the worker's page, which a failed test does not hand on.
fn one(page: &mut Option<Page>, name: &str, test: fn(&mut Page)) -> Result<(), String> {
    let start = Instant::now();
    let outcome = caught(|| {
        let page = page.get_or_insert_with(Page::start);
        page.reset();
        test(page);
        page.assert_quiet();
    });
    let word = if outcome.is_ok() { "ok" } else { "FAILED" };
    println!("test {name} ... {word} ({:.1} s)", start.elapsed().as_secs_f64());
    outcome.map_err(|reason| {
        let path = artifacts("browser-failures").join(format!("{}.png", name.replace("::", "-")));
        let seen = page.as_ref().is_some_and(|page| caught(|| page.screenshot(&path)).is_ok());
        drop(caught(|| drop(page.take())));
        if seen { format!("{reason}\nscreenshot: {}", path.display()) } else { reason }
    })
}

fn caught(work: impl FnOnce()) -> Result<(), String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_: Box<dyn Any + Send>| PANIC.take())
}
