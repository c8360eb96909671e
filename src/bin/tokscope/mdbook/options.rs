//! `[preprocessor.tokscope]` of a book.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::CliError;

/// Options of ours, and then those that mdBook reads.
const KNOWN: [&str; 10] =
    ["data", "index", "base", "on-error", "command", "before", "after", "renderer", "renderers", "optional"];

/// What to do about a directive that cannot be replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnError {
    /// Say so and let the build fail.
    Fail,
    /// Say so and leave it as it stands.
    Warn,
}

/// What a book asks for.
pub(super) struct Options {
    /// The folder with book.toml.
    pub(super) root: PathBuf,
    /// The folder of chapters, as messages name it.
    pub(super) source: PathBuf,
    /// Folder to read.
    pub(super) data: PathBuf,
    /// Index to read in its place.
    pub(super) index: Option<PathBuf>,
    /// Address of the page.
    pub(super) base: Option<String>,
    /// What to do about mistakes.
    pub(super) on_error: OnError,
    /// True where the book becomes a web page.
    pub(super) is_html: bool,
}

impl Options {
    /// Reads the context that mdBook sent.
    pub(super) fn of(context: &Value) -> Result<Self, CliError> {
        let text = |at: &str| context.pointer(at).and_then(Value::as_str);
        let root = PathBuf::from(text("/root").unwrap_or_default());
        let file = root.join("book.toml");
        let invalid = |message| CliError::Invalid { path: file.clone(), message };
        let given = context.pointer("/config/preprocessor/tokscope");
        for name in given.and_then(Value::as_object).into_iter().flat_map(|given| given.keys()) {
            if !KNOWN.contains(&name.as_str()) {
                let expected = KNOWN.get(..4).unwrap_or_default().join(", ");
                let message =
                    format!("found {name:?} in [preprocessor.tokscope], expected one of {expected}");
                return Err(invalid(message));
            }
        }
        let option = |name: &str| match given.and_then(|given| given.get(name)) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(other) => Err(invalid(format!("found {name} = {other}, expected text in quotation marks"))),
        };
        let (data, index, base) = (option("data")?, option("index")?, option("base")?);
        if data.is_some() && index.is_some() {
            return Err(invalid("found both data and index, expected one of them".to_owned()));
        }
        if let Some(base) = base.filter(|base| !is_address(base)) {
            let expected = "an address such as https://example.org/speed/ or ../, without ? and #";
            return Err(invalid(format!("found base = {base:?}, expected {expected}")));
        }
        let on_error = match option("on-error")? {
            None | Some("fail") => OnError::Fail,
            Some("warn") => OnError::Warn,
            Some(other) => {
                return Err(invalid(format!("found on-error = {other:?}, expected \"fail\" or \"warn\"")));
            }
        };
        Ok(Self {
            source: short(&root.join(text("/config/book/src").unwrap_or("src"))),
            data: root.join(data.unwrap_or("data")),
            index: index.map(|index| root.join(index)),
            base: base.map(str::to_owned),
            on_error,
            is_html: text("/renderer").is_none_or(|renderer| renderer == "html"),
            root,
        })
    }
}

/// True for an address over http, or one beside the book; nothing in it may end an attribute.
fn is_address(base: &str) -> bool {
    let starts = ["https://", "http://", "./", "../"].iter().any(|start| base.starts_with(start));
    starts && base.chars().all(|c| c.is_ascii_graphic() && !"?#\"'<>\\^`{|}".contains(c))
}

/// A path from where the command was called, where it lies below.
fn short(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(here).unwrap_or(path);
    path.components().filter(|part| *part != std::path::Component::CurDir).collect()
}
