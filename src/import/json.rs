//! JSON as tools really leave it: behind log lines, several documents in a row, one on each line, cut off,
//! with `NaN` and `Infinity`.
//!
//! A walk over the text finds the extent of each object, knowing strings from the rest; only then it is
//! parsed. So one broken document costs itself and nothing else.

use serde_json::{Map, Value};

use super::fields::Fields;
use super::finding::{Say, quote};

/// An object with the line on which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    pub(super) line: u32,
    pub(super) fields: Map<String, Value>,
}

/// Most objects that are read from one text.
const MOST_OBJECTS: usize = 1_000_000;

/// How many times over a text may be walked because of openings without an end.
const MOST_WALKS: usize = 4;

/// What is done with each object: its fields, and where findings go.
pub(super) type Take<'t> = dyn FnMut(Fields<'_>, &mut Say<'_>) + 't;

/// Every object of a text: documents themselves, and the items of lists.
///
/// A document begins at the start of a line, or behind `data:` as in a stream of events. What stands
/// between documents is passed over; a document that is broken or cut off is said, and what is whole
/// in it is kept.
pub(super) fn each(text: &str, say: &mut Say<'_>, take: &mut Take<'_>) {
    let mut found = 0;
    let mut line = 1;
    let mut rest = text;
    let mut budget = text.len().saturating_mul(MOST_WALKS);
    while !rest.is_empty() && found < MOST_OBJECTS {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (this, after) = rest.split_at(end);
        let start = this.trim_start();
        let start = start.strip_prefix("data:").map_or(start, str::trim_start);
        let mut next = after;
        if start.starts_with(['{', '[']) {
            // The same text from its opening bracket on, beyond the line.
            let from = rest.get(this.len() - start.len()..).unwrap_or_default();
            let (length, taken) = match clean(from) {
                Ok(length) => (length, plain(from.get(..length).unwrap_or_default(), line, say, take)),
                Err(length) => (length, None),
            };
            budget = budget.saturating_sub(length);
            if let Some(count) = taken {
                found += count;
                next = from.get(length..).unwrap_or_default();
            } else {
                let walked = walk(from);
                budget = budget.saturating_sub(walked.length);
                let (count, is_document) = keep(&walked, line, say, take);
                found += count;
                if is_document {
                    next = from.get(walked.length..).unwrap_or_default();
                }
            }
            if budget == 0 {
                say.at(line, "", "many brackets without their ends", "JSON; the rest is not read");
                break;
            }
        }
        let passed = rest.len() - next.len();
        line += lines(rest.get(..passed).unwrap_or_default());
        rest = next;
    }
    if found >= MOST_OBJECTS {
        say.at(
            line,
            "",
            format!("more than {MOST_OBJECTS} objects"),
            "several smaller files; the rest is not read",
        );
    }
}

/// The length of the document that begins here, where all of it is plain JSON by its brackets, strings and
/// words; otherwise how far that was so.
///
/// This is most of all text there is, so that it is looked at byte by byte and nothing is kept of it.
fn clean(text: &str) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Ok(at);
                }
            }
            b'"' => at = string_end(bytes, at).ok_or(at)?,
            // The first letters of words that stand for no number; null is the only other one with an n.
            b'N' | b'I' | b'i' => return Err(at),
            b'n' if bytes.get(at) != Some(&b'u') => return Err(at),
            _ => {}
        }
    }
    Err(at)
}

/// Where a string ends whose content begins here: behind its quote, on the same line.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            b'\n' => return None,
            _ => at += 1,
        }
    }
}

/// Takes the objects of a clean document and counts them; `None`, and nothing is taken, where some object is
/// none after all, or there is no object.
fn plain(document: &str, line: u32, say: &mut Say<'_>, take: &mut Take<'_>) -> Option<usize> {
    if document.starts_with('{') {
        take(Fields::of_json(line, document).ok()?, say);
        return Some(1);
    }
    let mut items = Vec::new();
    let (mut line, mut at) = (line, 1);
    while let Some(next) = document.get(at..) {
        let Some(skip) = next.find(['{', '[', '"']) else { break };
        line += lines(next.get(..skip).unwrap_or_default());
        at += skip;
        let rest = document.get(at..).unwrap_or_default();
        let length =
            if rest.starts_with('"') { string_end(rest.as_bytes(), 1)? } else { clean(rest).ok()? };
        let item = rest.get(..length)?;
        if item.starts_with('{') {
            items.push((line, item));
        }
        line += lines(item);
        at += length;
    }
    // Whether it is JSON is known before the first one is taken.
    let is_json = |(_, item): &(u32, &str)| serde_json::from_str::<serde::de::IgnoredAny>(item).is_ok();
    if items.is_empty() || !items.iter().all(is_json) {
        return None;
    }
    let mut count = 0;
    for (line, item) in items {
        if let Ok(fields) = Fields::of_json(line, item) {
            count += 1;
            take(fields, say);
        }
    }
    Some(count)
}

