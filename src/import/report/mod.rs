//! Markdown reports of a llama.cpp server: tables of load, PP and TG, and every repetition below.
//!
//! `docs/reports.md` describes the forms. Reading is one pass over the lines (`lines`), which knows
//! tables (`table`), cells (`cells`), what stands above tables (`head`) and flags (`settings`); then
//! rows and repetitions are put together (`rows`) and become runs (`runs`). Like everything that reads here, it gives
//! back what it could read and says the rest.
//!
//! A report knows no ids. What it does not say is in [`Known`], or asked for; nothing is guessed.

mod cells;
mod head;
mod lines;
mod merge;
mod names;
mod parts;
mod rows;
mod runs;
mod settings;
mod table;

use std::collections::BTreeMap;

use super::Finding;
use crate::model::PartialDate;
use crate::model::catalog::Variant;
use crate::model::dataset::Catalog;
use crate::model::run::Run;

pub use merge::merge;

/// What is known beside the report.
///
/// Each value stands in where the report says nothing; without it, the rows that need it are left
/// out and a finding asks for it.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// Name of the file, for findings.
    pub file: &'a str,
    /// Id of the source that the report is.
    pub source: &'a str,
    /// Families, variants and rigs, to find ids by their names.
    pub catalog: Option<&'a Catalog>,
    /// Ids of models (`family/variant`) by the names that the report prints, without quant and marks,
    /// where the catalog writes them otherwise.
    pub models: BTreeMap<String, String>,
    /// Id of the rig, for a machine whose name is not that of a rig in the catalog.
    pub hardware: Option<&'a str>,
    /// What answered, such as `llama.cpp`.
    pub engine: Option<&'a str>,
    /// Id of the workload shape.
    pub shape: Option<&'a str>,
    /// When the runs were made.
    pub date: Option<PartialDate>,
    /// The backend of tables without a column for it, as a report would print it.
    pub backend: Option<&'a str>,
}

/// What a report holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// One run for each row with figures or a failure, in the order of the report; rows that differ
    /// in shape or concurrency alone are results of one run.
    pub runs: Vec<Run>,
    /// What the report says about the models, by id; the name is the one it prints.
    pub models: BTreeMap<String, Variant>,
    /// What could not be read, or contradicts itself, by line.
    pub findings: Vec<Finding>,
}

/// A text that is no such report at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found no table with the columns PP and TG and no line such as \"Run 1: pp=176.09 tg=23.21\", expected a Markdown report of runs"
)]
pub struct NotAReport;

/// Reads a report.
///
/// # Errors
///
/// Only where the text has neither a table nor a repetition of such a report.
pub fn read_report(text: &str, known: &Known<'_>) -> Result<Imported, NotAReport> {
    let page = lines::page(text, known.file);
    if page.is_report { Ok(runs::assemble(page, known)) } else { Err(NotAReport) }
}

/// True for a text that [`read_report`] reads, whatever the name of its file.
pub fn is_report(text: &str) -> bool {
    lines::page(text, "").is_report
}
