//! Parameters of the tool as settings of a run.

use super::super::fields::Fields;
use super::super::names;
use crate::model::run::Settings;

/// Parameters that say nothing while they are what the tool takes by itself, in every version so far; by name.
const DEFAULTS: [(&str, &[&str]); 24] = [
    ("cpu_mask", &["0x0", ""]),
    ("cpu_strict", &["0"]),
    ("defrag_thold", &["-1", "-1.0", "-1.000000"]),
    ("devices", &["auto", ""]),
    ("embeddings", &["0"]),
    ("f16_kv", &["1"]),
    ("fit_min_ctx", &["0"]),
    ("fit_target", &["0"]),
    ("lazy_mode", &["auto"]),
    ("load_mode", &["auto"]),
    ("low_vram", &["0"]),
    ("main_gpu", &["0"]),
    ("mul_mat_q", &["1"]),
    ("n_cpu_moe", &["0"]),
    ("no_host", &["0"]),
    ("no_kv_offload", &["0"]),
    ("no_op_offload", &["0"]),
    ("numa", &["0", "disabled"]),
    ("poll", &["50"]),
    ("repack", &["1"]),
    ("split_mode", &["layer"]),
    ("tensor_buft_overrides", &["none", ""]),
    ("tensor_split", &["0.00", "0", "0.0", ""]),
    ("use_direct_io", &["0"]),
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
        let known = DEFAULTS.binary_search_by_key(&name.as_str(), |(known, _)| known).ok();
        let defaults = known.and_then(|at| DEFAULTS.get(at)).map_or(&[][..], |(_, values)| values);
        if !(defaults.contains(&value.as_str()) || name.is_empty() || value.is_empty()) {
            put(settings, &name, names::without_folders(&value));
        }
    }
    others
}

fn put(settings: &mut Settings, name: &str, value: &str) {
    // A name as long as a key of a run file may be.
    let end = name.char_indices().nth(60).map_or(name.len(), |(at, _)| at);
    settings.other.insert(name.get(..end).unwrap_or(name).to_owned(), value.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_sorted_by_name() {
        assert!(DEFAULTS.is_sorted_by_key(|(name, _)| *name));
    }

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
