//! What was opened, what was answered, and what follows from both.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::archive::{self, Lacking};
use super::beside::{Beside, Refusals, SOURCE};
use super::doubles::{Place, Seen, without};
use super::kept::{self, Kept, KeptFile};
use super::message::{Answers, FileReport, MOST_RUNS, Refused, Report, RunReport, Table};
use super::reported::{file_report, questions};
use super::table::Mapped;
use super::{index_file, overlay};
use crate::import::mapping::read_table;
use crate::import::{Imported, UNLISTED, number_equal_ids};
use crate::index::Index;
use crate::model::PartialDate;
use crate::model::catalog::{Hardware, Shape, Variant};
use crate::model::run::Run;

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
    pub(super) bytes: Vec<u8>,
    pub(super) format: Option<&'static str>,
    /// For a table that no tool wrote.
    pub(super) table: Option<Mapped>,
    pub(super) imported: Imported,
    /// For a file that describes a rig.
    rig: Option<Hardware>,
    pub(super) is_kept: bool,
    /// Results that were opened before.
    doubles: HashSet<Place>,
    /// How many, by what they were opened as.
    pub(super) already: Vec<(String, usize)>,
}

/// What a report calls the runs of files that were too large to be kept.
const KEPT_RUNS: &str = "Kept in this browser";

