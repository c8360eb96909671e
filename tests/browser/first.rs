//! The page begins with the results of the first view, and gets the others when the reader wants them.

use crate::{
    Test,
    any_page::{SHIFTS, shifts},
    harness::{dist, page::Page, server::Fault},
    reading::{groups, lines, rows, status, until, until_answered},
};
use serde_json::{Value, json};
use tokscope::{index::Index, query::first_view};

pub(crate) const TESTS: &[Test] = &[
    ("begins_with_a_part_and_asks_for_the_rest_once", begins_with_a_part_and_asks_for_the_rest_once),
    ("a_link_with_choices_asks_for_all_at_once", a_link_with_choices_asks_for_all_at_once),
    ("a_row_opens_in_the_whole_program", a_row_opens_in_the_whole_program),
    ("nothing_moves_when_the_rest_arrives", nothing_moves_when_the_rest_arrives),
    ("a_choice_is_answered_when_its_results_are_here", a_choice_is_answered_when_its_results_are_here),
    ("an_order_needs_no_more_results", an_order_needs_no_more_results),
    ("back_and_forward_wait_as_well", back_and_forward_wait_as_well),
    ("the_first_view_stays_without_the_rest", the_first_view_stays_without_the_rest),
    ("a_host_without_the_part_is_no_failure", a_host_without_the_part_is_no_failure),
    ("results_that_were_replaced_are_shown_anew", results_that_were_replaced_are_shown_anew),
    ("rows_beyond_the_part_come_by_themselves", rows_beyond_the_part_come_by_themselves),
    ("rows_without_a_figure_are_counted", rows_without_a_figure_are_counted),
    ("the_static_page_has_the_first_rows", the_static_page_has_the_first_rows),
    ("what_was_chosen_before_the_program_came_is_done", what_was_chosen_before_the_program_came_is_done),
    ("a_view_is_marked_while_its_program_is_on_its_way", a_view_is_marked_while_its_program_is_on_its_way),
    ("what_was_pressed_before_the_program_came_is_done", what_was_pressed_before_the_program_came_is_done),
];

/// The prefill metric's button.
const PREFILL: &str = ".toggle[aria-label=Metric] .toggle-option:nth-child(2) input";

/// Names of the files asked for since the test began, each as often as it was.
fn files(page: &mut Page) -> Vec<String> {
    let own = page.server().url("");
    let files = page.requests().iter().filter_map(|url| url.strip_prefix(&own));
    let mut files: Vec<String> =
        files.filter(|file| file.contains('.') && !file.contains('?')).map(str::to_owned).collect();
    files.sort();
    files
}

fn asked_for(page: &mut Page, part: &str) -> usize {
    files(page).iter().filter(|file| file.contains(part)).count()
}

/// Opens the default view with the pointer where it touches nothing.
fn open_untouched(page: &mut Page) {
    page.point_at(1.0, 1.0);
    page.open("");
}

fn rest_is_here(page: &Page) {
    page.wait_for("!('part' in document.documentElement.dataset)");
}

/// The file of the program of every view.
fn whole_program(page: &Page) -> String {
    page.text_of("document.querySelector('script[data-whole]').dataset.whole.slice(2) + '_bg.wasm'")
}

/// The page without anything kept, whose programs are on their way until the server heals.
fn open_without_its_programs(page: &mut Page) {
    page.expect_console("link preload");
    page.open("");
    let first = page.text_of("document.querySelector('script[data-wasm]').dataset.wasm.slice(2)");
    page.server().fault(&first, Fault::Stall);
    page.server().fault(&whole_program(page), Fault::Stall);
    page.forget();
    page.leave_by(&format!("location.href = '{}'", page.server().url("")));
    page.wait_for("globalThis.opened && document.querySelector('.search input')");
}

/// From the first view, after thinking better of it, and by a link.
fn a_view_is_marked_while_its_program_is_on_its_way(page: &mut Page) {
    page.expect_console("link preload");
    open_untouched(page);
    let marked = |page: &Page| {
        page.eval("[...document.querySelectorAll('nav [aria-current=page]')].map((link) => link.text)")
    };
    page.server().fault(&whole_program(page), Fault::Stall);
    page.click("nav a[href^='?view=hardware']");
    page.wait_for("'upgrading' in document.documentElement.dataset");
    assert_eq!(marked(page), json!(["Hardware"]));
    page.back();
    page.wait_for("location.search === ''");
    until(&json!(["Runs"]), "the mark", || marked(page));
    page.leave_by(&format!("location.href = '{}'", page.server().url("?view=model")));
    page.wait_for("globalThis.opened && document.querySelector('nav')");
    until(&json!(["Models"]), "the mark", || marked(page));
    assert_eq!(
        page.eval("document.documentElement.dataset.state ?? null"),
        Value::Null,
        "nothing answers yet"
    );
    page.server().heal();
    page.wait_for_state("ready");
    assert_eq!(marked(page), json!(["Models"]));
}

