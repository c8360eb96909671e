//! A chart's layout on a canvas, sharp at any device pixel ratio.

use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;

use super::browser;
use crate::charts::{Layout, Measured, Rgb, Theme, draw};

/// Draws a chart; a browser that gives no canvas draws nothing, and the table says it all.
pub fn paint(canvas: &web_sys::HtmlCanvasElement, layout: &Layout, theme: &Theme, chosen: Option<usize>) {
    let ratio = browser::pixel_ratio();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a layout is some thousand pixels wide and high, and never negative"
    )]
    let device = |css: i32| (f64::from(css) * ratio).round() as u32;
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) =
        context.and_then(|context| context.dyn_into::<web_sys::CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    // Setting the size also clears the canvas and resets its transform.
    canvas.set_width(device(layout.width));
    canvas.set_height(device(layout.height));
    let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    if let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        let area = Measured::new(backend, layout.width, layout.height).into_drawing_area();
        let _ = draw(&area, layout, theme, chosen);
    }
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
