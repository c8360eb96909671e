//! How to name a view in a text: a sentence, BibTeX, or a `CITATION.cff`.

use super::Export;
use crate::index::VERSION;
use crate::model::catalog::Source;

/// One paragraph for people: what, how much, when, where from.
pub fn plain(export: &Export<'_>) -> String {
    let results = export.results();
    let sources: Vec<String> = export.sources(&results).into_iter().map(in_words).collect();
    let link = export.link().map(|link| format!(" {link}.")).unwrap_or_default();
    let word = if sources.len() == 1 { "Source" } else { "Sources" };
    let sources =
        if sources.is_empty() { String::new() } else { format!(" {word}: {}.", sources.join("; ")) };
    let line = format!(
        "Tokscope: {} ({}). {}.{link}{sources}",
        export.title(),
        export.filters_in_words(),
        export.counts(&results),
    );
    format!("{}\n", one_line(&line))
}

fn in_words(source: &Source) -> String {
    let url = source.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
    format!("{} ({}, {}{url})", source.name, source.date, source.licence)
}

/// One entry for the view, and one for each source of its figures.
pub fn bibtex(export: &Export<'_>) -> String {
    let results = export.results();
    let latest = export.latest(&results).map(|date| date.day().to_owned()).unwrap_or_default();
    let view = format!("{:08x}", hashed(&export.link().unwrap_or_default()));
    let key = ["tokscope", &latest, &view].into_iter().filter(|part| !part.is_empty());
    let key = key.collect::<Vec<_>>().join("-");
    let mut fields = vec![
        ("title", format!("Tokscope: {}", export.title())),
        ("author", "{Tokscope}".to_owned()),
        ("year", latest.get(..4).unwrap_or_default().to_owned()),
        ("version", format!("index version {VERSION}")),
        ("note", format!("{}; {}", export.filters_in_words(), export.counts(&results))),
    ];
    fields.extend(export.link().map(|link| ("url", link)));
    let mut out = entry(&key, &fields);
    for source in export.sources(&results) {
        let mut fields = vec![
            ("title", source.name.clone()),
            ("year", source.date.as_str().get(..4).unwrap_or_default().to_owned()),
            ("note", format!("{}; {}", source.date, source.licence)),
        ];
        fields.extend(source.url.clone().map(|url| ("url", url)));
        out.push('\n');
        out.push_str(&entry(&format!("tokscope-source-{}", source.id), &fields));
    }
    out
}

fn entry(key: &str, fields: &[(&str, String)]) -> String {
    let is_key = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let key: String = key.chars().filter(is_key).collect();
    let mut out = format!("@misc{{{key},\n");
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        // A name in braces of its own is one name.
        let value = match value.strip_prefix('{').and_then(|value| value.strip_suffix('}')) {
            Some(whole) if *name == "author" => format!("{{{}}}", tex(whole)),
            _ if *name == "url" => address(value),
            _ => tex(value),
        };
        out.push_str(&format!("  {name} = {{{value}}},\n"));
    }
    out.push_str("}\n");
    out
}

/// What tells the keys of two views apart: FNV-1a of 32 bits.
fn hashed(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// An address between the braces of BibTeX, which biblatex and `\url{}` take as it stands: signs of TeX stay without a
/// backslash, and what would end the field, or is no part of an address, has its code.
fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if matches!(c, '{' | '}' | '\\') || c.is_whitespace() || c.is_control() {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Text between the braces of BibTeX.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' | '}' | '%' | '&' | '#' | '_' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A `CITATION.cff`, version 1.2.0 of the format, with the sources as references.
pub fn cff(export: &Export<'_>) -> String {
    let results = export.results();
    let mut out = String::from(
        "cff-version: 1.2.0\nmessage: If you use these figures, please cite them and their sources.\ntype: dataset\n",
    );
    field(&mut out, "title", &format!("Tokscope: {}", export.title()));
    field(&mut out, "abstract", &format!("{}; {}", export.filters_in_words(), export.counts(&results)));
    out.push_str("authors:\n  - name: Tokscope\n");
    field(&mut out, "version", &format!("index version {VERSION}"));
    // The format wants a whole date.
    let latest = export.latest(&results).map(|date| date.day()).filter(|day| day.len() == 10);
    latest.inspect(|day| field(&mut out, "date-released", day));
    if let Some(link) = export.link().filter(|_| export.base.is_some()) {
        field(&mut out, "url", &link);
    }
    let sources = export.sources(&results);
    if !sources.is_empty() {
        out.push_str("references:\n");
    }
    for source in sources {
        out.push_str("  - type: data\n");
        field(&mut out, "    title", &source.name);
        out.push_str("    authors:\n");
        field(&mut out, "      - name", &source.name);
        field(&mut out, "    notes", &format!("{}; {}", source.date, source.licence));
        if let Some(url) = &source.url {
            field(&mut out, "    url", url);
        }
    }
    out
}

/// A field of YAML; a text of JSON is one of YAML too.
fn field(out: &mut String, name: &str, value: &str) {
    let value = serde_json::Value::from(one_line(value));
    out.push_str(&format!("{name}: {value}\n"));
}

/// Text without breaks and control characters.
fn one_line(text: &str) -> String {
    let printed: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}
