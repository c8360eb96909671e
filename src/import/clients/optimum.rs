//! What optimum-benchmark writes: a benchmark with its configuration as JSON or as one row of CSV, the report
//! alone, and the two tables of 2023.
//!
//! Rates are made of durations: the tool calls samples what are tokens in one of its ways through a
//! generation. A batch is so many requests at once; rates here are those of one of them.

use serde_json::{Map, Value, json};

use super::campaign::{figure, positive};
use super::value::{first_number, first_text, harmless, in_flight, items, number, text, whole};
use crate::import::cell::Cell;
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::json::Object;
use crate::import::names;
use crate::import::shape::Work;
use crate::model::Figure;
use crate::model::run::{Accelerator, Repetition, Statistic, Timing};

/// Bytes of a MB as the tool counts, in GiB.
const GIB_OF_MB: f64 = 1e6 / (1024.0 * 1024.0 * 1024.0);

/// Parts of a report.
const PARTS: [&str; 8] =
    ["load", "load_model", "first_generate", "generate", "prefill", "decode", "per_token", "forward"];

/// True for a benchmark, and for a report alone.
pub(super) fn is_document(fields: &Fields<'_>) -> bool {
    let of = |name: &str, at: &str| fields.look(name).is_some_and(|value| value.pointer(at).is_some());
    of("config", "/environment/optimum_benchmark_version")
        || PARTS.iter().any(|part| of(part, "/latency/unit"))
}

/// True for the header of a table of the tool.
pub(super) fn is_header(line: &str) -> bool {
    let has = |name: &str| line.split(',').any(|column| column.trim_matches(['"', ' ']) == name);
    has("report.load_model.latency.mean")
        || has("report.prefill.latency.mean")
        || has("report.forward.latency.mean")
        || (has("experiment_name")
            && (has("generate.throughput(tokens/s)") || has("Generate Throughput (tokens/s)")))
}

/// The result of a document.
pub(super) fn cell(object: Object, say: &mut Say<'_>) -> Option<Cell> {
    let line = object.line;
    let document = Value::Object(object.fields);
    match document.get("config") {
        Some(_) => of_benchmark(&document, line, say),
        None => of_benchmark(&json!({ "report": document }), line, say),
    }
}

/// The results of the rows of a table.
pub(super) fn from_csv(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let mut cells = Vec::new();
    for row in reader.records().filter_map(|row| row.map_err(|_| ()).ok()) {
        let line = row.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if row.len() != header.len() {
            let expected = format!("{}, as the header has; the row is left out", header.len());
            say.at(line, "", format!("{} cells", row.len()), expected);
            continue;
        }
        let pairs: Map<String, Value> = header
            .iter()
            .zip(&row)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| (name.to_owned(), Value::from(cell)))
            .collect();
        let is_flat = header.iter().any(|name| name.starts_with("report."));
        let document = if is_flat { nested(&pairs) } else { of_2023(&pairs) };
        cells.extend(of_benchmark(&document, line, say));
    }
    cells
}

/// Columns with dots in their names as objects inside each other.
fn nested(pairs: &Map<String, Value>) -> Value {
    let mut root = Map::new();
    for (name, value) in pairs {
        // Lists are written as JSON, which Python's lists of numbers are.
        let list = value.as_str().filter(|text| text.starts_with('['));
        let list = list.and_then(|text| serde_json::from_str(text).ok());
        put(&mut root, name, list.unwrap_or_else(|| value.clone()), 0);
    }
    Value::Object(root)
}

/// Puts a value where a name with dots says; one that stands where an object would is kept.
fn put(map: &mut Map<String, Value>, name: &str, value: Value, depth: usize) {
    let Some((first, rest)) = name.split_once('.').filter(|_| depth < 8) else {
        map.insert(name.to_owned(), value);
        return;
    };
    if let Value::Object(inner) = map.entry(first).or_insert_with(|| Value::Object(Map::new())) {
        put(inner, rest, value, depth + 1);
    }
}

