//! From one record to one result.

use super::super::assemble::Assembly;
use super::super::cell::Cell;
use super::super::date;
use super::super::fields::Fields;
use super::super::finding::{Say, quote};
use super::super::names;
use super::super::shape::Work;
use super::settings;
use crate::model::run::{Accelerator, Repetition, ResultEntry, Statistic, Timing};
use crate::model::{Metric, Positive, may_be_printed, plain};
use crate::stats;

/// Most repetitions that one record may have.
const MOST_REPETITIONS: usize = 10_000;

/// How far a sample may be from what its duration gives: six digits are printed.
const SIX_DIGITS: f64 = 1e-5;

/// True for the fields that every version of the tool has written.
pub(in crate::import) fn is_record(fields: &Fields<'_>) -> bool {
    ["n_prompt", "n_gen"].iter().all(|name| fields.has(name))
        && (fields.has("avg_ts") || fields.has("samples_ts"))
}

/// The result of a record; `None` where it measures nothing, which is said.
pub(in crate::import) fn cell(mut fields: Fields<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let mut cell = measured(&mut fields, say)?;
    configuration(fields, &mut cell, say);
    Some(cell)
}

/// The first half of a record: what was measured, and when.
fn measured(fields: &mut Fields<'_>, say: &mut Say<'_>) -> Option<Cell> {
    let line = fields.line;
    let work = work(fields, say)?;
    let mut cell = Cell::new(line, "llama-bench", Timing::Raw, work);
    cell.concurrency = Some(1);
    cell.date = fields.text("test_time").and_then(|time| date::of_iso(&time));
    figures(fields, &mut cell, say)?;
    Some(cell)
}

/// The second half: what it was measured on.
fn configuration(mut fields: Fields<'_>, cell: &mut Cell, say: &mut Say<'_>) {
    let line = fields.line;
    cell.engine = Some("llama.cpp".to_owned());
    model(&mut fields, cell);
    if let (Some(quant), Some(weights)) = (&cell.quant, &cell.weights)
        && !may_be_printed(quant, weights)
    {
        let found = format!("weights of type {} in a file named {}", quote(weights), quote(quant));
        say.at(line, "model_type", found, "one type of both; the name of the file is kept");
    }
    cell.build = build(&mut fields, cell);
    machine(&mut fields, cell);
    cell.accelerator = accelerator(&mut fields, cell);
    cell.place = fields.text("heading");
    let others = settings::settings(fields, &mut cell.settings);
    if let Some(name) = others.first() {
        say.at(line, name, "a list or object that is not known", "a text or number; it is left out");
    }
}

