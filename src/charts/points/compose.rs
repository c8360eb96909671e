//! How a layout is put together, from the top of a chart to its bottom.

use super::labels::{ASCENT, HEIGHT, Space};
use super::layout::{Layout, Mark, RADIUS};
use super::lines::{Pixel, Place, dashed, inside, rounded, solid};
use super::ruler::{Room, Ruler, Tick};
use super::spec::{AxisScale, LineStyle, PointChart, ReferenceLine};
use crate::charts::compose::{CAPTION, LABEL, SEPARATOR, SMALL, TITLE};
use crate::charts::layout::{Anchor, EMPTY, Options, Rect, TextRun, Tone, WIDE, px};
use crate::charts::metrics::{Weight, text_width};
use crate::charts::text::{elide, wrap};

/// The plot is this high for each pixel of width, between two bounds.
const SLOPE: f64 = 0.46;
const HEIGHTS: (f64, f64) = (250.0, 380.0);

/// Between the plot and the numbers beside it.
const GAP: i32 = 7;

/// From tick to tick up the left side, the least; on a log axis, where 1, 2 and 5 lie close, less.
const LINE: f64 = 36.0;
const LOG_LINE: f64 = 24.0;

/// Between the labels below, the least.
const AIR: f64 = 22.0;

/// A longer label is cut.
const LONGEST_LABEL: f64 = 180.0;

/// A layout in the making.
pub(super) struct Page<'a> {
    spec: &'a PointChart,
    options: Options,
    /// Left and right edge of everything but the plot.
    left: i32,
    right: i32,
    /// How far down the page is filled.
    y: i32,
    out: Layout,
}

impl<'a> Page<'a> {
    pub(super) fn new(spec: &'a PointChart, width: i32, options: Options) -> Self {
        let margin = match (options.framed, width >= WIDE) {
            (true, true) => 24,
            (true, false) => 14,
            (false, _) => 6,
        };
        let (left, right) = (margin, width - margin);
        let (least, most) = HEIGHTS;
        let height = px((f64::from(width) * SLOPE).clamp(least, most));
        Self {
            spec,
            options,
            left,
            right,
            y: if options.framed { margin } else { 0 },
            out: Layout {
                width,
                height: 0,
                plot: Rect { x: left, y: 0, w: right - left, h: height },
                grid: Vec::new(),
                zero: Vec::new(),
                shades: Vec::new(),
                strokes: Vec::new(),
                marks: Vec::with_capacity(spec.points().len()),
                legend: Vec::new(),
                plates: Vec::new(),
                texts: Vec::new(),
            },
        }
    }

    pub(super) fn compose(mut self) -> Layout {
        if self.options.framed {
            self.lines(self.spec.title(), TITLE, 3, 21);
        }
        if self.spec.points().is_empty() {
            self.empty();
        } else {
            let shared = self.spec.shared_parts();
            if !shared.is_empty() {
                self.lines(&format!("All points: {}", shared.join(SEPARATOR)), CAPTION, 2, 18);
            }
            self.legend();
            self.figure();
        }
        if self.options.framed {
            self.y += 8;
            for note in self.spec.notes() {
                self.lines(&note, SMALL, 4, 16);
            }
        }
        self.out.height = self.y + if self.options.framed { self.left - 8 } else { 4 };
        self.out
    }

    fn text(&mut self, (x, baseline): Pixel, size: u32, tone: Tone, text: String) {
        if !text.is_empty() {
            let (anchor, weight) = (Anchor::Start, Weight::Regular);
            self.out.texts.push(TextRun { x, baseline, anchor, size, weight, tone, text });
        }
    }

    /// Text around a middle, moved in where it would leave the page.
    fn centred(&mut self, x: i32, baseline: i32, size: u32, text: String) {
        let half = px((text_width(&text, size, Weight::Regular) / 2.0).ceil());
        let x = x.clamp(half.min(self.out.width / 2), (self.out.width - half).max(self.out.width / 2));
        let (anchor, weight, tone) = (Anchor::Middle, Weight::Regular, Tone::Muted);
        self.out.texts.push(TextRun { x, baseline, anchor, size, weight, tone, text });
    }

