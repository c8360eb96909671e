//! Elements as values: what one says now is compared with what it said before, and only what differs is changed.
//!
//! Rows are many and change often, and little of each: an element of Leptos costs more to make than the browser's own
//! (its state is boxed per attribute and text), and is made anew where its words are others. Whoever has the values of an
//! element can copy it and change the copy, too, which costs a browser less than making one.

use leptos::prelude::AnyView;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::browser;
use super::element::el;

/// An element with all that is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    name: &'static str,
    /// Names and values; `style` is set by script, which the content security policy allows, and not in the static page.
    attributes: Vec<(&'static str, String)>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Element(Tag),
}

/// An element with a class; no class for an empty text.
#[inline(never)]
pub fn tag(name: &'static str, class: &str) -> Tag {
    let attributes = if class.is_empty() { Vec::new() } else { vec![("class", class.to_owned())] };
    Tag { name, attributes, parts: Vec::new() }
}

impl Tag {
    /// Sets an attribute.
    pub fn attr(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, value.into())
    }

    #[inline(never)]
    fn set(mut self, name: &'static str, value: String) -> Self {
        self.attributes.push((name, value));
        self
    }

    /// Adds text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.push(Part::Text(text.into()))
    }

    /// Adds words from the data, which may be of any script and must not turn round what stands beside them.
    pub fn words(self, text: &str) -> Self {
        if text.is_ascii() { self.text(text) } else { self.child(tag("bdi", "").text(text)) }
    }

    /// Adds an element.
    pub fn child(self, child: Self) -> Self {
        self.push(Part::Element(child))
    }

    /// Adds an element that may be missing.
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    #[inline(never)]
    fn push(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The element as a view, with another one behind what is in it.
    pub fn view(self, inside: Option<AnyView>) -> AnyView {
        let is_attribute = |(name, _): &(&str, String)| *name != "style";
        let element = self
            .attributes
            .into_iter()
            .filter(is_attribute)
            .fold(el(self.name, ""), |element, (name, value)| element.attr(name, value));
        let element = self.parts.into_iter().fold(element, |element, part| match part {
            Part::Text(text) => element.text(text),
            Part::Element(part) => element.view(part.view(None)),
        });
        element.children(inside.into_iter().collect()).build()
    }

    /// The element, made; `None` in a page that has no document.
    pub fn make(&self) -> Option<Element> {
        let document = browser::document();
        let element = or_crash(document.and_then(|document| document.create_element(self.name).ok()))?;
        tag(self.name, "").become_other(&element, self);
        Some(element)
    }

    /// A copy of an element that says this, changed to what another one of the same tag says.
    pub fn copy(&self, element: &Element, other: &Self) -> Option<Element> {
        let copy = element.clone_node_with_deep(true).ok().and_then(|copy| copy.dyn_into().ok());
        let copy: Element = or_crash(copy)?;
        self.become_other(&copy, other);
        Some(copy)
    }

    /// Changes an element that says this to what another one of the same tag says.
    pub fn become_other(&self, element: &Element, other: &Self) {
        change_attributes(element, &self.attributes, &other.attributes);
        if self.parts == other.parts {
            return;
        }
        let mut next = element.first_child();
        for (at, part) in other.parts.iter().enumerate() {
            let Some(node) = next else {
                append(element, part);
                continue;
            };
            next = node.next_sibling();
            match (self.parts.get(at), part) {
                (Some(before), now) if before == now => {}
                (Some(Part::Text(_)), Part::Text(text)) => node.set_node_value(Some(text)),
                (Some(Part::Element(before)), Part::Element(now)) if before.name == now.name => {
                    if let Some(element) = node.dyn_ref() {
                        before.become_other(element, now);
                    }
                }
                (_, now) => {
                    if let Some(made) = now.node() {
                        let _ = element.replace_child(&made, &node);
                    }
                }
            }
        }
        while let Some(node) = next {
            next = node.next_sibling();
            let _ = element.remove_child(&node);
        }
    }
}

impl Part {
    fn node(&self) -> Option<Node> {
        match self {
            Self::Text(text) => Some(browser::document()?.create_text_node(text).into()),
            Self::Element(element) => element.make().map(Into::into),
        }
    }
}

/// Marks the document as a panic does where a browser makes nothing: a table that lacks lines would say something else.
fn or_crash<T>(made: Option<T>) -> Option<T> {
    if made.is_none() {
        browser::set_root_attribute("data-crashed", Some("the browser made no element"));
    }
    made
}

fn append(element: &Element, part: &Part) {
    if let Some(made) = part.node() {
        let _ = element.append_child(&made);
    }
}

fn change_attributes(element: &Element, before: &[(&'static str, String)], now: &[(&'static str, String)]) {
    for attribute @ (name, value) in now {
        if !before.contains(attribute) {
            set(element, name, value);
        }
    }
    for (name, _) in before {
        if !now.iter().any(|(other, _)| other == name) {
            let _ = element.remove_attribute(name);
        }
    }
}

/// Sets an attribute.
fn set(element: &Element, name: &str, value: &str) {
    if name != "style" {
        let _ = element.set_attribute(name, value);
    } else if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        element.style().set_css_text(value);
    }
}
