//! Rows, groups, orders and counts against definitions that look at every single result.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::{
    Answer, Choices, Column, Concurrency, Facet, GroupSpan, Grouping, Row, Selection, Sort, Theme, View,
    answer, backend_label, to_query,
};

use crate::for_many;

type Identity = (usize, u16, usize, usize);

fn identity(row: &Row) -> Identity {
    (row.configuration, row.concurrency, row.results.start, row.results.end)
}

fn sorts() -> impl Iterator<Item = Option<Sort>> {
    let both = |column| [true, false].map(|descending| Some(Sort { column, descending }));
    std::iter::once(None).chain(Column::ALL.into_iter().flat_map(both))
}

#[test]
fn every_row_is_there_in_every_order() {
    for_many(|index, choices, selection| {
        let mut seen: Option<(BTreeSet<Identity>, usize)> = None;
        for sort in sorts() {
            for grouping in Grouping::ALL {
                let got = answer(index, choices, &Selection { sort, grouping, ..selection.clone() });
                let rows: BTreeSet<Identity> = got.rows.iter().map(identity).collect();
                assert_eq!(rows.len(), got.rows.len(), "a row twice");
                let now = (rows, got.results);
                assert_eq!(seen.get_or_insert_with(|| now.clone()), &now, "{sort:?} {grouping:?}");
            }
        }
    });
}

#[test]
fn groups_divide_the_rows() {
    for_many(|index, choices, selection| {
        let got = answer(index, choices, selection);
        let mut next = 0;
        let mut keys = HashSet::new();
        for group in &got.groups {
            assert_eq!(group.rows.start, next);
            assert!(!group.rows.is_empty());
            next = group.rows.end;
            let rows = &got.rows[group.rows.clone()];
            assert_eq!(group.results, rows.iter().map(|row| row.results.len()).sum::<usize>());
            assert!(keys.insert(&group.key), "{} twice", group.key);
            for row in rows {
                assert_eq!(group_key(index, choices, selection.grouping, row), group.key);
            }
        }
        assert_eq!(next, got.rows.len());
        assert_eq!(got.results, got.rows.iter().map(|row| row.results.len()).sum::<usize>());
    });
}

/// What the rows of a group have in common, without the look-ups that the answer uses.
fn group_key(index: &Index, choices: &Choices, grouping: Grouping, row: &Row) -> String {
    let of = row.configuration;
    match grouping {
        Grouping::Family => index.model(of).unwrap().0.id.clone(),
        Grouping::Hardware => index.hardware(of).unwrap().id.clone(),
        Grouping::Quant => index.quant(of).unwrap().id.clone(),
        Grouping::Backend => {
            let backend = index.backend(of).unwrap();
            let label = format!("{} ({})", backend.engine, backend.accelerator.slug());
            choices.backend.iter().find(|choice| choice.label == label).unwrap().slug.clone()
        }
        Grouping::None => String::new(),
    }
}

#[test]
fn families_stand_newest_first_then_by_name() {
    for_many(|index, choices, selection| {
        let got = answer(index, choices, &Selection { grouping: Grouping::Family, ..selection.clone() });
        let order = |group: &GroupSpan| {
            (std::cmp::Reverse(group.released.clone().unwrap()), group.label.to_lowercase())
        };
        assert!(got.groups.is_sorted_by_key(order), "{:?}", got.groups);
    });
}

/// What a column sorts by, as the reader sees it.
fn sort_key(index: &Index, grouping: Grouping, column: Column, row: &Row) -> String {
    let of = row.configuration;
    match column {
        Column::Variant => {
            let (family, variant) = index.model(of).unwrap();
            let family = if grouping == Grouping::Family { "" } else { &family.name };
            format!("{family} {}", variant.name).to_lowercase()
        }
        Column::Quant => index.quant(of).unwrap().id.to_lowercase(),
        Column::Hardware => index.hardware(of).unwrap().name.to_lowercase(),
        Column::Backend => backend_label(index.backend(of).unwrap()).to_lowercase(),
        Column::Mode => index.mode(of).to_lowercase(),
        Column::Concurrency => format!("{:05}", row.concurrency),
        Column::Metric => String::new(),
    }
}

