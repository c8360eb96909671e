//! AIPerf's records of single requests, one on each line: the only file it leaves where every request failed.
//!
//! What its summary says of all requests is made of them by the same definitions, with tokens as the server
//! counted them where it did.

use serde_json::Value;

use super::aiperf::of_error;
use super::campaign::{Campaign, Stat};
use super::value::number;
use crate::import::date;
use crate::import::finding::Say;
use crate::import::json::Object;
use crate::model::run::Settings;
use crate::model::{Figure, Quantity};
use crate::stats;

/// True for a record.
pub(super) fn is_record(object: &Object) -> bool {
    let metadata = object.fields.get("metadata");
    metadata.is_some_and(|metadata| metadata.get("benchmark_phase").is_some())
        && (object.fields.contains_key("metrics") || object.fields.contains_key("error"))
}

/// Nanoseconds since 1970, which are beyond what a float holds.
fn nanoseconds(record: &Value, name: &str) -> Option<u64> {
    record.get("metadata")?.get(name)?.as_u64()
}

/// One finished request.
struct Request {
    ttft_ms: Option<f64>,
    latency_ms: Option<f64>,
    prompt: Option<f64>,
    output: Option<f64>,
}

/// False for a request that only warmed the server up.
fn is_measured(record: &Value) -> bool {
    let phase = record.pointer("/metadata/benchmark_phase").and_then(Value::as_str);
    phase.is_none_or(|phase| phase == "profiling")
}

fn was_cancelled(record: &Value) -> bool {
    record.pointer("/metadata/was_cancelled").and_then(Value::as_bool) == Some(true)
}

/// Finished requests, and whether the server counted the tokens of all their answers.
fn requests(finished: &[&Value]) -> (Vec<Request>, bool) {
    let value = |record: &Value, tag: &str| number(record, &format!("/metrics/{tag}/value"));
    let of_all = |tag: &str| finished.iter().all(|record| value(record, tag).is_some());
    let tag = |server: &'static str, client: &'static str| if of_all(server) { server } else { client };
    let prompt = tag("usage_prompt_tokens", "input_sequence_length");
    let output = tag("usage_completion_tokens", "output_sequence_length");
    let request = |record: &&Value| Request {
        ttft_ms: value(record, "time_to_first_token"),
        latency_ms: value(record, "request_latency"),
        prompt: value(record, prompt),
        output: value(record, output),
    };
    (finished.iter().map(request).collect(), of_all("usage_completion_tokens"))
}

/// The measurement behind all records of a file.
pub(super) fn campaigns(objects: Vec<Object>, say: &mut Say<'_>) -> Vec<Campaign> {
    let Some(line) = objects.first().map(|object| object.line) else { return Vec::new() };
    let records: Vec<Value> = objects.into_iter().map(|object| Value::Object(object.fields)).collect();
    let of_phase: Vec<&Value> = records.iter().filter(|record| is_measured(record)).collect();
    if of_phase.is_empty() {
        say.at(line, "benchmark_phase", "no record of the measurement", "records of the phase profiling");
        return Vec::new();
    }
    let measured: Vec<&Value> = of_phase.iter().copied().filter(|record| !was_cancelled(record)).collect();
    let cut_off = of_phase.len() - measured.len();
    let (failed, finished): (Vec<&Value>, Vec<&Value>) =
        measured.iter().partition(|record| record.get("error").is_some_and(|error| !error.is_null()));
    let (requests, server_counts) = requests(&finished);
    let ends = finished.iter().filter_map(|record| nanoseconds(record, "request_end_ns")).max();
    let starts = measured.iter().filter_map(|record| nanoseconds(record, "request_start_ns")).min();
    let seconds = starts.zip(ends).and_then(|(start, end)| {
        let nanoseconds = end.checked_sub(start).filter(|&nanoseconds| nanoseconds > 0)?;
        Some(nanoseconds as f64 / 1e9)
    });
    let sum = |of: fn(&Request) -> Option<f64>| -> Option<f64> { requests.iter().map(of).sum() };
    let (input, output) = (sum(|request| request.prompt), sum(|request| request.output));
    let per_second = |sum: Option<f64>| Some(sum? / seconds?);
    let mut remarks = Vec::new();
    if server_counts && !finished.is_empty() {
        remarks.push("Tokens are those that the server counted.".to_owned());
    }
    let count = requests.len() as f64;
    vec![Campaign {
        line,
        tool: "aiperf",
        date: starts.and_then(|start| date::of_epoch(start / 1_000_000_000)),
        prompt: mean(&requests, |request| request.prompt),
        output: mean(&requests, |request| request.output),
        quantities: quantities(&requests, &finished),
        figures: vec![
            (Figure::RequestPerS, per_second(Some(count))),
            (Figure::SystemOutput, per_second(output)),
            (Figure::SystemInput, per_second(input)),
            (Figure::SystemTotal, per_second(input.zip(output).map(|(input, output)| input + output))),
            (Figure::TotalInput, input),
            (Figure::TotalOutput, output),
            (Figure::Duration, seconds),
            (Figure::IncompleteRequests, Some(cut_off as f64)),
        ],
        finished: Some(count),
        failed: failed.len() as f64,
        error: failed.iter().find_map(|record| of_error(record.get("error")?)),
        settings: Settings {
            other: [("client".to_owned(), "AIPerf".to_owned())].into(),
            ..Settings::default()
        },
        remarks,
        ..Campaign::default()
    }]
}

fn mean(requests: &[Request], of: impl Fn(&Request) -> Option<f64>) -> Option<f64> {
    stats::mean(&requests.iter().filter_map(of).collect::<Vec<_>>())
}

fn quantities(requests: &[Request], records: &[&Value]) -> Vec<(Quantity, Stat)> {
    let over = |of: &dyn Fn(&Request) -> Option<f64>| -> Stat {
        Stat::of_values(&requests.iter().filter_map(of).collect::<Vec<_>>())
    };
    let tpot = |request: &Request| {
        let steps = request.output.filter(|&output| output > 1.0)? - 1.0;
        Some((request.latency_ms? - request.ttft_ms?) / steps)
    };
    let decode = |request: &Request| tpot(request).filter(|&ms| ms > 0.0).map(|ms| 1e3 / ms);
    let output = |request: &Request| Some(request.output? * 1e3 / request.latency_ms.filter(|&ms| ms > 0.0)?);
    let prefill = |request: &Request| Some(request.prompt? * 1e3 / request.ttft_ms.filter(|&ms| ms > 0.0)?);
    let gaps: Vec<f64> = records
        .iter()
        .filter_map(|record| record.pointer("/metrics/inter_chunk_latency/value")?.as_array())
        .flatten()
        .filter_map(Value::as_f64)
        .collect();
    let mut all = vec![
        (Quantity::Ttft, over(&|request| request.ttft_ms)),
        (Quantity::EndToEnd, over(&|request| request.latency_ms)),
        (Quantity::Tpot, over(&tpot)),
        (Quantity::Output, over(&output)),
        (Quantity::ClientPrefill, over(&prefill)),
        (Quantity::Itl, Stat::of_values(&gaps)),
    ];
    // A mean of rates is one of all requests, or none.
    if requests.iter().all(|request| decode(request).is_some()) {
        all.push((Quantity::Decode, over(&decode)));
    }
    all
}
