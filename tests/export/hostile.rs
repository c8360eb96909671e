//! Names and failures that try to be something else: formulas, markup, cells.

use std::fs;

use serde_json::json;
use tokscope::export::view::{brief, csv, html, markdown};
use tokscope::import::{Known, read};
use tokscope::index::Index;
use tokscope::model::dataset::{Catalog, Dataset, FromFile};
use tokscope::query::Choices;

use super::{of, root};

/// Strings to try, of this file and, where they are, of the collections beside the repository.
pub(crate) fn strings() -> Vec<String> {
    let mut strings: Vec<String> = [
        "=1+1",
        "'=1",
        "''=1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        "a|b",
        "\\|",
        "a\\",
        "`",
        "{x}",
        "<b>",
        "&lt;",
        "&#124;",
        "—",
        "failed: x",
        "1–2",
        "5 ±1",
        "a, b",
        "a;b",
        "\"",
        "\"\"",
        "_a_",
        " a ",
        "a  b",
        "~~a~~",
        "$a$",
        "\u{0}",
        "\u{202e}a",
        "\u{a0}a",
        "x\r\ny",
        "---",
        ":-:",
        "|---|",
    ]
    .map(str::to_owned)
    .to_vec();
    let shared = root().join("../shared/hostile");
    if !shared.is_dir() {
        eprintln!("skipped: ../shared is not here");
        return strings;
    }
    let text = |path: &str| fs::read_to_string(shared.join(path)).unwrap();
    strings.extend(serde_json::from_str::<Vec<String>>(&text("blns/blns.json")).unwrap());
    strings.extend(text("csv-injection/Intruder/csv-payload.txt").lines().map(str::to_owned));
    for file in fs::read_dir(shared.join("csv-spectrum/csvs")).unwrap() {
        strings.push(fs::read_to_string(file.unwrap().path()).unwrap());
    }
    strings.retain(|text| !text.is_empty());
    strings
}

/// An index with one run for each string, which stands wherever a text can.
pub(crate) fn index(strings: &[String]) -> Index {
    let catalog: Catalog = serde_json::from_value(json!({
        "families": [{ "id": "f", "name": "<F>", "released": "2026-01", "released_source": "x",
            "variants": [{ "id": "v", "name": "=V|{}" }] }],
        "quants": [{ "id": "Q4_K_M", "about": "x", "source": "x" }],
        "hardware": [{ "id": "rig", "name": "=cmd|' /C calc'!A0", "short": "r", "story": "x", "sources": [] }],
        "shapes": [{ "id": "chat", "label": "chat", "served": true, "about": "x" },
            { "id": "rag", "label": "rag", "served": true, "about": "x" }],
        "glossary": [], "campaign": [],
        "sources": [{ "id": "s", "name": "=S [x](y) {z}", "date": "2026-01", "licence": "@l" }],
    }))
    .unwrap();
    let run = |(number, text): (usize, &String)| {
        let value = serde_json::from_value(json!({
            "schema": 1, "id": format!("run-{number}"), "date": "2026-01", "model": "f/v", "quant": "Q4_K_M",
            "hardware": "rig", "driver": text, "mode": text, "timing": "raw", "statistic": "mean",
            "backend": { "engine": text, "build": text, "accelerator": "cpu", "runtime": text },
            "settings": { "other": { text: text } }, "notes": [text], "sources": [{ "id": "s", "place": text }],
            "results": [
                { "shape": "chat", "concurrency": 1, "failed": text, "note": text },
                { "shape": "rag", "concurrency": 1, "decode_tok_per_s": 5, "published": { "decode_tok_per_s": text } },
            ],
        }));
        FromFile { file: format!("runs/run-{number}.yaml"), value: value.unwrap() }
    };
    let runs = strings.iter().enumerate().map(run).collect();
    Index::build(&Dataset { catalog, runs })
}

#[test]
fn any_text_comes_back_and_no_cell_is_a_formula() {
    let strings = strings();
    let index = index(&strings);
    let choices = Choices::of(&index);
    let selection = tokscope::query::Selection::default();
    let export = of(&index, &choices, &selection);
    let text = csv::csv(&export);
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut cells = 0;
    for record in reader.records() {
        for cell in &record.unwrap() {
            cells += 1;
            assert!(
                !cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '＝']),
                "{cell:?}"
            );
        }
    }
    assert!(cells > 2 * strings.len());

    let back = read(text.as_bytes(), &Known { file: "f", ..Known::default() });
    assert_eq!(back.findings, []);
    let runs = back.runs.into_iter().map(|value| FromFile { file: String::new(), value }).collect();
    let part = index.subset(&export.every_result());
    let again = Index::build(&Dataset { catalog: part.catalog.clone(), runs });
    assert_eq!(again.to_runs(), part.to_runs());
}

#[test]
fn any_text_stays_in_its_cell_of_a_table() {
    let strings = strings();
    let index = index(&strings);
    let choices = Choices::of(&index);
    let selection = tokscope::query::Selection::default();
    let export = of(&index, &choices, &selection);
    let text = markdown::markdown(&export);
    let bars = |row: &str| row.replace("\\\\", "").replace("\\|", "").matches('|').count();
    for text in [&text, &brief::brief(&export)] {
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows.len(), 2 + export.results().len());
        for row in &rows {
            assert_eq!(bars(row), bars(rows[0]), "{row}");
            let bare = row.replace("\\\\", "");
            for c in ['{', '}', '`', '*', '['] {
                assert_eq!(bare.matches(c).count(), bare.matches(&format!("\\{c}")).count(), "{row}");
            }
            assert!(!row.contains(['<', '>', '\u{0}', '\u{202e}', '~', '$']), "{row}");
        }
    }

    let back = read(text.as_bytes(), &Known { file: "f", ..Known::default() });
    assert_eq!(back.findings, []);
    let mut runs: Vec<_> = back.runs.iter().collect();
    runs.sort_by_key(|run| run.id.trim_start_matches("run-").parse::<usize>().unwrap());
    assert_eq!(runs.len(), strings.len());
    for (run, text) in runs.into_iter().zip(&strings) {
        assert_eq!(run.backend.engine, *text);
        assert_eq!(
            (run.driver.as_deref(), run.backend.build.as_deref()),
            (Some(text.as_str()), Some(text.as_str()))
        );
        assert_eq!(run.mode, *text);
        assert!(run.results.iter().any(|result| result.failed.as_deref() == Some(text)), "{text:?}");
    }
}

#[test]
fn any_text_stays_text_in_a_web_page() {
    let strings = strings();
    let index = index(&strings);
    let choices = Choices::of(&index);
    let selection = tokscope::query::Selection::default();
    let export = of(&index, &choices, &selection);
    let page = html::html(&export, &[]);
    // Every element is one of ours, whatever the texts hold.
    let known = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "header", "p", "h1", "h2", "main",
        "div", "table", "thead", "tbody", "tr", "th", "td", "footer", "ul", "li", "a", "script", "bdi",
    ];
    let mut elements = 0;
    for rest in page.split('<').skip(1) {
        let name: String = rest
            .trim_start_matches('/')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '!')
            .collect();
        assert!(known.contains(&name.as_str()), "an element of {name:?}: {rest:.80}");
        elements += 1;
    }
    assert!(elements > 10 * strings.len(), "{elements} elements");
    assert_eq!(page.matches("<script").count(), 1);
    let back = tokscope::own::read_index(page.as_bytes(), "page").unwrap();
    assert_eq!(back.findings, []);
    assert_eq!(back.runs, index.subset(&export.every_result()).to_runs());
}
