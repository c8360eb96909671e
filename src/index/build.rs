//! From a dataset to columns, and the check that columns fit together.

mod rows;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use self::rows::Rows;
use super::bits::Bits;
use super::{Index, Repetitions, Results, Runs, together};
use crate::index::Configurations;
use crate::model::Positive;
use crate::model::dataset::{Catalog, Dataset};
use crate::model::run::Run;

/// Distinct values, each with its position.
struct Dictionary<'a, T>(BTreeMap<&'a T, u32>);

impl<'a, T: Ord + Clone> Dictionary<'a, T> {
    fn of(values: impl Iterator<Item = &'a T>) -> Self {
        let mut positions = BTreeMap::new();
        let mut last = None;
        // Neighbours are often equal, and most of what there is to do for a value is to look for it.
        for value in values.filter(|&value| last.replace(value) != Some(value)) {
            positions.insert(value, 0);
        }
        for (position, (_, slot)) in (0..).zip(&mut positions) {
            *slot = position;
        }
        Self(positions)
    }

    fn position(&self, value: &T) -> u32 {
        self.0.get(value).copied().unwrap_or_default()
    }

    fn into_values(self) -> Vec<T> {
        self.0.into_keys().cloned().collect()
    }
}

/// What makes two runs runs of one configuration; the order is the order of the index.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Key {
    place: [u32; 7],
    power_cap_w: f64,
    raw: bool,
}

impl Index {
    /// Builds the index of a dataset without problems; what refers to nothing is left out.
    pub fn build(dataset: &Dataset) -> Self {
        let mut catalog = dataset.catalog.clone();
        // Newest family first, so that the order of the catalog is the order of the page.
        catalog.families.sort_by_cached_key(|family| {
            (Reverse(family.released.month().to_owned()), family.name.to_lowercase())
        });
        catalog.hardware.sort_by(|a, b| a.id.cmp(&b.id));

        let runs: Vec<&Run> = dataset.runs.iter().map(|run| &run.value).collect();
        let of_runs = || {
            let settings = Dictionary::of(runs.iter().map(|run| &run.settings));
            let sources = Dictionary::of(runs.iter().map(|run| &run.sources));
            (settings, sources)
        };
        let of_others = || {
            let texts = Dictionary::of(runs.iter().flat_map(|run| texts_of(run)));
            let backends = Dictionary::of(runs.iter().map(|run| &run.backend));
            let modes = Dictionary::of(runs.iter().map(|run| &run.mode));
            let drivers = Dictionary::of(runs.iter().filter_map(|run| run.driver.as_ref()));
            (texts, backends, modes, drivers)
        };
        let ((settings, sources), (texts, backends, modes, drivers)) = together::both(of_runs, of_others);

        let places = Places::of(&catalog);
        let key = |run: &Run| -> Option<Key> {
            let [family, variant, quant, hardware] = places.of_run(run)?;
            let driver = run.driver.as_ref().map_or(0, |driver| drivers.position(driver) + 1);
            Some(Key {
                place: [
                    family,
                    variant,
                    quant,
                    hardware,
                    backends.position(&run.backend),
                    modes.position(&run.mode),
                    driver,
                ],
                power_cap_w: run.power_cap_w.map_or(0.0, Positive::get),
                raw: run.timing == crate::model::run::Timing::Raw,
            })
        };
        let mut ordered: Vec<(Key, &Run)> = runs.iter().filter_map(|run| Some((key(run)?, *run))).collect();
        ordered.sort_by(|(a, run_a), (b, run_b)| {
            let by_key = a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
            by_key.then_with(|| (&run_a.date, &run_a.id).cmp(&(&run_b.date, &run_b.id)))
        });

        let (configurations, run_configurations) = configurations(&ordered);
        let columns = Runs {
            id: ordered.iter().map(|(_, run)| run.id.clone()).collect(),
            configuration: run_configurations,
            date: ordered.iter().map(|(_, run)| run.date.clone()).collect(),
            statistic: ordered.iter().map(|(_, run)| run.statistic).collect(),
            repetitions: ordered.iter().map(|(_, run)| run.repetitions.unwrap_or(0)).collect(),
            file_size_gib: ordered.iter().map(|(_, run)| run.file_size_gib).collect(),
            file_size_approximate: Default::default(),
            settings: ordered.iter().map(|(_, run)| settings.position(&run.settings)).collect(),
            sources: ordered.iter().map(|(_, run)| sources.position(&run.sources)).collect(),
            notes: Default::default(),
        };
        let mut index = Self {
            catalog,
            configurations,
            runs: columns,
            results: Results::default(),
            repetitions: Repetitions::default(),
            starts: Vec::new(),
            rare: Bits::default(),
            totals: None,
            backends: Vec::new(),
            modes: Vec::new(),
            drivers: Vec::new(),
            settings: Vec::new(),
            sources: Vec::new(),
            texts: Vec::new(),
        };
        for (position, (_, run)) in (0..).zip(&ordered) {
            if run.file_size_approximate {
                index.runs.file_size_approximate.push(position, 1);
            }
            for note in &run.notes {
                index.runs.notes.push(position, texts.position(note));
            }
        }
        (index.results, index.repetitions) = Rows {
            runs: &ordered.iter().map(|(_, run)| *run).collect::<Vec<_>>(),
            configurations: &index.runs.configuration,
            shapes: positions(index.catalog.shapes.iter().map(|shape| shape.id.as_str())),
            texts: &texts,
        }
        .columns();
        index.backends = backends.into_values();
        index.modes = modes.into_values();
        index.drivers = drivers.into_values();
        index.settings = settings.into_values();
        index.sources = sources.into_values();
        index.texts = texts.into_values();
        index.derive();
        index
    }
}

