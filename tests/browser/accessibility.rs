//! axe finds nothing, whatever the view, the state, the screen and the theme.

use crate::{
    Test,
    any_page::COMPARED,
    harness::{engine::share, page::Page, server::Fault},
};

pub(crate) const TESTS: &[Test] = &[
    ("axe_is_content_light_narrow", |page| axe_is_content(page, "light", 320, &STATES)),
    ("axe_is_content_light_wide", |page| axe_is_content(page, "light", 1280, &STATES)),
    ("axe_is_content_dark_narrow", |page| axe_is_content(page, "dark", 320, &STATES)),
    ("axe_is_content_dark_wide", |page| axe_is_content(page, "dark", 1280, &STATES)),
    ("axe_is_content_with_evidence_light_narrow", |page| axe_is_content(page, "light", 320, &EVIDENCE)),
    ("axe_is_content_with_evidence_light_wide", |page| axe_is_content(page, "light", 1280, &EVIDENCE)),
    ("axe_is_content_with_evidence_dark_narrow", |page| axe_is_content(page, "dark", 320, &EVIDENCE)),
    ("axe_is_content_with_evidence_dark_wide", |page| axe_is_content(page, "dark", 1280, &EVIDENCE)),
    ("axe_is_content_without_data", axe_is_content_without_data),
    ("axe_is_content_without_scripts", axe_is_content_without_scripts),
];

/// A state: the query that opens it, and what the reader does then.
type State = (&'static str, fn(&mut Page));

fn nothing(_: &mut Page) {}

/// The same for the views of what is known of models, comparisons and checks.
const EVIDENCE: [State; 8] = [
    ("?view=compare", nothing),
    (COMPARED, |page| {
        page.run(
            "document.querySelectorAll('details.fold').forEach((fold) => { fold.open = true; });",
            serde_json::json!([]),
        );
        page.wait_for("document.querySelector('#candidates, #compare canvas')");
        page.run("document.querySelector('.chart-frame').focus();", serde_json::json!([]));
        page.keys("ArrowDown");
        page.wait_for("document.querySelector('.chart-tip')");
    }),
    ("?view=compare&pin=gpt-oss.120b.q4_k_m.strix-halo-128gb.llama.cpp.vulkan.baseline,none", |page| {
        page.wait_for("document.querySelector('.notice')");
    }),
    ("?view=model", nothing),
    ("?view=model&model=qwen3-coder-next.80b", nothing),
    ("?view=model&model=gemma-3.4b-it", |page| {
        page.hover("#model thead [data-term]");
        page.wait_for("document.getElementById('tooltip')");
    }),
    ("?view=checks", |page| page.click("#bandwidth summary")),
    ("?view=hardware&nothing=known", |page| page.wait_for("document.querySelector('.notice')")),
];

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
        page.wait_for("document.querySelector('tr.detail .row-links')");
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

fn axe_is_content(page: &mut Page, scheme: &str, width: u32, states: &[State]) {
    page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
    page.size(width, 800);
    for (number, (query, act)) in share(states.iter().enumerate(), 2) {
        page.open(query);
        act(page);
        page.assert_accessible(&format!("{scheme} {width} px, state {number}: {query}"));
    }
}

fn axe_is_content_without_data(page: &mut Page) {
    page.expect_console("500");
    for file in ["first.json", "index.json"] {
        page.server().fault(file, Fault::Status(500));
    }
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
    page.expect_console("Loading failed for the module");
    page.expect_console("link preload");
    page.block(&["*tokscope-page-*.js"]);
    page.visit(&page.server().url(""));
    page.assert_accessible("static page");
}
