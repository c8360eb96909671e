//! The figures on the screen against those they were carried over from.

use crate::{
    Test,
    comparing::figures,
    harness::page::Page,
    ratios::RATIOS,
    reading::{Line, charts, groups, lines, number, rows, status, until},
    sheet::{Line as Record, sheet},
};
use serde_json::json;
use std::collections::HashSet;

pub(crate) const TESTS: &[Test] = &[
    ("seed_001_ranges", seed_001_ranges),
    ("seed_001_workloads", seed_001_workloads),
    ("seed_000_ranges", seed_000_ranges),
    ("seeds_002_to_004_measurements", seeds_002_to_004_measurements),
    ("repetitions_are_there_to_be_compared", repetitions_are_there_to_be_compared),
    ("old_slugs_show_the_same", old_slugs_show_the_same),
];

const RTX_5070: &str = "?hardware=geforce-rtx-5070-12gb";

fn expect_groups(page: &Page, expected: &[(&str, usize, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, count, month)| ((*name).to_owned(), format!("({count})"), format!("released {month}")))
        .collect();
    assert_eq!(groups(page), expected);
}

/// Every row of a table of ranges, in its order, under the heading that it belongs to.
fn expect_rows(page: &Page, records: &[Record]) {
    let mut expected = records.iter();
    let mut heading = String::new();
    for line in lines(page) {
        match line {
            Line::Group { name, .. } => heading = name,
            Line::Detail { .. } => panic!("nothing was opened"),
            Line::Row(row) => {
                let record = expected.next().expect("a row too many");
                let range = format!("{}–{}", record.get("gen_min"), record.get("gen_max"));
                let found =
                    [&heading, &row.variant, &row.quant, &row.hardware, &row.backend, &row.concurrency];
                let columns = ["family", "variant", "quant", "hardware", "backend", "conc"];
                assert_eq!(
                    found.map(String::as_str),
                    columns.map(|name| record.get(name)),
                    "{}",
                    record.place
                );
                assert_eq!((row.value, &*row.mode), (range, "baseline"), "{}", record.place);
            }
        }
    }
    assert_eq!(expected.count(), 0, "rows are missing");
}

fn seed_001_ranges(page: &mut Page) {
    page.open(RTX_5070);
    expect_groups(
        page,
        &[
            ("Gemma-4", 8, "2026-04"),
            ("granite-4.1", 4, "2026-04"),
            ("LFM2.5-350M", 4, "2025-11"),
            ("LFM2", 16, "2025-07"),
            ("Gemma-3", 4, "2025-03"),
            ("Qwen2.5-Coder", 4, "2024-11"),
        ],
    );
    assert!(status(page).starts_with("40 of "), "{}", status(page));
    assert!(status(page).ends_with(" in 10 rows"), "{}", status(page));
    if let Some(records) = sheet("seed001_ranges.csv") {
        expect_rows(page, &records);
    }
}

fn seed_000_ranges(page: &mut Page) {
    page.open("?hardware=strix-halo-96gb");
    expect_groups(page, &[("Gemma-4", 32, "2026-04"), ("Gemma-3", 4, "2025-03")]);
    assert!(rows(page).iter().all(|row| row.mark == "range only"), "{:?}", rows(page));
    assert_eq!(charts(page, "#workloads"), [], "no bars are invented");
    if let Some(records) = sheet("seed000_ranges.csv") {
        expect_rows(page, &records);
    }
}

/// One chart a shape, each with its ten values, the largest first.
fn seed_001_workloads(page: &mut Page) {
    page.open(RTX_5070);
    let charts = charts(page, "#workloads");
    let shapes: Vec<&str> = charts.iter().filter_map(|chart| chart.title.split(':').next()).collect();
    assert_eq!(shapes, ["chat", "rag", "codegen", "agent"]);
    let Some(records) = sheet("seed001_shape_rows.csv") else { return };
    let mut compared = 0;
    for (chart, shape) in charts.iter().zip(shapes) {
        assert_eq!(chart.unit, "tok/s");
        assert!(chart.title.contains("concurrency 1"), "{}", chart.title);
        let mut expected: Vec<_> = records.iter().filter(|record| record.get("shape") == shape).collect();
        expected.sort_by(|a, b| b.number("gen_tok_s").partial_cmp(&a.number("gen_tok_s")).expect("numbers"));
        assert_eq!(chart.bars.len(), expected.len(), "{shape}");
        for ([model, detail, value], record) in chart.bars.iter().zip(expected) {
            let wanted = (record.get("model"), record.get("gen_tok_s"));
            assert_eq!((&**model, &**value), wanted, "{}", record.place);
            assert!(detail.starts_with(record.get("quant")) && detail.contains("RTX 5070"), "{detail}");
            compared += 1;
        }
    }
    assert_eq!(compared, 40);
}

