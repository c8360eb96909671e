//! What the cells of one row say, before they are a result.

use std::collections::BTreeMap;

use super::super::finding::{Say, quote};
use super::super::report::is_missing;
use super::units::{Kind, Unit};
use super::{Column, Decimal, Field, Mapping, Requests};

/// A column that was found in the header, with its unit.
pub(super) struct Bound<'a> {
    pub(super) at: usize,
    pub(super) column: &'a Column,
    pub(super) unit: Unit,
}

/// Finds the columns of a mapping in a header, and says what does not fit.
pub(super) fn bind<'a>(mapping: &'a Mapping, headers: &[String], say: &mut Say<'_>) -> Vec<Bound<'a>> {
    let mut bound = Vec::new();
    for column in &mapping.columns {
        let Some(at) = headers.iter().position(|header| *header == column.column) else {
            say.at(1, &column.column, "no column of this name", "one of the headers of the table");
            continue;
        };
        let Some(unit) = unit(column, say) else { continue };
        bound.push(Bound { at, column, unit });
    }
    for (position, header) in headers.iter().enumerate() {
        let is_used = bound.iter().any(|bound| bound.at == position) || mapping.rows.contains_key(header);
        let is_named = mapping.columns.iter().any(|column| column.column == *header);
        if !is_used && !is_named {
            say.at(
                1,
                header,
                "a column that is mapped to nothing",
                "a field, or \"ignored\"; it is left out",
            );
        }
    }
    for column in mapping.rows.keys().filter(|column| !headers.contains(column)) {
        say.at(1, column, "no column of this name to choose rows by", "one of the headers of the table");
    }
    bound
}

/// The unit of a column; `None` where it has none that fits, which is said.
fn unit(column: &Column, say: &mut Say<'_>) -> Option<Unit> {
    let Column { field, requests, spread, .. } = column;
    let is_rate = field.kind() == Some(Kind::Rate);
    if *requests == Requests::All && !is_rate {
        say.at(
            1,
            &column.column,
            "a figure of all requests",
            "a rate, which has a share for each request; it is left out",
        );
        return None;
    }
    if *spread && !matches!(field, Field::Metric(_)) {
        say.at(1, &column.column, "the ± of something that is no metric", "a metric; it is left out");
        return None;
    }
    match (&column.unit, field.kind()) {
        (None, _) => Some(Unit::PLAIN),
        (Some(name), Some(kind)) if kind != Kind::Number => {
            let unit = Unit::named(name, kind);
            if unit.is_none() {
                let known = Unit::known(kind).join(", ");
                say.at(
                    1,
                    &column.column,
                    format!("unit {}", quote(name)),
                    format!("one of {known}; it is left out"),
                );
            }
            unit
        }
        (Some(name), _) => {
            say.at(
                1,
                &column.column,
                format!("unit {}", quote(name)),
                "no unit, for the field has none; it is left out",
            );
            None
        }
    }
}

/// A number with its column; the spread behind a ± in the same cell is kept.
pub(super) struct Figure<'a> {
    pub(super) column: &'a Column,
    pub(super) unit: Unit,
    pub(super) value: f64,
    pub(super) spread: Option<f64>,
}

/// What a row says.
#[derive(Default)]
pub(super) struct Row<'a> {
    pub(super) line: u32,
    /// Texts and counts, constants among them.
    pub(super) texts: BTreeMap<Field, String>,
    /// Settings by name.
    pub(super) settings: BTreeMap<String, String>,
    pub(super) figures: Vec<Figure<'a>>,
}

