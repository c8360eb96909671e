//! Our own run files as input: one or several, as `tokscope import -o -` prints them.

use super::document::{read_document, read_run};
use super::finding::Finding;
use super::known::Imported;
use crate::model::catalog::Hardware;

/// Fields that every run file has, at the start of a line.
const FIELDS: [&str; 4] = ["schema:", "model:", "hardware:", "backend:"];

/// The same of a file that describes a rig.
const RIG_FIELDS: [&str; 4] = ["id:", "name:", "short:", "story:"];

/// What stands between two documents.
const BREAK: &str = "---";

/// True for a text that holds run files, whole or broken.
pub fn is_run_files(text: &str) -> bool {
    has_fields(text, &FIELDS)
}

/// True for a text that describes a rig, as a data folder has one in `hardware/`.
pub fn is_rig_file(text: &str) -> bool {
    has_fields(text, &RIG_FIELDS)
}

fn has_fields(text: &str, fields: &[&str]) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let has = |field: &str| text.lines().any(|line| line.starts_with(field));
    // JSON may be long, and begins with another sign.
    !text.trim_start().starts_with(['{', '[']) && fields.iter().all(|field| has(field))
}

/// The rig that a text describes, only where nothing is wrong with it; `None` for any other text.
pub fn read_rig_file(text: &str, file: &str) -> Option<(Option<Hardware>, Vec<Finding>)> {
    is_rig_file(text).then(|| read_document(text, file))
}

/// The runs of a text that holds run files; `None` for any other text.
///
/// Each says everything about itself, so nothing needs to be known beside.
pub fn read_run_files(text: &str, file: &str) -> Option<Imported> {
    if !is_run_files(text) {
        return None;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut imported = Imported::default();
    let mut document = String::new();
    let mut before = 0;
    // One more break, so that the last document ends like the others.
    for (line, text) in (1..).zip(text.lines().chain([BREAK])) {
        if text.trim_end() != BREAK {
            document.push_str(text);
            document.push('\n');
            continue;
        }
        if !document.trim().is_empty() {
            let (run, mut findings) = read_run(&document, file);
            imported.runs.extend(run);
            for finding in &mut findings {
                finding.line = finding.line.map(|line| line.saturating_add(before));
            }
            imported.findings.append(&mut findings);
        }
        document.clear();
        before = line;
    }
    Some(imported)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "schema: 1\nid: a\ndate: 2026-05\nmodel: finch/2b\nquant: Q4_0\nhardware: desk\n\
        backend: {engine: x, accelerator: cpu}\ntiming: raw\nstatistic: mean\nsources: [{id: s}]\n\
        results:\n  - {shape: tg128, concurrency: 1, decode_tok_per_s: 5}\n";

    #[test]
    fn several_documents_keep_their_lines() {
        let broken = RUN.replace("quant: Q4_0", "quint: Q4_0");
        let imported = read_run_files(&format!("---\n{RUN}---\n{broken}"), "f").unwrap_or_default();
        assert_eq!(imported.runs.len(), 1, "{:?}", imported.findings);
        let lines: Vec<Option<u32>> = imported.findings.iter().map(|finding| finding.line).collect();
        assert!(lines == [Some(19)], "{:?}", imported.findings);
        assert_eq!(read_run_files("schema: 1\nmodel: x\n", "f"), None);
    }
}
