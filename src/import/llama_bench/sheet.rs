//! Records as comma-separated values, and as SQL.

use super::super::fields::Fields;
use super::super::finding::Say;

/// What the table is called in the SQL that the tool writes.
const INSERT: &str = "INSERT INTO llama_bench (";

/// True for the header of the tool's CSV.
fn is_header(line: &str) -> bool {
    let line = line.replace('"', "");
    let has = |name: &str| line.split(',').any(|column| column.trim() == name);
    has("n_prompt") && has("n_gen") && has("avg_ts")
}

/// True for a text with the tool's CSV in it.
pub(in crate::import) fn is_csv(text: &str) -> bool {
    text.lines().any(is_header)
}

/// True for a text with the tool's SQL in it.
pub(in crate::import) fn is_sql(text: &str) -> bool {
    text.contains(INSERT) || text.contains("CREATE TABLE IF NOT EXISTS llama_bench")
}

/// Reads CSV, behind whatever log lines; the header may stand there again, as in files that were joined.
pub(in crate::import) fn from_csv(text: &str, say: &mut Say<'_>) -> Vec<Fields<'static>> {
    let start = text.split_inclusive('\n').take_while(|line| !is_header(line)).map(str::len).sum::<usize>();
    let skipped = text.get(..start).unwrap_or_default();
    let before = u32::try_from(skipped.matches('\n').count()).unwrap_or(u32::MAX);
    let text = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut header: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else { continue };
        let line = record.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let line = line.saturating_add(before);
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        if is_header(&cells.join(",")) {
            header = cells.into_iter().map(str::to_owned).collect();
        } else if cells.len() == header.len() {
            found.push(Fields::of_text(line, header.iter().map(String::as_str).zip(cells)));
        } else {
            let expected = format!("{}, as the header has; the line is left out", header.len());
            say.at(line, "", format!("{} cells", cells.len()), expected);
        }
    }
    found
}

/// Reads the records that the tool inserts into its table. It writes every value in quotes and escapes none.
pub(in crate::import) fn from_sql(text: &str, say: &mut Say<'_>) -> Vec<Fields<'static>> {
    let mut found = Vec::new();
    for (line, statement) in (1..).zip(text.lines()) {
        let Some(rest) = statement.trim().strip_prefix(INSERT) else { continue };
        let parts = rest.split_once(") VALUES (").and_then(|(names, values)| {
            let values = values.trim_end().strip_suffix(");")?.trim();
            Some((names, values.strip_prefix('\'')?.strip_suffix('\'')?))
        });
        let Some((names, values)) = parts else {
            say.at(line, "", "an INSERT without its end", "names and quoted values; it is left out");
            continue;
        };
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let values: Vec<&str> = values.split("', '").collect();
        if names.len() == values.len() {
            found.push(Fields::of_text(line, names.into_iter().zip(values)));
        } else {
            let expected = format!("{}, one for each name; it is left out", names.len());
            say.at(line, "", format!("{} values", values.len()), expected);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(
        read: fn(&str, &mut Say<'_>) -> Vec<Fields<'static>>,
        text: &str,
    ) -> (Vec<(u32, String)>, usize) {
        let mut say = Say::new("f");
        let found = read(text, &mut say);
        let named = found.into_iter().map(|mut fields| (fields.line, fields.text("a").unwrap_or_default()));
        (named.collect(), say.findings.len())
    }

    #[test]
    fn comma_separated_values_keep_their_lines() {
        let text = "ggml: found\na,n_prompt,n_gen,avg_ts\n\"x, \"\"y\"\"\",1,2,3\n\nshort,1\na,n_prompt,n_gen,avg_ts\nz,1,2,3\n";
        assert!(is_csv(text) && !is_sql(text));
        assert_eq!(lines(from_csv, text), (vec![(3, "x, \"y\"".to_owned()), (7, "z".to_owned())], 1));
    }

    #[test]
    fn statements_are_taken_apart_as_they_were_put_together() {
        let text = "CREATE TABLE IF NOT EXISTS llama_bench (\n);\n\
                    INSERT INTO llama_bench (a, b) VALUES ('x', 'it''s, all');\n\
                    INSERT INTO llama_bench (a, b) VALUES ('x');\nINSERT INTO llama_bench (a) VALUES ('";
        assert!(is_sql(text) && !is_csv(text));
        assert_eq!(lines(from_sql, text), (vec![(3, "x".to_owned())], 2));
    }
}
