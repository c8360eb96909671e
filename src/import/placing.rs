//! Which run a result belongs to: results that differ in shape or concurrency alone are results of one run.

use std::collections::{HashMap, HashSet};

use super::naming::{name_modes, name_runs};
use crate::model::PartialDate;
use crate::model::run::{ResultEntry, Run, Statistic};

/// Most runs of one configuration among which a place is looked for; nobody measures it more often for one text.
const MOST_ALIKE: usize = 100;

/// A result of a run: its shape, as a number, and concurrency.
type Cell = (usize, u16);

/// A run to which the next result may belong.
pub(super) struct Last {
    tool: &'static str,
    /// The run without date and results.
    run: Run,
    /// Its position.
    at: usize,
}

impl Last {
    /// True where a result of the same configuration may belong to this run.
    pub(super) fn may_have(
        &self,
        tool: &'static str,
        statistic: Statistic,
        repetitions: Option<u32>,
    ) -> bool {
        self.tool == tool && self.run.statistic == statistic && self.run.repetitions == repetitions
    }
}

/// Runs as results come.
#[derive(Default)]
pub(super) struct Runs {
    runs: Vec<Run>,
    /// Numbers of the shapes.
    shapes: HashMap<String, usize>,
    /// Cells of each run.
    cells: Vec<HashSet<Cell>>,
    /// Tool of each run whose mode nothing names, `None` of the others.
    tools: Vec<Option<&'static str>>,
    /// Positions of the runs that are equal but for their date and results.
    like: HashMap<String, Vec<usize>>,
    /// The run of the last result, where no other run is like it: records of one campaign follow each other.
    last: Option<Last>,
}

impl Runs {
    /// The run of the last result, forgotten until a result is placed.
    pub(super) fn take_last(&mut self) -> Option<Last> {
        self.last.take()
    }

    /// Adds a result to the first run that it belongs to, or begins a run. `run` is that run with the result's date and
    /// without results; `is_named` is true where its mode is named.
    pub(super) fn place(
        &mut self,
        run: Run,
        tool: &'static str,
        is_named: bool,
        last: Option<Last>,
        result: ResultEntry,
    ) {
        let date = run.date.clone();
        let cell = self.cell(&result);
        let template = Run { date: PartialDate::unknown(), ..run };
        let again = last.filter(|last| last.tool == tool && last.run == template);
        let mut is_alone = true;
        // A cell that is there already is a second measurement, which is a run of its own.
        let free = again.map(|last| last.at).filter(|&at| self.is_free(at, cell, &date)).or_else(|| {
            let key = format!("{tool} {template:?}");
            let mut positions = self.like.remove(&key).unwrap_or_default();
            let latest = positions.iter().rev().take(MOST_ALIKE).rev();
            let free = latest.copied().find(|&at| self.is_free(at, cell, &date));
            if free.is_none() {
                positions.push(self.runs.len());
            }
            is_alone = positions.len() == 1;
            self.like.insert(key, positions);
            free
        });
        let at = free.unwrap_or_else(|| {
            self.cells.push(HashSet::new());
            self.tools.push((!is_named).then_some(tool));
            self.runs.push(Run { date: date.clone(), ..template.clone() });
            self.runs.len() - 1
        });
        self.add(at, cell, date, result);
        self.last = is_alone.then_some(Last { tool, run: template, at });
    }

    /// Adds a result to the run of the one before; false where that run has such a result, or is of another day.
    pub(super) fn add_to(&mut self, last: Last, date: &PartialDate, result: &mut ResultEntry) -> bool {
        let cell = self.cell(result);
        let is_free = self.is_free(last.at, cell, date);
        if is_free {
            self.add(last.at, cell, date.clone(), std::mem::take(result));
            self.last = Some(last);
        }
        is_free
    }

    fn cell(&mut self, result: &ResultEntry) -> Cell {
        let known = self.shapes.get(&result.shape).copied();
        let next = self.shapes.len();
        let shape = known.unwrap_or_else(|| *self.shapes.entry(result.shape.clone()).or_insert(next));
        (shape, result.concurrency)
    }

    /// True where a run has no result of a cell yet, and is of the same day.
    fn is_free(&self, run: usize, cell: Cell, date: &PartialDate) -> bool {
        self.cells.get(run).is_some_and(|cells| !cells.contains(&cell))
            && self.runs.get(run).is_some_and(|run| run.date.day() == date.day())
    }

    fn add(&mut self, run: usize, cell: Cell, date: PartialDate, result: ResultEntry) {
        let Some((run, cells)) = self.runs.get_mut(run).zip(self.cells.get_mut(run)) else { return };
        run.results.push(result);
        cells.insert(cell);
        if date < run.date {
            run.date = date;
        }
    }

    /// The runs, with modes and ids.
    pub(super) fn named(self) -> Vec<Run> {
        let Self { mut runs, tools, .. } = self;
        name_modes(&mut runs, &tools);
        name_runs(&mut runs);
        runs
    }
}
