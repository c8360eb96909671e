//! Labels inside a plot: beside their mark or line, never on anything else.

use super::layout::{Mark, RADIUS};
use super::lines::{Pixel, Place, along, cut, length, rounded};
use crate::charts::layout::Rect;

/// Between a mark and its label.
const GAP: i32 = 3;

/// Between a line and its label, and around it to other lines: twice as much or, where there is no such place, less.
const NEAR: i32 = 3;
const AROUND: [i32; 2] = [6, 2];

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
        let is_free = self.is_free(rect) && !self.lines.iter().any(|line| crosses(line, rect));
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

    /// A free place for the label of a line: right beside it, as near to its end as can be, or else on it, which is true
    /// then; `None` where other lines leave no room.
    pub(super) fn at_line(&mut self, own: usize, width: i32) -> Option<(Rect, bool)> {
        const STEPS: i32 = 40;
        let line = self.lines.get(own)?;
        let step = length(line) / f64::from(STEPS);
        let places = (0..=STEPS).rev().filter_map(|n| along(line, step * f64::from(n))).map(rounded);
        let places: Vec<Pixel> = places.collect();
        let rect = |x: i32, y: i32| Rect { x, y, w: width, h: HEIGHT };
        let beside = |&(x, y): &Pixel| {
            let (left, right, above, below) = (x - NEAR - width, x + NEAR, y - NEAR - HEIGHT, y + NEAR);
            [rect(right, above), rect(left, below), rect(left, above), rect(right, below)]
        };
        let on = |&(x, y): &Pixel| rect(x - width / 2, y - HEIGHT / 2);
        let found = AROUND.into_iter().find_map(|around| {
            let is_clear = |rect: &Rect| self.is_clear(*rect, own, around);
            let mut beside = places.iter().flat_map(beside).filter(|rect| !crosses(line, *rect));
            let beside = beside.find(is_clear).map(|rect| (rect, false));
            beside.or_else(|| places.iter().map(on).find(is_clear).map(|rect| (rect, true)))
        })?;
        self.taken.push(found.0);
        Some(found)
    }

    /// True for a free place that no line but one comes near.
    fn is_clear(&self, rect: Rect, own: usize, around: i32) -> bool {
        let Rect { x, y, w, h } = rect;
        let grown = Rect { x: x - around, y: y - around, w: w + 2 * around, h: h + 2 * around };
        let mut others = self.lines.iter().enumerate().filter(|(at, _)| *at != own);
        self.is_free(rect) && !others.any(|(_, line)| crosses(line, grown))
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
}

/// True where a line runs through a rectangle.
fn crosses(line: &[Place], rect: Rect) -> bool {
    line.iter().zip(line.iter().skip(1)).any(|(a, b)| cut(*a, *b, rect).is_some())
}

/// True where two rectangles share a pixel.
fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}
