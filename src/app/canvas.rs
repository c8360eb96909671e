//! A chart's layout on a canvas, sharp at any device pixel ratio.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use wasm_bindgen::JsCast;

use super::browser;
use super::brush::Brush;
use super::frame::DRAWS_PARTS;
#[cfg(feature = "whole")]
use crate::charts::points;
use crate::charts::{Layout, Measured, Rgb, Theme, draw};

/// Draws a stretch of a chart; a browser that gives no canvas draws nothing, and the table says it all.
pub fn paint(
    canvas: &web_sys::HtmlCanvasElement,
    layout: &Layout,
    stretch: Range<i32>,
    theme: &Theme,
    chosen: Option<usize>,
) {
    let above = stretch.start;
    let part = (DRAWS_PARTS && stretch != (0..layout.height)).then(|| layout.part(stretch));
    let (layout, bars_above) = part.as_ref().map_or((layout, 0), |(part, bars_above)| (part, *bars_above));
    if let Some(area) = surface(canvas, layout.width, layout.height, above) {
        let _ = draw(&area, layout, theme, chosen.and_then(|at| at.checked_sub(bars_above)));
    }
}

/// Draws a chart of points, which is never tall.
#[cfg(feature = "whole")]
pub fn paint_points(
    canvas: &web_sys::HtmlCanvasElement,
    layout: &points::Layout,
    _: Range<i32>,
    theme: &Theme,
    chosen: Option<usize>,
) {
    if let Some(area) = surface(canvas, layout.width, layout.height, 0) {
        let _ = points::draw(&area, layout, theme, chosen);
    }
}

/// The canvas, emptied, with so many CSS pixels to draw on, and in its place so far below the top of the chart.
fn surface(
    canvas: &web_sys::HtmlCanvasElement,
    width: i32,
    height: i32,
    above: i32,
) -> Option<DrawingArea<Measured<Brush>, Shift>> {
    let ratio = browser::pixel_ratio();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a layout is some thousand pixels wide and high, and never negative"
    )]
    let device = |css: i32| (f64::from(css) * ratio).round() as u32;
    let context = canvas.get_context("2d").ok().flatten()?;
    let context = context.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()?;
    // Setting the size clears the canvas, too, but takes new memory for it even where the size stays.
    if (canvas.width(), canvas.height()) != (device(width), device(height)) {
        canvas.set_width(device(width));
        canvas.set_height(device(height));
    }
    if DRAWS_PARTS {
        let style = canvas.style();
        let _ = style.set_property("top", &format!("{above}px"));
        let _ = style.set_property("height", &format!("{height}px"));
    }
    let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    Some(Measured::new(Brush::new(context)?, width, height).into_drawing_area())
}

/// The colours in force: forced by the reader's system, chosen by hand, or the system's scheme.
pub fn theme(chosen: Option<crate::query::Theme>) -> Theme {
    if browser::media("(forced-colors: active)") {
        let system =
            |property: &str| browser::root_colour(property).and_then(|colour| Rgb::from_css(&colour));
        if let (Some(ink), Some(surface)) = (system("color"), system("background-color")) {
            return Theme::forced(ink, surface, ink, ink);
        }
    }
    let dark = match chosen {
        Some(theme) => theme == crate::query::Theme::Dark,
        None => browser::media("(prefers-color-scheme: dark)"),
    };
    // For paper, which is light whatever was drawn.
    browser::set_root_attribute("data-drawn", dark.then_some("dark"));
    if dark { Theme::DARK } else { Theme::LIGHT }
}
