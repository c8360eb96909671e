//! A comparison as text, Markdown, CSV and JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use tokscope::checks::compare::Difference;
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::confront::{CONFRONTED, Confrontation, Pair, overall};
use tokscope::stats::{Summary, Verdict};

use crate::error::CliError;
use crate::output::{Harmless, counted};

/// Stands in for a date that a file does not state.
pub(super) const NO_DATE: &str = "2000-01";

/// Stands in for requests in flight where a rate of them is stated: 1 would be a figure that nobody stated.
pub(super) const NO_CONCURRENCY: u16 = u16::MAX;

/// Most shapes of a side that are named where the sides have none in common.
const MOST_NAMED: usize = 5;

/// What a side measured, in words: a few of its shapes with their concurrency.
pub(super) fn measured(index: &Index, name: &str, results: &[usize]) -> String {
    let cell = |&result: &usize| {
        let shape = index.results.shape.get(result)?;
        let label = &index.catalog.shapes.get(usize::from(*shape))?.label;
        Some(match concurrency(index, result) {
            Some(count) => format!("{label} at concurrency {count}"),
            None => format!("{label} at a rate of requests"),
        })
    };
    let mut cells: Vec<String> = Vec::new();
    for cell in results.iter().filter_map(cell) {
        if !cells.contains(&cell) {
            cells.push(cell);
        }
    }
    let more = cells.len().saturating_sub(MOST_NAMED);
    let named = cells.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ");
    let named = if named.is_empty() { "nothing".to_owned() } else { named };
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} has {named}{more}", Harmless(name))
}

/// Requests in flight, where they are stated.
fn concurrency(index: &Index, result: usize) -> Option<u16> {
    index.results.concurrency.get(result).copied().filter(|&count| count != NO_CONCURRENCY)
}

/// Everything that is written about a comparison.
pub(super) struct Report<'a> {
    pub(super) index: &'a Index,
    pub(super) found: &'a Confrontation,
    pub(super) names: [&'a str; 2],
    pub(super) below: Option<f64>,
}

const HEADERS: [&str; 9] = ["result", "conc.", "metric", "A", "B", "B/A", "95 %", "verdict", "could show"];

