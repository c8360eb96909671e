//! Figures in a wrong unit, figures that no clock measures, and figures that were not measured.

use super::cell::{Cell, cells, figure, groups, prompt_tokens, shape, subject};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::{Metric, plain};

/// Two figures that should agree differ by a factor of a thousand from this factor on: medians,
/// queues and prompts of a few tokens stay within a hundred.
const SLIP: f64 = 300.0;

/// A model that took longer than this to load has its time in milliseconds, in seconds.
const LONGEST_LOAD_S: f64 = 3600.0;

/// Rates from here on are a clock that did not move: 1e6 tok/s is one token in its microsecond.
const TIMER_RATE: f64 = 999_999.0;

/// Below this no request was answered, in milliseconds.
const TIMER_MS: f64 = 0.1;

/// Derived values are told from measured ones where rounding leaves at most this share.
const ROUNDING: f64 = 0.01;

/// Results, or repetitions, that have to agree before a time counts as derived.
const AGREEING: usize = 3;

/// Values whose ratio to what the others give is near a thousand, or a thousandth.
pub(super) fn unit_slips(index: &Index) -> Vec<Finding> {
    let mut found: Vec<Finding> = cells(index).filter_map(|cell| slipped(index, &cell)).collect();
    found.extend(beside_others(index));
    found
}

fn is_slip(ratio: f64) -> bool {
    !(1.0 / SLIP..=SLIP).contains(&ratio)
}

/// A figure against the others of its own result.
fn slipped(index: &Index, cell: &Cell) -> Option<Finding> {
    let of = |metric: Metric| index.value(cell.result, metric);
    let from_decode = of(Metric::Decode).map(|decode| 1000.0 / decode);
    let without_whole = || {
        let rest = super::cell::output_tokens(index, cell.result)? * from_decode?;
        Some(of(Metric::Ttft).unwrap_or(0.0) + rest)
    };
    let read = || Some(prompt_tokens(index, cell.result)? / of(Metric::Prefill)? * 1000.0);
    let single = |value: Option<f64>| value.filter(|_| cell.concurrency == 1);
    let long_load = of(Metric::Load).filter(|&load| load > LONGEST_LOAD_S).map(|load| load / 1000.0);
    let expected = [
        (Metric::Tpot, from_decode, "by its other figures"),
        (Metric::EndToEnd, without_whole(), "by its other figures"),
        (Metric::Ttft, single(read()), "by its other figures"),
        (Metric::Load, long_load, "if it stands in milliseconds"),
    ];
    expected.into_iter().find_map(|(metric, expected, because)| {
        let (value, expected) = (of(metric)?, expected?);
        let finding = Finding::about_results(index, Rule::UnitSlip, Severity::Impossible, &[cell.result]);
        is_slip(value / expected).then(|| {
            finding.saying(
                format!("{}: {} of {} {}", shape(index, cell), metric.name(), plain(value), metric.unit()),
                format!("about {} {} {because}", figure(expected), metric.unit()),
            )
        })
    })
}

/// Decode rates of one model on one rig that differ by a thousand.
fn beside_others(index: &Index) -> Vec<Finding> {
    let key = |cell: &Cell| (cell.concurrency == 1).then(|| subject(index, cell.configuration));
    let mut found = Vec::new();
    for same in groups(index, key).values() {
        let rates =
            same.iter().filter_map(|cell| Some((index.value(cell.result, Metric::Decode)?, cell.result)));
        let mut rates: Vec<(f64, usize)> = rates.collect();
        rates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (Some(&(low, first)), Some(&(high, last))) = (rates.first(), rates.last()) else { continue };
        if high > SLIP * low {
            found.push(
                Finding::about_results(index, Rule::UnitSlip, Severity::Impossible, &[first, last]).saying(
                    format!("decode of {} and {} tok/s for one model on one rig", figure(low), figure(high)),
                    "rates in one unit",
                ),
            );
        }
    }
    found
}

/// Rates and times that no clock can have measured.
pub(super) fn impossible_timers(index: &Index) -> Vec<Finding> {
    cells(index).filter_map(|cell| untimed(index, &cell)).collect()
}

