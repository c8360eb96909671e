//! LocalScore: the JSON of its client, and an export of its site's database with one list for each table.
//!
//! Each test reads a prompt and generates an answer, timed from inside the engine. Its time to first token
//! holds the first step of decoding.

use serde_json::Value;

use super::campaign::{figure, positive};
use super::value::{first_text, items, number, text, whole};
use crate::import::cell::Cell;
use crate::import::date;
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::json::Object;
use crate::import::names;
use crate::import::shape::Work;
use crate::model::Figure;
use crate::model::run::{Accelerator, Statistic, Timing};

/// True for the JSON of the client.
pub(super) fn is_document(fields: &Fields<'_>) -> bool {
    ["runtime_info", "accelerator_info", "results"].iter().all(|name| fields.has(name))
}

/// True for an export of the database.
pub(super) fn is_export(fields: &Fields<'_>) -> bool {
    ["benchmark_runs", "test_results", "model_variants"].iter().all(|name| fields.has(name))
}

/// What all tests of a run share.
struct Shared<'a> {
    line: u32,
    runtime: &'a Value,
    system: &'a Value,
    accelerator: &'a Value,
    place: Option<String>,
    /// Score over all tests of the run.
    score: Option<f64>,
}

/// The results of a client's document.
pub(super) fn cells(object: Object, say: &mut Say<'_>) -> Vec<Cell> {
    let document = Value::Object(object.fields);
    let part = |name: &str| document.get(name).unwrap_or(&Value::Null);
    let shared = Shared {
        line: object.line,
        runtime: part("runtime_info"),
        system: part("system_info"),
        accelerator: part("accelerator_info"),
        place: None,
        score: number(&document, "/results_summary/performance_score"),
    };
    let made = items(&document, "/results").iter().filter_map(|test| {
        let mut cell = cell(test, &shared, say)?;
        cell.repetitions = test
            .get("samples_ns")
            .and_then(Value::as_array)
            .map(Vec::len)
            .and_then(|count| u32::try_from(count).ok());
        if cell.repetitions == Some(1) {
            cell.statistic = Statistic::Single;
        }
        let file = text(test, "/model_filename").map(|path| names::of_file(&path)).unwrap_or_default();
        cell.name = text(test, "/model_name").or(Some(file.name)).filter(|name| !name.is_empty());
        cell.quant = file.quant;
        let described = text(test, "/model_type").and_then(|words| names::of_description(&words).1);
        cell.weights = first_text(test, &["/model_quant_str"]).or(described);
        cell.date = text(test, "/test_time").and_then(|time| date::of_iso(&time));
        let gib = |bytes: f64| (bytes / f64::powi(2.0, 30) * 1e3).round() / 1e3;
        cell.tensors_gib = number(test, "/model_size").map(gib).and_then(positive);
        cell.params_b = number(test, "/model_n_params").and_then(billions);
        Some(cell)
    });
    made.collect()
}

/// The results of a database: each row of a table names rows of others by their numbers.
pub(super) fn cells_of_export(object: Object, say: &mut Say<'_>) -> Vec<Cell> {
    let line = object.line;
    let document = Value::Object(object.fields);
    let row = |table: &str, of: &Value, key: &str| {
        let id = of.get(key)?;
        items(&document, &format!("/{table}")).iter().find(|row| row.get("id") == Some(id))
    };
    let null = &Value::Null;
    let mut cells = Vec::new();
    for test in items(&document, "/test_results") {
        let Some(run) = row("benchmark_runs", test, "benchmark_run_id") else {
            let id = text(test, "/id").unwrap_or_default();
            say.at(line, "test_results", format!("test {id} of no run"), "the id of a row of benchmark_runs");
            continue;
        };
        let variant = row("model_variants", run, "model_variant_id").unwrap_or(null);
        let model = row("models", variant, "model_id").unwrap_or(null);
        let shared = Shared {
            line,
            runtime: row("runtimes", run, "runtime_id").unwrap_or(null),
            system: row("benchmark_systems", run, "system_id").unwrap_or(null),
            accelerator: row("accelerators", run, "accelerator_id").unwrap_or(null),
            place: text(run, "/id").map(|id| format!("run {id}")),
            score: number(run, "/performance_score"),
        };
        let Some(mut cell) = cell(test, &shared, say) else { continue };
        cell.name = text(model, "/name");
        cell.weights = text(variant, "/quantization");
        cell.params_b = number(model, "/params").and_then(billions);
        cell.date =
            text(test, "/created_at").and_then(|time| date::of_iso(&format!("{}Z", time.replace(' ', "T"))));
        cells.push(cell);
    }
    cells
}

