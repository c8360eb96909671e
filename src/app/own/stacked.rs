//! Tables whose lines stand as cards on narrow screens, each value below its name.
//!
//! A table that is laid out otherwise is none any more to some readers of screens, so each part says its role.

use crate::app::element::{El, el, scroll_box, views};

/// A column: its heading, and whether it holds numbers.
pub type Column = (&'static str, bool);

/// A table with a line for each list of cells, of which the first names it.
pub fn table(name: &str, label: String, columns: &[Column], lines: Vec<Vec<El>>) -> El {
    let head = columns.iter().fold(el("tr", "").attr("role", "row"), |row, &(words, is_number)| {
        let class = if is_number { "number" } else { "" };
        row.child(el("th", class).attr("scope", "col").attr("role", "columnheader").text(words))
    });
    let lines = lines.into_iter().map(|cells| {
        let cells = columns.iter().zip(cells).enumerate().map(|(at, (&(words, _), cell))| match at {
            0 => cell.attr("role", "rowheader"),
            _ => cell.attr("role", "cell").attr("data-name", words),
        });
        el("tr", "").attr("role", "row").children(views(cells))
    });
    let lines = views(lines);
    let table = el("table", &format!("plain-table stacked {name}"))
        .attr("role", "table")
        .child(el("thead", "").attr("role", "rowgroup").child(head))
        .child(el("tbody", "").attr("role", "rowgroup").children(lines));
    scroll_box(label, table)
}
