//! A column of numbers with gaps.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::Positive;

/// Numbers above zero, some of them missing: eight bytes each, nothing for a column without any.
///
/// A gap is kept as NaN, which never leaves this type.
#[derive(Clone, Debug, Default)]
pub struct Column(Vec<f64>);

impl Column {
    /// The value of an entry; `None` where it is missing.
    pub fn get(&self, entry: usize) -> Option<f64> {
        self.0.get(entry).copied().filter(|value| !value.is_nan())
    }

    /// True where no entry has a value.
    pub fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    /// Entries, with gaps; 0 for a column without any value.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True where no entry has a value.
    pub fn is_empty(&self) -> bool {
        self.is_absent()
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && (0..self.0.len()).all(|entry| self.get(entry) == other.get(entry))
    }
}

impl FromIterator<Option<Positive>> for Column {
    fn from_iter<I: IntoIterator<Item = Option<Positive>>>(values: I) -> Self {
        let values: Vec<f64> = values.into_iter().map(|v| v.map_or(f64::NAN, Positive::get)).collect();
        if values.iter().all(|value| value.is_nan()) { Self::default() } else { Self(values) }
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for entry in 0..self.0.len() {
            sequence.serialize_element(&self.get(entry).and_then(|v| Positive::try_from(v).ok()))?;
        }
        sequence.end()
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Vec<f64>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of numbers above 0 and nulls")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<f64>, A::Error> {
                let mut values = Vec::with_capacity(sequence.size_hint().unwrap_or(0).min(1 << 20));
                while let Some(value) = sequence.next_element::<Option<Positive>>()? {
                    values.push(value.map_or(f64::NAN, Positive::get));
                }
                Ok(values)
            }

            fn visit_unit<E: de::Error>(self) -> Result<Vec<f64>, E> {
                Ok(Vec::new())
            }
        }
        deserializer.deserialize_any(Entries).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_survive_json_and_bad_numbers_do_not() {
        let column: Column = [Some(76.3), None, Some(50.0)]
            .map(|v| v.and_then(|v| Positive::try_from(v).ok()))
            .into_iter()
            .collect();
        let json = serde_json::to_string(&column).unwrap_or_default();
        assert_eq!(json, "[76.3,null,50]");
        assert_eq!(serde_json::from_str::<Column>(&json).ok(), Some(column));
        for bad in ["[0]", "[-1]", "[\"1\"]", "[1e300]", "{}"] {
            assert!(serde_json::from_str::<Column>(bad).is_err(), "{bad} must be refused");
        }
    }

    #[test]
    fn a_column_of_gaps_takes_no_room() {
        let column: Column = [None, None].into_iter().collect();
        assert!(column.is_absent());
        assert_eq!(column.get(1), None);
    }
}
