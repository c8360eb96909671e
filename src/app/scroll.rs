//! Where the table lies on the screen, followed as it scrolls, and when the lines beyond it are drawn.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::browser::{self, window_height};
use super::state::Page;
use super::window::{Heights, Item, Places, Screen};

/// Id of the table's rows.
pub(super) const ROWS: &str = "rows";

/// How long nothing is scrolled or chosen until the page is at rest: some frames of any screen.
pub(super) const AT_REST: Duration = Duration::from_millis(100);

/// Lines that are drawn in one task once it is, and the time until the next ones, for what else there is to do.
const LINES_AT_REST: usize = 80;
const BETWEEN: Duration = Duration::from_millis(20);

/// Height of the table's head, nearly: a line more or less is drawn for it.
const HEAD: f64 = 40.0;

/// The screen over the table that is in the document, whichever program or page it is of.
pub(super) fn screen() -> Screen {
    Screen { top: top().unwrap_or_default(), height: window_height(), ..Screen::default() }
}

/// From where the first line of the table is, or would be, to the upper edge of the screen: the head may stick to it.
fn top() -> Option<f64> {
    let table = browser::element(ROWS)?.parent_element()?;
    Some(HEAD - table.get_bounding_client_rect().top())
}

/// Draws the lines below the screen of a list that is drawn whole, some at a time, once nothing changes. The root's
/// `data-rows` is `behind` until they are there.
pub(super) fn draw_below(page: Page, others_follow: Memo<bool>) {
    on_cleanup(|| browser::set_root_attribute("data-rows", None));
    Effect::new(move || {
        let others_follow = others_follow.get();
        browser::set_root_attribute("data-rows", others_follow.then_some("behind"));
        let drawn = page.lines_below.get();
        if others_follow {
            let more = move || page.lines_below.set(drawn + LINES_AT_REST);
            browser::after(if drawn == 0 { AT_REST } else { BETWEEN }, Box::new(more));
        } else if drawn < usize::MAX {
            // What is there stays until the next choice, wherever the reader scrolls.
            page.lines_below.set(usize::MAX);
        }
    });
}

/// Keeps track of where the table lies on the screen, and how high its lines are.
pub(super) fn follow_screen(
    page: Page,
    heights: RwSignal<Heights>,
    screen: RwSignal<Screen>,
    places: Memo<Places>,
) {
    // Gives back whether this was a jump: the screen shows other lines in half of its height or more.
    let measure = move |scrolled: Option<Arc<Vec<Item>>>, jumped_before: bool| {
        // A frame may come when another program has taken over.
        let Some(now) = heights.try_get_untracked() else { return false };
        let (Some(body), Some(top)) = (browser::element(ROWS), top()) else { return false };
        let height = window_height();
        // Half a screen in a frame is as fast as a hundred thousand results from end to end in ten seconds.
        let by = (top - screen.with_untracked(|screen| screen.top)).abs();
        let jumped = scrolled.is_some() && by > height / 2.0;
        let is_long = places.with_untracked(Places::is_long);
        let was_in_flight = screen.with_untracked(|screen| screen.is_in_flight);
        let is_in_flight = is_long && jumped && jumped_before;
        // Nobody sees what is beyond the screen before the next jump takes it away.
        let scrolled = scrolled.filter(|_| !is_in_flight);
        screen.set(Screen { top, height, scrolled, is_in_flight });
        // Names alone say nothing about how high rows are.
        if was_in_flight || is_in_flight {
            return jumped;
        }
        let line = |selector: &str| {
            let line = body.query_selector(selector).ok().flatten()?;
            Some(line.get_bounding_client_rect().height()).filter(|&height| height > 1.0)
        };
        let next = Heights {
            group: line("tr.group").unwrap_or(now.group),
            row: line("tr.row").unwrap_or(now.row),
            detail: now.detail,
        };
        if next != now {
            heights.set(next);
        }
        jumped
    };
    // How many scrolls there were, and whether the last one was a jump with no rest since.
    let scrolls = Rc::new(Cell::new((0_u32, false)));
    Effect::new(move || {
        let Some(window) = browser::window() else { return };
        let scrolls = Rc::clone(&scrolls);
        browser::listen::<web_sys::Event>(&window, "scroll", move |_| {
            let (count, jumped_before) = scrolls.get();
            let lines = places.with_untracked(|places| Arc::clone(&places.items));
            let now = (count.wrapping_add(1), measure(Some(lines), jumped_before));
            scrolls.set(now);
            let scrolls = Rc::clone(&scrolls);
            let rest = move || {
                if scrolls.get() == now {
                    scrolls.set((now.0, false));
                    measure(None, false);
                }
            };
            if now.1 {
                browser::after(AT_REST, Box::new(rest));
            }
        });
        browser::listen::<web_sys::Event>(&window, "resize", move |_| {
            measure(None, false);
        });
    });
    // Not after other heights alone: what is drawn follows them, and they might follow it in turn, for ever.
    Effect::new(move || {
        page.answer.track();
        page.unfolded.track();
        browser::at_next_frame(Box::new(move || {
            measure(None, false);
        }));
    });
}