    /// Running text over the whole width: the title in bold, anything else muted.
    fn lines(&mut self, text: &str, size: u32, most_lines: usize, height: i32) {
        let room = f64::from(self.right - self.left);
        let (weight, tone) =
            if size == TITLE { (Weight::Bold, Tone::Ink) } else { (Weight::Regular, Tone::Muted) };
        for text in wrap(text, room, size, weight, most_lines).into_iter().filter(|line| !line.is_empty()) {
            let (x, baseline, anchor) = (self.left, self.y + 13, Anchor::Start);
            self.out.texts.push(TextRun { x, baseline, anchor, size, weight, tone, text });
            self.y += height;
        }
    }

    /// The sentence of a chart without points, in the middle of a quiet field.
    fn empty(&mut self) {
        self.centred(self.out.width / 2, self.y + 52, LABEL, EMPTY.to_owned());
        self.out.plot = Rect { y: self.y, h: 96, ..self.out.plot };
        self.y += 96;
    }

    /// Marks with names, where there is more than one series.
    fn legend(&mut self) {
        let series = self.spec.series();
        if series.len() < 2 {
            return;
        }
        let sample = 2 * RADIUS + 6;
        let mut x = self.left;
        for each in series {
            let width = sample + px(text_width(each.label(), CAPTION, Weight::Regular).ceil());
            if x > self.left && x + width > self.right {
                x = self.left;
                self.y += 20;
            }
            self.out.legend.push(((x + RADIUS, self.y + 11), each));
            self.text((x + sample, self.y + 15), CAPTION, Tone::Muted, each.label().to_owned());
            x += width + 18;
        }
        self.y += 22;
    }

    /// Everything over the two axes.
    fn figure(&mut self) {
        self.y += 4;
        let direction = if self.spec.lower_is_better() { "lower is better" } else { "higher is better" };
        let caption = format!("{}, {direction}", self.spec.y().caption());
        self.lines(caption.trim_start_matches(", "), SMALL, 1, 17);
        self.out.plot.y = self.y + 8;
        let y = self.vertical();
        let widest = y.ticks.iter().map(|tick| label_width(&tick.text)).fold(0.0, f64::max);
        self.out.plot.x = self.left + px(widest.ceil()) + GAP;
        self.out.plot.w = self.right - self.out.plot.x;
        let x = self.horizontal();
        self.grid(&x, &y);
        self.marks(&x, &y);
        let lines = self.strokes(&x, &y);
        self.labels(lines);
        self.y = self.out.plot.bottom() + 5;
        for Tick { at, text } in x.ticks {
            self.centred(self.out.plot.x + px(at), self.y + 12, SMALL, text);
        }
        self.y += 17;
        let (middle, room) = (self.out.plot.x + self.out.plot.w / 2, f64::from(self.right - self.left));
        let caption = elide(&self.spec.x().caption(), room, SMALL, Weight::Regular);
        self.centred(middle, self.y + 13, SMALL, caption);
        self.y += 19;
    }

    /// The vertical axis: for all points with their ends, and for lines where there are points.
    fn vertical(&self) -> Ruler {
        let points = self.spec.points();
        let ends = points.iter().flat_map(|point| {
            let (low, high) = point.y_ends.unwrap_or((point.y, point.y));
            [low, high, point.y]
        });
        let across = extent(points.iter().map(|point| point.x));
        let lines = self.spec.lines().iter().flat_map(|line| self.reach(line, across));
        let scale = self.spec.y().scale();
        let line = if scale == AxisScale::Log { LOG_LINE } else { LINE };
        let of_label = |_: &str| line;
        let (locale, pixels) = (self.options.locale, f64::from(self.out.plot.h));
        let room = Room { pixels, of_label: &of_label, locale };
        Ruler::new(scale, extent(ends.chain(lines)), room)
    }

