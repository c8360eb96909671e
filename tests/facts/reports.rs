//! The Markdown reports: 41 measurements with their repetitions, three failures.

use std::collections::{BTreeMap, HashSet};

use tokscope::checks::physics::{implied, implied_if_dense};
use tokscope::model::Metric;
use tokscope::model::run::{Accelerator, Run};
use tokscope::query::Concurrency;
use tokscope::stats::{mean, sample_deviation};

use super::BUNDLED;
use super::sheet::{Line, seed, sheet};

pub(super) const RIG: &str = "strix-halo-128gb";

pub(super) fn runs() -> impl Iterator<Item = &'static Run> {
    BUNDLED.runs().filter(|run| run.hardware == RIG)
}

/// The id of the source that stands for a seed.
pub(super) fn source(seed: &str) -> &'static str {
    match seed {
        "002" => "strix-halo-report-full",
        "003" => "strix-halo-report-copy",
        _ => "strix-halo-report-summary",
    }
}

/// A section's or row's name without its marks.
pub(super) fn unmarked(name: &str) -> String {
    let marks = [" ‡", " *(vision)*", " (vision)", " [reference]"];
    marks.iter().fold(name.to_owned(), |name, mark| name.replace(mark, ""))
}

/// `MiniMax M2.5 REAP 139B MXFP4`: the name of a model and quant in the reports.
pub(super) fn title(run: &Run) -> String {
    let said = run.sources.iter().find_map(|source| source.says.get("variant"));
    let (family, variant) = BUNDLED.model(run);
    let model = said.cloned().unwrap_or_else(|| match family {
        "Qwen3" | "Phi-4-reasoning" => format!("{family}-{variant}"),
        _ => format!("{family} {variant}"),
    });
    format!("{model} {}", run.quant)
}

pub(super) fn backend(run: &Run) -> &str {
    match run.backend.accelerator {
        Accelerator::Vulkan => "Vulkan",
        Accelerator::Cpu => "CPU",
        _ => run.backend.runtime.as_deref().unwrap(),
    }
}

/// Prefill and decode of each repetition, with its token counts, as printed.
type Repetitions = Vec<[String; 4]>;

/// Repetitions of a bundled run in the form that the reports print.
fn repetitions(run: &Run) -> Repetitions {
    let index = &BUNDLED.index;
    let result = BUNDLED.results(run)[0].0;
    let of = |repetition: usize| {
        let [decode, prefill, _] = &index.repetitions.metrics;
        let rate = |column: &tokscope::index::Column| format!("{:.2}", column.get(repetition).unwrap());
        let count = |column: &tokscope::index::Column| column.get(repetition).unwrap().to_string();
        let tokens = [&index.repetitions.prompt_tokens, &index.repetitions.output_tokens];
        [rate(prefill), rate(decode), count(tokens[0]), count(tokens[1])]
    };
    index.repetitions_of(result).map(of).collect()
}

/// One group of repetitions as a report prints it.
struct Group {
    seed: String,
    date: String,
    model: String,
    backend: Option<String>,
    place: String,
    repetitions: Repetitions,
}

/// Every group of repetitions of the three reports.
fn printed() -> Option<Vec<Group>> {
    let mut groups = Vec::<Group>::new();
    for line in sheet("seeds_002_004_runs.csv")? {
        let repetition = ["pp", "tg", "prompt", "gen"].map(|column| line.get(column).to_owned());
        if line.get("run") == "1" {
            groups.push(group(&line));
        }
        groups.last_mut().unwrap().repetitions.push(repetition);
    }
    Some(groups)
}

fn group(line: &Line) -> Group {
    let (section, label) = (line.get("section"), line.get("label"));
    let is_backend = ["ROCm 7.2", "Vulkan", "CPU"].contains(&label);
    let model = unmarked(if is_backend || label.is_empty() { section } else { label });
    let backend = is_backend.then(|| label.to_owned());
    let (seed, date) = (line.get("seed").to_owned(), line.get("date").to_owned());
    Group { seed, date, model, backend, place: line.place.clone(), repetitions: Vec::new() }
}

/// The run that holds a printed group.
fn holder(group: &Group) -> &'static Run {
    let fits = |run: &&Run| {
        title(run) == group.model
            && group.backend.as_deref().is_none_or(|printed| printed == backend(run))
            && repetitions(run) == group.repetitions
    };
    let found: Vec<_> = runs().filter(fits).collect();
    assert_eq!(found.len(), 1, "{}: {}", group.place, group.model);
    found[0]
}

