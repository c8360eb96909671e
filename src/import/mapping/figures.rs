//! The figures of a row as those of results: in the units that are kept, for one request, by shape.

use super::super::finding::Say;
use super::rows::{Figure, Row};
use super::units::significant;
use super::{Field, Requests};
use crate::model::run::ResultEntry;
use crate::model::{Metric, Positive, plain};

/// Puts the figures of a row that belong to one shape into a result.
///
/// `requests` is how many were in flight, for rates of all of them together.
pub(super) fn fill(
    row: &Row<'_>,
    shape: Option<&str>,
    requests: u16,
    result: &mut ResultEntry,
    say: &mut Say<'_>,
) {
    let mut notes: Vec<String> = Vec::new();
    for figure in &row.figures {
        let field = figure.column.field;
        if !field.is_figure() || figure.column.shape.as_deref() != shape || figure.column.spread {
            continue;
        }
        let value = one(figure, figure.value, requests);
        let Ok(kept) = Positive::try_from(value) else {
            let expected = "a figure above 0; it is left out";
            say.at(row.line, &figure.column.column, plain(figure.value), expected);
            continue;
        };
        let metric = match field {
            Field::Metric(metric) => metric,
            Field::Figure(name) => {
                result.figures.insert(name, kept);
                continue;
            }
            _ => continue,
        };
        if figure.column.requests == Requests::All && requests > 1 {
            notes.push(format!("{} of all requests together: {} tok/s.", metric.name(), plain(figure.value)));
        }
        *result.stated_mut(metric) = Some(kept);
        if let Some(spread) = spread(row, figure, requests, say) {
            result.published.insert(metric, format!("{} ±{}", plain(value), plain(spread)));
        }
    }
    if !notes.is_empty() {
        let text =
            row.texts.get(&Field::Note).cloned().into_iter().chain(notes).collect::<Vec<_>>().join(" ");
        result.note = Some(text);
    }
}

/// The spread of a figure: from its own cell, or from a column for it.
fn spread(row: &Row<'_>, figure: &Figure<'_>, requests: u16, say: &mut Say<'_>) -> Option<f64> {
    let is_its = |other: &&Figure<'_>| {
        let (own, other) = (figure.column, other.column);
        other.spread && other.field == own.field && other.shape == own.shape
    };
    let of_column = || row.figures.iter().find(is_its).map(|other| (other, other.value));
    let (from, value) = figure.spread.map(|value| (figure, value)).or_else(of_column)?;
    if !from.unit.is_linear() {
        say.at(
            row.line,
            &from.column.column,
            "a ± of durations for a rate",
            "one of the rate; it is left out",
        );
        return None;
    }
    // A spread may be 0, which says that it is below what was printed.
    Some(one(from, value, requests))
}

/// A number in the unit that is kept, as the share of one request.
fn one(figure: &Figure<'_>, value: f64, requests: u16) -> f64 {
    let column = figure.column;
    let mut value = figure.unit.convert(value);
    if column.requests == Requests::All {
        value = significant(value / f64::from(requests), 15);
    }
    column.digits.map_or(value, |digits| significant(value, digits))
}

/// The value of a field that is no metric, such as the size of the file.
pub(super) fn other(row: &Row<'_>, field: Field) -> Option<Positive> {
    let figure = row.figures.iter().find(|figure| figure.column.field == field)?;
    let value = figure.unit.convert(figure.value);
    Positive::try_from(figure.column.digits.map_or(value, |digits| significant(value, digits))).ok()
}

/// The output rate of each request as its output tokens by its whole duration.
pub(super) fn output_rate(row: &Row<'_>, result: &mut ResultEntry) {
    let (Some(tokens), Some(whole), None) =
        (result.output_tokens, result.end_to_end_ms, result.output_tok_per_s)
    else {
        return;
    };
    let is_whole = |figure: &&Figure<'_>| figure.column.field == Field::Metric(Metric::EndToEnd);
    let digits = row.figures.iter().find(is_whole).and_then(|figure| figure.column.digits).unwrap_or(15);
    let rate = significant(f64::from(tokens) * 1e3 / whole.get(), digits);
    result.output_tok_per_s = Positive::try_from(rate).ok();
}