fn billions(count: f64) -> Option<crate::model::Positive> {
    positive((count / 1e9 * 1e3).round() / 1e3)
}

/// The result of one test, still without its model.
fn cell(test: &Value, shared: &Shared<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let tokens = |name: &str| number(test, name).and_then(whole);
    let (prompt, output) = (tokens("/n_prompt"), tokens("/n_gen"));
    let (decode, prefill) = (number(test, "/gen_tps"), number(test, "/prompt_tps"));
    let work = Work { prompt: prompt?, output: output?, depth: 0, served: false };
    let mut cell = Cell::new(shared.line, "localscore", Timing::Raw, work);
    let result = &mut cell.result;
    result.decode_tok_per_s = decode.and_then(positive);
    result.prefill_tok_per_s = prefill.and_then(positive);
    result.ttft_ms = number(test, "/ttft_ms").and_then(positive);
    result.end_to_end_ms = number(test, "/avg_time_ms").and_then(positive);
    (result.prompt_tokens, result.output_tokens) = (prompt, output);
    if result.decode_tok_per_s.is_none() && result.prefill_tok_per_s.is_none() {
        say.at(shared.line, "gen_tps", "no rate above 0", "tokens per second; the test is left out");
        return None;
    }
    figure(result, Figure::MeanPower, number(test, "/power_watts"));
    figure(result, Figure::DecodePerJoule, number(test, "/gen_tps_watt"));
    figure(result, Figure::PrefillPerJoule, number(test, "/prompt_tps_watt"));
    // Megabytes of 1024 kilobytes, as llamafile counts memory.
    figure(result, Figure::PeakAcceleratorMemory, number(test, "/vram_used_mb").map(|mb| mb / 1024.0));
    cell.statistic = Statistic::Mean;
    cell.concurrency = Some(1);
    cell.place.clone_from(&shared.place);
    cell.engine = text(shared.runtime, "/name");
    cell.build = text(shared.runtime, "/version");
    if let Some(commit) = first_text(shared.runtime, &["/commit", "/commit_hash"]) {
        cell.settings.other.insert("build_commit".to_owned(), commit);
    }
    let words: Vec<String> =
        [text(shared.accelerator, "/name"), text(shared.system, "/cpu_name")].into_iter().flatten().collect();
    let mut machine = words;
    machine.dedup();
    if !machine.is_empty() {
        let machine = machine.join(", ");
        cell.notes.push(format!("The file names the machine: {machine}."));
        cell.machine = Some(machine);
    }
    if let Some(score) = shared.score {
        cell.notes
            .push(format!("LocalScore over all tests of the run: {}.", crate::model::plain(score.round())));
    }
    cell.accelerator = accelerator(shared.accelerator);
    Some(cell)
}

/// What computes. The runtime has one interface for each maker but AMD, whose cards it reaches by several.
fn accelerator(info: &Value) -> Option<Accelerator> {
    let kind = text(info, "/type")?.to_ascii_uppercase();
    let maker = text(info, "/manufacturer").unwrap_or_default().to_ascii_lowercase();
    match (kind.as_str(), maker.as_str()) {
        ("CPU", _) => Some(Accelerator::Cpu),
        ("GPU", "apple") => Some(Accelerator::Metal),
        ("GPU", "nvidia") => Some(Accelerator::Cuda),
        _ => None,
    }
}