/// What an open row says of one result.
struct Measured {
    quant: String,
    backend: String,
    /// The cells of the result under their headings.
    cells: Vec<(String, String)>,
    /// Decode, prefill, prompt and output tokens of each repetition.
    repetitions: Vec<[String; 4]>,
}

impl Measured {
    fn cell(&self, heading: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == heading).map_or("", |(_, text)| text)
    }

    /// True where a cell reads as printed, or says what was printed beside what the repetitions give.
    fn says(&self, heading: &str, printed: &str) -> bool {
        let text = self.cell(heading).replace(',', "");
        text == printed || text.ends_with(&format!("printed {printed}"))
    }
}

/// Every result of every open row, with its repetitions; a failure has none.
fn measured(page: &Page) -> Vec<Measured> {
    let found = page.run(
        r"const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
        return [...document.querySelectorAll('tr.detail')].flatMap((detail) => {
          const row = detail.previousElementSibling;
          const [results, repetitions] = detail.querySelectorAll('table');
          const heads = [...results.tHead.rows[0].cells].map((head) => text(head).replace(' ±', '').replace('±', ''));
          const repeated = [...(repetitions?.tBodies[0].rows ?? [])].map((line) => [...line.cells].map(text));
          return [...results.tBodies[0].rows].map((line) => {
            const failed = line.querySelector('.mark-failed') !== null;
            const cells = failed ? [['failed', text(line.querySelector('.mark-failed'))]]
              : [...line.cells].map((cell, at) => [heads[at], text(cell)]);
            const own = failed ? [] : repeated.splice(0, 3);
            return [
              text(row.querySelector('.column-quant')), text(row.querySelector('.column-backend')), cells,
              own.map(([, decode, prefill, prompt, output]) => [decode, prefill, prompt, output]),
            ];
          });
        });",
        json!([]),
    );
    type Found = Vec<(String, String, Vec<(String, String)>, Vec<[String; 4]>)>;
    let found: Found = serde_json::from_value(found).expect("open rows in the form this test reads");
    let measured = |(quant, backend, cells, repetitions)| Measured { quant, backend, cells, repetitions };
    found.into_iter().map(measured).collect()
}

/// `1m41s` in seconds.
fn seconds(load: &str) -> f64 {
    let (minutes, rest) = load.split_once('m').unwrap_or(("0", load));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    number(minutes) * 60.0 + number(rest.trim_end_matches('s'))
}

fn seeds_002_to_004_measurements(page: &mut Page) {
    page.open("?hardware=strix-halo-128gb");
    assert!(status(page).ends_with(" in 39 rows"), "{}", status(page));
    page.run("document.querySelectorAll('.open-row').forEach((button) => button.click());", json!([]));
    page.wait_for("document.querySelectorAll('tr.detail .row-links').length === 39");
    let all = measured(page);
    let (failed, measured): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.cells.len() == 1);
    let failures: Vec<&str> = failed.iter().map(|one| one.cell("failed")).collect();
    assert_eq!(failures, ["failed, superseded by a later run: server died"; 3]);
    assert_eq!(measured.len(), 41);
    assert!(measured.iter().all(|one| one.repetitions.len() == 3));
    repetitions_are_here(&measured);
    table_rows_are_here(&measured);
}

/// Each printed group of three repetitions is that of one result, and all results are printed.
fn repetitions_are_here(measured: &[Measured]) {
    let Some(records) = sheet("seeds_002_004_runs.csv") else { return };
    let mut found = HashSet::new();
    for group in records.chunks(3) {
        let place = &group[0].place;
        let repetitions: Vec<[String; 4]> = group
            .iter()
            .map(|record| ["tg", "pp", "prompt", "gen"].map(|column| record.get(column).to_owned()))
            .collect();
        let plain = |one: &Measured| {
            let cells = one.repetitions.iter().map(|cells| cells.clone().map(|cell| cell.replace(',', "")));
            cells.collect::<Vec<_>>()
        };
        let fits: Vec<usize> =
            (0..measured.len()).filter(|&at| plain(&measured[at]) == repetitions).collect();
        assert_eq!(fits.len(), 1, "{place}: {repetitions:?}");
        found.extend(fits);
    }
    assert_eq!((records.len(), found.len()), (330, 41));
}

