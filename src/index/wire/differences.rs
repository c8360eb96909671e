//! Columns of numbers as they differ from what is to be expected of them: how shards hold those that others, or the
//! entry before, nearly give. It is three tenths less to fetch.
//!
//! Writer and reader work out the same expectation from the same columns, as the reader reads them and in the order of
//! [`COLUMNS`], so that what it is decides on how much is written and never on what is read.

use super::json::{Decimal, Expected, Reader};
#[cfg(any(feature = "cli", feature = "browser-tests"))]
use super::numbers::push_digits;
use super::numbers::{is_allowed, to_integer};
use crate::index::IndexError;
use crate::model::{Metric, plain};
use crate::stats;

/// Columns that a shard may hold as differences. What is expected of one follows from those before it.
pub(super) const COLUMNS: [(&str, Expectation); 19] = [
    ("runs.configuration", Expectation::Before),
    ("runs.file_size_approximate", Expectation::Before),
    ("runs.notes.run", Expectation::Before),
    ("results.run", Expectation::Before),
    ("failed.result", Expectation::Before),
    ("notes.result", Expectation::Before),
    ("ranges.result", Expectation::Before),
    ("published.result", Expectation::Before),
    ("figures.result", Expectation::Before),
    ("repetitions.result", Expectation::Before),
    ("repetitions.decode_tok_per_s", Expectation::RepetitionBefore),
    ("repetitions.prefill_tok_per_s", Expectation::RepetitionBefore),
    ("repetitions.ttft_ms", Expectation::RepetitionBefore),
    ("results.decode_tok_per_s", Expectation::Mean(Metric::Decode)),
    ("results.prefill_tok_per_s", Expectation::Mean(Metric::Prefill)),
    ("results.ttft_ms", Expectation::Mean(Metric::Ttft)),
    ("results.tpot_ms", Expectation::OfDecode),
    ("results.end_to_end_ms", Expectation::OfTtftAndDecode),
    ("results.output_tok_per_s", Expectation::OfEndToEnd),
];

/// What is to be expected of the entries of a column; 0 where there is nothing to tell by.
#[derive(Clone, Copy)]
pub(super) enum Expectation {
    /// The entry before.
    Before,
    /// The repetition before of the same result.
    RepetitionBefore,
    /// The mean of the repetitions of a result.
    Mean(Metric),
    /// The time of a token from the tokens of a second.
    OfDecode,
    /// The end from the beginning: time to first token, and the time of each token after it.
    OfTtftAndDecode,
    /// The tokens of a second from those of the whole request.
    OfEndToEnd,
}

/// A number as it differs from what is expected.
///
/// Both are counted in units of the difference's last decimal, which are whole once the expectation is rounded, and their
/// sum is divided by the power of ten at the end: that gives the number nearest to the print, which a sum of two numbers
/// that binary fractions only come near would not. `0` without a decimal is the expectation as it is.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Difference {
    /// In units of the last decimal; NaN for a gap.
    units: f64,
    decimals: usize,
}

/// Up to here every whole number is one of 64 bits with a fraction: 2^53.
const MOST_DIGITS: u64 = 1 << 53;

/// Powers of ten for so many decimals.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

impl Difference {
    const GAP: Self = Self { units: f64::NAN, decimals: 0 };

    /// Reads a list of differences and nulls.
    pub(super) fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Self>, Expected> {
        let mut list = Vec::new();
        reader.list(&mut |reader| {
            list.push(if reader.null() { Self::GAP } else { Self::read(reader)? });
            Ok(())
        })?;
        Ok(list)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Expected> {
        let wrong = Expected("a difference of at most 15 decimals, or null");
        let Decimal { is_negative, digits, exponent } = reader.decimal()?;
        let decimals = exponent.checked_neg().and_then(|decimals| usize::try_from(decimals).ok());
        let decimals = decimals.filter(|&decimals| decimals < POWERS.len());
        let Some(decimals) = decimals.filter(|_| digits <= MOST_DIGITS) else { return Err(wrong) };
        #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
        let units = digits as f64;
        Ok(Self { units: if is_negative { -units } else { units }, decimals })
    }

    /// The number that differs so from what is expected.
    fn from(self, expected: f64) -> f64 {
        if self.units == 0.0 && self.decimals == 0 {
            return expected;
        }
        let per = POWERS.get(self.decimals).copied().unwrap_or(1.0);
        ((expected * per).round() + self.units) / per
    }
}

/// The numbers of a column of differences, where the columns before it are here.
pub(super) fn resolve<'a>(
    name: &str,
    expectation: Expectation,
    differences: &[Difference],
    column: &dyn Fn(&str) -> &'a [f64],
) -> Result<Vec<f64>, IndexError> {
    let expected = Expectations::new(expectation, differences.len(), column);
    let mut numbers = Vec::with_capacity(differences.len());
    let mut before = 0.0;
    for (at, difference) in differences.iter().enumerate() {
        let number = difference.from(expected.of(at, before));
        if !is_allowed(number) {
            return Err(IndexError::wrong(name, &plain(number), "numbers from 0 to 1e9"));
        }
        numbers.push(number);
        before = number;
    }
    Ok(numbers)
}

