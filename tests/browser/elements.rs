//! The custom element of `tokscope-chart.js` in other pages.

use serde_json::json;

use crate::{
    Test,
    any_page::{SHIFTS, layout_shift},
    embed::visit_host,
    harness::{page::Page, server::Fault},
};

pub(crate) const TESTS: &[Test] = &[
    ("the_element_keeps_its_room_and_loads_late", the_element_keeps_its_room_and_loads_late),
    ("the_element_hears_its_own_frame_only", the_element_hears_its_own_frame_only),
    ("heights_are_taken_within_bounds", heights_are_taken_within_bounds),
    ("the_element_falls_back_to_its_link", the_element_falls_back_to_its_link),
    ("elements_that_were_written_once_still_work", elements_that_were_written_once_still_work),
];

/// The element, far below the screen.
fn element(page: &Page, attributes: &str) -> String {
    let script = page.server().url("tokscope-chart.js");
    let src = page.server().url("");
    format!(
        "<script type=module src=\"{script}\"></script><svg width=10 height=9000 role=img aria-label=Space></svg>\
         <tokscope-chart src=\"{src}\" query=\"hardware=geforce-rtx-5070-12gb&amp;shape=chat\" {attributes}>\
         <a href=\"{src}\">Chat speed</a></tokscope-chart><p>After</p>"
    )
}

/// True once the frame of an element has asked for its page.
fn asked_for_page(page: &Page) -> bool {
    page.server().asked().iter().any(|(line, _)| line.contains("embed=1"))
}

fn the_element_keeps_its_room_and_loads_late(page: &mut Page) {
    let watching = page.prepare(SHIFTS);
    let body = element(page, "height=480 theme=dark");
    let _host = visit_host(page, &body);
    page.wait_for("customElements.get('tokscope-chart')");
    let room = "document.querySelector('tokscope-chart').getBoundingClientRect().height";
    page.wait_for(&format!("{room} === 480"));
    assert!(!asked_for_page(page), "{:?}", page.server().asked());
    page.run(
        "window.heights = []; addEventListener('message', ({ data }) => heights.push(data.height));",
        json!([]),
    );
    // Its first lines are on the screen: how far below it a frame is fetched, each browser decides for itself.
    page.run("scrollTo(0, 8400);", json!([]));
    page.wait_for("heights.length > 0");
    assert!(asked_for_page(page));
    page.wait_for(&format!("{room} === heights.at(-1)"));
    assert!(layout_shift(page) < 0.01, "{}", layout_shift(page));
    // A narrow page makes it higher.
    let wide = page.eval(room).as_f64().unwrap();
    page.size(360, 800);
    // Browsers lay out no foreign frame that is off the screen.
    page.run("document.querySelector('tokscope-chart').scrollIntoView();", json!([]));
    page.wait_for(&format!("{room} > {wide} && {room} === heights.at(-1)"));
    let asked: Vec<String> = page.server().asked().into_iter().map(|(line, _)| line).collect();
    assert!(asked.iter().any(|line| line.contains("shape=chat&embed=1&theme=dark")), "{asked:?}");
    // Another theme is no other page.
    let count = asked.len();
    let steps = page.eval("history.length");
    page.run("document.querySelector('tokscope-chart').setAttribute('theme', 'light');", json!([]));
    page.run("document.querySelector('tokscope-chart').setAttribute('theme', 'javascript:');", json!([]));
    assert_eq!(page.server().asked().len(), count);
    page.run(
        "heights.length = 0; document.querySelector('tokscope-chart').setAttribute('query', 'q=gemma');",
        json!([]),
    );
    page.wait_for(&format!("heights.length > 0 && {room} === heights.at(-1)"));
    let asked = page.server().asked();
    assert!(asked.iter().any(|(line, _)| line.contains("q=gemma&embed=1")), "{asked:?}");
    assert_eq!(page.eval("history.length"), steps, "the history is the host's");
    page.unprepare(watching);
}

fn the_element_hears_its_own_frame_only(page: &mut Page) {
    let body = element(page, "height=300").replace("9000", "10");
    let _host = visit_host(page, &body);
    page.run("window.heights = []; addEventListener('message', ({ source, data }) => source !== window && heights.push(data.height));", json!([]));
    let room = "document.querySelector('tokscope-chart').getBoundingClientRect().height";
    page.wait_for(&format!("{room} !== 300 && {room} === heights.at(-1)"));
    let height = page.eval(room);
    // The host itself, and another frame of it.
    page.run(
        "const other = document.createElement('iframe'); other.title = 'Other'; document.body.append(other); \
         window.done = 0; addEventListener('message', ({ data }) => { if (data === 'last') window.done++; }); \
         for (const from of [window, other.contentWindow]) { \
           for (const height of [99999, -1, 0, NaN, Infinity, '500', null, { valueOf: 1 }]) \
             from.postMessage.call(window, { type: 'tokscope:height', height }, '*'); \
           postMessage('last', '*'); }",
        json!([]),
    );
    page.wait_for("done === 2");
    assert_eq!(page.eval(room), height);
}

