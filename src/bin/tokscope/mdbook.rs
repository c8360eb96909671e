//! `tokscope mdbook`: a preprocessor of mdBook.
//!
//! mdBook sends `[context, book]` as JSON and takes the book back. Its chapters are under `sections` up to version 0.4
//! and under `items` since 0.5; whatever else is in the JSON goes back as it came.

mod directive;
mod figure;
mod options;

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;

use crate::error::CliError;
use crate::output::{self, Harmless};
use directive::{Fault, directives};
use figure::{Figures, Piece};
use options::{OnError, Options};

/// Put charts, tables and numbers into a book, as a preprocessor of mdBook
#[derive(clap::Args)]
#[command(after_help = "\
mdBook calls this; book.toml says so:
  [preprocessor.tokscope]
  command = \"tokscope mdbook\"
  before = [\"links\"]
  data = \"../data\"                        # or index = \"index.json\"
  base = \"https://example.org/tokscope/\"  # where the page is

Then in a chapter, with QUERY as behind the question mark of a link to the page:
  {{#tokscope chart QUERY}}
  {{#tokscope table QUERY}}
  {{#tokscope embed QUERY}}
  {{#tokscope value QUERY}} within a line
docs/embedding-recipes.md has more.")]
pub(crate) struct Args {
    #[command(subcommand)]
    question: Option<Question>,
}

#[derive(Subcommand)]
enum Question {
    /// Whether a renderer can show what is put in; every one can
    Supports {
        /// Name of the renderer
        renderer: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    if let Some(Question::Supports { .. }) = args.question {
        return Ok(ExitCode::SUCCESS);
    }
    let (context, mut book) = read()?;
    let options = Options::of(&context)?;
    let mut work =
        Work { figures: Figures::of(&options)?, source: options.source.clone(), faults: Vec::new() };
    for name in ["items", "sections"] {
        if let Some(items) = book.get_mut(name).and_then(Value::as_array_mut) {
            work.replace_in(items);
        }
    }
    for fault in &work.faults {
        output::note(&Harmless(fault).to_string());
    }
    if !work.faults.is_empty() && options.on_error == OnError::Fail {
        return Err(CliError::Problems { count: work.faults.len(), folder: options.root });
    }
    output::write(Path::new("-"), book.to_string().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What mdBook sent.
fn read() -> Result<(Value, Value), CliError> {
    let invalid = |message| CliError::Invalid { path: PathBuf::from("standard input"), message };
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        return Err(invalid("found a terminal, expected the book that mdBook sends".to_owned()));
    }
    let mut text = String::new();
    input.read_to_string(&mut text).map_err(CliError::reading(Path::new("standard input")))?;
    serde_json::from_str(&text).map_err(|error| invalid(format!("found {error}, expected [context, book]")))
}

/// What is done to each chapter.
struct Work {
    figures: Figures,
    /// The folder of chapters, from where mdBook was called.
    source: PathBuf,
    /// What went wrong, with file and line.
    faults: Vec<String>,
}

impl Work {
    /// Chapters, and those below them; parts and separators are left as they are.
    fn replace_in(&mut self, items: &mut [Value]) {
        for chapter in items.iter_mut().filter_map(|item| item.get_mut("Chapter")) {
            let path = chapter.get("source_path").or_else(|| chapter.get("path")).and_then(Value::as_str);
            let path = path.unwrap_or_default().to_owned();
            if let Some(Value::String(content)) = chapter.get_mut("content")
                && let Some(replaced) = self.chapter(content, &path)
            {
                *content = replaced;
            }
            if let Some(below) = chapter.get_mut("sub_items").and_then(Value::as_array_mut) {
                self.replace_in(below);
            }
        }
    }

    /// The text of a chapter with its directives replaced; `None` for one that has none.
    fn chapter(&mut self, text: &str, path: &str) -> Option<String> {
        let found = directives(text);
        if found.is_empty() {
            return None;
        }
        let depth = path.matches(['/', '\\']).count();
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for directive in found {
            let (line, margin) = (directive.line, directive.margin);
            let piece = directive.asks.and_then(|(ask, query)| self.figures.piece(&ask, &query, depth));
            let piece = piece.and_then(|piece| match (piece, margin) {
                (Piece::Inline(text), _) => Ok(text),
                (Piece::Block(piece, _), Some(margin)) => {
                    Ok(block(&piece, &margin, text.get(..directive.place.start).unwrap_or_default()))
                }
                (Piece::Block(_, kind), None) => Err(Fault::NotAlone(kind)),
            });
            out.push_str(text.get(done..directive.place.start).unwrap_or_default());
            match piece {
                Ok(piece) => out.push_str(&piece),
                Err(fault) => {
                    // A directive that failed stays to be seen.
                    out.push_str(text.get(directive.place.clone()).unwrap_or_default());
                    let file = self.source.join(path);
                    self.faults.push(format!("{}:{line}: {fault}", file.display()));
                }
            }
            done = directive.place.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Some(out)
    }
}

/// Lines at a margin, apart from those around them, whose paragraph or HTML they would belong to otherwise.
fn block(piece: &str, margin: &str, before: &str) -> String {
    let lines: Vec<String> =
        piece.lines().map(|line| format!("{margin}{line}").trim_end().to_owned()).collect();
    let (lines, empty) = (lines.join("\n"), margin.trim_end());
    // What stands on the line already is the margin, or the list marker that it stands for.
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", before));
    let above = above.lines().next_back().unwrap_or_default();
    let is_blank = above.chars().all(|c| c == '>' || c.is_whitespace());
    let lines = lines.strip_prefix(margin).unwrap_or(&lines);
    let start = if line == margin && !is_blank { format!("\n{margin}") } else { String::new() };
    format!("{start}{lines}\n{empty}")
}
