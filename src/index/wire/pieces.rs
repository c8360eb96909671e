//! An index in pieces: JSON texts that each hold a part of the columns.
//!
//! A page that takes in one piece a task goes on answering while an index comes that is too long for one task.

mod writing;

pub(in crate::index) use self::writing::write;

use super::Numbers;
use super::{Read, finish};
use crate::index::{Index, IndexError};
use crate::model::Metric;

/// What came so far of an index.
#[derive(Default)]
pub struct Pieces(pub(super) Read);

impl Pieces {
    /// A manifest again, before anything but it was taken in.
    #[must_use]
    pub fn anew(&self) -> Self {
        let Read { format, version, is_manifest, catalog, words, .. } = &self.0;
        let (format, catalog, words) = (format.clone(), catalog.clone(), words.clone());
        Self(Read { format, version: *version, is_manifest: *is_manifest, catalog, words, ..Read::default() })
    }

    /// Takes in the next piece.
    ///
    /// # Errors
    ///
    /// The place of a syntax error.
    pub fn add(&mut self, piece: &[u8]) -> Result<(), IndexError> {
        self.0.add(piece)
    }

    /// Makes the figures of a metric what they are in an index, after the last piece: a million of them are a task by
    /// themselves, and [`Pieces::finish`] has less to do then. False once there is none left.
    pub fn prepare(&mut self, step: usize) -> bool {
        let Some(metric) = Metric::ALL.get(step) else { return false };
        for group in ["results", "repetitions"] {
            let name = format!("{group}.{}", metric.key());
            let column = Numbers(self.0.numbers.take(&name)).into_measures(&name);
            self.0.measures.push((name, column));
        }
        true
    }

    /// The columns, after the last piece.
    ///
    /// # Errors
    ///
    /// As [`Index::from_json`].
    pub fn finish(self) -> Result<Unchecked, IndexError> {
        Ok(Unchecked(finish::<true>(self.0)?))
    }
}

/// An index whose columns nobody looked at yet, which is a task of its own.
pub struct Unchecked(Index);

impl Unchecked {
    /// The index.
    ///
    /// # Errors
    ///
    /// As [`Index::from_json`].
    pub fn checked(self) -> Result<Index, IndexError> {
        self.0.checked()
    }
}
