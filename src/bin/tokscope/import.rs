//! `tokscope import`

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokscope::export::yaml::{write_run, write_shapes};
use tokscope::import::mapping::{Mapping, propose, read_table, sheet};
use tokscope::import::{
    Finding, Format, Imported, Known, number_equal_ids, read, read_catalog, read_mapping,
};
use tokscope::model::catalog::Shape;
use tokscope::model::dataset::{Catalog, FromFile};
use tokscope::model::run::Run;
use tokscope::model::{Dataset, PartialDate, Positive, Problem};

use crate::error::CliError;
use crate::output::{self, Harmless, Paint, counted};
use tokscope::own::read_own;

/// The end of the help.
const HELP: &str = "\
and tables that people made, with --map. A file is known by what it holds, not by its name. What it does
not say is asked for and never guessed; docs/importing.md lists what each format lacks.

Exit codes: 0 everything was read, 1 something was left out, 2 nothing could be read or written.

Examples:
  tokscope import bench.json --hardware my-rig --source my-notes
  llama-bench -m model.gguf -o jsonl | tokscope import - --hardware my-rig --source my-notes -o -
  tokscope import table.md --model 'qwen3 8B=qwen3/8b' --quant Q4_K_M --date 2026-05-16 \\
    --hardware my-rig --source forum-post --repetitions 5";

