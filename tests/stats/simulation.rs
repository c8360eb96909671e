//! What `docs/statistics.md` claims of intervals, of the smallest ratio and of the flags, by drawing
//! repetitions whose truth is known. Every draw is the same on every machine.

use tokscope::stats::{
    Band, Ratio, Sample, Summary, Verdict, median, outlier, rank_bands, slow_start, smallest_ratio,
};

use crate::random::Random;

const TRUE_RATIO: f64 = 1.25;

/// The share of draws for which something holds.
fn share(draws: u32, mut holds: impl FnMut() -> bool) -> f64 {
    let count: u32 = (0..draws).map(|_| u32::from(holds())).sum();
    f64::from(count) / f64::from(draws)
}

/// How often the interval holds the true ratio, for so many repetitions with such deviations.
fn coverage(n: usize, m: usize, deviation_n: f64, deviation_m: f64) -> f64 {
    let random = &mut Random::new(u64::try_from(1000 * n + m).unwrap());
    share(6000, || {
        let a = Sample::of(&random.repetitions(n, 40.0 * TRUE_RATIO, deviation_n), None).unwrap();
        let b = Sample::of(&random.repetitions(m, 40.0, deviation_m), None).unwrap();
        let interval = Ratio::between(&a, &b).interval.unwrap();
        (interval.low..=interval.high).contains(&TRUE_RATIO)
    })
}

#[track_caller]
fn within(what: &str, found: f64, low: f64, high: f64) {
    println!("{what}: {:.2} %", 100.0 * found);
    assert!((low..=high).contains(&found), "{what}: {found}, expected {low} to {high}");
}

#[test]
fn five_repetitions_on_both_sides_cover_95_per_cent() {
    for (n, m) in [(5, 5), (10, 10), (30, 30), (5, 10), (10, 30)] {
        for (deviation_n, deviation_m) in [(0.02, 0.02), (0.02, 0.08), (0.2, 0.02)] {
            let what = format!("{n} and {m}, {deviation_n} and {deviation_m}");
            within(&what, coverage(n, m, deviation_n, deviation_m), 0.94, 0.96);
        }
    }
}

#[test]
fn two_and_three_repetitions_cover_what_is_said() {
    for (n, m, deviation_n, deviation_m, low, high) in [
        // Three and three: 94 to 97 %.
        (3, 3, 0.02, 0.02, 0.94, 0.97),
        (3, 3, 0.02, 0.08, 0.94, 0.97),
        (3, 3, 0.2, 0.02, 0.94, 0.97),
        // Two and two: 93 to 98 %.
        (2, 2, 0.02, 0.02, 0.93, 0.98),
        (2, 2, 0.02, 0.08, 0.93, 0.98),
        (2, 2, 0.2, 0.02, 0.93, 0.98),
        // Three against more: down to 92 %.
        (3, 10, 0.02, 0.02, 0.925, 0.945),
        (3, 30, 0.02, 0.02, 0.915, 0.93),
        // Two against more: down to 87 %.
        (2, 5, 0.08, 0.02, 0.88, 0.9),
        (2, 30, 0.02, 0.02, 0.865, 0.885),
    ] {
        let what = format!("{n} and {m}, {deviation_n} and {deviation_m}");
        within(&what, coverage(n, m, deviation_n, deviation_m), low, high);
    }
}

/// Repetitions as they are printed, with so many units of the last digit as deviation, and their truth.
fn printed(random: &mut Random, n: usize, units: f64) -> (Vec<f64>, f64) {
    // Anywhere between two digits.
    let centre = 5.0 + 0.1 * random.unit();
    let values = random.repetitions(n, centre, units * 0.01 / centre);
    (values.iter().map(|value| (value * 100.0).round() / 100.0).collect(), centre)
}

#[test]
fn printed_repetitions_are_not_trusted_beyond_their_digits() {
    for n in [2, 3, 5, 10, 30] {
        for units in [0.001, 0.3, 1.0] {
            let random = &mut Random::new(31);
            let found = share(2000, || {
                let [(a, of_a), (b, of_b)] = [printed(random, n, units), printed(random, n, units)];
                let [a, b] = [a, b].map(|values| Sample::of(&values, Some(0.01)).unwrap());
                let interval = Ratio::between(&a, &b).interval.unwrap();
                (interval.low..=interval.high).contains(&(of_a / of_b))
            });
            within(&format!("{n} printed, {units} units"), found, 0.95, 1.0);
        }
    }
}

#[test]
fn a_printed_mean_and_its_deviation_cover_what_repetitions_do() {
    for (n, deviation) in [(3, 0.0001), (3, 0.005), (3, 0.02), (3, 0.1), (5, 0.02), (10, 0.1)] {
        let random = &mut Random::new(37);
        let found = share(6000, || {
            let mut side = |centre: f64| {
                let summary = Summary::of(&random.repetitions(n, centre, deviation)).unwrap();
                let tenths = |value: f64| (value * 10.0).round() / 10.0;
                let deviation = summary.deviation.map(tenths);
                let summary = Summary::printed(tenths(summary.mean), deviation, n).unwrap();
                Sample::printed(&summary, Some(0.1)).unwrap()
            };
            let interval = Ratio::between(&side(20.0 * TRUE_RATIO), &side(20.0)).interval.unwrap();
            (interval.low..=interval.high).contains(&TRUE_RATIO)
        });
        within(&format!("{n} as a mean, {deviation}"), found, 0.95, 1.0);
    }
}

