//! Whatever the text: no panic, no runaway, and a word for each thing that is wrong.

use std::time::{Duration, Instant};

use tokscope::import::report::{Imported, merge, read_report};

use super::{BY_BACKEND, BY_MODEL, Chance, SUMMARY, catalog, known};

/// Reads anything; generous for a loaded machine, for a runaway takes forever.
fn survives(text: &str) -> Option<Imported> {
    let catalog = catalog();
    let start = Instant::now();
    let read = read_report(text, &known(&catalog)).ok();
    assert!(start.elapsed() < Duration::from_secs(20), "too slow: {} bytes", text.len());
    for run in read.iter().flat_map(|imported| &imported.runs) {
        let figures = |result: &tokscope::model::run::ResultEntry| {
            let rates = [result.decode_tok_per_s, result.prefill_tok_per_s, result.load_s];
            rates.iter().any(Option::is_some) || !result.repetitions.is_empty() || result.failed.is_some()
        };
        assert!(run.results.iter().all(figures), "{run:#?}");
    }
    read
}

#[test]
fn random_bytes() {
    let mut chance = Chance(1);
    for _ in 0..2_000 {
        let bytes: Vec<u8> =
            (0..chance.below(400)).map(|_| u8::try_from(chance.below(256)).unwrap()).collect();
        survives(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn pieces_of_reports_in_any_order() {
    const PIECES: [&str; 24] = [
        "|",
        "| ",
        " |\n",
        "\n",
        "---|",
        "±",
        "```\n",
        "Run 1: ",
        "pp=",
        "tg=1e309",
        "**Date:** ",
        "**",
        "~",
        "Vulkan",
        "ERROR: ",
        "(vision)",
        "‡",
        "— ",
        "\u{0}",
        "\u{202e}",
        "999999999999999999999",
        "0.0000001",
        "## ",
        "| Backend | Load | PP | TG | Notes |\n|---|---|---|---|---|\n",
    ];
    let mut chance = Chance(2);
    for _ in 0..3_000 {
        let text: String = (0..chance.below(60)).map(|_| PIECES[chance.below(PIECES.len())]).collect();
        survives(&text);
    }
}

#[test]
fn reports_that_end_anywhere() {
    for report in [BY_BACKEND, BY_MODEL, SUMMARY] {
        for end in (0..report.len()).filter(|&end| report.is_char_boundary(end)) {
            survives(&report[..end]);
        }
    }
}

#[test]
fn reports_with_a_flaw_anywhere() {
    const FLAWS: [&str; 8] = ["", "|", "±", "\n", "```", "9e999", "-", "\u{feff}"];
    let mut chance = Chance(3);
    for _ in 0..3_000 {
        let mut text = [BY_BACKEND, BY_MODEL, SUMMARY][chance.below(3)].to_owned();
        for _ in 0..=chance.below(4) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let from = chance.below(places.len());
            let to = (from + chance.below(12)).min(places.len() - 1);
            text.replace_range(places[from]..places[to], FLAWS[chance.below(FLAWS.len())]);
        }
        survives(&text);
    }
}

#[test]
fn numbers_beyond_any_measurement_are_said_and_left_out() {
    for huge in ["1e309", "99999999999", "NaN", "inf", "-1", "0", &"9".repeat(400), "1.7976931348623157e308"]
    {
        let text = BY_BACKEND.replace("pp=900.00", &format!("pp={huge}")).replace("905.0 ±5.0", huge);
        let imported = survives(&text).unwrap();
        let about = |field: &str| imported.findings.iter().any(|finding| finding.problem.field == field);
        assert!(about("pp") && about("PP"), "{huge}: {:?}", imported.findings);
        assert_eq!(imported.runs[0].results[0].repetitions[0].prefill_tok_per_s, None);
    }
}

/// Sizes at which work that grows with the square of the text would take minutes.
#[test]
fn large_reports_are_read_in_one_pass() {
    let row = "| Finch 2B-it | Q4_K_M | 2B | Vulkan | 10s | 100.0 | 50.0 |\n";
    let table = "| Model | Quant | Params | Backend | Load | PP | TG |\n|---|---|---|---|---|---|---|\n";
    let cases = [
        format!("{table}{}", row.repeat(20_000)),
        format!("{table}{}", row.replace("2B-it", &"x".repeat(3_000)).repeat(300)),
        format!("{table}{row}{}", "```\nVulkan:\nRun 1: pp=1 tg=1\n```\n".repeat(20_000)),
        format!("{table}{row}```\n{}", "Run 1: pp=1 tg=1\n".repeat(50_000)),
        format!("{}{table}{}", "**Note:** a remark about everything\n".repeat(20_000), row.repeat(9_000)),
        format!("## a\n{}{table}{}", format!("**B:** {}\n", "x".repeat(1_900)).repeat(99), row.repeat(9_000)),
        format!("# {}\n{table}{}", "x".repeat(3_900), row.replace("Finch 2B-it", "").repeat(9_000)),
        format!("# {}\n{table}{}", "x".repeat(290), row.replace("Finch 2B-it", "").repeat(9_000)),
        format!("**Mode:** {}\n{table}{}", "x".repeat(1_900), row.repeat(9_000)),
        format!("{}{table}{}", "**Vulkan:** A=1, B=2, C=3, D=4\n".repeat(20_000), row.repeat(9_000)),
        format!("# A\n\n**Date:** 2026-01\n{table}{row}").repeat(4_000),
        format!("{table}{}", "|".repeat(500_000)),
        format!("| Model | PP | TG |\n{}\n", "|x".repeat(1_999)).repeat(500),
        format!("| Model | Vulkan PP | Vulkan TG |\n{}", "| Finch 2B-it Q4_K_M | 100 | 50 |\n".repeat(9_000)),
        "#".repeat(1_000_000),
        "## a\n".repeat(200_000),
    ];
    for text in cases {
        let imported = survives(&text);
        merge(imported.into_iter().flat_map(|imported| imported.runs));
    }
    let imported = survives(&format!("{table}{}", row.repeat(20_000))).unwrap();
    assert_eq!(imported.runs.len(), 10_000);
    assert!(imported.findings.iter().any(|finding| finding.problem.found == "more than 10,000 rows"));
}
