//! The rows, groups and counts that follow from a selection.

use std::ops::Range;

use super::order::positions_by;
use super::search::Search;
use super::selection::{Column, Grouping, Selection};
use super::{Choices, backend_label};
use crate::index::Index;

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

/// A filter that offers several values at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// Rigs.
    Hardware,
    /// Engine and accelerator.
    Backend,
    /// Weight formats.
    Quant,
    /// Modes.
    Mode,
}

impl Facet {
    /// Every facet, in the order of the controls.
    pub const ALL: [Self; 4] = [Self::Hardware, Self::Backend, Self::Quant, Self::Mode];

    /// The name on the control; in lower case, the glossary id.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hardware => "Hardware",
            Self::Backend => "Backend",
            Self::Quant => "Quant",
            Self::Mode => "Mode",
        }
    }

    /// The values chosen.
    pub fn chosen(self, selection: &Selection) -> &Vec<usize> {
        match self {
            Self::Hardware => &selection.hardware,
            Self::Backend => &selection.backend,
            Self::Quant => &selection.quant,
            Self::Mode => &selection.mode,
        }
    }

    /// The values chosen, to change them.
    pub fn chosen_mut(self, selection: &mut Selection) -> &mut Vec<usize> {
        match self {
            Self::Hardware => &mut selection.hardware,
            Self::Backend => &mut selection.backend,
            Self::Quant => &mut selection.quant,
            Self::Mode => &mut selection.mode,
        }
    }

    /// The values offered.
    pub fn choices(self, choices: &Choices) -> &Vec<super::Choice> {
        match self {
            Self::Hardware => &choices.hardware,
            Self::Backend => &choices.backend,
            Self::Quant => &choices.quant,
            Self::Mode => &choices.mode,
        }
    }

    /// The value of a configuration.
    pub fn of(self, index: &Index, choices: &Choices, configuration: usize) -> usize {
        let columns = &index.configurations;
        let position = |column: &[u32]| column.get(configuration).map_or(usize::MAX, |&value| value as usize);
        match self {
            Self::Hardware => position(&columns.hardware),
            Self::Backend => {
                choices.choice_of_backend.get(position(&columns.backend)).copied().unwrap_or(usize::MAX)
            }
            Self::Quant => position(&columns.quant),
            Self::Mode => position(&columns.mode),
        }
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
    /// For each facet and each of its values, the results it would show beside the other filters.
    pub facet_counts: [Vec<usize>; Facet::ALL.len()],
    /// The same for shapes.
    pub shape_counts: Vec<usize>,
    /// The same for concurrencies, in the order of [`Choices::concurrency`].
    pub concurrency_counts: Vec<usize>,
}

/// Computes what follows from a selection, in one pass over the columns.
pub fn answer(index: &Index, choices: &Choices, selection: &Selection) -> Answer {
    let mut answer = Answer {
        facet_counts: Facet::ALL.map(|facet| vec![0; facet.choices(choices).len()]),
        shape_counts: vec![0; choices.shape.len()],
        concurrency_counts: vec![0; choices.concurrency.len()],
        ..Answer::default()
    };
    let search = Search::new(index, &selection.search);
    for configuration in 0..index.configuration_count() {
        if !search.finds(index, configuration) {
            continue;
        }
        let values = Facet::ALL.map(|facet| facet.of(index, choices, configuration));
        let mut failing = Facet::ALL.into_iter().zip(&values).enumerate().filter(|(_, (facet, value))| {
            let chosen = facet.chosen(selection);
            !chosen.is_empty() && !chosen.contains(value)
        });
        match (failing.next(), failing.next()) {
            (None, _) => {
                let shown = add_rows(&mut answer, index, choices, selection, configuration);
                for (counts, &value) in answer.facet_counts.iter_mut().zip(&values) {
                    add(counts, value, shown);
                }
            }
            (Some((position, (_, &value))), None) => {
                let matching = index.results_of(configuration).filter(|&result| {
                    let shape = index.results.shape.get(result).map(|&shape| usize::from(shape));
                    let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
                    selection.shape.is_none_or(|wanted| shape == Some(wanted))
                        && selection.concurrency.admits(concurrency)
                });
                if let Some(counts) = answer.facet_counts.get_mut(position) {
                    add(counts, value, matching.count());
                }
            }
            (Some(_), Some(_)) => {}
        }
    }
    arrange(&mut answer, index, choices, selection);
    answer
}

