//! Every dotted label has its definition, for a pointer, a keyboard, a finger and a screen reader.

use crate::{Test, any_page::COMPARED, harness::page::Page, reading::until};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("shown_on_hover_focus_and_tap", shown_on_hover_focus_and_tap),
    ("heard_in_every_view", heard_in_every_view),
    ("shown_by_tab_wherever_it_scrolls", shown_by_tab_wherever_it_scrolls),
    ("the_pointer_can_move_onto_it", the_pointer_can_move_onto_it),
    ("inside_the_window", inside_the_window),
];

/// Every view, and a row that is open.
const VIEWS: [&str; 4] = [
    "?hardware=geforce-rtx-3090-24gb&conc=all",
    "?hardware=strix-halo-128gb&q=minimax%20rocm&open=minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp.rocm-7.2.baseline",
    "?view=hardware",
    "?view=method",
];

/// A label with a definition, and what must be shown for it.
#[derive(Debug, Deserialize)]
struct Label {
    number: usize,
    words: String,
    definition: String,
    focusable: bool,
}

/// Marks each label with a number, `data-number`, and reads what the glossary says of it. Labels that
/// say the same in the same kind of place are marked once.
fn labels(page: &Page) -> Vec<Label> {
    let found = page.run(
        r"const labels = [...document.querySelectorAll('[data-term], [data-tip]')].filter((one) => one.offsetParent);
        document.querySelectorAll('[data-number]').forEach((one) => { delete one.dataset.number; });
        const seen = new Set();
        return labels.flatMap((label) => {
          const { term, tip } = label.dataset;
          const words = label.textContent.trim();
          const key = [term, tip, words, label.className].join();
          if (seen.has(key)) return [];
          seen.add(key);
          const number = seen.size;
          label.dataset.number = number;
          const definition = term ? document.getElementById(`term-${term}`)?.textContent ?? '' : tip;
          const focusable = label.matches('button') || label.querySelector('input') !== null;
          return [{ number, words, definition, focusable }];
        });",
        json!([]),
    );
    serde_json::from_value(found).expect("labels in the form this test reads")
}

fn tooltip(page: &Page) -> String {
    page.text_of("document.getElementById('tooltip')?.textContent ?? ''")
}

fn expect_shown(page: &Page, label: &Label, how: &str) {
    let shown = || tooltip(page).contains(&label.definition);
    until(&true, &format!("{how}: {}, not {}", label.words, tooltip(page)), shown);
}

fn expect_gone(page: &Page, how: &str) {
    until(&String::new(), how, || tooltip(page));
}

fn shown_on_hover_focus_and_tap(page: &mut Page) {
    for view in VIEWS {
        page.open(view);
        let all = labels(page);
        assert!(view.contains("method") || !all.is_empty(), "{view}");
        for label in &all {
            assert!(!label.definition.is_empty(), "{view}: {label:?}");
            let selector = format!("[data-number='{}']", label.number);
            page.hover(&selector);
            expect_shown(page, label, "hover");
            page.keys("Escape");
            expect_gone(page, "Escape after hover");

            assert!(label.focusable, "a keyboard cannot reach {label:?}");
            focus(page, &selector);
            expect_shown(page, label, "focus");
            page.keys("Escape");
            expect_gone(page, "Escape after focus");
        }
    }
    // Taps also sort and choose, so the labels are found anew each time.
    page.open(VIEWS[0]);
    for turn in 0..labels(page).len() {
        let all = labels(page);
        let label = &all[turn.min(all.len() - 1)];
        page.tap(&format!("[data-number='{}']", label.number));
        expect_shown(page, label, "tap");
        page.tap("h1");
        expect_gone(page, "a tap elsewhere");
    }
}

/// Focuses a label, or the field inside it, without scrolling: scrolling is another matter.
fn focus(page: &Page, selector: &str) {
    page.run(
        "document.activeElement.blur(); \
         const label = document.querySelector(arguments[0]); \
         (label.querySelector('input') ?? label).focus({ preventScroll: true });",
        json!([selector]),
    );
}

