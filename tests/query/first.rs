//! What the page begins with says the same as all results.

use tokscope::index::Index;
use tokscope::query::{
    Answer, Choices, Column, Facet, Grouping, Selection, Sort, answer, configuration_slug, first_view,
    shapes_used,
};

use crate::INDEXES;
use crate::made_up::{Random, index};

/// Calls back with an index and what the page begins with, whole and cut, read from its JSON as the page does.
fn for_many_firsts(mut check: impl FnMut(&Index, &Index)) {
    for seed in 1..=INDEXES {
        let index = index(&mut Random::new(seed));
        for most_rows in [0, 3, 1_000] {
            let part = first_view(&index, most_rows);
            let read = Index::from_json(&part.to_json()).unwrap();
            assert_eq!(read, part);
            check(&index, &read);
        }
    }
}

fn asked(index: &Index, selection: &Selection) -> Answer {
    answer(index, &Choices::of(index), selection)
}

/// What a row says, by words that hold in any index.
fn said(index: &Index, answer: &Answer) -> Vec<String> {
    let row = |row: &tokscope::query::Row| {
        let slug = configuration_slug(index, row.configuration);
        let cells: Vec<_> = row.results.clone().map(|r| (index.failure(r), index.is_range_only(r))).collect();
        format!("{slug} {} {:?} {cells:?}", row.concurrency, row.bounds)
    };
    answer.rows.iter().map(row).collect()
}

#[test]
fn counts_are_those_of_all_results() {
    for_many_firsts(|whole, part| {
        let choices = Choices::of(whole);
        assert_eq!(Choices::of(part), choices);
        let totals = |index: &Index| (index.total_results(), index.total_rigs(), index.latest().cloned());
        assert_eq!(totals(part), totals(whole));
        for facet in Facet::ALL {
            assert_eq!(facet.used(part, &choices), facet.used(whole, &choices));
        }
        assert_eq!(shapes_used(part), shapes_used(whole));
        let (all, first) = (asked(whole, &Selection::default()), asked(part, &Selection::default()));
        assert_eq!((first.results, first.row_count), (all.results, all.row_count));
        assert_eq!((first.top, &first.unmeasured), (all.top, &all.unmeasured));
        assert_eq!(first.facet_counts, all.facet_counts);
        assert_eq!(first.shape_counts, all.shape_counts);
        assert_eq!(first.concurrency_counts, all.concurrency_counts);
    });
}

#[test]
fn rows_are_the_first_ones_with_the_counts_of_their_groups() {
    for_many_firsts(|whole, part| {
        let (all, first) = (asked(whole, &Selection::default()), asked(part, &Selection::default()));
        let (all_rows, rows) = (said(whole, &all), said(part, &first));
        assert_eq!(all_rows[..rows.len()], rows);
        assert_eq!(part.is_cut(), rows.len() < all_rows.len());
        for (group, whole) in first.groups.iter().zip(&all.groups) {
            assert_eq!((&group.key, group.results), (&whole.key, whole.results));
        }
    });
}

#[test]
fn any_order_of_the_first_view_needs_no_more() {
    for_many_firsts(|whole, part| {
        if part.is_cut() {
            return;
        }
        for column in Column::ALL {
            for (at, grouping) in Grouping::ALL.into_iter().enumerate() {
                let descending = at % 2 == 0;
                let sort = Some(Sort { column, descending });
                let selection = Selection { sort, grouping, ..Selection::default() };
                let (all, first) = (asked(whole, &selection), asked(part, &selection));
                assert_eq!(said(part, &first), said(whole, &all), "{sort:?} {grouping:?}");
                assert_eq!(first.groups, all.groups, "{sort:?} {grouping:?}");
            }
        }
    });
}
