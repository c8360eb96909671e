//! `tokscope export` and `tokscope chart`, as they are called.

use std::fs;
use std::process::{Command, Output};

use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::configuration_slug;

use super::folder::Folder;
use super::root;

fn tokscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokscope")).args(arguments).current_dir(root()).output().unwrap()
}

impl Folder {
    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

fn written(output: &Output) -> &str {
    assert_eq!((output.status.code(), std::str::from_utf8(&output.stderr).unwrap()), (Some(0), ""));
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn every_form_is_written_and_three_are_read_back_as_the_same_runs() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let link = "https://example.org/bench/?hardware=geforce-rtx-5070-12gb&theme=dark";
    let mut runs: Vec<String> = Vec::new();
    for form in ["json", "csv", "md"] {
        let file = folder.path(&format!("neutral-{form}"));
        let done = tokscope(&["export", link, "--index", &index, "--format", form, "-o", &file]);
        assert_eq!(written(&done), "");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("https://example.org/bench/?hardware=geforce-rtx-5070-12gb"), "{form}");
        let read = tokscope(&["import", &file, "-o", "-"]);
        assert_eq!(read.status.code(), Some(0), "{form}");
        runs.push(String::from_utf8(read.stdout).unwrap());
    }
    let sorted = |text: &str| {
        let mut runs: Vec<String> = text.split("---\n").map(str::to_owned).collect();
        runs.sort();
        runs
    };
    assert!(runs[0].contains("decode_tok_per_s") && sorted(&runs[0]) == sorted(&runs[1]));
    let values = |text: &str| {
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| line.contains("decode_tok_per_s:"))
            .map(|line| line.trim().to_owned())
            .collect();
        lines.sort();
        lines
    };
    assert!(values(&runs[2]).len() > 30, "{}", runs[2]);

    let said =
        |form: &str| written(&tokscope(&["export", link, "--index", &index, "--format", form])).to_owned();
    assert!(said("citation").starts_with("Tokscope: Decode, tok/s (Hardware: GeForce RTX 5070"));
    assert!(said("bibtex").starts_with("@misc{tokscope-"));
    assert!(said("cff").starts_with("cff-version: 1.2.0\n"));
    assert!(said("embed").starts_with("<iframe src=\"https://example.org/bench/?hardware="));
    assert!(said("element").contains("<tokscope-chart src=\"https://example.org/bench/\" query=\"hardware="));

    let refused = tokscope(&["export", "q=gemma", "--index", &index, "--format", "embed"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(said, "error: found no address of the page, expected a whole link or --base\n");
    let refused = tokscope(&["export", "hardware=nonesuch", "--index", &index]);
    assert_eq!(refused.status.code(), Some(2));
}

/// Width and height that a PNG says of itself.
/// Nothing is fetched: a file that was named is what the link calls `data=`, and what is made of it says so.
#[test]
fn somebody_elses_index_is_a_file_that_was_named() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let link =
        "https://example.org/bench/?data=https://elsewhere.example/i.json&hardware=geforce-rtx-5070-12gb";
    for command in ["export", "chart"] {
        let refused = tokscope(&[command, link]);
        assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{command}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("nothing is fetched here") && said.contains("--index"), "{said}");
        let made = tokscope(&[command, link, "--index", &index]);
        let text = written(&made);
        assert!(text.contains("//elsewhere.example/i.json (not reviewed)"), "{command}: {text}");
        assert!(text.contains("?data=https%3A%2F%2Felsewhere.example%2Fi.json&"), "{command}");
    }
}

fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_chart_is_the_same_pixels_each_time() {
    let folder = Folder::empty();
    let (index, file) = (folder.path("index.json"), folder.path("speed.PNG"));
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let png = |more: &[&str]| -> Vec<u8> {
        let chart = ["chart", "hardware=geforce-rtx-5070-12gb", "--index", &index, "-o", &file];
        written(&tokscope(&[&chart[..], more].concat()));
        fs::read(&file).unwrap()
    };
    let first = png(&[]);
    assert!(png(&[]) == first, "other pixels for the same chart");
    let (width, height) = size(&first);
    assert_eq!(width, 1_600);
    assert_eq!(size(&png(&["--scale", "1", "--width", "640"])).0, 640);
    assert!(size(&png(&["--no-foot"])).1 + 30 < height);
    assert!(png(&["--theme", "light"]) == first && png(&["--theme", "dark"]) != first);
    // Without letters there is far less to pack.
    assert!(first.len() > 40_000, "{} bytes", first.len());

    let svg = tokscope(&[
        "chart",
        "hardware=geforce-rtx-5070-12gb",
        "--index",
        &index,
        "--base",
        "https://example.org/b/",
    ]);
    let svg = written(&svg).to_owned();
    assert!(svg.contains("https://example.org/b/?hardware=geforce-rtx-5070-12gb</text>"), "{svg}");
    assert!(svg.contains(">Sources: Benchmark page"), "{svg}");
    let bytes =
        tokscope(&["chart", "hardware=geforce-rtx-5070-12gb", "--index", &index, "--format", "png"]).stdout;
    assert_eq!(size(&bytes), (width, height));
}

/// Sources and date below a drawing are those of what is drawn, not of the view.
#[test]
fn a_chart_names_the_sources_of_what_is_drawn() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    for (chart, source, latest) in [
        (
            "history-gpt-oss.120b-f16-strix-halo-framework-128gb-tg128-1-raw",
            ">Source: ",
            "Latest run 2025-08",
        ),
        ("workload-tg128", ">Sources: ", "Latest run 2026-0"),
    ] {
        let svg = written(&tokscope(&["chart", "--chart", chart, "--index", &index])).to_owned();
        assert!(svg.contains(source) && svg.contains(latest), "{chart}: {svg}");
        assert!(!svg.contains("Benchmark page of calebcoffie.com"), "{chart}: {svg}");
    }
    let svg = written(&tokscope(&["chart", "--chart", "workload-chat", "--index", &index])).to_owned();
    assert!(svg.contains(">Sources: Benchmark page of calebcoffie.com"), "{svg}");
}

