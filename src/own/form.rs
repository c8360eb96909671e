//! The form for what files do not say: which facts it has, in which order, and where each answer is.

use std::collections::BTreeMap;

use super::message::{Answers, NEW_RIG, Report};

/// One fact to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The field of [`Answers`], `rig_…` for one of a [`super::message::Described`].
    pub key: &'static str,
    /// For what is asked by name, the printed one; empty for results that print none.
    pub name: Option<String>,
    /// What it is called.
    pub label: String,
    /// What is meant, and how it is written.
    pub hint: &'static str,
}

/// Facts that may be asked, in the order of the form: field, label, hint.
const FACTS: [(&str, &str, &str); 12] = [
    (
        "quant",
        "Quant",
        "The weight format, such as Q4_K_M: the name that the engine prints stands for several",
    ),
    ("hardware", "Machine", "Where it ran"),
    ("engine", "Engine", "What answered, such as llama.cpp"),
    ("build", "Build", "The engine’s build or version, such as b8940"),
    ("backend", "Backend", "Such as Vulkan, CUDA, ROCm 7.2, Metal or CPU"),
    ("date", "Date", "When it ran: 2026-05, 2026-05-16 or 2026-05-16T19:42Z"),
    ("concurrency", "Concurrency", "Requests in flight at once"),
    ("shape", "Workload shape", "What was asked"),
    ("repetitions", "Repetitions", "How many are behind each mean: without them there is no interval"),
    ("driver", "Driver", "Version of the driver"),
    ("power_cap", "Power cap", "In watts, where one was set"),
    ("mode", "Mode", "What was changed on purpose"),
];

/// Facts that need not be known.
const OPTIONAL: [&str; 5] = ["build", "repetitions", "driver", "power_cap", "mode"];

/// What a machine is described by.
const RIG_FACTS: [(&str, &str, &str); 3] = [
    ("rig_name", "Name", "As on rows and charts, such as RX 7900 XTX · 24 GiB; without it the results wait"),
    ("rig_memory", "Memory in GiB", "What the accelerator can use; where you know it"),
    (
        "rig_bandwidth",
        "Memory bandwidth in GB/s",
        "The peak of the bus, for the check against physics; where you know it",
    ),
];

/// What is asked, and what was answered already: an answer stays where its question was.
pub fn facts(report: &Report) -> Vec<Fact> {
    let Report { questions, answers, lone_means, .. } = report;
    let mut facts: Vec<Fact> = by_name(report, "model", &answers.models, "")
        .into_iter()
        .map(|name| Fact {
            key: "model",
            label: if name.is_empty() { "Model".to_owned() } else { format!("Model “{name}”") },
            name: Some(name),
            hint: "Which published model this is, so that its results stand beside the others",
        })
        .collect();
    for (key, label, hint) in FACTS {
        if let Some(answered) = map(answers, key) {
            for name in by_name(report, key, answered, get(answers, key, Some(""))) {
                let is_new = key == "hardware" && get(answers, key, Some(&name)) == NEW_RIG;
                let words = if name.is_empty() { label.to_owned() } else { format!("{label} “{name}”") };
                facts.push(Fact { key, name: Some(name.clone()), label: words, hint });
                if is_new {
                    facts.extend(rig_facts(answers, &name));
                }
            }
            continue;
        }
        let is_asked =
            questions.iter().any(|asked| asked.field == key) || (key == "repetitions" && *lone_means);
        let is_answered = !OPTIONAL.contains(&key) && !get(answers, key, None).is_empty();
        if is_asked || is_answered {
            facts.push(Fact { key, name: None, label: label.to_owned(), hint });
        }
    }
    facts
}

/// A field of a question, inside a sentence.
pub(super) fn words_of(field: &str) -> String {
    let label = FACTS.iter().find(|(key, ..)| *key == field).map_or(field, |(_, label, _)| label);
    label.to_lowercase()
}

/// Facts that nobody asks for, where they are not asked for.
pub fn more_facts(asked: &[Fact]) -> Vec<Fact> {
    let optional = FACTS.into_iter().filter(|(key, ..)| OPTIONAL.contains(key));
    let rest = optional.filter(|(key, ..)| asked.iter().all(|fact| fact.key != *key));
    rest.map(|(key, label, hint)| Fact { key, name: None, label: label.to_owned(), hint }).collect()
}

