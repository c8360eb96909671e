//! Fields of one record, whichever form they came in: JSON has numbers and truth values, CSV, SQL and tables
//! have text.
//!
//! A record borrows from its text: a file may hold a hundred thousand of them, of which most fields are looked at
//! once and then forgotten.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::json::Object;

/// Longest text that is kept of a field.
const LONGEST: usize = 300;

/// A record that is taken apart field by field; what is left at the end was not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields<'a> {
    pub(super) line: u32,
    /// In the order of the text. Where a name stands twice, the last one counts: looks begin at the end, where the
    /// fields that most are for stand anyway.
    all: Vec<(Cow<'a, str>, Held<'a>)>,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
enum Held<'a> {
    /// Was taken.
    Nothing,
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    /// A list of numbers and nothing else.
    Numbers(Vec<Number>),
    /// Any other list, or an object.
    Deep(Value),
}

impl From<Object> for Fields<'_> {
    fn from(object: Object) -> Self {
        let all = object.fields.into_iter().map(|(name, value)| (Cow::Owned(name), Held::from(value)));
        Self { line: object.line, all: all.collect() }
    }
}

impl From<Fields<'_>> for Object {
    fn from(fields: Fields<'_>) -> Self {
        let line = fields.line;
        let fields = fields.left().map(|(name, held)| (name.into_owned(), held.into()));
        Self { line, fields: fields.collect() }
    }
}

impl<'a> Fields<'a> {
    /// The fields of the JSON object that a text begins with.
    pub(super) fn of_json(line: u32, object: &'a str) -> serde_json::Result<Self> {
        let mut fields = Self::default();
        fields.read(line, object)?;
        Ok(fields)
    }

    /// Takes the fields of the JSON object that a text begins with in place of its own, and gives the length of that
    /// object. Its memory is used again: a file may hold very many.
    pub(super) fn read(&mut self, line: u32, text: &'a str) -> serde_json::Result<usize> {
        self.line = line;
        self.all.clear();
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(RecordReader(&mut self.all))?;
        Ok(json.into_iter::<IgnoredAny>().byte_offset())
    }

    /// Fields that came as text.
    pub(super) fn of_text<'b>(line: u32, pairs: impl Iterator<Item = (&'b str, &'b str)>) -> Self {
        let owned = |text: &str| Cow::Owned(text.to_owned());
        Self { line, all: pairs.map(|(name, value)| (owned(name), Held::Text(owned(value)))).collect() }
    }

    /// The same without its text.
    pub(super) fn into_owned(self) -> Fields<'static> {
        let own = |(name, held): (Cow<'_, str>, Held<'_>)| {
            let held = match held {
                Held::Text(text) => Held::Text(Cow::Owned(text.into_owned())),
                Held::Nothing => Held::Nothing,
                Held::Null => Held::Null,
                Held::Bool(on) => Held::Bool(on),
                Held::Number(number) => Held::Number(number),
                Held::Numbers(numbers) => Held::Numbers(numbers),
                Held::Deep(value) => Held::Deep(value),
            };
            (Cow::Owned(name.into_owned()), held)
        };
        Fields { line: self.line, all: self.all.into_iter().map(own).collect() }
    }

    /// True where the same was left of both, in the same order.
    pub(super) fn left_equals(&self, other: &Fields<'_>) -> bool {
        self.all == other.all
    }

    fn held(&self, name: &str) -> Option<&Held<'a>> {
        let last = self.all.iter().rfind(|(known, _)| known == name);
        last.map(|(_, held)| held).filter(|held| **held != Held::Nothing)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.held(name).is_some()
    }

    /// The value of a field that is a list or an object, left in its place.
    pub(super) fn look(&self, name: &str) -> Option<&Value> {
        if let Held::Deep(value) = self.held(name)? { Some(value) } else { None }
    }

    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        if !self.has(name) {
            // One that was taken is there again.
            self.all.retain(|(known, _)| known != name);
            self.all.push((Cow::Owned(name.to_owned()), Held::from(value.into())));
        }
    }

    /// Takes a field that says nothing.
    pub(super) fn pass_over(&mut self, name: &str) {
        self.take(name);
    }

    fn take(&mut self, name: &str) -> Option<Held<'a>> {
        let (_, held) = self.all.iter_mut().rfind(|(known, _)| known == name)?;
        Some(std::mem::replace(held, Held::Nothing)).filter(|held| *held != Held::Nothing)
    }

    /// The fields whose names were not taken.
    fn left(self) -> impl Iterator<Item = (Cow<'a, str>, Held<'a>)> {
        let taken = self.all.iter().filter(|(_, held)| *held == Held::Nothing);
        let taken: HashSet<Cow<'a, str>> = taken.map(|(name, _)| name.clone()).collect();
        self.all.into_iter().filter(move |(name, _)| !taken.contains(name))
    }

    /// A text, or anything scalar as text: `true` is `1`, as in forms without truth values.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name)?.scalar()
    }

    /// A count; negative ones and fractions are none.
    pub(super) fn count(&mut self, name: &str) -> Option<u64> {
        match self.take(name)? {
            Held::Number(number) => number.as_u64(),
            Held::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A finite number.
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        match self.take(name)? {
            Held::Number(number) => number.as_f64(),
            Held::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
        .filter(|number| number.is_finite())
    }

    /// A list of numbers; `None` where it is missing or one of them is none.
    pub(super) fn numbers(&mut self, name: &str) -> Option<Vec<f64>> {
        match self.take(name)? {
            Held::Numbers(numbers) => numbers.iter().map(Number::as_f64).collect(),
            _ => None,
        }
    }

    /// The fields of an object inside.
    pub(super) fn inner(&mut self, name: &str) -> Option<Fields<'static>> {
        match self.take(name)? {
            Held::Deep(Value::Object(fields)) => Some(Object { line: self.line, fields }.into()),
            _ => None,
        }
    }

    /// What nobody asked for: scalars as text, and the names of what is none.
    pub(super) fn rest(self) -> (Vec<(String, String)>, Vec<String>) {
        let (mut scalars, mut others) = (Vec::new(), Vec::new());
        for (name, held) in self.left() {
            match held.scalar() {
                Some(text) => scalars.push((short(&name), text)),
                None if held == Held::Null => {}
                None => others.push(short(&name)),
            }
        }
        others.sort();
        (scalars, others)
    }
}

