//! What the tests ask of a browser beyond WebDriver, which each of the two answers in its own way.

use super::{chromium::Chromium, firefox::Firefox, session::Session};

/// A browser with one tab.
pub(crate) trait Engine {
    /// WebDriver, which both understand.
    fn session(&self) -> &Session;

    /// The size of the view in CSS pixels and the device pixels of each.
    fn device(&self, width: u32, height: u32, pixel_ratio: f64);

    /// The medium (`""` is the screen) and media features by name; those that are not named are the browser's own.
    fn media(&self, medium: &str, features: &[(&str, &str)]);

    /// Cuts or restores the network.
    fn offline(&self, offline: bool);

    /// Blocks requests to addresses that match (`*.wasm`), and no others.
    fn block(&self, patterns: &[&str]);

    /// Turns the page's own scripts off or on, from the next page on.
    fn javascript(&self, on: bool);

    /// Runs a script in every document and frame before its own, from the next one on.
    fn prepare(&self, source: &str) -> Prepared;

    /// Runs that script no longer.
    fn unprepare(&self, prepared: Prepared);

    /// Runs a large script in the page's own world. In Firefox those of WebDriver run in one beside it, where each step
    /// across costs time.
    fn evaluate(&self, source: &str);

    /// What the view shows, or the page from top to bottom, as PNG in base64.
    fn screenshot(&self, of_all: bool) -> String;

    /// What the console has said since it was last asked for, with its level.
    fn console(&self) -> Vec<String>;

    /// Every address asked for since this was last asked.
    fn requests(&self) -> Vec<String>;

    /// Forgets what an origin has stored, what is cached, and where the tab has been.
    fn forget(&self, origin: &str);

    /// Bytes in JavaScript's heap after a collection, where the browser says so.
    fn heap_bytes(&self) -> Option<u64> {
        None
    }

    /// What the page's main thread has done since it began, where the browser says so.
    fn work(&self) -> Option<Work> {
        None
    }

    /// From now on a slower network, or the host's own; where the browser can.
    fn network(&self, _slower: Option<Network>) {}

    /// From now on a processor so many times slower; where the browser can.
    fn slow_down(&self, _times: f64) {}

    /// Scrolls down from the middle of the view as a wheel does, which the main thread need not wait for; returns at
    /// its end. CSS pixels and CSS pixels a second.
    fn wheel(&self, _pixels: f64, _per_second: f64) {}
}

/// A slower network: milliseconds from each request to the first byte of its answer, and bytes a second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) latency_ms: u32,
    pub(crate) bytes_per_s: u32,
}

/// Milliseconds of a main thread's work: all of it, and its parts that the browser counts apart.
#[derive(Clone, Copy, Default)]
pub(crate) struct Work {
    pub(crate) all: f64,
    pub(crate) script: f64,
    pub(crate) style: f64,
    pub(crate) layout: f64,
}

/// A script that runs before the page's own, by the browser's name for it.
pub(crate) struct Prepared(pub(super) String);

/// Which browser the tests run in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Chromium,
    Firefox,
}

impl Kind {
    /// Chromium, or what the command line of the test program says.
    pub(crate) fn chosen() -> Self {
        match std::env::args().any(|arg| arg == "--firefox") {
            true => Self::Firefox,
            false => Self::Chromium,
        }
    }

    /// Starts a browser with an empty profile. Chromium notes every request, or does without.
    pub(crate) fn start(self, notes: bool) -> Box<dyn Engine> {
        match self {
            Self::Chromium => Box::new(Chromium::start(notes)),
            Self::Firefox => Box::new(Firefox::start()),
        }
    }
}

/// Of many that are alike and shown by the same code in every browser, Chromium takes all, and Firefox the first and
/// every `nth` after it: the walk is what tells, and how a browser does each step is in the other tests.
pub(crate) fn share<T>(all: impl IntoIterator<Item = T>, nth: usize) -> impl Iterator<Item = T> {
    let step = match Kind::chosen() {
        Kind::Chromium => 1,
        Kind::Firefox => nth,
    };
    all.into_iter().step_by(step)
}
