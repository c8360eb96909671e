//! The charts of points that follow from the bundled data.
//!
//! Only runs up to May 2026 are drawn, so that new ones leave the pictures as they are.

use std::fs;

use tokscope::charts::plots::{Cell, Scope, cells, history, ladders, quant_ladder, roofline};
use tokscope::charts::points::{PointChart, summary, to_svg};
use tokscope::charts::{Look, Theme};
use tokscope::checks::physics::implied;
use tokscope::format::Locale;
use tokscope::import::{read_data_dir, read_plan};
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::model::run::Timing;

const LIGHT: Look = Look::Fixed(Theme::LIGHT);
const DARK: Look = Look::Fixed(Theme::DARK);

/// What is bundled but for the sets of `collections.yaml`, so that a picture stays when one of them grows.
fn index() -> Index {
    let mut dataset = read_data_dir(&crate::root().join("data")).dataset;
    let plan = fs::read_to_string(crate::root().join("data/collections.yaml")).unwrap();
    let plan = read_plan(&plan, "collections.yaml").0.unwrap();
    let sources = plan.sources();
    dataset.runs.retain(|run| !run.value.sources.iter().any(|source| sources.contains(&*source.id)));
    Index::build(&dataset)
}

/// What the pictures are made from.
fn results(index: &Index) -> Vec<usize> {
    (0..index.result_count()).filter(|&r| index.runs.date[index.run_of(r)].month() <= "2026-05").collect()
}

fn scope<'a>(index: &'a Index, results: &'a [usize], timing: Timing) -> Scope<'a> {
    Scope { index, results, timing, locale: Locale::default() }
}

/// A model by the ids of family and variant.
fn model(index: &Index, family: &str, variant: &str) -> (usize, usize) {
    let position = index.catalog.families.iter().position(|of| of.id == family).unwrap();
    let variants = &index.catalog.families[position].variants;
    (position, variants.iter().position(|of| of.id == variant).unwrap())
}

fn pictures(chart: &PointChart, pictures: &[(&str, f64, Look)]) {
    for &(name, width, look) in pictures {
        assert!(crate::PLOTS.contains(&name));
        crate::check(name, &to_svg(chart, width, look));
    }
}

#[test]
fn the_roofline_has_every_configuration_and_one_limit_a_bandwidth() {
    let index = index();
    let results = results(&index);
    let chart = roofline(scope(&index, &results, Timing::Served));
    let known = results.iter().filter(|&&r| {
        implied(&index, r).is_ok()
            && index.configurations.timing[index.configuration_of(index.run_of(r))] == Timing::Served
    });
    let mut configurations: Vec<usize> = known.map(|&r| index.configuration_of(index.run_of(r))).collect();
    configurations.dedup();
    assert_eq!(chart.points().len(), configurations.len());
    let labels: Vec<&str> = chart.lines().iter().map(|line| line.label.as_str()).collect();
    assert_eq!(labels, ["RTX 3090", "RTX 5070", "Strix Halo"]);
    assert!(chart.lines()[0].above.is_some() && chart.lines()[1].above.is_none());
    for line in chart.lines() {
        let product = |(x, y): (f64, f64)| x * y;
        assert!((product(line.points[0]) / product(line.points[1]) - 1.0).abs() < 1e-9);
    }
    let a = chart.points().iter().find(|point| point.label == "LFM2.5-350M").unwrap();
    assert_eq!((a.value_text.as_str(), a.remark.as_str()), ("761.9–861.4", "170 of 672 GB/s, 25 %"));
    pictures(
        &chart,
        &[("roofline", 800.0, LIGHT), ("roofline-dark", 1100.0, DARK), ("roofline-320", 320.0, LIGHT)],
    );
}

#[test]
fn timings_are_never_in_one_chart() {
    let index = index();
    let results = results(&index);
    let raw = roofline(scope(&index, &results, Timing::Raw));
    let served = roofline(scope(&index, &results, Timing::Served));
    assert_eq!((raw.id(), served.id()), ("roofline-raw", "roofline"));
    assert!(raw.title().ends_with(", timed inside the engine"));
    assert!(!raw.points().is_empty());
    for point in raw.points() {
        assert!(served.points().iter().all(|other| other.key != point.key), "{point:?}");
    }
    pictures(&raw, &[("roofline-raw", 800.0, LIGHT)]);
}

