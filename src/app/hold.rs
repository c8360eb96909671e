//! Something stays where it is on the screen while what is above it changes its height.

use leptos::prelude::request_animation_frame;
#[cfg(feature = "whole")]
use wasm_bindgen::JsCast;

use super::browser;
use super::table::{ROW_INDEX, SHOWN_LINES};
use crate::model::plain;

/// The mark of the root with the number of a row that is held, and where: CSS pixels.
const HELD: &str = "data-held";

/// How many frames it takes at most until everything above has its height.
const FRAMES: u32 = 20;

/// Something on the screen.
pub struct Hold {
    /// Where it is now: CSS pixels from the upper edge of the screen.
    place: Box<dyn Fn() -> Option<f64>>,
    /// Where it has to be.
    wanted: f64,
}

impl Hold {
    /// Holds the element that a selector finds, whichever that is by then.
    pub fn new(selector: String) -> Option<Self> {
        Self::by(Box::new(move || top_of(&selector)))
    }

    /// Holds a row that was pressed, and notes it for a program that may take over meanwhile.
    pub fn row(line: &web_sys::Element) -> Option<Self> {
        let number = line.get_attribute(ROW_INDEX)?;
        let hold = Self::new(format!("{SHOWN_LINES} > [{ROW_INDEX}=\"{number}\"]"))?;
        browser::set_root_attribute(HELD, Some(&format!("{number} {}", plain(hold.wanted))));
        Some(hold)
    }

    /// Holds the row that is held already, or the first row, chart or heading on the screen.
    #[cfg(feature = "whole")]
    pub fn on_screen() -> Option<Self> {
        let held = browser::root_attribute(HELD);
        if let Some((row, wanted)) = held.as_deref().and_then(|held| held.split_once(' ')) {
            let (row, wanted) = (row.parse().ok()?, wanted.parse().ok()?);
            return Some(Self { place: Box::new(move || place_of_row(row)), wanted });
        }
        let all = all(&format!("{SHOWN_LINES} > .row, .chart-frame, main h2[id]"))?;
        let is_seen = |element: &web_sys::Element| {
            let place = element.get_bounding_client_rect();
            place.height() > 0.0 && (0.0..browser::window_height()).contains(&place.top())
        };
        let first = all.into_iter().find(is_seen)?;
        match number(&first) {
            Some(row) => Self::by(Box::new(move || place_of_row(row))),
            None => Self::new(format!("[id=\"{}\"]", first.id())),
        }
    }

    fn by(place: Box<dyn Fn() -> Option<f64>>) -> Option<Self> {
        let wanted = place()?;
        Some(Self { place, wanted })
    }

    /// Puts it back where it was, now and in the frames that follow, until somebody scrolls.
    pub fn keep(self) {
        self.go_on(None, FRAMES);
    }

    /// Goes on from what was so a frame before.
    fn go_on(self, before: Option<Before>, frames: u32) {
        let (Some(place), Some(window)) = ((self.place)(), browser::window()) else {
            return browser::set_root_attribute(HELD, None);
        };
        let now = scrolled();
        let moved = |a: f64, b: f64| (a - b).abs() >= 1.0;
        let is_away = moved(place, self.wanted);
        // What grew above has moved it in the page; a scroll has not. Firefox may take back what was scrolled for it.
        let is_scrolled = before.is_some_and(|Before { scrolled, undone, at }| {
            moved(now, scrolled) && moved(now, undone) && !moved(now + place, at)
        });
        if frames == 0 || (is_away && is_scrolled) {
            return browser::set_root_attribute(HELD, None);
        }
        let mut undone = before.map_or(now, |before| before.undone);
        if is_away {
            undone = now;
            window.scroll_by_with_x_and_y(0.0, place - self.wanted);
        }
        let before = Before { scrolled: scrolled(), undone, at: now + place };
        request_animation_frame(move || self.go_on(Some(before), frames - 1));
    }
}

/// A page in which something is held: CSS pixels.
#[derive(Clone, Copy)]
struct Before {
    /// How far it was scrolled.
    scrolled: f64,
    /// The same before it was last scrolled to hold it.
    undone: f64,
    /// Where in it this was.
    at: f64,
}

fn scrolled() -> f64 {
    browser::window().and_then(|window| window.scroll_y().ok()).unwrap_or_default()
}

fn top_of(selector: &str) -> Option<f64> {
    let element = browser::document()?.query_selector(selector).ok().flatten()?;
    Some(element.get_bounding_client_rect().top())
}

#[cfg(feature = "whole")]
fn all(selector: &str) -> Option<Vec<web_sys::Element>> {
    let all = browser::document()?.query_selector_all(selector).ok()?;
    Some((0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect())
}

/// The number of a row in the whole table.
#[cfg(feature = "whole")]
fn number(row: &web_sys::Element) -> Option<f64> {
    row.get_attribute(ROW_INDEX)?.parse().ok()
}

/// Where a row is, or would be that is not drawn: as far from those that are as rows of their height take.
#[cfg(feature = "whole")]
fn place_of_row(row: f64) -> Option<f64> {
    if let Some(place) = top_of(&format!("{SHOWN_LINES} > [{ROW_INDEX}=\"{row}\"]")) {
        return Some(place);
    }
    let drawn = all(&format!("{SHOWN_LINES} > [{ROW_INDEX}]"))?;
    let (first, last) = (drawn.first()?, drawn.last()?);
    let (top, bottom) = (first.get_bounding_client_rect().top(), last.get_bounding_client_rect().bottom());
    let (from, to) = (number(first)?, number(last)?);
    Some(top + (row - from) * (bottom - top) / (to + 1.0 - from))
}
