//! Run files: one campaign on one configuration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Figure, Metric, PartialDate, Positive};

/// The version of the run file format that this crate reads.
pub const RUN_SCHEMA: u32 = 1;

/// One campaign on one configuration: the content of one run file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Version of the format, [`RUN_SCHEMA`].
    pub schema: u32,
    /// Unique id, equal to the file's name without `.yaml`.
    pub id: String,
    /// When the run was made or, where no source says, published.
    pub date: PartialDate,
    /// Family and variant, `gemma-4/e4b-it`.
    pub model: String,
    /// Id of the weight format.
    pub quant: String,
    /// Size of the weights file in GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_size_gib: Option<Positive>,
    /// True where the source itself calls the size approximate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub file_size_approximate: bool,
    /// Id of the rig.
    pub hardware: String,
    /// Power cap during the run, in watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_cap_w: Option<Positive>,
    /// Driver during the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// What ran the model.
    pub backend: Backend,
    /// What was changed on purpose.
    #[serde(default = "baseline", skip_serializing_if = "is_baseline")]
    pub mode: String,
    /// Whether a client timed a server, or the engine timed itself.
    pub timing: Timing,
    /// How the value of a result follows from its repetitions.
    pub statistic: Statistic,
    /// Repetitions behind each result, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetitions: Option<u32>,
    /// What was set, where known.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// Every source that printed these figures.
    pub sources: Vec<SourceRef>,
    /// What a reader must know about the whole run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Measured cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultEntry>,
    /// Ranges published without the cells behind them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<RangeEntry>,
}

fn baseline() -> String {
    "baseline".to_owned()
}

fn is_baseline(mode: &str) -> bool {
    mode == "baseline"
}

/// Engine, build and accelerator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// `llama.cpp`, `vllm`, …
    pub engine: String,
    /// Build as published; builds of forks are not ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// What computes.
    pub accelerator: Accelerator,
    /// Version of the accelerator's runtime, such as `ROCm 7.2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<String>,
}

/// The interface through which an engine computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Accelerator {
    /// NVIDIA CUDA.
    Cuda,
    /// AMD ROCm (HIP).
    Rocm,
    /// Vulkan compute.
    Vulkan,
    /// Apple Metal.
    Metal,
    /// No accelerator.
    Cpu,
    /// Intel SYCL (oneAPI).
    Sycl,
    /// OpenCL.
    Opencl,
    /// Anything else.
    Other,
}

impl Accelerator {
    /// Every accelerator, in the order of controls and legends.
    pub const ALL: [Self; 8] =
        [Self::Cuda, Self::Rocm, Self::Vulkan, Self::Metal, Self::Cpu, Self::Sycl, Self::Opencl, Self::Other];

    /// The word in files, URLs and labels.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Cuda => "cuda",
            Self::Rocm => "rocm",
            Self::Vulkan => "vulkan",
            Self::Metal => "metal",
            Self::Cpu => "cpu",
            Self::Sycl => "sycl",
            Self::Opencl => "opencl",
            Self::Other => "other",
        }
    }
}

/// Who held the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// A server answered requests.
    Served,
    /// The engine was timed from inside, without a server.
    Raw,
}

/// How one value stands for several repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Median of each quantity by itself.
    Median,
    /// One repetition.
    Single,
    /// The source does not say.
    Unknown,
}

/// What was set for the run. A field that is absent was not stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Context size, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
    /// Most output tokens a request may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Repetitions before the measured ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warmup_repetitions: Option<u32>,
    /// Flash attention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash_attention: Option<bool>,
    /// Type of the key–value cache, such as `q4_0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv_type: Option<String>,
    /// Whether the weights were memory-mapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mmap: Option<bool>,
    /// Layers on the accelerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpu_layers: Option<u32>,
    /// Draft tokens of speculative decoding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_tokens: Option<u32>,
    /// Sampling temperature, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<String>,
    /// Whatever else the source names: flag or variable, and its value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

