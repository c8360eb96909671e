//! Decode against the weights that one token reads, under the lines that memory cannot pass.

use std::collections::BTreeMap;

use super::{Reading, Scope, drawn, not_drawn, size, with_note_on_ranges};
use crate::charts::points::{Axis, AxisScale, LineStyle, Point, PointChart, ReferenceLine};
use crate::charts::views::{detail, model_label, series};
use crate::checks::physics::{Basis, Implied, Unknown, implied};
use crate::index::Index;
use crate::model::Metric;
use crate::query::configuration_slug;

/// How far beyond the points a limit is drawn, as a factor: axes end at the next 1, 2 or 5.
const BEYOND: f64 = 3.0;

/// Results of one configuration that read the same weights.
struct Group {
    configuration: usize,
    results: Vec<usize>,
    /// What the fastest of them asks of the bus.
    most: Implied,
}

/// One point a configuration at concurrency 1: the weights that a token reads, and the fastest decode rate;
/// one limit for each peak bandwidth.
///
/// Above its limit a result is impossible by [`Implied::is_impossible`], and its mark is hollow. What the
/// limit does not hold for, such as speculative decoding, is counted in a note.
pub fn roofline(scope: Scope<'_>) -> PointChart {
    let Scope { index, locale, .. } = scope;
    let (groups, unknown) = groups(scope);
    let mut ranges = 0;
    let points = groups.iter().filter_map(|group| {
        let reading = Reading::of(index, &group.results, Metric::Decode, locale)?;
        ranges += usize::from(reading.is_range);
        Some(point(scope, group, reading))
    });
    let points: Vec<Point> = points.collect();
    let x = Axis::new("Weights read for each token", "GB", AxisScale::Log);
    let y = Axis::new(Metric::Decode.name(), Metric::Decode.unit(), AxisScale::Log);
    let title = scope.title("Bandwidth roofline: decode against the weights that a token reads");
    let reasons: Vec<(String, usize)> = unknown.iter().map(|(why, n)| (why.to_string(), *n)).collect();
    let lines = limits(index, &groups);
    let chart = PointChart::new(&scope.id("roofline"), &title, x, y).with_points(points).with_lines(lines);
    let impossible = chart.impossible() > 0;
    with_note_on_ranges(chart, ranges, "a configuration")
        .with_note(if impossible {
            "Hollow: above the limit of its own rig, so a stated figure is wrong"
        } else {
            ""
        })
        .with_note(&bandwidths(index, &groups))
        .with_note(&estimated(&groups))
        .with_note(&not_drawn(locale, &reasons))
}

/// Results by configuration and bytes, and how many nothing can be said about.
fn groups(scope: Scope<'_>) -> (Vec<Group>, BTreeMap<Unknown, usize>) {
    let mut groups: BTreeMap<(usize, u64), Group> = BTreeMap::new();
    let mut unknown = BTreeMap::new();
    for (result, configuration) in scope.of_timing() {
        match implied(scope.index, result) {
            Err(why) => *unknown.entry(why).or_default() += 1,
            Ok(found) => {
                let key = (configuration, found.bytes_per_token.to_bits());
                let new = || Group { configuration, results: Vec::new(), most: found };
                let group = groups.entry(key).or_insert_with(new);
                group.results.push(result);
                if found.fraction > group.most.fraction {
                    group.most = found;
                }
            }
        }
    }
    (groups.into_values().collect(), unknown)
}

fn point(scope: Scope<'_>, group: &Group, reading: Reading) -> Point {
    let Scope { index, locale, .. } = scope;
    let Group { configuration, most, .. } = group;
    let gigabytes = most.bytes_per_token / 1e9;
    let approximately = if most.basis == Basis::BitsPerWeight { "≈" } else { "" };
    Point {
        key: configuration_slug(index, *configuration),
        label: model_label(index, *configuration),
        detail: detail(index, *configuration),
        x: gigabytes,
        y: reading.y,
        y_ends: reading.ends,
        series: series(index, *configuration),
        x_text: format!("{approximately}{}", size(locale, gigabytes)),
        value_text: reading.text,
        remark: format!(
            "{} of {} GB/s, {} %",
            locale.number(most.implied_gb_per_s, 0),
            locale.number(most.peak_gb_per_s, 0),
            locale.number(most.fraction * 100.0, 0)
        ),
        is_impossible: most.is_impossible(),
        results: drawn(index, &group.results, Metric::Decode),
    }
}

/// Peak bandwidths with the rigs that have them, lowest first. Of positive numbers, the bits are in the
/// order of the numbers.
fn rigs<'a>(index: &'a Index, groups: &[Group]) -> BTreeMap<u64, (f64, Vec<&'a str>)> {
    let mut rigs: BTreeMap<u64, (f64, Vec<&str>)> = BTreeMap::new();
    for group in groups {
        let peak = group.most.peak_gb_per_s;
        let (_, names) = rigs.entry(peak.to_bits()).or_insert((peak, Vec::new()));
        let name = index.hardware(group.configuration).map_or("", |rig| rig.short.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    rigs
}

/// `Peak bandwidth, highest line first: RTX 3090 936 GB/s, RTX 5070 672 GB/s`.
fn bandwidths(index: &Index, groups: &[Group]) -> String {
    let rigs = rigs(index, groups);
    let each = rigs.values().rev().map(|(peak, names)| format!("{} {peak:.0} GB/s", rigs_named(names)));
    let each: Vec<String> = each.collect();
    let order = if each.len() > 1 { ", highest line first" } else { "" };
    if each.is_empty() { String::new() } else { format!("Peak bandwidth{order}: {}", each.join(", ")) }
}

/// One line a peak bandwidth, highest first: tok/s = bandwidth / bytes a token.
fn limits(index: &Index, groups: &[Group]) -> Vec<ReferenceLine> {
    let rigs = rigs(index, groups);
    let sizes = groups.iter().map(|group| group.most.bytes_per_token / 1e9);
    let ends = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
    let (from, to) = (ends.0 / BEYOND, ends.1 * BEYOND);
    let highest = rigs.keys().last().copied();
    let line = |(bits, (peak, names)): (&u64, &(f64, Vec<&str>))| ReferenceLine {
        label: rigs_named(names),
        points: vec![(from, peak / from), (to, peak / to)],
        style: LineStyle::Limit,
        above: (Some(*bits) == highest).then(|| "Faster than memory".to_owned()),
    };
    rigs.iter().rev().map(line).collect()
}

/// Rigs by the words that their names begin with alike, such as `Strix Halo`, or else by their names.
pub(super) fn rigs_named(names: &[&str]) -> String {
    let [first, others @ ..] = names else { return String::new() };
    let words: Vec<&str> = first.split(' ').collect();
    let alike = |count: &usize| {
        let start = words.get(..*count).unwrap_or_default();
        others.iter().all(|name| name.split(' ').take(*count).eq(start.iter().copied()))
    };
    let most = (1..=words.len()).rev().find(alike);
    most.map_or_else(|| names.join(", "), |count| words.get(..count).unwrap_or_default().join(" "))
}

/// What sizes were taken from, where it is not the file.
fn estimated(groups: &[Group]) -> String {
    let estimated = groups.iter().filter(|group| group.most.basis == Basis::BitsPerWeight).count();
    let too_small = "the bits per weight of the quant, which is too small by up to a fifth";
    match (estimated, groups.len()) {
        (0, _) => String::new(),
        (some, all) if some == all => format!("The size of the weights follows from {too_small}"),
        (some, all) => format!(
            "The size of the weights is that of the file, for {some} of {all} configurations it follows from {too_small}"
        ),
    }
}
