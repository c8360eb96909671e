//! The deserializer over a tree.

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::StrDeserializer};

use super::super::finding::Flaw;
use super::super::node::{At, Entry, Kind, Node, Step, push_key};
use super::super::words;
use super::error::{DecodeError, Placed, Spot};
use super::stand_in::StandIn;
use super::{Detour, Session};

/// A node, the way to it, and what earlier attempts found out.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node,
    pub(super) at: &'a At<'a>,
    pub(super) session: &'a Session,
}

type Outcome<T> = Result<T, DecodeError>;

impl<'a> Value<'a> {
    /// The stand-in for this node, where an earlier attempt found that it needs one.
    fn stand_in(&self) -> Option<StandIn<'a>> {
        let spot = Spot::Node(self.node.id);
        match self.session.detour(spot) {
            Some(Detour::StandIn(refused)) => Some(StandIn { asked_at: Some((self.session, spot)), refused }),
            Some(Detour::Absent) | None => None,
        }
    }

    /// Says where an error belongs, unless it knows already.
    fn place(&self, error: DecodeError) -> DecodeError {
        match error {
            DecodeError::Placed(_) => error,
            DecodeError::Missing(field) => self.missing(field),
            DecodeError::Unwanted(expected) => self.unwanted(expected),
        }
    }

    fn unwanted(&self, expected: String) -> DecodeError {
        let path = self.at.path();
        let found = words::describe(self.node);
        let flaw = Flaw { line: self.at.line, field: path.clone(), place: path, found, expected };
        let in_mapping = matches!(self.at.step, Step::Key(_));
        DecodeError::Placed(Box::new(Placed { spot: Spot::Node(self.node.id), in_mapping, flaw }))
    }

    fn missing(&self, field: &'static str) -> DecodeError {
        let path = self.at.path();
        let mut place = path.clone();
        push_key(&mut place, field);
        // A field that is there but was refused before needs a stand-in, and no second finding.
        let refused = self.entries().iter().find(|entry| entry.key == field);
        let spot = refused.map_or(Spot::Missing(self.node.id, field), |entry| Spot::Node(entry.value.id));
        let found = format!("no \"{field}\"");
        let expected = "this required field".to_owned();
        let flaw = Flaw { line: self.at.line, field: path, place, found, expected };
        DecodeError::Placed(Box::new(Placed { spot, in_mapping: false, flaw }))
    }

    fn entries(&self) -> &'a [Entry] {
        match &self.node.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The last field name on the way, whose ending states the unit.
    fn field(&self) -> &'a str {
        let mut at = self.at;
        loop {
            match (at.step, at.parent) {
                (Step::Key(key), _) => return key,
                (_, Some(parent)) => at = parent,
                (_, None) => return "",
            }
        }
    }

    /// The text of a plain scalar, or what to say about anything else in a field for numbers.
    fn plain(&self, kind: &str) -> Result<&'a str, String> {
        match &self.node.kind {
            Kind::Scalar { text, quoted: false } if words::number(text).is_some() => Ok(text),
            Kind::Scalar { text, .. } => Err(words::number_instead_of(text, self.field())),
            _ => Err(kind.to_owned()),
        }
    }

    fn whole<'de, V: Visitor<'de>>(self, visitor: V, largest: u64) -> Outcome<V::Value> {
        let wanted = || format!("a whole number from 0 to {largest}");
        let number = self.plain("a whole number").and_then(|text| match text.parse::<u64>() {
            Ok(number) if number <= largest => Ok(number),
            _ => Err(wanted()),
        });
        let number = number.map_err(|expected| self.unwanted(expected))?;
        visitor.visit_u64(number).map_err(|error| self.place(error))
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match &self.node.kind {
            Kind::Null => visitor.visit_unit().map_err(|error| self.place(error)),
            Kind::List(_) => self.deserialize_seq(visitor),
            Kind::Map(_) => self.deserialize_map(visitor),
            Kind::Scalar { text, quoted: false } if words::number(text).is_some() => {
                self.deserialize_f64(visitor)
            }
            Kind::Scalar { text, quoted: false } if words::truth(text).is_some() => {
                self.deserialize_bool(visitor)
            }
            Kind::Scalar { .. } => self.deserialize_str(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_bool(visitor);
        }
        let value = match &self.node.kind {
            Kind::Scalar { text, quoted: false } => words::truth(text),
            _ => None,
        };
        let value = value.ok_or_else(|| self.unwanted("true or false".to_owned()))?;
        visitor.visit_bool(value).map_err(|error| self.place(error))
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.stand_in() {
            Some(stand_in) => stand_in.deserialize_u16(visitor),
            None => self.whole(visitor, u16::MAX.into()),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.stand_in() {
            Some(stand_in) => stand_in.deserialize_u32(visitor),
            None => self.whole(visitor, u32::MAX.into()),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.stand_in() {
            Some(stand_in) => stand_in.deserialize_u64(visitor),
            None => self.whole(visitor, u64::MAX),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_f64(visitor);
        }
        if let Kind::Scalar { text, quoted: false } = &self.node.kind
            && words::is_not_finite(text)
        {
            return visitor.visit_f64(f64::NAN).map_err(|error| self.place(error));
        }
        let text = self.plain("a number").map_err(|expected| self.unwanted(expected))?;
        visitor.visit_f64(words::number(text).unwrap_or(f64::NAN)).map_err(|error| self.place(error))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_str(visitor).map_err(|error| self.place(error));
        }
        match &self.node.kind {
            // Unquoted 2026 and 2026-05 are text where text is wanted.
            Kind::Scalar { text, .. } => visitor.visit_str(text).map_err(|error| self.place(error)),
            _ => Err(self.unwanted("text".to_owned())),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        match self.node.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self).map_err(|error| self.place(error)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Outcome<V::Value> {
        visitor.visit_newtype_struct(self).map_err(|error| self.place(error))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_seq(visitor);
        }
        let Kind::List(items) = &self.node.kind else {
            return Err(self.unwanted("a list".to_owned()));
        };
        visitor.visit_seq(Items { of: self, items, next: 0 }).map_err(|error| self.place(error))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_map(visitor);
        }
        let Kind::Map(entries) = &self.node.kind else {
            return Err(self.unwanted("a mapping".to_owned()));
        };
        let fields = Fields { of: self, entries, current: None, known: None, invented: &[] };
        visitor.visit_map(fields).map_err(|error| self.place(error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_struct(name, known, visitor);
        }
        let Kind::Map(entries) = &self.node.kind else {
            return Err(self.unwanted(format!("{} ({})", words::type_name(name), known.join(", "))));
        };
        let fields = Fields { of: self, entries, current: None, known: Some((name, known)), invented: known };
        visitor.visit_map(fields).map_err(|error| self.place(error))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_enum(name, variants, visitor);
        }
        let text = match &self.node.kind {
            Kind::Scalar { text, .. } => text,
            _ => return Err(self.unwanted(format!("one of {}", variants.join(", ")))),
        };
        if !variants.contains(&text.as_str()) {
            return Err(self.unwanted(words::choice(variants, text)));
        }
        visitor.visit_enum(StrDeserializer::new(text)).map_err(|error| self.place(error))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier
    }
}

/// The items of a list, in order.
struct Items<'a> {
    of: Value<'a>,
    items: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<Option<S::Value>> {
        let Some(node) = self.items.get(self.next) else { return Ok(None) };
        let at = At { parent: Some(self.of.at), step: Step::Item(self.next), line: node.line };
        self.next += 1;
        let value = Value { node, at: &at, session: self.of.session };
        seed.deserialize(value).map(Some).map_err(|error| value.place(error))
    }
}

