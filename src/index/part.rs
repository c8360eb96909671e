//! A part of an index: some results, one metric, and what is known of all the others.
//!
//! The page begins with such a part, so that a reader of the first view does not wait for every result.
//! It is an index like any other. Positions in the catalog are those of the whole one, so that the
//! whole one can take its place later.

use super::bits::Bits;
use super::{Column, Configurations, Index, MOST_IN_ONE_FILE, Repetitions, Results, Runs};
use crate::model::catalog::{Family, Hardware, Quant, Shape, Variant};
use crate::model::dataset::Catalog;
use crate::model::run::{Settings, Statistic};
use crate::model::{Metric, PartialDate, Positive};

/// What holds for all results, in an index that has only those of the first view.
///
/// Counts of values are those of the view without a filter. They are kept plus one, with 0 for a value that
/// no result at all has: such a value is not offered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Every result there is.
    pub results: u32,
    /// Rigs that have results.
    pub rigs: u32,
    /// Date of the newest run.
    pub latest: Option<PartialDate>,
    /// Results that the view shows.
    pub shown: u32,
    /// Rows of the view: more than the index holds where it was cut.
    pub rows: u32,
    /// Its largest value.
    pub top: Option<f64>,
    /// Rows that the view leaves out, because they have no value of its metric.
    pub unmeasured: u32,
    /// For each metric, how many of these have a value of it.
    pub unmeasured_with: Vec<u32>,
    /// Results that the view shows of each family.
    pub families: Vec<u32>,
    /// For rigs, backends, quants and modes, in this order, the results of each value plus one.
    pub facets: [Vec<u32>; 4],
    /// The same for shapes.
    pub shapes: Vec<u32>,
    /// Every concurrency that occurs, ascending.
    pub concurrencies: Vec<u16>,
    /// Results of each concurrency that have a value of the view's metric.
    pub concurrency_counts: Vec<u32>,
}

impl Index {
    /// A part with these results, in ascending order, and their values of one metric.
    ///
    /// Of descriptions it keeps names. It has one run for each configuration, which stands for all of them.
    pub fn part(&self, results: &[usize], metric: Metric, totals: Totals) -> Self {
        let of = |&result: &usize| self.configuration_of(self.run_of(result));
        let mut kept: Vec<usize> = results.iter().map(of).collect();
        kept.dedup();
        let place = |result: &usize| position(kept.partition_point(|&other| other < of(result)));
        let runs = kept.len();
        let run = results.iter().map(place).collect();
        let mut part = Self {
            catalog: names_of(&self.catalog),
            configurations: self.configurations.some(&kept),
            runs: Runs {
                id: vec![String::new(); runs],
                configuration: (0..runs).map(position).collect(),
                date: vec![PartialDate::unknown(); runs],
                statistic: vec![Statistic::Unknown; runs],
                repetitions: vec![0; runs],
                settings: vec![0; runs],
                sources: vec![0; runs],
                ..Runs::default()
            },
            results: Results { run, ..Results::default() },
            repetitions: Repetitions::default(),
            backends: self.backends.clone(),
            modes: self.modes.clone(),
            drivers: self.drivers.clone(),
            settings: vec![Settings::default()],
            sources: vec![Vec::new()],
            texts: Vec::new(),
            starts: Vec::new(),
            rare: Bits::default(),
            totals: Some(Box::new(totals)),
        };
        part.take_results(self, results, metric);
        part.derive();
        part
    }

    /// True for so many results that `tokscope index` writes several files.
    pub fn is_in_shards(&self) -> bool {
        self.total_results() > MOST_IN_ONE_FILE
    }

    /// True where the view has more rows than the index holds.
    pub fn is_cut(&self) -> bool {
        self.totals.as_ref().is_some_and(|totals| totals.rows as usize > self.configuration_count())
    }

    fn take_results(&mut self, whole: &Self, results: &[usize], metric: Metric) {
        let mut texts = Vec::new();
        let own = &mut self.results;
        own.shape = results.iter().filter_map(|&at| whole.results.shape.get(at).copied()).collect();
        own.concurrency =
            results.iter().filter_map(|&at| whole.results.concurrency.get(at).copied()).collect();
        if let Some(column) = own.metrics.get_mut(metric.position()) {
            *column = some(whole.results.metrics.get(metric.position()), results);
        }
        for (at, &result) in (0..).zip(results) {
            if let Some(failure) = whole.failure(result) {
                own.failed.push(at, position(texts.len()));
                texts.push(failure.to_owned());
            }
            for range in whole.results.ranges.of(result) {
                own.ranges.push(at, *range);
            }
        }
        self.texts = texts;
    }
}

impl Configurations {
    fn some(&self, kept: &[usize]) -> Self {
        let take = |column: &[u32]| kept.iter().filter_map(|&at| column.get(at).copied()).collect();
        Self {
            family: take(&self.family),
            variant: take(&self.variant),
            quant: take(&self.quant),
            hardware: take(&self.hardware),
            backend: take(&self.backend),
            mode: take(&self.mode),
            power_cap_w: some(Some(&self.power_cap_w), kept),
            driver: take(&self.driver),
            timing: kept.iter().filter_map(|&at| self.timing.get(at).copied()).collect(),
        }
    }
}

/// Some entries of a column.
fn some(column: Option<&Column>, entries: &[usize]) -> Column {
    let value = |&at: &usize| column?.get(at).and_then(|value| Positive::try_from(value).ok());
    entries.iter().map(value).collect()
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The same catalog with names alone: what rows and controls say.
fn names_of(catalog: &Catalog) -> Catalog {
    let variant = |variant: &Variant| Variant {
        id: variant.id.clone(),
        name: variant.name.clone(),
        ..Variant::default()
    };
    let family = |family: &Family| Family {
        id: family.id.clone(),
        name: family.name.clone(),
        released: family.released.clone(),
        released_source: String::new(),
        variants: family.variants.iter().map(variant).collect(),
    };
    let rig = |rig: &Hardware| Hardware {
        id: rig.id.clone(),
        aliases: rig.aliases.clone(),
        name: rig.name.clone(),
        short: rig.short.clone(),
        power_max_w: rig.power_max_w,
        ..Hardware::default()
    };
    let quant = |quant: &Quant| Quant { id: quant.id.clone(), ..Quant::default() };
    let shape = |shape: &Shape| Shape {
        id: shape.id.clone(),
        label: shape.label.clone(),
        served: shape.served,
        about: shape.about.clone(),
        ..Shape::default()
    };
    Catalog {
        families: catalog.families.iter().map(family).collect(),
        quants: catalog.quants.iter().map(quant).collect(),
        hardware: catalog.hardware.iter().map(rig).collect(),
        shapes: catalog.shapes.iter().map(shape).collect(),
        ..Catalog::default()
    }
}
