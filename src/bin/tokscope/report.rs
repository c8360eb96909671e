//! `tokscope report`

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tokscope::export::report::{Layout, Names, Written, write_report};
use tokscope::index::Index;
use tokscope::model::run::Run;
use tokscope::model::{Dataset, Metric};
use tokscope::query::{Choices, Selection, answer};

use crate::chart;
use crate::error::CliError;
use crate::index::sound_dataset;
use crate::output::{self, Harmless};

/// Write runs as a Markdown report
#[derive(clap::Args)]
#[command(after_help = "\
Each WHAT is a file or folder of runs, or a selection as in a link to the page; a link chooses what
the page shows for it. Several of them narrow each other down; several files and folders add up.
A value is the mean of its repetitions (or their median, where the run says so), ± their sample
deviation. What a report has no place for is left out, and said.

Examples:
  tokscope report data/runs/strix-halo-128gb -o report.md
  tokscope report --layout summary 'hardware=strix-halo-128gb' -o summary.md
  tokscope report 'q=gemma' data/runs | less")]
pub(crate) struct Args {
    /// Selection, or files and folders of runs; without any, every run of the data folder
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    /// How to lay it out
    #[arg(long, value_enum, default_value_t = Form::Details)]
    layout: Form,
    /// Data folder, where no file or folder of runs says which
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// One section for each model, with every repetition
    Details,
    /// A table of all models, fastest first, then the sections
    Summary,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let (paths, links): (Vec<&String>, Vec<&String>) =
        args.what.iter().partition(|what| Path::new(what).exists() || !what.contains('='));
    let (data, places) = places(&paths, &args.data)?;
    let dataset = sound_dataset(&data)?;
    let mut runs: Vec<Run> =
        dataset.runs.iter().filter(|run| is_in(&run.file, &places)).map(|run| run.value.clone()).collect();
    for link in links {
        runs = selected(&dataset, runs, link)?;
    }
    let layout = match args.layout {
        Form::Details => Layout::Details,
        Form::Summary => Layout::Summary,
    };
    let runs: Vec<&Run> = runs.iter().collect();
    let Written { text, rows, left_out } = write_report(&runs, &Names::of(&dataset.catalog), layout);
    if !left_out.is_empty() {
        let what = left_out.join(", ");
        output::note(&format!("left out, for a report has no place for it: {}", Harmless(&what)));
    }
    if rows == 0 {
        return Err(CliError::NoResult(args.what.join(" ")));
    }
    output::write(&args.output, text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The data folder that files and folders lie in, and their paths inside.
fn places(paths: &[&String], data: &Path) -> Result<(PathBuf, Vec<PathBuf>), CliError> {
    let mut folder: Option<PathBuf> = None;
    let mut inside = Vec::new();
    for path in paths.iter().map(Path::new) {
        let holds = |folder: &&Path| folder.join("models.yaml").is_file();
        let found = path.ancestors().find(holds).filter(|_| path.exists());
        let Some(found) = found.filter(|found| folder.as_ref().is_none_or(|folder| folder == found)) else {
            return Err(CliError::NoRuns(path.to_owned()));
        };
        inside.extend(path.strip_prefix(found).map(Path::to_owned));
        folder = Some(found.to_owned());
    }
    Ok((folder.unwrap_or_else(|| data.to_owned()), inside))
}

/// True for a file at one of the places, or below; without places, for every file.
fn is_in(file: &str, places: &[PathBuf]) -> bool {
    places.is_empty() || places.iter().any(|place| Path::new(file).starts_with(place))
}

/// The runs with the results that a link chooses.
fn selected(dataset: &Dataset, runs: Vec<Run>, link: &str) -> Result<Vec<Run>, CliError> {
    let index = Index::build(dataset);
    let choices = Choices::of(&index);
    let selection = chart::selection(link, &index, &choices)?;
    let mut chosen = HashSet::new();
    // Whatever was measured: the table has rows with a value of one metric alone.
    let rows = Metric::ALL.into_iter().flat_map(|metric| {
        let selection = Selection { metric, ..selection.clone() };
        answer(&index, &choices, &selection).rows
    });
    for result in rows.flat_map(|row| row.results) {
        let shape = index.results.shape.get(result).and_then(|&at| index.catalog.shapes.get(usize::from(at)));
        let run = index.runs.id.get(index.run_of(result));
        if let (Some(shape), Some(run), Some(&concurrency)) =
            (shape, run, index.results.concurrency.get(result))
        {
            chosen.insert((run.clone(), shape.id.clone(), concurrency));
        }
    }
    let keep = |mut run: Run| {
        let wanted =
            |shape: &String, concurrency: u16| chosen.contains(&(run.id.clone(), shape.clone(), concurrency));
        let mut results = std::mem::take(&mut run.results);
        let mut ranges = std::mem::take(&mut run.ranges);
        results.retain(|result| wanted(&result.shape, result.concurrency));
        ranges.retain(|range| range.shapes.iter().any(|shape| wanted(shape, range.concurrency)));
        let any = !(results.is_empty() && ranges.is_empty());
        any.then_some(Run { results, ranges, ..run })
    };
    Ok(runs.into_iter().filter_map(keep).collect())
}
