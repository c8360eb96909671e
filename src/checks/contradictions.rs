//! Sources that state different things, and cards of rigs that do not fit their runs.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{count, listed, sources};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::{Metric, may_be_printed, plain};

/// Fields that rules of their own look at.
const ELSEWHERE: [&str; 2] = ["backend", "active_params_b"];

/// What a source says differently, and a driver that the card of a rig does not know.
pub(super) fn contradictions(index: &Index) -> Vec<Finding> {
    let mut found = said_differently(index);
    found.extend(drivers(index));
    found
}

/// What the run, or the card of its rig, states for a field.
fn own(index: &Index, run: usize, field: &str) -> Option<String> {
    let configuration = index.configuration_of(run);
    let rig = index.hardware(configuration);
    let number = |value: Option<crate::model::Positive>| value.map(|value| value.to_string());
    match field {
        "driver" => index.driver(configuration).map(str::to_owned),
        "power_cap_w" => index.configurations.power_cap_w.get(configuration).map(plain),
        "file_size_gib" => index.runs.file_size_gib.get(run).map(plain),
        "quant" => index.quant(configuration).map(|quant| quant.id.clone()),
        "date" => index.runs.date.get(run).map(|date| date.as_str().to_owned()),
        "variant" => index.model(configuration).map(|(_, variant)| variant.name.clone()),
        "system_memory_gib" => number(rig?.system_memory_gib),
        "memory_gib" => number(rig?.memory_gib),
        "power_max_w" => number(rig?.power_max_w),
        "memory_bandwidth_gb_per_s" => number(rig?.memory_bandwidth_gb_per_s),
        _ => None,
    }
}

/// Another spelling of a model's name is no contradiction, unless it bakes in the quant.
fn is_only_a_name(index: &Index, field: &str, words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    let holds = |quant: &str| words.ends_with(&quant.to_ascii_lowercase());
    field == "variant" && !index.catalog.quants.iter().any(|quant| holds(&quant.id))
}

/// What an engine prints of the weights is no contradiction where it may print that of this quant.
fn is_only_printed(field: &str, words: &str, own: Option<&str>) -> bool {
    field == "quant" && own.is_some_and(|quant| may_be_printed(quant, words))
}

/// Runs, what their source says, and what stands in them.
type Stated = (Vec<usize>, BTreeSet<String>, BTreeSet<String>);

/// What sources say differently, one finding for each source and field.
fn said_differently(index: &Index) -> Vec<Finding> {
    let mut stated = BTreeMap::<(&str, &str), Stated>::new();
    for run in 0..index.runs.id.len() {
        for source in sources(index, run) {
            for (field, words) in &source.says {
                let is_metric = Metric::ALL.iter().any(|metric| metric.key() == field)
                    && Metric::ALL.iter().any(|metric| metric.key() == words);
                let own = own(index, run, field);
                let skipped = ELSEWHERE.contains(&field.as_str())
                    || is_metric
                    || is_only_a_name(index, field, words)
                    || is_only_printed(field, words, own.as_deref())
                    || own.as_deref() == Some(words);
                if !skipped {
                    let entry = stated.entry((&source.id, field)).or_default();
                    entry.0.push(run);
                    entry.1.insert(words.clone());
                    entry.2.extend(own);
                }
            }
        }
    }
    let finding = |((source, field), (runs, words, own)): ((&str, &str), Stated)| {
        let finding = Finding::about_runs(Rule::Contradiction, Severity::Notice, &runs);
        let found = format!("{field} {}, as {source} says", listed(words));
        finding.saying(
            found,
            if own.is_empty() { "what its other sources state".to_owned() } else { listed(own) },
        )
    };
    stated.into_iter().map(finding).collect()
}

/// True where one version is the other or its beginning: `590` and `590.48.01`.
fn same_version(a: &str, b: &str) -> bool {
    a.split('.').zip(b.split('.')).all(|(a, b)| a == b)
}

/// Runs with a driver that the card of their rig does not state, one finding a rig.
fn drivers(index: &Index) -> Vec<Finding> {
    let mut others = BTreeMap::<usize, (Vec<usize>, BTreeSet<String>, String)>::new();
    for run in 0..index.runs.id.len() {
        let configuration = index.configuration_of(run);
        let card = index.hardware(configuration).and_then(|rig| rig.driver.as_deref());
        let (Some(card), Some(driver)) = (card, index.driver(configuration)) else { continue };
        let Some(&rig) = index.configurations.hardware.get(configuration) else { continue };
        if !same_version(card, driver) {
            let entry = others.entry(rig as usize).or_default();
            entry.0.push(run);
            entry.1.insert(driver.to_owned());
            card.clone_into(&mut entry.2);
        }
    }
    let finding = |(runs, drivers, card): (Vec<usize>, BTreeSet<String>, String)| {
        Finding::about_runs(Rule::Contradiction, Severity::Notice, &runs).saying(
            format!("driver {} in {}", listed(drivers), count(runs.len(), "run")),
            format!("{card}, as the rig's card states"),
        )
    };
    others.into_values().map(finding).collect()
}
