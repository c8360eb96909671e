//! Configurations side by side: ratios with their intervals, pins, what differs, and the way there and back.

use crate::{
    Test,
    controls::tab_to,
    harness::{page::Page, server::Fault},
    ratios::RATIOS,
    reading::{charts, table, until},
};
use serde_json::{Value, json};

pub(crate) const TESTS: &[Test] = &[
    ("backends_have_ratios_intervals_and_verdicts", backends_have_ratios_intervals_and_verdicts),
    ("a_model_shows_figures_charts_and_what_differs", a_model_shows_figures_charts_and_what_differs),
    ("pins_by_mouse", |page| pins(page, |page, button| page.click(button))),
    ("pins_by_keyboard", |page| {
        pins(page, |page, button| {
            tab_to(page, button);
            page.keys("Enter");
        });
    }),
    ("six_at_most", six_at_most),
    ("what_cannot_be_compared_is_said", what_cannot_be_compared_is_said),
    ("raw_against_served_is_no_comparison", raw_against_served_is_no_comparison),
    ("back_forward_and_reload_keep_the_pins", back_forward_and_reload_keep_the_pins),
    ("from_an_opened_row_and_back", from_an_opened_row_and_back),
];

const OVERVIEW: &str = "#backends";
const FIGURES: &str = "[aria-label='Compared figures']";
const DIFFERS: &str = "[aria-label='What differs']";
/// One of the nine that ran under three backends; the rest of its rows' words in the address.
const MODEL: &str = "minimax-m2.5.reap-139b.mxfp4.strix-halo-128gb.llama.cpp.";

fn slug(backend: &str) -> String {
    format!("{MODEL}{backend}.baseline")
}

fn compared(backends: &[&str]) -> String {
    let slugs: Vec<String> = backends.iter().map(|backend| slug(backend)).collect();
    format!("?view=compare&pin={}", slugs.join(","))
}

/// The numbers of `1.23× [1.15, 1.31]`.
fn numbers(text: &str) -> Vec<f64> {
    let plain = |c: char| !(c.is_ascii_digit() || c == '.');
    text.split(plain).filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
}

/// As many digits as are shown agree with a figure of three decimals.
fn assert_ratio(shown: &str, expected: &str, what: &str) {
    let (found, expected) = (numbers(shown), numbers(expected));
    assert_eq!(found.len(), 3, "{what}: {shown}");
    let decimals = shown.split(['×', '.']).nth(1).map_or(0, str::len);
    let unit = 0.1_f64.powi(i32::try_from(decimals).unwrap());
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= 0.5 * unit + 0.000_6, "{what}: {shown} is not {expected}");
    }
}

/// The overview by rows: Vulkan against ROCm, for the nine models that ran under both.
fn backends_have_ratios_intervals_and_verdicts(page: &mut Page) {
    page.open("?view=compare");
    assert_eq!(page.text("nav a[aria-current=page]"), "Compare");
    assert!(page.text("#compare .lead").contains("Pin two to six rows"));
    let mut lines = table(page, OVERVIEW);
    assert!(lines.len() > 18, "other machines have several backends too");
    lines.retain(|line| line[2] == "Strix Halo 128 GB");
    assert_eq!(lines.len(), 18, "nine models, each with Vulkan and a CPU against ROCm");
    assert!(lines.iter().all(|line| line[3] == "infra, concurrency 1" && line[5] == "llama.cpp (ROCm 7.2)"));
    let vulkan: Vec<_> = lines.iter().filter(|line| line[4] == "llama.cpp (vulkan)").collect();
    assert_eq!(vulkan.len(), RATIOS.len());
    for (line, (model, decode, decode_is_real, prefill, prefill_is_real)) in vulkan.iter().zip(RATIOS) {
        let name = line[0].to_lowercase().replace(' ', "-");
        assert!(name.ends_with(model), "{name} is not {model}");
        assert_ratio(&line[6], decode, model);
        assert_ratio(&line[8], prefill, model);
        let word = |is_real| if is_real { "real" } else { "tie" };
        assert_eq!([&*line[7], &*line[9]], [word(decode_is_real), word(prefill_is_real)], "{model}");
    }
    let ties = vulkan.iter().flat_map(|line| [&line[7], &line[9]]).filter(|word| *word == "tie");
    assert_eq!(ties.count(), 4);
}

