//! `tokscope mdbook` as mdBook calls it, in both forms of its protocol.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

/// Where the page of these books is said to be.
const BASE: &str = "https://example.org/bench/";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tokscope(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tokscope"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has seen enough hangs up.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn context(options: &Value) -> Value {
    json!({
        "root": root().join("examples/book"),
        "config": {"book": {"src": "src"}, "preprocessor": {"tokscope": options}},
        "renderer": "html",
        "mdbook_version": "0.5.4",
    })
}

/// An index of the data, so that not every book reads the run files.
fn index() -> &'static str {
    static INDEX: OnceLock<String> = OnceLock::new();
    INDEX.get_or_init(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mdbook-index.json");
        let file = file.to_str().unwrap().to_owned();
        written(&["index", "-o", &file]);
        file
    })
}

fn options() -> Value {
    json!({"command": "tokscope mdbook", "before": ["links"], "index": index(), "base": BASE})
}

fn chapter(path: &str, content: &str, below: &Value) -> Value {
    json!({"Chapter": {
        "name": path, "content": content, "number": [1], "sub_items": below,
        "path": path, "source_path": path, "parent_names": [],
    }})
}

/// What becomes of one chapter at a path.
fn built_at(path: &str, content: &str, options: &Value) -> Result<String, String> {
    let input = json!([context(options), {"items": [chapter(path, content, &json!([]))]}]);
    let done = tokscope(&["mdbook"], &input.to_string());
    if !done.status.success() {
        assert_eq!(done.stdout, b"");
        return Err(String::from_utf8(done.stderr).unwrap());
    }
    let book: Value = serde_json::from_slice(&done.stdout).unwrap();
    Ok(book["items"][0]["Chapter"]["content"].as_str().unwrap().to_owned())
}

fn built(content: &str) -> String {
    built_at("speed.md", content, &options()).unwrap()
}

fn written(arguments: &[&str]) -> String {
    let done = tokscope(arguments, "");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn every_renderer_is_supported() {
    assert_eq!(tokscope(&["mdbook", "supports", "html"], "").status.code(), Some(0));
    assert_eq!(tokscope(&["mdbook", "supports", "epub"], "").status.code(), Some(0));
}

#[test]
fn both_forms_of_the_protocol_come_back_with_everything_else_as_it_was() {
    let directive = "a {{#tokscope value q=LFM2.5-350M}} b";
    let plain = "no directive | {{#include x.md}}\n";
    for name in ["sections", "items"] {
        let items = json!([
            chapter("a.md", plain, &json!([chapter("b/c.md", directive, &json!([]))])),
            "Separator",
            {"PartTitle": "{{#tokscope chart}}"},
            {"Chapter": {"name": "draft", "content": "", "number": null, "sub_items": [], "path": null}},
        ]);
        let book = json!({name: items, "__non_exhaustive": null});
        let done = tokscope(&["mdbook"], &json!([context(&options()), book]).to_string());
        assert_eq!(String::from_utf8_lossy(&done.stderr), "");
        let read: Value = serde_json::from_slice(&done.stdout).unwrap();
        let content = &read[name][0]["Chapter"]["sub_items"][0]["Chapter"]["content"];
        assert_eq!(content.as_str().unwrap(), "a 761.9–861.4\u{a0}tok/s b");
        let mut expected = book.clone();
        expected[name][0]["Chapter"]["sub_items"][0]["Chapter"]["content"] = content.clone();
        assert_eq!(read, expected);
    }
}

#[test]
fn a_table_has_the_values_of_the_export() {
    let query = "hardware=geforce-rtx-5070-12gb&shape=chat";
    let table = built(&format!("Before\n{{{{#tokscope table {query}}}}}\nAfter"));
    assert!(table.starts_with("Before\n\nIn every line: quant Q4_K_M; hardware GeForce RTX 5070"), "{table}");
    assert!(table.ends_with("\n\nAfter"), "{table}");
    let link = format!("[Open the live view]({BASE}?{query})");
    assert!(table.contains(&link), "{table}");
    let csv = written(&["export", query, "--format", "csv", "--index", index()]);
    let mut lines = csv.lines();
    let at = lines.next().unwrap().split(',').position(|name| name.contains("\"decode_tok_per_s\"")).unwrap();
    let expected: Vec<&str> = lines.map(|line| cells(line)[at]).collect();
    assert_eq!(column(&table, "Decode, tok/s"), expected);

    let full = built(&format!("{{{{#tokscope table {query} --full}}}}"));
    let exported = written(&["export", query, "--base", BASE, "--index", index()]);
    assert_eq!(full.trim_end(), exported.trim_end());
}

/// Cells of a line of CSV that holds no quotation mark inside a cell before the one that is looked at.
fn cells(line: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (cell, after) = quoted.split_once('"').unwrap();
                (cell, after.strip_prefix(',').unwrap_or(after))
            }
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        cells.push(cell);
        rest = after;
    }
    cells
}

