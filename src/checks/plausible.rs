//! Speeds that the memory bus refutes, and what explains them.

use std::collections::BTreeMap;

use super::cell::{cells, figure, percent, said, title};
use super::physics::{Basis, Implied, implied, implied_by, implied_if_dense, is_on_processor, size_rounding};
use super::{Finding, Rule, Severity};
use crate::index::Index;
use crate::model::Positive;

/// Above this share of the limit a rate is in another unit rather than of another model: three
/// hundred, between the factor of 50 that models differ by and the 1,000 of a slip.
const OTHER_UNIT: f64 = 300.0;

/// Below this share of the bus no sparse model on an accelerator was measured: the lowest of the
/// bundled ones reaches 18 %, Command-A as its reports state it 11 %; this is between them.
const SPARSE_AT_LEAST: f64 = 0.14;

/// From this share on a reading is that of a dense model on an accelerator: those of the reports
/// reach 84 to 97 % by file size and 75 % at the least by bits per weight.
const DENSE_AT_LEAST: f64 = 0.75;

/// A file below this share of what its quant makes is of another quant: the smallest true file of
/// the bundled data has 1.00 times the bits of its main block type, GPT-OSS 20B as `Q8_0` 0.61.
const FILE_AT_LEAST: f64 = 0.9;

/// The same above: no bundled file has more than 1.20 times.
const FILE_AT_MOST: f64 = 1.5;

/// `642 GB/s, 251 % of the bus`.
fn words(implied: &Implied) -> String {
    format!("{} GB/s, {} of the bus", figure(implied.implied_gb_per_s), percent(implied.fraction))
}

/// Decode rates above what the memory bus can carry, one finding a run: its fastest result.
pub(super) fn bandwidth_limit(index: &Index) -> Vec<Finding> {
    let mut worst = BTreeMap::<usize, (usize, Implied)>::new();
    for cell in cells(index) {
        let Ok(found) = implied(index, cell.result) else { continue };
        let best = worst.entry(cell.run).or_insert((cell.result, found));
        if found.fraction > best.1.fraction {
            *best = (cell.result, found);
        }
    }
    let impossible = worst.values().filter(|(_, found)| found.is_impossible());
    let finding = |&(result, found): &(usize, Implied)| {
        Finding::about_results(index, Rule::BandwidthLimit, Severity::Impossible, &[result]).saying(
            format!("decode that reads {}", words(&found)),
            format!("at most {} GB/s; likely {}", figure(found.peak_gb_per_s), cause(index, result, &found)),
        )
    };
    impossible.map(finding).collect()
}

/// What most likely makes a rate look impossible.
fn cause(index: &Index, result: usize, found: &Implied) -> String {
    if found.fraction > OTHER_UNIT {
        return "a rate in another unit".to_owned();
    }
    let configuration = index.configuration_of(index.run_of(result));
    let variant = index.model(configuration).map(|(_, variant)| variant);
    let count = |of: Option<Positive>| of.map_or(0.0, Positive::get);
    let active = count(variant.and_then(|variant| variant.active_params_b));
    let at_most = figure(active / found.fraction);
    let is_sparse = active < count(variant.and_then(|variant| variant.total_params_b));
    match found.basis {
        _ if is_sparse => format!("fewer active parameters: at most {at_most}B of the {}B", figure(active)),
        Basis::FileSize => format!("a model that reads at most {at_most}B of its parameters for a token"),
        Basis::BitsPerWeight => {
            let bits = index.quant(configuration).and_then(|quant| quant.bits_per_weight);
            format!("smaller weights than named: at most {} bits each", figure(count(bits) / found.fraction))
        }
    }
}

/// A count as a source writes it, `~20B`, in thousand millions.
fn stated_count(words: &str) -> Option<f64> {
    let digits = words.trim().trim_start_matches(['~', '≈']).trim_start_matches("about ").trim();
    let digits = digits.split_whitespace().next()?.trim_end_matches(['B', 'b']);
    digits.parse().ok().filter(|count: &f64| count.is_finite() && *count > 0.0)
}

