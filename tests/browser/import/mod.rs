//! Results of the reader's own: opened, asked about, shown beside published ones, compared, taken along.

mod answers;
mod limits;
mod published;
mod story;

use serde_json::{Value, json};

use crate::{Test, harness::page::Page};

pub(crate) const TESTS: &[Test] = &[
    ("from_a_dropped_file_to_a_verdict_and_run_files", story::from_a_dropped_file_to_a_verdict_and_run_files),
    ("a_pasted_text_by_keyboard_alone", story::a_pasted_text_by_keyboard_alone),
    ("the_whole_program_starts_in_place", story::the_whole_program_starts_in_place),
    ("own_rows_are_marked_and_filtered", story::own_rows_are_marked_and_filtered),
    ("kept_results_come_back_and_go", story::kept_results_come_back_and_go),
    ("a_table_that_somebody_made_is_confirmed", story::a_table_that_somebody_made_is_confirmed),
    ("a_verdict_beside_a_published_row", published::a_verdict_beside_a_published_row),
    ("what_was_taken_along_is_opened_again", published::what_was_taken_along_is_opened_again),
    ("each_new_machine_is_described", answers::each_new_machine_is_described),
    ("a_machine_is_described_from_field_to_field", answers::a_machine_is_described_from_field_to_field),
    ("what_is_wrong_stands_beside_its_field", answers::what_is_wrong_stands_beside_its_field),
    ("what_is_kept_can_be_changed", answers::what_is_kept_can_be_changed),
    ("nothing_is_beyond_the_edge_of_a_narrow_screen", answers::nothing_is_beyond_the_edge_of_a_narrow_screen),
    ("a_bad_file_beside_a_good_one", limits::a_bad_file_beside_a_good_one),
    ("hostile_strings_in_every_field", limits::hostile_strings_in_every_field),
    ("a_huge_file_is_refused_and_a_large_one_read", limits::a_huge_file_is_refused_and_a_large_one_read),
    ("reading_is_cancelled", limits::reading_is_cancelled),
    ("a_worker_that_does_not_start_is_named", limits::a_worker_that_does_not_start_is_named),
    ("a_browser_that_stores_nothing", limits::a_browser_that_stores_nothing),
    ("a_link_to_own_rows_elsewhere_says_so", limits::a_link_to_own_rows_elsewhere_says_so),
    ("axe_is_content_light", |page| limits::axe_is_content(page, "light")),
    ("axe_is_content_dark", |page| limits::axe_is_content(page, "dark")),
];

/// A record of `llama-bench -o jsonl`: decode over 1,024 tokens, on a machine that nobody has.
fn record(build: &str, file: &str, rates: [f64; 5]) -> Value {
    let samples_ns = rates.map(|rate| (1024.0 / rate * 1e9).round());
    let samples_ts = samples_ns.map(|ns| 1024.0 / (ns / 1e9));
    let mean = samples_ts.iter().sum::<f64>() / 5.0;
    let deviation = (samples_ts.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / 4.0).sqrt();
    json!({
        "build_commit": build, "build_number": if build.starts_with('a') { 9000 } else { 9001 },
        "cpu_info": "Invented CPU", "gpu_info": "Invented GPU", "backends": "CUDA",
        "model_filename": file, "model_type": "gemma3 4B Q4_K - Medium",
        "model_size": 2_500_000_000_u64, "model_n_params": 3_880_000_000_u64, "n_batch": 2048, "n_ubatch": 512,
        "n_threads": 8, "type_k": "f16", "type_v": "f16", "n_gpu_layers": 99, "flash_attn": true,
        "n_prompt": 0, "n_gen": 1024, "n_depth": 0, "test_time": "2026-11-02T10:00:00Z",
        "avg_ns": samples_ns.iter().sum::<f64>() / 5.0, "stddev_ns": 1000, "avg_ts": mean, "stddev_ts": deviation,
        "samples_ns": samples_ns, "samples_ts": samples_ts,
    })
}

/// Two builds of which the second is 7 % faster.
pub(crate) fn two_builds() -> String {
    let slow = record("aaaaaaa", "gemma-3-4b-it-Q4_K_M.gguf", [180.1, 180.4, 179.8, 180.2, 180.0]);
    let fast = record("bbbbbbb", "gemma-3-4b-it-Q4_K_M.gguf", [192.9, 192.6, 193.1, 192.7, 192.8]);
    format!("{slow}\n{fast}\n")
}

/// Drops files, each with a name and a content.
pub(crate) fn drop_files(page: &Page, files: &[(&str, &str)]) {
    page.run(
        "const data = new DataTransfer(); \
         for (const [name, text] of arguments[0]) data.items.add(new File([text], name)); \
         for (const kind of ['dragover', 'drop']) \
           document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));",
        json!([files]),
    );
}

/// True while nothing is read, and every question is there with what can be chosen.
const IS_DONE: &str = "!document.querySelector('.own-progress, #asked[aria-busy]')";

/// Waits until this many files were read and nothing goes on.
pub(crate) fn wait_for_files(page: &Page, count: usize) {
    page.wait_for(&format!(
        "document.querySelectorAll('#files > .own-list > li').length === {count} && {IS_DONE}"
    ));
}

/// Gives a field another value, as its reader does, and waits for the worker.
fn answer(page: &Page, field: &str, value: &str) {
    page.wait_for(&format!("document.querySelector('{field}') && {IS_DONE}"));
    page.run(
        "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
         field.dispatchEvent(new Event('change', { bubbles: true }));",
        json!([field, value]),
    );
    page.wait_for(IS_DONE);
}

/// Describes a machine of the reader's own.
fn describe_rig(page: &Page) {
    answer(page, "#own-hardware", "new");
    answer(page, "#own-rig-name", "My Desk");
    answer(page, "#own-rig-memory", "24");
    answer(page, "#own-rig-bandwidth", "936");
}

/// Drops two builds, answers, and shows them.
pub(crate) fn show_two_builds(page: &mut Page) {
    page.open("?view=import");
    drop_files(page, &[("two.jsonl", &two_builds())]);
    wait_for_files(page, 1);
    describe_rig(page);
    page.click("#own-show");
    page.wait_for("document.querySelectorAll('.own-confronted').length === 2");
}

/// Keeps what the page gives to the reader, by name, instead of saving it.
pub(crate) fn catch_downloads(page: &Page) {
    page.run(
        "window.saved = {}; \
         const make = URL.createObjectURL, held = {}; \
         URL.createObjectURL = (blob) => { const url = make(blob); held[url] = blob; return url; }; \
         HTMLAnchorElement.prototype.click = function () { \
           const name = this.download; \
           held[this.href].arrayBuffer().then((bytes) => { saved[name] = Array.from(new Uint8Array(bytes)); }); };",
        json!([]),
    );
}

pub(crate) fn download(page: &mut Page, button: &str, name: &str) -> Vec<u8> {
    page.click(button);
    page.wait_for(&format!("window.saved['{name}']"));
    let bytes = page.eval(&format!("window.saved['{name}']"));
    bytes.as_array().unwrap().iter().map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()).collect()
}
