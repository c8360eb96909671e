//! A stretch of a tall chart: nobody need draw what no screen shows.

use std::ops::Range;

use super::layout::{DRAWS_SCATTER, Layout, Rect, Scatter};

/// How far dots reach beyond the line that they stand on, and more.
const REACH: i32 = 16;

impl Layout {
    /// What lies between two heights as a layout of its own, and how many bars are above it.
    pub fn part(&self, stretch: Range<i32>) -> (Self, usize) {
        let Range { start, end } = stretch;
        let meets = |y: i32, bottom: i32| y < end && bottom > start;
        let is_in = |rect: &Rect| meets(rect.y, rect.bottom());
        let moved = |rect: Rect| Rect { y: rect.y - start, ..rect };
        // Lines may be as long as the chart.
        let cut = |lines: &[Rect]| -> Vec<Rect> {
            let lines = lines.iter().filter(|line| is_in(line));
            let ends = lines.map(|line| (line, line.y.max(start), line.bottom().min(end)));
            ends.map(|(line, y, bottom)| moved(Rect { y, h: bottom - y, ..*line })).collect()
        };
        let mut bars = self.bars.clone();
        bars.retain_mut(|bar| {
            let is_in = is_in(&bar.row);
            (bar.row, bar.track, bar.solid) = (moved(bar.row), moved(bar.track), moved(bar.solid));
            is_in
        });
        let scatter = self.scatter.iter().filter(|_| DRAWS_SCATTER);
        let scatter =
            scatter.filter(|Scatter { whisker: [line, ..], .. }| meets(line.y - REACH, line.y + REACH));
        let scatter = scatter.map(|Scatter { whisker, dots }| Scatter {
            whisker: whisker.map(moved),
            dots: dots.iter().map(|&(x, y)| (x, y - start)).collect(),
        });
        let legend = self.legend.iter().filter(|(sample, _)| is_in(sample));
        let mut texts = self.texts.clone();
        texts.retain_mut(|run| {
            let size = i32::try_from(run.size).unwrap_or_default();
            let is_in = meets(run.baseline - size, run.baseline + size);
            run.baseline -= start;
            is_in
        });
        let part = Self {
            width: self.width,
            height: end - start,
            plot: moved(self.plot),
            scatter: scatter.collect(),
            grid: cut(&self.grid),
            zero: cut(&self.zero),
            legend: legend.map(|(sample, series)| (moved(*sample), *series)).collect(),
            texts,
            bars,
        };
        (part, self.bars.iter().take_while(|bar| bar.row.bottom() <= start).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::spec::{Bar, BarChart, Series};
    use crate::charts::{Options, layout};
    use crate::format::Locale;

    fn tall() -> Layout {
        let bar = |at: u32| Bar {
            label: format!("Model {at}"),
            detail: format!("Q4_K_M · rig {}", at % 7),
            low: 1.0,
            high: f64::from(400 - at),
            value_text: format!("{}", 400 - at),
            series: if at.is_multiple_of(2) { Series::Cuda } else { Series::Rocm },
            spread: None,
            results: Vec::new(),
        };
        let chart = BarChart::new("tall", "Tall", "tok/s").with_bars((0..200).map(bar).collect());
        layout(&chart, 900.0, Options::page(Locale::default()))
    }

    #[test]
    fn parts_hold_everything_once_and_in_its_place() {
        let whole = tall();
        let mut seen = (0, 0, 0);
        for start in (0..whole.height).step_by(512) {
            let stretch = start..(start + 512).min(whole.height);
            let (part, above) = whole.part(stretch.clone());
            assert_eq!((part.width, part.height), (whole.width, stretch.end - start));
            for (bar, original) in part.bars.iter().zip(whole.bars.iter().skip(above)) {
                assert_eq!((bar.solid.y + start, bar.solid.w), (original.solid.y, original.solid.w));
                assert_eq!(bar.row.y + start, original.row.y);
            }
            // Who begins in this part is of no other one.
            seen.0 += part.bars.iter().filter(|bar| (0..512).contains(&bar.row.y)).count();
            seen.1 += part.texts.iter().filter(|run| (0..512).contains(&run.baseline)).count();
            seen.2 += part.grid.iter().map(|line| line.h).sum::<i32>();
            assert!(
                part.grid.iter().chain(&part.zero).all(|line| line.y >= 0 && line.bottom() <= part.height)
            );
        }
        let lines = whole.grid.iter().map(|line| line.h).sum::<i32>();
        assert_eq!(seen, (whole.bars.len(), whole.texts.len(), lines));
    }

    #[test]
    fn all_of_it_is_the_chart() {
        let whole = tall();
        assert_eq!(whole.part(0..whole.height), (whole.clone(), 0));
    }
}
