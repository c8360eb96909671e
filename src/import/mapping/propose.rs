//! A mapping for a table whose headers speak for themselves, to be looked at before anything is read with it.

use std::collections::BTreeMap;

use super::super::llama_bench;
use super::super::report::is_missing;
use super::rows::plain;
use super::units::Unit;
use super::{Column, Decimal, Field, Kind, Mapping, Requests};
use crate::model::run::{Statistic, Timing};
use crate::model::{Figure, Metric};

/// Words of headers, with everything but letters and digits taken for blanks, and what they mean.
///
/// The first that fits is taken, so what is more exact stands first.
const WORDS: [(&str, Field); 63] = [
    ("model", Field::Model),
    ("model name", Field::Model),
    ("model id", Field::Model),
    ("variant", Field::Model),
    ("modell", Field::Model),
    ("quant", Field::Quant),
    ("quantization", Field::Quant),
    ("quantisation", Field::Quant),
    ("quantisierung", Field::Quant),
    ("precision", Field::Quant),
    ("dtype", Field::Quant),
    ("hardware", Field::Hardware),
    ("gpu", Field::Hardware),
    ("grafikkarte", Field::Hardware),
    ("karte", Field::Hardware),
    ("device", Field::Hardware),
    ("machine", Field::Hardware),
    ("rig", Field::Hardware),
    ("system", Field::Hardware),
    ("driver", Field::Driver),
    ("power cap", Field::PowerCap),
    ("engine", Field::Engine),
    ("framework", Field::Engine),
    ("tool", Field::Engine),
    ("build", Field::Build),
    ("version", Field::Build),
    ("build or version", Field::Build),
    ("commit", Field::Build),
    ("backend", Field::Backend),
    ("api", Field::Backend),
    ("mode", Field::Mode),
    ("date", Field::Date),
    ("datum", Field::Date),
    ("created at", Field::Date),
    ("timestamp", Field::Date),
    ("shape", Field::Shape),
    ("test", Field::Shape),
    ("test name", Field::Shape),
    ("workload", Field::Shape),
    ("prompt tokens", Field::PromptTokens),
    ("input tokens", Field::PromptTokens),
    ("input length", Field::PromptTokens),
    ("prompt eval count", Field::PromptTokens),
    ("isl", Field::PromptTokens),
    ("output tokens", Field::OutputTokens),
    ("generated tokens", Field::OutputTokens),
    ("output length", Field::OutputTokens),
    ("eval count", Field::OutputTokens),
    ("osl", Field::OutputTokens),
    ("depth", Field::DepthTokens),
    ("concurrency", Field::Concurrency),
    ("batch size", Field::Concurrency),
    ("batch", Field::Concurrency),
    ("users", Field::Concurrency),
    ("np", Field::Concurrency),
    ("repetitions", Field::Repetitions),
    ("runs", Field::Repetitions),
    ("rep", Field::Repetition),
    ("run", Field::Repetition),
    ("notes", Field::Note),
    ("note", Field::Note),
    ("comment", Field::Note),
    ("error", Field::Failed),
];

/// Words of metrics and figures; the unit may stand behind them.
const FIGURES: [(&str, Field, Requests); 45] = [
    ("decode", Field::Metric(Metric::Decode), Requests::One),
    ("gen", Field::Metric(Metric::Decode), Requests::One),
    ("generation", Field::Metric(Metric::Decode), Requests::One),
    ("tg", Field::Metric(Metric::Decode), Requests::One),
    ("eval", Field::Metric(Metric::Decode), Requests::One),
    ("eval rate", Field::Metric(Metric::Decode), Requests::One),
    ("prefill", Field::Metric(Metric::Prefill), Requests::One),
    ("prompt", Field::Metric(Metric::Prefill), Requests::One),
    ("pp", Field::Metric(Metric::Prefill), Requests::One),
    ("prompt eval", Field::Metric(Metric::Prefill), Requests::One),
    ("prompt eval rate", Field::Metric(Metric::Prefill), Requests::One),
    ("ttft", Field::Metric(Metric::Ttft), Requests::One),
    ("mean ttft", Field::Metric(Metric::Ttft), Requests::One),
    ("time to first token", Field::Metric(Metric::Ttft), Requests::One),
    ("tpot", Field::Metric(Metric::Tpot), Requests::One),
    ("mean tpot", Field::Metric(Metric::Tpot), Requests::One),
    ("time per output token", Field::Metric(Metric::Tpot), Requests::One),
    ("latency", Field::Metric(Metric::EndToEnd), Requests::One),
    ("end to end", Field::Metric(Metric::EndToEnd), Requests::One),
    ("e2e", Field::Metric(Metric::EndToEnd), Requests::One),
    ("e2e latency", Field::Metric(Metric::EndToEnd), Requests::One),
    ("wall", Field::Metric(Metric::EndToEnd), Requests::One),
    ("total duration", Field::Metric(Metric::EndToEnd), Requests::One),
    ("output", Field::Metric(Metric::Output), Requests::One),
    ("output throughput", Field::Figure(Figure::SystemOutput), Requests::One),
    ("request", Field::Metric(Metric::Output), Requests::One),
    ("mean request", Field::Metric(Metric::Output), Requests::One),
    ("aggregate", Field::Figure(Figure::SystemOutput), Requests::One),
    ("load", Field::Metric(Metric::Load), Requests::One),
    ("load time", Field::Metric(Metric::Load), Requests::One),
    ("load duration", Field::Metric(Metric::Load), Requests::One),
    ("size", Field::FileSize, Requests::One),
    ("file size", Field::FileSize, Requests::One),
    ("model size", Field::FileSize, Requests::One),
    ("batch wall", Field::Figure(Figure::Duration), Requests::One),
    ("power", Field::Figure(Figure::MeanPower), Requests::One),
    ("avg power", Field::Figure(Figure::MeanPower), Requests::One),
    ("max power", Field::Figure(Figure::PeakPower), Requests::One),
    ("peak memory", Field::Figure(Figure::PeakMemory), Requests::One),
    ("vram", Field::Figure(Figure::PeakAcceleratorMemory), Requests::One),
    ("peak vram", Field::Figure(Figure::PeakAcceleratorMemory), Requests::One),
    ("requests", Field::Figure(Figure::Requests), Requests::One),
    ("errors", Field::Figure(Figure::FailedRequests), Requests::One),
    ("total tokens", Field::Figure(Figure::TotalOutput), Requests::One),
    ("output tokens per s", Field::Figure(Figure::SystemOutput), Requests::One),
];

