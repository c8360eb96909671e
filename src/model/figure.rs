//! Figures beyond the metrics: what only some tools measure, or measure of all requests together.
//!
//! A metric is asked for in every table and chart; a figure is kept with its result and shown beside
//! it. Each name says what was measured and in which unit, so that no rate goes by another's name.

use std::fmt;

use serde::de::{EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Metric;

/// Where in the distribution over requests a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Arithmetic mean.
    Mean,
    /// Sample standard deviation (n − 1).
    Sd,
    /// The smallest.
    Min,
    /// 1st percentile.
    P1,
    /// 5th percentile.
    P5,
    /// 10th percentile.
    P10,
    /// 25th percentile.
    P25,
    /// Median.
    P50,
    /// 75th percentile.
    P75,
    /// 90th percentile.
    P90,
    /// 95th percentile.
    P95,
    /// 99th percentile.
    P99,
    /// 99.9th percentile.
    P999,
    /// The largest.
    Max,
}

impl Point {
    /// Every point, in the order of a table.
    pub const ALL: [Self; 14] = [
        Self::Mean,
        Self::Sd,
        Self::Min,
        Self::P1,
        Self::P5,
        Self::P10,
        Self::P25,
        Self::P50,
        Self::P75,
        Self::P90,
        Self::P95,
        Self::P99,
        Self::P999,
        Self::Max,
    ];

    /// The point of a percentile, `99.9`; `None` for one that figures do not have.
    pub fn percentile(percent: f64) -> Option<Self> {
        let of = [
            (1.0, Self::P1),
            (5.0, Self::P5),
            (10.0, Self::P10),
            (25.0, Self::P25),
            (50.0, Self::P50),
            (75.0, Self::P75),
            (90.0, Self::P90),
            (95.0, Self::P95),
            (99.0, Self::P99),
            (99.9, Self::P999),
        ];
        of.into_iter().find(|(known, _)| (known - percent).abs() < 1e-9).map(|(_, point)| point)
    }
}

/// Name, label and unit of a figure.
struct Names {
    key: &'static str,
    label: &'static str,
    unit: &'static str,
}

macro_rules! at_point {
    ($key:literal, $suffix:literal, $label:literal, $unit:literal, $($point:literal $words:literal),*) => {
        [$(Names {
            key: concat!($key, "_", $point, "_", $suffix),
            label: concat!($label, " ", $words),
            unit: $unit,
        }),*]
    };
}

/// One row for each quantity: variant, name, unit in the name, label, unit in words, meaning.
macro_rules! quantities {
    ($($variant:ident $key:literal $suffix:literal $label:literal $unit:literal $about:literal;)*) => {
        /// What is measured of each request.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Quantity {
            $(#[doc = $about] $variant,)*
        }

        impl Quantity {
            /// Every quantity.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Names at every point, in the order of [`Point::ALL`].
            const fn names(self) -> &'static [Names; Point::ALL.len()] {
                match self {
                    $(Self::$variant => &at_point!(
                        $key, $suffix, $label, $unit, "mean" "mean", "sd" "standard deviation",
                        "min" "smallest", "p1" "p1", "p5" "p5", "p10" "p10", "p25" "p25", "p50" "median",
                        "p75" "p75", "p90" "p90", "p95" "p95", "p99" "p99", "p999" "p99.9", "max" "largest"
                    ),)*
                }
            }
        }
    };
}

quantities! {
    Ttft "ttft" "ms" "TTFT" "ms" "Time to first token.";
    Tpot "tpot" "ms" "TPOT" "ms" "Time per output token after the first.";
    Itl "itl" "ms" "ITL" "ms" "Gap between two pieces of a streamed answer, which may hold several tokens.";
    EndToEnd "end_to_end" "ms" "End-to-end" "ms" "The whole request.";
    EndToEndPerToken "end_to_end_per_token" "ms" "End-to-end per output token" "ms"
        "The whole request by all its output tokens, the first included.";
    SecondToken "second_token" "ms" "First to second token" "ms" "From the first token to the second.";
    FirstResponse "first_response" "ms" "First response" "ms" "Until any piece of the answer came, text or not.";
    Queue "queue" "ms" "Queue" "ms" "Waiting before a request was worked on.";
    ClientPrompt "client_prompt" "ms" "Prompt, as the client saw it" "ms"
        "Time to first token without the network, taken for the time of the prompt.";
    Decode "decode" "tok_per_s" "Decode" "tok/s" "Output tokens per second after the first token, of one request.";
    Output "output" "tok_per_s" "Output" "tok/s" "Output tokens per second over the whole request, of one request.";
    ClientPrefill "client_prefill" "tok_per_s" "Prefill, as the client saw it" "tok/s"
        "Prompt tokens by the time to first token, which holds the network and the queue too.";
}

impl Quantity {
    /// The metric of the same definition, where there is one.
    pub const fn metric(self) -> Option<Metric> {
        match self {
            Self::Ttft => Some(Metric::Ttft),
            Self::Tpot => Some(Metric::Tpot),
            Self::EndToEnd => Some(Metric::EndToEnd),
            Self::Decode => Some(Metric::Decode),
            Self::Output => Some(Metric::Output),
            _ => None,
        }
    }
}

