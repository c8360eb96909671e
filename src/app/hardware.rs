//! Rig cards: what was tested, under which power cap, with which driver, and what is odd about it.

use leptos::prelude::*;

use super::definitions::term;
use super::details::{fact, link, note_list, source_name};
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::Page;
use crate::format;
use crate::model::catalog;
use crate::query::{Selection, View};

/// Rigs below the table of results, so that the page does not grow with each rig.
const FEW_RIGS: usize = 6;

/// A card for each rig that has results; below the table of results, for the few with the most.
pub fn hardware(page: Page, all: bool) -> AnyView {
    let rigs = page.data.index.catalog.hardware.iter().enumerate();
    let mut rigs: Vec<(usize, usize, &'static catalog::Hardware)> =
        rigs.map(|(position, rig)| (result_count(page, position), position, rig)).collect();
    rigs.retain(|&(results, ..)| results > 0);
    let count = rigs.len();
    if !all {
        rigs.sort_by_key(|&(results, position, _)| (std::cmp::Reverse(results), position));
        rigs.truncate(FEW_RIGS);
        rigs.sort_by_key(|&(_, position, _)| position);
    }
    let more = (rigs.len() < count).then(|| {
        let words = format!("All {}", format::counted(page.data.locale, count, "rig"));
        el("p", "").child(link(page, &words, Box::new(|selection| selection.view = View::Hardware)))
    });
    let cards = rigs.into_iter().map(|(results, position, rig)| card(page, results, position, rig));
    el("section", "section")
        .attr("id", "hardware")
        .child(el("h2", "").text("Hardware tested"))
        .child(el("p", "lead").text("The machines behind the numbers, as their publishers describe them"))
        .child(el("div", "cards").children(views(cards)))
        .maybe(more)
        .build()
}

fn result_count(page: Page, rig: usize) -> usize {
    let index = &page.data.index;
    let of_rig =
        |c: &usize| index.configurations.hardware.get(*c).is_some_and(|&other| other as usize == rig);
    (0..index.configuration_count()).filter(of_rig).map(|c| index.results_of(c).len()).sum()
}

/// Facts of a card: glossary id where the word needs one, name, value.
fn facts(page: Page, rig: &catalog::Hardware) -> Vec<(&'static str, &'static str, String)> {
    let locale = page.data.locale;
    let gib = |value: f64| format!("{} GiB", locale.number(value, if value.fract() == 0.0 { 0 } else { 2 }));
    let memory = rig.memory_gib.map(|memory| {
        let kind = if rig.unified_memory { " of unified memory" } else { "" };
        let system = rig.system_memory_gib.map(|system| format!(" (system {})", gib(system.get())));
        format!("{}{kind}{}", gib(memory.get()), system.unwrap_or_default())
    });
    let power = match (rig.power_cap_w, rig.power_max_w) {
        (Some(cap), Some(max)) => {
            let share = cap.get() / max.get() * 100.0;
            Some(format!("{cap} W of {max} W maximum ({} %)", locale.number(share, 0)))
        }
        (Some(cap), None) => Some(format!("{cap} W cap")),
        (None, Some(max)) => Some(format!("{max} W maximum")),
        (None, None) => None,
    };
    let bandwidth =
        rig.memory_bandwidth_gb_per_s.map(|rate| format!("{} GB/s peak", locale.number(rate.get(), 0)));
    let list = (!rig.backends.is_empty()).then(|| rig.backends.join(", "));
    let all = [
        ("", "CPU", rig.cpu.clone()),
        ("", "GPU", rig.gpu.clone()),
        ("", "Architecture", rig.arch.clone()),
        ("", "Memory", memory),
        ("", "Bandwidth", bandwidth),
        ("power-cap", "Power", power),
        ("", "System", rig.os.clone()),
        ("", "Kernel", rig.kernel.clone()),
        ("driver", "Driver", rig.driver.clone()),
        ("backend", "Backends", list),
    ];
    all.into_iter().filter_map(|(term, name, value)| Some((term, name, value?))).collect()
}

fn card(page: Page, results: usize, position: usize, rig: &'static catalog::Hardware) -> El {
    let index = &page.data.index;
    let facts = facts(page, rig).into_iter().map(|(id, name, value)| match id {
        "" => fact(name.into_any(), value),
        id => fact(term(id, name).build(), value),
    });
    let show = move |selection: &mut Selection| {
        selection.view = View::Runs;
        selection.hardware = vec![position];
    };
    let link = link(page, &format::counted(page.data.locale, results, "result"), Box::new(show));
    let unlisted: Vec<String> = rig
        .unlisted
        .iter()
        .map(|family| format!("{} ({}, released {})", family.family, family.results, family.released))
        .collect();
    let unlisted = (!unlisted.is_empty()).then(|| {
        el("p", "note small").text(format!("Counted by its publisher without rows: {}", unlisted.join(", ")))
    });
    let known = |id: &String| index.catalog.sources.iter().find(|source| source.id == *id);
    let sources = rig.sources.iter().filter_map(known);
    let sources = sources.map(|source| el("li", "").child(source_name(&source.name, source.url.as_deref())));
    el("article", "card")
        .attr("id", format!("rig-{}", rig.id))
        .child(el("h3", "").text(&rig.name))
        .child(el("p", "card-count").child(link))
        .child(el("p", "").text(&rig.story))
        .child(el("dl", "facts").children(views(facts)))
        .maybe(unlisted)
        .maybe(probes(page, rig))
        .maybe(note_list(rig.notes.clone()))
        .child(el("p", "label").text("Sources"))
        .child(el("ul", "sources").children(views(sources)))
}

/// Microbenchmarks by power cap.
fn probes(page: Page, rig: &catalog::Hardware) -> Option<El> {
    let locale = page.data.locale;
    let lines = views(rig.probes.iter().map(|probe| {
        el("tr", "")
            .child(el("th", "number").attr("scope", "row").text(format!("{} W", probe.power_cap_w)))
            .child(number_cell(locale.number(probe.copy_gb_per_s.get(), 0)))
            .child(number_cell(locale.number(probe.fp16_tflop_per_s.get(), 1)))
            .child(number_cell(locale.number(probe.bf16_tflop_per_s.get(), 1)))
    }));
    let headings = ["Power cap", "Copy GB/s", "FP16 TFLOP/s", "BF16 TFLOP/s"].map(|name| heading(name, true));
    let caption = "Probes. Copied bytes are counted once; the bus moves about double";
    (!lines.is_empty())
        .then(|| scroll_box(format!("Probes of {}", rig.short), plain_table(caption, headings.into(), lines)))
}
