//! Single cells: rates with their spread, loads, sizes, parameter counts, names with their marks.
//!
//! `Ok(None)` is a value that the report leaves open; `Err` is one that cannot be read.

use crate::model::Positive;

/// A cell that cannot be read, and what was expected in its place.
pub(in crate::import) type Cell<T> = Result<Option<T>, &'static str>;

/// Splits a line of a table at its bars; `\|` is a bar inside a cell.
pub(in crate::import) fn split(line: &str) -> Vec<String> {
    let inner = line.trim().strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => push(&mut cells, chars.next().unwrap_or(c)),
            '|' => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    // What stands behind the last bar is the end of the line.
    if cells.len() > 1 && cells.last().is_some_and(|last| last.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push(cells: &mut [String], c: char) {
    if let Some(last) = cells.last_mut() {
        last.push(c);
    }
}

/// Text with the entities that our own reports use spelt out.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// True for an empty cell and for every dash that stands for a missing value.
pub(in crate::import) fn is_missing(cell: &str) -> bool {
    matches!(cell.trim(), "" | "—" | "–" | "-" | "n/a" | "N/A")
}

/// A number above zero in decimal digits, with or without thousands separators.
pub(in crate::import) fn number(text: &str) -> Option<Positive> {
    let text = text.trim().replace(',', "");
    let plain = text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| plain).and_then(|value: f64| Positive::try_from(value).ok())
}

/// A rate as printed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Rate {
    pub(in crate::import) value: Positive,
    /// `22.7 ±0.5`, or the value alone.
    pub(in crate::import) text: String,
    /// One unit of the last printed digit.
    pub(super) unit: f64,
}

/// `22.7 ±0.5`, with or without the spread; `+/-` and a twice encoded `±` are read too.
pub(in crate::import) fn rate(cell: &str) -> Cell<Rate> {
    const EXPECTED: &str = "a rate above 0, such as 22.7 ±0.5";
    let cell = cell.replace("**", "").replace("Â±", "±").replace("+/-", "±");
    if is_missing(&cell) {
        return Ok(None);
    }
    let (value, spread) = match cell.split_once('±') {
        Some((value, spread)) => (value.trim(), Some(spread.trim())),
        None => (cell.trim(), None),
    };
    let is_spread = |text: &str| text.trim_matches(['0', '.']).is_empty() || number(text).is_some();
    match (number(value), spread) {
        (Some(number), None) => {
            Ok(Some(Rate { value: number, text: value.to_owned(), unit: last_digit(value) }))
        }
        (Some(number), Some(spread)) if !spread.is_empty() && is_spread(spread) => {
            Ok(Some(Rate { value: number, text: format!("{value} ±{spread}"), unit: last_digit(value) }))
        }
        _ => Err(EXPECTED),
    }
}

/// One unit of the last digit of a printed number.
fn last_digit(text: &str) -> f64 {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    (0..decimals.min(20)).fold(1.0, |unit, _| unit / 10.0)
}

/// `50s`, `1m41s`, `1h02m03s` in seconds.
pub(super) fn load(cell: &str) -> Cell<Positive> {
    const EXPECTED: &str = "a duration such as 50s or 1m41s";
    if is_missing(cell) {
        return Ok(None);
    }
    let mut seconds = 0.0;
    let mut rest = cell.trim();
    for (unit, factor) in [('h', 3600.0), ('m', 60.0), ('s', 1.0)] {
        let Some((digits, after)) = rest.split_once(unit) else { continue };
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value: f64 = digits.parse().ok().filter(|_| plain && digits.len() <= 20).ok_or(EXPECTED)?;
        seconds += value * factor;
        rest = after;
    }
    match Positive::try_from(seconds) {
        Ok(seconds) if rest.is_empty() => Ok(Some(seconds)),
        _ => Err(EXPECTED),
    }
}

