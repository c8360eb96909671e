//! What AIPerf and its forerunner genai-perf write: a summary as JSON and CSV, and AIPerf's records of single
//! requests.
//!
//! Tokens are counted by the client's tokenizer, and, where the server says so, by the server too. Where both
//! counts disagree, the server's hold: rates made of the others are made anew from its counts where the file
//! allows it, and left out where it does not.

use serde_json::{Map, Value};

use super::campaign::{Campaign, Stat};
use super::telemetry;
use super::value::{first_number, first_text, harmless, in_flight, items, local_day, number, text};
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::json::Object;
use crate::model::run::Settings;
use crate::model::{Figure, Point, Quantity, plain};

/// How far the counts of client and server may be apart, as a share.
const COUNTS_AGREE: f64 = 0.05;

/// Where versions name the model.
const MODELS: [&str; 4] = [
    "/input_config/models/items/0/name",
    "/input_config/model_names/0",
    "/input_config/endpoint/model_names/0",
    "/input_config/models/0",
];

/// Statistics that are points of a distribution.
const POINTS: [(&str, Point); 11] = [
    ("min", Point::Min),
    ("p1", Point::P1),
    ("p5", Point::P5),
    ("p10", Point::P10),
    ("p25", Point::P25),
    ("p50", Point::P50),
    ("p75", Point::P75),
    ("p90", Point::P90),
    ("p95", Point::P95),
    ("p99", Point::P99),
    ("max", Point::Max),
];

/// True for AIPerf's summary.
pub(super) fn is_summary(fields: &Fields<'_>) -> bool {
    fields.has("aiperf_version")
}

/// True for genai-perf's summary, which names no version.
pub(super) fn is_genai_perf(fields: &Fields<'_>) -> bool {
    let has_unit = fields.look("request_throughput").is_some_and(|metric| metric.get("unit").is_some());
    has_unit && fields.has("input_config") && !is_summary(fields)
}

/// The measurement of a summary.
pub(super) fn campaign(object: Object, say: &mut Say<'_>) -> Campaign {
    let line = object.line;
    let (tool, name) = if object.fields.contains_key("aiperf_version") {
        ("aiperf", "AIPerf")
    } else {
        ("genai-perf", "genai-perf")
    };
    of_summary(&Value::Object(object.fields), tool, name, line, say)
}

fn of_summary(summary: &Value, tool: &'static str, name: &str, line: u32, say: &mut Say<'_>) -> Campaign {
    let requests = avg(summary, "request_count");
    // Where nothing came back, what was asked for says which cell it is.
    let asked = |name: &str| number(summary, &format!("/input_config/datasets/0/prompts/{name}/mean"));
    let mut campaign = Campaign {
        line,
        tool,
        model: first_text(summary, &MODELS),
        date: text(summary, "/start_time").as_deref().and_then(local_day),
        concurrency: concurrency(summary),
        prompt: avg(summary, "input_sequence_length").or_else(|| asked("isl")),
        output: avg(summary, "output_sequence_length").or_else(|| asked("osl")),
        quantities: quantities(summary, requests, line, say),
        figures: figures(summary),
        finished: requests,
        failed: avg(summary, "error_request_count").unwrap_or(0.0),
        error: error(summary),
        machine: telemetry::gpu_name(summary),
        settings: settings(summary, name),
        ..Campaign::default()
    };
    if requests.is_some_and(|requests| requests > 0.0) && avg(summary, "input_sequence_length").is_none() {
        campaign.remarks.push(
            "The file does not count the prompt's tokens: they are those that were asked for.".to_owned(),
        );
    }
    if let Some(false) = summary.pointer("/is_complete").and_then(Value::as_bool) {
        let reason = text(summary, "/incomplete_reason").map(|reason| format!(": {}", harmless(&reason)));
        say.at(
            line,
            "is_complete",
            format!("false{}", reason.unwrap_or_default()),
            "a measurement that came to its end",
        );
    }
    let duration = avg(summary, "benchmark_duration");
    let counts = Counts {
        prompt: avg(summary, "usage_prompt_tokens"),
        output: avg(summary, "usage_completion_tokens"),
        total_prompt: avg(summary, "total_usage_prompt_tokens"),
        total_output: avg(summary, "total_usage_completion_tokens"),
    };
    counts.hold(&mut campaign, duration, say);
    campaign
}

