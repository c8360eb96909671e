//! `tokscope check`

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::checks;
use tokscope::import::{Cache, DataDir, read_data_dir, read_data_dir_cached};
use tokscope::index::Index;
use tokscope::model::Dataset;
use tokscope::site::{self, FILE};

use crate::error::{CliError, plural};
use crate::output::{self, Harmless, Paint, Style};

/// List everything that is wrong with a data folder, and what its figures make doubtful
#[derive(clap::Args)]
#[command(after_help = "\
Each problem is one line: file, line, field, what was found, what was expected.
All files are checked, and all problems are listed in one go, at the end.
Warnings stand before them: figures that cannot be, are doubtful, or must not be compared, each with its rule.
docs/checks.md explains the rules.

Examples:
  tokscope check
  tokscope check --strict
  tokscope check path/to/data
  NO_COLOR=1 tokscope check")]
pub(crate) struct Args {
    /// Folder with models.yaml, hardware/, runs/ and so on
    #[arg(default_value = "data")]
    data_dir: PathBuf,
    /// Exit with 1 for warnings too
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let DataDir { dataset, findings, files } = read(&args.data_dir, None, false)?;
    let stdout = io::stdout().lock();
    let paint = Paint::for_stream(&stdout);
    let mut out = io::BufWriter::new(stdout);
    // A terminal shows the end of a long list.
    let warnings = warn(&mut out, paint, &dataset)?;
    output::list(&mut out, paint, &findings)?;
    let count = findings.len();
    let style = if count == 0 { Style::Good } else { Style::Bad };
    let problems = paint.text(style, &format!("{count} {}", plural(count)));
    let noun = if files == 1 { "file" } else { "files" };
    let warned = match warnings {
        0 => String::new(),
        1 => ", 1 warning".to_owned(),
        _ => format!(", {warnings} warnings"),
    };
    writeln!(out, "{files} {noun}, {problems}{warned}")?;
    out.flush()?;
    let passed = count == 0 && !(args.strict && warnings > 0);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Lists what the rules find in sound files, with the files concerned; gives how many.
fn warn(out: &mut impl Write, paint: Paint, dataset: &Dataset) -> io::Result<usize> {
    let index = Index::build(dataset);
    let files: HashMap<&str, &str> =
        dataset.runs.iter().map(|run| (run.value.id.as_str(), run.file.as_str())).collect();
    let file_of = |run: &usize| index.runs.id.get(*run).and_then(|id| files.get(id.as_str())).copied();
    let findings = checks::findings(&index);
    for finding in &findings {
        let mut concerned = finding.runs.iter().filter_map(file_of);
        let first = concerned.next().unwrap_or_default();
        let text = format!(": warning: {}: {}: {finding}", finding.severity.name(), finding.rule.id());
        writeln!(out, "{}{}", paint.text(Style::Place, first), Harmless(&text))?;
        for file in concerned {
            writeln!(out, "  and {}", paint.text(Style::Place, file))?;
        }
    }
    Ok(findings.len())
}

/// Reads a data folder that must exist, with what its publisher says; runs that did not change come from the cache,
/// which is told so by the file system, or by the text where that is to be verified.
pub(crate) fn read(folder: &Path, cache: Option<&Path>, verify: bool) -> Result<DataDir, CliError> {
    if !folder.is_dir() {
        return Err(CliError::NoFolder(folder.to_owned()));
    }
    let mut data = match cache {
        Some(cache) => read_cached(folder, cache, verify)?,
        None => read_data_dir(folder),
    };
    if folder.join(FILE).symlink_metadata().is_ok() {
        data.files += 1;
        data.findings.extend(site::read(folder).1);
        data.findings.sort();
    }
    Ok(data)
}

fn read_cached(folder: &Path, target: &Path, verify: bool) -> Result<DataDir, CliError> {
    let mut cache = Cache::open(target).map_err(CliError::reading(target))?;
    if verify {
        cache = cache.distrusting_times();
    }
    let (data, kept) = read_data_dir_cached(folder, cache);
    if let Err(error) = kept {
        // What was read is as good without it, and the next run takes longer.
        output::note(&format!(
            "the cache was not written: {error}: {}",
            Harmless(&target.display().to_string())
        ));
    }
    Ok(data)
}
