//! The page as a reader takes it in: the lines of the table, its status, its charts' data, as values.

use crate::harness::page::Page;
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};

/// Far more than any change of the page takes.
const DEADLINE: Duration = Duration::from_secs(20);

/// One line of the results table.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Line {
    /// The heading of a group.
    Group { name: String, count: String, released: String, open: bool },
    /// A configuration at one concurrency.
    Row(Row),
    /// What is open below a row.
    Detail { text: String },
}

/// The cells of a row.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Row {
    pub(crate) variant: String,
    pub(crate) quant: String,
    pub(crate) hardware: String,
    pub(crate) conditions: String,
    pub(crate) backend: String,
    pub(crate) mode: String,
    pub(crate) concurrency: String,
    pub(crate) value: String,
    pub(crate) mark: String,
    pub(crate) open: bool,
}

const LINES: &str = r"
    const text = (element) => element ? element.textContent.replace(/\s+/g, ' ').trim() : '';
    const expanded = (button) => button.getAttribute('aria-expanded') === 'true';
    return [...document.querySelectorAll('.results-table > tbody:not(.spacer) > tr')].map((line) => {
      const part = (selector) => line.querySelector(selector);
      if (line.classList.contains('group')) return {
        kind: 'group', name: text(part('.group-name')), count: text(part('.group-count')),
        released: text(part('.group-released')), open: expanded(part('button')),
      };
      if (line.classList.contains('detail')) return { kind: 'detail', text: text(line) };
      return {
        kind: 'row', variant: text(part('.open-row')), quant: text(part('.column-quant')),
        hardware: text(part('.column-hardware').firstChild), conditions: text(part('.column-hardware small')),
        backend: text(part('.column-backend')), mode: text(part('.column-mode').firstChild),
        concurrency: text(part('.column-concurrency')).replace('conc. ', ''),
        value: text(part('.value').firstChild), mark: text(part('.mark')), open: expanded(part('.open-row')),
      };
    });";

/// Every line of the table.
pub(crate) fn lines(page: &Page) -> Vec<Line> {
    page.wait_for_rows();
    serde_json::from_value(page.run(LINES, json!([]))).expect("the table in the form this module reads")
}

/// The rows of the table, in order.
pub(crate) fn rows(page: &Page) -> Vec<Row> {
    let row = |line| if let Line::Row(row) = line { Some(row) } else { None };
    lines(page).into_iter().filter_map(row).collect()
}

/// Name, bracket and release month of each group, in order.
pub(crate) fn groups(page: &Page) -> Vec<(String, String, String)> {
    let group = |line| match line {
        Line::Group { name, count, released, .. } => Some((name, count, released)),
        _ => None,
    };
    lines(page).into_iter().filter_map(group).collect()
}

/// The status line: `40 of 196 results in 10 rows`.
pub(crate) fn status(page: &Page) -> String {
    page.text(".status")
}

/// The results shown, from the status line.
pub(crate) fn shown(page: &Page) -> usize {
    let status = status(page);
    let number = status.split(' ').next().unwrap_or_default().replace(',', "");
    number.parse().unwrap_or_else(|_| panic!("no count in {status:?}"))
}

/// The data table of a chart: its title, its unit, and model, configuration and value of each bar.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct ChartData {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) unit: String,
    pub(crate) bars: Vec<[String; 3]>,
}

/// Waits until the charts show the answer that the table shows.
pub(crate) fn until_charts_follow(page: &Page) {
    page.wait_for("document.documentElement.dataset.charts !== 'behind'");
}

/// Waits for results that were not here when they were asked for, and for the program that shows them.
pub(crate) fn until_answered(page: &Page) {
    page.wait_for(
        "!('upgrading' in document.documentElement.dataset) && !document.querySelector('.results[aria-busy]')",
    );
}

/// Opens the numbers below every chart, and waits for them.
pub(crate) fn open_data(page: &Page) {
    page.wait_for(
        "[...document.querySelectorAll('.chart-data')].every((fold) => (fold.open = true, fold.querySelector('table')))",
    );
}

/// The data of every chart inside an element, once the charts show what the table shows.
pub(crate) fn charts(page: &Page, within: &str) -> Vec<ChartData> {
    until_charts_follow(page);
    open_data(page);
    let data = page.run(
        "const text = (element) => element?.textContent.trim() ?? ''; \
         return [...document.querySelectorAll(`${arguments[0]} figure.chart:not([hidden])`)].map((figure) => ({ \
           title: text(figure.querySelector('h3')), \
           description: text(figure.querySelector('figcaption .note')), \
           unit: text(figure.querySelector('thead th:last-child')), \
           bars: [...figure.querySelectorAll('tbody tr')].map((bar) => [...bar.cells].map(text)), \
         }));",
        json!([within]),
    );
    serde_json::from_value(data).expect("the charts in the form this module reads")
}

/// Reads until what is read is as expected; fails with the last reading.
pub(crate) fn until<T: PartialEq + std::fmt::Debug>(expected: &T, when: &str, mut read: impl FnMut() -> T) {
    let start = Instant::now();
    let mut last = read();
    while last != *expected && start.elapsed() < DEADLINE {
        last = read();
    }
    assert_eq!(last, *expected, "{when}");
}

/// A number as the page writes it in English.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.replace(',', "").parse().ok()
}

/// Both ends of `206.5–216.7`, or one number twice; `None` for a dash.
pub(crate) fn bounds(text: &str) -> Option<(f64, f64)> {
    let (low, high) = text.split_once('–').unwrap_or((text, text));
    Some((number(low)?, number(high)?))
}

/// The lines of the first table inside an element: each cell's words, what is in smaller print behind a bar.
pub(crate) fn table(page: &Page, within: &str) -> Vec<Vec<String>> {
    let lines = page.run(
        r"const text = (node) => node.textContent.replace(/\s+/g, ' ').trim();
        const table = document.querySelector(arguments[0])?.querySelector('table');
        return [...(table?.tBodies[0].rows ?? [])].map((line) =>
          [...line.cells].map((cell) => [...cell.childNodes].map(text).filter(Boolean).join(' | ')));",
        json!([within]),
    );
    serde_json::from_value(lines).expect("a table in the form this module reads")
}
