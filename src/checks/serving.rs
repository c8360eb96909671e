//! What a server does to figures: requests that wait for each other, prompts it has seen before.

use super::cell::{Cell, figure, groups, is_served, prompt_tokens, request_ms, shape};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::{Metric, Positive};

/// Decode of several requests counts as unchanged from this share of a single one's on.
/// The queued results of the bundled data keep 98 to 100 %; a server that batches four requests
/// keeps less, for their key–value caches are read one by one.
const UNCHANGED: f64 = 0.9;

/// The share of the answers of a full queue that a request waits for before it counts as queued.
/// The bundled ones wait 0.83 to 0.93 of it.
const OF_ANSWERS: f64 = 0.5;

/// Times the arithmetic probe of a rig that prefill may claim. The highest uncached rate of the
/// bundled data takes 0.76 of the probe, the cached ones 1.63.
const TIMES_PROBE: f64 = 1.2;

/// Times the prefill rate at longer prompts that one at a shorter prompt may have. Rates rise with
/// the prompt until the machine is full; the cached one has 2.99 times.
const TIMES_LONGER: f64 = 2.0;

/// A prompt counts as longer from this share of the other's tokens on.
const LONGER: f64 = 0.8;

/// Below this share of the largest prompt of its result, a repetition read the rest from a cache.
const LEFT_TO_READ: f64 = 0.1;

/// Times the first repetition's prefill rate that a later one may have. Without a cache the
/// largest in the bundled data is 1.59: the first one is a late warm-up.
const TIMES_FIRST: f64 = 3.0;

/// Requests that wait in a queue instead of being computed together.
///
/// Of `c` requests that arrive together and are served one by one, each waits for `(c − 1) / 2`
/// whole requests on average. A server that computes them together may read all `c` prompts before
/// the first token, but waits for no answer: what is beyond the prompts is the queue.
pub(super) fn queueing(index: &Index) -> Vec<Finding> {
    let mut found = Vec::new();
    for same in groups(index, |cell| Some((cell.run, cell.shape))).values() {
        let Some(single) = same.iter().find(|cell| cell.concurrency == 1) else { continue };
        for many in same.iter().filter(|cell| cell.concurrency > 1) {
            found.extend(queued(index, single, many));
        }
    }
    found
}

fn queued(index: &Index, single: &Cell, many: &Cell) -> Option<Finding> {
    let pair =
        |metric: Metric| Some((index.value(single.result, metric)?, index.value(many.result, metric)?));
    let (decode_alone, decode) = pair(Metric::Decode)?;
    let (ttft_alone, ttft) = pair(Metric::Ttft)?;
    let others = f64::from(many.concurrency) - 1.0;
    let whole = request_ms(index, single.result)?;
    let full_wait = others / 2.0 * whole;
    let other_prompts = others * ttft_alone;
    let answers = others / 2.0 * (whole - ttft_alone);
    let waits = ttft - ttft_alone - other_prompts >= OF_ANSWERS * answers;
    let is_queue = waits && decode >= UNCHANGED * decode_alone;
    let finding = Finding::about_results(index, Rule::Queueing, Severity::Doubtful, &[many.result]);
    is_queue.then(|| {
        finding.saying(
            format!(
                "{} at concurrency {}: decode {} tok/s as for one request ({}), first token after {} instead of {} ms",
                shape(index, many), many.concurrency, figure(decode), figure(decode_alone), figure(ttft),
                figure(ttft_alone)
            ),
            format!(
                "slower decode and no wait; requests stood in a queue, which takes {} ms, and prefill means nothing",
                figure(full_wait)
            ),
        )
    })
}

/// Prefill rates of prompts that were not read but remembered.
pub(super) fn cached_prompt(index: &Index) -> Vec<Finding> {
    let mut found = Vec::new();
    for same in groups(index, |cell| (cell.concurrency == 1).then_some(cell.run)).values() {
        for cell in same {
            let signs = [beyond_arithmetic(index, cell), beyond_longer_prompts(index, cell, same)];
            let signs: Vec<(String, String)> =
                signs.into_iter().flatten().chain(remembered(index, cell)).collect();
            let Some((_, expected)) = signs.first() else { continue };
            let what: Vec<&str> = signs.iter().map(|(what, _)| what.as_str()).collect();
            found.push(
                Finding::about_results(index, Rule::CachedPrompt, Severity::Doubtful, &[cell.result]).saying(
                    format!("{}: {}", shape(index, cell), what.join("; ")),
                    format!("{expected}; likely a cached prompt"),
                ),
            );
        }
    }
    found
}

/// More arithmetic than the rig's own probe reached: two operations for each active weight and
/// token, the count of Kaplan et al., "Scaling laws for neural language models" (2020), for a
/// forward pass.
fn beyond_arithmetic(index: &Index, cell: &Cell) -> Option<(String, String)> {
    let prefill = index.value(cell.result, Metric::Prefill)?;
    let active = index.model(cell.configuration)?.1.active_params_b?.get();
    let probes = &index.hardware(cell.configuration)?.probes;
    let rates = probes.iter().flat_map(|probe| [probe.fp16_tflop_per_s, probe.bf16_tflop_per_s]);
    let probe = rates.map(Positive::get).reduce(f64::max)?;
    let needed = prefill * 2.0 * active / 1000.0;
    (needed > TIMES_PROBE * probe).then(|| {
        let found = format!("prefill {} tok/s, which takes {} TFLOP/s", figure(prefill), figure(needed));
        (found, format!("at most about {} TFLOP/s, the rig's probe", figure(probe)))
    })
}

/// Far faster than the same run reads prompts that are as long or longer.
fn beyond_longer_prompts(index: &Index, cell: &Cell, same: &[Cell]) -> Option<(String, String)> {
    let prefill = index.value(cell.result, Metric::Prefill)?;
    let tokens = prompt_tokens(index, cell.result)?;
    let longer = same.iter().filter(|other| {
        other.result != cell.result
            && is_served(index, other) == is_served(index, cell)
            && prompt_tokens(index, other.result).is_some_and(|count| count >= LONGER * tokens)
    });
    let rates = longer.filter_map(|other| index.value(other.result, Metric::Prefill));
    let fastest = rates.reduce(f64::max)?;
    (prefill > TIMES_LONGER * fastest).then(|| {
        let found = format!("prefill {} tok/s for {} tokens", figure(prefill), figure(tokens));
        (found, format!("about {} tok/s, as for prompts of such a length", figure(fastest)))
    })
}

/// Repetitions that read a fraction of the prompt, or read it many times faster than the first.
fn remembered(index: &Index, cell: &Cell) -> Option<(String, String)> {
    let repetitions = index.repetitions_of(cell.result);
    let counts: Vec<f64> =
        repetitions.clone().filter_map(|at| index.repetitions.prompt_tokens.get(at)).collect();
    let largest = counts.iter().copied().reduce(f64::max);
    if let Some(largest) = largest
        && let Some(small) = counts.iter().copied().find(|&count| count <= LEFT_TO_READ * largest)
    {
        let found = format!("repetitions that read {} of {} prompt tokens", figure(small), figure(largest));
        return Some((found, "the whole prompt in each repetition".to_owned()));
    }
    let rates = index.repeated(cell.result, Metric::Prefill);
    let (first, others) = rates.split_first()?;
    let fastest = others.iter().copied().reduce(f64::max)?;
    (fastest > TIMES_FIRST * first).then(|| {
        let found =
            format!("prefill {} tok/s after {} in the first repetition", figure(fastest), figure(*first));
        (found, "repetitions at about one speed".to_owned())
    })
}
