//! `cargo xtask bench [N…]`: how long a reader waits, with indexes of generated results.

mod charts;
mod figures;
mod memory;
mod plain;
mod scroll;

use self::figures::spread;
use crate::harness::{artifacts, dist, page::Page};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// What is measured where nothing is asked for: results in generated indexes, and the two parts that need no size.
const DEFAULT: [&str; 5] = ["160", "10000", "100000", CHARTS, PLAIN];

/// A chart of 200 bars.
const CHARTS: &str = "charts";

/// The built page beside the same table as plain HTML.
const PLAIN: &str = "plain";

/// What a reader does; `page.js` knows how. Nothing comes first: what measuring costs by itself.
const ACTS: [&str; 10] = [
    "nothing",
    "sort by variant",
    "sort by metric",
    "filter by a rig",
    "search by text",
    "choose a shape",
    "choose a metric",
    "choose a grouping",
    "open or close a row",
    "jump down the page",
];

/// Measured turns of the start; one more comes first and does not count.
const TURNS: usize = 11;

/// Browsers in which a reader acts, one after the other: in some of them everything takes half as long again from their
/// start to their end, and measuring as well.
const BROWSERS: usize = 3;

/// Measured turns of each act in one of them, as many to and fro; one more comes first and does not count.
const TURNS_IN_ONE: usize = 6;

/// Measured turns of each act.
const ACTED: usize = BROWSERS * TURNS_IN_ONE;

/// Marks in the page's time line: the document's states, and the frames after the first rows and after the
/// last state. The static page has no bars in its rows. Also keeps hold of the program's memory, to ask for
/// its size.
const MARKS: &str = "for (const name of ['instantiate', 'instantiateStreaming']) { \
        const original = WebAssembly[name]; \
        WebAssembly[name] = async (...given) => { \
            const made = await original.apply(WebAssembly, given); \
            window.wasmMemory = made.instance.exports.memory; \
            return made; \
        }; \
    } \
    addEventListener('readystatechange', () => { \
    window.marks ??= {}; \
    const look = () => requestAnimationFrame(() => { \
        if (!document.querySelector('#rows .range-bar')) return look(); \
        requestAnimationFrame(() => { marks.rows ??= performance.now(); }); \
    }); \
    new MutationObserver(() => { \
        const state = document.documentElement.dataset.state; \
        marks[state] ??= performance.now(); \
        if (state === 'filling') look(); \
        if (state === 'ready') requestAnimationFrame(() => requestAnimationFrame(() => { \
            marks.painted ??= performance.now(); })); \
    }).observe(document.documentElement, { attributeFilter: ['data-state'] }); \
}, { capture: true, once: true });";

/// Measures what is asked for, and prints and writes what it finds.
pub(crate) fn run(asked: &[String]) -> ExitCode {
    let asked: Vec<&str> =
        if asked.is_empty() { DEFAULT.to_vec() } else { asked.iter().map(String::as_str).collect() };
    let folder = artifacts("bench");
    let sizes: Vec<&str> = asked.iter().copied().filter(|part| ![CHARTS, PLAIN].contains(part)).collect();
    let path = folder.join("bench.json");
    let mut report = json!({ "turns": TURNS, "acted": ACTED, "browsers": BROWSERS, "indexes": [], "charts": null, "plain": null });
    // After each part: who stops it keeps what was measured.
    let keep = |report: &Value| std::fs::write(&path, serde_json::to_string_pretty(report).unwrap()).unwrap();
    let mut indexes: Vec<Value> = Vec::new();
    for size in &sizes {
        indexes.push(measure(&folder, size));
        report["indexes"] = json!(indexes);
        keep(&report);
    }
    if !sizes.is_empty() {
        println!("{}", figures::table(&sizes, &indexes));
        std::fs::write(folder.join("work.svg"), figures::chart(&sizes, &indexes)).unwrap();
    }
    if asked.contains(&CHARTS) {
        report["charts"] = charts::measure(&folder);
        println!("{}", charts::table(&report["charts"]));
        keep(&report);
    }
    if asked.contains(&PLAIN) {
        report["plain"] = plain::measure(&folder);
        println!("{}", plain::table(&report["plain"]));
        keep(&report);
    }
    println!("{}", path.display());
    ExitCode::SUCCESS
}

/// A copy of the built page with an index of `size` generated results.
fn site(folder: &Path, size: &str) -> PathBuf {
    let site = folder.join(format!("site-{size}"));
    drop(std::fs::remove_dir_all(&site));
    std::fs::create_dir_all(&site).unwrap();
    for entry in std::fs::read_dir(dist()).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap();
        let is_index = |name: &str| name.starts_with("index.json") || name.starts_with("first.json");
        if file.is_file() && !is_index(&name.to_string_lossy()) {
            std::fs::copy(&file, site.join(name)).unwrap();
        }
    }
    if size == "real" {
        for file in ["index.json", "first.json"] {
            std::fs::copy(dist().join(file), site.join(file)).unwrap();
        }
    } else {
        let tokscope = std::env::var_os("TOKSCOPE").expect("`cargo xtask bench` names the program");
        let mut generate = Command::new(tokscope);
        generate.args(["generate", size, "-o"]).arg(site.join("index.json"));
        let status = generate.arg("--first").arg(site.join("first.json")).status();
        assert!(status.expect("tokscope starts").success(), "tokscope generate {size} failed");
    }
    site
}

