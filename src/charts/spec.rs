//! What a chart shows: a title, a unit and bars, behind one gate for numbers.

use super::text::clean;

/// Above this a value is a mistake, and an axis would lose its whole pixels. In the chart's unit.
pub const LARGEST: f64 = 1e9;

/// More bars than this are never drawn: a canvas has a largest height, and a reader too.
pub const MOST_BARS: usize = 200;

/// The accelerator behind a bar. Its colour is the same in every chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// NVIDIA CUDA.
    Cuda,
    /// AMD ROCm.
    Rocm,
    /// Vulkan on any GPU.
    Vulkan,
    /// No accelerator.
    Cpu,
    /// Apple Metal.
    Metal,
    /// Anything else, or unknown.
    Other,
    /// The reader's own, on any accelerator.
    Mine,
}

impl Series {
    /// Every series, in the order of legends.
    pub const ALL: [Self; 7] =
        [Self::Cuda, Self::Rocm, Self::Vulkan, Self::Cpu, Self::Metal, Self::Other, Self::Mine];

    /// The name a legend prints.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cuda => "CUDA",
            Self::Rocm => "ROCm",
            Self::Vulkan => "Vulkan",
            Self::Cpu => "CPU",
            Self::Metal => "Metal",
            Self::Other => "Mixed or other",
            Self::Mine => "Mine",
        }
    }
}

/// How the bars of a chart are drawn. All of them start at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A solid bar up to the value.
    Value,
    /// A pale track up to the low end, then a solid segment up to the high end.
    Range,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// First line, mostly the model: `Gemma-4 E4B-it`.
    pub label: String,
    /// Second line, the rest of the configuration; may be empty.
    pub detail: String,
    /// Low end, in the chart's unit.
    pub low: f64,
    /// High end; equal to `low` for a single value.
    pub high: f64,
    /// The value as the reader sees it, without the unit: `206.5–216.7`.
    pub value_text: String,
    /// Which colour the bar has.
    pub series: Series,
    /// How the repetitions behind the value scatter; `None` where that is not known or not shown.
    pub spread: Option<Spread>,
    /// The results that it is drawn from, by position; the program of the first view, which saves no drawing, goes
    /// without.
    pub results: Vec<usize>,
}

/// The repetitions behind a bar, in the chart's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The ends of the error bar, the low one first.
    pub ends: (f64, f64),
    /// Each repetition, a dot.
    pub repetitions: Vec<f64>,
}

/// A chart of horizontal bars.
///
/// Bars come in through [`BarChart::with_bars`] alone. Plotters never returns from an axis with an
/// infinite span, so a number that cannot be drawn is counted in [`BarChart::omitted`] instead.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    id: String,
    title: String,
    unit: String,
    note: Option<String>,
    lower_is_better: bool,
    kind: Kind,
    most_bars: usize,
    bars: Vec<Bar>,
    omitted: usize,
    hidden: usize,
}

impl BarChart {
    /// A chart without bars. `id` is unique on the page, `unit` is text such as `tok/s`.
    pub fn new(id: &str, title: &str, unit: &str) -> Self {
        Self {
            id: id.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect(),
            title: clean(title),
            unit: clean(unit),
            note: None,
            lower_is_better: false,
            kind: Kind::Value,
            most_bars: MOST_BARS,
            bars: Vec::new(),
            omitted: 0,
            hidden: 0,
        }
    }

    /// The same chart under another id and title, as where it stands alone.
    #[must_use]
    pub fn renamed(self, id: &str, title: &str) -> Self {
        let named = Self::new(id, title, "");
        Self { id: named.id, title: named.title, ..self }
    }

    /// Sets how bars are drawn.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Says that a short bar is the good one, as for a time to first token.
    #[must_use]
    pub fn with_lower_is_better(mut self, lower_is_better: bool) -> Self {
        self.lower_is_better = lower_is_better;
        self
    }

    /// Sets the line under the chart, such as where the numbers come from.
    #[must_use]
    pub fn with_note(mut self, note: &str) -> Self {
        self.note = Some(clean(note)).filter(|note| !note.is_empty());
        self
    }

    /// Sets how many of the bars that come are kept, up to [`MOST_BARS`]; the rest is counted.
    #[must_use]
    pub fn with_most_bars(mut self, most_bars: usize) -> Self {
        self.most_bars = most_bars.min(MOST_BARS);
        self
    }

    /// Says that more bars exist than are given: those that whoever makes the chart held back.
    #[must_use]
    pub fn with_hidden(mut self, bars: usize) -> Self {
        self.hidden += bars;
        self
    }

