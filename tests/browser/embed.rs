//! Parts of the page inside other pages, in a sandboxed frame.

use serde_json::{Value, json};
use tokscope::export::view::{Export, embed};
use tokscope::index::Index;
use tokscope::query::{Choices, Embed, from_query};

use crate::{
    Test,
    any_page::COMPARED,
    harness::{
        dist,
        page::Page,
        server::{Fault, Server},
    },
};

pub(crate) const TESTS: &[Test] = &[
    ("a_sandboxed_frame_shows_one_chart_and_its_credit", a_sandboxed_frame_shows_one_chart_and_its_credit),
    ("the_height_follows_what_is_shown", the_height_follows_what_is_shown),
    ("a_theme_is_taken_and_nothing_else", a_theme_is_taken_and_nothing_else),
    ("the_chart_leads_to_the_full_view", the_chart_leads_to_the_full_view),
    ("a_table_is_short_and_its_rows_open", a_table_is_short_and_its_rows_open),
    ("what_is_not_known_is_said", what_is_not_known_is_said),
    ("without_results_or_program_it_says_so_and_links", without_results_or_program_it_says_so_and_links),
    ("what_was_embedded_once_still_works", what_was_embedded_once_still_works),
    ("snippets_leave_the_room_it_takes", snippets_leave_the_room_it_takes),
    ("axe_is_content", axe_is_content),
];

/// The sandbox of every snippet.
const SANDBOX: &str = embed::SANDBOX;

/// A page of another origin with this body, which writes down what its frames say. Its policy lets it show frames and
/// the element, and no style or script of its own.
pub(crate) fn visit_host(page: &mut Page, body: &str) -> Server {
    let host = Server::start(dist());
    page.expect_origin(&host.origin());
    let site = page.server().origin();
    let html = format!(
        "<!doctype html><html lang=en><head><title>Host</title><link rel=icon href=data:,>\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:; frame-src {site}; \
         script-src {site}; style-src 'self'\"></head><body><h1>Host</h1><main>{body}</main></body></html>"
    );
    host.fault("host.html", Fault::Body("text/html; charset=utf-8", html));
    page.visit(&host.url("host.html"));
    host
}

/// Puts a sandboxed frame of this width into the host page, and waits until it has said its height, which the host
/// then gives it.
fn show_frame(page: &mut Page, query: &str, width: u32) {
    let url = page.server().url(query);
    page.run(
        "window.said = []; window.heights = []; \
         addEventListener('message', ({ source, origin, data }) => { \
           said.push([origin, data]); \
           const frame = [...document.querySelectorAll('iframe')].find((one) => one.contentWindow === source); \
           if (frame && data?.type === 'tokscope:height') { heights.push(data.height); frame.height = data.height; } }); \
         const frame = document.createElement('iframe'); \
         frame.setAttribute('sandbox', arguments[1]); frame.frameBorder = 0; \
         frame.width = arguments[2]; frame.height = 300; frame.title = 'Speed'; frame.src = arguments[0]; \
         document.querySelector('main').append(frame);",
        json!([url, SANDBOX, width]),
    );
    page.wait_for("heights.length > 0");
    settle(page);
}

/// Waits until the frame is as high as what it shows.
fn settle(page: &mut Page) {
    page.enter_frame("iframe");
    page.wait_for("!document.documentElement.dataset.charts && Math.ceil(document.body.getBoundingClientRect().height) === innerHeight");
    page.leave_frames();
}

fn last_height(page: &Page) -> f64 {
    page.eval("heights.at(-1)").as_f64().expect("a height")
}

const CHART: &str = "?hardware=geforce-rtx-5070-12gb&shape=chat&embed=1";

