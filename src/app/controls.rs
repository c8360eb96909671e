//! Filters, toggles, search, chips and the status line.

use leptos::prelude::*;

use super::definitions::{Term, describe};
use super::state::{Page, use_page};
use crate::format;
use crate::model::Metric;
use crate::query::{Concurrency, Facet, Grouping, Selection};

/// Everything that changes what the table shows.
#[component]
pub fn Controls() -> impl IntoView {
    let page = use_page();
    let facets = Facet::ALL.map(|facet| view! { <FacetMenu facet /> });
    view! {
        <section class="controls" aria-label="Filters">
            <div class="control-row">
                {facets}
                <Search />
                <GroupBy />
            </div>
            <div class="control-row">
                <MetricToggle />
                <ConcurrencyToggle />
                <ShapeToggle />
            </div>
            <Chips />
            <p class="status" role="status">{move || status(page)}</p>
            <Notices />
        </section>
    }
    .into_any()
}

/// How much is shown of what there is.
fn status(page: Page) -> String {
    let (index, locale) = (&page.data.index, page.data.locale);
    page.answer.with(|answer| {
        format!(
            "{} of {} in {}",
            locale.count(answer.results),
            format::counted(locale, index.result_count(), "result"),
            format::counted(locale, answer.rows.len(), "row"),
        )
    })
}

/// A menu of values to filter by; reads the counts, writes the facet's filter.
#[component]
fn FacetMenu(
    /// The facet.
    facet: Facet,
) -> impl IntoView {
    let page = use_page();
    let choices = facet.choices(&page.data.choices);
    let position = facet as usize;
    let counts =
        Memo::new(move |_| page.answer.with(|a| a.facet_counts.get(position).cloned().unwrap_or_default()));
    let chosen = Memo::new(move |_| page.question.with(|question| facet.chosen(question).clone()));
    let summary = move || {
        chosen.with(|chosen| match chosen.as_slice() {
            [] => "All".to_owned(),
            &[one] => choices.get(one).map_or(String::new(), |choice| choice.label.clone()),
            several => format!("{} chosen", several.len()),
        })
    };
    // What no result has is not offered at all; what the other filters exclude is dimmed.
    let exists = used(page, facet);
    let options =
        choices.iter().enumerate().filter(|(value, _)| exists.get(*value).copied().unwrap_or(false));
    let options: Vec<_> = options
        .map(|(value, choice)| {
            let count = move || counts.with(|counts| counts.get(value).copied().unwrap_or_default());
            let is_chosen = move || chosen.with(|chosen| chosen.contains(&value));
            let toggle = move |_| {
                page.choose(|selection| {
                    let list = facet.chosen_mut(selection);
                    match list.iter().position(|&other| other == value) {
                        Some(at) => {
                            list.remove(at);
                        }
                        None => {
                            list.push(value);
                            list.sort_unstable();
                        }
                    }
                });
            };
            view! {
                <label class="option" class:is-empty=move || count() == 0>
                    <input type="checkbox" prop:checked=is_chosen on:change=toggle />
                    <span class="option-label">{choice.label.clone()}</span>
                    <span class="option-count">{move || page.data.locale.count(count())}</span>
                </label>
            }
        })
        .collect();
    view! {
        <details class="facet" name="facet" class:is-active=move || chosen.with(|chosen| !chosen.is_empty())>
            <summary>
                <span class="facet-name">{facet.name()}</span>
                <span class="facet-value">{summary}</span>
            </summary>
            <fieldset class="facet-menu">
                <legend class="visually-hidden">{facet.name()}</legend>
                {options}
            </fieldset>
        </details>
    }
    .into_any()
}

/// For each value of a facet, whether any configuration has it.
fn used(page: Page, facet: Facet) -> Vec<bool> {
    let everything = Selection { concurrency: Concurrency::All, ..Selection::default() };
    let answer = crate::query::answer(&page.data.index, &page.data.choices, &everything);
    let counts = answer.facet_counts.into_iter().nth(facet as usize).unwrap_or_default();
    counts.into_iter().map(|count| count > 0).collect()
}

