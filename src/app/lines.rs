//! The lines of the table in the document: which element becomes which line, so that little is made and nothing moves.

use leptos::prelude::{AnyView, Mountable, Owner, Render};
use web_sys::{Element, Node};

use super::tag::Tag;

/// A line of the table.
pub struct Line {
    /// Which line it is, whatever it says.
    pub key: Key,
    /// What it says.
    pub content: Tag,
}

/// A group by its key, a row by its configuration and concurrency, or what opens below a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The kind of line.
    pub kind: Kind,
    /// The group's key, or the configuration's slug.
    pub word: String,
    /// The concurrency of a row; 0 for a group.
    pub concurrency: u16,
}

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The heading of a group.
    Group,
    /// A row.
    Row,
    /// What opens below a row.
    Detail,
}

/// The lines as they are in the document.
#[derive(Default)]
pub struct Lines(Vec<Shown>);

struct Shown {
    line: Line,
    element: Element,
    /// The view in a line of details, as long as that line is there.
    _inside: Option<Inside>,
}

/// A view with the owner of its signals.
struct Inside {
    state: <AnyView as Render>::State,
    _owner: Owner,
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.state.unmount();
    }
}

impl Lines {
    /// Makes the lines of a body these. What opens below a row has a view in it, which is made once.
    ///
    /// Where others follow soon, lines that are not among them hide until they become those.
    pub fn show(
        &mut self,
        body: &Element,
        lines: Vec<Line>,
        others_follow: bool,
        inside: impl Fn(&Key) -> AnyView,
    ) {
        let before: Vec<&Key> = self.0.iter().map(|shown| &shown.line.key).collect();
        let now: Vec<&Key> = lines.iter().map(|line| &line.key).collect();
        let places = places(&before, &now);
        let mut before: Vec<Option<Shown>> = std::mem::take(&mut self.0).into_iter().map(Some).collect();
        // Lines that are in no new place go first; what opens below a row may come back elsewhere.
        let mut left: Vec<Shown> = Vec::new();
        for (at, place) in before.iter_mut().enumerate() {
            if places.contains(&Some(at)) {
                continue;
            }
            // What is open below a row is that row's alone.
            let goes = |key: &Key| !others_follow || (key.kind == Kind::Detail && now.contains(&key));
            if let Some(shown) = place.take_if(|shown| goes(&shown.line.key)) {
                shown.element.remove();
                left.push(shown);
            }
            if let Some(shown) = place {
                shown.line.content.hide(&shown.element);
            }
        }
        let mut passed = 0;
        let mut next: Option<Node> = body.first_child();
        for (line, place) in lines.into_iter().zip(places) {
            if let Some(at) = place {
                // Those that hide, in their places.
                for shown in before.iter_mut().take(at).skip(passed) {
                    self.0.extend(shown.take());
                }
                passed = at;
            }
            let shown = match place.and_then(|at| before.get_mut(at)?.take()) {
                Some(shown) => {
                    next = shown.element.next_sibling();
                    Some(shown.become_other(line))
                }
                None => self.new_line(line, &mut left, &inside).inspect(|shown| {
                    let _ = body.insert_before(&shown.element, next.as_ref());
                }),
            };
            self.0.extend(shown);
        }
        for shown in before {
            self.0.extend(shown);
        }
    }

    /// A line that is not in the document yet: one that was elsewhere, a copy of the last of its kind, or made.
    fn new_line(&self, line: Line, left: &mut Vec<Shown>, inside: impl Fn(&Key) -> AnyView) -> Option<Shown> {
        if let Some(at) = left.iter().position(|shown| shown.line.key == line.key) {
            return Some(left.swap_remove(at).become_other(line));
        }
        let is_detail = line.key.kind == Kind::Detail;
        let alike = self.0.iter().rev().find(|shown| !is_detail && shown.line.key.kind == line.key.kind);
        let element = match alike {
            Some(alike) => alike.line.content.copy(&alike.element, &line.content)?,
            None => line.content.make()?,
        };
        let inside = is_detail.then(|| {
            let owner = Owner::new();
            let mut state = owner.with(|| inside(&line.key).build());
            state.mount(&element.first_element_child().unwrap_or_else(|| element.clone()), None);
            Inside { state, _owner: owner }
        });
        Some(Shown { line, element, _inside: inside })
    }

    /// The line that an element of the document is.
    pub fn find(&self, element: &Element) -> Option<&Key> {
        self.0.iter().find(|shown| shown.element == *element).map(|shown| &shown.line.key)
    }
}

impl Shown {
    fn become_other(self, line: Line) -> Self {
        self.line.content.become_other(&self.element, &line.content);
        Self { line, ..self }
    }
}