/// A column of the table in a text.
fn column(text: &str, name: &str) -> Vec<String> {
    let row = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = text.lines().filter(|line| line.starts_with('|')).map(row).collect();
    let at = rows[0].iter().position(|cell| cell == name).unwrap();
    rows[2..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn a_chart_is_one_line_with_two_drawings_and_the_colours_of_the_book() {
    let text = built("* {{#tokscope chart q=gemma}}\n* next\n\n{{#tokscope chart q=gemma --theme dark}}\n");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("<svg")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("* <figure class=\"tokscope-chart\"><style>"), "{text}");
    assert!(text.contains("</figure>\n\n* next"), "{text}");
    for (line, is_auto) in [(lines[0], true), (lines[1], false)] {
        assert_eq!(line.matches("<svg ").count(), 2);
        assert_eq!(line.contains("prefers-color-scheme:dark"), is_auto);
        assert_eq!(line.contains("html:is(.coal,.navy,.ayu){.ts-ink"), is_auto);
        let link =
            format!("<figcaption><a href=\"{BASE}?q=gemma\">Open the live view</a></figcaption></figure>");
        assert!(line.ends_with(&link), "{line}");
        let svgs = line
            .split("<svg ")
            .skip(1)
            .map(|svg| format!("<svg {}</svg>", svg.split("</svg>").next().unwrap()));
        for svg in svgs {
            roxmltree::Document::parse(&svg).unwrap();
            assert!(svg.contains(">Sources: ") && !svg.contains("q=gemma"), "{svg}");
        }
    }
    let mut ids: Vec<&str> =
        text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), all), (8, 8));
}

#[test]
fn a_chart_is_that_of_the_chosen_shape_or_the_one_that_is_named() {
    let titles = [
        ("hardware=geforce-rtx-5070-12gb", ">Model speed range: Decode tok/s"),
        ("hardware=geforce-rtx-5070-12gb&shape=rag", ">rag: Decode tok/s"),
        ("hardware=geforce-rtx-5070-12gb --chart workload-chat", ">chat: Decode tok/s"),
        ("hardware=geforce-rtx-5070-12gb --chart roofline", ">Bandwidth roofline: "),
    ];
    for (query, title) in titles {
        let text = built(&format!("{{{{#tokscope chart {query}}}}}"));
        assert!(text.contains(title), "{query}: {text}");
    }
}

#[test]
fn a_frame_leads_to_the_page_wherever_the_chapter_is() {
    let frame = built("{{#tokscope embed q=gemma --height 500}}");
    assert!(
        frame.contains(&format!("<iframe src=\"{BASE}?q=gemma")) && frame.contains("height=\"500\""),
        "{frame}"
    );
    let whole = built("{{#tokscope embed https://other.example/p/?q=gemma}}");
    assert!(whole.contains("<iframe src=\"https://other.example/p/?q=gemma"), "{whole}");
    let relative = json!({"index": index(), "base": "../"});
    let deep = built_at("a/b/c.md", "{{#tokscope embed q=gemma}}", &relative).unwrap();
    assert!(deep.contains("<iframe src=\"../../../?q=gemma"), "{deep}");
    let none = json!({"data": "../../data"});
    let table = built_at("a.md", "{{#tokscope table q=gemma --full}}", &none).unwrap();
    assert!(!table.contains("This view"), "{table}");
}

