//! Filters, toggles and search: everything that changes what the table shows.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::browser;
use super::chips::{chips, notices, rest_notice, status};
use super::definitions::{describe, term};
use super::element::{El, el, nothing, views};
use super::part;
use super::state::Page;
use crate::format::Locale;
use crate::index::Index;
use crate::model::Metric;
use crate::model::catalog::Shape;
use crate::query::{Answer, Column, Concurrency, Facet, Grouping, Selection, shapes_used};

/// How many served shapes have a button of their own.
const SHAPE_BUTTONS: usize = 8;

/// Every control, the active filters and the status line.
pub fn controls(page: Page) -> AnyView {
    let filters = Facet::ALL
        .into_iter()
        .fold(el("div", "control-row"), |row, facet| row.child(facet_menu(page, facet)));
    let toggles = el("div", "control-row")
        .child(metric_toggle(page))
        .child(concurrency_toggle(page))
        .child(shape_toggle(page))
        .maybe(more_shapes(page));
    #[cfg(feature = "whole")]
    let toggles = toggles.view(super::own::filter(page));
    el("section", "controls")
        .attr("aria-label", "Filters")
        .child(filters.child(search(page)).child(group_by(page)))
        .child(toggles)
        .view(chips(page))
        .child(status(page))
        .view(rest_notice(page))
        .view(notices(page))
        .build()
}

/// One choice of a menu or of a toggle.
struct Choice {
    label: String,
    /// Glossary id of the choice's definition; empty for none.
    term: &'static str,
    /// A sentence about the choice; empty for none.
    about: String,
    /// What it chooses.
    choose: Box<dyn Fn(&mut Selection)>,
    /// How it looks.
    look: Box<LookOf>,
}

/// How a choice looks.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    is_chosen: bool,
    /// The results it would show, or 1 for some where it does not say how many; `None` where it always shows some.
    count: Option<usize>,
}

/// How something looks where this is chosen, and that is the answer.
type LookOf = dyn Fn(&Selection, &Answer) -> Look;

impl Look {
    fn is_empty(self) -> bool {
        self.count == Some(0)
    }

    /// Makes an option that looks otherwise look like this: its input is the first in it.
    fn put_on(self, option: &web_sys::Element, locale: Locale) {
        let _ = option.class_list().toggle_with_force("is-empty", self.is_empty());
        if let Some(input) = option.first_element_child() {
            input.unchecked_ref::<HtmlInputElement>().set_checked(self.is_chosen);
        }
        let place = option.query_selector(".option-count").ok().flatten();
        if let (Some(place), Some(count)) = (place, self.count) {
            place.set_text_content(Some(&locale.count(count)));
        }
    }
}

/// How choices look now.
fn looks(page: Page, choices: &[Choice]) -> Vec<Look> {
    page.answer.with(|answer| {
        page.asked.with(|question| choices.iter().map(|choice| (choice.look)(question, answer)).collect())
    })
}

/// Puts choices into a list: radio buttons of one name, or ticks with counts where there is none. One effect keeps them
/// as they are to look: there are a hundred of them, of which a choice changes few.
fn with_choices(page: Page, list: El, name: &'static str, choices: Vec<Choice>) -> El {
    let choices: Rc<[Choice]> = choices.into();
    let at_first = untrack(|| looks(page, &choices));
    let counts = name.is_empty();
    let options = at_first.iter().enumerate().filter_map(|(at, look)| {
        let Choice { label, term, about, .. } = choices.get(at)?;
        let class = if counts { "option" } else { "toggle-option" };
        let option =
            el("label", &if look.is_empty() { format!("{class} is-empty") } else { class.to_owned() });
        let input = field("input", "").attr("value", at.to_string());
        let input = if look.is_chosen { input.attr("checked", "") } else { input };
        if counts {
            let count = page.data.locale.count(look.count.unwrap_or_default());
            let label = el("span", "option-label").text(label);
            return Some(
                option
                    .child(input.attr("type", "checkbox"))
                    .child(label)
                    .child(el("span", "option-count").text(count)),
            );
        }
        let input = input.attr("type", "radio").attr("name", name);
        let (option, input) = match (*term, about.is_empty()) {
            ("", true) => (option, input),
            ("", false) => (option.attr("data-tip", about), input.attr("aria-description", about)),
            (term, _) => (option.attr("data-term", term), input.attr("aria-describedby", describe(term))),
        };
        Some(option.child(input).child(el("span", "").text(label)))
    });
    let options = views(options);
    let all = Rc::clone(&choices);
    let list = list.children(options).on(ev::change, move |event| {
        if let Some(choice) = event_target_value(&event).parse().ok().and_then(|at: usize| all.get(at)) {
            page.choose(&*choice.choose);
        }
    });
    list.made(move |list| {
        let (choices, shown) = (Rc::clone(&choices), Cell::new(at_first.clone()));
        browser::keep(RenderEffect::new(move |_| {
            let (before, now) = (shown.take(), looks(page, &choices));
            if now != before
                && let Ok(options) = list.query_selector_all("label")
            {
                for (at, (look, _)) in
                    (0..).zip(now.iter().zip(before)).filter(|(_, (look, was))| *look != was)
                {
                    if let Some(option) = options.item(at) {
                        look.put_on(option.unchecked_ref(), page.data.locale);
                    }
                }
            }
            shown.set(now);
        }));
    })
}

