//! What takes the place of a directive.

use tokscope::charts::offered::Chart;
use tokscope::charts::svg::with_id;
use tokscope::export::view::{Export, brief, embed, markdown};
use tokscope::format::Locale;
use tokscope::index::Index;
use tokscope::model::Metric;
use tokscope::query::{Answer, Choices, Embed, Selection, answer};

use super::directive::{Ask, Fault};
use super::options::Options;
use crate::chart::{self, Colours, base_of_link, charts, one_of, read_index, selection};
use crate::error::CliError;
use crate::index::sound_dataset;

/// Widths of the drawings of one chart, in pixels: for the column of a book, and for a telephone.
const WIDTHS: [u16; 2] = [750, 340];

/// Themes that mdBook has, by how light they are: its readers choose one whatever their system says.
const LIGHT: &str = "html:is(.light,.rust)";
const DARK: &str = "html:is(.coal,.navy,.ayu)";

/// How the drawings of a chart take turns; below the width that the narrow one is for, it is shown.
const TURNS: &str = ".tokscope-chart{margin:1.5em 0;container-type:inline-size}\
.tokscope-chart svg{display:block;max-width:100%;height:auto;border-radius:4px}\
.tokscope-chart svg+svg{display:none}.tokscope-chart figcaption{margin-top:.5em}\
@container (max-width:540px){.tokscope-chart svg:has(+svg){display:none}.tokscope-chart svg+svg{display:block}}";

/// A frame as wide as the text.
const FRAME: &str = ".tokscope-embed{margin:1.5em 0}";

/// What makes frames follow height and theme.
const FRAMES: &str = include_str!("frames.js");

/// What a directive becomes.
pub(super) enum Piece {
    /// Part of a line.
    Inline(String),
    /// Lines of their own, and what they are.
    Block(String, &'static str),
}

/// Makes figures of one index.
pub(super) struct Figures {
    index: Index,
    choices: Choices,
    /// True for an index that was named: it may be what a directive calls `data=`.
    is_file: bool,
    base: Option<String>,
    is_html: bool,
    /// Drawings so far, which need ids that differ throughout the book: it also exists as one page.
    drawn: usize,
}

impl Figures {
    /// Reads what a book refers to.
    pub(super) fn of(options: &Options) -> Result<Self, CliError> {
        let index = match &options.index {
            Some(file) => read_index(file)?,
            None => Index::build(&sound_dataset(&options.data)?),
        };
        let choices = Choices::of(&index);
        let Options { base, is_html, .. } = options;
        let is_file = options.index.is_some();
        Ok(Self { index, choices, is_file, base: base.clone(), is_html: *is_html, drawn: 0 })
    }

    /// What takes the place of a directive in a chapter that many folders deep.
    pub(super) fn piece(&mut self, ask: &Ask, query: &str, depth: usize) -> Result<Piece, Fault> {
        self.choices = chart::choices(std::mem::take(&mut self.choices), self.is_file, query);
        let selection = selection(query, &self.index, &self.choices)?;
        let answer = answer(&self.index, &self.choices, &selection);
        let base = self.base_from(query, depth);
        let export = Export {
            index: &self.index,
            choices: &self.choices,
            selection: &selection,
            base: base.as_deref(),
        };
        if export.results().is_empty() {
            return Err(Fault::Nothing);
        }
        match ask {
            Ask::Value => value(&selection, &answer).map(Piece::Inline),
            Ask::Table { full } => Ok(Piece::Block(table(&export, *full), "a table")),
            Ask::Embed { height } => {
                let asked = query.split_once('?').map_or(query, |(_, query)| query);
                let wanted = Embed::of_query(asked).unwrap_or(Embed::Chart);
                let caption = caption(&export).ok_or(Fault::NoAddress)?;
                let live = if self.is_html { live(&export, wanted, *height) } else { String::new() };
                let html = format!("<figure class=\"tokscope-embed\">{live}{caption}</figure>");
                Ok(Piece::Block(html, "a frame"))
            }
            Ask::Chart { name, width, theme } => {
                let charts = charts(&self.index, &self.choices, &selection);
                let chart = one_of(&charts, name.as_deref(), &export)?;
                let drawing = Drawing { chart, width: *width, theme: *theme };
                let html = drawing.html(&export, self.drawn);
                self.drawn += WIDTHS.len();
                Ok(Piece::Block(html, "a chart"))
            }
        }
    }

