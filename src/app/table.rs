//! The table of results: a real table, of which only what is near the screen exists once it is long.

use std::sync::Arc;

use leptos::prelude::*;

use super::browser;
use super::controls::ResetButton;
use super::definitions::describe;
use super::details::Details;
use super::state::{Page, use_page};
use super::window::{Heights, Item, Places, items};
use crate::format::MISSING;
use crate::model::Metric;
use crate::query::{Answer, Column, GroupSpan, Grouping, Row, Sort, backend_label, configuration_slug};

/// Heights before the first line is measured.
const GUESS: Heights = Heights { group: 44.0, row: 48.0, detail: 480.0 };

/// Height of the table's head, nearly: a line more or less is drawn for it.
const HEAD: f64 = 40.0;

/// The table; reads the answer, the folded groups and the open rows.
#[component]
pub fn ResultsTable() -> impl IntoView {
    let page = use_page();
    let is_empty = Memo::new(move |_| page.answer.with(|answer| answer.rows.is_empty()));
    let columns = Column::ALL.map(|column| view! { <HeaderCell column /> });
    view! {
        <section class="results" aria-label="Results">
            <table class="results-table" role="table" aria-rowcount=move || page.answer.with(|a| (a.rows.len() + 1).to_string())>
                <caption class="visually-hidden">
                    "Results by configuration. The column headers sort. Without a shape, the last column is the range over all shapes."
                </caption>
                <thead role="rowgroup">
                    <tr role="row">{columns}</tr>
                </thead>
                <Body />
            </table>
            {move || is_empty.get().then(|| view! { <Nothing /> })}
        </section>
    }
    .into_any()
}

/// What stands in the place of rows when no result matches.
#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="empty">
            <p>"No result matches these filters"</p>
            <ResetButton label="Reset all filters" />
        </div>
    }
}

/// The glossary id and the words of a column's header.
fn heading(page: Page, column: Column) -> (&'static str, String) {
    match column {
        Column::Variant => ("variant", "Variant".to_owned()),
        Column::Quant => ("quant", "Quant".to_owned()),
        Column::Hardware => ("hardware", "Hardware".to_owned()),
        Column::Backend => ("backend", "Backend".to_owned()),
        Column::Mode => ("mode", "Mode".to_owned()),
        Column::Concurrency => ("concurrency", "Conc.".to_owned()),
        Column::Metric => {
            let metric = page.question.with(|question| question.metric);
            (metric.slug(), format!("{} {}", metric.name(), metric.unit()))
        }
    }
}

/// A header that sorts; reads and writes the order of rows.
#[component]
fn HeaderCell(
    /// The column.
    column: Column,
) -> impl IntoView {
    let page = use_page();
    let order = Memo::new(move |_| page.question.with(|question| question.order()));
    let direction = move || {
        let Sort { column: sorted, descending } = order.get();
        (sorted == column).then_some(if descending { "descending" } else { "ascending" })
    };
    let sort = move |_| {
        page.choose(|selection| {
            let order = selection.order();
            let natural = column == Column::Metric && !selection.metric.lower_is_better();
            let descending = if order.column == column { !order.descending } else { natural };
            let next = Sort { column, descending };
            selection.sort = None;
            if selection.order() != next {
                selection.sort = Some(next);
            }
        });
    };
    let class = format!("column-{}", column.slug());
    view! {
        <th scope="col" role="columnheader" class=class aria-sort=direction>
            <button
                type="button"
                class="sort"
                data-term=move || heading(page, column).0
                aria-describedby=move || describe(heading(page, column).0)
                on:click=sort
            >
                <span class="term-label">{move || heading(page, column).1}</span>
                <span class="sort-arrow" aria-hidden="true">
                    {move || match direction() {
                        Some("descending") => "↓",
                        Some(_) => "↑",
                        None => "",
                    }}
                </span>
            </button>
        </th>
    }
    .into_any()
}

/// What a line shows and when it must be drawn anew: the same key is the same content.
#[derive(Clone, PartialEq)]
struct Line {
    item: Item,
    answer: Arc<Answer>,
    /// Metric and grouping, which change the words of a row.
    wording: usize,
}

/// A key that changes with what a line says, but not with where it stands.
type LineKey = (u8, usize, u16, usize, u64);

