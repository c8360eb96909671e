//! The table of results: a real table, of which only what is near the screen exists once it is long.

use std::ops::Range;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::browser;
use super::chips::{concurrency_button, reset_button, unmeasured};
use super::definitions::describe;
#[cfg(any(feature = "whole", feature = "snapshot"))]
use super::details::details;
use super::element::{El, button, el, nothing};
use super::hold::Hold;
use super::lines::{Drawing, Key, Kind, Line, Lines};
use super::row::{named_row_line, row_line};
use super::scroll;
use super::state::Page;
use super::tag::{Tag, tag};
use super::window::{Drawn, Heights, Item, Places, items};
use crate::format;
use crate::model::{fixed, plain};
use crate::query::{
    Answer, Column, Concurrency, GroupSpan, Row, Selection, Sort, configuration_named, configuration_slug,
    row_slug, rows_named,
};

/// Heights before the first line is measured.
const GUESS: Heights = Heights { group: 44.0, row: 48.0, detail: 480.0 };

/// How many lines the static page has at most: a reader who waits for the program sees no more, and a printer and
/// a crawler get the first ones and the number of the others.
const STATIC_LINES: usize = 100;

/// The attribute of a row with its number in the whole table, of which not all rows may be there.
pub(super) const ROW_INDEX: &str = "aria-rowindex";

/// Finds the bodies whose lines are shown.
pub(super) const SHOWN_LINES: &str = ".lines:not([data-waits])";

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
        el("div", "empty")
            .view(why)
            .maybe(concurrency_button(page))
            .child(reset_button(page, "Reset all filters"))
            .build()
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
    let button = button("sort");
    let label = el("span", "term-label");
    // The others have one name.
    let (button, label) = if column == Column::Metric {
        let named = button
            .bind("data-term", move || Some(heading(page, column).0.to_owned()))
            .bind("aria-describedby", move || Some(describe(heading(page, column).0)));
        (named, label.text_fn(move || heading(page, column).1))
    } else {
        let (id, name) = heading(page, column);
        (button.attr("data-term", id).attr("aria-describedby", describe(id)), label.text(name))
    };
    let button = button
        .on_click(sort)
        .child(label)
        .child(el("span", "sort-arrow").attr("aria-hidden", "true").text_fn(move || arrow().to_owned()));
    el("th", &format!("column-{}", column.slug()))
        .attr("scope", "col")
        .attr("role", "columnheader")
        .bind("aria-sort", move || direction().map(str::to_owned))
        .child(button)
}

/// Groups, rows and open rows near the screen, and empty room in the place of the others.
fn body(page: Page) -> Vec<AnyView> {
    let heights = RwSignal::new(GUESS);
    let screen = RwSignal::new(scroll::screen());
    let places = Memo::new(move |_| {
        let named = |word: &String| rows_named(&page.data.index, word);
        let lines = page.unfolded.with(|Selection { folded, open, .. }| {
            let open: Vec<_> = open.iter().filter_map(named).collect();
            page.answer.with(|answer| items(answer, folded, &open))
        });
        #[cfg(feature = "whole")]
        let lines = if page.embed.is_some() { embedded(lines) } else { lines };
        Places::new(lines, heights.get())
    });
    let near = Memo::new(move |before: Option<&Drawn>| {
        if cfg!(feature = "snapshot") {
            return places.with(|places| places.beginning(STATIC_LINES));
        }
        let more = page.lines_below.get();
        // A host makes room for what is there.
        #[cfg(feature = "whole")]
        let more = if page.embed.is_some() { usize::MAX } else { more };
        screen.with(|screen| places.with(|places| places.near(screen, more, before)))
    });
    let others_follow = Memo::new(move |_| near.with(|near| near.others_follow));
    scroll::draw_below(page, others_follow);
    scroll::follow_screen(page, heights, screen, places);

    let is_in_flight = Memo::new(move |_| screen.with(|screen| screen.is_in_flight));
    let lines = move || {
        let Drawn { lines, at_once, others_follow, .. } = near.get();
        let (first, behind) = (lines.start..lines.start + at_once, lines.start + at_once..lines.end);
        // As high as the rows are that they stand for.
        let brief = is_in_flight.get().then(|| heights.with_untracked(|heights| heights.row));
        let made = |range| places.with(|places| made_lines(page, places, range, brief));
        let waits = others_follow && behind.is_empty();
        Drawing { first: made(first), behind: (!waits).then(|| made(behind)), others_follow }
    };
    let above = spacer(move || near.with(|near| near.above));
    let below = spacer(move || near.with(|near| near.below));
    let first = lines_body(scroll::ROWS).class_if("is-long", move || places.with(Places::is_long));
    if cfg!(feature = "snapshot") {
        let lines = untrack(lines).first.into_iter().map(|line| static_line(page, line)).collect();
        return vec![above, first.children(lines).build(), below];
    }
    let [first, behind] = live(page, [first, lines_body("rows-behind")], lines);
    vec![above, first.build(), behind.build(), below]
}

