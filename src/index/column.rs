//! A column of numbers with gaps.

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

    /// Takes numbers above zero, with NaN for gaps.
    pub(super) fn from_numbers(numbers: Vec<f64>) -> Self {
        Self(numbers)
    }

    /// Takes values one after the other.
    pub(super) fn with_room(entries: usize) -> Self {
        Self(Vec::with_capacity(entries))
    }

    /// Adds an entry.
    pub(super) fn push(&mut self, value: Option<Positive>) {
        self.0.push(value.map_or(f64::NAN, Positive::get));
    }

    /// The same, and nothing where no entry has a value.
    pub(super) fn finished(self) -> Self {
        if self.0.iter().all(|value| value.is_nan()) { Self::default() } else { self }
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
        Self(values.into_iter().map(|value| value.map_or(f64::NAN, Positive::get)).collect()).finished()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_gaps_takes_no_room() {
        let column: Column = [None, None].into_iter().collect();
        assert!(column.is_absent());
        assert_eq!(column.get(1), None);
    }
}
