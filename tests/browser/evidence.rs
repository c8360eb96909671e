//! What is known of one model, what the rigs can do, and what the rules find.

use crate::{
    Test,
    controls::tab_to,
    harness::page::Page,
    reading::{table, until},
};
use serde_json::json;

pub(crate) const TESTS: &[Test] = &[
    ("every_model_is_listed_and_leads_to_its_results", every_model_is_listed_and_leads_to_its_results),
    ("places_are_tied_where_repetitions_do_not_tell", places_are_tied_where_repetitions_do_not_tell),
    ("raw_and_served_results_stand_apart", raw_and_served_results_stand_apart),
    ("a_model_that_is_a_range_says_so", a_model_that_is_a_range_says_so),
    ("best_results_leave_out_what_is_doubted", best_results_leave_out_what_is_doubted),
    ("weights_that_fit", weights_that_fit),
    ("findings_are_those_of_the_rules", findings_are_those_of_the_rules),
    ("bandwidth_failures_and_repeated_measurements", bandwidth_failures_and_repeated_measurements),
    ("a_finding_opens_its_row", a_finding_opens_its_row),
];

fn column(lines: &[Vec<String>], column: usize) -> Vec<&str> {
    lines.iter().map(|line| &*line[column]).collect()
}

fn every_model_is_listed_and_leads_to_its_results(page: &mut Page) {
    page.open("?view=model");
    assert_eq!(page.text("nav a[aria-current=page]"), "Models");
    let lines = table(page, "#models");
    let results: f64 =
        column(&lines, 5).iter().map(|count| count.replace(',', "").parse::<f64>().unwrap()).sum();
    assert_eq!((lines.len(), results), (63, 6242.0));
    let coder = lines.iter().position(|line| line[0] == "Qwen3-Coder-Next 80B").unwrap();
    assert_eq!(lines[coder][1..], ["2026-02", "80B", "3B", "4", "6"]);
    let link = format!("#models tbody tr:nth-child({}) a", coder + 1);
    tab_to(page, &link);
    page.keys("Enter");
    until(&"?view=model&model=qwen3-coder-next.80b".to_owned(), "the address", || page.address());
    until(&"Qwen3-Coder-Next 80B".to_owned(), "the heading", || page.text("main h2"));
    page.wait_for("document.activeElement.localName === 'main' && scrollY < 200");
    page.back();
    until(&"Models".to_owned(), "the heading", || page.text("main h2"));
    page.forward();
    until(&"Qwen3-Coder-Next 80B".to_owned(), "the heading", || page.text("main h2"));

    page.click(".row-links a:nth-child(2)");
    until(&4, "its configurations", || page.count("#pins li"));
    page.back();
    page.click(".row-links a:nth-child(1)");
    until(&"?view=model".to_owned(), "the address", || page.address());

    page.open("?view=model&model=no-such.model");
    assert!(page.text(".notice").contains("model=no-such.model is not known here"));
    assert_eq!(table(page, "#models").len(), 63);
}

fn places_are_tied_where_repetitions_do_not_tell(page: &mut Page) {
    page.open("?view=model&model=qwen3-coder-next.80b");
    assert_eq!(page.text("#model .comparison h3"), "infra · concurrency 1");
    assert!(page.text("#model figure h3").starts_with("History: Decode of Qwen3-Coder-Next 80B"));
    let lines = table(page, "#model .comparison");
    assert_eq!(column(&lines, 0), ["tied 1–2", "tied 1–2", "3", "4"]);
    let (vulkan, rocm, cpu) = ("llama.cpp (vulkan)", "llama.cpp (ROCm 7.2)", "llama.cpp (cpu)");
    assert_eq!(column(&lines, 3), [vulkan, vulkan, rocm, cpu]);
    assert_eq!(column(&lines, 5), ["38.1 ±0.3", "38.0 ±0.1", "33.0 ±0.7", "11.7 ±0.1"]);
    assert_eq!(column(&lines, 6), ["318.8 ±26.3", "324.2 ±28.9", "219.6 ±2.0", "93.6 ±2.3"]);
    assert_eq!(column(&lines, 9), ["40 %", "39 %", "34 %", "12 %"], "of what the bus allows");
    assert_eq!(lines[1][11], "2026-02-23 09:37 UTC");
}

