//! The browser, one thin wrapper an API. Anything may fail in a sandboxed frame: wrappers shrug.
//!
//! On the host there is no browser; everything here then does nothing.

use std::rc::{Rc, Weak};
use std::time::Duration;

use leptos::prelude::{
    StoredValue, on_cleanup, request_animation_frame_with_handle, set_timeout_with_handle,
};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

#[cfg(feature = "app")]
use crate::format::Locale;
use crate::model::plain;

/// The window; `None` on the host.
pub fn window() -> Option<web_sys::Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}

/// The height of the window in CSS pixels; that of a large one on the host.
pub fn window_height() -> f64 {
    let height = window().and_then(|window| window.inner_height().ok()?.as_f64());
    height.unwrap_or(1_200.0)
}

/// The document.
pub fn document() -> Option<web_sys::Document> {
    window()?.document()
}

/// True while the reader has text selected.
pub fn has_selected_text() -> bool {
    let selection = window().and_then(|window| window.get_selection().ok().flatten());
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// The element with an id.
pub fn element(id: &str) -> Option<web_sys::Element> {
    document()?.get_element_by_id(id)
}

/// A new element that is nowhere on the page.
#[cfg(feature = "app")]
pub fn detached_element() -> Option<web_sys::HtmlElement> {
    document()?.create_element("div").ok()?.dyn_into().ok()
}

/// The query string of the address.
#[cfg(feature = "app")]
pub fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// Adds a step to the history.
pub fn push_query(query: &str) {
    write_query(query, |history, url| history.push_state_with_url(&JsValue::NULL, "", url));
}

/// Rewrites the address without a step in the history. What `tokscope-whole-place.js` notes of this one stays.
pub fn replace_query(query: &str) {
    write_query(query, |history, url| history.replace_state_with_url(&history.state()?, "", url));
}

fn write_query(query: &str, write: fn(&web_sys::History, Option<&str>) -> Result<(), JsValue>) {
    let Some(window) = window() else { return };
    let path = window.location().pathname().unwrap_or_default();
    if let Ok(history) = window.history() {
        // Refused in some sandboxed frames and after very many changes; the page goes on without.
        let _ = write(&history, Some(&format!("{path}{query}")));
    }
}

/// Calls back on every event of a kind, until the component or effect that asks for it is gone.
pub fn listen<E: JsCast + 'static>(
    target: &web_sys::EventTarget,
    kind: &'static str,
    mut act: impl FnMut(E) + 'static,
) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        if let Ok(event) = event.dyn_into::<E>() {
            act(event);
        }
    });
    let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
    keep(Listening { target: target.clone(), kind, closure });
}

/// Keeps a value as long as the component or effect that is running now.
///
/// What calls back into signals must not outlive them: reading one that is gone is a panic.
pub fn keep<T: 'static>(value: T) {
    StoredValue::new_local(value);
}

/// A listener that removes itself.
struct Listening {
    target: web_sys::EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, callback);
    }
}

/// Calls back when a media query starts or stops to hold.
pub fn on_media_change(query: &str, act: impl FnMut(web_sys::Event) + 'static) {
    if let Some(list) = window().and_then(|window| window.match_media(query).ok().flatten()) {
        listen(&list, "change", act);
    }
}

/// True where a media query holds.
pub fn media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// How the reader's language writes numbers, as `boot.js` notes it where that is not as in English: the sign between
/// thousands, if there is one, and that before decimals.
#[cfg(feature = "app")]
pub fn locale() -> Locale {
    let signs = root_attribute("data-numbers").unwrap_or_default();
    let mut signs = signs.chars().rev();
    signs.next().map_or_else(Locale::default, |decimal| Locale { decimal, group: signs.next() })
}

/// Calls back after a while; where an effect asks for it, unless that runs again before.
#[inline(never)]
pub fn after(duration: Duration, act: Box<dyn FnOnce()>) {
    if let Ok(timeout) = set_timeout_with_handle(act, duration) {
        on_cleanup(move || timeout.clear());
    }
}

