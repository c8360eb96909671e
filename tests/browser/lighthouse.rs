//! Lighthouse on the built page, as a phone: the median of three runs.
//!
//! What does not depend on how busy the machine is must reach its score. The performance score is a
//! measurement: it is printed beside its target, and judged by whoever reads it.

use crate::harness::{artifacts, dist, server::Server};
use serde_json::Value;
use std::{
    path::Path,
    process::{Command, ExitCode},
};

/// The least score of each category, in percent.
const SCORES: [(&str, f64); 3] = [("accessibility", 100.0), ("best-practices", 100.0), ("seo", 100.0)];

/// What is measured and not judged, and what it should reach on a quiet machine.
const PERFORMANCE: (&str, f64) = ("performance", 95.0);

/// The most that the layout may shift while the page loads.
const MOST_LAYOUT_SHIFT: f64 = 0.05;

const RUNS: usize = 3;

/// Prints the medians and fails when one is worse than it may be.
pub(crate) fn audit() -> ExitCode {
    let server = Server::start(dist());
    let reports: Vec<Value> = (1..=RUNS).map(|run| report(&server.url(""), run)).collect();
    let mut failed = 0;
    let mut judge = |name: &str, value: f64, limit: f64, good: bool| {
        let word = if good { "ok" } else { "FAILED" };
        println!("test lighthouse::{name} ... {word} ({value:.3}, limit {limit})");
        failed += usize::from(!good);
    };
    for (name, least) in SCORES {
        let score = median(&reports, |report| &report["categories"][name]["score"]) * 100.0;
        judge(name, score, least, score >= least);
    }
    let shift = median(&reports, |report| &report["audits"]["cumulative-layout-shift"]["numericValue"]);
    judge("layout-shift", shift, MOST_LAYOUT_SHIFT, shift <= MOST_LAYOUT_SHIFT);
    let (name, target) = PERFORMANCE;
    let score = median(&reports, |report| &report["categories"][name]["score"]) * 100.0;
    println!("     {name}: {score:.0} (target {target} on a quiet machine)");
    for metric in ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "speed-index"]
    {
        let value = median(&reports, |report| &report["audits"][metric]["numericValue"]);
        println!("     {metric}: {value:.0} ms");
    }
    if failed > 0 {
        complaints(&reports);
    }
    let word = if failed == 0 { "ok" } else { "FAILED" };
    let passed = SCORES.len() + 1 - failed;
    println!(
        "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(url: &str, run: usize) -> Value {
    let path = artifacts("lighthouse").join(format!("run-{run}.json"));
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/lighthouse/cli/index.js");
    let categories: Vec<&str> = SCORES.iter().chain([&PERFORMANCE]).map(|(name, _)| *name).collect();
    let categories = categories.join(",");
    let status = Command::new("node")
        .arg(program)
        .args([url, "--quiet", "--no-enable-error-reporting", "--output=json"])
        .arg(format!("--only-categories={categories}"))
        .arg(format!("--output-path={}", path.display()))
        .arg("--chrome-flags=--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic")
        .env("CHROME_PATH", chromium())
        .status()
        .expect("node starts");
    assert!(status.success(), "Lighthouse failed: {status}");
    let text = std::fs::read_to_string(&path).expect("Lighthouse's report");
    serde_json::from_str(&text).expect("Lighthouse's report in JSON")
}

fn chromium() -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("chromium"))
        .find(|file| file.is_file())
        .expect("chromium is on the PATH: run `cargo xtask setup`")
}

/// The middle of the runs; a value that is missing counts as the worst.
fn median<'a>(reports: &'a [Value], value: impl Fn(&'a Value) -> &'a Value) -> f64 {
    let mut values: Vec<f64> =
        reports.iter().map(|report| value(report).as_f64().unwrap_or(f64::NAN)).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The audits of the first run that are not perfect and count for something.
fn complaints(reports: &[Value]) {
    let Some(report) = reports.first() else { return };
    for (category, _) in SCORES.iter().chain([&PERFORMANCE]) {
        for entry in report["categories"][*category]["auditRefs"].as_array().into_iter().flatten() {
            let audit = &report["audits"][entry["id"].as_str().unwrap_or_default()];
            let score = audit["score"].as_f64().unwrap_or(1.0);
            if score < 0.9 && entry["weight"].as_f64() > Some(0.0) {
                println!("  {category}: {} ({score}) {}", entry["id"], audit["displayValue"]);
            }
        }
    }
}
