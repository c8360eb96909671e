//! The ratio of two results, with what can be said about it.

use super::sample::Sample;
use super::student::StudentT;
use super::{ALPHA, count};

/// How many times the first of two results is the second, by their geometric means.
///
/// The geometric mean, for three reasons: the interval, which is made on logarithms, is one for exactly
/// this ratio; the ratio of speeds is the inverse of the ratio of times; and swapping the sides inverts
/// the ratio, its interval and nothing else. At a coefficient of variation of 5 % it differs from the
/// ratio of arithmetic means by about a thousandth, and by nothing where both sides vary alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The ratio of the geometric means, first to second.
    pub value: f64,
    /// The 95 % interval, degrees of freedom and p value; `None` where the verdict is
    /// [`Verdict::Unknown`].
    pub interval: Option<Interval>,
    /// What can be said.
    pub verdict: Verdict,
}

/// Where a ratio lies with a confidence of 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, above zero.
    pub low: f64,
    /// The upper end, finite.
    pub high: f64,
    /// The degrees of freedom of Student's t behind it.
    pub degrees_of_freedom: f64,
    /// How often equal sides would look at least this different: below 0.05 when the interval leaves out 1.
    pub p_value: f64,
}

/// Whether a difference is more than noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The interval leaves out 1: the sides differ, by more than their repetitions scatter.
    Real,
    /// The interval holds 1: the repetitions do not tell the sides apart.
    Tie,
    /// Nothing is claimed.
    Unknown(Silence),
}

/// Why nothing can be claimed about a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// A side was measured once, or prints no ±, so that its scatter is unknown.
    NoSpread,
    /// The repetitions of a side are equal in all their digits, as copies are, and no resolution says how
    /// far they may differ.
    EqualRepetitions,
}

impl Silence {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoSpread => "one side has no spread: a single repetition, or no ±",
            Self::EqualRepetitions => "the repetitions of one side are equal in all their digits",
        }
    }
}

/// The difference of two samples on the scale of logarithms.
pub(super) struct Difference {
    /// Logarithm of the ratio.
    pub(super) log_ratio: f64,
    /// Its standard error, above zero.
    pub(super) error: f64,
    /// The degrees of freedom of the standard error.
    pub(super) degrees_of_freedom: f64,
}

impl Difference {
    /// Welch's t statistic: B. L. Welch, "The generalization of Student's problem when several different
    /// population variances are involved", Biometrika 34 (1947); degrees of freedom after
    /// F. E. Satterthwaite, Biometrics Bulletin 2 (1946).
    ///
    /// Rounding counts as a part of the variance that is known (JCGM 100:2008, G.4.2), but never takes the
    /// degrees of freedom above those of equal variances, n + m − 2.
    pub(super) fn of(a: &Sample, b: &Sample) -> Result<Self, Silence> {
        let known = |sample: &Sample| sample.log_variance.ok_or(Silence::NoSpread);
        known(a).and(known(b))?;
        let of = |sample: &Sample| sample.averaged().ok_or(Silence::EqualRepetitions);
        let (averaged_a, averaged_b) = (of(a)?, of(b)?);
        let variance = averaged_a + averaged_b + a.rounding + b.rounding;
        // Shares instead of squares, which would be zero for the smallest variances.
        let part = |averaged: f64, n: usize| (averaged / variance).powi(2) / count(n - 1);
        let freedom = 1.0 / (part(averaged_a, a.n) + part(averaged_b, b.n));
        Ok(Self {
            log_ratio: a.log_mean - b.log_mean,
            error: variance.sqrt(),
            degrees_of_freedom: freedom.min(count(a.n - 1) + count(b.n - 1)),
        })
    }
}

impl Ratio {
    /// The ratio of two samples, first to second.
    ///
    /// The interval is exp(d ± t · e): d the difference of the mean logarithms, e its standard error, t
    /// the quantile 0.975 of Student's distribution with the degrees of freedom of Welch and Satterthwaite.
    /// Ends beyond what a number can hold stop at the smallest and the largest.
    pub fn between(a: &Sample, b: &Sample) -> Self {
        let value = bounded_exp(a.log_mean - b.log_mean);
        let interval = Difference::of(a, b).and_then(|difference| {
            let Difference { log_ratio, error, degrees_of_freedom } = difference;
            let student = StudentT::new(degrees_of_freedom).ok_or(Silence::NoSpread)?;
            let reach = student.critical(ALPHA) * error;
            let (low, high) = (bounded_exp(log_ratio - reach), bounded_exp(log_ratio + reach));
            Ok(Interval { low, high, degrees_of_freedom, p_value: student.tail(log_ratio / error) })
        });
        match interval {
            Ok(interval) => {
                let holds_one = interval.low <= 1.0 && interval.high >= 1.0;
                let verdict = if holds_one { Verdict::Tie } else { Verdict::Real };
                Self { value, interval: Some(interval), verdict }
            }
            Err(silence) => Self { value, interval: None, verdict: Verdict::Unknown(silence) },
        }
    }
}

/// The exponential, held to what a number can hold without being zero or infinite.
pub(super) fn bounded_exp(log: f64) -> f64 {
    log.exp().clamp(f64::MIN_POSITIVE, f64::MAX)
}
