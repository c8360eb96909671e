//! Rules over results: what cannot be, what is doubtful, what must not be compared.
//!
//! Nothing here changes a figure. A rule looks at the whole index and says what it found and what
//! it expected, with the runs and results concerned and the glossary id that explains it; readers
//! and publishers decide. `docs/checks.md` has every rule with its threshold and where that comes
//! from.

mod cell;
pub mod compare;
mod contradictions;
mod equal;
mod labels;
mod ladder;
pub mod physics;
mod plausible;
mod power;
mod prompts;
mod schema;
mod serving;
mod units;

use std::fmt;

use crate::index::Index;
use crate::model::Metric;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Decode would need more bandwidth than the memory bus has.
    BandwidthLimit,
    /// A stated count of active parameters does not fit the speed.
    ActiveParameters,
    /// The weights file is not of the size that its quant makes.
    WeightsSize,
    /// Requests waited for each other.
    Queueing,
    /// The prompt came from a cache.
    CachedPrompt,
    /// One build is called by the name of several accelerators.
    RelabelledBackend,
    /// One measurement stands in several files.
    Duplicate,
    /// Power caps that differ, are not stated or contradict each other.
    PowerCap,
    /// Smaller weights are slower.
    QuantLadder,
    /// One shape has prompts of different lengths for one model.
    PromptTokens,
    /// One metric goes by the name of another.
    MetricSchema,
    /// Sources, or a run and the card of its rig, state different things.
    Contradiction,
    /// A figure stands in another unit than its name says.
    UnitSlip,
    /// A figure that no clock can have measured.
    ImpossibleTimer,
    /// A time to first token that was calculated from the prefill rate, or the other way round.
    DerivedTtft,
}

impl Rule {
    /// Every rule, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::BandwidthLimit,
        Self::ActiveParameters,
        Self::WeightsSize,
        Self::Queueing,
        Self::CachedPrompt,
        Self::RelabelledBackend,
        Self::Duplicate,
        Self::PowerCap,
        Self::QuantLadder,
        Self::PromptTokens,
        Self::MetricSchema,
        Self::Contradiction,
        Self::UnitSlip,
        Self::ImpossibleTimer,
        Self::DerivedTtft,
    ];

    /// The name in lists and in the documentation.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BandwidthLimit => "bandwidth-limit",
            Self::ActiveParameters => "active-parameters",
            Self::WeightsSize => "weights-size",
            Self::Queueing => "queueing",
            Self::CachedPrompt => "cached-prompt",
            Self::RelabelledBackend => "relabelled-backend",
            Self::Duplicate => "duplicate",
            Self::PowerCap => "power-cap",
            Self::QuantLadder => "quant-ladder",
            Self::PromptTokens => "prompt-tokens",
            Self::MetricSchema => "metric-schema",
            Self::Contradiction => "contradiction",
            Self::UnitSlip => "unit-slip",
            Self::ImpossibleTimer => "impossible-timer",
            Self::DerivedTtft => "derived-ttft",
        }
    }

    /// True where a finding takes from a metric of the results it names; other findings take from labels,
    /// counts or the comparison.
    pub const fn doubts(self, metric: Metric) -> bool {
        match self {
            Self::BandwidthLimit => matches!(metric, Metric::Decode | Metric::Tpot),
            Self::CachedPrompt | Self::DerivedTtft => matches!(metric, Metric::Prefill | Metric::Ttft),
            Self::Queueing => matches!(metric, Metric::Prefill),
            Self::UnitSlip | Self::ImpossibleTimer => true,
            _ => false,
        }
    }

    /// The glossary id of the term that explains it.
    pub const fn term(self) -> &'static str {
        match self {
            Self::BandwidthLimit | Self::ActiveParameters => "implied-bandwidth",
            Self::WeightsSize | Self::QuantLadder => "quant",
            Self::Queueing => "queueing",
            Self::CachedPrompt => "prefill",
            Self::RelabelledBackend => "accelerator",
            Self::Duplicate => "repetition",
            Self::PowerCap => "power-cap",
            Self::PromptTokens => "prompt-tokens",
            Self::MetricSchema => "output",
            Self::Contradiction => "source",
            Self::UnitSlip | Self::ImpossibleTimer => "metric",
            Self::DerivedTtft => "ttft",
        }
    }
}

/// How much a finding takes from the figures it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// They cannot be what they are said to be.
    Impossible,
    /// They are most likely not what they are said to be.
    Doubtful,
    /// They stand, but must not be compared as if nothing differed.
    Notice,
}

impl Severity {
    /// The word in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Impossible => "impossible",
            Self::Doubtful => "doubtful",
            Self::Notice => "notice",
        }
    }
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How much it takes from the figures.
    pub severity: Severity,
    /// Which rule found it.
    pub rule: Rule,
    /// Positions of the runs concerned, ascending; at least one.
    pub runs: Vec<usize>,
    /// Positions of the results concerned, ascending; none where whole runs are meant.
    pub results: Vec<usize>,
    /// What is there.
    pub found: String,
    /// What was expected instead, with the likely cause where the data show one.
    pub expected: String,
}

impl Finding {
    /// A finding about results, and the runs they belong to.
    fn about_results(index: &Index, rule: Rule, severity: Severity, results: &[usize]) -> Self {
        let mut results = results.to_vec();
        results.sort_unstable();
        results.dedup();
        let runs: Vec<usize> = results.iter().map(|&result| index.run_of(result)).collect();
        Self { results, ..Self::about_runs(rule, severity, &runs) }
    }

    /// A finding about whole runs.
    fn about_runs(rule: Rule, severity: Severity, runs: &[usize]) -> Self {
        let mut runs = runs.to_vec();
        runs.sort_unstable();
        runs.dedup();
        let (found, expected) = (String::new(), String::new());
        Self { severity, rule, runs, results: Vec::new(), found, expected }
    }

    /// The same finding in words.
    fn saying(self, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { found: found.into(), expected: expected.into(), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

/// Everything that the rules find in an index, worst first; the same for the same index.
///
/// Takes time in proportion to the number of results, but for sorting.
pub fn findings(index: &Index) -> Vec<Finding> {
    let rules: [fn(&Index) -> Vec<Finding>; 15] = [
        plausible::bandwidth_limit,
        plausible::active_parameters,
        plausible::weights_size,
        serving::queueing,
        serving::cached_prompt,
        labels::relabelled_backend,
        equal::duplicates,
        power::power_caps,
        ladder::quant_ladder,
        prompts::prompt_tokens,
        schema::metric_schema,
        contradictions::contradictions,
        units::unit_slips,
        units::impossible_timers,
        units::derived_ttft,
    ];
    let mut found: Vec<Finding> = rules.iter().flat_map(|rule| rule(index)).collect();
    found.sort();
    found
}
