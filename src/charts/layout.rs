//! Where everything in a chart goes, in whole CSS pixels.
//!
//! Under [`WIDE`] the text of a bar stands above it on the full width, else in a column at its
//! left. Room for the longest value is kept free at the right of the plot, so that a value always
//! stands behind its bar, never on it or off the edge. What all bars have in common is said once,
//! above them.

use super::compose::Page;
use super::metrics::Weight;
use super::spec::{BarChart, Series};
use crate::format::Locale;

/// What a chart without bars says.
pub const EMPTY: &str = "No data for this selection";

/// From this width on, labels stand beside the bars. CSS pixels.
pub const WIDE: i32 = 560;

/// Narrowest and widest chart; other widths count as the nearer of the two.
pub(super) const WIDTHS: (f64, f64) = (240.0, 4096.0);

/// A rectangle: upper left corner and size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width, never negative.
    pub w: i32,
    /// Height, never negative.
    pub h: i32,
}

impl Rect {
    /// The first column of pixels behind the rectangle.
    pub const fn right(self) -> i32 {
        self.x + self.w
    }

    /// The first row of pixels below the rectangle.
    pub const fn bottom(self) -> i32 {
        self.y + self.h
    }
}

/// Which point of a text run its `x` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
}

/// The colour of a text run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What is read first.
    Ink,
    /// What explains it.
    Muted,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRun {
    /// Horizontal position of the anchor.
    pub x: i32,
    /// Vertical position of the baseline.
    pub baseline: i32,
    /// Which point `x` is.
    pub anchor: Anchor,
    /// Font size.
    pub size: u32,
    /// How thick.
    pub weight: Weight,
    /// Which colour.
    pub tone: Tone,
    /// The text, elided to its room.
    pub text: String,
}

/// One bar of the layout, at the index of its bar in the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarBox {
    /// The whole row: pointer target and highlight.
    pub row: Rect,
    /// The pale part from zero to the low end of a range; without width otherwise.
    pub track: Rect,
    /// The solid part.
    pub solid: Rect,
    /// Which colour.
    pub series: Series,
}

/// False in the program of the first view, whose bars have no repetitions: it goes without what draws them.
pub(super) const DRAWS_SCATTER: bool = cfg!(feature = "whole") || !cfg!(feature = "app");

/// How the repetitions behind a bar scatter, over the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scatter {
    /// The error bar: a line with a cap at each end.
    pub whisker: [Rect; 3],
    /// The middle of each dot.
    pub dots: Vec<(i32, i32)>,
}

/// A chart, ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width of the whole chart.
    pub width: i32,
    /// Height of the whole chart, known before anything is drawn.
    pub height: i32,
    /// Where bars may be.
    pub plot: Rect,
    /// Rows, top to bottom.
    pub bars: Vec<BarBox>,
    /// Error bars and repetitions, of the bars that have them.
    pub scatter: Vec<Scatter>,
    /// Vertical lines at ticks, a pixel wide, in pieces that leave out text.
    pub grid: Vec<Rect>,
    /// The vertical line at zero, in pieces where labels stand between the bars.
    pub zero: Vec<Rect>,
    /// Colour samples of the legend; empty for fewer than two series.
    pub legend: Vec<(Rect, Series)>,
    /// Every line of text.
    pub texts: Vec<TextRun>,
}

/// What surrounds the bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// With title, notes and margins: for a chart that stands alone, not in a page's figure.
    pub framed: bool,
    /// How tick labels are written.
    pub locale: Locale,
}

impl Options {
    /// For a figure of the page, which has its own caption.
    pub const fn page(locale: Locale) -> Self {
        Self { framed: false, locale }
    }

    /// For a file.
    pub fn file() -> Self {
        Self { framed: true, locale: Locale::default() }
    }
}

/// Lays a chart out for a width in CSS pixels.
pub fn layout(spec: &BarChart, width_css_px: f64, options: Options) -> Layout {
    let (least, most) = WIDTHS;
    let width = if width_css_px.is_nan() { least } else { width_css_px.clamp(least, most) };
    Page::new(spec, px(width), options).compose()
}

/// To whole pixels.
#[expect(clippy::cast_possible_truncation, reason = "coordinates are clamped to a few thousand pixels")]
pub(super) fn px(value: f64) -> i32 {
    value.round() as i32
}
