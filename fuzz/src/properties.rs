//! What holds for any bytes, shared by the fuzz target and by the test that repeats its findings.

use std::collections::BTreeSet;

use tokscope::export::yaml::write_run;
use tokscope::import::{Imported, Known, read, read_run};
use tokscope::index::Index;
use tokscope::model::dataset::Catalog;
use tokscope::model::{Dataset, PartialDate};
use tokscope::own::message::{KEEP_NAME, NEW_RIG};
use tokscope::own::{Desk, set};
use tokscope::query::{Choices, from_query, to_query};

/// The property of that name: `run-file`, `desk`, `index` and `link`; everything else is a format that is imported.
pub fn by_name(name: &str) -> Option<fn(&[u8])> {
    match name {
        "run-file" => Some(run_file),
        "desk" => Some(desk),
        "index" => Some(index),
        "link" => Some(link),
        _ => None,
    }
}

/// A result file of any tool: there is a result or a reason, each run has each cell once, and what is written of
/// it is read back the same.
pub fn import(bytes: &[u8]) {
    let told = Known {
        file: "file",
        source: "source",
        model: Some("family/variant"),
        quant: Some("Q4_K_M"),
        hardware: Some("rig"),
        engine: Some("engine"),
        backend: Some("Vulkan"),
        concurrency: Some(1),
        concurrencies: [(String::new(), 1)].into(),
        date: PartialDate::try_from("2026-05-16".to_owned()).ok(),
        ..Known::default()
    };
    sound(&read(bytes, &told));
    // The same with nothing told, as the page reads it first.
    sound(&read(bytes, &Known::default()));
}

fn sound(imported: &Imported) {
    assert!(!imported.runs.is_empty() || !imported.findings.is_empty(), "nothing, and no reason");
    for run in &imported.runs {
        let cells: BTreeSet<_> =
            run.results.iter().map(|result| (&result.shape, result.concurrency)).collect();
        assert_eq!(cells.len(), run.results.len(), "a cell stands twice: {run:#?}");
        let text = write_run(run);
        let (again, findings) = read_run(&text, "run.yaml");
        assert_eq!(again.as_ref(), Some(run), "{text}\n{findings:?}");
    }
}

/// A run file: it is one, or what is wrong with it is said; one that is read is written and read the same.
pub fn run_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (run, findings) = read_run(text, "run.yaml");
    let Some(run) = run else {
        assert!(!findings.is_empty(), "no run, and no reason");
        return;
    };
    let (again, _) = read_run(&write_run(&run), "run.yaml");
    assert_eq!(again, Some(run));
}

/// A file that is opened in the page, of our own forms and of any other: what its worker does from reading to the
/// archive goes through, what is kept comes back the same, and no path leads out of the archive.
pub fn desk(bytes: &[u8]) {
    let published = Index::build(&Dataset { catalog: Catalog::default(), runs: Vec::new() });
    let mut desk = Desk::new(published.clone());
    desk.open(1, "file", bytes.to_vec());
    let report = desk.report();
    let mut answers = report.answers;
    for asked in report.questions {
        let value = match asked.field.as_str() {
            "hardware" => NEW_RIG,
            "model" => KEEP_NAME,
            "date" => "2026-05-16",
            "backend" => "Vulkan",
            "concurrency" => "1",
            _ => "x",
        };
        let names: Vec<&str> = asked.names.iter().map(String::as_str).collect();
        for name in if names.is_empty() { vec![""] } else { names } {
            set(&mut answers, &asked.field, Some(name), value.to_owned());
            set(&mut answers, "rig_name", Some(name), name.to_owned());
        }
    }
    desk.answer(answers);
    let report = desk.report();
    assert!(report.files.iter().all(|file| {
        file.results > 0
            || file.waiting > 0
            || file.finding_count > 0
            || file.table.is_some()
            || file.format.is_some()
    }));
    for (path, _) in desk.archive() {
        let is_inside = |part: &str| !part.is_empty() && part != "." && part != "..";
        assert!(path.split('/').all(is_inside) && !path.contains(['\\', '\0']), "{path:?}");
    }
    let Ok(kept) = desk.keep() else { panic!("nothing to keep") };
    let mut later = Desk::new(published);
    assert!(later.restore(&kept).is_ok(), "what was kept is not what is taken back");
    assert_eq!(later.own(), desk.own());
    drop(desk.index().to_json());
}

/// An index: columns that do not fit together are refused, and what is not refused can be asked anything.
pub fn index(bytes: &[u8]) {
    let Ok(index) = Index::from_json(bytes) else { return };
    let choices = Choices::of(&index);
    let (selection, _) = from_query("", &choices);
    let answer = tokscope::query::answer(&index, &choices, &selection);
    drop(answer);
    drop(tokscope::checks::findings(&index));
}

/// A link: any text is one, and its canonical form stays as it is.
pub fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let index = Index::build(&Dataset { catalog: Catalog::default(), runs: Vec::new() });
    let choices = Choices::of(&index);
    let (selection, _) = from_query(&text, &choices);
    let canonical = to_query(&selection, &choices);
    let (again, _) = from_query(&canonical, &choices);
    assert_eq!(to_query(&again, &choices), canonical);
}
