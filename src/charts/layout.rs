//! Where everything in a chart goes, in whole CSS pixels.
//!
//! Under [`WIDE`] the text of a bar stands above it on the full width, else in a column at its
//! left. Room for the longest value is kept free at the right of the plot, so that a value always
//! stands behind its bar, never on it or off the edge.

use super::metrics::{Weight, text_width};
use super::scale::Scale;
use super::spec::{BarChart, Kind, Series};
use super::text::{elide, wrap};
use crate::format::Locale;

/// What a chart without bars says.
pub const EMPTY: &str = "No data for this selection";

/// From this width on, labels stand beside the bars. CSS pixels.
pub const WIDE: i32 = 560;

/// Narrowest and widest chart; other widths count as the nearer of the two.
const WIDTHS: (f64, f64) = (240.0, 4096.0);

/// Font sizes.
const TITLE: u32 = 16;
const LABEL: u32 = 13;
const SMALL: u32 = 11;

/// A narrower segment of a range would be missed.
const LEAST_RANGE: i32 = 3;

/// Between a bar and its value, a label and the plot.
const GAP: i32 = 8;

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
    /// Vertical lines at ticks, a pixel wide.
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
    let mut page = Page::new(spec, px(width), options);
    page.title();
    if spec.bars().is_empty() {
        page.empty();
    } else {
        page.caption();
        page.axis();
        page.rows();
    }
    page.notes();
    page.finish()
}

/// To whole pixels.
#[expect(clippy::cast_possible_truncation, reason = "coordinates are clamped to a few thousand pixels")]
fn px(value: f64) -> i32 {
    value.round() as i32
}

/// The heights of a row's parts, from the row's upper edge.
#[derive(Clone, Copy)]
struct Rhythm {
    row: i32,
    label: i32,
    detail: i32,
    bar: i32,
    thickness: i32,
}

impl Rhythm {
    const fn new(wide: bool, two_lines: bool) -> Self {
        match (wide, two_lines) {
            (true, true) => Self { row: 44, label: 19, detail: 34, bar: 12, thickness: 20 },
            (true, false) => Self { row: 30, label: 20, detail: 0, bar: 6, thickness: 18 },
            (false, true) => Self { row: 66, label: 17, detail: 32, bar: 39, thickness: 16 },
            (false, false) => Self { row: 50, label: 17, detail: 0, bar: 23, thickness: 16 },
        }
    }
}

/// A layout in the making: parts are added from the top to the bottom.
struct Page<'a> {
    spec: &'a BarChart,
    options: Options,
    rhythm: Rhythm,
    wide: bool,
    /// Left and right edge of everything but rows.
    left: i32,
    right: i32,
    /// How far down the page is filled.
    y: i32,
    scale: Scale,
    out: Layout,
}

impl<'a> Page<'a> {
    fn new(spec: &'a BarChart, width: i32, options: Options) -> Self {
        let margin = match (options.framed, width >= WIDE) {
            (true, true) => 24,
            (true, false) => 14,
            (false, _) => 6,
        };
        let (left, right) = (margin, width - margin);
        let wide = width >= WIDE;
        let bars = spec.bars();
        let room = f64::from(right - left);
        let widest = |of: &dyn Fn(&super::spec::Bar) -> f64| bars.iter().map(of).fold(0.0, f64::max);
        let label = widest(&|bar| {
            let detail = text_width(&bar.detail, SMALL, Weight::Regular);
            text_width(&bar.label, LABEL, Weight::Bold).max(detail)
        });
        let value = widest(&|bar| text_width(&bar.value_text, LABEL, Weight::Bold));
        let column = if wide { px(label.ceil().min(room * 0.38)) + 2 * GAP } else { 0 };
        let reserve = px(value.ceil().min(room * 0.3)) + GAP;
        let plot = Rect { x: left + column, y: 0, w: right - reserve - left - column, h: 0 };
        let max = bars.iter().map(|bar| bar.high).fold(0.0, f64::max);
        Self {
            spec,
            options,
            rhythm: Rhythm::new(wide, bars.iter().any(|bar| !bar.detail.is_empty())),
            wide,
            left,
            right,
            y: if options.framed { margin } else { 0 },
            scale: Scale::new(max, f64::from(plot.w)),
            out: Layout {
                width,
                height: 0,
                plot,
                bars: Vec::with_capacity(bars.len()),
                grid: Vec::new(),
                zero: Vec::new(),
                legend: Vec::new(),
                texts: Vec::new(),
            },
        }
    }

