//! What was opened, what was answered, and what follows from both.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::message::{Answers, FileReport, KEEP_NAME, MOST_RUNS, NEW_RIG, Report, RunReport, Table};
use super::reported::{file_report, questions};
use super::table::Mapped;
use super::{archive, index_file, overlay};
use crate::import::mapping::read_table;
use crate::import::{Imported, Known, UNLISTED, number_equal_ids};
use crate::index::Index;
use crate::model::catalog::{Hardware, Shape, Variant};
use crate::model::run::Run;
use crate::model::{PartialDate, Positive};

/// The source that run files name unless the reader names one.
const SOURCE: &str = "my-results";

/// Runs of the reader's own, with what they refer to and nobody published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Own {
    /// The runs, as their files say.
    pub runs: Vec<Run>,
    /// What files say about models, by id.
    pub models: BTreeMap<String, Variant>,
    /// Shapes that are not published.
    pub shapes: Vec<Shape>,
    /// Rigs that are not published.
    pub rigs: Vec<Hardware>,
}

pub(super) struct Opened {
    pub(super) id: u32,
    pub(super) name: String,
    bytes: Vec<u8>,
    pub(super) format: Option<&'static str>,
    /// For a table that no tool wrote.
    pub(super) table: Option<Mapped>,
    pub(super) imported: Imported,
}

/// The reader's files beside the published results.
pub struct Desk {
    published: Index,
    files: Vec<Opened>,
    kept: Option<Own>,
    answers: Answers,
    /// Answers that cannot be used.
    refused: Vec<(String, String)>,
    rigs: Vec<Hardware>,
    /// The index that was shown last.
    shown: Option<Index>,
}

impl Desk {
    /// A desk with nothing on it.
    pub fn new(published: Index) -> Self {
        let answers = Answers { source: SOURCE.to_owned(), ..Answers::default() };
        Self {
            published,
            files: Vec::new(),
            kept: None,
            answers,
            refused: Vec::new(),
            rigs: Vec::new(),
            shown: None,
        }
    }

    /// Reads a file. One that is there already, to the byte, is not read again.
    pub fn open(&mut self, id: u32, name: &str, bytes: Vec<u8>) {
        if self.files.iter().any(|file| file.bytes == bytes) {
            return;
        }
        let format = index_file::format_of(&bytes);
        let table = if format.is_none() { Mapped::propose(&bytes) } else { None };
        let (name, imported) = (name.to_owned(), Imported::default());
        self.files.push(Opened { id, name, bytes, format, table, imported });
        self.read_from(self.files.len() - 1);
    }

    /// Forgets a file; without a number, what was kept in this browser.
    pub fn close(&mut self, id: Option<u32>) {
        match id {
            Some(id) => self.files.retain(|file| file.id != id),
            None => self.kept = None,
        }
    }

    /// Takes back what [`Desk::keep`] gave.
    ///
    /// # Errors
    ///
    /// What the JSON parser says of a text that is not from there.
    pub fn restore(&mut self, text: &str) -> Result<(), serde_json::Error> {
        self.kept = Some(serde_json::from_str(text)?);
        Ok(())
    }

