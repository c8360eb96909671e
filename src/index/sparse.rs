//! Values that few entries have, several for one entry if need be.

/// Values by entry, sorted by entry; most entries have none.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparse<T> {
    /// The entry that each value belongs to, ascending.
    pub entry: Vec<u32>,
    /// The values.
    pub value: Vec<T>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self { entry: Vec::new(), value: Vec::new() }
    }
}

impl<T> Sparse<T> {
    /// The values of one entry.
    pub fn of(&self, entry: usize) -> &[T] {
        let first = self.entry.partition_point(|&e| (e as usize) < entry);
        let behind = self.entry.partition_point(|&e| (e as usize) <= entry);
        self.value.get(first..behind).unwrap_or_default()
    }

    /// True where no entry has a value.
    pub fn is_empty(&self) -> bool {
        self.entry.is_empty()
    }

    /// Adds the values of entries behind so many.
    pub(super) fn append(&mut self, other: Self, behind: u32) {
        self.entry.extend(other.entry.into_iter().map(|entry| entry + behind));
        self.value.extend(other.value);
    }

    /// Adds a value; entries come in ascending order.
    pub(super) fn push(&mut self, entry: u32, value: T) {
        self.entry.push(entry);
        self.value.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_none_one_or_several_values() {
        let mut sparse = Sparse::default();
        for (entry, value) in [(2, 'a'), (2, 'b'), (5, 'c')] {
            sparse.push(entry, value);
        }
        assert_eq!((sparse.of(1), sparse.of(2), sparse.of(5)), (&[][..], &['a', 'b'][..], &['c'][..]));
    }
}
