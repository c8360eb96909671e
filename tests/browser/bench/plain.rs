//! The built page beside its table as plain HTML: first row, until it takes choices, and until all of it is there.

use super::{
    TURNS,
    figures::{number, spread},
};
use crate::harness::{dist, engine::Network, page::Page};
use serde_json::{Map, Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

/// A plain table beside the page, its style in a file, as most pages have it: what the report calls it, its document, and
/// its style.
struct Plain {
    name: &'static str,
    document: &'static str,
    style: &'static str,
}

/// All lines, in the style of the page, which lets browsers leave out rows beyond the first screenful that are far from the screen.
const WHOLE: Plain = Plain { name: "whole", document: "plain.html", style: "plain.css" };

/// All lines, and every row laid out, as in a table whose style says nothing of that.
const AT_ONCE: Plain = Plain { name: "at_once", document: "plain-at-once.html", style: "plain-at-once.css" };

/// The first lines, which the page has before its program is here, in its style.
const FIRST: Plain = Plain { name: "first_lines", document: "plain-first.html", style: "plain.css" };

const PLAIN: [Plain; 3] = [WHOLE, AT_ONCE, FIRST];

/// What the style of [`AT_ONCE`] says besides; in no layer, so that it is the last word.
const ALL_ROWS: &str = ".row { content-visibility: visible; }";

/// A phone far from its mast, as Lighthouse imagines it.
const SLOW_4G: Network = Network { latency_ms: 150, bytes_per_s: 200_000 };

/// A house with a fast line, and a host that is not next door.
const FAR_HOST: Network = Network { latency_ms: 60, bytes_per_s: 5_000_000 };

/// Ways to come: the network and how many times slower the processor is.
const WAYS: [(&str, Option<Network>, f64); 5] = [
    ("this machine", None, 1.0),
    ("a host 60 ms away", Some(FAR_HOST), 1.0),
    ("a processor four times slower", None, 4.0),
    ("slow 4G", Some(SLOW_4G), 1.0),
    ("slow 4G, a processor four times slower", Some(SLOW_4G), 4.0),
];

/// Before a visit, until what the one before left behind is done; and after it, when asking would take time from a page
/// that still starts.
const REST: Duration = Duration::from_millis(400);

/// Marks the frame after the first row of a table, when the table that answers takes the place of the static one, by when
/// search, buttons and headers above it take choices (what is in the menus comes in the next task), and when all of the
/// page is there.
const MARKS: &str = "if (location.protocol !== 'about:') { \
    window.marks = {}; \
    const look = () => requestAnimationFrame(() => { \
        if (!document.querySelector('.results-table tr.row')) return look(); \
        requestAnimationFrame(() => { marks.row ??= performance.now(); }); \
    }); \
    look(); \
    addEventListener('readystatechange', () => { \
        new MutationObserver(() => { \
            if (document.documentElement.dataset.state === 'ready') marks.ready ??= performance.now(); \
        }).observe(document.documentElement, { attributeFilter: ['data-state'] }); \
    }, { capture: true, once: true }); \
    addEventListener('DOMContentLoaded', () => { \
        const table = document.querySelector('.results-table'); \
        new MutationObserver(() => { \
            if (!table.isConnected) marks.answers ??= performance.now(); \
        }).observe(document.querySelector('main'), { childList: true }); \
    }); \
    addEventListener('load', () => { marks.loaded = performance.now(); }); \
}";

/// Each way to come, with nothing kept and then with everything kept.
pub(super) fn measure(folder: &Path) -> Value {
    let site = site(folder);
    let mut page = Page::measured(site.clone());
    page.reset();
    page.open("");
    page.wait_for("document.querySelectorAll('.lines > .row').length === document.querySelector('.results-table').ariaRowCount - 1");
    let whole = page.eval("document.querySelector('.results-table').outerHTML");
    write_plain(&site, whole.as_str().unwrap());
    page.prepare(MARKS);
    let mut report = Map::new();
    for is_cold in [true, false] {
        if !is_cold {
            page.server().let_keep();
        }
        for (name, network, slower) in WAYS {
            page.network(network);
            page.slow_down(slower);
            let mut visits: [Vec<Value>; 1 + PLAIN.len()] = Default::default();
            for turn in 0..=TURNS {
                let documents = [""].into_iter().chain(PLAIN.map(|plain| plain.document));
                for (document, times) in documents.zip(&mut visits) {
                    let time = come(&mut page, document, is_cold);
                    if turn > 0 {
                        times.push(time);
                    }
                }
            }
            let [ours, plain @ ..] = &visits;
            let of = |visits: &[Value], name: &str| spread(visits.iter().map(|visit| &visit[name]));
            let mut summary = json!({ "page": {
                "contentful_ms": of(ours, "contentful"),
                "row_ms": of(ours, "row"),
                "answers_ms": of(ours, "answers"),
                "ready_ms": of(ours, "end"),
            }});
            for (Plain { name, .. }, visits) in PLAIN.iter().zip(plain) {
                summary[*name] = json!({
                    "contentful_ms": of(visits, "contentful"),
                    "row_ms": of(visits, "row"),
                    "loaded_ms": of(visits, "end"),
                });
            }
            let visit = if is_cold { "cold" } else { "warm" };
            eprintln!("{}", line(&format!("{visit}, {name}"), &summary));
            report.insert(format!("{visit}, {name}"), summary);
        }
    }
    page.network(None);
    page.slow_down(1.0);
    page.assert_quiet();
    Value::Object(report)
}

/// Milliseconds from navigation to the first paint of content, the first row, the page's answers, and the end: all of the
/// page is there, or the plain table has loaded.
fn come(page: &mut Page, file: &str, is_cold: bool) -> Value {
    page.visit("about:blank");
    if is_cold {
        page.forget();
    }
    thread::sleep(REST);
    let address = page.server().url(file);
    page.visit(&address);
    thread::sleep(REST);
    let end = if file.is_empty() { "ready" } else { "loaded" };
    let contentful = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
    page.wait_for(&format!("marks.row && marks.{end} && {contentful}"));
    page.eval(&format!(
        "({{ row: marks.row, answers: marks.answers ?? null, end: marks.{end}, contentful: {contentful} }})"
    ))
}

/// The built page in a folder of its own.
fn site(folder: &Path) -> PathBuf {
    let site = folder.join("site-plain");
    drop(fs::remove_dir_all(&site));
    fs::create_dir_all(&site).unwrap();
    for entry in fs::read_dir(dist()).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, site.join(file.file_name().unwrap())).unwrap();
    }
    site
}

