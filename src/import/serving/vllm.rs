//! `vllm bench serve`: one object a measurement, in its forms from 2024 on, and the summaries of `vllm bench sweep`,
//! which are lists of them.
//!
//! A variant of it states times in seconds, under names without `_ms`. The tool asks any server of the OpenAI
//! interface, so what answered is not known. Deviations are those of all values (n), and the number of values is
//! known for times of whole requests alone.

use super::record::Record;
use super::spread::{Spread, place};
use super::{
    Requests, average, count_requests, in_flight, is_private, new_cell, put, put_peak_concurrency, set,
    set_all, set_model, set_request_rate,
};
use crate::import::cell::Cell;
use crate::import::date;
use crate::import::finding::Say;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Metric, Point, Quantity, plain};

/// Names of the quantities in the fields of the tool.
const QUANTITIES: [(&str, Quantity); 4] = [
    ("ttft", Quantity::Ttft),
    ("tpot", Quantity::Tpot),
    ("itl", Quantity::Itl),
    ("e2el", Quantity::EndToEnd),
];

/// Fields that are read, or that say nothing beyond them; every other plain field is somebody's remark.
const READ: [&str; 37] = [
    "date",
    "endpoint_type",
    "backend",
    "label",
    "model_id",
    "tokenizer_id",
    "num_prompts",
    "request_rate",
    "burstiness",
    "max_concurrency",
    "duration",
    "completed",
    "failed",
    "good_completed",
    "total_input_tokens",
    "total_output_tokens",
    "total_input",
    "total_output",
    "request_throughput",
    "request_goodput",
    "request_goodput:",
    "input_throughput",
    "request_inthroughput",
    "output_throughput",
    "total_token_throughput",
    "max_output_tokens_per_s",
    "max_concurrent_requests",
    "rtfx",
    "run_number",
    "best_of",
    "use_beam_search",
    "quant",
    "quantization",
    "engine",
    "total_energy_j",
    "output_tps_per_w",
    "total_tps_per_w",
];

pub(super) fn is_record(record: Record<'_>) -> bool {
    record.number("request_throughput").is_some()
        && record.has("completed")
        && ["model_id", "endpoint_type", "tokenizer_id"].into_iter().any(|name| record.has(name))
        && !["random_range_ratio", "sharegpt_output_len"].into_iter().any(|name| record.has(name))
}

pub(super) fn cell(record: Record<'_>, say: &mut Say<'_>) -> Cell {
    let finished = record.count("completed");
    let total = |name| average(record.count(name), finished);
    let mut tokens = (total("total_input_tokens"), total("total_output_tokens"));
    if finished == Some(0) {
        // What was asked for still tells which work it was.
        tokens.0 =
            record.numbers("input_lens").and_then(|lengths| super::tokens(crate::stats::mean(&lengths)));
    }
    let mut cell = new_cell(record.line, "vllm bench serve", Timing::Served, tokens);
    set_model(&mut cell, record.text("model_id"));
    cell.quant = record.text("quant").or_else(|| record.text("quantization")).or(cell.quant);
    cell.engine = record.text("engine");
    cell.date = record.text("date").as_deref().and_then(date::of_stamp);
    cell.concurrency = in_flight(record.count("max_concurrency"));
    settings(&mut cell, record);
    times(&mut cell, record, say);
    rates(&mut cell, record);
    let errors = record.texts("errors");
    let failed = |errors: &[String]| errors.iter().filter(|error| !error.is_empty()).count() as u64;
    let missing = || Some(record.count("num_prompts")?.saturating_sub(finished?));
    let requests = Requests {
        finished,
        failed: record.count("failed").or_else(missing).unwrap_or_else(|| failed(&errors)),
        error: errors.into_iter().find(|error| !error.is_empty()),
    };
    count_requests(&mut cell, &requests, say);
    cell
}

/// What was set, with what somebody added by `--metadata` or a sweep.
fn settings(cell: &mut Cell, record: Record<'_>) {
    set_request_rate(cell, record);
    set(cell, "burstiness", record.scalar("burstiness"), &["1", "1.0"]);
    set_all(cell, record, &["best_of", "use_beam_search"], &["1", "off"]);
    for name in record.names() {
        let is_figure = ["mean_", "median_", "std_"].iter().any(|start| name.starts_with(start))
            || is_percentile(name).is_some()
            || name.starts_with("spec_decode_");
        if !(READ.contains(&name) || is_figure || is_private(name)) {
            set(cell, name, record.scalar(name), &[]);
        }
    }
}

/// The percentile of `p99_ttft_ms`, and what follows it.
fn is_percentile(name: &str) -> Option<(f64, &str)> {
    let (percent, rest) = name.strip_prefix('p')?.split_once('_')?;
    Some((percent.parse().ok()?, rest))
}