    fn text(&mut self, x: i32, baseline: i32, size: u32, weight: Weight, tone: Tone, text: String) {
        if !text.is_empty() {
            let anchor = Anchor::Start;
            self.out.texts.push(TextRun { x, baseline, anchor, size, weight, tone, text });
        }
    }

    fn title(&mut self) {
        if !self.options.framed {
            return;
        }
        let room = f64::from(self.right - self.left);
        for line in wrap(self.spec.title(), room, TITLE, Weight::Bold, 3) {
            self.text(self.left, self.y + 14, TITLE, Weight::Bold, Tone::Ink, line);
            self.y += 21;
        }
        self.y += 2;
    }

    /// The sentence of a chart without bars, in the middle of a quiet field.
    fn empty(&mut self) {
        let run = TextRun {
            x: self.out.width / 2,
            baseline: self.y + 52,
            anchor: Anchor::Middle,
            size: LABEL,
            weight: Weight::Regular,
            tone: Tone::Muted,
            text: EMPTY.to_owned(),
        };
        self.out.texts.push(run);
        self.y += 96;
    }

    /// The unit with its good direction, and the legend where there is more than one series.
    fn caption(&mut self) {
        let direction = if self.spec.lower_is_better() { "lower is better" } else { "higher is better" };
        let caption = format!("{}, {direction}", self.spec.unit());
        let caption = elide(&caption, f64::from(self.right - self.left), LABEL - 1, Weight::Regular);
        let end = self.left + px(text_width(&caption, LABEL - 1, Weight::Regular));
        self.text(self.left, self.y + 15, LABEL - 1, Weight::Regular, Tone::Muted, caption);
        self.y += 24;
        let used = |series: &Series| self.spec.bars().iter().any(|bar| bar.series == *series);
        let series: Vec<Series> = Series::ALL.into_iter().filter(used).collect();
        if series.len() > 1 {
            self.legend(&series, end + 24);
        }
    }

    /// Colour samples with names: behind the caption where they fit, else on lines of their own.
    fn legend(&mut self, series: &[Series], after_caption: i32) {
        const SAMPLE: i32 = 10;
        let width =
            |series: &Series| SAMPLE + 6 + px(text_width(series.label(), LABEL - 1, Weight::Regular)) + 16;
        let total: i32 = series.iter().map(width).sum();
        let beside = after_caption + total <= self.right;
        let (mut x, mut top) = if beside { (after_caption, self.y - 24) } else { (self.left, self.y) };
        for each in series {
            if x > self.left && x + width(each) > self.right + 16 {
                x = self.left;
                top += 20;
            }
            self.out.legend.push((Rect { x, y: top + 6, w: SAMPLE, h: SAMPLE }, *each));
            let label = each.label().to_owned();
            self.text(x + SAMPLE + 6, top + 15, LABEL - 1, Weight::Regular, Tone::Muted, label);
            x += width(each);
        }
        self.y = self.y.max(top + 24);
    }

