//! Figures as the reports print them.

use super::cell;
use crate::format::MISSING;
use crate::model::catalog::Variant;
use crate::model::run::{Repetition, ResultEntry, Run, Statistic};
use crate::model::{Metric, Positive, plain};
use crate::stats;

/// The summary of a metric over its repetitions; `None` where they do not carry it.
pub(super) fn summary(run: &Run, result: &ResultEntry, metric: Metric) -> Option<f64> {
    let values = values(result, metric);
    match run.statistic {
        Statistic::Median => stats::median(&values),
        Statistic::Mean | Statistic::Single | Statistic::Unknown => stats::mean(&values),
    }
}

fn values(result: &ResultEntry, metric: Metric) -> Vec<f64> {
    result.repetitions.iter().filter_map(|repetition| repetition.value(metric)).map(Positive::get).collect()
}

/// `22.7 ±0.5`: as published where its repetitions give the same, and else from the repetitions.
///
/// A source rounded what it measured, a run file has its repetitions rounded already: the two may
/// be one unit of the last digit apart. Then the source's cell stays, so that a report that is read
/// and written again does not drift.
pub(super) fn rate(run: &Run, result: &ResultEntry, metric: Metric) -> String {
    let spread = stats::sample_deviation(&values(result, metric));
    let value = summary(run, result, metric);
    let stated = value.or_else(|| result.stated(metric).map(Positive::get));
    let Some(stated) = stated else { return MISSING.to_owned() };
    let same = |cell: &&String| says_the_same(cell, stated, value.and(spread), value.is_none());
    if let Some(cell) = result.published.get(&metric).filter(same) {
        return cell.clone();
    }
    if value.is_none() {
        return plain(stated);
    }
    let text = twice(stated);
    let value = if text == "0.0" { plain(stated) } else { text };
    let spread = spread.map(|spread| format!(" ±{}", twice(spread))).unwrap_or_default();
    format!("{value}{spread}")
}

/// True for a cell whose value and spread are those given, within one unit of their last digits. A
/// spread that cannot be computed, for the repetitions are not there, is believed.
fn says_the_same(cell: &str, value: f64, spread: Option<f64>, believe: bool) -> bool {
    let near = |text: &str, exact: f64| {
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let unit = (0..decimals.min(20)).fold(1.0, |unit, _| unit / 10.0);
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        // The slack is for the last bit of the difference.
        plain && text.parse().is_ok_and(|number: f64| (number - exact).abs() <= unit * 1.000_001)
    };
    match cell.split_once(" ±") {
        None => near(cell, value),
        Some((printed, of)) => {
            let spread_fits = match spread {
                Some(spread) => near(of, spread),
                None => believe && near(of, of.parse().unwrap_or(f64::NAN)),
            };
            near(printed, value) && spread_fits
        }
    }
}

/// `ERROR: server died`, however the run file puts it.
pub(super) fn failure(words: &str) -> String {
    let words = words.strip_prefix("ERROR").map_or(words, |rest| rest.trim_start_matches(':'));
    format!("ERROR: {}", cell(words))
}

/// One decimal, rounded to two decimals first, each time on binary floats: 67.55 becomes 67.5, for
/// the float nearest to 67.55 lies below it. The first reports were rounded like this, and equal
/// figures should read equal.
fn twice(value: f64) -> String {
    let once: f64 = format!("{value:.2}").parse().unwrap_or(value);
    format!("{once:.1}")
}

/// A cell with its numbers rounded to whole ones, half up; one that would become 0 stays.
pub(super) fn coarse(cell: &str) -> String {
    let whole = |number: &str| match number.parse::<f64>().map(|value| (value + 0.5).floor()) {
        Ok(value) if value > 0.0 => format!("{value:.0}"),
        _ => number.to_owned(),
    };
    match cell.split_once(" ±") {
        Some((value, spread)) => format!("{} ±{}", whole(value), whole(spread)),
        None => whole(cell),
    }
}

/// `50s`, `1m41s`.
pub(super) fn load(result: &ResultEntry) -> String {
    let Some(load) = result.load_s.map(Positive::get) else { return MISSING.to_owned() };
    let minutes = (load / 60.0).floor();
    let seconds = load - 60.0 * minutes;
    match (minutes > 0.0, seconds.fract() > 0.0) {
        (false, _) => format!("{}s", plain(seconds)),
        (true, false) => format!("{minutes:.0}m{seconds:02.0}s"),
        (true, true) => format!("{minutes:.0}m{}s", plain(seconds)),
    }
}

