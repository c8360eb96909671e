//! The frame of a chart: a canvas that is drawn when it must be, what pointer and keys choose in it, and its numbers.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
#[cfg(all(feature = "app", not(feature = "whole")))]
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::browser::Nearness;
use super::element::{El, el, nothing};
use super::near::nearness;
use super::state::{Behind, Page};
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

/// False in the program of the first view, which draws every chart whole, as tall as it is, and asks for the program
/// that draws a part of one.
pub(super) const DRAWS_PARTS: bool = cfg!(feature = "whole") || !cfg!(feature = "app");

/// Charts up to so many CSS pixels are drawn whole. Of a taller one it is what the screen shows and something above and
/// below: a canvas as tall as 200 bars costs many times as much, and browsers refuse taller ones.
const TALL: i32 = 2_048;

/// What is drawn of a tall chart begins and ends at multiples of this.
const STEP: i32 = 256;

/// What is drawn of a chart of some height: the stretch of a frame that is on the screen, and a step more on both sides.
fn stretch(frame_id: &str, height: i32) -> Range<i32> {
    #[cfg(all(feature = "app", not(feature = "whole")))]
    if height > TALL {
        // Once: what is shown is complete without it.
        static ASKED: AtomicBool = AtomicBool::new(false);
        if !ASKED.swap(true, Ordering::Relaxed) {
            browser::tell_window(super::boot::OUTGROWN);
        }
    }
    if !DRAWS_PARTS || height <= TALL {
        return 0..height;
    }
    let Some(frame) = browser::element(frame_id) else { return 0..height };
    let screen = browser::window().and_then(|window| window.inner_height().ok()?.as_f64());
    near_stretch(-frame.get_bounding_client_rect().top(), screen.unwrap_or_default(), height)
}

/// The steps around a screen of some height whose upper edge is at `top` in a tall chart.
fn near_stretch(top: f64, screen: f64, height: i32) -> Range<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "pages are some thousand steps long at most")]
    let step = |y: f64, more: i32| {
        ((y / f64::from(STEP)).floor() as i32 + more).saturating_mul(STEP).clamp(0, height)
    };
    step(top, -1)..step(top + screen, 2)
}

/// How a layout comes to a canvas.
pub(super) struct Drawing<L> {
    /// Its height, in CSS pixels.
    pub(super) height: fn(&L) -> i32,
    /// Draws a stretch of it.
    pub(super) paint: fn(&web_sys::HtmlCanvasElement, &L, Range<i32>, &Theme, Option<usize>),
}

