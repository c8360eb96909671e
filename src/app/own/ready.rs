//! What was read is put beside published results, kept in this browser, and taken along as files.

use leptos::ev;
use leptos::prelude::*;

use super::in_turn::gradually;
use super::session::Session;
use super::{asking, choose_own};
use crate::app::details::link;
use crate::app::element::{El, button, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::format::counted;
use crate::own::message::{Report, RunReport};

/// How many run files are listed at first, and how many more stand behind the fold with each turn.
const SOME: usize = 10;

/// What is ready to be shown, and the step that shows it.
pub fn ready(page: Page, session: &Session) -> AnyView {
    let (report, shown) = (session.report.clone(), session.shown.clone());
    let state = Memo::new(move |_| {
        let (counts, has_files, asks) =
            report.with(|report| (report.counts, !report.files.is_empty(), !report.questions.is_empty()));
        let is_shown =
            report.with(|report| shown.with(|shown| shown.as_ref().map(|shown| same_runs(shown, report))));
        (counts, has_files, is_shown, asks)
    });
    let session = session.clone();
    dynamic(move || {
        let ((runs, results), has_files, is_shown, asks) = state.get();
        if !has_files && is_shown.is_none() {
            return nothing();
        }
        let locale = page.data.locale;
        let words = match (results, is_shown) {
            (0, _) if asks => {
                "No result can be shown yet: what was read waits for the answers above".to_owned()
            }
            (0, _) => "No result can be shown: nothing that was opened holds one that can be read".to_owned(),
            (_, Some(true)) => format!(
                "{} in {} stand among the published results, marked “mine”",
                counted(locale, results, "result"),
                counted(locale, runs, "run")
            ),
            (_, Some(false)) => "What is shown is not what the files and answers say by now".to_owned(),
            (_, None) => format!(
                "{} in {} can be shown",
                counted(locale, results, "result"),
                counted(locale, runs, "run")
            ),
        };
        let is_done = is_shown == Some(true);
        let show = {
            let session = session.clone();
            let label =
                if is_shown.is_none() { "Show beside published results" } else { "Update what is shown" };
            let show = button("button own-show")
                .attr("id", "own-show")
                .on_click(move |_| session.show())
                .text(label);
            (!is_done && (results > 0 || is_shown.is_some())).then_some(show)
        };
        let index = &page.data.index;
        let in_table = (is_done && results > 0)
            .then(|| link(page, "See them in the table", Box::new(choose_own(index))));
        el("section", "section")
            .attr("id", "ready")
            .child(el("h2", "").text("Beside published results"))
            .child(el("p", "lead").text(words))
            .child(el("p", "own-steps").maybe(show).maybe(in_table))
            .maybe((results > 0).then(|| keep(&session)))
            .build()
    })
}

fn same_runs(shown: &Report, now: &Report) -> bool {
    shown.runs == now.runs && shown.counts == now.counts && shown.answers == now.answers
}

/// Keeps results in this browser, if asked.
fn keep(session: &Session) -> El {
    let kept = session.kept.clone();
    let session = session.clone();
    let switch = move |event| {
        if event_target_checked(&event) {
            session.keep();
        } else {
            session.forget_kept();
        }
    };
    let tick = el("input", "")
        .attr("type", "checkbox")
        .attr("id", "own-keep")
        .checked(move || kept.get())
        .on(ev::change, switch);
    let words = el("span", "").text("Keep them in this browser, for the next visit");
    let note = "The files and your answers, as you change them. Untick it, or remove everything, and they are gone. A shared link never has them";
    el("div", "own-keep")
        .child(el("label", "option").child(tick).child(words))
        .child(el("p", "note").text(note))
}

/// Run files, one by one or all with what a pull request needs beside.
pub fn export(page: Page, session: &Session) -> AnyView {
    let report = session.report.clone();
    let runs = Memo::new(move |_| {
        report.with(|report| (report.runs.clone(), report.counts.0, report.additions.clone()))
    });
    let session = session.clone();
    dynamic(move || {
        let (runs, count, additions) = runs.get();
        if runs.is_empty() {
            return nothing();
        }
        let all = {
            let session = session.clone();
            button("button")
                .attr("id", "own-zip")
                .on_click(move |_| session.export(None))
                .text("Download all as .zip")
        };
        let more = runs.len().saturating_sub(SOME);
        let (some, rest) = runs.split_at(runs.len().min(SOME));
        let list = el("ul", "own-list").children(views(some.iter().map(|run| run_item(page, &session, run))));
        let rest = (more > 0).then(|| {
            let words = format!("{} more", counted(page.data.locale, count - SOME, "run file"));
            let there = gradually(more, SOME);
            let parts = rest.chunks(SOME).enumerate().map(|(part, runs)| {
                let (is_there, session, runs) =
                    (Memo::new(move |_| there.get() > part * SOME), session.clone(), runs.to_vec());
                dynamic(move || match is_there.get() {
                    true => views(runs.iter().map(|run| run_item(page, &session, run))).into_any(),
                    false => nothing(),
                })
            });
            let list = el("ul", "own-list").children(parts.collect());
            el("details", "fold").child(el("summary", "").text(words)).child(list)
        });
        let lacking = (!additions.is_empty()).then(|| lacking(&session, &additions));
        el("section", "section")
            .attr("id", "export")
            .child(el("h2", "").text("Take them along"))
            .child(
                el("p", "lead")
                    .text("As run files, ready for a pull request or for a data folder of your own"),
            )
            .child(source(&session))
            .child(list)
            .maybe(rest)
            .maybe(lacking)
            .child(
                el("p", "own-steps").child(all).child(
                    el("span", "note").text("All of this in the folders where it goes, with the steps"),
                ),
            )
            .child(how_to())
            .build()
    })
}

fn run_item(page: Page, session: &Session, run: &RunReport) -> El {
    let RunReport { id, title, results, path, needs } = run.clone();
    let file = el("p", "own-file")
        .child(el("bdi", "").text(title))
        .child(el("span", "").text(counted(page.data.locale, results, "result")))
        .child(save(session, format!("Download YAML of {id}"), "Download YAML", &path));
    let needs = (!needs.is_empty()).then(|| {
        let parts: Vec<&str> = needs.iter().filter_map(|path| part(path)).collect();
        el("p", "note").text(format!("Needs what stands below beside it: {}", parts.join(", ")))
    });
    let path = el("p", "note").child(el("code", "").child(el("bdi", "").text(path)));
    el("li", "").child(file).child(path).maybe(needs)
}

fn save(session: &Session, label: String, words: &str, path: &str) -> El {
    let (session, path) = (session.clone(), path.to_owned());
    button("link-button")
        .attr("aria-label", label)
        .on_click(move |_| session.export(Some(path.clone())))
        .text(words)
}

/// What a path of the archive is a part of.
fn part(path: &str) -> Option<&'static str> {
    const PARTS: [(&str, &str); 5] = [
        ("data/hardware/", "the machine"),
        ("append/models", "the model"),
        ("append/quants", "the quant"),
        ("append/shapes", "workload shapes"),
        ("append/sources", "the source"),
    ];
    PARTS.iter().find(|(start, _)| path.starts_with(start)).map(|(_, words)| *words)
}