/// A header sorts, groups fold, a menu opens, and a row opens, by its button or beside it.
fn what_was_pressed_before_the_program_came_is_done(page: &mut Page) {
    let dark = "document.documentElement.dataset.theme === 'dark'";
    let menu = "document.querySelector('.facet:nth-child(2)[open] .option') !== null";
    let focused = |what: &str| format!("document.activeElement.matches('{what}')");
    let in_address = |what: &str| format!("location.search.includes('{what}')");
    for (pressed, done) in [
        (
            &[".sort[data-term=variant]", ".group button", ".group ~ .group button"][..],
            [in_address("sort="), in_address(",")],
        ),
        (&[".sort[data-term=quant]", ".search input"], [in_address("sort=quant"), focused(".search input")]),
        (&[".icon-button", ".facet:nth-child(2) summary"], [dark.to_owned(), menu.to_owned()]),
        // The page is on its way already.
        (&[".icon-button", "nav a[href^='?']"], [dark.to_owned(), in_address("theme=dark")]),
        (
            &[".share-button", "Escape"],
            [focused(".share-button"), "!document.querySelector('#share:popover-open')".to_owned()],
        ),
        (&[".unmeasured .link-button"], [in_address("metric="), "true".to_owned()]),
        (&[".row:nth-child(3) .open-row"], [in_address("open="), focused(".row.is-open .open-row")]),
        (&[".row:nth-child(3) .column-quant"], [in_address("open="), "true".to_owned()]),
    ] {
        open_without_its_programs(page);
        for pressed in pressed {
            match *pressed {
                "Escape" => page.keys("Escape"),
                pressed => page.click(&format!("#app {pressed}")),
            }
        }
        assert_eq!(page.address(), "", "nothing answers yet");
        page.server().heal();
        page.wait_for_state("ready");
        for done in &done {
            page.wait_for(done);
        }
        until_answered(page);
    }
    page.wait_for("document.querySelector('tr.detail table')");
    assert_eq!(
        page.eval("document.querySelector('.row.is-open') === document.querySelectorAll('.row')[1]"),
        true
    );
}

/// Typed, chosen and held before anything could answer.
fn what_was_chosen_before_the_program_came_is_done(page: &mut Page) {
    open_without_its_programs(page);
    page.click(PREFILL);
    page.type_into(".search input", "gemma");
    assert_eq!(page.address(), "", "nothing answers yet");
    page.server().heal();
    page.wait_for_state("ready");
    page.wait_for("location.search.includes('metric=prefill') && location.search.includes('q=gemma')");
    assert_eq!(page.eval("document.activeElement.matches('.search input')"), true);
    page.wait_for("document.querySelector('.results-table thead').textContent.includes('Prefill')");
    until_answered(page);
    assert!(
        groups(page).iter().all(|(name, ..)| name.to_lowercase().contains("gemma")),
        "{:?}",
        groups(page)
    );
}

/// Everything that counts something.
fn counts(page: &Page) -> Value {
    page.eval(
        "[...document.querySelectorAll('.site-summary, .status-line, .option, .toggle-option, .group-count, .more-shapes')] \
           .map((one) => `${one.className} ${one.textContent}`)",
    )
}

fn begins_with_a_part_and_asks_for_the_rest_once(page: &mut Page) {
    open_untouched(page);
    // The icon is the browser's own wish, for its tab and for what the manifest says.
    let asked: Vec<String> = files(page).into_iter().filter(|file| file != "favicon.svg").collect();
    let mut once = asked.clone();
    once.dedup();
    assert_eq!(asked, once, "a file twice");
    assert!(asked.contains(&"first.json".to_owned()), "{asked:?}");
    assert!(!asked.iter().any(|file| file == "index.json" || file.contains("whole")), "{asked:?}");
    assert_eq!(page.eval("document.documentElement.dataset.part"), "");
    let (counted, table) = (counts(page), lines(page));
    page.hover(".controls .facet summary");
    rest_is_here(page);
    assert_eq!(asked_for(page, "index.json"), 1);
    assert_eq!((counts(page), lines(page)), (counted, table));
    page.hover(".results-table .row");
    page.click(PREFILL);
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    assert_eq!((asked_for(page, "index.json"), asked_for(page, "first.json")), (1, 1));
}

/// What the page asks for ahead of its script, the first view's part, it leaves: a second request would be its use.
fn a_link_with_choices_asks_for_all_at_once(page: &mut Page) {
    for query in ["?q=gemma", "?view=hardware", "?metric=ttft"] {
        let before = (asked_for(page, "index.json"), asked_for(page, "first.json"));
        page.open(query);
        assert_eq!(
            (asked_for(page, "index.json"), asked_for(page, "first.json")),
            (before.0 + 1, before.1 + 1),
            "{query}"
        );
        assert_eq!(page.eval("document.documentElement.dataset.part ?? null"), Value::Null);
    }
}

