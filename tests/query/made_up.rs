//! Small data sets and selections from a fixed sequence of numbers: the same on every machine.

use serde_json::{Value, json};
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::model::dataset::{Catalog, Dataset, FromFile};
use tokscope::query::configuration_slug;
use tokscope::query::{Choices, Column, Concurrency, Facet, Grouping, Selection, Sort, Theme, View};

/// Marsaglia's xorshift64*: short, and good enough to try cases with.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 up to, not including, `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % end.max(1)
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    /// Some of the numbers below `end`, ascending.
    fn some(&mut self, end: usize) -> Vec<usize> {
        if self.percent(60) { Vec::new() } else { (0..end).filter(|_| self.percent(30)).collect() }
    }
}

const SHAPES: [&str; 4] = ["chat", "rag", "agent", "pp512"];

/// An index of a few families on a few rigs, with gaps, failures, repetitions and ranges.
pub(crate) fn index(random: &mut Random) -> Index {
    of_runs(random, None)
}

/// An index of so many runs, or of some.
pub(crate) fn of_runs(random: &mut Random, count: Option<usize>) -> Index {
    let catalog: Catalog = serde_json::from_value(catalog(random)).unwrap();
    let count = count.unwrap_or_else(|| 5 + random.below(40));
    let runs = (0..count).map(|number| {
        let value = serde_json::from_value(run(random, number)).unwrap();
        FromFile { file: format!("runs/run-{number}.yaml"), value }
    });
    let dataset = Dataset { runs: runs.collect(), catalog };
    assert_eq!(dataset.problems(), [], "the made-up data");
    // Through JSON, as the page gets it.
    Index::from_json(&Index::build(&dataset).to_json()).unwrap()
}

fn catalog(random: &mut Random) -> Value {
    // Two families share a month and differ in case; variants have equal names in several families.
    let family = |(name, month): (&str, &str)| {
        let variants = [("a", "1B-it"), ("b", "Émile"), ("c", "70b")]
            .map(|(id, name)| json!({ "id": id, "name": name }));
        json!({ "id": name.to_lowercase(), "name": name, "released": month, "released_source": "made up", "variants": variants })
    };
    let months = ["2026-04", "2026-04-02", "2025-11", "2024-12"];
    let families = ["beta", "Alpha", "Zeta", "delta"].map(|name| (name, random.pick(&months)));
    let quants =
        ["Q4_K_M", "MXFP4", "q8_0"].map(|id| json!({ "id": id, "about": "made up", "source": "made up" }));
    let rig = |n: usize| {
        json!({
            "id": format!("rig-{n}"), "aliases": [format!("old-rig-{n}")], "name": format!("Rig {n} · {} GiB", 8 << n),
            "short": format!("R{n}"), "story": "made up", "sources": ["here"],
        })
    };
    let shapes =
        SHAPES.map(|id| json!({ "id": id, "label": id, "served": id != "pp512", "about": "made up" }));
    json!({
        "families": families.map(family), "quants": quants, "hardware": [rig(0), rig(1), rig(2)], "shapes": shapes,
        "glossary": [], "campaign": [],
        "sources": [{ "id": "here", "name": "made up", "date": "2026-01", "licence": "none" }],
    })
}

fn run(random: &mut Random, number: usize) -> Value {
    let model =
        format!("{}/{}", random.pick(&["beta", "alpha", "zeta", "delta"]), random.pick(&["a", "b", "c"]));
    let backend = json!({
        "engine": random.pick(&["llama.cpp", "vLLM"]),
        "build": random.pick(&["b1", "b22", "0.9"]),
        "accelerator": random.pick(&["cuda", "vulkan", "cpu"]),
    });
    let mut run = json!({
        "schema": 1, "id": format!("run-{number}"), "date": format!("2026-01-{:02}", 1 + number % 28), "model": model,
        "quant": random.pick(&["Q4_K_M", "MXFP4", "q8_0"]), "hardware": format!("rig-{}", random.below(3)),
        "backend": backend, "mode": random.pick(&["baseline", "mtp n=3", "pl-350w"]),
        "timing": random.pick(&["served", "raw"]), "statistic": "mean", "sources": [{ "id": "here" }],
    });
    if random.percent(30) {
        run["power_cap_w"] = json!(200 + 50 * random.below(3));
    }
    if random.percent(15) {
        let low = 1 + random.below(200);
        run["ranges"] = json!([{
            "metric": "decode_tok_per_s", "shapes": ["chat", "rag", "agent"], "concurrency": 1,
            "min": low, "max": low + random.below(50),
        }]);
    } else {
        let count = 1 + random.below(6);
        let mut results: Vec<Value> = Vec::new();
        for result in (0..count).map(|_| result(random)).collect::<Vec<_>>() {
            let cell = |of: &Value| (of["shape"].clone(), of["concurrency"].clone());
            if !results.iter().any(|other| cell(other) == cell(&result)) {
                results.push(result);
            }
        }
        run["results"] = results.into();
    }
    run
}