fn add(counts: &mut [usize], position: usize, more: usize) {
    if let Some(count) = counts.get_mut(position) {
        *count += more;
    }
}

/// Adds the rows of a configuration that every filter admits; returns its results shown.
fn add_rows(
    answer: &mut Answer,
    index: &Index,
    choices: &Choices,
    selection: &Selection,
    configuration: usize,
) -> usize {
    let mut shown = 0;
    for result in index.results_of(configuration) {
        let shape = index.results.shape.get(result).map_or(usize::MAX, |&shape| usize::from(shape));
        let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
        let shape_fits = selection.shape.is_none_or(|wanted| wanted == shape);
        let concurrency_fits = selection.concurrency.admits(concurrency);
        if concurrency_fits {
            add(&mut answer.shape_counts, shape, 1);
        }
        if shape_fits {
            let position = choices.concurrency.binary_search(&concurrency).unwrap_or(usize::MAX);
            add(&mut answer.concurrency_counts, position, 1);
        }
        if !(shape_fits && concurrency_fits) {
            continue;
        }
        shown += 1;
        let bounds = index.bounds(result, selection.metric);
        match answer.rows.last_mut() {
            Some(row) if row.configuration == configuration && row.concurrency == concurrency => {
                row.results.end = result + 1;
                row.bounds = joined(row.bounds, bounds);
            }
            _ => answer.rows.push(Row { configuration, concurrency, results: result..result + 1, bounds }),
        }
    }
    answer.results += shown;
    shown
}

fn joined(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some((low, high)), Some((other_low, other_high))) => {
            Some((low.min(other_low), high.max(other_high)))
        }
        (bounds, None) | (None, bounds) => bounds,
    }
}

/// Groups the rows, and sorts groups and the rows inside.
fn arrange(answer: &mut Answer, index: &Index, choices: &Choices, selection: &Selection) {
    let order = selection.order();
    let columns = &index.configurations;
    let at = |column: &[u32], row: &Row| column.get(row.configuration).map_or(usize::MAX, |&v| v as usize);
    let ranks = Ranks::new(index, order.column, selection.grouping);
    let group_of = |row: &Row| match selection.grouping {
        Grouping::Family => at(&columns.family, row),
        Grouping::Hardware => at(&columns.hardware, row),
        Grouping::Backend => Facet::Backend.of(index, choices, row.configuration),
        Grouping::Quant => at(&columns.quant, row),
        Grouping::None => 0,
    };
    // Every order of rows as an order of numbers, which compare in no time. Equal rows fall back on
    // their value, best first, and then stay in the order of the index.
    let key = |row: &Row| {
        let [first, second] = match order.column {
            Column::Metric => by_metric(row, order.descending),
            Column::Concurrency => [directed(u64::from(row.concurrency), order.descending), 0],
            _ => [directed(ranks.of(index, row), order.descending), 0],
        };
        let [third, fourth] = by_metric(row, !selection.metric.lower_is_better());
        [group_of(row) as u64, first, second, third, fourth]
    };
    let keys: Vec<[u64; 5]> = answer.rows.iter().map(key).collect();
    let positions = positions_by(keys.len(), &mut |a, b| keys.get(a).cmp(&keys.get(b)));
    let group_at = |position: usize| keys.get(position).map_or(0, |&[group, ..]| group);

    let rows = std::mem::take(&mut answer.rows);
    let mut last = None;
    for position in positions {
        let Some(row) = rows.get(position) else { continue };
        let place = answer.rows.len();
        let group = group_at(position);
        match answer.groups.last_mut() {
            Some(span) if last == Some(group) => {
                span.results += row.results.len();
                span.rows.end = place + 1;
            }
            _ => {
                let (key, label) = group_name(index, choices, selection.grouping, group as usize);
                let released = released(index, selection.grouping, group as usize);
                let (results, rows) = (row.results.len(), place..place + 1);
                answer.groups.push(GroupSpan { key, label, released, results, rows });
                last = Some(group);
            }
        }
        answer.rows.push(row.clone());
    }
}

