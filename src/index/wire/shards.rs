//! A manifest with shards: an index that is too large for one file.
//!
//! A shard holds the columns of some configurations that lie side by side, with their runs and results, and its
//! positions count from its own start. So all of them in their order are the index, and some of them are an index
//! of what they hold.

use serde::Serialize;

use super::json::Json;
use super::numbers::to_integer;
use super::{Pieces, Read, differences, finish};
use crate::index::{Index, IndexError};

/// A file with a part of the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shard {
    /// Address relative to the manifest: a folder beside it, and a name that changes with the content.
    pub file: String,
    /// Size in bytes.
    pub bytes: u32,
    /// How many results it holds.
    pub results: u32,
    /// Positions of its families in the catalog, ascending.
    pub families: Vec<u32>,
    /// Positions of its rigs in the catalog, ascending.
    pub hardware: Vec<u32>,
}

/// Hexadecimal digits in the name of a shard: half of a SHA-256, and what manifests of version 1 have.
pub(super) const HASHES: [usize; 2] = [32, 16];

/// What stands before a shard: what its positions count from.
#[derive(Clone, Copy)]
pub(super) struct Before {
    pub(super) configurations: usize,
    pub(super) runs: usize,
    pub(super) results: usize,
}

impl Before {
    /// What the positions of a column count from.
    pub(super) fn of(self, column: &str) -> f64 {
        let from = match column {
            "runs.configuration" => self.configurations,
            "results.run" | "runs.file_size_approximate" | "runs.notes.run" => self.runs,
            _ if column.ends_with(".result") => self.results,
            _ => 0,
        };
        #[expect(clippy::cast_precision_loss, reason = "no index has so many entries")]
        let from = from as f64;
        from
    }
}

impl Read {
    /// How much of each is here.
    fn counts(&self) -> Before {
        Before {
            configurations: self.numbers.count("configurations.family"),
            runs: self.words.count("runs.id"),
            results: self.numbers.count("results.run"),
        }
    }

    /// Makes the columns of a shard that are differences numbers.
    fn resolve(&mut self) -> Result<(), IndexError> {
        let mut left = std::mem::take(&mut self.differences);
        for (name, expectation) in differences::COLUMNS {
            let Some(place) = left.iter().position(|(known, _)| known == name) else { continue };
            let (_, column) = left.swap_remove(place);
            let numbers =
                differences::resolve(name, expectation, &column, &|name| self.numbers.from(name, 0))?;
            self.numbers.put(name, numbers);
        }
        match left.first() {
            None => Ok(()),
            Some((name, _)) => Err(IndexError::wrong(name, "differences", "numbers")),
        }
    }
}

/// Columns that tell one configuration from another, in the order that they are sorted by.
const KEY: [&str; 9] =
    ["family", "variant", "quant", "hardware", "backend", "mode", "driver", "power_cap_w", "raw"];

impl Shard {
    fn read(shard: &Json) -> Option<Self> {
        let whole = |json: &Json| json.number().and_then(to_integer);
        let list = |name: &str| shard.get(name)?.items().iter().map(whole).collect::<Option<Vec<u32>>>();
        let file = shard.get("file")?.text().filter(|file| is_beside(file))?.to_owned();
        let (families, hardware) = (list("families")?, list("hardware")?);
        Some(Self {
            file,
            bytes: whole(shard.get("bytes")?)?,
            results: whole(shard.get("results")?)?,
            families,
            hardware,
        })
    }
}

