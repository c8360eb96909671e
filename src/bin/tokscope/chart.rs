//! `tokscope chart`

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tokscope::charts::offered::{Chart, of_bars, of_points, usual};
use tokscope::charts::{Look, Theme};
use tokscope::export::view::Export;
use tokscope::format::{Locale, counted};
use tokscope::index::Index;
use tokscope::model::catalog::is_web_address;
use tokscope::query::{Choices, Selection, data_of_query, drop_unknown, from_query, shown};

use crate::error::CliError;
use crate::index::sound_dataset;
use crate::output::{self, Harmless};
use crate::png::to_png;

/// Draw a chart of a selection as SVG or PNG
#[derive(clap::Args)]
#[command(after_help = "\
QUERY is what stands behind the question mark of a link to the page; the whole link will do.
Each link has several charts, of bars and of points: --list names them. Without --chart it is the one that
is shown where the link is embedded: the comparison, that of the chosen shape, or the speed range.
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
    /// Which chart of the selection; without it the one that is shown where the link is embedded
    #[arg(long, value_name = "NAME")]
    chart: Option<String>,
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
    let charts = charts(&index, &choices, &selection);
    if args.list {
        let mut out = io::stdout().lock();
        for chart in &charts {
            writeln!(out, "{}\t{}", Harmless(chart.id()), Harmless(chart.title()))?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let form = args.format.map_or_else(|| form_of(&args.output), Ok)?;
    let base = base(args.base.as_deref(), &args.query)?;
    let export = Export { index: &index, choices: &choices, selection: &selection, base };
    let chart = one_of(&charts, args.chart.as_deref(), &export)?;
    let foot = if args.no_foot { Vec::new() } else { export.foot(&chart.results()) };
    match form {
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

/// What the name of a file asks for; one that says nothing is SVG.
fn form_of(path: &Path) -> Result<Form, CliError> {
    let is = |extension: &OsStr, name: &str| extension.eq_ignore_ascii_case(name);
    match path.extension() {
        Some(extension) if is(extension, "png") => Ok(Form::Png),
        Some(extension) if !is(extension, "svg") => Err(CliError::NoPicture(path.to_owned())),
        _ => Ok(Form::Svg),
    }
}

/// The address of the page: as given, or that of the link.
pub(crate) fn base<'a>(given: Option<&'a str>, link: &'a str) -> Result<Option<&'a str>, CliError> {
    match given {
        Some(given) if !is_web_address(given) => Err(CliError::Base(given.to_owned())),
        Some(given) => Ok(Some(given)),
        None => Ok(base_of_link(link)),
    }
}

/// The address of the page, where a link is a whole one.
pub(crate) fn base_of_link(link: &str) -> Option<&str> {
    Some(link).filter(|link| link.starts_with("https://") || link.starts_with("http://"))
}

pub(crate) fn read_index(file: &Path) -> Result<Index, CliError> {
    crate::shards::read(file)
}

/// The charts of a selection.
pub(crate) fn charts(index: &Index, choices: &Choices, selection: &Selection) -> Vec<Chart> {
    let (answered, answer) = shown(index, choices, selection);
    let mut charts = of_bars(index, selection, (&answered, &answer));
    charts.extend(of_points(index, &answered, &answer));
    charts
}

/// The chart of a name among those of a selection, or the one that stands for it. A drawing of nothing is a mistake,
/// or data that are gone.
pub(crate) fn one_of<'a>(
    charts: &'a [Chart],
    name: Option<&str>,
    export: &Export<'_>,
) -> Result<&'a Chart, CliError> {
    let chart = match name {
        Some(name) => charts.iter().find(|chart| chart.id() == name),
        None => usual(export.index, export.selection, charts).and_then(|at| charts.get(at)),
    };
    match (chart, name) {
        (Some(chart), _) if !chart.is_empty() => Ok(chart),
        (None, Some(name)) if charts.iter().any(|chart| !chart.is_empty()) => {
            Err(CliError::NoSuchChart { found: name.to_owned(), expected: nearest(charts, name) })
        }
        _ => Err(CliError::Empty(left(export))),
    }
}

/// What a selection leaves, in words.
fn left(export: &Export<'_>) -> String {
    let every = counted(Locale::default(), export.every_result().len(), "result");
    format!("{}: the selection leaves {every}", export.title())
}

/// The names that exist; of many, those that are most like one.
fn nearest(charts: &[Chart], name: &str) -> String {
    /// More would hide what is said.
    const MOST_NAMES: usize = 5;
    let mut names: Vec<&str> = charts.iter().map(Chart::id).collect();
    if names.len() <= MOST_NAMES {
        return format!("one of {}", names.join(", "));
    }
    names.sort_by_key(|id| std::cmp::Reverse(alike(id, name)));
    names.truncate(MOST_NAMES);
    format!("one of those that --list names, such as {}", names.join(", "))
}

/// How many pairs of neighbouring letters two names share, less those that only the first has.
fn alike(id: &str, name: &str) -> i64 {
    let pairs = |text: &str| text.as_bytes().windows(2).map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
    let (ours, asked) = (pairs(id), pairs(name));
    let count = |pairs: usize| i64::try_from(pairs).unwrap_or(i64::MAX);
    4 * count(ours.intersection(&asked).count()) - count(ours.difference(&asked).count())
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
