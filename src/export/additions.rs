//! What runs refer to and a data folder lacks, as YAML: a rig is a file, the others are items of lists.

use super::yaml::Writer;
use crate::model::catalog::{Family, Hardware, Quant, Source, Variant};

/// A rig as the text of its file. What only a publisher writes (probes, backends, unlisted families) is left out.
pub fn write_hardware(rig: &Hardware) -> String {
    let mut out = Writer(String::new());
    out.text(0, "id", &rig.id);
    out.text(0, "name", &rig.name);
    out.text(0, "short", &rig.short);
    out.optional(0, "cpu", rig.cpu.as_deref());
    out.optional(0, "gpu", rig.gpu.as_deref());
    out.optional(0, "arch", rig.arch.as_deref());
    out.number(0, "memory_gib", rig.memory_gib);
    if rig.unified_memory {
        out.line(0, "unified_memory", "true");
    }
    out.number(0, "system_memory_gib", rig.system_memory_gib);
    out.number(0, "memory_bandwidth_gb_per_s", rig.memory_bandwidth_gb_per_s);
    out.optional(0, "memory_bandwidth_source", rig.memory_bandwidth_source.as_deref());
    out.number(0, "power_cap_w", rig.power_cap_w);
    out.number(0, "power_max_w", rig.power_max_w);
    out.optional(0, "os", rig.os.as_deref());
    out.optional(0, "kernel", rig.kernel.as_deref());
    out.optional(0, "driver", rig.driver.as_deref());
    out.text(0, "story", &rig.story);
    out.list("notes", &rig.notes, |out, note| out.item(2, note));
    out.list("sources", &rig.sources, |out, source| out.item(2, source));
    out.0
}

/// Families as items of the list in `models.yaml`.
pub fn write_families(families: &[Family]) -> String {
    let mut out = Writer(String::new());
    for family in families {
        let start = out.0.len();
        out.text(4, "id", &family.id);
        out.text(4, "name", &family.name);
        out.text(4, "released", family.released.as_str());
        out.text(4, "released_source", &family.released_source);
        out.line(4, "variants", "");
        out.dash(start);
        for variant in &family.variants {
            write_variant(&mut out, variant);
        }
    }
    out.0
}

fn write_variant(out: &mut Writer, variant: &Variant) {
    let start = out.0.len();
    out.text(8, "id", &variant.id);
    out.text(8, "name", &variant.name);
    out.number(8, "total_params_b", variant.total_params_b);
    out.number(8, "active_params_b", variant.active_params_b);
    if variant.params_approximate {
        out.line(8, "params_approximate", "true");
    }
    out.count(8, "context_tokens", variant.context_tokens);
    if variant.vision {
        out.line(8, "vision", "true");
    }
    out.optional(8, "licence", variant.licence.as_deref());
    out.optional(8, "note", variant.note.as_deref());
    out.0.replace_range(start + 6..start + 7, "-");
}

/// Quants as items of the list in `quants.yaml`.
pub fn write_quants(quants: &[Quant]) -> String {
    let mut out = Writer(String::new());
    for quant in quants {
        let start = out.0.len();
        out.text(4, "id", &quant.id);
        out.number(4, "bits_per_weight", quant.bits_per_weight);
        out.text(4, "about", &quant.about);
        out.text(4, "source", &quant.source);
        out.dash(start);
    }
    out.0
}

/// Sources as items of the list in `sources.yaml`.
pub fn write_sources(sources: &[Source]) -> String {
    let mut out = Writer(String::new());
    for source in sources {
        let start = out.0.len();
        out.text(4, "id", &source.id);
        out.text(4, "name", &source.name);
        out.optional(4, "url", source.url.as_deref());
        out.text(4, "date", source.date.as_str());
        out.text(4, "licence", &source.licence);
        out.optional(4, "method", source.method.as_deref());
        out.dash(start);
    }
    out.0
}
