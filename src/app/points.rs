//! A chart of points: a canvas, the same in words, and the same as a table.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::canvas;
use super::element::{El, el, heading, nothing, number_cell, plain_table, scroll_box, views};
use super::frame::{Aim, Drawing, data_fold, frame, keep_drawn, keep_width};
use super::state::Page;
use crate::charts::Options;
use crate::charts::points::{self, Layout, PointChart};

/// What the parts of a figure share.
#[derive(Clone)]
struct Figure {
    page: Page,
    chart: Arc<PointChart>,
    layout: Memo<Option<Layout>>,
    chosen: RwSignal<Option<usize>>,
}

/// A chart that never changes: caption, canvas, words and data; nothing for one without points.
pub fn figure(page: Page, surroundings: RwSignal<u32>, chart: PointChart) -> AnyView {
    if chart.points().is_empty() {
        return nothing();
    }
    let chart = Arc::new(chart);
    let frame_id = format!("frame-{}", chart.id());
    let width = RwSignal::new(0.0);
    let spec = Arc::clone(&chart);
    let layout = Memo::new(move |_| {
        let options = Options::page(page.data.locale);
        (width.get() > 0.0).then(|| points::layout(&spec, width.get(), options))
    });
    let figure = Figure { page, chart: Arc::clone(&chart), layout, chosen: RwSignal::new(None) };
    figure.draw(&frame_id, width, surroundings);
    let notes = views(chart.notes().iter().map(|note| el("p", "note small").text(note)));
    let caption = el("figcaption", "")
        .child(el("h3", "").text(chart.title()))
        .child(el("p", "note").text(points::summary(&chart, page.data.locale)));
    let spoken = figure.clone();
    el("figure", "chart")
        .child(caption)
        .child(figure.frame(frame_id))
        .child(el("p", "visually-hidden").attr("role", "status").text_fn(move || spoken.spoken()))
        .children(notes)
        .child(figure.data_table())
        .build()
}

impl Figure {
    /// Keeps the canvas as wide as its frame, and draws it whenever anything changes.
    fn draw(&self, frame_id: &str, width: RwSignal<f64>, surroundings: RwSignal<u32>) {
        let Self { page, layout, chosen, .. } = *self;
        keep_width(frame_id, width);
        let drawing = Drawing { height: |layout: &Layout| layout.height, paint: canvas::paint_points };
        keep_drawn(page, frame_id, surroundings, width, layout, chosen, drawing);
    }

    /// The canvas with its tooltip; pointer and arrow keys choose a point.
    fn frame(&self, id: String) -> El {
        let Self { layout, chosen, .. } = *self;
        let at = move |x, y| layout.with_untracked(|layout| points::hit(layout.as_ref()?, x, y));
        let spec = Arc::clone(&self.chart);
        let step = move |from, key| points::step(&spec, from, key);
        let height =
            move || layout.with(|layout| layout.as_ref().map(|layout| format!("{}px", layout.height)));
        let tip = self.clone();
        frame(id, chosen, Aim { at: Rc::new(at), step: Box::new(step) })
            .attr("aria-label", format!("{}. Arrow keys read the points", self.chart.title()))
            .style("height", move || height().unwrap_or_else(|| "auto".to_owned()))
            .view_fn(move || tip.tip().unwrap_or_else(nothing))
    }

    /// The tooltip of the chosen point, below it.
    fn tip(&self) -> Option<AnyView> {
        let at = self.chosen.get()?;
        let lines = points::tooltip(&self.chart, self.chart.points().get(at)?);
        let (_, y) = self.layout.with(|layout| Some(layout.as_ref()?.marks.get(at)?.at))?;
        let top = y + 2 * points::layout::RADIUS;
        let lines = views(lines.into_iter().map(|line| el("span", "").text(line)));
        Some(el("div", "chart-tip").style("top", move || format!("{top}px")).children(lines).build())
    }

    /// The chosen point as a screen reader hears it.
    fn spoken(&self) -> String {
        let at = self.chosen.get();
        at.and_then(|at| points::announce(&self.chart, at, self.page.data.locale)).unwrap_or_default()
    }

    /// The same numbers as a table.
    fn data_table(&self) -> El {
        let chart = Arc::clone(&self.chart);
        data_fold(move || data_table(&chart).build())
    }
}

fn data_table(chart: &PointChart) -> El {
    let [label, detail, x, y, remark] = points::headings(chart);
    let headings = vec![
        heading(label, false),
        heading(detail, false),
        heading(x, true),
        heading(y, true),
        heading(remark, false),
    ];
    let lines = chart.points().iter().map(|point| {
        let [label, detail, x, y, remark] = points::cells(point);
        let words = |text: &str| el("td", "").child(el("bdi", "").text(text));
        el("tr", "")
            .child(el("th", "").attr("scope", "row").child(el("bdi", "").text(label)))
            .child(words(detail))
            .child(number_cell(x))
            .child(number_cell(y))
            .child(words(remark))
    });
    let table = plain_table("", headings, views(lines));
    scroll_box(format!("Data: {}", chart.title()), table)
}
