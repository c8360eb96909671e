//! Settings in the words of the reports: the line about the benchmark, flags, labels of backends.

use super::cells::{self, unescape};
use crate::model::run::{Accelerator, Settings, Statistic};

/// Most flags that one place may name; a report has a handful.
const MOST_FLAGS: usize = 32;

/// Takes flags out of a list such as `flash-attn, q4_0 KV`; gives back what is none, as a text.
pub(super) fn take_flags(text: &str, settings: &mut Settings) -> String {
    let separator = if text.contains(';') { ';' } else { ',' };
    let mut rest: Vec<&str> = Vec::new();
    for (position, part) in text.split(separator).enumerate() {
        let part = part.trim();
        if !part.is_empty() && (position >= MOST_FLAGS || !take_flag(part, settings)) {
            rest.push(part);
        }
    }
    // Text without a flag stays as it is, blanks and all.
    if rest.len() == text.split(separator).count() {
        return text.trim().to_owned();
    }
    rest.join(if separator == ';' { "; " } else { ", " })
}

/// Takes one flag; false where the words are none.
fn take_flag(flag: &str, settings: &mut Settings) -> bool {
    match flag.split(" (").next().unwrap_or(flag) {
        "flash-attn" | "flash attention" => settings.flash_attention = Some(true),
        "no flash-attn" | "no flash attention" => settings.flash_attention = Some(false),
        "mmap" | "mmap enabled" => settings.mmap = Some(true),
        "--no-mmap" | "no mmap" => settings.mmap = Some(false),
        "no GPU offload" => settings.gpu_layers = Some(0),
        other => {
            let kv_type = other.strip_suffix(" cache").unwrap_or(other).strip_suffix(" KV");
            if let Some(kv_type) = kv_type.filter(|name| !name.contains(' ')) {
                settings.kv_type = Some(kv_type.to_owned());
                return true;
            }
            return take_assignment(flag, settings);
        }
    }
    true
}

/// Takes `NAME=value`.
fn take_assignment(flag: &str, settings: &mut Settings) -> bool {
    let Some((name, value)) = flag.split_once('=') else { return false };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty()
        || value.is_empty()
        || !name.chars().all(is_name)
        || value.contains(char::is_whitespace)
    {
        return false;
    }
    let count = value.parse::<u32>();
    match (name, count) {
        ("n_gpu_layers" | "gpu_layers", Ok(count)) => settings.gpu_layers = Some(count),
        ("draft_tokens", Ok(count)) => settings.draft_tokens = Some(count),
        ("temperature", _) => settings.temperature = Some(unescape(value)),
        _ => {
            settings.other.insert(name.to_owned(), unescape(value));
        }
    }
    true
}

/// What the line about the benchmark says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Benchmark {
    pub(super) repetitions: Option<u32>,
    pub(super) statistic: Option<Statistic>,
    pub(super) warmup_repetitions: Option<u32>,
    pub(super) max_output_tokens: Option<u32>,
    pub(super) context_tokens: Option<u32>,
}

/// Reads `3-run average after 1 warmup; 128 max generated tokens; 8192 context`.
pub(super) fn benchmark(text: &str) -> Benchmark {
    let mut read = Benchmark::default();
    let count = |word: &str| cells::tokens(word).ok().flatten();
    for part in text.split(';') {
        let words: Vec<&str> = part.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| words.get(at)).and_then(|word| count(word));
            match *word {
                "average" | "mean" => read.statistic = Some(Statistic::Mean),
                "median" => read.statistic = Some(Statistic::Median),
                "single" => read.statistic = Some(Statistic::Single),
                "warmup" | "warmups" | "warm-up" => read.warmup_repetitions = before,
                "max" => read.max_output_tokens = before,
                "context" => read.context_tokens = before,
                word => {
                    if let Some(runs) = word.strip_suffix("-run").and_then(count) {
                        read.repetitions = Some(runs);
                    }
                }
            }
        }
    }
    read
}

/// A backend as a report names it: `ROCm 7.2`, `Vulkan (mmap)`, `CPU (Vulkan image, n_gpu_layers=0)`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Label {
    pub(in crate::import) accelerator: Accelerator,
    /// `ROCm 7.2`: the name with its version, where it has one.
    pub(in crate::import) runtime: Option<String>,
    /// What stands in parentheses and is no flag, and words that are no version.
    pub(super) remark: String,
    pub(super) settings: Settings,
}

