//! YAML text to [`Node`]s; the only module that knows the YAML parser.
//!
//! A data file needs only the plain part of YAML, so the rest is refused instead of being guarded:
//! no aliases (hence no alias bombs), no tags, no merge keys, one document, text keys, each key
//! once. What is left is bounded in depth and number, and its cost is linear in the text.

mod plain;

use std::borrow::Cow;
use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, Span};

use super::finding::Flaw;
use super::node::{Entry, Kind, Node, push_item, push_key};
use super::words;

/// Deepest nesting of lists and mappings; run files need four.
const DEEPEST: usize = 24;

/// Most values in one file.
const MOST_NODES: u32 = 200_000;

/// A tree, unless the text is not YAML, and what is wrong with the text.
pub(super) struct Parsed<'a> {
    /// The document; absent where the text could not be read to its end.
    pub(super) root: Option<Node<'a>>,
    /// Problems, in the order of the text.
    pub(super) flaws: Vec<Flaw>,
}

/// Reads one document. Never panics, whatever the text.
pub(super) fn parse(text: &str) -> Parsed<'_> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match plain::parse(text) {
        Some(root) => Parsed { root: Some(root), flaws: Vec::new() },
        None => parse_any(text),
    }
}

/// Reads one document of any form.
fn parse_any(text: &str) -> Parsed<'_> {
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_comments: false,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let mut builder = Builder::default();
    for next in Parser::new_from_str_with_options(text, options) {
        let step = match next {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => {
                let line = to_u32(error.marker().line());
                Err(builder.flaw(line, error.info(), "YAML".to_owned()))
            }
        };
        if let Err(flaw) = step {
            builder.flaws.push(flaw);
            return Parsed { root: None, flaws: builder.flaws };
        }
    }
    let nothing = || Node { id: 0, line: 1, column: 1, kind: Kind::Null };
    Parsed { root: Some(builder.root.unwrap_or_else(nothing)), flaws: builder.flaws }
}

/// A list or mapping whose end has not come yet.
enum Open<'a> {
    List { items: Vec<Node<'a>>, start: Start },
    Map { entries: Vec<Entry<'a>>, lines: HashMap<Cow<'a, str>, u32>, key: Option<Key<'a>>, start: Start },
}

/// A key that waits for its value.
struct Key<'a> {
    text: Cow<'a, str>,
    line: u32,
    column: u32,
    /// False where the same key came before; its value is read and left out.
    kept: bool,
}

#[derive(Clone, Copy)]
struct Start {
    id: u32,
    line: u32,
    column: u32,
}

#[derive(Default)]
struct Builder<'a> {
    open: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    flaws: Vec<Flaw>,
    nodes: u32,
    documents: u32,
}

impl<'a> Builder<'a> {
    /// Takes the next event; an error ends the reading.
    fn take(&mut self, event: Event<'a>, span: Span) -> Result<(), Flaw> {
        let line = to_u32(span.start.line());
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.flaw(line, "a second document", "one document in a file"));
                }
                Ok(())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(self.flaw(
                line,
                "an alias (*name)",
                "the value itself, or quotes around a text that starts with *",
            )),
            Event::Scalar(text, style, _, tag) => {
                self.refuse_tag(line, tag.as_deref())?;
                self.scalar(text, style, span)
            }
            Event::SequenceStart(_, _, tag) => {
                self.refuse_tag(line, tag.as_deref())?;
                let start = self.enter(span)?;
                self.open.push(Open::List { items: Vec::new(), start });
                Ok(())
            }
            Event::MappingStart(_, _, tag) => {
                self.refuse_tag(line, tag.as_deref())?;
                let start = self.enter(span)?;
                self.open.push(Open::Map { entries: Vec::new(), lines: HashMap::new(), key: None, start });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(closed) = self.open.pop() {
                    let (kind, start) = match closed {
                        Open::List { items, start } => (Kind::List(items), start),
                        Open::Map { entries, start, .. } => (Kind::Map(entries), start),
                    };
                    self.put(Node { id: start.id, line: start.line, column: start.column, kind });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn refuse_tag(&self, line: u32, tag: Option<&granit_parser::Tag>) -> Result<(), Flaw> {
        match tag {
            Some(tag) => {
                let found = format!("the tag {}", words::quote(&tag.original()));
                Err(self.flaw(
                    line,
                    found,
                    "a value without a tag, or quotes around a text that starts with !",
                ))
            }
            None => Ok(()),
        }
    }

    fn scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, span: Span) -> Result<(), Flaw> {
        let plain = matches!(style, ScalarStyle::Plain);
        let null = plain && is_null(&text);
        if self.waits_for_key() {
            let line = to_u32(span.start.line());
            if null {
                return Err(self.flaw(line, "a value without a key", "a name before the colon"));
            }
            if plain && text == "<<" {
                return Err(self.flaw(line, "a merge key (<<)", "the fields themselves"));
            }
            self.key(text, line, column(span));
            return Ok(());
        }
        let Start { id, line, column } = self.start(span)?;
        let kind = if null { Kind::Null } else { Kind::Scalar { text, quoted: !plain } };
        self.put(Node { id, line, column, kind });
        Ok(())
    }

    fn waits_for_key(&self) -> bool {
        matches!(self.open.last(), Some(Open::Map { key: None, .. }))
    }

    /// Starts a list or a mapping.
    fn enter(&mut self, span: Span) -> Result<Start, Flaw> {
        let line = to_u32(span.start.line());
        if self.waits_for_key() {
            return Err(self.flaw(line, "a list or mapping as a key", "text as a key"));
        }
        if self.open.len() >= DEEPEST {
            return Err(self.flaw(line, format!("more than {DEEPEST} levels"), "a flatter file"));
        }
        self.start(span)
    }

    fn start(&mut self, span: Span) -> Result<Start, Flaw> {
        let line = to_u32(span.start.line());
        if self.nodes >= MOST_NODES {
            return Err(self.flaw(line, format!("more than {MOST_NODES} values"), "several smaller files"));
        }
        self.nodes += 1;
        Ok(Start { id: self.nodes, line, column: column(span) })
    }

    fn key(&mut self, text: Cow<'a, str>, line: u32, column: u32) {
        let Some(Open::Map { lines, key, .. }) = self.open.last_mut() else { return };
        let first = lines.get(&text).copied();
        if first.is_none() {
            lines.insert(text.clone(), line);
        }
        *key = Some(Key { text: text.clone(), line, column, kept: first.is_none() });
        if let Some(first) = first {
            let mut field = self.path();
            push_key(&mut field, &text);
            let place = field.clone();
            let found = "the same key a second time".to_owned();
            let expected = format!("each key once; the first is on line {first}");
            self.flaws.push(Flaw { line, field, place, found, expected });
        }
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node<'a>) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => {
                if let Some(Key { text, line, column, kept: true }) = key.take() {
                    entries.push(Entry { key: text, line, column, value: node });
                }
            }
        }
    }

    /// The path of the innermost list or mapping.
    fn path(&self) -> String {
        let mut path = String::new();
        let inner = self.open.len().saturating_sub(1);
        for open in self.open.iter().take(inner) {
            match open {
                Open::List { items, .. } => push_item(&mut path, items.len()),
                Open::Map { key: Some(key), .. } => push_key(&mut path, &key.text),
                Open::Map { key: None, .. } => {}
            }
        }
        path
    }

    /// A problem in the innermost list or mapping.
    fn flaw(&self, line: u32, found: impl Into<String>, expected: impl Into<String>) -> Flaw {
        let field = self.path();
        let place = String::new();
        Flaw { line, field, place, found: found.into(), expected: expected.into() }
    }
}

