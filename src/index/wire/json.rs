//! JSON as far as an index needs it: read straight into columns, and into values for the catalog.
//!
//! A general reader was a twelfth of the program that a reader of the first view waits for, because it knows every
//! type of number and what may be wrong with each. This one is held to the same verdicts by its tests.

use crate::index::IndexError;
use crate::index::column::PER;

/// How deep lists and objects may lie in each other.
const DEEPEST: u32 = 100;

/// Digits below this have room for one more.
const MOST_DIGITS: u64 = u64::MAX / 10;

/// Any value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Json {
    #[default]
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A field of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The items of a list; none for anything else.
    pub(super) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, where it is one.
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

/// A number as it is written: digits, and the power of ten that they are multiplied by.
pub(super) struct Decimal {
    pub(super) is_negative: bool,
    pub(super) digits: u64,
    pub(super) exponent: i32,
}

/// What was expected where reading stopped.
pub(super) struct Expected(pub(super) &'static str);

/// Reads from the start of a file to its end.
pub(super) struct Reader<'a> {
    json: &'a str,
    at: usize,
    depth: u32,
}

/// Reads one value of a known kind.
type Read<'r, 'a> = &'r mut dyn FnMut(&mut Reader<'a>) -> Result<(), Expected>;

impl<'a> Reader<'a> {
    /// Reads a file, which is one object, field by field.
    pub(super) fn file(
        json: &'a [u8],
        field: &mut dyn FnMut(&mut Self, &str) -> Result<(), Expected>,
    ) -> Result<(), IndexError> {
        let text = std::str::from_utf8(json);
        let valid = text.as_ref().map_or_else(|error| error.valid_up_to(), |text| text.len());
        let mut reader = Reader { json: text.unwrap_or_default(), at: 0, depth: 0 };
        let read = match text {
            Ok(_) => reader.fields(field).and_then(|()| match reader.next() {
                None => Ok(()),
                Some(_) => Err(Expected("the end of the file")),
            }),
            Err(_) => Err(Expected("text in UTF-8")),
        };
        let at = if text.is_ok() { reader.at } else { valid };
        read.map_err(|Expected(what)| {
            let before = json.get(..at).unwrap_or(json);
            let line = before.split(|&byte| byte == b'\n');
            let column = line.clone().next_back().map_or(0, <[u8]>::len) + 1;
            IndexError::Json { line: line.count(), column, message: format!("expected {what}") }
        })
    }

