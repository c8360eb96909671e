//! What the reader opened: the worker that reads it, and what it said last.
//!
//! It outlives the page's state, which begins anew with every index: opened files stay when own results come
//! beside published ones.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::files;
use crate::app::browser;
use crate::index::{Index, IndexError, Pieces};
use crate::own::message::{Answers, Reply, Report, Request, Table, Wanted};

/// The key under which own results are kept in this browser.
const KEPT: &str = "tokscope-own";

/// The most that is kept, in UTF-16 code units: browsers give a page 5 million.
const MOST_KEPT: usize = 4_000_000;

/// What a worker that was ended still has to read again.
#[derive(Clone)]
struct Sent {
    id: u32,
    name: String,
    blob: web_sys::Blob,
}

/// How far the worker is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// What it does, in words.
    pub words: String,
    /// Share of the file that was read, where that is known.
    pub share: Option<f64>,
}

/// What own results are to the page. Signals that no page owns, so that each page finds what was opened before.
#[derive(Clone)]
pub struct Session {
    /// What was opened.
    pub report: ArcRwSignal<Report>,
    /// What goes on; `None` while nothing does.
    pub progress: ArcRwSignal<Option<Progress>>,
    /// What went wrong with a file or with the worker: name and reason.
    pub failures: ArcRwSignal<Vec<(String, String)>>,
    /// What was done, to be said once.
    pub said: ArcRwSignal<String>,
    /// The report that is shown among the published results; `None` while none is.
    pub shown: ArcRwSignal<Option<Report>>,
    /// True while results are kept in this browser.
    pub kept: ArcRwSignal<bool>,
}

thread_local! {
    static SESSION: Session = Session {
        report: ArcRwSignal::new(Report::default()),
        progress: ArcRwSignal::new(None),
        failures: ArcRwSignal::new(Vec::new()),
        said: ArcRwSignal::new(String::new()),
        shown: ArcRwSignal::new(None),
        kept: ArcRwSignal::new(kept().is_some()),
    };
    static DESK: RefCell<Desk> = RefCell::new(Desk::default());
}

/// The worker, and what it is to do.
#[derive(Default)]
struct Desk {
    worker: Option<web_sys::Worker>,
    is_ready: bool,
    /// Requests that wait for the worker to start.
    waiting: VecDeque<(Request, Option<web_sys::Blob>)>,
    /// Files that the worker has, or is to have.
    sent: Vec<Sent>,
    /// Requests without an answer, in their order; with the number of a file where one is read.
    open: VecDeque<Option<u32>>,
    next: u32,
    /// Pieces of an index that came, and whether each is the last one.
    came: VecDeque<(js_sys::Uint8Array, bool)>,
    /// What was taken in of them.
    pieces: Pieces,
}

/// The one session of this page.
pub fn session() -> Session {
    SESSION.with(Clone::clone)
}

/// What was kept in this browser, where it lets us look.
fn kept() -> Option<String> {
    browser::window()?.local_storage().ok()??.get_item(KEPT).ok()?
}

impl Session {
    /// Reads files and texts, each a `File` or a text of JavaScript.
    pub fn open(&self, things: Vec<JsValue>) {
        for thing in things {
            let (name, blob) = match (thing.as_string(), thing.dyn_into::<web_sys::File>()) {
                (Some(text), _) => {
                    ("pasted text".to_owned(), files::blob(&Array::of1(&text.into()), "text/plain"))
                }
                (None, Ok(file)) => (file.name(), Some(file.into())),
                (None, Err(_)) => continue,
            };
            let Some(blob) = blob else { continue };
            let id = DESK.with_borrow_mut(|desk| {
                desk.next += 1;
                desk.sent.push(Sent { id: desk.next, name: name.clone(), blob: blob.clone() });
                desk.next
            });
            self.work(format!("Reading {name}"));
            self.ask(Request::Open { id, name }, Some(blob));
        }
    }

