//! The top of the page: name, what there is, where to go, light or dark.

use leptos::prelude::*;

use super::browser;
use super::state::use_page;
use crate::format;
use crate::query::{Theme, View};

/// Title, counts, navigation and theme; reads the selection's view and theme.
#[component]
pub fn Header() -> impl IntoView {
    let page = use_page();
    let data = page.data;
    let index = &data.index;
    let used = index.configurations.hardware.iter().collect::<std::collections::BTreeSet<_>>().len();
    let summary = format!(
        "{} · {}{}",
        format::counted(data.locale, index.result_count(), "result"),
        format::counted(data.locale, used, "rig"),
        index.latest().map(|date| format!(" · latest {}", date.day())).unwrap_or_default(),
    );
    let links = View::ALL.map(|view| {
        let current = move || (page.view.get() == view).then_some("page");
        let go = move |event: leptos::ev::MouseEvent| {
            // Modified clicks open tabs and windows, as on any link.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                page.choose(|selection| selection.view = view);
            }
        };
        view! {
            <a href=move || page.link(|selection| selection.view = view) aria-current=current on:click=go>
                {view.name()}
            </a>
        }
    });
    view! {
        <header class="site-header">
            <div class="site-title">
                <h1>"Tokscope"</h1>
                <p>"How fast language models really run, by hardware, quant, backend and workload"</p>
            </div>
            <div class="site-bar">
                <p class="site-summary">{summary}</p>
                <nav aria-label="Views">{links}</nav>
                <ThemeButton />
            </div>
        </header>
    }
}

/// Switches between light and dark; reads and writes the selection's theme.
#[component]
fn ThemeButton() -> impl IntoView {
    let page = use_page();
    let is_dark = move || match page.selection.with(|selection| selection.theme) {
        Some(theme) => theme == Theme::Dark,
        None => browser::media("(prefers-color-scheme: dark)"),
    };
    let switch = move |_| {
        let next = if is_dark() { Theme::Light } else { Theme::Dark };
        let system = if browser::media("(prefers-color-scheme: dark)") { Theme::Dark } else { Theme::Light };
        // Back at the system's own scheme there is nothing left to remember.
        page.choose(|selection| selection.theme = (next != system).then_some(next));
    };
    view! {
        <button type="button" class="button icon-button" aria-label="Dark theme" aria-pressed=move || is_dark().to_string() on:click=switch>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
                <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
            </svg>
        </button>
    }
}