/// A row of the tables of 2023, in which one pass over the prompt is called forward, as what JSON has for it.
fn of_2023(row: &Map<String, Value>) -> Value {
    let of = |names: &[&str]| names.iter().find_map(|name| row.get(*name)).cloned().unwrap_or_default();
    let experiment = of(&["experiment_name"]);
    let experiment = experiment.as_str().unwrap_or_default();
    // `fp16-batch_size(16)-sequence_length(256)-new_tokens(512)`.
    let named = |name: &str| -> Value {
        let inside = experiment.split_once(&format!("{name}(")).and_then(|(_, rest)| rest.split(')').next());
        inside.map_or(Value::Null, Value::from)
    };
    let or = |columns: &[&str], name: &str| {
        let value = of(columns);
        if value.is_null() { named(name) } else { value }
    };
    let memory = of(&["generate.max_memory_used(MB)", "Generate Max Memory Used (MB)"]);
    json!({
        "config": {
            "name": experiment,
            "backend": {
                "name": of(&["backend.name"]),
                "version": of(&["backend.version"]),
                "model": of(&["model"]),
                "device": of(&["device"]),
                "torch_dtype": of(&["backend.torch_dtype"]),
                "quantization_scheme": of(&["backend.quantization_scheme", "Quantization Scheme"]),
            },
            "scenario": {
                "input_shapes": {
                    "batch_size": or(&["benchmark.input_shapes.batch_size", "Batch Size"], "batch_size"),
                    "sequence_length": or(&["benchmark.input_shapes.sequence_length"], "sequence_length"),
                },
                "generate_kwargs": { "max_new_tokens": or(&["benchmark.new_tokens"], "new_tokens") },
            },
            "environment": {
                "gpu": of(&["environment.gpus", "GPU"]),
                "cpu": of(&["environment.cpu"]),
                "transformers_version": of(&["environment.transformers_version"]),
            },
        },
        "report": {
            "prefill": { "latency": { "mean": of(&["forward.latency(s)", "Forward Latency (s)"]) } },
            "generate": {
                "latency": { "mean": of(&["generate.latency(s)"]) },
                "output_tok_per_s": of(&["generate.throughput(tokens/s)", "Generate Throughput (tokens/s)"]),
                "memory": { "max_global_vram": memory },
            },
        },
    })
}

/// Counts of a benchmark: requests at once, tokens of each prompt and answer.
struct Sizes {
    batch: Option<f64>,
    prompt: Option<f64>,
    output: Option<f64>,
}

impl Sizes {
    fn of(document: &Value) -> Self {
        const NEW: [&str; 3] = [
            "/config/scenario/generate_kwargs/max_new_tokens",
            "/config/scenario/new_tokens",
            "/config/benchmark/new_tokens",
        ];
        let report = |at: &str| number(document, &format!("/report/{at}"));
        let product =
            |rate: &str, time: &str| Some((report(rate)? * report(time)?).round()).filter(|&n| n >= 1.0);
        // A report alone has no sizes, but rates that were made of them.
        let batch = number(document, "/config/scenario/input_shapes/batch_size")
            .or_else(|| product("prefill/throughput/value", "prefill/latency/mean"));
        let steps = || Some(product("decode/throughput/value", "decode/latency/mean")? / batch?);
        Self {
            batch,
            prompt: number(document, "/config/scenario/input_shapes/sequence_length"),
            output: first_number(document, &NEW).or_else(|| Some(steps()? + 1.0)),
        }
    }
}

fn of_benchmark(document: &Value, line: u32, say: &mut Say<'_>) -> Option<Cell> {
    let task = first_text(document, &["/config/backend/task", "/config/task"]);
    let report = |part: &str| document.pointer(&format!("/report/{part}")).filter(|part| !part.is_null());
    let error = text(document, "/report/traceback").or_else(|| text(document, "/traceback"));
    if error.is_none() && report("generate").is_none() && report("decode").is_none() {
        let found = task
            .map_or_else(|| "a report without a generation".to_owned(), |task| format!("the task {task}"));
        say.at(line, "report", found, "text-generation; it is left out");
        return None;
    }
    let sizes = Sizes::of(document);
    let (prompt, output) = (sizes.prompt.and_then(whole), sizes.output.and_then(whole));
    let work = Work {
        prompt: prompt.unwrap_or(0),
        output: output.filter(|_| prompt.is_some()).unwrap_or(0),
        depth: 0,
        served: false,
    };
    let mut cell = Cell::new(line, "optimum-benchmark", Timing::Raw, work);
    cell.concurrency = sizes.batch.and_then(in_flight);
    describe(document, &mut cell);
    if let Some(error) = error {
        let last = error.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        cell.result.failed = Some(harmless(last));
        return Some(cell);
    }
    (cell.result.prompt_tokens, cell.result.output_tokens) = (prompt, output);
    figures(document, &sizes, &mut cell);
    let measured = crate::model::Metric::ALL.iter().any(|metric| cell.result.stated(*metric).is_some());
    if !measured && cell.result.repetitions.is_empty() {
        say.at(line, "report", "no duration above 0", "seconds; it is left out");
        return None;
    }
    Some(cell)
}

