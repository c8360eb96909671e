//! The page's only state, and what follows from it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use leptos::prelude::*;

use super::browser;
use super::near::Watched;
#[cfg(feature = "whole")]
use crate::checks::{Finding, findings};
use crate::format::Locale;
use crate::index::Index;
#[cfg(feature = "whole")]
use crate::model::Metric;
use crate::query::{self, Answer, Choices, Ignored, Selection, View};

/// The index in view: what the page began with, until every result is here.
pub struct Known {
    first: Index,
    whole: OnceLock<Index>,
}

impl Deref for Known {
    type Target = Index;

    fn deref(&self) -> &Index {
        self.whole.get().unwrap_or(&self.first)
    }
}

/// Whether every result is here.
#[derive(Clone, PartialEq)]
pub enum Rest {
    /// They are.
    Here,
    /// The page began with those of the first view, and nobody has asked for the others.
    Absent,
    /// The others are on their way.
    Coming,
    /// They did not come, for this reason.
    Failed(String),
}

/// An index with what is derived from it once.
pub struct Data {
    /// The results.
    pub index: Known,
    /// What can be chosen.
    pub choices: Choices,
    /// How the reader's language writes numbers.
    pub locale: Locale,
    /// What the rules find, once someone has asked.
    #[cfg(feature = "whole")]
    findings: std::sync::OnceLock<Vec<Finding>>,
}

impl Data {
    /// Derives what the page needs of an index. The data lives as long as the page.
    pub fn new(index: Index, locale: Locale) -> &'static Self {
        #[cfg(not(feature = "whole"))]
        let choices = Choices::of(&index);
        #[cfg(feature = "whole")]
        let mut choices = crate::own::unnamed(Choices::of(&index), &index);
        #[cfg(feature = "whole")]
        choices.data.clone_from(&browser::foreign());
        Box::leak(Box::new(Self {
            index: Known { first: index, whole: OnceLock::new() },
            choices,
            locale,
            #[cfg(feature = "whole")]
            findings: std::sync::OnceLock::new(),
        }))
    }

    /// What the rules find.
    #[cfg(feature = "whole")]
    pub fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| findings(&self.index))
    }

    /// The finding that takes most from a metric of a result.
    #[cfg(feature = "whole")]
    pub fn doubt(&self, result: usize, metric: Metric) -> Option<&Finding> {
        self.findings()
            .iter()
            .find(|finding| finding.rule.doubts(metric) && finding.results.contains(&result))
    }

    /// What an address chooses of this data, and which of its parts mean nothing here.
    fn read(&self, query: &str) -> (Selection, Vec<Ignored>) {
        let (mut selection, mut ignored) = query::from_query(query, &self.choices);
        // Which rows exist is not known before all are here.
        if self.index.totals.is_none() {
            ignored.extend(query::drop_unknown(&mut selection, &self.index, &self.choices));
        }
        (selection, ignored)
    }

    /// True where the results that are here answer a question: those of the first view answer it in any order,
    /// unless some of its rows are missing.
    fn can_answer(&self, question: &Selection) -> bool {
        let Some(_) = self.index.totals else { return true };
        let mut plain = question.clone();
        if !self.index.is_cut() {
            let Selection { sort, grouping, .. } = Selection::default();
            (plain.sort, plain.grouping) = (sort, grouping);
        }
        plain == Selection::default()
    }
}

/// Which charts have yet to follow a choice, from none to all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Behind {
    /// No chart.
    None,
    /// The drawings that are not on the screen; words and numbers have followed.
    Unseen,
    /// These, and the charts by workload with their words and numbers.
    Lower,
    /// Every chart.
    All,
}

