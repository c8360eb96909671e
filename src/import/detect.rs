//! Which tool a text comes from, by what it holds and never by its name; and reading it.

use super::assemble::{Assembly, Cell};
use super::fields::Fields;
use super::finding::Say;
use super::json::{self, Object};
use super::known::{Imported, Known};
use super::markdown::{self, Tool};
use super::report::{is_report, read_report};
use super::text::text;
use super::{batched_bench, llama_bench, llama_server};

/// A kind of text that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Records of `llama-bench` as JSON, one or many, in a list or on lines.
    LlamaBenchJson,
    /// `llama-bench` with `-o csv`.
    LlamaBenchCsv,
    /// `llama-bench` with `-o sql`.
    LlamaBenchSql,
    /// Tables of `llama-bench`, wherever they were pasted.
    LlamaBenchTable,
    /// Rows of `llama-batched-bench` as JSON lines.
    BatchedBenchJson,
    /// Tables of `llama-batched-bench`.
    BatchedBenchTable,
    /// Answers of `llama-server` with their timings, streamed or not.
    ServerTimings,
    /// A log of `llama-server`.
    ServerLog,
    /// A Markdown report, see [`super::report`].
    Report,
}

impl Format {
    /// Every format, in the order in which they are looked for.
    pub const ALL: [Self; 9] = [
        Self::LlamaBenchJson,
        Self::BatchedBenchJson,
        Self::ServerTimings,
        Self::LlamaBenchSql,
        Self::LlamaBenchCsv,
        Self::LlamaBenchTable,
        Self::BatchedBenchTable,
        Self::Report,
        Self::ServerLog,
    ];

    /// What it is called in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlamaBenchJson => "llama-bench JSON",
            Self::LlamaBenchCsv => "llama-bench CSV",
            Self::LlamaBenchSql => "llama-bench SQL",
            Self::LlamaBenchTable => "llama-bench table",
            Self::BatchedBenchJson => "llama-batched-bench JSON lines",
            Self::BatchedBenchTable => "llama-batched-bench table",
            Self::ServerTimings => "llama-server timings",
            Self::ServerLog => "llama-server log",
            Self::Report => "Markdown report",
        }
    }
}

/// The format of a file; `None` where it is none that can be read.
///
/// A file may hold several, such as tables of two tools: this is the one that is met first.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    let mut say = Say::new("");
    let text = text(bytes, &mut say);
    let mut found = None;
    json::each(&text, &mut say, &mut |fields, _| found = found.or_else(|| of_fields(&fields)));
    found.or_else(|| of_text(&text))
}

/// Reads a file of any format.
///
/// Never fails: what cannot be read is a finding, and so is a file of no known format.
pub fn read(bytes: &[u8], known: &Known<'_>) -> Imported {
    let mut imported = read_any(bytes, known);
    if imported.runs.is_empty() && imported.findings.is_empty() {
        let mut say = Say::new(known.file);
        say.whole("no result", "at least one; nothing else is wrong with the file");
        imported.findings = say.findings;
    }
    imported
}

fn read_any(bytes: &[u8], known: &Known<'_>) -> Imported {
    let mut say = Say::new(known.file);
    let text = text(bytes, &mut say);
    let mut assembly = Assembly::new(known);
    // What is wrong with JSON only matters where the file is meant to be JSON.
    let mut of_json = Say::new(known.file);
    let mut objects = Objects::default();
    json::each(&text, &mut of_json, &mut |fields, say| objects.take(fields, &mut assembly, say));
    if let Some(format) = objects.format {
        say.findings.append(&mut of_json.findings);
        objects.finish(&mut assembly, &mut say);
        return Imported { format: Some(format), ..assembly.finish(say) };
    }
    let format = of_text(&text);
    let cells = match format {
        Some(Format::LlamaBenchSql) => of_records(llama_bench::from_sql(&text, &mut say), &mut say),
        Some(Format::LlamaBenchCsv) => of_records(llama_bench::from_csv(&text, &mut say), &mut say),
        Some(Format::LlamaBenchTable | Format::BatchedBenchTable) => markdown::cells(&text, &mut say),
        Some(Format::ServerLog) => llama_server::from_log(&text, &mut say),
        Some(Format::Report) => return of_report(&text, known, say),
        _ => {
            say.findings.append(&mut of_json.findings);
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
            say.whole("nothing that is known", format!("one of: {}", names.join(", ")));
            Vec::new()
        }
    };
    for cell in cells {
        assembly.cell(cell, &mut say);
    }
    Imported { format, ..assembly.finish(say) }
}

