//! What holds for any numbers, on numbers made up by a fixed generator.

use tokscope::stats::{
    Band, Ratio, Sample, StudentT, Summary, Verdict, between_runs, outlier, rank_bands, resolution_of,
    slow_start, smallest_ratio,
};

use crate::random::Random;

const CASES: usize = 1000;

/// Any number there is, the strange ones often.
fn any(random: &mut Random) -> f64 {
    const STRANGE: [f64; 14] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        1e308,
        0.0,
        -0.0,
        -1.0,
        1.0,
        0.1,
        1e-300,
    ];
    match random.below(4) {
        0 => STRANGE[random.below(STRANGE.len())],
        1 => f64::from_bits(random.next()),
        // Positive numbers of any size, so that hostile sets get past the first check.
        2 => f64::from_bits(random.next() >> 1).min(f64::MAX).abs(),
        _ => 10.0 + random.unit(),
    }
}

fn any_values(random: &mut Random) -> Vec<f64> {
    let length = random.below(7);
    let equal = random.below(5) == 0;
    let first = any(random);
    (0..length).map(|_| if equal { first } else { any(random) }).collect()
}

fn any_resolution(random: &mut Random) -> Option<f64> {
    (random.below(2) == 0).then(|| any(random))
}

/// Samples that were let in, from repetitions and from printed figures.
fn any_samples(random: &mut Random) -> Vec<Sample> {
    let mut samples = Vec::new();
    for _ in 0..8 {
        let (values, resolution) = (any_values(random), any_resolution(random));
        samples.extend(Sample::of(&values, resolution).ok());
        let deviation = (random.below(3) > 0).then(|| any(random));
        let n = [0, 1, 2, 3, 100, usize::MAX][random.below(6)];
        let (mean, resolution) = (any(random), any_resolution(random));
        // Also figures that no source prints: the fields are public.
        let raw = Summary { n, mean, deviation, median: None, min: None, max: None };
        let summary = Summary::printed(mean, deviation, n).unwrap_or(raw);
        samples.extend(Sample::printed(&summary, resolution).ok());
    }
    samples
}

fn is_sound(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

#[test]
fn whatever_comes_in_nothing_panics_and_nothing_is_not_a_number() {
    let random = &mut Random::new(7);
    let mut compared = 0;
    for _ in 0..CASES {
        let (values, resolution) = (any_values(random), any_resolution(random));
        if let Some(summary) = Summary::of(&values) {
            assert!(summary.mean.is_finite() && summary.deviation.is_none_or(|d| d >= 0.0), "{values:?}");
            assert!(summary.variation().is_none_or(f64::is_finite), "{values:?}");
        }
        assert!(resolution_of(&values).is_none_or(is_sound), "{values:?}");
        let apart = [slow_start(&values, random.below(2) == 0, resolution), outlier(&values, resolution)];
        for apart in apart.into_iter().flatten() {
            assert!(is_sound(apart.ratio) && (0.0..0.05).contains(&apart.p_value), "{values:?}");
        }
        let samples = any_samples(random);
        for pair in samples.windows(2) {
            let ratio = Ratio::between(&pair[0], &pair[1]);
            assert!(is_sound(ratio.value), "{pair:?}");
            assert_eq!(ratio.interval.is_none(), matches!(ratio.verdict, Verdict::Unknown(_)));
            if random.below(100) == 0 {
                let smallest = smallest_ratio(&pair[0], &pair[1]);
                assert!(smallest.is_none_or(|ratio| ratio.is_finite() && ratio >= 1.0), "{pair:?}");
                assert_eq!(ratio.interval.is_none(), smallest.is_none(), "{pair:?}");
            }
            if let Some(interval) = ratio.interval {
                assert!(is_sound(interval.low) && is_sound(interval.high), "{pair:?}");
                assert!(interval.low <= ratio.value && ratio.value <= interval.high, "{pair:?}");
                assert!(
                    (0.0..=1.0).contains(&interval.p_value) && interval.degrees_of_freedom >= 1.0 - 1e-12
                );
                compared += 1;
            }
        }
        for band in rank_bands(&samples, random.below(2) == 0).into_iter().flatten() {
            assert!(1 <= band.best && band.best <= band.worst && band.worst <= samples.len());
        }
    }
    assert!(compared > CASES / 2, "only {compared} pairs could be compared");
}

#[test]
fn runs_of_any_figures_have_a_finite_spread_or_none() {
    let random = &mut Random::new(11);
    for _ in 0..CASES {
        let mut run = || {
            let n = [0, 1, 2, 3, 100, usize::MAX][random.below(6)];
            let (mean, deviation) = (any(random), Some(any(random)));
            Summary { n, mean, deviation, median: None, min: None, max: None }
        };
        let runs = [run(), run(), run()];
        if let Some(spread) = between_runs(&runs) {
            assert!(spread.mean.is_finite() && spread.between.is_finite(), "{runs:?}");
            assert!(
                spread.within.is_none_or(f64::is_finite) && spread.excess.is_none_or(f64::is_finite),
                "{runs:?}"
            );
        }
    }
}

#[test]
fn a_distribution_of_any_freedom_gives_shares_that_grow() {
    let random = &mut Random::new(13);
    for _ in 0..CASES {
        let Some(student) = StudentT::new(any(random)) else { continue };
        let (a, b) = (any(random), any(random));
        if let (Some(of_a), Some(of_b)) = (student.cumulative(a), student.cumulative(b)) {
            assert!((0.0..=1.0).contains(&of_a), "{student:?} {a}");
            assert!((a <= b) == (of_a <= of_b) || (of_a - of_b).abs() < 1e-12, "{student:?} {a} {b}");
        }
    }
}

/// Two sides as they are measured: some repetitions each, a few per cent apart.
fn sides(random: &mut Random) -> [Vec<f64>; 2] {
    [(), ()].map(|()| {
        let (n, centre, deviation) = (2 + random.below(9), 20.0 + random.unit(), 0.05 * random.unit());
        random.repetitions(n, centre, deviation)
    })
}

fn ratio(a: &[f64], b: &[f64], resolution: Option<f64>) -> Ratio {
    let [a, b] = [a, b].map(|values| Sample::of(values, resolution).unwrap());
    Ratio::between(&a, &b)
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-9, "found {found}, expected {expected}");
}

