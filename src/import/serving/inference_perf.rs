//! inference-perf of Kubernetes: the summary of a whole measurement, or of one of its stages.
//!
//! Times are in seconds. `normalized_time_per_output_token` holds the first token too; `time_per_output_token` does not.

use super::record::Record;
use super::spread::{Spread, place};
use super::{Requests, count_requests, in_flight, new_cell, put, set, tokens};
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Quantity, plain};

/// Names of the times, here and in benchmark reports of llm-d.
pub(super) const TIMES: [(&str, Quantity); 5] = [
    ("request_latency", Quantity::EndToEnd),
    ("time_to_first_token", Quantity::Ttft),
    ("time_per_output_token", Quantity::Tpot),
    ("inter_token_latency", Quantity::Itl),
    ("normalized_time_per_output_token", Quantity::EndToEndPerToken),
];

/// Names of the rates, here and in earlier benchmark reports of llm-d.
pub(super) const RATES: [(&str, Figure); 4] = [
    ("input_tokens_per_sec", Figure::SystemInput),
    ("output_tokens_per_sec", Figure::SystemOutput),
    ("total_tokens_per_sec", Figure::SystemTotal),
    ("requests_per_sec", Figure::RequestPerS),
];

pub(super) fn is_record(record: Record<'_>) -> bool {
    record.has("load_summary") && record.has("successes")
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let successes = record.inner("successes")?;
    let length = |name: &str| {
        // With pictures and sounds, texts are described apart.
        let of = successes.inner(name).or_else(|| successes.inner("text")?.inner(name));
        tokens(of.and_then(|of| of.number("mean")))
    };
    let lengths = (length("prompt_len"), length("output_len"));
    let mut cell = new_cell(record.line, "inference-perf", Timing::Served, lengths);
    cell.statistic = Statistic::Mean;
    if let Some(load) = record.inner("load_summary") {
        cell.concurrency = in_flight(load.count("concurrency"));
        set(&mut cell, "request_rate", load.number("requested_rate").map(plain), &["0"]);
    }
    if let Some(latency) = successes.inner("latency") {
        for (name, quantity) in TIMES {
            let spread = latency.inner(name).map(Spread::of_fields).unwrap_or_default();
            place(&mut cell, quantity, &spread.times(1000.0));
        }
    }
    if let Some(throughput) = successes.inner("throughput") {
        for (name, figure) in RATES {
            put(&mut cell, figure, throughput.number(name));
        }
    }
    put(&mut cell, Figure::Duration, record.number("benchmark_time_seconds"));
    let failures = record.inner("failures").and_then(|failures| failures.count("count")).unwrap_or(0);
    let requests = Requests { finished: successes.count("count"), failed: failures, error: None };
    count_requests(&mut cell, &requests, say);
    Some(cell)
}
