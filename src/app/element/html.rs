//! Elements as HTML, for the static page. Programs make elements, and never take over those of a page.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
#[cfg(feature = "snapshot")]
use leptos::tachys::html::{
    attribute::{any_attribute::IntoAnyAttribute, custom::custom_attribute},
    class::class,
};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Position, PositionState, Render};

#[cfg(feature = "snapshot")]
use super::{CLASS, Child, Parts};
use super::{El, Made};

no_attrs!(El);

impl RenderHtml for El {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    #[cfg(not(feature = "snapshot"))]
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    #[cfg(feature = "snapshot")]
    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        more: Vec<AnyAttribute>,
    ) {
        let Parts { tag, fixed, attributes, children } = *self.0;
        let fixed = fixed.into_iter().map(|(name, value)| match name {
            CLASS => class(value).into_any_attr(),
            _ => custom_attribute(name, value).into_any_attr(),
        });
        let attributes: Vec<AnyAttribute> = fixed.chain(attributes).collect();
        let children: Vec<AnyView> = children
            .into_iter()
            .map(|child| match child {
                Child::Text(text) => text.into_any(),
                Child::Element(child) => child.build(),
                Child::View(view) => view,
            })
            .collect();
        leptos::tachys::html::element::custom(tag).add_any_attr(attributes).child(children).to_html_with_buf(
            html,
            position,
            escape,
            mark_branches,
            more,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Made {
        Render::build(self)
    }

    fn into_owned(self) -> Self {
        self
    }
}
