//! `tokscope check`

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::import::{DataDir, read_data_dir};

use crate::error::{CliError, plural};
use crate::output::{self, Paint, Style};

/// List everything that is wrong with a data folder
#[derive(clap::Args)]
#[command(after_help = "\
Each problem is one line: file, line, field, what was found, what was expected.
All files are checked, and all problems are listed in one go.

Examples:
  tokscope check
  tokscope check path/to/data
  NO_COLOR=1 tokscope check")]
pub(crate) struct Args {
    /// Folder with models.yaml, hardware/, runs/ and so on
    #[arg(default_value = "data")]
    data_dir: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let DataDir { findings, files, .. } = read(&args.data_dir)?;
    let stdout = io::stdout().lock();
    let paint = Paint::for_stream(&stdout);
    let mut out = io::BufWriter::new(stdout);
    output::list(&mut out, paint, &findings)?;
    let count = findings.len();
    let style = if count == 0 { Style::Good } else { Style::Bad };
    let problems = paint.text(style, &format!("{count} {}", plural(count)));
    let noun = if files == 1 { "file" } else { "files" };
    writeln!(out, "{files} {noun}, {problems}")?;
    out.flush()?;
    Ok(if count == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Reads a data folder that must exist.
pub(crate) fn read(folder: &Path) -> Result<DataDir, CliError> {
    if folder.is_dir() { Ok(read_data_dir(folder)) } else { Err(CliError::NoFolder(folder.to_owned())) }
}