/// Lines of the table, where they stand for rows in flight of this height.
#[inline(never)]
fn made_lines(page: Page, places: &Places, range: Range<usize>, brief: Option<f64>) -> Vec<Line> {
    let items = places.items.get(range).unwrap_or_default();
    page.answer.with(|answer| items.iter().filter_map(|item| line(page, answer, *item, brief)).collect())
}

/// A body of the table with lines.
fn lines_body(id: &str) -> El {
    el("tbody", "lines").attr("id", id).attr("role", "rowgroup")
}

/// Empty room in the place of lines that are not drawn; hidden where all are.
fn spacer(height: impl Fn() -> f64 + Copy + Send + Sync + 'static) -> AnyView {
    let cell = el("td", "").attr("colspan", "7").style("height", move || format!("{}px", fixed(height(), 0)));
    el("tbody", "spacer")
        .attr("aria-hidden", "true")
        .bind("hidden", move || (height() <= 0.0).then(String::new))
        .child(el("tr", "").child(cell))
        .build()
}

/// Bodies that keep to the lines that are near the screen: those that are there at once, and those behind them.
fn live(page: Page, [first, behind]: [El; 2], lines: impl Fn() -> Drawing + Copy + 'static) -> [El; 2] {
    // Gone with this view in one step: what is in an open row follows signals that go with it.
    let shown = StoredValue::new_local(Lines::default());
    let bodies = StoredValue::new_local(Vec::new());
    // One listener for all lines.
    let press = move |event: leptos::ev::MouseEvent| {
        let Some((line, by_button)) = pressed_line(&event) else { return };
        let key = shown.try_with_value(|shown| shown.find(&line).cloned()).flatten();
        match key {
            Some(Key { kind: Kind::Row, word, concurrency }) => {
                // What is behind it may be as high as a screen, and lines above are measured anew.
                let hold = Hold::row(&line);
                page.choose(|selection| open_or_close(selection, &word, concurrency));
                if let Some(hold) = hold {
                    hold.keep();
                }
            }
            Some(Key { kind: Kind::Group, word, .. }) if by_button => {
                page.choose(|selection| switch(&mut selection.folded, &word));
            }
            _ => {}
        }
    };
    let first = first.on_click(press).made(move |body| bodies.update_value(|bodies| bodies.push(body)));
    let behind = behind.on_click(press).made(move |body| {
        bodies.update_value(|bodies| bodies.push(body));
        // What opens below a row lives as long as it is open, and not until the next change of the lines.
        let owner = Owner::current().unwrap_or_default();
        browser::keep(RenderEffect::new(move |_| {
            let drawing = lines();
            let inside = |key: &Key| self::behind(page, key);
            owner.with(|| {
                shown.try_update_value(|shown| {
                    bodies.with_value(|bodies| shown.show(bodies, drawing, &inside));
                });
            });
        }));
    });
    [first, behind]
}

/// The line that a press is for, and whether its button was pressed: none where a press answers elsewhere, as a link does,
/// or selects words. `boot.js` has the same rule for the static table.
fn pressed_line(event: &leptos::ev::MouseEvent) -> Option<(web_sys::Element, bool)> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let pressed = target.closest("button, a").ok()?;
    let is_for_line = match &pressed {
        Some(pressed) => pressed.has_attribute("aria-expanded"),
        None => event.detail() < 2 && !browser::has_selected_text(),
    };
    if !is_for_line {
        return None;
    }
    Some((target.closest("tr").ok()??, pressed.is_some()))
}

