//! The selection as a query string, and back.
//!
//! Reading never fails: what a link names and the index lacks is ignored, and said.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::embed::Embed;
use super::order::distinct;
use super::selection::{Column, Concurrency, Grouping, MOST_PINNED, Selection, Sort, Theme, View};
use super::{Choice, Choices, configuration_named, model_named, rows_named};
use crate::index::Index;
use crate::model::Metric;

/// The longest value of a parameter that is looked at, in bytes: room for some hundred open rows.
const LONGEST: usize = 32_000;

/// Characters that stay as they are in a query string of ours.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a link that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Name of the parameter, cut to a readable length.
    pub parameter: String,
    /// The value, cut to a readable length.
    pub value: String,
    /// True where the parameter itself is unknown.
    pub unknown_parameter: bool,
}

/// The names of the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameter {
    Data,
    View,
    Metric,
    Shape,
    Concurrency,
    Hardware,
    Backend,
    Quant,
    Mode,
    Search,
    Sort,
    Group,
    Fold,
    Open,
    Model,
    Pin,
    Bars,
    Theme,
    Embed,
}

impl Parameter {
    const ALL: [Self; 19] = [
        Self::Data,
        Self::View,
        Self::Hardware,
        Self::Backend,
        Self::Quant,
        Self::Mode,
        Self::Search,
        Self::Shape,
        Self::Concurrency,
        Self::Metric,
        Self::Sort,
        Self::Group,
        Self::Fold,
        Self::Open,
        Self::Model,
        Self::Pin,
        Self::Bars,
        Self::Theme,
        Self::Embed,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::View => "view",
            Self::Metric => "metric",
            Self::Shape => "shape",
            Self::Concurrency => "conc",
            Self::Hardware => "hardware",
            Self::Backend => "backend",
            Self::Quant => "quant",
            Self::Mode => "mode",
            Self::Search => "q",
            Self::Sort => "sort",
            Self::Group => "group",
            Self::Fold => "fold",
            Self::Open => "open",
            Self::Model => "model",
            Self::Pin => "pin",
            Self::Bars => "bars",
            Self::Theme => "theme",
            Self::Embed => "embed",
        }
    }
}

/// Reads a query string, with or without its question mark.
pub fn from_query(query: &str, choices: &Choices) -> (Selection, Vec<Ignored>) {
    let mut selection = Selection::default();
    let mut ignored = Vec::new();
    for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
        let parameter = Parameter::ALL.into_iter().find(|parameter| parameter.name() == name);
        let refused = match parameter {
            Some(parameter) if value.len() <= LONGEST => read(&mut selection, parameter, &value, choices),
            _ => vec![value.into_owned()],
        };
        ignored.extend(refused.into_iter().map(|value| Ignored {
            parameter: cut(&name),
            value: cut(&value),
            unknown_parameter: parameter.is_none(),
        }));
    }
    (selection, ignored)
}

/// The address of somebody else's index that a query names.
pub fn data_of_query(query: &str) -> Option<String> {
    let mut words = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    words.find(|(name, _)| name == Parameter::Data.name()).map(|(_, address)| address.into_owned())
}

