//! One section for each model: a table by backend, and every repetition.

use std::collections::HashMap;

use super::head::{common_flags, common_notes, flags};
use super::{Block, Item, Layout, Names, backend_name, cells, escape};
use crate::format::MISSING;
use crate::model::Metric;
use crate::model::run::{Accelerator, Run};

/// Writes the sections of a block.
pub(super) fn write(
    text: &mut String,
    block: &Block<'_>,
    names: &Names,
    layout: Layout,
    lead: Option<Accelerator>,
) {
    let shared = Shared {
        flags: Accelerator::ALL.map(|accelerator| common_flags(&block.items, accelerator)),
        notes: common_notes(&block.items).len(),
    };
    for mut items in sections(&block.items, names) {
        let Some(run) = items.first().map(|item| item.run) else { continue };
        items.sort_by_key(|item| {
            let accelerator = item.run.backend.accelerator;
            (Some(accelerator) != lead, accelerator)
        });
        let marks = marks(&items, names, lead);
        let title = escape(&format!("{} {}", names.title(run), run.quant));
        text.push_str(&format!("---\n\n## {title}{marks}\n{}\n\n", facts(run, names, layout)));
        text.push_str("| Backend | Load | PP (tok/s) | TG (tok/s) | Notes |\n");
        text.push_str("|---------|------|-----------|-----------|-------|\n");
        for item in &items {
            text.push_str(&row(*item, &shared));
        }
        repetitions(text, &items);
        text.push('\n');
    }
}

/// What stands above the tables already.
struct Shared {
    flags: [Vec<String>; Accelerator::ALL.len()],
    notes: usize,
}

/// Rows with the same heading, in the order in which the headings first appear.
pub(super) fn sections<'a>(items: &[Item<'a>], names: &Names) -> Vec<Vec<Item<'a>>> {
    let mut sections: Vec<Vec<Item<'a>>> = Vec::new();
    let mut positions = HashMap::new();
    for item in items {
        let run = item.run;
        let size = run.file_size_gib.map(|size| size.to_string());
        let key = (&run.model, names.title(run).to_owned(), &run.quant, size, run.file_size_approximate);
        let position = *positions.entry(key).or_insert_with(|| {
            sections.push(Vec::new());
            sections.len() - 1
        });
        if let Some(section) = sections.get_mut(position) {
            section.push(*item);
        }
    }
    sections
}

/// The marks behind a name.
pub(super) fn marks(items: &[Item<'_>], names: &Names, lead: Option<Accelerator>) -> String {
    let is_vision = |item: &Item<'_>| names.models.get(&item.run.model).is_some_and(|model| model.vision);
    let has = |led: bool| items.iter().any(|item| (Some(item.run.backend.accelerator) == lead) == led);
    let vision = if items.iter().any(is_vision) { " *(vision)*" } else { "" };
    let others = if lead.is_some() && has(true) && has(false) { " ‡" } else { "" };
    format!("{vision}{others}")
}

/// `Quantization: MXFP4 · File size: ~71 GiB · Total params: 139B · Active params (MoE): 10B`.
fn facts(run: &Run, names: &Names, layout: Layout) -> String {
    let [total, active] = names.models.get(&run.model).map(cells::params).unwrap_or_default();
    let about = if run.file_size_approximate { "~" } else { "" };
    let size = run.file_size_gib.map(|size| format!("{about}{size} GiB"));
    let quant = Some(format!("Quantization: {}", escape(&run.quant)));
    let mixture = if total == active { "Active params" } else { "Active params (MoE)" };
    let parts = match layout {
        Layout::Details => [
            quant,
            size.map(|size| format!("File size: {size}")),
            total.map(|total| format!("Total params: {total}")),
            active.map(|active| format!("{mixture}: {active}")),
        ],
        Layout::Summary => {
            let params = match (total, active) {
                (None, None) => None,
                (Some(total), Some(active)) if total == active => Some(format!("Params: {total} (dense)")),
                (total, active) => {
                    let [total, active] = [total, active].map(|count| count.unwrap_or(MISSING.to_owned()));
                    Some(format!("Params: {total} total / {active} active (MoE)"))
                }
            };
            [quant, params, size.map(|size| format!("File: {size}")), None]
        }
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn row(item: Item<'_>, shared: &Shared) -> String {
    let Item { run, result } = item;
    let backend = backend_name(run).replace('|', "\\|");
    let notes = notes(item, shared).replace('|', "\\|");
    let [load, prefill, decode] = match &result.failed {
        Some(words) => [MISSING.to_owned(), MISSING.to_owned(), cells::failure(words)],
        None => {
            let [prefill, decode] =
                [Metric::Prefill, Metric::Decode].map(|metric| cells::rate(run, result, metric));
            [cells::load(result), prefill, decode]
        }
    };
    format!("| {backend} | {load} | {prefill} | {decode} | {notes} |\n")
}

/// Flags first, then one line for each note that does not stand above.
fn notes(item: Item<'_>, shared: &Shared) -> String {
    let (mut flags, others) = flags(&item.run.settings);
    let above = shared.flags.get(item.run.backend.accelerator as usize);
    flags.extend(others.into_iter().filter(|flag| !above.is_some_and(|above| above.contains(flag))));
    let own = item.run.notes.len() - shared.notes.min(item.run.notes.len());
    let notes = item.run.notes.iter().take(own).map(|note| escape(note));
    let of_result = item.result.note.as_ref().map(|note| format!("This result: {}", escape(note)));
    let notes = notes.chain(of_result);
    // A note in the words of a flag says nothing more.
    let mut notes: Vec<String> = notes.filter(|note| !note.is_empty() && !flags.contains(note)).collect();
    if !flags.is_empty() {
        notes.insert(0, flags.join(", "));
    } else if notes.first().is_some_and(|note| could_be_flags(note)) {
        notes.insert(0, String::new());
    }
    notes.join("<br>")
}

/// True for a note that a reader of reports could take for flags, which stand first.
fn could_be_flags(note: &str) -> bool {
    let words = ["mmap", "flash", "offload", "KV", "incomplete"];
    note.contains([',', ';', '=']) || words.iter().any(|word| note.contains(word))
}

/// Every repetition, folded away; labelled where the section has several rows.
fn repetitions(text: &mut String, items: &[Item<'_>]) {
    if items.iter().all(|item| item.result.repetitions.is_empty()) {
        return;
    }
    text.push_str("\n<details><summary>Per-run detail</summary>\n\n```\n");
    let indent = if items.len() == 1 { "" } else { "  " };
    for item in items.iter().filter(|item| !item.result.repetitions.is_empty()) {
        if items.len() > 1 {
            text.push_str(&format!("{}:\n", backend_name(item.run)));
        }
        for (number, repetition) in (1..).zip(&item.result.repetitions) {
            text.push_str(&format!("{indent}Run {number}: {}\n", cells::repetition(repetition)));
        }
    }
    text.push_str("```\n\n</details>\n");
}
