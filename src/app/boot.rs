//! From an empty page to a mounted one: fetch the index, or say what failed and offer to retry.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use super::chips::failure;
use super::load::{INDEX_URL, LoadError, fetch};
use super::state::{Data, Page, Rest};
use super::{HELD, KEPT, PARTS, app, browser};
use crate::format::Locale;
use crate::index::Index;

/// Where the part of it lies that the first view begins with. `boot.js` has the same rule for when to ask for it.
const FIRST_URL: &str = "first.json";

/// The mark of the root while the whole program is on its way into a page that runs already.
pub(super) const UPGRADING: &str = "data-upgrading";

/// The mark of the root once the whole program is here, which no other takes the place of.
pub(super) const TAKEN: &str = "data-taken";

/// The event that ends a program: its elements, listeners and signals go.
pub(super) const LEAVE: &str = "leave";

/// The mark of the root while only the results of the first view are here.
pub(super) const PART: &str = "data-part";

/// The event that asks `boot.js` for the whole program: the results are no longer those of the part, as after a new one was
/// published, or too many for one file, or a chart is too tall to be drawn whole again and again.
pub(super) const OUTGROWN: &str = "outgrown";

/// Starts the page. A panic marks the document, and `boot.js` shows it.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        browser::set_root_attribute("data-crashed", Some(&panic.to_string()));
    }));
    spawn_local(load(false));
}

async fn load(again: bool) {
    // The whole program was asked for and came first.
    #[cfg(not(feature = "whole"))]
    if browser::has_root_attribute(TAKEN) {
        return;
    }
    // The program that is running goes on until this one takes its place.
    if !browser::has_root_attribute(UPGRADING) {
        browser::set_root_attribute("data-state", Some("loading"));
    }
    let mut index = Err(LoadError::Network);
    if !cfg!(feature = "whole") && browser::query().is_empty() {
        index = fetch(FIRST_URL, again).await;
    }
    // A host may have the one file alone.
    if index.is_err() {
        index = fetch(INDEX_URL, again).await;
    }
    #[cfg(feature = "whole")]
    if browser::foreign().is_some() {
        return show_foreign(index, browser::locale());
    }
    match index {
        Ok(index) => {
            mount(index, browser::locale());
            // The button that tried again has gone.
            if again {
                browser::focus_later(vec!["main".to_owned()], false);
            }
        }
        #[cfg(not(feature = "whole"))]
        Err(LoadError::Manifest) => browser::tell_window(OUTGROWN),
        Err(error) => {
            browser::set_root_attribute("data-state", Some("no-data"));
            show_failure(&error, again);
        }
    }
}

/// Fetches the whole index in the place of the part that the page began with.
pub(super) fn fetch_rest(page: Page, again: bool) {
    spawn_local(async move {
        let came = fetch(INDEX_URL, again).await;
        // The charts wait for them; where they do not, they may be on their way.
        let is_cut = page.parts.get_untracked() == 1 && page.data.index.is_cut();
        match came {
            Ok(index) => {
                if !page.complete(index) {
                    return browser::tell_window(OUTGROWN);
                }
                browser::set_root_attribute(PART, None);
                // The parts of the page that waited for the rows that were missing.
                if is_cut {
                    fill(page, browser::element(HELD));
                }
            }
            #[cfg(not(feature = "whole"))]
            Err(LoadError::Manifest) => browser::tell_window(OUTGROWN),
            Err(error) => {
                page.rest.set(Rest::Failed(format!("{error}.{}", error.hint(false))));
                if is_cut {
                    browser::set_root_attribute("data-state", Some("ready"));
                }
            }
        }
    });
}

/// Asks for the other results as soon as the reader turns to what may need them.
fn look_out(page: Page) {
    let Some(document) = browser::document() else { return };
    for kind in ["pointermove", "pointerdown", "focusin"] {
        browser::listen::<web_sys::Event>(&document, kind, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let place = target.and_then(|target| target.closest(".controls, .results-table").ok().flatten());
            if place.is_some() && page.rest.with_untracked(|rest| *rest == Rest::Absent) {
                page.want_rest();
            }
        });
    }
}

