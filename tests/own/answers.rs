//! What the reader says: read as they write it, named beside its field where it cannot be used, and kept in its place.

use tokscope::model::PartialDate;
use tokscope::own::message::{Answers, Described, KEEP_NAME, NEW_RIG, Refused, Report, SAME_RIG};
use tokscope::own::{Desk, facts, get, more_facts, set};

use super::{answer, described, invented, record, rig, two_builds};

fn day(text: &str) -> Option<PartialDate> {
    PartialDate::try_from(text.to_owned()).ok()
}

fn refused(desk: &Desk, field: &str) -> String {
    let of = |refused: Refused| (refused.field == field).then_some(refused.why);
    desk.report().refused.into_iter().find_map(of).unwrap_or_default()
}

#[test]
fn a_date_that_is_yet_to_come_is_refused() {
    let mut desk = Desk::new(invented()).with_today(day("2026-11-28T03:00Z"));
    // A table says no date, so that the answer is what results are dated by.
    desk.open(1, "a.md", super::fixture("bench.md"));
    for (date, is_good) in [
        ("2026-11-28", true),
        ("2026-11", true),
        (" 2026-11-27T23:59Z ", true),
        ("2026-11-29", false),
        ("2026-12", false),
        ("2199-01-01", false),
    ] {
        desk.answer(Answers { date: date.to_owned(), ..rig() });
        let why = refused(&desk, "date");
        assert_eq!(why.is_empty(), is_good, "{date}: {why}");
        let asks = desk.report().questions.iter().any(|asked| asked.field == "date");
        assert_eq!(asks, !is_good, "{date}");
        if !is_good {
            assert!(why.contains(date) && why.ends_with("a date up to 2026-11-28"), "{why}");
        }
    }
    // Where nobody knows the day, none is too late.
    let mut desk = Desk::new(invented());
    desk.answer(Answers { date: "2199-01".to_owned(), ..rig() });
    assert_eq!(desk.report().refused, []);
}

#[test]
fn a_source_is_an_id() {
    let mut desk = Desk::new(invented());
    desk.open(1, "two.jsonl", two_builds());
    for (source, is_good) in [
        ("my-notes", true),
        ("a.b_c-2", true),
        ("日本", true),
        ("", true),
        ("John Doe", false),
        ("https://example.org/a", false),
        ("../../etc", false),
        ("a\nb: c", false),
        (&"x".repeat(81), false),
    ] {
        answer(&mut desk, Answers { source: source.to_owned(), quant: "Q4_K_M".to_owned(), ..rig() });
        let mut answers = desk.report().answers;
        answers.models.insert("gemma-3-4b-it".to_owned(), KEEP_NAME.to_owned());
        desk.answer(answers);
        let why = refused(&desk, "source");
        assert_eq!(why.is_empty(), is_good, "{source}: {why}");
        let expected = if is_good && !source.is_empty() { source } else { "my-results" };
        let own = desk.own();
        assert!(!own.runs.is_empty() && own.runs.iter().all(|run| run.sources[0].id == expected), "{source}");
    }
    answer(&mut desk, Answers { source: "John Doe".to_owned(), ..rig() });
    assert!(refused(&desk, "source").contains("such as john-doe"), "{}", refused(&desk, "source"));
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let mut desk = Desk::new(invented());
    desk.open(1, "two.jsonl", two_builds());
    let rig_of = |desk: &mut Desk, memory: &str| {
        let described = [(String::new(), described("Desk", memory, "936,2"))].into();
        answer(desk, Answers { described, ..rig() });
        let mut answers = desk.report().answers;
        answers.models.insert("gemma-3-4b-it".to_owned(), KEEP_NAME.to_owned());
        desk.answer(answers);
        desk.own().rigs.remove(0)
    };
    let of = rig_of(&mut desk, "0,6");
    assert_eq!(of.memory_gib.map(|value| value.get()), Some(0.6));
    assert_eq!(of.memory_bandwidth_gb_per_s.map(|value| value.get()), Some(936.2));
    assert_eq!(rig_of(&mut desk, "1,234").memory_gib, None);
    let why = refused(&desk, "rig_memory");
    assert!(why.contains("found \"1,234\"") && why.contains("1234 or 1.234"), "{why}");
    rig_of(&mut desk, "much");
    assert!(refused(&desk, "rig_memory").contains("such as 24 or 0.6"));
    desk.answer(Answers { backend: "magic".to_owned(), ..rig() });
    assert!(refused(&desk, "backend").contains("found \"magic\", expected a backend such as Vulkan"));
}

