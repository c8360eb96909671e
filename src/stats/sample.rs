//! One side of a comparison: what repetitions, or the figures printed of them, say about a logarithm.

use super::count;
use super::summary::{Summary, extremes};

/// Repetitions of one result on the scale of natural logarithms, ready to be compared.
///
/// On that scale a ratio is a difference, a rate and its inverse, a duration, differ by a sign, and the
/// scatter of a slow machine and of a fast one are alike when their percentages are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The number of repetitions.
    pub(super) n: usize,
    /// The mean of the logarithms: the logarithm of the geometric mean.
    pub(super) log_mean: f64,
    /// The sample variance of the logarithms; `None` where it is unknown.
    pub(super) log_variance: Option<f64>,
    /// What the printed digits add to the variance of the mean of the logarithms.
    pub(super) rounding: f64,
}

/// Why figures cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Unusable {
    /// Nothing was measured.
    #[error("found no repetitions, expected at least one")]
    Empty,
    /// A repetition or a mean that has no logarithm.
    #[error("found {0}, expected a finite number above 0")]
    NotPositive(f64),
    /// A ± that cannot be one.
    #[error("found a deviation of {0}, expected a finite number of at least 0")]
    Deviation(f64),
    /// A resolution that is none.
    #[error("found a resolution of {0}, expected a finite number above 0")]
    Resolution(f64),
}

impl Sample {
    /// The sample of repetitions.
    ///
    /// `resolution` is the unit of the last printed digit, 0.01 for `5.05`; `None` for values that came
    /// with all their digits. A value that was rounded to units of u is uncertain by u/√12 (Guide to the
    /// Expression of Uncertainty in Measurement, JCGM 100:2008, F.2.2.1), and repetitions that fall on the
    /// same digit share that error, so that averaging does not reduce it: the standard error of the mean
    /// is taken to be at least u/√12. Without that, three times `5.05` would be known exactly.
    ///
    /// # Errors
    ///
    /// When there are no values, one is not finite and above zero, or the resolution is not.
    pub fn of(values: &[f64], resolution: Option<f64>) -> Result<Self, Unusable> {
        if let Some(&value) = values.iter().find(|value| !is_positive(**value)) {
            return Err(Unusable::NotPositive(value));
        }
        let (smallest, largest) = extremes(values).ok_or(Unusable::Empty)?;
        let mut sorted = values.to_vec();
        // In any order of the repetitions the sums are the same to the bit.
        sorted.sort_by(f64::total_cmp);
        for value in &mut sorted {
            *value = log_of_ratio(*value, smallest);
        }
        let n = values.len();
        let above = sorted.iter().sum::<f64>() / count(n);
        let squares: f64 = sorted.iter().map(|log| (log - above).powi(2)).sum();
        let equal = smallest == largest;
        let log_variance = (n > 1).then(|| if equal { 0.0 } else { squares / count(n - 1) });
        let log_mean = smallest.ln() + if equal { 0.0 } else { above };
        let averaged = log_variance.unwrap_or_default() / count(n);
        let rounding = (rounding(resolution, log_mean)? - averaged).max(0.0);
        Ok(Self { n, log_mean, log_variance, rounding })
    }

    /// The sample of figures printed as mean ± sample deviation, where the repetitions are not known.
    ///
    /// The delta method (Casella and Berger, Statistical Inference, 2nd edition, 5.5.4): with the
    /// coefficient of variation c, the logarithms have about the variance c² and a mean of
    /// ln(mean) − (n − 1)/n · c²/2. Both are used in the form ln(1 + …) that a log-normal distribution has
    /// (Aitchison and Brown, The Lognormal Distribution, 1957), which agrees for small c and stays
    /// sensible for large.
    ///
    /// `resolution` is the unit of the last printed digit of the mean and of the ±. The mean is rounded
    /// once after averaging, which adds u²/12 to its variance. So does the rounding of the ± to that of a
    /// repetition: a ± of 0 may be anything up to u/2, on average, in the square, u/√12.
    ///
    /// # Errors
    ///
    /// When the mean or the resolution is not finite and above zero, the deviation not at least zero, or
    /// there are no repetitions.
    pub fn printed(summary: &Summary, resolution: Option<f64>) -> Result<Self, Unusable> {
        let Summary { n, mean, deviation, .. } = *summary;
        if n == 0 {
            return Err(Unusable::Empty);
        }
        if !is_positive(mean) {
            return Err(Unusable::NotPositive(mean));
        }
        if let Some(wrong) = deviation.filter(|deviation| !(deviation.is_finite() && *deviation >= 0.0)) {
            return Err(Unusable::Deviation(wrong));
        }
        let rounding = rounding(resolution, mean.ln())?;
        let square = |deviation: f64| (deviation / mean).powi(2) + rounding;
        let square = deviation.filter(|_| n > 1).map(square).filter(|square| square.is_finite());
        let share = count(n - 1) / count(n);
        let log_mean = mean.ln() - square.map_or(0.0, |square| (share * square).ln_1p() / 2.0);
        Ok(Self { n, log_mean, log_variance: square.map(f64::ln_1p), rounding })
    }

    /// The geometric mean, in the unit of the values.
    pub fn geometric_mean(&self) -> f64 {
        self.log_mean.exp()
    }

