//! Charts of points: the cases that are kept as pictures, and what holds for any numbers, any text and any
//! width.

use std::time::{Duration, Instant};

use tokscope::charts::layout::{Anchor, Rect, TextRun};
use tokscope::charts::metrics::text_width;
use tokscope::charts::points::layout::RADIUS;
use tokscope::charts::points::spec::MOST_POINTS;
use tokscope::charts::points::svg::elements;
use tokscope::charts::points::{
    Axis, AxisScale, Layout, LineStyle, Point, PointChart, ReferenceLine, announce, cells, describe,
    headings, hit, in_order, layout, step, summary, to_svg, tooltip,
};
use tokscope::charts::{Key, Look, Options, Series, Theme};
use tokscope::format::Locale;

use crate::properties::{Chance, inside};
use crate::xml;

const LIGHT: Look = Look::Fixed(Theme::LIGHT);
const DARK: Look = Look::Fixed(Theme::DARK);

/// One picture.
struct Case {
    name: &'static str,
    spec: PointChart,
    width: f64,
    look: Look,
}

fn all() -> Vec<Case> {
    let case = |name, spec, width, look| Case { name, spec, width, look };
    vec![
        case("points", every_series(), 720.0, LIGHT),
        case("points-auto", every_series(), 720.0, Look::Auto),
        case("points-320-dark", every_series(), 320.0, DARK),
        case("points-forced-colours", every_series(), 560.0, Look::Fixed(crate::cases::forced())),
        case("points-curve", curve(), 720.0, LIGHT),
        case("points-none", chart("none", AxisScale::Log), 720.0, LIGHT),
        case(
            "points-one",
            chart("one", AxisScale::Log).with_points(vec![mark("A", 3.0, 40.0)]),
            720.0,
            LIGHT,
        ),
        case("points-equal", equal(), 720.0, LIGHT),
        case("points-500", many(), 1100.0, LIGHT),
        case("points-span", huge_and_tiny(), 720.0, LIGHT),
        case("points-long-labels-240", long_labels(), 240.0, LIGHT),
        case("points-over-years", years(), 720.0, LIGHT),
    ]
}

/// The names of the pictures, with the one that has a chosen point.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().into_iter().map(|case| case.name).chain(["points-chosen"])
}

fn chart(id: &str, scale: AxisScale) -> PointChart {
    let x = Axis::new("Weights read for each token", "GB", AxisScale::Log);
    PointChart::new(id, "Decode against size", x, Axis::new("Decode", "tok/s", scale))
}

fn mark(label: &str, x: f64, y: f64) -> Point {
    Point {
        key: label.to_owned(),
        label: label.to_owned(),
        detail: "Q4_K_M · RTX 5070 250 W".to_owned(),
        x,
        y,
        y_ends: None,
        series: Series::Cuda,
        x_text: format!("{x:.1}"),
        value_text: format!("{y:.1}"),
        remark: String::new(),
        is_impossible: false,
        results: Vec::new(),
    }
}

fn limit(bandwidth: f64, points: &[f64]) -> ReferenceLine {
    ReferenceLine {
        label: format!("{bandwidth} GB/s"),
        points: points.iter().map(|x| (*x, bandwidth / x)).collect(),
        style: LineStyle::Limit,
        above: Some("Faster than memory".to_owned()),
    }
}

fn every_series() -> PointChart {
    let points = Series::ALL.into_iter().zip(1_u8..).map(|(series, n)| {
        let x = 0.6 * 1.8_f64.powi(n.into());
        let y = 180.0 / x;
        let spread = y * 0.3;
        let y_ends = (n % 2 == 0).then_some((y - spread, y + spread));
        Point { series, y_ends, ..mark(series.label(), x, y) }
    });
    let above = Point {
        is_impossible: true,
        remark: "642 of 256 GB/s, 251 %".to_owned(),
        ..mark("Too good", 10.0, 60.0)
    };
    let half = ReferenceLine {
        label: "Half of it".to_owned(),
        points: vec![(0.1, 1280.0), (100.0, 1.28)],
        style: LineStyle::Expectation,
        above: None,
    };
    chart("series", AxisScale::Log)
        .with_points(points.chain([above]).collect())
        .with_lines(vec![limit(256.0, &[0.1, 100.0]), half])
        .with_note("Hollow: above the limit")
}

fn curve() -> PointChart {
    let sizes: Vec<f64> = (10..260).map(|n| f64::from(n) / 10.0).collect();
    let x = Axis::new("Size of the weights", "GiB", AxisScale::Around);
    let y = Axis::new("Decode", "tok/s", AxisScale::FromZero);
    let ladder =
        [("Q2_K", 10.5, 24.3), ("Q4_K_M", 16.5, 21.6), ("Q4_K_XL", 16.6, 21.2), ("Q6_K", 21.9, 15.5)];
    PointChart::new("curve", "Quant ladder", x, y)
        .with_points(ladder.map(|(label, x, y)| mark(label, x, y)).to_vec())
        .with_lines(vec![
            limit(936.0, &sizes),
            ReferenceLine { style: LineStyle::Expectation, above: None, ..limit(450.0, &sizes) },
        ])
}

