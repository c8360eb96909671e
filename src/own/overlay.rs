//! The published results with own ones among them, as one index.

use super::desk::Own;
use crate::import::{Imported, UNLISTED, complete};
use crate::index::Index;
use crate::model::PartialDate;
use crate::model::catalog::Source;
use crate::model::dataset::{Catalog, Dataset, FromFile};
use crate::model::mine::opaque;
use crate::model::run::Run;

/// Id of the source of own results beside published ones.
pub const OWN_SOURCE: &str = "mine";

/// An index of the published results and of own ones.
///
/// Own results refer to rigs of their own, copies of the published ones where the reader named one: so they stand
/// in rows of their own and are compared with the published ones of the same machine, by the same statistics and
/// rules. The ids of what only the reader has say nothing, for they stand in addresses.
pub fn overlay(published: &Index, own: &Own) -> Index {
    let mut catalog = published.catalog.clone();
    let mut added = Imported { shapes: own.shapes.clone(), ..Imported::default() };
    for run in &own.runs {
        let mut run = run.clone();
        run.hardware = rig(&mut catalog, own, &run.hardware);
        if let Some((UNLISTED, variant)) = run.model.split_once('/') {
            run.model = format!("{UNLISTED}/{}", opaque(variant));
        }
        let model = own.models.iter().find(|(id, _)| **id == run.model || opaque_model(id) == run.model);
        if let Some((_, variant)) = model {
            added.models.insert(run.model.clone(), variant.clone());
        }
        for source in &mut run.sources {
            OWN_SOURCE.clone_into(&mut source.id);
        }
        added.runs.push(run);
    }
    if let Some(newest) = added.runs.iter().map(|run| &run.date).max() {
        catalog.sources.push(own_source(newest.clone()));
    }
    complete(&mut catalog, &added);
    let mut runs = published.to_runs();
    make_unique(&mut added.runs, &runs);
    runs.append(&mut added.runs);
    let runs = runs.into_iter().map(|value| FromFile { file: String::new(), value }).collect();
    Index::build(&Dataset { catalog, runs })
}

fn opaque_model(id: &str) -> String {
    match id.split_once('/') {
        Some((UNLISTED, variant)) => format!("{UNLISTED}/{}", opaque(variant)),
        _ => id.to_owned(),
    }
}

/// The id of the own rig that stands beside a published one, or alone; it is added where it is new.
fn rig(catalog: &mut Catalog, own: &Own, id: &str) -> String {
    let mine = opaque(id);
    if catalog.hardware.iter().all(|rig| rig.id != mine) {
        let described = own.rigs.iter().chain(&catalog.hardware).find(|rig| rig.id == id).cloned();
        if let Some(mut rig) = described {
            mine.clone_into(&mut rig.id);
            rig.aliases.clear();
            rig.unlisted.clear();
            catalog.hardware.push(rig);
        }
    }
    mine
}

fn own_source(date: PartialDate) -> Source {
    Source {
        id: OWN_SOURCE.to_owned(),
        name: "Your own results, in this browser alone".to_owned(),
        url: None,
        date,
        licence: "yours".to_owned(),
        method: None,
    }
}

/// Numbers the ids that published runs have already.
fn make_unique(own: &mut [Run], published: &[Run]) {
    let taken: std::collections::HashSet<&str> = published.iter().map(|run| run.id.as_str()).collect();
    for run in own {
        let name = run.id.clone();
        let mut count = 1;
        while taken.contains(run.id.as_str()) {
            count += 1;
            run.id = format!("{name}-mine-{count}");
        }
    }
}