/// Puts the app in the place of the static view: header, controls and table at once, and then part by part. Over a
/// program that runs already it comes all at once, so that nothing the reader looks at goes away meanwhile.
fn mount(index: Index, locale: Locale) {
    #[cfg(not(feature = "whole"))]
    if browser::has_root_attribute(TAKEN) {
        return;
    }
    let page = Page::new(Data::new(index, locale), &browser::query());
    #[cfg(feature = "whole")]
    if browser::has_root_attribute(UPGRADING) {
        return place_over(page, !page.view.get_untracked().is_first());
    }
    #[cfg(feature = "whole")]
    if page.embed.is_some() {
        return place_over(page, false);
    }
    let (Some(place), Some(beside)) = (browser::element("app"), browser::detached_element()) else { return };
    let mounted = build(page, &beside);
    replace_static(page, &place, &beside);
    // Whoever comes next ends this program before it takes its place.
    browser::once_at_window(LEAVE, move || drop(mounted));
}

/// Puts a page with another index over the one that runs, at the same address.
#[cfg(feature = "whole")]
pub(super) fn show(index: Index) {
    // What is derived of a large index is a task by itself, and the elements are one.
    let data = Data::new(index, browser::locale());
    browser::after_frame(Box::new(move || {
        let page = Page::new(data, &browser::query());
        if page.view.get_untracked() != crate::query::View::Import {
            return place_over(page, false);
        }
        // Nothing in this view looks for its elements in the document before it is there.
        if let Some((beside, mounted)) = built(page) {
            browser::after_frame(Box::new(move || {
                // The reader may have gone elsewhere meanwhile.
                page.follow(&browser::query());
                take_place(&beside, mounted, false);
            }));
        }
    }));
}

#[cfg(feature = "whole")]
fn place_over(page: Page, to_top: bool) {
    if let Some((beside, mounted)) = built(page) {
        take_place(&beside, mounted, to_top);
    }
}

/// The whole page, beside the document.
#[cfg(feature = "whole")]
fn built(page: Page) -> Option<(web_sys::HtmlElement, Box<dyn std::any::Any>)> {
    let beside = browser::detached_element()?;
    page.parts.set(usize::MAX);
    // The reader may be anywhere in it.
    page.draw_all_lines();
    let mounted = build(page, &beside);
    Some((beside, mounted))
}

#[cfg(feature = "whole")]
fn take_place(beside: &web_sys::HtmlElement, mounted: Box<dyn std::any::Any>, to_top: bool) {
    let Some(place) = browser::element("app") else { return };
    super::takeover::take_over(&place, beside, to_top);
    browser::once_at_window(LEAVE, move || drop(mounted));
}

/// The app in an element that is not on the page yet.
/// It stays until what is returned is dropped.
fn build(page: Page, beside: &web_sys::HtmlElement) -> Box<dyn std::any::Any> {
    Box::new(mount_to(beside.clone(), move || {
        if let Some(window) = browser::window() {
            browser::listen::<web_sys::Event>(&window, "popstate", move |_| page.follow(&browser::query()));
        }
        Effect::new(move || {
            browser::set_root_attribute(
                "data-theme",
                page.dress.with(|dress| dress.theme.map(|theme| theme.slug())),
            );
        });
        if page.data.index.totals.is_some() {
            browser::set_root_attribute(PART, Some(""));
            look_out(page);
        }
        #[cfg(feature = "whole")]
        if page.embed.is_none() {
            super::header::keep_title(page);
            super::own::attach(page);
            super::share::attach(page);
        }
        app(page)
    }))
}

