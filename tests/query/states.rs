//! States of the page that a reader may come to, over any results: the same on every machine.

use super::made_up::Random;
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::{
    Answer, Choices, Column, Concurrency, Facet, Grouping, Selection, Sort, Theme, View, answer,
    configuration_slug, model_slug,
};

/// Any state: filters around one result, so that most of them have something to show.
pub(crate) fn state(random: &mut Random, index: &Index, choices: &Choices) -> Selection {
    let result = random.below(index.result_count());
    let configuration = index.configuration_of(index.run_of(result));
    let mut state = Selection::default();
    for facet in Facet::ALL {
        if random.percent(30) {
            let count = facet.choices(choices).len();
            let mut chosen: Vec<usize> = (0..random.below(3)).map(|_| random.below(count)).collect();
            chosen.push(facet.of(index, choices, configuration));
            chosen.sort_unstable();
            chosen.dedup();
            *facet.chosen_mut(&mut state) = chosen;
        }
    }
    if random.percent(25) {
        state.search = word(random, index, configuration);
    }
    if random.percent(30) {
        state.shape = Some(usize::from(index.results.shape[result]));
    }
    state.concurrency = match random.below(4) {
        0 => Concurrency::All,
        1 => Concurrency::Only(1),
        _ => Concurrency::Only(index.results.concurrency[result]),
    };
    if random.percent(50) {
        let measured = Metric::ALL.into_iter().filter(|&metric| index.bounds(result, metric).is_some());
        let measured: Vec<Metric> = measured.collect();
        state.metric = measured.get(random.below(measured.len())).copied().unwrap_or(state.metric);
    }
    if random.percent(50) {
        let column = Column::ALL[random.below(Column::ALL.len())];
        state.sort = Some(Sort { column, descending: random.percent(50) });
    }
    if random.percent(50) {
        state.grouping = Grouping::ALL[random.below(Grouping::ALL.len())];
    }
    state.all_bars = random.percent(25);
    state.theme = [None, Some(Theme::Light), Some(Theme::Dark)][random.below(3)];
    unfold(random, index, &answer(index, choices, &state), &mut state);
    look_at(random, index, configuration, &mut state);
    state
}

/// A word that finds a configuration, as a reader would type it.
fn word(random: &mut Random, index: &Index, configuration: usize) -> String {
    let (family, variant) = index.model(configuration).unwrap();
    let quant = index.quant(configuration).map_or("", |quant| &quant.id);
    let first = family.name.split(' ').next().unwrap_or_default();
    match random.below(4) {
        0 => first.to_lowercase(),
        1 => format!(" {}  {quant}", first.to_uppercase()),
        2 => variant.name.clone(),
        _ => index.backend(configuration).map_or_else(String::new, |backend| backend.engine.clone()),
    }
}

/// Folds some of the groups, and opens some of the rows.
fn unfold(random: &mut Random, index: &Index, answer: &Answer, state: &mut Selection) {
    let groups = answer.groups.iter().filter(|group| !group.label.is_empty());
    let folded = groups.filter(|_| random.percent(10)).map(|group| group.key.clone());
    state.folded = sorted(folded.collect());
    if random.percent(30) && !answer.rows.is_empty() {
        let rows = (0..1 + random.below(3)).map(|_| random.below(answer.rows.len()));
        let rows: Vec<usize> = rows.collect();
        let slug = |row: usize| configuration_slug(index, answer.rows[row].configuration);
        state.open = sorted(rows.into_iter().map(slug).collect());
    }
}

/// The table in most cases, and else a model, a comparison or the rigs.
fn look_at(random: &mut Random, index: &Index, configuration: usize, state: &mut Selection) {
    state.view = match random.below(10) {
        0 => View::Hardware,
        1 => View::Models,
        2 | 3 => View::Compare,
        _ => View::Runs,
    };
    let (family, variant) = index.model(configuration).unwrap();
    if state.view == View::Models || random.percent(10) {
        state.model = Some(model_slug(family, variant));
    }
    if state.view == View::Compare || random.percent(10) {
        // Most often of one model, which have a workload in common more often than not.
        let of_model = |&other: &usize| index.model(other) == Some((family, variant));
        let mut near: Vec<usize> = (0..index.configuration_count()).filter(of_model).collect();
        if random.percent(20) {
            near.extend((0..3).map(|_| random.below(index.configuration_count())));
        }
        let mut pinned = vec![configuration];
        pinned.extend((0..1 + random.below(4)).map(|_| near[random.below(near.len())]));
        // One alone is no comparison.
        pinned.push((configuration + 1) % index.configuration_count());
        for slug in pinned.into_iter().map(|configuration| configuration_slug(index, configuration)) {
            if !state.pinned.contains(&slug) {
                state.pinned.push(slug);
            }
        }
    }
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}
