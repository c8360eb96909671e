//! One row of the table: a configuration at one concurrency.

use leptos::prelude::{GetUntracked, With};

use super::definitions::term;
use super::element::{El, button, el};
use super::state::Page;
use super::table::{detail_id, marker, switch};
use crate::format::MISSING;
use crate::model::run::Timing;
use crate::model::{Metric, plain};
use crate::query::{Column, Grouping, Row, backend_label, configuration_slug};

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

/// One configuration at one concurrency.
pub(super) fn row_line(page: Page, row: &Row) -> El {
    let index = &page.data.index;
    let question = page.question.get_untracked();
    let configuration = row.configuration;
    let slug = configuration_slug(index, configuration);
    let name = index.model(configuration).map_or_else(String::new, |(family, variant)| {
        if question.grouping == Grouping::Family {
            variant.name.clone()
        } else {
            format!("{} {}", family.name, variant.name)
        }
    });
    let is_open = {
        let slug = slug.clone();
        move || page.unfolded.with(|unfolded| unfolded.open.contains(&slug))
    };
    let open = button("open-row")
        .state("aria-expanded", is_open)
        .attr("aria-controls", detail_id(page, row))
        .on_click(move |_| page.choose(|selection| switch(&mut selection.open, &slug)))
        .child(marker())
        .child(el("bdi", "").text(name));
    let cell = |column: Column| el("td", &format!("column-{}", column.slug())).attr("role", "cell");
    let words = |text: String| el("bdi", "").text(text);
    let quant = index.quant(configuration).map_or_else(String::new, |quant| quant.id.clone());
    let hardware = index.hardware(configuration).map_or_else(String::new, |rig| rig.name.clone());
    let backend = index.backend(configuration).map_or_else(String::new, backend_label);
    let is_raw = index.configurations.timing.get(configuration) == Some(&Timing::Raw);
    let raw = is_raw.then(|| term("raw", "raw"));
    let Figure { text, mark } = figure(page, row, question.metric);
    #[cfg(feature = "whole")]
    let open = open
        .maybe(crate::query::is_own(index, configuration).then(|| el("span", "mark mark-mine").text("mine")));
    let mark = mark.map(|(word, reason)| {
        button(if word == "failed" { "mark mark-failed" } else { "mark" })
            .attr("aria-label", format!("{word}: {reason}"))
            .attr("data-tip", reason)
            .text(word)
    });
    // On wide screens the unit stands in the column's header alone.
    let unit = row.bounds.map(|_| el("span", "phone-only").text(format!(" {}", question.metric.unit())));
    let value = el("span", "value").text(text).maybe(unit);
    let value = el("span", "figure").maybe(range_bar(row.bounds)).maybe(mark).child(value);
    let variant = el("th", "column-variant").attr("scope", "row").attr("role", "rowheader").child(open);
    let conditions = conditions(page, configuration).map(|text| el("small", "").text(text));
    let line = el("tr", "row");
    #[cfg(feature = "whole")]
    let line = line.class_if("is-mine", move || crate::query::is_own(index, configuration));
    line.attr("role", "row")
        .child(variant)
        .child(cell(Column::Quant).text(quant))
        .child(cell(Column::Hardware).child(words(hardware)).maybe(conditions))
        .child(cell(Column::Backend).child(words(backend)))
        .child(cell(Column::Mode).child(words(index.mode(configuration).to_owned())).maybe(raw))
        .child(
            cell(Column::Concurrency)
                .child(el("span", "phone-only").text("conc. "))
                .text(row.concurrency.to_string()),
        )
        .child(cell(Column::Metric).child(value))
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
/// Its ends are style properties, which the static page may not have: there, the number stands alone.
/// The largest value of all rows is a property of the table, so that a change of it touches no row.
fn range_bar(bounds: Option<(f64, f64)>) -> Option<El> {
    let (low, high) = bounds.filter(|_| !cfg!(feature = "snapshot"))?;
    let bar = el("span", "range-bar").attr("aria-hidden", "true");
    let bar = bar.property("--low", low).property("--high", high);
    Some(bar.child(el("span", "range-track")).child(el("span", "range-fill")))
}
