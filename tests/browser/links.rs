//! The address is the state: reload, Back and Forward give the same page, and any address gives one.

use crate::{
    Test,
    harness::{engine::share, page::Page},
    reading::{until, until_answered, until_charts_follow},
};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) const TESTS: &[Test] = &[
    ("a_reload_shows_the_same", a_reload_shows_the_same),
    ("many_open_rows_survive_a_reload", many_open_rows_survive_a_reload),
    ("back_and_forward_go_through_every_state", back_and_forward_go_through_every_state),
    ("typing_leaves_one_step", typing_leaves_one_step),
    ("unknown_parts_are_said", unknown_parts_are_said),
    ("hostile_strings_in_every_parameter", hostile_strings_in_every_parameter),
    ("hostile_strings_in_views_of_evidence", hostile_strings_in_views_of_evidence),
    ("hostile_addresses_load", hostile_addresses_load),
];

/// Everything that follows from the address: the words of the page, and the state of its controls.
const STATE: &str = r"
    const of = (selector, read) => [...document.querySelectorAll(selector)].map(read).join();
    const shown = document.querySelector('main').cloneNode(true);
    // A chart whose shape has no results waits as it was.
    for (const hidden of shown.querySelectorAll('figure[hidden]')) hidden.remove();
    return [
      location.search,
      document.documentElement.dataset.theme ?? '',
      document.querySelector('nav a[aria-current]')?.textContent,
      of('.controls input', (input) => input.type === 'search' ? input.value : input.checked),
      of('.controls select', (select) => select.selectedOptions[0]?.textContent),
      of('[aria-sort]', (head) => head.className + head.ariaSort),
      of('tr [aria-expanded]', (button) => button.ariaExpanded),
      shown.textContent.replace(/\s+/g, ' '),
    ];";

fn state(page: &Page) -> Vec<String> {
    page.wait_for_state("ready");
    until_charts_follow(page);
    let state = page.run(STATE, json!([]));
    state.as_array().unwrap().iter().map(|part| part.as_str().unwrap_or_default().to_owned()).collect()
}

/// What a walk may do; each entry finds its elements anew. Nothing here types or leaves the page.
const STEPS: [&str; 16] = [
    "nav a",
    ".icon-button",
    ".facet .option input",
    ".facet .option input",
    ".toggle[aria-label=Metric] input",
    ".toggle[aria-label=Concurrency] input",
    ".toggle[aria-label=Shape] input",
    ".group-by option",
    ".more-shapes option",
    "thead .sort",
    "thead .sort",
    ".group button",
    ".group button",
    ".open-row",
    ".open-row",
    ".chip, .chips .link-button, .empty .link-button, .chart .link-button",
];

/// Takes one step; false where the page has nothing of the kind now. A link to another view may begin a new
/// document.
fn step(page: &Page, kind: usize, which: usize) -> bool {
    let done = page.run(
        "const all = document.querySelectorAll(arguments[0]); \
         if (all.length === 0) return false; \
         const one = all[arguments[1] % all.length]; \
         if (one.localName === 'option') { \
           one.closest('select').value = one.value; \
           one.closest('select').dispatchEvent(new Event('change', { bubbles: true })); \
         } else one.click(); \
         return one.href ?? true;",
        json!([STEPS[kind], which]),
    );
    if done.is_string() {
        page.wait_for(&format!("location.href === {done} || location.href + '?' === {done}"));
        page.wait_for_state("ready");
    }
    until_answered(page);
    done != json!(false)
}

/// A fixed sequence of numbers: the same walk on every machine.
struct Random(u32);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % end
    }
}

/// Walks through the controls, and calls back after every step that changed the address.
fn walk(page: &mut Page, seed: u32, steps: usize, mut each: impl FnMut(&mut Page)) {
    let mut random = Random(seed);
    let mut taken = 0;
    let mut address = page.address();
    while taken < steps {
        let (kind, which) = (random.below(STEPS.len()), random.below(10_000));
        // A page without the control gets back to where they all are.
        if !step(page, kind, which) && page.count(".controls") == 0 {
            step(page, 0, 0);
        }
        let now = page.address();
        if now != address {
            address = now;
            taken += 1;
            each(page);
        }
    }
}