/// One row for each figure that is one number: variant, name, label, unit in words, meaning.
macro_rules! figures {
    ($($variant:ident $key:literal $label:literal $unit:literal $about:literal;)*) => {
        /// A figure beyond the metrics.
        ///
        /// The serialised name carries the unit, as every field of a run file does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure {
            /// A quantity of each request, at a point of its distribution.
            Of(Quantity, Point),
            $(#[doc = $about] $variant,)*
        }

        /// Figures that are one number.
        const SINGLE: &[Figure] = &[$(Figure::$variant),*];

        impl Figure {
            const fn names(self) -> &'static Names {
                match self {
                    #[expect(clippy::indexing_slicing, reason = "one name for each point, in the same order")]
                    Self::Of(quantity, point) => &quantity.names()[point as usize],
                    $(Self::$variant => &Names { key: $key, label: $label, unit: $unit },)*
                }
            }
        }
    };
}

figures! {
    RequestPerS "request_per_s" "Requests" "per second" "Finished requests per second.";
    GoodRequestPerS "good_request_per_s" "Requests within their limits" "per second"
        "Finished requests per second that kept the limits the measurement set.";
    SystemOutput "system_output_tok_per_s" "Output of all requests" "tok/s"
        "Output tokens of all requests by the time of the whole measurement.";
    SystemInput "system_input_tok_per_s" "Input of all requests" "tok/s"
        "Prompt tokens of all requests by the time of the whole measurement.";
    SystemTotal "system_total_tok_per_s" "Input and output of all requests" "tok/s"
        "Prompt and output tokens of all requests by the time of the whole measurement.";
    SystemDecode "system_decode_tok_per_s" "Decode of all requests" "tok/s"
        "Output tokens of all requests by the time of decoding alone.";
    SystemPrefill "system_prefill_tok_per_s" "Prefill of all requests" "tok/s"
        "Prompt tokens of all requests by the time of prefill alone.";
    SystemPeakOutput "system_peak_output_tok_per_s" "Output of all requests, peak" "tok/s"
        "Output tokens of all requests in the best second.";
    PeakOutput "peak_output_tok_per_s" "Output of one request, peak" "tok/s"
        "Output tokens of one request in the best second.";
    OutputPerAccelerator "output_tok_per_s_per_accelerator" "Output per accelerator" "tok/s"
        "Output tokens of all requests per second and accelerator.";
    InputPerAccelerator "input_tok_per_s_per_accelerator" "Input per accelerator" "tok/s"
        "Prompt tokens of all requests per second and accelerator.";
    TotalPerAccelerator "total_tok_per_s_per_accelerator" "Input and output per accelerator" "tok/s"
        "Prompt and output tokens of all requests per second and accelerator.";
    Mixed "mixed_tok_per_s" "Input and output of one request" "tok/s"
        "Prompt and output tokens of one request by its time.";
    Requests "requests" "Requests" "" "Requests that finished.";
    FailedRequests "failed_requests" "Failed requests" "" "Requests that failed.";
    IncompleteRequests "incomplete_requests" "Incomplete requests" "" "Requests that were cut off at the end.";
    MeanConcurrency "mean_concurrency" "Requests in flight, mean" "" "Requests in flight, as measured over time.";
    PeakConcurrency "peak_concurrency" "Requests in flight, most" "" "Most requests in flight, as measured.";
    Duration "duration_s" "Duration of the measurement" "s" "The whole measurement.";
    TotalInput "total_input_tokens" "Prompt tokens of all requests" "tokens" "Prompt tokens of all requests.";
    TotalOutput "total_output_tokens" "Output tokens of all requests" "tokens" "Output tokens of all requests.";
    CachedInput "cached_input_tokens" "Prompt tokens from a cache" "tokens"
        "Prompt tokens of all requests that came from a cache.";
    ReasoningTokens "reasoning_tokens" "Reasoning tokens" "tokens" "Hidden output tokens of a request, on average.";
    PeakMemory "peak_memory_gib" "Peak memory" "GiB" "Most memory that the process or machine had taken.";
    PeakAcceleratorMemory "peak_accelerator_memory_gib" "Peak memory of the accelerators" "GiB"
        "Most memory that was taken on the accelerators.";
    MeanPower "mean_power_w" "Mean power" "W" "Power drawn, on average.";
    PeakPower "peak_power_w" "Peak power" "W" "Most power drawn.";
    Energy "energy_j" "Energy" "J" "Energy of the whole measurement.";
    EnergyPerToken "energy_j_per_token" "Energy per output token" "J" "Energy by output tokens.";
    DecodePerJoule "decode_tok_per_j" "Output tokens per joule" "tok/J" "Output tokens per joule of decoding.";
    PrefillPerJoule "prefill_tok_per_j" "Prompt tokens per joule" "tok/J" "Prompt tokens per joule of prefill.";
    AcceptedPerStep "accepted_tokens_per_step" "Tokens per step" "tokens"
        "Output tokens of one step of speculative decoding, on average.";
    AcceptedPercent "accepted_draft_percent" "Accepted draft tokens" "%" "Share of the draft tokens that were accepted.";
    DraftTokens "draft_tokens" "Draft tokens" "tokens" "Draft tokens of all requests.";
    AcceptedTokens "accepted_draft_tokens" "Draft tokens accepted" "tokens"
        "Draft tokens of all requests that were accepted.";
    NetworkLatency "network_ms" "Network" "ms" "Time that the network took, which the measurement takes off.";
    Score "score" "Score of the tool" "" "A score that the tool makes of its figures.";
}

