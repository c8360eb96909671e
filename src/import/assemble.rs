//! From measured cells to runs: ids, what is known beside, what has to be asked for, which cells are one run.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::finding::{Say, quote};
use super::known::{Imported, Known, Question};
use super::report::{Names, blank, id, label};
use super::shape::Work;
use crate::model::run::{
    Accelerator, Backend, RUN_SCHEMA, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use crate::model::{PartialDate, Positive};

/// Most results of one text.
const MOST_RESULTS: usize = 1_000_000;

/// Longest id without its number, in bytes: it is the name of a file.
const LONGEST_ID: usize = 180;

/// One result with everything that its format says around it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) line: u32,
    /// What wrote the record: each tool states parameters of its own.
    pub(super) tool: &'static str,
    /// Where in the source, such as the heading above a table.
    pub(super) place: Option<String>,
    /// The model as printed, without quant and path.
    pub(super) name: Option<String>,
    /// The quant, where the source says it.
    pub(super) quant: Option<String>,
    /// The engine's word for the weights, which several quants may share.
    pub(super) weights: Option<String>,
    /// Bytes of all tensors, in GiB: the file is a little larger.
    pub(super) tensors_gib: Option<Positive>,
    /// Parameters in thousand millions.
    pub(super) params_b: Option<Positive>,
    pub(super) date: Option<PartialDate>,
    pub(super) engine: Option<String>,
    pub(super) build: Option<String>,
    pub(super) accelerator: Option<Accelerator>,
    /// What the source says of the machine, in its words.
    pub(super) machine: Option<String>,
    pub(super) timing: Timing,
    pub(super) statistic: Statistic,
    pub(super) repetitions: Option<u32>,
    pub(super) settings: Settings,
    pub(super) notes: Vec<String>,
    pub(super) work: Work,
    /// The figures; shape and concurrency are filled in here.
    pub(super) result: ResultEntry,
    /// Requests in flight, where the source says so.
    pub(super) concurrency: Option<u16>,
}

impl Cell {
    /// A cell of which nothing is known yet.
    pub(super) fn new(line: u32, tool: &'static str, timing: Timing, work: Work) -> Self {
        Self {
            line,
            tool,
            place: None,
            name: None,
            quant: None,
            weights: None,
            tensors_gib: None,
            params_b: None,
            date: None,
            engine: None,
            build: None,
            accelerator: None,
            machine: None,
            timing,
            statistic: Statistic::Unknown,
            repetitions: None,
            settings: Settings::default(),
            notes: Vec::new(),
            work,
            result: ResultEntry::default(),
            concurrency: None,
        }
    }
}

/// What was asked for: the first line that lacks it, what to give, and how many results wait for it.
struct Asked {
    line: u32,
    found: String,
    expected: &'static str,
    name: Option<String>,
    results: usize,
}

/// Cells put together so far.
pub(super) struct Assembly<'a> {
    known: &'a Known<'a>,
    names: Names,
    done: Imported,
    asked: BTreeMap<(&'static str, String), Asked>,
    /// Results that were read, those left out included.
    results: usize,
    /// Ids of the shapes by the work they stand for.
    shapes: HashMap<Work, String>,
    /// Positions of the runs that are equal but for their date and results.
    like: HashMap<String, Vec<usize>>,
    /// The run of the last result, without date and results, and its position, where no other run is like it:
    /// records of one campaign follow each other.
    last: Option<(Run, usize)>,
    /// Cells of each run.
    cells: Vec<HashSet<(String, u16)>>,
    /// Tool of each run.
    tools: Vec<&'static str>,
}

impl<'a> Assembly<'a> {
    /// Nothing yet.
    pub(super) fn new(known: &'a Known<'a>) -> Self {
        Self {
            known,
            names: Names::of(known),
            done: Imported::default(),
            asked: BTreeMap::new(),
            results: 0,
            shapes: HashMap::new(),
            like: HashMap::new(),
            last: None,
            cells: Vec::new(),
            tools: Vec::new(),
        }
    }

    /// Adds a cell.
    pub(super) fn cell(&mut self, cell: Cell, say: &mut Say<'_>) {
        self.results += 1;
        if self.results <= MOST_RESULTS {
            self.place_cell(cell);
        } else if self.results == MOST_RESULTS + 1 {
            let found = format!("more than {MOST_RESULTS} results");
            say.at(cell.line, "", found, "several smaller files; the rest is left out");
        }
    }

