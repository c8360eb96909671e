//! The writer of pieces.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::index::Index;
use crate::index::wire::Numbers;
use crate::index::wire::write::{to_file, to_json};

/// Parts of columns.
#[derive(Default, Serialize)]
struct Columns<'a> {
    words: BTreeMap<&'a str, &'a [&'a str]>,
    numbers: BTreeMap<&'a str, Numbers>,
}

impl Columns<'_> {
    fn entries(&self) -> usize {
        let words = self.words.values().map(|part| part.len());
        words.chain(self.numbers.values().map(|part| part.0.len())).sum()
    }
}

/// Writes an index in pieces of about so many entries, which it hands over one by one: first all that is no
/// column, then the columns, the last piece marked.
pub(in crate::index) fn write(index: &Index, entries: usize, mut take: impl FnMut(Vec<u8>, bool)) {
    let entries = entries.max(1);
    let mut file = to_file(index);
    let (words, numbers) = (std::mem::take(&mut file.words), std::mem::take(&mut file.numbers));
    take(to_json(&file), false);
    let mut piece = Columns::default();
    for (name, column) in &words {
        for part in column.chunks(entries) {
            piece.words.insert(name, part);
            if piece.entries() >= entries {
                take(to_json(&std::mem::take(&mut piece)), false);
            }
        }
    }
    for (name, column) in &numbers {
        for part in column.0.chunks(entries) {
            piece.numbers.insert(name, Numbers(part.to_vec()));
            if piece.entries() >= entries {
                take(to_json(&std::mem::take(&mut piece)), false);
            }
        }
    }
    take(to_json(&piece), true);
}