impl Line {
    fn key(&self) -> LineKey {
        match self.item {
            Item::Group(group) => {
                let results = self.answer.groups.get(group).map_or(0, |group| group.results);
                let key = self.answer.groups.get(group).map_or(0, |group| hash(&group.key));
                (0, results, 0, 0, key)
            }
            Item::Row(row) | Item::Detail(row) => {
                let kind = if matches!(self.item, Item::Row(_)) { 1 } else { 2 };
                let Some(row) = self.answer.rows.get(row) else { return (kind, 0, 0, 0, 0) };
                let (low, high) = row.bounds.unwrap_or_default();
                // The detail shows every shape, whatever the row's bounds.
                let content = if kind == 1 { low.to_bits() ^ high.to_bits().rotate_left(1) } else { 0 };
                let results = if kind == 1 {
                    row.results.start << 16 | row.results.len() << 8 | self.wording
                } else {
                    0
                };
                (kind, row.configuration, row.concurrency, results, content)
            }
        }
    }
}

fn hash(text: &str) -> u64 {
    // FNV-1a; collisions would only reuse a heading of equal size.
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Groups, rows and open rows near the screen.
#[component]
fn Body() -> impl IntoView {
    let page = use_page();
    let body = NodeRef::<leptos::html::Tbody>::new();
    let heights = RwSignal::new(GUESS);
    let screen = RwSignal::new((0.0, 1_200.0));
    let open = Memo::new(move |_| page.selection.with(|selection| selection.open.clone()));
    let folded = Memo::new(move |_| page.selection.with(|selection| selection.folded.clone()));
    let opened = Memo::new(move |_| {
        let index = &page.data.index;
        open.with(|slugs| match slugs.as_slice() {
            [] => Vec::new(),
            slugs => (0..index.configuration_count())
                .filter(|&c| slugs.contains(&configuration_slug(index, c)))
                .collect::<Vec<_>>(),
        })
    });
    let places = Memo::new(move |_| {
        folded.track();
        let is_open = |configuration: usize| opened.with(|opened| opened.contains(&configuration));
        let lines = page
            .answer
            .with(|answer| page.selection.with_untracked(|selection| items(answer, selection, is_open)));
        Places::new(lines, heights.get())
    });
    let near = Memo::new(move |_| {
        let (top, height) = screen.get();
        places.with(|places| places.near(top, height))
    });
    follow_screen(body, heights, screen, places);

    let lines = move || {
        let (range, _, _) = near.get();
        let answer = page.answer.get();
        let wording = page.question.with(|question| {
            question.metric.position() << 1 | usize::from(question.grouping == Grouping::Family)
        });
        let line = |&item: &Item| Line { item, answer: Arc::clone(&answer), wording };
        places.with(|places| places.items.get(range).unwrap_or_default().iter().map(line).collect::<Vec<_>>())
    };
    let is_long = Memo::new(move |_| places.with(|places| places.items.len() > super::window::DRAWN_WHOLE));
    let scale = Memo::new(move |_| {
        page.answer.with(|answer| {
            answer.rows.iter().filter_map(|row| row.bounds).fold(0.0_f64, |top, (_, high)| top.max(high))
        })
    });
    view! {
        <Spacer height=Signal::derive(move || near.with(|(_, above, _)| *above)) />
        <tbody role="rowgroup" node_ref=body class:is-long=move || is_long.get()>
            <For each=lines key=Line::key let:line>
                <LineView line scale />
            </For>
        </tbody>
        <Spacer height=Signal::derive(move || near.with(|(_, _, below)| *below)) />
    }
}

/// Empty room in the place of lines that are not drawn.
#[component]
fn Spacer(
    /// CSS pixels; nothing is drawn for none.
    height: Signal<f64>,
) -> impl IntoView {
    let exists = Memo::new(move |_| height.get() > 0.0);
    move || {
        exists.get().then(|| {
            view! {
                <tbody aria-hidden="true" class="spacer">
                    <tr>
                        <td colspan="7" style:height=move || format!("{}px", height.get())></td>
                    </tr>
                </tbody>
            }
        })
    }
}

/// Keeps track of where the table lies on the screen, and how high its lines are.
fn follow_screen(
    body: NodeRef<leptos::html::Tbody>,
    heights: RwSignal<Heights>,
    screen: RwSignal<(f64, f64)>,
    places: Memo<Places>,
) {
    let measure = move || {
        let (Some(body), Some(window)) = (body.get_untracked(), browser::window()) else { return };
        // The head may stick to the window; what counts is where the first line of the table would be.
        let first = body.parent_element().map_or(0.0, |table| HEAD - table.get_bounding_client_rect().top());
        let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(1_200.0);
        screen.set((first, height));
        let line = |selector: &str| {
            let line = body.query_selector(selector).ok().flatten()?;
            Some(line.get_bounding_client_rect().height()).filter(|&height| height > 1.0)
        };
        let now = heights.get_untracked();
        let next = Heights {
            group: line("tr.group").unwrap_or(now.group),
            row: line("tr.row").unwrap_or(now.row),
            detail: now.detail,
        };
        if next != now {
            heights.set(next);
        }
    };
    Effect::new(move || {
        let Some(window) = browser::window() else { return };
        browser::listen::<web_sys::Event>(&window, "scroll", move |_| measure());
        browser::listen::<web_sys::Event>(&window, "resize", move |_| measure());
    });
    Effect::new(move || {
        places.track();
        if let Ok(frame) = request_animation_frame_with_handle(measure) {
            on_cleanup(move || frame.cancel());
        }
    });
}

/// One line of the table.
#[component]
fn LineView(
    /// What it shows.
    line: Line,
    /// The largest value shown, for the bars.
    scale: Memo<f64>,
) -> impl IntoView {
    let Line { item, answer, .. } = line;
    match item {
        Item::Group(group) => {
            answer.groups.get(group).cloned().map(|group| view! { <GroupLine group /> }.into_any())
        }
        Item::Row(row) => answer.rows.get(row).cloned().map(|row| view! { <RowLine row scale /> }.into_any()),
        Item::Detail(row) => answer.rows.get(row).map(|row| {
            view! {
                <tr class="detail" role="row">
                    <td role="cell" colspan="7" id=detail_id(&configuration_slug(&use_page().data.index, row.configuration), row.concurrency)>
                        <Details configuration=row.configuration />
                    </td>
                </tr>
            }
            .into_any()
        }),
    }
}

fn detail_id(slug: &str, concurrency: u16) -> String {
    format!("detail-{slug}-{concurrency}")
}

/// The heading of a group, which folds it.
#[component]
fn GroupLine(
    /// The group.
    group: GroupSpan,
) -> impl IntoView {
    let page = use_page();
    let GroupSpan { key, label, released, results, .. } = group;
    let is_folded = {
        let key = key.clone();
        Memo::new(move |_| page.selection.with(|selection| selection.folded.contains(&key)))
    };
    let fold = move |_| {
        page.choose(|selection| match selection.folded.binary_search(&key) {
            Ok(at) => {
                selection.folded.remove(at);
            }
            Err(at) => selection.folded.insert(at, key.clone()),
        });
    };
    let count = page.data.locale.count(results);
    let released = released.map(|month| format!("released {month}"));
    view! {
        <tr class="group" role="row">
            <th scope="rowgroup" role="rowheader" colspan="7">
                <button type="button" aria-expanded=move || (!is_folded.get()).to_string() on:click=fold>
                    <span class="marker" aria-hidden="true"></span>
                    <bdi class="group-name">{label}</bdi>
                    <span class="group-count">{format!("({count})")}</span>
                    <span class="group-released">{released}</span>
                </button>
            </th>
        </tr>
    }
}

/// What the last cell of a row says.
struct Figure {
    text: String,
    /// Why there is no single plain number, where there is none.
    mark: Option<(&'static str, String)>,
}

fn figure(page: Page, row: &Row, metric: Metric) -> Figure {
    let index = &page.data.index;
    let failed =
        row.results.clone().find(|&result| index.failure(result).is_some() && !index.is_superseded(result));
    let failed = failed.and_then(|result| index.failure(result)).map(|text| format!("Failed: {text}"));
    let Some((low, high)) = row.bounds else {
        let ranged = row.results.clone().any(|result| index.is_range_only(result));
        let (text, reason) = match (failed, ranged) {
            (Some(text), _) => return Figure { text: MISSING.to_owned(), mark: Some(("failed", text)) },
            (None, true) => {
                (MISSING, "Only a range of decode rates over all shapes was published".to_owned())
            }
            (None, false) => (MISSING, format!("{} was not measured or not published", metric.name())),
        };
        return Figure { text: text.to_owned(), mark: Some(("why", reason)) };
    };
    let text = page.data.locale.range(metric, low, high);
    let cell = |result: usize| (index.results.shape.get(result), index.value(result, metric));
    let repeated = row.results.clone().zip(row.results.clone().skip(1)).any(|(a, b)| {
        let ((shape_a, value_a), (shape_b, value_b)) = (cell(a), cell(b));
        shape_a == shape_b && value_a.is_some() && value_b.is_some()
    });
    let mark = if let Some(failed) = failed {
        Some(("failed", failed))
    } else if row.results.clone().all(|result| index.is_range_only(result)) {
        let reason = "The source gives the range over its shapes, but not the value of each";
        Some(("range only", reason.to_owned()))
    } else if repeated {
        let reason = "The same cell was measured more than once: the range includes the spread between days";
        Some(("repeated", reason.to_owned()))
    } else {
        None
    };
    Figure { text, mark }
}

/// One configuration at one concurrency.
#[component]
fn RowLine(
    /// The row.
    row: Row,
    /// The largest value shown, for the bars.
    scale: Memo<f64>,
) -> impl IntoView {
    let page = use_page();
    let index = &page.data.index;
    let question = page.question.get_untracked();
    let configuration = row.configuration;
    let slug = configuration_slug(index, configuration);
    let model = index.model(configuration);
    let family =
        model.map(|(family, _)| family.name.clone()).filter(|_| question.grouping != Grouping::Family);
    let variant = model.map_or(String::new(), |(_, variant)| variant.name.clone());
    let hardware = index.hardware(configuration).map_or(String::new(), |rig| rig.name.clone());
    let backend = index.backend(configuration).map_or(String::new(), backend_label);
    let is_open = {
        let slug = slug.clone();
        Memo::new(move |_| page.selection.with(|selection| selection.open.contains(&slug)))
    };
    let controls = {
        let slug = slug.clone();
        move || is_open.get().then(|| detail_id(&slug, row.concurrency))
    };
    let toggle = move |_| {
        page.choose(|selection| match selection.open.binary_search(&slug) {
            Ok(at) => {
                selection.open.remove(at);
            }
            Err(at) => selection.open.insert(at, slug.clone()),
        });
    };
    let Figure { text, mark } = figure(page, &row, question.metric);
    let mark = mark.map(|(word, reason)| {
        let class = if word == "failed" { "mark mark-failed" } else { "mark" };
        view! {
            <button type="button" class=class data-tip=reason.clone() aria-label=format!("{word}: {reason}")>{word}</button>
        }
    });
    let timing = (index.configurations.timing.get(configuration) == Some(&crate::model::run::Timing::Raw))
        .then(|| view! { <span class="tag" data-term="raw">"raw"</span> });
    view! {
        <tr class="row" role="row" class:is-open=move || is_open.get()>
            <th scope="row" role="rowheader" class="column-variant">
                <button type="button" class="open-row" aria-expanded=move || is_open.get().to_string() aria-controls=controls on:click=toggle>
                    <span class="marker" aria-hidden="true"></span>
                    <bdi>{family.map(|name| format!("{name} "))}{variant}</bdi>
                </button>
            </th>
            <td role="cell" class="column-quant">{index.quant(configuration).map(|quant| quant.id.clone())}</td>
            <td role="cell" class="column-hardware">
                <bdi>{hardware}</bdi>
                {conditions(page, configuration).map(|text| view! { <small>{text}</small> })}
            </td>
            <td role="cell" class="column-backend"><bdi>{backend}</bdi></td>
            <td role="cell" class="column-mode"><bdi>{index.mode(configuration).to_owned()}</bdi>{timing}</td>
            <td role="cell" class="column-concurrency"><span class="phone-only">"conc. "</span>{row.concurrency.to_string()}</td>
            <td role="cell" class="column-metric">
                <span class="figure">
                    <RangeBar bounds=row.bounds scale />
                    {mark}
                    <span class="value">{text}</span>
                </span>
            </td>
        </tr>
    }
}

/// Power cap and driver, where known.
fn conditions(page: Page, configuration: usize) -> Option<String> {
    let index = &page.data.index;
    let cap = index.configurations.power_cap_w.get(configuration).map(|watts| {
        let of_max = index.hardware(configuration).and_then(|rig| rig.power_max_w);
        match of_max {
            Some(max) if (max.get() - watts).abs() < 0.5 => format!("{watts} W, the maximum"),
            Some(max) => format!("{watts} W of {max} W"),
            None => format!("{watts} W"),
        }
    });
    let driver = index.driver(configuration).map(|driver| format!("driver {driver}"));
    let parts: Vec<String> = cap.into_iter().chain(driver).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The range as a bar: a pale track from zero, solid from the smallest to the largest value.
#[component]
fn RangeBar(
    /// Smallest and largest value.
    bounds: Option<(f64, f64)>,
    /// The largest value shown.
    scale: Memo<f64>,
) -> impl IntoView {
    let percent = move |value: f64| if scale.get() > 0.0 { value / scale.get() * 100.0 } else { 0.0 };
    bounds.map(|(low, high)| {
        view! {
            <svg class="range-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="range-track" width=move || format!("{:.2}", percent(low)) height="8" />
                <rect
                    class="range-fill"
                    x=move || format!("{:.2}", percent(low).min(percent(high) - 0.8).max(0.0))
                    width=move || format!("{:.2}", (percent(high) - percent(low)).max(0.8))
                    height="8"
                />
            </svg>
        }
    })
}
