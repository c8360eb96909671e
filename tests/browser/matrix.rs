//! Every fault of a host, a network or a browser with every file of the page: what happened is said, what was there
//! stays readable, and one press goes on. `SECURITY.md` has the same table for people.

use serde_json::json;

use crate::{
    Test,
    harness::{dist, page::Page, server::Fault},
    offline::Deployed,
    reading::until,
};

pub(crate) const TESTS: &[Test] = &[
    ("the_program_of_the_first_view", |page| programs(page, "tokscope-page-", &["_bg.wasm"], "")),
    ("the_program_of_every_view", |page| {
        programs(page, "tokscope-whole-", &[".js", "_bg.wasm"], "?view=compare")
    }),
    ("the_part_of_the_results", the_part_of_the_results),
    ("all_results", all_results),
    ("the_script_that_starts_the_page", the_script_that_starts_the_page),
    ("a_script_that_stalls_hides_nothing", a_script_that_stalls_hides_nothing),
    ("the_style_of_the_other_views", the_style_of_the_other_views),
    ("the_script_that_notes_places", the_script_that_notes_places),
    ("the_page_stays_without_the_other_views", the_page_stays_without_the_other_views),
    ("no_network_after_the_page_was_opened", no_network_after_the_page_was_opened),
    ("a_host_that_is_gone_takes_nothing_away", a_host_that_is_gone_takes_nothing_away),
    ("a_browser_without_webassembly", a_browser_without_webassembly),
    ("a_browser_without_storage", a_browser_without_storage),
    ("a_panic_in_each_view", a_panic_in_each_view),
    ("an_old_page_finds_the_new_build", an_old_page_finds_the_new_build),
];

