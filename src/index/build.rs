//! From a dataset to columns, and the check that columns fit together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::bits::Bits;
use super::{Column, Index, Repetitions, Results, Runs};
use crate::index::Configurations;
use crate::model::dataset::{Catalog, Dataset};
use crate::model::run::{Repetition, ResultEntry, Run, Statistic};
use crate::model::{Metric, Positive};
use crate::stats;

/// Distinct values, each with its position.
struct Dictionary<T>(BTreeMap<T, u32>);

impl<T: Ord + Clone> Dictionary<T> {
    fn of(values: impl Iterator<Item = T>) -> Self {
        let mut positions: BTreeMap<T, u32> = values.map(|value| (value, 0)).collect();
        for (position, (_, slot)) in (0..).zip(&mut positions) {
            *slot = position;
        }
        Self(positions)
    }

    fn position(&self, value: &T) -> u32 {
        self.0.get(value).copied().unwrap_or_default()
    }

    fn into_values(self) -> Vec<T> {
        self.0.into_keys().collect()
    }
}

/// What makes two runs runs of one configuration; the order is the order of the index.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Key {
    place: [u32; 7],
    power_cap_w: f64,
    raw: bool,
}

/// One result before it becomes a row of columns: a measured cell, or a shape of a range.
enum Cell<'a> {
    Measured(&'a ResultEntry),
    InRange { metric: Metric, low: f64, high: f64 },
}

struct Row<'a> {
    run: u32,
    shape: u16,
    concurrency: u16,
    cell: Cell<'a>,
}

impl Index {
    /// Builds the index of a dataset without problems; what refers to nothing is left out.
    pub fn build(dataset: &Dataset) -> Self {
        let mut catalog = dataset.catalog.clone();
        // Newest family first, so that the order of the catalog is the order of the page.
        catalog.families.sort_by_cached_key(|family| {
            (Reverse(family.released.month().to_owned()), family.name.to_lowercase())
        });
        catalog.hardware.sort_by(|a, b| a.id.cmp(&b.id));

        let runs: Vec<&Run> = dataset.runs.iter().map(|run| &run.value).collect();
        let backends = Dictionary::of(runs.iter().map(|run| run.backend.clone()));
        let modes = Dictionary::of(runs.iter().map(|run| run.mode.clone()));
        let drivers = Dictionary::of(runs.iter().filter_map(|run| run.driver.clone()));
        let settings = Dictionary::of(runs.iter().map(|run| run.settings.clone()));
        let sources = Dictionary::of(runs.iter().map(|run| run.sources.clone()));
        let texts = Dictionary::of(runs.iter().flat_map(|run| texts_of(run)));

        let key = |run: &Run| -> Option<Key> {
            let [family, variant, quant, hardware] = places(&catalog, run)?;
            let driver = run.driver.as_ref().map_or(0, |driver| drivers.position(driver) + 1);
            Some(Key {
                place: [
                    family,
                    variant,
                    quant,
                    hardware,
                    backends.position(&run.backend),
                    modes.position(&run.mode),
                    driver,
                ],
                power_cap_w: run.power_cap_w.map_or(0.0, Positive::get),
                raw: run.timing == crate::model::run::Timing::Raw,
            })
        };
        let mut ordered: Vec<(Key, &Run)> = runs.iter().filter_map(|run| Some((key(run)?, *run))).collect();
        ordered.sort_by(|(a, run_a), (b, run_b)| {
            let by_key = a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
            by_key.then_with(|| (&run_a.date, &run_a.id).cmp(&(&run_b.date, &run_b.id)))
        });

        let (configurations, run_configurations) = configurations(&ordered);
        let columns = Runs {
            id: ordered.iter().map(|(_, run)| run.id.clone()).collect(),
            configuration: run_configurations,
            date: ordered.iter().map(|(_, run)| run.date.clone()).collect(),
            statistic: ordered.iter().map(|(_, run)| run.statistic).collect(),
            repetitions: ordered.iter().map(|(_, run)| run.repetitions.unwrap_or(0)).collect(),
            file_size_gib: ordered.iter().map(|(_, run)| run.file_size_gib).collect(),
            file_size_approximate: Default::default(),
            settings: ordered.iter().map(|(_, run)| settings.position(&run.settings)).collect(),
            sources: ordered.iter().map(|(_, run)| sources.position(&run.sources)).collect(),
            notes: Default::default(),
        };
        let mut index = Self {
            catalog,
            configurations,
            runs: columns,
            results: Results::default(),
            repetitions: Repetitions::default(),
            starts: Vec::new(),
            rare: Bits::default(),
            totals: None,
            backends: Vec::new(),
            modes: Vec::new(),
            drivers: Vec::new(),
            settings: Vec::new(),
            sources: Vec::new(),
            texts: Vec::new(),
        };
        for (position, (_, run)) in (0..).zip(&ordered) {
            if run.file_size_approximate {
                index.runs.file_size_approximate.push(position, 1);
            }
            for note in &run.notes {
                index.runs.notes.push(position, texts.position(note));
            }
        }
        index.add_results(&ordered, &texts);
        index.backends = backends.into_values();
        index.modes = modes.into_values();
        index.drivers = drivers.into_values();
        index.settings = settings.into_values();
        index.sources = sources.into_values();
        index.texts = texts.into_values();
        index.derive();
        index
    }