/// Calls back in a task of its own, soon.
#[inline(never)]
pub fn later(act: Box<dyn FnOnce()>) {
    let _ = set_timeout_with_handle(act, Duration::ZERO);
}

/// Calls back in a task of its own behind the next frame, so that the page is painted between two of them. A page that
/// nobody sees has no frames, and is not waited for.
#[cfg(feature = "whole")]
pub fn after_frame(act: Box<dyn FnOnce()>) {
    const NO_FRAME: Duration = Duration::from_millis(100);
    let act = Rc::new(std::cell::Cell::new(Some(act)));
    let once = move || {
        if let Some(act) = act.take() {
            act();
        }
    };
    let of_time = once.clone();
    let _ = request_animation_frame_with_handle(move || {
        later(Box::new(once));
    });
    let _ = set_timeout_with_handle(of_time, NO_FRAME);
}

/// Moves the focus, once the page has changed, to the first of these selectors that finds an element, and
/// with `to_top` the screen as well.
pub fn focus_later(selectors: Vec<String>, to_top: bool) {
    later(Box::new(move || {
        let found = selectors.iter().find_map(|selector| document()?.query_selector(selector).ok()?);
        let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) else {
            return;
        };
        if to_top {
            element.scroll_into_view();
        }
        let _ = element.focus();
    }));
}

/// Calls back before the next frame, unless the effect that asks for it runs again before.
#[inline(never)]
pub fn at_next_frame(act: Box<dyn FnOnce()>) {
    if let Ok(frame) = request_animation_frame_with_handle(act) {
        on_cleanup(move || frame.cancel());
    }
}

/// Calls back once the effects of what has changed by now have run, and those that they have made.
pub fn behind_effects(act: impl FnOnce() + 'static) {
    spawn_local(async move { spawn_local(async move { act() }) });
}

/// Sets or removes an attribute of the root element.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// An attribute of the root element.
#[cfg(any(feature = "app", feature = "whole"))]
pub fn root_attribute(name: &str) -> Option<String> {
    document()?.document_element()?.get_attribute(name)
}

/// The address of somebody else's index, once the reader agreed to ask for it.
#[cfg(feature = "whole")]
pub fn foreign() -> Option<String> {
    root_attribute("data-foreign").filter(|address| !address.is_empty())
}

/// True where the root element has an attribute.
#[cfg(feature = "app")]
pub fn has_root_attribute(name: &str) -> bool {
    let root = document().and_then(|document| document.document_element());
    root.is_some_and(|root| root.has_attribute(name))
}

/// Calls back at the first event of a kind that the window gets.
#[cfg(feature = "app")]
pub fn once_at_window(kind: &str, act: impl FnOnce() + 'static) {
    let Some(window) = window() else { return };
    let options = web_sys::AddEventListenerOptions::new();
    options.set_once(true);
    let once = Closure::once_into_js(act);
    let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
        kind,
        once.unchecked_ref(),
        &options,
    );
}

/// Sends the window an event of a kind.
#[cfg(feature = "app")]
pub fn tell_window(kind: &str) {
    if let (Some(window), Ok(event)) = (window(), web_sys::Event::new(kind)) {
        let _ = window.dispatch_event(&event);
    }
}

/// Device pixels per CSS pixel.
pub fn pixel_ratio() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(0.5, 8.0)
}

/// The computed value of a colour property of the root element.
pub fn root_colour(property: &str) -> Option<String> {
    let root = document()?.document_element()?;
    window()?.get_computed_style(&root).ok()??.get_property_value(property).ok()
}

/// Calls back whenever the drawing surface may look different: size, zoom, screen, colours.
pub fn on_surroundings_change(act: impl Fn() + Clone + 'static) {
    let Some(window) = window() else { return };
    let resized = act.clone();
    listen::<web_sys::Event>(&window, "resize", move |_| resized());
    for query in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
        let changed = act.clone();
        on_media_change(query, move |_| changed());
    }
    on_ratio_change(act);
}

