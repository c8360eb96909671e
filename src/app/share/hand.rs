//! Handing over: to the clipboard, as a file, or as a text to copy by hand where the browser refuses.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::picture;
use crate::app::browser;
use crate::app::own::files;
use crate::app::own::session::session;
use crate::own::message::Wanted;

/// What the panel says of what was done.
#[derive(Clone, Copy)]
pub struct Hand {
    /// In words, once.
    pub said: RwSignal<String>,
    /// A text that the browser did not copy, for the reader to copy.
    pub left: RwSignal<Option<String>>,
}

/// What is to become of a file that the worker writes.
#[derive(Clone)]
enum Errand {
    Copy { what: &'static str },
    Save { name: String, kind: &'static str },
}

thread_local! {
    /// What the worker was asked for, in its order. It outlives the panel, which may be closed meanwhile.
    static WAITING: RefCell<VecDeque<(Hand, Errand)>> = const { RefCell::new(VecDeque::new()) };
}

impl Hand {
    /// A hand that has done nothing yet.
    pub fn new() -> Self {
        Self { said: RwSignal::new(String::new()), left: RwSignal::new(None) }
    }

    /// Says what was done; to a panel that is gone it says nothing.
    fn say(self, words: impl Into<String>) {
        self.said.try_set(words.into());
    }

    /// Copies a text.
    pub fn copy(self, what: &'static str, text: String) {
        self.left.try_set(None);
        spawn_local(async move {
            let is_copied = match clipboard() {
                Some(clipboard) => JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
                None => false,
            };
            if is_copied {
                self.say(format!("Copied {what}"));
            } else {
                self.say(format!("This browser did not copy {what}: it is selected below, to copy by hand"));
                self.left.try_set(Some(text));
            }
        });
    }

    /// Gives the reader a text as a file.
    pub fn save(self, name: &str, kind: &str, text: &str) {
        files::save(name, kind, &Uint8Array::from(text.as_bytes()));
        self.say(format!("Saved {name}"));
    }

    /// Gives the reader a drawing as pixels, twice as many as its width says.
    pub fn save_png(self, name: String, svg: String) {
        self.say(format!("Drawing {name}…"));
        spawn_local(async move {
            match picture::png(&svg).await {
                Some(bytes) => {
                    files::save(&name, "image/png", &bytes);
                    self.say(format!("Saved {name}"));
                }
                None => self.say("This browser draws no picture here: save the SVG instead"),
            }
        });
    }

    /// Has the worker write a file and copies it.
    pub fn copy_written(self, what: &'static str, wanted: Wanted) {
        self.say(format!("Preparing {what}…"));
        self.wait(Errand::Copy { what }, wanted);
    }

    /// Has the worker write a file and gives it to the reader.
    pub fn save_written(self, name: String, kind: &'static str, wanted: Wanted) {
        self.say(format!("Preparing {name}…"));
        self.wait(Errand::Save { name, kind }, wanted);
    }

    fn wait(self, errand: Errand, wanted: Wanted) {
        self.left.try_set(None);
        WAITING.with_borrow_mut(|waiting| waiting.push_back((self, errand)));
        session().write(wanted);
    }
}

/// The clipboard, where the page may write to it.
fn clipboard() -> Option<web_sys::Clipboard> {
    let navigator = browser::window()?.navigator();
    // Browsers have none on pages that came over plain HTTP.
    let clipboard = Reflect::get(&navigator, &JsValue::from("clipboard")).ok()?;
    clipboard.is_object().then(|| clipboard.unchecked_into())
}

/// The worker has written what it was asked for first.
pub fn written(bytes: &Uint8Array) {
    let Some((hand, errand)) = WAITING.with_borrow_mut(VecDeque::pop_front) else { return };
    match errand {
        Errand::Copy { what } => hand.copy(what, String::from_utf8_lossy(&bytes.to_vec()).into_owned()),
        Errand::Save { name, kind } => {
            files::save(&name, kind, bytes);
            hand.say(format!("Saved {name}"));
        }
    }
}

/// The worker cannot write what it was asked for first.
pub fn not_written(reason: &str) {
    if let Some((hand, _)) = WAITING.with_borrow_mut(VecDeque::pop_front) {
        hand.say(format!("That could not be written: {reason}"));
    }
}

/// The worker has met its end; false where it was not asked for anything here.
pub fn failed(reason: &str) -> bool {
    let waiting = WAITING.with_borrow_mut(std::mem::take);
    for (hand, _) in &waiting {
        hand.say(format!("That could not be written: {reason}"));
    }
    !waiting.is_empty()
}

/// A text as the parts of a blob.
pub(super) fn parts(text: &str) -> Array {
    Array::of1(&JsValue::from(text))
}