fn result(random: &mut Random) -> Value {
    let concurrency = [1, 1, 4, 16][random.below(4)];
    let mut result = json!({ "shape": random.pick(&SHAPES), "concurrency": concurrency });
    if random.percent(10) {
        result["failed"] = json!("server died");
        return result;
    }
    // Few different values, so that many are equal.
    let mut value = || json!(1 + random.below(40));
    result["decode_tok_per_s"] = value();
    for metric in Metric::ALL.into_iter().skip(1) {
        let value = value();
        result[metric.key()] = value;
    }
    for metric in Metric::ALL.into_iter().skip(1) {
        if random.percent(50) {
            result.as_object_mut().unwrap().remove(metric.key());
        }
    }
    if random.percent(30) {
        let figure = |random: &mut Random| json!((1 + random.below(900)) as f64 / 8.0);
        result["figures"] = json!({ "ttft_p99_ms": figure(random), "requests": 8 });
        if random.percent(50) {
            result["figures"]["system_output_tok_per_s"] = figure(random);
        }
        if random.percent(10) {
            // Some tools measure nothing else.
            return json!({ "shape": result["shape"], "concurrency": concurrency, "figures": result["figures"] });
        }
    }
    if random.percent(60) {
        // In place of their means. Some scatter little, some much, and some are equal.
        let reach = [1, 10, 200][random.below(3)];
        let level = 100 * (1 + random.below(8));
        let repetition = |random: &mut Random| {
            let mut rate = || (level + random.below(reach)) as f64 / 10.0;
            json!({ "decode_tok_per_s": rate(), "prefill_tok_per_s": rate() * 10.0 })
        };
        let repetitions: Vec<Value> = (0..1 + random.below(5)).map(|_| repetition(random)).collect();
        for metric in [Metric::Decode, Metric::Prefill] {
            result.as_object_mut().unwrap().remove(metric.key());
        }
        result["repetitions"] = json!(repetitions);
    }
    result
}

/// Any selection that controls can make.
pub(crate) fn selection(random: &mut Random, index: &Index, choices: &Choices) -> Selection {
    let slug = |random: &mut Random| configuration_slug(index, random.below(index.configuration_count()));
    let mut words = |count: usize, word: &dyn Fn(&mut Random) -> String| {
        let mut words: Vec<String> = (0..random.below(count)).map(|_| word(random)).collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let (folded, open) =
        (words(3, &|random| random.pick(&["alpha", "rig-1", "q8_0"]).to_owned()), words(4, &slug));
    let pinned = words(4, &slug);
    let model = random.percent(20).then(|| "alpha.one".to_owned());
    let facets = Facet::ALL.map(|facet| random.some(facet.choices(choices).len()));
    let [hardware, backend, quant, mode] = facets;
    let search = ["", "", "", "alpha", "  ÉMILE ", "b2 cuda", "rig 8", "100%", "a+b & c=d"];
    Selection {
        view: View::ALL[random.below(View::ALL.len())],
        metric: Metric::ALL[random.below(Metric::ALL.len())],
        shape: random.percent(30).then(|| random.below(choices.shape.len())),
        concurrency: match random.below(choices.concurrency.len() + 2) {
            0 => Concurrency::All,
            n => Concurrency::Only(choices.concurrency.get(n - 1).copied().unwrap_or(choices.concurrency[0])),
        },
        hardware,
        backend,
        quant,
        mode,
        search: random.pick(&search).to_owned(),
        sort: random.percent(50).then(|| Sort {
            column: Column::ALL[random.below(Column::ALL.len())],
            descending: random.percent(50),
        }),
        grouping: Grouping::ALL[random.below(Grouping::ALL.len())],
        folded,
        open,
        model,
        pinned,
        all_bars: random.percent(20),
        theme: [None, Some(Theme::Light), Some(Theme::Dark)][random.below(3)],
    }
}
