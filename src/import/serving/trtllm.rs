//! `trtllm-bench throughput --report_json` of TensorRT-LLM.
//!
//! Percentiles are nearest ranks. `gen_tps` is the decode rate of each request, `output_throughput_per_user` the rate
//! over the whole of each request.

use super::record::Record;
use super::spread::{Spread, place};
use super::{in_flight, new_cell, put, set_all, set_model, tokens};
use crate::import::cell::Cell;
use crate::model::run::{Accelerator, Statistic, Timing};
use crate::model::{Figure, Point, Quantity};

pub(super) fn is_record(record: Record<'_>) -> bool {
    let engine = record.inner("engine");
    engine.is_some_and(|engine| engine.has("model") || engine.has("backend"))
        && record.has("world_info")
        && record.inner("performance").is_some_and(|of| of.has("request_throughput_req_s"))
}

pub(super) fn cell(record: Record<'_>) -> Cell {
    let requests = record.inner("request_info");
    let length = |name| tokens(requests.and_then(|requests| requests.number(name)));
    let lengths = (length("avg_input_length"), length("avg_output_length"));
    let mut cell = new_cell(record.line, "trtllm-bench", Timing::Raw, lengths);
    cell.engine = Some("TensorRT-LLM".to_owned());
    cell.accelerator = Some(Accelerator::Cuda);
    cell.statistic = Statistic::Mean;
    if let Some(engine) = record.inner("engine") {
        set_model(&mut cell, engine.text("model"));
        cell.build = engine.text("version");
        cell.quant = engine.text("quantization").or(cell.quant);
        cell.settings.kv_type = engine.text("kv_cache_dtype");
        set_all(&mut cell, engine, &["backend", "dtype", "max_input_length", "max_sequence_length"], &[]);
    }
    cell.machine = record.inner("machine").and_then(|machine| machine.text("name"));
    if let Some(world) = record.inner("world_info") {
        let sizes = ["tp_size", "pp_size", "ep_size", "world_size"];
        set_all(&mut cell, world, &sizes, &["1"]);
        let limits = ["max_batch_size", "max_num_tokens", "scheduling_policy", "kv_cache_percentage"];
        set_all(&mut cell, world, &limits, &[]);
    }
    if let Some(requests) = requests {
        put(&mut cell, Figure::Requests, requests.number("num_requests"));
        put(&mut cell, Figure::MeanConcurrency, requests.number("avg_num_concurrent_requests"));
        cell.concurrency = in_flight(requests.count("concurrency"));
    }
    if let Some(performance) = record.inner("performance") {
        performance_of(&mut cell, performance);
    }
    if let Some(streaming) = record.inner("streaming_metrics") {
        streaming_of(&mut cell, streaming);
    }
    if let Some(decoding) = record.inner("decoding_stats") {
        set_all(&mut cell, decoding, &["mode"], &[]);
        let mean = |name| Spread::of_fields(decoding.inner(name)?).get(Point::Mean);
        put(&mut cell, Figure::AcceptedPerStep, mean("acceptance_length_percentiles"));
        put(
            &mut cell,
            Figure::AcceptedPercent,
            mean("draft_acceptance_rate_percentiles").map(|rate| rate * 100.0),
        );
    }
    cell
}

fn performance_of(cell: &mut Cell, performance: Record<'_>) {
    let mut whole =
        performance.inner("request_latency_percentiles_ms").map(Spread::of_fields).unwrap_or_default();
    whole.set(Point::Mean, performance.number("avg_request_latency_ms"));
    place(cell, Quantity::EndToEnd, &whole);
    let per_user = performance.number("output_throughput_per_user_tok_s");
    place(cell, Quantity::Output, &Spread::of([(Point::Mean, per_user)]));
    let seconds = performance.number("total_latency_ms").map(|ms| ms / 1000.0);
    put(cell, Figure::Duration, seconds);
    for (figure, name) in [
        (Figure::RequestPerS, "request_throughput_req_s"),
        (Figure::SystemOutput, "system_output_throughput_tok_s"),
        (Figure::SystemTotal, "system_total_throughput_tok_s"),
        (Figure::OutputPerAccelerator, "output_throughput_per_gpu_tok_s"),
    ] {
        put(cell, figure, performance.number(name));
    }
}

fn streaming_of(cell: &mut Cell, streaming: Record<'_>) {
    for (quantity, percentiles, mean) in [
        (Quantity::Decode, "gen_tps_percentiles", "token_output_speed_tok_s"),
        (Quantity::Ttft, "ttft_percentiles", "avg_ttft_ms"),
        (Quantity::Tpot, "tpot_percentiles", "avg_tpot_ms"),
    ] {
        let mut spread = streaming.inner(percentiles).map(Spread::of_fields).unwrap_or_default();
        spread.set(Point::Mean, streaming.number(mean));
        place(cell, quantity, &spread);
    }
}