fn a_row_opens_in_the_whole_program(page: &mut Page) {
    open_untouched(page);
    page.click(".row:nth-child(2) .open-row");
    page.wait_for("document.querySelector('tr.detail table')");
    page.wait_for("document.activeElement.matches('.row:nth-child(2) .open-row[aria-expanded=true]')");
    assert!(page.address().starts_with("?open="), "{}", page.address());
    assert_eq!((asked_for(page, "index.json"), asked_for(page, "first.json")), (1, 1));
    page.click(".row:nth-child(2) .open-row");
    page.wait_for("!document.querySelector('tr.detail')");
    // A link to it opens it at once.
    page.back();
    page.wait_for("document.querySelector('tr.detail table')");
}

/// Focus, scroll position, an open menu, and every element stay where they are.
fn nothing_moves_when_the_rest_arrives(page: &mut Page) {
    let watching = page.prepare(SHIFTS);
    open_untouched(page);
    page.server().fault("index.json", Fault::Stall);
    page.run("scrollTo(0, 40);", json!([]));
    page.click(".facet:nth-child(2) summary");
    page.keys("Tab");
    let place = "[scrollY, document.querySelectorAll('.facet[open]').length, document.activeElement.outerHTML, \
        document.querySelector('#rows').getBoundingClientRect().top]";
    let before = page.eval(place);
    // Loading may have moved something by itself: another test says how much.
    let (while_loading, _) = shifts(page);
    page.run("document.querySelectorAll('main *').forEach((one) => { one.kept = true; });", json!([]));
    let made_anew = "[...document.querySelectorAll('.controls *, .lines *')].filter((one) => !one.kept).map((one) => one.outerHTML.slice(0, 200))";
    page.server().heal();
    rest_is_here(page);
    page.run_async("requestAnimationFrame(() => requestAnimationFrame(arguments[0]));", json!([]));
    assert_eq!(page.eval(place), before);
    assert_eq!(page.eval(made_anew), json!([]), "elements were made anew");
    let (shift, moved) = shifts(page);
    assert!(shift == while_loading, "something moved: {moved:#?}");
    page.unprepare(watching);
}

fn a_choice_is_answered_when_its_results_are_here(page: &mut Page) {
    open_untouched(page);
    let before = lines(page);
    page.server().fault("index.json", Fault::Stall);
    page.click(PREFILL);
    until(&"Loading the other results…".to_owned(), "the status", || status(page));
    assert_eq!(page.count(".results[aria-busy=true]"), 1);
    assert_eq!(lines(page), before, "what is not here is not made up");
    assert!(page.text(".results-table thead").contains("Decode"));
    assert_eq!(page.address(), "?metric=prefill");
    page.assert_accessible("while it waits");
    page.server().heal();
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    assert_eq!(page.count(".results[aria-busy]"), 0);
    assert_eq!(
        page.eval(
            "document.activeElement === document.querySelector(\".toggle[aria-label=Metric] input:checked\")"
        ),
        true
    );
    let answered = (lines(page), status(page));
    page.open("?metric=prefill");
    assert_eq!((lines(page), status(page)), answered);
}

fn an_order_needs_no_more_results(page: &mut Page) {
    open_untouched(page);
    page.server().fault("index.json", Fault::Stall);
    page.click(".column-quant .sort");
    page.wait_for("document.querySelector('th.column-quant').ariaSort === 'ascending'");
    assert_eq!(page.count(".results[aria-busy]"), 0);
    let sorted = lines(page);
    page.server().heal();
    rest_is_here(page);
    assert_eq!(lines(page), sorted);
    page.open("?sort=quant");
    assert_eq!(lines(page), sorted);
}

fn back_and_forward_wait_as_well(page: &mut Page) {
    page.open("?q=gemma");
    let expected = lines(page);
    page.click(".chip");
    page.wait_for("location.search === ''");
    // A page that was left and comes back begins anew.
    page.run("location.reload();", json!([]));
    page.wait_for(
        "document.documentElement.dataset.state === 'ready' && 'part' in document.documentElement.dataset",
    );
    page.back();
    until(&expected, "what the link shows", || lines(page));
}