/// True for a text without quotes that stands for nothing.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn column(span: Span) -> u32 {
    to_u32(span.start.col()).saturating_add(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

    use super::*;

    fn flaws(text: &str) -> Vec<String> {
        let parsed = parse(text);
        parsed.flaws.iter().map(|flaw| flaw.in_file("f").to_string()).collect()
    }

    #[test]
    fn everything_knows_its_line_and_column() {
        let root = parse("# head\na: 1\nb:\n  - 'x'\n  - {c: }\n").root.unwrap();
        let Kind::Map(entries) = &root.kind else { panic!("a mapping") };
        let [a, b] = entries.as_slice() else { panic!("two keys") };
        assert_eq!((&*a.key, a.line, a.column, a.value.line, a.value.column), ("a", 2, 1, 2, 4));
        assert_eq!(a.value.kind, Kind::Scalar { text: "1".into(), quoted: false });
        let Kind::List(items) = &b.value.kind else { panic!("a list") };
        let [x, map] = items.as_slice() else { panic!("two items") };
        assert_eq!(x.kind, Kind::Scalar { text: "x".into(), quoted: true });
        assert_eq!((x.line, x.column), (4, 5));
        let Kind::Map(inner) = &map.kind else { panic!("a mapping") };
        assert_eq!(inner.first().map(|entry| &entry.value.kind), Some(&Kind::Null));
    }

    #[test]
    fn a_key_that_comes_twice_is_named_with_both_lines() {
        let text = "a: 1\nlist:\n  - x: 1\n    y: 2\n    x: 3\na: 4\n";
        assert_eq!(
            flaws(text),
            [
                "f:5: list[0].x: found the same key a second time, expected each key once; the first is on line 3",
                "f:6: a: found the same key a second time, expected each key once; the first is on line 1",
            ]
        );
        let root = parse(text).root.unwrap();
        let Kind::Map(entries) = root.kind else { panic!("a mapping") };
        assert_eq!(entries.len(), 2, "the first one counts");
    }

    #[test]
    fn what_a_data_file_does_not_need_is_refused() {
        for (text, found) in [
            ("a: &x 1\nb: *x\n", "f:2: found an alias (*name)"),
            ("b: *x\n", "f:1: found an alias (*name)"),
            ("a: !!str 1\n", "f:1: found the tag \"!!str\""),
            ("<<: 1\n", "f:1: found a merge key (<<)"),
            ("a: 1\n---\nb: 2\n", "f:2: found a second document"),
            ("? [a]\n: 1\n", "f:1: found a list or mapping as a key"),
            (": 1\n", "f:1: found a value without a key"),
            ("%YAML 1.2\n---\na: 1\n", "f:1: found "),
        ] {
            let flaws = flaws(text);
            assert!(flaws.iter().any(|flaw| flaw.starts_with(found)), "{text:?} gives {flaws:?}");
            assert!(parse(text).root.is_none(), "{text:?}");
        }
    }

    #[test]
    fn an_alias_bomb_and_bottomless_nesting_end_at_once() {
        let mut bomb = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            bomb.push_str(&format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}]\n", level - 1));
        }
        assert!(parse(&bomb).root.is_none());
        for text in ["[".repeat(200_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)]
        {
            assert!(parse(&text).root.is_none());
        }
    }

    #[test]
    fn a_broken_text_is_named_with_its_line() {
        let found = flaws("a: 1\nb: [1, 2\nc: 3\n");
        assert!(found.iter().any(|flaw| flaw.starts_with("f:")), "{found:?}");
        assert!(parse("a: \"unclosed\n").root.is_none());
        assert_eq!(parse("").root.unwrap().kind, Kind::Null);
        assert_eq!(parse("\u{feff}# only a comment\n").root.unwrap().kind, Kind::Null);
    }
}
