//! The table of results: a real table, of which only what is near the screen exists once it is long.

use std::sync::Arc;

use leptos::prelude::*;

use super::browser;
use super::chips::reset_button;
use super::definitions::{describe, term};
use super::details::details;
use super::element::{El, button, el, nothing};
use super::state::Page;
use super::window::{Heights, Item, Places, items};
use crate::format::MISSING;
use crate::model::run::Timing;
use crate::model::{Metric, plain};
use crate::query::{
    Answer, Column, GroupSpan, Grouping, Row, Selection, Sort, backend_label, configuration_slug,
};

/// Id of the table's rows.
const ROWS: &str = "rows";

/// Heights before the first line is measured.
const GUESS: Heights = Heights { group: 44.0, row: 48.0, detail: 480.0 };

/// Height of the table's head, nearly: a line more or less is drawn for it.
const HEAD: f64 = 40.0;

/// The table; reads the answer, the folded groups and the open rows.
pub fn results(page: Page) -> AnyView {
    let columns = Column::ALL
        .into_iter()
        .fold(el("tr", "").attr("role", "row"), |row, column| row.child(header_cell(page, column)));
    let caption = "Results by configuration. The column headers sort. Without a shape, the last column is the range over all shapes.";
    let table = el("table", "results-table")
        .attr("role", "table")
        .bind("aria-rowcount", move || Some(page.answer.with(|answer| (answer.rows.len() + 1).to_string())))
        .child(el("caption", "visually-hidden").text(caption))
        .child(el("thead", "").attr("role", "rowgroup").child(columns))
        .children(body(page));
    let empty = move || match page.answer.with(|answer| answer.rows.is_empty()) {
        true => el("div", "empty")
            .child(el("p", "").text("No result matches these filters"))
            .child(reset_button(page, "Reset all filters"))
            .build(),
        false => nothing(),
    };
    let title = el("h2", "visually-hidden").attr("id", "results").text("Results");
    el("section", "results")
        .attr("aria-labelledby", "results")
        .child(title)
        .child(table)
        .view_fn(empty)
        .build()
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
fn header_cell(page: Page, column: Column) -> El {
    let direction = move || {
        let Sort { column: sorted, descending } = page.question.with(|question| question.order());
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
    let arrow = move || match direction() {
        Some("descending") => "↓",
        Some(_) => "↑",
        None => "",
    };
    let button = button("sort")
        .bind("data-term", move || Some(heading(page, column).0.to_owned()))
        .bind("aria-describedby", move || Some(describe(heading(page, column).0)))
        .on_click(sort)
        .child(el("span", "term-label").text_fn(move || heading(page, column).1))
        .child(el("span", "sort-arrow").attr("aria-hidden", "true").text_fn(move || arrow().to_owned()));
    el("th", &format!("column-{}", column.slug()))
        .attr("scope", "col")
        .attr("role", "columnheader")
        .bind("aria-sort", move || direction().map(str::to_owned))
        .child(button)
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

/// Groups, rows and open rows near the screen, and empty room in the place of the others.
fn body(page: Page) -> Vec<AnyView> {
    let heights = RwSignal::new(GUESS);
    let screen = RwSignal::new((0.0, 1_200.0));
    let unfolded = Memo::new(move |_| {
        page.selection.with(|selection| Selection {
            folded: selection.folded.clone(),
            open: selection.open.clone(),
            ..Selection::default()
        })
    });
    let places = Memo::new(move |_| {
        let index = &page.data.index;
        let lines = unfolded.with(|unfolded| {
            let is_open = |configuration: usize| {
                !unfolded.open.is_empty() && unfolded.open.contains(&configuration_slug(index, configuration))
            };
            page.answer.with(|answer| items(answer, unfolded, is_open))
        });
        Places::new(lines, heights.get())
    });
    let near = Memo::new(move |_| {
        let (top, height) = screen.get();
        places.with(|places| places.near(top, height))
    });
    follow_screen(heights, screen, places);

    let lines = move || {
        let (range, _, _) = near.get();
        let answer = page.answer.get();
        let wording = page.question.with(|question| {
            question.metric.position() << 1 | usize::from(question.grouping == Grouping::Family)
        });
        let line = |&item: &Item| Line { item, answer: Arc::clone(&answer), wording };
        places.with(|places| places.items.get(range).unwrap_or_default().iter().map(line).collect::<Vec<_>>())
    };
    let scale = Memo::new(move |_| {
        page.answer.with(|answer| {
            answer.rows.iter().filter_map(|row| row.bounds).fold(0.0_f64, |top, (_, high)| top.max(high))
        })
    });
    let rows = view! { <For each=lines key=Line::key children=move |line| line_view(page, line, scale) /> };
    let rows = el("tbody", "")
        .attr("id", ROWS)
        .attr("role", "rowgroup")
        .class_if("is-long", move || places.with(|places| places.items.len() > super::window::DRAWN_WHOLE))
        .view(rows);
    let above = spacer(move || near.with(|(_, above, _)| *above));
    let below = spacer(move || near.with(|(_, _, below)| *below));
    vec![above, rows.build(), below]
}

/// Empty room in the place of lines that are not drawn; hidden where all are.
fn spacer(height: impl Fn() -> f64 + Copy + Send + Sync + 'static) -> AnyView {
    let cell = el("td", "").attr("colspan", "7").style("height", move || format!("{:.0}px", height()));
    el("tbody", "spacer")
        .attr("aria-hidden", "true")
        .bind("hidden", move || (height() <= 0.0).then(String::new))
        .child(el("tr", "").child(cell))
        .build()
}

/// Keeps track of where the table lies on the screen, and how high its lines are.
fn follow_screen(heights: RwSignal<Heights>, screen: RwSignal<(f64, f64)>, places: Memo<Places>) {
    let measure = move || {
        let (Some(body), Some(window)) = (browser::element(ROWS), browser::window()) else { return };
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
fn line_view(page: Page, line: Line, scale: Memo<f64>) -> AnyView {
    let Line { item, answer, .. } = line;
    let view = match item {
        Item::Group(group) => answer.groups.get(group).map(|group| group_line(page, group.clone())),
        Item::Row(row) => answer.rows.get(row).map(|row| row_line(page, row, scale)),
        Item::Detail(row) => answer.rows.get(row).map(|row| {
            let id = detail_id(&configuration_slug(&page.data.index, row.configuration), row.concurrency);
            let cell = el("td", "").attr("role", "cell").attr("colspan", "7").attr("id", id);
            el("tr", "detail").attr("role", "row").child(cell.view(details(page.data, row.configuration)))
        }),
    };
    view.map_or_else(nothing, El::build)
}

fn detail_id(slug: &str, concurrency: u16) -> String {
    format!("detail-{slug}-{concurrency}")
}

/// Adds a word to a sorted list, or takes it out.
fn switch(list: &mut Vec<String>, word: &str) {
    match list.binary_search_by(|other| other.as_str().cmp(word)) {
        Ok(at) => drop(list.remove(at)),
        Err(at) => list.insert(at, word.to_owned()),
    }
}

/// A small arrow that says whether something is open.
fn marker() -> El {
    el("span", "marker").attr("aria-hidden", "true")
}

/// The heading of a group, which folds it.
fn group_line(page: Page, group: GroupSpan) -> El {
    let GroupSpan { key, label, released, results, .. } = group;
    let own_key = key.clone();
    let is_open = move || page.selection.with(|selection| !selection.folded.contains(&own_key));
    let button = button("")
        .state("aria-expanded", is_open)
        .on_click(move |_| page.choose(|selection| switch(&mut selection.folded, &key)))
        .child(marker())
        .child(el("bdi", "group-name").text(label))
        .child(el("span", "group-count").text(format!("({})", page.data.locale.count(results))))
        .maybe(released.map(|month| el("span", "group-released").text(format!("released {month}"))));
    let cell = el("th", "").attr("scope", "rowgroup").attr("role", "rowheader").attr("colspan", "7");
    el("tr", "group").attr("role", "row").child(cell.child(button))
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
fn row_line(page: Page, row: &Row, scale: Memo<f64>) -> El {
    let index = &page.data.index;
    let question = page.question.get_untracked();
    let configuration = row.configuration;
    let slug = configuration_slug(index, configuration);
    let name = index.model(configuration).map_or_else(String::new, |(family, variant)| {
        if question.grouping == Grouping::Family {
            variant.name.clone()
        } else {
            format!("{} {}", family.name, variant.name)
        }
    });
    let is_open = {
        let slug = slug.clone();
        move || page.selection.with(|selection| selection.open.contains(&slug))
    };
    let (is_open_too, is_open_still) = (is_open.clone(), is_open.clone());
    let detail = detail_id(&slug, row.concurrency);
    let open = button("open-row")
        .state("aria-expanded", is_open)
        .bind("aria-controls", move || is_open_still().then(|| detail.clone()))
        .on_click(move |_| page.choose(|selection| switch(&mut selection.open, &slug)))
        .child(marker())
        .child(el("bdi", "").text(name));
    let cell = |column: Column| el("td", &format!("column-{}", column.slug())).attr("role", "cell");
    let words = |text: String| el("bdi", "").text(text);
    let quant = index.quant(configuration).map_or_else(String::new, |quant| quant.id.clone());
    let hardware = index.hardware(configuration).map_or_else(String::new, |rig| rig.name.clone());
    let backend = index.backend(configuration).map_or_else(String::new, backend_label);
    let is_raw = index.configurations.timing.get(configuration) == Some(&Timing::Raw);
    let raw = is_raw.then(|| term("raw", "raw"));
    let Figure { text, mark } = figure(page, row, question.metric);
    let mark = mark.map(|(word, reason)| {
        button(if word == "failed" { "mark mark-failed" } else { "mark" })
            .attr("aria-label", format!("{word}: {reason}"))
            .attr("data-tip", reason)
            .text(word)
    });
    let value = el("span", "figure")
        .maybe(range_bar(row.bounds, scale))
        .maybe(mark)
        .child(el("span", "value").text(text));
    let variant = el("th", "column-variant").attr("scope", "row").attr("role", "rowheader").child(open);
    let conditions = conditions(page, configuration).map(|text| el("small", "").text(text));
    el("tr", "row")
        .attr("role", "row")
        .class_if("is-open", is_open_too)
        .child(variant)
        .child(cell(Column::Quant).text(quant))
        .child(cell(Column::Hardware).child(words(hardware)).maybe(conditions))
        .child(cell(Column::Backend).child(words(backend)))
        .child(cell(Column::Mode).child(words(index.mode(configuration).to_owned())).maybe(raw))
        .child(
            cell(Column::Concurrency)
                .child(el("span", "phone-only").text("conc. "))
                .text(row.concurrency.to_string()),
        )
        .child(cell(Column::Metric).child(value))
}

/// Power cap and driver, where known.
fn conditions(page: Page, configuration: usize) -> Option<String> {
    let index = &page.data.index;
    let cap = index.configurations.power_cap_w.get(configuration).map(|watts| {
        let of_max = index.hardware(configuration).and_then(|rig| rig.power_max_w);
        match of_max {
            Some(max) if (max.get() - watts).abs() < 0.5 => format!("{} W, the maximum", plain(watts)),
            Some(max) => format!("{} W of {max} W", plain(watts)),
            None => format!("{} W", plain(watts)),
        }
    });
    let driver = index.driver(configuration).map(|driver| format!("driver {driver}"));
    let parts: Vec<String> = cap.into_iter().chain(driver).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The range as a bar: a pale track from zero, solid from the smallest to the largest value.
fn range_bar(bounds: Option<(f64, f64)>, scale: Memo<f64>) -> Option<El> {
    let (low, high) = bounds?;
    let share = move |value: f64| if scale.get() > 0.0 { value / scale.get() * 100.0 } else { 0.0 };
    let percent = |share: f64| format!("{share:.2}%");
    let start = move || share(low).min(share(high) - 0.8).max(0.0);
    let fill = el("span", "range-fill")
        .style("left", move || percent(start()))
        .style("width", move || percent((share(high) - share(low)).max(0.8)));
    let track = el("span", "range-track").style("width", move || percent(share(low)));
    Some(el("span", "range-bar").attr("aria-hidden", "true").child(track).child(fill))
}
