//! A view as one file of HTML, which opens from a disk: charts, table, sources, and the results as data.
//!
//! It asks for nothing and runs nothing, and says so to browsers with a policy of its own.

use std::fmt::Write;

use super::markdown::Line;
use super::{Export, exact, json, word};
use crate::format::xml::{escaped, in_script};
use crate::model::catalog::{Source, is_web_address};

/// What stands before the results in the file, for whoever reads them.
pub(crate) const DATA_BEGINS: &str = "<script type=\"application/json\" id=\"tokscope-index\">";

/// What stands behind them.
pub(crate) const DATA_ENDS: &str = "</script>";

/// How every such file begins.
pub(crate) const BEGINS: &str = "<!doctype html>";

/// The sheet names no colour: light and dark are the reader's own.
const STYLE: &str = "\
:root{color-scheme:light dark;font:100%/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}\
body{max-width:72rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem) 3rem}\
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.125rem;margin:2rem 0 .5rem}\
h1,p,li{overflow-wrap:anywhere}p,li{max-width:46rem}ul{padding-inline-start:1.25rem}\
svg{display:block;width:100%;max-width:50rem;height:auto;margin:1rem 0}svg:only-child{min-width:32rem}\
svg+svg{display:none;max-width:26rem}.scroll{overflow-x:auto}.scroll:focus-visible{outline:2px solid}\
table{border-collapse:collapse;font-size:.875rem}\
th,td{padding:.3rem .75rem .3rem 0;text-align:start;vertical-align:baseline;border-bottom:1px solid GrayText}\
td,tbody th{max-width:20rem;overflow-wrap:break-word}\
thead th{border-bottom:2px solid;white-space:nowrap}tbody th{font-weight:600}\
.number{text-align:end;white-space:nowrap}footer{margin-top:2rem;border-top:1px solid GrayText;font-size:.875rem}\
@media screen and (max-width:40rem){svg:has(+svg){display:none}svg+svg{display:block}}\
@media print{body{padding:0}.scroll{overflow:visible}thead{display:table-header-group}tr{break-inside:avoid}}";

/// The results of a view with their charts, each a text of SVG: one drawing, or one for screens and one for telephones.
pub fn html(export: &Export<'_>, charts: &[String]) -> String {
    let results = export.results();
    let title = escaped(&export.title());
    let filters = escaped(&export.filters_in_words());
    let mut out = format!(
        "{BEGINS}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <title>{title} · Tokscope</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<p>Tokscope</p>\n\
         <h1><bdi>{title}</bdi></h1>\n<p><bdi>{filters}</bdi></p>\n</header>\n<main>\n"
    );
    for (chart, number) in charts.iter().zip(1..) {
        let _ = writeln!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Chart {number}\">\n{chart}</div>"
        );
    }
    out.push_str("<h2 id=\"results\">Results</h2>\n");
    table(&mut out, export, &results);
    out.push_str("</main>\n<footer>\n<h2>Where this is from</h2>\n<ul>\n");
    let _ = writeln!(out, "<li>{}</li>", escaped(&export.counts(&results)));
    for source in export.sources(&results) {
        let _ = writeln!(out, "<li>Source: {}</li>", in_words(source));
    }
    if let Some(link) = export.link().filter(|link| is_web_address(link)) {
        let _ = writeln!(out, "<li><a href=\"{0}\">{0}</a>: this view as it is now</li>", escaped(&link));
    }
    out.push_str("</ul>\n<p>The results are also in this file as data: Tokscope opens it.</p>\n</footer>\n");
    out.push_str(DATA_BEGINS);
    out.push_str(&in_script(String::from_utf8_lossy(&json::json(export)).trim_end()));
    let _ = write!(out, "{DATA_ENDS}\n</body>\n</html>\n");
    out
}

fn in_words(source: &Source) -> String {
    let name = format!("<bdi>{}</bdi>", escaped(&source.name));
    let name = match source.url.as_deref().filter(|url| is_web_address(url)) {
        Some(url) => format!("<a href=\"{}\">{name}</a>", escaped(url)),
        None => name,
    };
    format!("{name}, {}, <bdi>{}</bdi>", escaped(&source.date.to_string()), escaped(&source.licence))
}

