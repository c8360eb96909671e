//! What a benchmark asks of the page and its browser, which Chromium alone answers.

use super::{
    engine::{Network, Work},
    page::Page,
};
use std::{collections::HashMap, fs};

impl Page {
    /// Bytes in JavaScript's heap after a collection, where the browser says so.
    pub(crate) fn heap_bytes(&self) -> Option<u64> {
        self.engine.heap_bytes()
    }

    /// What the page's main thread has done since it began, where the browser says so.
    pub(crate) fn work(&self) -> Option<Work> {
        self.engine.work()
    }

    /// From now on a slower network, or the host's own; where the browser can.
    pub(crate) fn network(&self, slower: Option<Network>) {
        self.engine.network(slower);
    }

    /// From now on a processor so many times slower; where the browser can.
    pub(crate) fn slow_down(&self, times: f64) {
        self.engine.slow_down(times);
    }

    /// Scrolls down as a wheel does, and returns at the end; CSS pixels and CSS pixels a second.
    pub(crate) fn wheel(&self, pixels: f64, per_second: f64) {
        self.engine.wheel(pixels, per_second);
    }

    /// The browser's process, where the driver says so.
    pub(crate) fn browser(&self) -> Option<u64> {
        self.engine.session().process()
    }
}

/// Bytes of memory of the process that shows the page: of those that a browser has for pages, the one that takes most.
/// `None` where there is no `/proc`.
pub(crate) fn tab_bytes(browser: u64) -> Option<u64> {
    let parents = parents();
    let is_of_the_browser =
        |&id: &u64| std::iter::successors(Some(id), |id| parents.get(id).copied()).any(|id| id == browser);
    let shows_a_page = |id: &u64| {
        let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains("--type=renderer")
    };
    let ids = parents.keys().copied().filter(is_of_the_browser).filter(shows_a_page);
    ids.filter_map(proportional_bytes).max()
}

/// What a process takes of the machine's memory: its own, and its share of what it has in common with others, which are
/// the libraries of the browser. `None` once it has ended, and where there is no `/proc`.
fn proportional_bytes(process: u64) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok().map(|kilobytes: u64| kilobytes * 1024)
}

/// Every process with the one that began it.
fn parents() -> HashMap<u64, u64> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parent = |id: u64| {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // Behind the name, which may hold anything, stand the state and the parent.
        text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    ids.filter_map(|id| Some((id, parent(id)?))).collect()
}