/// Gives the header that was made the name and links that are on the page: they are the publisher's, and no program
/// knows them.
pub(super) fn keep_name(place: &web_sys::Element, beside: &web_sys::Element) {
    const NAME: &str = ".site-title";
    if let (Some(name), Some(made)) = (find(place, NAME), find(beside, NAME)) {
        made.set_text_content(None);
        move_children(&name, &made, None);
    }
}

/// Puts the app where the static view is, whose parts go one by one.
fn replace_static(page: Page, place: &web_sys::Element, beside: &web_sys::Element) {
    keep_name(place, beside);
    let mut fixed = None;
    if let (Some(main), Some(made)) = (find(place, "main"), find(beside, "main")) {
        // The element stays, so that nothing on the screen moves: the new parts go into it.
        fixed = main.first_element_child();
        move_children(&made, &main, fixed.as_deref());
        made.remove();
        while let Some(child) = place.first_element_child().filter(|child| *child != main) {
            child.remove();
        }
    }
    move_children(beside, place, place.first_child().as_ref());
    browser::set_root_attribute("data-state", Some("filling"));
    fill(page, fixed);
}

fn find(within: &web_sys::Element, selector: &str) -> Option<web_sys::Element> {
    within.query_selector(selector).ok().flatten()
}

pub(super) fn move_children(from: &web_sys::Element, to: &web_sys::Element, before: Option<&web_sys::Node>) {
    while let Some(child) = from.first_child() {
        let _ = to.insert_before(&child, before);
    }
}

/// Takes from the static page what is there anew, beginning with `fixed`, and goes on with the next part.
fn fill(page: Page, mut fixed: Option<web_sys::Element>) {
    let done = page.parts.get_untracked();
    let stays = |child: &web_sys::Element| !cfg!(feature = "whole") && child.id() == KEPT;
    let gone = match done {
        // The controls and the table.
        0 => 2,
        // What is in menus is in what is gone.
        1 => 0,
        _ if done < PARTS => 1,
        _ => usize::MAX,
    };
    for _ in 0..gone {
        let Some(child) = fixed.take().filter(|child| !stays(child)) else { break };
        fixed = child.next_element_sibling();
        child.remove();
    }
    if done >= PARTS {
        browser::set_root_attribute("data-state", Some("ready"));
        return;
    }
    // Charts are of all rows.
    if done == 1 && page.data.index.is_cut() {
        page.want_rest();
        return;
    }
    browser::later(Box::new(move || {
        page.parts.set(done + 1);
        fill(page, fixed);
    }));
}

/// Shows somebody else's results, or tells the document why not.
#[cfg(feature = "whole")]
fn show_foreign(index: Result<Index, LoadError>, locale: Locale) {
    let index = index.and_then(|index| match index.totals {
        Some(_) => Err(LoadError::Part),
        None => Ok(index),
    });
    match index {
        Ok(index) => {
            let latest = index.latest().map(|date| format!("newest run {}", date.day()));
            browser::set_root_attribute("data-foreign-latest", latest.as_deref());
            place_over(Page::new(Data::new(index, locale), &browser::query()), false);
        }
        Err(error) => {
            browser::once_at_window("again", || spawn_local(load(true)));
            browser::set_root_attribute("data-refused", Some(&format!("{error}\n{}", error.hint(true))));
        }
    }
}

/// Says what failed, above whatever is already on the page; where it was tried again, the focus stays on the button
/// that tries.
fn show_failure(error: &LoadError, again: bool) {
    const PLACE: &str = "load-error";
    let Some(place) = place(PLACE) else { return };
    let message = format!("{error}.{}", error.hint(false));
    let retry = || {
        let _ = self::place(PLACE);
        spawn_local(load(true));
    };
    mount_to(place, move || failure(&message, INDEX_URL, Box::new(retry)).build()).forget();
    if again {
        browser::focus_later(vec![format!("#{PLACE} button")], false);
    }
}

/// An element of the page's frame, emptied.
fn place(id: &str) -> Option<web_sys::HtmlElement> {
    let place = browser::element(id)?;
    place.set_text_content(None);
    place.dyn_into().ok()
}