/// What describes an element is in the document and says something, hidden or not.
fn heard_in_every_view(page: &mut Page) {
    let evidence = [COMPARED, "?view=model&model=qwen3-coder-next.80b", "?view=checks"];
    for view in VIEWS.into_iter().chain(evidence) {
        page.open(view);
        let silent = page.run(
            r"const silent = [];
            for (const one of document.querySelectorAll('[aria-describedby]')) {
              for (const id of one.getAttribute('aria-describedby').split(' ')) {
                const said = document.querySelectorAll(`[id='${id}']`);
                if (said.length !== 1 || !said[0].textContent.trim()) silent.push(`${one.outerHTML}: ${id}`);
              }
            }
            for (const one of document.querySelectorAll('[data-term], [data-tip]')) {
              const inside = one.querySelector('input') ?? one;
              const { term, tip } = one.dataset;
              const said = ['aria-describedby', 'aria-description', 'aria-label'].map((name) => inside.getAttribute(name));
              const meant = said.some((words) => words && (term ? words === `term-${term}` : words.includes(tip)));
              if (!meant) silent.push(one.outerHTML);
            }
            return silent;",
            json!([]),
        );
        assert_eq!(silent, json!([]), "{view}");
        let repeated = page.eval(
            "[...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at)",
        );
        assert_eq!(repeated, json!([]), "each id once in {view}");
        assert!(page.count("[data-term]") > 0 || view == "?view=method", "{view} has terms");
    }
}

/// Tab scrolls to what it reaches; the definition must outlast that.
fn shown_by_tab_wherever_it_scrolls(page: &mut Page) {
    page.size(1280, 500);
    page.open(VIEWS[2]);
    page.run("document.querySelector('nav a').focus();", json!([]));
    let mut scrolled = 0;
    // As many as the controls and the first rows have.
    for _ in 0..120 {
        let before = page.eval("scrollY");
        page.keys("Tab");
        page.run_async("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))", json!([]));
        if page.eval("document.activeElement.matches('.term')") == json!(true) {
            let id = page.text_of("document.activeElement.dataset.term");
            let definition = page.text_of(&format!("document.getElementById('term-{id}').textContent"));
            assert!(tooltip(page).contains(&definition), "{id}: {}", tooltip(page));
            scrolled += usize::from(page.eval("scrollY") != before);
        }
    }
    assert!(scrolled > 2, "only {scrolled} labels had to be scrolled to");
}

fn the_pointer_can_move_onto_it(page: &mut Page) {
    for (view, selector) in
        [(VIEWS[0], ".toggle > .term"), (VIEWS[0], "thead .column-quant .sort"), (VIEWS[2], ".card .term")]
    {
        page.open(view);
        page.hover(selector);
        page.wait_for("document.getElementById('tooltip')");
        let text = tooltip(page);
        let step = "(() => { \
            const label = document.querySelector(SELECTOR).getBoundingClientRect(); \
            const tip = document.getElementById('tooltip').getBoundingClientRect(); \
            const x = Math.max(label.left, tip.left) + 4; \
            return [x, label.top + label.height / 2, tip.top + tip.height / 2]; })()"
            .replace("SELECTOR", &format!("{selector:?}"));
        let [x, from, to]: [f64; 3] = serde_json::from_value(page.eval(&step)).unwrap();
        for step in 0..=12 {
            let y = from + (to - from) * f64::from(step) / 12.0;
            page.point_at(x, y);
            assert_eq!(tooltip(page), text, "{selector}: gone on the way, at step {step}");
        }
        assert_eq!(page.eval("document.getElementById('tooltip').matches(':hover')"), true);
        page.hover("h1");
        expect_gone(page, "the pointer has left");
    }
}

fn inside_the_window(page: &mut Page) {
    for width in [320, 1280] {
        page.size(width, 600);
        for view in [VIEWS[0], VIEWS[2]] {
            page.open(view);
            for label in labels(page) {
                // The tooltip of one label may lie over the next one, and may be pointed at itself.
                page.keys("Escape");
                page.hover(&format!("[data-number='{}']", label.number));
                expect_shown(page, &label, "hover");
                let place = page.eval(
                    "(() => { const { left, top, right, bottom } = document.getElementById('tooltip').getBoundingClientRect(); \
                     return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight; })()",
                );
                assert_eq!(place, Value::Bool(true), "{width} px, {view}, {label:?}");
            }
        }
    }
}
