//! Charts that leave the page: whole for any label, small, and with where they come from below them.

use tokscope::charts::offered::{Chart, of_bars, of_points};
use tokscope::charts::views::{Source, by_workload, model_speed_range};
use tokscope::charts::{Bar, BarChart, Look, Series, Theme, to_svg, to_svg_with_foot};
use tokscope::format::Locale;
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::{Choices, Column, Concurrency, Grouping, Selection, Sort, answer, shown};

use super::hostile;
use super::made_up::{self, Random};

/// The charts of the view without filters, with up to so many bars.
fn charts(index: &Index, most_bars: usize) -> Vec<BarChart> {
    charts_of(index, &Selection::default(), most_bars)
}

fn charts_of(index: &Index, selection: &Selection, most_bars: usize) -> Vec<BarChart> {
    let answer = answer(index, &Choices::of(index), selection);
    let source = Source { index, selection, answer: &answer, locale: Locale::default(), most_bars };
    std::iter::once(model_speed_range(source)).chain(by_workload(source)).collect()
}

/// However the rows stand, a chart is the same, bars of equal length too: the page makes none anew for another order.
#[test]
fn no_order_of_the_rows_changes_a_chart() {
    let mut equal = 0;
    for seed in 1..=24 {
        let index = made_up::index(&mut Random::new(seed));
        let selection = Selection { concurrency: Concurrency::All, ..Selection::default() };
        let expected = charts_of(&index, &selection, 8);
        let ends = |chart: &BarChart| chart.bars().iter().map(|bar| (bar.low, bar.high)).collect::<Vec<_>>();
        let repeated = |ends: Vec<_>| ends.windows(2).filter(|two| two[0] == two[1]).count();
        equal += expected.iter().map(|chart| repeated(ends(chart))).sum::<usize>();
        for (column, grouping) in Column::ALL.into_iter().zip(Grouping::ALL.into_iter().cycle()) {
            for descending in [false, true] {
                let sort = Some(Sort { column, descending });
                let other = Selection { sort, grouping, ..selection.clone() };
                assert_eq!(charts_of(&index, &other, 8), expected, "{column:?} {grouping:?}, seed {seed}");
            }
        }
    }
    assert!(equal > 20, "{equal} bars as long as the one before");
}

#[test]
fn any_label_and_any_foot_leave_a_whole_file_that_is_small() {
    let mut drawn = 0;
    for strings in hostile::strings().chunks(40) {
        for chart in charts(&hostile::index(strings), 40) {
            for width in [320.0, 800.0] {
                for look in [Look::Auto, Look::Fixed(Theme::DARK)] {
                    let svg = to_svg_with_foot(&chart, width, look, strings);
                    let xml =
                        roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
                    let named = |name: &str| xml.descendants().filter(|node| node.has_tag_name(name)).count();
                    assert_eq!((named("script"), named("image"), named("a")), (0, 0, 0));
                    assert!(named("text") > strings.len(), "{svg}");
                    drawn = drawn.max(chart.bars().len());
                }
            }
            let foot = [
                "Source: one (2026-05)".to_owned(),
                "Latest run 2026-05-16 · https://example.org/".to_owned(),
            ];
            let svg = to_svg_with_foot(&chart, 800.0, Look::Auto, &foot);
            assert!(svg.len() < 30_000, "{} bytes for {} bars", svg.len(), chart.bars().len());
            let xml = roxmltree::Document::parse(&svg).unwrap();
            let texts: Vec<&str> = xml.descendants().filter_map(|node| node.text()).collect();
            assert!(foot.iter().all(|line| texts.contains(&line.as_str())), "{texts:?}");
        }
    }
    assert!(drawn >= 35, "{drawn} bars");
}

