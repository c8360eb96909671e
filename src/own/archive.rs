//! Own runs as files for a data folder, and one archive of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::beside::slug;
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
    format!("data/runs/{}/{}.yaml", part(&run.hardware), part(&run.id))
}

/// An id as a part of a path. Run files that others wrote may have any text for one, also `../..`.
fn part(id: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '=' | ',');
    let is_part =
        !id.is_empty() && !id.starts_with('.') && id.len() <= LONGEST_PART && id.chars().all(is_harmless);
    if is_part { Cow::Borrowed(id) } else { Cow::Owned(slug(id)) }
}

/// The longest name without its ending that file systems take, in bytes.
const LONGEST_PART: usize = 240;

/// What a data folder with the published results lacks for own runs.
pub struct Lacking {
    hardware: Vec<Hardware>,
    families: Vec<Family>,
    quants: Vec<Quant>,
    shapes: Vec<Shape>,
    sources: Vec<Source>,
}

/// Paths in the archive of what is to be put behind the lists of a data folder.
const LISTS: [&str; 4] =
    ["append/models.yaml", "append/quants.yaml", "append/shapes.yaml", "append/sources.yaml"];

/// The path of a rig's file.
fn rig_path(id: &str) -> String {
    format!("data/hardware/{}.yaml", part(id))
}

impl Lacking {
    /// Of all own runs together.
    pub fn of(published: &Index, own: &Own) -> Self {
        let mut catalog = published.catalog.clone();
        catalog.hardware.extend(own.rigs.iter().cloned());
        let imported = Imported {
            runs: own.runs.clone(),
            models: own.models.clone(),
            shapes: own.shapes.clone(),
            ..Imported::default()
        };
        complete(&mut catalog, &imported);
        Self::between(&published.catalog, catalog, own)
    }

    fn between(published: &Catalog, all: Catalog, own: &Own) -> Self {
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

    /// The files: whole ones below `data`, and texts for lists below `append`.
    pub fn files(&self) -> Vec<Archived> {
        let rigs = self.hardware.iter().map(|rig| (rig_path(&rig.id), write_hardware(rig)));
        let texts = [
            write_families(&self.families),
            write_quants(&self.quants),
            write_shapes(&self.shapes),
            write_sources(&self.sources),
        ];
        let lists = LISTS.into_iter().zip(texts).map(|(path, text)| (path.to_owned(), text));
        rigs.chain(lists.filter(|(_, text)| !text.is_empty())).collect()
    }

    /// Paths of those files that one run needs.
    pub fn needed_by(&self, run: &Run) -> Vec<String> {
        let [models, quants, shapes, sources] = LISTS;
        let is_new_shape = |id: &String| self.shapes.iter().any(|shape| shape.id == *id);
        let mut used = run.results.iter().map(|result| &result.shape);
        let needs = [
            (models, self.families.iter().any(|family| run.model.split('/').next() == Some(&family.id))),
            (quants, self.quants.iter().any(|quant| quant.id == run.quant)),
            (
                shapes,
                used.any(is_new_shape) || run.ranges.iter().flat_map(|range| &range.shapes).any(is_new_shape),
            ),
            (sources, run.sources.iter().any(|of| self.sources.iter().any(|source| source.id == of.id))),
        ];
        let rigs = self.hardware.iter().filter(|rig| rig.id == run.hardware).map(|rig| rig_path(&rig.id));
        let lists = needs.into_iter().filter(|(_, needs)| *needs).map(|(path, _)| path.to_owned());
        rigs.chain(lists).collect()
    }
}

fn date_of(date: &PartialDate) -> PartialDate {
    PartialDate::try_from(date.day().to_owned()).unwrap_or_else(|_| date.clone())
}

/// Every file of a pull request, and how to make one of them.
pub fn archive(published: &Index, own: &Own) -> Vec<Archived> {
    let mut files: Vec<Archived> = own.runs.iter().map(|run| (path_of(run), write_run(run))).collect();
    let lacking = Lacking::of(published, own).files();
    let lists: Vec<&str> = lacking.iter().filter_map(|(path, _)| path.strip_prefix("append/")).collect();
    files.insert(0, (HOW_TO.to_owned(), how_to(own.runs.len(), &lists)));
    files.extend(lacking);
    files
}

/// One file of the archive by its path, and what it is called where it comes alone.
pub fn alone(published: &Index, own: &Own, path: &str) -> Option<Archived> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some(run) = own.runs.iter().find(|run| path_of(run) == path) {
        return Some((name.to_owned(), write_run(run)));
    }
    let (_, text) = Lacking::of(published, own).files().into_iter().find(|(of, _)| of == path)?;
    // A part of a list must not be taken for the list.
    let list = path.strip_prefix("append/").and_then(|name| name.strip_suffix(".yaml"));
    Some((list.map_or_else(|| name.to_owned(), |list| format!("{list}-to-append.yaml")), text))
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
