//! The documentation as a book beside the page, as `tests/docs_kit` built it.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::{
    Test,
    harness::{artifacts, dist, page::Page, server::Server},
};

pub(crate) const TESTS: &[Test] = &[
    ("drawings_fit_the_screen_and_follow_the_theme", drawings_fit_the_screen_and_follow_the_theme),
    ("frames_show_the_page_beside_the_book", frames_show_the_page_beside_the_book),
];

/// A server of the page with the book in a folder of it; `None`, and said, where no book has been built.
fn served(page: &mut Page, name: &str) -> Option<Server> {
    let book = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs-kit/docs");
    if !book.join("charts.html").is_file() {
        println!("skipped: {} is not here; cargo xtask test builds it", book.display());
        return None;
    }
    let site = artifacts(name);
    fs::remove_dir_all(&site).expect("an old site goes");
    copy(&dist(), &site);
    copy(&book, &site.join("docs"));
    let server = Server::start(site);
    page.expect_origin(&server.origin());
    Some(server)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}

/// Widths of the drawings that are shown, as laid out.
fn shown(page: &Page) -> Vec<f64> {
    let widths = page.eval(
        "[...document.querySelectorAll('.tokscope-chart svg')].map((svg) => svg.getBoundingClientRect()) \
         .filter(({ width }) => width > 0).map(({ width }) => width)",
    );
    widths.as_array().expect("a list").iter().filter_map(serde_json::Value::as_f64).collect()
}

fn drawings_fit_the_screen_and_follow_the_theme(page: &mut Page) {
    let Some(server) = served(page, "book-drawings") else { return };
    page.visit(&server.url("docs/charts.html"));
    page.wait_for("document.querySelectorAll('.tokscope-chart').length === 3");
    assert_eq!(shown(page), [750.0; 3]);
    page.size(360, 800);
    page.wait_for("document.querySelector('.tokscope-chart').clientWidth < 360");
    assert!(shown(page).len() == 3 && shown(page).iter().all(|width| (300.0..=340.0).contains(width)));
    assert_eq!(page.eval("document.documentElement.scrollWidth - innerWidth"), 0);

    // Whatever the system says, the reader's theme counts.
    let ink = "document.documentElement.className = arguments[0]; \
               return getComputedStyle(document.querySelector('.tokscope-chart .ts-ink')).fill";
    for scheme in ["light", "dark"] {
        page.media(&[("prefers-color-scheme", scheme)]);
        let inks = ["light", "rust", "coal", "navy", "ayu"].map(|theme| page.run(ink, json!([theme])));
        assert!(
            inks[0] == inks[1] && inks[2] == inks[3] && inks[3] == inks[4] && inks[0] != inks[2],
            "{inks:?}"
        );
    }
}

fn frames_show_the_page_beside_the_book(page: &mut Page) {
    let Some(server) = served(page, "book-frames") else { return };
    page.visit(&server.url("docs/charts.html"));
    page.run("document.querySelector('iframe[sandbox]').scrollIntoView()", json!([]));
    page.enter_frame("iframe[sandbox]");
    page.wait_for("document.querySelectorAll('#rows > tr').length > 5");
    assert_eq!(page.count("header, .facets"), 0);
    page.leave_frames();
    // The element keeps its frame to itself; how high it is, it takes from what is shown.
    page.run("document.querySelector('tokscope-chart').scrollIntoView()", json!([]));
    page.wait_for("customElements.get('tokscope-chart')");
    let asked = || server.asked().iter().filter(|(target, _)| target.contains("embed=1")).count();
    page.wait_for("document.querySelector('tokscope-chart').getBoundingClientRect().height > 300");
    assert_eq!(asked(), 1, "{:?}", server.asked());
}
