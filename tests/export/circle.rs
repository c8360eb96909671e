//! Exported, imported, and equal.

use std::collections::BTreeMap;

use tokscope::charts::Look;
use tokscope::charts::offered::of_view;
use tokscope::export::view::{Export, csv, html, json, markdown};
use tokscope::import::{Format, Imported, Known, read};
use tokscope::index::Index;
use tokscope::model::dataset::{Catalog, Dataset, FromFile};
use tokscope::model::run::Run;
use tokscope::model::{Metric, Positive};
use tokscope::own::read_index;
use tokscope::query::Choices;

use super::made_up::{self, Random};
use super::of;

fn imported(text: &str, format: Format) -> Imported {
    let imported = read(text.as_bytes(), &Known { file: "neutral", ..Known::default() });
    assert_eq!(imported.findings, [], "{text}");
    assert_eq!(imported.format, Some(format));
    imported
}

fn index_of(runs: Vec<Run>, catalog: &Catalog) -> Index {
    let runs = runs.into_iter().map(|value| FromFile { file: format!("runs/{}.yaml", value.id), value });
    Index::build(&Dataset { catalog: catalog.clone(), runs: runs.collect() })
}

/// What a Markdown table says of every result, by run, shape and concurrency: configuration and figures.
fn figures(index: &Index, metric: Metric) -> BTreeMap<(String, String, u16), String> {
    let runs = index.to_runs();
    let run = |id: &str| runs.iter().find(|run| run.id == id).unwrap();
    let mut figures = BTreeMap::new();
    for result in 0..index.result_count() {
        let id = index.runs.id[index.run_of(result)].clone();
        let Run { date, model, quant, hardware, power_cap_w, driver, backend, mode, timing, .. } = run(&id);
        let configuration = format!(
            "{date} {model} {quant} {hardware} {power_cap_w:?} {driver:?} {backend:?} {mode} {timing:?}"
        );
        let repeated = index.repeated(result, metric);
        let n = match repeated.len() {
            0 => index.runs.repetitions[index.run_of(result)] as usize,
            n => n,
        };
        let (bounds, failure) = (index.bounds(result, metric), index.failure(result));
        if bounds.is_none() && failure.is_none() {
            continue;
        }
        let n = if index.value(result, metric).is_some() { n } else { 0 };
        let tokens = (index.results.prompt_tokens.get(result), index.results.output_tokens.get(result));
        let shape = index.catalog.shapes[usize::from(index.results.shape[result])].id.clone();
        let said = format!("{configuration} {bounds:?} {failure:?} {repeated:?} {n} {tokens:?}");
        figures.insert((id, shape, index.results.concurrency[result]), said);
    }
    figures
}

/// Checks the forms of one export; returns how many results it had.
fn comes_back(export: &Export<'_>) -> usize {
    let results = export.every_result();
    let part = export.index.subset(&results);
    assert_eq!(part.result_count(), results.len());

    let text = csv::csv(export);
    if !results.is_empty() {
        let back = imported(&text, Format::TokscopeCsv);
        assert!(index_of(back.runs, &part.catalog) == part, "{text}");
    }

    let bytes = json::json(export);
    assert!(Index::from_json(&bytes).unwrap() == part);
    assert!(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["export"]["title"].is_string());

    let charts: Vec<String> = of_view(export.index, export.choices, export.selection)
        .iter()
        .map(|chart| chart.to_svg(800.0, Look::Auto, &[]))
        .collect();
    let page = html::html(export, &charts);
    assert_eq!(page.matches("<svg").count(), charts.len());
    let back = read_index(page.as_bytes(), "neutral").unwrap();
    assert_eq!(back.findings, []);
    assert!(index_of(back.runs, &part.catalog) == part, "{page}");

    let metric = export.selection.metric;
    let expected = figures(&part, metric);
    let text = markdown::markdown(export);
    if !expected.is_empty() {
        let back = imported(&text, Format::TokscopeTable);
        assert_eq!(figures(&index_of(back.runs, &part.catalog), metric), expected, "{text}");
    }
    results.len()
}

#[test]
fn any_selection_of_any_index_comes_back() {
    let mut shown = 0;
    for seed in 1..=40 {
        let mut random = Random::new(seed);
        let index = made_up::index(&mut random);
        let choices = Choices::of(&index);
        for _ in 0..5 {
            let selection = made_up::selection(&mut random, &index, &choices);
            shown += usize::from(comes_back(&of(&index, &choices, &selection)) > 0);
        }
    }
    assert!(shown > 60, "{shown} of 200 selections show anything");
}

