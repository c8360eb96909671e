//! An index of some results: what is exported, and can be opened like any other index.

use std::collections::BTreeSet;

use super::Index;
use crate::model::catalog::Source;
use crate::model::dataset::{Catalog, Dataset, FromFile};
use crate::model::run::Run;

impl Index {
    /// An index of these results alone, with everything that is known of them, of their runs and of what they
    /// refer to, and with all definitions.
    ///
    /// The same results give the same index, in whatever order they are named.
    pub fn subset(&self, results: &[usize]) -> Self {
        let runs = self.runs_of(results);
        let catalog = self.catalog.of_runs(&runs);
        let place = |run: &Run| format!("runs/{}/{}.yaml", run.hardware, run.id);
        let runs = runs.into_iter().map(|value| FromFile { file: place(&value), value }).collect();
        Self::build(&Dataset { catalog, runs })
    }
}

impl Catalog {
    /// What runs refer to, and the definitions.
    fn of_runs(&self, runs: &[Run]) -> Self {
        let models = ids(&mut runs.iter().map(|run| run.model.as_str()));
        let quants = ids(&mut runs.iter().map(|run| run.quant.as_str()));
        let rigs = ids(&mut runs.iter().map(|run| run.hardware.as_str()));
        let of_results = runs.iter().flat_map(|run| &run.results).map(|result| &result.shape);
        let of_ranges = runs.iter().flat_map(|run| &run.ranges).flat_map(|range| &range.shapes);
        let shapes = ids(&mut of_results.chain(of_ranges).map(String::as_str));
        let mut catalog = Self { campaign: Vec::new(), ..self.clone() };
        for family in &mut catalog.families {
            let of_family = format!("{}/", family.id);
            let is_used = |id: &str| {
                models.iter().any(|model| model.strip_prefix(&of_family).is_some_and(|rest| rest == id))
            };
            family.variants.retain(|variant| is_used(&variant.id));
        }
        catalog.families.retain(|family| !family.variants.is_empty());
        catalog.quants.retain(|quant| quants.contains(quant.id.as_str()));
        catalog.hardware.retain(|rig| rigs.contains(rig.id.as_str()));
        catalog.shapes.retain(|shape| shapes.contains(shape.id.as_str()));
        let of_rigs = catalog.hardware.iter().flat_map(|rig| &rig.sources).map(String::as_str);
        let of_runs = runs.iter().flat_map(|run| &run.sources).map(|source| source.id.as_str());
        let sources = ids(&mut of_rigs.chain(of_runs));
        let is_used = |source: &Source| sources.contains(source.id.as_str());
        catalog.sources.retain(is_used);
        catalog
    }
}

/// Each id once. One function for all of them: the page's worker carries it too.
fn ids<'a>(all: &mut dyn Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    all.collect()
}
