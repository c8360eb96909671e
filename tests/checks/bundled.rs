//! What the rules find in the bundled data: all of this, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use tokscope::checks::compare::{Class, class, comparable_as, differences};
use tokscope::checks::physics::implied;
use tokscope::checks::{Finding, Rule, Severity, findings};
use tokscope::import::{read_data_dir, read_plan};
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::model::run::Timing;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let read = read_data_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"));
    Index::from_json(&Index::build(&read.dataset).to_json()).unwrap()
});

/// Rule, severity, number of runs, the run that is named first, and its cells.
fn brief(finding: &Finding) -> String {
    let first = &INDEX.runs.id[finding.runs[0]];
    let cell = |&result: &usize| {
        let results = &INDEX.results;
        let shape = &INDEX.catalog.shapes[usize::from(results.shape[result])].id;
        format!("{shape}@{}", results.concurrency[result])
    };
    let mut cells: Vec<String> = finding.results.iter().map(cell).collect();
    cells.sort();
    cells.dedup();
    let (severity, rule) = (finding.severity.name(), finding.rule.id());
    format!("{severity} {rule} {} {first} {}", finding.runs.len(), cells.join(" ")).trim_end().to_owned()
}

/// Sources that are carried over by `data/collections.yaml`.
static COLLECTED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let plan = read_plan(include_str!("../../data/collections.yaml"), "collections.yaml").0.unwrap();
    plan.sources().into_iter().map(str::to_owned).collect()
});

/// True for a run that `data/collections.yaml` carries over.
fn is_collected(run: usize) -> bool {
    let named = &INDEX.sources[INDEX.runs.sources[run] as usize];
    named.iter().any(|named| COLLECTED.contains(&named.id))
}

/// Each with the reason why it stands: nothing in these files was typed, so nothing is mended.
#[test]
fn the_collected_sets_have_these_findings() {
    let found = findings(&INDEX);
    let of_sets = found.iter().filter(|finding| finding.runs.iter().all(|&run| is_collected(run)));
    let (sizes, others): (Vec<&Finding>, Vec<&Finding>) =
        of_sets.partition(|finding| finding.rule == Rule::WeightsSize);
    // The files are named F16 for what is not quantised in them: the experts are the maker's MXFP4.
    let named: BTreeSet<&str> = INDEX
        .runs
        .id
        .iter()
        .filter(|id| id.contains("gpt-oss-") && id.contains("-f16-"))
        .map(|id| &**id)
        .collect();
    let sized: BTreeSet<&str> =
        sizes.iter().flat_map(|finding| &finding.runs).map(|&run| &*INDEX.runs.id[run]).collect();
    assert_eq!((sizes.len(), sized), (29, named));
    let others: Vec<String> = others.into_iter().map(brief).collect();
    let expected = [
        // Prompts of 32 tokens are read by other kernels than longer ones, and twice as fast as those of 64.
        "doubtful cached-prompt 1 2025-08-04t1037z-llama-2-7b-q4_0-b6077-rocm pp32@1",
        "doubtful cached-prompt 1 2025-08-04t1309z-llama-2-7b-q4_0-b6077-rocm-rocwmma pp32@1",
    ];
    assert_eq!(others, expected);
}

#[test]
fn the_bundled_data_has_these_findings() {
    let found = findings(&INDEX);
    let found = found.iter().filter(|finding| !finding.runs.iter().all(|&run| is_collected(run)));
    let found: Vec<String> = found.map(brief).collect();
    let expected = [
        // Counts of active parameters that the memory bus refutes.
        "impossible active-parameters 1 2026-02-23t0937z-gpt-oss-120b-q4_k_m-vulkan infra@1",
        "doubtful active-parameters 1 2026-02-23t0937z-command-a-111b-iq4_xs-vulkan infra@1",
        // The file of 12 GiB has 5.15 bits per weight: it is the maker's MXFP4 under another name.
        "doubtful weights-size 1 2026-02-23t0937z-gpt-oss-20b-q8_0-vulkan",
        // Four requests that were answered one by one.
        "doubtful queueing 1 2026-05-gemma-4-e4b-it-q4_k_m-cuda-4f13cb7-baseline-pl-450w agent@4",
        "doubtful queueing 1 2026-05-granite-4.1-8b-q4_k_m-cuda-4f13cb7-baseline-pl-450w agent@4",
        "doubtful queueing 1 2026-05-lfm2-8b-a1b-q4_k_m-cuda-4f13cb7-baseline-pl-450w agent@4",
        // Prefill of 35,824 and 35,491 tok/s.
        "doubtful cached-prompt 1 2026-05-lfm2-8b-a1b-q4_k_m-cuda-4f13cb7-baseline-pl-350w agent@1",
        "doubtful cached-prompt 1 2026-05-lfm2-8b-a1b-q4_k_m-cuda-4f13cb7-baseline-pl-450w agent@1",
        // The table says cuda, the rig's card and a later page vulkan.
        "doubtful relabelled-backend 10 2026-05-gemma-4-e2b-it-q4_k_m-b9174-cuda",
        // Q3_K_M below Q4_K_M, and below, the quants baked into the variant's name.
        "doubtful quant-ladder 2 2026-05-qwen3.6-27b-q3_k_m-59778f0-cuda chat@1",
        // Pages that call their rate output_tok_per_s, where later ones print two rates.
        "doubtful metric-schema 11 2026-05-gemma-4-e2b-it-q4_k_m-59778f0-cuda",
        "doubtful metric-schema 10 2026-05-gemma-4-e2b-it-q4_k_m-b9174-cuda",
        "doubtful metric-schema 9 2026-05-gemma-4-e2b-it-q4_k_m-b8940-rocm",
        // The launch rows at 200 W beside others, and the card that states 200 W and one driver. What its
        // text says of power, memory and driver is in no field; rules.rs has it as data.
        "notice power-cap 3 2026-05-gemma-4-e4b-it-q4_k_m-59778f0-cuda agent@1 chat@1 codegen@1 rag@1",
        "notice power-cap 7 2026-05-gemma-4-e4b-it-q4_k_m-cuda-4f13cb7-baseline-pl-350w",
        "notice contradiction 5 2026-05-qwen3.6-27b-q2_k-59778f0-cuda",
        "notice contradiction 1 2026-05-gemma-3-4b-it-q4_k_m-3e12fbd-cuda-raw-v4-r2-pl450",
    ];
    assert_eq!(found, expected);
}

