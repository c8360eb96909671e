//! `cargo xtask bench [N…]`: how long a reader waits, with indexes of generated results.

use crate::harness::{artifacts, dist, page::Page};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Results in the generated indexes, where none are asked for.
const DEFAULT: [&str; 3] = ["160", "10000", "100000"];

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

/// Measured turns of each act, and of the start; one more comes first and does not count.
const TURNS: usize = 11;

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

/// Measures indexes of the given sizes, and prints and writes what it finds.
pub(crate) fn run(sizes: &[String]) -> ExitCode {
    let sizes: Vec<&str> =
        if sizes.is_empty() { DEFAULT.to_vec() } else { sizes.iter().map(String::as_str).collect() };
    let folder = artifacts("bench");
    let reports: Vec<Value> = sizes.iter().map(|size| measure(&folder, size)).collect();
    let table = table(&sizes, &reports);
    println!("{table}");
    let path = folder.join("bench.json");
    let text = serde_json::to_string_pretty(&json!({ "turns": TURNS, "indexes": reports })).unwrap();
    std::fs::write(&path, text).unwrap();
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
    let mut page = Page::serving(site);
    page.reset();
    page.prepare(MARKS);
    let starts: Vec<Value> = (0..=TURNS).map(|_| start(&mut page)).skip(1).collect();
    let memory = memory(&page);
    let rows = page.text_of("document.querySelector('.results-table').getAttribute('aria-rowcount')");
    let rows: u64 = rows.parse().unwrap_or_default();
    let mut acts = serde_json::Map::new();
    for act in ACTS {
        page.open("");
        page.run(
            &format!("{}\nObject.assign(window, {{ measure, settled }});", include_str!("page.js")),
            json!([]),
        );
        // The first turn warms up: code is compiled, memory grows.
        let times: Vec<Value> = (0..=TURNS).map(|turn| turn_of(&page, act, turn)).skip(1).collect();
        let summary = json!({
            "painted_ms": spread(times.iter().map(|time| &time["painted"])),
            "worked_ms": spread(times.iter().map(|time| &time["worked"])),
            "script_ms": spread(times.iter().map(|time| &time["script"])),
            "style_ms": spread(times.iter().map(|time| &time["style"])),
            "layout_ms": spread(times.iter().map(|time| &time["layout"])),
        });
        eprintln!("{size} results, {act}: {summary}");
        acts.insert(act.to_owned(), summary);
    }
    page.assert_quiet();
    let mut start = serde_json::Map::new();
    for name in ["fetched", "started", "rows", "painted"] {
        start.insert(format!("{name}_ms"), spread(starts.iter().map(|start| &start[name])));
    }
    json!({
        "results": size, "rows": rows.saturating_sub(1), "index_bytes": bytes,
        "start": start, "memory": memory, "acts": acts,
    })
}

/// Acts once: milliseconds to the painted frame, and those that the main thread had work until it was idle again,
/// table and charts redrawn.
fn turn_of(page: &Page, act: &str, turn: usize) -> Value {
    const SETTLE: &str = "const done = arguments[0]; settled().then(() => done(null));";
    const ACT: &str = "const done = arguments[2]; \
        measure(arguments[0], arguments[1]).then(done, (error) => done(String(error)));";
    page.run_async(SETTLE, json!([]));
    let work = || page.work().expect("Chromium counts its tasks");
    let before = work();
    let painted = page.run_async(ACT, json!([act, turn]));
    let after = work();
    assert!(painted.is_number(), "{act}: {painted}");
    json!({
        "painted": painted,
        "worked": after.all - before.all,
        "script": after.script - before.script,
        "style": after.style - before.style,
        "layout": after.layout - before.layout,
    })
}

/// Opens the page anew: milliseconds since navigation began.
fn start(page: &mut Page) -> Value {
    page.visit("about:blank");
    page.open("");
    page.wait_for("marks.painted && marks.rows");
    page.eval(
        "({ started: marks.loading, rows: marks.rows, painted: marks.painted, \
            fetched: performance.getEntriesByType('resource') \
                .find(({ name }) => name.endsWith('first.json')).responseEnd })",
    )
}

/// Bytes in JavaScript's heap after a collection, and in the program's memory, which never shrinks.
fn memory(page: &Page) -> Value {
    json!({ "js_heap_bytes": page.heap_bytes(), "wasm_bytes": page.eval("wasmMemory.buffer.byteLength") })
}

/// Smallest, middle and largest value, to a tenth.
fn spread<'a>(values: impl Iterator<Item = &'a Value>) -> Value {
    let mut values: Vec<f64> = values.map(|value| value.as_f64().unwrap_or(f64::NAN)).collect();
    values.sort_by(f64::total_cmp);
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    json!({
        "least": tenth(values[0]),
        "median": tenth(values[values.len() / 2]),
        "most": tenth(values[values.len() - 1]),
    })
}

/// The medians as a Markdown table, one column an index.
fn table(sizes: &[&str], reports: &[Value]) -> String {
    let mut table = format!("\n| median of {TURNS}, ms |");
    for (size, report) in sizes.iter().zip(reports) {
        write!(table, " {size} results ({} rows) |", report["rows"]).unwrap();
    }
    table.push_str(&format!("\n|---|{}\n", "---:|".repeat(sizes.len())));
    let mut line = |name: &str, cell: &dyn Fn(&Value) -> String| {
        let cells: Vec<String> = reports.iter().map(cell).collect();
        table.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    };
    for act in ACTS {
        line(act, &|report| {
            let act = &report["acts"][act];
            format!(
                "{:.0} ({:.1})",
                number(&act["painted_ms"]["median"]),
                number(&act["worked_ms"]["median"])
            )
        });
    }
    for (name, words) in [
        ("started", "start: program runs"),
        ("fetched", "start: first results are here"),
        ("rows", "start: first rows are painted"),
        ("painted", "start: everything is painted"),
    ] {
        line(words, &|report| format!("{:.0}", number(&report["start"][format!("{name}_ms")]["median"])));
    }
    let megabytes = |bytes: &Value| format!("{:.1} MB", number(bytes) / 1e6);
    line("index, uncompressed", &|report| megabytes(&report["index_bytes"]));
    line("memory: JavaScript heap", &|report| megabytes(&report["memory"]["js_heap_bytes"]));
    line("memory: WebAssembly", &|report| megabytes(&report["memory"]["wasm_bytes"]));
    table
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