    /// Everything that could be read, to be kept in this browser.
    ///
    /// # Errors
    ///
    /// Never with numbers as they are in results, which JSON has.
    pub fn keep(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.own())
    }

    /// Reads a table with what its columns hold.
    pub fn map(&mut self, id: u32, table: &Table) {
        for mapped in
            self.files.iter_mut().filter(|file| file.id == id).filter_map(|file| file.table.as_mut())
        {
            mapped.confirm(table);
        }
        self.read_from(0);
    }

    /// Takes new answers and reads every file again.
    pub fn answer(&mut self, answers: Answers) {
        self.answers = answers;
        self.read_from(0);
    }

    fn read_from(&mut self, first: usize) {
        let mut refused = Vec::new();
        let rig = new_rig(&self.answers, &mut refused);
        let mut catalog = self.published.catalog.clone();
        catalog.hardware.extend(rig.clone());
        self.rigs = rig.into_iter().collect();
        let known = Beside::of(&self.answers, &self.rigs, &mut refused);
        for file in self.files.iter_mut().skip(first) {
            let known = known.with(&file.name, &catalog);
            file.imported = match file.table.as_ref().map(Mapped::confirmed) {
                None => index_file::read_any(&file.bytes, &known),
                Some(Some(mapping)) => read_table(&file.bytes, mapping, &known),
                Some(None) => Imported::default(),
            };
        }
        self.refused = refused;
    }

    /// All runs, each with an id of its own.
    pub fn own(&self) -> Own {
        let mut own = self.kept.clone().unwrap_or_default();
        for Opened { imported, .. } in &self.files {
            own.runs.extend(imported.runs.iter().cloned());
            own.models.extend(imported.models.iter().map(|(id, model)| (id.clone(), model.clone())));
            own.shapes.extend(imported.shapes.iter().cloned());
        }
        own.rigs.extend(self.rigs.iter().cloned());
        keep_first(&mut own.rigs, |rig| &rig.id);
        keep_first(&mut own.shapes, |shape| &shape.id);
        let used: BTreeSet<&String> = own.runs.iter().map(|run| &run.hardware).collect();
        own.rigs.retain(|rig| used.contains(&rig.id));
        number_equal_ids(&mut own.runs);
        own
    }

    /// What was opened, and what is still asked.
    pub fn report(&self) -> Report {
        let own = self.own();
        let results = own.runs.iter().map(|run| run.results.len()).sum();
        let kept = self.kept.iter().map(|kept| FileReport {
            name: "Kept in this browser".to_owned(),
            format: Some("results opened before".to_owned()),
            runs: kept.runs.len(),
            results: kept.runs.iter().map(|run| run.results.len()).sum(),
            ..FileReport::default()
        });
        Report {
            files: kept.chain(self.files.iter().map(file_report)).collect(),
            questions: questions(&self.files),
            refused: self.refused.clone(),
            runs: own.runs.iter().take(MOST_RUNS).map(|run| self.run_report(run, &own)).collect(),
            counts: (own.runs.len(), results),
            additions: archive::additions(&self.published, &own)
                .into_iter()
                .map(|(path, _)| path.to_owned())
                .collect(),
            lone_means: own.runs.iter().any(has_lone_means),
            answers: self.answers.clone(),
        }
    }

    fn run_report(&self, run: &Run, own: &Own) -> RunReport {
        let catalog = &self.published.catalog;
        let rig = catalog.hardware.iter().chain(&own.rigs).find(|rig| rig.id == run.hardware);
        let model = own.models.get(&run.model).map_or(run.model.as_str(), |model| &model.name);
        let model = if run.model.starts_with(UNLISTED) { model } else { &run.model };
        let rig = rig.map_or(run.hardware.as_str(), |rig| &rig.short);
        let backend = format!("{} ({})", run.backend.engine, run.backend.accelerator.slug());
        let mode = if run.mode == "baseline" { String::new() } else { format!(" · {}", run.mode) };
        RunReport {
            id: run.id.clone(),
            title: format!("{model} · {} · {rig} · {backend}{mode}", run.quant),
            results: run.results.len(),
            path: archive::path_of(run),
        }
    }

    /// The published results with the own ones among them.
    pub fn index(&self) -> Index {
        overlay::overlay(&self.published, &self.own())
    }

    /// The same, kept for what is asked of it later.
    pub fn show(&mut self) -> &Index {
        let index = self.index();
        self.shown.insert(index)
    }

    /// What was shown last, whatever was opened and answered since; where nothing was, as of now.
    pub fn shown(&mut self) -> &Index {
        let index = self.shown.take().unwrap_or_else(|| self.index());
        self.shown.insert(index)
    }

    /// The published results alone.
    pub const fn published(&self) -> &Index {
        &self.published
    }

    /// The run files, and what a data folder lacks for them.
    pub fn archive(&self) -> Vec<archive::Archived> {
        archive::archive(&self.published, &self.own())
    }
}

/// The answers, as values of their types.
struct Beside<'a> {
    answers: &'a Answers,
    hardware: Option<&'a str>,
    rigs: BTreeMap<String, String>,
    models: BTreeMap<String, String>,
    model: Option<String>,
    date: Option<PartialDate>,
    power_cap_w: Option<Positive>,
    concurrency: Option<u16>,
    repetitions: Option<u32>,
}

