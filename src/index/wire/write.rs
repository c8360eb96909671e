//! The writer of an index.

use std::collections::BTreeMap;

use serde::Serialize;

#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
use super::figures;
use super::numbers::Numbers;
use super::{FACETS, catalog};
#[cfg(feature = "cli")]
use crate::index::together;
use crate::index::{FORMAT, Index, Totals, VERSION};
use crate::model::run::{Statistic, Timing};
use crate::model::{Metric, PartialDate};

/// The file as it is written.
#[derive(Serialize)]
pub(super) struct Write<'a> {
    format: &'static str,
    pub(super) version: u32,
    #[cfg(any(feature = "cli", feature = "browser-tests"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) shards: Vec<super::Shard>,
    catalog: catalog::Written<'a>,
    pub(super) words: BTreeMap<&'static str, Vec<&'a str>>,
    pub(super) numbers: BTreeMap<String, Numbers>,
}

/// Writes an index; equal indexes give equal bytes.
#[cfg(not(feature = "cli"))]
pub(in crate::index) fn write(index: &Index) -> Vec<u8> {
    to_json(&to_file(index))
}

/// Writes an index; equal indexes give equal bytes.
///
/// A million results are a hundred million bytes, nearly all of them in columns of numbers: parts of columns are
/// written by themselves, on whichever thread is free, and put in their places.
#[cfg(feature = "cli")]
pub(in crate::index) fn write(index: &Index) -> Vec<u8> {
    /// Entries of a part: so few that all threads end at about the same time.
    const SOME: usize = 1 << 15;
    const END: &[u8] = b"}}";
    let mut file = to_file(index);
    let columns = std::mem::take(&mut file.numbers);
    let parts: Vec<(&str, bool, &[f64])> = columns
        .iter()
        .flat_map(|(name, column)| {
            column.0.chunks(SOME).enumerate().map(move |(at, part)| (name.as_str(), at == 0, part))
        })
        .collect();
    let written = together::each(&parts, |(.., part)| Numbers::to_json(part));
    let heads: Vec<Option<String>> =
        parts.iter().map(|(name, begins, _)| begins.then(|| format!("{name:?}:["))).collect();
    // Numbers are given back before all that was written of them is there twice.
    drop(columns);
    let without = to_json(&file);
    let mut out =
        Vec::with_capacity(without.len() + written.iter().map(|part| part.len() + 60).sum::<usize>());
    out.extend_from_slice(without.strip_suffix(END).unwrap_or(&without));
    let is_empty = written.is_empty();
    for (at, (head, part)) in heads.into_iter().zip(written).enumerate() {
        match head {
            None => out.push(b','),
            Some(head) => {
                out.extend_from_slice(if at == 0 { b"" } else { b"]," });
                out.extend_from_slice(head.as_bytes());
            }
        }
        out.extend_from_slice(&part);
    }
    out.extend_from_slice(if is_empty { b"" } else { b"]" });
    out.extend_from_slice(END);
    out
}

