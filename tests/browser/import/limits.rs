//! What is not as it should be: files, names, sizes, storage, the worker.

use serde_json::{Value, json};

use super::{
    answer, catch_downloads, describe_rig, download, drop_files, record, show_two_builds, two_builds,
    wait_for_files,
};
use crate::harness::{page::Page, server::Fault};

pub(super) fn a_bad_file_beside_a_good_one(page: &mut Page) {
    page.open("?view=import");
    let cut = two_builds().replace('\n', ",");
    drop_files(
        page,
        &[
            ("photo.jpg", "\u{0}\u{1}\u{fffd}JFIF\u{7f}"),
            ("cut.json", &format!("[{}", &cut[..cut.len() - 400])),
            ("two.jsonl", &two_builds()),
            ("empty.txt", ""),
            ("garbage.jsonl", &"{\"n_prompt\": \n".repeat(40)),
        ],
    );
    wait_for_files(page, 5);
    let items: Vec<String> =
        (1..=5).map(|at| page.text(&format!("#files > .own-list > li:nth-child({at})"))).collect();
    assert!(
        items[0].contains("Not recognised") && items[0].contains("found bytes that are no text"),
        "{}",
        items[0]
    );
    assert!(items[1].contains("llama-bench JSON") && items[1].contains("Line 1"), "{}", items[1]);
    assert!(items[2].contains("2 results wait"), "{}", items[2]);
    describe_rig(page);
    // What is whole of the cut file is in the other one too, and counts once.
    page.wait_for("document.querySelector('#ready').textContent.includes('2 results in 2 runs')");
    let third = page.text("#files > .own-list > li:nth-child(3)");
    assert!(third.contains("1 result is already there, from “cut.json”, and counts once"), "{third}");
    page.click("#files > .own-list > li:nth-child(1) button");
    wait_for_files(page, 4);
}

/// Strings that try to be markup, code, paths or other directions, in every field that holds text.
pub(super) fn hostile_strings_in_every_field(page: &mut Page) {
    let hostile = [
        "<img src=x onerror=pwned=1>",
        "\"><script>pwned=1</script>",
        "javascript:pwned=1",
        "../../../../etc/passwd",
        "\u{202e}gnissim \u{0}\u{7}\u{1b}[31m",
        "__proto__",
        "' OR 1=1; --",
        "{{7*7}}${7*7}",
    ];
    page.open("?view=import");
    let mut files = Vec::new();
    for (number, text) in hostile.iter().enumerate() {
        let mut one = record(
            "a",
            &format!("{text}-Q4_K_M.gguf"),
            [180.1, 180.4, 179.8, 180.2, 180.0 + number as f64 / 10.0],
        );
        for (field, value) in one.as_object_mut().unwrap() {
            let is_kept = ["model_filename", "test_time", "backends"].contains(&field.as_str());
            if value.is_string() && !is_kept {
                *value = json!(text);
            }
        }
        files.push((format!("{text}.json"), one.to_string()));
    }
    let named: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    drop_files(page, &named);
    wait_for_files(page, hostile.len());
    // Each printed machine and each printed model has a question of its own.
    for (kind, value) in [("hardware", "new"), ("model", "keep")] {
        loop {
            let open = format!(
                "[...document.querySelectorAll('select[id^=own-{kind}]')].find((one) => !one.value)?.id"
            );
            let Value::String(id) = page.eval(&open) else { break };
            answer(page, &format!("#{id}"), value);
        }
    }
    // Each new machine has a name of its own; one that is taken is refused.
    for text in hostile {
        let open = "[...document.querySelectorAll('input[id^=own-rig-name]')].find((one) => !one.value)?.id";
        let Value::String(id) = page.eval(open) else { break };
        answer(page, &format!("#{id}"), text);
    }
    page.run(
        "document.querySelectorAll('#asked details').forEach((fold) => { fold.open = true; });",
        json!([]),
    );
    answer(page, "#own-mode", hostile[1]);
    answer(page, "#own-driver", hostile[4]);
    answer(page, "#own-source", hostile[2]);
    page.wait_for("document.querySelector('#own-show')");
    page.click("#own-show");
    page.wait_for("document.querySelector('#confronted')");
    catch_downloads(page);
    let archive = download(page, "#own-zip", "tokscope-runs.zip");
    assert!(archive.starts_with(b"PK"));
    page.click("#ready a");
    page.wait_for("document.querySelectorAll('tr.is-mine').length > 3");
    page.click("tr.is-mine .open-row");
    page.wait_for("document.querySelector('tr.detail')");
    assert_eq!(page.eval("window.pwned ?? null"), Value::Null);
    assert_eq!(page.count("main img, main script, a[href^='javascript']"), 0);
    assert!(!page.address().contains("script") && !page.address().contains("passwd"), "{}", page.address());
    assert_eq!(page.eval("document.documentElement.dataset.crashed ?? null"), Value::Null);
}

