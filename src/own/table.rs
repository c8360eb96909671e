//! Tables that no tool wrote: what their columns may hold, and what the reader says that they do.

use super::message::{Table, TableColumn};
use crate::import::mapping::{Decimal, Field, Mapping, Requests, propose, sheet};
use crate::model::run::Timing;

/// Rows that a proposal looks at.
const LOOKED_AT: usize = 50;

/// The longest cell that is shown as an example, in characters.
const LONGEST: usize = 40;

/// A table and the mapping that it is read with, once it is confirmed.
pub struct Mapped {
    mapping: Mapping,
    examples: Vec<String>,
    confirmed: bool,
}

impl Mapped {
    /// What the headers of a table suggest; `None` for what is none, or has no column with a figure.
    pub fn propose(bytes: &[u8]) -> Option<Self> {
        let sheet = sheet(bytes)?;
        let rows: Vec<Vec<String>> = sheet.rows.into_iter().take(LOOKED_AT).map(|(_, cells)| cells).collect();
        let mapping = propose(&sheet.headers, &rows);
        let example = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let first = cells.map(|cell| cell.trim()).find(|cell| !cell.is_empty());
            first.unwrap_or_default().chars().take(LONGEST).collect()
        };
        let examples = (0..sheet.headers.len()).map(example).collect();
        let has_figure = mapping.columns.iter().any(|column| column.field.is_figure());
        has_figure.then_some(Self { mapping, examples, confirmed: false })
    }

    /// The mapping, once the reader has confirmed it.
    pub fn confirmed(&self) -> Option<&Mapping> {
        self.confirmed.then_some(&self.mapping)
    }

    /// Takes what the reader says. What the form does not show of a column stays as proposed.
    pub fn confirm(&mut self, table: &Table) {
        for (column, said) in self.mapping.columns.iter_mut().zip(&table.columns) {
            let field = Field::from_key(&said.field).unwrap_or(Field::Ignored);
            if field != column.field {
                column.shape = column.shape.take().filter(|_| field.is_figure());
                column.name = None;
            }
            column.field = field;
            column.unit = Some(said.unit.trim().to_owned()).filter(|unit| !unit.is_empty());
            column.requests = if said.all_requests { Requests::All } else { Requests::One };
            column.spread = said.spread;
        }
        self.mapping.timing = if table.served { Timing::Served } else { Timing::Raw };
        self.mapping.decimal = if table.comma { Decimal::Comma } else { Decimal::Point };
        self.confirmed = true;
    }

    /// The same for a form.
    pub fn report(&self) -> Table {
        let columns = self.mapping.columns.iter().zip(&self.examples).map(|(column, example)| TableColumn {
            header: column.column.clone(),
            example: example.clone(),
            field: column.field.key().to_owned(),
            unit: column.unit.clone().unwrap_or_default(),
            all_requests: column.requests == Requests::All,
            spread: column.spread,
        });
        Table {
            columns: columns.collect(),
            served: self.mapping.timing == Timing::Served,
            comma: self.mapping.decimal == Decimal::Comma,
            confirmed: self.confirmed,
        }
    }
}
