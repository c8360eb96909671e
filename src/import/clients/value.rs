//! Values inside a JSON document, by their pointers, and what may be kept of words.

use serde_json::Value;

use crate::model::PartialDate;

/// Longest text that is kept of a field, in characters.
const LONGEST: usize = 300;

/// Longest word of an error that is kept: a longer one is a key, an id or a path.
const LONGEST_WORD: usize = 32;

/// A finite number, also one that was written as text.
pub(super) fn number(value: &Value, at: &str) -> Option<f64> {
    match value.pointer(at)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A text that is not empty; a number as text.
pub(super) fn text(value: &Value, at: &str) -> Option<String> {
    let text = match value.pointer(at)? {
        Value::String(text) => text.trim().chars().take(LONGEST).collect(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    (!text.is_empty()).then_some(text)
}

/// The first text of several places: versions of a tool move their fields.
pub(super) fn first_text(value: &Value, places: &[&str]) -> Option<String> {
    places.iter().find_map(|at| text(value, at))
}

/// The first number of several places.
pub(super) fn first_number(value: &Value, places: &[&str]) -> Option<f64> {
    places.iter().find_map(|at| number(value, at))
}

/// The items of a list; none where there is none.
pub(super) fn items<'a>(value: &'a Value, at: &str) -> &'a [Value] {
    value.pointer(at).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A number of tokens or requests as a count, rounded; `None` below one.
pub(super) fn whole(number: f64) -> Option<u32> {
    let rounded = number.round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "inside the range, as just looked at"
    )]
    (1.0..4e9).contains(&rounded).then_some(rounded as u32)
}

/// Requests in flight.
pub(super) fn in_flight(number: f64) -> Option<u16> {
    whole(number).filter(|_| number.fract() == 0.0).and_then(|count| u16::try_from(count).ok())
}

/// The day of a time without a zone: `2026-11-21T10:26:25.928353` and `2026-11-21 10:26:25`.
///
/// The hour is left away, for nobody knows whose it is.
pub(super) fn local_day(text: &str) -> Option<PartialDate> {
    PartialDate::try_from(text.trim().get(..10)?.to_owned()).ok()
}

/// An error in the words of its source, without what could be a path, an address or a key.
pub(super) fn harmless(error: &str) -> String {
    let line = error.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let is_private = |word: &str| {
        word.contains("//")
            || word.matches(['/', '\\']).count() > 1
            || word.contains("sk-")
            || word.chars().count() > LONGEST_WORD
    };
    let words = line.split_whitespace().map(|word| if is_private(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_lose_addresses_paths_and_keys() {
        let error = "\n  HTTPStatusError(\"Server error '500 Internal Server Error' for url 'http://10.0.0.1:8000/v1/chat')\nTraceback";
        assert_eq!(harmless(error), "HTTPStatusError(\"Server error '500 Internal Server Error' for url …");
        assert_eq!(harmless("no file /home/someone/x at sk-abc or/and"), "no file … at … or/and");
        assert_eq!(harmless(&"x".repeat(40)), "…");
    }

    #[test]
    fn counts_are_whole_and_days_have_no_hour() {
        assert_eq!([0.4, 24.67, 5e9].map(whole), [None, Some(25), None]);
        assert_eq!([2.0, 2.5, 70_000.0].map(in_flight), [Some(2), None, None]);
        let day = |text: &str| local_day(text).map(|day| day.as_str().to_owned());
        assert_eq!(day("2026-11-21 10:28:26").as_deref(), Some("2026-11-21"));
        assert_eq!(day("soon"), None);
    }
}
