//! `tokscope collect`

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::export::yaml::write_run;
use tokscope::import::{collect, read_data_dir, read_plan};

use crate::error::CliError;
use crate::import::{add_shapes, path_of};
use crate::output::{self, Paint, counted};

/// Make the run files of published result sets anew
#[derive(clap::Args)]
#[command(after_help = "\
Reads `collections.yaml` of the data folder: which files of which public repositories become runs, how they
are read, and what they do not say. The folder holds a copy of each repository at the stated commit, named
owner__name. Run files of these sets are replaced; all others stay as they are.

Exit codes: 0 everything was read, 1 something was left out, 2 nothing could be read or written.

Example:
  tokscope collect ../collections")]
pub(crate) struct Args {
    /// Folder with the copies of the repositories
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Data folder with the plan
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let file = args.data.join("collections.yaml");
    let text = fs::read_to_string(&file).map_err(CliError::reading(&file))?;
    let (plan, findings) = read_plan(&text, "collections.yaml");
    let Some(plan) = plan else {
        list(&findings)?;
        return Ok(ExitCode::from(2));
    };
    // Runs are not needed, and their problems are what this may repair.
    let data = read_data_dir(&args.data);
    let done = collect(&plan, &args.folder, &data.dataset.catalog);
    list(&done.findings)?;
    let results: usize = done.runs.iter().map(|run| run.results.len()).sum();
    let (files, runs) = (counted(done.files, "file"), counted(done.runs.len(), "run"));
    output::note(&format!("{files}: {} of {runs}", counted(results, "result")));
    let mut made = BTreeSet::new();
    for run in &done.runs {
        let path = args.data.join(path_of(run));
        write(&path, &write_run(run))?;
        made.insert(path_of(run));
    }
    let sources = plan.sources();
    for old in &data.dataset.runs {
        let is_of_plan = old.value.sources.iter().all(|source| sources.contains(source.id.as_str()));
        if is_of_plan && !made.contains(&old.file) {
            output::note(&format!("no longer made, and to be removed by hand: {}", old.file));
        }
    }
    add_shapes(&args.data, &done.shapes)?;
    Ok(if done.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn list(findings: &[tokscope::import::Finding]) -> Result<(), CliError> {
    let mut stderr = io::stderr().lock();
    let paint = Paint::for_stream(&stderr);
    Ok(output::list(&mut stderr, paint, findings)?)
}

/// Writes a file unless it says the same already.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    if fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(CliError::writing(folder))?;
    }
    output::write(path, text.as_bytes())
}
