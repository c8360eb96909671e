//! What GuideLLM writes: its JSON, in which every metric is a distribution over finished, failed and cut-off
//! requests, and its CSV with three header rows.
//!
//! Rates of the system are made anew from counts and duration: the tool's are means over a series of events,
//! which early versions counted one short.

use serde_json::{Map, Value, json};

use super::campaign::{Campaign, Stat};
use super::value::{first_number, first_text, harmless, in_flight, items, local_day, number, text};
use crate::import::date;
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::json::Object;
use crate::model::run::Settings;
use crate::model::{Figure, Point, Quantity, plain};

/// What the list in a cell of the CSV holds; the median has a column of its own.
const CSV_LIST: [&str; 11] = ["min", "p001", "p01", "p05", "p10", "p25", "p75", "p90", "p95", "p99", "max"];

/// Percentiles by their names in JSON.
const PERCENTILES: [(&str, Option<Point>); 11] = [
    ("p001", None),
    ("p01", Some(Point::P1)),
    ("p05", Some(Point::P5)),
    ("p10", Some(Point::P10)),
    ("p25", Some(Point::P25)),
    ("p50", Some(Point::P50)),
    ("p75", Some(Point::P75)),
    ("p90", Some(Point::P90)),
    ("p95", Some(Point::P95)),
    ("p99", Some(Point::P99)),
    ("p999", Some(Point::P999)),
];

