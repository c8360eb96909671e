//! The charts that are kept as pictures.
//!
//! Speeds of the first cases are those published for ten models on a GeForce RTX 5070, Q4_K_M, one request
//! in flight, by workload shape.

use tokscope::charts::spec::Spread;
use tokscope::charts::{Bar, BarChart, Kind, Look, Series, Theme};

/// One picture.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) spec: BarChart,
    pub(crate) width: f64,
    pub(crate) look: Look,
}

const LIGHT: Look = Look::Fixed(Theme::LIGHT);
const DARK: Look = Look::Fixed(Theme::DARK);

/// Model; decode tok/s for chat, rag, codegen, agent.
const SPEEDS: [(&str, [f64; 4]); 10] = [
    ("LFM2.5-350M", [761.9, 792.4, 861.4, 824.4]),
    ("LFM2 1.2B", [508.7, 485.5, 529.6, 513.2]),
    ("LFM2 1.2B-Tool", [499.9, 475.8, 522.1, 504.5]),
    ("LFM2 8B-A1B", [336.1, 319.2, 364.9, 355.0]),
    ("LFM2 2.6B", [259.5, 249.9, 268.6, 262.7]),
    ("Gemma-4 E2B-it", [211.9, 206.5, 216.7, 209.5]),
    ("Gemma-3 4b-it", [156.6, 136.4, 157.9, 151.3]),
    ("Gemma-4 E4B-it", [124.3, 120.5, 126.8, 123.2]),
    ("Qwen2.5-Coder 7B-Instruct", [117.2, 110.5, 119.4, 114.5]),
    ("granite-4.1 8b", [97.6, 91.5, 98.5, 94.6]),
];

const DETAIL: &str = "Q4_K_M · GeForce RTX 5070 · 11.94 GiB · llama.cpp b9174 (cuda)";

pub(crate) fn all() -> Vec<Case> {
    let case = |name, spec, width, look| Case { name, spec, width, look };
    vec![
        case("chat", chat(), 720.0, LIGHT),
        case("chat-dark", chat(), 720.0, DARK),
        case("chat-auto", chat(), 720.0, Look::Auto),
        case("chat-320", chat(), 320.0, LIGHT),
        case("chat-1100", chat(), 1100.0, LIGHT),
        case("range", range(), 720.0, LIGHT),
        case("range-320-dark", range(), 320.0, DARK),
        case("one-bar", one_bar(), 720.0, LIGHT),
        case("no-bars", no_bars(), 720.0, LIGHT),
        case("sixty-bars", sixty_bars(), 720.0, LIGHT),
        case("series", every_series(), 720.0, LIGHT),
        case("series-320-dark", every_series(), 320.0, DARK),
        case("lower-is-better", time_to_first_token(), 720.0, LIGHT),
        case("left-out", left_out(), 720.0, LIGHT),
        case("long-labels", long_labels(), 720.0, LIGHT),
        case("long-labels-320", long_labels(), 320.0, LIGHT),
        case("hostile-labels", hostile_labels(), 720.0, LIGHT),
        case("without-detail", without_detail(), 720.0, LIGHT),
        case("without-detail-320", without_detail(), 320.0, LIGHT),
        case("tiny-and-huge", tiny_and_huge(), 720.0, LIGHT),
        case("all-zero", all_zero(), 720.0, LIGHT),
        case("forced-colours", every_series(), 720.0, Look::Fixed(forced())),
        case("compared", compared(), 720.0, LIGHT),
        case("compared-dark", compared(), 720.0, DARK),
        case("compared-320", compared(), 320.0, LIGHT),
        case("compared-320-dark", compared(), 320.0, DARK),
        case("compared-auto", compared(), 720.0, Look::Auto),
        case("spreads", spreads(), 720.0, LIGHT),
        case("spreads-320-dark", spreads(), 320.0, DARK),
    ]
}

pub(crate) fn bar(label: &str, detail: &str, ends: (f64, f64), series: Series) -> Bar {
    let (low, high) = ends;
    let value_text = if low == high { format!("{low:.1}") } else { format!("{low:.1}–{high:.1}") };
    let (label, detail) = (label.to_owned(), detail.to_owned());
    Bar { label, detail, low, high, value_text, series, spread: None, results: Vec::new() }
}

fn speed(id: &str, title: &str) -> BarChart {
    BarChart::new(id, title, "tok/s")
}

pub(crate) fn chat() -> BarChart {
    let bars = SPEEDS.map(|(model, [chat, ..])| bar(model, DETAIL, (chat, chat), Series::Cuda));
    speed("chat", "Decode tok/s at concurrency 1 for chat").with_bars(bars.to_vec())
}

