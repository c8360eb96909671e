//! What stands between two results: every setting that differs, and what they may be compared as.

use super::cell::{output_tokens, prompt_tokens, said, settings};
use crate::index::Index;
use crate::model::run::{Backend, Statistic, Timing};
use crate::model::{Metric, Positive, plain};

/// Something that two results do not have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What differs, in the words of the page: `Power cap`, `KV type`.
    pub field: String,
    /// The first result's; `None` where it is not stated.
    pub left: Option<String>,
    /// The second result's; `None` where it is not stated.
    pub right: Option<String>,
    /// Metrics whose difference it may explain.
    pub may_explain: &'static [Metric],
}

/// What results may be compared as; the glossary has the definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The engine timed itself on fixed token counts.
    Hardware,
    /// A server answered a fixed workload.
    Stack,
    /// Requests as they came, of any length.
    Workload,
}

impl Class {
    /// The glossary id of its definition.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Hardware => "hardware-comparable",
            Self::Stack => "stack-comparable",
            Self::Workload => "real-workload",
        }
    }
}

/// What a result may be compared as.
///
/// Raw timings stand for the hardware, served ones of a shape with stated token counts for the whole
/// stack, and served ones of a shape without for nothing but themselves.
pub fn class(index: &Index, result: usize) -> Class {
    let configuration = index.configuration_of(index.run_of(result));
    if index.configurations.timing.get(configuration) == Some(&Timing::Raw) {
        return Class::Hardware;
    }
    let shape = index.results.shape.get(result);
    let shape = shape.and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    let is_fixed = shape.is_some_and(|s| s.prompt_tokens_max.is_some() || s.output_tokens_max.is_some());
    if is_fixed { Class::Stack } else { Class::Workload }
}

/// The class of a comparison; `None` where the two are not of one class and shape.
pub fn comparable_as(index: &Index, a: usize, b: usize) -> Option<Class> {
    let (class_a, class_b) = (class(index, a), class(index, b));
    let same_shape = index.results.shape.get(a) == index.results.shape.get(b);
    (class_a == class_b && same_shape).then_some(class_a)
}

/// Rates and times of one request.
const SPEED: &[Metric] =
    &[Metric::Decode, Metric::Prefill, Metric::Ttft, Metric::Tpot, Metric::EndToEnd, Metric::Output];
/// Everything.
const ALL: &[Metric] = &Metric::ALL;
/// Reading the prompt, and what contains it.
const READING: &[Metric] = &[Metric::Prefill, Metric::Ttft, Metric::EndToEnd, Metric::Output];
/// Whatever the length of the answer changes.
const WRITING: &[Metric] = &[Metric::Decode, Metric::Tpot, Metric::EndToEnd, Metric::Output];
/// Load alone.
const LOADING: &[Metric] = &[Metric::Load];
/// What a metric's own name hides.
const RATES: &[Metric] = &[Metric::Decode, Metric::Output];

/// Every setting that differs between two results, in a fixed order; equal results have none.
///
/// What neither states is equal; what one alone states differs from nothing.
pub fn differences(index: &Index, a: usize, b: usize) -> Vec<Difference> {
    let (left, right) = (facts(index, a), facts(index, b));
    let mut found = Vec::new();
    for ((field, left, may_explain), (_, right, _)) in left.into_iter().zip(right) {
        if left != right {
            found.push(Difference { field: field.to_owned(), left, right, may_explain });
        }
    }
    found.extend(settings_apart(index, index.run_of(a), index.run_of(b)));
    found
}

type Fact = (&'static str, Option<String>, &'static [Metric]);

