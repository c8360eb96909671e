//! A chart in words: for readers who do not see it, and for those who want the sentence.

use super::compose::{own_parts, shared_parts};
use super::spec::{Bar, BarChart, Kind};
use crate::format::Locale;

/// The title and the [`summary`]: what stands for the chart where nothing else names it.
pub fn describe(spec: &BarChart, locale: Locale) -> String {
    format!("{}. {}", spec.title(), summary(spec, locale)).trim_start_matches(". ").to_owned()
}

/// A few sentences: how many bars there are, the best and the worst, how far they are apart, and
/// what is missing.
pub fn summary(spec: &BarChart, locale: Locale) -> String {
    let bars = spec.bars();
    let mut text = match bars {
        [] => "No data for this selection.".to_owned(),
        [bar] if spec.hidden() == 0 => format!("One bar: {} at {}.", bar.label, value(spec, bar)),
        _ if spec.hidden() > 0 => {
            let all = bars.len() + spec.hidden();
            format!("The first {} of {} bars. ", locale.count(bars.len()), locale.count(all))
        }
        _ => format!("{} bars. ", locale.count(bars.len())),
    };
    if bars.len() > 1 {
        text.push_str(&extremes(spec, locale));
    }
    if let Some(left_out) = spec.left_out() {
        text = format!("{} {left_out}.", text.trim_end());
    }
    text.truncate(text.trim_end().len());
    text
}

