//! What mlx-lm prints: the trials of its benchmark, the lines below a generated text, and the tables of its
//! `BENCHMARKS.md`.
//!
//! Its generation rate counts the first token too, over a time that begins with it. Here it is taken times
//! (n − 1) ⁄ n, which makes it that of the other engines.

use super::campaign::{figure, positive};
use crate::import::cell::Cell;
use crate::import::finding::Say;
use crate::import::names;
use crate::import::report::{is_missing, split};
use crate::import::shape::Work;
use crate::model::run::{Repetition, Statistic, Timing};
use crate::model::{Figure, Positive, plain};

/// Bytes of a GB as the tool counts, in GiB.
const GIB_OF_GB: f64 = 1e9 / (1024.0 * 1024.0 * 1024.0);

/// What the tables write for a model that did not fit into memory.
const OUT_OF_MEMORY: &str = ":skull:";

/// True for what `mlx_lm.benchmark` prints.
pub(super) fn is_benchmark(text: &str) -> bool {
    text.lines().any(|line| line.contains("prompt_tps=") && line.contains("generation_tps="))
}

/// True for the lines below a text that `mlx_lm.generate` made.
pub(super) fn is_generate(text: &str) -> bool {
    text.lines().any(|line| tokens_per_second(line, "Generation:").is_some())
}

/// True for a table of models by precision.
pub(super) fn is_table(text: &str) -> bool {
    text.lines().any(|line| header(line).is_some())
}

/// The value behind a name in `prompt_tps=16539.417, generation_tps=864.286`.
fn value(line: &str, name: &str) -> Option<f64> {
    let (_, rest) = line.split_once(name)?;
    let rest = rest.strip_prefix('=')?;
    let end = rest.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(rest.len());
    let number = rest.get(..end)?.trim_end_matches('.').parse::<f64>().ok()?;
    number.is_finite().then_some(number)
}

/// The decode rate behind a rate that counts the first token too.
fn decode(rate: f64, tokens: u32) -> Option<Positive> {
    positive(rate * f64::from(tokens.checked_sub(1)?) / f64::from(tokens))
}

fn count(number: f64) -> Option<u32> {
    super::value::whole(number)
}

/// The results of benchmarks, one below the other.
pub(super) fn from_benchmark(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut open: Option<(Cell, f64)> = None;
    for (line, text) in (1..).zip(text.lines()) {
        if text.contains("prompt_tokens=") && text.contains("generation_tokens=") {
            cells.extend(open.take().and_then(|(cell, _)| finished(cell)));
            let of = |name: &str| value(text, name).and_then(count);
            let batch = of("batch_size").and_then(|batch| u16::try_from(batch).ok());
            let (Some(prompt), Some(output), Some(batch)) =
                (of("prompt_tokens"), of("generation_tokens"), batch)
            else {
                say.at(line, "", "no counts above 0", "prompt_tokens, generation_tokens and batch_size");
                continue;
            };
            let work = Work { prompt, output, depth: 0, served: false };
            let mut cell = blank(line, work);
            cell.concurrency = Some(batch);
            open = Some((cell, f64::from(batch)));
        } else if text.trim_start().starts_with("Trial ")
            && let (Some(prompt), Some(output)) = (value(text, "prompt_tps"), value(text, "generation_tps"))
        {
            let Some((cell, batch)) = &mut open else {
                say.at(
                    line,
                    "",
                    "a trial without its token counts",
                    "the line \"Timing with prompt_tokens=…\"; it is left out",
                );
                continue;
            };
            let memory = value(text, "peak_memory").map(|gb| gb * GIB_OF_GB).and_then(positive);
            let largest = cell.result.figures.get(&Figure::PeakMemory).copied();
            if let Some(memory) = memory.filter(|memory| largest.is_none_or(|largest| *memory > largest)) {
                cell.result.figures.insert(Figure::PeakMemory, memory);
            }
            // Rates of a batch are those of all its requests together.
            cell.result.repetitions.push(Repetition {
                decode_tok_per_s: decode(output / *batch, cell.work.output),
                prefill_tok_per_s: positive(prompt / *batch),
                prompt_tokens: Some(cell.work.prompt),
                output_tokens: Some(cell.work.output),
                ..Repetition::default()
            });
        }
    }
    cells.extend(open.and_then(|(cell, _)| finished(cell)));
    if cells.is_empty() {
        say.whole("no trial with its token counts", "the whole output of mlx_lm.benchmark");
    }
    cells
}

