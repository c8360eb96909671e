//! Where files come in: dropped, pasted, chosen; how far reading is; and what was recognised in each.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::files::take_chosen;
use super::mapping;
use super::session::Session;
use crate::app::browser;
use crate::app::element::{El, button, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::format::counted;
use crate::own::message::{FileReport, FindingReport};

/// How many findings of a file are shown at first.
const SOME: usize = 5;

/// The view's own style sheet, which the first view does without.
pub fn sheet() -> Option<El> {
    let script = browser::document()?.query_selector("script[data-import]").ok()??;
    let href = format!("{}.css", script.get_attribute("data-import")?);
    Some(el("link", "").attr("rel", "stylesheet").attr("href", href))
}

/// The ways in, and what goes on.
pub fn opening(session: &Session) -> AnyView {
    let choose = {
        let session = session.clone();
        let field = el("input", "visually-hidden")
            .attr("type", "file")
            .attr("multiple", "")
            .attr("id", "own-files")
            .on(ev::change, move |event| session.open(take_chosen(&event)));
        let label = el("label", "button own-choose").attr("for", "own-files").text("Choose files…");
        el("p", "own-ways").child(field).child(label).child(
            el("span", "").text("or drop them anywhere on this page, or copy a result and paste it here"),
        )
    };
    el("section", "section own-open")
        .attr("id", "open")
        .child(el("h2", "").text("Open results"))
        .child(el("p", "lead").text(
            "Your own measurements beside the published ones, with the same statistics and the same checks. They are read in this browser and stay in it: nothing is uploaded",
        ))
        .child(el("div", "own-drop").child(choose).child(paste(session)).child(readable()))
        .view(progress(session))
        .view(failures(session))
        .build()
}

/// A field for text, for who cannot paste onto the page.
fn paste(session: &Session) -> El {
    let text = RwSignal::new(String::new());
    let session = session.clone();
    let read = move |_| {
        let pasted = text.get_untracked();
        if !pasted.trim().is_empty() {
            session.open(vec![JsValue::from(pasted)]);
            text.set(String::new());
        }
    };
    let field = el("textarea", "own-text")
        .attr("id", "own-text")
        .attr("rows", "5")
        .attr("spellcheck", "false")
        .value(move || text.get())
        .on(ev::input, move |event| text.set(event_target_value(&event)));
    el("details", "fold")
        .child(el("summary", "").text("Paste text instead"))
        .child(el("label", "label").attr("for", "own-text").text("What a benchmark tool printed"))
        .child(field)
        .child(el("p", "").child(button("button").on_click(read).text("Read this text")))
}

fn readable() -> El {
    let formats: Vec<&str> = crate::own::formats().collect();
    el("details", "fold").child(el("summary", "").text("What can be read")).child(el("p", "own-formats").text(format!(
        "{}. A file is known by what it holds and never by its name; log lines around it do not matter. What it does not say is asked, and never guessed.",
        formats.join(", ")
    )))
}

/// What goes on, with a way to end it; what was done is said to screen readers.
fn progress(session: &Session) -> AnyView {
    let (now, said) = (session.progress.clone(), session.said.clone());
    let words = now.clone();
    let session = session.clone();
    let bar = dynamic(move || {
        let Some(progress) = now.get() else { return nothing() };
        let session = session.clone();
        let bar = el("progress", "").attr("aria-label", progress.words).attr("max", "1");
        let bar = match progress.share {
            Some(share) => bar.attr("value", share.to_string()),
            None => bar,
        };
        let cancel = button("button").on_click(move |_| session.cancel()).text("Cancel");
        el("div", "own-progress").child(bar).child(cancel).build()
    });
    // The words change with each slice of a file, which nobody wants to be read out.
    let live = el("p", "status").attr("role", "status").attr("id", "own-status").text_fn(move || {
        words.with(|now| now.as_ref().map_or_else(|| said.get(), |now| format!("{}…", now.words)))
    });
    el("div", "").child(live).view(bar).build()
}

fn failures(session: &Session) -> AnyView {
    let session = session.clone();
    dynamic(move || {
        let failures = session.failures.get();
        if failures.is_empty() {
            return nothing();
        }
        let items = failures.into_iter().map(|(name, reason)| {
            el("li", "")
                .child(el("bdi", "").child(el("strong", "").text(name)))
                .text(": ")
                .child(el("bdi", "").text(reason))
        });
        let session = session.clone();
        let dismiss =
            button("link-button").on_click(move |_| session.failures.set(Vec::new())).text("Dismiss");
        el("div", "notice notice-error")
            .attr("role", "alert")
            .child(el("ul", "").children(views(items)))
            .child(dismiss)
            .build()
    })
}

/// What was recognised in each file.
pub fn listing(page: Page, session: &Session) -> AnyView {
    let report = session.report.clone();
    let files = Memo::new(move |_| report.with(|report| report.files.clone()));
    let session = session.clone();
    dynamic(move || {
        let files = files.get();
        if files.is_empty() {
            return nothing();
        }
        let are_many = files.len() > 1;
        let items = files.into_iter().map(|file| item(page, &session, file, are_many));
        let session = session.clone();
        let clear = button("link-button").attr("id", "own-clear").on_click(move |_| {
            session.clear();
            browser::focus_later(vec!["#own-files".to_owned()], false);
        });
        el("section", "section")
            .attr("id", "files")
            .child(el("h2", "").text("What was read"))
            .child(el("ul", "own-list").children(views(items)))
            .child(el("p", "").child(clear.text("Remove everything")))
            .build()
    })
}

fn item(page: Page, session: &Session, file: FileReport, are_many: bool) -> El {
    let FileReport { id, name, format, runs, results, waiting, table, findings, finding_count, .. } = file;
    let locale = page.data.locale;
    let read = (results > 0 || waiting == 0)
        .then(|| format!("{} in {}", counted(locale, results, "result"), counted(locale, runs, "run")));
    let waits = (waiting > 0).then(|| {
        let verb = if waiting == 1 { "waits" } else { "wait" };
        format!("{} {verb} for answers", counted(locale, waiting, "result"))
    });
    let read: Vec<String> = read.into_iter().chain(waits).collect();
    let what = match format {
        Some(format) => format!("{format}: {}", read.join(", ")),
        None => "Not recognised".to_owned(),
    };
    let what = if file.is_kept { format!("{what}; kept in this browser") } else { what };
    let waits_for_reader = table.as_ref().is_some_and(|table| !table.confirmed);
    let what = if waits_for_reader { "A table that somebody made".to_owned() } else { what };
    let already = file.already.iter().map(|(of, count)| {
        let (is, counts) = if *count == 1 { ("is", "counts") } else { ("are", "count") };
        let results = counted(locale, *count, "result");
        el("p", "note")
            .text(format!("{results} {is} already there, from “"))
            .child(el("bdi", "").text(of))
            .text(format!("”, and {counts} once"))
    });
    let already: Vec<AnyView> = views(already);
    // One answer for several files is right for most sweeps, and wrong for files of two machines.
    let told = (are_many && !file.told.is_empty()).then(|| {
        let told = file.told.join(", ");
        el("p", "note").text(format!(
            "It does not say its {told}, and takes your answers for files that do not. Where they differ, open it by itself"
        ))
    });
    let table = table.zip(id).map(|(table, id)| mapping::form(session, id, table));
    let session = session.clone();
    let remove = button("link-button")
        .attr("aria-label", format!("Remove {name}"))
        .on_click(move |_| {
            session.close(id);
            browser::focus_later(vec!["#files button".to_owned(), "#own-files".to_owned()], false);
        })
        .text("Remove");
    let head = el("p", "own-file")
        .child(el("bdi", "").child(el("strong", "").text(name)))
        .child(el("span", "").text(what))
        .child(remove);
    let more = findings.len().saturating_sub(SOME);
    let (some, rest) = findings.split_at(findings.len().min(SOME));
    let list =
        |findings: &[FindingReport]| el("ul", "own-findings").children(views(findings.iter().map(finding)));
    let rest = (more > 0).then(|| {
        let words = format!("{} more", counted(locale, finding_count - SOME, "finding"));
        let unlisted = finding_count.saturating_sub(SOME + more);
        let unlisted = (unlisted > 0)
            .then(|| el("p", "note").text(format!("{} not listed", counted(locale, unlisted, "finding"))));
        el("details", "fold").child(el("summary", "").text(words)).child(list(rest)).maybe(unlisted)
    });
    el("li", "")
        .child(head)
        .children(already)
        .maybe(told)
        .maybe(table)
        .maybe((!some.is_empty()).then(|| list(some)))
        .maybe(rest)
}

fn finding(finding: &FindingReport) -> El {
    let FindingReport { line, field, found, expected } = finding;
    let place = match (line, field.is_empty()) {
        (Some(line), true) => format!("Line {line}: "),
        (Some(line), false) => format!("Line {line}, {field}: "),
        (None, true) => String::new(),
        (None, false) => format!("{field}: "),
    };
    el("li", "").child(el("bdi", "").text(format!("{place}found {found}, expected {expected}")))
}
