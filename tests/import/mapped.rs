//! Tables that people made, read through a mapping.

use tokscope::import::mapping::{Column, Decimal, Field, Mapping, Requests, propose, read_table, sheet};
use tokscope::import::{Imported, Known};
use tokscope::model::run::{Accelerator, Statistic, Timing};
use tokscope::model::{Figure, Metric};

use super::{file, known};

fn mapping(json: &str) -> Mapping {
    serde_json::from_str(json).unwrap()
}

fn said(imported: &Imported) -> Vec<String> {
    imported.findings.iter().map(ToString::to_string).collect()
}

/// A batch of requests, timed as a whole.
const BATCHES: &str = r#"{
    "timing": "raw",
    "statistic": "single",
    "columns": [
        {"column": "GPU", "field": "hardware"},
        {"column": "Count", "field": "hardware"},
        {"column": "GPU", "field": "backend"},
        {"column": "Model", "field": "model"},
        {"column": "Length", "field": "prompt_tokens"},
        {"column": "Length", "field": "output_tokens"},
        {"column": "Batch", "field": "concurrency"},
        {"column": "Latency", "field": "end_to_end_ms", "unit": "s", "digits": 6},
        {"column": "Throughput", "field": "system_total_tok_per_s", "digits": 6}
    ],
    "constants": {"quant": "F16", "engine": "vllm", "place": "a table"},
    "values": {
        "hardware": {"Big GPU 2": "2x-big"},
        "backend": {"Big GPU": "rocm"},
        "model": {"maker/Finch-9b": "finch/9b-it"}
    },
    "rows": {"Tool": ["vLLM"]},
    "output_from_end_to_end": true
}"#;

#[test]
fn units_constants_values_and_rows_are_applied() {
    let text = "GPU,Count,Tool,Model,Length,Batch,Latency,Throughput\n\
                Big GPU,2,vLLM,maker/Finch-9b,128,16,0.688306736946106,5950.8\n\
                Big GPU,2,other,maker/Finch-9b,128,16,9,9\n\
                Big GPU,2,vLLM,maker/Finch-9b,128,16,0.688306736946106,5950.8\n\
                Big GPU,2,vLLM,maker/Finch-9b,128,16,0.7,5851\n\
                Big GPU,2,vLLM,maker/Finch-9b,256,1,,0\n";
    let known = Known { hardware: None, backend: None, unlisted: false, ..known() };
    let read = read_table(text.as_bytes(), &mapping(BATCHES), &known);
    assert_eq!(
        said(&read),
        [
            "neutral:4: found a row that repeats another one in every cell, expected it once; it is left out",
            "neutral:6: Throughput: found 0, expected a figure above 0; it is left out",
        ]
    );
    // The second measurement of one cell is a run of its own.
    assert_eq!(read.runs.len(), 2);
    let run = &read.runs[0];
    assert_eq!(
        (run.hardware.as_str(), run.model.as_str(), run.quant.as_str()),
        ("2x-big", "finch/9b-it", "F16")
    );
    assert_eq!(
        (run.backend.accelerator, run.timing, run.statistic),
        (Accelerator::Rocm, Timing::Raw, Statistic::Single)
    );
    assert_eq!(run.sources[0].says.get("variant").map(String::as_str), Some("maker/Finch-9b"));
    let result = &run.results[0];
    assert_eq!((result.shape.as_str(), result.concurrency), ("mixed_128_128", 16));
    assert_eq!(result.stated(Metric::EndToEnd).map(|value| value.get()), Some(688.307));
    assert_eq!(result.stated(Metric::Output).map(|value| value.get()), Some(185.964));
    assert_eq!(result.figures.get(&Figure::SystemTotal).map(|value| value.get()), Some(5950.8));
    assert_eq!(result.stated(Metric::Decode), None, "a rate of all tokens is no decode rate");
}

