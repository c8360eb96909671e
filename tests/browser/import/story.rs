//! What readers do with results of their own.

use serde_json::{Value, json};
use tokscope::index::Index;
use tokscope::own::message::{Answers, Described, NEW_RIG};
use tokscope::own::{Desk, pack};

use super::{
    answer, catch_downloads, describe_rig, download, drop_files, record, show_two_builds, two_builds,
    wait_for_files,
};
use crate::harness::{dist, page::Page, server::PATH};

/// The same on the host: what the worker must come to.
fn desk() -> Desk {
    let mut desk = Desk::new(Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap());
    desk.open(1, "two.jsonl", two_builds().into_bytes());
    let machine = desk.report().questions[0].names[0].clone();
    let described =
        Described { name: "My Desk".to_owned(), memory: "24".to_owned(), bandwidth: "936".to_owned() };
    desk.answer(Answers {
        rigs: [(machine.clone(), NEW_RIG.to_owned())].into(),
        described: [(machine, described)].into(),
        source: "my-results".to_owned(),
        ..Answers::default()
    });
    desk
}

/// Files that the archive has; that `tokscope check` accepts them and `tokscope index` has them is held by
/// `tests/own/archived.rs`.
pub(super) fn from_a_dropped_file_to_a_verdict_and_run_files(page: &mut Page) {
    page.open("");
    drop_files(page, &[("two.jsonl", &two_builds())]);
    wait_for_files(page, 1);
    assert!(
        page.text("#files").contains("llama-bench JSON: 2 results wait for answers"),
        "{}",
        page.text("#files")
    );
    assert!(
        page.text("#asked").contains("Machine “Invented GPU, Invented CPU”")
            && page.text("#asked").contains("2 results of 1 file wait"),
        "{}",
        page.text("#asked")
    );
    describe_rig(page);
    page.click("#own-show");
    page.wait_for("document.querySelectorAll('.own-confronted').length === 2");
    page.wait_for("document.activeElement.matches('#ready a')");

    // Beside the published row of the same model: one value, so that nothing is known of the difference.
    let first = page.text(".own-confronted:nth-of-type(1)");
    for part in ["gemma-3 4b-it", "My Desk", "180.1 ±0.2", "189.8", "0.95×", "not known"] {
        assert!(first.to_lowercase().contains(&part.to_lowercase()), "{part} in {first}");
    }
    // Beside the other build: five repetitions each, and a difference that is real.
    let other = page.text_of(
        "[...document.querySelectorAll('.own-confronted:nth-of-type(2) option')].find((one) => one.text.includes('mine')).value",
    );
    answer(page, ".own-confronted:nth-of-type(2) select", &other);
    page.wait_for("document.querySelector('.own-confronted:nth-of-type(2) .verdict-real')");
    let second = page.text(".own-confronted:nth-of-type(2)");
    assert!(second.contains("1.071×") && second.contains("[1.069, 1.072]"), "{second}");

    catch_downloads(page);
    let archive = download(page, "#own-zip", "tokscope-runs.zip");
    assert_eq!(archive, pack(&desk().archive()).unwrap());
    let run = desk().own().runs.remove(0);
    let file = download(page, "#export .own-list button", &format!("{}.yaml", run.id));
    assert_eq!(String::from_utf8(file).unwrap(), tokscope::export::yaml::write_run(&run));

    // In the whole comparison, and nowhere in the address.
    page.click(".own-confronted:nth-of-type(2) .row-links a");
    page.wait_for("document.querySelectorAll('#pins li').length === 2");
    assert!(page.address().contains("pin=mine-"), "{}", page.address());
    for (request, length) in page.server().asked() {
        assert!(request.starts_with(&format!("GET {PATH}")) && length == 0, "{request}: {length} bytes");
        assert!(!request.to_lowercase().contains("desk"), "{request}");
    }
    let address = page.address().to_lowercase();
    assert!(!address.contains("desk") && !address.contains("9001"), "{address}");
}

