//! Files: what the reader gives to the page, and what the page gives to the reader.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::browser;

/// Bytes or texts as a file without a name.
pub fn blob(parts: &Array, kind: &str) -> Option<web_sys::Blob> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    web_sys::Blob::new_with_u8_array_sequence_and_options(parts, &options).ok()
}

/// Gives the reader a file, as browsers do with a download: nothing is asked of any server.
pub fn save(name: &str, kind: &str, bytes: &Uint8Array) {
    let Some(blob) = blob(&Array::of1(bytes), kind) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = browser::document().and_then(|document| document.create_element("a").ok());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The download has the bytes by then.
    browser::later(Box::new(move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    }));
}

/// Moves the focus to the first of these that is there, where it was lost with the element that had it.
pub fn keep_focus(selectors: &[&str]) {
    let selectors: Vec<String> = selectors.iter().map(|&selector| selector.to_owned()).collect();
    browser::later(Box::new(move || {
        let active = browser::document().and_then(|document| document.active_element());
        if active.is_none_or(|element| element.tag_name() == "BODY") {
            browser::focus_later(selectors, false);
        }
    }));
}

/// Keeps the focus in a field that is about to be made anew, with what was typed into it and not yet given.
pub fn keep_typing(id: &str) {
    let field = move |id: &str| browser::element(id)?.dyn_into::<web_sys::HtmlInputElement>().ok();
    let typed = field(id).map(|field| field.value());
    keep_focus(&[&format!("#{id}")]);
    let id = id.to_owned();
    browser::later(Box::new(move || {
        if let (Some(field), Some(typed)) = (field(&id), typed)
            && field.value() != typed
        {
            field.set_value(&typed);
        }
    }));
}

/// Takes what boot.js holds: files and texts that were dropped or pasted anywhere on the page.
pub fn take_opened() -> Vec<JsValue> {
    let held =
        Reflect::get(&js_sys::global(), &"opened".into()).ok().and_then(|held| held.dyn_into::<Array>().ok());
    let Some(held) = held else { return Vec::new() };
    let things: Vec<JsValue> = held.iter().collect();
    held.set_length(0);
    things
}

/// Takes the files out of a field, so that the same file can be chosen again.
pub fn take_chosen(event: &web_sys::Event) -> Vec<JsValue> {
    let field = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(field) = field else { return Vec::new() };
    let files = field.files().map(|files| Array::from(&files).iter().collect()).unwrap_or_default();
    field.set_value("");
    files
}
