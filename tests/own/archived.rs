//! What is exported: a data folder takes it as it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use tokscope::own::message::{Answers, KEEP_NAME, RunReport};
use tokscope::own::{Archived, Desk, pack};

use super::folder::Folder;
use super::llama_run::{around, llama_run};
use super::{data, fixture, invented, published, rig, two_builds};

impl Folder {
    /// Does what the archive's own text says: files to their places, lists behind those that are there.
    fn unpack(&self, files: &[Archived]) {
        for (name, text) in files {
            let path = match name.strip_prefix("append/") {
                Some(list) => self.0.join("data").join(list),
                None => self.0.join(name),
            };
            let before =
                if name.starts_with("append/") { fs::read_to_string(&path).unwrap() } else { String::new() };
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, before + text).unwrap();
        }
    }

    fn tokscope(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_tokscope"))
            .args(arguments)
            .current_dir(&self.0)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn desk() -> Desk {
    let mut desk = Desk::new(published());
    desk.open(1, "a.jsonl", two_builds());
    desk.open(2, "b.jsonl", fixture("multi_param.jsonl"));
    desk.open(3, "llama.jsonl", llama_run(around(1000.0, 1.0), around(55.0, 2.3)).into_bytes());
    let mut answers = rig();
    answers.models.insert("tiny".to_owned(), KEEP_NAME.to_owned());
    super::answer(&mut desk, answers);
    desk
}

/// With a machine, a model, shapes and a source that nobody published.
#[test]
fn a_data_folder_takes_what_is_exported() {
    let desk = desk();
    let folder = Folder::empty();
    folder.add(&data(), "data");
    folder.unpack(&desk.archive());
    folder.tokscope(&["check", "data"]);
    let index = folder.tokscope(&["index", "data", "-o", "-"]);
    for run in &desk.own().runs {
        assert!(index.contains(&run.id), "{} is in the index", run.id);
    }
    assert!(index.contains("My Desk"));
}

/// A run alone needs what the archive has for it, and each of these can be had alone too.
#[test]
fn what_a_run_needs_is_said_and_can_be_had() {
    let desk = desk();
    let (report, files) = (desk.report(), desk.archive());
    let paths: Vec<&String> = files.iter().map(|(path, _)| path).collect();
    assert_eq!(report.additions.len(), files.len() - report.runs.len() - 1, "all but the runs and the steps");
    assert!(report.additions.iter().all(|path| paths.contains(&path)), "{:?}", report.additions);
    for run in &report.runs {
        assert!(run.needs.iter().any(|path| path == "data/hardware/my-desk-24-gib.yaml"), "{run:?}");
        assert!(run.needs.iter().any(|path| path == "append/sources.yaml"), "{run:?}");
        assert!(run.needs.iter().all(|path| report.additions.contains(path)), "{run:?}");
    }
    for path in report.additions.iter().chain(report.runs.iter().map(|run| &run.path)) {
        let (name, text) = desk.alone(path).unwrap();
        assert!(files.contains(&(path.clone(), text)), "{path}");
        let last = path.rsplit('/').next().unwrap();
        let is_part = path.starts_with("append/");
        assert_eq!(name == last, !is_part, "{path}: {name}");
        assert!(!is_part || name.ends_with("-to-append.yaml"), "{name}");
    }
    assert_eq!(desk.alone("data/runs/none.yaml"), None);
    let is_new_model = |run: &&RunReport| run.needs.iter().any(|path| path == "append/models.yaml");
    let of_new_model = report.runs.iter().filter(is_new_model).count();
    assert!(
        (1..report.runs.len()).contains(&of_new_model),
        "each run needs what it refers to and nothing else"
    );
}

#[test]
fn archives_are_read_by_others() {
    let files = desk().archive();
    let bytes = pack(&files).unwrap();
    assert_eq!(bytes, pack(&files).unwrap(), "equal files, equal bytes");
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut entries = archive.entries();
    for (path, text) in &files {
        let entry = entries.next_entry().unwrap().unwrap();
        assert_eq!(entry.file_path().try_normalize().unwrap().as_ref(), path);
        let stored = archive.get_entry(entry.wayfinder()).unwrap();
        assert_eq!(stored.data(), text.as_bytes());
    }
    assert!(entries.next_entry().unwrap().is_none());
}

#[test]
fn no_name_leads_out_of_the_folder() {
    for hostile in [
        "../../etc/passwd",
        "..",
        ".",
        "/root",
        "C:\\x",
        "\u{0}",
        "a/../../b",
        "<script>",
        "",
        "\u{202e}x",
        &"x".repeat(5000),
    ] {
        let mut desk = Desk::new(invented());
        let text = String::from_utf8(two_builds()).unwrap();
        let quoted = serde_json::to_string(hostile).unwrap();
        let text = text.replace("\"gemma-3-4b-it-Q4_K_M.gguf\"", &quoted).replace("\"aaaaaaa\"", &quoted);
        desk.open(1, hostile, text.into_bytes());
        let mut answers = Answers {
            described: [(String::new(), super::described(hostile, "", ""))].into(),
            mode: hostile.to_owned(),
            quant: "Q4_K_M".to_owned(),
            ..rig()
        };
        answers.driver = hostile.to_owned();
        for asked in desk.report().questions {
            for name in asked.names.into_iter().filter(|_| asked.field == "model") {
                answers.models.insert(name, KEEP_NAME.to_owned());
            }
        }
        super::answer(&mut desk, answers);
        for (path, _) in desk.archive() {
            let is_inside =
                Path::new(&path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            assert!(is_inside && !path.contains(['\\', ':', '\0']), "{hostile:?}: {path:?}");
        }
        desk.index().to_json();
    }
}
