//! Reading files that people wrote: text to trees, trees to the types of [`crate::model`].
//!
//! Reading never fails as a whole. It returns what could be read and a list of [`Finding`]s, each
//! with file, line, field, what was found and what was expected, so that one pass over `data/`
//! names everything that is wrong with it. A file, or an item of a list, with anything wrong in it
//! is left out of what is returned: nothing here repairs a figure silently.
//!
//! The path of a text: `yaml` turns it into nodes that know their lines, `decode` turns
//! those into model types through the types' own `Deserialize`, so the types stay the only
//! description of the format, and `read_data_dir` puts the files of a folder together.
//!
//! [`read`] reads what benchmark tools write, and knows them apart by what a file holds: bytes become `text`,
//! text becomes records (`json`, `markdown`, a tool's own forms), each tool has a module that makes a `cell` of
//! a record, `assemble` makes runs of cells, and `placing` knows which run a result belongs to. [`report`] reads
//! Markdown reports. None of this needs YAML, which the feature `yaml` adds for the page's worker and the command
//! line; folders of files are read by the command line alone, with the feature `cli`.

mod assemble;
mod batched_bench;
mod cell;
mod clients;
mod complete;
mod date;
mod detect;
mod exported;
mod fields;
mod finding;
mod formats;
mod json;
mod known;
mod llama_bench;
mod llama_server;
pub mod mapping;
mod markdown;
mod names;
mod naming;
mod objects;
mod placing;
pub mod report;
mod serving;
mod shape;
mod text;

#[cfg(feature = "yaml")]
mod decode;
#[cfg(feature = "yaml")]
mod document;
#[cfg(feature = "yaml")]
mod node;
#[cfg(feature = "yaml")]
mod own;
#[cfg(feature = "yaml")]
mod words;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(feature = "cli")]
mod cache;
#[cfg(feature = "cli")]
mod collect;
#[cfg(feature = "cli")]
mod content;
#[cfg(feature = "cli")]
mod data_dir;
#[cfg(all(test, feature = "cli"))]
mod documentation;
#[cfg(feature = "cli")]
mod files;
#[cfg(all(test, feature = "cli"))]
mod hostile;
#[cfg(feature = "cli")]
mod parallel;
#[cfg(feature = "cli")]
mod schema;
#[cfg(feature = "cli")]
mod stamp;

#[cfg(feature = "cli")]
pub use cache::Cache;
#[cfg(feature = "cli")]
pub use collect::{Collected, Plan, collect, read_plan};
pub use complete::{bare_rig, complete};
#[cfg(feature = "cli")]
pub use data_dir::{
    DataDir, read_catalog, read_checked, read_data_dir, read_data_dir_cached, read_data_dir_on,
};
pub use date::of_epoch as date_of_epoch;
pub use detect::{detect, read};
#[cfg(feature = "yaml")]
pub use document::{read_mapping, read_run};
pub use finding::Finding;
pub use formats::Format;
pub use known::{Imported, Known, Question, UNLISTED};
pub use naming::number_equal_ids;
#[cfg(feature = "yaml")]
pub use own::{is_rig_file, is_run_files, read_rig_file, read_run_files};
pub use report::is_backend;
#[cfg(feature = "cli")]
pub use schema::run_schema;