/// A menu of values to filter by; reads the counts, writes the facet's filter.
fn facet_menu(page: Page, facet: Facet) -> El {
    let choices = facet.choices(&page.data.choices);
    let summary = move || {
        page.asked.with(|question| match facet.chosen(question).as_slice() {
            [] => "All".to_owned(),
            &[one] => choices.get(one).map_or(String::new(), |choice| choice.label.clone()),
            several => format!("{} chosen", several.len()),
        })
    };
    let name = el("span", "facet-name").text(facet.name());
    el("details", "facet")
        .attr("name", "facet")
        .class_if("is-active", move || page.asked.with(|question| !facet.chosen(question).is_empty()))
        .child(el("summary", "").child(name).child(el("span", "facet-value").text_fn(summary)))
        .view(menu_part(page, move || menu(page, facet)))
}

/// The values of a facet, each with how many results it would show.
fn menu(page: Page, facet: Facet) -> AnyView {
    let choices = facet.choices(&page.data.choices);
    // What no result has is not offered at all; what the other filters exclude is dimmed.
    let exists = facet.used(&page.data.index, &page.data.choices);
    let options = choices.iter().enumerate().filter(|(value, _)| exists.get(*value) == Some(&true));
    let options = options.map(|(value, choice)| Choice {
        label: choice.label.clone(),
        term: "",
        about: String::new(),
        choose: Box::new(move |selection| {
            let list = facet.chosen_mut(selection);
            match list.binary_search(&value) {
                Ok(at) => drop(list.remove(at)),
                Err(at) => list.insert(at, value),
            }
        }),
        look: Box::new(move |question, answer| {
            let counts = answer.facet_counts.get(facet as usize);
            Look {
                is_chosen: facet.chosen(question).contains(&value),
                count: Some(counts.and_then(|counts| counts.get(value)).copied().unwrap_or_default()),
            }
        }),
    });
    // It takes the focus where words in it are pressed: whatever is around the menu would close it.
    let list = el("fieldset", "facet-menu").attr("tabindex", "-1");
    let list = list.child(el("legend", "visually-hidden").text(facet.name()));
    with_choices(page, list, "", options.collect()).build()
}

/// A control that shows the selection and nothing else: going back, browsers would put in what it held before.
fn field(tag: &'static str, name: &str) -> El {
    el(tag, name).attr("autocomplete", "off")
}

/// The search field.
fn search(page: Page) -> El {
    let words = field("input", "")
        .attr("type", "search")
        .attr("placeholder", "model, quant, rig, backend…")
        // A link looks at no more than this.
        .attr("maxlength", "300")
        .value(move || page.asked.with(|question| question.search.clone()))
        .on(ev::input, move |event| page.adjust(|selection| selection.search = event_target_value(&event)));
    el("label", "search").child(el("span", "facet-name").text("Search")).child(words)
}

/// What groups of rows have in common.
fn group_by(page: Page) -> El {
    let current = move || page.asked.with(|question| question.grouping);
    let at_first = untrack(current);
    let choose = move |event| {
        let slug = event_target_value(&event);
        if let Some(grouping) = Grouping::ALL.into_iter().find(|grouping| grouping.slug() == slug) {
            page.choose(|selection| {
                selection.grouping = grouping;
                selection.folded.clear();
            });
        }
    };
    let select = Grouping::ALL.into_iter().fold(field("select", ""), |select, grouping| {
        select.child(option(grouping.slug(), grouping.name(), grouping == at_first))
    });
    let select = select.value(move || current().slug().to_owned()).on(ev::change, choose);
    el("label", "group-by").child(el("span", "facet-name").text("Group by")).child(select)
}

/// An option of a field, which says itself what it holds later.
fn option(value: &str, label: &str, is_selected: bool) -> El {
    let option = el("option", "").attr("value", value).text(label);
    if is_selected { option.attr("selected", "") } else { option }
}

/// A group of radio buttons in one line; `id` is the glossary id of the group's name.
fn toggle(page: Page, id: &'static str, label: &'static str, choices: Vec<Choice>) -> El {
    let options = with_choices(page, el("div", "toggle-options more-at-end"), id, choices);
    el("div", "toggle")
        .attr("role", "radiogroup")
        .attr("aria-label", label)
        .child(term(id, label))
        .child(options)
}