/// Lines of the table of figures, each with its metric in front.
pub(crate) fn figures(page: &Page) -> Vec<Vec<String>> {
    let mut metric = String::new();
    let with_metric = |mut line: Vec<String>| {
        if line.len() == 9 {
            metric = line.remove(0);
        }
        line.insert(0, metric.clone());
        line
    };
    table(page, FIGURES).into_iter().map(with_metric).collect()
}

fn expect_figures(page: &Page, expected: &[[&str; 9]]) {
    let found = figures(page);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
}

fn a_model_shows_figures_charts_and_what_differs(page: &mut Page) {
    page.expect_console("willReadFrequently");
    page.open(&compared(&["rocm-7.2", "vulkan"]));
    assert_eq!(page.text(".comparison h3"), "infra · concurrency 1");
    assert_eq!(page.text(".comparison > .note"), "These results are stack comparable");
    let slow = "176.60 · 187.26 · 186.71 | The first repetition is slow: one warm-up was not enough";
    let tie = "tie | With these repetitions, a difference of 1.096× would show";
    let unknown = "not known | one side has no spread: a single repetition, or no ±";
    let (rocm, vulkan) = ("llama.cpp (ROCm 7.2)", "llama.cpp (vulkan)");
    let none = ["—", "—", "baseline"];
    let line = |start: [&'static str; 6], end: [&'static str; 3]| {
        let [metric, side, value, n, printed, repetitions] = start;
        let [ratio, interval, verdict] = end;
        [metric, side, value, ratio, interval, verdict, n, printed, repetitions]
    };
    let (decode, prefill, load) = ("Decode tok/s", "Prefill tok/s", "Load s | lower is better");
    expect_figures(
        page,
        &[
            line([decode, rocm, "22.7 ±0.5", "3", "22.7 ±0.5", "23.21 · 22.66 · 22.22"], none),
            line(
                [decode, vulkan, "25.4 ±0.4", "3", "25.4 ±0.4", "25.04 · 25.45 · 25.80"],
                ["1.12× (+12.1 %)", "[1.07, 1.17]", "real"],
            ),
            line([prefill, rocm, "172.8 ±2.9", "3", "172.8 ±2.9", "176.09 · 171.02 · 171.18"], none),
            line(
                [prefill, vulkan, "183.5 ±6.0", "3", "183.5 ±6.0", slow],
                ["1.06× (+6.2 %)", "[0.99, 1.14]", tie],
            ),
            line([load, rocm, "50", "1", "—", "—"], none),
            line([load, vulkan, "40", "1", "—", "—"], ["0.80× (−20.0 %)", "—", unknown]),
        ],
    );
    let fields: Vec<String> = table(page, DIFFERS).into_iter().map(|mut line| line.remove(0)).collect();
    let expected = ["Accelerator", "Runtime", "Flash attention", "KV type", "mmap", "LLAMA_HIP_UMA"];
    assert_eq!(fields, expected);
    let kv_type = &table(page, DIFFERS)[3];
    assert_eq!(kv_type[1..3], ["q4_0", "not stated"]);
    assert!(kv_type[3].contains("Prefill"), "{kv_type:?}");

    let charts = charts(page, "#compare");
    let titles: Vec<&str> = charts.iter().map(|chart| &*chart.title).collect();
    assert_eq!(titles, ["Decode tok/s", "Prefill tok/s", "Load s"]);
    let bar = |name: &str, detail: &str, value: &str| [name, detail, value].map(str::to_owned);
    let detail = "MXFP4 · Strix Halo 128 GB · 3 repetitions";
    assert_eq!(charts[0].bars, [bar(rocm, detail, "22.7 ±0.5"), bar(vulkan, detail, "25.4 ±0.4")]);
    assert!(charts[0].description.contains("Fastest: llama.cpp (vulkan) at 25.4 ±0.4 tok/s"));
    assert!(charts[2].description.contains("slowest: llama.cpp (ROCm 7.2) at 50 s"));
    // The picture is there, and the keys read it.
    page.wait_for(
        "[...document.querySelectorAll('#compare canvas')].every((canvas) => { \
           const { width, height } = canvas; \
           const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); \
           return new Set(new Uint32Array(data.buffer)).size > 5; })",
    );
    page.run("document.querySelector('#compare .chart-frame').focus();", json!([]));
    page.keys("ArrowDown");
    let spoken = "llama.cpp (ROCm 7.2), MXFP4 · Strix Halo 128 GB · 3 repetitions, 22.7 ±0.5 tok/s, 1 of 2";
    let status = "document.querySelector('#compare figure [role=status]').textContent";
    until(&spoken.to_owned(), "what is read out", || page.text_of(status));
}