fn figures(document: &Value, sizes: &Sizes, cell: &mut Cell) {
    let report = |at: &str| number(document, &format!("/report/{at}"));
    let steps = sizes.output.map(|output| output - 1.0).filter(|&steps| steps > 0.0);
    let rate = |tokens: Option<f64>, seconds: f64| positive(tokens? / seconds);
    let values = |part: &str| -> Vec<f64> {
        let of = items(document, &format!("/report/{part}/latency/values"));
        of.iter().filter_map(Value::as_f64).filter(|&seconds| seconds > 0.0).collect()
    };
    let (prefills, decodes) = (values("prefill"), values("decode"));
    let result = &mut cell.result;
    if !decodes.is_empty() && prefills.len() == decodes.len() {
        let repetition = |(prefill, decode): (&f64, &f64)| Repetition {
            decode_tok_per_s: rate(steps, *decode),
            prefill_tok_per_s: rate(sizes.prompt, *prefill),
            ttft_ms: positive(prefill * 1e3),
            prompt_tokens: result.prompt_tokens,
            output_tokens: result.output_tokens,
        };
        result.repetitions = prefills.iter().zip(&decodes).map(repetition).collect();
        cell.repetitions = u32::try_from(decodes.len()).ok();
        cell.statistic = if decodes.len() == 1 { Statistic::Single } else { Statistic::Mean };
    } else {
        cell.statistic = Statistic::Mean;
        let (prefill, decode) = (report("prefill/latency/mean"), report("decode/latency/mean"));
        result.prefill_tok_per_s = prefill.and_then(|seconds| rate(sizes.prompt, seconds));
        result.ttft_ms = prefill.and_then(|seconds| positive(seconds * 1e3));
        result.decode_tok_per_s = decode.and_then(|seconds| rate(steps, seconds));
    }
    let decode = report("decode/latency/mean");
    result.tpot_ms = decode.zip(steps).and_then(|(seconds, steps)| positive(seconds * 1e3 / steps));
    result.end_to_end_ms = report("generate/latency/mean").and_then(|seconds| positive(seconds * 1e3));
    let system = report("generate/output_tok_per_s");
    result.output_tok_per_s = system.zip(sizes.batch).and_then(|(rate, batch)| positive(rate / batch));
    figure(result, Figure::SystemOutput, system);
    result.load_s = first_seconds(document).and_then(positive);
    figure(result, Figure::SystemDecode, report("decode/throughput/value"));
    let per_joule = |at: &str| report(at).map(|per_kwh| per_kwh / 3.6e6);
    figure(result, Figure::DecodePerJoule, per_joule("decode/efficiency/value"));
    let prefill =
        per_joule("prefill/efficiency/value").zip(sizes.prompt).map(|(samples, tokens)| samples * tokens);
    figure(result, Figure::PrefillPerJoule, prefill);
    let most = |name: &str| {
        let all = PARTS.iter().filter_map(|part| report(&format!("{part}/memory/{name}")));
        all.max_by(f64::total_cmp).map(|mb| mb * GIB_OF_MB)
    };
    figure(result, Figure::PeakMemory, most("max_ram"));
    figure(result, Figure::PeakAcceleratorMemory, most("max_global_vram"));
}

fn first_seconds(document: &Value) -> Option<f64> {
    first_number(document, &["/report/load_model/latency/mean", "/report/load/latency/mean"])
}

/// Model, engine and machine.
fn describe(document: &Value, cell: &mut Cell) {
    let backend = |name: &str| text(document, &format!("/config/backend/{name}"));
    let environment = |name: &str| document.pointer(&format!("/config/environment/{name}"));
    let version = backend("version");
    let model = backend("model").map(|model| names::base(&model).to_owned());
    cell.engine = backend("name");
    cell.build.clone_from(&version);
    let gpus = environment("gpu").map(|value| match value {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        value => value.as_str().unwrap_or_default().trim_matches(['[', ']', '\'']).replace("', '", ", "),
    });
    let gpus = gpus.filter(|names| !names.is_empty());
    cell.accelerator = accelerator(backend("device").as_deref(), version.as_deref(), gpus.as_deref());
    let cpu = environment("cpu").and_then(Value::as_str).map(str::trim).filter(|cpu| !cpu.is_empty());
    let machine: Vec<&str> = gpus.as_deref().into_iter().chain(cpu).collect();
    if !machine.is_empty() {
        let machine = machine.join(", ");
        cell.notes.push(format!("The file names the machine: {machine}."));
        cell.machine = Some(machine);
    }
    quant(document, model.as_deref(), cell);
    cell.name = model;
    let mut keep = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !matches!(value.as_str(), "False" | "false")) {
            cell.settings.other.insert(name.to_owned(), value);
        }
    };
    keep("torch_dtype", backend("torch_dtype"));
    keep("attn_implementation", backend("attn_implementation"));
    keep("cache_implementation", backend("cache_implementation"));
    keep("transformers", text(document, "/config/environment/transformers_version"));
    keep(
        "client",
        text(document, "/config/environment/optimum_benchmark_version")
            .map(|v| format!("optimum-benchmark {v}")),
    );
    let warm_ups = number(document, "/config/scenario/warmup_runs").and_then(whole);
    cell.settings.warmup_repetitions = warm_ups;
}

