//! The Markdown table of a view.

use super::super::finding::{Say, quote};
use super::{Line, summary};
use crate::model::Metric;
use crate::model::run::Statistic;

/// Longest line that is looked at, in bytes.
const LONGEST_ROW: usize = 32_000;

/// Columns by which the table is known, beside that of a metric.
const MARKS: [&str; 7] = ["Model", "Quant", "Hardware", "Accelerator", "Shape", "Run", "Sources"];

/// Columns of the table, and of the CSV.
const COLUMNS: [(&str, &str); 18] = [
    ("Model", "model"),
    ("Quant", "quant"),
    ("Hardware", "hardware"),
    ("Power cap, W", "power_cap_w"),
    ("Driver", "driver"),
    ("Engine", "engine"),
    ("Build", "build"),
    ("Accelerator", "accelerator"),
    ("Runtime", "runtime"),
    ("Mode", "mode"),
    ("Timing", "timing"),
    ("Shape", "shape"),
    ("Conc.", "concurrency"),
    ("Prompt tokens", "prompt_tokens"),
    ("Output tokens", "output_tokens"),
    ("Statistic", "statistic"),
    ("Date", "date"),
    ("Run", "run"),
];

/// What a column says that is left out.
const USUAL: [(&str, &str); 3] = [("mode", "baseline"), ("timing", "served"), ("statistic", "mean")];

/// True for a text with our table in it.
pub(super) fn is_export(text: &str) -> bool {
    // JSON may be long, and has no such table.
    !text.trim_start().starts_with('{') && text.lines().any(|line| header(line).is_some())
}

/// The cells of a header, and the metric of the table.
fn header(line: &str) -> Option<(Vec<String>, Metric)> {
    let cells = cells(line)?;
    if !MARKS.iter().all(|mark| cells.iter().any(|cell| cell == mark)) {
        return None;
    }
    let metric = Metric::ALL.into_iter().find(|metric| cells.contains(&column_of(*metric)))?;
    Some((cells, metric))
}

fn column_of(metric: Metric) -> String {
    format!("{}, {}", metric.name(), metric.unit())
}

/// The results of every such table of a text.
pub(super) fn lines(text: &str, say: &mut Say<'_>) -> Vec<Line> {
    let mut table: Option<(Vec<String>, Metric)> = None;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some(row) = cells(line) else {
            table = None;
            continue;
        };
        if let Some(header) = header(line) {
            table = Some(header);
            continue;
        }
        let is_rule = row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':')));
        let Some((header, metric)) = table.as_ref().filter(|_| !is_rule) else { continue };
        if row.len() == header.len() {
            lines.push(line_of(number, header, *metric, &row));
        } else {
            let expected = format!("{}, as the header has; the line is left out", header.len());
            say.at(
                number,
                "",
                format!("{} cells, the first {}", row.len(), quote(row.first().map_or("", |c| c))),
                expected,
            );
        }
    }
    lines
}

fn line_of(number: u32, header: &[String], metric: Metric, row: &[String]) -> Line {
    let cell = |name: &str| header.iter().position(|column| column == name).and_then(|at| row.get(at));
    let cell = |name: &str| cell(name).map(String::as_str).unwrap_or_default();
    let mut line = Line { number, ..Line::default() };
    let mut put = |name: &str, value: &str| line.cells.insert(name.to_owned(), value.to_owned());
    for (name, value) in USUAL {
        put(name, value);
    }
    for (name, column) in COLUMNS.iter().filter(|(name, _)| !cell(name).is_empty()) {
        put(column, cell(name));
    }
    let sources: Vec<serde_json::Value> = cell("Sources")
        .split(", ")
        .filter(|id| !id.is_empty())
        .map(|id| serde_json::json!({ "id": id }))
        .collect();
    put("sources", &serde_json::Value::from(sources).to_string());
    let repeated: Vec<&str> = cell("Repetitions").split(", ").filter(|value| !value.is_empty()).collect();
    if repeated.is_empty() {
        put("repetitions", cell("n"));
    }
    put(&format!("{}_repetitions", metric.key()), &repeated.join(";"));
    let statistic = match cell("Statistic") {
        "median" => Statistic::Median,
        _ => Statistic::Mean,
    };
    put_value(&mut put, metric, cell(&column_of(metric)), &repeated, statistic);
    line
}

/// What the cell of the metric says: a failure, a range, or a value with its deviation.
fn put_value(
    put: &mut impl FnMut(&str, &str) -> Option<String>,
    metric: Metric,
    cell: &str,
    repeated: &[&str],
    statistic: Statistic,
) {
    if let Some(failure) = cell.strip_prefix("failed: ") {
        put("failed", failure);
        return;
    }
    if let Some((low, high)) = cell.split_once('–') {
        put("range_metric", metric.key());
        put("range_min", low);
        put("range_max", high);
        return;
    }
    let (value, deviation) = cell.split_once('±').map_or((cell, None), |(value, rest)| (value, Some(rest)));
    let value = value.trim();
    let numbers: Vec<f64> = repeated.iter().filter_map(|value| value.parse().ok()).collect();
    let follows = summary(statistic, &numbers).is_some_and(|summary| format!("{summary:.2}") == value);
    if !follows {
        put(metric.key(), value);
    }
    if deviation.is_some() && repeated.is_empty() {
        put("published", &serde_json::json!({ metric.key(): cell }).to_string());
    }
}

/// The cells of a row, with what was written in place of characters put back; `None` for any other line.
fn cells(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let inside = line.strip_prefix('|').filter(|_| line.len() <= LONGEST_ROW)?;
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    let mut cells = vec![String::new()];
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' => cells.push(String::new()),
            c => {
                let Some(cell) = cells.last_mut() else { continue };
                cell.push(c);
                if c == '\\' {
                    cell.extend(chars.next());
                }
            }
        }
    }
    let read = |cell: String| {
        let cell = cell.trim();
        if cell == "—" { String::new() } else { as_it_was(cell) }
    };
    Some(cells.into_iter().map(read).collect())
}

/// Text without backslashes before punctuation, and with characters in place of references.
fn as_it_was(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(at) = rest.find(['\\', '&']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (read, used) = match from.strip_prefix('\\') {
            Some(escaped) => match escaped.chars().next().filter(char::is_ascii_punctuation) {
                Some(c) => (c, 2),
                None => ('\\', 1),
            },
            None => reference(from).unwrap_or(('&', 1)),
        };
        out.push(read);
        rest = from.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that a reference at the start of a text stands for, and how long the reference is.
fn reference(text: &str) -> Option<(char, usize)> {
    let (name, _) = text.strip_prefix('&')?.split_once(';').filter(|(name, _)| name.len() <= 8)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((c, name.len() + 2))
}
