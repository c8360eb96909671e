//! The data set in the words of schema.org, for search engines of data.

use serde_json::json;

use super::config::Config;
use crate::format::xml::in_script;
use crate::index::Index;
use crate::model::Metric;

/// A `Dataset` as JSON-LD, harmless inside a `script` element.
///
/// Fields as in schema.org/Dataset; addresses only where the page has one.
pub(super) fn json_ld(config: &Config, index: &Index) -> String {
    let base = config.base();
    let first = index.runs.date.iter().min().map(|date| date.day());
    let last = index.latest().map(|date| date.day());
    let download = base.as_ref().map(|base| {
        let file = format!("{base}index.json");
        json!([{ "@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": file }])
    });
    let mut dataset = json!({
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": config.title(),
        "description": config.description,
        "url": base,
        "isAccessibleForFree": true,
        "license": config.licence.as_ref().map(|licence| &licence.url),
        "creator": config.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name })),
        "creditText": config.citation,
        "dateModified": last,
        "temporalCoverage": first.zip(last).map(|(first, last)| format!("{first}/{last}")),
        "variableMeasured": Metric::ALL.map(|metric| metric.name()),
        "distribution": download,
    });
    // What nobody said is absent and not null.
    if let Some(fields) = dataset.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    in_script(&dataset.to_string())
}
