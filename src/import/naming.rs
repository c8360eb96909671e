//! Modes and ids of runs that were put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::report::id;
use crate::model::run::Run;

/// Longest id without its number, in bytes: it is the name of a file.
const LONGEST_ID: usize = 180;

/// Names what was changed on purpose where one text holds a configuration under several settings.
pub(super) fn name_modes(runs: &mut [Run], tools: &[Option<&str>]) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, (run, tool)) in runs.iter().zip(tools).enumerate() {
        let Some(tool) = tool else { continue };
        let Run { model, quant, hardware, backend, mode, .. } = run;
        let key = format!("{:?}", (tool, model, quant, hardware, backend, mode));
        groups.entry(key).or_default().push(position);
    }
    for positions in groups.into_values() {
        let pairs: Vec<BTreeMap<String, String>> = positions
            .iter()
            .filter_map(|&at| Some(runs.get(at)?.settings.pairs().into_iter().collect()))
            .collect();
        let names: BTreeSet<&String> = pairs.iter().flat_map(BTreeMap::keys).collect();
        let varied: Vec<&String> = names
            .into_iter()
            .filter(|name| {
                pairs.iter().any(|of| pairs.first().is_some_and(|first| of.get(*name) != first.get(*name)))
            })
            .collect();
        for (&position, of) in positions.iter().zip(&pairs).filter(|_| !varied.is_empty()) {
            let words = varied.iter().filter_map(|name| {
                let value = of.get(*name)?;
                Some(format!("{}={value}", name.to_lowercase().replace(' ', "_")))
            });
            let words: Vec<String> = words.take(4).collect();
            if let Some(run) = runs.get_mut(position).filter(|_| !words.is_empty()) {
                let base = (run.mode != "baseline").then(|| run.mode.clone());
                run.mode = base.into_iter().chain(words).collect::<Vec<_>>().join(" ");
            }
        }
    }
}

/// Gives each run its id, and a number where several would share one.
pub(super) fn name_runs(runs: &mut [Run]) {
    let mut taken: HashMap<String, u32> = HashMap::new();
    for run in runs {
        let name = name(run);
        let count = taken.entry(name.clone()).or_default();
        *count += 1;
        run.id = if *count == 1 { name } else { format!("{name}-{count}") };
    }
}

/// Numbers the runs of one id: files that are read together may each hold one.
pub fn number_equal_ids(runs: &mut [Run]) {
    let mut taken = BTreeSet::new();
    for run in runs {
        let name = run.id.clone();
        let mut count = 1;
        while !taken.insert(run.id.clone()) {
            count += 1;
            run.id = format!("{name}-{count}");
        }
    }
}

/// The id of a run that no other run has.
pub(super) fn name(run: &Run) -> String {
    let mut name = id(run.date.as_str(), &run.model, &run.quant, &run.backend, &run.mode);
    while name.len() > LONGEST_ID {
        name.pop();
    }
    name
}
