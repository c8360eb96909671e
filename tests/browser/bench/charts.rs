//! A chart of 200 bars: what the main thread works to draw it anew.

use super::{
    TURNS, bring,
    figures::{number, spread},
    site,
};
use crate::harness::page::Page;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Results from which there are more than 200 bars.
const RESULTS: &str = "10000";

/// Where it stands: alone inside another page, and in the page itself, whose table and other charts follow, too.
const PLACES: [(&str, &str, &[&str]); 2] = [
    (
        "alone",
        "?shape=chat&bars=all&embed=1",
        &["nothing", "other colours", "another width", "another metric"],
    ),
    ("in the page", "?shape=chat&bars=all", &["nothing", "another metric, by its button"]),
];

/// The least height of a bar with its label beside it, in CSS pixels.
const LEAST_ROW: u32 = 30;

/// Acts of a turn: asking for the work costs more than some of them do.
const ACTS: usize = 10;

/// Work for each way to draw it anew.
pub(super) fn measure(folder: &Path) -> Value {
    let mut page = Page::measured(site(folder, RESULTS));
    page.reset();
    let mut report = Map::new();
    for (place, query, acts) in PLACES {
        page.open(query);
        bring(&page);
        // What is far from the screen has no width, nor a chart that has none a height.
        page.run("document.querySelector('#workloads, .charts').scrollIntoView();", json!([]));
        let height =
            "Math.max(...[...document.querySelectorAll('.chart-frame')].map((frame) => frame.clientHeight))";
        page.wait_for(&format!("{height} > {}", 200 * LEAST_ROW));
        // A chart as tall as that has the program of every view come.
        page.wait_for("!('upgrading' in document.documentElement.dataset)");
        let of_place: Map<String, Value> = acts
            .iter()
            .map(|act| {
                let summary = of_act(&page, act);
                eprintln!("a chart of 200 bars {place}, {act}");
                ((*act).to_owned(), summary)
            })
            .collect();
        report.insert(place.to_owned(), Value::Object(of_place));
    }
    page.assert_quiet();
    Value::Object(report)
}

fn of_act(page: &Page, act: &str) -> Value {
    const ACT: &str = "const done = arguments[2]; \
        redraw(arguments[0], arguments[1]).then(done, (error) => done(String(error)));";
    let work = || page.work().expect("Chromium counts its tasks");
    // The first turn warms up, and counts what is drawn.
    let texts = page.run_async(ACT, json!([act, ACTS]));
    assert!(texts.is_number(), "{act}: {texts}");
    let is_drawn = act == "nothing" || number(&texts) > 60.0;
    assert!(is_drawn, "{act}: {texts} texts drawn, expected those of a screenful of bars");
    let turns: Vec<[Value; 4]> = (0..TURNS)
        .map(|_| {
            let before = work();
            page.run_async(ACT, json!([act, ACTS]));
            let after = work();
            let each = |before: f64, after: f64| json!((after - before) / ACTS as f64);
            [
                each(before.all, after.all),
                each(before.script, after.script),
                each(before.style, after.style),
                each(before.layout, after.layout),
            ]
        })
        .collect();
    let of = |at: usize| spread(turns.iter().map(|turn| &turn[at]));
    json!({
        "texts": texts, "worked_ms": of(0), "script_ms": of(1), "style_ms": of(2), "layout_ms": of(3),
    })
}

/// The medians as a Markdown table.
pub(super) fn table(report: &Value) -> String {
    let mut table = format!(
        "\n| a chart of 200 bars, ms of the main thread, median of {TURNS} | all | scripts | style | layout | the rest, \
         painting most of all |\n|---|---:|---:|---:|---:|---:|\n"
    );
    for (place, _, acts) in PLACES {
        for act in acts {
            let of = |name: &str| number(&report[place][act][name]["median"]);
            let (all, parts) = (of("worked_ms"), ["script_ms", "style_ms", "layout_ms"].map(of));
            let [script, style, layout] = parts;
            let rest = all - parts.iter().sum::<f64>();
            table.push_str(&format!(
                "| {place}: {act} | {all:.1} | {script:.1} | {style:.1} | {layout:.1} | {rest:.1} |\n"
            ));
        }
    }
    table
}
