//! Elements of one type.
//!
//! Leptos' `view!` makes a type of its own, and code of its own, for every piece of the page; a page
//! of this size would be twice as large to send. [`El`] is the same element whatever it holds: names
//! and texts are values, and what reacts is a boxed function. Lines of the table, which are many, are
//! values altogether (`tag.rs`).

use leptos::ev;
use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, AnyAttributeState, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::class::class;
use leptos::tachys::html::directive::directive;
use leptos::tachys::html::event::{EventDescriptor, on};
use leptos::tachys::html::property::prop;
use leptos::tachys::html::style::style;
use leptos::tachys::renderer::{Rndr, types};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Render};

mod html;

/// An element under construction: one pointer, so that handing it on costs little code.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    /// Names and values that stay.
    fixed: Vec<(&'static str, String)>,
    /// What follows the state or answers the reader.
    attributes: Vec<AnyAttribute>,
    children: Vec<Child>,
}

enum Child {
    Text(String),
    Element(El),
    View(AnyView),
}

/// What follows the state, whatever its closure.
type Following<T> = Box<dyn Fn() -> T + Send + Sync>;

/// An element in the page. Another one takes its place as a whole.
pub struct Made {
    element: types::Element,
    _kept: Kept,
}

/// What an element and those in it keep up for as long as they are there.
#[derive(Default)]
struct Kept {
    attributes: Vec<AnyAttributeState>,
    views: Vec<AnyViewState>,
}

/// The name of the attribute.
const CLASS: &str = "class";

/// An element with a class; no class for an empty text.
#[inline(never)]
pub fn el(tag: &'static str, name: &str) -> El {
    let fixed = if name.is_empty() { Vec::new() } else { vec![(CLASS, name.to_owned())] };
    El(Box::new(Parts { tag, fixed, attributes: Vec::new(), children: Vec::new() }))
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
    el("div", "scroll-x more-at-end")
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
    fn push(mut self, child: Child) -> Self {
        self.0.children.push(child);
        self
    }

    #[inline(never)]
    fn set(mut self, name: &'static str, value: String) -> Self {
        self.0.fixed.push((name, value));
        self
    }

    #[inline(never)]
    fn follow(mut self, name: &'static str, value: Following<Option<String>>) -> Self {
        self.push_attribute(custom_attribute(name, Signal::derive(value)).into_any_attr());
        self
    }

    #[inline(never)]
    fn follow_value(mut self, value: Following<String>) -> Self {
        self.push_attribute(prop("value", Signal::derive(value)).into_any_attr());
        self
    }

    #[inline(never)]
    fn follow_class(mut self, name: &'static str, holds: Following<bool>) -> Self {
        self.push_attribute(class((name, Signal::derive(holds))).into_any_attr());
        self
    }

    #[inline(never)]
    fn follow_style(mut self, name: &'static str, value: Following<String>) -> Self {
        self.push_attribute(style((name, Signal::derive(value))).into_any_attr());
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
        self.follow(name, Box::new(value))
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
    pub fn value(self, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.follow_value(Box::new(value))
    }

    /// A class while something holds.
    pub fn class_if(self, name: &'static str, holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.follow_class(name, Box::new(holds))
    }

    /// A style property that follows the state, set by script: the content security policy allows
    /// that, and refuses style attributes, so that the static page goes without.
    pub fn style(self, name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> Self {
        if cfg!(feature = "snapshot") { self } else { self.follow_style(name, Box::new(value)) }
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
        self.push(Child::Text(text))
    }

    #[inline(never)]
    fn follow_text(self, text: Following<String>) -> Self {
        self.push(Child::View(Signal::derive(text).into_any()))
    }

    /// Adds text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.push_text(text.into())
    }

    /// Adds text that follows the state.
    pub fn text_fn(self, text: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.follow_text(Box::new(text))
    }

    /// Adds an element.
    #[inline(never)]
    pub fn child(self, child: Self) -> Self {
        self.push(Child::Element(child))
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
        self.push(Child::View(view.into_any()))
    }

    /// Adds views.
    #[inline(never)]
    pub fn children(mut self, children: Vec<AnyView>) -> Self {
        self.0.children.extend(children.into_iter().map(Child::View));
        self
    }

    /// Adds what follows the state.
    pub fn view_fn(self, view: impl Fn() -> AnyView + Send + 'static) -> Self {
        self.push(Child::View(dynamic(view)))
    }

    /// The element as a view.
    #[inline(never)]
    pub fn build(self) -> AnyView {
        self.into_any()
    }

    /// The element with all that is in it, made; what has to be kept up for it goes into `kept`.
    #[inline(never)]
    fn make(self, kept: &mut Kept) -> types::Element {
        let Parts { tag, fixed, attributes, children } = *self.0;
        let element = Rndr::create_element(tag, None);
        for (name, value) in &fixed {
            Rndr::set_attribute(&element, name, value);
        }
        kept.attributes.extend(attributes.into_iter().map(|attribute| attribute.build(&element)));
        for child in children {
            match child {
                Child::Text(text) => Rndr::insert_node(&element, &Rndr::create_text_node(&text), None),
                Child::Element(child) => Rndr::insert_node(&element, &child.make(kept), None),
                Child::View(view) => {
                    let mut view = view.build();
                    view.mount(&element, None);
                    kept.views.push(view);
                }
            }
        }
        element
    }
}

impl Render for El {
    type State = Made;

    fn build(self) -> Made {
        let mut kept = Kept::default();
        Made { element: self.make(&mut kept), _kept: kept }
    }

    fn rebuild(self, state: &mut Made) {
        let mut other = Render::build(self);
        state.insert_before_this(&mut other);
        state.unmount();
        *state = other;
    }
}

impl Mountable for Made {
    fn unmount(&mut self) {
        Rndr::remove(&self.element);
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        Rndr::insert_node(parent, &self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.element.parent_element();
        if let Some(parent) = &parent {
            child.mount(parent, Some(&self.element));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.element.clone()]
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