/// Whatever its frame says, the element stays within bounds.
fn heights_are_taken_within_bounds(page: &mut Page) {
    let script = page.server().url("tokscope-chart.js");
    for (said, height) in [("1e9", 6000), ("-5", 60), ("0.2", 60), ("333.2", 334)] {
        let html = format!(
            "<!doctype html><title>Not the page</title><link rel=icon href=data:,><script>\
             for (const height of [NaN, Infinity, '900', null, [900], {{ valueOf: 900 }}, {said}]) \
               parent.postMessage({{ type: 'tokscope:height', height }}, '*');</script>"
        );
        page.server().fault("fake.html", Fault::Body("text/html", html));
        let src = page.server().url("fake.html");
        let body = format!(
            "<script type=module src=\"{script}\"></script><tokscope-chart src=\"{src}\">x</tokscope-chart>"
        );
        let _host = visit_host(page, &body);
        page.wait_for(&format!(
            "document.querySelector('tokscope-chart').getBoundingClientRect().height === {height}"
        ));
    }
}

fn the_element_falls_back_to_its_link(page: &mut Page) {
    let script = page.server().url("tokscope-chart.js");
    let fallback = "<a href=#there>Speed of all models</a>";
    let bodies = [("javascript:alert(1)", ""), ("data:text/html,x", ""), ("http://[", "")];
    let elements: String = bodies
        .iter()
        .map(|(src, _)| format!("<tokscope-chart src=\"{src}\">{fallback}</tokscope-chart>"))
        .collect();
    let _host = visit_host(page, &format!("<script type=module src=\"{script}\"></script>{elements}"));
    page.wait_for("customElements.get('tokscope-chart')");
    for number in 1..=bodies.len() {
        let link = format!("tokscope-chart:nth-of-type({number}) a");
        page.wait_for(&format!("document.querySelector('{link}').getBoundingClientRect().height > 10"));
    }
    assert!(!asked_for_page(page));
    // Where something else than a view is, it waits for a word of it first.
    page.expect_console("404");
    // Of the page that says so.
    page.expect_console("Quirks Mode");
    let nowhere = page.server().url("nowhere/");
    let element = format!("<tokscope-chart src=\"{nowhere}\">{fallback}</tokscope-chart>");
    let _host = visit_host(page, &format!("<script type=module src=\"{script}\"></script>{element}"));
    page.wait_for("document.querySelector('tokscope-chart a').getBoundingClientRect().height > 10");
    // Without the script it is a link as well.
    page.block(&["*tokscope-chart.js"]);
    page.expect_console("ERR_BLOCKED_BY_CLIENT");
    page.expect_console("CORS request did not succeed");
    page.expect_console("Module source URI is not allowed");
    let body = self::element(page, "");
    let _host = visit_host(page, &body);
    assert_eq!(page.text("tokscope-chart a"), "Chat speed");
}

fn elements_that_were_written_once_still_work(page: &mut Page) {
    let golden = include_str!("../fixtures/embeds.txt");
    let (script, site) = (page.server().url("tokscope-chart.js"), page.server().url(""));
    let lines =
        golden.lines().filter(|line| line.starts_with('<')).map(|line| line.split_once(" | ").unwrap());
    let (elements, asked): (Vec<&str>, Vec<&str>) = lines.unzip();
    assert!(elements.len() > 4);
    for (element, query) in elements.iter().zip(asked) {
        let element = element.replace("SITE", &site);
        let body = format!("<script type=module src=\"{script}\"></script>{element}Speed</tokscope-chart>");
        let _host = visit_host(page, &body);
        page.run(
            "window.heights = []; addEventListener('message', ({ data }) => heights.push(data.height));",
            json!([]),
        );
        page.wait_for("heights.length > 0");
        let target = format!("GET {}{query}", crate::harness::server::PATH);
        let asked = page.server().asked();
        assert!(asked.iter().any(|(line, _)| *line == target), "{element}: {target} in {asked:?}");
        page.server().heal();
    }
}