/// Words at the end of a header that are a unit, and how a mapping writes it.
const UNITS: [(&str, &str); 20] = [
    ("tok s", "tok/s"),
    ("t s", "tok/s"),
    ("tokens s", "tok/s"),
    ("tok per s", "tok/s"),
    ("tokens sec", "tok/s"),
    ("tps", "tok/s"),
    ("ms", "ms"),
    ("ns", "ns"),
    ("us", "us"),
    ("sec", "s"),
    ("seconds", "s"),
    ("s", "s"),
    ("min", "min"),
    ("gib", "GiB"),
    ("gb", "GB"),
    ("mib", "MiB"),
    ("mb", "MB"),
    ("w", "W"),
    ("watts", "W"),
    ("kw", "kW"),
];

/// Rows that are looked at for the decimal sign.
const LOOKED_AT: usize = 50;

/// A mapping by what the headers say, for somebody to look at: nothing should be read with it before.
///
/// A column whose header says nothing is in it as [`Field::Ignored`]. What a table never says, such as its
/// quant, is asked for when it is read.
pub fn propose(headers: &[String], rows: &[Vec<String>]) -> Mapping {
    let mut columns: Vec<Column> = Vec::new();
    for header in headers {
        let proposed = column(header);
        // Two columns for one thing are mostly two ways to say it.
        let is_taken = |other: &Column| {
            other.field == proposed.field && other.shape == proposed.shape && other.spread == proposed.spread
        };
        let is_new = proposed.field == Field::Setting || !columns.iter().any(is_taken);
        columns.push(if is_new { proposed } else { Column::new(header, Field::Ignored) });
    }
    let has = |field: Field| columns.iter().any(|column| column.field == field);
    let is_served =
        has(Field::Concurrency) || Metric::ALL.iter().skip(2).any(|&metric| has(Field::Metric(metric)));
    let by_test = columns.iter().any(|column| column.shape.is_some());
    Mapping {
        timing: if is_served && !by_test { Timing::Served } else { Timing::Raw },
        statistic: Statistic::Unknown,
        delimiter: None,
        decimal: decimal(&columns, rows),
        columns,
        constants: BTreeMap::new(),
        values: BTreeMap::new(),
        rows: BTreeMap::new(),
        output_from_end_to_end: false,
    }
}

/// What a header says.
fn column(header: &str) -> Column {
    let ignored = Column::new(header, Field::Ignored);
    let (name, unit) = without_unit(&words(header));
    if let Some([prompt, output, _]) = llama_bench::counts(&test(header)) {
        let metric = match (prompt, output) {
            (_, 0) => Metric::Prefill,
            (0, _) => Metric::Decode,
            _ => return ignored,
        };
        return Column { shape: Some(test(header)), ..Column::new(header, Field::Metric(metric)) };
    }
    if name == "context" || name == "context tokens" || name == "ctx" {
        return Column { name: Some("context_tokens".to_owned()), ..Column::new(header, Field::Setting) };
    }
    let spread =
        ["std", "stddev", "sd", "±"].iter().find_map(|word| name.strip_suffix(word)).map(str::trim_end);
    let sought = spread.unwrap_or(&name);
    let figure = FIGURES.iter().find(|(words, ..)| *words == sought).and_then(|&(_, field, requests)| {
        let kind = field.kind()?;
        let fits = match unit {
            Some(unit) => Unit::named(unit, kind).is_some(),
            // `prompt` and `output` alone may be texts.
            None => !matches!(sought, "prompt" | "output" | "request" | "eval" | "run"),
        };
        fits.then(|| Column {
            unit: unit.map(str::to_owned),
            requests,
            spread: spread.is_some(),
            ..Column::new(header, field)
        })
    });
    let text = || {
        WORDS
            .iter()
            .find(|(words, _)| *words == name && unit.is_none())
            .map(|&(_, field)| Column::new(header, field))
    };
    figure.or_else(text).unwrap_or(ignored)
}