impl Figure {
    /// Every figure, in the order of a table.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYED.iter().map(|&(figure, _)| figure)
    }

    /// The name in run files and in the index, with its unit.
    pub const fn key(self) -> &'static str {
        self.names().key
    }

    /// The name on the page.
    pub const fn label(self) -> &'static str {
        self.names().label
    }

    /// The unit in words, empty for counts.
    pub const fn unit(self) -> &'static str {
        self.names().unit
    }

    /// The figure behind a name.
    pub fn from_key(key: &str) -> Option<Self> {
        KEYED.iter().find(|(_, known)| *known == key).map(|&(figure, _)| figure)
    }
}

const COUNT: usize = Quantity::ALL.len() * Point::ALL.len() + SINGLE.len();

/// Every figure with its name.
static KEYED: [(Figure, &str); COUNT] = keyed();

/// The names alone, for messages.
static KEYS: [&str; COUNT] = keys();

#[expect(clippy::indexing_slicing, reason = "worked out while compiling, which stops at an index too far")]
const fn keyed() -> [(Figure, &'static str); COUNT] {
    let mut all = [(Figure::Score, ""); COUNT];
    let mut at = 0;
    while at < COUNT {
        let of_quantities = COUNT - SINGLE.len();
        let figure = if at < of_quantities {
            Figure::Of(Quantity::ALL[at / Point::ALL.len()], Point::ALL[at % Point::ALL.len()])
        } else {
            SINGLE[at - of_quantities]
        };
        all[at] = (figure, figure.key());
        at += 1;
    }
    all
}

#[expect(clippy::indexing_slicing, reason = "worked out while compiling, which stops at an index too far")]
const fn keys() -> [&'static str; COUNT] {
    let keyed = keyed();
    let mut keys = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        keys[at] = keyed[at].1;
        at += 1;
    }
    keys
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;
        impl<'de> Visitor<'de> for Key {
            type Value = Figure;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a figure")
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Figure, A::Error> {
                let (key, rest) = data.variant::<String>()?;
                rest.unit_variant()?;
                Figure::from_key(&key).ok_or_else(|| de::Error::unknown_variant(&key, &KEYS))
            }
        }
        // As an enum, so that whoever reads can name what was probably meant.
        deserializer.deserialize_enum("Figure", &KEYS, Key)
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for Figure {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A figure beyond the metrics; its name ends with its unit.",
            "type": "string",
            "enum": KEYS.as_slice()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_a_name_of_its_own_that_leads_back() {
        let mut keys = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for figure in Figure::all() {
            assert!(keys.insert(figure.key()), "{} stands twice", figure.key());
            assert!(labels.insert((figure.label(), figure.unit())), "{} stands twice", figure.label());
            assert_eq!(Figure::from_key(figure.key()), Some(figure));
            let json = serde_json::to_string(&figure).unwrap_or_default();
            assert_eq!(json, format!("\"{}\"", figure.key()));
            assert_eq!(serde_json::from_str::<Figure>(&json).ok(), Some(figure));
        }
        assert_eq!(keys.len(), COUNT);
        assert_eq!(Figure::Of(Quantity::Ttft, Point::P99).key(), "ttft_p99_ms");
        assert_eq!(Figure::Of(Quantity::Decode, Point::P50).label(), "Decode median");
    }

    #[test]
    fn no_figure_is_another_name_of_a_metric() {
        for metric in crate::model::Metric::ALL {
            assert_eq!(Figure::from_key(metric.key()), None);
            assert!(serde_json::from_str::<Figure>(&format!("\"{}\"", metric.key())).is_err());
        }
    }

    #[test]
    fn names_end_with_their_units() {
        for figure in Figure::all() {
            let expected = match figure.unit() {
                "ms" => "_ms",
                "s" => "_s",
                "GiB" => "_gib",
                "W" => "_w",
                "per second" => "_per_s",
                "tok/J" => "_tok_per_j",
                "%" => "_percent",
                _ => continue,
            };
            assert!(figure.key().ends_with(expected), "{}", figure.key());
        }
    }

    #[test]
    fn percentiles_have_their_points() {
        assert_eq!(Point::percentile(99.9), Some(Point::P999));
        assert_eq!(Point::percentile(50.0), Some(Point::P50));
        assert_eq!(Point::percentile(42.0), None);
    }
}
