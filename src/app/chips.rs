//! What holds at the moment: active filters, the status line, and what an address asked for in vain.

use leptos::prelude::*;

use super::browser;
use super::element::{El, button, dynamic, el, nothing, views};
use super::state::{Page, Rest};
use crate::format;
use crate::query::{Concurrency, Facet, Selection};

/// The heading of the table.
const RESULTS: &str = "#results";

/// A filter that holds, to be removed by a click.
struct Chip {
    label: String,
    remove: Box<dyn Fn(&mut Selection)>,
}

fn active(page: Page, question: &Selection) -> Vec<Chip> {
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
    let default = Selection::default().concurrency;
    if question.concurrency != default {
        let value = match question.concurrency {
            Concurrency::All => "all".to_owned(),
            Concurrency::Only(only) => only.to_string(),
        };
        let remove = Box::new(move |s: &mut Selection| s.concurrency = default);
        chips.push(Chip { label: format!("Concurrency: {value}"), remove });
    }
    if !question.search.trim().is_empty() {
        let label = format!("Search: {}", question.search.trim());
        chips.push(Chip { label, remove: Box::new(|s| s.search.clear()) });
    }
    chips
}

/// The filters that hold, each removable, and one button for all.
pub fn chips(page: Page) -> AnyView {
    dynamic(move || {
        let chips = page.asked.with(|asked| active(page, asked));
        let others = chips.len().saturating_sub(1);
        let items = views(chips.into_iter().enumerate().map(|(place, Chip { label, remove })| {
            let remove = move |_| {
                page.choose(&*remove);
                focus_on((place + 1).min(others));
            };
            let chip = button("chip")
                .attr("aria-label", format!("Remove the filter {label}"))
                .on_click(remove)
                .child(el("bdi", "").text(label))
                .child(el("span", "").attr("aria-hidden", "true").text("×"));
            el("li", "").child(chip)
        }));
        if items.is_empty() {
            return nothing();
        }
        let reset = (others > 0).then(|| el("li", "").child(reset_button(page, "Reset all")));
        el("ul", "chips").attr("aria-label", "Active filters").children(items).maybe(reset).build()
    })
}

/// Takes every filter away.
pub fn reset_button(page: Page, label: &'static str) -> El {
    let reset = move |_| {
        page.choose(|s| *s = s.unfiltered());
        focus_on(0);
    };
    button("link-button").on_click(reset).text(label)
}

/// Moves the focus on from a button that has gone, to the chip with a number, from 1, or where the next filter
/// may come from. A finger gets the results: a search field would bring up its keyboard.
fn focus_on(chip: usize) {
    let place = match chip {
        0 if browser::media("(pointer: coarse)") => RESULTS.to_owned(),
        0 => ".search input".to_owned(),
        _ => format!(".chips li:nth-child({chip}) button"),
    };
    browser::focus_later(vec![place], false);
}

/// Moves the focus to what is chosen in a toggle, from a button that chose it and has gone. Inside another page there is
/// no toggle.
fn focus_on_choice(toggle: &str) {
    browser::focus_later(vec![format!("input[name={toggle}]:checked"), RESULTS.to_owned()], false);
}

/// How much is shown of what there is, and what is left out for want of a value.
pub fn status(page: Page) -> El {
    let (index, locale) = (&page.data.index, page.data.locale);
    let words = move || {
        if page.waits() {
            return match page.rest.get() {
                Rest::Failed(_) => "The other results are not here".to_owned(),
                _ => "Loading the other results…".to_owned(),
            };
        }
        page.answer.with(|answer| {
            let mut words = format!(
                "{} of {} in {}",
                locale.count(answer.results),
                format::counted(locale, index.total_results(), "result"),
                format::counted(locale, answer.row_count, "row"),
            );
            let more = answer.elsewhere();
            if more > 0 {
                words += &format!("; {} more at other concurrencies", locale.count(more));
            }
            words
        })
    };
    el("div", "status-line")
        .child(el("p", "status").attr("role", "status").text_fn(words))
        .view(unmeasured(page))
}

/// The rows without a value of the metric, and the metric that most of them have. Where nothing changed it stays in
/// its place, as when the other results arrive.
pub fn unmeasured(page: Page) -> AnyView {
    let left_out = Memo::new(move |_| {
        let metric = page.question.with(|question| question.metric);
        let (rows, best) = page.answer.with(|answer| (answer.unmeasured.rows, answer.unmeasured.best()));
        (metric, rows, best)
    });
    dynamic(move || {
        let (metric, rows, best) = left_out.get();
        if rows == 0 {
            return nothing();
        }
        let show = best.map(|best| {
            let choose = move |_| {
                page.choose(|selection| selection.metric = best);
                focus_on_choice("metric");
            };
            button("link-button").on_click(choose).text(format!("Show {}", best.name()))
        });
        let counted = format::counted(page.data.locale, rows, "row");
        let words = format!(
            "{counted} without a value of {} {} left out. ",
            metric.name(),
            if rows == 1 { "is" } else { "are" }
        );
        el("p", "unmeasured").text(words).maybe(show).build()
    })
}

/// Shows every concurrency, where the chosen one has no result and others have.
pub fn concurrency_button(page: Page) -> Option<El> {
    let more = page.answer.with(|answer| answer.elsewhere());
    let show = move |_| {
        page.choose(|selection| selection.concurrency = Concurrency::All);
        focus_on_choice("concurrency");
    };
    let results = format::counted(page.data.locale, more, "result");
    (more > 0)
        .then(|| button("link-button").on_click(show).text(format!("Show {results} at other concurrencies")))
}

/// Why what was asked for is not here, once it could not be fetched.
pub fn rest_notice(page: Page) -> AnyView {
    dynamic(move || match page.rest.get() {
        Rest::Failed(reason) if page.waits() || page.data.index.is_cut() => {
            failure(&reason, "index.json", Box::new(move || page.want_rest())).build()
        }
        _ => nothing(),
    })
}

/// What could not be loaded and why, with a button that tries again.
pub fn failure(reason: &str, address: &str, retry: Box<dyn Fn()>) -> El {
    let what = el("p", "").child(el("strong", "").text("The results could not be loaded: ")).text(reason);
    el("div", "notice notice-error")
        .attr("role", "alert")
        .child(what)
        .child(el("p", "").child(el("code", "").text(address)))
        .child(button("button").on_click(move |_| retry()).text("Try again"))
}

/// Parts of the address that mean nothing here.
pub fn notices(page: Page) -> AnyView {
    dynamic(move || {
        let ignored = page.ignored.get();
        if ignored.is_empty() {
            return nothing();
        }
        let items = ignored.into_iter().take(8).map(|part| {
            let what = if part.unknown_parameter {
                " is not a parameter of this page"
            } else if crate::model::mine::is_mine(&part.value) {
                " is someone’s own result: it never left the browser that it was opened in"
            } else if cfg!(feature = "whole") && part.parameter == "pin" {
                " is not known here, or more than the six that can be compared"
            } else {
                " is not known here"
            };
            let words = el("bdi", "").text(format!("{}={}", part.parameter, part.value));
            el("li", "").child(el("code", "").child(words)).text(what)
        });
        el("div", "notice")
            .attr("role", "status")
            .child(el("p", "").text("Parts of this address were ignored:"))
            .child(el("ul", "").children(views(items)))
            .child(button("link-button").on_click(move |_| page.ignored.set(Vec::new())).text("Dismiss"))
            .build()
    })
}