    /// The number of repetitions.
    pub fn repetitions(&self) -> usize {
        self.n
    }

    /// The sample deviation of the logarithms, nearly the coefficient of variation; `None` where the
    /// spread is unknown.
    pub fn log_deviation(&self) -> Option<f64> {
        self.log_variance.map(f64::sqrt)
    }

    /// The variance of the mean of the logarithms that averaging leaves, rounding apart; `None` where
    /// nothing is known of the spread: one repetition, or equal ones with all their digits.
    pub(super) fn averaged(&self) -> Option<f64> {
        let averaged = self.log_variance? / count(self.n);
        (averaged + self.rounding > 0.0).then_some(averaged)
    }
}

/// The unit of the last digit of values as they were printed, judged by the one with most decimals: 0.01
/// for 4.9 and 4.88.
///
/// Trailing zeros are not kept in a number, so that the true unit may be smaller, which makes what is said
/// of the values more careful. `None` for no values, and for values with more than nine decimals, which
/// nobody rounded.
pub fn resolution_of(values: &[f64]) -> Option<f64> {
    let mut unit = 1.0;
    for _ in 0..=9 {
        // A quotient of whole numbers is the number nearest to it, as reading its decimals gives.
        if values.iter().all(|value| (value * unit).round() / unit == *value) {
            return (!values.is_empty()).then_some(1.0 / unit);
        }
        unit *= 10.0;
    }
    None
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && value > 0.0
}

/// The variance that rounding adds to a logarithm: (u / mean)² / 12.
fn rounding(resolution: Option<f64>, log_mean: f64) -> Result<f64, Unusable> {
    match resolution {
        None => Ok(0.0),
        // A unit far above the value says nothing, and its square would not fit a number.
        Some(unit) if is_positive(unit) => Ok(((unit.ln() - log_mean) * 2.0).min(600.0).exp() / 12.0),
        Some(wrong) => Err(Unusable::Resolution(wrong)),
    }
}

/// ln(value / reference) without the loss of digits that near equal values would have.
pub(super) fn log_of_ratio(value: f64, reference: f64) -> f64 {
    let share = (value - reference) / reference;
    if share.abs() < 0.5 { share.ln_1p() } else { value.ln() - reference.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_of_printed_digits_is_found() {
        assert_eq!(resolution_of(&[4.9, 4.88, 4.83]), Some(0.01));
        assert_eq!(resolution_of(&[0.1, 0.3, 67.5]), Some(0.1));
        assert_eq!(resolution_of(&[2040.0, 2041.0]), Some(1.0));
        assert_eq!(resolution_of(&[67.553_333_333_333_33]), None);
        assert_eq!((resolution_of(&[]), resolution_of(&[f64::NAN])), (None, None));
    }

    #[test]
    fn equal_repetitions_are_known_to_the_last_digit_only() {
        let sample = Sample::of(&[5.05; 3], Some(0.01));
        let error = sample.map(|sample| sample.rounding.sqrt() * 5.05).unwrap_or_default();
        assert!((error / (0.01 / 12.0_f64.sqrt()) - 1.0).abs() < 1e-12, "{error}");
        assert_eq!(sample.map(|sample| sample.averaged()), Ok(Some(0.0)));
        assert_eq!(Sample::of(&[5.05; 3], None).map(|sample| sample.averaged()), Ok(None));
        assert_eq!(Sample::of(&[5.05], Some(0.01)).map(|sample| sample.averaged()), Ok(None));
    }

    #[test]
    fn a_printed_deviation_of_zero_is_below_half_a_digit_and_not_zero() {
        let summary = Summary { n: 3, mean: 20.0, deviation: Some(0.0), median: None, min: None, max: None };
        let deviation =
            |resolution| Sample::printed(&summary, resolution).map(|sample| sample.log_deviation());
        let expected = ((0.1_f64 / 20.0).powi(2) / 12.0).ln_1p().sqrt();
        let found = deviation(Some(0.1)).ok().flatten().unwrap_or_default();
        assert!((found / expected - 1.0).abs() < 1e-9, "found {found}, expected {expected}");
        assert_eq!(deviation(None), Ok(Some(0.0)));
    }

    #[test]
    fn a_spread_beyond_the_digits_is_not_widened() {
        let sample = Sample::of(&[176.60, 187.26, 186.71], Some(0.01));
        assert_eq!(sample.map(|sample| sample.rounding), Ok(0.0));
    }

    #[test]
    fn errors_say_what_was_found() {
        let words = |found: Result<Sample, Unusable>| found.err().map(|error| error.to_string());
        let expected = |text: &str| Some(text.to_owned());
        assert_eq!(words(Sample::of(&[], None)), expected("found no repetitions, expected at least one"));
        let zero = Sample::of(&[5.0, 0.0], None);
        assert_eq!(words(zero), expected("found 0, expected a finite number above 0"));
        let resolution = Sample::of(&[5.0], Some(-0.1));
        assert_eq!(
            words(resolution),
            expected("found a resolution of -0.1, expected a finite number above 0")
        );
        let summary =
            Summary { n: 3, mean: 1.0, deviation: Some(f64::NAN), median: None, min: None, max: None };
        let deviation = Sample::printed(&summary, None);
        assert_eq!(
            words(deviation),
            expected("found a deviation of NaN, expected a finite number of at least 0")
        );
    }
}
