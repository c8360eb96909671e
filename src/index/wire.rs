//! The index as JSON: a catalog of descriptions, columns of words, columns of numbers.
//!
//! Three kinds of value are all that a reader of one file must know, whatever is added later: the page's code for
//! reading them stays small, and a column of a million numbers is read in one go. Shards have a fourth, numbers as they
//! differ from what others give. What has no value is `null`. Columns are named by where they belong (`results.run`); a column without any value is
//! left out.

mod catalog;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
mod differences;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
mod figures;
mod json;
mod named;
mod numbers;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
mod pieces;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
mod shards;
#[cfg(any(feature = "cli", feature = "browser-tests"))]
mod split;
mod write;

#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub(super) use self::pieces::write as write_pieces;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub use self::pieces::{Pieces, Unchecked};
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub use self::shards::Shard;
#[cfg(any(feature = "cli", feature = "browser-tests"))]
pub use self::split::{MOST_IN_A_SHARD, Sharded};
pub(super) use self::write::write;

use self::json::{Json, Reader};
use self::named::Named;
use self::numbers::Numbers;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
use super::MANIFEST_VERSION;
use super::bits::Bits;
use super::{
    Column, Configurations, FORMAT, Index, IndexError, Repetitions, Results, Runs, Sparse, Totals, VERSION,
};
use crate::model::run::{Statistic, Timing};
use crate::model::{Metric, PartialDate, plain};

/// False in the program of the first view.
const READS_SHARDS: bool = cfg!(any(feature = "whole", feature = "cli", not(feature = "view")));

/// The file as it is.
#[derive(Default)]
struct Read {
    format: String,
    version: f64,
    /// The files that hold the columns of a manifest, until they are asked for.
    shards: Json,
    /// True for a manifest whose files were asked for.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    is_manifest: bool,
    catalog: Json,
    words: Named<String>,
    numbers: Named<f64>,
    /// Columns of a shard that are to become numbers.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    differences: Vec<(String, Vec<differences::Difference>)>,
    /// What became of some columns of numbers already.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    measures: Vec<(String, Result<Column, IndexError>)>,
}

impl Read {
    /// Takes in a file, or a piece of one.
    fn add(&mut self, json: &[u8]) -> Result<(), IndexError> {
        Reader::file(json, &mut |reader, name| {
            match name {
                "format" => self.format = reader.value()?.text().unwrap_or_default().to_owned(),
                "version" => self.version = reader.value()?.number().unwrap_or_default(),
                "shards" => self.shards = reader.value()?,
                "catalog" => self.catalog = reader.value()?,
                "words" => reader.fields(&mut |reader, name| {
                    let mut column = Vec::new();
                    reader.list(&mut |reader| reader.text().map(|word| column.push(word)))?;
                    self.words.put(name, column);
                    Ok(())
                })?,
                "numbers" => reader.fields(&mut |reader, name| {
                    let column = Numbers::read(reader)?.0;
                    // The first view shows none, and they are a third of all numbers.
                    if READS_SHARDS || !name.starts_with("repetitions.") {
                        self.numbers.put(name, column);
                    }
                    Ok(())
                })?,
                #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
                "differences" => reader.fields(&mut |reader, name| {
                    let column = differences::Difference::read_list(reader)?;
                    self.differences.push((name.to_owned(), column));
                    Ok(())
                })?,
                _ => drop(reader.value()?),
            }
            Ok(())
        })
    }
}

impl Read {
    /// Refuses what is not an index of a version that is known.
    fn check_version(&self) -> Result<(), IndexError> {
        if self.format != FORMAT {
            return Err(IndexError::Format(self.format.chars().take(60).collect()));
        }
        let is = |version: u32| self.version == f64::from(version);
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        let is_known = is(VERSION) || (self.is_manifest && is(MANIFEST_VERSION));
        #[cfg(not(any(feature = "whole", feature = "cli", not(feature = "view"))))]
        let is_known = is(VERSION);
        if is_known { Ok(()) } else { Err(IndexError::Version(plain(self.version))) }
    }
}

/// Reads an index, or as much of it as the first view shows; the columns may still not fit together.
pub(super) fn read<const ALL: bool>(json: &[u8]) -> Result<Index, IndexError> {
    let mut file = Read::default();
    file.add(json)?;
    finish::<ALL>(file)
}

