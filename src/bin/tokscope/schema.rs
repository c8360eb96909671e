//! `tokscope schema`

use std::path::PathBuf;
use std::process::ExitCode;

use tokscope::import::run_schema;

use crate::error::CliError;
use crate::output;

/// Print the JSON Schema of run files
#[derive(clap::Args)]
#[command(after_help = "\
Editors that know the schema complete and explain fields while a run file is written.
What it cannot hold (references to rigs, models and shapes) is what `tokscope check` is for.

Examples:
  tokscope schema > data/run.schema.json
  tokscope schema -o run.schema.json")]
pub(crate) struct Args {
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let text = format!("{:#}\n", run_schema());
    output::write(&args.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
