//! The panel: what can be taken along, one line each.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::hand::Hand;
use crate::app::element::{El, button, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::app::{browser, canvas};
use crate::charts::Look;
use crate::charts::offered::{Chart, of_bars, of_points};
use crate::export::view::{Export, citation, embed, markdown};
use crate::own::message::Form;
use crate::query::{Embed, Selection, View, is_own, shown, to_query};

/// The popover, which stands in the document beside the page.
const PANEL: &str = "share";

/// How wide a drawing is, as that of `tokscope chart` by default. CSS pixels.
const WIDTH: f64 = 800.0;

/// Fills the popover whenever it is open, and takes care of the focus.
pub fn attach(page: Page) {
    let Some(panel) = browser::element(PANEL) else { return };
    let is_open = RwSignal::new(opened(&panel));
    panel.set_text_content(None);
    let listening = panel.clone();
    browser::listen::<web_sys::Event>(&panel, "toggle", move |_| {
        if !opened(&listening) {
            give_back_focus(&listening);
        }
        is_open.set(opened(&listening));
    });
    let Some(place) = browser::detached_element() else { return };
    let _ = panel.append_child(&place);
    let gone = place.clone();
    let mounted = mount_to(place, move || {
        dynamic(move || {
            if !is_open.get() {
                return nothing();
            }
            browser::focus_later(vec!["#share-link".to_owned()], false);
            content(page).build()
        })
    });
    // With the page that it is about.
    browser::keep((mounted, Gone(gone)));
}

/// An element that leaves the document with what holds it.
struct Gone(web_sys::HtmlElement);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn opened(panel: &web_sys::Element) -> bool {
    panel.matches(":popover-open").unwrap_or(false)
}

/// Browsers give it back to the button that opened the panel, unless another program made a new one meanwhile.
fn give_back_focus(panel: &web_sys::Element) {
    let active = browser::document().and_then(|document| document.active_element());
    if active.is_none_or(|element| element.tag_name() == "BODY" || panel.contains(Some(&element))) {
        browser::focus_later(vec![".share-button".to_owned()], false);
    }
}

/// What the lines share.
#[derive(Clone)]
struct Sheet {
    page: Page,
    /// What is shared, as it was when the panel opened.
    selection: Arc<Selection>,
    /// The address of the page.
    base: Arc<str>,
    /// What files are called, without their ending.
    name: Arc<str>,
    hand: Hand,
}

impl Sheet {
    fn export(&self) -> Export<'_> {
        let Self { page, selection, base, .. } = self;
        Export { index: &page.data.index, choices: &page.data.choices, selection, base: Some(base) }
    }

    fn query(&self) -> String {
        to_query(&self.selection, &self.page.data.choices)
    }
}

/// True for a view of rows, which can leave it as a table and as charts.
fn has_rows(selection: &Selection) -> bool {
    match selection.view {
        View::Runs => true,
        View::Models => selection.model.is_some(),
        View::Compare => !selection.pinned.is_empty(),
        _ => false,
    }
}

fn content(page: Page) -> El {
    let selection = page.selection.get_untracked();
    let base = browser::window().map(|window| window.location());
    let base = base.and_then(|at| Some(at.origin().ok()? + &at.pathname().ok()?)).unwrap_or_default();
    let sheet = Sheet {
        page,
        selection: Arc::new(selection),
        base: base.into(),
        name: "tokscope".into(),
        hand: Hand::new(),
    };
    let close = button("link-button share-close")
        .attr("popovertarget", PANEL)
        .attr("popovertargetaction", "hide")
        .text("Close");
    let head = el("div", "share-head").child(el("h2", "").text("Share this view")).child(close);
    let panel = el("div", "share-panel").child(head);
    if !has_rows(&sheet.selection) {
        let note = "Tables, charts and snippets can be taken from Runs, from one model and from a comparison";
        let note = el("p", "note small").text(note);
        return panel.child(link(&sheet)).child(note).child(said(sheet.hand)).view(left(sheet.hand));
    }
    let export = sheet.export();
    let results = export.results();
    let about = [export.title(), export.filters_in_words(), export.counts(&results)];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let date = export.latest(&results).map(|date| format!("-{}", date.day())).unwrap_or_default();
    let index = &page.data.index;
    let has_own = results.iter().any(|&result| is_own(index, index.configuration_of(index.run_of(result))));
    let own = has_own.then(|| {
        el("p", "note small").text(
            "Your own results are in tables, charts and citations, named as your own. A link never has them, nor has what is embedded by one",
        )
    });
    let sheet = Sheet { name: format!("tokscope-{}{date}", sheet.selection.metric.slug()).into(), ..sheet };
    panel
        .child(el("p", "note small").text(about))
        .maybe(own)
        .child(link(&sheet))
        .child(rows(&sheet))
        .maybe(chart(&sheet, &results))
        .child(embedding(&sheet))
        .child(citing(&sheet))
        .child(said(sheet.hand))
        .view(left(sheet.hand))
}

