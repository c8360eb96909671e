//! What the reader sees when something does not arrive or breaks.

use crate::{
    Test,
    harness::{page::Page, server::Fault},
};

pub(crate) const TESTS: &[Test] = &[
    ("a_blocked_program_is_named", a_blocked_program_is_named),
    ("a_broken_program_is_named", a_broken_program_is_named),
    ("the_panel_reloads_the_same_view", the_panel_reloads_the_same_view),
    ("a_crash_is_shown", a_crash_is_shown),
];

/// The browser's own words on what was cut off, and on the data that nobody came to fetch.
fn expect_blocked(page: &mut Page) {
    page.expect_console("ERR_BLOCKED_BY_CLIENT");
    page.expect_console("was preloaded using link preload");
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
    page.open("");
    panel_is_shown(page, "failed");
    assert_eq!(page.text_of("document.documentElement.dataset.state"), "failed");
    assert!(page.count("table tbody tr") > 0, "the static table stays");
    page.assert_accessible("with the failure panel");
}

fn a_broken_program_is_named(page: &mut Page) {
    page.open("");
    let wasm = page.text_of("document.querySelector('script[data-wasm]').dataset.wasm");
    let wasm = wasm.trim_start_matches("./");
    page.expect_console("was preloaded using link preload");
    page.expect_console("404");
    page.expect_console("500");
    page.expect_console("WebAssembly");
    page.expect_console("ERR_CONTENT_LENGTH_MISMATCH");
    let html = || Fault::Body("text/html", "<h1>Please log in</h1>".to_owned());
    for fault in [Fault::Status(404), Fault::Status(500), Fault::Cut, html()] {
        page.server().fault(wasm, fault);
        page.open("");
        panel_is_shown(page, "failed");
        page.server().heal();
    }
    page.open("");
    assert_eq!(page.text_of("document.documentElement.dataset.state"), "running");
}

fn the_panel_reloads_the_same_view(page: &mut Page) {
    expect_blocked(page);
    page.open("?q=kept");
    panel_is_shown(page, "failed");
    page.block(&[]);
    page.click("#boot-error a");
    page.wait_for("document.documentElement.dataset.state === 'running'");
    page.wait_for("document.getElementById('boot-error').hidden");
    assert!(page.address().contains("q=kept"), "{}", page.address());
}

/// What the page's panic hook leaves behind, without a panic.
fn a_crash_is_shown(page: &mut Page) {
    page.open("");
    page.run("document.documentElement.dataset.crashed = 'index out of range';", serde_json::json!([]));
    panel_is_shown(page, "crashed");
    assert_eq!(page.text("#boot-error [data-reason]"), "index out of range");
}
