//! From an empty page to a mounted one: fetch the index, or say what failed and offer to retry.

use gloo_net::http::Request;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::element::{button, el};
use super::state::{Data, Page};
use super::{app, browser};
use crate::index::{Index, IndexError};

/// Where the index lies, relative to the page.
const INDEX_URL: &str = "index.json";

/// Why there is no index to show.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error("the server could not be reached; you may be offline")]
    Network,
    #[error("the server answered {0}")]
    Status(u16),
    #[error("the answer broke off before its end")]
    Truncated,
    #[error("the answer is not an index of results: {0}")]
    Index(#[from] IndexError),
}

/// Starts the page. A panic marks the document, and `boot.js` shows it.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        browser::set_root_attribute("data-crashed", Some(&panic.to_string()));
    }));
    spawn_local(load());
}

async fn load() {
    browser::set_root_attribute("data-state", Some("loading"));
    match fetch().await {
        Ok(index) => mount(index),
        Err(error) => {
            browser::set_root_attribute("data-state", Some("no-data"));
            show_failure(&error);
        }
    }
}

async fn fetch() -> Result<Index, LoadError> {
    let response = Request::get(INDEX_URL).send().await.map_err(|_| LoadError::Network)?;
    if !response.ok() {
        return Err(LoadError::Status(response.status()));
    }
    let bytes = response.binary().await.map_err(|_| LoadError::Truncated)?;
    Ok(Index::from_json(&bytes)?)
}

/// Puts the app in the place of the static view, in one step.
fn mount(index: Index) {
    let Some(place) = place("app") else { return };
    mount_to(place, || {
        let page = Page::new(Data::new(index, browser::locale()), &browser::query());
        if let Some(window) = browser::window() {
            browser::listen::<web_sys::Event>(&window, "popstate", move |_| page.follow(&browser::query()));
        }
        Effect::new(move || {
            let theme = page.selection.with(|selection| selection.theme);
            browser::set_root_attribute("data-theme", theme.map(|theme| theme.slug()));
        });
        app(page)
    })
    .forget();
    browser::set_root_attribute("data-state", Some("ready"));
}

/// Says what failed, above whatever is already on the page.
fn show_failure(error: &LoadError) {
    let Some(place) = place("load-error") else { return };
    let message = format!("{error}.");
    let retry = move |_| {
        let _ = self::place("load-error");
        spawn_local(load());
    };
    mount_to(place, move || {
        let what =
            el("p", "").child(el("strong", "").text("The results could not be loaded: ")).text(message);
        el("div", "notice notice-error")
            .attr("role", "alert")
            .child(what)
            .child(el("p", "").child(el("code", "").text(INDEX_URL)))
            .child(button("button").on_click(retry).text("Try again"))
            .build()
    })
    .forget();
}

/// An element of the page's frame, emptied.
fn place(id: &str) -> Option<web_sys::HtmlElement> {
    let place = browser::element(id)?;
    place.set_text_content(None);
    place.dyn_into().ok()
}