/// Three machines in two files, of which two are one.
fn three_machines() -> Desk {
    let mut desk = Desk::new(invented());
    let text = |name: &str| {
        record("aaaaaaa", "gemma-3-4b-it-Q4_K_M.gguf", [180.1, 180.4, 179.8, 180.2, 180.0])
            .replace("Invented GPU", name)
    };
    desk.open(1, "a.jsonl", format!("{}\n{}\n", text("Alpha"), text("Beta")).into_bytes());
    desk.open(2, "b.jsonl", text("Gamma").into_bytes());
    desk
}

fn machines(report: &Report) -> Vec<String> {
    let asked = report.questions.iter().filter(|asked| asked.field == "hardware");
    asked.flat_map(|asked| asked.names.clone()).collect()
}

#[test]
fn each_new_machine_has_fields_of_its_own() {
    let mut desk = three_machines();
    let words = machines(&desk.report());
    let [alpha, beta, gamma] = words.as_slice() else { panic!("{words:?}") };
    let mut answers = Answers { source: "my-notes".to_owned(), ..Answers::default() };
    answers.models.insert("gemma-3-4b-it".to_owned(), KEEP_NAME.to_owned());
    for (word, name) in [(alpha, "Left"), (beta, "Right")] {
        set(&mut answers, "hardware", Some(word), NEW_RIG.to_owned());
        set(&mut answers, "rig_name", Some(word), name.to_owned());
    }
    set(&mut answers, "rig_memory", Some(beta), "32".to_owned());
    set(&mut answers, "hardware", Some(gamma), format!("{SAME_RIG}{beta}"));
    desk.answer(answers.clone());
    let report = desk.report();
    assert_eq!((report.questions.len(), report.refused.len()), (0, 0), "{report:?}");
    let of_rigs: Vec<(&str, Option<String>)> =
        [("rig_name", alpha), ("rig_name", beta), ("rig_memory", beta)]
            .map(|(key, word)| (key, Some(word.clone())))
            .into();
    let fields = facts(&report);
    for (key, name) in of_rigs {
        assert_eq!(
            fields.iter().filter(|fact| fact.key == key && fact.name == name).count(),
            1,
            "{fields:#?}"
        );
    }
    let label = |fact: &tokscope::own::Fact| fact.label.contains("Beta");
    assert!(fields.iter().filter(|fact| fact.key == "rig_memory").any(label), "each says whose it is");
    let own = desk.own();
    let mut rigs: Vec<(&str, Option<f64>)> =
        own.rigs.iter().map(|rig| (rig.id.as_str(), rig.memory_gib.map(|value| value.get()))).collect();
    rigs.sort_by_key(|(id, _)| *id);
    assert_eq!(rigs, [("left", None), ("right", Some(32.0))]);
    let of: Vec<&str> = own.runs.iter().map(|run| run.hardware.as_str()).collect();
    assert_eq!(
        of,
        ["left", "right"],
        "what Gamma printed is what Beta did: the same run of the same machine"
    );

    // One name is one machine, and a published one keeps its own.
    for name in ["Left", "Desk 12GB"] {
        set(&mut answers, "rig_name", Some(beta), name.to_owned());
        desk.answer(answers.clone());
        let why = desk.report().refused.into_iter().find(|refused| refused.name == *beta);
        assert!(why.as_ref().is_some_and(|why| why.why.contains(name) && why.field == "rig_name"), "{why:?}");
        assert_eq!(machines(&desk.report()), [beta.clone(), gamma.clone()], "{name}: both wait");
    }
}

#[test]
fn a_file_says_what_it_takes_from_the_answers_of_another() {
    let mut desk = Desk::new(invented());
    let table = super::fixture("bench.md");
    desk.open(1, "bench.md", table.clone());
    assert_eq!(desk.report().files[0].told, [""; 0], "nothing while it waits");
    let mut answers = Answers { date: "2026-05".to_owned(), ..rig() };
    for asked in desk.report().questions {
        for name in asked.names {
            set(&mut answers, &asked.field, Some(&name), KEEP_NAME.to_owned());
        }
    }
    answer(&mut desk, answers);
    let other = String::from_utf8(table).unwrap().replace("2011.34", "1011.34");
    desk.open(2, "other.md", other.into_bytes());
    desk.open(3, "two.jsonl", two_builds());
    let told: Vec<String> = desk.report().files.iter().map(|file| file.told.join(", ")).collect();
    assert_eq!(told, ["date, machine", "date, machine", ""]);
}

