//! The panel: what can be taken along, one line each.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::hand::Hand;
use crate::app::element::{El, button, dynamic, el, nothing, views};
use crate::app::state::Page;
use crate::app::{browser, canvas};
use crate::charts::Look;
use crate::charts::offered::{Chart, of_view, usual};
use crate::export::view::{Export, citation, embed, markdown};
use crate::own::message::{Form, Wanted};
use crate::query::{Embed, Selection, View, is_own, to_query, without_own};

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

/// What is shared, as it was when the panel opened, and what was chosen in it.
struct Sheet {
    page: Page,
    selection: Selection,
    /// The address of the page.
    base: String,
    /// What files are called, without their ending.
    name: String,
    hand: Hand,
    charts: Vec<Chart>,
    /// Position of the chart, and in [`Embed::ALL`].
    chart: RwSignal<usize>,
    embed: RwSignal<usize>,
}

/// A sheet that everything in the panel refers to, as long as the panel.
type Held = StoredValue<Sheet, LocalStorage>;

/// What a press does: one type for all of them, for each closure of its own would be code of its own.
#[derive(Clone, Copy)]
enum Act {
    CopyLink,
    CopyMarkdown,
    SaveMarkdown,
    CopyWritten(Form),
    SaveWritten(Form),
    SaveSvg,
    SavePng,
    CopyFrame,
    CopyElement,
    CopyCitation,
    CopyBibtex,
}

impl Act {
    /// What is handed over, in words.
    const fn what(self) -> &'static str {
        match self {
            Self::CopyLink => "the link",
            Self::CopyMarkdown | Self::SaveMarkdown => "Markdown",
            Self::CopyWritten(Form::Csv) | Self::SaveWritten(Form::Csv) => "CSV",
            Self::CopyWritten(Form::Json) | Self::SaveWritten(Form::Json) => "JSON",
            Self::CopyWritten(Form::Html) | Self::SaveWritten(Form::Html) => "web page",
            Self::SaveSvg => "SVG",
            Self::SavePng => "PNG",
            Self::CopyFrame => "the frame",
            Self::CopyElement => "the element",
            Self::CopyCitation => "the citation",
            Self::CopyBibtex => "BibTeX",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::SaveMarkdown | Self::SaveWritten(_) | Self::SaveSvg | Self::SavePng => "Save",
            _ => "Copy",
        }
    }
}

impl Sheet {
    fn of(page: Page) -> Self {
        let selection = page.selection.get_untracked();
        let base = browser::window().map(|window| window.location());
        let base = base.and_then(|at| Some(at.origin().ok()? + &at.pathname().ok()?)).unwrap_or_default();
        // Links go to the page, which finds its document for somebody else's results by itself.
        let base = base.strip_suffix("foreign.html").map_or_else(|| base.clone(), str::to_owned);
        let name = format!("tokscope-{}", selection.metric.slug());
        Self {
            page,
            selection,
            base,
            name,
            hand: Hand::new(),
            charts: Vec::new(),
            chart: RwSignal::new(0),
            embed: RwSignal::new(0),
        }
    }

