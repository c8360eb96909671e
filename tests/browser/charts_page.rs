//! The charts on the page: sharp, redrawn when they must be, and the same in words.

use crate::{
    Test,
    harness::page::Page,
    reading::{ChartData, charts, until},
};
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("sharp_at_every_pixel_ratio", sharp_at_every_pixel_ratio),
    ("redrawn_for_another_size_or_theme", redrawn_for_another_size_or_theme),
    ("pointer_and_keys_read_the_same_bars", pointer_and_keys_read_the_same_bars),
    ("a_tap_keeps_its_bar", a_tap_keeps_its_bar),
    ("words_and_table_agree", words_and_table_agree),
    ("all_bars_on_request", all_bars_on_request),
    ("a_button_for_all_bars_stays_where_it_is", a_button_for_all_bars_stays_where_it_is),
    ("drawn_once_for_a_choice", drawn_once_for_a_choice),
    ("drawn_in_the_frame_of_the_rows", drawn_in_the_frame_of_the_rows),
    ("charts_below_the_screen_follow_at_rest", charts_below_the_screen_follow_at_rest),
    ("no_chart_is_blank_when_a_program_comes", no_chart_is_blank_when_a_program_comes),
    ("of_a_tall_chart_what_the_screen_shows", of_a_tall_chart_what_the_screen_shows),
    ("gone_and_back_again", gone_and_back_again),
    ("without_a_canvas", without_a_canvas),
];

const RTX_5070: &str = "?hardware=geforce-rtx-5070-12gb";

/// Width and height of each canvas in its own pixels and in CSS pixels, how many colours it shows, and
/// a number that stands for its picture.
/// What is far from the screen is drawn for paper.
const PICTURES: &str = "dispatchEvent(new Event('beforeprint')) && \
  [...document.querySelectorAll('figure.chart canvas')].map((canvas) => { \
    const { width, height } = canvas; \
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
    const colours = new Set(); \
    let hash = 0; \
    for (const pixel of new Uint32Array(data.buffer)) { \
      hash = (Math.imul(hash, 31) + pixel) | 0; \
      if (colours.size < 50) colours.add(pixel); \
    } \
    return [width, height, canvas.clientWidth, canvas.clientHeight, colours.size, hash]; \
  })";

/// Chromium remarks that reading pixels is slow; this is the only place that reads them.
fn expect_remarks(page: &mut Page) {
    page.expect_console("willReadFrequently");
}

fn pictures(page: &Page) -> Vec<[f64; 6]> {
    serde_json::from_value(page.eval(PICTURES)).expect("a picture of every chart")
}

fn expect_sharp(page: &Page, ratio: f64) {
    let expected = [true; 5];
    // Charts follow the table by a frame or two.
    page.wait_for("document.querySelectorAll('figure.chart canvas').length === 5");
    let sharp = || {
        let pictures = pictures(page);
        assert_eq!(pictures.len(), 5);
        [0, 1, 2, 3, 4].map(|at: usize| {
            let [width, height, css_width, css_height, colours, _] = pictures[at];
            (width - css_width * ratio).abs() < 1.0
                && (height - css_height * ratio).abs() < 1.0
                && css_width > 200.0
                && colours > 5.0
        })
    };
    until(&expected, &format!("sharp and not blank at {ratio}"), sharp);
}

fn sharp_at_every_pixel_ratio(page: &mut Page) {
    expect_remarks(page);
    for ratio in [1.0, 2.0, 3.0] {
        page.device(1280, 800, ratio);
        page.open(RTX_5070);
        expect_sharp(page, ratio);
    }
    // Moved to another screen while the page is open. Chromium's emulation says nothing when the ratio
    // alone changes, so the width changes with it.
    for (width, ratio) in [(1200, 1.0), (1280, 2.0), (1200, 1.5)] {
        page.device(width, 800, ratio);
        expect_sharp(page, ratio);
    }
}

