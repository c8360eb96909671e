//! The page: Leptos over the pure core.
//!
//! [`Page`] holds the only state, the [`Selection`](crate::query::Selection), and what follows from
//! it. Views read it and write the selection; effects draw canvases, write the address and nothing
//! else. Everything here also renders on the host, where the same views become the static first view
//! ([`render_to_html`]).

#[cfg(feature = "app")]
mod boot;
mod browser;
mod canvas;
mod charts;
mod chips;
mod controls;
mod definitions;
mod details;
mod element;
mod hardware;
mod header;
mod method;
mod state;
mod table;
mod window;

use leptos::prelude::*;

#[cfg(feature = "app")]
pub use boot::start;
pub use state::{Data, Page};

use self::element::{dynamic, el, nothing};
use crate::query::View;

/// How many children of the static page's `main` stand for each part of the page that [`app`] makes.
///
/// The first part comes with the header. Each of the others has a task of its own, so that the reader
/// is never held up for long, and until then the static page stays in its place.
const PARTS: [usize; 8] = [1, 1, 1, 1, 1, 3, 1, 1];

/// A part of the page, once it is its turn.
fn part(page: Page, number: usize, view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let is_there = Memo::new(move |_| page.parts.get() >= number);
    dynamic(move || if is_there.get() { view() } else { nothing() })
}

/// The whole page for one index.
pub(crate) fn app(page: Page) -> Vec<AnyView> {
    let hardware = move || part(page, 4, move || hardware::hardware(page));
    let method = move || part(page, 5, move || method::method(page).into_any());
    let content = dynamic(move || {
        let views = match page.view.get() {
            View::Runs => {
                let charts = charts::Charts::new(page);
                vec![
                    controls::controls(page),
                    part(page, 1, move || table::results(page)),
                    part(page, 2, move || charts.speed_range()),
                    part(page, 3, move || charts.by_workload()),
                    hardware(),
                    method(),
                ]
            }
            View::Hardware => vec![hardware()],
            View::Method => vec![method()],
        };
        views.into_any()
    });
    let main = el("main", "").attr("id", "content").attr("tabindex", "-1");
    vec![
        el("a", "skip-link").attr("href", "#content").text("Skip to the results").build(),
        header::header(page),
        main.view(content)
            .view(part(page, 6, move || method::definitions(page)))
            .view(part(page, 7, move || method::provenance(page)))
            .view(definitions::tooltip(page))
            .build(),
    ]
}

/// The default view as HTML, for the built page: what is there before and without WebAssembly.
#[cfg(feature = "snapshot")]
pub fn render_to_html(index: crate::index::Index) -> String {
    let owner = Owner::new();
    owner.with(|| app(Page::new(Data::new(index, crate::format::Locale::default()), "")).to_html())
}