/// Every value of an index has a JSON form.
pub(super) fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// All that is written of an index.
pub(super) fn to_file(index: &Index) -> Write<'_> {
    let mut numbers = BTreeMap::new();
    let mut put = |name: &str, column: Numbers| {
        if !column.is_absent() {
            numbers.insert(name.to_owned(), column);
        }
    };
    let c = &index.configurations;
    put("configurations.family", positions(&c.family));
    put("configurations.variant", positions(&c.variant));
    put("configurations.quant", positions(&c.quant));
    put("configurations.hardware", positions(&c.hardware));
    put("configurations.backend", positions(&c.backend));
    put("configurations.mode", positions(&c.mode));
    put("configurations.power_cap_w", (&c.power_cap_w).into());
    put("configurations.driver", less_one(&c.driver));
    put(
        "configurations.raw",
        c.timing.iter().map(|&t| Some(if t == Timing::Raw { 1.0 } else { 0.0 })).collect(),
    );

    let r = &index.runs;
    put("runs.configuration", positions(&r.configuration));
    put("runs.statistic", r.statistic.iter().map(|&s| statistic_code(s).map(f64::from)).collect());
    put("runs.repetitions", r.repetitions.iter().map(|&n| (n > 0).then(|| f64::from(n))).collect());
    put("runs.file_size_gib", (&r.file_size_gib).into());
    put("runs.file_size_approximate", positions(&r.file_size_approximate.entry));
    put("runs.settings", positions(&r.settings));
    put("runs.sources", positions(&r.sources));
    put("runs.notes.run", positions(&r.notes.entry));
    put("runs.notes.text", positions(&r.notes.value));

    let results = &index.results;
    put("results.run", positions(&results.run));
    put("results.shape", results.shape.iter().map(|&n| Some(f64::from(n))).collect());
    put("results.concurrency", results.concurrency.iter().map(|&n| Some(f64::from(n))).collect());
    for (metric, column) in Metric::ALL.iter().zip(&results.metrics) {
        put(&format!("results.{}", metric.key()), column.into());
    }
    put("results.prompt_tokens", (&results.prompt_tokens).into());
    put("results.output_tokens", (&results.output_tokens).into());
    put("failed.result", positions(&results.failed.entry));
    put("failed.text", positions(&results.failed.value));
    put("notes.result", positions(&results.notes.entry));
    put("notes.text", positions(&results.notes.value));
    put("ranges.result", positions(&results.ranges.entry));
    put("ranges.metric", results.ranges.value.iter().map(|(metric, ..)| code(*metric)).collect());
    put("ranges.low", results.ranges.value.iter().map(|&(_, low, _)| Some(low)).collect());
    put("ranges.high", results.ranges.value.iter().map(|&(.., high)| Some(high)).collect());
    put("published.result", positions(&results.published.entry));
    put("published.metric", results.published.value.iter().map(|(metric, _)| code(*metric)).collect());
    put("published.text", results.published.value.iter().map(|&(_, text)| Some(f64::from(text))).collect());

    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    figures::write(&results.figures, &mut put);

    let repetitions = &index.repetitions;
    put("repetitions.result", positions(&repetitions.result));
    for (metric, column) in Metric::ALL.iter().zip(&repetitions.metrics) {
        put(&format!("repetitions.{}", metric.key()), column.into());
    }
    put("repetitions.prompt_tokens", (&repetitions.prompt_tokens).into());
    put("repetitions.output_tokens", (&repetitions.output_tokens).into());

    if let Some(totals) = &index.totals {
        put_totals(totals, &mut put);
    }

    let mut columns = BTreeMap::from([
        ("modes", words(&index.modes)),
        ("drivers", words(&index.drivers)),
        ("texts", words(&index.texts)),
        ("runs.id", words(&r.id)),
        ("runs.date", r.date.iter().map(PartialDate::as_str).collect()),
    ]);
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    if !results.figures.is_empty() {
        columns.insert("figures", figures::names(&results.figures));
    }
    if let Some(latest) = index.totals.as_ref().and_then(|totals| totals.latest.as_ref()) {
        columns.insert("totals.latest", vec![latest.as_str()]);
    }
    Write {
        format: FORMAT,
        version: VERSION,
        #[cfg(any(feature = "cli", feature = "browser-tests"))]
        shards: Vec::new(),
        catalog: catalog::Written {
            catalog: &index.catalog,
            backends: &index.backends,
            settings: &index.settings,
            run_sources: &index.sources,
        },
        words: columns,
        numbers,
    }
}

fn put_totals(totals: &Totals, put: &mut impl FnMut(&str, Numbers)) {
    let one = |number: u32| Numbers::from_iter([Some(f64::from(number))]);
    put("totals.results", one(totals.results));
    put("totals.rigs", one(totals.rigs));
    put("totals.shown", one(totals.shown));
    put("totals.rows", one(totals.rows));
    put("totals.top", [totals.top].into_iter().collect());
    put("totals.unmeasured", one(totals.unmeasured));
    put("totals.unmeasured.with", positions(&totals.unmeasured_with));
    put("totals.family", positions(&totals.families));
    for (name, counts) in FACETS.iter().zip(&totals.facets) {
        put(name, less_one(counts));
    }
    put("totals.shape", less_one(&totals.shapes));
    put("totals.concurrency", totals.concurrencies.iter().map(|&n| Some(f64::from(n))).collect());
    put("totals.concurrency.results", positions(&totals.concurrency_counts));
}

/// Numbers less one, and a gap for 0.
fn less_one(column: &[u32]) -> Numbers {
    column.iter().map(|&number| number.checked_sub(1).map(f64::from)).collect()
}

fn words(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

pub(super) fn positions(column: &[u32]) -> Numbers {
    column.iter().map(|&position| Some(f64::from(position))).collect()
}

/// A metric as a number: its place in [`Metric::ALL`].
fn code(metric: Metric) -> Option<f64> {
    u32::try_from(metric.position()).ok().map(f64::from)
}

fn statistic_code(statistic: Statistic) -> Option<u8> {
    match statistic {
        Statistic::Mean => Some(0),
        Statistic::Median => Some(1),
        Statistic::Single => Some(2),
        Statistic::Unknown => None,
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn columns_stand_where_one_writer_puts_them() {
        for entries in [0, 1, 3, 60_000] {
            let list: Vec<String> = (0..entries).map(|entry: u32| entry.to_string()).collect();
            let list = list.join(",");
            let columns =
                format!(r#""results.run":[{list}],"results.shape":[{list}],"runs.settings":[{list}]"#);
            let head = r#"{"format":"tokscope-index","version":1,"catalog":{},"words":{"modes":["a"]}"#;
            let index =
                super::super::read::<true>(format!("{head},\"numbers\":{{{columns}}}}}").as_bytes()).unwrap();
            assert!(write(&index) == to_json(&to_file(&index)), "{entries}");
        }
    }
}
