//! Definitions on dotted labels: hover, focus or tap shows one, Escape closes it.
//!
//! A label only names its term; one listener and one tooltip serve the whole page. Screen readers
//! get the definition by `aria-describedby`, from the glossary that is always in the document.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::browser;
use super::element::{El, button, dynamic, el, nothing};
use super::state::Page;

/// A dotted label with a definition from the glossary.
pub fn term(id: &'static str, words: impl Into<String>) -> El {
    button("term").attr("data-term", id).attr("aria-describedby", describe(id)).text(words)
}

/// The id of the glossary entry's element.
pub fn describe(id: &str) -> String {
    format!("term-{id}")
}

/// What the tooltip shows and where.
#[derive(Clone, PartialEq)]
struct Shown {
    title: String,
    text: String,
    left: f64,
    top: f64,
    above: bool,
}

/// The one tooltip of the page; reads what lies under pointer and focus.
pub fn tooltip(page: Page) -> AnyView {
    let shown = RwSignal::new(None::<Shown>);
    let show = move |target: Option<web_sys::EventTarget>| {
        let label = target
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("[data-term], [data-tip], #tooltip").ok().flatten());
        match label {
            Some(label) if label.id() == "tooltip" => {}
            Some(label) => {
                let next = describe_element(&label, page.data);
                if shown.with_untracked(|now| *now != next) {
                    shown.set(next);
                }
            }
            None if shown.with_untracked(Option::is_some) => shown.set(None),
            None => {}
        }
    };
    Effect::new(move || {
        let Some(document) = browser::document() else { return };
        browser::listen::<web_sys::Event>(&document, "pointerover", move |event| show(event.target()));
        browser::listen::<web_sys::Event>(&document, "pointerdown", move |event| {
            show(event.target());
            close_menus(event.target());
        });
        browser::listen::<web_sys::Event>(&document, "focusin", move |event| {
            show(event.target());
            close_menus(event.target());
        });
        browser::listen::<web_sys::KeyboardEvent>(&document, "keydown", move |event| {
            if event.key() == "Escape" {
                shown.set(None);
                close_menus(None);
            }
        });
        if let Some(window) = browser::window() {
            browser::listen::<web_sys::Event>(&window, "scroll", move |_| {
                if shown.with_untracked(Option::is_some) {
                    shown.set(None);
                }
            });
        }
    });
    dynamic(move || {
        let Some(shown) = shown.get() else { return nothing() };
        let class = if shown.above { "tooltip above" } else { "tooltip" };
        el("div", class)
            .attr("id", "tooltip")
            .attr("role", "tooltip")
            .style("left", move || format!("{:.1}px", shown.left))
            .style("top", move || format!("{:.1}px", shown.top))
            .child(el("strong", "").text(shown.title))
            .child(el("span", "").text(shown.text))
            .build()
    })
}

/// The tooltip of a label, below it, or above it near the foot of the window.
fn describe_element(label: &web_sys::Element, data: &'static super::Data) -> Option<Shown> {
    let (title, text) = match label.get_attribute("data-term") {
        Some(id) => {
            let term = data.index.catalog.term(&id)?;
            let unit = term.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
            (format!("{}{unit}", term.term), term.short.clone())
        }
        None => (String::new(), label.get_attribute("data-tip")?),
    };
    let place = label.get_bounding_client_rect();
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64());
    let window = browser::window()?;
    let (width, height) = (size(window.inner_width())?, size(window.inner_height())?);
    let above = place.bottom() > height - 160.0;
    let left = place.left().min(width - 336.0).max(8.0);
    Some(Shown { title, text, left, top: if above { place.top() } else { place.bottom() }, above })
}

/// Closes the open filter menus that do not hold the target.
fn close_menus(target: Option<web_sys::EventTarget>) {
    let target = target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let Some(open) = browser::document()
        .and_then(|document| document.query_selector("details.facet[open]").ok().flatten())
    else {
        return;
    };
    if !open.contains(target.as_ref()) {
        let had_focus = open.contains(browser::document().and_then(|d| d.active_element()).as_deref());
        let _ = open.remove_attribute("open");
        let summary = open.query_selector("summary").ok().flatten();
        if let Some(summary) = summary.and_then(|s| s.dyn_into::<web_sys::HtmlElement>().ok())
            && had_focus
            && target.is_none()
        {
            let _ = summary.focus();
        }
    }
}
