//! What fits: on every width from a phone's to a wide screen's, and on paper.

use crate::{Test, harness::page::Page, reading::until};
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("nothing_in_the_table_is_cut", nothing_in_the_table_is_cut),
    ("an_open_row_keeps_its_tables", an_open_row_keeps_its_tables),
    ("a_phone_says_what_the_values_are", a_phone_says_what_the_values_are),
    ("paper_says_what_is_chosen", paper_says_what_is_chosen),
    ("paper_is_light", paper_is_light),
];

/// What lies outside of the table's edges, or does not fit its own box, with its words.
const CUT: &str = "(() => { \
    const { left, right } = document.querySelector('.results-table').getBoundingClientRect(); \
    const parts = document.querySelectorAll('.results-table > tbody .row :is(th, td, span, bdi, small, button)'); \
    return [...parts].filter((part) => { \
      const box = part.getBoundingClientRect(); \
      const isBar = part.closest('.range-bar'); \
      return box.width > 0 && !isBar && (box.right > right + 0.5 || box.left < left - 0.5 \
        || (part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1)); \
    }).slice(0, 5).map((part) => `${part.localName}.${part.className} ${part.textContent}`); \
  })()";

fn nothing_in_the_table_is_cut(page: &mut Page) {
    for query in ["", "?metric=ttft&conc=all&group=none"] {
        page.open(query);
        for width in [
            320, 360, 414, 520, 640, 768, 880, 881, 890, 900, 910, 930, 950, 970, 990, 1010, 1060, 1120,
            1150, 1160, 1280, 1440, 1920,
        ] {
            page.size(width, 800);
            until(&json!(width), "the width", || page.eval("innerWidth"));
            assert_eq!(page.eval(CUT), json!([]), "at {width} px of {query:?}");
            let overlaps = page.eval(
                "[...document.querySelectorAll('.figure .mark')].filter((mark) => { \
                 const [a, b] = [mark, mark.parentElement.querySelector('.value')].map((one) => one.getBoundingClientRect()); \
                 return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4; \
                 }).length",
            );
            assert_eq!(overlaps, 0, "marks over values at {width} px of {query:?}");
            let cells = page.eval(
                "[...document.querySelectorAll('.row .column-quant')].slice(0, 9) \
                 .map((cell) => cell.getBoundingClientRect().height < 24 || innerWidth > 880).every(Boolean)",
            );
            assert_eq!(cells, true, "a quant stands on one line at {width} px");
        }
    }
}

/// For each cell of the tables of an open row: it stands below the header of its column.
const BELOW_HEADERS: &str = "(() => { \
    const faults = []; \
    for (const table of document.querySelectorAll('tr.detail table')) { \
      const heads = [...table.tHead.rows[0].cells].map((head) => head.getBoundingClientRect()); \
      for (const row of table.tBodies[0].rows) { \
        if (row.cells.length !== heads.length) continue; \
        for (const [at, cell] of [...row.cells].entries()) { \
          const box = cell.getBoundingClientRect(); \
          if (Math.abs(box.left - heads[at].left) > 1 || Math.abs(box.right - heads[at].right) > 1 \
            || box.top < heads[at].bottom - 1) faults.push(cell.textContent); \
        } \
      } \
    } \
    return faults.slice(0, 5); \
  })()";

fn an_open_row_keeps_its_tables(page: &mut Page) {
    page.open("?hardware=strix-halo-128gb&q=vl");
    page.click(".row .open-row");
    page.wait_for("document.querySelectorAll('tr.detail table').length > 1");
    let fits = |page: &Page, when: &str| {
        assert_eq!(page.eval(BELOW_HEADERS), json!([]), "{when}");
        let beyond = page.eval(
            "[...document.querySelectorAll('tr.detail .scroll-x')].filter((box) => \
             box.getBoundingClientRect().right > document.scrollingElement.clientWidth).length",
        );
        assert_eq!(beyond, 0, "{when}");
    };
    for width in [320, 414, 600, 768, 880, 1280] {
        page.size(width, 800);
        until(&json!(width), "the width", || page.eval("innerWidth"));
        fits(page, &format!("at {width} px"));
    }
    // A4 and Letter without their margins.
    for width in [718, 740] {
        page.size(width, 1000);
        page.print_media(true);
        until(&json!(width), "the width", || page.eval("innerWidth"));
        fits(page, &format!("on paper of {width} px"));
        let wide = "[...document.querySelectorAll('tr.detail table')].map((table) => \
            Math.max(0, Math.round(table.getBoundingClientRect().right - innerWidth)))";
        let wide: Vec<u64> = serde_json::from_value(page.eval(wide)).unwrap();
        assert!(wide.iter().all(|&beyond| beyond == 0), "{wide:?} beyond paper of {width} px");
        page.print_media(false);
    }
}

fn a_phone_says_what_the_values_are(page: &mut Page) {
    page.size(360, 800);
    for (query, unit, heading) in
        [("", "tok/s", "Decode tok/s"), ("?metric=ttft", "ms", "TTFT ms"), ("?metric=load", "s", "Load s")]
    {
        page.open(query);
        assert!(is_shown(page, ".value .phone-only"));
        assert_eq!(page.text(".value .phone-only").trim(), unit, "{query}");
        assert_eq!(page.text("thead .column-metric .term-label"), heading);
        let inside = "(() => { const { left, right } = \
            document.querySelector('thead .column-metric .term-label').getBoundingClientRect(); \
            return left >= 0 && right <= innerWidth; })()";
        assert_eq!(page.eval(inside), true, "{heading} is in sight");
        page.run("document.querySelector('.results-table > thead').scrollLeft = 400;", json!([]));
        assert_eq!(page.eval(inside), true, "{heading} stays in sight");
    }
    page.size(1280, 800);
    assert!(!is_shown(page, ".value .phone-only"));
}

fn is_shown(page: &Page, selector: &str) -> bool {
    page.eval(&format!("document.querySelector('{selector}').getClientRects().length > 0"))
        == Value::Bool(true)
}

fn paper_says_what_is_chosen(page: &mut Page) {
    page.open("?hardware=geforce-rtx-5070-12gb&q=e2b");
    page.print_media(true);
    for (selector, expected) in
        [(".chip bdi", true), (".status", true), (".search", false), (".toggle", false), ("nav", false)]
    {
        assert_eq!(is_shown(page, selector), expected, "{selector}");
    }
    page.print_media(false);
    assert!(is_shown(page, ".search"));
}

fn paper_is_light(page: &mut Page) {
    page.open("?theme=dark");
    // Charts below the screen are drawn when they go to paper.
    page.wait_for("document.querySelector('.chart-frame[data-due]')");
    page.run("dispatchEvent(new Event('beforeprint'));", json!([]));
    // A canvas that nobody has drawn on is 300 pixels wide.
    page.wait_for("document.documentElement.dataset.drawn === 'dark' && [...document.querySelectorAll('canvas')].every(({ width }) => width !== 300)");
    page.print_media(true);
    let colours = page.eval(
        "(() => { const style = getComputedStyle(document.documentElement); \
         const sum = (colour) => colour.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0); \
         return [sum(style.color), sum(style.backgroundColor)]; })()",
    );
    let [ink, paper]: [u32; 2] = serde_json::from_value(colours).unwrap();
    assert!(ink < 200 && paper > 700, "ink {ink}, paper {paper}");
    let filter = "getComputedStyle(document.querySelector('canvas')).filter";
    assert!(page.text_of(filter).contains("invert"));
    page.print_media(false);
    assert_eq!(page.text_of(filter), "none");
}
