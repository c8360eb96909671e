//! What a chart of points shows: two axes, points and lines, behind one gate for numbers.

use crate::charts::compose::SEPARATOR;
use crate::charts::scale::SMALLEST;
use crate::charts::spec::{LARGEST, Series};
use crate::charts::text::clean;

/// More points than this are never drawn: nobody could tell them apart.
pub const MOST_POINTS: usize = 500;

/// How numbers become places along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AxisScale {
    /// Linear, and zero is at the end.
    FromZero,
    /// Linear, from a little below the smallest number to a little above the largest.
    Around,
    /// Equal distances are equal factors. The axis says so.
    Log,
    /// Days since 1970-01-01, in the calendar of UTC.
    Days,
}

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    label: String,
    unit: String,
    scale: AxisScale,
}

impl Axis {
    /// An axis for a quantity; the unit may be empty.
    pub fn new(label: &str, unit: &str, scale: AxisScale) -> Self {
        Self { label: clean(label), unit: clean(unit), scale }
    }

    /// The quantity with its unit: `Decode, tok/s`.
    pub fn name(&self) -> String {
        let parts = [self.label.as_str(), self.unit.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The name, and the scale where it is not linear.
    pub fn caption(&self) -> String {
        let scale = if self.scale == AxisScale::Log { ", log scale" } else { "" };
        format!("{}{scale}", self.name()).trim_start_matches(", ").to_owned()
    }

    /// The unit of every number on the axis, as text.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// How numbers become places.
    pub const fn scale(&self) -> AxisScale {
        self.scale
    }

    /// True for a number that has a place on the axis.
    fn has_place(&self, value: f64) -> bool {
        let least = if self.scale == AxisScale::Log { SMALLEST } else { 0.0 };
        value.is_finite() && (least..=LARGEST).contains(&value)
    }
}

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Names the result or configuration in the rest of the page; stable over filters and reloads.
    pub key: String,
    /// What stands beside the mark where there is room.
    pub label: String,
    /// The rest of the configuration, parts with ` · ` between them; may be empty.
    pub detail: String,
    /// Place on the horizontal axis, in its unit.
    pub x: f64,
    /// Place on the vertical axis, in its unit.
    pub y: f64,
    /// Lower and upper end of the line through the mark, such as ±; `None` where there is none.
    pub y_ends: Option<(f64, f64)>,
    /// Which colour and form the mark has.
    pub series: Series,
    /// `x` as the reader sees it, without the unit.
    pub x_text: String,
    /// `y` as the reader sees it, without the unit: `72.3 ±0.6`.
    pub value_text: String,
    /// What else is to be said, such as the share of a limit; may be empty.
    pub remark: String,
    /// True where the point lies above a limit that holds for it: its mark is hollow.
    pub is_impossible: bool,
    /// The results that it is drawn from, by position.
    pub results: Vec<usize>,
}

/// What a line stands for, and so how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    /// Nothing can lie above it: solid.
    Limit,
    /// Where points would lie if all went as expected: dashed.
    Expectation,
}

/// A line to measure points by.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceLine {
    /// What stands at its end.
    pub label: String,
    /// Through which places it goes, from left to right; between two of them it is straight on the page.
    pub points: Vec<(f64, f64)>,
    /// What it stands for.
    pub style: LineStyle,
    /// What it means to lie above it: that region is shaded, and says so.
    pub above: Option<String>,
}

/// A chart of points over two axes.
///
/// Points and lines come in through [`PointChart::with_points`] and [`PointChart::with_lines`] alone. What
/// has no place on an axis is counted in [`PointChart::omitted`] instead of drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct PointChart {
    id: String,
    title: String,
    x: Axis,
    y: Axis,
    notes: Vec<String>,
    lower_is_better: bool,
    points: Vec<Point>,
    lines: Vec<ReferenceLine>,
    omitted: usize,
    omitted_lines: usize,
    hidden: usize,
}

impl PointChart {
    /// A chart without points. `id` is unique on the page.
    pub fn new(id: &str, title: &str, x: Axis, y: Axis) -> Self {
        Self {
            id: id.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect(),
            title: clean(title),
            x,
            y,
            notes: Vec::new(),
            lower_is_better: false,
            points: Vec::new(),
            lines: Vec::new(),
            omitted: 0,
            omitted_lines: 0,
            hidden: 0,
        }
    }

    /// Says that a low point is the good one, as for a time to first token.
    #[must_use]
    pub fn with_lower_is_better(mut self, lower_is_better: bool) -> Self {
        self.lower_is_better = lower_is_better;
        self
    }

    /// Adds a line under the chart, without a full stop.
    #[must_use]
    pub fn with_note(mut self, note: &str) -> Self {
        self.notes.extend(Some(clean(note)).filter(|note| !note.is_empty()));
        self
    }

