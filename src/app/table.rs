//! The table of results: a real table, of which only what is near the screen exists once it is long.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

use super::browser;
use super::chips::{reset_button, unmeasured};
use super::definitions::describe;
#[cfg(any(feature = "whole", feature = "snapshot"))]
use super::details::details;
use super::element::{El, button, el, nothing};
use super::row::row_line;
use super::state::Page;
use super::window::{Heights, Item, Places, items};
use crate::format;
use crate::index::Index;
use crate::query::{
    Answer, Column, GroupSpan, Grouping, Row, Selection, Sort, configuration_named, configuration_slug,
};

/// Id of the table's rows.
const ROWS: &str = "rows";

/// Heights before the first line is measured.
const GUESS: Heights = Heights { group: 44.0, row: 48.0, detail: 480.0 };

/// How many lines the static page has at most: a reader who waits for the program sees no more, and a printer and
/// a crawler get the first ones and the number of the others.
const STATIC_LINES: usize = 100;

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
        .bind("aria-rowcount", move || Some(page.answer.with(|answer| (answer.row_count + 1).to_string())))
        .child(el("caption", "visually-hidden").text(caption))
        .child(el("thead", "").attr("role", "rowgroup").child(columns))
        .children(body(page));
    let empty = move || {
        let (is_empty, left_out) =
            page.answer.with(|answer| (answer.rows.is_empty(), answer.unmeasured.rows > 0));
        if !is_empty {
            return nothing();
        }
        let why = match left_out {
            true => unmeasured(page),
            false => el("p", "").text("No result matches these filters").build(),
        };
        el("div", "empty").view(why).child(reset_button(page, "Reset all filters")).build()
    };
    let title = el("h2", "visually-hidden").attr("id", "results").attr("tabindex", "-1").text("Results");
    el("section", "results")
        .attr("aria-labelledby", "results")
        .bind("aria-busy", move || page.waits().then(|| "true".to_owned()))
        .child(title)
        .child(table)
        .view_fn(empty)
        .view_fn(move || more(page).map_or_else(nothing, El::build))
        .build()
}

/// How many rows there are beyond those that are here: the page begins with the first ones.
fn more(page: Page) -> Option<El> {
    let locale = page.data.locale;
    let (rows, count) = page.answer.with(|answer| (answer.rows.len(), answer.row_count));
    #[cfg(feature = "whole")]
    if page.embed.is_some() {
        let lines = page.answer.with(|answer| items(answer, &[], &[]));
        let shown = embedded(lines).iter().filter(|item| item.is_row()).count();
        let words =
            format!("{} in the full view", format::counted(locale, count.saturating_sub(shown), "more row"));
        return (shown < count).then(|| el("p", "more-rows").text(words));
    }
    if cfg!(feature = "snapshot") {
        let more = page.answer.with(|answer| {
            items(answer, &[], &[]).into_iter().skip(STATIC_LINES).filter(Item::is_row).count()
        });
        let more_rows = format::counted(locale, more, "more row");
        let words = format!("{more_rows} with JavaScript and WebAssembly; all results are in ");
        let all = el("a", "").attr("href", "index.json").text("index.json");
        let others = if page.data.index.is_in_shards() { " and the files that it names" } else { "" };
        return (more > 0).then(|| el("p", "more-rows").text(words).child(all).text(others));
    }
    let words = format!("Loading {}…", format::counted(locale, count.saturating_sub(rows), "more row"));
    (rows < count).then(|| el("p", "more-rows").text(words))
}

