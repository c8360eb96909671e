//! How near to the screen charts are. Browsers tell a frame later, or between near and seen not at all; who must know at
//! once looks.

use leptos::prelude::*;

use super::browser::{self, Nearness};
use super::state::{Behind, Page};

/// Ids of the sections of the charts beside the table: the speed range of every model, and one chart for each workload.
pub(super) const SPEED_RANGES: &str = "charts";
pub(super) const WORKLOADS: &str = "workloads";

/// The frame of a chart.
pub struct Watched {
    frame: web_sys::Element,
    /// Id of the section that it is in.
    section: String,
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
            let section = frame.closest("section").ok().flatten().map_or_else(String::new, |it| it.id());
            let watched = Watched { frame, section, near, is_told, width };
            page.frames.try_update_value(|frames| frames.push(watched));
            on_cleanup(move || {
                page.frames.try_update_value(|frames| frames.retain(|other| other.near != near));
            });
        }
    });
    near
}

/// Looks where the charts beside the table are as the page is now: has their sections laid out for good once they are near
/// the screen, and notes how near they are, but for those that may wait.
///
/// Gives back which may: all of them where none is seen, nor words and numbers beside one; those by workload where none of
/// these is.
pub(super) fn look_around(page: Page) -> Behind {
    let sections = [SPEED_RANGES, WORKLOADS].map(|id| (id, lay_out_near(id)));
    let behind = match sections.map(|(id, near)| near == Nearness::Seen && shows_any(page, id)) {
        [_, true] => Behind::Unseen,
        [true, false] => Behind::Lower,
        [false, false] => Behind::All,
    };
    // Until they show what follows they are of other heights.
    let is_lower = page.charts_behind.try_get_untracked() == Some(Behind::Lower);
    let skips = is_lower || behind == Behind::Lower;
    let noted = sections.into_iter().take(if skips { 1 } else { sections.len() });
    let widths: Vec<_> = noted.flat_map(|(id, near)| note_nearness(page, id, near)).collect();
    if !widths.is_empty() {
        browser::behind_effects(move || _ = look_around(page));
    }
    for (width, now) in widths {
        width.set(now);
    }
    behind
}

/// How near to the screen a section is. Browsers leave it out until it is near for the first time.
fn lay_out_near(id: &str) -> Nearness {
    const LAID_OUT: &str = "data-near";
    let Some(section) = browser::element(id) else { return Nearness::Far };
    let near = Nearness::now(&section);
    if near != Nearness::Far && !section.has_attribute(LAID_OUT) {
        let _ = section.set_attribute(LAID_OUT, "");
    }
    near
}

/// Whether a section shows a chart, the words and numbers beside one, or that it has none.
#[inline(never)]
fn shows_any(page: Page, section: &str) -> bool {
    let is_seen = |element: &web_sys::Element| Nearness::now(element) == Nearness::Seen;
    let is_any_seen = page.frames.with_value(|frames| {
        let mut figures = frames.iter().filter(|watched| watched.section == section);
        figures.any(|watched| watched.frame.parent_element().as_ref().is_some_and(is_seen))
    });
    let none = || browser::element(section)?.query_selector(":scope > .empty").ok().flatten();
    is_any_seen || none().as_ref().is_some_and(is_seen)
}

/// Notes how near the charts of a section are, of which browsers tell a frame later or, between near and seen, not at all.
/// Those that are new have no height before somebody has looked how wide they are: gives back their widths.
#[inline(never)]
fn note_nearness(page: Page, section: &str, section_is: Nearness) -> Vec<(RwSignal<f64>, f64)> {
    let mut widths = Vec::new();
    // All are looked at before any changes the page.
    let noted: Vec<_> = page.frames.with_value(|frames| {
        let note = |Watched { frame, near, is_told, width, .. }: &Watched| {
            // Asking for a place in what is left out would have it laid out.
            let place = (section_is != Nearness::Far).then(|| frame.get_bounding_client_rect());
            if let Some(place) = place.as_ref().filter(|place| place.width() > 0.0)
                && width.get_untracked() == 0.0
            {
                widths.push((*width, place.width()));
                return None;
            }
            let now = place.map_or(Nearness::Far, |place| Nearness::of(&place));
            // One that goes is far once browsers say so: they say nothing of one that is back before they look.
            let stays = now == Nearness::Far && is_told.get_value();
            Some((*near, if stays { Nearness::Near } else { now }))
        };
        frames.iter().filter(|watched| watched.section == section).filter_map(note).collect()
    });
    for (near, now) in noted {
        if near.get_untracked() != now {
            near.set(now);
        }
    }
    widths
}
