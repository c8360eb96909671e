//! Run files: YAML in the style of `data/runs/`.
//!
//! What is written is read back identical. Texts are plain where every reader of YAML takes them for text, long
//! ones are folded, everything else is in double quotes.

use std::fmt::Write as _;

use crate::model::catalog::Shape;
use crate::model::run::{
    Backend, RangeEntry, Repetition, ResultEntry, Run, Settings, SourceRef, Statistic, Timing,
};
use crate::model::{Metric, Positive};

/// Longest line of folded text, in characters.
const WIDTH: usize = 100;

/// A run as the text of its file.
pub fn write_run(run: &Run) -> String {
    // A little more than most need: memory that grows is copied each time.
    let repetitions: usize = run.results.iter().map(|result| result.repetitions.len()).sum();
    let mut out = Writer(String::with_capacity(2_000 + 300 * run.results.len() + 80 * repetitions));
    out.line(0, "schema", &run.schema.to_string());
    // Always in quotes, for both may look like a number or a date.
    out.line(0, "id", &quoted(&run.id));
    out.line(0, "date", &quoted(run.date.as_str()));
    out.text(0, "model", &run.model);
    out.text(0, "quant", &run.quant);
    out.number(0, "file_size_gib", run.file_size_gib);
    if run.file_size_approximate {
        out.line(0, "file_size_approximate", "true");
    }
    out.text(0, "hardware", &run.hardware);
    out.number(0, "power_cap_w", run.power_cap_w);
    out.optional(0, "driver", run.driver.as_deref());
    out.backend(&run.backend);
    if run.mode != "baseline" {
        out.text(0, "mode", &run.mode);
    }
    out.line(0, "timing", timing(run.timing));
    out.line(0, "statistic", statistic(run.statistic));
    out.count(0, "repetitions", run.repetitions);
    out.settings(&run.settings);
    out.list("sources", &run.sources, Writer::source);
    out.list("notes", &run.notes, |out, note| out.item(2, note));
    out.list("results", &run.results, Writer::result);
    out.list("ranges", &run.ranges, Writer::range);
    out.0
}

/// Shapes as items of the list in `shapes.yaml`.
pub fn write_shapes(shapes: &[Shape]) -> String {
    let mut out = Writer(String::new());
    for shape in shapes {
        let start = out.0.len();
        out.text(4, "id", &shape.id);
        out.text(4, "label", &shape.label);
        out.line(4, "served", if shape.served { "true" } else { "false" });
        out.text(4, "about", &shape.about);
        out.count(4, "prompt_tokens_min", shape.prompt_tokens_min);
        out.count(4, "prompt_tokens_max", shape.prompt_tokens_max);
        out.count(4, "output_tokens_min", shape.output_tokens_min);
        out.count(4, "output_tokens_max", shape.output_tokens_max);
        out.dash(start);
    }
    out.0
}

const fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Served => "served",
        Timing::Raw => "raw",
    }
}

const fn statistic(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Mean => "mean",
        Statistic::Median => "median",
        Statistic::Single => "single",
        Statistic::Unknown => "unknown",
    }
}

pub(super) struct Writer(pub(super) String);

impl Writer {
    /// A line whose key and value are YAML already.
    pub(super) fn line(&mut self, indent: usize, key: &str, value: &str) {
        self.0.extend(std::iter::repeat_n(' ', indent));
        self.0.push_str(key);
        self.0.push_str(if value.is_empty() { ":" } else { ": " });
        self.0.push_str(value);
        self.0.push('\n');
    }

    pub(super) fn text(&mut self, indent: usize, key: &str, text: &str) {
        match folded(text, indent + 2) {
            Some(folded) => self.line(indent, key, &folded),
            None => self.line(indent, key, &scalar(text)),
        }
    }

