//! What the page draws on a canvas and what `tokscope chart` writes as SVG are one picture.
//!
//! A file has a title above the chart, notes below and wider margins; as much wider than the canvas as its margins are,
//! it has the canvas in it, pixel for pixel. The file is painted by the same browser, so that letters have the same
//! font; canvas and SVG still place them on other fractions of a pixel.

use crate::{
    Test,
    any_page::COMPARED,
    harness::{dist, page::Page},
    reading::until_charts_follow,
};
use serde::Deserialize;
use serde_json::json;
use tokscope::charts::offered::{Chart, of_bars, of_points};
use tokscope::charts::{Look, Series, Theme};
use tokscope::index::Index;
use tokscope::query::{Choices, View, from_query, shown};

pub(crate) const TESTS: &[Test] = &[
    ("equals_the_file_in_the_light", equals_the_file_in_the_light),
    ("equals_the_file_in_the_dark", equals_the_file_in_the_dark),
];

/// A picture differs in a pixel where any channel does by more than this, of 255.
const SHADE: u8 = 32;

/// Differing pixels in a thousand: of those that letters touch, at one device pixel for each pixel and at two, and of
/// all others.
const LETTERS: [f64; 2] = [100.0, 400.0];
const OTHERS: f64 = 1.0;

/// The width at which labels stand beside the bars, in a file.
const WIDE: f64 = 560.0;

/// Draws a file over the canvas of a frame, and compares: how wide the canvas is, how many of its pixels letters touch
/// and how many they do not, how many of either differ, and where each bar of these colours begins and ends.
const COMPARE: &str = r"
    const [frame, svg, bare, left, top, ratio, shade, bars, done] = arguments;
    const canvas = document.querySelector(`#${CSS.escape(frame)} canvas`);
    const { width, height } = canvas;
    const draw = async (text) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
      await image.decode();
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
      const { naturalWidth, naturalHeight } = image;
      context.drawImage(image, -left * ratio, -top * ratio, naturalWidth * ratio, naturalHeight * ratio);
      URL.revokeObjectURL(image.src);
      return context.getImageData(0, 0, width, height).data;
    };
    const differs = (a, b, at, by) => [0, 1, 2, 3].some((channel) => Math.abs(a[at + channel] - b[at + channel]) > by);
    (async () => {
      const own = canvas.getContext('2d').getImageData(0, 0, width, height).data;
      const [file, empty] = [await draw(svg), await draw(bare)];
      const lettered = new Uint8Array(width * height);
      for (let at = 0; at < width * height; at++) {
        if (!differs(file, empty, at * 4, 0)) continue;
        const [x, y] = [at % width, Math.floor(at / width)];
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
          lettered.fill(1, row * width + Math.max(0, x - 1), row * width + Math.min(width, x + 2));
      }
      const sums = { letters: 0, others: 0, lettersDiffer: 0, othersDiffer: 0 };
      for (let at = 0; at < width * height; at++) {
        const kind = lettered[at] ? 'letters' : 'others';
        sums[kind] += 1;
        if (differs(own, file, at * 4, shade)) sums[`${kind}Differ`] += 1;
      }
      const edges = (data) => bars.map(([y, h, r, g, b]) => {
        let [x0, x1, y0, y1] = [width, -1, height, -1];
        for (let row = y * ratio; row < (y + h) * ratio; row++)
          for (let x = 0; x < width; x++) {
            const at = (row * width + x) * 4;
            if (data[at] !== r || data[at + 1] !== g || data[at + 2] !== b) continue;
            [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x + 1), Math.min(y0, row), Math.max(y1, row + 1)];
          }
        return [x0, y0, x1, y1].map((edge) => edge / ratio);
      });
      return { ...sums, edges: edges(own), fileEdges: edges(file) };
    })().then(done, (error) => done(String(error)));";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Compared {
    letters: f64,
    others: f64,
    letters_differ: f64,
    others_differ: f64,
    /// Left, top, right and bottom of each bar on the canvas, in CSS pixels, where its colour is seen.
    edges: Vec<[f64; 4]>,
    /// The same in the file.
    file_edges: Vec<[f64; 4]>,
}

fn equals_the_file_in_the_light(page: &mut Page) {
    equals_the_file(page, "light", Theme::LIGHT);
}

fn equals_the_file_in_the_dark(page: &mut Page) {
    equals_the_file(page, "dark", Theme::DARK);
}

