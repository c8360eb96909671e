//! Files for the page that shares a view, which has no writers itself.

use super::message::{Form, Wanted};
use super::unnamed;
use crate::export::view::{Export, csv, html, json};
use crate::index::Index;
use crate::query::{Choices, data_of_query, from_query};

/// What a view of the page shows as a file, by the functions that the command line writes with.
///
/// # Errors
///
/// In words, for a view that the index does not know: what would be written instead is something else.
pub fn write(index: &Index, wanted: &Wanted) -> Result<Vec<u8>, String> {
    let Wanted { form, query, base, charts, .. } = wanted;
    let mut choices = unnamed(Choices::of(index), index);
    choices.data = data_of_query(query);
    let (selection, ignored) = from_query(query, &choices);
    if let Some(ignored) = ignored.first() {
        return Err(format!("nothing here is {}={}", ignored.parameter, ignored.value));
    }
    let export = Export { index, choices: &choices, selection: &selection, base: Some(base) };
    Ok(match form {
        Form::Csv => csv::csv(&export).into_bytes(),
        Form::Json => json::json(&export),
        Form::Html => html::html(&export, charts).into_bytes(),
    })
}
