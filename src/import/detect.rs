//! Which tool a text comes from, by what it holds and never by its name; and reading it.

use super::assemble::{Cell, assemble};
use super::fields::Fields;
use super::finding::Say;
use super::json::{self, Object};
use super::known::{Imported, Known};
use super::markdown::{self, Tool};
use super::report::{is_report, read_report};
use super::text::text;
use super::{batched_bench, llama_bench, llama_server, serving};

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
    pub const ALL: [Self; 18] = [
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
    let objects = objects(&text, &mut say);
    objects.iter().find_map(of_object).or_else(|| of_text(&text))
}

/// Reads a file of any format.
///
/// Never fails: what cannot be read is a finding, and so is a file of no known format.
pub fn read(bytes: &[u8], known: &Known<'_>) -> Imported {
    let mut say = Say::new(known.file);
    let text = text(bytes, &mut say);
    // What is wrong with JSON only matters where the file is meant to be JSON.
    let mut of_json = Say::new(known.file);
    let objects = objects(&text, &mut of_json);
    if objects.iter().any(|object| of_object(object).is_some()) {
        say.findings.append(&mut of_json.findings);
        let cells = of_objects(objects, &mut say);
        return assemble(cells, known, say);
    }
    let cells = match of_text(&text) {
        Some(Format::LlamaBenchSql) => of_records(llama_bench::from_sql(&text, &mut say), &mut say),
        Some(Format::LlamaBenchCsv) => of_records(llama_bench::from_csv(&text, &mut say), &mut say),
        Some(Format::LlamaBenchTable | Format::BatchedBenchTable) => markdown::cells(&text, &mut say),
        Some(Format::ServerLog) => llama_server::from_log(&text, &mut say),
        Some(Format::Report) => {
            let mut imported = read_report(&text, known).unwrap_or_default();
            if known.source.is_empty() && !imported.runs.is_empty() {
                say.whole(
                    "no source",
                    "the id of the source that the file is, given beside; its runs are left out",
                );
                imported.runs.clear();
            }
            for run in &mut imported.runs {
                run.power_cap_w = run.power_cap_w.or(known.power_cap_w);
                run.driver = run.driver.take().or_else(|| known.driver.map(str::to_owned));
            }
            imported.findings.append(&mut say.findings);
            return imported;
        }
        _ => {
            say.findings.append(&mut of_json.findings);
            let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
            say.whole("nothing that is known", format!("one of: {}", names.join(", ")));
            Vec::new()
        }
    };
    assemble(cells, known, say)
}

/// The objects of a text: of JSON, or of a report that is YAML where that can be read.
fn objects(text: &str, say: &mut Say<'_>) -> Vec<Object> {
    #[cfg(feature = "cli")]
    if let Some(report) = serving::of_yaml(text, say) {
        return vec![report];
    }
    json::objects(text, say)
}

fn of_object(object: &Object) -> Option<Format> {
    if llama_bench::is_watched(object) {
        return Some(Format::LlamaBenchJson);
    }
    let fields = Fields::from(object.clone());
    if llama_bench::is_record(&fields) {
        Some(Format::LlamaBenchJson)
    } else if batched_bench::is_record(&fields) {
        Some(Format::BatchedBenchJson)
    } else if llama_server::is_record(object) {
        Some(Format::ServerTimings)
    } else {
        serving::format(object)
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

/// The results of JSON objects, each read by its own tool; those of no tool are counted.
fn of_objects(objects: Vec<Object>, say: &mut Say<'_>) -> Vec<Cell> {
    let (mut cells, mut answers) = (Vec::new(), Vec::new());
    // The first line of each kind, and how many there are.
    let mut unknown: Option<(u32, usize)> = None;
    let mut empty: Option<(u32, usize)> = None;
    for object in objects {
        if serving::format(&object).is_some() {
            cells.extend(serving::cells(&object, say));
            continue;
        }
        match of_object(&object) {
            Some(Format::LlamaBenchJson) if llama_bench::is_empty(&object) => {
                empty.get_or_insert((object.line, 0)).1 += 1;
            }
            Some(Format::LlamaBenchJson) if llama_bench::is_watched(&object) => {
                cells.extend(llama_bench::watched(object, say));
            }
            Some(Format::LlamaBenchJson) => cells.extend(llama_bench::cell(object.into(), say)),
            Some(Format::BatchedBenchJson) => cells.extend(batched_bench::cell(object.into(), say)),
            Some(_) => answers.push(object),
            // Parts of a stream before its first token have no timings yet.
            None if object.fields.contains_key("choices") => {}
            None => unknown.get_or_insert((object.line, 0)).1 += 1,
        }
    }
    cells.extend(llama_server::from_objects(answers, say));
    if let Some((line, count)) = empty {
        let noun = if count == 1 { "record" } else { "records" };
        say.at(line, "bench_raw", format!("{count} {noun} without a result"), "one of llama-bench; left out");
    }
    if let Some((line, count)) = unknown {
        let noun = if count == 1 { "object" } else { "objects" };
        say.at(
            line,
            "",
            format!("{count} {noun} of no known tool"),
            "records of one tool; they are left out",
        );
    }
    cells
}

fn of_records(records: Vec<Fields>, say: &mut Say<'_>) -> Vec<Cell> {
    records.into_iter().filter_map(|fields| llama_bench::cell(fields, say)).collect()
}
