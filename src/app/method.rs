//! How to read the numbers, what they leave out, what comes next, and what every term means.

use leptos::prelude::{AnyView, Get};

use super::definitions::describe;
use super::details::source_name;
use super::element::{El, el, heading, number_cell, plain_table, scroll_box, views};
use super::state::Page;
use crate::format;
use crate::model::catalog::Term;
use crate::query::View;

fn section(id: &str, class: &str, title: &str) -> El {
    el("section", class).attr("id", id).child(el("h2", "").text(title))
}

/// How to read this, the reasoning caveat, coming soon.
pub fn method(page: Page) -> Vec<AnyView> {
    let how_to_read = section("how-to-read", "section prose", "How to read this")
        .child(el("p", "").text(
            "A row is one configuration: a model, a quant, a machine, a backend and a mode. Each was measured with several workload shapes. Without a chosen shape the last column gives the smallest and the largest value over these shapes; with one it gives that shape's value.",
        ))
        .child(el("p", "").text(
            "A ± is the sample standard deviation over the repetitions of one run. It is a lower bound: two runs on different days can lie further apart than either ± says. Medians of decode, TTFT and end-to-end are taken each by itself, so one cannot be computed from the others.",
        ))
        .child(shapes(page));
    let reasoning = section("reasoning", "section prose", "Reasoning models").child(el("p", "").text(
        "Some models write a hidden chain of thought before their answer. Its tokens count as output here, because that is what the sources measured. The decode rate is right, but the answer itself arrives more slowly than the rate suggests, by the share of tokens spent on thinking. No source states that share yet, so rows are not marked.",
    ));
    views([how_to_read, reasoning, coming_soon(page)])
}

/// The workload shapes with their real lengths.
fn shapes(page: Page) -> El {
    let locale = page.data.locale;
    let count = |tokens: u32| locale.count(tokens as usize);
    let tokens = |least: Option<u32>, most: Option<u32>| {
        number_cell(match (least, most) {
            (Some(least), Some(most)) if least == most => count(most),
            (Some(least), Some(most)) => format!("{}–{}", count(least), count(most)),
            (None, Some(most)) => format!("up to {}", count(most)),
            (Some(least), None) => format!("from {}", count(least)),
            (None, None) => format::MISSING.to_owned(),
        })
    };
    let lines = page.data.index.catalog.shapes.iter().filter(|shape| shape.served).map(|shape| {
        el("tr", "")
            .child(el("th", "").attr("scope", "row").text(&shape.label))
            .child(tokens(shape.prompt_tokens_min, shape.prompt_tokens_max))
            .child(tokens(shape.output_tokens_min, shape.output_tokens_max))
            .child(el("td", "about").text(&shape.about))
    });
    let headings = vec![
        heading("Shape", false),
        heading("Prompt tokens", true),
        heading("Output tokens", true),
        heading("Stands for", false),
    ];
    let caption = "Workload shapes, with the token counts that were really used";
    scroll_box("Workload shapes", plain_table(caption, headings, views(lines)))
}

/// What is queued, and what blocks it.
fn coming_soon(page: Page) -> El {
    let items = page.data.index.catalog.campaign.iter().map(|planned| {
        let blocked = planned.blocked_by.as_ref();
        let blocked = blocked
            .map(|reason| el("p", "blocked").child(el("strong", "").text("Blocked by: ")).text(reason));
        el("li", "")
            .child(el("h3", "").text(&planned.title))
            .child(el("p", "").text(&planned.about))
            .maybe(blocked)
    });
    section("coming-soon", "section prose", "Coming soon").child(el("ul", "planned").children(views(items)))
}

fn definition(term: &Term) -> El {
    let unit = term.unit.as_ref().map(|unit| el("span", "unit").text(format!(" ({unit})")));
    let formula = term.formula.as_ref().map(|formula| el("dd", "").child(el("code", "").text(formula)));
    el("div", "")
        .child(el("dt", "").text(&term.term).maybe(unit))
        .child(el("dd", "").attr("id", describe(&term.id)).text(&term.short))
        .maybe(term.long.as_ref().map(|long| el("dd", "long").text(long)))
        .maybe(formula)
}

/// Every term; open in the method view, folded elsewhere. Dotted labels describe themselves by it.
pub fn definitions(page: Page) -> AnyView {
    let terms = views(page.data.index.catalog.glossary.iter().map(definition));
    let fold = el("details", "fold")
        .bind("open", move || (page.view.get() == View::Method).then(String::new))
        .child(el("summary", "").text("What every term means"))
        .child(el("dl", "definitions").children(terms));
    section("definitions", "section", "Definitions").child(fold).build()
}

/// Sources and licences.
pub fn provenance(page: Page) -> AnyView {
    let sources = page.data.index.catalog.sources.iter().map(|source| {
        el("li", "")
            .child(source_name(&source.name, source.url.as_deref()))
            .text(format!(", {}", format::date(&source.date)))
            .child(el("small", "note").text(&source.licence))
            .maybe(source.method.as_ref().map(|method| el("p", "").text(method)))
    });
    let download =
        el("a", "").attr("href", "index.json").attr("download", "tokscope-index.json").text("index.json");
    let lead = el("p", "")
        .text("Every figure names its source; open a row to see it. The whole data set is ")
        .child(download)
        .text(if page.data.index.is_in_shards() { ", with the files that it names." } else { "." });
    section("data", "section prose", "Data and licences")
        .child(lead)
        .child(el("ul", "sources").children(views(sources)))
        .build()
}