/// True for a file in a folder beside the manifest, whose name has the form of a hash: a manifest leads to
/// no other host and no other folder.
fn is_beside(file: &str) -> bool {
    let Some((folder, name)) = file.split_once('/') else { return false };
    let hash = name.strip_prefix("shard-").and_then(|rest| rest.strip_suffix(".json")).unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    !folder.is_empty()
        && !folder.starts_with('.')
        && folder.chars().all(is_plain)
        && HASHES.contains(&hash.len())
        && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl Pieces {
    /// The shards that a manifest names, in their order; none for any other piece, and once they were asked for.
    ///
    /// # Errors
    ///
    /// [`IndexError::Format`] and [`IndexError::Version`] for a manifest that this program does not know, and
    /// [`IndexError::Column`] for a shard that lacks something, leads elsewhere, or is named twice.
    pub fn shards(&mut self) -> Result<Vec<Shard>, IndexError> {
        let mut shards: Vec<Shard> = Vec::new();
        let listed = std::mem::take(&mut self.0.shards);
        if !listed.items().is_empty() {
            self.0.is_manifest = true;
            // Before anything is fetched in vain.
            self.0.check_version()?;
        }
        for (at, shard) in listed.items().iter().enumerate() {
            let expected =
                "a file in a folder beside the manifest, its bytes, results, families and hardware";
            let wrong = |found: String| IndexError::wrong("shards", &found, expected);
            let shard = Shard::read(shard).ok_or_else(|| wrong(format!("something else as entry {at}")))?;
            if shards.iter().any(|other| other.file == shard.file) {
                return Err(wrong(format!("{} twice", shard.file)));
            }
            shards.push(shard);
        }
        Ok(shards)
    }

    /// What a manifest says by itself: an index with its catalog and without any result.
    ///
    /// # Errors
    ///
    /// As [`Index::from_json`].
    pub fn without_results(&self) -> Result<Index, IndexError> {
        finish::<true>(self.anew().0)?.checked()
    }

    /// Takes in one of [`Pieces::shards`], after those that stand before it; others may be left out.
    ///
    /// # Errors
    ///
    /// The place of a syntax error, or [`IndexError::Column`] for one that does not hold what its manifest says, or
    /// that does not follow what was taken in before.
    pub fn add_listed(&mut self, listed: &Shard, shard: &[u8]) -> Result<(), IndexError> {
        let before = self.0.counts();
        let mut own = Read::default();
        own.add(shard)?;
        own.resolve()?;
        own.numbers.move_by(|column| before.of(column));
        let wrong = |found: &str, expected: &str| IndexError::wrong("shard", found, expected);
        if shard.len() != listed.bytes as usize {
            return Err(wrong(&format!("{} bytes", shard.len()), &format!("{}", listed.bytes)));
        }
        // What a manifest says is not for its shards to change.
        let says_more = own.words.names().any(|name| !matches!(name, "runs.id" | "runs.date"))
            || own.numbers.names().any(|name| name.starts_with("totals."));
        if says_more || own.catalog != Json::default() || own.shards != Json::default() {
            return Err(wrong("parts of a manifest", "columns of configurations, runs and results"));
        }
        self.0.words.append(own.words);
        self.0.numbers.append(own.numbers);
        let results = self.0.counts().results - before.results;
        if results != listed.results as usize {
            return Err(IndexError::wrong("results", &results.to_string(), &listed.results.to_string()));
        }
        for (name, expected) in [("family", &listed.families), ("hardware", &listed.hardware)] {
            let column = format!("configurations.{name}");
            let mut found = self.0.numbers.from(&column, before.configurations).iter();
            let is_listed = |value: f64| to_integer(value).is_some_and(|value| expected.contains(&value));
            if let Some(other) = found.find(|&&value| !is_listed(value)) {
                return Err(IndexError::wrong(&column, &other.to_string(), "those that the manifest names"));
            }
        }
        match self.follows(before) {
            true => Ok(()),
            false => Err(IndexError::wrong(
                "configurations",
                "one that was there before, or stands before it",
                "shards in the order of the index",
            )),
        }
    }

    /// True where the first configuration of a shard stands behind the last one before it.
    fn follows(&self, Before { configurations: first, .. }: Before) -> bool {
        let Some(last) = first.checked_sub(1) else { return true };
        // What is missing stands before all that is there.
        let key = |at: usize| {
            KEY.map(|name| {
                let value = self.0.numbers.from(&format!("configurations.{name}"), at).first().copied();
                value.filter(|value| !value.is_nan()).unwrap_or(-1.0)
            })
        };
        first == self.0.counts().configurations || key(last) < key(first)
    }
}
