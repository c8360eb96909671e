//! Many requests that a client made and summed up: what is kept of them, as one result.

use super::value::whole;
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::import::names;
use crate::import::shape::Work;
use crate::model::run::{ResultEntry, Settings, Statistic, Timing};
use crate::model::{Figure, PartialDate, Point, Positive, Quantity, plain};
use crate::stats;

/// A quantity over requests. What is 0 is missing: nothing took no time, and tools write 0 for none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stat {
    pub(super) mean: Option<f64>,
    /// Other points of the distribution.
    pub(super) points: Vec<(Point, f64)>,
}

impl Stat {
    /// A distribution of `n` requests; without any, zeros stand for nothing at all.
    ///
    /// The deviation is that of the population, as these tools write it. It is taken times
    /// √(n ⁄ (n − 1)), which makes it that of a sample, and left away where `n` is not known.
    pub(super) fn of_tool(
        mean: Option<f64>,
        deviation: Option<f64>,
        n: Option<f64>,
        points: Vec<(Point, f64)>,
    ) -> Self {
        if n.is_some_and(|n| n < 1.0) {
            return Self::default();
        }
        let sample = |deviation: f64| n.filter(|&n| n > 1.0).map(|n| deviation * (n / (n - 1.0)).sqrt());
        let deviation = deviation.and_then(sample).map(|deviation| (Point::Sd, deviation));
        Self { mean, points: points.into_iter().chain(deviation).collect() }
    }

    /// The distribution of values; percentiles lie between neighbours in proportion, as in NumPy.
    pub(super) fn of_values(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (sorted.len().checked_sub(1)?) as f64;
            let low = sorted.get(place.floor() as usize)?;
            let high = sorted.get(place.ceil() as usize)?;
            Some(low + (high - low) * place.fract())
        };
        let named = [
            (Point::Min, 0.0),
            (Point::P1, 0.01),
            (Point::P5, 0.05),
            (Point::P10, 0.1),
            (Point::P25, 0.25),
            (Point::P50, 0.5),
            (Point::P75, 0.75),
            (Point::P90, 0.9),
            (Point::P95, 0.95),
            (Point::P99, 0.99),
            (Point::Max, 1.0),
        ];
        let points = named.into_iter().filter_map(|(point, share)| Some((point, at(share)?)));
        let deviation = stats::sample_deviation(values).map(|deviation| (Point::Sd, deviation));
        Self { mean: stats::mean(values), points: points.chain(deviation).collect() }
    }

    /// In another unit.
    pub(super) fn times(mut self, factor: f64) -> Self {
        self.mean = self.mean.map(|mean| mean * factor);
        self.points.iter_mut().for_each(|(_, value)| *value *= factor);
        self
    }
}

/// Six decimals, which is beyond what any clock of these tools resolves.
pub(super) fn positive(value: f64) -> Option<Positive> {
    Positive::try_from((value * 1e6).round() / 1e6).ok()
}

/// Keeps a figure that is above 0.
pub(super) fn figure(result: &mut ResultEntry, figure: Figure, value: Option<f64>) {
    if let Some(value) = value.and_then(positive) {
        result.figures.insert(figure, value);
    }
}

/// Keeps a quantity: its mean as the metric where there is one of the same definition, all else as figures.
pub(super) fn quantity(result: &mut ResultEntry, of: Quantity, stat: &Stat) {
    match of.metric() {
        Some(metric) => *result.stated_mut(metric) = stat.mean.and_then(positive),
        None => figure(result, Figure::Of(of, Point::Mean), stat.mean),
    }
    for (point, value) in &stat.points {
        figure(result, Figure::Of(of, *point), Some(*value));
    }
}

/// What a client says of one measurement.
#[derive(Clone, Debug, Default)]
pub(super) struct Campaign {
    pub(super) line: u32,
    pub(super) tool: &'static str,
    /// Where in the file, where there are several.
    pub(super) place: Option<String>,
    pub(super) model: Option<String>,
    pub(super) date: Option<PartialDate>,
    pub(super) concurrency: Option<u16>,
    /// Tokens of a prompt and of an answer, on average.
    pub(super) prompt: Option<f64>,
    pub(super) output: Option<f64>,
    pub(super) quantities: Vec<(Quantity, Stat)>,
    pub(super) figures: Vec<(Figure, Option<f64>)>,
    /// Requests that finished, where the file says so, and those that did not.
    pub(super) finished: Option<f64>,
    pub(super) failed: f64,
    /// What went wrong, already [`harmless`](super::value::harmless).
    pub(super) error: Option<String>,
    pub(super) machine: Option<String>,
    pub(super) settings: Settings,
    pub(super) notes: Vec<String>,
    /// What a reader must know of these figures.
    pub(super) remarks: Vec<String>,
}