#[test]
fn mistakes_fail_the_build_with_chapter_and_line() {
    let content = "# Speed\n\n{{#tokscope chart hardware=nonesuch}}\n\nso {{#tokscope table}}\n\n\
                   {{#tokscope value}}\n{{#tokscope chart --chart nonesuch}}\n{{#tokscope value q=nonesuch}}\n\
                   {{#tokscope picture}}\n";
    let here = json!({"data": "../../data"});
    let said =
        built_at("a.md", "{{#tokscope table data=https://elsewhere.example/i.json}}", &here).unwrap_err();
    assert!(
        said.contains("a.md:1: found data=https://elsewhere.example/i.json, expected an index on"),
        "{said}"
    );
    let said = built_at("a/speed.md", content, &options()).unwrap_err();
    let beginnings = [
        "examples/book/src/a/speed.md:3: found hardware=nonesuch, expected a value that the data has",
        "examples/book/src/a/speed.md:5: found a table beside other text, expected it alone on its line",
        "examples/book/src/a/speed.md:7: found ",
        "examples/book/src/a/speed.md:8: found no chart \"nonesuch\", expected one of those that --list names, such as",
        "examples/book/src/a/speed.md:9: found no result with a value, expected at least one",
        "examples/book/src/a/speed.md:10: found \"picture\", expected chart, table, embed or value",
        "error: found 6 problems, expected none: ",
    ];
    assert_eq!(said.lines().count(), beginnings.len(), "{said}");
    for (line, beginning) in said.lines().zip(beginnings) {
        assert!(line.starts_with(beginning), "{line}");
    }
    // Rows without a value are no result either.
    for what in ["table", "chart", "embed", "value"] {
        let query = "hardware=strix-halo-96gb&metric=ttft&shape=chat";
        let said = built_at("a.md", &format!("{{{{#tokscope {what} {query}}}}}"), &options()).unwrap_err();
        assert!(said.contains("a.md:1: found no result with a value, expected"), "{what}: {said}");
    }
    let mut warn = options();
    warn["on-error"] = json!("warn");
    assert_eq!(built_at("a/speed.md", content, &warn).unwrap(), content);

    let no_base = json!({"index": index()});
    let said = built_at("a.md", "{{#tokscope embed}}", &no_base).unwrap_err();
    assert!(said.contains("a.md:1: found no address of the page, expected `base`"), "{said}");
}

#[test]
fn options_are_checked() {
    let said = |options: Value| built_at("a.md", "", &options).unwrap_err();
    assert!(
        said(json!({"bass": "x"}))
            .contains("found \"bass\" in [preprocessor.tokscope], expected one of data, ")
    );
    assert!(said(json!({"data": 3})).contains("found data = 3, expected text in quotation marks"));
    assert!(
        said(json!({"data": "a", "index": "b"})).contains("found both data and index, expected one of them")
    );
    assert!(
        said(json!({"base": "javascript:alert(1)"}))
            .contains("found base = \"javascript:alert(1)\", expected an")
    );
    assert!(
        said(json!({"on-error": "ignore"}))
            .contains("found on-error = \"ignore\", expected \"fail\" or \"warn\"")
    );
    assert!(said(json!({"index": "nonesuch.json"})).contains("cannot read: "));
    let done = tokscope(&["mdbook"], "nothing");
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("expected [context, book]: standard input"), "{said}");
}

/// An index whose names try to be markup, directives and scripts.
fn hostile_index(folder: &Path) -> String {
    let index =
        written(&["export", "hardware=geforce-rtx-5070-12gb", "--format", "json", "--index", index()]);
    let name = "{{#include /etc/passwd}} </style><script>alert(1)</script> <b>|`*_x_ $$a$$ --> \\\\u2028";
    let index = index.replace("E4B-it", name).replace("GeForce RTX 5070", name);
    let file = folder.join("hostile.json");
    std::fs::write(&file, index).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn hostile_names_stay_words() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mdbook-hostile");
    std::fs::create_dir_all(&folder).unwrap();
    let options = json!({"index": hostile_index(&folder), "base": BASE});
    for directive in
        ["chart", "chart --chart roofline", "table", "table --full", "embed view=model&model=gemma-4.e4b-it"]
    {
        let text = built_at("a.md", &format!("{{{{#tokscope {directive}}}}}\n"), &options).unwrap();
        // The whole table calls things by their ids.
        assert!(text.contains("include") || directive == "table --full", "{directive}: {text}");
        let style =
            text.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap_or_default();
        let rest = text.replacen(style, "", 1);
        for bad in ["{{", "<script>alert", "<b>", "</style><"] {
            assert_eq!(
                rest.matches(bad).count(),
                usize::from(bad == "</style><" && !style.is_empty()),
                "{bad}: {text}"
            );
        }
        if directive.starts_with("chart") {
            assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        }
    }
}
