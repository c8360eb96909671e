//! What a view shows by name instead of by filter, and what of a selection may be passed on.

use super::{
    Answer, Choices, Concurrency, Facet, Row, Selection, View, answer, configuration_named, model_named,
};
use crate::index::Index;
use crate::model::mine::is_mine;

/// The rows that a view shows, in the order of its table, and the selection they answer.
///
/// The page of a model has its rows of every concurrency, a comparison those of the pinned configurations, whatever
/// is filtered beside; every other view goes by the filters. Of an answer by name only the rows are complete: those
/// without the metric stand last.
pub fn shown(index: &Index, choices: &Choices, selection: &Selection) -> (Selection, Answer) {
    let Some(is_wanted) = by_name(index, selection) else {
        return (selection.clone(), answer(index, choices, selection));
    };
    let all = Selection { concurrency: Concurrency::All, ..selection.unfiltered() };
    let mut answer = answer(index, choices, &all);
    answer.rows.retain(|row| is_wanted(row.configuration));
    for configuration in (0..index.configuration_count()).filter(|&configuration| is_wanted(configuration)) {
        let is_there = |row: &Row| row.configuration == configuration;
        let missing = rows_of(index, configuration).into_iter().filter(|row| {
            !answer.rows.iter().any(|other| is_there(other) && other.concurrency == row.concurrency)
        });
        let missing: Vec<Row> = missing.collect();
        answer.rows.extend(missing);
    }
    answer.groups.clear();
    (all, answer)
}

/// True where a view shows what it names and does not go by filters: its rows are not those of [`answer`].
pub fn is_by_name(index: &Index, selection: &Selection) -> bool {
    by_name(index, selection).is_some()
}

/// The results of a configuration, in a row for each concurrency, whatever they are results of.
fn rows_of(index: &Index, configuration: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for result in index.results_of(configuration) {
        let concurrency = index.results.concurrency.get(result).copied().unwrap_or_default();
        match rows.last_mut() {
            Some(row) if row.concurrency == concurrency => row.results.end = result + 1,
            _ => rows.push(Row { configuration, concurrency, results: result..result + 1, bounds: None }),
        }
    }
    rows
}

/// Which configurations a view names; `None` where it goes by filters.
fn by_name(index: &Index, selection: &Selection) -> Option<Box<dyn Fn(usize) -> bool>> {
    match selection.view {
        View::Models => {
            let (family, variant) = model_named(index, selection.model.as_deref()?)?;
            let of_model = |column: &[u32], wanted: usize| {
                let is = |&position: &u32| position as usize == wanted;
                column.iter().map(is).collect::<Vec<bool>>()
            };
            let families = of_model(&index.configurations.family, family);
            let variants = of_model(&index.configurations.variant, variant);
            let has = |list: &[bool], at: usize| list.get(at) == Some(&true);
            Some(Box::new(move |at| has(&families, at) && has(&variants, at)))
        }
        View::Compare if !selection.pinned.is_empty() => {
            let named = |word: &String| configuration_named(index, word);
            let pinned: Vec<usize> = selection.pinned.iter().filter_map(named).collect();
            Some(Box::new(move |at| pinned.contains(&at)))
        }
        _ => None,
    }
}

/// The selection without what is the reader's own, for links that go to others: to them it would mean nothing, and
/// it is none of their business.
#[must_use]
pub fn without_own(selection: &Selection, choices: &Choices) -> Selection {
    let is_public = |word: &String| !word.split('.').any(is_mine);
    let mut public = selection.clone();
    for facet in Facet::ALL {
        let known = facet.choices(choices);
        let is_known = |at: &usize| known.get(*at).is_some_and(|choice| is_public(&choice.slug));
        facet.chosen_mut(&mut public).retain(is_known);
    }
    public.shape =
        public.shape.filter(|&at| choices.shape.get(at).is_some_and(|shape| is_public(&shape.slug)));
    public.model = public.model.filter(is_public);
    for list in [&mut public.folded, &mut public.open, &mut public.pinned] {
        list.retain(is_public);
    }
    public
}
