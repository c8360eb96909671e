//! An index of the results alone, so that everything that reads an index reads it: the page, `tokscope import`, and
//! programs after `docs/data-format.md`.

use serde::Serialize;

use super::Export;

/// What travels with the results; readers of an index skip it.
#[derive(Serialize)]
struct About<'a> {
    title: String,
    filters: Vec<(&'static str, String)>,
    latest: Option<&'a str>,
    link: Option<String>,
}

/// The results of every row as an index, with one field more, `export`: title, filters, date of the newest run and link.
pub fn json(export: &Export<'_>) -> Vec<u8> {
    let results = export.every_result();
    let about = About {
        title: export.title(),
        filters: export.filters(),
        latest: export.latest(&results).map(crate::model::PartialDate::as_str),
        link: export.link(),
    };
    let mut index = export.index.subset(&results).to_json();
    // Every index is an object, and ends with its brace.
    index.pop();
    index.extend_from_slice(b",\"export\":");
    // Text always has a JSON form.
    index.extend(serde_json::to_vec(&about).unwrap_or_default());
    index.extend_from_slice(b"}\n");
    index
}
