//! `tokscope site`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::site::{self, CARD, Config, ELSEWHERE, page};

use crate::error::CliError;
use crate::output::{self, Paint};
use crate::shards;

/// Put the publisher's words, links and colours into a built page
#[derive(clap::Args)]
#[command(after_help = "\
The words come from site.yaml in the data folder; docs/publishing.md has its fields.
Where the address of the page is known, a feed, a map of the page and robots.txt are written beside it.

Examples:
  tokscope site data --dist dist
  tokscope site data --dist dist --base-url https://example.org/speed/")]
pub(crate) struct Args {
    /// Folder with site.yaml
    #[arg(default_value = "data")]
    data_dir: PathBuf,
    /// The built page: a folder with index.html and index.json
    #[arg(long, value_name = "DIR")]
    dist: PathBuf,
    /// The address that the page will have, in place of that in site.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let config = config(args)?;
    let index = shards::read(&args.dist.join("index.json"))?;
    put(&args.dist.join("index.html"), |text| page::with_site(text, &config, &index))?;
    let elsewhere = args.dist.join(ELSEWHERE);
    // Pages of a development build have no other document.
    if elsewhere.is_file() {
        put(&elsewhere, |text| page::with_site_elsewhere(text, &config))?;
    }
    let css = page::css(&config);
    if !css.is_empty() {
        output::write(&args.dist.join(page::SHEET), css.as_bytes())?;
    }
    for (name, content) in site::files(&config, &index) {
        output::write(&args.dist.join(name), content.as_bytes())?;
    }
    own_card(args)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a document anew with something in it.
fn put(html: &Path, with: impl Fn(&str) -> Result<String, page::NoPlace>) -> Result<(), CliError> {
    let text = fs::read_to_string(html).map_err(CliError::reading(html))?;
    let text = with(&text)
        .map_err(|error| CliError::Invalid { path: html.to_owned(), message: error.to_string() })?;
    output::write(html, text.as_bytes())
}

/// Takes the publisher's card over that of the project.
fn own_card(args: &Args) -> Result<(), CliError> {
    let path = args.data_dir.join(CARD);
    match fs::read(&path) {
        Ok(picture) if picture.starts_with(b"\x89PNG\r\n\x1a\n") => {
            output::write(&args.dist.join(CARD), &picture)
        }
        Ok(_) => {
            let message = "found another kind of file, expected a PNG".to_owned();
            Err(CliError::Invalid { path, message })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(CliError::reading(&path)(error)),
    }
}

/// What the publisher says, with the address that was asked for.
fn config(args: &Args) -> Result<Config, CliError> {
    let mut config = sound_config(&args.data_dir)?;
    if let Some(url) = args.base_url.as_ref().filter(|url| !url.is_empty()) {
        if !site::sound_base(url) {
            return Err(CliError::BaseUrl(url.clone()));
        }
        config.base_url = Some(url.clone());
    }
    Ok(config)
}

/// What the publisher says, unless anything is wrong with it; then the problems are listed.
pub(crate) fn sound_config(data_dir: &Path) -> Result<Config, CliError> {
    let (config, findings) = site::read(data_dir);
    if let Some(config) = config {
        return Ok(config);
    }
    let mut stderr = io::stderr().lock();
    let paint = Paint::for_stream(&stderr);
    output::list(&mut stderr, paint, &findings)?;
    Err(CliError::Problems { count: findings.len(), folder: data_dir.to_owned() })
}
