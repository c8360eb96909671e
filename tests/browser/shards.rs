//! An index in several files shows what it shows in one, and what is embedded asks for its own files alone.

use crate::{
    Test,
    harness::{
        dist,
        page::Page,
        server::{Fault, Server},
    },
    import,
    reading::{charts, lines, open_data, status, until},
};
use serde_json::Value;
use tokscope::index::{Index, Sharded};

pub(crate) const TESTS: &[Test] = &[
    ("the_page_is_the_same_from_shards", the_page_is_the_same_from_shards),
    ("links_are_the_same_from_shards", links_are_the_same_from_shards),
    ("what_is_embedded_asks_for_its_shards_alone", what_is_embedded_asks_for_its_shards_alone),
    ("a_shard_that_fails_is_named_and_asked_for_again", a_shard_that_fails_is_named_and_asked_for_again),
    ("own_results_stand_beside_shards", own_results_stand_beside_shards),
    ("somebody_elses_shards_come_from_their_host", somebody_elses_shards_come_from_their_host),
    ("no_task_takes_in_two_shards", no_task_takes_in_two_shards),
];

/// The prefill metric's button.
const PREFILL: &str = ".toggle[aria-label=Metric] .toggle-option:nth-child(2) input";

/// The published index, in files of about so many results.
fn sharded(most: usize) -> Sharded {
    let index = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    index.to_shards("index-shards", most).unwrap()
}

fn body(bytes: &[u8]) -> Fault {
    Fault::Body("application/json", String::from_utf8(bytes.to_vec()).unwrap())
}

/// From now on a server has these files in the place of the one.
fn serve(server: &Server, sharded: &Sharded) {
    server.fault("index.json", body(&sharded.manifest));
    for (name, content) in &sharded.shards {
        server.fault(name, body(content));
    }
}

/// The shards that were asked for, as often as they were.
fn asked(server: &Server) -> Vec<String> {
    let asked = server.asked().into_iter();
    let shards = asked.filter_map(|(what, _)| Some(format!("index-{}", what.split_once("/index-")?.1)));
    let mut shards: Vec<String> = shards.filter(|name| name.contains("/shard-")).collect();
    shards.sort();
    shards
}

fn names(sharded: &Sharded) -> Vec<String> {
    let mut names: Vec<String> = sharded.shards.iter().map(|(name, _)| name.clone()).collect();
    names.sort();
    names
}

/// What the first view shows and counts.
fn shown(page: &Page) -> Value {
    page.eval(
        "[...document.querySelectorAll('.site-summary, .status-line, .option, .toggle-option, .group-count, .row, .chart-frame')] \
           .map((one) => `${one.className} ${one.textContent}`)",
    )
}

fn take_all(page: &mut Page) {
    page.point_at(1.0, 1.0);
    page.open("");
    page.hover(".controls .facet summary");
    page.wait_for("!('part' in document.documentElement.dataset)");
    page.wait_for_rows();
}

fn the_page_is_the_same_from_shards(page: &mut Page) {
    take_all(page);
    let one = shown(page);
    page.click(PREFILL);
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    let prefill = lines(page);
    let sharded = sharded(300);
    page.visit("about:blank");
    page.server().heal();
    serve(page.server(), &sharded);
    take_all(page);
    assert_eq!(shown(page), one);
    page.click(PREFILL);
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    assert_eq!(lines(page), prefill);
    // The whole program has what came already.
    page.click(".row:nth-child(2) .open-row");
    page.wait_for("document.querySelector('tr.detail table')");
    assert_eq!(asked(page.server()), names(&sharded), "each of them once");
}

fn links_are_the_same_from_shards(page: &mut Page) {
    const LINKS: [&str; 4] =
        ["?q=gemma&metric=prefill", "?concurrency=all&group=quant", "?view=hardware", "?view=checks"];
    let words = "document.querySelector('main').innerText";
    let read = |page: &mut Page| {
        LINKS.map(|link| {
            page.open(link);
            page.text_of(words)
        })
    };
    let one = read(page);
    serve(page.server(), &sharded(1_000));
    assert_eq!(read(page), one);
}

fn what_is_embedded_asks_for_its_shards_alone(page: &mut Page) {
    let sharded = sharded(300);
    let all = names(&sharded);
    let chart = |page: &mut Page, query: &str| {
        page.open(query);
        page.wait_for("document.querySelector('canvas') || document.querySelector('.results-table')");
        if page.count("canvas") > 0 {
            open_data(page);
        }
        (page.text("main"), page.text("#embed-sources"), format!("{:?}", charts(page, "main")))
    };
    for (query, is_some) in [
        ("?hardware=geforce-rtx-5070-12gb&embed=1", true),
        ("?q=gemma&embed=charts", true),
        ("?hardware=strix-halo-96gb&embed=table", true),
        // Nothing of that family was measured so: whether that is known takes the others.
        ("?q=gemma&concurrency=64&embed=1", false),
        ("?embed=1", false),
    ] {
        page.server().heal();
        let one = chart(page, query);
        page.visit("about:blank");
        page.server().heal();
        serve(page.server(), &sharded);
        assert_eq!(chart(page, query), one, "{query}");
        let mut some = asked(page.server());
        some.dedup();
        assert!(!some.is_empty() && some.iter().all(|name| all.contains(name)), "{query}: {some:?}");
        if is_some {
            assert!(some.len() < all.len(), "{query}: {} of {}", some.len(), all.len());
        }
    }
}