/// Without a name, a drawing is what is shown where the link is embedded.
#[test]
fn the_usual_chart_is_that_of_the_link() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let known = Index::from_json(&fs::read(&index).unwrap()).unwrap();
    let shape = |id: &str| known.catalog.shapes.iter().position(|shape| shape.id == id).unwrap();
    let has = |at: usize, shape: usize| {
        let of_shape = |&result: &usize| usize::from(known.results.shape[result]) == shape;
        known.results_of(at).filter(of_shape).any(|result| known.value(result, Metric::Decode).is_some())
    };
    let both = (0..known.configuration_count()).filter(|&at| has(at, shape("chat")) && has(at, shape("rag")));
    let pins: Vec<String> = both.take(2).map(|at| configuration_slug(&known, at)).collect();
    let compared = format!("view=compare&pin={}", pins.join(","));
    let title = |query: &str| {
        let svg = written(&tokscope(&["chart", query, "--index", &index])).to_owned();
        svg.split_once("-t\">").unwrap().1.split_once('<').unwrap().0.to_owned()
    };
    let first = title(&compared);
    assert!(first.ends_with(": Decode tok/s, concurrency 1"), "{first}");
    assert_eq!(title(&format!("{compared}&shape=chat")), "chat: Decode tok/s, concurrency 1");
    assert_eq!(title(&format!("{compared}&shape=rag")), "rag: Decode tok/s, concurrency 1");
    assert_eq!(title("shape=chat"), "chat: Decode tok/s, concurrency 1");
    assert!(title("q=gemma").starts_with("Model speed range: "));
}

/// A drawing of nothing is a mistake, and leaves no file.
#[test]
fn what_cannot_be_drawn_is_said_and_nothing_is_written() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let refused = |arguments: &[&str]| {
        let done = tokscope(&[&["chart", "--index", &index], arguments].concat());
        assert!(done.stdout.is_empty(), "{arguments:?}");
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let file = folder.path("speed.svg");
    for (query, says) in [
        ("q=zzzzz", "Decode, tok/s: the selection leaves 0 results"),
        ("hardware=strix-halo-96gb&metric=ttft&shape=chat", "TTFT, ms: the selection leaves 9 results"),
    ] {
        let (code, said) = refused(&[query, "-o", &file]);
        assert_eq!(code, Some(1), "{query}: {said}");
        assert!(said.ends_with(&format!("at least one value of {says}\n")), "{said}");
    }
    let pdf = folder.path("speed.pdf");
    let (code, said) = refused(&["-o", &pdf]);
    assert!(code == Some(2) && said.contains("found another ending, expected .svg or .png: "), "{said}");
    assert!(!std::path::Path::new(&file).exists() && !std::path::Path::new(&pdf).exists());

    let (code, said) = refused(&["--chart", "workload-chatt"]);
    assert!(code == Some(2) && said.contains("--list names, such as workload-chat, "), "{said}");
    assert!(said.len() < 300, "{said}");

    for command in ["chart", "export"] {
        let done = tokscope(&[command, "q=gemma", "--index", &index, "--base", "javascript:alert(1)"]);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!((done.status.code(), done.stdout.len()), (Some(2), 0), "{said}");
        assert!(said.contains("expected an address that begins with https:// or http://"), "{said}");
    }
}

/// Every form counts the results that have the metric, and dates and sources are of those.
#[test]
fn every_form_counts_alike() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    for (query, counts) in [
        ("hardware=strix-halo-96gb&shape=chat&metric=ttft&sort=-quant", "0 results of 0 configurations"),
        ("hardware=strix-halo-96gb&shape=chat", "9 results of 9 configurations"),
    ] {
        for form in ["md", "html", "citation", "bibtex", "cff"] {
            let text = written(&tokscope(&["export", query, "--index", &index, "--format", form])).to_owned();
            assert!(text.contains(counts), "{query} {form}: {text:.2000}");
            if counts.starts_with('0') {
                assert!(
                    !text.contains("latest run") && !text.contains("Source:") && !text.contains("Sources:"),
                    "{form}: {text:.2000}"
                );
            }
        }
    }
}

/// What a view names is what its charts are of, whatever is filtered beside.
#[test]
fn comparisons_and_models_have_charts_of_their_own() {
    let folder = Folder::empty();
    let index = folder.path("index.json");
    assert_eq!(tokscope(&["index", "-o", &index]).status.code(), Some(0));
    let list = |query: &str| {
        written(&tokscope(&["chart", "--list", query, "--index", &index]))
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let row = "minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp";
    let compared = list(&format!("view=compare&pin={row}.rocm-7.2.baseline,{row}.vulkan.baseline&q=gemma"));
    assert!(compared[0].starts_with("compared-") && compared[0].contains("-1-decode\t"), "{compared:?}");
    assert!(compared[0].ends_with(": Decode tok/s, concurrency 1"), "{compared:?}");
    let of_model = list("view=model&model=gemma-3.4b-it&hardware=strix-halo-96gb&conc=4");
    assert!(of_model[0].ends_with("every concurrency") && of_model.len() > 4, "{of_model:?}");
    let all = list("");
    assert!(!all.iter().any(|line| line.starts_with("compared-")), "{all:?}");
}
