//! The benchmark site: ranges, values, model pages, probes.

use std::collections::BTreeMap;

use tokscope::model::Metric;
use tokscope::model::run::Run;
use tokscope::query::{Concurrency, Row};

use super::sheet::{Line, seed, sheet};
use super::{BUNDLED, backend, groups};

const RTX_5070: &str = "geforce-rtx-5070-12gb";
const RTX_3090: &str = "geforce-rtx-3090-24gb";
const STRIX_HALO: &str = "strix-halo-96gb";

/// `Gemma-4 E4B-it`, or the family alone where the variant only repeats its end.
fn label((family, variant): (&str, &str)) -> String {
    if family.ends_with(variant) { family.to_owned() } else { format!("{family} {variant}") }
}

/// The bundled run that has a printed value in all its workload shapes, or in a range.
fn bounds(run: &Run) -> Option<(f64, f64)> {
    let rows =
        |row: &Row| (BUNDLED.index.run_of(row.results.start) == BUNDLED.position(run)).then_some(row.bounds);
    let answer = BUNDLED.shown(&run.hardware, Concurrency::Only(1));
    answer.rows.iter().find_map(rows).flatten()
}

/// Runs that fit what a line of a table of ranges says, by its own words or by a source's.
fn fitting<'a>(line: &'a Line) -> impl Iterator<Item = &'static Run> + 'a {
    BUNDLED.runs().filter(move |run| {
        let says = |field: &'static str| run.sources.iter().filter_map(move |source| source.says.get(field));
        let (family, variant) = BUNDLED.model(run);
        let hardware = line.get("hardware");
        let rig = BUNDLED.rig(run) == hardware
            || hardware.starts_with("GeForce RTX 5070 · 12 GiB") && run.hardware == RTX_5070;
        let words = line.get("backend");
        rig && family == line.get("family")
            && (variant == line.get("variant") || says("variant").any(|said| said == line.get("variant")))
            && run.quant == line.get("quant")
            && (backend(&run.backend) == words || says("backend").any(|said| said == words))
    })
}

fn check_ranges(lines: &[Line]) {
    for line in lines {
        let expected = (line.number("gen_min").unwrap(), line.number("gen_max").unwrap());
        let found: Vec<_> = fitting(line).filter_map(bounds).collect();
        assert_eq!(found, [expected], "{}", line.place);
    }
}

#[test]
fn seed_000_gives_nine_ranges_and_not_one_value() {
    let shown = BUNDLED.shown(STRIX_HALO, Concurrency::All);
    assert_eq!(groups(&shown), [("Gemma-4", "2026-04", 32), ("Gemma-3", "2025-03", 4)]);
    assert_eq!((shown.rows.len(), shown.results), (9, 36));
    for result in shown.rows.iter().flat_map(|row| row.results.clone()) {
        assert!(BUNDLED.index.is_range_only(result) && BUNDLED.index.value(result, Metric::Decode).is_none());
    }
    let rig = BUNDLED.index.catalog.hardware.iter().find(|rig| rig.id == STRIX_HALO).unwrap();
    let unlisted: Vec<_> =
        rig.unlisted.iter().map(|u| (&*u.family, u.results, u.released.as_str())).collect();
    assert_eq!(unlisted, [("Qwen3.6", 8, "2026-03"), ("Qwen3.5", 8, "2025-10"), ("LFM2", 8, "2025-07")]);

    let Some(lines) = sheet("seed000_ranges.csv") else { return };
    check_ranges(&lines);
    let order: Vec<_> = shown.rows.iter().map(|row| row.bounds.unwrap()).collect();
    let printed: Vec<_> =
        lines.iter().map(|l| (l.number("gen_min").unwrap(), l.number("gen_max").unwrap())).collect();
    assert_eq!(order, printed, "rows in the order of the page");
}

#[test]
fn seed_001_gives_ten_configurations_in_six_groups() {
    let shown = BUNDLED.shown(RTX_5070, Concurrency::All);
    let expected = [
        ("Gemma-4", "2026-04", 8),
        ("granite-4.1", "2026-04", 4),
        ("LFM2.5-350M", "2025-11", 4),
        ("LFM2", "2025-07", 16),
        ("Gemma-3", "2025-03", 4),
        ("Qwen2.5-Coder", "2024-11", 4),
    ];
    assert_eq!(groups(&shown), expected);
    assert_eq!((shown.rows.len(), shown.results), (10, 40));

    let Some(lines) = sheet("seed001_ranges.csv") else { return };
    check_ranges(&lines);
    let order: Vec<_> = shown.rows.iter().map(|row| row.bounds.unwrap()).collect();
    let printed: Vec<_> =
        lines.iter().map(|l| (l.number("gen_min").unwrap(), l.number("gen_max").unwrap())).collect();
    assert_eq!(order, printed, "rows in the order of the page");
}

