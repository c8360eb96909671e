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
/// It takes some tenths of a millisecond: ask for the pairs that are shown, not for all there are. `None`
/// where nothing is claimed about the ratio either.
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
    // To 5 · 10⁻⁷, finer than the average below.
    for _ in 0..26 {
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
    /// Half the degrees of freedom of the pooled statistic.
    half_freedom: f64,
    shares: Vec<Share>,
}

/// One share of the sum of squares, and the limit that the pooled statistic must exceed there.
struct Share {
    weight: f64,
    /// The part of limit² in ν + limit².
    rest: f64,
    /// How often the limit is exceeded when there is no difference.
    beyond: f64,
    /// The first growth of that, see [`Share::power`].
    step: f64,
}

impl Test {
    fn of(n: usize, m: usize) -> Self {
        let (of_n, of_m) = (count(n - 1), count(m - 1));
        // With w = sin² φ the density is that of sin^(n−2) φ · cos^(m−2) φ; the rule of midpoints needs
        // more points the narrower that is.
        let points = (48.0 + 6.0 * (of_n + of_m).sqrt()).ceil();
        let mut shares = Vec::new();
        let mut at = 0.5;
        while at < points {
            let (sine, cosine) = (at / points * FRAC_PI_2).sin_cos();
            let weight = ((of_n - 1.0) * sine.ln() + (of_m - 1.0) * cosine.ln()).exp();
            shares.extend(Share::of((of_n, sine * sine), (of_m, cosine * cosine), weight));
            at += 1.0;
        }
        let total: f64 = shares.iter().map(|share| share.weight).sum();
        shares.retain(|share| share.weight > 1e-12 * total);
        for share in &mut shares {
            share.weight /= total;
        }
        Self { half_freedom: f64::midpoint(of_n, of_m), shares }
    }

    fn power(&self, noncentrality: f64) -> f64 {
        self.shares.iter().map(|share| share.weight * share.power(self.half_freedom, noncentrality)).sum()
    }
}

impl Share {
    /// The limit for two sides, each with its degrees of freedom and its part of the sum of squares.
    fn of(a: (f64, f64), b: (f64, f64), weight: f64) -> Option<Self> {
        let freedom = a.0 + b.0;
        // Variances of means where the pooled variance of one repetition is 1.
        let [of_a, of_b] = [a, b].map(|(of, part)| freedom * part / of / (of + 1.0));
        let pooled = 1.0 / (a.0 + 1.0) + 1.0 / (b.0 + 1.0);
        let variance = of_a + of_b;
        let welch = 1.0 / ((of_a / variance).powi(2) / a.0 + (of_b / variance).powi(2) / b.0);
        let limit = StudentT::new(welch)?.critical(ALPHA) * (variance / pooled).sqrt();

        let square = limit * limit / freedom;
        let rest = square / (1.0 + square);
        let half = freedom / 2.0;
        let step = (-half * square.ln_1p()).exp() * rest.sqrt() * gamma_step(half) / PI.sqrt() / 0.5;
        Some(Self { weight, rest, beyond: StudentT::new(freedom)?.tail(limit), step })
    }

    /// How often a noncentral t statistic is further from zero than the limit.
    ///
    /// Its square has a noncentral F distribution with one degree of freedom above the line, which is a
    /// mixture of beta distributions with Poisson weights (Johnson, Kotz and Balakrishnan, Continuous
    /// Univariate Distributions, volume 2, 2nd edition, chapter 30): Σ Poisson(j; δ²/2) · I_w(ν/2, j + 1/2)
    /// with w = ν/(ν + limit²). From one j to the next, I grows by
    /// w^(ν/2) (1 − w)^(j + 1/2) / ((j + 1/2) B(ν/2, j + 1/2)) (DLMF 8.17.21).
    fn power(&self, half_freedom: f64, noncentrality: f64) -> f64 {
        let (mut beyond, mut step) = (self.beyond, self.step);
        let mean = noncentrality * noncentrality / 2.0;
        let mut weight = (-mean).exp();
        let (mut sum, mut j) = (0.0, 0.0);
        // Past the mean the weights fall faster than any power.
        while j < mean || weight > 1e-12 {
            sum += weight * beyond;
            beyond = (beyond + step).min(1.0);
            step *= self.rest * (half_freedom + j + 0.5) / (j + 1.5);
            j += 1.0;
            weight *= mean / j;
        }
        sum
    }
}
