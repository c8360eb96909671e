//! Comma-separated values, one line a result, that spreadsheets and programs read and that import gives back.
//!
//! RFC 4180 with a byte order mark, without which spreadsheets take UTF-8 for something else. What a list or a map
//! holds (settings, sources, figures) stands as JSON in its cell.

use std::collections::BTreeMap;

use super::{Export, exact, word};
use crate::index::{Index, VERSION};
use crate::model::catalog::Source;
use crate::model::run::{SourceRef, Timing};
use crate::model::{Metric, plain};

/// What a line is written from.
pub(super) struct Line<'a> {
    pub(super) index: &'a Index,
    pub(super) export: &'a Export<'a>,
    about: &'a About,
    pub(super) result: usize,
    pub(super) run: usize,
    configuration: usize,
}

/// What stands in every line.
pub(super) struct About {
    pub(super) title: String,
    pub(super) filters: String,
    pub(super) link: String,
}

impl About {
    pub(super) fn of(export: &Export<'_>) -> Self {
        Self {
            title: export.title(),
            filters: export.filters_in_words(),
            link: export.link().unwrap_or_default(),
        }
    }
}

pub(super) type Cell = fn(&Line<'_>) -> String;
type MetricCell = fn(&Line<'_>, Metric) -> String;

/// Columns before the metrics.
pub(super) const WHAT: [(&str, Cell); 15] = [
    ("model", |l| l.model().0),
    ("model_name", |l| l.model().1),
    ("quant", |l| l.index.quant(l.configuration).map(|quant| quant.id.clone()).unwrap_or_default()),
    ("hardware", |l| l.index.hardware(l.configuration).map(|rig| rig.id.clone()).unwrap_or_default()),
    ("hardware_name", |l| l.index.hardware(l.configuration).map(|rig| rig.name.clone()).unwrap_or_default()),
    ("power_cap_w", |l| number(l.power_cap_w())),
    ("driver", |l| l.index.driver(l.configuration).unwrap_or_default().to_owned()),
    ("engine", |l| l.index.backend(l.configuration).map(|b| b.engine.clone()).unwrap_or_default()),
    ("build", |l| l.index.backend(l.configuration).and_then(|b| b.build.clone()).unwrap_or_default()),
    ("accelerator", |l| l.index.accelerator(l.configuration).slug().to_owned()),
    ("runtime", |l| l.index.backend(l.configuration).and_then(|b| b.runtime.clone()).unwrap_or_default()),
    ("mode", |l| l.index.mode(l.configuration).to_owned()),
    ("timing", |l| word(l.index.configurations.timing.get(l.configuration).unwrap_or(&Timing::Served))),
    ("shape", |l| l.shape()),
    ("concurrency", |l| l.index.results.concurrency.get(l.result).map(u16::to_string).unwrap_or_default()),
];

/// Columns of each metric, by what stands behind its name.
const MEASURED: [(&str, MetricCell); 4] = [
    ("", |l, metric| number(l.index.value(l.result, metric))),
    ("_sd", |l, metric| l.export.deviation(l.result, metric).map(rounded).unwrap_or_default()),
    ("_n", |l, metric| l.export.repetitions(l.result, metric).map(|n| n.to_string()).unwrap_or_default()),
    ("_repetitions", |l, metric| {
        let column = l.index.repetitions.metrics.get(metric.position());
        column.map(|column| l.repeated(|at| column.get(at))).unwrap_or_default()
    }),
];

/// Columns behind the metrics.
pub(super) const WHENCE: [(&str, Cell); 29] = [
    ("prompt_tokens", |l| number(l.index.results.prompt_tokens.get(l.result))),
    ("output_tokens", |l| number(l.index.results.output_tokens.get(l.result))),
    ("prompt_tokens_repetitions", |l| l.repeated(|at| l.index.repetitions.prompt_tokens.get(at))),
    ("output_tokens_repetitions", |l| l.repeated(|at| l.index.repetitions.output_tokens.get(at))),
    ("failed", |l| l.index.failure(l.result).unwrap_or_default().to_owned()),
    ("range_metric", |l| l.range().map(|(metric, ..)| metric.key().to_owned()).unwrap_or_default()),
    ("range_min", |l| number(l.range().map(|(_, low, _)| low))),
    ("range_max", |l| number(l.range().map(|(.., high)| high))),
    ("figures", |l| l.figures()),
    ("published", |l| {
        let printed = l.index.results.published.of(l.result).iter();
        let printed = printed.map(|&(metric, text)| (metric.key(), l.index.text(text)));
        json(&printed.collect::<BTreeMap<_, _>>(), "{}")
    }),
    ("note", |l| {
        l.index.results.notes.of(l.result).first().map(|&at| l.index.text(at).to_owned()).unwrap_or_default()
    }),
    ("run", |l| l.index.runs.id.get(l.run).cloned().unwrap_or_default()),
    ("date", |l| l.index.runs.date.get(l.run).map(ToString::to_string).unwrap_or_default()),
    ("statistic", |l| l.index.runs.statistic.get(l.run).map(word).unwrap_or_default()),
    ("repetitions", |l| {
        let count = l.index.runs.repetitions.get(l.run).filter(|&&count| count > 0);
        count.map(u32::to_string).unwrap_or_default()
    }),
    ("file_size_gib", |l| number(l.index.runs.file_size_gib.get(l.run))),
    ("file_size_approximate", |l| {
        let is_approximate = !l.index.runs.file_size_approximate.of(l.run).is_empty();
        if is_approximate { "true".to_owned() } else { String::new() }
    }),
    ("settings", |l| {
        let settings = l.index.runs.settings.get(l.run).and_then(|&at| l.index.settings.get(at as usize));
        settings.map(|settings| json(settings, "{}")).unwrap_or_default()
    }),
    ("run_notes", |l| {
        let notes = l.index.runs.notes.of(l.run).iter().map(|&at| l.index.text(at));
        json(&notes.collect::<Vec<_>>(), "[]")
    }),
    ("sources", |l| json(&l.sources(), "[]")),
    ("source_names", |l| l.of_sources(|source| source.name.clone())),
    ("source_dates", |l| l.of_sources(|source| source.date.to_string())),
    ("source_licences", |l| l.of_sources(|source| source.licence.clone())),
    ("source_urls", |l| l.of_sources(|source| source.url.clone().unwrap_or_default())),
    ("source_methods", |l| l.of_sources(|source| source.method.clone().unwrap_or_default())),
    ("export_title", |l| l.about.title.clone()),
    ("export_filters", |l| l.about.filters.clone()),
    ("export_link", |l| l.about.link.clone()),
    ("index_version", |_| VERSION.to_string()),
];

/// The results as CSV, in the order of the table.
pub fn csv(export: &Export<'_>) -> String {
    let about = About::of(export);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer("\u{feff}".as_bytes().to_vec());
    // Nothing that is written to memory fails.
    let _ = writer.write_record(names());
    for result in export.every_result() {
        let line = Line::of(export, &about, result);
        let _ = writer.write_record(cells(&line).iter().map(|cell| harmless(cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The names of all columns.
pub fn names() -> Vec<String> {
    let of =
        |columns: &[(&str, Cell)]| columns.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let of_metric = |metric: Metric| {
        columns_of(metric).iter().map(|(suffix, _)| format!("{}{suffix}", metric.key())).collect::<Vec<_>>()
    };
    let measured = Metric::ALL.into_iter().flat_map(of_metric);
    of(&WHAT).into_iter().chain(measured).chain(of(&WHENCE)).collect()
}

fn cells(line: &Line<'_>) -> Vec<String> {
    let of_metric =
        |metric: Metric| columns_of(metric).iter().map(|(_, cell)| cell(line, metric)).collect::<Vec<_>>();
    let measured = Metric::ALL.into_iter().flat_map(of_metric);
    let what = WHAT.iter().map(|(_, cell)| cell(line));
    what.chain(measured).chain(WHENCE.iter().map(|(_, cell)| cell(line))).collect()
}

/// The columns of a metric: only three of them have repetitions.
fn columns_of(metric: Metric) -> &'static [(&'static str, MetricCell)] {
    let repeated = matches!(metric, Metric::Decode | Metric::Prefill | Metric::Ttft);
    MEASURED.get(..if repeated { 4 } else { 3 }).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula, with an apostrophe in front where one would.
///
/// A cell that begins so by itself gets one more, so that taking one away always gives back what was there.
fn harmless(cell: &str) -> String {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell.to_owned() }
}

/// What spreadsheets calculate: by the first character, blanks in front aside; those of full width count as well.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

fn number(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

/// A deviation: worked out, so that not all its digits mean something.
fn rounded(value: f64) -> String {
    plain(value)
}

/// A value as JSON; nothing for an empty one.
fn json(value: &impl serde::Serialize, empty: &str) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    if text == empty { String::new() } else { text }
}

impl<'a> Line<'a> {
    pub(super) fn of(export: &'a Export<'a>, about: &'a About, result: usize) -> Self {
        let run = export.index.run_of(result);
        let configuration = export.index.configuration_of(run);
        Self { index: export.index, export, about, result, run, configuration }
    }

    pub(super) fn power_cap_w(&self) -> Option<f64> {
        self.index.configurations.power_cap_w.get(self.configuration)
    }

    /// Id and name.
    fn model(&self) -> (String, String) {
        let names = self.index.model(self.configuration).map(|(family, variant)| {
            (format!("{}/{}", family.id, variant.id), format!("{} {}", family.name, variant.name))
        });
        names.unwrap_or_default()
    }

    fn shape(&self) -> String {
        let position = self.index.results.shape.get(self.result);
        let shape = position.and_then(|&at| self.index.catalog.shapes.get(usize::from(at)));
        shape.map(|shape| shape.id.clone()).unwrap_or_default()
    }

    pub(super) fn range(&self) -> Option<(Metric, f64, f64)> {
        self.index.results.ranges.of(self.result).first().copied()
    }

    /// A value of each repetition, with semicolons between them; nothing where none has one.
    fn repeated(&self, value: impl Fn(usize) -> Option<f64>) -> String {
        let values: Vec<Option<f64>> = self.index.repetitions_of(self.result).map(value).collect();
        if values.iter().all(Option::is_none) {
            return String::new();
        }
        values.into_iter().map(number).collect::<Vec<_>>().join(";")
    }

    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    fn figures(&self) -> String {
        let figures = self.index.results.figures.of(self.result).iter();
        json(&figures.map(|(figure, value)| (figure.key(), *value)).collect::<BTreeMap<_, _>>(), "{}")
    }

    #[cfg(not(any(feature = "whole", feature = "cli", not(feature = "view"))))]
    fn figures(&self) -> String {
        String::new()
    }

    fn sources(&self) -> &'a [SourceRef] {
        let list = self.index.runs.sources.get(self.run);
        list.and_then(|&list| self.index.sources.get(list as usize)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The sources that the catalog describes.
    pub(super) fn described(&self) -> impl Iterator<Item = &'a Source> {
        let sources = &self.index.catalog.sources;
        self.sources().iter().filter_map(|of| sources.iter().find(|source| source.id == of.id))
    }

    /// The same of each source, with semicolons between them.
    fn of_sources(&self, of: fn(&Source) -> String) -> String {
        self.described().map(of).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_calculate() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("'=1", "''=1"),
            (" @SUM(A1)", "' @SUM(A1)"),
            ("\tx", "'\tx"),
            ("−3", "−3"),
            ("it's", "it's"),
            ("'quoted'", "'quoted'"),
            ("76.3", "76.3"),
        ] {
            assert_eq!(harmless(cell), written);
        }
    }
}
