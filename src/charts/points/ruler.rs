//! One axis as laid out: from where to where, and which ticks it has.

use super::calendar::{as_float, civil_from_days, days_from_civil};
use super::spec::AxisScale;
use crate::charts::scale::{SMALLEST, nice_steps};
use crate::format::Locale;

/// Air between the outermost number and the end of a linear axis, as a share of what they span.
const AIR: f64 = 0.04;

/// The same on a log axis, as a factor.
const AIR_FACTOR: f64 = 1.06;

/// Most ticks of an axis.
const MOST_TICKS: f64 = 12.0;

/// A place with a label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Pixels from the low end.
    pub(super) at: f64,
    /// What stands there.
    pub(super) text: String,
}

/// An axis with its ends, on a number of pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruler {
    is_log: bool,
    /// The ends, as [`Ruler::transformed`].
    ends: (f64, f64),
    pixels: f64,
    pub(super) ticks: Vec<Tick>,
}

/// What decides about ticks: how long the axis is, what a label needs of it, how numbers are written.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) pixels: f64,
    /// Pixels from tick to tick that a label needs.
    pub(super) of_label: &'a dyn Fn(&str) -> f64,
    pub(super) locale: Locale,
}

impl Room<'_> {
    /// True where each label has what it needs on both sides.
    fn is_enough(&self, ticks: &[Tick]) -> bool {
        ticks
            .iter()
            .zip(ticks.iter().skip(1))
            .all(|(a, b)| (b.at - a.at).abs() >= (self.of_label)(&a.text).max((self.of_label)(&b.text)))
    }
}

impl Ruler {
    /// The axis that shows the numbers from `low` to `high`, with as many ticks as have room.
    pub(super) fn new(scale: AxisScale, (low, high): (f64, f64), room: Room<'_>) -> Self {
        match scale {
            AxisScale::FromZero => {
                let high = if high < SMALLEST { 1.0 } else { high * (1.0 + AIR) };
                Self::linear((0.0, high), room)
            }
            AxisScale::Around => {
                let (low, high) = apart((low, high), (high * 0.05).max(10.0 * SMALLEST));
                let air = (high - low) * AIR;
                Self::linear(((low - air).max(0.0), high + air), room)
            }
            AxisScale::Log => Self::log((low, high), room),
            AxisScale::Days => Self::days(apart((low, high), 1.0), room),
        }
    }

    /// A number as a place of equal distances: itself, or its logarithm.
    pub(super) fn transformed(scale: AxisScale, value: f64) -> f64 {
        if scale == AxisScale::Log { value.log10() } else { value }
    }

    /// Pixels from the low end, beyond the ends too.
    pub(super) fn pixels(&self, value: f64) -> f64 {
        let value = if self.is_log { value.log10() } else { value };
        let (from, to) = self.ends;
        (value - from) / (to - from) * self.pixels
    }

    fn new_empty(is_log: bool, ends: (f64, f64), room: Room<'_>) -> Self {
        Self { is_log, ends, pixels: room.pixels, ticks: Vec::new() }
    }

    /// Ends on ticks, the closest together that have room.
    fn linear((low, high): (f64, f64), room: Room<'_>) -> Self {
        let fits = nice_steps().filter(|step| (high - low) / step.value <= MOST_TICKS);
        let mut last = Self::new_empty(false, (low, high), room);
        for step in fits {
            let first = (low / step.value + 1e-9).floor();
            let steps = ((high / step.value - 1e-9).ceil() - first).max(1.0);
            let mut ruler = Self::new_empty(false, (first * step.value, (first + steps) * step.value), room);
            let mut ticks = Vec::new();
            let mut at = 0.0;
            while at <= steps {
                let value = (first + at) * step.value;
                let decimals = if value > 0.0 { step.decimals } else { 0 };
                let text = room.locale.number(value, decimals);
                ticks.push(Tick { at: at / steps * room.pixels, text });
                at += 1.0;
            }
            if ruler.takes(ticks, room) {
                return ruler;
            }
            last = ruler;
            // A step beyond all that is shown makes nothing but an emptier axis.
            if steps <= 1.0 {
                break;
            }
        }
        last
    }