    /// Forgets a file or, without a number, what was kept.
    pub fn close(&self, id: Option<u32>) {
        DESK.with_borrow_mut(|desk| desk.sent.retain(|sent| Some(sent.id) != id));
        if id.is_none() {
            self.forget_kept();
        }
        self.ask(Request::Close { id }, None);
    }

    /// Gives new answers.
    pub fn answer(&self, change: impl FnOnce(&mut Answers)) {
        let mut answers = self.report.with_untracked(|report| report.answers.clone());
        change(&mut answers);
        self.report.update(|report| report.answers = answers.clone());
        self.work("Reading again with these answers".to_owned());
        self.ask(Request::Answer(Box::new(answers)), None);
    }

    /// Confirms what the columns of a table hold.
    pub fn map(&self, id: u32, table: Table) {
        self.work("Reading the table".to_owned());
        self.ask(Request::Map { id, table }, None);
    }

    /// Puts own results among the published ones.
    pub fn show(&self) {
        self.work("Putting your results beside the published ones".to_owned());
        self.ask(Request::Show, None);
    }

    /// Gives the reader a run file, or an archive of all.
    pub fn export(&self, run: Option<String>) {
        self.ask(Request::Export { run }, None);
    }

    /// Keeps what could be read in this browser.
    pub fn keep(&self) {
        self.ask(Request::Keep, None);
    }

    /// Takes what was kept out of this browser.
    pub fn forget_kept(&self) {
        let storage = browser::window().and_then(|window| window.local_storage().ok().flatten());
        let gone = storage.is_some_and(|storage| storage.remove_item(KEPT).is_ok());
        if gone && self.kept.get_untracked() {
            self.said.set("Nothing of yours is kept in this browser any more".to_owned());
        }
        self.kept.set(false);
    }

    /// Takes back what was kept, once a page has begun.
    pub fn restore(&self) {
        let is_new = DESK.with_borrow(|desk| desk.worker.is_none());
        if let Some(text) = kept().filter(|_| is_new) {
            self.ask(Request::Restore { text }, None);
            self.show();
        }
    }

    /// Ends the worker with whatever it does: the file that it was at is gone, the others are read again.
    pub fn cancel(&self) {
        let at = DESK.with_borrow_mut(Desk::end);
        self.progress.set(None);
        let name = at.map(|sent| sent.name).unwrap_or_default();
        self.said.set(format!("Cancelled: {name}"));
        self.start_again();
    }

    /// Forgets everything, here and in storage.
    pub fn clear(&self) {
        DESK.with_borrow_mut(|desk| {
            desk.end();
            desk.sent.clear();
        });
        self.progress.set(None);
        self.failures.set(Vec::new());
        self.forget_kept();
        self.report.set(Report::default());
        if self.shown.with_untracked(Option::is_some) {
            self.show();
        }
        self.said.set("Your results are gone from this page".to_owned());
    }

    /// Asks for what a view shows as a file; the answer goes to the panel that shares it.
    pub fn write(&self, wanted: Wanted) {
        let with_own = self.shown.with_untracked(Option::is_some);
        self.ask(Request::Write(Wanted { with_own, ..wanted }), None);
    }

    fn work(&self, words: String) {
        self.progress.set(Some(Progress { words, share: None }));
    }

    /// Reads what an ended worker had.
    fn start_again(&self) {
        let sent = DESK.with_borrow(|desk| desk.sent.clone());
        let answers = self.report.with_untracked(|report| report.answers.clone());
        self.report.set(Report { answers: answers.clone(), ..Report::default() });
        if sent.is_empty() {
            return;
        }
        self.ask(Request::Answer(Box::new(answers)), None);
        for Sent { id, name, blob } in sent {
            self.ask(Request::Open { id, name }, Some(blob));
        }
    }

    fn ask(&self, request: Request, blob: Option<web_sys::Blob>) {
        let failed = DESK.with_borrow_mut(|desk| {
            if desk.worker.is_none() {
                desk.worker = Some(start()?);
            }
            desk.open.push_back(match request {
                Request::Open { id, .. } => Some(id),
                _ => None,
            });
            if desk.is_ready {
                desk.send(&request, blob);
            } else {
                desk.waiting.push_back((request, blob));
            }
            Some(())
        });
        if failed.is_none() {
            self.crashed("this browser starts no worker here".to_owned());
        }
    }

