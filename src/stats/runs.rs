//! How far several runs of one configuration lie apart, beside how far their repetitions do.

use super::count;
use super::summary::{Summary, mean};

/// The spread between runs of the same cell, in the unit of the values.
///
/// Repetitions of one run share a warm server, one load of the model, one temperature of the room. What
/// differs from run to run shows only here, so that the ± of a run is a lower bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetweenRuns {
    /// The number of runs.
    pub runs: usize,
    /// The mean of the means of the runs, each run counting once.
    pub mean: f64,
    /// The sample deviation of those means.
    pub between: f64,
    /// The sample deviation inside runs, pooled by degrees of freedom; `None` where no run has a deviation.
    pub within: Option<f64>,
    /// The part of `between` that repetitions do not explain: √(between² − within² · mean of 1/n), zero
    /// where they explain all of it; `None` without `within`.
    pub excess: Option<f64>,
}

/// The spread between runs of one cell: same configuration, shape and concurrency.
///
/// The component of variance is the estimator from unweighted means (Searle, Casella and McCulloch, Variance
/// Components, 1992, 3.6), which does not need equal numbers of repetitions. `None` for fewer than two
/// runs, and where the means are too large for their deviation.
pub fn between_runs(runs: &[Summary]) -> Option<BetweenRuns> {
    let means: Vec<f64> = runs.iter().map(|run| run.mean).collect();
    let average = Summary::of(&means)?;
    let between = average.deviation?;
    let parts = runs.iter().filter_map(|run| Some((count(run.n.checked_sub(1)?), run.deviation?)));
    let freedom: f64 = parts.clone().map(|(freedom, _)| freedom).sum();
    let squares: f64 = parts.map(|(freedom, deviation)| freedom * deviation * deviation).sum();
    let within = (freedom > 0.0).then(|| (squares / freedom).sqrt()).filter(|within| within.is_finite());
    let share = mean(&runs.iter().map(|run| 1.0 / count(run.n.max(1))).collect::<Vec<f64>>())?;
    let excess = within.map(|within| (between * between - within * within * share).max(0.0).sqrt());
    let excess = excess.filter(|excess| excess.is_finite());
    Some(BetweenRuns { runs: runs.len(), mean: average.mean, between, within, excess })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        assert!(
            found.is_some_and(|found| (found - expected).abs() < 1e-12),
            "found {found:?}, expected {expected}"
        );
    }

    fn printed(mean: f64, deviation: Option<f64>, n: usize) -> Summary {
        Summary { n, mean, deviation, median: None, min: None, max: None }
    }

    #[test]
    fn two_runs_of_one_day_differ_by_more_than_their_repetitions() {
        let spread = between_runs(&[printed(72.3, Some(0.6), 3), printed(60.4, Some(0.6), 3)]);
        let spread = spread.unwrap_or_else(|| unreachable!("two runs have a spread"));
        close(Some(spread.mean), 66.35);
        close(Some(spread.between), 11.9 / f64::sqrt(2.0));
        close(spread.within, 0.6);
        close(spread.excess, (11.9_f64.powi(2) / 2.0 - 0.6_f64.powi(2) / 3.0).sqrt());
    }

    #[test]
    fn runs_that_scatter_as_their_repetitions_have_no_excess() {
        let spread = between_runs(&[printed(10.0, Some(1.0), 4), printed(10.1, Some(3.0), 2)]);
        close(spread.and_then(|spread| spread.within), (12.0_f64 / 4.0).sqrt());
        assert_eq!(spread.and_then(|spread| spread.excess), Some(0.0));
    }

    #[test]
    fn a_single_run_says_nothing_and_single_repetitions_nothing_of_the_inside() {
        assert_eq!(between_runs(&[]), None);
        assert_eq!(between_runs(&[printed(10.0, Some(1.0), 4)]), None);
        let spread = between_runs(&[printed(10.0, None, 1), printed(12.0, None, 1)]);
        assert_eq!(spread.map(|spread| (spread.within, spread.excess)), Some((None, None)));
        assert_eq!(between_runs(&[printed(f64::NAN, None, 1), printed(12.0, None, 1)]), None);
    }
}
