//! Finds `{{#tokscope …}}` in a chapter, and reads what it asks for.

use std::ops::Range;

use clap::ValueEnum;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::chart::Colours;
use crate::error::CliError;

/// How a directive begins.
const OPENING: &str = "{{#tokscope";

/// Why a directive cannot be replaced.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The line ends before the directive does.
    #[error("found no }}}}, expected them on the same line")]
    Unclosed,
    /// A quotation mark without its other one.
    #[error("found one {0}, expected two")]
    Quote(char),
    /// The first word is none of the kinds.
    #[error("found {0:?}, expected chart, table, embed or value")]
    Kind(String),
    /// A second word that is no option.
    #[error("found {0:?}, expected one query without blanks; quotation marks hold blanks together")]
    SecondQuery(String),
    /// An option that this kind does not have.
    #[error("found {found}, expected {expected}")]
    Option {
        /// The word.
        found: String,
        /// What this kind has.
        expected: &'static str,
    },
    /// An option with a value that it cannot have.
    #[error("found {option} {found:?}, expected {expected}")]
    Value {
        /// The option.
        option: &'static str,
        /// What stands behind it.
        found: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// A figure or table amid a line of text.
    #[error("found {0} beside other text, expected it alone on its line")]
    NotAlone(&'static str),
    /// Nothing knows where the page is.
    #[error("found no address of the page, expected `base` in [preprocessor.tokscope] or a whole link")]
    NoAddress,
    /// A selection without results: a figure of nothing is a mistake, or data that are gone.
    #[error("found no result with a value, expected at least one")]
    Nothing,
    /// More than one row where one number is wanted.
    #[error("found {0} rows, expected one: narrow it down by model, quant, hardware, backend or mode")]
    Rows(usize),
    /// One row without a value.
    #[error("found a result that failed, expected one with a value")]
    Failed,
    /// What `tokscope chart` and `tokscope export` would say.
    #[error(transparent)]
    Cli(#[from] CliError),
}

/// What a directive asks for.
pub(super) enum Ask {
    /// A drawing.
    Chart {
        /// The name, as `tokscope chart --list` prints it; `None` for the one that an embedded view shows.
        name: Option<String>,
        /// Width in pixels of the drawing that a wide screen shows, where it is not the usual one.
        width: Option<u16>,
        /// Colours; `None` for those of the book.
        theme: Option<Colours>,
    },
    /// The rows.
    Table {
        /// With everything that `tokscope export` writes.
        full: bool,
    },
    /// The page in a frame.
    Embed {
        /// Height in pixels, where it is not the usual one.
        height: Option<u16>,
    },
    /// One number.
    Value,
}

/// A directive in a chapter.
pub(super) struct Directive {
    /// Where it stands, in bytes.
    pub(super) place: Range<usize>,
    /// The line, from 1.
    pub(super) line: usize,
    /// What each further line needs in front to stay where the directive is, in a list or a quotation; `None` where
    /// other text is on the line.
    pub(super) margin: Option<String>,
    /// The selection, and what to make of it.
    pub(super) asks: Result<(Ask, String), Fault>,
}

/// Every directive of a chapter that is neither escaped nor in code.
pub(super) fn directives(text: &str) -> Vec<Directive> {
    if !text.contains(OPENING) {
        return Vec::new();
    }
    let verbatim = verbatim(text);
    let is_wanted = |&(start, _): &(usize, &str)| {
        let (before, from) = text.split_at(start);
        let after = from.strip_prefix(OPENING).unwrap_or_default();
        let is_word = after.starts_with("}}") || after.starts_with(char::is_whitespace) || after.is_empty();
        is_word && !before.ends_with('\\') && !verbatim.iter().any(|range| range.contains(&start))
    };
    text.match_indices(OPENING).filter(is_wanted).map(|(start, _)| directive(text, start)).collect()
}

/// Code and comments, where what looks like a directive is meant to be read.
fn verbatim(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut block = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => block = Some(range.start),
            Event::End(TagEnd::CodeBlock) => {
                ranges.extend(block.take().map(|start| start..range.end));
            }
            Event::Code(_) => ranges.push(range),
            Event::InlineHtml(html) | Event::Html(html) if html.trim_start().starts_with("<!--") => {
                // A comment of several lines is one event a line.
                let end = text.get(range.start..).and_then(|rest| rest.find("-->"));
                ranges.push(range.start..end.map_or(range.end, |end| range.start + end));
            }
            _ => {}
        }
    }
    ranges
}