/// What was measured of each request.
fn quantities(summary: &Value, requests: Option<f64>, line: u32, say: &mut Say<'_>) -> Vec<(Quantity, Stat)> {
    let mut quantities: Vec<(Quantity, Stat)> = Vec::new();
    for (tag, of) in [
        ("time_to_first_token", Quantity::Ttft),
        ("inter_token_latency", Quantity::Tpot),
        ("request_latency", Quantity::EndToEnd),
        ("inter_chunk_latency", Quantity::Itl),
        ("time_to_second_token", Quantity::SecondToken),
        ("output_token_throughput_per_user", Quantity::Decode),
        ("e2e_output_token_throughput", Quantity::Output),
        // So called by the first versions of genai-perf.
        ("output_token_throughput_per_request", Quantity::Output),
        ("prefill_throughput_per_user", Quantity::ClientPrefill),
    ] {
        let stat = stat(summary, tag, requests, say, line);
        if stat != Stat::default() {
            quantities.push((of, stat));
        }
    }
    // Requests whose answer came in one piece have no rate: the mean is one of the others alone.
    let counted = count(summary, "output_token_throughput_per_user").zip(requests);
    if counted.is_some_and(|(counted, requests)| counted < requests) {
        quantities.retain(|(of, _)| *of != Quantity::Decode);
    }
    quantities
}

/// Tokens as the server counted them: of a request on average, and of all.
struct Counts {
    prompt: Option<f64>,
    output: Option<f64>,
    total_prompt: Option<f64>,
    total_output: Option<f64>,
}

impl Counts {
    /// Puts the server's counts in place of the client's, and takes out what the client's have made wrong.
    fn hold(&self, campaign: &mut Campaign, duration: Option<f64>, say: &mut Say<'_>) {
        let apart = |client: Option<f64>, server: Option<f64>| match (client, server) {
            (Some(client), Some(server)) => (client - server).abs() > COUNTS_AGREE * server,
            _ => false,
        };
        let wrong_prompt = apart(campaign.prompt, self.prompt);
        let wrong_output = apart(campaign.output, self.output);
        let pairs = [
            (wrong_prompt, "input_sequence_length", campaign.prompt, self.prompt, "prompt"),
            (wrong_output, "output_sequence_length", campaign.output, self.output, "output"),
        ];
        for (_, field, client, server, kind) in pairs.into_iter().filter(|pair| pair.0) {
            let (Some(client), Some(server)) = (client, server) else { continue };
            let found = format!("{} tokens where the server counted {}", short(client), short(server));
            say.at(campaign.line, field, found, "equal counts; rates per token of the client are left out");
            campaign.remarks.push(format!(
                "The client's tokenizer counted {} {kind} tokens where the server counted {}; the server's count holds.",
                short(client),
                short(server)
            ));
        }
        campaign.prompt = self.prompt.or(campaign.prompt);
        campaign.output = self.output.or(campaign.output);
        if wrong_output {
            let is_wrong = |of: &Quantity| matches!(of, Quantity::Tpot | Quantity::Decode | Quantity::Output);
            campaign.quantities.retain(|(of, _)| !is_wrong(of));
        }
        if wrong_prompt {
            campaign.quantities.retain(|(of, _)| *of != Quantity::ClientPrefill);
        }
        let (input, output) = (self.total_prompt, self.total_output);
        let both = input.zip(output).map(|(input, output)| input + output);
        for (wrong, figure, total, is_rate) in [
            (wrong_prompt, Figure::SystemInput, input, true),
            (wrong_output, Figure::SystemOutput, output, true),
            (wrong_prompt || wrong_output, Figure::SystemTotal, both, true),
            (wrong_prompt, Figure::TotalInput, input, false),
            (wrong_output, Figure::TotalOutput, output, false),
        ] {
            if wrong {
                campaign.figures.retain(|(known, _)| *known != figure);
                let value = if is_rate { total.zip(duration).map(|(total, s)| total / s) } else { total };
                campaign.figures.push((figure, value));
            }
        }
    }
}

