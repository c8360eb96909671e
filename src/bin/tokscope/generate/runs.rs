//! Invented runs: decode limited by memory bandwidth, prefill by arithmetic, both with noise.

use tokscope::model::catalog::{Family, Hardware, Quant, Shape, Variant};
use tokscope::model::dataset::{Catalog, FromFile};
use tokscope::model::run::{
    Accelerator, Backend, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use tokscope::model::{Metric, PartialDate, Positive};

use super::catalog::SOURCE;
use super::random::{Random, printed};

/// Requests in flight of the invented results.
pub(super) const CONCURRENCIES: [u16; 6] = [1, 2, 4, 8, 16, 32];

/// Runs with so many results together.
pub(super) fn runs(catalog: &Catalog, results: usize, random: &mut Random) -> Vec<FromFile<Run>> {
    let mut runs = Vec::new();
    let mut left = results;
    while left > 0 {
        // A catalog that lacks something could go on forever; this one lacks nothing.
        let Some(setup) = Setup::pick(catalog, random) else { break };
        let run = setup.run(runs.len(), left, random);
        left -= run.results.len() + run.ranges.iter().map(|range| range.shapes.len()).sum::<usize>();
        runs.push(FromFile { file: format!("runs/{}/{}.yaml", run.hardware, run.id), value: run });
    }
    runs
}

/// What a run is made on.
struct Setup<'a> {
    family: &'a Family,
    variant: &'a Variant,
    quant: &'a Quant,
    rig: &'a Hardware,
    shapes: &'a [Shape],
    date: PartialDate,
    /// Decode rate of a single request with an empty context, in tokens per second.
    decode: f64,
}

impl<'a> Setup<'a> {
    fn pick(catalog: &'a Catalog, random: &mut Random) -> Option<Self> {
        let family = random.pick(&catalog.families)?;
        let variant = random.pick(&family.variants)?;
        let quant = random.pick(&catalog.quants)?;
        let rig = random.pick(&catalog.hardware)?;
        let active_gb = variant.active_params_b?.get() * quant.bits_per_weight?.get() / 8.0;
        let reach = random.between(0.45, 0.8);
        let decode = rig.memory_bandwidth_gb_per_s?.get() * reach / active_gb;
        let date = random.day(2025, 2027)?;
        Some(Self { family, variant, quant, rig, shapes: &catalog.shapes, date, decode })
    }

    fn run(&self, number: usize, most: usize, random: &mut Random) -> Run {
        let repeated = random.once_in(4);
        let range_only = most >= self.shapes.len() && random.once_in(60);
        let size = self.variant.total_params_b.map_or(1.0, Positive::get)
            * self.quant.bits_per_weight.map_or(8.0, Positive::get)
            / 8.6;
        Run {
            schema: 1,
            id: format!("{}-{}-{}-{number}", self.date, self.family.id, self.variant.id),
            date: self.date.clone(),
            model: format!("{}/{}", self.family.id, self.variant.id),
            quant: self.quant.id.clone(),
            file_size_gib: printed(size),
            file_size_approximate: false,
            hardware: self.rig.id.clone(),
            power_cap_w: None,
            driver: None,
            backend: backend(random),
            mode: if random.once_in(8) { "mtp n=3".to_owned() } else { "baseline".to_owned() },
            timing: Timing::Served,
            statistic: if repeated { Statistic::Mean } else { Statistic::Single },
            repetitions: repeated.then_some(3),
            settings: Settings {
                flash_attention: Some(true),
                context_tokens: Some(32_768),
                ..Settings::default()
            },
            sources: vec![SourceRef { id: SOURCE.to_owned(), ..SourceRef::default() }],
            notes: Vec::new(),
            results: if range_only { Vec::new() } else { self.results(repeated, most, random) },
            ranges: if range_only { self.range().into_iter().collect() } else { Vec::new() },
        }
    }

