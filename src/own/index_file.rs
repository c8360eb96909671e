//! An index as a file of results: it gives back the runs that it was built of.

use std::collections::BTreeSet;

use crate::export::view::html::{BEGINS, DATA_BEGINS, DATA_ENDS};
use crate::import::{Finding, Imported, Known, detect, read};
use crate::index::{FORMAT, Index};
use crate::model::Problem;

/// How far into a file its name as an index may stand, in bytes.
const HEAD: usize = 400;

/// What an index is called among formats.
const NAME: &str = "Tokscope index";

/// What the format of a file is called; `None` where it is none that can be read.
pub(super) fn format_of(bytes: &[u8]) -> Option<&'static str> {
    if is_index(data_of(bytes)) { Some(NAME) } else { detect(bytes).map(|format| format.name()) }
}

/// Reads a file of any format, an index included.
pub(super) fn read_any(bytes: &[u8], known: &Known<'_>) -> Imported {
    read_index(bytes, known.file).unwrap_or_else(|| read(bytes, known))
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