fn range() -> BarChart {
    let bars = SPEEDS.map(|(model, values)| {
        let ends = (values.into_iter().fold(f64::MAX, f64::min), values.into_iter().fold(0.0, f64::max));
        bar(model, DETAIL, ends, Series::Cuda)
    });
    speed("range", "Model speed range")
        .with_kind(Kind::Range)
        .with_note("Smallest and largest decode tok/s over chat, RAG, codegen and agent at concurrency 1.")
        .with_bars(bars.to_vec())
}

fn one_bar() -> BarChart {
    speed("one", "Decode tok/s for rag").with_bars(vec![bar(
        "LFM2 2.6B",
        DETAIL,
        (249.9, 249.9),
        Series::Cuda,
    )])
}

fn no_bars() -> BarChart {
    speed("none", "Decode tok/s at concurrency 64 for agent")
}

fn sixty_bars() -> BarChart {
    let bars = (0..60).map(|n| {
        let value = 900.0 / f64::from(n + 1);
        bar(&format!("Model {n}"), "Q8_0 · Strix Halo", (value, value), Series::ALL[n as usize % 6])
    });
    speed("sixty", "Sixty configurations").with_bars(bars.collect())
}

fn every_series() -> BarChart {
    let rows = [
        ("RTX 5070", "llama.cpp b9174 (cuda)", 211.9),
        ("RX 7900 XTX", "llama.cpp b8940 (rocm)", 187.2),
        ("RX 7900 XTX", "llama.cpp b8940 (vulkan)", 172.8),
        ("Ryzen 9950X", "llama.cpp b8940 (cpu)", 24.1),
        ("M3 Max", "llama.cpp b8940 (metal)", 131.0),
        ("Arc B580", "llama.cpp b8940 (sycl)", 88.4),
    ];
    let bars = Series::ALL.into_iter().zip(rows).map(|(series, (rig, backend, value))| {
        bar("Gemma-4 E2B-it", &format!("Q4_K_M · {rig} · {backend}"), (value, value), series)
    });
    speed("series", "Backends compared: Gemma-4 E2B-it").with_bars(bars.collect())
}

fn time_to_first_token() -> BarChart {
    let bars = [("LFM2 2.6B", 59.0), ("Gemma-4 E4B-it", 412.0), ("GPT-OSS 120B", 5620.0)];
    let bars = bars.map(|(model, ms)| bar(model, "Q4_K_M · Strix Halo · 96 GiB", (ms, ms), Series::Vulkan));
    BarChart::new("ttft", "Time to first token for rag", "ms")
        .with_lower_is_better(true)
        .with_bars(bars.to_vec())
}

fn left_out() -> BarChart {
    let ends = [(120.0, 120.0), (f64::NAN, f64::NAN), (80.0, f64::INFINITY), (-3.0, 40.0), (64.0, 64.0)];
    let bars = ends.map(|ends| bar("Gemma-4 E2B-it", DETAIL, ends, Series::Cuda));
    speed("left-out", "Some values are no numbers").with_bars(bars.to_vec())
}

fn long_labels() -> BarChart {
    let model =
        "Nous-Hermes-2-Mixtral-8x7B-DPO-distilled-abliterated-reasoning-instruct-128k-preview-2026-05";
    let detail =
        format!("{DETAIL} · mtp n=3 · pl-350w · flash attention · KV q8_0 · ubatch 2048 · 32 threads");
    let title = "Decode tok/s at concurrency 1 for retrieval-augmented generation with an unusually long \
                 description of the workload, its prompt, its answer and its hidden reasoning";
    let bars = [
        bar(model, &detail, (97.6, 97.6), Series::Rocm),
        bar(&model.replace('-', ""), &detail, (61.2, 64.9), Series::Vulkan),
        bar("Short", "Q4_0", (1.5, 1.5), Series::Rocm),
    ];
    speed("long", title).with_kind(Kind::Range).with_bars(bars.to_vec())
}

