//! The charts below the table: a canvas, the same in words, and the same as a table.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::definitions::term;
use super::element::{
    El, button, dynamic, el, heading, nothing, number_cell, plain_table, scroll_box, views,
};
use super::frame::{Aim, Drawing, data_fold, frame, keep_drawn, keep_width};
use super::hold::Hold;
use super::near::{SPEED_RANGES, WORKLOADS, look_around};
use super::scroll::AT_REST;
use super::state::{Behind, Page};
use super::{browser, canvas};
use crate::charts::views::{FEW_BARS, SPEED_RANGE, Source, by_workload, model_speed_range, workload};
use crate::charts::{self, BarChart, Layout, Options};
use crate::query::{Selection, shapes_used};

/// Every chart of the page, and what they share.
#[derive(Clone, Copy)]
pub struct Charts {
    page: Page,
    /// The speed range of every model.
    speed_range: Memo<Arc<BarChart>>,
    /// One chart for each workload shape that has results.
    by_workload: Memo<Vec<Arc<BarChart>>>,
    /// Changes when the drawing surface may look different.
    surroundings: RwSignal<u32>,
}

impl Charts {
    /// The charts of the answer beside its table. Where one is on the screen they follow it in the frame that shows it, but
    /// for the drawings of the others, and those by workload where none of these is there. The others follow once nothing
    /// changes; the root's `data-charts` is `behind` until they have.
    pub fn beside_table(page: Page) -> Self {
        Self::new(page, true)
    }

    /// The charts of the answer where nothing has to go before them.
    #[cfg(feature = "whole")]
    pub fn alone(page: Page) -> Self {
        Self::new(page, false)
    }

    fn new(page: Page, is_beside_table: bool) -> Self {
        let surroundings = surroundings();
        // Other colours say nothing else, nor does another order of the same rows.
        let drawn = Memo::new(move |_| {
            let all_bars = page.dress.with(|dress| dress.all_bars);
            let Selection { sort, grouping, .. } = Selection::default();
            page.question.with(|question| Selection { sort, grouping, all_bars, ..question.clone() })
        });
        let changes = move || {
            // Reading it tracks it, too; a memo that is tracked and never read follows nothing.
            drawn.with(|_| ());
            page.is_here.get();
        };
        if is_beside_table {
            follow_later(page, changes);
        }
        // Whether charts are kept as they were, while these or more may wait.
        let kept_from = move |least| {
            let waits = is_beside_table.then(|| Memo::new(move |_| page.charts_behind.get() >= least));
            move || {
                if waits.is_none() {
                    changes();
                }
                waits.is_some_and(|waits| waits.get())
            }
        };
        let (is_kept, are_kept) = (kept_from(Behind::All), kept_from(Behind::Lower));
        // Each is made where somebody shows it.
        let speed_range = Memo::new(move |before: Option<&Arc<BarChart>>| {
            let is_kept = is_kept();
            let before = before.filter(|_| is_kept).cloned();
            before.unwrap_or_else(|| made(page, |source| Arc::new(model_speed_range(source))))
        });
        let by_workload = Memo::new(move |before: Option<&Vec<_>>| {
            let are_kept = are_kept();
            let before = before.filter(|_| are_kept).cloned();
            let all = |source: Source<'_>| by_workload(source).into_iter().map(Arc::new).collect();
            before.unwrap_or_else(|| made(page, all))
        });
        Self { page, speed_range, by_workload, surroundings }
    }

    /// The speed range of every model.
    pub fn speed_range(self) -> AnyView {
        el("section", "section")
            .attr("id", SPEED_RANGES)
            .child(el("h2", "").text("Model speed range"))
            .child(el("p", "lead").text(
                "One bar for each model and way of timing it, served or raw: the smallest and the largest value in the table",
            ))
            .child(self.figure(SPEED_RANGE.to_owned()))
            .build()
    }

