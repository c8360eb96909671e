//! Result sets that others published: which of their files become runs, and what those files do not say.
//!
//! A [`Plan`] names repositories, files and answers; [`collect`] reads copies of the repositories and gives the
//! runs, the same each time. Nothing of it is typed by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::document::read_document;
use super::mapping::{Field, Mapping, read_table};
use super::naming::name;
use super::{Finding, Imported, Known, read};
use crate::model::catalog::Shape;
use crate::model::dataset::Catalog;
use crate::model::run::{ResultEntry, Run};
use crate::model::{PartialDate, Positive};

/// What to carry over, set by set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    sets: Vec<Set>,
}

impl Plan {
    /// Ids of the sources that the plan carries over.
    pub fn sources(&self) -> BTreeSet<&str> {
        self.sets.iter().map(|set| set.source.as_str()).collect()
    }
}

/// One published repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// `owner/name`; its copy is the folder `owner__name`.
    repository: String,
    /// The commit that was read.
    commit: String,
    /// Id of the source.
    source: String,
    /// The date of runs whose files state none.
    #[serde(default)]
    date: Option<PartialDate>,
    /// Ids behind printed names, for every part.
    #[serde(default)]
    values: BTreeMap<Field, BTreeMap<String, String>>,
    files: Vec<Part>,
}

/// Files that are read in one way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    /// A file of the repository, or a folder of which every file is read.
    path: String,
    /// Of a folder, only files with this in their names.
    #[serde(default)]
    named: Option<String>,
    /// Only what stands below the heading of this text.
    #[serde(default)]
    section: Option<String>,
    /// How a table is read; other files are known by what they hold.
    #[serde(default)]
    map: Option<Mapping>,
    /// Leaves out results that read or generate fewer tokens.
    #[serde(default)]
    least_tokens: Option<u32>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    quant: Option<String>,
    #[serde(default)]
    hardware: Option<String>,
    #[serde(default)]
    driver: Option<String>,
    #[serde(default)]
    power_cap_w: Option<Positive>,
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    build: Option<String>,
    #[serde(default)]
    backend: Option<String>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    concurrency: Option<u16>,
    #[serde(default)]
    repetitions: Option<u32>,
}

/// What a plan gave.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// The runs, in the order of the plan, each with an id of its own.
    pub runs: Vec<Run>,
    /// Shapes of the runs that the catalog does not have, by id.
    pub shapes: Vec<Shape>,
    /// What was left out or contradicts itself, by file and line.
    pub findings: Vec<Finding>,
    /// Files that were read.
    pub files: usize,
}

/// Reads the text of a plan; gives it only where nothing is wrong with it.
pub fn read_plan(text: &str, file: &str) -> (Option<Plan>, Vec<Finding>) {
    read_document(text, file)
}

/// Reads the files of a plan from copies of its repositories, which stand side by side in a folder.
///
/// A file that is missing or cannot be read is a finding, and the others are read all the same.
pub fn collect(plan: &Plan, folder: &Path, catalog: &Catalog) -> Collected {
    let mut done = Collected::default();
    for set in &plan.sets {
        let root = folder.join(set.repository.replace('/', "__"));
        for part in &set.files {
            let first = done.runs.len();
            for path in files_of(part, &root, &mut done.findings) {
                let name = format!("{}/{path}", set.repository);
                match fs::read(root.join(&path)) {
                    Ok(bytes) => add(set, part, &path, &name, &bytes, catalog, &mut done),
                    Err(error) => done.findings.push(cannot(&name, &error)),
                }
            }
            let of_part = done.runs.split_off(first.min(done.runs.len()));
            done.runs.extend(together(of_part));
        }
    }
    number(&mut done.runs);
    let order = |shape: &Shape| {
        (!shape.served, shape.output_tokens_min.is_some(), shape.prompt_tokens_min, shape.output_tokens_min)
    };
    done.shapes.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.id.cmp(&b.id)));
    done.shapes.dedup_by(|a, b| a.id == b.id);
    done
}

/// Joins what the files of one campaign hold, one result each: runs of one day that differ in their results alone.
fn together(runs: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    let mut like: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for run in runs {
        let bare =
            Run { id: String::new(), results: Vec::new(), date: PartialDate::unknown(), ..run.clone() };
        let key = format!("{} {bare:?}", run.date.day());
        let cell = |result: &ResultEntry| (result.shape.clone(), result.concurrency);
        let is_free = |other: &Run| {
            !run.results.iter().any(|result| other.results.iter().any(|there| cell(there) == cell(result)))
        };
        let positions = like.entry(key).or_default();
        let at = positions.iter().copied().find(|&at| joined.get(at).is_some_and(is_free));
        match at.and_then(|at| joined.get_mut(at)) {
            Some(first) => {
                first.results.extend(run.results);
                if run.date < first.date {
                    first.date = run.date;
                }
            }
            None => {
                positions.push(joined.len());
                joined.push(run);
            }
        }
    }
    joined
}

