//! Fields of one record, whichever form they came in: JSON has numbers and truth values, CSV, SQL and tables
//! have text.

use serde_json::{Map, Value};

use super::json::Object;

/// Longest text that is kept of a field.
const LONGEST: usize = 300;

/// A record that is taken apart field by field; what is left at the end was not known.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) line: u32,
    map: Map<String, Value>,
}

impl From<Object> for Fields {
    fn from(object: Object) -> Self {
        Self { line: object.line, map: object.fields }
    }
}

impl Fields {
    /// Fields that came as text.
    pub(super) fn of_text<'a>(line: u32, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let map = pairs.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).collect();
        Self { line, map }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.map.entry(name).or_insert(value.into());
    }

    /// A text, or anything scalar as text: `true` is `1`, as in forms without truth values.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        scalar(&self.map.remove(name)?)
    }

    /// A count; negative ones and fractions are none.
    pub(super) fn count(&mut self, name: &str) -> Option<u64> {
        match self.map.remove(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A finite number.
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        match self.map.remove(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|number| number.is_finite())
    }

    /// A list of numbers; `None` where it is missing or one of them is none.
    pub(super) fn numbers(&mut self, name: &str) -> Option<Vec<f64>> {
        match self.map.remove(name)? {
            Value::Array(items) => items.iter().map(Value::as_f64).collect(),
            _ => None,
        }
    }

    /// The fields of an object inside.
    pub(super) fn inner(&mut self, name: &str) -> Option<Self> {
        match self.map.remove(name)? {
            Value::Object(map) => Some(Self { line: self.line, map }),
            _ => None,
        }
    }

    /// What nobody asked for: scalars as text, and the names of what is none.
    pub(super) fn rest(self) -> (Vec<(String, String)>, Vec<String>) {
        let (mut scalars, mut others) = (Vec::new(), Vec::new());
        for (name, value) in self.map {
            let name = short(&name);
            match scalar(&value) {
                Some(text) => scalars.push((name, text)),
                None if value.is_null() => {}
                None => others.push(name),
            }
        }
        (scalars, others)
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(short(text.trim())),
        Value::Bool(on) => Some(if *on { "1" } else { "0" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
