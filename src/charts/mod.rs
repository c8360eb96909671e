//! Charts: from rows to pixels, words and key strokes, without knowing who draws.
//!
//! ```text
//!                            ┌─ draw ──── canvas (page), SVG (export, command line)
//! spec ── layout ────────────┼─ hit ───── pointer and arrow keys
//!   │                        └─ height the page reserves
//!   └──── describe ───────────────────── text alternative, tooltip, announcement
//! ```
//!
//! * [`spec`]: what a chart shows. Numbers pass one gate there, so that nothing behind it meets NaN.
//! * [`layout`]: where everything goes, in whole CSS pixels, put together by `compose`. Pure: equal
//!   input, equal layout.
//! * [`draw`]: one function for every backend of Plotters. It only copies the layout.
//! * [`measured`]: makes any backend measure text as the layout does, at a size in CSS pixels.
//! * `foot`: lines below a chart that leaves the page.
//! * [`svg`]: the backend that writes SVG, and whole charts as SVG text.
//! * [`hit`]: which bar is under a point, and which comes next for a key.
//! * [`describe`]: the same chart in words.
//! * [`theme`]: the only colours outside `style/tokens.css`.
//! * [`compared`]: the charts of a comparison, with error bars and repetitions.
//! * [`points`]: the other kind of chart, points over two axes, in modules of the same names.
//! * [`plots`]: the charts of points, from an index: roofline, quant ladder, history.
//! * [`views`]: the charts of the page, from the rows of its table.
//! * [`offered`]: which charts a view offers as files.
//! * [`metrics`], [`text`]: widths, cleaning, eliding and wrapping of text.
//!
//! Charts never read signals and never ask the browser anything.

pub mod compared;
mod compose;
pub mod describe;
pub mod draw;
mod foot;
pub mod hit;
pub mod layout;
pub mod measured;
pub mod metrics;
pub mod offered;
mod part;
pub mod plots;
pub mod points;
mod scale;
pub mod spec;
pub mod svg;
pub mod text;
pub mod theme;
pub mod views;

pub use describe::{announce, describe, summary, tooltip};
pub use draw::draw;
pub use hit::{Key, hit, step};
pub use layout::{Layout, Options, layout};
pub use measured::Measured;
pub use spec::{Bar, BarChart, Kind, Series};
pub use svg::{Look, to_svg, to_svg_with_foot};
pub use theme::{Rgb, Theme};
