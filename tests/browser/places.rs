//! Whoever comes back is where they were: a reload, Back and Forward, and a window of another width.

use crate::{
    Test,
    harness::page::Page,
    reading::{until_answered, until_charts_follow},
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("a_reload_comes_back", a_reload_comes_back),
    ("a_reload_among_rows_comes_back", a_reload_among_rows_comes_back),
    ("back_and_forward_come_back", back_and_forward_come_back),
    ("another_width_comes_back", another_width_comes_back),
    ("who_goes_on_is_left_alone", who_goes_on_is_left_alone),
    ("a_fragment_leads_to_its_section", a_fragment_leads_to_its_section),
    ("notes_at_rest_alone", notes_at_rest_alone),
    ("typing_keeps_the_place", typing_keeps_the_place),
];

const MODEL: &str = "#models tbody tr:nth-child(30)";

/// One of the left column, so that it is the one that is read.
const CHART: &str = "#workloads .chart:nth-child(11) .chart-frame";

/// How far below the upper edge of the screen an element is put.
const TOP: f64 = 60.0;

/// Scrolls until the element is there and everything around it has its height, frame by frame.
const GO: &str = r"
    const [selector, top, done] = arguments;
    let still = 0;
    const step = () => {
      const element = document.querySelector(selector);
      const isThere = (one) => one.checkVisibility({ contentVisibilityAuto: true });
      // What browsers leave out has a place a frame after what it is in.
      let around = element;
      while (around && !isThere(around)) around = around.parentElement;
      if (around !== element) around.scrollIntoView();
      const away = around === element ? (element?.getBoundingClientRect().top ?? innerHeight) - top : 0;
      still = around === element && Math.abs(away) < 1 ? still + 1 : 0;
      scrollBy({ top: away, behavior: 'instant' });
      still < 10 ? requestAnimationFrame(step) : done(true);
    };
    step();";

/// Goes to an element, and waits until the place is noted with the step of the history.
fn go(page: &Page, selector: &str) {
    page.run_async(GO, json!([selector, TOP]));
    page.wait_for(
        "(() => { \
           const [, wanted, ...noted] = (history.state ?? '').split(' '); \
           const place = noted.length && document.querySelector(noted.join(' '))?.getBoundingClientRect(); \
           return place && Math.abs(place.top - wanted * (wanted < 0 ? place.height : 1)) < 1; \
         })()",
    );
}

/// Whether an element is where it was put.
fn is_there(selector: &str) -> String {
    format!(
        "(() => {{ \
           const element = document.querySelector('{selector}'); \
           return element?.checkVisibility({{ contentVisibilityAuto: true }}) \
             && Math.abs(element.getBoundingClientRect().top - {TOP}) < 2; \
         }})()"
    )
}

fn until_there(page: &Page, selector: &str) {
    page.wait_for_state("ready");
    until_answered(page);
    until_charts_follow(page);
    page.wait_for(&is_there(selector));
}

fn stays_there(page: &Page, selector: &str) {
    let_frames_pass(page);
    assert_eq!(page.eval(&is_there(selector)), true, "{selector}");
}

/// Frames go by, many enough for whatever still moves the page.
fn let_frames_pass(page: &Page) {
    page.run_async(
        "const [done] = arguments; let left = 40; \
         const step = () => left-- ? requestAnimationFrame(step) : done(true); step();",
        json!([]),
    );
}

fn a_reload_comes_back(page: &mut Page) {
    for (width, query, selector) in [
        (1280, "", CHART),
        (360, "", CHART),
        (1280, "?metric=prefill", CHART),
        (360, "?view=hardware", "#fits"),
        (1280, "?view=checks", "#findings tbody tr:nth-child(20)"),
    ] {
        page.size(width, 740);
        page.open(query);
        go(page, selector);
        page.leave_by("location.reload()");
        until_there(page, selector);
        stays_there(page, selector);
    }
}