/// A side whose logarithms are known to have this deviation.
fn known(n: usize, deviation: f64) -> Sample {
    let printed = Summary::printed(1.0, Some((deviation.powi(2).exp() - 1.0).sqrt()), n).unwrap();
    Sample::printed(&printed, None).unwrap()
}

#[test]
fn the_table_of_smallest_ratios_is_right() {
    for (deviation, expected) in [(0.01, [1.110, 1.036, 1.021, 1.013]), (0.03, [1.366, 1.111, 1.065, 1.041])]
    {
        for (n, expected) in [2, 3, 5, 10].into_iter().zip(expected) {
            let found = smallest_ratio(&known(n, deviation), &known(n, deviation)).unwrap();
            assert!(
                (found - expected).abs() < 0.0006,
                "{n}, {deviation}: found {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn the_smallest_ratio_is_found_four_times_in_five() {
    const DEVIATION: f64 = 0.03;
    for (n, m) in [(2, 2), (3, 3), (3, 10), (5, 5), (10, 10)] {
        let smallest = smallest_ratio(&known(n, DEVIATION), &known(m, DEVIATION)).unwrap();
        let random = &mut Random::new(41);
        let found = share(6000, || {
            let a = Sample::of(&random.repetitions(n, 40.0 * smallest, DEVIATION), None).unwrap();
            let b = Sample::of(&random.repetitions(m, 40.0, DEVIATION), None).unwrap();
            Ratio::between(&a, &b).verdict == Verdict::Real
        });
        within(&format!("power of {n} and {m}, ratio {smallest:.4}"), found, 0.785, 0.815);
    }
}

#[test]
fn flags_are_false_once_in_twenty() {
    for n in [3, 4, 5, 10, 30] {
        let random = &mut Random::new(43);
        let found = share(6000, || slow_start(&random.repetitions(n, 180.0, 0.03), false, None).is_some());
        within(&format!("slow start of {n}"), found, 0.044, 0.056);
    }
    for n in [4, 5, 10] {
        let random = &mut Random::new(47);
        let found = share(6000, || outlier(&random.repetitions(n, 180.0, 0.03), None).is_some());
        within(&format!("outlier of {n}"), found, 0.044, 0.056);
    }
}

#[test]
fn printed_digits_do_not_make_a_slow_start() {
    for (n, units) in [(3, 0.1), (3, 1.0), (5, 0.3), (10, 0.001), (10, 1.0)] {
        let random = &mut Random::new(53);
        let found = share(5000, || {
            let (values, _) = printed(random, n, units);
            slow_start(&values, false, Some(0.01)).is_some()
        });
        within(&format!("slow start of {n} printed, {units} units"), found, 0.0, 0.055);
    }
}

/// The modified z score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993).
fn is_far_from_the_median(values: &[f64]) -> bool {
    let middle = median(values).unwrap();
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let typical = median(&distances).unwrap();
    distances.iter().any(|distance| 0.6745 * distance > 3.5 * typical)
}

#[test]
fn the_median_deviation_would_raise_a_false_alarm_in_one_of_five() {
    let random = &mut Random::new(59);
    let found = share(10_000, || is_far_from_the_median(&random.repetitions(5, 180.0, 0.03)));
    within("median absolute deviation, 5", found, 0.19, 0.23);
}

#[test]
fn equal_results_show_false_differences_in_long_lists() {
    for (length, lists, low, high) in [(10, 600, 0.5, 0.62), (30, 60, 0.93, 1.0)] {
        let random = &mut Random::new(61);
        let found = share(lists, || {
            let side = |_| Sample::of(&random.repetitions(3, 40.0, 0.03), None).unwrap();
            let samples: Vec<Sample> = (0..length).map(side).collect();
            let is_narrow = |band: Band| band.worst - band.best < length - 1;
            rank_bands(&samples, false).into_iter().flatten().any(is_narrow)
        });
        within(&format!("lists of {length} equal results"), found, low, high);
    }
}

#[test]
fn the_pooled_formula_would_promise_more_than_it_keeps() {
    // SciPy: the difference, in standard errors, that a t test with 4 degrees of freedom finds four times in five.
    const STANDARD_ERRORS: f64 = 3.7611;
    let random = &mut Random::new(67);
    let promised = (STANDARD_ERRORS * 0.03 * (2.0_f64 / 3.0).sqrt()).exp();
    let found = share(6000, || {
        let a = Sample::of(&random.repetitions(3, 40.0 * promised, 0.03), None).unwrap();
        let b = Sample::of(&random.repetitions(3, 40.0, 0.03), None).unwrap();
        Ratio::between(&a, &b).verdict == Verdict::Real
    });
    within("power of the pooled formula, 3 and 3", found, 0.68, 0.72);
}
