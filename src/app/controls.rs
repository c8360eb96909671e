//! Filters, toggles and search: everything that changes what the table shows.

use leptos::ev;
use leptos::prelude::*;

use super::chips::{chips, notices, rest_notice, status};
use super::definitions::{describe, term};
use super::element::{El, el, views};
use super::state::Page;
use crate::index::Index;
use crate::model::Metric;
use crate::query::{Column, Concurrency, Facet, Grouping, Selection, shapes_used};

/// Every control, the active filters and the status line.
pub fn controls(page: Page) -> AnyView {
    let filters = Facet::ALL
        .into_iter()
        .fold(el("div", "control-row"), |row, facet| row.child(facet_menu(page, facet)));
    let toggles = el("div", "control-row")
        .child(metric_toggle(page))
        .child(concurrency_toggle(page))
        .child(shape_toggle(page))
        .maybe(raw_shapes(page));
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
    // What no result has is not offered at all; what the other filters exclude is dimmed.
    let exists = facet.used(&page.data.index, &page.data.choices);
    let options =
        choices.iter().enumerate().filter(|(value, _)| exists.get(*value).copied().unwrap_or(false));
    let options = options.map(|(value, choice)| {
        let count = move || {
            page.answer.with(|answer| {
                let counts = answer.facet_counts.get(facet as usize);
                counts.and_then(|counts| counts.get(value)).copied().unwrap_or_default()
            })
        };
        let toggle = move |selection: &mut Selection| {
            let list = facet.chosen_mut(selection);
            match list.binary_search(&value) {
                Ok(at) => drop(list.remove(at)),
                Err(at) => list.insert(at, value),
            }
        };
        let tick = field("input", "")
            .attr("type", "checkbox")
            .checked(move || page.asked.with(|question| facet.chosen(question).contains(&value)))
            .on(ev::change, move |_| page.choose(toggle));
        el("label", "option")
            .class_if("is-empty", move || count() == 0)
            .child(tick)
            .child(el("span", "option-label").text(&choice.label))
            .child(el("span", "option-count").text_fn(move || page.data.locale.count(count())))
    });
    let menu = el("fieldset", "facet-menu")
        .child(el("legend", "visually-hidden").text(facet.name()))
        .children(views(options));
    let name = el("span", "facet-name").text(facet.name());
    el("details", "facet")
        .attr("name", "facet")
        .class_if("is-active", move || page.asked.with(|question| !facet.chosen(question).is_empty()))
        .child(el("summary", "").child(name).child(el("span", "facet-value").text_fn(summary)))
        .child(menu)
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
        select.child(option(grouping.slug(), grouping.name(), move || current() == grouping))
    });
    let select = select.value(move || current().slug().to_owned()).on(ev::change, choose);
    el("label", "group-by").child(el("span", "facet-name").text("Group by")).child(select)
}

fn option(value: &str, label: &str, selected: impl Fn() -> bool + Send + Sync + 'static) -> El {
    el("option", "").attr("value", value).bind("selected", move || selected().then(String::new)).text(label)
}

/// One choice of a toggle.
struct Choice {
    label: String,
    /// Glossary id of the choice's definition; empty for none.
    term: &'static str,
    /// A sentence about the choice; empty for none.
    about: String,
    /// What it chooses.
    choose: Box<dyn Fn(&mut Selection)>,
    /// True where it is chosen.
    is_chosen: Box<dyn Fn(&Selection) -> bool + Send + Sync>,
    /// True where no result would be left.
    is_empty: Box<dyn Fn() -> bool + Send + Sync>,
}

