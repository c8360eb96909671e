//! What stands above tables: when, on what and how was measured.

use super::lines::Say;
use super::settings::{self, Benchmark, Label};
use crate::import::finding::quote;
use crate::model::run::{Accelerator, Settings, Timing};
use crate::model::{PartialDate, Positive};

/// Most bytes that a head keeps of one value, of all its remarks, and of what it says about backends:
/// each run below it repeats them.
pub(super) const MOST_BYTES: usize = 2_000;

/// What holds for every table below it, until the next head.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) date: Option<PartialDate>,
    /// Line and words of the machine.
    pub(super) hardware: Option<(u32, String)>,
    pub(super) benchmark: Benchmark,
    /// Flags by accelerator, and what is said beside them.
    pub(super) backends: Vec<(Accelerator, Settings, String)>,
    /// The backend of tables that have no column for it.
    pub(super) backend: Option<Label>,
    /// Engine and build.
    pub(super) engine: Option<(String, Option<String>)>,
    pub(super) shape: Option<String>,
    pub(super) concurrency: Option<u16>,
    pub(super) mode: Option<String>,
    pub(super) power_cap_w: Option<Positive>,
    pub(super) driver: Option<String>,
    pub(super) timing: Option<Timing>,
    pub(super) notes: Vec<String>,
    /// Bytes read about backends.
    backend_bytes: usize,
}

impl Head {
    /// Takes one line of the form `**Key:** value`.
    pub(super) fn take(&mut self, line: u32, key: &str, value: &str, say: &mut Say<'_>) {
        if value.len() > MOST_BYTES {
            say.at(line, key, format!("{} bytes", value.len()), "at most 2,000 bytes; left out");
            return;
        }
        match key {
            "Date" => match date(value) {
                Some(date) => self.date = Some(date),
                None => say.at(line, key, quote(value), "a date such as 2026-02-22 19:42 UTC"),
            },
            "Hardware" => self.hardware = Some((line, settings_text(value))),
            "Benchmark" => self.benchmark = settings::benchmark(value),
            // The prompt is the workload, which has its own word in run files; sources are those of
            // the report itself.
            "Prompt" | "Sources" => {}
            "Workload" => self.workload(line, value, say),
            "Engine" => {
                let value = settings_text(value);
                let (engine, build) = value.split_once(' ').unwrap_or((&value, ""));
                let build = (!build.is_empty()).then(|| build.trim().to_owned());
                self.engine = Some((engine.to_owned(), build));
            }
            "Mode" => self.mode = Some(settings_text(value)),
            "Driver" => self.driver = Some(settings_text(value)),
            "Power cap" => match value.strip_suffix('W').and_then(super::cells::number) {
                Some(watts) => self.power_cap_w = Some(watts),
                None => say.at(line, key, quote(value), "a power such as 250 W"),
            },
            "Timing" => match value {
                "served" => self.timing = Some(Timing::Served),
                "raw" => self.timing = Some(Timing::Raw),
                _ => say.at(line, key, quote(value), "served or raw"),
            },
            _ => self.others(line, key, value, say),
        }
    }

    fn workload(&mut self, line: u32, value: &str, say: &mut Say<'_>) {
        let (shape, concurrency) = value.split_once(", concurrency ").unwrap_or((value, "1"));
        match concurrency.trim().parse() {
            Ok(concurrency) if concurrency > 0 => {
                self.shape = Some(settings_text(shape));
                self.concurrency = Some(concurrency);
            }
            _ => say.at(line, "Workload", quote(concurrency), "a number of requests in flight"),
        }
    }

    /// A backend with its flags, or a remark.
    fn others(&mut self, line: u32, key: &str, value: &str, say: &mut Say<'_>) {
        if let Some(label) = settings::label(key) {
            self.backend_bytes += key.len() + value.len();
            if self.backend_bytes > MOST_BYTES {
                say.at(line, key, "more flags than a report has", "at most 2,000 bytes of them; left out");
                return;
            }
            let mut settings = label.settings;
            let rest = settings::take_flags(&settings_text(value), &mut settings);
            // `ROCm 7.2` repeats the name of the backend.
            let parts = rest.split(", ").filter(|part| settings::label(part).is_none());
            let remark = parts.collect::<Vec<_>>().join(", ");
            self.backends.push((label.accelerator, settings, remark));
            return;
        }
        if let Some(label) = settings::label_in_text(value) {
            self.backend.get_or_insert(label);
        }
        let note = said(key, value);
        let kept: usize = self.notes.iter().map(String::len).sum();
        if kept + note.len() > MOST_BYTES {
            say.at(line, key, "more remarks than a report has", "at most 2,000 bytes of them; left out");
        } else {
            self.notes.push(note);
        }
    }

    /// Adds what is said about a backend, the benchmark and all rows.
    pub(super) fn fill(&self, settings: &mut Settings, notes: &mut Vec<String>, label: &Label) {
        for (_, of_head, remark) in self.backends.iter().filter(|(of, ..)| *of == label.accelerator) {
            settings::add(settings, of_head);
            notes.extend([remark.clone()].into_iter().filter(|remark| !remark.is_empty()));
        }
        // What stands above a table without a column for backends holds for all of it.
        if let Some(of_text) = self.backend.as_ref().filter(|of| of.accelerator == label.accelerator) {
            settings::add(settings, &of_text.settings);
        }
        settings.context_tokens = self.benchmark.context_tokens;
        settings.max_output_tokens = self.benchmark.max_output_tokens;
        settings.warmup_repetitions = self.benchmark.warmup_repetitions;
        notes.extend(self.notes.iter().cloned());
    }
}

fn settings_text(value: &str) -> String {
    super::cells::unescape(value)
}

/// A remark as a note; the key `Note` says nothing by itself.
pub(super) fn said(key: &str, value: &str) -> String {
    let value = settings_text(value);
    if matches!(key, "Note" | "Notes") { value } else { format!("{key}: {value}") }
}

/// `2026-02-22 19:42 UTC`, `2026-02-22` or `2026-02`.
fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    let written = match text.strip_suffix(" UTC").and_then(|text| text.split_once(' ')) {
        Some((day, time)) => format!("{day}T{time}Z"),
        None => text.to_owned(),
    };
    PartialDate::try_from(written).ok()
}
