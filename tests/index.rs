//! An index that was damaged on the way is refused with the place of the fault, or read without a panic:
//! the page shows what other people wrote and what a server made of it.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

#[allow(dead_code, reason = "shared with the tests of the query, which use all of it")]
#[path = "query/made_up.rs"]
mod made_up;
#[path = "hostile/words.rs"]
mod words;

use std::collections::BTreeSet;
use std::path::Path;

use made_up::Random;
use serde_json::{Value, json};
use tokscope::checks::compare::differences;
use tokscope::checks::findings;
use tokscope::checks::physics::implied;
use tokscope::import::read_data_dir;
use tokscope::index::{Index, IndexError, Pieces, Unchecked};
use tokscope::model::dataset::FromFile;
use tokscope::model::run::Run;
use tokscope::model::{Dataset, Metric};
use tokscope::query::{Choices, Selection, answer, configuration_slug, first_view};
use words::{Filling, MUST_PARSE, Words, must_parse};

/// Indexes as JSON, with something in every column between them: some of the bundled data, with every range,
/// failure and note, what the page begins with, and some made up.
fn files() -> Vec<Value> {
    let mut data = read_data_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"));
    let is_rare = |run: &Run| {
        !run.ranges.is_empty()
            || run.results.iter().any(|result| result.failed.is_some() || result.note.is_some())
    };
    let runs = data.dataset.runs.into_iter().enumerate();
    data.dataset.runs =
        runs.filter(|(at, run)| at % 12 == 0 || is_rare(&run.value)).map(|(_, run)| run).collect();
    let made_up = (1..=2).map(|seed| made_up::index(&mut Random::new(seed)));
    let bundled = Index::build(&data.dataset);
    let first = first_view(&bundled, 20);
    let indexes = [bundled, first].into_iter().chain(made_up);
    indexes.map(|index| serde_json::from_slice(&index.to_json()).unwrap()).collect()
}

fn read(file: &Value) -> Result<Index, IndexError> {
    Index::from_json(&serde_json::to_vec(file).unwrap())
}

/// The names of the columns under `words` or `numbers`.
fn names(file: &Value, kind: &str) -> Vec<String> {
    file[kind].as_object().unwrap().keys().cloned().collect()
}

/// Asks an index everything that a page does.
fn look_at_everything(index: &Index) {
    let choices = Choices::of(index);
    for metric in Metric::ALL {
        answer(index, &choices, &Selection { metric, ..Selection::default() });
        for result in 0..index.result_count() {
            let _ = (index.bounds(result, metric), index.repeated(result, metric));
            let _ = (index.failure(result), index.is_superseded(result), index.is_range_only(result));
        }
    }
    assert!(findings(index).iter().all(|finding| !finding.runs.is_empty()));
    for result in 0..index.result_count() {
        let _ = (differences(index, 0, result), implied(index, result));
    }
    for configuration in 0..index.configuration_count() {
        let _ = (configuration_slug(index, configuration), index.driver(configuration));
        assert!(index.model(configuration).is_some() && index.hardware(configuration).is_some());
    }
}

#[test]
fn an_index_survives_its_json() {
    for seed in 1..=20 {
        let index = made_up::index(&mut Random::new(seed));
        let json = index.to_json();
        let again = Index::from_json(&json).unwrap();
        assert_eq!((&again, &again.to_json()), (&index, &json));
    }
}