/// How far a document reaches, and the objects in it.
struct Walked {
    /// Bytes up to its end, or to where it breaks.
    length: usize,
    /// True where the last bracket closed the first.
    closed: bool,
    /// True for a list.
    is_list: bool,
    /// Line breaks before each object, and its text with what JSON does not know replaced.
    objects: Vec<(u32, String)>,
    /// True where an object had begun and did not end.
    cut: bool,
    /// Objects, from 0, and the words in them that stood for a number.
    not_finite: Vec<(usize, String)>,
}

/// Takes what a walk found and counts it; false where it is no document at all and its first line is to be
/// passed over.
fn keep(walked: &Walked, line: u32, say: &mut Say<'_>, take: &mut Take<'_>) -> (usize, bool) {
    let mut whole = 0;
    let mut broken = None;
    for (breaks, text) in &walked.objects {
        let line = line.saturating_add(*breaks);
        match Fields::of_json(line, text) {
            Ok(fields) => {
                whole += 1;
                take(fields, say);
            }
            Err(error) => broken = broken.or(Some((line, error))),
        }
    }
    let looks_meant = walked.cut || walked.objects.iter().any(|(_, text)| text.contains("\":")) || whole > 0;
    if !looks_meant {
        // A bracket in a log line, or JSON that holds no object.
        return (0, walked.closed && walked.is_list && broken.is_none() && walked.objects.is_empty());
    }
    if let Some((line, error)) = broken {
        say.at(line, "", format!("no JSON: {error}"), "a JSON object; it is left out");
    }
    for (object, word) in &walked.not_finite {
        let line = walked.objects.get(*object).map_or(line, |(breaks, _)| line.saturating_add(*breaks));
        say.at(line, "", quote(word), "a finite number; it is read as missing");
    }
    if !walked.closed {
        let found = format!("a list or object without its end after {whole} whole objects");
        say.at(line, "", found, "the closing bracket; what is whole is kept");
    }
    // A document without its end may have swallowed others on later lines, unless it is a list.
    (whole, whole > 0 && (walked.closed || walked.is_list))
}

/// Walks from an opening bracket to its end.
fn walk(text: &str) -> Walked {
    let is_list = text.starts_with('[');
    let mut walked =
        Walked { length: 0, closed: false, is_list, objects: Vec::new(), cut: false, not_finite: Vec::new() };
    // Objects stand at the top or, in a list, one level below.
    let level = usize::from(is_list) + 1;
    let mut depth = 0_usize;
    let mut breaks = 0;
    let mut object: Option<(u32, String)> = None;
    let mut at = 0;
    while let Some(piece) = piece(text.get(at..).unwrap_or_default()) {
        let read = text.get(at..at + piece.length).unwrap_or_default();
        at += piece.length;
        match piece.kind {
            Kind::Open => {
                depth += 1;
                if depth == level && read == "{" {
                    object = Some((breaks, String::new()));
                }
            }
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Broken => break,
            Kind::Other | Kind::NotFinite => breaks += lines(read),
        }
        if let Some((_, copy)) = &mut object {
            if piece.kind == Kind::NotFinite {
                copy.push_str("null");
                walked.not_finite.push((walked.objects.len(), read.to_owned()));
            } else {
                copy.push_str(read);
            }
        }
        if piece.kind == Kind::Close {
            if depth < level {
                walked.objects.extend(object.take());
            }
            if depth == 0 {
                walked.closed = true;
                break;
            }
        }
    }
    walked.length = at;
    walked.cut = object.is_some_and(|(_, text)| text.contains("\":"));
    // Words of an object that never ended are not worth saying.
    let whole = walked.objects.len();
    walked.not_finite.retain(|(object, _)| *object < whole);
    walked
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    /// A word for a number that is none.
    NotFinite,
    /// A string that does not end on its line.
    Broken,
    Other,
}

struct Piece {
    length: usize,
    kind: Kind,
}