impl Held<'_> {
    fn scalar(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(short(text.trim())),
            Self::Bool(on) => Some(if *on { "1" } else { "0" }.to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Nothing | Self::Null | Self::Numbers(_) | Self::Deep(_) => None,
        }
    }
}

impl From<Value> for Held<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(on) => Self::Bool(on),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(Cow::Owned(text)),
            Value::Array(items) => {
                let number = |item: &Value| item.as_number().cloned();
                items
                    .iter()
                    .map(number)
                    .collect::<Option<_>>()
                    .map_or(Self::Deep(Value::Array(items)), Self::Numbers)
            }
            Value::Object(_) => Self::Deep(value),
        }
    }
}

impl From<Held<'_>> for Value {
    fn from(held: Held<'_>) -> Self {
        match held {
            Held::Nothing | Held::Null => Self::Null,
            Held::Bool(on) => Self::Bool(on),
            Held::Number(number) => Self::Number(number),
            Held::Text(text) => Self::String(text.into_owned()),
            Held::Numbers(numbers) => Self::Array(numbers.into_iter().map(Self::Number).collect()),
            Held::Deep(value) => value,
        }
    }
}

/// Puts the fields of an object into a list, in their order.
struct RecordReader<'r, 'a>(&'r mut Vec<(Cow<'a, str>, Held<'a>)>);

impl<'de> Visitor<'de> for RecordReader<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((Name(name), held)) = map.next_entry()? {
            self.0.push((name, held));
        }
        Ok(())
    }
}

/// A text that is borrowed wherever nothing in it is escaped.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Held::deserialize(deserializer)? {
            Held::Text(text) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a name that is no text")),
        }
    }
}

impl<'de> Deserialize<'de> for Held<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HeldReader)
    }
}

struct HeldReader;

impl<'de> Visitor<'de> for HeldReader {
    type Value = Held<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Held::Null)
    }

    fn visit_bool<E>(self, on: bool) -> Result<Self::Value, E> {
        Ok(Held::Bool(on))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Held::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Held::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(Held::Null, Held::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Held::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Held::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut numbers = Vec::new();
        while let Some(item) = items.next_element()? {
            match item {
                Held::Number(number) => {
                    if numbers.is_empty() {
                        // As many as most lists of repetitions hold.
                        numbers.reserve(16);
                    }
                    numbers.push(number);
                }
                other => {
                    let mut all: Vec<Value> = numbers.into_iter().map(Value::Number).collect();
                    all.push(other.into());
                    while let Some(item) = items.next_element()? {
                        all.push(item);
                    }
                    return Ok(Held::Deep(Value::Array(all)));
                }
            }
        }
        Ok(Held::Numbers(numbers))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Held::Deep)
    }
}

fn short(text: &str) -> String {
    // Bytes are never fewer than characters.
    if text.len() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn json(text: &str) -> Fields<'_> {
        Fields::of_json(3, text).unwrap()
    }

    #[test]
    fn a_record_is_what_a_json_object_is() {
        let text = r#"{"a": 1, "b": [1, -2, 3.5, 1795256736753131930], "c": [1, "x"], "d": {"e": [null]}, "f\n": "g\t",
            "h": true, "i": null, "j": []}"#;
        let object = Object { line: 3, fields: serde_json::from_str(text).unwrap() };
        assert_eq!(Object::from(json(text)), object);
        assert_eq!(Object::from(Fields::from(object.clone())), object);
    }

    #[test]
    fn of_a_name_that_stands_twice_the_last_value_counts() {
        let mut fields = json(r#"{"a": 1, "b": 5, "a": 2}"#);
        assert_eq!(Object::from(fields.clone()).fields.len(), 2);
        assert_eq!((fields.count("a"), fields.count("a"), fields.has("a")), (Some(2), None, false));
        fields.put("a", 3);
        assert_eq!((fields.count("a"), fields.count("a")), (Some(3), None));
        assert_eq!(fields.rest(), (vec![("b".to_owned(), "5".to_owned())], Vec::new()));
    }

    #[test]
    fn each_kind_of_value_is_taken_as_what_it_is() {
        let mut fields = json(
            r#"{"t": " x ", "on": true, "n": -1.5, "c": "12", "l": [1, 2.5], "m": [1, "x"], "o": {"p": 7}}"#,
        );
        assert_eq!((fields.text("t").as_deref(), fields.text("on").as_deref()), (Some("x"), Some("1")));
        assert_eq!((fields.number("n"), fields.count("c")), (Some(-1.5), Some(12)));
        assert_eq!((fields.numbers("l"), fields.numbers("m")), (Some(vec![1.0, 2.5]), None));
        assert_eq!(fields.inner("o").and_then(|mut inner| inner.count("p")), Some(7));
    }
}