/// A count that the report may call approximate with a `~`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct About {
    pub(super) value: Positive,
    pub(super) approximate: bool,
}

/// `~71 GiB`.
pub(super) fn size(cell: &str) -> Cell<About> {
    const EXPECTED: &str = "a size such as ~71 GiB";
    if is_missing(cell) {
        return Ok(None);
    }
    let (approximate, text) = about(cell);
    let value = text.strip_suffix("GiB").and_then(number).ok_or(EXPECTED)?;
    Ok(Some(About { value, approximate }))
}

/// `139B`, `~20B` or `350M` in thousand millions.
pub(super) fn params(cell: &str) -> Cell<About> {
    const EXPECTED: &str = "a count of parameters such as 139B";
    if is_missing(cell) {
        return Ok(None);
    }
    let (approximate, text) = about(cell);
    let value = match text.strip_suffix('M') {
        Some(millions) => number(millions).and_then(|count| Positive::try_from(count.get() / 1e3).ok()),
        None => text.strip_suffix('B').and_then(number),
    };
    Ok(Some(About { value: value.ok_or(EXPECTED)?, approximate }))
}

fn about(cell: &str) -> (bool, &str) {
    let text = cell.trim();
    match text.strip_prefix('~') {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    }
}

/// Total and active parameters in one text: `30B (3B MoE)`, `30B total / 3B active (MoE)`,
/// `3.8B (dense)`, `3.8B`. A single count is that of a dense model, which uses all of them.
pub(super) fn both_params(cell: &str) -> Result<[Option<About>; 2], &'static str> {
    if let Some((total, active)) = cell.split_once('/') {
        let active = active.trim().split(' ').next().unwrap_or_default();
        return Ok([params(total.trim().trim_end_matches("total"))?, params(active)?]);
    }
    let (total, inside) = cell.split_once('(').unwrap_or((cell, ""));
    let total = params(total)?;
    let inside = inside.trim_end().trim_end_matches(')').trim();
    match inside.trim_end_matches("MoE").trim() {
        "" | "dense" => Ok([total, total]),
        active => Ok([total, params(active)?]),
    }
}

/// `8192`, `8,192` or `8K` tokens.
pub(super) fn tokens(cell: &str) -> Cell<u32> {
    const EXPECTED: &str = "a number of tokens";
    if is_missing(cell) {
        return Ok(None);
    }
    let text = cell.trim().replace(',', "");
    let (digits, factor) = match text.strip_suffix(['K', 'k']) {
        Some(digits) => (digits, 1024),
        None => (&*text, 1),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let count: Option<u32> = digits.parse().ok().filter(|_| plain);
    count.and_then(|count| count.checked_mul(factor)).map(Some).ok_or(EXPECTED)
}

/// The name of a model and the marks that stood behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    /// `(vision)` or `*(vision)*`: also reads images.
    pub(super) vision: bool,
    /// `[reference]`: measured again, to compare with.
    pub(super) reference: bool,
}

/// Takes the marks off a name.
pub(super) fn name(cell: &str) -> Name {
    let mut name = Name::default();
    let unbold = cell.replace("**", "");
    let mut text = unbold.trim();
    loop {
        let vision = text.strip_suffix("*(vision)*").or_else(|| text.strip_suffix("(vision)"));
        let reference = text.strip_suffix("[reference]");
        name.vision |= vision.is_some();
        name.reference |= reference.is_some();
        match vision.or(reference).or_else(|| text.strip_suffix(['‡', '†'])) {
            Some(rest) => text = rest.trim_end(),
            None => break,
        }
    }
    name.text = unescape(text);
    name
}

