//! The frame of a chart: a canvas that is drawn when it must be, what pointer and keys choose in it, and its numbers.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::element::{El, el, nothing};
use super::state::Page;
use super::{browser, canvas};
use crate::charts::{Key, Theme};

/// Keeps a width that of a frame.
pub(super) fn keep_width(frame_id: &str, width: RwSignal<f64>) {
    let id = frame_id.to_owned();
    Effect::new(move || {
        if let Some(frame) = browser::element(&id) {
            browser::on_width_change(&frame, move |now| {
                if (now - width.get_untracked()).abs() >= 1.0 {
                    width.set(now);
                }
            });
        }
    });
}

/// The canvas in a frame.
fn canvas_in(frame_id: &str) -> Option<web_sys::HtmlCanvasElement> {
    browser::element(frame_id)?.first_element_child()?.dyn_into().ok()
}

/// Draws a canvas anew, in a task of its own, whenever its layout, choice or surroundings change. One that is far from the screen is
/// hidden until it comes near and is drawn then, or when it goes to paper: most charts of a page are far, and each
/// costs the browser more than the table does.
pub(super) fn keep_drawn<L: Send + Sync + 'static>(
    page: Page,
    frame_id: &str,
    surroundings: RwSignal<u32>,
    layout: Memo<Option<L>>,
    chosen: RwSignal<Option<usize>>,
    paint: fn(&web_sys::HtmlCanvasElement, &L, &Theme, Option<usize>),
) {
    let near = nearness(page, frame_id);
    let changed = RwSignal::new(());
    let is_due = Rc::new(Cell::new(false));
    let due = Rc::clone(&is_due);
    Effect::new(move || {
        surroundings.track();
        page.dress.track();
        chosen.track();
        layout.track();
        due.set(true);
        changed.set(());
    });
    let paint = move |canvas: &web_sys::HtmlCanvasElement| {
        let theme = page.dress.try_with_untracked(|dress| dress.theme).flatten();
        layout.try_with_untracked(|layout| {
            if let Some(layout) = layout {
                paint(canvas, layout, &canvas::theme(theme), chosen.get_untracked());
            }
        });
    };
    let hide = |id: &str, hidden| {
        if let Some(frame) = browser::element(id) {
            let _ = frame.toggle_attribute_with_force("data-due", hidden);
        }
    };
    let (id, due) = (frame_id.to_owned(), Rc::clone(&is_due));
    let draw: Rc<dyn Fn()> = Rc::new(move || {
        if due.replace(false) {
            canvas_in(&id).iter().for_each(paint);
            hide(&id, false);
        }
    });
    let (id, soon) = (frame_id.to_owned(), Rc::clone(&draw));
    Effect::new(move || {
        changed.track();
        if !near.get() {
            return hide(&id, is_due.get());
        }
        // Several canvases in one task would hold up the page.
        let soon = Rc::clone(&soon);
        if let Some(timer) = browser::later(Box::new(move || soon())) {
            on_cleanup(move || timer.clear());
        }
    });
    Effect::new(move || {
        let draw = Rc::clone(&draw);
        if let Some(window) = browser::window() {
            browser::listen::<web_sys::Event>(&window, "beforeprint", move |_| draw());
        }
    });
}

/// Whether a frame is near the screen. Inside another page there is one chart, and how near it is its host knows.
fn nearness(page: Page, frame_id: &str) -> RwSignal<bool> {
    #[cfg(feature = "whole")]
    let is_alone = page.embed.is_some();
    #[cfg(not(feature = "whole"))]
    let is_alone = {
        let _ = page;
        false
    };
    let near = RwSignal::new(is_alone);
    let id = frame_id.to_owned();
    Effect::new(move || {
        if let Some(frame) = browser::element(&id).filter(|_| !is_alone) {
            browser::on_nearness_change(&frame, move |is_near| {
                if near.get_untracked() != is_near {
                    near.set(is_near);
                }
            });
        }
    });
    near
}

/// What pointer and keys choose in a chart.
pub(super) struct Aim {
    /// The mark at a place.
    pub(super) at: Rc<dyn Fn(f64, f64) -> Option<usize>>,
    /// The mark that a key leads to.
    pub(super) step: Box<dyn Fn(Option<usize>, Key) -> Option<usize>>,
}

/// The numbers of a chart below it. They are there while it is open: of charts that nobody asks for their numbers, these
/// would be most of the elements that a change of the selection makes anew.
pub(super) fn data_fold(table: impl Fn() -> AnyView + Send + 'static) -> El {
    let is_open = RwSignal::new(cfg!(feature = "snapshot"));
    el("details", "fold chart-data")
        .on(ev::toggle, move |event| {
            is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
        })
        .child(el("summary", "").text("Show the data"))
        .view_fn(move || if is_open.get() { table() } else { nothing() })
}

/// A canvas in its frame; pointer and arrow keys choose a mark.
pub(super) fn frame(id: String, chosen: RwSignal<Option<usize>>, aim: Aim) -> El {
    let Aim { at, step } = aim;
    let point = move |event: &ev::MouseEvent| {
        let at = at(f64::from(event.offset_x()), f64::from(event.offset_y()));
        if chosen.get_untracked() != at {
            chosen.set(at);
        }
    };
    // A finger chooses by a tap, not on its way over the page, and leaves with it: what it chose stays.
    let is_finger = |event: &ev::PointerEvent| event.pointer_type() == "touch";
    let moved = point.clone();
    let follow = move |event: ev::PointerEvent| {
        if !is_finger(&event) {
            moved(&event);
        }
    };
    let leave = move |event: ev::PointerEvent| {
        if !is_finger(&event) {
            chosen.set(None);
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        let Some(key) = Key::parse(&event.key()) else { return };
        event.prevent_default();
        chosen.set(step(chosen.get_untracked(), key));
    };
    el("div", "chart-frame")
        .attr("id", id)
        .attr("tabindex", "0")
        .attr("role", "img")
        .on(ev::keydown, key)
        .on(ev::pointermove, follow)
        .on_click(move |event| point(&event))
        .on(ev::pointerleave, leave)
        .on(ev::blur, move |_| chosen.set(None))
        .child(el("canvas", ""))
}
