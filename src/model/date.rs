//! Dates as precise as their source was.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A date as precise as its source: `2026-05`, `2026-05-16` or `2026-02-22T19:42Z` (always UTC).
///
/// The text form is the only form, so comparing two of them compares them in time, with the less
/// precise one first where one is the start of the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PartialDate(String);

impl PartialDate {
    /// Stands in for a date that could not be read, until the fault is reported.
    pub(crate) fn unknown() -> Self {
        Self("2000-01".to_owned())
    }

    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year and month, `2026-05`.
    pub fn month(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }

    /// Year, month and, where known, day: the date without its time.
    pub fn day(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is not a date in one of the three forms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found \"{0}\", expected a date such as 2026-05, 2026-05-16 or 2026-02-22T19:42Z")]
pub struct NotADate(String);

impl TryFrom<String> for PartialDate {
    type Error = NotADate;

    fn try_from(text: String) -> Result<Self, NotADate> {
        if is_partial_date(&text) { Ok(Self(text)) } else { Err(NotADate(text)) }
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn is_partial_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(range)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let separator = |at: usize, wanted: u8| text.as_bytes().get(at) == Some(&wanted);
    let within = |range, low, high| number(range).is_some_and(|n| (low..=high).contains(&n));

    let year_and_month = within(0..4, 2000, 2199) && separator(4, b'-') && within(5..7, 1, 12);
    let month = number(5..7).unwrap_or(0);
    let leap = number(0..4).is_some_and(|y| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = || separator(7, b'-') && within(8..10, 1, days);
    let time = || {
        separator(10, b'T')
            && within(11..13, 0, 23)
            && separator(13, b':')
            && within(14..16, 0, 59)
            && separator(16, b'Z')
    };
    match text.len() {
        7 => year_and_month,
        10 => year_and_month && day(),
        17 => year_and_month && day() && time(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_precisions_are_read_and_nothing_else() {
        for good in ["2026-05", "2024-02-29", "2026-02-22T19:42Z"] {
            assert!(PartialDate::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in
            ["2026", "2026-13", "2026-02-29", "2026-2-1", "26-02-01", "2026-05-16 10:00", "", "２０２６-05"]
        {
            assert!(PartialDate::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn order_is_order_in_time() {
        let date = |text: &str| PartialDate::try_from(text.to_owned());
        assert!(date("2025-11").ok() < date("2026-04").ok());
        assert!(date("2026-02-22T19:42Z").ok() < date("2026-02-23T09:37Z").ok());
    }
}
