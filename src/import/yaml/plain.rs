//! The plain part of YAML in one pass over the lines: what run files are made of, whoever writes them.
//!
//! This is no reader of its own kind but a shortcut of the general one. It gives up, and says nothing, at the first
//! thing that it does not know for certain: comments between fields, blank lines, escapes, texts over several lines
//! but for `>-`, characters of most scripts, anything wrong. What it does give is the tree of the general reader to the
//! last column, which the tests below hold for files, for invented runs, and for both with flaws anywhere. It is
//! there for data folders of a hundred thousand files, of which the general reader took three quarters of the time.

use std::borrow::Cow;

use super::super::node::{Entry, Kind, Node};
use super::{DEEPEST, MOST_NODES, is_null};

/// The tree of a text, unless there is anything in it that only the general reader knows.
pub(super) fn parse(text: &str) -> Option<Node<'_>> {
    let ascii = text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte));
    if !ascii && !text.chars().all(|c| c == '\n' || is_shown(c)) {
        return None;
    }
    let mut reader = Reader { rest: text, line: None, number: 0, nodes: 0 };
    reader.next_line()?;
    while reader.line.is_some_and(|line| line.indent == 0 && line.text.starts_with('#')) {
        reader.next_line()?;
    }
    if reader.line?.indent > 0 {
        return None;
    }
    let root = reader.block(0)?;
    reader.line.is_none().then_some(root)
}

/// A line without its indentation.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: u32,
    indent: usize,
    text: &'a str,
}

struct Reader<'a> {
    rest: &'a str,
    /// The line that is looked at; absent behind the last one.
    line: Option<Line<'a>>,
    number: u32,
    nodes: u32,
}

