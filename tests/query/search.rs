//! What readers type, against models and rigs of these names.

use serde_json::json;
use tokscope::index::Index;
use tokscope::model::dataset::{Catalog, Dataset, FromFile};
use tokscope::query::{Choices, Selection, answer};

const RIGS: [(&str, &str, &str); 3] = [
    ("geforce-rtx-5070-12gb", "GeForce RTX 5070 · 11.94 GiB", "RTX 5070"),
    ("geforce-rtx-3090-24gb", "GeForce RTX 3090 · 24 GiB", "RTX 3090"),
    ("strix-halo-128gb", "Strix Halo · Radeon 8060S · 128 GB unified", "Strix Halo 128 GB"),
];

const MODELS: [(&str, &str); 4] =
    [("Gemma-4", "E4B-it"), ("Gemma-3", "4B-it"), ("Gemma-3", "12B-it"), ("Llama-3.1", "8B")];

/// Every model on every rig.
fn index() -> Index {
    let families = ["Gemma-4", "Gemma-3", "Llama-3.1"].map(|family| {
        let variants = MODELS.iter().filter(|(of, _)| *of == family);
        let variants: Vec<_> = variants.map(|(_, name)| json!({ "id": name, "name": name })).collect();
        json!({ "id": family, "name": family, "released": "2026-01", "released_source": "made up", "variants": variants })
    });
    let rigs = RIGS.map(|(id, name, short)| {
        json!({ "id": id, "name": name, "short": short, "story": "made up", "sources": ["here"] })
    });
    let catalog: Catalog = serde_json::from_value(json!({
        "families": families, "hardware": rigs, "glossary": [], "campaign": [],
        "quants": [{ "id": "Q4_K_M", "about": "made up", "source": "made up" }],
        "shapes": [{ "id": "chat", "label": "chat", "served": true, "about": "made up" }],
        "sources": [{ "id": "here", "name": "made up", "date": "2026-01", "licence": "none" }],
    }))
    .unwrap();
    let runs = RIGS.iter().flat_map(|(rig, ..)| {
        MODELS.iter().map(move |(family, variant)| {
            let id = format!("{rig}-{family}-{variant}");
            let run = json!({
                "schema": 1, "id": id, "date": "2026-01", "model": format!("{family}/{variant}"),
                "quant": "Q4_K_M", "hardware": rig, "timing": "served", "statistic": "mean",
                "backend": { "engine": "llama.cpp", "build": "b8940", "accelerator": "vulkan" },
                "sources": [{ "id": "here" }],
                "results": [{ "shape": "chat", "concurrency": 1, "decode_tok_per_s": 1 }],
            });
            FromFile { file: format!("runs/{rig}/{id}.yaml"), value: serde_json::from_value(run).unwrap() }
        })
    });
    let dataset = Dataset { runs: runs.collect(), catalog };
    assert_eq!(dataset.problems(), [], "the made-up data");
    Index::build(&dataset)
}

/// The distinct rigs and models that a search finds.
fn found(index: &Index, choices: &Choices, words: &str) -> (Vec<String>, Vec<String>) {
    let selection = Selection { search: words.to_owned(), ..Selection::default() };
    let rows = answer(index, choices, &selection).rows;
    let distinct = |name: &dyn Fn(usize) -> String| {
        let mut names: Vec<String> = rows.iter().map(|row| name(row.configuration)).collect();
        names.sort();
        names.dedup();
        names
    };
    let model = |of| index.model(of).map(|(family, variant)| format!("{} {}", family.name, variant.name));
    (distinct(&|of| index.hardware(of).unwrap().short.clone()), distinct(&|of| model(of).unwrap()))
}

#[test]
fn rigs_are_found_by_memory_and_by_name() {
    let index = index();
    let choices = Choices::of(&index);
    let (all_rigs, all_models) = found(&index, &choices, "");
    assert_eq!((all_rigs.len(), all_models.len()), (3, 4));
    for (words, expected) in [
        ("12 GB", "RTX 5070"),
        ("12gb", "RTX 5070"),
        ("12 GiB", "RTX 5070"),
        ("128 gb", "Strix Halo 128 GB"),
        ("24GiB", "RTX 3090"),
        ("rtx5070", "RTX 5070"),
        ("RTX 5070", "RTX 5070"),
        ("rtx-5070", "RTX 5070"),
        ("rtx50", "RTX 5070"),
        ("5070", "RTX 5070"),
        ("geforce rtx 5070 12 gb llama.cpp b8940", "RTX 5070"),
    ] {
        let (rigs, models) = found(&index, &choices, words);
        assert_eq!(rigs, [expected], "{words}");
        assert_eq!(models, all_models, "{words}");
    }
    for words in ["507", "2gb", "12 tb", "070", "940"] {
        assert_eq!(found(&index, &choices, words), (vec![], vec![]), "{words}");
    }
}

#[test]
fn models_are_found_however_their_numbers_are_joined() {
    let index = index();
    let choices = Choices::of(&index);
    let gemma_3 = ["Gemma-3 12B-it", "Gemma-3 4B-it"];
    let expectations: [(&str, &[&str]); 10] = [
        ("gemma4", &["Gemma-4 E4B-it"]),
        ("gemma 4", &["Gemma-4 E4B-it"]),
        ("Gemma-4 e4b", &["Gemma-4 E4B-it"]),
        ("gemma3", &gemma_3),
        ("llama3", &["Llama-3.1 8B"]),
        ("llama-3.1 8b", &["Llama-3.1 8B"]),
        ("12b", &["Gemma-3 12B-it"]),
        ("gemma 12b", &["Gemma-3 12B-it"]),
        ("4b-it gemma-3", &["Gemma-3 4B-it"]),
        ("b8940 gemma vulkan q4_k_m 3", &gemma_3),
    ];
    for (words, expected) in expectations {
        assert_eq!(found(&index, &choices, words).1, expected, "{words}");
    }
}