#[test]
fn what_a_mapping_does_not_say_or_says_wrongly_is_named() {
    let text = "model;TG;TTFT;extra\na;22,5;100;x\nb;fast;;y\n";
    let mut table = Mapping { decimal: Decimal::Comma, ..propose(&[], &[]) };
    table.columns = vec![
        Column::new("model", Field::Model),
        Column { shape: Some("tg128".to_owned()), ..Column::new("TG", Field::Metric(Metric::Decode)) },
        Column { unit: Some("parsecs".to_owned()), ..Column::new("TTFT", Field::Metric(Metric::Ttft)) },
        Column::new("PP", Field::Metric(Metric::Prefill)),
    ];
    table.constants.insert(Field::Quant, "Q4_K_M".to_owned());
    table.constants.insert(Field::Engine, "llama.cpp".to_owned());
    let read = read_table(text.as_bytes(), &table, &known());
    let all = said(&read).join("\n");
    for words in [
        "neutral:1: PP: found no column of this name",
        "neutral:1: TTFT: found unit \"parsecs\", expected one of ns, us",
        "neutral:1: extra: found a column that is mapped to nothing",
        "neutral:3: TG: found \"fast\", expected a number",
        "neutral:3: found no figure",
    ] {
        assert!(all.contains(words), "{words} is not in\n{all}");
    }
    assert_eq!(read.runs.len(), 1);
    assert_eq!(read.runs[0].results[0].shape, "tg128");
    assert_eq!(read.runs[0].results[0].stated(Metric::Decode).map(|value| value.get()), Some(22.5));
}

#[test]
fn rates_of_all_requests_are_shared_and_spreads_are_kept() {
    let text = "users,total tok/s,sd,ttft\n4,100 ,8,0.25 ± 0.05\n,100,8,\n";
    let mut table = Mapping { timing: Timing::Served, ..propose(&[], &[]) };
    let rate = Field::Metric(Metric::Decode);
    table.columns = vec![
        Column::new("users", Field::Concurrency),
        Column { requests: Requests::All, ..Column::new("total tok/s", rate) },
        Column { requests: Requests::All, spread: true, ..Column::new("sd", rate) },
        Column { unit: Some("s".to_owned()), ..Column::new("ttft", Field::Metric(Metric::Ttft)) },
    ];
    for (field, text) in
        [(Field::Model, "a"), (Field::Quant, "Q8_0"), (Field::Engine, "vllm"), (Field::Shape, "chat")]
    {
        table.constants.insert(field, text.to_owned());
    }
    let read = read_table(text.as_bytes(), &table, &Known { concurrency: None, ..known() });
    let result = &read.runs[0].results[0];
    assert_eq!((result.shape.as_str(), result.concurrency), ("chat", 4));
    assert_eq!(result.stated(Metric::Decode).map(|value| value.get()), Some(25.0));
    assert_eq!(result.published.get(&Metric::Decode).map(String::as_str), Some("25 ±2"));
    assert_eq!(result.published.get(&Metric::Ttft).map(String::as_str), Some("250 ±50"));
    assert_eq!(result.note.as_deref(), Some("Decode of all requests together: 100 tok/s."));
    assert!(said(&read).iter().any(|text| text.contains("expected how many requests were in flight")));
}

#[test]
fn a_mapping_is_written_as_it_is_read() {
    let table = mapping(BATCHES);
    let json = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), table);
}

#[cfg(feature = "cli")]
#[test]
fn a_mapping_may_be_yaml_and_what_is_wrong_with_it_is_named() {
    use tokscope::import::read_mapping;

    let (read, findings) = read_mapping(BATCHES, "m.json");
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(read, Some(mapping(BATCHES)));
    let yaml =
        "timing: raw\ncolumns:\n  - column: A\n    field: decode_tok_s\n  - {colum: B, field: ignored}\n";
    let (read, findings) = read_mapping(yaml, "m.yaml");
    assert_eq!(read, None);
    let all = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(all.contains("m.yaml:4") && all.contains("did you mean \"decode_tok_per_s\""), "{all}");
    assert!(all.contains("m.yaml:5") && all.contains("did you mean \"column\""), "{all}");
}

#[cfg(feature = "cli")]
#[test]
fn the_example_of_the_documentation_is_sound() {
    let text = std::fs::read_to_string(super::root().join("docs/importing.md")).unwrap();
    let example = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (read, findings) = tokscope::import::read_mapping(example, "docs/importing.md");
    assert_eq!(findings, []);
    assert_eq!(read.unwrap().columns.len(), 10);
}

