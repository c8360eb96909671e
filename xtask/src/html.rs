//! The edits to the built page: its style inside it, and the content security policy.

use crate::command::{AtPath, Failure, Outcome};
use std::{fs, path::Path};

/// The first attribute of the script that starts the page which says where something lies: the program of the first view.
const PROGRAM: &str = " data-js=\"";

/// The script that starts the page, in a file of its own.
pub(crate) const BOOT: &str = "boot.js";

/// The page with the name of its other document, where its script goes when the address asks for that one.
pub(crate) fn with_other(page: &str, other: &str) -> Outcome<String> {
    replaced(page, PROGRAM, &format!(" data-other=\"{other}\"{PROGRAM}"))
}

/// The path of the program of the first view without its end, as the page has it.
pub(crate) fn program(page: &str) -> Outcome<&str> {
    let path = page.split_once(PROGRAM).and_then(|(_, rest)| rest.split_once(".js\""));
    let path = path.and_then(|(path, _)| path.strip_prefix("./"));
    path.ok_or_else(|| Failure(format!("no{PROGRAM}./… in index.html")))
}

/// The page with another name for the program of the first view, whose script starts the page as well and is therefore not
/// asked for ahead.
pub(crate) fn with_program(page: &str, name: &str) -> Outcome<String> {
    let named = page.replace(program(page)?, name);
    let named = replaced(&named, &format!(" src=\"./{BOOT}\""), &format!(" src=\"./{name}.js\""))?;
    Ok(without_links(&named, "rel=\"modulepreload\""))
}

/// The document that shows somebody else's results, made of the page before anything is in it.
///
/// It starts the program of every view, so that it asks for no other one ahead.
pub(crate) fn foreign(page: &str) -> Outcome<String> {
    let kept =
        replaced(&without_links(page, "preload\""), "<html lang=\"en\"", "<html lang=\"en\" data-foreign")?;
    let kept = replaced(
        &kept,
        "<div id=\"load-error\">",
        "<div id=\"foreign\"></div>\n    <div id=\"load-error\">",
    )?;
    let Some((before, rest)) = kept.split_once("<p class=\"no-script\">") else {
        return Err(Failure("no words without scripts in index.html".to_owned()));
    };
    let (_, after) = rest.split_once("</p>").unwrap_or(("", rest));
    let words = "Results of another host are shown by JavaScript and WebAssembly alone.";
    with_other(&format!("{before}<p class=\"no-script\">{words}</p>{after}"), "./")
}

fn replaced(page: &str, found: &str, by: &str) -> Outcome<String> {
    match page.contains(found) {
        true => Ok(page.replacen(found, by, 1)),
        false => Err(Failure(format!("no {found} in index.html"))),
    }
}

/// The page without the links that say this.
fn without_links(page: &str, said: &str) -> String {
    let mut kept = String::new();
    let mut rest = page;
    while let Some((before, tag, after)) = next_link(rest) {
        kept.push_str(before);
        if !tag.contains(said) {
            kept.push_str(tag);
        }
        rest = after;
    }
    kept + rest
}

/// The page with the style sheets that it links inside it, as one and in their order, so that the first rows wait for no
/// second answer of the host; and the rules. The sheets are still needed for another page that links the same;
/// [`remove_style_sheets`] takes them away.
pub(crate) fn with_style_inside(page: &str, folder: &Path) -> Outcome<(String, String)> {
    let mut css = String::new();
    let mut rest = page;
    let mut kept = String::new();
    let mut place = None;
    while let Some((before, tag, after)) = next_link(rest) {
        kept.push_str(before);
        rest = after;
        if tag.contains("rel=\"stylesheet\"") {
            place.get_or_insert(kept.len());
            let path = folder.join(href(tag)?);
            css.push_str(&without_comments(&fs::read_to_string(&path).at(&path)?));
        } else {
            kept.push_str(tag);
        }
    }
    kept.push_str(rest);
    let Some(place) = place else { return Err(Failure("the page links no style sheet".to_owned())) };
    if css.to_ascii_lowercase().contains("</style") {
        return Err(Failure("a style sheet holds </style, which would end it inside the page".to_owned()));
    }
    kept.insert_str(place, &format!("<style>{css}</style>"));
    Ok((kept, css))
}

/// Removes the style sheets that a page linked before they became one.
pub(crate) fn remove_style_sheets(page: &str, folder: &Path) -> Outcome {
    let mut rest = page;
    while let Some((_, tag, after)) = next_link(rest) {
        rest = after;
        if tag.contains("rel=\"stylesheet\"") {
            let path = folder.join(href(tag)?);
            fs::remove_file(&path).at(&path)?;
        }
    }
    Ok(())
}

