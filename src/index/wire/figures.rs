//! Figures beyond the metrics: a list of results, names and values.
//!
//! Names stand in the file, once each, so that a reader tells those it does not know.

use super::write::positions;
use super::{Columns, Numbers};
use crate::index::{IndexError, Sparse};
use crate::model::Figure;

/// The distinct names, in order.
pub(super) fn names(figures: &Sparse<(Figure, f64)>) -> Vec<&'static str> {
    distinct(figures).into_iter().map(Figure::key).collect()
}

fn distinct(figures: &Sparse<(Figure, f64)>) -> Vec<Figure> {
    let mut distinct: Vec<Figure> = figures.value.iter().map(|&(figure, _)| figure).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// The columns of numbers.
pub(super) fn write(figures: &Sparse<(Figure, f64)>, put: &mut impl FnMut(&str, Numbers)) {
    let distinct = distinct(figures);
    let position =
        |figure: &Figure| distinct.binary_search(figure).ok().and_then(|at| u32::try_from(at).ok());
    put("figures.result", positions(&figures.entry));
    put("figures.figure", figures.value.iter().map(|(figure, _)| position(figure).map(f64::from)).collect());
    put("figures.value", figures.value.iter().map(|&(_, value)| Some(value)).collect());
}

impl Columns {
    /// Figures of results; those that this version does not know are left out.
    pub(super) fn figures(&mut self) -> Sparse<(Figure, f64)> {
        let names: Vec<Option<Figure>> =
            self.words("figures").iter().map(|name| Figure::from_key(name)).collect();
        let (entry, figure) = (self.integers("figures.result"), self.integers("figures.figure"));
        let value = self.measures("figures.value");
        let lengths = [figure.len(), value.len()];
        if let Some(other) = lengths.into_iter().find(|&length| length != entry.len()) {
            let (found, expected) = (format!("{other} entries"), entry.len().to_string());
            return self.sound(Err(IndexError::wrong("figures", &found, &expected)));
        }
        let mut figures = Sparse::default();
        for (at, (entry, name)) in entry.into_iter().zip(figure).enumerate() {
            let (Some(name), Some(value)) = (names.get(name as usize), value.get(at)) else {
                let found = format!("entry {at}");
                return self.sound(Err(IndexError::wrong(
                    "figures",
                    &found,
                    "a name in words.figures, and a value",
                )));
            };
            if let Some(figure) = name {
                figures.push(entry, (*figure, value));
            }
        }
        figures
    }
}