impl Settings {
    /// True where nothing at all was stated.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Name and value of everything stated, in a fixed order.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let yes_no = |on: bool| if on { "on".to_owned() } else { "off".to_owned() };
        let known = [
            ("Context", self.context_tokens.map(|n| format!("{n} tokens"))),
            ("Output limit", self.max_output_tokens.map(|n| format!("{n} tokens"))),
            ("Warm-up repetitions", self.warmup_repetitions.map(|n| n.to_string())),
            ("Flash attention", self.flash_attention.map(yes_no)),
            ("KV type", self.kv_type.clone()),
            ("mmap", self.mmap.map(yes_no)),
            ("GPU layers", self.gpu_layers.map(|n| n.to_string())),
            ("Draft tokens", self.draft_tokens.map(|n| n.to_string())),
            ("Temperature", self.temperature.clone()),
        ];
        let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let other = self.other.iter().map(|(name, value)| (name.clone(), value.clone()));
        known.chain(other).collect()
    }
}

/// A source of a run, and what it says differently.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// Id of the source.
    pub id: String,
    /// Where in the source: a section, a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Fields that this source states differently, with its words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub says: BTreeMap<String, String>,
}

/// One measured cell, or one failed attempt at it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResultEntry {
    /// Id of the workload shape.
    pub shape: String,
    /// Requests in flight at once.
    pub concurrency: u16,
    /// What went wrong, in the words of the source; such a result has no figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Decode rate, in tokens per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decode_tok_per_s: Option<Positive>,
    /// Prefill rate, in tokens per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill_tok_per_s: Option<Positive>,
    /// Time to first token, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<Positive>,
    /// Time per output token, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tpot_ms: Option<Positive>,
    /// The whole request, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end_ms: Option<Positive>,
    /// Output tokens per second over the whole request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tok_per_s: Option<Positive>,
    /// Server start and model load, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_s: Option<Positive>,
    /// Tokens of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u32>,
    /// Tokens of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u32>,
    /// The cell as its source printed it, by metric: `22.7 ±0.5`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub published: BTreeMap<Metric, String>,
    /// What else was measured, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<Figure, Positive>,
    /// Each repetition, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repetitions: Vec<Repetition>,
    /// What a reader must know about this cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl ResultEntry {
    /// The stated value of a metric; repetitions are not looked at.
    pub fn stated(&self, metric: Metric) -> Option<Positive> {
        match metric {
            Metric::Decode => self.decode_tok_per_s,
            Metric::Prefill => self.prefill_tok_per_s,
            Metric::Ttft => self.ttft_ms,
            Metric::Tpot => self.tpot_ms,
            Metric::EndToEnd => self.end_to_end_ms,
            Metric::Output => self.output_tok_per_s,
            Metric::Load => self.load_s,
        }
    }

    /// The place of a metric's stated value.
    pub fn stated_mut(&mut self, metric: Metric) -> &mut Option<Positive> {
        match metric {
            Metric::Decode => &mut self.decode_tok_per_s,
            Metric::Prefill => &mut self.prefill_tok_per_s,
            Metric::Ttft => &mut self.ttft_ms,
            Metric::Tpot => &mut self.tpot_ms,
            Metric::EndToEnd => &mut self.end_to_end_ms,
            Metric::Output => &mut self.output_tok_per_s,
            Metric::Load => &mut self.load_s,
        }
    }
}

/// One repetition of a result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Repetition {
    /// Decode rate, in tokens per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decode_tok_per_s: Option<Positive>,
    /// Prefill rate, in tokens per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill_tok_per_s: Option<Positive>,
    /// Time to first token, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<Positive>,
    /// Tokens of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u32>,
    /// Tokens of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u32>,
}

impl Repetition {
    /// The value of a metric, for the metrics that repetitions carry.
    pub fn value(&self, metric: Metric) -> Option<Positive> {
        match metric {
            Metric::Decode => self.decode_tok_per_s,
            Metric::Prefill => self.prefill_tok_per_s,
            Metric::Ttft => self.ttft_ms,
            _ => None,
        }
    }
}

/// A range over several shapes whose cells were not published.
///
/// It stands for one result per shape, each known only to lie inside the range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeEntry {
    /// What was measured.
    pub metric: Metric,
    /// Ids of the shapes behind the range.
    pub shapes: Vec<String>,
    /// Requests in flight at once.
    pub concurrency: u16,
    /// The smallest cell.
    pub min: Positive,
    /// The largest cell.
    pub max: Positive,
}
