//! Runs that were read before, so that a folder of which one file changed is not read anew.
//!
//! The content decides: a file is read each time, and a run is taken from the cache only where its text has the same
//! hash (SHA-256) as the text that the run was made of, by the very same program. Sizes and times of files say
//! nothing. Only runs of files without a finding are kept, so that findings are always those of the reader.
//!
//! A cache is a folder of 64 files, each with the runs of every 64th name by hash, so that little is written where
//! little has changed. Each begins with the hash of what follows; whatever is not exactly as it was written counts
//! as absent.

mod packed;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::packed::{Packed, take};
use super::parallel;
use crate::model::run::Run;

/// What the files of a cache begin with.
const MARK: &[u8] = b"tokscope runs 1\n";

/// How many files a cache has.
const SHARDS: usize = 64;

type Hash = [u8; 32];

/// A cache as it was found.
pub struct Cache {
    folder: PathBuf,
    /// Who may read what is written here: the hash of the program.
    program: Hash,
    shards: Vec<Shard>,
}

/// One file of a cache.
#[derive(Default)]
struct Shard {
    bytes: Vec<u8>,
    /// By the name of the run file: the hash of its text, and where its run stands in `bytes`.
    entries: HashMap<String, (Hash, std::ops::Range<usize>)>,
}

/// What the cache should hold of one file.
pub(super) struct Kept {
    file: String,
    text: Hash,
    /// The run, where the cache does not have it yet.
    fresh: Option<Vec<u8>>,
}

impl Cache {
    /// Opens a cache; one that is not there, or was written by another program, holds nothing.
    ///
    /// # Errors
    ///
    /// Where this program cannot be read: what it wrote could not be told from what another one did.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let program = hash(&fs::read(std::env::current_exe()?)?);
        Ok(Self::open_as(folder, program))
    }

    fn open_as(folder: &Path, program: Hash) -> Self {
        let numbers: Vec<usize> = (0..SHARDS).collect();
        let shards = parallel::each(&numbers, NonZeroUsize::MIN, parallel::cores(), |&number| {
            let bytes = fs::read(folder.join(name(number))).unwrap_or_default();
            Shard::of(bytes, &program).unwrap_or_default()
        });
        Self { folder: folder.to_owned(), program, shards }
    }

    /// The run of a text, if the same text stood in the same file before.
    pub(super) fn run(&self, file: &str, text: &str) -> (Option<Run>, Kept) {
        let text = hash(text.as_bytes());
        let shard = self.shards.get(shard_of(file));
        let known = shard.and_then(|shard| Some((shard, shard.entries.get(file)?)));
        let run = known.filter(|(_, (hash, _))| *hash == text).and_then(|(shard, (_, range))| {
            let mut bytes = shard.bytes.get(range.clone())?;
            Run::unpack(&mut bytes).filter(|_| bytes.is_empty())
        });
        (run, Kept { file: file.to_owned(), text, fresh: None })
    }

    /// Writes what has changed, and forgets files that are gone.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be written; what stood in it before stays, or is ignored.
    pub(super) fn keep(&self, kept: Vec<Kept>) -> io::Result<()> {
        let mut shards: Vec<Vec<Kept>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for one in kept {
            if let Some(shard) = shards.get_mut(shard_of(&one.file)) {
                shard.push(one);
            }
        }
        fs::create_dir_all(&self.folder)?;
        for (number, (kept, before)) in shards.iter().zip(&self.shards).enumerate() {
            let is_same = kept.len() == before.entries.len() && kept.iter().all(|one| one.fresh.is_none());
            if !is_same {
                let beside = self.folder.join(format!("{}.{}.tmp", name(number), std::process::id()));
                fs::write(&beside, self.shard(kept, before))?;
                fs::rename(&beside, self.folder.join(name(number)))?;
            }
        }
        Ok(())
    }

    fn shard(&self, kept: &[Kept], before: &Shard) -> Vec<u8> {
        let mut body = self.program.to_vec();
        for Kept { file, text, fresh } in kept {
            let of_before =
                || before.entries.get(file).and_then(|(_, range)| before.bytes.get(range.clone()));
            if let Some(run) = fresh.as_deref().or_else(of_before) {
                file.pack(&mut body);
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
}

impl Shard {
    /// What a file holds; `None` where a single byte is not as this program wrote it.
    fn of(bytes: Vec<u8>, program: &Hash) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MARK)?;
        let stated = take(&mut rest, size_of::<Hash>())?;
        if stated != hash(rest) || take(&mut rest, program.len())? != program {
            return None;
        }
        let mut entries = HashMap::new();
        while !rest.is_empty() {
            let file = String::unpack(&mut rest)?;
            let text = take(&mut rest, size_of::<Hash>())?.try_into().ok()?;
            let length = usize::try_from(u64::unpack(&mut rest)?).ok()?;
            let start = bytes.len() - rest.len();
            take(&mut rest, length)?;
            entries.insert(file, (text, start..start + length));
        }
        Some(Self { bytes, entries })
    }
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
