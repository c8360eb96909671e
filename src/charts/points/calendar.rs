//! Dates as numbers, for an axis of time.

use crate::model::PartialDate;

/// Where in its month a date without a day is drawn, in days from its beginning.
const MIDDLE_OF_MONTH: f64 = 14.0;

/// Days since 1970-01-01, with the time of day as a fraction; a date that is only a month lies in its middle.
pub fn days(date: &PartialDate) -> f64 {
    let text = date.as_str();
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
    let first = |from, to| number(from, to).unwrap_or(1);
    let day = number(8, 10);
    let whole = days_from_civil(first(0, 4), first(5, 7), day.unwrap_or(1));
    let minutes = number(11, 13).unwrap_or(0) * 60 + number(14, 16).unwrap_or(0);
    let part = if day.is_some() { as_float(minutes) / 1440.0 } else { MIDDLE_OF_MONTH };
    as_float(whole) + part
}

#[expect(clippy::cast_precision_loss, reason = "days and minutes are far below 2^52")]
pub(super) const fn as_float(days: i64) -> f64 {
    days as f64
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
///
/// Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
pub(super) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a count of days since 1970-01-01; the inverse of [`days_from_civil`].
pub(super) const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<f64> {
        PartialDate::try_from(text.to_owned()).ok().map(|date| days(&date))
    }

    #[test]
    fn known_days() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 3, 1), 11_017);
        assert_eq!(of("2026-02-22"), Some(20_506.0));
        assert_eq!(of("2026-02-22T18:00Z"), Some(20_506.75));
        assert_eq!(of("2026-05"), of("2026-05-15"));
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-800_000..800_000).step_by(7) {
            let (year, month, day) = civil_from_days(days);
            assert!((1..=12).contains(&month) && (1..=31).contains(&day));
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }
}
