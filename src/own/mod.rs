//! Results of the reader's own, beside published ones: opened files, what they do not say, an index of both, and
//! run files for a data folder.
//!
//! [`Desk`] holds what was opened and works without a browser. In the page it lives in a worker, which talks in
//! the words of [`message`]; so the page stays quick however large a file is, and outlives whatever is in it.

mod archive;
mod beside;
mod choices;
mod desk;
mod doubles;
mod form;
mod index_file;
mod kept;
pub mod message;
mod number;
mod overlay;
mod reported;
mod table;
mod write;

use crate::import::mapping::Field;

pub use crate::import::UNLISTED;
pub use archive::{Archived, archive, pack};
pub use choices::unnamed;
pub use desk::{Desk, Own};
pub use form::{Fact, facts, get, more_facts, set};
pub use index_file::{read_index, read_own};
pub use overlay::{OWN_SOURCE, overlay};
pub use write::write;

/// What a column of a table can hold: its name, and what it means.
pub fn fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    Field::all().map(|field| (field.key(), field.about()))
}

/// What the formats that can be read are called.
pub fn formats() -> impl Iterator<Item = &'static str> {
    crate::import::Format::ALL.iter().map(|format| format.name()).chain(index_file::NAMES)
}
