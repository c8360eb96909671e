//! Rows of the tool's Markdown tables, as they stand in discussions.

use super::super::fields::Fields;
use super::super::finding::{Say, quote};
use super::super::report::{is_missing, number, rate};

/// Columns of a table by their headers.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Columns {
    names: Vec<String>,
    /// The test behind each header such as `pp512 (t/s)`; none at all in tables as the tool prints them.
    tests: Vec<Option<String>>,
}

/// Headers that stand for a field of another name.
const SHORT: [(&str, &str); 27] = [
    ("model", "model_type"),
    ("backend", "backends"),
    ("ngl", "n_gpu_layers"),
    ("threads", "n_threads"),
    ("fa", "flash_attn"),
    ("mmap", "use_mmap"),
    ("dio", "use_direct_io"),
    ("sm", "split_mode"),
    ("mg", "main_gpu"),
    ("nkvo", "no_kv_offload"),
    ("ts", "tensor_split"),
    ("ot", "tensor_buft_overrides"),
    ("dev", "devices"),
    ("embd", "embeddings"),
    ("nopo", "no_op_offload"),
    ("noh", "no_host"),
    ("rpk", "repack"),
    ("ncmoe", "n_cpu_moe"),
    ("fitt", "fit_target"),
    ("fitc", "fit_min_ctx"),
    ("lm", "load_mode"),
    ("lzm", "lazy_mode"),
    ("dt", "defrag_thold"),
    ("ctk", "type_k"),
    ("ctv", "type_v"),
    ("b", "n_batch"),
    ("ub", "n_ubatch"),
];

/// The columns of a header; `None` for a table of something else.
pub(in crate::import) fn header(cells: &[String]) -> Option<Columns> {
    let names: Vec<String> =
        cells.iter().map(|cell| cell.replace("**", "").trim().to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    let is_printed = has("test") && has("t/s");
    let test = |name: &String| {
        let test = name.strip_suffix("(t/s)").or_else(|| name.strip_suffix("t/s"))?.trim_end();
        counts(test).filter(|_| !is_printed).map(|_| test.to_owned())
    };
    let tests: Vec<Option<String>> = names.iter().map(test).collect();
    let is_rearranged = has("model") && tests.iter().any(Option::is_some);
    (is_printed || is_rearranged).then_some(Columns { names, tests })
}

/// The records of a row: one, or one for each test that people gave a column of its own.
///
/// What has no rate is left out, which is said unless the cells are empty.
pub(in crate::import) fn row(
    columns: &Columns,
    cells: &[String],
    line: u32,
    say: &mut Say<'_>,
) -> Vec<Fields<'static>> {
    let Columns { names, tests } = columns;
    if cells.len() != names.len() {
        let expected = format!("{}, as the header has; the row is left out", names.len());
        say.at(line, "", format!("{} cells", cells.len()), expected);
        return Vec::new();
    }
    let mut common = Fields::of_text(line, std::iter::empty());
    let mut own: Vec<(String, String)> = Vec::new();
    for ((name, test), cell) in names.iter().zip(tests).zip(cells) {
        let cell = cell.replace("**", "");
        let cell = cell.trim_matches(['`', ' ']);
        match (name.as_str(), test) {
            _ if is_missing(cell) => {}
            (_, Some(test)) => own.push((test.clone(), cell.to_owned())),
            ("test", _) => own.push((cell.to_owned(), String::new())),
            ("model", _) if tests.iter().any(Option::is_some) => {
                // Here people wrote the name, with the quant and not with the engine's type of the weights.
                common.put("model_filename", cell);
            }
            ("size", _) => put_unit(&mut common, "model_size", cell, &SIZES),
            ("params", _) => put_unit(&mut common, "model_n_params", cell, &COUNTS),
            (name, _) => {
                let known = SHORT.iter().find(|(short, _)| *short == name);
                common.put(known.map_or(name, |(_, long)| long), cell);
            }
        }
    }
    let of_row = common.text("t/s");
    let is_empty = cells.iter().all(|cell| is_missing(cell));
    if !is_empty && (own.is_empty() || (of_row.is_none() && own.iter().all(|(_, rate)| rate.is_empty()))) {
        say.at(line, "t/s", "no test or no rate", "both; the row is left out");
        return Vec::new();
    }
    let record = |(test, rate): (String, String)| {
        let mut fields = common.clone();
        put_test(&mut fields, &test, say)?;
        let is_printed = of_row.is_some();
        put_rate(&mut fields, of_row.as_deref().unwrap_or(&rate), is_printed, say)?;
        Some(fields)
    };
    own.into_iter().filter_map(record).collect()
}

const SIZES: [(&str, f64); 4] =
    [("KiB", 1024.0), ("MiB", 1_048_576.0), ("GiB", 1_073_741_824.0), ("TiB", 1_099_511_627_776.0)];

const COUNTS: [(&str, f64); 4] = [("K", 1e3), ("M", 1e6), ("B", 1e9), ("T", 1e12)];

