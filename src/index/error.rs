//! What is wrong with a file that is no index.

use super::{FORMAT, MANIFEST_VERSION, VERSION};

/// Why a file is not an index that can be shown.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Not JSON, or not of the right shape.
    #[error("line {line}, column {column}: {message}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// JSON of another kind.
    #[error("found format \"{0}\", expected \"{FORMAT}\"")]
    Format(String),
    /// An index of another version.
    #[error("found index version {0}, expected {VERSION}, or {MANIFEST_VERSION} of a manifest")]
    Version(String),
    /// A manifest, whose columns are in other files.
    #[error("found a manifest alone, expected the files that it names as well")]
    Manifest,
    /// A column that is too long, too short or points nowhere.
    #[error("{column}: found {found}, expected {expected}")]
    Column {
        /// Path of the column.
        column: String,
        /// What is there.
        found: String,
        /// What should be there.
        expected: String,
    },
}

impl IndexError {
    pub(super) fn wrong(column: &str, found: &str, expected: &str) -> Self {
        // What is there may be of any length.
        let found = found.chars().take(80).collect();
        Self::Column { column: column.to_owned(), found, expected: expected.to_owned() }
    }
}