/// The state of the page, handed to every view.
#[derive(Clone, Copy)]
pub struct Page {
    /// The index in view.
    pub data: &'static Data,
    /// What the reader chose.
    pub selection: RwSignal<Selection>,
    /// Which part of the page is shown.
    pub view: Memo<View>,
    /// What unfolds: of the selection, the open rows and folded groups alone.
    pub unfolded: Memo<Selection>,
    /// What decorates: of the selection, the theme and whether every bar is shown.
    pub dress: Memo<Selection>,
    /// How many parts of the page are there; one a task in place of the static page, or all at once.
    pub parts: RwSignal<usize>,
    /// How many lines of the table are drawn below the screen: none after a choice, and more while nothing changes.
    pub lines_below: RwSignal<usize>,
    /// Which charts have yet to follow a choice.
    pub charts_behind: RwSignal<Behind>,
    /// The frames of charts.
    pub frames: StoredValue<Vec<Watched>, LocalStorage>,
    /// What the reader asks: the selection without what only unfolds or decorates.
    pub asked: Memo<Selection>,
    /// What the rows answer: what the reader asks, as soon as the results for it are here.
    pub question: Memo<Selection>,
    /// Whether every result is here.
    pub rest: RwSignal<Rest>,
    /// True once it is.
    pub is_here: Memo<bool>,
    /// Rows, groups and counts.
    pub answer: Memo<Arc<Answer>>,
    /// Parts of the address that mean nothing here.
    pub ignored: RwSignal<Vec<Ignored>>,
    /// What is shown of it inside another page; `None` in a page of its own.
    #[cfg(feature = "whole")]
    pub embed: Option<query::Embed>,
}

impl Page {
    /// The state that an address asks for.
    pub fn new(data: &'static Data, query: &str) -> Self {
        let (selection, ignored) = data.read(query);
        let selection = RwSignal::new(selection);
        let is_whole = data.index.totals.is_none();
        let rest = RwSignal::new(if is_whole { Rest::Here } else { Rest::Absent });
        let asked = Memo::new(move |_| {
            selection.with(|s| Selection {
                view: View::Runs,
                folded: Vec::new(),
                open: Vec::new(),
                model: None,
                pinned: Vec::new(),
                all_bars: false,
                theme: None,
                ..s.clone()
            })
        });
        let question = Memo::new(move |before: Option<&Selection>| {
            rest.track();
            asked.with(|asked| match before {
                Some(before) if !data.can_answer(asked) => before.clone(),
                _ => asked.clone(),
            })
        });
        let is_here = Memo::new(move |_| rest.with(|rest| *rest == Rest::Here));
        // A question that changed has a new answer; comparing two of them would cost more than it saves.
        let answer = Memo::new_with_compare(
            move |_| {
                is_here.get();
                Arc::new(question.with(|question| query::answer(&data.index, &data.choices, question)))
            },
            |_, _| true,
        );
        let view = Memo::new(move |_| selection.with(|s| s.view));
        let unfolded = Memo::new(move |_| {
            let (folded, open) = selection.with(|s| (s.folded.clone(), s.open.clone()));
            Selection { folded, open, ..Selection::default() }
        });
        let dress = Memo::new(move |_| {
            let (theme, all_bars) = selection.with(|s| (s.theme, s.all_bars));
            Selection { theme, all_bars, ..Selection::default() }
        });
        // The static page stands in for what is still to come only where it shows the same.
        let one_by_one = cfg!(target_arch = "wasm32") && query.is_empty();
        let parts = RwSignal::new(if one_by_one { 0 } else { usize::MAX });
        Self {
            data,
            selection,
            view,
            unfolded,
            dress,
            parts,
            lines_below: RwSignal::new(0),
            charts_behind: RwSignal::new(Behind::None),
            frames: StoredValue::new_local(Vec::new()),
            asked,
            question,
            rest,
            is_here,
            answer,
            ignored: RwSignal::new(ignored),
            #[cfg(feature = "whole")]
            embed: query::Embed::of_query(query),
        }
    }

    /// True while what the reader asks is not what the rows answer: the results for it are not here.
    pub fn waits(self) -> bool {
        self.asked.with(|asked| self.question.with(|question| asked != question))
    }

