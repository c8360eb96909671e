//! An index in several files is the index; some of the files are an index of what they hold; and files that do not
//! belong together are refused by name.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by failing"
)]

#[allow(dead_code, reason = "the tests of the command line need more of it")]
#[path = "cli/folder.rs"]
mod folder;
#[allow(dead_code, reason = "shared with the tests of the query, which use all of it")]
#[path = "query/made_up.rs"]
mod made_up;

use std::path::Path;

use folder::Folder;
use made_up::Random;
use serde_json::{Value, json};
use tokscope::import::read_data_dir;
use tokscope::index::{Index, IndexError, Pieces, Shard, Sharded, Unchecked};
use tokscope::model::Metric;
use tokscope::query::{Choices, Selection, answer, from_query, shards_of};

/// The bundled index, and some made up.
fn indexes() -> Vec<Index> {
    let data = read_data_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"));
    let bundled = Index::from_json(&Index::build(&data.dataset).to_json()).unwrap();
    (1..=8).map(|seed| made_up::index(&mut Random::new(seed))).chain([bundled]).collect()
}

/// A manifest that was taken in, and the files that it names.
fn manifest(json: &[u8]) -> Result<(Pieces, Vec<Shard>), IndexError> {
    let mut pieces = Pieces::default();
    pieces.add(json)?;
    let shards = pieces.shards()?;
    Ok((pieces, shards))
}

/// The index of some shards.
fn joined(sharded: &Sharded, wanted: &[usize]) -> Result<Index, IndexError> {
    let (mut pieces, listed) = manifest(&sharded.manifest)?;
    for &at in wanted {
        pieces.add_listed(&listed[at], &sharded.shards[at].1)?;
    }
    // As the page does it, and at once as the command line does.
    let mut steps = if wanted.len().is_multiple_of(2) { 0 } else { usize::MAX };
    while pieces.prepare(steps) {
        steps += 1;
    }
    pieces.finish().and_then(Unchecked::checked)
}

fn all(sharded: &Sharded) -> Vec<usize> {
    (0..sharded.shards.len()).collect()
}

#[test]
fn any_index_is_the_same_in_shards_of_any_size() {
    for index in indexes() {
        let small = index.result_count() < 1_000;
        for most in [0, 1, 7, 100, 2_000, usize::MAX].into_iter().filter(|&most| small || most > 50) {
            let sharded = index.to_shards("index-shards", most).unwrap();
            assert_eq!(joined(&sharded, &all(&sharded)).unwrap(), index, "{most} in a shard");
            assert_eq!(index.to_shards("index-shards", most).unwrap(), sharded, "equal each time");
            let (_, listed) = manifest(&sharded.manifest).unwrap();
            for (shard, (name, content)) in listed.iter().zip(&sharded.shards) {
                assert_eq!((&shard.file, shard.bytes as usize), (name, content.len()));
            }
            let results: u32 = listed.iter().map(|shard| shard.results).sum();
            assert_eq!(results as usize, index.result_count());
        }
        let whole = index.to_shards("index-shards", usize::MAX).unwrap();
        assert_eq!(whole.shards.len(), 1);
    }
}

#[test]
fn what_is_expected_by_a_figure_of_many_digits_is_read_again() {
    // 1000 / 3703.7037037037035 is 0.27, and of the neighbour that such digits are read as it is not.
    let mut file: Value = serde_json::from_slice(&indexes()[0].to_json()).unwrap();
    let numbers = file["numbers"].as_object_mut().unwrap();
    let count = numbers["results.run"].as_array().unwrap().len();
    numbers.retain(|name, _| !name.starts_with("repetitions."));
    for (name, value) in [("decode_tok_per_s", 3_703.703_703_703_703_5), ("tpot_ms", 0.27)] {
        numbers.insert(format!("results.{name}"), json!(vec![value; count]));
    }
    let index = Index::from_json(&serde_json::to_vec(&file).unwrap()).unwrap();
    let sharded = index.to_shards("index-shards", usize::MAX).unwrap();
    let again = joined(&sharded, &all(&sharded)).unwrap();
    for result in 0..index.result_count() {
        assert_eq!(again.value(result, Metric::Tpot), Some(0.27), "result {result}");
    }
}

