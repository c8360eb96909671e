//! `tokscope offline`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use tokscope::site::ELSEWHERE;
use tokscope::site::offline::{NoPlace, SHARDS, WORKER, is_kept, with_worker, worker};

use crate::error::CliError;
use crate::output;

/// Let a built page go on without a network, as the last step of its build
#[derive(clap::Args)]
#[command(after_help = "\
The service worker keeps what is in the folder now; whatever changes a file later has to call this again.

Example:
  tokscope offline dist")]
pub(crate) struct Args {
    /// The built page: a folder with index.html and sw.js
    dist: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let script = args.dist.join(WORKER);
    let read = |path: &PathBuf| fs::read_to_string(path).map_err(CliError::reading(path));
    let wrong = |path: &PathBuf| {
        let path = path.clone();
        move |error: NoPlace| CliError::Invalid { path, message: error.to_string() }
    };
    let pages = [args.dist.join("index.html"), args.dist.join(ELSEWHERE)];
    // A page from before there was a second document has the first one alone.
    for page in pages.iter().filter(|page| page.is_file() || page.ends_with("index.html")) {
        let text = with_worker(&read(page)?).map_err(wrong(page))?;
        output::write(page, text.as_bytes())?;
    }
    let mut files = Vec::new();
    for folder in ["", SHARDS] {
        let place = args.dist.join(folder);
        // An index of fewer results has no shards.
        if !folder.is_empty() && !place.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&place).map_err(CliError::reading(&place))? {
            let path = entry.map_err(CliError::reading(&place))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).map(|name| format!("{folder}{name}"));
            if let Some(name) = name.filter(|name| path.is_file() && is_kept(name)) {
                files.push((name, fs::read(&path).map_err(CliError::reading(&path))?));
            }
        }
    }
    let text = worker(&read(&script)?, &files).map_err(wrong(&script))?;
    output::write(&script, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
