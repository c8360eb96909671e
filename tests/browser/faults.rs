//! What the reader sees when something does not arrive or breaks.

use crate::{
    Test,
    harness::{page::Page, server::Fault},
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("a_blocked_program_is_named", a_blocked_program_is_named),
    ("a_broken_program_is_named", a_broken_program_is_named),
    ("a_broken_whole_program_is_named", a_broken_whole_program_is_named),
    ("the_panel_reloads_the_same_view", the_panel_reloads_the_same_view),
    ("a_crash_is_shown", a_crash_is_shown),
    ("a_page_that_answers_goes_on_without_the_rest", a_page_that_answers_goes_on_without_the_rest),
    ("missing_data_is_named_and_can_be_asked_for_again", missing_data_is_named_and_can_be_asked_for_again),
];

/// The browser's own words on what was cut off, and on the data that nobody came to fetch.
fn expect_blocked(page: &mut Page) {
    page.expect_console("ERR_BLOCKED_BY_CLIENT");
    page.expect_console("Loading failed for the <script>");
    page.expect_console("link preload");
    page.block(&["*.wasm"]);
}

fn panel_is_shown(page: &Page, part: &str) {
    page.wait_for("!document.getElementById('boot-error').hidden");
    assert!(page.count(&format!("#boot-error [data-when={part}]:not([hidden])")) == 1, "{part}");
    assert_eq!(page.count("#boot-error [data-when]:not([hidden])"), 1);
    assert!(!page.text("#boot-error [data-reason]").is_empty());
}

fn a_blocked_program_is_named(page: &mut Page) {
    expect_blocked(page);
    page.open_into("", "failed");
    panel_is_shown(page, "failed");
    assert!(page.count("table tbody tr") > 0, "the static table stays");
    let inside = "document.getElementById('boot-error').getBoundingClientRect().left > 4";
    assert_eq!(page.eval(inside), true, "the panel is apart from the window's edge");
    let alive = "#app :is(.control-row, .link-button, .sort, .group button):not([inert], :disabled)";
    assert_eq!(page.count(alive), 0, "static controls choose nothing");
    page.assert_accessible("with the failure panel");
}

/// The browser's own words on what did not arrive or is something else.
fn expect_broken(page: &mut Page) {
    page.expect_console("link preload");
    page.expect_console("404");
    page.expect_console("500");
    page.expect_console("WebAssembly");
    page.expect_console("ERR_CONTENT_LENGTH_MISMATCH");
}

fn html() -> Fault {
    Fault::Body("text/html", "<h1>Please log in</h1>".to_owned())
}

fn a_broken_program_is_named(page: &mut Page) {
    page.open("");
    let wasm = page.text_of("document.querySelector('script[data-wasm]').dataset.wasm");
    let wasm = wasm.trim_start_matches("./");
    expect_broken(page);
    for fault in [Fault::Status(404), Fault::Status(500), Fault::Cut, html()] {
        page.server().fault(wasm, fault);
        page.open_into("", "failed");
        panel_is_shown(page, "failed");
        page.server().heal();
    }
    page.open("");
}

/// The program of every view but the first, and the script that starts it.
fn a_broken_whole_program_is_named(page: &mut Page) {
    page.open("");
    let whole = page.text_of("document.querySelector('script[data-whole]').dataset.whole");
    let whole = whole.trim_start_matches("./");
    expect_broken(page);
    for words in ["Failed to load module script", "Loading failed for the module", "disallowed MIME type"] {
        page.expect_console(words);
    }
    let (wasm, script) = (format!("{whole}_bg.wasm"), format!("{whole}.js"));
    let faults = [
        ("?view=compare", &wasm, Fault::Status(404)),
        ("?view=model&model=qwen3-coder-next.80b", &wasm, Fault::Cut),
        ("?view=checks", &wasm, html()),
        ("?view=hardware", &script, Fault::Status(404)),
        ("?view=method", &script, html()),
    ];
    for (query, file, fault) in faults {
        page.server().fault(file, fault);
        page.open_into(query, "failed");
        panel_is_shown(page, "failed");
        page.server().heal();
        page.click("#boot-error button");
        page.wait_for_state("ready");
        page.wait_for("document.getElementById('boot-error').hidden");
        assert_eq!(page.address(), query);
    }
    // The first view does without it, and says so where a link leads to it.
    page.server().fault(&wasm, Fault::Status(404));
    page.open("");
    page.click("nav a:nth-child(3)");
    page.wait_for("!document.getElementById('boot-error').hidden && location.search === ''");
    panel_is_shown(page, "incomplete");
    page.assert_accessible("without the whole program");
}

