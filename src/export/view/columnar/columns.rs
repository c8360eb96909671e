//! The columns: those of CSV, with the types that CSV has no place for.

use std::collections::BTreeMap;

use parquet::data_type::ByteArray;

use super::super::csv::{self, Cell, Line};
use super::leaf::{Leaf, Levels};
use crate::model::Metric;

/// What a line of CSV has for a column, where that depends on the column.
type Of<T> = Box<dyn Fn(&Line<'_>) -> T>;

/// What a column holds, and where it comes from.
pub(super) enum Column {
    /// The cell of CSV, null where it is empty.
    Text(Cell),
    Number(Of<Option<f64>>),
    Count(Of<Option<i64>>),
    Truth(fn(&Line<'_>) -> bool),
    Numbers(Of<Vec<Option<f64>>>),
    Counts(fn(&Line<'_>) -> Vec<Option<i64>>),
    Texts(fn(&Line<'_>) -> Vec<Option<String>>),
    /// Values by name.
    NumberMap(fn(&Line<'_>) -> Vec<(&'static str, f64)>),
    TextMap(fn(&Line<'_>) -> Vec<(&'static str, String)>),
}

impl Column {
    /// The column in the words of a schema.
    pub(super) fn field(&self, name: &str) -> String {
        let list = |of: &str| {
            format!("  optional group {name} (LIST) {{ repeated group list {{ optional {of}; }} }}\n")
        };
        let map = |of: &str| {
            let key = "required binary key (STRING)";
            format!(
                "  optional group {name} (MAP) {{ repeated group key_value {{ {key}; required {of}; }} }}\n"
            )
        };
        match self {
            Self::Text(_) => format!("  optional binary {name} (STRING);\n"),
            Self::Number(_) => format!("  optional double {name};\n"),
            Self::Count(_) => format!("  optional int64 {name};\n"),
            Self::Truth(_) => format!("  optional boolean {name};\n"),
            Self::Numbers(_) => list("double element"),
            Self::Counts(_) => list("int64 element"),
            Self::Texts(_) => list("binary element (STRING)"),
            Self::NumberMap(_) => map("double value"),
            Self::TextMap(_) => map("binary value (STRING)"),
        }
    }

    /// What is written of it: a map is two columns, keys and values.
    pub(super) fn leaves(&self, lines: &[Line<'_>]) -> Vec<Leaf> {
        let lines = lines.iter();
        match self {
            Self::Text(cell) => {
                let cells = lines.map(|line| Some(cell(line)).filter(|cell| !cell.is_empty()).map(bytes));
                vec![Leaf::Texts(Levels::single(cells))]
            }
            Self::Number(of) => vec![Leaf::Numbers(Levels::single(lines.map(of)))],
            Self::Count(of) => vec![Leaf::Counts(Levels::single(lines.map(of)))],
            Self::Truth(of) => vec![Leaf::Truths(Levels::single(lines.map(|line| Some(of(line)))))],
            Self::Numbers(of) => vec![Leaf::Numbers(Levels::lists(lines.map(of), true))],
            Self::Counts(of) => vec![Leaf::Counts(Levels::lists(lines.map(of), true))],
            Self::Texts(of) => {
                let texts = |line| of(line).into_iter().map(|text| text.map(bytes)).collect();
                vec![Leaf::Texts(Levels::lists(lines.map(texts), true))]
            }
            Self::NumberMap(of) => {
                let numbers = |line| of(line).into_iter().map(|(_, number)| Some(number)).collect();
                let values = Leaf::Numbers(Levels::lists(lines.clone().map(numbers), false));
                vec![keys(lines.map(of)), values]
            }
            Self::TextMap(of) => {
                let texts = |line| of(line).into_iter().map(|(_, text)| Some(bytes(text))).collect();
                let values = Leaf::Texts(Levels::lists(lines.clone().map(texts), false));
                vec![keys(lines.map(of)), values]
            }
        }
    }
}

fn keys<V>(maps: impl Iterator<Item = Vec<(&'static str, V)>>) -> Leaf {
    let keys = maps.map(|map| map.into_iter().map(|(key, _)| Some(bytes(key.to_owned()))).collect());
    Leaf::Texts(Levels::lists(keys, false))
}

fn bytes(text: String) -> ByteArray {
    ByteArray::from(text.into_bytes())
}

/// Name and content of every column, in the order of CSV.
///
/// The rig is the name of the folder, and what is said of the whole file stands in its metadata.
pub(super) fn all() -> Vec<(String, Column)> {
    let of = |columns: &[(&'static str, Cell)]| -> Vec<(String, Column)> {
        let is_here =
            |name: &str| !name.starts_with("export_") && !matches!(name, "hardware" | "index_version");
        let here = columns.iter().filter(|(name, _)| is_here(name));
        here.map(|&(name, cell)| (name.to_owned(), typed(name, cell))).collect()
    };
    let mut columns = of(&csv::WHAT);
    columns.extend(Metric::ALL.into_iter().flat_map(of_metric));
    columns.extend(of(&csv::WHENCE));
    columns
}

fn of_metric(metric: Metric) -> Vec<(String, Column)> {
    let name = |suffix: &str| format!("{}{suffix}", metric.key());
    let count = move |line: &Line<'_>| i64::try_from(line.export.repetitions(line.result, metric)?).ok();
    let mut columns = vec![
        (name(""), Column::Number(Box::new(move |line| line.index.value(line.result, metric)))),
        (name("_sd"), Column::Number(Box::new(move |line| line.export.deviation(line.result, metric)))),
        (name("_n"), Column::Count(Box::new(count))),
    ];
    if matches!(metric, Metric::Decode | Metric::Prefill | Metric::Ttft) {
        let values = move |line: &Line<'_>| {
            let column = line.index.repetitions.metrics.get(metric.position());
            repeated(line, |at| column?.get(at))
        };
        columns.push((name("_repetitions"), Column::Numbers(Box::new(values))));
    }
    columns
}

/// A column of CSV with its type; text where it is nothing else.
fn typed(name: &str, cell: Cell) -> Column {
    match name {
        "power_cap_w" => Column::Number(Box::new(|line| line.power_cap_w())),
        "concurrency" => Column::Count(Box::new(|line| {
            line.index.results.concurrency.get(line.result).copied().map(i64::from)
        })),
        "prompt_tokens" => {
            Column::Count(Box::new(|line| whole(line.index.results.prompt_tokens.get(line.result)?)))
        }
        "output_tokens" => {
            Column::Count(Box::new(|line| whole(line.index.results.output_tokens.get(line.result)?)))
        }
        "prompt_tokens_repetitions" => {
            Column::Counts(|line| repeated(line, |at| whole(line.index.repetitions.prompt_tokens.get(at)?)))
        }
        "output_tokens_repetitions" => {
            Column::Counts(|line| repeated(line, |at| whole(line.index.repetitions.output_tokens.get(at)?)))
        }
        "range_min" => Column::Number(Box::new(|line| line.range().map(|(_, low, _)| low))),
        "range_max" => Column::Number(Box::new(|line| line.range().map(|(.., high)| high))),
        "figures" => Column::NumberMap(|line| {
            let figures = line.index.results.figures.of(line.result).iter();
            each_once(figures.map(|&(figure, value)| (figure.key(), value)))
        }),
        "published" => Column::TextMap(|line| {
            let printed = line.index.results.published.of(line.result).iter();
            each_once(printed.map(|&(metric, text)| (metric.key(), line.index.text(text).to_owned())))
        }),
        "repetitions" => Column::Count(Box::new(|line| {
            line.index.runs.repetitions.get(line.run).copied().filter(|&count| count > 0).map(i64::from)
        })),
        "file_size_gib" => Column::Number(Box::new(|line| line.index.runs.file_size_gib.get(line.run))),
        "file_size_approximate" => {
            Column::Truth(|line| !line.index.runs.file_size_approximate.of(line.run).is_empty())
        }
        "run_notes" => Column::Texts(|line| {
            let notes = line.index.runs.notes.of(line.run).iter();
            notes.map(|&at| Some(line.index.text(at).to_owned())).collect()
        }),
        "source_names" => {
            Column::Texts(|line| line.described().map(|source| Some(source.name.clone())).collect())
        }
        "source_dates" => {
            Column::Texts(|line| line.described().map(|source| Some(source.date.to_string())).collect())
        }
        "source_licences" => {
            Column::Texts(|line| line.described().map(|source| Some(source.licence.clone())).collect())
        }
        "source_urls" => Column::Texts(|line| line.described().map(|source| source.url.clone()).collect()),
        "source_methods" => {
            Column::Texts(|line| line.described().map(|source| source.method.clone()).collect())
        }
        _ => Column::Text(cell),
    }
}

/// Names and values in the order of the names, each name once, as readers of maps want them.
fn each_once<V>(pairs: impl Iterator<Item = (&'static str, V)>) -> Vec<(&'static str, V)> {
    pairs.collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// A value of each repetition; nothing where none has one.
fn repeated<T>(line: &Line<'_>, value: impl Fn(usize) -> Option<T>) -> Vec<Option<T>> {
    let values: Vec<Option<T>> = line.index.repetitions_of(line.result).map(value).collect();
    if values.iter().all(Option::is_none) { Vec::new() } else { values }
}

/// A count; `None` for what is none.
fn whole(count: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 1e9, as an index holds them")]
    (count.fract() == 0.0 && count.abs() <= 1e9).then_some(count as i64)
}