fn directive(text: &str, start: usize) -> Directive {
    let (before, from) = text.split_at(start);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = from.lines().next().unwrap_or_default();
    let inner = line.strip_prefix(OPENING).unwrap_or_default();
    let (inner, asks) = match inner.split_once("}}") {
        Some((inner, _)) => (inner, words(inner).and_then(ask)),
        None => (inner, Err(Fault::Unclosed)),
    };
    let closing = if matches!(asks, Err(Fault::Unclosed)) { 0 } else { "}}".len() };
    let end = start + OPENING.len() + inner.len() + closing;
    let rest = text.get(end..).unwrap_or_default().lines().next().unwrap_or_default();
    let margin = margin(text.get(line_start..start).unwrap_or_default());
    Directive {
        place: start..end,
        line: before.matches('\n').count() + 1,
        margin: margin.filter(|_| rest.trim().is_empty()),
        asks,
    }
}

/// What stands before a directive, as the beginning of a further line: list markers become blanks. `None` where it is
/// more than blanks, quotation marks and list markers.
fn margin(before: &str) -> Option<String> {
    let mut margin = String::with_capacity(before.len());
    let mut rest = before;
    while let Some(c) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = match c {
            ' ' | '\t' | '>' => {
                margin.push(c);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            '-' | '*' | '+' => 1,
            _ if digits > 0 => digits + 1,
            _ => return None,
        };
        let (number, after) = rest.split_at_checked(marker)?;
        if !after.starts_with(' ') || (digits > 0 && !number.ends_with(['.', ')'])) {
            return None;
        }
        margin.extend(std::iter::repeat_n(' ', marker));
        rest = after;
    }
    Some(margin)
}

/// Words between blanks; quotation marks hold blanks together.
fn words(text: &str) -> Result<Vec<String>, Fault> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(Fault::Quote(open));
    }
    words.extend(word);
    Ok(words)
}

fn ask(words: Vec<String>) -> Result<(Ask, String), Fault> {
    let mut words = words.into_iter();
    let kind = words.next().unwrap_or_default();
    let mut ask = match kind.as_str() {
        "chart" => Ask::Chart { name: None, width: None, theme: None },
        "table" => Ask::Table { full: false },
        "embed" => Ask::Embed { height: None },
        "value" => Ask::Value,
        _ => return Err(Fault::Kind(kind)),
    };
    let mut query = None;
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            match query {
                None => query = Some(word),
                Some(_) => return Err(Fault::SecondQuery(word)),
            }
            continue;
        }
        let mut value = || words.next().unwrap_or_default();
        match (&mut ask, word.as_str()) {
            (Ask::Chart { name, .. }, "--chart") => *name = Some(value()),
            (Ask::Chart { width, .. }, "--width") => *width = Some(pixels("--width", value())?),
            (Ask::Chart { theme, .. }, "--theme") => {
                let value = value();
                let of = |_| Fault::Value { option: "--theme", found: value.clone(), expected: THEMES };
                *theme = Some(Colours::from_str(&value, false).map_err(of)?);
            }
            (Ask::Embed { height }, "--height") => *height = Some(pixels("--height", value())?),
            (Ask::Chart { .. }, _) => {
                return Err(Fault::Option { found: word, expected: "--chart, --width or --theme" });
            }
            (Ask::Embed { .. }, _) => return Err(Fault::Option { found: word, expected: "--height" }),
            (Ask::Table { full }, "--full") => *full = true,
            (Ask::Table { .. }, _) => return Err(Fault::Option { found: word, expected: "--full" }),
            (Ask::Value, _) => return Err(Fault::Option { found: word, expected: "no option here" }),
        }
    }
    Ok((ask, query.unwrap_or_default()))
}