#[test]
fn another_format_or_version_is_refused() {
    for (key, value) in [("format", json!("other")), ("format", json!(null)), ("version", json!(2))] {
        let mut file = files().remove(0);
        file[key] = value;
        assert!(read(&file).is_err(), "{key}");
    }
    for text in ["", "<h1>Please log in</h1>", "{}", "[]", "null", "{\"format\":\"tokscope-index\""] {
        assert!(Index::from_json(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn every_cut_is_refused() {
    let json = made_up::index(&mut Random::new(3)).to_json();
    for length in (0..json.len()).step_by(97) {
        assert!(Index::from_json(&json[..length]).is_err(), "the first {length} bytes");
    }
}

#[test]
fn a_column_of_another_length_is_refused() {
    // Words that no position has to reach, and what stands beside a column that ends first.
    let may_grow = [
        "modes",
        "drivers",
        "texts",
        "figures",
        "ranges.low",
        "ranges.high",
        "published.metric",
        "published.text",
    ];
    // A list of its own, without another column beside it.
    let alone = [
        "runs.file_size_approximate",
        "totals.backend",
        "totals.latest",
        "totals.results",
        "totals.rigs",
        "totals.rows",
        "totals.shown",
        "totals.top",
        "totals.unmeasured",
    ];
    for (at, file) in files().iter().enumerate() {
        for kind in ["words", "numbers"] {
            for name in names(file, kind) {
                let column = file[kind][&name].as_array().unwrap();
                let Some(first) = column.first() else { continue };
                let mut shorter = file.clone();
                shorter[kind][&name].as_array_mut().unwrap().pop();
                // A column without any entry counts as left out, which is right for columns with gaps.
                // The first view refers to some of the words only.
                let is_used = !(at == 1 && kind == "words");
                if column.len() > 1 && is_used && !alone.contains(&name.as_str()) {
                    assert!(read(&shorter).is_err(), "{name} of file {at}, one entry short");
                }
                let mut longer = file.clone();
                longer[kind][&name].as_array_mut().unwrap().push(first.clone());
                if !may_grow.contains(&name.as_str()) && !alone.contains(&name.as_str()) {
                    assert!(read(&longer).is_err(), "{name} of file {at}, one entry more");
                }
            }
        }
    }
}

#[test]
fn positions_that_lead_nowhere_are_refused() {
    // The positions of the format; every other column holds measures, counts or codes.
    let positions = [
        "configurations.family",
        "configurations.variant",
        "configurations.quant",
        "configurations.hardware",
        "configurations.backend",
        "configurations.mode",
        "configurations.driver",
        "runs.configuration",
        "runs.settings",
        "runs.sources",
        "runs.file_size_approximate",
        "runs.notes.run",
        "runs.notes.text",
        "results.run",
        "results.shape",
        "failed.result",
        "failed.text",
        "notes.result",
        "notes.text",
        "figures.result",
        "figures.figure",
        "ranges.result",
        "ranges.metric",
        "published.result",
        "published.metric",
        "published.text",
        "repetitions.result",
    ];
    let mut tried = BTreeSet::new();
    for file in files() {
        for name in positions.iter().filter(|name| !file["numbers"][**name].is_null()) {
            for wrong in [json!(60_000), json!(0.5), json!(-1), json!("0"), json!(1e300)] {
                let mut file = file.clone();
                *file["numbers"][*name].as_array_mut().unwrap().last_mut().unwrap() = wrong.clone();
                assert!(read(&file).is_err(), "{name} with {wrong}");
            }
            tried.insert(*name);
        }
    }
    assert_eq!(tried.len(), positions.len(), "the data fill too few columns: {tried:?}");
}

#[test]
fn whatever_is_in_a_column_nothing_panics() {
    let damages = [json!(null), json!({}), json!([]), json!([null]), json!([0]), json!("x"), json!([[]])];
    for file in files() {
        for kind in ["words", "numbers", "catalog"] {
            for name in names(&file, kind) {
                for damage in &damages {
                    let mut file = file.clone();
                    file[kind][&name] = damage.clone();
                    read(&file).iter().for_each(look_at_everything);
                }
                let mut file = file.clone();
                file[kind][&name].as_array_mut().unwrap().reverse();
                read(&file).iter().for_each(look_at_everything);
            }
        }
    }
}

#[test]
fn a_measure_of_zero_is_refused() {
    let file = &files()[0];
    for metric in Metric::ALL {
        let name = format!("results.{}", metric.key());
        if let Some(column) = file["numbers"][&name].as_array() {
            let mut file = file.clone();
            file["numbers"][&name] = json!(vec![0; column.len()]);
            assert!(read(&file).is_err(), "{name}");
        }
    }
}

#[test]
fn what_a_later_version_adds_is_left_alone() {
    let file = &files()[0];
    let mut more = file.clone();
    more["later"] = json!([1]);
    more["words"]["later"] = json!(["a"]);
    more["numbers"]["results.later"] = json!([0.5]);
    let mut push = |kind: &str, column: &str, value: Value| {
        let cells = more[kind].as_object_mut().unwrap().entry(column).or_insert_with(|| json!([]));
        let cells = cells.as_array_mut().unwrap();
        cells.push(value);
        cells.len() - 1
    };
    let later = push("words", "figures", json!("later_ms"));
    let last = file["numbers"]["results.shape"].as_array().unwrap().len() - 1;
    push("numbers", "figures.result", json!(last));
    push("numbers", "figures.figure", json!(later));
    push("numbers", "figures.value", json!(1.5));
    more["catalog"]["later"] = json!([{ "id": "x" }]);
    more["catalog"]["families"][0]["later"] = json!(true);
    assert_eq!(read(&more).unwrap(), read(file).unwrap());
}

#[test]
fn an_index_gives_back_the_runs_it_was_built_of() {
    for folder in ["data", "tests/fixtures/data"] {
        let dataset = read_data_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).dataset;
        let index = Index::build(&dataset);
        let back = index.to_runs();
        assert_eq!(back.len(), dataset.runs.len());
        let mut ids: Vec<&str> = back.iter().map(|run| run.id.as_str()).collect();
        let mut expected: Vec<&str> = dataset.runs.iter().map(|run| run.value.id.as_str()).collect();
        ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ids, expected);
        let runs = back.into_iter().map(|value| FromFile { file: String::new(), value }).collect();
        let again = Index::build(&Dataset { catalog: index.catalog.clone(), runs });
        assert!(again == index, "{folder}");
        assert!(again.to_json() == index.to_json(), "{folder}");
    }
}

#[test]
fn an_index_comes_back_from_pieces_of_any_size() {
    for (at, file) in files().iter().enumerate() {
        let index = read(file).unwrap();
        for entries in [13, 4_000, usize::MAX] {
            let mut pieces = Pieces::default();
            let (mut count, mut is_over) = (0, false);
            index.write_pieces(entries, |piece, is_last| {
                assert!(!is_over, "nothing follows the last piece");
                pieces.add(&piece).unwrap();
                (count, is_over) = (count + 1, is_last);
            });
            assert!(is_over, "file {at}: the last piece is marked");
            assert!(count > 10 || entries > 13, "file {at}: {count} pieces of {entries} entries");
            assert_eq!(
                pieces.finish().and_then(Unchecked::checked).unwrap(),
                index,
                "file {at} in pieces of {entries} entries"
            );
        }
    }
}

#[test]
fn whatever_pieces_are_there_what_is_read_holds_together() {
    assert!(matches!(
        Pieces::default().add(b"{\"numbers\":{\"results.run\":[1,"),
        Err(IndexError::Json { .. })
    ));
    assert!(matches!(Pieces::default().finish(), Err(IndexError::Format(_))));
    let index = read(&files()[0]).unwrap();
    let mut all = Vec::new();
    index.write_pieces(2_000, |piece, _| all.push(piece));
    for missing in 0..all.len() {
        let mut pieces = Pieces::default();
        for (_, piece) in all.iter().enumerate().filter(|(at, _)| *at != missing) {
            pieces.add(piece).unwrap();
        }
        // A piece may hold nothing but a column that may be absent.
        if let Ok(index) = pieces.finish().and_then(Unchecked::checked) {
            look_at_everything(&index);
        }
    }
}

#[test]
fn any_words_are_texts_of_an_index_and_come_back() {
    let words = Words::all();
    for file in files() {
        for (start, ids) in [(0, false), (97, true), (350, false), (611, true)] {
            let index =
                read(&words.fill(&file, Filling { start, ids })).unwrap_or_else(|error| panic!("{error}"));
            look_at_everything(&index);
            assert!(Index::from_json(&index.to_json()).unwrap() == index, "from {start}");
        }
    }
}

/// Puts a word in the place of the first text at a place; false where there is none.
fn replace(value: &mut Value, place: &str, wanted: &str, word: &str) -> bool {
    match value {
        Value::String(text) if place == wanted => {
            word.clone_into(text);
            true
        }
        Value::Array(list) => list.iter_mut().any(|one| replace(one, place, wanted, word)),
        Value::Object(object) => {
            object.iter_mut().any(|(name, one)| replace(one, &format!("{place}.{name}"), wanted, word))
        }
        _ => false,
    }
}

/// The ways to all texts that stand for something.
fn places(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::String(_) if must_parse(place) => {
            found.insert(place.to_owned());
        }
        Value::Array(list) => list.iter().for_each(|one| places(one, place, found)),
        Value::Object(object) => {
            object.iter().for_each(|(name, one)| places(one, &format!("{place}.{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn words_that_mean_nothing_where_they_must_are_refused_by_name() {
    let words = Words::all();
    let mut known = BTreeSet::new();
    for file in files() {
        let mut found = BTreeSet::new();
        places(&file, "", &mut found);
        for place in &found {
            let name = MUST_PARSE.into_iter().find(|name| place.ends_with(name)).unwrap();
            known.insert(name);
            for word in words.texts.iter().step_by(23) {
                let mut spoilt = file.clone();
                assert!(replace(&mut spoilt, "", place, word));
                let said =
                    read(&spoilt).err().unwrap_or_else(|| panic!("{place} may be {word:?}")).to_string();
                let column = name.rsplit('.').next().unwrap();
                assert!(said.contains(column) && said.chars().count() < 300, "{place}: {said}");
            }
        }
    }
    assert_eq!(known, MUST_PARSE.into_iter().collect());
}