/// A group of radio buttons in one line; `id` is the glossary id of the group's name.
fn toggle(page: Page, id: &'static str, label: &'static str, choices: Vec<Choice>) -> El {
    let options = choices.into_iter().map(|choice| {
        let Choice { label, term, about, choose, is_chosen, is_empty } = choice;
        let chosen_at_first = page.asked.with_untracked(&*is_chosen);
        let input = field("input", "")
            .attr("type", "radio")
            .attr("name", id)
            .bind("checked", move || chosen_at_first.then(String::new))
            .checked(move || page.asked.with(&*is_chosen))
            .on(ev::change, move |_| page.choose(&*choose));
        let option = el("label", "toggle-option").class_if("is-empty", is_empty);
        let (option, input) = match (term, about.is_empty()) {
            ("", true) => (option, input),
            ("", false) => (option.attr("data-tip", about.clone()), input.attr("aria-description", about)),
            (term, _) => (option.attr("data-term", term), input.attr("aria-describedby", describe(term))),
        };
        option.child(input).child(el("span", "").text(label))
    });
    el("div", "toggle")
        .attr("role", "radiogroup")
        .attr("aria-label", label)
        .child(term(id, label))
        .child(el("div", "toggle-options").children(views(options)))
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
        is_chosen: Box::new(move |question| question.metric == metric),
        is_empty: Box::new(|| false),
    };
    toggle(page, "metric", "Metric", Metric::ALL.map(choice).into())
}

/// Shapes that have results, with their positions: served ones, or raw ones.
fn shapes(page: Page, served: bool) -> impl Iterator<Item = (usize, &'static crate::model::catalog::Shape)> {
    let index: &'static Index = &page.data.index;
    let used = shapes_used(index);
    let shapes = index.catalog.shapes.iter().enumerate();
    shapes.filter(move |(at, shape)| shape.served == served && used.get(*at) == Some(&true))
}

/// One workload shape, or the range over all.
fn shape_toggle(page: Page) -> El {
    let choice = |shape: Option<usize>, label: &str, about: &str| Choice {
        label: label.to_owned(),
        term: "",
        about: about.to_owned(),
        choose: Box::new(move |selection| selection.shape = shape),
        is_chosen: Box::new(move |question| question.shape == shape),
        is_empty: Box::new(move || {
            shape.is_some_and(|shape| page.answer.with(|answer| answer.shape_counts.get(shape) == Some(&0)))
        }),
    };
    let mut choices = vec![choice(None, "All", "The range over every shape")];
    choices.extend(shapes(page, true).map(|(at, shape)| choice(Some(at), &shape.label, &shape.about)));
    toggle(page, "shape", "Shape", choices)
}

/// The shapes timed inside an engine: many, and rarely wanted, so in a menu.
fn raw_shapes(page: Page) -> Option<El> {
    let all: &'static [crate::model::catalog::Shape] = &page.data.index.catalog.shapes;
    let is_raw = move |shape: &usize| all.get(*shape).is_some_and(|shape| !shape.served);
    let chosen = move || page.asked.with(|question| question.shape).filter(is_raw);
    let select = field("select", "raw-shapes")
        .value(move || chosen().map(|shape| shape.to_string()).unwrap_or_default())
        .attr("aria-label", "Raw engine shape")
        .class_if("is-active", move || chosen().is_some())
        .on(ev::change, move |event| {
            page.choose(|selection| selection.shape = event_target_value(&event).parse().ok());
        })
        .child(option("", "raw shapes…", move || chosen().is_none()));
    let mut raw = shapes(page, false).peekable();
    let is_any = raw.peek().is_some();
    let select = raw.fold(select, |select, (at, shape)| {
        select.child(option(&at.to_string(), &shape.label, move || chosen() == Some(at)))
    });
    is_any.then_some(select)
}

/// One concurrency, or all of them in rows of their own.
fn concurrency_toggle(page: Page) -> El {
    let choice = |concurrency: Concurrency, position: Option<usize>, label: String| Choice {
        label,
        term: "",
        about: String::new(),
        choose: Box::new(move |selection| selection.concurrency = concurrency),
        is_chosen: Box::new(move |question| question.concurrency == concurrency),
        is_empty: Box::new(move || {
            position
                .is_some_and(|at| page.answer.with(|answer| answer.concurrency_counts.get(at) == Some(&0)))
        }),
    };
    let only = page.data.choices.concurrency.iter().enumerate();
    let mut choices: Vec<Choice> =
        only.map(|(position, &n)| choice(Concurrency::Only(n), Some(position), n.to_string())).collect();
    choices.push(choice(Concurrency::All, None, "All".to_owned()));
    toggle(page, "concurrency", "Concurrency", choices)
}
