//! Whether columns fit together: what an index must hold to before anything reads it.

use super::{Column, Index, IndexError, Sparse};
use crate::model::{Metric, plain};

/// The first fault found. A check after a fault changes nothing, so that checks are a plain list.
#[derive(Default)]
struct Check {
    fault: Option<IndexError>,
}

impl Check {
    #[inline(never)]
    fn wrong(&mut self, column: &str, found: &str, expected: &str) {
        self.fault.get_or_insert_with(|| IndexError::wrong(column, found, expected));
    }

    #[inline(never)]
    fn length(&mut self, column: &str, found: usize, expected: usize) {
        if found != expected {
            self.wrong(column, &format!("{found} entries"), &expected.to_string());
        }
    }

    /// A column without any value may be left out.
    #[inline(never)]
    fn gaps(&mut self, name: &str, column: &Column, expected: usize) {
        if !column.is_absent() {
            self.length(name, column.len(), expected);
        }
    }

    /// Positions in a list of so many entries.
    #[inline(never)]
    fn points_below(&mut self, column: &str, values: &[u32], limit: usize) {
        if let Some(value) = values.iter().find(|&&value| value as usize >= limit) {
            self.wrong(column, &value.to_string(), &format!("a position below {limit}"));
        }
    }

    /// A column of positions, one for each of so many entries.
    #[inline(never)]
    fn positions(&mut self, column: &str, values: &[u32], length: usize, limit: usize) {
        self.length(column, values.len(), length);
        self.points_below(column, values, limit);
    }

    /// Entries that some have: ascending, each with a value.
    #[inline(never)]
    fn sparse(&mut self, column: &str, entries: &[u32], values: usize, limit: usize) {
        self.length(column, values, entries.len());
        self.points_below(column, entries, limit);
        if !entries.is_sorted() {
            self.wrong(column, "entries out of order", "ascending entries");
        }
    }

    /// Entries that some have, with the position of a text.
    #[inline(never)]
    fn texts(&mut self, column: &str, texts: &Sparse<u32>, limit: usize, count: usize) {
        self.sparse(column, &texts.entry, texts.value.len(), limit);
        self.points_below(column, &texts.value, count);
    }
}

impl Index {
    /// Checks that columns have equal lengths, point somewhere, and lie in order.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        let mut check = Check::default();
        self.check_configurations(&mut check);
        self.check_runs(&mut check);
        self.check_results(&mut check);
        self.check_totals(&mut check);
        match check.fault {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn check_configurations(&self, check: &mut Check) {
        let c = &self.configurations;
        let count = c.family.len();
        check.positions("configurations.family", &c.family, count, self.catalog.families.len());
        check.positions("configurations.quant", &c.quant, count, self.catalog.quants.len());
        check.positions("configurations.hardware", &c.hardware, count, self.catalog.hardware.len());
        check.positions("configurations.backend", &c.backend, count, self.backends.len());
        check.positions("configurations.mode", &c.mode, count, self.modes.len());
        check.positions("configurations.driver", &c.driver, count, self.drivers.len() + 1);
        check.length("configurations.variant", c.variant.len(), count);
        check.length("configurations.raw", c.timing.len(), count);
        check.gaps("configurations.power_cap_w", &c.power_cap_w, count);
        if (0..count).any(|configuration| self.model(configuration).is_none()) {
            check.wrong(
                "configurations.variant",
                "a variant that its family lacks",
                "a position in the family",
            );
        }
    }

    fn check_runs(&self, check: &mut Check) {
        let r = &self.runs;
        let count = r.id.len();
        check.positions("runs.configuration", &r.configuration, count, self.configuration_count());
        check.positions("runs.settings", &r.settings, count, self.settings.len());
        check.positions("runs.sources", &r.sources, count, self.sources.len());
        check.length("runs.date", r.date.len(), count);
        check.length("runs.statistic", r.statistic.len(), count);
        check.length("runs.repetitions", r.repetitions.len(), count);
        check.gaps("runs.file_size_gib", &r.file_size_gib, count);
        check.texts("runs.notes", &r.notes, count, self.texts.len());
        let approximate = &r.file_size_approximate;
        check.sparse("runs.file_size_approximate", &approximate.entry, approximate.value.len(), count);
    }

    fn check_results(&self, check: &mut Check) {
        let results = &self.results;
        let count = results.run.len();
        check.positions("results.run", &results.run, count, self.runs.id.len());
        check.length("results.shape", results.shape.len(), count);
        check.length("results.concurrency", results.concurrency.len(), count);
        let shapes = self.catalog.shapes.len();
        if let Some(shape) = results.shape.iter().find(|&&shape| usize::from(shape) >= shapes) {
            check.wrong("results.shape", &shape.to_string(), "the position of a shape");
        }
        for column in &results.metrics {
            check.gaps("results.metrics", column, count);
        }
        check.gaps("results.prompt_tokens", &results.prompt_tokens, count);
        check.gaps("results.output_tokens", &results.output_tokens, count);
        check.texts("failed", &results.failed, count, self.texts.len());
        check.sparse("ranges", &results.ranges.entry, results.ranges.value.len(), count);
        check.sparse("published", &results.published.entry, results.published.value.len(), count);
        check.texts("notes", &results.notes, count, self.texts.len());
        #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
        check.sparse("figures", &results.figures.entry, results.figures.value.len(), count);
        let printed: Vec<u32> = results.published.value.iter().map(|&(_, text)| text).collect();
        check.points_below("published", &printed, self.texts.len());
        let repetitions = &self.repetitions;
        check.sparse("repetitions.result", &repetitions.result, repetitions.result.len(), count);
        for column in
            repetitions.metrics.iter().chain([&repetitions.prompt_tokens, &repetitions.output_tokens])
        {
            check.gaps("repetitions", column, repetitions.result.len());
        }
        let out_of_bounds =
            |&&(_, low, high): &&(Metric, f64, f64)| !(low > 0.0 && low <= high && high <= 1e9);
        if let Some((_, low, high)) = results.ranges.value.iter().find(out_of_bounds) {
            check.wrong("ranges", &format!("{} to {}", plain(*low), plain(*high)), "0 < low ≤ high ≤ 1e9");
        }
        let configuration = |&run: &u32| self.configuration_of(run as usize);
        let cells = results.run.iter().zip(&results.concurrency).zip(&results.shape);
        if !cells.is_sorted_by_key(|((run, concurrency), shape)| (configuration(run), *concurrency, *shape)) {
            let expected = "results sorted by configuration, concurrency and shape";
            check.wrong("results.run", "results out of order", expected);
        }
    }

    fn check_totals(&self, check: &mut Check) {
        let Some(totals) = &self.totals else { return };
        let [hardware, _, quant, mode] = &totals.facets;
        for (name, counts, expected) in [
            ("totals.hardware", hardware, self.catalog.hardware.len()),
            ("totals.quant", quant, self.catalog.quants.len()),
            ("totals.mode", mode, self.modes.len()),
            ("totals.shape", &totals.shapes, self.catalog.shapes.len()),
            ("totals.family", &totals.families, self.catalog.families.len()),
            ("totals.unmeasured.with", &totals.unmeasured_with, Metric::ALL.len()),
        ] {
            // A column without any number is left out.
            if !counts.is_empty() {
                check.length(name, counts.len(), expected);
            }
        }
        let concurrencies = totals.concurrencies.len();
        check.length("totals.concurrency.results", totals.concurrency_counts.len(), concurrencies);
    }
}