#[cfg(feature = "cli")]
#[test]
fn the_bundled_data_comes_back() {
    let data = tokscope::import::read_data_dir(&super::root().join("data"));
    let index = Index::build(&data.dataset);
    for query in [
        "",
        "metric=prefill&conc=all&hardware=strix-halo-128gb",
        "conc=all&q=gemma",
        "metric=ttft&conc=4",
        "metric=load",
    ] {
        assert!(super::export(&index, query, comes_back) > 0, "{query}");
    }
}

/// Of the states that `tests/browser/same.rs` walks through.
#[cfg(feature = "cli")]
#[test]
fn two_hundred_states_of_the_bundled_data_come_back() {
    let data = tokscope::import::read_data_dir(&super::root().join("data"));
    let index = Index::build(&data.dataset);
    let choices = Choices::of(&index);
    let mut shown = 0;
    for seed in 1..=8 {
        let mut random = Random::new(seed);
        for _ in 0..25 {
            let selection = super::states::state(&mut random, &index, &choices);
            shown += usize::from(comes_back(&of(&index, &choices, &selection)) > 0);
        }
    }
    assert!(shown > 150, "{shown} of 200 states show anything");
}

#[test]
fn what_follows_from_repetitions_is_not_stated_again() {
    let mut random = Random::new(7);
    let index = made_up::index(&mut random);
    super::export(&index, "conc=all", |export| {
        let mut runs = imported(&csv::csv(export), Format::TokscopeCsv).runs;
        let mut expected = index.runs_of(&export.every_result());
        for runs in [&mut runs, &mut expected] {
            runs.sort_by(|a, b| a.id.cmp(&b.id));
            runs.iter_mut().for_each(|run| {
                run.results.sort_by(|a, b| (&a.shape, a.concurrency).cmp(&(&b.shape, b.concurrency)));
                run.ranges.iter_mut().for_each(|range| range.shapes.sort());
            });
        }
        assert_eq!(runs, expected);
    });
}

#[test]
fn a_damaged_export_says_where_and_the_rest_is_read() {
    let mut random = Random::new(3);
    let index = made_up::index(&mut random);
    super::export(&index, "conc=all", |export| {
        let text = csv::csv(export);
        let whole = imported(&text, Format::TokscopeCsv);
        let count = |imported: &Imported| -> usize {
            let ranges = |run: &Run| run.ranges.iter().map(|range| range.shapes.len()).sum::<usize>();
            imported.runs.iter().map(|run| run.results.len() + ranges(run)).sum()
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1] = lines[1].replacen("\"served\"", "\"swerved\"", 1).replacen("\"raw\"", "\"swerved\"", 1);
        lines[2] = "1,2,3".to_owned();
        let damaged = read(lines.join("\n").as_bytes(), &Known { file: "f", ..Known::default() });
        assert_eq!(count(&damaged), count(&whole) - 2);
        let said: Vec<String> = damaged.findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().any(|said| said.starts_with("f:2: timing: found \"swerved\"")), "{said:?}");
        assert!(said.iter().any(|said| said.starts_with("f:3: found 3 cells, expected")), "{said:?}");
    });
}

#[test]
fn spreadsheets_may_save_it_with_semicolons() {
    let mut random = Random::new(5);
    let index = made_up::index(&mut random);
    super::export(&index, "conc=all", |export| {
        let text = csv::csv(export);
        let mut writer = ::csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        for record in ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        let again = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        assert_eq!(imported(&again, Format::TokscopeCsv).runs, imported(&text, Format::TokscopeCsv).runs);
    });
}

#[test]
fn values_and_deviations_are_those_of_the_index() {
    let mut random = Random::new(11);
    let index = made_up::index(&mut random);
    super::export(&index, "conc=all", |export| {
        let text = csv::csv(export);
        let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|column| column == name).unwrap();
        let mut deviations = 0;
        for (record, result) in reader.records().zip(export.every_result()) {
            let record = record.unwrap();
            let value: Option<f64> = record[column("decode_tok_per_s")].parse().ok();
            assert_eq!(value, index.value(result, Metric::Decode));
            let repeated = index.repeated(result, Metric::Decode);
            let deviation: Option<f64> = record[column("decode_tok_per_s_sd")].parse().ok();
            let expected = tokscope::stats::sample_deviation(&repeated);
            assert_eq!(deviation.is_some(), expected.is_some());
            assert!(deviation.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-6));
            deviations += usize::from(deviation.is_some());
            let printed: Vec<f64> = record[column("decode_tok_per_s_repetitions")]
                .split(';')
                .filter_map(|cell| cell.parse().ok())
                .collect();
            assert_eq!(printed, repeated);
            assert!(repeated.iter().all(|&value| Positive::try_from(value).is_ok()));
        }
        assert!(deviations > 5, "{deviations}");
    });
}
