//! Configurations side by side: what is pinned, what else could be, and the backends of each model on each rig.

use std::cmp::Reverse;

use leptos::prelude::*;

use super::browser;
use super::charts::surroundings;
use super::checks::{MOST_LINES, cut};
use super::comparison::{cell, charts_of, figures_of, interval_text, ratio_decimals, title};
use super::details::link;
use super::element::{
    El, button, dynamic, el, heading, nothing, number_cell, plain_table, scroll_box, views,
};
use super::state::Page;
use crate::charts::views::{detail, model_label};
use crate::format::{Locale, MISSING};
use crate::model::Metric;
use crate::query::compare::{Comparison, Measured, backends_compared, chosen_cell, compare};
use crate::query::{
    Embed, MOST_PINNED, Selection, View, backend_label, configuration_named, configuration_slug,
};
use crate::stats::Verdict;

/// The pinned configurations side by side, then the backends of each model on each rig.
pub fn view(page: Page) -> Vec<AnyView> {
    let pinned = Memo::new(move |_| page.selection.with(|selection| selection.pinned.clone()));
    let unfolded = RwSignal::new(false);
    vec![dynamic(move || side_by_side(page, unfolded, &pinned.get())), overview(page)]
}

/// The pinned configurations inside another page: the charts of one workload or of all, or the figures.
pub fn embedded(page: Page, embed: Embed) -> AnyView {
    let selection = page.selection.get_untracked();
    let index = &page.data.index;
    let configurations: Vec<usize> =
        selection.pinned.iter().filter_map(|slug| configuration_named(index, slug)).collect();
    let mut comparisons = compare(index, &configurations);
    if embed == Embed::Chart {
        comparisons = chosen_cell(&comparisons, &selection).cloned().into_iter().collect();
    }
    let surroundings = surroundings();
    let mut models: Vec<String> = Vec::new();
    for model in configurations.iter().map(|&one| model_label(index, one)) {
        if !models.contains(&model) {
            models.push(model);
        }
    }
    let models = models.join(", ");
    let cells = comparisons.iter().map(|comparison| {
        let content = match embed {
            Embed::Table => figures_of(page, comparison),
            _ => charts_of(page, surroundings, comparison),
        };
        let title = format!("{models}: {}", title(index, comparison));
        el("div", "comparison").child(el("h3", "").text(title)).child(content)
    });
    let none = comparisons.is_empty().then(|| el("p", "empty").text("These rows have no workload in common"));
    el("div", "").maybe(none).children(views(cells)).build()
}

fn section(id: &'static str, title: &'static str) -> El {
    el("section", "section").attr("id", id).child(el("h2", "").text(title))
}

/// What was pinned, compared; or how to pin. `unfolded` is whether the candidates are shown.
fn side_by_side(page: Page, unfolded: RwSignal<bool>, pinned: &[String]) -> AnyView {
    let index = &page.data.index;
    let configurations: Vec<usize> =
        pinned.iter().filter_map(|slug| configuration_named(index, slug)).collect();
    let section = section("compare", "Side by side");
    let lead = match configurations.len() {
        0 => {
            "Pin two to six rows: open a row under Runs and choose “Pin and compare”. Or take one of the sets below"
        }
        1 => {
            "One row is pinned. Pin another: take one from here, or open a row under Runs and choose “Pin and compare”"
        }
        _ => {
            "The first row is the baseline, or else the first that has a result: the others are given as a multiple of it, with a 95 % interval. A difference is real when the interval leaves out 1, else a tie"
        }
    };
    let full = configurations.len() >= MOST_PINNED;
    let full = full.then(|| el("p", "note").text("Six rows are the most: unpin one before you pin another"));
    let section = section
        .child(el("p", "lead").text(lead))
        .maybe(full)
        .maybe((!configurations.is_empty()).then(|| pins(page, &configurations)))
        .maybe(candidates(page, unfolded, &configurations));
    if configurations.len() < 2 {
        return section.build();
    }
    let comparisons = compare(index, &configurations);
    let surroundings = surroundings();
    let cells = comparisons.iter().map(|comparison| cell(page, surroundings, comparison));
    let none = comparisons.is_empty().then(|| {
        el("p", "empty").text(
            "No workload was measured on two of these at the same concurrency, so nothing can be compared. Ranges that were published without their values cannot be either",
        )
    });
    section.maybe(none).children(views(cells)).build()
}

