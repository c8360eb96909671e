//! Clients that ask a server, and tools of one machine: GuideLLM, AIPerf and genai-perf, llama-benchy, Ollama,
//! LocalScore, optimum-benchmark, mlx-lm, `llama-cli`. One file for each, and three that they share: `value` reads
//! JSON by pointers, `telemetry` adds up measures of GPUs, `campaign` makes a result of what a client sums up over
//! many requests.

mod aiperf;
mod aiperf_records;
mod campaign;
mod guidellm;
mod llama_benchy;
mod llama_cli;
mod localscore;
mod mlx_lm;
mod ollama;
mod optimum;
mod telemetry;
mod value;

pub(super) use llama_cli::is_properties;

use super::cell::Cell;
use super::fields::Fields;
use super::finding::Say;
use super::formats::Format;
use super::json::Object;

/// The format of an object, where it is one of these tools'.
pub(super) fn of_fields(fields: &Fields<'_>) -> Option<Format> {
    type Is = fn(&Fields<'_>) -> bool;
    let is: [(Is, Format); 9] = [
        (guidellm::is_document, Format::GuidellmJson),
        (aiperf::is_summary, Format::AiperfJson),
        (aiperf_records::is_record, Format::AiperfRecords),
        (aiperf::is_genai_perf, Format::GenaiPerfJson),
        (llama_benchy::is_document, Format::BenchyJson),
        (localscore::is_document, Format::LocalscoreJson),
        (localscore::is_export, Format::LocalscoreExport),
        (optimum::is_document, Format::OptimumJson),
        (ollama::is_record, Format::OllamaJson),
    ];
    is.into_iter().find(|(is, _)| is(fields)).map(|(_, format)| format)
}

/// The results of objects, each with its format.
pub(super) fn from_objects(objects: Vec<(Format, Object)>, say: &mut Say<'_>) -> Vec<Cell> {
    let (mut cells, mut records, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for (format, object) in objects {
        match format {
            Format::GuidellmJson => {
                let campaigns = guidellm::campaigns(object, say);
                cells.extend(campaigns.into_iter().filter_map(|campaign| campaign.cell(say)));
            }
            Format::AiperfJson | Format::GenaiPerfJson => {
                cells.extend(aiperf::campaign(object, say).cell(say))
            }
            Format::AiperfRecords => records.push(object),
            Format::BenchyJson => cells.extend(llama_benchy::cells(object, say)),
            Format::LocalscoreJson => cells.extend(localscore::cells(object, say)),
            Format::LocalscoreExport => cells.extend(localscore::cells_of_export(object, say)),
            Format::OptimumJson => cells.extend(optimum::cell(object, say)),
            _ => answers.push(Fields::from(object)),
        }
    }
    let campaigns = aiperf_records::campaigns(records, say);
    cells.extend(campaigns.into_iter().filter_map(|campaign| campaign.cell(say)));
    cells.extend(ollama::cells_of(answers, say));
    cells
}

/// The format of a text that is no JSON, where it is one of these tools'.
pub(super) fn of_text(text: &str) -> Option<Format> {
    let any = |is: fn(&str) -> bool| text.lines().any(is);
    if guidellm::is_csv(text) {
        return Some(Format::GuidellmCsv);
    }
    match aiperf::csv_tool(text) {
        Some("aiperf") => return Some(Format::AiperfCsv),
        Some(_) => return Some(Format::GenaiPerfCsv),
        None => {}
    }
    let is: [(bool, Format); 9] = [
        (any(optimum::is_header), Format::OptimumCsv),
        (any(ollama::is_header), Format::OllamaTable),
        (any(llama_benchy::is_csv_header), Format::BenchyCsv),
        (llama_benchy::is_table(text), Format::BenchyTable),
        (mlx_lm::is_table(text), Format::MlxTable),
        (mlx_lm::is_benchmark(text), Format::MlxBenchmark),
        (mlx_lm::is_generate(text), Format::MlxGenerate),
        (ollama::is_verbose(text), Format::OllamaVerbose),
        (llama_cli::is_conversation(text), Format::LlamaCli),
    ];
    is.into_iter().find(|(is, _)| *is).map(|(_, format)| format)
}

/// The results of such a text.
pub(super) fn from_text(format: Format, text: &str, say: &mut Say<'_>) -> Vec<Cell> {
    let campaigns = match format {
        Format::GuidellmCsv => guidellm::from_csv(text, say),
        Format::AiperfCsv | Format::GenaiPerfCsv => aiperf::from_csv(text, say),
        Format::OptimumCsv => return optimum::from_csv(text, say),
        Format::OllamaTable => return ollama::from_table(text, say),
        Format::BenchyCsv => return llama_benchy::from_csv(text, say),
        Format::BenchyTable => return llama_benchy::from_table(text, say),
        Format::MlxTable => return mlx_lm::from_tables(text, say),
        Format::MlxBenchmark => return mlx_lm::from_benchmark(text, say),
        Format::MlxGenerate => return mlx_lm::from_generate(text, say),
        Format::OllamaVerbose => return ollama::from_verbose(text, say),
        _ => return llama_cli::from_conversation(text, say),
    };
    campaigns.into_iter().filter_map(|campaign| campaign.cell(say)).collect()
}

/// Says what a text is that is known and holds no result; false for any other.
///
/// `properties` is the line of a server's properties.
pub(super) fn say_no_result(text: &str, properties: Option<u32>, say: &mut Say<'_>) -> bool {
    if let Some(line) = properties {
        llama_cli::say_properties(line, say);
    } else if llama_cli::is_counters(text) {
        llama_cli::say_counters(say);
    } else if text.contains("NVIDIA AIPerf |") {
        say.whole(
            "what AIPerf shows in a terminal",
            "profile_export_aiperf.json or .csv, which it writes beside",
        );
    } else {
        return false;
    }
    true
}