/// The pinned rows: what each says.
fn pinned(page: &Page) -> Vec<String> {
    let items = page.eval("[...document.querySelectorAll('#pins li')].map((item) => item.innerText)");
    serde_json::from_value(items).unwrap()
}

fn expect_focus_within(page: &Page, selector: &str) {
    page.wait_for(&format!("document.activeElement.closest('{selector}')"));
}

/// Everything that a pin can do; `press` is how the reader reaches a button.
fn pins(page: &mut Page, press: fn(&mut Page, &str)) {
    const VULKAN: &str = "llama.cpp (vulkan)";
    page.open("?view=compare");
    press(page, "#backends tbody tr:nth-child(3) a");
    until(&compared(&["rocm-7.2", "vulkan", "cpu"]), "the backends are pinned", || page.address());
    // The comparison is above the overview: it comes into view.
    page.wait_for("document.activeElement.localName === 'main' && scrollY < 200");
    let ratio = |page: &Page, side: &str| {
        let line = figures(page).into_iter().find(|line| line[0] == "Decode tok/s" && line[1] == side);
        line.map(|line| [line[3].clone(), line[4].clone()]).unwrap()
    };
    assert_eq!(ratio(page, VULKAN), ["1.12× (+12.1 %)", "[1.07, 1.17]"]);
    assert_eq!(ratio(page, "llama.cpp (ROCm 7.2)"), ["—", "—"]);
    assert!(pinned(page)[0].contains("baseline"));

    press(page, "#pins li:nth-child(2) button:first-of-type");
    until(&compared(&["vulkan", "rocm-7.2", "cpu"]), "another baseline", || page.address());
    assert_eq!(ratio(page, VULKAN), ["—", "—"]);
    assert_eq!(ratio(page, "llama.cpp (ROCm 7.2)"), ["0.89× (−10.8 %)", "[0.85, 0.93]"]);
    expect_focus_within(page, "#pins li:first-child");

    press(page, "#pins li:nth-child(3) button:last-of-type");
    until(&compared(&["vulkan", "rocm-7.2"]), "one is unpinned", || page.address());
    assert_eq!(charts(page, "#compare")[0].bars.len(), 2);
    expect_focus_within(page, "#pins li:nth-child(2)");

    press(page, "#compare details.fold:not(.chart-data) summary");
    page.wait_for("document.querySelector('#compare details.fold').open");
    assert!(page.text("#candidates").contains("llama.cpp (cpu)"));
    press(page, "#candidates li:first-child button");
    until(&compared(&["vulkan", "rocm-7.2", "cpu"]), "one more of the model", || page.address());
    expect_focus_within(page, "#compare");
    assert_ne!(page.text_of("document.activeElement.localName"), "main");

    for left in (0..3).rev() {
        press(page, "#pins li:last-child button:last-of-type");
        until(&left, "pins left", || page.count("#pins li"));
        let place = if left > 0 { "#pins li:last-child" } else { "main" };
        expect_focus_within(page, place);
    }
    assert_eq!(page.address(), "?view=compare");
}

