//! The table of all models on one backend, fastest first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::section::{marks, sections};
use super::{Block, Item, Names, accelerator_name, cell, cells, escape};
use crate::format::MISSING;
use crate::model::run::Accelerator;
use crate::model::{Metric, Positive};

/// Writes one table for each rig, build, mode and workload.
pub(super) fn write(text: &mut String, blocks: &[Block<'_>], names: &Names, lead: Accelerator) {
    let name = accelerator_name(lead);
    text.push_str(&format!("---\n\n## Summary\n\nSorted by {name} TG, fastest first."));
    let items = || blocks.iter().flat_map(|block| &block.items);
    let others = items().map(|item| item.run.backend.accelerator).filter(|&other| other != lead);
    let others: Vec<_> = others.collect::<BTreeSet<_>>().into_iter().map(accelerator_name).collect();
    if !others.is_empty() {
        text.push_str(&format!(" ‡ = measured on {} too, see its section.", others.join(" and ")));
    }
    if items().any(|item| names.models.get(&item.run.model).is_some_and(|model| model.vision)) {
        text.push_str(" *(vision)* = also reads images, measured with text alone.");
    }
    text.push('\n');
    let mut scopes: Vec<(String, Vec<Item<'_>>)> = Vec::new();
    for block in blocks {
        let scope = block.head.scope();
        match scopes.iter_mut().find(|(other, _)| *other == scope) {
            Some((_, items)) => items.extend(&block.items),
            None => scopes.push((scope, block.items.clone())),
        }
    }
    let several = scopes.len() > 1;
    for (scope, mut items) in scopes {
        if several {
            text.push_str(&format!("\n### {scope}\n"));
        }
        sort(&mut items, names, lead);
        table(text, &items, names, lead);
    }
    text.push('\n');
}

fn table(text: &mut String, items: &[Item<'_>], names: &Names, lead: Accelerator) {
    let name = accelerator_name(lead);
    text.push_str(&format!(
        "\n| Model | Quant | Params (active) | {name} Load | {name} PP | {name} TG |\n\
         |-------|-------|-----------------|-------------|-----------|-----------|\n"
    ));
    let mut missing = Vec::new();
    for section in sections(items, names) {
        let Some(Item { run, result }) = shown(&section, lead) else {
            missing.extend(section.first().map(|item| escape(names.title(item.run))));
            continue;
        };
        let [total, active] = names.models.get(&run.model).map(cells::params).unwrap_or_default();
        let params = match (total, active) {
            (Some(total), Some(active)) if total != active => format!("{total} ({active} MoE)"),
            (None, Some(active)) => format!("{MISSING} ({active} MoE)"),
            (total, _) => total.unwrap_or(MISSING.to_owned()),
        };
        let figures = match &result.failed {
            Some(words) => format!("{MISSING} | {MISSING} | {}", cells::failure(words)),
            None => {
                let prefill = cells::coarse(&cells::rate(run, result, Metric::Prefill));
                let decode = cells::rate(run, result, Metric::Decode);
                format!("{} | {prefill} | {decode}", cells::load(result))
            }
        };
        let (title, marks) = (cell(names.title(run)), marks(&section, names, Some(lead)));
        text.push_str(&format!("| {title}{marks} | {} | {params} | {figures} |\n", cell(&run.quant)));
    }
    if !missing.is_empty() {
        text.push_str(&format!("\nNot measured on {name}: {}.\n", missing.join(", ")));
    }
}

/// The result that stands for a section: the first that succeeded, or else the first.
fn shown<'a>(section: &[Item<'a>], lead: Accelerator) -> Option<Item<'a>> {
    let led = section.iter().filter(|item| item.run.backend.accelerator == lead);
    led.min_by_key(|item| (item.result.failed.is_some(), &item.run.date)).copied()
}

/// Sorts whole sections by decode on the backend, fastest first; what has none comes last.
pub(super) fn sort(items: &mut Vec<Item<'_>>, names: &Names, lead: Accelerator) {
    let mut sections = sections(items, names);
    let speed = |section: &Vec<Item<'_>>| {
        let Item { run, result } = shown(section, lead)?;
        let stated = || result.stated(Metric::Decode).map(Positive::get);
        // The bits of positive numbers are in the order of the numbers.
        cells::summary(run, result, Metric::Decode).or_else(stated).map(f64::to_bits)
    };
    sections.sort_by_cached_key(|section| Reverse(speed(section)));
    *items = sections.concat();
}
