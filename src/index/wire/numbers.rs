//! A column of numbers as it stands in the file, and what may become of it.

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::json::{Expected, Reader};
use crate::index::{Column, IndexError};
use crate::model::{plain, serialize_number};

/// The largest number a column may hold: the largest measure, and more than any position.
const LARGEST: f64 = 1e9;

/// Numbers from zero to a thousand million, with gaps, which are kept as NaN.
#[derive(Clone, Default)]
pub(super) struct Numbers(pub(super) Vec<f64>);

impl Numbers {
    /// Reads a list of numbers and nulls.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Expected> {
        let mut values = Vec::new();
        reader.list(&mut |reader| {
            let value = reader.number_or_null()?;
            if is_allowed(value) {
                values.push(value);
                return Ok(());
            }
            Err(Expected("a number from 0 to 1e9, or null"))
        })?;
        Ok(Self(values))
    }

    /// The column as JSON, as the general writer writes it.
    #[cfg(any(feature = "cli", feature = "browser-tests"))]
    pub(super) fn to_json(part: &[f64]) -> Vec<u8> {
        let mut out = Vec::with_capacity(part.len() * 6);
        for (position, &value) in part.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            if !push_printed(&mut out, value) {
                out.extend(super::write::to_json(&Number(value)));
            }
        }
        out
    }

    /// What a reader makes of what was written.
    #[cfg(any(feature = "cli", feature = "browser-tests"))]
    pub(super) fn of_json(part: &[u8]) -> Vec<f64> {
        let mut numbers = Vec::new();
        let file = [br#"{"column":["#, part, b"]}"].concat();
        let read = Reader::file(&file, &mut |reader, _| {
            numbers = Self::read(reader)?.0;
            Ok(())
        });
        debug_assert!(read.is_ok(), "what is written can be read");
        numbers
    }

    /// True where the column can be left out.
    pub(super) fn is_absent(&self) -> bool {
        self.0.iter().all(|value| value.is_nan())
    }

    /// The numbers as measures, which are above zero.
    pub(super) fn into_measures(self, name: &str) -> Result<Column, IndexError> {
        if self.0.contains(&0.0) {
            return Err(IndexError::wrong(name, "0", "a number above 0, or null"));
        }
        Ok(Column::from_numbers(self.0))
    }

    /// The numbers as whole numbers without a gap.
    pub(super) fn into_integers(self, name: &str) -> Result<Vec<u32>, IndexError> {
        // A list that grows while it is collected keeps room that nobody needs.
        let mut whole = Vec::with_capacity(self.0.len());
        for value in self.0 {
            whole.push(to_integer(value).ok_or_else(|| not_whole(name, value))?);
        }
        Ok(whole)
    }

    /// The numbers plus one, and 0 for a gap; a column that was left out is all gaps.
    pub(super) fn into_counts(self, name: &str, count: usize) -> Result<Vec<u32>, IndexError> {
        if self.0.is_empty() {
            return Ok(vec![0; count]);
        }
        let count = |value: f64| match value.is_nan() {
            true => Ok(0),
            false => to_integer(value).map(|n| n + 1).ok_or_else(|| not_whole(name, value)),
        };
        self.0.into_iter().map(count).collect()
    }
}

/// True for what may stand in a column.
pub(super) fn is_allowed(value: f64) -> bool {
    value.is_nan() || (0.0..=LARGEST).contains(&value)
}

/// The number as a whole one.
pub(super) fn to_integer(value: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 1e9 without a fraction, so the conversion is exact"
    )]
    (value.fract() == 0.0 && (0.0..=LARGEST).contains(&value)).then_some(value as u32)
}

fn not_whole(name: &str, value: f64) -> IndexError {
    let found = if value.is_nan() { "null".to_owned() } else { plain(value) };
    IndexError::wrong(name, &found, "a whole number")
}

impl FromIterator<Option<f64>> for Numbers {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Self {
        Self(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    }
}

impl From<&Column> for Numbers {
    fn from(column: &Column) -> Self {
        (0..column.len()).map(|entry| column.get(entry)).collect()
    }
}

/// Adds a number with as few decimals as printed figures have; false for any other, of which nothing is added.
///
/// Digits with a point say the number that they are divided by a power of ten to, and up to fifteen of them say it in
/// the only shortest way: this is what the search for the shortest text gives, without the search.
#[cfg(any(feature = "cli", feature = "browser-tests"))]
fn push_printed(out: &mut Vec<u8>, value: f64) -> bool {
    if value.is_nan() {
        out.extend_from_slice(b"null");
        return true;
    }
    if !(0.0..1e11).contains(&value) || (value == 0.0 && value.is_sign_negative()) {
        return false;
    }
    for (decimals, per) in [1.0, 10.0, 100.0, 1000.0].into_iter().enumerate() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative and below 2^53, and whether something was cut off is looked at next"
        )]
        let digits = (value * per + 0.5) as u64;
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        if digits as f64 / per == value {
            push_digits(out, digits, decimals);
            return true;
        }
    }
    false
}

