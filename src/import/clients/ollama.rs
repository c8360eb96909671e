//! What Ollama says of each answer: the last message of its API, the lines of `--verbose`, and tables of the same
//! fields that people write.
//!
//! Durations are nanoseconds, and a field that is 0 is left away. Requests of equal token counts are
//! repetitions of one result, as with llama-server.

use std::collections::HashMap;

use super::campaign::positive;
use super::value::local_day;
use crate::import::cell::Cell;
use crate::import::date;
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::names;
use crate::import::report::is_quant;
use crate::import::shape::Work;
use crate::import::text::line_after;
use crate::model::PartialDate;
use crate::model::run::{Repetition, Statistic, Timing};
use crate::stats;

/// A model that is in memory already takes no longer than this to be found there, in seconds; a shorter
/// `load_duration` is not one of loading.
const LOADED: f64 = 0.5;

/// One answered request.
#[derive(Clone, Debug, Default)]
struct Request {
    line: u32,
    model: Option<String>,
    date: Option<PartialDate>,
    prompt: Option<u32>,
    prompt_ns: Option<f64>,
    output: u32,
    output_ns: f64,
    load_ns: Option<f64>,
    total_ns: Option<f64>,
    /// Made to load the model, and not to be measured.
    is_cold: bool,
}

/// True for the last message of an answer, and for a row of a table with its fields.
pub(super) fn is_record(fields: &Fields<'_>) -> bool {
    fields.has("eval_count") && (fields.has("eval_duration") || fields.has("eval_duration_ns"))
}

/// True for a header with the fields of the API.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.replace('"', "");
    let has = |name: &str| line.split(',').any(|column| column.trim() == name);
    has("eval_count") && (has("eval_duration") || has("eval_duration_ns"))
}

/// The results of a table, behind whatever lines; people name its columns as the API does.
pub(super) fn from_table(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let start: usize = text.split_inclusive('\n').take_while(|line| !is_header(line)).map(str::len).sum();
    let before = line_after(text.get(..start).unwrap_or_default().as_bytes()) - 1;
    let table = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let mut records = Vec::new();
    for row in reader.records().filter_map(|row| row.map_err(|_| ()).ok()) {
        let line = row.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let line = line.saturating_add(before);
        if row.len() == header.len() {
            records.push(Fields::of_text(
                line,
                header.iter().zip(&row).map(|(name, cell)| (name.trim(), cell.trim())),
            ));
        } else {
            let expected = format!("{}, as the header has; the row is left out", header.len());
            say.at(line, "", format!("{} cells", row.len()), expected);
        }
    }
    cells_of(records, say)
}

/// The results of answers and rows.
pub(super) fn cells_of(records: Vec<Fields<'_>>, say: &mut Say<'_>) -> Vec<Cell> {
    let mut requests = Vec::new();
    for fields in records {
        let line = fields.line;
        match request(fields) {
            Some(request) => requests.push(request),
            None => say.at(
                line,
                "eval_count",
                "no tokens, or no time that they took",
                "a generated token and its duration; the answer is left out",
            ),
        }
    }
    cells(requests)
}

fn request(mut fields: Fields<'_>) -> Option<Request> {
    let duration = |fields: &mut Fields<'_>, name: &str| {
        let value = fields.number(name).or_else(|| fields.number(&format!("{name}_ns")));
        value.filter(|&nanoseconds| nanoseconds > 0.0)
    };
    let tokens = |fields: &mut Fields<'_>, name: &str| {
        fields.count(name).and_then(|count| u32::try_from(count).ok()).filter(|&count| count > 0)
    };
    let time = fields.text("created_at");
    Some(Request {
        line: fields.line,
        model: fields.text("model"),
        date: time.and_then(|time| date::of_iso(&time).or_else(|| local_day(&time))),
        prompt: tokens(&mut fields, "prompt_eval_count"),
        prompt_ns: duration(&mut fields, "prompt_eval_duration"),
        output: tokens(&mut fields, "eval_count")?,
        output_ns: duration(&mut fields, "eval_duration")?,
        load_ns: duration(&mut fields, "load_duration"),
        total_ns: duration(&mut fields, "total_duration"),
        is_cold: fields.text("phase").is_some_and(|phase| matches!(phase.as_str(), "cold" | "warmup")),
    })
}

