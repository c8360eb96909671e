//! What is read with a cache is what is read without, whatever is in it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::super::data_dir::{DataDir, read_data_dir, read_data_dir_cached};
use super::super::files::yaml_files;
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

    /// The cache as it is when no file has changed for long, which tests have no time to wait for.
    fn rested(&self) -> Cache {
        Cache { opened: Some(Nanoseconds::MAX), ..self.cache(PROGRAM) }
    }

    fn listed(&self) -> Vec<Listed> {
        yaml_files(&self.0.join("data"), "runs", NonZeroUsize::MIN, &mut Vec::new())
    }

    /// Runs that the cache gives for the files as they are.
    fn known(&self, program: Hash) -> usize {
        let cache = self.cache(program);
        let known = |file: &&Listed| {
            let text = fs::read_to_string(self.0.join("data").join(&file.name)).unwrap();
            cache.run(file, &text).0.is_some()
        };
        self.listed().iter().filter(known).count()
    }

    /// Runs that the cache gives without a look into the files.
    fn unread(&self, cache: &Cache) -> usize {
        self.listed().iter().filter(|file| cache.unchanged(file).is_some()).count()
    }

    /// Waits until whatever is written now has another time than what was written before.
    fn wait_a_tick(&self) {
        let before = now(&self.0);
        while now(&self.0) == before {}
    }

    /// Reads with the cache, where texts alone decide, and looks whether that is what is read without.
    fn read(&self) -> DataDir {
        self.read_with(Cache { opened: None, ..self.cache(PROGRAM) })
    }

    fn read_with(&self, cache: Cache) -> DataDir {
        let data = self.0.join("data");
        let (cached, kept) = read_data_dir_cached(&data, cache);
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

/// Files that rest are not opened; any change of one is seen.
#[cfg(unix)]
#[test]
fn a_file_at_rest_is_not_read_and_any_change_is_seen() {
    let place = Place::new("rested");
    place.read_with(place.rested());
    let files = place.run_files();
    assert_eq!(place.unread(&place.cache(PROGRAM)), files.len());
    assert_eq!(place.unread(&place.cache(PROGRAM).distrusting_times()), 0);
    let text = fs::read_to_string(&files[0]).unwrap();
    let write = |text: &str| fs::write(&files[0], text).unwrap();
    let same_size = text.replacen("tokens: 8", "tokens: 9", 1);
    assert!(same_size != text);
    let aside = place.0.join("aside");
    // Each with what is done to the first file, whose time is set back where that is asked for.
    let changes: [(&str, bool, &dyn Fn()); 7] = [
        ("touched", false, &|| write(&text)),
        ("of another size", true, &|| write(&text.replacen("tokens: 8", "tokens: 98", 1))),
        ("of the same size", false, &|| write(&same_size)),
        ("of the same size and time", true, &|| write(&same_size)),
        ("replaced by a copy of the same time", true, &|| {
            fs::copy(&files[0], &aside).unwrap();
            fs::rename(&aside, &files[0]).unwrap();
        }),
        ("in the place of another one", true, &|| {
            fs::rename(&files[1], &aside).unwrap();
            fs::rename(&files[0], &files[1]).unwrap();
            fs::rename(&aside, &files[0]).unwrap();
        }),
        ("removed", false, &|| fs::remove_file(&files[0]).unwrap()),
    ];
    let second = fs::read_to_string(&files[1]).unwrap();
    for (change, sets_back, make) in changes {
        place.wait_a_tick();
        write(&text);
        fs::write(&files[1], &second).unwrap();
        place.read_with(place.rested());
        assert_eq!(place.unread(&place.cache(PROGRAM)), files.len());
        let time = fs::metadata(&files[0]).unwrap().modified().unwrap();
        place.wait_a_tick();
        make();
        if sets_back {
            fs::File::options().append(true).open(&files[0]).unwrap().set_modified(time).unwrap();
        }
        assert!(place.unread(&place.cache(PROGRAM)) < files.len(), "{change}");
        place.read_with(place.rested());
        assert_eq!(place.unread(&place.cache(PROGRAM)), place.known(PROGRAM), "{change}");
    }
}

/// A file that changed just now may change again with the same stamp: it is read, until it rests.
#[test]
fn a_file_of_this_moment_is_read_again() {
    let place = Place::new("moment");
    let times = |file: Listed| file.stamp.map(|stamp| stamp.written.max(stamp.changed));
    let moment = place.listed().into_iter().filter_map(times).min();
    place.read_with(Cache { opened: moment, ..place.cache(PROGRAM) });
    let all = place.run_files().len();
    assert_eq!((place.known(PROGRAM), place.unread(&place.cache(PROGRAM))), (all, 0));
    // The same stamp and size with another text, as within one tick of the clock.
    let cache = place.cache(PROGRAM);
    let file = &place.listed()[0];
    let text = fs::read_to_string(place.0.join("data").join(&file.name)).unwrap();
    assert!(cache.run(file, &text).0.is_some() && cache.run(file, &text.replacen('1', "2", 1)).0.is_none());
    // A clock that nobody could ask says nothing either.
    place.read_with(Cache { opened: None, ..place.cache(PROGRAM) });
    assert_eq!(place.unread(&place.cache(PROGRAM)), 0);
}

/// What runs refer to decides with them whether they are right.
#[test]
fn runs_are_checked_anew_when_the_catalog_changes() {
    let place = Place::new("catalog");
    place.read_with(place.rested());
    let all = place.run_files().len();
    let shapes = place.0.join("data/shapes.yaml");
    let text = fs::read_to_string(&shapes).unwrap();
    let id = place.read().dataset.runs[0].value.results[0].shape.clone();
    for _ in 0..2 {
        fs::write(&shapes, text.replacen(&format!("id: {id}"), "id: another", 1)).unwrap();
        for _ in 0..2 {
            assert!(
                place
                    .read_with(place.rested())
                    .findings
                    .iter()
                    .any(|finding| finding.problem.found.contains(&id))
            );
        }
        assert!(place.known(PROGRAM) < all, "a run with a problem is not kept");
        fs::write(&shapes, &text).unwrap();
        assert_eq!(place.read_with(place.rested()).findings, []);
        assert_eq!(place.known(PROGRAM), all);
    }
    // A rig that cannot be read hides what is wrong with its runs; one that is gone does not.
    let rig = fs::read_dir(place.0.join("data/hardware")).unwrap().next().unwrap().unwrap().path();
    fs::write(&rig, "id: [").unwrap();
    place.read_with(place.rested());
    fs::remove_file(&rig).unwrap();
    place.read_with(place.rested());
}

#[test]
fn whatever_is_in_the_cache_is_not_believed() {
    let place = Place::new("broken");
    place.read_with(place.rested());
    let all = place.run_files().len();
    let shards = place.shards();
    let shard = shards.iter().max_by_key(|shard| fs::metadata(shard).unwrap().len()).unwrap();
    let whole = fs::read(shard).unwrap();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step.max(1)) {
        let mut broken = whole.clone();
        broken[at] ^= 1;
        fs::write(shard, &broken).unwrap();
        assert!(place.known(PROGRAM) < all && place.unread(&place.cache(PROGRAM)) < all, "{at}");
        fs::write(shard, &whole[..at]).unwrap();
        assert!(place.known(PROGRAM) < all && place.unread(&place.cache(PROGRAM)) < all, "{at}");
    }
    let older = [b"tokscope runs 1\n", &whole[MARK.len()..]].concat();
    for odd in [&[][..], &b"{}"[..], MARK, &older] {
        fs::write(shard, odd).unwrap();
        place.read_with(place.rested());
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
