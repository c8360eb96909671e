//! What files do not say: each fact is asked for once, and its answer stays where it was given.

use std::collections::BTreeMap;

use leptos::ev;
use leptos::prelude::*;

use super::files::keep_focus;
use super::session::Session;
use crate::app::element::{El, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::charts::views::full_name;
use crate::format::counted;
use crate::model::mine::{is_mine, opaque};
use crate::own::message::{Answers, Asked, KEEP_NAME, NEW_RIG, Report};

/// A value and the words for it.
type Options = Vec<(String, String)>;

/// One fact to be answered.
#[derive(Clone, PartialEq)]
struct Field {
    /// The field of [`Answers`].
    key: &'static str,
    /// For what is asked by name, the printed one; empty for results that print none.
    name: Option<String>,
    label: String,
    hint: &'static str,
}

/// Facts that may be asked, in the order of the form: field, label, hint.
const FIELDS: [(&str, &str, &str); 12] = [
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

/// The questions of the files that are open, then what may be added.
pub fn asking(page: Page, session: &Session) -> AnyView {
    let report = session.report.clone();
    let asked = Memo::new(move |_| report.with(fields));
    let focused = RwSignal::new(String::new());
    let session = session.clone();
    let report = session.report.clone();
    let any = Memo::new(move |_| report.with(|report| !report.files.is_empty()));
    dynamic(move || {
        let asked = asked.get();
        // A question that is answered may bring another, and the fields anew: the focus stays where it was.
        let id = focused.get_untracked();
        if !id.is_empty() {
            keep_focus(&[&format!("#{id}")]);
        }
        if !any.get() {
            return nothing();
        }
        let needed = asked.iter().map(|field| line(page, &session, field));
        let title = if asked.is_empty() { "More facts" } else { "What the files do not say" };
        let lead = (!asked.is_empty()).then(|| {
            el("p", "lead")
                .text("Each answer holds for all results that wait for it. Without it they are left out")
        });
        let optional = FIELDS.iter().filter(|(key, _, _)| OPTIONAL.contains(key));
        let optional = optional.filter(|(key, _, _)| asked.iter().all(|field| field.key != *key));
        let optional = optional.map(|&(key, label, hint)| {
            line(page, &session, &Field { key, name: None, label: label.to_owned(), hint })
        });
        let more = el("details", "fold")
            .child(el("summary", "").text("More facts, where you know them"))
            .child(el("div", "own-fields").children(views(optional)));
        el("section", "section")
            .attr("id", "asked")
            .on(ev::focusin, move |event| focused.set(event_target::<web_sys::Element>(&event).id()))
            .child(el("h2", "").text(title))
            .maybe(lead)
            .child(el("div", "own-fields").children(views(needed)))
            .child(more)
            .build()
    })
}

/// What is asked, and what was answered already.
fn fields(report: &Report) -> Vec<Field> {
    let Report { questions, answers, lone_means, .. } = report;
    let mut fields = Vec::new();
    fields.extend(by_name(report, "model", &answers.models, "").into_iter().map(|name| Field {
        key: "model",
        label: if name.is_empty() { "Model".to_owned() } else { format!("Model “{name}”") },
        name: Some(name),
        hint: "Which published model this is, so that its results stand beside the others",
    }));
    for (key, label, hint) in FIELDS {
        if let Some(answered) = map(answers, key) {
            let names = by_name(report, key, answered, get(answers, key, Some("")));
            fields.extend(names.into_iter().map(|name| Field {
                key,
                label: if name.is_empty() { label.to_owned() } else { format!("{label} “{name}”") },
                name: Some(name),
                hint,
            }));
            if key == "hardware" && has_new_rig(answers) {
                fields.extend(rig_fields());
            }
            continue;
        }
        let is_asked =
            questions.iter().any(|asked| asked.field == key) || (key == "repetitions" && *lone_means);
        let is_answered = !OPTIONAL.contains(&key) && !get(answers, key, None).is_empty();
        if is_asked || is_answered {
            fields.push(Field { key, name: None, label: label.to_owned(), hint });
        }
    }
    fields
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
        _ => None,
    }
}

fn has_new_rig(answers: &Answers) -> bool {
    answers.hardware == NEW_RIG || answers.rigs.values().any(|rig| rig == NEW_RIG)
}

fn rig_fields() -> [Field; 3] {
    let field = |key, label: &str, hint| Field { key, name: None, label: label.to_owned(), hint };
    [
        field("rig_name", "Name of the machine", "As on rows and charts, such as RX 7900 XTX · 24 GiB"),
        field("rig_memory", "Memory in GiB", "What the accelerator can use; where you know it"),
        field(
            "rig_bandwidth",
            "Memory bandwidth in GB/s",
            "The peak of the bus, for the check against physics; where you know it",
        ),
    ]
}

fn get<'a>(answers: &'a Answers, key: &str, name: Option<&str>) -> &'a str {
    if let (Some(answers), Some(name)) = (map(answers, key), name.filter(|name| !name.is_empty())) {
        return answers.get(name).map_or("", String::as_str);
    }
    match key {
        "model" => answers.models.get(name.unwrap_or_default()).map_or("", String::as_str),
        "quant" => &answers.quant,
        "hardware" => &answers.hardware,
        "rig_name" => &answers.rig_name,
        "rig_memory" => &answers.rig_memory,
        "rig_bandwidth" => &answers.rig_bandwidth,
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

fn set(answers: &mut Answers, key: &str, name: Option<&str>, value: String) {
    let printed = name.filter(|name| !name.is_empty());
    let place = match (key, printed) {
        ("quant", Some(word)) => answers.quants.entry(word.to_owned()).or_default(),
        ("hardware", Some(word)) => answers.rigs.entry(word.to_owned()).or_default(),
        _ => return set_one(answers, key, name, value),
    };
    *place = value;
}

fn set_one(answers: &mut Answers, key: &str, name: Option<&str>, value: String) {
    let place = match key {
        "model" => answers.models.entry(name.unwrap_or_default().to_owned()).or_default(),
        "quant" => &mut answers.quant,
        "hardware" => &mut answers.hardware,
        "rig_name" => &mut answers.rig_name,
        "rig_memory" => &mut answers.rig_memory,
        "rig_bandwidth" => &mut answers.rig_bandwidth,
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

/// One field with its label, its hint, how many results wait for it, and what is wrong with the answer.
fn line(page: Page, session: &Session, field: &Field) -> El {
    let Field { key, name, label, hint } = field.clone();
    let id = id_of(session, key, name.as_deref());
    let hint_id = format!("{id}-hint");
    let change = {
        let (session, name) = (session.clone(), name.clone());
        move |event| {
            let value = event_target_value(&event);
            session.answer(|answers| set(answers, key, name.as_deref(), value));
        }
    };
    let value = {
        let (report, name) = (session.report.clone(), name.clone());
        move || report.with(|report| get(&report.answers, key, name.as_deref()).to_owned())
    };
    let report = session.report.clone();
    let refused = move || {
        report.with(|report| {
            let refused = report.refused.iter().find(|(field, _)| field == key);
            refused.map(|(_, why)| why.clone())
        })
    };
    let is_refused = refused.clone();
    let control = match options(page, key) {
        Some(options) => {
            let first =
                session.report.with_untracked(|report| get(&report.answers, key, name.as_deref()).to_owned());
            select(options, &first)
        }
        None => el("input", "").attr("autocomplete", "off").attr("spellcheck", "false"),
    };
    let control = match key {
        "rig_memory" | "rig_bandwidth" | "power_cap" | "concurrency" | "repetitions" => {
            control.attr("inputmode", "decimal")
        }
        _ => control,
    };
    let control = control
        .attr("id", &id)
        .attr("aria-describedby", &hint_id)
        .bind("aria-invalid", move || is_refused().map(|_| "true".to_owned()))
        .value(value)
        .on(ev::change, change);
    let hint = el("small", "note").attr("id", hint_id).text(hint).text_fn({
        let waiting = waiting(page, session, key, name);
        move || match (refused(), waiting()) {
            (Some(why), _) => format!(". Not understood: {why}"),
            (None, words) => words,
        }
    });
    el("div", "own-field")
        .child(el("label", "label").attr("for", id).child(el("bdi", "").text(label)))
        .child(control)
        .child(hint)
}

/// The id of a field: with what stands for its name where the key alone would not tell it from others.
fn id_of(session: &Session, key: &str, name: Option<&str>) -> String {
    let of_key = |report: &Report| fields(report).iter().filter(|field| field.key == key).count();
    let is_alone = key != "model" && session.report.with_untracked(of_key) < 2;
    let index = name.filter(|_| !is_alone).map(opaque).unwrap_or_default();
    format!("own-{}{index}", key.replace('_', "-"))
}

/// How many results wait for an answer, and what the files print in its place.
fn waiting(
    page: Page,
    session: &Session,
    key: &'static str,
    name: Option<String>,
) -> impl Fn() -> String + Send + Sync + 'static {
    let report = session.report.clone();
    move || {
        report.with(|report| {
            let is_this = |asked: &&Asked| {
                asked.field == key && (name.is_none() || asked.names.first() == name.as_ref())
            };
            let Some(asked) = report.questions.iter().find(is_this) else { return String::new() };
            let locale = page.data.locale;
            let files = counted(locale, asked.files, "file");
            let mut words = match asked.results {
                0 => format!(". Asked by {files}"),
                1 => format!(". 1 result of {files} waits"),
                count => format!(". {} of {files} wait", counted(locale, count, "result")),
            };
            if name.is_none() && !asked.names.is_empty() {
                let names: Vec<&str> = asked.names.iter().take(4).map(String::as_str).collect();
                words += &format!("; printed: {}", names.join(", "));
            }
            words
        })
    }
}

/// What can be chosen, for the facts that are chosen.
fn options(page: Page, key: &str) -> Option<Options> {
    let catalog = &page.data.index.catalog;
    let mut options: Options = vec![(String::new(), "Choose…".to_owned())];
    match key {
        "model" => {
            options.push((KEEP_NAME.to_owned(), "None of these: keep its name".to_owned()));
            let families = catalog.families.iter().filter(|family| family.id != "unlisted");
            options.extend(families.flat_map(|family| {
                let variants = family.variants.iter();
                variants.map(|variant| (format!("{}/{}", family.id, variant.id), full_name(family, variant)))
            }));
        }
        "hardware" => {
            options.push((NEW_RIG.to_owned(), "Another machine: describe it".to_owned()));
            let rigs = catalog.hardware.iter().filter(|rig| !is_mine(&rig.id));
            options.extend(rigs.map(|rig| (rig.id.clone(), rig.name.clone())));
        }
        "shape" => {
            let shapes = catalog.shapes.iter().filter(|shape| shape.served);
            options.extend(shapes.map(|shape| (shape.id.clone(), shape.label.clone())));
        }
        _ => return None,
    }
    Some(options)
}

fn select(options: Options, chosen: &str) -> El {
    options.into_iter().fold(el("select", ""), |select, (value, words)| {
        let option = el("option", "").attr("value", &value).text(words);
        select.child(if value == chosen { option.attr("selected", "") } else { option })
    })
}
