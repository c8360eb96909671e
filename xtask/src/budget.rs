//! The size of the page on the wire, held to a budget.

use crate::command::{AtPath, Failure, Outcome, command, output};
use std::{fs, path::Path};

/// The most each part may weigh in bytes after brotli at quality 11.
/// The parts leave each other room: the total is what counts for the reader.
const LIMITS: [(&str, u64); 4] = [("html", 50_000), ("js", 12_000), ("wasm", 150_000), ("json", 30_000)];

/// The most that the whole first view may weigh: 200 KB.
const TOTAL: u64 = 200_000;

/// The most that the program of every view may weigh, scripts, style and WASM together. It is fetched for the views
/// beyond the first, and counts for none of the above.
/// Shards of large indexes took 3,400 of it, the differences that these hold and brief rows 2,500, parts of tall charts
/// 1,400, rows below the screen that follow 1,000, folds that stay as they are when another program comes 500,
/// what stays in its place meanwhile 900, rows that open one by one, titles and the bars of an embedded model 1,000, and
/// charts in the frame of the rows, those on the screen alone, and pairs that have no figure in common, 1,700, and the script
/// that notes places, which the first scroll has come, 1,300;
/// wasm-opt saves 4,200. Some room is for chance: its hashes, and with them the order of its functions, depend on the
/// folder that it is built in, and 1,423,897 bytes of WASM came out as 446,295 in one and, as many, as 446,805 in
/// another.
const WHOLE: u64 = 462_500;

/// The most that the document may weigh that shows somebody else's results by that program. Its style is inside it.
const FOREIGN: u64 = 8_000;

/// The most that reading a reader's own results may weigh: the worker's program, its scripts and the sheet of its
/// view. It is fetched by who opens results, which may be YAML.
const IMPORT: u64 = 486_500;

/// The most that the whole index may weigh. It is fetched once a reader goes beyond the first view, which has a part
/// of it as `first.json`.
const INDEX: u64 = 200_000;

/// The most that the custom element for other pages may weigh. They fetch it, and this page never does.
const ELEMENT: u64 = 3_000;

/// Writes a brotli file beside each asset, which hosts that look for one will send,
/// and prints each file's name, size and compressed size.
const COMPRESS: &str = r#"
const fs = require("fs"), path = require("path"), zlib = require("zlib"), folder = process.argv[1];
for (const entry of fs.readdirSync(folder, { recursive: true }).sort()) {
    if (!/\.(html|css|js|wasm|json|svg)$/.test(entry)) continue;
    const raw = fs.readFileSync(path.join(folder, entry));
    const small = zlib.brotliCompressSync(raw, { params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: raw.length } });
    fs.writeFileSync(path.join(folder, entry) + ".br", small);
    console.log(`${raw.length} ${small.length} ${entry}`);
}"#;

/// How the files that the first view does without begin, and the words for them.
const BESIDE: [(&str, &str); 4] = [
    ("tokscope-whole", "whole"),
    ("foreign.html", "foreign"),
    ("tokscope-import", "import"),
    ("tokscope-chart.js", "element"),
];

struct Row {
    /// The kind of file, the program beside the first one that it belongs to, or `index` for all results.
    part: String,
    raw: u64,
    brotli: u64,
}

/// Compresses what is in `dist`, prints the table of sizes and fails over budget.
pub(crate) fn check(dist: &Path) -> Outcome {
    fs::metadata(dist.join("index.html")).at(&dist.join("index.html"))?;
    let listing = output(command("node", &["-e", COMPRESS, "--"]).arg(dist))
        .ok_or_else(|| Failure("node is needed to measure the page, and failed".to_owned()))?;
    let (table, over) = weigh(&listing);
    println!("{table}");
    if over.is_empty() { Ok(()) } else { Err(Failure(format!("over the size budget: {}", over.join(", ")))) }
}

/// The table of sizes, and a complaint for each limit that is passed.
fn weigh(listing: &str) -> (String, Vec<String>) {
    let rows: Vec<Row> = listing.lines().filter_map(read_row).collect();
    let mut table = format!("\n{:<8}{:>12}{:>12}{:>12}\n", "", "raw", "brotli", "limit");
    let mut over = Vec::new();
    let of = |part: &str| sum(rows.iter().filter(|row| row.part == part));
    let is_later = |row: &&Row| row.part == "index" || BESIDE.iter().any(|(_, part)| row.part == *part);
    let totals = [
        ("total", sum(rows.iter().filter(|row| !is_later(row))), TOTAL),
        ("whole", of("whole"), WHOLE),
        ("foreign", of("foreign"), FOREIGN),
        ("import", of("import"), IMPORT),
        ("index", of("index"), INDEX),
        ("element", of("element"), ELEMENT),
    ];
    let parts = LIMITS.map(|(part, limit)| (part, of(part), limit));
    for (name, (raw, brotli), limit) in parts.into_iter().chain(totals) {
        table.push_str(&format!("{name:<8}{raw:>12}{brotli:>12}{limit:>12}\n"));
        if brotli > limit {
            over.push(format!("{name} by {} bytes", brotli - limit));
        }
    }
    (table, over)
}

fn read_row(line: &str) -> Option<Row> {
    let mut words = line.splitn(3, ' ');
    let raw = words.next()?.parse().ok()?;
    let brotli = words.next()?.parse().ok()?;
    let name = words.next()?;
    // The more results, the more of them, and a visit need not fetch all.
    if name.contains("/shard-") {
        return None;
    }
    let beside = BESIDE.iter().find(|(start, _)| name.starts_with(start));
    let kind = match (name, beside) {
        (_, Some((_, part))) => part,
        ("index.json", _) => "index",
        (name, None) => name.rsplit('.').next()?,
    };
    let part = kind.to_owned();
    Some(Row { part, raw, brotli })
}

fn sum<'a>(rows: impl Iterator<Item = &'a Row>) -> (u64, u64) {
    rows.fold((0, 0), |(raw, brotli), row| (raw + row.raw, brotli + row.brotli))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_the_total_are_held_to_their_limits() {
        let (table, over) = weigh(
            "9000 800 index.html\n90 80 a.js\n90 70 b.js\n500000 150000 page_bg.wasm\n900 200000 tokscope-whole-1_bg.wasm\n\
             9000 900 foreign.html\n900 100000 tokscope-import-1-worker.js\n900 800 tokscope-chart.js\n9000 3000 first.json\n90000 90000 index.json\n9000000 900000 index-shards/shard-0123456789abcdef.json\n",
        );
        assert!(over.is_empty(), "{over:?}");
        assert!(table.contains("js               180         150"), "{table}");
        assert!(table.contains("json            9000        3000"), "{table}");
        assert!(table.contains("index          90000       90000"), "{table}");
        assert!(table.contains("foreign         9000         900"), "{table}");
        assert!(table.contains("element          900         800"), "{table}");
        let (_, over) = weigh("1 12001 a.js\n1 150000 b.wasm\n1 50000 c.html");
        assert_eq!(over, ["js by 1 bytes", "total by 12001 bytes"]);
    }
}
