//! Numbers that can be trusted: finite, above zero, and physically possible.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The largest value any field accepts; anything above is a unit slip, not a measurement.
const LARGEST: f64 = 1e9;

/// A finite number above zero and at most one thousand million.
///
/// Rates, durations and sizes all use it: a zero is a missing value in disguise, and an infinite
/// one would never leave a chart's axis.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Positive(f64);

impl Positive {
    /// Stands in for a number that could not be read, until the fault is reported.
    pub(crate) const ONE: Self = Self(1.0);

    /// The number itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Why a number was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("found {found}, expected a finite number above 0 and at most 1e9")]
pub struct NotPositive {
    found: f64,
}

impl TryFrom<f64> for Positive {
    type Error = NotPositive;

    fn try_from(value: f64) -> Result<Self, NotPositive> {
        if value > 0.0 && value <= LARGEST { Ok(Self(value)) } else { Err(NotPositive { found: value }) }
    }
}

impl fmt::Display for Positive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(self.0))
    }
}

/// A number with so many decimals, at most 19, rounded to the nearest one and exactly between two of them to the even
/// one: what `{:.1}` writes, whose code was a twenty-fifth of the first view's program.
///
/// Numbers that have more than 19 digits with their decimals go without these, and from 2⁶⁴ on they are `inf`.
pub fn fixed(value: f64, decimals: usize) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let Some(digits) = units(value, decimals) else {
        return match decimals {
            _ if value.is_nan() => "NaN".to_owned(),
            0 => format!("{sign}inf"),
            _ => fixed(value, 0),
        };
    };
    let mut text = format!("{sign}{digits:0>width$}", width = decimals + 1);
    if decimals > 0 {
        text.insert(text.len() - decimals, '.');
    }
    text
}

/// How many units of the last decimal a number has, without its sign; none where they are 2⁶⁴ or more.
fn units(value: f64, decimals: usize) -> Option<u64> {
    let scale = 10_u64.checked_pow(u32::try_from(decimals).ok()?)?;
    let bits = value.abs().to_bits();
    let (exponent, fraction) = (bits >> 52, bits & ((1 << 52) - 1));
    let significand = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    // The value is the significand divided by so many twos.
    let twos = 1075 - i64::try_from(exponent.max(1)).ok()?;
    let scaled = u128::from(significand) * u128::from(scale);
    let Ok(twos) = u32::try_from(twos) else {
        return u64::try_from(scaled.checked_mul(1_u128.checked_shl(u32::try_from(-twos).ok()?)?)?).ok();
    };
    let Some(divisor) = 1_u128.checked_shl(twos) else { return Some(0) };
    let (whole, rest) = (scaled >> twos, scaled & (divisor - 1));
    let goes_up = rest.cmp(&(divisor - rest)).then((whole & 1).cmp(&1)).is_ge();
    u64::try_from(whole + u128::from(goes_up)).ok()
}

/// A number as a machine writes it, with at most six decimals: `450`, `11.94`. Of a finite one from 2⁶⁴ on it says that
/// it is one.
pub fn plain(value: f64) -> String {
    let text = fixed(value, 6);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false if value.is_finite() => text.replace("inf", "1.8e19 or further from 0"),
        false => text,
    }
}

impl Serialize for Positive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_number(self.0, serializer)
    }
}

/// Writes whole numbers without a decimal point, which keeps the index short.
pub(crate) fn serialize_number<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53, so the conversion is exact"
    )]
    if value.fract() == 0.0 && (0.0..9e15).contains(&value) {
        serializer.serialize_u64(value as u64)
    } else {
        serializer.serialize_f64(value)
    }
}

impl<'de> Deserialize<'de> for Positive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Positive;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a finite number above 0 and at most 1e9")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Positive, E> {
                Positive::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Float(value), &self))
            }

            #[expect(clippy::cast_precision_loss, reason = "bounded by 1e9 right after")]
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Positive, E> {
                Positive::try_from(value as f64)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Positive, E> {
                match u64::try_from(value) {
                    Ok(value) => self.visit_u64(value),
                    Err(_) => Err(E::invalid_value(de::Unexpected::Signed(value), &self)),
                }
            }
        }
        deserializer.deserialize_f64(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_numbers_above_zero_pass() {
        for bad in [0.0, -0.0, -3.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.7e308, 1.1e9] {
            assert!(Positive::try_from(bad).is_err(), "{bad} must be refused");
        }
        for good in [f64::MIN_POSITIVE, 0.01, 1.0, 35_824.1, 1e9] {
            assert_eq!(Positive::try_from(good).map(Positive::get), Ok(good));
        }
    }

    #[test]
    fn json_refuses_what_the_type_refuses() {
        for bad in ["0", "-1", "1e400", "null", "\"12\"", "true", "1e-400"] {
            assert!(serde_json::from_str::<Positive>(bad).is_err(), "{bad} must be refused");
        }
    }

    #[test]
    fn fixed_numbers_are_those_of_the_standard_library() {
        // Ties, what only looks like one, and the ends of the range.
        let chosen =
            [0.0, -0.0, 0.05, 0.15, 0.25, 2.5, 3.5, 0.125, 1.005, 9.995, -0.4, 1e-9, 1e12, f64::MIN_POSITIVE];
        let with_ties =
            (0..4000_i32).flat_map(|n| [2.0, 4.0, 8.0, 10.0, 16.0, 100.0].map(|by| f64::from(n) / by));
        // Any bits, by xorshift, as far as their digits fit.
        let any = std::iter::successors(Some(0x9e37_79b9_7f4a_7c15_u64), |x| {
            let x = x ^ (x << 13);
            let x = x ^ (x >> 7);
            Some(x ^ (x << 17))
        });
        let any = any.take(40_000).map(f64::from_bits).filter(|value| value.abs() < 1e12);
        for value in chosen.into_iter().chain(with_ties).chain(any) {
            for decimals in 0..=6 {
                assert_eq!(
                    fixed(value, decimals),
                    format!("{value:.decimals$}"),
                    "{value:e}, {decimals} decimals"
                );
            }
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 18_446_744_073_709_549_568.0] {
            assert_eq!(fixed(value, 0), format!("{value:.0}"));
        }
        assert_eq!(
            [1.5e17, 2e17, 1e300].map(|value| fixed(value, 2)),
            ["150000000000000000.00", "200000000000000000", "inf"]
        );
        assert_eq!(
            [1e300, -1e300, f64::from_bits(0x43f0_0000_0000_0000)].map(|value| fixed(value, 0)),
            ["inf", "-inf", "inf"]
        );
    }

    #[test]
    fn plain_numbers_have_no_more_digits_than_they_need() {
        assert_eq!([450.0, 11.94, 0.5, 100.0, 0.0].map(plain), ["450", "11.94", "0.5", "100", "0"]);
        assert_eq!(
            [1e12, 2.5e17, -3e18].map(plain),
            ["1000000000000", "250000000000000000", "-3000000000000000000"]
        );
        assert_eq!([1e20, -1e20].map(plain), ["1.8e19 or further from 0", "-1.8e19 or further from 0"]);
        assert_eq!([f64::INFINITY, f64::NAN].map(plain), ["inf", "NaN"]);
    }

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        let numbers = [50.0, 22.7].map(Positive::try_from).map(Result::ok);
        assert_eq!(serde_json::to_string(&numbers).ok().as_deref(), Some("[50,22.7]"));
    }
}