/// The search field.
#[component]
fn Search() -> impl IntoView {
    let page = use_page();
    let words = move || page.question.with(|question| question.search.clone());
    view! {
        <label class="search">
            <span class="facet-name">"Search"</span>
            <input
                type="search"
                placeholder="model, quant, rig, backend…"
                autocomplete="off"
                maxlength="300"
                prop:value=words
                on:input=move |event| page.adjust(|selection| selection.search = event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// What groups of rows have in common.
#[component]
fn GroupBy() -> impl IntoView {
    let page = use_page();
    let current = move || page.question.with(|question| question.grouping);
    let options = Grouping::ALL.map(|grouping| {
        view! {
            <option value=grouping.slug() selected=move || current() == grouping>
                {grouping.name()}
            </option>
        }
    });
    let choose = move |event| {
        let slug = event_target_value(&event);
        if let Some(grouping) = Grouping::ALL.into_iter().find(|grouping| grouping.slug() == slug) {
            page.choose(|selection| {
                selection.grouping = grouping;
                selection.folded.clear();
            });
        }
    };
    view! {
        <label class="group-by">
            <span class="facet-name">"Group by"</span>
            <select prop:value=move || current().slug() on:change=choose>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// One choice of a toggle.
struct ToggleOption {
    label: String,
    /// Glossary id of a definition shown on the choice itself.
    term: Option<&'static str>,
    /// A sentence shown on the choice.
    tip: Option<String>,
    is_chosen: Signal<bool>,
    /// Results behind the choice; dimmed where there are none.
    count: Option<Signal<usize>>,
    choose: Box<dyn Fn() + Send + Sync>,
}

/// A group of radio buttons in one line.
#[component]
fn Toggle(
    /// Name of the group, unique on the page.
    name: &'static str,
    /// Glossary id of the group's name.
    term: &'static str,
    /// The group's name.
    label: &'static str,
    /// What can be chosen.
    options: Vec<ToggleOption>,
) -> impl IntoView {
    let options: Vec<_> = options
        .into_iter()
        .map(|option| {
            let ToggleOption { label, term, tip, is_chosen, count, choose } = option;
            let is_empty = move || count.is_some_and(|count| count.get() == 0);
            view! {
                <label class="toggle-option" class:is-empty=is_empty data-term=term data-tip=tip>
                    <input
                        type="radio"
                        name=name
                        checked=is_chosen.get_untracked()
                        prop:checked=move || is_chosen.get()
                        aria-describedby=term.map(describe)
                        on:change=move |_| choose()
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect();
    view! {
        <div class="toggle" role="radiogroup" aria-label=label>
            <Term id=term>{label}</Term>
            <div class="toggle-options">{options}</div>
        </div>
    }
    .into_any()
}

/// The metric of the last column and of the charts.
#[component]
fn MetricToggle() -> impl IntoView {
    let page = use_page();
    let options = Metric::ALL.map(|metric| ToggleOption {
        label: metric.name().to_owned(),
        term: Some(metric.slug()),
        tip: None,
        is_chosen: Signal::derive(move || page.question.with(|question| question.metric == metric)),
        count: None,
        choose: Box::new(move || {
            page.choose(|selection| {
                selection.metric = metric;
                // An order by value belongs to the metric it was chosen for.
                if selection.sort.is_some_and(|sort| sort.column == crate::query::Column::Metric) {
                    selection.sort = None;
                }
            });
        }),
    });
    view! { <Toggle name="metric" term="metric" label="Metric" options=options.into() /> }
}

/// One workload shape, or the range over all.
#[component]
fn ShapeToggle() -> impl IntoView {
    let page = use_page();
    let index = &page.data.index;
    let option = |shape: Option<usize>, label: String, tip: Option<String>| ToggleOption {
        label,
        term: None,
        tip,
        is_chosen: Signal::derive(move || page.question.with(|question| question.shape == shape)),
        count: shape.map(|shape| {
            Signal::derive(move || {
                page.answer.with(|a| a.shape_counts.get(shape).copied().unwrap_or_default())
            })
        }),
        choose: Box::new(move || page.choose(|selection| selection.shape = shape)),
    };
    let used: std::collections::BTreeSet<u16> = index.results.shape.iter().copied().collect();
    let used =
        || used.iter().filter_map(|&at| Some((usize::from(at), index.catalog.shapes.get(usize::from(at))?)));
    let served = used().filter(|(_, shape)| shape.served);
    let served = served.map(|(at, shape)| option(Some(at), shape.label.clone(), Some(shape.about.clone())));
    let all = option(None, "All".to_owned(), Some("The range over every shape".to_owned()));
    let options: Vec<ToggleOption> = std::iter::once(all).chain(served).collect();
    let raw: Vec<_> =
        used().filter(|(_, shape)| !shape.served).map(|(at, shape)| (at, shape.label.clone())).collect();
    view! {
        <Toggle name="shape" term="shape" label="Shape" options />
        <RawShapes shapes=raw />
    }
}

/// The shapes timed inside an engine: many, and rarely wanted, so in a menu.
#[component]
fn RawShapes(
    /// Position and label.
    shapes: Vec<(usize, String)>,
) -> impl IntoView {
    let page = use_page();
    let chosen = move || page.question.with(|question| question.shape);
    let none = shapes.is_empty();
    let is_raw = {
        let shapes: Vec<usize> = shapes.iter().map(|(shape, _)| *shape).collect();
        move || chosen().is_some_and(|chosen| shapes.contains(&chosen))
    };
    let options: Vec<_> = shapes
        .into_iter()
        .map(|(shape, label)| {
            view! { <option value=shape.to_string() selected=move || chosen() == Some(shape)>{label}</option> }
        })
        .collect();
    let choose = move |event| {
        let shape = event_target_value(&event).parse().ok();
        page.choose(|selection| selection.shape = shape);
    };
    (!none).then(|| {
        view! {
            <select class="raw-shapes" aria-label="Raw engine shape" class:is-active=is_raw on:change=choose>
                <option value="" selected=move || chosen().is_none()>"raw shapes…"</option>
                {options}
            </select>
        }
        .into_any()
    })
}

/// One concurrency, or all of them in rows of their own.
#[component]
fn ConcurrencyToggle() -> impl IntoView {
    let page = use_page();
    let choices = &page.data.choices;
    let option = |concurrency: Concurrency, position: Option<usize>, label: String| ToggleOption {
        label,
        term: None,
        tip: None,
        is_chosen: Signal::derive(move || page.question.with(|question| question.concurrency == concurrency)),
        count: position.map(|position| {
            Signal::derive(move || {
                page.answer.with(|a| a.concurrency_counts.get(position).copied().unwrap_or_default())
            })
        }),
        choose: Box::new(move || page.choose(|selection| selection.concurrency = concurrency)),
    };
    let only = choices.concurrency.iter().enumerate();
    let only = only.map(|(position, &n)| option(Concurrency::Only(n), Some(position), n.to_string()));
    let options: Vec<ToggleOption> = only.chain([option(Concurrency::All, None, "All".to_owned())]).collect();
    view! { <Toggle name="concurrency" term="concurrency" label="Concurrency" options /> }
}

/// A filter that holds, to be removed by a click.
struct Chip {
    label: String,
    remove: Box<dyn Fn(&mut Selection) + Send + Sync>,
}

fn chips(page: Page, question: &Selection) -> Vec<Chip> {
    let choices = &page.data.choices;
    let mut chips = Vec::new();
    for facet in Facet::ALL {
        for &value in facet.chosen(question) {
            let Some(choice) = facet.choices(choices).get(value) else { continue };
            chips.push(Chip {
                label: format!("{}: {}", facet.name(), choice.label),
                remove: Box::new(move |selection| {
                    facet.chosen_mut(selection).retain(|&other| other != value)
                }),
            });
        }
    }
    if let Some(shape) = question.shape.and_then(|shape| choices.shape.get(shape)) {
        chips.push(Chip { label: format!("Shape: {}", shape.label), remove: Box::new(|s| s.shape = None) });
    }
    let defaults = Selection::default();
    if question.concurrency != defaults.concurrency {
        let value = match question.concurrency {
            Concurrency::All => "all".to_owned(),
            Concurrency::Only(only) => only.to_string(),
        };
        let remove = |s: &mut Selection| s.concurrency = Selection::default().concurrency;
        chips.push(Chip { label: format!("Concurrency: {value}"), remove: Box::new(remove) });
    }
    if !question.search.trim().is_empty() {
        let label = format!("Search: {}", question.search.trim());
        chips.push(Chip { label, remove: Box::new(|s| s.search.clear()) });
    }
    chips
}

/// The filters that hold, each removable, and one button for all.
#[component]
fn Chips() -> impl IntoView {
    let page = use_page();
    move || {
        let chips = page.question.with(|question| chips(page, question));
        let several = chips.len() > 1;
        let buttons: Vec<_> = chips
            .into_iter()
            .map(|Chip { label, remove }| {
                let name = format!("Remove the filter {label}");
                view! {
                    <li>
                        <button type="button" class="chip" aria-label=name on:click=move |_| page.choose(&*remove)>
                            <bdi>{label}</bdi>
                            <span aria-hidden="true">"×"</span>
                        </button>
                    </li>
                }
            })
            .collect();
        (!buttons.is_empty()).then(|| {
            view! {
                <ul class="chips" aria-label="Active filters">
                    {buttons}
                    {several.then(|| view! { <li><ResetButton label="Reset all" /></li> })}
                </ul>
            }
            .into_any()
        })
    }
}

/// Takes every filter away.
#[component]
pub fn ResetButton(
    /// The words on the button.
    label: &'static str,
) -> impl IntoView {
    let page = use_page();
    view! {
        <button type="button" class="link-button" on:click=move |_| page.choose(|s| *s = s.unfiltered())>
            {label}
        </button>
    }
}

/// Parts of the address that mean nothing here.
#[component]
fn Notices() -> impl IntoView {
    let page = use_page();
    move || {
        let ignored = page.ignored.get();
        (!ignored.is_empty()).then(|| {
            let items: Vec<_> = ignored
                .into_iter()
                .take(8)
                .map(|part| {
                    let what = if part.unknown_parameter {
                        "is not a parameter of this page"
                    } else {
                        "is not known here"
                    };
                    view! {
                        <li>
                            <code><bdi>{format!("{}={}", part.parameter, part.value)}</bdi></code>
                            " "
                            {what}
                        </li>
                    }
                })
                .collect();
            view! {
                <div class="notice" role="status">
                    <p>"Parts of this address were ignored:"</p>
                    <ul>{items}</ul>
                    <button type="button" class="link-button" on:click=move |_| page.ignored.set(Vec::new())>
                        "Dismiss"
                    </button>
                </div>
            }
            .into_any()
        })
    }
}
