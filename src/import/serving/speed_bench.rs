//! `speed_bench.py` of llama.cpp: requests to a server by category, with the server's own times.
//!
//! A result is one category. Its decode rate is the mean over requests, each made anew from tokens and time, over the
//! tokens after the first of each turn: the server's own rate counted those too until version 0.5.0. How many tokens of
//! the prompt were read follows from rate and time; where it is fewer than the prompt has, the others came from a cache.

use super::record::Record;
use super::spread::{Spread, place};
use super::{Requests, count_requests, in_flight, new_cell, put, set, set_model, tokens};
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Positive, Quantity};
use crate::stats;

pub(super) fn is_record(record: Record<'_>) -> bool {
    record.inner("config").is_some_and(|config| config.has("bench"))
        && ["summary", "results", "failed_samples"].into_iter().all(|name| record.has(name))
}

pub(super) fn cells(record: Record<'_>, say: &mut Say<'_>) -> Vec<Cell> {
    let mut categories: Vec<Option<String>> = Vec::new();
    for request in record.items("results") {
        let category = request.text("category");
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    categories.iter().map(|category| cell(record, category.as_deref(), say)).collect()
}

fn cell(record: Record<'_>, category: Option<&str>, say: &mut Say<'_>) -> Cell {
    let of_category: Vec<Record<'_>> =
        record.items("results").filter(|request| request.text("category").as_deref() == category).collect();
    let (good, bad): (Vec<Record<'_>>, Vec<Record<'_>>) =
        of_category.iter().partition(|request| request.scalar("ok").as_deref() == Some("on"));
    let mean = |name| tokens(stats::mean(&numbers(&good, name)));
    let lengths = (mean("prompt_tokens"), mean("completion_tokens"));
    let mut cell = new_cell(record.line, "speed_bench", Timing::Served, lengths);
    cell.statistic = if good.len() == 1 { Statistic::Single } else { Statistic::Mean };
    if let Some(config) = record.inner("config") {
        set_model(&mut cell, config.text("model"));
        cell.concurrency = in_flight(config.count("concurrency"));
        cell.settings.max_output_tokens = config.count("osl").and_then(|limit| u32::try_from(limit).ok());
        cell.settings.temperature =
            config.inner("extra_inputs").and_then(|inputs| inputs.scalar("temperature"));
        set(&mut cell, "bench", config.text("bench"), &[]);
    }
    set(&mut cell, "category", category.map(str::to_owned), &[]);
    // Only this engine sends times with its answers.
    cell.engine =
        good.iter().any(|request| request.number("predicted_ms").is_some()).then(|| "llama.cpp".to_owned());
    figures(&mut cell, &good);
    let error = bad.iter().find_map(|request| request.text("error"));
    let requests = Requests { finished: Some(good.len() as u64), failed: bad.len() as u64, error };
    count_requests(&mut cell, &requests, say);
    cell
}

fn numbers(requests: &[Record<'_>], name: &str) -> Vec<f64> {
    requests.iter().filter_map(|request| request.number(name)).collect()
}

fn figures(cell: &mut Cell, good: &[Record<'_>]) {
    place(cell, Quantity::EndToEnd, &Spread::of_values(&numbers(good, "latency_s")).times(1000.0));
    let decode: Vec<f64> = good.iter().filter_map(|request| decode(*request)).collect();
    place(cell, Quantity::Decode, &Spread::of_values(&decode));
    let prefill: Vec<f64> = good.iter().filter_map(|request| prefill(*request)).collect();
    let whole = prefill.len() == good.len();
    cell.result.prefill_tok_per_s =
        stats::mean(&prefill).filter(|_| whole).and_then(|rate| Positive::try_from(rate).ok());
    let timed = numbers(good, "prompt_ms").len();
    if timed > prefill.len() {
        let cached = timed - prefill.len();
        cell.result.note = Some(format!(
            "In {cached} of {timed} requests a part of the prompt came from a cache, so prefill is left out."
        ));
    }
    let sum = |name| numbers(good, name).iter().sum::<f64>();
    let (drafted, accepted) = (sum("draft_n"), sum("draft_n_accepted"));
    put(cell, Figure::DraftTokens, Some(drafted));
    put(cell, Figure::AcceptedTokens, Some(accepted));
    put(cell, Figure::AcceptedPercent, Some(accepted / drafted * 100.0));
}

/// The decode rate of a request: a turn of a conversation has a first token each.
fn decode(request: Record<'_>) -> Option<f64> {
    let generated = request.number("completion_tokens")? - request.number("turns").unwrap_or(1.0);
    let ms = request.number("predicted_ms").filter(|ms| *ms > 0.0)?;
    Some(generated / ms * 1000.0).filter(|rate| *rate > 0.0)
}

/// The prefill rate of a request whose whole prompt was read.
fn prefill(request: Record<'_>) -> Option<f64> {
    let (rate, ms) = (request.number("prompt_per_second")?, request.number("prompt_ms")?);
    let read = (rate * ms / 1000.0).round();
    Some(rate).filter(|_| read > 1.0 && read >= request.number("prompt_tokens").unwrap_or(f64::INFINITY))
}