pub(super) fn a_huge_file_is_refused_and_a_large_one_read(page: &mut Page) {
    page.open("?view=import");
    // Made of one piece many times over, which takes the browser no memory of its size.
    let drop = "const piece = new Blob([new Uint8Array(1 << 20)]); \
        const file = new File(Array(arguments[0]).fill(piece), arguments[1]); \
        const data = new DataTransfer(); data.items.add(file); \
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
    page.run(drop, json!([300, "huge.bin"]));
    page.wait_for("document.querySelector('#open [role=alert]')?.textContent.includes('256 MiB')");
    page.click("#open [role=alert] button");
    page.run(drop, json!([12, "zeros.bin"]));
    wait_for_files(page, 1);
    assert!(page.text("#files").contains("Not recognised"), "{}", page.text("#files"));
    drop_files(page, &[("two.jsonl", &two_builds())]);
    wait_for_files(page, 2);
}

/// A worker whose program does not arrive reads for ever, as it seems to the reader.
pub(super) fn reading_is_cancelled(page: &mut Page) {
    page.open("?view=import");
    let program = page.text_of("document.querySelector('script[data-import]').dataset.import");
    let program = format!("{}_bg.wasm", program.trim_start_matches("./"));
    page.server().fault(&program, Fault::Stall);
    drop_files(
        page,
        &[("two.jsonl", &two_builds()), ("again.jsonl", &two_builds().replace("aaaaaaa", "ddddddd"))],
    );
    page.wait_for("document.querySelector('.own-progress button')");
    page.click(".own-progress button");
    page.wait_for("document.querySelector('#own-status').textContent.includes('two.jsonl')");
    page.server().heal();
    // The other file is read by the next worker.
    wait_for_files(page, 1);
    assert!(page.text("#files").contains("again.jsonl"), "{}", page.text("#files"));
    page.wait_for("document.querySelector('#own-hardware')");
}

pub(super) fn a_worker_that_does_not_start_is_named(page: &mut Page) {
    page.expect_console("404");
    page.expect_console("disallowed MIME type");
    page.open("?view=import");
    let program = page.text_of("document.querySelector('script[data-import]').dataset.import");
    let program = program.trim_start_matches("./").to_owned();
    for part in ["_bg.wasm", ".js", "-worker.js"] {
        page.server().fault(&format!("{program}{part}"), Fault::Status(404));
        drop_files(page, &[("two.jsonl", &two_builds())]);
        page.wait_for("document.querySelector('#open [role=alert]')");
        assert!(
            page.text("#open [role=alert]").contains("two.jsonl"),
            "{part}: {}",
            page.text("#open [role=alert]")
        );
        page.click("#open [role=alert] button");
        page.wait_for("!document.querySelector('#open [role=alert]')");
        page.server().heal();
    }
    page.server().fault("index.json", Fault::Status(404));
    drop_files(page, &[("two.jsonl", &two_builds())]);
    page.wait_for("document.querySelector('#open [role=alert]')?.textContent.includes('published results')");
    page.server().heal();
    drop_files(page, &[("two.jsonl", &two_builds())]);
    wait_for_files(page, 1);
    assert_eq!(page.eval("document.documentElement.dataset.crashed ?? null"), Value::Null);
}

pub(super) fn a_browser_that_stores_nothing(page: &mut Page) {
    let refused = page.prepare(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });",
    );
    show_two_builds(page);
    page.click("#own-keep");
    page.wait_for("document.querySelector('#open [role=alert]')?.textContent.includes('stores nothing')");
    page.wait_for("!document.querySelector('#own-keep').checked");
    page.unprepare(refused);

    // Full, as far as this page goes.
    let full = page.prepare(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
    );
    show_two_builds(page);
    page.click("#own-keep");
    page.wait_for("document.querySelector('#open [role=alert]')?.textContent.includes('stores nothing')");
    page.unprepare(full);
}

pub(super) fn a_link_to_own_rows_elsewhere_says_so(page: &mut Page) {
    for query in ["?hardware=mine-0123abcd", "?view=compare&pin=mine-0123abcd", "?open=mine-0123abcd"] {
        page.open(query);
        page.wait_for("document.querySelector('.notice')?.textContent.includes('never left the browser')");
    }
}

pub(super) fn axe_is_content(page: &mut Page, scheme: &str) {
    page.media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
    for width in [360, 1280] {
        page.size(width, 800);
        page.open("?view=import");
        page.assert_accessible(&format!("{scheme} {width} px: nothing opened"));
        drop_files(page, &[("two.jsonl", &two_builds()), ("photo.jpg", "\u{0}\u{1}")]);
        wait_for_files(page, 2);
        page.run(
            "document.querySelectorAll('main details').forEach((fold) => { fold.open = true; });",
            json!([]),
        );
        page.assert_accessible(&format!("{scheme} {width} px: asked"));
        describe_rig(page);
        answer(page, "#own-concurrency, #own-power-cap", "-1");
        page.assert_accessible(&format!("{scheme} {width} px: an answer refused"));
        page.click("#own-show");
        page.wait_for("document.querySelector('#confronted')");
        page.run(
            "document.querySelectorAll('main details').forEach((fold) => { fold.open = true; });",
            json!([]),
        );
        page.assert_accessible(&format!("{scheme} {width} px: shown"));
        let wide = page.eval("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
        assert_eq!(wide, json!(0), "beyond {width} px");
        page.click("#ready a");
        page.wait_for("document.querySelector('tr.is-mine')");
        page.assert_accessible(&format!("{scheme} {width} px: own rows"));
    }
}