/// A mark names the results that it is drawn from: its ends are theirs, in whatever view.
#[test]
fn every_mark_is_drawn_from_the_results_that_it_names() {
    let mut marks = 0;
    for seed in 1..=30 {
        let mut random = Random::new(seed);
        let index = made_up::index(&mut random);
        let choices = Choices::of(&index);
        for _ in 0..4 {
            let selection = made_up::selection(&mut random, &index, &choices);
            let metric = selection.metric;
            let (answered, answer) = shown(&index, &choices, &selection);
            let charts = of_bars(&index, &selection, (&answered, &answer));
            for chart in charts.into_iter().chain(of_points(&index, &answered, &answer)) {
                let named = chart.results();
                assert_eq!(named.is_empty(), chart.is_empty(), "{}", chart.id());
                let ends = |results: &[usize], metric| {
                    let bounds = results.iter().filter_map(|&result| index.bounds(result, metric));
                    bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap()
                };
                match &chart {
                    Chart::Bars(chart) if !chart.id().starts_with("compared-") => {
                        for bar in chart.bars() {
                            assert_eq!(ends(&bar.results, metric), (bar.low, bar.high), "{}", chart.id());
                            marks += 1;
                        }
                    }
                    Chart::Bars(chart) => assert!(chart.bars().iter().all(|bar| bar.results.len() == 1)),
                    Chart::Points(chart) => {
                        let metric = if chart.id().starts_with("history-") { metric } else { Metric::Decode };
                        for point in chart.points() {
                            assert_eq!(ends(&point.results, metric).1, point.y, "{}", chart.id());
                            marks += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(marks > 400, "{marks} marks");
}

/// What takes most bytes for its width: signs that are escaped, marks without a width, four bytes a letter.
#[test]
fn any_length_of_any_letter_leaves_a_small_file() {
    let letters = [
        "&",
        "\"",
        "<",
        "i",
        "'",
        "i\u{301}\u{302}",
        "\u{301}",
        "\u{e0020}",
        "\u{200d}",
        "a\u{200d}",
        "\u{1f980}",
        "\u{fdfd}",
        "\u{939}\u{93f}",
        " x",
        "\u{a0}",
    ];
    for letter in letters {
        for length in [1, 30, 150, 3_000] {
            let text = letter.repeat(length);
            let bar = |number: u32| Bar {
                label: format!("{text}{number}"),
                detail: format!("{text} · {text}{number}"),
                low: f64::from(number),
                high: f64::from(number * 2),
                value_text: text.clone(),
                series: Series::ALL[number as usize % Series::ALL.len()],
                spread: None,
                results: Vec::new(),
            };
            let chart =
                BarChart::new(&text, &text, &text).with_note(&text).with_bars((1..=40).map(bar).collect());
            for (width, look) in [(240.0, Look::Auto), (800.0, Look::Auto), (800.0, Look::Fixed(Theme::DARK))]
            {
                let foot = [text.clone(), text.clone(), text.clone()];
                let svg = to_svg_with_foot(&chart, width, look, &foot);
                roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
                assert!(svg.len() < 30_000, "{} bytes: {length} of {letter:?} at {width}", svg.len());
            }
        }
    }
}

#[test]
fn the_foot_stands_below_the_chart_and_changes_nothing_in_it() {
    let strings: Vec<String> = ["a", "b"].map(str::to_owned).to_vec();
    let chart = &charts(&hostile::index(&strings), 40)[0];
    let height = |svg: &str| -> i32 {
        let xml = roxmltree::Document::parse(svg).unwrap();
        xml.root_element().attribute("height").unwrap().parse().unwrap()
    };
    let (bare, footed) = (
        to_svg(chart, 800.0, Look::Auto),
        to_svg_with_foot(chart, 800.0, Look::Auto, &["Source".to_owned()]),
    );
    assert!(height(&footed) > height(&bare) + 15);
    let of_chart =
        |svg: &str| svg.split_once("</style>").unwrap().1.split_once("</svg>").unwrap().0.to_owned();
    assert!(of_chart(&footed).starts_with(&of_chart(&bare)), "{footed}");
}