    /// Lowest and highest number of a line between two numbers of the horizontal axis.
    fn reach(&self, line: &ReferenceLine, (from, to): (f64, f64)) -> Vec<f64> {
        let (x, y) = (self.spec.x().scale(), self.spec.y().scale());
        let place = |&(a, b): &(f64, f64)| (Ruler::transformed(x, a), Ruler::transformed(y, b));
        let (from, to) = (Ruler::transformed(x, from), Ruler::transformed(x, to));
        let places: Vec<Place> = line.points.iter().map(place).collect();
        let mut found = Vec::new();
        for (a, b) in places.iter().zip(places.iter().skip(1)) {
            let (low, high) = (a.0.min(b.0).max(from), a.0.max(b.0).min(to));
            if low > high {
                continue;
            }
            let at = |wanted: f64| {
                let share = if b.0 == a.0 { 0.0 } else { (wanted - a.0) / (b.0 - a.0) };
                let value = a.1 + share * (b.1 - a.1);
                if y == AxisScale::Log { 10f64.powf(value) } else { value }
            };
            found.extend([at(low), at(high)]);
        }
        found
    }

    /// The horizontal axis, shorter by what its last label would stand out of the page.
    fn horizontal(&mut self) -> Ruler {
        let of_label = |text: &str| label_width(text) + AIR;
        let extent = extent(self.spec.points().iter().map(|point| point.x));
        let ruler = |width: i32| {
            let room = Room { pixels: f64::from(width), of_label: &of_label, locale: self.options.locale };
            Ruler::new(self.spec.x().scale(), extent, room)
        };
        let first = ruler(self.out.plot.w);
        let last = first.ticks.last();
        let end = last.map_or(0.0, |tick| tick.at + label_width(&tick.text) / 2.0);
        let over = f64::from(self.out.plot.x) + end - f64::from(self.right);
        if over <= 0.0 {
            return first;
        }
        self.out.plot.w -= px(over.ceil());
        ruler(self.out.plot.w)
    }

    /// Lines at ticks, and the numbers at the left.
    fn grid(&mut self, x: &Ruler, y: &Ruler) {
        let plot = self.out.plot;
        for tick in &x.ticks {
            self.out.grid.push(Rect { x: plot.x + px(tick.at), w: 1, ..plot });
        }
        let from_zero = self.spec.y().scale() == AxisScale::FromZero;
        for Tick { at, text } in &y.ticks {
            let at = px(*at);
            let line = Rect { y: plot.bottom() - at, h: 1, ..plot };
            if from_zero && at == 0 {
                self.out.zero.push(line)
            } else {
                self.out.grid.push(line)
            }
            let start = plot.x - GAP - px(label_width(text));
            self.text((start, line.y + 4), SMALL, Tone::Muted, text.clone());
        }
    }

    /// Where a pair of numbers is on the page.
    fn place(&self, x: &Ruler, y: &Ruler, (a, b): (f64, f64)) -> Place {
        let plot = self.out.plot;
        (f64::from(plot.x) + x.pixels(a), f64::from(plot.bottom()) - y.pixels(b))
    }

    fn marks(&mut self, x: &Ruler, y: &Ruler) {
        for point in self.spec.points() {
            let at = rounded(self.place(x, y, (point.x, point.y)));
            let end = |value: f64| {
                let row = rounded(self.place(x, y, (point.x, value))).1;
                if (row - at.1).abs() > RADIUS + 1 { row } else { at.1 }
            };
            let ends = point.y_ends.map(|(low, high)| (end(high), end(low)));
            let mark = Mark {
                at,
                ends: ends.filter(|ends| *ends != (at.1, at.1)),
                series: point.series,
                is_hollow: point.is_impossible,
            };
            self.out.marks.push(mark);
        }
    }

