//! Tables of the llama.cpp tools in Markdown: what stands above and below them, and their rows.

use super::cell::Cell;
use super::fields::Fields;
use super::finding::Say;
use super::report::split;
use super::{batched_bench, llama_bench};

/// Longest line that is taken for a row, in bytes.
const LONGEST_ROW: usize = 8_000;

enum Table {
    None,
    /// A table of something else.
    Foreign,
    Bench(llama_bench::Columns),
    Batched,
}

/// Which tool made a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Bench,
    Batched,
}

/// The tool of the first table that is known.
pub(super) fn tool(text: &str) -> Option<Tool> {
    text.lines().filter(|line| line.len() <= LONGEST_ROW && line.trim_start().starts_with('|')).find_map(
        |line| {
            let cells = split(line);
            let bench = llama_bench::header(&cells).map(|_| Tool::Bench);
            bench.or_else(|| batched_bench::is_header(&cells).then_some(Tool::Batched))
        },
    )
}

/// Every row of every table that is known.
pub(super) fn cells(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut found: Vec<(Tool, Fields<'_>)> = Vec::new();
    let mut table = Table::None;
    let mut heading: Option<String> = None;
    let mut parameters: Vec<(String, String)> = Vec::new();
    // Rows whose build has not come yet: it stands behind their table.
    let mut open = 0;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.replace('\u{a0}', " ");
        let text = text.trim();
        if !text.starts_with('|') || text.len() > LONGEST_ROW {
            table = Table::None;
            if let Some((commit, number)) = llama_bench::is_build_line(text) {
                for (_, fields) in found.iter_mut().skip(open) {
                    fields.put("build_commit", commit.clone());
                    fields.put("build_number", number.clone());
                }
                open = found.len();
            } else if text.starts_with('#') {
                heading = Some(text.trim_matches(['#', ' ']).chars().take(200).collect());
                (open, parameters) = (found.len(), Vec::new());
            } else if let Some(read) = batched_bench::parameters(text) {
                parameters = read;
            }
            continue;
        }
        let cells = split(text);
        match &table {
            Table::None => {
                table = match llama_bench::header(&cells) {
                    Some(columns) => Table::Bench(columns),
                    None if batched_bench::is_header(&cells) => Table::Batched,
                    None => Table::Foreign,
                };
            }
            _ if is_rule(&cells) => {}
            Table::Foreign => {}
            Table::Bench(columns) => {
                for mut fields in llama_bench::row(columns, &cells, line, say) {
                    heading.iter().for_each(|heading| fields.put("heading", heading.clone()));
                    found.push((Tool::Bench, fields));
                }
            }
            Table::Batched => {
                if let Some(mut fields) = batched_bench::row(&cells, line, say) {
                    heading.iter().for_each(|heading| fields.put("heading", heading.clone()));
                    parameters.iter().for_each(|(name, value)| fields.put(name, value.clone()));
                    found.push((Tool::Batched, fields));
                }
            }
        }
    }
    let cell = |(tool, fields)| match tool {
        Tool::Bench => llama_bench::cell(fields, say),
        Tool::Batched => batched_bench::cell(fields, say),
    };
    found.into_iter().filter_map(cell).collect()
}

/// True for the line of dashes below a header.
fn is_rule(cells: &[String]) -> bool {
    cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')))
}
