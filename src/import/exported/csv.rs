//! The CSV of a view, as it was written or as a spreadsheet saved it again.

use super::super::finding::Say;
use super::Line;

/// Columns by which it is known.
const MARKS: [&str; 6] = ["model", "hardware", "shape", "decode_tok_per_s", "run", "index_version"];

/// What spreadsheets put between cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The delimiter under which the first line is the header of an export.
fn delimiter(text: &str) -> Option<u8> {
    let text = text.trim_start_matches('\u{feff}');
    // No header of ours is longer, and that of another text is not looked at for long.
    let first = text.lines().find(|line| !line.trim().is_empty()).filter(|line| line.len() <= 8_000)?;
    DELIMITERS.into_iter().find(|&delimiter| {
        let mut reader = reader(first, delimiter);
        let header = reader.records().next().and_then(Result::ok).unwrap_or_default();
        MARKS.iter().all(|mark| header.iter().any(|cell| cell.trim() == *mark))
    })
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// True for a text that begins with our header.
pub(super) fn is_export(text: &str) -> bool {
    delimiter(text).is_some()
}

/// The results of a text.
pub(super) fn lines(text: &str, say: &mut Say<'_>) -> Vec<Line> {
    let text = text.trim_start_matches('\u{feff}');
    let Some(delimiter) = delimiter(text) else { return Vec::new() };
    let mut header: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for record in reader(text, delimiter).records() {
        let Ok(record) = record else { continue };
        let number = record.position().map_or(1, csv::Position::line);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        if header.is_empty() {
            header = record.iter().map(|cell| cell.trim().to_owned()).collect();
        } else if record.len() == header.len() {
            let cells = header.iter().cloned().zip(record.iter().map(as_it_was)).collect();
            lines.push(Line { number, cells });
        } else if record.iter().any(|cell| !cell.trim().is_empty()) {
            let expected = format!("{}, as the header has; the line is left out", header.len());
            say.at(number, "", format!("{} cells", record.len()), expected);
        }
    }
    lines
}

/// A cell without the apostrophe that keeps spreadsheets from calculating it.
fn as_it_was(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// As in the writer, `src/export/view/csv.rs`.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}
