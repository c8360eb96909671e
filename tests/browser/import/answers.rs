//! Answers: of several machines, refused, kept with what they are of, and on narrow screens.

use serde_json::{Value, json};

use super::{IS_DONE, answer, describe_rig, drop_files, show_two_builds, two_builds, wait_for_files};
use crate::harness::page::Page;

/// Waits until the words below a field say this.
fn wait_for_hint(page: &Page, field: &str, words: &str) {
    page.wait_for(&format!("document.querySelector('{field}-hint').textContent.includes('{words}')"));
}

pub(super) fn each_new_machine_is_described(page: &mut Page) {
    page.open("?view=import");
    let text = two_builds();
    let (slow, fast) = text.trim().split_once('\n').unwrap();
    drop_files(page, &[("left.jsonl", slow), ("right.jsonl", &fast.replace("Invented GPU", "Another GPU"))]);
    wait_for_files(page, 2);
    let ids = page.eval("[...document.querySelectorAll('select[id^=own-hardware]')].map((one) => one.id)");
    let ids: Vec<String> = ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2);
    for (id, name) in ids.iter().zip(["Left", "Right"]) {
        answer(page, &format!("#{id}"), "new");
        let empty = "[...document.querySelectorAll('input[id^=own-rig-name]')].find((one) => !one.value)?.id";
        page.wait_for(empty);
        let Value::String(field) = page.eval(empty) else { panic!("no field for a name") };
        answer(page, &format!("#{field}"), name);
    }
    assert_eq!(page.count("input[id^=own-rig-name]"), 2);
    page.wait_for("document.querySelector('#ready').textContent.includes('2 results')");
    page.click("#own-show");
    page.wait_for("document.querySelectorAll('.own-confronted').length === 2");
    let both = page.text("#confronted");
    assert!(both.contains("Left") && both.contains("Right"), "{both}");
    // The other machine of the two is one choice more.
    let same = page.text_of(&format!(
        "[...document.querySelectorAll('#{} option')].find((one) => one.text.startsWith('Left')).value",
        ids[1]
    ));
    answer(page, &format!("#{}", ids[1]), &same);
    page.wait_for("document.querySelectorAll('input[id^=own-rig-name]').length === 1");
    page.wait_for(
        "document.querySelector('#ready').textContent.includes('not what the files and answers say')",
    );
}

/// As hands do it: from field to field with Tab, and with a click elsewhere out of one that was written in.
pub(super) fn a_machine_is_described_from_field_to_field(page: &mut Page) {
    page.open("?view=import");
    drop_files(page, &[("two.jsonl", &two_builds())]);
    wait_for_files(page, 1);
    answer(page, "#own-hardware", "new");
    page.wait_for("document.querySelector('#own-rig-bandwidth')");
    for (field, text) in [("name", "My Desk"), ("memory", "24"), ("bandwidth", "936")] {
        let field = format!("own-rig-{field}");
        page.type_into(&format!("#{field}"), text);
        assert_eq!(page.eval("document.activeElement.id"), json!(field));
        page.keys("Tab");
        page.wait_for(IS_DONE);
        assert_ne!(page.eval("document.activeElement.id"), json!(field), "the focus goes on");
    }
    let values =
        "['name', 'memory', 'bandwidth'].map((one) => document.querySelector(`#own-rig-${one}`).value)";
    assert_eq!(page.eval(values), json!(["My Desk", "24", "936"]));
    page.type_into("#own-rig-name", "s");
    page.click("#own-rig-memory");
    page.wait_for(IS_DONE);
    assert_eq!(page.eval("document.activeElement.id"), json!("own-rig-memory"));
    assert_eq!(page.eval(values), json!(["My Desks", "24", "936"]));
    // One click ends it.
    page.type_into("#own-rig-name", "s");
    page.click("#own-clear");
    page.wait_for("!document.querySelector('#files')");
}

