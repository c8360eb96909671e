//! A table as its cells: separators, quotes, marks in front, the line of each row.

use super::super::finding::Say;
use super::super::text::text;
use super::Delimiter;

/// Most columns of a table.
const MOST_COLUMNS: usize = 500;

/// Header and rows of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What stands between its cells.
    pub delimiter: Option<Delimiter>,
    /// The header.
    pub headers: Vec<String>,
    /// Line in the text, and cells, of every row with as many cells as the header.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// The table in a text, to show it and to propose a mapping for it; without a header and a row there is none.
pub fn sheet(bytes: &[u8]) -> Option<Sheet> {
    let mut say = Say::new("");
    let text = text(bytes, &mut say);
    // Headers and names that lost their letters are not to be confirmed.
    if !say.findings.is_empty() {
        return None;
    }
    let sheet = parse(&text, None, &mut say);
    (sheet.headers.len() > 1 && !sheet.rows.is_empty()).then_some(sheet)
}

/// Reads the cells of a text; a row with another number of cells is left out, which is said.
pub(super) fn parse(text: &str, delimiter: Option<Delimiter>, say: &mut Say<'_>) -> Sheet {
    let delimiter = delimiter.unwrap_or_else(|| of_header(text));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.byte())
        .from_reader(text.as_bytes());
    let mut sheet = Sheet { delimiter: Some(delimiter), ..Sheet::default() };
    let mut lines = Lines { text, byte: 0, line: 1 };
    for record in reader.records() {
        let Ok(record) = record else { continue };
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        let cells: Vec<String> = record.iter().map(clean).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if sheet.headers.is_empty() {
            sheet.headers = cells.into_iter().take(MOST_COLUMNS).collect();
        } else if cells.len() == sheet.headers.len() {
            sheet.rows.push((line, cells));
        } else {
            let expected = format!("{}, as the header has; the row is left out", sheet.headers.len());
            say.at(line, "", format!("{} cells", cells.len()), expected);
        }
    }
    sheet
}

/// Counts lines up to a byte, from where it was before: the reader of CSV loses count behind empty lines.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the first character from this byte on that is no line break.
    fn at(&mut self, byte: u64) -> u32 {
        let bytes = self.text.as_bytes();
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        let is_before =
            |at: usize| at < start || bytes.get(at).is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
        while is_before(self.byte) && self.byte < bytes.len() {
            self.line += u32::from(bytes.get(self.byte) == Some(&b'\n'));
            self.byte += 1;
        }
        self.line
    }
}

/// A cell without blanks around it, those of a fixed width included.
fn clean(cell: &str) -> String {
    cell.replace('\u{a0}', " ").trim().to_owned()
}

/// The separator that the first line has most of.
fn of_header(text: &str) -> Delimiter {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // Separators inside quotes are part of a header.
    let outside: String = line.split('"').step_by(2).collect();
    let count = |delimiter: &Delimiter| outside.bytes().filter(|byte| *byte == delimiter.byte()).count();
    let mut best = (Delimiter::Comma, 0);
    for delimiter in Delimiter::ALL {
        let found = count(&delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_quotes_and_marks_make_no_difference() {
        let rows =
            vec![(2, vec!["a, b".to_owned(), "1,5".to_owned()]), (4, vec!["c".to_owned(), String::new()])];
        for text in [
            "\u{feff}model;\"rate; t/s\"\r\n\"a, b\";1,5\r\n\r\nc;\r\n",
            "model\t\"rate; t/s\"\na, b\t1,5\n\nc\t\n",
            "model|\"rate; t/s\"\na, b|1,5\n\nc|\u{a0}\n",
        ] {
            let sheet = sheet(text.as_bytes()).unwrap_or_default();
            assert_eq!(sheet.headers, ["model", "rate; t/s"], "{text}");
            assert_eq!(sheet.rows, rows, "{text}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_left_out_and_said() {
        let mut say = Say::new("f");
        let sheet = parse("a,b\n1,2\n1\n1,2,3\n", None, &mut say);
        assert_eq!((sheet.rows.len(), say.findings.len()), (1, 2));
        assert_eq!(super::sheet(b"one column\n1\n"), None);
        assert_eq!(super::sheet(b""), None);
    }
}