/// The metric of the last column and of the charts.
fn metric_toggle(page: Page) -> El {
    let choice = |metric: Metric| Choice {
        label: metric.name().to_owned(),
        term: metric.slug(),
        about: String::new(),
        choose: Box::new(move |selection| {
            selection.metric = metric;
            // An order by value belongs to the metric it was chosen for.
            if selection.sort.is_some_and(|sort| sort.column == Column::Metric) {
                selection.sort = None;
            }
        }),
        look: Box::new(move |question, _| Look { is_chosen: question.metric == metric, count: None }),
    };
    toggle(page, "metric", "Metric", Metric::ALL.map(choice).into())
}

/// Shapes that have results, with their positions: served ones, or raw ones.
fn shapes(page: Page, served: bool) -> impl Iterator<Item = (usize, &'static Shape)> {
    let index: &'static Index = &page.data.index;
    let used = shapes_used(index);
    let shapes = index.catalog.shapes.iter().enumerate();
    shapes.filter(move |(at, shape)| shape.served == served && used.get(*at) == Some(&true))
}

/// One workload shape, or the range over all; shapes beyond the first few stand in a menu beside it.
fn shape_toggle(page: Page) -> El {
    let choice = |shape: Option<usize>, label: &str, about: &str| Choice {
        label: label.to_owned(),
        term: "",
        about: about.to_owned(),
        choose: Box::new(move |selection| selection.shape = shape),
        look: Box::new(move |question, answer| Look {
            is_chosen: question.shape == shape,
            count: shape.and_then(|shape| answer.shape_counts.get(shape)).map(|&count| count.min(1)),
        }),
    };
    let mut choices = vec![choice(None, "All", "The range over every shape")];
    let shapes = shapes(page, true).take(SHAPE_BUTTONS);
    choices.extend(shapes.map(|(at, shape)| choice(Some(at), &shape.label, &shape.about)));
    toggle(page, "shape", "Shape", choices)
}

/// The shapes without a button: served ones beyond the first few, and those timed inside an engine, which are many and
/// rarely wanted.
fn more_shapes(page: Page) -> Option<El> {
    let all: &'static [Shape] = &page.data.index.catalog.shapes;
    let here: Vec<(usize, &Shape)> =
        shapes(page, true).skip(SHAPE_BUTTONS).chain(shapes(page, false)).collect();
    if here.is_empty() {
        return None;
    }
    let first_served = here.iter().find(|(_, shape)| shape.served).map_or(usize::MAX, |(at, _)| *at);
    let is_here = move |&at: &usize| at >= first_served || all.get(at).is_some_and(|shape| !shape.served);
    let chosen = move || page.asked.with(|question| question.shape).filter(is_here);
    let at_first = untrack(chosen);
    let select = field("select", "more-shapes")
        .value(move || chosen().map(|shape| shape.to_string()).unwrap_or_default())
        .attr("aria-label", "More shapes")
        .class_if("is-active", move || chosen().is_some())
        .on(ev::change, move |event| {
            page.choose(|selection| selection.shape = event_target_value(&event).parse().ok());
        })
        .child(option("", "more shapes…", at_first.is_none()));
    let options = move || {
        let at_first = untrack(chosen);
        let group = |(name, served)| {
            let mut shapes = here.iter().filter(|(_, shape)| shape.served == served).peekable();
            shapes.peek()?;
            let group = el("optgroup", "").attr("label", name);
            Some(shapes.fold(group, |group, (at, shape)| {
                group.child(option(&at.to_string(), &shape.label, at_first == Some(*at)))
            }))
        };
        views([("Served", true), ("Raw", false)].into_iter().filter_map(group)).into_any()
    };
    Some(select.view(menu_part(page, options)))
}

/// What is in a menu, which comes after what is read; nobody can choose from the static page.
fn menu_part(page: Page, view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    if cfg!(feature = "snapshot") { nothing() } else { part(page, 1, view) }
}

/// One concurrency, or all of them in rows of their own.
fn concurrency_toggle(page: Page) -> El {
    let choice = |concurrency: Concurrency, position: Option<usize>, label: String| Choice {
        label,
        term: "",
        about: String::new(),
        choose: Box::new(move |selection| selection.concurrency = concurrency),
        look: Box::new(move |question, answer| Look {
            is_chosen: question.concurrency == concurrency,
            count: position.and_then(|at| answer.concurrency_counts.get(at)).map(|&count| count.min(1)),
        }),
    };
    let only = page.data.choices.concurrency.iter().enumerate();
    let mut choices: Vec<Choice> =
        only.map(|(position, &n)| choice(Concurrency::Only(n), Some(position), n.to_string())).collect();
    choices.push(choice(Concurrency::All, None, "All".to_owned()));
    toggle(page, "concurrency", "Concurrency", choices)
}
