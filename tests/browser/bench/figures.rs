//! Figures as they are kept, and as a table.

use super::{ACTED, ACTS, TURNS};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tokscope::charts::{Bar, BarChart, Look, Series, to_svg};

/// Smallest, middle and largest value, to a tenth, and all of them as they came.
pub(super) fn spread<'a>(values: impl Iterator<Item = &'a Value>) -> Value {
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let all: Vec<f64> = values.map(|value| tenth(number(value))).collect();
    let mut sorted = all.clone();
    sorted.sort_by(f64::total_cmp);
    json!({
        "least": sorted[0], "median": sorted[sorted.len() / 2], "most": sorted[sorted.len() - 1], "all": all,
    })
}

pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// The medians as a Markdown table, one column an index.
pub(super) fn table(sizes: &[&str], reports: &[Value]) -> String {
    let mut table = format!("\n| median of {ACTED}, of {TURNS} starts, ms |");
    for (size, report) in sizes.iter().zip(reports) {
        write!(table, " {size} results ({} rows) |", report["rows"]).unwrap();
    }
    table.push_str(&format!("\n|---|{}\n", "---:|".repeat(sizes.len())));
    let mut line = |name: &str, cell: &dyn Fn(&Value) -> String| {
        let cells: Vec<String> = reports.iter().map(cell).collect();
        table.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    };
    for act in ACTS {
        line(act, &|report| {
            let act = &report["acts"][act];
            let median = |name: &str| number(&act[name]["median"]);
            format!(
                "{:.0} ({:.1}, then {:.1})",
                median("painted_ms"),
                median("worked_ms"),
                median("followed_ms")
            )
        });
    }
    for (name, words) in [
        ("started", "start: program runs"),
        ("fetched", "start: first results are here"),
        ("rows", "start: first rows are painted"),
        ("painted", "start: everything is painted"),
    ] {
        line(&format!("{words}, cold (warm)"), &|report| {
            let median = |visit: &str| number(&report[visit][format!("{name}_ms")]["median"]);
            format!("{:.0} ({:.0})", median("start"), median("start_again"))
        });
    }
    for (name, words) in
        [("wheel", "scroll by a wheel"), ("end_to_end", "scroll from end to end in ten seconds")]
    {
        let of = |report: &Value, figure: &str| number(&report["scroll"][name][figure]["median"]);
        line(&format!("{words}: frames missed, %"), &|report| format!("{:.1}", of(report, "missed_percent")));
        line(&format!("{words}: frames without a row, %"), &|report| {
            format!("{:.1}", of(report, "empty_percent"))
        });
        line(&format!("{words}: work of a frame"), &|report| format!("{:.1}", of(report, "worked_ms")));
    }
    let megabytes = |bytes: &Value| format!("{:.1} MB", number(bytes) / 1e6);
    line("index, uncompressed", &|report| megabytes(&report["index_bytes"]));
    for (name, words) in [
        ("js_heap_bytes", "memory: JavaScript heap"),
        ("wasm_bytes", "memory: WebAssembly"),
        ("process_loading_bytes", "memory of the tab's process: most while it loads"),
        ("process_loaded_bytes", "memory of the tab's process: loaded"),
        ("process_most_bytes", "memory of the tab's process: most while a reader acts"),
        ("process_after_bytes", "memory of the tab's process: after the acts"),
    ] {
        line(words, &|report| megabytes(&report["memory"][name]));
    }
    table
}

/// What the main thread works for each act, one bar a size, as Tokscope draws bars.
pub(super) fn chart(sizes: &[&str], reports: &[Value]) -> String {
    let mut bars = Vec::new();
    for act in ACTS {
        for (size, report) in sizes.iter().zip(reports) {
            let work = number(&report["acts"][act]["worked_ms"]["median"]);
            bars.push(Bar {
                label: act.to_owned(),
                detail: if *size == "real" {
                    "published results".to_owned()
                } else {
                    format!("{size} results")
                },
                low: work,
                high: work,
                value_text: format!("{work:.1}"),
                series: Series::Other,
                spread: None,
                results: Vec::new(),
            });
        }
    }
    let title = format!("Work of the main thread for what a reader does, medians of {ACTED}, ms");
    let chart = BarChart::new("work", &title, "ms").with_lower_is_better(true).with_bars(bars);
    to_svg(&chart, 800.0, Look::Auto)
}
