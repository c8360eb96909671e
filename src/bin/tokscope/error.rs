//! What ends a command early, and with which exit code.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The data has problems; they are listed already.
    #[error("found {count} {}, expected none: {}", plural(*count), folder.display())]
    Problems {
        /// How many.
        count: usize,
        /// The data folder.
        folder: PathBuf,
    },
    /// There is no folder to read.
    #[error("found no folder, expected one with run files: {}", .0.display())]
    NoFolder(PathBuf),
    /// A path that no run file can be at.
    #[error("found no runs, expected a file or folder below a data folder, or a selection such as hardware=…: {}", .0.display())]
    NoRuns(PathBuf),
    /// The selection has nothing that a report could show.
    #[error("found no result for a report, expected at least one: {0}")]
    NoResult(String),
    /// A file holds no result that can be read; what is wrong with it is listed already.
    #[error("found no result to compare, expected at least one: {0}")]
    NothingRead(String),
    /// Two sides have no cell in common.
    #[error("found no shape and concurrency that both sides measured, expected at least one: {0}; {1}")]
    NothingShared(String, String),
    /// There is a file already that says something else.
    #[error("found another file, expected none or --force: {}", .0.display())]
    Exists(PathBuf),
    /// An address that no page can have.
    #[error("found {0:?}, expected an address such as https://example.org/speed/, without ? and #")]
    BaseUrl(String),
    /// An address that no link may lead to.
    #[error("found {0:?}, expected an address that begins with https:// or http://")]
    Base(String),
    /// An id that cannot be the name of a folder.
    #[error("found {0:?}, expected an id of letters, digits, '.', '_' and '-'")]
    NoId(String),
    /// A file cannot be read.
    #[error("cannot read: {source}: {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A link names a parameter that does not exist.
    #[error("found unknown parameter {0:?}, expected the query of a link to the page")]
    UnknownParameter(String),
    /// A link names a value that the data does not have.
    #[error("found {parameter}={value}, expected a value that the data has")]
    UnknownValue {
        /// The parameter.
        parameter: String,
        /// The value.
        value: String,
    },
    /// A link names an index elsewhere.
    #[error(
        "found data={0}, expected an index on this machine: nothing is fetched here, so download it and name the file as index (--index)"
    )]
    Elsewhere(String),
    /// The selection has no chart of this name.
    #[error("found no chart {found:?}, expected {expected}")]
    NoSuchChart {
        /// The name.
        found: String,
        /// The names that exist, or the nearest of many.
        expected: String,
    },
    /// The chart of a selection has nothing to draw.
    #[error("found nothing to draw, expected at least one value of {0}")]
    Empty(String),
    /// A file of another kind than can be drawn.
    #[error("found another ending, expected .svg or .png: {}", .0.display())]
    NoPicture(PathBuf),
    /// A snippet leads to the page, and nobody said where that is.
    #[error("found no address of the page, expected a whole link or --base")]
    NoAddress,
    /// A chart has no pixels.
    #[error(transparent)]
    Png(#[from] crate::png::PngError),
    /// A file cannot be written.
    #[error("cannot write: {source}: {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{message}: {}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What was found, and what was expected.
        message: String,
    },
    /// The standard output cannot be written.
    #[error("cannot write to the standard output: {0}")]
    Output(#[from] io::Error),
}

impl CliError {
    /// For `map_err` on the reading of a file.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    /// For `map_err` on the writing of a file.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Write { path, source }
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Problems { .. } | Self::Empty(_) => ExitCode::from(1),
            _ => ExitCode::from(2),
        }
    }
}

/// The noun for a number of problems.
pub(crate) fn plural(problems: usize) -> &'static str {
    if problems == 1 { "problem" } else { "problems" }
}
