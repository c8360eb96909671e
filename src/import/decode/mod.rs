//! Trees to model types, with everything that is wrong named at once.
//!
//! The types' own `Deserialize` decides what fits. It stops at the first thing that does not, so
//! decoding is a loop: a value that is refused is written down, then treated as absent; where the
//! type cannot do without it, a stand-in takes its place, so that the next attempt comes further.
//! A document that needed any of this is [`Decoded::sound`] no more and serves only to find more
//! problems.

mod access;
mod error;
mod stand_in;
mod value;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::de::DeserializeOwned;

use super::finding::Flaw;
use super::node::{At, Node};
use error::{DecodeError, Spot};
use value::Value;

/// Most problems that one document is searched for.
const MOST_FLAWS: usize = 100;

/// What decoding a document gave.
pub(super) struct Decoded<T> {
    /// The value, with gaps and stand-ins where it was not sound; absent where it is something else
    /// altogether, such as a list in place of a mapping.
    pub(super) value: Option<T>,
    /// Problems, in the order of the lines.
    pub(super) flaws: Vec<Flaw>,
    /// Paths of required values that the file does not give.
    #[cfg_attr(
        not(feature = "cli"),
        expect(dead_code, reason = "what refers to others is in folders alone")
    )]
    pub(super) gaps: Vec<String>,
}

impl<T> Decoded<T> {
    /// True where the value is exactly what the file says.
    #[cfg(any(test, feature = "cli"))]
    pub(super) fn sound(&self) -> bool {
        self.flaws.is_empty()
    }
}

/// How a refused value is got around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detour {
    /// It counts as absent.
    Absent,
    /// A stand-in takes its place; the number says which one, when a type is picky.
    StandIn(u8),
}

/// What the attempts at one document know from each other.
#[derive(Default)]
struct Session {
    detours: HashMap<Spot, Detour>,
    /// What a type wanted at a spot where nothing was.
    wanted: RefCell<HashMap<Spot, String>>,
    /// Unknown fields by the id of their value; every attempt meets them again.
    unknown: RefCell<BTreeMap<u32, Flaw>>,
    /// Fields that an unknown one was probably meant to be, with the id of their mapping.
    meant: RefCell<HashSet<Spot>>,
}

impl Session {
    fn detour(&self, spot: Spot) -> Option<Detour> {
        self.detours.get(&spot).copied()
    }
}

/// Decodes a tree.
pub(super) fn decode<T: DeserializeOwned>(root: &Node, at: At<'_>) -> Decoded<T> {
    let mut session = Session::default();
    let mut refused: Vec<(Spot, Flaw)> = Vec::new();
    let value = loop {
        match T::deserialize(Value { node: root, at: &at, session: &session }) {
            Ok(value) => break Some(value),
            Err(error) => {
                if !get_around(&mut session, &mut refused, error, root.id) {
                    break None;
                }
            }
        }
    };
    finish(session, refused, value)
}

/// Puts together what the attempts found.
fn finish<T>(session: Session, refused: Vec<(Spot, Flaw)>, value: Option<T>) -> Decoded<T> {
    let Session { detours, wanted, unknown, meant } = session;
    let (wanted, meant) = (wanted.into_inner(), meant.into_inner());
    let mut flaws: Vec<Flaw> = unknown.into_inner().into_values().collect();
    let mut gaps = Vec::new();
    for (spot, mut flaw) in refused {
        if !matches!(detours.get(&spot), Some(Detour::Absent)) {
            gaps.push(flaw.place.clone());
        }
        if let (Spot::Missing(..), Some(wanted)) = (spot, wanted.get(&spot)) {
            flaw.expected = format!("{}: {wanted}", flaw.expected);
        }
        // A field that is there under a wrong name is not missing as well.
        if !meant.contains(&spot) {
            flaws.push(flaw);
        }
    }
    flaws.sort_by(|left, right| (left.line, &left.place).cmp(&(right.line, &right.place)));
    Decoded { value, flaws, gaps }
}

