//! `sglang.benchmark.serving`, before `bench_serving`: one object a line, in its forms from 2024 on.
//!
//! Neither model nor date nor the number of failed requests stand in it, unless details or the server's own
//! information were asked for. Deviations are those of all values (n).

use super::record::Record;
use super::spread::{Spread, place};
use super::{
    Requests, average, count_requests, in_flight, new_cell, put, put_peak_concurrency, set, set_all,
    set_model, set_request_rate,
};
use crate::import::cell::Cell;
use crate::import::finding::{Finding, Say, quote};
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Point, Quantity};

pub(super) fn is_record(record: Record<'_>) -> bool {
    ["completed", "total_input_tokens", "output_throughput", "duration"]
        .into_iter()
        .all(|name| record.has(name))
        && ["random_range_ratio", "sharegpt_output_len"].into_iter().any(|name| record.has(name))
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Cell {
    let finished = record.count("completed");
    let total = |name| average(record.count(name), finished);
    let tokens = (total("total_input_tokens"), total("total_output_tokens"));
    let mut cell = new_cell(record.line, "sglang serving", Timing::Served, tokens);
    cell.concurrency = in_flight(record.count("max_concurrency"));
    // The other clients ask any server of the OpenAI interface.
    let client = record.text("backend").unwrap_or_default();
    cell.engine = matches!(client.as_str(), "sglang" | "sglang-native").then(|| "SGLang".to_owned());
    set_request_rate(&mut cell, record);
    forget_unlimited(record, say);
    set(&mut cell, "dataset_name", record.text("dataset_name"), &[]);
    if let Some(info) = record.inner("server_info") {
        server(&mut cell, info);
    }
    cell.result.note = asked(record, tokens);
    times(&mut cell, record);
    rates(&mut cell, record);
    let errors = record.texts("errors");
    let requests = Requests {
        finished,
        failed: errors.iter().filter(|error| !error.is_empty()).count() as u64,
        error: errors.into_iter().find(|error| !error.is_empty()),
    };
    count_requests(&mut cell, &requests, say);
    cell
}

/// `"request_rate": Infinity` is how the tool says that requests were sent at once, and nothing to mind.
fn forget_unlimited(record: Record<'_>, say: &mut Say<'_>) {
    let is_unlimited = record.has("request_rate") && record.scalar("request_rate").is_none();
    let of_it = |finding: &Finding| {
        finding.line == Some(record.line) && finding.problem.found == quote("Infinity") && is_unlimited
    };
    if let Some(position) = say.findings.iter().position(of_it) {
        say.findings.remove(position);
    }
}

/// What the server says of itself: of a long list with keys and folders in it, what tells configurations apart.
fn server(cell: &mut Cell, info: Record<'_>) {
    cell.engine = Some("SGLang".to_owned());
    cell.build = info.text("version");
    set_model(cell, info.text("served_model_name").or_else(|| info.text("model_path")));
    cell.quant = cell.quant.take().or_else(|| info.text("quantization"));
    cell.settings.kv_type = info.text("kv_cache_dtype").filter(|kind| kind != "auto");
    let context = info.count("context_length").and_then(|length| u32::try_from(length).ok());
    cell.settings.context_tokens = context;
    let names =
        ["dtype", "tp_size", "dp_size", "ep_size", "pp_size", "attention_backend", "speculative_algorithm"];
    set_all(cell, info, &names, &["1", "auto"]);
    cell.settings.draft_tokens =
        info.count("speculative_num_draft_tokens").and_then(|count| u32::try_from(count).ok());
}

/// The lengths that were asked for, where those of the requests are others.
fn asked(record: Record<'_>, tokens: (Option<u32>, Option<u32>)) -> Option<String> {
    let is_random = record.text("dataset_name").is_some_and(|name| name.starts_with("random"));
    let length =
        |name| record.count(name).and_then(|length| u32::try_from(length).ok()).filter(|_| is_random);
    let (input, output) = (length("random_input_len")?, length("random_output_len")?);
    let differs = (Some(input), Some(output)) != tokens;
    differs.then(|| {
        format!("Lengths were drawn up to {input} tokens in and {output} out; the counts are their means.")
    })
}

fn times(cell: &mut Cell, record: Record<'_>) {
    let quantities = [
        ("ttft", Quantity::Ttft),
        ("tpot", Quantity::Tpot),
        ("itl", Quantity::Itl),
        ("e2e_latency", Quantity::EndToEnd),
    ];
    let spreads = quantities.map(|(name, quantity)| {
        let stated = |start: &str| record.number(&format!("{start}_{name}_ms"));
        let mut spread = Spread::of([
            (Point::Mean, stated("mean")),
            (Point::P50, stated("median")),
            (Point::P90, stated("p90")),
            (Point::P95, stated("p95")),
            (Point::P99, stated("p99")),
        ]);
        if matches!(quantity, Quantity::Ttft | Quantity::EndToEnd) {
            spread.set_population_sd(stated("std"), record.count("completed"));
        }
        (quantity, spread)
    });
    // In 2024 there was no mean of the time to first token.
    let is_median =
        spreads.iter().any(|(quantity, spread)| *quantity == Quantity::Ttft && spread.is_median_only());
    cell.statistic = if is_median { Statistic::Median } else { Statistic::Mean };
    for (quantity, spread) in &spreads {
        place(cell, *quantity, spread);
    }
}

fn rates(cell: &mut Cell, record: Record<'_>) {
    for (figure, name) in [
        (Figure::RequestPerS, "request_throughput"),
        (Figure::SystemInput, "input_throughput"),
        (Figure::SystemOutput, "output_throughput"),
        (Figure::SystemTotal, "total_throughput"),
        (Figure::Duration, "duration"),
        (Figure::TotalInput, "total_input_tokens"),
        (Figure::TotalOutput, "total_output_tokens"),
        (Figure::MeanConcurrency, "concurrency"),
        (Figure::AcceptedPerStep, "accept_length"),
        (Figure::GoodRequestPerS, "request_goodput"),
    ] {
        put(cell, figure, record.number(name));
    }
    let output = record.number("output_throughput");
    put_peak_concurrency(cell, record.number("max_concurrent_requests"));
    let peak = record.number("max_output_tokens_per_s");
    put(cell, Figure::SystemPeakOutput, peak.filter(|peak| output.is_some_and(|output| *peak >= output)));
    let (counted, again) =
        (record.count("total_output_tokens"), record.count("total_output_tokens_retokenized"));
    if let (Some(counted), Some(again)) = (counted, again)
        && counted.abs_diff(again).saturating_mul(20) > counted
    {
        let note =
            format!("The client counts {again} output tokens in the answers, the measurement {counted}.");
        let before = cell.result.note.take().map(|before| format!("{before} ")).unwrap_or_default();
        cell.result.note = Some(format!("{before}{note}"));
    }
}
