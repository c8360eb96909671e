//! The bundled data against the figures it was carried over from: every value, once, with nothing added.
//!
//! `site` holds the benchmark site, `reports` the Markdown reports; `imported` reads these reports
//! themselves. Figures come from the tables in
//! `../shared/facts` where that folder is at hand; the counts are stated here, so they are held
//! without it too. Whatever is counted is counted in the index, after a trip through JSON.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what failed by failing"
)]

mod backends;
mod imported;
mod ratios;
mod reports;
mod sheet;
mod site;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::LazyLock;

use tokscope::import::read_data_dir;
use tokscope::index::Index;
use tokscope::model::run::{Backend, Run};
use tokscope::model::{Dataset, Metric};
use tokscope::query::{Answer, Choices, Concurrency, Selection, answer};

/// What is bundled, read once.
struct Bundled {
    dataset: Dataset,
    index: Index,
    choices: Choices,
}

static BUNDLED: LazyLock<Bundled> = LazyLock::new(|| {
    let read = read_data_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"));
    let findings: Vec<String> = read.findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "the data has problems:\n{}", findings.join("\n"));
    let json = Index::build(&read.dataset).to_json();
    let index = Index::from_json(&json).unwrap();
    let choices = Choices::of(&index);
    Bundled { dataset: read.dataset, index, choices }
});

/// Sources that are carried over by `data/collections.yaml`; `tests/collections.rs` looks after them.
static COLLECTED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let text = include_str!("../../data/collections.yaml");
    let (plan, findings) = tokscope::import::read_plan(text, "collections.yaml");
    assert!(findings.is_empty(), "{findings:?}");
    plan.unwrap().sources().into_iter().map(str::to_owned).collect()
});

impl Bundled {
    fn runs(&self) -> impl Iterator<Item = &Run> {
        self.dataset.runs.iter().map(|run| &run.value)
    }

    /// The runs that were carried over one by one.
    fn single(&self) -> impl Iterator<Item = &Run> {
        self.runs().filter(|run| !run.sources.iter().any(|source| COLLECTED.contains(&source.id)))
    }

    /// Name of family and variant, as in `("Gemma-4", "E4B-it")`.
    fn model(&self, run: &Run) -> (&str, &str) {
        let (family, variant) = run.model.split_once('/').unwrap();
        let family = self.dataset.catalog.families.iter().find(|f| f.id == family).unwrap();
        let variant = family.variants.iter().find(|v| v.id == variant).unwrap();
        (&family.name, &variant.name)
    }

    /// The label of a rig, as on rows.
    fn rig(&self, run: &Run) -> &str {
        &self.dataset.catalog.hardware.iter().find(|rig| rig.id == run.hardware).unwrap().name
    }

    /// What the page shows for one rig at one concurrency.
    fn shown(&self, hardware: &str, concurrency: Concurrency) -> Answer {
        let position = self.choices.hardware.iter().position(|choice| choice.answers_to(hardware)).unwrap();
        let selection = Selection { hardware: vec![position], concurrency, ..Selection::default() };
        answer(&self.index, &self.choices, &selection)
    }

    /// Position of the run in the index.
    fn position(&self, run: &Run) -> usize {
        self.index.runs.id.iter().position(|id| *id == run.id).unwrap()
    }

    /// The results of a run in the index, with their shapes and concurrencies.
    fn results(&self, run: &Run) -> Vec<(usize, &str, u16)> {
        let (at, results) = (self.position(run), &self.index.results);
        let shape = |result: usize| &*self.index.catalog.shapes[usize::from(results.shape[result])].id;
        let all = (0..self.index.result_count()).filter(|&result| self.index.run_of(result) == at);
        all.map(|result| (result, shape(result), results.concurrency[result])).collect()
    }
}

/// `llama.cpp b8940 (rocm)`, as the benchmark site writes it.
fn backend(backend: &Backend) -> String {
    let build = backend.build.as_deref().unwrap_or("without a build");
    format!("{} {build} ({})", backend.engine, backend.accelerator.slug())
}

/// Label, release month and results of each group shown.
fn groups(answer: &Answer) -> Vec<(&str, &str, usize)> {
    let groups = answer.groups.iter();
    groups.map(|group| (&*group.label, group.released.as_deref().unwrap(), group.results)).collect()
}

