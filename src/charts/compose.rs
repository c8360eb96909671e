//! How a layout is put together, from the top of a chart to its bottom.

use super::layout::{
    Anchor, BarBox, DRAWS_SCATTER, EMPTY, Layout, Options, Rect, Scatter, TextRun, Tone, WIDE, px,
};
use super::metrics::{Weight, text_width};
use super::scale::{Scale, Step};
use super::spec::{Bar, BarChart, Kind, Series, Spread};
use super::text::{elide, elide_among, wrap};

/// Font sizes.
pub(super) const TITLE: u32 = 16;
pub(super) const LABEL: u32 = 13;
pub(super) const CAPTION: u32 = 12;
pub(super) const SMALL: u32 = 11;

/// The first pixel of a bar is under the zero line; a value above zero shows another.
const LEAST_BAR: i32 = 2;

/// A narrower segment of a range would be missed.
const LEAST_RANGE: i32 = 3;

/// Between a bar and its value; twice that between a label and the plot.
const GAP: i32 = 8;

/// Between the parts of a bar's detail.
pub(super) const SEPARATOR: &str = " · ";

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
            (false, true) => Self { row: 68, label: 17, detail: 32, bar: 41, thickness: 16 },
            (false, false) => Self { row: 50, label: 17, detail: 0, bar: 25, thickness: 16 },
        }
    }
}

/// A layout in the making.
pub(super) struct Page<'a> {
    spec: &'a BarChart,
    options: Options,
    rhythm: Rhythm,
    wide: bool,
    /// What every bar's detail says.
    shared: Vec<&'a str>,
    /// What only this bar's detail says, by bar.
    details: Vec<String>,
    /// From where to where the value of a bar is written, by bar.
    values: Vec<(i32, i32)>,
    /// Left and right edge of everything but rows.
    left: i32,
    right: i32,
    /// How far down the page is filled.
    y: i32,
    scale: Scale,
    out: Layout,
}

impl<'a> Page<'a> {
    pub(super) fn new(spec: &'a BarChart, width: i32, options: Options) -> Self {
        let wide = width >= WIDE;
        let margin = match (options.framed, wide) {
            (true, true) => 24,
            (true, false) => 14,
            (false, _) => 6,
        };
        let (left, right) = (margin, width - margin);
        let bars = spec.bars();
        let shared = shared_parts(bars);
        let details: Vec<String> = bars.iter().map(|bar| own_parts(bar, &shared)).collect();
        let widest = |widths: &mut dyn Iterator<Item = f64>| widths.fold(0.0, f64::max).ceil();
        let labels = widest(&mut bars.iter().map(|bar| text_width(&bar.label, LABEL, Weight::Bold)));
        let below = widest(&mut details.iter().map(|text| text_width(text, SMALL, Weight::Regular)));
        let values = widest(&mut bars.iter().map(|bar| text_width(&bar.value_text, LABEL, Weight::Regular)));
        let room = f64::from(right - left);
        let texts = labels.max(below).max(text_width(&caption(spec), SMALL, Weight::Regular).ceil());
        let column = if wide { px(texts.min(room * 0.38)) + 2 * GAP } else { 0 };
        let reserve = px(values.min(room * 0.4)) + GAP;
        let plot = Rect { x: left + column, y: 0, w: right - reserve - left - column, h: 0 };
        let max = bars.iter().map(farthest).fold(0.0, f64::max);
        Self {
            spec,
            options,
            rhythm: Rhythm::new(wide, details.iter().any(|detail| !detail.is_empty())),
            wide,
            shared,
            details,
            values: Vec::with_capacity(bars.len()),
            left,
            right,
            y: if options.framed { margin } else { 0 },
            scale: Scale::new(max, f64::from(plot.w)),
            out: Layout {
                width,
                height: 0,
                plot,
                bars: Vec::with_capacity(bars.len()),
                scatter: Vec::new(),
                grid: Vec::new(),
                zero: Vec::new(),
                legend: Vec::new(),
                texts: Vec::new(),
            },
        }
    }