fn a_reload_shows_the_same(page: &mut Page) {
    page.open("");
    let mut number = 0;
    walk(page, 11, 60, |page| {
        number += 1;
        if number % 4 == 0 {
            let before = (state(page), markup(page));
            let address = page.address();
            page.open(&address);
            until(&before, &format!("{address} after a reload"), || (state(page), markup(page)));
            assert_eq!(page.count(".notice"), 0, "{address}");
        }
    });
}

/// The lines of the table to the letter: many were changed from what they said before. Of a long table those near the
/// screen are there alone, and where a screen stands is no part of a link.
fn markup(page: &Page) -> Value {
    page.wait_for_rows();
    page.eval(
        "[...document.querySelectorAll('.lines:not(.is-long) > tr:not(.detail)')].map((line) => line.outerHTML)",
    )
}

fn many_open_rows_survive_a_reload(page: &mut Page) {
    page.open("");
    page.run("document.querySelectorAll('.open-row').forEach((button) => button.click());", json!([]));
    page.wait_for(
        "document.documentElement.dataset.rows !== 'behind' \
         && document.querySelectorAll('tr.detail .row-links').length === document.querySelectorAll('.open-row').length",
    );
    assert!(page.count("tr.detail") > 60);
    let before = state(page);
    let address = page.address();
    page.open(&address);
    until(&before, "after a reload", || state(page));
}

fn back_and_forward_go_through_every_state(page: &mut Page) {
    page.open("");
    let mut states = vec![state(page)];
    walk(page, 5, 25, |page| states.push(state(page)));
    for (number, expected) in states.iter().enumerate().rev().skip(1) {
        page.back();
        until(expected, &format!("back to state {number}"), || state(page));
    }
    for (number, expected) in states.iter().enumerate().skip(1) {
        page.forward();
        until(expected, &format!("forward to state {number}"), || state(page));
    }
}

/// Back undoes choices, not letters.
fn typing_leaves_one_step(page: &mut Page) {
    page.open("");
    page.click(".toggle[aria-label=Metric] label:nth-child(2)");
    page.type_into(".search input", "gemma");
    until(&"?q=gemma&metric=prefill".to_owned(), "the address", || page.address());
    page.back();
    until(&String::new(), "the address", || page.address());
    assert_eq!(page.eval("document.querySelector('.search input').value"), "");
}

fn unknown_parts_are_said(page: &mut Page) {
    for (query, words) in [
        ("?metric=speed", "metric=speed is not known here"),
        ("?hardware=strix-halo-96gb,none", "hardware=none is not known here"),
        ("?open=no-such-row", "open=no-such-row is not known here"),
        ("?fold=no-such-family", "fold=no-such-family is not known here"),
        ("?nothing=known", "nothing=known is not a parameter of this page"),
        ("?__proto__=1", "__proto__=1 is not a parameter of this page"),
    ] {
        page.open(query);
        assert!(page.text(".notice").contains(words), "{query}: {}", page.text(".notice"));
        page.click(".notice .link-button");
        page.wait_for("!document.querySelector('.notice')");
        assert!(page.count(".results-table .row") > 0, "{query}");
    }
}

const PARAMETERS: [&str; 18] = [
    "view",
    "hardware",
    "backend",
    "quant",
    "mode",
    "q",
    "shape",
    "conc",
    "metric",
    "sort",
    "group",
    "fold",
    "open",
    "model",
    "pin",
    "bars",
    "theme",
    "unheard-of",
];

/// The collection of naughty strings that lies beside the repository.
fn naughty() -> Option<Vec<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hostile/blns/blns.json");
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("skipped: ../shared is not here");
        return None;
    };
    let all: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    Some(share(all, 5).collect())
}

