//! Results by their address, and why there are none.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::index::{Index, IndexError, VERSION};

/// Where the index lies, relative to the page.
pub(super) const INDEX_URL: &str = "index.json";

/// Why there is no index to show.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("the server could not be reached; you may be offline")]
    Network,
    #[error("the server answered {0}")]
    Status(u16),
    #[error("the answer broke off before its end")]
    Truncated,
    #[error("the answer is a web page and not an index of results")]
    WebPage,
    #[error("the answer is not an index of results: {0}")]
    Index(IndexError),
    /// Of another time than the page: the page may be kept from before, or the index not built anew with it.
    #[error("this page reads index version {VERSION}, and found version {0}")]
    Version(String),
    /// Results in several files, which the program of every view takes in.
    #[cfg(not(feature = "whole"))]
    #[error("the answer names files that this program does not read")]
    Manifest,
    /// What is wrong with one of the files that a manifest names.
    #[cfg(feature = "whole")]
    #[error("{0}: {1}")]
    Shard(String, Box<LoadError>),
    /// What another page begins with.
    #[cfg(feature = "whole")]
    #[error(
        "the answer is a part of an index, with the results of a first view alone; the whole one is mostly index.json beside it"
    )]
    Part,
}

impl LoadError {
    /// Why an answer cannot be shown.
    pub(super) fn of(bytes: &[u8], error: IndexError) -> Self {
        let bytes = bytes.trim_ascii();
        match (error, bytes.first(), bytes.last()) {
            (IndexError::Version(found), ..) => Self::Version(found),
            #[cfg(not(feature = "whole"))]
            (IndexError::Manifest, ..) => Self::Manifest,
            // As hosts answer that have a page for everything, such as a form to log in.
            (_, Some(b'<'), _) => Self::WebPage,
            // Every index is one object.
            (IndexError::Json { .. }, Some(b'{'), last) if last != Some(&b'}') => Self::Truncated,
            (error, ..) => Self::Index(error),
        }
    }

    /// What else can be done about it than to try again; empty for nothing.
    pub(super) fn hint(&self, is_foreign: bool) -> &'static str {
        match (self, is_foreign) {
            (Self::Version(_), false) => {
                " Reload the page; if that does not help, whoever publishes it has to build it anew."
            }
            (Self::Version(_), true) => "The page of its publisher may show it.",
            _ => "",
        }
    }
}

/// What `boot.js` has or is asked for, by address. It asks for results ahead of the program, for shards a few at a
/// time, and keeps what came until it is taken away.
pub(super) fn ask(address: &str) -> JsValue {
    js_sys::Reflect::get(&kept(), &address.into()).unwrap_or_default()
}

fn kept() -> JsValue {
    js_sys::Reflect::get(&js_sys::global(), &"results".into()).unwrap_or_default()
}

/// Has what could not be read asked for again, past every cache.
pub(super) fn forget(address: &str) {
    let _ = js_sys::Reflect::delete_property(kept().unchecked_ref::<js_sys::Object>(), &address.into());
}

/// Lets go of what was read.
#[cfg(feature = "whole")]
pub(super) fn release(address: &str) {
    let _ = js_sys::Reflect::set(&kept(), &address.into(), &JsValue::UNDEFINED);
}

/// The bytes of what was asked for.
pub(super) async fn came(answer: JsValue) -> Result<Vec<u8>, LoadError> {
    if answer.is_undefined() {
        return Err(LoadError::Network);
    }
    let buffer =
        JsFuture::from(js_sys::Promise::from(answer)).await.map_err(|error| match error.as_f64() {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a status has three digits"
            )]
            Some(status) => LoadError::Status(status as u16),
            None if error.is_string() => LoadError::Truncated,
            None => LoadError::Network,
        })?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Results at an address, asked for again where they are to be.
pub(super) async fn fetch(address: &str, again: bool) -> Result<Index, LoadError> {
    if again {
        forget(address);
    }
    let bytes = came(ask(address)).await?;
    #[cfg(not(feature = "whole"))]
    return Index::names_from_json(&bytes).map_err(|error| LoadError::of(&bytes, error));
    #[cfg(feature = "whole")]
    super::shards::read(&bytes).await
}