/// What a cell is written from: the export, the result, its run and its configuration.
type Cell = fn(&Export<'_>, [usize; 3]) -> String;

/// The column that says what of the repetitions a value is. Where all say `mean` it is left out, as in Markdown.
const STATISTIC: &str = "Statistic";

/// The columns: a name, empty for that of the metric, whether it holds numbers, and its cells. One without any text
/// is left out.
const COLUMNS: [(&str, bool, Cell); 13] = [
    ("Model", false, |export, [.., configuration]| {
        let model = export.index.model(configuration);
        model.map(|(family, variant)| format!("{} {}", family.name, variant.name)).unwrap_or_default()
    }),
    ("Quant", false, |export, [.., configuration]| {
        export.index.quant(configuration).map(|quant| quant.id.clone()).unwrap_or_default()
    }),
    ("Hardware", false, |export, [.., configuration]| {
        export.index.hardware(configuration).map(|rig| rig.short.clone()).unwrap_or_default()
    }),
    ("Power cap, W", true, |export, [.., configuration]| {
        export.index.configurations.power_cap_w.get(configuration).map(exact).unwrap_or_default()
    }),
    ("Engine", false, |export, [.., configuration]| {
        let backend = export.index.backend(configuration);
        let words = backend.map(|b| [Some(b.engine.as_str()), b.build.as_deref()].into_iter().flatten());
        words.map(|words| words.collect::<Vec<_>>().join(" ")).unwrap_or_default()
    }),
    ("Accelerator", false, |export, [.., configuration]| {
        export.index.accelerator(configuration).slug().to_owned()
    }),
    ("Mode", false, |export, [.., configuration]| export.index.mode(configuration).to_owned()),
    ("Workload", false, |export, [result, ..]| {
        let shape = export.index.results.shape.get(result);
        let shape = shape.and_then(|&at| export.index.catalog.shapes.get(usize::from(at)));
        shape.map(|shape| shape.label.clone()).unwrap_or_default()
    }),
    ("Conc.", true, |export, [result, ..]| {
        export.index.results.concurrency.get(result).map(u16::to_string).unwrap_or_default()
    }),
    ("", true, |export, [result, ..]| Line::of(export, result).value()),
    ("n", true, |export, [result, ..]| {
        let n = export.repetitions(result, export.selection.metric);
        n.map(|n| n.to_string()).unwrap_or_default()
    }),
    (STATISTIC, false, |export, [_, run, _]| {
        export.index.runs.statistic.get(run).map(word).unwrap_or_default()
    }),
    ("Date", false, |export, [_, run, _]| {
        export.index.runs.date.get(run).map(ToString::to_string).unwrap_or_default()
    }),
];

fn table(out: &mut String, export: &Export<'_>, results: &[usize]) {
    let metric = export.selection.metric;
    let places = |&result: &usize| {
        let run = export.index.run_of(result);
        [result, run, export.index.configuration_of(run)]
    };
    let places: Vec<[usize; 3]> = results.iter().map(places).collect();
    let mut columns: Vec<(String, bool, Vec<String>)> = Vec::new();
    for (name, is_number, cell) in COLUMNS {
        let cells: Vec<String> = places.iter().map(|&place| cell(export, place)).collect();
        let name =
            if name.is_empty() { format!("{}, {}", metric.name(), metric.unit()) } else { name.to_owned() };
        let usual = if name == STATISTIC { "mean" } else { "" };
        if cells.iter().any(|cell| cell != usual) {
            columns.push((name, is_number, cells));
        }
    }
    let kind = |is_number: bool| if is_number { " class=\"number\"" } else { "" };
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"results\">\n<table>\n<thead>\n<tr>",
    );
    for (name, is_number, _) in &columns {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", kind(*is_number), escaped(name));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for at in 0..places.len() {
        out.push_str("<tr>");
        for (column, (_, is_number, cells)) in columns.iter().enumerate() {
            let text = format!("<bdi>{}</bdi>", escaped(cells.get(at).map_or("", String::as_str)));
            let _ = match column {
                0 => write!(out, "<th scope=\"row\">{text}</th>"),
                _ => write!(out, "<td{}>{text}</td>", kind(*is_number)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}
