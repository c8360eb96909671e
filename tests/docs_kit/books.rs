//! The example book, the documentation as a book, and a book of hostile names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::html::{assert_frame, assert_links_lead_somewhere, column, tags};
use crate::{BASE, QUERY, empty, exported, index, root, run, tokscope};

/// Builds a book of this repository into a folder, with the index that the other tests use.
fn mdbook(book: &str, target: &Path, base: &str) -> String {
    let options = [("COMMAND", format!("{} mdbook", tokscope().display())), ("BASE", base.to_owned())];
    let mut command = Command::new("mdbook");
    for (name, value) in options {
        command.env(format!("MDBOOK_PREPROCESSOR__TOKSCOPE__{name}"), value);
    }
    run(command.args(["build", book, "--dest-dir"]).arg(target).current_dir(root()))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The drawings of a page, without the marks of mdBook's own.
fn drawings(html: &str) -> Vec<String> {
    let figures = html.split("<figure class=\"tokscope-chart\">").skip(1);
    let figures = figures.map(|rest| rest.split("</figure>").next().unwrap());
    let svgs = figures
        .flat_map(|figure| figure.split("<svg ").skip(1).map(|svg| svg.split("</svg>").next().unwrap()));
    svgs.map(|svg| format!("<svg {svg}</svg>")).collect()
}

#[test]
fn the_example_book() {
    let folder = empty("book");
    mdbook("examples/book", &folder, BASE);
    let chat = read(&folder.join("chat.html"));
    let said = "answers a chat at 124.3\u{a0}tok/s, and whatever is asked of it, at 120.5–126.8\u{a0}tok/s.";
    assert!(chat.contains(said), "{chat}");
    assert_eq!(column(&chat, "Decode, tok/s"), exported());
    let drawings = drawings(&chat);
    assert_eq!(drawings.len(), 4);
    for (svg, width) in drawings.iter().zip(["750", "340"]) {
        let document = roxmltree::Document::parse(svg).unwrap();
        assert_eq!(document.root_element().attribute("width"), Some(width));
        assert!(svg.contains(">Sources: ") && svg.contains(">761.9</text>"), "{svg}");
    }
    assert_frame(&read(&folder.join("rigs/live.html")), &format!("{BASE}?{QUERY}&embed=1"));
    let about = read(&folder.join("about.html"));
    assert!(about.contains("<code>{{#tokscope value q=gemma}}</code>"), "{about}");
    assert!(about.contains("so is {{#tokscope chart q=gemma}} with"), "{about}");
    assert!(!chat.contains("{{") && !chat.contains("&lt;svg") && !chat.contains("&lt;figure"), "{chat}");
    // All chapters in one page, as it is printed.
    let print = read(&folder.join("print.html"));
    let ids: Vec<&str> = print.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let of_drawings: Vec<&&str> = ids.iter().filter(|id| id.starts_with("tokscope-")).collect();
    assert_eq!(of_drawings.iter().collect::<BTreeSet<_>>().len(), of_drawings.len());
    assert_eq!(of_drawings.len(), 8);
    assert_links_lead_somewhere(&folder, &[]);
}

#[test]
fn the_documentation() {
    let folder = empty("docs");
    // Nothing of its chapters may have been left for mdBook to complain of.
    let said = mdbook("docs", &folder, "../");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    // The page stands one folder above the book.
    assert_links_lead_somewhere(&folder, &["../"]);
    let charts = read(&folder.join("charts.html"));
    assert!(drawings(&charts).len() == 6 && charts.matches(" sandbox=").count() == 2, "{charts}");
    let chapters = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    for chapter in chapters.filter(|path| path.extension().is_some_and(|kind| kind == "md")) {
        let name = chapter.file_stem().unwrap().to_str().unwrap();
        let is_chapter = folder.join(name).with_extension("html").is_file();
        assert!(is_chapter || name == "SUMMARY", "docs/{name}.md is not in docs/SUMMARY.md");
    }
}

#[test]
fn a_book_of_hostile_names() {
    let source = empty("hostile-source");
    let secret = source.join("secret.txt");
    fs::write(&secret, "told to nobody").unwrap();
    let name = format!(
        "{{{{#include {}}}}} </style><script>alert(1)</script> <b>x|`*_y_ $$a$$ --> </td></table>",
        secret.display()
    );
    let json =
        run(Command::new(tokscope()).args(["export", QUERY, "--format", "json", "--index"]).arg(index()));
    fs::write(source.join("index.json"), json.replace("E4B-it", &name).replace("RTX 5070", &name)).unwrap();
    fs::create_dir_all(source.join("src")).unwrap();
    fs::write(source.join("src/SUMMARY.md"), "# Summary\n\n- [Speed](speed.md)\n").unwrap();
    let chapter = "# Speed\n\n{{#tokscope chart}}\n\n{{#tokscope table}}\n\n> {{#tokscope table --full}}\n\n\
                   {{#tokscope embed view=model&model=gemma-4.e4b-it}}\n";
    fs::write(source.join("src/speed.md"), chapter).unwrap();
    let book = format!(
        "[book]\ntitle = \"x\"\n\n[preprocessor.tokscope]\ncommand = \"{} mdbook\"\nbefore = [\"links\"]\n\
         index = \"index.json\"\nbase = \"{BASE}\"\n",
        tokscope().display()
    );
    fs::write(source.join("book.toml"), book).unwrap();
    run(Command::new("mdbook").arg("build").arg(&source));
    let html = read(&source.join("book/speed.html"));
    assert!(!html.contains("told to nobody"), "{html}");
    for bad in ["<script>alert(1)", "<b>x", "<em>y</em>"] {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
    let named = column(&html, "Model").into_iter().filter(|model| model.contains("#include")).count();
    assert_eq!(named, 1, "{html}");
    assert_eq!((html.matches("<iframe src=\"https://example.org").count(), drawings(&html).len()), (1, 2));
    assert_eq!(tags(&html, "table").len(), 2);
}

#[test]
fn a_mistake_fails_the_build() {
    let source = empty("broken");
    fs::create_dir_all(source.join("src")).unwrap();
    fs::write(source.join("src/SUMMARY.md"), "# Summary\n\n- [Speed](speed.md)\n").unwrap();
    fs::write(source.join("src/speed.md"), "# Speed\n\n{{#tokscope chart hardware=nonesuch}}\n").unwrap();
    let book = format!(
        "[book]\ntitle = \"x\"\n\n[preprocessor.tokscope]\ncommand = \"{} mdbook\"\nindex = \"{}\"\n",
        tokscope().display(),
        index().display()
    );
    fs::write(source.join("book.toml"), book).unwrap();
    let done = Command::new("mdbook").arg("build").arg(&source).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success());
    assert!(
        said.contains("speed.md:3: found hardware=nonesuch, expected a value that the data has"),
        "{said}"
    );
    assert!(!source.join("book/speed.html").exists());
}
