//! Results of somebody else: asked for when the reader says so, within limits, and named as long as they are shown.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tokscope::index::Index;

use crate::{
    Test,
    embed::visit_host,
    harness::{
        dist,
        page::Page,
        server::{Fault, Server},
    },
    import::catch_downloads,
    reading::{groups, until},
};

pub(crate) const TESTS: &[Test] = &[
    ("nothing_is_asked_before_the_reader_agrees", nothing_is_asked_before_the_reader_agrees),
    ("they_are_named_as_long_as_they_are_shown", they_are_named_as_long_as_they_are_shown),
    ("addresses_that_are_not_asked_are_refused_in_words", addresses_that_are_not_asked_are_refused_in_words),
    ("each_failure_says_what_it_is_and_goes_on", each_failure_says_what_it_is_and_goes_on),
    ("what_has_no_end_is_cut_and_what_stalls_is_left", what_has_no_end_is_cut_and_what_stalls_is_left),
    ("opening_is_cancelled", opening_is_cancelled),
    ("exports_and_links_name_them", exports_and_links_name_them),
    ("own_results_stand_beside_them", own_results_stand_beside_them),
    ("hostile_strings_in_every_field", hostile_strings_in_every_field),
    ("inside_another_page_it_asks_as_well", inside_another_page_it_asks_as_well),
    ("nothing_of_them_is_kept", nothing_of_them_is_kept),
    ("by_keyboard_alone", by_keyboard_alone),
    ("axe_is_content_light", |page| axe_is_content(page, "light")),
    ("axe_is_content_dark", |page| axe_is_content(page, "dark")),
];

/// The page's own results under names of their own.
fn renamed() -> String {
    let mut index = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    index.catalog.families.iter_mut().for_each(|family| family.name = format!("Else {}", family.name));
    String::from_utf8(index.to_json()).unwrap()
}

/// Another host with an index, and the query that leads to it.
fn another(page: &mut Page) -> (Server, String) {
    let host = Server::start(dist());
    host.fault("index.json", Fault::Body("application/json", renamed()));
    page.expect_origin(&host.url("index.json"));
    expect_handing_over(page);
    let query = format!("?data={}", host.url("index.json"));
    (host, query)
}

/// The page of the publisher's results hands over to the one for somebody else's at once, and Firefox says which
/// script of it did not come any more.
fn expect_handing_over(page: &mut Page) {
    page.expect_console("late.js”");
}

/// The button that agrees, and the one that tries again.
const AGREE: &str = ".foreign button";

fn open(page: &mut Page, query: &str) {
    page.open_into(query, "asking");
    page.click(AGREE);
    page.wait_for_state("ready");
    page.wait_for("document.querySelector('.foreign-banner')");
}

/// The name of a server, as an address has it.
fn host_of(server: &Server) -> String {
    server.origin().replace("http://", "")
}

fn is_all_theirs(page: &Page) -> bool {
    let groups = groups(page);
    !groups.is_empty() && groups.iter().all(|group| group.0.starts_with("Else "))
}

