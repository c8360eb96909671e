//! Every control, by mouse, by keyboard alone and by touch.

use crate::{
    Test,
    harness::{engine::Kind, page::Page},
    reading::{Line, Row, groups, lines, number, rows, shown, status, until, until_answered},
    sorting::METRICS,
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("all_by_mouse", |page| every_control(page, By::Mouse)),
    ("all_by_keyboard", |page| every_control(page, By::Keyboard)),
    ("all_by_touch", |page| every_control(page, By::Touch)),
    ("more_shapes_and_groupings", more_shapes_and_groupings),
    ("focus_stays_where_it_is", focus_stays_where_it_is),
    ("focus_goes_on_from_what_is_removed", focus_goes_on_from_what_is_removed),
    ("the_skip_link_leads_to_the_table", the_skip_link_leads_to_the_table),
    ("hidden_concurrencies_are_counted", hidden_concurrencies_are_counted),
    ("menus_close", menus_close),
    ("an_open_row_tells_all", an_open_row_tells_all),
    ("a_row_opens_wherever_it_is_pressed", a_row_opens_wherever_it_is_pressed),
    ("nothing_found_can_be_undone", nothing_found_can_be_undone),
    ("nothing_at_one_concurrency_leads_to_the_others", nothing_at_one_concurrency_leads_to_the_others),
];

/// How the reader reaches the page.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Mouse,
    Keyboard,
    Touch,
}

/// Presses Tab, starting from wherever the focus is, until it is on the first element that matches.
pub(crate) fn tab_to(page: &mut Page, selector: &str) {
    let there = format!("document.activeElement === document.querySelector({selector:?})");
    for _ in 0..400 {
        if page.eval(&there) == json!(true) {
            return;
        }
        page.keys("Tab");
    }
    panic!("Tab never reaches {selector}");
}

/// Uses a button, a summary or a checkbox; `key` is what a keyboard user presses on it.
fn press(page: &mut Page, by: By, selector: &str, key: &str) {
    match by {
        By::Mouse => page.click(selector),
        By::Touch => page.tap(selector),
        By::Keyboard => {
            tab_to(page, selector);
            page.keys(key);
        }
    }
}

fn every_control(page: &mut Page, by: By) {
    page.open("");
    views(page, by);
    theme(page, by);
    facets(page, by);
    search(page, by);
    toggles(page, by);
    chips(page, by);
    folding(page, by);
    opening(page, by);
    assert_eq!(page.count(".notice"), 0);
}

/// Goes on from the top of the page, as a keyboard user does after leaving the address bar.
fn from_the_top(page: &mut Page) {
    page.run("document.activeElement.blur(); document.querySelector('.skip-link').focus();", json!([]));
}

fn views(page: &mut Page, by: By) {
    from_the_top(page);
    let site = page.text_of("document.title");
    for (number, name, parts) in [
        (4, "Hardware", ["#hardware .card", "#definitions"]),
        (6, "Method", ["#how-to-read table", "#coming-soon li"]),
        (1, "Runs", [".results-table .row", "#workloads figure"]),
    ] {
        from_the_top(page);
        press(page, by, &format!("nav a:nth-child({number})"), "Enter");
        until(&name.to_owned(), "the current view", || page.text("nav a[aria-current=page]"));
        page.wait_for_state("ready");
        for part in parts {
            assert!(page.count(part) > 0, "{name}: no {part}");
        }
        let title = if name == "Runs" { site.clone() } else { format!("{name} · {site}") };
        until(&title, "the title", || page.text_of("document.title"));
    }
    assert_eq!(page.address(), "");
}

fn theme(page: &mut Page, by: By) {
    const BUTTON: &str = ".icon-button";
    let background = |page: &Page| page.text_of("getComputedStyle(document.documentElement).backgroundColor");
    from_the_top(page);
    let light = background(page);
    press(page, by, BUTTON, "Enter");
    page.wait_for("document.documentElement.dataset.theme === 'dark'");
    assert_eq!(page.eval(&format!("document.querySelector('{BUTTON}').ariaPressed")), "true");
    assert_ne!(background(page), light);
    assert_eq!(page.address(), "?theme=dark");
    press(page, by, BUTTON, "Space");
    page.wait_for("!('theme' in document.documentElement.dataset)");
    assert_eq!((background(page), page.address()), (light, String::new()));
}