/// Gemma-3 4B has a series of timings inside the engine, a range, and results of a server.
fn raw_and_served_results_stand_apart(page: &mut Page) {
    page.open("?view=model&model=gemma-3.4b-it");
    let titles = page
        .eval("[...document.querySelectorAll('#model .comparison h3')].map((title) => title.textContent)");
    let titles: Vec<String> = serde_json::from_value(titles).unwrap();
    let raw: Vec<bool> = titles.iter().map(|title| title.ends_with(" · raw engine timing")).collect();
    assert!(raw.is_sorted(), "served ones first: {titles:?}");
    assert!(raw.contains(&true) && raw.contains(&false), "{titles:?}");
    let modes = page.run(
        "return [...document.querySelectorAll('#model .comparison')].map((one) => \
           [one.querySelector('h3').textContent.endsWith('raw engine timing'), \
            [...one.querySelectorAll('tbody tr')].map((line) => line.cells[4].textContent)]);",
        json!([]),
    );
    let modes: Vec<(bool, Vec<String>)> = serde_json::from_value(modes).unwrap();
    for (raw, modes) in modes {
        assert!(modes.iter().all(|mode| mode.starts_with("raw") == raw), "{modes:?}");
    }
    // Values without repetitions claim no place.
    assert!(page.count("#model .comparison tbody tr") > 10);
    let claimed = "[...document.querySelectorAll('#model .comparison tbody tr')] \
                   .filter((line) => line.cells[0].textContent !== '—').length";
    assert_eq!(page.eval(claimed), 0);
    assert_eq!(table(page, "[aria-label=Ranges]").len(), 1);
}

fn a_model_that_is_a_range_says_so(page: &mut Page) {
    page.open("?view=model&model=gemma-4.26b-a4b-it");
    let lines = table(page, "[aria-label=Ranges]");
    assert!(page.text("[aria-label=Ranges] caption").contains("as a range over shapes only"));
    let rigs = ["RTX 3090 200 W", "Strix Halo 96 GiB", "Strix Halo 96 GiB", "Strix Halo 96 GiB"];
    assert_eq!(lines.len(), rigs.len(), "{lines:?}");
    for (line, rig) in lines.iter().zip(rigs) {
        assert!(line[0].contains(rig), "{line:?}");
    }
    assert_eq!(column(&lines, 1), ["74.7–101.4", "40.7–46.0", "43.2–47.9", "6.9–8.5"]);
    assert_eq!(page.count("#model .comparison"), 0, "no place is invented");
}

fn best_results_leave_out_what_is_doubted(page: &mut Page) {
    page.open("?view=hardware");
    let lines = table(page, "#best");
    assert!(lines.len() > 10, "{lines:?}");
    // A cached prompt gave 35,824 tok/s: the checks doubt it.
    let text = page.text("#best");
    assert!(!text.contains("35,824") && !text.contains("35,49"), "{text}");
    let first: Vec<_> =
        lines.iter().filter(|line| line[0] == "RTX 5070" && line[1] == "chat, concurrency 1").collect();
    assert_eq!(first.len(), 1, "{lines:?}");
    assert_eq!(first[0][2], "761.9");
    assert!(first[0][3].starts_with("LFM2.5-350M | Q4_K_M"), "{:?}", first[0]);
    // Only its prefill is doubted: its decode is still the fastest.
    let agent = lines.iter().find(|line| line[0] == "RTX 3090" && line[1] == "agent, concurrency 1").unwrap();
    assert_eq!(agent[2], "435.2", "{agent:?}");
    page.open("?view=model&model=lfm2.8b-a1b");
    assert!(
        page.count("#model .mark[data-tip^='cached-prompt: ']") > 0,
        "the doubt stands beside the figure"
    );
    page.open("?view=hardware");
    page.click("#best tbody a");
    page.wait_for("document.querySelector('#model h2')");
    assert!(page.address().starts_with("?view=model&model="), "{}", page.address());
}

fn weights_that_fit(page: &mut Page) {
    page.open("?view=hardware");
    let lines = table(page, "#fits");
    assert_eq!(page.text("#fits .status"), format!("{} weights files", lines.len()));
    let heads = page.eval("[...document.querySelectorAll('#fits thead th')].map((head) => head.textContent)");
    let heads: Vec<String> = serde_json::from_value(heads).unwrap();
    let room =
        |head: &str| head.rsplit(": ").next()?.strip_suffix(" GiB")?.replace(',', "").parse::<f64>().ok();
    let mut compared = 0;
    for line in &lines {
        let size = line[2].trim_start_matches("about ").strip_suffix(" GiB");
        let size = size.unwrap();
        // Half a unit of its last digit, and of the tenths beside it.
        let rounding = if size.contains('.') { 0.11 } else { 0.56 };
        let size: f64 = size.parse().unwrap();
        for (cell, head) in line.iter().zip(&heads).skip(3) {
            let Some(room) = room(head) else { continue };
            compared += 1;
            match cell.strip_suffix(" GiB left") {
                Some(left) => assert!(
                    (room - size - left.replace(',', "").parse::<f64>().unwrap()).abs() < rounding,
                    "{line:?}"
                ),
                None if cell == "at its limit" => assert!((size - room).abs() <= 0.5, "{line:?} in {room}"),
                None => assert!(cell == "too large" && size + 0.06 > room, "{line:?} in {room}"),
            }
        }
    }
    assert!(compared > 2 * lines.len() && column(&lines, 3).len() > 10);
}