/// What the repository lacks, one by one: a run file alone would be refused by it.
fn lacking(session: &Session, additions: &[String]) -> El {
    let items = additions.iter().map(|path| {
        let (place, list) = match path.strip_prefix("append/") {
            Some(list) => (format!("data/{list}"), true),
            None => (path.clone(), false),
        };
        let what = if list { "to be put behind what is there" } else { "a file of its own" };
        let file = el("p", "own-file")
            .child(el("code", "").child(el("bdi", "").text(&place)))
            .child(el("span", "").text(what))
            .child(save(session, format!("Download what {place} lacks"), "Download", path));
        el("li", "").child(file)
    });
    el("div", "own-lacking")
        .child(el("h3", "").text("What the repository lacks for them"))
        .child(el("p", "note").text("A run file refers to these by their ids, and is refused without them"))
        .child(el("ul", "own-list").children(views(items)))
}

/// The id under which run files name who measured.
fn source(session: &Session) -> El {
    let report = session.report.clone();
    let session = session.clone();
    let change = move |event| {
        let value = event_target_value(&event);
        session.answer(|answers| answers.source = value);
    };
    let why = {
        let report = report.clone();
        move || report.with(|report| asking::refusal(report, "source", None))
    };
    let is_refused = why.clone();
    let field = el("input", "")
        .attr("id", "own-source")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", "own-source-hint")
        .bind("aria-invalid", move || is_refused().map(|_| "true".to_owned()))
        .value(move || report.with(|report| report.answers.source.clone()))
        .on(ev::change, change);
    el("div", "own-field")
        .child(el("label", "label").attr("for", "own-source").text("Source"))
        .child(field)
        .child(
            el("small", "note")
                .attr("id", "own-source-hint")
                .text(
                    "The id under which the files name where they come from, such as your name with hyphens",
                )
                .view(asking::refused(why)),
        )
}

fn how_to() -> El {
    let step = |words: &str, command: &str| {
        let command = (!command.is_empty()).then(|| el("pre", "").child(el("code", "").text(command)));
        el("li", "").text(words).maybe(command)
    };
    el("details", "fold").child(el("summary", "").text("How to make a pull request of them")).child(
        el("ol", "own-how")
            .child(step(
                "Fork and clone the repository, and unpack the archive in its root",
                "unzip tokscope-runs.zip",
            ))
            .child(step(
                "Do what its HOW-TO.md says about lists, if it has any, and check",
                "cargo run --features cli -- check",
            ))
            .child(step(
                "Say in data/sources.yaml who measured and how, commit, and open the pull request",
                "",
            )),
    )
}
