//! Tables that people made by hand, as CSV or with other separators: read through a [`Mapping`] that says
//! what each column holds and in which unit.
//!
//! No header is guessed at while reading. [`propose`] makes a mapping of the headers, for somebody to look at
//! and confirm; [`read_table`] reads with a mapping, and names every column that it does not use.

mod figures;
mod names;
mod propose;
mod read;
mod rows;
mod sheet;
mod units;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use names::Field;
pub use propose::propose;
pub use read::read_table;
pub use sheet::{Sheet, sheet};
pub use units::{Kind, Unit};

use crate::model::run::{Statistic, Timing};

/// What the columns of a table mean.
///
/// As JSON or YAML it is a file for `tokscope import --map`; the page shows it as a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Whether a client timed a server, or the engine timed itself.
    pub timing: Timing,
    /// How each figure follows from its repetitions.
    #[serde(default = "unknown", skip_serializing_if = "is_unknown")]
    pub statistic: Statistic,
    /// What stands between two cells; found out from the header where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// What stands before the fraction of a number.
    #[serde(default, skip_serializing_if = "Decimal::is_point")]
    pub decimal: Decimal,
    /// Columns and what they hold. One that is named twice holds two things; texts of several columns for
    /// one field are joined by a blank.
    pub columns: Vec<Column>,
    /// What is true of every row, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<Field, String>,
    /// What a printed text stands for, by field: the id of a model behind its printed name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Field, BTreeMap<String, String>>,
    /// Takes only rows whose cell in a column is one of these texts; the others are left alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, Vec<String>>,
    /// Adds the output rate of each request as its output tokens by the duration of the whole request, for
    /// sources that print the duration alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub output_from_end_to_end: bool,
}

fn unknown() -> Statistic {
    Statistic::Unknown
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_unknown(statistic: &Statistic) -> bool {
    *statistic == Statistic::Unknown
}

/// One column and what it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The header, as printed.
    pub column: String,
    /// What the column holds.
    pub field: Field,
    /// Unit of the numbers, such as `s` or `tok/s`; without one, the unit of the field's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whose rate it is: that of one request, or of all requests in flight together.
    #[serde(default, skip_serializing_if = "Requests::is_one")]
    pub requests: Requests,
    /// The shape that the figure belongs to, where columns of one table are of several: an id, or the name
    /// of a test such as `pp512` or `tg128 @ d4096`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// True for the ± of the field instead of its value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spread: bool,
    /// Significant digits that are kept; all of them where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
    /// Name of the setting, for the field [`Field::Setting`]; without one, the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Column {
    /// A column with nothing said but what it holds.
    pub fn new(column: impl Into<String>, field: Field) -> Self {
        Self {
            column: column.into(),
            field,
            unit: None,
            requests: Requests::One,
            shape: None,
            spread: false,
            digits: None,
            name: None,
        }
    }
}

/// Whose rate a rate is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Requests {
    /// Of one request.
    #[default]
    One,
    /// Of all requests in flight together: each one has its share.
    All,
}

impl Requests {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_one(&self) -> bool {
        *self == Self::One
    }
}

/// What stands before the fraction of a number; the other sign separates thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
}

impl Decimal {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_point(&self) -> bool {
        *self == Self::Point
    }
}

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tabulator.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// Every delimiter, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}
