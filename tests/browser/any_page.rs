//! What holds for the page whatever it shows.

use crate::{
    Test,
    harness::{dist, engine::Kind, page::Page, server::Fault},
};

pub(crate) const TESTS: &[Test] = &[
    ("what_a_page_says_is_heard", what_a_page_says_is_heard),
    ("has_a_title_and_one_heading", has_a_title_and_one_heading),
    ("any_query_shows_the_heading", any_query_shows_the_heading),
    ("describes_its_data_under_its_own_policy", describes_its_data_under_its_own_policy),
    ("asks_its_own_host_only", asks_its_own_host_only),
    ("fits_a_narrow_screen", fits_a_narrow_screen),
    ("keeps_still_while_it_loads", keeps_still_while_it_loads),
    ("shows_results_without_scripts", shows_results_without_scripts),
    ("refuses_inline_scripts", refuses_inline_scripts),
    ("has_its_own_rules_alone_under_the_policy_of_hosts", has_its_own_rules_alone_under_the_policy_of_hosts),
    ("writes_numbers_as_its_reader_does", writes_numbers_as_its_reader_does),
];

/// That a test fails of what its page says in the console, the browser's own remarks left out, is worth something.
fn what_a_page_says_is_heard(page: &mut Page) {
    for (says, said) in [
        ("console.error('this')", "this"),
        ("console.warn('that')", "that"),
        ("throw new Error('thrown')", "thrown"),
        ("Promise.reject(new Error('rejected'))", "rejected"),
    ] {
        let html = format!("<!doctype html><link rel=icon href=data:,><script>{says}</script>");
        page.server().fault("says.html", Fault::Body("text/html", html));
        page.visit(&page.server().url("says.html"));
        page.wait_for_console(said);
    }
}

fn has_a_title_and_one_heading(page: &mut Page) {
    page.open("");
    assert!(page.text_of("document.title").contains("Tokscope"));
    assert_eq!(page.count("h1"), 1);
    assert!(!page.text("h1").is_empty());
    assert_eq!(page.text_of("document.documentElement.lang"), "en");
}

/// In both programs, and in English where a browser has no word for the language.
fn writes_numbers_as_its_reader_does(page: &mut Page) {
    for (language, number) in
        [("de", "6.242 "), ("fr", "6\u{202f}242 "), ("en-GB", "6,242 "), ("?", "6,242 ")]
    {
        let script = page.prepare(&format!(
            "Object.defineProperties(navigator, {{ language: {{ value: '{language}' }}, languages: {{ value: ['{language}'] }} }});"
        ));
        for query in ["", "?view=method"] {
            page.open(query);
            let summary = page.text_of("document.querySelector('.site-summary').textContent");
            assert!(summary.starts_with(number), "{language} {query}: {summary}");
        }
        page.unprepare(script);
    }
}

/// A block of data is no script: the policy, whose refusals the console would show, lets it stand.
fn describes_its_data_under_its_own_policy(page: &mut Page) {
    page.open("");
    assert_eq!(page.count("meta[http-equiv='Content-Security-Policy']"), 1);
    let described = page.eval(
        "(() => { const all = document.querySelectorAll('script[type=\"application/ld+json\"]'); \
         return [all.length, JSON.parse(all[0].textContent)['@type']]; })()",
    );
    assert_eq!(described, serde_json::json!([1, "Dataset"]));
}

/// What hosts send allows any rules inside a document; what the document says itself allows its own alone.
fn has_its_own_rules_alone_under_the_policy_of_hosts(page: &mut Page) {
    for words in ["Content Security Policy", "Content-Security-Policy"] {
        page.expect_console(words);
    }
    let headers = std::fs::read_to_string(dist().join("_headers")).unwrap();
    for (file, address, state) in
        [("index.html", "", "ready"), ("foreign.html", "?data=https://lab.example/", "asking")]
    {
        let (_, rule) = headers.split_once(&format!("\n/{file}\n  ")).unwrap();
        let policy = rule.lines().next().unwrap();
        assert!(policy.starts_with("Content-Security-Policy: "), "{policy}");
        page.server().fault(file, Fault::Header(policy.to_owned()));
        page.open_into(address, state);
        let is_styled = "getComputedStyle(document.body).marginTop === '0px'";
        assert_eq!(page.eval(is_styled), true, "{file}");
        page.run_as_the_page(
            "document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { float: right }' }));",
        );
        assert_eq!(page.eval("getComputedStyle(document.body).float"), "none", "{file}");
    }
}

