//! A data folder: the files that everything refers to, the rigs, the runs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::cache::{Cache, Checked, Kept};
use super::content::{Document, items_under};
use super::decode::decode;
use super::document::read_document;
use super::files::{Listed, names, read_text, yaml_files};
use super::finding::{Finding, Flaw};
use super::node::{At, Node, Step, push_item};
use super::{parallel, words, yaml};
use crate::model::catalog::Hardware;
use crate::model::dataset::{Catalog, FromFile};
use crate::model::run::Run;
use crate::model::{Dataset, Problem};

/// What a data folder holds.
#[derive(Debug, Default)]
pub struct DataDir {
    /// Everything that is right in itself: a file or list item with a finding of its own is left
    /// out, one that only refers to something unknown is in.
    pub dataset: Dataset,
    /// Everything that is wrong, by file and line.
    pub findings: Vec<Finding>,
    /// Files that were looked at.
    pub files: usize,
}

/// Reads a data folder and checks it.
///
/// Always gives what could be read: a missing, broken or over-large file is a finding, and the
/// others are read all the same. The result is the same for the same files.
pub fn read_data_dir(dir: &Path) -> DataDir {
    read_data_dir_on(dir, parallel::cores())
}

/// As [`read_data_dir`], on so many threads; what is read does not depend on their number.
pub fn read_data_dir_on(dir: &Path, threads: NonZeroUsize) -> DataDir {
    read_dir(dir, threads, None).0
}

/// As [`read_data_dir`], with a cache that knows the files that did not change; what is read does not depend on it.
/// Says beside why the cache could not be written.
pub fn read_data_dir_cached(dir: &Path, cache: Cache) -> (DataDir, io::Result<()>) {
    read_dir(dir, parallel::cores(), Some(&cache))
}

fn read_dir(dir: &Path, threads: NonZeroUsize, cache: Option<&Cache>) -> (DataDir, io::Result<()>) {
    let mut reader = Reader::of(dir);
    let catalog = reader.catalog();
    let checked = cache.and_then(|_| Checked::against(&catalog.meant));
    let Runs { runs, sound: sound_runs, proven, mut kept } = reader.runs(threads, cache, checked);
    reader.stray_files();

    // References are checked against everything that was meant to be there, so that one broken
    // family does not make every run of it a finding.
    let meant = Dataset { catalog: catalog.meant, runs };
    let doubtful = reader.cross_check(&meant, &catalog.rig_files, &proven, threads);
    kept.retain(|one| !doubtful.contains(&one.file));
    let written = cache.map_or(Ok(()), |cache| cache.keep(kept, checked));

    let runs =
        meant.runs.into_iter().zip(sound_runs).filter_map(|(run, sound)| sound.then_some(run)).collect();
    let Reader { mut findings, files, .. } = reader;
    findings.sort();
    findings.dedup();
    (DataDir { dataset: Dataset { catalog: catalog.sound, runs }, findings, files }, written)
}

/// Reads what the runs of a data folder refer to, and no runs; what is wrong with it is left out, and not said.
pub fn read_catalog(dir: &Path) -> Catalog {
    Reader::of(dir).catalog().sound
}

/// Reads one file of a folder as a value with checks of its own, whose problems get the line of their field.
///
/// Gives the value only where nothing is wrong with it.
pub fn read_checked<T: DeserializeOwned>(
    dir: &Path,
    file: &str,
    problems: impl FnOnce(&T) -> Vec<Problem>,
) -> (Option<T>, Vec<Finding>) {
    let text = match read_text(dir, file) {
        Ok(text) => text,
        Err(finding) => return (None, vec![finding]),
    };
    let (value, mut findings) = read_document::<T>(&text, file);
    let root = yaml::parse(&text).root;
    let line = |problem: &Problem| root.as_ref().map(|root| root.line_of(&problem.field));
    let more = value.as_ref().map(problems).unwrap_or_default();
    findings.extend(more.into_iter().map(|problem| Finding { line: line(&problem), problem }));
    findings.sort();
    (value.filter(|_| findings.is_empty()), findings)
}

/// The catalog as it was meant, and the part of it that is sound.
struct ReadCatalog {
    meant: Catalog,
    sound: Catalog,
    /// The file of each rig in `meant`, by the rig's id.
    rig_files: HashMap<String, String>,
}

/// Runs as they were meant, whether each is sound, and what a cache should hold of them.
#[derive(Default)]
struct Runs {
    runs: Vec<FromFile<Run>>,
    sound: Vec<bool>,
    /// Whether each had no problem when it was checked against the same catalog.
    proven: Vec<bool>,
    kept: Vec<Kept>,
}

/// Items as they were meant, each with whether it is sound.
type Items<T> = Vec<(T, bool)>;

/// All items, and the sound ones.
fn split<T: Clone>(items: Items<T>) -> (Vec<T>, Vec<T>) {
    let sound = items.iter().filter(|(_, sound)| *sound).map(|(item, _)| item.clone()).collect();
    (items.into_iter().map(|(item, _)| item).collect(), sound)
}