/// Every value of every menu says beforehand how many results it will show: all of them by mouse in Chromium, the
/// first and the last of each menu in the other ways and in Firefox.
fn facets(page: &mut Page, by: By) {
    let all = shown(page);
    let is_each_pressed = by == By::Mouse && Kind::chosen() == Kind::Chromium;
    for facet in 1..=4 {
        let menu = format!(".facet:nth-child({facet})");
        from_the_top(page);
        press(page, by, &format!("{menu} summary"), "Enter");
        page.wait_for(&format!("document.querySelector('{menu}').open"));
        let counts = page.eval(&format!(
            "[...document.querySelectorAll('{menu} .option-count')].map((count) => count.textContent)"
        ));
        let counts: Vec<String> = serde_json::from_value(counts).unwrap();
        assert!(counts.len() > 1);
        for (position, count) in counts.iter().enumerate() {
            if !is_each_pressed && position > 0 && position + 1 < counts.len() {
                continue;
            }
            let input = format!("{menu} .option:nth-of-type({}) input", position + 1);
            let label = page.text(&format!("{menu} .option:nth-of-type({}) .option-label", position + 1));
            let expected = number(count).unwrap() as usize;
            press(page, by, &input, "Space");
            until(&expected, &format!("results of {label}"), || shown(page));
            assert_eq!(page.text(&format!("{menu} .facet-value")), label);
            let chip = page.text(".chip bdi");
            assert!(chip.ends_with(&label), "{chip} is not {label}");
            let empty = page.count(&format!("{menu} .option:nth-of-type({}).is-empty", position + 1)) == 1;
            assert_eq!(empty, expected == 0, "{label} is dimmed where nothing is left");
            press(page, by, &input, "Space");
            until(&all, "all results again", || shown(page));
        }
        page.keys("Escape");
        page.wait_for(&format!("!document.querySelector('{menu}').open"));
    }
    assert_eq!((page.address(), page.count(".chip")), (String::new(), 0));
}

fn search(page: &mut Page, by: By) {
    const FIELD: &str = ".search input";
    let all = shown(page);
    from_the_top(page);
    press(page, by, FIELD, "");
    page.wait_for(&format!("document.activeElement === document.querySelector('{FIELD}')"));
    page.keys("g e m m a - 4 Space e 2 b");
    until(&"?q=gemma-4%20e2b".to_owned(), "the address", || page.address());
    let found = rows(page);
    assert!(!found.is_empty() && found.iter().all(|row| row.variant.contains("E2B")), "{found:?}");
    assert_eq!(page.text(".chip bdi"), "Search: gemma-4 e2b");
    press(page, by, ".chip", "Enter");
    until(&all, "all results again", || shown(page));
    assert_eq!(page.text_of(&format!("document.querySelector('{FIELD}').value")), "");
}

/// Chooses one radio button of a group; a keyboard enters at the chosen one and moves by arrows.
fn choose(page: &mut Page, by: By, group: &str, position: usize) {
    let option = |n: usize| format!(".toggle[aria-label={group}] .toggle-option:nth-child({n})");
    if by == By::Keyboard {
        tab_to(page, &format!(".toggle[aria-label={group}] input:checked"));
        let current = page.run(
            "const all = [...document.querySelectorAll(`.toggle[aria-label=${arguments[0]}] input`)]; \
             return all.findIndex((input) => input.checked) + 1;",
            json!([group]),
        );
        let current = current.as_u64().unwrap() as usize;
        for _ in current..position {
            page.keys("ArrowRight");
        }
        for _ in position..current {
            page.keys("ArrowLeft");
        }
    } else {
        press(page, by, &option(position), "");
    }
    page.wait_for(&format!("document.querySelector('{} input').checked", option(position)));
}