/// What a new machine is described by; of several, each field says whose it is.
fn rig_facts(answers: &Answers, name: &str) -> impl Iterator<Item = Fact> {
    let described = answers.rigs.values().chain([&answers.hardware]).filter(|rig| *rig == NEW_RIG).count();
    let of = if described > 1 && !name.is_empty() { format!(" of “{name}”") } else { String::new() };
    RIG_FACTS.into_iter().map(move |(key, label, hint)| Fact {
        key,
        name: Some(name.to_owned()),
        label: match (of.is_empty(), key) {
            (true, "rig_name") => "Name of the machine".to_owned(),
            _ => format!("{label}{of}"),
        },
        hint,
    })
}

/// The names that are asked for, and those that were answered: the empty one where an answer without a name was given.
fn by_name(report: &Report, key: &str, answered: &BTreeMap<String, String>, unnamed: &str) -> Vec<String> {
    let asked = report.questions.iter().filter(|asked| asked.field == key).flat_map(|asked| &asked.names);
    let mut names: Vec<String> = asked.chain(answered.keys()).cloned().collect();
    if !unnamed.is_empty() {
        names.push(String::new());
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Answers by the word that files print.
fn map<'a>(answers: &'a Answers, key: &str) -> Option<&'a BTreeMap<String, String>> {
    match key {
        "quant" => Some(&answers.quants),
        "hardware" => Some(&answers.rigs),
        "concurrency" => Some(&answers.concurrencies),
        _ => None,
    }
}

/// An answer; empty where there is none.
pub fn get<'a>(answers: &'a Answers, key: &str, name: Option<&str>) -> &'a str {
    if let (Some(answers), Some(name)) = (map(answers, key), name.filter(|name| !name.is_empty())) {
        return answers.get(name).map_or("", String::as_str);
    }
    let rig = || answers.described.get(name.unwrap_or_default());
    match key {
        "model" => answers.models.get(name.unwrap_or_default()).map_or("", String::as_str),
        "quant" => &answers.quant,
        "hardware" => &answers.hardware,
        "rig_name" => rig().map_or("", |rig| &rig.name),
        "rig_memory" => rig().map_or("", |rig| &rig.memory),
        "rig_bandwidth" => rig().map_or("", |rig| &rig.bandwidth),
        "engine" => &answers.engine,
        "build" => &answers.build,
        "backend" => &answers.backend,
        "date" => &answers.date,
        "concurrency" => &answers.concurrency,
        "shape" => &answers.shape,
        "repetitions" => &answers.repetitions,
        "driver" => &answers.driver,
        "power_cap" => &answers.power_cap,
        "mode" => &answers.mode,
        _ => "",
    }
}

/// Gives an answer.
pub fn set(answers: &mut Answers, key: &str, name: Option<&str>, value: String) {
    let word = name.unwrap_or_default().to_owned();
    let place = match key {
        "quant" if !word.is_empty() => answers.quants.entry(word).or_default(),
        "hardware" if !word.is_empty() => answers.rigs.entry(word).or_default(),
        "concurrency" if !word.is_empty() => answers.concurrencies.entry(word).or_default(),
        "model" => answers.models.entry(word).or_default(),
        "rig_name" => &mut answers.described.entry(word).or_default().name,
        "rig_memory" => &mut answers.described.entry(word).or_default().memory,
        "rig_bandwidth" => &mut answers.described.entry(word).or_default().bandwidth,
        "quant" => &mut answers.quant,
        "hardware" => &mut answers.hardware,
        "engine" => &mut answers.engine,
        "build" => &mut answers.build,
        "backend" => &mut answers.backend,
        "date" => &mut answers.date,
        "concurrency" => &mut answers.concurrency,
        "shape" => &mut answers.shape,
        "repetitions" => &mut answers.repetitions,
        "driver" => &mut answers.driver,
        "power_cap" => &mut answers.power_cap,
        "mode" => &mut answers.mode,
        _ => return,
    };
    *place = value;
}
