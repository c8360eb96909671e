//! What the columns of a table hold that no tool wrote: proposed by its headers, read once somebody confirms it.

use leptos::ev;
use leptos::prelude::*;

use super::session::Session;
use super::stacked::{self, Column};
use crate::app::element::{El, button, el, views};
use crate::own::message::{Table, TableColumn};

/// What a column holds that is not read.
const LEFT_OUT: &str = "ignored";

/// What a line says of one column.
const COLUMNS: [Column; 6] = [
    ("Column", false),
    ("First value", false),
    ("Holds", false),
    ("Unit", false),
    ("Of all requests", false),
    ("Is the ±", false),
];

/// The form of one table; folded away once it is confirmed.
pub fn form(session: &Session, id: u32, table: Table) -> El {
    let is_confirmed = table.confirmed;
    let lead =
        "No tool wrote this table, so look at what its columns hold: nothing is read before you confirm it";
    let lines = table.columns.iter().enumerate().map(|(at, column)| (at, column.clone()));
    let state = RwSignal::new(table.clone());
    let lines = lines.map(|(at, column)| line(id, state, at, &column)).collect();
    let served = tick("Timed through a server, and not inside the engine", state, |table| &mut table.served);
    let comma = tick("A comma stands before the fraction: 1.234,5", state, |table| &mut table.comma);
    let session = session.clone();
    let read = button("button own-map")
        .on_click(move |_| session.map(id, state.get_untracked()))
        .text("Read it with these columns");
    let body = el("div", "own-mapping")
        .child(stacked::table("own-columns", "Columns of the table".to_owned(), &COLUMNS, lines))
        .child(served)
        .child(comma)
        .child(el("p", "").child(read));
    let fold = el("details", "fold").child(el("summary", "").text("What its columns hold"));
    let fold = if is_confirmed { fold } else { fold.attr("open", "").child(el("p", "note").text(lead)) };
    fold.child(body)
}

fn line(id: u32, state: RwSignal<Table>, at: usize, column: &TableColumn) -> Vec<El> {
    let set = move |change: &dyn Fn(&mut TableColumn)| {
        state.update(|table| {
            if let Some(column) = table.columns.get_mut(at) {
                change(column);
            }
        });
    };
    let TableColumn { header, example, field, unit, all_requests, spread } = column.clone();
    let name = |what: &str| format!("{what}: {header}");
    let option = |(key, about): (&str, &str)| {
        let words = if key == LEFT_OUT { "Nothing: leave it out" } else { about };
        // Names of fields stand in backticks, for documents.
        let option = el("option", "").attr("value", key).text(words.replace('`', ""));
        if key == field { option.attr("selected", "") } else { option }
    };
    let (left_out, fields): (Vec<_>, Vec<_>) = crate::own::fields().partition(|(key, _)| *key == LEFT_OUT);
    let options = left_out.into_iter().chain(fields).map(option);
    let holds = el("select", "own-holds")
        .attr("id", format!("own-holds-{id}-{at}"))
        .attr("aria-label", name("Holds"))
        .children(views(options))
        .on(ev::change, move |event| set(&|column| column.field = event_target_value(&event)));
    let unit = el("input", "own-unit")
        .attr("aria-label", name("Unit"))
        .attr("autocomplete", "off")
        .value(move || unit.clone())
        .on(ev::change, move |event| set(&|column| column.unit = event_target_value(&event)));
    let all = el("input", "")
        .attr("type", "checkbox")
        .attr("aria-label", name("Of all requests"))
        .checked(move || all_requests)
        .on(ev::change, move |event| set(&|column| column.all_requests = event_target_checked(&event)));
    let spread = el("input", "")
        .attr("type", "checkbox")
        .attr("aria-label", name("Is the ±"))
        .checked(move || spread)
        .on(ev::change, move |event| set(&|column| column.spread = event_target_checked(&event)));
    vec![
        el("th", "").attr("scope", "row").child(el("bdi", "").text(&header)),
        el("td", "").child(el("bdi", "").text(example)),
        el("td", "").child(holds),
        el("td", "").child(unit),
        el("td", "").child(all),
        el("td", "").child(spread),
    ]
}

fn tick(words: &str, state: RwSignal<Table>, place: fn(&mut Table) -> &mut bool) -> El {
    let at_first = state.with_untracked(|table| *place(&mut table.clone()));
    let field = el("input", "")
        .attr("type", "checkbox")
        .checked(move || at_first)
        .on(ev::change, move |event| state.update(|table| *place(table) = event_target_checked(&event)));
    el("label", "option").child(field).child(el("span", "").text(words))
}
