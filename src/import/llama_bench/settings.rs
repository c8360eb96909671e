//! Parameters of the tool as settings of a run.

use super::super::fields::Fields;
use super::super::names;
use crate::model::run::Settings;

/// Parameters that say nothing while they are what the tool takes by itself, in every version so far.
const DEFAULTS: [(&str, &[&str]); 24] = [
    ("cpu_mask", &["0x0", ""]),
    ("cpu_strict", &["0"]),
    ("poll", &["50"]),
    ("n_cpu_moe", &["0"]),
    ("split_mode", &["layer"]),
    ("main_gpu", &["0"]),
    ("no_kv_offload", &["0"]),
    ("devices", &["auto", ""]),
    ("tensor_split", &["0.00", "0", "0.0", ""]),
    ("tensor_buft_overrides", &["none", ""]),
    ("defrag_thold", &["-1", "-1.0", "-1.000000"]),
    ("use_direct_io", &["0"]),
    ("load_mode", &["auto"]),
    ("lazy_mode", &["auto"]),
    ("embeddings", &["0"]),
    ("no_op_offload", &["0"]),
    ("no_host", &["0"]),
    ("repack", &["1"]),
    ("fit_target", &["0"]),
    ("fit_min_ctx", &["0"]),
    ("low_vram", &["0"]),
    ("f16_kv", &["1"]),
    ("mul_mat_q", &["1"]),
    ("numa", &["0", "disabled"]),
];

/// Takes every field that is left; gives back the names of those that are no setting.
pub(in crate::import) fn settings(mut fields: Fields<'_>, settings: &mut Settings) -> Vec<String> {
    match fields.text("flash_attn").as_deref() {
        Some("1" | "on" | "true") => settings.flash_attention = Some(true),
        Some("0" | "off" | "false") => settings.flash_attention = Some(false),
        Some("-1" | "auto") => put(settings, "flash_attn", "auto"),
        Some(other) if !other.is_empty() => put(settings, "flash_attn", other),
        _ => {}
    }
    match (fields.text("type_k"), fields.text("type_v")) {
        (Some(keys), Some(values)) if keys == values => settings.kv_type = Some(keys),
        // Both types in one word, keys first.
        (Some(keys), Some(values)) => settings.kv_type = Some(format!("{keys}/{values}")),
        (keys, values) => {
            // A table shows what was varied, and says nothing of the other.
            for (name, value) in [("type_k", keys), ("type_v", values)] {
                if let Some(value) = value {
                    put(settings, name, &value);
                }
            }
        }
    }
    match fields.text("use_mmap").as_deref() {
        Some("1" | "true") => settings.mmap = Some(true),
        Some("0" | "false") => settings.mmap = Some(false),
        _ => {}
    }
    match fields.text("n_gpu_layers") {
        Some(layers) if layers == "-1" => put(settings, "n_gpu_layers", "auto"),
        Some(layers) => match layers.parse() {
            Ok(count) => settings.gpu_layers = Some(count),
            Err(_) => put(settings, "n_gpu_layers", &layers),
        },
        None => {}
    }
    let (rest, others) = fields.rest();
    for (name, value) in rest {
        let is_default =
            |(known, values): &(&str, &[&str])| *known == name && values.contains(&value.as_str());
        if !(DEFAULTS.iter().any(is_default) || name.is_empty() || value.is_empty()) {
            put(settings, &name, names::without_folders(&value));
        }
    }
    others
}

fn put(settings: &mut Settings, name: &str, value: &str) {
    // A name as long as a key of a run file may be.
    let name = name.chars().take(60).collect();
    settings.other.insert(name, value.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_settings_and_defaults_nothing() {
        let pairs = [
            ("flash_attn", "-1"),
            ("type_k", "q8_0"),
            ("type_v", "q8_0"),
            ("use_mmap", "0"),
            ("n_gpu_layers", "99"),
            ("n_threads", "16"),
            ("poll", "50"),
            ("split_mode", "row"),
            ("lora", "/home/someone/adapter.bin"),
        ];
        let mut read = Settings::default();
        assert!(settings(Fields::of_text(1, pairs.into_iter()), &mut read).is_empty());
        assert_eq!((read.flash_attention, read.kv_type.as_deref()), (None, Some("q8_0")));
        assert_eq!((read.mmap, read.gpu_layers), (Some(false), Some(99)));
        let other: Vec<(&str, &str)> =
            read.other.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(
            other,
            [("flash_attn", "auto"), ("lora", "adapter.bin"), ("n_threads", "16"), ("split_mode", "row")]
        );
    }

    #[test]
    fn keys_and_values_of_different_types_are_both_named() {
        let mut read = Settings::default();
        settings(Fields::of_text(1, [("type_k", "q8_0"), ("type_v", "f16")].into_iter()), &mut read);
        assert_eq!(read.kv_type.as_deref(), Some("q8_0/f16"));
        let mut read = Settings::default();
        settings(Fields::of_text(1, [("type_k", "q8_0")].into_iter()), &mut read);
        assert_eq!((read.kv_type, read.other.len()), (None, 1));
    }
}
