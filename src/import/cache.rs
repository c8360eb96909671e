//! Runs that were read before, so that a folder of which one file changed is not read anew.
//!
//! A file that the file system says to be the one that was read (`stamp`) is not opened. Any other one is read, and its
//! run is taken from the cache only where its text has the same hash (SHA-256) as the text that the run was made of.
//! A stamp is kept only where a later change is sure to leave another one; [`Cache::distrusting_times`] does without.
//!
//! Runs are those that the very same program made. Only those of files without a problem are kept, so that findings
//! are always those of the reader; a run that was checked against the same catalog is not checked again.
//!
//! A cache is a folder of 64 files, each with the runs of every 64th name by hash, so that little is written where
//! little has changed. Each begins with the hash of what follows; whatever is not exactly as it was written counts
//! as absent.

mod packed;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::packed::{Packed, take};
use super::files::Listed;
use super::parallel;
use super::stamp::{Nanoseconds, Stamp};
use crate::model::dataset::Catalog;
use crate::model::run::Run;

/// What the files of a cache begin with.
const MARK: &[u8] = b"tokscope runs 2\n";

/// How many files a cache has.
const SHARDS: usize = 64;

type Hash = [u8; 32];

/// A cache as it was found.
pub struct Cache {
    folder: PathBuf,
    /// Who may read what is written here: the hash of the program.
    program: Hash,
    /// When it was opened, by the clock of the file system; `None` where nothing can be written.
    opened: Option<Nanoseconds>,
    /// True where every file is read, whatever is said of it.
    reads_all: bool,
    shards: Vec<Shard>,
}

/// One file of a cache.
#[derive(Default)]
struct Shard {
    bytes: Vec<u8>,
    /// What the runs were checked against.
    catalog: Option<Hash>,
    /// By the name of the run file.
    entries: HashMap<String, Entry>,
}

/// What is known of a run file.
struct Entry {
    /// By which the file is known to be the same without reading it.
    stamp: Option<Stamp>,
    text: Hash,
    /// Where the run stands in the bytes of the shard.
    run: Range<usize>,
}

/// What the cache should hold of one file.
pub(super) struct Kept {
    pub(super) file: String,
    stamp: Option<Stamp>,
    text: Hash,
    /// The run, where the cache does not have it yet.
    fresh: Option<Vec<u8>>,
}

/// The hash of a catalog, against which runs are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Checked(Hash);

impl Checked {
    pub(super) fn against(catalog: &Catalog) -> Option<Self> {
        serde_json::to_vec(catalog).ok().map(|catalog| Self(hash(&catalog)))
    }
}

impl Cache {
    /// Opens a cache, and makes its folder where there is none; one that was written by another program holds nothing.
    ///
    /// # Errors
    ///
    /// Where this program cannot be read: what it wrote could not be told from what another one did.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let program = hash(&fs::read(std::env::current_exe()?)?);
        Ok(Self::open_as(folder, program))
    }

    /// The same cache for files whose times or numbers cannot be trusted: every file is read.
    #[must_use]
    pub fn distrusting_times(self) -> Self {
        Self { reads_all: true, ..self }
    }

    fn open_as(folder: &Path, program: Hash) -> Self {
        let opened = now(folder);
        let numbers: Vec<usize> = (0..SHARDS).collect();
        let shards = parallel::each(&numbers, NonZeroUsize::MIN, parallel::cores(), |&number| {
            let bytes = fs::read(folder.join(name(number))).unwrap_or_default();
            Shard::of(bytes, &program).unwrap_or_default()
        });
        Self { folder: folder.to_owned(), program, opened, reads_all: false, shards }
    }

    /// The run of a file that is the one that was read before, by what the file system says of it.
    pub(super) fn unchanged(&self, file: &Listed) -> Option<(Run, Kept)> {
        if self.reads_all {
            return None;
        }
        let (shard, entry) = self.entry(&file.name)?;
        let stamp = file.stamp.clone().filter(|stamp| entry.stamp.as_ref() == Some(stamp))?;
        let run = shard.run(entry)?;
        Some((run, Kept { file: file.name.clone(), stamp: Some(stamp), text: entry.text, fresh: None }))
    }

    /// The run of a text, if the same text stood in the same file before.
    pub(super) fn run(&self, file: &Listed, text: &str) -> (Option<Run>, Kept) {
        let text = hash(text.as_bytes());
        let known = self.entry(&file.name).filter(|(_, entry)| entry.text == text);
        let run = known.and_then(|(shard, entry)| shard.run(entry));
        let stamp = file.stamp.clone().filter(|stamp| self.opened.is_some_and(|opened| stamp.rested(opened)));
        (run, Kept { file: file.name.clone(), stamp, text, fresh: None })
    }

    /// True where the runs of a file's shard had no problem beside the same catalog.
    pub(super) fn has_checked(&self, file: &str, catalog: Option<Checked>) -> bool {
        let by = self.shards.get(shard_of(file)).and_then(|shard| shard.catalog);
        by.is_some() && by == catalog.map(|catalog| catalog.0)
    }

    fn entry(&self, file: &str) -> Option<(&Shard, &Entry)> {
        let shard = self.shards.get(shard_of(file))?;
        Some((shard, shard.entries.get(file)?))
    }

    /// Writes what has changed, and forgets files that are gone.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written; what stood in it before stays, or is ignored.
    pub(super) fn keep(&self, kept: Vec<Kept>, catalog: Option<Checked>) -> io::Result<()> {
        let Some(Checked(catalog)) = catalog else { return Ok(()) };
        let mut shards: Vec<Vec<Kept>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for one in kept {
            if let Some(shard) = shards.get_mut(shard_of(&one.file)) {
                shard.push(one);
            }
        }
        fs::create_dir_all(&self.folder)?;
        let shards: Vec<_> = shards.iter().zip(&self.shards).enumerate().collect();
        let written =
            parallel::each(&shards, NonZeroUsize::MIN, parallel::cores(), |(number, (kept, before))| {
                if before.holds(kept, &catalog) {
                    return Ok(());
                }
                let beside = self.folder.join(format!("{}.{}.tmp", name(*number), std::process::id()));
                fs::write(&beside, self.shard(kept, before, &catalog))?;
                fs::rename(&beside, self.folder.join(name(*number)))
            });
        written.into_iter().collect()
    }

    fn shard(&self, kept: &[Kept], before: &Shard, catalog: &Hash) -> Vec<u8> {
        let mut body = [self.program, *catalog].concat();
        for Kept { file, stamp, text, fresh } in kept {
            let of_before = || before.bytes.get(before.entries.get(file)?.run.clone());
            if let Some(run) = fresh.as_deref().or_else(of_before) {
                file.pack(&mut body);
                stamp.pack(&mut body);
                body.extend_from_slice(text);
                (run.len() as u64).pack(&mut body);
                body.extend_from_slice(run);
            }
        }
        [MARK, &hash(&body), &body].concat()
    }
}

