//! One model in several quants: size against speed, with what memory bandwidth lets one expect.

use std::collections::{BTreeMap, BTreeSet};

use super::roofline::rigs_named;
use super::{Reading, Scope, drawn, not_drawn, size, with_note_on_ranges};
use crate::charts::points::{Axis, AxisScale, LineStyle, Point, PointChart, ReferenceLine};
use crate::charts::views::{detail, model_label, series};
use crate::checks::physics::{Unknown, implied};
use crate::index::Index;
use crate::model::{Metric, Positive};
use crate::query::{configuration_slug, model_slug};

/// Bytes in a GiB, in units of 10⁹ bytes.
const GB_PER_GIB: f64 = 1.073_741_824;

/// How far beyond the points a line is drawn, as a factor.
const BEYOND: f64 = 1.5;

/// Places that stand for the curve of a line.
const PLACES: i32 = 48;

/// Results of one configuration with weights of one size.
struct Step {
    configuration: usize,
    size_gib: f64,
    is_estimated: bool,
    results: Vec<usize>,
}

/// Models that were measured in at least two quants, by position of family and variant.
pub fn ladders(scope: Scope<'_>) -> Vec<(usize, usize)> {
    let index = scope.index;
    let mut quants: BTreeMap<(usize, usize), BTreeSet<u32>> = BTreeMap::new();
    for (_, configuration) in scope.of_timing().filter(|&(result, _)| is_drawn(index, result).is_ok()) {
        let quant = index.configurations.quant.get(configuration);
        quants.entry(model_of(index, configuration)).or_default().extend(quant);
    }
    quants.into_iter().filter(|(_, quants)| quants.len() > 1).map(|(model, _)| model).collect()
}

/// One point a configuration of a model at concurrency 1 in the shape that most of them have; for each peak
/// bandwidth the dashed line that it predicts: bandwidth / size of what a token reads.
///
/// A size is that of the file or, where none is stated, all parameters times bits per weight; notes and
/// texts say which.
pub fn quant_ladder(scope: Scope<'_>, (family, variant): (usize, usize)) -> PointChart {
    let Scope { index, locale, .. } = scope;
    let mut of_model: Vec<(usize, usize)> =
        scope.of_timing().filter(|&(_, at)| model_of(index, at) == (family, variant)).collect();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    of_model.retain(|&(result, _)| match is_drawn(index, result) {
        Ok(()) => true,
        Err(why) => {
            *reasons.entry(why.to_string()).or_default() += 1;
            false
        }
    });
    let shape = commonest_shape(index, &of_model);
    let steps = steps(index, &of_model, shape);
    let mut ranges = 0;
    let points = steps.iter().filter_map(|step| {
        let reading = Reading::of(index, &step.results, Metric::Decode, locale)?;
        ranges += usize::from(reading.is_range);
        Some(point(scope, step, reading))
    });
    let points: Vec<Point> = points.collect();
    let named = index.catalog.families.get(family).and_then(|of| Some((of, of.variants.get(variant)?)));
    let slug = named.map_or_else(String::new, |(family, variant)| model_slug(family, variant));
    let model = of_model.first().map_or_else(String::new, |&(_, at)| model_label(index, at));
    let only_ranges = ranges == points.len();
    let shape = index.catalog.shapes.get(usize::from(shape)).map_or("", |shape| &shape.label);
    let work = if only_ranges { "all workloads" } else { shape };
    let title = scope.title(&format!("Quant ladder: {model}, {work}, concurrency 1"));
    let x = Axis::new("Size of the weights", "GiB", AxisScale::Around);
    let y = Axis::new(Metric::Decode.name(), Metric::Decode.unit(), AxisScale::FromZero);
    let lines = expectations(index, &steps);
    let dashed = if lines.is_empty() {
        ""
    } else {
        "Dashed: what the memory bandwidth would allow if nothing else took time"
    };
    let reasons: Vec<(String, usize)> = reasons.into_iter().collect();
    let chart = PointChart::new(&scope.id(&format!("quant-ladder-{slug}")), &title, x, y)
        .with_points(points)
        .with_lines(lines);
    with_note_on_ranges(chart, ranges, "a range over several workloads")
        .with_note(dashed)
        .with_note(&estimated(&steps))
        .with_note(&not_drawn(locale, &reasons))
}

fn model_of(index: &Index, configuration: usize) -> (usize, usize) {
    let of = |column: &[u32]| column.get(configuration).map_or(usize::MAX, |&at| at as usize);
    (of(&index.configurations.family), of(&index.configurations.variant))
}

/// The size of a result's weights in GiB; true where it is an estimate.
fn size_of(index: &Index, result: usize) -> Option<(f64, bool)> {
    let run = index.run_of(result);
    if let Some(size) = index.runs.file_size_gib.get(run) {
        return Some((size, false));
    }
    let configuration = index.configuration_of(run);
    let total = index.model(configuration)?.1.total_params_b.map(Positive::get)?;
    let bits = index.quant(configuration)?.bits_per_weight.map(Positive::get)?;
    Some((total * bits / 8.0 / GB_PER_GIB, true))
}

