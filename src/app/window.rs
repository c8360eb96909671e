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

    /// The lines to draw, and the empty room above and below them: those near the screen. A list that is drawn whole once
    /// nothing changes is so at once where its beginning is above the screen, for who is in the midst of it, and else has so
    /// many more below.
    pub fn near(&self, screen: &Screen, more: usize) -> (Range<usize>, f64, f64) {
        let Screen { top, height, scrolled, .. } = screen;
        let is_scrolled = scrolled.as_ref().is_some_and(|lines| Arc::ptr_eq(lines, &self.items));
        let margin = if is_scrolled { MARGIN } else { MARGIN_AT_REST };
        let count = self.items.len();
        let end = self.edges.last().copied().unwrap_or_default();
        let first = self.edges.partition_point(|&edge| edge < top - margin).saturating_sub(1) / STEP * STEP;
        let behind = self.edges.partition_point(|&edge| edge < top + height + margin);
        // A list at rest ends where it may; one below the screen has some lines, to be found and measured.
        let behind = if is_scrolled { behind.div_ceil(STEP) * STEP } else { behind }.max(STEP);
        let (first, behind) = match self.is_long() {
            true => (first.min(count - 1), behind),
            false => (0, if *top > 0.0 { count } else { behind.saturating_add(more) }),
        };
        let behind = behind.min(count);
        let edge = |position: usize| self.edges.get(position).copied().unwrap_or(end);
        (first..behind, edge(first), end - edge(behind))
    }

    /// How many lines a screen of some height shows of the list's beginning; all of a list that has no line anywhere else
    /// than near the screen.
    pub fn screenful(&self, height: f64) -> usize {
        let first = self.edges.partition_point(|&edge| edge < height + MARGIN_AT_REST);
        if self.is_long() { usize::MAX } else { first }
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

    #[test]
    fn a_short_list_is_drawn_from_its_beginning_and_then_whole() {
        let places = Places::new(vec![Item::Row(0); DRAWN_WHOLE], HEIGHTS);
        let screen = Screen { height: 1_000.0 - MARGIN_AT_REST, ..Screen::default() };
        for (more, drawn) in [(0, 20), (40, 60), (usize::MAX, DRAWN_WHOLE)] {
            let room_below = 50.0 * (DRAWN_WHOLE - drawn) as f64;
            assert_eq!(places.near(&screen, more), (0..drawn, 0.0, room_below));
        }
        let in_the_midst = Screen { top: 1.0, ..screen.clone() };
        assert_eq!(places.near(&in_the_midst, 0), (0..DRAWN_WHOLE, 0.0, 0.0));
        assert_eq!(Places::new(Vec::new(), HEIGHTS).near(&screen, 0), (0..0, 0.0, 0.0));
    }

    #[test]
    fn a_list_at_rest_is_drawn_as_far_as_the_margin() {
        let places = Places::new(vec![Item::Row(0); 1_000], HEIGHTS);
        // The 21st row begins where the margin ends.
        let screen = Screen { height: 1_000.0 - MARGIN_AT_REST, ..Screen::default() };
        assert_eq!(places.near(&screen, 0).0, 0..20);
        let screen = Screen { top: 5_000.0 + MARGIN_AT_REST, ..screen };
        assert_eq!(places.near(&screen, 0).0, 96..123);
        let scrolled = Screen { scrolled: Some(Arc::clone(&places.items)), ..screen };
        assert_eq!(places.near(&scrolled, 0).0, 88..132);
        let below = Screen { top: -5_000.0, scrolled: None, ..scrolled };
        assert_eq!(places.near(&below, 0).0, 0..STEP);
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
            let (lines, above, below) = places.near(&screen, 0);
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
