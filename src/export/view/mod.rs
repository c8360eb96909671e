//! What a link shows, to be taken elsewhere: the rows of the table as text, with where they come from.
//!
//! [`Export`] is the common part: which results, what they are called, their sources, their address. One module a
//! form: [`markdown`], [`brief`], [`csv`], [`json`], [`html`], [`citation`], [`embed`] and, natively, `columnar`. Numbers are in machine form, whatever the
//! reader's locale. `docs/exports.md` describes each form, and what comes back when it is imported.

pub mod brief;
pub mod citation;
#[cfg(feature = "cli")]
pub mod columnar;
pub mod csv;
pub mod embed;
pub mod html;
pub mod json;
pub mod markdown;

use crate::index::{Index, VERSION};
use crate::model::catalog::Source;
use crate::model::{Metric, PartialDate};
use crate::query::{
    Answer, Choices, Concurrency, Facet, Selection, View, model_named, shown, to_query, without_own,
};
use crate::stats;

/// Results that leave the page, and what has to travel with them.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// Where the results are.
    pub index: &'a Index,
    /// What the selection refers to.
    pub choices: &'a Choices,
    /// What was chosen.
    pub selection: &'a Selection,
    /// The address of the page, with or without a query of its own; `None` where nobody knows it.
    pub base: Option<&'a str>,
}

impl<'a> Export<'a> {
    /// The results that the view shows, in the order of its table: those with something of its metric, a value, a range
    /// or a failure. Every count, date and list of sources is of these. The index must be a whole one.
    pub fn results(&self) -> Vec<usize> {
        self.results_in(&self.answer())
    }

    /// The same of an answer that is here already.
    pub fn results_in(&self, answer: &Answer) -> Vec<usize> {
        let (index, metric) = (self.index, self.selection.metric);
        let shows =
            |&result: &usize| index.bounds(result, metric).is_some() || index.failure(result).is_some();
        answer.rows.iter().flat_map(|row| row.results.clone()).filter(shows).collect()
    }

    /// The results of every row of the view, whatever was measured of them: what data is taken along with.
    ///
    /// The page of a model has its results of every concurrency, a comparison those of the pinned configurations;
    /// every other view goes by the filters alone.
    pub fn every_result(&self) -> Vec<usize> {
        self.answer().rows.into_iter().flat_map(|row| row.results).collect()
    }

    fn answer(&self) -> Answer {
        shown(self.index, self.choices, self.selection).1
    }

    /// What is shown, in a few words: `Decode, tok/s`.
    pub fn title(&self) -> String {
        let metric = self.selection.metric;
        let title = format!("{}, {}", metric.name(), metric.unit());
        match (self.selection.view, self.model_name()) {
            (View::Models, Some(model)) => format!("{model}: {title}"),
            (View::Compare, _) if !self.selection.pinned.is_empty() => format!("Compared: {title}"),
            _ => title,
        }
    }

    /// Family and variant of the model that is chosen.
    pub fn model_name(&self) -> Option<String> {
        let (family, variant) = self.model()?;
        let family = self.index.catalog.families.get(family)?;
        Some(format!("{} {}", family.name, family.variants.get(variant)?.name))
    }

    fn model(&self) -> Option<(usize, usize)> {
        model_named(self.index, self.selection.model.as_deref()?)
    }

    /// Name and value of every filter that holds, in words, and last the index that is somebody else's.
    pub fn filters(&self) -> Vec<(&'static str, String)> {
        let mut filters = self.chosen();
        filters
            .extend(self.choices.data.clone().map(|address| ("Index", format!("{address} (not reviewed)"))));
        filters
    }

    fn chosen(&self) -> Vec<(&'static str, String)> {
        let Selection { view, shape, concurrency, search, .. } = self.selection;
        let by_name = match view {
            View::Models => self.model().is_some(),
            View::Compare => !self.selection.pinned.is_empty(),
            _ => false,
        };
        if by_name {
            return Vec::new();
        }
        let mut filters = Vec::new();
        for facet in Facet::ALL {
            let choices = facet.choices(self.choices);
            let labels = facet.chosen(self.selection).iter().filter_map(|&at| choices.get(at));
            let labels: Vec<&str> = labels.map(|choice| choice.label.as_str()).collect();
            if !labels.is_empty() {
                filters.push((facet.name(), labels.join(", ")));
            }
        }
        if let Some(shape) = shape.and_then(|at| self.choices.shape.get(at)) {
            filters.push(("Shape", shape.label.clone()));
        }
        if !search.trim().is_empty() {
            filters.push(("Search", search.trim().to_owned()));
        }
        filters.push(match concurrency {
            Concurrency::All => ("Concurrency", "all".to_owned()),
            Concurrency::Only(only) => ("Concurrency", only.to_string()),
        });
        filters
    }

    /// The same in one line: `Hardware: RTX 5070; Concurrency: 1`.
    pub fn filters_in_words(&self) -> String {
        let filters: Vec<String> =
            self.filters().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        filters.join("; ")
    }

