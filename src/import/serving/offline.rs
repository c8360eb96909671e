//! Engines under load without a server, or a single batch: `vllm bench throughput`, `vllm bench latency`, SGLang's
//! `one_batch`, `one_batch_server` and `offline_throughput`.
//!
//! Rates are those of all requests together. Where a batch is worked on in step, one request's share of its rate
//! is the rate of that request.

use super::record::Record;
use super::spread::{Spread, place};
use super::{in_flight, new_cell, put, set, set_model};
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Point, Positive, Quantity, plain};

pub(super) fn is_record(record: Record<'_>) -> bool {
    is_throughput(record) || is_latency(record) || is_batch(record) || is_offline(record)
}

fn has_all(record: Record<'_>, names: &[&str]) -> bool {
    names.iter().all(|name| record.has(name))
}

fn is_throughput(record: Record<'_>) -> bool {
    has_all(record, &["elapsed_time", "num_requests", "total_num_tokens"])
}

fn is_latency(record: Record<'_>) -> bool {
    has_all(record, &["avg_latency", "latencies", "percentiles"])
}

fn is_batch(record: Record<'_>) -> bool {
    has_all(record, &["run_name", "batch_size", "input_len", "output_len"])
        && ["prefill_throughput", "overall_throughput"].into_iter().any(|name| record.has(name))
}

