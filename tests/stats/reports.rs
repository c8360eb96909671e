//! The figures of the Markdown reports: what `docs/statistics.md` works through, and what holds of all.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tokscope::stats::{Ratio, Sample, Summary, Verdict, resolution_of, slow_start, smallest_ratio};

/// Prefill and decode of the repetitions of one group.
type Group = [Vec<f64>; 2];

/// The groups of the first report by section and backend, or label where a section holds several models.
fn groups() -> Option<BTreeMap<(String, String), Group>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/facts/seeds_002_004_runs.csv");
    let Ok(text) = fs::read_to_string(file) else {
        println!("skipped: ../shared is not here");
        return None;
    };
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for line in text.lines().skip(1).filter(|line| line.starts_with("002,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let group = groups.entry((cells[3].to_owned(), cells[4].to_owned())).or_default();
        // A group that is printed again is the same measurement.
        if group[0].len() < 3 {
            group[0].push(cells[6].parse().unwrap());
            group[1].push(cells[7].parse().unwrap());
        }
    }
    Some(groups)
}

/// Vulkan to ROCm, for every model that has both.
fn backends(groups: &BTreeMap<(String, String), Group>, metric: usize) -> Vec<(&str, Ratio, f64)> {
    let sample = |group: &Group| Sample::of(&group[metric], resolution_of(&group[metric])).unwrap();
    let vulkan = groups.iter().filter(|((_, label), _)| label == "Vulkan");
    let pairs = vulkan.filter_map(|((section, _), vulkan)| {
        let rocm = groups.get(&(section.clone(), "ROCm 7.2".to_owned()))?;
        let (a, b) = (sample(vulkan), sample(rocm));
        Some((section.as_str(), Ratio::between(&a, &b), smallest_ratio(&a, &b).unwrap()))
    });
    pairs.collect()
}

fn to_places(places: usize, value: f64) -> String {
    format!("{value:.places$}")
}

#[test]
fn the_worked_example_is_what_the_repetitions_give() {
    let Some(groups) = groups() else { return };
    let decode = backends(&groups, 1);
    let of = |model: &str| {
        let (_, ratio, smallest) = decode.iter().find(|(section, ..)| *section == model).unwrap();
        let interval = ratio.interval.unwrap();
        let figures = [ratio.value, interval.low, interval.high, *smallest].map(|value| to_places(3, value));
        (
            figures.join(" "),
            to_places(2, interval.degrees_of_freedom),
            to_places(3, interval.p_value),
            ratio.verdict,
        )
    };
    let expected = |figures: &str, freedom: &str, p: &str, verdict| {
        (figures.to_owned(), freedom.to_owned(), p.to_owned(), verdict)
    };
    let minimax = expected("1.121 1.072 1.172 1.068", "3.54", "0.003", Verdict::Real);
    assert_eq!(of("MiniMax M2.5 REAP 139B MXFP4"), minimax);
    let llama = expected("1.008 1.000 1.016 1.013", "3.93", "0.058", Verdict::Tie);
    assert_eq!(of("Llama 3.3 70B Instruct Q8_0"), llama);
}

#[test]
fn one_backend_leads_decode_and_the_other_prefill() {
    let Some(groups) = groups() else { return };
    let counted = |metric: usize| {
        let pairs = backends(&groups, metric);
        let real = |(_, ratio, _): &&(&str, Ratio, f64)| ratio.verdict == Verdict::Real;
        let above = pairs.iter().filter(real).filter(|(_, ratio, _)| ratio.value > 1.0).count();
        (pairs.len(), above, pairs.iter().filter(real).count() - above)
    };
    // Pairs, Vulkan really faster, ROCm really faster; the rest are ties.
    assert_eq!(counted(1), (9, 6, 0), "decode");
    assert_eq!(counted(0), (9, 1, 7), "prefill");
}

#[test]
fn slow_starts_are_far_more_than_chance_would_give() {
    let Some(groups) = groups() else { return };
    assert_eq!(groups.len(), 41);
    let flagged = |metric: usize| {
        let slow =
            |group: &&Group| slow_start(&group[metric], false, resolution_of(&group[metric])).is_some();
        groups.values().filter(slow).count()
    };
    // Prefill and decode; chance alone would flag two of 41 in each.
    assert_eq!([flagged(0), flagged(1)], [12, 4]);
}

#[test]
fn printed_figures_stand_in_for_repetitions() {
    let Some(groups) = groups() else { return };
    let (mut mean, mut deviation) = (0.0_f64, 0.0_f64);
    for values in groups.values().flatten() {
        let known = Sample::of(values, None).unwrap();
        let summary = Summary::of(values).unwrap();
        let printed = Sample::printed(&summary, None).unwrap();
        mean = mean.max((printed.geometric_mean() / known.geometric_mean() - 1.0).abs());
        let [of_printed, of_known] = [printed, known].map(|sample| sample.log_deviation().unwrap());
        if of_known > 0.0 {
            deviation = deviation.max((of_printed / of_known - 1.0).abs());
        }
    }
    println!("largest error of the mean {mean:.5}, of the deviation {deviation:.3}");
    assert!(mean < 0.003 && deviation < 0.1, "{mean} {deviation}");
}
