//! One build under the names of two accelerators.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{backend, count, listed, said, settings};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::run::{Accelerator, Backend};

/// What speaks against the accelerator of some runs.
#[derive(Default)]
struct Evidence {
    runs: Vec<usize>,
    /// Runs whose own sources call it otherwise.
    by_source: BTreeSet<String>,
    /// The entry of the rig's card.
    on_card: Option<String>,
    /// The settings leave nothing to the accelerator.
    no_layers: bool,
}

/// Accelerators that a text names.
fn named(text: &str) -> Vec<Accelerator> {
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let is_named = |a: &Accelerator| *a != Accelerator::Other && words.contains(&a.slug());
    Accelerator::ALL.into_iter().filter(is_named).collect()
}

/// The one other accelerator that a text gives to a backend.
fn other_accelerator(text: &str, backend: &Backend) -> Option<Accelerator> {
    let named = named(text);
    if named.contains(&backend.accelerator) { None } else { named.first().copied() }
}

/// The entry of a rig's card that lists the build of a backend, but for another accelerator only.
fn on_card(entries: &[String], backend: &Backend) -> Option<(Accelerator, String)> {
    let build = backend.build.as_deref()?;
    let of_build = |entry: &&String| {
        entry.contains(backend.engine.as_str())
            && entry.split(|c: char| c.is_whitespace() || c == '(').any(|word| word == build)
    };
    let of_build: Vec<&String> = entries.iter().filter(of_build).collect();
    if of_build.iter().any(|entry| named(entry).contains(&backend.accelerator)) {
        return None;
    }
    of_build.into_iter().find_map(|entry| Some((other_accelerator(entry, backend)?, entry.clone())))
}

/// Builds that runs give to one accelerator, and the rig's card or another source to another.
pub(super) fn relabelled_backend(index: &Index) -> Vec<Finding> {
    let mut evidence = BTreeMap::<(u32, u32, Accelerator), Evidence>::new();
    for run in 0..index.runs.id.len() {
        let configuration = index.configuration_of(run);
        let Some(own) = index.backend(configuration) else { continue };
        let place = |column: &[u32]| column.get(configuration).copied().unwrap_or_default();
        let (rig, backend) = (place(&index.configurations.hardware), place(&index.configurations.backend));
        if let Some(card) = index.hardware(configuration).and_then(|rig| on_card(&rig.backends, own)) {
            let entry = evidence.entry((rig, backend, card.0)).or_default();
            entry.runs.push(run);
            entry.on_card = Some(card.1);
        }
        let layers = settings(index, run).and_then(|settings| settings.gpu_layers);
        if layers == Some(0) && own.accelerator != Accelerator::Cpu {
            let entry = evidence.entry((rig, backend, Accelerator::Cpu)).or_default();
            entry.runs.push(run);
            entry.no_layers = true;
        }
        for (words, source) in said(index, run, "backend") {
            if let Some(other) = other_accelerator(words, own) {
                let entry = evidence.entry((rig, backend, other)).or_default();
                entry.runs.push(run);
                entry.by_source.insert(source.to_owned());
            }
        }
    }
    let finding = |((_, _, other), evidence): ((u32, u32, Accelerator), Evidence)| {
        let finding = Finding::about_runs(Rule::RelabelledBackend, Severity::Doubtful, &evidence.runs);
        let own =
            finding.runs.first().map_or_else(String::new, |&run| backend(index, index.configuration_of(run)));
        let card = evidence.on_card.map(|entry| format!("the rig's card lists only {entry}"));
        let sources = (!evidence.by_source.is_empty())
            .then(|| format!("{} says {} with equal figures", listed(evidence.by_source), other.slug()));
        let layers = evidence.no_layers.then(|| "no layer is on the accelerator".to_owned());
        let against: Vec<String> = card.into_iter().chain(sources).chain(layers).collect();
        let found = format!("{own} in {}; {}", count(finding.runs.len(), "run"), against.join("; "));
        finding.saying(found, "one name of the accelerator for one build")
    };
    evidence.into_iter().map(finding).collect()
}
