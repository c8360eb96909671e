//! A small WebDriver client, a server for the built page, and the program that runs the tests.

#![allow(dead_code, reason = "a vocabulary: not every word is in use at every time")]

mod axe;
mod chromium;
mod codes;
pub(crate) mod engine;
mod firefox;
pub(crate) mod measuring;
pub(crate) mod page;
pub(crate) mod runner;
pub(crate) mod server;
mod session;

use std::path::{Path, PathBuf};

/// The built page: `dist/`, or what `TOKSCOPE_DIST` names.
pub(crate) fn dist() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dist = root.join(std::env::var_os("TOKSCOPE_DIST").unwrap_or_else(|| "dist".into()));
    assert!(
        dist.join("index.html").is_file(),
        "no page at {}: run `cargo xtask build` first",
        dist.display()
    );
    dist
}

/// A folder for what a run leaves behind, inside cargo's target folder.
pub(crate) fn artifacts(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("cargo's target folder");
    let folder = target.join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the artifacts");
    folder
}
