//! A tree of mappings, lists and scalars that knows the line of everything in it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A value and where it stands; texts are those of the document wherever nothing in them is escaped or folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node<'a> {
    /// Unique inside its document.
    pub(super) id: u32,
    /// Line, from 1.
    pub(super) line: u32,
    /// Column, from 1.
    pub(super) column: u32,
    /// The value itself.
    pub(super) kind: Kind<'a>,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// Text as written, escapes resolved; a number is text here, too.
    Scalar {
        /// The characters.
        text: Cow<'a, str>,
        /// True in quotes and in block scalars, where `12` is text and not a number.
        quoted: bool,
    },
    /// `- a`, `[a]`
    List(Vec<Node<'a>>),
    /// `a: b`, `{a: b}`, in the order of the file, each key once.
    Map(Vec<Entry<'a>>),
}

/// A key of a mapping and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The key.
    pub(super) key: Cow<'a, str>,
    /// The key's line, from 1.
    pub(super) line: u32,
    /// The key's column, from 1.
    pub(super) column: u32,
    /// The value.
    pub(super) value: Node<'a>,
}

impl Node<'_> {
    /// The line of a path such as `results[2].shape`, or of the part of it that exists.
    ///
    /// A field stands where its key stands, an item of a list where it begins.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "what is checked later is in folders alone"))]
    pub(super) fn line_of(&self, path: &str) -> u32 {
        let (mut node, mut line) = (self, self.line);
        for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
            let next = match &node.kind {
                Kind::Map(entries) => {
                    entries.iter().find(|entry| entry.key == step).map(|entry| (&entry.value, entry.line))
                }
                Kind::List(items) => {
                    let position = step.strip_suffix(']').and_then(|digits| digits.parse::<usize>().ok());
                    position.and_then(|position| items.get(position)).map(|item| (item, item.line))
                }
                Kind::Null | Kind::Scalar { .. } => None,
            };
            let Some(found) = next else { break };
            (node, line) = found;
        }
        line
    }
}

/// The way from the root of a document to one of its nodes, as a chain on the stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    /// Where this step starts from; absent at the root.
    pub(super) parent: Option<&'a At<'a>>,
    /// The last step.
    pub(super) step: Step<'a>,
    /// The line of the key or of the list item.
    pub(super) line: u32,
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// The start, with the path that leads to it.
    Root(&'a str),
    /// Into a mapping.
    Key(&'a str),
    /// Into a list.
    Item(usize),
}

impl At<'_> {
    /// The path as a reader would write it.
    pub(super) fn path(&self) -> String {
        let mut path = self.parent.map(At::path).unwrap_or_default();
        match self.step {
            Step::Root(start) => path.push_str(start),
            Step::Key(key) => push_key(&mut path, key),
            Step::Item(position) => push_item(&mut path, position),
        }
        path
    }
}

/// Appends a key to a path; one that is not a plain word goes into brackets and quotes.
pub(super) fn push_key(path: &mut String, key: &str) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if key.is_empty() || !key.chars().all(plain) {
        let key: String = key.chars().take(60).collect();
        let _infallible = write!(path, "[{key:?}]");
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Appends a position in a list to a path.
pub(super) fn push_item(path: &mut String, position: usize) {
    let _infallible = write!(path, "[{position}]");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::super::yaml;

    #[test]
    fn a_path_leads_to_its_line_or_as_near_as_it_exists() {
        let text = "id: a\nresults:\n  - shape: chat\n  - shape: rag\n    ttft_ms: 3\n";
        let root = yaml::parse(text).root.unwrap();
        for (path, line) in [
            ("", 1),
            ("id", 1),
            ("results", 2),
            ("results[0]", 3),
            ("results[1].shape", 4),
            ("results[1].ttft_ms", 5),
            ("results[1].decode", 4),
            ("results[9].decode", 2),
            ("nothing[0]", 1),
        ] {
            assert_eq!(root.line_of(path), line, "{path}");
        }
    }
}
