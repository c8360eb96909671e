//! Results of runs in columns: parts of the runs by themselves, on every core, and then one part after the other.

use std::collections::HashMap;
use std::ops::Range;

use super::Dictionary;
use crate::index::{Column, Repetitions, Results, together};
use crate::model::run::{Repetition, ResultEntry, Run, Statistic};
use crate::model::{Metric, Positive};
use crate::stats;

/// Runs whose results become columns.
pub(super) struct Rows<'a> {
    /// In the order of the index.
    pub(super) runs: &'a [&'a Run],
    /// The configuration of each run; those of one stand side by side.
    pub(super) configurations: &'a [u32],
    pub(super) shapes: HashMap<&'a str, u32>,
    pub(super) texts: &'a Dictionary<'a, String>,
}

/// One result before it becomes a row of columns: a measured cell, or a shape of a range.
enum Cell<'a> {
    Measured(&'a ResultEntry),
    InRange { metric: Metric, low: f64, high: f64 },
}

struct Row<'a> {
    run: usize,
    shape: u16,
    concurrency: u16,
    cell: Cell<'a>,
}

/// Metrics, prompt and output.
const NUMBERS: usize = Metric::ALL.len() + 2;

/// Metrics of repetitions, prompt and output.
const REPEATED: usize = 5;

/// Columns of some runs side by side, whose results are counted from 0.
#[derive(Default)]
struct Part {
    /// What is no column of numbers with gaps.
    results: Results,
    numbers: [Vec<f64>; NUMBERS],
    /// The result of each repetition.
    repeated: Vec<u32>,
    repetitions: [Vec<f64>; REPEATED],
}

impl Rows<'_> {
    /// Results and their repetitions.
    pub(super) fn columns(&self) -> (Results, Repetitions) {
        let parts = together::each(&self.parts(), |runs| self.part(runs.clone()));
        let places: Vec<usize> = (0..NUMBERS + REPEATED).collect();
        let mut columns = together::each(&places, |&place| {
            let parts: Vec<&[f64]> = parts.iter().map(|part| part.column(place)).collect();
            Column::from_numbers(parts.concat())
        })
        .into_iter();
        let mut next = || columns.next().unwrap_or_default();
        let mut results = Results {
            metrics: Metric::ALL.map(|_| next()),
            prompt_tokens: next(),
            output_tokens: next(),
            ..Results::default()
        };
        let mut repetitions = Repetitions {
            result: Vec::new(),
            metrics: [(); 3].map(|()| next()),
            prompt_tokens: next(),
            output_tokens: next(),
        };
        for part in parts {
            let behind = u32::try_from(results.run.len()).unwrap_or(u32::MAX);
            repetitions.result.extend(part.repeated.iter().map(|result| result + behind));
            results.append(part.results, behind);
        }
        (results, repetitions)
    }

    /// Parts of the runs, each of some hundred runs and with all runs of its configurations.
    fn parts(&self) -> Vec<Range<usize>> {
        const SOME: usize = 256;
        let mut parts = Vec::new();
        let mut start = 0;
        for (end, pair) in (1..).zip(self.configurations.windows(2)) {
            if end - start >= SOME && pair.first() != pair.last() {
                parts.push(start..end);
                start = end;
            }
        }
        parts.push(start..self.runs.len());
        parts
    }

    fn part(&self, runs: Range<usize>) -> Part {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (position, run) in self.runs.iter().enumerate().take(runs.end).skip(runs.start) {
            self.add_rows(&mut rows, position, run);
        }
        let configuration = |row: &Row<'_>| self.configurations.get(row.run);
        for rows in rows.chunk_by_mut(|a, b| configuration(a) == configuration(b)) {
            rows.sort_by_key(|row| (row.concurrency, row.shape, row.run));
        }
        let mut part = Part::default();
        for (result, row) in (0..).zip(&rows) {
            self.add(&mut part, result, row);
        }
        part
    }

    fn add_rows<'r>(&self, rows: &mut Vec<Row<'r>>, position: usize, run: &'r Run) {
        let shape = |id: &String| u16::try_from(*self.shapes.get(id.as_str())?).ok();
        for entry in &run.results {
            let Some(shape) = shape(&entry.shape) else { continue };
            let (concurrency, cell) = (entry.concurrency, Cell::Measured(entry));
            rows.push(Row { run: position, shape, concurrency, cell });
        }
        for range in &run.ranges {
            let (metric, low, high) = (range.metric, range.min.get(), range.max.get());
            for shape in range.shapes.iter().filter_map(shape) {
                let cell = Cell::InRange { metric, low, high };
                rows.push(Row { run: position, shape, concurrency: range.concurrency, cell });
            }
        }
    }

    fn add(&self, part: &mut Part, result: u32, row: &Row<'_>) {
        let results = &mut part.results;
        results.run.push(u32::try_from(row.run).unwrap_or(u32::MAX));
        results.shape.push(row.shape);
        results.concurrency.push(row.concurrency);
        let entry = match &row.cell {
            &Cell::InRange { metric, low, high } => {
                results.ranges.push(result, (metric, low, high));
                return part.numbers.iter_mut().for_each(|column| column.push(f64::NAN));
            }
            Cell::Measured(entry) => *entry,
        };
        if let Some(text) = &entry.failed {
            results.failed.push(result, self.texts.position(text));
        }
        for (&metric, text) in &entry.published {
            results.published.push(result, (metric, self.texts.position(text)));
        }
        if let Some(note) = &entry.note {
            results.notes.push(result, self.texts.position(note));
        }
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        for (&figure, value) in &entry.figures {
            results.figures.push(result, (figure, value.get()));
        }
        let statistic = self.runs.get(row.run).map_or(Statistic::Unknown, |run| run.statistic);
        let metrics =
            Metric::ALL.iter().map(|&metric| value(entry, statistic, metric).map_or(f64::NAN, Positive::get));
        let tokens = [entry.prompt_tokens, entry.output_tokens].map(count);
        for (column, number) in part.numbers.iter_mut().zip(metrics.chain(tokens)) {
            column.push(number);
        }
        for repetition in &entry.repetitions {
            part.repeated.push(result);
            for (column, number) in part.repetitions.iter_mut().zip(numbers(repetition)) {
                column.push(number);
            }
        }
    }
}

