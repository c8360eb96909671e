//! A bit for each entry of a column.

/// Entries that have something, a bit each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bits(Vec<u32>);

impl Bits {
    /// Bits for so many entries, set for some of them.
    pub(super) fn of(count: usize, entries: &mut dyn Iterator<Item = u32>) -> Self {
        let mut words = vec![0; count.div_ceil(32)];
        for entry in entries {
            if let Some(word) = words.get_mut(entry as usize / 32) {
                *word |= 1 << (entry % 32);
            }
        }
        Self(words)
    }

    /// True where the bit of an entry is set.
    pub(super) fn has(&self, entry: usize) -> bool {
        self.0.get(entry / 32).is_some_and(|word| word >> (entry % 32) & 1 == 1)
    }

    /// Bytes of all entries.
    #[cfg(feature = "cli")]
    pub(super) fn bytes(&self) -> usize {
        size_of::<u32>() * self.0.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_has_a_bit_of_its_own() {
        let set = [0, 31, 32, 69];
        let bits = Bits::of(70, &mut set.into_iter());
        let found: Vec<u32> = (0..200).filter(|&entry| bits.has(entry as usize)).collect();
        assert_eq!(found, set);
    }
}
