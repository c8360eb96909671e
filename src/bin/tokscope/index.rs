//! `tokscope index`

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::format::{Locale, counted};
use tokscope::import::DataDir;
use tokscope::index::{Index, MOST_IN_A_SHARD, MOST_IN_ONE_FILE};
use tokscope::model::Dataset;
use tokscope::query::{MOST_FIRST_ROWS, first_view};

use crate::check;
use crate::error::CliError;
use crate::output::{self, Paint};
use crate::shards;

/// Build the index that the page reads
#[derive(clap::Args)]
#[command(after_help = "\
The data is checked first; with problems nothing is written.
The same data gives the same bytes, and the file appears whole or not at all.
With a cache, a file is read again when its size, its times or its number in the file system are not those of before, \
or when it changed while it was read; --verify reads all of them, for file systems that do not keep these.
More than 100,000 results are written as a small file that names others, in a folder beside it; the standard output
takes them in one piece.

Examples:
  tokscope index -o public/index.json --first public/first.json
  tokscope index path/to/data --cache target/runs -o index.json
  tokscope index path/to/data -o - | gzip -9 > index.json.gz")]
pub(crate) struct Args {
    /// Folder with models.yaml, hardware/, runs/ and so on
    #[arg(default_value = "data")]
    data_dir: PathBuf,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    first: First,
    /// Folder for runs that were read already, so that files that have not changed are not read anew
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Read every file all the same, where their sizes, times and numbers do not say whether they have changed
    #[arg(long, requires = "cache")]
    verify: bool,
}

/// The second file, on request
#[derive(clap::Args)]
pub(crate) struct First {
    /// File to write what the page begins with: the first view's results, and counts of the others
    #[arg(long, value_name = "FILE")]
    first: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    write(
        sound(check::read(&args.data_dir, args.cache.as_deref(), args.verify)?, &args.data_dir)?,
        &args.output,
        &args.first,
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The data of a folder, unless anything is wrong with it; then the problems are listed.
pub(crate) fn sound_dataset(folder: &Path) -> Result<Dataset, CliError> {
    sound(check::read(folder, None, false)?, folder)
}

fn sound(DataDir { dataset, findings, .. }: DataDir, folder: &Path) -> Result<Dataset, CliError> {
    if findings.is_empty() {
        return Ok(dataset);
    }
    let mut stderr = io::stderr().lock();
    let paint = Paint::for_stream(&stderr);
    output::list(&mut stderr, paint, &findings)?;
    Err(CliError::Problems { count: findings.len(), folder: folder.to_owned() })
}

/// Writes the index of a dataset, and what the page begins with, and says what is in them.
pub(crate) fn write(dataset: Dataset, target: &Path, first: &First) -> Result<(), CliError> {
    let index = Index::build(&dataset);
    // A million results take half a gigabyte as runs: it is given back while the index is written.
    let _beside = std::thread::spawn(move || drop(dataset));
    let most = if target == Path::new("-") { usize::MAX } else { MOST_IN_ONE_FILE };
    let bytes = shards::write(&index, target, most, MOST_IN_A_SHARD)?;
    say(&index, index.runs.id.len(), bytes, target);
    if let Some(target) = &first.first {
        let part = first_view(&index, MOST_FIRST_ROWS);
        let json = part.to_json();
        output::write(target, &json)?;
        say(&part, part.configuration_count(), json.len(), target);
    }
    // The end of the program gives it back at once, and piece by piece it takes a twentieth of a second.
    std::mem::forget(index);
    Ok(())
}

fn say(index: &Index, runs: usize, bytes: usize, target: &Path) {
    if target != Path::new("-") {
        let results = index.result_count();
        let path = target.display().to_string();
        output::note(&format!("{}: {}", written(results, runs, bytes), output::Harmless(&path)));
    }
}

/// What is in an index, in words.
fn written(results: usize, runs: usize, bytes: usize) -> String {
    let plain = Locale { decimal: '.', group: None };
    format!("{} of {}, {bytes} bytes", counted(plain, results, "result"), counted(plain, runs, "run"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_counted_in_words() {
        assert_eq!(written(1, 1, 900), "1 result of 1 run, 900 bytes");
        assert_eq!(written(6_242, 682, 9), "6242 results of 682 runs, 9 bytes");
    }
}
