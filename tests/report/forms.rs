//! The forms in which reports come.

use tokscope::import::report::{Known, NotAReport, is_report, merge, read_report};
use tokscope::model::Metric;
use tokscope::model::run::{Accelerator, Run, Statistic};

use super::{BY_BACKEND, BY_MODEL, SUMMARY, catalog, findings, known, read};

fn ids(runs: &[Run]) -> Vec<&str> {
    runs.iter().map(|run| &*run.id).collect()
}

#[test]
fn a_table_by_backend() {
    let imported = read(BY_BACKEND);
    let [rocm, vulkan, cpu, died, begun] = imported.runs.as_slice() else { panic!("five runs") };
    assert_eq!(rocm.id, "2026-03-04t1020z-finch-2b-it-q4_k_m-rocm-7.2");
    assert_eq!((rocm.date.as_str(), &*rocm.hardware), ("2026-03-04T10:20Z", "desk-12gb"));
    assert_eq!((&*rocm.model, &*rocm.quant), ("finch/2b-it", "Q4_K_M"));
    assert_eq!(rocm.file_size_gib.map(|size| size.get()), Some(1.4));
    assert!(rocm.file_size_approximate);
    assert_eq!(rocm.backend.runtime.as_deref(), Some("ROCm 7.2"));
    assert_eq!((rocm.statistic, rocm.repetitions), (Statistic::Mean, Some(3)));
    let settings = &rocm.settings;
    assert_eq!((settings.context_tokens, settings.max_output_tokens), (Some(4096), Some(64)));
    assert_eq!((settings.flash_attention, settings.mmap), (Some(true), Some(false)));
    assert_eq!(settings.kv_type.as_deref(), Some("q8_0"));
    assert_eq!(rocm.notes, ["Access: by hand, over the network"]);
    assert_eq!(rocm.sources[0].id, "bench-notes");

    let result = &rocm.results[0];
    assert_eq!((&*result.shape, result.concurrency), ("chat", 1));
    assert_eq!(result.load_s.map(|load| load.get()), Some(50.0));
    assert_eq!(result.published[&Metric::Decode], "151.2 ±0.8");
    assert_eq!((result.prompt_tokens, result.output_tokens), (None, Some(64)), "one prompt differs");
    let times: Vec<_> = result.repetitions.iter().map(|r| r.ttft_ms.map(|time| time.get())).collect();
    assert_eq!(times, [Some(950.0), Some(1040.0), None]);

    // Without repetitions the printed value is the value.
    assert_eq!(vulkan.results[0].decode_tok_per_s.map(|rate| rate.get()), Some(120.5));
    assert_eq!(vulkan.notes[..2], ["first line", "second line, with a | bar"]);
    assert_eq!(cpu.results[0].repetitions.len(), 2, "the third line is an empty template");
    assert_eq!(cpu.settings.gpu_layers, Some(0));
    assert_eq!(cpu.results[0].load_s.map(|load| load.get()), Some(101.0));
    assert_eq!(died.results[0].failed.as_deref(), Some("server died"));
    assert_eq!(begun.results[0].failed.as_deref(), Some("incomplete"));
    assert!(imported.models["finch/9b-it"].vision && !imported.models["finch/2b-it"].vision);
    assert_eq!(
        findings(&imported),
        [
            "r.md:19: Finch 2B-it Q4_K_M: found 2 repetitions, expected 3, as the line Benchmark says",
            "r.md:45: Finch 9B-it Q4_K_M: found no figures (not run), expected load, PP and TG, or ERROR \
             with what went wrong; the row is left out",
        ]
    );
}

#[test]
fn a_table_by_model() {
    let imported = read(BY_MODEL);
    assert_eq!(ids(&imported.runs), ["2026-03-finch-2b-it-q4_k_m-vulkan", "2026-03-finch-2b-it-q8_0-cpu"]);
    let [vulkan, cpu] = imported.runs.as_slice() else { panic!("two runs") };
    assert_eq!(vulkan.settings.mmap, Some(true), "as the text above the table says");
    assert_eq!(vulkan.notes, ["[reference]", "Access: a job (Vulkan backend, mmap enabled)"]);
    assert_eq!(vulkan.results[0].published[&Metric::Prefill], "1,416.7 ±275.2");
    assert_eq!(vulkan.results[0].repetitions.len(), 2);
    assert_eq!(cpu.backend.accelerator, Accelerator::Cpu, "whatever image it ran in");
    assert_eq!((cpu.settings.gpu_layers, cpu.settings.context_tokens), (Some(0), Some(16384)));
    assert_eq!(cpu.notes, ["Vulkan image", "Access: a job (Vulkan backend, mmap enabled)"]);
    assert!(!imported.models.contains_key("finch/9b-it"), "a row without figures is left out");
    assert_eq!(findings(&imported).len(), 1);
}

