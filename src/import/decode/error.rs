//! Why a type refused a value, and where.

use std::fmt;

use serde::de;

use super::super::finding::Flaw;

/// Something that can be got around in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    /// A value, by the id of its node.
    Node(u32),
    /// A field that the mapping with this id lacks.
    Missing(u32, &'static str),
}

/// What decoding a part gives.
pub(super) type Outcome<T> = Result<T, DecodeError>;

/// An error on its way from the place of the problem to the loop of attempts.
#[derive(Debug)]
pub(super) enum DecodeError {
    /// A type refused a value and said what it wants instead.
    Unwanted(String),
    /// A type lacks a field.
    Missing(&'static str),
    /// The place is known.
    Placed(Box<Placed>),
}

/// A problem and what can be got around.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) spot: Spot,
    /// True where the value belongs to a key and may simply be absent.
    pub(super) in_mapping: bool,
    pub(super) flaw: Flaw,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwanted(wanted) => write!(f, "expected {wanted}"),
            Self::Missing(field) => write!(f, "found no \"{field}\""),
            Self::Placed(placed) => {
                write!(f, "found {}, expected {}", placed.flaw.found, placed.flaw.expected)
            }
        }
    }
}

impl std::error::Error for DecodeError {}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // The model's own errors say "found X, expected Y"; what was found is known better here.
        let message = message.to_string();
        let wanted = message.split_once(", expected ").map(|(_, wanted)| wanted.to_owned());
        Self::Unwanted(wanted.unwrap_or(message))
    }

    fn invalid_type(_found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::Unwanted(wanted.to_string())
    }

    fn invalid_value(_found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::Unwanted(wanted.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}
