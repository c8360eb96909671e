//! `tokscope compare`

mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tokscope::import::{Finding, Format, Imported, Known, bare_rig, complete, detect, read, read_data_dir};
use tokscope::index::Index;
use tokscope::model::catalog::Hardware;
use tokscope::model::dataset::{Catalog, FromFile};
use tokscope::model::run::Run;
use tokscope::model::{Dataset, PartialDate};
use tokscope::query::confront::{Confrontation, confront};

use crate::error::CliError;
use crate::import::{bytes_of, name_of, no_tool, proposed};
use crate::output::{self, Paint};
use tokscope::own::read_own;

/// Compare two result files, or two runs: how many times, and whether it is more than noise
#[derive(clap::Args)]
#[command(after_help = "\
A and B are result files of any kind that `tokscope import` reads, run files, an index, `-` for the
standard input, or ids of runs in the data folder. Results of equal shape and concurrency are compared; where
several fit, those with the fewest differences.

The ratio is B to A of the geometric means, with its 95 % interval (Welch, on logarithms). It is a tie
when the interval holds 1, and not known where a side has one repetition, none is published, or nobody says how many are behind a ±. The last
column is the smallest ratio that so many repetitions with so much spread could have shown.
docs/statistics.md explains the claims.

Exit codes: 0 done, 1 a difference that is real is below --fail-below, 2 nothing to compare.

Examples:
  tokscope compare before.json after.json
  tokscope compare main.jsonl branch.jsonl --fail-below 0.97 --format md >> summary.md
  tokscope compare 2026-02-22t1942z-qwen3-235b-a22b-q2_k-vulkan 2026-02-22t1942z-qwen3-235b-a22b-q2_k-rocm-7.2
  llama-bench -m model.gguf -o json | tokscope compare before.json -")]
pub(crate) struct Args {
    /// The side that is measured against
    #[arg(value_name = "A")]
    a: String,
    /// The side that is compared with it
    #[arg(value_name = "B")]
    b: String,
    /// How to write the comparison
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Exit with 1 where B is slower than this share of A, such as 0.97, and the difference is real, or where
    /// B lacks a result of A
    #[arg(long, value_name = "SHARE", value_parser = share)]
    fail_below: Option<f64>,
    /// Repetitions behind each mean that stands alone, as in tables and CSV
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    repetitions: Option<u32>,
    /// Data folder with the runs and names that are known
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// Columns for a terminal
    Text,
    /// A Markdown table
    Md,
    /// Comma-separated values
    Csv,
    /// JSON with every figure
    Json,
}

fn share(text: &str) -> Result<f64, String> {
    // 97 is a percentage, which would fail whatever was measured.
    let share: Option<f64> = text.parse().ok().filter(|share: &f64| *share > 0.0 && *share <= 2.0);
    share.ok_or_else(|| "expected a ratio above 0 and up to 2, such as 0.97 for 97 %".to_owned())
}