fn finish<const ALL: bool>(file: Read) -> Result<Index, IndexError> {
    // Before its version: the program that reads manifests knows of later ones.
    if !file.shards.items().is_empty() {
        return Err(IndexError::Manifest);
    }
    file.check_version()?;
    let described = catalog::read::<ALL>(&file.catalog)?;
    let mut columns = Columns {
        words: file.words,
        numbers: file.numbers,
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        measures: file.measures,
        fault: None,
    };
    let index = Index {
        configurations: columns.configurations(),
        runs: columns.runs::<ALL>(),
        results: columns.results::<ALL>(),
        repetitions: if ALL { columns.repetitions() } else { Repetitions::default() },
        catalog: described.catalog,
        backends: described.backends,
        settings: described.settings,
        sources: described.sources,
        modes: columns.words("modes"),
        drivers: columns.words("drivers"),
        texts: columns.words("texts"),
        totals: columns.totals(),
        starts: Vec::new(),
        rare: Bits::default(),
    };
    match columns.fault {
        Some(fault) => Err(fault),
        None => Ok(index),
    }
}

/// Columns of totals, in the order of [`Totals::facets`].
const FACETS: [&str; 4] = ["totals.hardware", "totals.backend", "totals.quant", "totals.mode"];

/// The columns of a file.
///
/// A column that is wrong is noted and read as an empty one, so that the readers below are plain
/// lists of columns; whoever starts them looks at the note.
struct Columns {
    words: Named<String>,
    numbers: Named<f64>,
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    measures: Vec<(String, Result<Column, IndexError>)>,
    /// The first fault.
    fault: Option<IndexError>,
}

impl Columns {
    #[inline(never)]
    fn sound<T: Default>(&mut self, column: Result<T, IndexError>) -> T {
        column.unwrap_or_else(|fault| {
            self.fault.get_or_insert(fault);
            T::default()
        })
    }

    #[inline(never)]
    fn words(&mut self, name: &str) -> Vec<String> {
        let mut words = self.words.take(name);
        words.shrink_to_fit();
        words
    }

    #[inline(never)]
    fn measures(&mut self, name: &str) -> Column {
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        if let Some(place) = self.measures.iter().position(|(known, _)| known == name) {
            let (_, made) = self.measures.swap_remove(place);
            return self.sound(made);
        }
        let column = Numbers(self.numbers.take(name)).into_measures(name);
        self.sound(column)
    }

    #[inline(never)]
    fn integers(&mut self, name: &str) -> Vec<u32> {
        let column = Numbers(self.numbers.take(name)).into_integers(name);
        self.sound(column)
    }

    /// Whole numbers plus one, and 0 for gaps.
    #[inline(never)]
    fn counts(&mut self, name: &str, count: usize) -> Vec<u32> {
        let column = Numbers(self.numbers.take(name)).into_counts(name, count);
        self.sound(column)
    }

    #[inline(never)]
    fn shorts(&mut self, name: &str) -> Vec<u16> {
        let wide = |value: &u32| IndexError::wrong(name, &value.to_string(), "at most 65535");
        let short = |value: &u32| u16::try_from(*value).map_err(|_| wide(value));
        let column: Result<Vec<u16>, _> = self.integers(name).iter().map(short).collect();
        let mut column = self.sound(column);
        column.shrink_to_fit();
        column
    }

    /// Metrics by their place in [`Metric::ALL`].
    #[inline(never)]
    fn metrics(&mut self, name: &str) -> Vec<Metric> {
        let unknown = |code: &u32| IndexError::wrong(name, &code.to_string(), "the number of a metric");
        let metric = |code: &u32| Metric::ALL.get(*code as usize).copied().ok_or_else(|| unknown(code));
        let column = self.integers(name).iter().map(metric).collect();
        self.sound(column)
    }

    #[inline(never)]
    fn dates(&mut self, name: &str) -> Vec<PartialDate> {
        let wrong = |error: crate::model::NotADate| IndexError::wrong(name, &error.to_string(), "dates");
        let date = |text| PartialDate::try_from(text).map_err(wrong);
        let column = self.words(name).into_iter().map(date).collect();
        self.sound(column)
    }

    /// Results or runs, and a text for each.
    #[inline(never)]
    fn texts(&mut self, entry: &str, value: &str) -> Sparse<u32> {
        Sparse { entry: self.integers(entry), value: self.integers(value) }
    }

    fn configurations(&mut self) -> Configurations {
        let family = self.integers("configurations.family");
        let count = family.len();
        let timing = |raw: &u32| if *raw == 1 { Timing::Raw } else { Timing::Served };
        Configurations {
            family,
            variant: self.integers("configurations.variant"),
            quant: self.integers("configurations.quant"),
            hardware: self.integers("configurations.hardware"),
            backend: self.integers("configurations.backend"),
            mode: self.integers("configurations.mode"),
            power_cap_w: self.measures("configurations.power_cap_w"),
            driver: self.counts("configurations.driver", count),
            timing: self.integers("configurations.raw").iter().map(timing).collect(),
        }
    }

