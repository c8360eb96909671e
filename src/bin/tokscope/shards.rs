//! An index on the disk: one file, or a manifest with its shards in a folder beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokscope::index::{Index, IndexError, Pieces};

use crate::error::CliError;
use crate::output;

/// Reads an index, whichever way it is kept.
pub(crate) fn read(file: &Path) -> Result<Index, CliError> {
    let mut pieces = Pieces::default();
    pieces.add(&read_bytes(file)?).map_err(invalid(file))?;
    for shard in pieces.shards().map_err(invalid(file))? {
        let path = file.with_file_name("").join(&shard.file);
        pieces.add_listed(&shard, &read_bytes(&path)?).map_err(invalid(&path))?;
    }
    pieces.finish().and_then(tokscope::index::Unchecked::checked).map_err(invalid(file))
}

fn read_bytes(file: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(file).map_err(CliError::reading(file))
}

fn invalid(file: &Path) -> impl Fn(IndexError) -> CliError {
    move |error| CliError::Invalid { path: file.to_owned(), message: error.to_string() }
}

/// Writes an index: in one file up to so many results, else in shards of about `in_a_shard` results. Returns how many
/// bytes that are.
///
/// The manifest comes after the shards that it names, and shards of an index before go after it: whoever begins to read
/// meanwhile finds a manifest whose shards are there, and who has the one before may have to begin anew.
pub(crate) fn write(
    index: &Index,
    target: &Path,
    in_one_file: usize,
    in_a_shard: usize,
) -> Result<usize, CliError> {
    let folder = folder(target);
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let several = (index.result_count() > in_one_file).then(|| index.to_shards(name, in_a_shard)).flatten();
    let Some(several) = several else {
        let json = index.to_json();
        output::write(target, &json)?;
        // The standard output has no place beside it.
        if target != Path::new("-") {
            remove_others(&folder, &[])?;
        }
        return Ok(json.len());
    };
    if fs::symlink_metadata(&folder).is_ok_and(|there| there.is_symlink()) {
        let link = io::Error::other("found a symbolic link, expected a folder");
        return Err(CliError::writing(&folder)(link));
    }
    fs::create_dir_all(&folder).map_err(CliError::writing(&folder))?;
    let mut bytes = several.manifest.len();
    let mut written = Vec::new();
    for (address, content) in &several.shards {
        bytes += content.len();
        let path = folder.with_file_name("").join(address);
        if !fs::read(&path).is_ok_and(|there| there == *content) {
            output::write(&path, content)?;
        }
        written.push(path);
    }
    output::write(target, &several.manifest)?;
    remove_others(&folder, &written)?;
    Ok(bytes)
}

/// The folder of the shards of a manifest: `index-shards` beside `index.json`.
fn folder(target: &Path) -> PathBuf {
    let stem = target.file_stem().and_then(|stem| stem.to_str()).unwrap_or("index");
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let plain: String = stem.chars().filter(|&c| is_plain(c)).collect();
    target.with_file_name(format!("{}-shards", plain.trim_start_matches('.')))
}

/// Takes away the shards of an index that was there before.
fn remove_others(folder: &Path, kept: &[PathBuf]) -> Result<(), CliError> {
    if fs::symlink_metadata(folder).is_ok_and(|there| there.is_symlink()) {
        return Ok(());
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(());
        }
        Err(error) => return Err(CliError::reading(folder)(error)),
    };
    for entry in entries {
        let path = entry.map_err(CliError::reading(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let hash =
            name.strip_prefix("shard-").and_then(|rest| rest.strip_suffix(".json")).unwrap_or_default();
        let is_hash = matches!(hash.len(), 16 | 32) && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash && !kept.contains(&path) {
            fs::remove_file(&path).map_err(CliError::writing(&path))?;
        }
    }
    if kept.is_empty() {
        // Fails where the folder holds something else, which stays.
        let _others = fs::remove_dir(folder);
    }
    Ok(())
}
