//! The rows of a section, each with what stands above and its repetitions below.

use std::collections::{HashMap, VecDeque};

use super::cells::{self, About};
use super::lines::{Group, Say, Section};
use super::table::RawRow;
use crate::import::finding::quote;
use crate::model::run::Repetition;

/// A row with everything that its section knows.
pub(super) struct Full {
    pub(super) row: RawRow,
    pub(super) name: cells::Name,
    pub(super) quant: Option<String>,
    pub(super) notes: Vec<String>,
    /// What is said about this result, and not about its run.
    pub(super) note: Option<String>,
    pub(super) repetitions: Vec<Repetition>,
}

/// What the line below a heading says about the weights.
#[derive(Default)]
struct Facts {
    quant: Option<String>,
    size: Option<About>,
    params: [Option<About>; 2],
}

/// The rows of a section, each with its repetitions.
pub(super) fn of(section: Section, say: &mut Say<'_>) -> Vec<Full> {
    let facts = section.facts.map(|(line, text)| read_facts(line, &text, say)).unwrap_or_default();
    let title = cells::name(&section.title);
    let mut groups: HashMap<String, VecDeque<Group>> = HashMap::new();
    for group in section.groups {
        let key = group.label.as_deref().map(|label| cells::name(label).text).unwrap_or_default();
        groups.entry(key).or_default().push_back(group);
    }
    let only_row = section.rows.len() == 1;
    let mut rows = Vec::new();
    for mut row in section.rows {
        let name = row.model.as_deref().map_or_else(|| title.clone(), cells::name);
        let label = row.backend.as_deref().map(|label| cells::name(label).text);
        let key = if row.model.is_some() { Some(name.text.clone()) } else { label };
        let unlabelled = only_row.then(String::new);
        let group = [key, unlabelled]
            .into_iter()
            .flatten()
            .find_map(|key| groups.get_mut(&key).and_then(VecDeque::pop_front));
        row.size = row.size.or(facts.size);
        let [total, active] = row.params;
        row.params = [total.or(facts.params[0]), active.or(facts.params[1])];
        let quant = row.quant.clone().or_else(|| facts.quant.clone());
        let notes = section.notes.clone();
        let repetitions = group.map(|group| group.repetitions).unwrap_or_default();
        rows.push(Full { row, name, quant, notes, note: None, repetitions });
    }
    for group in groups.into_values().flatten().filter(|group| !group.repetitions.is_empty()) {
        let found = match &group.label {
            Some(label) => format!("repetitions of {}", quote(label)),
            None => "repetitions without a label".to_owned(),
        };
        say.at(group.line, "", found, "a row for them in the table of this section");
    }
    rows
}

/// `Quantization: MXFP4 · File size: ~71 GiB · Total params: 139B · Active params (MoE): 10B`.
fn read_facts(line: u32, text: &str, say: &mut Say<'_>) -> Facts {
    let mut facts = Facts::default();
    for part in text.split(" · ") {
        let (name, value) = part.split_once(':').unwrap_or((part, ""));
        let (name, value) = (name.trim(), value.trim());
        let faulty = match name {
            "Quantization" => {
                facts.quant = (!cells::is_missing(value)).then(|| cells::unescape(value));
                None
            }
            "File size" | "File" => cells::size(value).map(|size| facts.size = size).err(),
            "Total params" => cells::params(value).map(|total| facts.params[0] = total).err(),
            "Active params (MoE)" | "Active params" => {
                cells::params(value).map(|active| facts.params[1] = active).err()
            }
            "Params" => cells::both_params(value).map(|params| facts.params = params).err(),
            _ => Some("one of Quantization, File size, Total params, Active params (MoE)"),
        };
        if let Some(expected) = faulty {
            say.at(line, name, quote(part), expected);
        }
    }
    facts
}