fn untimed(index: &Index, cell: &Cell) -> Option<Finding> {
    let is_untimed = |metric: Metric, value: f64| match metric {
        Metric::Decode | Metric::Prefill | Metric::Output => value >= TIMER_RATE,
        Metric::Ttft | Metric::EndToEnd => value < TIMER_MS,
        Metric::Tpot => value < TIMER_MS / 100.0,
        Metric::Load => false,
    };
    Metric::ALL.into_iter().find_map(|metric| {
        let values = index.value(cell.result, metric).into_iter().chain(index.repeated(cell.result, metric));
        let value = values.filter(|&value| is_untimed(metric, value)).reduce(f64::max)?;
        let finding =
            Finding::about_results(index, Rule::ImpossibleTimer, Severity::Impossible, &[cell.result]);
        Some(finding.saying(
            format!("{}: {} of {} {}", shape(index, cell), metric.name(), plain(value), metric.unit()),
            "a time that a clock can measure",
        ))
    })
}

/// Times to first token that are the prompt's tokens over the prefill rate, and nothing else: a
/// measured one also has the first decode step and the way there.
pub(super) fn derived_ttft(index: &Index) -> Vec<Finding> {
    let mut found = Vec::new();
    for same in groups(index, |cell| (cell.concurrency == 1).then_some(cell.run)).values() {
        let timed: Vec<Timed> = same.iter().flat_map(|cell| timed(index, cell)).collect();
        // A rate of 520 among others with a decimal is 520.0.
        let unit =
            timed.iter().map(|timed| unit_of_last_digit(timed.prefill)).reduce(f64::min).unwrap_or(1.0);
        let telling: Vec<(usize, bool)> =
            timed.iter().filter_map(|timed| Some((timed.result, timed.agrees(unit)?))).collect();
        if telling.len() >= AGREEING && telling.iter().all(|(_, agrees)| *agrees) {
            let results: Vec<usize> = telling.iter().map(|(result, _)| *result).collect();
            found.push(
                Finding::about_results(index, Rule::DerivedTtft, Severity::Doubtful, &results).saying(
                    format!("{} times TTFT equal to prompt tokens over prefill", telling.len()),
                    "one of the two measured by itself: TTFT also has the first decode step",
                ),
            );
        }
    }
    found
}

/// What one TTFT should follow from.
#[derive(Clone, Copy)]
struct Timed {
    result: usize,
    tokens: f64,
    prefill: f64,
    ttft_ms: f64,
}

impl Timed {
    /// Whether TTFT follows from prefill; `None` where the digits are too few to tell.
    fn agrees(&self, unit_of_prefill: f64) -> Option<bool> {
        let derived = self.tokens / self.prefill * 1000.0;
        let by_prefill = derived * unit_of_prefill / 2.0 / self.prefill;
        let rounding = unit_of_last_digit(self.ttft_ms) / 2.0 + by_prefill;
        (rounding <= ROUNDING * self.ttft_ms).then(|| (self.ttft_ms - derived).abs() <= rounding * 1.001)
    }
}

/// The times of a result: of each repetition, or its own.
fn timed(index: &Index, cell: &Cell) -> Vec<Timed> {
    let result = cell.result;
    let repetitions = index.repetitions_of(result);
    if repetitions.is_empty() {
        let of = |metric: Metric| index.value(result, metric);
        let own = || {
            let (prefill, ttft_ms) = (of(Metric::Prefill)?, of(Metric::Ttft)?);
            Some(Timed { result, tokens: prompt_tokens(index, result)?, prefill, ttft_ms })
        };
        return own().into_iter().collect();
    }
    let [_, prefill, ttft] = &index.repetitions.metrics;
    let stated = index.results.prompt_tokens.get(result);
    let each = repetitions.filter_map(|at| {
        let tokens = index.repetitions.prompt_tokens.get(at).or(stated)?;
        Some(Timed { result, tokens, prefill: prefill.get(at)?, ttft_ms: ttft.get(at)? })
    });
    each.collect()
}

/// The unit of the last digit that is not zero: 0.1 for 12.5, 10 for 2,290.
fn unit_of_last_digit(value: f64) -> f64 {
    let text = plain(value);
    match text.split_once('.') {
        Some((_, decimals)) => decimals.chars().fold(1.0, |unit, _| unit / 10.0),
        None => text.chars().rev().take_while(|&digit| digit == '0').fold(1.0, |unit, _| unit * 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_is_the_last_that_is_not_zero() {
        assert_eq!([12.5, 2290.0, 22.0, 0.25].map(unit_of_last_digit), [0.1, 10.0, 1.0, 0.01]);
    }

    #[test]
    fn digits_that_are_too_few_tell_nothing() {
        let agrees = |tokens, prefill, ttft_ms| Timed { result: 0, tokens, prefill, ttft_ms }.agrees(0.1);
        assert_eq!(agrees(212.0, 92.5, 2290.0), Some(true));
        assert_eq!(agrees(212.0, 92.5, 2340.0), Some(false));
        assert_eq!(agrees(31.0, 1474.1, 21.0), None);
    }
}
