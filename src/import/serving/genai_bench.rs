//! genai-bench: one object for each load, with the requests behind it.
//!
//! Times are in seconds, or in milliseconds where `_time_unit` says so. Versions differ in the time per output token:
//! later ones divide by the tokens after the first, earlier ones by all tokens.

use super::record::Record;
use super::spread::{Spread, place};
use super::{Requests, count_requests, in_flight, new_cell, put, set, tokens};
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Point, Quantity, plain};

pub(super) fn is_record(record: Record<'_>) -> bool {
    let aggregated = record.inner("aggregated_metrics");
    aggregated.is_some_and(|of| {
        of.has("stats") && ["num_concurrency", "scenario"].into_iter().any(|name| of.has(name))
    })
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let whole = record.inner("aggregated_metrics")?;
    let stats = whole.inner("stats")?;
    let length = |name| tokens(stats.inner(name).and_then(|of| of.number("mean")));
    let lengths = (length("num_input_tokens"), length("num_output_tokens"));
    let mut cell = new_cell(record.line, "genai-bench", Timing::Served, lengths);
    cell.statistic = Statistic::Mean;
    cell.concurrency = in_flight(whole.count("num_concurrency"));
    set(&mut cell, "scenario", whole.text("scenario"), &[]);
    set(&mut cell, "batch_size", whole.scalar("batch_size"), &["1"]);
    let ms = if record.text("_time_unit").as_deref() == Some("ms") { 1.0 } else { 1000.0 };
    times(&mut cell, record, stats, ms, say);
    rates(&mut cell, whole);
    let error = record.items("individual_request_metrics").find_map(|request| request.text("error_message"));
    let requests = Requests {
        finished: whole.count("num_completed_requests"),
        failed: whole.count("num_error_requests").unwrap_or(0),
        error,
    };
    count_requests(&mut cell, &requests, say);
    Some(cell)
}

fn times(cell: &mut Cell, record: Record<'_>, stats: Record<'_>, ms: f64, say: &mut Say<'_>) {
    let requests = record.inner("aggregated_metrics").and_then(|whole| whole.count("num_completed_requests"));
    let spread = |name: &str, factor: f64| {
        let Some(of) = stats.inner(name) else { return Spread::default() };
        let mut spread = Spread::of_fields(of);
        spread.set_population_sd(of.number("stddev"), requests);
        spread.times(factor)
    };
    place(cell, Quantity::Ttft, &spread("ttft", ms));
    place(cell, Quantity::EndToEnd, &spread("e2e_latency", ms));
    place(cell, Quantity::ClientPrefill, &spread("input_throughput", 1.0));
    // What a time per token has to be multiplied with to be over the tokens after the first.
    let factor = match divisor(record, stats) {
        Some(Divisor::AfterFirst) => 1.0,
        Some(Divisor::All(length)) => length / (length - 1.0),
        None => {
            let mean = stats.inner("tpot").and_then(|of| of.number("mean")).map(plain).unwrap_or_default();
            let expected =
                "a time over the tokens after the first; it is left out with the rates of decoding";
            say.at(cell.line, "tpot", format!("{mean}, which this version divides by all tokens"), expected);
            return;
        }
    };
    if factor > 1.0 {
        cell.result.note = Some(
            "This version divides the decoding time by all tokens; here it is by those after the first."
                .to_owned(),
        );
    }
    place(cell, Quantity::Decode, &spread("output_inference_speed", 1.0 / factor));
    place(cell, Quantity::Tpot, &spread("tpot", ms * factor));
}

enum Divisor {
    AfterFirst,
    /// All tokens, of which every answer has so many.
    All(f64),
}

/// What the version divides by, as its figures tell; nothing where it is all tokens of answers of different lengths.
fn divisor(record: Record<'_>, stats: Record<'_>) -> Option<Divisor> {
    let equal = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-4;
    // Over all tokens: decoding time = time per token × tokens.
    let by_all = |of: Record<'_>| {
        let [time, per_token, length] =
            ["output_latency", "tpot", "num_output_tokens"].map(|name| of.number(name).filter(|n| *n > 0.0));
        Some(equal(time?, per_token? * length?))
    };
    let length = stats.inner("num_output_tokens");
    let edge = |name| length.and_then(|length| length.number(name));
    let constant = edge("min").filter(|min| *min > 1.0 && edge("max") == Some(*min));
    let mean = |name: &str| stats.inner(name).and_then(|of| of.number("mean")).filter(|mean| *mean > 0.0);
    let is_all = match (constant, mean("output_latency"), mean("tpot")) {
        (Some(length), Some(time), Some(per_token)) => equal(time, per_token * length),
        _ => record.items("individual_request_metrics").find_map(by_all).unwrap_or(false),
    };
    match (is_all, constant) {
        (false, _) => Some(Divisor::AfterFirst),
        (true, Some(length)) => Some(Divisor::All(length)),
        (true, None) => None,
    }
}

fn rates(cell: &mut Cell, whole: Record<'_>) {
    for (figure, name) in [
        (Figure::SystemOutput, "mean_output_throughput_tokens_per_s"),
        (Figure::SystemInput, "mean_input_throughput_tokens_per_s"),
        (Figure::SystemTotal, "mean_total_tokens_throughput_tokens_per_s"),
        (Figure::Duration, "run_duration"),
    ] {
        put(cell, figure, whole.number(name));
    }
    let by_minute = whole.number("requests_per_minute").map(|rate| rate / 60.0);
    put(cell, Figure::RequestPerS, whole.number("requests_per_second").or(by_minute));
    let reasoning = whole.inner("stats").and_then(|stats| stats.inner("num_reasoning_tokens"));
    put(cell, Figure::ReasoningTokens, reasoning.and_then(|of| Spread::of_fields(of).get(Point::Mean)));
}
