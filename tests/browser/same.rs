//! Any state is the same wherever it is seen: after a reload, at the link that is shared, inside other pages and in
//! what the command line draws. Its exports are in `tests/export/circle.rs`, over the same states.

use crate::{
    Test,
    harness::{dist, engine::share, page::Page},
    made_up::Random,
    reading::until_answered,
    reading::{open_data, until_charts_follow},
    states::state,
};
use serde::Deserialize;
use serde_json::json;
use tokscope::charts::Look;
use tokscope::charts::offered::{Chart, of_bars, of_points};
use tokscope::charts::points;
use tokscope::export::view::Export;
use tokscope::format::{Locale, MISSING};
use tokscope::index::Index;
use tokscope::query::{
    Answer, Choices, MOST_EMBEDDED_LINES, Selection, View, configuration_slug, shown, to_query,
};

pub(crate) const TESTS: &[Test] = &[
    ("states_1_to_25", states::<0>),
    ("states_26_to_50", states::<1>),
    ("states_51_to_75", states::<2>),
    ("states_76_to_100", states::<3>),
    ("states_101_to_125", states::<4>),
    ("states_126_to_150", states::<5>),
    ("states_151_to_175", states::<6>),
    ("states_176_to_200", states::<7>),
];

/// How many states one test goes through.
const STATES: usize = 25;

/// The figures that a page shows.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Seen {
    /// Name, title and data of each chart.
    charts: Vec<(String, String, Vec<Vec<String>>)>,
    /// The lines of the results table: the cells of a row, the words of a group or of what is open.
    lines: Vec<Vec<String>>,
    /// Of each line the name of the group, the value of the row, or a word for what is open.
    values: Vec<String>,
    /// True where only the first of both are read.
    #[serde(rename = "isLong")]
    is_long: bool,
    /// The cells of every other table of the view.
    tables: Vec<Vec<Vec<String>>>,
    status: String,
}

/// Defines `read`, which gives what the page shows.
const READ: &str = r"
    const text = (node) => node ? node.textContent.replace(/\s+/g, ' ').trim() : '';
    const rows = (table) => [...table.querySelectorAll('tr')].map((line) => [...line.cells].map(text));
    const value = (line) => {
      if (line.classList.contains('group')) return text(line.querySelector('.group-name'));
      return line.classList.contains('detail') ? 'detail' : text(line.querySelector('.value').firstChild);
    };
    const read = () => {
      // Of a long table only what is near the screen is there.
      const isLong = document.querySelector('tbody.is-long') !== null;
      const all = [...document.querySelectorAll('.results-table > tbody:not(.spacer) > tr')];
      const lines = all.slice(0, isLong ? 16 : all.length);
      const others = document.querySelector('.results-table') ? [] : [...document.querySelectorAll('main table')];
      return {
        charts: [...document.querySelectorAll('figure.chart:not([hidden])')].map((figure) => [
          figure.querySelector('.chart-frame').id.replace('frame-', ''),
          text(figure.querySelector('h3')),
          rows(figure.querySelector('tbody')),
        ]),
        lines: lines.map((line) => [...line.cells].map(text)),
        values: lines.map(value),
        isLong,
        tables: others.filter((table) => !table.closest('figure')).map(rows),
        status: text(document.querySelector('.status')),
      };
    };";

/// Goes to a state as Back does, in the same document, waits until it is shown, and reads it; with the link that the
/// panel shares, where it is asked for.
const FOLLOW: &str = r"
    const [query, isShared, done] = arguments;
    const until = async (holds) => { while (!holds()) await new Promise(requestAnimationFrame); };
    const { dataset } = document.documentElement;
    const isShown = () => dataset.state === 'ready' && dataset.charts !== 'behind' && dataset.rows !== 'behind' && !('upgrading' in dataset)
      && !document.querySelector('.results[aria-busy]')
      && [...document.querySelectorAll('.chart-data')].every((fold) => (fold.open = true, fold.querySelector('table')));
    const sharing = async () => {
      const panel = document.querySelector('#share');
      document.querySelector('.share-button').click();
      await until(() => panel.matches(':popover-open') && panel.querySelector('#share-address'));
      const { value } = panel.querySelector('#share-address');
      panel.hidePopover();
      await until(() => !panel.querySelector('#share-address'));
      return value;
    };
    (async () => {
      history.replaceState(null, '', location.pathname + query);
      dispatchEvent(new PopStateEvent('popstate'));
      await new Promise((next) => setTimeout(next));
      await until(isShown);
      return [read(), isShared ? await sharing() : ''];
    })().then(done, (error) => done(String(error)));";

