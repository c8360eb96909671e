//! Rows of the tool's Markdown tables, as they stand in discussions.

use super::super::fields::Fields;
use super::super::finding::{Say, quote};
use super::super::report::{is_missing, number, rate};

/// Columns of a table by their headers.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) struct Columns(Vec<String>);

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
    (has("test") && has("t/s")).then_some(Columns(names))
}

/// The record of a row; `None` where it has no rate, which is said unless the row is empty.
pub(in crate::import) fn row(
    columns: &Columns,
    cells: &[String],
    line: u32,
    say: &mut Say<'_>,
) -> Option<Fields> {
    let Columns(names) = columns;
    if cells.len() != names.len() {
        let expected = format!("{}, as the header has; the row is left out", names.len());
        say.at(line, "", format!("{} cells", cells.len()), expected);
        return None;
    }
    let mut fields = Fields::of_text(line, std::iter::empty());
    for (name, cell) in names.iter().zip(cells) {
        let cell = cell.replace("**", "");
        let cell = cell.trim_matches(['`', ' ']);
        match name.as_str() {
            _ if is_missing(cell) => {}
            "test" => put_test(&mut fields, cell, say)?,
            "t/s" => put_rate(&mut fields, cell, say)?,
            "size" => put_unit(
                &mut fields,
                "model_size",
                cell,
                &[
                    ("KiB", 1024.0),
                    ("MiB", 1_048_576.0),
                    ("GiB", 1_073_741_824.0),
                    ("TiB", 1_099_511_627_776.0),
                ],
            ),
            "params" => put_unit(
                &mut fields,
                "model_n_params",
                cell,
                &[("K", 1e3), ("M", 1e6), ("B", 1e9), ("T", 1e12)],
            ),
            name => {
                let known = SHORT.iter().find(|(short, _)| *short == name);
                fields.put(known.map_or(name, |(_, long)| long), cell);
            }
        }
    }
    let complete = fields.has("avg_ts") && fields.has("n_prompt");
    if !complete && cells.iter().any(|cell| !is_missing(cell)) {
        say.at(line, "t/s", "no test or no rate", "both; the row is left out");
    }
    complete.then_some(fields)
}

/// `pp512`, `tg128`, `pp512+tg128`, `pp 512`, each with or without `@ d4096`.
fn put_test(fields: &mut Fields, cell: &str, say: &mut Say<'_>) -> Option<()> {
    let plain = cell.replace(' ', "").to_ascii_lowercase();
    let (test, depth) = plain.split_once("@d").unwrap_or((&plain, "0"));
    let count = |text: &str, kind: &str| text.strip_prefix(kind)?.parse::<u32>().ok();
    let counts = match test.split_once('+') {
        Some((prompt, output)) => count(prompt, "pp").zip(count(output, "tg")),
        None => count(test, "pp")
            .map(|prompt| (prompt, 0))
            .or_else(|| count(test, "tg").map(|output| (0, output))),
    };
    let read = counts.zip(depth.parse::<u32>().ok());
    let Some(((prompt, output), depth)) = read else {
        say.at(
            fields.line,
            "test",
            quote(cell),
            "a test such as pp512, tg128 or pp512+tg128 @ d4096; the row is left out",
        );
        return None;
    };
    for (name, count) in [("n_prompt", prompt), ("n_gen", output), ("n_depth", depth)] {
        fields.put(name, count);
    }
    Some(())
}

fn put_rate(fields: &mut Fields, cell: &str, say: &mut Say<'_>) -> Option<()> {
    match rate(cell) {
        Ok(Some(rate)) => {
            fields.put("avg_ts", rate.value.get());
            fields.put("t/s", rate.text);
            Some(())
        }
        Ok(None) => Some(()),
        Err(expected) => {
            say.at(fields.line, "t/s", quote(cell), format!("{expected}; the row is left out"));
            None
        }
    }
}

/// `12.16 MiB` and `20.91 B` in the unit of the field; anything else says nothing.
fn put_unit(fields: &mut Fields, name: &str, cell: &str, units: &[(&str, f64)]) {
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

    fn tests(cell: &str) -> Option<(u64, u64, u64)> {
        let mut fields = Fields::of_text(1, std::iter::empty());
        put_test(&mut fields, cell, &mut Say::new("f"))?;
        Some((fields.count("n_prompt")?, fields.count("n_gen")?, fields.count("n_depth")?))
    }

    #[test]
    fn names_of_tests_are_read_in_every_form() {
        for (cell, expected) in [
            ("pp512", (512, 0, 0)),
            ("pp 512", (512, 0, 0)),
            ("tg128 @ d4096", (0, 128, 4096)),
            ("pp512+tg128 @ d1024", (512, 128, 1024)),
        ] {
            assert_eq!(tests(cell), Some(expected), "{cell}");
        }
        for bad in ["", "pp", "512", "pp512 @ d", "pp-1", "tg128+pp512", "pp99999999999"] {
            assert_eq!(tests(bad), None, "{bad}");
        }
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