impl Report<'_> {
    /// Columns for a terminal, then what differs.
    pub(super) fn text(&self) -> String {
        let [a, b] = self.names.map(|name| Harmless(name).to_string());
        let mut out = format!("A  {a}\nB  {b}\n\n");
        let mut rows = vec![HEADERS.map(str::to_owned)];
        rows.extend(self.found.pairs.iter().map(|pair| self.cells(pair)));
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..HEADERS.len()).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                let is_text = matches!(column, 0 | 2 | 7);
                if is_text { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            // Writing to a string cannot fail.
            let _written = writeln!(out, "{}", Harmless(line.trim_end()));
        }
        for line in self.words() {
            let _written = writeln!(out, "{}", Harmless(&line));
        }
        out
    }

    /// A table, then what differs as a list.
    pub(super) fn markdown(&self) -> String {
        let cell = |cell: &str| {
            Harmless(cell).to_string().replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
        };
        let [a, b] = self.names.map(|name| cell(name).replace('`', "'"));
        let mut out = format!("A: `{a}`, B: `{b}`\n\n| {} |\n", HEADERS.join(" | "));
        out.push_str("|---|---:|---|---:|---:|---:|---:|---|---:|\n");
        for pair in &self.found.pairs {
            let _written = writeln!(out, "| {} |", self.cells(pair).map(|text| cell(&text)).join(" | "));
        }
        out.push('\n');
        for line in self.words().iter().filter(|line| !line.is_empty()) {
            let _written = writeln!(out, "* {}", cell(line.trim()));
        }
        out
    }

    /// One line for each pair, with numbers as they are.
    pub(super) fn csv(&self) -> Result<String, CliError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let wrong = |error: csv::Error| CliError::Output(error.into());
        let header = [
            "result",
            "concurrency",
            "metric",
            "unit",
            "a_mean",
            "a_deviation",
            "a_n",
            "b_mean",
            "b_deviation",
            "b_n",
            "ratio",
            "low",
            "high",
            "verdict",
            "could_show",
        ];
        writer.write_record(header).map_err(wrong)?;
        for pair in &self.found.pairs {
            let Pair { metric, sides: [a, b], ratio, .. } = pair;
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            let of = |side: &Summary| [number(Some(side.mean)), number(side.deviation), side.n.to_string()];
            let mut row = vec![
                defused(&self.label(pair)),
                self.concurrency(pair).map(|count| count.to_string()).unwrap_or_default(),
                metric.slug().to_owned(),
                metric.unit().to_owned(),
            ];
            row.extend(of(a));
            row.extend(of(b));
            row.push(number(Some(ratio.value)));
            row.push(number(ratio.interval.map(|interval| interval.low)));
            row.push(number(ratio.interval.map(|interval| interval.high)));
            row.extend([verdict(pair).to_owned(), number(pair.smallest(self.index))]);
            writer.write_record(row).map_err(wrong)?;
        }
        let bytes = writer.into_inner().map_err(|error| CliError::Output(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Every figure, and everything that differs.
    pub(super) fn json(&self) -> Result<String, CliError> {
        let side =
            |side: &Summary| json!({"mean": side.mean, "deviation": side.deviation, "repetitions": side.n});
        let pair = |pair: &Pair| -> Value {
            let [a, b] = &pair.sides;
            let interval = pair.ratio.interval.map(|interval| [interval.low, interval.high]);
            json!({
                "result": self.label(pair), "concurrency": self.concurrency(pair),
                "metric": pair.metric.key(), "a": side(a), "b": side(b),
                "ratio": pair.ratio.value, "interval_95": interval, "verdict": verdict(pair),
                "smallest_ratio_that_could_show": pair.smallest(self.index),
                "fails": self.below.is_some_and(|share| pair.is_below(share)),
            })
        };
        let difference = |difference: &Difference| -> Value {
            let keys: Vec<&str> = difference.may_explain.iter().map(|metric| metric.key()).collect();
            json!({"field": difference.field, "a": stated(&difference.left), "b": stated(&difference.right), "may_explain": keys})
        };
        let [alone_a, alone_b] = &self.found.alone;
        let [a, b] = self.names;
        let value = json!({
            "a": a, "b": b,
            "pairs": self.found.pairs.iter().map(pair).collect::<Vec<_>>(),
            "differences": self.found.differences(self.index).iter().map(difference).collect::<Vec<_>>(),
            "only_in_a": alone_a.iter().map(|&result| self.label_of(result)).collect::<Vec<_>>(),
            "only_in_b": alone_b.iter().map(|&result| self.label_of(result)).collect::<Vec<_>>(),
        });
        let text = serde_json::to_string_pretty(&value).map_err(|error| CliError::Output(error.into()))?;
        Ok(text + "\n")
    }

    fn cells(&self, pair: &Pair) -> [String; 9] {
        let Pair { metric, sides: [a, b], ratio, .. } = pair;
        let interval = ratio.interval.map(|interval| format!("{:.3}–{:.3}", interval.low, interval.high));
        let verdict = match ratio.verdict {
            Verdict::Unknown(_) if pair.lacks_count(self.index) => {
                "not known: nobody says how many repetitions are behind a ±".to_owned()
            }
            Verdict::Unknown(silence) => format!("not known: {}", silence.words()),
            Verdict::Real | Verdict::Tie => verdict(pair).to_owned(),
        };
        [
            self.label(pair),
            self.concurrency(pair).map_or_else(|| "—".to_owned(), |count| count.to_string()),
            format!("{} {}", metric.name(), metric.unit()),
            figure(a),
            figure(b),
            format!("{:.3}", ratio.value),
            interval.unwrap_or_else(|| "—".to_owned()),
            verdict,
            pair.smallest(self.index).map_or_else(|| "—".to_owned(), |smallest| format!("{smallest:.3}")),
        ]
    }

    /// What follows the table: means over all results, what differs, what has no partner, what fails.
    fn words(&self) -> Vec<String> {
        let mut lines = vec![String::new()];
        for metric in CONFRONTED {
            let count = self.found.pairs.iter().filter(|pair| pair.metric == metric).count();
            if let Some(speed) = overall(&self.found.pairs, metric).filter(|_| count > 1) {
                lines.push(format!(
                    "{} over {count} results: B is {speed:.3} times as fast (geometric mean)",
                    metric.name()
                ));
            }
        }
        let differences = self.found.differences(self.index);
        if differences.is_empty() {
            lines.push("Nothing else differs that is stated.".to_owned());
        }
        for Difference { field, left, right, may_explain } in &differences {
            let explains: Vec<&str> = may_explain.iter().map(|metric| metric.name()).collect();
            let explains =
                if explains.len() == Metric::ALL.len() { "all".to_owned() } else { explains.join(", ") };
            let words = |side: &Option<String>| stated(side).unwrap_or("not stated").to_owned();
            lines.push(format!("{field}: A {}, B {} (may explain: {explains})", words(left), words(right)));
        }
        if self.found.pairs.iter().any(|pair| pair.lacks_count(self.index)) {
            lines.push("--repetitions COUNT says how many repetitions are behind each ±".to_owned());
        }
        for (side, alone) in ["A", "B"].iter().zip(&self.found.alone) {
            if !alone.is_empty() {
                lines.extend(self.configurations_apart(side));
                let names: BTreeSet<String> = alone.iter().map(|&result| self.label_of(result)).collect();
                let names: Vec<String> = names.into_iter().collect();
                lines.push(format!("only in {side}: {}", names.join(", ")));
            }
        }
        if let Some(share) = self.below {
            lines.push(self.failing(share));
        }
        lines
    }

    /// How many pairs fail, how many could not be judged, and what B lacks, which fails as well.
    fn failing(&self, share: f64) -> String {
        let pairs = &self.found.pairs;
        let failing = pairs.iter().filter(|pair| pair.is_below(share)).count();
        let mut line = format!("below {share} and real: {failing} of {}", pairs.len());
        let silent = pairs.iter().filter(|pair| matches!(pair.ratio.verdict, Verdict::Unknown(_))).count();
        if silent > 0 {
            let _written = write!(line, ", {silent} not known");
        }
        let [gone, _] = &self.found.alone;
        if !gone.is_empty() {
            let _written =
                write!(line, "; {} of A missing in B, which fails too", counted(gone.len(), "result"));
        }
        line
    }

    /// Which of several configurations of a side are compared, where some are not.
    fn configurations_apart(&self, side: &str) -> Option<String> {
        let of = |result: usize| self.index.configuration_of(self.index.run_of(result));
        let [alone_a, alone_b] = &self.found.alone;
        let is_a = side == "A";
        let alone = if is_a { alone_a } else { alone_b };
        let compared: BTreeSet<usize> =
            self.found.pairs.iter().map(|pair| of(if is_a { pair.a } else { pair.b })).collect();
        let apart: BTreeSet<usize> =
            alone.iter().map(|&result| of(result)).filter(|one| !compared.contains(one)).collect();
        if apart.is_empty() {
            return None;
        }
        let names = |of: &BTreeSet<usize>| {
            let names: BTreeSet<String> = of.iter().map(|&one| self.configuration(one).join(" · ")).collect();
            names.into_iter().collect::<Vec<_>>().join(", ")
        };
        let all = compared.len() + apart.len();
        Some(format!(
            "{side} holds {}: compared with the other side is {}, and not {}",
            counted(all, "configuration"),
            names(&compared),
            names(&apart)
        ))
    }

    /// The shape and, where the sides hold several, model, quant and mode.
    fn label(&self, pair: &Pair) -> String {
        self.label_of(pair.a)
    }

    fn label_of(&self, result: usize) -> String {
        let index = self.index;
        let shape =
            index.results.shape.get(result).and_then(|&shape| index.catalog.shapes.get(usize::from(shape)));
        let mut words = self.configuration(index.configuration_of(index.run_of(result)));
        words.extend(shape.map(|shape| shape.label.clone()));
        words.join(" · ")
    }

    /// What tells a configuration from the others of its side.
    fn configuration(&self, configuration: usize) -> Vec<String> {
        let index = self.index;
        let several = |column: &[u32]| self.several(column);
        let columns = &index.configurations;
        let mut words: Vec<String> = Vec::new();
        if several(&columns.family) || several(&columns.variant) {
            words.extend(index.model(configuration).map(|(_, variant)| variant.name.clone()));
        }
        if several(&columns.quant) {
            words.extend(index.quant(configuration).map(|quant| quant.id.clone()));
        }
        if several(&columns.hardware) {
            words.extend(index.hardware(configuration).map(|rig| rig.name.clone()));
        }
        if several(&columns.backend) {
            words.extend(index.backend(configuration).map(|backend| {
                let build = backend.build.as_ref().map(|build| format!("{build} ")).unwrap_or_default();
                format!("{build}{}", backend.accelerator.slug())
            }));
        }
        if several(&columns.mode) {
            words.push(index.mode(configuration).to_owned());
        }
        words
    }

    /// True where the results of one side differ in a column of configurations.
    fn several(&self, column: &[u32]) -> bool {
        let of = |result: usize| column.get(self.index.configuration_of(self.index.run_of(result)));
        let [alone_a, alone_b] = &self.found.alone;
        let differ = |side: fn(&Pair) -> usize, alone: &[usize]| {
            let pairs = self.found.pairs.iter().map(side);
            let values: BTreeSet<_> = pairs.chain(alone.iter().copied()).map(of).collect();
            values.len() > 1
        };
        differ(|pair| pair.a, alone_a) || differ(|pair| pair.b, alone_b)
    }

    fn concurrency(&self, pair: &Pair) -> Option<u16> {
        concurrency(self.index, pair.a)
    }
}

/// A value that is stated.
fn stated(side: &Option<String>) -> Option<&str> {
    side.as_deref().filter(|value| *value != NO_DATE)
}

/// Mean ± deviation of a side.
fn figure(side: &Summary) -> String {
    match side.deviation {
        Some(deviation) => format!("{:.2} ±{deviation:.2}", side.mean),
        None => format!("{:.2}", side.mean),
    }
}

const fn verdict(pair: &Pair) -> &'static str {
    let is_higher = pair.ratio.value > 1.0;
    match pair.ratio.verdict {
        Verdict::Tie => "tie",
        Verdict::Unknown(_) => "not known",
        Verdict::Real if is_higher != pair.metric.lower_is_better() => "real: B is faster",
        Verdict::Real => "real: B is slower",
    }
}

/// A text that no spreadsheet takes for a formula.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spreadsheet_takes_a_name_for_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        assert_eq!(defused("pp512 @ d4096"), "pp512 @ d4096");
    }
}