/// True for a document of the tool.
pub(super) fn is_document(fields: &Fields<'_>) -> bool {
    let benchmarks = fields.look("benchmarks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_own = |benchmark: &Value| benchmark.pointer("/metrics/time_to_first_token_ms").is_some();
    let names_tool = || fields.look("metadata").is_some_and(|of| of.get("guidellm_version").is_some());
    fields.has("benchmarks") && (names_tool() || benchmarks.iter().any(is_own))
}

/// The measurements of a document.
pub(super) fn campaigns(object: Object, say: &mut Say<'_>) -> Vec<Campaign> {
    let line = object.line;
    let document = Value::Object(object.fields);
    let benchmarks = items(&document, "/benchmarks");
    if benchmarks.is_empty() {
        say.at(line, "benchmarks", "none", "at least one measurement");
    }
    let several = benchmarks.len() > 1;
    let made = benchmarks.iter().enumerate().map(|(position, benchmark)| {
        let place = several.then(|| format!("benchmarks[{position}]"));
        campaign(line, place, benchmark, &document)
    });
    made.collect()
}

/// One measurement; `document` has what all of them share.
fn campaign(line: u32, place: Option<String>, benchmark: &Value, document: &Value) -> Campaign {
    const MODELS: [&str; 4] = [
        "/config/backend/model",
        "/worker/backend_model",
        "/worker/backend/model",
        "/benchmarker/backend/model",
    ];
    const SHARED_MODELS: [&str; 4] =
        ["/config/spec/backend/model", "/args/model", "/args/backend_kwargs/model", "/args/backend/model"];
    let stat = |name: &str| stat(benchmark, name);
    let finished = counted(benchmark, "successful")
        .or_else(|| number(benchmark, "/metrics/request_latency/successful/count"));
    // Where nothing came back, what was asked for says which cell it is.
    let asked = |name: &str| number(document, &format!("/config/spec/data/0/{name}"));
    let (concurrency, mut settings) = strategy(benchmark);
    let start = first_number(benchmark, &["/start_time", "/run_stats/start_time"]);
    let errored = items(benchmark, "/requests/errored");
    let error = errored.iter().find_map(|request| first_text(request, &["/info/error", "/error"]));
    let version = first_text(document, &["/metadata/guidellm_version"]);
    if let Some(version) = version {
        settings.other.insert("client".to_owned(), format!("GuideLLM {version}"));
    }
    let warnings = items(benchmark, "/warnings").iter().filter_map(|warning| text(warning, "/message"));
    Campaign {
        line,
        tool: "guidellm",
        place,
        model: first_text(benchmark, &MODELS).or_else(|| first_text(document, &SHARED_MODELS)),
        date: start.and_then(epoch).or_else(|| text(benchmark, "/start_time").as_deref().and_then(local_day)),
        concurrency,
        prompt: stat("prompt_token_count").mean.or_else(|| asked("prompt_tokens")),
        output: stat("output_token_count").mean.or_else(|| asked("output_tokens")),
        quantities: vec![
            (Quantity::Ttft, stat("time_to_first_token_ms")),
            (Quantity::Tpot, stat("inter_token_latency_ms")),
            (Quantity::EndToEnd, stat("request_latency").times(1e3)),
            (Quantity::EndToEndPerToken, stat("time_per_output_token_ms")),
        ],
        figures: figures(benchmark, finished),
        finished,
        failed: counted(benchmark, "errored").unwrap_or(0.0),
        error: error.map(|error| harmless(&error)),
        settings,
        remarks: warnings.map(|warning| format!("GuideLLM warns: {}", harmless(&warning))).collect(),
        ..Campaign::default()
    }
}

/// How many requests ended in one way.
fn counted(benchmark: &Value, kind: &str) -> Option<f64> {
    let places = ["/scheduler_metrics/requests_made", "/run_stats/requests_made", "/metrics/request_totals"];
    places.iter().find_map(|place| number(benchmark, &format!("{place}/{kind}")))
}

/// Rates of all requests together and what they are made of.
fn figures(benchmark: &Value, finished: Option<f64>) -> Vec<(Figure, Option<f64>)> {
    let end = |name: &str| first_number(benchmark, &[&format!("/{name}"), &format!("/run_stats/{name}")]);
    let ends = || Some(end("end_time")? - end("start_time")?);
    let duration = first_number(benchmark, &["/duration", "/run_stats/duration"]).or_else(ends);
    let duration = duration.filter(|&seconds| seconds > 0.0);
    let per_second = |sum: Option<f64>| Some(sum? / duration?);
    let (input, output) = (total(benchmark, "prompt_token_count"), total(benchmark, "output_token_count"));
    vec![
        (Figure::RequestPerS, per_second(finished)),
        (Figure::SystemOutput, per_second(output)),
        (Figure::SystemInput, per_second(input)),
        (Figure::SystemTotal, per_second(input.zip(output).map(|(input, output)| input + output))),
        (Figure::TotalInput, input),
        (Figure::TotalOutput, output),
        (Figure::Duration, duration),
        (Figure::IncompleteRequests, counted(benchmark, "incomplete")),
        (Figure::MeanConcurrency, stat(benchmark, "request_concurrency").mean),
    ]
}

/// A metric over the requests that finished.
fn stat(benchmark: &Value, name: &str) -> Stat {
    let Some(of) = benchmark.pointer(&format!("/metrics/{name}/successful")) else { return Stat::default() };
    let percentile =
        |(key, point): &(&str, Option<Point>)| Some(((*point)?, number(of, &format!("/percentiles/{key}"))?));
    let ends = [("/min", Point::Min), ("/max", Point::Max)];
    let ends = ends.into_iter().filter_map(|(at, point)| Some((point, number(of, at)?)));
    let points = ends.chain(PERCENTILES.iter().filter_map(percentile)).collect();
    Stat::of_tool(number(of, "/mean"), number(of, "/std_dev"), number(of, "/count"), points)
}

/// The sum over the requests that finished; 0 of none.
fn total(benchmark: &Value, name: &str) -> Option<f64> {
    let of = benchmark.pointer(&format!("/metrics/{name}/successful"))?;
    let count = number(of, "/count")?;
    number(of, "/total_sum").or_else(|| Some(number(of, "/mean")? * count)).filter(|_| count > 0.0)
}

/// Requests in flight, where the strategy fixes them, and the strategy as settings.
///
/// At a rate, or with as many as the server takes, no number in flight was chosen: `max_concurrency` is a limit
/// that is never reached.
fn strategy(benchmark: &Value) -> (Option<u16>, Settings) {
    let places = ["/config/strategy", "/args/strategy"];
    let strategy = places.iter().find_map(|at| benchmark.pointer(at)).unwrap_or(&Value::Null);
    let kind = first_text(strategy, &["/type_", "/kind"]).unwrap_or_default();
    let mut settings = Settings::default();
    let concurrency = match kind.as_str() {
        "synchronous" => Some(1),
        "concurrent" => first_number(strategy, &["/streams", "/max_concurrency"]).and_then(in_flight),
        _ => None,
    };
    if !(kind.is_empty() || matches!(kind.as_str(), "synchronous" | "concurrent")) {
        settings.other.insert("strategy".to_owned(), kind);
    }
    if let Some(rate) = number(strategy, "/rate") {
        settings.other.insert("requests_per_s".to_owned(), plain(rate));
    }
    (concurrency, settings)
}

fn epoch(seconds: f64) -> Option<crate::model::PartialDate> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest number that there is"
    )]
    date::of_epoch(seconds as u64)
}

