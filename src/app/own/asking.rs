//! What files do not say: each fact is asked for once, and its answer stays where it was given.

use leptos::ev;
use leptos::prelude::*;

use super::files::keep_typing;
use super::in_turn::gradually;
use super::session::Session;
use crate::app::element::{El, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::charts::views::full_name;
use crate::format::counted;
use crate::model::mine::{is_mine, opaque};
use crate::own::message::{Answers, Asked, KEEP_NAME, NEW_RIG, Refused, Report, SAME_RIG};
use crate::own::{Fact, facts, get, more_facts, set};

/// A value and the words for it.
type Options = Vec<(String, String)>;

/// How many choices are filled with what can be chosen in one turn.
const AT_ONCE: usize = 4;

/// How many questions are there before what can be chosen is.
const AHEAD: usize = 8;

/// The questions of the files that are open, then what may be added.
pub fn asking(page: Page, session: &Session) -> AnyView {
    let report = session.report.clone();
    let asked = Memo::new(move |_| report.with(facts));
    let focused = RwSignal::new(String::new());
    let session = session.clone();
    let report = session.report.clone();
    let any = Memo::new({
        let report = report.clone();
        move |_| {
            report.with(|report| {
                report.files.iter().any(|file| file.format.is_some() || file.table.is_some() || file.is_kept)
            })
        }
    });
    // Apart from the questions: a name is there as soon as its field is left, and no field may be made anew while the
    // focus goes from one to the next.
    let described = Memo::new(move |_| report.with(|report| described(&report.answers)));
    // How many questions were there before; nothing is known of the first time.
    let before = StoredValue::new(None::<usize>);
    dynamic(move || {
        let asked = asked.get();
        // A question that is answered may bring another, and the fields anew: focus and text stay where they were.
        let id = focused.get_untracked();
        if !id.is_empty() {
            keep_typing(&id);
        }
        let is_any = any.get();
        let count = if is_any { asked.len() } else { 0 };
        // Where some stood already, they keep their height, and the reader their place.
        let ahead = if before.get_value() == Some(0) { AHEAD } else { usize::MAX };
        before.set_value(Some(count));
        if !is_any {
            return nothing();
        }
        let there = gradually(count, AT_ONCE);
        let is_there = move |at: usize| Memo::new(move |_| there.get() > at);
        let needed = asked.iter().cloned().enumerate().map(|(at, fact)| {
            let session = session.clone();
            let comes = Memo::new(move |_| there.get().saturating_add(ahead) > at);
            dynamic(move || match comes.get() {
                true => line(page, &session, &fact, described, is_there(at)).build(),
                false => nothing(),
            })
        });
        let title = if asked.is_empty() { "More facts" } else { "What the files do not say" };
        let lead = (!asked.is_empty()).then(|| {
            el("p", "lead")
                .text("Each answer holds for all results that wait for it. Without it they are left out")
        });
        let more = more_facts(&asked);
        let more = more.iter().map(|fact| line(page, &session, fact, described, is_there(0)));
        let more = el("details", "fold")
            .child(el("summary", "").text("Build, driver and others, where you know them"))
            .child(el("div", "own-fields").children(views(more)));
        el("section", "section")
            .attr("id", "asked")
            .bind("aria-busy", move || (there.get() < count).then(|| "true".to_owned()))
            .on(ev::focusin, move |event| focused.set(event_target::<web_sys::Element>(&event).id()))
            .child(el("h2", "").text(title))
            .maybe(lead)
            .child(el("div", "own-fields").children(needed.collect()))
            .child(more)
            .build()
    })
}

/// The machines that were described: what files print of them, and their names.
fn described(answers: &Answers) -> Options {
    let named = answers
        .described
        .iter()
        .filter(|(word, rig)| get(answers, "hardware", Some(word)) == NEW_RIG && !rig.name.trim().is_empty());
    named.map(|(word, rig)| (word.clone(), rig.name.trim().to_owned())).collect()
}

/// What is wrong with an answer.
pub fn refusal(report: &Report, key: &str, name: Option<&str>) -> Option<String> {
    let is_this = |refused: &&Refused| {
        refused.field == key && (refused.name.is_empty() || Some(refused.name.as_str()) == name)
    };
    report.refused.iter().find(is_this).map(|refused| refused.why.clone())
}

/// The same in words of their own; nothing while there is none.
pub fn refused(why: impl Fn() -> Option<String> + Send + Sync + 'static) -> AnyView {
    dynamic(move || match why() {
        Some(why) => {
            el("strong", "own-refused").child(el("bdi", "").text(format!("Not understood: {why}"))).build()
        }
        None => nothing(),
    })
}

/// One field with its label, its hint, how many results wait for it, and what is wrong with the answer.
///
/// What can be chosen comes when it is `there`: a hundred models for each of many questions take their time.
fn line(page: Page, session: &Session, fact: &Fact, described: Memo<Options>, there: Memo<bool>) -> El {
    let Fact { key, name, label, hint } = fact.clone();
    let id = id_of(session, key, name.as_deref());
    let hint_id = format!("{id}-hint");
    let change = {
        let (session, name) = (session.clone(), name.clone());
        move |value: String| {
            let is_new =
                session.report.with_untracked(|report| get(&report.answers, key, name.as_deref()) != value);
            if is_new {
                session.answer(|answers| set(answers, key, name.as_deref(), value));
            }
        }
    };
    let leave = change.clone();
    let value = {
        let (report, name) = (session.report.clone(), name.clone());
        move || report.with(|report| get(&report.answers, key, name.as_deref()).to_owned())
    };
    let why = {
        let (report, name) = (session.report.clone(), name.clone());
        move || report.with(|report| refusal(report, key, name.as_deref()))
    };
    let is_refused = why.clone();
    let control = if CHOSEN.contains(&key) {
        let (report, name) = (session.report.clone(), name.clone());
        el("select", "").view(dynamic(move || {
            let answer =
                report.with_untracked(|report| get(&report.answers, key, name.as_deref()).to_owned());
            let all = options(page, key, name.as_deref(), described).into_iter();
            let is_there = there.get();
            views(all.filter(|(value, _)| is_there || *value == answer).map(|one| option(one, &answer)))
                .into_any()
        }))
    } else {
        el("input", "").attr("autocomplete", "off").attr("spellcheck", "false")
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
        .on(ev::change, move |event| change(event_target_value(&event)))
        // A text that was put back into a field changes nothing until it is left.
        .on(ev::blur, move |event| leave(event_target_value(&event)));
    let hint = el("small", "note")
        .attr("id", hint_id)
        .text(hint)
        .text_fn(waiting(page, session, key, name))
        .view(refused(why));
    el("div", "own-field")
        .child(el("label", "label").attr("for", id).child(el("bdi", "").text(label)))
        .child(control)
        .child(hint)
}

/// The id of a field: with what stands for its name where the key alone would not tell it from others.
fn id_of(session: &Session, key: &str, name: Option<&str>) -> String {
    let of_key = |report: &Report| facts(report).iter().filter(|fact| fact.key == key).count();
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

/// The facts that are chosen, not written.
const CHOSEN: [&str; 3] = ["model", "hardware", "shape"];

/// What can be chosen.
fn options(page: Page, key: &str, name: Option<&str>, described: Memo<Options>) -> Options {
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
            let others = described.get().into_iter().filter(|(word, _)| Some(word.as_str()) != name);
            options.extend(
                others.map(|(word, rig)| (format!("{SAME_RIG}{word}"), format!("{rig}, as described here"))),
            );
            let rigs = catalog.hardware.iter().filter(|rig| !is_mine(&rig.id));
            options.extend(rigs.map(|rig| (rig.id.clone(), rig.name.clone())));
        }
        _ => {
            options.extend(catalog.shapes.iter().map(|shape| (shape.id.clone(), shape.label.clone())));
        }
    }
    options
}

fn option((value, words): (String, String), answer: &str) -> El {
    let is_chosen = value == answer;
    let option = el("option", "").attr("value", value).text(words);
    if is_chosen { option.attr("selected", "") } else { option }
}
