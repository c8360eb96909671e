//! The roofline of decode: every token reads the active weights once, over a bus of known speed.
//!
//! implied GB/s = decode tok/s × bytes of active weights. The bound is that of Williams, Waterman
//! and Patterson, "Roofline: an insightful visual performance model" (Communications of the ACM
//! 52, 2009), with one request in flight, where each weight that is read is used once.

use std::fmt;

use super::cell::settings;
use crate::index::Index;
use crate::model::catalog::Hardware;
use crate::model::run::Accelerator;
use crate::model::{Metric, Positive};

/// Bytes in a GiB, in units of 10⁹ bytes.
const GB_PER_GIB: f64 = 1.073_741_824;

/// Layers that people write for "all of them"; no model of today has so many.
const ALL_LAYERS: u32 = 99;

/// What a decode rate asks of the memory bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Implied {
    /// Weights that one token reads, in bytes.
    pub bytes_per_token: f64,
    /// Traffic at the result's decode rate or, for a range, at its upper bound, in GB/s.
    pub implied_gb_per_s: f64,
    /// The same at the lower bound of a range; equal for a value.
    pub lowest_gb_per_s: f64,
    /// Theoretical peak of the rig's memory bus, in GB/s.
    pub peak_gb_per_s: f64,
    /// Implied over peak.
    pub fraction: f64,
    /// What the bytes were taken from.
    pub basis: Basis,
    /// Relative rounding of the file size, 0 where it is not called approximate.
    pub rounding: f64,
}

impl Implied {
    /// True above the limit by more than the rounding of the file size explains.
    pub fn is_impossible(&self) -> bool {
        self.fraction * (1.0 - self.rounding) > 1.0
    }
}

/// What the bytes of the active weights were taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The file's size, times active over total parameters. The better founded one: the file is
    /// what is read, with all that its mixture of block types keeps at more bits.
    FileSize,
    /// Active parameters times bits per weight of the quant's main block type: too small by the
    /// tensors that a mixture keeps at more bits, 0 to 20 % in the bundled files.
    BitsPerWeight,
}

/// Why nothing may be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// The attempt failed.
    Failed,
    /// No decode rate was measured.
    NoDecode,
    /// Several tokens are checked with one reading of the weights.
    SpeculativeDecoding,
    /// Several requests share one reading of the weights.
    Batching,
    /// The model's active parameters are not known.
    NoParameters,
    /// Neither the file's size nor the bits per weight are known.
    NoWeights,
    /// The rig's memory bandwidth is not known.
    NoBandwidth,
    /// The processor of a rig with a graphics card reads another memory, of unknown bandwidth.
    SystemMemory,
    /// Part of the weights lies in another memory.
    PartialOffload,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed => "the attempt failed",
            Self::NoDecode => "no decode rate was measured",
            Self::SpeculativeDecoding => "speculative decoding gives several tokens for one reading",
            Self::Batching => "requests in flight together share one reading of the weights",
            Self::NoParameters => "the active parameters are not known",
            Self::NoWeights => "neither file size nor bits per weight are known",
            Self::NoBandwidth => "the memory bandwidth is not known",
            Self::SystemMemory => "the processor reads system memory, whose bandwidth is not known",
            Self::PartialOffload => "part of the weights lies in system memory",
        })
    }
}

/// What a result's decode rate asks of the memory bus, with the parameters of the catalog.
///
/// # Errors
///
/// [`Unknown`] says why nothing may be claimed.
pub fn implied(index: &Index, result: usize) -> Result<Implied, Unknown> {
    let variant = index.model(index.configuration_of(index.run_of(result))).map(|(_, variant)| variant);
    let active = variant.and_then(|variant| variant.active_params_b).map(Positive::get);
    implied_by(index, result, active)
}

/// The same with every weight read for each token, as a dense model does.
///
/// # Errors
///
/// [`Unknown`] says why nothing may be claimed.
pub fn implied_if_dense(index: &Index, result: usize) -> Result<Implied, Unknown> {
    let variant = index.model(index.configuration_of(index.run_of(result))).map(|(_, variant)| variant);
    implied_by(index, result, variant.and_then(|variant| variant.total_params_b).map(Positive::get))
}