/// Draws a canvas anew, with the words around it, whenever its layout, choice or surroundings change. One that is far
/// from the screen is hidden until it comes near and is drawn then, or when it goes to paper: most charts of a page are
/// far, and each costs the browser more than the table does. So is a near one that those on the screen go before. A tall
/// one is drawn anew when other steps of it are near.
pub(super) fn keep_drawn<L: Send + Sync + 'static>(
    page: Page,
    frame_id: &str,
    surroundings: RwSignal<u32>,
    width: RwSignal<f64>,
    layout: Memo<Option<L>>,
    chosen: RwSignal<Option<usize>>,
    Drawing { height, paint }: Drawing<L>,
) {
    let near = nearness(page, frame_id, width);
    // Counts what would make another picture.
    let picture = Memo::new(move |before: Option<&u32>| {
        surroundings.track();
        page.dress.track();
        chosen.track();
        layout.track();
        before.map_or(1, |before| before.wrapping_add(1))
    });
    let hide = |id: &str, hidden| {
        if let Some(frame) = browser::element(id) {
            let _ = frame.toggle_attribute_with_force("data-due", hidden);
        }
    };
    let drawn = Rc::new(RefCell::new((0, 0..0)));
    let (id, last) = (frame_id.to_owned(), Rc::clone(&drawn));
    let draw: Rc<dyn Fn(bool)> = Rc::new(move |is_whole| {
        // Browsers do not tell the width of what waits unseen.
        if is_whole && width.try_get_untracked() == Some(0.0) {
            width.set(browser::element(&id).map_or(0.0, |frame| frame.get_bounding_client_rect().width()));
        }
        let theme = page.dress.try_with_untracked(|dress| dress.theme).flatten();
        layout.try_with_untracked(|layout| {
            let Some(layout) = layout else { return };
            let height = height(layout);
            let stretch = if is_whole { 0..height } else { stretch(&id, height) };
            let now = (picture.get_untracked(), stretch.clone());
            if *last.borrow() == now {
                return;
            }
            last.replace(now);
            if let Some(canvas) = canvas_in(&id) {
                paint(&canvas, layout, stretch, &canvas::theme(theme), chosen.get_untracked());
            }
            hide(&id, false);
        });
    });
    let (id, at_once) = (frame_id.to_owned(), Rc::clone(&draw));
    Effect::new(move || {
        let now = picture.get();
        match (near.get(), page.charts_behind.get()) {
            (Nearness::Far, _) | (Nearness::Near, Behind::Unseen | Behind::Lower) => {
                hide(&id, drawn.borrow().0 != now)
            }
            // Where a choice brings a chart here before what it shows follows, it waits.
            (_, Behind::All) => {}
            _ => at_once(false),
        }
    });
    Effect::new(move || {
        let Some(window) = browser::window() else { return };
        let print = Rc::clone(&draw);
        browser::listen::<web_sys::Event>(&window, "beforeprint", move |_| print(true));
        if DRAWS_PARTS {
            let may = move || {
                let is_near = near.try_get_untracked().is_some_and(|near| near != Nearness::Far);
                is_near && page.charts_behind.try_get_untracked().is_some_and(|behind| behind != Behind::All)
            };
            for kind in ["scroll", "resize"] {
                let draw = Rc::clone(&draw);
                // In the frame that follows, not while the event is on its way: Firefox remarks on that.
                browser::listen::<web_sys::Event>(&window, kind, move |_| {
                    let draw = Rc::clone(&draw);
                    browser::at_next_frame(Box::new(move || {
                        if may() {
                            draw(false);
                        }
                    }));
                });
            }
            // What opens, folds or goes above a chart moves it without a scroll.
            let moved = Rc::clone(&draw);
            Effect::new(move || {
                page.answer.track();
                page.unfolded.track();
                page.charts_behind.track();
                let is_tall =
                    layout.with(|layout| layout.as_ref().is_some_and(|layout| height(layout) > TALL));
                if !is_tall {
                    return;
                }
                let moved = Rc::clone(&moved);
                browser::at_next_frame(Box::new(move || {
                    if may() {
                        moved(false);
                    }
                }));
            });
        }
    });
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
    let is_open = RwSignal::new(false);
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
    let frame_id = id.clone();
    let point = move |event: &ev::MouseEvent| {
        // The canvas may be a part of it.
        let Some(frame) = browser::element(&frame_id).map(|frame| frame.get_bounding_client_rect()) else {
            return;
        };
        let at = at(f64::from(event.client_x()) - frame.left(), f64::from(event.client_y()) - frame.top());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_screen_shows_of_a_tall_chart_is_drawn() {
        for top in [-900.0, -1.0, 0.0, 255.5, 256.0, 767.5, 4_000.25, 8_000.0, 9_000.0] {
            let (drawn, screen) = (near_stretch(top, 900.0, 8_850), 900.0);
            let seen = top.clamp(0.0, 8_850.0)..(top + screen).clamp(0.0, 8_850.0);
            assert!(
                f64::from(drawn.start) <= seen.start && seen.end <= f64::from(drawn.end),
                "{drawn:?} at {top}"
            );
            assert!(drawn.len() <= 1_792, "{drawn:?} at {top}");
        }
    }
}