#[test]
fn swapping_the_sides_inverts_the_ratio_and_nothing_else() {
    let random = &mut Random::new(17);
    for _ in 0..CASES {
        let [a, b] = sides(random);
        let (forth, back) = (ratio(&a, &b, Some(0.01)), ratio(&b, &a, Some(0.01)));
        close(forth.value, 1.0 / back.value);
        close(forth.interval.unwrap().low, 1.0 / back.interval.unwrap().high);
        close(forth.interval.unwrap().p_value, back.interval.unwrap().p_value);
        assert_eq!(forth.verdict, back.verdict);
        // A rate and the time it takes are one measurement.
        let [of_a, of_b] = [&a, &b].map(|side| side.iter().map(|rate| 1000.0 / rate).collect::<Vec<f64>>());
        let (times, rates) = (ratio(&of_a, &of_b, None), ratio(&a, &b, None));
        close(times.value, 1.0 / rates.value);
        assert_eq!(times.verdict, rates.verdict);
    }
}

#[test]
fn neither_the_unit_nor_the_order_of_repetitions_matters() {
    let random = &mut Random::new(19);
    for _ in 0..CASES {
        let [a, b] = sides(random);
        let plain = ratio(&a, &b, Some(0.01));
        let factor = 1e-3 + 1e6 * random.unit().powi(8);
        let [of_a, of_b] = [&a, &b].map(|side| side.iter().map(|value| value * factor).collect::<Vec<f64>>());
        let scaled = ratio(&of_a, &of_b, Some(0.01 * factor));
        close(scaled.value, plain.value);
        close(scaled.interval.unwrap().high, plain.interval.unwrap().high);
        assert_eq!(scaled.verdict, plain.verdict);
        let mut turned = a.clone();
        turned.rotate_left(random.below(a.len()));
        turned.swap(0, 1);
        assert_eq!(ratio(&turned, &b, Some(0.01)), plain);
    }
}

#[test]
fn bands_are_what_the_pairs_say() {
    let random = &mut Random::new(23);
    for _ in 0..40 {
        let mut sample = || {
            let (n, deviation) = (1 + random.below(5), 0.1 * random.unit().powi(3));
            let resolution = (random.below(2) == 0).then_some(0.1);
            let centre = 20.0 + random.unit();
            Sample::of(&random.repetitions(n, centre, deviation), resolution).unwrap()
        };
        let samples: Vec<Sample> = (0..25).map(|_| sample()).collect();
        let bands = rank_bands(&samples, false);
        let known = samples.iter().filter(|sample| sample.repetitions() > 1).count();
        for (sample, band) in samples.iter().zip(&bands) {
            let real = |other: &&Sample| Ratio::between(sample, other).verdict == Verdict::Real;
            let faster = |other: &&Sample| other.geometric_mean() > sample.geometric_mean();
            let better = samples.iter().filter(real).filter(faster).count();
            let worse = samples.iter().filter(real).count() - better;
            let expected = Band { best: 1 + better, worst: known - worse };
            assert_eq!(*band, (sample.repetitions() > 1).then_some(expected));
        }
        // Less is better: the same list from its other end.
        for (band, mirrored) in bands.iter().zip(rank_bands(&samples, true)) {
            let mirror = |band: Band| Band { best: known + 1 - band.worst, worst: known + 1 - band.best };
            assert_eq!(band.map(mirror), mirrored);
        }
    }
}
