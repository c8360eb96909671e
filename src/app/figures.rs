//! Figures beyond the metrics, of every result of a configuration.

use std::collections::BTreeMap;

use super::details::shape_label;
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::Data;
use crate::format::MISSING;
use crate::model::Figure;

/// One line a figure, one column a result that has any; none where no result has one.
pub fn figures(data: &Data, configuration: usize) -> Option<El> {
    let (index, locale) = (&data.index, data.locale);
    let mut results = index.results_of(configuration).collect::<Vec<_>>();
    results.retain(|&result| !index.results.figures.of(result).is_empty());
    let mut lines: BTreeMap<Figure, Vec<Option<f64>>> = BTreeMap::new();
    for (column, &result) in results.iter().enumerate() {
        for &(figure, value) in index.results.figures.of(result) {
            let line = lines.entry(figure).or_insert_with(|| vec![None; results.len()]);
            if let Some(cell) = line.get_mut(column) {
                *cell = Some(value);
            }
        }
    }
    let mut headings = vec![heading("Figure", false)];
    for &result in &results {
        let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
        headings.push(heading("", true).text(format!("{}, conc. {concurrency}", shape_label(index, result))));
    }
    let lines = lines.into_iter().map(|(figure, values)| {
        let unit = figure.unit();
        let blank = if unit.is_empty() { "" } else { " " };
        let name = format!("{}{blank}{unit}", figure.label());
        let text = |value: Option<f64>| {
            value.map_or(MISSING.to_owned(), |value| locale.number(value, decimals(value)))
        };
        let cells = values.into_iter().map(|value| number_cell(text(value)));
        el("tr", "").child(el("th", "").attr("scope", "row").text(name)).children(views(cells))
    });
    let lines = views(lines);
    (!lines.is_empty())
        .then(|| scroll_box("More figures", plain_table("More figures of these results", headings, lines)))
}

/// Three significant digits for what is small, whole numbers as they are.
fn decimals(value: f64) -> usize {
    match value {
        _ if value.fract() == 0.0 => 0,
        0.0..0.1 => 4,
        0.1..1.0 => 3,
        1.0..10.0 => 2,
        _ => 1,
    }
}
