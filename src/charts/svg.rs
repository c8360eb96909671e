//! Charts as SVG: a small backend of Plotters, and a whole chart as text.
//!
//! Plotters' own SVG backend divides font sizes by 1.24, so that its text matches no other
//! backend. This one writes what the layout says, in whole pixels, and equal bytes for equal input.

use std::convert::Infallible;
use std::fmt::Write;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::describe::describe;
use super::draw::{descent, draw};
use super::foot::Foot;
use super::layout::{Layout, Options, layout};
use super::measured::estimate;
use super::metrics::FONT;
use super::spec::BarChart;
use super::text::extends;
use super::theme::{Rgb, Theme};
use crate::format::xml::{escape, escaped};

/// A file of so many bars is smaller than so many bytes, whatever is written in it; each further bar has as much room
/// again as one of these.
const LARGEST: (usize, usize) = (40, 30_000);

/// The most bytes of one text, as the file holds it: the first, and where the file is too large the next one.
const MOST_OF_TEXT: [usize; 4] = [usize::MAX, 160, 80, 40];

/// Title and description may be so many times as long.
const OF_WORDS: usize = 8;

/// Which colours an SVG has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Those of one theme, written into every element.
    Fixed(Theme),
    /// Light or dark as the reader's system is, in one file: classes and a media query.
    Auto,
}

/// The chart as a file of SVG, with its description inside.
pub fn to_svg(spec: &BarChart, width_css_px: f64, look: Look) -> String {
    to_svg_with_foot(spec, width_css_px, look, &[])
}

/// The same with lines of text below, such as source and link.
pub fn to_svg_with_foot(spec: &BarChart, width_css_px: f64, look: Look, foot: &[String]) -> String {
    let options = Options::file();
    let layout = layout(spec, width_css_px, options);
    let foot = Foot::below((layout.width, layout.height), foot);
    let words = Words {
        id: spec.id(),
        title: spec.title(),
        description: &describe(spec, options.locale),
        marks: spec.bars().len(),
    };
    file(words, foot.size(), |out, most_of_text| {
        let how = How { look, classes: &["fill"], most_of_text };
        paint(out, foot.size(), how, |area, theme| {
            // The backend writes to memory and cannot fail.
            let _ = draw(area, &layout, theme, None).and_then(|()| foot.draw(area, theme));
        });
        foot.follow(out);
    })
}

/// What a file of SVG says beside its drawing.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// Unique where files are pasted into one page.
    pub(super) id: &'a str,
    /// The headline.
    pub(super) title: &'a str,
    /// The text alternative.
    pub(super) description: &'a str,
    /// Bars or points.
    pub(super) marks: usize,
}

/// A file of SVG around elements, whose texts are cut where it would be too large: a name may be of any length, and
/// a letter may have any number of marks, which take no room of a line.
pub(super) fn file(words: Words<'_>, size: (i32, i32), elements: impl Fn(&mut String, usize)) -> String {
    let (marks, bytes) = LARGEST;
    let largest = bytes * words.marks.max(marks) / marks;
    let mut out = String::new();
    for most_of_text in MOST_OF_TEXT {
        out = around(words, size, most_of_text, &elements);
        if out.len() < largest {
            break;
        }
    }
    out
}

fn around(
    words: Words<'_>,
    (width, height): (i32, i32),
    most_of_text: usize,
    elements: &dyn Fn(&mut String, usize),
) -> String {
    let Words { id, title, description, .. } = words;
    let most_of_words = most_of_text.saturating_mul(OF_WORDS);
    // ASCII alone.
    let id = id.get(..most_of_words).unwrap_or(id);
    let mut out = String::with_capacity(4096);
    push(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             font-family=\"{FONT}\">\n<title id=\"{id}-t\">"
        ),
    );
    out.push_str(&fitting(title, most_of_words));
    push(&mut out, format_args!("</title>\n<desc id=\"{id}-d\">"));
    out.push_str(&fitting(description, most_of_words));
    out.push_str("</desc>\n");
    elements(&mut out, most_of_text);
    out.push_str("</svg>\n");
    out
}

/// A drawing under another id, which is all that a page with several drawings has to tell apart.
pub fn with_id(svg: &str, from: &str, to: &str) -> String {
    ["-t", "-d"].iter().fold(
        svg.replacen(&format!("\"{from}-t {from}-d\""), &format!("\"{to}-t {to}-d\""), 1),
        |svg, end| svg.replacen(&format!(" id=\"{from}{end}\""), &format!(" id=\"{to}{end}\""), 1),
    )
}

/// A text as XML holds it, or as much of its start as fits before `…` in so many bytes.
fn fitting(text: &str, most: usize) -> String {
    let whole = escaped(text);
    if whole.len() <= most {
        return whole;
    }
    let mut start = String::new();
    let mut fits = 0;
    for c in text.chars() {
        if !extends(c) {
            fits = start.len();
        }
        escape(&mut start, c.encode_utf8(&mut [0; 4]));
        if start.len() + '…'.len_utf8() > most {
            break;
        }
    }
    start.truncate(fits);
    start.push('…');
    start
}

/// Appends what is inside the root element for a layout, with the bar at `chosen` marked.
pub fn elements(out: &mut String, layout: &Layout, look: Look, chosen: Option<usize>) {
    let how = How { look, classes: &["fill"], most_of_text: usize::MAX };
    paint(out, (layout.width, layout.height), how, |area, theme| {
        // The backend writes to memory and cannot fail.
        let _ = draw(area, layout, theme, chosen);
    });
}