/// What is expected of each entry of one column.
enum Expectations<'a> {
    Before,
    RepetitionBefore(&'a [f64]),
    Each(Vec<f64>),
}

impl<'a> Expectations<'a> {
    fn new(expectation: Expectation, count: usize, column: &dyn Fn(&str) -> &'a [f64]) -> Self {
        let of = |metric: Metric| column(&format!("results.{}", metric.key()));
        let output = column("results.output_tokens");
        let each = |expected: &dyn Fn(usize) -> f64| Self::Each((0..count).map(expected).collect());
        let at = |column: &[f64], result: usize| column.get(result).copied().unwrap_or(f64::NAN);
        match expectation {
            Expectation::Before => Self::Before,
            Expectation::RepetitionBefore => Self::RepetitionBefore(column("repetitions.result")),
            Expectation::Mean(metric) => {
                let repetitions = column(&format!("repetitions.{}", metric.key()));
                Self::Each(means(count, column("repetitions.result"), repetitions))
            }
            Expectation::OfDecode => {
                let decode = of(Metric::Decode);
                each(&|result| 1_000.0 / at(decode, result))
            }
            Expectation::OfTtftAndDecode => {
                let (ttft, decode) = (of(Metric::Ttft), of(Metric::Decode));
                each(&|result| at(ttft, result) + (at(output, result) - 1.0) * 1_000.0 / at(decode, result))
            }
            Expectation::OfEndToEnd => {
                let end_to_end = of(Metric::EndToEnd);
                each(&|result| at(output, result) * 1_000.0 / at(end_to_end, result))
            }
        }
    }

    fn of(&self, at: usize, before: f64) -> f64 {
        let expected = match self {
            Self::Before => before,
            Self::RepetitionBefore(results) => {
                let is_same = at.checked_sub(1).is_some_and(|last| results.get(last) == results.get(at));
                if is_same { before } else { 0.0 }
            }
            Self::Each(expected) => expected.get(at).copied().unwrap_or_default(),
        };
        if expected.is_finite() { expected } else { 0.0 }
    }
}

/// The mean of each result's repetitions, as a figure that follows from them is rounded; NaN where it has none.
fn means(count: usize, results: &[f64], repetitions: &[f64]) -> Vec<f64> {
    let mut means = vec![f64::NAN; count];
    let mut from = 0;
    for same in results.chunk_by(|a, b| a == b) {
        let values = repetitions.get(from..from + same.len()).unwrap_or_default();
        let values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let result = same.first().and_then(|&result| to_integer(result));
        if let (Some(mean), Some(result)) = (stats::mean(&values), result)
            && let Some(place) = means.get_mut(result as usize)
        {
            *place = stats::rounded(mean);
        }
        from += same.len();
    }
    means
}

/// A column as JSON, as differences; `None` where numbers have more digits than a difference can have, and for a
/// column of which nothing is expected.
#[cfg(any(feature = "cli", feature = "browser-tests"))]
pub(super) fn to_json<'a>(
    name: &str,
    numbers: &[f64],
    column: &dyn Fn(&str) -> &'a [f64],
) -> Option<Vec<u8>> {
    let (_, expectation) = COLUMNS.iter().find(|(known, _)| *known == name)?;
    let expected = Expectations::new(*expectation, numbers.len(), column);
    let mut json = Vec::with_capacity(numbers.len() * 4);
    let mut before = 0.0;
    for (at, &number) in numbers.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        Difference::of(number, expected.of(at, before))?.push(&mut json);
        before = number;
    }
    Some(json)
}

#[cfg(any(feature = "cli", feature = "browser-tests"))]
impl Difference {
    /// How a number differs from what is expected, in as few decimals as there are.
    fn of(number: f64, expected: f64) -> Option<Self> {
        if number.is_nan() {
            return Some(Self::GAP);
        }
        let exactly = Self { units: 0.0, decimals: 0 };
        if number.to_bits() == expected.to_bits() {
            return Some(exactly);
        }
        let with = |(decimals, per): (usize, &f64)| {
            let units = (number * per).round() - (expected * per).round();
            Self { units, decimals }
        };
        let says_it = |difference: &Self| {
            *difference != exactly
                && difference.units.abs() <= MOST_DIGITS as f64
                && difference.from(expected).to_bits() == number.to_bits()
        };
        POWERS.iter().enumerate().map(with).find(says_it)
    }

