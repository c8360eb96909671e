//! Looking at HTML that others wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The opening tags of an element.
pub(crate) fn tags<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let is_tag = |rest: &&str| rest.starts_with([' ', '>', '/', '\n']);
    html.split(&format!("<{element}"))
        .skip(1)
        .filter(is_tag)
        .map(|rest| rest.split('>').next().unwrap())
        .collect()
}

/// The value of an attribute, with its references resolved.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let quoted = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    // Hugo leaves out the quotation marks where it can.
    let bare = || tag.split(&format!(" {name}=")).nth(1).and_then(|rest| rest.split([' ', '>']).next());
    quoted.or_else(bare).map(plain)
}

/// Text with its references resolved.
pub(crate) fn plain(text: &str) -> String {
    let named =
        [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x26;", "&"), ("&lt;", "<"), ("&gt;", ">")];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)).replace("&amp;", "&")
}

/// The cells of a column of the first table that has it, without markup.
pub(crate) fn column(html: &str, heading: &str) -> Vec<String> {
    let table = html.split("<table").skip(1).map(|rest| rest.split("</table>").next().unwrap());
    let rows = |table: &str| -> Vec<Vec<String>> {
        table
            .split("<tr")
            .skip(1)
            .map(|row| row.split(['\n']).collect::<String>())
            .map(|row| row_cells(&row))
            .collect()
    };
    for rows in table.map(rows) {
        if let Some(at) = rows.first().and_then(|first| first.iter().position(|cell| cell == heading)) {
            return rows[1..].iter().map(|row| row[at].clone()).collect();
        }
    }
    panic!("no table has a column {heading:?}");
}

fn row_cells(row: &str) -> Vec<String> {
    let cells =
        row.split("<t").skip(1).filter(|cell| cell.starts_with(['h', 'd']) && !cell.starts_with("head"));
    let text = |cell: &str| {
        let cell = cell.split("</t").next().unwrap().split_once('>').map_or("", |(_, text)| text);
        plain(cell.split('<').next().unwrap()).trim().to_owned()
    };
    cells.map(text).collect()
}

/// The frame is as safe as `tokscope export` writes it, and leads to the view.
pub(crate) fn assert_frame(html: &str, address: &str) {
    // mdBook has a frame of its own, for its contents without scripts.
    let frames: Vec<&str> = tags(html, "iframe").into_iter().filter(|tag| tag.contains("title=")).collect();
    assert_eq!(frames.len(), 1, "{html}");
    let is = |name: &str| attribute(frames[0], name).unwrap_or_else(|| panic!("no {name}: {}", frames[0]));
    assert_eq!(is("src"), address);
    assert_eq!(is("sandbox"), "allow-scripts allow-popups allow-popups-to-escape-sandbox");
    assert_eq!(
        (is("loading"), is("title"), is("width")),
        ("lazy".into(), "Decode, tok/s".into(), "100%".into())
    );
    assert!(is("height").parse::<u32>().unwrap() > 200);
}

/// Both drawings of a picture are there, and are drawings of the right widths.
pub(crate) fn assert_picture(html: &str, file: impl Fn(&str) -> PathBuf) {
    let (source, image) = (tags(html, "source")[0], tags(html, "img")[0]);
    assert!(html.contains("<picture>"), "{html}");
    assert_eq!(attribute(source, "media").as_deref(), Some("(max-width: 600px)"));
    assert!(attribute(image, "alt").unwrap().len() > 10, "{image}");
    // React writes the name of the attribute as its own.
    let narrow = attribute(source, "srcset").or_else(|| attribute(source, "srcSet"));
    for (path, width) in [(narrow, "340"), (attribute(image, "src"), "800")] {
        let file = file(&path.unwrap());
        let svg = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_drawing(&svg, width);
    }
}

/// A drawing that follows the reader, with its sources inside.
fn assert_drawing(svg: &str, width: &str) {
    let document = roxmltree::Document::parse(svg).unwrap();
    assert_eq!(document.root_element().attribute("width"), Some(width));
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains(">Sources: "), "{svg}");
    assert!(svg.contains(">761.9</text>"), "{svg}");
}

/// Every address inside a folder of pages leads somewhere: to a file, and to a place in it.
pub(crate) fn assert_links_lead_somewhere(folder: &Path, elsewhere: &[&str]) {
    let mut faults = BTreeSet::new();
    for page in pages(folder) {
        let html = fs::read_to_string(&page).unwrap();
        let links =
            ["a", "link", "script", "img", "source", "iframe"].iter().flat_map(|name| tags(&html, name));
        let targets = links.filter_map(|tag| attribute(tag, "href").or_else(|| attribute(tag, "src")));
        for target in targets {
            let (path, place) = target.split_once('#').unwrap_or((&target, ""));
            let path = path.split('?').next().unwrap();
            let is_far = target.contains(':') || elsewhere.contains(&path);
            let file = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let is_there = |html: &str| place.is_empty() || html.contains(&format!("id=\"{place}\""));
            let known = is_far || fs::read(&file).is_ok_and(|text| is_there(&String::from_utf8_lossy(&text)));
            if !known {
                faults.insert(format!("{}: {target}", page.strip_prefix(folder).unwrap().display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The pages in a folder and below, without the one that repeats all others.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|kind| kind == "html") {
            pages.push(path);
        }
    }
    pages.retain(|page| {
        !page.ends_with("print.html") && !page.ends_with("404.html") && !page.ends_with("toc.html")
    });
    pages
}
