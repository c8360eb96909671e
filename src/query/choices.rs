//! What can be chosen: the values of each control, taken from the results that exist.

use crate::index::Index;
use crate::model::catalog::{Family, Variant};
use crate::model::mine::{is_mine, opaque};
use crate::model::plain;
use crate::model::run::{Accelerator, Backend, Timing};

/// One value of a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word in the query string.
    pub slug: String,
    /// The word on the control.
    pub label: String,
    /// Other words that links may use.
    pub aliases: Vec<String>,
}

impl Choice {
    /// True where a word from a link means this choice.
    pub fn answers_to(&self, word: &str) -> bool {
        self.slug.eq_ignore_ascii_case(word)
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(word))
    }
}

/// The values of each control.
///
/// Rigs, quants, shapes and modes keep the positions of the index, so that a filter is a look-up;
/// those without any result are never offered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Rigs, as in the catalog.
    pub hardware: Vec<Choice>,
    /// Engine and accelerator.
    pub backend: Vec<Choice>,
    /// Quants, as in the catalog.
    pub quant: Vec<Choice>,
    /// Modes, as in the index.
    pub mode: Vec<Choice>,
    /// Shapes, as in the catalog.
    pub shape: Vec<Choice>,
    /// Concurrencies that occur, ascending.
    pub concurrency: Vec<u16>,
    /// For each backend of the index, its choice.
    pub choice_of_backend: Vec<usize>,
    /// Where the index is from, if not from beside the page: every link and every export names it, so that nobody
    /// takes these results for published ones.
    pub data: Option<String>,
}

impl Choices {
    /// The choices that an index offers.
    pub fn of(index: &Index) -> Self {
        let catalog = &index.catalog;
        let plain = |slug: &str, label: &str| Choice {
            slug: slug.to_owned(),
            label: label.to_owned(),
            aliases: Vec::new(),
        };
        let hardware = catalog
            .hardware
            .iter()
            .map(|rig| Choice { aliases: rig.aliases.clone(), ..plain(&rig.id, &rig.name) });
        let mut pairs: Vec<(&str, Accelerator)> = Vec::new();
        for backend in &index.backends {
            let pair = (backend.engine.as_str(), backend.accelerator);
            if let Err(place) = pairs.binary_search(&pair) {
                pairs.insert(place, pair);
            }
        }
        let backend = pairs.iter().map(|(engine, accelerator)| Choice {
            slug: format!("{}-{}", slug(engine), accelerator.slug()),
            label: format!("{engine} ({})", accelerator.slug()),
            aliases: vec![accelerator.slug().to_owned()],
        });
        let choice_of = |backend: &Backend| {
            pairs.iter().position(|&pair| pair == (&backend.engine, backend.accelerator)).unwrap_or_default()
        };
        Self {
            hardware: hardware.collect(),
            backend: backend.collect(),
            quant: catalog.quants.iter().map(|quant| plain(&quant.id, &quant.id)).collect(),
            mode: index.modes.iter().map(|mode| plain(&slug(mode), mode)).collect(),
            shape: catalog.shapes.iter().map(|shape| plain(&shape.id, &shape.label)).collect(),
            concurrency: concurrencies(index),
            choice_of_backend: index.backends.iter().map(choice_of).collect(),
            data: None,
        }
    }
}

/// The concurrencies that occur, ascending.
fn concurrencies(index: &Index) -> Vec<u16> {
    if let Some(totals) = &index.totals {
        return totals.concurrencies.clone();
    }
    let mut found = vec![];
    for &concurrency in &index.results.concurrency {
        if let Err(place) = found.binary_search(&concurrency) {
            found.insert(place, concurrency);
        }
    }
    found
}

/// `llama.cpp b8940 (rocm)`: engine, build where known, accelerator or its runtime.
pub fn backend_label(backend: &Backend) -> String {
    let build = backend.build.as_ref().map(|build| format!(" {build}")).unwrap_or_default();
    let runtime = backend.runtime.as_deref().unwrap_or(backend.accelerator.slug());
    format!("{}{build} ({runtime})", backend.engine)
}

/// A configuration in a URL: stable, readable, and no other configuration's. One of the reader's own says nothing
/// of itself.
pub fn configuration_slug(index: &Index, configuration: usize) -> String {
    let mut parts = Vec::with_capacity(8);
    if let Some((family, variant)) = index.model(configuration) {
        parts.extend([family.id.clone(), variant.id.clone()]);
    }
    parts.extend(index.quant(configuration).map(|quant| quant.id.clone()));
    let rig = index.hardware(configuration).map_or("", |rig| rig.id.as_str());
    parts.push(rig.to_owned());
    if let Some(backend) = index.backend(configuration) {
        parts.push(backend.engine.clone());
        parts.extend(backend.build.clone());
        parts.push(backend.runtime.clone().unwrap_or_else(|| backend.accelerator.slug().to_owned()));
    }
    parts.push(index.mode(configuration).to_owned());
    parts.extend(
        index.configurations.power_cap_w.get(configuration).map(|watts| format!("{}w", plain(watts))),
    );
    parts.extend(index.driver(configuration).map(|driver| format!("drv{driver}")));
    if index.configurations.timing.get(configuration) == Some(&Timing::Raw) {
        parts.push("raw".to_owned());
    }
    let slug = slug(&parts.join("."));
    if is_mine(rig) { opaque(&slug) } else { slug }
}

/// An open row in a URL: its configuration, and its concurrency where others of it are in the table.
pub fn row_slug(configuration: &str, concurrency: u16) -> String {
    format!("{configuration}~{concurrency}")
}

/// The rows that a word of a URL means: those of a configuration, at one concurrency or at each.
pub fn rows_named(index: &Index, word: &str) -> Option<(usize, Option<u16>)> {
    // No configuration has the sign in its word.
    let (configuration, concurrency) = match word.split_once('~') {
        Some((configuration, concurrency)) => (configuration, Some(concurrency.parse().ok()?)),
        None => (word, None),
    };
    Some((configuration_named(index, configuration)?, concurrency))
}

/// True for a configuration of the reader's own.
pub fn is_own(index: &Index, configuration: usize) -> bool {
    index.hardware(configuration).is_some_and(|rig| is_mine(&rig.id))
}

/// A model in a URL: family and variant.
pub fn model_slug(family: &Family, variant: &Variant) -> String {
    slug(&format!("{}.{}", family.id, variant.id))
}

/// Family and variant, by position in the catalog, that a word of a URL means.
pub fn model_named(index: &Index, word: &str) -> Option<(usize, usize)> {
    index.catalog.families.iter().enumerate().find_map(|(position, family)| {
        let variant = family.variants.iter().position(|variant| model_slug(family, variant) == word)?;
        Some((position, variant))
    })
}

/// The configuration that a word of a URL means.
pub fn configuration_named(index: &Index, word: &str) -> Option<usize> {
    // The word begins with the family: the rest of it is only put together for that family.
    let families: Vec<bool> =
        index.catalog.families.iter().map(|family| word.starts_with(&slug(&family.id))).collect();
    let may_be = |family: &u32| is_mine(word) || families.get(*family as usize) == Some(&true);
    (0..index.configuration_count()).find(|&configuration| {
        index.configurations.family.get(configuration).is_some_and(may_be)
            && configuration_slug(index, configuration) == word
    })
}

/// Lower case, with a hyphen for everything in ASCII but letters, digits, full stops and underscores.
fn slug(text: &str) -> String {
    let safe = |c: char| match c {
        '.' | '_' | '-' => c,
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => '-',
        c => c.to_ascii_lowercase(),
    };
    text.chars().map(safe).collect()
}
