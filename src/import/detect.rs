//! Which tool a text comes from, by what it holds and never by its name; and reading it.

use super::assemble::{Assembly, Cell};
use super::fields::Fields;
use super::finding::Say;
use super::json::{self, Object};
use super::known::{Imported, Known};
use super::markdown::{self, Tool};
use super::report::{is_report, read_report};
use super::text::text;
use super::{batched_bench, clients, llama_bench, llama_server, serving};

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
    /// GuideLLM's `benchmarks.json`.
    GuidellmJson,
    /// GuideLLM's CSV with three header rows.
    GuidellmCsv,
    /// AIPerf's summary.
    AiperfJson,
    /// AIPerf's summary as CSV.
    AiperfCsv,
    /// AIPerf's records of single requests, as JSON lines.
    AiperfRecords,
    /// genai-perf's summary.
    GenaiPerfJson,
    /// genai-perf's summary as CSV.
    GenaiPerfCsv,
    /// llama-benchy's JSON.
    BenchyJson,
    /// llama-benchy's Markdown tables.
    BenchyTable,
    /// llama-benchy's CSV.
    BenchyCsv,
    /// Answers of Ollama's API with their timings, streamed or not.
    OllamaJson,
    /// What `ollama run --verbose` prints below an answer.
    OllamaVerbose,
    /// Comma-separated values with the fields of Ollama's API.
    OllamaTable,
    /// LocalScore's JSON.
    LocalscoreJson,
    /// An export of the database of LocalScore's site.
    LocalscoreExport,
    /// A benchmark or report of optimum-benchmark.
    OptimumJson,
    /// Tables of optimum-benchmark.
    OptimumCsv,
    /// What `mlx_lm.benchmark` prints.
    MlxBenchmark,
    /// What `mlx_lm.generate` prints below a text.
    MlxGenerate,
    /// Tables of mlx-lm's `BENCHMARKS.md`.
    MlxTable,
    /// A conversation of `llama-cli` with its rates.
    LlamaCli,
    /// A Markdown report, see [`super::report`].
    Report,
    /// `vllm bench serve` and its sweeps.
    VllmServe,
    /// `sglang.benchmark.serving`, before `bench_serving`.
    SglangServing,
    /// Summaries of InferenceX.
    InferenceX,
    /// Batches and throughput without a server, of vLLM and SGLang.
    OfflineBench,
    /// `trtllm-bench` with `--report_json`.
    TrtllmBench,
    /// genai-bench.
    GenaiBench,
    /// inference-perf.
    InferencePerf,
    /// Benchmark reports of llm-d.
    LlmdReport,
    /// `speed_bench.py` of llama.cpp.
    SpeedBench,
}

impl Format {
    /// Every format, in the order in which they are looked for.
    pub const ALL: &[Self] = &[
        Self::LlamaBenchJson,
        Self::BatchedBenchJson,
        Self::ServerTimings,
        Self::VllmServe,
        Self::SglangServing,
        Self::InferenceX,
        Self::OfflineBench,
        Self::TrtllmBench,
        Self::GenaiBench,
        Self::InferencePerf,
        Self::LlmdReport,
        Self::SpeedBench,
        Self::GuidellmJson,
        Self::GuidellmCsv,
        Self::AiperfJson,
        Self::AiperfCsv,
        Self::AiperfRecords,
        Self::GenaiPerfJson,
        Self::GenaiPerfCsv,
        Self::BenchyJson,
        Self::BenchyTable,
        Self::BenchyCsv,
        Self::OllamaJson,
        Self::OllamaVerbose,
        Self::OllamaTable,
        Self::LocalscoreJson,
        Self::LocalscoreExport,
        Self::OptimumJson,
        Self::OptimumCsv,
        Self::MlxBenchmark,
        Self::MlxGenerate,
        Self::MlxTable,
        Self::LlamaCli,
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
            Self::GuidellmJson => "GuideLLM JSON",
            Self::GuidellmCsv => "GuideLLM CSV",
            Self::AiperfJson => "AIPerf JSON",
            Self::AiperfCsv => "AIPerf CSV",
            Self::AiperfRecords => "AIPerf records",
            Self::GenaiPerfJson => "genai-perf JSON",
            Self::GenaiPerfCsv => "genai-perf CSV",
            Self::BenchyJson => "llama-benchy JSON",
            Self::BenchyTable => "llama-benchy table",
            Self::BenchyCsv => "llama-benchy CSV",
            Self::OllamaJson => "Ollama answers",
            Self::OllamaVerbose => "Ollama --verbose",
            Self::OllamaTable => "table of Ollama timings",
            Self::LocalscoreJson => "LocalScore JSON",
            Self::LocalscoreExport => "LocalScore database",
            Self::OptimumJson => "optimum-benchmark JSON",
            Self::OptimumCsv => "optimum-benchmark CSV",
            Self::MlxBenchmark => "mlx_lm.benchmark output",
            Self::MlxGenerate => "mlx_lm.generate output",
            Self::MlxTable => "mlx-lm table",
            Self::LlamaCli => "llama-cli output",
            Self::Report => "Markdown report",
            Self::VllmServe => "vLLM bench serve",
            Self::SglangServing => "SGLang serving benchmark",
            Self::InferenceX => "InferenceX summary",
            Self::OfflineBench => "vLLM or SGLang offline benchmark",
            Self::TrtllmBench => "trtllm-bench report",
            Self::GenaiBench => "genai-bench result",
            Self::InferencePerf => "inference-perf summary",
            Self::LlmdReport => "llm-d benchmark report",
            Self::SpeedBench => "speed_bench.py result",
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
    each(&text, &mut say, &mut |fields, _| {
        found = found.or_else(|| Record::of(fields).ok().map(|record| record.format()));
    });
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
    each(&text, &mut of_json, &mut |fields, say| objects.take(fields, &mut assembly, say));
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
        Some(format) => clients::from_text(format, &text, &mut say),
        None if clients::say_no_result(&text, &objects.others, &mut say) => Vec::new(),
        None => {
            say.findings.append(&mut of_json.findings);
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
            say.whole("nothing that is known", format!("one of: {}", names.join(", ")));
            Vec::new()
        }
    };
    Imported { format, ..Assembly::of(cells, known, say) }
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

/// The objects of a text: of JSON, or of a report that is YAML where that can be read.
fn each(text: &str, say: &mut Say<'_>, take: &mut json::Take<'_>) {
    #[cfg(feature = "cli")]
    if let Some(report) = serving::of_yaml(text, say) {
        return take(report.into(), say);
    }
    json::each(text, say, take);
}

/// An object whose tool is known.
enum Record<'a> {
    /// A record of the tools of llama.cpp, of which there may be very many.
    Fields(Format, Fields<'a>),
    /// The result of any other tool.
    Object(Format, Object),
}

impl<'a> Record<'a> {
    /// The object, or what it is where no tool is known.
    fn of(fields: Fields<'a>) -> Result<Self, Object> {
        if llama_bench::is_record(&fields) {
            return Ok(Self::Fields(Format::LlamaBenchJson, fields));
        }
        if batched_bench::is_record(&fields) {
            return Ok(Self::Fields(Format::BatchedBenchJson, fields));
        }
        let is_answer = llama_server::is_record(&fields);
        let object = Object::from(fields);
        if llama_bench::is_watched(&object) {
            return Ok(Self::Object(Format::LlamaBenchJson, object));
        }
        let answer = is_answer.then_some(Format::ServerTimings);
        match answer.or_else(|| serving::format(&object)).or_else(|| clients::of_object(&object)) {
            Some(format) => Ok(Self::Object(format, object)),
            None => Err(object),
        }
    }

