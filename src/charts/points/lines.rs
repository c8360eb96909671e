//! Lines over a plot: cut to it, put on whole pixels, dashed.

use crate::charts::layout::{Rect, px};

/// A place before it is put on a whole pixel.
pub(super) type Place = (f64, f64);

/// A place on a whole pixel.
pub(super) type Pixel = (i32, i32);

/// Length of a dash and of the gap behind it. CSS pixels.
const DASH: (f64, f64) = (10.0, 7.0);

/// Distance of the corners that stand for a curve. CSS pixels.
const CORNER: f64 = 12.0;

/// How far an end may move along its line to meet a whole pixel.
const PLAY: f64 = 1.25;

/// The parts of a line inside a rectangle.
pub(super) fn inside(line: &[Place], rect: Rect) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    for (&from, &to) in line.iter().zip(line.iter().skip(1)) {
        let Some((start, end)) = cut(from, to, rect) else { continue };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&start) => part.push(end),
            _ => parts.push(vec![start, end]),
        }
    }
    parts
}

/// The part of a straight line inside a rectangle: Liang and Barsky, "A new concept and method for line
/// clipping" (ACM Transactions on Graphics 3, 1984).
pub(super) fn cut(from: Place, to: Place, rect: Rect) -> Option<(Place, Place)> {
    let (left, right) = (f64::from(rect.x), f64::from(rect.right()));
    let (top, bottom) = (f64::from(rect.y), f64::from(rect.bottom()));
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [(-dx, from.0 - left), (dx, right - from.0), (-dy, from.1 - top), (dy, bottom - from.1)];
    for (towards, distance) in edges {
        if towards < 0.0 {
            enter = enter.max(distance / towards);
        } else if towards > 0.0 {
            leave = leave.min(distance / towards);
        } else if distance < 0.0 {
            return None;
        }
    }
    let at = |share: f64| match share {
        0.0 => from,
        1.0 => to,
        _ => ((from.0 + share * dx).clamp(left, right), (from.1 + share * dy).clamp(top, bottom)),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// A line in whole pixels: its ends where it is straight, else corners close enough for a curve.
pub(super) fn solid(line: &[Place]) -> Vec<Pixel> {
    let length = length(line);
    let mut corners = vec![0.0];
    if !is_straight(line) {
        let mut at = CORNER;
        while at < length - CORNER / 2.0 {
            corners.push(on_pixel(line, at));
            at += CORNER;
        }
    }
    corners.push(length);
    corners.into_iter().filter_map(|at| along(line, at)).map(rounded).collect()
}

/// A line in whole pixels, as dashes. Each one ends where the line itself passes a whole pixel, so that
/// rounding does not turn it.
pub(super) fn dashed(line: &[Place]) -> Vec<Vec<Pixel>> {
    let (dash, gap) = DASH;
    let length = length(line);
    let mut dashes = Vec::new();
    let mut at = 0.0;
    while at < length {
        let ends = [at, (at + dash).min(length)].map(|end| along(line, on_pixel(line, end)));
        let ends: Vec<Pixel> = ends.into_iter().flatten().map(rounded).collect();
        if ends.first() != ends.last() {
            dashes.push(ends);
        }
        at += dash + gap;
    }
    dashes
}

/// The length of a line.
pub(super) fn length(line: &[Place]) -> f64 {
    line.iter().zip(line.iter().skip(1)).map(|(a, b)| distance(*a, *b)).sum()
}

/// The place after some way along a line.
pub(super) fn along(line: &[Place], way: f64) -> Option<Place> {
    let mut left = way;
    for (a, b) in line.iter().zip(line.iter().skip(1)) {
        let step = distance(*a, *b);
        if left <= step && step > 0.0 {
            let share = left / step;
            return Some((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)));
        }
        left -= step;
    }
    line.last().copied()
}

pub(super) fn rounded((x, y): Place) -> Pixel {
    (px(x), px(y))
}

fn distance(a: Place, b: Place) -> f64 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

/// Near some way along a line, the way to where it comes closest to a whole pixel.
fn on_pixel(line: &[Place], way: f64) -> f64 {
    let error = |at: f64| {
        along(line, at)
            .map_or(f64::INFINITY, |place| (place.0 - place.0.round()).hypot(place.1 - place.1.round()))
    };
    // A little off the pixel is better than dashes of different lengths.
    let cost = |at: &f64| error(*at) + (at - way).abs() * 0.1;
    let tries = (-8..=8).map(|n| way + f64::from(n) * PLAY / 8.0).filter(|at| *at >= 0.0);
    tries.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(way)
}

/// True where no corner leaves the straight line between the ends by half a pixel.
fn is_straight(line: &[Place]) -> bool {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return true };
    let length = distance(first, last);
    line.iter().all(|at| {
        let area = (last.0 - first.0) * (at.1 - first.1) - (last.1 - first.1) * (at.0 - first.0);
        area.abs() <= 0.5 * length
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: Rect = Rect { x: 10, y: 10, w: 100, h: 50 };

    #[test]
    fn lines_are_cut_to_the_plot() {
        let line = [(0.0, 0.0), (120.0, 120.0)];
        assert_eq!(inside(&line, PLOT), [[(10.0, 10.0), (60.0, 60.0)]]);
        assert_eq!(inside(&[(0.0, 5.0), (200.0, 5.0)], PLOT), Vec::<Vec<Place>>::new());
        let twice = [(20.0, 20.0), (40.0, 90.0), (60.0, 20.0)];
        assert_eq!(inside(&twice, PLOT).len(), 2);
        let kept = [(20.0, 20.0), (40.0, 30.0), (60.0, 20.0)];
        assert_eq!(inside(&kept, PLOT), [kept]);
    }

    #[test]
    fn a_straight_line_is_its_ends_and_a_curve_has_corners() {
        assert_eq!(solid(&[(0.2, 0.0), (50.0, 25.1), (100.0, 50.0)]), [(0, 0), (100, 50)]);
        let curve: Vec<Place> = (1..40).map(|x| (f64::from(x) * 3.0, 400.0 / f64::from(x))).collect();
        let corners = solid(&curve);
        assert!(corners.len() > 10 && corners.first() == Some(&(3, 400)), "{corners:?}");
    }

    #[test]
    fn dashes_keep_the_slope_of_their_line() {
        let line = [(0.0, 3.0), (300.0, 103.0)];
        let dashes = dashed(&line);
        assert_eq!(dashes.len(), 19);
        for dash in dashes {
            for &(x, y) in &dash {
                let off = f64::from(y) - 3.0 - f64::from(x) / 3.0;
                assert!(off.abs() < 0.35, "{dash:?}");
            }
        }
        assert!(dashed(&[(5.0, 5.0), (5.0, 5.0)]).is_empty());
    }
}