/// Notes what an attempt failed on and finds a way around it; false where there is none.
fn get_around(session: &mut Session, refused: &mut Vec<(Spot, Flaw)>, error: DecodeError, root: u32) -> bool {
    let DecodeError::Placed(placed) = error else { return false };
    let (spot, flaw) = (placed.spot, placed.flaw);
    let next = match session.detour(spot) {
        None if placed.in_mapping => Detour::Absent,
        None => Detour::StandIn(0),
        Some(Detour::Absent) => Detour::StandIn(0),
        Some(Detour::StandIn(0)) => Detour::StandIn(1),
        Some(Detour::StandIn(_)) => return false,
    };
    if session.detours.insert(spot, next).is_none() {
        refused.push((spot, flaw));
    } else if next == Detour::StandIn(1) {
        // The first stand-in was refused, too, and the refusal says what would do.
        session.wanted.borrow_mut().insert(spot, flaw.expected);
    }
    if refused.len() >= MOST_FLAWS {
        if let Some((_, last)) = refused.last_mut() {
            last.expected.push_str(" (and more problems, not listed)");
        }
        return false;
    }
    spot != Spot::Node(root)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::super::node::Step;
    use super::super::yaml;
    use super::*;
    use crate::model::run::Run;

    const GOOD: &str = "\
schema: 1
id: a
date: 2026-05
model: gemma-4/e4b-it
quant: 2026
hardware: box
backend: {engine: llama.cpp, build: 8940, accelerator: rocm}
timing: served
statistic: mean
settings: {flash_attention: true, other: {TEMP: 0.7}}
sources:
  - id: s
results:
  - shape: chat
    concurrency: 1
    decode_tok_per_s: 12.5
    published: {decode_tok_per_s: 12.5 ±0.1}
  - {shape: rag, concurrency: 1, load_s: 3}
";

    fn run(text: &str) -> Decoded<Run> {
        let parsed = yaml::parse(text);
        assert_eq!(parsed.flaws, [], "{text}");
        decode(&parsed.root.unwrap(), At { parent: None, step: Step::Root(""), line: 1 })
    }

    fn flaws(text: &str) -> Vec<String> {
        run(text).flaws.iter().map(|flaw| flaw.in_file("f").to_string()).collect()
    }

    /// The findings of the good run with one piece replaced.
    fn with(piece: &str, replacement: &str) -> Vec<String> {
        assert!(GOOD.contains(piece), "{piece}");
        flaws(&GOOD.replacen(piece, replacement, 1))
    }

    #[test]
    fn plain_numbers_reach_text_fields_as_text() {
        let decoded = run(GOOD);
        assert!(decoded.sound(), "{:?}", decoded.flaws);
        let run = decoded.value.unwrap();
        assert_eq!((run.quant.as_str(), run.date.as_str()), ("2026", "2026-05"));
        assert_eq!(run.backend.build.as_deref(), Some("8940"));
        assert_eq!(run.settings.other.get("TEMP").map(String::as_str), Some("0.7"));
        assert_eq!(run.results.first().unwrap().decode_tok_per_s.unwrap().get(), 12.5);
    }

    #[test]
    fn a_number_field_takes_only_a_usable_number() {
        let field = "f:16: results[0].decode_tok_per_s: found";
        let finite = "expected a finite number above 0 and at most 1e9";
        for value in [".nan", ".inf", "-.INF", "NaN", "Infinity", "-3", "0", "1e10", "1e400", "1e-400"] {
            assert_eq!(with(": 12.5\n", &format!(": {value}\n")), [format!("{field} {value}, {finite}")]);
        }
        let number = "expected a number in tokens per second";
        for (value, says) in [
            ("71 GiB", format!("text \"71 GiB\", {number}, without a unit")),
            ("'12.5'", format!("text \"12.5\", {number}, without quotes")),
            ("1,234", format!("text \"1,234\", {number}, with a decimal point and no other separator")),
            ("fast", format!("text \"fast\", {number}")),
            ("true", format!("true, {number}")),
            ("[1]", "a list, expected a number".to_owned()),
            ("{a: 1}", "a mapping, expected a number".to_owned()),
        ] {
            assert_eq!(with(": 12.5\n", &format!(": {value}\n")), [format!("{field} {says}")]);
        }
        assert!(with(": 12.5\n", ":\n").is_empty(), "nothing is nothing");
    }

    #[test]
    fn whole_numbers_fit_or_are_named() {
        let found = |value: &str| with("concurrency: 1\n", &format!("concurrency: {value}\n"));
        for value in ["65536", "-1", "1.5", "1e2", "99999999999999999999"] {
            let says = format!("found {value}, expected a whole number from 0 to 65535");
            assert_eq!(found(value), [format!("f:15: results[0].concurrency: {says}")]);
        }
        assert_eq!(found(""), ["f:15: results[0].concurrency: found nothing, expected a whole number"]);
    }

    #[test]
    fn words_are_named_with_the_allowed_ones() {
        assert_eq!(
            with("flash_attention: true", "flash_attention: on"),
            ["f:10: settings.flash_attention: found text \"on\", expected true or false"]
        );
        assert_eq!(
            with("statistic: mean", "statistic: avg"),
            ["f:9: statistic: found text \"avg\", expected one of mean, median, single, unknown"]
        );
        assert_eq!(
            with("accelerator: rocm", "accelerator: ROCm"),
            [
                "f:7: backend.accelerator: found text \"ROCm\", expected one of cuda, rocm, vulkan, metal, cpu, sycl, \
                 opencl, other; did you mean \"rocm\"?"
            ]
        );
        assert_eq!(
            with("{decode_tok_per_s: 12.5 ±0.1}", "{decode: 12.5 ±0.1}"),
            [
                "f:17: results[0].published.decode: found unknown key \"decode\", expected one of decode_tok_per_s, \
                 prefill_tok_per_s, ttft_ms, tpot_ms, end_to_end_ms, output_tok_per_s, load_s; did you mean \
                 \"decode_tok_per_s\"?"
            ]
        );
    }

    #[test]
    fn unknown_and_missing_fields_are_named_once() {
        assert_eq!(
            with("load_s: 3", "load_ms: 3"),
            [
                "f:18: results[1].load_ms: found unknown field \"load_ms\", expected one of the fields of a result; \
                 did you mean \"load_s\"?"
            ]
        );
        assert_eq!(
            with("hardware: box\n", ""),
            ["f:1: found no \"hardware\", expected this required field: text"]
        );
        assert_eq!(
            with("date: 2026-05\n", ""),
            [
                "f:1: found no \"date\", expected this required field: a date such as 2026-05, 2026-05-16 or 2026-02-22T19:42Z"
            ]
        );
        assert_eq!(
            with(", accelerator: rocm", ""),
            [
                "f:7: backend: found no \"accelerator\", expected this required field: one of cuda, rocm, vulkan, metal, \
                 cpu, sycl, opencl, other"
            ]
        );
        let backend = "backend: {engine: llama.cpp, build: 8940, accelerator: rocm}\n";
        let fields = "a backend (engine, build, accelerator, runtime)";
        assert_eq!(
            with(backend, ""),
            [format!("f:1: found no \"backend\", expected this required field: {fields}")]
        );
        assert_eq!(
            with(backend, "backend: rocm\n"),
            [format!("f:7: backend: found text \"rocm\", expected {fields}")]
        );
        assert_eq!(
            with("date: 2026-05", "date: 2026-5"),
            [
                "f:3: date: found text \"2026-5\", expected a date such as 2026-05, 2026-05-16 or 2026-02-22T19:42Z"
            ]
        );
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let text = GOOD
            .replace("id: a\n", "id: [a]\n")
            .replace("date: 2026-05\n", "date: 2026\n")
            .replace("timing: served", "timing: maybe")
            .replace("  - id: s\n", "  - s\n  - {id: s, plaec: x}\n")
            .replace("  - shape: chat\n", "  - 7\n  - note: n\n")
            .replace("decode_tok_per_s: 12.5\n", "decode_tok_per_s: 0\n");
        let lines: Vec<String> =
            flaws(&text).iter().map(|flaw| flaw.split(", expected").next().unwrap().to_owned()).collect();
        assert_eq!(
            lines,
            [
                "f:2: id: found a list",
                "f:3: date: found 2026",
                "f:8: timing: found text \"maybe\"",
                "f:12: sources[0]: found text \"s\"",
                "f:13: sources[1].plaec: found unknown field \"plaec\"",
                "f:15: results[0]: found 7",
                "f:16: results[1]: found no \"shape\"",
                "f:18: results[1].decode_tok_per_s: found 0",
            ]
        );
        assert!(run(&text).value.is_some(), "it was searched to its end");
    }

    #[test]
    fn a_document_of_another_kind_and_one_full_of_problems_end() {
        assert_eq!(run("- a\n").flaws.len(), 1);
        assert!(run("- a\n").value.is_none());
        assert_eq!(run("").flaws.len(), 1);
        let many = "  - nothing\n".repeat(5_000);
        let decoded = run(&GOOD.replace("results:\n", &format!("results:\n{many}")));
        assert!(decoded.value.is_none());
        assert_eq!(decoded.flaws.len(), MOST_FLAWS);
        assert!(decoded.flaws.iter().any(|flaw| flaw.expected.ends_with("(and more problems, not listed)")));
    }
}
