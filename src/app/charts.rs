//! The charts below the table: a canvas, the same in words, and the same as a table.

use leptos::prelude::*;

use super::canvas;
use super::state::{Page, use_page};
use super::{browser, definitions::Term};
use crate::charts::views::{Source, by_workload, model_speed_range};
use crate::charts::{self, BarChart, Key, Layout, Options};

/// Bars of a chart before the reader asks for all.
const FEW_BARS: usize = 15;

fn chart_source<T>(page: Page, make: impl Fn(Source<'_>) -> T) -> T {
    let most_bars = if page.selection.with(|s| s.all_bars) { charts::spec::MOST_BARS } else { FEW_BARS };
    let (index, locale) = (&page.data.index, page.data.locale);
    page.answer.with(|answer| {
        page.question.with(|selection| make(Source { index, selection, answer, locale, most_bars }))
    })
}

/// The speed range of every model, and one chart for each workload shape.
#[component]
pub fn Charts() -> impl IntoView {
    let page = use_page();
    let surroundings = RwSignal::new(0_u32);
    Effect::new(move || {
        browser::on_surroundings_change(move || surroundings.update(|n| *n = n.wrapping_add(1)))
    });
    let speed_range = Memo::new(move |_| chart_source(page, model_speed_range));
    let workloads = Memo::new(move |_| chart_source(page, by_workload));
    let ids =
        move || workloads.with(|charts| charts.iter().map(|chart| chart.id().to_owned()).collect::<Vec<_>>());
    let metric = move || page.question.with(|question| question.metric);
    let figure = move |id: String| {
        let about = id.strip_prefix("workload-").and_then(|shape| shape.parse::<usize>().ok());
        let about = about.and_then(|shape| page.data.index.catalog.shapes.get(shape));
        let about = about.map(|shape| shape.about.clone()).unwrap_or_default();
        let empty = BarChart::new(&id, "", "");
        let chart = Memo::new(move |_| {
            let found = workloads.with(|charts| charts.iter().find(|chart| chart.id() == id).cloned());
            found.unwrap_or_else(|| empty.clone())
        });
        view! { <Figure chart about surroundings /> }
    };
    view! {
        <section class="section" id="charts">
            <h2>"Model speed range"</h2>
            <p class="lead">
                "One bar for each model: the smallest and the largest value over everything the table shows of it"
            </p>
            <Figure chart=speed_range about=String::new() surroundings />
        </section>
        <section class="section" id="workloads">
            <h2>{move || if metric().lower_is_better() {
                format!("{} by workload", metric().name())
            } else {
                "Tok/s by workload".to_owned()
            }}</h2>
            <p class="lead">
                "The same models with different questions. "
                <Term id="prefill">"Prefill"</Term>
                " and "
                <Term id="decode">"decode"</Term>
                " meet different limits, so prompt and answer length move the number. Results that were published only as a range have no bar here."
            </p>
            <div class="charts">
                <For each=ids key=String::clone children=figure />
            </div>
            {move || workloads.with(Vec::is_empty).then(|| view! {
                <p class="empty">"No result of this selection has a value of its own to draw"</p>
            })}
        </section>
    }
    .into_any()
}

/// One chart.
#[component]
fn Figure(
    /// What it shows.
    chart: Memo<BarChart>,
    /// A sentence about the workload; may be empty.
    about: String,
    /// Changes when the chart must be drawn anew.
    surroundings: RwSignal<u32>,
) -> impl IntoView {
    let page = use_page();
    let locale = page.data.locale;
    let frame = NodeRef::<leptos::html::Div>::new();
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let width = RwSignal::new(0.0);
    let chosen = RwSignal::new(None::<usize>);
    let layout = Memo::new(move |_| {
        (width.get() > 0.0)
            .then(|| chart.with(|chart| charts::layout(chart, width.get(), Options::page(locale))))
    });
    Effect::new(move || {
        if let Some(frame) = frame.get() {
            browser::on_width_change(&frame, move |now| {
                if (now - width.get_untracked()).abs() >= 1.0 {
                    width.set(now);
                }
            });
        }
    });
    Effect::new(move || {
        chart.track();
        chosen.set(None);
    });
    Effect::new(move || {
        surroundings.track();
        let theme = canvas::theme(page.selection.with(|selection| selection.theme));
        let bar = chosen.get();
        layout.with(|layout| {
            if let (Some(canvas), Some(layout)) = (canvas.get(), layout) {
                canvas::paint(&canvas, layout, &theme, bar);
            }
        });
    });
    let point = move |event: leptos::ev::PointerEvent| {
        let at = layout.with_untracked(|layout| {
            let layout = layout.as_ref()?;
            charts::hit(layout, f64::from(event.offset_x()), f64::from(event.offset_y()))
        });
        if chosen.get_untracked() != at {
            chosen.set(at);
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let Some(key) = Key::parse(&event.key()) else { return };
        let count = chart.with_untracked(|chart| chart.bars().len());
        event.prevent_default();
        chosen.set(charts::step(count, chosen.get_untracked(), key));
    };
    let words = move || chart.with(|chart| charts::describe(chart, locale));
    let spoken = move || {
        chosen
            .get()
            .and_then(|bar| chart.with(|chart| charts::announce(chart, bar, locale)))
            .unwrap_or_default()
    };
    let height = move || layout.with(|layout| layout.as_ref().map(|layout| format!("{}px", layout.height)));
    view! {
        <figure class="chart">
            <figcaption>
                <h3>{move || chart.with(|chart| chart.title().to_owned())}</h3>
                {(!about.is_empty()).then_some(view! { <p>{about}</p> })}
                <p class="note">{words}</p>
            </figcaption>
            <div
                class="chart-frame"
                node_ref=frame
                tabindex="0"
                role="img"
                aria-label=move || chart.with(|chart| format!("{}. Arrow keys read the bars", chart.title()))
                style:height=height
                on:keydown=key
                on:pointermove=point
                on:pointerdown=point
                on:pointerleave=move |_| chosen.set(None)
                on:blur=move |_| chosen.set(None)
            >
                <canvas node_ref=canvas></canvas>
                {move || tip(chart, layout, chosen.get())}
            </div>
            <p class="visually-hidden" role="status">{spoken}</p>
            <AllBars chart />
            <DataTable chart />
        </figure>
    }
    .into_any()
}

/// The tooltip of the chosen bar, under its row.
fn tip(chart: Memo<BarChart>, layout: Memo<Option<Layout>>, chosen: Option<usize>) -> Option<AnyView> {
    let lines = chart.with(|chart| Some(charts::tooltip(chart, chart.bars().get(chosen?)?)))?;
    let top = layout.with(|layout| {
        let layout = layout.as_ref()?;
        let row = layout.bars.get(chosen?)?.row;
        // The last rows have no room below inside the frame; the page has.
        Some(row.bottom())
    })?;
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <span>{line}</span> }).collect();
    Some(view! { <div class="chart-tip" style:top=format!("{top}px")>{lines}</div> }.into_any())
}