fn the_panel_reloads_the_same_view(page: &mut Page) {
    expect_blocked(page);
    page.open_into("?q=kept", "failed");
    panel_is_shown(page, "failed");
    page.block(&[]);
    page.click("#boot-error button");
    page.wait_for_state("ready");
    page.wait_for("document.getElementById('boot-error').hidden");
    assert!(page.address().contains("q=kept"), "{}", page.address());
    // So does the link to the view that failed.
    expect_blocked(page);
    page.open_into("", "failed");
    page.block(&[]);
    page.click("nav a:nth-child(1)");
    page.wait_for_state("ready");
}

/// What the page's panic hook leaves behind, without a panic.
fn a_crash_is_shown(page: &mut Page) {
    page.open("");
    page.run("document.documentElement.dataset.crashed = 'index out of range';", serde_json::json!([]));
    panel_is_shown(page, "crashed");
    assert_eq!(page.text("#boot-error [data-reason]"), "index out of range");
}

/// The results of the first view are here when the whole program finds no others.
fn a_page_that_answers_goes_on_without_the_rest(page: &mut Page) {
    page.expect_console("500");
    page.server().fault("index.json", Fault::Status(500));
    page.open("");
    page.click(".row .open-row");
    page.wait_for("document.querySelector('#load-error [role=alert]')");
    assert_eq!(page.count("[inert]"), 0, "its controls answer");
    page.click("thead .column-quant .sort");
    page.wait_for("document.querySelector('.column-quant[aria-sort]')");
}

fn missing_data_is_named_and_can_be_asked_for_again(page: &mut Page) {
    for message in ["404", "500", "ERR_CONTENT_LENGTH_MISMATCH", "link preload"] {
        page.expect_console(message);
    }
    let json = |text: &str| Fault::Body("application/json", text.to_owned());
    let faults =
        [Fault::Status(404), Fault::Status(500), Fault::Cut, html(), json(""), json("{}"), json("[[[[")];
    for fault in faults {
        let name = format!("{fault:?}");
        page.server().fault("index.json", fault);
        page.open_into("?q=kept", "no-data");
        page.wait_for("document.querySelector('[role=alert]:not([hidden])')");
        let said = page.text("[role=alert]:not([hidden])");
        assert!(said.contains("index.json"), "{name}");
        assert_eq!(said.contains("is a web page"), name.contains("html"), "{name}: {said}");
        assert!(page.count("table tbody tr") > 0, "{name}: the static table stays");
        let dead = page.count(".control-row[inert]") + page.count(".share-button[inert]");
        assert_eq!(dead, 3, "{name}: static controls choose nothing, and nothing is shared");
        let note = page.eval("document.querySelector('.static-note').checkVisibility()");
        assert_eq!(note, json!(true), "{name}: it is not what the address asks for");
        page.click("[role=alert]:not([hidden]) button");
        page.wait_for("document.activeElement.matches('#load-error button')");
        page.server().heal();
        page.keys("Enter");
        page.wait_for_state("ready");
        page.wait_for("document.activeElement.matches('main')");
        assert_eq!(page.count("[role=alert]:not([hidden]), [inert]"), 0, "{name}");
        assert_eq!(
            page.eval("document.querySelector('.static-note').checkVisibility()"),
            json!(false),
            "{name}"
        );
        assert!(page.address().contains("q=kept"), "{name}: {}", page.address());
        let heads = page.server().heads();
        let is_new = |head: &String| head.contains("cache-control: no-cache");
        assert!(heads.iter().any(is_new), "{name}: no cache may answer: {heads:?}");
    }
}
