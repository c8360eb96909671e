//! Numbers as people write them, who may have a comma before the fraction.

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotANumber<'a> {
    /// A comma that stands before a fraction in some countries, and between thousands in others.
    Either {
        /// What stands before it.
        whole: &'a str,
        /// What stands behind it.
        rest: &'a str,
    },
    /// Anything else.
    Other,
}

/// Reads `0.6`, `0,6`, `1.234,5` and `1,234.5`; where a comma may mean two things, nobody guesses.
///
/// A single point is always before the fraction, as in everything else that is read here.
pub(super) fn number(text: &str) -> Result<f64, NotANumber<'_>> {
    let plain = |text: &str| text.parse::<f64>().map_err(|_| NotANumber::Other);
    let (comma, point) = (text.rfind(','), text.rfind('.'));
    match (comma, point) {
        (None, _) if text.matches('.').count() < 2 => plain(text),
        (None, _) => plain(&whole(text, '.').ok_or(NotANumber::Other)?),
        (Some(comma), Some(point)) => {
            let (at, thousands) = if comma > point { (comma, '.') } else { (point, ',') };
            let (before, fraction) = text.split_at(at);
            let before = whole(before, thousands).ok_or(NotANumber::Other)?;
            plain(&format!("{before}.{}", fraction.get(1..).unwrap_or_default()))
        }
        (Some(_), None) if text.matches(',').count() > 1 => {
            plain(&whole(text, ',').ok_or(NotANumber::Other)?)
        }
        (Some(at), None) => {
            let (before, rest) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            if whole(text, ',').is_some() {
                return Err(NotANumber::Either { whole: before, rest });
            }
            plain(&format!("{before}.{rest}"))
        }
    }
}

/// Digits without what stands between their thousands; `None` where it stands elsewhere.
fn whole(text: &str, between: char) -> Option<String> {
    let mut groups = text.split(between);
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next()?;
    // No number of thousands begins with a zero.
    let is_first = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    let are_thousands = groups.all(|group| group.len() == 3 && is_digits(group));
    (is_first && are_thousands).then(|| text.replace(between, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_taken_where_it_can_mean_one_thing() {
        for (text, value) in [
            ("24", 24.0),
            ("0.6", 0.6),
            ("0,6", 0.6),
            ("0,600", 0.6),
            ("936,2", 936.2),
            ("1,2345", 1.2345),
            ("1.234", 1.234),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234.567", 1_234_567.0),
            ("1,234,567", 1_234_567.0),
            ("1.234.567,8", 1_234_567.8),
            ("-3", -3.0),
        ] {
            assert_eq!(number(text), Ok(value), "{text}");
        }
        assert_eq!(number("1,234"), Err(NotANumber::Either { whole: "1", rest: "234" }));
        assert_eq!(number("936,000"), Err(NotANumber::Either { whole: "936", rest: "000" }));
        for text in ["", "much", "1,2,3", "1.2.3", "12,34.5", "1.23,45,6", "±,6€", "1 234"] {
            assert_eq!(number(text), Err(NotANumber::Other), "{text}");
        }
    }
}