/// The lines of a table inside another page.
#[cfg(feature = "whole")]
fn embedded(mut lines: Vec<Item>) -> Vec<Item> {
    lines.truncate(crate::query::MOST_EMBEDDED_LINES);
    lines
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

/// A line near the screen.
#[derive(Clone)]
struct Line {
    item: Item,
    answer: Arc<Answer>,
    key: u64,
}

/// What a line says, as a number: the same number is the same content. It changes neither with where the line stands
/// nor with what else is in the index: a row that the page began with stays when all results arrive.
///
/// `wording` says metric and grouping, which change the words of a row; `epoch` makes every line anew.
fn line_key(index: &Index, answer: &Answer, item: Item, (wording, epoch): (usize, usize)) -> u64 {
    let (kind, says, bounds) = match item {
        Item::Group(at) => {
            let group = answer.groups.get(at);
            (0, group.map_or(0, |group| hash(group.results as u64, &group.key)), (0.0, 0.0))
        }
        Item::Row(at) | Item::Detail(at) => answer.rows.get(at).map_or((1, 0, (0.0, 0.0)), |row| {
            let slug = configuration_slug(index, row.configuration);
            let says = hash(u64::from(row.concurrency), &slug);
            if !item.is_row() {
                // Every shape, whatever the row's bounds.
                return (1, says, (0.0, 0.0));
            }
            let first = row.results.start - index.results_of(row.configuration).start.min(row.results.start);
            let results = first << 16 | row.results.len() << 8 | wording;
            (2, mixed(says, results as u64), row.bounds.unwrap_or_default())
        }),
    };
    let (low, high) = bounds;
    [kind, epoch as u64, low.to_bits(), high.to_bits()].into_iter().fold(says, mixed)
}

/// Two numbers as one; a collision would only keep a line that should be made anew.
fn mixed(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A number and a text as a number.
fn hash(start: u64, text: &str) -> u64 {
    text.bytes().fold(start, |hash, byte| mixed(hash, u64::from(byte)))
}

/// True where lines that stay change their order while others come or go: Leptos' keyed list may then leave some in a
/// wrong place, for it takes a line that has moved by as much as the list has grown for one that has not moved
/// (`move_in_dom` in tachys 0.2).
fn is_mixed(before: &[u64], now: &[u64]) -> bool {
    let (mut last, mut kept, mut is_ordered) = (0, 0, true);
    for key in before {
        if let Some(at) = now.iter().position(|other| other == key) {
            is_ordered &= at >= last;
            (last, kept) = (at, kept + 1);
        }
    }
    !is_ordered && (kept < before.len() || kept < now.len())
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
        #[cfg(feature = "whole")]
        let lines = if page.embed.is_some() { embedded(lines) } else { lines };
        Places::new(lines, heights.get())
    });
    let near = Memo::new(move |_| {
        let (top, height) = screen.get();
        if cfg!(feature = "snapshot") {
            return places.with(|places| (0..places.items.len().min(STATIC_LINES), 0.0, 0.0));
        }
        // The other parts of the page wait for the rows that are missing.
        let parts = if page.data.index.is_cut() { super::PARTS } else { page.parts.get() };
        places.with(|places| places.near(top, height, most_lines(parts, height)))
    });
    follow_screen(heights, screen, places);

    // The keys of the lines before, and how often all were made anew.
    let before = Mutex::new((Vec::new(), 0));
    let lines = move || {
        let (range, _, _) = near.get();
        let answer = page.answer.get();
        let wording = page.question.with(|question| {
            question.metric.position() << 1 | usize::from(question.grouping == Grouping::Family)
        });
        let items = places.with(|places| places.items.get(range).unwrap_or_default().to_vec());
        let keys = |epoch: usize| {
            let key = |&item: &Item| line_key(&page.data.index, &answer, item, (wording, epoch));
            items.iter().map(key).collect::<Vec<_>>()
        };
        let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = keys(before.1);
        if is_mixed(&before.0, &now) {
            before.1 += 1;
            now = keys(before.1);
        }
        before.0.clone_from(&now);
        let line = |(&item, key): (&Item, u64)| Line { item, answer: Arc::clone(&answer), key };
        items.iter().zip(now).map(line).collect::<Vec<_>>()
    };
    let rows = view! { <For each=lines key=|line| line.key children=move |line| line_view(page, line) /> };
    let rows = el("tbody", "")
        .attr("id", ROWS)
        .attr("role", "rowgroup")
        .style("--top", move || page.answer.with(|answer| answer.top).to_string())
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
            let id = detail_id(page, row);
            let cell = el("td", "").attr("role", "cell").attr("colspan", "7").attr("id", id);
            el("tr", "detail").attr("role", "row").child(cell.view(details(page, row.configuration)))
        }),
    };
    view.map_or_else(nothing, El::build)
}

pub(super) fn detail_id(page: Page, row: &Row) -> String {
    format!("detail-{}-{}", configuration_slug(&page.data.index, row.configuration), row.concurrency)
}

/// What an open row shows until the whole program takes over, which knows what is behind it.
#[cfg(not(any(feature = "whole", feature = "snapshot")))]
fn details(_page: Page, _configuration: usize) -> AnyView {
    el("p", "details-body on-its-way")
        .child(el("span", "").text("Loading what is behind this row…"))
        .child(el("span", "").text("What is behind this row could not be loaded"))
        .build()
}

/// Adds a word to a sorted list, or takes it out.
pub(super) fn switch(list: &mut Vec<String>, word: &str) {
    match list.binary_search_by(|other| other.as_str().cmp(word)) {
        Ok(at) => drop(list.remove(at)),
        Err(at) => list.insert(at, word.to_owned()),
    }
}

/// A small arrow that says whether something is open.
pub(super) fn marker() -> El {
    el("span", "marker").attr("aria-hidden", "true")
}

/// The heading of a group, which folds it.
fn group_line(page: Page, group: GroupSpan) -> El {
    let GroupSpan { key, label, released, results, .. } = group;
    // Models that nobody published have no month.
    #[cfg(feature = "whole")]
    let released = released.filter(|_| key != crate::own::UNLISTED);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_changes_while_lines_come_or_go_is_mixed() {
        for (before, now, expected) in [
            (&[1, 2, 3][..], &[1, 2, 3][..], false),
            (&[1, 2, 3], &[3, 1, 2], false),
            (&[1, 2, 3], &[1, 3], false),
            (&[1, 3], &[0, 1, 2, 3, 4], false),
            (&[1, 2, 3], &[4, 5, 6], false),
            (&[], &[1, 2], false),
            (&[1, 2, 3], &[3, 1], true),
            (&[1, 2], &[2, 1, 3], true),
            (&[1, 2, 3], &[2, 1, 4], true),
        ] {
            assert_eq!(is_mixed(before, now), expected, "{before:?} to {now:?}");
        }
    }
}
