//! The rows, groups and counts that follow from a selection.

use std::ops::Range;

use super::arrange::arrange;
use super::search::Search;
use super::selection::Selection;
use super::{Choices, Facet};
use crate::index::{Index, Totals};
use crate::model::Metric;

/// One row of the table: a configuration at one concurrency.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Position of the configuration.
    pub configuration: usize,
    /// Requests in flight.
    pub concurrency: u16,
    /// The results behind the row, side by side in the index.
    pub results: Range<usize>,
    /// Smallest and largest value of the metric over these results; `None` where none has it.
    pub bounds: Option<(f64, f64)>,
}

/// Rows with something in common.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSpan {
    /// The word in the query string.
    pub key: String,
    /// What the rows have in common; empty for a list without groups.
    pub label: String,
    /// Release month, for families.
    pub released: Option<String>,
    /// Results in the group.
    pub results: usize,
    /// Rows in the group.
    pub rows: Range<usize>,
}

/// Rows that have no value of the chosen metric, did not fail and are no published range: they have nothing to
/// show, and are not in the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmeasured {
    /// How many they are.
    pub rows: usize,
    /// For each metric, how many of them have a value of it.
    pub with: [usize; Metric::ALL.len()],
}

impl Unmeasured {
    /// The metric that most of them have; `None` where they have none at all.
    pub fn best(&self) -> Option<Metric> {
        let most = self.with.iter().copied().max().filter(|&most| most > 0)?;
        Metric::ALL.into_iter().zip(self.with).find(|&(_, rows)| rows == most).map(|(metric, _)| metric)
    }
}

/// What follows from a selection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Rows in the order of the table.
    pub rows: Vec<Row>,
    /// Groups in the order of the table.
    pub groups: Vec<GroupSpan>,
    /// Results shown.
    pub results: usize,
    /// Rows of the table: more than there are here where the index has only the first ones.
    pub row_count: usize,
    /// The largest value of all rows, or 0.
    pub top: f64,
    /// What the table leaves out for want of a value.
    pub unmeasured: Unmeasured,
    /// For each facet and each of its values, the results it would show beside the other filters.
    pub facet_counts: [Vec<usize>; Facet::ALL.len()],
    /// The same for shapes.
    pub shape_counts: Vec<usize>,
    /// The same for concurrencies, in the order of [`Choices::concurrency`].
    pub concurrency_counts: Vec<usize>,
}

impl Answer {
    /// Results that only the concurrency leaves out.
    pub fn elsewhere(&self) -> usize {
        self.concurrency_counts.iter().sum::<usize>().saturating_sub(self.results)
    }
}

/// Computes what follows from a selection, in one pass over the columns.
///
/// An index that has only the results of the first view knows the counts of that view alone: it is for
/// [`Index::totals`]' own selection, and for other orders of it.
pub fn answer(index: &Index, choices: &Choices, selection: &Selection) -> Answer {
    let mut answer = Answer {
        facet_counts: Facet::ALL.map(|facet| vec![0; facet.choices(choices).len()]),
        shape_counts: vec![0; choices.shape.len()],
        concurrency_counts: vec![0; choices.concurrency.len()],
        ..Answer::default()
    };
    let search = Search::new(index, &selection.search);
    // Whether each value of each facet is chosen, because lists of hundreds can be; empty without a choice.
    let chosen = Facet::ALL.map(|facet| {
        let mut is_chosen = Vec::new();
        for &value in facet.chosen(selection) {
            is_chosen.resize(facet.choices(choices).len(), false);
            is_chosen.get_mut(value).into_iter().for_each(|chosen| *chosen = true);
        }
        is_chosen
    });
    let mut pass = Pass { index, choices, selection, values: Vec::new(), cells: Vec::new() };
    // What a configuration would show, were it not for one facet: nothing but the count is kept.
    let mut other = Answer::default();
    for configuration in 0..index.configuration_count() {
        if !search.finds(index, configuration) {
            continue;
        }
        let values = Facet::ALL.map(|facet| facet.of(index, choices, configuration));
        let mut failing = (0_usize..)
            .zip(chosen.iter().zip(values))
            .filter(|(_, (chosen, value))| !chosen.is_empty() && chosen.get(*value) != Some(&true));
        match (failing.next(), failing.next()) {
            (None, _) => {
                let shown = pass.add_rows(&mut answer, configuration);
                for (counts, value) in answer.facet_counts.iter_mut().zip(values) {
                    add(counts, value, shown);
                }
            }
            (Some((position, (_, value))), None) => {
                other.rows.clear();
                let shown = pass.add_rows(&mut other, configuration);
                if let Some(counts) = answer.facet_counts.get_mut(position) {
                    add(counts, value, shown);
                }
            }
            (Some(_), Some(_)) => {}
        }
    }
    answer.row_count = answer.rows.len();
    answer.top = answer.rows.iter().filter_map(|row| row.bounds).fold(0.0, |top, (_, high)| top.max(high));
    arrange(&mut answer, index, choices, selection);
    if let Some(totals) = &index.totals {
        complete(&mut answer, index, totals);
    }
    answer
}

fn add(counts: &mut [usize], position: usize, more: usize) {
    if let Some(count) = counts.get_mut(position) {
        *count += more;
    }
}

