//! Answers as values of their types, and what is wrong with those that cannot be used.

use std::collections::BTreeMap;

use super::message::{Answers, KEEP_NAME, NEW_RIG, Refused, SAME_RIG};
use super::number::{NotANumber, number};
use crate::import::{Known, UNLISTED, is_backend};
use crate::model::catalog::Hardware;
use crate::model::dataset::Catalog;
use crate::model::{PartialDate, Positive};

/// The source that run files name unless the reader names one.
pub(super) const SOURCE: &str = "my-results";

/// What the reader said, checked.
pub(super) struct Beside<'a> {
    answers: &'a Answers,
    /// The rigs that the reader describes.
    pub(super) described: Vec<Hardware>,
    source: &'a str,
    hardware: Option<String>,
    rigs: BTreeMap<String, String>,
    models: BTreeMap<String, String>,
    model: Option<String>,
    date: Option<PartialDate>,
    power_cap_w: Option<Positive>,
    concurrency: Option<u16>,
    concurrencies: BTreeMap<String, u16>,
    repetitions: Option<u32>,
}

/// Answers that cannot be used, as they are found.
#[derive(Default)]
pub(super) struct Refusals(pub(super) Vec<Refused>);

impl Refusals {
    fn add(&mut self, field: &str, name: &str, why: String) {
        self.0.push(Refused { field: field.to_owned(), name: name.to_owned(), why });
    }

    fn positive(&mut self, field: &str, name: &str, text: &str) -> Option<Positive> {
        let said = said(text)?;
        let why = match number(said) {
            Ok(value) => match Positive::try_from(value) {
                Ok(value) => return Some(value),
                Err(_) => "a number above 0".to_owned(),
            },
            Err(NotANumber::Either { whole, rest }) => {
                format!("{whole}{rest} or {whole}.{rest}, for the comma may stand for either")
            }
            Err(NotANumber::Other) => "a number above 0, such as 24 or 0.6".to_owned(),
        };
        self.add(field, name, format!("found \"{said}\", expected {why}"));
        None
    }

    fn count(&mut self, field: &str, name: &str, text: &str) -> Option<u16> {
        let said = said(text)?;
        let count = said.parse().ok().filter(|count| *count > 0);
        if count.is_none() {
            self.add(field, name, format!("found \"{said}\", expected a whole number from 1 to 65535"));
        }
        count
    }

    /// A date up to today, where today is known.
    fn date(&mut self, text: &str, today: Option<&PartialDate>) -> Option<PartialDate> {
        let date = match PartialDate::try_from(said(text)?.to_owned()) {
            Ok(date) => date,
            Err(error) => {
                self.add("date", "", error.to_string());
                return None;
            }
        };
        let Some(today) = today.filter(|today| date.day() > today.day()) else { return Some(date) };
        let why = format!("found {date}, which is yet to come, expected a date up to {}", today.day());
        self.add("date", "", why);
        None
    }

    /// The id of a source, which names files and stands in lists.
    fn source<'a>(&mut self, text: &'a str) -> &'a str {
        let Some(source) = said(text) else { return SOURCE };
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        if source.chars().all(is_part) && !source.starts_with(['.', '-']) && source.chars().count() <= 80 {
            return source;
        }
        let why = format!(
            "found \"{source}\", expected letters, digits and hyphens, such as {}; files name {SOURCE} until then",
            slug(source)
        );
        self.add("source", "", why);
        SOURCE
    }
}

