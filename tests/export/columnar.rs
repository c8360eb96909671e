//! Parquet files hold what the index holds, row by row.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use tokscope::export::view::csv;
use tokscope::import::read_data_dir;
use tokscope::index::Index;
use tokscope::model::Metric;

use super::folder::Folder;
use super::root;

/// The value of a column; `None` for null.
fn cell<'a>(row: &'a Row, name: &str) -> Option<&'a Field> {
    let (_, field) =
        row.get_column_iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name}"));
    (*field != Field::Null).then_some(field)
}

fn text(field: &Field) -> &str {
    let Field::Str(text) = field else { panic!("{field:?}") };
    text
}

fn number(field: &Field) -> f64 {
    let Field::Double(number) = field else { panic!("{field:?}") };
    *number
}

fn count(field: &Field) -> i64 {
    let Field::Long(count) = field else { panic!("{field:?}") };
    *count
}

fn list(field: &Field) -> &[Field] {
    let Field::ListInternal(list) = field else { panic!("{field:?}") };
    list.elements()
}

fn export(data: &Path, arguments: &[&str], folder: &Path) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokscope"));
    command.args(["export", "--data"]).arg(data).args(arguments).arg("--parquet").arg(folder);
    command.output().unwrap().status.success()
}

/// The rows of every file below a folder, with the rig that the folder of each file names.
fn rows(folder: &Path) -> Vec<(String, Row)> {
    let mut rows = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        let rig = name.strip_prefix("hardware=").unwrap().to_owned();
        let file = File::open(entry.path().join("part-0.parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        rows.extend(reader.get_row_iter(None).unwrap().map(|row| (rig.clone(), row.unwrap())));
    }
    rows
}

/// A row says what its result is.
fn agrees(index: &Index, result: usize, row: &Row) {
    let run = index.run_of(result);
    let configuration = index.configuration_of(run);
    assert_eq!(text(cell(row, "date").unwrap()), index.runs.date[run].as_str());
    assert_eq!(text(cell(row, "quant").unwrap()), index.quant(configuration).unwrap().id);
    assert_eq!(text(cell(row, "engine").unwrap()), index.backend(configuration).unwrap().engine);
    assert_eq!(cell(row, "driver").map(text), index.driver(configuration));
    assert_eq!(cell(row, "failed").map(text), index.failure(result));
    let approximate = !index.runs.file_size_approximate.of(run).is_empty();
    assert_eq!(cell(row, "file_size_approximate"), Some(&Field::Bool(approximate)));
    for metric in Metric::ALL {
        assert_eq!(cell(row, metric.key()).map(number), index.value(result, metric));
    }
    for metric in [Metric::Decode, Metric::Prefill, Metric::Ttft] {
        let name = format!("{}_repetitions", metric.key());
        let listed = cell(row, &name).map(list).unwrap_or_default();
        let listed: Vec<f64> = listed.iter().filter(|field| **field != Field::Null).map(number).collect();
        assert_eq!(listed, index.repeated(result, metric));
    }
    let tokens = index.results.prompt_tokens.get(result);
    assert_eq!(cell(row, "prompt_tokens").map(|field| count(field) as f64), tokens);
    let figures = index.results.figures.of(result);
    match cell(row, "figures") {
        None => assert_eq!(figures, []),
        Some(Field::MapInternal(map)) => {
            assert_eq!(map.entries().len(), figures.len());
            for (key, value) in map.entries() {
                assert!(figures.iter().any(|&(of, there)| of.key() == text(key) && there == number(value)));
            }
        }
        Some(other) => panic!("{other:?}"),
    }
    let sources = &index.sources[index.runs.sources[run] as usize];
    assert_eq!(cell(row, "source_urls").map(list).unwrap_or_default().len(), sources.len());
}

#[test]
fn every_result_is_one_row_with_its_values() {
    for data in ["data", "tests/fixtures/data"] {
        let (data, folder) = (root().join(data), Folder::empty());
        let target = folder.0.join("results");
        assert!(export(&data, &[], &target));
        let index = Index::build(&read_data_dir(&data).dataset);
        let rows = rows(&target);
        assert_eq!(rows.len(), index.result_count());
        let mut left: std::collections::HashMap<_, Vec<usize>> = Default::default();
        for result in 0..index.result_count() {
            let shape = index.catalog.shapes[usize::from(index.results.shape[result])].id.clone();
            let run = index.runs.id[index.run_of(result)].clone();
            left.entry((run, shape, i64::from(index.results.concurrency[result]))).or_default().push(result);
        }
        for (rig, row) in &rows {
            let [run, shape] = ["run", "shape"].map(|name| text(cell(row, name).unwrap()).to_owned());
            let concurrency = count(cell(row, "concurrency").unwrap());
            let result = left.get_mut(&(run, shape, concurrency)).unwrap().remove(0);
            let configuration = index.configuration_of(index.run_of(result));
            assert_eq!(*rig, index.hardware(configuration).unwrap().id);
            agrees(&index, result, row);
        }
    }
}

#[test]
fn columns_are_those_of_csv() {
    let folder = Folder::empty();
    let target = folder.0.join("results");
    assert!(export(&root().join("tests/fixtures/data"), &[], &target));
    let (_, row) = rows(&target).remove(0);
    let here: Vec<String> = row.get_column_iter().map(|(name, _)| name.clone()).collect();
    let of_the_file =
        |name: &String| name.starts_with("export_") || name == "index_version" || name == "hardware";
    let expected: Vec<String> = csv::names().into_iter().filter(|name| !of_the_file(name)).collect();
    assert_eq!(here, expected);
}

#[test]
fn the_same_results_are_the_same_bytes_and_a_query_chooses() {
    let data = root().join("tests/fixtures/data");
    let folder = Folder::empty();
    let [one, other, some] = ["one", "other", "some"].map(|name| folder.0.join(name));
    assert!(export(&data, &[], &one) && export(&data, &[], &other));
    assert!(!export(&data, &[], &one), "a folder that is there stays as it is");
    for entry in fs::read_dir(&one).unwrap().map(|entry| entry.unwrap()) {
        let file = |folder: &Path| fs::read(folder.join(entry.file_name()).join("part-0.parquet")).unwrap();
        assert!(file(&one) == file(&other));
    }
    assert!(export(&data, &["hardware=desk-12gb&shape=chat"], &some));
    let file = File::open(some.join("hardware=desk-12gb/part-0.parquet")).unwrap();
    let metadata = SerializedFileReader::new(file).unwrap().metadata().file_metadata().clone();
    let facts = metadata.key_value_metadata().unwrap();
    let link = facts.iter().find(|fact| fact.key == "tokscope.link").and_then(|fact| fact.value.as_deref());
    assert_eq!(link, Some("?hardware=desk-12gb&shape=chat"));
    let rows = rows(&some);
    assert!(!rows.is_empty() && rows.len() < super::columnar::rows(&one).len());
    assert!(rows.iter().all(|(rig, row)| rig == "desk-12gb" && text(cell(row, "shape").unwrap()) == "chat"));
}