fn the_first_view_stays_without_the_rest(page: &mut Page) {
    page.expect_console("500");
    open_untouched(page);
    let before = lines(page);
    page.server().fault("index.json", Fault::Status(500));
    page.hover(".controls .facet summary");
    page.run_async("setTimeout(arguments[0], 0);", json!([]));
    page.click(PREFILL);
    page.wait_for("document.querySelector('.notice-error')");
    assert!(page.text(".notice-error").contains("index.json"), "{}", page.text(".notice-error"));
    assert!(page.text(".notice-error").contains("500"), "{}", page.text(".notice-error"));
    assert_eq!(lines(page), before);
    page.assert_accessible("without the other results");
    // The default view is there again as soon as it is asked for.
    page.click(".toggle[aria-label=Metric] .toggle-option:first-child input");
    page.wait_for("!document.querySelector('.notice-error')");
    assert!(status(page).contains(" results in "), "{}", status(page));
    page.click(PREFILL);
    page.wait_for("document.querySelector('.notice-error button')");
    page.server().heal();
    page.click(".notice-error button");
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    assert_eq!(page.count(".notice-error"), 0);
}

fn a_host_without_the_part_is_no_failure(page: &mut Page) {
    page.expect_console("404");
    page.server().fault("first.json", Fault::Status(404));
    page.open("");
    assert_eq!(page.eval("document.documentElement.dataset.part ?? null"), Value::Null);
    assert!(!rows(page).is_empty());
}

/// Other data were published after the page was opened: positions of the part do not hold in them.
fn results_that_were_replaced_are_shown_anew(page: &mut Page) {
    open_untouched(page);
    let mut newer: Value =
        serde_json::from_slice(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let modes = newer["words"]["modes"].as_array_mut().unwrap();
    modes.push(json!("a new mode"));
    page.server().fault("index.json", Fault::Body("application/json", newer.to_string()));
    page.click(PREFILL);
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    until_answered(page);
    assert!(asked_for(page, "whole") > 0);
    assert_eq!(page.address(), "?metric=prefill");
    assert!(!rows(page).is_empty());
}

/// The part as it would be of many more results: some of its rows are missing.
fn rows_beyond_the_part_come_by_themselves(page: &mut Page) {
    let whole = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let part = String::from_utf8(first_view(&whole, 20).to_json()).unwrap();
    open_untouched(page);
    let (all, counted, headings) = (lines(page), counts(page), groups(page));
    page.server().fault("first.json", Fault::Body("application/json", part));
    page.server().fault("index.json", Fault::Stall);
    page.visit("about:blank");
    page.open_into("", "filling");
    page.wait_for("document.querySelectorAll('.lines .row').length === 20");
    let some = groups(page);
    assert_eq!(headings[..some.len()], some, "groups count what is not here as well");
    let more = rows_of(&all) - 20;
    assert_eq!(page.text(".more-rows"), format!("Loading {more} more rows…"));
    let first: Value = counts(page);
    let without_groups = |counts: &Value| {
        let all = counts.as_array().unwrap().iter().filter_map(Value::as_str);
        all.filter(|text| !text.starts_with("group-count")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(without_groups(&first), without_groups(&counted));
    page.server().heal();
    page.wait_for_state("ready");
    assert_eq!(lines(page), all);
    assert_eq!(counts(page), counted);
    assert_eq!(page.count(".more-rows"), 0);
    assert!(page.count("figure.chart") > 1);
}

fn rows_of(lines: &[crate::reading::Line]) -> usize {
    lines.iter().filter(|line| matches!(line, crate::reading::Line::Row(_))).count()
}

/// What has no value of a metric is not in its table, and is told of with the metric that it has.
fn rows_without_a_figure_are_counted(page: &mut Page) {
    page.open("?metric=ttft");
    let shown = rows(page);
    assert!(shown.iter().all(|row| row.value != "—" || !row.mark.is_empty()), "{shown:?}");
    let words = page.text(".unmeasured");
    let count: usize =
        words.split(' ').next().and_then(|count| count.parse().ok()).expect("a number of rows");
    assert!(words.contains("without a value of TTFT are left out"), "{words}");
    page.open("?metric=ttft&conc=1");
    page.click(".unmeasured button");
    page.wait_for("!location.search.includes('metric=ttft')");
    page.wait_for("document.activeElement.matches('input[name=metric]:checked')");
    // Not all of them are drawn.
    let all = "Number(document.querySelector('.results-table').getAttribute('aria-rowcount'))";
    until(&true, "their rows", || {
        page.eval(all).as_f64().is_some_and(|all| all > count.min(shown.len()) as f64)
    });
    page.assert_accessible("with what is left out");
}

fn the_static_page_has_the_first_rows(page: &mut Page) {
    page.javascript(false);
    page.visit(&page.server().url(""));
    let here = page.count(".results-table > tbody:not(.spacer) > tr");
    assert!((10..=100).contains(&here), "{here} lines");
    let rows = page.count(".results-table .row");
    let all: u64 = page.text_of("document.querySelector('.results-table').ariaRowCount ?? document.querySelector('.results-table').getAttribute('aria-rowcount')").parse().unwrap();
    if rows + 1 < all {
        let more = page.text(".more-rows");
        assert!(more.starts_with(&format!("{} more row", all - 1 - rows)), "{more}");
    }
}
