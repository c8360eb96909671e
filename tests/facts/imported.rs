//! The Markdown reports themselves: read, compared with what is bundled, written, and read again.

use std::collections::BTreeMap;

use tokscope::export::report::{Layout, Names, write_report};
use tokscope::import::report::{Imported, Known, merge, read_report};
use tokscope::model::Metric;
use tokscope::model::run::Run;
use tokscope::stats::{mean, sample_deviation};

use super::BUNDLED;
use super::reports::{RIG, backend, of_row, runs, source, title, unmarked};
use super::sheet::{seed, sheet};

const SEEDS: [&str; 3] = ["002", "003", "004"];

/// What the reports do not say: the rig, the engine, the workload, a date for the undated one, and
/// the one model whose name the catalog writes otherwise.
fn known(seed: &str) -> Known<'static> {
    Known {
        file: "report.md",
        source: source(seed),
        catalog: Some(&BUNDLED.dataset.catalog),
        models: [("Gemma 3 27B Instruct".to_owned(), "gemma-3/27b-it".to_owned())].into(),
        hardware: Some(RIG),
        engine: Some("llama.cpp"),
        shape: Some("infra"),
        date: Some("2026-02".to_owned().try_into().unwrap()),
        ..Known::default()
    }
}

fn imported(number: &str) -> Option<Imported> {
    Some(read_report(&seed(number)?, &known(number)).unwrap())
}

fn write(runs: &[Run], names: &Names, layout: Layout) -> String {
    let written = write_report(&runs.iter().collect::<Vec<_>>(), names, layout);
    assert_eq!(written.left_out, [""; 0]);
    written.text
}

#[test]
fn only_rows_without_figures_are_left_out() {
    for number in SEEDS {
        let Some(imported) = imported(number) else { return };
        let found: Vec<String> = imported.findings.iter().map(ToString::to_string).collect();
        let missing = |line: u32, name: &str| {
            format!(
                "report.md:{line}: {name}: found no figures, expected load, PP and TG, or ERROR with what went \
                 wrong; the row is left out"
            )
        };
        let expected = match number {
            "002" => vec![
                missing(378, "Gemma 3 27B Instruct Q6_K"),
                missing(379, "Qwen2.5-VL 72B Instruct IQ4_XS"),
                missing(407, "Qwen2.5-VL 72B Instruct IQ4_XS"),
            ],
            _ => Vec::new(),
        };
        assert_eq!(found, expected, "{number}");
    }
}

/// Report, date, model, backend, and every figure of a group of repetitions.
type Group = (String, String, String, Vec<[String; 4]>);

#[test]
fn all_330_printed_repetitions_arrive() {
    let Some(lines) = sheet("seeds_002_004_runs.csv") else { return };
    let mut printed = Vec::<Group>::new();
    for line in &lines {
        if line.get("run") == "1" {
            let (section, label) = (line.get("section"), line.get("label"));
            let by_backend = ["", "ROCm 7.2", "Vulkan", "CPU"].contains(&label);
            let model = unmarked(if by_backend { section } else { label });
            let date = line.get("date").replace(" UTC", "Z").replace(' ', "T");
            let date = if date.is_empty() { "2026-02".to_owned() } else { date };
            printed.push((line.get("seed").to_owned(), date, model, Vec::new()));
        }
        let figures = ["pp", "tg", "prompt", "gen"].map(|column| line.get(column).to_owned());
        printed.last_mut().unwrap().3.push(figures);
    }
    let mut arrived = Vec::<Group>::new();
    for number in SEEDS {
        let Some(imported) = imported(number) else { return };
        for run in imported.runs.iter().filter(|run| run.results[0].failed.is_none()) {
            let model = format!("{} {}", imported.models[&run.model].name, run.quant);
            let figures = run.results[0].repetitions.iter().map(|repetition| {
                let rate = |metric| format!("{:.2}", repetition.value(metric).unwrap().get());
                let count = |tokens: Option<u32>| tokens.unwrap().to_string();
                let tokens = [repetition.prompt_tokens, repetition.output_tokens].map(count);
                let [prompt, output] = tokens;
                [rate(Metric::Prefill), rate(Metric::Decode), prompt, output]
            });
            arrived.push((number.to_owned(), run.date.to_string(), model, figures.collect()));
        }
    }
    printed.sort();
    arrived.sort();
    assert_eq!(arrived.len(), 110);
    assert_eq!(arrived.iter().map(|group| group.3.len()).sum::<usize>(), 330);
    assert!(arrived == printed, "what arrived is not what was printed");
}