impl<'a> Beside<'a> {
    fn of(answers: &'a Answers, rigs: &'a [Hardware], refused: &mut Vec<(String, String)>) -> Self {
        let rig = |answer: &'a str| match answer {
            NEW_RIG => rigs.first().map(|rig| rig.id.as_str()),
            answer => said(answer),
        };
        let by_word =
            answers.rigs.iter().filter_map(|(word, answer)| Some((word.clone(), rig(answer)?.to_owned())));
        let (by_word, hardware) = (by_word.collect(), rig(&answers.hardware));
        let named = answers.models.iter().filter(|(_, id)| !id.trim().is_empty());
        let id = |(name, id): (&String, &String)| {
            let id = if id == KEEP_NAME { format!("{UNLISTED}/{}", slug(name)) } else { id.clone() };
            (name.clone(), id)
        };
        let mut models: BTreeMap<String, String> = named.map(id).collect();
        let date = said(&answers.date).map(|date| PartialDate::try_from(date.to_owned()));
        let mut refuse = |field: &str, why: String| refused.push((field.to_owned(), why));
        let date = date.and_then(|date| date.map_err(|error| refuse("date", error.to_string())).ok());
        let mut count = |field: &str, text: &str| -> Option<u32> {
            let count = said(text)?.parse().ok().filter(|count| (1..=65_535).contains(count));
            if count.is_none() {
                refuse(field, format!("found \"{text}\", expected a whole number from 1 to 65535"));
            }
            count
        };
        let concurrency = count("concurrency", &answers.concurrency);
        let repetitions = count("repetitions", &answers.repetitions);
        Self {
            answers,
            hardware,
            rigs: by_word,
            model: models.remove(""),
            models,
            date,
            power_cap_w: number("power_cap", &answers.power_cap, refused),
            concurrency: concurrency.and_then(|count| u16::try_from(count).ok()),
            repetitions,
        }
    }

    fn with<'b>(&'b self, file: &'b str, catalog: &'b crate::model::dataset::Catalog) -> Known<'b> {
        let Answers { quant, engine, build, backend, driver, mode, shape, source, .. } = self.answers;
        Known {
            file,
            source: said(source).unwrap_or(SOURCE),
            catalog: Some(catalog),
            models: self.models.clone(),
            place: None,
            rigs: self.rigs.clone(),
            quants: said_each(&self.answers.quants),
            by_word: true,
            model: self.model.as_deref(),
            unlisted: false,
            quant: said(quant),
            hardware: self.hardware,
            power_cap_w: self.power_cap_w,
            driver: said(driver),
            engine: said(engine),
            build: said(build),
            mode: said(mode),
            shape: said(shape),
            concurrency: self.concurrency,
            repetitions: self.repetitions,
            date: self.date.clone(),
            backend: said(backend),
        }
    }
}

fn said_each(answers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let answered = answers.iter().filter_map(|(word, answer)| Some((word.clone(), said(answer)?.to_owned())));
    answered.collect()
}

fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn number(field: &str, text: &str, refused: &mut Vec<(String, String)>) -> Option<Positive> {
    let number = said(text)?;
    let value = number.parse().ok().and_then(|value: f64| Positive::try_from(value).ok());
    if value.is_none() {
        refused.push((field.to_owned(), format!("found \"{number}\", expected a number above 0")));
    }
    value
}

/// The rig that the reader describes; `None` where there is none, or none with a name.
fn new_rig(answers: &Answers, refused: &mut Vec<(String, String)>) -> Option<Hardware> {
    if answers.hardware != NEW_RIG && answers.rigs.values().all(|rig| rig != NEW_RIG) {
        return None;
    }
    let name = said(&answers.rig_name)?;
    let bandwidth = number("rig_bandwidth", &answers.rig_bandwidth, refused);
    let mut rig = crate::import::bare_rig(&slug(name));
    name.clone_into(&mut rig.name);
    name.clone_into(&mut rig.short);
    "Your own machine, as you described it".clone_into(&mut rig.story);
    rig.memory_gib = number("rig_memory", &answers.rig_memory, refused);
    rig.memory_bandwidth_gb_per_s = bandwidth;
    rig.memory_bandwidth_source = bandwidth.map(|_| "stated by the owner of the machine".to_owned());
    Some(rig)
}

/// A name as a part of a path: letters and digits of any script, full stops, hyphens.
fn slug(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let slug: String = name.to_lowercase().chars().map(safe).take(80).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let slug = slug.trim_matches('.');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

/// True for a run with a ± that nobody says the repetitions of.
fn has_lone_means(run: &Run) -> bool {
    run.repetitions.is_none() && run.results.iter().any(|result| result.repetitions.is_empty())
}

fn keep_first<T>(list: &mut Vec<T>, id: impl Fn(&T) -> &String) {
    let mut seen = BTreeSet::new();
    list.retain(|item| seen.insert(id(item).clone()));
}
