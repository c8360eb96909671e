//! `cargo xtask test`: every check of the project, in the order in which a failure is cheapest.

use crate::{
    beside::Beside,
    command::{Failure, Outcome, cargo, command, run, watch},
    setup,
};
use std::time::{Duration, Instant};

/// How much of what a step beside the others said is shown when it went well: the page's weights.
const LAST_LINES: usize = 12;

/// Passed, failed and ignored tests, added up over all test programs.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Reads one line of output, which counts when it is a test program's summary.
    fn see(&mut self, line: &str) {
        let Some((_, summary)) = line.split_once("test result: ") else { return };
        let number = |word: &str| {
            let before = summary.split_once(word).map_or("", |(before, _)| before);
            before.split_whitespace().last().and_then(|n| n.parse().ok()).unwrap_or(0_u64)
        };
        self.passed += number(" passed");
        self.failed += number(" failed");
        self.ignored += number(" ignored");
    }
}

/// Runs the steps one after the other and keeps their times.
struct Steps {
    counts: Counts,
    times: Vec<(&'static str, Duration)>,
    start: Instant,
}

impl Steps {
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Outcome<T>) -> Outcome<T> {
        println!("\n── {name}");
        let start = Instant::now();
        let outcome = work(&mut self.counts);
        let time = start.elapsed();
        println!(
            "── {name}: {} in {:.1} s",
            if outcome.is_ok() { "done" } else { "FAILED" },
            time.as_secs_f64()
        );
        self.times.push((name, time));
        outcome
    }

    /// Waits for a step that ran beside the others; all that it said is shown when it failed, else its end.
    fn join(&mut self, name: &'static str, work: Beside) -> Outcome {
        println!("\n── {name}");
        let (outcome, said, time) = work.end();
        let lines: Vec<&str> = said.lines().collect();
        let shown = if outcome.is_ok() { lines.len().saturating_sub(LAST_LINES) } else { 0 };
        lines.iter().skip(shown).for_each(|line| println!("{line}"));
        let word = if outcome.is_ok() { "done" } else { "FAILED" };
        println!("── {name}: {word} in {:.1} s", time.as_secs_f64());
        self.times.push((name, time));
        outcome
    }

    fn summary(&self, outcome: &Outcome) {
        println!();
        for (name, time) in &self.times {
            println!("{:>8.1} s  {name}", time.as_secs_f64());
        }
        println!("{:>8.1} s  in all", self.start.elapsed().as_secs_f64());
        let Counts { passed, failed, ignored } = self.counts;
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("\ntests: {word}. {passed} passed; {failed} failed; {ignored} ignored");
    }
}

/// Runs every check; with `--fast` none that needs the built page, with filters matching tests only.
pub(crate) fn run_all(args: &[String]) -> Outcome {
    let fast = args.iter().any(|arg| arg == "--fast");
    let filters: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != "--fast").collect();
    if let Some(option) = filters.iter().find(|arg| arg.starts_with('-')) {
        return Err(Failure(format!("there is no option `{option}`, only --fast")));
    }
    let mut steps = Steps { counts: Counts::default(), times: Vec::new(), start: Instant::now() };
    let outcome = in_order(&mut steps, fast, &filters);
    steps.summary(&outcome);
    outcome
}

fn in_order(steps: &mut Steps, fast: bool, filters: &[&str]) -> Outcome {
    if filters.is_empty() {
        lints(steps)?;
    }
    // One core compiles the page's programs, one after the other, while the other one tests.
    let page = if fast { None } else { Some(Beside::start("page", &mut build_of_the_page()?)?) };
    let tested = native(steps, filters);
    let built = page.map_or(Ok(()), |page| steps.join("release build of the page, beside the tests", page));
    tested.and(built)?;
    if fast {
        return Ok(());
    }
    let (for_recipes, for_firefox) = steps.step("set-up", |_| {
        setup::everything()?;
        Ok((setup::for_the_recipes()?, setup::firefox()?))
    })?;
    steps.step("recipes and books", |counts| {
        watch(&mut recipes(&for_recipes, filters), |line| counts.see(line))
    })?;
    steps.step("browser tests, Chromium", |counts| watch(&mut browser(filters), |line| counts.see(line)))?;
    steps.step("browser tests, Firefox", |counts| {
        watch(&mut in_firefox(&for_firefox, filters), |line| counts.see(line))
    })?;
    if filters.is_empty() {
        steps.step("Lighthouse", |counts| watch(&mut browser(&["--lighthouse"]), |line| counts.see(line)))?;
    }
    Ok(())
}