/// Walks through addresses that begin with the first argument and hold four strings in each of the
/// parameters, escaped and as they are, and each string alone in the one parameter that takes all of them;
/// returns those that crash the page, lack what the fourth argument selects, or are silent.
const WALK: &str = r"
    const [start, names, strings, shown, done] = arguments;
    const escaped = encodeURIComponent;
    const part = (escape) => (name, n) => [0, 1, 2, 3]
      .map((more) => `${name}=${escape(strings[(n + more) % strings.length])}`).join('&');
    const queries = strings.flatMap((text, at) => [
      ...(at % 4 ? [] : [escaped, (raw) => raw].map((escape) => names.map((name, n) => part(escape)(name, n * 4 + at)).join('&'))),
      ...(start ? [] : [`q=${escaped(text)}&nothing=${escaped(text)}`]),
    ]);
    (async () => {
      const bad = [];
      for (const query of queries) {
        history.replaceState(null, '', `${location.pathname}?${start}${query}`);
        dispatchEvent(new PopStateEvent('popstate'));
        await new Promise((next) => setTimeout(next));
        const { dataset } = document.documentElement;
        const whole = document.querySelectorAll('h1').length === 1 && document.querySelector(shown);
        if (dataset.crashed || !whole || !document.querySelector('.notice')) bad.push(query);
      }
      return bad;
    })().then(done, (error) => done([String(error)]));";

/// Every string in every parameter.
fn hostile_strings_in_every_parameter(page: &mut Page) {
    let Some(strings) = naughty() else { return };
    page.open("");
    for part in strings.chunks(50) {
        let bad = page.run_async(WALK, json!(["", PARAMETERS, part, ".results-table, .cards, #how-to-read"]));
        assert_eq!(bad, json!([]), "crashed, empty or silent");
    }
}

/// Every string as a pin, as a model, and as a parameter that there is not.
fn hostile_strings_in_views_of_evidence(page: &mut Page) {
    let Some(strings) = naughty() else { return };
    for (view, shown, most) in [
        ("compare", "#compare + #backends", 1_000),
        ("model", "#models", 1_000),
        ("checks", "#findings", 100),
    ] {
        page.open(&format!("?view={view}"));
        let start = format!("view={view}&");
        for part in strings[..most.min(strings.len())].chunks(130) {
            let bad = page.run_async(WALK, json!([start, ["pin", "model", "unheard-of"], part, shown]));
            assert_eq!(bad, json!([]), "crashed, empty or silent in {view}");
        }
    }
}

fn hostile_addresses_load(page: &mut Page) {
    let huge = format!("?q=gemma&hardware={}", "%F0%9F%92%A9".repeat(9_000));
    let many = format!("?open={}", "a,".repeat(40_000));
    let twice =
        "?metric=ttft&metric=load&hardware=strix-halo-96gb&hardware=strix-halo-128gb&q=a&q=b".to_owned();
    let mut addresses = vec![
        huge,
        many,
        twice,
        "?hardware=%E0%A4%A".to_owned(),
        "?q=%00%01%7f%ff%fe".to_owned(),
        "?__proto__=1&constructor=2&toString=3&hasOwnProperty=4".to_owned(),
        "?conc=-1&conc=1e400&conc=65536&conc=NaN".to_owned(),
        "????&&&&====".to_owned(),
        "?view=hardware?view=method".to_owned(),
        "?sort=--metric&group=&theme=".to_owned(),
        format!("?view=compare&pin={}", "%2C".repeat(9_000)),
        format!("?view=compare&pin={}", "a,".repeat(9_000)),
        format!("?view=model&model={}", "%F0%9F%92%A9".repeat(2_000)),
        "?view=comp%61re&pin=&pin=,,,&model=%ff".to_owned(),
        "?view=model&model=__proto__&model=constructor".to_owned(),
        "?view=checks&view=model&model=..%2F..%2Findex.json".to_owned(),
    ];
    let strings = naughty().unwrap_or_default();
    addresses.extend(strings.iter().step_by(80).map(|text| format!("?q={text}&hardware={text}&{text}")));
    for address in &addresses {
        page.open(address);
        let seen = page.run(
            "return [document.querySelectorAll('h1').length, 'crashed' in document.documentElement.dataset, \
                     document.querySelectorAll('.results-table, .cards, #compare, #models, #findings').length > 0];",
            json!([]),
        );
        let short: String = address.chars().take(200).collect();
        assert_eq!(seen, Value::from(vec![json!(1), json!(false), json!(true)]), "{short}");
    }
}