/// Puts the policy where the page marks its place: before anything it governs.
pub(crate) fn with_policy(page: &str, policy: &str) -> Outcome<String> {
    const MARK: &str = "<!--tokscope:policy-->";
    if !page.contains(MARK) {
        return Err(Failure(format!("no {MARK} in index.html")));
    }
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    Ok(page.replacen(MARK, &meta, 1))
}

/// The text before the next `<link …>`, the tag, and the text after it.
fn next_link(html: &str) -> Option<(&str, &str, &str)> {
    let start = html.find("<link ")?;
    let (before, from) = html.split_at(start);
    let (tag, after) = from.split_at(from.find('>')? + 1);
    Some((before, tag, after))
}

fn href(tag: &str) -> Outcome<&str> {
    tag.split_once("href=\"")
        .and_then(|(_, value)| value.split('"').next())
        .map(|value| value.trim_start_matches("./"))
        .ok_or_else(|| Failure(format!("no href: {tag}")))
}

/// The same rules without comments, indentation and line ends.
pub(crate) fn without_comments(css: &str) -> String {
    let mut code = String::new();
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let lines: Vec<&str> = code.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn sheets_stand_inside_the_page_in_their_order() {
        let folder = std::env::temp_dir().join(format!("tokscope-html-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.css"), "/* first */\na {\n  b: 1;\n}\n").unwrap();
        fs::write(folder.join("b.css"), "c { d: \"e\" }").unwrap();
        let page = "<head><link rel=\"icon\" href=\"i\"><link rel=\"stylesheet\" href=\"./a.css\"/>\n\
                    <link rel=\"stylesheet\" href=\"b.css\"></head>";
        let (made, css) = with_style_inside(page, &folder).unwrap();
        fs::write(folder.join("b.css"), "c { content: \"</style>\" }").unwrap();
        assert!(with_style_inside(page, &folder).is_err(), "it would end too early");
        remove_style_sheets(page, &folder).unwrap();
        assert!(!folder.join("a.css").exists());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(css, "a {\nb: 1;\n}\nc { d: \"e\" }\n");
        assert_eq!(made, format!("<head><link rel=\"icon\" href=\"i\"><style>{css}</style>\n</head>"));
        assert!(with_style_inside("<head></head>", &folder).is_err());
    }

    #[test]
    fn the_program_and_what_starts_it_are_one_script() {
        let page = "<link rel=\"modulepreload\" href=\"./a-1.js\"><link rel=\"preload\" href=\"./a-1_bg.wasm\">\
            <script src=\"./boot.js\" data-js=\"./a-1.js\" data-wasm=\"./a-1_bg.wasm\"></script>";
        assert_eq!(program(page).unwrap(), "a-1");
        assert_eq!(
            with_program(page, "a-2").unwrap(),
            "<link rel=\"preload\" href=\"./a-2_bg.wasm\">\
            <script src=\"./a-2.js\" data-js=\"./a-2.js\" data-wasm=\"./a-2_bg.wasm\"></script>"
        );
        assert!(program("<script src=\"./boot.js\">").is_err());
        assert!(with_program("<script data-js=\"./a-1.js\">", "a-2").is_err());
    }

    #[test]
    fn the_foreign_document_begins_without_results_and_programs() {
        let page = fs::read_to_string(crate::command::root().join("index.html")).unwrap();
        let built = page.replace(
            "</head>",
            "<link rel=\"modulepreload\" href=\"./a.js\"><link rel=\"preload\" href=\"./a.wasm\" as=\"fetch\">\
             <script type=\"module\" src=\"./boot.js\" data-js=\"./a.js\"></script></head>",
        );
        let made = foreign(&built).unwrap();
        assert!(!made.contains("preload") && made.contains("rel=\"icon\""), "{made}");
        assert!(
            made.contains("<html lang=\"en\" data-foreign>") && made.contains("data-other=\"./\" data-js")
        );
        assert!(made.contains("<div id=\"foreign\"></div>") && !made.contains("decode rates"), "{made}");
        assert!(made.contains("<!--tokscope:policy-->") && made.contains("<!--tokscope:snapshot-->"));
        assert!(foreign("<html lang=\"en\">").is_err());
    }

    #[test]
    fn policy_needs_its_mark() {
        assert!(with_policy("<head></head>", "x").is_err());
        let made = with_policy("<head><!--tokscope:policy--></head>", "default-src 'none'").unwrap();
        assert_eq!(
            made,
            "<head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"></head>"
        );
    }
}