/// Reads the label of a backend; `None` where its first word is no accelerator.
pub(in crate::import) fn label(cell: &str) -> Option<Label> {
    let cell = unescape(&cell.replace("**", ""));
    let (name, inside) = cell.split_once('(').unwrap_or((&cell, ""));
    let name = name.trim();
    let (first, version) = name.split_once(' ').unwrap_or((name, ""));
    let accelerator = accelerator(first)?;
    let has_version = version.starts_with(|c: char| c.is_ascii_digit());
    let mut settings = Settings::default();
    let inside = take_flags(inside.trim_end().trim_end_matches(')'), &mut settings);
    let words = if has_version { "" } else { version.trim() };
    let remark = match (words, &*inside) {
        (words, "") => words.to_owned(),
        ("", inside) => inside.to_owned(),
        (words, inside) => format!("{words} ({inside})"),
    };
    Some(Label { accelerator, runtime: has_version.then(|| name.to_owned()), remark, settings })
}

/// The accelerator of a word, whatever its case.
pub(super) fn accelerator(word: &str) -> Option<Accelerator> {
    Accelerator::ALL.into_iter().find(|accelerator| accelerator.slug().eq_ignore_ascii_case(word))
}

/// A backend inside running text: `K8s Job (Vulkan backend, mmap enabled)`.
pub(super) fn label_in_text(text: &str) -> Option<Label> {
    let before = text.split(" backend").next().filter(|before| before.len() < text.len())?;
    let word = before.rsplit([' ', '(']).next()?;
    let accelerator = accelerator(word)?;
    let mut settings = Settings::default();
    let after = text.get(before.len() + " backend".len()..).unwrap_or_default();
    take_flags(after.split(')').next().unwrap_or_default(), &mut settings);
    Some(Label { accelerator, runtime: None, remark: String::new(), settings })
}

/// Joins what is stated in several places; what was stated first stays.
pub(super) fn add(to: &mut Settings, from: &Settings) {
    fn fill<T: Clone>(to: &mut Option<T>, from: &Option<T>) {
        if to.is_none() {
            to.clone_from(from);
        }
    }
    fill(&mut to.context_tokens, &from.context_tokens);
    fill(&mut to.max_output_tokens, &from.max_output_tokens);
    fill(&mut to.warmup_repetitions, &from.warmup_repetitions);
    fill(&mut to.flash_attention, &from.flash_attention);
    fill(&mut to.kv_type, &from.kv_type);
    fill(&mut to.mmap, &from.mmap);
    fill(&mut to.gpu_layers, &from.gpu_layers);
    fill(&mut to.draft_tokens, &from.draft_tokens);
    fill(&mut to.temperature, &from.temperature);
    for (name, value) in &from.other {
        to.other.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn flags_become_settings_and_the_rest_stays() {
        let mut settings = Settings::default();
        let rest = take_flags("flash-attn, q4_0 KV, text-only (no mmproj), GGML_X=1", &mut settings);
        assert_eq!(rest, "text-only (no mmproj)");
        assert_eq!((settings.flash_attention, settings.kv_type.as_deref()), (Some(true), Some("q4_0")));
        assert_eq!(settings.other.get("GGML_X").map(String::as_str), Some("1"));

        let mut settings = Settings::default();
        assert_eq!(take_flags("mmap enabled (no --no-mmap); LLAMA_HIP_UMA=ON", &mut settings), "");
        assert_eq!((settings.mmap, settings.other.len()), (Some(true), 1));
    }

    #[test]
    fn the_line_about_the_benchmark_is_read() {
        let read = benchmark("3-run average after 1 warmup; 128 max tokens; 8192 context");
        assert_eq!(read.statistic, Some(Statistic::Mean));
        assert_eq!((read.repetitions, read.warmup_repetitions), (Some(3), Some(1)));
        assert_eq!((read.max_output_tokens, read.context_tokens), (Some(128), Some(8192)));
        assert_eq!(benchmark("by hand"), Benchmark::default());
    }

    #[test]
    fn labels_of_backends_are_taken_apart() {
        let rocm = label("ROCm 7.2 (--no-mmap)").unwrap();
        assert_eq!((rocm.accelerator, rocm.runtime.as_deref()), (Accelerator::Rocm, Some("ROCm 7.2")));
        assert_eq!((rocm.settings.mmap, &*rocm.remark), (Some(false), ""));
        let cpu = label("CPU (Vulkan image, n_gpu_layers=0)").unwrap();
        assert_eq!((cpu.accelerator, cpu.settings.gpu_layers), (Accelerator::Cpu, Some(0)));
        assert_eq!((&*cpu.remark, cpu.runtime), ("Vulkan image", None));
        let integrated = label("Vulkan iGPU (gfx909, 7 CU)").unwrap();
        assert_eq!((integrated.runtime, &*integrated.remark), (None, "iGPU (gfx909, 7 CU)"));
        assert_eq!(label("Abacus"), None);
        let text = label_in_text("K8s Job (Vulkan backend, mmap enabled)").unwrap();
        assert_eq!((text.accelerator, text.settings.mmap), (Accelerator::Vulkan, Some(true)));
        assert_eq!(label_in_text("a backend"), None);
    }
}
