//! Summaries of repetitions. Every formula names its source.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
