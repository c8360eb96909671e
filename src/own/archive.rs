//! Own runs as files for a data folder, and one archive of them.

use std::collections::BTreeSet;

use super::desk::Own;
use crate::export::additions::{write_families, write_hardware, write_quants, write_sources};
use crate::export::yaml::{write_run, write_shapes};
use crate::import::{Imported, complete};
use crate::index::Index;
use crate::model::PartialDate;
use crate::model::catalog::{Family, Hardware, Quant, Shape, Source};
use crate::model::dataset::Catalog;
use crate::model::run::Run;

/// A file of an archive: its path, and its text.
pub type Archived = (String, String);

/// Where a run's file goes in a data folder.
pub fn path_of(run: &Run) -> String {
    format!("data/runs/{}/{}.yaml", run.hardware, run.id)
}

/// What a data folder with the published results lacks for own runs: the file to add it to, and the text.
///
/// A path that ends in `.yaml` is a file of its own; texts for lists are to be put behind what is there.
pub fn additions(published: &Index, own: &Own) -> Vec<(&'static str, Archived)> {
    let mut catalog = published.catalog.clone();
    catalog.hardware.extend(own.rigs.iter().cloned());
    let imported = Imported {
        runs: own.runs.clone(),
        models: own.models.clone(),
        shapes: own.shapes.clone(),
        ..Imported::default()
    };
    complete(&mut catalog, &imported);
    let new = New::of(&published.catalog, catalog, own);
    let mut files: Vec<(&'static str, Archived)> = Vec::new();
    for rig in &new.hardware {
        files.push(("hardware", (format!("data/hardware/{}.yaml", rig.id), write_hardware(rig))));
    }
    let lists = [
        ("models.yaml", write_families(&new.families)),
        ("quants.yaml", write_quants(&new.quants)),
        ("shapes.yaml", write_shapes(&new.shapes)),
        ("sources.yaml", write_sources(&new.sources)),
    ];
    for (list, text) in lists {
        if !text.is_empty() {
            files.push((list, (format!("append/{list}"), text)));
        }
    }
    files
}

/// What a catalog has and the published one lacks.
struct New {
    hardware: Vec<Hardware>,
    families: Vec<Family>,
    quants: Vec<Quant>,
    shapes: Vec<Shape>,
    sources: Vec<Source>,
}

impl New {
    fn of(published: &Catalog, all: Catalog, own: &Own) -> Self {
        let used: BTreeSet<&str> = own.runs.iter().map(|run| run.hardware.as_str()).collect();
        let sources: BTreeSet<&str> =
            own.runs.iter().flat_map(|run| &run.sources).map(|source| source.id.as_str()).collect();
        let is_new_rig = |rig: &Hardware| {
            used.contains(rig.id.as_str()) && published.hardware.iter().all(|known| known.id != rig.id)
        };
        // A family that is there already grows inside itself, which no list can be appended for.
        let is_new_family = |family: &Family| published.families.iter().all(|known| known.id != family.id);
        let mut hardware: Vec<Hardware> = all.hardware.into_iter().filter(is_new_rig).collect();
        for rig in &mut hardware {
            rig.sources = sources.iter().map(|&source| source.to_owned()).collect();
            "A machine of the person who measured; nothing more is known of it.".clone_into(&mut rig.story);
        }
        let dated = |mut source: Source| {
            // The file asks for a date, and that of the first run is the closest.
            if let Some(date) = own.runs.iter().map(|run| &run.date).min() {
                source.date = date_of(date);
            }
            source
        };
        Self {
            hardware,
            families: all.families.into_iter().filter(is_new_family).collect(),
            quants: all.quants.into_iter().skip(published.quants.len()).collect(),
            shapes: all.shapes.into_iter().skip(published.shapes.len()).collect(),
            sources: all.sources.into_iter().skip(published.sources.len()).map(dated).collect(),
        }
    }
}

fn date_of(date: &PartialDate) -> PartialDate {
    PartialDate::try_from(date.day().to_owned()).unwrap_or_else(|_| date.clone())
}

/// Every file of a pull request, and how to make one of them.
pub fn archive(published: &Index, own: &Own) -> Vec<Archived> {
    let mut files: Vec<Archived> = own.runs.iter().map(|run| (path_of(run), write_run(run))).collect();
    let additions = additions(published, own);
    let lists: Vec<&str> =
        additions.iter().map(|(list, _)| *list).filter(|list| *list != "hardware").collect();
    files.insert(0, (HOW_TO.to_owned(), how_to(own.runs.len(), &lists)));
    files.extend(additions.into_iter().map(|(_, file)| file));
    files
}

/// The name of the text that says what to do with the archive.
const HOW_TO: &str = "HOW-TO.md";

fn how_to(runs: usize, lists: &[&str]) -> String {
    let noun = if runs == 1 { "run file" } else { "run files" };
    let mut text = format!(
        "# {runs} {noun} for Tokscope\n\nThese files were made in your browser; nothing was sent anywhere.\n\n\
         1. Fork and clone the repository, and unpack this archive in its root.\n   \
         What lies in `data/` is then in its place.\n"
    );
    if !lists.is_empty() {
        text += "1. Put what is new behind the lists that are there:\n\n   ```sh\n";
        for list in lists {
            text += &format!("   cat append/{list} >> data/{list}\n");
        }
        text += "   ```\n\n   Replace what reads \"not stated\", and the month 2000-01 of a model, with what you know and its source.\n";
    }
    text += &format!(
        "1. Remove what is not part of the pull request, and check the rest:\n\n   ```sh\n   \
         rm -rf {HOW_TO} append\n   cargo run --features cli -- check\n   ```\n\n\
         1. Say in `data/sources.yaml` who measured, and how.\n   Then commit and open a pull request.\n"
    );
    text
}

/// Files as one ZIP archive, stored and not compressed, with a fixed date: the same files give the same bytes.
///
/// # Errors
///
/// What the writer says; it writes to memory, so that only a name it refuses can fail.
pub fn pack(files: &[Archived]) -> Result<Vec<u8>, rawzip::Error> {
    let mut zip = rawzip::ZipArchiveWriter::new(Vec::new());
    for (path, text) in files {
        let (mut entry, config) = zip.new_file(path).start()?;
        let mut writer = config.wrap(&mut entry);
        std::io::Write::write_all(&mut writer, text.as_bytes())?;
        let (_, descriptor) = writer.finish()?;
        entry.finish(descriptor)?;
    }
    zip.finish()
}