struct Reader<'a> {
    dir: &'a Path,
    findings: Vec<Finding>,
    /// Places with a finding, by file: what the cross-check says about them is a follow-up.
    places: HashMap<String, Vec<String>>,
    /// Files (or a whole folder, with its slash) whose items are not all known: what refers to one
    /// of them may be right.
    unread: Vec<String>,
    files: usize,
}

impl<'a> Reader<'a> {
    fn of(dir: &'a Path) -> Self {
        Self { dir, findings: Vec::new(), places: HashMap::new(), unread: Vec::new(), files: 0 }
    }
}

impl Reader<'_> {
    /// Everything that runs refer to.
    fn catalog(&mut self) -> ReadCatalog {
        let families = split(self.list("models.yaml", "families"));
        let quants = split(self.list("quants.yaml", "quants"));
        let shapes = split(self.list("shapes.yaml", "shapes"));
        let glossary = split(self.list("glossary.yaml", "terms"));
        let sources = split(self.list("sources.yaml", "sources"));
        let campaign = split(self.list("campaign.yaml", "planned"));
        let (hardware, rig_files) = self.hardware();
        let hardware = split(hardware);
        let meant = Catalog {
            families: families.0,
            quants: quants.0,
            hardware: hardware.0,
            shapes: shapes.0,
            glossary: glossary.0,
            sources: sources.0,
            campaign: campaign.0,
        };
        let sound = Catalog {
            families: families.1,
            quants: quants.1,
            hardware: hardware.1,
            shapes: shapes.1,
            glossary: glossary.1,
            sources: sources.1,
            campaign: campaign.1,
        };
        ReadCatalog { meant, sound, rig_files }
    }

    /// The text of a file; problems are noted.
    fn text(&mut self, file: &str) -> Option<String> {
        self.files += 1;
        let text = read_text(self.dir, file);
        text.map_err(|finding| self.unreadable(file, finding)).ok()
    }

    /// The tree of a text; problems are noted.
    fn tree<'t>(&mut self, file: &str, text: &'t str) -> Option<(Node<'t>, bool)> {
        let parsed = yaml::parse(text);
        let sound = parsed.flaws.is_empty();
        self.note(file, &parsed.flaws);
        if parsed.root.is_none() {
            self.not_read(file);
        }
        parsed.root.map(|root| (root, sound))
    }

    fn unreadable(&mut self, file: &str, finding: Finding) {
        self.findings.push(finding);
        self.not_read(file);
    }

    /// Remembers a file whose ids are not all known; nothing refers to a run.
    fn not_read(&mut self, file: &str) {
        if !file.starts_with("runs/") {
            self.unread.push(file.to_owned());
        }
    }

    fn note(&mut self, file: &str, flaws: &[Flaw]) {
        if flaws.is_empty() {
            return;
        }
        self.findings.extend(flaws.iter().map(|flaw| flaw.in_file(file)));
        let places = self.places.entry(file.to_owned()).or_default();
        places.extend(flaws.iter().map(|flaw| flaw.place.clone()));
    }

    /// The items of a file that holds one list under one key.
    fn list<T: DeserializeOwned>(&mut self, file: &str, key: &str) -> Items<T> {
        let Some(text) = self.text(file) else { return Vec::new() };
        let Some((root, text_sound)) = self.tree(file, &text) else { return Vec::new() };
        let mut flaws = Vec::new();
        let mut items = Vec::new();
        let listed = items_under(&root, key, &mut flaws);
        let mut ids_hidden = false;
        for (position, node) in listed.iter().enumerate() {
            let mut start = key.to_owned();
            push_item(&mut start, position);
            let decoded = decode::<T>(node, At { parent: None, step: Step::Root(&start), line: node.line });
            let sound = decoded.sound() && text_sound;
            ids_hidden |= decoded.gaps.iter().any(|place| hides_ids(place));
            flaws.extend(decoded.flaws);
            items.extend(decoded.value.map(|value| (value, sound)));
        }
        if ids_hidden || (listed.is_empty() && !flaws.is_empty()) {
            self.not_read(file);
        }
        self.note(file, &flaws);
        items
    }

    /// The value of a file that was read; problems are noted.
    fn take<T>(&mut self, file: &str, document: Document<T>) -> Option<(T, bool)> {
        self.files += 1;
        self.note(file, &document.flaws);
        match document.unreadable {
            Some(finding) => self.unreadable(file, finding),
            None if document.value.is_none() => self.not_read(file),
            None => {}
        }
        document.value
    }

    fn hardware(&mut self) -> (Items<Hardware>, HashMap<String, String>) {
        let mut rigs = Vec::new();
        let mut files = HashMap::new();
        let listed = yaml_files(self.dir, "hardware", NonZeroUsize::MIN, &mut self.findings);
        if listed.is_empty() {
            self.unread.push("hardware/".to_owned());
        }
        for Listed { name: file, .. } in listed {
            let read = Document::<Hardware>::read(self.dir, &file);
            let Some((rig, mut sound)) = self.take(&file, read) else { continue };
            let stem = file.strip_prefix("hardware/").and_then(|name| name.strip_suffix(".yaml"));
            let refused =
                self.places.get(&file).is_some_and(|places| places.iter().any(|place| place == "id"));
            if stem != Some(&rig.id) && !refused {
                let expected = format!("the file's name, {}", words::quote(stem.unwrap_or_default()));
                let problem = Problem {
                    file: file.clone(),
                    field: "id".to_owned(),
                    found: words::quote(&rig.id),
                    expected,
                };
                self.findings.push(Finding { line: self.line_of(&problem), problem });
                sound = false;
            }
            files.insert(rig.id.clone(), file);
            rigs.push((rig, sound));
        }
        (rigs, files)
    }

    fn runs(&mut self, threads: NonZeroUsize, cache: Option<&Cache>, checked: Option<Checked>) -> Runs {
        let files = yaml_files(self.dir, "runs", threads, &mut self.findings);
        let read = |file: &Listed| Document::run(self.dir, file, cache);
        let documents = parallel::each(&files, parallel::SOME_FILES, threads, read);
        let mut runs = Runs::default();
        for (Listed { name: file, .. }, (document, kept)) in files.into_iter().zip(documents) {
            let of_cache = kept.as_ref().is_some_and(Kept::is_known);
            let proven = of_cache && cache.is_some_and(|cache| cache.has_checked(&file, checked));
            runs.kept.extend(kept);
            if let Some((value, sound)) = self.take(&file, document) {
                runs.runs.push(FromFile { file, value });
                runs.sound.push(sound);
                runs.proven.push(proven);
            }
        }
        runs
    }

    /// YAML files beside the known ones are most likely misspelt.
    fn stray_files(&mut self) {
        const KNOWN: [&str; 8] = [
            "campaign.yaml",
            "collections.yaml",
            "glossary.yaml",
            "models.yaml",
            "quants.yaml",
            "shapes.yaml",
            "site.yaml",
            "sources.yaml",
        ];
        for name in names(self.dir).unwrap_or_default() {
            let name = name.to_string_lossy();
            let yaml = [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending));
            if yaml && !name.starts_with('.') && !KNOWN.contains(&&*name) {
                let expected = words::one_of("one of the known files", &KNOWN, &name);
                self.findings.push(Finding::about(&name, "a file of this name", expected));
            }
        }
    }

    /// Adds what only all files together show, with lines, without what follows from findings. Gives the files with
    /// a problem, also of those that follow.
    fn cross_check(
        &mut self,
        dataset: &Dataset,
        rig_files: &HashMap<String, String>,
        proven: &[bool],
        threads: NonZeroUsize,
    ) -> HashSet<String> {
        let mut by_file = BTreeMap::<String, Vec<Problem>>::new();
        let problems = dataset.problems_by(|runs, of| {
            let open = runs.iter().zip(proven).filter_map(|(run, proven)| (!proven).then_some(run));
            let open: Vec<&FromFile<Run>> = open.collect();
            let of = |run: &&FromFile<Run>| of(run);
            parallel::each(&open, parallel::SOME_FILES, threads, of).into_iter().flatten().collect()
        });
        let doubtful = problems.iter().map(|problem| problem.file.clone()).collect();
        for mut problem in problems {
            let id = problem.file.strip_prefix("hardware/").and_then(|name| name.strip_suffix(".yaml"));
            if let Some(file) = id.and_then(|id| rig_files.get(id)) {
                problem.file.clone_from(file);
            }
            if !self.follows(&problem) {
                by_file.entry(problem.file.clone()).or_default().push(problem);
            }
        }
        for (file, problems) in by_file {
            // Trees are not kept; the few files with problems are read a second time.
            let text = read_text(self.dir, &file).ok();
            let root = text.as_deref().and_then(|text| yaml::parse(text).root);
            let line = |problem: &Problem| root.as_ref().map(|root| root.line_of(&problem.field));
            self.findings
                .extend(problems.into_iter().map(|problem| Finding { line: line(&problem), problem }));
        }
        doubtful
    }

    /// True where a problem follows from a finding: its place holds, or lies in, a place that has
    /// one, or what it looks for may be in a file that could not be read.
    fn follows(&self, problem: &Problem) -> bool {
        let inside = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let field = problem.field.as_str();
        let places = self.places.get(&problem.file).map(Vec::as_slice).unwrap_or_default();
        let sought =
            |file: &String| match file.strip_prefix("hardware/").map(|name| name.strip_suffix(".yaml")) {
                Some(Some(rig)) => field == "hardware" && problem.found == words::quote(rig),
                _ => problem.expected.contains(file.as_str()),
            };
        places.iter().any(|place| inside(field, place) || inside(place, field))
            || self.unread.iter().any(sought)
    }

    fn line_of(&self, problem: &Problem) -> Option<u32> {
        let text = read_text(self.dir, &problem.file).ok()?;
        yaml::parse(&text).root.map(|root| root.line_of(&problem.field))
    }
}

/// True for a gap behind which there may be ids that others refer to.
fn hides_ids(place: &str) -> bool {
    [".id", ".variants", "]"].iter().any(|ending| place.ends_with(ending))
}