/// The formats that are read, on lines that a terminal holds.
fn listed() -> String {
    // A rig says nothing of runs: the page alone reads it.
    let of_tools = Format::ALL.iter().map(|format| format.name());
    let mut lines = vec![String::new()];
    for name in of_tools.chain(["Tokscope index", "Tokscope run file"]) {
        if lines.last().is_some_and(|line| line.len() + name.len() > 96) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&format!("{name}, "));
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// Turn result files of benchmark tools into run files
#[derive(clap::Args)]
#[command(after_help = format!("Reads these formats:\n{}\n{HELP}", listed()))]
pub(crate) struct Args {
    /// Files to read, or `-` for the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Id of the rig, of all results or of one printed name; may be given again
    #[arg(long, value_name = "[NAME=]ID")]
    hardware: Vec<String>,
    /// What the columns of a table mean, as YAML or JSON
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Id of the source, as in sources.yaml
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Where in the source the files stand
    #[arg(long, value_name = "WORDS")]
    place: Option<String>,
    /// Id of the model (family/variant), of all results or of one printed name; may be given again
    #[arg(long, value_name = "[NAME=]ID")]
    model: Vec<String>,
    /// Quant of results that name none, of all or of one printed word for the weights; may be given again
    #[arg(long, value_name = "[NAME=]QUANT")]
    quant: Vec<String>,
    /// Date of results that name none: 2026-05, 2026-05-16 or 2026-05-16T19:42Z
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Backend of results that name none, such as Vulkan or "ROCm 7.2"
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// Engine of reports that name none
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// Build of results that name none
    #[arg(long, value_name = "BUILD")]
    build: Option<String>,
    /// Driver during the runs
    #[arg(long, value_name = "VERSION")]
    driver: Option<String>,
    /// Power cap during the runs, in watts
    #[arg(long, value_name = "WATTS")]
    power_cap: Option<f64>,
    /// What was changed on purpose
    #[arg(long, value_name = "WORDS")]
    mode: Option<String>,
    /// Id of the shape of requests to a server, and of results that state no token counts
    #[arg(long, value_name = "ID")]
    shape: Option<String>,
    /// Requests in flight, of results that do not say, or of one printed request rate; may be given again
    #[arg(long, value_name = "[NAME=]COUNT", value_parser = in_flight)]
    concurrency: Vec<(Option<String>, u16)>,
    /// Repetitions behind each mean that stands alone, as in tables and CSV
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    repetitions: Option<u32>,
    /// Data folder whose models, quants, rigs and shapes are known
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Folder for run files, or `-` to print them; without it, `runs` in the data folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Replace files that say something else
    #[arg(long)]
    force: bool,
}

/// Requests in flight, with the rate that they are given for.
fn in_flight(text: &str) -> Result<(Option<String>, u16), String> {
    let (name, count) =
        text.rsplit_once('=').map_or((None, text), |(name, count)| (Some(name.to_owned()), count));
    let count = count.trim().parse().ok().filter(|count| *count > 0);
    Ok((name, count.ok_or("expected a whole number from 1 to 65535")?))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, CliError> {
    let catalog = if args.data.is_dir() { read_catalog(&args.data) } else { Catalog::default() };
    let mapping = args.map.as_deref().map(mapping).transpose()?;
    let mut all = Imported::default();
    for file in &args.files {
        let bytes = bytes_of(file)?;
        let name = name_of(file);
        let known = known(args, &name, &catalog)?;
        let own = if mapping.is_none() { read_own(&bytes, &name) } else { None };
        let (what, mut imported) = match (&mapping, own) {
            (Some(mapping), _) => ("table", read_table(&bytes, mapping, &known)),
            (None, Some(own)) => own,
            (None, None) => {
                let imported = read(&bytes, &known);
                match imported.format {
                    Some(format) => (format.name(), imported),
                    None => proposal(args, &bytes, &name)?
                        .map_or(("not known", imported), |asked| ("table without a mapping", asked)),
                }
            }
        };
        let results: usize = imported.runs.iter().map(|run| run.results.len()).sum();
        let (results, runs) = (counted(results, "result"), counted(imported.runs.len(), "run"));
        output::note(&format!("{}: {what}, {results} of {runs}", Harmless(&name)));
        all.runs.append(&mut imported.runs);
        all.models.append(&mut imported.models);
        all.findings.append(&mut imported.findings);
        let new = imported.shapes.into_iter();
        all.shapes.extend(new.filter(|shape| catalog.shapes.iter().all(|known| known.id != shape.id)));
    }
    number_equal_ids(&mut all.runs);
    all.shapes.sort_by(|a, b| a.id.cmp(&b.id));
    all.shapes.dedup_by(|a, b| a.id == b.id);
    add_unknown_ids(catalog, &mut all);
    list(&all.findings)?;
    if all.runs.is_empty() {
        return Ok(ExitCode::from(2));
    }
    write(args, &all)?;
    let code = if all.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    // The program ends here: giving back a million small pieces of memory would be its twentieth part.
    std::mem::forget(all);
    Ok(code)
}

/// The mapping in a file; what is wrong with it is an error, for nothing can be read then.
fn mapping(file: &Path) -> Result<Mapping, CliError> {
    let text = fs::read_to_string(file).map_err(CliError::reading(file))?;
    let (mapping, findings) = read_mapping(&text, &name_of(file));
    mapping.ok_or_else(|| {
        let problems: Vec<String> =
            findings.iter().map(|finding| Harmless(&finding.to_string()).to_string()).collect();
        CliError::Invalid { path: file.into(), message: problems.join("\n") }
    })
}

/// The mapping that the headers of a table suggest; `None` for what is none, or has no column with a figure.
pub(crate) fn proposed(bytes: &[u8]) -> Option<Mapping> {
    let sheet = sheet(bytes)?;
    let rows: Vec<Vec<String>> = sheet.rows.into_iter().take(50).map(|(_, cells)| cells).collect();
    let mapping = propose(&sheet.headers, &rows);
    mapping.columns.iter().any(|column| column.field.is_figure()).then_some(mapping)
}

/// What is said of a table that is read through a mapping alone.
pub(crate) fn no_tool(name: &str, expected: &str) -> Finding {
    let problem = Problem {
        file: name.to_owned(),
        field: "mapping".to_owned(),
        found: "a table that no known tool wrote".to_owned(),
        expected: expected.to_owned(),
    };
    Finding { line: Some(1), problem }
}

/// For a table that nothing could be read of: the mapping that its headers suggest, printed, and a finding that asks for it.
fn proposal(args: &Args, bytes: &[u8], name: &str) -> Result<Option<Imported>, CliError> {
    let Some(mapping) = proposed(bytes) else { return Ok(None) };
    let json = serde_json::to_string_pretty(&mapping).unwrap_or_default();
    if args.output.as_deref() == Some(Path::new("-")) {
        output::note(&json);
    } else {
        output::write(Path::new("-"), format!("{json}\n").as_bytes())?;
    }
    let expected = "what its columns mean: look at the mapping that is printed, and give it with --map";
    let findings = vec![no_tool(name, expected)];
    Ok(Some(Imported { findings, ..Imported::default() }))
}

/// The bytes of a file, or of the standard input for `-`.
pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>, CliError> {
    if file != Path::new("-") {
        return fs::read(file).map_err(CliError::reading(file));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(CliError::reading(file))?;
    Ok(bytes)
}

/// What a file is called in findings.
pub(crate) fn name_of(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}

fn known<'a>(args: &'a Args, file: &'a str, catalog: &'a Catalog) -> Result<Known<'a>, CliError> {
    let (models, model) = by_name(&args.model);
    let (rigs, hardware) = by_name(&args.hardware);
    let (quants, quant) = by_name(&args.quant);
    let invalid = |message: String| CliError::Invalid { path: file.into(), message };
    let date = args.date.clone().map(PartialDate::try_from).transpose();
    let cap = args.power_cap.map(Positive::try_from).transpose();
    Ok(Known {
        file,
        source: args.source.as_deref().unwrap_or_default(),
        catalog: Some(catalog),
        place: args.place.as_deref(),
        models,
        model,
        rigs,
        unlisted: false,
        quants,
        quant,
        hardware,
        by_word: false,
        power_cap_w: cap.map_err(|error| invalid(format!("--power-cap: {error}")))?,
        driver: args.driver.as_deref(),
        engine: args.engine.as_deref(),
        build: args.build.as_deref(),
        mode: args.mode.as_deref(),
        shape: args.shape.as_deref(),
        concurrency: args.concurrency.iter().rev().find(|(name, _)| name.is_none()).map(|(_, count)| *count),
        concurrencies: args
            .concurrency
            .iter()
            .filter_map(|(name, count)| Some((name.clone()?, *count)))
            .collect(),
        repetitions: args.repetitions,
        date: date.map_err(|error| invalid(format!("--date: {error}")))?,
        backend: args.backend.as_deref(),
    })
}

/// Ids by the printed name that they are given for, and the one that is given for all.
fn by_name(given: &[String]) -> (BTreeMap<String, String>, Option<&str>) {
    let pair = |text: &String| text.split_once('=').map(|(name, id)| (name.to_owned(), id.to_owned()));
    let all = given.iter().rfind(|text| !text.contains('='));
    (given.iter().filter_map(pair).collect(), all.map(String::as_str))
}

/// Adds what the runs refer to and the data folder does not have yet.
fn add_unknown_ids(mut catalog: Catalog, all: &mut Imported) {
    catalog.shapes.extend(all.shapes.iter().cloned());
    // There may be a million repetitions: the runs are lent, not copied.
    let runs = std::mem::take(&mut all.runs).into_iter();
    let runs = runs.map(|run| FromFile { file: path_of(&run), value: run }).collect();
    let dataset = Dataset { catalog, runs };
    let problems = dataset.problems().into_iter();
    let of_runs = problems.filter(|problem| problem.file.starts_with("runs/"));
    let mut findings: Vec<Finding> = of_runs.map(|problem| Finding { line: None, problem }).collect();
    findings.sort();
    all.findings.append(&mut findings);
    all.runs = dataset.runs.into_iter().map(|run| run.value).collect();
}

/// Lists what is wrong, and the options that answer it.
fn list(findings: &[Finding]) -> Result<(), CliError> {
    const OPTIONS: [(&str, &str); 9] = [
        ("hardware", "--hardware ID or --hardware 'NAME=ID'"),
        ("source", "--source ID"),
        ("model", "--model ID or --model 'NAME=ID'"),
        ("quant", "--quant QUANT or --quant 'NAME=QUANT'"),
        ("date", "--date DATE"),
        ("backend", "--backend NAME"),
        ("engine", "--engine NAME"),
        ("concurrency", "--concurrency COUNT or --concurrency 'NAME=COUNT'"),
        ("shape", "--shape ID"),
    ];
    let mut stderr = io::stderr().lock();
    let paint = Paint::for_stream(&stderr);
    output::list(&mut stderr, paint, findings)?;
    drop(stderr);
    let is_asked = |field: &str| {
        findings
            .iter()
            .any(|finding| finding.problem.field == field && finding.problem.expected.contains("beside"))
    };
    let options: Vec<&str> =
        OPTIONS.iter().filter(|(field, _)| is_asked(field)).map(|(_, option)| *option).collect();
    if !options.is_empty() {
        output::note(&format!("give beside: {}", options.join(", ")));
    }
    Ok(())
}

/// The place of a run's file inside a data folder.
pub(crate) fn path_of(run: &Run) -> String {
    format!("runs/{}/{}.yaml", run.hardware, run.id)
}

fn write(args: &Args, all: &Imported) -> Result<(), CliError> {
    let folder = args.output.clone().unwrap_or_else(|| args.data.join("runs"));
    if folder == Path::new("-") {
        let texts: Vec<String> = all.runs.iter().map(write_run).collect();
        output::write(&folder, texts.join("---\n").as_bytes())?;
        say_shapes(&args.data, &all.shapes);
        return Ok(());
    }
    for run in &all.runs {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !run.hardware.chars().all(is_name) || run.hardware.starts_with('.') || run.hardware.is_empty() {
            return Err(CliError::NoId(run.hardware.clone()));
        }
    }
    let path = |run: &Run| folder.join(&run.hardware).join(format!("{}.yaml", run.id));
    // Looked at before anything is written: a refusal leaves everything as it was.
    let differs = |run: &&Run| fs::read(path(run)).is_ok_and(|there| there != write_run(run).as_bytes());
    if let Some(run) = all.runs.iter().filter(|_| !args.force).find(differs) {
        return Err(CliError::Exists(path(run)));
    }
    for run in &all.runs {
        let (path, text) = (path(run), write_run(run));
        let is_there = fs::read(&path).is_ok_and(|there| there == text.as_bytes());
        if !is_there {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(CliError::writing(folder))?;
            }
            output::write(&path, text.as_bytes())?;
        }
        let done = if is_there { "unchanged" } else { "written" };
        output::note(&format!("{done}: {}", Harmless(&path.display().to_string())));
    }
    if is_inside(&folder, &args.data) {
        return add_shapes(&args.data, &all.shapes);
    }
    say_shapes(&args.data, &all.shapes);
    Ok(())
}

