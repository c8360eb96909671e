//! What is read with a cache is what is read without, whatever is in it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::super::data_dir::{DataDir, read_data_dir, read_data_dir_cached};
use super::*;

const PROGRAM: Hash = [7; 32];

/// A copy of a data folder beside a cache, both gone at the end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("tokscope-cache-{name}-{}", std::process::id()));
        let _old = fs::remove_dir_all(&place);
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/data");
        copy(&data, &place.join("data"));
        Self(place)
    }

    fn run_files(&self) -> Vec<PathBuf> {
        let below = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = below(self.0.join("data/runs")).flat_map(below).collect();
        files.sort();
        files
    }

    fn shards(&self) -> Vec<PathBuf> {
        let mut shards: Vec<PathBuf> =
            fs::read_dir(self.0.join("cache")).unwrap().map(|entry| entry.unwrap().path()).collect();
        shards.sort();
        shards
    }

    fn cache(&self, program: Hash) -> Cache {
        Cache::open_as(&self.0.join("cache"), program)
    }

    /// Runs that the cache gives for the files as they are.
    fn known(&self, program: Hash) -> usize {
        let cache = self.cache(program);
        let known = |file: &PathBuf| {
            let text = fs::read_to_string(file).unwrap();
            let name = file.strip_prefix(self.0.join("data")).unwrap().to_string_lossy().replace('\\', "/");
            cache.run(&name, &text).0.is_some()
        };
        self.run_files().iter().filter(|file| known(file)).count()
    }

    /// Reads with the cache, and looks whether that is what is read without.
    fn read(&self) -> DataDir {
        let data = self.0.join("data");
        let (cached, kept) = read_data_dir_cached(&data, self.cache(PROGRAM));
        kept.unwrap();
        let plain = read_data_dir(&data);
        assert_eq!(cached.findings, plain.findings);
        assert_eq!(cached.files, plain.files);
        assert!(cached.dataset == plain.dataset);
        cached
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _left_to_the_system = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            drop(fs::copy(entry.path(), target))
        }
    }
}

#[test]
fn files_that_did_not_change_come_from_the_cache() {
    let place = Place::new("same");
    let all = place.run_files().len();
    assert_eq!(place.known(PROGRAM), 0);
    place.read();
    assert_eq!(place.known(PROGRAM), all);
    let before: Vec<Vec<u8>> = place.shards().iter().map(|shard| fs::read(shard).unwrap()).collect();
    place.read();
    let after: Vec<Vec<u8>> = place.shards().iter().map(|shard| fs::read(shard).unwrap()).collect();
    assert!(before == after);
    assert_eq!(place.known([8; 32]), 0, "another program knows nothing of it");
}

#[test]
fn what_changed_is_read_anew() {
    let place = Place::new("changed");
    place.read();
    let files = place.run_files();
    let text = fs::read_to_string(&files[0]).unwrap();
    let time = fs::metadata(&files[0]).unwrap().modified().unwrap();
    // Of the same length and with the same time as before.
    let changed =
        text.replacen("mean", "Mean", 1).replacen("single", "Single", 1).replacen("median", "Median", 1);
    assert!(changed != text && changed.len() == text.len());
    fs::write(&files[0], &changed).unwrap();
    fs::File::options().append(true).open(&files[0]).unwrap().set_modified(time).unwrap();
    assert!(!place.read().findings.is_empty());
    assert_eq!(place.known(PROGRAM), files.len() - 1, "a file with a finding is not kept");
    fs::write(&files[0], &text).unwrap();
    assert_eq!(place.read().findings, []);
    assert_eq!(place.known(PROGRAM), files.len());
    // A file with the text of another one, one that is gone, one that is there again.
    fs::rename(&files[1], place.0.join("other")).unwrap();
    fs::copy(&files[0], &files[1]).unwrap();
    place.read();
    fs::remove_file(&files[1]).unwrap();
    place.read();
    fs::rename(place.0.join("other"), &files[1]).unwrap();
    place.read();
    assert_eq!(place.known(PROGRAM), files.len());
}

#[test]
fn whatever_is_in_the_cache_is_not_believed() {
    let place = Place::new("broken");
    place.read();
    let all = place.run_files().len();
    let shards = place.shards();
    let shard = shards.iter().max_by_key(|shard| fs::metadata(shard).unwrap().len()).unwrap();
    let whole = fs::read(shard).unwrap();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step.max(1)) {
        let mut broken = whole.clone();
        broken[at] ^= 1;
        fs::write(shard, &broken).unwrap();
        assert!(place.known(PROGRAM) < all, "{at}");
        fs::write(shard, &whole[..at]).unwrap();
        assert!(place.known(PROGRAM) < all, "{at}");
    }
    for odd in [&[][..], &b"{}"[..], MARK] {
        fs::write(shard, odd).unwrap();
        place.read();
        assert!(fs::read(shard).unwrap() == whole, "it is written anew");
    }
}

#[test]
fn any_bytes_are_a_run_or_none() {
    let place = Place::new("bytes");
    place.read();
    let text = fs::read_to_string(&place.run_files()[0]).unwrap();
    let (run, _) = super::super::read_run(&text, "f");
    let mut bytes = Vec::new();
    run.as_ref().unwrap().pack(&mut bytes);
    assert_eq!(Run::unpack(&mut &bytes[..]), run);
    for at in 0..bytes.len() {
        assert_eq!(Run::unpack(&mut &bytes[..at]), None);
        let mut broken = bytes.clone();
        broken[at] ^= 0x81;
        let _any = Run::unpack(&mut &broken[..]);
    }
}