fn blank(line: u32, work: Work) -> Cell {
    let mut cell = Cell::new(line, "mlx-lm", Timing::Raw, work);
    cell.engine = Some("MLX".to_owned());
    let tokens = |count: u32| Some(count).filter(|&count| count > 0);
    (cell.result.prompt_tokens, cell.result.output_tokens) = (tokens(work.prompt), tokens(work.output));
    cell
}

fn finished(mut cell: Cell) -> Option<Cell> {
    let trials = cell.result.repetitions.len();
    cell.statistic = if trials == 1 { Statistic::Single } else { Statistic::Mean };
    cell.repetitions = u32::try_from(trials).ok();
    let any = |one: &Repetition| one.decode_tok_per_s.is_some() || one.prefill_tok_per_s.is_some();
    (trials > 0 && cell.result.repetitions.iter().all(any)).then_some(cell)
}

/// `Prompt: 22 tokens, 1560.486 tokens-per-sec`: tokens and rate.
fn tokens_per_second(line: &str, name: &str) -> Option<(u32, f64)> {
    let (tokens, rate) = line.trim().strip_prefix(name)?.split_once(" tokens,")?;
    let rate = rate.trim().strip_suffix("tokens-per-sec")?.trim().parse().ok()?;
    Some((tokens.trim().parse().ok()?, rate))
}

/// The results of generated texts, one below the other; the texts are not looked at.
pub(super) fn from_generate(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut prompt: Option<(u32, f64)> = None;
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(read) = tokens_per_second(text, "Prompt:") {
            prompt = Some(read);
        } else if let Some((output, rate)) = tokens_per_second(text, "Generation:") {
            let (tokens, prefill) = prompt.take().unwrap_or((0, 0.0));
            let mut cell = blank(line, Work { prompt: tokens, output, depth: 0, served: false });
            cell.result.decode_tok_per_s = decode(rate, output);
            cell.result.prefill_tok_per_s = positive(prefill);
            (cell.statistic, cell.repetitions) = (Statistic::Single, Some(1));
            cell.concurrency = Some(1);
            if cell.result.decode_tok_per_s.is_none() && cell.result.prefill_tok_per_s.is_none() {
                say.at(line, "", format!("{output} tokens"), "at least two tokens and the time they took");
            } else {
                cells.push(cell);
            }
        } else if let Some(rest) = text.trim().strip_prefix("Peak memory:")
            && let Some(cell) = cells.last_mut()
        {
            let gb = rest.trim().strip_suffix("GB").and_then(|gb| gb.trim().parse::<f64>().ok());
            figure(&mut cell.result, Figure::PeakMemory, gb.map(|gb| gb * GIB_OF_GB));
        }
    }
    cells
}

/// The columns of a table: token counts of prompt and answer, and where everything stands.
struct Columns {
    prompt: (usize, u32),
    output: (usize, u32),
    memory: Option<usize>,
    repository: Option<usize>,
}

/// `Precision | … | Prompt (2048) tok/sec | Generation (128) tok/sec | Memory GB | Repo`.
fn header(line: &str) -> Option<Columns> {
    let cells = split(line);
    let is_own = cells.first().is_some_and(|cell| cell == "Precision");
    let column = |word: &str| {
        cells.iter().enumerate().filter(|_| is_own).find_map(|(position, cell)| {
            let (tokens, unit) = cell.strip_prefix(word)?.trim().strip_prefix('(')?.split_once(')')?;
            (unit.trim() == "tok/sec").then_some(())?;
            Some((position, tokens.parse().ok()?))
        })
    };
    let named = |name: &str| cells.iter().position(|cell| cell == name);
    Some(Columns {
        prompt: column("Prompt")?,
        output: column("Generation")?,
        memory: named("Memory GB"),
        repository: named("Repo"),
    })
}

