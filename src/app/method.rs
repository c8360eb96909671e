//! How to read the numbers, what they leave out, what comes next, and what every term means.

use leptos::prelude::*;

use super::definitions::describe;
use super::details::SourceName;
use super::state::use_page;
use crate::format;
use crate::model::catalog::{Shape, Term};
use crate::query::View;

/// How to read this, the reasoning caveat, coming soon.
#[component]
pub fn Method() -> impl IntoView {
    view! {
        <section class="section prose" id="how-to-read">
            <h2>"How to read this"</h2>
            <p>
                "A row is one configuration: a model, a quant, a machine, a backend and a mode. Each was measured with several workload shapes. Without a chosen shape the last column gives the smallest and the largest value over these shapes; with one it gives that shape's value."
            </p>
            <p>
                "A ± is the sample standard deviation over the repetitions of one run. It is a lower bound: two runs on different days can lie further apart than either ± says. Medians of decode, TTFT and end-to-end are taken each by itself, so one cannot be computed from the others."
            </p>
            <Shapes />
        </section>
        <section class="section prose" id="reasoning">
            <h2>"Reasoning models"</h2>
            <p>
                "Some models write a hidden chain of thought before their answer. Its tokens count as output here, because that is what the sources measured. The decode rate is right, but the answer itself arrives more slowly than the rate suggests, by the share of tokens spent on thinking. No source states that share yet, so rows are not marked."
            </p>
        </section>
        <ComingSoon />
    }
    .into_any()
}

/// The workload shapes with their real lengths.
#[component]
fn Shapes() -> impl IntoView {
    let page = use_page();
    let index = &page.data.index;
    let tokens = |least: Option<u32>, most: Option<u32>| match (least, most) {
        (Some(least), Some(most)) if least == most => page.data.locale.count(most as usize),
        (Some(least), Some(most)) => {
            format!("{}–{}", page.data.locale.count(least as usize), page.data.locale.count(most as usize))
        }
        (None, Some(most)) => format!("up to {}", page.data.locale.count(most as usize)),
        (Some(least), None) => format!("from {}", page.data.locale.count(least as usize)),
        (None, None) => format::MISSING.to_owned(),
    };
    let line = |shape: &Shape| {
        view! {
            <tr>
                <th scope="row">{shape.label.clone()}</th>
                <td class="number">{tokens(shape.prompt_tokens_min, shape.prompt_tokens_max)}</td>
                <td class="number">{tokens(shape.output_tokens_min, shape.output_tokens_max)}</td>
                <td class="about">{shape.about.clone()}</td>
            </tr>
        }
    };
    let lines: Vec<_> = index.catalog.shapes.iter().filter(|shape| shape.served).map(line).collect();
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Workload shapes">
            <table class="plain-table">
                <caption>"Workload shapes, with the token counts that were really used"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Shape"</th>
                        <th scope="col" class="number">"Prompt tokens"</th>
                        <th scope="col" class="number">"Output tokens"</th>
                        <th scope="col">"Stands for"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What is queued, and what blocks it.
#[component]
fn ComingSoon() -> impl IntoView {
    let page = use_page();
    let items: Vec<_> = page
        .data
        .index
        .catalog
        .campaign
        .iter()
        .map(|planned| {
            let blocked = planned.blocked_by.as_ref().map(|reason| {
                view! { <p class="blocked"><strong>"Blocked by: "</strong>{reason.clone()}</p> }
            });
            view! {
                <li>
                    <h3>{planned.title.clone()}</h3>
                    <p>{planned.about.clone()}</p>
                    {blocked}
                </li>
            }
        })
        .collect();
    view! {
        <section class="section prose" id="coming-soon">
            <h2>"Coming soon"</h2>
            <ul class="planned">{items}</ul>
        </section>
    }
    .into_any()
}

fn definition(term: &Term) -> AnyView {
    let unit = term.unit.as_ref().map(|unit| view! { <span class="unit">" "{unit.clone()}</span> });
    let formula = term.formula.as_ref().map(|formula| view! { <dd><code>{formula.clone()}</code></dd> });
    view! {
        <div>
            <dt>{term.term.clone()}{unit}</dt>
            <dd id=describe(&term.id)>{term.short.clone()}</dd>
            {term.long.as_ref().map(|long| view! { <dd class="long">{long.clone()}</dd> })}
            {formula}
        </div>
    }
    .into_any()
}

/// Every term; open in the method view, folded elsewhere. Dotted labels describe themselves by it.
#[component]
pub fn Definitions() -> impl IntoView {
    let page = use_page();
    let terms: Vec<_> = page.data.index.catalog.glossary.iter().map(definition).collect();
    view! {
        <section class="section" id="definitions">
            <h2>"Definitions"</h2>
            <details class="fold" open=move || page.view.get() == View::Method>
                <summary>"What every term means"</summary>
                <dl class="definitions">{terms}</dl>
            </details>
        </section>
    }
    .into_any()
}

/// Sources and licences.
#[component]
pub fn Provenance() -> impl IntoView {
    let page = use_page();
    let sources: Vec<_> = page
        .data
        .index
        .catalog
        .sources
        .iter()
        .map(|source| {
            view! {
                <li>
                    <SourceName name=source.name.clone() url=source.url.clone() />
                    {format!(", {}", format::date(&source.date))}
                    <small class="note">{source.licence.clone()}</small>
                    {source.method.as_ref().map(|method| view! { <p>{method.clone()}</p> })}
                </li>
            }
        })
        .collect();
    view! {
        <section class="section prose" id="data">
            <h2>"Data and licences"</h2>
            <p>
                "Every figure names its source; open a row to see it. The whole data set is one file, "
                <a href="index.json" download="tokscope-index.json">"index.json"</a>
                "."
            </p>
            <ul class="sources">{sources}</ul>
        </section>
    }
    .into_any()
}