/// The pinned rows, each to be made the baseline or taken out.
fn pins(page: Page, configurations: &[usize]) -> El {
    let index = &page.data.index;
    let items = configurations.iter().enumerate().map(|(position, &configuration)| {
        let name = format!("{} · {}", model_label(index, configuration), detail(index, configuration));
        let first = move |_| {
            page.choose(|s| {
                if position < s.pinned.len() {
                    let slug = s.pinned.remove(position);
                    s.pinned.insert(0, slug);
                }
            });
            focus(&["#pins li:first-child button"]);
        };
        let remove = move |_| {
            page.choose(|s| {
                if position < s.pinned.len() {
                    s.pinned.remove(position);
                }
            });
            let next = format!("#pins li:nth-child({}) button:last-child", position + 1);
            focus(&[&next, "#pins li:last-child button:last-child"]);
        };
        let role = match position {
            0 => el("span", "mark").text("baseline"),
            _ => button("link-button")
                .attr("aria-label", format!("Make baseline: {name}"))
                .on_click(first)
                .text("Make baseline"),
        };
        let remove =
            button("link-button").attr("aria-label", format!("Unpin {name}")).on_click(remove).text("Unpin");
        el("li", "").child(el("bdi", "").text(name)).child(role).child(remove)
    });
    el("ul", "pins").attr("id", "pins").children(views(items))
}

/// Keeps the focus near a button that its own press replaced.
fn focus(selectors: &[&str]) {
    let last_resort = std::iter::once(&"main");
    browser::focus_later(selectors.iter().chain(last_resort).map(|&one| one.to_owned()).collect(), false);
}

/// Other configurations of the pinned models, to be pinned too.
fn candidates(page: Page, unfolded: RwSignal<bool>, pinned: &[usize]) -> Option<El> {
    let index = &page.data.index;
    let model = |configuration: usize| {
        let of = |column: &[u32]| column.get(configuration).copied();
        (of(&index.configurations.family), of(&index.configurations.variant))
    };
    let is_candidate = |&other: &usize| {
        !pinned.contains(&other)
            && pinned
                .iter()
                .any(|&one| model(one) == model(other) && !compare(index, &[one, other]).is_empty())
    };
    let others = (0..index.configuration_count()).filter(is_candidate).take(8).enumerate();
    let others = others.map(|(position, configuration)| {
        let slug = configuration_slug(index, configuration);
        let pin = move |_| {
            page.choose(|selection| selection.pinned.push(slug.clone()));
            let next = format!("#candidates li:nth-child({}) button", position + 1);
            focus(&[&next, "#candidates li:last-child button", "#pins li:last-child button:last-child"]);
        };
        let name = detail(index, configuration);
        let words = format!("Pin {} · {name}", model_label(index, configuration));
        el("li", "").child(button("link-button").on_click(pin).text(words))
    });
    let others = views(others);
    (!others.is_empty() && pinned.len() < MOST_PINNED).then(|| {
        let fold = el("details", "fold").on(leptos::ev::toggle, move |event| {
            unfolded.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
        });
        let fold = if unfolded.get_untracked() { fold.attr("open", "") } else { fold };
        fold.child(el("summary", "").text("More of the same model"))
            .child(el("ul", "pins").attr("id", "candidates").children(others))
    })
}