/// True for a folder in another one, however both are written; both are there.
fn is_inside(folder: &Path, data: &Path) -> bool {
    folder
        .canonicalize()
        .ok()
        .zip(data.canonicalize().ok())
        .is_some_and(|(folder, data)| folder.starts_with(data))
}

/// Adds new shapes behind those of a data folder; where it has no list of them, says what belongs there.
pub(crate) fn add_shapes(data: &Path, shapes: &[Shape]) -> Result<(), CliError> {
    let file = data.join("shapes.yaml");
    let Ok(mut text) = fs::read_to_string(&file) else {
        say_shapes(data, shapes);
        return Ok(());
    };
    if shapes.is_empty() {
        return Ok(());
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&write_shapes(shapes));
    output::write(&file, text.as_bytes())?;
    let ids: Vec<&str> = shapes.iter().map(|shape| shape.id.as_str()).collect();
    output::note(&format!("added to {}: {}", Harmless(&file.display().to_string()), ids.join(", ")));
    Ok(())
}

/// Says which shapes the runs name that a data folder does not have, as the text to add.
fn say_shapes(data: &Path, shapes: &[Shape]) {
    if !shapes.is_empty() {
        let file = data.join("shapes.yaml").display().to_string();
        output::note(&format!("to be added to {}:\n{}", Harmless(&file), write_shapes(shapes).trim_end()));
    }
}