pub(crate) fn hostile_labels() -> BarChart {
    let labels = [
        ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)> & 'quotes' \" onload=\"x"),
        ("🦀 Crab 👩‍👩‍👧‍👦 family 👍🏽", "漢字 のモデル · 한국어 · emoji 🚀🚀🚀"),
        ("نموذج اللغة", "مرحبا · Q4_K_M · שלום"),
        (
            "tab\tnew\nline\u{0}\u{1b}[31m\u{7f}\u{85}",
            "bidi \u{202e}txet desrever\u{2066} end \u{ffff}\u{fdd0}",
        ),
        ("]]> &amp; &#0; %s {} ${x}", "Z\u{310}\u{311}\u{312}a\u{300}\u{301}lgo e\u{301}"),
        ("", ""),
    ];
    let bars = labels.iter().enumerate().map(|(at, (label, detail))| {
        let value = 60.0 - 9.0 * f64::from(u8::try_from(at).unwrap());
        bar(label, detail, (value, value), Series::ALL[at])
    });
    BarChart::new("a\"><b onload=\"x", "Labels of <others> & \"friends\"\u{8}", "tok/s")
        .with_note("A note with ]]> and <b>markup</b>\u{3}")
        .with_bars(bars.collect())
}

fn without_detail() -> BarChart {
    let bars = SPEEDS.map(|(model, [_, rag, ..])| bar(model, "", (rag, rag), Series::Cuda));
    speed("plain", "Decode tok/s for rag").with_bars(bars[..5].to_vec())
}

fn tiny_and_huge() -> BarChart {
    let values = [1e9, 1_234_567.8, 12.5, 0.001, 5e-324, 0.0];
    let bars =
        values.map(|value| bar(&format!("{value:e}"), "one axis for all", (value, value), Series::Metal));
    BarChart::new("span", "From nothing to a thousand million", "GB").with_bars(bars.to_vec())
}

fn all_zero() -> BarChart {
    let bars = ["A", "B"].map(|label| bar(label, "measured, and nothing came", (0.0, 0.0), Series::Cpu));
    speed("zero", "All are zero").with_bars(bars.to_vec())
}

/// A bar of repetitions: their mean, and a sample deviation to each side, never below zero.
fn repeated(label: &str, detail: &str, repetitions: &[f64], series: Series) -> Bar {
    let n = repetitions.len() as f64;
    let mean = repetitions.iter().sum::<f64>() / n;
    let squares: f64 = repetitions.iter().map(|value| (value - mean).powi(2)).sum();
    let several = repetitions.len() > 1;
    let deviation = if several { (squares / (n - 1.0)).sqrt() } else { 0.0 };
    let plus_minus = if several { format!(" ±{deviation:.1}") } else { String::new() };
    Bar {
        value_text: format!("{mean:.1}{plus_minus}"),
        spread: Some(Spread {
            ends: ((mean - deviation).max(0.0), mean + deviation),
            repetitions: repetitions.to_vec(),
        }),
        ..bar(label, detail, (mean, mean), series)
    }
}

/// Prefill of MiniMax M2.5 REAP 139B on Strix Halo under three backends, as published.
fn compared() -> BarChart {
    let detail = "MXFP4 · Strix Halo 128 GB · 3 repetitions";
    let bars = vec![
        repeated("llama.cpp (ROCm 7.2)", detail, &[176.09, 171.02, 171.18], Series::Rocm),
        repeated("llama.cpp (vulkan)", detail, &[176.6, 187.26, 186.71], Series::Vulkan),
        repeated("llama.cpp (cpu)", detail, &[51.32, 49.63, 49.4], Series::Cpu),
    ];
    speed("compared", "Prefill tok/s: MiniMax M2.5 REAP 139B").with_bars(bars)
}

/// What repetitions can look like at their worst.
fn spreads() -> BarChart {
    let thirty: Vec<f64> = (0..30).map(|n| 80.0 + f64::from(n * 7 % 30)).collect();
    let with = |label: &str, repetitions: &[f64]| {
        let detail = format!("n = {}", repetitions.len());
        repeated(label, &detail, repetitions, Series::Vulkan)
    };
    let bars = vec![
        with("Equal repetitions", &[90.0, 90.0, 90.0]),
        with("One repetition", &[70.0]),
        with("Whisker cut at zero", &[1.0, 2.0, 60.0]),
        with("Thirty repetitions", &thirty),
        with("One far beyond the bar", &[20.0, 21.0, 22.0, 140.0]),
        with("At zero", &[0.0, 0.0]),
        bar("Without repetitions", "", (50.0, 50.0), Series::Vulkan),
    ];
    speed("spreads", "Repetitions of every kind").with_bars(bars)
}

/// A high-contrast palette of a desktop.
pub(crate) fn forced() -> Theme {
    use tokscope::charts::Rgb;
    Theme::forced(Rgb(255, 255, 255), Rgb(0, 0, 0), Rgb(26, 235, 255), Rgb(63, 242, 63))
}
