//! JSON objects, each read by its own tool.

use super::assemble::Assembly;
use super::fields::Fields;
use super::finding::Say;
use super::formats::Format;
use super::json::Object;
use super::{batched_bench, clients, llama_bench, llama_server, serving};

/// An object whose tool is known.
pub(super) enum Record {
    /// A record of the tools of llama.cpp, of which there may be very many: its fields are left where they are.
    Fields(Format),
    /// The result of any other tool.
    Object(Format, Object),
}

impl Record {
    /// What an object is; where no tool is known, the object. What is not left is taken.
    pub(super) fn of(fields: &mut Fields<'_>) -> Result<Self, Object> {
        if llama_bench::is_record(fields) {
            return Ok(Self::Fields(Format::LlamaBenchJson));
        }
        if batched_bench::is_record(fields) {
            return Ok(Self::Fields(Format::BatchedBenchJson));
        }
        let answer = llama_server::is_record(fields).then_some(Format::ServerTimings);
        let format = answer.or_else(|| clients::of_fields(fields));
        let object = Object::from(std::mem::take(fields));
        let watched = || llama_bench::is_watched(&object).then_some(Format::LlamaBenchJson);
        match format.or_else(watched).or_else(|| serving::format(&object)) {
            Some(format) => Ok(Self::Object(format, object)),
            None => Err(object),
        }
    }

    pub(super) const fn format(&self) -> Format {
        match self {
            Self::Fields(format) | Self::Object(format, _) => *format,
        }
    }
}

/// Objects as they come: most become a result at once, and are forgotten.
#[derive(Default)]
pub(super) struct Objects {
    /// The first format that is known.
    pub(super) format: Option<Format>,
    /// The line of a server's properties, which are no result.
    pub(super) properties: Option<u32>,
    /// Records of `llama-bench`.
    campaign: llama_bench::Campaign,
    /// Answers of a server, of which several may be one result.
    answers: Vec<Object>,
    /// What clients and tools of one machine wrote, which may be one result together.
    of_clients: Vec<(Format, Object)>,
    /// Records of benchmarks of servers, which may mind what was found wrong with them.
    served: Vec<Object>,
    /// The line of the first record around nothing, and how many there are.
    empty: Option<(u32, usize)>,
    /// The line of the first object of no tool, and how many there are.
    unknown: Option<(u32, usize)>,
}

impl Objects {
    /// Takes the next object.
    pub(super) fn take(&mut self, fields: &mut Fields<'_>, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        let record = match Record::of(fields) {
            Ok(record) => record,
            Err(object) => return self.other(object.into()),
        };
        self.format = self.format.or(Some(record.format()));
        let cells = match record {
            Record::Fields(Format::LlamaBenchJson) => return self.campaign.take(fields, assembly, say),
            Record::Fields(_) => Vec::from_iter(batched_bench::cell(std::mem::take(fields), say)),
            Record::Object(Format::ServerTimings, object) => return self.answers.push(object),
            Record::Object(Format::LlamaBenchJson, object) if llama_bench::is_empty(&object) => {
                self.empty.get_or_insert((object.line, 0)).1 += 1;
                return;
            }
            Record::Object(Format::LlamaBenchJson, object) => {
                Vec::from_iter(llama_bench::watched(object, say))
            }
            Record::Object(format, object) if format.is_of_client() => {
                return self.of_clients.push((format, object));
            }
            Record::Object(_, object) => return self.served.push(object),
        };
        for cell in cells {
            assembly.cell(cell, say);
        }
    }

    fn other(&mut self, fields: Fields<'_>) {
        if clients::is_properties(&fields) {
            self.properties = Some(fields.line);
        }
        // Parts of a stream before its first token, or before its last message, have no timings yet.
        if !["choices", "done"].iter().any(|part| fields.has(part)) {
            self.unknown.get_or_insert((fields.line, 0)).1 += 1;
        }
    }

    /// The results that took all objects, and what was no result.
    pub(super) fn finish(self, assembly: &mut Assembly<'_>, say: &mut Say<'_>) {
        let answers = llama_server::from_objects(self.answers, say);
        for cell in answers.into_iter().chain(clients::from_objects(self.of_clients, say)) {
            assembly.cell(cell, say);
        }
        for object in &self.served {
            for cell in serving::cells(object, say) {
                assembly.cell(cell, say);
            }
        }
        if let Some((line, count)) = self.empty {
            let noun = if count == 1 { "record" } else { "records" };
            let found = format!("{count} {noun} without a result");
            say.at(line, "bench_raw", found, "one of llama-bench; left out");
        }
        if let Some((line, count)) = self.unknown {
            let noun = if count == 1 { "object" } else { "objects" };
            let found = format!("{count} {noun} of no known tool");
            say.at(line, "", found, "records of one tool; they are left out");
        }
    }
}