/// What `cargo xtask build` does, with the set-up for it, as a command.
fn build_of_the_page() -> Outcome<std::process::Command> {
    Ok(command(std::env::current_exe()?, &["build"]))
}

fn native(steps: &mut Steps, filters: &[&str]) -> Outcome {
    steps.step("native tests", |counts| {
        let mut test = cargo(&["test", "--workspace", "--features", "snapshot", "--no-fail-fast", "--"]);
        watch(test.args(filters), |line| counts.see(line))
    })?;
    if !filters.is_empty() {
        return Ok(());
    }
    steps.step("data", |_| {
        run(&mut cargo(&["run", "--quiet", "--features", "snapshot", "--", "check", "data"]))
    })
}

fn lints(steps: &mut Steps) -> Outcome {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    steps.step("format", |_| run(&mut cargo(&["fmt", "--all", "--check"])))?;
    steps.step("lints, native", |_| {
        run(cargo(&["clippy", "--workspace", "--all-targets", "--all-features"]).args(DENY))?;
        // Not among all targets, because it only runs by its name.
        run(cargo(&["clippy", "--test", "docs_kit", "--all-features"]).args(DENY))
    })?;
    steps.step("lints, page", |_| {
        setup::wasm_target()?;
        const PROGRAMS: [(&str, &str); 3] =
            [("tokscope-page", "app"), ("tokscope-whole", "app,whole"), ("tokscope-import", "worker")];
        for (program, features) in PROGRAMS {
            let page = ["clippy", "--target", "wasm32-unknown-unknown", "--lib", "--bin", program];
            run(cargo(&page).args(["--features", features]).args(DENY))?;
        }
        Ok(())
    })
}

/// The examples of docs/embedding-recipes.md and the documentation, built by the tools that they are for.
fn recipes(tools: &setup::Tools, filters: &[&str]) -> std::process::Command {
    let mut test = cargo(&["test", "--features", "snapshot", "--test", "docs_kit", "--no-fail-fast", "--"]);
    test.args(filters).env("PATH", tools.path());
    test
}

/// Builds the documentation as a book.
pub(crate) fn docs() -> Outcome {
    let tools = setup::mdbook()?;
    run(command("mdbook", &["build", "docs"]).env("PATH", tools.path()))
}

/// The browser harness with the given arguments; it works on dist/ as it is.
pub(crate) fn browser(args: &[&str]) -> std::process::Command {
    let mut test = cargo(&["test", "--features", "browser-tests", "--test", "browser", "--"]);
    test.args(args);
    test
}

fn in_firefox(tools: &setup::Tools, filters: &[&str]) -> std::process::Command {
    let mut test = browser(&["--firefox"]);
    test.args(filters).env("PATH", tools.path());
    test
}

/// Runs the browser tests on the built page in Firefox, with what that takes.
pub(crate) fn firefox(filters: &[String]) -> Outcome {
    let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
    run(&mut in_firefox(&setup::firefox()?, &filters))
}

/// Takes screenshots of the built page at the given query strings.
pub(crate) fn shots(queries: &[String]) -> Outcome {
    setup::chromium()?;
    run(browser(&["--shots"]).args(queries))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_add_up() {
        let mut counts = Counts::default();
        counts.see("running 3 tests");
        counts.see("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        counts.see("test result: FAILED. 2 passed; 4 failed; 0 ignored");
        assert_eq!((counts.passed, counts.failed, counts.ignored), (5, 4, 1));
    }
}
