//! How findings speak: what a value is called, which unit a field counts, which name was meant.

use super::finding::LONGEST_QUOTE;
pub(super) use super::finding::quote;
use super::node::{Kind, Node};

/// What a node is, as it stands in the file: `12.5`, `text "fast"`, `a list`, `nothing`.
pub(super) fn describe(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a mapping".to_owned(),
        Kind::Scalar { text, quoted: false } if is_bare(text) => text.clone().into_owned(),
        Kind::Scalar { text, .. } => format!("text {}", quote(text)),
    }
}

/// Plain scalars that look like a number or a truth value are repeated without quotes.
fn is_bare(text: &str) -> bool {
    let short = text.len() <= LONGEST_QUOTE;
    short && (number(text).is_some() || truth(text).is_some() || is_not_finite(text))
}

/// The value of a decimal number: `12`, `-3.5`, `.5`, `1e3`; no other base, no separators.
pub(super) fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if mantissa_fits && exponent_fits { text.parse().ok() } else { None }
}

/// The truth value of `true` or `false`; `yes` and `on` are text, as in YAML 1.2.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// True for the many ways to write "not a number" and "infinite".
pub(super) fn is_not_finite(text: &str) -> bool {
    let word = text.strip_prefix(['-', '+']).unwrap_or(text);
    let word = word.strip_prefix('.').unwrap_or(word);
    ["nan", "inf", "infinity"].iter().any(|bad| word.eq_ignore_ascii_case(bad))
}

/// What to write instead of a text in a field that holds a number.
pub(super) fn number_instead_of(text: &str, field: &str) -> String {
    let kind = match unit(field) {
        Some(unit) => format!("a number in {unit}"),
        None => "a number".to_owned(),
    };
    let starts_with_number = || {
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(text.len());
        text.get(..end).and_then(number).is_some()
    };
    if number(text).is_some() {
        format!("{kind}, without quotes")
    } else if number(&text.replacen(',', ".", 1)).is_some()
        || number(&text.replace([',', '_', ' '], "")).is_some()
    {
        format!("{kind}, with a decimal point and no other separator")
    } else if starts_with_number() {
        format!("{kind}, without a unit")
    } else {
        kind
    }
}

/// The unit that the end of a field's name states.
fn unit(field: &str) -> Option<&'static str> {
    const ENDINGS: [(&str, &str); 9] = [
        ("_tok_per_s", "tokens per second"),
        ("_gb_per_s", "GB/s (10⁹ bytes)"),
        ("_tflop_per_s", "TFLOP/s"),
        ("_ms", "milliseconds"),
        ("_gib", "GiB"),
        ("_tokens", "tokens"),
        ("_params_b", "thousand millions"),
        ("_w", "watts"),
        ("_s", "seconds"),
    ];
    ENDINGS.iter().find(|(ending, _)| field.ends_with(ending)).map(|(_, unit)| *unit)
}

/// What a type of the model is called in a sentence.
pub(super) fn type_name(name: &str) -> &str {
    match name {
        "Run" => "a run",
        "Backend" => "a backend",
        "Settings" => "settings",
        "SourceRef" => "a source of a run",
        "ResultEntry" => "a result",
        "Repetition" => "a repetition",
        "RangeEntry" => "a range",
        "Family" => "a family",
        "Variant" => "a variant",
        "Quant" => "a quant",
        "Hardware" => "a rig",
        "Probe" => "a probe",
        "Unlisted" => "an unlisted family",
        "Shape" => "a shape",
        "Term" => "a term",
        "Source" => "a source",
        "Planned" => "a planned measurement",
        "Mapping" => "a mapping",
        "Column" => "a column",
        "Plan" => "a plan",
        "Set" => "a set of a plan",
        "Part" => "a part of a set",
        other => other,
    }
}

/// A list of allowed words, or the one that was probably meant.
pub(super) fn one_of(what: &str, allowed: &[&str], written: &str) -> String {
    match nearest(written, allowed) {
        Some(meant) => format!("{what}; did you mean \"{meant}\"?"),
        None => format!("{what}: {}", allowed.join(", ")),
    }
}

/// One word of several, with the one that was probably meant.
pub(super) fn choice(allowed: &[&str], written: &str) -> String {
    let hint = nearest(written, allowed).map(|meant| format!("; did you mean \"{meant}\"?"));
    format!("one of {}{}", allowed.join(", "), hint.unwrap_or_default())
}

/// The allowed word nearest to a written one, unless all are far from it.
pub(super) fn nearest<'a>(written: &str, allowed: &[&'a str]) -> Option<&'a str> {
    // Distances are quadratic in length; nothing that long is a slip of the pen.
    if written.len() > LONGEST_QUOTE {
        return None;
    }
    let written = written.to_lowercase();
    let first_word = |name: &str| name.split(['_', '-', ' ']).next().unwrap_or_default().to_owned();
    let near = |name: &&str| {
        let longest = written.chars().count().max(name.chars().count());
        let distance = distance(&written, &name.to_lowercase());
        let same_start = !written.is_empty() && first_word(name) == first_word(&written);
        (distance * 3 <= longest || same_start).then_some(distance)
    };
    allowed.iter().filter_map(|name| Some((near(name)?, *name))).min().map(|(_, name)| name)
}

/// Edit distance: insertions, deletions and replacements of characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(&right) {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = *cell;
            before = replaced.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimal_numbers_are_numbers() {
        for good in ["12", "-3", "+4", "1.5", ".5", "5.", "1e3", "1.5E-3", "007"] {
            assert!(number(good).is_some(), "{good}");
        }
        for bad in [
            "", ".", "-", "e3", "1e", "0x1F", "1_000", "1,5", "12 ms", "NaN", ".inf", "infinity", "１２",
            "1e+-3",
        ] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_text_in_place_of_a_number_is_answered_with_what_to_write() {
        for (text, field, answer) in [
            ("71 GiB", "file_size_gib", "a number in GiB, without a unit"),
            ("350W", "power_cap_w", "a number in watts, without a unit"),
            ("0.3 s", "ttft_ms", "a number in milliseconds, without a unit"),
            ("12.5", "load_s", "a number in seconds, without quotes"),
            (
                "12,5",
                "decode_tok_per_s",
                "a number in tokens per second, with a decimal point and no other separator",
            ),
            ("fast", "decode_tok_per_s", "a number in tokens per second"),
            ("fast", "min", "a number"),
        ] {
            assert_eq!(number_instead_of(text, field), answer);
        }
    }

    #[test]
    fn the_nearest_name_is_offered_when_it_is_near() {
        let fields = ["ttft_ms", "tpot_ms", "decode_tok_per_s", "note"];
        assert_eq!(nearest("ttft_s", &fields), Some("ttft_ms"));
        assert_eq!(nearest("decode", &fields), Some("decode_tok_per_s"));
        assert_eq!(nearest("Notes", &fields), Some("note"));
        assert_eq!(nearest("colour", &fields), None);
        assert_eq!(nearest("", &fields), None);
    }

    #[test]
    fn distance_is_the_number_of_edits() {
        for (left, right, edits) in
            [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)]
        {
            assert_eq!(distance(left, right), edits);
        }
    }

    #[test]
    fn nothing_that_a_terminal_would_obey_is_repeated() {
        assert_eq!(quote("a\u{1b}[31m\u{202e}b"), "\"a\\u{1b}[31m\\u{202e}b\"");
    }
}
