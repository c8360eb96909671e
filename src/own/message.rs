//! What the page and its worker say to each other: JSON, with bytes beside it where files and pieces of indexes go.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name of a worker that is given the results to put own ones beside, and fetches none.
pub const SUPPLIED: &str = "supplied";

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Gives the results that own ones stand beside, whose index comes beside; answered by [`Reply::Ready`].
    Supply {
        /// How many bytes each of its files has: one, or a manifest and the shards that it names.
        sizes: Vec<u32>,
    },
    /// Reads a file, whose content comes beside; answered by a report.
    Open {
        /// Number of the file, of the page's choice.
        id: u32,
        /// Its name, for findings.
        name: String,
    },
    /// Takes back what was kept in this browser; answered by a report.
    Restore {
        /// What [`Reply::Kept`] gave.
        text: String,
    },
    /// Forgets a file or, without a number, what was kept; answered by a report.
    Close {
        /// Number of the file.
        id: Option<u32>,
    },
    /// Reads a table that somebody made with what its columns hold; answered by a report.
    Map {
        /// Number of the file.
        id: u32,
        /// What the reader confirmed.
        table: Table,
    },
    /// Takes new answers and reads every file again; answered by a report.
    Answer(Box<Answers>),
    /// Asks for the published results with the own ones among them; answered by the pieces of an index.
    Show,
    /// Asks for one file of the archive, or for all of it; answered by a file.
    Export {
        /// Its path in the archive.
        path: Option<String>,
    },
    /// Asks for what to keep in this browser.
    Keep,
    /// Asks for what a view shows as a file; answered by its bytes.
    Write(Wanted),
}

/// A file that the worker is to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Its kind.
    pub form: Form,
    /// The view, as a query of the page that asks.
    pub query: String,
    /// The address of the page.
    pub base: String,
    /// Charts for a web page, each a text of SVG: the page draws them, as the worker draws none.
    pub charts: Vec<String>,
    /// True where own results are among those that the view shows.
    pub with_own: bool,
}

/// A kind of file that the worker writes for the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Comma-separated values.
    Csv,
    /// An index of these results alone.
    Json,
    /// One web page.
    Html,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// The worker waits for [`Request::Supply`]: the page shows somebody else's results.
    Unsupplied,
    /// The worker takes requests from now on.
    Ready,
    /// The worker cannot go on: it could not start, or met an error that it does not survive.
    Crashed {
        /// Why.
        reason: String,
    },
    /// How much of a file has been read.
    Progress {
        /// Its name.
        name: String,
        /// Bytes read.
        done: f64,
        /// All bytes; parsing follows when all are read.
        of: f64,
    },
    /// A file that cannot be read at all.
    Refused {
        /// Number of the file; absent for what was kept.
        id: Option<u32>,
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// What was opened so far.
    Report(Box<Report>),
    /// A piece of the index, whose bytes come beside.
    Piece {
        /// With the one that completes it, what is in it of the reader's own.
        report: Option<Box<Report>>,
    },
    /// A file, whose bytes come beside.
    File {
        /// Its name.
        name: String,
        /// Its media type.
        kind: String,
    },
    /// What a view shows as a file, whose bytes come beside.
    Written,
    /// What was asked for as a file cannot be written.
    NotWritten {
        /// Why.
        reason: String,
    },
    /// What to keep.
    Kept {
        /// JSON that only [`Request::Restore`] understands.
        text: String,
    },
}

/// What the reader said that files do not say; empty texts are not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Id of the model (`family/variant`) by printed name; [`KEEP_NAME`] for a model of its own. The empty name
    /// stands for results that name no model.
    pub models: BTreeMap<String, String>,
    /// Ids of rigs by what files print of the machine; [`NEW_RIG`] for one that is described below, [`SAME_RIG`]
    /// before what files print of another machine, for that one.
    pub rigs: BTreeMap<String, String>,
    /// The same for results that print nothing of it.
    pub hardware: String,
    /// Rigs that are not published, by what files print of them; the empty text for results that print nothing.
    pub described: BTreeMap<String, Described>,
    /// Quants by the word that files print for the weights, which several quants share.
    pub quants: BTreeMap<String, String>,
    /// Quant of results that print nothing of it.
    pub quant: String,
    /// Date of the runs.
    pub date: String,
    /// Engine.
    pub engine: String,
    /// Build of the engine.
    pub build: String,
    /// Backend, as in `Vulkan` or `ROCm 7.2`.
    pub backend: String,
    /// Requests in flight, for results that state no rate of them.
    pub concurrency: String,
    /// The same by what files print of the rate, such as `request rate 4`.
    pub concurrencies: BTreeMap<String, String>,
    /// Repetitions behind each mean that stands alone.
    pub repetitions: String,
    /// Id of the workload shape.
    pub shape: String,
    /// Driver.
    pub driver: String,
    /// Power cap in watts.
    pub power_cap: String,
    /// What was changed on purpose.
    pub mode: String,
    /// Id of the source in run files.
    pub source: String,
}

