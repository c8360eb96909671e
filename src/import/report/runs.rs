//! From sections to runs: rows, the repetitions that belong to them, and what holds for both.

use std::collections::{HashMap, HashSet};

use super::cells;
use super::head::Head;
use super::lines::{Page, Say};
use super::names::Names;
use super::parts::{agreed, belongs_to, blank, id, summary};
use super::rows::{self, Full};
use super::settings::{self, Label};
use super::table::RawRow;
use super::{Imported, Known};
use crate::import::Question;
use crate::import::finding::quote;
use crate::model::run::{
    Accelerator, Backend, RUN_SCHEMA, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use crate::model::{Metric, Positive};

/// The mark of a measurement that was made again, to compare with.
const REFERENCE: &str = "[reference]";

/// In front of a note that is about one result and not about its run, as our own reports have it.
const OF_RESULT: &str = "This result: ";

/// Which model and quant a row is about.
struct Model {
    id: String,
    quant: String,
    /// The name as printed, without quant and marks.
    name: String,
    /// True where the id had to be told, for the catalog writes the name otherwise.
    told: bool,
}

struct Assembly<'a> {
    known: &'a Known<'a>,
    names: Names,
    heads: Vec<Head>,
    say: Say<'a>,
    done: Imported,
    /// What was asked for already.
    asked: HashSet<String>,
    /// The machine of the first head that names one.
    machine: Option<String>,
    /// The runs that would have the same id.
    ids: HashMap<String, Vec<usize>>,
    /// Runs by model, quant and accelerator, for the rows that repeat them.
    details: HashMap<(String, String, Accelerator), Vec<usize>>,
}

/// Puts the parts of a report together.
pub(super) fn assemble(page: Page, known: &Known<'_>) -> Imported {
    let Page { heads, sections, findings, .. } = page;
    let mut assembly = Assembly {
        known,
        names: Names::of(known),
        heads,
        say: Say { file: known.file, findings },
        done: Imported::default(),
        asked: HashSet::new(),
        machine: None,
        ids: HashMap::new(),
        details: HashMap::new(),
    };
    let mut repeated = Vec::new();
    for section in sections {
        for full in rows::of(section, &mut assembly.say) {
            if full.row.summary {
                repeated.push(full);
            } else {
                assembly.row(full);
            }
        }
    }
    // A summary repeats what stands in detail, so it is read when all details are known.
    for full in repeated {
        assembly.row(full);
    }
    let Assembly { mut done, say, .. } = assembly;
    done.findings = say.findings;
    done.findings.sort();
    done.findings.dedup();
    done
}

