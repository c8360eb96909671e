//! Writing to terminals, pipes and files.

use std::ffi::OsString;
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tokscope::import::Finding;

use crate::error::CliError;

/// Whether to colour what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// On a terminal, unless `NO_COLOR` is set.
    Colours,
    /// Anywhere else.
    Plain,
}

/// The few styles that are used.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// Where something is.
    Place,
    /// What is wrong.
    Bad,
    /// What is well.
    Good,
}

impl Paint {
    /// Colours for a stream, as its kind and the environment want it.
    pub(crate) fn for_stream(stream: &impl IsTerminal) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if stream.is_terminal() && !refused { Self::Colours } else { Self::Plain }
    }

    /// Text in a style, safe to show on a terminal.
    pub(crate) fn text(self, style: Style, text: &str) -> String {
        let text = Harmless(text);
        let code = match style {
            Style::Place => "1",
            Style::Bad => "31",
            Style::Good => "32",
        };
        match self {
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Plain => text.to_string(),
        }
    }
}

/// Text whose control characters and direction marks are spelt out: names and figures in data
/// files must not be able to move the cursor or to reorder what is read.
pub(crate) struct Harmless<'a>(pub(crate) &'a str);

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            let reorders =
                matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if c.is_control() || reorders {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Lists findings, one a line.
pub(crate) fn list(out: &mut impl Write, paint: Paint, findings: &[Finding]) -> io::Result<()> {
    // The standard error takes each piece by itself.
    let mut out = io::BufWriter::new(out);
    for finding in findings {
        let text = finding.to_string();
        let place = match finding.line {
            Some(line) => format!("{}:{line}", finding.problem.file),
            None => finding.problem.file.clone(),
        };
        let rest = text.strip_prefix(&place).unwrap_or(&text);
        writeln!(out, "{}{}", paint.text(Style::Place, &place), Harmless(rest))?;
    }
    out.flush()
}

/// Says on the standard error what went wrong.
pub(crate) fn error(error: &CliError) {
    let stderr = io::stderr().lock();
    let word = Paint::for_stream(&stderr).text(Style::Bad, "error");
    note_to(stderr, &format!("{word}: {}", Harmless(&error.to_string())));
}

/// Says on the standard error what was done.
pub(crate) fn note(text: &str) {
    note_to(io::stderr().lock(), text);
}

fn note_to(mut stderr: impl Write, text: &str) {
    // Without a standard error there is nobody left to tell.
    let _nobody = stderr.write_all(format!("{text}\n").as_bytes());
}

/// A count with its noun: `1 run`, `2 runs`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Writes bytes to a file, or to the standard output for `-`.
///
/// A file appears whole or not at all: it is written beside its place and then renamed. What is there and no file,
/// a pipe or a device, is written to and stays what it is.
pub(crate) fn write(target: &Path, bytes: &[u8]) -> Result<(), CliError> {
    if target == Path::new("-") {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()?;
        return Ok(());
    }
    if fs::metadata(target).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let written = File::options().write(true).open(target).and_then(|mut file| file.write_all(bytes));
        return written.map_err(CliError::writing(target));
    }
    let beside = beside(target);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, target));
    if written.is_err() {
        // Best effort: the first error is the one to report.
        let _leftover = fs::remove_file(&beside);
    }
    written.map_err(CliError::writing(target))
}

/// A name in the same folder that no other process uses.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().map_or_else(OsString::new, OsString::from);
    name.push(format!(".{}.tmp", std::process::id()));
    target.with_file_name(name)
}
