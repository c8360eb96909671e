//! axe finds nothing, whatever the view, the state, the screen and the theme.

use crate::{
    Test,
    harness::{page::Page, server::Fault},
};

pub(crate) const TESTS: &[Test] = &[
    ("axe_is_content_light_narrow", |page| axe_is_content(page, "light", 320)),
    ("axe_is_content_light_wide", |page| axe_is_content(page, "light", 1280)),
    ("axe_is_content_dark_narrow", |page| axe_is_content(page, "dark", 320)),
    ("axe_is_content_dark_wide", |page| axe_is_content(page, "dark", 1280)),
    ("axe_is_content_without_data", axe_is_content_without_data),
    ("axe_is_content_without_scripts", axe_is_content_without_scripts),
];

/// A state: the query that opens it, and what the reader does then.
type State = (&'static str, fn(&mut Page));

fn nothing(_: &mut Page) {}

const STATES: [State; 8] = [
    ("", nothing),
    ("?view=hardware", nothing),
    ("?view=method", nothing),
    // Charts with their data, all groups folded, and everything chosen.
    (
        "?group=quant&fold=q4_k_m&hardware=geforce-rtx-3090-24gb&conc=all&metric=ttft&sort=quant&bars=all",
        |page| {
            page.run(
                "document.querySelectorAll('details.fold').forEach((fold) => { fold.open = true; });",
                serde_json::json!([]),
            );
        },
    ),
    // A row with failures and repetitions, and a filter with a notice.
    ("?hardware=strix-halo-128gb&q=vl&nothing=known", |page| {
        page.wait_for("document.querySelector('.notice')");
        page.click(".row .open-row");
        page.wait_for("document.querySelector('tr.detail')");
    }),
    ("?hardware=geforce-rtx-5070-12gb", |page| {
        page.click(".facet:nth-child(3) summary");
        page.wait_for("document.querySelector('.facet:nth-child(3)').open");
    }),
    ("?hardware=geforce-rtx-5070-12gb", |page| {
        page.hover("thead .column-metric .sort");
        page.wait_for("document.getElementById('tooltip')");
    }),
    ("?q=no%20such%20model", |page| page.wait_for("document.querySelector('.results .empty')")),
];

fn axe_is_content(page: &mut Page, scheme: &str, width: u32) {
    page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
    page.size(width, 800);
    for (number, (query, act)) in STATES.iter().enumerate() {
        page.open(query);
        act(page);
        page.assert_accessible(&format!("{scheme} {width} px, state {number}: {query}"));
    }
}

fn axe_is_content_without_data(page: &mut Page) {
    page.expect_console("500");
    page.server().fault("index.json", Fault::Status(500));
    for (scheme, width) in [("light", 320), ("dark", 1280)] {
        page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
        page.size(width, 800);
        page.open_into("", "no-data");
        page.wait_for("document.querySelector('#load-error [role=alert]')");
        page.assert_accessible(&format!("{scheme} {width} px, without data"));
    }
}

/// The page's scripts are blocked, axe itself has to run.
fn axe_is_content_without_scripts(page: &mut Page) {
    page.expect_console("ERR_BLOCKED_BY_CLIENT");
    page.expect_console("was preloaded using link preload");
    page.block(&["*boot.js"]);
    page.visit(&page.server().url(""));
    page.assert_accessible("static page");
}
