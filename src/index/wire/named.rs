//! Columns by name.

/// Columns with their names: some dozens, so that a list is map enough.
#[derive(Clone)]
pub(super) struct Named<T>(Vec<(String, Vec<T>)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// Takes a column out; an empty one where the file has none.
    pub(super) fn take(&mut self, name: &str) -> Vec<T> {
        self.find(name).map(std::mem::take).unwrap_or_default()
    }

    /// Puts a column in, after what is there of it.
    pub(super) fn put(&mut self, name: &str, mut entries: Vec<T>) {
        match self.find(name) {
            Some(column) => column.append(&mut entries),
            None => self.0.push((name.to_owned(), entries)),
        }
    }

    /// The names of the columns.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Puts all columns of others in, each after what is there of it.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub(super) fn append(&mut self, others: Self) {
        for (name, column) in others.0 {
            self.put(&name, column);
        }
    }

    /// How many entries a column has.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub(super) fn count(&self, name: &str) -> usize {
        self.0.iter().find(|(known, _)| known == name).map_or(0, |(_, column)| column.len())
    }

    /// The entries of a column from a place on.
    #[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
    pub(super) fn from(&self, name: &str, start: usize) -> &[T] {
        let column = self.0.iter().find(|(known, _)| known == name);
        column.and_then(|(_, column)| column.get(start..)).unwrap_or_default()
    }

    fn find(&mut self, name: &str) -> Option<&mut Vec<T>> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, column)| column)
    }
}

#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
impl Named<f64> {
    /// Adds to every number of a column what there is to add to it.
    pub(super) fn move_by(&mut self, by: impl Fn(&str) -> f64) {
        for (name, column) in &mut self.0 {
            let by = by(name);
            if by > 0.0 {
                column.iter_mut().for_each(|number| *number += by);
            }
        }
    }
}