#[test]
fn every_column_sorts_both_ways_and_equal_rows_keep_their_order() {
    for_many(|index, choices, selection| {
        for column in Column::ALL.into_iter().filter(|&column| column != Column::Metric) {
            let sorted = |descending| {
                let sort = Some(Sort { column, descending });
                answer(index, choices, &Selection { sort, ..selection.clone() })
            };
            let (up, down) = (sorted(false), sorted(true));
            for (groups_of, descending) in [(&up, false), (&down, true)] {
                for group in &groups_of.groups {
                    let rows = &groups_of.rows[group.rows.clone()];
                    let keys: Vec<String> =
                        rows.iter().map(|row| sort_key(index, selection.grouping, column, row)).collect();
                    let in_order =
                        if descending { keys.is_sorted_by(|a, b| a >= b) } else { keys.is_sorted() };
                    assert!(in_order, "{column:?} {descending}: {keys:?}");
                }
            }
            // Rows that read the same in this column stand in the same order in both directions.
            let by_key = |from: &Answer| {
                let mut rows: Vec<(String, String, Identity)> = from
                    .rows
                    .iter()
                    .map(|row| {
                        let group = group_key(index, choices, selection.grouping, row);
                        (group, sort_key(index, selection.grouping, column, row), identity(row))
                    })
                    .collect();
                rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
                rows
            };
            assert_eq!(by_key(&up), by_key(&down), "{column:?}");
        }
    });
}

#[test]
fn values_sort_by_the_end_that_comes_first_and_missing_ones_stand_last() {
    for_many(|index, choices, selection| {
        for metric in Metric::ALL {
            for descending in [false, true] {
                let sort = Some(Sort { column: Column::Metric, descending });
                let got = answer(index, choices, &Selection { metric, sort, ..selection.clone() });
                for group in &got.groups {
                    let bounds: Vec<_> = got.rows[group.rows.clone()].iter().map(|row| row.bounds).collect();
                    let known: Vec<(f64, f64)> = bounds.iter().copied().map_while(|b| b).collect();
                    assert!(bounds[known.len()..].iter().all(Option::is_none), "{metric:?}: {bounds:?}");
                    let in_order = if descending {
                        known.is_sorted_by(|a, b| a.1 >= b.1)
                    } else {
                        known.is_sorted_by(|a, b| a.0 <= b.0)
                    };
                    assert!(in_order, "{metric:?} {descending}: {known:?}");
                }
            }
        }
    });
}

#[test]
fn the_best_value_comes_first_until_the_reader_sorts() {
    for_many(|index, choices, selection| {
        let plain = Selection { sort: None, ..selection.clone() };
        let descending = !selection.metric.lower_is_better();
        let said = Selection { sort: Some(Sort { column: Column::Metric, descending }), ..selection.clone() };
        assert_eq!(answer(index, choices, &plain), answer(index, choices, &said));
    });
}

/// A range is the smallest and the largest value over the results of its row, and nothing else.
#[test]
fn bounds_are_those_of_the_results() {
    for_many(|index, choices, selection| {
        for row in answer(index, choices, selection).rows {
            let all = row.results.clone().filter_map(|result| index.bounds(result, selection.metric));
            let expected = all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            assert_eq!(row.bounds, expected);
        }
    });
}

/// The results that pass every filter, by row.
fn passing(index: &Index, choices: &Choices, selection: &Selection) -> BTreeMap<(usize, u16), Vec<usize>> {
    let mut rows: BTreeMap<(usize, u16), Vec<usize>> = BTreeMap::new();
    for result in (0..index.result_count()).filter(|&result| passes(index, choices, selection, result)) {
        let of = (index.configuration_of(index.run_of(result)), index.results.concurrency[result]);
        rows.entry(of).or_default().push(result);
    }
    rows
}

/// True for rows that stand in the table: something was measured, went wrong or was published as a range.
fn has_something_to_show(index: &Index, metric: Metric, results: &[usize]) -> bool {
    results.iter().any(|&result| {
        let failed = index.failure(result).is_some() && !index.is_superseded(result);
        index.bounds(result, metric).is_some() || failed || index.is_range_only(result)
    })
}