/// Takes out of a selection the open rows and folded groups that the index lacks; returns them.
pub fn drop_unknown(selection: &mut Selection, index: &Index, choices: &Choices) -> Vec<Ignored> {
    let mut ignored = Vec::new();
    let mut sift = |words: &mut Vec<String>, parameter: Parameter, is_known: &dyn Fn(&str) -> bool| {
        words.retain(|word| {
            let known = is_known(word);
            if !known {
                let parameter = parameter.name().to_owned();
                ignored.push(Ignored { parameter, value: cut(word), unknown_parameter: false });
            }
            known
        });
    };
    let among = |list: &[Choice], word: &str| list.iter().any(|choice| choice.slug == word);
    sift(&mut selection.folded, Parameter::Fold, &|word| match selection.grouping {
        Grouping::Family => index.catalog.families.iter().any(|family| family.id == word),
        Grouping::Hardware => among(&choices.hardware, word),
        Grouping::Backend => among(&choices.backend, word),
        Grouping::Quant => among(&choices.quant, word),
        Grouping::None => false,
    });
    let is_configuration = |word: &str| configuration_named(index, word).is_some();
    sift(&mut selection.open, Parameter::Open, &|word| rows_named(index, word).is_some());
    sift(&mut selection.pinned, Parameter::Pin, &is_configuration);
    let mut model: Vec<String> = selection.model.take().into_iter().collect();
    sift(&mut model, Parameter::Model, &|word| model_named(index, word).is_some());
    selection.model = model.pop();
    ignored
}

/// Sets one parameter; returns the values that mean nothing.
fn read(selection: &mut Selection, parameter: Parameter, value: &str, choices: &Choices) -> Vec<String> {
    let refused = || vec![value.to_owned()];
    let set = |found: bool| if found { Vec::new() } else { refused() };
    match parameter {
        // Which index is in view, not a part of the selection either: another one cannot be had by asking this one.
        Parameter::Data => set(choices.data.as_deref() == Some(value)),
        Parameter::View => {
            set(assign(&mut selection.view, View::ALL.into_iter().find(|v| v.slug() == value)))
        }
        Parameter::Metric => set(assign(&mut selection.metric, Metric::from_slug(value))),
        Parameter::Shape => {
            let found = choices.shape.iter().position(|shape| shape.answers_to(value));
            selection.shape = found;
            set(found.is_some() || value == "all")
        }
        Parameter::Concurrency => {
            let only = value.parse().ok().filter(|only| choices.concurrency.contains(only));
            let all = (value == "all").then_some(Concurrency::All);
            set(assign(&mut selection.concurrency, only.map(Concurrency::Only).or(all)))
        }
        Parameter::Hardware => read_list(&mut selection.hardware, value, &choices.hardware),
        Parameter::Backend => read_list(&mut selection.backend, value, &choices.backend),
        Parameter::Quant => read_list(&mut selection.quant, value, &choices.quant),
        Parameter::Mode => read_list(&mut selection.mode, value, &choices.mode),
        Parameter::Search => {
            value.clone_into(&mut selection.search);
            Vec::new()
        }
        Parameter::Sort => {
            let (slug, descending) = value.strip_prefix('-').map_or((value, false), |slug| (slug, true));
            let column = Column::ALL.into_iter().find(|column| column.slug() == slug);
            selection.sort = column.map(|column| Sort { column, descending });
            set(column.is_some())
        }
        Parameter::Group => {
            set(assign(&mut selection.grouping, Grouping::ALL.into_iter().find(|g| g.slug() == value)))
        }
        Parameter::Fold => read_words(&mut selection.folded, value),
        Parameter::Open => read_words(&mut selection.open, value),
        Parameter::Model => {
            selection.model = Some(value.to_owned());
            Vec::new()
        }
        Parameter::Pin => {
            for word in value.split(',').filter(|word| !word.is_empty()) {
                if !selection.pinned.iter().any(|other| other == word) {
                    selection.pinned.push(word.to_owned());
                }
            }
            selection.pinned.split_off(selection.pinned.len().min(MOST_PINNED))
        }
        Parameter::Bars => {
            selection.all_bars = value == "all";
            set(selection.all_bars)
        }
        Parameter::Theme => {
            selection.theme = [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.slug() == value);
            set(selection.theme.is_some() || value == "auto")
        }
        // What is shown of the selection, not a part of it.
        Parameter::Embed => set(Embed::from_slug(value).is_some()),
    }
}

fn assign<T>(place: &mut T, value: Option<T>) -> bool {
    value.is_some_and(|value| {
        *place = value;
        true
    })
}