/// Marks of the sides in front of the ids of their runs.
const MARKS: [&str; 2] = ["a:", "b:"];

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let mut dataset = if args.data.is_dir() { read_data_dir(&args.data).dataset } else { Dataset::default() };
    let mut both = Vec::new();
    for (name, mark) in [&args.a, &args.b].into_iter().zip(MARKS) {
        let side = side(args, name, &dataset)?;
        name_rigs(&mut dataset.catalog, &side);
        complete(&mut dataset.catalog, &side);
        both.extend(side.runs.into_iter().map(|mut run| {
            run.id = format!("{mark}{}", run.id);
            FromFile { file: name.clone(), value: run }
        }));
    }
    dataset.runs = both;
    let index = Index::build(&dataset);
    let of = |mark: &str| -> Vec<usize> {
        let is_of =
            |result: &usize| index.runs.id.get(index.run_of(*result)).is_some_and(|id| id.starts_with(mark));
        (0..index.result_count()).filter(is_of).collect()
    };
    let [a, b] = MARKS.map(of);
    let found = confront(&index, &a, &b);
    if found.pairs.is_empty() {
        let [a, b] = [(&args.a, &a), (&args.b, &b)].map(|(name, side)| table::measured(&index, name, side));
        return Err(CliError::NothingShared(a, b));
    }
    let report =
        table::Report { index: &index, found: &found, names: [&args.a, &args.b], below: args.fail_below };
    let text = match args.format {
        Form::Text => report.text(),
        Form::Md => report.markdown(),
        Form::Csv => report.csv()?,
        Form::Json => report.json()?,
    };
    output::write(&args.output, text.as_bytes())?;
    Ok(if fails(&found, args.fail_below) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Adds the rigs that files print in their own words, which are no ids.
fn name_rigs(catalog: &mut Catalog, side: &Imported) {
    for Run { hardware: words, .. } in side.runs.iter().filter(|run| run.hardware.contains(' ')) {
        if catalog.hardware.iter().all(|rig| rig.id != *words) {
            let name = words.clone();
            catalog.hardware.push(Hardware { short: name.clone(), name, ..bare_rig(words) });
        }
    }
}

/// A result that is gone hides any regression, so it is one.
fn fails(found: &Confrontation, below: Option<f64>) -> bool {
    let [gone, _] = &found.alone;
    below.is_some_and(|share| !gone.is_empty() || found.pairs.iter().any(|pair| pair.is_below(share)))
}

/// The runs of a side: of a file, or of the data folder by their id.
fn side(args: &Args, name: &str, dataset: &Dataset) -> Result<Imported, CliError> {
    let path = Path::new(name);
    let of_data = dataset.runs.iter().find(|run| run.value.id == name);
    if let Some(run) = of_data.filter(|_| !path.is_file()) {
        return Ok(Imported { runs: vec![run.value.clone()], ..Imported::default() });
    }
    let bytes = bytes_of(path)?;
    let file = name_of(path);
    let own = read_own(&bytes, &file).map(|(_, imported)| imported);
    let mut imported = match (own, detect(&bytes)) {
        (Some(imported), _) => imported,
        (None, Some(format)) => read(&bytes, &known(args, &file, dataset, format)?),
        (None, None) if proposed(&bytes).is_some() => {
            let expected =
                "run files made of it: `tokscope import` asks what its columns mean and writes them";
            Imported { findings: vec![no_tool(&file, expected)], ..Imported::default() }
        }
        // The formats are what to be told of.
        (None, None) => read(&bytes, &Known { file: &file, ..Known::default() }),
    };
    let is_empty = imported.runs.is_empty();
    list(&imported.findings, is_empty)?;
    imported.findings.clear();
    if is_empty { Err(CliError::NothingRead(file)) } else { Ok(imported) }
}

/// What stands in for what a file does not say: two sides can be compared without it.
fn known<'a>(
    args: &Args,
    file: &'a str,
    dataset: &'a Dataset,
    format: Format,
) -> Result<Known<'a>, CliError> {
    const NOT_STATED: &str = "not-stated";
    let date = PartialDate::try_from(table::NO_DATE.to_owned());
    let date = date.map_err(|error| CliError::Invalid { path: file.into(), message: error.to_string() })?;
    Ok(Known {
        file,
        source: NOT_STATED,
        catalog: Some(&dataset.catalog),
        unlisted: true,
        // Of results that print nothing of it.
        by_word: true,
        hardware: Some(NOT_STATED),
        engine: Some(NOT_STATED),
        backend: Some("other"),
        // Requests to a server have the shape of their token counts; a report states none.
        shape: (format == Format::Report).then_some(NOT_STATED),
        concurrency: Some(1),
        concurrencies: [(String::new(), table::NO_CONCURRENCY)].into(),
        repetitions: args.repetitions,
        date: Some(date),
        ..Known::default()
    })
}

fn list(findings: &[Finding], is_all: bool) -> Result<(), CliError> {
    let mut stderr = std::io::stderr().lock();
    let paint = Paint::for_stream(&stderr);
    output::list(&mut stderr, paint, findings)?;
    drop(stderr);
    if !findings.is_empty() && !is_all {
        let count = output::counted(findings.len(), "finding");
        output::note(&format!("{count}; what could be read is compared"));
    }
    Ok(())
}