    /// Adds a cell of the same configuration as the last one, of which only what was measured is looked at; gives
    /// it back where it is no result of the same run.
    pub(super) fn again(&mut self, cell: Cell) -> Result<(), Box<Cell>> {
        let Some((run, at)) = self.last.take() else { return Err(Box::new(cell)) };
        let repetitions = self.repetitions(&cell);
        let date = cell.date.clone().or_else(|| self.known.date.clone());
        let concurrency = cell.concurrency.or(self.known.concurrency);
        let is_like = run.statistic == cell.statistic && run.repetitions == repetitions;
        let (Some(date), Some(concurrency), true) =
            (date, concurrency, is_like && self.results < MOST_RESULTS)
        else {
            return Err(Box::new(cell));
        };
        let key = (self.shape(&cell), concurrency);
        if !self.is_free(at, &key, &date) {
            return Err(Box::new(cell));
        }
        self.results += 1;
        self.add(at, key, date, cell.result);
        self.last = Some((run, at));
        Ok(())
    }

    /// The runs, and what is asked for.
    pub(super) fn finish(self, mut say: Say<'_>) -> Imported {
        let Self { mut done, asked, tools, .. } = self;
        for ((field, _), Asked { line, found, expected, name, results }) in asked {
            done.questions.push(Question { field: field.to_owned(), name, results });
            let left_out = if results == 1 {
                "1 result is left out".to_owned()
            } else {
                format!("{results} results are left out")
            };
            say.at(line, field, found, format!("{expected}, given beside; {left_out}"));
        }
        name_modes(&mut done.runs, &tools);
        name_runs(&mut done.runs);
        done.findings = say.findings;
        done.findings.sort();
        done.findings.dedup();
        done
    }
}

