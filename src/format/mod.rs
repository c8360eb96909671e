//! Numbers, ranges and dates as text.
//!
//! What the reader sees follows the reader's [`Locale`]; what a machine reads does not.

pub mod xml;

use crate::model::{Metric, PartialDate, fixed};

/// The missing value.
pub const MISSING: &str = "—";

/// How the reader's language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Between whole and fraction.
    pub decimal: char,
    /// Between groups of three digits; `None` for no grouping.
    pub group: Option<char>,
}

impl Default for Locale {
    /// English: `1,416.7`.
    fn default() -> Self {
        Self { decimal: '.', group: Some(',') }
    }
}

impl Locale {
    /// A number with a fixed count of decimals.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let plain = fixed(value, decimals);
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 4);
        for (position, digit) in whole.chars().enumerate() {
            let left = whole.len() - position;
            if let Some(group) = self.group.filter(|_| position > 0 && left % 3 == 0) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal);
            text.push_str(fraction);
        }
        text
    }

    /// A count.
    pub fn count(self, count: usize) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts on screen are far below 2^52")]
        self.number(count as f64, 0)
    }

    /// A value of a metric, without its unit.
    pub fn value(self, metric: Metric, value: f64) -> String {
        self.number(value, decimals(metric))
    }

    /// A repetition or deviation, with one more decimal than a value.
    pub fn precise(self, metric: Metric, value: f64) -> String {
        self.number(value, decimals(metric) + 1)
    }

    /// `76.3–87.6`, or one number where both ends read the same.
    pub fn range(self, metric: Metric, low: f64, high: f64) -> String {
        let (low, high) = (self.value(metric, low), self.value(metric, high));
        if low == high { low } else { format!("{low}–{high}") }
    }
}

/// Decimals of a metric, as its sources print it.
const fn decimals(metric: Metric) -> usize {
    match metric {
        Metric::Decode | Metric::Prefill | Metric::Output | Metric::Tpot => 1,
        Metric::Ttft | Metric::EndToEnd | Metric::Load => 0,
    }
}

/// `2026-02-22 19:42 UTC`, or as much of it as is known.
pub fn date(date: &PartialDate) -> String {
    match date.as_str().split_once('T') {
        Some((day, time)) => format!("{day} {} UTC", time.trim_end_matches('Z')),
        None => date.as_str().to_owned(),
    }
}

/// `1 result`, `2 results`: a count with its noun.
pub fn counted(locale: Locale, count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", locale.count(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_locale() {
        let english = Locale::default();
        let german = Locale { decimal: ',', group: Some('.') };
        let plain = Locale { decimal: '.', group: None };
        assert_eq!(english.number(35_490.6, 1), "35,490.6");
        assert_eq!(german.number(35_490.6, 1), "35.490,6");
        assert_eq!(plain.number(35_490.6, 1), "35490.6");
        assert_eq!(english.number(999.96, 1), "1,000.0");
        assert_eq!(english.count(100), "100");
    }

    #[test]
    fn a_range_collapses_where_its_ends_read_the_same() {
        let locale = Locale::default();
        assert_eq!(locale.range(Metric::Decode, 76.3, 87.6), "76.3–87.6");
        assert_eq!(locale.range(Metric::Decode, 37.97, 38.01), "38.0");
        assert_eq!(locale.range(Metric::Ttft, 59.0, 5620.0), "59–5,620");
    }

    #[test]
    fn dates_keep_their_precision() {
        let text = |text: &str| PartialDate::try_from(text.to_owned()).map(|d| date(&d));
        assert_eq!(text("2026-05").as_deref(), Ok("2026-05"));
        assert_eq!(text("2026-02-22T19:42Z").as_deref(), Ok("2026-02-22 19:42 UTC"));
    }
}
