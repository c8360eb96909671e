//! `cargo xtask bench`: the figures of docs/performance.md, for anyone to measure again.

use crate::{
    check,
    command::{Failure, Outcome, cargo, output, run},
    page, setup,
};

/// What can be measured beside a number of results.
const PARTS: [&str; 3] = ["real", "charts", "plain"];

/// Builds the page and the generator, then measures indexes of the given sizes, and the other parts that are named, in
/// the browser.
pub(crate) fn run_all(asked: &[String]) -> Outcome {
    let is_known = |part: &&String| PARTS.contains(&part.as_str()) || part.parse::<u32>().is_ok();
    if let Some(part) = asked.iter().find(|part| !is_known(part)) {
        let parts = PARTS.join("`, `");
        return Err(Failure(format!("found `{part}`, expected a number of results, or one of `{parts}`")));
    }
    let tools = setup::everything()?;
    page::build_with(&tools)?;
    run(check::browser(&["--bench"]).args(asked).env("TOKSCOPE", tokscope()?))
}

/// The native program, built; its path is in what cargo says about it.
fn tokscope() -> Outcome<String> {
    let mut build = cargo(&["build", "--bin", "tokscope", "--features", "snapshot"]);
    let said = output(build.arg("--message-format=json")).unwrap_or_default();
    let path = said.rsplit_once("\"executable\":\"").and_then(|(_, rest)| rest.split('"').next());
    path.map(str::to_owned).ok_or_else(|| Failure("tokscope was not built".to_owned()))
}
