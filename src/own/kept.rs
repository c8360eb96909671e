//! What is kept in a browser: the files as they are, with the answers, so that everything can still be changed.

use serde::{Deserialize, Serialize};

use super::desk::{Opened, Own};
use super::message::{Answers, MOST_KEPT, Table};

/// Room for files that are kept whole, in UTF-16 code units; the rest is for runs and answers.
const WHOLE: usize = MOST_KEPT / 4 * 3;

/// What a browser keeps between visits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Kept {
    /// Files whose text fits.
    pub(super) files: Vec<KeptFile>,
    /// What the reader said of them.
    pub(super) answers: Answers,
    /// The runs of files that are too large, as they were read.
    pub(super) own: Own,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptFile {
    pub(super) name: String,
    pub(super) text: String,
    /// For a table whose columns were confirmed.
    pub(super) table: Option<Table>,
}

/// Which of the files are kept whole: the small ones first, as long as there is room.
///
/// Of the others the runs are kept, which mostly are much smaller than what they were read from.
pub(super) fn whole(files: &[Opened]) -> Vec<bool> {
    let mut sizes: Vec<(usize, usize)> =
        files.iter().enumerate().map(|(at, file)| (size(file), at)).collect();
    sizes.sort_unstable();
    let mut fits = vec![false; files.len()];
    let mut left = WHOLE;
    for (size, at) in sizes {
        if let (Some(rest), Some(fits)) = (left.checked_sub(size), fits.get_mut(at)) {
            left = rest;
            *fits = true;
        }
    }
    fits
}

/// How much room a text takes, at most; no browser has it for what is no text.
fn size(file: &Opened) -> usize {
    match std::str::from_utf8(&file.bytes) {
        // Quotes and line breaks take two units each once they stand in a text of JSON.
        Ok(text) if text.len() <= WHOLE => {
            text.len()
                + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t')).count()
        }
        _ => usize::MAX,
    }
}

impl KeptFile {
    pub(super) fn of(file: &Opened) -> Option<Self> {
        let text = std::str::from_utf8(&file.bytes).ok()?.to_owned();
        let table =
            file.table.as_ref().filter(|table| table.confirmed().is_some()).map(|table| table.report());
        Some(Self { name: file.name.clone(), text, table })
    }
}
