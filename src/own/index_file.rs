//! Files of our own: run files, what describes a rig, and an index, which gives back the runs that it was built of.

use std::collections::BTreeSet;

use crate::export::view::html::{BEGINS, DATA_BEGINS, DATA_ENDS};
use crate::import::{Finding, Imported, Known, detect, read};
use crate::index::{FORMAT, Index};
use crate::model::Problem;
use crate::model::catalog::Hardware;

/// How far into a file its name as an index may stand, in bytes.
const HEAD: usize = 400;

/// What our own formats are called.
pub(super) const NAMES: [&str; 3] = ["Tokscope index", "Tokscope run file", "Tokscope rig"];

/// What the format of a file is called; `None` where it is none that can be read.
pub(super) fn format_of(bytes: &[u8]) -> Option<&'static str> {
    let [index, run, rig] = NAMES;
    match own_text(bytes) {
        _ if is_index(data_of(bytes)) => Some(index),
        Some(OwnText::Runs) => Some(run),
        Some(OwnText::Rig) => Some(rig),
        None => detect(bytes).map(|format| format.name()),
    }
}

/// Reads a file of any format, our own included; beside its runs, the rig that it describes.
pub(super) fn read_any(bytes: &[u8], known: &Known<'_>) -> (Imported, Option<Hardware>) {
    if let Some((_, imported)) = read_own(bytes, known.file) {
        return (imported, None);
    }
    #[cfg(feature = "yaml")]
    if let Some((rig, findings)) =
        std::str::from_utf8(bytes).ok().and_then(|text| crate::import::read_rig_file(text, known.file))
    {
        return (Imported { findings, ..Imported::default() }, rig);
    }
    (read(bytes, known), None)
}

/// What a file of our own is called, and the runs that it holds; `None` for any other file.
pub fn read_own(bytes: &[u8], file: &str) -> Option<(&'static str, Imported)> {
    if let Some(imported) = read_index(bytes, file) {
        return Some(("index", imported));
    }
    #[cfg(feature = "yaml")]
    if let Some(imported) = crate::import::read_run_files(std::str::from_utf8(bytes).ok()?, file) {
        return Some(("run file", imported));
    }
    None
}

/// A YAML file of our own.
#[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "none can be read"))]
enum OwnText {
    Runs,
    Rig,
}

#[cfg(feature = "yaml")]
fn own_text(bytes: &[u8]) -> Option<OwnText> {
    let text = std::str::from_utf8(bytes).ok()?;
    match () {
        () if crate::import::is_run_files(text) => Some(OwnText::Runs),
        () if crate::import::is_rig_file(text) => Some(OwnText::Rig),
        () => None,
    }
}

#[cfg(not(feature = "yaml"))]
fn own_text(_: &[u8]) -> Option<OwnText> {
    None
}

/// The results in a web page that was exported; anything else as it is.
fn data_of(bytes: &[u8]) -> &[u8] {
    let html = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with(BEGINS));
    let data = html.and_then(|text| text.split_once(DATA_BEGINS)).map(|(_, data)| data);
    let data = data.and_then(|data| data.split_once(DATA_ENDS)).map(|(data, _)| data.as_bytes());
    data.unwrap_or(bytes)
}

fn is_index(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    start.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        && start.contains(&format!("\"{FORMAT}\""))
}

/// The runs of an index, and the names that it has for them; `None` for any other file.
pub fn read_index(bytes: &[u8], file: &str) -> Option<Imported> {
    let bytes = data_of(bytes);
    if !is_index(bytes) {
        return None;
    }
    let index = match Index::from_json(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(index) => index,
        Err(error) => {
            let problem = Problem {
                file: file.to_owned(),
                field: String::new(),
                found: format!("an index that cannot be read: {error}"),
                expected: "an index as `tokscope index` writes it".to_owned(),
            };
            let findings = vec![Finding { line: None, problem }];
            return Some(Imported { findings, ..Imported::default() });
        }
    };
    let runs = index.to_runs();
    let models = (0..index.configuration_count()).filter_map(|configuration| {
        let (family, variant) = index.model(configuration)?;
        Some((format!("{}/{}", family.id, variant.id), variant.clone()))
    });
    let models = models.collect();
    let results = runs.iter().flat_map(|run| &run.results).map(|result| result.shape.as_str());
    let ranges = runs.iter().flat_map(|run| &run.ranges).flat_map(|range| &range.shapes);
    let used: BTreeSet<&str> = results.chain(ranges.map(String::as_str)).collect();
    let mut shapes = index.catalog.shapes;
    shapes.retain(|shape| used.contains(shape.id.as_str()));
    Some(Imported { runs, models, shapes, ..Imported::default() })
}