pub(super) fn what_is_wrong_stands_beside_its_field(page: &mut Page) {
    page.open("?view=import");
    drop_files(
        page,
        &[(
            "table.md",
            "| model | size | params | backend | ngl | test | t/s |\n| --- | --- | --- | --- | --- | --- | --- |\n| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA | 99 | tg128 | 71.34 ± 0.12 |\n",
        )],
    );
    wait_for_files(page, 1);
    answer(page, "#own-date", "2199-01-01");
    wait_for_hint(page, "#own-date", "2199-01-01, which is yet to come, expected a date up to 20");
    assert_eq!(page.eval("document.querySelector('#own-date').getAttribute('aria-invalid')"), json!("true"));
    answer(page, "#own-date", "2026-05");
    page.wait_for("!document.querySelector('#own-date').hasAttribute('aria-invalid')");
    describe_rig(page);
    answer(page, "#own-rig-memory", "1,234");
    wait_for_hint(page, "#own-rig-memory", "1234 or 1.234");
    answer(page, "#own-rig-memory", "0,6");
    page.wait_for("!document.querySelector('#own-rig-memory').hasAttribute('aria-invalid')");
    answer(page, "#own-quant", "Q4_0");
    // The number of repetitions stays where it was asked for.
    page.wait_for("document.querySelector('#asked > .own-fields #own-repetitions')");
    answer(page, "#own-repetitions", "5");
    page.wait_for("document.querySelector('#asked > .own-fields #own-repetitions').value === '5'");
    answer(page, "#own-source", "John Doe");
    wait_for_hint(page, "#own-source", "such as john-doe");
    answer(page, "#own-source", "john-doe");
    page.wait_for("!document.querySelector('#own-source').hasAttribute('aria-invalid')");
}

pub(super) fn what_is_kept_can_be_changed(page: &mut Page) {
    show_two_builds(page);
    page.click("#own-keep");
    page.wait_for("'tokscope-own' in localStorage");
    page.open("?view=import");
    page.wait_for("document.querySelectorAll('.own-confronted').length === 2");
    page.wait_for("document.querySelector('#files').textContent.includes('kept in this browser')");
    assert_eq!(page.eval("document.querySelector('#own-rig-name').value"), json!("My Desk"));
    // The same file counts once, and that is said.
    drop_files(page, &[("two.jsonl", &two_builds())]);
    page.wait_for(
        "document.querySelector('#own-status').textContent.includes('two.jsonl was kept in this browser')",
    );
    wait_for_files(page, 1);
    answer(page, "#own-rig-name", "Your Desk");
    page.wait_for("localStorage['tokscope-own'].includes('Your Desk')");
    page.wait_for("document.querySelector('#own-show')");
    page.click("#own-show");
    page.wait_for("document.querySelector('#confronted').textContent.includes('Your Desk')");
    page.open("");
    page.wait_for("document.querySelectorAll('tr.is-mine').length === 2");
    // Rows below the screen are there, and not laid out.
    let row = page.text_of("document.querySelector('tr.is-mine').textContent");
    assert!(row.contains("Your Desk"), "{row}");
    // Without its last file nothing is kept.
    page.open("?view=import");
    // The page is another one once they stand beside the published ones.
    page.wait_for(
        "document.querySelector('.own-confronted') && document.querySelector('#files .own-list button')",
    );
    page.click("#files .own-list button");
    page.wait_for("!('tokscope-own' in localStorage)");
    // What was removed is gone from every view.
    page.wait_for("!document.querySelector('#confronted, #files')");
    page.click("nav a:nth-child(1)");
    page.wait_for("document.querySelector('#rows') && !document.querySelector('tr.is-mine')");
}

/// Beside a table that fits, for 320 pixels are the least that a page must do with.
pub(super) fn nothing_is_beyond_the_edge_of_a_narrow_screen(page: &mut Page) {
    for width in [320, 360] {
        page.size(width, 800);
        show_two_builds(page);
        let beyond = |page: &Page, of: &str| {
            let outside = format!(
                "[...document.querySelectorAll('{of}')].filter((one) => {{ const box = one.getBoundingClientRect(); \
                 return box.width === 0 || box.left < 0 || box.right > document.documentElement.clientWidth; }}).length"
            );
            assert_eq!(page.eval(&outside), json!(0), "{of} at {width} px");
            assert!(page.count(of) > 0, "{of}");
        };
        beyond(page, ".own-figures tbody :is(th, td):not(.is-absent)");
        // A card goes without what is missing, and without that alone.
        let missing = "[...document.querySelectorAll('.own-figures .is-absent')].every((cell) => cell.textContent === '—')";
        assert_eq!(page.eval(missing), json!(true));
        assert_eq!(page.count(".own-figures .verdict"), 2);
        drop_files(page, &[("mine.csv", "Model,Quant,tg1024 (t/s)\ngemma-3-4b-it,Q4_K_M,180.1\n")]);
        wait_for_files(page, 2);
        beyond(page, ".own-columns tbody :is(th, td, select, input)");
        page.click("#own-clear");
        page.wait_for("!document.querySelector('#files')");
    }
}