#[test]
fn seed_001_values_are_here_and_make_its_ranges() {
    let Some(lines) = sheet("seed001_shape_rows.csv") else { return };
    assert_eq!(lines.len(), 40);
    let mut extremes = BTreeMap::<String, (f64, f64)>::new();
    for line in &lines {
        let fits = |run: &&Run| {
            label(BUNDLED.model(run)) == line.get("model") && BUNDLED.rig(run) == line.get("hardware")
        };
        let run = BUNDLED.runs().find(fits).unwrap_or_else(|| panic!("{}: no run", line.place));
        assert_eq!(run.quant, line.get("quant"), "{}", line.place);
        let cell = |&(_, shape, concurrency): &(usize, &str, u16)| {
            shape == line.get("shape") && Some(f64::from(concurrency)) == line.number("conc")
        };
        let found: Vec<_> = BUNDLED.results(run).into_iter().filter(cell).collect();
        assert_eq!(found.len(), 1, "{}", line.place);
        line.same("gen_tok_s", BUNDLED.index.value(found[0].0, Metric::Decode));
        let value = line.number("gen_tok_s").unwrap();
        let (low, high) = extremes.entry(run.id.clone()).or_insert((value, value));
        (*low, *high) = (low.min(value), high.max(value));
    }
    assert_eq!(extremes.len(), 10);
    for run in BUNDLED.runs().filter(|run| run.hardware == RTX_5070) {
        assert_eq!(bounds(run).as_ref(), extremes.get(&run.id), "{}", run.id);
    }
}

#[test]
fn later_pages_are_further_sources_and_not_further_results() {
    let Some(lines) = sheet("recovered_range_rows.csv") else { return };
    check_ranges(&lines);
    for line in &lines {
        let (page, hardware) = (line.get("page"), line.get("hardware"));
        let source = match page.split_once("hardware=").map(|(_, rig)| rig) {
            None => "benchmark-site-launch",
            Some(rig) if rig.starts_with(RTX_3090) => "benchmark-site-rtx-3090",
            Some(_) => "benchmark-site-rtx-5070-later",
        };
        let run = fitting(line).next().unwrap();
        assert!(
            run.sources.iter().any(|s| s.id == source),
            "{}: {} does not name {source}",
            line.place,
            run.id
        );
        if hardware.starts_with("GeForce RTX 3090") {
            assert_eq!(run.power_cap_w.map(|watts| watts.get()), Some(200.0), "{}", line.place);
        }
    }
    assert_eq!(BUNDLED.runs().filter(|run| run.hardware == RTX_3090 && !run.ranges.is_empty()).count(), 11);
}

#[test]
fn the_quant_ladder_is_kept_although_it_is_not_monotone() {
    let top = |quant: &str| {
        let of_quant = |run: &&Run| run.model == "qwen3.6/27b" && run.quant == quant;
        BUNDLED.runs().find(of_quant).and_then(bounds).unwrap().1
    };
    let speeds = ["Q2_K", "Q3_K_M", "Q4_K_M", "Q4_K_XL", "Q5_K_M", "Q6_K"].map(top);
    assert_eq!(speeds, [24.3, 20.9, 21.6, 21.2, 18.9, 15.5]);
}

/// `59ms` and `5.62s` in milliseconds.
fn milliseconds(cell: &str) -> Option<f64> {
    let (number, factor) = match (cell.strip_suffix("ms"), cell.strip_suffix('s')) {
        (Some(number), _) => (number, 1.0),
        (None, Some(number)) => (number, 1000.0),
        _ => return None,
    };
    Some((number.parse::<f64>().unwrap() * factor).round())
}

#[test]
fn model_pages_are_here_with_every_column() {
    let Some(lines) = sheet("detail_page_rows.csv") else { return };
    assert_eq!(lines.len(), 32);
    let index = &BUNDLED.index;
    let mut used = 0;
    for line in &lines {
        let fits = |run: &&Run| {
            run.mode == line.get("mode") && run.sources[0].place.as_ref().unwrap().contains(line.get("slug"))
        };
        let run = BUNDLED.runs().find(fits).unwrap_or_else(|| panic!("{}: no run", line.place));
        let cell = |&(_, shape, concurrency): &(usize, &str, u16)| {
            shape == line.get("shape") && Some(f64::from(concurrency)) == line.number("conc")
        };
        let found: Vec<_> = BUNDLED.results(run).into_iter().filter(cell).collect();
        assert_eq!(found.len(), 1, "{}", line.place);
        let result = found[0].0;
        used += 1;
        line.same("decode_tok_s", index.value(result, Metric::Decode));
        line.same("e2e_tok_s", index.value(result, Metric::Output));
        line.same("prefill_tok_s", index.value(result, Metric::Prefill));
        line.same("tpot_ms", index.value(result, Metric::Tpot));
        line.same("prompt_tok", index.results.prompt_tokens.get(result));
        line.same("output_tok", index.results.output_tokens.get(result));
        assert_eq!(index.value(result, Metric::Ttft), milliseconds(line.get("ttft")), "{}", line.place);
        assert_eq!(
            index.value(result, Metric::EndToEnd),
            milliseconds(line.get("total_latency")),
            "{}",
            line.place
        );

        let watts: f64 = line.get("power").split(' ').find_map(|word| word.parse().ok()).unwrap();
        assert_eq!(run.power_cap_w.map(|cap| cap.get()), Some(watts), "{}", line.place);
        assert_eq!(run.driver.as_deref(), Some(line.get("driver")), "{}", line.place);
        assert_eq!(BUNDLED.rig(run), line.get("hardware"), "{}", line.place);
        assert_eq!(backend(&run.backend), line.get("backend").replace("llama.cpp-", ""), "{}", line.place);
    }
    let pages = |run: &&Run| run.sources.iter().any(|source| source.id == "benchmark-site-models");
    assert_eq!(BUNDLED.runs().filter(pages).map(|run| run.results.len()).sum::<usize>(), used);
}