    fn add_results(&mut self, ordered: &[(Key, &Run)], texts: &Dictionary<String>) {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (position, (_, run)) in (0..).zip(ordered) {
            rows.extend(rows_of(position, run, &self.catalog));
        }
        let order = |row: &Row<'_>| {
            (self.runs.configuration.get(row.run as usize).copied(), row.concurrency, row.shape, row.run)
        };
        rows.sort_by_key(order);

        let results = &mut self.results;
        results.metrics = values(ordered, &rows);
        results.run = rows.iter().map(|row| row.run).collect();
        results.shape = rows.iter().map(|row| row.shape).collect();
        results.concurrency = rows.iter().map(|row| row.concurrency).collect();
        let tokens = |of: fn(&ResultEntry) -> Option<u32>| {
            rows.iter().map(|row| count(row.cell.measured().and_then(of))).collect()
        };
        results.prompt_tokens = tokens(|entry| entry.prompt_tokens);
        results.output_tokens = tokens(|entry| entry.output_tokens);
        for (position, row) in (0..).zip(&rows) {
            match &row.cell {
                &Cell::InRange { metric, low, high } => results.ranges.push(position, (metric, low, high)),
                Cell::Measured(entry) => {
                    if let Some(text) = &entry.failed {
                        results.failed.push(position, texts.position(text));
                    }
                    for (&metric, text) in &entry.published {
                        results.published.push(position, (metric, texts.position(text)));
                    }
                    if let Some(note) = &entry.note {
                        results.notes.push(position, texts.position(note));
                    }
                    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
                    for (&figure, value) in &entry.figures {
                        results.figures.push(position, (figure, value.get()));
                    }
                }
            }
        }
        self.add_repetitions(&rows);
    }

    fn add_repetitions(&mut self, rows: &[Row<'_>]) {
        let mut result = Vec::new();
        let mut all: Vec<&Repetition> = Vec::new();
        for (position, row) in (0..).zip(rows) {
            let entry = row.cell.measured();
            let repetitions = entry.map_or(&[][..], |entry| &entry.repetitions);
            result.extend(repetitions.iter().map(|_| position));
            all.extend(repetitions);
        }
        let tokens = |of: fn(&Repetition) -> Option<u32>| all.iter().map(|one| count(of(one))).collect();
        self.repetitions = Repetitions {
            metrics: [Metric::Decode, Metric::Prefill, Metric::Ttft]
                .map(|metric| all.iter().map(|repetition| repetition.value(metric)).collect()),
            prompt_tokens: tokens(|repetition| repetition.prompt_tokens),
            output_tokens: tokens(|repetition| repetition.output_tokens),
            result,
        };
    }
}

impl<'a> Cell<'a> {
    fn measured(&self) -> Option<&'a ResultEntry> {
        match self {
            Self::Measured(entry) => Some(entry),
            Self::InRange { .. } => None,
        }
    }
}

