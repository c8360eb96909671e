//! A chart of points in words: for readers who do not see it, and for those who want the sentence.

use super::hit::in_order;
use super::spec::{Point, PointChart};
use crate::charts::compose::SEPARATOR;
use crate::charts::describe::adjectives;
use crate::format::Locale;

/// The title and the [`summary`]: what stands for the chart where nothing else names it.
pub fn describe(spec: &PointChart, locale: Locale) -> String {
    format!("{}. {}", spec.title(), summary(spec, locale)).trim_start_matches(". ").to_owned()
}

/// A few sentences: how many points there are, the best and the worst, how many lie above a limit that
/// holds for them, and what is missing.
pub fn summary(spec: &PointChart, locale: Locale) -> String {
    let points = spec.points();
    let mut sentences = vec![match points {
        [] => "No data for this selection.".to_owned(),
        [point] if spec.hidden() == 0 => {
            format!("One point: {} at {}.", name(spec, point), value(spec, point))
        }
        _ if spec.hidden() > 0 => {
            let all = points.len() + spec.hidden();
            format!("The first {} of {} points.", locale.count(points.len()), locale.count(all))
        }
        _ => format!("{} points.", locale.count(points.len())),
    }];
    if points.len() > 1 {
        sentences.push(extremes(spec, locale));
    }
    sentences.extend(above(spec, locale));
    sentences.extend(spec.left_out().map(|left_out| format!("{left_out}.")));
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.join(" ")
}

/// The lines of a point's tooltip: name, configuration, both numbers, and what else is to be said.
pub fn tooltip(spec: &PointChart, point: &Point) -> Vec<String> {
    let lines = [
        point.label.clone(),
        point.detail.clone(),
        with_unit(&point.x_text, spec.x().unit()),
        value(spec, point),
        point.remark.clone(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// A point as a screen reader hears it when the keys reach it, counted from left to right; `None` for one
/// that is not there.
pub fn announce(spec: &PointChart, index: usize, locale: Locale) -> Option<String> {
    let point = spec.points().get(index)?;
    let place = in_order(spec).into_iter().position(|at| at == index)?;
    let (place, count) = (locale.count(place + 1), locale.count(spec.points().len()));
    Some(format!("{}, {place} of {count}", tooltip(spec, point).join(", ")))
}

/// The headings of the table with the same numbers; the columns of [`cells`].
pub fn headings(spec: &PointChart) -> [String; 5] {
    ["Point".to_owned(), "Configuration".to_owned(), spec.x().name(), spec.y().name(), "Remark".to_owned()]
}

/// A point as a row of that table.
pub fn cells(point: &Point) -> [&str; 5] {
    [&point.label, &point.detail, &point.x_text, &point.value_text, &point.remark]
}

/// The value with its unit.
fn value(spec: &PointChart, point: &Point) -> String {
    with_unit(&point.value_text, spec.y().unit())
}

fn with_unit(text: &str, unit: &str) -> String {
    format!("{text} {unit}").trim().to_owned()
}

/// The label, with what its configuration has for itself where the label alone is not unique.
fn name(spec: &PointChart, point: &Point) -> String {
    let namesakes = spec.points().iter().filter(|other| other.label == point.label).count();
    let name = if point.label.is_empty() { "unnamed" } else { &point.label };
    let shared = spec.shared_parts();
    let own: Vec<&str> = point.detail.split(SEPARATOR).filter(|part| !shared.contains(part)).collect();
    let own = own.join(SEPARATOR);
    if namesakes > 1 && !own.is_empty() { format!("{name}, {own},") } else { name.to_owned() }
}

/// The sentence about two or more points.
fn extremes(spec: &PointChart, locale: Locale) -> String {
    let points = spec.points();
    let lowest = points.iter().reduce(|a, b| if b.y < a.y { b } else { a });
    let highest = points.iter().reduce(|a, b| if b.y > a.y { b } else { a });
    let (Some(lowest), Some(highest)) = (lowest, highest) else { return String::new() };
    if lowest.y.total_cmp(&highest.y).is_eq() {
        return format!("All are at {}.", value(spec, highest));
    }
    let (best, worst) = if spec.lower_is_better() { (lowest, highest) } else { (highest, lowest) };
    let (good, bad) = adjectives(spec.y().unit(), spec.lower_is_better());
    // What is not drawn may be worse still.
    let of = if spec.hidden() > 0 { " of these" } else { "" };
    let at = |point: &Point| format!("{} at {}", name(spec, point), value(spec, point));
    let ratio = highest.y / lowest.y;
    let apart = match ratio {
        ratio if !ratio.is_finite() => String::new(),
        ratio if ratio < 1.01 => ", less than 1% apart".to_owned(),
        // Two digits that mean something: 1.04, 7.8, 120.
        ratio if ratio < 1.1 => format!(", a factor of {}", locale.number(ratio, 2)),
        ratio => format!(", a factor of {}", locale.number(ratio, usize::from(ratio < 100.0))),
    };
    format!("{good}: {}; {bad}{of}: {}{apart}.", at(best), at(worst))
}

/// The sentence about points that cannot be.
fn above(spec: &PointChart, locale: Locale) -> Option<String> {
    let limited = spec.lines().iter().any(|line| line.above.is_some());
    match spec.impossible() {
        0 => (limited && !spec.points().is_empty()).then(|| "None lies above its limit.".to_owned()),
        1 => Some("1 lies above its limit, which is impossible.".to_owned()),
        n => Some(format!("{} lie above their limit, which is impossible.", locale.count(n))),
    }
}
