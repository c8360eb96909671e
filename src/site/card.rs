//! The picture that links to the page are shown with: its name, and the page's own first chart.

use super::config::Config;
use crate::charts::views::{Source, model_speed_range};
use crate::charts::{Look, Theme, to_svg};
use crate::format::Locale;
use crate::format::xml::escaped;
use crate::index::Index;
use crate::query::{Choices, Selection, answer};

/// The size that cards are shown in, in pixels.
const SIZE: (u32, u32) = (1200, 630);

/// The most bars that have room below the name.
const MOST_BARS: usize = 5;

/// The chart is laid out narrower than it is shown, so that its text is read where a card is small.
const CHART_WIDTH: f64 = 780.0;

/// A card as SVG, in the light theme, for a rasteriser: those who show cards take no SVG.
pub fn card(config: &Config, index: &Index) -> String {
    let choices = Choices::of(index);
    let selection = Selection::default();
    let answer = answer(index, &choices, &selection);
    let locale = Locale::default();
    let source = Source { index, selection: &selection, answer: &answer, locale, most_bars: MOST_BARS };
    let theme = Theme::LIGHT;
    let chart = to_svg(&model_speed_range(source), CHART_WIDTH, Look::Fixed(theme));
    let lead = config.lead.as_deref().unwrap_or(&config.description);
    let (width, height) = SIZE;
    let scale = (f64::from(width) - 100.0) / CHART_WIDTH;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{surface}\"/>\n\
         <rect width=\"12\" height=\"{height}\" fill=\"{accent}\"/>\n\
         <text x=\"50\" y=\"92\" font-size=\"64\" font-weight=\"bold\" fill=\"{ink}\">{name}</text>\n\
         <text x=\"50\" y=\"136\" font-size=\"26\" fill=\"{muted}\">{lead}</text>\n\
         <g transform=\"translate(28 150) scale({scale:.3})\">{chart}</g>\n</svg>\n",
        surface = theme.surface.hex(),
        accent = config.accent.as_ref().map_or_else(|| theme.focus.hex(), |accent| escaped(&accent.light)),
        ink = theme.ink.hex(),
        muted = theme.muted.hex(),
        name = escaped(&config.name),
        lead = escaped(lead),
    )
}
