//! The descriptions in an index: families, rigs, terms, sources, settings.
//!
//! They are written by the derived code of their types, and read field by field from a JSON value:
//! derived readers of two dozen types would make up a sixth of the page's code.
//! Fields that a reader does not know are left alone, so that later indexes may have more of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Serialize;

use super::json::Json;
use super::numbers::to_integer;
use crate::index::IndexError;
use crate::model::catalog::{
    Family, Hardware, Planned, Probe, Quant, Reasoning, Shape, Source, Term, Unlisted, Variant,
};
use crate::model::dataset::Catalog;
use crate::model::run::{Accelerator, Backend, Settings, SourceRef};
use crate::model::{PartialDate, Positive};

/// What stands under `catalog`.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    #[serde(flatten)]
    pub(super) catalog: &'a Catalog,
    pub(super) backends: &'a [Backend],
    pub(super) settings: &'a [Settings],
    pub(super) run_sources: &'a [Vec<SourceRef>],
}

/// The same, read.
pub(super) struct Described {
    pub(super) catalog: Catalog,
    pub(super) backends: Vec<Backend>,
    pub(super) settings: Vec<Settings>,
    pub(super) sources: Vec<Vec<SourceRef>>,
}

/// A place in the catalog.
///
/// A field that is missing or wrong is noted and read as an empty one, so that the readers below are
/// plain lists of fields; whoever starts them looks at the note. Readers of fields are not inlined:
/// some hundred fields call them.
#[derive(Clone, Copy)]
struct Node<'a> {
    value: &'a Json,
    /// The list and position, for messages.
    list: &'a str,
    position: usize,
    /// The first fault.
    fault: &'a RefCell<Option<IndexError>>,
}

impl<'a> Node<'a> {
    #[inline(never)]
    fn wrong(self, field: &str, expected: &str) {
        let found = match self.value.get(field) {
            None => "nothing".to_owned(),
            Some(Json::Text(text)) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            Some(Json::Null) => "null".to_owned(),
            Some(Json::Flag(_)) => "true or false".to_owned(),
            Some(Json::Number(_)) => "a number".to_owned(),
            Some(Json::List(_)) => "a list".to_owned(),
            Some(Json::Object(_)) => "an object".to_owned(),
        };
        let place = format!("catalog.{}[{}].{field}", self.list, self.position);
        self.fault.borrow_mut().get_or_insert_with(|| IndexError::wrong(&place, &found, expected));
    }

    /// The value of a field that is there and not null.
    #[inline(never)]
    fn get(self, field: &str) -> Option<&'a Json> {
        self.value.get(field).filter(|value| **value != Json::Null)
    }

    #[inline(never)]
    fn text(self, field: &str) -> String {
        self.maybe_text(field).unwrap_or_else(|| {
            self.wrong(field, "text");
            String::new()
        })
    }

    #[inline(never)]
    fn maybe_text(self, field: &str) -> Option<String> {
        let text = self.get(field)?.text();
        if text.is_none() {
            self.wrong(field, "text");
        }
        text.map(str::to_owned)
    }

    #[inline(never)]
    fn date(self, field: &str) -> PartialDate {
        PartialDate::try_from(self.text(field)).unwrap_or_else(|_| {
            self.wrong(field, "a date");
            PartialDate::unknown()
        })
    }

    #[inline(never)]
    fn number(self, field: &str) -> Positive {
        self.maybe_number(field).unwrap_or_else(|| {
            self.wrong(field, "a number above 0");
            Positive::ONE
        })
    }

    #[inline(never)]
    fn maybe_number(self, field: &str) -> Option<Positive> {
        let number = self.get(field)?.number().and_then(|value| Positive::try_from(value).ok());
        if number.is_none() {
            self.wrong(field, "a number above 0");
        }
        number
    }

    #[inline(never)]
    fn count(self, field: &str) -> Option<u32> {
        let count = self.get(field)?.number().and_then(to_integer);
        if count.is_none() {
            self.wrong(field, "a whole number");
        }
        count
    }

    #[inline(never)]
    fn maybe_flag(self, field: &str) -> Option<bool> {
        match self.get(field)? {
            Json::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    fn flag(self, field: &str) -> bool {
        self.maybe_flag(field).unwrap_or_default()
    }

    /// The items of a list; none for a field that is missing.
    #[inline(never)]
    fn items(self, field: &'a str) -> Vec<Node<'a>> {
        let items = self.get(field).map_or(&[][..], Json::items);
        items
            .iter()
            .enumerate()
            .map(|(position, value)| Node { value, list: field, position, ..self })
            .collect()
    }

    fn list<T>(self, field: &'a str, read: fn(Node<'_>) -> T) -> Vec<T> {
        self.items(field).into_iter().map(read).collect()
    }

    /// A list of texts; none for a field that is missing.
    #[inline(never)]
    fn texts(self, field: &str) -> Vec<String> {
        let texts = self.get(field).map_or(&[][..], Json::items);
        texts.iter().filter_map(Json::text).map(str::to_owned).collect()
    }

    /// Names and texts; none for a field that is missing.
    #[inline(never)]
    fn pairs(self, field: &str) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        let Some(Json::Object(pairs)) = self.get(field) else { return map };
        for (name, value) in pairs {
            if let Some(text) = value.text() {
                map.insert(name.clone(), text.to_owned());
            }
        }
        map
    }
}

