//! Snippets of HTML and Markdown that show a view elsewhere: the live page, or a chart that was drawn.

use std::collections::BTreeSet;

use super::Export;
use crate::query::{Embed, MOST_EMBEDDED_LINES, View, answer};

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
    let (link, title) = (attribute(&address(export, embed)), attribute(&export.title()));
    let height = height(export, embed);
    format!(
        "<iframe src=\"{link}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
         frameborder=\"0\" sandbox=\"{SANDBOX}\"></iframe>\n"
    )
}

/// A link to the view.
pub fn link(export: &Export<'_>, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", attribute(&export.link().unwrap_or_default()), attribute(words))
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
        attribute(folder),
        attribute(page),
        attribute(&query.join("&")),
        height(export, embed),
        attribute(&link),
        attribute(&export.title()),
    )
}

/// The address of what is embedded.
pub fn address(export: &Export<'_>, embed: Embed) -> String {
    let link = export.link().unwrap_or_default();
    let sign = if link.contains('?') { '&' } else { '?' };
    format!("{link}{sign}embed={}", embed.slug())
}

/// The room to leave for what is embedded, in CSS pixels: what it takes on some 700 pixels of width, nearly.
pub fn height(export: &Export<'_>, embed: Embed) -> usize {
    /// Of a line of the table, and of a bar with what stands around it.
    const LINE: usize = 49;
    const BAR: usize = 44;
    /// Caption, summary, axis, and what follows; and the head of a table.
    const AROUND_CHART: usize = 250;
    const AROUND_TABLE: usize = 120;
    /// Of a view whose charts and tables are not counted here.
    const OTHER: usize = 640;
    if matches!(export.selection.view, View::Compare | View::Models) {
        return OTHER;
    }
    match embed {
        Embed::Table => {
            let answer = answer(export.index, export.choices, export.selection);
            let lines =
                answer.rows.len() + answer.groups.iter().filter(|group| !group.label.is_empty()).count();
            AROUND_TABLE + lines.min(MOST_EMBEDDED_LINES) * LINE
        }
        Embed::Chart => AROUND_CHART + bars(export) * BAR,
        Embed::Charts => AROUND_CHART + bars(export) * BAR * 2,
    }
}

/// The bars of the chart.
fn bars(export: &Export<'_>) -> usize {
    /// As many as the page draws before it is asked for all, and then.
    const FEW: usize = 15;
    const ALL: usize = 40;
    let Export { index, selection, .. } = *export;
    let of = &index.configurations;
    let mut bars = BTreeSet::new();
    for result in export.results() {
        let configuration = index.configuration_of(index.run_of(result));
        let at = |column: &[u32]| column.get(configuration).copied();
        let key = match selection.shape {
            Some(_) => index.value(result, selection.metric).map(|_| {
                (
                    index.results.concurrency.get(result).copied().map(u32::from),
                    u32::try_from(configuration).ok(),
                    false,
                )
            }),
            None => index.bounds(result, selection.metric).map(|_| {
                let raw = of.timing.get(configuration) == Some(&crate::model::run::Timing::Raw);
                (at(&of.family), at(&of.variant), raw)
            }),
        };
        bars.extend(key);
    }
    bars.len().min(if selection.all_bars { ALL } else { FEW })
}

/// A chart that stands at an address, as `tokscope chart` wrote it, leading to the view.
pub fn image(export: &Export<'_>, chart: &str) -> String {
    let (link, title) = (attribute(&export.link().unwrap_or_default()), attribute(&export.title()));
    format!("<a href=\"{link}\"><img src=\"{}\" alt=\"{title}\" width=\"100%\"></a>\n", attribute(chart))
}

/// The same in Markdown, for a README.
pub fn markdown_image(export: &Export<'_>, chart: &str) -> String {
    let link = super::markdown::target(&export.link().unwrap_or_default());
    format!("[![{}]({})]({link})\n", super::markdown::text(&export.title()), super::markdown::target(chart))
}

/// Text for element content and quoted attributes.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