/// True for the three header rows.
pub(super) fn is_csv(text: &str) -> bool {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    first.starts_with("Run Info,")
        && first.contains(",Request Latency,")
        && first.contains(",Request Counts,")
}

/// The measurements of a CSV file: each row becomes what the JSON has for it.
pub(super) fn from_csv(text: &str, say: &mut Say<'_>) -> Vec<Campaign> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = reader.records().filter_map(|row| row.map_err(|_| ()).ok());
    let (Some(groups), Some(names), Some(stats)) = (rows.next(), rows.next(), rows.next()) else {
        say.at(1, "", "fewer than three header rows", "GuideLLM's CSV");
        return Vec::new();
    };
    let mut made = Vec::new();
    for row in rows {
        let line = row.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if row.len() != groups.len() {
            let expected = format!("{}, as the header has; the row is left out", groups.len());
            say.at(line, "", format!("{} cells", row.len()), expected);
            continue;
        }
        let columns = groups.iter().zip(&names).zip(&stats).map(|((group, name), stat)| (group, name, stat));
        let cells: Vec<(Column<'_>, &str)> = columns.zip(&row).collect();
        let (benchmark, document) = of_row(&cells);
        made.push(campaign(line, None, &benchmark, &document));
    }
    made
}

/// Group, name and statistic of a column.
type Column<'a> = (&'a str, &'a str, &'a str);

