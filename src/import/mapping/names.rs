//! What a column may hold.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::units::Kind;
use crate::model::{Figure, Metric};

/// One row for each field that is neither metric nor figure: variant, name, meaning.
macro_rules! fields {
    ($($variant:ident $key:literal $about:literal;)*) => {
        /// What a column or a constant says; the names are those of the fields of a run file where it has them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $about] $variant,)*
            /// A metric.
            Metric(Metric),
            /// A figure beyond the metrics.
            Figure(Figure),
        }

        /// Fields that are neither metric nor figure, in the order of a form.
        const PLAIN: &[(Field, &str, &str)] = &[$((Field::$variant, $key, $about)),*];
    };
}

fields! {
    Model "model" "The model: its id (`family/variant`), or its name as the catalog or the table of values knows it.";
    Quant "quant" "The quant.";
    FileSize "file_size_gib" "Size of the weights file.";
    Hardware "hardware" "The rig, by its id or name.";
    Driver "driver" "Driver during the run.";
    PowerCap "power_cap_w" "Power cap during the run.";
    Engine "engine" "The engine, such as `llama.cpp`.";
    Build "build" "Build of the engine.";
    Backend "backend" "What computes, such as `Vulkan` or `ROCm 7.2`.";
    Mode "mode" "What was changed on purpose.";
    Setting "setting" "A setting by its name.";
    Date "date" "When the run was made; of a longer time, the day is kept.";
    Shape "shape" "The workload shape: its id, or a test such as `pp512`.";
    PromptTokens "prompt_tokens" "Tokens of the prompt.";
    OutputTokens "output_tokens" "Tokens of the answer.";
    DepthTokens "depth_tokens" "Tokens in the context before, whose reading is not timed.";
    Concurrency "concurrency" "Requests in flight at once.";
    Repetitions "repetitions" "How many repetitions are behind each figure.";
    Repetition "repetition" "Which repetition a row is: rows that differ in it and in their figures alone are one result.";
    Failed "failed" "What went wrong; such a row has no figures.";
    Note "note" "What a reader must know about the result.";
    Place "place" "Where in the source.";
    Ignored "ignored" "Nothing that is kept: the column is known and left out.";
}

impl Field {
    /// Every field: what describes a result, then metrics, then figures.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = PLAIN.iter().map(|&(field, ..)| field);
        plain.chain(Metric::ALL.into_iter().map(Self::Metric)).chain(Figure::all().map(Self::Figure))
    }

    /// The name in a mapping, which is that of the field in a run file where it has one.
    pub fn key(self) -> &'static str {
        match self {
            Self::Metric(metric) => metric.key(),
            Self::Figure(figure) => figure.key(),
            plain => PLAIN.iter().find(|(field, ..)| *field == plain).map_or("", |(_, key, _)| *key),
        }
    }

    /// What the field means, in a sentence; metrics and figures have their own words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Metric(metric) => metric.name(),
            Self::Figure(figure) => figure.label(),
            plain => PLAIN.iter().find(|(field, ..)| *field == plain).map_or("", |(.., about)| *about),
        }
    }

    /// The field of a name.
    pub fn from_key(key: &str) -> Option<Self> {
        let plain = PLAIN.iter().find(|(_, known, _)| *known == key).map(|&(field, ..)| field);
        let metric = || Metric::ALL.into_iter().find(|metric| metric.key() == key).map(Self::Metric);
        plain.or_else(metric).or_else(|| Figure::from_key(key).map(Self::Figure))
    }

    /// True where a result has figures by this field.
    pub const fn is_figure(self) -> bool {
        matches!(self, Self::Metric(_) | Self::Figure(_))
    }

    /// What the numbers of a field count; `None` for texts and counts of tokens and requests.
    pub fn kind(self) -> Option<Kind> {
        let unit = match self {
            Self::Metric(metric) => metric.unit(),
            Self::Figure(figure) => figure.unit(),
            Self::FileSize => "GiB",
            Self::PowerCap => "W",
            _ => return None,
        };
        Some(match unit {
            "tok/s" => Kind::Rate,
            "ms" => Kind::Milliseconds,
            "s" => Kind::Seconds,
            "GiB" => Kind::Size,
            "W" => Kind::Power,
            _ => Kind::Number,
        })
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// Every name, for messages.
static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| Field::all().map(Field::key).collect());

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;
        impl<'de> Visitor<'de> for Key {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Field, A::Error> {
                let (key, rest) = data.variant::<String>()?;
                rest.unit_variant()?;
                Field::from_key(&key).ok_or_else(|| de::Error::unknown_variant(&key, &KEYS))
            }
        }
        // As an enum, so that whoever reads can name what was probably meant.
        deserializer.deserialize_enum("Field", &KEYS, Key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_has_a_name_of_its_own_that_leads_back() {
        let mut keys = BTreeSet::new();
        for field in Field::all() {
            assert!(keys.insert(field.key()), "{} stands twice", field.key());
            assert_eq!(Field::from_key(field.key()), Some(field));
            let json = serde_json::to_string(&field).unwrap_or_default();
            assert_eq!(serde_json::from_str::<Field>(&json).ok(), Some(field));
            assert!(!field.about().is_empty(), "{}", field.key());
        }
        assert_eq!(keys.len(), PLAIN.len() + Metric::ALL.len() + Figure::all().count());
    }
}
