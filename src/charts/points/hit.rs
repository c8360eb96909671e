//! Which point the reader means: by pointer, by key.

use super::layout::Layout;
use super::spec::PointChart;
use crate::charts::hit::{self, Key};
use crate::query::order::positions_by;

/// How far from a mark it still answers. CSS pixels.
pub const REACH: f64 = 24.0;

/// The point nearest to a place in CSS pixels from the chart's upper left corner, within [`REACH`]; of
/// several at one place, the one on top.
pub fn hit(layout: &Layout, x: f64, y: f64) -> Option<usize> {
    let distance = |(mark_x, mark_y): (i32, i32)| (f64::from(mark_x) - x).hypot(f64::from(mark_y) - y);
    let mut nearest: Option<(f64, usize)> = None;
    for (at, mark) in layout.marks.iter().enumerate() {
        let distance = distance(mark.at);
        if distance <= nearest.map_or(REACH, |(least, _)| least) {
            nearest = Some((distance, at));
        }
    }
    nearest.map(|(_, at)| at)
}

/// The points from left to right, and from bottom to top where several are at one place of the axis.
pub fn in_order(spec: &PointChart) -> Vec<usize> {
    let points = spec.points();
    positions_by(points.len(), &mut |a, b| {
        let place = |at: usize| points.get(at).map_or((0.0, 0.0), |point| (point.x, point.y));
        let ((x, y), (other_x, other_y)) = (place(a), place(b));
        x.total_cmp(&other_x).then(y.total_cmp(&other_y))
    })
}

/// The choice after a key, from left to right. Stops at both ends; a first arrow key enters at the end it
/// comes from.
pub fn step(spec: &PointChart, current: Option<usize>, key: Key) -> Option<usize> {
    let order = in_order(spec);
    let place = current.and_then(|current| order.iter().position(|&at| at == current));
    order.get(hit::step(order.len(), place, key)?).copied()
}
