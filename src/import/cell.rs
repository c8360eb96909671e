//! What a format gives: one result with everything around it.

use super::shape::Work;
use crate::model::run::{Accelerator, ResultEntry, Settings, Statistic, Timing};
use crate::model::{PartialDate, Positive};

/// One result with everything that its format says around it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) line: u32,
    /// What wrote the record: each tool states parameters of its own.
    pub(super) tool: &'static str,
    /// Where in the source, such as the heading above a table.
    pub(super) place: Option<String>,
    /// The model as printed, without quant and path.
    pub(super) name: Option<String>,
    /// The quant, where the source says it.
    pub(super) quant: Option<String>,
    /// The engine's word for the weights, which several quants may share.
    pub(super) weights: Option<String>,
    /// Bytes of all tensors, in GiB: the file is a little larger.
    pub(super) tensors_gib: Option<Positive>,
    /// Parameters in thousand millions.
    pub(super) params_b: Option<Positive>,
    pub(super) date: Option<PartialDate>,
    pub(super) engine: Option<String>,
    pub(super) build: Option<String>,
    pub(super) accelerator: Option<Accelerator>,
    /// Version of the accelerator's runtime, such as `ROCm 7.2`.
    pub(super) runtime: Option<String>,
    /// What the source says of the machine, in its words.
    pub(super) machine: Option<String>,
    /// The rig by its id or name, where the source names it so.
    pub(super) hardware: Option<String>,
    pub(super) driver: Option<String>,
    pub(super) power_cap_w: Option<Positive>,
    /// What was changed on purpose, where the source says so.
    pub(super) mode: Option<String>,
    pub(super) timing: Timing,
    pub(super) statistic: Statistic,
    pub(super) repetitions: Option<u32>,
    pub(super) settings: Settings,
    pub(super) notes: Vec<String>,
    pub(super) work: Work,
    /// Id of the shape, where the source names one; `work` says nothing then.
    pub(super) shape: Option<String>,
    /// The figures; shape and concurrency are filled in here.
    pub(super) result: ResultEntry,
    /// Requests in flight, where the source says so.
    pub(super) concurrency: Option<u16>,
}

impl Cell {
    /// A cell of which nothing is known yet.
    pub(super) fn new(line: u32, tool: &'static str, timing: Timing, work: Work) -> Self {
        Self {
            line,
            tool,
            place: None,
            name: None,
            quant: None,
            weights: None,
            tensors_gib: None,
            params_b: None,
            date: None,
            engine: None,
            build: None,
            accelerator: None,
            runtime: None,
            machine: None,
            hardware: None,
            driver: None,
            power_cap_w: None,
            mode: None,
            timing,
            statistic: Statistic::Unknown,
            repetitions: None,
            settings: Settings::default(),
            notes: Vec::new(),
            work,
            shape: None,
            result: ResultEntry::default(),
            concurrency: None,
        }
    }
}
