//! Scrolling through the table: which frames come late, and which show no row.

use super::{bring, figures::spread};
use crate::harness::page::Page;
use serde_json::{Value, json};

/// Measured turns; each takes ten seconds.
const TURNS: usize = 7;

/// CSS pixels a second of a wheel that is turned fast.
const WHEEL: f64 = 3_000.0;

/// Seconds of a turn.
const SECONDS: f64 = 10.0;

/// Scrolls with a wheel, and from the first row to the last in the same time.
///
/// A frame is missed where the main thread gave none for a refresh of the screen; the browser goes on to scroll what is
/// drawn. It shows no row where the table is in the middle of the view and none of its rows is, once it is painted.
pub(super) fn measure(page: &mut Page) -> Value {
    page.open("");
    bring(page);
    let height = page.eval("document.querySelector('.results-table').getBoundingClientRect().height");
    let height = height.as_f64().expect("a height");
    let wheel = height.min(WHEEL * SECONDS);
    json!({
        "wheel": turns(page, wheel, WHEEL),
        "end_to_end": turns(page, height, WHEEL.max(height / SECONDS)),
    })
}

fn turns(page: &mut Page, pixels: f64, per_second: f64) -> Value {
    let turns: Vec<Value> = (0..=TURNS).map(|_| turn(page, pixels, per_second)).skip(1).collect();
    let of = |name: &str| spread(turns.iter().map(|turn| &turn[name]));
    json!({
        "pixels_per_s": per_second,
        "frames": of("frames"),
        "missed_percent": of("missed"),
        "empty_percent": of("empty"),
        "worked_ms": of("worked"),
    })
}

fn turn(page: &mut Page, pixels: f64, per_second: f64) -> Value {
    const TOP: &str = "const done = arguments[0]; \
        scrollTo(0, document.querySelector('.results-table').getBoundingClientRect().top + scrollY); \
        settled().then(() => { window.watched = watch(); done(null); });";
    page.run_async(TOP, json!([]));
    let begin = page.eval("scrollY").as_f64().expect("a place");
    let before = page.work().expect("Chromium counts its tasks").all;
    page.wheel(pixels, per_second);
    let worked = page.work().expect("Chromium counts its tasks").all - before;
    let seen = page.eval("watched()");
    let moved = page.eval("scrollY").as_f64().expect("a place") - begin;
    assert!(moved > pixels * 0.9, "scrolled {moved} of {pixels} pixels");
    let of = |name: &str| seen[name].as_f64().expect("a count");
    let frames = of("frames");
    json!({
        "frames": frames,
        "missed": 100.0 * of("missed") / (frames + of("missed")),
        "empty": 100.0 * of("empty") / frames,
        "worked": worked / frames,
    })
}