    fn runs<const ALL: bool>(&mut self) -> Runs {
        let id = self.words("runs.id");
        let count = id.len();
        let (configuration, date) = (self.integers("runs.configuration"), self.dates("runs.date"));
        if !ALL {
            return Runs {
                id,
                configuration,
                date,
                statistic: vec![Statistic::Unknown; count],
                repetitions: vec![0; count],
                settings: vec![0; count],
                sources: vec![0; count],
                ..Runs::default()
            };
        }
        let statistic = |code: &u32| match code {
            1 => Statistic::Mean,
            2 => Statistic::Median,
            3 => Statistic::Single,
            _ => Statistic::Unknown,
        };
        let approximate = self.integers("runs.file_size_approximate");
        let repetitions = self.counts("runs.repetitions", count);
        Runs {
            id,
            configuration,
            date,
            statistic: self.counts("runs.statistic", count).iter().map(statistic).collect(),
            repetitions: repetitions.into_iter().map(|count| count.saturating_sub(1)).collect(),
            file_size_gib: self.measures("runs.file_size_gib"),
            file_size_approximate: Sparse { value: vec![1; approximate.len()], entry: approximate },
            settings: self.integers("runs.settings"),
            sources: self.integers("runs.sources"),
            notes: self.texts("runs.notes.run", "runs.notes.text"),
        }
    }

    fn results<const ALL: bool>(&mut self) -> Results {
        let mut metrics: [Column; Metric::ALL.len()] = Default::default();
        for (metric, column) in Metric::ALL.iter().zip(&mut metrics) {
            *column = self.measures(&format!("results.{}", metric.key()));
        }
        let (low, high) = (self.measures("ranges.low"), self.measures("ranges.high"));
        let bound = |column: &Column, at: usize| column.get(at).unwrap_or_default();
        let ranges = self.metrics("ranges.metric").into_iter().enumerate();
        let ranges = ranges.map(|(at, metric)| (metric, bound(&low, at), bound(&high, at))).collect();
        let ranges = Sparse { entry: self.integers("ranges.result"), value: ranges };
        let named = Results {
            run: self.integers("results.run"),
            shape: self.shorts("results.shape"),
            concurrency: self.shorts("results.concurrency"),
            metrics,
            failed: self.texts("failed.result", "failed.text"),
            ranges,
            ..Results::default()
        };
        if !ALL {
            return named;
        }
        let published = self.metrics("published.metric").into_iter();
        let published = published.zip(self.integers("published.text")).collect();
        Results {
            prompt_tokens: self.measures("results.prompt_tokens"),
            output_tokens: self.measures("results.output_tokens"),
            published: Sparse { entry: self.integers("published.result"), value: published },
            notes: self.texts("notes.result", "notes.text"),
            #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
            figures: self.figures(),
            ..named
        }
    }

    fn repetitions(&mut self) -> Repetitions {
        let mut metrics: [Column; 3] = Default::default();
        for (metric, column) in Metric::ALL.iter().zip(&mut metrics) {
            *column = self.measures(&format!("repetitions.{}", metric.key()));
        }
        Repetitions {
            result: self.integers("repetitions.result"),
            metrics,
            prompt_tokens: self.measures("repetitions.prompt_tokens"),
            output_tokens: self.measures("repetitions.output_tokens"),
        }
    }

    /// What holds for all results, in an index of the first view.
    fn totals(&mut self) -> Option<Box<Totals>> {
        let results = self.integers("totals.results").pop()?;
        let mut one = |name: &str| self.integers(name).pop().unwrap_or_default();
        let (rigs, shown, rows) = (one("totals.rigs"), one("totals.shown"), one("totals.rows"));
        let unmeasured = one("totals.unmeasured");
        Some(Box::new(Totals {
            results,
            rigs,
            latest: self.dates("totals.latest").pop(),
            shown,
            rows,
            top: self.measures("totals.top").get(0),
            unmeasured,
            unmeasured_with: self.integers("totals.unmeasured.with"),
            families: self.integers("totals.family"),
            facets: FACETS.map(|name| self.counts(name, 0)),
            shapes: self.counts("totals.shape", 0),
            concurrencies: self.shorts("totals.concurrency"),
            concurrency_counts: self.integers("totals.concurrency.results"),
        }))
    }
}