/// A move to another screen changes the ratio without a resize; each ratio has its own query.
fn on_ratio_change(act: impl Fn() + 'static) {
    let asking = Rc::new(());
    await_ratio(Rc::downgrade(&asking), act);
    keep(asking);
}

/// Waits for the next change as long as someone asks for it.
fn await_ratio(asking: Weak<()>, act: impl Fn() + 'static) {
    let query = format!("(resolution: {}dppx)", plain(pixel_ratio()));
    let Some(list) = window().and_then(|window| window.match_media(&query).ok().flatten()) else { return };
    let once = Closure::once_into_js(move || {
        if asking.strong_count() > 0 {
            act();
            await_ratio(asking, act);
        }
    });
    let options = web_sys::AddEventListenerOptions::new();
    options.set_once(true);
    let _ = list.add_event_listener_with_callback_and_add_event_listener_options(
        "change",
        once.unchecked_ref(),
        &options,
    );
}

/// Calls back with the width of an element, now and whenever it changes, until the component or effect
/// that asks for it is gone.
pub fn on_width_change(element: &web_sys::Element, act: impl Fn(f64) + 'static) {
    let closure = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last =
            entries.iter().last().and_then(|entry| entry.dyn_into::<web_sys::ResizeObserverEntry>().ok());
        if let Some(entry) = last {
            act(entry.content_rect().width());
        }
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) {
        observer.observe(element);
        keep(Observing { stop: Box::new(move || observer.disconnect()), _closure: closure });
    }
}

/// How near to the screen an element is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// So far that it is not drawn.
    Far,
    /// Not on the screen, and soon if the reader scrolls.
    Near,
    /// On the screen, in part at least.
    Seen,
}

/// How many screens away an element is near.
const NEAR: f64 = 0.25;

impl Nearness {
    /// That of an element as the page is now.
    pub fn now(element: &web_sys::Element) -> Self {
        Self::of(&element.get_bounding_client_rect())
    }

    /// That of a place in the window. What is hidden has none.
    pub fn of(place: &web_sys::DomRectReadOnly) -> Self {
        let height = window_height();
        let reaches =
            |more: f64| place.width() > 0.0 && place.bottom() >= -more && place.top() <= height + more;
        match (reaches(0.0), reaches(NEAR * height)) {
            (true, _) => Self::Seen,
            (false, true) => Self::Near,
            (false, false) => Self::Far,
        }
    }
}

/// Calls back when an element comes near the screen and when it goes, until the component
/// or effect that asks for it is gone. Where a browser does not say, everything is seen. A browser may know another screen
/// than the window's: what it says to be near is so.
pub fn on_nearness_change(element: &web_sys::Element, act: impl Fn(Nearness) + 'static) {
    let act = Rc::new(act);
    let told = Rc::clone(&act);
    let closure = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last = entries
            .iter()
            .last()
            .and_then(|entry| entry.dyn_into::<web_sys::IntersectionObserverEntry>().ok());
        if let Some(entry) = last {
            told(match (entry.is_intersecting(), Nearness::of(&entry.bounding_client_rect())) {
                (false, _) => Nearness::Far,
                (true, Nearness::Far) => Nearness::Near,
                (true, now) => now,
            });
        }
    });
    let options = web_sys::IntersectionObserverInit::new();
    options.set_root_margin(&format!("{}%", plain(NEAR * 100.0)));
    match web_sys::IntersectionObserver::new_with_options(closure.as_ref().unchecked_ref(), &options) {
        Ok(observer) => {
            observer.observe(element);
            keep(Observing { stop: Box::new(move || observer.disconnect()), _closure: closure });
        }
        Err(_) => act(Nearness::Seen),
    }
}

/// An observer that stops by itself.
struct Observing {
    stop: Box<dyn Fn()>,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Observing {
    fn drop(&mut self) {
        (self.stop)();
    }
}