fn equal() -> PointChart {
    chart("equal", AxisScale::FromZero).with_points(vec![mark("Same", 2.0, 60.0); 5])
}

fn many() -> PointChart {
    let points = (0..MOST_POINTS + 20).map(|n| {
        let n = f64::from(u32::try_from(n).unwrap());
        let x = 0.5 * 1.01_f64.powf(n);
        Point {
            series: Series::ALL[n as usize % 6],
            ..mark("Model", x, 300.0 / x * (1.0 + (n * 0.7).sin() * 0.5))
        }
    });
    chart("many", AxisScale::Log).with_points(points.collect())
}

fn huge_and_tiny() -> PointChart {
    let x = Axis::new("From a millionth to a thousand million", "", AxisScale::Log);
    let y = Axis::new("Anything", "B", AxisScale::FromZero);
    let strange = [(1e-6, 1e9), (1e9, 0.0), (1.0, 5e-324), (0.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)];
    PointChart::new("span", "Huge and tiny", x, y)
        .with_points(strange.map(|(x, y)| mark(&format!("{x:e}, {y:e}"), x, y)).to_vec())
        .with_lines(vec![limit(1.0, &[0.0, f64::NAN])])
}

fn long_labels() -> PointChart {
    let model = "Nous-Hermes-2-Mixtral-8x7B-DPO-distilled-abliterated-reasoning-instruct-128k-preview";
    let x = Axis::new(&format!("A size that {model} has"), "GiB", AxisScale::Log);
    let y = Axis::new(&format!("A speed that {model} has"), "tok/s", AxisScale::Log);
    PointChart::new("long", &format!("A chart of {model} <and> \"others\""), x, y)
        .with_points(vec![mark(model, 1.0, 9.0), mark(&model.replace('-', ""), 2.0, 5.0), mark("", 3.0, 3.0)])
        .with_lines(vec![ReferenceLine { label: model.to_owned(), ..limit(20.0, &[0.5, 5.0]) }])
}

fn years() -> PointChart {
    let x = Axis::new("Date", "", AxisScale::Days);
    let y = Axis::new("TTFT", "ms", AxisScale::FromZero);
    let points = (0_u8..8).map(|n| {
        let (x, y) = (19_700.0 + 97.3 * f64::from(n), 200.0 + 40.0 * f64::from(n % 3));
        Point { y_ends: Some((y - 25.0, y + 25.0)), ..mark(&format!("b{}", 8000 + 150 * u32::from(n)), x, y) }
    });
    PointChart::new("years", "Builds over time", x, y)
        .with_lower_is_better(true)
        .with_points(points.collect())
}

#[test]
fn every_case_looks_as_stored() {
    for case in all() {
        crate::check(case.name, &to_svg(&case.spec, case.width, case.look));
    }
}

#[test]
fn the_chosen_point_is_marked() {
    let spec = every_series();
    let layout = layout(&spec, 600.0, Options::page(Locale::default()));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"Arial\">\n",
        layout.width, layout.height
    );
    let start = svg.len();
    elements(&mut svg, &layout, DARK, Some(99));
    let plain = svg.len();
    svg.truncate(start);
    elements(&mut svg, &layout, DARK, Some(1));
    assert!(svg.len() > plain && svg.contains("stroke=\"#8ab4f8\""));
    svg.push_str("</svg>\n");
    crate::check("points-chosen", &svg);
}

#[test]
fn a_file_follows_the_reader_in_strokes_too() {
    let svg = to_svg(&every_series(), 720.0, Look::Auto);
    let elements = svg.split("</style>").nth(1).unwrap();
    assert!(!elements.contains('#'), "a colour outside the style sheet");
    assert!(elements.contains("class=\"ts-stroke-muted\"") && elements.contains("<polygon "));
    assert!(svg.contains("role=\"img\"") && svg.contains("<desc id="));
}

#[test]
fn what_has_no_place_is_counted_and_said() {
    let spec = huge_and_tiny();
    assert_eq!((spec.points().len(), spec.omitted()), (3, 3));
    let said = "3 points are left out: some of their numbers have no place on their axis; \
                1 line is left out: it has no two places on the axes";
    assert_eq!(spec.left_out().as_deref(), Some(said));
    assert_eq!(many().hidden(), 20);
    assert_eq!(many().notes(), ["The first 500 of 520 points"]);
    let odd_ends = Point { y_ends: Some((-1.0, 5.0)), ..mark("A", 1.0, 2.0) };
    let far_ends = Point { y_ends: Some((5.0, 3.0)), ..mark("A", 1.0, 2.0) };
    let spec = chart("ends", AxisScale::Log).with_points(vec![odd_ends, far_ends]);
    let ends: Vec<_> = spec.points().iter().map(|point| point.y_ends).collect();
    assert_eq!(ends, [None, Some((2.0, 5.0))]);
}