/// Positions of family, variant, quant and rig; `None` where one is not in the catalog.
fn places(catalog: &Catalog, run: &Run) -> Option<[u32; 4]> {
    let (family_id, variant_id) = run.model.split_once('/')?;
    let family = catalog.families.iter().position(|family| family.id == family_id)?;
    let variant =
        catalog.families.get(family)?.variants.iter().position(|variant| variant.id == variant_id)?;
    let quant = catalog.quants.iter().position(|quant| quant.id == run.quant)?;
    let hardware = catalog.hardware.iter().position(|rig| rig.id == run.hardware)?;
    let mut places = [0; 4];
    for (place, position) in places.iter_mut().zip([family, variant, quant, hardware]) {
        *place = u32::try_from(position).ok()?;
    }
    Some(places)
}

/// Columns of the distinct keys, and the configuration of each run.
fn configurations(ordered: &[(Key, &Run)]) -> (Configurations, Vec<u32>) {
    let mut columns = Configurations::default();
    let mut power_caps = Vec::new();
    let mut of_runs = Vec::with_capacity(ordered.len());
    let mut last: Option<Key> = None;
    for (key, run) in ordered {
        if last != Some(*key) {
            let [family, variant, quant, hardware, backend, mode, driver] = key.place;
            columns.family.push(family);
            columns.variant.push(variant);
            columns.quant.push(quant);
            columns.hardware.push(hardware);
            columns.backend.push(backend);
            columns.mode.push(mode);
            columns.driver.push(driver);
            columns.timing.push(run.timing);
            power_caps.push(run.power_cap_w);
            last = Some(*key);
        }
        of_runs.push(u32::try_from(columns.family.len() - 1).unwrap_or(u32::MAX));
    }
    columns.power_cap_w = power_caps.into_iter().collect();
    (columns, of_runs)
}

fn rows_of<'a>(position: u32, run: &'a Run, catalog: &Catalog) -> Vec<Row<'a>> {
    let place = |id: &str| catalog.shapes.iter().position(|shape| shape.id == id);
    let shape = |id: &str| place(id).and_then(|at| u16::try_from(at).ok());
    let measured = run.results.iter().filter_map(|entry| {
        let (shape, concurrency) = (shape(&entry.shape)?, entry.concurrency);
        Some(Row { run: position, shape, concurrency, cell: Cell::Measured(entry) })
    });
    let in_ranges = run.ranges.iter().flat_map(|range| {
        let (metric, low, high) = (range.metric, range.min.get(), range.max.get());
        range.shapes.iter().filter_map(move |id| {
            let (shape, concurrency) = (shape(id)?, range.concurrency);
            Some(Row { run: position, shape, concurrency, cell: Cell::InRange { metric, low, high } })
        })
    });
    measured.chain(in_ranges).collect()
}

fn texts_of(run: &Run) -> Vec<String> {
    let of_results = run
        .results
        .iter()
        .flat_map(|entry| entry.failed.iter().chain(entry.published.values()).chain(&entry.note));
    run.notes.iter().chain(of_results).cloned().collect()
}

/// Every metric of every row, one row after the other: a column at a time would go through all entries as often.
fn values(ordered: &[(Key, &Run)], rows: &[Row<'_>]) -> [Column; Metric::ALL.len()] {
    let mut columns = Metric::ALL.map(|_| Vec::with_capacity(rows.len()));
    for row in rows {
        for (&metric, column) in Metric::ALL.iter().zip(&mut columns) {
            column.push(value(ordered, row, metric).map_or(f64::NAN, Positive::get));
        }
    }
    columns.map(Column::from_numbers)
}

/// The stated value or, where none is stated, the run's statistic over the repetitions.
fn value(ordered: &[(Key, &Run)], row: &Row<'_>, metric: Metric) -> Option<Positive> {
    let entry = row.cell.measured()?;
    entry.stated(metric).or_else(|| {
        let repeated = entry.repetitions.iter().filter_map(|repetition| repetition.value(metric));
        let values: Vec<f64> = repeated.map(Positive::get).collect();
        let summary = match ordered.get(row.run as usize)?.1.statistic {
            Statistic::Median => stats::median(&values),
            Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(&values),
        };
        Positive::try_from(stats::rounded(summary?)).ok()
    })
}

fn count(tokens: Option<u32>) -> Option<Positive> {
    tokens.and_then(|count| Positive::try_from(f64::from(count)).ok())
}