fn a_sandboxed_frame_shows_one_chart_and_its_credit(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, CHART, 700);
    let full = page.server().url("?hardware=geforce-rtx-5070-12gb&shape=chat");
    page.enter_frame("iframe");
    assert_eq!(page.text_of("self.origin"), "null");
    assert_eq!(
        page.eval("(() => { try { return Boolean(localStorage); } catch (error) { return error.name; } })()"),
        "SecurityError"
    );
    assert_eq!(page.count("canvas"), 1);
    assert_eq!(page.text("h3"), "chat: Decode tok/s, concurrency 1");
    assert_eq!(
        page.count(".site-header, .controls, nav, .site-footer, .results, .section:not(#definitions)"),
        0
    );
    let credit = page.text("#embed-credit");
    for part in ["Tokscope", "Source", "Latest run 20", "Open the full view"] {
        assert!(credit.contains(part), "{credit}");
    }
    assert!(page.text("main").contains("Hardware: GeForce RTX 5070"), "{}", page.text("main"));
    let link = page
        .eval("(({ href, target, rel }) => [href, target, rel])(document.querySelector('#embed-credit a'))");
    assert_eq!(link, json!([full, "_blank", "noopener"]));
    assert_eq!(page.eval("document.scrollingElement.scrollHeight <= innerHeight"), true);
    page.leave_frames();
    // Heights, and nothing else, from nobody's origin.
    let said = page.eval("said");
    let said = said.as_array().expect("a list");
    for one in said {
        assert_eq!(one[0], "null", "{one}");
        assert_eq!(one[1]["type"], "tokscope:height", "{one}");
        assert_eq!(one[1].as_object().unwrap().len(), 2, "{one}");
    }
}

fn the_height_follows_what_is_shown(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, CHART, 900);
    let wide = last_height(page);
    let told = page.eval("heights.length");
    page.run("document.querySelector('iframe').contentWindow.postMessage({ type: 'tokscope:theme', theme: 'dark' }, '*');", json!([]));
    page.enter_frame("iframe");
    page.wait_for("document.documentElement.dataset.theme === 'dark' && document.documentElement.dataset.drawn === 'dark'");
    page.leave_frames();
    assert_eq!(page.eval("heights.length"), told, "a theme has no height");
    page.run("document.querySelector('iframe').width = 320;", json!([]));
    page.wait_for(&format!("heights.at(-1) > {wide}"));
    settle(page);
    page.run("document.querySelector('iframe').width = 900;", json!([]));
    page.wait_for(&format!("heights.at(-1) === {wide}"));
    // What is folded out is shown too, and gone when folded.
    page.enter_frame("iframe");
    page.click(".chart-data summary");
    page.leave_frames();
    page.wait_for(&format!("heights.at(-1) > {wide} + 100"));
    settle(page);
    page.enter_frame("iframe");
    page.click(".chart-data summary");
    page.leave_frames();
    page.wait_for(&format!("heights.at(-1) === {wide}"));
}

fn a_theme_is_taken_and_nothing_else(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, &format!("{CHART}&theme=light"), 700);
    let told = page.eval("heights.length");
    let before = {
        page.enter_frame("iframe");
        let before = page.eval("document.body.innerHTML.length");
        assert_eq!(page.text_of("document.documentElement.dataset.theme"), "light");
        page.leave_frames();
        before
    };
    page.run(
        "const { contentWindow } = document.querySelector('iframe'); \
         const hostile = [null, 0, '', 'tokscope:theme', [], {}, { type: 'tokscope:theme' }, \
           { type: 'tokscope:theme', theme: null }, { type: 'tokscope:theme', theme: ['dark'] }, \
           { type: 'tokscope:theme', theme: 'javascript:alert(1)' }, { type: 'tokscope:theme', theme: 'x'.repeat(1e6) }, \
           { type: 'tokscope:theme', theme: '__proto__' }, { type: 'tokscope:theme', theme: { toString: 1 } }, \
           { type: 'tokscope:height', height: 5 }, { type: ['tokscope:theme'], theme: 'dark' }, \
           { type: 'TOKSCOPE:THEME', theme: 'dark' }, new ArrayBuffer(9), new Map([['type', 'tokscope:theme']])]; \
         for (const message of hostile) contentWindow.postMessage(message, '*');",
        json!([]),
    );
    page.enter_frame("iframe");
    // A message of its own comes after those, and is not from the page around either.
    page.run("addEventListener('message', ({ data }) => { if (data === 'last') window.last = true; }); postMessage({ type: 'tokscope:theme', theme: 'dark' }, '*'); postMessage('last', '*');", json!([]));
    page.wait_for("window.last");
    assert_eq!(page.text_of("document.documentElement.dataset.theme"), "light");
    assert_eq!(page.eval("document.body.innerHTML.length"), before);
    page.leave_frames();
    assert_eq!(page.eval("heights.length"), told);
    for (theme, worn) in [("dark", json!("dark")), ("auto", Value::Null), ("light", json!("light"))] {
        page.run("document.querySelector('iframe').contentWindow.postMessage({ type: 'tokscope:theme', theme: arguments[0] }, '*');", json!([theme]));
        page.enter_frame("iframe");
        page.wait_for(&format!("(document.documentElement.dataset.theme ?? null) === {worn}"));
        page.leave_frames();
    }
}

