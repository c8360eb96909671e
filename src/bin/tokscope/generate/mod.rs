//! `tokscope generate`

mod catalog;
mod folder;
mod random;
mod records;
mod runs;

use std::path::PathBuf;
use std::process::ExitCode;

use tokscope::model::Dataset;

use crate::error::CliError;
use crate::{index, output};
use random::Random;

/// Write invented results, for benchmarks: an index, a data folder, or what `llama-bench` would have printed
#[derive(clap::Args)]
#[command(after_help = "\
Nothing in it was measured. The same number and seed give the same bytes.

Examples:
  tokscope generate 100000 -o index.json
  tokscope generate 1000000 --seed 7 -o - | gzip -9 | wc -c
  tokscope generate 1000000 --data target/million
  tokscope generate 100000 --llama-bench -o bench.jsonl")]
pub(crate) struct Args {
    /// How many results
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    results: u32,
    /// Another seed gives other figures
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Write records of `llama-bench -o jsonl` with ten repetitions each, in place of an index
    #[arg(long)]
    llama_bench: bool,
    /// Write a data folder with a run file for each run, in place of an index
    #[arg(long, value_name = "DIR", conflicts_with_all = ["llama_bench", "output", "first"])]
    data: Option<PathBuf>,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    first: index::First,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    if args.llama_bench {
        let mut text = Vec::new();
        records::write(args.results as usize, args.seed, &mut text)
            .map_err(CliError::writing(&args.output))?;
        output::write(&args.output, &text)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(folder) = &args.data {
        folder::write(&dataset(args.results as usize, args.seed), folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    index::write(dataset(args.results as usize, args.seed), &args.output, &args.first)?;
    Ok(ExitCode::SUCCESS)
}

/// A sound data folder's worth of invented results.
fn dataset(results: usize, seed: u64) -> Dataset {
    let mut random = Random::new(seed);
    let catalog = catalog::catalog(&mut random);
    let runs = runs::runs(&catalog, results, &mut random);
    Dataset { catalog, runs }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::fs;

    use tokscope::import::read_data_dir;
    use tokscope::index::Index;

    use super::*;

    #[test]
    fn invented_data_is_sound_complete_and_the_same_each_time() {
        for results in [1, 7, 5_000] {
            let data = dataset(results, 3);
            assert_eq!(data.problems(), []);
            assert_eq!(Index::build(&data).result_count(), results);
            assert_eq!(dataset(results, 3), data);
            assert_ne!(dataset(results, 4), data);
        }
    }

    #[test]
    fn a_folder_holds_what_an_index_holds() {
        let name = format!("tokscope-generated-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let mut data = dataset(3_000, 5);
        folder::write(&data, &folder).unwrap();
        let again = folder::write(&data, &folder);
        let read = read_data_dir(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert!(again.is_err(), "an older folder stays as it is");
        assert_eq!(read.findings, []);
        // Files are read in the order of their names.
        data.catalog.hardware.sort_by(|one, other| one.id.cmp(&other.id));
        data.runs.sort_by(|one, other| one.file.cmp(&other.file));
        assert_eq!(read.dataset, data);
    }

    #[test]
    fn there_is_some_of_everything() {
        let data = dataset(20_000, 1);
        let runs = || data.runs.iter().map(|run| &run.value);
        let results = || runs().flat_map(|run| &run.results);
        assert!(runs().any(|run| !run.ranges.is_empty()));
        assert!(results().any(|result| result.failed.is_some()));
        assert!(results().any(|result| !result.repetitions.is_empty()));
        assert!(results().any(|result| result.decode_tok_per_s.is_some() && result.ttft_ms.is_none()));
        for concurrency in runs::CONCURRENCIES {
            assert!(results().any(|result| result.concurrency == concurrency), "{concurrency}");
        }
        assert!(Index::build(&data).configuration_count() > 500);
    }
}
