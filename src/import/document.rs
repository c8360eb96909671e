//! Texts that are one YAML document: run files, mappings of tables.

use serde::de::DeserializeOwned;

use super::decode::decode;
use super::finding::Finding;
use super::mapping::Mapping;
use super::node::{At, Step};
use super::yaml;
use crate::model::run::Run;

/// Reads the text of one run file; without a catalog, references are not checked.
///
/// Gives the run only where nothing is wrong with it.
pub fn read_run(text: &str, file: &str) -> (Option<Run>, Vec<Finding>) {
    read_document(text, file)
}

/// Reads the text of a file that holds the mapping of a table, as YAML or JSON.
///
/// Gives the mapping only where nothing is wrong with it.
pub fn read_mapping(text: &str, file: &str) -> (Option<Mapping>, Vec<Finding>) {
    read_document(text, file)
}

/// Reads a text that is one value.
pub(super) fn read_document<T: DeserializeOwned>(text: &str, file: &str) -> (Option<T>, Vec<Finding>) {
    let parsed = yaml::parse(text);
    let mut findings: Vec<Finding> = parsed.flaws.iter().map(|flaw| flaw.in_file(file)).collect();
    let at = At { parent: None, step: Step::Root(""), line: 1 };
    let Some(decoded) = parsed.root.as_ref().map(|root| decode::<T>(root, at)) else {
        return (None, findings);
    };
    findings.extend(decoded.flaws.iter().map(|flaw| flaw.in_file(file)));
    let sound = decoded.sound() && findings.is_empty();
    (decoded.value.filter(|_| sound), findings)
}
