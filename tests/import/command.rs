//! `tokscope import` and `tokscope compare` as they are called.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::folder::Folder;
use super::{fixture, root};

impl Folder {
    /// A copy of the invented data folder.
    pub(super) fn new() -> Self {
        Self::of(&root().join("tests/fixtures/data"))
    }

    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.0.join(name), bytes).unwrap();
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn run_files(&self) -> Vec<String> {
        let folder = fs::read_dir(self.0.join("runs/desk-12gb")).unwrap();
        let mut names: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn import(&self, file: &str, more: &[&str]) -> Output {
        let data = self.0.to_str().unwrap();
        let mut arguments =
            vec!["import", file, "--data", data, "--hardware", "desk-12gb", "--source", "bench-notes"];
        arguments.extend(["--model", "finch/2b-it"]);
        arguments.extend(more);
        tokscope(&arguments)
    }
}

pub(super) fn tokscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokscope")).args(arguments).output().unwrap()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tokscope"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn imported_files_pass_the_check() {
    let folder = Folder::new();
    let file = folder.file("anything", &fixture("multi_param.jsonl"));
    let output = folder.import(&file, &[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = text(&output.stderr);
    assert!(said.contains("anything: llama-bench JSON, 8 results of 4 runs"), "{said}");
    assert!(said.contains("shapes.yaml: pp128, tg32"), "{said}");
    assert_eq!(folder.run_files().len(), 6);
    let check = tokscope(&["check", folder.0.to_str().unwrap()]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
    assert!(text(&check.stdout).contains(", 0 problems"), "{check:?}");
}

#[test]
fn a_data_folder_is_added_to_only_with_runs_of_its_own() {
    let folder = Folder::new();
    let file = folder.file("anything", &fixture("multi_param.jsonl"));
    let shapes = folder.0.join("shapes.yaml");
    let before = fs::read_to_string(&shapes).unwrap();
    let said = format!("to be added to {}:\n  - id: pp128\n", shapes.display());
    let elsewhere = Folder::empty();
    for output in [elsewhere.0.to_str().unwrap(), "-"] {
        let written = folder.import(&file, &["-o", output]);
        assert_eq!(written.status.code(), Some(0), "{written:?}");
        assert!(text(&written.stderr).contains(&said), "{written:?}");
        assert_eq!(fs::read_to_string(&shapes).unwrap(), before);
    }
    // What is said is all that is lacking.
    let written = folder.import(&file, &["-o", "-"]);
    let items = text(&written.stderr).split_once("shapes.yaml:\n").unwrap().1;
    fs::write(&shapes, format!("{before}{items}")).unwrap();
    assert!(!text(&folder.import(&file, &["-o", "-"]).stderr).contains("to be added"));
    fs::write(&shapes, &before).unwrap();
    // The same folder, written in another way.
    let inside = folder.0.join("hardware/../runs");
    let written = folder.import(&file, &["-o", inside.to_str().unwrap()]);
    assert!(text(&written.stderr).contains("shapes.yaml: pp128, tg32"), "{written:?}");
    assert_eq!(fs::read_to_string(&shapes).unwrap(), format!("{before}{items}"));
}

#[test]
fn another_file_of_the_same_name_is_kept_unless_forced() {
    let folder = Folder::new();
    let first = folder.file("first", &fixture("multi_param.jsonl"));
    let changed = String::from_utf8(fixture("multi_param.jsonl")).unwrap().replace("11463915", "11463916");
    let second = folder.file("second", changed.as_bytes());
    assert_eq!(folder.import(&first, &[]).status.code(), Some(0));
    let again = folder.import(&first, &[]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(text(&again.stderr).matches("unchanged: ").count(), 4, "{again:?}");
    let refused = folder.import(&second, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("found another file, expected none or --force: "), "{refused:?}");
    let forced = folder.import(&second, &["--force"]);
    assert_eq!(
        (forced.status.code(), text(&forced.stderr).matches("written: ").count()),
        (Some(0), 1),
        "{forced:?}"
    );
}

#[test]
fn standard_streams_are_read_and_written() {
    let arguments = [
        "import",
        "-",
        "-o",
        "-",
        "--hardware",
        "desk-12gb",
        "--source",
        "bench-notes",
        "--data",
        "none",
        "--model",
        "a/b",
    ];
    let output = with_input(&arguments, &fixture("multi_param.jsonl"));
    let said = text(&output.stderr);
    assert!(said.starts_with("standard input: llama-bench JSON, 8 results of 4 runs\n"), "{said}");
    assert_eq!(text(&output.stdout).matches("\nid: \"2026-11-21t1045z-a-b-q4_k_m-0c1e57098-cpu-").count(), 4);
    // There is no catalog that knows these ids.
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_missing_is_asked_for_with_its_option() {
    let folder = Folder::new();
    let file = folder.file("table.md", &fixture("bench.md"));
    let output = folder.import(&file, &[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(
        text(&output.stderr).ends_with("give beside: --quant QUANT or --quant 'NAME=QUANT', --date DATE\n"),
        "{output:?}"
    );
    assert_eq!(folder.run_files().len(), 2);
    let told = folder.import(&file, &["--quant", "Q4_K_M", "--date", "2026-05", "--repetitions", "5"]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    let nothing = folder.import(&folder.file("nothing", b"hello"), &[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(
        text(&nothing.stderr).contains("found nothing that is known, expected results in one of "),
        "{nothing:?}"
    );
    let wrong = folder.import(&file, &["--date", "yesterday"]);
    assert_eq!(wrong.status.code(), Some(2));
    let escape = folder.import(&file, &["--hardware", "../../x"]);
    assert_eq!(escape.status.code(), Some(2), "{escape:?}");
}

/// Two files with one cell each: repetitions of 100 and of a share of it, with a scatter of one percent.
fn pair(folder: &Folder, share: f64) -> [String; 2] {
    let record = |share: f64| {
        let ns: Vec<u64> =
            [0.99, 1.0, 1.01, 1.0, 1.0].iter().map(|scatter| (1.28e9 * scatter / share) as u64).collect();
        let mean = ns.iter().map(|ns| 128e9 / *ns as f64).sum::<f64>() / 5.0;
        let value = serde_json::json!({
            "build_commit": "abc", "build_number": 9000, "backends": "Vulkan", "gpu_info": "GPU", "cpu_info": "CPU",
            "model_filename": "m-Q4_K_M.gguf", "model_type": "llama 1B Q4_K - Medium", "n_prompt": 0, "n_gen": 128,
            "test_time": "2026-05-01T00:00:00Z", "avg_ts": mean, "samples_ns": ns,
        });
        value.to_string().into_bytes()
    };
    [folder.file("a.json", &record(1.0)), folder.file("b.json", &record(share))]
}

#[test]
fn a_regression_fails_only_when_it_is_real_and_large_enough() {
    let folder = Folder::new();
    for (share, below, code) in [(0.9, "0.97", 1), (0.9, "0.85", 0), (0.999, "1.0", 0), (1.1, "0.97", 0)] {
        let [a, b] = pair(&folder, share);
        let output = tokscope(&["compare", &a, &b, "--fail-below", below, "--data", "none"]);
        assert_eq!(output.status.code(), Some(code), "{share} {below}: {}", text(&output.stdout));
    }
    let [a, b] = pair(&folder, 0.9);
    let output = tokscope(&["compare", &a, &b, "--data", "none"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(said.contains("real: B is slower") && said.contains("0.900"), "{said}");
    assert!(said.ends_with("Nothing else differs that is stated.\n"), "{said}");
}

#[test]
fn a_result_that_is_gone_fails() {
    let folder = Folder::new();
    let whole = fixture("multi_param.jsonl");
    let end = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let [whole, first] = [folder.file("whole", &whole), folder.file("first", &whole[..end])];
    for (a, b, code) in [(&whole, &first, 1), (&first, &whole, 0)] {
        let output = tokscope(&["compare", a, b, "--fail-below", "0.01", "--data", "none"]);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stdout));
    }
}

#[test]
fn compared_figures_are_the_averages_that_the_tool_states() {
    let folder = Folder::new();
    let file = folder.file("x", &fixture("multi_param.jsonl"));
    let output = tokscope(&["compare", &file, &file, "--format", "json", "--data", "none"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut stated: Vec<f64> = String::from_utf8(fixture("multi_param.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["avg_ts"].as_f64().unwrap())
        .collect();
    let mut found: Vec<f64> =
        value["pairs"].as_array().unwrap().iter().map(|pair| pair["a"]["mean"].as_f64().unwrap()).collect();
    stated.sort_by(f64::total_cmp);
    found.sort_by(f64::total_cmp);
    assert_eq!(found.len(), stated.len());
    assert!(
        found.iter().zip(&stated).all(|(found, stated)| (found - stated).abs() < 2e-6),
        "{found:?} {stated:?}"
    );
    for pair in value["pairs"].as_array().unwrap() {
        assert_eq!((pair["ratio"].as_f64(), pair["verdict"].as_str()), (Some(1.0), Some("tie")));
    }
    assert_eq!(value["differences"].as_array().unwrap().len(), 0, "{value}");
}

#[test]
fn every_form_of_a_comparison_has_every_pair() {
    let folder = Folder::new();
    let (csv, table) = (folder.file("a", &fixture("bench.csv")), folder.file("b", &fixture("bench.md")));
    let lines = |form: &str, start: &str| {
        let output =
            tokscope(&["compare", &csv, &table, "--format", form, "--data", "none", "--repetitions", "5"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        text(&output.stdout).lines().filter(|line| line.starts_with(start)).count()
    };
    // Eight rates with a spread and four mixed ones; the table states no durations.
    assert_eq!((lines("text", "Q4_K_M · "), lines("text", "F16 · ")), (6, 6));
    assert_eq!((lines("md", "| Q4_K_M · "), lines("md", "| F16 · ")), (6, 6));
    assert_eq!((lines("csv", "Q4_K_M · "), lines("csv", "result,")), (6, 1));
    assert_eq!(lines("json", "      \"verdict\""), 12);
}

#[test]
fn runs_of_the_data_folder_and_run_files_are_compared() {
    let data = root().join("tests/fixtures/data");
    let run = "2026-05-02-finch-2b-it-q4_k_m-llamacpp-cuda";
    let file = data.join(format!("runs/desk-12gb/{run}.yaml"));
    let output = tokscope(&["compare", run, file.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).contains("Nothing else differs that is stated."), "{output:?}");
    let missing = tokscope(&["compare", run, "no-such-run", "--data", data.to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(2));
    let folder = Folder::new();
    let other = folder.file("x", &fixture("bench.csv"));
    let apart = tokscope(&["compare", run, &other, "--data", data.to_str().unwrap()]);
    assert!(
        text(&apart.stderr).contains("found no shape and concurrency that both sides measured"),
        "{apart:?}"
    );
}

#[test]
fn a_table_asks_for_a_mapping_prints_one_and_is_read_with_it() {
    let folder = Folder::new();
    let table = folder.file("table.csv", b"Quant;Users;tg128 (tok/s);Colour\nQ4_K_M;1;22,75;red\n");
    let asked = folder.import(&table, &[]);
    let said = String::from_utf8(asked.stderr).unwrap();
    assert_eq!(asked.status.code(), Some(2), "{said}");
    assert!(said.contains("give it with --map"), "{said}");
    let mapping: Value = serde_json::from_slice(&asked.stdout).unwrap();
    assert_eq!((&mapping["decimal"], &mapping["columns"][3]["field"]), (&"comma".into(), &"ignored".into()));

    let mapping = folder.file("mapping.json", &asked.stdout);
    let more = ["--map", &mapping, "--engine", "llama.cpp", "--backend", "Vulkan", "--date", "2026-05"];
    let read = folder.import(&table, &more);
    assert_eq!(read.status.code(), Some(0), "{}", String::from_utf8_lossy(&read.stderr));
    let name = "2026-05-finch-2b-it-q4_k_m-vulkan.yaml".to_owned();
    assert!(folder.run_files().contains(&name), "{:?}", folder.run_files());
    let run = fs::read_to_string(folder.0.join("runs/desk-12gb").join(name)).unwrap();
    assert!(run.contains("- shape: tg128\n") && run.contains("decode_tok_per_s: 22.75\n"), "{run}");

    let wrong = folder.file("wrong.yaml", b"timing: raw\ncolumns:\n  - {column: Users, feld: concurrency}\n");
    let refused = folder.import(&table, &["--map", &wrong]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("wrong.yaml:3") && said.contains("did you mean \"field\""), "{said}");
}

#[test]
fn run_files_and_an_index_are_read_like_any_other() {
    let folder = Folder::new();
    let data = folder.0.to_str().unwrap();
    let index = folder.file("anything", &[]);
    assert_eq!(tokscope(&["index", data, "-o", &index]).status.code(), Some(0));
    let printed = tokscope(&["import", &index, "--data", data, "-o", "-"]);
    assert_eq!(printed.status.code(), Some(0), "{printed:?}");
    assert!(text(&printed.stderr).contains("anything: index, "), "{printed:?}");
    assert!(text(&printed.stdout).contains("\n---\nschema: 1\n"), "{printed:?}");
    // What was printed is read again, and says what the data folder has.
    let again = with_input(&["import", "-", "--data", data, "-o", "-"], &printed.stdout);
    assert_eq!((again.status.code(), &again.stdout), (Some(0), &printed.stdout), "{again:?}");
    let compared = tokscope(&["compare", &index, &index, "--data", data, "--format", "json"]);
    assert_eq!(compared.status.code(), Some(0), "{compared:?}");
    let broken = folder.file("broken", b"{\"format\": \"tokscope-index\", \"version\": 99}");
    let refused = tokscope(&["import", &broken, "--data", data]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("found an index that cannot be read: "), "{refused:?}");
}

#[test]
fn requests_in_flight_are_told_for_each_rate() {
    let folder = Folder::new();
    let file = folder
        .file("append.json", &fs::read(root().join("tests/fixtures/serving/vllm_append.json")).unwrap());
    let told = ["--quant", "Q4_K_M", "--engine", "vLLM", "--backend", "CUDA", "--concurrency", "2"];
    let asked = folder.import(&file, &told);
    let said = text(&asked.stderr);
    assert_eq!(asked.status.code(), Some(2), "{said}");
    assert!(said.contains("give beside: --concurrency COUNT or --concurrency 'NAME=COUNT'\n"), "{said}");
    let loads = said.split("concurrency: found \"").skip(1).filter_map(|rest| rest.split('"').next());
    let names: Vec<String> = loads.map(|load| format!("{load}=2")).collect();
    assert_eq!(names, ["request rate 20, about 2 in flight=2", "request rate 20, about 4 in flight=2"]);
    let each = names.iter().flat_map(|name| ["--concurrency", name]);
    let read = folder.import(&file, &told.into_iter().chain(each).collect::<Vec<_>>());
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    let wrong = folder.import(&file, &["--concurrency", "a=0"]);
    assert!(text(&wrong.stderr).contains("expected a whole number from 1 to 65535"), "{wrong:?}");
}

#[test]
fn the_help_lists_every_format() {
    let help = tokscope(&["import", "--help"]);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = words(text(&help.stdout));
    for name in tokscope::import::Format::ALL.iter().map(|format| format.name()) {
        assert!(said.contains(&format!("{name},")), "{name} is not in {said}");
    }
    let behind = text(&help.stdout).split("Reads these").nth(1).unwrap();
    assert!(behind.lines().all(|line| line.chars().count() <= 110), "{behind}");
}
