//! The canvas backend of Plotters with a memory: a colour or a font is set when it is another one than before.
//!
//! Most of a chart is text and filled rectangles, in five colours and three fonts. To say them anew for each, as the
//! backend does, is a text made here, read there and parsed, and takes longer than to draw.

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use plotters_canvas::CanvasBackend;
use web_sys::CanvasRenderingContext2d;

use crate::model::{fixed, plain};

/// Result of a step.
type Step = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

/// The backend of a canvas.
pub(super) struct Brush {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    colour: Option<BackendColor>,
    font: Option<(FontStyle, f64, bool)>,
}

impl Brush {
    /// A backend that draws on the canvas of a context, with the context's own scale.
    pub(super) fn new(context: CanvasRenderingContext2d) -> Option<Self> {
        let inner = CanvasBackend::with_canvas_object(context.canvas()?)?;
        Some(Self { inner, context, colour: None, font: None })
    }

    fn fill_with(&mut self, colour: BackendColor) {
        let is_same = |other: &BackendColor| (other.rgb, other.alpha) == (colour.rgb, colour.alpha);
        if !self.colour.as_ref().is_some_and(is_same) {
            let (red, green, blue) = colour.rgb;
            let opacity = fixed(colour.alpha * 100.0, 0);
            self.context.set_fill_style_str(&format!("rgba({red},{green},{blue},{opacity}%)"));
            self.colour = Some(colour);
        }
    }

    /// The backend itself, which leaves another colour behind.
    fn other(&mut self) -> &mut CanvasBackend {
        self.colour = None;
        &mut self.inner
    }
}

impl DrawingBackend for Brush {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.inner.get_size()
    }

    fn ensure_prepared(&mut self) -> Step {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Step {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Step {
        self.other().draw_pixel(point, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Step {
        self.other().draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Step {
        if !fill {
            return self.other().draw_rect(from, to, style, fill);
        }
        self.fill_with(style.color());
        let [x, y, right, bottom] = [from.0, from.1, to.0, to.1].map(f64::from);
        self.context.fill_rect(x, y, right - x, bottom - y);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Step {
        self.other().draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Step {
        self.other().fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Step {
        self.other().draw_circle(at, radius, style, fill)
    }

    /// Upright text on its bottom line, from its start or around its middle, in one family, as all text of a chart is.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Step {
        self.fill_with(style.color());
        let is_centred = matches!(style.anchor().h_pos, HPos::Center);
        let font = (style.style(), style.size(), is_centred);
        let is_same = |(other, size, centred): &(FontStyle, f64, bool)| {
            (other.as_str(), *size, *centred) == (font.0.as_str(), font.1, font.2)
        };
        if !self.font.as_ref().is_some_and(is_same) {
            let (weight, size) = (font.0.as_str(), plain(font.1));
            self.context.set_font(&format!("{weight} {size}px {}", style.family().as_str()));
            self.context.set_text_baseline("bottom");
            self.context.set_text_align(if is_centred { "center" } else { "start" });
            self.font = Some(font);
        }
        // What can be refused here is no text.
        let _ = self.context.fill_text(text, f64::from(x), f64::from(y));
        Ok(())
    }
}