    pub(super) fn optional(&mut self, indent: usize, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(indent, key, text);
        }
    }

    pub(super) fn number(&mut self, indent: usize, key: &str, number: Option<Positive>) {
        if let Some(number) = number {
            self.line(indent, key, &exact(number));
        }
    }

    pub(super) fn count(&mut self, indent: usize, key: &str, count: Option<u32>) {
        if let Some(count) = count {
            self.line(indent, key, &count.to_string());
        }
    }

    fn truth(&mut self, indent: usize, key: &str, truth: Option<bool>) {
        if let Some(truth) = truth {
            self.line(indent, key, if truth { "true" } else { "false" });
        }
    }

    pub(super) fn list<T>(&mut self, key: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        if !items.is_empty() {
            self.line(0, key, "");
            items.iter().for_each(|item| write(self, item));
        }
    }

    /// An item of a list of texts.
    pub(super) fn item(&mut self, indent: usize, text: &str) {
        let value = folded(text, indent + 2).unwrap_or_else(|| scalar(text));
        let _written = writeln!(self.0, "{:indent$}- {value}", "");
    }

    /// Turns the first line that was written since into the start of an item.
    pub(super) fn dash(&mut self, start: usize) {
        self.0.replace_range(start + 2..start + 3, "-");
    }

    fn backend(&mut self, backend: &Backend) {
        self.line(0, "backend", "");
        self.text(2, "engine", &backend.engine);
        self.optional(2, "build", backend.build.as_deref());
        self.line(2, "accelerator", backend.accelerator.slug());
        self.optional(2, "runtime", backend.runtime.as_deref());
    }

    fn settings(&mut self, settings: &Settings) {
        if settings.is_empty() {
            return;
        }
        self.line(0, "settings", "");
        self.count(2, "context_tokens", settings.context_tokens);
        self.count(2, "max_output_tokens", settings.max_output_tokens);
        self.count(2, "warmup_repetitions", settings.warmup_repetitions);
        self.truth(2, "flash_attention", settings.flash_attention);
        self.optional(2, "kv_type", settings.kv_type.as_deref());
        self.truth(2, "mmap", settings.mmap);
        self.count(2, "gpu_layers", settings.gpu_layers);
        self.count(2, "draft_tokens", settings.draft_tokens);
        self.optional(2, "temperature", settings.temperature.as_deref());
        self.map("other", settings.other.iter().map(|(name, value)| (name.as_str(), value.as_str())), 2);
    }

    fn map<'a>(&mut self, key: &str, mut pairs: impl Iterator<Item = (&'a str, &'a str)>, indent: usize) {
        if let Some(first) = pairs.next() {
            self.line(indent, key, "");
            for (name, value) in std::iter::once(first).chain(pairs) {
                self.text(indent + 2, &scalar(name), value);
            }
        }
    }

    fn source(&mut self, source: &SourceRef) {
        let start = self.0.len();
        self.text(4, "id", &source.id);
        self.optional(4, "place", source.place.as_deref());
        self.map("says", source.says.iter().map(|(field, words)| (field.as_str(), words.as_str())), 4);
        self.dash(start);
    }

    fn result(&mut self, result: &ResultEntry) {
        let start = self.0.len();
        self.text(4, "shape", &result.shape);
        self.line(4, "concurrency", &result.concurrency.to_string());
        self.optional(4, "failed", result.failed.as_deref());
        for metric in Metric::ALL {
            self.number(4, metric.key(), result.stated(metric));
        }
        self.count(4, "prompt_tokens", result.prompt_tokens);
        self.count(4, "output_tokens", result.output_tokens);
        self.map("published", result.published.iter().map(|(metric, cell)| (metric.key(), cell.as_str())), 4);
        if !result.figures.is_empty() {
            self.line(4, "figures", "");
            result.figures.iter().for_each(|(figure, &value)| self.number(6, figure.key(), Some(value)));
        }
        if !result.repetitions.is_empty() {
            self.line(4, "repetitions", "");
            result.repetitions.iter().for_each(|repetition| self.repetition(repetition));
        }
        self.optional(4, "note", result.note.as_deref());
        self.dash(start);
    }

    /// There may be a million of these: each is written where it belongs, without texts in between.
    fn repetition(&mut self, repetition: &Repetition) {
        let Repetition { decode_tok_per_s, prefill_tok_per_s, ttft_ms, prompt_tokens, output_tokens } =
            repetition;
        let mut before = "      - {";
        let out = &mut self.0;
        let mut name = |out: &mut String, name: &str| {
            out.push_str(before);
            out.push_str(name);
            out.push_str(": ");
            before = ", ";
        };
        let rates = [
            ("decode_tok_per_s", decode_tok_per_s),
            ("prefill_tok_per_s", prefill_tok_per_s),
            ("ttft_ms", ttft_ms),
        ];
        for (key, value) in rates {
            if let Some(value) = value {
                name(out, key);
                push_exact(out, *value);
            }
        }
        for (key, count) in [("prompt_tokens", prompt_tokens), ("output_tokens", output_tokens)] {
            if let Some(count) = count {
                name(out, key);
                let _written = write!(out, "{count}");
            }
        }
        // One without any value is still one.
        let end = if before == ", " { "}\n" } else { "      - {}\n" };
        out.push_str(end);
    }

    fn range(&mut self, range: &RangeEntry) {
        let shapes: Vec<String> = range.shapes.iter().map(|shape| in_flow(shape)).collect();
        let RangeEntry { metric, concurrency, min, max, .. } = range;
        let _written = writeln!(
            self.0,
            "  - {{metric: {}, shapes: [{}], concurrency: {concurrency}, min: {}, max: {}}}",
            metric.key(),
            shapes.join(", "),
            exact(*min),
            exact(*max)
        );
    }
}

