//! The top of the page: name, what there is, where to go, light or dark.

#[cfg(feature = "whole")]
use std::sync::OnceLock;

use leptos::prelude::*;

use super::browser;
use super::element::{El, button, el};
use super::state::Page;
#[cfg(feature = "whole")]
use crate::export::view::Export;
use crate::format;
use crate::query::{Theme, View};

/// Title, counts, navigation and theme; reads the selection's view and theme.
pub fn header(page: Page) -> AnyView {
    let data = page.data;
    let index = &data.index;
    let summary = format!(
        "{} · {}{}",
        format::counted(data.locale, index.total_results(), "result"),
        format::counted(data.locale, index.total_rigs(), "rig"),
        index.latest().map(|date| format!(" · latest {}", date.day())).unwrap_or_default(),
    );
    #[cfg(feature = "whole")]
    let summary = summary + &super::own::count(page);
    let nav = View::ALL.into_iter().fold(el("nav", "").attr("aria-label", "Views"), |nav, view| {
        let link = el("a", "")
            .bind("href", move || Some(page.link(|selection| selection.view = view)))
            .bind("aria-current", move || (page.view.get() == view).then(|| "page".to_owned()))
            .on_click(move |event| page.follow_link(&event, |selection| selection.view = view))
            .text(view.name());
        nav.child(link)
    });
    // The static page has the publisher's words, which take the place of these; the program of the first view
    // has no others.
    let title = el("div", "site-title");
    #[cfg(any(feature = "whole", feature = "snapshot"))]
    let title = title.child(el("h1", "").text("Tokscope"));
    let bar = el("div", "site-bar")
        .child(el("p", "site-summary").text(summary))
        .child(nav)
        .child(share_button())
        .child(theme_button(page));
    el("header", "site-header").child(title).child(bar).build()
}

/// Names the view in the title of the document: before the name of the site, but behind whose results they are.
#[cfg(feature = "whole")]
pub fn keep_title(page: Page) {
    static SITE: OnceLock<String> = OnceLock::new();
    let Some(document) = browser::document() else { return };
    // As it was before any view was named in it.
    let site = SITE.get_or_init(|| document.title());
    let (index, choices) = (&page.data.index, &page.data.choices);
    Effect::new(move || {
        let view = page.view.get();
        let model = (view == View::Models).then(|| {
            page.selection.with(|selection| Export { index, choices, selection, base: None }.model_name())
        });
        let name = model.flatten().unwrap_or_else(|| view.name().to_owned());
        document.set_title(&match (view.is_first(), &choices.data) {
            (true, _) => site.clone(),
            (false, Some(_)) => format!("{site} · {name}"),
            (false, None) => format!("{name} · {site}"),
        });
    });
}

/// Opens the panel that stands beside the page; the whole program fills it.
fn share_button() -> El {
    button("button share-button").attr("popovertarget", "share").text("Share")
}

/// Switches between light and dark; reads and writes the selection's theme.
fn theme_button(page: Page) -> El {
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
    button("button icon-button")
        .attr("aria-label", "Dark theme")
        .state("aria-pressed", is_dark)
        .on_click(switch)
}
