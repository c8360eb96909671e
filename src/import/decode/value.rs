//! The deserializer over a tree.

use serde::de::{Deserializer, Visitor, value::StrDeserializer};

use super::super::finding::Flaw;
use super::super::node::{At, Entry, Kind, Node, Step, push_key};
use super::super::words;
use super::access::{Fields, Items};
use super::error::{DecodeError, Outcome, Placed, Spot};
use super::stand_in::StandIn;
use super::{Detour, Session};

/// A node, the way to it, and what earlier attempts found out.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) at: &'a At<'a>,
    pub(super) session: &'a Session,
}

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
    pub(super) fn place(&self, error: DecodeError) -> DecodeError {
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

    fn entries(&self) -> &'a [Entry<'a>] {
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

    /// The text and the value of a plain number, or what to say about anything else in a field for numbers.
    fn plain(&self, kind: &str) -> Result<(&'a str, f64), String> {
        match &self.node.kind {
            Kind::Scalar { text, quoted } => match words::number(text).filter(|_| !quoted) {
                Some(number) => Ok((text, number)),
                None => Err(words::number_instead_of(text, self.field())),
            },
            _ => Err(kind.to_owned()),
        }
    }

    fn whole<'de, V: Visitor<'de>>(self, visitor: V, largest: u64) -> Outcome<V::Value> {
        let wanted = || format!("a whole number from 0 to {largest}");
        let number = self.plain("a whole number").and_then(|(text, _)| match text.parse::<u64>() {
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
        let number = match (self.plain("a number"), &self.node.kind) {
            (Ok((_, number)), _) => number,
            (Err(_), Kind::Scalar { text, quoted: false }) if words::is_not_finite(text) => f64::NAN,
            (Err(expected), _) => return Err(self.unwanted(expected)),
        };
        visitor.visit_f64(number).map_err(|error| self.place(error))
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
        visitor.visit_seq(Items::new(self, items)).map_err(|error| self.place(error))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Outcome<V::Value> {
        if let Some(stand_in) = self.stand_in() {
            return stand_in.deserialize_map(visitor);
        }
        let Kind::Map(entries) = &self.node.kind else {
            return Err(self.unwanted("a mapping".to_owned()));
        };
        let fields = Fields::free(self, entries);
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
        let fields = Fields::of_type(self, entries, name, known);
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
        if !variants.contains(&&**text) {
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