fn said(rule: Rule, words: &str) -> String {
    let mut said = findings(&INDEX).into_iter().filter(|f| f.rule == rule).map(|f| f.to_string());
    said.find(|text| text.contains(words)).unwrap_or_else(|| panic!("{words} is not said"))
}

#[test]
fn gpt_oss_and_command_a_are_refuted_by_the_bus_with_what_fits() {
    assert_eq!(
        said(Rule::ActiveParameters, "~20B"),
        "found ~20B active parameters, as strix-halo-report-full states, which read 642 GB/s, 251 % of the bus, expected at most 7.97B, \
         what 256 GB/s can carry; 5.1B read 164 GB/s, 64 % of the bus"
    );
    assert_eq!(
        said(Rule::ActiveParameters, "~14B"),
        "found ~14B active parameters, as strix-halo-report-full states, which read only 27.4 GB/s, 11 % of the bus, expected all 111B, \
         as a dense model: 217 GB/s, 85 % of the bus"
    );
}

#[test]
fn no_result_with_the_catalogs_counts_is_above_the_limit() {
    let shares: Vec<f64> =
        (0..INDEX.result_count()).filter_map(|result| Some(implied(&INDEX, result).ok()?.fraction)).collect();
    assert!(shares.len() > 180, "{}", shares.len());
    let highest = shares.iter().copied().fold(0.0, f64::max);
    assert!((0.97..0.98).contains(&highest), "{highest}");
    let impossible = findings(&INDEX).into_iter().filter(|f| f.severity == Severity::Impossible);
    assert!(impossible.map(|f| f.rule).eq([Rule::ActiveParameters]));
}

/// Positions of the results of a run.
fn results(id: &str) -> Vec<usize> {
    (0..INDEX.result_count()).filter(|&result| INDEX.runs.id[INDEX.run_of(result)] == id).collect()
}

#[test]
fn backends_of_one_model_differ_in_more_than_the_backend() {
    let model = "2026-02-22t1942z-qwen2.5-72b-instruct-q8_0";
    let [rocm, vulkan] = ["rocm-7.2", "vulkan"].map(|backend| results(&format!("{model}-{backend}"))[0]);
    let fields: Vec<String> = differences(&INDEX, rocm, vulkan).into_iter().map(|d| d.field).collect();
    assert_eq!(fields, ["Accelerator", "Runtime", "Flash attention", "KV type", "mmap", "LLAMA_HIP_UMA"]);
    assert_eq!(comparable_as(&INDEX, rocm, vulkan), Some(Class::Stack));
}

#[test]
fn the_classes_are_those_of_the_model_pages() {
    for result in 0..INDEX.result_count() {
        let id = &INDEX.runs.id[INDEX.run_of(result)];
        let run = INDEX.run_of(result);
        let is_raw = INDEX.configurations.timing[INDEX.configuration_of(run)] == Timing::Raw;
        assert!(is_collected(run) || is_raw == id.contains("-raw-"), "{id}");
        let expected = if is_raw { Class::Hardware } else { Class::Stack };
        assert_eq!(class(&INDEX, result), expected, "{id}");
    }
}

#[test]
fn what_findings_and_classes_refer_to_is_in_the_glossary() {
    let rules = Rule::ALL.iter().map(|rule| rule.term());
    let classes = [Class::Hardware, Class::Stack, Class::Workload].map(Class::term);
    for term in rules.chain(classes) {
        assert!(INDEX.catalog.term(term).is_some(), "no term {term}");
    }
}

#[test]
fn every_finding_names_runs_and_what_they_show() {
    for finding in findings(&INDEX) {
        assert!(!finding.runs.is_empty() && !finding.found.is_empty() && !finding.expected.is_empty());
        let of_runs = |&result: &usize| finding.runs.contains(&INDEX.run_of(result));
        assert!(finding.results.iter().all(of_runs), "{finding}");
    }
    let queued = findings(&INDEX).into_iter().filter(|finding| finding.rule == Rule::Queueing);
    for result in queued.flat_map(|finding| finding.results) {
        assert!(INDEX.value(result, Metric::Ttft).unwrap() > 1000.0);
    }
}
