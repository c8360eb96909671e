//! What the reader opened: the worker that reads it, and what it said last.
//!
//! It outlives the page's state, which begins anew with every index: opened files stay when own results come
//! beside published ones.

use std::cell::RefCell;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::files;
use super::keeping::kept;
use super::reader::{All, Reader, Sent, Shown, results_in_view, start};
use crate::app::browser;
use crate::index::IndexError;
use crate::own::message::{Answers, Reply, Report, Request, Table, Wanted};

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
    pub(super) static READER: RefCell<Reader> = RefCell::new(Reader::default());
}

/// The one session of this page.
pub fn session() -> Session {
    SESSION.with(Clone::clone)
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
            let id = READER.with_borrow_mut(|reader| {
                reader.next += 1;
                reader.sent.push(Sent { id: reader.next, name: name.clone(), blob: blob.clone() });
                reader.next
            });
            self.work(format!("Reading {name}"));
            self.ask(Request::Open { id, name }, Some(blob));
        }
    }

    /// Forgets a file or, without a number, the runs that were kept without theirs.
    pub fn close(&self, id: Option<u32>) {
        READER.with_borrow_mut(|reader| reader.sent.retain(|sent| Some(sent.id) != id));
        self.ask(Request::Close { id }, None);
        // What was removed is gone from every view.
        if self.shown.with_untracked(Option::is_some) {
            self.show();
        }
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

    /// Gives the reader a file of the archive, or the archive.
    pub fn export(&self, path: Option<String>) {
        self.ask(Request::Export { path }, None);
    }

    /// Ends the worker with whatever it does: the file that it was at is gone, the others are read again.
    pub fn cancel(&self) {
        let at = READER.with_borrow_mut(Reader::end);
        crate::app::share::failed("reading was cancelled");
        self.progress.set(None);
        let name = at.map(|sent| sent.name).unwrap_or_default();
        self.said.set(format!("Cancelled: {name}"));
        self.start_again();
    }

    /// Forgets everything, here and in storage.
    pub fn clear(&self) {
        READER.with_borrow_mut(|reader| {
            reader.end();
            reader.sent.clear();
        });
        crate::app::share::failed("everything was removed");
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
        let sent = READER.with_borrow(|reader| reader.sent.clone());
        let answers = self.report.with_untracked(|report| report.answers.clone());
        self.report.set(Report { answers: answers.clone(), ..Report::default() });
        if let Some(text) = kept() {
            self.ask(Request::Restore { text }, None);
        }
        if sent.is_empty() {
            return;
        }
        self.ask(Request::Answer(Box::new(answers)), None);
        for Sent { id, name, blob } in sent {
            self.ask(Request::Open { id, name }, Some(blob));
        }
    }

    pub(super) fn ask(&self, request: Request, blob: Option<web_sys::Blob>) {
        let failed = READER.with_borrow_mut(|reader| {
            if reader.worker.is_none() {
                let hear = |ended, reply, bytes| session().hear(ended, reply, bytes);
                reader.worker = Some(start(reader.ended, hear, |ended| session().lost(ended))?);
            }
            reader.given.push_back(matches!(request, Request::Answer(_)));
            reader.open.push_back(match request {
                Request::Open { id, .. } => Some(id),
                _ => None,
            });
            if reader.is_ready {
                reader.send(&request, blob);
            } else {
                reader.waiting.push_back((request, blob));
            }
            Some(())
        });
        if failed.is_none() {
            self.crashed("this browser starts no worker here".to_owned());
        }
    }

    /// What a worker said.
    fn hear(&self, ended: u32, reply: Reply, bytes: Option<js_sys::Uint8Array>) {
        if is_over(ended) {
            return;
        }
        let is_answer = !matches!(
            reply,
            Reply::Ready
                | Reply::Unsupplied
                | Reply::Progress { .. }
                | Reply::Crashed { .. }
                | Reply::Piece { report: None }
        );
        let is_done = READER.with_borrow_mut(|reader| {
            if is_answer {
                reader.open.pop_front();
                reader.given.pop_front();
            }
            reader.open.is_empty() && !reader.is_taking_in
        });
        match reply {
            Reply::Ready => READER.with_borrow_mut(Reader::send_waiting),
            Reply::Unsupplied => results_in_view(move |file| session().supply(ended, file)),
            Reply::Crashed { reason } => return self.crashed(reason),
            Reply::Progress { name, done, of } => {
                let words =
                    if done < of { format!("Reading {name}") } else { format!("Taking {name} apart") };
                self.progress.set(Some(Progress { words, share: Some(done / of) }));
            }
            Reply::Refused { id, name, reason } => {
                READER.with_borrow_mut(|reader| reader.sent.retain(|sent| Some(sent.id) != id));
                self.failures.update(|failures| failures.push((name, reason)));
            }
            Reply::Report(report) => self.reported(*report),
            Reply::Piece { report } => {
                // The index is yet to be taken in, each piece in a task of its own, so that the page goes on
                // answering.
                if bytes.is_some_and(|bytes| READER.with_borrow_mut(|reader| reader.keep((bytes, report)))) {
                    self.take_in(ended);
                }
                return;
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
            Reply::NotWritten { reason } => crate::app::share::not_written(&reason),
            Reply::Kept { text } => self.put_away(&text),
        }
        if is_done && is_answer {
            self.progress.set(None);
        }
    }

    fn reported(&self, mut report: Report) {
        // What was answered meanwhile is newer, and the next answer builds upon it.
        if READER.with_borrow(|reader| reader.given.contains(&true)) {
            report.answers = self.report.with_untracked(|now| now.answers.clone());
        }
        let counted = counted(&report);
        self.said.set(match &report.again {
            Some(again) => format!("{again}. {counted}"),
            None => counted,
        });
        let is_empty = report.files.is_empty();
        self.report.set(report);
        // What is kept follows what is open.
        match self.kept.get_untracked() {
            true if is_empty => self.forget_kept(),
            true => self.keep(),
            false => {}
        }
    }

    /// Gives a worker the results in view, which are not those of the page's own host.
    fn supply(&self, ended: u32, file: Option<(web_sys::Blob, Vec<u32>)>) {
        match file {
            _ if is_over(ended) => {}
            Some((blob, sizes)) => {
                READER.with_borrow(|reader| reader.send(&Request::Supply { sizes }, Some(blob)));
            }
            None => self.crashed("the results in view are not here any more".to_owned()),
        }
    }

    fn take_in(&self, ended: u32) {
        self.step(ended, move |session| {
            let (taken, has_more) = READER.with_borrow_mut(Reader::take_in);
            if let Some(all) = taken? {
                session.put_together(ended, all);
            }
            if has_more {
                session.take_in(ended);
            }
            Ok(())
        });
    }

    /// A million repetitions are a task when they become columns, and another when these are looked at.
    fn put_together(&self, ended: u32, (pieces, report): All) {
        self.step(ended, move |session| {
            let columns = pieces.finish()?;
            session.step(ended, move |session| {
                let index = Box::new(columns.checked()?);
                session.step(ended, move |session| {
                    session.shown(ended, (index, report));
                    Ok(())
                });
                Ok(())
            });
            Ok(())
        });
    }

    /// Does something in a task of its own, with a frame before it, unless the worker that it is about has ended.
    fn step(&self, ended: u32, act: impl FnOnce(&Self) -> Result<(), IndexError> + 'static) {
        let session = self.clone();
        browser::after_frame(Box::new(move || {
            if is_over(ended) {
                return;
            }
            if let Err(error) = act(&session) {
                session.crashed(error.to_string());
            }
        }));
    }

    /// Own results are among the published ones, or gone from them.
    fn shown(&self, ended: u32, (index, report): Shown) {
        if is_over(ended) {
            return;
        }
        let is_done = READER.with_borrow_mut(|reader| {
            reader.is_taking_in = false;
            reader.open.is_empty()
        });
        if is_done {
            self.progress.set(None);
        }
        let is_any = report.counts.1 > 0;
        self.shown.set(is_any.then_some(*report));
        if is_any {
            self.said.set("Your results stand beside the published ones".to_owned());
        }
        crate::app::boot::show(*index);
        // The button that led here has done its work and is gone.
        files::keep_focus(&["#ready a", "#own-files", "main"]);
    }

    /// The program of the worker could not be loaded.
    fn lost(&self, ended: u32) {
        if !is_over(ended) {
            self.crashed("the program that reads files could not be loaded".to_owned());
        }
    }

    /// The worker met its end: what it was at is named and left out, the rest is read again. One that never began
    /// would not begin for the rest either.
    fn crashed(&self, reason: String) {
        let is_shared = crate::app::share::failed(&reason);
        let at = READER.with_borrow_mut(|reader| {
            let has_begun = reader.is_ready;
            let at = reader.end();
            if !has_begun {
                reader.sent.clear();
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

/// True for a worker that was ended.
fn is_over(ended: u32) -> bool {
    READER.with_borrow(|reader| reader.ended != ended)
}

/// What a report says in one sentence.
fn counted(report: &Report) -> String {
    let (runs, results) = report.counts;
    let of = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let asked = report.questions.len();
    let asked = if asked == 0 { String::new() } else { format!("; {} to answer", of(asked, "question")) };
    format!("{} in {} from {}{asked}", of(results, "result"), of(runs, "run"), of(report.files.len(), "file"))
}
