//! Markdown reports, in forms that the importer of reports reads.
//!
//! `docs/reports.md` describes both layouts, and what survives the way there and back.

mod cells;
mod head;
mod section;
mod summary;

use std::collections::{BTreeMap, HashMap};

use crate::model::Metric;
use crate::model::catalog::Variant;
use crate::model::dataset::Catalog;
use crate::model::run::{Accelerator, ResultEntry, Run};

/// How a report is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One section for each model, with every repetition.
    Details,
    /// A sorted table of all models first, then the sections.
    Summary,
}

/// What things are called, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Models by `family/variant`, with their whole name and parameters.
    pub models: BTreeMap<String, Variant>,
    /// Rigs.
    pub hardware: BTreeMap<String, String>,
    /// Sources with their date and, where they have one, address.
    pub sources: BTreeMap<String, String>,
}

impl Names {
    /// The names of a catalog.
    pub fn of(catalog: &Catalog) -> Self {
        let models = catalog.families.iter().flat_map(|family| {
            family.variants.iter().map(move |variant| {
                let repeats = family.name.to_lowercase().ends_with(&variant.name.to_lowercase());
                let whole = format!("{} {}", family.name, variant.name);
                let name = if repeats { family.name.clone() } else { whole };
                (format!("{}/{}", family.id, variant.id), Variant { name, ..variant.clone() })
            })
        });
        let sources = catalog.sources.iter().map(|source| {
            let address = source.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
            (source.id.clone(), format!("{} ({}{address})", source.name, source.date))
        });
        Self {
            models: models.collect(),
            hardware: catalog.hardware.iter().map(|rig| (rig.id.clone(), rig.name.clone())).collect(),
            sources: sources.collect(),
        }
    }

    /// What a model is called: as the sources of the run print it, or as the catalog does.
    fn title<'a>(&'a self, run: &'a Run) -> &'a str {
        let said = run.sources.iter().find_map(|source| source.says.get("variant"));
        let known = || self.models.get(&run.model).map(|model| &model.name);
        said.or_else(known).unwrap_or(&run.model)
    }
}

/// A report, and what it has no place for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The report in Markdown.
    pub text: String,
    /// Results in it.
    pub rows: usize,
    /// What was left out, each kind with its number.
    pub left_out: Vec<String>,
}

/// One row: a result and its run.
#[derive(Clone, Copy)]
struct Item<'a> {
    run: &'a Run,
    result: &'a ResultEntry,
}

/// Items that share a head.
struct Block<'a> {
    head: head::Head,
    items: Vec<Item<'a>>,
}

/// Writes runs as a report.
///
/// A value is the mean of its repetitions (or their median, where the run says so), ± their sample
/// deviation. Sections stand in the order of the runs or, after a summary, in its order.
pub fn write_report(runs: &[&Run], names: &Names, layout: Layout) -> Written {
    let mut left_out = LeftOut::default();
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut positions = HashMap::new();
    for run in runs {
        left_out.count("range", run.ranges.len());
        for result in run.results.iter().filter(|result| left_out.has_place(result)) {
            let head = head::Head::of(run, result, names);
            let position = *positions.entry(head.text()).or_insert_with(|| {
                blocks.push(Block { head, items: Vec::new() });
                blocks.len() - 1
            });
            if let Some(block) = blocks.get_mut(position) {
                block.items.push(Item { run, result });
            }
        }
    }
    let lead = (layout == Layout::Summary).then(|| lead(&blocks)).flatten();
    let mut text = "# Inference benchmark report\n\n".to_owned();
    let single = blocks.len() == 1;
    let rows = blocks.iter().map(|block| block.items.len()).sum();
    if let [block] = blocks.as_slice() {
        block.head.write(&mut text, &block.items, names);
    }
    text.push_str(
        "**PP** = prefill: prompt tokens per second before the first token\n\
         **TG** = decode: output tokens per second after the first token\n\
         **Load** = server start and model load\n\
         **±** = sample standard deviation over the repetitions\n\n",
    );
    if let Some(lead) = lead {
        summary::write(&mut text, &blocks, names, lead);
    }
    for mut block in blocks {
        if !single {
            text.push_str(&format!("---\n\n## Measured {}\n\n", block.head.when_and_where()));
            block.head.write(&mut text, &block.items, names);
        }
        if let Some(lead) = lead {
            summary::sort(&mut block.items, names, lead);
        }
        section::write(&mut text, &block, names, layout, lead);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    Written { text, rows, left_out: left_out.list() }
}

/// The accelerator that a summary shows: the one with the most results.
fn lead(blocks: &[Block<'_>]) -> Option<Accelerator> {
    let items = || blocks.iter().flat_map(|block| &block.items);
    let count = |accelerator| items().filter(|item| item.run.backend.accelerator == accelerator).count();
    // Of equal ones the first in the order of legends.
    Accelerator::ALL.into_iter().rev().max_by_key(|&accelerator| count(accelerator)).filter(|&a| count(a) > 0)
}

/// What has no place in a report, counted.
#[derive(Default)]
struct LeftOut(BTreeMap<String, usize>);

impl LeftOut {
    fn count(&mut self, what: &str, number: usize) {
        if number > 0 {
            *self.0.entry(what.to_owned()).or_default() += number;
        }
    }

    /// True for a result with a figure that a report has a column for.
    fn has_place(&mut self, result: &ResultEntry) -> bool {
        for metric in [Metric::Ttft, Metric::Tpot, Metric::EndToEnd, Metric::Output] {
            self.count(metric.name(), usize::from(result.stated(metric).is_some()));
        }
        let tokens = result.prompt_tokens.is_some() || result.output_tokens.is_some();
        let lost = tokens && result.repetitions.is_empty();
        self.count("token counts without repetitions", usize::from(lost));
        self.count("figures beyond the metrics", result.figures.len());
        let columns = [Metric::Decode, Metric::Prefill, Metric::Load];
        let has_figure = columns.iter().any(|&metric| result.stated(metric).is_some());
        let has_place = has_figure || !result.repetitions.is_empty() || result.failed.is_some();
        self.count("result without load, PP and TG", usize::from(!has_place));
        has_place
    }

    fn list(self) -> Vec<String> {
        self.0.into_iter().map(|(what, number)| format!("{what}: {number}")).collect()
    }
}

/// Text for a place where `<` or `&` would mean something.
fn escape(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    one_line.trim().replace('&', "&amp;").replace('<', "&lt;")
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    escape(text).replace('|', "\\|")
}

/// What a backend is called: its runtime with its version, or its interface.
fn backend_name(run: &Run) -> String {
    let name = accelerator_name(run.backend.accelerator);
    let Some(runtime) = run.backend.runtime.as_deref() else { return name.to_owned() };
    let (first, version) = runtime.split_once(' ').unwrap_or((runtime, ""));
    // Whoever reads the report knows a backend by the first word.
    if first.eq_ignore_ascii_case(name) && version.starts_with(|c: char| c.is_ascii_digit()) {
        escape(runtime)
    } else {
        format!("{name} ({})", escape(runtime))
    }
}

/// An accelerator as its makers write it.
const fn accelerator_name(accelerator: Accelerator) -> &'static str {
    match accelerator {
        Accelerator::Cuda => "CUDA",
        Accelerator::Rocm => "ROCm",
        Accelerator::Vulkan => "Vulkan",
        Accelerator::Metal => "Metal",
        Accelerator::Cpu => "CPU",
        Accelerator::Sycl => "SYCL",
        Accelerator::Opencl => "OpenCL",
        Accelerator::Other => "Other",
    }
}