pub(super) fn a_pasted_text_by_keyboard_alone(page: &mut Page) {
    page.open("");
    page.run("document.querySelector('nav a:last-child').focus();", json!([]));
    page.keys("Enter");
    page.wait_for("location.search === '?view=import' && document.activeElement.localName === 'main'");
    tab_to(page, "#own-files");
    tab_to(page, ".own-drop summary");
    page.keys("Enter");
    tab_to(page, "#own-text");
    page.run("document.execCommand('insertText', false, arguments[0]);", json!([two_builds()]));
    page.keys("Tab Enter");
    wait_for_files(page, 1);
    tab_to(page, "#own-hardware");
    page.keys("a n o t h");
    page.keys("Tab");
    page.wait_for("document.querySelector('#own-rig-name') && !document.querySelector('.own-progress')");
    tab_to(page, "#own-rig-name");
    page.keys("M e Tab");
    page.wait_for("document.querySelector('#own-show')");
    tab_to(page, "#own-show");
    page.keys("Enter");
    page.wait_for("document.querySelector('#confronted') && document.activeElement.matches('#ready a')");
    page.keys("Enter");
    page.wait_for("document.querySelectorAll('tr.is-mine').length === 2");
}

fn tab_to(page: &mut Page, selector: &str) {
    for _ in 0..60 {
        if page.eval(&format!("document.activeElement?.matches('{selector}') ?? false")) == json!(true) {
            return;
        }
        page.keys("Tab");
    }
    panic!(
        "no Tab reaches {selector}; focus at {}",
        page.text_of("document.activeElement.outerHTML.slice(0, 200)")
    );
}

/// No page is loaded; listeners of the first program are gone; scroll and focus stay.
pub(super) fn the_whole_program_starts_in_place(page: &mut Page) {
    page.open("");
    let place =
        "document.activeElement.closest('tr')?.textContent.slice(0, 80) ?? document.activeElement.outerHTML";
    page.run(
        "window.stays = true; window.scrollTo(0, 500); document.querySelectorAll('.sort')[2].focus({ preventScroll: true });",
        json!([]),
    );
    let before = (page.eval("Math.round(scrollY)"), page.text_of(place));
    // Nothing but the start: the program takes what was opened only when it is there.
    page.run("window.dispatchEvent(new PopStateEvent('popstate'));", json!([]));
    page.run(
        "const text = 'nothing that is known', type = 'text/plain'; \
         const clipboardData = new DataTransfer(); clipboardData.setData(type, text); \
         const pasted = { clipboardData, data: text, dataType: type, bubbles: true, cancelable: true }; \
         document.body.dispatchEvent(new ClipboardEvent('paste', pasted));",
        json!([]),
    );
    page.wait_for("location.search === '?view=import'");
    wait_for_files(page, 1);
    page.back();
    page.wait_for("location.search === '' && document.querySelectorAll('tr.row').length > 10");
    assert_eq!(page.eval("window.stays"), json!(true));
    assert_eq!(page.eval("document.querySelectorAll('h1, #rows').length"), json!(2));
    assert!(!before.1.is_empty() && before.0 != Value::Null);

    // Through a link, and back.
    page.open("");
    page.run("window.stays = true;", json!([]));
    page.click("nav a:nth-child(4)");
    page.wait_for("document.querySelectorAll('h1').length === 1 && location.search === '?view=hardware' && !document.querySelector('#rows')");
    page.wait_for("!('upgrading' in document.documentElement.dataset)");
    page.back();
    page.wait_for("document.querySelectorAll('tr.row').length > 10");
    page.click(".toggle[aria-label=Metric] label:nth-child(2)");
    page.wait_for("location.search.includes('prefill')");
    assert_eq!(page.eval("window.stays"), json!(true));
    assert_eq!(page.count("h1"), 1);
}

