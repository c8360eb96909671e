//! The result sets of `data/collections.yaml`: every run file of them follows from the published files, and
//! every row of those files is in one.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what failed by failing, and a skipped one says so"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tokscope::export::yaml::write_run;
use tokscope::import::{Collected, Plan, collect, read_data_dir, read_plan};
use tokscope::model::dataset::FromFile;
use tokscope::model::run::{ResultEntry, Run};
use tokscope::model::{Dataset, Figure, Metric};

static DATA: LazyLock<Dataset> = LazyLock::new(|| read_data_dir(&root().join("data")).dataset);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn plan() -> Plan {
    let text = fs::read_to_string(root().join("data/collections.yaml")).unwrap();
    let (plan, findings) = read_plan(&text, "collections.yaml");
    assert_eq!(findings, []);
    plan.unwrap()
}

/// The folder with copies of the repositories.
fn folder() -> Option<PathBuf> {
    let folder = root().join("../shared/samples/collections");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared is not here");
    None
}

fn collected() -> Option<Collected> {
    Some(collect(&plan(), &folder()?, &DATA.catalog))
}

/// The bundled runs of a source, or of every source of the plan.
fn bundled(source: Option<&str>) -> Vec<&'static FromFile<Run>> {
    let plan = plan();
    let sources = plan.sources();
    let is_one = |id: &str| source.map_or_else(|| sources.contains(id), |source| source == id);
    DATA.runs.iter().filter(|run| run.value.sources.iter().any(|named| is_one(&named.id))).collect()
}

fn value(result: &ResultEntry, metric: Metric) -> Option<f64> {
    result.stated(metric).map(|value| value.get())
}

#[test]
fn every_run_file_follows_from_the_published_files() {
    let Some(collected) = collected() else { return };
    assert_eq!(collected.shapes, [], "every shape is in the data folder");
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    for run in &collected.runs {
        let file = format!("runs/{}/{}.yaml", run.hardware, run.id);
        assert!(made.insert(file, write_run(run)).is_none(), "{} twice", run.id);
    }
    for (file, text) in &made {
        let there = fs::read_to_string(root().join("data").join(file)).unwrap_or_default();
        assert!(there == *text, "{file} is not what `tokscope collect` makes");
    }
    let there: Vec<&String> = bundled(None).iter().map(|run| &run.file).collect();
    assert!(made.keys().eq(there), "a run of a collected source that is not made");
}

#[test]
fn what_is_left_out_is_known() {
    let Some(collected) = collected() else { return };
    let said: Vec<String> = collected.findings.iter().map(ToString::to_string).collect();
    let empty = |file: &str, line: u32, found: &str| {
        format!(
            "lhl/strix-halo-testing/llm-bench/{file}/results.jsonl:{line}: bench_raw: found {found} without a result, expected one of llama-bench; left out"
        )
    };
    let expected = [
        empty("Qwen3-30B-A3B-UD-Q4_K_XL", 221, "1 record"),
        empty("gpt-oss-120b-F16", 12, "99 records"),
        empty("gpt-oss-20b-F16", 36, "56 records"),
    ];
    assert_eq!(said, expected);
}

#[test]
fn each_set_has_so_many_results() {
    for (source, runs, results, rigs) in [
        ("llm-inference-bench", 501, 4772, 23),
        ("strix-halo-testing", 68, 1010, 1),
        ("strix-halo-llm-perf", 15, 30, 1),
        ("inferencex", 4, 117, 1),
        ("localscore", 13, 117, 7),
    ] {
        let of_source = bundled(Some(source));
        let count: usize = of_source.iter().map(|run| run.value.results.len()).sum();
        let mut of_rigs: Vec<&str> = of_source.iter().map(|run| &*run.value.hardware).collect();
        of_rigs.dedup();
        assert_eq!((of_source.len(), count, of_rigs.len()), (runs, results, rigs), "{source}");
    }
}

/// Rig, model, engine, length, batch.
type Cell = (String, String, String, u32, u32);

/// A rig by the number and the kind of its accelerators, from what the table prints.
fn rig(count: &str, printed: &str) -> String {
    const KINDS: [&str; 9] =
        ["a100", "gh200", "h100", "intel-pvc", "max1550", "mi250", "mi300x", "gaudi2", "sn40l"];
    let printed = printed.to_lowercase();
    let is = |kind: &&&str| {
        printed.replace(' ', "-").contains(**kind) || printed.replace(' ', "").contains(**kind)
    };
    format!("{count}x-{}", KINDS.iter().find(is).unwrap())
}