impl Assembly<'_> {
    /// Asks for what a cell lacks.
    fn ask(&mut self, cell: &Cell, field: &'static str, found: String, expected: &'static str) {
        let line = cell.line;
        let name = match field {
            "model" => cell.name.clone(),
            "quant" => cell.weights.clone(),
            "hardware" => cell.machine.clone(),
            _ => None,
        };
        let asked = Asked { line, found: found.clone(), expected, name, results: 0 };
        self.asked.entry((field, found)).or_insert(asked).results += 1;
    }

    fn place_cell(&mut self, cell: Cell) {
        let known = self.known;
        let last = self.last.take();
        // All questions are asked at once, so that one answer does not lead to the next question.
        let model = self.model(&cell);
        let quant = self.quant(&cell);
        let hardware = self.hardware(&cell);
        let backend = self.backend(&cell);
        let date = cell.date.clone().or_else(|| known.date.clone());
        if date.is_none() {
            self.ask(&cell, "date", "nothing".to_owned(), "the date of the runs");
        }
        if known.source.is_empty() {
            self.ask(&cell, "source", "nothing".to_owned(), "the id of the source that the file is");
        }
        let concurrency = cell.concurrency.or(known.concurrency);
        if concurrency.is_none() {
            self.ask(&cell, "concurrency", "nothing".to_owned(), "how many requests were in flight");
        }
        let (Some(model), Some(quant), Some(hardware), Some(backend), Some(date), Some(concurrency)) =
            (model, quant, hardware, backend, date, concurrency)
        else {
            return;
        };
        if known.source.is_empty() {
            return;
        }
        let shape = self.shape(&cell);
        let source = self.source(&cell, &model, &quant);
        let Model { id: model, .. } = model;
        let size = cell.tensors_gib;
        let run = Run {
            schema: RUN_SCHEMA,
            id: String::new(),
            date,
            model,
            quant,
            file_size_gib: size,
            file_size_approximate: size.is_some(),
            hardware,
            power_cap_w: known.power_cap_w,
            driver: known.driver.map(str::to_owned),
            backend,
            mode: known.mode.unwrap_or("baseline").to_owned(),
            timing: cell.timing,
            statistic: cell.statistic,
            repetitions: self.repetitions(&cell),
            settings: cell.settings,
            sources: vec![source],
            notes: cell.notes,
            results: Vec::new(),
            ranges: Vec::new(),
        };
        self.place(run, cell.tool, last, ResultEntry { shape, concurrency, ..cell.result });
    }

    /// Adds a result to the first run that it belongs to, or begins a run.
    fn place(&mut self, run: Run, tool: &'static str, last: Option<(Run, usize)>, result: ResultEntry) {
        let date = run.date.clone();
        let cell = (result.shape.clone(), result.concurrency);
        let template = Run { date: PartialDate::unknown(), ..run };
        let again = last.filter(|(last, at)| self.tools.get(*at) == Some(&tool) && *last == template);
        let mut is_alone = true;
        // A cell that is there already is a second measurement, which is a run of its own.
        let free = again.map(|(_, at)| at).filter(|&at| self.is_free(at, &cell, &date)).or_else(|| {
            let key = format!("{tool} {template:?}");
            let mut positions = self.like.remove(&key).unwrap_or_default();
            let free =
                positions.iter().rev().take(100).rev().copied().find(|&at| self.is_free(at, &cell, &date));
            if free.is_none() {
                positions.push(self.done.runs.len());
            }
            is_alone = positions.len() == 1;
            self.like.insert(key, positions);
            free
        });
        let position = free.unwrap_or_else(|| {
            self.cells.push(HashSet::new());
            self.tools.push(tool);
            self.done.runs.push(Run { date: date.clone(), ..template.clone() });
            self.tools.len() - 1
        });
        self.add(position, cell, date, result);
        self.last = is_alone.then_some((template, position));
    }

    /// True where a run has no result of a cell yet, and is of the same day.
    fn is_free(&self, run: usize, cell: &(String, u16), date: &PartialDate) -> bool {
        self.cells.get(run).is_some_and(|cells| !cells.contains(cell))
            && self.done.runs.get(run).is_some_and(|run| same_day(&run.date, date))
    }

    fn add(&mut self, run: usize, cell: (String, u16), date: PartialDate, result: ResultEntry) {
        let Some((run, cells)) = self.done.runs.get_mut(run).zip(self.cells.get_mut(run)) else { return };
        let (shape, concurrency) = cell.clone();
        run.results.push(ResultEntry { shape, concurrency, ..result });
        cells.insert(cell);
        if date < run.date {
            run.date = date;
        }
    }

    /// Repetitions behind each result of a run.
    fn repetitions(&self, cell: &Cell) -> Option<u32> {
        let told = || self.known.repetitions.filter(|_| cell.result.repetitions.is_empty());
        cell.repetitions.or_else(told)
    }

    fn model(&mut self, cell: &Cell) -> Option<Model> {
        let name = cell.name.clone().unwrap_or_default();
        let known = self.known;
        let found = if name.is_empty() {
            let unlisted = known.unlisted.then(|| format!("{}/not-stated", super::known::UNLISTED));
            known.model.map(str::to_owned).or(unlisted).map(|id| (id, true))
        } else {
            self.names.id(known, &name)
        };
        let Some((id, told)) = found else {
            let found = if name.is_empty() { "nothing".to_owned() } else { quote(&name) };
            self.ask(cell, "model", found, "the id of a model (family/variant)");
            return None;
        };
        let variant = id.rsplit('/').next().unwrap_or_default().to_owned();
        let printed = if name.is_empty() { "not stated".to_owned() } else { name.clone() };
        let model = self.done.models.entry(id.clone()).or_insert_with(|| blank(variant, printed));
        model.total_params_b = model.total_params_b.or(cell.params_b);
        Some(Model { id, name, told })
    }

    fn quant(&mut self, cell: &Cell) -> Option<String> {
        let known = self.known;
        let words =
            || cell.weights.clone().or_else(|| Some("not stated".to_owned())).filter(|_| known.unlisted);
        let quant = cell.quant.clone().or_else(|| known.quant.map(str::to_owned)).or_else(words);
        // The catalog writes quants in its own case.
        let quants = known.catalog.map(|catalog| catalog.quants.as_slice()).unwrap_or_default();
        let of_catalog = |quant: String| {
            let same = quants.iter().find(|known| known.id.eq_ignore_ascii_case(&quant));
            same.map_or(quant, |known| known.id.clone())
        };
        if quant.is_none() {
            let name = cell.name.as_deref().map(quote).unwrap_or_default();
            let found = match &cell.weights {
                Some(weights) => {
                    format!("weights of type {} for {name}, which several quants share", quote(weights))
                }
                None => "nothing".to_owned(),
            };
            self.ask(cell, "quant", found, "the quant, such as Q4_K_M");
        }
        quant.map(of_catalog)
    }

    fn hardware(&mut self, cell: &Cell) -> Option<String> {
        if let Some(hardware) = self.known.hardware {
            return Some(hardware.to_owned());
        }
        let found = cell.machine.as_deref().map_or("nothing".to_owned(), quote);
        self.ask(cell, "hardware", found, "the id of the rig");
        None
    }

    fn backend(&mut self, cell: &Cell) -> Option<Backend> {
        let told = self.known.backend.and_then(label);
        let engine = cell.engine.clone().or_else(|| self.known.engine.map(str::to_owned));
        let build = cell.build.clone().or_else(|| self.known.build.map(str::to_owned));
        if engine.is_none() {
            self.ask(cell, "engine", "nothing".to_owned(), "the engine");
        }
        let accelerator = cell.accelerator.or(told.as_ref().map(|told| told.accelerator));
        if accelerator.is_none() {
            self.ask(
                cell,
                "backend",
                "none that is known".to_owned(),
                "the backend, such as Vulkan or ROCm 7.2",
            );
        }
        // A version that is told belongs to the accelerator it was told with.
        let runtime = told.filter(|told| Some(told.accelerator) == accelerator).and_then(|told| told.runtime);
        Some(Backend { engine: engine?, build, accelerator: accelerator?, runtime })
    }

    fn shape(&mut self, cell: &Cell) -> String {
        if let Some(shape) = self.known.shape.filter(|_| cell.timing == Timing::Served) {
            return shape.to_owned();
        }
        if let Some(id) = self.shapes.get(&cell.work) {
            return id.clone();
        }
        let catalog = self.known.catalog;
        let shape = cell.work.shape(catalog);
        let id = shape.id.clone();
        let is_known = catalog.is_some_and(|catalog| catalog.shapes.iter().any(|known| known.id == id));
        if !is_known {
            self.done.shapes.push(shape);
        }
        self.shapes.insert(cell.work, id.clone());
        id
    }

    fn source(&self, cell: &Cell, model: &Model, quant: &str) -> SourceRef {
        let mut source =
            SourceRef { id: self.known.source.to_owned(), place: cell.place.clone(), ..SourceRef::default() };
        if model.told && !model.name.is_empty() {
            source.says.insert("variant".to_owned(), model.name.clone());
        }
        if let Some(weights) = cell.weights.as_ref().filter(|weights| *weights != quant) {
            source.says.insert("quant".to_owned(), weights.clone());
        }
        source
    }
}