fn nothing_is_asked_before_the_reader_agrees(page: &mut Page) {
    let (host, query) = another(page);
    page.open_into(&format!("{query}&q=gemma&theme=dark"), "asking");
    let said = page.text(".foreign");
    for part in [&host.url("index.json"), "reviewed", "network address", "Nothing has been asked for yet"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(page.text(".foreign h2").contains(&host_of(&host)));
    assert!(page.text_of("document.title").contains(&host_of(&host)));
    assert_eq!((page.count("h1"), page.count("main"), page.count("table")), (1, 1, 0));
    assert!(page.address().starts_with("foreign.html?data="), "{}", page.address());
    assert!(page.address().contains("q=gemma"), "every other choice comes along");
    assert_eq!(host.asked(), [], "nothing was asked");
    let policy = page.text_of("document.querySelector('meta[http-equiv]').content");
    assert!(policy.contains("connect-src 'self' https: http://localhost:* http://127.0.0.1:*;"), "{policy}");
    // The way back leads to the published results, in the same colours, and asks nothing of the host either.
    page.click(".foreign a");
    page.wait_for_state("ready");
    assert_eq!((page.address().as_str(), page.count(".foreign-banner")), ("?theme=dark", 0));
    assert!(!is_all_theirs(page));
    let policy = page.text_of("document.querySelector('meta[http-equiv]').content");
    assert!(policy.contains("connect-src 'self';"), "the page itself stays as strict: {policy}");
    assert_eq!(host.asked(), []);
    // Agreed to, the host learns who asks and nothing else.
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for_state("ready");
    assert_eq!(host.asked().len(), 1, "{:?}", host.asked());
    let heads = host.heads().concat();
    assert!(!heads.contains("referer:") && !heads.contains("cookie:"), "{heads}");
    // A document that nobody was sent to has nothing to ask for.
    page.open("foreign.html");
    assert_eq!(page.address(), "");
}

fn they_are_named_as_long_as_they_are_shown(page: &mut Page) {
    let (host, query) = another(page);
    open(page, &query);
    let name = host_of(&host);
    let address = format!("data={}", encoded(&host.url("index.json")));
    let check = |page: &mut Page, when: &str| {
        let banner = page.text(".foreign-banner");
        for part in [&name, "not reviewed here", &host.url("index.json"), "newest run 20"] {
            assert!(banner.contains(part), "{when}: {part}: {banner}");
        }
        assert!(
            page.text_of("document.title").starts_with(&format!("Results of {name}, not reviewed")),
            "{when}"
        );
        assert_eq!(page.text("h1"), format!("Results of {name}"), "{when}");
        assert!(page.address().contains(&address), "{when}: {}", page.address());
        let stray = "[...document.querySelectorAll('#app a[href^=\"?\"]')].filter((link) => !link.search.includes('data=')).length";
        assert_eq!(page.eval(stray), 0, "{when}: links that leave them");
        assert_eq!(page.count("main"), 1, "{when}");
    };
    assert!(is_all_theirs(page), "{:?}", groups(page));
    check(page, "first");
    page.click(".open-row");
    page.wait_for("document.querySelector('tr.detail table')");
    check(page, "an open row");
    for view in ["hardware", "model", "checks", "method", "compare", "import"] {
        page.click(&format!("nav a[href*='view={view}']"));
        page.wait_for(&format!(
            "location.search.includes('view={view}') && document.querySelector('main h2')"
        ));
        check(page, view);
    }
    page.back();
    page.wait_for("location.search.includes('view=compare')");
    check(page, "back");
    // Their document asked for nothing of the page's own results, and a reload asks again.
    let own = page.server().url("");
    let asked: Vec<String> =
        page.requests().iter().filter_map(|url| url.strip_prefix(&own)).map(str::to_owned).collect();
    let theirs = asked.rsplit(|file| file.starts_with("foreign.html")).next().unwrap();
    assert!(!theirs.iter().any(|file| file == "index.json" || file == "first.json"), "{asked:?}");
    page.run("location.reload();", json!([]));
    page.wait_for_state("asking");
    page.click(AGREE);
    page.wait_for_state("ready");
    assert!(page.address().contains("view=compare"), "{}", page.address());
    page.click(".foreign-banner a");
    page.wait_for("!('foreign' in document.documentElement.dataset)");
    page.wait_for_state("ready");
    assert_eq!(page.address(), "");
}

/// As links of the page write it.
fn encoded(address: &str) -> String {
    let mut out = String::new();
    for byte in address.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => write!(out, "%{byte:02X}").unwrap(),
        }
    }
    out
}

fn addresses_that_are_not_asked_are_refused_in_words(page: &mut Page) {
    expect_handing_over(page);
    for (address, found) in [
        ("http://example.org/index.json", "http:"),
        ("http://127.0.0.1.example.org/index.json", "http:"),
        ("http://[::1]:80/index.json", "[::1]"),
        ("javascript:window.ran=true", "javascript:"),
        ("data:application/json,{}", "data:"),
        ("blob:https://example.org/1", "blob:"),
        ("file:///etc/passwd", "file:"),
        ("ftp://example.org/index.json", "ftp:"),
        ("https://user:word@example.org/index.json", "a name or a password"),
        ("index.json", "no address"),
        ("//example.org/index.json", "no address"),
        ("<img src=x onerror=window.ran=true>", "no address"),
        ("", "no address"),
    ] {
        page.open_into(&format!("?data={}", encoded(address)), "no-data");
        let said = page.text(".foreign [role=alert]");
        assert!(said.contains(found) && said.contains("expected"), "{address}: {said}");
        assert_eq!(page.count(".foreign button"), 0, "{address}: nothing to agree to");
        assert_eq!(page.eval("window.ran ?? null"), Value::Null);
    }
    page.assert_accessible("with an address that is refused");
    page.click(".foreign a");
    page.wait_for_state("ready");
    assert_eq!(page.address(), "");
}

/// The browser's own words on what did not arrive.
fn expect_failures(page: &mut Page) {
    for part in ["404", "500", "CORS policy", "Cross-Origin Request Blocked", "ERR_", "net::"] {
        page.expect_console(part);
    }
}

