//! Numbers that look random and are the same on every machine.

use tokscope::model::{PartialDate, Positive};

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly spread from 0 up to, but not, 1.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or_default()) / 4_294_967_296.0
    }

    /// Evenly spread between two numbers.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A number below a limit; 0 for the limit 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        usize::try_from(self.next().checked_rem(limit).unwrap_or_default()).unwrap_or_default()
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// A factor near 1, as repetitions differ: about ±1 %.
    pub(super) fn jitter(&mut self) -> f64 {
        let sum = self.unit() + self.unit() + self.unit() - 1.5;
        1.0 + sum * 0.02
    }

    /// A day between two years, the second left out.
    pub(super) fn day(&mut self, from_year: usize, to_year: usize) -> Option<PartialDate> {
        let year = from_year + self.below(to_year - from_year);
        let (month, day) = (1 + self.below(12), 1 + self.below(28));
        PartialDate::try_from(format!("{year}-{month:02}-{day:02}")).ok()
    }
}

/// A number as a source would print it: three to four digits.
pub(super) fn printed(value: f64) -> Option<Positive> {
    let scale = match value {
        v if v < 10.0 => 100.0,
        v if v < 1000.0 => 10.0,
        _ => 1.0,
    };
    Positive::try_from((value * scale).round() / scale).ok()
}