/// True for the lines of `--verbose`.
pub(super) fn is_verbose(text: &str) -> bool {
    let has = |name: &str| text.lines().any(|line| field(line, name).is_some());
    has("eval rate") && has("eval duration") && has("eval count")
}

/// The value of a line such as `eval duration:        1.42s`.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.trim_start().strip_prefix(name)?.strip_prefix(':').map(str::trim)
}

/// The results of what `ollama run --verbose` prints below each answer.
pub(super) fn from_verbose(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut requests: Vec<Request> = Vec::new();
    let mut open = Request::default();
    for (line, text) in (1..).zip(text.lines()) {
        let tokens = |value: &str| value.split(' ').next().and_then(|count| count.parse::<u32>().ok());
        if let Some(value) = field(text, "total duration") {
            open = Request { line, total_ns: nanoseconds(value), ..Request::default() };
        } else if let Some(value) = field(text, "load duration") {
            open.load_ns = nanoseconds(value);
        } else if let Some(value) = field(text, "prompt eval count") {
            open.prompt = tokens(value);
        } else if let Some(value) = field(text, "prompt eval duration") {
            open.prompt_ns = nanoseconds(value);
        } else if let Some(value) = field(text, "eval count") {
            open.output = tokens(value).unwrap_or(0);
        } else if let Some(value) = field(text, "eval duration") {
            open.output_ns = nanoseconds(value).unwrap_or(0.0);
        } else if field(text, "eval rate").is_some() {
            let request = std::mem::take(&mut open);
            if request.output > 0 && request.output_ns > 0.0 {
                requests.push(Request { line: request.line.max(1), ..request });
            } else {
                say.at(line, "eval rate", "no count and duration above it", "both; the answer is left out");
            }
        }
    }
    cells(requests)
}

/// A duration as Go writes it: `1h2m3.5s`, `1.42s`, `812.5ms`, `79.1µs`.
fn nanoseconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 7] =
        [("ns", 1.0), ("µs", 1e3), ("us", 1e3), ("μs", 1e3), ("ms", 1e6), ("h", 3.6e12), ("m", 6e10)];
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(end);
        let unit = UNITS.iter().find_map(|(unit, factor)| Some((tail.strip_prefix(unit)?, *factor)));
        let (tail, factor) = match unit {
            Some(known) => known,
            None => (tail.strip_prefix('s')?, 1e9),
        };
        sum += number.parse::<f64>().ok()? * factor;
        rest = tail;
    }
    (sum.is_finite() && sum > 0.0).then_some(sum)
}

/// One result for all requests that are alike.
fn cells(requests: Vec<Request>) -> Vec<Cell> {
    let mut groups: Vec<Vec<Request>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for request in requests {
        let day = request.date.as_ref().map(|date| date.day().to_owned());
        let key = format!("{:?}", (&request.model, request.prompt, request.output, day));
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(request),
            None => groups.push(vec![request]),
        }
    }
    groups.iter().filter_map(|group| cell(group)).collect()
}