/// Opens a row, or closes it by whichever word a link has opened it.
fn open_or_close(selection: &mut Selection, configuration: &str, concurrency: u16) {
    let one = row_slug(configuration, concurrency);
    let opens = if selection.concurrency == Concurrency::All { one.as_str() } else { configuration };
    let by = [configuration, &one].into_iter().find(|by| selection.open.iter().any(|open| open == by));
    switch(&mut selection.open, by.unwrap_or(opens));
}

/// A line of the table, a row in brief, of this height, its name alone; none where the answer has none.
fn line(page: Page, answer: &Answer, item: Item, brief: Option<f64>) -> Option<Line> {
    let index = &page.data.index;
    let key = |kind, row: &Row| Key {
        kind,
        word: configuration_slug(index, row.configuration),
        concurrency: row.concurrency,
    };
    Some(match item {
        Item::Group(at) => {
            let group = answer.groups.get(at)?;
            let is_open = page.unfolded.with(|unfolded| !unfolded.folded.contains(&group.key));
            let key = Key { kind: Kind::Group, word: group.key.clone(), concurrency: 0 };
            Line { key, content: group_line(page, group, is_open) }
        }
        Item::Row(at) => {
            let row = answer.rows.get(at)?;
            let key = key(Kind::Row, row);
            let is_open = page.unfolded.with(|unfolded| {
                let is = |open: &String| *open == key.word || *open == row_slug(&key.word, key.concurrency);
                unfolded.open.iter().any(is)
            });
            let content = match brief {
                Some(height) => named_row_line(page, row, &detail_id(&key), is_open)
                    .attr("style", format!("min-height:{}px", plain(height))),
                None => row_line(page, row, answer.top, &detail_id(&key), is_open),
            };
            // The head is the first one.
            Line { key, content: content.attr(ROW_INDEX, (at + 2).to_string()) }
        }
        Item::Detail(at) => {
            let key = key(Kind::Detail, answer.rows.get(at)?);
            let cell = tag("td", "").attr("role", "cell").attr("colspan", "7").attr("id", detail_id(&key));
            Line { key, content: tag("tr", "detail").attr("role", "row").child(cell) }
        }
    })
}

/// A line of the static page.
fn static_line(page: Page, Line { key, content }: Line) -> AnyView {
    content.view((key.kind == Kind::Detail).then(|| behind(page, &key)))
}

/// What is behind a row.
fn behind(page: Page, key: &Key) -> AnyView {
    configuration_named(&page.data.index, &key.word)
        .map_or_else(nothing, |configuration| details(page, configuration))
}

fn detail_id(key: &Key) -> String {
    format!("detail-{}-{}", key.word, key.concurrency)
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
fn switch(list: &mut Vec<String>, word: &str) {
    match list.binary_search_by(|other| other.as_str().cmp(word)) {
        Ok(at) => drop(list.remove(at)),
        Err(at) => list.insert(at, word.to_owned()),
    }
}

/// A button that opens or folds something below it, and says so by a small arrow. What it opens is there while it is
/// open, and so is its id.
pub(super) fn unfolding(class: &str, is_open: bool, id: &str) -> Tag {
    let button = tag("button", class)
        .attr("type", "button")
        .attr("aria-expanded", if is_open { "true" } else { "false" });
    let button = if is_open && !id.is_empty() { button.attr("aria-controls", id) } else { button };
    button.child(tag("span", "marker").attr("aria-hidden", "true"))
}

/// The heading of a group, which folds it.
fn group_line(page: Page, group: &GroupSpan, is_open: bool) -> Tag {
    let GroupSpan { label, released, results, .. } = group;
    // Models that nobody published have no month.
    #[cfg(feature = "whole")]
    let released = &released.clone().filter(|_| group.key != crate::own::UNLISTED);
    let button = unfolding("", is_open, "")
        .child(tag("bdi", "group-name").text(label))
        .child(tag("span", "group-count").text(format!("({})", page.data.locale.count(*results))))
        .maybe(
            released.as_ref().map(|month| tag("span", "group-released").text(format!("released {month}"))),
        );
    let cell = tag("th", "").attr("scope", "rowgroup").attr("role", "rowheader").attr("colspan", "7");
    tag("tr", "group").attr("role", "row").child(cell.child(button))
}
