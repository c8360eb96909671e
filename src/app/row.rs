//! One row of the table: a configuration at one concurrency.

use leptos::prelude::With;

use super::definitions::describe;
use super::state::Page;
use super::table::unfolding;
use super::tag::{Tag, tag};
use crate::format::MISSING;
use crate::model::run::Timing;
use crate::model::{Metric, fixed, plain};
use crate::query::{Grouping, Row, backend_label};

/// What the last cell of a row says.
struct Figure {
    text: String,
    /// Why there is no single plain number, where there is none.
    mark: Option<(&'static str, String)>,
}

fn figure(page: Page, row: &Row, metric: Metric) -> Figure {
    let index = &page.data.index;
    let failed =
        row.results.clone().find(|&result| index.failure(result).is_some() && !index.is_superseded(result));
    let failed = failed.and_then(|result| index.failure(result)).map(|text| format!("Failed: {text}"));
    let Some((low, high)) = row.bounds else {
        let ranged = row.results.clone().any(|result| index.is_range_only(result));
        let (text, reason) = match (failed, ranged) {
            (Some(text), _) => return Figure { text: MISSING.to_owned(), mark: Some(("failed", text)) },
            (None, true) => {
                (MISSING, "Only a range of decode rates over all shapes was published".to_owned())
            }
            (None, false) => (MISSING, format!("{} was not measured or not published", metric.name())),
        };
        return Figure { text: text.to_owned(), mark: Some(("why", reason)) };
    };
    let text = page.data.locale.range(metric, low, high);
    let cell = |result: usize| (index.results.shape.get(result), index.value(result, metric));
    let repeated = row.results.clone().zip(row.results.clone().skip(1)).any(|(a, b)| {
        let ((shape_a, value_a), (shape_b, value_b)) = (cell(a), cell(b));
        shape_a == shape_b && value_a.is_some() && value_b.is_some()
    });
    let mark = if let Some(failed) = failed {
        Some(("failed", failed))
    } else if row.results.clone().all(|result| index.is_range_only(result)) {
        let reason = "The source gives the range over its shapes, but not the value of each";
        Some(("range only", reason.to_owned()))
    } else if repeated {
        let reason = "The same cell was measured more than once: the range includes the spread between days";
        Some(("repeated", reason.to_owned()))
    } else {
        None
    };
    Figure { text, mark }
}

/// The name of a row alone, and the id of what opens below it.
pub(super) fn named_row_line(page: Page, row: &Row, detail_id: &str, is_open: bool) -> Tag {
    let index = &page.data.index;
    let configuration = row.configuration;
    let grouping = page.question.with(|question| question.grouping);
    let name = index.model(configuration).map_or_else(String::new, |(family, variant)| {
        if grouping == Grouping::Family {
            variant.name.clone()
        } else {
            format!("{} {}", family.name, variant.name)
        }
    });
    let open = unfolding("open-row", is_open, detail_id).words(&name);
    let class = if is_open { "row is-open" } else { "row" };
    #[cfg(feature = "whole")]
    let (class, open) = match crate::query::is_own(index, configuration) {
        true => {
            let class = if is_open { "row is-mine is-open" } else { "row is-mine" };
            (class, open.child(tag("span", "mark mark-mine").text("mine")))
        }
        false => (class, open),
    };
    let variant = tag("th", "column-variant").attr("scope", "row").attr("role", "rowheader").child(open);
    tag("tr", class).attr("role", "row").child(variant)
}

/// One configuration at one concurrency, with the largest value of all rows, and the id of what opens below it.
pub(super) fn row_line(page: Page, row: &Row, top: f64, detail_id: &str, is_open: bool) -> Tag {
    let index = &page.data.index;
    let metric = page.question.with(|question| question.metric);
    let configuration = row.configuration;
    let cell = |class: &str| tag("td", class).attr("role", "cell");
    let quant = index.quant(configuration).map_or("", |quant| &quant.id);
    let hardware = index.hardware(configuration).map_or("", |rig| &rig.name);
    let backend = index.backend(configuration).map_or_else(String::new, backend_label);
    let is_raw = index.configurations.timing.get(configuration) == Some(&Timing::Raw);
    let raw = is_raw.then(|| {
        let term = tag("button", "term").attr("type", "button").attr("data-term", "raw");
        term.attr("aria-describedby", describe("raw")).text("raw")
    });
    let conditions = conditions(page, configuration).map(|text| tag("small", "").text(text));
    named_row_line(page, row, detail_id, is_open)
        .child(cell("column-quant").text(quant))
        .child(cell("column-hardware").words(hardware).maybe(conditions))
        .child(cell("column-backend").words(&backend))
        .child(cell("column-mode").words(index.mode(configuration)).maybe(raw))
        .child(
            cell("column-concurrency")
                .child(tag("span", "phone-only").text("conc. "))
                .text(row.concurrency.to_string()),
        )
        .child(cell("column-metric").child(figure_line(figure(page, row, metric), row, top, metric)))
}

/// A bar, what is special about the number, and the number.
fn figure_line(Figure { text, mark }: Figure, row: &Row, top: f64, metric: Metric) -> Tag {
    let bar = range_bar(row.bounds, top);
    let class = match (&bar, &mark) {
        (_, None) => "figure",
        (Some(_), Some(_)) => "figure is-marked",
        (None, Some(_)) => "figure is-bare",
    };
    let mark = mark.map(|(word, reason)| {
        tag("button", if word == "failed" { "mark mark-failed" } else { "mark" })
            .attr("type", "button")
            .attr("aria-label", format!("{word}: {reason}"))
            .attr("data-tip", reason)
            .text(word)
    });
    // On wide screens the unit stands in the column's header alone.
    let unit = row.bounds.map(|_| tag("span", "phone-only").text(format!(" {}", metric.unit())));
    let value = tag("span", "value").text(text).maybe(unit);
    tag("span", class).maybe(bar).maybe(mark).child(value)
}

/// Power cap and driver, where known.
fn conditions(page: Page, configuration: usize) -> Option<String> {
    let index = &page.data.index;
    let cap = index.configurations.power_cap_w.get(configuration).map(|watts| {
        let of_max = index.hardware(configuration).and_then(|rig| rig.power_max_w);
        match of_max {
            Some(max) if (max.get() - watts).abs() < 0.5 => format!("{} W, the maximum", plain(watts)),
            Some(max) => format!("{} W of {max} W", plain(watts)),
            None => format!("{} W", plain(watts)),
        }
    });
    let driver = index.driver(configuration).map(|driver| format!("driver {driver}"));
    let parts: Vec<String> = cap.into_iter().chain(driver).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The range as a bar: a pale track from zero, solid from the smallest to the largest value.
///
/// One element with a picture of its own: two inside it that have places were a quarter of what a browser does for the rows of
/// a screen that others take the place of. Its ends are style properties, which the static page may not have: there, the
/// number stands alone.
fn range_bar(bounds: Option<(f64, f64)>, top: f64) -> Option<Tag> {
    /// The least of a bar's width that is solid, in percent.
    const LEAST: f64 = 0.8;
    let (low, high) = bounds.filter(|_| !cfg!(feature = "snapshot"))?;
    let (low, high) = (low / top * 100.0, high / top * 100.0);
    let from = low.min(high - LEAST).max(0.0);
    let to = high.max(from + LEAST);
    let bar = tag("span", "range-bar").attr("aria-hidden", "true");
    Some(bar.attr("style", format!("--from:{}%;--to:{}%", fixed(from, 2), fixed(to, 2))))
}