fn read_list(list: &mut Vec<usize>, value: &str, choices: &[Choice]) -> Vec<String> {
    let mut refused = Vec::new();
    for word in value.split(',').filter(|word| !word.is_empty()) {
        let before = list.len();
        let found = choices.iter().enumerate().filter(|(_, choice)| choice.answers_to(word));
        let found: Vec<usize> = found.map(|(position, _)| position).collect();
        list.extend(&found);
        if list.len() == before {
            refused.push(word.to_owned());
        }
    }
    *list = distinct(&mut list.iter().copied());
    refused
}

fn read_words(list: &mut Vec<String>, value: &str) -> Vec<String> {
    for word in value.split(',').filter(|word| !word.is_empty()) {
        if let Err(place) = list.binary_search_by(|other| other.as_str().cmp(word)) {
            list.insert(place, word.to_owned());
        }
    }
    Vec::new()
}

/// The first characters of a text, for a notice.
fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Writes a query string: parameters in a fixed order, defaults left out; empty for the default.
pub fn to_query(selection: &Selection, choices: &Choices) -> String {
    let mut query = String::new();
    for parameter in Parameter::ALL {
        if let Some(value) = write_value(selection, parameter, choices) {
            let separator = if query.is_empty() { '?' } else { '&' };
            // Writing to a string cannot fail.
            let _ = write!(query, "{separator}{}={value}", parameter.name());
        }
    }
    query
}

fn write_value(selection: &Selection, parameter: Parameter, choices: &Choices) -> Option<String> {
    let defaults = Selection::default();
    let slugs = |chosen: &[usize], choices: &[Choice]| {
        join(chosen.iter().filter_map(|&position| choices.get(position)).map(|choice| choice.slug.as_str()))
    };
    match parameter {
        Parameter::Data => join(choices.data.as_deref().into_iter()),
        Parameter::View => (selection.view != defaults.view).then(|| selection.view.slug().to_owned()),
        Parameter::Metric => {
            (selection.metric != defaults.metric).then(|| selection.metric.slug().to_owned())
        }
        Parameter::Shape => selection.shape.and_then(|shape| slugs(&[shape], &choices.shape)),
        Parameter::Concurrency => {
            (selection.concurrency != defaults.concurrency).then(|| match selection.concurrency {
                Concurrency::All => "all".to_owned(),
                Concurrency::Only(only) => only.to_string(),
            })
        }
        Parameter::Hardware => slugs(&selection.hardware, &choices.hardware),
        Parameter::Backend => slugs(&selection.backend, &choices.backend),
        Parameter::Quant => slugs(&selection.quant, &choices.quant),
        Parameter::Mode => slugs(&selection.mode, &choices.mode),
        Parameter::Search => {
            join(std::iter::once(selection.search.as_str()).filter(|words| !words.is_empty()))
        }
        Parameter::Sort => selection.sort.map(|sort| {
            let sign = if sort.descending { "-" } else { "" };
            format!("{sign}{}", sort.column.slug())
        }),
        Parameter::Group => {
            (selection.grouping != defaults.grouping).then(|| selection.grouping.slug().to_owned())
        }
        Parameter::Fold => join(selection.folded.iter().map(String::as_str)),
        Parameter::Open => join(selection.open.iter().map(String::as_str)),
        Parameter::Model => join(selection.model.iter().map(String::as_str)),
        Parameter::Pin => join(selection.pinned.iter().map(String::as_str)),
        Parameter::Bars => selection.all_bars.then(|| "all".to_owned()),
        Parameter::Theme => selection.theme.map(|theme| theme.slug().to_owned()),
        Parameter::Embed => None,
    }
}

/// Words with commas between them, escaped; `None` for no words.
fn join<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let escaped: Vec<String> = words.map(|word| utf8_percent_encode(word, ESCAPED).to_string()).collect();
    (!escaped.is_empty()).then(|| escaped.join(","))
}