fn cell(group: &[Request]) -> Option<Cell> {
    let first = group.first()?;
    // Requests that load the model are warm-ups where there are others.
    let (cold, warm): (Vec<&Request>, Vec<&Request>) = group.iter().partition(|request| request.is_cold);
    let (measured, warm_ups) = if warm.is_empty() { (cold, 0) } else { (warm, cold.len()) };
    let work = Work { prompt: first.prompt.unwrap_or(0), output: first.output, depth: 0, served: true };
    let mut cell = Cell::new(first.line, "ollama", Timing::Served, work);
    (cell.name, cell.quant) = first.model.as_deref().map_or((None, None), model);
    cell.engine = Some("Ollama".to_owned());
    cell.date = group.iter().filter_map(|request| request.date.clone()).min();
    cell.settings.warmup_repetitions = u32::try_from(warm_ups).ok().filter(|&count| count > 0);
    cell.statistic = if measured.len() == 1 { Statistic::Single } else { Statistic::Mean };
    cell.repetitions = u32::try_from(measured.len()).ok();
    let result = &mut cell.result;
    (result.prompt_tokens, result.output_tokens) = (first.prompt, Some(first.output));
    let rate = |tokens: u32, ns: f64| positive(f64::from(tokens) / ns * 1e9);
    let repetition = |request: &&Request| Repetition {
        decode_tok_per_s: rate(request.output, request.output_ns),
        prefill_tok_per_s: request.prompt.zip(request.prompt_ns).and_then(|(tokens, ns)| rate(tokens, ns)),
        prompt_tokens: request.prompt,
        output_tokens: Some(request.output),
        ..Repetition::default()
    };
    result.repetitions =
        measured.iter().map(repetition).filter(|one| one.decode_tok_per_s.is_some()).collect();
    if result.repetitions.is_empty() {
        return None;
    }
    // Where a request waited for its model to load, that time is none of the request's own.
    let is_load = |ns: &f64| *ns > LOADED * 1e9;
    let total =
        |request: &&Request| Some((request.total_ns? - request.load_ns.filter(is_load).unwrap_or(0.0)) / 1e6);
    let totals: Vec<f64> = measured.iter().filter_map(total).collect();
    if totals.len() == measured.len() {
        result.end_to_end_ms = stats::mean(&totals).and_then(positive);
    }
    let loads = group.iter().filter_map(|request| request.load_ns).map(|ns| ns / 1e9);
    result.load_s = loads.max_by(f64::total_cmp).filter(|&seconds| seconds > LOADED).and_then(positive);
    Some(cell)
}

/// Name and quant of `qwen3:8b-q4_K_M` and `hf.co/someone/model-GGUF:Q4_K_M`.
fn model(printed: &str) -> (Option<String>, Option<String>) {
    let tag = printed.rsplit_once(':').filter(|(_, tag)| is_quant(&tag.to_ascii_uppercase()));
    if let Some((before, tag)) = tag {
        let name = names::base(before);
        let name = name.strip_suffix("-GGUF").unwrap_or(name);
        return (Some(name.to_owned()), Some(tag.to_ascii_uppercase()));
    }
    let printed = names::of_file(printed);
    (Some(printed.name).filter(|name| !name.is_empty()), printed.quant)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn durations_of_go_are_read() {
        for (text, expected) in [
            ("5.043500667s", 5_043_500_667.0),
            ("812.5ms", 8.125e8),
            ("1h2m3s", 3.723e12),
            ("1m0.5s", 6.05e10),
            ("79µs", 79e3),
        ] {
            assert!((nanoseconds(text).unwrap() - expected).abs() < 1.0, "{text}");
        }
        assert_eq!(["", "0s", "5", "5 s", "s"].map(nanoseconds), [None; 5]);
    }

    #[test]
    fn lines_below_an_answer_are_a_result() {
        let text = ">>> hi\nHello!\n\ntotal duration:       1.5s\nload duration:        1.2s\n\
            prompt eval count:    26 token(s)\nprompt eval duration: 130ms\nprompt eval rate:     200.00 tokens/s\n\
            eval count:           298 token(s)\neval duration:        2.98s\neval rate:            100.00 tokens/s\n";
        assert!(is_verbose(text));
        let cells = from_verbose(text, &mut Say::new("f"));
        let result = &cells.first().unwrap().result;
        let repetition = result.repetitions.first().unwrap();
        assert_eq!(repetition.decode_tok_per_s.map(|rate| rate.get()), Some(100.0));
        assert_eq!(repetition.prefill_tok_per_s.map(|rate| rate.get()), Some(200.0));
        assert_eq!(result.load_s.map(|seconds| seconds.get()), Some(1.2));
    }

    #[test]
    fn tags_say_quants() {
        let pair = |name: &str| model(name);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(pair("qwen3:8b-q4_K_M"), (some("qwen3:8b"), some("Q4_K_M")));
        assert_eq!(pair("hf.co/x/Llama-3-GGUF:Q8_0"), (some("Llama-3"), some("Q8_0")));
        assert_eq!(pair("qwen3.6:35b-a3b"), (some("qwen3.6:35b-a3b"), None));
    }
}
