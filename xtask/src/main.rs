//! Sets up, serves, builds and tests Tokscope: `cargo xtask <command>`.
//!
//! Standard library only, so that it compiles in a second on a machine that has nothing but Rust.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program: its output is what it prints"
)]

mod bench;
mod beside;
mod budget;
mod check;
mod command;
mod finish;
mod fuzz;
mod html;
mod page;
mod setup;

use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask <command>

  setup               install what is missing: WASM target, trunk, wasm-bindgen, npm tools, Chromium
  docs                build docs/ as a book into target/docs, with mdBook
  serve [ARG…]        set up, then `trunk serve` with the given arguments; rebuilds on every change
  build [--quick]     set up, then build the page for release into dist/ and check its size;
                      --quick compiles in a fraction of the time, for tries in the browser
  test [--fast] [FILTER…]
                      everything: format, lints, tests, data, recipes, page, two browsers, axe, Lighthouse;
                      --fast leaves out the page and the browsers,
                      filters run the matching native and browser tests only
  firefox [FILTER…]   the browser tests on the built page in Firefox alone
  shots [QUERY…]      screenshots of the built page into target/shots/, narrow to wide, light and dark
  bench [N…]          builds the page, then measures how long a reader waits, with N generated results
                      each; `real` is the data of this repository, `charts` a chart of 200 bars,
                      `plain` the page beside the same table as plain HTML
                      (default: 160 10000 100000 charts plain);
                      prints tables and writes target/bench/bench.json
  fuzz [--seconds N] [NAME…]
                      random inputs for everything that reads what others wrote, a minute for each
                      format; needs a C++ compiler; findings are kept in target/fuzz/findings/
  finish              what Trunk calls after each build; not for use by hand

environment:
  TOKSCOPE_BASE_URL   the address that the built page will have (default: base_url in data/site.yaml)
  TOKSCOPE_TOOLS      where installed tools are kept (default: tokscope/tools in the user's cache)
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match name.as_str() {
        "setup" => setup::everything().map(|tools| println!("{}", tools.hint())),
        "docs" => check::docs(),
        "serve" => page::serve(&rest),
        "build" if rest == ["--quick"] => page::build_quickly(),
        "build" => page::build(),
        "test" => check::run_all(&rest),
        "firefox" => check::firefox(&rest),
        "shots" => check::shots(&rest),
        "bench" => bench::run_all(&rest),
        "fuzz" => fuzz::run_all(&rest),
        "finish" => finish::run_hook(),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(command::Failure(format!("there is no command `{name}`\n\n{HELP}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