/// Reads everything under `catalog`, or names alone.
pub(super) fn read<const ALL: bool>(value: &Json) -> Result<Described, IndexError> {
    let fault = RefCell::new(None);
    let root = Node { value, list: "catalog", position: 0, fault: &fault };
    let mut described = Described {
        catalog: Catalog {
            families: root.list("families", family::<ALL>),
            quants: root.list("quants", quant::<ALL>),
            hardware: root.list("hardware", hardware::<ALL>),
            shapes: root.list("shapes", shape::<ALL>),
            ..Catalog::default()
        },
        backends: root.list("backends", backend),
        settings: vec![Settings::default()],
        sources: vec![Vec::new()],
    };
    if ALL {
        described.catalog = Catalog {
            glossary: root.list("glossary", term),
            sources: root.list("sources", source),
            campaign: root.list("campaign", planned),
            ..described.catalog
        };
        described.settings = root.list("settings", settings);
        described.sources = root.list("run_sources", |at| {
            at.value.items().iter().map(|value| source_reference(Node { value, ..at })).collect()
        });
    }
    match fault.into_inner() {
        Some(fault) => Err(fault),
        None => Ok(described),
    }
}

fn family<const ALL: bool>(at: Node<'_>) -> Family {
    Family {
        id: at.text("id"),
        name: at.text("name"),
        released: at.date("released"),
        released_source: at.text("released_source"),
        variants: at.list("variants", variant::<ALL>),
    }
}

fn variant<const ALL: bool>(at: Node<'_>) -> Variant {
    let named = Variant { id: at.text("id"), name: at.text("name"), ..Variant::default() };
    if !ALL {
        return named;
    }
    Variant {
        total_params_b: at.maybe_number("total_params_b"),
        active_params_b: at.maybe_number("active_params_b"),
        params_approximate: at.flag("params_approximate"),
        context_tokens: at.count("context_tokens"),
        vision: at.flag("vision"),
        reasoning: match at.maybe_text("reasoning").as_deref() {
            Some("yes") => Reasoning::Yes,
            Some("no") => Reasoning::No,
            Some("optional") => Reasoning::Optional,
            _ => Reasoning::Unknown,
        },
        licence: at.maybe_text("licence"),
        note: at.maybe_text("note"),
        ..named
    }
}

fn quant<const ALL: bool>(at: Node<'_>) -> Quant {
    let named = Quant { id: at.text("id"), ..Quant::default() };
    if !ALL {
        return named;
    }
    Quant {
        bits_per_weight: at.maybe_number("bits_per_weight"),
        about: at.text("about"),
        source: at.text("source"),
        ..named
    }
}

