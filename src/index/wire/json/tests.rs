//! The reader has the verdicts of the general one.

use super::*;

/// Reads `{"v": …}` with this value.
fn read(value: &str) -> Option<Json> {
    let mut found = None;
    let file = format!("{{\"v\":{value}}}");
    Reader::file(file.as_bytes(), &mut |reader, _| reader.value().map(|value| found = Some(value))).ok()?;
    found
}

fn same(json: &Json, other: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (json, other) {
        (Json::Null, Value::Null) => true,
        (Json::Flag(a), Value::Bool(b)) => a == b,
        (Json::Number(a), Value::Number(b)) => b.as_f64().is_some_and(|b| (a - b).abs() <= a.abs() * 1e-14),
        (Json::Text(a), Value::String(b)) => a == b,
        (Json::List(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(_), Value::Object(b)) => {
            b.iter().all(|(name, b)| json.get(name).is_some_and(|a| same(a, b)))
        }
        _ => false,
    }
}

#[test]
fn every_verdict_is_that_of_a_general_reader() {
    let values = [
        "0",
        "-0",
        "1",
        "-1",
        "01",
        "1.",
        ".5",
        "0.5",
        "1.50",
        "1e3",
        "1E+3",
        "1e-3",
        "1e",
        "1e+",
        "+1",
        "--1",
        "12345678901234567890",
        "0.1",
        "76.3",
        "123456.789012",
        "1e22",
        "4.9e-5",
        "NaN",
        "Infinity",
        "1_000",
        "1e-400",
        "null",
        "nul",
        "true",
        "false",
        "True",
        "\"\"",
        "\"a\"",
        "\"\\n\\\"\\\\\\/\\b\\f\\r\\t\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ud83dx\"",
        "\"\\udc00\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"\u{1}\"",
        "\"é€😀\"",
        "\"",
        "[]",
        "[1,2]",
        "[1,]",
        "[,]",
        "[1 2]",
        "[",
        "{}",
        "{\"a\":1}",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":[{\"b\":null}]}",
        " [ 1 , 2 ] ",
        "1 2",
        "\t1\r\n",
        "[1]]",
        "/**/1",
        "",
    ];
    for value in values {
        let general: Option<serde_json::Value> = serde_json::from_str(value).ok();
        let own = read(value);
        assert_eq!(own.is_some(), general.is_some(), "{value}");
        if let (Some(own), Some(general)) = (&own, &general) {
            assert!(same(own, general), "{value}: {own:?}");
        }
    }
}

#[test]
fn numbers_of_up_to_fifteen_digits_are_exact() {
    for text in ["76.3", "0.1", "123456.789012", "999999999999.999", "1e9", "4.35", "2.675e-7", "0.000001"] {
        assert_eq!(read(text), text.parse().ok().map(Json::Number), "{text}");
    }
}

#[test]
fn a_fault_has_its_place_and_depth_has_an_end() {
    let fault = |json: &[u8]| {
        Reader::file(json, &mut |reader, _| reader.value().map(drop)).map_err(|error| error.to_string())
    };
    assert_eq!(fault(b"{\"a\": 1,\n \"b\": x}"), Err("line 2, column 7: expected a value".to_owned()));
    assert_eq!(fault(b"{\"a\": \"\xff\"}"), Err("line 1, column 8: expected text in UTF-8".to_owned()));
    assert_eq!(fault(b"{} 1"), Err("line 1, column 4: expected the end of the file".to_owned()));
    let deep = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(fault(deep(90).as_bytes()).is_ok());
    assert!(fault(deep(100_000).as_bytes()).is_err());
}
