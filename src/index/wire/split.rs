//! The writer of a manifest and its shards.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::shards::{Before, HASHES};
use super::write::{to_file, to_json};
use super::{Numbers, Shard, differences};
use crate::index::{Index, MANIFEST_VERSION, together};

/// The most results of a shard, unless one configuration has more.
pub const MOST_IN_A_SHARD: usize = 15_000;

/// An index in several files.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharded {
    /// What stands in the place of the one file.
    pub manifest: Vec<u8>,
    /// Address relative to the manifest, and content, of each file beside it.
    pub shards: Vec<(String, Vec<u8>)>,
}

/// Configurations side by side, with their runs and results.
#[derive(Clone)]
struct Span {
    configurations: Range<usize>,
    runs: Range<usize>,
    results: Range<usize>,
}

impl Index {
    /// Writes a manifest, and shards of about so many results in a folder beside it; equal indexes give equal files.
    /// `None` for an index whose runs are not in the order of their configurations, as those of other programs may be.
    pub fn to_shards(&self, folder: &str, most: usize) -> Option<Sharded> {
        if !self.runs.configuration.is_sorted() {
            return None;
        }
        let spans = spans(self, most.max(1));
        let mut file = to_file(self);
        file.version = MANIFEST_VERSION;
        let words: BTreeMap<&str, Vec<&str>> = ["runs.id", "runs.date"]
            .into_iter()
            .filter_map(|name| Some((name, file.words.remove(name)?)))
            .collect();
        let numbers = std::mem::take(&mut file.numbers);
        let written = together::each(&spans, |span| shard(span, &words, &numbers));
        let mut shards = Vec::with_capacity(spans.len());
        for (span, bytes) in spans.iter().zip(written) {
            let name = format!("{folder}/shard-{}.json", hash(&bytes));
            file.shards.push(Shard {
                file: name.clone(),
                bytes: number(bytes.len()),
                results: number(span.results.len()),
                families: distinct(&self.configurations.family, &span.configurations),
                hardware: distinct(&self.configurations.hardware, &span.configurations),
            });
            shards.push((name, bytes));
        }
        Some(Sharded { manifest: to_json(&file), shards })
    }
}

/// Whole configurations, up to so many results; a family begins a new span once half of them are together.
fn spans(index: &Index, most: usize) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut from = 0;
    let mut close = |configurations: Range<usize>| {
        let run = |configuration: usize| {
            index.runs.configuration.partition_point(|&other| (other as usize) < configuration)
        };
        let end = configurations.end.saturating_sub(1);
        spans.push(Span {
            runs: run(configurations.start)..run(configurations.end),
            results: index.results_of(configurations.start).start..index.results_of(end).end,
            configurations,
        });
    };
    let start = |configuration: usize| index.results_of(configuration).start;
    let family = |configuration: usize| index.configurations.family.get(configuration);
    for next in 1..index.configuration_count() {
        let is_other = family(next) != family(next - 1) && (start(next) - start(from)) * 2 >= most;
        if is_other || index.results_of(next).end - start(from) > most {
            close(from..next);
            from = next;
        }
    }
    if from < index.configuration_count() {
        close(from..index.configuration_count());
    }
    spans
}

/// The file of a span.
fn shard(span: &Span, words: &BTreeMap<&str, Vec<&str>>, numbers: &BTreeMap<String, Numbers>) -> Vec<u8> {
    let own_words: BTreeMap<&str, &[&str]> = words
        .iter()
        .map(|(name, column)| (*name, column.get(span.runs.clone()).unwrap_or_default()))
        .collect();
    let mut own = own_numbers(span, numbers);
    let (mut plain, mut different) = (Fields::default(), Fields::default());
    for (name, _) in differences::COLUMNS {
        let Some(numbers) = own.get(name) else { continue };
        let column = |name: &str| own.get(name).map_or(&[][..], Vec::as_slice);
        if let Some(json) = differences::to_json(name, numbers, &column) {
            different.put(name, &json);
            continue;
        }
        // Of more than fifteen digits the last one may be read as another: others are expected by what is read.
        let json = Numbers::to_json(numbers);
        plain.put(name, &json);
        own.insert(name, Numbers::of_json(&json));
    }
    let others = own.iter().filter(|(name, _)| differences::COLUMNS.iter().all(|(known, _)| known != *name));
    for (name, numbers) in others {
        plain.put(name, &Numbers::to_json(numbers));
    }
    [
        &b"{\"words\":"[..],
        &to_json(&own_words),
        b",\"numbers\":{",
        &plain.0,
        b"},\"differences\":{",
        &different.0,
        b"}}",
    ]
    .concat()
}

/// Lists by name, as they stand in an object.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn put(&mut self, name: &str, list: &[u8]) {
        if !self.0.is_empty() {
            self.0.push(b',');
        }
        self.0.extend_from_slice(format!("{name:?}:[").as_bytes());
        self.0.extend_from_slice(list);
        self.0.push(b']');
    }
}

/// What a span has of each column.
fn own_numbers<'a>(span: &Span, numbers: &'a BTreeMap<String, Numbers>) -> BTreeMap<&'a str, Vec<f64>> {
    let before = Before {
        configurations: span.configurations.start,
        runs: span.runs.start,
        results: span.results.start,
    };
    let column = |name: &str| numbers.get(name).map_or(&[][..], |column| &column.0);
    let entries = |name: &str| {
        let (group, field) = name.split_once('.').unwrap_or((name, ""));
        match group {
            "configurations" => span.configurations.clone(),
            "runs" if field == "file_size_approximate" => within(column(name), &span.runs),
            "runs" if field.starts_with("notes.") => within(column("runs.notes.run"), &span.runs),
            "runs" => span.runs.clone(),
            "results" => span.results.clone(),
            _ => within(column(&format!("{group}.result")), &span.results),
        }
    };
    let own = numbers.iter().filter_map(|(name, column)| {
        let own = column.0.get(entries(name)).filter(|own| !own.is_empty())?;
        let from = before.of(name);
        Some((name.as_str(), own.iter().map(|value| value - from).collect()))
    });
    own.collect()
}

/// Which entries of an ascending column lie in a range.
fn within(column: &[f64], range: &Range<usize>) -> Range<usize> {
    let at = |end: usize| column.partition_point(|&value| value < as_number(end));
    at(range.start)..at(range.end)
}

#[expect(clippy::cast_precision_loss, reason = "no index has so many entries")]
fn as_number(position: usize) -> f64 {
    position as f64
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The values of some entries, each once.
fn distinct(column: &[u32], entries: &Range<usize>) -> Vec<u32> {
    let own = column.get(entries.clone()).unwrap_or_default();
    own.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect()
}

/// Half of the SHA-256 of a file: nobody who adds runs to a collection can give two shards one name.
fn hash(bytes: &[u8]) -> String {
    let [digits, _] = HASHES;
    Sha256::digest(bytes).iter().take(digits / 2).map(|byte| format!("{byte:02x}")).collect()
}
