//! Rig cards: what was tested, under which power cap, with which driver, and what is odd about it.

use leptos::prelude::*;

use super::definitions::Term;
use super::details::SourceName;
use super::state::{Page, use_page};
use crate::format;
use crate::model::catalog;
use crate::query::{Selection, View};

/// A card for every rig that has results.
#[component]
pub fn Hardware() -> impl IntoView {
    let page = use_page();
    let index = &page.data.index;
    let rigs = index.catalog.hardware.iter().enumerate();
    let cards: Vec<_> = rigs
        .filter(|(position, _)| index.configurations.hardware.iter().any(|&rig| rig as usize == *position))
        .map(|(position, rig)| card(page, position, rig))
        .collect();
    view! {
        <section class="section" id="hardware">
            <h2>"Hardware tested"</h2>
            <p class="lead">"The machines behind the numbers, as their publishers describe them"</p>
            <div class="cards">{cards}</div>
        </section>
    }
    .into_any()
}

/// Facts of a card: glossary id where the word needs one, name, value.
fn facts(page: Page, rig: &catalog::Hardware) -> Vec<(Option<&'static str>, &'static str, String)> {
    let locale = page.data.locale;
    let gib = |value: f64| format!("{} GiB", locale.number(value, if value.fract() == 0.0 { 0 } else { 2 }));
    let memory = rig.memory_gib.map(|memory| {
        let kind = if rig.unified_memory { " of unified memory" } else { "" };
        let system = rig
            .system_memory_gib
            .map(|system| format!(" (system {})", gib(system.get())))
            .unwrap_or_default();
        format!("{}{kind}{system}", gib(memory.get()))
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
        (None, "CPU", rig.cpu.clone()),
        (None, "GPU", rig.gpu.clone()),
        (None, "Architecture", rig.arch.clone()),
        (None, "Memory", memory),
        (None, "Bandwidth", bandwidth),
        (Some("power-cap"), "Power", power),
        (None, "System", rig.os.clone()),
        (None, "Kernel", rig.kernel.clone()),
        (Some("driver"), "Driver", rig.driver.clone()),
        (Some("backend"), "Backends", list),
    ];
    all.into_iter().filter_map(|(term, name, value)| Some((term, name, value?))).collect()
}

fn card(page: Page, position: usize, rig: &'static catalog::Hardware) -> AnyView {
    let index = &page.data.index;
    let of_rig = |configuration: &usize| {
        index.configurations.hardware.get(*configuration).is_some_and(|&rig| rig as usize == position)
    };
    let results: usize =
        (0..index.configuration_count()).filter(of_rig).map(|c| index.results_of(c).len()).sum();
    let facts: Vec<_> = facts(page, rig)
        .into_iter()
        .map(|(term, name, value)| {
            let name = match term {
                Some(id) => view! { <Term id>{name}</Term> }.into_any(),
                None => name.into_any(),
            };
            view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
        })
        .collect();
    let show = move |selection: &mut Selection| {
        selection.view = View::Runs;
        selection.hardware = vec![position];
    };
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        page.choose(show);
    };
    let notes: Vec<_> = rig.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect();
    let unlisted: Vec<_> = rig
        .unlisted
        .iter()
        .map(|family| format!("{} ({}, released {})", family.family, family.results, family.released))
        .collect();
    let unlisted = (!unlisted.is_empty()).then(|| {
        view! { <p class="note small">"Counted by its publisher without rows: "{unlisted.join(", ")}</p> }
    });
    let sources: Vec<_> = rig
        .sources
        .iter()
        .filter_map(|id| index.catalog.sources.iter().find(|source| source.id == *id))
        .map(|source| view! { <li><SourceName name=source.name.clone() url=source.url.clone() /></li> })
        .collect();
    view! {
        <article class="card" id=format!("rig-{}", rig.id)>
            <h3>{rig.name.clone()}</h3>
            <p class="card-count">
                <a href=move || page.link(show) on:click=go>{format::counted(page.data.locale, results, "result")}</a>
            </p>
            <p>{rig.story.clone()}</p>
            <dl class="facts">{facts}</dl>
            {unlisted}
            {probes(page, rig)}
            {(!notes.is_empty()).then(|| view! { <ul class="notes">{notes}</ul> })}
            <p class="label">"Sources"</p>
            <ul class="sources">{sources}</ul>
        </article>
    }
    .into_any()
}

/// Microbenchmarks by power cap.
fn probes(page: Page, rig: &'static catalog::Hardware) -> Option<AnyView> {
    let locale = page.data.locale;
    let lines: Vec<_> = rig
        .probes
        .iter()
        .map(|probe| {
            view! {
                <tr>
                    <th scope="row" class="number">{format!("{} W", probe.power_cap_w)}</th>
                    <td class="number">{locale.number(probe.copy_gb_per_s.get(), 0)}</td>
                    <td class="number">{locale.number(probe.fp16_tflop_per_s.get(), 1)}</td>
                    <td class="number">{locale.number(probe.bf16_tflop_per_s.get(), 1)}</td>
                </tr>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Probes of {}", rig.short)>
                <table class="plain-table">
                    <caption>"Probes. Copied bytes are counted once; the bus moves about double"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="number">"Power cap"</th>
                            <th scope="col" class="number">"Copy GB/s"</th>
                            <th scope="col" class="number">"FP16 TFLOP/s"</th>
                            <th scope="col" class="number">"BF16 TFLOP/s"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}