fn redrawn_for_another_size_or_theme(page: &mut Page) {
    expect_remarks(page);
    page.open(RTX_5070);
    expect_sharp(page, 1.0);
    let first = pictures(page);
    page.size(700, 800);
    page.wait_for(&format!("({PICTURES}).every(([width], at) => width !== {:?}[at])", widths(&first)));
    expect_sharp(page, 1.0);
    page.size(1280, 800);
    until(&first, "the first size again", || pictures(page));

    let differs = format!("({PICTURES}).every(([, , , , , hash], at) => hash !== {:?}[at])", hashes(&first));
    page.click(".icon-button");
    page.wait_for(&differs);
    page.click(".icon-button");
    until(&first, "the first theme again", || pictures(page));
    page.media(&[("prefers-color-scheme", "dark")]);
    page.wait_for(&differs);
    page.media(&[("forced-colors", "active")]);
    page.wait_for(&differs);
}

fn widths(pictures: &[[f64; 6]]) -> Vec<f64> {
    pictures.iter().map(|picture| picture[0]).collect()
}

fn hashes(pictures: &[[f64; 6]]) -> Vec<f64> {
    pictures.iter().map(|picture| picture[5]).collect()
}

/// The frame of the chart for one shape.
fn frame(number: usize) -> String {
    format!("#workloads figure:nth-of-type({number}) .chart-frame")
}

fn tip(page: &Page) -> String {
    page.text_of("document.querySelector('.chart-tip')?.textContent ?? ''")
}

/// A finger leaves the canvas with each tap, and what it pointed at stays.
fn a_tap_keeps_its_bar(page: &mut Page) {
    page.size(360, 800);
    page.open(RTX_5070);
    let frame = frame(1);
    page.tap(&frame);
    page.wait_for("document.querySelectorAll('.chart-tip').length === 1");
    let first = tip(page);
    assert!(first.contains("tok/s"), "{first}");
    page.run("requestAnimationFrame(() => setTimeout(() => { window.later = true; }));", json!([]));
    page.wait_for("window.later");
    assert_eq!(tip(page), first, "the same after the finger has gone");
    page.tap("h1");
    page.wait_for("document.querySelectorAll('.chart-tip').length === 0");
    // A mouse that leaves takes its tooltip along.
    page.hover(&frame);
    page.wait_for("document.querySelectorAll('.chart-tip').length === 1");
    page.hover("h1");
    page.wait_for("document.querySelectorAll('.chart-tip').length === 0");
}

fn pointer_and_keys_read_the_same_bars(page: &mut Page) {
    page.open(RTX_5070);
    for number in [1, 4] {
        let data = &charts(page, "#workloads")[number - 1];
        let frame = frame(number);
        page.run("document.querySelector(arguments[0]).focus();", json!([frame]));
        let mut by_keys = Vec::new();
        for key in std::iter::once("Home").chain(std::iter::repeat_n("ArrowDown", 9)) {
            page.keys(key);
            let tip = tip(page);
            let [model, _, value] = &data.bars[by_keys.len()];
            assert!(tip.contains(model) && tip.contains(value), "{tip} of {model}, {value}");
            let spoken = page.text_of(&format!(
                "document.querySelector('{frame}').parentElement.querySelector('[role=status]').textContent"
            ));
            assert!(spoken.contains(model) && spoken.contains(value), "{spoken}");
            by_keys.push(tip);
        }
        page.keys("ArrowUp");
        assert_eq!(tip(page), by_keys[8]);
        page.keys("End");
        assert_eq!(tip(page), by_keys[9]);
        page.keys("Escape");
        until(&String::new(), "Escape closes", || tip(page));

        assert_eq!(by_pointer(page, &frame), by_keys, "{}", data.title);
        page.run("document.activeElement.blur();", json!([]));
        page.hover("h1");
        until(&String::new(), "the pointer has left", || tip(page));
    }
}

/// Moves the mouse down through the middle of a chart; every text that shows, once.
fn by_pointer(page: &mut Page, frame: &str) -> Vec<String> {
    page.hover(frame);
    let place = page.run(
        "const { left, top, width, height } = document.querySelector(arguments[0]).getBoundingClientRect(); \
         return [left + width / 2, top, height];",
        json!([frame]),
    );
    let [x, top, height]: [f64; 3] = serde_json::from_value(place).unwrap();
    let mut seen = Vec::new();
    let mut y = top + 2.0;
    while y < top + height {
        page.point_at(x, y);
        let tip = tip(page);
        if !tip.is_empty() && seen.last() != Some(&tip) {
            seen.push(tip);
        }
        y += 9.0;
    }
    seen
}

