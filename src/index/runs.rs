//! From columns back to runs: the inverse of [`Index::build`].

use std::collections::BTreeMap;

use super::Index;
use crate::model::run::{
    RUN_SCHEMA, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use crate::model::{Figure, Metric, Positive};
use crate::stats;

impl Index {
    /// Every run, in the order of the index, such that an index built of them is equal to this one.
    ///
    /// What the index does not keep does not come back: the order of results inside a run file, and a
    /// value that was stated beside repetitions which give the same.
    pub fn to_runs(&self) -> Vec<Run> {
        self.filled((0..self.runs.id.len()).map(|run| self.bare_run(run)).collect(), &|_| true)
    }

    /// The runs of some results, with these results alone; otherwise as [`Index::to_runs`].
    pub fn runs_of(&self, results: &[usize]) -> Vec<Run> {
        let mut wanted = vec![false; self.result_count()];
        let mut runs: Vec<Option<Run>> = self.runs.id.iter().map(|_| None).collect();
        for &result in results {
            let run = self.run_of(result);
            if let (Some(wanted), Some(place)) = (wanted.get_mut(result), runs.get_mut(run)) {
                *wanted = true;
                if place.is_none() {
                    *place = self.bare_run(run);
                }
            }
        }
        self.filled(runs, &|result| wanted.get(result) == Some(&true))
    }

    /// The runs that are there, by position, with their results.
    fn filled(&self, mut runs: Vec<Option<Run>>, is_wanted: &dyn Fn(usize) -> bool) -> Vec<Run> {
        for result in (0..self.result_count()).filter(|&result| is_wanted(result)) {
            let Some(Some(run)) = runs.get_mut(self.run_of(result)) else { continue };
            if self.is_range_only(result) {
                self.add_range(&mut run.ranges, result);
            } else {
                let entry = self.entry(result, run.statistic);
                run.results.extend(entry);
            }
        }
        runs.into_iter().flatten().collect()
    }

    /// A run without its results. Positions were checked when the index was read or built.
    fn bare_run(&self, run: usize) -> Option<Run> {
        let configuration = self.configuration_of(run);
        let (family, variant) = self.model(configuration)?;
        let place = |column: &[u32]| column.get(run).map(|&position| position as usize);
        let texts = |positions: &[u32]| positions.iter().map(|&at| self.text(at).to_owned()).collect();
        let repetitions = self.runs.repetitions.get(run).copied();
        let positive = |value: Option<f64>| value.and_then(|value| Positive::try_from(value).ok());
        let settings = place(&self.runs.settings).and_then(|at| self.settings.get(at));
        let sources = place(&self.runs.sources).and_then(|at| self.sources.get(at));
        Some(Run {
            schema: RUN_SCHEMA,
            id: self.runs.id.get(run)?.clone(),
            date: self.runs.date.get(run)?.clone(),
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
            statistic: self.runs.statistic.get(run).copied().unwrap_or(Statistic::Unknown),
            repetitions: repetitions.filter(|&count| count > 0),
            settings: settings.map_or_else(Settings::default, Settings::clone),
            sources: sources.map_or_else(Vec::<SourceRef>::new, Vec::clone),
            notes: texts(self.runs.notes.of(run)),
            results: Vec::new(),
            ranges: Vec::new(),
        })
    }

    fn shape_id(&self, result: usize) -> Option<String> {
        let shape = *self.results.shape.get(result)?;
        self.catalog.shapes.get(usize::from(shape)).map(|shape| shape.id.clone())
    }

    /// Adds the shape of a result to the range that it was published in.
    fn add_range(&self, ranges: &mut Vec<RangeEntry>, result: usize) {
        let concurrency = self.results.concurrency.get(result).copied().unwrap_or(1);
        let Some(shape) = self.shape_id(result) else { return };
        for &(metric, low, high) in self.results.ranges.of(result) {
            let (Ok(min), Ok(max)) = (Positive::try_from(low), Positive::try_from(high)) else { continue };
            let bounds = (metric, concurrency, min, max);
            let of = |range: &&mut RangeEntry| {
                (range.metric, range.concurrency, range.min, range.max) == bounds
                    && !range.shapes.contains(&shape)
            };
            match ranges.iter_mut().find(of) {
                Some(range) => range.shapes.push(shape.clone()),
                None => {
                    ranges.push(RangeEntry { metric, shapes: vec![shape.clone()], concurrency, min, max });
                }
            }
        }
    }

    fn entry(&self, result: usize, statistic: Statistic) -> Option<ResultEntry> {
        let results = &self.results;
        let stated = |metric: Metric| {
            let value = self.value(result, metric)?;
            let repeated = self.repeated(result, metric);
            let summary = match statistic {
                Statistic::Median => stats::median(&repeated),
                Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(&repeated),
            };
            let follows = summary.is_some_and(|summary| stats::rounded(summary).total_cmp(&value).is_eq());
            Positive::try_from(value).ok().filter(|_| !follows)
        };
        let published = results.published.of(result).iter();
        Some(ResultEntry {
            shape: self.shape_id(result)?,
            concurrency: *results.concurrency.get(result)?,
            failed: self.failure(result).map(str::to_owned),
            decode_tok_per_s: stated(Metric::Decode),
            prefill_tok_per_s: stated(Metric::Prefill),
            ttft_ms: stated(Metric::Ttft),
            tpot_ms: stated(Metric::Tpot),
            end_to_end_ms: stated(Metric::EndToEnd),
            output_tok_per_s: stated(Metric::Output),
            load_s: stated(Metric::Load),
            prompt_tokens: results.prompt_tokens.get(result).and_then(tokens),
            output_tokens: results.output_tokens.get(result).and_then(tokens),
            published: published.map(|&(metric, text)| (metric, self.text(text).to_owned())).collect(),
            figures: self.figures_of(result),
            repetitions: self.repetitions_of(result).map(|at| self.repetition(at)).collect(),
            note: results.notes.of(result).first().map(|&text| self.text(text).to_owned()),
        })
    }

    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    fn figures_of(&self, result: usize) -> BTreeMap<Figure, Positive> {
        let figures = self.results.figures.of(result).iter();
        figures.filter_map(|&(figure, value)| Some((figure, Positive::try_from(value).ok()?))).collect()
    }

    #[cfg(not(any(feature = "whole", feature = "cli", not(feature = "view"))))]
    fn figures_of(&self, _result: usize) -> BTreeMap<Figure, Positive> {
        BTreeMap::new()
    }

    fn repetition(&self, at: usize) -> Repetition {
        let [decode, prefill, ttft] = self
            .repetitions
            .metrics
            .each_ref()
            .map(|column| column.get(at).and_then(|v| Positive::try_from(v).ok()));
        Repetition {
            decode_tok_per_s: decode,
            prefill_tok_per_s: prefill,
            ttft_ms: ttft,
            prompt_tokens: self.repetitions.prompt_tokens.get(at).and_then(tokens),
            output_tokens: self.repetitions.output_tokens.get(at).and_then(tokens),
        }
    }
}

/// A count of tokens; `None` for what is none.
fn tokens(count: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and inside the range, as just looked at"
    )]
    (count.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&count)).then_some(count as u32)
}