#[test]
fn a_rate_that_memory_refutes_is_hollow_and_said() {
    let mut index = index();
    let results = results(&index);
    let fast = results.iter().copied().find(|&r| implied(&index, r).is_ok()).unwrap();
    // A rig with a twentieth of its bandwidth makes its own results impossible.
    let rig = index.configurations.hardware[index.configuration_of(index.run_of(fast))] as usize;
    let slow = index.catalog.hardware[rig].memory_bandwidth_gb_per_s.unwrap().get() / 20.0;
    index.catalog.hardware[rig].memory_bandwidth_gb_per_s = slow.try_into().ok();
    let chart = roofline(scope(&index, &[fast], Timing::Served));
    assert_eq!(chart.impossible(), 1);
    assert!(chart.notes().iter().any(|note| note.starts_with("Hollow")), "{:?}", chart.notes());
    assert!(summary(&chart, Locale::default()).contains("1 lies above its limit"));
}

#[test]
fn the_ladder_says_where_its_sizes_come_from() {
    let index = index();
    let results = results(&index);
    let scope = scope(&index, &results, Timing::Served);
    let qwen = model(&index, "qwen3.6", "27b");
    assert!(ladders(scope).contains(&qwen));
    let chart = quant_ladder(scope, qwen);
    assert_eq!(chart.title(), "Quant ladder: Qwen3.6 27B, all workloads, concurrency 1");
    let mut steps: Vec<(&str, &str, &str)> = chart
        .points()
        .iter()
        .map(|point| (point.label.as_str(), point.x_text.as_str(), point.value_text.as_str()))
        .collect();
    steps.sort_unstable();
    assert_eq!(steps[0], ("Q2_K", "≈8.25", "22.1–24.3"));
    assert_eq!(steps.len(), 6);
    assert!(chart.notes().iter().any(|note| note.starts_with("No source states the size")));
    // 936 GB/s over 10 GiB.
    let line = &chart.lines()[0];
    let (size, rate) = line.points[20];
    assert!((size * 1.073_741_824 * rate - 936.0).abs() < 1e-6);
    pictures(&chart, &[("quant-ladder", 800.0, LIGHT), ("quant-ladder-320-dark", 320.0, DARK)]);
}

#[test]
fn a_history_has_every_measurement_with_its_deviation() {
    let index = index();
    let results = results(&index);
    let scope = scope(&index, &results, Timing::Served);
    let (family, variant) = model(&index, "minimax-m2.5", "reap-139b");
    let of_model = |cell: &&Cell| (cell.family as usize, cell.variant as usize) == (family, variant);
    let found = cells(scope, Metric::Decode);
    let cell = found.iter().find(of_model).unwrap();
    let chart = history(scope, *cell, Metric::Decode);
    let values: Vec<(&str, &str)> =
        chart.points().iter().map(|point| (point.x_text.as_str(), point.value_text.as_str())).collect();
    assert!(values.contains(&("2026-02-23 09:37 UTC", "22.7 ±0.5")), "{values:?}");
    assert_eq!(values.len(), 4);
    assert!(chart.points().iter().all(|point| point.y_ends.is_some()));
    pictures(&chart, &[("history", 800.0, LIGHT), ("history-320-dark", 320.0, DARK)]);
}

#[test]
fn failures_of_a_cell_are_counted() {
    let index = index();
    let results = results(&index);
    let failed = results.iter().copied().find(|&r| index.failure(r).is_some()).unwrap();
    let chart = history(scope(&index, &results, Timing::Served), Cell::of(&index, failed), Metric::Decode);
    assert!(
        chart.notes().contains(&"Not drawn: 1 result (the attempt failed)".to_owned()),
        "{:?}",
        chart.notes()
    );
}

#[test]
fn a_scope_with_nothing_in_it_makes_empty_charts() {
    let index = index();
    let nothing = scope(&index, &[usize::MAX], Timing::Served);
    let cell = Cell { family: 0, variant: 0, quant: 0, hardware: 0, shape: 0, concurrency: 1 };
    let charts =
        [roofline(nothing), quant_ladder(nothing, (usize::MAX, 0)), history(nothing, cell, Metric::Load)];
    for chart in charts {
        assert!(chart.points().is_empty() && chart.lines().is_empty());
        assert_eq!(chart.left_out(), None);
        assert_eq!(summary(&chart, Locale::default()), "No data for this selection.");
    }
    assert!(ladders(nothing).is_empty() && cells(nothing, Metric::Decode).is_empty());
}
