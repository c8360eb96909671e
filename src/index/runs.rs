//! From columns back to runs, so that more runs can be put beside them.

use super::{Index, Runs};
use crate::model::run::{RUN_SCHEMA, RangeEntry, Repetition, ResultEntry, Run, Timing};
use crate::model::{Metric, PartialDate, Positive};

impl Index {
    /// The runs behind the index: building an index of them and of its catalog gives the same index.
    ///
    /// A value that was computed from repetitions when the index was built is stated here.
    pub fn to_runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = (0..self.runs.id.len()).filter_map(|run| self.head(run)).collect();
        for result in 0..self.result_count() {
            let Some(run) = runs.get_mut(self.run_of(result)) else { continue };
            let concurrency = self.results.concurrency.get(result).copied().unwrap_or_default();
            let ranges = self.results.ranges.of(result);
            if ranges.is_empty() {
                run.results.push(self.entry(result, self.shape_id(result), concurrency));
            }
            for &(metric, low, high) in ranges {
                add_range(&mut run.ranges, (metric, low, high), self.shape_id(result), concurrency);
            }
        }
        runs
    }

    /// A run without its results.
    fn head(&self, run: usize) -> Option<Run> {
        let Runs { id, date, statistic, repetitions, .. } = &self.runs;
        let configuration = self.configuration_of(run);
        let (family, variant) = self.model(configuration)?;
        let at = |column: &[u32]| column.get(run).map_or(0, |&position| position as usize);
        Some(Run {
            schema: RUN_SCHEMA,
            id: id.get(run)?.clone(),
            date: date.get(run).cloned().unwrap_or_else(PartialDate::unknown),
            model: format!("{}/{}", family.id, variant.id),
            quant: self.quant(configuration)?.id.clone(),
            file_size_gib: positive(self.runs.file_size_gib.get(run)),
            file_size_approximate: !self.runs.file_size_approximate.of(run).is_empty(),
            hardware: self.hardware(configuration)?.id.clone(),
            power_cap_w: positive(self.configurations.power_cap_w.get(configuration)),
            driver: self.driver(configuration).map(str::to_owned),
            backend: self.backend(configuration)?.clone(),
            mode: self.mode(configuration).to_owned(),
            timing: self.configurations.timing.get(configuration).copied().unwrap_or(Timing::Served),
            statistic: *statistic.get(run)?,
            repetitions: repetitions.get(run).copied().filter(|&count| count > 0),
            settings: self.settings.get(at(&self.runs.settings)).cloned().unwrap_or_default(),
            sources: self.sources.get(at(&self.runs.sources)).cloned().unwrap_or_default(),
            notes: self.runs.notes.of(run).iter().map(|&note| self.text(note).to_owned()).collect(),
            results: Vec::new(),
            ranges: Vec::new(),
        })
    }

    fn shape_id(&self, result: usize) -> String {
        let shape = self.results.shape.get(result).map(|&shape| usize::from(shape));
        shape
            .and_then(|shape| self.catalog.shapes.get(shape))
            .map_or_else(String::new, |shape| shape.id.clone())
    }

    fn entry(&self, result: usize, shape: String, concurrency: u16) -> ResultEntry {
        let value = |metric: Metric| positive(self.value(result, metric));
        let published = self.results.published.of(result).iter();
        ResultEntry {
            shape,
            concurrency,
            failed: self.failure(result).map(str::to_owned),
            decode_tok_per_s: value(Metric::Decode),
            prefill_tok_per_s: value(Metric::Prefill),
            ttft_ms: value(Metric::Ttft),
            tpot_ms: value(Metric::Tpot),
            end_to_end_ms: value(Metric::EndToEnd),
            output_tok_per_s: value(Metric::Output),
            load_s: value(Metric::Load),
            prompt_tokens: count(self.results.prompt_tokens.get(result)),
            output_tokens: count(self.results.output_tokens.get(result)),
            published: published.map(|&(metric, text)| (metric, self.text(text).to_owned())).collect(),
            repetitions: self.repetitions_of(result).map(|repetition| self.repetition(repetition)).collect(),
            note: self.results.notes.of(result).first().map(|&note| self.text(note).to_owned()),
        }
    }

    fn repetition(&self, repetition: usize) -> Repetition {
        let [decode, prefill, ttft] =
            self.repetitions.metrics.each_ref().map(|column| positive(column.get(repetition)));
        Repetition {
            decode_tok_per_s: decode,
            prefill_tok_per_s: prefill,
            ttft_ms: ttft,
            prompt_tokens: count(self.repetitions.prompt_tokens.get(repetition)),
            output_tokens: count(self.repetitions.output_tokens.get(repetition)),
        }
    }
}

/// Adds a shape to the range that it belongs to.
fn add_range(ranges: &mut Vec<RangeEntry>, range: (Metric, f64, f64), shape: String, concurrency: u16) {
    let (metric, low, high) = range;
    let (Some(min), Some(max)) = (positive(Some(low)), positive(Some(high))) else { return };
    let is_same = |known: &&mut RangeEntry| {
        (known.metric, known.concurrency, known.min, known.max) == (metric, concurrency, min, max)
    };
    match ranges.iter_mut().find(is_same) {
        Some(known) => known.shapes.push(shape),
        None => ranges.push(RangeEntry { metric, shapes: vec![shape], concurrency, min, max }),
    }
}

fn positive(value: Option<f64>) -> Option<Positive> {
    Positive::try_from(value?).ok()
}

/// A token count, which the columns keep as a number like all others.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "columns of counts are filled from whole numbers of this type, and the cast saturates"
)]
fn count(value: Option<f64>) -> Option<u32> {
    value.map(|value| value.round() as u32)
}