/// Reads a row; `None` where it is not one of those that the mapping takes.
pub(super) fn row<'a>(
    mapping: &'a Mapping,
    bound: &[Bound<'a>],
    headers: &[String],
    (line, cells): &(u32, Vec<String>),
    say: &mut Say<'_>,
) -> Option<Row<'a>> {
    let cell_of =
        |name: &String| headers.iter().position(|header| header == name).and_then(|at| cells.get(at));
    let is_taken =
        |(name, texts): (&String, &Vec<String>)| cell_of(name).is_none_or(|cell| texts.contains(cell));
    if !mapping.rows.iter().all(is_taken) {
        return None;
    }
    let mut row = Row { line: *line, ..Row::default() };
    for Bound { at, column, unit } in bound {
        let Some(cell) = cells.get(*at).filter(|cell| !is_missing(cell)) else { continue };
        match column.field {
            Field::Ignored => {}
            Field::Setting => {
                let name = column.name.as_deref().unwrap_or(&column.column);
                row.settings.insert(name.chars().take(60).collect(), cell.clone());
            }
            field if field.kind().is_some() => match number(cell, mapping.decimal) {
                Some((value, spread)) => row.figures.push(Figure { column, unit: *unit, value, spread }),
                None => say.at(
                    *line,
                    &column.column,
                    quote(cell),
                    "a number, with the decimal sign of the mapping and no unit; it is left out",
                ),
            },
            field => {
                let text = row.texts.entry(field).or_default();
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(cell);
            }
        }
    }
    for (field, value) in &mapping.constants {
        row.texts.entry(*field).or_insert_with(|| value.clone());
    }
    // Ids of models are found where names are looked up, which keeps the printed name beside them.
    for (field, text) in row.texts.iter_mut().filter(|(field, _)| **field != Field::Model) {
        if let Some(meant) = mapping.values.get(field).and_then(|values| values.get(text)) {
            text.clone_from(meant);
        }
    }
    Some(row)
}

/// A number, and its spread where the cell has one: `1,234.5`, `22.7 ± 0.5`.
fn number(cell: &str, decimal: Decimal) -> Option<(f64, Option<f64>)> {
    let cell = cell.replace("Â±", "±").replace("+/-", "±");
    match cell.split_once('±') {
        Some((value, spread)) => Some((plain(value, decimal)?, Some(plain(spread, decimal)?))),
        None => Some((plain(&cell, decimal)?, None)),
    }
}

/// A number in decimal digits, with a power of ten where a program wrote it, and thousands apart where all of them are.
pub(super) fn plain(text: &str, decimal: Decimal) -> Option<f64> {
    let text = text.trim().trim_matches('*');
    let (point, thousands) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split([thousands, ' ', '\u{202f}', '\'', '_']).collect();
    let (first, rest) = groups.split_first()?;
    let is_apart =
        rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || (1..=3).contains(&first.len()));
    let plain = format!("{}.{fraction}", groups.concat());
    let is_plain = plain.len() <= 40
        && plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    // `12e3` has its power behind a fraction that is not there.
    let plain = if fraction.is_empty() { groups.concat() } else { plain };
    plain.parse().ok().filter(|value: &f64| is_apart && is_plain && value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_the_sign_of_the_mapping() {
        for (cell, decimal, value) in [
            ("1,234.5", Decimal::Point, Some((1234.5, None))),
            ("1.234,5", Decimal::Comma, Some((1234.5, None))),
            ("22,7 ± 0,5", Decimal::Comma, Some((22.7, Some(0.5)))),
            ("22.7 +/- 0.5", Decimal::Point, Some((22.7, Some(0.5)))),
            ("1e3", Decimal::Point, Some((1000.0, None))),
            ("2.5e-3", Decimal::Point, Some((0.0025, None))),
            ("**38.65**", Decimal::Point, Some((38.65, None))),
            ("12 345", Decimal::Point, Some((12345.0, None))),
            // A comma that is no separator of thousands is none of a fraction either.
            ("1,5", Decimal::Point, None),
            ("22.7", Decimal::Comma, None),
            ("12 ms", Decimal::Point, None),
            ("NaN", Decimal::Point, None),
            ("inf", Decimal::Point, None),
            ("", Decimal::Point, None),
            ("±", Decimal::Point, None),
        ] {
            assert_eq!(number(cell, decimal), value, "{cell}");
        }
    }
}
