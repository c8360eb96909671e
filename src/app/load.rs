//! Results by their address: an index, or a manifest and the shards that it names.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[cfg(feature = "whole")]
use super::browser;
#[cfg(feature = "whole")]
use crate::index::Shard;
use crate::index::{Index, IndexError, Pieces, VERSION};
#[cfg(feature = "whole")]
use crate::query::{Choices, Embed, drop_unknown, from_query, shards_of};

/// Where the index lies, relative to the page.
pub(super) const INDEX_URL: &str = "index.json";

/// What `boot.js` gives in the place of results in a later task, so that what else there is to do comes first.
const TURN: &str = "turn";

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
    /// What is wrong with one of the files that a manifest names.
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
    fn of(bytes: &[u8], error: IndexError) -> Self {
        let bytes = bytes.trim_ascii();
        match (error, bytes.first(), bytes.last()) {
            (IndexError::Version(found), ..) => Self::Version(found),
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
fn ask(address: &str) -> JsValue {
    js_sys::Reflect::get(&kept(), &address.into()).unwrap_or_default()
}

fn kept() -> JsValue {
    js_sys::Reflect::get(&js_sys::global(), &"results".into()).unwrap_or_default()
}

fn forget(address: &str) {
    let _ = js_sys::Reflect::delete_property(kept().unchecked_ref::<js_sys::Object>(), &address.into());
}

/// The bytes of what was asked for.
async fn came(answer: JsValue) -> Result<Vec<u8>, LoadError> {
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

/// A file that a manifest names: its address is all that the program of the first view has room to look at.
#[cfg(not(feature = "whole"))]
type Listed = String;
#[cfg(feature = "whole")]
type Listed = Shard;

#[cfg(not(feature = "whole"))]
fn listed(pieces: &mut Pieces) -> Result<Vec<Listed>, IndexError> {
    Ok(pieces.files())
}
#[cfg(feature = "whole")]
fn listed(pieces: &mut Pieces) -> Result<Vec<Listed>, IndexError> {
    pieces.shards()
}

#[cfg(not(feature = "whole"))]
fn add(pieces: &mut Pieces, _: &Listed, bytes: &[u8]) -> Result<(), IndexError> {
    pieces.add_shard(bytes)
}
#[cfg(feature = "whole")]
fn add(pieces: &mut Pieces, shard: &Listed, bytes: &[u8]) -> Result<(), IndexError> {
    pieces.add_listed(shard, bytes)
}

#[cfg(not(feature = "whole"))]
fn address_of(shard: &Listed) -> &str {
    shard
}
#[cfg(feature = "whole")]
fn address_of(shard: &Listed) -> &str {
    &shard.file
}

/// Results at an address, asked for again where they are to be.
pub(super) async fn fetch(address: &str, again: bool) -> Result<Index, LoadError> {
    if again {
        forget(address);
    }
    let bytes = came(ask(address)).await?;
    let of = |error| LoadError::of(&bytes, error);
    let mut pieces = Pieces::default();
    pieces.add(&bytes).map_err(of)?;
    let shards = listed(&mut pieces).map_err(of)?;
    #[cfg(feature = "whole")]
    if let Some(some) = embedded(&pieces, &shards) {
        let index = join(pieces.anew(), &some, &of).await?;
        if is_understood(&index) {
            return Ok(index);
        }
    }
    let index = join(pieces, &shards, &of).await?;
    #[cfg(feature = "whole")]
    FILES.set(shards.into_iter().map(|shard| shard.file).collect());
    Ok(index)
}

/// The index of these shards, or of a file that is whole without. Shards are taken in one by one, each in a task of
/// its own, as is each step of what follows, so that the page goes on answering.
async fn join(
    mut pieces: Pieces,
    shards: &[Listed],
    of: &dyn Fn(IndexError) -> LoadError,
) -> Result<Index, LoadError> {
    // All are asked for at once; which comes when is for `boot.js`.
    let answers: Vec<JsValue> = shards.iter().map(|shard| ask(address_of(shard))).collect();
    for (shard, answer) in shards.iter().zip(answers) {
        let taken = match came(answer).await {
            Ok(bytes) => {
                turn().await;
                add(&mut pieces, shard, &bytes).map_err(|error| LoadError::of(&bytes, error))
            }
            Err(error) => Err(error),
        };
        if let Err(error) = taken {
            let address = address_of(shard);
            forget(address);
            return Err(LoadError::Shard(address.to_owned(), Box::new(error)));
        }
    }
    // The program of the first view has no room for more steps than one.
    #[cfg(not(feature = "whole"))]
    return pieces.finish_names().and_then(crate::index::Unchecked::checked).map_err(of);
    #[cfg(feature = "whole")]
    {
        // What has a single file is small: it has no step, and no other turn.
        let mut step = 0;
        while !shards.is_empty() && pieces.prepare(step) {
            turn().await;
            step += 1;
        }
        let columns = pieces.finish().map_err(of)?;
        if step > 0 {
            turn().await;
        }
        let index = columns.checked().map_err(of);
        if step > 0 {
            turn().await;
        }
        index
    }
}

async fn turn() {
    let _ = JsFuture::from(js_sys::Promise::from(ask(TURN))).await;
}

#[cfg(feature = "whole")]
thread_local! {
    /// The shards of the index in view.
    static FILES: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// The bytes of the index in view, as they came, file by file.
#[cfg(feature = "whole")]
pub(super) async fn in_view() -> js_sys::Array {
    let parts = js_sys::Array::new();
    for file in [INDEX_URL.to_owned()].into_iter().chain(FILES.with_borrow(Clone::clone)) {
        if let Ok(bytes) = JsFuture::from(js_sys::Promise::from(ask(&file))).await {
            parts.push(&bytes);
        }
    }
    parts
}

/// The shards that a view which is embedded needs of these, where those are not all: another page may hold many of
/// them, each with a rig or a family.
#[cfg(feature = "whole")]
fn embedded(pieces: &Pieces, shards: &[Shard]) -> Option<Vec<Shard>> {
    let query = browser::query();
    Embed::of_query(&query)?;
    let index = pieces.without_results().ok()?;
    let (selection, _) = from_query(&query, &choices(&index));
    let places = shards_of(&index, shards, &selection);
    (places.len() < shards.len())
        .then(|| places.into_iter().filter_map(|place| shards.get(place).cloned()).collect())
}

/// True where all that the address says means something to an index. What some results do not know others may, such
/// as how many requests were in flight.
#[cfg(feature = "whole")]
fn is_understood(index: &Index) -> bool {
    let choices = choices(index);
    let (mut selection, ignored) = from_query(&browser::query(), &choices);
    ignored.is_empty() && drop_unknown(&mut selection, index, &choices).is_empty()
}

#[cfg(feature = "whole")]
fn choices(index: &Index) -> Choices {
    Choices { data: browser::foreign(), ..Choices::of(index) }
}
