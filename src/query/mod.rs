//! From an index and what the reader chose to the rows on the screen.
//!
//! [`Choices`] are what can be chosen: the values of each control. A [`Selection`] is what was
//! chosen, and is the query string in another form. [`Answer`] is what follows: rows, groups and
//! counts, computed from the columns in one pass and held nowhere else.

mod answer;
mod arrange;
mod choices;
pub mod compare;
pub mod confront;
mod embed;
mod facet;
mod first;
mod link;
pub mod order;
pub mod ranking;
mod search;
mod selection;
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
mod shards;
mod shown;

pub use answer::{Answer, GroupSpan, Row, Unmeasured, answer};
pub use choices::{
    Choice, Choices, backend_label, configuration_named, configuration_slug, is_own, model_named, model_slug,
    row_slug, rows_named,
};
pub use embed::{Embed, MOST_EMBEDDED_LINES};
pub use facet::{Facet, shapes_used};
pub use first::{MOST_FIRST_ROWS, first_view};
pub use link::{Ignored, data_of_query, drop_unknown, from_query, to_query};
pub use selection::{Column, Concurrency, Grouping, MOST_PINNED, Selection, Sort, Theme, View};
#[cfg(any(feature = "whole", feature = "cli", not(feature = "view")))]
pub use shards::shards_of;
pub use shown::{is_by_name, shown, without_own};
