//! Elements of one type.
//!
//! Leptos' `view!` makes a type of its own, and code of its own, for every piece of the page; a page
//! of this size would be twice as large to send. [`El`] is the same element whatever it holds: names
//! and texts are values, and what reacts is a boxed function. Lines of the table, which are many, are
//! values altogether (`tag.rs`).

use leptos::ev;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::class::class;
use leptos::tachys::html::directive::directive;
use leptos::tachys::html::element::custom;
use leptos::tachys::html::event::{EventDescriptor, on};
use leptos::tachys::html::property::prop;
use leptos::tachys::html::style::style;

/// An element under construction: one pointer, so that handing it on costs little code.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with a class; no class for an empty text.
#[inline(never)]
pub fn el(tag: &'static str, name: &str) -> El {
    let mut element = El(Box::new(Parts { tag, attributes: Vec::new(), children: Vec::new() }));
    if !name.is_empty() {
        element.push_attribute(class(name.to_owned()).into_any_attr());
    }
    element
}

/// A button with a class.
pub fn button(name: &str) -> El {
    el("button", name).attr("type", "button")
}

/// A cell of a table with numbers.
pub fn number_cell(text: impl Into<String>) -> El {
    el("td", "number").text(text)
}

/// A table with column headings; those that name a number stand at the end of their column.
pub fn plain_table(caption: &'static str, headings: Vec<El>, lines: Vec<AnyView>) -> El {
    let caption = (!caption.is_empty()).then(|| el("caption", "").text(caption));
    el("table", "plain-table")
        .maybe(caption)
        .child(el("thead", "").child(headings.into_iter().fold(el("tr", ""), El::child)))
        .child(el("tbody", "").children(lines))
}

/// A heading of a column.
pub fn heading(text: impl Into<String>, is_number: bool) -> El {
    el("th", if is_number { "number" } else { "" }).attr("scope", "col").text(text)
}

/// A box that scrolls sideways on narrow screens, and can be reached by keyboard.
pub fn scroll_box(label: impl Into<String>, content: El) -> El {
    el("div", "scroll-x")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", label)
        .child(content)
}

/// Methods that take a closure or a text of any type hand over to one that does not: the code of a
/// page with a thousand elements is mostly calls to these.
impl El {
    #[inline(never)]
    fn push_attribute(&mut self, attribute: AnyAttribute) {
        self.0.attributes.push(attribute);
    }

    #[inline(never)]
    fn push(mut self, view: AnyView) -> Self {
        self.0.children.push(view);
        self
    }

    #[inline(never)]
    fn set(mut self, name: &'static str, value: String) -> Self {
        self.push_attribute(custom_attribute(name, value).into_any_attr());
        self
    }

    #[inline(never)]
    fn follow(mut self, name: &'static str, value: Signal<Option<String>>) -> Self {
        self.push_attribute(custom_attribute(name, value).into_any_attr());
        self
    }

    /// Sets an attribute.
    pub fn attr(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, value.into())
    }

    /// An attribute that follows the state; absent for `None`.
    pub fn bind(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.follow(name, Signal::derive(value))
    }

    /// An attribute that is `true` or `false`, as ARIA states are.
    pub fn state(self, name: &'static str, value: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.bind(name, move || Some(if value() { "true" } else { "false" }.to_owned()))
    }

    /// Whether a box is ticked or a button chosen.
    #[cfg(feature = "whole")]
    pub fn checked(mut self, value: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.push_attribute(prop("checked", Signal::derive(value)).into_any_attr());
        self
    }

    /// What a field holds.
    pub fn value(mut self, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.push_attribute(prop("value", Signal::derive(value)).into_any_attr());
        self
    }

    /// A class while something holds.
    pub fn class_if(mut self, name: &'static str, holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.push_attribute(class((name, Signal::derive(holds))).into_any_attr());
        self
    }

    /// A style property that follows the state, set by script: the content security policy allows
    /// that, and refuses style attributes, so that the static page goes without.
    pub fn style(mut self, name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        if cfg!(feature = "snapshot") {
            return self;
        }
        self.push_attribute(style((name, Signal::derive(value))).into_any_attr());
        self
    }

    /// Calls back with the browser's element once it is made; never in the static page.
    pub fn made(mut self, act: impl Fn(web_sys::Element) + 'static) -> Self {
        self.push_attribute(directive(act, ()).into_any_attr());
        self
    }

    /// Calls back on a click.
    pub fn on_click(self, act: impl FnMut(ev::MouseEvent) + 'static) -> Self {
        self.on(ev::click, act)
    }

    /// Calls back on an event.
    pub fn on<E>(mut self, event: E, act: impl FnMut(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor + Send + 'static,
        E::EventType: From<wasm_bindgen::JsValue> + 'static,
    {
        let act: Box<dyn FnMut(E::EventType)> = Box::new(act);
        self.push_attribute(on(event, act).into_any_attr());
        self
    }

    #[inline(never)]
    fn push_text(self, text: String) -> Self {
        self.push(text.into_any())
    }

    #[inline(never)]
    fn push_signal(self, text: Signal<String>) -> Self {
        self.push(text.into_any())
    }

    /// Adds text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.push_text(text.into())
    }

    /// Adds text that follows the state.
    pub fn text_fn(self, text: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.push_signal(Signal::derive(text))
    }

    /// Adds an element.
    #[inline(never)]
    pub fn child(self, child: Self) -> Self {
        self.push(child.build())
    }

    /// Adds an element that may be missing.
    #[inline(never)]
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds a view.
    pub fn view(self, view: impl IntoAny) -> Self {
        self.push(view.into_any())
    }

    /// Adds views.
    #[inline(never)]
    pub fn children(mut self, children: Vec<AnyView>) -> Self {
        self.0.children.extend(children);
        self
    }

    /// Adds what follows the state.
    pub fn view_fn(self, view: impl Fn() -> AnyView + Send + 'static) -> Self {
        self.push(dynamic(view))
    }

    /// The element as a view.
    #[inline(never)]
    pub fn build(self) -> AnyView {
        let Parts { tag, attributes, children } = *self.0;
        custom(tag).add_any_attr(attributes).child(children).into_any()
    }
}

/// A view that follows the state.
pub fn dynamic(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    boxed(Box::new(view))
}

#[inline(never)]
fn boxed(view: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// Nothing.
#[inline(never)]
pub fn nothing() -> AnyView {
    ().into_any()
}

/// The views of elements.
pub fn views(elements: impl IntoIterator<Item = El>) -> Vec<AnyView> {
    elements.into_iter().map(El::build).collect()
}
