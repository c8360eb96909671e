//! How small a difference repetitions could have shown.

use std::f64::consts::{FRAC_PI_2, PI};

use super::ratio::{Difference, bounded_exp};
use super::sample::Sample;
use super::student::{StudentT, gamma_step};
use super::{ALPHA, count};

/// How often a difference of the size in question is to be found.
const POWER: f64 = 0.8;

/// The smallest ratio, above 1, that so many repetitions with so much spread call real four times in five.
///
/// For a true ratio of this size [`Ratio::between`](super::Ratio::between) says
/// [`Verdict::Real`](super::Verdict::Real) with a power of 80 % at a two-sided level of 5 %, when both
/// sides have the same spread. That spread is taken to be the observed one, pooled over both sides by their
/// degrees of freedom; it is itself uncertain. Printed digits widen the result as they widen the interval.
///
/// `None` where nothing is claimed about the ratio either.
pub fn smallest_ratio(a: &Sample, b: &Sample) -> Option<f64> {
    let _comparable = Difference::of(a, b).ok()?;
    let (of_a, of_b) = (count(a.n - 1), count(b.n - 1));
    let pooled = (of_a * a.log_variance? + of_b * b.log_variance?) / (of_a + of_b);
    let variance = pooled / count(a.n) + pooled / count(b.n) + a.rounding + b.rounding;
    Some(bounded_exp(noncentrality(a.n, b.n) * variance.sqrt()))
}

/// By how many standard errors two means must differ for Welch's test to find it with the power.
///
/// The condition is solved by bisection; the power grows with the difference.
fn noncentrality(n: usize, m: usize) -> f64 {
    let test = Test::of(n.min(MOST_REPETITIONS), m.min(MOST_REPETITIONS));
    let (mut low, mut high) = (0.0, 32.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if test.power(middle) < POWER {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// More repetitions than these are taken for these: the answer no longer changes by a thousandth.
const MOST_REPETITIONS: usize = 1000;

/// Welch's test of two sides with equal variances, as a mixture of t tests.
///
/// How the sum of squares divides over the sides is independent of the sum itself, so that the power is an
/// average over the share w of the first: given w, Welch's statistic is a fixed multiple of the pooled one,
/// which has a noncentral t distribution with n + m − 2 degrees of freedom, and its critical value is fixed
/// too. The share follows a beta distribution with parameters (n − 1)/2 and (m − 1)/2.
struct Test {
    degrees_of_freedom: f64,
    /// Weight of a share, and the limit that the pooled statistic must exceed there.
    limits: Vec<(f64, f64)>,
}

impl Test {
    fn of(n: usize, m: usize) -> Self {
        let (of_n, of_m) = (count(n - 1), count(m - 1));
        let degrees_of_freedom = of_n + of_m;
        // With w = sin² φ the density is that of sin^(n−2) φ · cos^(m−2) φ; the rule of midpoints needs
        // more points the narrower that is.
        let points = (48.0 + 6.0 * degrees_of_freedom.sqrt()).ceil();
        let mut limits = Vec::new();
        let mut at = 0.5;
        while at < points {
            let (sine, cosine) = (at / points * FRAC_PI_2).sin_cos();
            // A share of the total variance of the difference, when the variance of one repetition, pooled, is 1.
            let part_n = degrees_of_freedom * sine * sine / of_n / count(n);
            let part_m = degrees_of_freedom * cosine * cosine / of_m / count(m);
            let variance = part_n + part_m;
            let freedom = 1.0 / ((part_n / variance).powi(2) / of_n + (part_m / variance).powi(2) / of_m);
            let pooled = 1.0 / count(n) + 1.0 / count(m);
            if let Some(student) = StudentT::new(freedom) {
                let weight = ((of_n - 1.0) * sine.ln() + (of_m - 1.0) * cosine.ln()).exp();
                limits.push((weight, student.critical(ALPHA) * (variance / pooled).sqrt()));
            }
            at += 1.0;
        }
        let total: f64 = limits.iter().map(|(weight, _)| weight).sum();
        for (weight, _) in &mut limits {
            *weight /= total;
        }
        limits.retain(|(weight, _)| *weight > 1e-12);
        Self { degrees_of_freedom, limits }
    }

    fn power(&self, noncentrality: f64) -> f64 {
        let of = |&(weight, limit): &(f64, f64)| weight * tail(limit, self.degrees_of_freedom, noncentrality);
        self.limits.iter().map(of).sum()
    }
}

/// How often a noncentral t statistic is further from zero than `limit`.
///
/// Its square has a noncentral F distribution with one degree of freedom above the line, which is a mixture
/// of beta distributions with Poisson weights (Johnson, Kotz and Balakrishnan, Continuous Univariate
/// Distributions, volume 2, 2nd edition, chapter 30): Σ Poisson(j; δ²/2) · I_w(ν/2, j + 1/2) with
/// w = ν/(ν + limit²). From one j to the next, I grows by w^(ν/2) (1 − w)^(j + 1/2) / ((j + 1/2) B(ν/2, j + 1/2))
/// (DLMF 8.17.21).
fn tail(limit: f64, degrees_of_freedom: f64, noncentrality: f64) -> f64 {
    let Some(student) = StudentT::new(degrees_of_freedom) else { return 0.0 };
    let a = degrees_of_freedom / 2.0;
    let square = limit * limit / degrees_of_freedom;
    let rest = square / (1.0 + square);
    let mut step = (-a * square.ln_1p()).exp() * rest.sqrt() * gamma_step(a) / PI.sqrt() / 0.5;
    let mut beyond = student.tail(limit);
    let mean = noncentrality * noncentrality / 2.0;
    let mut weight = (-mean).exp();
    let (mut sum, mut j) = (0.0, 0.0);
    // Past the mean the weights fall faster than any power.
    while j < mean || weight > 1e-15 {
        sum += weight * beyond;
        beyond = (beyond + step).min(1.0);
        step *= rest * (a + j + 0.5) / (j + 1.5);
        j += 1.0;
        weight *= mean / j;
    }
    sum
}
