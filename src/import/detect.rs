//! Which tool a text comes from, by what it holds and never by its name; and reading it.

use std::ops::ControlFlow;

use super::assemble::Assembly;
use super::cell::Cell;
use super::fields::Fields;
use super::finding::Say;
use super::formats::Format;
use super::json;
use super::known::{Imported, Known};
use super::markdown::{self, Tool};
use super::objects::{Objects, Record};
use super::report::{is_report, read_report};
#[cfg(feature = "yaml")]
use super::serving;
use super::text::text;
use super::{clients, exported, llama_bench, llama_server};

/// The format of a file; `None` where it is none that can be read.
///
/// A file may hold several, such as tables of two tools: this is the one that is met first.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    let mut say = Say::new("");
    let text = text(bytes, &mut say);
    let mut found = exported::format(&text);
    if found.is_some() {
        return found;
    }
    each(&text, &mut say, &mut |fields, _| {
        found = Record::of(fields).ok().map(|record| record.format());
        if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found.or_else(|| of_text(&text))
}

/// Reads a file of any format.
///
/// Never fails: what cannot be read is a finding, and so is a file of no known format.
pub fn read(bytes: &[u8], known: &Known<'_>) -> Imported {
    let mut imported = read_any(bytes, known);
    if imported.runs.is_empty() && imported.findings.is_empty() {
        let mut say = Say::new(known.file);
        say.whole("no result", "at least one; nothing else is wrong with the file");
        imported.findings = say.findings;
    }
    imported
}

fn read_any(bytes: &[u8], known: &Known<'_>) -> Imported {
    let mut say = Say::new(known.file);
    let text = text(bytes, &mut say);
    if let Some(format) = exported::format(&text) {
        return exported::read(format, &text, known, say);
    }
    let mut assembly = Assembly::new(known);
    // What is wrong with JSON only matters where the file is meant to be JSON.
    let mut of_json = Say::new(known.file);
    let mut objects = Objects::default();
    each(&text, &mut of_json, &mut |fields, say| {
        objects.take(fields, &mut assembly, say);
        ControlFlow::Continue(())
    });
    if let Some(format) = objects.format {
        say.findings.append(&mut of_json.findings);
        objects.finish(&mut assembly, &mut say);
        return Imported { format: Some(format), ..assembly.finish(say) };
    }
    let format = of_text(&text);
    let cells = match format {
        Some(Format::LlamaBenchSql) => of_records(llama_bench::from_sql(&text, &mut say), &mut say),
        Some(Format::LlamaBenchCsv) => of_records(llama_bench::from_csv(&text, &mut say), &mut say),
        Some(Format::LlamaBenchTable | Format::BatchedBenchTable) => markdown::cells(&text, &mut say),
        Some(Format::ServerLog) => llama_server::from_log(&text, &mut say),
        Some(Format::Report) => return of_report(&text, known, say),
        Some(format) => clients::from_text(format, &text, &mut say),
        None if clients::say_no_result(&text, objects.properties, &mut say) => Vec::new(),
        None => {
            let what = what_it_is(bytes);
            // What is wrong with its bytes is why nothing is known of a text.
            let is_said = what == UNKNOWN && !say.findings.is_empty();
            if is_said {
                return Imported { findings: say.findings, ..Imported::default() };
            }
            say.findings.append(&mut of_json.findings);
            // What is no text at all needs no line that says so of its bytes.
            if what != UNKNOWN {
                say.findings.clear();
            }
            let expected = format!(
                "results in one of {} formats, such as those of llama-bench, vLLM or Ollama",
                Format::ALL.len()
            );
            say.whole(what, expected);
            Vec::new()
        }
    };
    Imported { format, ..Assembly::of(cells, known, say) }
}

/// What a file is called that looks like a text and holds nothing known.
const UNKNOWN: &str = "nothing that is known";

/// What a file is that holds nothing known, where its bytes say so.
fn what_it_is(bytes: &[u8]) -> &'static str {
    const BEGINNINGS: [(&[u8], &str); 8] = [
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture, a sound or a film"),
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "an archive: open what is in it"),
        (b"\x1f\x8b", "a compressed file: open what is in it"),
        (b"GGUF", "the weights of a model"),
    ];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return "an empty file";
    }
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    // No text has a byte of 0 but UTF-16, which is known by its first two.
    let is_binary = || bytes.contains(&0) && !matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    match known {
        Some((_, what)) => what,
        None if is_binary() => "bytes that are no text",
        None => UNKNOWN,
    }
}

fn of_report(text: &str, known: &Known<'_>, mut say: Say<'_>) -> Imported {
    let mut imported = read_report(text, known).unwrap_or_default();
    imported.format = Some(Format::Report);
    if known.source.is_empty() && !imported.runs.is_empty() {
        say.whole("no source", "the id of the source that the file is, given beside; its runs are left out");
        imported.runs.clear();
    }
    for run in &mut imported.runs {
        run.power_cap_w = run.power_cap_w.or(known.power_cap_w);
        run.driver = run.driver.take().or_else(|| known.driver.map(str::to_owned));
    }
    imported.findings.append(&mut say.findings);
    imported
}

/// The objects of a text: of JSON, or of a report that is YAML where that can be read.
fn each<'t>(text: &str, say: &mut Say<'_>, take: &'t mut json::Take<'t>) {
    // A report begins with a key; looking for its keys is a walk over the text.
    #[cfg(feature = "yaml")]
    if !text.trim_start().starts_with(['{', '['])
        && let Some(report) = serving::of_yaml(text, say)
    {
        let _one = take(&mut report.into(), say);
        return;
    }
    json::each(text, say, take);
}

fn of_text(text: &str) -> Option<Format> {
    if llama_bench::is_sql(text) {
        return Some(Format::LlamaBenchSql);
    }
    if llama_bench::is_csv(text) {
        return Some(Format::LlamaBenchCsv);
    }
    if let Some(format) = clients::of_text(text) {
        return Some(format);
    }
    match markdown::tool(text) {
        Some(Tool::Bench) => Some(Format::LlamaBenchTable),
        Some(Tool::Batched) => Some(Format::BatchedBenchTable),
        None if is_report(text) => Some(Format::Report),
        None => llama_server::is_log(text).then_some(Format::ServerLog),
    }
}

fn of_records(records: Vec<Fields<'_>>, say: &mut Say<'_>) -> Vec<Cell> {
    records.into_iter().filter_map(|fields| llama_bench::cell(fields, say)).collect()
}
