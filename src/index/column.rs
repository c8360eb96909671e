//! A column of numbers with gaps.

use std::ops::Range;

use super::Sparse;
use crate::model::Positive;

/// Numbers above zero, some of them missing: two or four bytes each where they have few digits, else eight, and
/// nothing for a column without any.
#[derive(Clone, Debug, Default)]
pub struct Column(Held);

/// How numbers are kept; what [`Column::get`] gives does not depend on it.
#[derive(Clone, Debug)]
enum Held {
    /// As they are. A gap is NaN, which never leaves this type.
    Long(Vec<f64>),
    /// As printed figures are: digits, and where the point stands. Numbers with more digits than fit are apart.
    Narrow(Vec<u16>, Sparse<f64>),
    /// The same with twice the room.
    Wide(Vec<u32>, Sparse<f64>),
}

impl Default for Held {
    fn default() -> Self {
        Self::Long(Vec::new())
    }
}

/// What digits are divided by, by the number of decimals: a division of whole numbers gives the nearest number to
/// what was printed, which is what reading the print gives.
pub(super) const PER: [f64; 8] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7];

/// How many bits a code has, and how many of them say how many decimals there are: 0 to 3, or 0 to 7.
#[derive(Clone, Copy)]
struct Code {
    bits: u32,
    decimals: u32,
}

const NARROW: Code = Code { bits: 16, decimals: 2 };
const WIDE: Code = Code { bits: 32, decimals: 3 };

impl Code {
    /// The code of a gap; the one below it is that of a number that is apart.
    const fn gap(self) -> u32 {
        u32::MAX >> (32 - self.bits)
    }

    /// A number as its code; `None` where it has more digits than fit. Looks for as many decimals as the number before
    /// had first.
    fn of(self, number: f64, before: &mut u32) -> Option<u32> {
        if number.is_nan() {
            return Some(self.gap());
        }
        let place = self.bits - self.decimals;
        for decimals in [*before].into_iter().chain(0..1 << self.decimals) {
            let per = PER.get(decimals as usize)?;
            let times = number * per + 0.5;
            if times >= f64::from(1_u32 << place) {
                continue;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "inside the range, as just looked at, and whether something was cut off is looked at next"
            )]
            let digits = times as u32;
            let code = digits | decimals << place;
            if f64::from(digits) / per == number && code < self.gap() - 1 {
                *before = decimals;
                return Some(code);
            }
        }
        None
    }

    /// The number of a code, or of what is apart.
    fn number(self, code: u32, entry: usize, apart: &Sparse<f64>) -> Option<f64> {
        if code >= self.gap() - 1 {
            return if code == self.gap() { None } else { apart.of(entry).first().copied() };
        }
        let place = self.bits - self.decimals;
        let per = PER.get((code >> place) as usize)?;
        Some(f64::from(code & ((1 << place) - 1)) / per)
    }

    /// Codes of numbers, and those that are apart; `None` where these would take more room than they save.
    fn of_all(self, numbers: &[f64], push: &mut dyn FnMut(u32)) -> Option<Sparse<f64>> {
        // Twelve bytes for each that is apart; the next wider column has twice the bytes for all.
        let most = numbers.len() * (self.bits as usize / 8) / 12;
        let mut apart = Sparse::default();
        let mut decimals = 0;
        for (entry, &number) in (0..).zip(numbers) {
            push(self.of(number, &mut decimals).unwrap_or_else(|| {
                apart.push(entry, number);
                self.gap() - 1
            }));
            if apart.entry.len() > most {
                return None;
            }
        }
        apart.entry.shrink_to_fit();
        apart.value.shrink_to_fit();
        Some(apart)
    }
}

impl Column {
    /// The value of an entry; `None` where it is missing.
    // Called everywhere: inlined, it would be most of what the first view's program grows by.
    #[inline(never)]
    pub fn get(&self, entry: usize) -> Option<f64> {
        match &self.0 {
            Held::Long(numbers) => numbers.get(entry).copied().filter(|value| !value.is_nan()),
            Held::Narrow(codes, apart) => NARROW.number(u32::from(*codes.get(entry)?), entry, apart),
            Held::Wide(codes, apart) => WIDE.number(*codes.get(entry)?, entry, apart),
        }
    }

    /// Adds the values of entries side by side to a list: how the column is kept is looked at once, not for each.
    pub(super) fn add_to(&self, values: &mut Vec<Option<f64>>, entries: Range<usize>) {
        let behind = values.len() + entries.len();
        let from = entries.start;
        match &self.0 {
            Held::Long(_) => values.extend(entries.map(|entry| self.get(entry))),
            Held::Narrow(codes, apart) => {
                let codes = (from..).zip(codes.get(entries).unwrap_or_default());
                values.extend(codes.map(|(entry, &code)| NARROW.number(u32::from(code), entry, apart)));
            }
            Held::Wide(codes, apart) => {
                let codes = (from..).zip(codes.get(entries).unwrap_or_default());
                values.extend(codes.map(|(entry, &code)| WIDE.number(code, entry, apart)));
            }
        }
        // A column without any value has no entries.
        values.resize(behind, None);
    }