impl Kept {
    /// With the run that the reader made of the text.
    pub(super) fn with(self, run: &Run) -> Self {
        let mut bytes = Vec::new();
        run.pack(&mut bytes);
        Self { fresh: Some(bytes), ..self }
    }

    /// True for a run that the cache has.
    pub(super) fn is_known(&self) -> bool {
        self.fresh.is_none()
    }
}

impl Shard {
    /// What a file holds; `None` where a single byte is not as this program wrote it.
    fn of(bytes: Vec<u8>, program: &Hash) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MARK)?;
        let stated = take(&mut rest, size_of::<Hash>())?;
        if stated != hash(rest) || take(&mut rest, program.len())? != program {
            return None;
        }
        let catalog = take(&mut rest, size_of::<Hash>())?.try_into().ok()?;
        let mut entries = HashMap::new();
        while !rest.is_empty() {
            let file = String::unpack(&mut rest)?;
            let stamp = Packed::unpack(&mut rest)?;
            let text = take(&mut rest, size_of::<Hash>())?.try_into().ok()?;
            let length = usize::try_from(u64::unpack(&mut rest)?).ok()?;
            let start = bytes.len() - rest.len();
            take(&mut rest, length)?;
            entries.insert(file, Entry { stamp, text, run: start..start + length });
        }
        Some(Self { bytes, catalog: Some(catalog), entries })
    }

    fn run(&self, entry: &Entry) -> Option<Run> {
        let mut bytes = self.bytes.get(entry.run.clone())?;
        Run::unpack(&mut bytes).filter(|_| bytes.is_empty())
    }

    /// True where nothing would be written but what is there.
    fn holds(&self, kept: &[Kept], catalog: &Hash) -> bool {
        let is_there = |one: &Kept| {
            let same = |entry: &Entry| entry.stamp == one.stamp && entry.text == one.text;
            one.fresh.is_none() && self.entries.get(&one.file).is_some_and(same)
        };
        kept.len() == self.entries.len()
            && (self.catalog.as_ref() == Some(catalog) || kept.is_empty())
            && kept.iter().all(is_there)
    }
}

/// What the clock of a file system shows: the time of a file that is written now, and gone at once.
fn now(folder: &Path) -> Option<Nanoseconds> {
    fs::create_dir_all(folder).ok()?;
    let file = folder.join(format!("now.{}.tmp", std::process::id()));
    fs::write(&file, MARK).ok()?;
    let stamp = fs::symlink_metadata(&file).ok().and_then(|metadata| Stamp::of(&metadata));
    fs::remove_file(&file).ok()?;
    Some(stamp?.written)
}

fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

fn name(number: usize) -> String {
    format!("{number:02}.runs")
}

/// The shard of a file: FNV-1a of its name.
fn shard_of(file: &str) -> usize {
    let hash = file.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    usize::try_from((hash >> 32) % SHARDS as u64).unwrap_or_default()
}

#[cfg(test)]
#[path = "cache/tests.rs"]
mod tests;
