//! What is inside lists and mappings.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor, value::StrDeserializer};

use super::super::finding::Flaw;
use super::super::node::{At, Entry, Node, Step};
use super::super::words;
use super::Detour;
use super::error::{DecodeError, Outcome, Placed, Spot};
use super::stand_in::StandIn;
use super::value::Value;

/// The items of a list, in order.
pub(super) struct Items<'a> {
    of: Value<'a>,
    items: &'a [Node<'a>],
    next: usize,
}

impl<'a> Items<'a> {
    pub(super) fn new(of: Value<'a>, items: &'a [Node<'a>]) -> Self {
        Self { of, items, next: 0 }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Outcome<Option<S::Value>> {
        let Some(node) = self.items.get(self.next) else { return Ok(None) };
        let at = At { parent: Some(self.of.at), step: Step::Item(self.next), line: node.line };
        self.next += 1;
        let value = Value { node, at: &at, session: self.of.session };
        seed.deserialize(value).map(Some).map_err(|error| value.place(error))
    }

    /// Lists that grow are copied, and keep room that nobody needs.
    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len().saturating_sub(self.next))
    }
}

/// The entries of a mapping, then the stand-ins for fields that it lacks.
pub(super) struct Fields<'a> {
    of: Value<'a>,
    entries: &'a [Entry<'a>],
    current: Option<Current<'a>>,
    /// Name and fields of the type; absent for mappings with free keys.
    known: Option<(&'static str, &'static [&'static str])>,
    /// Fields that were not yet looked at for a stand-in.
    invented: &'static [&'static str],
}

/// What the value of the current key comes from.
#[derive(Clone, Copy)]
enum Current<'a> {
    Entry(&'a Entry<'a>),
    StandIn(StandIn<'a>),
}

impl<'a> Fields<'a> {
    /// The entries of a mapping with free keys.
    pub(super) fn free(of: Value<'a>, entries: &'a [Entry]) -> Self {
        Self { of, entries, current: None, known: None, invented: &[] }
    }

    /// The entries of a mapping that stands for a type.
    pub(super) fn of_type(
        of: Value<'a>,
        entries: &'a [Entry<'a>],
        name: &'static str,
        fields: &'static [&'static str],
    ) -> Self {
        Self { of, entries, current: None, known: Some((name, fields)), invented: fields }
    }

    /// The next entry that counts; unknown fields are noted on the way.
    fn next_entry(&mut self) -> Option<&'a Entry<'a>> {
        loop {
            let (entry, rest) = self.entries.split_first()?;
            self.entries = rest;
            match self.known {
                Some((name, fields)) if !fields.contains(&&*entry.key) => {
                    self.note_unknown(entry, name, fields)
                }
                _ if self.of.session.detour(Spot::Node(entry.value.id)) == Some(Detour::Absent) => {}
                _ => return Some(entry),
            }
        }
    }

    fn note_unknown(&self, entry: &Entry<'_>, name: &str, fields: &[&'static str]) {
        if let Some(meant) = words::nearest(&entry.key, fields) {
            self.of.session.meant.borrow_mut().insert(Spot::Missing(self.of.node.id, meant));
        }
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

    fn at<'b>(&'b self, entry: &'b Entry<'_>) -> At<'b> {
        At { parent: Some(self.of.at), step: Step::Key(&entry.key), line: entry.line }
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Outcome<Option<K::Value>> {
        if let Some(entry) = self.next_entry() {
            self.current = Some(Current::Entry(entry));
            let at = self.at(entry);
            return seed.deserialize(Name { entry, at: &at }).map(Some);
        }
        let Some((field, stand_in)) = self.next_stand_in() else { return Ok(None) };
        self.current = Some(Current::StandIn(stand_in));
        seed.deserialize(StrDeserializer::new(field)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Outcome<V::Value> {
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
    entry: &'a Entry<'a>,
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
        if !variants.contains(&&*self.entry.key) {
            return Err(self.unwanted(words::choice(variants, &self.entry.key)));
        }
        visitor.visit_enum(StrDeserializer::new(&self.entry.key))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
