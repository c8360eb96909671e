//! The built command line on a small data folder of its own, whole and broken.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "cli/folder.rs"]
mod folder;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use folder::Folder;

const FIRST_RUN: &str = "runs/desk-12gb/2026-05-02-finch-2b-it-q4_k_m-llamacpp-cuda.yaml";
const SECOND_RUN: &str = "runs/desk-12gb/2026-05-finch-9b-it-q4_k_m-llamacpp-cuda.yaml";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/data")
}

impl Folder {
    /// A copy of the fixture, to be broken.
    fn new() -> Self {
        Self::of(&fixture())
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// Replaces a piece of a file; the piece must be there.
    fn replace(&self, file: &str, piece: &str, replacement: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(piece), "{piece:?} is not in {file}");
        fs::write(self.path(file), text.replacen(piece, replacement, 1)).unwrap();
    }

    /// The line on which the first such piece begins.
    fn line(&self, file: &str, piece: &str) -> usize {
        let text = fs::read_to_string(self.path(file)).unwrap();
        text.split(piece).next().unwrap().matches('\n').count() + 1
    }

    fn check(&self) -> Output {
        tokscope(&["check", self.0.to_str().unwrap()])
    }

    /// Findings of a check that finds some, without the summary and without what rules warn of.
    fn findings(&self) -> Vec<String> {
        let output = self.check();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let summary = lines.pop().unwrap();
        let all = lines.len();
        lines.retain(|line| !line.contains(": warning: ") && !line.starts_with("  and "));
        assert!(summary.contains(&format!(", {}", count(lines.len()))), "{summary}");
        assert_eq!(
            summary.ends_with("warning") || summary.ends_with("warnings"),
            lines.len() < all,
            "{summary}"
        );
        lines
    }
}

fn count(problems: usize) -> String {
    format!("{problems} problem{}", if problems == 1 { "" } else { "s" })
}

fn tokscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tokscope")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_sound_folder_has_no_problems() {
    let output = tokscope(&["check", fixture().to_str().unwrap()]);
    let warnings = format!(
        "{SECOND_RUN}: warning: doubtful: relabelled-backend: found llama.cpp b9000 (cuda) in 1 run; \
         bench-notes says vulkan with equal figures, expected one name of the accelerator for one build\n\
         {SECOND_RUN}: warning: notice: power-cap: found 1 run without a power cap, \
         expected a stated one, as another run of the same rig\n"
    );
    assert_eq!(text(&output.stdout), format!("{warnings}9 files, 0 problems, 2 warnings\n"));
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}

#[test]
fn warnings_fail_a_strict_check_only() {
    let folder = Folder::new();
    let strict = |folder: &Folder| tokscope(&["check", "--strict", folder.0.to_str().unwrap()]);
    assert_eq!(strict(&folder).status.code(), Some(1));
    // Without what the warnings are about, the same folder passes.
    folder.replace(SECOND_RUN, "the second table calls it vulkan", "the second table calls it CUDA");
    folder.replace(SECOND_RUN, "timing: served", "power_cap_w: 200\ntiming: served");
    let output = strict(&folder);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "9 files, 0 problems\n"));
}

#[test]
fn a_warning_names_every_file_concerned() {
    let folder = Folder::new();
    let first = fs::read_to_string(folder.path(FIRST_RUN)).unwrap();
    let again = FIRST_RUN.replace("2026-05-02", "2026-05-03");
    fs::write(folder.path(&again), first.replace("id: 2026-05-02", "id: 2026-05-03")).unwrap();
    let output = folder.check();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let line = format!("{FIRST_RUN}: warning: doubtful: duplicate: found ");
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    let at = lines.iter().position(|found| found.starts_with(&line)).unwrap();
    assert_eq!(lines.get(at + 1), Some(&&*format!("  and {again}")));
}

