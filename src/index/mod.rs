//! The JSON that the page fetches: every result in columns, in one file or, beyond 100,000 results, in shards.
//!
//! What describes something (a rig, a term) stands once in the catalog. What repeats stands in
//! columns: one array for each field, one entry for each configuration, run or result, with small
//! integers in place of names. Results are sorted by configuration, concurrency, shape and date, so
//! that the results of a configuration lie side by side and a table row is a run through a slice.
//! Rare things (published text, failures, ranges, repetitions) are sparse: the number of the result,
//! then the value.
//!
//! `docs/data-format.md` describes the same file for readers in other languages.

mod bits;
mod build;
mod check;
mod column;
mod error;
mod part;
mod runs;
#[cfg(feature = "cli")]
mod size;
mod sparse;
mod subset;
mod together;
mod wire;

use std::ops::Range;

pub use column::Column;
pub use error::IndexError;
pub use part::Totals;
pub use sparse::Sparse;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub use wire::Shard;
#[cfg(any(feature = "cli", feature = "browser-tests"))]
pub use wire::{MOST_IN_A_SHARD, Sharded};
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub use wire::{Pieces, Unchecked};

use self::bits::Bits;
use crate::model::dataset::Catalog;
use crate::model::run::{Accelerator, Backend, Settings, SourceRef, Statistic, Timing};
use crate::model::{Metric, PartialDate, catalog};

/// The name that marks the file.
pub const FORMAT: &str = "tokscope-index";
/// The version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;
/// The version of a manifest, whose shards hold differences; shards of manifests of [`VERSION`] hold none.
pub const MANIFEST_VERSION: u32 = 2;
/// The most results of an index that is one file; with more it is a manifest and shards.
pub const MOST_IN_ONE_FILE: usize = 100_000;

/// Every result, and all that it takes to read one.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// What results refer to.
    pub catalog: Catalog,
    /// Every distinct backend.
    pub backends: Vec<Backend>,
    /// Every distinct mode.
    pub modes: Vec<String>,
    /// Every distinct driver.
    pub drivers: Vec<String>,
    /// Every distinct set of settings.
    pub settings: Vec<Settings>,
    /// Every distinct list of sources.
    pub sources: Vec<Vec<SourceRef>>,
    /// Every distinct note, failure text and published figure.
    pub texts: Vec<String>,
    /// One entry a configuration.
    pub configurations: Configurations,
    /// One entry a run.
    pub runs: Runs,
    /// One entry a result.
    pub results: Results,
    /// One entry a repetition.
    pub repetitions: Repetitions,
    /// What holds for all results, where only those of the first view are here; see [`Index::part`].
    pub totals: Option<Box<Totals>>,
    /// First result of each configuration, and the number of results at the end.
    starts: Vec<u32>,
    /// Results that failed or lie in a range, a bit each: what is asked of all the others needs no search.
    rare: Bits,
}

/// Configurations, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configurations {
    /// Position of the family in the catalog.
    pub family: Vec<u32>,
    /// Position of the variant in its family.
    pub variant: Vec<u32>,
    /// Position of the quant in the catalog.
    pub quant: Vec<u32>,
    /// Position of the rig in the catalog.
    pub hardware: Vec<u32>,
    /// Position in [`Index::backends`].
    pub backend: Vec<u32>,
    /// Position in [`Index::modes`].
    pub mode: Vec<u32>,
    /// Power cap in watts.
    pub power_cap_w: Column,
    /// Position in [`Index::drivers`], plus one; 0 where unknown.
    pub driver: Vec<u32>,
    /// Who held the clock.
    pub timing: Vec<Timing>,
}

/// Runs, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    /// The id, which is the name of the run file.
    pub id: Vec<String>,
    /// Position of the configuration.
    pub configuration: Vec<u32>,
    /// When it was made.
    pub date: Vec<PartialDate>,
    /// How a value stands for its repetitions.
    pub statistic: Vec<Statistic>,
    /// Repetitions behind each result; 0 where unknown.
    pub repetitions: Vec<u32>,
    /// Size of the weights file, in GiB.
    pub file_size_gib: Column,
    /// 1 where the source calls the size approximate.
    pub file_size_approximate: Sparse<u8>,
    /// Position in [`Index::settings`].
    pub settings: Vec<u32>,
    /// Position in [`Index::sources`].
    pub sources: Vec<u32>,
    /// Positions in [`Index::texts`], by run.
    pub notes: Sparse<u32>,
}