/// True where a word looks like the name of a weight format: `Q4_K_M`, `UD-Q4_K_XL`, `IQ4_XS`, `MXFP4`.
pub(in crate::import) fn is_quant(word: &str) -> bool {
    let plain = word.strip_prefix("UD-").unwrap_or(word);
    let numbered = |prefix: &str| {
        plain.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let word = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    word && ["Q", "IQ", "TQ", "MXFP", "NVFP", "BF", "F", "FP", "INT"].into_iter().any(numbered)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn text(cell: &str) -> Result<Option<String>, &'static str> {
        rate(cell).map(|rate| rate.map(|rate| rate.text))
    }

    #[test]
    fn rates_are_read_however_they_are_written() {
        for cell in ["22.7 ±0.5", "22.7 ± 0.5", "22.7±0.5", "22.7 +/- 0.5", "**22.7 Â±0.5**"] {
            assert_eq!(text(cell), Ok(Some("22.7 ±0.5".to_owned())), "{cell}");
        }
        assert_eq!(text("3.0 ±0.0"), Ok(Some("3.0 ±0.0".to_owned())));
        assert_eq!(rate("1,416.7 ±275.2").unwrap().unwrap().value.get(), 1416.7);
        assert_eq!(rate("696 ±105").unwrap().unwrap().unit, 1.0);
        for missing in ["", "—", "-", "n/a"] {
            assert_eq!(text(missing), Ok(None), "{missing}");
        }
        for bad in ["0", "0.0 ±0.0", "-3", "fast", "22.7 ±", "22.7 ±x", "1e3", "inf", "NaN", "1.2.3", "±1"]
        {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loads_are_read_in_every_form() {
        let seconds = |cell: &str| load(cell).unwrap().unwrap().get();
        assert_eq!(
            ["50s", "1m00s", "1m41s", "1h02m03s", "2.5s"].map(seconds),
            [50.0, 60.0, 101.0, 3723.0, 2.5]
        );
        assert_eq!(load("—"), Ok(None));
        for bad in ["50", "s", "1m41", "1s1m", "-5s", "0s", "1m x", "∞s"] {
            assert!(load(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parameters_are_read_in_every_form() {
        let read = |cell: &str| both_params(cell).unwrap().map(|about| about.unwrap().value.get());
        for cell in ["30B (3B MoE)", "30B total / 3B active (MoE)", "30B (~3B MoE)"] {
            assert_eq!(read(cell), [30.0, 3.0], "{cell}");
        }
        for cell in ["3.8B", "3.8B (dense)"] {
            assert_eq!(read(cell), [3.8, 3.8], "{cell}");
        }
        assert!(both_params("20B (~4B MoE)").unwrap()[1].unwrap().approximate);
        assert_eq!(read("350M"), [0.35, 0.35]);
        assert_eq!(both_params("—"), Ok([None, None]));
        assert!(both_params("many").is_err() && both_params("30B (some MoE)").is_err());
    }

    #[test]
    fn marks_come_off_a_name() {
        let read = |cell: &str| {
            let name = name(cell);
            (name.text, name.vision, name.reference)
        };
        assert_eq!(read("Owl 7B Q4_K_M *(vision)* ‡"), ("Owl 7B Q4_K_M".to_owned(), true, false));
        assert_eq!(read("**Owl 7B** [reference]"), ("Owl 7B".to_owned(), false, true));
        assert_eq!(read("Owl (vision) 7B"), ("Owl (vision) 7B".to_owned(), false, false));
    }

    #[test]
    fn weight_formats_are_told_from_other_words() {
        for quant in ["Q4_K_M", "UD-Q4_K_XL", "IQ4_XS", "MXFP4", "Q8_0", "BF16"] {
            assert!(is_quant(quant), "{quant}");
        }
        for word in ["70B", "Instruct", "Flash", "Fast", "Q", "Qwen3", "4bit", ""] {
            assert!(!is_quant(word), "{word}");
        }
    }

    #[test]
    fn a_bar_in_a_cell_is_escaped() {
        assert_eq!(split(r"| a \| b | c |  |"), ["a | b", "c", ""]);
        assert_eq!(split("|"), [""]);
        assert_eq!(split("| a | b"), ["a", "b"]);
    }
}
