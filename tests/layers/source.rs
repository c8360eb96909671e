//! Source text in pieces: what is code, what is quoted, and which line it stands on.

use std::fs;
use std::path::{Path, PathBuf};

/// A piece of a source file; comments are no pieces.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// Line, from 1.
    pub(crate) line: usize,
    pub(crate) token: Token,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name, keyword or number.
    Word(String),
    /// `::`
    Path,
    /// Any other character.
    Sign(char),
    /// What stands between quotation marks.
    Text(String),
}

impl Piece {
    pub(crate) fn word(&self) -> Option<&str> {
        if let Token::Word(word) = &self.token { Some(word) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Token::Text(text) = &self.token { Some(text) } else { None }
    }

    pub(crate) fn is(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }
}

/// Every file below a folder of the repository with one of these endings, in order, by its path from the root.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect(&path, into) } else { into.push(path) }
        }
    }
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    let name = |path: &PathBuf| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    let ends = |name: &String| endings.iter().any(|ending| name.ends_with(ending));
    let mut names: Vec<String> = found.iter().map(name).filter(ends).collect();
    names.sort();
    names
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// Cuts Rust into pieces; close enough for JavaScript without templates.
pub(crate) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (token, length) = next(rest, first);
        if let Some(token) = token {
            pieces.push(Piece { line, token });
        }
        let (taken, behind) = rest.split_at(length);
        line += taken.matches('\n').count();
        rest = behind;
    }
    pieces
}

/// The piece at the start of a text, if it is one, and its length in bytes.
fn next(rest: &str, first: char) -> (Option<Token>, usize) {
    let sign = |length| (Some(Token::Sign(first)), length);
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if rest.starts_with("::") {
        return (Some(Token::Path), 2);
    }
    if let Some(quoted) = raw_text(rest).or_else(|| plain_text(rest)) {
        return quoted;
    }
    if first == '\'' {
        return (None, character(rest));
    }
    if first.is_alphanumeric() || first == '_' {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        return (Some(Token::Word(rest[..length].to_owned())), length);
    }
    if first.is_whitespace() { (None, first.len_utf8()) } else { sign(first.len_utf8()) }
}

/// `r"…"`, `br#"…"#`.
fn raw_text(rest: &str) -> Option<(Option<Token>, usize)> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let text = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = text.find(&end)?;
    let total = rest.len() - text.len() + length + end.len();
    Some((Some(Token::Text(text[..length].to_owned())), total))
}

/// `"…"`, with escapes left as they are.
fn plain_text(rest: &str) -> Option<(Option<Token>, usize)> {
    let text = rest.strip_prefix('"')?;
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some((Some(Token::Text(text[..end].to_owned())), end + 2))
}

/// The length of a character in apostrophes, or of the apostrophe alone for a lifetime.
fn character(rest: &str) -> usize {
    let inner = &rest[1..];
    let start = if inner.starts_with('\\') { 2 } else { inner.chars().next().map_or(0, char::len_utf8) };
    let escape = inner.starts_with('\\');
    match inner.get(start..).and_then(|after| after.find('\'')) {
        Some(0) => start + 2,
        Some(end) if escape => start + end + 2,
        _ => 1,
    }
}

#[test]
fn pieces_are_told_apart() {
    let source = "use crate::{a::B, c}; // crate::no\n/* crate::no\n */ let d = \"e // \\\" f\"; \
                  '\"' '\\'' &'static r#\"g \" h\"# \u{2026}";
    let words: Vec<String> =
        pieces(source).iter().filter_map(|piece| piece.word().map(str::to_owned)).collect();
    assert_eq!(words, ["use", "crate", "a", "B", "c", "let", "d", "static"]);
    let texts: Vec<String> =
        pieces(source).iter().filter_map(|piece| piece.text().map(str::to_owned)).collect();
    assert_eq!(texts, ["e // \\\" f", "g \" h"]);
    assert_eq!(pieces(source).last().unwrap(), &Piece { line: 3, token: Token::Sign('\u{2026}') });
}
