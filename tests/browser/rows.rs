//! Rows that come and go: while a reader scrolls faster than anybody reads, and where one that is open moves.

use crate::{
    Test,
    harness::{page::Page, server::Fault},
    made_up::{self, Random},
    reading::until,
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("rows_in_flight_have_names_and_at_rest_everything", rows_in_flight_have_names_and_at_rest_everything),
    ("rows_below_the_screen_follow", rows_below_the_screen_follow),
    ("rows_from_far_below_are_not_blank", rows_from_far_below_are_not_blank),
    ("rows_that_are_there_stay", rows_that_are_there_stay),
    ("a_reader_far_down_stays_there", a_reader_far_down_stays_there),
    (
        "a_row_that_brings_the_whole_program_stays_where_it_was_pressed",
        a_row_that_brings_the_whole_program_stays_where_it_was_pressed,
    ),
    ("one_row_opens_of_those_of_a_configuration", one_row_opens_of_those_of_a_configuration),
    ("an_open_row_takes_what_is_below_it_along", an_open_row_takes_what_is_below_it_along),
];

/// Scrolls by three quarters of a screen a frame, to and fro, as a wheel does, and looks in each frame after it was drawn:
/// the rows on the screen, those without a name, and the fewest cells of one.
const FLY: &str = "const done = arguments[0]; \
    const frame = () => new Promise(requestAnimationFrame); \
    const drawn = () => new Promise((next) => { \
        const { port1, port2 } = new MessageChannel(); \
        port1.onmessage = next; \
        port2.postMessage(null); \
    }); \
    (async () => { \
        dispatchEvent(new WheelEvent('wheel')); \
        const looks = []; \
        for (let turn = 0; turn < 24; turn += 1) { \
            scrollBy(0, innerHeight * (turn % 8 < 4 ? 0.75 : -0.75)); \
            await frame(); \
            await drawn(); \
            const isSeen = (row) => { \
                const { top, bottom } = row.getBoundingClientRect(); \
                return bottom > 0 && top < innerHeight; \
            }; \
            const rows = [...document.querySelectorAll('.lines > .row')].filter(isSeen); \
            const names = rows.filter((row) => row.querySelector('.open-row').textContent.trim()); \
            looks.push([rows.length, rows.length - names.length, Math.min(...rows.map((row) => row.cells.length))]); \
        } \
        return looks; \
    })().then(done, (error) => done(String(error)));";

/// How far the page is scrolled, and how high it is, once two frames have passed.
const PLACE: &str = "requestAnimationFrame(() => requestAnimationFrame(() => \
    arguments[0]([scrollY, document.documentElement.scrollHeight])));";

fn rows_in_flight_have_names_and_at_rest_everything(page: &mut Page) {
    let long = made_up::of_runs(&mut Random::new(3), Some(900)).to_json();
    page.server().fault("index.json", Fault::Body("application/json", String::from_utf8(long).unwrap()));
    page.open("?group=none&conc=all");
    until(&json!(true), "a long table", || page.eval("document.querySelector('#rows.is-long') !== null"));
    // One jump, as the key End makes it, is drawn at once and whole.
    let whole = "[...document.querySelectorAll('.lines > .row')] \
        .every((row) => row.cells.length === 7 && row.querySelector('.value').textContent.trim() !== '')";
    let jumped = "const done = arguments[0]; scrollBy(0, innerHeight * 3); \
        requestAnimationFrame(() => requestAnimationFrame(() => done(WHOLE)));";
    let jumped = page.run_async(&jumped.replace("WHOLE", whole), json!([]));
    assert_eq!(jumped, true, "a single jump");
    // A table whose rows are lines, and one whose rows are cards.
    for width in [1_280, 360] {
        page.size(width, 800);
        until(&json!(width), "the width", || page.eval("innerWidth"));
        // Where the rows above have been there: of others Firefox knows no height, and scrolls along when it does. The page
        // would come back to the row that was read.
        page.run("dispatchEvent(new WheelEvent('wheel')); scrollTo(0, innerHeight * 3);", json!([]));
        until(&json!(true), "whole rows", || page.eval(whole));
        let place = page.run_async(PLACE, json!([]));
        let looks = page.run_async(FLY, json!([]));
        let looks: Vec<[u32; 3]> =
            serde_json::from_value(looks.clone()).unwrap_or_else(|_| panic!("{looks}"));
        for [rows, nameless, _] in &looks {
            assert!(*rows > 3 && *nameless == 0, "at {width}: {looks:?}");
        }
        assert!(looks.iter().any(|[_, _, cells]| *cells == 1), "names alone at {width}: {looks:?}");
        until(&json!(true), "whole rows at rest", || page.eval(whole));
        // Cards differ in height, and how high those are that are not there is guessed by one that is.
        if width == 1_280 {
            assert_eq!(page.run_async(PLACE, json!([])), place, "to and fro, and the same height");
        }
    }
}