    /// What a worker said.
    fn hear(&self, reply: Reply, bytes: Option<js_sys::Uint8Array>) {
        let is_answer = !matches!(
            reply,
            Reply::Ready | Reply::Progress { .. } | Reply::Crashed { .. } | Reply::Piece { is_last: false }
        );
        let is_done = DESK.with_borrow_mut(|desk| {
            if is_answer {
                desk.open.pop_front();
            }
            desk.open.is_empty()
        });
        match reply {
            Reply::Ready => DESK.with_borrow_mut(Desk::send_waiting),
            Reply::Crashed { reason } => return self.crashed(reason),
            Reply::Progress { name, done, of } => {
                let words =
                    if done < of { format!("Reading {name}") } else { format!("Taking {name} apart") };
                self.progress.set(Some(Progress { words, share: Some(done / of) }));
            }
            Reply::Refused { id, name, reason } => {
                DESK.with_borrow_mut(|desk| desk.sent.retain(|sent| Some(sent.id) != id));
                self.failures.update(|failures| failures.push((name, reason)));
            }
            Reply::Report(report) => {
                self.said.set(counted(&report));
                self.report.set(*report);
            }
            Reply::Piece { is_last } => {
                // The index is yet to be taken in.
                return self.came(bytes.map(|bytes| (bytes, is_last)));
            }
            Reply::File { name, kind } => {
                if let Some(bytes) = bytes {
                    files::save(&name, &kind, &bytes);
                    self.said.set(format!("Saved {name}"));
                }
            }
            Reply::Written => {
                if let Some(bytes) = bytes {
                    crate::app::share::written(&bytes);
                }
            }
            Reply::Kept { text } => self.put_away(&text),
        }
        if is_done && is_answer {
            self.progress.set(None);
        }
    }

    /// A piece of the index came. Each is taken in in a task of its own, so that the page goes on answering.
    fn came(&self, piece: Option<(js_sys::Uint8Array, bool)>) {
        let is_first = DESK.with_borrow_mut(|desk| {
            let is_first = desk.came.is_empty();
            desk.came.extend(piece);
            is_first
        });
        if is_first {
            self.take_in();
        }
    }

    fn take_in(&self) {
        let session = self.clone();
        browser::later(Box::new(move || {
            let (taken, is_over) = DESK.with_borrow_mut(Desk::take_in);
            match taken {
                Ok(None) => {}
                Ok(Some(index)) => {
                    let session = session.clone();
                    browser::later(Box::new(move || session.shown(*index)));
                }
                Err(error) => session.crashed(error.to_string()),
            }
            if !is_over {
                session.take_in();
            }
        }));
    }

    /// Own results are among the published ones, or gone from them.
    fn shown(&self, index: Index) {
        if DESK.with_borrow(|desk| desk.open.is_empty()) {
            self.progress.set(None);
        }
        let report = self.report.get_untracked();
        let is_any = report.counts.1 > 0;
        self.shown.set(is_any.then_some(report));
        if is_any {
            self.said.set("Your results stand beside the published ones".to_owned());
        }
        crate::app::boot::show(index);
        // The button that led here has done its work and is gone.
        files::keep_focus(&["#ready a", "#own-files", "main"]);
    }

    fn put_away(&self, text: &str) {
        if text.encode_utf16().count() > MOST_KEPT {
            let reason = "they are larger than the 4 million characters that fit; download them instead";
            return self.failures.update(|failures| {
                failures.push(("Your results were not kept".to_owned(), reason.to_owned()));
            });
        }
        let storage = browser::window().and_then(|window| window.local_storage().ok().flatten());
        let is_kept = storage.is_some_and(|storage| storage.set_item(KEPT, text).is_ok());
        self.kept.set(is_kept);
        if is_kept {
            self.said.set("Kept in this browser".to_owned());
        } else {
            let reason = "this browser stores nothing for this page; download them instead";
            self.failures.update(|failures| {
                failures.push(("Your results were not kept".to_owned(), reason.to_owned()));
            });
        }
    }

