//! A selection and its link are two forms of one thing, and any text is a link.

use std::collections::HashSet;

use tokscope::query::{
    Choices, Selection, answer, configuration_slug, data_of_query, drop_unknown, from_query, to_query,
    without_own,
};

use crate::made_up::{Random, index};
use crate::{INDEXES, for_many};

#[test]
fn a_selection_survives_its_link() {
    for_many(|_, choices, selection| {
        let query = to_query(selection, choices);
        assert_eq!(from_query(&query, choices), (selection.clone(), Vec::new()), "{query}");
    });
}

/// Links for others have no word of the reader's own, and are those of the selection where it has none.
#[test]
fn a_published_selection_is_passed_on_as_it_is() {
    for_many(|_, choices, selection| {
        assert_eq!(without_own(selection, choices), *selection);
        let mine = Selection {
            model: Some("unlisted.mine-0123abcd".to_owned()),
            pinned: vec!["mine-0123abcd".to_owned(), "gemma.mine".to_owned()],
            open: vec!["mine-0123abcd".to_owned()],
            ..selection.clone()
        };
        let query = to_query(&without_own(&mine, choices), choices);
        assert!(!query.contains("mine-") && query.contains("pin=gemma.mine"), "{query}");
    });
}

/// What is embedded is no part of the selection, and is said where it means nothing.
#[test]
fn what_is_embedded_leaves_no_trace_in_the_link() {
    let choices = Choices::of(&index(&mut Random::new(1)));
    for (query, ignored) in [("?embed=1&conc=all", 0), ("?embed=table&conc=all", 0), ("?conc=all&embed=x", 1)]
    {
        let (selection, said) = from_query(query, &choices);
        assert_eq!(to_query(&selection, &choices), "?conc=all");
        assert_eq!(said.len(), ignored, "{query}");
        assert!(said.iter().all(|one| !one.unknown_parameter && one.parameter == "embed"));
    }
}

/// Every link of a page with somebody else's results says whose they are, the one to the default view too; a page with
/// its own says that it does not have them.
#[test]
fn whose_results_they_are_is_in_every_link() {
    const ADDRESS: &str = "https://example.org/a,b/index.json?x=1&y=%22 é";
    const WORD: &str = "data=https%3A%2F%2Fexample.org%2Fa%2Cb%2Findex.json%3Fx%3D1%26y%3D%2522%20%C3%A9";
    for_many(|_, choices, selection| {
        let foreign = Choices { data: Some(ADDRESS.to_owned()), ..choices.clone() };
        let query = to_query(selection, &foreign);
        assert_eq!(query.strip_prefix('?').and_then(|query| query.split('&').next()), Some(WORD));
        assert_eq!(from_query(&query, &foreign), (selection.clone(), Vec::new()), "{query}");
        assert_eq!(data_of_query(&query).as_deref(), Some(ADDRESS));
        let (read, ignored) = from_query(&query, choices);
        assert_eq!(read, *selection);
        assert_eq!(ignored.len(), 1, "{ignored:?}");
        assert!(ignored[0].parameter == "data" && !ignored[0].unknown_parameter, "{ignored:?}");
        let (_, ignored) = from_query("?data=https://elsewhere.example/", &foreign);
        assert_eq!(ignored.len(), 1, "one page shows one index");
    });
    assert_eq!(data_of_query("?q=data"), None);
}

#[test]
fn the_default_selection_has_no_link() {
    let choices = Choices::of(&index(&mut Random::new(1)));
    assert_eq!(to_query(&Selection::default(), &choices), "");
    assert_eq!(from_query("", &choices), (Selection::default(), Vec::new()));
}

/// Every parameter, and one that there is not.
const NAMES: [&str; 20] = [
    "data",
    "view",
    "hardware",
    "backend",
    "quant",
    "mode",
    "q",
    "shape",
    "conc",
    "metric",
    "sort",
    "group",
    "fold",
    "open",
    "model",
    "pin",
    "bars",
    "theme",
    "embed",
    "unheard-of",
];