/// A header in lower case, with everything but letters and digits taken for blanks.
fn words(header: &str) -> String {
    let plain: String = header
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '±' { c } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words without the unit at their end, and the unit.
fn without_unit(words: &str) -> (String, Option<&'static str>) {
    let found = UNITS.iter().find_map(|(ending, unit)| {
        let rest = words.strip_suffix(ending)?;
        rest.ends_with(' ').then(|| (rest.trim_end().to_owned(), Some(*unit)))
    });
    found.unwrap_or_else(|| (words.to_owned(), None))
}

/// What a header would be as the name of a test: without the unit behind it.
fn test(header: &str) -> String {
    let name = header.split(['(', '[']).next().unwrap_or(header).trim();
    let name = name.strip_suffix("t/s").or_else(|| name.strip_suffix("tok/s")).unwrap_or(name);
    name.trim().trim_end_matches(['_', ',']).to_owned()
}

/// A comma, where numbers can be read with it and not with a point.
fn decimal(columns: &[Column], rows: &[Vec<String>]) -> Decimal {
    let is_number = |at: &usize| {
        columns.get(*at).is_some_and(|column| column.field.kind().is_some_and(|kind| kind != Kind::Number))
    };
    let at: Vec<usize> = (0..columns.len()).filter(is_number).collect();
    let cells = || rows.iter().take(LOOKED_AT).flat_map(|row| at.iter().filter_map(|&at| row.get(at)));
    let fits = |decimal: Decimal| {
        cells()
            .filter(|cell| !is_missing(cell))
            .all(|cell| cell.split('±').all(|part| plain(part, decimal).is_some()))
    };
    if !fits(Decimal::Point) && fits(Decimal::Comma) { Decimal::Comma } else { Decimal::Point }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_they_hold_and_in_which_unit() {
        let metric = Field::Metric;
        for (header, field, unit, shape) in [
            ("Model", Field::Model, None, None),
            ("pp_tps", metric(Metric::Prefill), Some("tok/s"), None),
            ("TG (tok/s)", metric(Metric::Decode), Some("tok/s"), None),
            ("mean_ttft_s", metric(Metric::Ttft), Some("s"), None),
            ("pp512 (t/s)", metric(Metric::Prefill), None, Some("pp512")),
            ("tg128 @ d4096", metric(Metric::Decode), None, Some("tg128 @ d4096")),
            ("prompt_eval_count", Field::PromptTokens, None, None),
            ("prompt_eval_tps", metric(Metric::Prefill), Some("tok/s"), None),
            ("load_duration_ns", metric(Metric::Load), Some("ns"), None),
            ("model_size_gb", Field::FileSize, Some("GB"), None),
            ("context_tokens", Field::Setting, None, None),
            ("aggregate_tps", Field::Figure(Figure::SystemOutput), Some("tok/s"), None),
            ("Batch Size", Field::Concurrency, None, None),
            // A text, a duration of nothing that is kept, words that say nothing.
            ("prompt", Field::Ignored, None, None),
            ("eval_duration_ns", Field::Ignored, None, None),
            ("speed", Field::Ignored, None, None),
            ("", Field::Ignored, None, None),
        ] {
            let proposed = column(header);
            let found = (proposed.field, proposed.unit.as_deref(), proposed.shape.as_deref());
            assert_eq!(found, (field, unit, shape), "{header}");
        }
        assert!(column("TG std (tok/s)").spread);
    }

    #[test]
    fn a_comma_is_known_by_its_numbers() {
        let headers = ["Model", "TG (tok/s)", "PP tok/s", "Decode tok/s"].map(str::to_owned);
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let commas = propose(&headers, &[row(["a", "22,75", "1.024,5 ± 3,5", "—"])]);
        assert_eq!((commas.decimal, commas.timing), (Decimal::Comma, Timing::Raw));
        // The second column for one thing is left out.
        assert_eq!(commas.columns.last().map(|column| column.field), Some(Field::Ignored));
        let points = propose(&headers, &[row(["a", "22.75", "1,024.5", ""])]);
        assert_eq!(points.decimal, Decimal::Point);
    }
}
