//! Texts that are one YAML document: run files, mappings of tables.

use serde::de::DeserializeOwned;

use super::decode::decode;
use super::finding::{Finding, Flaw};
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
    let (value, flaws) = value_of(text);
    let findings: Vec<Finding> = flaws.iter().map(|flaw| flaw.in_file(file)).collect();
    (value.filter(|_| findings.is_empty()), findings)
}

/// The one value of a text, which is sound where nothing is wrong with it, and what is.
pub(super) fn value_of<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<Flaw>) {
    let yaml::Parsed { root, mut flaws } = yaml::parse(text);
    let at = At { parent: None, step: Step::Root(""), line: 1 };
    let value = root.and_then(|root| {
        let decoded = decode::<T>(&root, at);
        flaws.extend(decoded.flaws);
        decoded.value
    });
    (value, flaws)
}