/// Chooses another order, and says before anything else happens what of the table is there: the root's word for it, the
/// rows on the screen and below it that are shown, what those on the screen say, how high the page is, and what the others
/// take of it.
const ORDER: &str = "const done = arguments[0]; \
    (async () => { \
        document.querySelector('thead .column-variant .sort').click(); \
        for (let turn = 0; turn < 100; turn += 1) await null; \
        const rows = [...document.querySelectorAll('.lines:not([data-waits]) > .row')]; \
        const seen = rows.filter((row) => row.getBoundingClientRect().top < innerHeight); \
        return [document.documentElement.dataset.rows ?? '', rows.length, seen.map((row) => row.innerText), \
            document.documentElement.scrollHeight, document.querySelector('[data-waits]').getBoundingClientRect().height]; \
    })().then(done);";

/// What is on the screen is another at once, and what is below it once nothing changes any more.
fn rows_below_the_screen_follow(page: &mut Page) {
    page.open("");
    let all: usize = page.text_of("document.querySelector('.results-table').ariaRowCount").parse().unwrap();
    let rows = "document.querySelectorAll('.lines:not([data-waits]) > .row').length";
    assert_eq!(page.eval(rows), json!(all - 1));
    let at_once = page.run_async(ORDER, json!([]));
    let (behind, drawn, seen, high, waiting): (String, usize, Vec<String>, f64, f64) =
        serde_json::from_value(at_once).unwrap();
    assert_eq!((&*behind, waiting), ("behind", 0.0));
    assert!((4..40).contains(&drawn) && seen.len() <= drawn, "{drawn} rows at once");
    page.wait_for_rows();
    assert_eq!(page.eval(rows), json!(all - 1));
    assert_eq!(page.count(".lines[data-waits]"), 0);
    let numbers = "[...document.querySelectorAll('.lines > .row')].map((row) => Number(row.ariaRowIndex))";
    assert_eq!(page.eval(numbers), json!((2..=all).collect::<Vec<_>>()), "in their order, each once");
    // There is as much room for what is not there yet, but for what its first lines say of the others' heights.
    let height = page.eval("document.documentElement.scrollHeight").as_f64().unwrap();
    assert!((height - high).abs() < 100.0, "the page was {high} high, and is {height}");
    let first = format!(
        "[...document.querySelectorAll('.lines > .row')].slice(0, {}).map((row) => row.innerText)",
        seen.len()
    );
    assert_eq!(page.eval(&first), json!(seen), "what was on the screen stays");
}

/// Ticks a rig, and counts behind the frame that follows the rows on the screen, and those of them that are blank there.
const TICK: &str = "const done = arguments[1]; \
    const option = [...document.querySelectorAll('.facet .option')].find((one) => one.textContent.startsWith(arguments[0])); \
    option.querySelector('input').click(); \
    const behind = new MessageChannel(); \
    behind.port1.onmessage = () => { \
        const isSeen = ({ bottom, top }) => bottom > 0 && top < innerHeight; \
        const rows = [...document.querySelectorAll('.lines:not([data-waits]) > .row')].filter((row) => isSeen(row.getBoundingClientRect())); \
        const isBlank = (row) => !row.firstElementChild.checkVisibility({ contentVisibilityAuto: true }); \
        done([rows.length, rows.filter(isBlank).length]); \
    }; \
    requestAnimationFrame(() => behind.port2.postMessage(null));";

/// Rows that a filter brings to the screen from far below are there in the frame that shows them.
fn rows_from_far_below_are_not_blank(page: &mut Page) {
    page.open("");
    // The first filter has every result fetched.
    for (rig, least) in [("EPYC 7352", 0), ("EPYC 7352", 5), ("GeForce RTX 5070", 5), ("GeForce RTX 5070", 5)]
    {
        let (seen, blank): (usize, usize) =
            serde_json::from_value(page.run_async(TICK, json!([rig]))).unwrap();
        assert!(seen >= least && blank == 0, "{rig}: of {seen} rows {blank} are blank");
        page.wait_for("!document.querySelector('[aria-busy]')");
        page.wait_for_rows();
    }
}

/// Opens the first row, and counts before anything else happens the rows that are hidden.
const OPEN: &str = "const done = arguments[0]; \
    (async () => { \
        document.querySelector('.open-row').click(); \
        for (let turn = 0; turn < 100; turn += 1) await null; \
        return [document.querySelectorAll('.lines > .detail').length, document.querySelectorAll('[data-waits] > *').length]; \
    })().then(done);";

/// Scrolls up to the top, half a screen a frame, and counts in each the rows that are hidden.
const UP: &str = "const done = arguments[0]; \
    const hidden = () => document.querySelectorAll('[data-waits] > *').length; \
    const up = (most) => requestAnimationFrame(() => { \
        if (scrollY === 0) return done(Math.max(most, hidden())); \
        scrollBy(0, -innerHeight / 2); \
        up(Math.max(most, hidden())); \
    }); \
    up(hidden());";