/// A number with all its digits, and none more.
fn exact(number: Positive) -> String {
    let mut out = String::new();
    push_exact(&mut out, number);
    out
}

/// Adds a number with all its digits, and none more.
fn push_exact(out: &mut String, number: Positive) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(number.get());
    if digits.contains('e') {
        // Too small to be written with a point there.
        let _written = write!(out, "{}", number.get());
    } else {
        out.push_str(digits.strip_suffix(".0").unwrap_or(digits));
    }
}

/// A text on one line: plain, or in double quotes.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text inside brackets, where commas and brackets mean something.
fn in_flow(text: &str) -> String {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) { text.to_owned() } else { quoted(text) }
}

/// Words that some reader of YAML takes for something else than text.
const TAKEN: [&str; 12] =
    ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf", "infinity"];

fn is_plain(text: &str) -> bool {
    let first = text.chars().next();
    let starts = first.is_some_and(|c| c.is_ascii_alphabetic() || (c.is_alphabetic() && is_shown(c)));
    starts
        && text.chars().all(is_shown)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !TAKEN.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True for characters that stand for themselves: no controls, no breaks of lines, no marks of direction.
fn is_shown(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    let hidden = matches!(c,
        '\u{85}' | '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    // Blanks of other widths are told from a blank in quotes alone.
    !(c.is_control() || hidden || (c.is_whitespace() && c != ' '))
}

/// A text in double quotes, with everything escaped that is not shown.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_shown(c) => out.push(c),
            c => {
                let _written = match u32::from(c) {
                    code @ ..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// A long text as a folded block; `None` for a short one, and for one that folding would change.
fn folded(text: &str, indent: usize) -> Option<String> {
    let is_long = text.chars().count() + indent + 12 > WIDTH;
    let folds =
        text.chars().all(is_shown) && !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ');
    if !(is_long && folds && text.contains(' ')) {
        return None;
    }
    let mut out = String::from(">-");
    let mut length = WIDTH;
    for word in text.split(' ') {
        let width = word.chars().count();
        if length + 1 + width > WIDTH {
            let _written = write!(out, "\n{:indent$}{word}", "");
            length = indent + width;
        } else {
            out.push(' ');
            out.push_str(word);
            length += 1 + width;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_plain_where_nobody_takes_them_for_something_else() {
        for text in ["llama.cpp", "b9174", "section \"Gemma 3\"", "a#b", "table row x, y (z)", "Größe"] {
            assert_eq!(scalar(text), text);
        }
        for (text, expected) in [
            ("", "\"\""),
            ("595", "\"595\""),
            ("No", "\"No\""),
            ("ON", "\"ON\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("a:", "\"a:\""),
            ("- a", "\"- a\""),
            ("a\nb\u{1b}\u{202e}", "\"a\\nb\\u001b\\u202e\""),
            ("\"a\\", "\"\\\"a\\\\\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }

    #[test]
    fn numbers_have_all_their_digits() {
        for number in [1e9, 123_456_789.0, 962.309_725, 0.1 + 0.2, 1e-5, 1.5e-7, f64::MIN_POSITIVE, 5e-324] {
            let written = Positive::try_from(number).map(exact).unwrap_or_default();
            assert_eq!(written, number.to_string());
        }
    }

    #[test]
    fn long_texts_are_folded_between_words() {
        let text = "word ".repeat(60).trim_end().to_owned();
        let block = folded(&text, 4);
        let lines: Vec<String> = block.iter().flat_map(|block| block.lines()).map(str::to_owned).collect();
        assert!(lines.len() > 3 && lines.iter().all(|line| line.chars().count() <= WIDTH), "{lines:?}");
        assert_eq!(lines.iter().skip(1).map(|line| line.trim()).collect::<Vec<_>>().join(" "), text);
        assert_eq!((folded("short", 4), folded(&"x".repeat(300), 4)), (None, None));
        assert_eq!(folded(&format!("a  b{}", " c".repeat(100)), 4), None);
    }
}
