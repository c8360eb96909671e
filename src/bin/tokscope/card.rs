//! `tokscope card`

use std::path::PathBuf;
use std::process::ExitCode;

use tokscope::index::Index;
use tokscope::site::card;

use crate::error::CliError;
use crate::index::sound_dataset;
use crate::output;

/// Draw the picture that links to the page are shown with
#[derive(clap::Args)]
#[command(after_help = "\
The words come from site.yaml, the chart from the runs.
Those who show cards take no SVG; any browser makes a PNG of it, which goes to card.png in the data folder.

Examples:
  tokscope card -o card.svg
  chromium --headless --window-size=1200,630 --screenshot=data/card.png card.svg")]
pub(crate) struct Args {
    /// Folder with site.yaml, models.yaml, hardware/, runs/ and so on
    #[arg(default_value = "data")]
    data_dir: PathBuf,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let index = Index::build(&sound_dataset(&args.data_dir)?);
    let config = crate::site::sound_config(&args.data_dir)?;
    output::write(&args.output, card(&config, &index).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