impl Assembly<'_> {
    /// Asks once for what the report does not say.
    fn ask<T>(&mut self, line: u32, what: &str, expected: &str) -> Option<T> {
        if self.asked.insert(what.to_owned()) {
            self.say.at(line, what, "nothing", format!("{expected}; rows without it are left out"));
            self.done.questions.push(Question { field: what.to_owned(), name: None, results: 0 });
        }
        None
    }

    fn row(&mut self, mut full: Full) {
        let line = full.row.line;
        let Some(label) = self.label(&full.row) else { return };
        let mut notes = std::mem::take(&mut full.row.notes);
        let mut settings = Settings::default();
        if let Some(first) = notes.first_mut() {
            // Flags stand before the first line break of the cell.
            *first = settings::take_flags(first, &mut settings);
        }
        notes.retain(|note| !note.is_empty());
        if let Some(at) = notes.iter().position(|note| note.starts_with(OF_RESULT)) {
            full.note = notes.remove(at).strip_prefix(OF_RESULT).map(str::to_owned);
        }
        if !self.has_figures(&mut full, &mut notes) {
            return;
        }
        settings::add(&mut settings, &label.settings);
        notes.extend([label.remark.clone()].into_iter().filter(|remark| !remark.is_empty()));
        notes.append(&mut full.notes);
        if full.name.reference {
            notes.push(REFERENCE.to_owned());
        }
        let Some(model) = self.model(&full) else { return };
        let key = (model.id.clone(), model.quant.clone(), label.accelerator);
        if full.row.summary && self.repeats(line, &full.row, &key) {
            return;
        }
        let Some(mut run) = self.run(&full, model, label, settings, notes) else { return };
        let Some(result) = self.result(&full, &run) else { return };
        run.results.push(result);
        let position = self.place(run);
        self.details.entry(key).or_default().push(position);
    }

    /// True where there is anything to keep; a row that was only begun is a failure in its own words.
    fn has_figures(&mut self, full: &mut Full, notes: &mut Vec<String>) -> bool {
        let row = &mut full.row;
        let rates = row.decode.is_some() || row.prefill.is_some() || !full.repetitions.is_empty();
        if rates || row.load.is_some() || row.failed.is_some() {
            return true;
        }
        if let Some(at) = notes.iter().position(|note| note.eq_ignore_ascii_case("incomplete")) {
            row.failed = Some(notes.remove(at));
            return true;
        }
        if !row.broken {
            let words = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
            let field = if full.name.text.is_empty() { "" } else { &full.name.text };
            let expected = "load, PP and TG, or ERROR with what went wrong; the row is left out";
            self.say.at(row.line, field, format!("no figures{words}"), expected);
        }
        false
    }

    /// The backend of a row: its own, that of the text above, or the one that is known beside.
    fn label(&mut self, row: &RawRow) -> Option<Label> {
        let of_head = || self.heads.get(row.head).and_then(|head| head.backend.clone());
        match row.backend.as_deref() {
            Some(cell) => {
                let label = settings::label(cell);
                if label.is_none() {
                    let names: Vec<&str> = Accelerator::ALL.iter().map(|known| known.slug()).collect();
                    let expected = format!("a backend that begins with one of {}", names.join(", "));
                    self.say.at(row.line, "backend", quote(cell), expected);
                }
                label
            }
            None => of_head()
                .or_else(|| self.known.backend.and_then(settings::label))
                .or_else(|| self.ask(row.line, "backend", "a column for it, or the backend given beside")),
        }
    }

    /// The run of a row, still without its result.
    fn run(
        &mut self,
        full: &Full,
        model: Model,
        label: Label,
        mut settings: Settings,
        mut notes: Vec<String>,
    ) -> Option<Run> {
        let line = full.row.line;
        let Model { id: model, quant, name, told } = model;
        let hardware = self.hardware(full.row.head, line)?;
        let known = self.known;
        let head = self.heads.get(full.row.head)?;
        let (of_head, engine) = (head.date.clone(), head.engine.clone());
        let Some(date) = of_head.or_else(|| known.date.clone()) else {
            return self.ask(line, "date", "a line **Date:**, or a date given beside");
        };
        let Some((engine, build)) = engine.or_else(|| Some((known.engine?.to_owned(), None))) else {
            return self.ask(line, "engine", "a line **Engine:**, or an engine given beside");
        };
        let head = self.heads.get(full.row.head)?;
        head.fill(&mut settings, &mut notes, &label);
        settings.context_tokens = full.row.context_tokens.or(settings.context_tokens);
        let backend = Backend { engine, build, accelerator: label.accelerator, runtime: label.runtime };
        let words = backend.runtime.as_deref().unwrap_or(backend.accelerator.slug());
        let mut source = SourceRef { id: known.source.to_owned(), ..SourceRef::default() };
        source.place = Some(format!("{name}, {quant}, {words}"));
        if told {
            source.says.insert("variant".to_owned(), name);
        }
        let mode = head.mode.clone().unwrap_or_else(|| "baseline".to_owned());
        Some(Run {
            schema: RUN_SCHEMA,
            id: id(date.as_str(), &model, &quant, &backend, &mode),
            date,
            model,
            quant,
            file_size_gib: full.row.size.map(|size| size.value),
            file_size_approximate: full.row.size.is_some_and(|size| size.approximate),
            hardware,
            power_cap_w: head.power_cap_w,
            driver: head.driver.clone(),
            backend,
            mode,
            timing: head.timing.unwrap_or(Timing::Served),
            statistic: head.benchmark.statistic.unwrap_or(Statistic::Unknown),
            repetitions: head.benchmark.repetitions,
            settings,
            sources: vec![source],
            notes,
            results: Vec::new(),
            ranges: Vec::new(),
        })
    }

    /// Which model and quant a row is about; what it says about the model is kept.
    fn model(&mut self, full: &Full) -> Option<Model> {
        let line = full.row.line;
        let text = &full.name.text;
        let last = || text.rsplit(' ').next().filter(|word| cells::is_quant(word)).map(str::to_owned);
        let is_word =
            |quant: &String| quant.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'));
        let Some(quant) = full.quant.clone().or_else(last).filter(is_word) else {
            self.say.at(
                line,
                text,
                "no quant",
                "a column, a line Quantization, or the quant behind the name",
            );
            return None;
        };
        let name = text.strip_suffix(&*quant).map_or(&**text, str::trim_end).to_owned();
        let Some((id, told)) = self.names.id(self.known, &name) else {
            if self.asked.insert(format!("model {name}")) {
                let expected = "a model of the catalog, or its id given beside; its rows are left out";
                self.say.at(line, "model", quote(&name), expected);
                let (field, name) = ("model".to_owned(), Some(name));
                self.done.questions.push(Question { field, name, results: 0 });
            }
            return None;
        };
        let variant = id.rsplit('/').next().unwrap_or_default().to_owned();
        let model = self.done.models.entry(id.clone()).or_insert_with(|| blank(variant, name.clone()));
        let [total, active] = full.row.params;
        model.total_params_b = model.total_params_b.or(total.map(|total| total.value));
        model.active_params_b = model.active_params_b.or(active.map(|active| active.value));
        model.params_approximate |= [total, active].into_iter().flatten().any(|count| count.approximate);
        model.vision |= full.name.vision;
        Some(Model { id, quant, name, told })
    }

    /// Id of the rig above a row.
    fn hardware(&mut self, head: usize, line: u32) -> Option<String> {
        let machine = self.heads.get(head).and_then(|head| head.hardware.clone());
        if let Some((_, name)) = &machine
            && let Some(rig) =
                self.known.catalog.and_then(|catalog| catalog.hardware.iter().find(|rig| rig.name == *name))
        {
            return Some(rig.id.clone());
        }
        if let Some((at, name)) = machine {
            let first = self.machine.get_or_insert_with(|| name.clone()).clone();
            // Reports cut what stands in parentheses at the end.
            if !(first.starts_with(&name) || name.starts_with(&first)) {
                if self.asked.insert(format!("machine {name}")) {
                    let expected = format!("the machine above, {}; its rows are left out", quote(&first));
                    self.say.at(at, "Hardware", quote(&name), expected);
                }
                return None;
            }
        }
        match self.known.hardware {
            Some(id) => Some(id.to_owned()),
            None => self.ask(line, "hardware", "the name of a rig of the catalog, or its id given beside"),
        }
    }

    fn result(&mut self, full: &Full, run: &Run) -> Option<ResultEntry> {
        let head = self.heads.get(full.row.head)?;
        let (shape, concurrency) = (head.shape.clone(), head.concurrency.unwrap_or(1));
        let Some(shape) = shape.or_else(|| self.known.shape.map(str::to_owned)) else {
            return self.ask(full.row.line, "shape", "a line **Workload:**, or a shape given beside");
        };
        let mut result = ResultEntry { shape, concurrency, ..ResultEntry::default() };
        if let Some(words) = &full.row.failed {
            result.failed = Some(words.clone());
            result.note.clone_from(&full.note);
            return Some(result);
        }
        let repetitions = &full.repetitions;
        let expected = run.repetitions.filter(|_| !repetitions.is_empty());
        if let Some(expected) = expected.filter(|&count| u32::try_from(repetitions.len()) != Ok(count)) {
            let found = format!("{} repetitions", repetitions.len());
            self.say.at(
                full.row.line,
                &full.name.text,
                found,
                format!("{expected}, as the line Benchmark says"),
            );
        }
        result.load_s = full.row.load;
        result.prompt_tokens = agreed(repetitions, |repetition| repetition.prompt_tokens);
        result.output_tokens = agreed(repetitions, |repetition| repetition.output_tokens);
        let mut odd = Vec::new();
        for (metric, rate) in [(Metric::Decode, &full.row.decode), (Metric::Prefill, &full.row.prefill)] {
            let Some(rate) = rate else { continue };
            result.published.insert(metric, rate.text.clone());
            match summary(repetitions, metric, run.statistic) {
                None if metric == Metric::Decode => result.decode_tok_per_s = Some(rate.value),
                None => result.prefill_tok_per_s = Some(rate.value),
                // A mean rounded twice may be one unit off, but not more.
                Some(value) if (value - rate.value.get()).abs() > rate.unit * 1.000_001 => {
                    let name = metric.name();
                    odd.push(format!(
                        "{name}: the report prints {}, its repetitions give {value:.2}",
                        rate.text
                    ));
                }
                Some(_) => {}
            }
        }
        for words in &odd {
            self.say.at(
                full.row.line,
                &full.name.text,
                words,
                "at most one unit of the last digit between them",
            );
        }
        result.note = full.note.clone().into_iter().chain(odd).reduce(|all, next| format!("{all}; {next}"));
        result.repetitions.clone_from(repetitions);
        Some(result)
    }

    /// True where a row of a summary repeats a row in detail; one that says something else is a finding.
    fn repeats(&mut self, line: u32, row: &RawRow, key: &(String, String, Accelerator)) -> bool {
        let Some(details) = self.details.get(key) else { return false };
        let agrees = |result: &ResultEntry, run: &Run| {
            let rates = [(Metric::Decode, &row.decode), (Metric::Prefill, &row.prefill)];
            rates.into_iter().all(|(metric, rate)| {
                let value = summary(&result.repetitions, metric, run.statistic)
                    .or_else(|| result.stated(metric).map(Positive::get));
                let near = |(rate, value): (&cells::Rate, f64)| (rate.value.get() - value).abs() <= rate.unit;
                rate.as_ref().zip(value).is_none_or(near)
            })
        };
        // Nobody measures one configuration more often than this for one report.
        let runs = details.iter().take(100).filter_map(|&position| self.done.runs.get(position));
        if !runs.into_iter().any(|run| run.results.iter().any(|result| agrees(result, run))) {
            let rates = [&row.prefill, &row.decode].into_iter().flatten();
            let found: Vec<&str> = rates.map(|rate| rate.text.as_str()).collect();
            self.say.at(
                line,
                &key.0,
                found.join(" and "),
                "the figures of the model's section, which are kept",
            );
        }
        true
    }

    /// Adds a run, or its result to the run that it belongs to; returns the position.
    fn place(&mut self, mut run: Run) -> usize {
        let runs = &mut self.done.runs;
        let same_id = self.ids.entry(run.id.clone()).or_default();
        // Nobody measures one configuration more often than this at one time.
        for &position in same_id.iter().take(100) {
            if let Some(before) = runs.get_mut(position)
                && belongs_to(&run, before)
            {
                before.results.append(&mut run.results);
                return position;
            }
        }
        let position = runs.len();
        same_id.push(position);
        if same_id.len() > 1 {
            run.id = format!("{}-{}", run.id, same_id.len());
        }
        runs.push(run);
        position
    }
}