/// The lines of a bar's tooltip: name, configuration, value with unit.
pub fn tooltip(spec: &BarChart, bar: &Bar) -> Vec<String> {
    let lines = [bar.label.clone(), bar.detail.clone(), value(spec, bar)];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// A bar as a screen reader hears it when the keys reach it; `None` for a bar that is not there.
pub fn announce(spec: &BarChart, index: usize, locale: Locale) -> Option<String> {
    let bar = spec.bars().get(index)?;
    let (place, count) = (locale.count(index + 1), locale.count(spec.bars().len()));
    Some(format!("{}, {place} of {count}", tooltip(spec, bar).join(", ")))
}

/// The value with its unit.
fn value(spec: &BarChart, bar: &Bar) -> String {
    format!("{} {}", bar.value_text, spec.unit()).trim().to_owned()
}

/// The end of a bar that counts: the top of a range, its bottom where lower is better.
fn better_end(spec: &BarChart, bar: &Bar) -> f64 {
    if spec.lower_is_better() { bar.low } else { bar.high }
}

/// The sentence about two or more bars.
fn extremes(spec: &BarChart, locale: Locale) -> String {
    let end = |bar: &Bar| better_end(spec, bar);
    let ends = || spec.bars().iter().map(end);
    let (least, most) = (ends().fold(f64::INFINITY, f64::min), ends().fold(0.0, f64::max));
    let (best, worst) = if spec.lower_is_better() { (least, most) } else { (most, least) };
    let at = |wanted: f64| -> Vec<&Bar> {
        spec.bars().iter().filter(|bar| end(bar).total_cmp(&wanted).is_eq()).collect()
    };
    let (first, last) = (at(best), at(worst));
    if least.total_cmp(&most).is_eq() {
        return first.first().map_or_else(String::new, |bar| format!("All are at {}.", value(spec, bar)));
    }
    let (good, bad) = adjectives(spec.unit(), spec.lower_is_better());
    let apart = distance(spec, least, most, locale);
    // What is not drawn may be worse still.
    let of = if spec.hidden() > 0 { " of these" } else { "" };
    format!("{good}: {}; {bad}{of}: {}{apart}.", named(spec, &first, locale), named(spec, &last, locale))
}

/// What the best and the worst value of a unit are called.
pub(super) fn adjectives(unit: &str, lower_is_better: bool) -> (&'static str, &'static str) {
    match (unit.ends_with("/s") || unit == "ms" || unit == "s", lower_is_better) {
        (true, _) => ("Fastest", "slowest"),
        (false, false) => ("Highest", "lowest"),
        (false, true) => ("Lowest", "highest"),
    }
}

/// `LFM2 1.2B at 508.7 tok/s`; what its configuration has for itself too, where the name alone is
/// not unique, and the others where several are equal.
fn named(spec: &BarChart, bars: &[&Bar], locale: Locale) -> String {
    let Some(bar) = bars.first() else { return String::new() };
    let namesakes = spec.bars().iter().filter(|other| other.label == bar.label).count();
    let mut name = if bar.label.is_empty() { "unnamed".to_owned() } else { bar.label.clone() };
    let own = own_parts(bar, &shared_parts(spec.bars()));
    if namesakes > 1 && !own.is_empty() {
        name = format!("{name}, {own},");
    }
    let others = match bars.len() - 1 {
        0 => String::new(),
        1 => " and one other".to_owned(),
        n => format!(" and {} others", locale.count(n)),
    };
    format!("{name}{others} at {}", value(spec, bar))
}

/// How far the ends are apart, as a factor; nothing where the smaller one is zero.
fn distance(spec: &BarChart, least: f64, most: f64, locale: Locale) -> String {
    let ratio = most / least;
    if !ratio.is_finite() {
        return String::new();
    }
    let of = match spec.kind() {
        Kind::Value => "",
        Kind::Range if spec.lower_is_better() => " between their low ends",
        Kind::Range => " between their high ends",
    };
    if ratio < 1.01 {
        return format!(", less than 1% apart{of}");
    }
    // Two digits that mean something: 1.04, 7.8, 120.
    let decimals = if ratio < 1.1 { 2 } else { usize::from(ratio < 100.0) };
    format!(", a factor of {}{of}", locale.number(ratio, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::spec::Series;

    fn bar(label: &str, low: f64, high: f64) -> Bar {
        Bar {
            label: label.to_owned(),
            detail: "Q4_K_M".to_owned(),
            low,
            high,
            value_text: if low == high { format!("{low:.1}") } else { format!("{low:.1}–{high:.1}") },
            series: Series::Cuda,
            spread: None,
            results: Vec::new(),
        }
    }

    fn said(chart: BarChart, bars: Vec<Bar>) -> String {
        describe(&chart.with_bars(bars), Locale::default())
    }

    fn speed() -> BarChart {
        BarChart::new("c", "Decode tok/s for chat", "tok/s")
    }

    #[test]
    fn none_one_and_many() {
        assert_eq!(said(speed(), vec![]), "Decode tok/s for chat. No data for this selection.");
        assert_eq!(
            said(speed(), vec![bar("LFM2 1.2B", 508.7, 508.7)]),
            "Decode tok/s for chat. One bar: LFM2 1.2B at 508.7 tok/s."
        );
        assert_eq!(
            said(speed(), vec![bar("A", 761.9, 761.9), bar("B", 200.0, 200.0), bar("C", 97.6, 97.6)]),
            "Decode tok/s for chat. 3 bars. Fastest: A at 761.9 tok/s; slowest: C at 97.6 tok/s, \
             a factor of 7.8."
        );
    }

    #[test]
    fn a_shortened_chart_does_not_speak_for_the_rest() {
        let bars = vec![bar("A", 9.0, 9.0), bar("B", 6.0, 6.0), bar("C", 3.0, 3.0)];
        assert_eq!(
            summary(&speed().with_most_bars(2).with_bars(bars.clone()), Locale::default()),
            "The first 2 of 3 bars. Fastest: A at 9.0 tok/s; slowest of these: B at 6.0 tok/s, a factor of 1.5."
        );
        assert_eq!(
            summary(&speed().with_most_bars(1).with_bars(bars), Locale::default()),
            "The first 1 of 3 bars."
        );
    }

    #[test]
    fn lower_is_better_turns_the_sentence() {
        let chart = BarChart::new("c", "TTFT for rag", "ms").with_lower_is_better(true);
        assert_eq!(
            said(chart, vec![bar("A", 120.0, 120.0), bar("B", 4800.0, 4800.0)]),
            "TTFT for rag. 2 bars. Fastest: A at 120.0 ms; slowest: B at 4800.0 ms, a factor of 40.0."
        );
        let sizes = BarChart::new("c", "File size", "GiB").with_lower_is_better(true);
        assert!(said(sizes, vec![bar("A", 1.0, 1.0), bar("B", 2.0, 2.0)]).contains("Lowest: A"));
    }

    #[test]
    fn ties_and_namesakes() {
        assert_eq!(
            said(speed(), vec![bar("A", 5.0, 5.0), bar("B", 5.0, 5.0)]),
            "Decode tok/s for chat. 2 bars. All are at 5.0 tok/s."
        );
        let tied = vec![bar("A", 5.0, 5.0), bar("B", 5.0, 5.0), bar("C", 4.0, 4.0)];
        assert!(said(speed(), tied).contains("Fastest: A and one other at 5.0 tok/s"));
        let mut same = vec![bar("A", 5.0, 5.0), bar("A", 4.99, 4.99)];
        assert!(said(speed(), same.clone()).ends_with("slowest: A at 5.0 tok/s, less than 1% apart."));
        same.push(Bar { detail: "Q4_K_M · cpu".to_owned(), ..bar("A", 1.0, 1.0) });
        assert!(said(speed(), same).ends_with("slowest: A, cpu, at 1.0 tok/s, a factor of 5.0."));
        let close = vec![bar("A", 5.2, 5.2), bar("B", 5.0, 5.0)];
        assert!(said(speed(), close).ends_with("a factor of 1.04."));
    }

    #[test]
    fn ranges_compare_their_better_ends() {
        let bars = vec![bar("A", 206.5, 216.7), bar("B", 20.0, 21.67)];
        assert!(
            said(speed().with_kind(Kind::Range), bars)
                .contains("Fastest: A at 206.5–216.7 tok/s; slowest: B at 20.0–21.7 tok/s, a factor of 10.0 between their high ends.")
        );
    }

    #[test]
    fn zero_and_left_out_values_are_said() {
        let bars = vec![bar("A", 5.0, 5.0), bar("B", 0.0, 0.0), bar("C", f64::NAN, f64::NAN)];
        let text = said(speed(), bars);
        assert!(text.contains("slowest: B at 0.0 tok/s. 1 bar is left out"), "{text}");
    }

    #[test]
    fn a_bar_is_read_out() {
        let chart = speed().with_bars(vec![bar("A", 1.0, 2.0), bar("B", 1.0, 1.0)]);
        let spoken = announce(&chart, 0, Locale::default());
        assert_eq!(spoken.as_deref(), Some("A, Q4_K_M, 1.0–2.0 tok/s, 1 of 2"));
        assert_eq!(announce(&chart, 2, Locale::default()), None);
    }
}