    const fn format(&self) -> Format {
        match self {
            Self::Fields(format, _) | Self::Object(format, _) => *format,
        }
    }
}

/// Most objects of no tool that are kept, to say what they are.
const MOST_OTHERS: usize = 20;

/// JSON objects, each read by its own tool as soon as it is there; those of no tool are counted.
#[derive(Default)]
struct Objects {
    /// The first format that is known.
    format: Option<Format>,
    /// Records of `llama-bench`.
    campaign: llama_bench::Campaign,
    /// Answers of a server, of which several may be one result.
    answers: Vec<Object>,
    /// The line of the first record around nothing, and how many there are.
    empty: Option<(u32, usize)>,
    /// Objects of single requests and others that only together are a result, each with its format.
    of_clients: Vec<(Format, Object)>,
    /// The first objects of no tool.
    others: Vec<Object>,
    /// How many there are of them.
    unknown: usize,
}

impl Objects {
    fn take(&mut self, fields: Fields<'_>, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        let record = match Record::of(fields) {
            Ok(record) => record,
            Err(object) => {
                // Parts of a stream before its first token, or before its last message, have no timings yet.
                if !["choices", "done"].iter().any(|part| object.fields.contains_key(*part)) {
                    self.unknown += 1;
                    if self.others.len() < MOST_OTHERS {
                        self.others.push(object);
                    }
                }
                return;
            }
        };
        self.format = self.format.or(Some(record.format()));
        let cells = match record {
            Record::Fields(Format::LlamaBenchJson, fields) => {
                return self.campaign.take(fields, assembly, say);
            }
            Record::Fields(_, fields) => Vec::from_iter(batched_bench::cell(fields, say)),
            Record::Object(Format::ServerTimings, object) => return self.answers.push(object),
            Record::Object(Format::LlamaBenchJson, object) if llama_bench::is_empty(&object) => {
                self.empty.get_or_insert((object.line, 0)).1 += 1;
                return;
            }
            Record::Object(Format::LlamaBenchJson, object) => {
                Vec::from_iter(llama_bench::watched(object, say))
            }
            Record::Object(_, object) if serving::format(&object).is_some() => serving::cells(&object, say),
            Record::Object(format, object) => return self.of_clients.push((format, object)),
        };
        for cell in cells {
            assembly.cell(cell, say);
        }
    }

    fn finish(self, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        let answers = llama_server::from_objects(self.answers, say);
        for cell in answers.into_iter().chain(clients::from_objects(self.of_clients, say)) {
            assembly.cell(cell, say);
        }
        if let Some((line, count)) = self.empty {
            let noun = if count == 1 { "record" } else { "records" };
            say.at(
                line,
                "bench_raw",
                format!("{count} {noun} without a result"),
                "one of llama-bench; left out",
            );
        }
        if let Some(first) = self.others.first() {
            let noun = if self.unknown == 1 { "object" } else { "objects" };
            let found = format!("{} {noun} of no known tool", self.unknown);
            say.at(first.line, "", found, "records of one tool; they are left out");
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
    if let Some(format) = clients::of_text(text) {
        return Some(format);
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
