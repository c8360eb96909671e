//! An index as it came: one file, or a manifest and the shards that it names. The program of the first view leaves
//! shards to this one, so that what is large is taken in once, by the program that shows all of it.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::browser;
use super::load::{INDEX_URL, LoadError, ask, came, forget, release};
use crate::index::{Index, IndexError, Pieces, Shard};
use crate::query::{Choices, Embed, drop_unknown, from_query, shards_of};

/// What `boot.js` gives in the place of results in a later task, so that what else there is to do comes first.
const TURN: &str = "turn";

/// The index that a file is, or that it names.
pub(super) async fn read(bytes: &[u8]) -> Result<Index, LoadError> {
    let of = |error| LoadError::of(bytes, error);
    let mut pieces = Pieces::default();
    pieces.add(bytes).map_err(of)?;
    let shards = pieces.shards().map_err(of)?;
    if let Some(some) = embedded(&pieces, &shards) {
        let index = join(pieces.anew(), &some, &of).await?;
        if is_understood(&index) {
            return Ok(index);
        }
    }
    let index = join(pieces, &shards, &of).await?;
    FILES.set(shards.into_iter().map(|shard| shard.file).collect());
    Ok(index)
}

/// The index of these shards, or of a file that is whole without. Shards are taken in one by one, each in a task of
/// its own, as is each step of what follows, so that the page goes on answering.
async fn join(
    mut pieces: Pieces,
    shards: &[Shard],
    of: &dyn Fn(IndexError) -> LoadError,
) -> Result<Index, LoadError> {
    // All are asked for at once; which comes when is for `boot.js`.
    let answers: Vec<JsValue> = shards.iter().map(|shard| ask(&shard.file)).collect();
    for (shard, answer) in shards.iter().zip(answers) {
        let taken = match came(answer).await {
            Ok(bytes) => {
                turn().await;
                pieces.add_listed(shard, &bytes).map_err(|error| LoadError::of(&bytes, error))
            }
            Err(error) => Err(error),
        };
        // Nobody asks for the bytes again but the worker, for those of somebody else.
        if taken.is_err() {
            forget(&shard.file);
        } else if browser::foreign().is_none() {
            release(&shard.file);
        }
        taken.map_err(|error| LoadError::Shard(shard.file.clone(), Box::new(error)))?;
    }
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

async fn turn() {
    let _ = JsFuture::from(js_sys::Promise::from(ask(TURN))).await;
}

thread_local! {
    /// The shards of the index in view.
    static FILES: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// The bytes of the index in view, as they came, file by file; `None` where one is not here any more.
pub(super) async fn in_view() -> Option<js_sys::Array> {
    let parts = js_sys::Array::new();
    for file in [INDEX_URL.to_owned()].into_iter().chain(FILES.with_borrow(Clone::clone)) {
        parts.push(&JsFuture::from(js_sys::Promise::from(ask(&file))).await.ok()?);
    }
    Some(parts)
}

/// The shards that a view which is embedded needs of these, where those are not all: another page may hold many of
/// them, each with a rig or a family.
fn embedded(pieces: &Pieces, shards: &[Shard]) -> Option<Vec<Shard>> {
    let query = browser::query();
    Embed::of_query(&query).filter(|_| !shards.is_empty())?;
    let index = pieces.without_results().ok()?;
    let (selection, _) = from_query(&query, &choices(&index));
    let places = shards_of(&index, shards, &selection);
    (places.len() < shards.len())
        .then(|| places.into_iter().filter_map(|place| shards.get(place).cloned()).collect())
}

/// True where all that the address says means something to an index. What some results do not know others may, such
/// as how many requests were in flight.
fn is_understood(index: &Index) -> bool {
    let choices = choices(index);
    let (mut selection, ignored) = from_query(&browser::query(), &choices);
    ignored.is_empty() && drop_unknown(&mut selection, index, &choices).is_empty()
}

fn choices(index: &Index) -> Choices {
    Choices { data: browser::foreign(), ..Choices::of(index) }
}
