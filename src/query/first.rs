//! What the page begins with: the first view's own results, and counts of all the others.

use super::{Answer, Choices, Facet, GroupSpan, Row, Selection, answer, shapes_used};
use crate::index::{Index, Totals};

/// The most rows that the page begins with: the file that holds them stays small however many results there are.
pub const MOST_FIRST_ROWS: usize = 1_000;

/// The part of an index that the view without any choice shows: its first rows, up to so many, and the counts
/// that its controls and its status line show.
pub fn first_view(index: &Index, most_rows: usize) -> Index {
    let choices = Choices::of(index);
    let selection = Selection::default();
    let answer = answer(index, &choices, &selection);
    // The positions of configurations in the index, not the order of the table: an index is sorted by them.
    let mut rows: Vec<&Row> = answer.rows.iter().take(most_rows).collect();
    rows.sort_by_key(|row| row.configuration);
    let results: Vec<usize> = rows.into_iter().flat_map(|row| row.results.clone()).collect();
    index.part(&results, selection.metric, totals(index, &choices, &answer))
}

fn totals(index: &Index, choices: &Choices, answer: &Answer) -> Totals {
    let facets = Facet::ALL.map(|facet| {
        let counts = answer.facet_counts.get(facet as usize).map_or(&[][..], Vec::as_slice);
        plus_one(counts, &facet.used(index, choices))
    });
    let families = index.catalog.families.iter().map(|family| {
        let of_family = |group: &&GroupSpan| group.key == family.id;
        answer.groups.iter().find(of_family).map_or(0, |group| number(group.results))
    });
    Totals {
        results: number(index.result_count()),
        rigs: number(index.total_rigs()),
        latest: index.latest().cloned(),
        shown: number(answer.results),
        rows: number(answer.row_count),
        top: Some(answer.top).filter(|&top| top > 0.0),
        unmeasured: number(answer.unmeasured.rows),
        unmeasured_with: answer.unmeasured.with.iter().map(|&rows| number(rows)).collect(),
        families: families.collect(),
        facets,
        shapes: plus_one(&answer.shape_counts, &shapes_used(index)),
        concurrencies: choices.concurrency.clone(),
        concurrency_counts: answer.concurrency_counts.iter().map(|&count| number(count)).collect(),
    }
}

/// Counts plus one, and 0 for what no result has.
fn plus_one(counts: &[usize], used: &[bool]) -> Vec<u32> {
    counts.iter().zip(used).map(|(&count, &used)| if used { number(count) + 1 } else { 0 }).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX - 1)
}
