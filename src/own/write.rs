//! Files for the page that shares a view, which has no writers itself.

use super::message::{Form, Wanted};
use super::unnamed;
use crate::export::view::{Export, csv, html, json};
use crate::index::Index;
use crate::query::{Choices, from_query};

/// What a view of the page shows as a file, by the functions that the command line writes with.
pub fn write(index: &Index, wanted: &Wanted) -> Vec<u8> {
    let Wanted { form, query, base, charts, .. } = wanted;
    let choices = unnamed(Choices::of(index), index);
    let (selection, _) = from_query(query, &choices);
    let export = Export { index, choices: &choices, selection: &selection, base: Some(base) };
    match form {
        Form::Csv => csv::csv(&export).into_bytes(),
        Form::Json => json::json(&export),
        Form::Html => html::html(&export, charts).into_bytes(),
    }
}
