//! What llama-benchy writes: JSON with the value of every run and request, and tables and CSV with means.
//!
//! It asks a server, takes the network's time off, and prints rates in the words of llama-bench; its prefill
//! is the prompt by the time to first token as a client sees it, and kept under that name. A run that failed
//! is simply not there.

use serde_json::{Map, Value, json};

use super::campaign::{Stat, figure, positive, quantity};
use super::value::{in_flight, items, number, text, whole};
use crate::import::cell::Cell;
use crate::import::date;
use crate::import::fields::Fields;
use crate::import::finding::{Say, quote};
use crate::import::json::Object;
use crate::import::names;
use crate::import::report::{is_missing, split};
use crate::import::shape::Work;
use crate::model::run::{Repetition, ResultEntry, Statistic, Timing};
use crate::model::{Figure, Point, Quantity};

/// Columns of tables, and the fields of JSON for rows that read a prompt and for those that generate.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("t/s", "pp_throughput", "tg_throughput"),
    ("t/s (total)", "pp_throughput", "tg_throughput"),
    ("t/s (req)", "pp_req_throughput", "tg_req_throughput"),
    ("peak t/s", "peak_throughput", "peak_throughput"),
    ("peak t/s (req)", "peak_req_throughput", "peak_req_throughput"),
    ("ttfr (ms)", "ttfr", "ttfr"),
    ("est_ppt (ms)", "est_ppt", "est_ppt"),
    ("e2e_ttft (ms)", "e2e_ttft", "e2e_ttft"),
    ("t_s_mean", "pp_throughput", "tg_throughput"),
    ("t_s_req_mean", "pp_req_throughput", "tg_req_throughput"),
    ("peak_ts_mean", "peak_throughput", "peak_throughput"),
    ("peak_ts_req_mean", "peak_req_throughput", "peak_req_throughput"),
];

/// Columns of CSV beyond those.
const TIMES: [(&str, &str); 3] =
    [("ttfr_mean", "ttfr"), ("est_ppt_mean", "est_ppt"), ("e2e_ttft_mean", "e2e_ttft")];

/// True for a document of the tool.
pub(super) fn is_document(fields: &Fields<'_>) -> bool {
    let is_own = |benchmark: &Value| benchmark.get("est_ppt").is_some();
    let benchmarks = fields.look("benchmarks").and_then(Value::as_array);
    fields.has("latency_mode") && benchmarks.is_some_and(|all| all.iter().any(is_own))
}

/// The results of a document.
pub(super) fn cells(object: Object, say: &mut Say<'_>) -> Vec<Cell> {
    let line = object.line;
    let document = Value::Object(object.fields);
    let benchmarks = items(&document, "/benchmarks");
    let made = |benchmark| cell(benchmark, &document, line, say);
    let cells = benchmarks.iter().filter_map(made).collect();
    lost(benchmarks, line, say);
    cells
}

/// Says where a cell has fewer runs or requests than the others: those that failed leave no mark.
fn lost(benchmarks: &[Value], line: u32, say: &mut Say<'_>) {
    let runs = benchmarks.iter().map(|benchmark| items(benchmark, "/tg_throughput/values").len()).max();
    let Some(runs) = runs.filter(|&runs| runs > 0) else { return };
    for (position, benchmark) in benchmarks.iter().enumerate() {
        let requests = items(benchmark, "/tg_req_throughput/values").len();
        let expected = runs * number(benchmark, "/concurrency").and_then(whole).unwrap_or(1) as usize;
        if requests < expected {
            say.at(
                line,
                &format!("benchmarks[{position}]"),
                format!("{requests} requests"),
                format!("{expected}, as the cell with the most runs has; failed ones leave no mark"),
            );
        }
    }
}