fn follow(page: &Page, query: &str, is_shared: bool) -> (Seen, String) {
    let seen = page.run_async(&format!("{READ}{FOLLOW}"), json!([query, is_shared]));
    serde_json::from_value(seen.clone()).unwrap_or_else(|error| panic!("{error}: {seen} at {query}"))
}

/// Opens a state in a document of its own, and reads it.
fn opened(page: &mut Page, query: &str) -> Seen {
    page.open(query);
    until_answered(page);
    until_charts_follow(page);
    open_data(page);
    let seen = page.run(&format!("{READ} return read();"), json!([]));
    serde_json::from_value(seen).unwrap_or_else(|error| panic!("{error} at {query}"))
}

/// A state with its query and what the page shows of it.
struct State {
    selection: Selection,
    query: String,
    seen: Seen,
}

impl State {
    /// True where another page shows what the state names and not what its filters leave.
    fn is_by_name(&self) -> bool {
        match self.selection.view {
            View::Models => self.selection.model.is_some(),
            View::Compare => self.selection.pinned.len() > 1,
            _ => false,
        }
    }

    fn embedded(&self, part: &str) -> String {
        let start = if self.query.is_empty() { "?" } else { "&" };
        format!("{}{start}embed={part}", self.query)
    }
}

fn states<const CHUNK: u64>(page: &mut Page) {
    let index = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let choices = Choices::of(&index);
    let mut random = Random::new(CHUNK + 1);
    // From one to the next, in one document of the program that shows every view.
    page.open("?view=method");
    let selections: Vec<Selection> = (0..STATES).map(|_| state(&mut random, &index, &choices)).collect();
    let states: Vec<State> = share(selections, 5)
        .map(|selection| {
            let query = to_query(&selection, &choices);
            let (seen, link) = follow(page, &query, true);
            assert_eq!(link, page.server().url(&query), "the link that is shared");
            State { selection, query, seen }
        })
        .collect();
    let filled = states.iter().filter(|state| !state.seen.charts.is_empty() || state.seen.tables.len() > 1);
    assert!(filled.count() > states.len() * 2 / 3, "most states show something");
    for state in &states {
        expect_command_line(&index, &choices, state);
    }
    // A reload, and whoever opens the link: most by the program of the first view.
    for State { query, seen, .. } in &states {
        assert_eq!(opened(page, query), *seen, "{query} in a document of its own");
    }
    inside_other_pages(page, &index, &choices, &states);
}

fn inside_other_pages(page: &mut Page, index: &Index, choices: &Choices, states: &[State]) {
    let (by_name, by_filters): (Vec<&State>, Vec<&State>) =
        states.iter().partition(|state| state.is_by_name());
    for part in ["charts", "table"] {
        for (number, state) in by_filters.iter().enumerate() {
            let query = state.embedded(part);
            // Every fifth in a document of its own.
            let seen = if number % 5 == 0 { opened(page, &query) } else { follow(page, &query, false).0 };
            let (answered, answer) = shown(index, choices, &state.selection);
            if part == "charts" {
                expect_charts(&seen, &of_bars(index, &state.selection, (&answered, &answer)), &query);
            } else {
                let values = values(index, &state.selection, &answer);
                assert_eq!(seen.values, values[..values.len().min(MOST_EMBEDDED_LINES)], "{query}");
            }
            if state.selection.view != View::Runs {
                continue;
            }
            let page = &state.seen;
            if part == "charts" {
                assert_eq!(seen.charts, page.charts, "{query}");
            } else {
                assert_eq!(seen.lines, page.lines[..page.lines.len().min(MOST_EMBEDDED_LINES)], "{query}");
            }
        }
        for state in &by_name {
            let query = state.embedded(part);
            let seen = opened(page, &query);
            if part == "charts" {
                // A model of which no points can be drawn has bars there.
                if state.seen.charts.is_empty() && state.selection.view == View::Models {
                    let (answered, answer) = shown(index, choices, &state.selection);
                    let mut bars = of_bars(index, &state.selection, (&answered, &answer));
                    bars.retain(|chart| !chart.is_empty());
                    expect_charts(&seen, &bars, &query);
                } else {
                    assert_eq!(seen.charts, state.seen.charts, "{query}");
                }
            } else {
                for table in &seen.tables {
                    assert!(
                        state.seen.tables.contains(table),
                        "{query}: {table:?}\n\n{:?}",
                        state.seen.tables
                    );
                }
                let is_empty = state.seen.charts.is_empty() && state.selection.view == View::Compare;
                assert!(is_empty || !seen.tables.is_empty(), "{query}");
            }
        }
    }
}