/// Adds digits with a point before the last so many.
#[cfg(any(feature = "cli", feature = "browser-tests"))]
pub(super) fn push_digits(out: &mut Vec<u8>, mut digits: u64, decimals: usize) {
    let mut text = [b'0'; 24];
    let mut start = text.len();
    for (place, slot) in text.iter_mut().enumerate().rev() {
        let behind = 23 - place;
        if decimals > 0 && behind == decimals {
            *slot = b'.';
        } else if digits > 0 || behind <= decimals + usize::from(decimals > 0) {
            *slot = b'0' + u8::try_from(digits % 10).unwrap_or_default();
            digits /= 10;
        } else {
            break;
        }
        start = place;
    }
    out.extend_from_slice(text.get(start..).unwrap_or_default());
}

/// One entry.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_nan() { serializer.serialize_none() } else { serialize_number(self.0, serializer) }
    }
}

impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for value in &self.0 {
            sequence.serialize_element(&Number(*value))?;
        }
        sequence.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: &str) -> Option<Numbers> {
        let mut found = None;
        let file = format!("{{\"column\":{column}}}");
        let read = Reader::file(file.as_bytes(), &mut |reader, _| {
            found = Some(Numbers::read(reader)?);
            Ok(())
        });
        read.ok().and(found)
    }

    #[test]
    fn gaps_survive_json_and_bad_numbers_do_not() {
        let column: Numbers = [Some(76.3), None, Some(50.0), Some(0.0)].into_iter().collect();
        let json = serde_json::to_string(&column).unwrap_or_default();
        assert_eq!(json, "[76.3,null,50,0]");
        let again = read(&json).and_then(|numbers| serde_json::to_string(&numbers).ok());
        assert_eq!(again, Some(json));
        for bad in ["[-1]", "[\"1\"]", "[1e300]", "[true]", "{}", "[[]]"] {
            assert!(read(bad).is_none(), "{bad} must be refused");
        }
    }

    /// Every figure of few digits, numbers of many, and those at which another way of writing begins.
    #[cfg(feature = "cli")]
    #[test]
    fn columns_are_written_as_the_general_writer_writes_them() {
        let few = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7]
            .into_iter()
            .flat_map(|per| (0..12_000_u32).map(move |digits| f64::from(digits) / per));
        let many = (1..50_000_u32).map(|n| f64::from(n).sqrt() * 10_f64.powi((n % 26).cast_signed() - 12));
        let far = [f64::NAN, 0.0, -0.0, 1e9, 999_999_999.999, 1e11, 1e15, 9e15, 1e16, 1e22, -1.5, 5e-324]
            .into_iter()
            .flat_map(|n: f64| [n, n.next_up(), n.next_down()]);
        let long = (1..50_000_u32).map(|n| f64::from(n * 85_899) / 1e3);
        let numbers = Numbers(few.chain(many).chain(far).chain(long).collect());
        let written = [b"[", &Numbers::to_json(&numbers.0)[..], b"]"].concat();
        assert!(written == serde_json::to_vec(&numbers).unwrap_or_default());
        assert_eq!(Numbers::to_json(&[]), b"");
    }

    #[test]
    fn a_measure_is_never_zero_and_a_position_never_a_fraction() {
        let numbers = |values: &[f64]| values.iter().copied().map(Some).collect::<Numbers>();
        assert!(numbers(&[1.5, 0.0]).into_measures("c").is_err());
        assert!(numbers(&[1.5]).into_integers("c").is_err());
        assert!([None].into_iter().collect::<Numbers>().into_integers("c").is_err());
        assert_eq!(
            [None, Some(3.0)].into_iter().collect::<Numbers>().into_counts("c", 2).ok(),
            Some(vec![0, 4])
        );
        assert_eq!(Numbers::default().into_counts("c", 2).ok(), Some(vec![0, 0]));
    }
}
