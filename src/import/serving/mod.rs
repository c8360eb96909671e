//! Benchmarks of servers and of engines under load: what their records share.
//!
//! They state times of single requests as a mean, a median and percentiles over the requests, and rates of all
//! requests together. The first become metrics where the definitions agree: decode is 1000 ms by the time per
//! output token, and never by the gap between pieces of a stream. The others are figures with names of their own.

mod genai_bench;
mod inference_perf;
mod inferencex;
mod llm_d;
mod offline;
mod record;
mod sglang;
mod speed_bench;
mod spread;
mod trtllm;
mod vllm;
#[cfg(feature = "yaml")]
mod yaml;

use self::record::{Record, whole};
use super::cell::Cell;
use super::finding::Say;
use super::formats::Format;
use super::json::Object;
use super::names;
use super::shape::Work;
use crate::model::run::{Accelerator, ResultEntry, Timing};
use crate::model::{Figure, Positive, plain};

#[cfg(feature = "yaml")]
pub(super) use self::yaml::object as of_yaml;

/// Whether an object is a record of one benchmark.
type IsRecord = fn(Record<'_>) -> bool;

/// Which of these benchmarks an object is a record of.
pub(super) fn format(object: &Object) -> Option<Format> {
    let record = Record::of(object);
    let known: [(Format, IsRecord); 9] = [
        (Format::InferenceX, inferencex::is_record),
        (Format::SglangServing, sglang::is_record),
        (Format::VllmServe, vllm::is_record),
        (Format::OfflineBench, offline::is_record),
        (Format::TrtllmBench, trtllm::is_record),
        (Format::GenaiBench, genai_bench::is_record),
        (Format::InferencePerf, inference_perf::is_record),
        (Format::LlmdReport, llm_d::is_record),
        (Format::SpeedBench, speed_bench::is_record),
    ];
    known.into_iter().find(|(_, is_record)| is_record(record)).map(|(format, _)| format)
}

/// The results of a record; none for an object that is no record.
pub(super) fn cells(object: &Object, say: &mut Say<'_>) -> Vec<Cell> {
    let record = Record::of(object);
    match format(object) {
        Some(Format::InferenceX) => vec![inferencex::cell(record)],
        Some(Format::SglangServing) => vec![sglang::cell(record, say)],
        Some(Format::VllmServe) => vec![vllm::cell(record, say)],
        Some(Format::OfflineBench) => vec![offline::cell(record, say)],
        Some(Format::TrtllmBench) => vec![trtllm::cell(record)],
        Some(Format::GenaiBench) => genai_bench::cell(record, say).into_iter().collect(),
        Some(Format::InferencePerf) => inference_perf::cell(record, say).into_iter().collect(),
        Some(Format::LlmdReport) => llm_d::cell(record, say).into_iter().collect(),
        Some(Format::SpeedBench) => speed_bench::cells(record, say),
        _ => Vec::new(),
    }
}

/// A cell with the token counts of its requests on average; 0 where they are not known.
fn new_cell(line: u32, tool: &'static str, timing: Timing, tokens: (Option<u32>, Option<u32>)) -> Cell {
    let (prompt, output) = tokens;
    let served = timing == Timing::Served;
    let work = Work { prompt: prompt.unwrap_or(0), output: output.unwrap_or(0), depth: 0, served };
    let mut cell = Cell::new(line, tool, timing, work);
    (cell.result.prompt_tokens, cell.result.output_tokens) = (prompt, output);
    cell
}

/// Takes the name of a model: `zai-org/GLM-5-FP8` is a model and its quant.
fn set_model(cell: &mut Cell, name: Option<String>) {
    if let Some(name) = name {
        let printed = names::of_file(&name);
        cell.name = Some(printed.name).filter(|name| !name.is_empty());
        cell.quant = cell.quant.take().or(printed.quant);
    }
}

/// A total by a count, to the next whole number.
fn average(total: Option<u64>, count: Option<u64>) -> Option<u32> {
    let (total, count) = (total?, count.filter(|&count| count > 0)?);
    u32::try_from(total.saturating_add(count / 2) / count).ok().filter(|&average| average > 0)
}

/// A mean number of tokens, to the next whole number.
fn tokens(mean: Option<f64>) -> Option<u32> {
    u32::try_from(whole(mean?.round())?).ok().filter(|&tokens| tokens > 0)
}

/// Requests in flight; 0 and what no run file can hold are not known.
fn in_flight(count: Option<u64>) -> Option<u16> {
    count.and_then(|count| u16::try_from(count).ok()).filter(|&count| count > 0)
}

/// Adds a figure that is above zero; a zero is a missing value, or a count that says nothing.
fn put(cell: &mut Cell, figure: Figure, value: Option<f64>) {
    if let Some(value) = value.and_then(|value| Positive::try_from(value).ok()) {
        cell.result.figures.insert(figure, value);
    }
}

/// Adds the most requests in flight as measured, unless it is beyond the limit that was set: these tools count
/// whole seconds, and with them requests that only followed each other.
fn put_peak_concurrency(cell: &mut Cell, peak: Option<f64>) {
    let limit = cell.concurrency.map_or(f64::INFINITY, f64::from);
    put(cell, Figure::PeakConcurrency, peak.filter(|peak| *peak <= limit));
}

/// Adds the rate at which requests were sent; without one they were sent at once.
fn set_request_rate(cell: &mut Cell, record: Record<'_>) {
    let rate = record.number("request_rate").map(plain).or_else(|| record.text("request_rate"));
    set(cell, "request_rate", rate, &["inf", "-1"]);
}

/// Adds what was set, unless it is what the tool does by itself.
fn set(cell: &mut Cell, name: &str, value: Option<String>, default: &[&str]) {
    if let Some(value) = value.filter(|value| !value.is_empty() && !default.contains(&value.as_str())) {
        let name = name.chars().take(60).collect();
        cell.settings.other.insert(name, names::without_folders(&value).to_owned());
    }
}

fn set_all(cell: &mut Cell, record: Record<'_>, names: &[&str], default: &[&str]) {
    for name in names {
        set(cell, name, record.scalar(name), default);
    }
}

/// How many requests finished and failed, and what a failed one said.
#[derive(Clone, Debug, Default)]
struct Requests {
    finished: Option<u64>,
    failed: u64,
    error: Option<String>,
}

/// Counts requests. Where none finished, the result is a failed one without figures: a tool that averages over
/// nothing prints zeros.
fn count_requests(cell: &mut Cell, requests: &Requests, say: &mut Say<'_>) {
    let Requests { finished, failed, error } = requests;
    let words = error.as_deref().map(without_private).filter(|words| !words.is_empty());
    let words = words.map(|words| format!(": {words}")).unwrap_or_default();
    if *finished == Some(0) {
        let text = match failed {
            0 => format!("no request finished{words}"),
            1 => format!("the only request failed{words}"),
            count => format!("all {count} requests failed{words}"),
        };
        say.at(
            cell.line,
            "completed",
            text.clone(),
            "at least one request that finished; the result is a failed one",
        );
        let empty = ResultEntry::default();
        cell.result = ResultEntry { failed: Some(text), ..empty };
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "more requests than 2^53 are no benchmark")]
    let number = |count: u64| Some(count as f64);
    put(cell, Figure::Requests, finished.and_then(number));
    put(cell, Figure::FailedRequests, number(*failed));
    if *failed > 0 {
        let all =
            finished.map(|finished| format!(" of {}", finished.saturating_add(*failed))).unwrap_or_default();
        let found = format!("{failed}{all} requests that failed{words}");
        say.at(cell.line, "failed", found, "requests that finish; the figures are those of the others");
    }
}

