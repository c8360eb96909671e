//! The lines below a chart that leaves the page: where its figures come from, and where to see them.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;

use super::draw::{Drawn, fill, text};
use super::layout::{Anchor, Rect, TextRun, Tone, WIDE};
use super::metrics::Weight;
use super::text::{clean, wrap};
use super::theme::Theme;

/// Font size, and the distance of two lines. CSS pixels.
const SIZE: u32 = 11;
const LINE: i32 = 15;

/// Room left and right, as charts of either width have it, and below the last line. CSS pixels.
const fn margin(width: i32) -> i32 {
    if width >= WIDE { 24 } else { 14 }
}

/// Most lines that one line of text becomes: what is longer is elided.
const MOST_LINES: usize = 3;

/// Lines below a chart, ready to draw.
pub(super) struct Foot {
    ground: Rect,
    texts: Vec<TextRun>,
}

impl Foot {
    /// Lays lines out below a chart of this size; without lines there is no room taken.
    pub(super) fn below((width, height): (i32, i32), lines: &[String]) -> Self {
        let margin = margin(width);
        let room = f64::from(width - 2 * margin);
        let lines = lines.iter().map(|line| clean(line)).filter(|line| !line.is_empty());
        let lines = lines.flat_map(|line| wrap(&line, room, SIZE, Weight::Regular, MOST_LINES));
        let mut baseline = height;
        let run = |text: String| {
            baseline += LINE;
            let (x, anchor, tone) = (margin, Anchor::Start, Tone::Muted);
            TextRun { x, baseline, anchor, size: SIZE, weight: Weight::Regular, tone, text }
        };
        let texts: Vec<TextRun> = lines.map(run).collect();
        let bottom = texts.last().map_or(height, |last| last.baseline + margin);
        Self { ground: Rect { x: 0, y: height, w: width, h: bottom - height }, texts }
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
}