/// Each table row of the full reports: means, ±, load, quant, backend, and what was printed.
fn table_rows_are_here(measured: &[Measured]) {
    let Some(records) = sheet("seeds_002_004_summary_verified.csv") else { return };
    let full = |record: &&Record| record.get("section") != "Summary" && record.number("n") == Some(3.0);
    let mut found = HashSet::new();
    for record in records.iter().filter(full) {
        let marks = [" *(vision)*", " (vision)", " [reference]", " ‡"];
        let name = marks.iter().fold(record.get("model").to_owned(), |name, mark| name.replace(mark, ""));
        let quant = name.rsplit(' ').next().expect("a quant");
        let backend = record.get("backend").split(" (").next().unwrap_or_default().to_lowercase();
        let printed = |value, spread| format!("{} ±{}", record.get(value), record.get(spread));
        let (decode, prefill) = (printed("tg", "tg_err"), printed("pp", "pp_err"));
        let load = format!("{:.0}", seconds(record.get("load")));
        let tokens = |column: &str| {
            record.get(column).split(',').map(|n| n.parse::<f64>().unwrap()).sum::<f64>() / 3.0
        };
        let tokens = format!("{:.0} / {:.0}", tokens("prompts"), tokens("gens"));
        let fits: Vec<usize> = (0..measured.len())
            .filter(|&at| {
                let one = &measured[at];
                let same = [one.cell("Load s") == load, one.cell("Tokens in / out") == tokens];
                one.says("Decode tok/s", &decode)
                    && one.says("Prefill tok/s", &prefill)
                    && one.quant == quant
                    && one.backend.to_lowercase().contains(&backend)
                    && same == [true, true]
            })
            .collect();
        assert_eq!(fits.len(), 1, "{}: {name}, {decode}, {prefill}, {load} s, {tokens}", record.place);
        found.extend(fits);
    }
    assert_eq!(found.len(), 41);
}

/// Backends of a set, as the sides are named and as the reports name them.
const BACKENDS: [(&str, &str); 3] =
    [("llama.cpp (ROCm 7.2)", "ROCm 7.2"), ("llama.cpp (vulkan)", "Vulkan"), ("llama.cpp (cpu)", "CPU")];

/// Side by side: every repetition of the nine models with three backends, and the mean with its ± that the reports print.
fn repetitions_are_there_to_be_compared(page: &mut Page) {
    let (Some(runs), Some(summary)) =
        (sheet("seeds_002_004_runs.csv"), sheet("seeds_002_004_summary_verified.csv"))
    else {
        return;
    };
    let of_report = |record: &&Record| record.get("seed") == "002";
    page.open("?view=compare");
    let mut compared = 0;
    // The machine of the reports; each set has a line for each backend that is held against another.
    let own = "[...document.querySelectorAll('#backends tbody tr')].flatMap((line, at) => \
        line.children[2].textContent === 'Strix Halo 128 GB' ? [at + 1] : [])";
    let places: Vec<usize> = serde_json::from_value(page.eval(own)).unwrap();
    assert_eq!(places.len(), 2 * RATIOS.len());
    for place in places.into_iter().step_by(2) {
        let link = format!("#backends tbody tr:nth-child({place}) a");
        let name = page.text(&link);
        page.run("document.querySelector(arguments[0]).click();", json!([link]));
        until(&true, &name, || page.text("#pins").contains(&name));
        let figures = figures(page);
        for (side, backend) in BACKENDS {
            let plain = |name: &str| name.replace('-', " ");
            let section = |record: &&Record| plain(record.get("section")).starts_with(&plain(&name));
            let printed = summary.iter().filter(of_report).filter(section);
            let printed = printed.filter(|record| record.get("backend") == backend).collect::<Vec<_>>();
            assert_eq!(printed.len(), 1, "{name}, {backend}");
            for (metric, column) in [("Decode tok/s", "tg"), ("Prefill tok/s", "pp")] {
                let line = figures.iter().find(|line| line[0] == metric && line[1] == side);
                let line = line.unwrap_or_else(|| panic!("{name}: no {metric} of {side}"));
                assert_eq!(line[6], "3", "{name}, {side}");
                let mean = printed[0].get(column);
                let spread = printed[0].get(&format!("{column}_err"));
                assert_eq!(line[7], format!("{mean} ±{spread}"), "{}", printed[0].place);
                let shown = line[8].split(" | ").next().unwrap();
                let shown: Vec<f64> = shown.split(" · ").map(|text| number(text).unwrap()).collect();
                let wanted: Vec<f64> = runs
                    .iter()
                    .filter(of_report)
                    .filter(section)
                    .filter(|record| record.get("label") == backend)
                    .map(|record| record.number(column).unwrap())
                    .collect();
                assert_eq!(shown, wanted, "{name}, {side}, {metric}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 54);
}

fn old_slugs_show_the_same(page: &mut Page) {
    page.open(RTX_5070);
    let expected = (lines(page), status(page));
    page.open("?hardware=geforce-rtx-5070-11-94gb");
    assert_eq!((lines(page), status(page)), expected);
    assert_eq!(page.count(".notice"), 0);

    page.open("?view=hardware");
    assert_eq!(page.text("nav a[aria-current=page]"), "Hardware");
    assert_eq!(page.count(".notice"), 0);
    assert_eq!(page.count(".results-table"), 0);
    let cards = page.text("main");
    for rig in ["GeForce RTX 5070", "GeForce RTX 3090", "Strix Halo"] {
        assert!(cards.contains(rig), "{rig}");
    }
}
