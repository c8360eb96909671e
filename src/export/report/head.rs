//! What stands above tables: when, on what and how was measured.

use std::collections::BTreeSet;

use super::{Item, Names, accelerator_name, escape};
use crate::format;
use crate::model::plain;
use crate::model::run::{Accelerator, ResultEntry, Run, Settings, Statistic, Timing};

/// Most bytes of remarks above a table; what is longer stands in the rows.
const MOST_REMARKS: usize = 1_500;

/// Lines that hold for every row below, as keys and values.
pub(super) struct Head {
    lines: Vec<(&'static str, String)>,
}

impl Head {
    pub(super) fn of(run: &Run, result: &ResultEntry, names: &Names) -> Self {
        let rig = names.hardware.get(&run.hardware).unwrap_or(&run.hardware);
        let build = run.backend.build.as_ref().map(|build| format!(" {build}")).unwrap_or_default();
        let many = (result.concurrency != 1).then(|| format!(", concurrency {}", result.concurrency));
        let lines = [
            ("Date", Some(format::date(&run.date))),
            ("Hardware", Some(escape(rig))),
            ("Power cap", run.power_cap_w.map(|watts| format!("{} W", plain(watts.get())))),
            ("Driver", run.driver.as_deref().map(escape)),
            ("Engine", Some(escape(&format!("{}{build}", run.backend.engine)))),
            ("Mode", (run.mode != "baseline").then(|| escape(&run.mode))),
            ("Timing", (run.timing == Timing::Raw).then(|| "raw".to_owned())),
            ("Benchmark", benchmark(run)),
            ("Workload", Some(format!("{}{}", escape(&result.shape), many.unwrap_or_default()))),
        ];
        let lines = lines.into_iter().filter_map(|(key, value)| Some((key, value?)));
        Self { lines: lines.collect() }
    }

    /// The lines as one text: equal heads have equal texts.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|(key, value)| line(key, value)).collect()
    }

    fn value(&self, key: &str) -> &str {
        self.lines.iter().find(|(other, _)| *other == key).map_or("", |(_, value)| value)
    }

    /// For the heading of a block.
    pub(super) fn when_and_where(&self) -> String {
        format!("{} on {}", self.value("Date"), self.value("Hardware"))
    }

    /// What rows of one summary have in common: all but when they were measured, and how often.
    pub(super) fn scope(&self) -> String {
        let of_rows = self.lines.iter().filter(|(key, _)| !matches!(*key, "Date" | "Benchmark"));
        of_rows.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" · ")
    }

    /// Writes the lines, and what the rows of the block have in common.
    pub(super) fn write(&self, text: &mut String, items: &[Item<'_>], names: &Names) {
        text.push_str(&self.text());
        for accelerator in Accelerator::ALL {
            let flags = common_flags(items, accelerator);
            if !flags.is_empty() {
                text.push_str(&line(accelerator_name(accelerator), &flags.join(", ")));
            }
        }
        for note in common_notes(items) {
            text.push_str(&line("Note", &escape(note)));
        }
        let sources = items.iter().flat_map(|item| &item.run.sources);
        let sources: BTreeSet<&String> =
            sources.map(|source| names.sources.get(&source.id).unwrap_or(&source.id)).collect();
        for source in sources {
            text.push_str(&line("Sources", &escape(source)));
        }
        text.push('\n');
    }
}

/// The blanks at the end break the line where the Markdown is shown.
fn line(key: &str, value: &str) -> String {
    format!("**{key}:** {value}  \n")
}

/// `3-run average after 1 warmup; 128 max generated tokens; 8192 context`.
fn benchmark(run: &Run) -> Option<String> {
    let statistic = match run.statistic {
        Statistic::Mean => Some("average"),
        Statistic::Median => Some("median"),
        Statistic::Single => Some("single run"),
        Statistic::Unknown => None,
    };
    let settings = &run.settings;
    let first = [
        run.repetitions.map(|runs| format!("{runs}-run")),
        statistic.map(str::to_owned),
        settings.warmup_repetitions.map(|count| format!("after {count} warmup")),
    ];
    let first = first.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts = [
        (!first.is_empty()).then_some(first),
        settings.max_output_tokens.map(|count| format!("{count} max generated tokens")),
        settings.context_tokens.map(|count| format!("{count} context")),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then_some(text)
}

/// Settings in the words of the reports, but for those that the line about the benchmark has.
///
/// The first ones are those that reports repeat in the notes of each row.
pub(super) fn flags(settings: &Settings) -> (Vec<String>, Vec<String>) {
    let repeated = [
        settings.flash_attention.map(|on| if on { "flash-attn" } else { "no flash-attn" }.to_owned()),
        settings.kv_type.as_deref().map(|kv_type| format!("{} KV", escape(kv_type))),
        (settings.gpu_layers == Some(0)).then(|| "no GPU offload".to_owned()),
    ];
    let others = [
        settings.mmap.map(|on| if on { "mmap" } else { "--no-mmap" }.to_owned()),
        settings.gpu_layers.filter(|&layers| layers > 0).map(|layers| format!("gpu_layers={layers}")),
        settings.draft_tokens.map(|count| format!("draft_tokens={count}")),
        settings.temperature.as_deref().map(|value| format!("temperature={}", escape(value))),
    ];
    let named = settings.other.iter().map(|(name, value)| format!("{name}={}", escape(value)));
    (repeated.into_iter().flatten().collect(), others.into_iter().flatten().chain(named).collect())
}

/// The flags of all rows of an accelerator.
pub(super) fn common_flags(items: &[Item<'_>], accelerator: Accelerator) -> Vec<String> {
    let of = |item: &Item<'_>| {
        let (repeated, others) = flags(&item.run.settings);
        [repeated, others].concat()
    };
    let mut rows = items.iter().filter(|item| item.run.backend.accelerator == accelerator).map(of);
    let mut common = rows.next().unwrap_or_default();
    for flags in rows {
        common.retain(|flag| flags.contains(flag));
    }
    common
}

/// The notes that all rows end with, so that the order of each row's notes stays.
pub(super) fn common_notes<'a>(items: &[Item<'a>]) -> &'a [String] {
    let mut rows = items.iter().map(|item| item.run.notes.as_slice());
    let mut common = rows.next().unwrap_or_default();
    for notes in rows {
        let same = common.iter().rev().zip(notes.iter().rev()).take_while(|(a, b)| a == b).count();
        common = common.get(common.len() - same..).unwrap_or_default();
    }
    let mut bytes = 0;
    let fits = |note: &&String| {
        bytes += escape(note).len() + 8;
        bytes <= MOST_REMARKS
    };
    let fitting = common.iter().rev().take_while(fits).count();
    common.get(common.len() - fitting..).unwrap_or_default()
}
