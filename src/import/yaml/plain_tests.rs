//! The shortcut gives what the general reader gives, or nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};

use super::super::parse_any;
use super::parse;

/// True where the shortcut gave a tree, which is then that of the general reader.
fn agrees(text: &str) -> bool {
    let Some(quick) = parse(text) else { return false };
    let general = parse_any(text);
    assert_eq!(general.flaws, [], "{text}");
    assert_eq!(Some(quick), general.root, "{text}");
    true
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn run_files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = files_below(&root.join("data"));
    files.extend(files_below(&root.join("tests/fixtures/data")));
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}

#[test]
fn files_as_they_are() {
    let files = run_files();
    let quick = files.iter().filter(|text| agrees(text)).count();
    assert!(quick * 10 > files.len() * 9, "{quick} of {}", files.len());
}

#[test]
fn what_the_shortcut_knows() {
    for text in [
        "a: 1\n",
        "a: 1",
        "# head\n# more\na: 1\n",
        "a:\n  b: x y\n  c:\n    - 1\n    - d: 2\n      e: \"3\"\n    - f\ng: null\n",
        "- a\n- b: c\n- {d: 1, e: [f, 2.5, {}], g: []}\n",
        "a: >-\n  some words\n  # and more\n  - x: y\nb: 1\n",
        "- >-\n  one\n  two\n- a: >-\n    three\n  b: \"\"\n",
        "a: b:c#d, [e] {f}\nb: 2026-05-16\nc: 12:30\n",
        "a: [x, 1, null]\nb: {c: 1, d: {}}\n",
        "a:\n  - [1, 2]\n  - []\n",
        "a: 12.5 ±0.1 – \"ü\"\nb: \"€ 漢\"\nc: >-\n  → é\n  x\n",
    ] {
        assert!(agrees(text), "{text:?}");
    }
}

#[test]
fn what_it_leaves_to_the_general_reader() {
    for text in [
        "",
        "a",
        "a:",
        "a:\nb: 1\n",
        "a:\n- 1\n",
        "a: 1 \n",
        "a: 1\n\nb: 2\n",
        "a: 1 # x\n",
        "a: 1\n# x\nb: 2\n",
        "a: \u{a0}\n",
        "é: 1\n",
        "a: {b: é}\n",
        "a:\t1\n",
        "a: 1\r\n",
        "a: b\n  c\n",
        "a: b: c\n",
        "a: 'x'\n",
        "a: \"x\\n\"\n",
        "a: \"x\" y\n",
        "a: |\n  x\n",
        "a: >\n  x\n",
        "a: >-\n  x\n   y\n",
        "a: >-\n    x\n  y\n",
        "a: >-\nb: 1\n",
        "a: 1\na: 2\n",
        "a: {b: 1, b: 2}\n",
        "a: {b: 1,}\n",
        "a: {b: 1\n",
        "a: [1, 2]]\n",
        "a: *x\n",
        "a: &x 1\n",
        "a: !t 1\n",
        "<<: 1\n",
        "null: 1\n",
        "a: 1\n---\nb: 2\n",
        "--- \na: 1\n",
        "a: 1\n...\n",
        "  a: 1\nb: 2\n",
        "a:\n    b: 1\n  c: 2\n",
        "-   a\n",
        "- - a\n",
        "-\n  a: 1\n",
        "? a\n: 1\n",
    ] {
        assert!(parse(text).is_none(), "{text:?}");
    }
    let deep = |open: &str, close: &str| format!("a: {}{}\n", open.repeat(40), close.repeat(40));
    assert!(parse(&deep("[", "]")).is_none());
    let many: String = (0..100).map(|key| format!("k{key}: 1\n")).collect();
    assert!(parse(&many).is_none());
}

/// SplitMix64, as elsewhere in the tests.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

/// A text with one flaw somewhere: a piece gone, doubled, moved, or something odd in between.
fn flawed(text: &str, random: &mut Random) -> String {
    const ODD: [&str; 42] = [
        " ", "  ", "\n", "\n\n", "\n  ", "\n    - ", ":", ": ", " #", "#", "- ", "-", ", ", ",", "[", "]",
        "{", "}", "{}", "[]", "\"", "'", "\\", "|", ">-", ">", "?", "? ", "&", "*", "!", "%", "@", "~",
        "null", "\t", "---\n", "a: 1", "a: >-\n", "é", "\u{2028}", "±",
    ];
    let mut out = text.to_owned();
    let (mut from, mut to) = (random.below(out.len()), random.below(out.len()));
    if from > to {
        (from, to) = (to, from);
    }
    to = to.min(from + 1 + random.below(30));
    if !out.is_char_boundary(from) || !out.is_char_boundary(to) {
        return out;
    }
    match random.below(5) {
        0 => out.replace_range(from..to, ""),
        1 => out.insert_str(to, &text[from..to]),
        2 => out.replace_range(from..to, ODD[random.below(ODD.len())]),
        _ => out.insert_str(from, ODD[random.below(ODD.len())]),
    }
    out
}

#[test]
fn files_with_flaws_anywhere() {
    let mut random = Random(3);
    // Long files say nothing that short ones do not, and take long.
    let files: Vec<String> =
        run_files().into_iter().filter(|text| (1..3_000).contains(&text.len())).collect();
    let (mut quick, tries) = (0, 5_000);
    for _ in 0..tries {
        let mut text = files[random.below(files.len())].clone();
        for _ in 0..=random.below(3) {
            text = flawed(&text, &mut random);
        }
        quick += usize::from(agrees(&text));
    }
    assert!(quick * 8 > tries, "{quick} of {tries} were tried at all");
}
