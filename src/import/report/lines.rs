//! From lines to sections: headings, facts in bold, tables, repetitions.
//!
//! One pass; each line is looked at once, and what is none of these is running text.

use super::cells;
use super::head::{Head, MOST_BYTES};
use super::table::{Columns, RawRow};
pub(super) use crate::import::finding::Say;
use crate::import::finding::{Finding, quote};
use crate::model::Positive;
use crate::model::run::Repetition;

/// Longest line that is read, in bytes; the reports stay below 300.
const LONGEST_LINE: usize = 4_000;

/// Longest row that is read, in bytes: its last cell may hold many notes.
const LONGEST_ROW: usize = 64_000;

/// Longest heading that names a model, in bytes: each row below repeats it.
const LONGEST_TITLE: usize = 300;

/// Most rows of tables that are read; each becomes a run.
const MOST_ROWS: usize = 10_000;

/// Everything between two headings.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The heading.
    pub(super) title: String,
    /// `Quantization: … · File size: …`, where it stands, with its line.
    pub(super) facts: Option<(u32, String)>,
    /// What is said about this section alone.
    pub(super) notes: Vec<String>,
    pub(super) rows: Vec<RawRow>,
    pub(super) groups: Vec<Group>,
    /// True where the section said when, on what or how was measured.
    has_head: bool,
}

/// Repetitions under one label.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) line: u32,
    /// A backend or a model; absent where the section has one row.
    pub(super) label: Option<String>,
    pub(super) repetitions: Vec<Repetition>,
}

/// A report taken apart.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) heads: Vec<Head>,
    pub(super) sections: Vec<Section>,
    pub(super) findings: Vec<Finding>,
    /// True where a table or a repetition of such a report was seen.
    pub(super) is_report: bool,
}

/// The table that the walk is in.
enum Table {
    None,
    /// A table of something else.
    Foreign,
    Known(Columns),
}

struct Walk<'a> {
    page: Page,
    say: Say<'a>,
    table: Table,
    /// The line on which the code block that the walk is in was opened.
    code: Option<u32>,
    rows: usize,
}

/// Takes a report apart.
pub(super) fn page(text: &str, file: &str) -> Page {
    let say = Say { file, findings: Vec::new() };
    let page = Page { heads: vec![Head::default()], sections: vec![Section::default()], ..Page::default() };
    let mut walk = Walk { page, say, table: Table::None, code: None, rows: 0 };
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let most = if line.trim_start().starts_with('|') { LONGEST_ROW } else { LONGEST_LINE };
        if line.len() > most {
            walk.say.at(number, "", format!("{} bytes", line.len()), format!("a line of at most {most}"));
        } else {
            walk.line(number, &line.replace('\u{a0}', " "));
        }
    }
    let Walk { mut page, say, code, .. } = walk;
    page.findings = say.findings;
    if let Some(opened) = code {
        let mut say = Say { file, findings: page.findings };
        say.at(opened, "", "a code block without an end", "a line of ``` at its end");
        page.findings = say.findings;
    }
    page
}