impl Part {
    /// Columns of results, then those of repetitions.
    fn column(&self, place: usize) -> &[f64] {
        let column = match place.checked_sub(NUMBERS) {
            None => self.numbers.get(place),
            Some(place) => self.repetitions.get(place),
        };
        column.map_or(&[], Vec::as_slice)
    }
}

impl Results {
    /// Adds results behind so many, all of them but columns of numbers with gaps.
    fn append(&mut self, other: Self, behind: u32) {
        self.run.extend(other.run);
        self.shape.extend(other.shape);
        self.concurrency.extend(other.concurrency);
        self.failed.append(other.failed, behind);
        self.ranges.append(other.ranges, behind);
        self.published.append(other.published, behind);
        self.notes.append(other.notes, behind);
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        self.figures.append(other.figures, behind);
    }
}

fn numbers(repetition: &Repetition) -> [f64; REPEATED] {
    let metric = |metric| repetition.value(metric).map_or(f64::NAN, Positive::get);
    [
        metric(Metric::Decode),
        metric(Metric::Prefill),
        metric(Metric::Ttft),
        count(repetition.prompt_tokens),
        count(repetition.output_tokens),
    ]
}

/// The stated value or, where none is stated, the run's statistic over the repetitions.
fn value(entry: &ResultEntry, statistic: Statistic, metric: Metric) -> Option<Positive> {
    entry.stated(metric).or_else(|| {
        let repeated = entry.repetitions.iter().filter_map(|repetition| repetition.value(metric));
        let values: Vec<f64> = repeated.map(Positive::get).collect();
        let summary = match statistic {
            Statistic::Median => stats::median(&values),
            Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(&values),
        };
        Positive::try_from(stats::rounded(summary?)).ok()
    })
}

/// A count of tokens, none for 0.
fn count(tokens: Option<u32>) -> f64 {
    let count = tokens.and_then(|count| Positive::try_from(f64::from(count)).ok());
    count.map_or(f64::NAN, Positive::get)
}
