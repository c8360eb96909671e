//! Columns by name.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Columns with their names: some dozens, so that a list is map enough.
pub(super) struct Named<T>(Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Named<T> {
    /// Takes a column out; an empty one where the file has none.
    pub(super) fn take(&mut self, name: &str) -> T {
        let column = self.0.iter_mut().find(|(known, _)| known == name);
        column.map(|(_, column)| std::mem::take(column)).unwrap_or_default()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Columns<T> {
            type Value = Vec<(String, T)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("columns by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut columns = Vec::new();
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(columns)
            }
        }
        deserializer.deserialize_map(Columns(PhantomData)).map(Self)
    }
}
