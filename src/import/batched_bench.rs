//! What `llama-batched-bench` of llama.cpp writes: JSON lines and a Markdown table.
//!
//! Each row reads `pp` tokens for each of `pl` requests at once, then generates `tg` for each. Its rates are
//! those of all requests together, while a result here is one request's share: so they are divided, and the
//! sums stand in a note. One repetition, and neither model nor machine nor build is named.

use super::cell::Cell;
use super::fields::Fields;
use super::finding::{Say, quote};
use super::llama_bench;
use super::names;
use super::report::number;
use super::shape::Work;
use crate::model::run::{Statistic, Timing};
use crate::model::{Metric, Positive, plain};

/// Headers of the table in the order of the tool, and the fields of JSON lines for them.
const COLUMNS: [(&str, &str); 10] = [
    ("PP", "pp"),
    ("TG", "tg"),
    ("B", "pl"),
    ("N_KV", "n_kv"),
    ("T_PP s", "t_pp"),
    ("S_PP t/s", "speed_pp"),
    ("T_TG s", "t_tg"),
    ("S_TG t/s", "speed_tg"),
    ("T s", "t"),
    ("S t/s", "speed"),
];

/// True for the fields of a row.
pub(super) fn is_record(fields: &Fields<'_>) -> bool {
    ["pp", "tg", "pl", "n_kv", "speed_tg"].iter().all(|name| fields.has(name))
}

/// True for the header of the table.
pub(super) fn is_header(cells: &[String]) -> bool {
    cells.len() == COLUMNS.len() && cells.iter().zip(COLUMNS).all(|(cell, (header, _))| cell == header)
}

/// The fields of a row of the table.
pub(super) fn row(cells: &[String], line: u32, say: &mut Say<'_>) -> Option<Fields<'static>> {
    if cells.len() != COLUMNS.len() {
        say.at(line, "", format!("{} cells", cells.len()), "10, as the header has; the row is left out");
        return None;
    }
    let is_zero = |cell: &str| !cell.is_empty() && cell.trim_matches(['0', '.']).is_empty();
    if let Some(wrong) = cells.iter().find(|cell| number(cell).is_none() && !is_zero(cell)) {
        say.at(line, "", quote(wrong), "a number; the row is left out");
        return None;
    }
    let pairs = COLUMNS.iter().zip(cells).map(|((_, field), cell)| (*field, cell.as_str()));
    Some(Fields::of_text(line, pairs))
}

/// The line above a table: `llama_batched_bench: n_kv_max = 8192, n_batch = 2048, …`.
pub(super) fn parameters(line: &str) -> Option<Vec<(String, String)>> {
    let (_, list) = line.split_once("n_kv_max").filter(|(before, _)| before.len() < 80)?;
    let list = format!("n_kv_max{list}");
    let pair = |part: &str| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    Some(list.split(',').filter_map(pair).take(32).collect())
}

/// The result of a row; `None` where it measures nothing, which is said.
pub(super) fn cell(mut fields: Fields<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let line = fields.line;
    let mut count = |name: &str| {
        fields.count(name).and_then(|count| u32::try_from(count).ok()).filter(|&count| count > 0)
    };
    let (prompt, output, requests) = (count("pp"), count("tg"), count("pl"));
    let requests = requests.and_then(|requests| u16::try_from(requests).ok());
    let (Some(prompt), Some(output), Some(requests)) = (prompt, output, requests) else {
        say.at(line, "pp", "no counts above 0 for pp, tg and pl", "tokens and requests; the row is left out");
        return None;
    };
    let mut cell =
        Cell::new(line, "llama-batched-bench", Timing::Raw, Work { prompt, output, depth: 0, served: false });
    cell.engine = Some("llama.cpp".to_owned());
    cell.concurrency = Some(requests);
    (cell.statistic, cell.repetitions) = (Statistic::Single, Some(1));
    cell.place = fields.text("heading");
    cell.name = cell.place.as_deref().map(model_of_heading);
    cell.build =
        fields.text("build_number").filter(|number| number != "0").map(|number| format!("b{number}"));
    let is_shared = fields.text("is_pp_shared").is_some_and(|shared| shared == "1");
    if is_shared {
        cell.settings.other.insert("is_pp_shared".to_owned(), "1".to_owned());
    }
    rates(&mut fields, &mut cell, requests, is_shared);
    for derived in ["n_kv", "t_pp", "t_tg", "speed", "is_tg_separate", "build_commit"] {
        let _not_kept = fields.text(derived);
    }
    if cell.result.decode_tok_per_s.is_none() && cell.result.prefill_tok_per_s.is_none() {
        say.at(line, "speed_tg", "no rate above 0", "tokens per second; the row is left out");
        return None;
    }
    if let Some(context) = fields.count("n_kv_max").and_then(|tokens| u32::try_from(tokens).ok()) {
        cell.settings.context_tokens = Some(context);
    }
    if let Some(name) = llama_bench::settings(fields, &mut cell.settings).first() {
        say.at(line, name, "a list or object that is not known", "a text or number; it is left out");
    }
    Some(cell)
}

fn rates(fields: &mut Fields<'_>, cell: &mut Cell, requests: u16, is_shared: bool) {
    let positive = |value: f64| Positive::try_from((value * 1e6).round() / 1e6).ok();
    let prefill = fields.number("speed_pp");
    let decode = fields.number("speed_tg");
    let seconds = fields.number("t");
    let share = f64::from(requests);
    let result = &mut cell.result;
    // A prompt that all requests share is read once, for all of them.
    let of_prompt = if is_shared { 1.0 } else { share };
    result.prefill_tok_per_s = prefill.and_then(|rate| positive(rate / of_prompt));
    result.decode_tok_per_s = decode.and_then(|rate| positive(rate / share));
    result.end_to_end_ms = seconds.and_then(|seconds| positive(seconds * 1e3));
    (result.prompt_tokens, result.output_tokens) = (Some(cell.work.prompt), Some(cell.work.output));
    for (metric, rate, divisor) in [(Metric::Prefill, prefill, of_prompt), (Metric::Decode, decode, share)] {
        if let Some(rate) = rate.filter(|_| divisor < 1.5) {
            result.published.insert(metric, plain(rate));
        }
    }
    if requests > 1 {
        let words = |rate: Option<f64>| rate.map_or_else(|| "—".to_owned(), plain);
        result.note = Some(format!(
            "Rates of one request; the source prints those of all {requests} together: prefill {}, decode {} tok/s.",
            words(prefill),
            words(decode)
        ));
    }
}

/// The model that a heading such as `## ggml-org/gpt-oss-20b-GGUF` names.
fn model_of_heading(heading: &str) -> String {
    let base = names::base(heading.trim_matches(['`', '*', ' ']));
    let end = base.len() - if base.to_ascii_lowercase().ends_with("-gguf") { 5 } else { 0 };
    base.get(..end).unwrap_or(base).to_owned()
}
