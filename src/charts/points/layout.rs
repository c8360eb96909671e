//! Where everything in a chart of points goes, in whole CSS pixels.

use super::compose::Page;
use super::spec::PointChart;
use crate::charts::layout::{Options, Rect, TextRun, WIDTHS, px};
use crate::charts::spec::Series;

/// Half the width of a mark. CSS pixels.
pub const RADIUS: i32 = 5;

/// One mark, at the index of its point in the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its middle, from the upper left corner of the chart.
    pub at: (i32, i32),
    /// Upper and lower end of the line through it; an end that the mark would cover is its middle.
    pub ends: Option<(i32, i32)>,
    /// Which colour and form.
    pub series: Series,
    /// True for a point that cannot be.
    pub is_hollow: bool,
}

/// A chart of points, ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width of the whole chart.
    pub width: i32,
    /// Height of the whole chart, known before anything is drawn.
    pub height: i32,
    /// Where points may be.
    pub plot: Rect,
    /// Lines at ticks, a pixel thick.
    pub grid: Vec<Rect>,
    /// The lower edge of the plot, where it is zero.
    pub zero: Vec<Rect>,
    /// Corners of the regions where nothing can be.
    pub shades: Vec<Vec<(i32, i32)>>,
    /// Corners of the lines to measure by, in pieces: dashes, and what is left where one leaves the plot.
    pub strokes: Vec<Vec<(i32, i32)>>,
    /// Marks, in the order of drawing.
    pub marks: Vec<Mark>,
    /// Middles of the legend's marks; empty for fewer than two series.
    pub legend: Vec<((i32, i32), Series)>,
    /// What stands behind the labels of lines, so that nothing runs through them.
    pub plates: Vec<Rect>,
    /// Every line of text.
    pub texts: Vec<TextRun>,
}

/// Lays a chart out for a width in CSS pixels.
pub fn layout(spec: &PointChart, width_css_px: f64, options: Options) -> Layout {
    let (least, most) = WIDTHS;
    let width = if width_css_px.is_nan() { least } else { width_css_px.clamp(least, most) };
    Page::new(spec, px(width), options).compose()
}