    /// Every source that printed one of these results, in the order of the catalog.
    pub fn sources(&self, results: &[usize]) -> Vec<&'a Source> {
        let index = self.index;
        let mut lists = vec![false; index.sources.len()];
        for &result in results {
            let list = index.runs.sources.get(index.run_of(result));
            if let Some(used) = list.and_then(|&list| lists.get_mut(list as usize)) {
                *used = true;
            }
        }
        let is_used = |source: &&Source| {
            let used = index.sources.iter().zip(&lists).filter(|(_, used)| **used);
            used.flat_map(|(list, _)| list).any(|of| of.id == source.id)
        };
        index.catalog.sources.iter().filter(is_used).collect()
    }

    /// Date of the newest run among these results.
    pub fn latest(&self, results: &[usize]) -> Option<&'a PartialDate> {
        let index = self.index;
        results.iter().filter_map(|&result| index.runs.date.get(index.run_of(result))).max()
    }

    /// How many configurations these results are of.
    pub fn configurations(&self, results: &[usize]) -> usize {
        let mut used = vec![false; self.index.configuration_count()];
        for &result in results {
            if let Some(used) = used.get_mut(self.index.configuration_of(self.index.run_of(result))) {
                *used = true;
            }
        }
        used.into_iter().filter(|used| *used).count()
    }

    /// The link to the view: whole where the address of the page is known, else its query; `None` for neither. It
    /// says nothing of results of the reader's own.
    pub fn link(&self) -> Option<String> {
        let query = to_query(&without_own(self.selection, self.choices), self.choices);
        match self.base {
            Some(base) => Some(format!("{}{query}", bare(base))),
            None => Some(query).filter(|query| !query.is_empty()),
        }
    }

    /// `12 results of 3 configurations, latest run 2026-05-21, Tokscope index version 1`.
    pub fn counts(&self, results: &[usize]) -> String {
        let (count, configurations) = (results.len(), self.configurations(results));
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let latest = self.latest(results).map(|date| format!(", latest run {date}")).unwrap_or_default();
        format!(
            "{count} result{} of {configurations} configuration{}{latest}, Tokscope index version {VERSION}",
            plural(count),
            plural(configurations)
        )
    }

    /// The lines below a chart of these results: the filters, some sources by name and date, the date of the newest
    /// run, the version of the index, the link.
    pub fn foot(&self, results: &[usize]) -> Vec<String> {
        let is_any = !results.is_empty();
        let filters = is_any.then(|| self.filters_in_words()).filter(|words| !words.is_empty());
        let version = is_any.then(|| format!("Tokscope index version {VERSION}"));
        let last = [self.latest_in_words(results), version, self.link()];
        let last: Vec<String> = last.into_iter().flatten().collect();
        let last = (!last.is_empty()).then(|| last.join(" · "));
        [filters, self.sources_in_words(results), last].into_iter().flatten().collect()
    }

    /// Some sources by name and date, and how many more there are; `None` for no results.
    pub fn sources_in_words(&self, results: &[usize]) -> Option<String> {
        /// More are counted: a chart has no room for a list.
        const MOST_SOURCES: usize = 3;
        let sources = self.sources(results);
        let named = |source: &&Source| format!("{} ({})", source.name, source.date);
        let mut names: Vec<String> = sources.iter().take(MOST_SOURCES).map(named).collect();
        if let Some(more) = sources.len().checked_sub(MOST_SOURCES).filter(|&more| more > 0) {
            names.push(format!("{more} more"));
        }
        let word = if sources.len() == 1 { "Source" } else { "Sources" };
        (!names.is_empty()).then(|| format!("{word}: {}", names.join("; ")))
    }

    /// The date of the newest run; `None` for no results.
    pub fn latest_in_words(&self, results: &[usize]) -> Option<String> {
        self.latest(results).map(|date| format!("Latest run {date}"))
    }

    /// The sample standard deviation of a metric: over the repetitions, else as the source printed it.
    pub fn deviation(&self, result: usize, metric: Metric) -> Option<f64> {
        let repeated = self.index.repeated(result, metric);
        if !repeated.is_empty() {
            return stats::Summary::of(&repeated)?.deviation;
        }
        let of_metric = |(of, _): &&(Metric, u32)| *of == metric;
        let &(_, text) = self.index.results.published.of(result).iter().find(of_metric)?;
        let (_, deviation) = self.index.text(text).split_once('±')?;
        deviation.trim().parse().ok().filter(|deviation: &f64| deviation.is_finite() && *deviation >= 0.0)
    }

    /// Repetitions behind the value of a metric, where known.
    pub fn repetitions(&self, result: usize, metric: Metric) -> Option<usize> {
        self.index.value(result, metric)?;
        let repeated = self.index.repeated(result, metric).len();
        let stated = || self.index.runs.repetitions.get(self.index.run_of(result)).map(|&n| n as usize);
        Some(repeated).filter(|&n| n > 0).or_else(|| stated().filter(|&n| n > 0))
    }
}

/// An address without query and fragment.
fn bare(base: &str) -> &str {
    base.split(['?', '#']).next().unwrap_or_default()
}

/// A number as short as it can be without another one being nearer.
fn exact(value: f64) -> String {
    value.to_string()
}

/// The word of a value whose serialised form is one.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