/// Every row of the large table, read here without the crate.
#[test]
fn every_row_of_the_large_table_is_here_once() {
    let Some(folder) = folder() else { return };
    let file = folder.join("argonne-lcf__LLM-Inference-Bench/Plots/All_results.csv");
    let text = fs::read_to_string(file).unwrap();
    let mut rows: HashMap<Cell, Vec<(f64, f64)>> = HashMap::new();
    for line in text.trim_start_matches('\u{feff}').lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let count = |at: usize| cells[at].trim().parse::<u32>().unwrap();
        let number = |at: usize| cells[at].trim().parse::<f64>().unwrap();
        let (rig, engine) = (rig(cells[1], cells[0]), cells[2].to_lowercase());
        let cell = (rig, cells[3].to_owned(), engine, count(4), count(5));
        rows.entry(cell).or_default().push((number(6) * 1e3, number(7)));
    }
    for run in bundled(Some("llm-inference-bench")) {
        let run = &run.value;
        let n_batch = run.settings.other.get("n_batch").map(|text| text.parse().unwrap());
        for result in &run.results {
            let (prompt, output) = (result.prompt_tokens.unwrap(), result.output_tokens.unwrap());
            let whole = value(result, Metric::EndToEnd).unwrap();
            let [of_all, of_one] =
                [Figure::SystemTotal, Figure::Mixed].map(|figure| result.figures.get(&figure));
            let rate = of_all.or(of_one).unwrap().get();
            // The definition of the printed rate, which is no decode rate: all tokens of the batch by its time.
            let own = f64::from(result.concurrency) * f64::from(prompt + output) * 1e3 / whole;
            assert!((rate / own - 1.0).abs() < 3e-3, "{}: {rate} where its time gives {own}", run.id);
            assert_eq!(of_one.is_some(), run.backend.engine == "llama.cpp", "{}", run.id);
            assert_eq!(value(result, Metric::Decode), None);
            let batch = n_batch.unwrap_or(result.concurrency.into());
            let model = run.sources[0].says["variant"].clone();
            let cell = (run.hardware.clone(), model, run.backend.engine.clone(), prompt, batch);
            let left = rows.get_mut(&cell).unwrap_or_else(|| panic!("{cell:?} is not in the table"));
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-5;
            let at = left.iter().position(|row| near(row.0, whole) && near(row.1, rate));
            left.remove(at.unwrap_or_else(|| panic!("{cell:?}: {whole} ms is not in the table")));
        }
    }
    assert!(rows.values().all(Vec::is_empty), "a row of the table is in no run");
}

#[test]
fn nothing_stands_in_the_catalog_that_no_run_uses() {
    let runs = || DATA.runs.iter().map(|run| &run.value);
    let mut shapes: BTreeSet<&str> =
        runs().flat_map(|run| &run.results).map(|result| &*result.shape).collect();
    shapes.extend(runs().flat_map(|run| &run.ranges).flat_map(|range| &range.shapes).map(String::as_str));
    let quants: BTreeSet<&str> = runs().map(|run| &*run.quant).collect();
    let rigs: BTreeSet<&str> = runs().map(|run| &*run.hardware).collect();
    let models: BTreeSet<&str> = runs().map(|run| &*run.model).collect();
    for shape in &DATA.catalog.shapes {
        assert!(shapes.contains(&*shape.id), "shape {}", shape.id);
    }
    for quant in &DATA.catalog.quants {
        assert!(quants.contains(&*quant.id), "quant {}", quant.id);
    }
    for rig in &DATA.catalog.hardware {
        assert!(rigs.contains(&*rig.id), "rig {}", rig.id);
    }
    for family in &DATA.catalog.families {
        for variant in &family.variants {
            let id = format!("{}/{}", family.id, variant.id);
            assert!(models.contains(&*id), "model {id}");
        }
    }
}

#[test]
fn a_plan_with_a_flaw_is_refused_with_its_line() {
    let (plan, findings) =
        read_plan("sets:\n  - repository: a/b\n    comit: c\n    source: d\n    files: []\n", "p");
    assert!(plan.is_none());
    let said = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("p:3") && said.contains("did you mean \"commit\""), "{said}");
}

#[test]
fn a_file_that_is_missing_is_named_and_the_others_are_read() {
    let collected = collect(&plan(), Path::new("no such folder"), &DATA.catalog);
    assert!(collected.runs.is_empty());
    assert!(collected.findings.iter().all(|finding| finding.problem.expected.contains("can be read")));
    assert!(collected.findings.len() > 10);
}