#[test]
fn joined_the_reports_are_what_is_bundled() {
    let mut all = Vec::new();
    for number in SEEDS {
        let Some(imported) = imported(number) else { return };
        all.extend(imported.runs);
    }
    assert_eq!(all.len(), 110 + 3);
    let merged = merge(all);
    assert_eq!(merged.len(), 41 + 3);
    for run in &merged {
        let bundled = runs().find(|bundled| bundled.id == run.id).unwrap_or_else(|| panic!("{}", run.id));
        let sources = |run: &Run| run.sources.iter().map(|source| source.id.clone()).collect::<Vec<_>>();
        assert_eq!(sources(run), sources(bundled), "{}", run.id);
        // Places are words of ours, notes too; everything else is equal, to the last figure.
        let bare = |run: &Run| Run { sources: Vec::new(), notes: Vec::new(), ..run.clone() };
        assert_eq!(bare(run), bare(bundled), "{}", run.id);
    }
    assert_eq!(runs().count(), merged.len());
}

#[test]
fn the_reports_come_back_as_they_went() {
    for number in SEEDS {
        let Some(imported) = imported(number) else { return };
        let names = Names { models: imported.models.clone(), ..Names::of(&BUNDLED.dataset.catalog) };
        for layout in [Layout::Details, Layout::Summary] {
            let text = write(&imported.runs, &names, layout);
            let mut again = read_report(&text, &known(number)).unwrap();
            assert_eq!(again.findings, [], "{number} {layout:?}");
            assert_eq!(again.models, imported.models, "{number} {layout:?}");
            let mut first = imported.runs.clone();
            first.sort_by(|a, b| a.id.cmp(&b.id));
            again.runs.sort_by(|a, b| a.id.cmp(&b.id));
            assert_eq!(again.runs, first, "{number} {layout:?}");
            let twice = write(&read_report(&text, &known(number)).unwrap().runs, &names, layout);
            assert!(twice == text, "{number} {layout:?}: written again, the text differs");
        }
    }
}

/// A run without what a report has no place for, and without what is the report's own.
fn in_a_report(run: &Run) -> Run {
    let mut run = Run { id: String::new(), sources: Vec::new(), ..run.clone() };
    // A note in the words of a flag says nothing more and is not repeated.
    run.notes.retain(|note| note != "no GPU offload");
    for result in &mut run.results {
        [result.ttft_ms, result.tpot_ms, result.end_to_end_ms, result.output_tok_per_s] = [None; 4];
        if result.repetitions.is_empty() {
            [result.prompt_tokens, result.output_tokens] = [None; 2];
            // A bare value becomes a printed cell.
            result.published.clear();
        }
    }
    run
}

/// Every run with results that was carried over by itself, on every rig: the report says everything itself.
#[test]
fn what_is_bundled_comes_back_as_it_went() {
    let bundled: Vec<&Run> = BUNDLED.single().filter(|run| !run.results.is_empty()).collect();
    let names = Names::of(&BUNDLED.dataset.catalog);
    let known = Known { hardware: None, engine: None, shape: None, date: None, ..known("004") };
    for layout in [Layout::Details, Layout::Summary] {
        let again = read_report(&write_report(&bundled, &names, layout).text, &known).unwrap();
        assert_eq!(again.findings, [], "{layout:?}");
        let again: Vec<Run> = again.runs.iter().map(in_a_report).collect();
        assert_eq!(again.len(), bundled.len(), "{layout:?}");
        for first in bundled.iter().map(|run| in_a_report(run)) {
            assert_eq!(again.iter().filter(|run| **run == first).count(), 1, "{layout:?}: {first:#?}");
        }
    }
}