/// Repetitions with one decimal and no label, no load, no line about the quant, a remark of its own.
#[test]
fn a_table_without_load() {
    let text = "\
# Small machine
**Hardware:** Desk

## Finch 2B-it Q8_0
**Note:** context cut to fit

| Backend | PP (tok/s) | TG (tok/s) | Notes |
|---|---|---|---|
| Vulkan iGPU (gfx909, 7 CU) | 215.8 ±10.6 | 9.7 ±0.1 | every layer on the GPU |

Run 1: pp=224.9 tg=9.8 ttft=0.95s (prompt=213 tok, gen=128 tok)
Run 2: pp=204.2 tg=9.7 ttft=1.04s (prompt=212 tok, gen=128 tok)
Run 3: pp=218.4 tg=9.7 ttft=0.97s (prompt=212 tok, gen=128 tok)
";
    let imported = read(text);
    let [run] = imported.runs.as_slice() else { panic!("one run") };
    assert_eq!((&*run.quant, run.results[0].load_s), ("Q8_0", None));
    assert_eq!(run.backend.accelerator, Accelerator::Vulkan);
    assert_eq!(run.notes, ["every layer on the GPU", "iGPU (gfx909, 7 CU)", "context cut to fit"]);
    assert_eq!((run.statistic, run.repetitions), (Statistic::Unknown, None), "the report does not say");
    assert_eq!(run.results[0].repetitions.len(), 3);
    assert_eq!(findings(&imported), [""; 0]);
}

#[test]
fn a_summary_repeats_its_sections() {
    let imported = read(SUMMARY);
    let expected = [
        "2026-03-finch-2b-it-q4_k_m-vulkan",
        "2026-03-finch-2b-it-q4_k_m-cpu",
        "2026-03-finch-9b-it-q4_k_m-vulkan",
    ];
    assert_eq!(ids(&imported.runs), expected);
    let [vulkan, _, only_in_summary] = imported.runs.as_slice() else { panic!("three runs") };
    assert_eq!(vulkan.results[0].published[&Metric::Prefill], "126.5 ±2.1", "the finer one");
    assert_eq!(only_in_summary.results[0].published[&Metric::Prefill], "83 ±1");
    assert_eq!(vulkan.settings.other["LLAMA_HIP_UMA"], "ON");
    let model = &imported.models["finch/9b-it"];
    assert_eq!(model.active_params_b.map(|count| count.get()), Some(3.0));
    assert!(model.vision && model.params_approximate);
    assert_eq!(findings(&imported), [""; 0]);

    let other = SUMMARY.replace("127 ±2", "147 ±2");
    let imported = read(&other);
    assert_eq!(ids(&imported.runs), expected);
    assert_eq!(
        findings(&imported),
        [
            "r.md:11: finch/2b-it: found 147 ±2 and 50.0 ±1.4, expected the figures of the model's section, which are kept"
        ]
    );
}

#[test]
fn a_cell_that_its_repetitions_refute_carries_a_note() {
    let imported = read(&BY_BACKEND.replace("151.2 ±0.8", "152.2 ±0.8"));
    let note = "Decode: the report prints 152.2 ±0.8, its repetitions give 151.20";
    assert_eq!(imported.runs[0].results[0].note.as_deref(), Some(note));
    assert!(findings(&imported).iter().any(|finding| finding.contains(note)));
    let near = read(&BY_BACKEND.replace("151.2 ±0.8", "151.3 ±0.8"));
    assert_eq!(near.runs[0].results[0].note, None, "one unit of the last digit is rounding");
}

