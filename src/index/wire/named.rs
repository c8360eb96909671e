//! Columns by name.

/// Columns with their names: some dozens, so that a list is map enough.
pub(super) struct Named<T>(Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Named<T> {
    /// Takes a column out; an empty one where the file has none.
    pub(super) fn take(&mut self, name: &str) -> T {
        let column = self.0.iter_mut().find(|(known, _)| known == name);
        column.map(|(_, column)| std::mem::take(column)).unwrap_or_default()
    }

    /// Puts a column in.
    pub(super) fn put(&mut self, name: &str, column: T) {
        self.0.push((name.to_owned(), column));
    }
}