/// Unknown names, broken escapes, markup and names that are special to JavaScript.
fn any_query_shows_the_heading(page: &mut Page) {
    let long = format!("?q={}", "x".repeat(8_000));
    let queries = [
        "?",
        "?nothing=known",
        "?view=nowhere&metric=unknown&sort=-unknown&conc=-1",
        "?hardware=%E0%A4%A&shape=%00&q=%ff%fe",
        "?q=<script>alert(1)</script>&hardware=\"onerror=alert(1)",
        "?__proto__=1&constructor=2&hasOwnProperty=3",
        "?conc=1e400&vram=NaN&view=&view=runs&view=model",
        "#hash-only",
        &long,
    ];
    for query in queries {
        page.open(query);
        assert_eq!(page.count("h1"), 1, "{query}");
    }
}

fn asks_its_own_host_only(page: &mut Page) {
    page.open("");
    let own = page.server().url("");
    let requests = page.requests();
    let elsewhere: Vec<_> =
        requests.iter().filter(|url| !url.starts_with(&own) && *url != "about:blank").collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(requests.iter().any(|url| url.ends_with(".wasm")), "{requests:?}");
}

/// Three rows side by side, by their words in the address.
pub(crate) const COMPARED: &str = "?view=compare&pin=minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp.rocm-7.2.baseline,\
     minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp.vulkan.baseline,\
     minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp.cpu.baseline";

/// Nothing but a table may be wider than the screen, and that scrolls in its own box.
fn fits_a_narrow_screen(page: &mut Page) {
    let three = &[320, 360, 768][..];
    let queries = [
        ("", three),
        ("?view=hardware", three),
        ("?view=method", three),
        ("?q=e4b&nothing=known", three),
        ("?q=no%20such%20model", three),
        ("?view=model", &[320]),
        ("?view=model&model=gemma-3.4b-it&nothing=known", &[320]),
        ("?view=compare", &[320]),
        (COMPARED, &[320, 768]),
        ("?view=checks", &[320]),
    ];
    for (query, widths) in queries {
        for &width in widths {
            page.size(width, 800);
            page.open(query);
            // Everything that opens is open.
            page.run(
                "document.querySelectorAll('.open-row[aria-expanded=false]').forEach((row, at) => at < 3 && row.click()); \
                 document.querySelectorAll('details').forEach((details) => { details.open = true; });",
                serde_json::json!([]),
            );
            // What is behind a row is in the whole program, which takes over.
            page.wait_for("!('upgrading' in document.documentElement.dataset)");
            page.run(
                "document.querySelectorAll('details').forEach((details) => { details.open = true; });",
                serde_json::json!([]),
            );
            let wide = page.eval(
                "(() => { const { scrollWidth, clientWidth } = document.scrollingElement; \
                 if (scrollWidth <= clientWidth) return []; \
                 const free = (one) => !one || one === document.body \
                   || (getComputedStyle(one).overflowX === 'visible' && free(one.parentElement)); \
                 const all = [...document.querySelectorAll('body *')].filter((one) => free(one.parentElement)); \
                 return all.filter((one) => one.getBoundingClientRect().right > clientWidth).slice(0, 12) \
                   .map((one) => `${one.localName}.${one.className} ${one.getBoundingClientRect().right}`); })()",
            );
            assert_eq!(wide, serde_json::json!([]), "beyond {width} px at {query}");
        }
    }
}

/// The app takes the static page's place, and the fonts and charts arrive, without a jump.
fn keeps_still_while_it_loads(page: &mut Page) {
    let watching = page.prepare(SHIFTS);
    for (width, query) in [
        (360, ""),
        (1280, ""),
        (1280, "?hardware=strix-halo-96gb"),
        (360, "?view=hardware"),
        (360, "?view=model"),
        (1280, "?view=model&model=qwen3-coder-next.80b"),
        (360, COMPARED),
        (1280, COMPARED),
        (1280, "?view=checks"),
    ] {
        page.size(width, 800);
        page.open(query);
        page.wait_for("document.readyState === 'complete' && document.fonts.status === 'loaded'");
        let shift = layout_shift(page);
        println!("     layout shift at {width} px of {query:?}: {shift:.4}");
        assert!(shift < 0.05, "{shift} at {width} px, {query}");
    }
    // The measure sees a jump where there is one.
    page.run(
        "const block = document.createElement('div'); block.style.height = '300px'; document.body.prepend(block);",
        serde_json::json!([]),
    );
    assert!(layout_shift(page) > 0.05);
    page.unprepare(watching);
}