#[test]
fn an_answered_question_keeps_its_place() {
    let mut desk = Desk::new(invented());
    desk.open(1, "bench.md", super::fixture("bench.md"));
    let mut answers = Answers { date: "2026-05".to_owned(), ..rig() };
    answer(&mut desk, answers.clone());
    for asked in desk.report().questions {
        for name in asked.names {
            set(&mut answers, &asked.field, Some(&name), KEEP_NAME.to_owned());
        }
    }
    answer(&mut desk, answers);
    let mut answers = desk.report().answers;
    for asked in desk.report().questions {
        let value = match asked.field.as_str() {
            "engine" => "llama.cpp",
            "backend" => "Vulkan",
            "concurrency" => "1",
            _ => continue,
        };
        set(&mut answers, &asked.field, None, value.to_owned());
    }
    desk.answer(answers.clone());
    let before = facts(&desk.report());
    assert!(before.iter().any(|fact| fact.key == "repetitions"), "{before:#?}");
    let more = more_facts(&before);
    for fact in before.iter().chain(&more).filter(|fact| !["model", "hardware"].contains(&fact.key)) {
        let before_it = facts(&desk.report());
        let mut answers = desk.report().answers;
        let value = match get(&answers, fact.key, fact.name.as_deref()) {
            "" => match fact.key {
                "repetitions" | "power_cap" | "rig_memory" => "5",
                _ => "x1",
            },
            value => value,
        };
        let value = value.to_owned();
        set(&mut answers, fact.key, fact.name.as_deref(), value);
        desk.answer(answers);
        let after = facts(&desk.report());
        assert_eq!(after, before_it, "{} moves when it is answered", fact.key);
        assert_eq!(more_facts(&after), more);
    }
}

#[test]
fn answers_of_an_earlier_page_are_read() {
    let answers: Answers = serde_json::from_str("{\"quant\":\"Q4_0\",\"rig_name\":\"Desk\"}").unwrap();
    assert_eq!((answers.quant.as_str(), answers.described.len()), ("Q4_0", 0));
    assert_eq!(serde_json::from_str::<Described>("{}").unwrap(), Described::default());
}

#[test]
fn results_that_wait_for_different_answers_are_all_counted() {
    let waiting = |desk: &Desk| desk.report().files.iter().map(|file| file.waiting).collect::<Vec<_>>();
    let mut desk = three_machines();
    assert_eq!(waiting(&desk), [2, 1]);
    // Whichever machine is told first, those of the others wait on.
    answer(
        &mut desk,
        Answers { models: [("gemma-3-4b-it".to_owned(), KEEP_NAME.to_owned())].into(), ..Answers::default() },
    );
    let mut answers = desk.report().answers;
    for (told, rest) in machines(&desk.report()).into_iter().zip([[1, 1], [0, 1], [0, 0]]) {
        answers.rigs.insert(told, "desk-12gb".to_owned());
        desk.answer(answers.clone());
        assert_eq!(waiting(&desk), rest);
    }
}

/// One measurement of a server at a rate of requests.
fn at_rate(rate: &str) -> String {
    format!(
        "{{\"random_range_ratio\": 1.0, \"completed\": 100, \"total_input_tokens\": 51200, \"total_output_tokens\": 12800, \
         \"duration\": 50.0, \"output_throughput\": 256.0, \"request_rate\": {rate}, \"max_concurrency\": null, \
         \"backend\": \"sglang\", \"mean_ttft_ms\": 50.0, \"median_ttft_ms\": 50.0, \"mean_e2e_latency_ms\": 2000.0}}\n"
    )
}