#[test]
fn a_manifest_of_a_later_version_is_refused_before_its_shards() {
    let sharded = indexes()[0].to_shards("index-shards", 20).unwrap();
    let file: Value = serde_json::from_slice(&sharded.manifest).unwrap();
    for (version, is_known) in [(1, true), (2, true), (3, false), (0, false)] {
        let mut file = file.clone();
        file["version"] = json!(version);
        let read = manifest(&serde_json::to_vec(&file).unwrap());
        match read {
            Ok(_) => assert!(is_known, "{version}"),
            Err(error) => assert!(!is_known && matches!(error, IndexError::Version(_)), "{version}: {error}"),
        }
    }
}

#[test]
fn the_first_view_takes_no_manifest_for_results() {
    let manifest = indexes()[0].to_shards("index-shards", 20).unwrap().manifest;
    assert!(matches!(Index::names_from_json(&manifest), Err(IndexError::Manifest)));
    assert!(matches!(Index::from_json(&manifest), Err(IndexError::Manifest)));
}

#[test]
fn some_shards_are_an_index_of_what_they_hold() {
    let mut random = Random::new(5);
    for index in indexes() {
        let most = index.result_count() / 9 + 1;
        let sharded = index.to_shards("index-shards", most).unwrap();
        let (_, listed) = manifest(&sharded.manifest).unwrap();
        for _ in 0..4 {
            let wanted: Vec<usize> = (0..listed.len()).filter(|_| random.percent(40)).collect();
            let some = joined(&sharded, &wanted).unwrap();
            let mut from = 0;
            let mut results: Vec<usize> = Vec::new();
            for (at, shard) in listed.iter().enumerate() {
                let end = from + shard.results as usize;
                results.extend((from..end).filter(|_| wanted.contains(&at)));
                from = end;
            }
            assert_eq!(some.result_count(), results.len());
            // The same runs, results, repetitions, notes and texts.
            let every: Vec<usize> = (0..some.result_count()).collect();
            assert_eq!(some.subset(&every), index.subset(&results));
        }
        let none = joined(&sharded, &[]).unwrap();
        assert_eq!((none.result_count(), &none.catalog), (0, &index.catalog));
    }
}

#[test]
fn the_shards_of_a_link_answer_it_as_all_do() {
    for index in indexes() {
        let choices = Choices::of(&index);
        let most = index.result_count() / 12 + 1;
        let sharded = index.to_shards("index-shards", most).unwrap();
        let (mut pieces, listed) = manifest(&sharded.manifest).unwrap();
        assert!(pieces.shards().unwrap().is_empty(), "they are asked for once");
        let empty = pieces.without_results().unwrap();
        let mut links = vec![String::new(), "q=q4".to_owned(), "q=nothing has this".to_owned()];
        for family in &index.catalog.families {
            links.push(format!("q={}", family.name));
        }
        for rig in &index.catalog.hardware {
            links.push(format!("hardware={}&concurrency=all&group=hardware", rig.id));
        }
        let mut fewer = 0;
        for link in links {
            let (selection, _) = from_query(&link, &choices);
            let wanted = shards_of(&empty, &listed, &from_query(&link, &Choices::of(&empty)).0);
            fewer += usize::from(wanted.len() < listed.len());
            let some = joined(&sharded, &wanted).unwrap();
            let said = |index: &Index, selection: &Selection| {
                let answer = answer(index, &Choices::of(index), selection);
                let words = |result: usize| index.runs.id[index.run_of(result)].clone();
                let rows = answer.rows.iter().map(|row| row.results.clone().map(words).collect());
                rows.collect::<Vec<Vec<String>>>()
            };
            assert_eq!(said(&some, &selection), said(&index, &selection), "{link}");
        }
        assert!(fewer > 0 || listed.len() < 3, "some shards are left out");
    }
}

