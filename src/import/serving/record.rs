//! A JSON object as a reader of benchmark results sees it: everything may be missing, or of another type.

use serde_json::{Map, Value};

use crate::import::json::Object;

/// Longest text that is kept of a field, in characters.
const LONGEST: usize = 200;

/// An object, and the line of the document it is in.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Record<'a> {
    pub(in crate::import) line: u32,
    map: &'a Map<String, Value>,
}

impl<'a> Record<'a> {
    pub(in crate::import) fn of(object: &'a Object) -> Self {
        Self { line: object.line, map: &object.fields }
    }

    pub(in crate::import) fn has(self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// The names of all fields.
    pub(in crate::import) fn names(self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str)
    }

    /// A finite number, or one in quotes.
    pub(in crate::import) fn number(self, name: &str) -> Option<f64> {
        let number = match self.map.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number| number.is_finite())
    }

    /// A whole number that is not negative; `16.0` is one too.
    pub(in crate::import) fn count(self, name: &str) -> Option<u64> {
        match self.map.get(name)? {
            Value::Number(number) if number.is_u64() => number.as_u64(),
            _ => whole(self.number(name)?),
        }
    }

    /// A text that is not empty.
    pub(in crate::import) fn text(self, name: &str) -> Option<String> {
        let text = self.map.get(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.chars().take(LONGEST).collect())
    }

    /// Whatever is no list and no object, as text; truth values are `on` and `off`.
    pub(in crate::import) fn scalar(self, name: &str) -> Option<String> {
        match self.map.get(name)? {
            Value::String(_) => self.text(name),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(on) => Some(if *on { "on" } else { "off" }.to_owned()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub(in crate::import) fn inner(self, name: &str) -> Option<Self> {
        let map = self.map.get(name)?.as_object()?;
        Some(Self { line: self.line, map })
    }

    /// The objects of a list.
    pub(in crate::import) fn items(self, name: &str) -> impl Iterator<Item = Self> {
        let items = self.map.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_object).map(move |map| Self { line: self.line, map })
    }

    /// A list with one number for each entry; what is none is NaN.
    pub(in crate::import) fn numbers(self, name: &str) -> Option<Vec<f64>> {
        let items = self.map.get(name)?.as_array()?;
        Some(items.iter().map(|item| item.as_f64().unwrap_or(f64::NAN)).collect())
    }

    /// A list of texts; what is none is empty.
    pub(in crate::import) fn texts(self, name: &str) -> Vec<String> {
        let items = self.map.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// A number without a fraction that counts something.
pub(super) fn whole(number: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53, so the conversion is exact"
    )]
    (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
}