    /// Tick labels above the plot; the lines come with the rows.
    fn axis(&mut self) {
        let locale = self.options.locale;
        let number = |value, decimals| locale.number(value, decimals);
        let width = |text: &str| text_width(text, SMALL, Weight::Regular);
        // The last label is the widest: the closest ticks that leave it some air.
        let fitting = self.scale.steps().find(|step| {
            let last = f64::from(self.scale.ticks(*step) - 1) * step.value;
            self.scale.pixels(step.value) >= (width(&number(last, step.decimals)) + 28.0).max(56.0)
        });
        let step = fitting.or_else(|| self.scale.steps().last());
        let count = step.map_or(1, |step| self.scale.ticks(step));
        let baseline = self.y + 12;
        for tick in 0..count {
            let value = step.map_or(0.0, |step| f64::from(tick) * step.value);
            let x = self.out.plot.x + px(self.scale.pixels(value));
            let text = number(value, step.map_or(0, |step| if tick == 0 { 0 } else { step.decimals }));
            let half = px((width(&text) / 2.0).ceil());
            let run = TextRun {
                x: x.clamp(half.min(self.left + half), self.out.width - half),
                baseline,
                anchor: Anchor::Middle,
                size: SMALL,
                weight: Weight::Regular,
                tone: Tone::Muted,
                text,
            };
            self.out.texts.push(run);
            let line = Rect { x, y: 0, w: 1, h: 0 };
            if tick == 0 { self.out.zero.push(line) } else { self.out.grid.push(line) }
        }
        self.y += if self.wide { 18 } else { 16 };
        self.out.plot.y = self.y;
    }

    fn rows(&mut self) {
        for bar in self.spec.bars() {
            self.row(bar);
        }
        self.out.plot.h = self.y - self.out.plot.y;
        self.lines();
    }

    fn row(&mut self, bar: &super::spec::Bar) {
        let Rhythm { row, label, detail, bar: top, thickness } = self.rhythm;
        let (y, plot) = (self.y, self.out.plot);
        let column = if self.wide { plot.x - 2 * GAP } else { self.right } - self.left;
        let fit = |text: &str, size, weight| elide(text, f64::from(column), size, weight);
        // A row without the second line keeps its only line in the middle.
        let label = if self.wide && bar.detail.is_empty() { row / 2 + 5 } else { label };
        let name = fit(&bar.label, LABEL, Weight::Bold);
        self.text(self.left, y + label, LABEL, Weight::Bold, Tone::Ink, name);
        let details = fit(&bar.detail, SMALL, Weight::Regular);
        self.text(self.left, y + detail, SMALL, Weight::Regular, Tone::Muted, details);

        let (low, high) = (px(self.scale.pixels(bar.low)), px(self.scale.pixels(bar.high)));
        let (from, to) = match self.spec.kind() {
            Kind::Value => (0, high.max(i32::from(bar.high > 0.0))),
            Kind::Range => {
                let to = high.max(LEAST_RANGE);
                (low.min(to - LEAST_RANGE), to)
            }
        };
        let part = |x, w| Rect { x: plot.x + x, y: y + top, w, h: thickness };
        self.out.bars.push(BarBox {
            row: Rect { x: 0, y, w: self.out.width, h: row },
            track: part(0, from),
            solid: part(from, to - from),
            series: bar.series,
        });
        let x = plot.x + to + GAP;
        let value = elide(&bar.value_text, f64::from(self.right - x), LABEL, Weight::Bold);
        self.text(x, y + top + thickness / 2 + 5, LABEL, Weight::Bold, Tone::Ink, value);
        self.y += row;
    }

    /// Gives the lines their length: all of the plot, or only beside the bars where labels stand
    /// between them, so that no line runs through text.
    fn lines(&mut self) {
        let plot = self.out.plot;
        let spans: Vec<(i32, i32)> = if self.wide {
            vec![(plot.y, plot.h)]
        } else {
            self.out.bars.iter().map(|bar| (bar.solid.y - 4, bar.solid.h + 8)).collect()
        };
        for lines in [&mut self.out.grid, &mut self.out.zero] {
            let stretched =
                lines.iter().flat_map(|line| spans.iter().map(|(y, h)| Rect { y: *y, h: *h, ..*line }));
            *lines = stretched.collect();
        }
    }

    fn notes(&mut self) {
        if !self.options.framed {
            return;
        }
        self.y += 6;
        let room = f64::from(self.right - self.left);
        for note in self.spec.notes() {
            for line in wrap(&note, room, SMALL, Weight::Regular, 4) {
                self.text(self.left, self.y + 12, SMALL, Weight::Regular, Tone::Muted, line);
                self.y += 16;
            }
        }
    }

    fn finish(mut self) -> Layout {
        let below = if self.options.framed { self.left - 8 } else { 4 };
        self.out.height = self.y + below;
        self.out
    }
}