/// How elements are written.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// In which colours.
    pub(super) look: Look,
    /// The properties, `fill` or `stroke`, whose colours follow the reader where the look does; others are those of
    /// the light theme.
    pub(super) classes: &'static [&'static str],
    /// The most bytes of one text.
    pub(super) most_of_text: usize,
}

/// Appends what a function draws.
pub(super) fn paint(
    out: &mut String,
    (width, height): (i32, i32),
    how: How,
    draw: impl FnOnce(&DrawingArea<SvgBackend<'_>, Shift>, &Theme),
) {
    let theme = match how.look {
        Look::Fixed(theme) => theme,
        Look::Auto => {
            style_sheet(out, how.classes);
            Theme::LIGHT
        }
    };
    let size = (width.unsigned_abs(), height.unsigned_abs());
    draw(&SvgBackend { out, size, theme, how }.into_drawing_area(), &theme);
}

/// Both themes as classes; `class_of` names them.
fn style_sheet(out: &mut String, classes: &[&str]) {
    let rules = |out: &mut String, theme: &Theme| {
        for (property, (name, colour)) in
            classes.iter().flat_map(|property| theme.named().map(|named| (property, named)))
        {
            push(out, format_args!(".{}{{{property}:{}}}", class_of(property, name), colour.hex()));
        }
    };
    out.push_str("<style>");
    rules(out, &Theme::LIGHT);
    out.push_str("@media (prefers-color-scheme:dark){");
    rules(out, &Theme::DARK);
    out.push_str("}</style>\n");
}

/// The class of a custom property: `--series-cuda` is `ts-series-cuda`, in case the SVG is pasted
/// into a page with classes of its own, and `ts-stroke-series-cuda` for a stroke.
fn class_of(property: &str, name: &str) -> String {
    name.replacen("--", if property == "stroke" { "ts-stroke-" } else { "ts-" }, 1)
}

/// Formatting into a `String` cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// Writes elements behind each other into a string.
pub(super) struct SvgBackend<'a> {
    out: &'a mut String,
    size: (u32, u32),
    theme: Theme,
    how: How,
}

/// Result of a step that cannot fail.
type Written = Result<(), DrawingErrorKind<Infallible>>;

impl SvgBackend<'_> {
    /// The colour of an element as its last attributes: a class where the look follows the reader.
    fn paint(&mut self, property: &str, colour: BackendColor) {
        let (red, green, blue) = colour.rgb;
        let rgb = Rgb(red, green, blue);
        let follows = self.how.look == Look::Auto && self.how.classes.contains(&property);
        let name = self.theme.name_of(rgb).filter(|_| follows);
        match name {
            Some(name) => push(self.out, format_args!(" class=\"{}\"", class_of(property, name))),
            None => push(self.out, format_args!(" {property}=\"{}\"", rgb.hex())),
        }
        if colour.alpha < 1.0 {
            push(self.out, format_args!(" {property}-opacity=\"{:.2}\"", colour.alpha));
        }
    }
}

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Written {
        Ok(())
    }

    fn present(&mut self) -> Written {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Written {
        self.draw_rect((x, y), (x + 1, y + 1), &colour, true)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Written {
        if !fill {
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            return self.draw_path(corners, style);
        }
        let (width, height) = (right - left, bottom - top);
        push(self.out, format_args!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\""));
        self.paint("fill", style.color());
        self.out.push_str("/>\n");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Written {
        self.out.push_str("<polygon points=\"");
        for (at, (x, y)) in corners.into_iter().enumerate() {
            push(self.out, format_args!("{}{x},{y}", if at > 0 { " " } else { "" }));
        }
        self.out.push('"');
        self.paint("fill", style.color());
        self.out.push_str("/>\n");
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Written {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Written {
        self.out.push_str("<path d=\"");
        let mut command = 'M';
        for (x, y) in path {
            push(self.out, format_args!("{command}{x} {y}"));
            command = 'L';
        }
        push(self.out, format_args!("\" fill=\"none\" stroke-width=\"{}\"", style.stroke_width()));
        self.paint("stroke", style.color());
        self.out.push_str("/>\n");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Written {
        push(self.out, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\""));
        if fill {
            self.paint("fill", style.color());
        } else {
            push(self.out, format_args!(" fill=\"none\" stroke-width=\"{}\"", style.stroke_width()));
            self.paint("stroke", style.color());
        }
        self.out.push_str("/>\n");
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, bottom): BackendCoord,
    ) -> Written {
        let (_, size) = estimate("", style);
        let baseline = bottom - descent(size);
        push(self.out, format_args!("<text x=\"{x}\" y=\"{baseline}\" font-size=\"{size}\""));
        if matches!(style.style(), FontStyle::Bold) {
            self.out.push_str(" font-weight=\"bold\"");
        }
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => self.out.push_str(" text-anchor=\"middle\""),
            HPos::Right => self.out.push_str(" text-anchor=\"end\""),
        }
        self.paint("fill", style.color());
        self.out.push('>');
        self.out.push_str(&fitting(text, self.how.most_of_text));
        self.out.push_str("</text>\n");
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        Ok(estimate(text, style))
    }
}
