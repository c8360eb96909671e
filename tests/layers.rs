//! The rules of `ARCHITECTURE.md` that a look at the source can hold: who may use what, and where.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

#[path = "layers/source.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;

use source::{Piece, Token, files, pieces, read, root};

/// Layers under `src/`, and the layers that each may use. Nothing may use `app` but the binaries.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("stats", &["model"]),
    ("format", &["model"]),
    ("index", &["model", "stats"]),
    ("import", &["model", "stats"]),
    ("export", &["model", "stats", "format", "index", "query"]),
    ("own", &["model", "index", "import", "export", "query"]),
    ("checks", &["model", "stats", "index"]),
    ("query", &["model", "index", "stats", "checks"]),
    ("charts", &["query", "index", "stats", "checks", "format", "model"]),
    ("site", &["model", "format", "index", "import", "query", "charts"]),
    ("app", &["model", "stats", "format", "index", "own", "export", "checks", "query", "charts"]),
    (
        "bin",
        &[
            "model", "stats", "format", "index", "checks", "import", "export", "own", "query", "charts",
            "site", "app",
        ],
    ),
];

/// Crates that only some places may name.
const CRATES: [(&[&str], &[&str]); 9] = [
    (
        &[
            "leptos",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "plotters_canvas",
            "gloo_net",
        ],
        &["src/app/", "src/main.rs", "src/worker.rs"],
    ),
    (&["plotters", "plotters_backend"], &["src/charts/", "src/app/canvas.rs", "src/app/brush.rs"]),
    (&["clap"], &["src/bin/"]),
    (&["pulldown_cmark"], &["src/bin/"]),
    (&["parquet"], &["src/export/"]),
    (&["resvg"], &["src/bin/"]),
    (&["serde_saphyr"], &["src/import/"]),
    (&["schemars"], &["src/import/", "src/model/"]),
    (&["ureq"], &[]),
];

/// Names behind which text becomes markup or code.
const MARKUP: [&str; 14] = [
    "inner_html",
    "set_inner_html",
    "outer_html",
    "set_outer_html",
    "insert_adjacent_html",
    "create_contextual_fragment",
    "eval",
    "new_no_args",
    "new_with_args",
    "inline_js",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "Function",
];

/// The colours that may stand in a style sheet outside the tokens: shadows, which darken whatever is below.
const SHADOWS: [&str; 1] = ["rgb(0 0 0 / 0.16)"];

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The layer of a file, and how many modules deep it stands below the crate.
fn place(file: &str) -> Option<(&str, usize)> {
    let (layer, inside) = file.strip_prefix("src/")?.split_once('/')?;
    let is_root = inside.ends_with("mod.rs");
    Some((layer, inside.matches('/').count() + if is_root { 1 } else { 2 }))
}

/// The names right after `crate::` or a chain of `super::` that reaches the crate, with their lines.
fn from_the_root(pieces: &[Piece], depth: usize, name: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut braces: Vec<bool> = Vec::new();
    let is_path = |at: usize| pieces.get(at).is_some_and(|piece| piece.token == Token::Path);
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let mut behind = at + 1;
        if piece.is('{') {
            let word = |back: usize| at.checked_sub(back).and_then(|at| pieces[at].word());
            braces.push(word(2) == Some("mod"));
        } else if piece.is('}') {
            braces.pop();
        } else if piece.word() == Some(name) && is_path(at + 1) {
            found.extend(names(pieces, at + 2));
        } else if piece.word() == Some("super") {
            let mut steps = 1;
            while is_path(behind) && pieces.get(behind + 1).is_some_and(|next| next.word() == Some("super")) {
                steps += 1;
                behind += 2;
            }
            let inline = braces.iter().filter(|is_module| **is_module).count();
            if name == "crate" && steps >= depth + inline {
                found.extend(names(pieces, behind + 1));
            }
        }
        at = behind;
    }
    found
}

/// The first names of what stands at a place: one, or those of a list in braces.
fn names(pieces: &[Piece], at: usize) -> Vec<(usize, String)> {
    let Some(first) = pieces.get(at) else { return Vec::new() };
    if !first.is('{') {
        return vec![(first.line, first.word().unwrap_or("*").to_owned())];
    }
    let (mut depth, mut names, mut is_first) = (0, Vec::new(), false);
    for piece in &pieces[at..] {
        if is_first && !piece.is('}') {
            names.push((piece.line, piece.word().unwrap_or("*").to_owned()));
        }
        if piece.is('{') {
            depth += 1;
        } else if piece.is('}') {
            depth -= 1;
        }
        if depth == 0 {
            break;
        }
        is_first = depth == 1 && (piece.is('{') || piece.is(','));
    }
    names.into_iter().filter(|(_, name)| name != "self").collect()
}

#[test]
fn layers_use_only_the_layers_below_them() {
    let mut faults = Vec::new();
    for file in files("src", &[".rs"]) {
        let Some((layer, depth)) = place(&file) else { continue };
        let (_, allowed) =
            MAY_USE.iter().find(|(name, _)| *name == layer).unwrap_or_else(|| panic!("no rule for {layer}"));
        // Inside a binary, the library goes by its name.
        let name = if layer == "bin" { "tokscope" } else { "crate" };
        for (line, used) in from_the_root(&pieces(&read(&file)), depth, name) {
            if used != layer && !allowed.contains(&used.as_str()) {
                faults.push(format!("{file}:{line}: {layer} may not use {used}"));
            }
        }
    }
    none(faults);
}

