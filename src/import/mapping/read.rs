//! From the rows of a table to runs.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::assemble::Assembly;
use super::super::cell::Cell;
use super::super::date;
use super::super::finding::{Say, quote};
use super::super::known::{Imported, Known};
use super::super::llama_bench;
use super::super::report::{is_missing, label};
use super::super::shape::Work;
use super::super::text::text;
use super::rows::{Row, bind, plain, row};
use super::units::significant;
use super::{Field, Mapping, figures, sheet};
use crate::model::run::{Repetition, ResultEntry, Settings, Statistic, Timing};
use crate::model::{Metric, PartialDate, Positive};
use crate::stats;

/// Reads a table through a mapping.
///
/// Never fails: what cannot be read is a finding with line and column, and so is every column that the
/// mapping does not name. What neither the table nor the mapping says may stand in `known`.
pub fn read_table(bytes: &[u8], mapping: &Mapping, known: &Known<'_>) -> Imported {
    let mut say = Say::new(known.file);
    let text = text(bytes, &mut say);
    let sheet = sheet::parse(&text, mapping.delimiter, &mut say);
    if sheet.headers.is_empty() {
        say.whole("no header", "a table whose first line names its columns");
    }
    let bound = bind(mapping, &sheet.headers, &mut say);
    let mut seen: HashSet<&[String]> = HashSet::new();
    let mut cells: Vec<Cell> = Vec::new();
    let mut merged: HashMap<String, usize> = HashMap::new();
    let mut repeated: Vec<Vec<ResultEntry>> = Vec::new();
    for line in &sheet.rows {
        let Some(row) = row(mapping, &bound, &sheet.headers, line, &mut say) else { continue };
        if !seen.insert(&line.1) {
            say.at(row.line, "", "a row that repeats another one in every cell", "it once; it is left out");
            continue;
        }
        let is_repetition = row.texts.contains_key(&Field::Repetition);
        for cell in of_row(&row, mapping, known, &mut say) {
            if !is_repetition {
                cells.push(cell);
                continue;
            }
            let at = *merged.entry(key(&cell)).or_insert(cells.len());
            if let Some(results) = repeated.get_mut(at) {
                results.push(cell.result);
                continue;
            }
            repeated.resize(at, Vec::new());
            repeated.push(vec![cell.result.clone()]);
            cells.push(cell);
        }
    }
    for (cell, results) in cells.iter_mut().zip(&repeated).filter(|(_, results)| results.len() > 1) {
        repeat(cell, results);
    }
    let mut own = known.clone();
    // What the table of values says is an id that was told, and the run keeps the printed name beside it.
    own.models
        .extend(mapping.values.get(&Field::Model).into_iter().flatten().map(|(a, b)| (a.clone(), b.clone())));
    Assembly::of(cells, &own, say)
}

/// The results of a row: one, or one for each shape that columns have of their own.
fn of_row(row: &Row<'_>, mapping: &Mapping, known: &Known<'_>, say: &mut Say<'_>) -> Vec<Cell> {
    let metrics = row.figures.iter().filter(|figure| figure.column.field.is_figure());
    let shapes: BTreeSet<Option<&str>> = metrics.map(|figure| figure.column.shape.as_deref()).collect();
    let failed = row.texts.get(&Field::Failed).filter(|text| !is_missing(text));
    if failed.is_some() {
        let cell = cell(row, None, mapping, known, say);
        return cell.into_iter().collect();
    }
    if shapes.is_empty() {
        say.at(row.line, "", "no figure", "at least one; the row is left out");
    }
    shapes.into_iter().filter_map(|shape| cell(row, shape, mapping, known, say)).collect()
}

