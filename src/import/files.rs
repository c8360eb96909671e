//! Files of a folder, found and read without following anything out of it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use super::finding::Finding;

/// Largest file that is read, in bytes.
pub(super) const LARGEST_FILE: u64 = 1 << 20;

/// Deepest folder below `runs/`.
const DEEPEST_FOLDER: usize = 4;

/// The YAML files below a folder, by their paths from `root` with `/`, sorted. Everything that is
/// neither a YAML file nor a folder is a finding; names that start with a dot are left alone.
pub(super) fn yaml_files(root: &Path, folder: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    let mut files = Vec::new();
    match fs::symlink_metadata(root.join(folder)) {
        Ok(metadata) if metadata.is_dir() => walk(root, folder, 0, &mut files, findings),
        Ok(_) => {
            findings.push(Finding::about(folder, "something that is no folder", "a folder of YAML files"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.push(Finding::about(folder, "no such folder", "a folder of YAML files"));
        }
        Err(error) => findings.push(Finding::about(folder, error.to_string(), "a folder that can be read")),
    }
    files.sort();
    files
}

fn walk(root: &Path, folder: &str, depth: usize, files: &mut Vec<String>, findings: &mut Vec<Finding>) {
    let names = match names(&root.join(folder)) {
        Ok(names) => names,
        Err(error) => {
            findings.push(Finding::about(folder, error.to_string(), "a folder that can be read"));
            return;
        }
    };
    for name in names {
        let Ok(name) = name.into_string().map_err(|name| {
            let file = format!("{folder}/{}", name.to_string_lossy());
            findings.push(Finding::about(&file, "a name that is not UTF-8", "a name in UTF-8"));
        }) else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{folder}/{name}");
        match fs::symlink_metadata(root.join(&path)) {
            Ok(metadata) if metadata.is_dir() && depth < DEEPEST_FOLDER => {
                walk(root, &path, depth + 1, files, findings);
            }
            Ok(metadata) if metadata.is_dir() => {
                findings.push(Finding::about(&path, "a folder this deep", "runs/<hardware>/<run>.yaml"));
            }
            Ok(metadata) if metadata.is_symlink() => {
                findings.push(Finding::about(&path, "a symbolic link", "a file"));
            }
            Ok(metadata) if metadata.is_file() && name.ends_with(".yaml") => files.push(path),
            Ok(_) => {
                findings.push(Finding::about(&path, "another kind of file", "only files named *.yaml here"))
            }
            Err(error) => findings.push(Finding::about(&path, error.to_string(), "a file that can be read")),
        }
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