/// For each line the position of the one before that becomes it; they ascend, so that nothing moves.
///
/// Where lines come or go, those that stay keep their elements, and others are made of the ones between them. Where lines
/// change their order, which takes all of them elsewhere, each becomes what stands in its place: a browser changes words
/// in less time than it moves elements.
fn places(before: &[&Key], now: &[&Key]) -> Vec<Option<usize>> {
    let stays: Vec<(usize, usize)> = {
        let mut from = 0;
        let find = |(at, key): (usize, &&Key)| {
            // Lines mostly stay in their order, so that the next one is the first that is looked at.
            let ahead = before.iter().enumerate().skip(from).chain(before.iter().enumerate().take(from));
            let was = ahead.into_iter().find(|(_, other)| *other == key)?.0;
            from = was + 1;
            Some((at, was))
        };
        now.iter().enumerate().filter_map(find).collect()
    };
    let is_ordered = stays.is_sorted_by_key(|(_, was)| *was);
    let mut places = vec![None; now.len()];
    let (mut from, mut was_from) = (0, 0);
    let end = (now.len(), before.len());
    for (to, was_to) in stays.into_iter().filter(|_| is_ordered).chain([end]) {
        for at in from..to {
            let kind = now.get(at).map(|key| key.kind).filter(|kind| *kind != Kind::Detail);
            let alike = |was: &usize| before.get(*was).map(|key| key.kind) == kind;
            if let Some(was) = (was_from..was_to).find(alike).filter(|_| kind.is_some())
                && let Some(place) = places.get_mut(at)
            {
                *place = Some(was);
                was_from = was + 1;
            }
        }
        if let Some(place) = places.get_mut(to) {
            *place = Some(was_to);
        }
        (from, was_from) = (to + 1, was_to + 1);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups are capital letters, rows small ones, and what opens below a row its digit.
    fn keys(words: &str) -> Vec<Key> {
        let kind = |c: char| match c {
            'A'..='Z' => Kind::Group,
            'a'..='z' => Kind::Row,
            _ => Kind::Detail,
        };
        words.chars().map(|c| Key { kind: kind(c), word: c.to_string(), concurrency: 1 }).collect()
    }

    /// Which line before becomes each line; `-` for none.
    fn sources(before: &str, now: &str) -> String {
        let (old, new) = (keys(before), keys(now));
        let places = places(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>());
        let of = |place: Option<usize>| place.and_then(|at| before.chars().nth(at)).unwrap_or('-');
        places.into_iter().map(of).collect()
    }

    #[test]
    fn lines_stay_where_they_can_and_become_others_where_not() {
        for (before, now, expected) in [
            ("", "Aab", "---"),
            ("AabBc", "AabBc", "AabBc"),
            // Scrolled, filtered, opened, folded.
            ("abcd", "cdef", "cd--"),
            ("abcdef", "acf", "acf"),
            ("Aab", "Aa1b", "Aa-b"),
            ("Aa1b", "Aab", "Aab"),
            ("AabBc", "ABc", "ABc"),
            // One row in the place of others.
            ("Aabc", "Axc", "Aac"),
            ("Aabc", "Axyz", "Aabc"),
            // Another order, with more or fewer lines.
            ("Aabc", "Acba", "Aabc"),
            ("abc", "cab", "abc"),
            ("abc", "cbad", "abc-"),
            ("abcd", "dc", "ab"),
            ("AabBcd", "BdcAba", "AabBcd"),
            // Groups go or come.
            ("AabBcd", "dcba", "abcd"),
            ("abcd", "AcBab", "-a-bc"),
            // What opens below a row is no other's.
            ("a1b", "ba1", "ab-"),
        ] {
            assert_eq!(sources(before, now), expected, "{before} to {now}");
        }
    }

    #[test]
    fn places_ascend_and_keep_the_kind() {
        let letters: Vec<char> = "ABabcdef123".chars().collect();
        let mut state = 7_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        for _ in 0..2_000 {
            let mut some = || {
                let mut left = letters.clone();
                (0..random(9)).map(|_| left.remove(random(left.len()))).collect::<String>()
            };
            let (before, now) = (some(), some());
            let (old, new) = (keys(&before), keys(&now));
            let places = places(&old.iter().collect::<Vec<_>>(), &new.iter().collect::<Vec<_>>());
            assert_eq!(places.len(), new.len());
            assert!(places.iter().flatten().is_sorted_by(|a, b| a < b), "{before} to {now}");
            for (place, key) in places.iter().zip(&new) {
                let was = place.and_then(|at| old.get(at));
                assert!(was.is_none_or(|was| was.kind == key.kind), "{before} to {now}");
                assert!(was.is_none_or(|was| was == key || key.kind != Kind::Detail), "{before} to {now}");
            }
        }
    }
}