fn expect_words(chart: &ChartData) {
    let ChartData { title, description, bars, .. } = chart;
    let [first, .., last] = bars.as_slice() else { panic!("{title} has no two bars") };
    let count = [format!("{} bars", bars.len()), format!("first {} of", bars.len())];
    assert!(count.iter().any(|words| description.contains(words)), "{count:?} is not in: {description}");
    assert!(description.contains(&first[0]), "{} is not in: {description}", first[0]);
    for [_, _, value] in [first, last] {
        let mut ends = value.split('–');
        assert!(ends.any(|end| description.contains(end)), "{value} is not in: {description}");
    }
}

fn words_and_table_agree(page: &mut Page) {
    for query in [RTX_5070, "?hardware=geforce-rtx-3090-24gb&metric=ttft&conc=4", "?metric=load"] {
        page.open(query);
        let all: Vec<ChartData> =
            charts(page, "main").into_iter().filter(|chart| chart.bars.len() > 1).collect();
        assert!(!all.is_empty(), "{query}");
        all.iter().for_each(expect_words);
    }
    page.open(RTX_5070);
    assert_eq!(page.count(".chart-data table"), 0, "numbers that nobody asks for are not made");
    page.click("#charts summary");
    page.wait_for(
        "document.querySelector('#charts details').open && document.querySelector('#charts tbody')",
    );
    assert!(page.text("#charts tbody").contains("861.4"));
    let range = &charts(page, "#charts")[0];
    assert_eq!(
        (range.bars.len(), &*range.bars[0][0], &*range.bars[0][2]),
        (10, "LFM2.5-350M", "761.9–861.4")
    );
    let label = page.text_of("document.querySelector('.chart-frame').ariaLabel");
    assert!(label.contains(&range.title), "{label}");
}

fn all_bars_on_request(page: &mut Page) {
    page.open("");
    let few = charts(page, "#charts")[0].bars.len();
    assert_eq!(page.count("#charts details[open]"), 1);
    // It takes its room when it comes near the screen.
    page.run("document.querySelector('#charts .chart-frame').scrollIntoView();", json!([]));
    page.wait_for("document.querySelector('#charts .chart-frame:not([data-due])')");
    page.click("#charts .link-button");
    page.wait_for("location.search === '?bars=all'");
    // They make a chart that is too tall for the program of the first view.
    page.wait_for("'taken' in document.documentElement.dataset");
    assert_eq!(page.count("#charts details[open]"), 1, "what was unfolded stays");
    let all = charts(page, "#charts")[0].bars.len();
    assert!(all > few, "{few} and {all} bars");
    let on_the_button = "document.activeElement === document.querySelector('#charts .link-button')";
    assert_eq!(page.eval(on_the_button), true, "the focus stays on the button");
    page.click("#charts .link-button");
    page.wait_for("location.search === ''");
    assert_eq!(charts(page, "#charts")[0].bars.len(), few);
    assert_eq!(page.eval(on_the_button), true, "the focus stays on the button");
}

/// All charts grow with the one whose button is pressed, those above it, too.
fn a_button_for_all_bars_stays_where_it_is(page: &mut Page) {
    page.open("?view=hardware");
    page.click("nav a:nth-child(1)");
    page.wait_for("document.querySelector('#workloads figure:not([hidden]) .link-button')");
    page.run(
        "window.last = () => [...document.querySelectorAll('#workloads figure:not([hidden]) .link-button')].at(-1); \
         last().scrollIntoView({ block: 'center' });",
        json!([]),
    );
    page.wait_for("document.querySelector('#workloads figure:not([hidden]) .chart-frame:not([data-due])')");
    page.wait_for_rows();
    page.run(
        "last().scrollIntoView({ block: 'center' }); window.top_before = last().getBoundingClientRect().top;",
        json!([]),
    );
    page.run("last().click();", json!([]));
    page.wait_for("location.search.includes('bars=all') && !('charts' in document.documentElement.dataset)");
    page.wait_for("Math.abs(last().getBoundingClientRect().top - top_before) < 2 && last().textContent === 'Show fewer bars'");
}