/// The quant, where weights of 16 or 32 bits are loaded as they are; schemes name none, for bits are their own.
fn quant(document: &Value, model: Option<&str>, cell: &mut Cell) {
    let scheme = text(document, "/config/backend/quantization_scheme");
    let words = [model, Some(&text(document, "/config/name").unwrap_or_default())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
        .to_ascii_lowercase();
    let packed = ["gptq", "awq", "bnb", "int4", "int8", "4bit", "8bit", "gguf"];
    let of_name = packed.iter().find(|word| words.contains(**word)).map(|word| (*word).to_owned());
    let of_type = |name: &str| match name {
        "float16" | "fp16" => Some("F16"),
        "bfloat16" | "bf16" => Some("BF16"),
        "float32" | "fp32" => Some("F32"),
        _ => None,
    };
    let scheme_type = scheme.as_deref().and_then(of_type);
    match (scheme_type, scheme.filter(|_| scheme_type.is_none()).or(of_name)) {
        (_, Some(packed)) => cell.weights = Some(packed),
        (Some(plain), None) => cell.quant = Some(plain.to_owned()),
        (None, None) => {
            let dtype = text(document, "/config/backend/torch_dtype");
            cell.quant = dtype.as_deref().and_then(of_type).map(str::to_owned);
        }
    }
}

/// What computes: the device `cuda` is AMD's too, so that the build or the card has to say which.
fn accelerator(device: Option<&str>, version: Option<&str>, gpus: Option<&str>) -> Option<Accelerator> {
    let any = |text: Option<&str>, words: &[&str]| {
        text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
    };
    match device? {
        "cpu" => Some(Accelerator::Cpu),
        "mps" => Some(Accelerator::Metal),
        "cuda" if any(version, &["+cu"]) || any(gpus, &["NVIDIA", "Tesla", "GeForce"]) => {
            Some(Accelerator::Cuda)
        }
        "cuda" if any(version, &["+rocm"]) || any(gpus, &["AMD", "Radeon", "Instinct"]) => {
            Some(Accelerator::Rocm)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::model::Positive;

    fn printed(value: Option<Positive>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_row_of_2023_says_its_sizes_in_its_name() {
        let text = "experiment_name,GPU,Batch Size,Forward Latency (s),Generate Throughput (tokens/s),Quantization Scheme\n\
            gptq-batch_size(4)-sequence_length(256)-new_tokens(512),A100,4,0.128,134.0,GPTQ\n";
        assert!(is_header(text.lines().next().unwrap()));
        let cells = from_csv(text, &mut Say::new("f"));
        let cell = cells.first().unwrap();
        assert_eq!((cell.work.prompt, cell.work.output, cell.concurrency), (256, 512, Some(4)));
        assert_eq!(printed(cell.result.prefill_tok_per_s), "2000");
        assert_eq!(printed(cell.result.output_tok_per_s), "33.5");
        assert_eq!((cell.weights.as_deref(), cell.machine.as_deref()), (Some("GPTQ"), Some("A100")));
    }

    #[test]
    fn a_crash_is_a_failed_result() {
        let text = r#"{"config": {"backend": {"name": "pytorch", "model": "/home/x/tiny"}, "environment": {"optimum_benchmark_version": "0.6.0"},
            "scenario": {"input_shapes": {"batch_size": 2, "sequence_length": 64}, "generate_kwargs": {"max_new_tokens": 16}}},
            "report": {"traceback": "Traceback:\n  File \"/home/x/a.py\"\nOutOfMemoryError: CUDA out of memory\n"}}"#;
        let fields = Fields::of_json(1, text).unwrap();
        assert!(is_document(&fields));
        let cell = cell(fields.into(), &mut Say::new("f")).unwrap();
        assert_eq!(cell.result.failed.as_deref(), Some("OutOfMemoryError: CUDA out of memory"));
        assert_eq!(cell.name.as_deref(), Some("tiny"));
    }
}