    /// The worker met its end: what it was at is named and left out, the rest is read again. One that never began
    /// would not begin for the rest either.
    fn crashed(&self, reason: String) {
        let is_shared = crate::app::share::failed(&reason);
        let at = DESK.with_borrow_mut(|desk| {
            let has_begun = desk.is_ready;
            let at = desk.end();
            if !has_begun {
                desk.sent.clear();
            }
            at
        });
        self.progress.set(None);
        // Whoever shares a view has opened nothing that could not be read.
        if is_shared && at.is_none() {
            return;
        }
        let name = at.as_ref().map_or("Your results could not be read".to_owned(), |sent| sent.name.clone());
        self.failures.update(|failures| failures.push((name, reason)));
        if at.is_some() {
            self.start_again();
        }
    }
}

/// What a report says in one sentence.
fn counted(report: &Report) -> String {
    let (runs, results) = report.counts;
    let of = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let asked = report.questions.len();
    let asked = if asked == 0 { String::new() } else { format!("; {} to answer", of(asked, "question")) };
    format!("{} in {} from {}{asked}", of(results, "result"), of(runs, "run"), of(report.files.len(), "file"))
}

impl Desk {
    fn send(&self, request: &Request, blob: Option<web_sys::Blob>) {
        let (Some(worker), Ok(words)) = (&self.worker, serde_json::to_string(request)) else { return };
        let message = Array::of1(&JsValue::from(words));
        if let Some(blob) = blob {
            message.push(&blob);
        }
        // Fails for what cannot be copied alone, and text and files always can.
        let _ = worker.post_message(&message);
    }

    /// Takes in a piece of the index: what follows from it, and whether no other piece is there.
    fn take_in(&mut self) -> (Result<Option<Box<Index>>, IndexError>, bool) {
        let Some((bytes, is_last)) = self.came.pop_front() else { return (Ok(None), true) };
        let added = self.pieces.add(&bytes.to_vec());
        let taken = match added {
            Ok(()) if is_last => std::mem::take(&mut self.pieces).finish().map(|index| Some(Box::new(index))),
            added => added.map(|()| None),
        };
        (taken, self.came.is_empty())
    }

    fn send_waiting(&mut self) {
        self.is_ready = true;
        for (request, blob) in std::mem::take(&mut self.waiting) {
            self.send(&request, blob);
        }
    }

    /// Ends the worker; returns the file that it was at, and forgets it.
    fn end(&mut self) -> Option<Sent> {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
        let at_work = self.open.front().copied().flatten();
        self.is_ready = false;
        self.waiting.clear();
        self.open.clear();
        self.came.clear();
        self.pieces = Pieces::default();
        let at = self.sent.iter().position(|sent| Some(sent.id) == at_work)?;
        Some(self.sent.remove(at))
    }
}

/// Starts the worker and listens to it, until it is ended.
fn start() -> Option<web_sys::Worker> {
    let script = browser::document()?.query_selector("script[data-import]").ok()??;
    let url = format!("{}-worker.js", script.get_attribute("data-import")?);
    let options = web_sys::WorkerOptions::new();
    options.set_type(web_sys::WorkerType::Module);
    let worker = web_sys::Worker::new_with_options(&url, &options).ok()?;
    let hear = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(|event: web_sys::MessageEvent| {
        let parts = Array::from(&event.data());
        let words = parts.get(0).as_string().unwrap_or_default();
        if let Ok(reply) = serde_json::from_slice(words.as_bytes()) {
            session().hear(reply, parts.get(1).dyn_into().ok());
        }
    });
    worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    let fail = Closure::<dyn FnMut(web_sys::Event)>::new(|event: web_sys::Event| {
        event.prevent_default();
        session().crashed("the program that reads files could not be loaded".to_owned());
    });
    worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
    fail.forget();
    Some(worker)
}