fn each_failure_says_what_it_is_and_goes_on(page: &mut Page) {
    let (host, query) = another(page);
    expect_failures(page);
    let json = |text: &str| Fault::Body("application/json", text.to_owned());
    let whole = renamed();
    let newer = whole.replacen("\"version\":1", "\"version\":7", 1);
    assert_ne!(newer, whole);
    let part = std::fs::read_to_string(dist().join("first.json")).unwrap();
    let html = || Fault::Body("text/html", "<h1>Please log in</h1>".to_owned());
    let large = " ".repeat(33 << 20);
    let faults = [
        ("private", Fault::Private, "Access-Control-Allow-Origin: *"),
        ("not there", Fault::Status(404), "answered 404: it has no such file"),
        ("broken", Fault::Status(500), "answered 500: it has trouble"),
        ("cut", Fault::Cut, "broke off"),
        ("a web page", html(), "found a web page"),
        ("truncated", json(&whole[..whole.len() / 2]), "broke off before its end"),
        ("newer", json(&newer), "reads index version 1, and found version 7"),
        ("another format", json("{\"format\": \"other\"}"), "found format"),
        ("no JSON", json("hello"), "not an index of results: line 1"),
        ("a list", json("[1, 2, 3] }"), "not an index of results"),
        ("empty", json(" "), "empty file"),
        ("a part", json(&part), "a part of an index"),
        ("too large", json(&large), "found 33.0 MiB, expected at most 32.0 MiB"),
    ];
    for (name, fault, said) in faults {
        host.fault("index.json", fault);
        page.open_into(&query, "asking");
        page.click(AGREE);
        page.wait_for("document.querySelector('.foreign.is-failed')");
        let words = page.text(".foreign");
        assert!(words.contains(said), "{name}: {words}");
        assert!(words.contains(&host.url("index.json")), "{name}: {words}");
        assert_eq!((page.count("table"), page.count("main")), (0, 1), "{name}: no results of anybody's");
        assert_eq!(page.eval("document.activeElement.textContent"), "Try again", "{name}");
        if matches!(name, "private" | "newer") {
            page.assert_accessible(name);
        }
        let is_new = |head: &String| head.contains("cache-control: no-cache");
        assert!(!host.heads().iter().any(is_new), "{name}: a cache may answer first");
        host.heal();
        host.fault("index.json", json(&whole));
        page.click(AGREE);
        page.wait_for_state("ready");
        assert!(is_all_theirs(page), "{name}");
        assert!(host.heads().iter().all(is_new), "{name}: and none after a failure: {:?}", host.heads());
        host.heal();
    }
    // Where a browser does not say why, there is a way by hand.
    host.fault("index.json", Fault::Private);
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for("document.querySelector('.foreign.is-failed')");
    let download =
        page.eval("(({ href, rel }) => [href, rel])(document.querySelector('.foreign p a[target=_blank]'))");
    assert_eq!(download, json!([host.url("index.json"), "noopener noreferrer"]));
    assert_eq!(page.count(".foreign a[href='./?view=import']"), 1);
    // Without a network at all.
    page.open_into(&query, "asking");
    page.offline(true);
    page.click(AGREE);
    page.wait_for("document.querySelector('.foreign.is-failed')");
    assert!(page.text(".foreign").contains("offline"), "{}", page.text(".foreign"));
    page.offline(false);
    // A host that sends it on to another one is followed.
    host.heal();
    host.fault("other.json", json(&whole));
    host.fault("index.json", Fault::Moved(host.url("other.json")));
    page.expect_origin(&host.url("other.json"));
    page.click(AGREE);
    page.wait_for_state("ready");
}

fn what_has_no_end_is_cut_and_what_stalls_is_left(page: &mut Page) {
    let (host, query) = another(page);
    expect_failures(page);
    host.fault("index.json", Fault::Endless);
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for("document.querySelector('.foreign.is-failed')");
    let said = page.text(".foreign");
    assert!(said.contains("found more than 32.0 MiB, expected at most 32.0 MiB"), "{said}");
    page.hurry();
    host.fault("index.json", Fault::Stall);
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for("document.querySelector('.foreign.is-failed')");
    let said = page.text(".foreign");
    assert!(said.contains("nothing came for 15 seconds"), "{said}");
    host.heal();
}

