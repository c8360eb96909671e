//! Everything under `data/`, and the checks that need more than one file.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::catalog::{Family, Hardware, Planned, Quant, Shape, Source, Term, is_web_address};
use super::run::{RUN_SCHEMA, Run};

/// What runs refer to.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Catalog {
    /// Model families with their variants.
    pub families: Vec<Family>,
    /// Weight formats.
    pub quants: Vec<Quant>,
    /// Rigs.
    pub hardware: Vec<Hardware>,
    /// Workload shapes, in the order of controls.
    pub shapes: Vec<Shape>,
    /// Definitions.
    pub glossary: Vec<Term>,
    /// Where figures come from.
    pub sources: Vec<Source>,
    /// What is queued.
    pub campaign: Vec<Planned>,
}

impl Catalog {
    /// The definition behind a glossary id.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.glossary.iter().find(|term| term.id == id)
    }
}

/// A value and the file it was read from, relative to the data folder.
#[derive(Clone, Debug, PartialEq)]
pub struct FromFile<T> {
    /// `runs/strix-halo-96gb/….yaml`
    pub file: String,
    /// What the file holds.
    pub value: T,
}

/// The catalog and every run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// What runs refer to.
    pub catalog: Catalog,
    /// Runs, in the order of their file names.
    pub runs: Vec<FromFile<Run>>,
}

/// Something wrong in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File, relative to the data folder.
    pub file: String,
    /// Path of the field, such as `results[2].shape`; empty for the whole file.
    pub field: String,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, field, found, expected } = self;
        let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
        write!(f, "{file}: {field}found {found}, expected {expected}")
    }
}

impl Dataset {
    /// Checks everything that one file alone cannot know: references, duplicates, completeness.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems_by(|runs, of| runs.iter().flat_map(of).collect())
    }

    /// The same with a function that looks at each run, which may do so on several threads.
    pub fn problems_by(
        &self,
        each: impl FnOnce(&[FromFile<Run>], OfRun<'_>) -> Vec<Problem>,
    ) -> Vec<Problem> {
        let known = Known::of(&self.catalog);
        let of_run = |FromFile { file, value }: &FromFile<Run>| {
            let mut problems = Vec::new();
            check_run(value, &known, &mut Report { file, problems: &mut problems });
            problems
        };
        let mut problems = self.catalog.problems();
        let mut seen = HashMap::<&str, &str>::new();
        for FromFile { file, value: run } in &self.runs {
            let mut report = Report { file, problems: &mut problems };
            if let Some(first) = seen.insert(&run.id, file) {
                report.add("id", quoted(&run.id), format!("an id that {first} does not have already"));
            }
        }
        problems.extend(each(&self.runs, &of_run));
        problems.sort();
        problems
    }
}

/// What is wrong with one run.
pub type OfRun<'a> = &'a (dyn Fn(&FromFile<Run>) -> Vec<Problem> + Sync);

impl Catalog {
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut unique = |file: &str, ids: &mut dyn Iterator<Item = (String, &str)>| {
            let mut seen = HashSet::new();
            for (field, id) in ids {
                if !seen.insert(id.to_lowercase()) {
                    let mut report = Report { file, problems: &mut problems };
                    report.add(&field, quoted(id), "an id that stands only once in this list".to_owned());
                }
            }
        };
        let at = |family: usize, variant: usize| format!("families[{family}].variants[{variant}].id");
        unique("models.yaml", &mut named(&self.families, "families", |family| &family.id));
        for (position, family) in self.families.iter().enumerate() {
            let variants = family.variants.iter().enumerate();
            unique("models.yaml", &mut variants.map(|(i, v)| (at(position, i), v.id.as_str())));
        }
        unique("quants.yaml", &mut named(&self.quants, "quants", |quant| &quant.id));
        unique("shapes.yaml", &mut named(&self.shapes, "shapes", |shape| &shape.id));
        unique("glossary.yaml", &mut named(&self.glossary, "terms", |term| &term.id));
        unique("sources.yaml", &mut named(&self.sources, "sources", |source| &source.id));
        unique("campaign.yaml", &mut named(&self.campaign, "planned", |planned| &planned.id));
        for (position, source) in self.sources.iter().enumerate() {
            if let Some(url) = source.url.as_ref().filter(|url| !is_web_address(url)) {
                let mut report = Report { file: "sources.yaml", problems: &mut problems };
                let expected = "an address that begins with https:// or http://".to_owned();
                report.add(&format!("sources[{position}].url"), quoted(url), expected);
            }
        }

        let sources: HashSet<&str> = self.sources.iter().map(|source| source.id.as_str()).collect();
        let mut rigs = HashSet::new();
        for rig in &self.hardware {
            let file = format!("hardware/{}.yaml", rig.id);
            let mut report = Report { file: &file, problems: &mut problems };
            for slug in std::iter::once(&rig.id).chain(&rig.aliases) {
                if !rigs.insert(slug.as_str()) {
                    report.add("id", quoted(slug), "an id or alias that no other rig has".to_owned());
                }
            }
            for (position, id) in rig.sources.iter().enumerate() {
                if !sources.contains(id.as_str()) {
                    report.add(
                        &format!("sources[{position}]"),
                        quoted(id),
                        "the id of a source in sources.yaml".to_owned(),
                    );
                }
            }
        }
        problems
    }
}

