//! Summaries of repetitions, and what they allow to be said. Every formula names its source.
//!
//! `docs/statistics.md` tells the same in words, with what each claim is worth and how it was measured.

mod apart;
mod power;
mod ranks;
mod ratio;
mod runs;
mod sample;
mod student;
mod summary;

pub use apart::{Apart, outlier, slow_start};
pub use power::smallest_ratio;
pub use ranks::{Band, rank_bands};
pub use ratio::{Interval, Ratio, Silence, Verdict};
pub use runs::{BetweenRuns, between_runs};
pub use sample::{Sample, Unusable, resolution_of};
pub use student::StudentT;
pub use summary::{Summary, mean, median, rounded, sample_deviation};

/// How often two equal sides are called different, and an interval misses: once in twenty.
const ALPHA: f64 = 0.05;

/// A number of repetitions or of results as a factor.
#[expect(clippy::cast_precision_loss, reason = "counts of things that were measured are far below 2^52")]
fn count(items: usize) -> f64 {
    items as f64
}
