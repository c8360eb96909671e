//! JSON as tools really leave it: behind log lines, several documents in a row, one on each line, cut off,
//! with `NaN` and `Infinity`.
//!
//! What is plain JSON is parsed as it stands. Where that fails, a walk over the text finds the extent of each object,
//! knowing strings from the rest, and each is parsed alone. So one broken document costs itself and nothing else.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;
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

/// What is done with each object: its fields, which may be taken or left, and where findings go. After a break, no more
/// are wanted.
pub(super) type Take<'t> = dyn FnMut(&mut Fields<'_>, &mut Say<'_>) -> ControlFlow<()> + 't;

/// Who takes the objects, and how many there were.
struct Taker<'t> {
    take: &'t mut Take<'t>,
    taken: usize,
    /// True where no more are wanted.
    has_enough: bool,
}

impl Taker<'_> {
    fn take(&mut self, fields: &mut Fields<'_>, say: &mut Say<'_>) {
        self.taken += 1;
        self.has_enough |= (self.take)(fields, say).is_break();
    }
}

/// Every object of a text: documents themselves, and the items of lists.
///
/// A document begins at the start of a line, or behind `data:` as in a stream of events. What stands
/// between documents is passed over; a document that is broken or cut off is said, and what is whole
/// in it is kept.
pub(super) fn each<'t>(text: &str, say: &mut Say<'_>, take: &'t mut Take<'t>) {
    let mut taker = Taker { take, taken: 0, has_enough: false };
    let mut line = 1;
    let mut rest = text;
    let mut budget = text.len().saturating_mul(MOST_WALKS);
    let mut fields = Fields::default();
    while !rest.is_empty() && !taker.has_enough && taker.taken < MOST_OBJECTS {
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (this, after) = rest.split_at(end);
        let start = this.trim_start();
        let start = start.strip_prefix("data:").map_or(start, str::trim_start);
        let mut next = after;
        if start.starts_with(['{', '[']) {
            // The same text from its opening bracket on, beyond the line.
            let from = rest.get(this.len() - start.len()..).unwrap_or_default();
            if let Some(length) = plain(from, line, &mut fields, say, &mut taker) {
                next = from.get(length..).unwrap_or_default();
            } else {
                let walked = walk(from);
                budget = budget.saturating_sub(walked.length);
                if keep(&walked, line, say, &mut taker) {
                    next = from.get(walked.length..).unwrap_or_default();
                }
            }
            if budget == 0 {
                say.at(line, "", "many brackets without their ends", "JSON; the rest is not read");
                break;
            }
        }
        let passed = rest.len() - next.len();
        if passed >= this.len() {
            line += lines(rest.get(..passed).unwrap_or_default());
        }
        rest = next;
    }
    if taker.taken >= MOST_OBJECTS {
        say.at(
            line,
            "",
            format!("more than {MOST_OBJECTS} objects"),
            "several smaller files; the rest is not read",
        );
    }
}

/// Takes the objects of the document that begins here and gives its length; `None`, and nothing is taken, where it
/// is no plain JSON, or holds no object.
///
/// This is most of all text there is, so that it is read in one go and nothing is kept of it.
fn plain<'a>(
    text: &'a str,
    line: u32,
    fields: &mut Fields<'a>,
    say: &mut Say<'_>,
    taker: &mut Taker<'_>,
) -> Option<usize> {
    if text.starts_with('{') {
        let length = fields.read(line, text).ok()?;
        taker.take(fields, say);
        return Some(length);
    }
    // Whether all of it is JSON is known before the first object is taken.
    let length = length_of(text)?;
    let list = text.get(..length)?;
    let before = taker.taken;
    let (mut line, mut at) = (line, 1);
    while let Some(next) = list.get(at..).filter(|_| !taker.has_enough) {
        let Some(skip) = next.find(['{', '[', '"']) else { break };
        line += lines(next.get(..skip).unwrap_or_default());
        at += skip;
        let rest = list.get(at..).unwrap_or_default();
        let mut length = None;
        if rest.starts_with('{') {
            match fields.read(line, rest) {
                Ok(end) => {
                    taker.take(fields, say);
                    length = Some(end);
                }
                Err(error) => no_json(line, &error, say),
            }
        }
        let length = length.or_else(|| length_of(rest)).unwrap_or(rest.len());
        line += lines(rest.get(..length).unwrap_or_default());
        at += length;
    }
    (taker.taken > before).then_some(length)
}

/// The length of the JSON value that begins here; `None` where it is none.
fn length_of(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

fn no_json(line: u32, error: &serde_json::Error, say: &mut Say<'_>) {
    say.at(line, "", format!("no JSON: {error}"), "a JSON object; it is left out");
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

/// Takes what a walk found; false where it is no document at all and its first line is to be passed over.
fn keep(walked: &Walked, line: u32, say: &mut Say<'_>, taker: &mut Taker<'_>) -> bool {
    let mut whole = 0;
    let mut broken = None;
    for (breaks, text) in &walked.objects {
        let line = line.saturating_add(*breaks);
        match Fields::of_json(line, text) {
            Ok(mut fields) => {
                whole += 1;
                if !taker.has_enough {
                    taker.take(&mut fields, say);
                }
            }
            Err(error) => broken = broken.or(Some((line, error))),
        }
    }
    let looks_meant = walked.cut || walked.objects.iter().any(|(_, text)| text.contains("\":")) || whole > 0;
    if !looks_meant {
        // A bracket in a log line, or JSON that holds no object.
        return walked.closed && walked.is_list && broken.is_none() && walked.objects.is_empty();
    }
    if let Some((line, error)) = broken {
        no_json(line, &error, say);
    }
    for (object, word) in &walked.not_finite {
        let line = walked.objects.get(*object).map_or(line, |(breaks, _)| line.saturating_add(*breaks));
        say.at(line, "", quote(word), "a finite number; it is read as missing");
    }
    if !walked.closed {
        let s = if whole == 1 { "" } else { "s" };
        let found = format!("a list or object without its end after {whole} whole object{s}");
        say.at(line, "", found, "the closing bracket; what is whole is kept");
    }
    // A document without its end may have swallowed others on later lines, unless it is a list.
    whole > 0 && (walked.closed || walked.is_list)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of the objects with their first field, and the findings.
    fn read(text: &str) -> (Vec<(u32, String)>, Vec<String>) {
        let mut say = Say::new("f");
        let mut objects = Vec::new();
        each(text, &mut say, &mut |fields, _| {
            objects.push(Object::from(std::mem::take(fields)));
            ControlFlow::Continue(())
        });
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