    /// One chart for each workload shape.
    pub fn by_workload(self) -> AnyView {
        let page = self.page;
        let metric = move || page.question.with(|question| question.metric);
        let title = move || {
            if metric().lower_is_better() {
                format!("{} by workload", metric().name())
            } else {
                "Tok/s by workload".to_owned()
            }
        };
        let lead = el("p", "lead")
            .text("The same models with different questions. ")
            .child(term("prefill", "Prefill"))
            .text(" and ")
            .child(term("decode", "decode"))
            .text(" meet different limits, so prompt and answer length move the number. Results that were published only as a range have no bar here.");
        let none = move || match self.by_workload.with(Vec::is_empty) {
            true => none_to_draw().build(),
            false => nothing(),
        };
        let used = shapes_used(&page.data.index);
        let shapes = page.data.index.catalog.shapes.iter().zip(used).filter(|(_, is_used)| *is_used);
        let figures = shapes.map(|(shape, _)| self.workload(workload(&shape.id))).collect();
        el("section", "section")
            .attr("id", WORKLOADS)
            .child(el("h2", "").text_fn(title))
            .child(lead)
            .child(el("div", "charts").children(figures))
            .view_fn(none)
            .build()
    }

    /// The chart of one workload, made when the shape has results for the first time and hidden while it has none.
    fn workload(self, id: String) -> AnyView {
        let of = id.clone();
        let is_shown = move || self.by_workload.with(|charts| charts.iter().any(|chart| chart.id() == of));
        let is_there = is_shown.clone();
        let is_made = Memo::new(move |before: Option<&bool>| before == Some(&true) || is_there());
        dynamic(move || match is_made.get() {
            true => {
                let is_shown = is_shown.clone();
                self.figure(id.clone()).bind("hidden", move || (!is_shown()).then(String::new)).build()
            }
            false => nothing(),
        })
    }

    /// The ids of the charts by workload: each shape that has results.
    #[cfg(feature = "whole")]
    pub fn workloads(self) -> Vec<String> {
        self.by_workload.with(|charts| charts.iter().map(|chart| chart.id().to_owned()).collect())
    }

    /// One chart: caption, canvas, words and data. That of a shape which has no results any more stays as it was.
    pub fn figure(self, id: String) -> El {
        let Self { page, speed_range, by_workload, surroundings } = self;
        let about = id.strip_prefix("workload-").and_then(|id| {
            page.data
                .index
                .catalog
                .shapes
                .iter()
                .find(|shape| shape.id == id)
                .map(|shape| shape.about.clone())
        });
        let frame_id = format!("frame-{id}");
        let chart = Memo::new(move |before: Option<&Arc<BarChart>>| {
            if id == SPEED_RANGE {
                return speed_range.get();
            }
            let found = by_workload.with(|charts| charts.iter().find(|chart| chart.id() == id).cloned());
            found.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(BarChart::new(&id, "", "")))
        });
        figure(page, surroundings, frame_id, about, chart)
    }
}

/// What stands in the place of charts where there are none.
pub fn none_to_draw() -> El {
    el("p", "empty").text("No result of this selection has a value of its own to draw")
}

/// Says that the charts are behind when a choice changes what they draw, and that they may follow: those on the screen
/// once the table has its rows, the others once nothing changes.
fn follow_later(page: Page, changes: impl Fn() + 'static) {
    let tell = move |behind: Behind| {
        if page.charts_behind.try_set(behind).is_none() {
            browser::set_root_attribute("data-charts", (behind != Behind::None).then_some("behind"));
        }
    };
    // Charts that have gone, with their view or their program, follow nothing any more.
    on_cleanup(move || tell(Behind::None));
    // Charts that become lower bring others onto the screen, and some are there for the first time. Before the next frame
    // browsers, or what holds a place, may have moved the page along, too.
    let catch_up = move || {
        let is_seen = look_around(page) == Behind::Unseen;
        if is_seen && page.charts_behind.try_get_untracked() == Some(Behind::Lower) {
            tell(Behind::Unseen);
            browser::behind_effects(move || _ = look_around(page));
        }
    };
    let look_again = move || {
        browser::behind_effects(catch_up);
        browser::at_next_frame(Box::new(catch_up));
    };
    // Whatever moved since has moved between two frames, and browsers may not have told of it.
    let rest = move || {
        look_around(page);
        tell(Behind::None);
        browser::behind_effects(move || _ = look_around(page));
    };
    let at_rest = move || browser::after(AT_REST, Box::new(rest));
    Effect::new(move |before: Option<bool>| {
        changes();
        let all_bars = page.dress.with_untracked(|dress| dress.all_bars);
        // Another choice has its own turn, and takes away what this one waits for.
        let Some((turn, before)) = Owner::current().zip(before) else {
            // Where this program comes for the first one, it shows at once what that one did.
            if cfg!(feature = "whole") {
                look_again();
            }
            return all_bars;
        };
        tell(Behind::All);
        let begin = move || {
            let behind = look_around(page);
            if behind != Behind::All {
                tell(behind);
                look_again();
            }
            at_rest();
        };
        let begin = move || turn.with(begin);
        // More bars are of the same rows, which need not go before them: what is held has its place in the next frame.
        if all_bars == before {
            browser::at_next_frame(Box::new(begin));
        } else {
            browser::behind_effects(begin);
        }
        all_bars
    });
}

