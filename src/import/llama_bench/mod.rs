//! What `llama-bench` of llama.cpp writes: JSON, JSON lines, CSV, SQL and Markdown tables.
//!
//! Every form holds the same records, so each is turned into fields by its own file, and `record`
//! makes results of them. Rates are tokens per second of fixed token counts, timed by the engine itself:
//! `pp512` reads 512 tokens, `tg128` generates 128, `@ d4096` stands behind a context of 4,096 tokens.

mod record;
mod settings;
mod sheet;
mod table;
mod watched;

pub(super) use record::{Campaign, cell, is_record};
pub(super) use settings::settings;
pub(super) use sheet::{from_csv, from_sql, is_csv, is_sql};
pub(super) use table::{Columns, counts, header, is_build_line, row};
pub(super) use watched::{is_empty, is_watched, watched};