fn of_row(cells: &[(Column<'_>, &str)]) -> (Value, Value) {
    const METRICS: [(&str, &str, &str); 9] = [
        ("Request Latency", "Successful Sec", "request_latency"),
        ("Time to First Token", "Successful ms", "time_to_first_token_ms"),
        ("Time per Output Token", "Successful ms", "time_per_output_token_ms"),
        ("Inter Token Latency", "Successful ms", "inter_token_latency_ms"),
        ("Server Throughput", "Successful Concurrency", "request_concurrency"),
        ("Token Metrics", "Successful Input Tokens", "prompt_token_count"),
        ("Token Metrics", "Successful Output Tokens", "output_token_count"),
        ("Token Metrics", "Successful Total Tokens", "total_token_count"),
        ("Token Throughput", "Successful Output Tokens/Sec", "output_tokens_per_second"),
    ];
    let cell = |group: &str, name: &str, stat: &str| {
        let found = cells.iter().find(|((g, n, s), _)| (*g, *n, *s) == (group, name, stat));
        found.map(|(_, value)| *value).filter(|value| !value.is_empty())
    };
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    let value = |group: &str, name: &str, stat: &str| cell(group, name, stat).and_then(parsed);
    let finished = value("Request Counts", "Successful", "");
    let mut metrics = Map::new();
    for (group, name, field) in METRICS {
        let list = value(group, name, "Percentiles").unwrap_or_default();
        let listed = CSV_LIST.iter().zip(items(&list, ""));
        let mut percentiles: Map<String, Value> =
            listed.map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        percentiles.extend(value(group, name, "Median").map(|median| ("p50".to_owned(), median)));
        // These count tokens, whose number this form does not say.
        let is_of_tokens = matches!(group, "Inter Token Latency" | "Time per Output Token");
        let successful = json!({
            "mean": value(group, name, "Mean"),
            "std_dev": value(group, name, "Std Dev"),
            "count": finished.clone().filter(|_| !is_of_tokens),
            "min": percentiles.remove("min"),
            "max": percentiles.remove("max"),
            "percentiles": percentiles,
        });
        metrics.insert(field.to_owned(), json!({ "successful": successful }));
    }
    let strategy = cell("Benchmark", "Strategy", "").unwrap_or_default();
    let (kind, rate) = strategy.split_once('@').unwrap_or((strategy, ""));
    let rate: Option<f64> = rate.parse().ok();
    let streams = if kind == "concurrent" { rate } else { None };
    let benchmark = json!({
        "config": {
            "backend": value("Run Info", "Backend", ""),
            "strategy": { "type_": kind, "streams": streams, "rate": rate.filter(|_| streams.is_none()) },
        },
        "scheduler_metrics": { "requests_made": {
            "successful": finished,
            "errored": value("Request Counts", "Errored", ""),
            "incomplete": value("Request Counts", "Incomplete", ""),
        } },
        "metrics": metrics,
        "duration": value("Timings", "Duration", "Sec"),
        "start_time": cell("Timings", "Start Time", ""),
    });
    let metadata = value("Runtime Info", "Metadata", "");
    (benchmark, json!({ "metadata": metadata }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn the_first_schema_keeps_its_counts_elsewhere() {
        let text = r#"{"benchmarks": [{"args": {"strategy": {"type_": "concurrent", "streams": 4}},
            "run_stats": {"start_time": 1795256943.5, "end_time": 1795256953.5,
                "requests_made": {"successful": 20, "errored": 1, "incomplete": 2, "total": 23}},
            "worker": {"backend_model": "org/finch-2b"},
            "metrics": {"time_to_first_token_ms": {"successful": {"mean": 50.0, "std_dev": 3.0, "count": 20,
                "total_sum": 1000.0, "percentiles": {"p50": 49.0, "p99": 58.0}}},
                "inter_token_latency_ms": {"successful": {"mean": 20.0, "count": 0, "total_sum": 0.0}},
                "request_latency": {"successful": {"mean": 2.5, "count": 20}},
                "output_token_count": {"successful": {"mean": 100.0, "count": 20, "total_sum": 2000.0}},
                "prompt_token_count": {"successful": {"mean": 64.0, "count": 20, "total_sum": 1280.0}}}}]}"#;
        let fields = Fields::of_json(1, text).unwrap();
        assert!(is_document(&fields));
        let mut say = Say::new("f");
        let cell = campaigns(fields.into(), &mut say).remove(0).cell(&mut say).unwrap();
        assert_eq!((cell.name.as_deref(), cell.concurrency), (Some("finch-2b"), Some(4)));
        let result = &cell.result;
        let figure = |figure: Figure| result.figures.get(&figure).map(|value| value.get());
        assert_eq!((figure(Figure::RequestPerS), figure(Figure::SystemOutput)), (Some(2.0), Some(200.0)));
        assert_eq!(
            (figure(Figure::IncompleteRequests), figure(Figure::FailedRequests)),
            (Some(2.0), Some(1.0))
        );
        // A distribution over nothing is no TPOT.
        assert_eq!((result.tpot_ms, result.decode_tok_per_s), (None, None));
        assert_eq!(result.end_to_end_ms.map(|ms| ms.get()), Some(2500.0));
        assert_eq!(say.findings.len(), 1, "{:?}", say.findings);
    }
}