/// The results of one configuration, concurrency and shape, side by side in the index.
struct Cell {
    concurrency: u16,
    shape: usize,
    results: Range<usize>,
    bounds: Option<(f64, f64)>,
    /// True where there is something to show: a value, a failure or a published range.
    shows: bool,
}

/// A pass over the columns.
struct Pass<'a> {
    index: &'a Index,
    choices: &'a Choices,
    selection: &'a Selection,
    /// Values and cells of the configuration that is looked at; their room is used again for the next one.
    values: Vec<Option<f64>>,
    cells: Vec<Cell>,
}

impl Pass<'_> {
    fn find_cells(&mut self, configuration: usize) {
        let Self { index, selection, values, cells, .. } = self;
        let results = index.results_of(configuration);
        values.clear();
        index.add_values(values, results.clone(), selection.metric);
        cells.clear();
        for (result, &value) in results.zip(values.iter()) {
            let shape = index.results.shape.get(result).map_or(usize::MAX, |&shape| usize::from(shape));
            let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
            let (bounds, shows) = match value {
                Some(value) => (Some((value, value)), true),
                None => {
                    let range = index.range(result, selection.metric);
                    let failed = || index.failure(result).is_some() && !index.is_superseded(result);
                    (range, index.is_range_only(result) || failed())
                }
            };
            match cells.last_mut() {
                Some(cell) if cell.concurrency == concurrency && cell.shape == shape => {
                    cell.results.end = result + 1;
                    cell.bounds = joined(cell.bounds, bounds);
                    cell.shows |= shows;
                }
                _ => cells.push(Cell { concurrency, shape, results: result..result + 1, bounds, shows }),
            }
        }
    }

    /// Adds the rows of a configuration that every filter admits; returns its results shown.
    fn add_rows(&mut self, answer: &mut Answer, configuration: usize) -> usize {
        self.find_cells(configuration);
        let Self { index, choices, selection, cells, .. } = self;
        let mut shown = 0;
        for cells in cells.chunk_by(|a, b| a.concurrency == b.concurrency) {
            let concurrency = cells.first().map_or(0, |cell| cell.concurrency);
            let admitted = selection.concurrency.admits(concurrency);
            let mut row: Option<(Row, bool)> = None;
            for cell in cells {
                if admitted && cell.shows {
                    add(&mut answer.shape_counts, cell.shape, cell.results.len());
                }
                if selection.shape.is_some_and(|wanted| wanted != cell.shape) {
                    continue;
                }
                match &mut row {
                    Some((row, shows)) => {
                        row.results.end = cell.results.end;
                        row.bounds = joined(row.bounds, cell.bounds);
                        *shows |= cell.shows;
                    }
                    None => {
                        let (results, bounds) = (cell.results.clone(), cell.bounds);
                        row = Some((Row { configuration, concurrency, results, bounds }, cell.shows));
                    }
                }
            }
            let Some((row, shows)) = row else { continue };
            if shows {
                let position = choices.concurrency.binary_search(&concurrency).unwrap_or(usize::MAX);
                add(&mut answer.concurrency_counts, position, row.results.len());
            }
            match (admitted, shows) {
                (true, true) => {
                    shown += row.results.len();
                    answer.rows.push(row);
                }
                (true, false) => leave_out(&mut answer.unmeasured, index, row.results),
                (false, _) => {}
            }
        }
        answer.results += shown;
        shown
    }
}

/// Counts a row that has nothing to show, and what it has a value of.
fn leave_out(unmeasured: &mut Unmeasured, index: &Index, results: Range<usize>) {
    unmeasured.rows += 1;
    for (metric, rows) in Metric::ALL.into_iter().zip(&mut unmeasured.with) {
        *rows += usize::from(results.clone().any(|result| index.value(result, metric).is_some()));
    }
}

fn joined(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some((low, high)), Some((other_low, other_high))) => {
            Some((low.min(other_low), high.max(other_high)))
        }
        (bounds, None) | (None, bounds) => bounds,
    }
}

/// Puts in what an index with the first rows alone cannot count.
fn complete(answer: &mut Answer, index: &Index, totals: &Totals) {
    let plus_one = |counts: &[u32]| counts.iter().map(|&count| count.saturating_sub(1) as usize).collect();
    answer.results = totals.shown as usize;
    answer.row_count = totals.rows as usize;
    answer.top = totals.top.unwrap_or_default();
    answer.unmeasured.rows = totals.unmeasured as usize;
    for (rows, &total) in answer.unmeasured.with.iter_mut().zip(&totals.unmeasured_with) {
        *rows = total as usize;
    }
    for (counts, totals) in answer.facet_counts.iter_mut().zip(&totals.facets) {
        *counts = plus_one(totals);
    }
    answer.shape_counts = plus_one(&totals.shapes);
    answer.concurrency_counts = totals.concurrency_counts.iter().map(|&count| count as usize).collect();
    if index.is_cut() {
        for group in &mut answer.groups {
            let family = index.catalog.families.iter().position(|family| family.id == group.key);
            let total = family.and_then(|family| totals.families.get(family));
            group.results = total.map_or(group.results, |&total| total as usize);
        }
    }
}
