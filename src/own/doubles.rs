//! Results that were opened twice: in another file, or kept in this browser before.
//!
//! A result is the same where its run was the same (model, quant, machine, backend, date, settings) and every figure
//! of it is. Inside one file nothing is looked for: what a tool wrote twice it measured twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::run::{ResultEntry, Run};

/// Positions of a run and of a result in it.
pub(super) type Place = (usize, usize);

/// What was opened so far, by what it is called.
#[derive(Default)]
pub(super) struct Seen<'a> {
    names: Vec<&'a str>,
    /// Each with the position of the file that it is in.
    results: HashMap<Cell<'a>, Vec<(usize, &'a ResultEntry)>>,
}

/// What is the same of runs that are one, shape, concurrency.
type Cell<'a> = (String, &'a str, u16);

impl<'a> Seen<'a> {
    /// Takes what the next file holds: which of its results are there already, and how many in which file.
    pub(super) fn take(&mut self, name: &'a str, runs: &'a [Run]) -> (HashSet<Place>, Vec<(String, usize)>) {
        let here = self.names.len();
        let (mut places, mut counts) = (HashSet::new(), BTreeMap::<usize, usize>::new());
        for (at, run) in runs.iter().enumerate() {
            let same = key(run);
            for (position, result) in run.results.iter().enumerate() {
                let cell = (same.clone(), result.shape.as_str(), result.concurrency);
                let known = self.results.entry(cell).or_default();
                match known.iter().find(|(file, other)| *file != here && *other == result) {
                    Some(&(file, _)) => {
                        places.insert((at, position));
                        *counts.entry(file).or_default() += 1;
                    }
                    None => known.push((here, result)),
                }
            }
        }
        self.names.push(name);
        let named = |(file, count): (usize, usize)| Some(((*self.names.get(file)?).to_owned(), count));
        (places, counts.into_iter().filter_map(named).collect())
    }
}

/// What is the same of two runs that are one. Not the id, the notes and the sources, which are words about it; nor
/// the mode, which tells a run from others of its file, by settings that stand here.
fn key(run: &Run) -> String {
    let Run {
        date, model, quant, hardware, power_cap_w, driver, backend, timing, statistic, settings, ..
    } = run;
    format!("{:?}", (date, model, quant, hardware, power_cap_w, driver, backend, timing, statistic, settings))
}

/// Runs without some of their results; one that has nothing else is left out.
pub(super) fn without(runs: &[Run], places: &HashSet<Place>) -> Vec<Run> {
    if places.is_empty() {
        return runs.to_vec();
    }
    let kept = runs.iter().enumerate().filter_map(|(at, run)| {
        let mut run = run.clone();
        let had = run.results.len();
        let mut position = 0;
        run.results.retain(|_| {
            position += 1;
            !places.contains(&(at, position - 1))
        });
        (had == 0 || !run.results.is_empty() || !run.ranges.is_empty()).then_some(run)
    });
    kept.collect()
}