#[test]
fn a_manifest_alone_is_no_index() {
    let sharded = indexes()[0].to_shards("index-shards", 10).unwrap();
    for read in [Index::from_json(&sharded.manifest), Index::names_from_json(&sharded.manifest)] {
        assert!(read.unwrap_err().to_string().contains("manifest alone"));
    }
    assert!(Index::from_json(&sharded.shards[0].1).is_err(), "nor is a shard");
}

#[test]
fn shards_that_do_not_belong_together_are_refused() {
    for index in indexes() {
        let sharded = index.to_shards("index-shards", index.result_count() / 6 + 1).unwrap();
        let count = sharded.shards.len();
        for at in 1..count {
            let mut order = all(&sharded);
            order.swap(at - 1, at);
            assert!(joined(&sharded, &order).is_err(), "{} before {at}", at - 1);
            let twice = [at, at];
            assert!(joined(&sharded, &twice).is_err(), "{at} twice");
            let (mut pieces, listed) = manifest(&sharded.manifest).unwrap();
            let is_same = (listed[0].results, &listed[0].families, &listed[0].hardware)
                == (listed[at].results, &listed[at].families, &listed[at].hardware);
            let other = pieces.add_listed(&listed[0], &sharded.shards[at].1);
            assert!(other.is_err() || is_same, "another in the place of the first");
        }
    }
}

#[test]
fn whatever_is_in_a_shard_nothing_panics() {
    for index in indexes().into_iter().take(4) {
        let sharded = index.to_shards("index-shards", index.result_count() / 3 + 1).unwrap();
        let (_, listed) = manifest(&sharded.manifest).unwrap();
        let shard: Value = serde_json::from_slice(&sharded.shards[0].1).unwrap();
        let read = |shard: &[u8]| {
            let (mut pieces, _) = manifest(&sharded.manifest).unwrap();
            pieces.add_listed(&listed[0], shard)?;
            for (listed, (_, content)) in listed.iter().zip(&sharded.shards).skip(1) {
                pieces.add_listed(listed, content)?;
            }
            pieces.finish().and_then(Unchecked::checked)
        };
        let mut refused = 0;
        for kind in ["words", "numbers"] {
            for name in shard[kind].as_object().unwrap().keys() {
                for spoil in [json!(null), json!([]), json!([1e9]), json!([0]), json!(["x"])] {
                    let mut spoilt = shard.clone();
                    spoilt[kind][name] = spoil;
                    match read(&serde_json::to_vec(&spoilt).unwrap()) {
                        Ok(index) => drop(answer(&index, &Choices::of(&index), &Selection::default())),
                        Err(_) => refused += 1,
                    }
                }
            }
        }
        assert!(refused > 20, "{refused}");
        for length in (0..sharded.shards[0].1.len()).step_by(61) {
            assert!(read(&sharded.shards[0].1[..length]).is_err(), "the first {length} bytes");
        }
        for other in ["", "[]", "<h1>Please log in</h1>", "{}"] {
            assert!(read(other.as_bytes()).is_err(), "{other}");
        }
    }
}

