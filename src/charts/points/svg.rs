//! A chart of points as SVG text, in the looks of every chart.

use super::describe::describe;
use super::draw::draw;
use super::layout::{Layout, layout};
use super::spec::PointChart;
use crate::charts::foot::Foot;
use crate::charts::layout::Options;
use crate::charts::svg::{How, Look, Words, file, paint};

/// The chart as a file of SVG, with its description inside.
pub fn to_svg(spec: &PointChart, width_css_px: f64, look: Look) -> String {
    to_svg_with_foot(spec, width_css_px, look, &[])
}

/// The same with lines of text below, such as source and link.
pub fn to_svg_with_foot(spec: &PointChart, width_css_px: f64, look: Look, foot: &[String]) -> String {
    let options = Options::file();
    let layout = layout(spec, width_css_px, options);
    let foot = Foot::below((layout.width, layout.height), foot);
    let words = Words {
        id: spec.id(),
        title: spec.title(),
        description: &describe(spec, options.locale),
        marks: spec.points().len(),
    };
    file(words, foot.size(), |out, most_of_text| {
        let how = How { look, classes: &["fill", "stroke"], most_of_text };
        paint(out, foot.size(), how, |area, theme| {
            // The backend writes to memory and cannot fail.
            let _ = draw(area, &layout, theme, None).and_then(|()| foot.draw(area, theme));
        });
        foot.follow(out);
    })
}

/// Appends what is inside the root element for a layout, with the point at `chosen` marked.
pub fn elements(out: &mut String, layout: &Layout, look: Look, chosen: Option<usize>) {
    let how = How { look, classes: &["fill", "stroke"], most_of_text: usize::MAX };
    paint(out, (layout.width, layout.height), how, |area, theme| {
        // The backend writes to memory and cannot fail.
        let _ = draw(area, layout, theme, chosen);
    });
}