#[test]
fn figures_that_cannot_be_what_they_say_carry_a_note() {
    let results = BUNDLED.runs().filter(|run| run.hardware == RTX_3090).flat_map(|run| &run.results);
    let noted: Vec<_> =
        results.filter(|result| result.note.is_some()).map(|r| (&*r.shape, r.concurrency)).collect();
    // Two cached prompts and three queues.
    assert_eq!(noted.iter().filter(|&&cell| cell == ("agent", 1)).count(), 2);
    assert_eq!(noted.iter().filter(|&&cell| cell == ("agent", 4)).count(), 3);
    assert_eq!(noted.len(), 5);
}

#[test]
fn probes_are_those_of_the_table() {
    let Some(lines) = sheet("hardware_probes.csv") else { return };
    let rigs = &BUNDLED.index.catalog.hardware;
    assert_eq!(rigs.iter().map(|rig| rig.probes.len()).sum::<usize>(), lines.len());
    for line in &lines {
        let id = if line.get("rig").contains("3090") { RTX_3090 } else { RTX_5070 };
        let rig = rigs.iter().find(|rig| rig.id == id).unwrap();
        let cap =
            |probe: &&tokscope::model::catalog::Probe| Some(probe.power_cap_w.get()) == line.number("cap_w");
        let probe = rig.probes.iter().find(cap).unwrap_or_else(|| panic!("{}: no probe", line.place));
        line.same("theory_gb_s", rig.memory_bandwidth_gb_per_s.map(|peak| peak.get()));
        line.same("copy_gb_s", Some(probe.copy_gb_per_s.get()));
        line.same("fp16_tf", Some(probe.fp16_tflop_per_s.get()));
        line.same("bf16_tf", Some(probe.bf16_tflop_per_s.get()));
    }
}

/// The launch post prints chat values; each must be a bundled value or lie in a bundled range.
#[test]
fn the_launch_post_agrees_with_what_is_bundled() {
    let Some(lines) = sheet("posts_and_reader_numbers.csv") else { return };
    let mut checked = 0;
    for line in lines.iter().filter(|line| line.get("source").contains("1tf9iyk")) {
        let model = line.get("model").to_lowercase();
        let fits = |run: &&Run| {
            let name = label(BUNDLED.model(run)).to_lowercase().replace(' ', "-");
            let launch = [RTX_5070, STRIX_HALO].contains(&&*run.hardware) || !run.ranges.is_empty();
            let accelerator =
                run.backend.accelerator.slug() == line.get("backend") || run.hardware == RTX_5070;
            let rig = line.get("hardware").to_lowercase().replace(' ', "-");
            let quant = run.quant == line.get("quant") || line.get("quant") == "Q4" && run.quant == "Q4_K_M";
            launch && accelerator && quant && run.hardware.contains(&rig) && name.starts_with(&model)
        };
        let value = line.number("value").unwrap();
        for run in BUNDLED.runs().filter(fits) {
            let chat = BUNDLED.results(run).into_iter().find(|&(_, shape, _)| shape == "chat").unwrap().0;
            let (low, high) = BUNDLED.index.bounds(chat, Metric::Decode).unwrap();
            assert!(
                (low..=high).contains(&value),
                "{}: {value} is not within {low}–{high} of {}",
                line.place,
                run.id
            );
            checked += 1;
        }
    }
    assert!(checked >= 10, "only {checked} rows of the post have a counterpart");
}

#[test]
fn the_contradictions_of_the_site_are_said() {
    let relabelled =
        BUNDLED.runs().find(|run| run.model == "granite-4.1/8b" && run.hardware == RTX_5070).unwrap();
    assert_eq!(backend(&relabelled.backend), "llama.cpp b9174 (cuda)");
    assert!(
        relabelled
            .sources
            .iter()
            .any(|s| s.says.get("backend").is_some_and(|said| said == "llama.cpp b9174 (vulkan)"))
    );
    let Some(text) = seed("001") else { return };
    assert!(text.contains("llama.cpp b9174 (cuda)") && text.contains("llama.cpp b9174 (vulkan)"));
    for run in BUNDLED.runs().filter(|run| run.hardware == RTX_5070) {
        assert!(run.notes.iter().any(|note| note.contains("vulkan")), "{}", run.id);
    }
}