/// `:checked` is a state of the document, not an attribute, so that a selector finds it.
fn toggles(page: &mut Page, by: By) {
    for (position, (metric, heading, _)) in METRICS.iter().enumerate().rev() {
        from_the_top(page);
        choose(page, by, "Metric", position + 1);
        until(&(*heading).to_owned(), metric, || page.text("thead .column-metric .term-label"));
        let expected = if *metric == "decode" { String::new() } else { format!("?metric={metric}") };
        assert_eq!(page.address(), expected);
    }
    for group in ["Concurrency", "Shape"] {
        let count = page.count(&format!(".toggle[aria-label={group}] input"));
        assert!(count > 2);
        for position in 1..=count {
            from_the_top(page);
            choose(page, by, group, position as usize);
            let chosen = format!(".toggle[aria-label={group}] .toggle-option:nth-child({position})");
            let word = page.text(&chosen);
            let default = if group == "Shape" { "All" } else { "1" };
            let chips = usize::from(word != default);
            until(&chips, &format!("chips of {group} {word}"), || page.count(".chip") as usize);
            assert_eq!(page.count(&format!("{chosen}.is-empty")) == 1, shown(page) == 0, "{group} {word}");
            if group == "Concurrency" && word != "All" {
                assert!(rows(page).iter().all(|row| row.concurrency == word), "{word}");
            }
        }
        from_the_top(page);
        choose(page, by, group, 1);
        until(&0, "chips of the default", || page.count(".chip"));
    }
}

fn chips(page: &mut Page, by: By) {
    page.open("?hardware=strix-halo-96gb&quant=q4_k_m&conc=all&q=e4b&metric=load");
    from_the_top(page);
    assert_eq!(page.count(".chip"), 4);
    assert!(page.text(".chips").contains("Reset all"));
    press(page, by, ".chips li:nth-child(2) .chip", "Enter");
    until(&3, "chips", || page.count(".chip"));
    assert!(!page.address().contains("quant"), "{}", page.address());
    from_the_top(page);
    press(page, by, ".chips .link-button", "Enter");
    until(&0, "chips", || page.count(".chip"));
    assert_eq!(page.address(), "?metric=load", "the metric is no filter");
}

fn folding(page: &mut Page, by: By) {
    page.open("?hardware=geforce-rtx-5070-12gb");
    let before = lines(page);
    let button = ".group button";
    press(page, by, button, "Enter");
    page.wait_for(&format!("document.querySelector('{button}').ariaExpanded === 'false'"));
    assert_eq!(rows(page).len(), 8, "two rows of Gemma-4 are folded away");
    assert!(status(page).ends_with("in 10 rows"), "{}", status(page));
    assert!(page.address().ends_with("&fold=gemma-4"), "{}", page.address());
    press(page, by, button, "Space");
    page.wait_for(&format!("document.querySelector('{button}').ariaExpanded === 'true'"));
    assert_eq!(lines(page), before);
}

fn opening(page: &mut Page, by: By) {
    page.open("?hardware=geforce-rtx-5070-12gb");
    let before = lines(page);
    let button = ".row .open-row";
    press(page, by, button, "Enter");
    page.wait_for("document.querySelectorAll('tr.detail .row-links').length === 1");
    let controls = format!("document.querySelector('{button}').getAttribute('aria-controls')");
    assert_eq!(page.eval(&format!("document.getElementById({controls}).closest('tr').className")), "detail");
    press(page, by, button, "Space");
    page.wait_for("document.querySelectorAll('tr.detail').length === 0");
    assert_eq!(lines(page), before);
}

/// Lists of choices are the browser's own: options are chosen as WebDriver does and by arrow keys.
fn more_shapes_and_groupings(page: &mut Page) {
    page.open("");
    let all = shown(page);
    page.click(".more-shapes [label=Raw] option");
    until(&1, "chips", || page.count(".chip"));
    until(&false, "the other results", || status(page).starts_with("Loading"));
    assert!((1..all).contains(&shown(page)));
    page.run("document.querySelector('.more-shapes').focus();", json!([]));
    page.keys("Home");
    until(&all, "all results again", || shown(page));

    for (position, grouping) in ["hardware", "backend", "quant"].into_iter().enumerate() {
        let read = |row: &Row| match grouping {
            "hardware" => row.hardware.clone(),
            "backend" => row.backend.clone(),
            _ => row.quant.clone(),
        };
        page.click(&format!(".group-by option:nth-child({})", position + 2));
        until(&format!("?group={grouping}"), "the address", || page.address());
        let mut name = String::new();
        let mut seen = 0;
        for line in lines(page) {
            match line {
                Line::Group { name: heading, .. } => name = heading,
                Line::Row(row) => {
                    let (engine, accelerator) = name.split_once(" (").unwrap_or((&name, ""));
                    let cell = read(&row);
                    let runtime = accelerator.trim_end_matches(')');
                    let fits = cell == name
                        || grouping == "backend"
                            && cell.starts_with(engine)
                            && cell.to_lowercase().contains(runtime);
                    assert!(fits, "{cell} under {name}");
                    seen += 1;
                }
                Line::Detail { .. } => {}
            }
        }
        assert_eq!(seen, rows(page).len());
        assert_eq!(shown(page), all);
    }
    page.run("document.querySelector('.group-by select').focus();", json!([]));
    page.keys("End");
    until(&"?group=none".to_owned(), "the address", || page.address());
    assert_eq!((groups(page).len(), shown(page)), (0, all));
    assert!(rows(page).iter().any(|row| row.variant.starts_with("Gemma-4 ")), "rows name their family");
}

