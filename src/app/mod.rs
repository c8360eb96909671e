//! The page: Leptos over the pure core.
//!
//! [`Page`] holds the only state, the [`Selection`](crate::query::Selection), and what follows from
//! it. Views read it and write the selection; effects draw canvases, write the address and nothing
//! else. Everything here also renders on the host, where the same views become the static first view
//! ([`render_to_html`]).

#[cfg(feature = "app")]
mod boot;
mod browser;
mod brush;
mod canvas;
mod charts;
#[cfg(feature = "whole")]
mod checks;
mod chips;
#[cfg(feature = "whole")]
mod compare;
#[cfg(feature = "whole")]
mod comparison;
mod controls;
mod definitions;
#[cfg(any(feature = "whole", feature = "snapshot"))]
mod details;
mod element;
#[cfg(feature = "whole")]
mod embed;
#[cfg(feature = "whole")]
mod figures;
mod frame;
#[cfg(any(feature = "whole", feature = "snapshot"))]
mod hardware;
mod header;
mod hold;
mod lines;
#[cfg(feature = "app")]
mod load;
#[cfg(any(feature = "whole", feature = "snapshot"))]
mod method;
#[cfg(feature = "whole")]
mod models;
mod near;
#[cfg(feature = "whole")]
mod own;
#[cfg(feature = "whole")]
mod points;
#[cfg(feature = "whole")]
mod rigs;
mod row;
mod scroll;
#[cfg(all(feature = "app", feature = "whole"))]
mod shards;
#[cfg(feature = "whole")]
mod share;
mod state;
mod table;
mod tag;
#[cfg(all(feature = "app", feature = "whole"))]
mod takeover;
mod window;

use leptos::prelude::*;

#[cfg(feature = "app")]
pub use boot::start;
pub use state::{Data, Page};

use self::element::{dynamic, el, nothing};
#[cfg(any(feature = "whole", feature = "snapshot"))]
use crate::query::View;

/// In how many tasks after the first one the page comes, so that the reader is never held up for long. The first one
/// brings what takes choices and the table that answers; then come what is in the menus, and the charts. Until its turn
/// each part is what the static page shows of it.
#[cfg(feature = "app")]
const PARTS: usize = 3;

/// The first element of the static page that only the whole program makes anew: what it holds depends on no
/// choice, so that the program of the first view leaves it as it is.
#[cfg(feature = "app")]
const KEPT: &str = "hardware";

/// The element of the static page that follows the table: it stays until the rows it is about are here.
#[cfg(feature = "app")]
const HELD: &str = "charts";

/// A part of the page, once it is its turn.
fn part(page: Page, number: usize, view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let is_there = Memo::new(move |_| page.parts.get() >= number);
    dynamic(move || if is_there.get() { view() } else { nothing() })
}

/// The whole page for one index.
pub(crate) fn app(page: Page) -> Vec<AnyView> {
    #[cfg(feature = "whole")]
    if let Some(part) = page.embed {
        return vec![embed::view(page, part)];
    }
    let content = dynamic(move || {
        #[cfg(any(feature = "whole", feature = "snapshot"))]
        if let Some(mut other) = other_view(page, page.view.get()) {
            other.insert(0, chips::notices(page));
            return other.into_any();
        }
        let charts = charts::Charts::beside_table(page);
        let first = vec![
            controls::controls(page),
            table::results(page),
            part(page, 2, move || charts.speed_range()),
            part(page, 3, move || charts.by_workload()),
        ];
        first.into_any()
    });
    let skip = el("a", "skip-link").text("Skip to the results");
    #[cfg(not(any(feature = "whole", feature = "snapshot")))]
    let skip = skip.attr("href", "#results");
    // Only the first view has a table of results, behind its controls.
    #[cfg(any(feature = "whole", feature = "snapshot"))]
    let skip = skip.bind("href", move || {
        Some(if page.view.get().is_first() { "#results" } else { "#content" }.to_owned())
    });
    let main = el("main", "").attr("id", "content").attr("tabindex", "-1").view(content);
    #[cfg(any(feature = "whole", feature = "snapshot"))]
    let main = main.view(below(page));
    vec![skip.build(), header::header(page), main.view(definitions::tooltip()).build()]
}

/// The views beside the first.
#[cfg(any(feature = "whole", feature = "snapshot"))]
fn other_view(page: Page, view: View) -> Option<Vec<AnyView>> {
    match view {
        View::Runs => None,
        #[cfg(feature = "whole")]
        View::Hardware => {
            let mut views = vec![hardware::hardware(page, true)];
            views.extend(rigs::view(page));
            Some(views)
        }
        #[cfg(feature = "whole")]
        View::Compare => Some(compare::view(page)),
        #[cfg(feature = "whole")]
        View::Models => Some(models::view(page)),
        #[cfg(feature = "whole")]
        View::Checks => Some(checks::view(page)),
        #[cfg(feature = "whole")]
        View::Import => Some(own::view(page)),
        _ => Some(method::method(page)),
    }
}

/// What follows the view: on every one the terms, which labels describe themselves by; on the first one also
/// the rigs, how to read the numbers and the sources.
#[cfg(any(feature = "whole", feature = "snapshot"))]
fn below(page: Page) -> Vec<AnyView> {
    let with_runs = dynamic(move || match page.view.get() {
        View::Runs => vec![hardware::hardware(page, false), method::method(page).into_any()].into_any(),
        _ => nothing(),
    });
    let sources = dynamic(move || match page.view.get() {
        View::Runs | View::Method => method::provenance(page),
        _ => nothing(),
    });
    vec![with_runs, method::definitions(page), sources]
}

/// The default view as HTML, for the built page: what is there before and without WebAssembly.
#[cfg(feature = "snapshot")]
pub fn render_to_html(index: crate::index::Index) -> String {
    let owner = Owner::new();
    let html =
        owner.with(|| app(Page::new(Data::new(index, crate::format::Locale::default()), "")).to_html());
    // Marks for a program that takes over elements, which ours does not, and the ends of what has no end. No text
    // holds them: what is in one is escaped.
    html.replace("<!>", "").replace("<!--<() />-->", "").replace("</input>", "")
}