#[test]
fn words_say_what_the_picture_shows() {
    let locale = Locale::default();
    let spec = every_series();
    assert_eq!(
        describe(&spec, locale),
        "Decode against size. 8 points. Fastest: CUDA at 166.7 tok/s; slowest: Mine at 4.9 tok/s, \
         a factor of 34.0. 1 lies above its limit, which is impossible."
    );
    let above = spec.points().last().unwrap();
    assert_eq!(
        tooltip(&spec, above),
        ["Too good", "Q4_K_M · RTX 5070 250 W", "10.0 GB", "60.0 tok/s", "642 of 256 GB/s, 251 %"]
    );
    assert_eq!(announce(&spec, 0, locale).unwrap().split(", ").last(), Some("1 of 8"));
    assert_eq!(announce(&spec, 8, locale), None);
    assert_eq!(headings(&spec)[2..4], ["Weights read for each token, GB", "Decode, tok/s"]);
    assert_eq!(cells(above)[2..], ["10.0", "60.0", "642 of 256 GB/s, 251 %"]);
    assert_eq!(summary(&chart("none", AxisScale::Log), locale), "No data for this selection.");
    assert_eq!(summary(&equal(), locale), "5 points. All are at 60.0 tok/s.");
    assert!(summary(&curve(), locale).ends_with("a factor of 1.6. None lies above its limit."));
    assert!(summary(&many(), locale).starts_with("The first 500 of 520 points. Fastest: Model at"));
    assert!(summary(&years(), locale).starts_with("8 points. Fastest: b8000 at 200.0 ms; slowest: b8300"));
}

#[test]
fn keys_walk_from_left_to_right() {
    let points = vec![mark("C", 5.0, 1.0), mark("A", 1.0, 3.0), mark("B", 5.0, 0.5)];
    let spec = chart("keys", AxisScale::Log).with_points(points);
    assert_eq!(in_order(&spec), [1, 2, 0]);
    assert_eq!(step(&spec, None, Key::Next), Some(1));
    assert_eq!(step(&spec, Some(1), Key::Next), Some(2));
    assert_eq!(step(&spec, Some(0), Key::Next), Some(0));
    assert_eq!(step(&spec, Some(0), Key::First), Some(1));
    assert_eq!(step(&spec, Some(0), Key::Clear), None);
    assert_eq!(step(&spec, Some(9), Key::Previous), Some(0));
}

fn any(chance: &mut Chance) -> PointChart {
    const SCALES: [AxisScale; 4] = [AxisScale::FromZero, AxisScale::Around, AxisScale::Log, AxisScale::Days];
    let axis = |chance: &mut Chance| Axis::new(&chance.text(), &chance.text(), SCALES[chance.below(4)]);
    let (x, y) = (axis(chance), axis(chance));
    let point = |chance: &mut Chance| Point {
        key: chance.text(),
        label: chance.text(),
        detail: chance.text(),
        x: chance.number(),
        y: chance.number(),
        y_ends: (chance.below(3) == 0).then(|| (chance.number(), chance.number())),
        series: Series::ALL[chance.below(6)],
        x_text: chance.text(),
        value_text: chance.text(),
        remark: chance.text(),
        is_impossible: chance.below(4) == 0,
        results: Vec::new(),
    };
    let points = (0..chance.below(40)).map(|_| point(chance)).collect();
    let line = |chance: &mut Chance| ReferenceLine {
        label: chance.text(),
        points: (0..chance.below(6)).map(|_| (chance.number(), chance.number())).collect(),
        style: if chance.below(2) == 0 { LineStyle::Limit } else { LineStyle::Expectation },
        above: (chance.below(2) == 0).then(|| chance.text()),
    };
    let lines = (0..chance.below(4)).map(|_| line(chance)).collect();
    PointChart::new(&chance.text(), &chance.text(), x, y)
        .with_lower_is_better(chance.below(2) == 0)
        .with_note(&chance.text())
        .with_points(points)
        .with_lines(lines)
}