/// Requests in flight follow from the rate: one answer for all rates would be a wrong figure.
#[test]
fn each_rate_of_requests_has_a_concurrency_of_its_own() {
    let mut desk = Desk::new(invented());
    let counted = at_rate("16.0").replace("\"backend\"", "\"concurrency\": 7.25, \"backend\"");
    desk.open(1, "rates.jsonl", format!("{}{}{counted}", at_rate("1.0"), at_rate("Infinity")).into_bytes());
    let names = ["", "request rate 1, about 4 in flight", "request rate 16, about 7 in flight"];
    let asked = |desk: &Desk| -> Vec<String> {
        let of = facts(&desk.report()).into_iter().filter(|fact| fact.key == "concurrency");
        of.map(|fact| fact.name.unwrap_or_default()).collect()
    };
    assert_eq!(asked(&desk), names);
    let known = Answers {
        models: [(String::new(), "finch/9b-it".to_owned())].into(),
        hardware: "desk-12gb".to_owned(),
        quant: "Q4_K_M".to_owned(),
        backend: "CUDA".to_owned(),
        date: "2026-05".to_owned(),
        // Of the one that was sent at once, and of no other.
        concurrency: "100".to_owned(),
        ..Answers::default()
    };
    desk.answer(known);
    let flights = |desk: &Desk| -> Vec<u16> {
        desk.own().runs.iter().flat_map(|run| &run.results).map(|result| result.concurrency).collect()
    };
    assert_eq!((flights(&desk), desk.report().files[0].waiting), (vec![100], 2));
    let mut answers = desk.report().answers;
    set(&mut answers, "concurrency", Some(names[1]), "4".to_owned());
    set(&mut answers, "concurrency", Some(names[2]), "many".to_owned());
    desk.answer(answers.clone());
    let why = desk.report().refused;
    assert_eq!((why.len(), why[0].name.as_str()), (1, names[2]), "{why:?}");
    assert_eq!(get(&answers, "concurrency", Some(names[1])), "4");
    set(&mut answers, "concurrency", Some(names[2]), "7".to_owned());
    desk.answer(answers);
    let mut all = flights(&desk);
    all.sort_unstable();
    assert_eq!((all, desk.report().files[0].waiting), (vec![4, 7, 100], 0));
    // The questions stay where they were answered.
    assert_eq!(asked(&desk), names);
}

/// The columns of a table that somebody made, as the page confirms them.
fn confirmed(desk: &mut Desk, bytes: &[u8]) {
    desk.open(1, "own.csv", bytes.to_vec());
    let table = desk.report().files[0].table.clone().unwrap();
    desk.map(1, &table);
}

#[test]
fn a_table_without_token_counts_asks_for_shape_and_concurrency() {
    let mut desk = Desk::new(invented());
    confirmed(
        &mut desk,
        b"Model,Quant,GPU,Prompt (t/s),Gen (t/s),TTFT (ms),Date,Comment\n\
          m,Q4_K_M,RTX 4090,9876.5,145.7,52,2026-10-01,first\nm,Q8_0,RTX 4090,9000,92.3,57,2026-10-01,\n",
    );
    let report = desk.report();
    assert_eq!(
        (report.files[0].waiting, report.files[0].finding_count),
        (2, 0),
        "{:?}",
        report.files[0].findings
    );
    let keys: Vec<&str> = facts(&report).iter().map(|fact| fact.key).collect();
    for key in ["shape", "concurrency", "hardware", "model", "engine", "backend"] {
        assert!(keys.contains(&key), "{key} is not in {keys:?}");
    }
    let mut answers = report.answers;
    for (key, name, value) in [
        ("shape", None, "chat"),
        ("concurrency", Some(""), "1"),
        ("hardware", Some("RTX 4090"), "desk-12gb"),
        ("model", Some("m"), KEEP_NAME),
        ("engine", None, "llama.cpp"),
        ("backend", None, "CUDA"),
    ] {
        set(&mut answers, key, name, value.to_owned());
    }
    desk.answer(answers.clone());
    let results: Vec<_> = desk.own().runs.into_iter().flat_map(|run| run.results).collect();
    assert_eq!(results.len(), 2, "{:?}", desk.report());
    assert!(
        results.iter().all(|result| (result.shape.as_str(), result.concurrency) == ("chat", 1)),
        "{results:?}"
    );
    // The name of a test is a shape too, as in a mapping.
    set(&mut answers, "shape", None, "tg128".to_owned());
    desk.answer(answers);
    assert!(desk.own().runs.iter().all(|run| run.results[0].output_tokens == Some(128)), "{:?}", desk.own());
}

#[test]
fn a_table_that_is_not_utf_8_says_so_and_nothing_else() {
    let mut desk = Desk::new(invented());
    desk.open(1, "own.csv", b"Mod\xe8le,Quant,D\xe9codage tok/s\nm,Q4_K_M,145.7\n".to_vec());
    let file = &desk.report().files[0];
    let [finding] = &file.findings[..] else { panic!("{file:?}") };
    assert_eq!((finding.line, finding.found.as_str()), (Some(1), "bytes that are not UTF-8"));
    assert!(finding.expected.ends_with("a spreadsheet saves it as \"CSV UTF-8\""), "{finding:?}");
    assert!(file.table.is_none() && file.format.is_none(), "{file:?}");
}
