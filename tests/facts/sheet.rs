//! Tables of figures outside the repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One line of a table, and its cells by column.
pub(crate) struct Line {
    /// File and line, for messages.
    pub(crate) place: String,
    cells: HashMap<String, String>,
}

impl Line {
    /// The cell of a column, which must exist.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.cells.get(column).unwrap_or_else(|| panic!("{}: no column {column}", self.place))
    }

    /// The cell as a number; `None` for a dash or nothing.
    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        let cell = self.get(column);
        let missing = cell.is_empty() || cell == "—";
        (!missing).then(|| cell.parse().unwrap_or_else(|_| panic!("{}: {cell} in {column}", self.place)))
    }

    /// Compares a cell with what is bundled; an absent value must be missing in both.
    pub(crate) fn same(&self, column: &str, bundled: Option<f64>) {
        assert_eq!(bundled, self.number(column), "{}: {column}", self.place);
    }
}

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared is not here");
    None
}

/// A table of `../shared/facts`.
pub(crate) fn sheet(name: &str) -> Option<Vec<Line>> {
    let text = std::fs::read_to_string(shared()?.join("facts").join(name)).unwrap();
    let mut lines = text.lines();
    let columns = cells(lines.next().unwrap());
    let line = |(number, text): (usize, &str)| {
        let cells = cells(text);
        let place = format!("{name}:{}", number + 2);
        assert_eq!(cells.len(), columns.len(), "{place}: cells");
        Line { place, cells: columns.iter().cloned().zip(cells).collect() }
    };
    Some(lines.enumerate().map(line).collect())
}

/// The text of a seed, by its number.
pub(crate) fn seed(number: &str) -> Option<String> {
    let files = std::fs::read_dir(shared()?.join("seeds")).unwrap().map(Result::unwrap);
    let wanted = |file: &std::fs::DirEntry| file.file_name().to_string_lossy().starts_with(number);
    Some(std::fs::read_to_string(files.into_iter().find(wanted).unwrap().path()).unwrap())
}

/// Cells of one line, some of them in double quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}
