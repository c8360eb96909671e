//! Results of the reader's own: opened in this page, read by a worker, put among the published ones.
//!
//! Nothing here sends anything: files go to the worker, which has no addresses but the page's own program and
//! index, and what the address says of own results are ids without a meaning ([`crate::model::mine`]).

#[cfg(feature = "app")]
mod asking;
#[cfg(feature = "app")]
mod confronted;
#[cfg(feature = "app")]
pub(super) mod files;
#[cfg(feature = "app")]
mod in_turn;
#[cfg(feature = "app")]
mod keeping;
#[cfg(feature = "app")]
mod mapping;
#[cfg(feature = "app")]
mod opening;
#[cfg(feature = "app")]
mod reader;
#[cfg(feature = "app")]
mod ready;
#[cfg(feature = "app")]
pub(super) mod session;
#[cfg(feature = "app")]
mod stacked;

use leptos::prelude::*;

use super::Page;
use super::element::{button, el, nothing};
use crate::index::Index;
use crate::model::mine::is_mine;
use crate::query::{Selection, View, is_own};

/// Takes what was opened before the program was here, now and whenever more is; takes back what was kept.
#[cfg(feature = "app")]
pub fn attach(page: Page) {
    use super::browser;

    let take = move || {
        let things = files::take_opened();
        if !things.is_empty() {
            page.choose(|selection| selection.view = View::Import);
            session::session().open(things);
        }
    };
    if let Some(window) = browser::window() {
        browser::listen::<web_sys::Event>(&window, "opened", move |_| take());
        // Another tab of this page may take out what is kept.
        browser::listen::<web_sys::Event>(&window, "storage", |_| session::session().keep_or_not());
    }
    browser::later(Box::new(move || {
        session::session().restore();
        take();
    }));
}

/// Opening, what is asked, what was read, how it compares, and files to take along.
pub fn view(page: Page) -> Vec<AnyView> {
    #[cfg(feature = "app")]
    {
        let session = session::session();
        let sheet = opening::sheet().map_or_else(nothing, super::element::El::build);
        vec![
            sheet,
            opening::opening(&session),
            opening::listing(page, &session),
            asking::asking(page, &session),
            ready::ready(page, &session),
            confronted::confronted(page),
            ready::export(page, &session),
        ]
    }
    #[cfg(not(feature = "app"))]
    {
        let _ = page;
        vec![nothing()]
    }
}

/// The rigs of own results, by position.
fn own_rigs(index: &Index) -> Vec<usize> {
    let rigs = index.catalog.hardware.iter().enumerate();
    rigs.filter(|(_, rig)| is_mine(&rig.id)).map(|(position, _)| position).collect()
}

/// How many results are the reader's own, for a list of counts; empty for none.
pub fn count(page: Page) -> String {
    let index = &page.data.index;
    let own = (0..index.configuration_count()).filter(|&one| is_own(index, one));
    let results: usize = own.map(|one| index.results_of(one).len()).sum();
    if results == 0 { String::new() } else { format!(" · {} mine", page.data.locale.count(results)) }
}

/// Leaves own results alone in view, or all of them again; nothing where there are none.
pub fn filter(page: Page) -> AnyView {
    let rigs = own_rigs(&page.data.index);
    if rigs.is_empty() {
        return nothing();
    }
    let all = rigs.clone();
    let is_chosen = move || page.question.with(|question| question.hardware == all);
    let switch = move |selection: &mut Selection| {
        selection.hardware = if selection.hardware == rigs { Vec::new() } else { rigs.clone() };
    };
    let toggle = button("button own-filter")
        .state("aria-pressed", is_chosen)
        .on_click(move |_| page.choose(&switch))
        .text("Mine");
    #[cfg(feature = "app")]
    let sheet = opening::sheet();
    #[cfg(not(feature = "app"))]
    let sheet = None;
    el("div", "").maybe(sheet).child(toggle).build()
}

/// Chooses own results alone.
#[cfg(feature = "app")]
fn choose_own(index: &'static Index) -> impl Fn(&mut Selection) + Send + Sync + Clone {
    move |selection| {
        let (theme, pinned) = (selection.theme, selection.pinned.clone());
        let concurrency = crate::query::Concurrency::All;
        *selection = Selection { theme, pinned, concurrency, ..Selection::default() };
        selection.hardware = own_rigs(index);
    }
}