#[test]
fn there_are_41_measurements_and_three_failures() {
    let shown = BUNDLED.shown(RIG, Concurrency::All);
    let results: Vec<usize> = shown.rows.iter().flat_map(|row| row.results.clone()).collect();
    let (failed, measured): (Vec<usize>, Vec<usize>) =
        results.iter().partition(|&&r| BUNDLED.index.failure(r).is_some());
    assert_eq!((measured.len(), failed.len(), shown.rows.len()), (41, 3, 39));
    for &failure in &failed {
        assert_eq!(BUNDLED.index.failure(failure), Some("server died"));
        assert!(BUNDLED.index.is_superseded(failure), "{failure} was made good later");
        let run = BUNDLED.index.run_of(failure);
        assert_eq!(BUNDLED.index.runs.date[run].as_str(), "2026-02-23T09:37Z");
    }
    let all_three = |&r: &usize| BUNDLED.index.repetitions_of(r).len() == 3;
    assert!(measured.iter().all(all_three), "three repetitions each");
}

#[test]
fn every_printed_repetition_is_here_exactly_once() {
    let Some(groups) = printed() else { return };
    assert_eq!(groups.len(), 110);
    assert_eq!(groups.iter().map(|group| group.repetitions.len()).sum::<usize>(), 330);
    let mut holders = HashSet::new();
    for group in &groups {
        let run = holder(group);
        holders.insert(&run.id);
        let named = run.sources.iter().any(|named| named.id == source(&group.seed));
        assert!(named, "{}: {} does not name seed {}", group.place, run.id, group.seed);
    }
    assert_eq!(holders.len(), 41);
    let repetitions = BUNDLED.single().flat_map(|run| &run.results).map(|result| result.repetitions.len());
    assert_eq!(repetitions.sum::<usize>(), 3 * 41);
}

/// Decode reads the weights once a token: the printed rates, worked by hand, against what is claimed.
#[test]
fn dense_models_use_84_to_97_percent_of_the_bus_and_sparse_ones_could_not_be_dense() {
    let Some(groups) = printed() else { return };
    let (mut dense, mut sparse) = (Vec::new(), 0);
    for group in &groups {
        let run = holder(group);
        if run.backend.accelerator == Accelerator::Cpu {
            continue;
        }
        let rates: Vec<f64> =
            group.repetitions.iter().map(|[_, decode, ..]| decode.parse().unwrap()).collect();
        let size = run.file_size_gib.unwrap().get() * 1.073_741_824;
        let by_hand = mean(&rates).unwrap() * size / 256.0;
        let result = BUNDLED.results(run)[0].0;
        let all_weights = implied_if_dense(&BUNDLED.index, result).unwrap();
        assert!((all_weights.fraction - by_hand).abs() < 1e-9, "{}: {by_hand}", group.place);
        if implied(&BUNDLED.index, result).unwrap() == all_weights {
            dense.push(by_hand);
        } else {
            assert!(by_hand > 2.0, "{}: {by_hand}", group.place);
            sparse += 1;
        }
    }
    let extreme = |pick: fn(f64, f64) -> f64| (dense.iter().copied().reduce(pick).unwrap() * 100.0).round();
    assert_eq!((extreme(f64::min), extreme(f64::max)), (84.0, 97.0));
    assert!(dense.len() > 40 && sparse > 30, "{} and {sparse}", dense.len());
}

#[test]
fn a_run_has_the_date_of_its_first_appearance() {
    let Some(groups) = printed() else { return };
    let mut first = BTreeMap::<&str, String>::new();
    for group in groups.iter().filter(|group| group.seed == "002") {
        let date = group.date.replace(" UTC", "Z").replace(' ', "T");
        let earliest = first.entry(&holder(group).id).or_insert_with(|| date.clone());
        *earliest = date.min(earliest.clone());
    }
    assert_eq!(first.len(), 41);
    for run in runs().filter(|run| run.results[0].failed.is_none()) {
        assert_eq!(Some(run.date.as_str()), first.get(&*run.id).map(String::as_str), "{}", run.id);
    }
}

/// `1m41s` in seconds.
fn seconds(load: &str) -> f64 {
    let (minutes, rest) = load.split_once('m').unwrap_or(("0", load));
    minutes.parse::<f64>().unwrap() * 60.0 + rest.trim_end_matches('s').parse::<f64>().unwrap()
}

/// The bundled runs of a table row: by name and backend, and by its figures where printed in full.
pub(super) fn of_row(line: &Line) -> Vec<&'static Run> {
    let name = unmarked(line.get("model"));
    let rounded = line.get("section") == "Summary";
    let printed_backend = line.get("backend").split(" (").next().unwrap();
    let decode = format!("{} ±{}", line.get("tg"), line.get("tg_err"));
    let prefill = format!("{} ±{}", line.get("pp"), line.get("pp_err"));
    let fits = |run: &&Run| {
        let published = |metric| run.results[0].published.get(&metric);
        let title = title(run);
        let named =
            title == name || rounded && title.rsplit_once(' ').is_some_and(|(model, _)| model == name);
        named
            && backend(run) == printed_backend
            && published(Metric::Decode) == Some(&decode)
            && (rounded || published(Metric::Prefill) == Some(&prefill))
    };
    runs().filter(fits).collect()
}