/// Changes when the drawing surface may look different.
pub fn surroundings() -> RwSignal<u32> {
    let surroundings = RwSignal::new(0_u32);
    Effect::new(move || {
        browser::on_surroundings_change(move || surroundings.update(|n| *n = n.wrapping_add(1)))
    });
    surroundings
}

/// A chart of its own, which never changes, with the surroundings it shares with others.
#[cfg(feature = "whole")]
pub fn fixed_figure(page: Page, surroundings: RwSignal<u32>, chart: &BarChart) -> AnyView {
    let (id, chart) = (format!("frame-{}", chart.id()), Arc::new(chart.clone()));
    figure(page, surroundings, id, None, Memo::new(move |_| chart.clone())).build()
}

/// Caption, canvas, words and data.
fn figure(
    page: Page,
    surroundings: RwSignal<u32>,
    frame_id: String,
    about: Option<String>,
    chart: Memo<Arc<BarChart>>,
) -> El {
    let width = RwSignal::new(0.0);
    let layout = Memo::new(move |_| {
        let options = Options::page(page.data.locale);
        (width.get() > 0.0).then(|| chart.with(|chart| charts::layout(chart, width.get(), options)))
    });
    let figure = Figure { page, chart, layout, chosen: RwSignal::new(None) };
    figure.draw(&frame_id, width, surroundings);
    let caption = el("figcaption", "")
        .child(el("h3", "").text_fn(move || chart.with(|chart| chart.title().to_owned())))
        .maybe(about.map(|about| el("p", "").text(about)))
        .child(
            el("p", "note")
                // The drawing says that there is nothing, and no more.
                .class_if("visually-hidden", move || {
                    chart.with(|chart| chart.bars().is_empty() && chart.left_out().is_none())
                })
                .text_fn(move || chart.with(|chart| charts::summary(chart, page.data.locale))),
        );
    let element = el("figure", "chart").child(caption).child(figure.frame(frame_id.clone()));
    // What answers nothing yet need not come ahead of what is read.
    if cfg!(feature = "snapshot") {
        return element;
    }
    element
        .child(el("p", "visually-hidden").attr("role", "status").text_fn(move || figure.spoken()))
        .child(figure.all_bars(&frame_id))
        .child(figure.data_table())
}

