//! How near to the screen charts are. Browsers tell a frame later, or between near and seen not at all; who must know at
//! once looks.

use leptos::prelude::*;

use super::browser::{self, Nearness};
use super::state::Page;

/// The frame of a chart.
pub struct Watched {
    /// Its id in the document.
    id: String,
    /// How near to the screen it is.
    near: RwSignal<Nearness>,
    /// Whether the browser has said last that it is near.
    is_told: StoredValue<bool>,
    /// Its width in CSS pixels; 0 until somebody has looked.
    width: RwSignal<f64>,
}

/// How near to the screen a frame is. Inside another page there is one chart, and how near it is its host knows.
pub(super) fn nearness(page: Page, frame_id: &str, width: RwSignal<f64>) -> RwSignal<Nearness> {
    #[cfg(feature = "whole")]
    let is_alone = page.embed.is_some();
    #[cfg(not(feature = "whole"))]
    let is_alone = false;
    let near = RwSignal::new(if is_alone { Nearness::Seen } else { Nearness::Far });
    let is_told = StoredValue::new(false);
    let id = frame_id.to_owned();
    Effect::new(move || {
        if let Some(frame) = browser::element(&id).filter(|_| !is_alone) {
            browser::on_nearness_change(&frame, move |now| {
                is_told.set_value(now != Nearness::Far);
                if near.get_untracked() != now {
                    near.set(now);
                }
            });
            let watched = Watched { id: id.clone(), near, is_told, width };
            page.frames.try_update_value(|frames| frames.push(watched));
            on_cleanup(move || {
                page.frames.try_update_value(|frames| frames.retain(|other| other.near != near));
            });
        }
    });
    near
}

/// Looks where charts are as the page is now: has sections near the screen laid out, and notes how near their charts are.
/// Gives back whether one of these is seen, or the words and numbers beside it.
pub(super) fn look_around(page: Page, sections: &[&str]) -> bool {
    lay_out_near(sections);
    note_nearness(page)
}

/// The attribute of a section that browsers do not leave out any more.
const LAID_OUT: &str = "data-near";

/// Has sections that browsers leave out laid out, for good, once they are near the screen.
fn lay_out_near(sections: &[&str]) {
    for section in sections.iter().filter_map(|id| browser::element(id)) {
        if !section.has_attribute(LAID_OUT) && Nearness::now(&section) != Nearness::Far {
            let _ = section.set_attribute(LAID_OUT, "");
        }
    }
}

/// Notes how near the frames of charts are as the page is now, of which browsers tell a frame later or, between near and
/// seen, not at all. Gives back whether a chart is seen, or the words and numbers beside it. Those that are new have no
/// height before somebody has looked how wide they are: they get it, and are looked at again.
fn note_nearness(page: Page) -> bool {
    let mut any_is_seen = false;
    let mut wide = Vec::new();
    // All are looked at before any changes the page.
    let noted: Vec<_> = page.frames.with_value(|frames| {
        // Asking for a place in a section that is left out has it laid out.
        let is_there = |frame: &web_sys::Element| {
            frame.closest(&format!("[{LAID_OUT}]")).is_ok_and(|section| section.is_some())
        };
        let note = |Watched { id, near, is_told, width }: &Watched| {
            let frame = browser::element(id).filter(is_there);
            let seen = |figure: web_sys::Element| Nearness::now(&figure) == Nearness::Seen;
            any_is_seen |= frame.as_ref().and_then(|frame| frame.parent_element()).is_some_and(seen);
            let wide_now =
                || Some(frame.as_ref()?.get_bounding_client_rect().width()).filter(|&wide| wide > 0.0);
            if width.get_untracked() == 0.0
                && let Some(now) = wide_now()
            {
                wide.push((*width, now));
                return None;
            }
            let now = frame.map_or(Nearness::Far, |frame| Nearness::now(&frame));
            // One that goes is far once browsers say so: they say nothing of one that is back before they look.
            let stays = now == Nearness::Far && is_told.get_value();
            Some((*near, if stays { Nearness::Near } else { now }))
        };
        frames.iter().filter_map(note).collect()
    });
    for (near, now) in noted {
        if near.get_untracked() != now {
            near.set(now);
        }
    }
    if !wide.is_empty() {
        browser::behind_effects(move || _ = note_nearness(page));
    }
    for (width, now) in wide {
        width.set(now);
    }
    any_is_seen
}
