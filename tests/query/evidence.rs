//! Comparisons and rankings against definitions that look at every single result.

use std::collections::BTreeSet;

use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::model::run::Timing;
use tokscope::query::backend_label;
use tokscope::query::compare::{COMPARED, Comparison, backends_compared, compare, sample};
use tokscope::query::ranking::{Ranking, rankings};
use tokscope::stats::Verdict;

use crate::INDEXES;
use crate::made_up::{Random, index};

/// Shape and concurrency of a result.
fn cell(index: &Index, result: usize) -> (u16, u16) {
    (index.results.shape[result], index.results.concurrency[result])
}

fn is_raw(index: &Index, result: usize) -> bool {
    index.configurations.timing[index.configuration_of(index.run_of(result))] == Timing::Raw
}

fn is_usable(index: &Index, result: usize) -> bool {
    index.failure(result).is_none() && !index.is_range_only(result)
}

/// Calls back with many indexes and, for each, many lists of configurations: none, one, several, some of them
/// twice.
fn for_many_lists(mut check: impl FnMut(&Index, &[usize])) {
    for seed in 1..=INDEXES {
        let mut random = Random::new(seed);
        let index = index(&mut random);
        for _ in 0..16 {
            let list: Vec<usize> =
                (0..random.below(7)).map(|_| random.below(index.configuration_count())).collect();
            check(&index, &list);
        }
        let all: Vec<usize> = (0..index.configuration_count()).collect();
        check(&index, &all);
    }
}

#[test]
fn configurations_that_do_not_exist_have_no_results() {
    let index = index(&mut Random::new(1));
    let beyond = [index.configuration_count(), usize::MAX - 1];
    assert_eq!(compare(&index, &beyond), []);
    assert_eq!(rankings(&index, &beyond, Metric::Decode), []);
    let with_one = [0, beyond[0]];
    assert_eq!(compare(&index, &with_one), [], "a side without results is no comparison");
}

#[test]
fn a_comparison_holds_every_result_of_its_cell_once() {
    for_many_lists(|index, list| {
        let comparisons = compare(index, list);
        let cells: BTreeSet<(u16, u16)> =
            comparisons.iter().map(|comparison| (comparison.concurrency, comparison.shape)).collect();
        assert_eq!(cells.len(), comparisons.len(), "a cell twice");
        let of_side = |configuration: usize, wanted: (u16, u16)| -> Vec<usize> {
            let of_cell = |&result: &usize| cell(index, result) == wanted && !index.is_range_only(result);
            index.results_of(configuration).filter(of_cell).collect()
        };
        for comparison in &comparisons {
            let wanted = (comparison.shape, comparison.concurrency);
            assert_eq!(comparison.sides.iter().map(|side| side.configuration).collect::<Vec<_>>(), list);
            for side in &comparison.sides {
                let mut found: Vec<usize> = side.others.iter().copied().chain(side.result).collect();
                found.sort_unstable();
                assert_eq!(found, of_side(side.configuration, wanted));
                assert!(side.others.is_sorted(), "oldest first");
                // A failure stands for its side only where nothing else can.
                let any = found.iter().any(|&result| is_usable(index, result));
                assert_eq!(side.result.is_some_and(|result| is_usable(index, result)), any);
            }
        }
        // What is no comparison is a cell that fewer than two of the list have.
        for result in 0..index.result_count() {
            let wanted = cell(index, result);
            let sides = list.iter().filter(|&&one| !of_side(one, wanted).is_empty()).count();
            assert_eq!(cells.contains(&(wanted.1, wanted.0)), sides > 1);
        }
    });
}

#[test]
fn the_baseline_has_no_ratio_and_the_others_have_one_where_both_have_values() {
    let mut verdicts = BTreeSet::new();
    for_many_lists(|index, list| {
        for comparison in compare(index, list) {
            let base = comparison.baseline(index);
            let usable =
                |side: usize| comparison.sides[side].result.is_some_and(|r| index.failure(r).is_none());
            assert!((0..base).all(|side| !usable(side)), "the first that can be is the baseline");
            for metric in COMPARED {
                let of = |side: usize| comparison.sides[side].result.and_then(|r| sample(index, r, metric));
                for (position, measured) in comparison.measured(index, metric).iter().enumerate() {
                    let expected = position != base && of(base).is_some() && of(position).is_some();
                    assert_eq!(measured.ratio.is_some(), expected);
                    assert_eq!(measured.value.is_some(), measured.summary.is_some());
                    let Some(ratio) = &measured.ratio else { continue };
                    assert!(ratio.value.is_finite() && ratio.value > 0.0);
                    verdicts.insert(match ratio.verdict {
                        Verdict::Real => "real",
                        Verdict::Tie => "tie",
                        Verdict::Unknown(_) => "not known",
                    });
                    let Some(interval) = ratio.interval else { continue };
                    assert!(interval.low <= ratio.value && ratio.value <= interval.high);
                    let holds_one = (interval.low..=interval.high).contains(&1.0);
                    assert_eq!(holds_one, ratio.verdict == Verdict::Tie);
                }
            }
        }
    });
    assert_eq!(verdicts.len(), 3, "the made-up data try {verdicts:?} alone");
}