/// Results, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// Position of the run.
    pub run: Vec<u32>,
    /// Position of the shape in the catalog.
    pub shape: Vec<u16>,
    /// Requests in flight at once.
    pub concurrency: Vec<u16>,
    /// One column a metric, in the order of [`Metric::ALL`].
    pub metrics: [Column; Metric::ALL.len()],
    /// Tokens of the prompt.
    pub prompt_tokens: Column,
    /// Tokens of the answer.
    pub output_tokens: Column,
    /// What went wrong: position in [`Index::texts`].
    pub failed: Sparse<u32>,
    /// Metric, smallest and largest cell of the range that a result lies in.
    pub ranges: Sparse<(Metric, f64, f64)>,
    /// Metric, and position in [`Index::texts`] of the cell as printed.
    pub published: Sparse<(Metric, u32)>,
    /// Position in [`Index::texts`].
    pub notes: Sparse<u32>,
    /// Figures beyond the metrics.
    ///
    /// The program of the first view does not show them and goes without: its size is what a reader waits for.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub figures: Sparse<(crate::model::Figure, f64)>,
}

/// Repetitions, in columns, in the order of their results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repetitions {
    /// Position of the result.
    pub result: Vec<u32>,
    /// Decode rates, prefill rates and times to first token.
    pub metrics: [Column; 3],
    /// Tokens of the prompt.
    pub prompt_tokens: Column,
    /// Tokens of the answer.
    pub output_tokens: Column,
}

impl Index {
    /// Reads and checks an index.
    ///
    /// # Errors
    ///
    /// [`IndexError`] names the place of a syntax error, or the column that does not fit.
    pub fn from_json(json: &[u8]) -> Result<Self, IndexError> {
        Self::read::<true>(json)
    }

    /// Reads as much of an index as the first view shows: names and results, without repetitions, notes, sources
    /// and what describes rigs and models. A program that calls this alone has no code for the rest.
    ///
    /// # Errors
    ///
    /// As [`Index::from_json`].
    pub fn names_from_json(json: &[u8]) -> Result<Self, IndexError> {
        Self::read::<false>(json)
    }

    fn read<const ALL: bool>(json: &[u8]) -> Result<Self, IndexError> {
        wire::read::<ALL>(json)?.checked()
    }

    fn checked(mut self) -> Result<Self, IndexError> {
        self.check()?;
        self.derive();
        Ok(self)
    }

    /// Writes the index; equal indexes give equal bytes.
    pub fn to_json(&self) -> Vec<u8> {
        wire::write(self)
    }

    /// Writes the index in pieces of about so many entries of columns, the last one marked, for [`Pieces`].
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub fn write_pieces(&self, entries: usize, take: impl FnMut(Vec<u8>, bool)) {
        wire::write_pieces(self, entries, take);
    }

    /// How many results there are.
    pub fn result_count(&self) -> usize {
        self.results.run.len()
    }

    /// How many configurations there are.
    pub fn configuration_count(&self) -> usize {
        self.configurations.family.len()
    }

    /// The results of a configuration: sorted by concurrency, shape and date.
    pub fn results_of(&self, configuration: usize) -> Range<usize> {
        let at = |position: usize| self.starts.get(position).map_or(0, |&start| start as usize);
        at(configuration)..at(configuration + 1)
    }

    /// The repetitions of a result, in order.
    pub fn repetitions_of(&self, result: usize) -> Range<usize> {
        let of = &self.repetitions.result;
        of.partition_point(|&r| (r as usize) < result)..of.partition_point(|&r| (r as usize) <= result)
    }

    /// Values of a metric over the repetitions of a result.
    pub fn repeated(&self, result: usize, metric: Metric) -> Vec<f64> {
        let column = self.repetitions.metrics.get(metric.position());
        column.map_or_else(Vec::new, |column| {
            self.repetitions_of(result).filter_map(|r| column.get(r)).collect()
        })
    }

    /// The value of a metric for one result; `None` for failures, ranges and what was not measured.
    pub fn value(&self, result: usize, metric: Metric) -> Option<f64> {
        self.results.metrics.get(metric.position())?.get(result)
    }

    /// Adds the values of a metric for results side by side to a list, as [`Index::value`] gives them one by one.
    pub fn add_values(&self, values: &mut Vec<Option<f64>>, results: Range<usize>, metric: Metric) {
        if let Some(column) = self.results.metrics.get(metric.position()) {
            column.add_to(values, results);
        }
    }

    /// Bounds of a metric for one result: its value twice, or the range it lies in.
    pub fn bounds(&self, result: usize, metric: Metric) -> Option<(f64, f64)> {
        match self.value(result, metric) {
            Some(value) => Some((value, value)),
            None => self.range(result, metric),
        }
    }

    /// The range of a metric that a result lies in.
    pub fn range(&self, result: usize, metric: Metric) -> Option<(f64, f64)> {
        if !self.rare.has(result) {
            return None;
        }
        let of_metric = |&&(of, _, _): &&(Metric, f64, f64)| of == metric;
        self.results.ranges.of(result).iter().find(of_metric).map(|&(_, low, high)| (low, high))
    }