/// Where one opens, and after another order far down, when a reader scrolls up.
fn rows_that_are_there_stay(page: &mut Page) {
    page.open("?view=runs&conc=1");
    assert_eq!(page.run_async(OPEN, json!([])), json!([1, 0]));
    page.open("");
    page.run(
        "document.querySelectorAll('.lines > .row')[80].scrollIntoView({ block: 'center' });",
        json!([]),
    );
    page.run("document.querySelector('thead .column-variant .sort').click();", json!([]));
    page.wait_for_rows();
    assert_eq!(page.run_async(UP, json!([])), 0);
}

/// Opening a row brings the whole program, which leaves the focus on the row, and both on the screen.
fn a_reader_far_down_stays_there(page: &mut Page) {
    page.open("");
    let row = "document.querySelectorAll('.lines > .row')[60]";
    page.run(&format!("{row}.scrollIntoView({{ block: 'center' }});"), json!([]));
    let name = page.text_of(&format!("{row}.textContent"));
    page.run(
        &format!("{row}.querySelector('.open-row').focus({{ preventScroll: true }}); {row}.querySelector('.open-row').click();"),
        json!([]),
    );
    page.wait_for("document.querySelector('tr.detail table') && 'taken' in document.documentElement.dataset");
    page.wait_for(&format!("document.activeElement === {row}.querySelector('.open-row')"));
    assert_eq!(page.text_of(&format!("{row}.textContent")), name);
    let place = page.eval(&format!("{row}.getBoundingClientRect().top"));
    assert!((0.0..700.0).contains(&place.as_f64().unwrap()), "{place}");
}

/// Rows have other heights than they seem to until they are laid out, and those of another program all at once.
fn a_row_that_brings_the_whole_program_stays_where_it_was_pressed(page: &mut Page) {
    for query in ["?group=hardware&conc=all", "?group=none"] {
        page.open(query);
        page.run("scrollTo(0, 3000);", json!([]));
        // A group's heading may be where it is looked for.
        page.run(
            "window.at = () => [490, 530].map((y) => document.elementFromPoint(300, y)?.closest('.lines > .row')).find((row) => row);",
            json!([]),
        );
        page.wait_for("at()");
        page.run(
            "const row = at(); \
             window.pressed = { number: row.getAttribute('aria-rowindex'), top: row.getBoundingClientRect().top }; \
             row.querySelector('.column-backend').click();",
            json!([]),
        );
        page.wait_for(
            "document.querySelector('tr.detail .row-links') && 'taken' in document.documentElement.dataset",
        );
        page.wait_for(
            "(() => { const row = document.querySelector(`.lines > [aria-rowindex=\"${pressed.number}\"]`); \
               return row?.matches('.is-open') && Math.abs(row.getBoundingClientRect().top - pressed.top) < 2; })()",
        );
    }
}

/// Where each concurrency has a row. A link of the configuration alone opens all of them, as it always did.
fn one_row_opens_of_those_of_a_configuration(page: &mut Page) {
    let open =
        "[...document.querySelectorAll('.row.is-open .column-concurrency')].map((cell) => cell.textContent)";
    page.open("?conc=all&q=baseline-pl-450w");
    page.run(
        "[...document.querySelectorAll('.row')].find((row) => row.querySelector('.column-concurrency').textContent.endsWith('4')) \
         .querySelector('.open-row').click();",
        json!([]),
    );
    page.wait_for("document.querySelectorAll('tr.detail').length === 1");
    assert!(page.address().ends_with("~4"), "{}", page.address());
    assert_eq!(page.eval(open), json!(["conc. 4"]));
    let address = page.address();
    page.open(&address);
    assert_eq!(page.eval(open), json!(["conc. 4"]));
    page.open(address.trim_end_matches("~4"));
    assert!(page.count("tr.detail") > 1);
    page.click(".row.is-open .column-backend");
    page.wait_for("!document.querySelector('tr.detail')");
}

fn an_open_row_takes_what_is_below_it_along(page: &mut Page) {
    page.open("?group=none");
    page.click("#rows > .row:nth-of-type(3) .open-row");
    until(&json!(true), "what is below a row", || {
        page.eval("document.querySelector('.lines .detail .details-body:not(.on-its-way)') !== null")
    });
    let name = page.text(".lines > .row.is-open .open-row");
    page.eval("document.querySelector('.lines .details-body').dataset.mark = 'here'");
    let below = "[...document.querySelectorAll('.lines > .detail')].map((line) => { \
        const row = line.previousElementSibling; \
        return [row.querySelector('.open-row').textContent, \
                row.querySelector('.open-row').getAttribute('aria-controls') === line.cells[0].id, \
                line.querySelector('.details-body').dataset.mark]; \
    })";
    let expected = json!([[name, true, "here"]]);
    assert_eq!(page.eval(below), expected);
    for column in ["variant", "variant", "metric", "quant"] {
        let before =
            page.eval("[...document.querySelectorAll('.lines > .row')].map((row) => row.textContent).join()");
        page.click(&format!("thead .column-{column} .sort"));
        until(&json!(true), "another order", || {
            page.run(
                "return [...document.querySelectorAll('.lines > .row')].map((row) => row.textContent).join() !== arguments[0];",
                json!([before]),
            )
        });
        page.wait_for_rows();
        assert_eq!(page.eval(below), expected, "by {column}");
    }
}
