//! `tokscope report`, on the small data folder of the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tokscope::import::report::{Known, read_report};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/data")
}

/// Runs the command in the folder that holds `data`, as a user would.
fn report(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokscope"));
    command.arg("report").args(arguments).current_dir(data().parent().unwrap()).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = report(arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn runs_become_a_report_that_reads_back() {
    let dataset = tokscope::import::read_data_dir(&data()).dataset;
    let known =
        Known { file: "r.md", source: "bench-notes", catalog: Some(&dataset.catalog), ..Known::default() };
    for layout in ["details", "summary"] {
        let text = text(&["--layout", layout]);
        let again = read_report(&text, &known).unwrap();
        assert_eq!(again.findings, [], "{text}");
        let first = &dataset.runs[0].value;
        let read = again.runs.iter().find(|run| run.model == first.model).unwrap();
        assert_eq!((&read.settings, &read.backend), (&first.settings, &first.backend));
        assert_eq!(
            (&read.hardware, &read.driver, read.power_cap_w),
            (&first.hardware, &first.driver, first.power_cap_w)
        );
        let cells = |run: &tokscope::model::run::Run| {
            let mut cells: Vec<_> =
                run.results.iter().map(|r| (r.shape.clone(), r.concurrency, r.repetitions.clone())).collect();
            cells.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
            cells
        };
        assert_eq!(cells(read), cells(first), "{text}");
    }
}

#[test]
fn paths_and_links_choose_runs() {
    let all = text(&[]);
    assert!(all.contains("**Workload:** chat") && all.contains("**Workload:** rag"), "{all}");
    assert_eq!(text(&["data/runs"]), all);
    assert_eq!(text(&["data/runs/desk-12gb", "data/runs/desk-12gb"]), all);
    let one = text(&["data/runs/desk-12gb/2026-05-02-finch-2b-it-q4_k_m-llamacpp-cuda.yaml"]);
    assert_eq!(one, all, "the other run has a range alone");
    let linked = text(&["https://example.org/?q=2b#charts", "data/runs"]);
    assert!(linked.contains("Finch 2B-it") && !linked.contains("concurrency 4"), "as the page shows it");
    let chat = text(&["shape=chat", "data/runs"]);
    assert!(chat.contains("**Workload:** chat") && !chat.contains("**Workload:** rag"), "{chat}");
    assert!(text(&["conc=4"]).contains("concurrency 4"));

    let target = std::env::temp_dir().join(format!("tokscope-report-{}.md", std::process::id()));
    let written = report(&["-o", target.to_str().unwrap()]);
    assert!(written.stdout.is_empty());
    let file = std::fs::read_to_string(&target);
    let _left_to_the_system = std::fs::remove_file(&target);
    assert_eq!(file.unwrap(), all);
}

#[test]
fn what_is_left_out_is_said_and_what_is_not_there_is_refused() {
    let said = String::from_utf8(report(&[]).stderr).unwrap();
    assert!(said.starts_with("left out, for a report has no place for it: "), "{said}");
    assert!(said.contains("TTFT: "), "{said}");
    for (arguments, says) in [
        (
            &["nowhere"][..],
            "error: found no runs, expected a file or folder below a data folder, or a selection",
        ),
        (&["--data", "nowhere"], "error: found no folder, expected one with run files: nowhere"),
        (&["q=zebra"], "error: found no result for a report, expected at least one: q=zebra"),
        (&["q=9b"], "left out, for a report has no place for it: range: 1\nerror: found no result"),
        (&["hardwear=desk"], "error: found unknown parameter \"hardwear\""),
        (&["--layout", "wide"], "error: invalid value 'wide'"),
    ] {
        let output = report(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {error}");
        assert!(error.starts_with(says), "{arguments:?}: {error}");
    }
}