/// Severities and rules as `tests/checks/bundled.rs` lists them.
const RULES: [(&str, &str, usize); 10] = [
    ("impossible", "active-parameters", 1),
    ("doubtful", "active-parameters", 1),
    ("doubtful", "weights-size", 30),
    ("doubtful", "queueing", 3),
    ("doubtful", "cached-prompt", 4),
    ("doubtful", "relabelled-backend", 1),
    ("doubtful", "quant-ladder", 1),
    ("doubtful", "metric-schema", 3),
    ("notice", "power-cap", 2),
    ("notice", "contradiction", 2),
];

fn findings_are_those_of_the_rules(page: &mut Page) {
    page.open("?view=checks");
    let summary = "48 findings about 6,242 results: 1 impossible, 43 doubtful, 4 notice";
    assert_eq!(page.text("#findings .status"), summary);
    let lines = table(page, "#findings");
    let expected: Vec<(&str, &str)> = RULES
        .iter()
        .flat_map(|&(severity, rule, count)| std::iter::repeat_n((severity, rule), count))
        .collect();
    let found: Vec<(&str, &str)> = lines.iter().map(|line| (&*line[0], &*line[1])).collect();
    assert_eq!(found, expected);
    let [oss, command, ..] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(
        oss[2].contains("~20B active parameters") && oss[2].contains("642 GB/s, 251 % of the bus"),
        "{oss:?}"
    );
    assert!(oss[3].contains("5.1B read 164 GB/s, 64 % of the bus"), "the cause: {oss:?}");
    assert!(oss[4].starts_with("GPT-OSS 120B"), "{oss:?}");
    assert!(
        command[2].contains("~14B") && command[3].contains("as a dense model: 217 GB/s, 85 %"),
        "{command:?}"
    );
    assert!(command[4].starts_with("Command-A 111B"), "{command:?}");
    // Ten runs are concerned: three are named, the others counted.
    let relabelled = lines.iter().find(|line| line[1] == "relabelled-backend").unwrap();
    assert!(relabelled[4].ends_with("and 7 more"), "{relabelled:?}");
}

fn bandwidth_failures_and_repeated_measurements(page: &mut Page) {
    page.open("?view=checks");
    let lines = table(page, "[aria-label='Implied bandwidth']");
    let percent = |line: &Vec<String>| -> f64 { line[6].split(' ').next().unwrap().parse().unwrap() };
    assert!(lines.len() > 60 && lines.is_sorted_by(|a, b| percent(a) >= percent(b)));
    assert!(percent(&lines[0]) <= 98.0, "with the catalog's counts nothing is impossible: {:?}", lines[0]);
    let row = |model: &str| lines.iter().find(|line| line[0] == model).unwrap().clone();
    assert_eq!(row("GPT-OSS 120B")[2..7], ["57.0", "2.87", "164", "256", "64 %"]);
    assert_eq!(row("Command-A 111B")[4..7], ["217", "256", "85 %"]);

    assert_eq!(page.text("#failures .status"), "3 failures");
    for line in table(page, "#failures") {
        assert_eq!(
            [&*line[2], &*line[3], &*line[4], &*line[5]],
            ["infra, concurrency 1", "server died", "2026-02-23 09:37 UTC", "superseded by a later run"]
        );
    }

    let again = table(page, "#measured-again");
    let found: Vec<(&str, &str)> = again.iter().map(|line| (&*line[0], &*line[3])).collect();
    let (minimax, coder) = (
        "22.7 (2026-02-22 19:42 UTC), 22.7 (2026-02-23 09:37 UTC)",
        "38.1 (2026-02-22 19:42 UTC), 38.0 (2026-02-23 09:37 UTC)",
    );
    assert_eq!(found, [("MiniMax M2.5 REAP 139B", minimax), ("Qwen3-Coder-Next 80B", coder)]);
    // Means of 38.127 and 37.987, deviations of 0.315 and 0.143.
    assert_eq!([&*again[1][4], &*again[1][5]], ["±0.10", "±0.24"]);
}

/// By keyboard: the row is open, on the screen, and has the focus; Back returns to the findings.
fn a_finding_opens_its_row(page: &mut Page) {
    page.open("?view=checks&theme=dark");
    tab_to(page, "#findings tbody a");
    page.keys("Enter");
    page.wait_for("document.querySelectorAll('tr.detail .row-links').length === 1");
    assert!(page.address().contains("open=gpt-oss.120b"), "{}", page.address());
    assert!(page.address().contains("theme=dark"), "{}", page.address());
    let row = "document.activeElement.matches('.open-row[aria-expanded=true]')";
    page.wait_for(row);
    assert!(page.text_of("document.activeElement.closest('tr').innerText").contains("120B"));
    page.wait_for(
        "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.activeElement.getBoundingClientRect())",
    );
    page.back();
    page.wait_for("document.querySelector('#findings')");
    assert_eq!(page.address(), "?view=checks&theme=dark");
}
