//! Labels inside a plot: beside their mark or line, never on anything else.

use super::layout::{Mark, RADIUS};
use super::lines::{Pixel, Place, along, cut, length};
use crate::charts::layout::Rect;

/// Between a mark and its label.
const GAP: i32 = 3;

/// Height of a label, and how much of it lies above the baseline.
pub(super) const HEIGHT: i32 = 13;
pub(super) const ASCENT: i32 = 10;

/// What is taken, and where labels may be.
pub(super) struct Space {
    plot: Rect,
    taken: Vec<Rect>,
    lines: Vec<Vec<Place>>,
}

impl Space {
    /// The space of a plot with marks and lines in it.
    pub(super) fn new(plot: Rect, marks: &[Mark], lines: Vec<Vec<Place>>) -> Self {
        let of_mark = |mark: &Mark| {
            let (x, y) = mark.at;
            let body = Rect { x: x - RADIUS - 1, y: y - RADIUS - 1, w: 2 * RADIUS + 2, h: 2 * RADIUS + 2 };
            let ends = mark.ends.map(|(top, bottom)| Rect { x: x - 4, y: top, w: 8, h: bottom - top + 1 });
            [Some(body), ends]
        };
        Self { plot, taken: marks.iter().flat_map(of_mark).flatten().collect(), lines }
    }

    /// Takes a rectangle, if it is free.
    pub(super) fn claim(&mut self, rect: Rect) -> bool {
        let is_free = self.is_free(rect) && self.crossings(rect) == 0;
        if is_free {
            self.taken.push(rect);
        }
        is_free
    }

    /// A free place for a label of some width beside a mark: right, left, above, below, or at a corner.
    pub(super) fn beside(&mut self, (x, y): Pixel, width: i32) -> Option<Rect> {
        let (near, half) = (RADIUS + GAP, HEIGHT / 2);
        let (left, above, below) = (x - near - width, y - near - HEIGHT + 1, y + near - 1);
        let places = [
            (x + near, y - half),
            (left, y - half),
            (x - width / 2, above),
            (x - width / 2, below),
            (x + RADIUS, above),
            (x + RADIUS, below),
            (x - RADIUS - width, above),
            (x - RADIUS - width, below),
        ];
        let rects = places.map(|(x, y)| Rect { x, y, w: width, h: HEIGHT });
        rects.into_iter().find(|rect| self.claim(*rect))
    }

    /// A free place for the label of a line, as near to its end as can be, where few lines run through it;
    /// true where one does.
    pub(super) fn at_line(&mut self, line: &[Place], width: i32) -> Option<(Rect, bool)> {
        const SHARES: [f64; 9] = [1.0, 0.97, 0.9, 0.8, 0.68, 0.55, 0.4, 0.2, 0.0];
        let length = length(line);
        let around = |share: f64| {
            let (x, y) = along(line, share * length).map(super::lines::rounded).unwrap_or_default();
            let above = y - HEIGHT - 3;
            let places = [
                (x + 4, above),
                (x - width, above),
                (x - width - 4, y + 3),
                (x, y + 3),
                (x - width / 2, above),
            ];
            places.map(|(x, y)| Rect { x, y, w: width, h: HEIGHT })
        };
        let candidates = SHARES.into_iter().flat_map(around);
        let free = candidates.filter(|rect| self.is_free(*rect));
        let (crossings, best) =
            free.map(|rect| (self.crossings(rect), rect)).min_by_key(|(crossings, _)| *crossings)?;
        self.taken.push(best);
        Some((best, crossings > 0))
    }

    /// True inside the plot where nothing else stands.
    fn is_free(&self, rect: Rect) -> bool {
        let plot = self.plot;
        rect.x > plot.x
            && rect.y >= plot.y
            && rect.right() < plot.right()
            && rect.bottom() < plot.bottom()
            && !self.taken.iter().any(|taken| overlap(*taken, rect))
    }

    /// How many lines run through a rectangle.
    fn crossings(&self, rect: Rect) -> usize {
        let crosses = |line: &&Vec<Place>| {
            line.iter().zip(line.iter().skip(1)).any(|(a, b)| cut(*a, *b, rect).is_some())
        };
        self.lines.iter().filter(crosses).count()
    }
}

/// True where two rectangles share a pixel.
fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}