#[test]
fn what_the_report_does_not_say_is_asked_for_and_never_guessed() {
    let catalog = catalog();
    let all = known(&catalog);
    type Forget = fn(&mut Known<'_>);
    let cases: [(Forget, &str); 6] = [
        (|known| known.hardware = None, "hardware: found nothing, expected the name of a rig"),
        (|known| known.engine = None, "engine: found nothing, expected a line **Engine:**"),
        (|known| known.shape = None, "shape: found nothing, expected a line **Workload:**"),
        (|known| known.date = None, "date: found nothing, expected a line **Date:**"),
        (|known| known.catalog = None, "model: found \"Finch 2B-it\", expected a model of the catalog"),
        (|_| (), ""),
    ];
    for (forget, says) in cases {
        let mut known = all.clone();
        forget(&mut known);
        let imported = read_report(SUMMARY, &known).unwrap();
        let found = findings(&imported);
        assert_eq!(imported.runs.is_empty(), !says.is_empty(), "{says}");
        assert!(says.is_empty() || found.iter().any(|finding| finding.contains(says)), "{says}: {found:?}");
    }
    let headless = BY_MODEL.replace("**Access:**", "Access:");
    assert!(findings(&read(&headless)).iter().any(|finding| finding.contains("backend: found nothing")));
    let told = Known { backend: Some("Vulkan"), ..all.clone() };
    assert_eq!(read_report(&headless, &told).unwrap().runs.len(), 2);
    let mut renamed = all;
    renamed.models.insert("Zebra".to_owned(), "finch/2b-it".to_owned());
    let runs = read_report(&BY_BACKEND.replace("Finch 2B-it", "Zebra"), &renamed).unwrap().runs;
    assert_eq!((&*runs[0].model, &*runs[0].sources[0].says["variant"]), ("finch/2b-it", "Zebra"));
}

#[test]
fn what_cannot_be_read_is_said_with_its_line_and_the_rest_is_there() {
    for (piece, broken, says) in [
        ("50s", "soon", "r.md:17: load: found \"soon\", expected a duration such as 50s or 1m41s"),
        ("905.0 ±5.0", "-905", "r.md:17: PP: found \"-905\", expected a rate above 0, such as 22.7 ±0.5"),
        ("pp=905.00", "pp=fast", "r.md:26: pp: found \"fast\", expected a rate above 0, such as 176.09"),
        ("ttft=1.04s", "ttft=1e6", "r.md:26: ttft: found \"1e6\", expected a time in seconds, such as 0.95s"),
        ("prompt=201", "prompt=-1", "r.md:27: prompt: found \"-1\", expected a number of tokens"),
        ("Run 3: pp=910", "Run 5: pp=910", "r.md:27: ROCm 7.2: found run 5, expected run 3"),
        ("2026-03-04 10:20 UTC", "yesterday", "r.md:3: Date: found \"yesterday\", expected a date such as"),
        ("~1.4 GiB", "1.4 GB", "r.md:13: File size: found \"File size: 1.4 GB\", expected a size such as"),
        ("| CPU | 1m41s", "| Abacus | 1m41s", "r.md:19: backend: found \"Abacus\", expected a backend that"),
        ("ROCm 7.2:\n", "ROCm 6.4:\n", "r.md:24: found repetitions of \"ROCm 6.4\", expected a row for them"),
        ("| 120.5 |", "| 120.5 | more |", "r.md:18: found 6 cells, expected 5, as in the header"),
        ("| Load |", "| Fan |", "r.md:15: column 2: found \"Fan\", expected a column of such a report"),
        ("Run 2: pp=41.0 tg=9.0", "Second: fast", "r.md:30: found \"Second: fast (prompt=200 tok"),
    ] {
        assert!(BY_BACKEND.contains(piece), "{piece}");
        let imported = read(&BY_BACKEND.replacen(piece, broken, 1));
        let found = findings(&imported);
        assert!(found.iter().any(|finding| finding.starts_with(says)), "{broken}: {found:#?}");
        assert!(imported.runs.len() >= 4, "{broken}: {found:#?}");
    }
}

#[test]
fn another_machine_is_not_taken_for_the_one_above() {
    let other = BY_MODEL.replace("## The same", "## Elsewhere\n\n**Hardware:** Another one\n\n## The same");
    let imported = read(&other);
    assert_eq!(imported.runs.len(), 1);
    let says = "found \"Another one\", expected the machine above, \"Desk with 12 GiB (invented)\"";
    assert!(findings(&imported).iter().any(|finding| finding.contains(says)), "{imported:#?}");
}

#[test]
fn the_text_decides_and_not_its_name() {
    for report in [BY_BACKEND, BY_MODEL, SUMMARY] {
        assert!(is_report(report) && is_report(&report.replace('\n', "\r\n")));
        assert!(is_report(&format!("\u{feff}{report}")));
    }
    for other in [
        "",
        "# Title\n\nSome text about PP and TG.\n",
        "| PP | TG | B | N_KV | T_PP s |\n|---|---|---|---|---|\n| 128 | 128 | 1 | 256 | 0.1 |\n",
        "| model | size | test | t/s |\n|---|---|---|---|\n| finch | 1 GiB | pp512 | 12 |\n",
        "{\"a\": 1}",
    ] {
        assert_eq!(read_report(other, &Known::default()), Err(NotAReport), "{other}");
    }
}

#[test]
fn line_ends_and_blanks_change_nothing() {
    for report in [BY_BACKEND, BY_MODEL, SUMMARY] {
        let plain = read(report);
        assert_eq!(read(&report.replace('\n', "\r\n")), plain);
        assert_eq!(read(&report.replace("| ", "|\u{a0}")), plain);
    }
}

#[test]
fn one_measurement_in_two_reports_is_one_run_with_both_sources() {
    let dated = format!("# A\n\n**Date:** 2026-03-05 08:00 UTC\n{}", SUMMARY.split_once('\n').unwrap().1);
    let catalog = catalog();
    let known = known(&catalog);
    let mut all = read_report(SUMMARY, &known).unwrap().runs;
    all.extend(read_report(&dated, &Known { source: "later", ..known }).unwrap().runs);
    let merged = merge(all);
    assert_eq!(merged.len(), 3);
    for run in &merged {
        assert_eq!(run.date.as_str(), "2026-03-05T08:00Z", "the most precise date");
        assert!(run.id.starts_with("2026-03-05t0800z-"));
        let sources: Vec<&str> = run.sources.iter().map(|source| &*source.id).collect();
        assert_eq!(sources, ["bench-notes", "later"]);
    }
    // Other figures are another measurement.
    let runs = [SUMMARY, &SUMMARY.replace("pp=125.00", "pp=125.01")].map(|text| read(text).runs).concat();
    assert_eq!(merge(runs).len(), 4);
}
