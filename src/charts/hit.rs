//! Which bar the reader means: by pointer, by key.

use super::layout::Layout;

/// The bar whose row holds a point, in CSS pixels from the chart's upper left corner.
///
/// The whole row answers, from edge to edge, so that a short bar is as easy to meet as a long one.
pub fn hit(layout: &Layout, x: f64, y: f64) -> Option<usize> {
    layout.bars.iter().position(|bar| {
        let row = bar.row;
        (f64::from(row.x)..f64::from(row.right())).contains(&x)
            && (f64::from(row.y)..f64::from(row.bottom())).contains(&y)
    })
}

/// A key that moves the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To the bar above.
    Previous,
    /// To the bar below.
    Next,
    /// To the topmost bar.
    First,
    /// To the bottommost bar.
    Last,
    /// To none.
    Clear,
}

impl Key {
    /// Reads a keyboard event's `key`; `None` for a key that charts leave to the page.
    pub fn parse(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowUp" | "ArrowLeft" => Self::Previous,
            "ArrowDown" | "ArrowRight" => Self::Next,
            "Home" => Self::First,
            "End" => Self::Last,
            "Escape" => Self::Clear,
            _ => return None,
        })
    }
}

/// The choice among `count` bars after a key. Stops at both ends; a first arrow key enters at the
/// end it comes from.
pub fn step(count: usize, current: Option<usize>, key: Key) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (key, current) {
        (Key::Clear, _) => None,
        (Key::First, _) | (Key::Next, None) => Some(0),
        (Key::Last, _) | (Key::Previous, None) => Some(last),
        (Key::Next, Some(at)) => Some(at.saturating_add(1).min(last)),
        (Key::Previous, Some(at)) => Some(at.saturating_sub(1).min(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_the_bars() {
        assert_eq!(step(3, None, Key::Next), Some(0));
        assert_eq!(step(3, None, Key::Previous), Some(2));
        assert_eq!(step(3, Some(0), Key::Next), Some(1));
        assert_eq!(step(3, Some(2), Key::Next), Some(2));
        assert_eq!(step(3, Some(0), Key::Previous), Some(0));
        assert_eq!(step(3, Some(1), Key::First), Some(0));
        assert_eq!(step(3, Some(1), Key::Last), Some(2));
        assert_eq!(step(3, Some(1), Key::Clear), None);
        assert_eq!(step(0, None, Key::Next), None);
        assert_eq!(step(0, Some(4), Key::Last), None);
        // The chart shrank under the choice.
        assert_eq!(step(3, Some(9), Key::Next), Some(2));
        assert_eq!(step(3, Some(9), Key::Previous), Some(2));
    }

    #[test]
    fn keys_are_those_of_the_keyboard_event() {
        assert_eq!(Key::parse("ArrowDown"), Some(Key::Next));
        assert_eq!(Key::parse("Home"), Some(Key::First));
        assert_eq!(Key::parse("Tab"), None);
        assert_eq!(Key::parse(""), None);
    }
}
