//! Student's t distribution for any degrees of freedom.

use std::f64::consts::PI;

/// Student's t distribution.
///
/// The two-sided tail is a regularised incomplete beta function, P(|T| > t) = I_x(ν/2, 1/2) with
/// x = ν/(ν + t²) (NIST Digital Library of Mathematical Functions, 8.17; Abramowitz and Stegun, 26.7.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    degrees_of_freedom: f64,
}

impl StudentT {
    /// The distribution with these degrees of freedom, which need not be whole; `None` unless they are
    /// finite and above zero.
    ///
    /// More than 10⁷ are taken for 10⁷, where the quantile 0.975 is within 2 · 10⁻⁷ of the normal
    /// distribution's; the fraction below would lose digits. Fewer than 10⁻³ are taken for 10⁻³.
    pub fn new(degrees_of_freedom: f64) -> Option<Self> {
        let is_valid = degrees_of_freedom.is_finite() && degrees_of_freedom > 0.0;
        is_valid.then(|| Self { degrees_of_freedom: degrees_of_freedom.clamp(1e-3, 1e7) })
    }

    /// The probability of a value of at most `t`; `None` for NaN.
    pub fn cumulative(self, t: f64) -> Option<f64> {
        let half = self.two_sided(t)? / 2.0;
        Some(if t > 0.0 { 1.0 - half } else { half })
    }

    /// The probability of a value at least as far from zero as `t`: the p value of a two-sided test.
    ///
    /// `None` for NaN.
    pub fn two_sided(self, t: f64) -> Option<f64> {
        (!t.is_nan()).then(|| self.tail(t))
    }

    /// The value that a share `p` of the distribution lies below; `None` unless 0 < p < 1.
    ///
    /// Where the value is beyond what a number can hold, the largest one stands for it.
    pub fn quantile(self, p: f64) -> Option<f64> {
        if !(p > 0.0 && p < 1.0) {
            return None;
        }
        Some(if p < 0.5 { -self.critical(2.0 * p) } else { self.critical(2.0 * (1.0 - p)) })
    }

    /// The value that |T| exceeds with probability `alpha`, for alpha above 0 and up to 1.
    ///
    /// The logarithm of the tail is concave in ln t, where Newton's method rarely overshoots; bisection
    /// takes over where it does.
    pub(super) fn critical(self, alpha: f64) -> f64 {
        if alpha >= 1.0 {
            return 0.0;
        }
        let mut high = 1.0;
        while self.tail(high) > alpha && high < f64::MAX {
            high = if high < f64::MAX / 2.0 { high * 2.0 } else { f64::MAX };
        }
        let mut low = high / 2.0;
        while self.tail(low) < alpha {
            high = low;
            low /= 2.0;
        }
        let mut t = f64::midpoint(low, high);
        for _ in 0..MOST_STEPS {
            let tail = self.tail(t);
            if tail > alpha {
                low = t;
            } else {
                high = t;
            }
            // d ln P / d ln t = −2 t f(t) / P
            let step = (tail / alpha).ln() * tail / (2.0 * t * self.density(t));
            let next = t * step.exp();
            let is_inside = next > low && next < high;
            // The error of the next step is about the square of this one.
            if is_inside && (next - t).abs() <= 1e-9 * t {
                return next;
            }
            t = if is_inside { next } else { f64::midpoint(low, high) };
        }
        t
    }

    /// The two-sided tail, which must not be asked for NaN.
    pub(super) fn tail(self, t: f64) -> f64 {
        let a = self.degrees_of_freedom / 2.0;
        let ratio = (t / self.degrees_of_freedom.sqrt()).powi(2);
        let y = if ratio > 1.0 { 1.0 / (1.0 + 1.0 / ratio) } else { ratio / (1.0 + ratio) };
        let x = 1.0 / (1.0 + ratio);
        // x^a · y^(1/2) / B(a, 1/2)
        let front = (-a * ratio.ln_1p()).exp() * y.sqrt() * gamma_step(a) / PI.sqrt();
        // The continued fraction converges fast on one side of the mean only (DLMF 8.17.22), the other is
        // its mirror image (DLMF 8.17.4).
        let tail = if x < (a + 1.0) / (a + 2.5) {
            front * continued_fraction(a, 0.5, x) / a
        } else {
            1.0 - front * continued_fraction(0.5, a, y) / 0.5
        };
        tail.clamp(0.0, 1.0)
    }

