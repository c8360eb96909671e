//! Which items of a long list are near the screen.

use std::ops::Range;
use std::sync::Arc;

use crate::query::{Answer, Row};

/// Lists up to this length are drawn whole once nothing changes, so that find-in-page and print see all of them.
pub const DRAWN_WHOLE: usize = 400;

/// Pixels above and below the screen that are drawn as well while a list is scrolled.
const MARGIN: f64 = 600.0;

/// The same while it is not: what nobody sees need not be drawn at each change of the selection.
const MARGIN_AT_REST: f64 = 120.0;

/// Lines come and go in steps of so many, so that a short scroll changes nothing.
const STEP: usize = 4;

/// What of a list is on the screen, in CSS pixels.
#[derive(Clone, Default)]
pub struct Screen {
    /// From the upper edge of the list to that of the screen.
    pub top: f64,
    /// The height of the screen.
    pub height: f64,
    /// The lines that were scrolled, unless they fly by; others have come since then where these are not those of the
    /// list.
    pub scrolled: Option<Arc<Vec<Item>>>,
    /// True after two jumps by more than half a screen with no rest between them: nobody reads more than a name then.
    pub is_in_flight: bool,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// The heading of a group.
    Group(usize),
    /// A row.
    Row(usize),
    /// What opens below a row.
    Detail(usize),
}

impl Item {
    /// True for a row.
    pub fn is_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

/// The lines of the table, with groups folded and rows opened: those of a configuration, at one concurrency or at each.
pub fn items(answer: &Answer, folded: &[String], open: &[(usize, Option<u16>)]) -> Vec<Item> {
    let is_open = |row: &Row| {
        let opens = |&(configuration, concurrency): &(usize, Option<u16>)| {
            configuration == row.configuration && concurrency.is_none_or(|only| only == row.concurrency)
        };
        open.iter().any(opens)
    };
    let mut items = Vec::with_capacity(answer.rows.len() + answer.groups.len());
    for (position, group) in answer.groups.iter().enumerate() {
        let has_heading = !group.label.is_empty();
        if has_heading {
            items.push(Item::Group(position));
        }
        if has_heading && folded.contains(&group.key) {
            continue;
        }
        for row in group.rows.clone() {
            items.push(Item::Row(row));
            if !open.is_empty() && answer.rows.get(row).is_some_and(is_open) {
                items.push(Item::Detail(row));
            }
        }
    }
    items
}

/// Heights of the lines of a table, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heights {
    /// Of a group's heading.
    pub group: f64,
    /// Of a row.
    pub row: f64,
    /// Of what opens below a row.
    pub detail: f64,
}

/// Which lines of a list are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The list.
    list: Arc<Vec<Item>>,
    /// The lines.
    pub lines: Range<usize>,
    /// How many of them stand by themselves, because they are there at once when a choice changes the list. Those behind
    /// them wait until nothing changes.
    pub at_once: usize,
    /// True where there are more lines to come once nothing changes. Until then those behind the first are not shown.
    pub others_follow: bool,
    /// The empty room above the lines, in CSS pixels.
    pub above: f64,
    /// The empty room below them.
    pub below: f64,
}

/// A list with the place of each line.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// The lines.
    pub items: Arc<Vec<Item>>,
    /// The upper edge of each line, and the lower edge of the last.
    edges: Arc<Vec<f64>>,
}

impl Places {
    /// Adds up the heights.
    pub fn new(items: Vec<Item>, heights: Heights) -> Self {
        let mut edge = 0.0;
        let mut edges = Vec::with_capacity(items.len() + 1);
        edges.push(edge);
        for item in &items {
            edge += match item {
                Item::Group(_) => heights.group,
                Item::Row(_) => heights.row,
                Item::Detail(_) => heights.detail,
            };
            edges.push(edge);
        }
        Self { items: Arc::new(items), edges: Arc::new(edges) }
    }

    /// So many lines from its beginning, and nothing else.
    pub fn beginning(&self, count: usize) -> Drawn {
        let at_once = count.min(self.items.len());
        let list = Arc::clone(&self.items);
        Drawn { list, lines: 0..at_once, at_once, others_follow: false, above: 0.0, below: 0.0 }
    }

    /// What is drawn near the screen, after what was drawn before.
    ///
    /// A list that is drawn whole once nothing changes is so at once where its beginning is above the screen, for who is in
    /// the midst of it; else it has so many `more` lines below those near the screen.
    pub fn near(&self, screen: &Screen, more: usize, before: Option<&Drawn>) -> Drawn {
        let Screen { top, height, scrolled, .. } = screen;
        let is_scrolled = scrolled.as_ref().is_some_and(|lines| Arc::ptr_eq(lines, &self.items));
        let margin = if is_scrolled { MARGIN } else { MARGIN_AT_REST };
        let count = self.items.len();
        let end = self.edges.last().copied().unwrap_or_default();
        let edge = |position: usize| self.edges.get(position).copied().unwrap_or(end);
        let behind = |edge: f64| self.edges.partition_point(|&other| other < edge);
        let first = behind(top - margin).saturating_sub(1) / STEP * STEP;
        let near = behind(top + height + margin);
        // A list at rest ends where it may; one below the screen has some lines, to be found and measured.
        let near = if is_scrolled { near.div_ceil(STEP) * STEP } else { near }.max(STEP);
        let list = Arc::clone(&self.items);
        if self.is_long() {
            let lines = first.min(count - 1)..near.min(count);
            let (at_once, above, below) = (lines.len(), edge(lines.start), end - edge(lines.end));
            return Drawn { list, lines, at_once, others_follow: false, above, below };
        }
        let is_amid = *top > 0.0;
        // In the midst of it, a choice may bring any line to the beginning of the screen.
        let seen = if is_amid { behind(height + MARGIN_AT_REST) } else { near };
        // Lines that are there stay where they are.
        let kept = before.filter(|before| is_amid || more == usize::MAX || before.list == list);
        let at_once = match kept {
            Some(before) if more == usize::MAX => before.at_once,
            Some(before) => before.at_once.max(seen),
            None => seen,
        };
        let at_once = at_once.min(count);
        let drawn = if is_amid { count } else { at_once.saturating_add(more).min(count) };
        let others_follow = drawn < count;
        let below = if others_follow { end - edge(at_once) } else { 0.0 };
        Drawn { list, lines: 0..drawn, at_once, others_follow, above: 0.0, below }
    }

