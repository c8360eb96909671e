//! The worker's entry: reads results of the reader's own beside the page, in the words of [`tokscope::own::message`].
//!
//! A message is a list: its words as JSON and, with files and indexes, their bytes.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_net::http;
use js_sys::{Array, Promise, Uint8Array};
use tokscope::import::date_of_epoch;
use tokscope::index::{Index, Pieces, Unchecked};
use tokscope::model::PartialDate;
use tokscope::own::message::{Reply, Request, SUPPLIED};
use tokscope::own::{Desk, pack};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Bytes that are read at once: often enough to say how far it is, and rarely enough to lose no time.
const SLICE: f64 = 4_194_304.0;

/// The largest file that is read: it takes several times its size of the 4 GiB that a worker can have at most.
const LARGEST: f64 = 268_435_456.0;

/// Entries in a piece of an index: what the page takes in within a few milliseconds.
const PIECE: usize = 50_000;

/// The published results, relative to the worker.
const INDEX_URL: &str = "index.json";

fn main() {
    std::panic::set_hook(Box::new(|panic| reply(&Reply::Crashed { reason: panic.to_string() }, None)));
    spawn_local(start());
}

/// Fetches the published results, and takes requests from then on.
async fn start() {
    let index = match scope().name() == SUPPLIED {
        true => supplied().await,
        false => fetched().await,
    };
    match index {
        Ok(index) => {
            listen(Desk::new(index).with_today(today()));
            reply(&Reply::Ready, None);
        }
        Err(why) => {
            let reason = format!("The published results could not be loaded: {why}");
            reply(&Reply::Crashed { reason }, None);
        }
    }
}

/// The day that it is by now in the first place on Earth that has it, as no reader's day is a later one.
fn today() -> Option<PartialDate> {
    const AHEAD_S: f64 = 14.0 * 3600.0;
    let seconds = js_sys::Date::now() / 1000.0 + AHEAD_S;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds since 1970, whole ones"
    )]
    date_of_epoch(seconds.max(0.0) as u64)
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The published results, with the shards that they may be in.
async fn fetched() -> Result<Index, String> {
    let mut pieces = Pieces::default();
    pieces.add(&fetch(INDEX_URL).await?).map_err(|error| error.to_string())?;
    for shard in pieces.shards().map_err(|error| error.to_string())? {
        let named = |error: String| format!("{}: {error}", shard.file);
        let bytes = fetch(&shard.file).await.map_err(named)?;
        pieces.add_listed(&shard, &bytes).map_err(|error| named(error.to_string()))?;
    }
    pieces.finish().and_then(Unchecked::checked).map_err(|error| error.to_string())
}

async fn fetch(address: &str) -> Result<Vec<u8>, String> {
    let unreachable = |_| "the server could not be reached; you may be offline".to_owned();
    let response = http::Request::get(address).send().await.map_err(unreachable)?;
    if !response.ok() {
        return Err(format!("the server answered {}", response.status()));
    }
    response.binary().await.map_err(|_| "the answer broke off before its end".to_owned())
}

/// The results that the page shows, where they are somebody else's: the page has them, and the worker asks no host.
async fn supplied() -> Result<Index, String> {
    let (sizes, bytes) = supply().await.map_err(|error| words(&error))?;
    let mut rest = bytes.as_slice();
    let mut files = sizes.into_iter().map(|size| {
        let (file, behind) = rest.split_at_checked(size as usize).unwrap_or((rest, &[]));
        rest = behind;
        file
    });
    let mut pieces = Pieces::default();
    pieces.add(files.next().unwrap_or_default()).map_err(|error| error.to_string())?;
    for shard in pieces.shards().map_err(|error| error.to_string())? {
        let added = pieces.add_listed(&shard, files.next().unwrap_or_default());
        added.map_err(|error| format!("{}: {error}", shard.file))?;
    }
    pieces.finish().and_then(Unchecked::checked).map_err(|error| error.to_string())
}

/// How many bytes each file of the page's results has, and all of them.
async fn supply() -> Result<(Vec<u32>, Vec<u8>), JsValue> {
    let came = Promise::new(&mut |resolve, _| scope().set_onmessage(Some(&resolve)));
    reply(&Reply::Unsupplied, None);
    let event: MessageEvent = JsFuture::from(came).await?.dyn_into()?;
    let parts = Array::from(&event.data());
    let words = parts.get(0).as_string().unwrap_or_default();
    let Ok(Request::Supply { sizes }) = serde_json::from_str(&words) else {
        return Err(JsValue::from(js_sys::Error::new("the page gave something else")));
    };
    let blob: Blob = parts.get(1).dyn_into()?;
    Ok((sizes, Uint8Array::new(&JsFuture::from(blob.array_buffer()).await?).to_vec()))
}

/// A request, and the file that came with it.
type Message = (Request, Option<Blob>);

