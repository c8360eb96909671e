//! Charts of points over two axes, from a spec to pixels, words and key strokes.
//!
//! The modules are those of a chart of bars, under the same names: `spec`, `layout` (put together by
//! `compose`), `draw`, `hit`, `describe`, `svg`. Beside them, `ruler` makes an axis with its ticks,
//! `calendar` dates, `lines` reference lines, and `labels` finds room for names.

mod calendar;
mod compose;
pub mod describe;
pub mod draw;
pub mod hit;
mod labels;
pub mod layout;
mod lines;
mod ruler;
pub mod spec;
pub mod svg;

pub use calendar::days;
pub use describe::{announce, cells, describe, headings, summary, tooltip};
pub use draw::draw;
pub use hit::{hit, in_order, step};
pub use layout::{Layout, Mark, layout};
pub use spec::{Axis, AxisScale, LineStyle, Point, PointChart, ReferenceLine};
pub use svg::{to_svg, to_svg_with_foot};
