//! Our own exports as input: the CSV and Markdown that a reader copied from a view.
//!
//! Both say everything that a result needs, so nothing has to be known beside. Each becomes lines of named cells, and
//! these become runs here.

mod csv;
mod markdown;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::complete::bare_shape;
use super::finding::{Say, quote};
use super::formats::Format;
use super::known::{Imported, Known};
use crate::model::catalog::Variant;
use crate::model::run::{
    Accelerator, Backend, RUN_SCHEMA, RangeEntry, Repetition, ResultEntry, Run, SourceRef, Statistic, Timing,
};
use crate::model::{Metric, PartialDate, Positive};
use crate::stats;

/// Which export a text is, by its header; `None` for any other text.
pub(super) fn format(text: &str) -> Option<Format> {
    if csv::is_export(text) {
        return Some(Format::TokscopeCsv);
    }
    markdown::is_export(text).then_some(Format::TokscopeTable)
}

/// Reads an export of the format that [`format()`] found.
pub(super) fn read(format: Format, text: &str, known: &Known<'_>, mut say: Say<'_>) -> Imported {
    let lines = match format {
        Format::TokscopeCsv => csv::lines(text, &mut say),
        _ => markdown::lines(text, &mut say),
    };
    let mut imported = Imported { format: Some(format), ..Imported::default() };
    for line in &lines {
        line.add_to(&mut imported, &mut say);
    }
    let is_known =
        |id: &str| known.catalog.is_some_and(|catalog| catalog.shapes.iter().any(|shape| shape.id == id));
    for run in &imported.runs {
        let of_ranges = run.ranges.iter().flat_map(|range| &range.shapes);
        for id in run.results.iter().map(|result| &result.shape).chain(of_ranges) {
            if !is_known(id) && !imported.shapes.iter().any(|shape| shape.id == *id) {
                let served = run.timing == Timing::Served;
                imported.shapes.push(crate::model::catalog::Shape { served, ..bare_shape(id) });
            }
        }
    }
    imported.findings.append(&mut say.findings);
    imported
}

/// One result, by the names of the columns of the CSV.
#[derive(Debug, Default)]
struct Line {
    number: u32,
    cells: BTreeMap<String, String>,
}

/// A fault that was said; the line is left out.
struct Faulty;

impl Line {
    fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    fn need(&self, column: &str, say: &mut Say<'_>) -> Result<String, Faulty> {
        self.text(column)
            .ok_or_else(|| self.fault(column, "nothing".to_owned(), "a word; the line is left out", say))
    }

    fn fault(&self, column: &str, found: String, expected: &str, say: &mut Say<'_>) -> Faulty {
        say.at(self.number, column, found, expected);
        Faulty
    }

    /// A cell of another kind than text; `None` for an empty one.
    fn read<T>(
        &self,
        column: &str,
        expected: &str,
        say: &mut Say<'_>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Faulty> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        read(cell).map(Some).ok_or_else(|| self.fault(column, quote(cell), expected, say))
    }

    fn positive(&self, column: &str, say: &mut Say<'_>) -> Result<Option<Positive>, Faulty> {
        self.read(column, "a number above 0 and at most 1e9; the line is left out", say, positive)
    }

    fn count(&self, column: &str, say: &mut Say<'_>) -> Result<Option<u32>, Faulty> {
        self.read(column, "a whole number; the line is left out", say, |cell| cell.parse().ok())
    }

    fn json<T: DeserializeOwned>(&self, column: &str, say: &mut Say<'_>) -> Result<Option<T>, Faulty> {
        self.read(column, "JSON as it was exported; the line is left out", say, |cell| {
            serde_json::from_str(cell).ok()
        })
    }

    /// A word of a closed list.
    fn one_of<T: DeserializeOwned>(&self, column: &str, say: &mut Say<'_>) -> Result<T, Faulty> {
        let word = self.need(column, say)?;
        let value = serde_json::from_value(serde_json::Value::String(word.clone()));
        value.map_err(|_| {
            self.fault(column, quote(&word), "a word as it was exported; the line is left out", say)
        })
    }

