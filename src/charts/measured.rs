//! A backend around a backend: a size in CSS pixels, and text as wide as the layout believes.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::metrics::{Weight, text_width};

/// Result of an inner backend's step.
type Step<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

/// Hands everything to the inner backend except two questions.
///
/// * The size: a canvas answers with its device pixels, while charts are laid out in CSS pixels.
///   The page sets the canvas to CSS size × ratio, scales its context by the ratio, and wraps it.
/// * The width of text: Plotters asks the page by appending an element with an inline style, which
///   a strict content security policy forbids. The table of the layout answers instead.
pub struct Measured<B> {
    inner: B,
    size: (u32, u32),
}

impl<B: DrawingBackend> Measured<B> {
    /// Wraps a backend that draws in CSS pixels; `width` and `height` are those of the layout.
    pub fn new(inner: B, width: i32, height: i32) -> Self {
        let positive = |side: i32| u32::try_from(side).unwrap_or_default();
        Self { inner, size: (positive(width), positive(height)) }
    }
}

impl<B: DrawingBackend> DrawingBackend for Measured<B> {
    type ErrorType = B::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Step<B> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Step<B> {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Step<B> {
        self.inner.draw_pixel(point, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Step<B> {
        self.inner.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Step<B> {
        self.inner.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Step<B> {
        self.inner.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Step<B> {
        self.inner.fill_polygon(corners, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Step<B> {
        self.inner.draw_circle(center, radius, style, fill)
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, pos: BackendCoord) -> Step<B> {
        self.inner.draw_text(text, style, pos)
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        Ok(estimate(text, style))
    }
}

/// Width and height of a line of text from our own table.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of text on a screen")]
pub(super) fn estimate<T: BackendTextStyle>(text: &str, style: &T) -> (u32, u32) {
    let weight = if matches!(style.style(), FontStyle::Bold) { Weight::Bold } else { Weight::Regular };
    let size = style.size().round() as u32;
    (text_width(text, size, weight).ceil() as u32, size)
}