fn cell(benchmark: &Value, document: &Value, line: u32, say: &mut Say<'_>) -> Option<Cell> {
    let size = |name: &str| number(benchmark, name).and_then(whole).unwrap_or(0);
    let (prompt, output, context) = (size("/prompt_size"), size("/response_size"), size("/context_size"));
    let is_context = benchmark.get("is_context_prefill_phase").and_then(Value::as_bool) == Some(true);
    let is_cached = document.get("prefix_caching_enabled").and_then(Value::as_bool) == Some(true);
    // The phase that fills the context reads it as its prompt; without a cache, each request reads all of it.
    let (prompt, depth) = match (is_context, is_cached) {
        (true, _) => (context, 0),
        (false, true) => (prompt, context),
        (false, false) => (prompt.saturating_add(context), 0),
    };
    let mut cell =
        Cell::new(line, "llama-benchy", Timing::Served, Work { prompt, output, depth, served: true });
    let printed = text(document, "/model").map(|name| names::of_file(&name)).unwrap_or_default();
    (cell.name, cell.quant) = (Some(printed.name).filter(|name| !name.is_empty()), printed.quant);
    cell.date = text(document, "/timestamp").and_then(|time| date::of_iso(&time.replacen(' ', "T", 1)));
    cell.concurrency = number(benchmark, "/concurrency").and_then(in_flight);
    if let Some(version) = text(document, "/version") {
        cell.settings.other.insert("client".to_owned(), format!("llama-benchy {version}"));
    }
    if is_cached {
        cell.settings.other.insert("prefix_caching".to_owned(), "on".to_owned());
    }
    cell.statistic = Statistic::Mean;
    let values = |name: &str| values(benchmark, name);
    let mean = |name: &str| number(benchmark, &format!("/{name}/mean"));
    // Of one request at a time, both are the same.
    let of_one = |request: &str, total: &str| {
        mean(request).or_else(|| mean(total).filter(|_| cell.concurrency == Some(1)))
    };
    let decode = of_one("tg_req_throughput", "tg_throughput");
    let client_prefill = of_one("pp_req_throughput", "pp_throughput");
    let (decodes, firsts) = (values("tg_req_throughput"), values("e2e_ttft"));
    let result = &mut cell.result;
    let tokens = |count: u32| Some(count).filter(|&count| count > 0);
    (result.prompt_tokens, result.output_tokens) = (tokens(prompt), tokens(output));
    if !decodes.is_empty() && decodes.len() == firsts.len() {
        let repetition = |(decode, first): (&f64, &f64)| Repetition {
            decode_tok_per_s: positive(*decode),
            ttft_ms: positive(*first),
            prompt_tokens: result.prompt_tokens,
            output_tokens: result.output_tokens,
            ..Repetition::default()
        };
        result.repetitions = decodes.iter().zip(&firsts).map(repetition).collect();
    } else {
        result.decode_tok_per_s = decode.and_then(positive);
        result.ttft_ms = mean("e2e_ttft").and_then(positive);
    }
    figures(benchmark, document, client_prefill, result);
    let any = !result.repetitions.is_empty() || result.decode_tok_per_s.is_some() || result.ttft_ms.is_some();
    if !any {
        say.at(line, "benchmarks", "no rate and no time above 0", "a run that finished; it is left out");
    }
    any.then_some(cell)
}

/// The values of every run or request.
fn values(benchmark: &Value, name: &str) -> Vec<f64> {
    let all = items(benchmark, &format!("/{name}/values"));
    all.iter().filter_map(Value::as_f64).filter(|&value| value > 0.0).collect()
}

/// What is no metric: rates of all requests together, and what only a client sees.
fn figures(benchmark: &Value, document: &Value, client_prefill: Option<f64>, result: &mut ResultEntry) {
    let mean = |name: &str| number(benchmark, &format!("/{name}/mean"));
    for (of, name, mean) in [
        (Quantity::ClientPrefill, "pp_req_throughput", client_prefill),
        (Quantity::FirstResponse, "ttfr", mean("ttfr")),
        (Quantity::ClientPrompt, "est_ppt", mean("est_ppt")),
    ] {
        let mut stat = Stat::of_values(&values(benchmark, name));
        stat.mean = stat.mean.or(mean);
        stat.points.retain(|(point, _)| matches!(point, Point::Sd));
        quantity(result, of, &stat);
    }
    figure(result, Figure::SystemPrefill, mean("pp_throughput"));
    figure(result, Figure::SystemDecode, mean("tg_throughput"));
    figure(result, Figure::SystemPeakOutput, mean("peak_throughput"));
    figure(result, Figure::PeakOutput, mean("peak_req_throughput"));
    figure(result, Figure::NetworkLatency, number(document, "/latency_ms"));
}

/// True for the header of the tool's table.
fn is_header(cells: &[String]) -> bool {
    cells.iter().any(|cell| cell == "test") && cells.iter().any(|cell| cell == "ttfr (ms)")
}

/// True for a text with the tool's table in it.
pub(super) fn is_table(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with('|') && line.len() < 2_000 && is_header(&split(line)))
}

/// True for the header of the tool's CSV.
pub(super) fn is_csv_header(line: &str) -> bool {
    line.starts_with("model,test_name,t_s_mean")
}

/// A row of a table: its line, its model and the cell that it is part of.
struct Row {
    line: u32,
    model: String,
    benchmark: Map<String, Value>,
}

/// The results of the tool's tables.
pub(super) fn from_table(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut header: Option<Vec<String>> = None;
    let mut rows: Vec<Row> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if !text.trim_start().starts_with('|') {
            header = None;
            continue;
        }
        let cells = split(text);
        match &header {
            None => header = Some(cells).filter(|cells| is_header(cells)),
            Some(header) if header.len() == cells.len() => {
                if !cells.iter().all(|cell| cell.trim_matches(['-', ':']).is_empty()) {
                    add(&mut rows, header, &cells, line, say);
                }
            }
            Some(header) => {
                let expected = format!("{}, as the header has; the row is left out", header.len());
                say.at(line, "", format!("{} cells", cells.len()), expected);
            }
        }
    }
    cells_of(rows, say)
}

/// The results of the tool's CSV.
pub(super) fn from_csv(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    let mut rows: Vec<Row> = Vec::new();
    for row in reader.records().filter_map(|row| row.map_err(|_| ()).ok()) {
        let line = row.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let cells: Vec<String> = row.iter().map(str::to_owned).collect();
        if cells.len() == header.len() {
            add(&mut rows, &header, &cells, line, say);
        } else {
            let expected = format!("{}, as the header has; the row is left out", header.len());
            say.at(line, "", format!("{} cells", cells.len()), expected);
        }
    }
    cells_of(rows, say)
}