/// Takes requests one after the other: reading a file takes its time, and others may come meanwhile.
fn listen(desk: Desk) {
    let waiting = Rc::new(RefCell::new(VecDeque::<Message>::new()));
    let desk = Rc::new(RefCell::new(Some(desk)));
    let take = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let parts = Array::from(&event.data());
        let words = parts.get(0).as_string().unwrap_or_default();
        let Ok(request) = serde_json::from_str(&words) else { return };
        waiting.borrow_mut().push_back((request, parts.get(1).dyn_into().ok()));
        // Whoever has the desk also does what came meanwhile.
        let Some(mut at_work) = desk.borrow_mut().take() else { return };
        let (waiting, desk) = (Rc::clone(&waiting), Rc::clone(&desk));
        spawn_local(async move {
            loop {
                let next = waiting.borrow_mut().pop_front();
                let Some((request, blob)) = next else { break };
                answer(&mut at_work, request, blob).await;
            }
            *desk.borrow_mut() = Some(at_work);
        });
    });
    scope().set_onmessage(Some(take.as_ref().unchecked_ref()));
    // As long as the worker.
    take.forget();
}

async fn answer(desk: &mut Desk, request: Request, blob: Option<Blob>) {
    match request {
        // Taken before there was a desk.
        Request::Supply { .. } => return,
        Request::Open { id, name } => match read(&name, blob).await {
            Ok(bytes) => desk.open(id, &name, bytes),
            Err(reason) => return reply(&Reply::Refused { id: Some(id), name, reason }, None),
        },
        Request::Restore { text } => {
            if let Err(error) = desk.restore(&text) {
                let (name, reason) = ("Kept in this browser".to_owned(), error.to_string());
                return reply(&Reply::Refused { id: None, name, reason }, None);
            }
        }
        Request::Close { id } => desk.close(id),
        Request::Map { id, table } => desk.map(id, &table),
        Request::Answer(answers) => desk.answer(*answers),
        Request::Show => {
            let mut report = Some(Box::new(desk.report()));
            return desk.show().write_pieces(PIECE, |piece, is_last| {
                let report = if is_last { report.take() } else { None };
                reply(&Reply::Piece { report }, Some(&piece));
            });
        }
        Request::Export { path } => return export(desk, path.as_deref()),
        Request::Write(wanted) => {
            let index = if wanted.with_own { desk.shown() } else { desk.published() };
            return match tokscope::own::write(index, &wanted) {
                Ok(bytes) => reply(&Reply::Written, Some(&bytes)),
                Err(reason) => reply(&Reply::NotWritten { reason }, None),
            };
        }
        Request::Keep => {
            if let Ok(text) = desk.keep() {
                reply(&Reply::Kept { text }, None);
            }
            return;
        }
    }
    reply(&Reply::Report(Box::new(desk.report())), None);
}

/// Sends one file, or an archive of all with what else a pull request needs.
fn export(desk: &Desk, path: Option<&str>) {
    let Some(path) = path else {
        if let Ok(bytes) = pack(&desk.archive()) {
            let (name, kind) = ("tokscope-runs.zip".to_owned(), "application/zip".to_owned());
            reply(&Reply::File { name, kind }, Some(&bytes));
        }
        return;
    };
    if let Some((name, text)) = desk.alone(path) {
        reply(&Reply::File { name, kind: "application/yaml".to_owned() }, Some(text.as_bytes()));
    }
}

/// The bytes of a file, slice by slice, saying how far it is.
async fn read(name: &str, blob: Option<Blob>) -> Result<Vec<u8>, String> {
    let blob = blob.ok_or("it has no content")?;
    let of = blob.size();
    if of > LARGEST {
        return Err(format!("it has {:.0} MiB; the largest that is read has 256 MiB", of / 1_048_576.0));
    }
    let mut bytes = Vec::new();
    let mut done = 0.0;
    while done < of {
        let end = (done + SLICE).min(of);
        let slice = blob.slice_with_f64_and_f64(done, end).map_err(|error| words(&error))?;
        let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|error| words(&error))?;
        bytes.extend(Uint8Array::new(&buffer).to_vec());
        done = end;
        reply(&Reply::Progress { name: name.to_owned(), done, of }, None);
    }
    Ok(bytes)
}

/// What the browser says of an error, such as that a file is gone or a folder.
fn words(error: &JsValue) -> String {
    let error: Option<&js_sys::Error> = error.dyn_ref();
    error.map_or_else(|| "it could not be read".to_owned(), |error| error.message().into())
}

fn reply(words: &Reply, bytes: Option<&[u8]>) {
    let Ok(words) = serde_json::to_string(words) else { return };
    let message = Array::of1(&JsValue::from(words));
    let moved = Array::new();
    if let Some(bytes) = bytes {
        let bytes = Uint8Array::from(bytes);
        moved.push(&bytes.buffer());
        message.push(&bytes);
    }
    // Fails for what cannot be copied alone, and text and bytes always can.
    let _ = scope().post_message_with_transfer(&message, &moved);
}