fn a_shard_that_fails_is_named_and_asked_for_again(page: &mut Page) {
    page.expect_console("500");
    let sharded = sharded(600);
    let (name, content) = &sharded.shards[3];
    let other = &sharded.shards[4].1;
    let faults = [
        (Fault::Status(500), "answered 500"),
        (Fault::Body("application/json", "{\"words\":{".to_owned()), "broke off"),
        (Fault::Body("text/html", "<h1>Log in</h1>".to_owned()), "a web page"),
    ];
    for (fault, said) in faults {
        page.server().heal();
        serve(page.server(), &sharded);
        page.server().fault(name, fault);
        page.point_at(1.0, 1.0);
        page.open("");
        let before = lines(page);
        page.click(PREFILL);
        page.wait_for("document.querySelector('#load-error button')");
        let words = page.text("#load-error");
        assert!(words.contains(name) && words.contains(said), "{words}");
        assert_eq!(lines(page), before, "what was there stays");
        page.server().fault(name, body(content));
        page.click("#load-error button");
        until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
        assert_eq!(page.count("#load-error button"), 0);
        // The manifest and what failed pass every cache, and no shard that was read does.
        let heads = page.server().heads();
        let past_caches = heads.iter().filter(|head| head.contains("cache-control: no-cache")).count();
        assert_eq!(past_caches, 2, "{said}");
    }
    // The whole program looks whether a file holds what the manifest says.
    serve(page.server(), &sharded);
    page.server().fault(name, body(other));
    page.open_into("?view=hardware", "no-data");
    let words = page.text("#load-error");
    assert!(words.contains(name) && words.contains("expected"), "{words}");
    page.server().fault(name, body(content));
    page.click("#load-error button");
    page.wait_for_state("ready");
}

fn own_results_stand_beside_shards(page: &mut Page) {
    serve(page.server(), &sharded(1_000));
    import::show_two_builds(page);
    page.open("");
    page.click(PREFILL);
    until(&true, "the metric", || page.text(".results-table thead").contains("Prefill"));
    assert!(status(page).contains("results"), "{}", status(page));
}

fn somebody_elses_shards_come_from_their_host(page: &mut Page) {
    let host = Server::start(dist());
    let sharded = sharded(1_500);
    serve(&host, &sharded);
    for name in ["index.json".to_owned()].iter().chain(&names(&sharded)) {
        page.expect_origin(&host.url(name));
    }
    page.expect_console("late.js”");
    page.expect_console("500");
    let query = format!("?data={}&view=import", host.url("index.json"));
    let (name, content) = &sharded.shards[1];
    host.fault(name, Fault::Status(500));
    page.open_into(&query, "asking");
    page.server().heal();
    page.click(".foreign button");
    page.wait_for("document.querySelector('.foreign.is-failed')");
    let words = page.text(".foreign");
    assert!(words.contains(name.split_once('/').unwrap().1) && words.contains("500"), "{words}");
    host.fault(name, body(content));
    page.click(".foreign.is-failed button");
    page.wait_for_state("ready");
    page.wait_for("document.querySelector('.foreign-banner')");
    let mut came = asked(&host);
    came.dedup();
    assert_eq!(came, names(&sharded));
    // The worker gets them from the page.
    import::drop_files(page, &[("two.jsonl", &import::two_builds())]);
    import::wait_for_files(page, 1);
    assert_eq!(page.count("#open [role=alert]"), 0);
    assert_eq!(asked(page.server()), Vec::<String>::new());
    let index = |(what, _): &(String, usize)| what.ends_with("/index.json");
    assert!(!page.server().asked().iter().any(index), "the page's own results");
}

/// Between two shards the browser does what else there is.
fn no_task_takes_in_two_shards(page: &mut Page) {
    let watching = page.prepare(
        "window.turns = []; window.others = 0; \
         const { port1, port2 } = new MessageChannel(); \
         port1.onmessage = () => { others++; port2.postMessage(0); }; port2.postMessage(0); \
         const given = Uint8Array.prototype.set; \
         Uint8Array.prototype.set = function (bytes, at) { \
           if (bytes.length > 5000) turns.push(others); return given.call(this, bytes, at); };",
    );
    let sharded = sharded(600);
    serve(page.server(), &sharded);
    take_all(page);
    let turns = page.eval("window.turns");
    let turns: Vec<u64> = turns.as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    page.unprepare(watching);
    let mut once = turns.clone();
    once.dedup();
    assert!(turns.len() >= sharded.shards.len(), "{} of {}", turns.len(), sharded.shards.len());
    assert!(once.len() + 2 >= turns.len(), "{turns:?}");
}
