//! `tokscope`: checks run files and turns them into the index that the page reads.

mod card;
mod chart;
mod check;
mod collect;
mod compare;
mod error;
mod export;
mod generate;
mod import;
mod index;
mod mdbook;
mod offline;
mod output;
mod png;
mod report;
mod schema;
mod shards;
mod site;
#[cfg(feature = "snapshot")]
mod snapshot;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Check benchmark run files and build what the Tokscope page shows
#[derive(Parser)]
#[command(
    name = "tokscope",
    version,
    disable_help_subcommand = true,
    after_help = "\
Exit codes: 0 all is well, 1 the data has problems or a comparison fails, 2 wrong usage or a file that cannot be read or written.
`-` stands for the standard input or output.

Examples:
  tokscope check
  tokscope index -o public/index.json
  tokscope chart 'hardware=strix-halo-96gb' -o speed.svg
  tokscope export 'hardware=strix-halo-96gb' --format csv -o speed.csv
  tokscope report data/runs/strix-halo-128gb -o report.md
  llama-bench -m model.gguf -o json | tokscope import - --hardware my-rig --source my-notes
  tokscope compare before.json after.json --fail-below 0.97"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Index(index::Args),
    Card(card::Args),
    Chart(chart::Args),
    Export(export::Args),
    Report(report::Args),
    Import(Box<import::Args>),
    Collect(collect::Args),
    Compare(compare::Args),
    Mdbook(mdbook::Args),
    Offline(offline::Args),
    Schema(schema::Args),
    Site(site::Args),
    Generate(generate::Args),
    #[cfg(feature = "snapshot")]
    Snapshot(snapshot::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Card(args) => card::run(&args),
        Command::Chart(args) => chart::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Collect(args) => collect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Mdbook(args) => mdbook::run(&args),
        Command::Offline(args) => offline::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Site(args) => site::run(&args),
        Command::Generate(args) => generate::run(&args),
        #[cfg(feature = "snapshot")]
        Command::Snapshot(args) => snapshot::run(&args),
    };
    match done {
        Ok(code) => code,
        // Whoever reads the output has read enough, as `head` does.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            error.exit_code()
        }
    }
}
