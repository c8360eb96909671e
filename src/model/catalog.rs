//! What runs refer to: families, quants, rigs, shapes, terms, sources, plans.

use serde::{Deserialize, Serialize};

use super::{PartialDate, Positive};

/// A model family, such as `Gemma-4`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Stable slug, used in URLs and run files.
    pub id: String,
    /// The name as its maker writes it.
    pub name: String,
    /// Release month; groups are ordered by it.
    pub released: PartialDate,
    /// Where the release month comes from.
    pub released_source: String,
    /// The models of the family.
    pub variants: Vec<Variant>,
}

/// One model of a family, such as `E4B-it`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Slug, unique inside the family.
    pub id: String,
    /// The name inside the family.
    pub name: String,
    /// Parameters in thousand millions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_params_b: Option<Positive>,
    /// Parameters used for each token, in thousand millions; equal to the total for dense models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_params_b: Option<Positive>,
    /// True where the source itself calls the parameter counts approximate.
    #[serde(default, skip_serializing_if = "is_false")]
    pub params_approximate: bool,
    /// Largest context in tokens, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
    /// True for models that also read images.
    #[serde(default, skip_serializing_if = "is_false")]
    pub vision: bool,
    /// Whether hidden reasoning tokens are part of the output.
    #[serde(default, skip_serializing_if = "Reasoning::is_unknown")]
    pub reasoning: Reasoning,
    /// Licence of the weights, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where these facts come from, or what is odd about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Whether a model writes hidden reasoning before its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reasoning {
    /// Always, or by default.
    Yes,
    /// Never.
    No,
    /// Can be switched on and off.
    Optional,
    /// No source says.
    #[default]
    Unknown,
}

impl Reasoning {
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// A weight format, such as `Q4_K_M`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quant {
    /// The name as published; unique ignoring case.
    pub id: String,
    /// Bits per weight of the main block type, or of the mixture where stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits_per_weight: Option<Positive>,
    /// What the format is, in one sentence.
    pub about: String,
    /// Where the bits per weight come from.
    pub source: String,
}

/// One machine as tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hardware {
    /// Stable slug, used in URLs and run files.
    pub id: String,
    /// Older slugs that still work in links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The label on rows and charts.
    pub name: String,
    /// A short name for controls, such as `RTX 5070`.
    pub short: String,
    /// Processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Graphics processor or other accelerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu: Option<String>,
    /// Architecture of the accelerator, such as `gfx1151`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// Memory the accelerator can use, in GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_gib: Option<Positive>,
    /// True where processor and accelerator share one memory.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unified_memory: bool,
    /// Memory of the whole machine, in GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_memory_gib: Option<Positive>,
    /// Theoretical peak of the memory bus, in GB/s (10⁹ bytes).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bandwidth_gb_per_s: Option<Positive>,
    /// Where the bandwidth comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bandwidth_source: Option<String>,
    /// Power cap as usually run, in watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_cap_w: Option<Positive>,
    /// The largest power the card or package accepts, in watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_max_w: Option<Positive>,
    /// Operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Kernel version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// Driver version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// Backends as its publisher lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backends: Vec<String>,
    /// What kind of machine this is, in a few sentences.
    pub story: String,
    /// Microbenchmarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Probe>,
    /// What its sources contradict or leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Families published with a count but without rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<Unlisted>,
    /// Ids of the sources of this card.
    pub sources: Vec<String>,
}

/// A memory and arithmetic microbenchmark at one power cap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Power cap during the probe, in watts.
    pub power_cap_w: Positive,
    /// Device copy, copied bytes counted once, in GB/s; bus traffic is about double.
    pub copy_gb_per_s: Positive,
    /// Half-precision tensor throughput, in TFLOP/s.
    pub fp16_tflop_per_s: Positive,
    /// Bfloat16 tensor throughput, in TFLOP/s.
    pub bf16_tflop_per_s: Positive,
}

/// Results a publisher counted without showing their rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unlisted {
    /// Family name as published.
    pub family: String,
    /// Results counted.
    pub results: u32,
    /// Release month as published.
    pub released: PartialDate,
}

/// A workload shape: what is asked, and how long prompt and answer really are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Slug, used in URLs and run files.
    pub id: String,
    /// The label on controls and charts.
    pub label: String,
    /// True where a client asks a server; false where the engine is timed from inside.
    pub served: bool,
    /// What the shape stands for, in one or two sentences.
    pub about: String,
    /// Fewest prompt tokens seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens_min: Option<u32>,
    /// Most prompt tokens seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens_max: Option<u32>,
    /// Fewest output tokens seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens_min: Option<u32>,
    /// Most output tokens allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens_max: Option<u32>,
}

/// A term and its definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Slug; the page looks terms up by it.
    pub id: String,
    /// The term as written in running text.
    pub term: String,
    /// The definition in one sentence.
    pub short: String,
    /// More: how it is measured, what it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long: Option<String>,
    /// Unit, for quantities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Formula, for derived quantities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// Where figures come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Slug, used by runs and rigs.
    pub id: String,
    /// Name and kind of the source.
    pub name: String,
    /// Where it can be read, where it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published or read.
    pub date: PartialDate,
    /// Under what terms the figures are reused.
    pub licence: String,
    /// How the figures were measured, as far as the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// True for what a reader can follow; anything else would be shown as text, or do something else than lead there.
pub fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// A measurement that is planned, and what stands in its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Slug.
    pub id: String,
    /// What will be measured.
    pub title: String,
    /// What it will show.
    pub about: String,
    /// What blocks it; absent when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !*value
}