    /// Fetches the results that are not here, unless they are on their way.
    pub fn want_rest(self) {
        let failed = self.rest.with_untracked(|rest| matches!(rest, Rest::Failed(_)));
        if failed || self.rest.with_untracked(|rest| *rest == Rest::Absent) {
            self.rest.set(Rest::Coming);
            #[cfg(feature = "app")]
            super::boot::fetch_rest(self, failed);
        }
    }

    /// Takes the whole index in the place of the one that the page began with. The positions that the page
    /// knows must hold in it; an index of other data is refused.
    #[cfg(feature = "app")]
    pub fn complete(self, index: Index) -> bool {
        let fits = Choices::of(&index) == self.data.choices;
        if fits && self.data.index.whole.set(index).is_ok() {
            let mut selection = self.selection.get_untracked();
            let ignored = query::drop_unknown(&mut selection, &self.data.index, &self.data.choices);
            let before = self.question.get_untracked();
            self.rest.set(Rest::Here);
            if !ignored.is_empty() {
                self.ignored.update(|all| all.extend(ignored));
                self.selection.set(selection);
            }
            self.wait_below(&before);
        }
        fits
    }

    /// Changes the selection by a choice that Back undoes.
    pub fn choose(self, change: impl FnOnce(&mut Selection)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.become_other(next, browser::push_query);
    }

    /// Changes the selection without a step in the history, as typing does.
    pub fn adjust(self, change: impl FnOnce(&mut Selection)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.become_other(next, browser::replace_query);
    }

    fn become_other(self, next: Selection, write: fn(&str)) {
        if next != self.selection.get_untracked() {
            // Another page's history is its own.
            #[cfg(feature = "whole")]
            let write = if self.embed.is_some() { |_: &str| () } else { write };
            write(&query::to_query(&next, &self.data.choices));
            self.ignored.set(Vec::new());
            self.show(next);
            self.fetch_what_it_takes();
        }
    }

    /// Draws the table whole at once, for who goes to a row of it.
    #[cfg(feature = "whole")]
    pub fn draw_all_lines(self) {
        self.lines_below.set(usize::MAX);
    }

    fn show(self, selection: Selection) {
        let before = self.question.get_untracked();
        self.selection.set(selection);
        self.wait_below(&before);
    }

    /// Has the lines below the screen wait where the rows answer another question than this one: what only unfolds or
    /// decorates leaves them there, and so does a choice that waits itself.
    fn wait_below(self, before: &Selection) {
        if self.question.get_untracked() != *before {
            self.lines_below.set(0);
        }
    }

    fn fetch_what_it_takes(self) {
        if untrack(|| self.waits()) {
            self.want_rest();
        }
    }

    /// Takes the selection from an address, as Back and Forward do.
    pub fn follow(self, query: &str) {
        let (selection, ignored) = self.data.read(query);
        self.ignored.set(ignored);
        self.show(selection);
        self.fetch_what_it_takes();
    }

    /// Follows a link inside the page. Left to the browser: clicks that open tabs and windows, and links
    /// to views of the whole program, which begins with a page of its own.
    pub fn follow_link(self, event: &leptos::ev::MouseEvent, change: impl Fn(&mut Selection)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        let is_here = cfg!(feature = "whole") || next.view.is_first();
        // Links out of another page open tabs.
        #[cfg(feature = "whole")]
        let is_here = is_here && self.embed.is_none();
        if is_here && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            self.choose(change);
        }
    }

    /// The address of the page after a change, for links.
    pub fn link(self, change: impl FnOnce(&mut Selection)) -> String {
        let mut next = self.selection.get();
        change(&mut next);
        self.address(&next)
    }

    fn address(self, selection: &Selection) -> String {
        let query = query::to_query(selection, &self.data.choices);
        if query.is_empty() { "?".to_owned() } else { query }
    }
}
