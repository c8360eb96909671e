//! Rows in groups, and in order.

use super::answer::{Answer, GroupSpan, Row};
use super::order::{positions_by, sort_by_number};
use super::selection::{Column, Grouping, Selection};
use super::{Choices, Facet, backend_label};
use crate::index::Index;

/// Groups the rows, and sorts groups and the rows inside.
pub(super) fn arrange(answer: &mut Answer, index: &Index, choices: &Choices, selection: &Selection) {
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
    // Every order of rows as an order of numbers. Equal rows fall back on their value, best first, and then stay in
    // the order of the index: sorted by the last reason first, for a sort keeps what the one before it did.
    let mut positions: Vec<u32> = (0..).take(answer.rows.len()).collect();
    let mut numbers = Vec::with_capacity(answer.rows.len());
    let mut sort = |number: &dyn Fn(&Row) -> u64| {
        numbers.clear();
        numbers.extend(answer.rows.iter().map(number));
        sort_by_number(&mut positions, &numbers);
    };
    let best_first = !selection.metric.lower_is_better();
    let by_value = order.column == Column::Metric;
    let descending = if by_value { order.descending } else { best_first };
    if descending != best_first {
        sort(&|row| by_metric(row, best_first)[1]);
        sort(&|row| by_metric(row, best_first)[0]);
    }
    sort(&|row| by_metric(row, descending)[1]);
    sort(&|row| by_metric(row, descending)[0]);
    match order.column {
        Column::Metric => {}
        Column::Concurrency => sort(&|row| directed(u64::from(row.concurrency), order.descending)),
        _ => sort(&|row| directed(ranks.of(index, row), order.descending)),
    }
    sort(&|row| group_of(row) as u64);

    let rows = std::mem::take(&mut answer.rows);
    answer.rows.reserve(rows.len());
    let mut last = None;
    for position in positions {
        let Some(row) = rows.get(position as usize) else { continue };
        let place = answer.rows.len();
        let group = group_of(row);
        match answer.groups.last_mut() {
            Some(span) if last == Some(group) => {
                span.results += row.results.len();
                span.rows.end = place + 1;
            }
            _ => {
                let (key, label) = group_name(index, choices, selection.grouping, group);
                let released = released(index, selection.grouping, group);
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