    /// True where lines far from the screen are never drawn.
    pub fn is_long(&self) -> bool {
        self.items.len() > DRAWN_WHOLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEIGHTS: Heights = Heights { group: 40.0, row: 50.0, detail: 400.0 };

    /// A list of so many rows.
    fn rows(count: usize) -> Places {
        Places::new((0..count).map(Item::Row).collect(), HEIGHTS)
    }

    /// A screen that shows twenty rows of a list with its margin, so far above the list's beginning.
    fn screen_at(top: f64) -> Screen {
        Screen { top, height: 1_000.0 - MARGIN_AT_REST, ..Screen::default() }
    }

    #[test]
    fn a_short_list_is_drawn_from_its_beginning_and_then_whole() {
        let places = rows(DRAWN_WHOLE);
        let near = |top, more, before: Option<&Drawn>| places.near(&screen_at(top), more, before);
        let at_once = near(0.0, 0, None);
        assert_eq!((at_once.lines.clone(), at_once.at_once, at_once.others_follow), (0..20, 20, true));
        // What waits behind the first lines takes its room as soon as it is shown, which is when all are there.
        let room_below = 50.0 * (DRAWN_WHOLE - 20) as f64;
        for (more, drawn, below) in [(40, 60, room_below), (usize::MAX, DRAWN_WHOLE, 0.0)] {
            let now = near(0.0, more, Some(&at_once));
            assert_eq!((now.lines, now.at_once, now.below), (0..drawn, 20, below));
        }
        let amid = near(1.0, 0, None);
        assert_eq!((amid.lines, amid.others_follow, amid.below), (0..DRAWN_WHOLE, false, 0.0));
        assert_eq!(rows(0).near(&screen_at(0.0), 0, None).lines, 0..0);
    }

    #[test]
    fn lines_stay_among_those_that_are_there_at_once_or_behind_them() {
        let (places, others) = (rows(300), rows(200));
        let all =
            places.near(&screen_at(-400.0), usize::MAX, Some(&places.near(&screen_at(-400.0), 0, None)));
        assert_eq!((all.lines.clone(), all.at_once), (0..300, 12));
        let at_once = |places: &Places, top, more| places.near(&screen_at(top), more, Some(&all)).at_once;
        // Scrolled, or something folded.
        assert_eq!(at_once(&places, 0.0, usize::MAX), 12);
        assert_eq!(at_once(&others, 0.0, usize::MAX), 12);
        assert_eq!(at_once(&rows(5), 0.0, usize::MAX), 5);
        // Another order of the same rows, and other rows.
        assert_eq!(at_once(&places, -500.0, 0), 12);
        assert_eq!(at_once(&places, 0.0, 0), 20);
        assert_eq!(at_once(&others, -500.0, 0), 10);
        assert_eq!(at_once(&others, 700.0, 0), 20);
    }

    #[test]
    fn a_list_at_rest_is_drawn_as_far_as_the_margin() {
        let places = rows(1_000);
        let near = |screen: &Screen| places.near(screen, 0, None).lines;
        // The 21st row begins where the margin ends.
        assert_eq!(near(&screen_at(0.0)), 0..20);
        let screen = screen_at(5_000.0 + MARGIN_AT_REST);
        assert_eq!(near(&screen), 96..123);
        let scrolled = Screen { scrolled: Some(Arc::clone(&places.items)), ..screen };
        assert_eq!(near(&scrolled), 88..132);
        assert_eq!(near(&screen_at(-5_000.0)), 0..STEP);
    }

    #[test]
    fn a_long_list_keeps_its_height_wherever_it_is_scrolled() {
        let items: Vec<Item> =
            (0..25_000).map(|i| if i % 50 == 0 { Item::Group(i) } else { Item::Row(i) }).collect();
        let places = Places::new(items, HEIGHTS);
        let total = 500.0 * 40.0 + 24_500.0 * 50.0;
        let tops = [-500.0, 0.0, 12_345.0, 600_000.0, total, total + 9_000.0];
        let scrolled = [None, Some(Arc::clone(&places.items))];
        for (top, scrolled) in tops.into_iter().flat_map(|top| scrolled.clone().map(|lines| (top, lines))) {
            let most = if scrolled.is_some() { 60 } else { 36 };
            let screen = Screen { top, height: 900.0, scrolled, is_in_flight: false };
            let Drawn { lines, above, below, .. } = places.near(&screen, 0, None);
            let drawn: f64 = places
                .items
                .get(lines.clone())
                .unwrap_or_default()
                .iter()
                .map(|item| match item {
                    Item::Group(_) => 40.0,
                    _ => 50.0,
                })
                .sum();
            assert!((above + drawn + below - total).abs() < 1e-6, "at {top}");
            assert!(lines.len() < most, "{} lines at {top}", lines.len());
            if (0.0..total).contains(&top) {
                assert!(above <= top && above + drawn >= (top + 900.0).min(total), "at {top}");
            }
        }
    }
}