fn focus_stays_where_it_is(page: &mut Page) {
    page.open("");
    for selector in ["thead .column-quant .sort", ".group button", ".row .open-row", ".icon-button"] {
        page.run("document.querySelector(arguments[0]).focus();", json!([selector]));
        let before = page.address();
        for key in ["Enter", "Space"] {
            page.keys(key);
            let changed = page.address();
            // What is behind a row comes with another program, whose element takes the place of the first one's.
            until_answered(page);
            page.wait_for(&format!("document.activeElement === document.querySelector('{selector}')"));
            assert!(key == "Space" || changed != before, "{selector} does nothing");
        }
    }
}

/// The chip in its place, the one before it, or the search field.
fn focus_goes_on_from_what_is_removed(page: &mut Page) {
    let focused = |page: &Page| page.text_of("document.activeElement.textContent");
    let in_search = "document.activeElement === document.querySelector('.search input')";
    page.open("?hardware=strix-halo-96gb&quant=q4_k_m&q=e4b");
    tab_to(page, ".chips li:nth-child(2) .chip");
    page.keys("Enter");
    until(&"Search: e4b×".to_owned(), "the chip in its place", || focused(page));
    page.keys("Enter");
    page.wait_for("document.activeElement.textContent.startsWith('Hardware: Strix Halo')");
    page.keys("Enter");
    page.wait_for(in_search);

    page.open("?hardware=strix-halo-96gb&quant=q4_k_m");
    tab_to(page, ".chips .link-button");
    page.keys("Enter");
    page.wait_for(in_search);
    page.open("?q=no%20such%20model");
    tab_to(page, ".results .empty .link-button");
    page.keys("Enter");
    page.wait_for(in_search);
}

fn the_skip_link_leads_to_the_table(page: &mut Page) {
    page.open("?q=e2b");
    tab_to(page, ".skip-link");
    page.keys("Enter");
    // Firefox follows a link to a place in the page a moment later.
    page.wait_for("location.hash === '#results'");
    page.keys("Tab");
    page.wait_for("document.activeElement === document.querySelector('.results-table .sort')");
    assert_eq!(page.address(), "?q=e2b#results");
    page.open("?view=hardware");
    tab_to(page, ".skip-link");
    page.keys("Enter");
    page.wait_for("document.activeElement.id === 'content'");
}

fn hidden_concurrencies_are_counted(page: &mut Page) {
    page.open("?hardware=geforce-rtx-3090-24gb&conc=all");
    let all = shown(page);
    assert!(!status(page).contains("more"), "{}", status(page));
    page.open("?hardware=geforce-rtx-3090-24gb");
    let more = all - shown(page);
    assert!(more > 0);
    let expected = format!("; {more} more at other concurrencies");
    assert!(status(page).ends_with(&expected), "{}", status(page));
}

fn menus_close(page: &mut Page) {
    let is_open = |n: u32| format!("document.querySelector('.facet:nth-child({n})').open");
    page.open("");
    page.click(".facet:nth-child(1) summary");
    page.wait_for(&is_open(1));
    page.click(".facet:nth-child(1) .option:nth-of-type(1) input");
    page.click(".facet:nth-child(1) .option:nth-of-type(2) .option-label");
    page.wait_for("document.querySelectorAll('.facet:nth-child(1) .option :checked').length === 2");
    page.click(".facet:nth-child(1) .option:nth-of-type(2) .option-count");
    page.wait_for("document.querySelectorAll('.facet:nth-child(1) .option :checked').length === 1");
    until(&1, "chips", || page.count(".chip"));
    assert_eq!(page.eval(&is_open(1)), true, "choosing keeps the menu open");
    page.keys("Escape");
    page.wait_for(&format!("!{}", is_open(1)));
    assert_eq!(page.eval("document.activeElement === document.querySelector('.facet summary')"), true);

    page.keys("Enter");
    page.wait_for(&is_open(1));
    page.click(".facet:nth-child(2) summary");
    page.wait_for(&format!("{} && !{}", is_open(2), is_open(1)));
    page.click("h1");
    page.wait_for(&format!("!{}", is_open(2)));

    page.click(".facet:nth-child(3) summary");
    page.wait_for(&is_open(3));
    page.run("document.querySelector('.search input').focus();", json!([]));
    page.wait_for(&format!("!{}", is_open(3)));
}