impl<'a> Reader<'a> {
    /// Goes to the next line; a blank one, and blanks at an end, are left to the general reader.
    fn next_line(&mut self) -> Option<()> {
        if self.rest.is_empty() {
            self.line = None;
            return Some(());
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        let text = line.trim_start_matches(' ');
        if text.is_empty() || text.ends_with(' ') {
            return None;
        }
        self.rest = rest;
        self.number += 1;
        self.line = Some(Line { number: self.number, indent: line.len() - text.len(), text });
        Some(())
    }

    /// The id of the next node.
    fn start(&mut self) -> Option<u32> {
        self.nodes += 1;
        (self.nodes < MOST_NODES).then_some(self.nodes)
    }

    fn node(&mut self, line: u32, indent: usize, kind: Kind<'a>) -> Option<Node<'a>> {
        Some(Node { id: self.start()?, line, column: column(indent)?, kind })
    }

    /// The list or mapping that begins with this line.
    fn block(&mut self, depth: usize) -> Option<Node<'a>> {
        let Line { number, indent, text } = self.line?;
        if depth + 2 >= DEEPEST {
            return None;
        }
        let mut node = self.node(number, indent, Kind::Null)?;
        node.kind = match text.starts_with("- ") {
            true => Kind::List(self.items(indent, depth)?),
            false => Kind::Map(self.entries(indent, depth)?),
        };
        // Whatever follows belongs to something further out.
        self.line.is_none_or(|line| line.indent < indent).then_some(node)
    }

    fn entries(&mut self, indent: usize, depth: usize) -> Option<Vec<Entry<'a>>> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        while let Some(line) = self.line.filter(|line| line.indent == indent) {
            let (key, text) = key(line.text)?;
            // Compared one by one: a mapping of many keys is not what run files are made of.
            if entries.len() > 64 || entries.iter().any(|entry| entry.key == key) {
                return None;
            }
            let value = if text.is_empty() {
                self.next_line()?;
                if self.line?.indent <= indent {
                    return None;
                }
                self.block(depth + 1)?
            } else {
                self.value(line.number, indent, indent + line.text.len() - text.len(), text, depth)?
            };
            entries.push(Entry {
                key: Cow::Borrowed(key),
                line: line.number,
                column: column(indent)?,
                value,
            });
        }
        Some(entries)
    }

    fn items(&mut self, indent: usize, depth: usize) -> Option<Vec<Node<'a>>> {
        let mut items = Vec::new();
        while let Some(line) = self.line.filter(|line| line.indent == indent) {
            let text = line.text.strip_prefix("- ")?;
            let inner = indent + 2;
            if key(text).is_some() {
                // The item is a mapping that begins behind the dash.
                self.line = Some(Line { indent: inner, text, ..line });
                items.push(self.block(depth + 1)?);
            } else {
                items.push(self.value(line.number, indent, inner, text, depth)?);
            }
        }
        Some(items)
    }

    /// The value that begins in this line and ends before whatever is indented no deeper than `outer`.
    fn value(
        &mut self,
        number: u32,
        outer: usize,
        at: usize,
        text: &'a str,
        depth: usize,
    ) -> Option<Node<'a>> {
        if text == ">-" {
            let id = self.start()?;
            let (first, text) = self.folded(outer)?;
            let kind = Kind::Scalar { text: Cow::Owned(text), quoted: true };
            return Some(Node { id, line: first.number, column: column(first.indent)?, kind });
        }
        let node = match text.as_bytes() {
            [b'{' | b'[', ..] => {
                let (node, rest) = self.flow(number, at, text, depth)?;
                rest.is_empty().then_some(node)?
            }
            [b'"', inner @ .., b'"'] if !inner.iter().any(|byte| matches!(byte, b'"' | b'\\')) => {
                let text = text.get(1..text.len() - 1)?;
                self.node(number, at, Kind::Scalar { text: Cow::Borrowed(text), quoted: true })?
            }
            _ if is_plain(text) => self.node(number, at, plain(text))?,
            _ => return None,
        };
        self.next_line()?;
        // A deeper line would go on with this value.
        self.line.is_none_or(|line| line.indent <= outer).then_some(node)
    }

    /// The lines of a block behind `>-`, with a blank between each two; and the first one, where the text begins.
    fn folded(&mut self, outer: usize) -> Option<(Line<'a>, String)> {
        self.next_line()?;
        let first = self.line.filter(|line| line.indent > outer)?;
        let mut text = first.text.to_owned();
        self.next_line()?;
        while let Some(line) = self.line.filter(|line| line.indent > outer) {
            if line.indent != first.indent {
                return None;
            }
            text.push(' ');
            text.push_str(line.text);
            self.next_line()?;
        }
        Some((first, text))
    }

    /// What stands in braces or brackets, or a scalar among them, and what is left of the line.
    fn flow(&mut self, number: u32, at: usize, text: &'a str, depth: usize) -> Option<(Node<'a>, &'a str)> {
        if depth + 2 >= DEEPEST {
            return None;
        }
        let Some(open) = text.chars().next().filter(|c| matches!(c, '{' | '[')) else {
            let end = text.find([',', '}', ']']).unwrap_or(text.len());
            let (text, rest) = text.split_at_checked(end)?;
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
            let starts = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
            (starts && text.bytes().all(is_word)).then_some(())?;
            return Some((self.node(number, at, plain(text))?, rest));
        };
        let mut node = self.node(number, at, Kind::Null)?;
        let close = if open == '{' { '}' } else { ']' };
        let (mut items, mut entries): (Vec<Node<'a>>, Vec<Entry<'a>>) = (Vec::new(), Vec::new());
        let position = |rest: &str| at + text.len() - rest.len();
        let mut rest = text.get(1..)?;
        while !rest.starts_with(close) {
            if !(items.is_empty() && entries.is_empty()) {
                rest = rest.strip_prefix(", ")?;
            }
            let start = position(rest);
            if open == '[' {
                let (item, behind) = self.flow(number, start, rest, depth + 1)?;
                items.push(item);
                rest = behind;
                continue;
            }
            let (key, behind) = key(rest).filter(|(_, behind)| !behind.is_empty())?;
            if entries.len() > 64 || entries.iter().any(|entry| entry.key == key) {
                return None;
            }
            let (value, behind) = self.flow(number, position(behind), behind, depth + 1)?;
            entries.push(Entry { key: Cow::Borrowed(key), line: number, column: column(start)?, value });
            rest = behind;
        }
        node.kind = if open == '[' { Kind::List(items) } else { Kind::Map(entries) };
        Some((node, rest.strip_prefix(close)?))
    }
}

/// True for characters that stand for themselves wherever they stand: no controls, breaks, blanks, marks.
fn is_shown(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{3ff}' | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2100}'..='\u{27bf}' | '\u{4e00}'..='\u{9fff}')
}

fn column(indent: usize) -> Option<u32> {
    u32::try_from(indent + 1).ok()
}

/// A key that is one word, and its value, which is empty where the line ends.
fn key(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')))?;
    let (key, rest) = text.split_at_checked(end)?;
    let value = rest.strip_prefix(':')?;
    let starts = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if !starts || key.len() > 60 || is_null(key) {
        return None;
    }
    match value.strip_prefix(' ') {
        Some(value) => (!value.starts_with(' ')).then_some((key, value)),
        None => value.is_empty().then_some((key, value)),
    }
}

/// True for a text on one line that nothing in it ends or makes something else.
fn is_plain(text: &str) -> bool {
    let starts = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let mut before = b' ';
    let ends = text.bytes().any(|byte| {
        let ends = (before == b':' && byte == b' ') || (before == b' ' && byte == b'#');
        before = byte;
        ends
    });
    starts && !ends && !text.ends_with(':')
}

fn plain(text: &str) -> Kind<'_> {
    if is_null(text) { Kind::Null } else { Kind::Scalar { text: Cow::Borrowed(text), quoted: false } }
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
