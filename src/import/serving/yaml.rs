//! Reports that are YAML: read into the same objects as JSON.

use serde_json::{Map, Number, Value};

use crate::import::finding::Say;
use crate::import::json::Object;
use crate::import::node::{Kind, Node};
use crate::import::yaml;

/// Keys at the start of a line, all of which a report has.
const REPORTS: [&[&str]; 3] = [
    &["load_summary:", "successes:"],
    &["results:", "scenario:", "version:"],
    &["metrics:", "scenario:", "version:"],
];

/// The report of a text; nothing for a text that is none, and findings for one that is broken.
pub(in crate::import) fn object(text: &str, say: &mut Say<'_>) -> Option<Object> {
    let has = |key: &&str| text.lines().any(|line| line.starts_with(key));
    if !REPORTS.iter().any(|keys| keys.iter().all(has)) {
        return None;
    }
    let parsed = yaml::parse(text);
    say.findings.extend(parsed.flaws.iter().map(|flaw| flaw.in_file(say.file)));
    match value(&parsed.root?) {
        Value::Object(fields) => Some(Object { line: 1, fields }),
        _ => None,
    }
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| (entry.key.clone().into_owned(), value(&entry.value)))
                .collect::<Map<_, _>>(),
        ),
        other => scalar(other),
    }
}

/// A number, a truth value or a text, as its plain form says.
fn scalar(kind: &Kind) -> Value {
    let Kind::Scalar { text, quoted } = kind else { return Value::Null };
    if *quoted {
        return Value::String(text.clone().into_owned());
    }
    match &**text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => text
            .parse::<u64>()
            .map(Number::from)
            .ok()
            .or_else(|| Number::from_f64(text.parse().ok()?))
            .map_or_else(|| Value::String(text.clone().into_owned()), Value::Number),
    }
}
