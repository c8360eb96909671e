//! What the two checked newtypes look like in the published JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{PartialDate, Positive};

impl JsonSchema for Positive {
    fn schema_name() -> Cow<'static, str> {
        "Positive".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A finite number above 0; a missing value is left out, never 0.",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1_000_000_000
        })
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A month, a day, or a minute in UTC: as precise as the source.",
            "type": "string",
            "pattern": "^2[01][0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9]Z)?)?$",
            "examples": ["2026-05", "2026-05-16", "2026-02-22T19:42Z"]
        })
    }
}
