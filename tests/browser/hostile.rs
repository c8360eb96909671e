//! Words in the data that try to be markup, code or addresses: every text of both indexes is filled with them, every
//! view is opened, and all of it is text.

use crate::{
    Test,
    harness::{dist, page::Page, server::Fault},
    reading::{until_answered, until_charts_follow},
    words::{Filling, Words},
};
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("words_in_the_data_run_nothing", words_in_the_data_run_nothing),
    ("other_words_in_the_data_run_nothing", other_words_in_the_data_run_nothing),
    ("ids_run_nothing", ids_run_nothing),
];

fn words_in_the_data_run_nothing(page: &mut Page) {
    every_view(page, Filling { start: 0, ids: false });
}

fn other_words_in_the_data_run_nothing(page: &mut Page) {
    every_view(page, Filling { start: 350, ids: false });
}

fn ids_run_nothing(page: &mut Page) {
    every_view(page, Filling { start: 700, ids: true });
}

/// Writes down whatever only a script of the data would do, and what the policy refuses, which nothing of the page's
/// own may need.
const WATCH: &str = "window.pwned = []; \
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval']) \
      window[name] = (...all) => { pwned.push([name, ...all].join()); }; \
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => { \
      pwned.push(`${violatedDirective} ${blockedURI}`); });";

/// What came of it: what ran or was refused, elements and attributes that no component makes, addresses that lead
/// neither to the page nor to the web, and whether the page goes on.
const HARM: &str = r"
    const known = new Set(arguments[0].split(' '));
    const name = (one) => one.outerHTML.slice(0, 200);
    const all = [...document.querySelectorAll('*')];
    const attributes = (one) => [...one.attributes].map((attribute) => attribute.name);
    const isOdd = (one) => !known.has(one.localName)
      || (one.localName === 'script' && !one.matches('[data-js], [src=\'late.js\'], head > script:first-of-type, [type=\'application/ld+json\']'))
      || attributes(one).some((name) => /^on|^srcdoc$|^srcset$|^formaction$|^ping$|^style$/.test(name) && !(name === 'style' && one.style.length));
    const leads = (one) => {
      const to = one.getAttribute('href') ?? one.getAttribute('src');
      return to === null || !URL.canParse(to, document.baseURI) || /^https?:$/.test(new URL(to, document.baseURI).protocol);
    };
    return [
      window.pwned, window.ran ?? null, all.filter(isOdd).map(name),
      [...document.body.querySelectorAll('[href], [src]')].filter((one) => !leads(one)).map(name),
      document.documentElement.dataset.crashed ?? null, document.documentElement.dataset.state,
    ];";

/// Every element of the page.
const ELEMENTS: &str = "html head meta title link script style noscript base body header footer main nav section article div p \
    h1 h2 h3 h4 ul ol li dl dt dd a strong em b i small span bdi code kbd abbr sup sub time br hr table caption thead \
    tbody tr th td figure figcaption canvas details summary button input label select option optgroup fieldset legend \
    textarea form output progress pre blockquote";

fn every_view(page: &mut Page, filling: Filling) {
    let words = Words::all();
    let mut whole = Value::Null;
    for name in ["first.json", "index.json"] {
        let index = serde_json::from_slice(&std::fs::read(dist().join(name)).unwrap()).unwrap();
        whole = words.fill(&index, filling);
        page.server().fault(name, Fault::Body("application/json", whole.to_string()));
    }
    page.before_scripts(WATCH);
    page.open("?view=model");
    let model = first_link(page, "#models");
    page.open("?view=compare");
    let pins = first_link(page, "#backends");
    for query in [
        "",
        "?conc=all&bars=all",
        &model,
        &pins,
        "?view=model",
        "?view=compare",
        "?view=hardware",
        "?view=checks",
        "?view=method",
        "?view=import",
        "?embed=1",
        "?embed=charts&conc=all",
        "?embed=table",
        &format!("{model}&embed=table"),
        &format!("{pins}&embed=charts"),
    ] {
        page.open(query);
        until_answered(page);
        until_charts_follow(page);
        use_everything(page, query.contains("embed="));
        let harm = page.run(HARM, json!([ELEMENTS]));
        assert_eq!(harm, json!([[], null, [], [], null, "ready"]), "{query}");
        expect_text(page, query, &whole);
    }
}

/// The query of the first link in a table.
fn first_link(page: &Page, within: &str) -> String {
    let link = format!("document.querySelector('{within} tbody a')");
    page.wait_for(&link);
    page.text_of(&format!("new URL({link}.href).search"))
}

/// Opens rows, reads every chart, folds out what is folded, and opens the panel that shares.
fn use_everything(page: &mut Page, is_embedded: bool) {
    page.run(
        "document.querySelectorAll('.open-row').forEach((row, at) => at < 8 && row.click()); \
         document.querySelectorAll('details').forEach((one) => { one.open = true; }); \
         for (const frame of document.querySelectorAll('.chart-frame')) { \
           frame.focus(); \
           frame.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true })); \
         }",
        json!([]),
    );
    until_answered(page);
    page.wait_for("!document.querySelector('.on-its-way')");
    if !is_embedded {
        page.click(".share-button");
        page.wait_for("document.querySelector('#share:popover-open .share-panel #share-link')");
        page.run(
            "for (const choice of document.querySelectorAll('#share select')) for (const { value } of choice.options) { \
               choice.value = value; choice.dispatchEvent(new Event('change', { bubbles: true })); }",
            json!([]),
        );
    }
}

/// What a view shows of the data is what the data say, letter by letter.
fn expect_text(page: &Page, query: &str, index: &Value) {
    let catalog = &index["catalog"];
    let texts = |list: &str, names: &[&str]| -> Vec<String> {
        let items = catalog[list].as_array().unwrap().iter();
        let of = |item: &Value| {
            names.iter().map(|name| item[*name].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        items.flat_map(of).collect()
    };
    let all: Vec<String> = match query {
        "?view=hardware" => texts("hardware", &["name", "story"]),
        "?view=method" => [
            texts("glossary", &["term", "short"]),
            texts("sources", &["name"]),
            texts("campaign", &["title", "about"]),
        ]
        .concat(),
        "?conc=all&bars=all" => {
            let names =
                page.eval("[...document.querySelectorAll('.group-name')].map((one) => one.textContent)");
            let known = texts("families", &["name"]);
            let names = names.as_array().unwrap();
            assert!(names.len() > 10, "{names:?}");
            for name in names {
                assert!(known.iter().any(|known| *name == json!(known)), "{name} is no name of a family");
            }
            return;
        }
        _ => return,
    };
    assert!(all.len() > 5);
    let missing = page.run(
        "const { textContent } = document.body; return arguments[0].filter((text) => !textContent.includes(text));",
        json!([all]),
    );
    assert_eq!(missing, json!([]), "not shown as it is at {query}");
}