    /// Lines and the regions above them; gives the lines as they are inside the plot.
    fn strokes(&mut self, x: &Ruler, y: &Ruler) -> Vec<(Vec<Place>, &'a ReferenceLine)> {
        let mut drawn = Vec::new();
        for line in self.spec.lines() {
            let places: Vec<Place> = line.points.iter().map(|&at| self.place(x, y, at)).collect();
            let parts = inside(&places, self.out.plot);
            let pieces: Vec<Vec<Pixel>> = match line.style {
                LineStyle::Limit => parts.iter().map(|part| solid(part)).collect(),
                LineStyle::Expectation => parts.iter().flat_map(|part| dashed(part)).collect(),
            };
            if let ([part], Some(_)) = (parts.as_slice(), &line.above) {
                self.out.shades.push(shade(solid(part), self.out.plot));
            }
            self.out.strokes.extend(pieces);
            let longest =
                parts.into_iter().max_by(|a, b| super::lines::length(a).total_cmp(&super::lines::length(b)));
            drawn.extend(longest.map(|part| (part, line)));
        }
        drawn
    }

    /// Labels of lines first, for they are few, then of points: those that cannot be before the others.
    fn labels(&mut self, lines: Vec<(Vec<Place>, &'a ReferenceLine)>) {
        let parts = lines.iter().map(|(part, _)| part.clone()).collect();
        let mut space = Space::new(self.out.plot, &self.out.marks, parts);
        let most = LONGEST_LABEL.min(f64::from(self.out.plot.w) * 0.4);
        for (own, (_, line)) in lines.iter().enumerate() {
            let text = elide(&line.label, most, SMALL, Weight::Regular);
            let width = px(label_width(&text).ceil());
            let found = Some(width).filter(|&width| width > 0).and_then(|width| space.at_line(own, width));
            if let Some((rect, is_on_line)) = found {
                self.out.plates.extend(is_on_line.then_some(rect));
                self.text((rect.x, rect.y + ASCENT), SMALL, Tone::Muted, text);
            }
        }
        for words in lines.iter().filter_map(|(_, line)| line.above.as_deref()) {
            self.corner(&mut space, words);
        }
        let points = self.spec.points();
        let mut named: Vec<(Pixel, &str)> = Vec::new();
        let first = points.iter().enumerate().filter(|(_, point)| point.is_impossible);
        let others = points.iter().enumerate().filter(|(_, point)| !point.is_impossible);
        for (at, point) in first.chain(others) {
            let text = elide(&point.label, most, SMALL, Weight::Regular);
            let middle = self.out.marks.get(at).map_or((0, 0), |mark| mark.at);
            // Equal points need one name.
            if named.contains(&(middle, point.label.as_str())) {
                continue;
            }
            let width = px(label_width(&text).ceil());
            if let Some(rect) = Some(width).filter(|&width| width > 0).and_then(|w| space.beside(middle, w)) {
                self.text((rect.x, rect.y + ASCENT), SMALL, Tone::Ink, text);
                named.push((middle, point.label.as_str()));
            }
        }
    }

    /// What a shaded region means, in the upper right corner of the plot.
    fn corner(&mut self, space: &mut Space, words: &str) {
        let text = elide(words, f64::from(self.out.plot.w) * 0.6, SMALL, Weight::Regular);
        let (plot, w) = (self.out.plot, px(label_width(&text).ceil()));
        let rect = Rect { x: plot.right() - 8 - w, y: plot.y + 6, w, h: HEIGHT };
        if space.claim(rect) {
            self.text((rect.x, rect.y + ASCENT), SMALL, Tone::Muted, text);
        }
    }
}

fn label_width(text: &str) -> f64 {
    text_width(text, SMALL, Weight::Regular)
}

/// Smallest and largest of some numbers; zero twice of none.
fn extent(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.map(|value| (value, value)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
}

/// The corners of the region above a line that goes from left to right. Where the line has left the plot
/// through its lower edge, all of it lies above.
fn shade(line: Vec<Pixel>, plot: Rect) -> Vec<Pixel> {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return line };
    let mut corners = line;
    let mut right = last.0;
    if last.1 >= plot.bottom() {
        right = plot.right();
        corners.push((right, plot.bottom()));
    }
    corners.push((right, plot.y));
    if first.1 >= plot.bottom() {
        corners.extend([(plot.x, plot.y), (plot.x, plot.bottom())]);
    } else {
        corners.push((first.0, plot.y));
    }
    corners
}