/// To be prepared before what is measured by [`layout_shift`]; does nothing where the browser measures by itself.
pub(crate) const SHIFTS: &str = include_str!("harness/shifts.js");

/// The sum of all shifts since the page was opened.
pub(crate) fn layout_shift(page: &Page) -> f64 {
    shifts(page).0
}

/// As [`layout_shift`], with a line of words about each element that moved, where the browser names them.
pub(crate) fn shifts(page: &Page) -> (f64, Vec<String>) {
    let shifts = page.run_async(
        "const done = arguments[0]; \
         let sum = 0; \
         const moved = []; \
         requestAnimationFrame(() => requestAnimationFrame(() => { \
           if ('shifted' in window) return done([shifted, moved]); \
           new PerformanceObserver((list) => { \
             for (const { value, hadRecentInput, startTime, sources } of list.getEntries()) { \
               if (hadRecentInput) continue; \
               sum += value; \
               for (const { node, previousRect, currentRect } of sources) { \
                 const [from, to] = [previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height]); \
                 moved.push(`${value} at ${startTime} ms: ${node?.nodeName} ${node?.className} from ${from} to ${to}`); \
               } \
             } \
           }).observe({ type: 'layout-shift', buffered: true }); \
           requestAnimationFrame(() => setTimeout(() => done([sum, moved]))); \
         }));",
        serde_json::json!([]),
    );
    serde_json::from_value(shifts).expect("a sum and words")
}

fn shows_results_without_scripts(page: &mut Page) {
    page.javascript(false);
    page.visit(&page.server().url(""));
    assert_eq!(page.count("h1"), 1);
    assert!(page.count("table tbody tr") > 0, "no table in the static page");
    assert_eq!(page.eval("document.documentElement.dataset.state ?? null"), serde_json::Value::Null);
}

/// Whatever got into the page by some hole: scripts, handlers, words that become code, frames and addresses that run.
fn refuses_inline_scripts(page: &mut Page) {
    page.expect_console("Content Security Policy");
    page.expect_console("This document requires 'TrustedScript");
    page.expect_console("Refused to");
    page.expect_console("trusted-types/wiki");
    page.expect_console("Content-Security-Policy");
    page.open("");
    page.run_as_the_page(
        r#"window.refused = []; window.violated = new Set();
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violated.add(effectiveDirective));
        const attempt = (work) => { try { work(); } catch (error) { refused.push(String(error)); } };
        const add = (name) => document.body.appendChild(document.createElement(name));
        const script = document.createElement('script');
        attempt(() => { script.textContent = 'window.ran = 1'; });
        attempt(() => document.body.append(script));
        attempt(() => { add('script').append('window.ran = 2'); });
        attempt(() => { add('script').src = 'data:text/javascript,window.ran = 3'; });
        attempt(() => { add('script').src = 'https://example.org/ran.js'; });
        const image = add('img');
        attempt(() => image.setAttribute('onerror', 'window.ran = 4'));
        attempt(() => { image.src = 'data:,'; });
        attempt(() => { image.outerHTML = '<img src="data:," onerror="window.ran = 5">'; });
        attempt(() => add('div').insertAdjacentHTML('beforeend', '<svg onload="window.ran = 6"></svg>'));
        attempt(() => document.write('<script>window.ran = 7<\/script>'));
        attempt(() => { add('iframe').srcdoc = '<script>parent.ran = 8<\/script>'; });
        attempt(() => { add('iframe').src = 'javascript:parent.ran = 9'; });
        attempt(() => setTimeout('window.ran = 12'));
        attempt(() => new Worker('data:text/javascript,0'));
        const link = add('a');
        link.href = 'javascript:window.ran = 13';
        link.click();
        const button = add('button');
        attempt(() => button.setAttribute('onclick', 'window.ran = 14'));
        button.click();
        // Words become code for whoever drives the browser; this is later, and the page's own.
        setTimeout(() => {
          attempt(() => new Function('window.ran = 10')());
          attempt(() => (0, eval)('window.ran = 11'));
          window.tried = true;
        });"#,
    );
    page.wait_for("window.tried");
    let refused = page.text_of("refused.join()");
    // How the browser itself refuses what the page's own policy says nothing of.
    let type_is_wrong = match Kind::chosen() {
        Kind::Chromium => "TrustedScript",
        Kind::Firefox => "Sink type mismatch violation",
    };
    for words in ["refused HTML", "refused a script", type_is_wrong, "EvalError"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    page.wait_for("violated.size > 0");
    assert_eq!(page.eval("window.ran ?? null"), serde_json::Value::Null);
}