    /// Adds the result to its run; a line with a fault is left out, which is said.
    fn add_to(&self, imported: &mut Imported, say: &mut Say<'_>) {
        let Ok(run) = self.run(say) else { return };
        let Ok(concurrency) = self.need("concurrency", say).and_then(|cell| {
            let expected = "a whole number from 1 to 65535; the line is left out";
            let read: Option<u16> = cell.parse().ok().filter(|&count| count > 0);
            read.ok_or_else(|| self.fault("concurrency", quote(&cell), expected, say))
        }) else {
            return;
        };
        let Ok(shape) = self.need("shape", say) else { return };
        let Ok(range) = self.range(say) else { return };
        let Ok(result) = self.result(run.statistic, &shape, concurrency, say) else { return };
        let id = run.model.split_once('/').map_or("", |(_, variant)| variant).to_owned();
        let name = self.get("model_name").unwrap_or(&id).to_owned();
        let variant = || Variant { id, name, ..Variant::default() };
        imported.models.entry(run.model.clone()).or_insert_with(variant);
        let Some(run) = self.place(run, &mut imported.runs, say) else { return };
        match range {
            None => run.results.push(result),
            Some((metric, min, max)) => {
                add_range(&mut run.ranges, RangeEntry { metric, shapes: vec![shape], concurrency, min, max })
            }
        }
    }

    /// The run of this name, which every line of it must describe alike.
    fn place<'a>(&self, new: Run, runs: &'a mut Vec<Run>, say: &mut Say<'_>) -> Option<&'a mut Run> {
        let Some(at) = runs.iter().rposition(|run| run.id == new.id) else {
            runs.push(new);
            return runs.last_mut();
        };
        let known = runs.get_mut(at)?;
        known.repetitions = known.repetitions.or(new.repetitions);
        let bare =
            Run { repetitions: known.repetitions, results: Vec::new(), ranges: Vec::new(), ..known.clone() };
        if bare != (Run { repetitions: known.repetitions, ..new }) {
            let expected =
                "the configuration and provenance of the first line of this run; the line is left out";
            say.at(self.number, "run", format!("{} with other words", quote(&known.id)), expected);
            return None;
        }
        Some(known)
    }

    /// The run without its results.
    fn run(&self, say: &mut Say<'_>) -> Result<Run, Faulty> {
        let model = self.need("model", say)?;
        if !model.contains('/') {
            return Err(self.fault("model", quote(&model), "family/variant; the line is left out", say));
        }
        let date = self.need("date", say)?;
        let date = PartialDate::try_from(date.clone()).map_err(|_| {
            let expected = "a date such as 2026-05 or 2026-05-16; the line is left out";
            self.fault("date", quote(&date), expected, say)
        })?;
        Ok(Run {
            schema: RUN_SCHEMA,
            id: self.need("run", say)?,
            date,
            model,
            quant: self.need("quant", say)?,
            file_size_gib: self.positive("file_size_gib", say)?,
            file_size_approximate: self.get("file_size_approximate") == Some("true"),
            hardware: self.need("hardware", say)?,
            power_cap_w: self.positive("power_cap_w", say)?,
            driver: self.text("driver"),
            backend: Backend {
                engine: self.need("engine", say)?,
                build: self.text("build"),
                accelerator: self.one_of::<Accelerator>("accelerator", say)?,
                runtime: self.text("runtime"),
            },
            mode: self.text("mode").unwrap_or_else(|| "baseline".to_owned()),
            timing: self.one_of::<Timing>("timing", say)?,
            statistic: self.one_of::<Statistic>("statistic", say)?,
            repetitions: self.count("repetitions", say)?,
            settings: self.json("settings", say)?.unwrap_or_default(),
            sources: self.sources(say)?,
            notes: self.json("run_notes", say)?.unwrap_or_default(),
            results: Vec::new(),
            ranges: Vec::new(),
        })
    }

    fn sources(&self, say: &mut Say<'_>) -> Result<Vec<SourceRef>, Faulty> {
        match self.json::<Vec<SourceRef>>("sources", say)? {
            Some(sources) if !sources.is_empty() => Ok(sources),
            _ => Err(self.fault("sources", "none".to_owned(), "at least one; the line is left out", say)),
        }
    }

    fn range(&self, say: &mut Say<'_>) -> Result<Option<(Metric, Positive, Positive)>, Faulty> {
        if self.get("range_metric").is_none() {
            return Ok(None);
        }
        let metric = self.one_of::<Metric>("range_metric", say)?;
        match (self.positive("range_min", say)?, self.positive("range_max", say)?) {
            (Some(min), Some(max)) => Ok(Some((metric, min, max))),
            _ => Err(self.fault(
                "range_min",
                "a range without bounds".to_owned(),
                "both; the line is left out",
                say,
            )),
        }
    }

