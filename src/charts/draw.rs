//! A layout on any backend of Plotters. No decision about position is made here.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::DrawingBackend;

use super::layout::{Anchor, DRAWS_SCATTER, Layout, Rect, Scatter, TextRun, Tone};
use super::metrics::{FONT, Weight};
use super::theme::{Rgb, Theme};

/// How much of the series' colour the track of a range keeps.
const TRACK: f64 = 0.28;

/// How much ink the row of the chosen bar gets.
const TINT: f64 = 0.06;

/// Result of a drawing step on a backend.
pub(super) type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Draws a chart; `chosen` is the index of the bar under the pointer or the keys.
///
/// Fails only where the backend does.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    layout: &Layout,
    theme: &Theme,
    chosen: Option<usize>,
) -> Drawn<DB> {
    let all = Rect { x: 0, y: 0, w: layout.width, h: layout.height };
    fill(area, all, theme.surface, 1.0)?;
    let chosen = chosen.and_then(|at| layout.bars.get(at));
    if let Some(bar) = chosen {
        fill(area, bar.row, theme.ink, TINT)?;
    }
    for line in &layout.grid {
        fill(area, *line, theme.grid, 1.0)?;
    }
    for bar in &layout.bars {
        let colour = theme.series(bar.series);
        fill(area, bar.track, colour, TRACK)?;
        fill(area, bar.solid, colour, 1.0)?;
    }
    for Scatter { whisker, dots } in layout.scatter.iter().filter(|_| DRAWS_SCATTER) {
        for line in whisker {
            fill(area, grown(*line), theme.surface, 1.0)?;
        }
        for line in whisker {
            fill(area, *line, theme.ink, 1.0)?;
        }
        for dot in dots {
            for (radius, colour) in [(4, theme.surface), (3, theme.ink)] {
                let style = ShapeStyle { color: rgba(colour, 1.0), filled: true, stroke_width: 0 };
                area.draw(&Circle::new(*dot, radius, style))?;
            }
        }
    }
    for line in &layout.zero {
        fill(area, *line, theme.muted, 1.0)?;
    }
    for (sample, series) in &layout.legend {
        fill(area, *sample, theme.series(*series), 1.0)?;
    }
    for run in &layout.texts {
        text(area, run, theme)?;
    }
    if let Some(bar) = chosen {
        ring(area, bar.row, theme.focus)?;
    }
    area.present()
}

/// A filled rectangle; lines are filled too, because a stroke between two pixels blurs on canvas.
pub(super) fn fill<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    rect: Rect,
    colour: Rgb,
    alpha: f64,
) -> Drawn<DB> {
    if rect.w <= 0 || rect.h <= 0 {
        return Ok(());
    }
    let style = ShapeStyle { color: rgba(colour, alpha), filled: true, stroke_width: 0 };
    area.draw(&Rectangle::new([(rect.x, rect.y), (rect.right(), rect.bottom())], style))
}

/// A pixel more on every side, so that a line stands out from what is under it.
const fn grown(rect: Rect) -> Rect {
    Rect { x: rect.x - 1, y: rect.y - 1, w: rect.w + 2, h: rect.h + 2 }
}

/// A frame of two pixels inside a rectangle.
fn ring<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, rect: Rect, colour: Rgb) -> Drawn<DB> {
    const WIDTH: i32 = 2;
    let (across, down) = (Rect { h: WIDTH, ..rect }, Rect { w: WIDTH, ..rect });
    let bottom = Rect { y: rect.bottom() - WIDTH, ..across };
    let right = Rect { x: rect.right() - WIDTH, ..down };
    [across, bottom, down, right].into_iter().try_for_each(|side| fill(area, side, colour, 1.0))
}

pub(super) fn text<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    run: &TextRun,
    theme: &Theme,
) -> Drawn<DB> {
    let weight = match run.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    let font = FontDesc::new(FontFamily::Name(FONT), f64::from(run.size), weight);
    let horizontal = match run.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
    };
    let tone = match run.tone {
        Tone::Ink => theme.ink,
        Tone::Muted => theme.muted,
    };
    let colour = RGBColor(tone.0, tone.1, tone.2);
    let style = TextStyle::from(font).color(&colour).pos(Pos::new(horizontal, VPos::Bottom));
    let bottom = run.baseline + descent(run.size);
    area.draw(&Text::new(run.text.as_str(), (run.x, bottom), style))
}

/// Pixels from the baseline to the bottom of a line, where Plotters anchors text: the fonts of the
/// stack reach 0.21 of their size below the baseline.
pub fn descent(size: u32) -> i32 {
    i32::try_from((size * 212 + 500) / 1000).unwrap_or_default()
}

pub(super) fn rgba(colour: Rgb, alpha: f64) -> RGBAColor {
    RGBColor(colour.0, colour.1, colour.2).mix(alpha)
}