/// What a result states about itself, always in the same order.
fn facts(index: &Index, result: usize) -> Vec<Fact> {
    let run = index.run_of(result);
    let configuration = index.configuration_of(run);
    let model = index.model(configuration);
    let rig = index.hardware(configuration);
    let backend = index.backend(configuration);
    let of_backend = |part: fn(&Backend) -> Option<String>| backend.and_then(part);
    let approximate = !index.runs.file_size_approximate.of(run).is_empty();
    let size = index.runs.file_size_gib.get(run).map(plain);
    let cap = index.configurations.power_cap_w.get(configuration);
    let shape = index.results.shape.get(result);
    let shape = shape.and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
    let active = model.and_then(|(_, variant)| variant.active_params_b);
    vec![
        ("Model", model.map(|(family, variant)| format!("{} {}", family.name, variant.name)), ALL),
        ("Active parameters", active.map(Positive::get).map(|count| format!("{}B", plain(count))), SPEED),
        ("Quant", index.quant(configuration).map(|quant| quant.id.clone()), ALL),
        (
            "File size",
            size.map(|gib| if approximate { format!("~{gib} GiB") } else { format!("{gib} GiB") }),
            ALL,
        ),
        ("Hardware", rig.map(|rig| rig.name.clone()), ALL),
        ("Power cap", cap.map(|watts| format!("{} W", plain(watts))), SPEED),
        ("Driver", index.driver(configuration).map(str::to_owned), SPEED),
        ("Engine", of_backend(|backend| Some(backend.engine.clone())), ALL),
        ("Build", of_backend(|backend| backend.build.clone()), ALL),
        ("Accelerator", of_backend(|backend| Some(backend.accelerator.slug().to_owned())), ALL),
        ("Runtime", of_backend(|backend| backend.runtime.clone()), ALL),
        ("Mode", Some(index.mode(configuration).to_owned()), SPEED),
        ("Shape", shape.map(|shape| shape.label.clone()), SPEED),
        ("Concurrency", index.results.concurrency.get(result).map(u16::to_string), SPEED),
        ("Prompt tokens", prompt_tokens(index, result).map(plain), READING),
        ("Output tokens", output_tokens(index, result).map(plain), WRITING),
        ("Timing", index.configurations.timing.get(configuration).map(timing), SPEED),
        ("Statistic", index.runs.statistic.get(run).and_then(statistic), SPEED),
        ("Repetitions", repetitions(index, run, result), SPEED),
        ("Decode is", meaning_of_decode(index, run), RATES),
        ("Date", index.runs.date.get(run).map(|date| date.as_str().to_owned()), ALL),
    ]
}

fn timing(timing: &Timing) -> String {
    match timing {
        Timing::Served => "served",
        Timing::Raw => "raw",
    }
    .to_owned()
}

fn statistic(statistic: &Statistic) -> Option<String> {
    let word = match statistic {
        Statistic::Mean => "mean",
        Statistic::Median => "median",
        Statistic::Single => "one repetition",
        Statistic::Unknown => return None,
    };
    Some(word.to_owned())
}

fn repetitions(index: &Index, run: usize, result: usize) -> Option<String> {
    let repeated = index.repetitions_of(result).len();
    let stated = index.runs.repetitions.get(run).copied().filter(|&count| count > 0);
    if repeated > 0 { Some(repeated.to_string()) } else { stated.map(|count| count.to_string()) }
}

/// The metric that a source names for decode, where that is another one.
fn meaning_of_decode(index: &Index, run: usize) -> Option<String> {
    let said = said(index, run, Metric::Decode.key()).next();
    said.map(|(words, _)| format!("{words} by its source"))
}

/// Settings that differ, each by its name.
fn settings_apart(index: &Index, a: usize, b: usize) -> Vec<Difference> {
    let pairs = |run: usize| settings(index, run).map(|settings| settings.pairs()).unwrap_or_default();
    let (left, right) = (pairs(a), pairs(b));
    let value = |pairs: &[(String, String)], name: &str| {
        pairs.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
    };
    let only_right = right.iter().filter(|(name, _)| value(&left, name).is_none());
    let names = left.iter().chain(only_right).map(|(name, _)| name);
    let apart = names.filter_map(|name| {
        let (left, right) = (value(&left, name), value(&right, name));
        let may_explain = match name.as_str() {
            "mmap" => LOADING,
            "Output limit" => WRITING,
            "Temperature" => RATES,
            _ => SPEED,
        };
        (left != right).then(|| Difference { field: name.clone(), left, right, may_explain })
    });
    apart.collect()
}