#[test]
fn any_bytes_are_a_link_and_its_canonical_form_stays() {
    const PARTS: [&str; 26] = [
        "?",
        "&",
        "=",
        ",",
        "%",
        "%2",
        "%00",
        "%E0%A4%A",
        "%ff",
        "+",
        " ",
        "é",
        "𝕏",
        "\u{202e}",
        "\"",
        "<",
        "'",
        "__proto__",
        "all",
        "-metric",
        "-",
        "chat",
        "1",
        "-1",
        "65536",
        "1e9",
    ];
    let mut random = Random::new(7);
    let index = index(&mut random);
    let choices = Choices::of(&index);
    for _ in 0..4_000 {
        let mut text = String::new();
        for _ in 0..random.below(12) {
            match random.below(4) {
                0 => text.push_str(&format!("&{}=", random.pick(&NAMES))),
                1 => text.push(char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{fffd}')),
                _ => text.push_str(random.pick(&PARTS)),
            }
        }
        let (selection, _) = from_query(&text, &choices);
        let canonical = to_query(&selection, &choices);
        assert_eq!(from_query(&canonical, &choices), (selection, Vec::new()), "{text:?} → {canonical}");
        assert!(canonical.bytes().all(|byte| byte.is_ascii_graphic()), "{canonical}");
    }
}

/// The collection of naughty strings that lies beside the repository, in every parameter.
#[test]
fn hostile_strings_are_links_too() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hostile/blns/blns.json");
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("skipped: ../shared is not here");
        return;
    };
    let strings: Vec<String> = serde_json::from_str(&text).unwrap();
    assert!(strings.len() > 400);
    let index = index(&mut Random::new(3));
    let choices = Choices::of(&index);
    for string in &strings {
        let escaped: String = string.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for name in NAMES {
            for query in
                [format!("?{name}={string}"), format!("?{name}={escaped}"), format!("?{string}={name}")]
            {
                let (mut selection, _) = from_query(&query, &choices);
                let canonical = to_query(&selection, &choices);
                assert_eq!(from_query(&canonical, &choices), (selection.clone(), Vec::new()), "{query}");
                drop_unknown(&mut selection, &index, &choices);
                answer(&index, &choices, &selection);
            }
        }
        let (selection, ignored) = from_query(&format!("?q={escaped}"), &choices);
        assert_eq!((&selection.search, ignored.len()), (string, 0));
    }
}

#[test]
fn what_a_link_names_and_the_data_lack_is_said() {
    let choices = Choices::of(&index(&mut Random::new(1)));
    let long = format!("q=x{}", "é".repeat(60_000));
    let cases = [
        ("nothing=known", true),
        ("view=nowhere", false),
        ("hardware=rig-0,none", false),
        ("shape=nowhere", false),
        ("conc=70000", false),
        ("metric=speed", false),
        ("sort=-nothing", false),
        ("group=mode", false),
        ("bars=some", false),
        ("theme=dark2", false),
        (&long, false),
    ];
    for (query, unknown_parameter) in cases {
        let (_, ignored) = from_query(query, &choices);
        assert_eq!(ignored.len(), 1, "{query:.40}");
        assert_eq!(ignored[0].unknown_parameter, unknown_parameter, "{query:.40}");
        assert!(ignored[0].value.chars().count() <= 41, "{query:.40}");
    }
    let (selection, _) = from_query(&long, &choices);
    assert_eq!(selection, Selection::default());
}

/// Rows and groups are named by words that only the whole index knows.
#[test]
fn rows_and_groups_that_do_not_exist_are_said() {
    let index = index(&mut Random::new(1));
    let choices = Choices::of(&index);
    let row = configuration_slug(&index, 0);
    let cases = [
        (format!("open={row},none"), "open", 1),
        (format!("open={row}~4,{row}~,{row}~x,none~4"), "open", 3),
        ("fold=alpha,rig-1,none".to_owned(), "fold", 2),
        ("group=hardware&fold=alpha,rig-1".to_owned(), "fold", 1),
        ("group=backend&fold=llama.cpp-cuda".to_owned(), "fold", 0),
        ("group=quant&fold=MXFP4".to_owned(), "fold", 0),
        ("group=none&fold=alpha".to_owned(), "fold", 1),
    ];
    for (query, parameter, unknown) in cases {
        let (mut selection, ignored) = from_query(&query, &choices);
        assert_eq!(ignored, []);
        let before = selection.open.len() + selection.folded.len();
        let ignored = drop_unknown(&mut selection, &index, &choices);
        assert_eq!(ignored.len(), unknown, "{query}: {ignored:?}");
        assert!(ignored.iter().all(|part| part.parameter == parameter && !part.unknown_parameter));
        assert_eq!(selection.open.len() + selection.folded.len(), before - unknown, "{query}");
        assert_eq!(drop_unknown(&mut selection, &index, &choices), [], "{query}");
    }
}

#[test]
fn old_slugs_and_spellings_mean_the_same() {
    let choices = Choices::of(&index(&mut Random::new(1)));
    let read = |query: &str| from_query(query, &choices).0;
    assert_eq!(read("hardware=old-rig-1"), read("?hardware=RIG-1"));
    assert_eq!(read("hardware=rig-1,rig-2"), read("hardware=rig-2&hardware=rig-1&hardware=old-rig-1"));
    assert_eq!(read("shape=all&conc=1&theme=auto"), Selection::default());
}

#[test]
fn every_configuration_has_a_word_of_its_own() {
    for seed in 1..=INDEXES {
        let index = index(&mut Random::new(seed));
        let slugs: HashSet<String> =
            (0..index.configuration_count()).map(|of| configuration_slug(&index, of)).collect();
        assert_eq!(slugs.len(), index.configuration_count());
        assert!(slugs.iter().all(|slug| !slug.contains([',', '&', '=', ' '])));
    }
}
