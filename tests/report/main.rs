//! Markdown reports of an invented desk: what is read, what is written, and both in a circle.
//!
//! The reports that the bundled data come from are tried in `tests/facts/imported.rs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod circle;
#[cfg(feature = "cli")]
mod command;
mod forms;
mod hostile;

use tokscope::import::report::{Imported, Known, read_report};
use tokscope::model::catalog::{Family, Variant};
use tokscope::model::dataset::Catalog;

const BY_BACKEND: &str = include_str!("../fixtures/reports/by-backend.md");
const BY_MODEL: &str = include_str!("../fixtures/reports/by-model.md");
const SUMMARY: &str = include_str!("../fixtures/reports/summary.md");

/// A family with two models.
fn catalog() -> Catalog {
    let variant = |id: &str, name: &str| -> Variant {
        serde_json::from_value(serde_json::json!({"id": id, "name": name})).unwrap()
    };
    let family = Family {
        id: "finch".to_owned(),
        name: "Finch".to_owned(),
        released: "2026-03".to_owned().try_into().unwrap(),
        released_source: "invented".to_owned(),
        variants: vec![variant("2b-it", "2B-it"), variant("9b-it", "9B-it")],
    };
    Catalog { families: vec![family], ..Catalog::default() }
}

/// Everything that the reports do not say.
fn known(catalog: &Catalog) -> Known<'_> {
    Known {
        file: "r.md",
        source: "bench-notes",
        catalog: Some(catalog),
        hardware: Some("desk-12gb"),
        engine: Some("llama.cpp"),
        shape: Some("chat"),
        date: Some("2026-03".to_owned().try_into().unwrap()),
        ..Known::default()
    }
}

fn read(text: &str) -> Imported {
    read_report(text, &known(&catalog())).unwrap()
}

fn findings(imported: &Imported) -> Vec<String> {
    imported.findings.iter().map(ToString::to_string).collect()
}

/// A small generator of repeatable chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }
}
