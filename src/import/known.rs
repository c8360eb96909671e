//! What goes into reading beside the text, and what comes out.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Format};
use crate::model::catalog::{Shape, Variant};
use crate::model::dataset::Catalog;
use crate::model::run::Run;
use crate::model::{PartialDate, Positive};

/// What is known beside the text.
///
/// Each value stands in where the text says nothing; without it, the results that need it are left
/// out and a finding asks for it.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// Name of the file, for findings.
    pub file: &'a str,
    /// Id of the source that the text is.
    pub source: &'a str,
    /// Where in that source the text stands, such as the path of a file.
    pub place: Option<&'a str>,
    /// Families, variants, rigs and shapes, to find ids by their names.
    pub catalog: Option<&'a Catalog>,
    /// Ids of models (`family/variant`) by the names that the text prints, without quant and marks,
    /// where the catalog writes them otherwise.
    pub models: BTreeMap<String, String>,
    /// Id of the model of results whose name is not in `models`.
    pub model: Option<&'a str>,
    /// Takes a name that the catalog lacks for a model of its own, in the family [`UNLISTED`], the engine's word for
    /// the weights for the quant where the file's name says none, and what is printed of the machine for the rig.
    pub unlisted: bool,
    /// Ids of quants by the engine's word for the weights, which several quants share.
    pub quants: BTreeMap<String, String>,
    /// Id of the quant, for results that state none.
    pub quant: Option<&'a str>,
    /// Ids of rigs by what the text prints of the machine, where the catalog writes it otherwise.
    pub rigs: BTreeMap<String, String>,
    /// Id of the rig, for a machine whose name is not that of a rig in the catalog.
    pub hardware: Option<&'a str>,
    /// True where `quant` and `hardware` are of results that print nothing of it, and a word that is printed and not
    /// in `quants` or `rigs` is asked for.
    pub by_word: bool,
    /// Power cap during the runs, in watts.
    pub power_cap_w: Option<Positive>,
    /// Driver during the runs.
    pub driver: Option<&'a str>,
    /// What answered, such as `llama.cpp`.
    pub engine: Option<&'a str>,
    /// Build of the engine, for results that state none.
    pub build: Option<&'a str>,
    /// What was changed on purpose.
    pub mode: Option<&'a str>,
    /// Id of the workload shape.
    pub shape: Option<&'a str>,
    /// Requests in flight at once, for results that state neither them nor a rate of requests.
    pub concurrency: Option<u16>,
    /// The same by what is stated of the rate, such as `request rate 4`, which no one number holds for; that of the
    /// empty text is of every other rate.
    pub concurrencies: BTreeMap<String, u16>,
    /// Repetitions behind each result that states a mean and none of them.
    pub repetitions: Option<u32>,
    /// When the runs were made.
    pub date: Option<PartialDate>,
    /// The backend of tables without a column for it, as a report would print it.
    pub backend: Option<&'a str>,
}

impl Known<'_> {
    /// The id of a rig by its id, an alias or a name; what the catalog does not have is taken where it may be an id.
    pub(super) fn rig(&self, name: &str) -> Option<String> {
        if let Some(id) = self.rigs.get(name) {
            return Some(id.clone());
        }
        let rigs = self.catalog.map(|catalog| catalog.hardware.as_slice()).unwrap_or_default();
        let is = |text: &String| text.eq_ignore_ascii_case(name);
        let known = rigs
            .iter()
            .find(|rig| is(&rig.id) || is(&rig.name) || is(&rig.short) || rig.aliases.iter().any(is));
        let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let new = || (name.chars().all(is_id) && !name.starts_with('.')).then(|| name.to_owned());
        known.map(|rig| rig.id.clone()).or_else(new).filter(|id| !id.is_empty())
    }
}

/// Family of the models that are taken by their printed name, see [`Known::unlisted`].
pub const UNLISTED: &str = "unlisted";

/// What a text holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The format that was met first; nothing where none is known.
    pub format: Option<Format>,
    /// One run for each configuration and settings, in the order of the text; results that differ in
    /// shape or concurrency alone are results of one run.
    pub runs: Vec<Run>,
    /// What the text says about the models, by id; the name is the one it prints.
    pub models: BTreeMap<String, Variant>,
    /// Shapes of the runs that the catalog does not have, in the order of their first use.
    pub shapes: Vec<Shape>,
    /// What could not be read, or contradicts itself, by line.
    pub findings: Vec<Finding>,
    /// What results wait for: each also a finding, and each once.
    pub questions: Vec<Question>,
    /// How many results wait for at least one of these; 0 where nobody counted.
    pub waiting: usize,
    /// True where a mean stands without its repetitions, whatever was told of their number.
    pub lone_means: bool,
    /// Fields of [`Question`] that the text prints nothing of and [`Known`] answered, for results that are here.
    pub told: BTreeSet<&'static str>,
}

/// A fact that a text does not state, to be answered in [`Known`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The field: `model`, `quant`, `hardware`, `date`, `source`, `engine`, `backend`, `concurrency` or `shape`.
    pub field: String,
    /// The name of the model, the type of weights, the machine or the rate of requests that the text prints, where it
    /// prints one.
    pub name: Option<String>,
    /// How many results are left out for the lack of it; 0 where nobody counted.
    pub results: usize,
}
