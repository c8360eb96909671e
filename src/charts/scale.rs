//! The value axis: from zero to the largest end, with ticks at 1, 2 or 5 times a power of ten.

/// Below this the largest value counts as zero: the axis would need more decimals than fit.
pub(super) const SMALLEST: f64 = 1e-6;

/// Powers of ten from `1e-6` to `1e9`, written out because computed ones are not exact.
const POWERS: [f64; 16] =
    [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// Where in [`POWERS`] the one is.
const UNITS: usize = 6;

/// A linear scale from zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The largest value, at the right end; zero where there is nothing to scale.
    max: f64,
    /// Pixels from zero to `max`.
    width: f64,
}

/// The distance of ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// In the chart's unit.
    pub(super) value: f64,
    /// Decimals that print every tick exactly.
    pub(super) decimals: usize,
}

impl Scale {
    pub(super) fn new(max: f64, width: f64) -> Self {
        Self { max: if max >= SMALLEST { max } else { 0.0 }, width }
    }

    /// Pixels from zero; within `0..=width` for every value up to the largest.
    pub(super) fn pixels(self, value: f64) -> f64 {
        if self.max > 0.0 { (value / self.max).clamp(0.0, 1.0) * self.width } else { 0.0 }
    }

    /// Steps that give at least one tick above zero, the closest together first.
    pub(super) fn steps(self) -> impl Iterator<Item = Step> {
        let nice = nice_steps();
        // At most a dozen ticks, so that finding the step stays cheap for any value.
        nice.filter(move |step| step.value <= self.max && self.max / step.value <= 12.0)
    }

    /// How many ticks a step gives, zero among them.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "steps give 12 at most")]
    pub(super) fn ticks(self, step: Step) -> u32 {
        // A value that is meant to be on a tick may be a rounding error short of it.
        (self.max / step.value + 1e-9) as u32 + 1
    }
}

/// Every step there is, the closest together first.
pub(super) fn nice_steps() -> impl Iterator<Item = Step> {
    POWERS.iter().enumerate().flat_map(|(at, power)| {
        let decimals = UNITS.saturating_sub(at);
        [1.0, 2.0, 5.0].map(|times| Step { value: times * power, decimals })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(max: f64) -> Vec<(f64, usize)> {
        Scale::new(max, 100.0).steps().map(|step| (step.value, step.decimals)).collect()
    }

    #[test]
    fn steps_are_one_two_five() {
        assert_eq!(steps(761.9), [(100.0, 0), (200.0, 0), (500.0, 0)]);
        assert_eq!(steps(1.0), [(0.1, 1), (0.2, 1), (0.5, 1), (1.0, 0)]);
        assert_eq!(steps(1e9), [(1e8, 0), (2e8, 0), (5e8, 0), (1e9, 0)]);
        assert_eq!(steps(2e-6), [(1e-6, 6), (2e-6, 6)]);
    }

    #[test]
    fn next_to_nothing_has_no_steps() {
        for max in [0.0, 5e-324, 1e-300, 9e-7] {
            assert!(steps(max).is_empty());
            assert!(Scale::new(max, 100.0).pixels(max).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn every_scale_has_a_step() {
        let mut max = SMALLEST;
        while max <= 1e9 {
            let scale = Scale::new(max, 300.0);
            assert!(scale.steps().all(|step| (2..=13).contains(&scale.ticks(step))), "{max}");
            assert!(scale.steps().next().is_some(), "{max}");
            max *= 1.37;
        }
    }
}