    /// The next byte that is no blank, without taking it.
    #[inline(never)]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.json.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    #[inline(never)]
    fn take(&mut self, byte: u8, what: &'static str) -> Result<(), Expected> {
        if self.next() != Some(byte) {
            return Err(Expected(what));
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a byte, where it is next.
    fn byte(&mut self, byte: u8) -> bool {
        let found = self.json.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.json.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if found {
            self.at += word.len();
        }
        found
    }

    /// What stands between two brackets, with commas between.
    #[inline(never)]
    fn between(&mut self, close: u8, item: Read<'_, 'a>) -> Result<(), Expected> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Expected("fewer lists inside lists"));
        }
        if self.next() == Some(close) {
            self.at += 1;
        } else {
            loop {
                item(self)?;
                let next = self.next();
                self.at += usize::from(next.is_some());
                match next {
                    Some(b',') => {}
                    Some(byte) if byte == close => break,
                    _ => return Err(Expected("a comma, or the end of the list or object")),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The items of a list.
    pub(super) fn list(&mut self, item: Read<'_, 'a>) -> Result<(), Expected> {
        self.take(b'[', "a list")?;
        self.between(b']', item)
    }

    /// The fields of an object.
    pub(super) fn fields(
        &mut self,
        field: &mut dyn FnMut(&mut Self, &str) -> Result<(), Expected>,
    ) -> Result<(), Expected> {
        self.take(b'{', "an object")?;
        self.between(b'}', &mut |reader| {
            let name = reader.text()?;
            reader.take(b':', "a colon")?;
            field(reader, &name)
        })
    }

    /// A text in quotes.
    #[inline(never)]
    pub(super) fn text(&mut self) -> Result<String, Expected> {
        self.take(b'"', "a text in quotes")?;
        let mut text = String::new();
        loop {
            let from = self.at;
            let rest = self.json.as_bytes().get(from..).unwrap_or_default();
            let end = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
            self.at += end.unwrap_or(rest.len());
            text.push_str(self.json.get(from..self.at).unwrap_or_default());
            match self.json.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escaped().ok_or(Expected("an escape of JSON"))?);
                }
                _ => return Err(Expected("the end of the text, without control characters")),
            }
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Option<char> {
        let byte = *self.json.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four_digits()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                let second = if self.word("\\u") { self.four_digits()? } else { return None };
                let low = second.checked_sub(0xdc00).filter(|&low| low < 0x400)?;
                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)?
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.json.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.chars().try_fold(0, |number, digit| Some(number << 4 | digit.to_digit(16)?))
    }

    /// A number.
    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<f64, Expected> {
        let Decimal { is_negative, digits, exponent } = self.decimal()?;
        let number = scaled(digits, exponent);
        Ok(if is_negative { -number } else { number })
    }

    /// A number as it is written.
    pub(super) fn decimal(&mut self) -> Result<Decimal, Expected> {
        let wrong = Expected("a number");
        self.next();
        let is_negative = self.byte(b'-');
        let starts_with_zero = self.byte(b'0');
        let (mut digits, mut exponent) = (0_u64, 0_i32);
        let whole = self.digits(&mut digits, &mut exponent);
        if starts_with_zero == (whole > 0) {
            return Err(wrong);
        }
        if self.byte(b'.') {
            let mut left_out = 0;
            let decimals = self.digits(&mut digits, &mut left_out);
            if decimals == 0 {
                return Err(wrong);
            }
            exponent = exponent.saturating_sub(decimals - left_out);
        }
        if self.byte(b'e') || self.byte(b'E') {
            let is_small = self.byte(b'-');
            if !is_small {
                self.byte(b'+');
            }
            let (mut power, mut left_out) = (0_u64, 0);
            if self.digits(&mut power, &mut left_out) == 0 {
                return Err(wrong);
            }
            let power = i32::try_from(power).unwrap_or(i32::MAX / 2).min(i32::MAX / 2);
            exponent = exponent.saturating_add(if is_small { -power } else { power });
        }
        Ok(Decimal { is_negative, digits, exponent })
    }

    /// Reads digits behind others, as far as there is room for them; counts all, and those without room.
    fn digits(&mut self, digits: &mut u64, left_out: &mut i32) -> i32 {
        let mut count = 0_i32;
        while let Some(digit) = self.json.as_bytes().get(self.at).filter(|byte| byte.is_ascii_digit()) {
            if *left_out == 0 && *digits < MOST_DIGITS {
                *digits = *digits * 10 + u64::from(digit - b'0');
            } else {
                *left_out = left_out.saturating_add(1);
            }
            count = count.saturating_add(1);
            self.at += 1;
        }
        count
    }

    /// A number, or NaN for `null`.
    pub(super) fn number_or_null(&mut self) -> Result<f64, Expected> {
        if self.null() { Ok(f64::NAN) } else { self.number() }
    }

    /// Takes a `null`, where one is next.
    pub(super) fn null(&mut self) -> bool {
        self.next() == Some(b'n') && self.word("null")
    }

    /// Any value.
    #[inline(never)]
    pub(super) fn value(&mut self) -> Result<Json, Expected> {
        let value = match self.next() {
            Some(b'"') => Json::Text(self.text()?),
            Some(b'[') => {
                let mut items = Vec::new();
                self.list(&mut |reader| reader.value().map(|value| items.push(value)))?;
                Json::List(items)
            }
            Some(b'{') => {
                let mut fields = Vec::new();
                self.fields(&mut |reader, name| {
                    reader.value().map(|value| fields.push((name.to_owned(), value)))
                })?;
                Json::Object(fields)
            }
            _ if self.word("null") => Json::Null,
            _ if self.word("true") => Json::Flag(true),
            _ if self.word("false") => Json::Flag(false),
            _ => Json::Number(self.number().map_err(|_| Expected("a value"))?),
        };
        Ok(value)
    }
}

/// A whole number by a power of ten: exact up to 15 digits and the 22nd power, as every number of an index is, and
/// else right to the last digits.
fn scaled(digits: u64, exponent: i32) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "the nearest number is what is asked for")]
    let mut number = digits as f64;
    // Nearly all numbers of an index have few decimals.
    if let Some(per) = exponent.checked_neg().and_then(|decimals| PER.get(usize::try_from(decimals).ok()?)) {
        return number / per;
    }
    let mut left = exponent.clamp(-400, 400);
    while left != 0 && number != 0.0 {
        let step = left.clamp(-22, 22);
        // A power up to the 22nd is exact, and one rounding is left.
        let power = 10_f64.powi(step.abs());
        number = if step < 0 { number / power } else { number * power };
        left -= step;
    }
    number
}

#[cfg(test)]
mod tests;
