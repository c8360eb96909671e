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

pub use super::known::{Imported, Known};
pub(super) use cells::{is_missing, is_quant, number, rate, split};
pub use merge::merge;
pub(super) use names::Names;
pub(super) use parts::{blank, id};
pub(super) use settings::label;

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

/// True for a text that names a backend, such as `Vulkan` or `ROCm 7.2`.
pub fn is_backend(text: &str) -> bool {
    label(text).is_some()
}