/// A rig that is not published, as its owner describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Described {
    /// Its name; without one it is none yet.
    pub name: String,
    /// Its memory in GiB.
    pub memory: String,
    /// The peak of its memory bus in GB/s.
    pub bandwidth: String,
}

/// The answer that keeps the printed name of a model.
pub const KEEP_NAME: &str = "keep";

/// The answer for a rig that is described beside.
pub const NEW_RIG: &str = "new";

/// Before what files print of another machine: the answer for the rig that is described for that one.
pub const SAME_RIG: &str = "same:";

/// The most that is kept in a browser, in UTF-16 code units: browsers give a page 5 million.
pub const MOST_KEPT: usize = 4_000_000;

/// An answer that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The field, as in [`super::Fact`].
    pub field: String,
    /// What the files print, where each name has an answer of its own; else empty.
    pub name: String,
    /// What was found and what was expected.
    pub why: String,
}

/// What was opened so far, and what is still asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Each file.
    pub files: Vec<FileReport>,
    /// What results wait for, each once for all files.
    pub questions: Vec<Asked>,
    /// Answers that cannot be used.
    pub refused: Vec<Refused>,
    /// The runs that could be read, at most [`MOST_RUNS`].
    pub runs: Vec<RunReport>,
    /// All runs, and all their results.
    pub counts: (usize, usize),
    /// What a data folder lacks for these runs: paths in the archive.
    pub additions: Vec<String>,
    /// What was opened last and is there already, in words.
    pub again: Option<String>,
    /// True where a mean stands without its repetitions, so that their number would help.
    pub lone_means: bool,
    /// The answers that hold.
    pub answers: Answers,
}

/// The most runs that a report lists.
pub const MOST_RUNS: usize = 200;

/// The most findings of one file that a report lists.
pub const MOST_FINDINGS: usize = 500;

/// What one file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileReport {
    /// Number of the file; absent for what was kept in this browser.
    pub id: Option<u32>,
    /// Its name.
    pub name: String,
    /// What was recognised; absent where nothing was.
    pub format: Option<String>,
    /// Runs that could be read.
    pub runs: usize,
    /// Their results.
    pub results: usize,
    /// Results that wait for an answer; at least so many where nobody counted.
    pub waiting: usize,
    /// What its columns may hold, for a table that no tool wrote.
    pub table: Option<Table>,
    /// What is wrong, at most [`MOST_FINDINGS`]; questions are not repeated here.
    pub findings: Vec<FindingReport>,
    /// How many findings there are.
    pub finding_count: usize,
    /// How many of its results are in what was opened before, by its name: they count once.
    pub already: Vec<(String, usize)>,
    /// True for what was kept in this browser.
    pub is_kept: bool,
    /// What it prints nothing of, so that answers without a name hold for it: fields in words.
    pub told: Vec<String>,
}

/// A table that somebody made: what its columns hold, as proposed or as confirmed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// True where a client timed a server, false where the engine timed itself.
    pub served: bool,
    /// True where a comma stands before the fraction of a number.
    pub comma: bool,
    /// True once the reader confirmed it: nothing is read before.
    pub confirmed: bool,
}

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableColumn {
    /// Its header.
    pub header: String,
    /// The first cell that is not empty.
    pub example: String,
    /// What it holds, see [`super::fields`].
    pub field: String,
    /// The unit; empty for that of the field.
    pub unit: String,
    /// True where a rate is that of all requests in flight together.
    pub all_requests: bool,
    /// True for the ± of the field instead of its value.
    pub spread: bool,
}

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingReport {
    /// The line, from 1.
    pub line: Option<u32>,
    /// The field.
    pub field: String,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
}

/// One fact that results wait for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The field, as in [`crate::import::Question`].
    pub field: String,
    /// What files print in its place: names of models, types of weights, machines, rates of requests.
    pub names: Vec<String>,
    /// Results that wait; 0 where nobody counted.
    pub results: usize,
    /// How many files ask.
    pub files: usize,
}

/// One run that could be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// Its id.
    pub id: String,
    /// What was measured, in words.
    pub title: String,
    /// Its results.
    pub results: usize,
    /// Where its file goes in a data folder.
    pub path: String,
    /// What a data folder lacks for it: paths in the archive.
    pub needs: Vec<String>,
}
