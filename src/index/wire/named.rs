//! Columns by name.

/// Columns with their names: some dozens, so that a list is map enough.
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

    fn find(&mut self, name: &str) -> Option<&mut Vec<T>> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, column)| column)
    }
}
