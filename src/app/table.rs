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
    Answer, Column, GroupSpan, Grouping, Row, Selection, Sort, backend_label, configuration_named,
    configuration_slug,
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
    let title = el("h2", "visually-hidden").attr("id", "results").attr("tabindex", "-1").text("Results");
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
    let screen = RwSignal::new((0.0, window_height()));
    let places = Memo::new(move |_| {
        let named = |slug: &String| configuration_named(&page.data.index, slug);
        let lines = page.unfolded.with(|Selection { folded, open, .. }| {
            let open: Vec<usize> = open.iter().filter_map(named).collect();
            page.answer.with(|answer| items(answer, folded, &open))
        });
        Places::new(lines, heights.get())
    });
    let near = Memo::new(move |_| {
        let (top, height) = screen.get();
        places.with(|places| places.near(top, height, most_lines(page.parts.get(), height)))
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
    let rows = view! { <For each=lines key=Line::key children=move |line| line_view(page, line) /> };
    let rows = el("tbody", "")
        .attr("id", ROWS)
        .attr("role", "rowgroup")
        .style("--top", move || scale.get().to_string())
        .class_if("is-long", move || places.with(|places| places.items.len() > super::window::DRAWN_WHOLE))
        .view(rows);
    let above = spacer(move || near.with(|(_, above, _)| *above));
    let below = spacer(move || near.with(|(_, _, below)| *below));
    vec![above, rows.build(), below]
}

/// How many lines are drawn while parts of the page are still to come: a screenful, then some with each
/// part, so that no task is long.
fn most_lines(parts: usize, height: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the height of a window is a small number, and never negative"
    )]
    let screenful = (height / GUESS.row) as usize;
    if parts < super::PARTS { screenful + parts * 12 } else { usize::MAX }
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

fn window_height() -> f64 {
    let height = browser::window().and_then(|window| window.inner_height().ok()?.as_f64());
    height.unwrap_or(1_200.0)
}

/// Keeps track of where the table lies on the screen, and how high its lines are.
fn follow_screen(heights: RwSignal<Heights>, screen: RwSignal<(f64, f64)>, places: Memo<Places>) {
    let measure = move || {
        let Some(body) = browser::element(ROWS) else { return };
        // The head may stick to the window; what counts is where the first line of the table would be.
        let first = body.parent_element().map_or(0.0, |table| HEAD - table.get_bounding_client_rect().top());
        screen.set((first, window_height()));
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
        browser::at_next_frame(Box::new(measure));
    });
}

/// One line of the table.
fn line_view(page: Page, line: Line) -> AnyView {
    let Line { item, answer, .. } = line;
    let view = match item {
        Item::Group(group) => answer.groups.get(group).map(|group| group_line(page, group.clone())),
        Item::Row(row) => answer.rows.get(row).map(|row| row_line(page, row)),
        Item::Detail(row) => answer.rows.get(row).map(|row| {
            let cell = el("td", "").attr("role", "cell").attr("colspan", "7").attr("id", detail_id(row));
            el("tr", "detail").attr("role", "row").child(cell.view(details(page, row.configuration)))
        }),
    };
    view.map_or_else(nothing, El::build)
}

fn detail_id(row: &Row) -> String {
    format!("detail-{}-{}", row.configuration, row.concurrency)
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
    let is_open = move || page.unfolded.with(|unfolded| !unfolded.folded.contains(&own_key));
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
fn row_line(page: Page, row: &Row) -> El {
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
        move || page.unfolded.with(|unfolded| unfolded.open.contains(&slug))
    };
    let open = button("open-row")
        .state("aria-expanded", is_open)
        .attr("aria-controls", detail_id(row))
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
    #[cfg(feature = "whole")]
    let open = open
        .maybe(crate::query::is_own(index, configuration).then(|| el("span", "mark mark-mine").text("mine")));
    let mark = mark.map(|(word, reason)| {
        button(if word == "failed" { "mark mark-failed" } else { "mark" })
            .attr("aria-label", format!("{word}: {reason}"))
            .attr("data-tip", reason)
            .text(word)
    });
    // On wide screens the unit stands in the column's header alone.
    let unit = row.bounds.map(|_| el("span", "phone-only").text(format!(" {}", question.metric.unit())));
    let value = el("span", "value").text(text).maybe(unit);
    let value = el("span", "figure").maybe(range_bar(row.bounds)).maybe(mark).child(value);
    let variant = el("th", "column-variant").attr("scope", "row").attr("role", "rowheader").child(open);
    let conditions = conditions(page, configuration).map(|text| el("small", "").text(text));
    let line = el("tr", "row");
    #[cfg(feature = "whole")]
    let line = line.class_if("is-mine", move || crate::query::is_own(index, configuration));
    line.attr("role", "row")
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
///
/// Its ends are style properties, which the static page may not have: there, the number stands alone.
/// The largest value of all rows is a property of the table, so that a change of it touches no row.
fn range_bar(bounds: Option<(f64, f64)>) -> Option<El> {
    let (low, high) = bounds.filter(|_| !cfg!(feature = "snapshot"))?;
    let bar = el("span", "range-bar").attr("aria-hidden", "true");
    let bar = bar.property("--low", low).property("--high", high);
    Some(bar.child(el("span", "range-track")).child(el("span", "range-fill")))
}