/// Why a result has no place on a ladder: one that does not decode alone, weight after weight.
fn is_drawn(index: &Index, result: usize) -> Result<(), Unknown> {
    match implied(index, result) {
        Err(
            why @ (Unknown::Failed | Unknown::NoDecode | Unknown::SpeculativeDecoding | Unknown::Batching),
        ) => Err(why),
        _ if size_of(index, result).is_none() => Err(Unknown::NoWeights),
        _ => Ok(()),
    }
}

/// The shape that most configurations have; of several, the first in the catalog.
fn commonest_shape(index: &Index, results: &[(usize, usize)]) -> u16 {
    let mut configurations: BTreeMap<u16, BTreeSet<usize>> = BTreeMap::new();
    for &(result, configuration) in results {
        let shape = index.results.shape.get(result).copied().unwrap_or_default();
        configurations.entry(shape).or_default().insert(configuration);
    }
    let most = configurations.iter().rev().max_by_key(|(_, with)| with.len());
    most.map_or(0, |(&shape, _)| shape)
}

fn steps(index: &Index, results: &[(usize, usize)], shape: u16) -> Vec<Step> {
    let mut steps: BTreeMap<(usize, u64), Step> = BTreeMap::new();
    for &(result, configuration) in results {
        let is_of_shape = index.results.shape.get(result) == Some(&shape);
        let Some((size_gib, is_estimated)) = size_of(index, result).filter(|_| is_of_shape) else { continue };
        let new = || Step { configuration, size_gib, is_estimated, results: Vec::new() };
        steps.entry((configuration, size_gib.to_bits())).or_insert_with(new).results.push(result);
    }
    steps.into_values().collect()
}

fn point(scope: Scope<'_>, step: &Step, reading: Reading) -> Point {
    let Scope { index, locale, .. } = scope;
    let quant = index.quant(step.configuration).map_or("", |quant| &quant.id);
    let of_limit = step.results.iter().filter_map(|&result| implied(index, result).ok());
    let most = of_limit.reduce(|a, b| if b.fraction > a.fraction { b } else { a });
    let approximately = if step.is_estimated { "≈" } else { "" };
    let percent = |share: f64| format!("{} % of what the bandwidth allows", locale.number(share * 100.0, 0));
    Point {
        key: configuration_slug(index, step.configuration),
        label: quant.to_owned(),
        detail: detail(index, step.configuration),
        x: step.size_gib,
        y: reading.y,
        y_ends: reading.ends,
        series: series(index, step.configuration),
        x_text: format!("{approximately}{}", size(locale, step.size_gib)),
        value_text: reading.text,
        remark: most.map_or_else(String::new, |most| percent(most.fraction)),
        is_impossible: most.is_some_and(|most| most.is_impossible()),
        results: drawn(index, &step.results, Metric::Decode),
    }
}

/// One dashed line a peak bandwidth, highest first.
fn expectations(index: &Index, steps: &[Step]) -> Vec<ReferenceLine> {
    let mut rigs: BTreeMap<u64, (f64, f64, Vec<&str>)> = BTreeMap::new();
    for step in steps {
        let found = step.results.iter().find_map(|&result| implied(index, result).ok());
        let variant = index.model(step.configuration).map(|(_, variant)| variant);
        let share = variant.and_then(|of| Some(of.active_params_b?.get() / of.total_params_b?.get()));
        let (Some(found), Some(share)) = (found, share) else { continue };
        let peak = found.peak_gb_per_s;
        let (.., names) = rigs.entry(peak.to_bits()).or_insert((peak, share, Vec::new()));
        let name = index.hardware(step.configuration).map_or("", |rig| rig.short.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let sizes = steps.iter().map(|step| step.size_gib);
    let (low, high) =
        sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), size| (low.min(size), high.max(size)));
    let (from, to) = (low / BEYOND, high * BEYOND);
    let line = |(peak, share, names): &(f64, f64, Vec<&str>)| {
        let place = |n: i32| {
            let size = from * (to / from).powf(f64::from(n) / f64::from(PLACES));
            (size, peak / (size * GB_PER_GIB * share))
        };
        ReferenceLine {
            label: format!("{} · {peak:.0} GB/s", rigs_named(names)),
            points: (0..=PLACES).map(place).collect(),
            style: LineStyle::Expectation,
            above: None,
        }
    };
    rigs.values().rev().map(line).collect()
}

/// What sizes were taken from, where it is not the file.
fn estimated(steps: &[Step]) -> String {
    let estimated = steps.iter().filter(|step| step.is_estimated).count();
    let how = "parameters times bits per weight of the quant, which is too small by up to a fifth";
    match (estimated, steps.len()) {
        (0, _) => String::new(),
        (some, all) if some == all => format!("No source states the size of a file; drawn are {how}"),
        (some, all) => {
            format!("Sizes are those of the files; for {some} of {all}, without one, they are {how}")
        }
    }
}