    fn export(&self) -> Export<'_> {
        let Self { page, selection, base, .. } = self;
        Export { index: &page.data.index, choices: &page.data.choices, selection, base: Some(base) }
    }

    /// True where the link leads to another view than this, because this one is chosen by own results.
    fn leaves_out_choices(&self) -> bool {
        without_own(&self.selection, &self.page.data.choices) != self.selection
    }

    /// True for a view of rows, which can leave it as a table and as charts.
    fn has_rows(&self) -> bool {
        match self.selection.view {
            View::Runs => true,
            View::Models => self.selection.model.is_some(),
            View::Compare => !self.selection.pinned.is_empty(),
            _ => false,
        }
    }

    /// Draws what the view offers; the usual one is chosen first.
    fn draw(&mut self) {
        let Self { page, selection, .. } = &*self;
        let index = &page.data.index;
        let charts = of_view(index, &page.data.choices, selection);
        self.chart.set(usual(index, selection, &charts).unwrap_or_default());
        self.charts = charts;
    }

    fn act(&self, act: Act) {
        let (export, hand, what) = (self.export(), self.hand, act.what());
        let embed = Embed::ALL.get(self.embed.get_untracked()).copied().unwrap_or(Embed::Chart);
        match act {
            Act::CopyLink if self.leaves_out_choices() => {
                hand.copy("a link to the published results", export.link().unwrap_or_default());
            }
            Act::CopyLink => hand.copy(what, export.link().unwrap_or_default()),
            Act::CopyMarkdown => hand.copy(what, markdown::markdown(&export)),
            Act::SaveMarkdown => {
                let text = markdown::markdown(&export);
                hand.save(&format!("{}.md", self.name), "text/markdown", &text);
            }
            Act::CopyWritten(form) => hand.copy_written(what, self.wanted(form)),
            Act::SaveWritten(form) => {
                let (ending, kind) = match form {
                    Form::Csv => ("csv", "text/csv"),
                    Form::Json => ("json", "application/json"),
                    Form::Html => ("html", "text/html"),
                };
                let name = format!("{}.{ending}", self.name);
                hand.save_written(name, kind, self.wanted(form));
            }
            Act::SaveSvg | Act::SavePng => self.save_chart(act),
            Act::CopyFrame => hand.copy(what, embed::frame_of(&export, embed)),
            Act::CopyElement => hand.copy(what, embed::element(&export, embed)),
            Act::CopyCitation => hand.copy(what, citation::plain(&export)),
            Act::CopyBibtex => hand.copy(what, citation::bibtex(&export)),
        }
    }

    fn save_chart(&self, act: Act) {
        let Some(chart) = self.charts.get(self.chart.get_untracked()) else { return };
        let name = format!("{}-{}", self.name, chart.id());
        // Pixels cannot follow their reader: they are as the screen is.
        let is_png = matches!(act, Act::SavePng);
        let look = if is_png { Look::Fixed(canvas::theme(self.selection.theme)) } else { Look::Auto };
        let svg = chart.to_svg(WIDTH, look, &self.export().foot(&chart.results()));
        if is_png {
            self.hand.save_png(name + ".png", svg);
        } else {
            self.hand.save(&(name + ".svg"), "image/svg+xml", &svg);
        }
    }

    fn wanted(&self, form: Form) -> Wanted {
        let charts = if form == Form::Html { self.charts.as_slice() } else { &[] };
        Wanted {
            form,
            query: to_query(&self.selection, &self.page.data.choices),
            base: self.base.clone(),
            charts: charts.iter().map(Chart::to_page).collect(),
            with_own: false,
        }
    }
}

