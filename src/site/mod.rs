//! What a published page says of itself: the publisher's `site.yaml`, and what the build makes of it.
//!
//! [`Config`] is the file. [`page`] puts its words, links and colours into the built `index.html`; [`files`] are what
//! search engines and feed readers fetch. None of it is in a program of the page: whoever publishes under another
//! name pays with bytes of HTML alone.

mod accent;
mod card;
mod config;
mod describe;
mod feed;
mod manifest;
pub mod offline;
pub mod page;

pub use card::card;
pub use config::{Accent, Config, FILE, Hidden, Licence, Link, read, sound_base};

use crate::index::Index;

/// The picture that links to the page are shown with, beside the page.
pub const CARD: &str = "card.png";

/// The second document of a built page: it shows somebody else's results.
pub const ELSEWHERE: &str = "foreign.html";

/// The feed of new runs, beside the page.
const FEED: &str = "feed.xml";

/// The files beside the page: those that name its address are none where it is not known.
pub fn files(config: &Config, index: &Index) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    if let Some(base) = config.base() {
        files.extend([
            (FEED, feed::atom(config, &base, index)),
            ("sitemap.xml", feed::sitemap(&base, index)),
            ("robots.txt", format!("User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n")),
        ]);
    }
    files.push((manifest::MANIFEST, manifest::manifest(config)));
    files
}
