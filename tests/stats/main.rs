//! The statistics against SciPy, against chance, against any numbers, and on the figures of the reports.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what failed by failing"
)]

mod properties;
mod random;
mod reference;
mod reports;
mod simulation;