fn six_at_most(page: &mut Page) {
    let models = ["reap-172b.q4_k_m", "reap-139b.mxfp4"];
    let backends = ["rocm-7.2", "vulkan", "cpu"];
    let mut slugs: Vec<String> = models
        .iter()
        .flat_map(|model| {
            backends
                .map(|backend| format!("minimax-m2.5.{model}.strix-halo-128gb.llama.cpp.{backend}.baseline"))
        })
        .collect();
    slugs.push("qwen3-coder-next.80b.q6_k.strix-halo-128gb.llama.cpp.vulkan.baseline".to_owned());
    page.open(&format!("?view=compare&pin={}", slugs.join(",")));
    assert_eq!(page.count("#pins li"), 6);
    assert!(page.text(".notice").contains("pin=qwen3-coder-next"), "{}", page.text(".notice"));
    assert_eq!(page.count("#candidates"), 0, "no more can be pinned");
    assert_eq!(charts(page, "#compare")[0].bars.len(), 6);
    page.click(".notice .link-button");
    page.wait_for("!document.querySelector('.notice')");
    assert_eq!(page.count("#pins li"), 6);
    page.click("#pins li:last-child button:last-of-type");
    until(&5, "pins", || page.count("#pins li"));
    assert_eq!(page.count("#candidates"), 1);
}

fn what_cannot_be_compared_is_said(page: &mut Page) {
    page.open(&compared(&["vulkan"]));
    assert!(page.text("#compare .lead").starts_with("One row is pinned"));
    assert_eq!((page.count("#pins li"), page.count(".comparison"), page.count("#candidates li")), (1, 0, 2));

    // However the name of the view is written, the program that has it starts.
    page.open("?view=comp%61re");
    assert_eq!(page.count("#compare"), 1);
    assert!(page.count("#backends tbody tr") >= 18);
    let mut lines = table(page, OVERVIEW);
    assert!(lines.iter().all(|line| line[6].contains('×') || line[8].contains('×')), "each has a ratio");
    let all = lines.len();
    lines.iter_mut().for_each(|line| line.truncate(6));
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), all, "no two lines are of the same");

    page.open(&format!("{},no-such-row", compared(&["vulkan", "cpu"])));
    assert!(page.text(".notice").contains("pin=no-such-row is not known here"));
    assert_eq!((page.count("#pins li"), page.count(".comparison")), (2, 1));

    let mixtral = "mixtral.8x7b-v0.1.f16.2x-mi300x.";
    page.open(&format!(
        "?view=compare&pin={mixtral}vllm.rocm.baseline.raw,{mixtral}llama.cpp.rocm.n_batch-64.raw"
    ));
    assert!(page.text(".comparison").contains("No two of these have a value of the same metric"));
    assert_eq!(page.count(".comparison canvas, [aria-label='Compared figures']"), 0);

    let served = "gemma-4.e2b-it.q4_k_m.geforce-rtx-5070-12gb.llama.cpp.b9174.cuda.baseline";
    let served = slug_of(page, served);
    page.open(&format!("{},{served}", compared(&["vulkan"])));
    assert_eq!(page.count("#pins li"), 2, "{}", page.address());
    assert!(page.text("#compare .empty").starts_with("No workload was measured on two of these"));
    assert_eq!(page.count(".comparison"), 0);
}

/// The one word for a row among those that the page writes, by its beginning.
fn slug_of(page: &mut Page, start: &str) -> String {
    page.open("?q=e2b");
    page.run("document.querySelectorAll('.open-row').forEach((row) => row.click());", json!([]));
    page.wait_for("location.search.includes('open=')");
    let open = page.text_of("new URLSearchParams(location.search).get('open')");
    let found = open.split(',').find(|word| word.starts_with(start));
    found.unwrap_or_else(|| panic!("{start} is not in {open}")).to_owned()
}

