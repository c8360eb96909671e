//! The worker that reads what was opened, what it is to do, and what came of it so far.

use std::collections::VecDeque;

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::files;
use crate::app::{browser, shards};
use crate::index::{Index, IndexError, Pieces};
use crate::own::message::{Reply, Report, Request, SUPPLIED};

/// A piece of an index; the last one with the report of what is in it.
pub type Piece = (js_sys::Uint8Array, Option<Box<Report>>);

/// All pieces of an index, and the report of what is in it.
pub type All = (Pieces, Box<Report>);

/// An index with own results, and the report of these.
pub type Shown = (Box<Index>, Box<Report>);

/// What a worker that was ended still has to read again.
#[derive(Clone)]
pub struct Sent {
    pub id: u32,
    pub name: String,
    pub blob: web_sys::Blob,
}

/// The worker, and what it is to do.
#[derive(Default)]
pub struct Reader {
    pub worker: Option<web_sys::Worker>,
    pub is_ready: bool,
    /// Requests that wait for the worker to start.
    pub waiting: VecDeque<(Request, Option<web_sys::Blob>)>,
    /// Files that the worker has, or is to have.
    pub sent: Vec<Sent>,
    /// Requests without an answer, in their order; with the number of a file where one is read.
    pub open: VecDeque<Option<u32>>,
    /// Which of them give answers of the reader's: what the worker says before it has these knows older ones.
    pub given: VecDeque<bool>,
    pub next: u32,
    /// How many workers were ended: what follows from an earlier one comes too late.
    pub ended: u32,
    /// Pieces of an index that came, the last one with the report that goes with them.
    came: VecDeque<Piece>,
    /// What was taken in of them.
    pieces: Pieces,
    /// True from the first piece of an index until it is shown.
    pub is_taking_in: bool,
}

impl Reader {
    pub fn send(&self, request: &Request, blob: Option<web_sys::Blob>) {
        let (Some(worker), Ok(words)) = (&self.worker, serde_json::to_string(request)) else { return };
        let message = Array::of1(&JsValue::from(words));
        if let Some(blob) = blob {
            message.push(&blob);
        }
        // Fails for what cannot be copied alone, and text and files always can.
        let _ = worker.post_message(&message);
    }

    /// Keeps a piece until it is taken in; true where none waits before it.
    pub fn keep(&mut self, piece: Piece) -> bool {
        self.is_taking_in = true;
        self.came.push_back(piece);
        self.came.len() == 1
    }

    /// Takes in a piece of the index: all pieces where it was the last one, and whether another piece is there.
    pub fn take_in(&mut self) -> (Result<Option<All>, IndexError>, bool) {
        let Some((bytes, report)) = self.came.pop_front() else { return (Ok(None), false) };
        let added = self.pieces.add(&bytes.to_vec());
        let taken = added.map(|()| report.map(|report| (std::mem::take(&mut self.pieces), report)));
        (taken, !self.came.is_empty())
    }

    pub fn send_waiting(&mut self) {
        self.is_ready = true;
        for (request, blob) in std::mem::take(&mut self.waiting) {
            self.send(&request, blob);
        }
    }

    /// Ends the worker; returns the file that it was at, and forgets it.
    pub fn end(&mut self) -> Option<Sent> {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
        self.ended += 1;
        let at_work = self.open.front().copied().flatten();
        self.is_ready = false;
        self.waiting.clear();
        self.open.clear();
        self.given.clear();
        self.came.clear();
        self.pieces = Pieces::default();
        self.is_taking_in = false;
        let at = self.sent.iter().position(|sent| Some(sent.id) == at_work)?;
        Some(self.sent.remove(at))
    }
}

/// The results that the page shows, as one file, and how many bytes each of the files has that are in it.
pub fn results_in_view(take: impl FnOnce(Option<(web_sys::Blob, Vec<u32>)>) + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        let size = |part: JsValue| js_sys::Uint8Array::new(&part).length();
        let blob = |parts: js_sys::Array| {
            Some((files::blob(&parts, "application/json")?, parts.iter().map(size).collect()))
        };
        take(shards::in_view().await.and_then(blob));
    });
}

/// Starts the worker and listens to it, until it is ended.
///
/// Browsers may still hand over what an ended worker said: `ended` tells one from another.
pub fn start(
    ended: u32,
    hear: impl Fn(u32, Reply, Option<js_sys::Uint8Array>) + 'static,
    fail: impl Fn(u32) + 'static,
) -> Option<web_sys::Worker> {
    let script = browser::document()?.query_selector("script[data-import]").ok()??;
    let url = format!("{}-worker.js", script.get_attribute("data-import")?);
    let options = web_sys::WorkerOptions::new();
    options.set_type(web_sys::WorkerType::Module);
    if browser::foreign().is_some() {
        options.set_name(SUPPLIED);
    }
    let worker = web_sys::Worker::new_with_options(&url, &options).ok()?;
    let heard = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let parts = Array::from(&event.data());
        let words = parts.get(0).as_string().unwrap_or_default();
        if let Ok(reply) = serde_json::from_slice(words.as_bytes()) {
            hear(ended, reply, parts.get(1).dyn_into().ok());
        }
    });
    worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    let failed = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        event.prevent_default();
        fail(ended);
    });
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    failed.forget();
    Some(worker)
}
