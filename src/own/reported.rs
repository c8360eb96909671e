//! What the page hears of opened files: what each holds, and what is asked of all.

use std::collections::BTreeSet;

use super::desk::Opened;
use super::form::words_of;
use super::message::{Asked, FileReport, FindingReport, MOST_FINDINGS};
use super::table::Mapped;
use crate::import::{Finding, Imported};

/// What one file holds.
pub(super) fn file_report(file: &Opened) -> FileReport {
    let imported = &file.imported;
    let Imported { runs, findings, .. } = imported;
    let others: Vec<&Finding> = findings.iter().filter(|finding| !is_question(finding)).collect();
    let shown = others.iter().take(MOST_FINDINGS).map(|finding| FindingReport {
        line: finding.line,
        field: finding.problem.field.clone(),
        found: finding.problem.found.clone(),
        expected: finding.problem.expected.clone(),
    });
    FileReport {
        id: Some(file.id),
        name: file.name.clone(),
        format: match (&file.table, file.format) {
            (Some(_), _) => Some("a table that somebody made".to_owned()),
            (None, format) => format.map(str::to_owned),
        },
        table: file.table.as_ref().map(Mapped::report),
        runs: runs.len(),
        results: runs.iter().map(|run| run.results.len()).sum(),
        findings: shown.collect(),
        // One result may wait for several answers, and of reports nobody counted.
        waiting: imported.waiting.max(usize::from(!imported.questions.is_empty())),
        finding_count: others.len(),
        already: file.already.clone(),
        is_kept: file.is_kept,
        told: imported.told.iter().map(|field| words_of(field)).collect(),
    }
}

/// True for a finding that is asked as a question.
fn is_question(finding: &Finding) -> bool {
    finding.problem.expected.contains("given beside")
}

/// What is asked for each name that files print.
const BY_NAME: [&str; 4] = ["model", "quant", "hardware", "concurrency"];

/// The questions of all files, each field once but for those of which each name is asked for.
pub(super) fn questions(files: &[Opened]) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    for file in files {
        let mut here = BTreeSet::new();
        for question in &file.imported.questions {
            let by_name = BY_NAME.contains(&question.field.as_str());
            let name = question.name.clone().unwrap_or_default();
            let is_same = |asked: &&mut Asked| {
                asked.field == question.field && (!by_name || asked.names.first() == Some(&name))
            };
            let asked = match all.iter_mut().find(is_same) {
                Some(asked) => asked,
                None => {
                    all.push(Asked { field: question.field.clone(), ..Asked::default() });
                    let Some(asked) = all.last_mut() else { continue };
                    asked
                }
            };
            // The empty name is that of results that print none.
            if (by_name || !name.is_empty()) && !asked.names.contains(&name) {
                asked.names.push(name.clone());
            }
            asked.results += question.results;
            if here.insert((question.field.clone(), if by_name { name } else { String::new() })) {
                asked.files += 1;
            }
        }
    }
    all
}