/// One thing to take along: what it is, and the ways to take it.
fn line(name: &str, ways: Vec<El>) -> El {
    el("li", "")
        .child(el("span", "share-name").text(name))
        .child(el("span", "share-ways").children(views(ways)))
}

fn group(title: &str, lines: Vec<El>) -> El {
    el("section", "share-group").child(el("h3", "").text(title)).child(el("ul", "").children(views(lines)))
}

/// A button; its label says what alone stands beside it.
fn way(word: &'static str, what: &str, act: impl Fn() + 'static) -> El {
    boxed_way(word, what, Box::new(act))
}

fn boxed_way(word: &'static str, what: &str, act: Box<dyn Fn()>) -> El {
    button("button").attr("aria-label", format!("{word} {what}")).on_click(move |_| act()).text(word)
}

fn link(sheet: &Sheet) -> El {
    let link = sheet.export().link().unwrap_or_default();
    let hand = sheet.hand;
    let field = el("input", "share-address")
        .attr("id", "share-address")
        .attr("readonly", "")
        .attr("aria-label", "Link to this view")
        .attr("value", &link);
    let copy = way("Copy", "the link", move || hand.copy("the link", link.clone())).attr("id", "share-link");
    el("div", "share-link").child(field).child(copy)
}

/// The rows as Markdown, written here, and as CSV and JSON, written by the worker, which has their writers.
fn rows(sheet: &Sheet) -> El {
    let copied = sheet.clone();
    let saved = sheet.clone();
    let markdown = line(
        "Markdown",
        vec![
            way("Copy", "Markdown", move || {
                copied.hand.copy("Markdown", markdown::markdown(&copied.export()))
            }),
            way("Save", "Markdown", move || {
                let text = markdown::markdown(&saved.export());
                saved.hand.save(&format!("{}.md", saved.name), "text/markdown", &text);
            }),
        ],
    );
    let written = |what: &'static str, ending: &'static str, kind: &'static str, form: Form| {
        let (copied, saved) = (sheet.clone(), sheet.clone());
        let copy = move || copied.hand.copy_written(what, form, copied.query(), copied.base.to_string());
        let save = move || {
            let name = format!("{}.{ending}", saved.name);
            saved.hand.save_written(name, kind, form, saved.query(), saved.base.to_string());
        };
        line(what, vec![way("Copy", what, copy), way("Save", what, save)])
    };
    let csv = written("CSV", "csv", "text/csv", Form::Csv);
    let json = written("JSON", "json", "application/json", Form::Json);
    group("Results", vec![markdown, csv, json])
}