impl<'a> Beside<'a> {
    pub(super) fn of(
        answers: &'a Answers,
        catalog: &Catalog,
        today: Option<&PartialDate>,
        refusals: &mut Refusals,
    ) -> Self {
        let described = described(answers, catalog, refusals);
        let rig = |word: &str, answer: &str| {
            let word = if answer == NEW_RIG { Some(word) } else { answer.strip_prefix(SAME_RIG) };
            match word {
                Some(word) => described.get(word).map(|rig| rig.id.clone()),
                None => said(answer).map(str::to_owned),
            }
        };
        let by_word =
            answers.rigs.iter().filter_map(|(word, answer)| Some((word.clone(), rig(word, answer)?)));
        let (rigs, hardware) = (by_word.collect(), rig("", &answers.hardware));
        let named = answers.models.iter().filter(|(_, id)| !id.trim().is_empty());
        let id = |(name, id): (&String, &String)| {
            let id = if id == KEEP_NAME { format!("{UNLISTED}/{}", slug(name)) } else { id.clone() };
            (name.clone(), id)
        };
        let mut models: BTreeMap<String, String> = named.map(id).collect();
        if let Some(backend) = said(&answers.backend).filter(|backend| !is_backend(backend)) {
            let why = format!(
                "found \"{backend}\", expected a backend such as Vulkan, CUDA, ROCm 7.2, Metal or CPU"
            );
            refusals.add("backend", "", why);
        }
        let concurrencies = answers
            .concurrencies
            .iter()
            .filter_map(|(load, text)| Some((load.clone(), refusals.count("concurrency", load, text)?)))
            .collect();
        Self {
            answers,
            source: refusals.source(&answers.source),
            hardware,
            rigs,
            model: models.remove(""),
            models,
            date: refusals.date(&answers.date, today),
            power_cap_w: refusals.positive("power_cap", "", &answers.power_cap),
            concurrency: refusals.count("concurrency", "", &answers.concurrency),
            concurrencies,
            repetitions: refusals.count("repetitions", "", &answers.repetitions).map(u32::from),
            described: described.into_values().collect(),
        }
    }

    pub(super) fn with<'b>(&'b self, file: &'b str, catalog: &'b Catalog) -> Known<'b> {
        let Answers { quant, engine, build, backend, driver, mode, shape, .. } = self.answers;
        Known {
            file,
            source: self.source,
            catalog: Some(catalog),
            models: self.models.clone(),
            place: None,
            rigs: self.rigs.clone(),
            quants: said_each(&self.answers.quants),
            by_word: true,
            model: self.model.as_deref(),
            unlisted: false,
            quant: said(quant),
            hardware: self.hardware.as_deref(),
            power_cap_w: self.power_cap_w,
            driver: said(driver),
            engine: said(engine),
            build: said(build),
            mode: said(mode),
            shape: said(shape),
            concurrency: self.concurrency,
            concurrencies: self.concurrencies.clone(),
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

/// The rigs that the reader describes, by the word for which each was described; one without a name is none yet.
fn described(answers: &Answers, catalog: &Catalog, refusals: &mut Refusals) -> BTreeMap<String, Hardware> {
    let mut rigs: BTreeMap<String, Hardware> = BTreeMap::new();
    let unnamed = (answers.hardware == NEW_RIG).then_some("");
    let named = answers.rigs.iter().filter(|(_, answer)| *answer == NEW_RIG).map(|(word, _)| word.as_str());
    for word in unnamed.into_iter().chain(named) {
        let Some(rig) = answers.described.get(word) else { continue };
        let bandwidth = refusals.positive("rig_bandwidth", word, &rig.bandwidth);
        let memory = refusals.positive("rig_memory", word, &rig.memory);
        let Some(name) = said(&rig.name) else { continue };
        let id = slug(name);
        let is_published = catalog.hardware.iter().any(|known| known.id == id);
        if is_published || rigs.values().any(|other| other.id == id) {
            let whose = if is_published { "a published machine" } else { "another machine of yours" };
            let why = format!(
                "found \"{name}\", the name of {whose}, expected another name, or that machine chosen"
            );
            refusals.add("rig_name", word, why);
            continue;
        }
        rigs.insert(word.to_owned(), hardware(id, name, memory, bandwidth));
    }
    rigs
}

fn hardware(id: String, name: &str, memory: Option<Positive>, bandwidth: Option<Positive>) -> Hardware {
    let mut rig = crate::import::bare_rig(&id);
    name.clone_into(&mut rig.name);
    name.clone_into(&mut rig.short);
    "Your own machine, as you described it".clone_into(&mut rig.story);
    rig.memory_gib = memory;
    rig.memory_bandwidth_gb_per_s = bandwidth;
    rig.memory_bandwidth_source = bandwidth.map(|_| "stated by the owner of the machine".to_owned());
    rig
}

/// A name as a part of a path: letters and digits of any script, full stops, hyphens.
pub(super) fn slug(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    let slug: String = name.to_lowercase().chars().map(safe).take(80).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let slug = slug.trim_matches('.');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}