    /// Takes numbers above zero, with NaN for gaps.
    pub(super) fn from_numbers(mut numbers: Vec<f64>) -> Self {
        if numbers.iter().all(|number| number.is_nan()) {
            return Self::default();
        }
        let mut narrow = Vec::with_capacity(numbers.len());
        // A narrow code is at most what two bytes hold.
        let mut push = |code| narrow.push(u16::try_from(code).unwrap_or(u16::MAX));
        if let Some(apart) = NARROW.of_all(&numbers, &mut push) {
            return Self(Held::Narrow(narrow, apart));
        }
        drop(narrow);
        let mut wide = Vec::with_capacity(numbers.len());
        if let Some(apart) = WIDE.of_all(&numbers, &mut |code| wide.push(code)) {
            return Self(Held::Wide(wide, apart));
        }
        numbers.shrink_to_fit();
        Self(Held::Long(numbers))
    }

    /// True where no entry has a value.
    pub fn is_absent(&self) -> bool {
        self.is_empty()
    }

    /// Entries, with gaps; 0 for a column without any value.
    pub fn len(&self) -> usize {
        match &self.0 {
            Held::Long(numbers) => numbers.len(),
            Held::Narrow(codes, _) => codes.len(),
            Held::Wide(codes, _) => codes.len(),
        }
    }

    /// Bytes of all entries.
    #[cfg(feature = "cli")]
    pub(super) fn memory(&self) -> usize {
        use super::size::Bytes;
        match &self.0 {
            Held::Long(numbers) => numbers.bytes(),
            Held::Narrow(codes, apart) => codes.bytes() + apart.bytes(),
            Held::Wide(codes, apart) => codes.bytes() + apart.bytes(),
        }
    }

    /// True where no entry has a value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
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

    /// Bytes of an entry, by how the column is kept.
    fn width(column: &Column) -> usize {
        match column.0 {
            Held::Long(_) => 8,
            Held::Wide(..) => 4,
            Held::Narrow(..) => 2,
        }
    }

    #[test]
    fn a_column_of_gaps_takes_no_room() {
        let column: Column = [None, None].into_iter().collect();
        assert!(column.is_absent());
        assert_eq!(column.get(1), None);
        let mut values = Vec::new();
        column.add_to(&mut values, 1..3);
        assert_eq!(values, [None, None]);
    }

    #[test]
    fn numbers_come_back_to_the_last_bit_however_they_are_kept() {
        for (numbers, expected) in [
            (vec![76.3, 0.1, 450.0], 2),
            (vec![16_383.0, 16.381, 0.001], 2),
            (vec![16.383, 1.0], 4),
            (vec![16_384.0, 1.0], 4),
            (vec![1.0, 429_496.0], 4),
            (vec![76.266_667, 6.192_531, 0.000_000_1], 4),
            (vec![f64::from((1 << 29) - 1), 53.687_090_9, 1.0], 4),
            (vec![1e9, 3.0], 4),
            (vec![53.687_091_1; 2], 8),
            (vec![0.1 + 0.2, 1e9], 8),
            (vec![f64::MIN_POSITIVE, 5e-324], 8),
        ] {
            let column = Column::from_numbers([&numbers[..], &[f64::NAN]].concat());
            let there: Vec<Option<f64>> = (0..=numbers.len() + 1).map(|entry| column.get(entry)).collect();
            let values: Vec<Option<f64>> = numbers.iter().copied().map(Some).chain([None, None]).collect();
            assert_eq!(there, values);
            let mut side_by_side = vec![Some(7.0)];
            column.add_to(&mut side_by_side, 1..column.len());
            assert_eq!(side_by_side.get(1..), values.get(1..column.len()));
            assert_eq!(width(&column), expected, "{numbers:?}");
        }
    }

    #[test]
    fn printed_figures_are_narrow_and_come_back() {
        // Every figure with up to four digits and three decimals.
        let figures = [1.0, 10.0, 100.0, 1_000.0]
            .into_iter()
            .flat_map(|per| (1..10_000_u32).map(move |digits| f64::from(digits) / per));
        let figures: Vec<f64> = figures.collect();
        let column = Column::from_numbers(figures.clone());
        assert_eq!(width(&column), 2);
        for (entry, figure) in figures.into_iter().enumerate() {
            assert_eq!(column.get(entry), Some(figure));
        }
    }

    #[test]
    fn a_few_numbers_with_more_digits_make_no_column_wider() {
        for (few, expected) in [(16, 2), (18, 4)] {
            let numbers: Vec<f64> = (1..=100_u32)
                .map(|n| if n <= few { f64::from(n) + 0.123_45 } else { f64::from(n) / 10.0 })
                .collect();
            let column = Column::from_numbers(numbers.clone());
            assert_eq!(width(&column), expected);
            let there: Vec<f64> = (0..100).filter_map(|entry| column.get(entry)).collect();
            assert_eq!(there, numbers);
        }
    }
}