#[test]
fn every_table_row_is_here_as_printed() {
    let Some(lines) = sheet("seeds_002_004_summary_verified.csv") else { return };
    let (mut rows, mut failures) = (0, 0);
    for line in &lines {
        match line.get("tg") {
            "—" => continue,
            error if error.starts_with("ERROR") => {
                let fits =
                    |run: &&Run| title(run) == unmarked(line.get("model")) && run.results[0].failed.is_some();
                let run = runs().find(fits).unwrap_or_else(|| panic!("{}: no failure", line.place));
                assert_eq!(
                    format!("ERROR: {}", run.results[0].failed.as_ref().unwrap()),
                    error,
                    "{}",
                    line.place
                );
                failures += 1;
            }
            _ => {
                let found = of_row(line);
                assert_eq!(found.len(), 1, "{}: {}", line.place, line.get("model"));
                let result = &found[0].results[0];
                assert_eq!(
                    result.load_s.map(|load| load.get()),
                    Some(seconds(line.get("load"))),
                    "{}",
                    line.place
                );
                if line.get("section") == "Summary" {
                    let exact: f64 =
                        result.published[&Metric::Prefill].split(' ').next().unwrap().parse().unwrap();
                    assert!((line.number("pp").unwrap() - exact).abs() <= 0.5, "{}: {exact}", line.place);
                }
                rows += 1;
            }
        }
    }
    assert_eq!((rows, failures), (110 + 21, 3));
}

#[test]
fn published_cells_stand_in_the_reports_that_are_named() {
    let texts: Option<BTreeMap<_, _>> =
        ["002", "003", "004"].into_iter().map(|n| Some((source(n), seed(n)?))).collect();
    let Some(texts) = texts else { return };
    for run in runs() {
        for named in &run.sources {
            let text = &texts[&*named.id];
            for cell in run.results[0].published.values() {
                assert!(text.contains(&format!("| {cell} |")), "{}: {cell} is not in {}", run.id, named.id);
            }
            let quoted = named.place.as_ref().unwrap().split('"').skip(1).step_by(2);
            for words in quoted {
                assert!(text.contains(words), "{}: \"{words}\" is not in {}", run.id, named.id);
            }
        }
    }
}

/// Rounded twice in binary floats, a cell may differ by one unit of its last digit, but not by more.
#[test]
fn the_printed_spread_is_the_sample_deviation() {
    let (mut cells, mut unequal) = (0, 0);
    for run in runs().filter(|run| run.results[0].failed.is_none()) {
        for (&metric, printed) in &run.results[0].published {
            let values = BUNDLED.index.repeated(BUNDLED.results(run)[0].0, metric);
            let (value, spread) = (mean(&values).unwrap(), sample_deviation(&values).unwrap());
            let (printed_value, printed_spread) = printed.split_once(" ±").unwrap();
            for (exact, printed) in [(value, printed_value), (spread, printed_spread)] {
                let off = (exact - printed.parse::<f64>().unwrap()).abs();
                assert!(off < 0.1, "{}: {exact} was printed as {printed}", run.id);
            }
            cells += 1;
            unequal += usize::from(format!("{value:.1} ±{spread:.1}") != *printed);
        }
    }
    assert_eq!((cells, unequal), (82, 12));
}

#[test]
fn backends_run_with_their_own_settings() {
    for run in runs() {
        let settings = &run.settings;
        assert_eq!(
            (settings.context_tokens, settings.max_output_tokens, settings.warmup_repetitions),
            (Some(8192), Some(128), Some(1))
        );
        let differing =
            (settings.flash_attention, settings.kv_type.as_deref(), settings.mmap, settings.gpu_layers);
        let expected = match backend(run) {
            "Vulkan" => (None, None, Some(true), None),
            "CPU" => (None, None, None, Some(0)),
            _ => (Some(true), Some("q4_0"), Some(false), None),
        };
        assert_eq!(differing, expected, "{}", run.id);
    }
}

#[test]
fn prompt_counts_of_a_result_are_those_of_all_its_repetitions() {
    for run in runs() {
        let [result] = run.results.as_slice() else { panic!("{}: more than one result", run.id) };
        let counts: HashSet<_> =
            result.repetitions.iter().map(|repetition| repetition.prompt_tokens).collect();
        let agreed = if counts.len() == 1 { counts.into_iter().next().flatten() } else { None };
        assert_eq!(result.prompt_tokens, agreed, "{}", run.id);
    }
}
