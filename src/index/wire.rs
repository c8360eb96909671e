//! The index as JSON: a catalog of descriptions, columns of words, columns of numbers.
//!
//! Three kinds of value are all that a reader must know, whatever is added later: the page's code for
//! reading them stays small, and a column of a million numbers is read in one go. What has no value
//! is `null`. Columns are named by where they belong (`results.run`); a column without any value is
//! left out.

mod catalog;
mod numbers;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::numbers::Numbers;
use super::{Column, Configurations, FORMAT, Index, IndexError, Repetitions, Results, Runs, Sparse, VERSION};
use crate::model::run::{Statistic, Timing};
use crate::model::{Metric, PartialDate};

/// The file as it is.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    catalog: Value,
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    numbers: BTreeMap<String, Numbers>,
}

/// The same, to be written.
#[derive(Serialize)]
struct Write<'a> {
    format: &'static str,
    version: u32,
    catalog: catalog::Written<'a>,
    words: BTreeMap<&'static str, Vec<&'a str>>,
    numbers: BTreeMap<String, Numbers>,
}

/// Reads an index; the columns may still not fit together.
pub(super) fn read(json: &[u8]) -> Result<Index, IndexError> {
    let mut file: Read = serde_json::from_slice(json).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let full = error.to_string();
        let message = full.split(" at line ").next().unwrap_or_default().to_owned();
        IndexError::Json { line, column, message }
    })?;
    if file.format != FORMAT {
        return Err(IndexError::Format(file.format));
    }
    if file.version != VERSION {
        return Err(IndexError::Version(file.version));
    }
    let described = catalog::read(&file.catalog)?;
    let (words, numbers) = (&mut file.words, &mut file.numbers);
    Ok(Index {
        configurations: read_configurations(numbers)?,
        runs: read_runs(words, numbers)?,
        results: read_results(numbers)?,
        repetitions: read_repetitions(numbers)?,
        catalog: described.catalog,
        backends: described.backends,
        settings: described.settings,
        sources: described.sources,
        modes: take_words(words, "modes"),
        drivers: take_words(words, "drivers"),
        texts: take_words(words, "texts"),
        starts: Vec::new(),
    })
}

/// Writes an index; equal indexes give equal bytes.
pub(super) fn write(index: &Index) -> Vec<u8> {
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
    put(
        "configurations.driver",
        c.driver.iter().map(|&driver| driver.checked_sub(1).map(f64::from)).collect(),
    );
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

    let repetitions = &index.repetitions;
    put("repetitions.result", positions(&repetitions.result));
    for (metric, column) in Metric::ALL.iter().zip(&repetitions.metrics) {
        put(&format!("repetitions.{}", metric.key()), column.into());
    }
    put("repetitions.prompt_tokens", (&repetitions.prompt_tokens).into());
    put("repetitions.output_tokens", (&repetitions.output_tokens).into());

    let file = Write {
        format: FORMAT,
        version: VERSION,
        catalog: catalog::Written {
            catalog: &index.catalog,
            backends: &index.backends,
            settings: &index.settings,
            run_sources: &index.sources,
        },
        words: BTreeMap::from([
            ("modes", words(&index.modes)),
            ("drivers", words(&index.drivers)),
            ("texts", words(&index.texts)),
            ("runs.id", words(&r.id)),
            ("runs.date", r.date.iter().map(PartialDate::as_str).collect()),
        ]),
        numbers,
    };
    // Every value of an index has a JSON form.
    serde_json::to_vec(&file).unwrap_or_default()
}

