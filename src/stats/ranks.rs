//! Ranks with their uncertainty: "tied 1–3" in place of an invented winner.

use super::ratio::Difference;
use super::sample::Sample;
use super::student::StudentT;
use super::{ALPHA, count};

/// The places that an item may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// One more than the number of items that are really better.
    pub best: usize,
    /// The number of items less those that are really worse.
    pub worst: usize,
}

/// The band of each sample of a list, in the order of the list.
///
/// Each pair is compared as [`Ratio::between`](super::Ratio::between) does, and only verdicts of "real" move
/// an item away from a place (the construction of Mogstad, Romano, Shaikh and Wilhelm, "Inference for ranks",
/// Review of Economic Studies 91, 2024, from pairwise intervals). A sample about which nothing can be
/// claimed has no band and does not count among the places of the others.
///
/// Each pair is judged at 5 % by itself, so that in a long list of equal items some pairs differ by chance:
/// a band is what the pairs say, not a region that holds all true ranks at 95 %.
///
/// The list is sorted once. From each item the search for ties goes outwards and stops where even the widest
/// interval further on would leave out 1. Time is n log n plus the number of pairs within reach of each
/// other: n² where all are tied, at some nanoseconds a pair.
pub fn rank_bands(samples: &[Sample], lower_is_better: bool) -> Vec<Option<Band>> {
    let sign = if lower_is_better { 1.0 } else { -1.0 };
    let of = |(position, sample)| Item::of(position, sample, sign);
    let mut items: Vec<Item> = samples.iter().enumerate().filter_map(of).collect();
    items.sort_by(|a, b| a.place.total_cmp(&b.place));
    let squares =
        Squares::up_to(items.iter().map(|item| item.freedom.saturating_mul(2)).max().unwrap_or_default());
    let before = widest(items.iter());
    let mut behind = widest(items.iter().rev());
    behind.reverse();

    let mut bands = vec![None; samples.len()];
    for (at, item) in items.iter().enumerate() {
        let better = items.iter().zip(&before).take(at).rev();
        let worse = items.iter().zip(&behind).skip(at + 1);
        let best = at + 1 - ties(item, better, &squares);
        let worst = at + 1 + ties(item, worse, &squares);
        if let Some(band) = bands.get_mut(item.position) {
            *band = Some(Band { best, worst });
        }
    }
    bands
}

/// A sample that can be compared.
struct Item<'a> {
    position: usize,
    sample: &'a Sample,
    /// What the list is sorted by, smallest first: the logarithm, with its sign where more is better.
    place: f64,
    /// The variance of the place.
    variance: f64,
    /// The repetitions less one.
    freedom: usize,
}

impl<'a> Item<'a> {
    fn of(position: usize, sample: &'a Sample, sign: f64) -> Option<Self> {
        let variance = sample.averaged()? + sample.rounding;
        let freedom = sample.n.checked_sub(1)?;
        Some(Self { position, sample, place: sign * sample.log_mean, variance, freedom })
    }

    /// Whether the interval of the ratio leaves out 1.
    ///
    /// Welch's degrees of freedom lie between the smaller side's and the sum of both, so that two critical
    /// values known beforehand decide nearly every pair.
    fn differs(&self, other: &Self, squares: &Squares) -> bool {
        let gap = (self.place - other.place).powi(2);
        let variance = self.variance + other.variance;
        if gap <= squares.at_least(self.freedom.saturating_add(other.freedom)) * variance {
            return false;
        }
        if gap > squares.at_most(self.freedom.min(other.freedom)) * variance {
            return true;
        }
        let Ok(difference) = Difference::of(self.sample, other.sample) else { return false };
        let student = StudentT::new(difference.degrees_of_freedom);
        student.is_some_and(|student| student.tail(difference.log_ratio / difference.error) < ALPHA)
    }
}

/// The largest variance and the fewest degrees of freedom among an item and all further out.
#[derive(Clone, Copy)]
struct Widest {
    variance: f64,
    freedom: usize,
}

/// The widest of the items up to each, in their order.
fn widest<'a>(items: impl Iterator<Item = &'a Item<'a>>) -> Vec<Widest> {
    let so_far = |so_far: &mut Widest, item: &Item| {
        so_far.variance = so_far.variance.max(item.variance);
        so_far.freedom = so_far.freedom.min(item.freedom);
        Some(*so_far)
    };
    items.scan(Widest { variance: 0.0, freedom: usize::MAX }, so_far).collect()
}

/// How many of the items on one side, nearest first, do not really differ from an item.
fn ties<'a>(
    item: &Item,
    outwards: impl Iterator<Item = (&'a Item<'a>, &'a Widest)>,
    squares: &Squares,
) -> usize {
    let within_reach = |(other, further): &(&Item, &Widest)| {
        let gap = (item.place - other.place).powi(2);
        gap <= squares.at_most(item.freedom.min(further.freedom)) * (item.variance + further.variance)
    };
    outwards.take_while(within_reach).filter(|(other, _)| !item.differs(other, squares)).count()
}

/// Squares of critical values by whole degrees of freedom, from 1.
struct Squares(Vec<f64>);

impl Squares {
    /// Above these the critical value is within a hundredth of that of a normal distribution.
    const MOST: usize = 200;
    /// The square of the quantile 0.975 of the normal distribution, which Student's never falls below.
    const NORMAL: f64 = 3.841_458_820_694_124;

    fn up_to(most: usize) -> Self {
        let of = |freedom| StudentT::new(count(freedom)).map(|student| student.critical(ALPHA).powi(2));
        Self((1..=most.min(Self::MOST)).filter_map(of).collect())
    }

    /// A square that the critical value's is not below.
    fn at_least(&self, freedom: usize) -> f64 {
        freedom.checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or(Self::NORMAL)
    }

    /// A square that the critical value's is not above.
    fn at_most(&self, freedom: usize) -> f64 {
        let last = self.0.last().copied().unwrap_or(f64::INFINITY);
        freedom.checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or(last)
    }
}