/// Which model a cell is about.
struct Model {
    id: String,
    name: String,
    /// True where the id had to be told.
    told: bool,
}

/// True for dates of which one may be the other's, or follow it in one sitting.
fn same_day(a: &PartialDate, b: &PartialDate) -> bool {
    a.day() == b.day()
}

/// Names what was changed on purpose where one text holds a configuration under several settings.
fn name_modes(runs: &mut [Run], tools: &[&str]) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, (run, tool)) in runs.iter().zip(tools).enumerate() {
        let Run { model, quant, hardware, backend, mode, .. } = run;
        let key = format!("{:?}", (tool, model, quant, hardware, backend, mode));
        groups.entry(key).or_default().push(position);
    }
    for positions in groups.into_values() {
        let pairs: Vec<BTreeMap<String, String>> = positions
            .iter()
            .filter_map(|&at| Some(runs.get(at)?.settings.pairs().into_iter().collect()))
            .collect();
        let names: BTreeSet<&String> = pairs.iter().flat_map(BTreeMap::keys).collect();
        let varied: Vec<&String> = names
            .into_iter()
            .filter(|name| {
                pairs.iter().any(|of| pairs.first().is_some_and(|first| of.get(*name) != first.get(*name)))
            })
            .collect();
        for (&position, of) in positions.iter().zip(&pairs).filter(|_| !varied.is_empty()) {
            let words = varied.iter().filter_map(|name| {
                let value = of.get(*name)?;
                Some(format!("{}={value}", name.to_lowercase().replace(' ', "_")))
            });
            let words: Vec<String> = words.take(4).collect();
            if let Some(run) = runs.get_mut(position).filter(|_| !words.is_empty()) {
                let base = (run.mode != "baseline").then(|| run.mode.clone());
                run.mode = base.into_iter().chain(words).collect::<Vec<_>>().join(" ");
            }
        }
    }
}

/// Gives each run its id, and a number where several would share one.
fn name_runs(runs: &mut [Run]) {
    let mut taken: HashMap<String, u32> = HashMap::new();
    for run in runs {
        let mut name = id(run.date.as_str(), &run.model, &run.quant, &run.backend, &run.mode);
        while name.len() > LONGEST_ID {
            name.pop();
        }
        let count = taken.entry(name.clone()).or_default();
        *count += 1;
        run.id = if *count == 1 { name } else { format!("{name}-{count}") };
    }
}