    /// The address of the page as a chapter sees it: one that is relative is so to the book.
    fn base_from(&self, query: &str, depth: usize) -> Option<String> {
        let base = base_of_link(query).or(self.base.as_deref())?;
        let up = if base.starts_with('.') { "../".repeat(depth) } else { String::new() };
        Some(format!("{up}{base}"))
    }
}

/// The value or range of the one row, as the table of the page has it.
fn value(selection: &Selection, answer: &Answer) -> Result<String, Fault> {
    let [row] = answer.rows.as_slice() else { return Err(Fault::Rows(answer.rows.len())) };
    let (low, high) = row.bounds.ok_or(Fault::Failed)?;
    let Selection { metric, .. } = selection;
    // Not to be broken between number and unit.
    Ok(format!("{}\u{a0}{}", Locale::default().range(*metric, low, high), Metric::unit(*metric)))
}

fn table(export: &Export<'_>, full: bool) -> String {
    if !full {
        return brief::brief(export);
    }
    let table = markdown::markdown(export);
    match export.base {
        Some(_) => table,
        // Without the address of the page, the link would lead to a query of the book.
        None => {
            table.lines().filter(|line| !line.starts_with("* [This view](")).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The page in a frame, with what makes it follow height and theme.
fn live(export: &Export<'_>, wanted: Embed, height: Option<u16>) -> String {
    let mut frame = one_line(&embed::frame_of(export, wanted));
    if let Some(height) = height {
        let usual = format!(" height=\"{}\"", embed::height(export, wanted));
        frame = frame.replacen(&usual, &format!(" height=\"{height}\""), 1);
    }
    let lines = FRAMES.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let script = lines.collect::<Vec<_>>().join(" ");
    format!("<style>{FRAME}</style><script>{script}</script>{frame}")
}

/// A link to the view; `None` where nobody knows its address.
fn caption(export: &Export<'_>) -> Option<String> {
    let _known = export.base?;
    Some(format!("<figcaption>{}</figcaption>", embed::link(export, "Open the live view")))
}

/// A chart, and how it is wanted.
struct Drawing<'a> {
    chart: &'a Chart,
    width: Option<u16>,
    theme: Option<Colours>,
}

impl Drawing<'_> {
    /// The drawings of a chart, one of which is shown, with their sources inside and the link below.
    fn html(&self, export: &Export<'_>, first: usize) -> String {
        let [wide, narrow] = WIDTHS;
        // The link stands below, where it can be followed, so that the drawing needs none.
        let results = self.chart.results();
        let foot: Vec<String> =
            export.sources_in_words(&results).into_iter().chain(export.latest_in_words(&results)).collect();
        let look = self.theme.unwrap_or(Colours::Auto).look();
        let (mut svgs, mut styles) = (String::new(), String::new());
        for (at, width) in [self.width.unwrap_or(wide), narrow].into_iter().enumerate() {
            let svg = self.chart.to_svg(f64::from(width), look, &foot);
            let svg = with_id(&svg, self.chart.id(), &format!("tokscope-{}", first + at));
            let (svg, style) = without_style(&svg);
            svgs.push_str(&one_line(&svg));
            styles = style;
        }
        if self.theme.is_none() {
            styles = for_themes(&styles);
        }
        let caption = caption(export).unwrap_or_default();
        format!("<figure class=\"tokscope-chart\"><style>{TURNS}{styles}</style>{svgs}{caption}</figure>")
    }
}

/// A drawing without its style sheet, and the sheet.
fn without_style(svg: &str) -> (String, String) {
    let parts = svg.split_once("<style>").and_then(|(before, rest)| {
        let (style, after) = rest.split_once("</style>")?;
        Some((format!("{before}{after}"), style.to_owned()))
    });
    parts.unwrap_or_else(|| (svg.to_owned(), String::new()))
}

/// A style sheet that follows the reader's system, made to follow the theme that the reader chose in the book.
fn for_themes(style: &str) -> String {
    let parts = style
        .split_once("@media (prefers-color-scheme:dark){")
        .and_then(|(light, dark)| Some(format!("{LIGHT}{{{light}}}{DARK}{{{}}}", dark.strip_suffix('}')?)));
    format!("{style}{}", parts.unwrap_or_default())
}

/// HTML in one line, so that it fits into a list and no empty line ends it. What mdBook would take for a directive in a
/// name is none.
fn one_line(html: &str) -> String {
    let brace = format!("&#{};", u32::from('{'));
    html.replace(['\n', '\r'], "").replace("{{", &brace.repeat(2))
}
