//! Elements of one type.
//!
//! Leptos' `view!` makes a type of its own, and code of its own, for every piece of the page; a page
//! of this size would be twice as large to send. [`El`] is the same element whatever it holds: names
//! and texts are values, and what reacts is a boxed function. `view!` is left for what needs a node
//! reference or the SVG namespace.

use leptos::ev;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::class::class;
use leptos::tachys::html::element::custom;
use leptos::tachys::html::event::{EventDescriptor, on};
use leptos::tachys::html::property::prop;
use leptos::tachys::html::style::style;

/// An element under construction.
pub struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with a class; no class for an empty text.
pub fn el(tag: &'static str, name: &str) -> El {
    let mut attributes = Vec::new();
    if !name.is_empty() {
        attributes.push(class(name.to_owned()).into_any_attr());
    }
    El { tag, attributes, children: Vec::new() }
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

impl El {
    /// Sets an attribute.
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push(custom_attribute(name, value.into()).into_any_attr());
        self
    }

    /// An attribute that follows the state; absent for `None`.
    pub fn bind(
        mut self,
        name: &'static str,
        value: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.attributes.push(custom_attribute(name, Signal::derive(value)).into_any_attr());
        self
    }

    /// An attribute that is `true` or `false`, as ARIA states are.
    pub fn state(self, name: &'static str, value: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.bind(name, move || Some(value().to_string()))
    }

    /// Whether a box is ticked or a button chosen.
    pub fn checked(mut self, value: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.attributes.push(prop("checked", Signal::derive(value)).into_any_attr());
        self
    }

    /// What a field holds.
    pub fn value(mut self, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.attributes.push(prop("value", Signal::derive(value)).into_any_attr());
        self
    }

    /// A class while something holds.
    pub fn class_if(mut self, name: &'static str, holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.attributes.push(class((name, Signal::derive(holds))).into_any_attr());
        self
    }

    /// A style property that follows the state, set by script: the content security policy allows
    /// that, and refuses style attributes.
    pub fn style(mut self, name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.attributes.push(style((name, Signal::derive(value))).into_any_attr());
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
        self.attributes.push(on(event, act).into_any_attr());
        self
    }

    /// Adds text.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(text.into().into_any());
        self
    }

    /// Adds text that follows the state.
    pub fn text_fn(mut self, text: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.children.push(Signal::derive(text).into_any());
        self
    }

    /// Adds an element.
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child.build());
        self
    }

    /// Adds an element that may be missing.
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds a view.
    pub fn view(mut self, view: impl IntoAny) -> Self {
        self.children.push(view.into_any());
        self
    }

    /// Adds views.
    pub fn children(mut self, children: Vec<AnyView>) -> Self {
        self.children.extend(children);
        self
    }

    /// Adds what follows the state.
    pub fn view_fn(self, view: impl Fn() -> AnyView + Send + 'static) -> Self {
        self.view(dynamic(view))
    }

    /// The element as a view.
    pub fn build(self) -> AnyView {
        custom(self.tag).add_any_attr(self.attributes).child(self.children).into_any()
    }
}

/// A view that follows the state.
pub fn dynamic(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let view: Box<dyn FnMut() -> AnyView + Send> = Box::new(view);
    view.into_any()
}

/// Nothing.
pub fn nothing() -> AnyView {
    ().into_any()
}

/// The views of elements.
pub fn views(elements: impl IntoIterator<Item = El>) -> Vec<AnyView> {
    elements.into_iter().map(El::build).collect()
}
