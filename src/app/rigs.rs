//! What the rigs are good for: the best results of each, and which models fit in its memory.

use leptos::prelude::*;

use super::checks::{MOST_LINES, cut};
use super::details::link;
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::Page;
use crate::charts::views::{detail, model_label};
use crate::format::{self, MISSING};
use crate::index::Index;
use crate::model::{Metric, Positive};
use crate::query::ranking::{Ranking, rankings};
use crate::query::{Selection, View, model_slug};

/// Best results first, then what fits.
pub fn view(page: Page) -> Vec<AnyView> {
    let rigs: Vec<(usize, Vec<usize>)> = (0..page.data.index.catalog.hardware.len())
        .map(|rig| (rig, configurations(&page.data.index, rig)))
        .filter(|(_, configurations)| !configurations.is_empty())
        .collect();
    vec![best(page, &rigs), fits(page, &rigs)]
}

fn configurations(index: &Index, rig: usize) -> Vec<usize> {
    let is_of = |&configuration: &usize| {
        index.configurations.hardware.get(configuration).is_some_and(|&of| of as usize == rig)
    };
    (0..index.configuration_count()).filter(is_of).collect()
}

fn section(id: &'static str, title: &'static str, lead: &'static str) -> El {
    el("section", "section").attr("id", id).child(el("h2", "").text(title)).child(el("p", "lead").text(lead))
}

fn model_link(page: Page, configuration: usize) -> El {
    let index = &page.data.index;
    let show = move |selection: &mut Selection| {
        selection.view = View::Models;
        selection.model = index.model(configuration).map(|(family, variant)| model_slug(family, variant));
    };
    link(page, &model_label(index, configuration), Box::new(show))
}

/// The fastest result of each workload on each rig, decode and prefill.
fn best(page: Page, rigs: &[(usize, Vec<usize>)]) -> AnyView {
    let index = &page.data.index;
    let mut lines = Vec::new();
    for (rig, configurations) in rigs {
        let decode = rankings(index, configurations, Metric::Decode);
        let prefill = rankings(index, configurations, Metric::Prefill);
        let has = |ranking: &Ranking, metric| {
            ranking.places.first().is_some_and(|place| index.value(place.result, metric).is_some())
        };
        // A workload may have been measured in another metric alone, such as the whole request.
        let measured = decode
            .iter()
            .zip(&prefill)
            .filter(|(decode, prefill)| has(decode, Metric::Decode) || has(prefill, Metric::Prefill));
        for (decode, prefill) in measured {
            let name = index.catalog.hardware.get(*rig).map_or("", |rig| &rig.short);
            let name = el("th", "").attr("scope", "row").text(name);
            let shape = index.catalog.shapes.get(usize::from(decode.shape));
            let work = shape.map_or_else(String::new, |shape| shape.label.clone());
            let timing = if decode.raw { ", raw" } else { "" };
            let work = format!("{work}, concurrency {}{timing}", decode.concurrency);
            lines.push(
                el("tr", "")
                    .child(name)
                    .child(el("td", "").text(work))
                    .children(winner(page, decode, Metric::Decode))
                    .children(winner(page, prefill, Metric::Prefill))
                    .build(),
            );
        }
    }
    let count = lines.len();
    lines.truncate(MOST_LINES);
    let headings = vec![
        heading("Rig", false),
        heading("Workload", false),
        heading("Decode tok/s", true),
        heading("Fastest decode", false),
        heading("Prefill tok/s", true),
        heading("Fastest prefill", false),
    ];
    section(
        "best",
        "Best results",
        "The fastest result of each workload on each rig, without figures that the checks doubt; values that were published only as a range have no place. The smallest model wins: this says what a rig can reach, not which model to take",
    )
    .child(scroll_box("Best results", plain_table("", headings, lines)))
    .maybe(cut(page, count))
    .build()
}

/// The first result that no rule doubts.
fn winner(page: Page, ranking: &Ranking, metric: Metric) -> Vec<AnyView> {
    let index = &page.data.index;
    let first = ranking
        .places
        .iter()
        .map(|place| place.result)
        .find(|&result| page.data.doubt(result, metric).is_none());
    let value = first.and_then(|result| Some((result, index.value(result, metric)?)));
    let Some((result, value)) = value else {
        return views([number_cell(MISSING), el("td", "").text(MISSING)]);
    };
    let configuration = index.configuration_of(index.run_of(result));
    let name = el("td", "")
        .child(model_link(page, configuration))
        .child(el("small", "note").text(detail(index, configuration)));
    views([number_cell(page.data.locale.value(metric, value)), name])
}

/// Every weights file of known size, and the rigs that can hold it.
fn fits(page: Page, rigs: &[(usize, Vec<usize>)]) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    // Model and quant by position, one of their configurations, the largest of their file sizes, and whether
    // that is called approximate.
    let mut files: Vec<([u32; 3], usize, f64, bool)> = Vec::new();
    for run in 0..index.runs.id.len() {
        let Some(gib) = index.runs.file_size_gib.get(run) else { continue };
        let approximate = !index.runs.file_size_approximate.of(run).is_empty();
        let configuration = index.configuration_of(run);
        let columns = &index.configurations;
        let of = |column: &[u32]| column.get(configuration).copied().unwrap_or_default();
        let key = [of(&columns.family), of(&columns.variant), of(&columns.quant)];
        match files.iter_mut().find(|(other, ..)| *other == key) {
            Some(file) if file.2 < gib => *file = (key, configuration, gib, approximate),
            Some(_) => {}
            None => files.push((key, configuration, gib, approximate)),
        }
    }
    files.sort_by(|a, b| b.2.total_cmp(&a.2));
    let memory =
        |rig: usize| index.catalog.hardware.get(rig).and_then(|rig| rig.memory_gib).map(Positive::get);
    let mut headings = vec![heading("Model", false), heading("Quant", false), heading("Weights", true)];
    for &(rig, _) in rigs {
        let name = index.catalog.hardware.get(rig).map_or("", |rig| &rig.short);
        let room = memory(rig).map_or(MISSING.to_owned(), |gib| {
            format!("{} GiB", locale.number(gib, if gib.fract() == 0.0 { 0 } else { 2 }))
        });
        headings.push(heading(format!("{name}: {room}"), true));
    }
    let lines = files.iter().take(MOST_LINES).map(|&(_, configuration, gib, approximate)| {
        let quant = index.quant(configuration).map_or("", |quant| &quant.id);
        let about = if approximate { "about " } else { "" };
        let size = format!("{about}{} GiB", locale.number(gib, if approximate { 0 } else { 1 }));
        let line = el("tr", "")
            .child(el("th", "").attr("scope", "row").child(model_link(page, configuration)))
            .child(el("td", "").text(quant))
            .child(number_cell(size));
        rigs.iter().fold(line, |line, &(rig, _)| {
            line.child(number_cell(match memory(rig) {
                // An approximate size is known to the nearest GiB.
                Some(room) if approximate && (room - gib).abs() <= 0.5 => "at its limit".to_owned(),
                Some(room) if gib < room => format!("{} GiB left", locale.number(room - gib, 1)),
                Some(_) => "too large".to_owned(),
                None => MISSING.to_owned(),
            }))
        })
    });
    let count = format::counted(locale, files.len(), "weights file");
    section(
        "fits",
        "What fits",
        "Weights files whose size a source states against the memory of each rig, where that is stated. The key–value cache and the engine's buffers need room beside them, more with a longer context",
    )
    .child(el("p", "status").text(count))
    .child(scroll_box("What fits", plain_table("", headings, views(lines))))
    .maybe(cut(page, files.len()))
    .build()
}
