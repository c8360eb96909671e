//! Snippets of HTML and Markdown that show a view elsewhere: the live page, or a chart that was drawn.

use super::Export;
use crate::format::xml::escaped;
use crate::model::run::Timing;
use crate::query::order::distinct;
use crate::query::{Answer, Embed, MOST_EMBEDDED_LINES, Row, View, answer};

/// What a frame may do: run the page's own scripts, and open its links in tabs that are like any other. Nothing else:
/// it is an origin of its own, without storage, and can neither move nor reach the page around it.
pub const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox";

/// The live chart in a frame.
pub fn frame(export: &Export<'_>) -> String {
    frame_of(export, Embed::Chart)
}

/// The live view in a frame that is as high as what it shows where the text beside it is some 700 pixels wide.
///
/// Without a `style`, which strict policies of host pages refuse.
pub fn frame_of(export: &Export<'_>, embed: Embed) -> String {
    let (link, title) = (escaped(&address(export, embed)), escaped(&export.title()));
    let height = height(export, embed);
    format!(
        "<iframe src=\"{link}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
         frameborder=\"0\" sandbox=\"{SANDBOX}\"></iframe>\n"
    )
}

/// A link to the view.
pub fn link(export: &Export<'_>, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(&export.link().unwrap_or_default()), escaped(words))
}

/// The live view as the custom element of `tokscope-chart.js`, which follows the height of what it shows.
pub fn element(export: &Export<'_>, embed: Embed) -> String {
    let link = export.link().unwrap_or_default();
    let (page, query) = link.split_once('?').unwrap_or((&link, ""));
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let kind = if embed == Embed::Chart { String::new() } else { format!("embed={}", embed.slug()) };
    let query: Vec<&str> = [query, &kind].into_iter().filter(|part| !part.is_empty()).collect();
    format!(
        "<script type=\"module\" src=\"{}/tokscope-chart.js\"></script>\n\
         <tokscope-chart src=\"{}\" query=\"{}\" height=\"{}\"><a href=\"{}\">{}</a></tokscope-chart>\n",
        escaped(folder),
        escaped(page),
        escaped(&query.join("&")),
        height(export, embed),
        escaped(&link),
        escaped(&export.title()),
    )
}

/// The address of what is embedded.
pub fn address(export: &Export<'_>, embed: Embed) -> String {
    let link = export.link().unwrap_or_default();
    let sign = if link.contains('?') { '&' } else { '?' };
    format!("{link}{sign}embed={}", embed.slug())
}

/// The room to leave for what is embedded, in CSS pixels: what it takes on 700 pixels of width, nearly, and rather
/// more than less.
pub fn height(export: &Export<'_>, embed: Embed) -> usize {
    /// Of a row, which is a card on that width, and of the heading of a group.
    const ROW: usize = 118;
    const GROUP: usize = 46;
    /// Of what stands around a table, around one of several charts, and around them all.
    const AROUND_TABLE: usize = 200;
    const AROUND_EACH: usize = 170;
    const AROUND_ALL: usize = 195;
    /// Of a view whose charts and tables are not counted here.
    const OTHER: usize = 640;
    let Export { index, choices, selection, .. } = *export;
    if matches!(selection.view, View::Compare | View::Models) {
        return OTHER;
    }
    let answer = answer(index, choices, selection);
    if embed == Embed::Table {
        let mut left = MOST_EMBEDDED_LINES;
        let mut height = AROUND_TABLE;
        for group in &answer.groups {
            let has_heading = usize::from(!group.label.is_empty()).min(left);
            let rows = group.rows.len().min(left - has_heading);
            left -= has_heading + rows;
            height += has_heading * GROUP + rows * ROW;
        }
        return height;
    }
    let charts = if embed == Embed::Chart { 1 } else { 1 + shapes(export, &answer) };
    AROUND_ALL + charts * (AROUND_EACH + bars(export, &answer))
}

/// How many shapes have a chart.
fn shapes(export: &Export<'_>, answer: &Answer) -> usize {
    let index = export.index;
    let mut has_values = vec![false; index.catalog.shapes.len()];
    for result in answer.rows.iter().flat_map(|row| row.results.clone()) {
        let shape = index.results.shape.get(result).and_then(|&shape| has_values.get_mut(usize::from(shape)));
        if let Some(has_value) = shape {
            *has_value |= index.value(result, export.selection.metric).is_some();
        }
    }
    has_values.into_iter().filter(|has_value| *has_value).count()
}

/// The height of all bars of a chart.
fn bars(export: &Export<'_>, answer: &Answer) -> usize {
    /// Most bars before the page is asked for all, and then.
    const FEW: usize = 15;
    const ALL: usize = 40;
    /// Of a bar by its name alone, and of one with what else tells it from others.
    const SHORT: usize = 30;
    const HIGH: usize = 44;
    let Export { index, selection, .. } = *export;
    let of = &index.configurations;
    let at = |column: &[u32], row: &Row| column.get(row.configuration).map_or(0, |&at| at as usize);
    let has_value = |row: &&Row| match selection.shape {
        Some(_) => row.results.clone().any(|at| index.value(at, selection.metric).is_some()),
        None => row.bounds.is_some(),
    };
    let rows: Vec<&Row> = answer.rows.iter().filter(has_value).collect();
    let model = |row: &&Row| {
        let is_raw = of.timing.get(row.configuration) == Some(&Timing::Raw);
        at(&of.family, row) << 16 | at(&of.variant, row) << 1 | usize::from(is_raw)
    };
    let bars = match selection.shape {
        Some(_) => rows.len(),
        None => distinct(&mut rows.iter().map(model)).len(),
    };
    let is_one = [&of.quant, &of.hardware, &of.backend]
        .iter()
        .all(|column| distinct(&mut rows.iter().map(|row| at(column, row))).len() < 2);
    bars.min(if selection.all_bars { ALL } else { FEW }) * if is_one { SHORT } else { HIGH }
}

/// A chart that stands at an address, as `tokscope chart` wrote it, leading to the view.
pub fn image(export: &Export<'_>, chart: &str) -> String {
    let (link, title) = (escaped(&export.link().unwrap_or_default()), escaped(&export.title()));
    format!("<a href=\"{link}\"><img src=\"{}\" alt=\"{title}\" width=\"100%\"></a>\n", escaped(chart))
}

/// The same in Markdown, for a README.
pub fn markdown_image(export: &Export<'_>, chart: &str) -> String {
    let link = super::markdown::target(&export.link().unwrap_or_default());
    format!("[![{}]({})]({link})\n", super::markdown::text(&export.title()), super::markdown::target(chart))
}
