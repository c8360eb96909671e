//! The data set in the words of schema.org, for search engines of data.

use serde_json::{Value, json};

use super::config::Config;
use crate::index::Index;
use crate::model::Metric;

/// A `Dataset` as JSON-LD, harmless inside a `script` element.
///
/// Fields as in schema.org/Dataset; addresses only where the page has one.
pub(super) fn json_ld(config: &Config, index: &Index) -> String {
    let mut dataset = json!({
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": config.title(),
        "description": config.description,
        "isAccessibleForFree": true,
        "variableMeasured": Metric::ALL.map(|metric| metric.name()),
    });
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            dataset[name] = value;
        }
    };
    set("dateModified", index.latest().map(|date| date.day().into()));
    let first = index.runs.date.iter().min().map(|date| date.day());
    let last = index.latest().map(|date| date.day());
    set("temporalCoverage", first.zip(last).map(|(first, last)| format!("{first}/{last}").into()));
    set("license", config.licence.as_ref().map(|licence| licence.url.as_str().into()));
    set("creditText", config.citation.as_deref().map(Value::from));
    set("creator", config.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name })));
    if let Some(base) = config.base() {
        let file = format!("{base}index.json");
        let download =
            json!({ "@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": file });
        set("url", Some(base.into()));
        set("distribution", Some(json!([download])));
    }
    harmless(&dataset.to_string())
}

/// JSON with everything escaped that could end a `script` element or begin a comment in it.
fn harmless(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
