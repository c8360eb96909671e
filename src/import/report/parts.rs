//! Small parts of runs: ids, counts that agree, what repetitions give.

use crate::model::catalog::{Reasoning, Variant};
use crate::model::run::{Backend, Repetition, ResultEntry, Run, Statistic};
use crate::model::{Metric, Positive};
use crate::stats;

/// True where the results of a run are further results of another one: everything else is equal,
/// and the other has none of the same shape and concurrency.
pub(super) fn belongs_to(run: &Run, other: &Run) -> bool {
    let cell = |result: &ResultEntry| (result.shape.clone(), result.concurrency);
    let is_there = |result: &ResultEntry| other.results.iter().any(|other| cell(other) == cell(result));
    let bare = |run: &Run| Run { id: String::new(), results: Vec::new(), ..run.clone() };
    !run.results.iter().any(is_there) && bare(run) == bare(other)
}

/// `2026-02-22t1942z-gemma-3-27b-it-q6_k-vulkan`, as `data/README.md` names files.
pub(in crate::import) fn id(date: &str, model: &str, quant: &str, backend: &Backend, mode: &str) -> String {
    let runtime = backend.runtime.as_deref().unwrap_or(backend.accelerator.slug());
    let mode = (mode != "baseline").then_some(mode);
    let parts = [Some(date), Some(model), Some(quant), backend.build.as_deref(), Some(runtime), mode];
    let id = parts.into_iter().flatten().collect::<Vec<_>>().join("-").to_lowercase().replace(':', "");
    id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' }).collect()
}

/// A model of which only its name is known.
pub(in crate::import) fn blank(id: String, name: String) -> Variant {
    Variant {
        id,
        name,
        total_params_b: None,
        active_params_b: None,
        params_approximate: false,
        context_tokens: None,
        vision: false,
        reasoning: Reasoning::Unknown,
        licence: None,
        note: None,
    }
}

/// The count that all repetitions agree on.
pub(super) fn agreed(repetitions: &[Repetition], count: impl Fn(&Repetition) -> Option<u32>) -> Option<u32> {
    let first = repetitions.first().and_then(&count);
    first.filter(|_| repetitions.iter().all(|repetition| count(repetition) == first))
}

/// What the repetitions of a result give.
pub(super) fn summary(repetitions: &[Repetition], metric: Metric, statistic: Statistic) -> Option<f64> {
    let values: Vec<f64> =
        repetitions.iter().filter_map(|repetition| repetition.value(metric)).map(Positive::get).collect();
    match statistic {
        Statistic::Median => stats::median(&values),
        Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(&values),
    }
}