    fn push(self, json: &mut Vec<u8>) {
        if self.units.is_nan() {
            return json.extend_from_slice(b"null");
        }
        if self.units < 0.0 {
            json.push(b'-');
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number up to 2^53, and its sign is written"
        )]
        push_digits(json, self.units.abs() as u64, self.decimals);
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// The column as it is written, and as it is read again.
    fn there_and_back(name: &str, numbers: &[f64], others: &[(&str, &[f64])]) -> Option<(String, Vec<f64>)> {
        let column = |name: &str| others.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, c)| c);
        let json = String::from_utf8(to_json(name, numbers, &column)?).unwrap();
        let mut read = Vec::new();
        let file = format!("{{\"column\":[{json}]}}");
        let take = &mut |reader: &mut Reader<'_>, _: &str| {
            read = Difference::read_list(reader)?;
            Ok(())
        };
        Reader::file(file.as_bytes(), take).unwrap();
        let (_, expectation) = COLUMNS.into_iter().find(|(known, _)| *known == name).unwrap();
        Some((json, resolve(name, expectation, &read, &column).unwrap()))
    }

    #[test]
    fn what_follows_is_short() {
        let results: &[f64] = &[0.0, 0.0, 0.0, 2.0, 2.0];
        let repetitions: &[f64] = &[139.4, 139.1, 140.25, 1_420.0, f64::NAN];
        let decode: &[f64] = &[139.583_333_333, f64::NAN, 1_420.0];
        let others = [
            ("repetitions.result", results),
            ("repetitions.decode_tok_per_s", repetitions),
            ("results.decode_tok_per_s", decode),
            ("results.output_tokens", &[101.0, 101.0, 101.0][..]),
            ("results.ttft_ms", &[200.0, 200.0, f64::NAN]),
        ];
        for (name, numbers, expected) in [
            ("repetitions.result", results, "0,0,0,2,0"),
            ("repetitions.decode_tok_per_s", repetitions, "139.4,-0.3,1.15,1420,null"),
            ("results.decode_tok_per_s", decode, "0,null,0"),
            ("results.tpot_ms", &[7.16, 7.2, 0.7], "0.00,7.2,0.0"),
            ("results.end_to_end_ms", &[916.0, 917.0, 3.0], "-0.4,917,3"),
        ] {
            let (json, again) = there_and_back(name, numbers, &others).unwrap();
            assert_eq!(json, expected, "{name}");
            assert!(again.iter().zip(numbers).all(|(a, b)| a.to_bits() == b.to_bits()), "{name}: {again:?}");
        }
        assert!(there_and_back("results.load_s", decode, &others).is_none(), "nothing is expected of it");
    }

    #[test]
    fn whatever_is_expected_every_number_comes_back() {
        let mut state = 11_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 33
        };
        for _ in 0..200_000 {
            let mut number = || {
                #[expect(clippy::cast_precision_loss, reason = "below 2^31")]
                let digits = (random() % 10_u64.pow((random() % 10) as u32)) as f64;
                digits / POWERS.get((random() % 8) as usize).unwrap()
            };
            let (number, expected) = (number(), number() / 3.0);
            let difference = Difference::of(number, expected).unwrap();
            assert_eq!(difference.from(expected).to_bits(), number.to_bits(), "{number} by {expected}");
        }
        // No decimal fraction of fifteen decimals.
        assert!(Difference::of(1.0 / 3.0, 0.0).is_none_or(|it| it.from(0.0) == 1.0 / 3.0));
        assert!(Difference::of(5e-324, 1.0).is_none());
    }

    #[test]
    fn what_is_no_difference_is_refused() {
        let read = |list: &str| {
            let mut read = None;
            let file = format!("{{\"column\":{list}}}");
            let take = &mut |reader: &mut Reader<'_>, _: &str| {
                read = Some(Difference::read_list(reader)?);
                Ok(())
            };
            Reader::file(file.as_bytes(), take).ok().and(read)
        };
        for bad in ["[1e3]", "[1e-16]", "[9007199254740993]", "[\"1\"]", "[true]", "{}", "1", "[+1]", "[-]"] {
            assert!(read(bad).is_none(), "{bad}");
        }
        let list = read("[-3, null, 2.50, -1]").unwrap();
        let none = |_: &str| &[][..];
        let refused = resolve("results.run", Expectation::Before, &list, &none).unwrap_err().to_string();
        assert_eq!(refused, "results.run: found -3, expected numbers from 0 to 1e9");
        let long = vec![Difference { units: 9e15, decimals: 0 }];
        assert!(resolve("results.ttft_ms", Expectation::Mean(Metric::Ttft), &long, &none).is_err());
    }
}
