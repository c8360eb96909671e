//! Definitions on dotted labels: hover, focus or tap shows one, Escape closes it.
//!
//! A label only names its term; one listener and one tooltip serve the whole page. Screen readers
//! get the definition by `aria-describedby`, from the glossary that is always in the document.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::browser;
use super::element::{El, button, dynamic, el, nothing};
use crate::model::plain;

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
pub fn tooltip() -> AnyView {
    let shown = RwSignal::new(None::<Shown>);
    let label = StoredValue::new_local(None::<web_sys::Element>);
    let show = move |next: Option<web_sys::Element>| {
        let described = next.as_ref().and_then(describe_element);
        label.set_value(next.filter(|_| described.is_some()));
        if shown.with_untracked(|now| *now != described) {
            shown.set(described);
        }
    };
    let reach = move |target: Option<web_sys::EventTarget>| match labelled(target) {
        Some(label) if label.id() == "tooltip" => {}
        next => show(next),
    };
    // Tab scrolls the page away under a pointer that rests: that closes nothing.
    let point = move |target: Option<web_sys::EventTarget>| {
        let by_keyboard = ":focus-visible, :has(:focus-visible)";
        let kept = |label: &web_sys::Element| label.matches(by_keyboard).unwrap_or(false);
        if labelled(target.clone()).is_some() || !label.with_value(|label| label.as_ref().is_some_and(kept)) {
            reach(target);
        }
    };
    Effect::new(move || {
        let Some(document) = browser::document() else { return };
        browser::listen::<web_sys::Event>(&document, "pointerover", move |event| point(event.target()));
        for reaching in ["pointerdown", "focusin"] {
            browser::listen::<web_sys::Event>(&document, reaching, move |event| {
                reach(event.target());
                close_menus(event.target());
            });
        }
        browser::listen::<web_sys::KeyboardEvent>(&document, "keydown", move |event| {
            if event.key() == "Escape" {
                show(None);
                close_menus(None);
            }
        });
        if let Some(window) = browser::window() {
            // It moves along with its label, as Tab scrolls to what it reaches. In the frame that follows, not while the
            // event is on its way: Firefox remarks on that, for it scrolls ahead of such places.
            // By then another program may have taken this one's place.
            let follow = move || {
                if let Some(Some(label)) = label.try_get_value() {
                    show(Some(label));
                }
            };
            browser::listen::<web_sys::Event>(&window, "scroll", move |_| {
                browser::at_next_frame(Box::new(follow))
            });
        }
    });
    dynamic(move || {
        let Some(shown) = shown.get() else { return nothing() };
        let class = if shown.above { "tooltip above" } else { "tooltip" };
        el("div", class)
            .attr("id", "tooltip")
            .attr("role", "tooltip")
            .style("left", move || format!("{}px", plain(shown.left)))
            .style("top", move || format!("{}px", plain(shown.top)))
            .child(el("strong", "").text(shown.title))
            .child(el("span", "").text(shown.text))
            .build()
    })
}

/// The label that holds a target, or the tooltip itself.
fn labelled(target: Option<web_sys::EventTarget>) -> Option<web_sys::Element> {
    let element = target?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("[data-term], [data-tip], #tooltip").ok().flatten()
}

/// The tooltip of a label, below it, or above it near the foot of the window; none outside of it.
fn describe_element(label: &web_sys::Element) -> Option<Shown> {
    let (title, text) = match label.get_attribute("data-term") {
        Some(id) => {
            let definition = browser::element(&describe(&id))?;
            let name = definition.previous_element_sibling()?;
            (name.text_content()?, definition.text_content()?)
        }
        None => (String::new(), label.get_attribute("data-tip")?),
    };
    let place = label.get_bounding_client_rect();
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64());
    let window = browser::window()?;
    let (width, height) = (size(window.inner_width())?, size(window.inner_height())?);
    if place.bottom() < 0.0 || place.top() > height {
        return None;
    }
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
