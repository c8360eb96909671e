//! Own results in this browser between visits, if their reader wants that.

use leptos::prelude::*;

use super::session::{READER, Session};
use crate::app::browser;
use crate::own::message::{MOST_KEPT, Request};

/// The key under which own results are kept in this browser.
const KEPT: &str = "tokscope-own";

/// Where results are kept, where the browser lets us. What is kept stands beside the results of this page's own host
/// alone: its names are theirs.
fn storage() -> Option<web_sys::Storage> {
    if browser::foreign().is_some() {
        return None;
    }
    browser::window()?.local_storage().ok()?
}

/// What was kept in this browser.
pub(super) fn kept() -> Option<String> {
    storage()?.get_item(KEPT).ok()?
}

impl Session {
    /// Keeps what is open in this browser, now and after each change.
    pub fn keep(&self) {
        self.kept.set(true);
        self.ask(Request::Keep, None);
    }

    /// Takes what was kept out of this browser.
    pub fn forget_kept(&self) {
        let gone = storage().is_some_and(|storage| storage.remove_item(KEPT).is_ok());
        if gone && self.kept.get_untracked() {
            self.said.set("Nothing of yours is kept in this browser any more".to_owned());
        }
        self.kept.set(false);
    }

    /// Says no longer that results are kept once another tab has taken them out.
    pub fn keep_or_not(&self) {
        if self.kept.get_untracked() && kept().is_none() {
            self.kept.set(false);
        }
    }

    /// Takes back what was kept, once a page has begun.
    pub fn restore(&self) {
        let is_new = READER.with_borrow(|reader| reader.worker.is_none());
        if let Some(text) = kept().filter(|_| is_new) {
            self.ask(Request::Restore { text }, None);
            self.show();
        }
    }

    pub(super) fn put_away(&self, text: &str) {
        // The reader may have changed their mind meanwhile.
        if !self.kept.get_untracked() {
            return;
        }
        let is_new = kept().is_none();
        let is_small = text.encode_utf16().count() <= MOST_KEPT;
        if is_small && storage().is_some_and(|storage| storage.set_item(KEPT, text).is_ok()) {
            if is_new {
                self.said.set("Kept in this browser".to_owned());
            }
            return;
        }
        // Nothing is kept then: what is from before would be taken for it.
        self.forget_kept();
        let reason = match is_small {
            true => "this browser stores nothing for this page; download them instead",
            false => "they are larger than the 4 million characters that fit; download them instead",
        };
        self.failures.update(|failures| {
            failures.push(("Your results are not kept".to_owned(), reason.to_owned()));
        });
    }
}