fn hardware<const ALL: bool>(at: Node<'_>) -> Hardware {
    let named = Hardware {
        id: at.text("id"),
        aliases: at.texts("aliases"),
        name: at.text("name"),
        short: at.text("short"),
        power_max_w: at.maybe_number("power_max_w"),
        ..Hardware::default()
    };
    if !ALL {
        return named;
    }
    Hardware {
        cpu: at.maybe_text("cpu"),
        gpu: at.maybe_text("gpu"),
        arch: at.maybe_text("arch"),
        memory_gib: at.maybe_number("memory_gib"),
        unified_memory: at.flag("unified_memory"),
        system_memory_gib: at.maybe_number("system_memory_gib"),
        memory_bandwidth_gb_per_s: at.maybe_number("memory_bandwidth_gb_per_s"),
        memory_bandwidth_source: at.maybe_text("memory_bandwidth_source"),
        power_cap_w: at.maybe_number("power_cap_w"),
        os: at.maybe_text("os"),
        kernel: at.maybe_text("kernel"),
        driver: at.maybe_text("driver"),
        backends: at.texts("backends"),
        story: at.text("story"),
        probes: at.list("probes", |at| Probe {
            power_cap_w: at.number("power_cap_w"),
            copy_gb_per_s: at.number("copy_gb_per_s"),
            fp16_tflop_per_s: at.number("fp16_tflop_per_s"),
            bf16_tflop_per_s: at.number("bf16_tflop_per_s"),
        }),
        notes: at.texts("notes"),
        unlisted: at.list("unlisted", |at| Unlisted {
            family: at.text("family"),
            results: at.count("results").unwrap_or_default(),
            released: at.date("released"),
        }),
        sources: at.texts("sources"),
        ..named
    }
}

fn shape<const ALL: bool>(at: Node<'_>) -> Shape {
    let named = Shape {
        id: at.text("id"),
        label: at.text("label"),
        served: at.flag("served"),
        about: at.text("about"),
        ..Shape::default()
    };
    if !ALL {
        return named;
    }
    Shape {
        prompt_tokens_min: at.count("prompt_tokens_min"),
        prompt_tokens_max: at.count("prompt_tokens_max"),
        output_tokens_min: at.count("output_tokens_min"),
        output_tokens_max: at.count("output_tokens_max"),
        ..named
    }
}

fn term(at: Node<'_>) -> Term {
    Term {
        id: at.text("id"),
        term: at.text("term"),
        short: at.text("short"),
        long: at.maybe_text("long"),
        unit: at.maybe_text("unit"),
        formula: at.maybe_text("formula"),
    }
}

fn source(at: Node<'_>) -> Source {
    Source {
        id: at.text("id"),
        name: at.text("name"),
        url: at.maybe_text("url"),
        date: at.date("date"),
        licence: at.text("licence"),
        method: at.maybe_text("method"),
    }
}

fn planned(at: Node<'_>) -> Planned {
    Planned {
        id: at.text("id"),
        title: at.text("title"),
        about: at.text("about"),
        blocked_by: at.maybe_text("blocked_by"),
    }
}

fn backend(at: Node<'_>) -> Backend {
    let accelerator = at.text("accelerator");
    let known = Accelerator::ALL.into_iter().find(|known| known.slug() == accelerator);
    if known.is_none() {
        at.wrong("accelerator", "a known accelerator");
    }
    Backend {
        engine: at.text("engine"),
        build: at.maybe_text("build"),
        accelerator: known.unwrap_or(Accelerator::Other),
        runtime: at.maybe_text("runtime"),
    }
}

fn settings(at: Node<'_>) -> Settings {
    Settings {
        context_tokens: at.count("context_tokens"),
        max_output_tokens: at.count("max_output_tokens"),
        warmup_repetitions: at.count("warmup_repetitions"),
        flash_attention: at.maybe_flag("flash_attention"),
        kv_type: at.maybe_text("kv_type"),
        mmap: at.maybe_flag("mmap"),
        gpu_layers: at.count("gpu_layers"),
        draft_tokens: at.count("draft_tokens"),
        temperature: at.maybe_text("temperature"),
        other: at.pairs("other"),
    }
}

fn source_reference(at: Node<'_>) -> SourceRef {
    SourceRef { id: at.text("id"), place: at.maybe_text("place"), says: at.pairs("says") }
}
