//! `docs/data-format.md` says what the types say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::Path;

use serde::de::DeserializeOwned;

use super::decode::decode;
use super::node::{At, Step};
use super::yaml;
use crate::model::catalog::{
    Family, Hardware, Planned, Probe, Quant, Shape, Source, Term, Unlisted, Variant,
};
use crate::model::run::{Backend, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef};

fn documentation() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data-format.md");
    std::fs::read_to_string(file).unwrap()
}

/// The names of a type's fields, from what it says about one that it does not have.
fn fields<T: DeserializeOwned>() -> Vec<String> {
    let root = yaml::parse("0000000000: 1\n").root.unwrap();
    let decoded = decode::<T>(&root, At { parent: None, step: Step::Root(""), line: 1 });
    let flaw = decoded.flaws.iter().find(|flaw| flaw.found.starts_with("unknown field")).unwrap();
    let (_, names) = flaw.expected.split_once(": ").unwrap();
    names.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_field_is_documented() {
    let all = [
        fields::<Run>(),
        fields::<Backend>(),
        fields::<Settings>(),
        fields::<SourceRef>(),
        fields::<ResultEntry>(),
        fields::<Repetition>(),
        fields::<RangeEntry>(),
        fields::<Family>(),
        fields::<Variant>(),
        fields::<Quant>(),
        fields::<Hardware>(),
        fields::<Probe>(),
        fields::<Unlisted>(),
        fields::<Shape>(),
        fields::<Source>(),
        fields::<Term>(),
        fields::<Planned>(),
    ];
    let text = documentation();
    for name in all.iter().flatten() {
        assert!(text.contains(&format!("`{name}`")), "{name} is not in docs/data-format.md");
    }
    assert!(all.iter().flatten().count() > 120);
}

#[test]
fn the_examples_are_sound() {
    let text = documentation();
    let mut blocks = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let example = blocks.next().unwrap();
    let range = blocks.next().unwrap();
    let with_range = format!("{}{range}", example.split("results:\n").next().unwrap());
    for run in [example, &with_range] {
        let parsed = yaml::parse(run);
        let root = parsed.root.unwrap();
        let decoded = decode::<Run>(&root, At { parent: None, step: Step::Root(""), line: 1 });
        assert!(decoded.sound() && parsed.flaws.is_empty(), "{:?}", decoded.flaws);
    }
}