/// What a host does wrong, by name. The last one is the only one that takes time.
fn faults() -> [(&'static str, Fault); 5] {
    [
        ("404", Fault::Status(404)),
        ("500", Fault::Status(500)),
        ("a web page", Fault::Body("text/html", "<h1>Please log in</h1>".to_owned())),
        ("cut", Fault::Cut),
        ("stalled", Fault::Stall),
    ]
}

/// The browser's own words on what did not arrive or is something else.
fn expect_broken(page: &mut Page) {
    for part in [
        "link preload",
        "404",
        "500",
        "net::ERR_",
        "WebAssembly",
        // Half of a script, wherever it was cut.
        "SyntaxError",
        "Failed to load module script",
        "Loading failed for the module",
        "MIME type",
    ] {
        page.expect_console(part);
    }
}

/// The file of the build that begins and ends so.
fn built(start: &str, end: &str) -> String {
    let names =
        std::fs::read_dir(dist()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.into_iter().find(|name| name.starts_with(start) && name.ends_with(end)).unwrap()
}

/// The table of the static page is there to be read.
fn is_readable(page: &Page, when: &str) {
    let seen = "document.querySelector('.results-table tbody .row')?.checkVisibility({ visibilityProperty: true }) ?? false";
    assert_eq!(page.eval(seen), true, "{when}: the table is gone");
}

/// The line that says that something is on its way, or did not come.
fn line_says(page: &Page, part: &str, when: &str) {
    // What is said may change: what did not come yet is on its way.
    page.wait_for(&format!(
        "document.querySelector('#newer button') && document.getElementById('newer').textContent.includes('{part}') \
         /* {when} */"
    ));
}

fn panel_says(page: &Page, state: &str, when: &str) {
    page.wait_for("!document.getElementById('boot-error').hidden");
    assert_eq!(page.count(&format!("#boot-error [data-when={state}]:not([hidden])")), 1, "{when}");
    assert!(!page.text("#boot-error [data-reason]").is_empty(), "{when}");
}

/// Presses the button of what is shown, once the host does as it should. What stalls does so until it was asked for
/// again.
fn goes_on(page: &mut Page, button: &str, query: &str, when: &str) {
    let is_on_its_way = page.text_of("document.getElementById('newer').textContent").contains("on its way");
    if is_on_its_way {
        page.leave_by(&format!("document.querySelector('{button}').click()"));
    }
    page.server().heal();
    if !is_on_its_way {
        page.click(button);
    }
    page.wait_for_state("ready");
    page.wait_for("document.getElementById('boot-error').hidden && !document.querySelector('#newer button')");
    assert_eq!(page.address(), query, "{when}");
}

/// The parts of a program, by their ends; the script of the first one is [the one that starts the
/// page](the_script_that_starts_the_page).
fn programs(page: &mut Page, name: &str, ends: &[&str], query: &str) {
    expect_broken(page);
    page.hurry();
    for end in ends {
        let file = built(name, "_bg.wasm").replace("_bg.wasm", end);
        for (fault_name, fault) in faults() {
            let when = format!("{file}, {fault_name}");
            let stalls = matches!(fault, Fault::Stall);
            page.server().fault(&file, fault);
            page.leave_by(&format!("location.href = '{}'", page.server().url(query)));
            let button = if stalls {
                line_says(page, "still on its way", &when);
                "#newer button"
            } else {
                panel_says(page, "failed", &when);
                "#boot-error button"
            };
            // A link to another view waits for it, unseen, while it may still come.
            if query.is_empty() || !stalls {
                is_readable(page, &when);
            }
            goes_on(page, button, query, &when);
        }
    }
}

/// Texts that are no index of this version, and what is said of them.
fn no_indexes() -> [(&'static str, String, &'static str); 4] {
    let index = std::fs::read_to_string(dist().join("index.json")).unwrap();
    let newer = index.replacen("\"version\":1", "\"version\":7", 1);
    assert_ne!(newer, index);
    let version = "this page reads index version 1, and found version 7. Reload the page";
    [
        ("newer", newer, version),
        ("another format", "{\"format\": \"other\"}".to_owned(), "found format"),
        ("truncated", index[..index.len() / 2].to_owned(), "broke off before its end"),
        ("empty", String::new(), "not an index of results"),
    ]
}

/// The page does without: it begins with all results.
fn the_part_of_the_results(page: &mut Page) {
    expect_broken(page);
    page.hurry();
    let texts = no_indexes().map(|(name, text, _)| (name, Fault::Body("application/json", text)));
    for (name, fault) in faults().into_iter().chain(texts) {
        let stalls = matches!(fault, Fault::Stall);
        page.server().fault("first.json", fault);
        page.visit(&page.server().url(""));
        if stalls {
            line_says(page, "still on its way", name);
            is_readable(page, name);
            goes_on(page, "#newer button", "", name);
        } else {
            page.wait_for_state("ready");
            is_readable(page, name);
        }
        page.server().heal();
    }
}

fn all_results(page: &mut Page) {
    expect_broken(page);
    page.hurry();
    let said =
        ["the server answered 404", "the server answered 500", "a web page", "broke off before its end", ""];
    let faults = faults().into_iter().zip(said).map(|((name, fault), said)| (name, fault, said));
    let texts = no_indexes().map(|(name, text, said)| (name, Fault::Body("application/json", text), said));
    for (name, fault, said) in faults.chain(texts) {
        let stalls = matches!(fault, Fault::Stall);
        page.server().fault("index.json", fault);
        page.visit(&page.server().url("?q=kept"));
        if stalls {
            line_says(page, "still on its way", name);
            goes_on(page, "#newer button", "?q=kept", name);
            continue;
        }
        page.wait_for_state("no-data");
        let words = page.text("#load-error [role=alert]");
        assert!(words.contains(said) && words.contains("index.json"), "{name}: {words}");
        is_readable(page, name);
        if name == "newer" {
            page.assert_accessible("with an index of another version");
        }
        goes_on(page, "#load-error button", "?q=kept", name);
        assert_eq!(page.count("#load-error [role=alert]"), 0, "{name}");
    }
}

fn the_script_that_starts_the_page(page: &mut Page) {
    expect_broken(page);
    page.hurry();
    let file = built("tokscope-page-", ".js");
    for (name, fault) in faults() {
        if matches!(fault, Fault::Stall) {
            continue;
        }
        // The rows of the document are better than nothing, also where its address asks for others.
        for query in ["", "?q=kept"] {
            page.server().fault(&file, fault.clone());
            page.visit(&page.server().url(query));
            line_says(page, "did not come", name);
            is_readable(page, name);
            goes_on(page, "#newer button", query, name);
        }
    }
}

/// In a frame, so that the driver does not wait for what never ends.
fn a_script_that_stalls_hides_nothing(page: &mut Page) {
    expect_broken(page);
    page.hurry();
    let host = "<!doctype html><title>Host</title><link rel=icon href=data:,>".to_owned();
    page.server().fault("host.html", Fault::Body("text/html", host));
    page.visit(&page.server().url("host.html"));
    page.server().fault(&built("tokscope-page-", ".js"), Fault::Stall);
    page.run(
        "const frame = document.createElement('iframe'); frame.width = 1200; frame.height = 700; \
         frame.src = arguments[0]; document.body.append(frame);",
        json!([page.server().url("")]),
    );
    let inside = "document.querySelector('iframe').contentDocument";
    page.wait_for(&format!("{inside}.querySelector('#newer button')"));
    page.wait_for(&format!("{inside}.querySelector('.results-table tbody .row').checkVisibility()"));
    assert!(page.text_of(&format!("{inside}.querySelector('#newer').textContent")).contains("did not come"));
    page.server().heal();
    page.wait_for(&format!(
        "{inside}.documentElement.dataset.state === 'ready' && !{inside}.querySelector('#newer').firstChild"
    ));
}

/// What is theirs looks plain, and answers.
fn the_style_of_the_other_views(page: &mut Page) {
    expect_broken(page);
    let file = built("tokscope-whole-", ".css");
    page.server().fault(&file, Fault::Status(404));
    // Browsers may have kept it.
    page.forget();
    page.open("?view=compare");
    assert_eq!(page.count("[role=alert]:not([hidden])"), 0);
    page.click("nav a[href='?']");
    page.wait_for("location.search === '' && document.querySelector('.results-table tbody .row')");
    is_readable(page, &file);
}

/// It comes with the first scroll, or with the page where a place was noted.
fn the_script_that_notes_places(page: &mut Page) {
    expect_broken(page);
    page.hurry();
    let file = built("tokscope-whole-", "-place.js");
    for (name, fault) in faults() {
        page.server().fault(&file, fault);
        page.forget();
        for is_noted in [false, true] {
            page.open("");
            let asked = page.requests().iter().filter(|url| url.ends_with(&file)).count();
            if is_noted {
                page.run("history.replaceState('900 40 #charts', '');", json!([]));
                page.leave_by("location.reload()");
                page.wait_for_state("ready");
            } else {
                page.run("window.scrollTo(0, 900);", json!([]));
            }
            until(&true, "the script is asked for", || {
                page.requests().iter().filter(|url| url.ends_with(&file)).count() > asked
            });
            page.run("document.querySelector('[name=metric]:not(:checked)').click();", json!([]));
            page.wait_for("location.search.startsWith('?metric=') && !document.querySelector('[aria-busy]')");
            assert_eq!(page.count("[role=alert]:not([hidden]), #newer button"), 0, "{name}");
        }
        page.server().heal();
    }
}

/// The program of the first view answers as before, and what was asked for can be asked for again.
fn the_page_stays_without_the_other_views(page: &mut Page) {
    expect_broken(page);
    page.open("?q=gemma");
    let rows = page.count(".results-table tr.row");
    let file = built("tokscope-whole-", "_bg.wasm");
    for press in [".results-table tr.row .open-row", "nav a[href*='view=compare']"] {
        page.server().fault(&file, Fault::Status(404));
        page.click(press);
        panel_says(page, "incomplete", press);
        page.wait_for("location.search === '?q=gemma'");
        assert_eq!(
            (page.count(".results-table tr.row"), page.count("[inert], :disabled")),
            (rows, 0),
            "{press}"
        );
    }
    page.server().heal();
    page.click("nav a[href*='view=compare']");
    page.wait_for("location.search.includes('view=compare') && document.querySelector('main h2')");
}

/// The page that is open goes on with what it has.
fn no_network_after_the_page_was_opened(page: &mut Page) {
    expect_broken(page);
    page.open("");
    page.offline(true);
    page.click("nav a[href*='view=compare']");
    panel_says(page, "incomplete", "offline");
    is_readable(page, "offline");
    page.wait_for("location.search === ''");
    page.offline(false);
    goes_on(page, "#boot-error button", "", "offline");
    page.click("nav a[href*='view=compare']");
    page.wait_for("location.search === '?view=compare' && document.querySelector('main h2')");
    // The other results, too.
    page.open("");
    page.offline(true);
    page.click(".toggle[aria-label=Metric] .toggle-option:nth-child(2) input");
    page.wait_for("document.querySelector('.notice-error')");
    assert!(page.text(".notice-error").contains("you may be offline"), "{}", page.text(".notice-error"));
    is_readable(page, "offline");
    page.offline(false);
    page.click(".notice-error button");
    page.wait_for("document.querySelector('.results-table thead').textContent.includes('Prefill')");
}

/// A host that answers nothing any more is not the browser's own page of errors.
fn a_host_that_is_gone_takes_nothing_away(_: &mut Page) {
    let mut page = Page::serving(dist());
    page.reset();
    expect_broken(&mut page);
    page.open("");
    page.server().go_down();
    page.click("nav a[href*='view=hardware']");
    panel_says(&page, "incomplete", "gone");
    is_readable(&page, "gone");
    page.assert_quiet();
}

fn a_browser_without_webassembly(page: &mut Page) {
    expect_broken(page);
    page.before_scripts("delete globalThis.WebAssembly;");
    for query in ["", "?view=compare", "?embed=1"] {
        page.open_into(query, "failed");
        panel_says(page, "failed", query);
        assert!(page.text("#boot-error").contains("has no WebAssembly, or its settings block it"), "{query}");
        if query.is_empty() {
            is_readable(page, query);
        }
    }
}

fn a_browser_without_storage(page: &mut Page) {
    page.before_scripts(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) \
           Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });",
    );
    for query in
        ["", "?view=hardware", "?view=model", "?view=compare", "?view=checks", "?view=method", "?view=import"]
    {
        page.open(query);
        assert_eq!(page.count("#boot-error:not([hidden]), [role=alert]:not([hidden])"), 0, "{query}");
    }
}