fn equals_the_file(page: &mut Page, scheme: &str, theme: Theme) {
    page.expect_console("willReadFrequently");
    let index = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let mut count = 0;
    for (width, ratio) in [(1280, 1.0), (1280, 2.0), (360, 1.0), (360, 2.0)] {
        page.device(width, 800, ratio);
        page.media(&[("prefers-color-scheme", scheme)]);
        for query in [
            "?hardware=geforce-rtx-5070-12gb",
            "?hardware=geforce-rtx-3090-24gb&metric=ttft&conc=4",
            COMPARED,
            "?view=model&model=qwen3-coder-next.80b",
        ] {
            page.open(query);
            until_charts_follow(page);
            for (id, chart) in charts(page, &index, query) {
                // The height of a chart of points follows its width, unless that is small or large.
                if matches!(chart, Chart::Points(_)) && width > 360 {
                    continue;
                }
                let when = format!("{id} of {query} in the {scheme}, {width} px at {ratio}");
                expect_equal(page, &id, &chart, (theme, ratio), &when);
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count} charts");
}

/// The charts of the page, each with the one that the command line draws.
fn charts(page: &Page, index: &Index, query: &str) -> Vec<(String, Chart)> {
    let choices = Choices::of(index);
    let (selection, ignored) = from_query(query, &choices);
    assert_eq!(ignored, [], "{query}");
    let (answered, answer) = shown(index, &choices, &selection);
    let mut all = of_bars(index, &selection, (&answered, &answer));
    all.extend(of_points(index, &answered, &answer));
    let on_page = page.eval(
        "[...document.querySelectorAll('figure.chart:not([hidden]) .chart-frame')].map((frame) => frame.id)",
    );
    let on_page: Vec<String> = serde_json::from_value(on_page).unwrap();
    // A comparison names its charts by the number of the shape, and a file by its word: they stand in one order.
    let is_on_page = |chart: &Chart| match selection.view {
        View::Compare => chart.id().starts_with("compared-"),
        _ => on_page.contains(&format!("frame-{}", chart.id())),
    };
    all.retain(is_on_page);
    assert_eq!(all.len(), on_page.len(), "{query}: {on_page:?}");
    assert!(!all.is_empty(), "{query}");
    on_page.into_iter().zip(all).collect()
}

/// A bar of a file: left, top, width, height and colour.
type Bar = ([i32; 4], String);

fn expect_equal(page: &Page, frame: &str, chart: &Chart, (theme, ratio): (Theme, f64), when: &str) {
    let canvas = format!("document.getElementById('{frame}').querySelector('canvas')");
    page.run("document.getElementById(arguments[0]).scrollIntoView();", json!([frame]));
    page.wait_for(&format!(
        "Math.abs({canvas}.width - {canvas}.clientWidth * {ratio}) < {ratio} && {canvas}.getContext('2d').getImageData(0, 0, 1, 1).data[3] === 255"
    ));
    let width = page.eval(&format!("{canvas}.width")).as_f64().unwrap() / ratio;
    let margin = if width >= WIDE { 24.0 } else { 14.0 } - 6.0;
    let svg = chart.to_svg(2.0f64.mul_add(margin, width), Look::Fixed(theme), &[]);
    let file = roxmltree::Document::parse(&svg).unwrap();
    let is_text = |node: &roxmltree::Node<'_, '_>| node.has_tag_name("text");
    let title = file.descendants().filter(is_text).filter(|node| node.attribute("font-size") == Some("16"));
    let top = margin + 6.0 + 21.0 * title.count() as f64;
    let bare: String = svg.lines().filter(|line| !line.starts_with("<text")).collect();
    let bars = bars(&file, &theme);
    if let Chart::Bars(chart) = chart {
        let visible = chart.bars().iter().filter(|bar| bar.high > 0.0).count();
        assert_eq!(bars.len(), visible, "{when}\n{svg}");
    }
    let asked: Vec<[i32; 5]> = bars
        .iter()
        .map(|([_, y, _, h], colour)| {
            let channel = |at: usize| i32::from_str_radix(&colour[at..at + 2], 16).unwrap();
            [y - top as i32, *h, channel(1), channel(3), channel(5)]
        })
        .collect();
    let seen = page.run_async(COMPARE, json!([frame, svg, bare, margin, top, ratio, SHADE, asked]));
    let compared: Compared =
        serde_json::from_value(seen.clone()).unwrap_or_else(|error| panic!("{error}: {seen}: {when}"));
    let in_thousand = |differ: f64, all: f64| 1000.0 * differ / all.max(1.0);
    let letters = in_thousand(compared.letters_differ, compared.letters);
    let others = in_thousand(compared.others_differ, compared.others);
    let most = if ratio < 2.0 { LETTERS[0] } else { LETTERS[1] };
    assert!(letters <= most && others <= OTHERS, "{when}: {letters} and {others} ‰ differ");
    let scatters = matches!(chart, Chart::Bars(chart) if chart.bars().iter().any(|bar| bar.spread.is_some()));
    let covered = if scatters { 6.0 } else { 1.0 };
    assert_eq!(compared.edges, compared.file_edges, "bars: {when}");
    for (([x, y, w, h], _), edges) in bars.iter().zip(&compared.edges) {
        let [left, upper, right, lower] = *edges;
        let found = [left + margin, upper + top, right + margin, lower + top];
        let expected = [*x, *y, x + w, y + h].map(f64::from);
        // The line at zero stands on the first pixel of a bar, and repetitions on its end.
        let is_near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= covered);
        assert!(is_near, "a bar at {found:?} and not at {expected:?}: {when}");
    }
}

/// The solid parts of the bars in a file.
fn bars(file: &roxmltree::Document<'_>, theme: &Theme) -> Vec<Bar> {
    let colours: Vec<String> = Series::ALL.into_iter().map(|series| theme.series(series).hex()).collect();
    let bar = |node: roxmltree::Node<'_, '_>| {
        let number = |name: &str| node.attribute(name)?.parse::<i32>().ok();
        let fill = node.attribute("fill")?.to_owned();
        let is_solid = node.has_tag_name("rect") && node.attribute("fill-opacity").is_none();
        let rect = [number("x")?, number("y")?, number("width")?, number("height")?];
        (is_solid && rect[3] >= 16 && colours.contains(&fill)).then_some((rect, fill))
    };
    file.descendants().filter_map(bar).collect()
}
