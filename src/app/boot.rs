//! From an empty page to a mounted one: fetch the index, or say what failed and offer to retry.

use gloo_net::http::Request;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::state::{Data, provide_page};
use super::{App, browser};
use crate::index::{Index, IndexError};
use crate::query::Selection;

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

/// Starts the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
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
    let Some(place) = browser::element("app").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    place.set_text_content(None);
    mount_to(place, || {
        let page = provide_page(Data::new(index, browser::locale()), &browser::query());
        if let Some(window) = browser::window() {
            browser::listen::<web_sys::Event>(&window, "popstate", move |_| page.follow(&browser::query()));
        }
        Effect::new(move || {
            let theme = page.selection.with(|selection: &Selection| selection.theme);
            browser::set_root_attribute("data-theme", theme.map(|theme| theme.slug()));
        });
        view! { <App /> }
    })
    .forget();
    browser::set_root_attribute("data-state", Some("ready"));
}

/// Says what failed, above whatever is already on the page.
fn show_failure(error: &LoadError) {
    let Some(place) =
        browser::element("load-error").and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return;
    };
    place.set_text_content(None);
    let message = error.to_string();
    let retry = move |_| {
        if let Some(place) = browser::element("load-error") {
            place.set_text_content(None);
        }
        spawn_local(load());
    };
    mount_to(place, move || {
        view! {
            <div class="notice notice-error" role="alert">
                <p>
                    <strong>"The results could not be loaded: "</strong>
                    {message}
                    "."
                </p>
                <p class="notice-detail">
                    <code>{INDEX_URL}</code>
                </p>
                <button type="button" class="button" on:click=retry>"Try again"</button>
            </div>
        }
    })
    .forget();
}
