//! What the tab takes of the machine's memory, from loading until a reader has done everything once.

use super::{ACTS, bring, turn_of};
use crate::harness::{measuring::tab_bytes, page::Page};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// How often the memory is looked at.
const OFTEN: Duration = Duration::from_millis(50);

/// Bytes after the page has loaded, after each act was done twice in it, and the most on the way to both.
///
/// The process is what the reader's system has to hold: the page, both programs, the browser's own code for it.
/// Of JavaScript's heap it is what is left after a collection, and the program's memory never shrinks.
pub(super) fn measure(page: &mut Page) -> Value {
    let browser = page.browser();
    let most = Most::of(browser);
    page.open("");
    page.wait_for("marks.painted && marks.rows");
    let loading = most.end();
    // A collection comes first: what is garbage is not in use.
    let js_heap = page.heap_bytes();
    let wasm = page.eval("wasmMemory.buffer.byteLength");
    let loaded = browser.and_then(tab_bytes);
    let most = Most::of(browser);
    bring(page);
    for act in ACTS {
        // The second turn of a search takes it back.
        for turn in [0, 7] {
            turn_of(page, act, turn);
        }
    }
    let acting = most.end();
    page.heap_bytes();
    json!({
        "js_heap_bytes": js_heap,
        "wasm_bytes": wasm,
        "process_loading_bytes": loading,
        "process_loaded_bytes": loaded,
        "process_most_bytes": acting,
        "process_after_bytes": browser.and_then(tab_bytes),
    })
}

/// Looks at the page's process until it is told to end, and remembers the most.
struct Most {
    shared: Arc<(AtomicU64, AtomicBool)>,
    looking: thread::JoinHandle<()>,
}

impl Most {
    fn of(browser: Option<u64>) -> Self {
        let shared = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
        let (most, ended) = (Arc::clone(&shared), Arc::clone(&shared));
        let looking = thread::spawn(move || {
            while !ended.1.load(Ordering::Relaxed) {
                let bytes = browser.and_then(tab_bytes).unwrap_or_default();
                most.0.fetch_max(bytes, Ordering::Relaxed);
                thread::sleep(OFTEN);
            }
        });
        Self { shared, looking }
    }

    /// The most that it was; `None` where nothing could be seen.
    fn end(self) -> Option<u64> {
        self.shared.1.store(true, Ordering::Relaxed);
        self.looking.join().expect("the thread that looks ends");
        Some(self.shared.0.load(Ordering::Relaxed)).filter(|&bytes| bytes > 0)
    }
}
