//! One test for each host of the recipes but mdBook.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::html::{assert_frame, assert_picture, attribute, column, tags};
use crate::{BASE, QUERY, copied, exported, follow, root, run};

/// The heading of the column of values.
const VALUES: &str = "Decode, tok/s";

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What a script of Node prints about files in a folder.
fn rendered(script: &str, folder: &Path, files: &[&str]) -> String {
    let script = root().join("tests/docs_kit").join(script);
    run(Command::new("node").arg(script).args(files).current_dir(folder))
}

fn frame() -> String {
    format!("{BASE}?{QUERY}&embed=1")
}

#[test]
fn mkdocs() {
    let folder = copied("mkdocs");
    follow("MkDocs", &folder);
    let page = read(&folder.join("site/index.html"));
    assert_frame(&page, &frame());
    assert_picture(&page, |path| folder.join("site").join(path));
    assert_eq!(column(&page, VALUES), exported());
    assert!(!page.contains("<!-- tokscope"), "{page}");
}

#[test]
fn docusaurus() {
    let folder = copied("docusaurus");
    follow("Docusaurus", &folder);
    let page = rendered("mdx.mjs", &folder, &["docs/chat.mdx", "docs/_chat-table.mdx"]);
    assert_frame(&page, &frame());
    assert_picture(&page, |path| folder.join("static").join(path.strip_prefix("/notes/").unwrap()));
    assert_eq!(column(&page, VALUES), exported());
}

#[test]
fn github_readme() {
    let folder = copied("readme");
    follow("GitHub README", &folder);
    let page = rendered("readme.mjs", &folder, &["README.md"]);
    assert_picture(&page, |path| folder.join(path));
    assert_eq!(column(&page, VALUES), exported());
    let link = format!("{BASE}?{QUERY}");
    let links: Vec<Option<String>> = tags(&page, "a").iter().map(|tag| attribute(tag, "href")).collect();
    assert_eq!(links.iter().filter(|target| target.as_ref() == Some(&link)).count(), 2, "{links:?}");
    // What the recipe says of GitHub.
    fs::write(folder.join("frame.md"), read(&root().join("examples/html/page.html"))).unwrap();
    assert!(!rendered("readme.mjs", &folder, &["frame.md"]).contains("<iframe"));
}

#[test]
fn plain_html() {
    let folder = copied("html");
    follow("HTML", &folder);
    let page = read(&folder.join("page.html"));
    assert_frame(&page, &frame());
    assert_picture(&page, |path| folder.join(path));
}

#[test]
fn hugo() {
    let folder = copied("hugo");
    follow("Hugo", &folder);
    let page = read(&folder.join("public/chat/index.html"));
    assert_frame(&page, &frame());
    assert_picture(&page, |path| folder.join("public").join(path.strip_prefix("/notes/").unwrap()));
    assert_eq!(column(&page, VALUES), exported());
}