impl Walk<'_> {
    fn line(&mut self, number: u32, line: &str) {
        let text = line.trim();
        if text.starts_with("```") {
            self.table = Table::None;
            self.code = if self.code.is_some() { None } else { Some(number) };
            if self.code.is_some() {
                self.group(number, None);
            }
            return;
        }
        let breaks_out = text.starts_with("## ") || text.starts_with('|');
        if self.code.is_some() && breaks_out {
            self.say.at(number, "", quote(text), "the end of the code block, a line of ```");
            self.code = None;
        }
        if is_repetition(text) {
            self.repetition(number, text);
        } else if self.code.is_some() {
            self.in_code(number, text);
        } else if text.starts_with('|') {
            self.table_line(number, text);
        } else {
            self.table = Table::None;
            self.outside(number, text);
        }
    }

    fn in_code(&mut self, number: u32, text: &str) {
        match text.strip_suffix(':') {
            Some(label) => self.group(number, Some(label.to_owned())),
            None if text.is_empty() => {}
            None => {
                self.say.at(number, "", quote(text), "a repetition such as \"Run 1: pp=176.09 tg=23.21\"");
            }
        }
    }

    fn outside(&mut self, number: u32, text: &str) {
        let heading = text.trim_start_matches('#');
        if heading.len() < text.len() && heading.starts_with(' ') {
            let mut title = heading.trim().to_owned();
            if title.len() > LONGEST_TITLE {
                let expected = format!("a heading of at most {LONGEST_TITLE}; left out");
                self.say.at(number, "", format!("{} bytes", title.len()), expected);
                title.clear();
            }
            self.page.sections.push(Section { title, ..Section::default() });
        } else if let Some((key, value)) = text.strip_prefix("**").and_then(|rest| rest.split_once(":**")) {
            self.bold(number, key.trim(), value.trim());
        } else if text.starts_with("Quantization:") {
            if let Some(section) = self.page.sections.last_mut() {
                section.facts = Some((number, text.to_owned()));
            }
        } else if let Some(label) = text.strip_suffix(':').filter(|_| text.len() < 80) {
            // Repetitions outside of a code block may have a label too; without any it is only text.
            self.group(number, Some(label.to_owned()));
        }
    }

    /// `**Date:** …`: a date, a machine or a benchmark in a new section begins a new head.
    fn bold(&mut self, number: u32, key: &str, value: &str) {
        let is_first = self.page.sections.len() == 1;
        let Some(section) = self.page.sections.last_mut() else { return };
        let begins = matches!(key, "Date" | "Hardware" | "Benchmark");
        if begins && !section.has_head {
            section.has_head = true;
            self.page.heads.push(Head::default());
        } else if !begins && !section.has_head && !is_first {
            let note = super::head::said(key, value);
            let kept: usize = section.notes.iter().map(String::len).sum();
            if kept + note.len() <= MOST_BYTES {
                section.notes.push(note);
            } else {
                let expected = "at most 2,000 bytes of them; left out";
                self.say.at(number, key, "more remarks than a section has", expected);
            }
            return;
        }
        if let Some(head) = self.page.heads.last_mut() {
            head.take(number, key, value, &mut self.say);
        }
    }

    fn table_line(&mut self, number: u32, text: &str) {
        let cells = cells::split(text);
        let is_rule = cells.iter().all(|cell| cell.contains('-') && cell.trim_matches([':', '-']).is_empty());
        match &self.table {
            Table::None => {
                self.table = match Columns::of(&cells) {
                    Some(columns) => {
                        self.page.is_report = true;
                        for (name, column) in columns.unknown(&cells) {
                            let expected = "a column of such a report; its cells are left out";
                            self.say.at(number, &format!("column {}", column + 1), quote(&name), expected);
                        }
                        Table::Known(columns)
                    }
                    None => Table::Foreign,
                };
            }
            Table::Known(columns) if !is_rule => {
                let head = self.page.heads.len() - 1;
                self.rows += 1;
                if self.rows > MOST_ROWS {
                    if self.rows == MOST_ROWS + 1 {
                        self.say.at(number, "", "more than 10,000 rows", "several smaller reports");
                    }
                } else if let Some(section) = self.page.sections.last_mut() {
                    section.rows.extend(columns.row(number, head, &cells, &mut self.say));
                }
            }
            Table::Known(_) | Table::Foreign => {}
        }
    }

    fn group(&mut self, line: u32, label: Option<String>) {
        let Some(section) = self.page.sections.last_mut() else { return };
        // A label outside of code that nothing followed was running text.
        if section.groups.last().is_some_and(|last| last.repetitions.is_empty()) {
            section.groups.pop();
        }
        section.groups.push(Group { line, label, repetitions: Vec::new() });
    }

    fn repetition(&mut self, number: u32, text: &str) {
        self.page.is_report = true;
        self.table = Table::None;
        let has_group = self.page.sections.last().is_some_and(|section| !section.groups.is_empty());
        if !has_group {
            self.group(number, None);
        }
        let read = repetition(number, text, &mut self.say);
        let group = self.page.sections.last_mut().and_then(|section| section.groups.last_mut());
        if let (Some(group), Some((position, repetition))) = (group, read) {
            let expected = group.repetitions.len() + 1;
            if position != expected {
                let field = group.label.clone().unwrap_or_default();
                self.say.at(number, &field, format!("run {position}"), format!("run {expected}"));
            }
            group.repetitions.push(repetition);
        }
    }
}

/// True for `Run 1: pp=…` and for `Run 1:` that nobody filled in.
fn is_repetition(text: &str) -> bool {
    let after = text.strip_prefix("Run ").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let values = after.and_then(|rest| rest.trim_start().strip_prefix(':'));
    values.is_some_and(|values| values.trim().is_empty() || values.contains("pp=") || values.contains("tg="))
}

/// `Run 2: pp=171.02 tg=22.66 ttft=3.39s (prompt=579 tok, gen=128 tok)`, with its number.
///
/// Nothing for a template that was never filled in.
fn repetition(line: u32, text: &str, say: &mut Say<'_>) -> Option<(usize, Repetition)> {
    let (number, values) = text.split_once(':')?;
    let position = number.trim_start_matches("Run").trim().parse().unwrap_or(0);
    let mut read = Repetition::default();
    for word in values.split([' ', ',', '(', ')', '\t']) {
        let Some((name, value)) = word.split_once('=').filter(|(_, value)| !cells::is_missing(value)) else {
            continue;
        };
        let done = match name {
            "pp" => cells::number(value).map(|rate| read.prefill_tok_per_s = Some(rate)),
            "tg" => cells::number(value).map(|rate| read.decode_tok_per_s = Some(rate)),
            "ttft" => milliseconds(value).map(|time| read.ttft_ms = Some(time)),
            "prompt" => value.parse().ok().map(|count| read.prompt_tokens = Some(count)),
            "gen" => value.parse().ok().map(|count| read.output_tokens = Some(count)),
            _ => {
                say.at(line, name, quote(word), "one of pp, tg, ttft, prompt, gen");
                continue;
            }
        };
        if done.is_none() {
            let expected = match name {
                "ttft" => "a time in seconds, such as 0.95s",
                "prompt" | "gen" => "a number of tokens",
                _ => "a rate above 0, such as 176.09",
            };
            say.at(line, name, quote(value), expected);
        }
    }
    (read != Repetition::default()).then_some((position, read))
}

/// `0.95s` or `950ms` in milliseconds.
fn milliseconds(text: &str) -> Option<Positive> {
    let (number, factor) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1e3),
    };
    let value = cells::number(number)?.get() * factor;
    // The product of a decimal number and 1,000 is not exact; a nanosecond is beyond any timer here.
    Positive::try_from((value * 1e6).round() / 1e6).ok()
}