/// The room that a text takes, about.
fn room_of(run: &TextRun) -> Rect {
    #[expect(clippy::cast_possible_truncation, reason = "texts fit on a page")]
    let width = text_width(&run.text, run.size, run.weight).floor() as i32;
    let size = i32::try_from(run.size).unwrap();
    let x = match run.anchor {
        Anchor::Start => run.x,
        Anchor::Middle => run.x - width / 2,
    };
    Rect { x, y: run.baseline - size * 8 / 10, w: width, h: size }
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

fn assert_sound(spec: &PointChart, layout: &Layout) {
    let page = Rect { x: 0, y: 0, w: layout.width, h: layout.height };
    let plot = layout.plot;
    assert!(inside(plot, page) && plot.w > 60, "{plot:?} in {page:?}");
    assert_eq!(layout.marks.len(), spec.points().len());
    let within =
        |(x, y): (i32, i32)| (plot.x..=plot.right()).contains(&x) && (plot.y..=plot.bottom()).contains(&y);
    for mark in &layout.marks {
        assert!(within(mark.at), "{mark:?} outside {plot:?}");
        if let Some((top, bottom)) = mark.ends {
            assert!(top <= mark.at.1 && mark.at.1 <= bottom && within((mark.at.0, top)), "{mark:?}");
            assert!(within((mark.at.0, bottom)), "{mark:?}");
        }
        let body = Rect { x: mark.at.0 - RADIUS, y: mark.at.1 - RADIUS, w: 2 * RADIUS, h: 2 * RADIUS };
        assert!(inside(body, page), "{mark:?} in {page:?}");
    }
    for corner in layout.strokes.iter().chain(&layout.shades).flatten() {
        assert!(within(*corner), "{corner:?} outside {plot:?}");
    }
    for line in layout.grid.iter().chain(&layout.zero) {
        assert!(inside(*line, Rect { w: plot.w + 1, h: plot.h + 1, ..plot }), "{line:?} in {plot:?}");
    }
    for plate in &layout.plates {
        assert!(inside(*plate, plot), "{plate:?}");
    }
    for run in &layout.texts {
        let room = room_of(run);
        assert!(room.x >= -1 && room.right() <= layout.width + 1, "{run:?} in {}", layout.width);
        assert!(run.baseline > 0 && run.baseline < layout.height, "{run:?}");
    }
    for (at, run) in layout.texts.iter().enumerate() {
        for other in &layout.texts[at + 1..] {
            assert!(!overlap(room_of(run), room_of(other)), "{run:?} on {other:?} at {}", layout.width);
        }
    }
}

/// Texts inside the plot are labels, and lie on no mark.
fn assert_labels_are_clear(layout: &Layout) {
    let plot = layout.plot;
    for label in layout.texts.iter().map(room_of).filter(|room| inside(*room, plot)) {
        for mark in &layout.marks {
            let body = Rect { x: mark.at.0 - 4, y: mark.at.1 - 4, w: 8, h: 8 };
            assert!(!overlap(label, body), "{label:?} on {mark:?}");
        }
    }
}

#[test]
fn any_chart_of_points_is_laid_out_inside_its_page() {
    let mut chance = Chance(11);
    for _ in 0..600 {
        let spec = any(&mut chance);
        for options in [Options::file(), Options::page(Locale::default())] {
            let width = chance.width();
            let first = layout(&spec, width, options);
            assert_sound(&spec, &first);
            assert_labels_are_clear(&first);
            assert_eq!(first, layout(&spec, width, options));
        }
    }
}

#[test]
fn any_chart_of_points_becomes_well_formed_svg_at_once() {
    let mut chance = Chance(12);
    for _ in 0..400 {
        let (spec, width) = (any(&mut chance), chance.width());
        let look = if chance.below(2) == 0 { Look::Auto } else { DARK };
        let start = Instant::now();
        let svg = to_svg(&spec, width, look);
        // A hang, not slowness, is what this guards against.
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(xml::check(&svg), Ok(()), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
    }
}

#[test]
fn the_nearest_mark_answers() {
    let mut chance = Chance(13);
    for _ in 0..300 {
        let spec = any(&mut chance);
        let layout = layout(&spec, 720.0, Options::file());
        for mark in &layout.marks {
            let (x, y) = (f64::from(mark.at.0), f64::from(mark.at.1));
            let found = hit(&layout, x + 0.2, y - 0.2).unwrap();
            assert_eq!(layout.marks[found].at, mark.at);
        }
        assert_eq!(hit(&layout, f64::NAN, 10.0), None);
        assert_eq!(hit(&layout, -100.0, -100.0), None);
    }
}

#[test]
fn keys_reach_every_point_once() {
    let mut chance = Chance(14);
    for _ in 0..200 {
        let spec = any(&mut chance);
        let mut seen = Vec::new();
        let mut at = step(&spec, None, Key::Next);
        while let Some(found) = at.filter(|found| !seen.contains(found)) {
            seen.push(found);
            at = step(&spec, at, Key::Next);
        }
        assert_eq!(seen, in_order(&spec));
        assert_eq!(seen.len(), spec.points().len());
    }
}