/// Rows that were not laid out have their heights by a guess, which as cards they are far from.
fn a_reload_among_rows_comes_back(page: &mut Page) {
    for width in [360, 1280] {
        page.size(width, 740);
        page.open("");
        let row = ".lines > .row[aria-rowindex=\"60\"]";
        go(page, row);
        page.leave_by("location.reload()");
        until_there(page, row);
    }
}

fn back_and_forward_come_back(page: &mut Page) {
    page.open("");
    go(page, CHART);
    // A driver's click would scroll to the link.
    page.run("document.querySelector(\".site-bar nav a[href*='view=model']\").click();", json!([]));
    page.wait_for("document.getElementById('models')");
    until_answered(page);
    go(page, MODEL);
    page.back();
    until_there(page, CHART);
    page.forward();
    until_there(page, MODEL);
    // In the document that begins with the view that was left, and with the program of every view.
    page.leave_by("location.reload()");
    until_there(page, MODEL);
    page.back();
    until_there(page, CHART);
}

fn another_width_comes_back(page: &mut Page) {
    page.size(1280, 800);
    page.open("");
    go(page, CHART);
    for (width, height) in [(700, 800), (360, 740), (740, 360), (1280, 800)] {
        page.size(width, height);
        until_there(page, CHART);
        stays_there(page, CHART);
    }
}

/// Who does anything while the page comes back, or before what brings it back is here, ends that.
fn who_goes_on_is_left_alone(page: &mut Page) {
    page.open("");
    go(page, CHART);
    page.run(
        "dispatchEvent(new PopStateEvent('popstate', { state: history.state })); \
         dispatchEvent(new WheelEvent('wheel')); scrollTo(0, 0);",
        json!([]),
    );
    let_frames_pass(page);
    assert_eq!(page.eval("scrollY"), 0);
    go(page, CHART);
    // The page begins, and the reader with it, before this script is asked for. A wheel that a script turns does not tell
    // the browser.
    page.run("history.scrollRestoration = 'manual';", json!([]));
    let prepared = page.prepare(
        "document.addEventListener('readystatechange', () => { dispatchEvent(new WheelEvent('wheel')); scrollTo(0, 0); });",
    );
    page.leave_by("location.reload()");
    page.wait_for_state("ready");
    let_frames_pass(page);
    assert_eq!(page.eval("scrollY"), 0);
    page.unprepare(prepared);
}

/// What a fragment names is not there, or elsewhere, when browsers look for it.
fn a_fragment_leads_to_its_section(page: &mut Page) {
    page.size(360, 740);
    for (query, id) in [("?view=method", "definitions"), ("?view=checks", "bandwidth"), ("", "workloads")] {
        page.open(&format!("{query}#{id}"));
        page.wait_for(&format!(
            "Math.abs(document.getElementById('{id}').getBoundingClientRect().top \
               - parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)) < 2"
        ));
    }
}

/// Browsers refuse a page that writes to its history too often, and then choices are in no address any more.
fn notes_at_rest_alone(page: &mut Page) {
    page.open("");
    go(page, CHART);
    let noted = page.run_async(
        "const [done] = arguments; const replace = history.replaceState; let noted = 0; let left = 30; \
         history.replaceState = (...given) => { noted++; replace.apply(history, given); }; \
         const step = () => { \
           if (!left--) return done(noted); \
           dispatchEvent(new WheelEvent('wheel')); scrollBy(0, -20); requestAnimationFrame(step); \
         }; step();",
        json!([]),
    );
    assert_eq!(noted, 0);
}

/// Another address of the same step is not another place.
fn typing_keeps_the_place(page: &mut Page) {
    page.open("");
    page.wait_for_state("ready");
    go(page, CHART);
    // Fewer rows may move the page, and with it the place.
    page.run(
        "window.noted = history.state; const replace = history.replaceState; \
         history.replaceState = (...given) => { window.given ??= given; replace.apply(history, given); }; \
         const field = document.querySelector('.search input'); field.value = 'a'; \
         field.dispatchEvent(new Event('input', { bubbles: true }));",
        json!([]),
    );
    page.wait_for("window.given?.[2].endsWith('?q=a') && window.given[0] === window.noted");
}
