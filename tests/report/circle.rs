//! Read, written and read again.

use tokscope::export::report::{Layout, Names, write_report};
use tokscope::import::report::{Imported, read_report};
use tokscope::model::run::Run;
use tokscope::model::{Metric, Positive};

use super::{BY_BACKEND, BY_MODEL, Chance, SUMMARY, catalog, findings, known, read};

fn write(runs: &[Run], imported: &Imported, layout: Layout) -> String {
    let names = Names { models: imported.models.clone(), ..Names::of(&catalog()) };
    write_report(&runs.iter().collect::<Vec<_>>(), &names, layout).text
}

fn sorted(mut runs: Vec<Run>) -> Vec<Run> {
    runs.sort_by(|a, b| a.id.cmp(&b.id));
    runs
}

#[test]
fn reports_come_back_as_they_went() {
    for report in [BY_BACKEND, BY_MODEL, SUMMARY] {
        let imported = read(report);
        for layout in [Layout::Details, Layout::Summary] {
            let text = write(&imported.runs, &imported, layout);
            let again = read(&text);
            let mut expected = sorted(imported.runs.clone());
            for result in expected.iter_mut().flat_map(|run| &mut run.results) {
                // Thousands separators are not written.
                for cell in result.published.values_mut() {
                    *cell = cell.replace(',', "");
                }
            }
            assert_eq!(sorted(again.runs), expected, "\n{text}");
            assert_eq!(again.models, imported.models, "\n{text}");
        }
    }
}

#[test]
fn a_written_report_reads_without_a_finding_that_the_first_one_did_not_have() {
    let imported = read(SUMMARY);
    for layout in [Layout::Details, Layout::Summary] {
        assert_eq!(findings(&read(&write(&imported.runs, &imported, layout))), [""; 0]);
    }
}

/// Everything that a run can say and a report has a place for, in words that mean something there.
#[test]
fn settings_notes_and_every_head_come_back() {
    let catalog = catalog();
    let mut run = read(SUMMARY).runs.remove(0);
    run.power_cap_w = Positive::try_from(250.0).ok();
    run.driver = Some("595.58 <beta> & more".to_owned());
    run.backend.build = Some("b9000".to_owned());
    run.mode = "mtp n=3".to_owned();
    run.timing = tokscope::model::run::Timing::Raw;
    run.statistic = tokscope::model::run::Statistic::Median;
    run.settings.gpu_layers = Some(20);
    run.settings.draft_tokens = Some(3);
    run.settings.temperature = Some("0.7".to_owned());
    run.settings.flash_attention = Some(false);
    run.notes = ["mmap, q4_0 KV", "a | b <br> c", "X=1; y", "incomplete", "1,000 tokens", "plain"]
        .map(str::to_owned)
        .to_vec();
    run.results[0].concurrency = 4;
    run.results[0].note = Some("the fan, = stood still".to_owned());
    let mut other = run.clone();
    other.notes.truncate(2);
    other.settings.kv_type = Some("q8_0".to_owned());
    let mut third = run.clone();
    third.results[0].concurrency = 1;
    let runs = [run, other, third];
    let known = known(&catalog);
    for layout in [Layout::Details, Layout::Summary] {
        let text = write_report(&runs.iter().collect::<Vec<_>>(), &Names::of(&catalog), layout).text;
        let again = read_report(&text, &known).unwrap();
        let plain = |run: &Run| {
            let mut run = Run { id: String::new(), sources: Vec::new(), ..run.clone() };
            run.results.sort_by_key(|result| result.concurrency);
            run
        };
        let mut joined = runs[0].clone();
        joined.results.extend(runs[2].results.clone());
        for result in &mut joined.results {
            result.published.clear();
        }
        let found: Vec<Run> = again.runs.iter().map(plain).collect();
        assert_eq!(found.len(), 2, "two results of one run, and another run\n{text}");
        for (found, expected) in found.iter().zip([&joined, &runs[1]]) {
            let expected = plain(expected);
            assert_eq!(found.notes, expected.notes, "\n{text}");
            assert_eq!(found.settings, expected.settings, "\n{text}");
            let bare = |run: &Run| Run { results: Vec::new(), ..run.clone() };
            assert_eq!(bare(found), bare(&expected), "\n{text}");
            let counts = |run: &Run| {
                run.results
                    .iter()
                    .map(|r| (r.concurrency, r.repetitions.clone(), r.note.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(counts(found), counts(&expected), "\n{text}");
        }
    }
}

#[test]
fn values_follow_from_repetitions_and_what_has_no_place_is_said() {
    let imported = read(SUMMARY);
    let mut runs = imported.runs.clone();
    runs[0].results[0].published.clear();
    runs[1].results[0].ttft_ms = Positive::try_from(12.0).ok();
    let names = Names::of(&catalog());
    let written = write_report(&runs.iter().collect::<Vec<_>>(), &names, Layout::Summary);
    assert!(written.text.contains("| Vulkan | 10s | 126.5 ±2.1 | 50.0 ±1.4 |"), "{}", written.text);
    assert!(written.text.contains("| 10s | 127 ±2 | 50.0 ±1.4 |"), "{}", written.text);
    assert_eq!(written.left_out, ["TTFT: 1"]);
    runs[0].results[0].published.insert(Metric::Decode, "99.9 ±9.9".to_owned());
    let written = write_report(&[&runs[0]], &names, Layout::Details);
    assert!(
        written.text.contains("50.0 ±1.4") && !written.text.contains("99.9"),
        "refuted cells do not stay"
    );
    assert_eq!(write_report(&[], &names, Layout::Summary).left_out, [""; 0]);
}

/// A flaw in the report may cost a row or a figure; what was read comes back as it went all the same.
#[test]
fn damaged_reports_come_back_as_they_were_read() {
    const FLAWS: [&str; 12] =
        ["", "|", "±", "\n", "```", "9e999", "-", "&lt;", "<br>", ", q4_0 KV", "1,234.5", "(vision)"];
    let mut chance = Chance(4);
    for _ in 0..1_000 {
        let mut text = [BY_BACKEND, BY_MODEL, SUMMARY][chance.below(3)].to_owned();
        for _ in 0..=chance.below(3) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let from = chance.below(places.len());
            let to = (from + chance.below(6)).min(places.len() - 1);
            text.replace_range(places[from]..places[to], FLAWS[chance.below(FLAWS.len())]);
        }
        let catalog = catalog();
        let Ok(imported) = read_report(&text, &known(&catalog)) else { continue };
        for layout in [Layout::Details, Layout::Summary] {
            let written = write(&imported.runs, &imported, layout);
            let Ok(again) = read_report(&written, &known(&catalog)) else {
                assert_eq!(imported.runs, [], "{text}");
                continue;
            };
            // What one writing changes, as `docs/reports.md` says, a second one leaves alone.
            let figures = |runs: &[Run]| {
                let mut figures: Vec<_> = runs
                    .iter()
                    .flat_map(|run| &run.results)
                    .map(|result| (result.failed.clone(), result.load_s, format!("{:?}", result.repetitions)))
                    .collect();
                figures.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
                figures
            };
            assert_eq!(figures(&again.runs), figures(&imported.runs), "\n{text}\n\n{written}");
            let settled = write(&again.runs, &again, layout);
            let third = read_report(&settled, &known(&catalog)).unwrap();
            assert_eq!(sorted(third.runs), sorted(again.runs), "\n{text}\n\n{written}");
        }
    }
}
