//! Sorting, once: every sort of another type would be another few kilobytes of the page's code.

use std::cmp::Ordering;

/// The positions `0..count` in order; equal ones stay as they are.
pub fn positions_by(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_by(|&a, &b| compare(a, b));
    positions
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

    #[test]
    fn order_is_stable_and_numbers_become_distinct() {
        let lengths = [2, 1, 2, 1];
        assert_eq!(positions_by(4, &mut |a, b| lengths.get(a).cmp(&lengths.get(b))), [1, 3, 0, 2]);
        assert_eq!(distinct(&mut [3, 1, 3, 2, 1].into_iter()), [1, 2, 3]);
    }
}