/// Records that follow each other. Those of one configuration differ in what was measured alone, so that the rest
/// is understood once.
#[derive(Debug, Default)]
pub(in crate::import) struct Campaign {
    /// What the last record says of its configuration, and the cell that it became.
    last: Option<(Fields<'static>, Cell)>,
}

impl Campaign {
    /// Adds the result of the next record.
    pub(in crate::import) fn take(
        &mut self,
        fields: &mut Fields<'_>,
        assembly: &mut Assembly<'_>,
        say: &mut Say<'_>,
    ) {
        let Some(mut cell) = measured(fields, say) else { return };
        match self.last.as_ref().filter(|(last, _)| last.left_equals(fields)) {
            Some((_, last)) => {
                let Err(cell) = assembly.again(cell) else { return };
                let Cell { line, work, result, statistic, repetitions, date, .. } = *cell;
                let cell = Cell { line, work, result, statistic, repetitions, date, ..last.clone() };
                assembly.cell(cell, say);
            }
            None => {
                let left = fields.clone().into_owned();
                configuration(std::mem::take(fields), &mut cell, say);
                self.last = Some((left, Cell { result: ResultEntry::default(), ..cell.clone() }));
                assembly.cell(cell, say);
            }
        }
    }
}

/// Token counts of the test.
fn work(fields: &mut Fields<'_>, say: &mut Say<'_>) -> Option<Work> {
    let line = fields.line;
    let mut count = |name: &str, needed: bool| {
        let is_wanted = needed || fields.has(name);
        let value = fields.count(name).and_then(|count| u32::try_from(count).ok());
        if value.is_none() && is_wanted {
            say.at(line, name, "no count", "a number of tokens; the record is left out");
            return None;
        }
        Some(value.unwrap_or(0))
    };
    let (prompt, output) = (count("n_prompt", true)?, count("n_gen", true)?);
    let depth = count("n_depth", false)?;
    if prompt == 0 && output == 0 {
        say.at(line, "n_prompt", "0 and n_gen 0", "tokens to read or to generate; the record is left out");
        return None;
    }
    Some(Work { prompt, output, depth, served: false })
}

fn model(fields: &mut Fields<'_>, cell: &mut Cell) {
    let description = fields.text("model_type").filter(|text| !text.is_empty());
    let (described, weights) = description.as_deref().map_or((None, None), |text| {
        let (name, weights) = names::of_description(text);
        (Some(name), weights)
    });
    cell.weights = weights;
    let file =
        fields.text("model_filename").filter(|path| !path.is_empty()).map(|path| names::of_file(&path));
    match file {
        Some(file) => (cell.name, cell.quant) = (Some(file.name), file.quant),
        None => cell.name = described,
    }
    let gib = |bytes: f64| (bytes / f64::powi(2.0, 30) * 1e3).round() / 1e3;
    cell.tensors_gib = fields.number("model_size").map(gib).and_then(positive);
    let billions = |count: f64| (count / 1e9 * 1e3).round() / 1e3;
    cell.params_b = fields.number("model_n_params").map(billions).and_then(positive);
}

fn build(fields: &mut Fields<'_>, cell: &mut Cell) -> Option<String> {
    let commit = fields.text("build_commit").filter(|commit| !commit.is_empty() && commit != "unknown");
    let number = fields.count("build_number").filter(|&number| number > 0).map(|number| format!("b{number}"));
    if let (Some(commit), Some(_)) = (&commit, &number) {
        cell.settings.other.insert("build_commit".to_owned(), commit.clone());
    }
    number.or(commit)
}

fn machine(fields: &mut Fields<'_>, cell: &mut Cell) {
    let mut of =
        |name: &str| fields.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let parts: Vec<String> = [of("gpu_info"), of("cpu_info")].into_iter().flatten().collect();
    if !parts.is_empty() {
        let words = parts.join(", ");
        cell.notes.push(format!("The file names the machine: {words}."));
        cell.machine = Some(words);
    }
}

/// The accelerator that the names of the backends mean; `None` where they mean several.
fn accelerator(fields: &mut Fields<'_>, cell: &mut Cell) -> Option<Accelerator> {
    let names = fields.text("backends").unwrap_or_else(|| old_backends(fields));
    let mut found: Vec<Accelerator> = Vec::new();
    let mut several = false;
    for name in names.split(',').map(|name| name.trim().to_ascii_lowercase()) {
        let accelerator = match name.as_str() {
            "cuda" => Accelerator::Cuda,
            "rocm" | "hip" => Accelerator::Rocm,
            "vulkan" => Accelerator::Vulkan,
            "metal" | "mtl" => Accelerator::Metal,
            "sycl" => Accelerator::Sycl,
            "opencl" => Accelerator::Opencl,
            // Libraries of the processor, and other machines behind the network.
            "" | "cpu" | "blas" | "rpc" | "zendnn" => {
                several |= name == "rpc";
                continue;
            }
            _ => Accelerator::Other,
        };
        if !found.contains(&accelerator) {
            found.push(accelerator);
        }
    }
    if names.contains(',') {
        cell.settings.other.insert("backends".to_owned(), names.clone());
    }
    match found.as_slice() {
        [one] => Some(*one),
        // Behind RPC alone, nothing says what computes.
        [] if !names.trim().is_empty() && !several => Some(Accelerator::Cpu),
        _ => None,
    }
}

/// The truth values that stood for `backends` until 2024.
fn old_backends(fields: &mut Fields<'_>) -> String {
    let names = ["cuda", "vulkan", "kompute", "metal", "sycl", "rpc", "gpu_blas", "blas"];
    let is_on = |name: &&str| fields.text(name).is_some_and(|on| on == "1");
    let on: Vec<&str> = names.into_iter().filter(is_on).filter(|name| !name.ends_with("blas")).collect();
    on.join(",")
}

/// What was measured: repetitions where they are there, or the mean alone.
fn figures(fields: &mut Fields<'_>, cell: &mut Cell, say: &mut Say<'_>) -> Option<()> {
    let line = cell.line;
    let printed = Printed {
        mean: fields.number("avg_ts"),
        deviation: fields.number("stddev_ts"),
        digits: fields.text("t/s"),
    };
    let durations = fields.numbers("samples_ns").unwrap_or_default();
    let rates = fields.numbers("samples_ts").unwrap_or_default();
    let total = f64::from(cell.work.prompt) + f64::from(cell.work.output);
    let samples = samples(&durations, &rates, total, line, say);
    let mean_ns = fields.number("avg_ns");
    // It overflows 64 bits in the tool and is made anew from the samples wherever there are any.
    fields.pass_over("stddev_ns");
    if samples.len() > MOST_REPETITIONS {
        say.at(
            line,
            "samples_ns",
            format!("{} repetitions", samples.len()),
            "at most 10000; the record is left out",
        );
        return None;
    }
    check(&printed, &samples, line, say);
    let Some(rate) = stats::mean(&samples).or(printed.mean).map(rounded).and_then(positive) else {
        say.at(line, "avg_ts", "no rate above 0", "tokens per second; the record is left out");
        return None;
    };
    cell.statistic = match samples.len() {
        1 => Statistic::Single,
        _ => Statistic::Mean,
    };
    cell.repetitions = u32::try_from(samples.len()).ok().filter(|&count| count > 0);
    let metric = match (cell.work.prompt, cell.work.output) {
        (_, 0) => Metric::Prefill,
        (0, _) => Metric::Decode,
        _ => {
            let durations: Vec<f64> = samples.iter().map(|rate| total / rate * 1e3).collect();
            let mean_ms = stats::mean(&durations).or(mean_ns.map(|ns| ns / 1e6));
            mixed(cell, rate.get(), mean_ms, &printed);
            return Some(());
        }
    };
    let tokens = |count: u32| Some(count).filter(|&count| count > 0);
    (cell.result.prompt_tokens, cell.result.output_tokens) =
        (tokens(cell.work.prompt), tokens(cell.work.output));
    let text = printed.text(samples.len());
    cell.result.published.extend(text.map(|text| (metric, text)));
    match (samples.as_slice(), metric) {
        ([], Metric::Decode) => cell.result.decode_tok_per_s = Some(rate),
        ([], _) => cell.result.prefill_tok_per_s = Some(rate),
        (samples, metric) => repeat(&mut cell.result, metric, samples),
    }
    Some(())
}

/// Keeps each repetition.
fn repeat(result: &mut ResultEntry, metric: Metric, samples: &[f64]) {
    let (prompt_tokens, output_tokens) = (result.prompt_tokens, result.output_tokens);
    let repetition = |rate: &f64| {
        let rate = positive(rounded(*rate));
        let (decode, prefill) = if metric == Metric::Decode { (rate, None) } else { (None, rate) };
        Repetition {
            decode_tok_per_s: decode,
            prefill_tok_per_s: prefill,
            prompt_tokens,
            output_tokens,
            ..Repetition::default()
        }
    };
    result.repetitions = samples.iter().map(repetition).collect();
}

/// A mean with its spread, as the tool printed it.
struct Printed {
    mean: Option<f64>,
    deviation: Option<f64>,
    /// The cell of a table.
    digits: Option<String>,
}

impl Printed {
    /// The cell; a spread of one repetition is none, though the tool prints 0.
    fn text(&self, repetitions: usize) -> Option<String> {
        if let Some(digits) = &self.digits {
            return Some(digits.clone());
        }
        let mean = plain(self.mean?);
        Some(match self.deviation.filter(|_| repetitions != 1) {
            Some(deviation) => format!("{mean} ±{}", plain(deviation)),
            None => mean,
        })
    }
}

/// Rates of the repetitions: from their durations, which have more digits, or as printed.
fn samples(durations: &[f64], rates: &[f64], total: f64, line: u32, say: &mut Say<'_>) -> Vec<f64> {
    let is_rate = |rate: &f64| positive(rounded(*rate)).is_some();
    let exact: Vec<f64> = durations.iter().map(|ns| total * 1e9 / ns).collect();
    let (fits, name) = if exact.is_empty() {
        (rates.iter().all(is_rate), "samples_ts")
    } else {
        (exact.iter().all(is_rate), "samples_ns")
    };
    if !fits {
        say.at(
            line,
            name,
            "a repetition without a rate above 0",
            "durations and rates; the mean is kept alone",
        );
        return Vec::new();
    }
    if exact.is_empty() {
        return rates.to_vec();
    }
    let apart = |(rate, exact): (&f64, &f64)| (rate / exact - 1.0).abs() > SIX_DIGITS;
    if !rates.is_empty() && (rates.len() != exact.len() || rates.iter().zip(&exact).any(apart)) {
        say.at(
            line,
            "samples_ts",
            "rates that their durations do not give",
            "tokens by samples_ns, which are kept",
        );
    }
    exact
}

/// Says where the printed mean and spread are not those of the repetitions.
fn check(printed: &Printed, samples: &[f64], line: u32, say: &mut Say<'_>) {
    if let (Some(mean), Some(own)) = (printed.mean, stats::mean(samples))
        && (mean / own - 1.0).abs() > SIX_DIGITS
    {
        let found = format!("{} where the repetitions give {own:.6}", plain(mean));
        say.at(line, "avg_ts", found, "the mean of its repetitions, which are kept");
    }
    if let (Some(deviation), Some(own)) = (printed.deviation, stats::sample_deviation(samples))
        // The tool sums in one pass, which loses digits where the spread is small beside the mean.
        && (deviation - own).abs() > 1e-2 * own + 1e-5 * stats::mean(samples).unwrap_or_default()
    {
        let found = format!("{} where the repetitions give {own:.6}", plain(deviation));
        say.at(line, "stddev_ts", found, "the sample deviation of its repetitions, which is shown");
    }
}

/// A test that reads and generates in one go: its rate counts both kinds of token, so it is neither prefill
/// nor decode. The output over the whole request, and how long that took, follow from it exactly.
fn mixed(cell: &mut Cell, rate: f64, mean_ms: Option<f64>, printed: &Printed) {
    let (prompt, output) = (f64::from(cell.work.prompt), f64::from(cell.work.output));
    let result = &mut cell.result;
    (result.prompt_tokens, result.output_tokens) = (Some(cell.work.prompt), Some(cell.work.output));
    result.output_tok_per_s = positive(rounded(rate * output / (prompt + output)));
    result.end_to_end_ms = mean_ms.map(rounded).and_then(positive);
    let printed = printed.text(cell.repetitions.unwrap_or(0) as usize).unwrap_or_else(|| plain(rate));
    result.note = Some(format!(
        "The source prints {printed} tok/s, which counts prompt and output tokens together; output is its share of {output} in {} tokens.",
        prompt + output
    ));
}

fn positive(value: f64) -> Option<Positive> {
    Positive::try_from(value).ok()
}

/// To six decimals, which is what the tool prints of a mean.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