fn is_offline(record: Record<'_>) -> bool {
    has_all(record, &["successful_requests", "total_latency", "total_throughput"])
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Cell {
    if is_throughput(record) {
        throughput(record)
    } else if is_latency(record) {
        latency(record)
    } else if record.has("prefill_latency") {
        one_batch(record)
    } else if is_batch(record) {
        one_batch_server(record, say)
    } else {
        offline_throughput(record)
    }
}

fn throughput(record: Record<'_>) -> Cell {
    let mut cell = new_cell(record.line, "vllm bench throughput", Timing::Raw, (None, None));
    set_model(&mut cell, record.text("model_id").or_else(|| record.text("model")));
    cell.statistic = Statistic::Single;
    for (figure, name) in [
        (Figure::Duration, "elapsed_time"),
        (Figure::Requests, "num_requests"),
        (Figure::RequestPerS, "requests_per_second"),
        // Prompt tokens included.
        (Figure::SystemTotal, "tokens_per_second"),
    ] {
        put(&mut cell, figure, record.number(name));
    }
    cell
}

/// Whole batches, one after the other: each request of a batch takes as long as the batch.
fn latency(record: Record<'_>) -> Cell {
    let mut cell = new_cell(record.line, "vllm bench latency", Timing::Raw, (None, None));
    cell.engine = Some("vLLM".to_owned());
    set_model(&mut cell, record.text("model_id").or_else(|| record.text("model")));
    let values = record.numbers("latencies").unwrap_or_default();
    cell.statistic = if values.len() == 1 { Statistic::Single } else { Statistic::Mean };
    cell.repetitions = u32::try_from(values.len()).ok().filter(|&count| count > 0);
    let mut spread = Spread::of_values(&values);
    spread.set(Point::Mean, record.number("avg_latency"));
    for name in record.inner("percentiles").into_iter().flat_map(Record::names) {
        let point = name.parse().ok().and_then(Point::percentile);
        if let (Some(point), Some(percentiles)) = (point, record.inner("percentiles")) {
            spread.set(point, percentiles.number(name));
        }
    }
    place(&mut cell, Quantity::EndToEnd, &spread.times(1000.0));
    cell
}

/// What the two tools for one batch share.
fn batch(record: Record<'_>, tool: &'static str, timing: Timing) -> Cell {
    let length = |name| record.count(name).and_then(|length| u32::try_from(length).ok());
    let mut cell = new_cell(record.line, tool, timing, (length("input_len"), length("output_len")));
    cell.engine = Some("SGLang".to_owned());
    cell.statistic = Statistic::Single;
    cell.concurrency = in_flight(record.count("batch_size"));
    set(&mut cell, "run_name", record.text("run_name"), &["default", "before"]);
    put(&mut cell, Figure::SystemTotal, record.number("overall_throughput"));
    cell
}

fn one_batch(record: Record<'_>) -> Cell {
    let mut cell = batch(record, "sglang one_batch", Timing::Raw);
    let ms = |name| Spread::of([(Point::Mean, record.number(name))]).times(1000.0);
    place(&mut cell, Quantity::Ttft, &ms("prefill_latency"));
    // A step of the batch gives each request its next token.
    place(&mut cell, Quantity::Tpot, &ms("median_decode_latency"));
    place(&mut cell, Quantity::EndToEnd, &ms("total_latency"));
    let together = record.number("prefill_throughput");
    let share = together.zip(cell.concurrency).map(|(rate, requests)| rate / f64::from(requests));
    cell.result.prefill_tok_per_s = share.and_then(|rate| Positive::try_from(rate).ok());
    put(&mut cell, Figure::SystemPrefill, together);
    put(&mut cell, Figure::SystemDecode, record.number("median_decode_throughput"));
    if cell.result.tpot_ms.is_some() {
        cell.result.note = Some("Decode is the median over the steps of one batch.".to_owned());
    }
    cell
}

fn one_batch_server(record: Record<'_>, say: &mut Say<'_>) -> Cell {
    let mut cell = batch(record, "sglang one_batch_server", Timing::Served);
    let positive = |name| record.number(name).filter(|number| *number > 0.0);
    let (whole, first) = (positive("latency"), positive("last_ttft"));
    place(&mut cell, Quantity::EndToEnd, &Spread::of([(Point::Mean, whole)]).times(1000.0));
    // Of the request that waited longest.
    place(&mut cell, Quantity::Ttft, &Spread::of([(Point::Max, first)]).times(1000.0));
    put(&mut cell, Figure::SystemPrefill, positive("input_throughput").filter(|_| first.is_some()));
    put(&mut cell, Figure::AcceptedPerStep, positive("acc_length"));
    let Some(stated) = positive("output_throughput") else { return cell };
    // Versions divide by the whole time or by that after the last first token, under one name.
    let all = positive("batch_size").zip(positive("output_len")).map(|(requests, length)| requests * length);
    let is = |seconds: Option<f64>| {
        let rate = all.zip(seconds).map(|(all, seconds)| all / seconds);
        rate.is_some_and(|rate| (rate / stated - 1.0).abs() < 0.01)
    };
    if is(whole) {
        put(&mut cell, Figure::SystemOutput, Some(stated));
    } else if is(whole.zip(first).map(|(whole, first)| whole - first)) {
        put(&mut cell, Figure::SystemDecode, Some(stated));
    } else {
        let expected =
            "the output tokens by the whole time, or by that after the last first token; it is left out";
        say.at(cell.line, "output_throughput", plain(stated), expected);
    }
    cell
}

fn offline_throughput(record: Record<'_>) -> Cell {
    let requests = record.count("successful_requests");
    let total = |name| super::average(record.count(name), requests);
    let tokens = (total("total_input_tokens"), total("total_output_tokens"));
    let mut cell = new_cell(record.line, "sglang offline_throughput", Timing::Raw, tokens);
    cell.engine = Some("SGLang".to_owned());
    cell.statistic = Statistic::Single;
    for (figure, name) in [
        (Figure::Requests, "successful_requests"),
        (Figure::Duration, "total_latency"),
        (Figure::RequestPerS, "request_throughput"),
        (Figure::SystemInput, "input_throughput"),
        (Figure::SystemOutput, "output_throughput"),
        (Figure::SystemTotal, "total_throughput"),
        (Figure::TotalInput, "total_input_tokens"),
        (Figure::TotalOutput, "total_output_tokens"),
    ] {
        put(&mut cell, figure, record.number(name));
    }
    cell
}