/// Tokens read, generated and before of `pp512`, `tg128`, `pp512+tg128`, `pp 512`, each with or without
/// `@ d4096`.
pub(in crate::import) fn counts(test: &str) -> Option<[u32; 3]> {
    let plain = test.replace(' ', "").to_ascii_lowercase();
    let (test, depth) = plain.split_once("@d").unwrap_or((&plain, "0"));
    let count = |text: &str, kind: &str| text.strip_prefix(kind)?.parse::<u32>().ok();
    let (prompt, output) = match test.split_once('+') {
        Some((prompt, output)) => (count(prompt, "pp")?, count(output, "tg")?),
        None => match count(test, "pp") {
            Some(prompt) => (prompt, 0),
            None => (0, count(test, "tg")?),
        },
    };
    Some([prompt, output, depth.parse().ok()?])
}

fn put_test(fields: &mut Fields<'_>, cell: &str, say: &mut Say<'_>) -> Option<()> {
    let Some(counts) = counts(cell) else {
        let expected = "a test such as pp512, tg128 or pp512+tg128 @ d4096; the row is left out";
        say.at(fields.line, "test", quote(cell), expected);
        return None;
    };
    for (name, count) in ["n_prompt", "n_gen", "n_depth"].into_iter().zip(counts) {
        fields.put(name, count);
    }
    Some(())
}

/// A rate with its spread. In tables that people arranged, one without is a repetition of another table, rounded
/// and chosen, or something else: it is left out.
fn put_rate(fields: &mut Fields<'_>, cell: &str, is_printed: bool, say: &mut Say<'_>) -> Option<()> {
    let expected = match rate(cell) {
        Ok(Some(rate)) if is_printed || rate.text.contains('±') => {
            fields.put("avg_ts", rate.value.get());
            fields.put("t/s", rate.text);
            return Some(());
        }
        Ok(_) => "a rate with its ±, such as 22.7 ± 0.5",
        Err(expected) => expected,
    };
    say.at(fields.line, "t/s", quote(cell), format!("{expected}; it is left out"));
    None
}

/// `12.16 MiB` and `20.91 B` in the unit of the field; anything else says nothing.
fn put_unit(fields: &mut Fields<'_>, name: &str, cell: &str, units: &[(&str, f64)]) {
    let read = units.iter().find_map(|(unit, factor)| {
        let value = number(cell.strip_suffix(unit)?)?;
        Some(value.get() * factor)
    });
    if let Some(value) = read {
        fields.put(name, value);
    }
}

/// True for the line behind a table that names the build, which is taken out of it.
pub(in crate::import) fn is_build_line(line: &str) -> Option<(String, String)> {
    let rest = line.trim().trim_matches('`').strip_prefix("build:")?;
    let (commit, number) = rest.trim().split_once(" (")?;
    let number = number.strip_suffix(')')?;
    let plain = !commit.is_empty() && commit.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && number.chars().all(|c| c.is_ascii_digit())).then(|| (commit.to_owned(), number.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn names_of_tests_are_read_in_every_form() {
        for (cell, expected) in [
            ("pp512", [512, 0, 0]),
            ("pp 512", [512, 0, 0]),
            ("tg128 @ d4096", [0, 128, 4096]),
            ("pp512+tg128 @ d1024", [512, 128, 1024]),
        ] {
            assert_eq!(counts(cell), Some(expected), "{cell}");
        }
        for bad in ["", "pp", "512", "pp512 @ d", "pp-1", "tg128+pp512", "pp99999999999"] {
            assert_eq!(counts(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_test_may_have_a_column_of_its_own() {
        let split =
            |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
        let columns = header(&split("Model | Size | pp512 (t/s) | tg128 (t/s)")).unwrap();
        let mut say = Say::new("f");
        let read =
            row(&columns, &split("Llama 2 7B Q4_K_M | 3.80 GiB | 1,024.75 ± 19.80 | **45.5**"), 3, &mut say);
        assert_eq!(
            (read.len(), say.findings.len()),
            (1, 1),
            "a rate without its ± is a repetition of another table"
        );
        let mut fields = read.into_iter().next().unwrap();
        assert_eq!((fields.count("n_prompt"), fields.number("avg_ts")), (Some(512), Some(1024.75)));
        assert_eq!(fields.text("model_filename").as_deref(), Some("Llama 2 7B Q4_K_M"));
        assert_eq!(header(&split("Backend | pp512 (t/s)")), None, "which model?");
        assert_eq!(header(&split("Model | PP (tok/s) | TG (tok/s)")), None, "a report");
    }

    #[test]
    fn builds_stand_behind_tables() {
        assert_eq!(
            is_build_line("build: 11fb327bf (7941)"),
            Some(("11fb327bf".to_owned(), "7941".to_owned()))
        );
        assert_eq!((is_build_line("build: x"), is_build_line("build: ; (1)")), (None, None));
    }
}
