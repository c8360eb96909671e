//! Tokscope shows how fast language models really run, and whether a difference is real.
//!
//! The crate has three parts that features keep apart. The core (no feature) holds the
//! vocabulary, the index, the statistics, the rules, the queries, the charts and reports, and compiles
//! natively in seconds. The page (feature `view`, and `app` for its binaries) puts them on the screen
//! with Leptos. The command line (feature `cli`) reads run files and writes the index.
//! `ARCHITECTURE.md` has the map and the rules; `tests/layers.rs` holds the direction of dependencies.

pub mod checks;
pub mod format;
pub mod index;
pub mod model;
pub mod query;
pub mod stats;

pub mod charts;

pub mod export;
pub mod import;
pub mod own;

#[cfg(feature = "cli")]
pub mod site;

#[cfg(feature = "view")]
pub mod app;
