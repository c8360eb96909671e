//! The JSON Schema of run files, for editors and for checks without this program.

use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::model::run::{RUN_SCHEMA, Run};

/// The JSON Schema (draft 2020-12) of a run file, generated from [`Run`].
///
/// It holds what one file can know; references between files and the agreement of an id with its
/// file's name are checked by [`super::read_data_dir`] alone.
pub fn run_schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Run>();
    TextTakesPlainScalars.transform(&mut schema);
    schema.insert("title".to_owned(), json!("Tokscope run file"));
    let mut schema = schema.to_value();
    for (place, key, value) in limits() {
        if let Some(place) = schema.pointer_mut(place).and_then(Value::as_object_mut) {
            place.insert(key.to_owned(), value);
        }
    }
    schema
}

/// What the checks of a run demand beyond its types: place, keyword, value.
fn limits() -> [(&'static str, &'static str, Value); 6] {
    [
        ("/properties/schema", "const", json!(RUN_SCHEMA)),
        ("/properties/sources", "minItems", json!(1)),
        ("/$defs/ResultEntry/properties/concurrency", "minimum", json!(1)),
        ("/$defs/ResultEntry/properties/published", "propertyNames", json!({ "$ref": "#/$defs/Metric" })),
        ("/$defs/RangeEntry/properties/concurrency", "minimum", json!(1)),
        ("/$defs/RangeEntry/properties/shapes", "minItems", json!(1)),
    ]
}

/// Fields of text also take what YAML calls a number or a truth value, as the reader does.
struct TextTakesPlainScalars;

impl Transform for TextTakesPlainScalars {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let free = ["enum", "const", "pattern"].iter().all(|limit| schema.get(*limit).is_none());
        if let Some(kind) = schema.get_mut("type").filter(|_| free) {
            let nullable = kind.as_array().is_some_and(|kinds| kinds.contains(&json!("null")));
            let text =
                kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
            if text {
                *kind = if nullable {
                    json!(["string", "number", "boolean", "null"])
                } else {
                    json!(["string", "number", "boolean"])
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_its_place() {
        let schema = run_schema();
        for (place, key, value) in limits() {
            assert_eq!(schema.pointer(&format!("{place}/{key}")), Some(&value), "{place}");
        }
        assert!(schema.pointer("/$defs/Metric/oneOf").is_some());
    }

    #[test]
    fn text_fields_take_what_the_reader_takes_and_words_stay_words() {
        let schema = run_schema();
        let kind = |place: &str| schema.pointer(place).cloned();
        assert_eq!(kind("/properties/quant/type"), Some(json!(["string", "number", "boolean"])));
        assert_eq!(kind("/properties/driver/type"), Some(json!(["string", "number", "boolean", "null"])));
        assert_eq!(kind("/$defs/PartialDate/type"), Some(json!("string")));
        assert_eq!(kind("/$defs/Timing/oneOf/0/type"), Some(json!("string")));
        assert_eq!(kind("/additionalProperties"), Some(json!(false)));
    }
}