fn times(cell: &mut Cell, record: Record<'_>, say: &mut Say<'_>) {
    let mut spreads = QUANTITIES.map(|(name, quantity)| (name, quantity, spread(record, name)));
    let requests = record.count("completed");
    for (name, quantity, spread) in &mut spreads {
        let deviation = record.number(&format!("std_{name}_ms"));
        match quantity {
            // One value a request.
            Quantity::Ttft | Quantity::EndToEnd => spread.set_population_sd(deviation, requests),
            Quantity::Tpot => spread
                .set_population_sd(deviation, record.numbers("output_lens").map(|lengths| several(&lengths))),
            _ => {}
        }
        // Whole requests are not summed up unless asked for, while their times are listed since 2026.
        if *quantity == Quantity::EndToEnd
            && spread.get(Point::Mean).is_none()
            && let Some(values) = record.numbers("latencies")
        {
            *spread = Spread::of_values(&values).times(1000.0);
        }
    }
    let first_and_next = || {
        spreads
            .iter()
            .filter(|(_, of, _)| matches!(of, Quantity::Ttft | Quantity::Tpot))
            .map(|(.., spread)| spread)
    };
    let is_median = first_and_next().any(Spread::is_median_only)
        && first_and_next().all(|spread| spread.get(Point::Mean).is_none());
    cell.statistic = if is_median { Statistic::Median } else { Statistic::Mean };
    for (_, quantity, spread) in &mut spreads {
        if *quantity == Quantity::Ttft {
            without_empty_answers(cell, spread, record, say);
        }
        place(cell, *quantity, spread);
    }
}

/// Requests with more than one token, of which each has a time per token.
fn several(lengths: &[f64]) -> u64 {
    lengths.iter().filter(|length| **length > 1.0).count() as u64
}

/// One quantity at every point, in milliseconds.
fn spread(record: Record<'_>, name: &str) -> Spread {
    // A variant of the tool writes seconds, and no unit into the name.
    let (suffix, factor) =
        if record.has(&format!("median_{name}_ms")) || !record.has(&format!("median_{name}")) {
            (format!("{name}_ms"), 1.0)
        } else {
            (name.to_owned(), 1000.0)
        };
    let stated = |start: &str| record.number(&format!("{start}_{suffix}"));
    let percentiles = record.names().filter_map(|field| {
        let (percent, rest) = is_percentile(field)?;
        Some((Point::percentile(percent)?, record.number(field).filter(|_| rest == suffix)?))
    });
    let mut spread = Spread::of(percentiles.map(|(point, value)| (point, Some(value))));
    spread.set(Point::Mean, stated("mean"));
    spread.set(Point::P50, stated("median"));
    spread.times(factor)
}

/// In 2024 the tool counted answers without any token as answers with a first token after 0 ms.
fn without_empty_answers(cell: &mut Cell, spread: &mut Spread, record: Record<'_>, say: &mut Say<'_>) {
    let (Some(stated), Some(times)) = (spread.get(Point::Mean), record.numbers("ttfts")) else { return };
    let true_mean = Spread::of_values(&times).times(1000.0);
    let Some(mean) = true_mean.get(Point::Mean).filter(|mean| (mean / stated - 1.0).abs() > 1e-3) else {
        return;
    };
    let empty = times.iter().filter(|time| **time <= 0.0).count();
    say.at(
        cell.line,
        "mean_ttft_ms",
        format!("{}, in which {empty} requests without an answer count as 0 ms", plain(stated)),
        format!("{}, the mean of the answers, which is taken", plain(mean)),
    );
    cell.result.published.insert(Metric::Ttft, plain(stated));
    // Its other points are over the same zeros.
    *spread = true_mean;
}

fn rates(cell: &mut Cell, record: Record<'_>) {
    let output = record.number("output_throughput");
    for (figure, name) in [
        (Figure::RequestPerS, "request_throughput"),
        (Figure::GoodRequestPerS, "request_goodput"),
        (Figure::GoodRequestPerS, "request_goodput:"),
        (Figure::SystemOutput, "output_throughput"),
        (Figure::SystemInput, "input_throughput"),
        (Figure::SystemTotal, "total_token_throughput"),
        (Figure::Duration, "duration"),
        (Figure::TotalInput, "total_input_tokens"),
        (Figure::TotalOutput, "total_output_tokens"),
        (Figure::AcceptedPercent, "spec_decode_acceptance_rate"),
        (Figure::AcceptedPerStep, "spec_decode_acceptance_length"),
        (Figure::DraftTokens, "spec_decode_draft_tokens"),
        (Figure::AcceptedTokens, "spec_decode_accepted_tokens"),
        (Figure::Energy, "total_energy_j"),
    ] {
        put(cell, figure, record.number(name));
    }
    // Tokens per second and watt are tokens per joule.
    put(cell, Figure::EnergyPerToken, record.number("output_tps_per_w").map(|rate| 1.0 / rate));
    // Seconds are counted whole, so that a short run has a best one below its mean.
    put_peak_concurrency(cell, record.number("max_concurrent_requests"));
    let peak = record.number("max_output_tokens_per_s");
    put(cell, Figure::SystemPeakOutput, peak.filter(|peak| output.is_some_and(|output| *peak >= output)));
}
