//! Tables: which column is which, and the cells of a row.

use super::cells::{self, About, Cell, Rate};
use super::lines::Say;
use crate::import::finding::quote;
use crate::model::Positive;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Model,
    Quant,
    Size,
    Params,
    /// Total and active in one cell.
    BothParams,
    Active,
    Context,
    Backend,
    Load,
    Prefill,
    Decode,
    Notes,
}

/// The columns of a table of results.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    kinds: Vec<Option<Kind>>,
    /// The backend that the headers name: `Vulkan PP`.
    backend: Option<String>,
}

/// A row as printed.
#[derive(Clone, Debug, Default)]
pub(super) struct RawRow {
    pub(super) line: u32,
    /// Position of the head above the row.
    pub(super) head: usize,
    pub(super) model: Option<String>,
    pub(super) quant: Option<String>,
    pub(super) size: Option<About>,
    pub(super) params: [Option<About>; 2],
    pub(super) context_tokens: Option<u32>,
    pub(super) backend: Option<String>,
    pub(super) load: Option<Positive>,
    pub(super) prefill: Option<Rate>,
    pub(super) decode: Option<Rate>,
    /// `ERROR: server died` without its first word.
    pub(super) failed: Option<String>,
    /// Parts of the cell for notes.
    pub(super) notes: Vec<String>,
    /// True for a row of a table whose headers name the backend: it repeats a section.
    pub(super) summary: bool,
    /// True where a cell could not be read.
    pub(super) broken: bool,
}

impl Columns {
    /// The columns of a header; `None` for a table of something else.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let mut backend = None;
        let kinds: Vec<Option<Kind>> = header.iter().map(|name| kind(name, &mut backend)).collect();
        let has = |wanted: Kind| kinds.contains(&Some(wanted));
        let named = has(Kind::Model) || has(Kind::Backend) || backend.is_some();
        (named && has(Kind::Prefill) && has(Kind::Decode)).then_some(Self { kinds, backend })
    }

    /// Names and positions of columns that no report has.
    pub(super) fn unknown(&self, header: &[String]) -> Vec<(String, usize)> {
        let all = self.kinds.iter().zip(header).enumerate();
        all.filter(|(_, (kind, _))| kind.is_none()).map(|(at, (_, name))| (name.clone(), at)).collect()
    }

    /// Reads a row; what cannot be read is said and left open. A row with cells too many or too few is
    /// left out: nobody knows which column a figure belongs to.
    pub(super) fn row(&self, line: u32, head: usize, cells: &[String], say: &mut Say<'_>) -> Option<RawRow> {
        let summary = self.backend.is_some();
        let mut row = RawRow { line, head, backend: self.backend.clone(), summary, ..RawRow::default() };
        if cells.len() != self.kinds.len() {
            let (found, expected) = (cells.len(), self.kinds.len());
            let expected = format!("{expected}, as in the header; the row is left out");
            say.at(line, "", format!("{found} cells"), expected);
            return None;
        }
        for (kind, cell) in self.kinds.iter().zip(cells) {
            if let Some(kind) = kind {
                row.fill(*kind, cell, say);
            }
        }
        Some(row)
    }
}

/// What a header means; a backend in front of it is remembered.
fn kind(name: &str, backend: &mut Option<String>) -> Option<Kind> {
    let name = name.replace("**", "").to_lowercase();
    let plain = name.replace("(tok/s)", "").replace("tok/s", "");
    let kind = match plain.trim() {
        "model" => Kind::Model,
        "quant" | "quantization" => Kind::Quant,
        "size" | "file size" | "file" => Kind::Size,
        "params" | "total params" => Kind::Params,
        "params (active)" => Kind::BothParams,
        "active" | "active params" => Kind::Active,
        "context" | "ctx" => Kind::Context,
        "backend" => Kind::Backend,
        "load" | "load time" => Kind::Load,
        "pp" => Kind::Prefill,
        "tg" => Kind::Decode,
        "notes" | "note" => Kind::Notes,
        other => {
            let (before, last) = other.rsplit_once(' ')?;
            let kind = match last {
                "load" => Kind::Load,
                "pp" => Kind::Prefill,
                "tg" => Kind::Decode,
                _ => return None,
            };
            super::settings::label(before)?;
            backend.get_or_insert_with(|| before.to_owned());
            kind
        }
    };
    Some(kind)
}

impl RawRow {
    fn fill(&mut self, kind: Kind, cell: &str, say: &mut Say<'_>) {
        let text = || (!cells::is_missing(cell)).then(|| cell.to_owned());
        match kind {
            Kind::Model => self.model = text(),
            Kind::Quant => self.quant = text().map(|quant| cells::unescape(&quant)),
            Kind::Backend => self.backend = text().or(self.backend.take()),
            Kind::Size => self.size = self.read("size", cell, cells::size(cell), say),
            Kind::Params => {
                let total = self.read("params", cell, cells::params(cell), say);
                self.params = [total, self.params[1]];
            }
            Kind::Active => {
                let active = self.read("active", cell, cells::params(cell), say);
                self.params = [self.params[0], active];
            }
            Kind::BothParams => {
                let both = self.read("params", cell, cells::both_params(cell).map(Some), say);
                self.params = both.unwrap_or_default();
            }
            Kind::Context => self.context_tokens = self.read("context", cell, cells::tokens(cell), say),
            Kind::Load => self.load = self.read("load", cell, cells::load(cell), say),
            Kind::Prefill | Kind::Decode => self.rate(kind, cell, say),
            Kind::Notes => {
                self.notes = cell.split("<br>").map(|note| cells::unescape(note.trim())).collect();
            }
        }
    }

    fn rate(&mut self, kind: Kind, cell: &str, say: &mut Say<'_>) {
        if let Some(words) = cell.trim_start_matches("**").strip_prefix("ERROR") {
            let words = cells::unescape(words.trim_start_matches(':').trim_end_matches("**").trim());
            self.failed = Some(if words.is_empty() { "ERROR".to_owned() } else { words });
        } else if kind == Kind::Prefill {
            self.prefill = self.read("PP", cell, cells::rate(cell), say);
        } else {
            self.decode = self.read("TG", cell, cells::rate(cell), say);
        }
    }

    fn read<T>(&mut self, field: &str, cell: &str, read: Cell<T>, say: &mut Say<'_>) -> Option<T> {
        read.unwrap_or_else(|expected| {
            say.at(self.line, field, quote(cell), expected);
            self.broken = true;
            None
        })
    }
}