fn cell(
    row: &Row<'_>,
    shape: Option<&str>,
    mapping: &Mapping,
    known: &Known<'_>,
    say: &mut Say<'_>,
) -> Option<Cell> {
    let text = |field: Field| row.texts.get(&field).filter(|text| !is_missing(text)).cloned();
    let work = work(row, mapping, say);
    let mut cell = Cell::new(row.line, "table", mapping.timing, work);
    // Without one, and without tokens, the shape is asked for.
    let told = || known.shape.filter(|_| !work.is_known()).map(str::to_owned);
    named_shape(shape.map(str::to_owned).or_else(|| text(Field::Shape)).or_else(told), &mut cell);
    cell.name = text(Field::Model);
    cell.quant = text(Field::Quant);
    cell.hardware = text(Field::Hardware);
    cell.driver = text(Field::Driver);
    cell.power_cap_w = figures::other(row, Field::PowerCap).or_else(|| constant(row, Field::PowerCap));
    cell.tensors_gib = figures::other(row, Field::FileSize).or_else(|| constant(row, Field::FileSize));
    cell.engine = text(Field::Engine);
    cell.build = text(Field::Build);
    cell.mode = text(Field::Mode);
    cell.place = text(Field::Place);
    cell.date = text(Field::Date).and_then(|text| day(&text, row.line, say));
    if let Some(backend) = text(Field::Backend) {
        let read = label(&backend);
        if read.is_none() {
            let expected = "an accelerator such as vulkan, cuda or ROCm 7.2, or a value for it";
            say.at(row.line, "backend", quote(&backend), expected);
        }
        cell.accelerator = read.as_ref().map(|label| label.accelerator);
        cell.runtime = read.and_then(|label| label.runtime);
    }
    cell.concurrency =
        count(row, Field::Concurrency, mapping, say).and_then(|count| u16::try_from(count).ok());
    cell.repetitions = count(row, Field::Repetitions, mapping, say);
    cell.statistic = if cell.repetitions == Some(1) { Statistic::Single } else { mapping.statistic };
    row.settings.iter().for_each(|(name, value)| set(&mut cell.settings, name, value));
    let some = |count: u32| Some(count).filter(|&count| count > 0);
    cell.result.note = text(Field::Note);
    cell.result.failed = text(Field::Failed);
    if cell.result.failed.is_none() {
        (cell.result.prompt_tokens, cell.result.output_tokens) =
            (some(cell.work.prompt), some(cell.work.output));
        // Where nobody says how many were in flight, the result waits for it, whatever its figures.
        let requests = cell.concurrency.or(known.concurrency).unwrap_or(1);
        figures::fill(row, shape, requests, &mut cell.result, say);
        if mapping.output_from_end_to_end {
            figures::output_rate(row, &mut cell.result);
        }
    }
    let has_metric = Metric::ALL.iter().any(|&metric| cell.result.stated(metric).is_some());
    let has_figure = has_metric || !cell.result.figures.is_empty();
    (has_figure || cell.result.failed.is_some()).then_some(cell)
}

/// How much a row reads and generates, where it says so.
fn work(row: &Row<'_>, mapping: &Mapping, say: &mut Say<'_>) -> Work {
    let [prompt, output, depth] = [Field::PromptTokens, Field::OutputTokens, Field::DepthTokens]
        .map(|field| count(row, field, mapping, say).unwrap_or(0));
    Work { prompt, output, depth, served: mapping.timing == Timing::Served }
}

/// Takes the name of a shape: that of a test says how much is read and generated, anything else is an id.
fn named_shape(name: Option<String>, cell: &mut Cell) {
    let Some(name) = name else { return };
    match llama_bench::counts(&name) {
        Some([prompt, output, depth]) => cell.work = Work { prompt, output, depth, served: false },
        None => cell.shape = Some(name),
    }
}

/// A whole number; one with a fraction of zeros is one too.
fn count(row: &Row<'_>, field: Field, mapping: &Mapping, say: &mut Say<'_>) -> Option<u32> {
    let text = row.texts.get(&field).filter(|text| !is_missing(text))?;
    let value = plain(text, mapping.decimal).filter(|value| value.fract() == 0.0 && *value < 1e9);
    if value.is_none() {
        say.at(row.line, field.key(), quote(text), "a whole number; it is left out");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and below 1e9, and a sign is no digit"
    )]
    value.filter(|value| *value > 0.0).map(|value| value as u32)
}

fn constant(row: &Row<'_>, field: Field) -> Option<Positive> {
    let value = plain(row.texts.get(&field)?, super::Decimal::Point)?;
    Positive::try_from(value).ok()
}