/// The rows of every table. Below a table, a list says machine and versions.
pub(super) fn from_tables(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut columns: Option<Columns> = None;
    let (mut heading, mut open) = (None, 0);
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if let Some(name) = text.strip_prefix("<summary>").and_then(|rest| rest.strip_suffix("</summary>")) {
            (heading, open) = (Some(name.trim().to_owned()), cells.len());
        } else if text.starts_with('#') {
            (heading, open) = (None, cells.len());
        }
        if let Some(said) = text.strip_prefix("- ") {
            columns = None;
            cells.iter_mut().skip(open).for_each(|cell| told(cell, said));
        } else if let Some(found) = header(text) {
            columns = Some(found);
        } else if !text.contains('|') {
            columns = None;
        } else if let Some(columns) = &columns
            && !text.trim_matches(['|', '-', ' ', ':']).is_empty()
        {
            cells.extend(row(columns, text, line, heading.as_deref(), say));
        }
    }
    cells
}

fn row(columns: &Columns, text: &str, line: u32, heading: Option<&str>, say: &mut Say<'_>) -> Option<Cell> {
    let row = split(text);
    let at = |position: usize| row.get(position).map(|cell| cell.trim()).unwrap_or_default();
    let (prompt, output) = (columns.prompt.1, columns.output.1);
    let mut cell = blank(line, Work { prompt, output, depth: 0, served: false });
    (cell.statistic, cell.concurrency) = (Statistic::Mean, Some(1));
    cell.place = heading.map(str::to_owned);
    cell.name = heading.map(|name| names::base(name).to_owned());
    // Precision and group size, which name no quant that other engines have.
    cell.quant = Some(at(0).replace(' ', "-")).filter(|quant| !quant.is_empty());
    // Which conversion of the model it was.
    let repository = columns.repository.map(at).filter(|name| !name.is_empty());
    cell.place = repository.map(|name| name.chars().take(200).collect()).or(cell.place);
    let cells = [at(columns.prompt.0), at(columns.output.0)];
    if cells.iter().all(|cell| cell.contains(OUT_OF_MEMORY)) {
        cell.result.failed = Some("out of memory".to_owned());
        (cell.result.prompt_tokens, cell.result.output_tokens) = (None, None);
        return Some(cell);
    }
    let mut rates = [None; 2];
    for ((rate, field), text) in rates.iter_mut().zip(["Prompt", "Generation"]).zip(cells) {
        *rate = text.replace(',', "").parse::<f64>().ok().filter(|rate| rate.is_finite());
        if rate.is_none() && !is_missing(text) {
            say.at(line, field, super::super::finding::quote(text), "tokens per second");
        }
    }
    let [prefill, generation] = rates;
    cell.result.prefill_tok_per_s = prefill.and_then(positive);
    cell.result.decode_tok_per_s = generation.and_then(|rate| decode(rate, output));
    if let Some(rate) = generation {
        let printed = plain(rate);
        cell.result.note = Some(format!(
            "The source prints {printed} tok/s of generation, which counts the first token too."
        ));
    }
    let memory = columns.memory.map(at).and_then(|gb| gb.parse::<f64>().ok());
    figure(&mut cell.result, Figure::PeakMemory, memory.map(|gb| gb * GIB_OF_GB));
    let any = cell.result.prefill_tok_per_s.is_some() || cell.result.decode_tok_per_s.is_some();
    any.then_some(cell)
}

/// An item of the list below a table: machine, versions, operating system.
fn told(cell: &mut Cell, said: &str) {
    if let Some((_, machine)) = said.split_once(" on ").filter(|(words, _)| words.contains("enchmark")) {
        cell.notes.push(format!("The file names the machine: {machine}."));
        cell.machine = Some(machine.to_owned());
    } else if let Some((name, version)) = said.split_once(' ') {
        match name {
            "mlx" => cell.build = Some(version.to_owned()),
            "mlx-lm" => drop(cell.settings.other.insert("mlx-lm".to_owned(), version.to_owned())),
            _ => drop(cell.settings.other.insert(name.chars().take(60).collect(), version.to_owned())),
        }
    }
}
