//! `cargo xtask bench`: the figures of docs/performance.md, for anyone to measure again.

use crate::{
    check,
    command::{Failure, Outcome, cargo, output, run},
    page, setup,
};

/// Builds the page and the generator, then measures indexes of the given sizes in the browser.
pub(crate) fn run_all(sizes: &[String]) -> Outcome {
    if let Some(size) = sizes.iter().find(|size| *size != "real" && size.parse::<u32>().is_err()) {
        return Err(Failure(format!("found `{size}`, expected a number of results, or `real`")));
    }
    let tools = setup::everything()?;
    page::build_with(&tools)?;
    run(check::browser(&["--bench"]).args(sizes).env("TOKSCOPE", tokscope()?))
}

/// The native program, built; its path is in what cargo says about it.
fn tokscope() -> Outcome<String> {
    let mut build = cargo(&["build", "--bin", "tokscope", "--features", "snapshot"]);
    let said = output(build.arg("--message-format=json")).unwrap_or_default();
    let path = said.rsplit_once("\"executable\":\"").and_then(|(_, rest)| rest.split('"').next());
    path.map(str::to_owned).ok_or_else(|| Failure("tokscope was not built".to_owned()))
}
