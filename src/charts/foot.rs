//! The lines below a chart that leaves the page: where its figures come from, and where to see them.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::draw::{Drawn, fill, text};
use super::layout::{Anchor, Rect, TextRun, Tone, WIDE};
use super::metrics::{Weight, text_width};
use super::text::{clean, elide, wrap};
use super::theme::Theme;
use crate::format::xml::escaped;
use crate::model::catalog::is_web_address;

/// Font size, and the distance of two lines. CSS pixels.
const SIZE: u32 = 11;
const LINE: i32 = 15;

/// Room left and right, as charts of either width have it, and below the last line. CSS pixels.
const fn margin(width: i32) -> i32 {
    if width >= WIDE { 24 } else { 14 }
}

/// Most lines that one line of text becomes, and a link, which is of no use in part: what is longer is elided.
const MOST_LINES: usize = 3;
const MOST_OF_LINK: usize = 14;

/// The longest address that can be followed, in bytes: a file stays small.
const LONGEST_ADDRESS: usize = 2_000;

/// Lines below a chart, ready to draw.
pub(super) struct Foot {
    ground: Rect,
    texts: Vec<TextRun>,
    /// The address that the last lines are, and how many.
    link: Option<(String, usize)>,
}

impl Foot {
    /// Lays lines out below a chart of this size; without lines there is no room taken.
    pub(super) fn below((width, height): (i32, i32), lines: &[String]) -> Self {
        let margin = margin(width);
        let room = f64::from(width - 2 * margin);
        let lines = lines.iter().map(|line| clean(line)).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.collect();
        let mut link = None;
        let lines = lines.iter().flat_map(|line| {
            let (before, address) = line.rsplit_once(' ').unwrap_or(("", line));
            let is_link = is_web_address(address);
            let can_be_followed = is_link && address.len() <= LONGEST_ADDRESS;
            let followed = |lines: usize| can_be_followed.then(|| (address.to_owned(), lines));
            if width_of(line) <= room {
                link = followed(1);
                return vec![line.clone()];
            }
            if !is_link && (!address.starts_with('?') || width_of(address) <= room) {
                link = None;
                return wrap(line, room, SIZE, Weight::Regular, MOST_LINES);
            }
            // It begins a line of its own, so that all of it can be followed.
            let before = before.trim_end_matches([' ', '·']);
            let mut lines = wrap(before, room, SIZE, Weight::Regular, MOST_LINES);
            let parts = broken(address, room);
            link = followed(parts.len());
            lines.extend(parts);
            lines
        });
        let lines: Vec<String> = lines.collect();
        let mut baseline = height;
        let run = |text: String| {
            baseline += LINE;
            let (x, anchor, tone) = (margin, Anchor::Start, Tone::Muted);
            TextRun { x, baseline, anchor, size: SIZE, weight: Weight::Regular, tone, text }
        };
        let texts: Vec<TextRun> = lines.into_iter().map(run).collect();
        let bottom = texts.last().map_or(height, |last| last.baseline + margin);
        Self { ground: Rect { x: 0, y: height, w: width, h: bottom - height }, texts, link }
    }

    /// The size of chart and foot together.
    pub(super) const fn size(&self) -> (i32, i32) {
        (self.ground.w, self.ground.bottom())
    }

    /// Draws the lines; fails only where the backend does.
    pub(super) fn draw<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, theme: &Theme) -> Drawn<DB> {
        fill(area, self.ground, theme.surface, 1.0)?;
        self.texts.iter().try_for_each(|run| text(area, run, theme))
    }

    /// Makes a link of the last lines of a file, which are the address, once they are drawn.
    pub(super) fn follow(&self, out: &mut String) {
        let Some((address, lines)) = &self.link else { return };
        if let Some((at, _)) = out.rmatch_indices("<text ").take(*lines).last() {
            out.insert_str(at, &format!("<a href=\"{}\">\n", escaped(address)));
            out.push_str("</a>\n");
        }
    }
}

fn width_of(text: &str) -> f64 {
    text_width(text, SIZE, Weight::Regular)
}

/// A word in lines, broken behind a sign that parts a link, if there is one in the latter half of the line.
fn broken(word: &str, room: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = word;
    while lines.len() + 1 < MOST_OF_LINK && width_of(rest) > room {
        let (mut width, mut end, mut good) = (0.0, 0, 0);
        for (at, c) in rest.char_indices() {
            width += width_of(c.encode_utf8(&mut [0; 4]));
            if width > room && at > 0 {
                break;
            }
            end = at + c.len_utf8();
            if matches!(c, '&' | '?' | ',' | '/') {
                good = end;
            }
        }
        let (line, after) = rest.split_at(if 2 * good > end { good } else { end });
        lines.push(line.to_owned());
        rest = after;
    }
    lines.push(elide(rest, room, SIZE, Weight::Regular));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cleaned_wrapped_and_counted() {
        assert_eq!(Foot::below((400, 100), &[]).size(), (400, 100));
        let one = Foot::below((400, 100), &["a\u{202e}b".to_owned(), " ".to_owned()]);
        assert_eq!(one.size(), (400, 100 + LINE + margin(400)));
        assert!(one.texts.iter().all(|run| run.text == "ab"));
        let long = Foot::below((400, 100), &["word ".repeat(500)]);
        assert_eq!(long.texts.len(), MOST_LINES);
        assert!(long.texts.last().is_some_and(|run| run.text.ends_with('…')));
    }

    #[test]
    fn a_link_is_whole_and_leads_where_it_says() {
        let pins =
            ["gemma", "qwen", "llama", "phi"].map(|name| format!("{name}.q4_k_m.rig-{name}.llama.cpp.cuda"));
        let link = format!("https://example.org/?view=compare&pin={}", pins.join(","));
        let foot = Foot::below((340, 100), &["Source".to_owned(), format!("Latest run 2026-05 · {link}")]);
        let lines: Vec<&str> = foot.texts.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(lines.get(..2), Some(&["Source", "Latest run 2026-05"][..]));
        assert_eq!(lines.iter().skip(2).copied().collect::<String>(), link);
        assert!(lines.iter().all(|line| width_of(line) <= 312.0), "{lines:?}");
        assert!(lines.len() > 4, "{lines:?}");
        let mut out = lines.iter().map(|line| format!("<text >{line}</text>\n")).collect::<String>();
        foot.follow(&mut out);
        let start = format!(
            "Latest run 2026-05</text>\n<a href=\"{}\">\n<text >https://example.org/",
            escaped(&link)
        );
        assert!(out.contains(&start) && out.ends_with("</text>\n</a>\n"), "{out}");

        // A query leads nowhere, and what is not an address is text.
        for line in ["a · ?q=gemma", "https://example.org/ is text"] {
            assert!(Foot::below((340, 100), &[line.to_owned()]).link.is_none(), "{line}");
        }
        let endless = Foot::below((340, 100), &[format!("https://example.org/?q={}", "x".repeat(9_000))]);
        assert_eq!((endless.texts.len(), endless.link), (MOST_OF_LINK, None));
    }
}