    pub(super) fn compose(mut self) -> Layout {
        if self.options.framed {
            self.lines(self.spec.title(), TITLE, 3, 21);
        }
        if self.spec.bars().is_empty() {
            self.empty();
        } else {
            if !self.shared.is_empty() {
                let of = if self.spec.bars().len() > 1 { "All bars: " } else { "" };
                self.lines(&format!("{of}{}", self.shared.join(SEPARATOR)), CAPTION, 2, 18);
            }
            self.legend();
            self.axis();
            let details = std::mem::take(&mut self.details);
            for (bar, detail) in self.spec.bars().iter().zip(&details) {
                self.row(bar, detail, &details);
            }
            self.out.plot.h = self.y - self.out.plot.y;
            self.rule();
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

    fn text(&mut self, (x, baseline): (i32, i32), size: u32, weight: Weight, tone: Tone, text: String) {
        if !text.is_empty() {
            let anchor = Anchor::Start;
            self.out.texts.push(TextRun { x, baseline, anchor, size, weight, tone, text });
        }
    }

    /// Running text over the whole width: the title in bold, anything else muted.
    fn lines(&mut self, text: &str, size: u32, most_lines: usize, height: i32) {
        let room = f64::from(self.right - self.left);
        let (weight, tone) =
            if size == TITLE { (Weight::Bold, Tone::Ink) } else { (Weight::Regular, Tone::Muted) };
        for line in wrap(text, room, size, weight, most_lines) {
            self.text((self.left, self.y + 13), size, weight, tone, line);
            self.y += height;
        }
    }

    /// The sentence of a chart without bars, in the middle of a quiet field.
    fn empty(&mut self) {
        self.out.texts.push(TextRun {
            x: self.out.width / 2,
            baseline: self.y + 52,
            anchor: Anchor::Middle,
            size: LABEL,
            weight: Weight::Regular,
            tone: Tone::Muted,
            text: EMPTY.to_owned(),
        });
        self.y += 96;
    }

    /// Colour samples with names, where there is more than one series.
    fn legend(&mut self) {
        const SAMPLE: i32 = 10;
        let used = |series: &Series| self.spec.bars().iter().any(|bar| bar.series == *series);
        let series: Vec<Series> = Series::ALL.into_iter().filter(used).collect();
        if series.len() < 2 {
            return;
        }
        let mut x = self.left;
        for each in series {
            let width = SAMPLE + 6 + px(text_width(each.label(), CAPTION, Weight::Regular).ceil());
            if x > self.left && x + width > self.right {
                x = self.left;
                self.y += 20;
            }
            self.out.legend.push((Rect { x, y: self.y + 6, w: SAMPLE, h: SAMPLE }, each));
            let at = (x + SAMPLE + 6, self.y + 15);
            self.text(at, CAPTION, Weight::Regular, Tone::Muted, each.label().to_owned());
            x += width + 18;
        }
        self.y += 22;
    }

    /// The unit with its good direction, and tick labels above the plot.
    fn axis(&mut self) {
        self.y += 4;
        let caption = caption(self.spec);
        let column = f64::from(self.out.plot.x - 2 * GAP - self.left);
        if self.wide && text_width(&caption, SMALL, Weight::Regular) <= column {
            self.text((self.left, self.y + 13), SMALL, Weight::Regular, Tone::Muted, caption);
        } else {
            self.lines(&caption, SMALL, 1, 17);
        }
        let step = self.step();
        let count = step.map_or(1, |step| self.scale.ticks(step));
        for tick in 0..count {
            let value = step.map_or(0.0, |step| f64::from(tick) * step.value);
            let x = self.out.plot.x + px(self.scale.pixels(value));
            self.tick(x, value, step.filter(|_| tick > 0).map_or(0, |step| step.decimals));
        }
        self.y += 18;
        self.out.plot.y = self.y;
    }

    /// The closest ticks that leave their labels some air and are few; the last label is the widest.
    fn step(&self) -> Option<Step> {
        let fits = |step: &Step| {
            let last = f64::from(self.scale.ticks(*step) - 1) * step.value;
            let label = self.options.locale.number(last, step.decimals);
            let air =
                (text_width(&label, SMALL, Weight::Regular) + 24.0).max(f64::from(self.out.plot.w) / 7.0);
            self.scale.pixels(step.value) >= air
        };
        self.scale.steps().find(fits).or_else(|| self.scale.steps().last())
    }

    /// A label and the head of a line; [`Page::rule`] gives the line its length.
    fn tick(&mut self, x: i32, value: f64, decimals: usize) {
        let text = self.options.locale.number(value, decimals);
        let half = px((text_width(&text, SMALL, Weight::Regular) / 2.0).ceil());
        self.out.texts.push(TextRun {
            x: x.min(self.out.width - half),
            baseline: self.y + 13,
            anchor: Anchor::Middle,
            size: SMALL,
            weight: Weight::Regular,
            tone: Tone::Muted,
            text,
        });
        let line = Rect { x, y: 0, w: 1, h: 0 };
        if x == self.out.plot.x { self.out.zero.push(line) } else { self.out.grid.push(line) }
    }

    fn row(&mut self, bar: &Bar, detail: &str, details: &[String]) {
        let rhythm = self.rhythm;
        let (y, plot) = (self.y, self.out.plot);
        let column = f64::from(if self.wide { plot.x - 2 * GAP } else { self.right } - self.left);
        // A row without a second line, among rows with two, keeps its only line in the middle.
        let label = if self.wide && detail.is_empty() { rhythm.row / 2 + 5 } else { rhythm.label };
        let bars = self.spec.bars();
        let mut labels = bars.iter().map(|other| other.label.as_str());
        let name = elide_among(&bar.label, &mut labels, column, LABEL, Weight::Bold);
        self.text((self.left, y + label), LABEL, Weight::Bold, Tone::Ink, name);
        let namesakes = bars.iter().zip(details).filter(|(other, _)| other.label == bar.label);
        let mut namesakes = namesakes.map(|(_, detail)| detail.as_str());
        let detail = elide_among(detail, &mut namesakes, column, SMALL, Weight::Regular);
        self.text((self.left, y + rhythm.detail), SMALL, Weight::Regular, Tone::Muted, detail);

        let (low, high) = (px(self.scale.pixels(bar.low)), px(self.scale.pixels(bar.high)));
        let (from, to) = match self.spec.kind() {
            Kind::Value => (0, if bar.high > 0.0 { high.max(LEAST_BAR) } else { 0 }),
            Kind::Range => {
                let to = high.max(LEAST_RANGE);
                (low.min(to - LEAST_RANGE), to)
            }
        };
        let part = |x, w| Rect { x: plot.x + x, y: y + rhythm.bar, w, h: rhythm.thickness };
        self.out.bars.push(BarBox {
            row: Rect { x: 0, y, w: self.out.width, h: rhythm.row },
            track: part(0, from),
            solid: part(from, to - from),
            series: bar.series,
        });
        if let Some(spread) = bar.spread.as_ref().filter(|_| DRAWS_SCATTER) {
            let middle = y + rhythm.bar + rhythm.thickness / 2;
            let at = |value: f64| plot.x + px(self.scale.pixels(value));
            self.out.scatter.push(scatter(spread, middle, at));
        }
        let x = plot.x + px(self.scale.pixels(farthest(bar))).max(to) + GAP;
        let value = elide(&bar.value_text, f64::from(self.right - x), LABEL, Weight::Regular);
        self.values.push((x, x + px(text_width(&value, LABEL, Weight::Regular))));
        let baseline = y + rhythm.bar + rhythm.thickness / 2 + 5;
        self.text((x, baseline), LABEL, Weight::Regular, Tone::Ink, value);
        self.y += rhythm.row;
    }

    /// Gives the lines their length: down the plot, or only beside the bars where labels stand
    /// between them, and in both cases not through a value.
    fn rule(&mut self) {
        let plot = self.out.plot;
        let (wide, bars, values) = (self.wide, &self.out.bars, &self.values);
        let ruled = |line: &Rect| {
            let mut pieces = Vec::new();
            let mut top = plot.y;
            for (bar, (from, to)) in bars.iter().zip(values) {
                let bar = bar.solid;
                let covered = (from - 5..=to + 4).contains(&line.x);
                if wide && covered {
                    pieces.push(Rect { y: top, h: bar.y - top, ..*line });
                    top = bar.bottom();
                } else if !wide && !covered {
                    pieces.push(Rect { y: bar.y - 3, h: bar.h + 6, ..*line });
                }
            }
            if wide {
                pieces.push(Rect { y: top, h: plot.bottom() - top, ..*line });
            }
            pieces
        };
        self.out.grid = self.out.grid.iter().flat_map(ruled).collect();
        self.out.zero = self.out.zero.iter().flat_map(ruled).collect();
    }
}

/// The largest number of a bar: its end, or what scatters beyond it.
fn farthest(bar: &Bar) -> f64 {
    let scatter = bar
        .spread
        .iter()
        .filter(|_| DRAWS_SCATTER)
        .flat_map(|spread| spread.repetitions.iter().chain([&spread.ends.1]));
    scatter.fold(bar.high, |most, &value| most.max(value))
}

/// The error bar around the middle of a bar, and the repetitions in lanes, so that equal ones stay apart.
fn scatter(spread: &Spread, middle: i32, at: impl Fn(f64) -> i32) -> Scatter {
    const CAP: i32 = 9;
    const LANES: [i32; 3] = [-5, 0, 5];
    let (low, high) = (at(spread.ends.0), at(spread.ends.1));
    let cap = |x: i32| Rect { x, y: middle - CAP / 2, w: 1, h: CAP };
    let dots = spread.repetitions.iter().zip(LANES.into_iter().cycle());
    Scatter {
        whisker: [Rect { x: low, y: middle, w: high - low + 1, h: 1 }, cap(low), cap(high)],
        dots: dots.map(|(&value, lane)| (at(value), middle + lane)).collect(),
    }
}

/// The unit with its good direction.
fn caption(spec: &BarChart) -> String {
    let direction = if spec.lower_is_better() { "lower is better" } else { "higher is better" };
    format!("{}, {direction}", spec.unit()).trim_start_matches(", ").to_owned()
}

/// The parts that every bar's detail has, in the order of the first; all parts of a single bar.
pub(super) fn shared_parts(bars: &[Bar]) -> Vec<&str> {
    let [first, others @ ..] = bars else { return Vec::new() };
    let everywhere = |part: &&str| {
        !part.is_empty() && others.iter().all(|bar| bar.detail.split(SEPARATOR).any(|other| other == *part))
    };
    first.detail.split(SEPARATOR).filter(everywhere).collect()
}

/// The detail of a bar without what every bar shares.
pub(super) fn own_parts(bar: &Bar, shared: &[&str]) -> String {
    let own: Vec<&str> = bar.detail.split(SEPARATOR).filter(|part| !shared.contains(part)).collect();
    own.join(SEPARATOR)
}