/// The position of each name; the first one of equal names.
fn positions<'a>(
    names: impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
) -> HashMap<&'a str, u32> {
    let last_to_first = names.enumerate().rev();
    last_to_first.filter_map(|(at, name)| Some((name, u32::try_from(at).ok()?))).collect()
}

/// Where what runs refer to stands in the catalog.
struct Places<'a> {
    families: HashMap<&'a str, u32>,
    /// Of each family.
    variants: Vec<HashMap<&'a str, u32>>,
    quants: HashMap<&'a str, u32>,
    hardware: HashMap<&'a str, u32>,
}

impl<'a> Places<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let variants = catalog
            .families
            .iter()
            .map(|family| positions(family.variants.iter().map(|one| one.id.as_str())));
        Self {
            families: positions(catalog.families.iter().map(|family| family.id.as_str())),
            variants: variants.collect(),
            quants: positions(catalog.quants.iter().map(|quant| quant.id.as_str())),
            hardware: positions(catalog.hardware.iter().map(|rig| rig.id.as_str())),
        }
    }

    /// Positions of family, variant, quant and rig; `None` where one is not in the catalog.
    fn of_run(&self, run: &Run) -> Option<[u32; 4]> {
        let (family, variant) = run.model.split_once('/')?;
        let family = *self.families.get(family)?;
        let variant = *self.variants.get(family as usize)?.get(variant)?;
        let quant = *self.quants.get(run.quant.as_str())?;
        Some([family, variant, quant, *self.hardware.get(run.hardware.as_str())?])
    }
}

/// Columns of the distinct keys, and the configuration of each run.
fn configurations(ordered: &[(Key, &Run)]) -> (Configurations, Vec<u32>) {
    let mut columns = Configurations::default();
    let mut power_caps = Vec::new();
    let mut of_runs = Vec::with_capacity(ordered.len());
    let mut last: Option<Key> = None;
    for (key, run) in ordered {
        if last != Some(*key) {
            let [family, variant, quant, hardware, backend, mode, driver] = key.place;
            columns.family.push(family);
            columns.variant.push(variant);
            columns.quant.push(quant);
            columns.hardware.push(hardware);
            columns.backend.push(backend);
            columns.mode.push(mode);
            columns.driver.push(driver);
            columns.timing.push(run.timing);
            power_caps.push(run.power_cap_w);
            last = Some(*key);
        }
        of_runs.push(u32::try_from(columns.family.len() - 1).unwrap_or(u32::MAX));
    }
    columns.power_cap_w = power_caps.into_iter().collect();
    (columns, of_runs)
}

fn texts_of(run: &Run) -> impl Iterator<Item = &String> {
    let of_results = run
        .results
        .iter()
        .flat_map(|entry| entry.failed.iter().chain(entry.published.values()).chain(&entry.note));
    run.notes.iter().chain(of_results)
}
