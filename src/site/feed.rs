//! What feed readers and search engines fetch: new runs, and the addresses worth knowing.

use std::cmp::Reverse;

use super::config::Config;
use crate::charts::views::{detail, model_label};
use crate::format::xml::escaped;
use crate::index::Index;
use crate::model::PartialDate;
use crate::query::{Choices, Selection, View, model_slug, to_query};

/// The most runs that the feed names.
const MOST_ENTRIES: usize = 50;

/// Runs by date, the newest first, as an Atom feed (RFC 4287).
pub(super) fn atom(config: &Config, base: &str, index: &Index) -> String {
    let choices = Choices::of(index);
    let mut runs: Vec<usize> = (0..index.runs.id.len()).collect();
    runs.sort_by_key(|&run| Reverse((index.runs.date.get(run), index.runs.id.get(run))));
    let entries = runs.into_iter().take(MOST_ENTRIES).filter_map(|run| entry(base, index, &choices, run));
    let entries: String = entries.collect();
    let updated = index.latest().map_or_else(|| "2000-01-01T00:00:00Z".to_owned(), instant);
    let author = config.publisher.as_deref().unwrap_or(&config.name);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>{}</title>\n<subtitle>{}</subtitle>\n<id>{base}</id>\n<link href=\"{base}\"/>\n\
         <link rel=\"self\" href=\"{base}{}\"/>\n<updated>{updated}</updated>\n\
         <author><name>{}</name></author>\n{entries}</feed>\n",
        escaped(config.title()),
        escaped(&config.description),
        super::FEED,
        escaped(author),
        base = escaped(base),
    )
}

fn entry(base: &str, index: &Index, choices: &Choices, run: usize) -> Option<String> {
    let configuration = index.configuration_of(run);
    let id = index.runs.id.get(run)?;
    let updated = instant(index.runs.date.get(run)?);
    let link = escaped(&format!("{base}{}", to_query(&of_model(index, configuration), choices)));
    let title = format!("{} · {}", model_label(index, configuration), detail(index, configuration));
    let results = index.results.run.iter().filter(|&&of| of as usize == run).count();
    let noun = if results == 1 { "result" } else { "results" };
    Some(format!(
        "<entry>\n<title>{}</title>\n<id>{}run/{}</id>\n<link href=\"{link}\"/>\n<updated>{updated}</updated>\n\
         <summary>{results} {noun}</summary>\n</entry>\n",
        escaped(&title),
        escaped(base),
        escaped(id),
    ))
}

/// All that is known of the model of a configuration.
fn of_model(index: &Index, configuration: usize) -> Selection {
    let model = index.model(configuration).map(|(family, variant)| model_slug(family, variant));
    Selection { view: View::Models, model, ..Selection::default() }
}

/// A date as RFC 3339 has it: its beginning, where it is less precise.
fn instant(date: &PartialDate) -> String {
    let text = date.as_str();
    match text.len() {
        7 => format!("{text}-01T00:00:00Z"),
        10 => format!("{text}T00:00:00Z"),
        _ => text.replace('Z', ":00Z"),
    }
}

/// The page, its views, and a page for each model and each rig that has results.
pub(super) fn sitemap(base: &str, index: &Index) -> String {
    let choices = Choices::of(index);
    let views = [View::Runs, View::Models, View::Hardware, View::Checks, View::Method]
        .map(|view| Selection { view, ..Selection::default() });
    let configurations = 0..index.configuration_count();
    let models = configurations.clone().map(|configuration| of_model(index, configuration));
    let rigs = configurations.filter_map(|configuration| {
        let rig = *index.configurations.hardware.get(configuration)?;
        Some(Selection { hardware: vec![rig as usize], ..Selection::default() })
    });
    let mut queries: Vec<String> = Vec::new();
    for selection in views.into_iter().chain(models).chain(rigs) {
        let query = to_query(&selection, &choices);
        if !queries.contains(&query) {
            queries.push(query);
        }
    }
    let changed = index.latest().map(|date| format!("<lastmod>{}</lastmod>", date.day())).unwrap_or_default();
    let address = |query: &String| escaped(&format!("{base}{query}"));
    let lines: String =
        queries.iter().map(|query| format!("<url><loc>{}</loc>{changed}</url>\n", address(query))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{lines}</urlset>\n"
    )
}
