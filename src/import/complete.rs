//! A catalog in which runs can stand that refer to what it does not have.

use std::collections::BTreeSet;

use super::known::{Imported, UNLISTED};
use crate::model::PartialDate;
use crate::model::catalog::{Family, Hardware, Quant, Shape, Source};
use crate::model::dataset::Catalog;

/// Adds a bare entry for every model, quant, rig, shape and source that imported runs name and the catalog
/// lacks, so that they can be looked at beside everything else. Nothing in it is said about them but their
/// names; it is for showing, not for a data folder.
pub fn complete(catalog: &mut Catalog, imported: &Imported) {
    let runs = &imported.runs;
    let models: BTreeSet<&str> = runs.iter().map(|run| run.model.as_str()).collect();
    for id in models {
        let Some((family, variant)) = id.split_once('/') else { continue };
        let Some(printed) = imported.models.get(id) else { continue };
        let mut printed = printed.clone();
        variant.clone_into(&mut printed.id);
        let position = catalog.families.iter().position(|known| known.id == family);
        let known = match position.and_then(|at| catalog.families.get_mut(at)) {
            Some(known) => known,
            None => {
                catalog.families.push(bare_family(family));
                let Some(last) = catalog.families.last_mut() else { continue };
                last
            }
        };
        if !known.variants.iter().any(|known| known.id == variant) {
            known.variants.push(printed);
        }
    }
    for run in runs {
        if !catalog.quants.iter().any(|quant| quant.id == run.quant) {
            catalog.quants.push(bare_quant(&run.quant));
        }
        if !catalog.hardware.iter().any(|rig| rig.id == run.hardware) {
            catalog.hardware.push(bare_rig(&run.hardware));
        }
        for source in &run.sources {
            if !catalog.sources.iter().any(|known| known.id == source.id) {
                catalog.sources.push(bare_source(&source.id, &run.date));
            }
        }
    }
    let used = runs.iter().flat_map(|run| &run.results).map(|result| bare_shape(&result.shape));
    for shape in imported.shapes.iter().cloned().chain(used) {
        if !catalog.shapes.iter().any(|known| known.id == shape.id) {
            catalog.shapes.push(shape);
        }
    }
}

/// What stands in place of words that nobody stated.
const NOT_STATED: &str = "not stated";

fn bare_family(id: &str) -> Family {
    let name = if id == UNLISTED { "Unlisted" } else { id };
    Family {
        id: id.to_owned(),
        name: name.to_owned(),
        released: PartialDate::unknown(),
        released_source: NOT_STATED.to_owned(),
        variants: Vec::new(),
    }
}

fn bare_quant(id: &str) -> Quant {
    Quant {
        id: id.to_owned(),
        bits_per_weight: None,
        about: NOT_STATED.to_owned(),
        source: NOT_STATED.to_owned(),
    }
}

/// A rig of which nothing but the id is known.
pub fn bare_rig(id: &str) -> Hardware {
    let (id, name) = (id.to_owned(), id.replace('-', " "));
    Hardware {
        id,
        aliases: Vec::new(),
        short: name.clone(),
        name,
        cpu: None,
        gpu: None,
        arch: None,
        memory_gib: None,
        unified_memory: false,
        system_memory_gib: None,
        memory_bandwidth_gb_per_s: None,
        memory_bandwidth_source: None,
        power_cap_w: None,
        power_max_w: None,
        os: None,
        kernel: None,
        driver: None,
        backends: Vec::new(),
        story: NOT_STATED.to_owned(),
        probes: Vec::new(),
        notes: Vec::new(),
        unlisted: Vec::new(),
        sources: Vec::new(),
    }
}

pub(super) fn bare_shape(id: &str) -> Shape {
    Shape {
        id: id.to_owned(),
        label: id.replace('-', " "),
        served: true,
        about: NOT_STATED.to_owned(),
        prompt_tokens_min: None,
        prompt_tokens_max: None,
        output_tokens_min: None,
        output_tokens_max: None,
    }
}

fn bare_source(id: &str, date: &PartialDate) -> Source {
    Source {
        id: id.to_owned(),
        name: id.to_owned(),
        url: None,
        date: date.clone(),
        licence: NOT_STATED.to_owned(),
        method: None,
    }
}