    /// Adds bars in the order given, which is the order of the chart.
    ///
    /// Left out, and counted: bars with an end that is not finite, is negative or exceeds
    /// [`LARGEST`], and bars beyond the most to draw. Swapped ends are put in order, and the
    /// text is cleaned of characters that do not print.
    #[must_use]
    pub fn with_bars(mut self, bars: Vec<Bar>) -> Self {
        for bar in bars {
            let usable = |end: f64| end.is_finite() && (0.0..=LARGEST).contains(&end);
            if !usable(bar.low) || !usable(bar.high) {
                self.omitted += 1;
            } else if self.bars.len() >= self.most_bars {
                self.hidden += 1;
            } else {
                self.bars.push(Bar {
                    // The absolute value turns a negative zero into zero.
                    low: bar.low.min(bar.high).abs(),
                    high: bar.low.max(bar.high).abs(),
                    label: clean(&bar.label),
                    detail: clean(&bar.detail),
                    value_text: clean(&bar.value_text),
                    spread: bar.spread.filter(|spread| {
                        let (low, high) = spread.ends;
                        let mut all = spread.repetitions.iter().chain([&low, &high]);
                        low <= high && all.all(|&end| usable(end))
                    }),
                    ..bar
                });
            }
        }
        self
    }

    /// Unique on the page; ASCII letters, digits, `-` and `_` only.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The headline.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The unit of every value, as text.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// How bars are drawn.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// True where a short bar is the good one.
    pub const fn lower_is_better(&self) -> bool {
        self.lower_is_better
    }

    /// The bars, top to bottom. Every number in them is finite and in `0..=LARGEST`.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// How many bars were left out because their number cannot be drawn.
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// How many bars were left out because there were too many.
    pub const fn hidden(&self) -> usize {
        self.hidden
    }

    /// The lines under the chart, each without a full stop: the note, then what is not drawn.
    pub fn notes(&self) -> Vec<String> {
        let (shown, hidden) = (self.bars.len(), self.hidden);
        let shortened = (hidden > 0).then(|| format!("The first {shown} of {} bars", shown + hidden));
        self.note.iter().cloned().chain(shortened).chain(self.left_out()).collect()
    }

    /// What was left out because it cannot be drawn; `None` in the usual case.
    pub fn left_out(&self) -> Option<String> {
        match self.omitted {
            0 => None,
            1 => Some("1 bar is left out: its value is not a number that can be drawn".to_owned()),
            n => Some(format!("{n} bars are left out: their values are not numbers that can be drawn")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(low: f64, high: f64) -> Bar {
        Bar {
            label: "Model".to_owned(),
            detail: "Q4_K_M".to_owned(),
            low,
            high,
            value_text: "1".to_owned(),
            series: Series::Cuda,
            spread: None,
            results: Vec::new(),
        }
    }

    #[test]
    fn numbers_that_cannot_be_drawn_are_counted_not_kept() {
        let strange = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e308, 1.1e9, -f64::MIN_POSITIVE];
        let bars = strange.iter().flat_map(|v| [bar(*v, 1.0), bar(1.0, *v)]).collect();
        let chart = BarChart::new("c", "t", "tok/s").with_bars(bars);
        assert!(chart.bars().is_empty());
        assert_eq!(chart.omitted(), 2 * strange.len());
        let said = "14 bars are left out: their values are not numbers that can be drawn";
        assert_eq!(chart.left_out().as_deref(), Some(said));
    }

    #[test]
    fn ends_are_ordered_and_zero_has_no_sign() {
        let chart = BarChart::new("c", "t", "tok/s").with_bars(vec![bar(2.0, 1.0), bar(-0.0, 5e-324)]);
        let ends: Vec<_> = chart.bars().iter().map(|bar| (bar.low, bar.high)).collect();
        assert_eq!(ends, [(1.0, 2.0), (0.0, 5e-324)]);
        assert!(ends.iter().all(|(low, _)| low.is_sign_positive()));
    }

    #[test]
    fn a_spread_that_cannot_be_drawn_is_none() {
        let spread = |ends, repetitions| Some(Spread { ends, repetitions });
        let bars = [
            spread((0.5, 1.5), vec![0.9, 1.1]),
            spread((-0.5, 1.5), vec![]),
            spread((0.5, 1.5), vec![f64::NAN]),
            spread((1.5, 0.5), vec![]),
        ];
        let bars = bars.map(|spread| Bar { spread, ..bar(1.0, 1.0) });
        let chart = BarChart::new("c", "t", "tok/s").with_bars(bars.into());
        assert_eq!(
            chart.bars().iter().map(|bar| bar.spread.is_some()).collect::<Vec<_>>(),
            [true, false, false, false]
        );
    }

    #[test]
    fn too_many_bars_are_said() {
        let chart = BarChart::new("c", "t", "tok/s").with_bars(vec![bar(1.0, 1.0); MOST_BARS + 3]);
        assert_eq!((chart.bars().len(), chart.hidden()), (MOST_BARS, 3));
        assert_eq!(chart.notes(), ["The first 200 of 203 bars"]);
        let few = BarChart::new("c", "t", "tok/s").with_note("Measured in May").with_most_bars(2);
        let few = few.with_bars(vec![bar(1.0, 1.0), bar(f64::NAN, 1.0), bar(1.0, 1.0), bar(1.0, 1.0)]);
        assert_eq!(
            few.notes(),
            [
                "Measured in May",
                "The first 2 of 3 bars",
                "1 bar is left out: its value is not a number that can be drawn",
            ]
        );
    }

    #[test]
    fn an_id_is_safe_in_any_attribute() {
        assert_eq!(BarChart::new("a\" onload=\"x-1_b", "t", "u").id(), "aonloadx-1_b");
    }
}
