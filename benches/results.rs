//! `cargo bench --features cli [-- N…]`: how long each part takes natively, with generated results.
//!
//! Prints a table of medians for `docs/performance.md`. It needs nothing but the library: a framework would be forty
//! more crates for what is a loop and a median.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark says what failed by failing, and prints what it found"
)]

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tokscope::charts::offered::of_view;
use tokscope::charts::{Look, Options, layout};
use tokscope::checks;
use tokscope::format::Locale;
use tokscope::import::{read_data_dir, read_data_dir_on};
use tokscope::index::Index;
use tokscope::model::Dataset;
use tokscope::model::dataset::FromFile;
use tokscope::query::{Choices, MOST_FIRST_ROWS, answer, first_view, from_query};

/// Results, where none are asked for.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// A part is measured so many times, or until this has passed.
const TIMES: usize = 9;
const ENOUGH: Duration = Duration::from_secs(5);

/// What was asked of the results, by what a reader does.
const QUERIES: [(&str, &str); 6] = [
    ("the view without a choice", ""),
    ("filter by a rig", "hardware=desk-24gb-3"),
    ("search by text", "q=heron"),
    ("sort by metric", "sort=-metric"),
    ("group by rig", "group=hardware"),
    ("no groups, every concurrency", "group=none&conc=all"),
];

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    for size in if asked.is_empty() { SIZES.to_vec() } else { asked } {
        println!("\n## {size} results\n\n| | median, ms |\n|---|---|");
        of_size(size);
    }
}

fn of_size(size: usize) {
    let folder = std::env::temp_dir().join(format!("tokscope-bench-{}", std::process::id()));
    let data = folder.join("data");
    fs::create_dir(&folder).expect("a folder of its own");
    tokscope(&["generate", &size.to_string(), "--data"], &data);
    let one = NonZeroUsize::MIN;
    time("read run files, one core", || read_data_dir_on(&data, one));
    time("read run files, all cores", || read_data_dir(&data));
    fs::remove_dir_all(&folder).expect("it is there");

    let json = tokscope(&["generate", &size.to_string(), "-o", "-"], Path::new(""));
    time("parse an index", || Index::from_json(&json).unwrap());
    let index = Index::from_json(&json).unwrap();
    time("write an index", || index.to_json());
    time("first view's part", || first_view(&index, MOST_FIRST_ROWS));
    let runs = index.to_runs().into_iter().map(|value| FromFile { file: String::new(), value }).collect();
    let dataset = Dataset { catalog: index.catalog.clone(), runs };
    time("build an index from runs", || Index::build(&dataset));
    drop(dataset);
    time("all rules", || checks::findings(&index));

    let choices = Choices::of(&index);
    for (name, query) in QUERIES {
        let (selection, _) = from_query(query, &choices);
        time(name, || answer(&index, &choices, &selection));
    }
    let (selection, _) = from_query("", &choices);
    time("charts of the view", || of_view(&index, &choices, &selection));
    let charts = of_view(&index, &choices, &selection);
    time("lay out the charts", || {
        let bars = charts.iter().filter_map(|chart| match chart {
            tokscope::charts::offered::Chart::Bars(bars) => Some(bars),
            tokscope::charts::offered::Chart::Points(_) => None,
        });
        bars.map(|bars| layout(bars, 800.0, Options::page(Locale::default()))).collect::<Vec<_>>()
    });
    time("lay out and draw the charts as SVG", || {
        charts.iter().map(|chart| chart.to_svg(800.0, Look::Auto, &[])).collect::<Vec<_>>()
    });
    println!("| bytes a result in memory | {:.1} |", index.bytes() as f64 / size as f64);
    println!("| bytes a result as JSON | {:.1} |", json.len() as f64 / size as f64);
}

/// Prints the median time of a part.
fn time<T>(name: &str, mut part: impl FnMut() -> T) {
    let began = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || (times.len() < TIMES && began.elapsed() < ENOUGH) {
        let start = Instant::now();
        let result = black_box(part());
        times.push(start.elapsed());
        drop(result);
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("| {name} | {:.2} |", median.as_secs_f64() * 1000.0);
}

/// What the command line prints.
fn tokscope(arguments: &[&str], last: &Path) -> Vec<u8> {
    let last = Some(last).filter(|path| !path.as_os_str().is_empty()).map(PathBuf::from);
    let output = Command::new(env!("CARGO_BIN_EXE_tokscope")).args(arguments).args(last).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
