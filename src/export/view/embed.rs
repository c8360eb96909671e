//! Snippets of HTML and Markdown that show a view elsewhere.

use super::Export;

/// The live page in a frame.
pub fn frame(export: &Export<'_>) -> String {
    let (link, title) = (attribute(&export.link().unwrap_or_default()), attribute(&export.title()));
    format!(
        "<iframe src=\"{link}\" title=\"{title}\" width=\"100%\" height=\"640\" loading=\"lazy\" \
         style=\"border:0\"></iframe>\n"
    )
}

/// A link to the view.
pub fn link(export: &Export<'_>, words: &str) -> String {
    format!("<a href=\"{}\">{}</a>", attribute(&export.link().unwrap_or_default()), attribute(words))
}

/// A chart that stands at an address, as `tokscope chart` wrote it, leading to the view.
pub fn image(export: &Export<'_>, chart: &str) -> String {
    let (link, title) = (attribute(&export.link().unwrap_or_default()), attribute(&export.title()));
    format!(
        "<a href=\"{link}\"><img src=\"{}\" alt=\"{title}\" style=\"max-width:100%\"></a>\n",
        attribute(chart)
    )
}

/// The same in Markdown, for a README.
pub fn markdown_image(export: &Export<'_>, chart: &str) -> String {
    let link = super::markdown::target(&export.link().unwrap_or_default());
    format!("[![{}]({})]({link})\n", super::markdown::text(&export.title()), super::markdown::target(chart))
}

/// Text inside a quoted attribute.
fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
