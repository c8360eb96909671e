//! What the reader chose: a plain value.

use crate::model::Metric;

/// Everything that the reader can choose; the query string in another form.
///
/// Filters hold positions in [`super::Choices`]; an empty list means no filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Which part of the page.
    pub view: View,
    /// The quantity of the last column and of the charts.
    pub metric: Metric,
    /// One workload shape, or the range over all of them.
    pub shape: Option<usize>,
    /// Requests in flight.
    pub concurrency: Concurrency,
    /// Rigs.
    pub hardware: Vec<usize>,
    /// Backends: engine and accelerator.
    pub backend: Vec<usize>,
    /// Weight formats.
    pub quant: Vec<usize>,
    /// Modes.
    pub mode: Vec<usize>,
    /// Words that a row must contain.
    pub search: String,
    /// Order of rows; `None` for the best value of the metric first.
    pub sort: Option<Sort>,
    /// How rows are grouped.
    pub grouping: Grouping,
    /// Groups that are folded away, by key.
    pub folded: Vec<String>,
    /// Rows that are open, by slug of configuration.
    pub open: Vec<String>,
    /// The model of the model view, by slug.
    pub model: Option<String>,
    /// Configurations to compare, by slug, in the order chosen: the others are measured by the first.
    pub pinned: Vec<String>,
    /// True to show every bar of long charts.
    pub all_bars: bool,
    /// Light or dark; `None` to follow the system.
    pub theme: Option<Theme>,
}

/// The most configurations that are compared at once.
pub const MOST_PINNED: usize = 6;

impl Default for Selection {
    fn default() -> Self {
        Self {
            view: View::Runs,
            metric: Metric::Decode,
            shape: None,
            concurrency: Concurrency::Only(1),
            hardware: Vec::new(),
            backend: Vec::new(),
            quant: Vec::new(),
            mode: Vec::new(),
            search: String::new(),
            sort: None,
            grouping: Grouping::Family,
            folded: Vec::new(),
            open: Vec::new(),
            model: None,
            pinned: Vec::new(),
            all_bars: false,
            theme: None,
        }
    }
}

impl Selection {
    /// The order of rows that holds: the chosen one, or the best value first.
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(Sort { column: Column::Metric, descending: !self.metric.lower_is_better() })
    }

    /// The selection without any filter, search, shape or concurrency.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let defaults = Self::default();
        Self {
            shape: None,
            concurrency: defaults.concurrency,
            hardware: Vec::new(),
            backend: Vec::new(),
            quant: Vec::new(),
            mode: Vec::new(),
            search: String::new(),
            ..self.clone()
        }
    }
}

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Table and charts.
    Runs,
    /// All that is known of one model, or the list of models.
    Models,
    /// Configurations side by side.
    Compare,
    /// Rigs.
    Hardware,
    /// What the rules find: physics, contradictions, failures.
    Checks,
    /// How to read this, definitions, plans, sources.
    Method,
    /// Results of the reader's own.
    Import,
}

impl View {
    /// Every view, in the order of the navigation.
    pub const ALL: [Self; 7] =
        [Self::Runs, Self::Models, Self::Compare, Self::Hardware, Self::Checks, Self::Method, Self::Import];

    /// The word in the query string.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Models => "model",
            Self::Compare => "compare",
            Self::Checks => "checks",
            Self::Hardware => "hardware",
            Self::Method => "method",
            Self::Import => "import",
        }
    }

    /// True for the view that a program of its own shows; the others are in the whole program.
    pub const fn is_first(self) -> bool {
        matches!(self, Self::Runs)
    }

    /// The word in the navigation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Runs => "Runs",
            Self::Models => "Models",
            Self::Compare => "Compare",
            Self::Checks => "Checks",
            Self::Hardware => "Hardware",
            Self::Method => "Method",
            Self::Import => "Open results",
        }
    }
}

/// Requests in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// Results of every concurrency, each in a row of its own.
    All,
    /// One concurrency.
    Only(u16),
}

impl Concurrency {
    /// True where a result of this concurrency is wanted.
    pub fn admits(self, concurrency: u16) -> bool {
        match self {
            Self::All => true,
            Self::Only(only) => only == concurrency,
        }
    }
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Model variant.
    Variant,
    /// Weight format.
    Quant,
    /// Rig, power cap and driver.
    Hardware,
    /// Engine, build and accelerator.
    Backend,
    /// What was changed on purpose.
    Mode,
    /// Requests in flight.
    Concurrency,
    /// The chosen metric.
    Metric,
}

impl Column {
    /// Every column, from left to right.
    pub const ALL: [Self; 7] = [
        Self::Variant,
        Self::Quant,
        Self::Hardware,
        Self::Backend,
        Self::Mode,
        Self::Concurrency,
        Self::Metric,
    ];

    /// The word in the query string; also the glossary id of all but the metric.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Variant => "variant",
            Self::Quant => "quant",
            Self::Hardware => "hardware",
            Self::Backend => "backend",
            Self::Mode => "mode",
            Self::Concurrency => "concurrency",
            Self::Metric => "metric",
        }
    }
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub column: Column,
    /// Largest first.
    pub descending: bool,
}

/// What a group of rows has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// The model family, newest first.
    Family,
    /// The rig.
    Hardware,
    /// Engine and accelerator.
    Backend,
    /// The weight format.
    Quant,
    /// Nothing: one list.
    None,
}

impl Grouping {
    /// Every grouping, in the order of the control.
    pub const ALL: [Self; 5] = [Self::Family, Self::Hardware, Self::Backend, Self::Quant, Self::None];

    /// The word in the query string.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Hardware => "hardware",
            Self::Backend => "backend",
            Self::Quant => "quant",
            Self::None => "none",
        }
    }

    /// The word on the control.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Family => "Family",
            Self::Hardware => "Hardware",
            Self::Backend => "Backend",
            Self::Quant => "Quant",
            Self::None => "No groups",
        }
    }
}

/// A colour scheme chosen by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light surface.
    Light,
    /// Light ink on a dark surface.
    Dark,
}

impl Theme {
    /// The word in the query string and in the document's `data-theme`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
