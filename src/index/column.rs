//! A column of numbers with gaps.

use crate::model::Positive;

/// Numbers above zero, some of them missing: four bytes each where they have few digits, else eight, and nothing for
/// a column without any.
#[derive(Clone, Debug, Default)]
pub struct Column(Held);

/// How numbers are kept; what [`Column::get`] gives does not depend on it.
#[derive(Clone, Debug)]
enum Held {
    /// As they are. A gap is NaN, which never leaves this type.
    Long(Vec<f64>),
    /// As printed figures are: whole numbers, to be divided by a power of ten. A gap is [`GAP`].
    Short { numbers: Vec<u32>, per: f64 },
}

impl Default for Held {
    fn default() -> Self {
        Self::Long(Vec::new())
    }
}

const GAP: u32 = u32::MAX;

/// What numbers are tried to be whole multiples of: figures are printed with up to so many decimals.
const PER: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

impl Column {
    /// The value of an entry; `None` where it is missing.
    // Called everywhere: inlined, it would be most of what the first view's program grows by.
    #[inline(never)]
    pub fn get(&self, entry: usize) -> Option<f64> {
        match &self.0 {
            Held::Long(numbers) => numbers.get(entry).copied().filter(|value| !value.is_nan()),
            Held::Short { numbers, per } => {
                numbers.get(entry).filter(|&&number| number != GAP).map(|&number| f64::from(number) / per)
            }
        }
    }

    /// Takes numbers above zero, with NaN for gaps.
    pub(super) fn from_numbers(numbers: Vec<f64>) -> Self {
        if numbers.iter().all(|number| number.is_nan()) {
            return Self::default();
        }
        let fits = |per: &f64| numbers.iter().all(|&number| shortened(number, *per).is_some());
        if let Some(per) = PER.into_iter().find(fits) {
            let numbers = numbers.iter().map(|&number| shortened(number, per).unwrap_or(GAP)).collect();
            return Self(Held::Short { numbers, per });
        }
        let mut numbers = numbers;
        numbers.shrink_to_fit();
        Self(Held::Long(numbers))
    }

    /// True where no entry has a value.
    pub fn is_absent(&self) -> bool {
        match &self.0 {
            Held::Long(numbers) => numbers.is_empty(),
            Held::Short { numbers, .. } => numbers.is_empty(),
        }
    }

    /// Entries, with gaps; 0 for a column without any value.
    pub fn len(&self) -> usize {
        match &self.0 {
            Held::Long(numbers) => numbers.len(),
            Held::Short { numbers, .. } => numbers.len(),
        }
    }

    /// Bytes of all entries.
    #[cfg(feature = "cli")]
    pub(super) fn memory(&self) -> usize {
        match &self.0 {
            Held::Long(numbers) => size_of::<f64>() * numbers.capacity(),
            Held::Short { numbers, .. } => size_of::<u32>() * numbers.capacity(),
        }
    }

    /// True where no entry has a value.
    pub fn is_empty(&self) -> bool {
        self.is_absent()
    }
}

/// A number as a whole one, where dividing that gives back the same number to the last bit.
fn shortened(number: f64, per: f64) -> Option<u32> {
    if number.is_nan() {
        return Some(GAP);
    }
    let times = (number * per).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and inside the range as just looked at"
    )]
    (times / per == number && (0.0..f64::from(GAP)).contains(&times)).then_some(times as u32)
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && (0..self.len()).all(|entry| self.get(entry) == other.get(entry))
    }
}

impl FromIterator<Option<Positive>> for Column {
    fn from_iter<I: IntoIterator<Item = Option<Positive>>>(values: I) -> Self {
        Self::from_numbers(values.into_iter().map(|value| value.map_or(f64::NAN, Positive::get)).collect())
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

    #[test]
    fn numbers_come_back_to_the_last_bit_however_they_are_kept() {
        for (numbers, is_short) in [
            (vec![76.3, 0.1, 450.0], true),
            (vec![1.0, 429_496.0], true),
            (vec![1e9, 0.01], false),
            (vec![1e9, 3.0], true),
            (vec![f64::from(GAP), 1.0], false),
            (vec![0.1 + 0.2, 1.0], false),
            (vec![76.266_666_666_7], false),
            (vec![f64::MIN_POSITIVE, 5e-324], false),
        ] {
            let column = Column::from_numbers([&numbers[..], &[f64::NAN]].concat());
            let there: Vec<Option<f64>> = (0..=numbers.len() + 1).map(|entry| column.get(entry)).collect();
            let expected: Vec<Option<f64>> = numbers.iter().copied().map(Some).chain([None, None]).collect();
            assert_eq!(there, expected);
            assert_eq!(matches!(column.0, Held::Short { .. }), is_short, "{numbers:?}");
        }
        // Every figure with up to four digits and three decimals.
        for number in 1..10_000_u32 {
            for per in [1.0, 10.0, 100.0, 1_000.0] {
                let number = f64::from(number) / per;
                assert_eq!(Column::from_numbers(vec![number]).get(0), Some(number));
            }
        }
    }
}