/// Shows all bars of a chart that shows only the first, or only the first again.
#[component]
fn AllBars(
    /// The chart.
    chart: Memo<BarChart>,
) -> impl IntoView {
    let page = use_page();
    let note = Memo::new(move |_| chart.with(|chart| chart.notes().into_iter().next()));
    let all = Memo::new(move |_| page.selection.with(|selection| selection.all_bars));
    move || {
        let long = all.get() && chart.with(|chart| chart.bars().len() > FEW_BARS);
        let words = match (note.get(), long) {
            (Some(_), false) => "Show all bars",
            (_, true) => "Show fewer bars",
            (None, false) => return None,
        };
        let toggle = move |_| page.choose(|selection| selection.all_bars = !selection.all_bars);
        Some(view! {
            <p class="note">
                {note.get()}
                " "
                <button type="button" class="link-button" on:click=toggle>{words}</button>
            </p>
        })
    }
}

/// The same numbers as a table.
#[component]
fn DataTable(
    /// The chart.
    chart: Memo<BarChart>,
) -> impl IntoView {
    let lines = move || {
        chart.with(|chart| {
            let line = |bar: &charts::Bar| {
                view! {
                    <tr>
                        <th scope="row"><bdi>{bar.label.clone()}</bdi></th>
                        <td><bdi>{bar.detail.clone()}</bdi></td>
                        <td class="number">{bar.value_text.clone()}</td>
                    </tr>
                }
            };
            chart.bars().iter().map(line).collect::<Vec<_>>()
        })
    };
    view! {
        <details class="fold chart-data">
            <summary>"Show the data"</summary>
            <div class="scroll-x" tabindex="0" role="region" aria-label=move || chart.with(|chart| format!("Data: {}", chart.title()))>
                <table class="plain-table">
                    <thead>
                        <tr>
                            <th scope="col">"Model"</th>
                            <th scope="col">"Configuration"</th>
                            <th scope="col" class="number">{move || chart.with(|chart| chart.unit().to_owned())}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
