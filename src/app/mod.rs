//! The page: Leptos components over the pure core.
//!
//! [`Page`] holds the only state, the [`Selection`](crate::query::Selection), and what follows from
//! it. Components read memos and write the selection; effects draw canvases, write the address and
//! nothing else. Everything here also renders on the host, where the same components become the
//! static first view ([`render_to_html`]).

#[cfg(feature = "app")]
mod boot;
mod browser;
mod canvas;
mod charts;
mod controls;
mod definitions;
mod details;
mod hardware;
mod header;
mod method;
mod state;
mod table;
mod window;

use leptos::prelude::*;

#[cfg(feature = "app")]
pub use boot::start;
pub use state::{Data, Page, provide_page, use_page};

use crate::query::View;

/// The whole page for one index.
#[component]
fn App() -> impl IntoView {
    let page = use_page();
    view! {
        <a class="skip-link" href="#content">"Skip to the results"</a>
        <header::Header />
        <main id="content" tabindex="-1">
            {move || match page.view.get() {
                View::Runs => view! {
                    <controls::Controls />
                    <table::ResultsTable />
                    <charts::Charts />
                    <hardware::Hardware />
                    <method::Method />
                }
                .into_any(),
                View::Hardware => view! { <hardware::Hardware /> }.into_any(),
                View::Method => view! { <method::Method /> }.into_any(),
            }}
            <method::Definitions />
            <method::Provenance />
        </main>
        <definitions::Tooltip />
    }
}

/// The default view as HTML, for the built page: what is there before and without WebAssembly.
#[cfg(feature = "snapshot")]
pub fn render_to_html(index: crate::index::Index) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_page(Data::new(index, crate::format::Locale::default()), "");
        view! { <App /> }.to_html()
    })
}