fn content(page: Page) -> El {
    let close = button("link-button share-close")
        .attr("popovertarget", PANEL)
        .attr("popovertargetaction", "hide")
        .text("Close");
    let head = el("div", "share-head").child(el("h2", "").text("Share this view")).child(close);
    let panel = el("div", "share-panel").child(head);
    let mut sheet = Sheet::of(page);
    let hand = sheet.hand;
    let link = sheet.export().link().unwrap_or_default();
    if !sheet.has_rows() {
        let note = "Tables, charts and snippets can be taken from Runs, from one model and from a comparison";
        let note = el("p", "note small").text(note);
        let sheet = StoredValue::new_local(sheet);
        return panel.child(address(sheet, &link, false)).child(note).child(said(hand)).view(left(hand));
    }
    let export = sheet.export();
    let results = export.results();
    let about = [export.title(), export.filters_in_words(), export.counts(&results)];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let date = export.latest(&results).map(|date| format!("-{}", date.day())).unwrap_or_default();
    let index = &page.data.index;
    let has_own = results.iter().any(|&result| is_own(index, index.configuration_of(index.run_of(result))));
    let own = has_own.then(|| {
        el("p", "note small").text("Your own results are in tables, charts and citations, named as your own")
    });
    sheet.name.push_str(&date);
    sheet.draw();
    let titles: Vec<String> = sheet.charts.iter().map(|chart| chart.title().to_owned()).collect();
    let (chart, embed) = (sheet.chart, sheet.embed);
    let sheet = StoredValue::new_local(sheet);
    let rows = [
        line(sheet, "Markdown", &[Act::CopyMarkdown, Act::SaveMarkdown]),
        line(sheet, "CSV", &[Act::CopyWritten(Form::Csv), Act::SaveWritten(Form::Csv)]),
        line(sheet, "JSON", &[Act::CopyWritten(Form::Json), Act::SaveWritten(Form::Json)]),
        line(sheet, "Web page, for offline reading", &[Act::SaveWritten(Form::Html)]),
    ];
    let charts = (!titles.is_empty()).then(|| {
        let lines = [
            line(sheet, "SVG, light and dark", &[Act::SaveSvg]),
            line(sheet, "PNG, as on the screen", &[Act::SavePng]),
        ];
        group("Chart", Some(select("Which chart", titles, chart)), views(lines))
    });
    let parts = ["One chart", "All charts", "The table"].map(str::to_owned).to_vec();
    let embedding = [
        line(sheet, "Frame", &[Act::CopyFrame]),
        line(sheet, "Element, which follows its height", &[Act::CopyElement]),
    ];
    let cite = [line(sheet, "Sentence", &[Act::CopyCitation]), line(sheet, "BibTeX", &[Act::CopyBibtex])];
    panel
        .child(el("p", "note small").text(about))
        .maybe(own)
        .child(address(sheet, &link, has_own))
        .child(group("Results", None, views(rows)))
        .maybe(charts)
        .child(group("Embed the live view", Some(select("What to embed", parts, embed)), views(embedding)))
        .child(group("Cite", None, views(cite)))
        .child(said(hand))
        .view(left(hand))
}

/// A button; its label says what alone stands beside it.
fn way(sheet: Held, act: Act) -> El {
    button("button")
        .attr("aria-label", format!("{} {}", act.word(), act.what()))
        .on_click(move |_| sheet.with_value(|sheet| sheet.act(act)))
        .text(act.word())
}

/// One thing to take along: what it is, and the ways to take it.
fn line(sheet: Held, name: &str, acts: &[Act]) -> El {
    let ways = views(acts.iter().map(|&act| way(sheet, act)));
    el("li", "").child(el("span", "").text(name)).child(el("span", "share-ways").children(ways))
}

fn group(title: &str, choice: Option<El>, lines: Vec<AnyView>) -> El {
    el("section", "share-group")
        .child(el("h3", "").text(title))
        .maybe(choice)
        .child(el("ul", "").children(lines))
}

/// A choice by position.
fn select(label: &str, words: Vec<String>, chosen: RwSignal<usize>) -> El {
    let first = chosen.get_untracked();
    let options = words.into_iter().enumerate().map(|(at, words)| {
        let option = el("option", "").attr("value", at.to_string()).text(words);
        if at == first { option.attr("selected", "") } else { option }
    });
    el("select", "share-choice")
        .attr("aria-label", label)
        .children(views(options))
        .on(ev::change, move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default()))
}

/// The link of the view and, where it leads to another one, what it leads to.
fn address(sheet: Held, link: &str, has_own: bool) -> El {
    let leaves_out = sheet.with_value(|sheet| sheet.leaves_out_choices());
    let words = match (leaves_out, has_own) {
        (true, _) => Some(
            "No link leads to your own results, for they are in this browser alone. This one, and what is embedded by it, leads to the published results, without what you chose of your own",
        ),
        (false, true) => Some(
            "Whoever opens the link, or what is embedded by it, sees the published results of this view without yours",
        ),
        (false, false) => None,
    };
    let note = words.map(|words| el("p", "note small").attr("id", "share-link-note").text(words));
    let field = el("input", "share-address")
        .attr("id", "share-address")
        .attr("readonly", "")
        .attr("aria-label", "Link to this view")
        .attr("value", link);
    let copy = way(sheet, Act::CopyLink).attr("id", "share-link");
    let copy = if note.is_some() { copy.attr("aria-describedby", "share-link-note") } else { copy };
    el("div", "").child(el("div", "share-link").child(field).child(copy)).maybe(note)
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
