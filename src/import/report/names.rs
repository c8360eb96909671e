//! Which model a printed name means.

use std::collections::{HashMap, HashSet};

use super::Known;
use crate::import::known::UNLISTED;

/// Ids of models by their names.
pub(in crate::import) struct Names {
    ids: HashSet<String>,
    /// By the name with case, blanks and hyphens made equal; nothing where two models share it.
    of_catalog: HashMap<String, Option<String>>,
}

impl Names {
    pub(in crate::import) fn of(known: &Known<'_>) -> Self {
        let (mut ids, mut of_catalog) = (HashSet::new(), HashMap::new());
        for family in known.catalog.iter().flat_map(|catalog| &catalog.families) {
            for variant in &family.variants {
                let id = format!("{}/{}", family.id, variant.id);
                ids.insert(id.clone());
                // `LFM2.5-350M` repeats its only variant, `350M`.
                let repeats = plain(&family.name).ends_with(&plain(&variant.name));
                let whole = format!("{} {}", family.name, variant.name);
                let short = repeats.then(|| family.name.clone());
                for name in std::iter::once(whole).chain(short) {
                    let id = id.clone();
                    of_catalog
                        .entry(plain(&name))
                        .and_modify(|other: &mut Option<String>| {
                            other.take_if(|other| *other != id);
                        })
                        .or_insert(Some(id.clone()));
                }
            }
        }
        Self { ids, of_catalog }
    }

    /// The id behind a name, and whether it had to be told because the catalog writes it otherwise.
    pub(in crate::import) fn id(&self, known: &Known<'_>, name: &str) -> Option<(String, bool)> {
        match known.models.get(name) {
            Some(id) => Some((id.clone(), true)),
            None if self.ids.contains(name) => Some((name.to_owned(), false)),
            None => self
                .of_catalog
                .get(&plain(name))
                .cloned()
                .flatten()
                .map(|id| (id, false))
                .or_else(|| known.model.map(|id| (id.to_owned(), true)))
                .or_else(|| known.unlisted.then(|| (format!("{UNLISTED}/{}", slug(name)), true))),
        }
    }
}

/// A name as part of an id.
fn slug(name: &str) -> String {
    plain(name).chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect()
}

/// A name with its case, blanks, hyphens and underscores made equal.
fn plain(name: &str) -> String {
    let words = name.split([' ', '-', '_', '\t']).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