/// The entries of a mapping, then the stand-ins for fields that it lacks.
struct Fields<'a> {
    of: Value<'a>,
    entries: &'a [Entry],
    current: Option<Current<'a>>,
    /// Name and fields of the type; absent for mappings with free keys.
    known: Option<(&'static str, &'static [&'static str])>,
    /// Fields that were not yet looked at for a stand-in.
    invented: &'static [&'static str],
}

/// What the value of the current key comes from.
#[derive(Clone, Copy)]
enum Current<'a> {
    Entry(&'a Entry),
    StandIn(StandIn<'a>),
}

impl<'a> Fields<'a> {
    /// The next entry that counts; unknown fields are noted on the way.
    fn next_entry(&mut self) -> Option<&'a Entry> {
        loop {
            let (entry, rest) = self.entries.split_first()?;
            self.entries = rest;
            match self.known {
                Some((name, fields)) if !fields.contains(&entry.key.as_str()) => {
                    self.note_unknown(entry, name, fields)
                }
                _ if self.of.session.detour(Spot::Node(entry.value.id)) == Some(Detour::Absent) => {}
                _ => return Some(entry),
            }
        }
    }

    fn note_unknown(&self, entry: &Entry, name: &str, fields: &[&str]) {
        let mut unknown = self.of.session.unknown.borrow_mut();
        unknown.entry(entry.value.id).or_insert_with(|| {
            let field = self.at(entry).path();
            let what = format!("one of the fields of {}", words::type_name(name));
            Flaw {
                line: entry.line,
                place: field.clone(),
                field,
                found: format!("unknown field {}", words::quote(&entry.key)),
                expected: words::one_of(&what, fields, &entry.key),
            }
        });
    }

    fn next_stand_in(&mut self) -> Option<(&'static str, StandIn<'a>)> {
        loop {
            let (field, rest) = self.invented.split_first()?;
            self.invented = rest;
            let spot = Spot::Missing(self.of.node.id, field);
            if let Some(Detour::StandIn(refused)) = self.of.session.detour(spot) {
                return Some((field, StandIn { asked_at: Some((self.of.session, spot)), refused }));
            }
        }
    }

    fn at<'b>(&'b self, entry: &'b Entry) -> At<'b> {
        At { parent: Some(self.of.at), step: Step::Key(&entry.key), line: entry.line }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Outcome<Option<K::Value>> {
        if let Some(entry) = self.next_entry() {
            self.current = Some(Current::Entry(entry));
            let at = self.at(entry);
            return seed.deserialize(Name { entry, at: &at }).map(Some);
        }
        let Some((field, stand_in)) = self.next_stand_in() else { return Ok(None) };
        self.current = Some(Current::StandIn(stand_in));
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Outcome<V::Value> {
        match self.current.take() {
            Some(Current::Entry(entry)) => {
                let at = self.at(entry);
                let value = Value { node: &entry.value, at: &at, session: self.of.session };
                seed.deserialize(value).map_err(|error| value.place(error))
            }
            Some(Current::StandIn(stand_in)) => {
                seed.deserialize(stand_in).map_err(|error| stand_in.place(error))
            }
            None => Err(DecodeError::Unwanted("a key before its value".to_owned())),
        }
    }
}

/// A key: the name of a field, or one of an enum's words.
#[derive(Clone, Copy)]
struct Name<'a> {
    entry: &'a Entry,
    at: &'a At<'a>,
}

impl Name<'_> {
    /// The entry is refused with its key.
    fn unwanted(&self, expected: String) -> DecodeError {
        let path = self.at.path();
        let found = format!("unknown key {}", words::quote(&self.entry.key));
        let flaw = Flaw { line: self.entry.line, field: path.clone(), place: path, found, expected };
        DecodeError::Placed(Box::new(Placed {
            spot: Spot::Node(self.entry.value.id),
            in_mapping: true,
            flaw,
        }))
    }
}

impl<'de> Deserializer<'de> for Name<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        visitor.visit_str(&self.entry.key).map_err(|error| match error {
            DecodeError::Unwanted(expected) => self.unwanted(expected),
            other => other,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Outcome<V::Value> {
        if !variants.contains(&self.entry.key.as_str()) {
            return Err(self.unwanted(words::choice(variants, &self.entry.key)));
        }
        visitor.visit_enum(StrDeserializer::new(&self.entry.key))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
