//! The headers of the table: every column sorts both ways, missing values last.

use crate::{
    Test,
    controls::tab_to,
    harness::page::Page,
    reading::{Line, Row, bounds, groups, lines, rows, until},
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("headers_sort_both_ways", headers_sort_both_ways),
    ("values_sort_with_missing_ones_last", values_sort_with_missing_ones_last),
    ("headers_sort_by_keyboard", headers_sort_by_keyboard),
    ("headers_sort_by_touch", headers_sort_by_touch),
];

/// The heading of a column, its selector, and what a row says in it as something to compare.
type Column = (&'static str, fn(&Row) -> String);

const COLUMNS: [Column; 6] = [
    ("variant", |row| row.variant.to_lowercase()),
    ("quant", |row| row.quant.to_lowercase()),
    ("hardware", |row| row.hardware.to_lowercase()),
    ("backend", |row| row.backend.to_lowercase()),
    ("mode", |row| row.mode.to_lowercase()),
    ("concurrency", |row| format!("{:0>6}", row.concurrency)),
];

fn header(column: &str) -> String {
    format!("thead .column-{column} .sort")
}

/// Column and direction of everything that says it is sorted, from the attribute and the arrow.
fn sorted(page: &Page) -> Vec<[String; 3]> {
    let found = page.run(
        "return [...document.querySelectorAll('.results-table > thead th')] \
           .map((head) => [head.className.replace('column-', ''), head.getAttribute('aria-sort') ?? '', \
                           head.querySelector('.sort-arrow').textContent]) \
           .filter(([, order, arrow]) => order || arrow);",
        json!([]),
    );
    serde_json::from_value(found).unwrap()
}

fn expect_sorted(page: &Page, column: &str, descending: bool) {
    let (word, arrow) = if descending { ("descending", "↓") } else { ("ascending", "↑") };
    let expected = vec![[column, word, arrow].map(str::to_owned)];
    until(&expected, "the one sorted column", || sorted(page));
}

fn expect_order(page: &Page, read: fn(&Row) -> String, descending: bool, when: &str) {
    let keys: Vec<String> = rows(page).iter().map(read).collect();
    assert!(keys.len() > 20, "{when}: only {} rows", keys.len());
    let in_order = if descending { keys.is_sorted_by(|a, b| a >= b) } else { keys.is_sorted() };
    assert!(in_order, "{when}: {keys:?}");
}

fn headers_sort_both_ways(page: &mut Page) {
    page.open("?group=none&conc=all");
    expect_sorted(page, "metric", true);
    let all = rows(page).len();
    for (column, read) in COLUMNS {
        for descending in [false, true] {
            page.click(&header(column));
            expect_sorted(page, column, descending);
            expect_order(page, read, descending, column);
            assert_eq!(rows(page).len(), all);
            let sign = if descending { "-" } else { "" };
            assert!(page.address().contains(&format!("sort={sign}{column}")), "{}", page.address());
        }
    }
    // Inside groups as well, and the groups stay where they are.
    page.open("?conc=all");
    let before = groups(page);
    page.click(&header("quant"));
    expect_sorted(page, "quant", false);
    assert_eq!(groups(page), before);
    let mut last = String::new();
    for line in lines(page) {
        match line {
            Line::Row(row) => {
                assert!(last <= row.quant.to_lowercase(), "{last} before {}", row.quant);
                last = row.quant.to_lowercase();
            }
            _ => last.clear(),
        }
    }
}

/// Each metric, its unit, and whether the reader sees the largest value first.
pub(crate) const METRICS: [(&str, &str, bool); 7] = [
    ("decode", "Decode tok/s", true),
    ("prefill", "Prefill tok/s", true),
    ("ttft", "TTFT ms", false),
    ("tpot", "TPOT ms", false),
    ("end-to-end", "End-to-end ms", false),
    ("output", "Output tok/s", true),
    ("load", "Load s", false),
];

fn values_sort_with_missing_ones_last(page: &mut Page) {
    // Rows of failures have none, all others without one are left out.
    let mut without = 0;
    for (metric, heading, descending) in METRICS {
        page.open(&format!("?group=none&conc=all&metric={metric}"));
        assert_eq!(page.text("thead .column-metric .term-label"), heading);
        let mut missing = Vec::new();
        for descending in [descending, !descending] {
            expect_sorted(page, "metric", descending);
            let values: Vec<_> = rows(page).into_iter().map(|row| bounds(&row.value)).collect();
            let known: Vec<(f64, f64)> = values.iter().map_while(|value| *value).collect();
            assert!(known.len() > 5, "{metric}: {values:?}");
            assert!(
                values[known.len()..].iter().all(Option::is_none),
                "{metric}: a dash in between {values:?}"
            );
            missing.push(values.len() - known.len());
            let in_order = if descending {
                known.is_sorted_by(|a, b| a.1 >= b.1)
            } else {
                known.is_sorted_by(|a, b| a.0 <= b.0)
            };
            assert!(in_order, "{metric}, descending {descending}: {known:?}");
            page.click(&header("metric"));
        }
        assert_eq!(missing[0], missing[1], "{metric}");
        without += missing[0];
        expect_sorted(page, "metric", descending);
    }
    assert!(without > 0, "no row without a value was seen");
}

fn headers_sort_by_keyboard(page: &mut Page) {
    page.open("?group=none&conc=all");
    page.run("document.querySelector('.more-shapes').focus();", json!([]));
    for (column, read) in COLUMNS {
        tab_to(page, &header(column));
        for (key, descending) in [("Enter", false), ("Space", true)] {
            page.keys(key);
            expect_sorted(page, column, descending);
            expect_order(page, read, descending, column);
            let focused = format!("document.activeElement === document.querySelector({:?})", header(column));
            assert_eq!(page.eval(&focused), true, "{column} keeps the focus");
        }
    }
}

fn headers_sort_by_touch(page: &mut Page) {
    page.open("?group=none&conc=all");
    for (column, read) in COLUMNS {
        for descending in [false, true] {
            page.tap(&header(column));
            expect_sorted(page, column, descending);
            expect_order(page, read, descending, column);
        }
    }
}
