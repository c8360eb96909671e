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

/// A number as a machine writes it, with at most six decimals: `450`, `11.94`.
pub fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
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
    fn plain_numbers_have_no_more_digits_than_they_need() {
        assert_eq!([450.0, 11.94, 0.5, 100.0, 0.0].map(plain), ["450", "11.94", "0.5", "100", "0"]);
    }

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        let numbers = [50.0, 22.7].map(Positive::try_from).map(Result::ok);
        assert_eq!(serde_json::to_string(&numbers).ok().as_deref(), Some("[50,22.7]"));
    }
}