    /// Ends at 1, 2 or 5 times a power of ten; ticks at all digits, at those three, at powers, or at some
    /// of the powers.
    fn log((low, high): (f64, f64), room: Room<'_>) -> Self {
        const LEVELS: [(&[f64], i32); 7] = [
            (&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 1),
            (&[1.0, 2.0, 5.0], 1),
            (&[1.0], 1),
            (&[1.0], 2),
            (&[1.0], 3),
            (&[1.0], 5),
            (&[1.0], 8),
        ];
        let (from, to) = (low / AIR_FACTOR, high * AIR_FACTOR);
        let below = |(digit, power): &(f64, i32)| digit * 10f64.powi(*power) <= from;
        let above = |(digit, power): &(f64, i32)| digit * 10f64.powi(*power) >= to;
        let marks = || (-8..11).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| (digit, power)));
        let first = marks().rfind(below).unwrap_or((1.0, -8));
        let last = marks().find(above).unwrap_or((1.0, 11));
        let value = |(digit, power): (f64, i32)| digit * 10f64.powi(power);
        let mut ruler = Self::new_empty(true, (value(first).log10(), value(last).log10()), room);
        for (digits, stride) in LEVELS {
            let powers = (first.1..=last.1).filter(|power| power.rem_euclid(stride) == 0);
            let places = powers.flat_map(|power| digits.iter().map(move |&digit| (digit, power)));
            // Powers computed twice are equal to the bit, so that ends are ticks.
            let inside = places.filter(|&place| (value(first)..=value(last)).contains(&value(place)));
            let ticks = inside.map(|place| {
                let decimals = usize::try_from(-place.1).unwrap_or_default();
                Tick { at: ruler.pixels(value(place)), text: room.locale.number(value(place), decimals) }
            });
            let ticks: Vec<Tick> = ticks.collect();
            if ticks.is_empty() || ruler.takes(ticks, room) {
                break;
            }
        }
        ruler
    }

    /// Ends on days; ticks on days, months or years.
    fn days((low, high): (f64, f64), room: Room<'_>) -> Self {
        let air = (high - low) * AIR;
        let ends = ((low - air).floor(), (high + air).ceil());
        let mut ruler = Self::new_empty(false, ends, room);
        for step in steps_in_time() {
            let ticks: Vec<Tick> = step
                .days(ends)
                .map(|day| Tick { at: ruler.pixels(as_float(day)), text: step.text(day) })
                .collect();
            // Days of centuries are none: too many to look at.
            if !ticks.is_empty() && ruler.takes(ticks, room) {
                break;
            }
        }
        ruler
    }

    /// Takes ticks; false where their labels have no room, and one of them stands for all.
    fn takes(&mut self, mut ticks: Vec<Tick>, room: Room<'_>) -> bool {
        let is_enough = room.is_enough(&ticks);
        if !is_enough {
            ticks.truncate(1);
        }
        self.ticks = ticks;
        is_enough
    }
}

/// Ends that are not one: moved apart where they are almost equal.
fn apart((low, high): (f64, f64), by: f64) -> (f64, f64) {
    if high - low < by / 50.0 { ((low - by).max(0.0), high + by) } else { (low, high) }
}

/// The distance of ticks in time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Span {
    Days(i64),
    Months(i64),
}

/// From a day to millions of years.
fn steps_in_time() -> impl Iterator<Item = Span> {
    let few = [1, 2, 7, 14].map(Span::Days).into_iter().chain([1, 2, 3, 6].map(Span::Months));
    let decades = (0..7).map(|power| 10i64.pow(power));
    few.chain(decades.flat_map(|years| [1, 2, 5].map(|times| Span::Months(12 * times * years))))
}