#[test]
fn a_manifest_leads_nowhere_else() {
    let sharded = indexes()[0].to_shards("index-shards", 10).unwrap();
    let file: Value = serde_json::from_slice(&sharded.manifest).unwrap();
    let name = file["shards"][0]["file"].as_str().unwrap().to_owned();
    let hash = name.split_once('/').unwrap().1;
    for wrong in [
        json!(null),
        json!("index-shards"),
        json!(hash),
        json!(format!("../{hash}")),
        json!(format!("/{name}")),
        json!(format!("//example.org/{hash}")),
        json!(format!("https://example.org/{hash}")),
        json!(format!("a/../{hash}")),
        json!(format!("a\\{hash}")),
        json!(format!("a%2f/{hash}")),
        json!(format!("a?/{hash}")),
        json!("index-shards/other.json"),
        json!("index-shards/shard-0123456789abcdeg.json"),
    ] {
        let mut spoilt = file.clone();
        spoilt["shards"][0]["file"] = wrong.clone();
        assert!(manifest(&serde_json::to_vec(&spoilt).unwrap()).is_err(), "{wrong}");
    }
    let mut twice = file.clone();
    twice["shards"][1]["file"] = json!(name);
    let said = manifest(&serde_json::to_vec(&twice).unwrap()).err().unwrap().to_string();
    assert!(said.contains(&name), "{said}");
    for field in ["bytes", "results", "families", "hardware"] {
        for wrong in [json!(null), json!(-1), json!(1.5), json!(["x"]), json!("x")] {
            let mut spoilt = file.clone();
            spoilt["shards"][0][field] = wrong.clone();
            let read = manifest(&serde_json::to_vec(&spoilt).unwrap());
            let is_empty = field == "families" || field == "hardware";
            // What is no list is read as an empty one, and then nothing fits it.
            let refused = match read {
                Err(_) => true,
                Ok((mut pieces, listed)) => {
                    is_empty && pieces.add_listed(&listed[0], &sharded.shards[0].1).is_err()
                }
            };
            assert!(refused, "{field}: {wrong}");
        }
    }
}

/// The command line, in a folder of its own.
fn tokscope(args: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_tokscope")).args(args).output().unwrap()
}

#[test]
fn the_command_line_writes_reads_and_replaces_shards() {
    let folder = Folder::empty();
    let (target, data) = (folder.0.join("index.json"), "tests/fixtures/data");
    let file = target.to_str().unwrap();
    let shards = || {
        let entries = std::fs::read_dir(folder.0.join("index-shards")).into_iter().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let written = tokscope(&["generate", "100001", "-o", file]);
    assert!(written.status.success(), "{written:?}");
    assert!(String::from_utf8_lossy(&written.stderr).starts_with("100001 results of "), "{written:?}");
    let first = shards();
    assert!(first.len() > 5, "{first:?}");
    let printed = tokscope(&["generate", "100001", "-o", "-"]).stdout;
    let one = folder.0.join("one.json");
    std::fs::write(&one, &printed).unwrap();
    let chart = |index: &Path| {
        let drawn = tokscope(&["chart", "?metric=decode", "--index", index.to_str().unwrap(), "-o", "-"]);
        assert!(drawn.status.success(), "{drawn:?}");
        drawn.stdout
    };
    assert_eq!(chart(&target), chart(&one));
    // Another index takes the place of all of them.
    std::fs::write(folder.0.join("index-shards/others.txt"), "").unwrap();
    tokscope(&["generate", "100001", "--seed", "2", "-o", file]);
    assert!(shards().contains(&"others.txt".to_owned()));
    assert!(!shards().iter().any(|name| first.contains(name)), "older shards are gone");
    let lost = shards().remove(3);
    let lost = folder.0.join(format!("index-shards/{lost}"));
    std::fs::write(&lost, "{}").unwrap();
    let refused = tokscope(&["chart", "?metric=decode", "--index", file, "-o", "-"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains(lost.to_str().unwrap()), "{refused:?}");
    std::fs::remove_file(&lost).unwrap();
    let refused = tokscope(&["chart", "?metric=decode", "--index", file, "-o", "-"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains(lost.to_str().unwrap()), "{refused:?}");
    // An index that is one file again.
    assert!(tokscope(&["index", data, "-o", file]).status.success());
    assert_eq!(shards(), ["others.txt"]);
    std::fs::remove_file(folder.0.join("index-shards/others.txt")).unwrap();
    assert!(tokscope(&["index", data, "-o", file]).status.success());
    assert!(!folder.0.join("index-shards").exists());
}
