//! A table in Markdown, one line a result, that GitHub, MkDocs, Docusaurus and mdBook show alike.
//!
//! It has the metric of the view alone. Cells hold ids, which are what links and run files call things, so that import
//! gives back the same results; a column that would say the same in every line, and nothing unusual, is left out.

use super::{Export, exact, word};
use crate::index::Index;
use crate::model::Metric;
use crate::model::run::{Statistic, Timing};
use crate::stats;

/// What stands where there is nothing.
pub(super) const NONE: &str = "—";

type Cell = fn(&Line<'_>) -> String;

/// A column: its name, what every line says where it is left out, whether it holds numbers, and its cells.
type Column = (&'static str, Option<&'static str>, bool, Cell);

/// The column of the metric goes by the metric's name.
const METRIC: &str = "";

const COLUMNS: [Column; 21] = [
    ("Model", None, false, |l| {
        let model = l.index.model(l.configuration);
        model.map(|(family, variant)| format!("{}/{}", family.id, variant.id)).unwrap_or_default()
    }),
    ("Quant", None, false, |l| {
        l.index.quant(l.configuration).map(|quant| quant.id.clone()).unwrap_or_default()
    }),
    ("Hardware", None, false, |l| {
        l.index.hardware(l.configuration).map(|rig| rig.id.clone()).unwrap_or_default()
    }),
    ("Power cap, W", Some(""), true, |l| number(l.index.configurations.power_cap_w.get(l.configuration))),
    ("Driver", Some(""), false, |l| l.index.driver(l.configuration).unwrap_or_default().to_owned()),
    ("Engine", None, false, |l| {
        l.index.backend(l.configuration).map(|b| b.engine.clone()).unwrap_or_default()
    }),
    ("Build", Some(""), false, |l| {
        l.index.backend(l.configuration).and_then(|b| b.build.clone()).unwrap_or_default()
    }),
    ("Accelerator", None, false, |l| l.index.accelerator(l.configuration).slug().to_owned()),
    ("Runtime", Some(""), false, |l| {
        l.index.backend(l.configuration).and_then(|b| b.runtime.clone()).unwrap_or_default()
    }),
    ("Mode", Some("baseline"), false, |l| l.index.mode(l.configuration).to_owned()),
    ("Timing", Some("served"), false, |l| {
        word(l.index.configurations.timing.get(l.configuration).unwrap_or(&Timing::Served))
    }),
    ("Shape", None, false, |l| {
        let position = l.index.results.shape.get(l.result);
        let shape = position.and_then(|&at| l.index.catalog.shapes.get(usize::from(at)));
        shape.map(|shape| shape.id.clone()).unwrap_or_default()
    }),
    ("Conc.", None, true, |l| {
        l.index.results.concurrency.get(l.result).map(u16::to_string).unwrap_or_default()
    }),
    (METRIC, None, true, |l| l.value()),
    ("n", Some(""), true, |l| {
        l.export.repetitions(l.result, l.metric).map(|n| n.to_string()).unwrap_or_default()
    }),
    ("Repetitions", Some(""), false, |l| {
        let repeated = l.index.repeated(l.result, l.metric);
        repeated.into_iter().map(exact).collect::<Vec<_>>().join(", ")
    }),
    ("Prompt tokens", Some(""), true, |l| number(l.index.results.prompt_tokens.get(l.result))),
    ("Output tokens", Some(""), true, |l| number(l.index.results.output_tokens.get(l.result))),
    ("Statistic", Some("mean"), false, |l| l.index.runs.statistic.get(l.run).map(word).unwrap_or_default()),
    ("Date", None, false, |l| l.index.runs.date.get(l.run).map(ToString::to_string).unwrap_or_default()),
    ("Run", None, false, |l| l.index.runs.id.get(l.run).cloned().unwrap_or_default()),
];

/// The last column, which needs no more than the ids.
const SOURCES: &str = "Sources";

/// What a line is written from.
pub(super) struct Line<'a> {
    pub(super) index: &'a Index,
    export: &'a Export<'a>,
    metric: Metric,
    pub(super) result: usize,
    pub(super) run: usize,
    pub(super) configuration: usize,
}

/// The results that have something of the metric to show, as a table with a caption above it and its origin below.
pub fn markdown(export: &Export<'_>) -> String {
    let results = export.results();
    let filters = export.filters_in_words();
    let filters = if filters.is_empty() { String::new() } else { format!(" – {}", text(&filters)) };
    let mut out = format!("**{}**{filters}\n\n", text(&export.title()));
    table(&mut out, export, &results);
    out.push_str(&format!("\n* {}\n", text(&export.counts(&results))));
    for source in export.sources(&results) {
        let name = match &source.url {
            Some(url) => format!("[{}]({})", text(&source.name), target(url)),
            None => text(&source.name),
        };
        let rest = text(&format!(", {}, {} ({})", source.date, source.licence, source.id));
        out.push_str(&format!("* Source: {name}{rest}\n"));
    }
    if let Some(link) = export.link() {
        out.push_str(&format!("* [This view]({})\n", target(&link)));
    }
    out
}

