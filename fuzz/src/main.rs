//! One fuzz target for everything that reads what others wrote; `TOKSCOPE_FUZZ` names what is read.
//!
//! `cargo xtask fuzz` builds and runs it, with the corpus of each format.

#![no_main]

mod properties;

use std::sync::LazyLock;

/// What is read, by the name that the command gives.
static READ: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("TOKSCOPE_FUZZ").unwrap_or_default();
    properties::by_name(&name).unwrap_or(properties::import)
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| READ(bytes));
