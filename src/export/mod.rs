//! Runs as text for people and other programs, one file or folder a format.
//!
//! Writing never fails: what a format has no place for is left out, and said.
//! [`view`] writes what a link shows; the others write runs.

pub mod additions;
pub mod report;
pub mod view;
pub mod yaml;
