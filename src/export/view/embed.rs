//! Snippets of HTML and Markdown that show a view elsewhere.

use super::Export;
use crate::format::xml::escaped;

/// The live page in a frame.
pub fn frame(export: &Export<'_>) -> String {
    let (link, title) = (escaped(&export.link().unwrap_or_default()), escaped(&export.title()));
    format!(
        "<iframe src=\"{link}\" title=\"{title}\" width=\"100%\" height=\"640\" loading=\"lazy\" \
         style=\"border:0\"></iframe>\n"
    )
}

/// A chart that stands at an address, as `tokscope chart` wrote it, leading to the view.
pub fn image(export: &Export<'_>, chart: &str) -> String {
    let (link, title) = (escaped(&export.link().unwrap_or_default()), escaped(&export.title()));
    format!(
        "<a href=\"{link}\"><img src=\"{}\" alt=\"{title}\" style=\"max-width:100%\"></a>\n",
        escaped(chart)
    )
}

/// The same in Markdown, for a README.
pub fn markdown_image(export: &Export<'_>, chart: &str) -> String {
    let link = super::markdown::target(&export.link().unwrap_or_default());
    format!("[![{}]({})]({link})\n", super::markdown::text(&export.title()), super::markdown::target(chart))
}
