//! Repetitions that stand apart from the others: a slow start, or one that went wrong.

use super::sample::{Sample, log_of_ratio};
use super::student::StudentT;
use super::{ALPHA, count};

/// A repetition that stands apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart {
    /// Its position, counted from 0.
    pub position: usize,
    /// How many times it is the geometric mean of the others.
    pub ratio: f64,
    /// How often one of that kind would stand as far off by chance.
    pub p_value: f64,
}

/// The first repetition, where it is slower than the others by more than they scatter: one warm-up was not
/// enough.
///
/// The logarithm of the first is held against those of the others, T = (x₁ − mean) / √(s²(1 + 1/(n − 1)))
/// with n − 2 degrees of freedom, one-sided at 5 %: the prediction interval for one more value (Hahn and
/// Meeker, Statistical Intervals, 4.8; the externally studentised residual of Cook and Weisberg, Residuals and
/// Influence in Regression, 2.2.1). For repetitions that scatter alike and normally on that scale it raises
/// a false alarm once in twenty results, for every n.
///
/// `None` for fewer than three repetitions, for values that are not finite and above zero, and where the
/// others are equal and no `resolution` (see [`Sample::of`]) says how far they may differ.
pub fn slow_start(values: &[f64], lower_is_better: bool, resolution: Option<f64>) -> Option<Apart> {
    let (t, freedom, ratio) = against_the_others(values, 0, resolution)?;
    let slower = if lower_is_better { t > 0.0 } else { t < 0.0 };
    let p_value = StudentT::new(freedom)?.tail(t) / 2.0;
    (slower && p_value < ALPHA).then_some(Apart { position: 0, ratio, p_value })
}

/// The repetition that stands furthest apart, where that is more than chance does once in twenty results.
///
/// Each logarithm is held against the others as in [`slow_start`], two-sided, and the smallest p value times
/// n must be below 5 %: this is the test of F. E. Grubbs ("Procedures for detecting outlying observations in
/// samples", Technometrics 11, 1969) in the form with deleted residuals. The median absolute deviation with
/// its usual limit of 3.5, which withstands several outliers at once, raises a false alarm in one of five
/// results with five repetitions; this one in one of twenty, but two outliers on the same side may hide each
/// other.
///
/// `None` for fewer than four repetitions, which cannot tell which of them is wrong; else as in
/// [`slow_start`].
pub fn outlier(values: &[f64], resolution: Option<f64>) -> Option<Apart> {
    if values.len() < 4 {
        return None;
    }
    let of = |position: usize| {
        let (t, freedom, ratio) = against_the_others(values, position, resolution)?;
        Some(Apart { position, ratio, p_value: StudentT::new(freedom)?.tail(t) * count(values.len()) })
    };
    let furthest = (0..values.len()).filter_map(of).min_by(|a, b| a.p_value.total_cmp(&b.p_value))?;
    (furthest.p_value < ALPHA).then_some(furthest)
}

/// The t statistic of one logarithm against the others, its degrees of freedom, and the ratio.
fn against_the_others(values: &[f64], position: usize, resolution: Option<f64>) -> Option<(f64, f64, f64)> {
    let mut others = values.to_vec();
    if position >= others.len() || others.len() < 3 {
        return None;
    }
    let value = others.swap_remove(position);
    // A single value has no spread; as a sample it says how its own digits were rounded.
    let alone = Sample::of(&[value], resolution).ok()?;
    let others = Sample::of(&others, resolution).ok()?;
    let averaged = others.averaged()?;
    let of_one = others.log_variance?.max(alone.rounding);
    let difference = log_of_ratio(value, others.geometric_mean());
    let t = difference / (averaged + others.rounding + of_one).sqrt();
    t.is_finite().then(|| (t, count(others.n - 1), super::ratio::bounded_exp(difference)))
}