/// Shapes, settings, notes, sources: what seed 001 says of its first row.
fn an_open_row_tells_all(page: &mut Page) {
    page.open("?hardware=geforce-rtx-5070-12gb");
    page.click(".row .open-row");
    page.wait_for("document.querySelector('tr.detail .row-links')");
    let text = page.text("tr.detail");
    for part in ["chat", "rag", "codegen", "agent", "211.9", "206.5", "216.7", "209.5", "vulkan", "Sources"] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let address = page.address();
    page.open(&address);
    assert_eq!(page.text("tr.detail"), text, "the address opens the same row");
}

/// But not on what answers by itself, nor where words are being selected.
fn a_row_opens_wherever_it_is_pressed(page: &mut Page) {
    page.open("?mode=llama-bench&conc=1");
    let is_open = |open: usize| format!("document.querySelectorAll('tr.detail').length === {open}");
    let select = |page: &Page| {
        page.run(
            "const cell = document.querySelector('.row .column-backend'); \
             getSelection().selectAllChildren(cell); \
             cell.dispatchEvent(new MouseEvent('click', { bubbles: true })); \
             getSelection().removeAllRanges();",
            json!([]),
        );
    };
    select(page);
    let asks = "['upgrading', 'taken'].some((mark) => mark in document.documentElement.dataset)";
    assert_eq!(
        (page.eval(&is_open(0)), page.eval(asks)),
        (json!(true), json!(false)),
        "words can be selected"
    );
    page.click(".row .column-backend");
    page.wait_for(&is_open(1));
    page.wait_for("document.querySelector('tr.detail .row-links')");
    page.click("tr.detail .run h3");
    select(page);
    assert_eq!(page.eval(&is_open(1)), true, "what is behind it stays");
    page.click(".row .column-metric");
    page.wait_for(&is_open(0));
    page.click(".row .column-mode .term");
    page.wait_for("document.getElementById('tooltip').checkVisibility()");
    assert_eq!(page.eval(&is_open(0)), true, "a term is explained, and nothing else");
}

fn nothing_at_one_concurrency_leads_to_the_others(page: &mut Page) {
    page.open("?shape=chat&conc=4");
    assert_eq!(rows(page).len(), 0);
    let words = page.text(".results .empty .link-button");
    let more =
        words.strip_prefix("Show ").and_then(|words| words.strip_suffix(" results at other concurrencies"));
    let more: usize = more.and_then(|more| more.parse().ok()).expect("a number of results");
    page.click(".results .empty .link-button");
    until(&"?shape=chat&conc=all".to_owned(), "the address", || page.address());
    assert_eq!(shown(page), more);
    page.wait_for("document.activeElement.matches('input[name=concurrency]:checked')");
    // Inside another page there is nothing to choose from.
    page.open("?shape=chat&conc=4&embed=table");
    page.click(".results .empty .link-button");
    page.wait_for("document.activeElement.id === 'results' && document.querySelector('.row')");
}

fn nothing_found_can_be_undone(page: &mut Page) {
    for by in [By::Mouse, By::Keyboard, By::Touch] {
        page.open("?q=no%20such%20model&metric=ttft");
        assert!(status(page).starts_with("0 of "), "{}", status(page));
        assert!(status(page).ends_with(" in 0 rows"), "{}", status(page));
        assert_eq!(page.text(".results .empty p"), "No result matches these filters");
        assert_eq!(page.count(".results-table .row"), 0);
        press(page, by, ".results .empty .link-button", "Enter");
        page.wait_for("document.querySelectorAll('.results-table .row').length > 0");
        assert_eq!(page.address(), "?metric=ttft");
        assert_eq!(page.count(".results .empty"), 0);
    }
}