/// Adds a row to the cell that the row before has begun, or begins one.
fn add(rows: &mut Vec<Row>, header: &[String], cells: &[String], line: u32, say: &mut Say<'_>) {
    let of = |name: &str| {
        header.iter().zip(cells).find(|(known, _)| *known == name).map(|(_, cell)| cell.as_str())
    };
    let words = of("test").or_else(|| of("test_name")).unwrap_or_default();
    let Some(test) = test(words) else {
        say.at(line, "test", quote(words), "a test such as pp512 @ d1024 (c2); the row is left out");
        return;
    };
    let model = of("model").unwrap_or_default().to_owned();
    let is_of_last = |row: &&mut Row| {
        let at = |name: &str| row.benchmark.get(name).and_then(Value::as_u64);
        !test.is_prompt
            && row.model == model
            && at("response_size").is_none()
            && at("context_size") == Some(u64::from(test.depth))
            && at("concurrency") == Some(u64::from(test.requests))
            && row.benchmark.get("is_context_prefill_phase") == Some(&Value::Bool(test.is_context))
    };
    if rows.last_mut().filter(is_of_last).is_none() {
        let benchmark = json!({
            "context_size": test.depth,
            "concurrency": test.requests,
            "is_context_prefill_phase": test.is_context,
        });
        let benchmark = benchmark.as_object().cloned().unwrap_or_default();
        rows.push(Row { line, model, benchmark });
    }
    let Some(row) = rows.last_mut() else { return };
    let size = if test.is_prompt { "prompt_size" } else { "response_size" };
    row.benchmark.insert(size.to_owned(), test.tokens.into());
    for (column, cell) in header.iter().zip(cells) {
        let known = COLUMNS.iter().find(|(name, ..)| name == column);
        let field = known.map(|(_, prompt, output)| if test.is_prompt { *prompt } else { *output });
        let field = field.or_else(|| TIMES.iter().find(|(name, _)| name == column).map(|(_, field)| *field));
        let Some(field) = field.filter(|_| !is_missing(cell)) else { continue };
        // The spread is that of a population whose size the table does not say.
        let mean = cell.split('±').next().unwrap_or_default().trim().replace(',', "");
        match mean.parse::<f64>() {
            Ok(mean) if mean.is_finite() => {
                row.benchmark.insert(field.to_owned(), json!({ "mean": mean }));
            }
            _ => say.at(line, column, quote(cell), "a number; it is left out"),
        }
    }
}

fn cells_of(rows: Vec<Row>, say: &mut Say<'_>) -> Vec<Cell> {
    let is_context = |row: &Row| row.benchmark.get("is_context_prefill_phase") == Some(&Value::Bool(true));
    // The context has rows of its own where a cache keeps it for those that follow.
    let is_cached = rows.iter().any(is_context);
    let made = |Row { line, model, benchmark }: Row| {
        let document = json!({ "model": model, "prefix_caching_enabled": is_cached });
        cell(&Value::Object(benchmark), &document, line, say)
    };
    rows.into_iter().filter_map(made).collect()
}

/// What a row was asked to do.
#[derive(Debug, PartialEq)]
struct Test {
    is_prompt: bool,
    /// The phase that fills the context.
    is_context: bool,
    tokens: u32,
    depth: u32,
    requests: u32,
}

/// `pp256 @ d512 (c2)`, `tg16`, `ctx_pp @ d512`.
fn test(words: &str) -> Option<Test> {
    let (words, requests) = match words.trim().strip_suffix(')').and_then(|words| words.rsplit_once("(c")) {
        Some((words, requests)) => (words.trim(), requests.parse().ok()?),
        None => (words.trim(), 1),
    };
    let (what, depth) = match words.split_once("@ d") {
        Some((what, depth)) => (what.trim(), depth.trim().parse().ok()?),
        None => (words, 0),
    };
    let (what, is_context) = match what.strip_prefix("ctx_") {
        Some(what) => (what, true),
        None => (what, false),
    };
    let is_prompt = what.starts_with("pp");
    let tokens = what.strip_prefix("pp").or_else(|| what.strip_prefix("tg"))?;
    let tokens = if is_context && tokens.is_empty() { depth } else { tokens.parse().ok()? };
    Some(Test { is_prompt, is_context, tokens, depth, requests })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests_are_taken_apart() {
        let of = |is_prompt, tokens, depth, requests| Test {
            is_prompt,
            is_context: false,
            tokens,
            depth,
            requests,
        };
        assert_eq!(test("pp256 @ d512 (c2)"), Some(of(true, 256, 512, 2)));
        assert_eq!(test("tg16"), Some(of(false, 16, 0, 1)));
        assert_eq!(test("ctx_pp @ d512"), Some(Test { is_context: true, ..of(true, 512, 512, 1) }));
        assert_eq!((test("pp"), test("soon"), test("tg16 (cx)")), (None, None, None));
    }
}