fn the_chart_leads_to_the_full_view(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, CHART, 700);
    let full = page.server().url("?hardware=geforce-rtx-5070-12gb&shape=chat");
    let opens: [fn(&mut Page); 3] = [
        |page| page.click(".chart-frame"),
        |page| page.click("#embed-credit a"),
        |page| {
            page.run("document.querySelector('.chart-frame').focus();", json!([]));
            page.keys("Enter");
        },
    ];
    for open in opens {
        page.enter_frame("iframe");
        open(page);
        page.leave_frames();
        let start = std::time::Instant::now();
        let opened = loop {
            match page.close_other_tab() {
                Some(address) => break address,
                None => assert!(start.elapsed().as_secs() < 20, "no tab was opened"),
            }
        };
        assert_eq!(opened, full);
        assert_eq!(page.text_of("document.title"), "Host");
    }
    // A tap reads a bar.
    page.enter_frame("iframe");
    page.tap(".chart-frame");
    page.wait_for("document.querySelector('.chart-tip')");
    page.leave_frames();
    assert_eq!(page.count_of_tabs(), 1);
}

fn a_table_is_short_and_its_rows_open(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, "?conc=all&embed=table", 1000);
    page.enter_frame("iframe");
    let lines = page.count(".lines > tr");
    assert_eq!(lines, 12);
    assert!(page.text(".more-rows").contains(" in the full view"), "{}", page.text(".more-rows"));
    assert_eq!(
        page.text_of("getComputedStyle(document.querySelector('.results-table thead th')).position"),
        "static"
    );
    let history = page.eval("history.length");
    page.click(".column-quant .sort");
    page.wait_for("document.querySelector('.column-quant').ariaSort");
    page.click(".open-row");
    page.wait_for("document.querySelector('tr.detail .row-links a')");
    // Nothing of it is in the address, which is the host's to choose, or in the history, which is the host's.
    assert!(page.text_of("location.search").ends_with("embed=table"));
    assert_eq!(page.eval("history.length"), history);
    let links = page.eval("[...document.querySelectorAll('.row-links a')].every((link) => link.href.includes('view=') && !link.href.includes('embed'))");
    assert_eq!(links, true);
    assert_eq!(page.text_of("document.querySelector('base').target"), "_blank");
    page.hover(".column-metric .sort");
    page.wait_for("document.getElementById('tooltip')");
    page.leave_frames();
    settle(page);
}

fn what_is_not_known_is_said(page: &mut Page) {
    let _host = visit_host(page, "");
    show_frame(page, "?embed=everything&hardware=nonesuch", 700);
    page.enter_frame("iframe");
    let notice = page.text(".notice");
    assert!(notice.contains("embed=everything is not known here"), "{notice}");
    assert!(notice.contains("hardware=nonesuch is not known here"), "{notice}");
    assert_eq!(page.count("canvas"), 1);
    page.leave_frames();
    // The chart of the chosen shape, and no other one in its place.
    page.open("?shape=chat&conc=4&embed=1");
    assert_eq!((page.count("canvas"), page.text(".charts .empty").is_empty()), (0, false));
    // A model of which no points can be drawn has bars.
    page.open("?view=model&model=gemma-4.e4b-it&embed=1");
    assert_eq!(page.count("canvas"), 1);
    let _host = visit_host(page, "");
    show_frame(page, "?embed=1", 700);
    // Files are for the page around.
    page.enter_frame("iframe");
    page.run(
        "const data = new DataTransfer(); data.items.add(new File(['x'], 'x.txt')); \
         document.body.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));",
        json!([]),
    );
    assert_eq!(page.eval("'dragging' in document.documentElement.dataset"), false);
    page.leave_frames();
}

