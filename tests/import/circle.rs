//! What is written as a run file is read back as it was.

use std::collections::BTreeMap;
use std::fs;

use tokscope::export::yaml::write_run;
use tokscope::import::{read, read_data_dir, read_run};
use tokscope::model::run::{
    Accelerator, Backend, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use tokscope::model::{Figure, Metric, Positive};

use super::random::Random;
use super::{date, fixtures, known, root};

fn comes_back(run: &Run) {
    let text = write_run(run);
    let (read, findings) = read_run(&text, "run.yaml");
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(findings, [""; 0], "{text}");
    assert_eq!(read.as_ref(), Some(run), "{text}");
    assert!(text.lines().all(|line| line == line.trim_end()), "{text:?}");
}

/// Texts that YAML, people and terminals take for something else.
const ODD: [&str; 36] = [
    "",
    " ",
    "a",
    "no",
    "True",
    "null",
    "~",
    "595",
    "1e3",
    "0x1F",
    "1_000",
    "2026-05-16",
    "12:30",
    ".5",
    "-",
    "- a",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#a",
    "[a]",
    "{a: 1}",
    "a, b",
    "\"a\"",
    "'a'",
    "a'b\"c",
    "a\\b",
    "&x",
    "*x",
    "!t",
    "|",
    "> x",
    "a\nb",
    "\t",
    "\u{feff}\u{85}\u{2028}\u{202e}\u{0}\u{7f}𝄞é\u{e000}",
];

struct Maker(Random);

impl Maker {
    fn text(&mut self) -> String {
        let odd = ODD[self.0.below(ODD.len())];
        match self.0.below(4) {
            0 => odd.to_owned(),
            1 => format!("{odd} {}", ODD[self.0.below(ODD.len())]),
            // Long enough to be folded, with odd words among the others.
            2 => (0..self.0.below(60))
                .map(|_| ["word", "a:", "#", "-", "(x)"][self.0.below(5)])
                .collect::<Vec<_>>()
                .join(" "),
            _ => (0..self.0.below(40))
                .map(|_| char::from_u32(u32::try_from(self.0.below(0x3000)).unwrap()).unwrap())
                .collect(),
        }
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.0.below(2) == 0).then(|| make(self))
    }

    fn number(&mut self) -> Positive {
        let exponent = i32::try_from(self.0.below(14)).unwrap() - 6;
        let number = self.0.unit() * 10_f64.powi(exponent);
        Positive::try_from(if self.0.below(3) == 0 { number.ceil() } else { number }).unwrap()
    }

    fn count(&mut self) -> u32 {
        u32::try_from(self.0.next() >> 33).unwrap()
    }

    fn map(&mut self) -> BTreeMap<String, String> {
        (0..self.0.below(4)).map(|_| (self.text(), self.text())).collect()
    }

    fn list<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.0.below(4)).map(|_| make(self)).collect()
    }

    fn settings(&mut self) -> Settings {
        Settings {
            context_tokens: self.maybe(Self::count),
            max_output_tokens: self.maybe(Self::count),
            warmup_repetitions: self.maybe(Self::count),
            flash_attention: self.maybe(|maker| maker.0.below(2) == 0),
            kv_type: self.maybe(Self::text),
            mmap: self.maybe(|maker| maker.0.below(2) == 0),
            gpu_layers: self.maybe(Self::count),
            draft_tokens: self.maybe(Self::count),
            temperature: self.maybe(Self::text),
            other: self.map(),
        }
    }

    fn repetition(&mut self) -> Repetition {
        Repetition {
            decode_tok_per_s: Some(self.number()),
            prefill_tok_per_s: self.maybe(Self::number),
            ttft_ms: self.maybe(Self::number),
            prompt_tokens: self.maybe(Self::count),
            output_tokens: self.maybe(Self::count),
        }
    }

    fn result(&mut self) -> ResultEntry {
        let metrics = self.list(|maker| Metric::ALL[maker.0.below(Metric::ALL.len())]);
        let every: Vec<Figure> = Figure::all().collect();
        let figures = self.list(|maker| (every[maker.0.below(every.len())], maker.number()));
        ResultEntry {
            shape: self.text(),
            concurrency: u16::try_from(self.0.below(65_536)).unwrap(),
            failed: self.maybe(Self::text),
            decode_tok_per_s: self.maybe(Self::number),
            prefill_tok_per_s: self.maybe(Self::number),
            ttft_ms: self.maybe(Self::number),
            tpot_ms: self.maybe(Self::number),
            end_to_end_ms: self.maybe(Self::number),
            output_tok_per_s: self.maybe(Self::number),
            load_s: self.maybe(Self::number),
            prompt_tokens: self.maybe(Self::count),
            output_tokens: self.maybe(Self::count),
            published: metrics.into_iter().map(|metric| (metric, self.text())).collect(),
            figures: figures.into_iter().collect(),
            repetitions: self.list(Self::repetition),
            note: self.maybe(Self::text),
        }
    }

    fn run(&mut self) -> Run {
        let shapes = |maker: &mut Self| maker.list(Self::text);
        Run {
            schema: self.count(),
            id: self.text(),
            date: date(["2026-05", "2026-05-16", "2026-02-22T19:42Z"][self.0.below(3)]),
            model: self.text(),
            quant: self.text(),
            file_size_gib: self.maybe(Self::number),
            file_size_approximate: self.0.below(2) == 0,
            hardware: self.text(),
            power_cap_w: self.maybe(Self::number),
            driver: self.maybe(Self::text),
            backend: Backend {
                engine: self.text(),
                build: self.maybe(Self::text),
                accelerator: Accelerator::ALL[self.0.below(Accelerator::ALL.len())],
                runtime: self.maybe(Self::text),
            },
            mode: self.maybe(Self::text).unwrap_or_else(|| "baseline".to_owned()),
            timing: [Timing::Served, Timing::Raw][self.0.below(2)],
            statistic: [Statistic::Mean, Statistic::Median, Statistic::Single, Statistic::Unknown]
                [self.0.below(4)],
            repetitions: self.maybe(Self::count),
            settings: self.settings(),
            sources: vec![SourceRef { id: self.text(), place: self.maybe(Self::text), says: self.map() }],
            notes: self.list(Self::text),
            results: self.list(Self::result),
            ranges: self.list(|maker| RangeEntry {
                metric: Metric::ALL[maker.0.below(Metric::ALL.len())],
                shapes: shapes(maker),
                concurrency: 1,
                min: maker.number(),
                max: maker.number(),
            }),
        }
    }
}

#[test]
fn any_run_comes_back() {
    let mut maker = Maker(Random::new(11));
    for _ in 0..1_500 {
        comes_back(&maker.run());
    }
}

#[test]
fn the_bundled_runs_come_back_in_the_style_they_have() {
    let data = read_data_dir(&root().join("data"));
    let mut equal = 0;
    for run in &data.dataset.runs {
        comes_back(&run.value);
        let there = fs::read_to_string(root().join("data").join(&run.file)).unwrap();
        equal += usize::from(there == write_run(&run.value));
    }
    // Files that people wrote wrap and quote some texts otherwise.
    assert!(equal * 2 > data.dataset.runs.len(), "{equal} of {}", data.dataset.runs.len());
}

#[test]
fn imported_runs_come_back() {
    for (name, bytes) in fixtures() {
        let imported = read(&bytes, &known());
        assert!(!imported.runs.is_empty(), "{name}");
        imported.runs.iter().for_each(comes_back);
    }
}