/// A canvas for all of it would be slow, and on some screens taller than browsers allow. The program of the first view
/// has one until that of every view comes.
fn of_a_tall_chart_what_the_screen_shows(page: &mut Page) {
    page.size(360, 800);
    page.open("?bars=all&embed=charts");
    page.run(
        "const frames = [...document.querySelectorAll('.chart-frame')]; \
         window.tall = frames.sort((a, b) => b.clientHeight - a.clientHeight)[0]; \
         window.place = (part) => part.getBoundingClientRect();",
        json!([]),
    );
    page.wait_for("tall.clientHeight > 3000");
    for part in [0.5, 0.8, 0.1] {
        page.run("scrollTo(0, scrollY + place(tall).top + tall.clientHeight * arguments[0]);", json!([part]));
        page.wait_for(
            "place(tall.firstChild).top <= 0 && place(tall.firstChild).bottom >= innerHeight \
             && tall.firstChild.height < 3000 && !('due' in tall.dataset)",
        );
        // The bar under the pointer is the one that is drawn there. A pointer that stays moves over nothing.
        page.point_at(1.0, 1.0);
        page.point_at(180.0, 400.0);
        page.wait_for("Math.abs(place(document.querySelector('.chart-tip')).top - 434) <= 35");
    }
    page.run("dispatchEvent(new Event('beforeprint'));", json!([]));
    page.wait_for("tall.firstChild.height === tall.clientHeight");
    page.run("scrollBy(0, 40);", json!([]));
    page.wait_for("tall.firstChild.height < 3000");
}

/// Notes each time that another canvas is written on.
const NOTE_DRAWINGS: &str = "window.drawings = []; \
    const { fillText } = CanvasRenderingContext2D.prototype; \
    CanvasRenderingContext2D.prototype.fillText = function (...given) { \
        const { id } = this.canvas.parentElement; \
        if (drawings.at(-1) !== id) drawings.push(id); \
        return fillText.apply(this, given); \
    };";

/// A search that leaves a few rows brings charts onto the screen, which are drawn when they show what it leaves.
fn drawn_once_for_a_choice(page: &mut Page) {
    // Tall enough for several of them to come near, and not for any to be there before.
    page.size(1280, 1000);
    page.open(RTX_5070);
    page.run(NOTE_DRAWINGS, json!([]));
    let mut most = 0;
    for words in ["350M", "", "1.2B", ""] {
        page.run(
            "drawings.length = 0; \
            const field = document.querySelector('input[type=search]'); \
            field.value = arguments[0]; \
            field.dispatchEvent(new Event('input', { bubbles: true }));",
            json!([words]),
        );
        let asks = json!(if words.is_empty() { Value::Null } else { json!(words) });
        page.wait_for(&format!("new URLSearchParams(location.search).get('q') === {asks}"));
        page.wait_for("!('charts' in document.documentElement.dataset)");
        page.wait_for_rows();
        page.run_async(
            "const next = (left) => requestAnimationFrame(left ? () => next(left - 1) : arguments[0]); next(3);",
            json!([]),
        );
        let drawn: Vec<String> = serde_json::from_value(page.eval("drawings")).unwrap();
        let mut once = drawn.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), drawn.len(), "{drawn:?}");
        most = most.max(drawn.len());
        assert!(!words.is_empty() || drawn.is_empty(), "{drawn:?} were drawn, far from the screen");
    }
    assert!(most > 1, "{most} charts were drawn at once");
}

