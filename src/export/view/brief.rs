//! A table for readers of a text: names in place of ids, and a column only where lines differ in it.
//!
//! What all lines share stands above it once. It does not come back: [`super::markdown`] does.

use super::markdown::{Line, NONE, number, target, text};
use super::{Export, word};
use crate::model::run::Timing;
use crate::query::backend_label;

type Cell = fn(&Line<'_>) -> String;

/// A column: its name, what goes without saying where all lines say it, whether it holds numbers, and its cells.
type Column = (&'static str, &'static str, bool, Cell);

/// What stands beside the value; the model is always there.
const COLUMNS: [Column; 10] = [
    ("Quant", "", false, |l| {
        l.index.quant(l.configuration).map(|quant| quant.id.clone()).unwrap_or_default()
    }),
    ("Hardware", "", false, |l| {
        l.index.hardware(l.configuration).map(|rig| rig.name.clone()).unwrap_or_default()
    }),
    ("Power cap, W", "", true, |l| number(l.index.configurations.power_cap_w.get(l.configuration))),
    ("Driver", "", false, |l| l.index.driver(l.configuration).unwrap_or_default().to_owned()),
    ("Backend", "", false, |l| l.index.backend(l.configuration).map(backend_label).unwrap_or_default()),
    ("Mode", "baseline", false, |l| l.index.mode(l.configuration).to_owned()),
    ("Timing", "served", false, |l| {
        word(l.index.configurations.timing.get(l.configuration).unwrap_or(&Timing::Served))
    }),
    ("Shape", "", false, |l| {
        let position = l.index.results.shape.get(l.result);
        let shape = position.and_then(|&at| l.index.catalog.shapes.get(usize::from(at)));
        shape.map(|shape| shape.id.clone()).unwrap_or_default()
    }),
    ("Concurrency", "1", true, |l| {
        l.index.results.concurrency.get(l.result).map(u16::to_string).unwrap_or_default()
    }),
    ("Date", "", false, |l| l.index.runs.date.get(l.run).map(ToString::to_string).unwrap_or_default()),
];

/// The results that have something of the metric to show, with what they share above and their sources below.
pub fn brief(export: &Export<'_>) -> String {
    let results = export.results();
    let lines: Vec<Line<'_>> = results.iter().map(|&result| Line::of(export, result)).collect();
    let mut columns = vec![("Model".to_owned(), false, lines.iter().map(model).collect::<Vec<_>>())];
    let mut shared = Vec::new();
    for (name, usual, is_number, cell) in COLUMNS {
        let cells: Vec<String> = lines.iter().map(cell).collect();
        match cells.first() {
            Some(first) if cells.iter().all(|cell| cell == first) => {
                let says = !first.is_empty() && first != usual;
                let (name, unit) =
                    name.split_once(", ").map_or((name, String::new()), |(n, u)| (n, format!(" {u}")));
                shared.extend(says.then(|| format!("{} {}{unit}", name.to_lowercase(), text(first))));
            }
            _ => columns.push((name.to_owned(), is_number, cells)),
        }
    }
    columns.push((export.title(), true, lines.iter().map(Line::value).collect()));
    let mut out = String::new();
    if !shared.is_empty() {
        out.push_str(&format!("In every line: {}.\n\n", shared.join("; ")));
    }
    let mut row = |cells: &mut dyn Iterator<Item = String>| {
        out.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
    };
    row(&mut columns.iter().map(|(name, ..)| text(name)));
    row(&mut columns.iter().map(|&(_, is_number, _)| if is_number { "---:" } else { "---" }.to_owned()));
    for at in 0..lines.len() {
        row(&mut columns.iter().map(|(.., cells)| match cells.get(at).map_or("", String::as_str) {
            "" => NONE.to_owned(),
            cell => text(cell),
        }));
    }
    out.push_str(&format!("\n{}\n", sources(export, &results)));
    out
}

fn model(line: &Line<'_>) -> String {
    let model = line.index.model(line.configuration);
    model.map(|(family, variant)| format!("{} {}", family.name, variant.name)).unwrap_or_default()
}

/// One line: where the figures are from, and where they can be looked at, if that is known.
fn sources(export: &Export<'_>, results: &[usize]) -> String {
    let sources = export.sources(results);
    let named = sources.iter().map(|source| {
        let name = match &source.url {
            Some(url) => format!("[{}]({})", text(&source.name), target(url)),
            None => text(&source.name),
        };
        format!("{name} ({})", text(source.date.as_str()))
    });
    let word = if sources.len() == 1 { "Source" } else { "Sources" };
    let link = export.base.and(export.link()).map(|link| format!(" [Open the live view]({})", target(&link)));
    format!("{word}: {}.{}", named.collect::<Vec<_>>().join("; "), link.unwrap_or_default())
}
