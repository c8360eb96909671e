//! The quantities a result can carry, with their names, units and direction.

use serde::{Deserialize, Serialize};

/// A measured quantity of a result.
///
/// The serialised name carries the unit, as every field of a run file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Metric {
    /// Output tokens per second after the first token.
    #[serde(rename = "decode_tok_per_s")]
    Decode,
    /// Prompt tokens per second before the first token.
    #[serde(rename = "prefill_tok_per_s")]
    Prefill,
    /// Time to first token, in milliseconds.
    #[serde(rename = "ttft_ms")]
    Ttft,
    /// Time per output token after the first, in milliseconds.
    #[serde(rename = "tpot_ms")]
    Tpot,
    /// The whole request, in milliseconds.
    #[serde(rename = "end_to_end_ms")]
    EndToEnd,
    /// Output tokens per second over the whole request.
    #[serde(rename = "output_tok_per_s")]
    Output,
    /// Server start and model load, in seconds.
    #[serde(rename = "load_s")]
    Load,
}

impl Metric {
    /// Every metric, in the order in which the page offers them.
    pub const ALL: [Self; 7] =
        [Self::Decode, Self::Prefill, Self::Ttft, Self::Tpot, Self::EndToEnd, Self::Output, Self::Load];

    /// The position in [`Metric::ALL`], for tables indexed by metric.
    pub const fn position(self) -> usize {
        self as usize
    }

    /// The name of the field in run files and in the index, with its unit.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Decode => "decode_tok_per_s",
            Self::Prefill => "prefill_tok_per_s",
            Self::Ttft => "ttft_ms",
            Self::Tpot => "tpot_ms",
            Self::EndToEnd => "end_to_end_ms",
            Self::Output => "output_tok_per_s",
            Self::Load => "load_s",
        }
    }

    /// The word that stands for the metric in a URL and in the glossary.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Prefill => "prefill",
            Self::Ttft => "ttft",
            Self::Tpot => "tpot",
            Self::EndToEnd => "end-to-end",
            Self::Output => "output",
            Self::Load => "load",
        }
    }

    /// The metric behind a slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.slug() == slug)
    }

    /// The short name on controls.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decode => "Decode",
            Self::Prefill => "Prefill",
            Self::Ttft => "TTFT",
            Self::Tpot => "TPOT",
            Self::EndToEnd => "End-to-end",
            Self::Output => "Output",
            Self::Load => "Load",
        }
    }

    /// The unit in which values are stored.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Decode | Self::Prefill | Self::Output => "tok/s",
            Self::Ttft | Self::Tpot | Self::EndToEnd => "ms",
            Self::Load => "s",
        }
    }

    /// True for durations, where the smaller value is the better one.
    pub const fn lower_is_better(self) -> bool {
        matches!(self, Self::Ttft | Self::Tpot | Self::EndToEnd | Self::Load)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_serde_and_positions_with_all() {
        for (position, metric) in Metric::ALL.into_iter().enumerate() {
            assert_eq!(metric.position(), position);
            assert_eq!(serde_json::to_value(metric).ok(), Some(metric.key().into()));
            assert_eq!(Metric::from_slug(metric.slug()), Some(metric));
        }
        assert_eq!(Metric::from_slug("speed"), None);
    }
}