    fn density(self, t: f64) -> f64 {
        let nu = self.degrees_of_freedom;
        let ratio = (t / nu.sqrt()).powi(2);
        gamma_step(nu / 2.0) / (nu * PI).sqrt() * (-f64::midpoint(nu, 1.0) * ratio.ln_1p()).exp()
    }
}

/// Newton's method needs about six steps, bisection of a factor of two 52.
const MOST_STEPS: usize = 100;

/// Γ(a + 1/2) / Γ(a), for a above 0.
///
/// The series in 1/a of Tricomi and Erdélyi (DLMF 5.11.13), reached from small a by
/// Γ(a + 1) = a Γ(a). From a = 32 on, the first term left out is below 1e-16.
pub(super) fn gamma_step(a: f64) -> f64 {
    let (mut a, mut factor) = (a, 1.0);
    while a < 32.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    // Coefficients of √a · Σ c_k / (8a)^k
    let z = 1.0 / (8.0 * a);
    let series =
        [-1.0, 0.5, 2.5, -21.0 / 8.0, -399.0 / 8.0, 869.0 / 16.0, 39_325.0 / 16.0, -334_477.0 / 128.0];
    let sum = series.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * z);
    factor * a.sqrt() * (1.0 + sum)
}

/// The continued fraction of the incomplete beta function, I_x(a, b) = x^a (1 − x)^b / (a B(a, b)) times
/// this (DLMF 8.17.22), by the modified method of Lentz (Thompson and Barnett, Journal of Computational
/// Physics 64, 1986).
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let off_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / off_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in (1..=MOST_TERMS).map(f64::from) {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / off_zero(1.0 + numerator * d);
            c = off_zero(1.0 + numerator / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// Far more than the continued fraction takes; a bound for whatever comes in.
const MOST_TERMS: u32 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-12, "found {found}, expected {expected}");
    }

    #[test]
    fn the_distributions_with_a_closed_form_agree() {
        let [cauchy, two] =
            [1.0, 2.0].map(|nu| StudentT::new(nu).unwrap_or(StudentT { degrees_of_freedom: 0.0 }));
        for t in [1e-8, 1e-3, 0.1, 0.5, 1.0, 2.0, 10.0, 1e3] {
            close(cauchy.cumulative(t).unwrap_or(0.0), 0.5 + f64::atan(t) / PI);
            close(two.cumulative(t).unwrap_or(0.0), 0.5 + t / (2.0 * (2.0 + t * t).sqrt()));
        }
        for p in [1e-12, 1e-3, 0.025, 0.4, 0.6, 0.975] {
            close(cauchy.quantile(p).unwrap_or(0.0), -1.0 / (PI * p).tan());
            close(two.quantile(p).unwrap_or(0.0), (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt());
        }
    }

    #[test]
    fn the_step_of_the_gamma_function_is_that_of_factorials() {
        // Γ(1) / Γ(1/2), Γ(3/2) / Γ(1), Γ(41/2) / Γ(20)
        close(gamma_step(0.5), 1.0 / PI.sqrt());
        close(gamma_step(1.0), PI.sqrt() / 2.0);
        let product = (1..20).map(f64::from).fold(PI.sqrt() / 2.0, |value, k| value * (k + 0.5) / k);
        close(gamma_step(20.0), product);
    }

    #[test]
    fn what_is_no_distribution_or_no_share_is_refused() {
        for nu in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(StudentT::new(nu), None);
        }
        for nu in [1e-300, 0.01, 1.0, 1e300] {
            let Some(t) = StudentT::new(nu) else { continue };
            assert_eq!(
                (t.cumulative(f64::NAN), t.quantile(0.0), t.quantile(1.0), t.quantile(f64::NAN)),
                (None, None, None, None)
            );
            assert_eq!(t.quantile(0.5), Some(0.0));
            for value in [0.0, 5e-324, 1.0, 1e300, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(t.cumulative(value).is_some_and(|p| (0.0..=1.0).contains(&p)), "{nu} {value}");
            }
            for p in [5e-324, 1e-9, 0.3, 1.0 - 1e-16] {
                assert!(t.quantile(p).is_some_and(f64::is_finite), "{nu} {p}");
            }
        }
    }
}