const THEMES: &str = "auto, light or dark";

/// A number of pixels that a chart or a frame can have.
fn pixels(option: &'static str, found: String) -> Result<u16, Fault> {
    let number = found.parse().ok().filter(|pixels| (240..=4096).contains(pixels));
    number.ok_or(Fault::Value { option, found, expected: "a number of pixels from 240 to 4096" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, Option<String>)> {
        directives(text).into_iter().map(|d| (d.line, d.margin)).collect()
    }

    #[test]
    fn code_comments_and_escapes_are_left_alone() {
        let left = "\\{{#tokscope chart}}\n\n`{{#tokscope chart}}` ``` {{#tokscope table}} ```\n\n\
                    ```text\n{{#tokscope chart}}\n```\n\n    {{#tokscope chart}}\n\n\
                    <!-- {{#tokscope chart}}\n\n{{#tokscope chart}} -->\n\n\
                    - a\n\n  ~~~\n  {{#tokscope chart}}\n  ~~~\n\n{{#tokscoped chart}} {{#include a.md}}\n\
                    > ```\n> {{#tokscope chart}}\n> ```\n";
        assert_eq!(found(left), []);
        let text = format!("{left}\n{{{{#tokscope chart}}}}\n");
        assert_eq!(found(&text), [(text.lines().count(), Some(String::new()))]);
    }

    #[test]
    fn lists_and_quotations_keep_their_margin() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(found("> {{#tokscope table}}"), [(1, some("> "))]);
        assert_eq!(found("- a\n- {{#tokscope table}}  "), [(2, some("  "))]);
        assert_eq!(found("1. {{#tokscope table}}\r\n"), [(1, some("   "))]);
        assert_eq!(found("so: {{#tokscope value}}."), [(1, None)]);
        assert_eq!(found("{{#tokscope table}} {{#tokscope table}}"), [(1, None), (1, None)]);
        assert_eq!(found("2026 {{#tokscope value}}"), [(1, None)]);
    }

    #[test]
    fn words_are_as_on_the_command_line() {
        let of = |text: &str| directives(text).remove(0).asks;
        let wanted = matches!(
            of("{{#tokscope chart 'q=a b' --chart workload-chat --width 640}}"),
            Ok((Ask::Chart { name, width: Some(640), theme: None }, query))
                if name.as_deref() == Some("workload-chat") && query == "q=a b"
        );
        assert!(wanted);
        let usual = of("{{#tokscope table}}");
        assert!(matches!(usual, Ok((Ask::Table { full: false }, query)) if query.is_empty()));
    }

    #[test]
    fn mistakes_say_what_was_found_and_what_was_expected() {
        let said = |text: &str| {
            directives(text).remove(0).asks.err().map(|fault| fault.to_string()).unwrap_or_default()
        };
        assert_eq!(said("{{#tokscope}}"), "found \"\", expected chart, table, embed or value");
        assert_eq!(said("{{#tokscope chart\n}}"), "found no }}, expected them on the same line");
        assert_eq!(said("{{#tokscope chart 'a}}"), "found one ', expected two");
        assert_eq!(
            said("{{#tokscope chart --height 3}}"),
            "found --height, expected --chart, --width or --theme"
        );
        assert_eq!(
            said("{{#tokscope embed --height 3}}"),
            "found --height \"3\", expected a number of pixels from 240 to 4096"
        );
        assert_eq!(
            said("{{#tokscope chart --theme blue}}"),
            "found --theme \"blue\", expected auto, light or dark"
        );
        assert_eq!(
            said("{{#tokscope value a b}}"),
            "found \"b\", expected one query without blanks; quotation marks hold blanks together"
        );
    }
}