    /// Adds points in the order given; where marks overlap, the last one is on top.
    ///
    /// Left out, and counted: points with a number that is not finite, is negative or exceeds [`LARGEST`],
    /// that is below a millionth on a log axis, and points beyond [`MOST_POINTS`]. The line through a mark is
    /// left out where one of its ends has no place. Text is cleaned of characters that do not print.
    #[must_use]
    pub fn with_points(mut self, points: Vec<Point>) -> Self {
        for point in points {
            if !self.x.has_place(point.x) || !self.y.has_place(point.y) {
                self.omitted += 1;
            } else if self.points.len() >= MOST_POINTS {
                self.hidden += 1;
            } else {
                let ends = point.y_ends.filter(|&(a, b)| self.y.has_place(a) && self.y.has_place(b));
                self.points.push(Point {
                    label: clean(&point.label),
                    detail: clean(&point.detail),
                    x: point.x.abs(),
                    y: point.y.abs(),
                    y_ends: ends.map(|(a, b)| (a.min(b).min(point.y).abs(), a.max(b).max(point.y).abs())),
                    x_text: clean(&point.x_text),
                    value_text: clean(&point.value_text),
                    remark: clean(&point.remark),
                    ..point
                });
            }
        }
        self
    }

    /// Adds lines. Places that are on no axis are taken out of a line, and a line of fewer than two is left
    /// out and counted.
    #[must_use]
    pub fn with_lines(mut self, lines: Vec<ReferenceLine>) -> Self {
        for line in lines {
            let (x, y) = (&self.x, &self.y);
            let there = line.points.into_iter().filter(|&(at, value)| x.has_place(at) && y.has_place(value));
            let points: Vec<(f64, f64)> = there.collect();
            if points.len() < 2 {
                self.omitted_lines += 1;
            } else {
                let label = clean(&line.label);
                let above = line.above.as_deref().map(clean);
                self.lines.push(ReferenceLine { label, points, above, ..line });
            }
        }
        self
    }

    /// Unique on the page; ASCII letters, digits, `-`, `_` and `.` only.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The headline.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The horizontal axis.
    pub const fn x(&self) -> &Axis {
        &self.x
    }

    /// The vertical axis.
    pub const fn y(&self) -> &Axis {
        &self.y
    }

    /// True where a low point is the good one.
    pub const fn lower_is_better(&self) -> bool {
        self.lower_is_better
    }

    /// The points, in the order in which they are drawn. Every number in them has its place.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The lines, in the order given.
    pub fn lines(&self) -> &[ReferenceLine] {
        &self.lines
    }

    /// How many points were left out because a number of theirs has no place.
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// How many points were left out because there were too many.
    pub const fn hidden(&self) -> usize {
        self.hidden
    }

    /// How many points lie above a limit that holds for them.
    pub fn impossible(&self) -> usize {
        self.points.iter().filter(|point| point.is_impossible).count()
    }

    /// The series that points have, in the order of legends.
    pub fn series(&self) -> Vec<Series> {
        let used = |series: &Series| self.points.iter().any(|point| point.series == *series);
        Series::ALL.into_iter().filter(used).collect()
    }

    /// The parts that every point's detail has, in the order of the first; nothing for a single point.
    pub fn shared_parts(&self) -> Vec<&str> {
        let [first, others @ ..] = self.points.as_slice() else { return Vec::new() };
        let has = |point: &Point, part: &str| point.detail.split(SEPARATOR).any(|other| other == part);
        let everywhere = |part: &&str| !part.is_empty() && others.iter().all(|point| has(point, part));
        first.detail.split(SEPARATOR).filter(|_| !others.is_empty()).filter(everywhere).collect()
    }

    /// The lines under the chart, each without a full stop: the notes, then what is not drawn.
    pub fn notes(&self) -> Vec<String> {
        let (shown, hidden) = (self.points.len(), self.hidden);
        let shortened = (hidden > 0).then(|| format!("The first {shown} of {} points", shown + hidden));
        self.notes.iter().cloned().chain(shortened).chain(self.left_out()).collect()
    }

    /// What was left out because it cannot be drawn; `None` in the usual case.
    pub fn left_out(&self) -> Option<String> {
        let points = match self.omitted {
            0 => None,
            1 => Some("1 point is left out: one of its numbers has no place on its axis".to_owned()),
            n => Some(format!("{n} points are left out: some of their numbers have no place on their axis")),
        };
        let lines = match self.omitted_lines {
            0 => None,
            1 => Some("1 line is left out: it has no two places on the axes".to_owned()),
            n => Some(format!("{n} lines are left out: they have no two places on the axes")),
        };
        let said: Vec<String> = points.into_iter().chain(lines).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}
