//! Tokscope's own files as input: run files, and an index, which gives back the runs that it was built of.

use std::collections::BTreeSet;

use tokscope::import::{Finding, Imported, read_run_files};
use tokscope::index::{FORMAT, Index};
use tokscope::model::Problem;

/// How far into a file its name as an index may stand, in bytes.
const HEAD: usize = 400;

/// What a file of our own is called, and what it holds; `None` for any other file.
pub(crate) fn read_own(bytes: &[u8], file: &str) -> Option<(&'static str, Imported)> {
    let start = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    if start.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return start.contains(&format!("\"{FORMAT}\"")).then(|| ("index", of_index(bytes, file)));
    }
    let imported = read_run_files(std::str::from_utf8(bytes).ok()?, file)?;
    Some(("run file", imported))
}

/// The runs of an index, and the names that it has for them.
fn of_index(bytes: &[u8], file: &str) -> Imported {
    let index = match Index::from_json(bytes) {
        Ok(index) => index,
        Err(error) => {
            let problem = Problem {
                file: file.to_owned(),
                field: String::new(),
                found: format!("an index that cannot be read: {error}"),
                expected: "an index as `tokscope index` writes it".to_owned(),
            };
            return Imported { findings: vec![Finding { line: None, problem }], ..Imported::default() };
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
    Imported { runs, models, shapes, ..Imported::default() }
}
