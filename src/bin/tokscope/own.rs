//! Tokscope's own files as input: run files, and an index, which gives back the runs that it was built of.

use tokscope::import::{Imported, read_run_files};
use tokscope::own::read_index;

/// What a file of our own is called, and what it holds; `None` for any other file.
pub(crate) fn read_own(bytes: &[u8], file: &str) -> Option<(&'static str, Imported)> {
    if let Some(imported) = read_index(bytes, file) {
        return Some(("index", imported));
    }
    let imported = read_run_files(std::str::from_utf8(bytes).ok()?, file)?;
    Some(("run file", imported))
}
