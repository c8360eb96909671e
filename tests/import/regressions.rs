//! What fuzzing found, once more: each file is named after what reads it, up to `--`.

use std::fs;

use super::{files_below, root};

#[path = "../../fuzz/src/properties.rs"]
mod properties;

#[test]
fn what_fuzzing_found_stays_repaired() {
    let files = files_below(&root().join("tests/fixtures/regressions"));
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (target, _) = name.split_once("--").unwrap();
        let read = properties::by_name(target).unwrap_or(properties::import);
        eprintln!("{name}");
        read(&fs::read(&file).unwrap());
    }
}