/// A real one: the browser refuses to make elements, which no program of the page expects.
fn a_panic_in_each_view(page: &mut Page) {
    for query in
        ["", "?view=hardware", "?view=model", "?view=compare", "?view=checks", "?view=method", "?view=import"]
    {
        page.open(query);
        page.expect_console("Uncaught");
        page.expect_console("RuntimeError: unreachable executed");
        page.run(
            "for (const name of ['createElement', 'createTextNode', 'createComment', 'createElementNS', 'importNode']) \
               Document.prototype[name] = () => { throw new TypeError('no more elements'); }; \
             Node.prototype.cloneNode = () => { throw new TypeError('no more elements'); };",
            json!([]),
        );
        let other = if query.is_empty() { ".group button" } else { "nav a:first-child" };
        page.click(other);
        // Folding takes elements away, and unfolding makes them.
        if query.is_empty() {
            page.wait_for_rows();
            page.click(other);
        }
        panel_says(page, "crashed", query);
        assert!(page.text("#boot-error").contains("kept in the address"), "{query}");
        let kept = page.address();
        page.click("#boot-error button");
        page.wait_for_state("ready");
        assert_eq!(page.address(), kept, "{query}");
        assert_eq!(page.count("#boot-error:not([hidden])"), 0, "{query}");
    }
}

/// A page from before a deployment, in a browser that keeps nothing: its other programs are gone.
fn an_old_page_finds_the_new_build(_: &mut Page) {
    let deployed = Deployed::new("old-page");
    let mut page = Page::serving(deployed.0.clone());
    page.reset();
    page.expect_console("404");
    for words in ["Failed to load module script", "disallowed MIME type", "Loading failed for the module"] {
        page.expect_console(words);
    }
    page.open("");
    assert!(!page.text_of("document.title").ends_with(" B"));
    deployed.deploy_another("B", "00000000000000bb");
    page.click("nav a[href*='view=compare']");
    page.wait_for("document.title.endsWith(' B')");
    page.wait_for_state("ready");
    assert_eq!(page.address(), "?view=compare");
    page.assert_quiet();
}