/// The reader's files beside the published results.
pub struct Desk {
    published: Index,
    files: Vec<Opened>,
    /// Runs that were kept without their files.
    kept: Option<Own>,
    answers: Answers,
    /// Answers that cannot be used.
    refused: Vec<Refused>,
    /// The rigs that the reader describes.
    rigs: Vec<Hardware>,
    today: Option<PartialDate>,
    /// What was opened last and is there already.
    again: Option<String>,
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
            today: None,
            again: None,
            shown: None,
        }
    }

    /// The same where the day is known: a later one cannot be that of a run.
    pub fn with_today(self, today: Option<PartialDate>) -> Self {
        Self { today, ..self }
    }

    /// Reads a file. One that is there already, to the byte, is not read again.
    pub fn open(&mut self, id: u32, name: &str, bytes: Vec<u8>) {
        if let Some(there) = self.files.iter().find(|file| file.bytes == bytes) {
            let of = match (there.name == name, there.is_kept) {
                (true, true) => "was kept in this browser and is open already".to_owned(),
                (true, false) => "is open already".to_owned(),
                (false, _) => format!("holds the same as {}, which is open already", there.name),
            };
            self.again = Some(format!("{name} {of}: it counts once"));
            return;
        }
        self.again = None;
        self.put(id, name, bytes, false);
        self.read_from(self.files.len() - 1);
    }

    fn put(&mut self, id: u32, name: &str, bytes: Vec<u8>, is_kept: bool) {
        let format = index_file::format_of(&bytes);
        let table = if format.is_none() { Mapped::propose(&bytes) } else { None };
        self.files.push(Opened {
            id,
            name: name.to_owned(),
            bytes,
            format,
            table,
            imported: Imported::default(),
            rig: None,
            is_kept,
            doubles: HashSet::new(),
            already: Vec::new(),
        });
    }

    /// Forgets a file; without a number, the runs that were kept without theirs.
    pub fn close(&mut self, id: Option<u32>) {
        match id {
            Some(id) => self.files.retain(|file| file.id != id),
            None => self.kept = None,
        }
        self.again = None;
        self.find_doubles();
    }

    /// Takes back what [`Desk::keep`] gave.
    ///
    /// # Errors
    ///
    /// What the JSON parser says of a text that is not from there.
    pub fn restore(&mut self, text: &str) -> Result<(), serde_json::Error> {
        let kept: Kept = serde_json::from_str(text)?;
        self.kept = Some(kept.own).filter(|own| !own.runs.is_empty());
        self.answers = kept.answers;
        // Numbers from the far end, which the page never comes to.
        for (id, file) in (0..=u32::MAX).rev().zip(kept.files) {
            self.put(id, &file.name, file.text.into_bytes(), true);
            if let (Some(opened), Some(table)) = (self.files.last_mut(), file.table) {
                opened.table.iter_mut().for_each(|mapped| mapped.confirm(&table));
            }
        }
        self.read_from(0);
        Ok(())
    }

    /// Everything that results were read from or wait in, to be kept in this browser with the answers; of files that
    /// are too large their runs.
    ///
    /// # Errors
    ///
    /// Never with numbers as they are in results, which JSON has.
    pub fn keep(&self) -> Result<String, serde_json::Error> {
        let whole = kept::whole(&self.files);
        let (mut files, mut large) = (Vec::new(), Vec::new());
        for (file, is_whole) in self.files.iter().zip(whole) {
            let has_results = !file.imported.runs.is_empty() || !file.imported.questions.is_empty();
            match KeptFile::of(file).filter(|_| is_whole) {
                Some(kept) if has_results || file.table.is_some() || file.rig.is_some() => files.push(kept),
                Some(_) => {}
                None => large.push(file),
            }
        }
        serde_json::to_string(&Kept { files, answers: self.answers.clone(), own: self.own_of(&large) })
    }

    /// Reads a table with what its columns hold.
    pub fn map(&mut self, id: u32, table: &Table) {
        for mapped in
            self.files.iter_mut().filter(|file| file.id == id).filter_map(|file| file.table.as_mut())
        {
            mapped.confirm(table);
        }
        self.again = None;
        self.read_from(0);
    }

    /// Takes new answers and reads every file again.
    pub fn answer(&mut self, answers: Answers) {
        self.answers = answers;
        self.again = None;
        self.read_from(0);
    }

    fn read_from(&mut self, first: usize) {
        let mut refusals = Refusals::default();
        let mut catalog = self.published.catalog.clone();
        let beside = Beside::of(&self.answers, &catalog, self.today.as_ref(), &mut refusals);
        catalog.hardware.extend(beside.described.iter().cloned());
        for file in self.files.iter_mut().skip(first) {
            let known = beside.with(&file.name, &catalog);
            (file.imported, file.rig) = match file.table.as_ref().map(Mapped::confirmed) {
                None => index_file::read_any(&file.bytes, &known),
                Some(Some(mapping)) => (read_table(&file.bytes, mapping, &known), None),
                Some(None) => (Imported::default(), None),
            };
        }
        self.rigs = beside.described;
        self.refused = refusals.0;
        self.find_doubles();
    }

    /// Looks anew which results were opened before.
    fn find_doubles(&mut self) {
        let mut seen = Seen::default();
        if let Some(kept) = &self.kept {
            seen.take(KEPT_RUNS, &kept.runs);
        }
        let found: Vec<_> =
            self.files.iter().map(|file| seen.take(&file.name, &file.imported.runs)).collect();
        for (file, (doubles, already)) in self.files.iter_mut().zip(found) {
            (file.doubles, file.already) = (doubles, already);
        }
    }

    /// All runs, each with an id of its own.
    pub fn own(&self) -> Own {
        let mut own = self.own_of(&self.files.iter().collect::<Vec<_>>());
        keep_first(&mut own.rigs, |rig| &rig.id);
        keep_first(&mut own.shapes, |shape| &shape.id);
        let used: BTreeSet<&String> = own.runs.iter().map(|run| &run.hardware).collect();
        own.rigs.retain(|rig| used.contains(&rig.id));
        let used: BTreeSet<&String> = own.runs.iter().map(|run| &run.model).collect();
        own.models.retain(|id, _| used.contains(id));
        let results = own.runs.iter().flat_map(|run| &run.results);
        let used: BTreeSet<&String> = results.map(|result| &result.shape).collect();
        own.shapes.retain(|shape| used.contains(&shape.id));
        number_equal_ids(&mut own.runs);
        own
    }

    /// What some of the files hold, each result once, behind what was kept without its file.
    fn own_of(&self, files: &[&Opened]) -> Own {
        let mut own = self.kept.clone().unwrap_or_default();
        for Opened { imported, doubles, .. } in files {
            own.runs.extend(without(&imported.runs, doubles));
            own.models.extend(imported.models.iter().map(|(id, model)| (id.clone(), model.clone())));
            own.shapes.extend(imported.shapes.iter().cloned());
        }
        own.rigs.extend(self.rigs.iter().cloned());
        own.rigs.extend(self.files.iter().filter_map(|file| file.rig.clone()));
        own
    }

    /// What was opened, and what is still asked.
    pub fn report(&self) -> Report {
        let own = self.own();
        let results = own.runs.iter().map(|run| run.results.len()).sum();
        let kept = self.kept.iter().map(|kept| FileReport {
            name: KEPT_RUNS.to_owned(),
            format: Some("results of files that are too large to be kept".to_owned()),
            runs: kept.runs.len(),
            results: kept.runs.iter().map(|run| run.results.len()).sum(),
            is_kept: true,
            ..FileReport::default()
        });
        let lacking = Lacking::of(&self.published, &own);
        let has_lone_means = |file: &Opened| {
            let Imported { lone_means, runs, .. } = &file.imported;
            *lone_means || runs.iter().any(has_lone_means)
        };
        Report {
            files: kept.chain(self.files.iter().map(file_report)).collect(),
            questions: questions(&self.files),
            refused: self.refused.clone(),
            runs: own.runs.iter().take(MOST_RUNS).map(|run| self.run_report(run, &own, &lacking)).collect(),
            counts: (own.runs.len(), results),
            additions: lacking.files().into_iter().map(|(path, _)| path).collect(),
            again: self.again.clone(),
            lone_means: self.files.iter().any(has_lone_means),
            answers: self.answers.clone(),
        }
    }

    fn run_report(&self, run: &Run, own: &Own, lacking: &Lacking) -> RunReport {
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
            needs: lacking.needed_by(run),
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

    /// One of these by its path, with what it is called where it comes alone.
    pub fn alone(&self, path: &str) -> Option<archive::Archived> {
        archive::alone(&self.published, &self.own(), path)
    }
}

/// True for a run with a ± that nobody says the repetitions of.
fn has_lone_means(run: &Run) -> bool {
    run.repetitions.is_none() && run.results.iter().any(|result| result.repetitions.is_empty())
}

fn keep_first<T>(list: &mut Vec<T>, id: impl Fn(&T) -> &String) {
    let mut seen = BTreeSet::new();
    list.retain(|item| seen.insert(id(item).clone()));
}