    fn result(
        &self,
        statistic: Statistic,
        shape: &str,
        concurrency: u16,
        say: &mut Say<'_>,
    ) -> Result<ResultEntry, Faulty> {
        let repetitions = self.repetitions(say)?;
        let stated = |metric: Metric, say: &mut Say<'_>| -> Result<Option<Positive>, Faulty> {
            let value = self.positive(metric.key(), say)?;
            let repeated: Vec<f64> =
                repetitions.iter().filter_map(|one| one.value(metric)).map(Positive::get).collect();
            let summary = summary(statistic, &repeated);
            let follows =
                |value: &Positive| summary.is_some_and(|summary| summary.total_cmp(&value.get()).is_eq());
            Ok(value.filter(|value| !follows(value)))
        };
        Ok(ResultEntry {
            shape: shape.to_owned(),
            concurrency,
            failed: self.text("failed"),
            decode_tok_per_s: stated(Metric::Decode, say)?,
            prefill_tok_per_s: stated(Metric::Prefill, say)?,
            ttft_ms: stated(Metric::Ttft, say)?,
            tpot_ms: stated(Metric::Tpot, say)?,
            end_to_end_ms: stated(Metric::EndToEnd, say)?,
            output_tok_per_s: stated(Metric::Output, say)?,
            load_s: stated(Metric::Load, say)?,
            prompt_tokens: self.count("prompt_tokens", say)?,
            output_tokens: self.count("output_tokens", say)?,
            published: self.json("published", say)?.unwrap_or_default(),
            figures: self.json("figures", say)?.unwrap_or_default(),
            repetitions,
            note: self.text("note"),
        })
    }

    fn repetitions(&self, say: &mut Say<'_>) -> Result<Vec<Repetition>, Faulty> {
        const EXPECTED: &str = "numbers with semicolons between them; the line is left out";
        let mut all: Vec<Repetition> = Vec::new();
        let mut each = |column: &str, say: &mut Say<'_>, put: &dyn Fn(&mut Repetition, &str) -> bool| {
            for (at, cell) in self.get(column).unwrap_or_default().split(';').enumerate() {
                if all.len() <= at && self.get(column).is_some() {
                    all.push(Repetition::default());
                }
                let Some(repetition) = all.get_mut(at).filter(|_| !cell.is_empty()) else { continue };
                if !put(repetition, cell.trim()) {
                    return Err(self.fault(column, quote(cell), EXPECTED, say));
                }
            }
            Ok(())
        };
        let decode = |one: &mut Repetition, cell: &str| set(&mut one.decode_tok_per_s, positive(cell));
        let prefill = |one: &mut Repetition, cell: &str| set(&mut one.prefill_tok_per_s, positive(cell));
        let ttft = |one: &mut Repetition, cell: &str| set(&mut one.ttft_ms, positive(cell));
        let prompt = |one: &mut Repetition, cell: &str| set(&mut one.prompt_tokens, cell.parse().ok());
        let output = |one: &mut Repetition, cell: &str| set(&mut one.output_tokens, cell.parse().ok());
        each("decode_tok_per_s_repetitions", say, &decode)?;
        each("prefill_tok_per_s_repetitions", say, &prefill)?;
        each("ttft_ms_repetitions", say, &ttft)?;
        each("prompt_tokens_repetitions", say, &prompt)?;
        each("output_tokens_repetitions", say, &output)?;
        Ok(all)
    }
}

/// The value that repetitions give: what an index shows where nothing is stated.
fn summary(statistic: Statistic, repeated: &[f64]) -> Option<f64> {
    let summary = match statistic {
        Statistic::Median => stats::median(repeated),
        Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(repeated),
    };
    summary.map(stats::rounded)
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

fn positive(cell: &str) -> Option<Positive> {
    cell.parse().ok().and_then(|value: f64| Positive::try_from(value).ok())
}

/// Adds one shape of a range to the others of it.
fn add_range(ranges: &mut Vec<RangeEntry>, new: RangeEntry) {
    let is_same = |range: &&mut RangeEntry| {
        (range.metric, range.concurrency, range.min, range.max)
            == (new.metric, new.concurrency, new.min, new.max)
            && !new.shapes.iter().any(|shape| range.shapes.contains(shape))
    };
    match ranges.iter_mut().find(is_same) {
        Some(range) => range.shapes.extend(new.shapes),
        None => ranges.push(new),
    }
}