/// The index with the timing of Vulkan changed to the engine's own.
fn raw_against_served_is_no_comparison(page: &mut Page) {
    page.open("");
    let index = page.run_async(
        "const done = arguments[0]; \
         fetch('index.json').then((answer) => answer.json()).then((index) => { \
           const { numbers, catalog } = index; \
           const vulkan = catalog.backends.findIndex(({ accelerator, build }) => accelerator === 'vulkan' && !build); \
           numbers['configurations.raw'] = numbers['configurations.backend'].map((of) => of === vulkan ? 1 : 0); \
           done(JSON.stringify(index)); });",
        json!([]),
    );
    page.server().fault("index.json", Fault::Body("application/json", index.as_str().unwrap().to_owned()));
    let raw = format!("{}.raw", slug("vulkan"));
    page.open(&format!("{},{raw}", compared(&["rocm-7.2"])));
    let words = page.text(".comparison > .note");
    assert!(words.starts_with("Not comparable: some were timed inside the engine"), "{words}");
    let timing = table(page, DIFFERS).into_iter().find(|line| line[0] == "Timing");
    assert_eq!(timing.expect("the timing differs")[1..3], ["served", "raw"]);
    // And they are no set of backends that could be measured by each other.
    let lines = table(page, OVERVIEW);
    assert!(!lines.is_empty() && lines.iter().all(|line| line[3] != "llama.cpp (vulkan)"), "{lines:?}");
}

fn everything(page: &Page) -> (String, String) {
    page.wait_for_state("ready");
    let words = page.text_of(r"document.querySelector('main').textContent.replace(/\s+/g, ' ')");
    (page.address(), words)
}

fn back_forward_and_reload_keep_the_pins(page: &mut Page) {
    page.open("?view=compare");
    let mut states = vec![everything(page)];
    for button in [
        "#backends tbody tr:nth-child(3) a",
        "#pins li:nth-child(3) button:first-of-type",
        "#pins li:nth-child(2) button:last-of-type",
        "#backends tbody tr:nth-child(5) a",
        "nav a:nth-child(1)",
    ] {
        let before = page.address();
        page.click(button);
        until(&false, "the address changes", || page.address() == before);
        states.push(everything(page));
    }
    assert!(page.count(".results-table .row") > 0);
    for expected in states.iter().rev().skip(1) {
        page.back();
        until(expected, "back", || everything(page));
    }
    for expected in states.iter().take(4).skip(1) {
        page.forward();
        until(expected, "forward", || everything(page));
        let address = page.address();
        page.open(&address);
        until(expected, "after a reload", || everything(page));
    }
}

/// From the first view's program to the whole one, and back to where the reader was.
fn from_an_opened_row_and_back(page: &mut Page) {
    page.open("?hardware=strix-halo-128gb&q=minimax");
    page.click(".row .open-row");
    page.wait_for("document.querySelectorAll('tr.detail .row-links').length === 1");
    let row = page.address();
    let is_here = |page: &Page| {
        page.wait_for_state("ready");
        assert_eq!((page.address(), page.count("tr.detail")), (row.clone(), 1));
        let program = page.text_of("document.querySelector('script[data-js]').dataset.js");
        assert!(!program.is_empty());
    };
    for (link, view, heading) in [
        ("tr.detail .row-links a:nth-child(1)", "compare", "Side by side"),
        ("tr.detail .row-links a:nth-child(2)", "model", "MiniMax M2.5 REAP 172B"),
    ] {
        page.click(link);
        page.wait_for(&format!("location.search.includes('view={view}')"));
        page.wait_for_state("ready");
        until(&heading.to_owned(), "the heading", || page.text("main h2"));
        if view == "compare" {
            assert_eq!(page.count("#pins li"), 1);
        }
        page.back();
        page.wait_for("document.querySelector('tr.detail .row-links')");
        is_here(page);
    }
    // By keyboard alone.
    tab_to(page, "tr.detail .row-links a:nth-child(1)");
    page.keys("Enter");
    page.wait_for("document.querySelectorAll('#pins li').length === 1");
    page.wait_for_state("ready");
    assert_eq!(page.eval("document.documentElement.dataset.crashed ?? null"), Value::Null);
}