/// `pp=176.09 tg=23.21 ttft=3.29s (prompt=579 tok, gen=128 tok)`.
pub(super) fn repetition(repetition: &Repetition) -> String {
    let rate = |rate: Option<Positive>| rate.map_or_else(|| MISSING.to_owned(), |rate| exact(rate.get()));
    let mut text =
        format!("pp={} tg={}", rate(repetition.prefill_tok_per_s), rate(repetition.decode_tok_per_s));
    if let Some(ttft) = repetition.ttft_ms {
        text.push_str(&format!(" ttft={}s", seconds(ttft.get())));
    }
    let tokens = [("prompt", repetition.prompt_tokens), ("gen", repetition.output_tokens)];
    let tokens: Vec<String> =
        tokens.iter().filter_map(|(name, count)| Some(format!("{name}={} tok", (*count)?))).collect();
    if !tokens.is_empty() {
        text.push_str(&format!(" ({})", tokens.join(", ")));
    }
    text
}

/// Two decimals, or as many as the number has.
fn exact(value: f64) -> String {
    let two = format!("{value:.2}");
    if two.parse() == Ok(value) { two } else { format!("{value}") }
}

/// Milliseconds as seconds, without a digit too few.
fn seconds(milliseconds: f64) -> String {
    let two = format!("{:.2}", milliseconds / 1e3);
    let same = two.parse().is_ok_and(|seconds: f64| (seconds * 1e9).round() / 1e6 == milliseconds);
    if same { two } else { plain_or_all(milliseconds / 1e3) }
}

fn plain_or_all(value: f64) -> String {
    format!("{value:.9}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Total and active parameters as text, each with `~` where the source calls it approximate: of two
/// different counts it is the active one that is estimated.
pub(super) fn params(model: &Variant) -> [Option<String>; 2] {
    let (total, active) = (model.total_params_b, model.active_params_b);
    let dense = active.is_none() || active == total;
    let text = |count: Option<Positive>, approximate: bool| {
        let mark = if approximate { "~" } else { "" };
        count.map(|count| format!("{mark}{count}B"))
    };
    [text(total, model.params_approximate && dense), text(active, model.params_approximate)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_in_two_steps() {
        assert_eq!(twice((65.89 + 69.00 + 67.77) / 3.0), "67.5");
        assert_eq!([0.04, 22.696_7, 126.473].map(twice), ["0.0", "22.7", "126.5"]);
    }

    #[test]
    fn a_printed_cell_stays_where_its_repetitions_give_the_same() {
        assert!(says_the_same("11.6 ±0.2", 11.586_7, Some(0.258_9), false));
        assert!(says_the_same("202.3 ±5.2", 202.356_7, Some(5.198_1), false));
        assert!(says_the_same("28.0", 27.963, Some(9.43), false), "a cell without a spread");
        assert!(says_the_same("696 ±105", 696.0, None, true));
        for wrong in ["11.8 ±0.2", "11.6 ±0.5", "fast", "11.6 ±", "11.6 ±x", "<b>11.6</b>", ""] {
            assert!(!says_the_same(wrong, 11.586_7, Some(0.258_9), false), "{wrong}");
        }
        assert!(!says_the_same("11.6 ±0.2", 11.6, None, false), "one repetition has no spread");
    }

    #[test]
    fn a_summary_rounds_once_more() {
        let cells = ["126.5 ±8.0", "82.4 ±0.5", "82.2 ±0.2", "36.8 ±0.0", "696", "—"];
        assert_eq!(cells.map(coarse), ["127 ±8", "82 ±1", "82 ±0.2", "37 ±0.0", "696", "—"]);
    }

    #[test]
    fn loads_have_minutes_where_they_take_some() {
        let text = |seconds: f64| {
            load(&ResultEntry { load_s: Positive::try_from(seconds).ok(), ..ResultEntry::default() })
        };
        assert_eq!([50.0, 60.0, 101.0, 2.4, 61.5].map(text), ["50s", "1m00s", "1m41s", "2.4s", "1m1.5s"]);
        assert_eq!(text(0.0), "—");
    }

    #[test]
    fn repetitions_keep_every_digit() {
        let positive = |value: f64| Positive::try_from(value).ok();
        let full = Repetition {
            prefill_tok_per_s: positive(92.5),
            decode_tok_per_s: positive(9.123_4),
            ttft_ms: positive(952.125),
            prompt_tokens: Some(212),
            output_tokens: None,
        };
        assert_eq!(repetition(&full), "pp=92.50 tg=9.1234 ttft=0.952125s (prompt=212 tok)");
        assert_eq!(repetition(&Repetition::default()), "pp=— tg=—");
    }
}
