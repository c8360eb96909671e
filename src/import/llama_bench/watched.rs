//! Records of a script that runs `llama-bench` and watches memory, power and temperature meanwhile, as in
//! the repository lhl/strix-halo-testing: the tool's record stands in `bench_raw`.

use super::super::cell::Cell;
use super::super::fields::Fields;
use super::super::finding::Say;
use super::super::json::Object;
use super::record;
use crate::model::{Figure, Positive};

/// MiB in a GiB.
const MIB: f64 = 1024.0;

/// True for the fields around a record of the tool, whether it is there or the tool gave none.
pub(in crate::import) fn is_watched(object: &Object) -> bool {
    let has = |name: &str| object.fields.contains_key(name);
    has("bench_raw") && has("tokens_per_sec") && has("build")
}

/// True where the tool gave no result, and nothing says of which model it would have been.
pub(in crate::import) fn is_empty(object: &Object) -> bool {
    object.fields.get("bench_raw").is_some_and(serde_json::Value::is_null)
}

/// The result of a record with what was watched; `None` where it cannot be read, which is said.
pub(in crate::import) fn watched(object: Object, say: &mut Say<'_>) -> Option<Cell> {
    let line = object.line;
    let mut around = Fields::from(object);
    let inner = around.inner("bench_raw").filter(record::is_record);
    let Some(mut inner) = inner else {
        say.at(line, "bench_raw", "no record", "one of llama-bench; it is left out");
        return None;
    };
    inner.line = line;
    let mut cell = record::cell(inner, say)?;
    for (figure, names) in [
        (Figure::PeakAcceleratorMemory, ["vram_peak_mib", "gtt_peak_mib"]),
        (Figure::PeakMemory, ["system_ram_peak_mib", ""]),
    ] {
        let sum: f64 = names.iter().filter_map(|name| around.number(name)).sum();
        put(&mut cell, figure, sum / MIB);
    }
    for (figure, name) in [(Figure::MeanPower, "avg_power_w"), (Figure::PeakPower, "max_power_w")] {
        if let Some(watts) = around.number(name) {
            put(&mut cell, figure, watts);
        }
    }
    let build = around.text("build").unwrap_or_default();
    let build = build.strip_prefix("llama.cpp-").unwrap_or(&build).to_owned();
    // Which driver answers Vulkan is a choice of the run, as are the switches of the script.
    let (interface, variant) = build.split_once('_').unwrap_or((&build, ""));
    let switches = [around.text("fa"), around.text("b"), around.text("hipblaslt").filter(|on| on == "1")];
    let [flash, batch, library] = switches.map(Option::unwrap_or_default);
    let words = [
        if matches!(interface, "vulkan" | "hip") { variant } else { interface },
        if flash.is_empty() { "" } else { "fa" },
        &batch.trim_start_matches('-').replace(' ', "="),
        if library.is_empty() { "" } else { "hipblaslt" },
    ]
    .into_iter()
    .filter(|word| !word.is_empty())
    .collect::<Vec<_>>()
    .join(" ");
    cell.mode = Some(if words.is_empty() { "baseline".to_owned() } else { words });
    if !library.is_empty() {
        cell.settings.other.insert("ROCBLAS_USE_HIPBLASLT".to_owned(), library);
    }
    if !build.is_empty() {
        cell.settings.other.insert("program".to_owned(), build);
    }
    Some(cell)
}

/// Keeps a figure to three decimals, which is more than the script measures.
fn put(cell: &mut Cell, figure: Figure, value: f64) {
    if let Ok(value) = Positive::try_from((value * 1e3).round() / 1e3) {
        cell.result.figures.insert(figure, value);
    }
}
