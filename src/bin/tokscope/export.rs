//! `tokscope export`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use tokscope::charts::offered::{Chart, of_view};
use tokscope::export::view::columnar::Which;
use tokscope::export::view::{Export, brief, citation, columnar, csv, embed, html, json, markdown};
use tokscope::index::Index;
use tokscope::query::{Choices, Embed};

use crate::chart::{base, choices, read_index, selection};
use crate::error::CliError;
use crate::index::sound_dataset;
use crate::output;

/// Write what a link shows as a table, as data, as a citation or as a snippet to embed
#[derive(clap::Args)]
#[command(after_help = "\
QUERY is what stands behind the question mark of a link to the page; the whole link will do, and is
then also the address that the export names.
With --parquet and no QUERY every result is written, and no result twice.
Markdown, CSV, JSON and the web page come back through `tokscope import`; docs/exports.md says what each holds.

Examples:
  tokscope export 'hardware=strix-halo-96gb' > speed.md
  tokscope export 'metric=ttft&conc=all' --format csv -o ttft.csv
  tokscope export --parquet results
  tokscope export 'https://example.org/bench/?q=gemma' --format citation
  tokscope export 'q=gemma' --format embed --base https://example.org/bench/ --chart gemma.svg")]
pub(crate) struct Args {
    /// Selection, as in a link
    #[arg(default_value = "")]
    query: String,
    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Md)]
    format: Form,
    /// Address of the page, for links
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// Address of a chart, for snippets that show it: a file of `tokscope chart`
    #[arg(long, value_name = "URL")]
    chart: Option<String>,
    /// Index to read; without it the data folder is read
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    index: Option<PathBuf>,
    /// Data folder to read
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// File to write, or `-` for the standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Write Parquet files into this new folder instead, one for each rig
    #[arg(long = "parquet", value_name = "DIR", conflicts_with_all = ["format", "output", "chart"])]
    columnar: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A Markdown table of one metric, one line a result
    Md,
    /// A Markdown table to be read in a text: names for ids, and a column only where lines differ
    Brief,
    /// Comma-separated values, one line a result, with everything that is known of it
    Csv,
    /// An index of these results alone
    Json,
    /// One web page with charts, table and data that opens from a disk
    Html,
    /// A sentence that names view and sources
    Citation,
    /// The same for a bibliography
    Bibtex,
    /// The same as CITATION.cff
    Cff,
    /// Snippets of HTML and Markdown: the live chart in a frame (the table for a QUERY with `embed=table`) and, with
    /// --chart, a drawn chart that leads to the page
    Embed,
    /// The same live chart or table as the element of tokscope-chart.js, which follows its height
    Element,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let base = base(args.base.as_deref(), &args.query)?;
    if matches!(args.format, Form::Embed | Form::Element) && base.is_none() {
        return Err(CliError::NoAddress);
    }
    let index = match &args.index {
        Some(file) => read_index(file)?,
        None => Index::build(&sound_dataset(&args.data)?),
    };
    let choices = choices(Choices::of(&index), args.index.is_some(), &args.query);
    let selection = selection(&args.query, &index, &choices)?;
    let export = Export { index: &index, choices: &choices, selection: &selection, base };
    if let Some(folder) = &args.columnar {
        let which = if args.query.is_empty() { Which::All } else { Which::Shown };
        return write_columnar(&export, which, folder);
    }
    let asked = args.query.split_once('?').map_or(args.query.as_str(), |(_, query)| query);
    let embed = Embed::of_query(asked).unwrap_or(Embed::Chart);
    let bytes = match args.format {
        Form::Md => markdown::markdown(&export).into_bytes(),
        Form::Brief => brief::brief(&export).into_bytes(),
        Form::Csv => csv::csv(&export).into_bytes(),
        Form::Json => json::json(&export),
        Form::Html => web_page(&export).into_bytes(),
        Form::Citation => citation::plain(&export).into_bytes(),
        Form::Bibtex => citation::bibtex(&export).into_bytes(),
        Form::Cff => citation::cff(&export).into_bytes(),
        Form::Embed => snippets(&export, embed, args.chart.as_deref()).into_bytes(),
        Form::Element => embed::element(&export, embed).into_bytes(),
    };
    output::write(&args.output, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a new folder, so that no file of an older one is read with it.
fn write_columnar(export: &Export<'_>, which: Which, folder: &Path) -> Result<ExitCode, CliError> {
    fs::create_dir(folder).map_err(CliError::writing(folder))?;
    for part in columnar::parts(export, which) {
        let target = folder.join(&part.path);
        let bytes = columnar::file(export, &part)
            .map_err(|error| CliError::Write { path: target.clone(), source: io::Error::other(error) })?;
        if let Some(inner) = target.parent() {
            fs::create_dir_all(inner).map_err(CliError::writing(inner))?;
        }
        output::write(&target, &bytes)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn web_page(export: &Export<'_>) -> String {
    let charts = of_view(export.index, export.choices, export.selection);
    let charts: Vec<String> = charts.iter().map(Chart::to_page).collect();
    html::html(export, &charts)
}

fn snippets(export: &Export<'_>, embed: Embed, chart: Option<&str>) -> String {
    let mut out = embed::frame_of(export, embed);
    if let Some(chart) = chart {
        out.push_str(&embed::image(export, chart));
        out.push_str(&embed::markdown_image(export, chart));
    }
    out
}
