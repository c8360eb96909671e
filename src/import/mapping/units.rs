//! Units that columns come in.

/// What a number counts, and in which unit it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Tokens per second.
    Rate,
    /// A duration that is kept in milliseconds.
    Milliseconds,
    /// A duration that is kept in seconds.
    Seconds,
    /// A size that is kept in GiB.
    Size,
    /// A power that is kept in watts.
    Power,
    /// A number without a unit that could be another one.
    Number,
}

/// How a printed number becomes one in the unit that is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    factor: f64,
    /// True for durations of a token where a rate is kept: the rate is the factor by the number.
    inverse: bool,
}

/// Rates, as they are written with blanks and case left out.
const RATES: [(&str, f64); 9] = [
    ("tok/s", 1.0),
    ("t/s", 1.0),
    ("tokens/s", 1.0),
    ("token/s", 1.0),
    ("tokens/sec", 1.0),
    ("tok/sec", 1.0),
    ("tps", 1.0),
    ("tok_per_s", 1.0),
    ("tok/min", 1.0 / 60.0),
];

/// Durations in seconds.
const DURATIONS: [(&str, f64); 12] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("μs", 1e-6),
    ("ms", 1e-3),
    ("msec", 1e-3),
    ("s", 1.0),
    ("sec", 1.0),
    ("seconds", 1.0),
    ("min", 60.0),
    ("minutes", 60.0),
    ("h", 3600.0),
];

/// Durations of one token, for rates, in seconds.
const PER_TOKEN: [(&str, f64); 4] = [("ms/tok", 1e-3), ("ms/token", 1e-3), ("s/tok", 1.0), ("s/token", 1.0)];

const GIB: f64 = 1_073_741_824.0;

/// Sizes in bytes.
const SIZES: [(&str, f64); 9] = [
    ("gib", GIB),
    ("gb", 1e9),
    ("mib", 1_048_576.0),
    ("mb", 1e6),
    ("kib", 1024.0),
    ("tib", 1024.0 * GIB),
    ("tb", 1e12),
    ("bytes", 1.0),
    ("b", 1.0),
];

const POWERS: [(&str, f64); 3] = [("w", 1.0), ("mw", 1e-3), ("kw", 1e3)];

impl Unit {
    /// The unit of the field's own name.
    pub const PLAIN: Self = Self { factor: 1.0, inverse: false };

    /// The unit of this name; `None` where it is not known, or counts something else.
    ///
    /// Case and blanks say nothing, but for `mW`, which is never taken for megawatts.
    pub fn named(name: &str, kind: Kind) -> Option<Self> {
        let plain: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let of = |units: &[(&str, f64)], by: f64| {
            let (_, factor) = units.iter().find(|(unit, _)| *unit == plain)?;
            Some(Self { factor: factor / by, inverse: false })
        };
        match kind {
            Kind::Rate => of(&RATES, 1.0).or_else(|| {
                let (_, seconds) = PER_TOKEN.iter().find(|(unit, _)| *unit == plain)?;
                Some(Self { factor: 1.0 / seconds, inverse: true })
            }),
            Kind::Milliseconds => of(&DURATIONS, 1e-3).or_else(|| of(&PER_TOKEN, 1e-3)),
            Kind::Seconds => of(&DURATIONS, 1.0),
            Kind::Size => of(&SIZES, GIB),
            Kind::Power => of(&POWERS, 1.0),
            Kind::Number => None,
        }
    }

    /// Names of the units that a column of this kind may have.
    pub fn known(kind: Kind) -> Vec<&'static str> {
        let names = |units: &[(&'static str, f64)]| units.iter().map(|(unit, _)| *unit).collect();
        match kind {
            Kind::Rate => {
                let rates: Vec<&'static str> = names(&RATES);
                rates.into_iter().chain(names(&PER_TOKEN)).collect()
            }
            Kind::Milliseconds | Kind::Seconds => names(&DURATIONS),
            Kind::Size => names(&SIZES),
            Kind::Power => names(&POWERS),
            Kind::Number => Vec::new(),
        }
    }

    /// A number in the unit that is kept.
    pub fn convert(self, value: f64) -> f64 {
        let converted = if self.inverse { self.factor / value } else { value * self.factor };
        // A factor such as 1,000 leaves digits behind that the source never had.
        if self == Self::PLAIN { value } else { significant(converted, 15) }
    }

    /// True where a spread can be converted by the factor alone.
    pub(super) fn is_linear(self) -> bool {
        !self.inverse
    }
}

/// A number with so many significant digits.
pub(super) fn significant(value: f64, digits: u32) -> f64 {
    let digits = digits.clamp(1, 17) as usize;
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_those_that_are_kept() {
        for (unit, kind, value, kept) in [
            ("s", Kind::Milliseconds, 0.688_306_736_946_106, 688.306_736_946_106),
            ("ms", Kind::Milliseconds, 12.5, 12.5),
            ("NS", Kind::Milliseconds, 124_354_778.0, 124.354_778),
            ("ms / token", Kind::Rate, 20.0, 50.0),
            ("Tokens/s", Kind::Rate, 38.5, 38.5),
            ("GB", Kind::Size, 1.073_741_824, 1.0),
            ("ms", Kind::Seconds, 1500.0, 1.5),
            ("kW", Kind::Power, 0.25, 250.0),
        ] {
            let converted = Unit::named(unit, kind).map(|unit| unit.convert(value));
            assert_eq!(converted, Some(kept), "{unit}");
        }
    }

    #[test]
    fn what_counts_something_else_is_not_known() {
        for (unit, kind) in
            [("s", Kind::Rate), ("tok/s", Kind::Milliseconds), ("requests/s", Kind::Rate), ("", Kind::Size)]
        {
            assert_eq!(Unit::named(unit, kind), None, "{unit}");
        }
    }

    #[test]
    fn digits_are_cut_where_they_say_nothing() {
        assert_eq!(significant(688.306_736_946_106, 6), 688.307);
        assert_eq!(significant(24_967.506_408_691_406, 6), 24_967.5);
        assert_eq!(significant(0.0, 3), 0.0);
    }
}
