//! `tokscope chart`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tokscope::charts::offered::{Chart, of_bars, of_points};
use tokscope::charts::{Look, Theme};
use tokscope::export::view::Export;
use tokscope::index::Index;
use tokscope::query::{Answer, Choices, Selection, data_of_query, drop_unknown, from_query, shown};

use crate::error::CliError;
use crate::index::sound_dataset;
use crate::output::{self, Harmless};
use crate::png::to_png;

/// Draw a chart of a selection as SVG or PNG
#[derive(clap::Args)]
#[command(after_help = "\
QUERY is what stands behind the question mark of a link to the page; the whole link will do.
Each link has several charts, of bars and of points: --list names them.
Below the chart stand its sources, the date of its newest run and its link; --no-foot leaves them out.
A PNG has the font of this program and no other, so that it is the same on every machine.

Examples:
  tokscope chart --list 'hardware=strix-halo-96gb'
  tokscope chart 'metric=ttft&bars=all' --chart workload-rag -o rag.svg
  tokscope chart --chart roofline --width 1100 -o roofline.svg
  tokscope chart 'https://example.org/bench/?q=gemma' --theme dark -o gemma.png
  tokscope chart --index index.json --theme dark --width 640 -o - > speed.svg")]
pub(crate) struct Args {
    /// Selection, as in a link
    #[arg(default_value = "")]
    query: String,
    /// Index to read; without it the data folder is read
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    index: Option<PathBuf>,
    /// Data folder to read
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Which chart of the selection
    #[arg(long, value_name = "NAME", default_value = "model-speed-range")]
    chart: String,
    /// Width in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 800, value_parser = clap::value_parser!(u16).range(240..=4096))]
    width: u16,
    /// Colours; `auto` follows the reader's system
    #[arg(long, value_enum, default_value_t = Colours::Auto)]
    theme: Colours,
    /// What to write; without it the name of the file says it, and SVG where that says nothing
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Pixels of a PNG for each pixel of its width
    #[arg(long, value_name = "TIMES", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    scale: u8,
    /// Address of the page, for the link below the chart; a whole link as QUERY says it too
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// Leave out the lines below the chart
    #[arg(long)]
    no_foot: bool,
    /// Name the charts of the selection and draw nothing
    #[arg(long, conflicts_with = "output")]
    list: bool,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Lines and text, which follow the reader's light or dark scheme
    Svg,
    /// Pixels, light unless --theme says dark
    Png,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Colours {
    Auto,
    Light,
    Dark,
}

impl Colours {
    pub(crate) fn look(self) -> Look {
        match self {
            Self::Auto => Look::Auto,
            Self::Light => Look::Fixed(Theme::LIGHT),
            Self::Dark => Look::Fixed(Theme::DARK),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let index = match &args.index {
        Some(file) => read_index(file)?,
        None => Index::build(&sound_dataset(&args.data)?),
    };
    let choices = choices(Choices::of(&index), args.index.is_some(), &args.query);
    let selection = selection(&args.query, &index, &choices)?;
    let (charts, answer) = charts(&index, &choices, &selection);
    if args.list {
        let mut out = io::stdout().lock();
        for chart in &charts {
            writeln!(out, "{}\t{}", Harmless(chart.id()), Harmless(chart.title()))?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let chart = named(&charts, &args.chart)?;
    let base = base(args.base.as_deref(), &args.query);
    let export = Export { index: &index, choices: &choices, selection: &selection, base };
    let drawn: Vec<usize> = answer.rows.into_iter().flat_map(|row| row.results).collect();
    let foot = if args.no_foot { Vec::new() } else { export.foot(&drawn) };
    let is_png =
        |path: &Path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    let by_name = if is_png(&args.output) { Form::Png } else { Form::Svg };
    match args.format.unwrap_or(by_name) {
        Form::Svg => {
            let svg = chart.to_svg(f64::from(args.width), args.theme.look(), &foot);
            output::write(&args.output, svg.as_bytes())?;
        }
        Form::Png => {
            // Pixels cannot follow the reader.
            let look = match args.theme {
                Colours::Auto => Look::Fixed(Theme::LIGHT),
                fixed => fixed.look(),
            };
            let png = to_png(&chart.to_svg(f64::from(args.width), look, &foot), args.scale)?;
            output::write(&args.output, &png)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The address of the page: as given, or that of the link.
pub(crate) fn base<'a>(given: Option<&'a str>, link: &'a str) -> Option<&'a str> {
    let is_address = |link: &&str| link.starts_with("https://") || link.starts_with("http://");
    given.or_else(|| Some(link).filter(is_address))
}

pub(crate) fn read_index(file: &Path) -> Result<Index, CliError> {
    let bytes = fs::read(file).map_err(CliError::reading(file))?;
    Index::from_json(&bytes)
        .map_err(|error| CliError::Invalid { path: file.to_owned(), message: error.to_string() })
}

/// The charts of a selection, and the answer that they show.
pub(crate) fn charts(index: &Index, choices: &Choices, selection: &Selection) -> (Vec<Chart>, Answer) {
    let (answered, answer) = shown(index, choices, selection);
    let mut charts = of_bars(index, selection, (&answered, &answer));
    charts.extend(of_points(index, &answered, &answer));
    (charts, answer)
}

/// The chart of a name among those of a selection.
pub(crate) fn named<'a>(charts: &'a [Chart], name: &str) -> Result<&'a Chart, CliError> {
    charts.iter().find(|chart| chart.id() == name).ok_or_else(|| {
        let names: Vec<&str> = charts.iter().map(Chart::id).collect();
        CliError::NoSuchChart { found: name.to_owned(), expected: names.join(", ") }
    })
}

/// What can be chosen. A file that was named may be what the link calls `data=`, and what is made of it says so.
pub(crate) fn choices(mut choices: Choices, is_file: bool, link: &str) -> Choices {
    choices.data = if is_file { data_of_query(query_of(link)) } else { None };
    choices
}

/// The part of a link that is a query.
fn query_of(link: &str) -> &str {
    let query = link.split_once('?').map_or(link, |(_, query)| query);
    query.split('#').next().unwrap_or_default()
}

/// Reads the part of a link that is a query. A value that means nothing is an error here: a chart of
/// something else than was asked for would go unnoticed in a script.
pub(crate) fn selection(link: &str, index: &Index, choices: &Choices) -> Result<Selection, CliError> {
    let (mut selection, mut ignored) = from_query(query_of(link), choices);
    ignored.extend(drop_unknown(&mut selection, index, choices));
    match ignored.into_iter().next() {
        None => Ok(selection),
        Some(ignored) if ignored.parameter == "data" => Err(CliError::Elsewhere(ignored.value)),
        Some(ignored) if ignored.unknown_parameter => Err(CliError::UnknownParameter(ignored.parameter)),
        Some(ignored) => Err(CliError::UnknownValue { parameter: ignored.parameter, value: ignored.value }),
    }
}
