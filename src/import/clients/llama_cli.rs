//! What llama.cpp prints outside of its benchmarks: the rates of `llama-cli`, and pages of `llama-server` that
//! hold no result of a request.

use serde_json::Value;

use super::campaign::positive;
use crate::import::cell::Cell;
use crate::import::fields::Fields;
use crate::import::finding::Say;
use crate::import::names;
use crate::import::shape::Work;
use crate::model::run::{Statistic, Timing};

/// True for a conversation with its rates.
pub(super) fn is_conversation(text: &str) -> bool {
    text.lines().any(|line| rates(line).is_some())
}

/// `[ Prompt: 237.8 t/s | Generation: 1375.4 t/s ]`.
fn rates(line: &str) -> Option<[f64; 2]> {
    let inside = line.trim().strip_prefix("[ Prompt:")?.strip_suffix(']')?;
    let (prompt, generation) = inside.split_once('|')?;
    let rate = |text: &str| {
        text.trim().strip_suffix("t/s")?.trim().parse::<f64>().ok().filter(|rate| rate.is_finite())
    };
    Some([rate(prompt)?, rate(generation.trim().strip_prefix("Generation:")?)?])
}

/// The results of a conversation: one for each answer, whose token counts it does not say.
pub(super) fn from_conversation(text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let (mut build, mut file, mut weights) = (None, None, None);
    let mut cells = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let head = |name: &str| {
            let value = text.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        if let Some([prompt, generation]) = rates(text) {
            let work = Work { prompt: 0, output: 0, depth: 0, served: false };
            let mut cell = Cell::new(line, "llama-cli", Timing::Raw, work);
            let printed = file.as_deref().map(names::of_file).unwrap_or_default();
            (cell.name, cell.quant) = (Some(printed.name).filter(|name| !name.is_empty()), printed.quant);
            cell.weights.clone_from(&weights);
            cell.engine = Some("llama.cpp".to_owned());
            cell.build.clone_from(&build);
            cell.concurrency = Some(1);
            (cell.statistic, cell.repetitions) = (Statistic::Single, Some(1));
            cell.result.prefill_tok_per_s = positive(prompt);
            cell.result.decode_tok_per_s = positive(generation);
            if cell.result.decode_tok_per_s.is_some() || cell.result.prefill_tok_per_s.is_some() {
                cells.push(cell);
            } else {
                say.at(line, "Generation", "no rate above 0", "tokens per second; the answer is left out");
            }
        } else if cells.is_empty() {
            // What stands before the first answer is the program's own.
            build = build.or_else(|| head("build").and_then(|text| number_or_commit(&text)));
            file = file.or_else(|| head("model"));
            weights = weights.or_else(|| head("ftype"));
        }
    }
    cells
}

/// The build of `b9010-d05fe1d7d`: its number or, where that is 0, its commit.
fn number_or_commit(text: &str) -> Option<String> {
    let (number, commit) = text.strip_prefix('b')?.split_once('-')?;
    match number.parse::<u64>().ok()? {
        0 => Some(commit.to_owned()),
        number => Some(format!("b{number}")),
    }
}

/// True for the counters of a server, as its page for monitors has them.
pub(super) fn is_counters(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("llamacpp:") || line.starts_with("# HELP llamacpp:"))
}

/// True for the properties of a server.
pub(in crate::import) fn is_properties(fields: &Fields<'_>) -> bool {
    let has_settings = fields.look("default_generation_settings").is_some_and(Value::is_object);
    has_settings && fields.has("total_slots")
}

/// Says why the counters of a server are no result.
pub(super) fn say_counters(say: &mut Say<'_>) {
    say.whole(
        "the counters of a llama-server, which add up all requests of its life",
        "answers with their timings, or the log: sums over requests of any size are no result",
    );
}

/// Says why the properties of a server are no result.
pub(super) fn say_properties(line: u32, say: &mut Say<'_>) {
    say.at(
        line,
        "",
        "the properties of a llama-server, which were set and not measured",
        "answers with their timings, or the log",
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_conversation_says_model_build_and_rates() {
        let text = "build      : b9010-abc\nmodel      : /m/tiny-Q4_K_M.gguf\nftype      : Q4_K - Medium\n\n> model : no\n\n\
            [ Prompt: 237.8 t/s | Generation: 1375.4 t/s ]\n";
        let cells = from_conversation(text, &mut Say::new("f"));
        let cell = cells.first().unwrap();
        assert_eq!((cell.name.as_deref(), cell.quant.as_deref()), (Some("tiny"), Some("Q4_K_M")));
        assert_eq!(cell.build.as_deref(), Some("b9010"));
        assert_eq!(cell.result.decode_tok_per_s.map(|rate| rate.get()), Some(1375.4));
    }
}
