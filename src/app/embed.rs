//! What is shown inside other pages: one chart, or the table, and where its figures are from.
//!
//! `tokscope-whole-embed.js` does what must also work when no program runs: the credit with its link, the height that
//! the page around is told, the theme that it asks for.

use leptos::prelude::*;

use super::charts::{self, Charts};
use super::element::{el, nothing, views};
use super::state::Page;
use super::{browser, chips, compare, definitions, method, models, table};
use crate::charts::views::SPEED_RANGE;
use crate::export::view::Export;
use crate::query::{Embed, Selection, Theme, View, is_by_name};

/// Where the credit names the sources.
const SOURCES: &str = "embed-sources";

/// The mark of the root with the theme that the page around asked for.
const HOST_THEME: &str = "data-host-theme";

/// One part of a view, with what the address got wrong and the filters that hold; no control but those of the part.
pub fn view(page: Page, embed: Embed) -> AnyView {
    follow_host(page);
    name_sources(page);
    let filters = move || match page.selection.with(|selection| words(page, selection).filters_in_words()) {
        words if words.is_empty() => nothing(),
        words => el("p", "note small").text(words).build(),
    };
    let site = browser::element("embed-credit").and_then(|credit| credit.first_element_child());
    let site = site.and_then(|site| site.text_content()).unwrap_or_default();
    let title = move || page.selection.with(|selection| words(page, selection).title());
    el("main", "embedded")
        .child(el("h1", "visually-hidden").text(site))
        .child(el("h2", "visually-hidden").text_fn(title))
        .view(chips::notices(page))
        .view(part(page, embed))
        .view_fn(filters)
        // Labels describe themselves by it.
        .child(el("div", "").attr("hidden", "").view(method::definitions(page)))
        .view(definitions::tooltip())
        .build()
}

/// The chart, the charts or the table.
fn part(page: Page, embed: Embed) -> AnyView {
    let view = page.view.get_untracked();
    let pinned = page.selection.with_untracked(|selection| selection.pinned.len());
    let has_model = page.selection.with_untracked(|selection| selection.model.is_some());
    match view {
        View::Compare if pinned > 1 => compare::embedded(page, embed),
        View::Models if has_model => models::embedded(page, embed),
        _ if embed == Embed::Table => table::results(page),
        _ => bars(page, embed),
    }
}

/// The chart of the shape that is chosen, or of all models; or all of them.
fn bars(page: Page, embed: Embed) -> AnyView {
    let charts = Charts::alone(page);
    let ids = Memo::new(move |_| {
        let has_shape = page.question.with(|question| question.shape.is_some());
        let is_all = embed == Embed::Charts;
        let of_shapes = if has_shape || is_all { charts.workloads() } else { Vec::new() };
        let of_models = (is_all || !has_shape).then(|| SPEED_RANGE.to_owned());
        of_models.into_iter().chain(of_shapes).collect::<Vec<_>>()
    });
    let figures = move || {
        let figures = views(ids.get().into_iter().map(|id| charts.figure(id)));
        if figures.is_empty() { charts::none_to_draw().build() } else { figures.into_any() }
    };
    el("div", "charts").view_fn(figures).build()
}

/// The words that go with a selection.
fn words<'a>(page: Page, selection: &'a Selection) -> Export<'a> {
    Export { index: &page.data.index, choices: &page.data.choices, selection, base: None }
}

/// Wears the theme that the page around asks for, now and whenever it asks again.
fn follow_host(page: Page) {
    let wear = move || {
        let theme = match browser::root_attribute(HOST_THEME).as_deref() {
            Some("light") => Some(Theme::Light),
            Some("dark") => Some(Theme::Dark),
            Some(_) => None,
            None => return,
        };
        page.selection.update(|selection| selection.theme = theme);
    };
    wear();
    if let Some(window) = browser::window() {
        browser::listen::<web_sys::Event>(&window, "hosttheme", move |_| wear());
    }
}

/// Names sources and date in the credit.
fn name_sources(page: Page) {
    Effect::new(move || {
        page.answer.track();
        let sources = page.selection.with(|selection| {
            let export = words(page, selection);
            let results = match is_by_name(&page.data.index, selection) {
                true => export.results(),
                false => page.answer.with(|answer| export.results_in(answer)),
            };
            let [sources, latest] = [export.sources_in_words(&results), export.latest_in_words(&results)];
            [sources, latest].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        if let Some(place) = browser::element(SOURCES) {
            place.set_text_content(Some(&sources));
        }
    });
}
