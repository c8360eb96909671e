//! Ways to look at an index that several rules share.

use std::collections::BTreeMap;

use crate::index::{Column, Index};
use crate::model::run::{Settings, SourceRef, Timing};
use crate::model::{Metric, plain};
use crate::stats;

/// A result that did not fail, with where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) result: usize,
    pub(super) run: usize,
    pub(super) configuration: usize,
    pub(super) shape: u16,
    pub(super) concurrency: u16,
}

/// Every result that did not fail, in the order of the index.
pub(super) fn cells(index: &Index) -> impl Iterator<Item = Cell> + '_ {
    let there = |&result: &usize| index.failure(result).is_none();
    (0..index.result_count()).filter(there).map(|result| {
        let run = index.run_of(result);
        Cell {
            result,
            run,
            configuration: index.configuration_of(run),
            shape: index.results.shape.get(result).copied().unwrap_or_default(),
            concurrency: index.results.concurrency.get(result).copied().unwrap_or_default(),
        }
    })
}

/// Cells that have something in common, by what that is.
pub(super) fn groups<K: Ord>(index: &Index, key: impl Fn(&Cell) -> Option<K>) -> BTreeMap<K, Vec<Cell>> {
    let mut groups = BTreeMap::<K, Vec<Cell>>::new();
    for cell in cells(index) {
        if let Some(key) = key(&cell) {
            groups.entry(key).or_default().push(cell);
        }
    }
    groups
}

/// Positions of family, variant, quant and rig: what is measured, and on what.
pub(super) fn subject(index: &Index, configuration: usize) -> [u32; 4] {
    let of = &index.configurations;
    [&of.family, &of.variant, &of.quant, &of.hardware]
        .map(|column| column.get(configuration).copied().unwrap_or_default())
}

/// `MiniMax M2.5 REAP 139B MXFP4`: model and quant of a configuration.
pub(super) fn title(index: &Index, configuration: usize) -> String {
    let model = index
        .model(configuration)
        .map_or_else(String::new, |(family, variant)| format!("{} {}", family.name, variant.name));
    let quant = index.quant(configuration).map_or("", |quant| &quant.id);
    format!("{model} {quant}")
}

/// `llama.cpp b8940 (rocm)`: the backend of a configuration.
pub(super) fn backend(index: &Index, configuration: usize) -> String {
    index.backend(configuration).map_or_else(String::new, |backend| {
        let build = backend.build.as_ref().map(|build| format!(" {build}")).unwrap_or_default();
        format!("{}{build} ({})", backend.engine, backend.accelerator.slug())
    })
}

/// The label of a cell's shape.
pub(super) fn shape(index: &Index, cell: &Cell) -> String {
    index.catalog.shapes.get(usize::from(cell.shape)).map_or_else(String::new, |shape| shape.label.clone())
}

/// True where a client timed a server.
pub(super) fn is_served(index: &Index, cell: &Cell) -> bool {
    index.configurations.timing.get(cell.configuration) == Some(&Timing::Served)
}

/// What was set for a run.
pub(super) fn settings(index: &Index, run: usize) -> Option<&Settings> {
    index.runs.settings.get(run).and_then(|&settings| index.settings.get(settings as usize))
}

/// The sources of a run.
pub(super) fn sources(index: &Index, run: usize) -> &[SourceRef] {
    let sources = index.runs.sources.get(run).and_then(|&sources| index.sources.get(sources as usize));
    sources.map_or(&[], Vec::as_slice)
}

/// What the sources of a run say differently about a field: the words, and who says them.
pub(super) fn said<'a>(
    index: &'a Index,
    run: usize,
    field: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    sources(index, run)
        .iter()
        .filter_map(move |source| source.says.get(field).map(|words| (words.as_str(), source.id.as_str())))
}

/// Prompt tokens of a result: as stated, or the mean over its repetitions.
pub(super) fn prompt_tokens(index: &Index, result: usize) -> Option<f64> {
    counted(index, result, &index.results.prompt_tokens, &index.repetitions.prompt_tokens)
}

/// Output tokens of a result: as stated, or the mean over its repetitions.
pub(super) fn output_tokens(index: &Index, result: usize) -> Option<f64> {
    counted(index, result, &index.results.output_tokens, &index.repetitions.output_tokens)
}

fn counted(index: &Index, result: usize, stated: &Column, repeated: &Column) -> Option<f64> {
    stated.get(result).or_else(|| {
        let counts: Vec<f64> = index.repetitions_of(result).filter_map(|at| repeated.get(at)).collect();
        stats::mean(&counts)
    })
}

/// The whole request in milliseconds: as stated, or first token plus the others at the decode rate.
pub(super) fn request_ms(index: &Index, result: usize) -> Option<f64> {
    index.value(result, Metric::EndToEnd).or_else(|| {
        let rest = output_tokens(index, result)? - 1.0;
        let decode = index.value(result, Metric::Decode)?;
        Some(index.value(result, Metric::Ttft)? + rest / decode * 1000.0)
    })
}

/// A figure for a message: at most three digits before the point, or none behind it.
pub(super) fn figure(value: f64) -> String {
    let decimals = match value {
        v if v < 10.0 => 100.0,
        v if v < 100.0 => 10.0,
        _ => 1.0,
    };
    plain((value * decimals).round() / decimals)
}

/// A share for a message, `84 %`.
pub(super) fn percent(fraction: f64) -> String {
    format!("{} %", plain((fraction * 100.0).round()))
}

/// `1 run`, `3 runs`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Distinct texts in order, with commas.
pub(super) fn listed(texts: impl IntoIterator<Item = String>) -> String {
    let texts: std::collections::BTreeSet<String> = texts.into_iter().collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}
