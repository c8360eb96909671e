//! A run beside a published row that has repetitions, and files of our own.

use tokscope::index::Index;
use tokscope::own::message::{Answers, Described, NEW_RIG};
use tokscope::own::{Desk, pack};

use super::{answer, catch_downloads, describe_rig, download, drop_files, wait_for_files};
use crate::harness::{dist, page::Page};

#[path = "../../own/llama_run.rs"]
mod llama_run;

use llama_run::{around, llama_run};

/// Rates of the published row: Llama 2 7B, Q4_0, build b6111 with Vulkan RADV, each of five repetitions.
const PREFILL: f64 = 783.65;
const DECODE: f64 = 52.03;

/// Seven per cent faster in decode, and as fast in prefill.
fn run() -> String {
    llama_run(around(PREFILL * 1.003, 1.0), around(DECODE * 1.07, 2.3))
}

/// The same on the host: what the worker must come to. That `tokscope check` accepts these files, and that
/// `tokscope index` has them, is held by `tests/own/archived.rs`.
fn archive() -> Vec<u8> {
    let published = Index::from_json(&std::fs::read(dist().join("index.json")).unwrap()).unwrap();
    let mut desk = Desk::new(published);
    desk.open(1, "llama.jsonl", run().into_bytes());
    let machine = desk.report().questions[0].names[0].clone();
    let described =
        Described { name: "My Desk".to_owned(), memory: "24".to_owned(), bandwidth: "936".to_owned() };
    desk.answer(Answers {
        rigs: [(machine.clone(), NEW_RIG.to_owned())].into(),
        described: [(machine, described)].into(),
        source: "my-results".to_owned(),
        ..Answers::default()
    });
    pack(&desk.archive()).unwrap()
}

pub(super) fn a_verdict_beside_a_published_row(page: &mut Page) {
    page.open("");
    drop_files(page, &[("llama.jsonl", &run())]);
    wait_for_files(page, 1);
    describe_rig(page);
    page.click("#own-show");
    page.wait_for("document.querySelector('.own-confronted .verdict')");
    // The first baseline is published and has repetitions: a verdict without another choice.
    let chosen = page.text_of("document.querySelector('.own-confronted select').selectedOptions[0].text");
    assert!(chosen.contains("Framework Desktop") && !chosen.contains("mine"), "{chosen}");
    assert_eq!(page.count(".own-confronted .verdict-real, .own-confronted .verdict-tie"), 2);
    let baseline = page.text_of(
        "[...document.querySelectorAll('.own-confronted option')].find((one) => one.text.includes('b6111') && one.text.includes('radv') && !one.text.includes('fa')).value",
    );
    answer(page, ".own-confronted select", &baseline);
    page.wait_for("document.querySelector('.own-confronted .verdict-real') && document.querySelector('.own-confronted .verdict-tie')");
    let lines =
        page.eval("[...document.querySelectorAll('.own-figures tbody tr')].map((line) => line.textContent)");
    let lines: Vec<&str> = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let line = |word: &str| lines.iter().find(|line| line.contains(word)).unwrap();
    for part in ["1.07×", "[1.04, 1.10]", "real"] {
        assert!(line("Decode").contains(part), "{part} in {}", line("Decode"));
    }
    assert!(line("Prefill").contains("tie"), "{}", line("Prefill"));
    catch_downloads(page);
    assert_eq!(download(page, "#own-zip", "tokscope-runs.zip"), archive());
}

/// What the page gives is what it takes, by name and by dropping; so is a report of a tool that writes YAML.
pub(super) fn what_was_taken_along_is_opened_again(page: &mut Page) {
    page.open("?view=import");
    drop_files(page, &[("llama.jsonl", &run())]);
    wait_for_files(page, 1);
    describe_rig(page);
    page.wait_for("document.querySelector('#export .own-list button')");
    assert!(page.text("#export .own-list").contains("the machine, the source"), "{}", page.text("#export"));
    catch_downloads(page);
    let name = page.text_of("document.querySelector('#export .own-list code').textContent.split('/').pop()");
    let file = String::from_utf8(download(page, "#export .own-list button", &name)).unwrap();
    let rig = download(page, ".own-lacking button", "my-desk.yaml");
    let rig = String::from_utf8(rig).unwrap();
    page.click("#own-clear");
    page.wait_for("!document.querySelector('#files')");
    let report = "successes: {count: 1}\nload_summary: {count: 1}\nfailures: {count: 0}\n";
    let bomb = format!("{file}a: &a [x]\nb: &b [*a, *a]\n");
    drop_files(
        page,
        &[("run.yaml", &file), ("rig.yaml", &rig), ("bomb.yaml", &bomb), ("report.yaml", report)],
    );
    wait_for_files(page, 4);
    let items: Vec<String> =
        (1..=4).map(|at| page.text(&format!("#files > .own-list > li:nth-child({at})"))).collect();
    assert!(items[0].contains("Tokscope run file: 2 results in 1 run"), "{}", items[0]);
    assert!(items[1].contains("Tokscope rig"), "{}", items[1]);
    assert!(items[2].contains("found an alias"), "{}", items[2]);
    assert!(items[3].contains("inference-perf"), "{}", items[3]);
    page.click("#own-show");
    page.wait_for("document.querySelector('.own-confronted')?.textContent.includes('My Desk')");
}