#[test]
fn no_measurement_stands_here_twice() {
    let index = &BUNDLED.index;
    let mut seen = HashMap::new();
    for result in 0..index.result_count() {
        let configuration = index.configuration_of(index.run_of(result));
        let cell = (configuration, index.results.shape[result], index.results.concurrency[result]);
        let values: Vec<_> = Metric::ALL
            .iter()
            .map(|&m| index.bounds(result, m).map(|b| [b.0.to_bits(), b.1.to_bits()]))
            .collect();
        let repeated = [Metric::Decode, Metric::Prefill]
            .map(|m| index.repeated(result, m).into_iter().map(f64::to_bits).collect::<Vec<_>>());
        let id = &index.runs.id[index.run_of(result)];
        if let Some(first) = seen.insert((cell, values, repeated), id) {
            panic!("{id} repeats a measurement of {first}");
        }
    }
}

#[test]
fn a_second_measurement_of_a_configuration_is_a_second_run_of_it() {
    let runs = &BUNDLED.index.runs;
    let single: BTreeSet<&str> = BUNDLED.single().map(|run| &*run.id).collect();
    let mut of_configuration = HashMap::<u32, Vec<&str>>::new();
    for (id, &configuration) in
        runs.id.iter().zip(&runs.configuration).filter(|(id, _)| single.contains(&***id))
    {
        of_configuration.entry(configuration).or_default().push(id);
    }
    let mut repeated: Vec<Vec<&str>> = of_configuration.into_values().filter(|ids| ids.len() > 1).collect();
    repeated.sort();
    let expected = [
        [
            "2026-02-22t1942z-minimax-m2.5-reap-139b-mxfp4-rocm-7.2",
            "2026-02-23t0937z-minimax-m2.5-reap-139b-mxfp4-rocm-7.2",
        ],
        [
            "2026-02-22t1942z-qwen3-coder-next-80b-q6_k-vulkan",
            "2026-02-23t0937z-qwen3-coder-next-80b-q6_k-vulkan",
        ],
        ["2026-02-23t0937z-gemma-3-27b-it-q6_k-vulkan", "2026-02-23t1000z-gemma-3-27b-it-q6_k-vulkan"],
        [
            "2026-02-23t0937z-qwen2.5-vl-72b-instruct-iq4_xs-vulkan",
            "2026-02-23t1003z-qwen2.5-vl-72b-instruct-iq4_xs-vulkan",
        ],
        [
            "2026-02-23t0937z-qwen3-vl-30b-a3b-instruct-q4_k_m-vulkan",
            "2026-02-23t0959z-qwen3-vl-30b-a3b-instruct-q4_k_m-vulkan",
        ],
    ];
    assert_eq!(repeated, expected);
}

#[test]
fn every_run_names_a_source_and_every_source_is_used() {
    let used: Vec<&str> = BUNDLED.runs().flat_map(|run| &run.sources).map(|source| &*source.id).collect();
    for source in &BUNDLED.dataset.catalog.sources {
        let by_rig = BUNDLED.dataset.catalog.hardware.iter().any(|rig| rig.sources.contains(&source.id));
        assert!(by_rig || used.contains(&&*source.id), "{} is named nowhere", source.id);
    }
    assert!(BUNDLED.runs().all(|run| run.sources.iter().all(|source| source.place.is_some())));
}

#[test]
fn every_metric_and_filter_has_a_definition() {
    let metrics = Metric::ALL.iter().map(|metric| metric.slug().to_owned());
    let filters = tokscope::query::Facet::ALL.iter().map(|facet| facet.name().to_lowercase());
    for id in metrics.chain(filters) {
        assert!(BUNDLED.dataset.catalog.term(&id).is_some(), "no term {id} in the glossary");
    }
}

#[test]
fn every_dotted_label_of_the_page_has_a_definition() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    let mut named = 0;
    for file in std::fs::read_dir(app).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for start in ["term(\"", "\"data-term\", \""] {
            for id in text.split(start).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(BUNDLED.dataset.catalog.term(id).is_some(), "{}: no term {id}", file.display());
                named += 1;
            }
        }
    }
    assert!(named > 0, "the page names no term at all");
}