impl Span {
    /// The days with ticks between two ends; none where they would be hundreds.
    #[expect(clippy::cast_possible_truncation, reason = "the gate lets days up to 1e9 in")]
    fn days(self, (low, high): (f64, f64)) -> impl Iterator<Item = i64> {
        let (first, last) = (low.ceil() as i64, high.floor() as i64);
        let length = match self {
            Self::Days(days) => days,
            Self::Months(months) => 30 * months,
        };
        let most = if (last - first) / length > 200 { 0 } else { i64::MAX };
        let start = match self {
            Self::Days(days) => first.div_euclid(days) * days,
            Self::Months(months) => months_of(first).div_euclid(months) * months,
        };
        let nth = move |n: i64| match self {
            Self::Days(days) => start + n * days,
            Self::Months(months) => day_of_month(start + n * months),
        };
        (0..most).map(nth).skip_while(move |day| *day < first).take_while(move |day| *day <= last)
    }

    /// The day, the month or the year, whichever changes from tick to tick.
    fn text(self, day: i64) -> String {
        let (year, month, day) = civil_from_days(day);
        match self {
            Self::Days(_) => format!("{year}-{month:02}-{day:02}"),
            Self::Months(months) if months % 12 == 0 => year.to_string(),
            Self::Months(_) => format!("{year}-{month:02}"),
        }
    }
}

/// Months since the year 0.
const fn months_of(day: i64) -> i64 {
    let (year, month, _) = civil_from_days(day);
    year * 12 + month - 1
}

const fn day_of_month(months: i64) -> i64 {
    days_from_civil(months.div_euclid(12), months.rem_euclid(12) + 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels of an axis of some pixels where each label needs forty.
    fn labels(scale: AxisScale, ends: (f64, f64), pixels: f64) -> Vec<String> {
        let of_label = |_: &str| 40.0;
        let ruler = Ruler::new(scale, ends, Room { pixels, of_label: &of_label, locale: Locale::default() });
        for (tick, next) in ruler.ticks.iter().zip(ruler.ticks.iter().skip(1)) {
            assert!(next.at - tick.at >= 40.0 && tick.at >= 0.0 && next.at <= pixels + 1e-6, "{ruler:?}");
        }
        for end in [ends.0, ends.1] {
            assert!((0.0..=pixels).contains(&ruler.pixels(end)), "{end} is not on {ruler:?}");
        }
        ruler.ticks.into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn a_linear_axis_ends_on_ticks() {
        assert_eq!(labels(AxisScale::FromZero, (15.0, 24.3), 200.0), ["0", "10", "20", "30"]);
        assert_eq!(labels(AxisScale::FromZero, (0.0, 0.0), 100.0), ["0", "0.5", "1.0"]);
        assert_eq!(
            labels(AxisScale::Around, (8.25, 20.6), 400.0),
            ["6", "8", "10", "12", "14", "16", "18", "20", "22"]
        );
        assert_eq!(labels(AxisScale::Around, (4.0, 4.0), 130.0), ["3.5", "4.0", "4.5"]);
    }

    #[test]
    fn a_log_axis_has_as_many_digits_as_have_room() {
        assert_eq!(labels(AxisScale::Log, (3.0, 4.0), 400.0), ["2", "3", "4", "5"]);
        assert_eq!(labels(AxisScale::Log, (1.2, 90.0), 300.0), ["1", "2", "5", "10", "20", "50", "100"]);
        assert_eq!(labels(AxisScale::Log, (0.02, 900.0), 300.0), ["0.01", "0.1", "1", "10", "100", "1,000"]);
        assert_eq!(labels(AxisScale::Log, (1e-6, 1e9), 120.0), ["1", "100,000,000"]);
    }

    #[test]
    fn a_calendar_has_days_months_and_years() {
        let day = |year, month, day| as_float(days_from_civil(year, month, day));
        let span = |from, to, pixels| labels(AxisScale::Days, (from, to), pixels);
        assert_eq!(
            span(day(2026, 2, 22) + 0.8, day(2026, 2, 23) + 0.4, 200.0),
            ["2026-02-22", "2026-02-23", "2026-02-24"]
        );
        assert_eq!(
            span(day(2025, 11, 3), day(2026, 4, 20), 300.0),
            ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
        );
        assert_eq!(span(day(2022, 5, 1), day(2026, 5, 1), 240.0), ["2023", "2024", "2025", "2026"]);
        assert_eq!(span(day(2026, 5, 1), day(2026, 5, 1), 30.0).len(), 1);
        assert!(!span(0.0, 1e9, 300.0).is_empty());
    }
}