fn without_results_or_program_it_says_so_and_links(page: &mut Page) {
    page.expect_console("500");
    page.expect_console("404");
    let full = page.server().url("?q=gemma");
    page.server().fault("index.json", Fault::Status(500));
    let host = visit_host(page, "");
    show_frame(page, "?q=gemma&embed=1", 700);
    page.enter_frame("iframe");
    let said = page.text("#load-error");
    assert!(said.contains("the server answered 500") && said.contains("Try again"), "{said}");
    assert_eq!(page.text_of("document.querySelector('#embed-credit a').href"), full);
    page.server().heal();
    page.click("#load-error button");
    page.wait_for("document.querySelector('canvas')");
    page.leave_frames();
    drop(host);

    let names =
        std::fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let program =
        names.into_iter().find(|name| name.starts_with("tokscope-whole") && name.ends_with(".wasm"));
    page.server().fault(&program.unwrap(), Fault::Status(404));
    let _host = visit_host(page, "");
    show_frame(page, "?q=gemma&embed=1", 700);
    page.enter_frame("iframe");
    assert!(page.text("#boot-error:not([hidden])").contains("could not start"));
    assert_eq!(page.text_of("document.querySelector('#embed-credit a').href"), full);
    page.leave_frames();
    assert!(last_height(page) < 400.0, "{}", last_height(page));
}

fn what_was_embedded_once_still_works(page: &mut Page) {
    let golden = include_str!("../fixtures/embeds.txt");
    let lines: Vec<&str> = golden.lines().filter(|line| line.starts_with('?')).collect();
    assert!(lines.len() > 10);
    for line in lines {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [query, title, charts, tables] = parts[..] else { panic!("{line}") };
        page.open(query);
        page.wait_for("!document.querySelector('.chart-frame') || document.querySelector('.chart-frame').clientHeight > 60");
        assert_eq!(page.text_of("document.querySelector('main h3, #results').textContent"), title, "{query}");
        for (selector, least) in
            [("canvas", charts), ("main table:not(.chart-data table, #definitions table)", tables)]
        {
            let (count, least): (u64, u64) = (page.count(selector), least.parse().unwrap());
            assert!(count >= least && (count == 0) == (least == 0), "{query}: {count} of {selector}");
        }
        assert_eq!(page.count(".notice"), 0, "{query}");
        assert!(page.text("#embed-sources").contains("Source"), "{query}");
    }
}

fn snippets_leave_the_room_it_takes(page: &mut Page) {
    let index = std::fs::read(dist().join("index.json")).unwrap();
    let index = Index::from_json(&index).unwrap();
    let choices = Choices::of(&index);
    page.size(700, 800);
    let mut faults = Vec::new();
    for (query, kind) in [
        ("", Embed::Chart),
        ("hardware=geforce-rtx-5070-12gb&shape=chat", Embed::Chart),
        ("hardware=strix-halo-96gb", Embed::Chart),
        ("shape=chat&metric=ttft", Embed::Chart),
        ("hardware=geforce-rtx-5070-12gb", Embed::Charts),
        ("q=gemma", Embed::Table),
        ("group=none", Embed::Table),
        ("hardware=strix-halo-96gb", Embed::Table),
    ] {
        let (selection, _) = from_query(query, &choices);
        let export = Export { index: &index, choices: &choices, selection: &selection, base: None };
        page.open(&format!("?{query}&embed={}", kind.slug()));
        page.wait_for("!document.querySelector('.chart-frame') || document.querySelector('.chart-frame').clientHeight > 60");
        let took = page.eval("Math.ceil(document.body.getBoundingClientRect().height)").as_f64().unwrap();
        let left = embed::height(&export, kind) as f64;
        println!("     {query} {kind:?}: {took} of {left}");
        if took > left || left - took > 0.25 * left {
            faults.push(format!("{query} {kind:?}: {took} of {left}"));
        }
    }
    assert!(faults.is_empty(), "{faults:?}");
}

fn axe_is_content(page: &mut Page) {
    let compared = format!("{COMPARED}&embed=1");
    for (scheme, width) in [("light", 360), ("dark", 1280)] {
        page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
        page.size(width, 800);
        for query in [CHART, "?q=gemma&embed=table&nothing=known", "?q=nonesuch&embed=1", &compared] {
            page.open(query);
            page.assert_accessible(&format!("{scheme} {width} px, {query}"));
            let wide =
                page.eval("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
            assert_eq!(wide, 0, "{query} at {width} px");
        }
    }
}
