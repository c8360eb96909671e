//! The publisher's words, links and colours in the built page.

use super::config::{Config, Hidden, Link};
use super::{CARD, FEED, accent, describe};
use crate::format::xml::escaped;
use crate::index::Index;

/// Where the built page takes the static view; it is gone in a page that has one.
const SNAPSHOT: &str = "<!--tokscope:snapshot-->";

/// The block with the name of the page. The programs of the page keep it as they find it.
const TITLE_BLOCK: &str = "<div class=\"site-title\">";

/// The style sheet with the publisher's rules, which the build joins with the others.
pub const SHEET: &str = "site.css";

/// A page that lacks what is replaced in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found no {0}, expected one where the words of {file} go", file = super::FILE)]
pub struct NoPlace(&'static str);

/// Puts what the publisher says into the built page.
///
/// Fails for a page that lacks a title, a description or a place for the name.
pub fn with_site(page: &str, config: &Config, index: &Index) -> Result<String, NoPlace> {
    let page = replace_between(page, "<title>", "</title>", &escaped(config.title()))?;
    let description = escaped(&config.description);
    let page = replace_between(&page, "<meta name=\"description\" content=\"", "\"", &description)?;
    let page = with_name(&page, config)?;
    let page = insert_before(&page, "</head>", &head(config, index))?;
    insert_before(&page, "</body>", &footer(config))
}

/// What the page that shows somebody else's results says before it knows whose: its title begins with it too, and
/// the script of that page puts the name of the host in its place.
const ELSEWHERE: &str = "Results from elsewhere";

/// Puts into the page that shows somebody else's results who shows them, in the publisher's colours, and nothing
/// that is said of the publisher's own: no address, no licence, no data set.
///
/// # Errors
///
/// [`NoPlace`] as [`with_site`].
pub fn with_site_elsewhere(page: &str, config: &Config) -> Result<String, NoPlace> {
    let title = format!("{ELSEWHERE} · {}", escaped(config.title()));
    let page = replace_between(page, "<title>", "</title>", &title)?;
    let description = "Results that somebody else publishes, not reviewed here.";
    let page = replace_between(&page, "<meta name=\"description\" content=\"", "\"", description)?;
    let name = escaped(&config.name);
    let header = format!(
        "<header class=\"site-header\">{TITLE_BLOCK}<h1>{ELSEWHERE}</h1>\
         <p>Shown by the page of {name}, and not among its results</p></div></header>"
    );
    let page = insert_before(&page, SNAPSHOT, &header)?;
    // For people who have the link alone, not for search engines.
    let head = format!("{}<meta name=\"robots\" content=\"noindex\">", sheet(config));
    insert_before(&page, "</head>", &head)
}

/// The rules for the publisher's accent and for what they hide; empty where both are the project's own.
pub fn css(config: &Config) -> String {
    let accent = config.accent.as_ref().map(accent::css).unwrap_or_default();
    let hidden: Vec<&str> = config.hide.iter().map(|&part| selector(part)).collect();
    if hidden.is_empty() {
        return accent;
    }
    format!("{accent}@layer utilities {{\n{} {{\ndisplay: none;\n}}\n}}\n", hidden.join(",\n"))
}

const fn selector(part: Hidden) -> &'static str {
    match part {
        Hidden::Models => ".site-bar nav a[href*=\"view=model\"]",
        Hidden::Compare => ".site-bar nav a[href*=\"view=compare\"]",
        Hidden::Hardware => ".site-bar nav a[href*=\"view=hardware\"],\n#hardware",
        Hidden::Checks => ".site-bar nav a[href*=\"view=checks\"]",
        Hidden::Import => ".site-bar nav a[href*=\"view=import\"]",
        Hidden::HowToRead => "#how-to-read",
        Hidden::Reasoning => "#reasoning",
        Hidden::ComingSoon => "#coming-soon",
    }
}

/// The name with what is below it: in the static view, or as all there is of one while developing.
fn with_name(page: &str, config: &Config) -> Result<String, NoPlace> {
    let lead = config.lead.as_ref().map(|lead| format!("<p>{}</p>", escaped(lead))).unwrap_or_default();
    let links = paragraph("site-links", links(&config.header));
    let content = format!("<h1>{}</h1>{lead}{links}", escaped(&config.name));
    if page.contains(TITLE_BLOCK) {
        return replace_between(page, TITLE_BLOCK, "</div>", &content);
    }
    insert_before(page, SNAPSHOT, &format!("{TITLE_BLOCK}{content}</div>"))
}

/// The link to the publisher's rules, where there are any.
fn sheet(config: &Config) -> String {
    if css(config).is_empty() {
        return String::new();
    }
    format!("<link rel=\"stylesheet\" href=\"./{SHEET}\">")
}

/// What follows the head's own elements: the address, the card, the feed, the data set.
fn head(config: &Config, index: &Index) -> String {
    let sheet = sheet(config);
    let described =
        format!("<script type=\"application/ld+json\">{}</script>", describe::json_ld(config, index));
    let Some(base) = config.base() else { return sheet + &described };
    let (title, description, base) = (escaped(config.title()), escaped(&config.description), escaped(&base));
    format!(
        "{sheet}<link rel=\"canonical\" href=\"{base}\">\
         <link rel=\"alternate\" type=\"application/atom+xml\" title=\"New runs\" href=\"{FEED}\">\
         <meta property=\"og:type\" content=\"website\">\
         <meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"og:description\" content=\"{description}\">\
         <meta property=\"og:url\" content=\"{base}\">\
         <meta property=\"og:image\" content=\"{base}{CARD}\">\
         <meta name=\"twitter:card\" content=\"summary_large_image\">{described}"
    )
}

/// Links, licence and citation at the end of the page; nothing where there are none.
fn footer(config: &Config) -> String {
    let licence = config.licence.as_ref().map(|licence| {
        let link = Link { label: licence.name.clone(), url: licence.url.clone() };
        format!("Data: {}", anchor(&link))
    });
    let citation = config.citation.as_ref().map(|text| format!("Cite as: {}", escaped(text)));
    let lines = [
        paragraph("site-links", links(&config.footer)),
        paragraph("", licence.unwrap_or_default()),
        paragraph("", citation.unwrap_or_default()),
    ]
    .concat();
    if lines.is_empty() { lines } else { format!("<footer class=\"site-footer\">{lines}</footer>") }
}

/// A paragraph; nothing around nothing.
fn paragraph(class: &str, content: String) -> String {
    match (content.is_empty(), class) {
        (true, _) => content,
        (false, "") => format!("<p>{content}</p>"),
        (false, class) => format!("<p class=\"{class}\">{content}</p>"),
    }
}

fn links(links: &[Link]) -> String {
    links.iter().map(anchor).collect::<Vec<_>>().join(" ")
}

fn anchor(link: &Link) -> String {
    format!("<a href=\"{}\">{}</a>", escaped(&link.url), escaped(&link.label))
}

/// Replaces what stands between the first `start` and the `end` behind it.
fn replace_between(
    page: &str,
    start: &'static str,
    end: &'static str,
    content: &str,
) -> Result<String, NoPlace> {
    let (before, rest) = page.split_once(start).ok_or(NoPlace(start))?;
    let (_, after) = rest.split_once(end).ok_or(NoPlace(end))?;
    Ok([before, start, content, end, after].concat())
}

fn insert_before(page: &str, mark: &'static str, content: &str) -> Result<String, NoPlace> {
    let (before, after) = page.split_once(mark).ok_or(NoPlace(mark))?;
    Ok([before, content, mark, after].concat())
}