/// The day of a time as people and programs write it, or a date as in run files.
fn day(text: &str, line: u32, say: &mut Say<'_>) -> Option<PartialDate> {
    let day = || {
        let day = text.get(..10)?;
        let behind = text.get(10..11)?;
        matches!(behind, "T" | " ").then(|| PartialDate::try_from(day.to_owned()).ok()).flatten()
    };
    // Full stops stand between day, month and year, in this order wherever they are written.
    let with_stops = || {
        let mut parts = text.split([' ', ',']).next()?.splitn(3, '.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        PartialDate::try_from(format!("{year}-{month:0>2}-{day:0>2}")).ok()
    };
    let read = PartialDate::try_from(text.to_owned()).ok().or_else(|| date::of_iso(text)).or_else(day);
    let read = read.or_else(with_stops);
    if read.is_none() {
        say.at(
            line,
            "date",
            quote(text),
            "a date such as 2026-05, 2026-05-16, 16.05.2026 or 2026-02-22T19:42Z",
        );
    }
    read
}

/// Puts a setting where a run file has a field for it.
fn set(settings: &mut Settings, name: &str, value: &str) {
    let on = match value.to_lowercase().as_str() {
        "1" | "on" | "true" | "yes" => Some(true),
        "0" | "off" | "false" | "no" => Some(false),
        _ => None,
    };
    let number = value.parse::<u32>().ok();
    match (name, on, number) {
        ("flash_attention", Some(on), _) => settings.flash_attention = Some(on),
        ("mmap", Some(on), _) => settings.mmap = Some(on),
        ("context_tokens", _, Some(number)) => settings.context_tokens = Some(number),
        ("max_output_tokens", _, Some(number)) => settings.max_output_tokens = Some(number),
        ("warmup_repetitions", _, Some(number)) => settings.warmup_repetitions = Some(number),
        ("gpu_layers", _, Some(number)) => settings.gpu_layers = Some(number),
        ("draft_tokens", _, Some(number)) => settings.draft_tokens = Some(number),
        ("kv_type", ..) => settings.kv_type = Some(value.to_owned()),
        ("temperature", ..) => settings.temperature = Some(value.to_owned()),
        _ => {
            settings.other.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// Everything by which rows are repetitions of one result.
fn key(cell: &Cell) -> String {
    let Cell { result, .. } = cell;
    let bare = ResultEntry {
        note: None,
        prompt_tokens: result.prompt_tokens,
        output_tokens: result.output_tokens,
        ..ResultEntry::default()
    };
    let day = cell.date.as_ref().map(|date| date.day().to_owned());
    format!("{:?} {day:?}", Cell { line: 0, date: None, result: bare, ..cell.clone() })
}

fn repetition(result: &ResultEntry) -> Repetition {
    Repetition {
        decode_tok_per_s: result.decode_tok_per_s,
        prefill_tok_per_s: result.prefill_tok_per_s,
        ttft_ms: result.ttft_ms,
        prompt_tokens: result.prompt_tokens,
        output_tokens: result.output_tokens,
    }
}

/// Makes one result of several rows: repetitions where they have a place, means of everything else.
fn repeat(cell: &mut Cell, results: &[ResultEntry]) {
    let mean = |metric: Metric| {
        let values: Vec<f64> =
            results.iter().filter_map(|result| result.stated(metric)).map(Positive::get).collect();
        let mean =
            if cell.statistic == Statistic::Median { stats::median(&values) } else { stats::mean(&values) };
        mean.map(|mean| significant(mean, 15)).and_then(|mean| Positive::try_from(mean).ok())
    };
    let first = &cell.result;
    cell.result = ResultEntry {
        prompt_tokens: first.prompt_tokens,
        output_tokens: first.output_tokens,
        tpot_ms: mean(Metric::Tpot),
        end_to_end_ms: mean(Metric::EndToEnd),
        output_tok_per_s: mean(Metric::Output),
        load_s: mean(Metric::Load),
        repetitions: results.iter().map(repetition).collect(),
        ..ResultEntry::default()
    };
    if cell.statistic != Statistic::Median {
        cell.statistic = Statistic::Mean;
    }
    cell.repetitions = u32::try_from(results.len()).ok();
}
