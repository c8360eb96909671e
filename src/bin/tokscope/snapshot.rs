//! `tokscope snapshot`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::error::CliError;
use crate::output;
use crate::shards;

/// Where the built page takes the static view.
const MARK: &str = "<!--tokscope:snapshot-->";

/// Put the default view into the built page, as HTML that needs no script
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  tokscope snapshot dist/index.json --html dist/index.html")]
pub(crate) struct Args {
    /// The index of results
    index: PathBuf,
    /// The built page, which holds a mark for the view
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let index = shards::read(&args.index)?;
    let page = String::from_utf8_lossy(&read(&args.html)?).into_owned();
    if !page.contains(MARK) {
        let message = format!("found no {MARK}, expected one where the view goes");
        return Err(CliError::Invalid { path: args.html.clone(), message });
    }
    let view = tokscope::app::render_to_html(index);
    output::write(&args.html, page.replacen(MARK, &view, 1).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|source| CliError::Read { path: path.to_owned(), source })
}
