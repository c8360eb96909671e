//! What a benchmark result is: the vocabulary of `data/`, of the index and of the page.
//!
//! Every type here is read from YAML by [`crate::import`] (unknown fields are errors) and carried
//! into the JSON index unchanged where it describes something (a rig, a term), or taken apart into
//! columns where it repeats (runs and results).

pub mod catalog;
pub mod dataset;
mod date;
mod figure;
mod metric;
pub mod mine;
mod number;
pub mod run;
#[cfg(feature = "cli")]
mod schema;
mod weights;

pub use dataset::{Dataset, Problem};
pub use date::{NotADate, PartialDate};
pub use figure::{Figure, Point, Quantity};
pub use metric::Metric;
pub(crate) use number::serialize_number;
pub use number::{Positive, fixed, plain};
pub use weights::may_be_printed;
