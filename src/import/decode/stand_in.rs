//! Values that stand where the file has none, so that a document can be searched to its end.

use serde::de::{self, Deserializer, MapAccess, Visitor, value::StrDeserializer};

use super::super::finding::Flaw;
use super::super::words;
use super::Session;
use super::error::{DecodeError, Placed, Spot};

/// Texts that are tried in turn: the second one also passes as a date.
const TEXTS: [&str; 2] = ["", "2000-01"];

/// A deserializer that gives every type something it accepts.
#[derive(Clone, Copy)]
pub(super) struct StandIn<'a> {
    /// Where to write down what the type wants, at the outermost stand-in.
    pub(super) asked_at: Option<(&'a Session, Spot)>,
    /// How many stand-ins were refused here before.
    pub(super) refused: u8,
}

impl<'a> StandIn<'a> {
    fn wants(&self, wanted: impl FnOnce() -> String) {
        if let Some((session, spot)) = self.asked_at {
            session.wanted.borrow_mut().entry(spot).or_insert_with(wanted);
        }
    }

    fn text(&self) -> &'static str {
        TEXTS.get(usize::from(self.refused)).copied().unwrap_or_default()
    }

    /// Says where an error belongs: the spot that this stands in for.
    pub(super) fn place(&self, error: DecodeError) -> DecodeError {
        match (error, self.asked_at) {
            (DecodeError::Unwanted(expected), Some((_, spot))) => {
                let nothing = String::new;
                let flaw = Flaw { line: 0, field: nothing(), place: nothing(), found: nothing(), expected };
                DecodeError::Placed(Box::new(Placed { spot, in_mapping: false, flaw }))
            }
            (error, _) => error,
        }
    }

    fn inner(self) -> Self {
        Self { asked_at: None, ..self }
    }
}

impl<'de> Deserializer<'de> for StandIn<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| "true or false".to_owned());
        visitor.visit_bool(false)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| "a whole number".to_owned());
        visitor.visit_u64(1)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| (&visitor as &dyn de::Expected).to_string());
        visitor.visit_f64(1.0)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| "text".to_owned());
        visitor.visit_str(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_none()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| "a list".to_owned());
        visitor.visit_seq(de::value::SeqDeserializer::<_, DecodeError>::new(std::iter::empty::<bool>()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.wants(|| "a mapping".to_owned());
        visitor.visit_map(Fields { left: &[], stand_in: self.inner() })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.wants(|| format!("{} ({})", words::type_name(name), fields.join(", ")));
        visitor.visit_map(Fields { left: fields, stand_in: self.inner() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.wants(|| format!("one of {}", variants.join(", ")));
        let first = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(StrDeserializer::new(first))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// All fields of a type, each with a stand-in.
struct Fields<'a> {
    left: &'static [&'static str],
    stand_in: StandIn<'a>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((first, left)) = self.left.split_first() else { return Ok(None) };
        self.left = left;
        seed.deserialize(StrDeserializer::new(first)).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        seed.deserialize(self.stand_in)
    }
}
