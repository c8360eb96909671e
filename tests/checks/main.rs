//! The rules over results: on data made for each of them, on clean data, and on what is bundled.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

mod bundled;
mod clean;
mod compare;
mod made;
mod physics;
mod rules;
