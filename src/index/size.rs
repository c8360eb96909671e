//! How much memory an index takes.

use super::{Column, Index, Sparse};

/// What a column takes beyond its own three words.
pub(super) trait Bytes {
    fn bytes(&self) -> usize;
}

impl<T> Bytes for Vec<T> {
    fn bytes(&self) -> usize {
        size_of::<T>() * self.capacity()
    }
}

impl<T> Bytes for Sparse<T> {
    fn bytes(&self) -> usize {
        self.entry.bytes() + self.value.bytes()
    }
}

impl Bytes for Column {
    fn bytes(&self) -> usize {
        self.memory()
    }
}

impl Index {
    /// Bytes of all that grows with the results: columns of configurations, runs, results and repetitions, and the
    /// texts that they point at. What the catalog holds is not counted, for it is as large with one result as with
    /// a million.
    pub fn bytes(&self) -> usize {
        let c = &self.configurations;
        let configurations = [&c.family, &c.variant, &c.quant, &c.hardware, &c.backend, &c.mode, &c.driver];
        let of_configurations: usize = configurations.into_iter().map(Bytes::bytes).sum();
        let r = &self.runs;
        let ids: usize = r.id.iter().map(String::capacity).sum();
        let dates: usize = r.date.iter().map(|date| date.as_str().len()).sum();
        let of_runs = [&r.configuration, &r.repetitions, &r.settings, &r.sources].map(Bytes::bytes);
        let of_runs = of_runs.iter().sum::<usize>() + r.statistic.bytes() + r.file_size_gib.bytes();
        let of_runs = of_runs + r.id.bytes() + ids + r.date.bytes() + dates + r.notes.bytes();
        let results = &self.results;
        let metrics: usize = results.metrics.iter().map(Bytes::bytes).sum();
        let tokens = results.prompt_tokens.bytes() + results.output_tokens.bytes();
        let rare = results.failed.bytes() + results.ranges.bytes() + results.published.bytes();
        let rare = rare + results.notes.bytes() + results.figures.bytes();
        let of_results = results.run.bytes() + results.shape.bytes() + results.concurrency.bytes();
        let repeated = &self.repetitions;
        let of_repetitions: usize = repeated.metrics.iter().map(Bytes::bytes).sum();
        let of_repetitions = of_repetitions + repeated.prompt_tokens.bytes() + repeated.output_tokens.bytes();
        let texts: usize = self.texts.iter().map(String::capacity).sum();
        of_configurations
            + c.power_cap_w.bytes()
            + c.timing.bytes()
            + self.starts.bytes()
            + self.rare.bytes()
            + of_runs
            + r.file_size_approximate.bytes()
            + of_results
            + metrics
            + tokens
            + rare
            + repeated.result.bytes()
            + of_repetitions
            + self.texts.bytes()
            + texts
    }
}