fn table(out: &mut String, export: &Export<'_>, results: &[usize]) {
    let metric = export.selection.metric;
    let lines: Vec<Line<'_>> = results.iter().map(|&result| Line::of(export, result)).collect();
    let mut columns: Vec<(String, bool, Vec<String>)> = Vec::new();
    for (name, usual, is_number, cell) in COLUMNS {
        let cells: Vec<String> = lines.iter().map(cell).collect();
        if usual.is_some_and(|usual| cells.iter().all(|cell| cell == usual)) {
            continue;
        }
        let name =
            if name == METRIC { format!("{}, {}", metric.name(), metric.unit()) } else { name.to_owned() };
        columns.push((name, is_number, cells));
    }
    columns.push((SOURCES.to_owned(), false, lines.iter().map(Line::sources).collect()));
    let mut row = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    };
    row(&mut columns.iter().map(|(name, ..)| text(name)));
    row(&mut columns.iter().map(|&(_, is_number, _)| if is_number { "---:" } else { "---" }.to_owned()));
    for at in 0..lines.len() {
        row(&mut columns.iter().map(|(.., cells)| match cells.get(at).map_or("", String::as_str) {
            "" => NONE.to_owned(),
            NONE => reference('—'),
            cell => text(cell),
        }));
    }
}

pub(super) fn number(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

impl<'a> Line<'a> {
    pub(super) fn of(export: &'a Export<'a>, result: usize) -> Self {
        let run = export.index.run_of(result);
        let configuration = export.index.configuration_of(run);
        Self { index: export.index, export, metric: export.selection.metric, result, run, configuration }
    }

    /// The value with its deviation, the range, or the failure.
    pub(super) fn value(&self) -> String {
        let Self { index, export, metric, result, .. } = *self;
        if let Some(failure) = index.failure(result) {
            return format!("failed: {failure}");
        }
        let Some(value) = index.value(result, metric) else {
            let bounds = index.bounds(result, metric);
            return bounds.map(|(low, high)| format!("{}–{}", exact(low), exact(high))).unwrap_or_default();
        };
        let deviation = export.deviation(result, metric);
        let deviation = deviation.map(|deviation| format!(" ±{deviation:.2}")).unwrap_or_default();
        format!("{}{deviation}", self.printed(value))
    }

    /// A value that the repetitions give is cut to two decimals, because they stand beside it. One that was stated
    /// is written as it is, with a zero more where it would be taken for the other.
    fn printed(&self, value: f64) -> String {
        let repeated = self.index.repeated(self.result, self.metric);
        let statistic = self.index.runs.statistic.get(self.run);
        let summary = match statistic {
            Some(Statistic::Median) => stats::median(&repeated),
            _ => stats::mean(&repeated),
        };
        let stated = exact(value);
        let Some(summary) = summary.map(stats::rounded) else { return stated };
        let cut = format!("{summary:.2}");
        match summary.total_cmp(&value).is_eq() {
            true => cut,
            false if cut == stated => format!("{stated}0"),
            false => stated,
        }
    }

    fn sources(&self) -> String {
        let list =
            self.index.runs.sources.get(self.run).and_then(|&list| self.index.sources.get(list as usize));
        let ids = list.into_iter().flatten().map(|source| source.id.as_str());
        ids.collect::<Vec<_>>().join(", ")
    }
}

/// Text in which nothing is markup: for the Markdown of GitHub, for Python-Markdown, for MDX, and in a table's cell.
///
/// Backslashes where all of them know them; references where one of them does not (`<`, `~`, `$`), for what has no
/// place in a line, and for what would become a link. Underscores inside a word are no emphasis anywhere.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let (before, rest) = text.split_at(at);
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let in_word = before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
        // What would become a link by itself.
        let links = match c {
            ':' => after.starts_with("//"),
            '.' => ends_in_www(before),
            c => c == '@',
        };
        match c {
            '\\' | '`' | '*' | '[' | ']' | '{' | '}' | '|' => {
                out.push('\\');
                out.push(c);
            }
            '_' if !in_word => out.push_str("\\_"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            ' ' if before.is_empty() || after.is_empty() || before.ends_with(' ') => out.push_str("&#32;"),
            '~' | '$' => out.push_str(&reference(c)),
            c if links || c.is_control() || turns(c) || (c.is_whitespace() && c != ' ') => {
                out.push_str(&reference(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    let start = text.len().saturating_sub(3);
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

fn reference(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// Marks that change the direction of what follows, and the byte order mark.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An address as the target of a link: nothing that could end it, or that MDX would run.
pub(super) fn target(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' | ')' | '<' | '>' | '{' | '}' | '|' | '\\' | '"' | '`' | '*' | '[' | ']' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c if c.is_whitespace() || c.is_control() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(text("Q4_K_M"), "Q4_K_M");
        assert_eq!(text("_x_ a__b"), "\\_x\\_ a\\_\\_b");
        assert_eq!(
            text("a|b {c} <d> `e` *f* [g](h) \\"),
            "a\\|b \\{c\\} &lt;d&gt; \\`e\\` \\*f\\* \\[g\\](h) \\\\"
        );
        assert_eq!(text(" a\n b "), "&#32;a&#10; b&#32;");
        assert_eq!(text("&lt;"), "&amp;lt;");
        assert_eq!(text("http://a www.b c@d e: f"), "http&#58;//a www&#46;b c&#64;d e: f");
        assert_eq!(target("https://x.org/a (b)?{c}"), "https://x.org/a%20%28b%29?%7Bc%7D");
    }
}