#[test]
fn the_bundled_data_is_sound() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let output = tokscope(&["check", data.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

/// Breaks one piece of one file and expects one finding, about the last line of the replacement.
#[track_caller]
fn one_finding(file: &str, piece: &str, replacement: &str, finding: &str) {
    let folder = Folder::new();
    let line = folder.line(file, piece) + replacement.trim_end().matches('\n').count();
    folder.replace(file, piece, replacement);
    assert_eq!(folder.findings(), [format!("{file}:{line}: {finding}")]);
}

#[test]
fn an_unknown_field_is_named_with_the_nearest_one() {
    one_finding(
        FIRST_RUN,
        "ttft_ms: 640.5",
        "ttft_s: 0.64",
        "results[1].ttft_s: found unknown field \"ttft_s\", expected one of the fields of a result; did you mean \
         \"ttft_ms\"?",
    );
    one_finding(
        "models.yaml",
        "licence:",
        "license:",
        "families[0].variants[0].license: found unknown field \"license\", expected one of the fields of a variant; \
         did you mean \"licence\"?",
    );
    one_finding(
        "quants.yaml",
        "quants:",
        "quants: []\nquant:",
        "quant: found unknown field \"quant\", expected only \"quants\" here",
    );
}

#[test]
fn a_figure_must_be_a_usable_number_in_the_unit_of_its_field() {
    one_finding(
        FIRST_RUN,
        "file_size_gib: 1.4",
        "file_size_gib: 1400 MiB",
        "file_size_gib: found text \"1400 MiB\", expected a number in GiB, without a unit",
    );
    one_finding(
        FIRST_RUN,
        "decode_tok_per_s: 140",
        "decode_tok_per_s: \"140\"",
        "results[1].decode_tok_per_s: found text \"140\", expected a number in tokens per second, without quotes",
    );
    for value in [".nan", "NaN", ".inf", "-140", "0", "1e400"] {
        one_finding(
            FIRST_RUN,
            "decode_tok_per_s: 140",
            &format!("decode_tok_per_s: {value}"),
            &format!(
                "results[1].decode_tok_per_s: found {value}, expected a finite number above 0 and at most 1e9"
            ),
        );
    }
    one_finding(SECOND_RUN, "min: 41.5", "min: 45", "ranges[0].min: found 45, expected at most max, 44");
}

#[test]
fn a_reference_must_lead_somewhere() {
    one_finding(
        FIRST_RUN,
        "hardware: desk-12gb",
        "hardware: desk-24gb",
        "hardware: found \"desk-24gb\", expected the id of a rig under hardware/",
    );
    one_finding(
        FIRST_RUN,
        "shape: rag",
        "shape: rage",
        "results[1].shape: found \"rage\", expected the id of a shape in shapes.yaml",
    );
    one_finding(
        "hardware/desk-12gb.yaml",
        "[bench-notes]",
        "[bench]",
        "sources[0]: found \"bench\", expected the id of a source in sources.yaml",
    );
}

#[test]
fn an_id_stands_once_and_is_the_name_of_its_file() {
    let folder = Folder::new();
    folder.replace(SECOND_RUN, "id: 2026-05-finch-9b-it", "id: 2026-05-02-finch-2b-it");
    let id = "2026-05-02-finch-2b-it-q4_k_m-llamacpp-cuda";
    assert_eq!(
        folder.findings(),
        [
            format!(
                "{SECOND_RUN}:2: id: found \"{id}\", expected an id that {FIRST_RUN} does not have already"
            ),
            format!(
                "{SECOND_RUN}:2: id: found \"{id}\", expected the file's name, \
                 \"2026-05-finch-9b-it-q4_k_m-llamacpp-cuda\""
            ),
        ]
    );
    one_finding(
        "glossary.yaml",
        "id: ttft",
        "id: decode",
        "terms[1].id: found \"decode\", expected an id that stands only once in this list",
    );
}

#[test]
fn a_run_has_each_cell_once() {
    one_finding(
        FIRST_RUN,
        "- shape: rag\n    concurrency: 4\n",
        "- concurrency: 1\n    shape: rag\n",
        "results[2].shape: found \"rag\" at concurrency 1 a second time, expected each shape once at a concurrency; \
         the first is results[1], and a repeated measurement is a run of its own",
    );
    one_finding(
        SECOND_RUN,
        "[chat, rag]",
        "[chat, rag, chat]",
        "ranges[0].shapes[2]: found \"chat\" a second time, expected each shape once",
    );
}

#[test]
fn a_run_lies_in_the_folder_of_its_rig() {
    let folder = Folder::new();
    fs::rename(folder.path("runs/desk-12gb"), folder.path("runs/desk-24gb")).unwrap();
    let expected = "hardware: found \"desk-12gb\", expected the folder's name, \"desk-24gb\"";
    let findings = folder.findings();
    assert_eq!(findings.len(), 2);
    assert!(findings.iter().all(|finding| finding.ends_with(expected)), "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.starts_with("runs/desk-24gb/2026-05-")), "{findings:#?}");
}

#[test]
fn a_source_is_read_on_the_web() {
    for url in ["javascript:alert(1)", "example.org/notes", "https://", "ftp://example.org", "http://a b"] {
        one_finding(
            "sources.yaml",
            "    date: 2026-05-02\n",
            &format!("    date: 2026-05-02\n    url: \"{url}\"\n"),
            &format!(
                "sources[0].url: found \"{url}\", expected an address that begins with https:// or http://"
            ),
        );
    }
}

#[test]
fn a_rig_is_named_as_its_file() {
    let folder = Folder::new();
    folder.replace("hardware/desk-12gb.yaml", "id: desk-12gb", "id: desk-16gb");
    let findings = folder.findings();
    let expected =
        "hardware/desk-12gb.yaml:1: id: found \"desk-16gb\", expected the file's name, \"desk-12gb\"";
    assert_eq!(findings.first().map(String::as_str), Some(expected));
    assert!(findings.iter().skip(1).all(|finding| finding.contains("found \"desk-12gb\"")), "{findings:#?}");
}

#[test]
fn what_is_not_a_run_file_is_named() {
    one_finding(
        SECOND_RUN,
        "date: 2026-05\n",
        "date: 2026-05\ndate: 2026-06\n",
        "date: found the same key a second time, expected each key once; the first is on line 3",
    );
    one_finding(FIRST_RUN, "schema: 1", "schema: 2", "schema: found 2, expected 1");
    let folder = Folder::new();
    fs::write(folder.path(SECOND_RUN), "").unwrap();
    let findings = folder.findings();
    assert_eq!(findings.len(), 1);
    let start = format!("{SECOND_RUN}:1: found nothing, expected a run (schema, id, date, ");
    assert!(findings.iter().all(|finding| finding.starts_with(&start)), "{findings:?}");
    fs::write(folder.path(SECOND_RUN), b"schema: 1\nid: caf\xe9\n").unwrap();
    assert_eq!(
        folder.findings(),
        [format!("{SECOND_RUN}:2: found bytes that are not UTF-8, expected text in UTF-8")]
    );
    fs::write(folder.path(SECOND_RUN), format!("#{}", " ".repeat(1 << 20))).unwrap();
    assert_eq!(
        folder.findings(),
        [format!("{SECOND_RUN}: found more than 1 MiB, expected a file of at most 1 MiB")]
    );
    fs::write(folder.path(SECOND_RUN), "schema: [1\n").unwrap();
    let findings = folder.findings();
    assert!(matches!(findings.as_slice(), [one] if one.ends_with(", expected YAML")), "{findings:?}");
}

#[test]
fn a_missing_file_is_one_finding_without_follow_ups() {
    for file in
        ["models.yaml", "quants.yaml", "shapes.yaml", "glossary.yaml", "sources.yaml", "campaign.yaml"]
    {
        let folder = Folder::new();
        fs::remove_file(folder.path(file)).unwrap();
        assert_eq!(folder.findings(), [format!("{file}: found no such file, expected a file")]);
    }
    let folder = Folder::new();
    fs::remove_dir_all(folder.path("hardware")).unwrap();
    assert_eq!(folder.findings(), ["hardware: found no such folder, expected a folder of YAML files"]);
    let folder = Folder::new();
    fs::write(folder.path("hardware/desk-12gb.yaml"), "- nothing\n").unwrap();
    assert_eq!(folder.findings().len(), 1);
}

#[test]
fn a_broken_catalog_entry_has_no_follow_ups() {
    one_finding(
        "models.yaml",
        "released: 2026-03",
        "released: March",
        "families[0].released: found text \"March\", expected a date such as 2026-05, 2026-05-16 or 2026-02-22T19:42Z",
    );
    one_finding(
        "models.yaml",
        "    variants:\n",
        "    variant:\n",
        "families[0].variant: found unknown field \"variant\", expected one of the fields of a family; did you mean \
         \"variants\"?",
    );
}

#[test]
fn other_files_are_named() {
    let folder = Folder::new();
    fs::write(folder.path("runs/desk-12gb/notes.txt"), "x").unwrap();
    fs::write(folder.path("runs/desk-12gb/run.yml"), "x").unwrap();
    fs::write(folder.path("runs/desk-12gb/.hidden"), "x").unwrap();
    fs::write(folder.path("model.yaml"), "x").unwrap();
    fs::write(folder.path("README.md"), "x").unwrap();
    assert_eq!(
        folder.findings(),
        [
            "model.yaml: found a file of this name, expected one of the known files; did you mean \"models.yaml\"?",
            "runs/desk-12gb/notes.txt: found another kind of file, expected only files named *.yaml here",
            "runs/desk-12gb/run.yml: found another kind of file, expected only files named *.yaml here",
        ]
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_followed_out_of_the_folder() {
    let folder = Folder::new();
    let outside = fixture();
    std::os::unix::fs::symlink(outside.join("runs"), folder.path("runs/elsewhere")).unwrap();
    fs::remove_file(folder.path("quants.yaml")).unwrap();
    std::os::unix::fs::symlink(outside.join("quants.yaml"), folder.path("quants.yaml")).unwrap();
    assert_eq!(
        folder.findings(),
        [
            "quants.yaml: found a symbolic link, expected a file",
            "runs/elsewhere: found a symbolic link, expected a file",
        ]
    );
}

#[test]
fn everything_is_listed_in_one_go_by_file_and_line() {
    let folder = Folder::new();
    folder.replace("models.yaml", "total_params_b: 2", "total_params_b: 2B");
    folder.replace("models.yaml", "reasoning: optional", "reasoning: maybe");
    folder.replace("hardware/desk-12gb.yaml", "memory_gib: 12", "memory_gib: 12 GiB");
    folder.replace(FIRST_RUN, "model: finch/2b-it", "model: finch/3b-it");
    folder.replace(FIRST_RUN, "concurrency: 1", "concurrency: 0");
    folder.replace(FIRST_RUN, "decode_tok_per_s: 140", "decode_tok_per_s: -140");
    fs::write(folder.path(SECOND_RUN), "schema: 1\nschema: 1\n").unwrap();
    let findings = folder.findings();
    let places: Vec<&str> = findings.iter().map(|finding| finding.split(": found").next().unwrap()).collect();
    let first = |place: &str| format!("{FIRST_RUN}:{place}");
    let missing = ["id", "date", "model", "quant", "hardware", "backend", "timing", "statistic", "sources"];
    let mut expected = vec![
        "hardware/desk-12gb.yaml:6: memory_gib".to_owned(),
        "models.yaml:9: families[0].variants[0].total_params_b".to_owned(),
        "models.yaml:17: families[0].variants[1].reasoning".to_owned(),
        first("4: model"),
        first("29: results[0].concurrency"),
        first("40: results[1].decode_tok_per_s"),
    ];
    expected.extend(missing.map(|_| format!("{SECOND_RUN}:1")));
    expected.push(format!("{SECOND_RUN}:1: results"));
    expected.push(format!("{SECOND_RUN}:2: schema"));
    assert_eq!(places, expected, "{findings:#?}");
    for field in missing {
        assert!(findings.iter().any(|finding| finding.contains(&format!("found no \"{field}\""))), "{field}");
    }
    assert_eq!(folder.findings(), findings, "the same again");
}

#[test]
fn figures_from_files_cannot_drive_the_terminal() {
    let folder = Folder::new();
    folder.replace(FIRST_RUN, "statistic: mean", "statistic: \"\\e[31m\\u202ered\"");
    folder.replace(FIRST_RUN, "quant: Q4_K_M", "quant: \"\\e[2J\"");
    let output = folder.check();
    assert!(!output.stdout.contains(&0x1b), "{output:?}");
    assert!(!text(&output.stdout).contains('\u{202e}'), "{output:?}");
}

#[test]
fn the_index_is_equal_each_time_and_to_what_is_printed() {
    let folder = Folder::new();
    let data = fixture();
    let data = data.to_str().unwrap();
    let printed = tokscope(&["index", data]);
    assert_eq!((printed.status.code(), text(&printed.stderr)), (Some(0), ""));
    assert!(text(&printed.stdout).starts_with("{\"format\":\"tokscope-index\",\"version\":1,"));
    let target = folder.path("index.json");
    for _ in 0..2 {
        let output = tokscope(&["index", data, "-o", target.to_str().unwrap()]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
        assert!(text(&output.stderr).starts_with("5 results of 2 runs, "), "{output:?}");
        assert!(fs::read(&target).unwrap() == printed.stdout, "the bytes differ");
    }
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

/// Whoever may do anything would replace a device, which everything else on the machine uses.
#[cfg(unix)]
#[test]
fn a_pipe_that_is_written_to_stays_one() {
    use std::os::unix::fs::FileTypeExt;

    let folder = Folder::new();
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reading = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    let output = tokscope(&["index", fixture().to_str().unwrap(), "-o", pipe.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(reading.join().unwrap().starts_with(b"{\"format\":\"tokscope-index\""));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn the_index_of_broken_data_is_refused() {
    let folder = Folder::new();
    folder.replace(FIRST_RUN, "ttft_ms: 640.5", "ttft_ms: soon");
    let target = folder.path("index.json");
    fs::write(&target, "before").unwrap();
    let data = folder.0.to_str().unwrap();
    let output = tokscope(&["index", data, "-o", target.to_str().unwrap()]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), ""));
    let says = format!(
        "{FIRST_RUN}:41: results[1].ttft_ms: found text \"soon\", expected a number in milliseconds\n\
         error: found 1 problem, expected none: {data}\n"
    );
    assert_eq!(text(&output.stderr), says);
    assert_eq!(fs::read(&target).unwrap(), b"before");
}

#[test]
fn wrong_usage_and_files_out_of_reach_have_their_own_exit_code() {
    let data = fixture();
    let data = data.to_str().unwrap();
    for arguments in [
        &["check", "no/such/folder"][..],
        &["index", "no/such/folder"],
        &["index", data, "-o", "no/such/folder/index.json"],
        &["chekc"],
        &["check", "--colour"],
        &[],
    ] {
        let output = tokscope(arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
    let output = tokscope(&["check", "no/such/folder"]);
    let says = "error: found no folder, expected one with run files: no/such/folder\n";
    assert_eq!(text(&output.stderr), says);
}

#[test]
fn the_published_schema_is_current() {
    let output = tokscope(&["schema"]);
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/run.schema.json");
    let published = fs::read_to_string(published).unwrap();
    assert!(published == text(&output.stdout), "run `tokscope schema -o data/run.schema.json`");
}

#[test]
fn generated_indexes_have_the_wanted_size_and_are_equal_each_time() {
    let output = tokscope(&["generate", "1000"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let index = tokscope::index::Index::from_json(&output.stdout).unwrap();
    assert_eq!(index.result_count(), 1000);
    assert!(tokscope(&["generate", "1000"]).stdout == output.stdout);
    assert!(tokscope(&["generate", "1000", "--seed", "2"]).stdout != output.stdout);
    assert_eq!(tokscope(&["generate", "0"]).status.code(), Some(2));
}

#[test]
fn a_link_becomes_a_chart() {
    let data = fixture();
    let data = data.to_str().unwrap();
    let listed =
        tokscope(&["chart", "--data", data, "--list", "https://example.org/bench/?hardware=desk#charts"]);
    assert_eq!((listed.status.code(), text(&listed.stderr)), (Some(0), ""));
    let names: Vec<&str> =
        text(&listed.stdout).lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(names, ["model-speed-range", "workload-chat", "workload-rag", "roofline"]);
    for name in names {
        let svg = tokscope(&["chart", "--data", data, "--chart", name, "--width", "640", "--theme", "dark"]);
        assert_eq!((svg.status.code(), text(&svg.stderr)), (Some(0), ""));
        assert!(text(&svg.stdout).starts_with("<svg "), "{name}");
        assert!(text(&svg.stdout).contains("width=\"640\""), "{name}");
        assert!(text(&svg.stdout).contains("Finch 2B-it"), "{name}");
    }

    let folder = Folder::new();
    let (index, svg) = (folder.path("index.json"), folder.path("speed.svg"));
    let (index, svg) = (index.to_str().unwrap(), svg.to_str().unwrap());
    assert_eq!(tokscope(&["index", data, "-o", index]).status.code(), Some(0));
    assert_eq!(tokscope(&["chart", "--index", index, "-o", svg]).status.code(), Some(0));
    assert!(fs::read(svg).unwrap() == tokscope(&["chart", "--data", data]).stdout, "index and folder differ");
}

#[test]
fn every_chart_of_points_that_is_listed_is_drawn() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let data = data.to_str().unwrap();
    let listed = tokscope(&["chart", "--data", data, "--list"]);
    let names = text(&listed.stdout).lines().map(|line| line.split('\t').next().unwrap());
    let is_of_points = |name: &&str| !name.starts_with("workload-") && *name != "model-speed-range";
    let names: Vec<&str> = names.filter(is_of_points).collect();
    for kind in ["roofline", "roofline-raw", "quant-ladder-", "history-"] {
        assert!(names.iter().any(|name| name.starts_with(kind)), "no {kind} in {names:?}");
    }
    for name in names {
        let svg = tokscope(&["chart", "--data", data, "--chart", name]);
        assert_eq!((svg.status.code(), text(&svg.stderr)), (Some(0), ""), "{name}");
        assert!(text(&svg.stdout).starts_with("<svg "), "{name}");
    }
    // Filters hold for points as for bars.
    let one = tokscope(&["chart", "--data", data, "hardware=geforce-rtx-5070-12gb", "--chart", "roofline"]);
    assert!(text(&one.stdout).contains("RTX 5070") && !text(&one.stdout).contains("Strix Halo"));
}

#[test]
fn a_chart_of_something_else_is_refused() {
    let data = fixture();
    let data = data.to_str().unwrap();
    for (arguments, says) in [
        (&["hardware=desks"][..], "error: found hardware=desks, expected a value that the data has\n"),
        (
            &["hardwear=desk"],
            "error: found unknown parameter \"hardwear\", expected the query of a link to the page\n",
        ),
        (
            &["https://example.org/?data=https://elsewhere.example/i.json&hardware=desk"],
            "error: found data=https://elsewhere.example/i.json, expected an index on this machine: nothing is fetched \
             here, so download it and name the file as index (--index)\n",
        ),
        (
            &["--chart", "speed"],
            "error: found no chart \"speed\", expected one of model-speed-range, workload-chat, workload-rag, roofline\n",
        ),
    ] {
        let output = tokscope(&[&["chart", "--data", data], arguments].concat());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
        assert_eq!(text(&output.stderr), says);
    }
    let output = tokscope(&["chart", "--index", &format!("{data}/models.yaml")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).ends_with("models.yaml\n"), "{output:?}");
    for wrong in [["--width", "10"], ["--width", "wide"], ["--theme", "blue"]] {
        assert_eq!(tokscope(&[&["chart", "--data", data][..], &wrong].concat()).status.code(), Some(2));
    }
}

#[test]
fn help_has_examples() {
    for command in ["", "check", "index", "chart", "export", "report", "schema", "generate"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = tokscope(&arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("Examples:\n  "), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_enough_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tokscope"))
        .args(["index", fixture().to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Closed before anything is written, as by `| true`.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
}
