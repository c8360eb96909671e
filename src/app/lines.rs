//! The lines of the table in the document: which element becomes which line, so that little is made and nothing moves.
//!
//! They are in two bodies: those that a choice changes at once, and those behind them, which wait until nothing changes.

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

/// What the bodies of the table become.
pub struct Drawing {
    /// The lines of the first body, which are there at once.
    pub first: Vec<Line>,
    /// Those of the second one; `None` where it stays as it was, for now.
    pub behind: Option<Vec<Line>>,
    /// True while there are others to come in the second body, which waits and is not shown.
    pub others_follow: bool,
}

/// The attribute of a body whose lines wait. A browser keeps how they look, which costs less than lines that go and come.
const WAITS: &str = "data-waits";

/// The lines as they are in the document, in two bodies.
#[derive(Default)]
pub struct Lines {
    first: Vec<Shown>,
    behind: Vec<Shown>,
    /// What opened below rows that are in neither body for now.
    aside: Vec<Shown>,
}

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
    /// Makes the lines of the two bodies these. What opens below a row has a view in it, which is made once.
    pub fn show(&mut self, bodies: &[Element], drawing: Drawing, inside: &dyn Fn(&Key) -> AnyView) {
        let [first_body, behind_body] = bodies else { return };
        let Drawing { first, behind, others_follow } = drawing;
        // It is hidden before it changes, and shown once it has.
        if others_follow {
            let _ = behind_body.set_attribute(WAITS, "");
        }
        let mut aside = std::mem::take(&mut self.aside);
        // What is open below a row is that row's alone, which may go from one body to the other.
        let is_wanted = |shown: &mut Shown| {
            shown.line.key.kind == Kind::Detail && first.iter().any(|line| line.key == shown.line.key)
        };
        aside.extend(self.behind.extract_if(.., is_wanted).inspect(|shown| shown.element.remove()));
        become_others(&mut self.first, first_body, first, false, &mut aside, inside);
        if let Some(behind) = behind {
            become_others(&mut self.behind, behind_body, behind, others_follow, &mut aside, inside);
        }
        if others_follow {
            self.aside = aside;
        } else {
            let _ = behind_body.remove_attribute(WAITS);
        }
    }

    /// The line that an element of the document is.
    pub fn find(&self, element: &Element) -> Option<&Key> {
        let mut all = self.first.iter().chain(&self.behind);
        all.find(|shown| shown.element == *element).map(|shown| &shown.line.key)
    }
}

/// Makes the lines of a body others, with what is aside. Where still others follow, lines that are not among them stay.
#[inline(never)]
fn become_others(
    shown: &mut Vec<Shown>,
    body: &Element,
    lines: Vec<Line>,
    others_follow: bool,
    aside: &mut Vec<Shown>,
    inside: &dyn Fn(&Key) -> AnyView,
) {
    let before: Vec<&Key> = shown.iter().map(|shown| &shown.line.key).collect();
    let now: Vec<&Key> = lines.iter().map(|line| &line.key).collect();
    let places = places(&before, &now);
    let mut before: Vec<Option<Shown>> = std::mem::take(shown).into_iter().map(Some).collect();
    // Lines that are in no new place go first.
    for (at, place) in before.iter_mut().enumerate() {
        // What is open below a row is that row's alone.
        let goes = |key: &Key| !others_follow || (key.kind == Kind::Detail && now.contains(&key));
        if !places.contains(&Some(at))
            && let Some(gone) = place.take_if(|shown| goes(&shown.line.key))
        {
            gone.element.remove();
            if gone.line.key.kind == Kind::Detail {
                aside.push(gone);
            }
        }
    }
    let mut passed = 0;
    let mut next: Option<Node> = body.first_child();
    for (line, place) in lines.into_iter().zip(places) {
        if let Some(at) = place {
            // Those that stay, in their places.
            for stays in before.iter_mut().take(at).skip(passed) {
                shown.extend(stays.take());
            }
            passed = at;
        }
        let one = match place.and_then(|at| before.get_mut(at)?.take()) {
            Some(one) => {
                next = one.element.next_sibling();
                Some(one.become_other(line))
            }
            None => new_line(shown, line, aside, inside).inspect(|one| {
                let _ = body.insert_before(&one.element, next.as_ref());
            }),
        };
        shown.extend(one);
    }
    shown.extend(before.into_iter().flatten());
}

/// A line that is not in the document yet: one that is aside, a copy of the last of its kind, or made.
fn new_line(
    shown: &[Shown],
    line: Line,
    aside: &mut Vec<Shown>,
    inside: &dyn Fn(&Key) -> AnyView,
) -> Option<Shown> {
    if let Some(at) = aside.iter().position(|other| other.line.key == line.key) {
        return Some(aside.swap_remove(at).become_other(line));
    }
    let is_detail = line.key.kind == Kind::Detail;
    let alike = shown.iter().rev().find(|other| !is_detail && other.line.key.kind == line.key.kind);
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