/// The same with a count of active parameters, in thousand millions, that someone states.
///
/// # Errors
///
/// [`Unknown`] says why nothing may be claimed.
pub fn implied_by(index: &Index, result: usize, active_params_b: Option<f64>) -> Result<Implied, Unknown> {
    let run = index.run_of(result);
    if index.failure(result).is_some() {
        return Err(Unknown::Failed);
    }
    let (low, high) = index.bounds(result, Metric::Decode).ok_or(Unknown::NoDecode)?;
    if is_speculative(index, run) {
        return Err(Unknown::SpeculativeDecoding);
    }
    if index.results.concurrency.get(result).is_none_or(|&requests| requests > 1) {
        return Err(Unknown::Batching);
    }
    let rig = index.hardware(index.configuration_of(run)).ok_or(Unknown::NoBandwidth)?;
    let peak_gb_per_s = rig.memory_bandwidth_gb_per_s.ok_or(Unknown::NoBandwidth)?.get();
    one_memory(index, run, rig)?;
    let active = active_params_b.ok_or(Unknown::NoParameters)?;
    let weights = weights(index, run, active).ok_or(Unknown::NoWeights)?;
    let implied_gb_per_s = high * weights.gb;
    Ok(Implied {
        bytes_per_token: weights.gb * 1e9,
        implied_gb_per_s,
        lowest_gb_per_s: low * weights.gb,
        peak_gb_per_s,
        fraction: implied_gb_per_s / peak_gb_per_s,
        basis: weights.basis,
        rounding: weights.rounding,
    })
}

/// What one token reads.
struct Weights {
    gb: f64,
    basis: Basis,
    rounding: f64,
}

fn weights(index: &Index, run: usize, active: f64) -> Option<Weights> {
    let configuration = index.configuration_of(run);
    let total = index.model(configuration)?.1.total_params_b.map(Positive::get);
    if let (Some(size), Some(total)) = (index.runs.file_size_gib.get(run), total) {
        let gb = size * GB_PER_GIB * active / total;
        return Some(Weights { gb, basis: Basis::FileSize, rounding: size_rounding(index, run, size) });
    }
    let bits = index.quant(configuration)?.bits_per_weight?.get();
    Some(Weights { gb: active * bits / 8.0, basis: Basis::BitsPerWeight, rounding: 0.0 })
}

/// Relative rounding of a file size that its source calls approximate and gives in whole GiB.
pub(super) fn size_rounding(index: &Index, run: usize, size_gib: f64) -> f64 {
    let is_approximate = !index.runs.file_size_approximate.of(run).is_empty();
    if is_approximate { 0.5 / size_gib } else { 0.0 }
}

/// True where a run guesses tokens ahead: it says so in its mode or its settings.
pub(super) fn is_speculative(index: &Index, run: usize) -> bool {
    let names = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["mtp", "draft", "specul", "eagle", "medusa", "lookahead"].iter().any(|word| text.contains(word))
    };
    let set = settings(index, run).is_some_and(|settings| {
        settings.draft_tokens.is_some_and(|tokens| tokens > 0)
            || settings.other.iter().any(|(name, value)| names(name) && value != "0")
    });
    set || names(index.mode(index.configuration_of(run)))
}

/// True where the processor computes: it says so, or no layer is on the accelerator.
pub(super) fn is_on_processor(index: &Index, run: usize) -> bool {
    let layers = settings(index, run).and_then(|settings| settings.gpu_layers);
    index.accelerator(index.configuration_of(run)) == Accelerator::Cpu || layers == Some(0)
}

/// Whether all weights lie in the memory whose bandwidth the rig states.
fn one_memory(index: &Index, run: usize, rig: &Hardware) -> Result<(), Unknown> {
    if rig.unified_memory || rig.gpu.is_none() {
        return Ok(());
    }
    if is_on_processor(index, run) {
        return Err(Unknown::SystemMemory);
    }
    let layers = settings(index, run).and_then(|settings| settings.gpu_layers);
    let some_layers = layers.is_some_and(|layers| layers < ALL_LAYERS);
    let memory = rig.memory_gib.map(Positive::get);
    let too_large = index.runs.file_size_gib.get(run).zip(memory).is_some_and(|(size, room)| size > room);
    if some_layers || too_large { Err(Unknown::PartialOffload) } else { Ok(()) }
}