/// The next piece of a text: a bracket, a whole string, a word or number, or one other character.
fn piece(text: &str) -> Option<Piece> {
    let first = text.chars().next()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    Some(match first {
        '{' | '[' => Piece { length: 1, kind: Kind::Open },
        '}' | ']' => Piece { length: 1, kind: Kind::Close },
        '"' => string(text),
        c if is_word(c) => {
            let mut length = text.find(|c| !is_word(c)).unwrap_or(text.len());
            // MSVC writes -nan(ind).
            let tail = text.get(length..).unwrap_or_default();
            for ending in ["(ind)", "(snan)"] {
                length += if tail.starts_with(ending) { ending.len() } else { 0 };
            }
            let word = text.get(..length).unwrap_or_default();
            let kind = if is_not_finite(word) { Kind::NotFinite } else { Kind::Other };
            Piece { length, kind }
        }
        c => Piece { length: c.len_utf8(), kind: Kind::Other },
    })
}

fn string(text: &str) -> Piece {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return Piece { length: at, kind: Kind::Broken },
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Piece { length: at + 1, kind: Kind::Other },
            _ => {}
        }
    }
    Piece { length: text.len(), kind: Kind::Broken }
}

/// True for the words that Python, C and JavaScript write for what is no finite number.
fn is_not_finite(word: &str) -> bool {
    let word = word.strip_prefix(['-', '+']).unwrap_or(word);
    ["nan", "nan(ind)", "nan(snan)", "inf", "infinity"].iter().any(|bad| word.eq_ignore_ascii_case(bad))
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&byte| byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// The first object of a text.
#[cfg(test)]
pub(super) fn first(text: &str) -> Object {
    let mut found = Vec::new();
    each(text, &mut Say::new("f"), &mut |fields, _| found.push(Object::from(fields)));
    found.remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of the objects with their first field, and the findings.
    fn read(text: &str) -> (Vec<(u32, String)>, Vec<String>) {
        let mut say = Say::new("f");
        let mut objects = Vec::new();
        each(text, &mut say, &mut |fields, _| objects.push(Object::from(fields)));
        let first = |object: &Object| {
            let field = object.fields.iter().next().map(|(name, value)| format!("{name}={value}"));
            (object.line, field.unwrap_or_default())
        };
        (objects.iter().map(first).collect(), say.findings.iter().map(ToString::to_string).collect())
    }

    fn pairs(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
        expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn documents_are_found_in_every_arrangement() {
        for (text, expected) in [
            ("{\"a\": 1}", &[(1, "a=1")][..]),
            ("[{\"a\": 1},\n {\"a\": 2}]\n", &[(1, "a=1"), (2, "a=2")]),
            ("{\"a\": 1}\n\n{\"a\": 2}\r\n", &[(1, "a=1"), (3, "a=2")]),
            ("{\"a\":\n1}{\"a\": 2}", &[(1, "a=1"), (2, "a=2")]),
            ("[info] it's \"on\n{ggml}\n{\"a\": 1}\nbye", &[(3, "a=1")]),
            ("data: {\"a\": 1}\n\ndata: [DONE]\n", &[(1, "a=1")]),
            ("{\"a\": \"} \\\" NaN\"}", &[(1, "a=\"} \\\" NaN\"")]),
            ("[1, 2, \"x\"]\n{\"a\": 1}", &[(2, "a=1")]),
        ] {
            assert_eq!(read(text), (pairs(expected), Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_finite_is_missing_and_said() {
        let (objects, findings) = read("{\"a\": NaN,\n\"b\": [-Infinity, -nan(ind), 1e5, true]}");
        assert_eq!(objects, pairs(&[(1, "a=null")]));
        assert_eq!(findings.len(), 3);
        let expected = "f:1: found \"NaN\", expected a finite number; it is read as missing";
        assert_eq!(findings.first().map(String::as_str), Some(expected));
    }

    #[test]
    fn what_is_whole_survives_what_is_not() {
        let (objects, findings) = read("[\n{\"a\": 1},\n{\"a\": 2},\n{\"a\":");
        assert_eq!(objects, pairs(&[(2, "a=1"), (3, "a=2")]));
        assert_eq!(findings.len(), 1, "{findings:?}");
        let (objects, findings) =
            read("{\"a\": 1}\n{\"a\": \"cut\n{\"a\": 3}\n{\"a\": {\"b\": 1\n{\"a\": 5}");
        assert_eq!(objects, pairs(&[(1, "a=1"), (3, "a=3"), (5, "a=5")]));
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn brackets_without_an_end_are_not_walked_for_ever() {
        let (objects, findings) = read(&"[\n".repeat(200_000));
        assert_eq!((objects.len(), findings.len()), (0, 1));
    }
}
