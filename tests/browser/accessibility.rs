//! axe finds nothing, whatever the screen and the theme.

use crate::{Test, harness::page::Page};

pub(crate) const TESTS: &[Test] =
    &[("axe_is_content", axe_is_content), ("axe_is_content_without_scripts", axe_is_content_without_scripts)];

/// Views that are audited in both themes and at both widths.
const QUERIES: &[&str] = &[""];

fn axe_is_content(page: &mut Page) {
    for scheme in ["light", "dark"] {
        for width in [320, 1280] {
            page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
            page.size(width, 800);
            for query in QUERIES {
                page.open(query);
                page.assert_accessible(&format!("{scheme} {width} px {query}"));
            }
        }
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
