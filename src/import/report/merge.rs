//! One measurement, printed several times.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::settings;
use crate::model::run::{ResultEntry, Run};

/// Joins runs that are one measurement: the same configuration with the same figures, to the last
/// repetition. Each keeps everyone who printed it, and everything that any of them states.
///
/// The date is the most precise one and, among those, the first: a report that is printed again
/// carries a later date. Failures have no figures, so they are only joined on the same date. Runs
/// keep the order in which they first appear.
pub fn merge(runs: impl IntoIterator<Item = Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    let mut seen = HashMap::new();
    for run in runs {
        match seen.entry(fingerprint(&run)) {
            Entry::Vacant(place) => {
                place.insert(merged.len());
                merged.push(run);
            }
            Entry::Occupied(place) => {
                if let Some(first) = merged.get_mut(*place.get()) {
                    join(first, run);
                }
            }
        }
    }
    merged
}

/// What makes two printed runs one measurement.
fn fingerprint(run: &Run) -> String {
    let measured = |result: &ResultEntry| {
        let figures = ResultEntry { published: Default::default(), note: None, ..result.clone() };
        format!("{figures:?}")
    };
    let failed = run.results.iter().any(|result| result.failed.is_some());
    let date = failed.then_some(&run.date);
    let results: Vec<String> = run.results.iter().map(measured).collect();
    let configuration = (&run.model, &run.quant, &run.hardware, &run.backend, &run.mode, &run.driver);
    format!("{configuration:?} {:?} {:?} {date:?} {results:?} {:?}", run.power_cap_w, run.timing, run.ranges)
}

fn join(to: &mut Run, from: Run) {
    let age = |run: &Run| (std::cmp::Reverse(run.date.as_str().len()), run.date.clone());
    if age(&from) < age(to) {
        to.date = from.date;
        to.id = from.id;
    }
    if to.file_size_gib.is_none() {
        to.file_size_gib = from.file_size_gib;
        to.file_size_approximate = from.file_size_approximate;
    }
    to.repetitions = to.repetitions.or(from.repetitions);
    settings::add(&mut to.settings, &from.settings);
    for source in from.sources {
        if !to.sources.contains(&source) {
            to.sources.push(source);
        }
    }
    for note in from.notes {
        if !to.notes.contains(&note) {
            to.notes.push(note);
        }
    }
    for (result, other) in to.results.iter_mut().zip(from.results) {
        for (metric, cell) in other.published {
            result.published.entry(metric).or_insert(cell);
        }
        result.note = result.note.take().or(other.note);
    }
}