/// Filters against a test of every single result.
#[test]
fn exactly_the_results_that_pass_every_filter_are_shown() {
    for_many(|index, choices, selection| {
        let got = answer(index, choices, selection);
        let shown: BTreeSet<usize> = got.rows.into_iter().flat_map(|row| row.results).collect();
        let rows = passing(index, choices, selection).into_values();
        let (wanted, left_out): (Vec<_>, Vec<_>) =
            rows.partition(|results| has_something_to_show(index, selection.metric, results));
        let link = to_query(selection, choices);
        assert_eq!(shown, wanted.into_iter().flatten().collect(), "{link}");
        // What is not shown is counted, with what it has instead.
        assert_eq!(got.unmeasured.rows, left_out.len(), "{link}");
        for (metric, &rows) in Metric::ALL.into_iter().zip(&got.unmeasured.with) {
            let has = |results: &&Vec<usize>| results.iter().any(|&r| index.value(r, metric).is_some());
            assert_eq!(rows, left_out.iter().filter(has).count(), "{metric:?} {link}");
        }
        if let Some(best) = got.unmeasured.best() {
            let there = answer(index, choices, &Selection { metric: best, ..selection.clone() });
            assert!(
                there.rows.iter().filter(|row| row.bounds.is_some()).count()
                    >= got.unmeasured.with[best.position()]
            );
            assert_ne!(best, selection.metric);
        }
    });
}

fn passes(index: &Index, choices: &Choices, selection: &Selection, result: usize) -> bool {
    let of = index.configuration_of(index.run_of(result));
    let (family, variant) = index.model(of).unwrap();
    let (rig, quant, mode) = (index.hardware(of).unwrap(), &index.quant(of).unwrap().id, index.mode(of));
    let backend = index.backend(of).unwrap();
    let engine = format!("{} ({})", backend.engine, backend.accelerator.slug());
    let among = |facet: Facet, label: &str| {
        let chosen = facet.chosen(selection);
        chosen.is_empty() || chosen.iter().any(|&value| facet.choices(choices)[value].label == label)
    };
    let backend = backend_label(backend);
    let names =
        [&*family.name, &variant.name, quant, &rig.name, &rig.short, &rig.id, &backend, &engine, mode];
    // How words are compared has its own tests in `search.rs`; of these words none is a part of a number.
    let plain = |text: &str| text.to_lowercase().replace("gib", "gb").replace("rig-", "rig");
    let found = |word: &str| names.iter().any(|name| plain(name).contains(&plain(word)));
    let shape = usize::from(index.results.shape[result]);
    among(Facet::Hardware, &rig.name)
        && among(Facet::Backend, &engine)
        && among(Facet::Quant, quant)
        && among(Facet::Mode, mode)
        && selection.shape.is_none_or(|wanted| wanted == shape)
        && selection.concurrency.admits(index.results.concurrency[result])
        && selection.search.split_whitespace().all(found)
}

/// Each control says how many results a choice would show; choosing it shows as many.
#[test]
fn counts_are_what_a_choice_would_show() {
    for_many(|index, choices, selection| {
        let now = answer(index, choices, selection);
        let after = |change: &dyn Fn(&mut Selection)| {
            let mut next = selection.clone();
            change(&mut next);
            answer(index, choices, &next).results
        };
        for (facet, counts) in Facet::ALL.into_iter().zip(&now.facet_counts) {
            assert_eq!(counts.len(), facet.choices(choices).len());
            for (value, &count) in counts.iter().enumerate() {
                assert_eq!(count, after(&|next| *facet.chosen_mut(next) = vec![value]), "{facet:?} {value}");
            }
        }
        for (shape, &count) in now.shape_counts.iter().enumerate() {
            assert_eq!(count, after(&|next| next.shape = Some(shape)), "shape {shape}");
        }
        for (&only, &count) in choices.concurrency.iter().zip(&now.concurrency_counts) {
            assert_eq!(
                count,
                after(&|next| next.concurrency = Concurrency::Only(only)),
                "concurrency {only}"
            );
        }
        assert_eq!(
            after(&|next| *next = next.unfiltered()),
            after(&|next| {
                *next = Selection { metric: next.metric, ..Selection::default() };
            })
        );
    });
}

#[test]
fn folding_opening_and_colours_change_no_answer() {
    for_many(|index, choices, selection| {
        let plain = Selection {
            view: View::Runs,
            folded: Vec::new(),
            open: Vec::new(),
            model: None,
            pinned: Vec::new(),
            all_bars: false,
            theme: None,
            ..selection.clone()
        };
        let other = Selection { theme: Some(Theme::Dark), view: View::Method, ..selection.clone() };
        assert_eq!(answer(index, choices, &plain), answer(index, choices, selection));
        assert_eq!(answer(index, choices, &plain), answer(index, choices, &other));
    });
}
