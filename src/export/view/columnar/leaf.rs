//! A column of numbers or texts with the levels that say what is null and where a list begins.
//!
//! Levels as in Dremel (Melnik et al., "Dremel: Interactive Analysis of Web-Scale Datasets", 2010): a definition
//! level for how much of a path is there, a repetition level of 0 where a row begins.

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedColumnWriter;

/// Values of one column; nulls have a level and no value.
pub(super) enum Leaf {
    Texts(Levels<ByteArray>),
    Numbers(Levels<f64>),
    Counts(Levels<i64>),
    Truths(Levels<bool>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Levels<T> {
    values: Vec<T>,
    definition: Vec<i16>,
    /// Absent where a row has at most one value.
    repetition: Option<Vec<i16>>,
}

impl<T> Levels<T> {
    /// A column with a value or null in each row.
    pub(super) fn single(rows: impl Iterator<Item = Option<T>>) -> Self {
        let mut levels = Self { values: Vec::new(), definition: Vec::new(), repetition: None };
        for value in rows {
            levels.definition.push(i16::from(value.is_some()));
            levels.values.extend(value);
        }
        levels
    }

    /// A column with a list in each row, null where it is empty; entries that may be null have one level more.
    pub(super) fn lists(rows: impl Iterator<Item = Vec<Option<T>>>, null_entries: bool) -> Self {
        let (mut definition, mut repetition, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let there = if null_entries { 3 } else { 2 };
        for row in rows {
            if row.is_empty() {
                definition.push(0);
                repetition.push(0);
            }
            for (position, value) in row.into_iter().enumerate() {
                repetition.push(i16::from(position > 0));
                definition.push(if value.is_some() { there } else { 2 });
                values.extend(value);
            }
        }
        Self { values, definition, repetition: Some(repetition) }
    }

    fn write<D: DataType<T = T>>(&self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let repetition = self.repetition.as_deref();
        column.typed::<D>().write_batch(&self.values, Some(&self.definition), repetition).map(|_| ())
    }
}

impl Leaf {
    pub(super) fn write(&self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        match self {
            Self::Texts(levels) => levels.write::<ByteArrayType>(column),
            Self::Numbers(levels) => levels.write::<DoubleType>(column),
            Self::Counts(levels) => levels.write::<Int64Type>(column),
            Self::Truths(levels) => levels.write::<BoolType>(column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_say_what_is_null_and_where_a_row_begins() {
        let single = Levels::single([Some(1.0), None].into_iter());
        assert_eq!(single, Levels { values: vec![1.0], definition: vec![1, 0], repetition: None });
        let lists = Levels::lists([vec![Some(1), None, Some(3)], vec![], vec![None]].into_iter(), true);
        let expected = Levels {
            values: vec![1, 3],
            definition: vec![3, 2, 3, 0, 2],
            repetition: Some(vec![0, 1, 1, 0, 0]),
        };
        assert_eq!(lists, expected);
        let map = Levels::lists([vec![Some('k')], vec![]].into_iter(), false);
        let expected = Levels { values: vec!['k'], definition: vec![2, 0], repetition: Some(vec![0, 0]) };
        assert_eq!(map, expected);
    }
}