pub(super) fn own_rows_are_marked_and_filtered(page: &mut Page) {
    show_two_builds(page);
    page.click("nav a:first-child");
    page.wait_for("document.querySelectorAll('tr.row').length > 10");
    assert!(page.text(".site-summary").contains("2 mine"), "{}", page.text(".site-summary"));
    page.click(".own-filter");
    page.wait_for("document.querySelectorAll('tr.row').length === 2");
    assert_eq!(page.count("tr.row.is-mine .mark-mine"), 2);
    assert_eq!(page.eval("document.querySelector('.own-filter').ariaPressed"), json!("true"));
    page.wait_for("document.querySelector('#workloads figure')");
    page.click(".own-filter");
    page.wait_for("document.querySelectorAll('tr.row').length > 10");
    let in_charts = "document.querySelector('#workloads').textContent.includes('My Desk · llama.cpp b9001 (cuda) · mine')";
    page.wait_for(in_charts);
    // Two from the same machine, in the same order of speed.
    page.run("document.querySelector('input[type=search]').value = 'my desk'; document.querySelector('input[type=search]').dispatchEvent(new Event('input', { bubbles: true }));", json!([]));
    page.wait_for("document.querySelectorAll('tr.row').length === 2");
    page.click("tr.row .open-row");
    page.wait_for("document.querySelector('tr.detail')");
    assert!(page.text("tr.detail").contains("in this browser alone"), "{}", page.text("tr.detail"));
    page.click("nav a:last-child");
    page.wait_for("document.querySelector('#own-clear')");
    page.click("#own-clear");
    page.wait_for("!document.querySelector('#confronted') && !document.querySelector('.site-summary').textContent.includes('mine')");
}

pub(super) fn kept_results_come_back_and_go(page: &mut Page) {
    show_two_builds(page);
    page.click("#own-keep");
    page.wait_for("'tokscope-own' in localStorage");
    page.open("");
    page.wait_for("document.querySelectorAll('tr.is-mine').length === 2");
    // A file more is one more beside them.
    let third =
        record("ccccccc", "gemma-3-4b-it-Q4_K_M.gguf", [150.1, 150.4, 149.8, 150.2, 150.0]).to_string();
    drop_files(page, &[("third.json", &third)]);
    wait_for_files(page, 2);
    assert!(page.text("#files").contains("kept in this browser"), "{}", page.text("#files"));
    // As when another tab of this page takes them out.
    page.run(
        "localStorage.removeItem('tokscope-own'); dispatchEvent(new StorageEvent('storage', { key: 'tokscope-own' }));",
        json!([]),
    );
    page.wait_for("!document.querySelector('#own-keep').checked");
    page.click("#own-keep");
    page.wait_for("'tokscope-own' in localStorage");
    page.click("#own-clear");
    page.wait_for("!('tokscope-own' in localStorage)");
    page.open("");
    page.wait_for("document.querySelectorAll('tr.row').length > 10");
    assert_eq!(page.count("tr.is-mine"), 0);
}

/// Nothing of it is read before its columns are looked at; what they do not hold is asked as ever.
pub(super) fn a_table_that_somebody_made_is_confirmed(page: &mut Page) {
    page.open("?view=import");
    let table = "Model,Quant,Backend,Date,Concurrency,tg1024 (t/s),Mood\n\
                 gemma-3-4b-it,Q4_K_M,CUDA,2026-11-02,1,180.1,good\n";
    drop_files(page, &[("mine.csv", table)]);
    wait_for_files(page, 1);
    assert!(page.text("#files").contains("A table that somebody made"), "{}", page.text("#files"));
    assert_eq!(page.count("#own-hardware"), 0);
    assert_eq!(page.eval("document.querySelector('#own-holds-1-6').value"), json!("ignored"));
    page.run(
        "const holds = document.querySelector('#own-holds-1-6'); holds.value = 'note'; \
         holds.dispatchEvent(new Event('change', { bubbles: true }));",
        json!([]),
    );
    page.assert_accessible("columns of a table");
    page.click(".own-map");
    page.wait_for("document.querySelector('#own-hardware') && !document.querySelector('.own-progress')");
    assert_eq!(page.eval("document.querySelector('#own-holds-1-6').value"), json!("note"));
    assert_eq!(page.eval("document.querySelector('#files details').open"), json!(false));
    describe_rig(page);
    answer(page, "#own-engine", "llama.cpp");
    let model = "[...document.querySelectorAll('select[id^=own-modelmine]')][0]?.id";
    if let Value::String(id) = page.eval(model) {
        answer(page, &format!("#{id}"), "gemma-3/4b-it");
    }
    page.wait_for("document.querySelector('#own-show')");
    page.click("#own-show");
    page.wait_for("document.querySelector('#confronted')?.textContent.includes('189.8')");
}