fn opening_is_cancelled(page: &mut Page) {
    let (host, query) = another(page);
    expect_failures(page);
    host.fault("index.json", Fault::Stall);
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for_state("loading");
    assert_eq!((page.count(".foreign progress"), page.text(".foreign button")), (1, "Cancel".to_owned()));
    page.assert_accessible("while it opens");
    page.click(AGREE);
    page.wait_for_state("asking");
    host.fault("index.json", Fault::Body("application/json", renamed()));
    page.click(AGREE);
    page.wait_for_state("ready");
    assert!(is_all_theirs(page));
}

fn exports_and_links_name_them(page: &mut Page) {
    let (host, query) = another(page);
    open(page, &format!("{query}&hardware=geforce-rtx-5070-12gb"));
    page.run(
        "window.copied = []; Object.defineProperty(navigator, 'clipboard', { configurable: true, \
           value: { writeText: async (text) => { copied.push(text); } } });",
        json!([]),
    );
    catch_downloads(page);
    page.click(".share-button");
    page.wait_for("document.querySelector('#share-link')");
    let link = page.text_of("document.querySelector('#share-address').value");
    let expected = format!("?data={}&hardware=geforce-rtx-5070-12gb", encoded(&host.url("index.json")));
    assert_eq!(link, page.server().url(&expected), "to the page, which finds its other document by itself");
    for what in ["Markdown", "CSV", "JSON", "the frame", "the element", "the citation", "BibTeX"] {
        page.run("copied.length = 0;", json!([]));
        page.click(&format!("#share [aria-label='Copy {what}']"));
        page.wait_for("copied.length === 1");
        // BibTeX escapes what means something to it.
        let text = page.text_of("copied[0]").replace('\\', "");
        assert!(text.contains(&encoded(&host.url("index.json"))), "{what}: {text}");
        let is_snippet = what.starts_with("the f") || what.starts_with("the e");
        assert!(is_snippet || text.contains("not reviewed"), "{what}: {text}");
        // The worker has the same results.
        assert!(what != "CSV" || text.contains("Else "), "{text}");
    }
    // The link asks, and then shows the same.
    page.keys("Escape");
    page.visit(&link);
    page.wait_for_state("asking");
    page.click(AGREE);
    page.wait_for_state("ready");
    assert!(page.address().contains("hardware=geforce-rtx-5070-12gb"), "{}", page.address());
    assert_eq!(page.count(".notice"), 0);
}

const PASTED: &str = "| model | size | params | backend | ngl | test | t/s |\n| --- | --- | --- | --- | --- | --- | --- |\n\
    | gemma3 4B Q4_K - Medium | 2.31 GiB | 3.88 B | CUDA | 99 | tg128 | 71.34 ± 0.12 |\n";

fn own_results_stand_beside_them(page: &mut Page) {
    let (_host, query) = another(page);
    // What is kept here stands beside the page's own results alone, and stays for them.
    page.open("");
    page.run("localStorage.setItem('tokscope-own', 'kept');", json!([]));
    let asked =
        |page: &Page| page.server().asked().iter().filter(|(what, _)| what.ends_with("/index.json")).count();
    let before = asked(page);
    open(page, &format!("{query}&view=import"));
    page.click(".fold:has(#own-text) summary");
    page.type_into("#own-text", PASTED);
    page.click(".fold:has(#own-text) button");
    page.wait_for("document.querySelectorAll('#files .own-list > li').length === 1");
    assert_eq!(page.count("#open [role=alert]"), 0);
    page.click("#own-clear");
    page.wait_for("!document.querySelector('#files')");
    assert_eq!(page.eval("localStorage.getItem('tokscope-own')"), "kept");
    assert_eq!(asked(page), before, "the worker asked for the page's own results");
}

/// Markup and scripts in every text that describes something; names that others refer to stay.
fn hostile_strings_in_every_field(page: &mut Page) {
    const HOSTILE: &str =
        "</script><img src=x onerror=window.pwned=1><a href=javascript:window.pwned=1>\u{202e}{{x}}";
    fn spoil(value: &mut Value, name: &str) {
        const NAMES: [&str; 10] =
            ["name", "short", "story", "label", "title", "says", "text", "note", "definition", "licence"];
        match value {
            Value::String(text) if NAMES.contains(&name) => text.push_str(HOSTILE),
            Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, name)),
            Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| spoil(value, name)),
            _ => {}
        }
    }
    let (host, query) = another(page);
    let mut index: Value = serde_json::from_str(&renamed()).unwrap();
    spoil(&mut index["catalog"], "");
    for column in ["texts", "modes", "drivers"] {
        let words = index["words"][column].as_array_mut().unwrap();
        words.iter_mut().for_each(|word| *word = json!(format!("{}{HOSTILE}", word.as_str().unwrap())));
    }
    host.fault("index.json", Fault::Body("application/json", index.to_string()));
    for view in ["", "&view=hardware", "&view=model", "&view=checks", "&view=method", "&embed=table"] {
        page.open_into(&format!("{query}{view}"), "asking");
        page.click(AGREE);
        page.wait_for_state("ready");
        page.wait_for("document.querySelector('main')?.textContent.includes('onerror')");
        assert_eq!(page.eval("window.pwned ?? null"), Value::Null, "{view}");
        assert_eq!(page.count("main img, main script, main a[href^='javascript']"), 0, "{view}");
    }
}