impl Campaign {
    /// The result; `None` where nothing was measured and nothing failed, which is said.
    pub(super) fn cell(self, say: &mut Say<'_>) -> Option<Cell> {
        let tokens = |mean: Option<f64>| mean.and_then(whole);
        let (prompt, output) = (tokens(self.prompt), tokens(self.output));
        let work = Work { prompt: prompt.unwrap_or(0), output: output.unwrap_or(0), depth: 0, served: true };
        let mut cell = Cell::new(self.line, self.tool, Timing::Served, work);
        let printed = self.model.as_deref().map(names::of_file).unwrap_or_default();
        (cell.name, cell.quant) = (Some(printed.name).filter(|name| !name.is_empty()), printed.quant);
        (cell.place, cell.date, cell.concurrency) = (self.place, self.date, self.concurrency);
        cell.settings = self.settings;
        if let Some(machine) = self.machine {
            cell.notes.push(format!("The file names the machine: {machine}."));
            cell.machine = Some(machine);
        }
        cell.notes.extend(self.notes);
        cell.statistic = Statistic::Mean;
        let all = self.finished.map(|finished| finished + self.failed);
        if self.finished.is_some_and(|finished| finished < 1.0) && self.failed > 0.0 {
            let reason = self.error.map(|error| format!(": {error}")).unwrap_or_default();
            cell.result.failed = Some(format!("all {} requests failed{reason}", plain(self.failed)));
            return Some(cell);
        }
        let result = &mut cell.result;
        (result.prompt_tokens, result.output_tokens) = (prompt, output);
        for (of, stat) in &self.quantities {
            quantity(result, *of, stat);
        }
        // The definitions agree: the time of a token after the first, and tokens after the first by time.
        if result.decode_tok_per_s.is_none() {
            let tpot = self.quantities.iter().find(|(of, _)| *of == Quantity::Tpot);
            let mean = tpot.and_then(|(_, stat)| stat.mean).filter(|&ms| ms > 0.0);
            result.decode_tok_per_s = mean.and_then(|ms| positive(1e3 / ms));
        }
        for (of, value) in self.figures {
            figure(result, of, value);
        }
        figure(result, Figure::Requests, self.finished);
        figure(result, Figure::FailedRequests, Some(self.failed));
        result.note = (!self.remarks.is_empty()).then(|| self.remarks.join(" "));
        if self.failed > 0.0 {
            let all = all.map_or_else(String::new, |all| format!(" of {}", plain(all)));
            let reason = self.error.map(|error| format!(": {error}")).unwrap_or_default();
            let found = format!("{}{all} requests failed{reason}", plain(self.failed));
            say.at(self.line, "requests", found, "requests that finish; the figures are those of the others");
        }
        let measured = crate::model::Metric::ALL.iter().any(|metric| result.stated(*metric).is_some());
        if !measured {
            say.at(self.line, "", "no metric above 0", "at least one request that finished; it is left out");
        }
        measured.then_some(cell)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn point(stat: &Stat, of: Point) -> f64 {
        stat.points.iter().find(|(point, _)| *point == of).unwrap().1
    }

    #[test]
    fn a_deviation_of_a_population_becomes_that_of_a_sample() {
        let values = [1.0, 2.0, 4.0];
        let own = Stat::of_values(&values);
        let population = (values.iter().map(|x| (x - 7.0 / 3.0_f64).powi(2)).sum::<f64>() / 3.0).sqrt();
        let of_tool = Stat::of_tool(own.mean, Some(population), Some(3.0), Vec::new());
        assert!((point(&of_tool, Point::Sd) - point(&own, Point::Sd)).abs() < 1e-12);
        assert_eq!(Stat::of_tool(Some(2.0), Some(1.0), None, Vec::new()).points, []);
        assert_eq!(Stat::of_tool(Some(0.0), Some(0.0), Some(0.0), vec![(Point::P50, 0.0)]), Stat::default());
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let stat = Stat::of_values(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!((point(&stat, Point::P50), point(&stat, Point::Max)), (2.5, 4.0));
        assert!((point(&stat, Point::P90) - 3.7).abs() < 1e-12);
        assert_eq!(Stat::of_values(&[]), Stat::default());
    }

    #[test]
    fn requests_that_all_failed_are_one_failed_result() {
        let mut say = Say::new("f");
        let campaign = Campaign {
            finished: Some(0.0),
            failed: 8.0,
            error: Some("500".to_owned()),
            quantities: vec![(Quantity::Ttft, Stat::of_tool(Some(0.0), None, Some(0.0), Vec::new()))],
            ..Campaign::default()
        };
        let cell = campaign.clone().cell(&mut say).unwrap();
        assert_eq!(cell.result.failed.as_deref(), Some("all 8 requests failed: 500"));
        assert!(Campaign { failed: 0.0, ..campaign }.cell(&mut say).is_none());
        assert_eq!(say.findings.len(), 1);
    }
}
