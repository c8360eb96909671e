//! `site.yaml`: its fields, and what is wrong with them.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

use super::accent;
use crate::import::{Finding, read_checked};
use crate::model::Problem;

/// The name of the file in a data folder. A folder without one is published under the project's own name.
pub const FILE: &str = "site.yaml";

/// What a publisher says of their page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The name over the page.
    pub name: String,
    /// The line below the name.
    #[serde(default)]
    pub lead: Option<String>,
    /// The title of the window and of search results; the name where it is absent.
    #[serde(default)]
    pub title: Option<String>,
    /// What the page is, in a sentence or two, for search results and cards.
    pub description: String,
    /// The address that the page will have.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The colour of links and of what is chosen.
    #[serde(default)]
    pub accent: Option<Accent>,
    /// Links below the name.
    #[serde(default)]
    pub header: Vec<Link>,
    /// Links at the end of the page.
    #[serde(default)]
    pub footer: Vec<Link>,
    /// Parts of the page that are not shown.
    #[serde(default)]
    pub hide: Vec<Hidden>,
    /// Who publishes.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Under what terms the publisher's own data are reused.
    #[serde(default)]
    pub licence: Option<Licence>,
    /// How the publisher wants the data cited.
    #[serde(default)]
    pub citation: Option<String>,
}

/// One colour for each theme: none has enough contrast to both surfaces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accent {
    /// On light surfaces, `#0b57d0`.
    pub light: String,
    /// On dark surfaces, `#8ab4f8`.
    pub dark: String,
}

/// A link out of the page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// Terms of reuse.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// The name, as an SPDX identifier where there is one.
    pub name: String,
    /// Its text.
    pub url: String,
}

/// What can be hidden. Definitions and sources cannot: figures without them are worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// The view of one model, and the list of models.
    Models,
    /// The view of configurations side by side.
    Compare,
    /// The rigs, as a view and below the table.
    Hardware,
    /// The view of what the rules find.
    Checks,
    /// The view that opens results of the reader's own.
    Import,
    /// How to read this.
    HowToRead,
    /// The note on reasoning models.
    Reasoning,
    /// What is planned.
    ComingSoon,
}

impl Config {
    /// What a page without a `site.yaml` says.
    pub fn of_the_project() -> Self {
        Self {
            name: "Tokscope".to_owned(),
            lead: Some(
                "How fast language models really run, by hardware, quant, backend and workload".to_owned(),
            ),
            title: Some("Tokscope: how fast language models really run".to_owned()),
            description: "Measured inference speed of language models: on this hardware, with this quant, \
                          this backend, for this kind of work."
                .to_owned(),
            base_url: None,
            accent: None,
            header: Vec::new(),
            footer: Vec::new(),
            hide: Vec::new(),
            publisher: None,
            licence: None,
            citation: None,
        }
    }

    /// The title of the window.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// The address of the page with a slash at its end.
    pub fn base(&self) -> Option<String> {
        self.base_url.as_ref().map(|url| format!("{}/", url.trim_end_matches('/')))
    }
}

/// Reads the `site.yaml` of a data folder; gives its values only where nothing is wrong with them, and where there is
/// no such file what the project says of itself.
pub fn read(data_dir: &Path) -> (Option<Config>, Vec<Finding>) {
    if fs::symlink_metadata(data_dir.join(FILE)).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return (Some(Config::of_the_project()), Vec::new());
    }
    read_checked(data_dir, FILE, |config| {
        let mut faults = Faults { problems: Vec::new() };
        faults.of(config);
        faults.problems
    })
}

struct Faults {
    problems: Vec<Problem>,
}

impl Faults {
    fn of(&mut self, config: &Config) {
        self.line("name", &config.name, 60);
        self.line("description", &config.description, 300);
        for (field, text, most) in [
            ("lead", &config.lead, 160),
            ("title", &config.title, 100),
            ("publisher", &config.publisher, 100),
            ("citation", &config.citation, 400),
        ] {
            if let Some(text) = text {
                self.line(field, text, most);
            }
        }
        if let Some(url) = &config.base_url {
            self.check("base_url", url, sound_base(url), BASE_URL);
        }
        if let Some(accent) = &config.accent {
            for (field, found, expected) in accent::faults(accent) {
                self.add(field, found, expected);
            }
        }
        for (name, links) in [("header", &config.header), ("footer", &config.footer)] {
            for (position, link) in links.iter().enumerate() {
                self.line(&format!("{name}[{position}].label"), &link.label, 40);
                self.url(&format!("{name}[{position}].url"), &link.url);
            }
        }
        if let Some(licence) = &config.licence {
            self.line("licence.name", &licence.name, 80);
            self.url("licence.url", &licence.url);
        }
    }

    /// A text of one line and some length.
    fn line(&mut self, field: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.add(field, "an empty text".to_owned(), "at least one word".to_owned());
        } else if length > most {
            self.add(field, format!("{length} characters"), format!("at most {most}"));
        } else if text.chars().any(char::is_control) {
            self.add(field, "a line break or another control character".to_owned(), "one line".to_owned());
        }
    }

    fn url(&mut self, field: &str, url: &str) {
        self.check(field, url, is_https(url), "an address that begins with https://, without blanks");
    }

    fn check(&mut self, field: &str, found: &str, sound: bool, expected: &str) {
        if !sound {
            let short: String = found.chars().take(60).collect();
            self.add(field, format!("{short:?}"), expected.to_owned());
        }
    }

    fn add(&mut self, field: &str, found: String, expected: String) {
        self.problems.push(Problem { file: FILE.to_owned(), field: field.to_owned(), found, expected });
    }
}

/// What a base address has to be.
const BASE_URL: &str = "an address such as https://example.org/speed/, without ? and #";

/// True for the address of a page: `https://`, a host, a path.
pub fn sound_base(url: &str) -> bool {
    is_https(url) && !url.contains(['?', '#'])
}

/// True for an address that leads to a host over an encrypted connection, without a name or password in it and
/// without what would have to be escaped.
fn is_https(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let plain = |c: char| c.is_ascii_graphic() && !"\"'<>\\^`{|}".contains(c);
    host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(is_host)
        && rest.chars().all(plain)
}
