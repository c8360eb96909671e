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
    let open = |page: &mut Page, width: u32| {
        page.size(width, 800);
        page.visit(&server.url("docs/charts.html"));
        // The book puts its contents beside the text or away.
        page.wait_for(
            "document.documentElement.classList.contains('js') && document.readyState === 'complete'",
        );
        assert_eq!(page.eval("document.documentElement.scrollWidth - innerWidth"), 0, "{width}");
    };
    open(page, 360);
    page.wait_for("document.querySelector('.tokscope-chart').getBoundingClientRect().right <= 360");
    assert!(shown(page).len() == 3 && shown(page).iter().all(|width| (300.0..=340.0).contains(width)));
    open(page, 1280);
    assert_eq!(shown(page), [750.0; 3]);

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
    page.media(&[("prefers-color-scheme", "light")]);
    page.visit(&server.url("docs/charts.html"));
    for (at, what) in ["canvas", ".lines > tr"].into_iter().enumerate() {
        let frame = page.run(
            "const frame = document.querySelectorAll('.tokscope-embed iframe')[arguments[0]]; \
             frame.scrollIntoView(); frame.id = `live-${arguments[0]}`; return `#${frame.id}`;",
            json!([at]),
        );
        let frame = frame.as_str().expect("a selector");
        // It has said its height by then, and the link stands inside.
        page.wait_for(&format!("document.querySelector('{frame}').nextElementSibling.hidden"));
        for theme in ["navy", "light"] {
            page.run("document.documentElement.className = arguments[0]", json!([theme]));
            page.enter_frame(frame);
            page.wait_for(&format!("document.querySelector('{what}')"));
            let is_dark = theme == "navy";
            page.wait_for(&format!("(document.documentElement.dataset.theme === 'dark') === {is_dark}"));
            assert_eq!(page.count("header, .facets"), 0);
            page.leave_frames();
        }
    }
}
