//! Invented results as a data folder, which `tokscope index` reads as it reads any other.

use std::fs;
use std::path::Path;

use serde::Serialize;
use tokscope::export::yaml::write_run;
use tokscope::model::Dataset;

use crate::error::CliError;

/// Writes a data folder; the folder must not be there yet, so that no run of another one stays in it.
pub(super) fn write(data: &Dataset, folder: &Path) -> Result<(), CliError> {
    fs::create_dir(folder).map_err(CliError::writing(folder))?;
    let catalog = &data.catalog;
    list(folder, "models", "families", &catalog.families)?;
    list(folder, "quants", "quants", &catalog.quants)?;
    list(folder, "shapes", "shapes", &catalog.shapes)?;
    list(folder, "glossary", "terms", &catalog.glossary)?;
    list(folder, "sources", "sources", &catalog.sources)?;
    list(folder, "campaign", "planned", &catalog.campaign)?;
    inner(folder, "hardware")?;
    inner(folder, "runs")?;
    for rig in &catalog.hardware {
        put(folder, &format!("hardware/{}.yaml", rig.id), &json(rig))?;
        inner(folder, &format!("runs/{}", rig.id))?;
    }
    data.runs.iter().try_for_each(|run| put(folder, &run.file, &write_run(&run.value)))
}

/// A file with one list; JSON is YAML, too.
fn list<T: Serialize>(folder: &Path, file: &str, key: &str, items: &[T]) -> Result<(), CliError> {
    let items: Vec<String> = items.iter().map(|item| format!("  - {}", json(item))).collect();
    let text = match items.as_slice() {
        [] => format!("{key}: []\n"),
        items => format!("{key}:\n{}", items.concat()),
    };
    put(folder, &format!("{file}.yaml"), &text)
}

/// Every type of the catalog has a JSON form.
fn json(value: &impl Serialize) -> String {
    format!("{}\n", serde_json::to_string(value).unwrap_or_default())
}

fn inner(folder: &Path, name: &str) -> Result<(), CliError> {
    let path = folder.join(name);
    fs::create_dir_all(&path).map_err(CliError::writing(&path))
}

fn put(folder: &Path, file: &str, text: &str) -> Result<(), CliError> {
    let path = folder.join(file);
    fs::write(&path, text).map_err(CliError::writing(&path))
}