/// The frame that shows what a choice leaves of the table shows the charts that are on the screen then, too, and no others
/// are drawn for it: where they stay there, also where others are hidden, and where they come there.
fn drawn_in_the_frame_of_the_rows(page: &mut Page) {
    const METRIC: &str =
        "document.querySelector('.toggle-option:not(.is-empty) input[name=metric]:not(:checked)')";
    const RIG: &str = "[...document.querySelectorAll('.facet .option')] \
        .find((one) => one.textContent.startsWith('EPYC 7352')).querySelector('input')";
    page.size(1280, 1000);
    for hidden in [false, true] {
        page.open(&format!("{RTX_5070}&q=e2b"));
        page.wait_for_rows();
        page.run(NOTE_DRAWINGS, json!([]));
        if hidden {
            page.click(".toggle[aria-label=Shape] .toggle-option:not(.is-empty):nth-child(n+2)");
        }
        page.run("document.getElementById('charts').scrollIntoView();", json!([]));
        page.wait_for("!('charts' in document.documentElement.dataset)");
        page.wait_for("document.querySelector('#charts canvas').width > 300 && !document.querySelector('#charts [data-due]')");
        assert_eq!(page.count("#workloads figure[hidden]") > 0, hidden);
        drawn_as_seen(page, METRIC, 1);
    }
    // A rig alone leaves few rows and low charts, which bring others onto the screen.
    page.size(1280, 1300);
    page.open("");
    page.run(NOTE_DRAWINGS, json!([]));
    // The first filter has every result fetched.
    for _ in 0..2 {
        page.run(&format!("{RIG}.click();"), json!([]));
        page.wait_for(
            "!document.querySelector('[aria-busy]') && !('charts' in document.documentElement.dataset)",
        );
    }
    for least in [5, 0, 5] {
        drawn_as_seen(page, RIG, least);
        page.wait_for("!('charts' in document.documentElement.dataset)");
    }
}

/// Those by workload, where none of them is on the screen: the one that is there goes before them.
fn charts_below_the_screen_follow_at_rest(page: &mut Page) {
    const TICK: &str = "const [name, done] = arguments; \
        drawings.length = 0; \
        [...document.querySelectorAll('.facet .option')].find((one) => one.textContent.startsWith(name)).firstElementChild.click(); \
        const behind = new MessageChannel(); \
        behind.port1.onmessage = () => done([drawings, place('#charts figure') < innerHeight, \
            place('#workloads figure:not([hidden])') < innerHeight, words('#charts'), words('#workloads')]); \
        requestAnimationFrame(() => behind.port2.postMessage(null));";
    page.open("");
    page.run(NOTE_DRAWINGS, json!([]));
    page.run(
        "window.place = (part) => document.querySelector(part).getBoundingClientRect().top; \
         window.words = (section) => [...document.querySelectorAll(`${section} figure:not([hidden]) .note`)].map((one) => one.textContent).join();",
        json!([]),
    );
    // The first filter has every result fetched.
    for counts in [false, false, true, true] {
        let before = page.text_of("words('#workloads')");
        let at_once = page.run_async(TICK, json!(["GeForce RTX 5070"]));
        let (drawn, range, workloads, said, still): (Vec<String>, bool, bool, String, String) =
            serde_json::from_value(at_once).unwrap();
        page.wait_for(
            "!document.querySelector('[aria-busy]') && !('charts' in document.documentElement.dataset)",
        );
        if !counts {
            continue;
        }
        assert!(!workloads && still == before, "those below the screen are as they were");
        // Taken back, the table is as long as before, and no chart is on the screen.
        let seen: &[&str] = if range { &["frame-model-speed-range"] } else { &[] };
        assert_eq!(drawn, seen);
        assert_eq!(page.text_of("words('#charts')") == said, range, "the one on the screen says what is so");
        assert_ne!(page.text_of("words('#workloads')"), before);
    }
}

/// Presses a button, and expects the charts on the screen, so many at least, and no others to be drawn in the next frame.
fn drawn_as_seen(page: &mut Page, button: &str, least: usize) {
    let script = "drawings.length = 0; \
        BUTTON.click(); \
        const behind = new MessageChannel(); \
        behind.port1.onmessage = () => { \
            const isSeen = (place) => place.height > 0 && place.bottom > 0 && place.top < innerHeight; \
            const frames = [...document.querySelectorAll('.chart-frame')]; \
            arguments[0]([drawings, frames.filter((one) => isSeen(one.getBoundingClientRect())).map((one) => one.id)]); \
        }; \
        requestAnimationFrame(() => behind.port2.postMessage(null));";
    let (mut drawn, mut seen): (Vec<String>, Vec<String>) =
        serde_json::from_value(page.run_async(&script.replace("BUTTON", button), json!([]))).unwrap();
    drawn.sort();
    seen.sort();
    assert_eq!(drawn, seen);
    assert!(seen.len() >= least, "{seen:?}");
}

