//! What a system shows of the page once it is installed.

use serde::Serialize;

use super::Config;

/// The name of the file.
pub const MANIFEST: &str = "manifest.webmanifest";

/// <https://www.w3.org/TR/appmanifest/>
#[derive(Serialize)]
struct Manifest<'a> {
    name: &'a str,
    short_name: &'a str,
    description: &'a str,
    id: &'static str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    icons: [Icon; 1],
}

#[derive(Serialize)]
struct Icon {
    src: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    sizes: &'static str,
    purpose: &'static str,
}

/// The manifest under the publisher's name; addresses are relative, so that it holds at any path.
pub fn manifest(config: &Config) -> String {
    let icon = Icon { src: "favicon.svg", kind: "image/svg+xml", sizes: "any", purpose: "any" };
    let manifest = Manifest {
        name: config.title(),
        short_name: &config.name,
        description: &config.description,
        id: "./",
        start_url: "./",
        scope: "./",
        display: "minimal-ui",
        icons: [icon],
    };
    // Texts always have a JSON form.
    serde_json::to_string(&manifest).unwrap_or_default() + "\n"
}
