//! Files of a folder, found and read without following anything out of it.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::path::Path;

use super::finding::Finding;
use super::parallel;
use super::stamp::Stamp;

/// Largest file that is read, in bytes.
pub(super) const LARGEST_FILE: u64 = 1 << 20;

/// Deepest folder below `runs/`.
const DEEPEST_FOLDER: usize = 4;

/// A file that was found.
pub(super) struct Listed {
    /// Its path from the folder that was looked through, with `/`.
    pub(super) name: String,
    /// By which it is known again.
    pub(super) stamp: Option<Stamp>,
}

/// The YAML files below a folder, by their paths from `root` with `/`, sorted. Everything that is
/// neither a YAML file nor a folder is a finding; names that start with a dot are left alone.
pub(super) fn yaml_files(
    root: &Path,
    folder: &str,
    threads: NonZeroUsize,
    findings: &mut Vec<Finding>,
) -> Vec<Listed> {
    let mut found = Found::default();
    match fs::symlink_metadata(root.join(folder)) {
        Ok(metadata) if metadata.is_dir() => found.walk(root, folder, 0, threads),
        Ok(_) => found.minds(folder, "something that is no folder", "a folder of YAML files"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            found.minds(folder, "no such folder", "a folder of YAML files");
        }
        Err(error) => found.minds(folder, error.to_string(), "a folder that can be read"),
    }
    found.files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    findings.append(&mut found.findings);
    found.files
}

/// What lies below a folder, in no order.
#[derive(Default)]
struct Found {
    files: Vec<Listed>,
    findings: Vec<Finding>,
}

impl Found {
    fn walk(&mut self, root: &Path, folder: &str, depth: usize, threads: NonZeroUsize) {
        let entries = fs::read_dir(root.join(folder)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries: Vec<DirEntry> = match entries {
            Ok(entries) => entries,
            Err(error) => return self.minds(folder, error.to_string(), "a folder that can be read"),
        };
        let below = parallel::each(&entries, NonZeroUsize::MIN, threads, |entry| {
            let mut found = Self::default();
            found.look(root, folder, entry, depth);
            found
        });
        for mut found in below {
            self.files.append(&mut found.files);
            self.findings.append(&mut found.findings);
        }
    }

    fn look(&mut self, root: &Path, folder: &str, entry: &DirEntry, depth: usize) {
        let name = match entry.file_name().into_string() {
            Ok(name) => name,
            Err(name) => {
                let file = format!("{folder}/{}", name.to_string_lossy());
                return self.minds(&file, "a name that is not UTF-8", "a name in UTF-8");
            }
        };
        if name.starts_with('.') {
            return;
        }
        let path = format!("{folder}/{name}");
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() && depth < DEEPEST_FOLDER => {
                self.walk(root, &path, depth + 1, NonZeroUsize::MIN);
            }
            Ok(metadata) if metadata.is_dir() => {
                self.minds(&path, "a folder this deep", "runs/<hardware>/<run>.yaml");
            }
            Ok(metadata) if metadata.is_symlink() => self.minds(&path, "a symbolic link", "a file"),
            Ok(metadata) if metadata.is_file() && name.ends_with(".yaml") => {
                self.files.push(Listed { name: path, stamp: Stamp::of(&metadata) });
            }
            Ok(_) => self.minds(&path, "another kind of file", "only files named *.yaml here"),
            Err(error) => self.minds(&path, error.to_string(), "a file that can be read"),
        }
    }

    fn minds(&mut self, file: &str, found: impl Into<String>, expected: &str) {
        self.findings.push(Finding::about(file, found, expected));
    }
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name());
    }
    names.sort();
    Ok(names)
}

/// The text of a file, or what is wrong with it as a file.
pub(super) fn read_text(root: &Path, file: &str) -> Result<String, Finding> {
    let cannot = |error: io::Error| Finding::about(file, error.to_string(), "a file that can be read");
    let path = root.join(file);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_symlink() => {
            return Err(Finding::about(file, "a symbolic link", "a file"));
        }
        Ok(metadata) if !metadata.is_file() => {
            return Err(Finding::about(file, "something that is no file", "a file"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Finding::about(file, "no such file", "a file"));
        }
        Err(error) => return Err(cannot(error)),
    }
    let mut bytes = Vec::new();
    File::open(&path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Finding::about(file, "more than 1 MiB", "a file of at most 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let before = valid.iter().filter(|&&byte| byte == b'\n').count();
        let line = u32::try_from(before + 1).unwrap_or(u32::MAX);
        Finding { line: Some(line), ..Finding::about(file, "bytes that are not UTF-8", "text in UTF-8") }
    })
}
