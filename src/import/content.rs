//! What one file of a data folder holds: one value, or one list.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::cache::{Cache, Kept};
use super::document::value_of;
use super::files::{Listed, read_text};
use super::finding::{Finding, Flaw};
use super::node::{Entry, Kind, Node};
use super::words;
use crate::model::run::Run;

/// What one file gave.
pub(super) struct Document<T> {
    /// The value, and whether it is sound.
    pub(super) value: Option<(T, bool)>,
    /// What is wrong with it.
    pub(super) flaws: Vec<Flaw>,
    /// Why there is no text at all.
    pub(super) unreadable: Option<Finding>,
}

impl<T: DeserializeOwned> Document<T> {
    /// Reads a whole file as one value.
    pub(super) fn read(dir: &Path, file: &str) -> Self {
        match read_text(dir, file) {
            Ok(text) => Self::of(&text),
            Err(finding) => Self { value: None, flaws: Vec::new(), unreadable: Some(finding) },
        }
    }

    fn of(text: &str) -> Self {
        let (value, flaws) = value_of(text);
        Self { value: value.map(|value| (value, flaws.is_empty())), flaws, unreadable: None }
    }
}

impl Document<Run> {
    /// Reads a run file, or takes its run from a cache that knows it; and what the cache should hold of it.
    pub(super) fn run(dir: &Path, file: &Listed, cache: Option<&Cache>) -> (Self, Option<Kept>) {
        let sound = |run| Self { value: Some((run, true)), flaws: Vec::new(), unreadable: None };
        let Some(cache) = cache else { return (Self::read(dir, &file.name), None) };
        if let Some((run, kept)) = cache.unchanged(file) {
            return (sound(run), Some(kept));
        }
        let text = match read_text(dir, &file.name) {
            Ok(text) => text,
            Err(finding) => {
                return (Self { value: None, flaws: Vec::new(), unreadable: Some(finding) }, None);
            }
        };
        let (run, kept) = cache.run(file, &text);
        if let Some(run) = run {
            return (sound(run), Some(kept));
        }
        let document = Self::of(&text);
        let kept = match &document.value {
            Some((run, true)) => Some(kept.with(run)),
            _ => None,
        };
        (document, kept)
    }
}

/// The items under the only key of a document.
pub(super) fn items_under<'a>(root: &'a Node<'_>, key: &str, flaws: &mut Vec<Flaw>) -> &'a [Node<'a>] {
    let mut flaw = |line: u32, field: &str, found: String, expected: String| {
        let (field, place) = (field.to_owned(), field.to_owned());
        flaws.push(Flaw { line, field, place, found, expected });
    };
    let Kind::Map(entries) = &root.kind else {
        flaw(root.line, "", words::describe(root), format!("a mapping with the key \"{key}\""));
        return &[];
    };
    for Entry { key: other, line, .. } in entries.iter().filter(|entry| entry.key != key) {
        flaw(*line, other, format!("unknown field {}", words::quote(other)), format!("only \"{key}\" here"));
    }
    let Some(entry) = entries.iter().find(|entry| entry.key == key) else {
        flaw(root.line, "", format!("no \"{key}\""), "it, with a list".to_owned());
        return &[];
    };
    match &entry.value.kind {
        Kind::List(items) => items,
        _ => {
            flaw(entry.line, key, words::describe(&entry.value), "a list".to_owned());
            &[]
        }
    }
}