#[test]
fn repetitions_on_rows_of_their_own_become_those_of_one_result() {
    let Some(bytes) = file("shared/samples/ollama/v0.21.2_hogeheer499_api_timings_r10.csv") else {
        eprintln!("skipped: ../shared is not here");
        return;
    };
    let sheet = sheet(&bytes).unwrap();
    let rows: Vec<Vec<String>> = sheet.rows.iter().map(|(_, cells)| cells.clone()).collect();
    let mut table = propose(&sheet.headers, &rows);
    table.rows.insert("phase".to_owned(), vec!["warm".to_owned()]);
    table.constants.insert(Field::Quant, "Q4_K_M".to_owned());
    table.constants.insert(Field::Engine, "ollama".to_owned());
    let read = read_table(&bytes, &table, &known());
    assert_eq!(said(&read), Vec::<String>::new());
    assert_eq!((read.runs.len(), read.runs[0].results.len()), (1, 1));
    let (run, result) = (&read.runs[0], &read.runs[0].results[0]);
    assert_eq!((result.repetitions.len(), run.repetitions, run.statistic), (10, Some(10), Statistic::Mean));
    assert_eq!((result.prompt_tokens, result.output_tokens), (Some(19), Some(128)));
    let first = &result.repetitions[0];
    assert_eq!(first.decode_tok_per_s.map(|value| value.get()), Some(50.685_475_338_023_9));
    let load = result.stated(Metric::Load).unwrap().get();
    assert!((0.11..0.12).contains(&load), "{load} s");
}

#[test]
fn samples_have_a_proposal_that_names_their_figures() {
    for (name, figures) in [
        ("converted-csv/hogeheer499_benchmarks.csv", 3),
        ("llama-server/b9010_hogeheer499_multi-user-summary.csv", 7),
        ("llama-server/b9010_hogeheer499_multi-user-detail.csv", 3),
        ("ollama/v0.21.2_hogeheer499_api_timings_r10.csv", 4),
    ] {
        let Some(bytes) = file(&format!("shared/samples/{name}")) else {
            eprintln!("skipped: ../shared is not here");
            return;
        };
        let sheet = sheet(&bytes).unwrap();
        let rows: Vec<Vec<String>> = sheet.rows.iter().map(|(_, cells)| cells.clone()).collect();
        let proposed = propose(&sheet.headers, &rows);
        assert_eq!(proposed.columns.len(), sheet.headers.len(), "{name}: every column is named");
        let found = proposed.columns.iter().filter(|column| column.field.kind().is_some()).count();
        assert_eq!(found, figures, "{name}: {:#?}", proposed.columns);
    }
}

#[test]
fn a_spreadsheet_of_a_country_with_decimal_commas_is_read() {
    let text = "Modell;Quantisierung;Karte;Prompt tokens;Output tokens;Decode tok/s;TTFT ms;Backend;Datum\n\
                finch/9b-it;Q4_K_M;desk;1.024;128;145,7;1.234,5;CUDA;01.10.2026\n\
                finch/9b-it;Q4_K_M;desk;2.048;128;1.145;234,5;CUDA;2.10.2026 14:30\n";
    let sheet = sheet(text.as_bytes()).unwrap();
    let rows: Vec<Vec<String>> = sheet.rows.iter().map(|(_, cells)| cells.clone()).collect();
    let proposed = propose(&sheet.headers, &rows);
    assert_eq!(proposed.decimal, Decimal::Comma);
    assert!(proposed.columns.iter().all(|column| column.field != Field::Ignored), "{:?}", proposed.columns);
    let read = read_table(text.as_bytes(), &proposed, &Known { concurrency: Some(1), ..known() });
    assert_eq!(said(&read), [""; 0]);
    let found: Vec<_> = read
        .runs
        .iter()
        .flat_map(|run| run.results.iter().map(|result| (run.date.as_str(), result)))
        .map(|(date, result)| {
            (date, result.prompt_tokens, result.stated(Metric::Decode).map(|value| value.get()))
        })
        .collect();
    assert_eq!(found, [("2026-10-01", Some(1024), Some(145.7)), ("2026-10-02", Some(2048), Some(1145.0))]);
    // With a point before the fraction the same words are no whole number.
    let with =
        |mapping: Mapping, text: &str| said(&read_table(text.as_bytes(), &mapping, &known())).join("\n");
    let points = with(Mapping { decimal: Decimal::Point, ..proposed.clone() }, text);
    assert!(points.contains("prompt_tokens: found \"2.048\", expected a whole number"), "{points}");
    let no_day = with(proposed, &text.replace("01.10.2026", "31.02.2026"));
    assert!(no_day.contains("date: found \"31.02.2026\", expected a date such as"), "{no_day}");
}