/// A mean as a sentence has it.
fn short(mean: f64) -> String {
    plain((mean * 10.0).round() / 10.0)
}

fn avg(summary: &Value, tag: &str) -> Option<f64> {
    number(summary, &format!("/{tag}/avg"))
}

fn count(summary: &Value, tag: &str) -> Option<f64> {
    number(summary, &format!("/{tag}/count"))
}

/// A metric over requests, in the unit of its quantity.
fn stat(summary: &Value, tag: &str, requests: Option<f64>, say: &mut Say<'_>, line: u32) -> Stat {
    let Some(of) = summary.get(tag) else { return Stat::default() };
    let factor = match text(of, "/unit").unwrap_or_default().as_str() {
        "ms" | "tokens/sec/user" | "" => 1.0,
        "ns" => 1e-6,
        "us" | "µs" => 1e-3,
        "s" | "sec" | "seconds" => 1e3,
        unit if unit.starts_with("tokens/s") || unit == "per sec" => 1.0,
        unit => {
            say.at(
                line,
                tag,
                format!("the unit {unit:?}"),
                "milliseconds or tokens per second; it is left out",
            );
            return Stat::default();
        }
    };
    let points = POINTS.iter().filter_map(|(key, point)| Some((*point, number(of, &format!("/{key}"))?)));
    let n = number(of, "/count").or(requests);
    Stat::of_tool(number(of, "/avg"), number(of, "/std"), n, points.collect()).times(factor)
}

fn figures(summary: &Value) -> Vec<(Figure, Option<f64>)> {
    let mut figures = telemetry::figures(summary);
    figures.extend([
        (Figure::RequestPerS, avg(summary, "request_throughput")),
        (Figure::GoodRequestPerS, avg(summary, "goodput")),
        (Figure::SystemOutput, avg(summary, "output_token_throughput")),
        (Figure::SystemInput, avg(summary, "input_token_throughput")),
        (Figure::SystemTotal, avg(summary, "total_token_throughput")),
        (Figure::Duration, avg(summary, "benchmark_duration")),
        (Figure::TotalInput, avg(summary, "total_isl")),
        (Figure::TotalOutput, avg(summary, "total_osl")),
        (Figure::CachedInput, avg(summary, "total_usage_prompt_cache_read_tokens")),
        (Figure::ReasoningTokens, avg(summary, "reasoning_token_count")),
        (Figure::MeanConcurrency, avg(summary, "effective_concurrency")),
        (Figure::PeakConcurrency, number(summary, "/effective_concurrency/max")),
    ]);
    figures
}

fn concurrency(summary: &Value) -> Option<u16> {
    let phases = items(summary, "/input_config/phases");
    let is_measured = |phase: &&Value| text(phase, "/kind").is_none_or(|kind| kind == "profiling");
    let of_phase = phases.iter().filter(is_measured).find_map(|phase| number(phase, "/concurrency"));
    const OTHERS: [&str; 3] = [
        "/input_config/loadgen/concurrency",
        "/input_config/perf_analyzer/stimulus/concurrency",
        "/input_config/concurrency",
    ];
    of_phase.or_else(|| first_number(summary, &OTHERS)).and_then(in_flight)
}

fn settings(summary: &Value, name: &str) -> Settings {
    let mut settings = Settings::default();
    let version = text(summary, "/aiperf_version").map(|version| format!(" {version}"));
    settings.other.insert("client".to_owned(), format!("{name}{}", version.unwrap_or_default()));
    const RATES: [&str; 3] = [
        "/input_config/phases/0/request_rate",
        "/input_config/loadgen/request_rate",
        "/input_config/perf_analyzer/stimulus/request_rate",
    ];
    if let Some(rate) = first_number(summary, &RATES) {
        settings.other.insert("requests_per_s".to_owned(), plain(rate));
    }
    if let Some(false) = summary.pointer("/input_config/endpoint/streaming").and_then(Value::as_bool) {
        settings.other.insert("streaming".to_owned(), "off".to_owned());
    }
    settings
}

