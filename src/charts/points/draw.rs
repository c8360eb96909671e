//! A layout on any backend of Plotters. No decision about position is made here.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::ShapeStyle;
use plotters_backend::DrawingBackend;

use super::layout::{Layout, Mark, RADIUS};
use crate::charts::draw::{Drawn, fill, rgba, text};
use crate::charts::layout::Rect;
use crate::charts::spec::Series;
use crate::charts::theme::{Rgb, Theme};

/// How much ink a region gets where nothing can be.
const SHADE: f64 = 0.05;

/// How much of the surface stands behind the label of a line.
const PLATE: f64 = 0.85;

/// Thickness of the ring around the chosen mark, and its radius.
const RING: (u32, i32) = (2, RADIUS + 5);

/// Draws a chart; `chosen` is the index of the point under the pointer or the keys.
///
/// Fails only where the backend does.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    layout: &Layout,
    theme: &Theme,
    chosen: Option<usize>,
) -> Drawn<DB> {
    let all = Rect { x: 0, y: 0, w: layout.width, h: layout.height };
    fill(area, all, theme.surface, 1.0)?;
    for line in &layout.grid {
        fill(area, *line, theme.grid, 1.0)?;
    }
    for corners in &layout.shades {
        polygon(area, corners.clone(), theme.ink, SHADE)?;
    }
    for line in &layout.zero {
        fill(area, *line, theme.muted, 1.0)?;
    }
    for stroke in &layout.strokes {
        let style = ShapeStyle { color: rgba(theme.muted, 1.0), filled: false, stroke_width: 1 };
        area.draw(&PathElement::new(stroke.clone(), style))?;
    }
    for plate in &layout.plates {
        fill(area, *plate, theme.surface, PLATE)?;
    }
    for mark in &layout.marks {
        whisker(area, mark, theme)?;
    }
    for mark in &layout.marks {
        symbol(area, mark, theme)?;
    }
    for (at, series) in &layout.legend {
        form(area, *at, RADIUS, *series, theme.series(*series))?;
    }
    for run in &layout.texts {
        text(area, run, theme)?;
    }
    if let Some(mark) = chosen.and_then(|at| layout.marks.get(at)) {
        whisker(area, mark, theme)?;
        symbol(area, mark, theme)?;
        let (stroke_width, radius) = RING;
        let style = ShapeStyle { color: rgba(theme.focus, 1.0), filled: false, stroke_width };
        area.draw(&Circle::new(mark.at, radius, style))?;
    }
    area.present()
}

/// The line through a mark, with a cap at each end.
fn whisker<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, mark: &Mark, theme: &Theme) -> Drawn<DB> {
    const CAP: i32 = 4;
    let Some((top, bottom)) = mark.ends else { return Ok(()) };
    let (x, colour) = (mark.at.0, theme.series(mark.series));
    // Marks have their middle between two pixels.
    fill(area, Rect { x: x - 1, y: top, w: 2, h: bottom - top + 1 }, colour, 1.0)?;
    for y in [top, bottom].into_iter().filter(|y| *y != mark.at.1) {
        fill(area, Rect { x: x - CAP, y, w: 2 * CAP, h: 1 }, colour, 1.0)?;
    }
    Ok(())
}

/// A mark with a thin edge of surface, so that those it overlaps stay apart.
fn symbol<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, mark: &Mark, theme: &Theme) -> Drawn<DB> {
    let Mark { at, series, is_hollow, .. } = *mark;
    form(area, at, RADIUS + 1, series, theme.surface)?;
    form(area, at, RADIUS, series, theme.series(series))?;
    if is_hollow {
        form(area, at, RADIUS - 2, series, theme.surface)?;
    }
    Ok(())
}

/// The form of a series: each has its own, so that colour is never the only cue.
fn form<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    (x, y): (i32, i32),
    radius: i32,
    series: Series,
    colour: Rgb,
) -> Drawn<DB> {
    let at = |(dx, dy): (i32, i32)| (x + dx, y + dy);
    match series {
        Series::Cuda => {
            let style = ShapeStyle { color: rgba(colour, 1.0), filled: true, stroke_width: 0 };
            area.draw(&Circle::new((x, y), radius, style))
        }
        Series::Rocm => {
            let side = radius - 1;
            fill(area, Rect { x: x - side, y: y - side, w: 2 * side, h: 2 * side }, colour, 1.0)
        }
        Series::Vulkan => {
            let r = radius + 1;
            polygon(area, [(0, -r), (r, 0), (0, r), (-r, 0)].map(at).to_vec(), colour, 1.0)
        }
        Series::Cpu => {
            let r = radius + 1;
            polygon(area, [(0, -r), (r, radius), (-r, radius)].map(at).to_vec(), colour, 1.0)
        }
        Series::Metal => {
            let r = radius + 1;
            polygon(area, [(0, r), (r, -radius), (-r, -radius)].map(at).to_vec(), colour, 1.0)
        }
        Series::Other => {
            let (r, half) = (radius, radius / 2);
            let corners = [
                (-half, -r),
                (half, -r),
                (half, -half),
                (r, -half),
                (r, half),
                (half, half),
                (half, r),
                (-half, r),
                (-half, half),
                (-r, half),
                (-r, -half),
                (-half, -half),
            ];
            polygon(area, corners.map(at).to_vec(), colour, 1.0)
        }
        Series::Mine => {
            let (r, half) = (radius + 2, radius / 2);
            let star = [
                (0, -r),
                (half, -half),
                (r, 0),
                (half, half),
                (0, r),
                (-half, half),
                (-r, 0),
                (-half, -half),
            ];
            polygon(area, star.map(at).to_vec(), colour, 1.0)
        }
    }
}

fn polygon<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    corners: Vec<(i32, i32)>,
    colour: Rgb,
    alpha: f64,
) -> Drawn<DB> {
    area.draw(&Polygon::new(corners, rgba(colour, alpha)))
}
