//! Repetitions in a few figures.

/// The arithmetic mean; `None` for no values.
pub fn mean(values: &[f64]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a count of repetitions is far below 2^52")]
    let count = values.len() as f64;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count)
}

/// The middle value, or the mean of the two middle ones; `None` for no values.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// A figure that was worked out, in twelve significant digits: beyond any measurement, short in a file.
pub fn rounded(value: f64) -> f64 {
    rounded_by_division(value).unwrap_or_else(|| rounded_by_print(value))
}

fn rounded_by_print(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The same without a text: twelve digits, divided by the power of ten that they were multiplied by. Digits and power
/// are exact, so that the division gives the number nearest to the print. `None` where the product's own rounding
/// could decide the last digit, and for numbers that no measurement gives.
fn rounded_by_division(value: f64) -> Option<f64> {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    if !(1e-10..1e11).contains(&value) {
        return None;
    }
    let power = POWERS.iter().find(|&power| value * power >= 1e11)?;
    let product = value * power;
    ((product.fract() - 0.5).abs() > 0.01).then(|| product.round() / power)
}

/// The sample standard deviation, √(Σ(x − x̄)² / (n − 1)); `None` for fewer than two values.
///
/// Two passes, as in Chan, Golub and LeVeque, "Algorithms for computing the sample variance"
/// (The American Statistician 37, 1983), algorithm (1.6) without its correction term.
pub fn sample_deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    #[expect(clippy::cast_precision_loss, reason = "a count of repetitions is far below 2^52")]
    let degrees_of_freedom = values.len().checked_sub(1).filter(|&n| n > 0)? as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / degrees_of_freedom).sqrt())
}

/// Repetitions of one result in a few figures, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The number of repetitions.
    pub n: usize,
    /// The arithmetic mean.
    pub mean: f64,
    /// The sample standard deviation; `None` for one repetition, and where a source prints none.
    pub deviation: Option<f64>,
    /// The middle value; `None` where only printed figures are known.
    pub median: Option<f64>,
    /// The smallest value; `None` where only printed figures are known.
    pub min: Option<f64>,
    /// The largest value; `None` where only printed figures are known.
    pub max: Option<f64>,
}

impl Summary {
    /// The summary of repetitions; `None` for none, and where one of them is not finite.
    pub fn of(values: &[f64]) -> Option<Self> {
        let (min, max) = extremes(values)?;
        // Equal values have their own value as mean and no deviation, which sums of them may miss by a bit.
        let equal = min == max;
        let mean = if equal { min } else { mean(values)? };
        let deviation = if equal { (values.len() > 1).then_some(0.0) } else { sample_deviation(values) };
        let summary =
            Self { n: values.len(), mean, deviation, median: median(values), min: Some(min), max: Some(max) };
        summary.is_finite().then_some(summary)
    }

    /// The summary of which a source prints only a mean, a ± and the number of repetitions.
    ///
    /// `None` for no repetitions, for figures that are not finite, and for a negative deviation. The
    /// deviation of one repetition is left out, for there is none.
    pub fn printed(mean: f64, deviation: Option<f64>, n: usize) -> Option<Self> {
        let deviation = deviation.filter(|_| n > 1);
        let summary = Self { n, mean, deviation, median: None, min: None, max: None };
        (n > 0 && summary.is_finite()).then_some(summary)
    }

    /// The coefficient of variation: the deviation as a share of the mean, 0.05 for 5 %.
    ///
    /// `None` without a deviation, and where the mean is not above zero.
    pub fn variation(&self) -> Option<f64> {
        self.deviation
            .filter(|_| self.mean > 0.0)
            .map(|deviation| deviation / self.mean)
            .filter(|v| v.is_finite())
    }

    fn is_finite(&self) -> bool {
        self.mean.is_finite()
            && self.deviation.is_none_or(|deviation| deviation.is_finite() && deviation >= 0.0)
    }
}

/// The smallest and the largest value; `None` for no values, and where one of them is not finite.
pub(super) fn extremes(values: &[f64]) -> Option<(f64, f64)> {
    let start = (f64::INFINITY, f64::NEG_INFINITY);
    let (min, max) = values.iter().fold(start, |(min, max), &value| (min.min(value), max.max(value)));
    (!values.is_empty() && values.iter().all(|value| value.is_finite())).then_some((min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_rounded_as_its_print_is() {
        let steps = (1..60_000_u32).map(|n| f64::from(n) * 7.3);
        let means = steps.clone().flat_map(|n| [n / 3.0, n / 7.0, n / 1000.0, n]);
        // With the thirteenth digit a five, or next to it.
        let halves = (1..20_000_u32).flat_map(|n| {
            let half = 1.0 + (f64::from(n) + 0.5) / 1e11;
            [half, half.next_up(), half.next_down(), half * 1e-9, half * 1e7]
        });
        let powers = (-14..13).map(|n| 10_f64.powi(n)).flat_map(|n| [n, n.next_up(), n.next_down(), n / 3.0]);
        for value in means.chain(halves).chain(powers).chain([0.0, 5e-324, f64::MAX]) {
            assert_eq!(rounded(value).to_bits(), rounded_by_print(value).to_bits(), "{value:e}");
        }
        assert!(rounded(f64::NAN).is_nan());
    }

    #[test]
    fn nothing_and_one_value_claim_nothing() {
        assert_eq!((mean(&[]), median(&[]), sample_deviation(&[])), (None, None, None));
        assert_eq!((mean(&[4.0]), median(&[4.0]), sample_deviation(&[4.0])), (Some(4.0), Some(4.0), None));
    }

    #[test]
    fn summaries_agree_with_values_worked_by_hand() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        assert_eq!(median(&values), Some(4.5));
        assert_eq!(sample_deviation(&values), Some((32.0_f64 / 7.0).sqrt()));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn a_summary_has_what_its_source_gives() {
        let summary = Summary::of(&[5.06, 5.04, 5.05]);
        let figures = summary.map(|s| (s.n, s.median, s.min, s.max));
        assert_eq!(figures, Some((3, Some(5.05), Some(5.04), Some(5.06))));
        let printed = Summary::printed(57.2, Some(10.9), 3);
        assert_eq!(printed.and_then(|s| s.variation()), Some(10.9 / 57.2));
        assert_eq!(printed.and_then(|s| s.median), None);
        assert_eq!(Summary::printed(57.2, Some(10.9), 1).and_then(|s| s.deviation), None);
    }

    #[test]
    fn equal_repetitions_have_no_deviation() {
        assert!(sample_deviation(&[0.1; 3]).is_some_and(|deviation| deviation > 0.0), "what the rule is for");
        let summary = Summary::of(&[0.1; 3]);
        assert_eq!(summary.map(|s| (s.mean, s.deviation)), Some((0.1, Some(0.0))));
        assert_eq!(Summary::of(&[0.1]).map(|s| s.deviation), Some(None));
    }

    #[test]
    fn what_is_not_finite_has_no_summary() {
        for values in [&[][..], &[1.0, f64::NAN], &[f64::INFINITY], &[f64::MAX, f64::MAX, -f64::MAX]] {
            assert_eq!(Summary::of(values), None, "{values:?}");
        }
        assert_eq!(Summary::printed(1.0, Some(0.1), 0), None);
        assert_eq!(Summary::printed(1.0, Some(-0.1), 3), None);
        assert_eq!(Summary::printed(f64::NAN, None, 3), None);
        assert_eq!(Summary::of(&[0.0, 0.0]).and_then(|s| s.variation()), None);
    }
}