    fn results(&self, repeated: bool, most: usize, random: &mut Random) -> Vec<ResultEntry> {
        let deepest = 1 + random.below(CONCURRENCIES.len());
        let cells =
            self.shapes.iter().flat_map(|shape| CONCURRENCIES.iter().take(deepest).map(move |&c| (shape, c)));
        let no_load = random.once_in(5);
        let no_ttft = random.once_in(10);
        let results = cells.take(most).map(|(shape, concurrency)| {
            let mut result = self.result(shape, concurrency, repeated, random);
            if no_load {
                result.load_s = None;
            }
            if no_ttft {
                (result.ttft_ms, result.end_to_end_ms) = (None, None);
            }
            result
        });
        results.collect()
    }

    fn result(&self, shape: &Shape, concurrency: u16, repeated: bool, random: &mut Random) -> ResultEntry {
        let (prompt, output) = (shape.prompt_tokens_max.unwrap_or(1), shape.output_tokens_max.unwrap_or(1));
        let empty = ResultEntry { shape: shape.id.clone(), concurrency, ..ResultEntry::default() };
        if random.once_in(50) {
            return ResultEntry { failed: Some("ERROR: server died".to_owned()), ..empty };
        }
        let measured = self.decode(shape, concurrency) * random.jitter();
        let prefill = self.decode * random.between(18.0, 22.0);
        let ttft_ms =
            f64::from(prompt) / prefill * 1000.0 * f64::from(concurrency) + random.between(8.0, 20.0);
        let figures = ResultEntry {
            load_s: printed(random.between(2.0, 30.0)),
            prompt_tokens: Some(prompt),
            output_tokens: Some(output),
            ..empty
        };
        if repeated {
            let mut repetition = || Repetition {
                decode_tok_per_s: printed(measured * random.jitter()),
                prefill_tok_per_s: printed(prefill * random.jitter()),
                ttft_ms: printed(ttft_ms * random.jitter()),
                ..Repetition::default()
            };
            return ResultEntry { repetitions: vec![repetition(), repetition(), repetition()], ..figures };
        }
        ResultEntry {
            decode_tok_per_s: printed(measured),
            prefill_tok_per_s: printed(prefill),
            ttft_ms: printed(ttft_ms),
            tpot_ms: printed(1000.0 / measured),
            end_to_end_ms: printed(ttft_ms + f64::from(output.saturating_sub(1)) / measured * 1000.0),
            ..figures
        }
    }

    /// Each doubling of the requests costs each of them a quarter; so does each 16,000 tokens.
    fn decode(&self, shape: &Shape, concurrency: u16) -> f64 {
        // Multiplied out: `powi` may round differently on another machine.
        let shared = (0..concurrency.max(1).ilog2()).fold(1.0, |factor, _| factor * 0.75);
        let context = 1.0 - f64::from(shape.prompt_tokens_max.unwrap_or(0)) / 64_000.0;
        self.decode * context * shared
    }

    fn range(&self) -> Option<RangeEntry> {
        let cells = self.shapes.iter().map(|shape| self.decode(shape, 1));
        Some(RangeEntry {
            metric: Metric::Decode,
            shapes: self.shapes.iter().map(|shape| shape.id.clone()).collect(),
            concurrency: 1,
            min: printed(cells.clone().fold(f64::MAX, f64::min))?,
            max: printed(cells.fold(0.0, f64::max))?,
        })
    }
}

fn backend(random: &mut Random) -> Backend {
    let accelerators = [Accelerator::Cuda, Accelerator::Rocm, Accelerator::Vulkan, Accelerator::Metal];
    let accelerator = random.pick(&accelerators).copied().unwrap_or(Accelerator::Other);
    let (engine, build) = match random.below(4) {
        0 => ("vllm", format!("0.{}", 10 + random.below(6))),
        _ => ("llama.cpp", format!("b{}", 8_000 + 150 * random.below(10))),
    };
    Backend { engine: engine.to_owned(), build: Some(build), accelerator, runtime: None }
}
