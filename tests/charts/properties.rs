//! What holds for any numbers, any text and any width.

use std::time::{Duration, Instant};

use tokscope::charts::layout::{Rect, Scatter};
use tokscope::charts::metrics::text_width;
use tokscope::charts::spec::Spread;
use tokscope::charts::{Bar, BarChart, Kind, Layout, Look, Options, Series, Theme, hit, layout, to_svg};

use crate::xml;

/// A small generator of repeatable chance (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// Any number there is, the strange ones often.
    pub(crate) fn number(&mut self) -> f64 {
        const STRANGE: [f64; 20] = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e308,
            -1e308,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            -5e-324,
            0.0,
            -0.0,
            1e9,
            1e9 + 1.0,
            -1.0,
            1e-6,
            1e-7,
            1.0,
            0.1,
            999.95,
        ];
        match self.below(4) {
            0 => STRANGE[self.below(STRANGE.len())],
            1 => f64::from_bits(self.next()),
            2 => f64::from(u32::try_from(self.below(1 << 30)).unwrap()) / 1e3,
            _ => f64::from(u32::try_from(self.below(1 << 20)).unwrap()) / 1e6,
        }
    }

    pub(crate) fn text(&mut self) -> String {
        const PIECES: [&str; 16] = [
            "a",
            "Model",
            " ",
            "<",
            "&",
            "\"",
            "\u{0}",
            "\u{301}",
            "👩‍👩‍👧‍👦",
            "漢",
            "ش",
            "\u{202e}",
            "\u{ffff}",
            "]]>",
            "Q4_K_M · ",
            "llama.cpp b9174 (cuda)",
        ];
        (0..self.below(30)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn chart(&mut self) -> BarChart {
        let bars = (0..self.below(14)).map(|_| {
            let low = self.number();
            let high = if self.below(2) == 0 { low } else { self.number() };
            let value_text = if self.below(8) == 0 { self.text() } else { format!("{low:.1}–{high:.1}") };
            let series = Series::ALL[self.below(6)];
            Bar {
                label: self.text(),
                detail: self.text(),
                low,
                high,
                value_text,
                series,
                spread: self.spread(),
                results: Vec::new(),
            }
        });
        let bars: Vec<Bar> = bars.collect();
        let kind = if self.below(2) == 0 { Kind::Value } else { Kind::Range };
        BarChart::new(&self.text(), &self.text(), &self.text())
            .with_kind(kind)
            .with_note(&self.text())
            .with_lower_is_better(self.below(2) == 0)
            .with_bars(bars)
    }

    /// Mostly ends that a chart can show, in any order, far from the bar or around it.
    fn spread(&mut self) -> Option<Spread> {
        if self.below(3) == 0 {
            return None;
        }
        let strange = self.below(4) == 0;
        let mut end = || if strange { self.number() } else { self.number().abs().min(1e9) };
        let ends = (end(), end());
        let repetitions = (0..[0, 1, 3, 30][self.below(4)]).map(|_| self.number().abs().min(1e9)).collect();
        Some(Spread { ends, repetitions })
    }

    pub(crate) fn width(&mut self) -> f64 {
        const WIDTHS: [f64; 10] =
            [320.0, 390.0, 559.0, 560.0, 1100.0, 3840.0, 0.0, -5.0, f64::NAN, f64::INFINITY];
        WIDTHS[self.below(WIDTHS.len())]
    }
}

pub(crate) fn inside(inner: Rect, outer: Rect) -> bool {
    inner.w >= 0
        && inner.h >= 0
        && inner.x >= outer.x
        && inner.y >= outer.y
        && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom()
}

fn assert_sound(spec: &BarChart, layout: &Layout) {
    let page = Rect { x: 0, y: 0, w: layout.width, h: layout.height };
    assert!(inside(layout.plot, page) && layout.plot.w > 0, "{:?} in {page:?}", layout.plot);
    assert_eq!(layout.bars.len(), spec.bars().len());
    for (bar, of) in layout.bars.iter().zip(spec.bars()) {
        assert!(inside(bar.row, page) && inside(bar.solid, layout.plot) && inside(bar.track, layout.plot));
        assert_eq!(bar.track.x, layout.plot.x, "every bar starts at zero");
        assert_eq!(bar.track.right(), bar.solid.x, "the parts of a bar touch");
        assert!(bar.row.h >= 24, "a target of at least 24 pixels");
        match spec.kind() {
            Kind::Value => assert!(bar.track.w == 0 && (bar.solid.w > 0) == (of.high > 0.0)),
            Kind::Range => assert!(bar.solid.w >= 3),
        }
    }
    assert_scatter(spec, layout);
    for line in layout.grid.iter().chain(&layout.zero) {
        assert!(inside(*line, Rect { w: layout.plot.w + 1, ..layout.plot }), "{line:?}");
    }
    for (sample, _) in &layout.legend {
        assert!(inside(*sample, page));
    }
    for run in &layout.texts {
        let width = text_width(&run.text, run.size, run.weight);
        let left = match run.anchor {
            tokscope::charts::layout::Anchor::Start => f64::from(run.x),
            tokscope::charts::layout::Anchor::Middle => f64::from(run.x) - width / 2.0,
        };
        assert!(left >= -1.0 && left + width <= f64::from(layout.width) + 1.0, "{run:?} in {}", layout.width);
        assert!(run.baseline > 0 && run.baseline < layout.height, "{run:?}");
    }
}

/// Error bars are closed, lie on their bars and in the plot, and every repetition has its dot.
fn assert_scatter(spec: &BarChart, layout: &Layout) {
    let bars = spec.bars().iter().zip(&layout.bars);
    let spread: Vec<_> =
        bars.filter_map(|(of, bar)| of.spread.as_ref().map(|spread| (spread, bar))).collect();
    assert_eq!(layout.scatter.len(), spread.len());
    for (Scatter { whisker, dots }, (spread, bar)) in layout.scatter.iter().zip(spread) {
        let [line, low, high] = whisker;
        // A line of one pixel may stand on the last one of the plot, as that of a tick does.
        let plot = Rect { w: layout.plot.w + 1, ..layout.plot };
        assert!(whisker.iter().all(|part| part.w > 0 && inside(*part, plot)), "{whisker:?} in {plot:?}");
        assert_eq!((low.x, high.x), (line.x, line.right() - 1), "a cap at each end");
        assert!(bar.row.y <= low.y && low.bottom() <= bar.row.bottom(), "on the row of its bar");
        assert_eq!(dots.len(), spread.repetitions.len());
        for ((x, y), value) in dots.iter().zip(&spread.repetitions) {
            assert!((plot.x..plot.right()).contains(x), "{x} of {value} in {plot:?}");
            assert!((bar.row.y..bar.row.bottom()).contains(y));
        }
        // Nothing of it is written over.
        let rightmost = dots.iter().map(|dot| dot.0).chain([high.x]).max().unwrap_or_default();
        let of_row = |baseline: i32| (bar.solid.y..=bar.solid.bottom()).contains(&baseline);
        let mut values = layout.texts.iter().filter(|run| of_row(run.baseline) && run.x > bar.solid.x);
        assert!(values.all(|run| run.x > rightmost + 4), "{rightmost} px under a value");
    }
}

#[test]
fn the_gate_keeps_spreads_that_can_be_drawn_and_no_others() {
    let mut chance = Chance(6);
    let (mut kept, mut refused) = (0, 0);
    for _ in 0..3000 {
        let spread = chance.spread();
        let bar = Bar { spread: spread.clone(), ..crate::cases::bar("a", "", (5.0, 5.0), Series::Cuda) };
        let chart = BarChart::new("c", "t", "tok/s").with_bars(vec![bar]);
        let Some(Spread { ends: (low, high), repetitions }) = &spread else { continue };
        let fit = |value: &f64| (0.0..=1e9).contains(value);
        let can_be_drawn = repetitions.iter().chain([low, high]).all(fit) && low <= high;
        let expected = spread.as_ref().filter(|_| can_be_drawn);
        assert_eq!(chart.bars()[0].spread.as_ref(), expected);
        if can_be_drawn { kept += 1 } else { refused += 1 }
    }
    assert!(kept > 300 && refused > 300, "{kept} kept, {refused} refused");
}

#[test]
fn any_chart_is_laid_out_inside_its_page() {
    let mut chance = Chance(1);
    for _ in 0..3000 {
        let spec = chance.chart();
        for options in [Options::file(), Options::page(tokscope::format::Locale::default())] {
            let width = chance.width();
            let first = layout(&spec, width, options);
            assert_sound(&spec, &first);
            assert_eq!(first, layout(&spec, width, options));
        }
    }
}

#[test]
fn any_chart_becomes_well_formed_svg_at_once() {
    let mut chance = Chance(2);
    for _ in 0..1500 {
        let (spec, width) = (chance.chart(), chance.width());
        let look = if chance.below(2) == 0 { Look::Auto } else { Look::Fixed(Theme::DARK) };
        let start = Instant::now();
        let svg = to_svg(&spec, width, look);
        // A hang, not slowness, is what this guards against: an axis of infinite span never ends.
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(xml::check(&svg), Ok(()), "{svg}");
        assert!(!svg.contains("NaN") || spec.bars().iter().any(|bar| bar.value_text.contains("NaN")));
        assert_eq!(svg, to_svg(&spec, width, look));
    }
}

#[test]
fn texts_of_a_row_do_not_touch() {
    let mut chance = Chance(3);
    for _ in 0..500 {
        let spec = chance.chart();
        let layout = layout(&spec, chance.width(), Options::file());
        for bar in &layout.bars {
            let runs = layout
                .texts
                .iter()
                .filter(|run| (bar.row.y..=bar.row.bottom()).contains(&run.baseline) && run.x < bar.solid.x);
            for run in runs.filter(|_| layout.width >= 560) {
                let end = f64::from(run.x) + text_width(&run.text, run.size, run.weight);
                assert!(end <= f64::from(layout.plot.x), "{run:?} reaches into the plot");
            }
        }
    }
}

#[test]
fn every_row_answers_from_edge_to_edge() {
    let mut chance = Chance(4);
    for _ in 0..200 {
        let spec = chance.chart();
        let layout = layout(&spec, 720.0, Options::file());
        for (at, bar) in layout.bars.iter().enumerate() {
            let (top, bottom) = (f64::from(bar.row.y), f64::from(bar.row.bottom()));
            for x in [0.0, 360.0, 719.9] {
                assert_eq!(hit(&layout, x, top), Some(at));
                assert_eq!(hit(&layout, x, bottom - 0.1), Some(at));
            }
            assert_eq!(hit(&layout, 720.0, top), None);
        }
        assert_eq!(hit(&layout, f64::NAN, 10.0), None);
        assert_eq!(hit(&layout, 10.0, -1.0), None);
        assert_eq!(hit(&layout, 10.0, f64::from(layout.height)), None);
    }
}

#[test]
fn height_is_known_from_the_count_of_bars() {
    let mut chance = Chance(5);
    let bars = |count: usize| {
        let bar = crate::cases::bar("Model", "Q4_K_M", (10.0, 10.0), Series::Cuda);
        BarChart::new("c", "Title", "tok/s").with_bars(vec![bar; count])
    };
    let height = |count| layout(&bars(count), 720.0, Options::file()).height;
    let row = height(2) - height(1);
    for _ in 0..20 {
        let count = chance.below(100) + 1;
        assert_eq!(height(count), height(1) + row * i32::try_from(count - 1).unwrap());
    }
}