/// All bars of a tall chart take the program of every view: in no frame from then on is a chart blank that is on the
/// screen, or the button for them elsewhere.
fn no_chart_is_blank_when_a_program_comes(page: &mut Page) {
    const WATCH: &str = r"
        const [done] = arguments;
        const { dataset } = document.documentElement;
        const isSeen = ({ height, bottom, top }) => height > 0 && bottom > 0 && top < innerHeight;
        const isBlank = (frame) => frame.hasAttribute('data-due') || frame.firstElementChild.width <= 300;
        const button = () => document.querySelector('#workloads .chart .link-button');
        const top = () => button().getBoundingClientRect().top;
        const wrong = [];
        const before = top();
        let left = 10;
        const look = () => {
          const seen = [...document.querySelectorAll('.chart-frame')].filter((one) => isSeen(one.getBoundingClientRect()));
          if (seen.length < 2) wrong.push(`${seen.length} charts`);
          wrong.push(...seen.filter(isBlank).map(({ id }) => id));
          if (!(Math.abs(top() - before) < 2)) wrong.push(top() - before);
          if ('taken' in dataset) left--;
          if (left && wrong.length < 5) next();
          else done(wrong);
        };
        const next = () => requestAnimationFrame(() => {
          const behind = new MessageChannel();
          behind.port1.onmessage = look;
          behind.port2.postMessage(null);
        });
        button().click();
        next();";
    page.size(1920, 900);
    page.open("");
    page.run("document.getElementById('workloads').scrollIntoView();", json!([]));
    page.wait_for(
        "[...document.querySelectorAll('.chart-frame')].slice(0, 3) \
           .every((frame) => !frame.hasAttribute('data-due') && frame.firstElementChild.width > 300)",
    );
    assert_eq!(page.run_async(WATCH, json!([])), json!([]));
}

/// Charts come and go with filters and views; what watched their size must go with them.
fn gone_and_back_again(page: &mut Page) {
    expect_remarks(page);
    page.open(RTX_5070);
    expect_sharp(page, 1.0);
    page.click(".toggle[aria-label=Shape] label:nth-child(3)");
    page.wait_for("document.querySelectorAll('#workloads figure:not([hidden])').length === 1");
    page.click(".toggle[aria-label=Shape] label:nth-child(1)");
    expect_sharp(page, 1.0);
    // The first view's program ends with its page; the whole program keeps its own.
    page.open(&RTX_5070.replace('?', "?view=method&"));
    page.click("nav a:nth-child(1)");
    expect_sharp(page, 1.0);
    page.click("nav a:nth-child(4)");
    page.wait_for("document.querySelectorAll('canvas').length === 0");
    page.size(900, 700);
    page.media(&[("prefers-color-scheme", "dark")]);
    page.run_async(
        "window.scrollTo(0, 400); requestAnimationFrame(() => requestAnimationFrame(arguments[0]));",
        json!([]),
    );
    page.click("nav a:nth-child(1)");
    expect_sharp(page, 1.0);
    assert_eq!(page.eval("document.documentElement.dataset.crashed ?? null"), Value::Null);
}

fn without_a_canvas(page: &mut Page) {
    let script = page.prepare("HTMLCanvasElement.prototype.getContext = () => null;");
    page.open(RTX_5070);
    let data = charts(page, "#workloads");
    assert_eq!((data.len(), data[0].bars.len()), (4, 10));
    page.click(".toggle[aria-label=Metric] label:nth-child(2)");
    page.wait_for("location.search.includes('prefill')");
    page.size(600, 800);
    page.run("document.querySelector('.chart-frame').focus();", json!([]));
    page.keys("ArrowDown");
    assert_eq!(page.eval("document.documentElement.dataset.crashed ?? null"), Value::Null);
    page.unprepare(script);
}