/// One of the charts, as lines or as pixels.
fn chart(sheet: &Sheet, results: &[usize]) -> Option<El> {
    let Sheet { page, selection, .. } = sheet;
    let index = &page.data.index;
    let (answered, answer) = shown(index, &page.data.choices, selection);
    let mut charts = of_bars(index, selection, (&answered, &answer));
    if selection.view == View::Models {
        charts.extend(of_points(index, &answered, &answer));
    }
    charts.retain(|chart| match chart {
        Chart::Bars(chart) => !chart.bars().is_empty(),
        Chart::Points(chart) => !chart.points().is_empty(),
    });
    if charts.is_empty() {
        return None;
    }
    let of_shape = selection.shape.and_then(|shape| index.catalog.shapes.get(shape));
    let of_shape = of_shape.map(|shape| format!("workload-{}", shape.id));
    let first = charts.iter().position(|chart| of_shape.as_deref() == Some(chart.id())).unwrap_or_default();
    let chosen = RwSignal::new(first);
    let options = charts.iter().enumerate().map(|(at, chart)| {
        let option = el("option", "").attr("value", at.to_string()).text(chart.title());
        if at == first { option.attr("selected", "") } else { option }
    });
    let choose = move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default());
    let select = el("select", "share-choice")
        .attr("aria-label", "Which chart")
        .children(views(options))
        .on(ev::change, choose);
    let foot: Arc<[String]> = sheet.export().foot(results).into();
    let charts: Arc<[Chart]> = charts.into();
    let draw = move |look: Look| {
        let chart = charts.get(chosen.get_untracked())?;
        Some((chart.id().to_owned(), chart.to_svg(WIDTH, look, &foot)))
    };
    let (name, hand, theme) = (sheet.name.clone(), sheet.hand, selection.theme);
    let (svg, svg_name) = (draw.clone(), name.clone());
    let save_svg = move || {
        if let Some((id, text)) = svg(Look::Auto) {
            hand.save(&format!("{svg_name}-{id}.svg"), "image/svg+xml", &text);
        }
    };
    let save_png = move || {
        // Pixels cannot follow their reader: they are as the screen is.
        if let Some((id, text)) = draw(Look::Fixed(canvas::theme(theme))) {
            hand.save_png(format!("{name}-{id}.png"), text);
        }
    };
    let svg = line("SVG, light and dark", vec![way("Save", "SVG", save_svg)]);
    let png = line("PNG, as on the screen", vec![way("Save", "PNG", save_png)]);
    Some(
        el("section", "share-group")
            .child(el("h3", "").text("Chart"))
            .child(select)
            .child(el("ul", "").children(views([svg, png]))),
    )
}

/// Snippets for other pages.
fn embedding(sheet: &Sheet) -> El {
    let chosen = RwSignal::new(Embed::Chart);
    let options = [(Embed::Chart, "One chart"), (Embed::Charts, "All charts"), (Embed::Table, "The table")];
    let options = options.map(|(embed, words)| el("option", "").attr("value", embed.slug()).text(words));
    let choose = move |event| {
        chosen.set(Embed::from_slug(&event_target_value(&event)).unwrap_or(Embed::Chart));
    };
    let select = el("select", "share-choice")
        .attr("aria-label", "What to embed")
        .children(views(options))
        .on(ev::change, choose);
    let snippet = |what: &'static str, write: fn(&Export<'_>, Embed) -> String| {
        let sheet = sheet.clone();
        let copy = move || sheet.hand.copy(what, write(&sheet.export(), chosen.get_untracked()));
        vec![way("Copy", what, copy)]
    };
    let frame = line("Frame", snippet("the frame", embed::frame_of));
    let element = line("Element, which follows its height", snippet("the element", embed::element));
    el("section", "share-group")
        .child(el("h3", "").text("Embed the live view"))
        .child(select)
        .child(el("ul", "").children(views([frame, element])))
}

fn citing(sheet: &Sheet) -> El {
    let citation = |name: &'static str, what: &'static str, write: fn(&Export<'_>) -> String| {
        let sheet = sheet.clone();
        line(name, vec![way("Copy", what, move || sheet.hand.copy(what, write(&sheet.export())))])
    };
    let lines = vec![
        citation("Sentence", "the citation", citation::plain),
        citation("BibTeX", "BibTeX", citation::bibtex),
    ];
    group("Cite", lines)
}

/// What was done.
fn said(hand: Hand) -> El {
    el("p", "share-said").attr("role", "status").text_fn(move || hand.said.get())
}

/// A text that the browser did not copy, selected.
fn left(hand: Hand) -> AnyView {
    dynamic(move || {
        let Some(text) = hand.left.get() else { return nothing() };
        browser::later(Box::new(|| {
            let field = browser::element("share-text");
            if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                let _ = field.focus();
                field.select();
            }
        }));
        el("textarea", "share-text")
            .attr("id", "share-text")
            .attr("rows", "6")
            .attr("readonly", "")
            .attr("spellcheck", "false")
            .attr("aria-label", "Text to copy by hand")
            .text(text)
            .build()
    })
}