/// The field and id of every item of a list, for the search for duplicates.
fn named<'a, T>(
    list: &'a [T],
    field: &'static str,
    id: impl Fn(&'a T) -> &'a str + 'a,
) -> impl Iterator<Item = (String, &'a str)> + 'a {
    list.iter().enumerate().map(move |(at, item)| (format!("{field}[{at}].id"), id(item)))
}

/// The ids that runs may name.
struct Known<'a> {
    models: HashSet<String>,
    quants: HashSet<&'a str>,
    hardware: HashSet<&'a str>,
    shapes: HashSet<&'a str>,
    sources: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let variants = |family: &Family| {
            let name = |id: &String| format!("{}/{id}", family.id);
            family.variants.iter().map(|variant| name(&variant.id)).collect::<Vec<_>>()
        };
        Self {
            models: catalog.families.iter().flat_map(variants).collect(),
            quants: catalog.quants.iter().map(|quant| quant.id.as_str()).collect(),
            hardware: catalog.hardware.iter().map(|rig| rig.id.as_str()).collect(),
            shapes: catalog.shapes.iter().map(|shape| shape.id.as_str()).collect(),
            sources: catalog.sources.iter().map(|source| source.id.as_str()).collect(),
        }
    }
}

/// Problems of one file.
struct Report<'a> {
    file: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Report<'_> {
    fn add(&mut self, field: &str, found: String, expected: String) {
        let (file, field) = (self.file.to_owned(), field.to_owned());
        self.problems.push(Problem { file, field, found, expected });
    }

    fn reference(&mut self, field: &str, id: &str, known: bool, expected: &str) {
        if !known {
            self.add(field, quoted(id), expected.to_owned());
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn check_run(run: &Run, known: &Known<'_>, report: &mut Report<'_>) {
    if run.schema != RUN_SCHEMA {
        report.add("schema", run.schema.to_string(), RUN_SCHEMA.to_string());
    }
    let stem = report.file.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml"));
    if stem.is_some_and(|stem| stem != run.id) {
        report.add("id", quoted(&run.id), format!("the file's name, {}", quoted(stem.unwrap_or_default())));
    }
    report.reference("model", &run.model, known.models.contains(&run.model), "family/variant of models.yaml");
    report.reference(
        "quant",
        &run.quant,
        known.quants.contains(run.quant.as_str()),
        "the id of a quant in quants.yaml",
    );
    let rig = known.hardware.contains(run.hardware.as_str());
    report.reference("hardware", &run.hardware, rig, "the id of a rig under hardware/");
    let folder = report.file.strip_prefix("runs/").and_then(|path| path.split_once('/'));
    if let Some((folder, _)) = folder.filter(|(folder, _)| rig && *folder != run.hardware) {
        report.add("hardware", quoted(&run.hardware), format!("the folder's name, {}", quoted(folder)));
    }
    if run.sources.is_empty() {
        report.add("sources", "none".to_owned(), "at least one source".to_owned());
    }
    for (position, source) in run.sources.iter().enumerate() {
        let field = format!("sources[{position}].id");
        let is_known = known.sources.contains(source.id.as_str());
        report.reference(&field, &source.id, is_known, "the id of a source in sources.yaml");
    }
    if run.results.is_empty() && run.ranges.is_empty() {
        report.add("results", "none".to_owned(), "at least one result or range".to_owned());
    }
    check_results(run, known, report);
    check_ranges(run, known, report);
}

fn check_results(run: &Run, known: &Known<'_>, report: &mut Report<'_>) {
    const SHAPE: &str = "the id of a shape in shapes.yaml";
    let mut cells = HashMap::new();
    for (position, result) in run.results.iter().enumerate() {
        let field = |name: &str| format!("results[{position}].{name}");
        let (shape, concurrency) = (&result.shape, result.concurrency);
        let first = *cells.entry((shape, concurrency)).or_insert(position);
        if first < position {
            let found = format!("{} at concurrency {concurrency} a second time", quoted(shape));
            let expected = format!(
                "each shape once at a concurrency; the first is results[{first}], and a repeated measurement is a run of its own"
            );
            report.add(&field("shape"), found, expected);
        }
        // There may be a million of these: the name of a field is made only where it is said.
        if !known.shapes.contains(result.shape.as_str()) {
            report.add(&field("shape"), quoted(shape), SHAPE.to_owned());
        }
        if result.concurrency == 0 {
            report.add(&field("concurrency"), "0".to_owned(), "at least 1".to_owned());
        }
        let has_figures = !result.repetitions.is_empty()
            || !result.figures.is_empty()
            || super::Metric::ALL.iter().any(|&metric| result.stated(metric).is_some());
        match (&result.failed, has_figures) {
            (Some(_), true) => {
                report.add(
                    &field("failed"),
                    "a failure with figures".to_owned(),
                    "either a failure or figures".to_owned(),
                );
            }
            (None, false) => {
                let expected = "a figure, repetitions, or `failed` with what went wrong".to_owned();
                report.add(&format!("results[{position}]"), "nothing measured".to_owned(), expected);
            }
            _ => {}
        }
    }
}

fn check_ranges(run: &Run, known: &Known<'_>, report: &mut Report<'_>) {
    for (position, range) in run.ranges.iter().enumerate() {
        let field = |name: &str| format!("ranges[{position}].{name}");
        if range.min > range.max {
            report.add(&field("min"), range.min.to_string(), format!("at most max, {}", range.max));
        }
        if range.concurrency == 0 {
            report.add(&field("concurrency"), "0".to_owned(), "at least 1".to_owned());
        }
        if range.shapes.is_empty() {
            report.add(&field("shapes"), "none".to_owned(), "the shapes behind the range".to_owned());
        }
        for (at, shape) in range.shapes.iter().enumerate() {
            let field = format!("ranges[{position}].shapes[{at}]");
            if range.shapes.iter().take(at).any(|other| other == shape) {
                report.add(&field, format!("{} a second time", quoted(shape)), "each shape once".to_owned());
            }
            report.reference(
                &field,
                shape,
                known.shapes.contains(shape.as_str()),
                "the id of a shape in shapes.yaml",
            );
        }
    }
}