/// The rows of the sorted table of a report, by cell.
fn summary(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().skip_while(|line| !line.starts_with("| Model |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_written_summary_is_the_printed_one_cell_for_cell() {
    let (Some(text), Some(imported)) = (seed("004"), imported("004")) else { return };
    let printed = summary(&text);
    assert_eq!((printed.len(), printed[0].len()), (21, 6));
    let names = Names { models: imported.models.clone(), ..Names::of(&BUNDLED.dataset.catalog) };
    assert_eq!(summary(&write(&imported.runs, &names, Layout::Summary)), printed);

    // From the bundled runs: two names have a hyphen between what the catalog holds as family and variant.
    let bundled: Vec<Run> = runs().cloned().collect();
    let written = write(&bundled, &Names::of(&BUNDLED.dataset.catalog), Layout::Summary);
    let mut differences = Vec::new();
    for (row, printed) in summary(&written).into_iter().zip(&printed) {
        let cells = row.into_iter().zip(printed).enumerate();
        // The parameters are those of the catalog, which may know more than the report.
        differences
            .extend(cells.filter(|(at, (a, b))| *at != 2 && a != *b).map(|(_, (a, b))| (a.to_owned(), *b)));
    }
    let expected = [
        ("Qwen3 235B-A22B ‡".to_owned(), "Qwen3-235B-A22B ‡"),
        ("Phi-4-reasoning plus".to_owned(), "Phi-4-reasoning-plus"),
    ];
    assert_eq!(differences, expected);
}

/// The reports rounded what they measured; their repetitions are rounded already. Of 82 cells, two
/// lie so near to the middle that this shows.
#[test]
fn recomputed_cells_are_the_printed_ones_but_for_two() {
    let names = Names::of(&BUNDLED.dataset.catalog);
    let mut differences = Vec::new();
    let mut cells = 0;
    for run in runs().filter(|run| run.results[0].failed.is_none()) {
        let mut blank = run.clone();
        blank.results[0].published.clear();
        let text = write(&[blank], &names, Layout::Details);
        for (metric, printed) in &run.results[0].published {
            cells += 1;
            if !text.contains(&format!("| {printed} |")) {
                let column = if *metric == Metric::Prefill { 3 } else { 4 };
                let row = text.lines().find(|line| line.contains('±') && line.starts_with('|')).unwrap();
                let written = row.split('|').nth(column).unwrap().trim().to_owned();
                differences.push((title(run), backend(run), printed.as_str(), written));
            }
        }
    }
    let expected = [
        ("MiniMax M2.5 REAP 139B MXFP4".to_owned(), "CPU", "11.6 ±0.2", "11.6 ±0.3".to_owned()),
        ("Qwen2.5-Coder 32B Instruct Q4_K_M".to_owned(), "Vulkan", "202.3 ±5.2", "202.4 ±5.2".to_owned()),
    ];
    assert_eq!((cells, differences), (82, expected.to_vec()));
}

/// What was printed, what the index gives, and the independent table: 82 cells, each once.
#[test]
fn every_cell_of_the_index_is_the_printed_and_the_recomputed_one() {
    let Some(lines) = sheet("seeds_002_004_summary_verified.csv") else { return };
    let index = &BUNDLED.index;
    let mut cells = BTreeMap::new();
    for line in lines.iter().filter(|line| line.get("tg").parse::<f64>().is_ok()) {
        let found = of_row(line);
        assert_eq!(found.len(), 1, "{}", line.place);
        let result = BUNDLED.results(found[0])[0].0;
        let noted = !index.results.notes.of(result).is_empty();
        for (metric, column) in [(Metric::Decode, "tg"), (Metric::Prefill, "pp")] {
            let of = |ending: &str| line.get(&format!("{column}{ending}"));
            let exact = |ending: &str| of(ending).parse::<f64>().unwrap();
            let values = index.repeated(result, metric);
            assert_eq!(Some(values.len().to_string().as_str()), Some(line.get("n")), "{}", line.place);
            let (value, spread) = (mean(&values).unwrap(), sample_deviation(&values).unwrap());
            // The table has six significant digits or four decimals.
            assert!((value - exact("_mean")).abs() < 0.006, "{}: {value}", line.place);
            assert!((spread - exact("_sstd")).abs() < 0.006, "{}: {spread}", line.place);
            let shown = index.value(result, metric).unwrap();
            assert!((shown - value).abs() <= 1e-9 * value, "{}: the page shows {shown}", line.place);
            for (exact, printed) in [(value, of("")), (spread, of("_err"))] {
                let unit = if printed.contains('.') { 0.1 } else { 1.0 };
                let off = (exact - printed.parse::<f64>().unwrap()).abs();
                assert!(
                    noted || off <= unit,
                    "{}: {exact} was printed as {printed}, without a note",
                    line.place
                );
            }
            if line.get("section") != "Summary" {
                let published =
                    index.results.published.of(result).iter().find(|(of, _)| *of == metric).unwrap();
                assert_eq!(index.text(published.1), format!("{} ±{}", of(""), of("_err")), "{}", line.place);
                cells.insert((result, metric), line.place.clone());
            }
        }
    }
    assert_eq!(cells.len(), 82);
}
