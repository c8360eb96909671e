//! From measured cells to runs: ids, what is known beside, what has to be asked for.

use std::collections::{BTreeMap, HashMap};

use super::cell::Cell;
use super::finding::{Say, quote};
use super::known::{Imported, Known, Question};
use super::placing::{Last, Runs};
use super::report::{Names, blank, label};
use super::shape::Work;
use crate::model::Figure;
use crate::model::run::{Backend, RUN_SCHEMA, ResultEntry, Run, SourceRef, Statistic, Timing};

/// Most results of one text.
const MOST_RESULTS: usize = 1_000_000;

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
    runs: Runs,
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
            runs: Runs::default(),
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
    pub(super) fn again(&mut self, mut cell: Cell) -> Result<(), Box<Cell>> {
        let repetitions = self.repetitions(&cell);
        self.done.lone_means |= cell.repetitions.is_none() && cell.result.repetitions.is_empty();
        let may_have = |last: &Last| last.may_have(cell.tool, cell.statistic, repetitions);
        let last = self.runs.take_last().filter(may_have).filter(|_| self.results < MOST_RESULTS);
        cell.date = cell.date.or_else(|| self.known.date.clone());
        let concurrency = cell.concurrency.or(self.known.concurrency);
        let (Some(last), Some(date), Some(concurrency)) = (last, &cell.date, concurrency) else {
            return Err(Box::new(cell));
        };
        (cell.result.shape, cell.result.concurrency) = (self.shape(&cell), concurrency);
        if !self.runs.add_to(last, date, &mut cell.result) {
            return Err(Box::new(cell));
        }
        self.results += 1;
        Ok(())
    }

    /// All of these, and nothing else.
    pub(super) fn of(cells: Vec<Cell>, known: &'a Known<'a>, mut say: Say<'_>) -> Imported {
        let mut assembly = Self::new(known);
        for cell in cells {
            assembly.cell(cell, &mut say);
        }
        assembly.finish(say)
    }

    /// The runs, and what is asked for.
    pub(super) fn finish(self, mut say: Say<'_>) -> Imported {
        let Self { mut done, asked, runs, .. } = self;
        for ((field, _), Asked { line, found, expected, name, results }) in asked {
            done.questions.push(Question { field: field.to_owned(), name, results });
            let left_out = if results == 1 {
                "1 result is left out".to_owned()
            } else {
                format!("{results} results are left out")
            };
            say.at(line, field, found, format!("{expected}, given beside; {left_out}"));
        }
        done.runs = runs.named();
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
            "hardware" => cell.machine.clone().or_else(|| cell.hardware.clone()),
            "concurrency" => load(cell),
            _ => None,
        };
        let asked = Asked { line, found: found.clone(), expected, name, results: 0 };
        self.asked.entry((field, found)).or_insert(asked).results += 1;
    }

    fn place_cell(&mut self, cell: Cell) {
        let known = self.known;
        let last = self.runs.take_last();
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
        let has_shape = cell.work.is_known() || known.shape.is_some() || cell.shape.is_some();
        if !has_shape {
            self.ask(&cell, "shape", "no token counts".to_owned(), "the id of the shape");
        }
        let concurrency = self.concurrency(&cell);
        let (Some(model), Some(quant), Some(hardware), Some(backend), Some(date), Some(concurrency)) =
            (model, quant, hardware, backend, date, concurrency)
        else {
            self.done.waiting += 1;
            return;
        };
        if known.source.is_empty() || !has_shape {
            self.done.waiting += 1;
            return;
        }
        self.done.told.extend(told(&cell));
        let shape = self.shape(&cell);
        let source = self.source(&cell, &model, &quant);
        let repetitions = self.repetitions(&cell);
        self.done.lone_means |= cell.repetitions.is_none() && cell.result.repetitions.is_empty();
        let is_named = cell.mode.is_some();
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
            power_cap_w: cell.power_cap_w.or(known.power_cap_w),
            driver: cell.driver.or_else(|| known.driver.map(str::to_owned)),
            backend,
            mode: cell.mode.unwrap_or_else(|| known.mode.unwrap_or("baseline").to_owned()),
            timing: cell.timing,
            statistic: cell.statistic,
            repetitions,
            settings: cell.settings,
            sources: vec![source],
            notes: cell.notes,
            results: Vec::new(),
            ranges: Vec::new(),
        };
        let result = ResultEntry { shape, concurrency, ..cell.result };
        self.runs.place(run, cell.tool, is_named, last, result);
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
        let by_word = || known.quants.get(cell.weights.as_deref()?).cloned();
        let told = || known.quant.filter(|_| !known.by_word || cell.weights.is_none()).map(str::to_owned);
        let quant = cell.quant.clone().or_else(by_word).or_else(told).or_else(words);
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
        if let Some(hardware) = cell.hardware.as_deref().and_then(|name| self.known.rig(name)) {
            return Some(hardware);
        }
        if let Some(hardware) = cell.machine.as_deref().and_then(|words| self.known.rigs.get(words)) {
            return Some(hardware.clone());
        }
        let printed = cell.machine.as_deref().or(cell.hardware.as_deref());
        let told = self.known.hardware.filter(|_| !self.known.by_word || printed.is_none());
        if let Some(hardware) = told.or_else(|| printed.filter(|_| self.known.unlisted)) {
            return Some(hardware.to_owned());
        }
        let found = printed.map_or("nothing".to_owned(), quote);
        self.ask(cell, "hardware", found, "the id of the rig");
        None
    }

    /// Requests in flight. At a rate they are as many as the server leaves waiting, another number for each rate.
    fn concurrency(&mut self, cell: &Cell) -> Option<u16> {
        if cell.concurrency.is_some() {
            return cell.concurrency;
        }
        let known = self.known;
        let load = load(cell);
        let told = match &load {
            Some(load) => known.concurrencies.get(load).or_else(|| known.concurrencies.get("")).copied(),
            None => known.concurrency,
        };
        if told.is_none() {
            let found = load.as_deref().map_or("nothing".to_owned(), quote);
            self.ask(cell, "concurrency", found, "how many requests were in flight");
        }
        told
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
        let runtime = cell.runtime.clone().or(runtime);
        Some(Backend { engine: engine?, build, accelerator: accelerator?, runtime })
    }

    fn shape(&mut self, cell: &Cell) -> String {
        if let Some(shape) = &cell.shape {
            return shape.clone();
        }
        if let Some(shape) =
            self.known.shape.filter(|_| cell.timing == Timing::Served || !cell.work.is_known())
        {
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

    /// Where in the source a cell stands: in which file, and there below which heading.
    fn place_of(&self, cell: &Cell) -> Option<String> {
        match (self.known.place, &cell.place) {
            (Some(file), Some(place)) => Some(format!("{file}, {place}")),
            (Some(file), None) => Some(file.to_owned()),
            (None, place) => place.clone(),
        }
    }

    fn source(&self, cell: &Cell, model: &Model, quant: &str) -> SourceRef {
        let mut source = SourceRef {
            id: self.known.source.to_owned(),
            place: self.place_of(cell),
            ..SourceRef::default()
        };
        if model.told && !model.name.is_empty() {
            source.says.insert("variant".to_owned(), model.name.clone());
        }
        if let Some(weights) = cell.weights.as_ref().filter(|weights| *weights != quant) {
            source.says.insert("quant".to_owned(), weights.clone());
        }
        source
    }
}

/// What a cell prints nothing of, so that it was told.
fn told(cell: &Cell) -> impl Iterator<Item = &'static str> {
    let prints = [
        ("model", cell.name.is_some()),
        ("quant", cell.quant.is_some() || cell.weights.is_some()),
        ("hardware", cell.machine.is_some() || cell.hardware.is_some()),
        ("date", cell.date.is_some()),
        ("engine", cell.engine.is_some()),
        ("backend", cell.accelerator.is_some()),
        ("concurrency", cell.concurrency.is_some() || load(cell).is_some()),
        ("shape", cell.work.is_known() || cell.shape.is_some()),
    ];
    prints.into_iter().filter(|(_, is_printed)| !is_printed).map(|(field, _)| field)
}

/// What a source says of the requests in flight that it does not count: their rate, and about how many there
/// were.
fn load(cell: &Cell) -> Option<String> {
    let other = &cell.settings.other;
    let rate = other.get("request_rate").or_else(|| other.get("requests_per_s"))?;
    let figure = |figure| cell.result.figures.get(&figure).map(|value| value.get());
    // The times of all requests together, by the time that passed.
    let counted = || {
        let whole = cell.result.end_to_end_ms.filter(|_| cell.statistic == Statistic::Mean)?.get();
        Some(figure(Figure::Requests)? * whole / 1e3 / figure(Figure::Duration)?)
    };
    let mean = figure(Figure::MeanConcurrency).or_else(counted);
    // To whole requests, as the answer is: measurements at one rate scatter, and are asked for once.
    let mean = mean.map(|mean| format!(", about {:.0} in flight", mean.max(1.0))).unwrap_or_default();
    Some(format!("request rate {rate}{mean}"))
}

/// Which model a cell is about.
struct Model {
    id: String,
    name: String,
    /// True where the id had to be told.
    told: bool,
}