/// Makes charts of the answer as it is now.
fn made<T>(page: Page, make: impl FnOnce(Source<'_>) -> T) -> T {
    let most_bars =
        if page.dress.with_untracked(|dress| dress.all_bars) { charts::spec::MOST_BARS } else { FEW_BARS };
    let (index, locale) = (&page.data.index, page.data.locale);
    let (answer, selection) = (page.answer.get_untracked(), page.question.get_untracked());
    make(Source { index, selection: &selection, answer: &answer, locale, most_bars })
}

/// What one chart's parts share.
#[derive(Clone, Copy)]
struct Figure {
    page: Page,
    chart: Memo<Arc<BarChart>>,
    layout: Memo<Option<Layout>>,
    chosen: RwSignal<Option<usize>>,
}

impl Figure {
    /// Keeps the canvas as wide as its frame, and draws it whenever anything changes.
    fn draw(self, frame_id: &str, width: RwSignal<f64>, surroundings: RwSignal<u32>) {
        let Self { page, chart, layout, chosen, .. } = self;
        keep_width(frame_id, width);
        Effect::new(move || {
            chart.track();
            if chosen.with_untracked(Option::is_some) {
                chosen.set(None);
            }
        });
        let drawing = Drawing { height: |layout: &Layout| layout.height, paint: canvas::paint };
        keep_drawn(page, frame_id, surroundings, width, layout, chosen, drawing);
    }

    /// The canvas with its tooltip; pointer and arrow keys choose a bar.
    fn frame(self, id: String) -> El {
        let Self { chart, layout, chosen, .. } = self;
        let at = move |x, y| layout.with_untracked(|layout| charts::hit(layout.as_ref()?, x, y));
        let step = move |from, key| charts::step(chart.with_untracked(|chart| chart.bars().len()), from, key);
        let height =
            move || layout.with(|layout| layout.as_ref().map(|layout| format!("{}px", layout.height)));
        let label = move || Some(chart.with(|chart| format!("{}. Arrow keys read the bars", chart.title())));
        frame(id, chosen, Aim { at: Rc::new(at), step: Box::new(step) })
            .bind("aria-label", label)
            .style("height", move || height().unwrap_or_else(|| "auto".to_owned()))
            .view_fn(move || self.tip().unwrap_or_else(nothing))
    }

    /// The tooltip of the chosen bar, under its row.
    fn tip(self) -> Option<AnyView> {
        let bar = self.chosen.get()?;
        let lines = self.chart.with(|chart| Some(charts::tooltip(chart, chart.bars().get(bar)?)))?;
        let top = self.layout.with(|layout| Some(layout.as_ref()?.bars.get(bar)?.row.bottom()))?;
        let lines = views(lines.into_iter().map(|line| el("span", "").text(line)));
        Some(el("div", "chart-tip").style("top", move || format!("{top}px")).children(lines).build())
    }

    /// The chosen bar as a screen reader hears it.
    fn spoken(self) -> String {
        let Self { page, chart, chosen, .. } = self;
        let bar = chosen.get();
        bar.and_then(|bar| chart.with(|chart| charts::announce(chart, bar, page.data.locale)))
            .unwrap_or_default()
    }

    /// Notes, and a button for a chart that shows only the first bars: it shows all of them, or the first again, and
    /// stays where it is meanwhile.
    fn all_bars(self, frame_id: &str) -> El {
        let Self { page, chart, .. } = self;
        let notes = move || chart.with(|chart| chart.notes().join(" "));
        let is_long =
            Memo::new(move |_| chart.with(|chart| chart.bars().len() > FEW_BARS || chart.hidden() > 0));
        let label = move || match page.dress.with(|dress| dress.all_bars) {
            true => "Show fewer bars".to_owned(),
            false => "Show all bars".to_owned(),
        };
        // All charts change, and those above it with them.
        let place = format!("[id=\"{frame_id}\"] ~ .note button");
        let toggle = move |_| {
            let hold = Hold::new(place.clone());
            page.choose(|selection| selection.all_bars = !selection.all_bars);
            if let Some(hold) = hold {
                hold.keep();
            }
        };
        let button = move || match is_long.get() {
            true => button("link-button").on_click(toggle.clone()).text_fn(label).build(),
            false => nothing(),
        };
        el("p", "note small")
            .bind("hidden", move || (!is_long.get() && notes().is_empty()).then(String::new))
            .child(el("span", "").text_fn(notes))
            .text(" ")
            .view_fn(button)
    }

    /// The same numbers as a table.
    fn data_table(self) -> El {
        let Self { chart, .. } = self;
        let table = move || {
            chart.with(|chart| {
                let lines = chart.bars().iter().map(|bar| {
                    let name = el("th", "").attr("scope", "row").child(el("bdi", "").text(&bar.label));
                    let detail = el("td", "").child(el("bdi", "").text(&bar.detail));
                    el("tr", "").child(name).child(detail).child(number_cell(&bar.value_text))
                });
                let sides = cfg!(feature = "whole") && chart.id().starts_with(charts::compared::ID);
                let headings = vec![
                    heading(if sides { "Side" } else { "Model" }, false),
                    heading("Configuration", false),
                    heading(chart.unit(), true),
                ];
                let table = plain_table("", headings, views(lines));
                scroll_box(format!("Data: {}", chart.title()), table).build()
            })
        };
        data_fold(table)
    }
}