/// The most frequent error, in the words of the server.
fn error(summary: &Value) -> Option<String> {
    let errors = items(summary, "/error_summary");
    let most = errors.iter().max_by(|a, b| {
        let of = |error: &Value| number(error, "/count").unwrap_or(0.0);
        of(a).total_cmp(&of(b))
    })?;
    of_error(most.get("error_details")?)
}

/// Code, type and message of an error.
pub(super) fn of_error(details: &Value) -> Option<String> {
    let words: Vec<String> = ["/code", "/type"].iter().filter_map(|at| text(details, at)).collect();
    let message = text(details, "/message").map(|message| harmless(&message));
    let parts = [Some(words.join(" ")).filter(|words| !words.is_empty()), message];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

/// Which of the two wrote a CSV file: AIPerf has a sum of each metric.
pub(super) fn csv_tool(text: &str) -> Option<&'static str> {
    let first = text.lines().find(|line| !line.trim().is_empty())?.replace(['"', ' '], "");
    let rest = first.strip_prefix("Metric,avg,min,max,")?;
    if rest.starts_with("sum,") { Some("aiperf") } else { rest.contains("p99").then_some("genai-perf") }
}

/// The measurement of a CSV file: its rows become what the JSON has for them.
pub(super) fn from_csv(text: &str, say: &mut Say<'_>) -> Vec<Campaign> {
    let Some(tool) = csv_tool(text) else { return Vec::new() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut header: Vec<String> = Vec::new();
    let mut summary = Map::new();
    for row in reader.records().filter_map(|row| row.map_err(|_| ()).ok()) {
        let cells: Vec<&str> = row.iter().map(str::trim).collect();
        let Some((&label, values)) = cells.split_first() else { continue };
        if label == "Metric" || label == "Endpoint" {
            header = cells.iter().map(|&name| name.to_owned()).collect();
            continue;
        }
        if header.first().is_none_or(|name| name != "Metric") || values.is_empty() {
            continue;
        }
        let (tag, unit) = tag(label);
        let mut metric = Map::from_iter([("unit".to_owned(), unit.into())]);
        for (name, value) in header.iter().skip(1).zip(values) {
            let name = if name == "Value" { "avg" } else { name };
            // Thousands are set apart in some versions.
            if let Ok(value) = value.replace(',', "").parse::<f64>() {
                metric.insert(name.to_owned(), value.into());
            }
        }
        summary.insert(tag, metric.into());
    }
    let name = if tool == "aiperf" { "AIPerf" } else { "genai-perf" };
    vec![of_summary(&Value::Object(summary), tool, name, 1, say)]
}

/// `Request Latency (ms)` as `request_latency` and its unit.
fn tag(label: &str) -> (String, String) {
    const OTHERS: [(&str, &str); 6] = [
        ("total_input_sequence_length", "total_isl"),
        ("total_output_sequence_length", "total_osl"),
        ("usage_completion_diff_%", "usage_completion_tokens_diff_pct"),
        ("usage_prompt_diff_%", "usage_prompt_tokens_diff_pct"),
        ("error_requests", "error_request_count"),
        ("error_request_count", "error_request_count"),
    ];
    let (name, unit) = match label.rsplit_once(" (") {
        Some((name, unit)) => (name, unit.trim_end_matches(')')),
        None => (label, ""),
    };
    let name = name.to_lowercase().replace([' ', '-'], "_");
    let known = OTHERS.iter().find(|(label, _)| *label == name);
    (known.map_or(name, |(_, tag)| (*tag).to_owned()), unit.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_tags() {
        assert_eq!(tag("Request Latency (ms)"), ("request_latency".to_owned(), "ms".to_owned()));
        assert_eq!(tag("Total Input Sequence Length (tokens)").0, "total_isl");
        assert_eq!(tag("Request Count"), ("request_count".to_owned(), String::new()));
    }
}
