//! Long lists are filled a part a frame, so that the page goes on answering.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use leptos::prelude::*;

use crate::app::browser;

thread_local! {
    static WAITING: RefCell<VecDeque<Box<dyn FnOnce()>>> = RefCell::default();
    static IS_AT_WORK: Cell<bool> = const { Cell::new(false) };
}

/// Does one thing after the other, whoever asked for it, each in a task of its own with a frame before it.
pub fn in_turn(act: Box<dyn FnOnce()>) {
    WAITING.with_borrow_mut(|waiting| waiting.push_back(act));
    if !IS_AT_WORK.replace(true) {
        go_on();
    }
}

fn go_on() {
    browser::after_frame(Box::new(|| match WAITING.with_borrow_mut(VecDeque::pop_front) {
        Some(act) => {
            act();
            go_on();
        }
        None => IS_AT_WORK.set(false),
    }));
}

/// How many of so many parts are there: so many more with each turn.
pub fn gradually(count: usize, at_once: usize) -> RwSignal<usize> {
    let there = RwSignal::new(0);
    grow(there, count, at_once);
    there
}

fn grow(there: RwSignal<usize>, count: usize, at_once: usize) {
    in_turn(Box::new(move || {
        let more = there.try_update(|there| {
            *there += at_once;
            *there < count
        });
        // Fails when the view has gone meanwhile.
        if more == Some(true) {
            grow(there, count, at_once);
        }
    }));
}
