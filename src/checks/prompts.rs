//! Prompts of one shape that differ in length, so that TTFT and prefill do not compare.

use super::cell::{self, Cell, figure, groups, is_served, shape};
use super::{Finding, Rule, Severity};
use crate::index::Index;

/// Prompts of one model and shape may differ by this factor: two in a hundred are a template's
/// tokens; the bundled repetitions differ by 0.6 % at the most.
const LONGER: f64 = 1.02;

/// Below this share of the longest, a prompt was cached, which another rule says.
const CACHED: f64 = 0.1;

/// The prompt lengths of a result: of each repetition, or the stated one.
fn lengths(index: &Index, cell: &Cell) -> Vec<f64> {
    let repeated = index.repetitions_of(cell.result).filter_map(|at| index.repetitions.prompt_tokens.get(at));
    let repeated: Vec<f64> = repeated.collect();
    if repeated.is_empty() { cell::prompt_tokens(index, cell.result).into_iter().collect() } else { repeated }
}

/// Prompt lengths that differ inside what is compared: one model, one shape, a served request.
pub(super) fn prompt_tokens(index: &Index) -> Vec<Finding> {
    let compared = |cell: &Cell| {
        let of = &index.configurations;
        let place = |column: &[u32]| column.get(cell.configuration).copied();
        is_served(index, cell).then(|| (place(&of.family), place(&of.variant), cell.shape))
    };
    let mut found = Vec::new();
    for cells in groups(index, compared).into_values() {
        let mut prompts: Vec<(f64, &Cell)> = Vec::new();
        for cell in &cells {
            prompts.extend(lengths(index, cell).into_iter().map(|tokens| (tokens, cell)));
        }
        prompts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
        let Some(&(longest, last)) = prompts.last() else { continue };
        let was_read = |(tokens, _): &&(f64, &Cell)| *tokens > CACHED * longest;
        let Some(&(shortest, first)) = prompts.iter().find(was_read) else { continue };
        if longest > LONGER * shortest {
            let results = [first.result, last.result];
            found.push(Finding::about_results(index, Rule::PromptTokens, Severity::Notice, &results).saying(
                format!(
                    "prompts of {} and {} tokens for {}",
                    figure(shortest),
                    figure(longest),
                    shape(index, first)
                ),
                "one prompt in what is compared; TTFT and prefill follow its length",
            ));
        }
    }
    found
}
