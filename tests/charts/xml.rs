//! Whether text is well-formed XML, as far as charts use it: elements, quoted attributes, text.

/// `Err` says what is wrong and where.
pub(crate) fn check(xml: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    let mut roots = 0;
    if let Some(c) = xml.chars().find(|c| !legal(*c)) {
        return Err(format!("character U+{:04X}", u32::from(c)));
    }
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        references(text)?;
        if open.is_empty() && !text.trim().is_empty() {
            return Err(format!("text outside the root: {text}"));
        }
        let (tag, after) = rest[at + 1..].split_once('>').ok_or("a tag without its end")?;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else {
            let name = attributes(tag.trim_end_matches('/'))?;
            roots += usize::from(open.is_empty());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = after;
    }
    references(rest)?;
    match (open.last(), roots, rest.trim()) {
        (None, 1, "") => Ok(()),
        (last, roots, rest) => Err(format!("open {last:?}, {roots} roots, then {rest:?}")),
    }
}

/// XML 1.0, section 2.2, without the C1 controls that it discourages.
fn legal(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Every `&` begins one of the references that need no declaration.
fn references(text: &str) -> Result<(), String> {
    for part in text.split('&').skip(1) {
        let name = part.split_once(';').map(|(name, _)| name);
        if !matches!(name, Some("amp" | "lt" | "gt" | "quot" | "apos")) {
            return Err(format!("&{part}"));
        }
    }
    Ok(())
}

/// The name of a start tag, after its attributes proved well formed and unique.
fn attributes(tag: &str) -> Result<&str, String> {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !named(name) {
        return Err(format!("<{tag}>"));
    }
    let mut seen = Vec::new();
    while !rest.is_empty() {
        let (key, value) = rest.split_once("=\"").ok_or_else(|| format!("in <{tag}>: {rest}"))?;
        let (value, after) = value.split_once('"').ok_or_else(|| format!("open quote in <{tag}>"))?;
        references(value)?;
        if !named(key) || seen.contains(&key) || value.contains('<') {
            return Err(format!("attribute {key} in <{tag}>"));
        }
        seen.push(key);
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Ok(name)
}

#[test]
fn the_checker_can_tell() {
    let good = ["<a/>", "<a b=\"1\"><c>x &amp; y</c>\n</a>\n", "<a>\u{1f980}</a>"];
    for xml in good {
        assert_eq!(check(xml), Ok(()), "{xml}");
    }
    let bad = [
        "",
        "x",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><a/>",
        "<a b=1/>",
        "<a b=\"1/>",
        "<a b=\"1\" b=\"2\"/>",
        "<a>&</a>",
        "<a>&nbsp;</a>",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<a><b></a></b>",
        "<a b=\"<\"/>",
    ];
    for xml in bad {
        assert!(check(xml).is_err(), "{xml}");
    }
}