#[test]
fn every_layer_has_its_rule() {
    let there = fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap());
    let there: BTreeSet<String> = there
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let known: BTreeSet<String> = MAY_USE.iter().map(|(layer, _)| (*layer).to_owned()).collect();
    assert_eq!(there, known);
    let loose: Vec<String> =
        files("src", &[".rs"]).into_iter().filter(|file| place(file).is_none()).collect();
    assert_eq!(loose, ["src/lib.rs", "src/main.rs", "src/whole.rs", "src/worker.rs"]);
}

#[test]
fn crates_are_named_only_in_their_places() {
    let mut faults = Vec::new();
    for file in files("src", &[".rs"]) {
        for piece in pieces(&read(&file)) {
            let rule =
                CRATES.iter().find(|(names, _)| piece.word().is_some_and(|word| names.contains(&word)));
            if let Some((_, places)) = rule
                && !places.iter().any(|place| file.starts_with(place))
            {
                faults.push(format!("{file}:{}: {:?} is not for here", piece.line, piece.token));
            }
        }
    }
    none(faults);
}

#[test]
fn no_native_test_reaches_the_network() {
    let browser = |file: &String| file.starts_with("tests/browser/");
    let all = ["src", "tests", "xtask/src"].map(|folder| files(folder, &[".rs"])).concat();
    let mut faults = Vec::new();
    for file in all.into_iter().filter(|file| !browser(file)) {
        let pieces = pieces(&read(&file));
        let net = |three: &&[Piece]| three[0].word() == Some("std") && three[2].word() == Some("net");
        faults
            .extend(pieces.windows(3).filter(net).map(|three| format!("{file}:{}: std::net", three[0].line)));
    }
    none(faults);
}

#[test]
fn nothing_turns_text_into_markup_or_code() {
    let mut faults = Vec::new();
    for file in [files("src", &[".rs"]), files("public", &[".js"])].concat() {
        for piece in pieces(&read(&file)) {
            if piece.word().is_some_and(|word| MARKUP.contains(&word)) {
                faults.push(format!("{file}:{}: {:?}", piece.line, piece.token));
            }
        }
    }
    none(faults);
}

/// True where a text holds `#` and three, four, six or eight hexadecimal digits.
fn has_hex_colour(text: &str) -> bool {
    text.split('#').skip(1).any(|after| {
        let word = after.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next().unwrap_or("");
        matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|c| c.is_ascii_hexdigit())
    })
}

#[test]
fn hex_colours_are_told_from_addresses() {
    assert!(has_hex_colour("fill=\"#0072b2\"") && has_hex_colour("#fff;"));
    assert!(!has_hex_colour("#content") && !has_hex_colour("#add-on") && !has_hex_colour("# 123"));
}

#[test]
fn no_colour_in_the_code_outside_the_theme() {
    const KINDS: [&str; 3] = ["Rgb", "RGBColor", "RGBAColor"];
    const NAMED: [&str; 8] = ["BLACK", "WHITE", "RED", "GREEN", "BLUE", "YELLOW", "CYAN", "MAGENTA"];
    let mut faults = Vec::new();
    for file in files("src", &[".rs"]).into_iter().filter(|file| file != "src/charts/theme.rs") {
        let pieces = pieces(&read(&file));
        for (at, piece) in pieces.iter().enumerate() {
            let word_at = |at: usize| pieces.get(at).and_then(Piece::word).unwrap_or_default();
            let made =
                KINDS.contains(&word_at(at)) && word_at(at + 2).starts_with(|c: char| c.is_ascii_digit());
            if made || NAMED.contains(&word_at(at)) || piece.text().is_some_and(has_hex_colour) {
                faults.push(format!("{file}:{}: a colour", piece.line));
            }
        }
    }
    none(faults);
}

#[test]
fn no_colour_in_the_style_outside_the_tokens() {
    const FUNCTIONS: [&str; 9] =
        ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch("];
    let mut faults = Vec::new();
    for file in files("style", &[".css"]) {
        for (line, text) in (1..).zip(read(&file).lines()) {
            let text = SHADOWS.iter().fold(text.to_owned(), |text, shadow| text.replace(shadow, ""));
            let colour = has_hex_colour(&text) || FUNCTIONS.iter().any(|function| text.contains(function));
            if colour && file != "style/tokens.css" {
                faults.push(format!("{file}:{line}: a colour"));
            }
            if text.contains("!important") || text.contains("@import") {
                faults.push(format!("{file}:{line}: {}", text.trim()));
            }
        }
    }
    none(faults);
}

#[test]
fn the_page_links_every_style_sheet() {
    let page = read("index.html");
    // The sheets of the programs beside the first one are files beside them, fetched with them.
    let kind = |file: &str| if file.contains("/tokscope-") { "copy-file" } else { "css" };
    let missing = |file: &String| !page.contains(&format!("rel=\"{}\" href=\"{file}\"", kind(file)));
    none(files("style", &[".css"]).into_iter().filter(missing).collect());
}

#[test]
fn a_use_is_seen_however_it_is_written() {
    let seen = |source: &str, depth: usize| -> Vec<String> {
        from_the_root(&pieces(source), depth, "crate").into_iter().map(|(_, name)| name).collect()
    };
    assert_eq!(seen("use crate::{a::{B, c}, d::E, self};", 2), ["a", "d"]);
    assert_eq!(seen("fn f() { crate::g::h() } /// [`crate::no`]", 2), ["g"]);
    assert_eq!(seen("use super::i; use super::super::{j, k::L};", 2), ["j", "k"]);
    assert_eq!(seen("mod tests { use super::super::m; } use super::super::n;", 2), ["n"]);
    assert_eq!(seen("use crate::*;", 1), ["*"]);
}