/// What `tokscope chart` draws for a state has the numbers that the page shows.
fn expect_command_line(index: &Index, choices: &Choices, state: &State) {
    let State { selection, query, seen } = state;
    let (answered, answer) = shown(index, choices, selection);
    let bars = of_bars(index, selection, (&answered, &answer));
    let points = of_points(index, &answered, &answer);
    match selection.view {
        View::Runs => {
            expect_charts(seen, &bars, query);
            let values = values(index, selection, &answer);
            let read = if seen.is_long { seen.values.len() } else { values.len() };
            assert_eq!(seen.values, values[..read], "{query}");
        }
        View::Compare => {
            // A name on the page has the number of its shape, a file the word.
            let compared: Vec<_> = bars.iter().filter(|chart| chart.id().starts_with("compared-")).collect();
            assert_eq!(seen.charts.len(), compared.len(), "{query}");
            for ((_, title, rows), chart) in seen.charts.iter().zip(compared) {
                assert!(
                    chart.title().contains(title.as_str()),
                    "{title} is not in {}: {query}",
                    chart.title()
                );
                assert_eq!(*rows, data(chart), "{query}");
                expect_drawn(chart, rows, query);
            }
        }
        View::Models => {
            for (id, title, rows) in &seen.charts {
                let chart = points.iter().find(|chart| chart.id() == id);
                let chart = chart.unwrap_or_else(|| panic!("nothing is called {id}: {query}"));
                assert_eq!((title.as_str(), rows), (chart.title(), &data(chart)), "{query}");
            }
        }
        _ => assert!(seen.charts.is_empty(), "{query}"),
    }
    // Below a drawing stands the link of the state.
    let export = Export { index, choices, selection, base: None };
    let foot = export.foot(&export.results());
    assert!(query.is_empty() || foot.iter().any(|line| line.ends_with(query.as_str())), "{query}: {foot:?}");
}

fn expect_charts(seen: &Seen, charts: &[Chart], query: &str) {
    let named = |chart: &Chart| (chart.id().to_owned(), chart.title().to_owned(), data(chart));
    assert_eq!(seen.charts, charts.iter().map(named).collect::<Vec<_>>(), "{query}");
    for (chart, (_, _, rows)) in charts.iter().zip(&seen.charts) {
        expect_drawn(chart, rows, query);
    }
}

/// The data of a chart as the page has it in its table.
fn data(chart: &Chart) -> Vec<Vec<String>> {
    let cell = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match chart {
        Chart::Bars(chart) => {
            let bars = chart.bars().iter();
            bars.map(|bar| [&bar.label, &bar.detail, &bar.value_text].map(|text| cell(text)).to_vec())
                .collect()
        }
        Chart::Points(chart) => {
            let points = chart.points().iter();
            points.map(|point| points::cells(point).map(cell).to_vec()).collect()
        }
    }
}

/// Every number of a chart of bars stands in its file, in the order of the bars.
fn expect_drawn(chart: &Chart, rows: &[Vec<String>], query: &str) {
    let svg = chart.to_svg(800.0, Look::Auto, &[]);
    let file = roxmltree::Document::parse(&svg).unwrap();
    let texts = file.descendants().filter(|node| node.has_tag_name("text"));
    let mut texts = texts.filter_map(|node| node.text());
    for row in rows {
        let value = row.last().unwrap();
        assert!(texts.any(|text| text == value), "{value} is not drawn in its place: {query}\n{svg}");
    }
}

/// Of each line of the table the name of the group, the value of the row, or a word for what is open.
fn values(index: &Index, selection: &Selection, answer: &Answer) -> Vec<String> {
    let mut values = Vec::new();
    for group in &answer.groups {
        if !group.label.is_empty() {
            values.push(group.label.clone());
            if selection.folded.contains(&group.key) {
                continue;
            }
        }
        for row in &answer.rows[group.rows.clone()] {
            let range = |(low, high)| Locale::default().range(selection.metric, low, high);
            values.push(row.bounds.map_or(MISSING.to_owned(), range));
            if selection.open.contains(&configuration_slug(index, row.configuration)) {
                values.push("detail".to_owned());
            }
        }
    }
    values
}
