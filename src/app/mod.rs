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

use self::element::{dynamic, el};
use crate::query::View;

/// The whole page for one index.
pub(crate) fn app(page: Page) -> Vec<AnyView> {
    let content = dynamic(move || {
        let views = match page.view.get() {
            View::Runs => {
                let mut views = vec![
                    controls::controls(page),
                    table::results(page),
                    charts::charts(page),
                    hardware::hardware(page),
                ];
                views.extend(method::method(page));
                views
            }
            View::Hardware => vec![hardware::hardware(page)],
            View::Method => method::method(page),
        };
        views.into_any()
    });
    let main = el("main", "").attr("id", "content").attr("tabindex", "-1");
    vec![
        el("a", "skip-link").attr("href", "#content").text("Skip to the results").build(),
        header::header(page),
        main.view(content)
            .view(method::definitions(page))
            .view(method::provenance(page))
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