/// What a failed request said, on one line and without addresses, folders and keys.
fn without_private(error: &str) -> String {
    let first = error.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    // What follows may repeat the request.
    let first = first.split(['{', '[']).next().unwrap_or_default().trim_end_matches([' ', ':']);
    let words = first.split(' ').map(|word| {
        let private = word.contains(['/', '\\', '@', '=']) || word.starts_with("sk-") || word.len() > 40;
        if private { "…" } else { word }
    });
    words.collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

/// Parameters that somebody added to a record, but for what nobody should publish.
fn is_private(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = [
        "key", "secret", "passw", "auth", "header", "url", "host", "user", "path", "dir", "file", "prompt",
        "text", "cookie", "address", "token_id", "email", "error",
    ];
    words.iter().any(|word| name.contains(word)) || name.ends_with("token")
}

/// The engine behind a word, in the case that it has elsewhere.
fn engine_name(word: &str) -> String {
    match word.to_ascii_lowercase().as_str() {
        "vllm" => "vLLM".to_owned(),
        "sglang" => "SGLang".to_owned(),
        "trt" | "trtllm" | "tensorrt-llm" => "TensorRT-LLM".to_owned(),
        _ => word.to_owned(),
    }
}

/// What computes on a machine of this name.
fn accelerator(machine: &str) -> Option<Accelerator> {
    let machine = machine.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| machine.contains(word));
    let starts = |words: &[&str]| words.iter().any(|word| machine.starts_with(word));
    if has(&["nvidia"]) || starts(&["h100", "h200", "b200", "b300", "gb200", "gb300", "a100", "l40", "rtx"]) {
        Some(Accelerator::Cuda)
    } else if has(&["amd-instinct", "amd instinct"]) || starts(&["mi300", "mi325", "mi350", "mi355", "mi250"])
    {
        Some(Accelerator::Rocm)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_keep_their_words_and_nothing_private() {
        for (error, expected) in [
            ("Internal Server Error", "Internal Server Error"),
            ("Internal Server Error: {\"error\": {\"prompt\": \"x\"}}", "Internal Server Error"),
            ("Cannot connect to host http://10.0.0.3:8000/v1\nTraceback /home/x", "Cannot connect to host …"),
            ("401 for sk-abcdef", "401 for …"),
            ("", ""),
        ] {
            assert_eq!(without_private(error), expected);
        }
    }

    #[test]
    fn averages_are_whole_and_never_zero() {
        assert_eq!(average(Some(262), Some(8)), Some(33));
        assert_eq!(
            (average(Some(0), Some(8)), average(Some(5), Some(0)), average(None, None)),
            (None, None, None)
        );
        assert_eq!((tokens(Some(200.68)), tokens(Some(-1.0)), tokens(Some(0.2))), (Some(201), None, None));
        assert_eq!((in_flight(Some(4)), in_flight(Some(0)), in_flight(Some(70_000))), (Some(4), None, None));
    }

    #[test]
    fn what_nobody_should_publish_is_no_setting() {
        assert!(["api_key", "hf_token", "Authorization", "base_url", "prompt"].into_iter().all(is_private));
        assert!(!["tensor_parallel_size", "gpu", "max_num_batched_tokens"].into_iter().any(is_private));
    }
}
