//! What is wrong, and where.

use std::fmt;

use crate::model::Problem;

/// A problem and the line it was found on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Line in the file, from 1; absent where the problem is the file itself.
    pub line: Option<u32>,
    /// File, field, what was found, what was expected.
    pub problem: Problem,
}

#[cfg(feature = "cli")]
impl Finding {
    /// A finding about a whole file or folder.
    pub(super) fn about(file: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        let (file, field) = (file.to_owned(), String::new());
        let problem = Problem { file, field, found: found.into(), expected: expected.into() };
        Self { line: None, problem }
    }
}

impl Ord for Finding {
    /// By file, then by line, then by what the problem says.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let (ours, theirs) = (&self.problem, &other.problem);
        ours.file.cmp(&theirs.file).then(self.line.cmp(&other.line)).then_with(|| ours.cmp(theirs))
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Finding {
    /// `file:line: field: found X, expected Y`, without the parts that are not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { file, field, found, expected } = &self.problem;
        f.write_str(file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !field.is_empty() {
            write!(f, ": {field}")?;
        }
        write!(f, ": found {found}, expected {expected}")
    }
}

/// Where findings of one text go.
#[derive(Debug)]
pub(super) struct Say<'a> {
    pub(super) file: &'a str,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Say<'a> {
    pub(super) fn new(file: &'a str) -> Self {
        Self { file, findings: Vec::new() }
    }

    pub(super) fn at(
        &mut self,
        line: u32,
        field: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.add(Some(line), field, found.into(), expected.into());
    }

    /// A finding about the whole text.
    pub(super) fn whole(&mut self, found: impl Into<String>, expected: impl Into<String>) {
        self.add(None, "", found.into(), expected.into());
    }

    fn add(&mut self, line: Option<u32>, field: &str, found: String, expected: String) {
        let problem = Problem { file: self.file.to_owned(), field: field.to_owned(), found, expected };
        self.findings.push(Finding { line, problem });
    }
}

/// Longest piece of a file that a finding repeats, in characters.
pub(super) const LONGEST_QUOTE: usize = 60;

/// Text in quotes, cut when long, with everything that could disturb a terminal escaped.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

/// A problem in a text whose file is not known here.
#[cfg(feature = "yaml")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// Line, from 1.
    pub(super) line: u32,
    /// The field that is named to the reader, such as `results[2].ttft_ms`.
    pub(super) field: String,
    /// The path of what is missing or unusable; differs from `field` for a missing field, which is
    /// named at the mapping that lacks it.
    pub(super) place: String,
    /// What is there.
    pub(super) found: String,
    /// What should be there.
    pub(super) expected: String,
}

#[cfg(feature = "yaml")]
impl Flaw {
    /// The same problem with the name of its file.
    pub(super) fn in_file(&self, file: &str) -> Finding {
        let problem = Problem {
            file: file.to_owned(),
            field: self.field.clone(),
            found: self.found.clone(),
            expected: self.expected.clone(),
        };
        Finding { line: Some(self.line), problem }
    }
}