/// Every set of backends on one model, quant and rig, in one table.
fn overview(page: Page) -> AnyView {
    let (index, locale) = (&page.data.index, page.data.locale);
    let mut lines = Vec::new();
    let mut count = 0;
    for set in backends_compared(index) {
        // Of the cells that most sides have, the one with the fewest requests in flight.
        let best = |cell: &Comparison| (cell.usable(index), Reverse((cell.concurrency, cell.shape)));
        let Some(cell) = compare(index, &set).into_iter().max_by_key(best) else { continue };
        let baseline = cell.baseline(index);
        let shape = index.catalog.shapes.get(usize::from(cell.shape)).map_or("", |shape| &shape.label);
        let work = format!("{shape}, concurrency\u{a0}{}", cell.concurrency);
        let sides: Vec<usize> = cell.sides.iter().map(|side| side.configuration).collect();
        let [decode, prefill] = [Metric::Decode, Metric::Prefill].map(|metric| cell.measured(index, metric));
        let slugs: Vec<String> =
            sides.iter().map(|&configuration| configuration_slug(index, configuration)).collect();
        for (position, &configuration) in sides.iter().enumerate().filter(|&(at, _)| at != baseline) {
            let Some(&base) = sides.get(baseline) else { continue };
            let is_empty = |of: &Vec<Measured>| of.get(position).is_none_or(|one| one.ratio.is_none());
            if is_empty(&decode) && is_empty(&prefill) {
                continue;
            }
            count += 1;
            if count > MOST_LINES {
                continue;
            }
            let backend = |of: usize| index.backend(of).map_or_else(String::new, backend_label);
            let slugs = slugs.clone();
            let pin = move |selection: &mut Selection| {
                selection.view = View::Compare;
                selection.pinned = slugs.iter().take(MOST_PINNED).cloned().collect();
            };
            let link = link(page, &model_label(index, configuration), Box::new(pin));
            let rig = index.hardware(configuration).map_or_else(String::new, |rig| rig.short.clone());
            let quant = index.quant(configuration).map_or("", |quant| &quant.id);
            let quant = match index.mode(configuration) {
                "baseline" => quant.to_owned(),
                mode => format!("{quant} · {mode}"),
            };
            lines.push(
                el("tr", "")
                    .child(el("th", "").attr("scope", "row").child(link))
                    .child(el("td", "").child(el("bdi", "").text(quant)))
                    .child(el("td", "").child(el("bdi", "").text(rig)))
                    .child(el("td", "").text(&work))
                    .child(el("td", "").child(el("bdi", "").text(backend(configuration))))
                    .child(el("td", "").child(el("bdi", "").text(backend(base))))
                    .children(ratio_cells(locale, decode.get(position)))
                    .children(ratio_cells(locale, prefill.get(position)))
                    .build(),
            );
        }
    }
    if lines.is_empty() {
        return nothing();
    }
    let headings = vec![
        heading("Model", false),
        heading("Quant · mode", false),
        heading("Hardware", false),
        heading("Workload", false),
        heading("Backend", false),
        heading("Against", false),
        heading("Decode", true),
        heading("Verdict", false),
        heading("Prefill", true),
        heading("Verdict", false),
    ];
    let lead = el("p", "lead").text(
        "The same model, quant and machine under different backends: how many times the rate of the second backend the first one reaches, with a 95 % interval, in the workload that most of them have; what was published only as a range, failed, or has no rate that both give is left out. Choose a model to see its repetitions and what else differs",
    );
    section("backends", "Backends compared")
        .child(lead)
        .child(scroll_box("Backends compared", plain_table("", headings, lines)))
        .maybe(cut(page, count))
        .build()
}

fn ratio_cells(locale: Locale, measured: Option<&Measured>) -> Vec<AnyView> {
    let ratio = measured.and_then(|one| one.ratio.as_ref());
    let text = ratio.map_or(MISSING.to_owned(), |ratio| {
        let interval = interval_text(locale, ratio).map(|text| format!(" {text}")).unwrap_or_default();
        format!("{}×{interval}", locale.number(ratio.value, ratio_decimals(ratio)))
    });
    let word = match ratio.map(|ratio| ratio.verdict) {
        Some(Verdict::Real) => el("span", "verdict verdict-real").text("real"),
        Some(Verdict::Tie) => el("span", "verdict verdict-tie").text("tie"),
        Some(Verdict::Unknown(_)) => el("span", "verdict").text("not known"),
        None => el("span", "").text(MISSING),
    };
    views([number_cell(text), el("td", "").child(word)])
}