fn of_report(text: &str, known: &Known<'_>, mut say: Say<'_>) -> Imported {
    let mut imported = read_report(text, known).unwrap_or_default();
    imported.format = Some(Format::Report);
    if known.source.is_empty() && !imported.runs.is_empty() {
        say.whole("no source", "the id of the source that the file is, given beside; its runs are left out");
        imported.runs.clear();
    }
    for run in &mut imported.runs {
        run.power_cap_w = run.power_cap_w.or(known.power_cap_w);
        run.driver = run.driver.take().or_else(|| known.driver.map(str::to_owned));
    }
    imported.findings.append(&mut say.findings);
    imported
}

fn of_fields(fields: &Fields<'_>) -> Option<Format> {
    if llama_bench::is_record(fields) {
        Some(Format::LlamaBenchJson)
    } else if batched_bench::is_record(fields) {
        Some(Format::BatchedBenchJson)
    } else if llama_server::is_record(fields) {
        Some(Format::ServerTimings)
    } else {
        None
    }
}

/// JSON objects, each read by its own tool as soon as it is there; those of no tool are counted.
#[derive(Default)]
struct Objects {
    /// The first format that is known.
    format: Option<Format>,
    /// Records of `llama-bench`.
    campaign: llama_bench::Campaign,
    /// Answers of a server, of which several may be one result.
    answers: Vec<Object>,
    /// The line of the first object of no tool, and how many there are.
    unknown: Option<(u32, usize)>,
}

impl Objects {
    fn take(&mut self, fields: Fields<'_>, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        let format = of_fields(&fields);
        self.format = self.format.or(format);
        let cell = match format {
            Some(Format::LlamaBenchJson) => {
                self.campaign.take(fields, assembly, say);
                None
            }
            Some(Format::BatchedBenchJson) => batched_bench::cell(fields, say),
            Some(_) => {
                self.answers.push(fields.into());
                None
            }
            None => {
                // Parts of a stream before its first token have no timings yet.
                if !fields.has("choices") {
                    self.unknown.get_or_insert((fields.line, 0)).1 += 1;
                }
                None
            }
        };
        if let Some(cell) = cell {
            assembly.cell(cell, say);
        }
    }

    fn finish(self, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        for cell in llama_server::from_objects(self.answers, say) {
            assembly.cell(cell, say);
        }
        if let Some((line, count)) = self.unknown {
            let noun = if count == 1 { "object" } else { "objects" };
            let found = format!("{count} {noun} of no known tool");
            say.at(line, "", found, "records of one tool; they are left out");
        }
    }
}

fn of_text(text: &str) -> Option<Format> {
    if llama_bench::is_sql(text) {
        return Some(Format::LlamaBenchSql);
    }
    if llama_bench::is_csv(text) {
        return Some(Format::LlamaBenchCsv);
    }
    match markdown::tool(text) {
        Some(Tool::Bench) => Some(Format::LlamaBenchTable),
        Some(Tool::Batched) => Some(Format::BatchedBenchTable),
        None if is_report(text) => Some(Format::Report),
        None => llama_server::is_log(text).then_some(Format::ServerLog),
    }
}

fn of_records(records: Vec<Fields<'_>>, say: &mut Say<'_>) -> Vec<Cell> {
    records.into_iter().filter_map(|fields| llama_bench::cell(fields, say)).collect()
}
