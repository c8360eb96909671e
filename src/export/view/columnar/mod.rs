//! A folder of Parquet files, one for each rig, that DuckDB, ClickHouse, DataFusion and others read as one table.
//!
//! One row a result, with the names of the columns of CSV. What is a number there is a number here, what holds
//! several values is a list, and what has no value is null. The rig is the name of the folder that a file stands in,
//! as those programs expect it of a table in parts.

mod columns;
mod leaf;

use std::collections::BTreeMap;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::Export;
use super::csv::{About, Line};
use crate::index::VERSION;

/// Rows that are held in memory and stand together in a file.
const ROWS_TOGETHER: usize = 50_000;

/// Which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one of the index, in its order.
    All,
    /// Those that the view shows, in the order of its table.
    Shown,
}

/// What every row of a file has in common, and the rows themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The path of the file below the folder: `hardware=desk-12gb/part-0.parquet`.
    pub path: String,
    which: Which,
    results: Vec<usize>,
}

/// The files that hold these results, by rig.
pub fn parts(export: &Export<'_>, which: Which) -> Vec<Part> {
    let index = export.index;
    let mut parts = BTreeMap::<&str, Vec<usize>>::new();
    let results = match which {
        Which::All => (0..index.result_count()).collect(),
        Which::Shown => export.every_result(),
    };
    for result in results {
        let rig = index.hardware(index.configuration_of(index.run_of(result)));
        parts.entry(rig.map_or("", |rig| rig.id.as_str())).or_default().push(result);
    }
    let part =
        |(rig, results)| Part { path: format!("hardware={}/part-0.parquet", escaped(rig)), which, results };
    parts.into_iter().map(part).collect()
}

/// One file; the same results give the same bytes.
///
/// # Errors
///
/// None that a writer to memory is known to meet: the crate's own say what went wrong in it.
pub fn file(export: &Export<'_>, part: &Part) -> Result<Vec<u8>, ParquetError> {
    let columns = columns::all();
    let fields: Vec<String> = columns.iter().map(|(name, column)| column.field(name)).collect();
    let schema = parse_message_type(&format!("message result {{\n{}}}\n", fields.concat()))?;
    let about = About::of(export);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("tokscope {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(facts(part.which, &about)));
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties.build()))?;
    for results in part.results.chunks(ROWS_TOGETHER) {
        let lines: Vec<Line<'_>> = results.iter().map(|&result| Line::of(export, &about, result)).collect();
        let mut rows = writer.next_row_group()?;
        for leaf in columns.iter().flat_map(|(_, column)| column.leaves(&lines)) {
            let missing = || ParquetError::General("found fewer columns than the schema has".to_owned());
            let mut column = rows.next_column()?.ok_or_else(missing)?;
            leaf.write(&mut column)?;
            column.close()?;
        }
        rows.close()?;
    }
    writer.into_inner()
}

/// What is the same in every row: what a view is called and where it is, of results that are those of a view.
fn facts(which: Which, about: &About) -> Vec<KeyValue> {
    let fact = |key: &str, value: &str| KeyValue::new(format!("tokscope.{key}"), value.to_owned());
    let mut facts = vec![fact("index_version", &VERSION.to_string())];
    if which == Which::Shown {
        facts.push(fact("title", &about.title));
        facts.push(fact("filters", &about.filters));
        facts.push(fact("link", &about.link));
    }
    facts
}

/// The value of a column as the name of a folder: what could mean something in a path stands as `%` and its code.
fn escaped(value: &str) -> String {
    if value.is_empty() {
        // What Hive calls the folder of rows without a value.
        return "__HIVE_DEFAULT_PARTITION__".to_owned();
    }
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            // Alone it would be a folder that is there already.
            b'.' if value.len() > 2 => out.push('.'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_id_is_one_folder_whatever_it_holds() {
        for (id, folder) in [
            ("desk-12gb", "desk-12gb"),
            ("m2.5", "m2.5"),
            ("..", "%2E%2E"),
            ("../a=b", "..%2Fa%3Db"),
            ("é", "%C3%A9"),
            ("", "__HIVE_DEFAULT_PARTITION__"),
        ] {
            assert_eq!(escaped(id), folder);
        }
    }
}