fn measure(folder: &Path, size: &str) -> Value {
    let site = site(folder, size);
    let weight = |file: &Path| std::fs::metadata(file).unwrap().len();
    let shards = std::fs::read_dir(site.join("index-shards")).into_iter().flatten();
    let bytes =
        weight(&site.join("index.json")) + shards.map(|shard| weight(&shard.unwrap().path())).sum::<u64>();
    let mut page = Page::measured(site.clone());
    page.reset();
    page.prepare(MARKS);
    // In a browser that has shown nothing else.
    let memory = memory::measure(&mut page);
    let cold = starts(&mut page, Page::forget);
    page.server().let_keep();
    let warm = starts(&mut page, |_| ());
    page.open("");
    let rows = page.text_of("document.querySelector('.results-table').getAttribute('aria-rowcount')");
    let rows: u64 = rows.parse().unwrap_or_default();
    let mut times = ACTS.map(|_| Vec::new());
    act(&mut page, &mut times);
    let scroll = scroll::measure(&mut page);
    page.assert_quiet();
    drop(page);
    for number in 2..=BROWSERS {
        let mut page = Page::measured(site.clone());
        page.reset();
        act(&mut page, &mut times);
        page.assert_quiet();
        eprintln!("{size} results, browser {number} of {BROWSERS}");
    }
    let acts: serde_json::Map<_, _> =
        ACTS.into_iter().map(str::to_owned).zip(times.iter().map(|times| summary(times))).collect();
    json!({
        "results": size, "rows": rows.saturating_sub(1), "index_bytes": bytes,
        "start": cold, "start_again": warm, "memory": memory, "acts": acts, "scroll": scroll,
    })
}

/// Does each act some turns, and adds what they took to the times of each.
fn act(page: &mut Page, times: &mut [Vec<Value>]) {
    for (act, times) in ACTS.into_iter().zip(times) {
        page.open("");
        bring(page);
        // The first turn warms up: code is compiled, memory grows.
        times.extend((0..=TURNS_IN_ONE).map(|turn| turn_of(page, act, turn)).skip(1));
    }
}

fn summary(times: &[Value]) -> Value {
    let of = |name: &str| spread(times.iter().map(|time| &time[name]));
    json!({
        "painted_ms": of("painted"),
        "worked_ms": of("worked"),
        "followed_ms": of("followed"),
        "script_ms": of("script"),
        "style_ms": of("style"),
        "layout_ms": of("layout"),
    })
}

/// Brings `page.js` into the page that is open.
fn bring(page: &Page) {
    let names = "{ measure, settled, followed, watch, redraw }";
    page.run(&format!("{}\nObject.assign(window, {names});", include_str!("page.js")), json!([]));
}

/// Acts once: milliseconds to the painted frame, those that the main thread had work until it was idle again, what is on
/// the screen of table and charts redrawn, and those of what is far from it, which follows.
fn turn_of(page: &Page, act: &str, turn: usize) -> Value {
    const SETTLE: &str = "const done = arguments[0]; followed().then(() => done(null));";
    const ACT: &str = "const done = arguments[2]; \
        measure(arguments[0], arguments[1]).then(done, (error) => done(String(error)));";
    page.run_async(SETTLE, json!([]));
    let work = || page.work().expect("Chromium counts its tasks");
    let before = work();
    let painted = page.run_async(ACT, json!([act, turn]));
    let after = work();
    assert!(painted.is_number(), "{act}: {painted}");
    page.run_async(SETTLE, json!([]));
    json!({
        "painted": painted,
        "worked": after.all - before.all,
        "script": after.script - before.script,
        "style": after.style - before.style,
        "layout": after.layout - before.layout,
        "followed": work().all - after.all,
    })
}

/// Opens the page anew, many times, each after `before`.
fn starts(page: &mut Page, before: fn(&mut Page)) -> Value {
    let mut turn = || {
        page.visit("about:blank");
        before(page);
        start(page)
    };
    let starts: Vec<Value> = (0..=TURNS).map(|_| turn()).skip(1).collect();
    let mut summary = serde_json::Map::new();
    for name in ["fetched", "started", "rows", "painted"] {
        summary.insert(format!("{name}_ms"), spread(starts.iter().map(|start| &start[name])));
    }
    Value::Object(summary)
}

/// Opens the page: milliseconds since navigation began.
fn start(page: &mut Page) -> Value {
    page.open("");
    page.wait_for("marks.painted && marks.rows");
    page.eval(
        "({ started: marks.loading, rows: marks.rows, painted: marks.painted, \
            fetched: performance.getEntriesByType('resource') \
                .find(({ name }) => name.endsWith('first.json')).responseEnd })",
    )
}
