//! `cargo xtask shots [QUERY…]`: pictures of the built page for people to look at.

use crate::harness::{artifacts, page::Page};
use std::process::ExitCode;

/// Width and height of a phone, a laptop and a large screen in CSS pixels.
const SCREENS: [(u32, u32); 3] = [(360, 740), (1280, 800), (1920, 1080)];

/// Takes each view on each screen in both themes, from top to bottom.
pub(crate) fn take(queries: &[String]) -> ExitCode {
    let default = [String::new()];
    let queries = if queries.is_empty() { &default } else { queries };
    let folder = artifacts("shots");
    let mut page = Page::start();
    for query in queries {
        for (width, height) in SCREENS {
            for scheme in ["light", "dark"] {
                page.reset();
                page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
                page.size(width, height);
                page.open(query);
                page.wait_for("document.readyState === 'complete' && document.fonts.status === 'loaded'");
                page.run_async(
                    "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))",
                    serde_json::json!([]),
                );
                let path = folder.join(format!("{}-{width}-{scheme}.png", file_name(query)));
                page.screenshot_of_all(&path);
                println!("{}", path.display());
            }
        }
    }
    ExitCode::SUCCESS
}

fn file_name(query: &str) -> String {
    let name: String = query
        .trim_start_matches('?')
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(80)
        .collect();
    if name.is_empty() { "default".to_owned() } else { name }
}
