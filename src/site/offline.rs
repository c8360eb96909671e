//! What keeps a built page in the browser that visited it: the service worker, with a list of what belongs together.
//!
//! Each file stands there with the hash of its content, so that a browser refuses what a host sends of another
//! build. The version follows from the list: equal files, equal version.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The script of the service worker, in which the build puts the list.
pub const WORKER: &str = "sw.js";

/// The folder with the shards of an index that is too large for one file.
pub const SHARDS: &str = "index-shards/";

/// What stands before and behind the list in the script.
const PLACE: [&str; 2] = ["const BUILD = ", ";\n"];

/// The attribute of the page by which it starts the worker.
const ATTRIBUTE: &str = "data-offline";

/// A built page or a worker without the place that the build fills.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found no {0}, expected one where the build puts what belongs to it")]
pub struct NoPlace(&'static str);

/// True for a file that the page needs when there is no network; by its path in the built page.
///
/// Feeds, the map and the card are for others than the page's readers, and the worker keeps itself.
pub fn is_kept(path: &str) -> bool {
    let kinds = ["html", "js", "css", "wasm", "json", "svg", "webmanifest"];
    let kind = path.rsplit('.').next().unwrap_or_default();
    let name = path.strip_prefix(SHARDS).unwrap_or(path);
    kinds.contains(&kind) && !name.contains('/') && ![WORKER, "tokscope-chart.js"].contains(&path)
}

/// The page with the attribute by which it starts the worker.
///
/// # Errors
///
/// [`NoPlace`] for a page that lacks the script that starts it.
pub fn with_worker(page: &str) -> Result<String, NoPlace> {
    // What it says first of where something lies, but for another document.
    const PROGRAM: &str = " data-js=\"";
    let started = format!(" {ATTRIBUTE}=\"{WORKER}\"{PROGRAM}");
    match page.contains(PROGRAM) {
        true if page.contains(&started) => Ok(page.to_owned()),
        true => Ok(page.replacen(PROGRAM, &started, 1)),
        false => Err(NoPlace("script that starts the page")),
    }
}

/// The worker with the list of a built page: path and content of each file.
///
/// # Errors
///
/// [`NoPlace`] for a script that has no place for the list.
pub fn worker(script: &str, files: &[(String, Vec<u8>)]) -> Result<String, NoPlace> {
    let mut sorted: Vec<&(String, Vec<u8>)> = files.iter().collect();
    sorted.sort();
    let listed = |(path, content): &&(String, Vec<u8>)| {
        // Hosts answer the folder with the page.
        let path = if path == "index.html" { "./" } else { path };
        (path.to_owned(), format!("sha256-{}", STANDARD.encode(Sha256::digest(content))))
    };
    let files: Vec<(String, String)> = sorted.iter().map(listed).collect();
    // Texts always have a JSON form.
    let files = serde_json::to_string(&files).unwrap_or_default();
    let [before, behind] = PLACE;
    let parts = script.split_once(before).and_then(|(head, rest)| Some((head, rest.split_once(behind)?.1)));
    let (head, tail) = parts.ok_or(NoPlace("list of files in the worker"))?;
    // Another script is another build, whatever it keeps.
    let version = STANDARD.encode(Sha256::digest(format!("{head}{files}{tail}")));
    let version = version.get(..16).unwrap_or_default();
    Ok(format!("{head}{before}{{ version: \"{version}\", files: {files} }}{behind}{tail}"))
}
