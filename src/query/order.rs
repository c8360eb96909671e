//! Sorting, once: every sort of another type would be another few kilobytes of the page's code.

use std::cmp::Ordering;

/// The positions `0..count` in order; equal ones stay as they are.
pub fn positions_by(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_by(|&a, &b| compare(a, b));
    positions
}

/// Puts positions in the ascending order of a number that each has; equal ones stay as they are.
///
/// Digits are counted instead of numbers compared, so the time grows with the count alone. To sort by several numbers,
/// sort by the last one first.
pub fn sort_by_number(positions: &mut Vec<u32>, numbers: &[u64]) {
    const BITS: u32 = 11;
    let number = |position: &u32| numbers.get(*position as usize).copied().unwrap_or_default();
    let first = numbers.first().copied().unwrap_or_default();
    let differing = numbers.iter().fold(0, |bits, number| bits | (number ^ first));
    let mut sorted = vec![0; positions.len()];
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        let mut places = [0_usize; 1 << BITS];
        let mask = places.len() - 1;
        // A digit that all have in common moves nothing.
        if differing >> shift & mask as u64 == 0 {
            continue;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the bits that are cut off are masked anyway")]
        let digit = |position: &u32| (number(position) >> shift) as usize & mask;
        for position in positions.iter() {
            if let Some(count) = places.get_mut(digit(position)) {
                *count += 1;
            }
        }
        let mut behind = 0;
        for place in &mut places {
            behind += std::mem::replace(place, behind);
        }
        for &position in positions.iter() {
            if let Some(place) = places.get_mut(digit(&position)) {
                if let Some(slot) = sorted.get_mut(*place) {
                    *slot = position;
                }
                *place += 1;
            }
        }
        std::mem::swap(positions, &mut sorted);
    }
}

/// The first so many of the positions that [`positions_by`] gives, without an order of all the others.
pub fn first_by(count: usize, most: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut first: Vec<usize> = Vec::new();
    for position in 0..count {
        let is_full = first.len() >= most;
        if is_full && first.last().is_none_or(|&last| compare(position, last).is_ge()) {
            continue;
        }
        // Equal ones stay in their order: a later one stands behind them.
        let place = first.partition_point(|&other| compare(other, position).is_le());
        if is_full {
            first.pop();
        }
        first.insert(place, position);
    }
    first
}

/// The distinct numbers in ascending order.
pub fn distinct(numbers: &mut dyn Iterator<Item = usize>) -> Vec<usize> {
    let numbers: Vec<usize> = numbers.collect();
    let positions = positions_by(numbers.len(), &mut |a, b| numbers.get(a).cmp(&numbers.get(b)));
    let mut sorted: Vec<usize> =
        positions.into_iter().filter_map(|position| numbers.get(position).copied()).collect();
    sorted.dedup();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers with equal ones among them, of every size.
    fn some_numbers(count: u64) -> Vec<u64> {
        let mixed = |n: u64| (n / 3).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (0..count).map(|n| mixed(n) >> (mixed(n + 1) % 64)).collect()
    }

    #[test]
    fn counting_digits_gives_the_order_of_comparing() {
        for count in [0, 1, 2, 70, 5_000] {
            for numbers in [some_numbers(count), vec![u64::MAX; 3], (0..count).rev().collect()] {
                let expected = positions_by(numbers.len(), &mut |a, b| numbers.get(a).cmp(&numbers.get(b)));
                let mut positions: Vec<u32> = (0..).take(numbers.len()).collect();
                sort_by_number(&mut positions, &numbers);
                let positions: Vec<usize> = positions.into_iter().map(|at| at as usize).collect();
                assert!(positions == expected, "{count}");
            }
        }
    }

    #[test]
    fn the_first_ones_are_those_of_the_whole_order() {
        for count in [0, 1, 2, 70, 500] {
            for numbers in [some_numbers(count), vec![7; 30], (0..count).rev().collect()] {
                let mut compare = |a: usize, b: usize| numbers.get(a).cmp(&numbers.get(b));
                let all = positions_by(numbers.len(), &mut compare);
                for most in [0, 1, 15, 200, 1_000] {
                    let expected: Vec<usize> = all.iter().copied().take(most).collect();
                    assert_eq!(first_by(numbers.len(), most, &mut compare), expected);
                }
            }
        }
    }

    #[test]
    fn order_is_stable_and_numbers_become_distinct() {
        let lengths = [2, 1, 2, 1];
        assert_eq!(positions_by(4, &mut |a, b| lengths.get(a).cmp(&lengths.get(b))), [1, 3, 0, 2]);
        assert_eq!(distinct(&mut [3, 1, 3, 2, 1].into_iter()), [1, 2, 3]);
    }
}