/// Counts of active parameters, the catalog's or a source's, that the bus refutes.
pub(super) fn active_parameters(index: &Index) -> Vec<Finding> {
    let mut seen = BTreeMap::<(usize, String), Finding>::new();
    for cell in cells(index) {
        let known = index.model(cell.configuration).and_then(|(_, variant)| variant.active_params_b);
        let known = known.map(Positive::get);
        for (words, source) in said(index, cell.run, "active_params_b") {
            let Some(active) = stated_count(words).filter(|&count| Some(count) != known) else { continue };
            let count = format!("{words} active parameters, as {source} states,");
            if let Some(finding) = refuted(index, cell.result, active, &count) {
                seen.entry((cell.run, words.to_owned())).or_insert(finding);
            }
        }
        // Above the limit the catalog's own count is a finding of the other rule.
        if let Some(active) = known
            && let Some(finding) =
                too_small(index, cell.result, active, &format!("{}B active parameters,", figure(active)))
        {
            seen.entry((cell.run, String::new())).or_insert(finding);
        }
    }
    seen.into_values().collect()
}

/// A stated count that is too large or too small for the speed, with what fits.
fn refuted(index: &Index, result: usize, active: f64, count: &str) -> Option<Finding> {
    let found = implied_by(index, result, Some(active)).ok()?;
    if !found.is_impossible() {
        return too_small(index, result, active, count);
    }
    let at_most = figure(active / found.fraction);
    let known = index
        .model(index.configuration_of(index.run_of(result)))
        .and_then(|(_, variant)| variant.active_params_b);
    let fits = implied(index, result).ok().filter(|fits| !fits.is_impossible()).zip(known);
    let fits = fits.map_or_else(String::new, |(fits, known)| format!("; {known}B read {}", words(&fits)));
    let finding = Finding::about_results(index, Rule::ActiveParameters, Severity::Impossible, &[result]);
    Some(finding.saying(
        format!("{count} which read {}", words(&found)),
        format!("at most {at_most}B, what {} GB/s can carry{fits}", figure(found.peak_gb_per_s)),
    ))
}

/// A count that uses little of the bus where the whole model would fill it.
fn too_small(index: &Index, result: usize, active: f64, count: &str) -> Option<Finding> {
    let run = index.run_of(result);
    let total = index.model(index.configuration_of(run))?.1.total_params_b?.get();
    if active >= total || is_on_processor(index, run) {
        return None;
    }
    let found = implied_by(index, result, Some(active)).ok()?;
    let dense = implied_if_dense(index, result).ok()?;
    let refuted =
        found.fraction < SPARSE_AT_LEAST && dense.fraction >= DENSE_AT_LEAST && !dense.is_impossible();
    let finding = Finding::about_results(index, Rule::ActiveParameters, Severity::Doubtful, &[result]);
    refuted.then(|| {
        finding.saying(
            format!("{count} which read only {}", words(&found)),
            format!("all {}B, as a dense model: {}", figure(total), words(&dense)),
        )
    })
}

/// Weights files of another size than their quant makes.
pub(super) fn weights_size(index: &Index) -> Vec<Finding> {
    let mut found = Vec::new();
    for run in 0..index.runs.id.len() {
        let configuration = index.configuration_of(run);
        let total = index.model(configuration).and_then(|(_, variant)| variant.total_params_b);
        let named = index.quant(configuration).and_then(|quant| quant.bits_per_weight);
        let (Some(size), Some(total), Some(named)) = (index.runs.file_size_gib.get(run), total, named) else {
            continue;
        };
        let bits = size * 8.0 * 1.073_741_824 / total.get();
        let (share, rounding) = (bits / named.get(), size_rounding(index, run, size));
        let fits = share * (1.0 + rounding) >= FILE_AT_LEAST && share * (1.0 - rounding) <= FILE_AT_MOST;
        if !fits {
            let finding = Finding::about_runs(Rule::WeightsSize, Severity::Doubtful, &[run]).saying(
                format!(
                    "{} in {} GiB, {} bits per weight",
                    title(index, configuration),
                    figure(size),
                    figure(bits)
                ),
                format!("about {named} bits; the weights are of another format than named"),
            );
            found.push(finding);
        }
    }
    found
}