fn cannot(file: &str, error: &io::Error) -> Finding {
    Finding::about(file, error.to_string(), "a file or folder that can be read")
}

/// The files of a part, by their paths in the repository, sorted.
fn files_of(part: &Part, root: &Path, findings: &mut Vec<Finding>) -> Vec<String> {
    let path = root.join(&part.path);
    if !path.is_dir() {
        return vec![part.path.clone()];
    }
    let listed = fs::read_dir(&path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()
    });
    let mut files: Vec<String> = match listed {
        Ok(files) => {
            files.into_iter().filter_map(|file| file.file_name()?.to_str().map(str::to_owned)).collect()
        }
        Err(error) => {
            findings.push(cannot(&part.path, &error));
            Vec::new()
        }
    };
    files.sort();
    let is_meant = |name: &String| part.named.as_ref().is_none_or(|wanted| name.contains(wanted));
    files
        .into_iter()
        .filter(is_meant)
        .map(|name| format!("{}/{name}", part.path.trim_end_matches('/')))
        .collect()
}

/// Reads one file.
fn add(
    set: &Set,
    part: &Part,
    path: &str,
    file: &str,
    bytes: &[u8],
    catalog: &Catalog,
    done: &mut Collected,
) {
    // The files of a folder are one place: each of them holds one result of a campaign.
    let of_folder = path != part.path && part.named.is_some();
    let place = if of_folder { part.path.as_str() } else { path };
    let place = format!("{place} at commit {}", set.commit.get(..8).unwrap_or(&set.commit));
    let names = |field: Field| set.values.get(&field).cloned().unwrap_or_default();
    let known = Known {
        file,
        source: &set.source,
        place: Some(&place),
        catalog: Some(catalog),
        models: names(Field::Model),
        rigs: names(Field::Hardware),
        model: part.model.as_deref(),
        quant: part.quant.as_deref(),
        hardware: part.hardware.as_deref(),
        driver: part.driver.as_deref(),
        power_cap_w: part.power_cap_w,
        engine: part.engine.as_deref(),
        build: part.build.as_deref(),
        backend: part.backend.as_deref(),
        mode: part.mode.as_deref(),
        concurrency: part.concurrency,
        repetitions: part.repetitions,
        date: set.date.clone(),
        ..Known::default()
    };
    let Imported { mut runs, shapes, mut findings, .. } = match &part.map {
        Some(mapping) => {
            let mut mapping = mapping.clone();
            for (field, values) in &set.values {
                mapping.values.entry(*field).or_insert_with(|| values.clone());
            }
            read_table(bytes, &mapping, &known)
        }
        None => read(bytes, &known),
    };
    if let Some(section) = &part.section {
        let is_below = |run: &Run| {
            run.sources
                .iter()
                .filter_map(|source| source.place.as_ref())
                .any(|place| place.ends_with(section.as_str()))
        };
        runs.retain(is_below);
        // What is left out elsewhere in the file is the plan's own choice.
        findings.clear();
    }
    if let Some(least) = part.least_tokens {
        let is_long = |result: &ResultEntry| {
            result.prompt_tokens.unwrap_or(0).max(result.output_tokens.unwrap_or(0)) >= least
        };
        runs.iter_mut().for_each(|run| run.results.retain(is_long));
        runs.retain(|run| !run.results.is_empty());
    }
    let is_used =
        |shape: &Shape| runs.iter().flat_map(|run| &run.results).any(|result| result.shape == shape.id);
    let is_new = |shape: &Shape| catalog.shapes.iter().all(|known| known.id != shape.id);
    done.shapes.extend(shapes.into_iter().filter(|shape| is_used(shape) && is_new(shape)));
    done.runs.append(&mut runs);
    done.findings.extend(findings);
    done.files += 1;
}

/// Makes ids different: those that several runs share get engine and rig behind them, then a number.
fn number(runs: &mut [Run]) {
    // One file knows nothing of the others, so its numbers say nothing here.
    runs.iter_mut().for_each(|run| run.id = name(run));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    runs.iter().for_each(|run| *counts.entry(run.id.clone()).or_default() += 1);
    for run in runs.iter_mut().filter(|run| counts.get(&run.id).is_some_and(|count| *count > 1)) {
        run.id = format!("{}-{}-{}", run.id, run.backend.engine.to_lowercase(), run.hardware);
    }
    let mut taken = BTreeSet::new();
    for run in runs {
        let own = run.id.clone();
        let mut count = 1;
        while !taken.insert(run.id.clone()) {
            count += 1;
            run.id = format!("{own}-{count}");
        }
    }
}