fn inside_another_page_it_asks_as_well(page: &mut Page) {
    let (host, query) = another(page);
    let around = visit_host(page, "");
    let url = page.server().url(&format!("{query}&embed=1"));
    page.run(
        "window.heights = []; addEventListener('message', ({ data }) => heights.push(data.height)); \
         const frame = document.createElement('iframe'); frame.setAttribute('sandbox', 'allow-scripts allow-popups'); \
         frame.width = 360; frame.height = 400; frame.title = 'Speed'; frame.src = arguments[0]; \
         document.querySelector('main').append(frame);",
        json!([url]),
    );
    page.wait_for("heights.length > 0");
    page.enter_frame("iframe");
    page.wait_for_state("asking");
    assert_eq!(host.asked(), []);
    assert!(page.text(".foreign").contains(&host.url("index.json")));
    assert!(page.text("#embed-credit").contains(&host_of(&host)), "{}", page.text("#embed-credit"));
    assert_eq!(page.eval("document.scrollingElement.scrollWidth <= innerWidth"), true);
    page.click(AGREE);
    page.wait_for_state("ready");
    assert_eq!(page.count("canvas"), 1);
    assert!(page.text(".foreign-banner").contains("not reviewed here"));
    let full = page.text_of("document.querySelector('#embed-credit a:last-child').search");
    assert!(full.contains("data=") && !full.contains("embed="), "{full}");
    page.leave_frames();
    drop(around);
}

fn nothing_of_them_is_kept(_: &mut Page) {
    let mut page = Page::keeping(dist());
    page.reset();
    page.open("");
    page.run_async("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done());", json!([]));
    let (host, query) = another(&mut page);
    // The page is left for the other document while what it asked for ahead is on its way, which Firefox may remark on.
    page.expect_console("Service Worker Interception");
    open(&mut page, &query);
    page.wait_for("navigator.serviceWorker.controller");
    let kept: Value = page.run_async(
        "const done = arguments[0]; (async () => { const all = []; \
           for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) all.push(url); \
           done([all, Object.keys(localStorage), Object.keys(sessionStorage)]); })();",
        json!([]),
    );
    let urls = kept[0].as_array().unwrap();
    assert!(urls.iter().all(|url| !url.as_str().unwrap().contains(&host_of(&host))), "{urls:?}");
    assert!(urls.iter().any(|url| url.as_str().unwrap().ends_with("/foreign.html")), "{urls:?}");
    assert_eq!((&kept[1], &kept[2]), (&json!([]), &json!([])));
    // The document is of a build that is kept, and goes on to ask.
    page.server().go_down();
    page.open_into(&query, "asking");
    page.click(AGREE);
    page.wait_for_state("ready");
    page.assert_quiet();
}

fn by_keyboard_alone(page: &mut Page) {
    let (_host, query) = another(page);
    page.open_into(&query, "asking");
    page.keys("Tab");
    assert_eq!(page.eval("document.activeElement === document.querySelector('.foreign button')"), true);
    page.keys("Enter");
    page.wait_for_state("ready");
    page.wait_for("document.activeElement.matches('main')");
    page.keys("Shift+Tab Shift+Tab");
    until(&Some(true), "a control of the header", || {
        page.eval("document.activeElement.matches('header *')").as_bool()
    });
}

fn axe_is_content(page: &mut Page, scheme: &str) {
    let (_host, query) = another(page);
    page.media(&[("prefers-color-scheme", scheme)]);
    for (width, height) in [(360, 740), (1280, 800)] {
        page.size(width, height);
        page.open_into(&query, "asking");
        page.assert_accessible("when it asks");
        let fits = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth";
        assert_eq!(page.eval(fits), true, "{width}");
        page.click(AGREE);
        page.wait_for_state("ready");
        page.wait_for("document.querySelector('.foreign-banner')");
        page.assert_accessible("with somebody else's results");
        assert_eq!(page.eval(fits), true, "{width}");
    }
}
