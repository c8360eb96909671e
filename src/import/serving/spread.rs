//! A quantity over the requests of a measurement, and where it goes.

use std::collections::BTreeMap;

use super::put;
use super::record::Record;
use crate::import::cell::Cell;
use crate::model::run::Statistic;
use crate::model::{Figure, Point, Positive, Quantity};

/// Points of the distribution of one quantity, in its unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spread(BTreeMap<Point, f64>);

impl Spread {
    /// Points that are above zero; zeros stand for what was not measured.
    pub(super) fn of(points: impl IntoIterator<Item = (Point, Option<f64>)>) -> Self {
        let positive =
            |(point, value): (Point, Option<f64>)| Some((point, value.filter(|value| *value > 0.0)?));
        Self(points.into_iter().filter_map(positive).collect())
    }

    /// The points of an object with fields such as `mean`, `median`, `p99`, `p99.9` or `p99p9`; other fields are
    /// passed over, among them deviations, whose kind differs from tool to tool.
    pub(super) fn of_fields(record: Record<'_>) -> Self {
        Self::of(record.names().filter_map(|name| Some((point(name)?, record.number(name)))))
    }

    /// The points of values, of which those that are not above zero are missing; the deviation is that of a sample.
    pub(super) fn of_values(values: &[f64]) -> Self {
        let values: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
        let deviation = crate::stats::sample_deviation(&values);
        Self::of([(Point::Mean, crate::stats::mean(&values)), (Point::Sd, deviation)])
    }

    pub(super) fn get(&self, point: Point) -> Option<f64> {
        self.0.get(&point).copied()
    }

    pub(super) fn set(&mut self, point: Point, value: Option<f64>) {
        if let Some(value) = value.filter(|value| *value > 0.0) {
            self.0.insert(point, value);
        }
    }

    /// Every point times a factor, such as 1000 for seconds.
    pub(super) fn times(mut self, factor: f64) -> Self {
        self.0.values_mut().for_each(|value| *value *= factor);
        self
    }

    /// Takes a deviation over all of n values for that of a sample: times √(n / (n − 1)).
    ///
    /// Nothing where n is not known or 1.
    pub(super) fn set_population_sd(&mut self, deviation: Option<f64>, count: Option<u64>) {
        #[expect(clippy::cast_precision_loss, reason = "more requests than 2^53 are no benchmark")]
        let count = count.filter(|&count| count > 1).map(|count| count as f64);
        self.set(Point::Sd, deviation.zip(count).map(|(sd, n)| sd * (n / (n - 1.0)).sqrt()));
    }

    /// True where medians are all there is in place of means.
    pub(super) fn is_median_only(&self) -> bool {
        self.0.contains_key(&Point::P50) && !self.0.contains_key(&Point::Mean)
    }
}

/// The point that a field is named after.
fn point(name: &str) -> Option<Point> {
    match name {
        "mean" | "avg" | "average" => Some(Point::Mean),
        "median" => Some(Point::P50),
        "min" | "minimum" => Some(Point::Min),
        "max" | "maximum" => Some(Point::Max),
        _ => Point::percentile(name.strip_prefix('p')?.replace('p', ".").parse().ok()?),
    }
}

/// Adds a quantity to a result: what the run's statistic says as a metric, the rest as figures.
///
/// The time per output token is its own metric and, turned over, the decode rate.
pub(super) fn place(cell: &mut Cell, quantity: Quantity, spread: &Spread) {
    let main = if cell.statistic == Statistic::Median { Point::P50 } else { Point::Mean };
    for (&point, &value) in &spread.0 {
        let Ok(value) = Positive::try_from(rounded(value)) else { continue };
        match quantity.metric().filter(|_| point == main) {
            Some(metric) => *cell.result.stated_mut(metric) = Some(value),
            None => put(cell, Figure::Of(quantity, point), Some(value.get())),
        }
    }
    if quantity == Quantity::Tpot {
        let rate = spread.get(main).and_then(|ms| Positive::try_from(rounded(1000.0 / ms)).ok());
        cell.result.decode_tok_per_s = cell.result.decode_tok_per_s.or(rate);
    }
}

/// Ten significant digits: what a change of units adds to a figure is noise.
fn rounded(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_go_by_the_names_that_tools_give_them() {
        for (name, expected) in [
            ("mean", Some(Point::Mean)),
            ("median", Some(Point::P50)),
            ("p99.9", Some(Point::P999)),
            ("p99p9", Some(Point::P999)),
            ("maximum", Some(Point::Max)),
            ("stddev", None),
            ("p42", None),
            ("units", None),
        ] {
            assert_eq!(point(name), expected, "{name}");
        }
    }

    #[test]
    fn a_deviation_of_all_becomes_one_of_a_sample() {
        let mut spread = Spread::default();
        spread.set_population_sd(Some(2.0), Some(4));
        assert!((spread.get(Point::Sd).unwrap_or_default() - 2.0 * (4.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        spread = Spread::default();
        spread.set_population_sd(Some(2.0), Some(1));
        spread.set_population_sd(Some(2.0), None);
        assert_eq!(spread, Spread::default());
    }

    #[test]
    fn zeros_are_missing() {
        assert_eq!(Spread::of([(Point::Mean, Some(0.0)), (Point::P99, None)]), Spread::default());
        assert_eq!(Spread::of_values(&[0.0, 2.0, f64::NAN, 4.0]).get(Point::Mean), Some(3.0));
    }
}