/// A number whose order is that of another one, or the reverse.
fn directed(number: u64, descending: bool) -> u64 {
    if descending { !number } else { number }
}

/// By the top of the range when descending, by its foot when ascending; missing values last.
fn by_metric(row: &Row, descending: bool) -> [u64; 2] {
    // The bits of positive numbers are in the order of the numbers.
    match row.bounds {
        Some((low, high)) if descending => [directed(high.to_bits(), true), directed(low.to_bits(), true)],
        Some((low, high)) => [low.to_bits(), high.to_bits()],
        None => [u64::MAX; 2],
    }
}

/// The key and label of a group.
fn group_name(index: &Index, choices: &Choices, grouping: Grouping, group: usize) -> (String, String) {
    let list = match grouping {
        Grouping::Family => {
            let family = index.catalog.families.get(group);
            return family.map(|family| (family.id.clone(), family.name.clone())).unwrap_or_default();
        }
        Grouping::Hardware => &choices.hardware,
        Grouping::Backend => &choices.backend,
        Grouping::Quant => &choices.quant,
        Grouping::None => return Default::default(),
    };
    list.get(group).map(|choice| (choice.slug.clone(), choice.label.clone())).unwrap_or_default()
}

fn released(index: &Index, grouping: Grouping, group: usize) -> Option<String> {
    let family = index.catalog.families.get(group).filter(|_| grouping == Grouping::Family)?;
    Some(family.released.month().to_owned())
}

/// For a column of names, the rank of each name: sorting then compares integers.
struct Ranks {
    column: Column,
    /// For the column of variants, the first rank of each family.
    families: Vec<usize>,
    ranks: Vec<u64>,
}

impl Ranks {
    fn new(index: &Index, column: Column, grouping: Grouping) -> Self {
        let catalog = &index.catalog;
        let mut families = Vec::new();
        let mut names: Vec<String> = Vec::new();
        match column {
            Column::Variant => {
                for family in &catalog.families {
                    families.push(names.len());
                    // Without the heading of a family the row itself names it.
                    let before = match grouping {
                        Grouping::Family => String::new(),
                        _ => format!("{} ", family.name),
                    };
                    names.extend(family.variants.iter().map(|variant| format!("{before}{}", variant.name)));
                }
            }
            Column::Quant => names.extend(catalog.quants.iter().map(|quant| quant.id.clone())),
            Column::Hardware => names.extend(catalog.hardware.iter().map(|rig| rig.name.clone())),
            Column::Backend => names.extend(index.backends.iter().map(backend_label)),
            Column::Mode => names.clone_from(&index.modes),
            Column::Concurrency | Column::Metric => {}
        }
        for name in &mut names {
            name.make_ascii_lowercase();
        }
        let mut ranks = vec![0; names.len()];
        let (mut rank, mut last) = (0, None);
        for position in positions_by(names.len(), &mut |a, b| names.get(a).cmp(&names.get(b))) {
            let name = names.get(position);
            if last != name {
                rank += 1;
                last = name;
            }
            if let Some(slot) = ranks.get_mut(position) {
                *slot = rank;
            }
        }
        Self { column, families, ranks }
    }

    fn of(&self, index: &Index, row: &Row) -> u64 {
        let columns = &index.configurations;
        let at = |column: &[u32]| column.get(row.configuration).map_or(usize::MAX, |&value| value as usize);
        let position = match self.column {
            Column::Variant => self
                .families
                .get(at(&columns.family))
                .map_or(usize::MAX, |first| first + at(&columns.variant)),
            Column::Quant => at(&columns.quant),
            Column::Hardware => at(&columns.hardware),
            Column::Backend => at(&columns.backend),
            Column::Mode => at(&columns.mode),
            Column::Concurrency | Column::Metric => usize::MAX,
        };
        self.ranks.get(position).copied().unwrap_or(u64::MAX)
    }
}
