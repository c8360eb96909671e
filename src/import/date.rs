//! Dates as tools write them, as dates of run files: to the minute, in UTC.

use crate::model::PartialDate;

/// `2026-05-03T07:56:57Z` without its seconds; `None` for any other form.
pub(super) fn of_iso(text: &str) -> Option<PartialDate> {
    let (minute, rest) = text.split_at_checked(16)?;
    let seconds = rest.strip_suffix('Z')?;
    let plain = seconds.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'));
    PartialDate::try_from(format!("{minute}Z")).ok().filter(|_| plain)
}

/// `20261121-103020` of a clock without a zone: the day, for the hour may be any.
pub(super) fn of_stamp(text: &str) -> Option<PartialDate> {
    let (day, time) = text.split_once('-')?;
    let digits =
        |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let ((year, month), day) = (day.get(..4).zip(day.get(4..6))?, day.get(6..)?);
    PartialDate::try_from(format!("{year}-{month}-{day}")).ok().filter(|_| digits(day, 2) && digits(time, 6))
}

/// Seconds since the start of 1970.
///
/// The days become a date as in Howard Hinnant, "chrono-compatible low-level date algorithms" (2013),
/// `civil_from_days`: years begin in March, so that the leap day is their last.
pub fn of_epoch(seconds: u64) -> Option<PartialDate> {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute) = (seconds / 3_600 % 24, seconds / 60 % 60);
    PartialDate::try_from(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_dates_to_the_minute() {
        let text = |date: Option<PartialDate>| date.map(|date| date.as_str().to_owned()).unwrap_or_default();
        assert_eq!(text(of_iso("2026-05-03T07:56:57Z")), "2026-05-03T07:56Z");
        assert_eq!(text(of_iso("2026-05-03T07:56:57.123Z")), "2026-05-03T07:56Z");
        for bad in [
            "2026-05-03 07:56:57",
            "2026-05-03T07:56:57",
            "2026-05-03T07:56:57+02:00",
            "2026-13-03T07:56:57Z",
            "±±±±±±±±±±±±",
        ] {
            assert_eq!(of_iso(bad), None, "{bad}");
        }
        assert_eq!(text(of_stamp("20261121-103020")), "2026-11-21");
        assert_eq!(
            [of_stamp("20261321-103020"), of_stamp("2026-11-21"), of_stamp("±±±-103020")],
            [None, None, None]
        );
        assert_eq!(text(of_epoch(1_795_256_566)), "2026-11-21T10:22Z");
        assert_eq!(text(of_epoch(951_782_400)), "2000-02-29T00:00Z");
        assert_eq!((of_epoch(0), of_epoch(u64::MAX)), (None, None));
    }
}