/// Another baseline gives the inverse.
#[test]
fn a_swap_inverts_ratio_and_interval() {
    let mut seen = 0;
    for_many_lists(|index, list| {
        let [a, b, ..] = *list else { return };
        for (there, back) in compare(index, &[a, b]).iter().zip(compare(index, &[b, a])) {
            assert_eq!(there.sides[0], back.sides[1]);
            for metric in COMPARED {
                let ratio = |of: &Comparison| of.measured(index, metric)[1].ratio;
                let (Some(there), Some(back)) = (ratio(there), ratio(&back)) else { continue };
                assert!((there.value * back.value - 1.0).abs() < 1e-9);
                assert_eq!(there.verdict, back.verdict);
                if let (Some(there), Some(back)) = (there.interval, back.interval) {
                    assert!((there.low * back.high - 1.0).abs() < 1e-9);
                    seen += 1;
                }
            }
        }
    });
    assert!(seen > 20, "{seen}");
}

#[test]
fn settings_apart_are_apart_and_have_a_word_for_every_side() {
    for_many_lists(|index, list| {
        for comparison in compare(index, list) {
            let mut fields = BTreeSet::new();
            for setting in comparison.settings_apart(index) {
                assert!(fields.insert(setting.field.clone()), "{} twice", setting.field);
                assert_eq!(setting.sides.len(), list.len());
                assert!(setting.sides.iter().any(|side| *side != setting.sides[0]), "{}", setting.field);
                assert!(!setting.may_explain.is_empty(), "{}", setting.field);
            }
        }
    });
}

#[test]
fn sets_of_backends_differ_in_nothing_else() {
    let mut count = 0;
    for seed in 1..=4 * INDEXES {
        let index = index(&mut Random::new(seed));
        let mut seen = BTreeSet::new();
        for set in backends_compared(&index) {
            count += 1;
            assert!(set.len() > 1 && !compare(&index, &set).is_empty());
            assert!(set.is_sorted_by_key(|&of| index.accelerator(of)));
            let columns = &index.configurations;
            let rest = |of: usize| {
                let same = [columns.family[of], columns.variant[of], columns.quant[of], columns.hardware[of]];
                let cap = columns.power_cap_w.get(of).map(f64::to_bits);
                (same, columns.mode[of], columns.timing[of], cap)
            };
            for &of in &set {
                assert_eq!(rest(of), rest(set[0]));
                assert!(seen.insert(of), "in two sets");
            }
            let names: BTreeSet<String> =
                set.iter().map(|&of| backend_label(index.backend(of).unwrap())).collect();
            assert!(names.len() > 1, "one backend in a set of its own: {names:?}");
        }
    }
    assert!(count > 10, "{count}");
}

/// Every usable result once, and no other: neither failures nor ranges.
fn assert_complete(index: &Index, list: &[usize], found: &[Ranking]) {
    let mut placed: Vec<usize> =
        found.iter().flat_map(|ranking| &ranking.places).map(|place| place.result).collect();
    let mut expected: Vec<usize> = list
        .iter()
        .flat_map(|&configuration| index.results_of(configuration))
        .filter(|&result| is_usable(index, result))
        .collect();
    placed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(placed, expected);
}

#[test]
fn rankings_keep_apart_what_was_not_asked_alike() {
    for_many_lists(|index, list| {
        for metric in Metric::ALL {
            let found = rankings(index, list, metric);
            assert_complete(index, list, &found);
            let mut keys = BTreeSet::new();
            for ranking in &found {
                assert!(keys.insert((ranking.raw, ranking.shape, ranking.concurrency)), "a ranking twice");
                assert!(!ranking.places.is_empty());
                for place in &ranking.places {
                    assert_eq!(is_raw(index, place.result), ranking.raw, "served and raw in one order");
                    assert_eq!(cell(index, place.result), (ranking.shape, ranking.concurrency));
                }
            }
            assert!(found.is_sorted_by_key(|ranking| ranking.raw), "served ones first");
        }
    });
}

#[test]
fn places_are_in_order_and_bands_contain_them() {
    let (mut tied, mut alone) = (0, 0);
    for_many_lists(|index, list| {
        for metric in Metric::ALL {
            for ranking in rankings(index, list, metric) {
                let value = |at: usize| index.value(ranking.places[at].result, metric);
                let values: Vec<f64> = (0..ranking.places.len()).map_while(value).collect();
                assert!((values.len()..ranking.places.len()).all(|at| value(at).is_none()), "missing last");
                let best_first = |a: &f64, b: &f64| if metric.lower_is_better() { a <= b } else { a >= b };
                assert!(values.is_sorted_by(best_first), "{metric:?}: {values:?}");

                let banded: Vec<_> = ranking.places.iter().filter_map(|place| place.band).collect();
                for (at, band) in banded.iter().enumerate() {
                    assert!(1 <= band.best && band.worst <= banded.len(), "{band:?} of {}", banded.len());
                    assert!((band.best..=band.worst).contains(&(at + 1)), "place {} in {band:?}", at + 1);
                    if band.best == band.worst { alone += 1 } else { tied += 1 }
                }
                for place in &ranking.places {
                    let repetitions = index.repeated(place.result, metric).len();
                    assert!(repetitions > 1 || place.band.is_none(), "one value claims a place");
                }
            }
        }
    });
    assert!(tied > 20 && alone > 20, "{tied} tied, {alone} alone");
}