fn words(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn positions(column: &[u32]) -> Numbers {
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

type Words = BTreeMap<String, Vec<String>>;
type Columns = BTreeMap<String, Numbers>;

#[inline(never)]
fn take_words(words: &mut Words, name: &str) -> Vec<String> {
    words.remove(name).unwrap_or_default()
}

/// A column; without any value where the file has none.
#[inline(never)]
fn take(numbers: &mut Columns, name: &str) -> Numbers {
    numbers.remove(name).unwrap_or_default()
}

#[inline(never)]
fn measures(numbers: &mut Columns, name: &str) -> Result<Column, IndexError> {
    take(numbers, name).into_measures(name)
}

#[inline(never)]
fn integers(numbers: &mut Columns, name: &str) -> Result<Vec<u32>, IndexError> {
    take(numbers, name).into_integers(name)
}

#[inline(never)]
fn shorts(numbers: &mut Columns, name: &str) -> Result<Vec<u16>, IndexError> {
    let wide = |value: &u32| IndexError::wrong(name, &value.to_string(), "at most 65535");
    integers(numbers, name)?.iter().map(|value| u16::try_from(*value).map_err(|_| wide(value))).collect()
}

fn read_configurations(numbers: &mut Columns) -> Result<Configurations, IndexError> {
    let family = integers(numbers, "configurations.family")?;
    let count = family.len();
    let timing = |raw: &u32| if *raw == 1 { Timing::Raw } else { Timing::Served };
    Ok(Configurations {
        family,
        variant: integers(numbers, "configurations.variant")?,
        quant: integers(numbers, "configurations.quant")?,
        hardware: integers(numbers, "configurations.hardware")?,
        backend: integers(numbers, "configurations.backend")?,
        mode: integers(numbers, "configurations.mode")?,
        power_cap_w: measures(numbers, "configurations.power_cap_w")?,
        driver: take(numbers, "configurations.driver").into_counts("configurations.driver", count)?,
        timing: integers(numbers, "configurations.raw")?.iter().map(timing).collect(),
    })
}

fn read_runs(words: &mut Words, numbers: &mut Columns) -> Result<Runs, IndexError> {
    let id = take_words(words, "runs.id");
    let count = id.len();
    let date = |text: String| {
        PartialDate::try_from(text)
            .map_err(|error| IndexError::wrong("runs.date", &error.to_string(), "a date"))
    };
    let statistic = |code: &u32| match code {
        1 => Statistic::Mean,
        2 => Statistic::Median,
        3 => Statistic::Single,
        _ => Statistic::Unknown,
    };
    let approximate = integers(numbers, "runs.file_size_approximate")?;
    let statistics = take(numbers, "runs.statistic").into_counts("runs.statistic", count)?;
    Ok(Runs {
        id,
        configuration: integers(numbers, "runs.configuration")?,
        date: take_words(words, "runs.date").into_iter().map(date).collect::<Result<_, _>>()?,
        statistic: statistics.iter().map(statistic).collect(),
        repetitions: take(numbers, "runs.repetitions")
            .into_counts("runs.repetitions", count)?
            .into_iter()
            .map(|count| count.saturating_sub(1))
            .collect(),
        file_size_gib: measures(numbers, "runs.file_size_gib")?,
        file_size_approximate: Sparse { value: vec![1; approximate.len()], entry: approximate },
        settings: integers(numbers, "runs.settings")?,
        sources: integers(numbers, "runs.sources")?,
        notes: Sparse {
            entry: integers(numbers, "runs.notes.run")?,
            value: integers(numbers, "runs.notes.text")?,
        },
    })
}

fn read_results(numbers: &mut Columns) -> Result<Results, IndexError> {
    let mut metrics: [Column; Metric::ALL.len()] = Default::default();
    for (metric, column) in Metric::ALL.iter().zip(&mut metrics) {
        *column = measures(numbers, &format!("results.{}", metric.key()))?;
    }
    let metric_codes = |numbers: &mut Columns, name: &str| -> Result<Vec<Metric>, IndexError> {
        let unknown = |code: &u32| IndexError::wrong(name, &code.to_string(), "the number of a metric");
        let metric = |code: &u32| Metric::ALL.get(*code as usize).copied().ok_or_else(|| unknown(code));
        integers(numbers, name)?.iter().map(metric).collect()
    };
    let range_metrics = metric_codes(numbers, "ranges.metric")?;
    let (lows, highs) = (measures(numbers, "ranges.low")?, measures(numbers, "ranges.high")?);
    let bound = |column: &Column, at: usize| column.get(at).unwrap_or_default();
    let ranges = range_metrics.iter().enumerate();
    let printed = metric_codes(numbers, "published.metric")?;
    let printed = printed.into_iter().zip(integers(numbers, "published.text")?);
    Ok(Results {
        run: integers(numbers, "results.run")?,
        shape: shorts(numbers, "results.shape")?,
        concurrency: shorts(numbers, "results.concurrency")?,
        metrics,
        prompt_tokens: measures(numbers, "results.prompt_tokens")?,
        output_tokens: measures(numbers, "results.output_tokens")?,
        failed: Sparse {
            entry: integers(numbers, "failed.result")?,
            value: integers(numbers, "failed.text")?,
        },
        ranges: Sparse {
            entry: integers(numbers, "ranges.result")?,
            value: ranges.map(|(at, &metric)| (metric, bound(&lows, at), bound(&highs, at))).collect(),
        },
        published: Sparse { entry: integers(numbers, "published.result")?, value: printed.collect() },
        notes: Sparse { entry: integers(numbers, "notes.result")?, value: integers(numbers, "notes.text")? },
    })
}

fn read_repetitions(numbers: &mut Columns) -> Result<Repetitions, IndexError> {
    let mut metrics: [Column; 3] = Default::default();
    for (metric, column) in Metric::ALL.iter().zip(&mut metrics) {
        *column = measures(numbers, &format!("repetitions.{}", metric.key()))?;
    }
    Ok(Repetitions {
        result: integers(numbers, "repetitions.result")?,
        metrics,
        prompt_tokens: measures(numbers, "repetitions.prompt_tokens")?,
        output_tokens: measures(numbers, "repetitions.output_tokens")?,
    })
}
