//! What is opened twice counts once, and what was kept comes back with everything that can be changed.

use tokscope::own::message::{Answers, MOST_KEPT, NEW_RIG, Table};
use tokscope::own::{Desk, facts, set};

use super::{answer, described, fixture, invented, record, rig, two_builds};

fn opened() -> Desk {
    let mut desk = Desk::new(invented());
    desk.open(1, "two.jsonl", two_builds());
    let mut answers = rig();
    answers.models.insert("gemma-3-4b-it".to_owned(), "finch/2b-it".to_owned());
    answer(&mut desk, answers);
    assert_eq!(desk.report().counts, (2, 2), "{:?}", desk.report().questions);
    desk
}

#[test]
fn the_same_file_is_said_to_be_open() {
    let mut desk = opened();
    assert_eq!(desk.report().again, None);
    desk.open(2, "two.jsonl", two_builds());
    assert_eq!(desk.report().again.as_deref(), Some("two.jsonl is open already: it counts once"));
    desk.open(3, "copy.jsonl", two_builds());
    let again = desk.report().again.unwrap();
    assert!(again.starts_with("copy.jsonl holds the same as two.jsonl"), "{again}");
    assert_eq!((desk.report().files.len(), desk.report().counts), (1, (2, 2)));
    desk.open(4, "bench.md", fixture("bench.md"));
    assert_eq!(desk.report().again, None, "of what was opened last alone");
}

#[test]
fn a_result_in_two_files_counts_once() {
    let mut desk = opened();
    // The same records in another order and form, and one more.
    let text = String::from_utf8(two_builds()).unwrap();
    let (slow, fast) = text.trim().split_once('\n').unwrap();
    let third = record("ccccccc", "gemma-3-4b-it-Q4_K_M.gguf", [150.1, 150.4, 149.8, 150.2, 150.0]);
    desk.open(2, "more.json", format!("[{fast},\n{third}, {slow}]").into_bytes());
    let report = desk.report();
    assert_eq!(report.counts, (3, 3));
    assert_eq!((report.files[1].results, &report.files[1].already), (3, &vec![("two.jsonl".to_owned(), 2)]));
    assert!(report.files[0].already.is_empty());
    assert_eq!(desk.index().result_count(), invented().result_count() + 3);
    // Which comes first is a matter of order alone: without it the others count.
    desk.close(Some(1));
    let report = desk.report();
    assert_eq!((report.counts, report.files[0].already.len()), ((3, 3), 0));
    // What a tool wrote twice it measured twice.
    let mut desk = opened();
    desk.open(2, "twice.jsonl", format!("{third}\n{third}\n").into_bytes());
    let results: usize = desk.report().files[1].results;
    assert_eq!((results, desk.report().counts.1), (2, 4));
}

#[test]
fn what_was_exported_is_what_it_was_exported_from() {
    let mut desk = opened();
    for (id, (path, text)) in (2..).zip(desk.archive()) {
        if path.starts_with("data/runs/") {
            desk.open(id, &path, text.into_bytes());
        }
    }
    let report = desk.report();
    assert_eq!((report.files.len(), report.counts), (3, (2, 2)), "{report:#?}");
    assert!(report.files[1..].iter().all(|file| file.already == [("two.jsonl".to_owned(), 1)]));
}

#[test]
fn what_is_kept_can_still_be_changed() {
    let desk = opened();
    let mut later = Desk::new(invented());
    later.restore(&desk.keep().unwrap()).unwrap();
    assert_eq!(later.own(), desk.own());
    assert_eq!(later.index().to_json(), desk.index().to_json());
    let report = later.report();
    assert_eq!(facts(&report), facts(&desk.report()), "every question with its answer");
    assert!(report.files[0].is_kept && report.files[0].name == "two.jsonl");
    let machine = report.answers.rigs.keys().next().unwrap().clone();
    let mut answers = report.answers;
    set(&mut answers, "rig_name", Some(&machine), "Another".to_owned());
    later.answer(answers.clone());
    assert_eq!(later.own().rigs[0].name, "Another");
    set(&mut answers, "hardware", Some(&machine), "desk-12gb".to_owned());
    later.answer(answers);
    assert!(later.own().runs.iter().all(|run| run.hardware == "desk-12gb"));
    // The same file again, from wherever it comes.
    later.open(1, "two.jsonl", two_builds());
    assert!(later.report().again.unwrap().contains("kept in this browser"));
    assert_eq!(later.report().counts, (2, 2));
    let kept = later.report().files[0].id;
    later.close(kept);
    assert_eq!((later.report().counts, later.report().files.len()), ((0, 0), 0));
    assert!(later.restore("{").is_err() && later.restore("{\"runs\": []}").is_err());
}

#[test]
fn a_confirmed_table_is_kept_with_its_columns() {
    let mut desk = Desk::new(invented());
    desk.open(7, "mine.csv", b"Model,tg128 (t/s),GPU,Mood\nfinch,180.1,Desk,good\n".to_vec());
    let mut table: Table = desk.report().files[0].table.clone().unwrap();
    table.columns[3].field = "note".to_owned();
    desk.map(7, &table);
    let mut later = Desk::new(invented());
    later.restore(&desk.keep().unwrap()).unwrap();
    let (before, after) = (desk.report(), later.report());
    assert_eq!(before.files[0].table, after.files[0].table);
    assert_eq!(before.questions, after.questions);
}

#[test]
fn of_what_is_too_large_the_runs_are_kept() {
    let mut desk = Desk::new(invented());
    let one = record("aaaaaaa", "gemma-3-4b-it-Q4_K_M.gguf", [180.1, 180.4, 179.8, 180.2, 180.0]);
    let large = format!("{one}\n{}", "a line that is no record\n".repeat(MOST_KEPT / 20));
    desk.open(1, "large.log", large.clone().into_bytes());
    desk.open(2, "two.jsonl", two_builds());
    desk.open(3, "picture", b"\x89PNG\r\n\x1a\n\x00\xff".to_vec());
    let mut answers = Answers { described: [(String::new(), described("Desk", "24", ""))].into(), ..rig() };
    answers.hardware = NEW_RIG.to_owned();
    answers.models.insert("gemma-3-4b-it".to_owned(), "finch/2b-it".to_owned());
    answer(&mut desk, answers);
    let text = desk.keep().unwrap();
    assert!(text.encode_utf16().count() < MOST_KEPT);
    let mut later = Desk::new(invented());
    later.restore(&text).unwrap();
    let (before, after) = (desk.own(), later.own());
    assert_eq!(after.runs.len(), before.runs.len());
    assert_eq!(after.rigs, before.rigs);
    let report = later.report();
    assert_eq!(report.files.len(), 2, "{:?}", report.files);
    assert_eq!((report.files[0].id, report.files[0].name.as_str()), (None, "Kept in this browser"));
    // Once more: nothing of it is lost, and the large file again counts once.
    let mut again = Desk::new(invented());
    again.restore(&later.keep().unwrap()).unwrap();
    assert_eq!(again.own(), after);
    again.open(1, "large.log", large.into_bytes());
    let last = again.report().files.pop().unwrap();
    assert_eq!(
        (again.report().counts, last.already),
        (report.counts, vec![("Kept in this browser".to_owned(), 1)])
    );
    again.close(None);
    assert_eq!(again.report().counts, report.counts, "it is there from the file");
}