/// Lays plain tables beside the page: the whole one is what its program has made.
fn write_plain(site: &Path, whole: &str) {
    let page = fs::read_to_string(site.join("index.html")).unwrap();
    let css =
        between(&page, "<style>", "</style>").trim_start_matches("<style>").trim_end_matches("</style>");
    let first = between(&page, "<table role=\"table\"", "</table>");
    let files = [
        (WHOLE.style, css.to_owned()),
        (AT_ONCE.style, format!("{css}\n{ALL_ROWS}")),
        (WHOLE.document, plain(&page, WHOLE.style, whole)),
        (AT_ONCE.document, plain(&page, AT_ONCE.style, whole)),
        (FIRST.document, plain(&page, FIRST.style, first)),
    ];
    for (name, text) in &files {
        fs::write(site.join(name), text).unwrap();
    }
    // At the quality of the build.
    const PACK: &str = "const [, ...names] = process.argv, fs = require('fs'), zlib = require('zlib'); \
        for (const name of names) fs.writeFileSync(name + '.br', zlib.brotliCompressSync(fs.readFileSync(name)));";
    let status =
        Command::new("node").args(["-e", PACK]).args(files.map(|(name, _)| site.join(name))).status();
    assert!(status.expect("node starts").success(), "the plain tables were not packed");
}

/// What a page has from one mark to another, with both.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let from = page.find(start).unwrap_or_else(|| panic!("the page has no {start}"));
    let length = page[from..].find(end).unwrap_or_else(|| panic!("{start} has no end"));
    &page[from..from + length + end.len()]
}

/// A table as a document of its own, with this style and without anything else.
fn plain(page: &str, style: &str, table: &str) -> String {
    // Without it the browser asks for one.
    let icon = between(page, "<link rel=\"icon\"", ">");
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Results</title>\
         {icon}<link rel=\"stylesheet\" href=\"{style}\"></head>\
         <body><main><section class=\"results\">{table}</section></main></body></html>"
    )
}

/// The medians as a Markdown table.
pub(super) fn table(report: &Value) -> String {
    let mut table = format!(
        "\n| ms, median of {TURNS} | first row: plain table | every row laid out | its first lines | page | ratio | takes \
         choices | ratio | all there | plain table has loaded |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for visit in ["cold", "warm"] {
        for (way, ..) in WAYS {
            let way = format!("{visit}, {way}");
            table.push_str(&line(&way, &report[&way]));
            table.push('\n');
        }
    }
    table
}

/// One line of it; ratios are to the first of the plain tables.
fn line(way: &str, times: &Value) -> String {
    let of = |which: &str, name: &str| number(&times[which][name]["median"]);
    let [whole, at_once, first] = PLAIN.map(|plain| of(plain.name, "row_ms"));
    let [row, answers, ready] = ["row_ms", "answers_ms", "ready_ms"].map(|name| of("page", name));
    let loaded = of(WHOLE.name, "loaded_ms");
    format!(
        "| {way} | {whole:.0} | {at_once:.0} | {first:.0} | {row:.0} | {:.2} | {answers:.0} | {:.2} | {ready:.0} | \
         {loaded:.0} |",
        row / whole,
        answers / whole
    )
}