    /// True for a result that is only known to lie inside a published range.
    pub fn is_range_only(&self, result: usize) -> bool {
        self.rare.has(result) && !self.results.ranges.of(result).is_empty()
    }

    /// What went wrong, for a failed result.
    pub fn failure(&self, result: usize) -> Option<&str> {
        if !self.rare.has(result) {
            return None;
        }
        self.results.failed.of(result).first().map(|&text| self.text(text))
    }

    /// The run of a result.
    pub fn run_of(&self, result: usize) -> usize {
        self.results.run.get(result).map_or(0, |&run| run as usize)
    }

    /// The configuration of a run.
    pub fn configuration_of(&self, run: usize) -> usize {
        self.runs.configuration.get(run).map_or(0, |&configuration| configuration as usize)
    }

    /// True for a failed result that a later one of the same cell made good.
    pub fn is_superseded(&self, result: usize) -> bool {
        let cell = |r: usize| {
            let configuration = self.configuration_of(self.run_of(r));
            (configuration, self.results.shape.get(r), self.results.concurrency.get(r))
        };
        self.failure(result).is_some()
            && (result + 1..self.result_count())
                .take_while(|&later| cell(later) == cell(result))
                .any(|later| self.failure(later).is_none())
    }

    /// A note, failure or published figure.
    pub fn text(&self, position: u32) -> &str {
        self.texts.get(position as usize).map_or("", String::as_str)
    }

    /// Family and variant of a configuration.
    pub fn model(&self, configuration: usize) -> Option<(&catalog::Family, &catalog::Variant)> {
        let family = self.catalog.families.get(*self.configurations.family.get(configuration)? as usize)?;
        let variant = family.variants.get(*self.configurations.variant.get(configuration)? as usize)?;
        Some((family, variant))
    }

    /// Quant of a configuration.
    pub fn quant(&self, configuration: usize) -> Option<&catalog::Quant> {
        self.catalog.quants.get(*self.configurations.quant.get(configuration)? as usize)
    }

    /// Rig of a configuration.
    pub fn hardware(&self, configuration: usize) -> Option<&catalog::Hardware> {
        self.catalog.hardware.get(*self.configurations.hardware.get(configuration)? as usize)
    }

    /// Backend of a configuration.
    pub fn backend(&self, configuration: usize) -> Option<&Backend> {
        self.backends.get(*self.configurations.backend.get(configuration)? as usize)
    }

    /// Accelerator of a configuration.
    pub fn accelerator(&self, configuration: usize) -> Accelerator {
        self.backend(configuration).map_or(Accelerator::Other, |backend| backend.accelerator)
    }

    /// Mode of a configuration.
    pub fn mode(&self, configuration: usize) -> &str {
        let position = self.configurations.mode.get(configuration);
        position.and_then(|&mode| self.modes.get(mode as usize)).map_or("", String::as_str)
    }

    /// Driver of a configuration, where known.
    pub fn driver(&self, configuration: usize) -> Option<&str> {
        let position = self.configurations.driver.get(configuration)?.checked_sub(1)?;
        self.drivers.get(position as usize).map(String::as_str)
    }

    /// Date of the newest run.
    pub fn latest(&self) -> Option<&PartialDate> {
        match &self.totals {
            Some(totals) => totals.latest.as_ref(),
            None => self.runs.date.iter().max(),
        }
    }

    /// How many results there are, those that are not here included.
    pub fn total_results(&self) -> usize {
        self.totals.as_ref().map_or(self.result_count(), |totals| totals.results as usize)
    }

    /// How many rigs have results, those that are not here included.
    pub fn total_rigs(&self) -> usize {
        if let Some(totals) = &self.totals {
            return totals.rigs as usize;
        }
        let mut used = vec![false; self.catalog.hardware.len()];
        for &rig in &self.configurations.hardware {
            if let Some(used) = used.get_mut(rig as usize) {
                *used = true;
            }
        }
        used.into_iter().filter(|&used| used).count()
    }

    /// Derives what is looked up all the time.
    fn derive(&mut self) {
        let rare = self.results.failed.entry.iter().chain(&self.results.ranges.entry);
        self.rare = Bits::of(self.result_count(), &mut rare.copied());
        self.find_starts();
    }

    fn find_starts(&mut self) {
        let configurations = self.configuration_count();
        let mut starts = Vec::with_capacity(configurations + 1);
        let mut result = 0;
        for configuration in 0..configurations {
            starts.push(u32::try_from(result).unwrap_or(u32::MAX));
            while result < self.result_count() && self.configuration_of(self.run_of(result)) == configuration
            {
                result += 1;
            }
        }
        starts.push(u32::try_from(result).unwrap_or(u32::MAX));
        self.starts = starts;
    }
}
