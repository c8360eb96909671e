//! Invented families, quants, rigs and shapes.

use tokscope::model::catalog::{Family, Hardware, Quant, Reasoning, Shape, Source, Variant};
use tokscope::model::dataset::Catalog;
use tokscope::model::{PartialDate, Positive};

use super::random::{Random, printed};

const BIRDS: [&str; 36] = [
    "Finch", "Heron", "Lark", "Wren", "Kestrel", "Plover", "Siskin", "Dunlin", "Bittern", "Curlew", "Dipper",
    "Egret", "Fulmar", "Gannet", "Hoopoe", "Ibis", "Jackdaw", "Kinglet", "Linnet", "Merlin", "Nuthatch",
    "Osprey", "Pipit", "Quail", "Raven", "Swift", "Tern", "Veery", "Whimbrel", "Avocet", "Bunting", "Crane",
    "Dove", "Eider", "Falcon", "Grebe",
];

/// Name and bits per weight.
const QUANTS: [(&str, f64); 12] = [
    ("Q2_K", 2.63),
    ("Q3_K_M", 3.91),
    ("IQ4_XS", 4.25),
    ("Q4_0", 4.5),
    ("Q4_K_M", 4.85),
    ("MXFP4", 4.25),
    ("Q5_K_M", 5.69),
    ("Q6_K", 6.56),
    ("Q8_0", 8.5),
    ("FP8", 8.0),
    ("BF16", 16.0),
    ("F16", 16.0),
];

/// Kind of machine, memory in GiB, bandwidth in GB/s.
const RIGS: [(&str, f64, f64); 12] = [
    ("Laptop", 8.0, 272.0),
    ("Desk", 12.0, 448.0),
    ("Desk", 16.0, 640.0),
    ("Desk", 24.0, 936.0),
    ("Tower", 32.0, 1792.0),
    ("Tower", 48.0, 960.0),
    ("Cube", 96.0, 256.0),
    ("Cube", 128.0, 273.0),
    ("Studio", 64.0, 400.0),
    ("Studio", 192.0, 800.0),
    ("Rack", 80.0, 2039.0),
    ("Rack", 141.0, 4800.0),
];

/// Slug, prompt tokens, output tokens.
const SHAPES: [(&str, u32, u32); 5] = [
    ("chat", 50, 256),
    ("rag", 3_100, 200),
    ("codegen", 120, 800),
    ("agent", 1_800, 300),
    ("long", 16_000, 400),
];

/// The id of the only source.
pub(super) const SOURCE: &str = "generated";

pub(super) fn catalog(random: &mut Random) -> Catalog {
    Catalog {
        families: BIRDS.iter().filter_map(|bird| family(bird, random)).collect(),
        quants: QUANTS.iter().map(|&(id, bits)| quant(id, bits)).collect(),
        hardware: (1..=5).flat_map(|number| RIGS.iter().map(move |&rig| (number, rig))).map(rig).collect(),
        shapes: SHAPES.iter().map(|&(id, prompt, output)| shape(id, prompt, output)).collect(),
        sources: source().into_iter().collect(),
        ..Catalog::default()
    }
}

fn family(name: &str, random: &mut Random) -> Option<Family> {
    let released = random.day(2024, 2027)?;
    let released = PartialDate::try_from(released.month().to_owned()).ok()?;
    let sizes = [1.5, 4.0, 8.0, 14.0, 32.0, 72.0];
    let first = random.below(3);
    let variants = sizes.iter().skip(first).take(2 + random.below(3)).map(|&size| {
        let total = size * random.between(0.9, 1.1);
        let sparse = size > 10.0 && random.once_in(2);
        Variant {
            id: format!("{size}b"),
            name: format!("{size}B"),
            total_params_b: printed(total),
            active_params_b: printed(if sparse { total / 8.0 } else { total }),
            params_approximate: false,
            context_tokens: Some(131_072),
            vision: random.once_in(4),
            reasoning: if random.once_in(3) { Reasoning::Yes } else { Reasoning::No },
            licence: None,
            note: None,
        }
    });
    let variants = variants.collect();
    let (id, name) = (name.to_lowercase(), name.to_owned());
    Some(Family { id, name, released, released_source: "invented".to_owned(), variants })
}

fn quant(id: &str, bits: f64) -> Quant {
    let bits_per_weight = Positive::try_from(bits).ok();
    Quant { id: id.to_owned(), bits_per_weight, about: String::new(), source: "invented".to_owned() }
}

fn rig((number, (kind, memory, bandwidth)): (u32, (&str, f64, f64))) -> Hardware {
    Hardware {
        id: format!("{}-{memory}gb-{number}", kind.to_lowercase()),
        aliases: Vec::new(),
        name: format!("{kind} {number} · {memory} GiB"),
        short: format!("{kind} {number}"),
        cpu: None,
        gpu: None,
        arch: None,
        memory_gib: Positive::try_from(memory).ok(),
        unified_memory: matches!(kind, "Cube" | "Studio"),
        system_memory_gib: None,
        memory_bandwidth_gb_per_s: Positive::try_from(bandwidth).ok(),
        memory_bandwidth_source: None,
        power_cap_w: None,
        power_max_w: None,
        os: None,
        kernel: None,
        driver: None,
        backends: Vec::new(),
        story: "An invented machine.".to_owned(),
        probes: Vec::new(),
        notes: Vec::new(),
        unlisted: Vec::new(),
        sources: vec![SOURCE.to_owned()],
    }
}

fn shape(id: &str, prompt: u32, output: u32) -> Shape {
    Shape {
        id: id.to_owned(),
        label: id.to_owned(),
        served: true,
        about: String::new(),
        prompt_tokens_min: Some(prompt),
        prompt_tokens_max: Some(prompt),
        output_tokens_min: Some(output),
        output_tokens_max: Some(output),
    }
}

fn source() -> Option<Source> {
    Some(Source {
        id: SOURCE.to_owned(),
        name: "Generated figures".to_owned(),
        url: None,
        date: PartialDate::try_from("2026-01".to_owned()).ok()?,
        licence: "CC0-1.0".to_owned(),
        method: Some("Nothing was measured; the figures are invented for benchmarks.".to_owned()),
    })
}
